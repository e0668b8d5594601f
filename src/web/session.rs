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
use crate::auth::{self, Browser, PAGE_SECONDS};
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::http::dispatch::Service;
use crate::http::status;
use crate::storage::Id;
use crate::storage::records::User;

const A_YEAR: i64 = 365 * 24 * 3600;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    p: Frame,
    to: String,
    email: String,
    message: String,
    /// What had been written when the session ended, as it was sent.
    kept: String,
}

fn sign_in(code: StatusCode, language: Language, to: &str, email: &str, message: String, kept: &str) -> HttpResponse {
    let (to, email, kept) = (serve::local(to).to_owned(), email.to_owned(), kept.to_owned());
    let page = SignIn { p: serve::outside(language, "/sign-in"), to, email, message, kept };
    match page.render() {
        Ok(body) => serve::page(code, language, body),
        Err(fault) => serve::refused(&Error::internal(fault), language, &Fields::new()),
    }
}

/// The session ended while somebody wrote: sign in, and what was written is there again.
pub fn kept(language: Language, here: &str, body: &[u8]) -> HttpResponse {
    let message = texts::say(language, "sign-in-ended", &[]);
    sign_in(StatusCode::UNAUTHORIZED, language, here, "", message, &String::from_utf8_lossy(body))
}

async fn ask(service: Arc<Service>, request: HttpRequest) -> HttpResponse {
    let query: Fields = super::form::read(request.query_string().as_bytes());
    let to = field(&query, "to").unwrap_or("/");
    if serve::browser(&service, &request).is_some() && field(&query, "to").is_none() {
        return serve::go_to("/");
    }
    sign_in(StatusCode::OK, serve::language(&request), to, "", String::new(), "")
}

async fn enter(service: Arc<Service>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let language = serve::language(&request);
    let fields = match serve::fields(payload).await {
        Ok((fields, _)) if !serve::from_elsewhere(&request) => fields,
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
        Ok((user, session)) => {
            let browser = Browser { user: user.id, session, csrf: auth::random_text(18) };
            // From here on in the person's own language, unless another was chosen.
            let language = serve::chosen(&request).unwrap_or(user.language);
            let spoken = serve::cookie(LANGUAGE, language.as_str().to_owned(), A_YEAR);
            let value = match service.keys.page(&browser) {
                Ok(value) => value,
                Err(error) => return serve::refused(&error, language, &Fields::new()),
            };
            let mut response = go_on(service, browser, language, &to, &kept).await;
            let session = serve::cookie(SESSION, value, PAGE_SECONDS);
            match response.add_cookie(&session).and_then(|()| response.add_cookie(&spoken)) {
                Ok(()) => response,
                Err(fault) => serve::refused(&Error::internal(fault), language, &Fields::new()),
            }
        }
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
            sign_in(status(problem.status), language, &to, &email, message, &kept)
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
        notice: None,
    };
    serve::again(service, browser, asked, StatusCode::OK, &typed).await
}

/// Ends the session, or all of the person's, and takes the cookie back.
async fn leave(service: Arc<Service>, request: HttpRequest, payload: web::Payload, act: &'static str) -> HttpResponse {
    let language = serve::language(&request);
    if let Some(browser) = serve::browser(&service, &request)
        && let Ok((fields, _)) = serve::fields(payload).await
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
    let mut response = serve::go_to("/sign-in");
    let mut gone = serve::cookie(SESSION, String::new(), 0);
    gone.make_removal();
    if let Err(fault) = response.add_cookie(&gone) {
        return serve::refused(&Error::internal(fault), language, &Fields::new());
    }
    response
}

/// Keeps the language that was chosen, for a year.
async fn choose(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let fields = serve::fields(payload).await.map(|(fields, _)| fields).unwrap_or_default();
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
