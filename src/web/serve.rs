//! From a browser's request to a page, and from a form to the operation that it names. A page is read in one snapshot of
//! the database, as its person; a form is done by the very operation of the API, with the same judgement.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use chrono::NaiveDate;

use super::answers::{
    SESSION, browser, fields, fields_with_file, from_elsewhere, go_to, language, local, not_shown, outside, page,
    refused, refused_in, without_cookie,
};
use super::ask::Ask;
use super::check;
use super::drafts;
use super::fields::{self, Fields, field};
use super::frame::{Again, Failed, Frame, Roles, Spoken};
use super::pages::{self, known};
use super::sign_in::{self, SURROUNDINGS, outside_of};
use super::texts;
use crate::app::caller::Caller;
use crate::app::documents::Format;
use crate::app::people::duties::ROLE_GRANTABLE;
use crate::app::people::sessions;
use crate::app::sent::{Content, Envelope};
use crate::auth::{Bearer, Browser, Passwords};
use crate::domain::words::Language;
use crate::error::{CHANGED_MEANWHILE, Error, MissingItem, Result};
use crate::http::contract::Operation;
use crate::http::dispatch::{self, FormRequest, Serving};
use crate::http::{Answer, Call, status, told};
use crate::storage::records::Organisation;
use crate::storage::{Reading, Timestamp};

/// What is asked of a page.
#[derive(Clone, Default)]
pub struct Asked {
    /// Its path.
    pub path: String,
    pub query: String,
    pub language: Option<Language>,
    pub notice: Option<String>,
    pub failed: Option<Failed>,
    pub sent: Option<Again>,
}

impl Asked {
    pub fn of(request: &HttpRequest) -> Self {
        Self {
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
            language: Some(language(request)),
            ..Self::default()
        }
    }

    fn language(&self) -> Language {
        self.language.unwrap_or(Language::Sv)
    }
}

/// GET of a page.
pub async fn show(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    let asked = Asked::of(&request);
    let here = asked_here(&asked);
    match browser(&service, &request) {
        None => match pages::open(&asked.path) {
            Some(write) => {
                let (frame, _) = outside_of(&service, asked.language(), &here).await;
                match write(&frame, &service.config) {
                    Ok(body) => page(StatusCode::OK, asked.language(), body),
                    Err(error) => refused(&error, asked.language(), &Fields::new()),
                }
            }
            None => go_to(&sign_in_at(&here)),
        },
        Some(browser) => {
            let language = asked.language();
            match shown(service.clone(), browser.clone(), asked.clone()).await {
                Ok(body) => page(StatusCode::OK, language, body),
                Err(Error::Unauthenticated(_)) => go_to(&sign_in_at(&here)),
                Err(error) => {
                    let of_a_day = form_urlencoded::parse(asked.query.as_bytes()).any(|(name, _)| name == "asOf");
                    let today = || Asked { query: without(&asked.query, "asOf"), ..asked.clone() };
                    let then = of_a_day.then(|| asked_here(&today()));
                    let frame = surroundings(service, browser, asked).await;
                    match (error, then) {
                        // What is not there then may be there now.
                        (Error::NotFound, Some(now)) => {
                            let told = (frame.say("as-of-not-there"), frame.say("as-of-not-there-about"));
                            not_shown(frame, told, StatusCode::NOT_FOUND, &Fields::new(), Some(now))
                        }
                        (error, _) => refused_in(frame, &error, language, &Fields::new()),
                    }
                }
            }
        }
    }
}

/// What is asked for is not on the site: told within what stands around pages for who is signed in.
pub async fn nowhere(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    let language = language(&request);
    let frame = match browser(&service, &request) {
        Some(browser) => surroundings(service, browser, Asked::of(&request)).await,
        None => outside(language, "/"),
    };
    refused_in(frame, &Error::NotFound, language, &Fields::new())
}

/// What stands around a page for who is signed in, where the page itself cannot be shown.
async fn surroundings(service: Arc<Serving>, browser: Browser, asked: Asked) -> Frame {
    let (language, here) = (asked.language(), asked_here(&asked));
    let asking = service.clone();
    let read = asking.asking(SURROUNDINGS, move || {
        service.db.read(|r| {
            let bearer = Bearer::Session { user: browser.user, session: browser.session };
            let caller = Caller::of(r, &bearer)?;
            frame(r, &caller, &browser, &asked, &service.config.passwords)
        })
    });
    match read.await {
        Ok(Ok(frame)) => frame,
        _ => outside(language, &here),
    }
}

/// What stands around a page for who is signed in.
fn frame(r: &mut Reading, caller: &Caller, browser: &Browser, asked: &Asked, passwords: &Passwords) -> Result<Frame> {
    Ok(Frame {
        language: asked.language(),
        user: Some(caller.user()?.name.clone()),
        csrf: browser.csrf.clone(),
        here: asked_here(&Asked { query: without(&without_done(&asked.query), START), ..asked.clone() }),
        start: None,
        today: r.today(),
        as_of: None,
        before: None,
        asks_for_a_day: false,
        notice: asked.notice.clone(),
        failed: asked.failed.clone(),
        sent: asked.sent.clone(),
        required: None,
        held: Roles::of(caller),
        emergency: match passwords.emergency() {
            Some(address) => sessions::emergency(r, address)?,
            None => None,
        },
        demo: r.is_demo()?,
        done: None,
        done_to: None,
        labels: RefCell::default(),
        spoken: Spoken::of(caller.spoken_to(r)?, asked.language()),
    })
}

/// The time that an address asks for: a moment, or the end of a day that has been. Today is now.
fn asked_time(text: &str, today: NaiveDate) -> Option<Timestamp> {
    match text.parse::<NaiveDate>() {
        Ok(day) if day < today => Timestamp::end_of(day),
        Ok(_) => None,
        Err(_) => chrono::DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc().into()),
    }
}

fn asked_here(asked: &Asked) -> String {
    if asked.query.is_empty() { asked.path.clone() } else { format!("{}?{}", asked.path, asked.query) }
}

fn sign_in_at(here: &str) -> String {
    let to: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
    format!("/sign-in?to={to}")
}

/// A page, written out for who is signed in.
pub async fn shown(service: Arc<Serving>, browser: Browser, asked: Asked) -> Result<String> {
    let (page, path) = pages::at(&asked.path).ok_or(Error::NotFound)?;
    let asking = service.clone();
    let written = asking.asking(page.path, move || {
        let bearer = Bearer::Session { user: browser.user, session: browser.session };
        service.db.read(|r| {
            let caller = Caller::of(r, &bearer)?;
            let mut query: BTreeMap<String, String> = form_urlencoded::parse(asked.query.as_bytes())
                .into_owned()
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let done = query.remove("done");
            let done_to = query.remove(DONE_TO).filter(|_| done.is_some());
            let start = query.remove(START);
            let as_of = query.get("asOf").and_then(|text| asked_time(text, r.today())).filter(|_| page.timed);
            let mut frame = frame(r, &caller, &browser, &asked, &service.config.passwords)?;
            frame.as_of = as_of;
            if let Some(time) = as_of {
                let root = r.root_id()?;
                let root: Organisation = r.linked(root)?;
                frame.before = Some(root.created_at).filter(|began| time < *began);
            }
            frame.asks_for_a_day = pages::of_a_day(page.path);
            frame.required = Some(fields::required(&service.operations));
            frame.start = start;
            frame.done = done;
            frame.done_to = match done_to {
                Some(page) => pages::event_text::named_at(r, &caller, &frame, &page)?,
                None => None,
            };
            let came_back = frame.failed.is_some() || frame.sent.is_some();
            if !came_back && frame.is_now() && pages::keeps_drafts(page.path) {
                frame.failed = drafts::on_page(r, &caller, &asked.path)?;
            }
            if let Some(failed) = &mut frame.failed {
                pages::plan::lead_to_what_lacks(r, &caller, failed)?;
            }
            let ask = Ask { service: &service, frame, path: path.clone(), query };
            let write = |r: &mut Reading, caller: &Caller| {
                let body = (page.show)(r, caller, &ask)?;
                Ok(body)
            };
            match as_of {
                None => write(r, &caller),
                Some(time) => {
                    let asked = ask.text("asOf").to_owned();
                    let thing = if pages::of_one(page.path) { Some(ask.step("id")?) } else { None };
                    let mut past = dispatch::past(r, thing, time)?;
                    past.read(|r| {
                        // Before the register began there was nobody to show the pages that are of somebody.
                        let root = r.root_id()?;
                        if !pages::of_a_day(page.path) && r.find::<Organisation>(root)?.is_none() {
                            return Err(Error::NotFound);
                        }
                        Ok(pages::keep_day(&write(r, &caller)?, &asked))
                    })
                }
            }
        })
    });
    written.await?
}

/// POST on a page: the form names the operation that it is for.
pub async fn act(service: Arc<Serving>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let mut asked = Asked::of(&request);
    let language = asked.language();
    let read = match browser(&service, &request) {
        Some(_) => {
            let takes = |act: &str| service.operations.iter().any(|one| one.id == act && one.raw);
            fields_with_file(&request, payload, takes).await
        }
        None => fields(payload).await.map(|fields| (fields, None)),
    };
    let (fields, file) = match read {
        Ok(read) => read,
        Err(error) => return refused(&error, language, &Fields::new()),
    };
    if from_elsewhere(&request) {
        let forged = Error::Forbidden(crate::error::Bilingual::new(
            "Formuläret skickades från en annan webbplats.",
            "The form was sent from another site.",
        ));
        return refused(&forged, language, &fields);
    }
    let here = asked_here(&asked);
    let kept = || sign_in::kept(&service, language, &here, &fields);
    let Some(browser) = browser(&service, &request) else { return kept().await };
    let sent = fields::touched(fields.clone());
    let name = field(&fields, "_form").unwrap_or_default().to_owned();
    if field(&fields, "_csrf") != Some(browser.csrf.as_str()) {
        let message = texts::say(language, "form-old", &[]);
        asked.failed = Some(Failed { form: name, typed: fields.clone(), message, ..Failed::default() });
        return again(service, browser, asked, StatusCode::FORBIDDEN, &fields).await;
    }
    if field(&fields, drafts::DISCARD).is_some() {
        return match drafts::forget(service, browser, asked.path.clone(), name).await {
            Ok(()) => go_to(&asked_here(&asked)),
            Err(Error::Unauthenticated(_)) => go_to(&sign_in_at(&asked_here(&asked))),
            Err(error) => refused(&error, language, &fields),
        };
    }
    if field(&fields, "_again").is_some() {
        asked.sent = Some(Again { typed: fields.clone(), answer: None });
        return again(service, browser, asked, StatusCode::OK, &fields).await;
    }
    if field(&fields, check::CHANGE).is_some() {
        let message = texts::say(language, "check-nothing-done", &[]);
        asked.failed = Some(Failed { form: name, typed: fields.clone(), message, ..Failed::default() });
        return again(service, browser, asked, StatusCode::OK, &fields).await;
    }
    // What locks or seals is asked about first, once it is known that it can be done.
    let wished_for = if check::is_asked(&fields) {
        match tried(service.clone(), &browser, &sent, language).await {
            Ok(()) => return ask_for_yes(service, browser, asked, &fields).await,
            Err(error) => Err(error),
        }
    } else {
        wish_with(service.clone(), &browser, &sent, file, language).await
    };
    if wished_for.is_ok() && field(&fields, fields::KEPT).is_some() {
        // What was asked is done, whatever becomes of its draft: that is old once the page is opened again.
        if let Err(fault) = drafts::forget(service.clone(), browser.clone(), asked.path.clone(), name.clone()).await {
            tracing::warn!(?fault, "a draft stays though it is saved");
        }
    }
    match wished_for {
        Ok(answer) if only_tries(&fields) => {
            asked.sent = Some(Again { typed: fields.clone(), answer: Some(answer.body) });
            again(service, browser, asked, StatusCode::OK, &fields).await
        }
        // What is told this once stands in no address.
        Ok(answer) => match told_once(&fields, &answer, language) {
            Some(told) => {
                asked.notice = Some(told);
                again(service, browser, asked, StatusCode::OK, &fields).await
            }
            None => {
                let about = wished(&service, &fields).and_then(|(_, operation)| known::about(&fields, operation.path));
                let response = go_to(&next(&asked, &fields, &answer, about));
                // A new password ends every session, this one too.
                let ended = field(&fields, "_act") == Some("changePassword");
                if ended { without_cookie(response, SESSION) } else { response }
            }
        },
        Err(Error::Unauthenticated(_)) => kept().await,
        Err(error) => {
            if let Error::Internal(cause) | Error::Outrun(cause) = &error {
                tracing::error!(%cause, "a form failed by our own fault");
            }
            let code = status(error.problem(language, "").status);
            let operation = wished(&service, &fields).map(|(_, operation)| operation);
            let mut told = failed(&error, name, operation, &sent, language);
            if told.stale {
                told.message = who_was_faster(&service, &browser, &fields, language).await;
            }
            asked.failed = Some(told);
            again(service, browser, asked, code, &fields).await
        }
    }
}

/// The page that tells what a form would do for good, and asks for a yes.
async fn ask_for_yes(service: Arc<Serving>, browser: Browser, asked: Asked, fields: &Fields) -> HttpResponse {
    let (language, asking, typed) = (asked.language(), service.clone(), fields.clone());
    let written = asking.asking(SURROUNDINGS, move || {
        service.db.read(|r| {
            let bearer = Bearer::Session { user: browser.user, session: browser.session };
            let caller = Caller::of(r, &bearer)?;
            let frame = frame(r, &caller, &browser, &asked, &service.config.passwords)?;
            let thing = match check::page_of(&typed) {
                Some(page) => pages::event_text::named_at(r, &caller, &frame, &page)?,
                None => None,
            };
            check::check(&frame, &typed, thing)
        })
    });
    match written.await.and_then(|told| told) {
        Ok(body) => page(StatusCode::OK, language, body),
        Err(error) => refused(&error, language, fields),
    }
}

/// Whether the operation keeps nothing: what it tells is shown beside the form.
fn only_tries(fields: &Fields) -> bool {
    field(fields, "_act") == Some("previewPolicyVersion")
}

/// What an operation tells this once: a password, a secret, the address of a calendar, who was reminded, what was handed
/// over, how much is sent again.
fn told_once(fields: &Fields, answer: &Answer, language: Language) -> Option<String> {
    match field(fields, "_act") {
        Some("remindOfPeriod") => return told_reminded(answer, language),
        Some("handOver") => return told_handed_over(answer, language),
        _ => {}
    }
    let told: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    let (member, key) = match field(fields, "_act")? {
        "makeOneTimePassword" => ("oneTimePassword", "user-password-made"),
        "makeMyCalendar" => ("url", "calendar-made"),
        "makeServiceCredential" => ("clientSecret", "secret-made"),
        "createWebhook" => ("secret", "webhook-made"),
        "changeWebhookSecret" => ("secret", "webhook-secret-made"),
        "replayWebhook" => {
            return Some(texts::say(language, "told-replayed", &[("count", told.get("queued")?.as_i64()?.into())]));
        }
        _ => return None,
    };
    let told = told.get(member)?.as_str()?.to_owned();
    Some(texts::say(language, key, &[("told", told.into())]))
}

/// How much was handed over.
fn told_handed_over(answer: &Answer, language: Language) -> Option<String> {
    let told: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    let told = ["risk", "control", "action", "recommendation"].into_iter().filter_map(|what| {
        let count = i64::try_from(told.get(format!("{what}Ids"))?.as_array()?.len()).ok()?;
        Some(texts::say(language, &format!("told-handed-{what}s"), &[("count", count.into())]))
    });
    let told = told.collect::<Vec<_>>().join(", ");
    Some(texts::say(language, "told-handed", &[("told", told.into())]))
}

/// How many letters a reminder came to, and whom it does not reach.
fn told_reminded(answer: &Answer, language: Language) -> Option<String> {
    let told: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    let told = ["reminded", "already-reminded", "unreachable", "without-responsible"]
        .into_iter()
        .zip(["remindedIds", "alreadyRemindedIds", "unreachableIds", "withoutResponsibleIds"])
        .filter_map(|(key, member)| {
            let count = i64::try_from(told.get(member)?.as_array()?.len()).ok()?;
            let said = || texts::say(language, &format!("told-{key}"), &[("count", count.into())]);
            (count > 0 || key == "reminded").then(said)
        });
    Some(told.collect::<Vec<_>>().join(" "))
}

/// The page again, with the form as it was sent and what is wrong with it.
pub async fn again(
    service: Arc<Serving>,
    browser: Browser,
    asked: Asked,
    code: StatusCode,
    fields: &Fields,
) -> HttpResponse {
    let language = asked.language();
    let failed = asked.failed.clone();
    let around = |asked: Asked| surroundings(service.clone(), browser.clone(), asked);
    let retry = asked.clone();
    match shown(service.clone(), browser.clone(), asked).await {
        // The page has the form no longer: what it was about is done, or may not be done any more.
        Ok(body) if failed.as_ref().is_some_and(|failed| !body.contains(&failed.mark())) => {
            let message = failed.map(|failed| failed.message).unwrap_or_default();
            let told = (texts::say(language, "form-gone", &[]), message);
            let back = known::thing_at(fields).unwrap_or_else(|| asked_here(&retry));
            not_shown(around(Asked { failed: None, ..retry }).await, told, code, fields, Some(back))
        }
        Ok(body) => page(code, language, body),
        Err(error) => refused_in(around(Asked { failed: None, ..retry }).await, &error, language, fields),
    }
}

/// That what a form is about has changed since its page was written, and whether by somebody else.
async fn who_was_faster(service: &Arc<Serving>, browser: &Browser, fields: &Fields, language: Language) -> String {
    let (asking, typed) = (service.clone(), fields.clone());
    let found = service.asking(SURROUNDINGS, move || asking.db.read(|r| known::changed_by(r, &typed))).await;
    let key = match found {
        Ok(Ok(Some(by))) if by == browser.user => "form-stale-own",
        Ok(Ok(Some(_))) => "form-stale",
        _ => "form-stale-since",
    };
    texts::say(language, key, &[])
}

/// What is wrong with a form, for people.
fn failed(error: &Error, name: String, operation: Option<&Operation>, fields: &Fields, language: Language) -> Failed {
    let problem = error.problem(language, "");
    let mut faults: Vec<(String, String)> = match error {
        Error::Invalid(all) | Error::BadRequest(all) => all
            .iter()
            .map(|fault| {
                // What to fill in is said by the field's own label, where that is known.
                let said = if fault.is_missing() { "" } else { fault.said.in_language(language) };
                (fault.pointer.trim_start_matches('/').to_owned(), said.to_owned())
            })
            .collect(),
        _ => Vec::new(),
    };
    let missing = match error {
        Error::Missing(all) => all.iter().map(|one| (None, MissingItem::of(one, language))).collect(),
        _ => Vec::new(),
    };
    // A fault of a part of a field belongs to the field that is there to see.
    for (at, _) in &mut faults {
        if operation.is_some_and(|operation| operation.raw) {
            // Whatever is wrong with a file is wrong with the one that was chosen.
            *at = "content".to_owned();
        } else if let Some(operation) = operation {
            *at = fields::as_typed(operation, at, fields);
        }
        // A row among many is there to see, too, though it is no field.
        let seen = |name: &str| fields.iter().any(|(n, _)| n == name) || fields::is_row(fields, name);
        while !at.is_empty() && !seen(at) {
            match at.rsplit_once('/') {
                Some((above, _)) => *at = above.to_owned(),
                None => break,
            }
        }
    }
    // Of a form of many rows in which no row was touched there is nothing more to say.
    let nothing = matches!(error, Error::Invalid(all) if !all.is_empty() && all.iter().all(|one| ["tooFew", "required"].contains(&one.code)))
        && faults.iter().all(|(at, _)| fields::has_rows(fields, at));
    if nothing {
        faults.clear();
    }
    let stale = matches!(error, Error::PreconditionFailed);
    let message = match error {
        // Who was faster is asked of the register.
        Error::PreconditionFailed => String::new(),
        _ if nothing => texts::say(language, "form-nothing", &[]),
        Error::Invalid(_) => {
            let count = i64::try_from(faults.len()).unwrap_or(i64::MAX);
            texts::say(language, "form-faults", &[("count", count.into())])
        }
        _ => problem.detail,
    };
    let stale_rows = match error {
        Error::Invalid(all) => {
            let stale = all.iter().zip(&faults).filter(|(one, _)| one.code == CHANGED_MEANWHILE);
            stale.map(|(_, (at, _))| at.clone()).collect()
        }
        _ => Vec::new(),
    };
    let role_grantable = matches!(error, Error::Invalid(all) if all.iter().any(|one| one.code == ROLE_GRANTABLE));
    Failed {
        form: name,
        typed: fields.clone(),
        faults,
        role_grantable,
        missing,
        message,
        stale,
        stale_rows,
        draft: None,
    }
}

/// The operation that a form is for, and its place.
fn wished<'s>(service: &'s Serving, fields: &Fields) -> Option<(usize, &'s Operation)> {
    let name = field(fields, "_act").unwrap_or_default();
    service.operations.iter().enumerate().find(|(_, one)| one.id == name && one.method != "get")
}

/// Does what a form asks.
pub async fn wish(service: Arc<Serving>, browser: &Browser, fields: &Fields, language: Language) -> Result<Answer> {
    wish_with(service, browser, fields, None, language).await
}

/// The same, with a file that goes along as it is.
async fn wish_with(
    service: Arc<Serving>,
    browser: &Browser,
    fields: &Fields,
    file: Option<Bytes>,
    language: Language,
) -> Result<Answer> {
    let (index, mut request) = request(&service, browser, fields, language)?;
    let operation = &service.operations[index];
    if operation.raw {
        request.sent.content = Content::Bytes(file.unwrap_or_default());
        // The last: a box that is ticked comes after its own no.
        let named = |name: &str| fields.iter().rfind(|(n, _)| n == name).map(|(_, value)| value.clone());
        for parameter in operation.parameters.iter().filter(|one| !one.in_path) {
            let name = if parameter.name == "name" { "fileName" } else { parameter.name };
            request.call.query.extend(named(name).map(|value| (parameter.name.to_owned(), value)));
        }
    }
    dispatch::perform(service.clone(), index, request).await
}

/// Whether what a form asks can be done now; nothing is.
async fn tried(service: Arc<Serving>, browser: &Browser, fields: &Fields, language: Language) -> Result<()> {
    let (index, request) = request(&service, browser, fields, language)?;
    dispatch::tried(service.clone(), index, request).await
}

/// What a form asks, as a request to the operation with an index.
fn request(service: &Serving, browser: &Browser, fields: &Fields, language: Language) -> Result<(usize, FormRequest)> {
    let (index, operation) = wished(service, fields).ok_or(Error::NotFound)?;
    let path = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("_at.")?.to_owned(), value.clone())))
        // A step of a path holds no path.
        .filter(|(_, value)| !value.contains(['/', '?', '#']))
        .collect();
    let content = match fields::to_json(operation, fields) {
        Some(value) => Content::Json(value),
        None => Content::Absent,
    };
    let sent = Envelope {
        content,
        if_match: field(fields, "_etag").map(|tag| vec![tag.to_owned()]),
        only_new: field(fields, "_new").is_some(),
        ..Envelope::default()
    };
    // Who goes back and tries something else asks anew, by a form with the same key.
    let idempotency_key = field(fields, "_key").filter(|_| operation.idempotent && !only_tries(fields));
    let idempotency_key = idempotency_key.map(str::to_owned);
    let call = Call { path, request_id: told::id(), language, page: 1, limit: 20, ..Call::default() };
    let bearer = Some(Bearer::Session { user: browser.user, session: browser.session });
    Ok((index, FormRequest { bearer, call, sent, idempotency_key }))
}

/// In an address, the page of what something was just done to.
const DONE_TO: &str = "doneTo";
/// In an address, the text of an earlier year that a field is to start with.
const START: &str = "start";

/// Where to go when a form is done.
fn next(asked: &Asked, fields: &Fields, answer: &Answer, about: Option<String>) -> String {
    let made = answer.headers.iter().find(|(name, _)| name == "location");
    let id = made.and_then(|(_, at)| at.rsplit('/').next()).unwrap_or_default();
    let here = asked_here(&Asked { query: without_done(&asked.query), ..asked.clone() });
    let to = local(field(fields, "_to").unwrap_or(&here)).replace("{id}", id);
    let (to, anchor) = to.split_once('#').map_or((to.as_str(), ""), |(path, anchor)| (path, anchor));
    let join = if to.contains('?') { '&' } else { '?' };
    let act = field(fields, "_act").unwrap_or_default();
    let mark = if anchor.is_empty() { "" } else { "#" };
    // What it was done to, where the page that follows is of something else.
    let about = about.filter(|page| !to.starts_with(page.as_str())).map(|page| format!("&{DONE_TO}={page}"));
    format!("{to}{join}done={act}{}{mark}{anchor}", about.unwrap_or_default())
}

fn without_done(query: &str) -> String {
    without(&without(query, "done"), DONE_TO)
}

/// What an address asks for, without one thing.
fn without(query: &str, left_out: &str) -> String {
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != left_out);
    form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}

/// A file that an operation gives, for who is signed in: `/files` and then the path of the operation.
pub async fn file(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    let language = language(&request);
    let here = asked_here(&Asked::of(&request));
    let Some(browser) = browser(&service, &request) else { return go_to(&sign_in_at(&here)) };
    let asked = request.path().strip_prefix("/files").unwrap_or_default();
    let mut gets = service.operations.iter().enumerate().filter(|(_, o)| o.method == "get");
    let found = gets.find_map(|(index, o)| Some((index, pages::steps(o.path, asked)?)));
    let Some((index, path)) = found else { return refused(&Error::NotFound, language, &Fields::new()) };
    let mut call = Call { path, request_id: told::id(), language, ..Call::default() };
    let operation = &service.operations[index];
    let mut query: Vec<(String, String)> =
        form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    // Which of its media types: a link has no header to say it in.
    if let Some(at) = query.iter().position(|(name, _)| name == "accept") {
        call.accept = Some(query.remove(at).1);
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    if let Err(faults) = operation.read_query(&query, &mut call) {
        return refused(&Error::BadRequest(faults), language, &Fields::new());
    }
    let bearer = Some(Bearer::Session { user: browser.user, session: browser.session });
    let wish = FormRequest { bearer, call, sent: Envelope::default(), idempotency_key: None };
    match dispatch::fetch(service, index, wish).await {
        Ok((answer, body)) => {
            let mut response = HttpResponse::build(status(answer.status));
            response.insert_header(("cache-control", "no-store"));
            let is_pdf =
                answer.headers.iter().any(|(name, value)| name == "content-type" && value == Format::Pdf.media_type());
            if !is_pdf {
                response.insert_header(("content-security-policy", "default-src 'none'; sandbox"));
            }
            for (name, value) in answer.headers {
                // A PDF is looked at where one is: browsers have a reader of their own for it, which they shut out by
                // such a policy. All else is to keep.
                let value = if is_pdf { value } else { value.replacen("inline;", "attachment;", 1) };
                response.append_header((name, value));
            }
            response.body(body)
        }
        Err(Error::Unauthenticated(_)) => go_to(&sign_in_at(&here)),
        Err(error) => refused(&error, language, &Fields::new()),
    }
}
