//! Webhooks: which systems are told of what happens, how the telling goes, and telling once more.

use askama::Template;

use super::event_kinds::boxes;
use super::known::Names;
use super::lists::{self, Filter, Pager, all_or};
use crate::app::caller::Caller;
use crate::app::history::webhooks::{self, WebhookView};
use crate::app::places::path_ids;
use crate::app::sent::etag;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::DeliveryOutcome;
use crate::error::Result;
use crate::storage::queries::{Delivery, DeliveryFilter, OrganisationFilter, WebhookFilter};
use crate::storage::records::Organisation;
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/webhooks.html")]
struct Webhooks<'a> {
    p: &'a Frame,
    rows: Vec<(WebhookView, String)>,
    homes: Names,
    pager: Pager,
    new: Form<'a>,
    /// Where one may add a webhook.
    places: Vec<Choice>,
    /// Of what it can be told.
    kinds: Vec<Choice>,
}

const A_PAGE: i64 = 50;

/// How the telling goes.
fn state(p: &Frame, view: &WebhookView) -> String {
    let webhook = &view.webhook;
    match (webhook.active, webhook.pause_reason, view.failing_since) {
        (false, Some(reason), _) => p.say_with("webhook-paused", "reason", p.in_text(reason)),
        (false, None, _) => p.say("webhook-off"),
        (true, _, Some(time)) => p.say_with("webhook-failing", "time", p.time(&time)),
        (true, _, None) => p.say("webhook-on"),
    }
}

/// The webhooks that one sees.
pub fn list(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let found = webhooks::list(r, caller, WebhookFilter::default(), &ask.call("listWebhooks", A_PAGE)?.listing())?;
    let may =
        |one: &Organisation| caller.sees(Verb::ManageWebhooks, &Target::Organisation { path: path_ids(&one.path) });
    let places = if p.is_now() { lists::organisations(r, &OrganisationFilter::default(), may)? } else { Vec::new() };
    let new = p.form("createWebhook", "webhook");
    ask.write(&Webhooks {
        p,
        homes: Names::organisations(r, found.items.iter().map(|one| one.webhook.organisation_id))?,
        pager: Pager::of(ask, found.total, A_PAGE),
        rows: found.items.into_iter().map(|one| (one.clone(), state(p, &one))).collect(),
        kinds: if places.is_empty() { Vec::new() } else { boxes(p, &new.typed("kinds")) },
        new,
        places: lists::one_of(p, places),
    })
}

#[derive(Template)]
#[template(path = "pages/webhook.html")]
struct One<'a> {
    p: &'a Frame,
    view: WebhookView,
    home: String,
    state: String,
    kinds: Vec<String>,
    doing: Option<Doing<'a>>,
    /// None of a day that has been: what was tried then is kept nowhere.
    tried: Option<Tried>,
}

/// What who looks after webhooks can do with one.
struct Doing<'a> {
    change: Form<'a>,
    /// Of what it can be told.
    kinds: Vec<Choice>,
    secret: Form<'a>,
    replay: Form<'a>,
    delete: Form<'a>,
}

struct Tried {
    rows: Vec<(Delivery, String)>,
    total: i64,
    filter: Filter,
    pager: Pager,
}

/// One webhook, with what was tried.
pub fn one(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let view = webhooks::get(r, caller, id)?;
    let home: Organisation = r.linked(view.webhook.organisation_id)?;
    let manages = p.is_now() && caller.sees(Verb::ManageWebhooks, &Target::Webhook { path: path_ids(&home.path) });
    let doing = if manages {
        let tag = etag(&view)?;
        let form = |act: &'static str, name: &'static str| p.form(act, name).at("id", id);
        let change = form("changeWebhook", "webhook").tagged(&tag);
        let ticked: Vec<String> = view.webhook.kinds.iter().cloned().chain(change.typed("kinds")).collect();
        Some(Doing {
            kinds: boxes(p, &ticked),
            change,
            secret: form("changeWebhookSecret", "secret"),
            replay: form("replayWebhook", "replay"),
            delete: form("deleteWebhook", "delete").tagged(&tag).to("/webhooks"),
        })
    } else {
        None
    };
    let tried = if p.is_now() { Some(tried(r, caller, ask, id)?) } else { None };
    ask.write(&One {
        p,
        home: home.name,
        state: state(p, &view),
        kinds: view.webhook.kinds.iter().map(|kind| p.happened(kind)).collect(),
        doing,
        tried,
        view,
    })
}

fn tried(r: &mut Reading, caller: &Caller, ask: &Ask, id: Id) -> Result<Tried> {
    let p = &ask.frame;
    let call = ask.call("listDeliveries", A_PAGE)?;
    let filter = DeliveryFilter { outcome: call.any("outcome"), ..DeliveryFilter::default() };
    let found = webhooks::deliveries(r, caller, id, filter, None, &call.listing())?;
    Ok(Tried {
        total: found.total,
        filter: Filter::of(ask, "outcome", "delivery-outcome", all_or(p, p.words::<DeliveryOutcome>())),
        pager: Pager::of(ask, found.total, A_PAGE),
        rows: found.items.into_iter().map(|one| (one.clone(), p.happened(&one.kind))).collect(),
    })
}
