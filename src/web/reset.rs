//! A password by the link of a letter: asked for by who has forgotten theirs, and chosen, also by who is invited. Each form
//! is done by its operation of the API. Following the link changes nothing: programs that look after mail follow them, too.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::{Value, json};

use super::answers::{self, SESSION, refused};
use super::fields::{self, Fields, field};
use super::frame::Frame;
use super::session;
use super::sign_in::outside_of;
use super::texts;
use crate::app::people::passwords;
use crate::app::sent::{Content, Envelope};
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::http::dispatch::{self, FormRequest, Serving};
use crate::http::{Answer, Call, status, told};
use crate::storage::Id;

/// What the page is for.
enum Step {
    /// A letter is asked for, to this address.
    Ask(String),
    Asked,
    /// A password is chosen, for the account with this address.
    Choose(String),
    /// The link holds no more.
    Over,
    /// No letters are sent.
    Off,
    /// People sign in at the issuer.
    Elsewhere,
}

impl Step {
    fn title(&self) -> &'static str {
        match self {
            Self::Ask(_) | Self::Off | Self::Elsewhere => "forgotten",
            Self::Asked => "forgotten-sent",
            Self::Choose(_) => "choose-password",
            Self::Over => "choose-over",
        }
    }
}

#[derive(Template)]
#[template(path = "reset.html")]
struct Reset {
    p: Frame,
    step: Step,
    message: String,
    mail: bool,
}

async fn write(
    service: &Serving,
    request: &HttpRequest,
    code: StatusCode,
    step: Step,
    message: String,
) -> HttpResponse {
    let language = answers::language(request);
    let (p, _) = outside_of(service, language, request.path()).await;
    let mail = service.config.sends_links();
    match (Reset { p, step, message, mail }).render() {
        Ok(body) => answers::page(code, language, body),
        Err(fault) => refused(&Error::internal(fault), language, &Fields::new()),
    }
}

/// Does an operation that is for everyone, as the form of a page asks.
async fn perform(service: &Arc<Serving>, operation: &str, form: Value, language: Language) -> Result<Answer> {
    let index = service.operations.iter().position(|one| one.id == operation);
    let index = index.ok_or_else(|| Error::internal(format!("there is no operation {operation}")))?;
    let call = Call { request_id: told::id(), language, page: 1, limit: 20, ..Call::default() };
    let sent = Envelope { content: Content::Json(form), ..Envelope::default() };
    dispatch::perform(service.clone(), index, FormRequest { bearer: None, call, sent, idempotency_key: None }).await
}

/// What is wrong, in words, and as what it is answered.
fn told(error: &Error, language: Language) -> (StatusCode, String) {
    if let Error::Internal(cause) | Error::Outrun(cause) = error {
        tracing::error!(%cause, "a password could not be chosen by our own fault");
    }
    let problem = error.problem(language, "");
    let said = match error {
        Error::Invalid(faults) => faults.iter().map(|one| one.said.in_language(language)).collect::<Vec<_>>().join(" "),
        _ => problem.detail,
    };
    (status(problem.status), said)
}

async fn ask(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    let query: Fields = fields::read(request.query_string().as_bytes());
    let step = match (service.config.sends_links(), field(&query, "sent")) {
        (false, _) if service.config.passwords.are_on() => Step::Off,
        (false, _) => Step::Elsewhere,
        (true, Some(_)) => Step::Asked,
        (true, None) => Step::Ask(String::new()),
    };
    write(&service, &request, StatusCode::OK, step, String::new()).await
}

/// What a form holds that was sent from this site.
async fn sent(request: &HttpRequest, payload: web::Payload) -> Result<Option<Fields>> {
    let fields = answers::fields(payload).await?;
    Ok((!answers::from_elsewhere(request)).then_some(fields))
}

/// Asks for the letter. What is answered tells nobody whether there is such an account.
async fn asked(service: Arc<Serving>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let language = answers::language(&request);
    let fields = match sent(&request, payload).await {
        Ok(Some(fields)) => fields,
        Ok(None) => return answers::go_to(request.path()),
        Err(error) => return refused(&error, language, &Fields::new()),
    };
    let email = field(&fields, "email").unwrap_or_default().to_owned();
    match perform(&service, "requestPasswordReset", json!({ "email": email }), language).await {
        Ok(_) => answers::go_to("/password-reset?sent=1"),
        Err(error) => {
            let (code, mut message) = told(&error, language);
            if let Error::Invalid(_) = error {
                message = texts::say(language, "forgotten-empty", &[]);
            }
            write(&service, &request, code, Step::Ask(email), message).await
        }
    }
}

fn token(request: &HttpRequest) -> String {
    request.match_info().get("token").unwrap_or_default().to_owned()
}

/// The page that a link leads to; with what was wrong with the password, if one was chosen.
async fn follow(service: Arc<Serving>, request: HttpRequest, wrong: Option<(StatusCode, String)>) -> HttpResponse {
    let (asking, token) = (service.clone(), token(&request));
    let read = service.asking("password-reset", move || {
        let taken = &asking.config.passwords;
        asking
            .db
            .read(|r| passwords::whose(r, &asking.keys, taken, &token))
            .map(|found| found.map(|(_, user)| user.email))
    });
    let (code, message) = wrong.unwrap_or((StatusCode::OK, String::new()));
    match read.await.and_then(|found| found) {
        Ok(Some(email)) => write(&service, &request, code, Step::Choose(email), message).await,
        Ok(None) => write(&service, &request, StatusCode::NOT_FOUND, Step::Over, String::new()).await,
        Err(error) => refused(&error, answers::language(&request), &Fields::new()),
    }
}

/// To where one signs in. Who has followed a link of theirs is known in this browser, however others guess meanwhile.
fn chosen(service: &Serving, request: &HttpRequest, whose: Option<Id>) -> Result<HttpResponse> {
    let mut response = answers::go_to("/sign-in?done=completePasswordReset");
    if let Some(user) = whose {
        response.add_cookie(&session::known(service, request, user)?).map_err(Error::internal)?;
    }
    Ok(answers::without_cookie(response, SESSION))
}

async fn choose(service: Arc<Serving>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let language = answers::language(&request);
    let fields = match sent(&request, payload).await {
        Ok(Some(fields)) => fields,
        Ok(None) => return answers::go_to(request.path()),
        Err(error) => return refused(&error, language, &Fields::new()),
    };
    let password = field(&fields, "newPassword").unwrap_or_default();
    let (asking, link) = (service.clone(), token(&request));
    let read = service.asking("password-reset", move || {
        asking.db.read(|r| passwords::whose(r, &asking.keys, &asking.config.passwords, &link))
    });
    let whose = read.await.and_then(|found| found).ok().flatten();
    let form = json!({ "token": token(&request), "newPassword": password });
    match perform(&service, "completePasswordReset", form, language).await {
        // Every session of the person is ended, the one of this browser too if it was theirs.
        Ok(_) => {
            let known = chosen(&service, &request, whose.map(|(_, user)| user.id));
            known.unwrap_or_else(|error| refused(&error, language, &Fields::new()))
        }
        Err(error) => {
            let wrong = told(&error, language);
            follow(service, request, Some(wrong)).await
        }
    }
}

pub fn mount(routes: &mut web::ServiceConfig, service: &Arc<Serving>) {
    let (get, post) = (service.clone(), service.clone());
    routes.service(
        web::resource("/password-reset")
            .route(web::get().to(move |request: HttpRequest| ask(get.clone(), request)))
            .route(
                web::post()
                    .to(move |request: HttpRequest, payload: web::Payload| asked(post.clone(), request, payload)),
            ),
    );
    let (get, post) = (service.clone(), service.clone());
    routes.service(
        web::resource("/password-reset/{token}")
            .route(web::get().to(move |request: HttpRequest| follow(get.clone(), request, None)))
            .route(
                web::post()
                    .to(move |request: HttpRequest, payload: web::Payload| choose(post.clone(), request, payload)),
            ),
    );
}
