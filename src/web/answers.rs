//! What goes back to a browser: pages and what stops them, cookies, and where to go on; and what is asked of a browser's
//! request before any page is.

use std::cell::RefCell;

use actix_web::cookie::{Cookie, SameSite, time::Duration as CookieDuration};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use bytes::Bytes;

use super::fields::{self, Fields};
use super::files;
use super::frame::{Frame, Roles, Spoken};
use super::pages::event_text;
use crate::auth::{Bearer, Browser};
use crate::domain::manner::Manner;
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::http::dispatch;
use crate::http::service::Service;
use crate::http::told;
use crate::http::{MOST_BYTES, status};
use crate::storage::{Id, Timestamp};

/// The cookie that holds the session. The prefix makes browsers hold it to this very host, and to TLS.
pub const SESSION: &str = "__Host-session";
/// The cookie with the language that was chosen.
pub const LANGUAGE: &str = "__Host-language";

/// No script but our own files, nothing from elsewhere, nothing inline, in nobody's frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The language that was chosen in this browser.
pub fn chosen(request: &HttpRequest) -> Option<Language> {
    request.cookie(LANGUAGE).and_then(|c| Language::parse(c.value()))
}

/// The language of a page for somebody unknown: the one that was chosen, else the browser's.
pub fn language(request: &HttpRequest) -> Language {
    chosen(request).unwrap_or_else(|| dispatch::language(request))
}

/// Who is signed in, by the browser's cookie. Whether the session still lives, the database says.
pub fn browser(service: &Service, request: &HttpRequest) -> Option<Browser> {
    service.keys.read_page(request.cookie(SESSION)?.value())
}

/// The same, as whoever asks the register.
pub fn bearer(service: &Service, request: &HttpRequest) -> Option<Bearer> {
    browser(service, request).map(|Browser { user, session, .. }| Bearer::Session { user, session })
}

/// A page that says what stops a request before anybody has looked at it, and when to come again.
pub fn stopped(request: &HttpRequest, error: &Error) -> HttpResponse {
    let mut response = refused(error, language(request), &Fields::new());
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A cookie of ours: for this host alone, over TLS, out of scripts' reach, and not sent along from other sites' forms.
pub fn cookie(name: &'static str, value: String, seconds: i64) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(CookieDuration::seconds(seconds))
        .finish()
}

/// Whether a form was sent from another site. A browser says so by itself; one that does not is known by its origin.
pub fn from_elsewhere(request: &HttpRequest) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    match header("sec-fetch-site") {
        Some(site) => site != "same-origin" && site != "none",
        None => match (header("origin"), header("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
            _ => false,
        },
    }
}

/// A path on this site, to go on to; the first page for anything else.
pub fn local(path: &str) -> &str {
    // Browsers read a backslash as a slash, and leave out tabs and line breaks wherever they stand.
    let safe =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control());
    if safe { path } else { "/" }
}

/// A page as it is sent.
pub fn page(code: StatusCode, language: Language, body: String) -> HttpResponse {
    HttpResponse::build(code)
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", POLICY))
        .insert_header(("content-language", language.as_str()))
        // Nobody who comes to the computer later sees it again.
        .insert_header(("cache-control", "no-store"))
        .body(body)
}

pub fn go_to(path: &str) -> HttpResponse {
    // A header holds no other letters than these.
    let location: String = path.bytes().fold(String::new(), |mut all, byte| {
        match byte {
            b' '..=b'~' => all.push(byte.into()),
            other => all.push_str(&format!("%{other:02X}")),
        }
        all
    });
    HttpResponse::SeeOther().insert_header(("location", location)).insert_header(("cache-control", "no-store")).finish()
}

/// Takes a cookie back.
pub fn without_cookie(mut response: HttpResponse, name: &'static str) -> HttpResponse {
    let mut gone = cookie(name, String::new(), 0);
    gone.make_removal();
    match response.add_cookie(&gone) {
        Ok(()) => response,
        Err(fault) => refused(&Error::internal(fault), Language::Sv, &Fields::new()),
    }
}

/// The fields of a form that a file may go along with, which only who is signed in sends.
pub async fn fields_with_file(
    request: &HttpRequest,
    payload: web::Payload,
    as_it_is: impl Fn(&str) -> bool,
) -> Result<(Fields, Option<Bytes>)> {
    let kind = request.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let Some(boundary) = files::boundary(kind) else {
        return Ok((fields(payload).await?, None));
    };
    let most = MOST_BYTES + files::LARGEST;
    let body = dispatch::read_body(payload, most).await;
    if body.too_large {
        return Err(Error::TooLarge(files::LARGEST));
    }
    if body.broken {
        return Err(Error::BadRequest(Vec::new()));
    }
    files::read(&body.bytes, &boundary, as_it_is).ok_or_else(|| Error::BadRequest(Vec::new()))
}

/// The fields of a form that was sent, as far as it may be.
pub async fn fields(payload: web::Payload) -> Result<Fields> {
    let body = dispatch::read_body(payload, MOST_BYTES).await;
    if body.too_large {
        return Err(Error::TooLarge(MOST_BYTES));
    }
    if body.broken {
        return Err(Error::BadRequest(Vec::new()));
    }
    Ok(fields::read(&body.bytes))
}

#[derive(Template)]
#[template(path = "error.html")]
struct Refusal<'r> {
    p: Frame,
    title: String,
    detail: String,
    /// What was written, as it was to be read, so that it is not lost.
    kept: Vec<(&'r str, String)>,
    /// The page of what it was about.
    back: Option<String>,
}

/// The surroundings of a page that is for everyone.
pub fn outside(language: Language, here: &str) -> Frame {
    Frame {
        language,
        user: None,
        csrf: String::new(),
        here: here.to_owned(),
        start: None,
        today: Timestamp::now().stockholm_date(),
        as_of: None,
        before: None,
        asks_for_a_day: false,
        notice: None,
        failed: None,
        sent: None,
        required: None,
        held: Roles::default(),
        emergency: None,
        demo: false,
        done: None,
        done_to: None,
        labels: RefCell::default(),
        spoken: Spoken::of(Manner::default(), language),
    }
}

/// A page that says what stops the request, with what had been written.
pub fn refused(error: &Error, language: Language, typed: &Fields) -> HttpResponse {
    refused_in(outside(language, "/"), error, language, typed)
}

/// The same, within what stands around pages for who is signed in.
pub fn refused_in(p: Frame, error: &Error, language: Language, typed: &Fields) -> HttpResponse {
    let request_id = told::id();
    if let Error::Internal(cause) | Error::Outrun(cause) = error {
        tracing::error!(request = %request_id, %cause, "a page failed by our own fault");
    }
    let problem = error.problem(language, &format!("urn:uuid:{request_id}"));
    not_shown(p, (problem.title, problem.detail), status(problem.status), typed, None)
}

/// A page that says what stops a form, with what was written and, where that is known, the way `back` to what it was about.
pub fn not_shown(
    p: Frame,
    (title, detail): (String, String),
    code: StatusCode,
    typed: &Fields,
    back: Option<String>,
) -> HttpResponse {
    let language = p.language;
    let kept = typed.iter().filter(|(name, value)| !name.starts_with('_') && !value.trim().is_empty());
    let kept = kept.filter(|(name, _)| !is_password(name) && !name.ends_with('!') && !files::is_of_file(typed, name));
    let act = fields::field(typed, "_act").unwrap_or_default();
    // Ids and boxes that were not ticked say nothing to people.
    let kept = kept.filter_map(|(name, value)| Some((name.as_str(), as_read(&p, act, name, value)?))).collect();
    match (Refusal { p, title, detail, kept, back }).render() {
        Ok(body) => page(code, language, body),
        Err(fault) => {
            tracing::error!(%fault, "the page of an error cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// What a field holds, as people read it; nothing where it tells them nothing.
pub fn as_read(p: &Frame, act: &str, name: &str, value: &str) -> Option<String> {
    let field = name.rsplit('/').next().unwrap_or_default();
    if value == "false" || value.parse::<Id>().is_ok() {
        return None;
    }
    if value == "true" {
        return Some(p.say("yes"));
    }
    if let Some(word) = event_text::word_of(p, act, field, value) {
        return Some(word);
    }
    Some(value.parse::<chrono::NaiveDate>().map_or_else(|_| value.to_owned(), |day| p.date(&day)))
}

/// What is written in a field of this name is shown to nobody, and kept nowhere.
pub fn is_password(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("password")
}
