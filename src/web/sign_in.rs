//! Signing in to the pages and out again, and the choice of a language.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::form::{Failed, Fields, field};
use super::frame::Frame;
use super::serve::{self, Asked, LANGUAGE, SESSION};
use super::texts;
use crate::app::sessions::{self, SignInForm};
use crate::app::submission::read_form;
use crate::auth::{self, Browser, DETOUR_SECONDS, PAGE_SECONDS};
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::http::dispatch::Service;
use crate::http::status;
use crate::storage::Id;
use crate::storage::records::User;

const A_YEAR: i64 = 365 * 24 * 3600;
/// The cookie of a browser whose person is away to sign in at the OIDC issuer. It comes along when they are sent back.
const DETOUR: &str = "__Host-detour";

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
struct Said<'s> {
    email: &'s str,
    message: String,
    kept: &'s str,
    /// What has just been done.
    done: Option<String>,
}

fn sign_in(service: &Service, code: StatusCode, language: Language, to: &str, said: Said) -> HttpResponse {
    let page = SignIn {
        p: Frame { notice: said.done, ..serve::outside(language, "/sign-in") },
        to: serve::local(to).to_owned(),
        away: form_urlencoded::byte_serialize(serve::local(to).as_bytes()).collect(),
        email: said.email.to_owned(),
        message: said.message,
        kept: said.kept.to_owned(),
        again: super::form::read(said.kept.as_bytes()),
        issuer: service.keys.has_issuer(),
    };
    match page.render() {
        Ok(body) => serve::page(code, language, body),
        Err(fault) => serve::refused(&Error::internal(fault), language, &Fields::new()),
    }
}

/// The session ended while somebody wrote: sign in, and what was written is there again.
pub fn kept(service: &Service, language: Language, here: &str, fields: &Fields) -> HttpResponse {
    let message = texts::say(language, "sign-in-ended", &[]);
    let told = fields.iter().filter(|(name, _)| !serve::is_password(name));
    let kept = form_urlencoded::Serializer::new(String::new()).extend_pairs(told).finish();
    sign_in(service, StatusCode::UNAUTHORIZED, language, here, Said { message, kept: &kept, ..Said::default() })
}

async fn ask(service: Arc<Service>, request: HttpRequest) -> HttpResponse {
    let query: Fields = super::form::read(request.query_string().as_bytes());
    let to = field(&query, "to").unwrap_or("/");
    let language = serve::language(&request);
    let done = field(&query, "done").map(|act| serve::told_done(language, act));
    if serve::browser(&service, &request).is_some() && field(&query, "to").is_none() && done.is_none() {
        return serve::go_to("/");
    }
    sign_in(&service, StatusCode::OK, language, to, Said { done, ..Said::default() })
}

/// Where the issuer sends people back to.
fn callback(service: &Service) -> String {
    format!("{}/sign-in/callback", service.config.public_url)
}

/// Off to sign in at the OIDC issuer.
async fn leave_for_issuer(service: Arc<Service>, request: HttpRequest) -> HttpResponse {
    let language = serve::language(&request);
    let query: Fields = super::form::read(request.query_string().as_bytes());
    let to = serve::local(field(&query, "to").unwrap_or("/"));
    match service.keys.leave(&callback(&service), to).await {
        Ok((address, waiting)) => {
            let mut response = serve::go_to(&address);
            match response.add_cookie(&serve::cookie(DETOUR, waiting, DETOUR_SECONDS)) {
                Ok(()) => response,
                Err(fault) => serve::refused(&Error::internal(fault), language, &Fields::new()),
            }
        }
        Err(Error::NotFound) => serve::refused(&Error::NotFound, language, &Fields::new()),
        Err(error) => {
            let problem = error.problem(language, "");
            let said = Said { message: texts::say(language, "sign-in-issuer-away", &[]), ..Said::default() };
            sign_in(&service, status(problem.status), language, to, said)
        }
    }
}

/// Back from the OIDC issuer.
async fn come_back(service: Arc<Service>, request: HttpRequest) -> HttpResponse {
    let language = serve::language(&request);
    let query: Fields = super::form::read(request.query_string().as_bytes());
    let waiting = request.cookie(DETOUR).and_then(|cookie| service.keys.read_detour(cookie.value()));
    // Only who left from this browser comes back to it.
    let waiting = waiting.filter(|detour| field(&query, "state") == Some(detour.state.as_str()));
    let to = waiting.as_ref().map_or_else(|| "/".to_owned(), |detour| detour.to.clone());
    let arrived = match (&waiting, field(&query, "code")) {
        (Some(detour), Some(code)) => service.keys.arrive(detour, code, &callback(&service)).await,
        _ => Err(Error::Unauthenticated(crate::error::Said::new(
            texts::say(Language::Sv, "sign-in-issuer-broken", &[]),
            texts::say(Language::En, "sign-in-issuer-broken", &[]),
        ))),
    };
    let opened = match arrived {
        Ok(subject) => {
            let of = service.clone();
            let opened = web::block(move || -> Result<(User, Id)> {
                let (user, session) = sessions::open_for_subject(&of.db, &subject, PAGE_SECONDS, Id::new())?;
                Ok((of.db.read(|r| r.linked(user))?, session))
            });
            opened.await.map_err(Error::internal).and_then(|opened| opened)
        }
        Err(error) => Err(error),
    };
    let response = match opened {
        Ok((user, session)) => welcome(service, &request, user, session, &to, "").await,
        Err(error) => {
            let problem = error.problem(language, "");
            if let Error::Internal(cause) = &error {
                tracing::error!(%cause, "signing in at the issuer failed by our own fault");
            }
            let said = Said { message: problem.detail, ..Said::default() };
            sign_in(&service, status(problem.status), language, &to, said)
        }
    };
    serve::without_cookie(response, DETOUR)
}

/// To where the person was going, with the cookies of a new session.
async fn welcome(
    service: Arc<Service>,
    request: &HttpRequest,
    user: User,
    session: Id,
    to: &str,
    kept: &str,
) -> HttpResponse {
    let browser = Browser { user: user.id, session, csrf: auth::random_text(18) };
    // From here on in the person's own language, unless another was chosen.
    let language = serve::chosen(request).unwrap_or(user.language);
    let spoken = serve::cookie(LANGUAGE, language.as_str().to_owned(), A_YEAR);
    let value = match service.keys.page(&browser) {
        Ok(value) => value,
        Err(error) => return serve::refused(&error, language, &Fields::new()),
    };
    let mut response = go_on(service, browser, language, to, kept).await;
    let session = serve::cookie(SESSION, value, PAGE_SECONDS);
    match response.add_cookie(&session).and_then(|()| response.add_cookie(&spoken)) {
        Ok(()) => response,
        Err(fault) => serve::refused(&Error::internal(fault), language, &Fields::new()),
    }
}

async fn enter(service: Arc<Service>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let language = serve::language(&request);
    let fields = match serve::fields(payload).await {
        Ok(fields) if !serve::from_elsewhere(&request) => fields,
        Ok(_) => return serve::go_to("/sign-in"),
        Err(error) => return serve::refused(&error, language, &Fields::new()),
    };
    let text = |name: &str| field(&fields, name).unwrap_or_default().to_owned();
    let (email, to, kept) = (text("email"), text("to"), text("kept"));
    let asked = serde_json::json!({ "email": email, "password": text("password") });
    let opened = web::block({
        let service = service.clone();
        move || -> Result<(User, Id)> {
            let form: SignInForm = read_form(asked)?;
            let (user, session) = sessions::open(&service.db, &form, PAGE_SECONDS, Id::new())?;
            Ok((service.db.read(|r| r.linked(user))?, session))
        }
    });
    let opened = opened.await.map_err(Error::internal).and_then(|opened| opened);
    match opened {
        Ok((user, session)) => welcome(service, &request, user, session, &to, &kept).await,
        Err(error) => {
            let problem = error.problem(language, "");
            let message = match &error {
                Error::Invalid(_) => texts::say(language, "sign-in-empty", &[]),
                Error::Internal(cause) => {
                    tracing::error!(%cause, "signing in failed by our own fault");
                    problem.detail
                }
                _ => problem.detail,
            };
            let said = Said { email: &email, message, kept: &kept, done: None };
            sign_in(&service, status(problem.status), language, &to, said)
        }
    }
}

/// To where one was going; or to what one was writing.
async fn go_on(service: Arc<Service>, browser: Browser, language: Language, to: &str, kept: &str) -> HttpResponse {
    let to = serve::local(to).to_owned();
    if kept.is_empty() {
        return serve::go_to(&to);
    }
    let typed = super::form::read(kept.as_bytes());
    let (path, query) = to.split_once('?').unwrap_or((to.as_str(), ""));
    let failed = Failed {
        form: field(&typed, "_form").unwrap_or_default().to_owned(),
        message: texts::say(language, "sign-in-back", &[]),
        typed: typed.clone(),
        ..Failed::default()
    };
    let asked = Asked {
        path: path.to_owned(),
        query: query.to_owned(),
        language: Some(language),
        failed: Some(failed),
        ..Asked::default()
    };
    serve::again(service, browser, asked, StatusCode::OK, &typed).await
}

/// Ends the session, or all of the person's, and takes the cookie back.
async fn leave(service: Arc<Service>, request: HttpRequest, payload: web::Payload, act: &'static str) -> HttpResponse {
    let language = serve::language(&request);
    if let Some(browser) = serve::browser(&service, &request)
        && let Ok(fields) = serve::fields(payload).await
    {
        if serve::from_elsewhere(&request) || field(&fields, "_csrf") != Some(browser.csrf.as_str()) {
            return serve::go_to("/");
        }
        let fields = vec![("_act".to_owned(), act.to_owned())];
        match serve::wish(service, &browser, &fields, language).await {
            Ok(_) | Err(Error::Unauthenticated(_)) => {}
            Err(error) => return serve::refused(&error, language, &Fields::new()),
        }
    }
    serve::without_cookie(serve::go_to("/sign-in"), SESSION)
}

/// Keeps the language that was chosen, for a year.
async fn choose(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let fields = serve::fields(payload).await.unwrap_or_default();
    let mut response = serve::go_to(serve::local(field(&fields, "to").unwrap_or("/")));
    let chosen = field(&fields, "language").and_then(Language::parse);
    if let Some(language) = chosen.filter(|_| !serve::from_elsewhere(&request)) {
        let kept = serve::cookie(LANGUAGE, language.as_str().to_owned(), A_YEAR);
        if let Err(fault) = response.add_cookie(&kept) {
            return serve::refused(&Error::internal(fault), language, &Fields::new());
        }
    }
    response
}

pub fn mount(routes: &mut web::ServiceConfig, service: &Arc<Service>) {
    let (get, post) = (service.clone(), service.clone());
    routes.service(
        web::resource("/sign-in").route(web::get().to(move |request: HttpRequest| ask(get.clone(), request))).route(
            web::post().to(move |request: HttpRequest, payload: web::Payload| enter(post.clone(), request, payload)),
        ),
    );
    let (away, back) = (service.clone(), service.clone());
    routes
        .route("/sign-in/oidc", web::get().to(move |request: HttpRequest| leave_for_issuer(away.clone(), request)))
        .route("/sign-in/callback", web::get().to(move |request: HttpRequest| come_back(back.clone(), request)));
    for (path, act) in [("/sign-out", "signOut"), ("/sign-out-everywhere", "signOutEverywhere")] {
        let service = service.clone();
        routes.route(
            path,
            web::post()
                .to(move |request: HttpRequest, payload: web::Payload| leave(service.clone(), request, payload, act)),
        );
    }
    routes.route("/language", web::post().to(choose));
}
