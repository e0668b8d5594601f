//! The event rows: written once, in order, under the locked head of their log, and final.
//!
//! An event's body is canonical JSON (RFC 8785), stored as the very bytes. Personal and free text stands in it as a
//! salted commitment, `SHA-256(salt ‖ canonical JSON of the value)`; salt and value lie in `openings`, so that they
//! can be erased one day while the history still verifies. What may be read back of it is `docs/history.md`'s.

use std::cell::RefCell;

use diesel::prelude::*;
use rand::TryRng;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::connection::AnyConnection;
use super::logs::{self, CheckpointRow, EventRow, Head, Opening};
use super::records::Stored;
use super::schema::{events, heads, register, traces};
use super::types::{Id, Timestamp};
use crate::domain::events::EventKind;
use crate::error::{Error, Result};
use crate::evidence::checkpoint::PrivateKey;
use crate::evidence::receipt::{SALT_BYTES, commitment, hex};
use crate::evidence::tree;

/// The shape of the body. A reader that meets a higher number refuses.
pub const SCHEMA_VERSION: i32 = 1;

/// Who acts, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `user`, `service` for the account of another system, `operator` for the command line on the host, `system` for the
    /// register itself, or `nobody`.
    pub actor_kind: &'static str,
    /// The user's or the account's id: a pseudonym, since the name lies elsewhere.
    pub actor_id: Option<Id>,
    /// `password`, `oidc`, `token`, `clientCredentials`, `host`, or `none` before a sign-in.
    pub authentication: &'static str,
    pub request_id: Id,
}

impl Origin {
    /// The command line on the host.
    pub fn operator() -> Self {
        Self { actor_kind: "operator", actor_id: None, authentication: "host", request_id: Id::new() }
    }
    /// The register itself.
    pub fn system() -> Self {
        Self { actor_kind: "system", actor_id: None, authentication: "none", request_id: Id::new() }
    }
    /// Someone who has not signed in yet.
    pub fn nobody(request_id: Id) -> Self {
        Self { actor_kind: "nobody", actor_id: None, authentication: "none", request_id }
    }
    pub fn user(id: Id, authentication: &'static str, request_id: Id) -> Self {
        Self { actor_kind: "user", actor_id: Some(id), authentication, request_id }
    }
    /// A service account.
    pub fn service(id: Id, request_id: Id) -> Self {
        Self { actor_kind: "service", actor_id: Some(id), authentication: "clientCredentials", request_id }
    }
}

thread_local! {
    /// The trace that what this thread does is counted to.
    static TRACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Counts what is done to a trace (32 hexadecimal digits): the events that come of it are kept with it, so that what they
/// are told by can be counted to it too.
pub fn traced<T>(trace: Option<String>, act: impl FnOnce() -> T) -> T {
    /// However it ends, what this thread does next is not counted to it.
    struct Ended;
    impl Drop for Ended {
        fn drop(&mut self) {
            TRACE.set(None);
        }
    }
    TRACE.set(trace);
    let _ended = Ended;
    act()
}

/// Where an event belongs: the log that keeps it and the organisation it concerns.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub log: Id,
    pub organisation: Id,
}

/// What happened to one thing: its fields before and after. Only the fields that differ, for a change.
pub(super) struct Change {
    entity: &'static str,
    id: Id,
    version: i64,
    before: Value,
    after: Value,
    texts: &'static [&'static str],
}

impl Change {
    pub fn created<T: Stored>(thing: &T) -> Result<Self> {
        Ok(Self::of(thing, Value::Null, Value::Object(fields(thing)?)))
    }
    pub fn removed<T: Stored>(thing: &T) -> Result<Self> {
        Ok(Self::of(thing, Value::Object(fields(thing)?), Value::Null))
    }
    pub fn changed<T: Stored>(old: &T, new: &T) -> Result<Self> {
        let (mut before, mut after) = (fields(old)?, fields(new)?);
        // A field that is left out of one side is null there.
        for key in before.keys().cloned().collect::<Vec<_>>() {
            after.entry(key).or_insert(Value::Null);
        }
        after.retain(|key, value| before.get(key).unwrap_or(&Value::Null) != value);
        before.retain(|key, _| after.contains_key(key));
        Ok(Self::of(new, Value::Object(before), Value::Object(after)))
    }
    /// No row changed.
    pub fn none(entity: &'static str, id: Id) -> Self {
        Self { entity, id, version: 0, before: Value::Null, after: Value::Null, texts: &[] }
    }
    /// Nothing but what a change itself sets has changed: the version and the time.
    pub fn is_mark_alone(&self) -> bool {
        self.after.as_object().is_some_and(|all| all.keys().all(|key| matches!(key.as_str(), "version" | "updatedAt")))
    }
    /// Does not tell what these fields were.
    pub fn forget(&mut self, fields: &[String]) {
        if let Value::Object(before) = &mut self.before {
            before.retain(|name, _| !fields.contains(name));
        }
    }
    fn of<T: Stored>(thing: &T, before: Value, after: Value) -> Self {
        Self { entity: T::ENTITY, id: thing.id(), version: thing.version(), before, after, texts: T::TEXTS }
    }
}

pub(super) fn fields<T: Serialize>(thing: &T) -> Result<Map<String, Value>> {
    match serde_json::to_value(thing).map_err(Error::internal)? {
        Value::Object(map) => Ok(map),
        other => Err(Error::internal(format!("a record is an object, not {other}"))),
    }
}

/// An event that waits for its position.
pub(super) struct PendingEvent {
    at: Place,
    kind: &'static str,
    change: Change,
    pub effects: Vec<Change>,
    reason: Option<String>,
}

impl PendingEvent {
    pub fn new(at: Place, kind: &'static str, change: Change, reason: Option<&str>) -> Self {
        Self { at, kind, change, effects: Vec::new(), reason: reason.map(Into::into) }
    }
}

/// Starts the log of the region or of a body, empty.
pub(super) fn open_log(c: &mut AnyConnection, log: Id) -> Result<()> {
    let there: Option<Id> = heads::table.find(log).select(heads::log_id).first(c).optional()?;
    if there.is_none() {
        diesel::insert_into(heads::table).values(Head::empty(log)).execute(c)?;
    }
    Ok(())
}

/// Until when the clock of the machine is believed; nothing where nobody has said.
pub(super) fn clock_trusted_until(c: &mut AnyConnection) -> QueryResult<Option<Timestamp>> {
    let row: Option<Option<Timestamp>> = register::table.select(register::trusted_until).first(c).optional()?;
    Ok(row.flatten())
}

/// What is worth a checkpoint of its own, at once: what the board is given, and its decisions. So there is always one
/// from before a decision, for the document to print.
const AT_ONCE: &[&str] = &[
    "plan.proposed",
    "plan.adopted",
    "plan.closed",
    "period.closed",
    "report.finalized",
    "report.decided",
    "compiledReport.finalized",
    "log.restored",
];

/// Writes events to their logs, in the order of the logs' ids so that two writers never wait for each other in a ring.
/// Where a board has decided, the log's checkpoint is made in the same transaction, and given back.
pub(super) fn append(
    c: &mut AnyConnection,
    origin: &Origin,
    key: Option<&PrivateKey>,
    pending: Vec<PendingEvent>,
) -> Result<Vec<CheckpointRow>> {
    let decided: Vec<Id> = pending.iter().filter(|e| AT_ONCE.contains(&e.kind)).map(|e| e.at.log).collect();
    let mut logs: Vec<Id> = pending.iter().map(|e| e.at.log).collect();
    logs.sort();
    logs.dedup();
    let mut taken = Vec::with_capacity(logs.len());
    for log in logs {
        taken.push(logs::lock(c, log)?);
    }
    // Taken under the locks, and never before the logs' last: a prefix of a log is a point in time.
    // An empty log has no last: what stands there no event tells of, so that it must not decide anything.
    let now = Timestamp::now();
    let last = taken.iter().filter(|h| h.size > 0).map(|h| h.last_time).max();
    // Where something happened just before, the clock was believed then.
    if last.is_none_or(|last| now > last.plus_seconds(60)) && clock_trusted_until(c)?.is_some_and(|until| now > until) {
        return Err(Error::ClockAhead);
    }
    let time = last.map_or(now, |last| last.max(now));
    debug_assert!(pending.iter().all(|event| EventKind::parse(event.kind).is_some()), "each kind is one of the list");
    let trace = TRACE.with_borrow(Clone::clone);
    for event in pending {
        let head = taken
            .iter_mut()
            .find(|h| h.log_id == event.at.log)
            .ok_or_else(|| Error::internal("a log without a head"))?;
        let n = head.size;
        head.last_time = time;
        let entity_id = event.change.id;
        let mut seal = Seal { log: event.at.log, n, openings: Vec::new() };
        let body = json!({
            "schema": SCHEMA_VERSION,
            "log": event.at.log,
            "n": n,
            "time": time,
            "actor": {"kind": origin.actor_kind, "id": origin.actor_id, "authentication": origin.authentication},
            "requestId": origin.request_id,
            "kind": event.kind,
            "entity": event.change.entity,
            "id": entity_id,
            "version": event.change.version,
            "organisationId": event.at.organisation,
            "reason": match &event.reason {
                None => Value::Null,
                Some(text) => seal.commit("/reason", entity_id, &Value::from(text.as_str()))?,
            },
            "before": seal.hide("/before", &event.change, &event.change.before)?,
            "after": seal.hide("/after", &event.change, &event.change.after)?,
            "effects": event.effects.iter().enumerate().map(|(i, effect)| Ok(json!({
                "entity": effect.entity,
                "id": effect.id,
                "version": effect.version,
                "before": seal.hide(&format!("/effects/{i}/before"), effect, &effect.before)?,
                "after": seal.hide(&format!("/effects/{i}/after"), effect, &effect.after)?,
            }))).collect::<Result<Vec<Value>>>()?,
        });
        let row = EventRow {
            log_id: event.at.log,
            n,
            time,
            actor_kind: origin.actor_kind.to_owned(),
            actor_id: origin.actor_id,
            kind: event.kind.to_owned(),
            entity: event.change.entity.to_owned(),
            entity_id,
            organisation_id: event.at.organisation,
            schema_version: SCHEMA_VERSION,
            body: canonical(&body)?,
        };
        logs::grow(c, head, &tree::leaf(&row.body))?;
        diesel::insert_into(events::table).values(row).execute(c)?;
        logs::keep_openings(c, &seal.openings)?;
        if let Some(trace) = &trace {
            let row = (traces::log_id.eq(event.at.log), traces::n.eq(n), traces::trace.eq(trace), traces::at.eq(now));
            diesel::insert_into(traces::table).values(row).execute(c)?;
        }
    }
    let mut made = Vec::new();
    for mut head in taken {
        if let Some(key) = key.filter(|_| decided.contains(&head.log_id)) {
            made.extend(logs::checkpoint(c, key, &mut head)?);
        }
        logs::keep(c, head)?;
    }
    Ok(made)
}

/// Collects what one event hides.
struct Seal {
    log: Id,
    n: i64,
    openings: Vec<Opening>,
}

impl Seal {
    /// The fields with each text replaced by its commitment. An absent text stays null: that it is absent is no secret.
    fn hide(&mut self, pointer: &str, change: &Change, fields: &Value) -> Result<Value> {
        let Value::Object(map) = fields else { return Ok(Value::Null) };
        map.iter()
            .map(|(key, value)| {
                let shown = if change.texts.contains(&key.as_str()) && !value.is_null() {
                    self.commit(&format!("{pointer}/{key}"), change.id, value)?
                } else {
                    value.clone()
                };
                Ok((key.clone(), shown))
            })
            .collect::<Result<Map<_, _>>>()
            .map(Value::Object)
    }

    fn commit(&mut self, pointer: &str, entity_id: Id, value: &Value) -> Result<Value> {
        let mut salt = vec![0_u8; SALT_BYTES];
        rand::rngs::SysRng.try_fill_bytes(&mut salt).map_err(Error::internal)?;
        let value = String::from_utf8(canonical(value)?).map_err(Error::internal)?;
        let commitment = commitment(&salt, &value);
        self.openings.push(Opening {
            commitment: commitment.clone(),
            log_id: self.log,
            n: self.n,
            pointer: pointer.into(),
            entity_id,
            salt,
            value,
        });
        Ok(json!({ "commitment": commitment }))
    }
}

/// Canonical JSON, RFC 8785.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value).map_err(Error::internal)
}

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
