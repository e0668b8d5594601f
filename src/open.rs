//! What opens without signing in, by an address that nobody can guess: a person's calendar, and the end of their weekly
//! letter. Outside the API: calendars and mail programs come here, and people who follow a link.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::to_do::{calendar, reminders};
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::http::dispatch;
use crate::http::service::Service;
use crate::http::{tag_of, told};
use crate::storage::Origin;
use crate::storage::records::User;

pub fn mount(routes: &mut web::ServiceConfig) {
    routes.route("/calendar/{token}.ics", web::get().to(feed)).service(
        web::resource("/unsubscribe/{token}")
            .route(web::get().to(ask))
            .route(web::post().to(unsubscribe))
            .default_service(web::to(|| async {
                HttpResponse::MethodNotAllowed().insert_header(("allow", "GET, POST")).finish()
            })),
    );
}

/// The calendar that the address is of.
async fn feed(service: web::Data<Service>, token: web::Path<String>, request: HttpRequest) -> HttpResponse {
    let asking = service.clone();
    let made =
        asking.asking("calendar", move || service.db.read(|r| calendar::feed(r, &token, &service.config.public_url)));
    match made.await.and_then(|made| made) {
        Err(error) => dispatch::refuse(&error, dispatch::language(&request), told::id()),
        Ok(text) => {
            let tag = tag_of("", text.as_bytes());
            let known = request.headers().get("if-none-match").and_then(|v| v.to_str().ok()).unwrap_or_default();
            let same = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
            let mut response = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
            response
                .insert_header(("etag", tag))
                .insert_header(("cache-control", "private, no-cache"))
                .insert_header(("content-disposition", "inline; filename=\"riskregister.ics\""))
                .content_type("text/calendar; charset=utf-8");
            if same { response.finish() } else { response.body(text) }
        }
    }
}

/// Asks whether to turn the letter off. Following a link changes nothing: programs that look after mail follow them, too.
async fn ask(service: web::Data<Service>, token: web::Path<String>, request: HttpRequest) -> HttpResponse {
    let known = web::block(move || {
        let Some(user) = service.keys.read_unsubscribe(&token) else { return Ok(None) };
        service.db.read(|r| match r.find::<User>(user)? {
            Some(user) => Ok(Some((user.language, r.wants_weekly(user.id)?))),
            None => Ok(None),
        })
    });
    match known.await.map_err(Error::internal).and_then(|known: Result<_>| known) {
        Err(error) => dispatch::refuse(&error, dispatch::language(&request), told::id()),
        Ok(None) => unknown(&request),
        Ok(Some((language, true))) => page(
            language,
            StatusCode::OK,
            ("Stäng av veckobrevet", "Turn the weekly letter off"),
            (
                "Vill du inte längre få ett brev på måndagar om det som väntar på dig i riskregistret?",
                "Do you no longer want a letter on Mondays of what waits for you in the risk register?",
            ),
            Some(("Stäng av", "Turn it off")),
        ),
        Ok(Some((language, false))) => turned_off(language),
    }
}

/// Turns the letter off, at once (RFC 8058): asked by a mail program, or by the page above.
async fn unsubscribe(service: web::Data<Service>, token: web::Path<String>, request: HttpRequest) -> HttpResponse {
    let id = told::id();
    let done = web::block(move || {
        let Some(user) = service.keys.read_unsubscribe(&token) else { return Ok(None) };
        service.db.write(&Origin::user(user, "letter", id), |w| {
            let Some(found) = w.find::<User>(user)? else { return Ok(None) };
            reminders::unsubscribe(w, found.id)?;
            Ok(Some(found.language))
        })
    });
    match done.await.map_err(Error::internal).and_then(|done: Result<_>| done) {
        Err(error) => dispatch::refuse(&error, dispatch::language(&request), told::id()),
        Ok(None) => unknown(&request),
        Ok(Some(language)) => turned_off(language),
    }
}

fn turned_off(language: Language) -> HttpResponse {
    page(
        language,
        StatusCode::OK,
        ("Veckobrevet är avstängt", "The weekly letter is turned off"),
        (
            "Du får inte längre något brev på måndagar. Det går att slå på igen i registret.",
            "You no longer get a letter on Mondays. It can be turned on again in the register.",
        ),
        None,
    )
}

fn unknown(request: &HttpRequest) -> HttpResponse {
    page(
        dispatch::language(request),
        StatusCode::NOT_FOUND,
        ("Länken gäller inte", "The link does not hold"),
        (
            "Länken är för gammal eller inte hel. Logga in i registret för att stänga av veckobrevet.",
            "The link is too old, or not whole. Sign in to the register to turn the weekly letter off.",
        ),
        None,
    )
}

/// A small page of our own words.
fn page(
    language: Language,
    status: StatusCode,
    title: (&str, &str),
    text: (&str, &str),
    button: Option<(&str, &str)>,
) -> HttpResponse {
    let said = |(sv, en): (&str, &str)| if language == Language::Sv { sv.to_owned() } else { en.to_owned() };
    let (title, text) = (said(title), said(text));
    let form = button.map_or_else(String::new, |words| {
        format!("<form method=\"post\"><button type=\"submit\">{}</button></form>\n", said(words))
    });
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>{text}</p>\n{form}</main>\n</body>\n</html>\n",
        language.as_str()
    );
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .insert_header((
            "content-security-policy",
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ))
        .body(body)
}
