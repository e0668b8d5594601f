//! The page for signing in, which says what this is, and also keeps what somebody was writing when the session ended; and
//! what stands around pages for everyone.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::answers::{self, is_password, local, outside, refused};
use super::fields::{self, Fields};
use super::files::is_of_file;
use super::frame::{Frame, Spoken};
use super::texts;
use crate::app::places::manner;
use crate::auth::Passwords;
use crate::config::Contact;
use crate::domain::words::Language;
use crate::error::Error;
use crate::http::service::Service;
use crate::storage::records::Organisation;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    p: Frame,
    /// Who is behind the register: the operator, or else whose register it is.
    behind: Option<String>,
    contact: Option<&'a Contact>,
    /// A forgotten password can be chosen anew.
    mail: bool,
    /// Whose passwords are taken.
    passwords: Passwords,
    to: String,
    email: String,
    message: String,
    /// What had been written when the session ended, as it was sent.
    kept: String,
    /// The same, field by field, to be sent again once signed in beside.
    again: Fields,
    /// People can sign in at the issuer, too.
    issuer: bool,
    /// Where one is going, as an address holds it.
    away: String,
}

/// What the page for signing in says besides, and keeps.
#[derive(Default)]
pub struct SignInText<'s> {
    pub email: &'s str,
    pub message: String,
    pub kept: &'s str,
    /// The operation that has just been done.
    pub done: Option<String>,
}

/// What is counted as asked for there.
pub const SURROUNDINGS: &str = "surroundings";

/// What stands around a page that is for everyone, and whose register it is.
pub async fn outside_of(service: &Service, language: Language, here: &str) -> (Frame, Option<String>) {
    let db = service.db.clone();
    let ask = move || {
        db.read(|r| {
            let root = r.root_id()?;
            Ok((manner(r)?, r.find::<Organisation>(root)?.map(|root| root.name)))
        })
    };
    let frame = outside(language, here);
    match service.asking(SURROUNDINGS, ask).await {
        Ok(Ok((manner, name))) => (Frame { spoken: Spoken::of(manner, language), ..frame }, name),
        _ => (frame, None),
    }
}

pub async fn sign_in(
    service: &Service,
    code: StatusCode,
    language: Language,
    to: &str,
    said: SignInText<'_>,
) -> HttpResponse {
    let (frame, name) = outside_of(service, language, "/sign-in").await;
    let page = SignIn {
        p: Frame { done: said.done, ..frame },
        behind: service.config.statement.operator.clone().or(name),
        contact: service.config.contact.as_ref(),
        mail: service.config.sends_links(),
        passwords: service.config.passwords.clone(),
        to: local(to).to_owned(),
        away: form_urlencoded::byte_serialize(local(to).as_bytes()).collect(),
        email: said.email.to_owned(),
        message: said.message,
        kept: said.kept.to_owned(),
        again: fields::read(said.kept.as_bytes()),
        issuer: service.keys.has_issuer(),
    };
    match page.render() {
        Ok(body) => answers::page(code, language, body),
        Err(fault) => refused(&Error::internal(fault), language, &Fields::new()),
    }
}

/// The session ended while somebody wrote: sign in, and what was written is there again.
pub async fn kept(service: &Service, language: Language, here: &str, fields: &Fields) -> HttpResponse {
    let message = texts::say(language, "sign-in-ended", &[]);
    let told = fields.iter().filter(|(name, _)| !is_password(name) && !is_of_file(fields, name));
    let kept = form_urlencoded::Serializer::new(String::new()).extend_pairs(told).finish();
    sign_in(
        service,
        StatusCode::UNAUTHORIZED,
        language,
        here,
        SignInText { message, kept: &kept, ..SignInText::default() },
    )
    .await
}
