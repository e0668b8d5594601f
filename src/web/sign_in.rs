//! The page for signing in, which also keeps what somebody was writing when the session ended.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::answers::{self, is_password, local, outside, refused};
use super::fields::{self, Fields};
use super::frame::Frame;
use super::texts;
use crate::domain::words::Language;
use crate::error::Error;
use crate::http::service::Service;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    p: Frame,
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

pub fn sign_in(service: &Service, code: StatusCode, language: Language, to: &str, said: SignInText) -> HttpResponse {
    let page = SignIn {
        p: Frame { done: said.done, ..outside(language, "/sign-in") },
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
pub fn kept(service: &Service, language: Language, here: &str, fields: &Fields) -> HttpResponse {
    let message = texts::say(language, "sign-in-ended", &[]);
    let told = fields.iter().filter(|(name, _)| !is_password(name));
    let kept = form_urlencoded::Serializer::new(String::new()).extend_pairs(told).finish();
    sign_in(
        service,
        StatusCode::UNAUTHORIZED,
        language,
        here,
        SignInText { message, kept: &kept, ..SignInText::default() },
    )
}
