//! Sends to webhooks what the history says: one thread beside the server, for as long as it runs.
//!
//! Several services may do so on one database: whoever holds the lease of a webhook sends, one event at a time, and
//! notes what came of it together with how far the webhook has been told. A service that falls in between sends its
//! last event once more, under the same id; none is ever left out.
//!
//! Nothing is sent to an address that is not public on the internet, unless the operator allowed that very host: a
//! name is looked up once, what it leads to is judged, and that is what is connected to. It must not know what the
//! events mean.

use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde::Deserialize;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer};
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::task::JoinSet;

use crate::app::history::webhooks::{self, WebhookData, WebhookLinks, WebhookMessage};
use crate::config::Config;
use crate::domain::addresses::is_public;
use crate::domain::webhooks::{Destination, message_id, path_of};
use crate::domain::words::{DeliveryFault, DeliveryOutcome, PauseReason};
use crate::error::{Error, Result};
use crate::storage::history::Origin;
use crate::storage::queries::{Delivery, Passing, StateRow, Told};
use crate::storage::records::Webhook;
use crate::storage::{Db, Id, Reading, Timestamp, Writing};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the look-up of the name to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How much of an answer is read: only so that the connection can be used again.
const MOST_ANSWER: usize = 4096;
/// To how many webhooks is sent at once.
const AT_ONCE: usize = 8;
/// How long a webhook is held without word from who holds it, in seconds: longer than an event takes.
const LEASE: i64 = 60;
/// Writes that follow each other closely are sent on together.
const GATHER: Duration = Duration::from_millis(50);
/// How long a stop waits for webhooks to be given back.
const FAREWELL: Duration = Duration::from_secs(3);
/// After trouble with the database.
const TROUBLE: Duration = Duration::from_secs(10);
/// How long attempts are kept, in seconds, and how often the older ones are removed.
const KEPT: i64 = 30 * 24 * 3600;
const TIDY_EVERY: Duration = Duration::from_secs(3600);

/// Sends until it is dropped.
pub struct Courier {
    stop: watch::Sender<bool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Courier {
    pub fn start(db: Db, config: Arc<Config>) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
        let office = Arc::new(Office { db, config, turn: Mutex::default(), clients: OnceLock::new(), stopped });
        let thread = std::thread::Builder::new()
            .name("webhooks".into())
            .spawn(move || {
                runtime.block_on(office.run());
                // A database that does not answer is not waited for.
                runtime.shutdown_timeout(FAREWELL);
            })
            .map_err(Error::internal)?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Office {
    db: Db,
    config: Arc<Config>,
    /// One question to the database at a time: those who use the register come first.
    turn: Mutex<()>,
    /// Made when something is first sent.
    clients: OnceLock<Clients>,
    stopped: watch::Receiver<bool>,
}

/// What there is to do.
struct Due {
    /// The webhooks that have something coming.
    ready: Vec<Id>,
    /// When the next pause after a failure ends.
    next: Option<Timestamp>,
}

/// What to send to a webhook, read once it is held.
struct Errand {
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

impl Office {
    async fn run(self: Arc<Self>) {
        let mut stopped = self.stopped.clone();
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut sending = HashSet::new();
        let mut tasks: JoinSet<Id> = JoinSet::new();
        let mut tidied = Instant::now();
        let mut troubled = false;
        loop {
            let due = tokio::select! {
                _ = stopped.changed() => break,
                due = self.look(sending.clone()) => due,
            };
            let wait = match due {
                Ok(due) => {
                    troubled = false;
                    for id in due.ready {
                        sending.insert(id);
                        let (office, places) = (self.clone(), places.clone());
                        tasks.spawn(async move {
                            let _place = places.acquire().await;
                            office.serve(id).await;
                            id
                        });
                    }
                    let until = due.next.map(|time| time.utc() - Timestamp::now().utc());
                    let until = until.map(|left| left.to_std().unwrap_or_default());
                    until.unwrap_or(Duration::MAX).min(self.config.webhook_interval)
                }
                Err(error) => {
                    // Once is enough: `readyz` says it, too.
                    if !std::mem::replace(&mut troubled, true) {
                        tracing::warn!(?error, "the webhooks cannot be looked after");
                    }
                    TROUBLE
                }
            };
            if tidied.elapsed() > TIDY_EVERY {
                tidied = Instant::now();
                self.tidy().await;
            }
            tokio::select! {
                _ = stopped.changed() => break,
                () = self.db.news() => {}
                Some(done) = tasks.join_next(), if !tasks.is_empty() => {
                    match done {
                        Ok(id) => sending.remove(&id),
                        // One that fell is not lost: its lease ends, and it is no longer thought to be in hand.
                        Err(fallen) => { tracing::error!(%fallen, "sending to a webhook fell"); sending.clear(); true }
                    };
                }
                () = tokio::time::sleep(wait) => {}
            }
            tokio::select! {
                _ = stopped.changed() => break,
                () = tokio::time::sleep(GATHER) => {}
            }
        }
        // Each hears of the stop by itself, and gives its webhook back.
        let all_back = async { while tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(FAREWELL, all_back).await;
    }

    /// Reads what there is to do. It costs those who write nothing.
    async fn look(self: &Arc<Self>, sending: HashSet<Id>) -> Result<Due> {
        self.read(move |r| {
            let now = Timestamp::now();
            let mut ready = Vec::new();
            for webhook in r.due_webhooks(now)?.into_iter().filter(|webhook| !sending.contains(&webhook.id)) {
                if webhooks::upcoming(r, &webhook)?.is_worth_it() {
                    ready.push(webhook.id);
                }
            }
            Ok(Due { ready, next: r.next_webhook_attempt(now)? })
        })
        .await
    }

    async fn tidy(self: &Arc<Self>) {
        if let Err(error) = self.write(|w| w.forget_deliveries(Timestamp::now().plus_seconds(-KEPT))).await {
            tracing::warn!(?error, "old deliveries cannot be removed");
        }
    }

    /// Holds a webhook and sends to it what comes next.
    async fn serve(self: &Arc<Self>, id: Id) {
        let lease = Id::new();
        let mut stopped = self.stopped.clone();
        if *stopped.borrow() {
            return;
        }
        let outcome = match self.hold(id, lease).await {
            Ok(Some(errand)) => tokio::select! {
                // What is under way is let go, and sent again by whoever comes next.
                _ = stopped.changed() => Ok(()),
                sent = self.send_all(errand, lease) => sent,
            },
            Ok(None) => return,
            Err(error) => Err(error),
        };
        if let Err(error) = &outcome {
            tracing::warn!(?error, webhook = %id, "what was sent to a webhook cannot be noted");
        }
        if let Err(error) = self.write(move |w| w.end_lease(id, lease)).await {
            tracing::warn!(?error, webhook = %id, "a webhook cannot be given back; its time runs out");
        }
        if outcome.is_err() {
            tokio::select! {
                _ = stopped.changed() => {}
                () = tokio::time::sleep(TROUBLE) => {}
            }
        }
    }

    /// Takes the webhook in hand, and reads what it is to be sent. Nothing when somebody else has it.
    async fn hold(self: &Arc<Self>, id: Id, lease: Id) -> Result<Option<Errand>> {
        self.write(move |w| {
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
            let secrets = w.webhook_secrets(id, now)?;
            let signers = secrets.iter().map(|secret| Signer::new(secret).map_err(Error::internal));
            let signers = signers.collect::<Result<_>>()?;
            let upcoming = webhooks::upcoming(w, &webhook)?;
            Ok(Some(Errand { webhook, state, signers, upcoming }))
        })
        .await
    }

    /// Sends one event after the other, until one fails or all are told.
    async fn send_all(self: &Arc<Self>, errand: Errand, lease: Id) -> Result<()> {
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
        self.write(move |w| {
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
    async fn attempt(self: &Arc<Self>, webhook: &Webhook, signers: &[Signer], event: &Passing) -> Result<Attempt> {
        let (log, n) = (event.log_id, event.n);
        let told = self.read(move |r| r.told(log, n)).await?;
        let body = message(&told, &self.config.public_url)?;
        let at = Timestamp::now();
        let began = Instant::now();
        let outcome = self.post(webhook, signers, &told, at, body).await?;
        let took = began.elapsed();
        let (status, fault) = match outcome {
            Ok(status) => (Some(status), None),
            Err((status, fault)) => (status, Some(fault)),
        };
        let label = fault.map_or("delivered", DeliveryFault::as_str);
        metrics::counter!("riskregister_webhook_deliveries_total", "outcome" => label).increment(1);
        metrics::histogram!("riskregister_webhook_delivery_seconds").record(took.as_secs_f64());
        Ok(Attempt { at, status, fault, took })
    }

    async fn post(
        &self,
        webhook: &Webhook,
        signers: &[Signer],
        told: &Told,
        at: Timestamp,
        body: String,
    ) -> Result<std::result::Result<u16, (Option<u16>, DeliveryFault)>> {
        // Judged again each time: the operator may have changed their mind.
        let Ok(destination) = Destination::parse(&webhook.url, &self.config.webhook_hosts) else {
            return Ok(Err((None, DeliveryFault::UrlRefused)));
        };
        let clients = match self.clients.get() {
            Some(clients) => clients,
            None => {
                let made = Clients::new()?;
                self.clients.get_or_init(|| made)
            }
        };
        let id = message_id(webhook.id.0, told.log_id.0, told.n);
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
        self: &Arc<Self>,
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

    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnOnce(&mut Reading) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _turn = self.turn.lock().await;
        let db = self.db.clone();
        tokio::task::spawn_blocking(move || db.read(f)).await.map_err(Error::internal)?
    }

    async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        f: impl FnMut(&mut Writing) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _turn = self.turn.lock().await;
        let db = self.db.clone();
        tokio::task::spawn_blocking(move || db.write(&Origin::system(), f)).await.map_err(Error::internal)?
    }
}

fn still_there(done: Result<()>) -> Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What is said of an event: ids and links. The version alone stands in its body only.
fn message(told: &Told, public_url: &str) -> Result<String> {
    #[derive(Deserialize)]
    struct Body {
        version: i64,
    }
    let body: Body = serde_json::from_slice(&told.body).map_err(Error::internal)?;
    let base = format!("{public_url}/api/v1");
    let message = WebhookMessage {
        kind: told.kind.clone(),
        timestamp: told.time,
        data: WebhookData {
            log: told.log_id,
            n: told.n,
            entity: told.entity.clone(),
            id: told.entity_id,
            version: body.version,
            organisation_id: told.organisation_id,
            links: WebhookLinks {
                event: format!("{base}/logs/{}/events/{}", told.log_id, told.n),
                thing: path_of(&told.entity, told.entity_id.0).map(|path| format!("{base}{path}")),
            },
        },
    };
    serde_json::to_string(&message).map_err(Error::internal)
}

/// Two ways out: one for the open internet, one for the hosts that the operator named.
struct Clients {
    guarded: reqwest::Client,
    allowed: reqwest::Client,
}

impl Clients {
    fn new() -> Result<Self> {
        let client = |guarded| {
            reqwest::Client::builder()
                .user_agent(concat!("riskregister/", env!("CARGO_PKG_VERSION")))
                .dns_resolver(Arc::new(Lookup { guarded }))
                // A proxy would look the name up anew, and a redirect lead where nobody has looked.
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT)
                .timeout(TIMEOUT)
                .build()
                .map_err(Error::internal)
        };
        Ok(Self { guarded: client(true)?, allowed: client(false)? })
    }
}

/// Looks a name up, and lets through only what may be connected to. (An address in place of a name is never looked up:
/// [`Destination::parse`] judges it.)
struct Lookup {
    guarded: bool,
}

/// Why a name leads nowhere.
#[derive(Debug)]
struct Nowhere(DeliveryFault);

impl std::fmt::Display for Nowhere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Nowhere {}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let guarded = self.guarded;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|_| Nowhere(DeliveryFault::NameUnknown))?;
            let open: Vec<SocketAddr> = found.filter(|address| !guarded || is_public(address.ip())).collect();
            if open.is_empty() {
                return Err(Nowhere(DeliveryFault::AddressRefused).into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

fn fault_of(error: &reqwest::Error) -> DeliveryFault {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if let Some(nowhere) = inner.downcast_ref::<Nowhere>() {
            return nowhere.0;
        }
        cause = inner.source();
    }
    if error.is_timeout() { DeliveryFault::TimedOut } else { DeliveryFault::ConnectionFailed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up(name: &str, guarded: bool) -> std::result::Result<Vec<SocketAddr>, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let name = name.parse().expect("a name");
        let found = runtime.block_on(Lookup { guarded }.resolve(name));
        found.map(Iterator::collect).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_name_that_leads_home_leads_nowhere() {
        assert_eq!(look_up("localhost", true), Err("addressRefused".into()));
        assert!(look_up("localhost", false).is_ok_and(|found| found.iter().all(|a| a.ip().is_loopback())));
        // Not looked up as a name by the client, but if it were:
        assert_eq!(look_up("169.254.169.254", true), Err("addressRefused".into()));
        assert_eq!(look_up("127.1", true), Err("addressRefused".into()));
        assert!(look_up("8.8.8.8", true).is_ok_and(|found| found.len() == 1));
    }

    #[test]
    fn a_name_that_nobody_has_is_unknown() {
        assert_eq!(look_up("nobody.invalid", true), Err("nameUnknown".into()));
    }
}
