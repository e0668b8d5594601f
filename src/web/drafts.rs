//! What is being written in a form, kept while it is written: sent by a script, and shown again as it was typed when the page
//! is opened the next time. It is its writer's alone.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};

use super::answers::{browser, fields, from_elsewhere, language};
use super::fields::{Fields, KEPT, field, touched};
use super::frame::{Failed, clock};
use super::{pages, texts};
use crate::app::caller::Caller;
use crate::app::people::drafts;
use crate::auth::{Bearer, Browser};
use crate::error::{Error, Result};
use crate::http::dispatch::Serving;
use crate::http::status;
use crate::storage::history::Origin;
use crate::storage::{Id, Reading, Writing};

/// The field by which somebody throws a draft away.
pub const DISCARD: &str = "_discard";
/// The field with the path of the page that a form stands on.
const PAGE: &str = "_page";

/// What is counted as asked for there.
const COUNTED: &str = "drafts";

/// What the caller has written on a page and not saved, as a form that is shown as it was typed.
pub fn on_page(r: &mut Reading, caller: &Caller, page: &str) -> Result<Option<Failed>> {
    let found = drafts::newest(r, caller, page)?;
    Ok(found.map(|(form, typed, at)| Failed { form, typed, draft: Some(at), ..Failed::default() }))
}

/// A form is saved, or thrown away: its draft goes.
pub async fn forget(service: Arc<Serving>, browser: Browser, page: String, form: String) -> Result<()> {
    let asking = service.clone();
    let gone = asking
        .asking(COUNTED, move || written(&service, &browser, |w, caller| drafts::forget(w, caller, &page, &form)));
    gone.await?
}

fn written<T>(
    service: &Serving,
    browser: &Browser,
    mut write: impl FnMut(&mut Writing, &Caller) -> Result<T>,
) -> Result<T> {
    let bearer = Bearer::Session { user: browser.user, session: browser.session };
    service.db.write(&Origin::nobody(Id::new()), |w| {
        let caller = Caller::of(w, &bearer)?;
        write(w, &caller)
    })
}

/// POST of what stands in a form now. Answers with what is told of it.
pub async fn keep(service: Arc<Serving>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    match kept(service, &request, payload).await {
        Ok(told) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .insert_header(("cache-control", "no-store"))
            .body(told),
        Err(error) => {
            if let Error::Internal(cause) | Error::Outrun(cause) = &error {
                tracing::error!(%cause, "a draft was not kept by our own fault");
            }
            HttpResponse::new(status(error.problem(language(&request), "").status))
        }
    }
}

async fn kept(service: Arc<Serving>, request: &HttpRequest, payload: web::Payload) -> Result<String> {
    let language = language(request);
    let sent = fields(payload).await?;
    let signed_in = browser(&service, request)
        .filter(|browser| !from_elsewhere(request) && field(&sent, "_csrf") == Some(browser.csrf.as_str()));
    let Some(browser) = signed_in else { return Err(crate::auth::refused()) };
    let page = field(&sent, PAGE).unwrap_or_default().to_owned();
    let form = field(&sent, "_form").unwrap_or_default().to_owned();
    let known = pages::at(&page).is_some_and(|(page, _)| pages::keeps_drafts(page.path));
    if !known || form.is_empty() || field(&sent, KEPT).is_none() {
        return Err(Error::NotFound);
    }
    let typed: Fields =
        touched(sent).into_iter().filter(|(name, _)| !["_csrf", PAGE].contains(&name.as_str())).collect();
    let asking = service.clone();
    let at = asking
        .asking(COUNTED, move || written(&service, &browser, |w, caller| drafts::keep(w, caller, &page, &form, &typed)))
        .await??;
    Ok(texts::say(language, "draft-kept", &[("clock", clock(language, &at).into())]))
}
