//! Webhooks: other systems are told of events as they happen, by ids and links alone.
//!
//! There is no outbox beside the history. The events are written in the transaction of what they tell of, stand in
//! their log without gaps, and never get in before one that could be read already; so a cursor in each log is enough to
//! tell a receiver of every event once it can be reached, in order, however long it was away. The cursors follow
//! delivery, and a replay sets them back.

use std::collections::{BTreeMap, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::TryRng;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::app::caller::Caller;
use crate::app::history::told::{EventLinks, kinds_asked};
use crate::app::places::{path_ids, path_text, place};
use crate::app::sent::{Envelope, Sent};
use crate::app::settings;
use crate::domain::events::{self, EventKind};
use crate::domain::roles::{self, Target, Verb};
use crate::domain::webhooks::{Destination, Hosts, wants};
use crate::domain::words::PauseReason;
use crate::error::{Error, Result, Violation};
use crate::seals::Seals;
use crate::storage::queries::{Delivery, DeliveryFilter, Listing, Page, Passing, SecretRow, StateRow, WebhookFilter};
use crate::storage::records::{Organisation, Webhook};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// How long the old secret signs beside the new, in seconds.
const SECRETS_OVERLAP: i64 = 24 * 3600;

/// How many events of a log are looked at in one go.
const AHEAD: i64 = 200;

/// Kinds of events: one (`plan.adopted`), or all of a thing's (`risk.*`).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EventKinds(pub String);

impl PartialSchema for EventKinds {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(events::wanted()))
            .description(Some("Kinds of events: one (`plan.adopted`), or all of a thing's (`risk.*`)."))
            .examples([serde_json::json!("risk.*")])
            .into()
    }
}

impl ToSchema for EventKinds {}

/// What is written of a webhook.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookForm {
    /// It is told of events of this organisation and those below it. Stays what it is.
    pub organisation_id: Id,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Revisorernas system")]
    pub name: String,
    /// An https address that is public on the internet, without user name or fragment. The operator can allow a host
    /// of the own network.
    #[schema(min_length = 1, max_length = 2000, example = "https://hooks.example.org/riskregister")]
    pub url: String,
    /// The kinds of events that it is told of; all of them when empty.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub kinds: Vec<EventKinds>,
    /// While false nothing is sent. Events wait, and are sent when it is true again.
    #[serde(default = "active")]
    #[schema(example = true)]
    pub active: bool,
}

fn active() -> bool {
    true
}

impl WebhookForm {
    fn of(webhook: &Webhook) -> Self {
        Self {
            organisation_id: webhook.organisation_id,
            name: webhook.name.clone(),
            url: webhook.url.clone(),
            kinds: webhook.kinds.iter().cloned().map(EventKinds).collect(),
            active: webhook.active,
        }
    }
}

/// A webhook, and how its sending goes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    #[serde(flatten)]
    pub webhook: Webhook,
    /// Since when nothing comes through; null while all is well.
    pub failing_since: Option<Timestamp>,
    /// What its messages are signed with. Told once: in the answer that makes the webhook.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")]
    pub secret: Option<String>,
}

/// A new secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewSecret {
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")]
    pub secret: String,
    /// Until then messages carry a signature by the one before it, too.
    pub previous_until: Timestamp,
}

/// Where to begin anew: a time, or a position in a log.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplayForm {
    /// Every event at this time or later, of every log.
    pub from: Option<Timestamp>,
    /// The events of this log, from the position `n`.
    pub log: Option<Id>,
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 17)]
    pub n: Option<i64>,
}

/// What a replay came to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replay {
    /// How many events, of those that the webhook had been told of, it will be told of again.
    #[schema(minimum = 0, example = 12)]
    pub queued: i64,
}

/// What a webhook is sent, in the form of Standard Webhooks. Ids and links, never a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookMessage {
    /// The event's kind.
    #[serde(rename = "type")]
    #[schema(value_type = EventKind)]
    pub kind: String,
    /// When it happened.
    pub timestamp: Timestamp,
    pub data: WebhookData,
}

/// Which event it was, and of what.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookData {
    /// The log that the event stands in.
    pub log: Id,
    /// Its position there: in one log they grow, and those that are missing between two are of other kinds.
    #[schema(minimum = 0, example = 17)]
    pub n: i64,
    /// Which epoch of the log it is of: 0, and one more each time that the register has been put back from a backup.
    #[schema(minimum = 0, example = 0)]
    pub epoch: i64,
    #[schema(example = "risk")]
    pub entity: String,
    pub id: Id,
    /// The version that the event made of it; 0 where it changed nothing.
    #[schema(minimum = 0, example = 3)]
    pub version: i64,
    pub organisation_id: Id,
    /// The plan that the thing is, or is a part of; null where there is none, and where crime is suspected.
    pub plan_id: Option<Id>,
    /// The risk that the thing is, or is a part of; null where there is none, and where crime is suspected.
    pub risk_id: Option<Id>,
    pub links: EventLinks,
}

fn target(owner: &Organisation) -> Target {
    Target::Webhook { path: path_ids(&owner.path) }
}

fn view(r: &mut Reading, webhook: Webhook) -> Result<WebhookView> {
    let state = r.webhook_states(&[webhook.id])?.pop();
    Ok(WebhookView { webhook, failing_since: state.and_then(|s| s.failing_since), secret: None })
}

/// The webhooks that the caller sees.
pub fn list(r: &mut Reading, caller: &Caller, mut filter: WebhookFilter, page: &Listing) -> Result<Page<WebhookView>> {
    filter.seen = roles::visible_webhooks(&caller.grants).iter().map(|path| path_text(path)).collect();
    let found = r.webhooks(&filter, page)?;
    let ids: Vec<Id> = found.items.iter().map(|webhook| webhook.id).collect();
    let states = r.webhook_states(&ids)?;
    Ok(found.map(|webhook| {
        let state: Option<&StateRow> = states.iter().find(|state| state.webhook_id == webhook.id);
        WebhookView { failing_since: state.and_then(|s| s.failing_since), webhook, secret: None }
    }))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<WebhookView> {
    let found: Webhook = r.get(id)?;
    let owner = r.linked(found.organisation_id)?;
    caller.may(Verb::SeeWebhook, &target(&owner))?;
    view(r, found)
}

/// The attempts to deliver to a webhook, the newest first: those of events of some kinds, parted by commas, or all.
pub fn deliveries(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    mut filter: DeliveryFilter,
    kind: Option<&str>,
    page: &Listing,
) -> Result<Page<Delivery>> {
    get(r, caller, id)?;
    filter.kinds = kind.map(kinds_asked).transpose()?.unwrap_or_default();
    r.deliveries(id, &filter, page)
}

/// Makes a webhook, which is told of what happens from now on. Its secret stands in the answer, and nowhere else.
pub fn create(
    w: &mut Writing,
    caller: &Caller,
    hosts: &Hosts,
    seals: &Seals,
    sent: &Sent<WebhookForm>,
) -> Result<WebhookView> {
    caller.authorize_at(w, Verb::ManageWebhooks, sent, "organisationId", |path| Target::Organisation { path })?;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    let owner: Option<Organisation> = w.find(form.organisation_id)?;
    if owner.is_none() {
        faults.push(Violation::unknown_reference("/organisationId"));
    }
    let url = destination(&form.url, hosts, &mut faults);
    let (Some(owner), Some(url)) = (owner, url) else { return Err(Error::Invalid(faults)) };
    let now = Timestamp::now();
    let made = Webhook {
        id: Id::new(),
        organisation_id: owner.id,
        name: form.name,
        url,
        kinds: Json(form.kinds.into_iter().map(|kinds| kinds.0).collect()),
        active: form.active,
        pause_reason: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let at = place(w, &owner)?;
    w.create(at, "webhook.created", &made)?;
    let (told, secret) = new_secret(made.id, now, seals)?;
    let ends = w.logs_of(&owner)?;
    w.begin_webhook(secret, &ends)?;
    Ok(WebhookView { webhook: made, failing_since: None, secret: Some(told) })
}

/// Changes a webhook; its pause after a failure is over with it.
pub fn change(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    hosts: &Hosts,
    sent: &Sent<WebhookForm>,
) -> Result<WebhookView> {
    let (old, owner) = held(w, caller, id, sent)?;
    let form = sent.merged(&WebhookForm::of(&old))?;
    let mut faults = Vec::new();
    if form.organisation_id != old.organisation_id {
        faults.push(match w.find::<Organisation>(form.organisation_id)? {
            Some(_) => settings::stays_with_owner(),
            None => Violation::unknown_reference("/organisationId"),
        });
    }
    // One that leads where it may no longer lead can still be made inactive.
    let same = form.url == old.url;
    let url = if same { Some(form.url) } else { destination(&form.url, hosts, &mut faults) };
    let Some(url) = url.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    let mut new = Webhook {
        name: form.name,
        url,
        kinds: Json(form.kinds.into_iter().map(|kinds| kinds.0).collect()),
        active: form.active,
        pause_reason: old.pause_reason.filter(|_| !form.active),
        ..old.clone()
    };
    let at = place(w, &owner)?;
    if w.change(at, "webhook.changed", &old, &mut new, None)? {
        w.reset_webhook(id)?;
    }
    view(w, new)
}

/// Removes a webhook, with the log of its deliveries.
pub fn delete(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (old, owner) = held(w, caller, id, sent)?;
    w.forget_webhook(id)?;
    let at = place(w, &owner)?;
    w.remove(at, "webhook.deleted", &old, None)
}

/// Gives a webhook a new secret. For a day messages are signed with the old one, too.
pub fn change_secret(w: &mut Writing, caller: &Caller, id: Id, seals: &Seals, sent: &Envelope) -> Result<NewSecret> {
    let (webhook, owner) = held(w, caller, id, sent)?;
    let now = Timestamp::now();
    let (told, secret) = new_secret(webhook.id, now, seals)?;
    let told = NewSecret { secret: told, previous_until: now.plus_seconds(SECRETS_OVERLAP) };
    w.change_secret(secret, told.previous_until)?;
    let at = place(w, &owner)?;
    w.record(at, "webhook.secretChanged", "webhook", id);
    Ok(told)
}

/// Sets the cursors back, so that the webhook is told of what follows once more.
pub fn replay(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReplayForm>) -> Result<Replay> {
    let (webhook, owner) = held(w, caller, id, sent)?;
    let form = sent.judge()?;
    let logs = w.logs_of(&owner)?;
    // Where each log would begin.
    let mut from: BTreeMap<Id, i64> = BTreeMap::new();
    match (form.from, form.log, form.n) {
        (Some(time), None, None) => {
            for (log, size) in &logs {
                from.insert(*log, w.first_since(*log, *size, time)?);
            }
        }
        (None, Some(log), Some(n)) => {
            if !logs.contains_key(&log) {
                return Err(Error::invalid(Violation::unknown_reference("/log")));
            }
            from.insert(log, n);
        }
        _ => {
            return Err(Error::invalid(Violation::new(
                "",
                "timeOrPosition",
                "Ange antingen en tid (from) eller en logg och en plats i den (log och n).",
                "Give either a time (from) or a log and a position in it (log and n).",
            )));
        }
    }
    let cursors = w.webhook_cursors(id)?;
    let mut queued = 0;
    for (log, n) in from {
        let told_to = match cursors.get(&log) {
            Some(position) => *position,
            None => w.first_since(log, logs[&log], webhook.created_at)?,
        };
        if n < told_to {
            let again = w.kinds_between(log, n, told_to, &owner.path)?;
            queued += again.iter().filter(|(kind, _)| wants(&webhook.kinds, kind)).map(|(_, count)| count).sum::<i64>();
            w.move_cursor(id, log, n)?;
        }
    }
    w.reset_webhook(id)?;
    let at = place(w, &owner)?;
    w.record(at, "webhook.replayed", "webhook", id);
    Ok(Replay { queued })
}

/// The register itself stops sending: what comes next waits until somebody has seen to it.
pub fn pause(w: &mut Writing, id: Id, reason: PauseReason) -> Result<()> {
    let old: Webhook = w.hold(id)?;
    let owner: Organisation = w.linked(old.organisation_id)?;
    let mut new = Webhook { active: false, pause_reason: Some(reason), ..old.clone() };
    let at = place(w, &owner)?;
    w.change(at, "webhook.paused", &old, &mut new, None)?;
    Ok(())
}

/// The webhook, once the caller may change it.
fn held(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(Webhook, Organisation)> {
    let seen: Webhook = w.get(id)?;
    let owner = w.linked(seen.organisation_id)?;
    caller.authorize(Verb::ManageWebhooks, &target(&owner), sent)?;
    let old: Webhook = w.hold(id)?;
    let current = view(w, old.clone())?;
    sent.expect_current(&current)?;
    Ok((old, owner))
}

/// The address as it is kept, or every fault of it.
fn destination(url: &str, hosts: &Hosts, faults: &mut Vec<Violation>) -> Option<String> {
    match Destination::parse(url, hosts) {
        Ok(found) => Some(found.url),
        Err(all) => {
            faults.extend(all.into_iter().map(|fault| Violation::new("/url", fault.code, fault.sv, fault.en)));
            None
        }
    }
}

/// Whether a secret is kept otherwise than it would be now. What nobody can open any more is told of in the log: its webhook waits when there
/// is something to send, and is paused in the end.
pub fn any_to_seal(r: &mut Reading, seals: &Seals) -> Result<bool> {
    let mut any = false;
    for row in r.all_webhook_secrets()? {
        match seals.open(row.webhook_id, &row.secret) {
            Some(opened) => any |= !opened.is_current,
            None => {
                tracing::error!(webhook = %row.webhook_id, "a webhook's secret was sealed by another RISKREGISTER_SECRET")
            }
        }
    }
    Ok(any)
}

/// Seals anew what was kept in the open once, or was sealed by the secret of before.
pub fn seal_anew(w: &mut Writing, seals: &Seals) -> Result<()> {
    for row in w.all_webhook_secrets()? {
        if let Some(opened) = seals.open(row.webhook_id, &row.secret).filter(|opened| !opened.is_current) {
            let sealed = seals.seal(row.webhook_id, &opened.text)?;
            w.replace_webhook_secret(&row, sealed)?;
        }
    }
    Ok(())
}

/// A new secret: as it is told, and as it is kept.
fn new_secret(webhook: Id, now: Timestamp, seals: &Seals) -> Result<(String, SecretRow)> {
    let mut key = [0_u8; 32];
    rand::rngs::SysRng.try_fill_bytes(&mut key).map_err(Error::internal)?;
    let told = format!("whsec_{}", STANDARD.encode(key));
    let secret = seals.seal(webhook, &told)?;
    Ok((told, SecretRow { webhook_id: webhook, secret, created_at: now, expires_at: None }))
}

/// An event that comes next in its log.
#[derive(Debug)]
pub struct Next {
    pub event: Passing,
    /// The webhook is to be told of it; otherwise it is passed by.
    pub wanted: bool,
}

/// What comes next for a webhook.
#[derive(Debug, Default)]
pub struct Upcoming {
    /// Logs that came into its sight after it was made, and where they begin for it.
    pub begun: Vec<(Id, i64)>,
    pub events: Vec<Next>,
}

impl Upcoming {
    /// Whether there is anything to do. To pass a few events by is not worth a write: they are soon looked at again.
    pub fn is_worth_it(&self) -> bool {
        !self.begun.is_empty() || self.events.len() >= AHEAD as usize || self.events.iter().any(|next| next.wanted)
    }
}

/// What comes next for a webhook: each log in its own order, and the logs together by time.
pub fn upcoming(r: &mut Reading, webhook: &Webhook) -> Result<Upcoming> {
    let owner: Organisation = r.linked(webhook.organisation_id)?;
    let cursors = r.webhook_cursors(webhook.id)?;
    let mut found = Upcoming::default();
    // What is ahead in each log, and whether there is more of it than was looked at.
    let mut queues: Vec<(VecDeque<Passing>, bool)> = Vec::new();
    for (log, size) in r.logs_of(&owner)? {
        let from = match cursors.get(&log) {
            Some(position) => *position,
            None => {
                // A body made, or moved here, since: it is told from when the webhook was made.
                let from = r.first_since(log, size, webhook.created_at)?;
                found.begun.push((log, from));
                from
            }
        };
        if from < size {
            let ahead = r.passing(log, from, AHEAD)?;
            let more = ahead.len() as i64 == AHEAD;
            queues.push((ahead.into(), more));
        }
    }
    if queues.is_empty() {
        return Ok(found);
    }
    let within = r.ids_at_or_below(&owner.path)?;
    // What was not looked at may be older than what is left of the other logs.
    while !queues.iter().any(|(queue, more)| queue.is_empty() && *more) {
        queues.retain(|(queue, _)| !queue.is_empty());
        let first = queues.iter_mut().min_by_key(|(queue, _)| queue.front().map(|e| (e.time, e.log_id)));
        let Some(event) = first.and_then(|(queue, _)| queue.pop_front()) else { break };
        let wanted = within.contains(&event.organisation_id) && wants(&webhook.kinds, &event.kind);
        found.events.push(Next { event, wanted });
    }
    Ok(found)
}
