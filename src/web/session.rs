//! Signing in to the pages and out again, and the choice of a language.

use std::sync::Arc;
use std::time::Duration;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::answers::{self, LANGUAGE, SESSION};
use super::fields::{self, Fields, field};
use super::frame::{Failed, Frame};
use super::serve::{self, Asked};
use super::sign_in::{SignInText, outside_of, sign_in};
use super::texts;
use crate::app::people::guesses::Asking;
use crate::app::people::passwords;
use crate::app::people::sessions::{self, Entry, SignInForm};
use crate::app::sent::read_form;
use crate::auth::{self, Browser, DETOUR_SECONDS, DEVICE_SECONDS, Device, Issued, PAGE_SECONDS};
use crate::domain::device::device;
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::http::dispatch::Serving;
use crate::http::service::Service;
use crate::http::{status, told};
use crate::storage::Id;
use crate::storage::records::User;

const A_YEAR: i64 = 365 * 24 * 3600;
/// The cookie of a browser whose person is away to sign in at the OIDC issuer. It comes along when they are sent back.
const DETOUR: &str = "__Host-detour";
/// The cookie of a browser by which people have signed in before.
const DEVICE: &str = "__Host-device";

async fn ask(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    let query: Fields = fields::read(request.query_string().as_bytes());
    let to = field(&query, "to").unwrap_or("/");
    let language = answers::language(&request);
    let done = field(&query, "done").map(str::to_owned);
    if answers::browser(&service, &request).is_some() && field(&query, "to").is_none() && done.is_none() {
        return answers::go_to("/");
    }
    sign_in(&service, StatusCode::OK, language, to, SignInText { done, ..SignInText::default() }).await
}

/// Whose device a browser is.
fn devices(service: &Service, request: &HttpRequest) -> Vec<Device> {
    request.cookie(DEVICE).map(|cookie| service.keys.read_devices(cookie.value())).unwrap_or_default()
}

/// The cookie by which a browser is known from here on, as this person's too.
pub fn known(service: &Service, request: &HttpRequest, user: Id) -> Result<Cookie<'static>> {
    let value = service.keys.know(devices(service, request), user)?;
    Ok(answers::cookie(DEVICE, value, DEVICE_SECONDS))
}

/// By what somebody asks to be let in.
fn asking(service: &Service, request: &HttpRequest) -> Result<Asking> {
    let agent = request.headers().get("user-agent").and_then(|agent| agent.to_str().ok());
    let client = told::Client::of(request);
    Ok(Asking {
        request: told::id(),
        device: agent.and_then(device),
        place: client.map(|client| service.keys.place(client)).transpose()?,
        devices: devices(service, request),
        mail: service.config.mail.is_some(),
        passwords: service.config.passwords.clone(),
        issued: Issued::default(),
    })
}

/// Where the issuer sends people back to.
fn callback(service: &Service) -> String {
    format!("{}/sign-in/callback", service.config.public_url)
}

/// Off to sign in at the OIDC issuer.
async fn leave_for_issuer(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    let language = answers::language(&request);
    let query: Fields = fields::read(request.query_string().as_bytes());
    let to = answers::local(field(&query, "to").unwrap_or("/"));
    match service.keys.leave(&callback(&service), to).await {
        Ok((address, waiting)) => {
            let mut response = answers::go_to(&address);
            match response.add_cookie(&answers::cookie(DETOUR, waiting, DETOUR_SECONDS)) {
                Ok(()) => response,
                Err(fault) => answers::refused(&Error::internal(fault), language, &Fields::new()),
            }
        }
        Err(Error::NotFound) => answers::refused(&Error::NotFound, language, &Fields::new()),
        Err(error) => {
            let problem = error.problem(language, "");
            let said =
                SignInText { message: texts::say(language, "sign-in-issuer-away", &[]), ..SignInText::default() };
            sign_in(&service, status(problem.status), language, to, said).await
        }
    }
}

/// Back from the OIDC issuer.
async fn come_back(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    let language = answers::language(&request);
    let query: Fields = fields::read(request.query_string().as_bytes());
    let waiting = request.cookie(DETOUR).and_then(|cookie| service.keys.read_detour(cookie.value()));
    // Only who left from this browser comes back to it.
    let waiting = waiting.filter(|detour| field(&query, "state") == Some(detour.state.as_str()));
    let to = waiting.as_ref().map_or_else(|| "/".to_owned(), |detour| detour.to.clone());
    let arrived = match (&waiting, field(&query, "code")) {
        (Some(detour), Some(code)) => service.keys.arrive(detour, code, &callback(&service)).await,
        _ => Err(Error::Unauthenticated(crate::error::Bilingual::new(
            texts::say(Language::Sv, "sign-in-issuer-broken", &[]),
            texts::say(Language::En, "sign-in-issuer-broken", &[]),
        ))),
    };
    let opened = match arrived {
        Ok((subject, issued)) => {
            let (of, asking) = (service.clone(), asking(&service, &request));
            let opened = web::block(move || -> Result<(User, Id)> {
                let asking = Asking { issued, ..asking? };
                let (user, session) = sessions::open_for_subject(&of.db, &subject, PAGE_SECONDS, &asking)?;
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
            let said = SignInText { message: problem.detail, ..SignInText::default() };
            sign_in(&service, status(problem.status), language, &to, said).await
        }
    };
    answers::without_cookie(response, DETOUR)
}

/// To where the person was going, with the cookies of a new session.
async fn welcome(
    service: Arc<Serving>,
    request: &HttpRequest,
    user: User,
    session: Id,
    to: &str,
    kept: &str,
) -> HttpResponse {
    // Whoever was signed in here before is no more: the cookie is another's now.
    if let Some(before) = answers::browser(&service, request) {
        let (of, id) = (service.clone(), told::id());
        let ended = web::block(move || sessions::end(&of.db, before.user, before.session, id)).await;
        if let Err(error) = ended.map_err(Error::internal).and_then(|ended| ended) {
            tracing::warn!(?error, "the session that this browser had before could not be ended");
        }
    }
    let browser = Browser { user: user.id, session, csrf: auth::random_text(18) };
    // From here on in the person's own language, unless another was chosen.
    let language = answers::chosen(request).unwrap_or(user.language);
    let spoken = answers::cookie(LANGUAGE, language.as_str().to_owned(), A_YEAR);
    let value = match service.keys.page(&browser) {
        Ok(value) => value,
        Err(error) => return answers::refused(&error, language, &Fields::new()),
    };
    let device = match known(&service, request, browser.user) {
        Ok(cookie) => cookie,
        Err(error) => return answers::refused(&error, language, &Fields::new()),
    };
    let mut response = go_on(service, browser, language, to, kept).await;
    let session = answers::cookie(SESSION, value, PAGE_SECONDS);
    match response
        .add_cookie(&session)
        .and_then(|()| response.add_cookie(&spoken))
        .and_then(|()| response.add_cookie(&device))
    {
        Ok(()) => response,
        Err(fault) => answers::refused(&Error::internal(fault), language, &Fields::new()),
    }
}

/// What a right password has led to.
enum Entered {
    In(Box<User>, Id),
    /// The page on which one's own is chosen, by this token.
    Choosing(String),
}

async fn enter(service: Arc<Serving>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let language = answers::language(&request);
    let fields = match answers::fields(payload).await {
        Ok(fields) if !answers::from_elsewhere(&request) => fields,
        Ok(_) => return answers::go_to("/sign-in"),
        Err(error) => return answers::refused(&error, language, &Fields::new()),
    };
    let text = |name: &str| field(&fields, name).unwrap_or_default().to_owned();
    let (email, to, kept) = (text("email"), text("to"), text("kept"));
    let asked = serde_json::json!({ "email": email, "password": text("password") });
    let place = match service.line.enter().await {
        Ok(place) => place,
        Err(error) => return answers::refused(&error, language, &Fields::new()),
    };
    let opened = web::block({
        let (service, asking) = (service.clone(), asking(&service, &request));
        move || -> Result<Entered> {
            let (_place, asking) = (place, asking?);
            let form: SignInForm = read_form(asked)?;
            Ok(match sessions::open(&service.db, &form, PAGE_SECONDS, &asking)? {
                Entry::Session(user, session) => Entered::In(Box::new(service.db.read(|r| r.linked(user))?), session),
                Entry::Choose(user) => {
                    Entered::Choosing(passwords::choose_own(&service.db, &service.keys, user, asking.request)?)
                }
            })
        }
    });
    let opened = opened.await.map_err(Error::internal).and_then(|opened| opened);
    match opened {
        Ok(Entered::In(user, session)) => welcome(service, &request, *user, session, &to, &kept).await,
        Ok(Entered::Choosing(token)) => answers::go_to(&format!("/password-reset/{token}")),
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
            let said = SignInText { email: &email, message, kept: &kept, done: None };
            sign_in(&service, status(problem.status), language, &to, said).await
        }
    }
}

/// To where one was going; or to what one was writing.
async fn go_on(service: Arc<Serving>, browser: Browser, language: Language, to: &str, kept: &str) -> HttpResponse {
    let to = answers::local(to).to_owned();
    if kept.is_empty() {
        return answers::go_to(&to);
    }
    let typed = fields::read(kept.as_bytes());
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
async fn leave(service: Arc<Serving>, request: HttpRequest, payload: web::Payload, act: &'static str) -> HttpResponse {
    let language = answers::language(&request);
    if let Some(browser) = answers::browser(&service, &request)
        && let Ok(fields) = answers::fields(payload).await
    {
        if answers::from_elsewhere(&request) || field(&fields, "_csrf") != Some(browser.csrf.as_str()) {
            return answers::go_to("/");
        }
        let fields = vec![("_act".to_owned(), act.to_owned())];
        let at_issuer = began_at_issuer(&service, &browser).await;
        match serve::wish(service.clone(), &browser, &fields, language).await {
            Ok(_) | Err(Error::Unauthenticated(_)) => {}
            Err(error) => return answers::refused(&error, language, &Fields::new()),
        }
        // Who came in by the issuer leaves that too: else the next at this computer goes straight in.
        if at_issuer {
            let back = format!("{}/sign-in", service.config.public_url);
            let address = tokio::time::timeout(PATIENCE, service.keys.depart(&back)).await.ok().flatten();
            if let Some(address) = address {
                return answers::without_cookie(left(&service, language, &address).await, SESSION);
            }
        }
    }
    answers::without_cookie(answers::go_to("/sign-in"), SESSION)
}

/// How long the issuer is waited for that one signs out of.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Template)]
#[template(path = "signed_out.html")]
struct Left<'a> {
    p: Frame,
    /// Where one signs out of the issuer.
    address: &'a str,
}

/// That one is signed out here, and on to where one signs out of the issuer. No form may lead off the site (`form-action`), not by a
/// redirect either: so the page itself goes on.
async fn left(service: &Service, language: Language, address: &str) -> HttpResponse {
    let (p, _) = outside_of(service, language, "/sign-in").await;
    match (Left { p, address }).render() {
        Ok(body) => {
            let mut response = answers::page(StatusCode::OK, language, body);
            if let Ok(value) = HeaderValue::from_str(&format!("0; url={address}")) {
                response.headers_mut().insert(HeaderName::from_static("refresh"), value);
            }
            response
        }
        Err(fault) => answers::refused(&Error::internal(fault), language, &Fields::new()),
    }
}

/// Whether this browser's session goes on, and began by signing in at the issuer.
async fn began_at_issuer(service: &Arc<Serving>, browser: &Browser) -> bool {
    if !service.keys.has_issuer() {
        return false;
    }
    let (of, session) = (service.clone(), browser.session);
    let read = service.asking("sign-out", move || of.db.read(|r| r.session(session)));
    let found = read.await.ok().and_then(Result::ok).flatten();
    found.is_some_and(|session| session.ended_at.is_none() && session.authentication == "oidc")
}

/// The issuer tells that a session has ended there: what it began here ends too.
async fn ended_at_issuer(service: Arc<Serving>, payload: web::Payload) -> HttpResponse {
    let done = async {
        let fields = answers::fields(payload).await?;
        let ended = service.keys.logged_out(field(&fields, "logout_token").unwrap_or_default()).await?;
        let of = service.clone();
        service.asking("backchannel-logout", move || sessions::end_issued(&of.db, &ended, told::id())).await?
    };
    let (code, body) = match done.await {
        Ok(()) => (StatusCode::OK, serde_json::json!({})),
        Err(error) => {
            // What the standard has for all that is wrong with the request (2.8).
            let (code, word) = match status(error.problem(Language::En, "").status) {
                code if code.is_server_error() => (code, "temporarily_unavailable"),
                _ => (StatusCode::BAD_REQUEST, "invalid_request"),
            };
            (code, serde_json::json!({ "error": word }))
        }
    };
    HttpResponse::build(code).insert_header(("cache-control", "no-store")).json(body)
}

/// Keeps the language that was chosen, for a year.
async fn choose(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let fields = answers::fields(payload).await.unwrap_or_default();
    let mut response = answers::go_to(answers::local(field(&fields, "to").unwrap_or("/")));
    let chosen = field(&fields, "language").and_then(Language::parse);
    if let Some(language) = chosen.filter(|_| !answers::from_elsewhere(&request)) {
        let kept = answers::cookie(LANGUAGE, language.as_str().to_owned(), A_YEAR);
        if let Err(fault) = response.add_cookie(&kept) {
            return answers::refused(&Error::internal(fault), language, &Fields::new());
        }
    }
    response
}

pub fn mount(routes: &mut web::ServiceConfig, service: &Arc<Serving>) {
    let (get, post) = (service.clone(), service.clone());
    routes.service(
        web::resource("/sign-in").route(web::get().to(move |request: HttpRequest| ask(get.clone(), request))).route(
            web::post().to(move |request: HttpRequest, payload: web::Payload| enter(post.clone(), request, payload)),
        ),
    );
    let (away, back, told) = (service.clone(), service.clone(), service.clone());
    routes
        .route("/sign-in/oidc", web::get().to(move |request: HttpRequest| leave_for_issuer(away.clone(), request)))
        .route("/sign-in/callback", web::get().to(move |request: HttpRequest| come_back(back.clone(), request)))
        .route(
            "/sign-in/backchannel-logout",
            web::post().to(move |payload: web::Payload| ended_at_issuer(told.clone(), payload)),
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
