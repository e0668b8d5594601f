//! Sends to webhooks what the history says, one event at a time to each.
//!
//! What came of an event is noted together with how far the webhook has been told. A service that falls in between sends
//! its last event once more, under the same id; none is ever left out. It must not know what the events mean.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use serde::Deserialize;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer};

use super::client::{Clients, fault_of};
use super::rounds::{Door, Due, Next, Sender, Sending};
use crate::app::history::told::{self, EventLinks, Hearer, Named, Telling};
use crate::app::history::webhooks::{self, WebhookData, WebhookMessage};
use crate::config::Config;
use crate::domain::webhooks::{Destination, message_id};
use crate::domain::words::{DeliveryFault, DeliveryOutcome, PauseReason};
use crate::error::{Error, Result};
use crate::pulses::Pulses;
use crate::seals::Seals;
use crate::spans::Message;
use crate::storage::queries::{Delivery, Passing, StateRow, Told};
use crate::storage::records::Webhook;
use crate::storage::{Db, Id, Timestamp};

/// How much of an answer is read: only so that the connection can be used again.
const MOST_ANSWER: usize = 4096;
/// How long a webhook is held without word from who holds it, in seconds: longer than an event takes.
const LEASE: i64 = 60;
/// How soon it is looked again whether a secret can be read, and how long it is before its webhook is paused, in seconds.
const LOOKED_AGAIN: i64 = 600;
const UNREADABLE: i64 = 24 * 3600;
/// How long attempts are kept, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// Sends until what is given back is dropped.
pub fn start(db: Db, config: Arc<Config>, seals: Arc<Seals>, pulses: &Arc<Pulses>) -> Result<Sender> {
    Sender::start(pulses, || Ok(Courier { door: Door::new(db), config, seals, clients: OnceLock::new() }))
}

struct Courier {
    door: Door,
    config: Arc<Config>,
    /// What opens the secrets.
    seals: Arc<Seals>,
    /// Made when something is first sent.
    clients: OnceLock<Clients>,
}

/// What to send to a webhook, read once it is held.
pub(super) struct Errand {
    webhook: Webhook,
    state: StateRow,
    signers: Vec<Signer>,
    upcoming: webhooks::Upcoming,
}

/// What an attempt came to.
struct Attempt {
    at: Timestamp,
    status: Option<u16>,
    fault: Option<DeliveryFault>,
    took: Duration,
}

impl Sending for Courier {
    type Errand = Errand;
    const NAME: &'static str = "webhooks";
    const AT_ONCE: usize = 8;

    async fn news(&self) {
        self.door.db.news().await;
    }

    async fn look(&self, in_hand: &HashSet<Id>) -> Result<Due> {
        let in_hand = in_hand.clone();
        let now = Timestamp::now();
        let read = self.door.read(move |r| {
            let mut ready = Vec::new();
            for webhook in r.due_webhooks(now)?.into_iter().filter(|webhook| !in_hand.contains(&webhook.id)) {
                if webhooks::upcoming(r, &webhook)?.is_worth_it() {
                    ready.push(webhook.id);
                }
            }
            Ok((ready, r.next_webhook_attempt(now)?))
        });
        let (ready, next) = read.await?;
        // Until the next pause after a failure ends, or another process may have written.
        let until = next.map(|time| (time.utc() - Timestamp::now().utc()).to_std().unwrap_or_default());
        Ok(Due { ready, wait: until.unwrap_or(Duration::MAX).min(self.config.webhook_interval) })
    }

    async fn take(&self, id: Id, lease: Id) -> Result<Option<Errand>> {
        let seals = self.seals.clone();
        let taken = self.door.write(move |w| {
            let now = Timestamp::now();
            if !w.lease_webhook(id, lease, now, now.plus_seconds(LEASE))? {
                return Ok(None);
            }
            let webhook: Webhook = w.linked(id)?;
            let state = w.webhook_states(&[id])?.pop();
            let (true, Some(state)) = (webhook.active, state) else {
                w.end_lease(id, lease)?;
                return Ok(None);
            };
            let secrets: Vec<_> = w.webhook_secrets(id, now)?.iter().filter_map(|kept| seals.open(id, kept)).collect();
            if secrets.is_empty() {
                // While a secret of the service is changed, one instance may know it and another not yet.
                let since = state.failing_since.unwrap_or(now);
                if now.seconds_since(since) > UNREADABLE {
                    webhooks::pause(w, id, PauseReason::SecretLost)?;
                } else {
                    let (failing_since, next_attempt_at) = (Some(since), Some(now.plus_seconds(LOOKED_AGAIN)));
                    let failures = state.failures.max(1);
                    let noted = StateRow { webhook_id: id, failures, failing_since, next_attempt_at };
                    w.note_failures(&noted)?;
                    tracing::error!(webhook = %id, "a webhook's secret was sealed by another RISKREGISTER_SECRET");
                }
                w.end_lease(id, lease)?;
                return Ok(None);
            }
            let signers = secrets.iter().map(|secret| Signer::new(&secret.text).map_err(Error::internal));
            let signers = signers.collect::<Result<_>>()?;
            let upcoming = webhooks::upcoming(w, &webhook)?;
            Ok(Some(Errand { webhook, state, signers, upcoming }))
        });
        taken.await
    }

    async fn send(&self, errand: Errand, lease: Id) -> Result<Next> {
        self.send_all(errand, lease).await?;
        Ok(Next::Go)
    }

    async fn give_back(&self, id: Id, lease: Id) -> Result<()> {
        self.door.write(move |w| w.end_lease(id, lease)).await
    }

    async fn tidy(&self) -> Result<()> {
        self.door
            .write(|w| {
                let before = Timestamp::now().plus_seconds(-KEPT);
                w.forget_deliveries(before)?;
                w.forget_traces(before).map(drop)
            })
            .await
    }
}

impl Courier {
    /// Sends one event after the other, until one fails or all are told.
    async fn send_all(&self, errand: Errand, lease: Id) -> Result<()> {
        let Errand { webhook, mut state, signers, upcoming } = errand;
        let id = webhook.id;
        let mut cursors: BTreeMap<Id, i64> = upcoming.begun.into_iter().collect();
        for next in upcoming.events {
            let event = next.event;
            if next.wanted {
                let attempt = self.attempt(&webhook, &signers, &event).await?;
                let Some(still) = self.note(&webhook, lease, state, &event, attempt, &mut cursors).await? else {
                    return Ok(());
                };
                state = still;
            } else {
                cursors.insert(event.log_id, event.n + 1);
            }
        }
        self.door
            .write(move |w| {
                if w.keep_lease(id, lease, Timestamp::now().plus_seconds(LEASE))? {
                    for (log, position) in &cursors {
                        w.move_cursor(id, *log, *position)?;
                    }
                }
                Ok(())
            })
            .await
    }

    /// Sends one event once.
    async fn attempt(&self, webhook: &Webhook, signers: &[Signer], event: &Passing) -> Result<Attempt> {
        let (log, n) = (event.log_id, event.n);
        let read = self.door.read(move |r| {
            let told = r.event_body(log, n)?;
            let telling = Telling { log, entity: &told.entity, id: told.entity_id, body: &told.body };
            let named = told::named(r, &[telling], Hearer::Anyone)?.pop().unwrap_or_default();
            Ok((told, named, r.epoch_of(log, n)?, r.trace_of(log, n)?))
        });
        let (told, named, epoch, trace) = read.await?;
        let event: Body = serde_json::from_slice(&told.body).map_err(Error::internal)?;
        let traced = Message::new(trace.as_deref(), event.request_id);
        let body = message(&told, &event, named, epoch, &self.config.public_url)?;
        let at = Timestamp::now();
        let began = Instant::now();
        let id = message_id(webhook.id.0, log.0, epoch, n);
        let outcome = self.post(webhook, signers, id, at, &traced, body).await?;
        let took = began.elapsed();
        let (status, fault) = match outcome {
            Ok(status) => (Some(status), None),
            Err((status, fault)) => (status, Some(fault)),
        };
        let label = fault.map_or("delivered", DeliveryFault::as_str);
        tracing::info!(webhook = %webhook.id, %log, n, trace = traced.trace(), outcome = label, "a webhook was told of an event");
        traced.sent(at.utc().into(), status, fault.map(DeliveryFault::as_str));
        metrics::counter!("riskregister_webhook_deliveries_total", "outcome" => label).increment(1);
        metrics::histogram!("riskregister_webhook_delivery_seconds").record(took.as_secs_f64());
        Ok(Attempt { at, status, fault, took })
    }

    async fn post(
        &self,
        webhook: &Webhook,
        signers: &[Signer],
        id: String,
        at: Timestamp,
        traced: &Message,
        body: String,
    ) -> Result<std::result::Result<u16, (Option<u16>, DeliveryFault)>> {
        // Judged again each time: the operator may have changed their mind.
        let Ok(destination) = Destination::parse(&webhook.url, &self.config.webhook_hosts) else {
            return Ok(Err((None, DeliveryFault::UrlRefused)));
        };
        let clients = match self.clients.get() {
            Some(clients) => clients,
            None => {
                let made = Clients::new(&self.config.authorities)?;
                self.clients.get_or_init(|| made)
            }
        };
        let seconds = at.utc().timestamp();
        let signatures = signers.iter().map(|s| s.sign(&id, seconds, body.as_bytes()).map_err(Error::internal));
        let signatures = signatures.collect::<Result<Vec<_>>>()?.join(" ");
        let client = if destination.allowed { &clients.allowed } else { &clients.guarded };
        let sent = client
            .post(&destination.url)
            .header("content-type", "application/json")
            .header(HEADER_WEBHOOK_ID, id)
            .header(HEADER_WEBHOOK_TIMESTAMP, seconds.to_string())
            .header(HEADER_WEBHOOK_SIGNATURE, signatures)
            .header("traceparent", traced.traceparent())
            .body(body)
            .send()
            .await;
        let mut answer = match sent {
            Ok(answer) => answer,
            Err(error) => return Ok(Err((None, fault_of(&error)))),
        };
        let status = answer.status();
        let mut read = 0;
        while read < MOST_ANSWER
            && let Ok(Some(chunk)) = answer.chunk().await
        {
            read += chunk.len();
        }
        Ok(match status.as_u16() {
            code if status.is_success() => Ok(code),
            code if status.is_redirection() => Err((Some(code), DeliveryFault::Redirected)),
            code => Err((Some(code), DeliveryFault::NotAccepted)),
        })
    }

    /// Notes an attempt, and how far the webhook has been told, in one transaction. Gives back the state to go on
    /// with; nothing when the event did not come through, or the webhook is no longer ours.
    async fn note(
        &self,
        webhook: &Webhook,
        lease: Id,
        state: StateRow,
        event: &Passing,
        attempt: Attempt,
        cursors: &mut BTreeMap<Id, i64>,
    ) -> Result<Option<StateRow>> {
        let id = webhook.id;
        let retries = self.config.webhook_retries;
        let failures = state.failures + 1;
        let pause = match (attempt.fault, attempt.status) {
            (None, _) => None,
            (Some(_), Some(410)) => Some(PauseReason::Gone),
            (Some(_), _) => (failures >= retries.attempts).then_some(PauseReason::Failing),
        };
        let mut next = StateRow { webhook_id: id, ..StateRow::default() };
        if attempt.fault.is_some() {
            next.failures = failures;
            next.failing_since = state.failing_since.or(Some(attempt.at));
            let waits = retries.pause(failures, rand::random());
            let until = Timestamp::from(Timestamp::now().utc() + waits);
            next.next_attempt_at = pause.is_none().then_some(until);
        } else {
            cursors.insert(event.log_id, event.n + 1);
        }
        let delivery = Delivery {
            id: Id::new(),
            webhook_id: id,
            log_id: event.log_id,
            n: event.n,
            kind: event.kind.clone(),
            attempt: failures,
            at: attempt.at,
            outcome: if attempt.fault.is_none() { DeliveryOutcome::Delivered } else { DeliveryOutcome::Failed },
            status_code: attempt.status.map(i32::from),
            fault: attempt.fault,
            duration_ms: i32::try_from(attempt.took.as_millis()).unwrap_or(i32::MAX),
            next_attempt_at: next.next_attempt_at,
        };
        let moved = std::mem::take(cursors);
        let (before, after) = (state, next.clone());
        let ours = self
            .door
            .write(move |w| {
                // The webhook's row comes before its state's, as for those who change it.
                let ours = match pause {
                    Some(reason) => still_there(webhooks::pause(w, id, reason))?,
                    None => true,
                };
                if !ours || !w.keep_lease(id, lease, Timestamp::now().plus_seconds(LEASE))? {
                    return Err(Error::NotFound);
                }
                for (log, position) in &moved {
                    w.move_cursor(id, *log, *position)?;
                }
                if before.failures > 0 || after.failures > 0 {
                    w.note_failures(&after)?;
                }
                w.note_delivery(delivery.clone())
            })
            .await;
        // Whoever took the webhook from us has set the cursors as they should be.
        let ours = still_there(ours)?;
        Ok((ours && attempt.fault.is_none()).then_some(next))
    }
}

fn still_there(done: Result<()>) -> Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What stands in the body of an event only.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    version: i64,
    request_id: Id,
}

/// What is said of an event: ids and links.
fn message(told: &Told, body: &Body, named: Named, epoch: i64, public_url: &str) -> Result<String> {
    let message = WebhookMessage {
        kind: told.kind.clone(),
        timestamp: told.time,
        data: WebhookData {
            log: told.log_id,
            n: told.n,
            epoch,
            entity: told.entity.clone(),
            id: told.entity_id,
            version: body.version,
            organisation_id: told.organisation_id,
            plan_id: named.plan_id,
            risk_id: named.risk_id,
            links: EventLinks::new(public_url, told.log_id, told.n, named.path.as_deref()),
        },
    };
    serde_json::to_string(&message).map_err(Error::internal)
}
