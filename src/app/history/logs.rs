//! The history for those who check it: logs, events, proofs and receipts (`docs/evidence.md`).
//!
//! Whoever sees all of a body, drafts too, sees its log. Of the region's log a body's auditors see what is about the
//! body, and what everyone signed in may see anyway. What tells of a suspicion of crime is shown to those who see the
//! deficiency itself, and of people, service accounts and webhooks to those who see these.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::caller::Caller;
use crate::app::findings::deficiencies;
use crate::app::history::told::{self, EventLinks, Hearer, Telling};
use crate::app::people::{service_accounts, users};
use crate::app::places::{path_ids, path_text};
use crate::domain::events::EventKind;
use crate::domain::roles::{self, covers};
use crate::domain::text::by_name;
use crate::error::{Error, Result, Violation};
use crate::evidence::checkpoint::origin;
use crate::evidence::receipt::{self, Path, Receipt};
use crate::evidence::tree::{self, Hash};
use crate::storage::logs::{self, EventRow, Head, Opening};
use crate::storage::queries::{Apart, EventFilter, Listing, Page, SeenEvents};
use crate::storage::records::{
    Goal, Grant, Indicator, MandatoryRisk, Organisation, PolicyVersion, ScoringPolicy, ServiceAccount,
    ServiceCredential, SigningKey, StandingText, User, Webhook, Wording,
};
use crate::storage::{Id, Reading, Stored, Timestamp};

/// What everyone signed in may see, and so its history in the region's log.
const COMMON: &[&str] = &[
    Goal::ENTITY,
    Indicator::ENTITY,
    MandatoryRisk::ENTITY,
    PolicyVersion::ENTITY,
    ScoringPolicy::ENTITY,
    SigningKey::ENTITY,
    StandingText::ENTITY,
    Wording::ENTITY,
];

/// What fewer see than the plans of a body, and below which paths this caller does: as the table of rights has it, so that
/// nothing is told by the history that is hidden elsewhere.
fn fewer_see(caller: &Caller) -> [(&'static [&'static str], Vec<Vec<Uuid>>); 3] {
    let grants = &caller.grants;
    [
        (&[User::ENTITY, Grant::ENTITY, "session"], roles::visible_people(grants)),
        (&[ServiceAccount::ENTITY, ServiceCredential::ENTITY], roles::visible_service_accounts(grants)),
        (&[Webhook::ENTITY], roles::visible_webhooks(grants)),
    ]
}

/// A log: the region's, or a board's or company's.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// The organisation's id.
    pub id: Id,
    #[schema(example = "Stockholms läns sjukvårdsområde")]
    pub name: String,
    /// What checkpoints and keys call it, in this epoch.
    #[schema(example = "riskregister/0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11")]
    pub origin: String,
    /// 0 until the register has been put back from a backup; what a reader of the feed gives with `after`.
    #[schema(example = 0)]
    pub epoch: i64,
    /// How many events it has.
    #[schema(example = 42)]
    pub size: i64,
    /// The root of its tree (RFC 6962), base64.
    #[schema(example = "x1sEjSqZ8aW6Yv3yqVb8Uo8a6C8gC0R5v8oYI1rB8cE=")]
    pub root: String,
    /// The time of its last event.
    pub last_time: Timestamp,
    /// How many checkpoints it has.
    pub checkpoints: i64,
}

/// An event as it stands in its log.
#[derive(Debug)]
pub struct WrittenEvent {
    pub n: i64,
    pub event: Box<RawValue>,
    pub leaf_hash: String,
    pub texts: Vec<EventText>,
}

/// An event as it stands in its log, with those of its texts that have not been erased, and what it names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// Position in the log, from 0.
    #[schema(example = 17)]
    pub n: i64,
    /// The event, letter for letter as it was written: its bytes are the leaf of the tree.
    #[schema(value_type = Object)]
    pub event: Box<RawValue>,
    /// As the event says it.
    #[schema(value_type = EventKind)]
    pub kind: String,
    /// Whom it concerns, as the event says it.
    pub organisation_id: Id,
    /// The plan that its thing is, or is a part of, now or when it was removed; null where there is none.
    pub plan_id: Option<Id>,
    /// The risk that its thing is, or is a part of.
    pub risk_id: Option<Id>,
    pub links: EventLinks,
    /// SHA-256 of 0x00 and the event's bytes, base64.
    pub leaf_hash: String,
    /// The texts behind the event's commitments.
    pub texts: Vec<EventText>,
}

/// A text of an event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventText {
    /// Where in the event its commitment stands (RFC 6901).
    #[schema(example = "/after/name")]
    pub pointer: String,
    #[schema(value_type = serde_json::Value)]
    pub value: Box<RawValue>,
}

/// Some events of a log, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Feed {
    pub items: Vec<EventView>,
    /// Give it as `after` to go on: every event up to it has been looked at.
    #[schema(example = 41)]
    pub after: i64,
    /// How many events the log has now.
    #[schema(example = 42)]
    pub size: i64,
    /// Give it as `epoch` to go on: the epoch that the log is in.
    #[schema(example = 0)]
    pub epoch: i64,
}

/// Shows that an event stands in its log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InclusionProof {
    pub log: Id,
    pub n: i64,
    /// Of the tree that the path leads to the root of.
    pub size: i64,
    /// Base64.
    pub leaf_hash: String,
    /// The audit path (RFC 6962 2.1.1), base64, from the leaf upwards.
    pub hashes: Vec<String>,
    /// Base64.
    pub root: String,
}

/// Shows that a log goes on from what it was.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsistencyProof {
    pub log: Id,
    pub from: i64,
    pub to: i64,
    /// Base64.
    pub from_root: String,
    /// Base64.
    pub to_root: String,
    /// RFC 6962 2.1.2, base64.
    pub hashes: Vec<String>,
}

/// A signed note about a log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointView {
    /// From 1 in each log.
    pub number: i64,
    /// Of the tree.
    pub size: i64,
    /// The checkpoint (C2SP tlog-checkpoint).
    pub note: String,
}

/// The keys that have signed a log's checkpoints, the oldest first, each by the log's name in every epoch.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogKeys {
    /// What checkpoints call the log in this epoch.
    pub origin: String,
    pub keys: Vec<LogKey>,
}

/// A key that checkpoints are, or were, signed with.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogKey {
    /// Name, id and key in one line (C2SP signed-note).
    #[schema(example = "riskregister/0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11+3d7b476e+AT6…")]
    pub verifier_key: String,
    /// Ed25519, base64.
    pub public_key: String,
    /// Since when the register knows it.
    pub created_at: Timestamp,
}

fn base64(hash: &Hash) -> String {
    STANDARD.encode(hash)
}

fn number(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(Error::internal)
}

/// What the caller sees of a log: all of it, or some.
struct Access {
    organisation: Organisation,
    head: Head,
    seen: Option<SeenEvents>,
}

/// The log, if the caller sees something of it.
fn seen_log(r: &mut Reading, caller: &Caller, log: Id) -> Result<Access> {
    let head = r.head(log)?.ok_or(Error::NotFound)?;
    access(r, caller, head)
}

/// The log with this head, if the caller sees something of it.
fn access(r: &mut Reading, caller: &Caller, head: Head) -> Result<Access> {
    let log = head.log_id;
    let organisation: Organisation = r.find(log)?.ok_or(Error::NotFound)?;
    let scope = roles::visible_history(&caller.grants);
    let path = path_ids(&organisation.path);
    if scope.iter().any(|seen| covers(seen, &path)) {
        return Ok(Access { organisation, head, seen: None });
    }
    let is_root = organisation.parent_id.is_none();
    // Those whose role is on a part of a body find their own things in the body's log.
    let mut is_own = false;
    for id in scope.iter().filter_map(|seen| seen.last()) {
        is_own |= r.find::<Organisation>(Id(*id))?.is_some_and(|part| part.body_id == Some(log));
    }
    if scope.is_empty() || !(is_root || is_own) {
        return Err(Error::NotFound);
    }
    let seen = SeenEvents {
        paths: scope.iter().map(|path| path_text(path)).collect(),
        entities: if is_root { COMMON.to_vec() } else { Vec::new() },
    };
    Ok(Access { organisation, head, seen: Some(seen) })
}

fn shown(access: Access, epochs: &HashMap<Id, i64>) -> Result<Log> {
    let epoch = epochs.get(&access.head.log_id).copied().unwrap_or(0);
    Ok(Log {
        id: access.head.log_id,
        name: access.organisation.name,
        origin: origin(access.head.log_id, epoch),
        epoch,
        size: access.head.size,
        root: base64(&access.head.tree()?.root()),
        last_time: access.head.last_time,
        checkpoints: access.head.checkpoints,
    })
}

/// The logs that the caller sees something of, the region's first, then by name.
pub fn list(r: &mut Reading, caller: &Caller, page: &Listing) -> Result<Page<Log>> {
    let mut all = Vec::new();
    let (heads, epochs) = (r.heads()?, r.epochs()?);
    r.all::<Organisation>(heads.iter().map(|head| head.log_id))?;
    for head in heads {
        match access(r, caller, head) {
            Ok(found) => all.push((found.organisation.parent_id.is_some(), shown(found, &epochs)?)),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    all.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| by_name(&x.name, &y.name)).then_with(|| x.id.cmp(&y.id)));
    Ok(page.cut(all.into_iter().map(|(_, log)| log).collect()))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Log> {
    let access = seen_log(r, caller, id)?;
    shown(access, &r.epochs()?)
}

/// What a reader of the feed asks for.
#[derive(Debug, Clone, Default)]
pub struct FeedQuery {
    pub after: Option<i64>,
    /// The epoch that `after` was given in.
    pub epoch: i64,
    pub limit: i64,
    /// Those at these positions; all when none is named.
    pub at: Vec<i64>,
    pub entity: Option<String>,
    pub entity_id: Option<Id>,
    /// Kinds parted by commas.
    pub kind: Option<String>,
    /// Who brought them about: somebody whom the caller sees.
    pub actor: Option<Id>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Where the service is reached from outside, which links begin with.
    pub public_url: Arc<str>,
}

/// Events of a log, the oldest first. An event that is written later never gets a smaller position than one that has
/// been given already.
pub fn feed(r: &mut Reading, caller: &Caller, log: Id, query: FeedQuery) -> Result<Feed> {
    let limit = query.limit;
    let known = query.epoch;
    let public_url = query.public_url.clone();
    let (filter, access) = asked(r, caller, log, query)?;
    let restores = r.restores(log)?;
    // What comes after this position is not what the reader would have got in the epoch that they know.
    if let Some(cut) = restores.iter().filter(|restore| restore.epoch > known).map(|restore| restore.size).min()
        && filter.after >= cut
    {
        let now = restores.last().map_or(0, |restore| restore.epoch);
        return Err(Error::gone(
            format!(
                "Registret har återställts från en säkerhetskopia. Gå vidare med epoch={now} och after={}.",
                cut - 1
            ),
            format!("The register was put back from a backup. Go on with epoch={now} and after={}.", cut - 1),
        ));
    }
    let found = r.events(&filter)?;
    // A page that is not full has looked at all there is.
    let whole = i64::try_from(found.len()).map_err(Error::internal)? < limit;
    let after = match found.last() {
        Some(last) if !whole => last.n,
        _ => filter.after.max(access.head.size - 1),
    };
    let items = views(r, log, found, &public_url)?;
    let epoch = restores.last().map_or(0, |restore| restore.epoch);
    Ok(Feed { items, after, size: access.head.size, epoch })
}

/// What a reader asks for in whichever log, as far as they may ask for it.
#[derive(Clone)]
pub(super) struct Wanted {
    actor: Option<Id>,
    kinds: Vec<String>,
    hidden: Vec<Id>,
}

impl Wanted {
    pub(super) fn of(r: &mut Reading, caller: &Caller, query: &FeedQuery) -> Result<Self> {
        Ok(Self {
            actor: query.actor.map(|actor| seen_actor(r, caller, actor)).transpose()?,
            kinds: query.kind.as_deref().map(told::kinds_asked).transpose()?.unwrap_or_default(),
            hidden: r.hidden_crimes(&deficiencies::seen(caller))?,
        })
    }
}

/// What a reader of a log asks for, as far as they see it.
fn asked(r: &mut Reading, caller: &Caller, log: Id, query: FeedQuery) -> Result<(EventFilter, Access)> {
    let mut access = seen_log(r, caller, log)?;
    let wanted = Wanted::of(r, caller, &query)?;
    Ok((filter(caller, &mut access, query, wanted), access))
}

fn filter(caller: &Caller, access: &mut Access, query: FeedQuery, wanted: Wanted) -> EventFilter {
    let path = path_ids(&access.organisation.path);
    let apart = fewer_see(caller)
        .into_iter()
        .filter(|(_, seen)| !seen.iter().any(|seen| covers(seen, &path)))
        .map(|(entities, seen)| Apart {
            entities,
            paths: seen.iter().map(|path| path_text(path)).collect(),
            own: caller.id(),
        })
        .collect();
    EventFilter {
        log: access.head.log_id,
        after: query.after.unwrap_or(-1),
        at: query.at,
        before: None,
        limit: query.limit,
        entity: query.entity,
        about: query.entity_id.into_iter().collect(),
        actor: wanted.actor,
        kinds: wanted.kinds,
        since: query.since,
        until: query.until,
        seen: access.seen.take(),
        hidden: wanted.hidden,
        apart,
    }
}

/// A person or a service account that the caller sees; another is as unknown as one that is not there.
fn seen_actor(r: &mut Reading, caller: &Caller, id: Id) -> Result<Id> {
    let seen = match r.find::<User>(id)? {
        Some(_) => users::get(r, caller, id).map(drop),
        None => service_accounts::get(r, caller, id).map(drop),
    };
    match seen {
        Ok(()) => Ok(id),
        Err(Error::NotFound | Error::Forbidden(_)) => Err(Error::invalid(Violation::unknown_reference("?actorId"))),
        Err(other) => Err(other),
    }
}

/// Some events of a log, the newest first.
#[derive(Debug)]
pub struct Latest {
    pub items: Vec<WrittenEvent>,
    /// Older ones than this position are left, when there are any.
    pub before: Option<i64>,
    pub log: Log,
}

/// The events at some positions of a log, as far as the caller sees them, in order; none of a log that the caller sees
/// nothing of.
pub(super) fn at(
    r: &mut Reading,
    caller: &Caller,
    log: Id,
    query: FeedQuery,
    wanted: Wanted,
) -> Result<Vec<EventView>> {
    let mut access = match seen_log(r, caller, log) {
        Ok(access) => access,
        Err(Error::NotFound) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    };
    let public_url = query.public_url.clone();
    let found = r.events(&filter(caller, &mut access, query, wanted))?;
    views(r, log, found, &public_url)
}

/// Events of a log, the newest first; those before a position, to go further back. `about` are the things whose events
/// are asked for, none for all.
pub fn latest(
    r: &mut Reading,
    caller: &Caller,
    log: Id,
    query: FeedQuery,
    about: Vec<Id>,
    before: Option<i64>,
) -> Result<Latest> {
    let limit = usize::try_from(query.limit).map_err(Error::internal)?;
    let (mut filter, access) = asked(r, caller, log, query)?;
    filter.about = about;
    filter.before = Some(before.unwrap_or(access.head.size));
    filter.limit += 1;
    let mut found = r.events(&filter)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let before = found.last().filter(|_| more).map(|event| event.n);
    let items = written(r, log, found)?;
    Ok(Latest { items, before, log: shown(access, &r.epochs()?)? })
}

/// Events of a log with what opens their texts and what they name.
fn views(r: &mut Reading, log: Id, events: Vec<EventRow>, public_url: &str) -> Result<Vec<EventView>> {
    let tellings: Vec<Telling> = events
        .iter()
        .map(|event| Telling { log, entity: &event.entity, id: event.entity_id, body: &event.body })
        .collect();
    let named = told::named(r, &tellings, Hearer::WhoSeesIt)?;
    let kinds: Vec<(String, Id)> = events.iter().map(|event| (event.kind.clone(), event.organisation_id)).collect();
    let all = written(r, log, events)?.into_iter().zip(named).zip(kinds);
    Ok(all
        .map(|((written, named), (kind, organisation_id))| EventView {
            links: EventLinks::new(public_url, log, written.n, named.path.as_deref()),
            n: written.n,
            event: written.event,
            kind,
            organisation_id,
            plan_id: named.plan_id,
            risk_id: named.risk_id,
            leaf_hash: written.leaf_hash,
            texts: written.texts,
        })
        .collect())
}

/// Events of a log with what opens their texts, which is asked for all of them at once.
fn written(r: &mut Reading, log: Id, events: Vec<EventRow>) -> Result<Vec<WrittenEvent>> {
    let positions: Vec<i64> = events.iter().map(|event| event.n).collect();
    let mut openings = r.openings_of(log, &positions)?;
    let text = |o: Opening| {
        Ok(EventText { pointer: o.pointer, value: RawValue::from_string(o.value).map_err(Error::internal)? })
    };
    let view = |event: EventRow| {
        let texts = openings.remove(&event.n).unwrap_or_default().into_iter().map(text).collect::<Result<_>>()?;
        let leaf_hash = base64(&tree::leaf(&event.body));
        let body = String::from_utf8(event.body).map_err(Error::internal)?;
        Ok(WrittenEvent { n: event.n, event: RawValue::from_string(body).map_err(Error::internal)?, leaf_hash, texts })
    };
    events.into_iter().map(view).collect()
}

/// An event that the caller sees, and its log.
fn seen_event(r: &mut Reading, caller: &Caller, log: Id, n: i64) -> Result<(EventRow, Access)> {
    let query = FeedQuery { after: Some(n - 1), limit: 1, ..FeedQuery::default() };
    let (filter, access) = asked(r, caller, log, query)?;
    let found = r.events(&filter)?.pop().filter(|event| event.n == n).ok_or(Error::NotFound)?;
    Ok((found, access))
}

pub fn event(r: &mut Reading, caller: &Caller, log: Id, n: i64, public_url: &str) -> Result<EventView> {
    let (event, _) = seen_event(r, caller, log, n)?;
    views(r, log, vec![event], public_url)?.pop().ok_or(Error::NotFound)
}

/// As [`event`], without what it names.
pub fn written_event(r: &mut Reading, caller: &Caller, log: Id, n: i64) -> Result<WrittenEvent> {
    let (event, _) = seen_event(r, caller, log, n)?;
    written(r, log, vec![event])?.pop().ok_or(Error::NotFound)
}

/// The proof that an event stands in the log as it was at `size`, or as it is now.
pub fn inclusion(r: &mut Reading, caller: &Caller, log: Id, n: i64, size: Option<i64>) -> Result<InclusionProof> {
    let (event, access) = seen_event(r, caller, log, n)?;
    let size = within(size, "size", access.head.size, n + 1)?;
    Ok(InclusionProof {
        log,
        n,
        size,
        leaf_hash: base64(&tree::leaf(&event.body)),
        hashes: r.inclusion(log, number(n)?, number(size)?)?.iter().map(base64).collect(),
        root: base64(&r.tree_root(log, number(size)?)?),
    })
}

/// A size that the log has, or has had; the size now when none is named.
fn within(size: Option<i64>, name: &str, most: i64, least: i64) -> Result<i64> {
    let size = size.unwrap_or(most);
    if (least..=most).contains(&size) {
        return Ok(size);
    }
    Err(Error::invalid(Violation::new(
        format!("?{name}"),
        "outOfRange",
        format!("Ska vara {least} till {most}: loggen har {most} händelser."),
        format!("Must be {least} to {most}: the log has {most} events."),
    )))
}

/// The proof that the log at `to` goes on from what it was at `from`.
pub fn consistency(r: &mut Reading, caller: &Caller, log: Id, from: i64, to: Option<i64>) -> Result<ConsistencyProof> {
    let access = seen_log(r, caller, log)?;
    let to = within(to, "to", access.head.size, 1)?;
    let from = within(Some(from), "from", to, 1)?;
    Ok(ConsistencyProof {
        log,
        from,
        to,
        from_root: base64(&r.tree_root(log, number(from)?)?),
        to_root: base64(&r.tree_root(log, number(to)?)?),
        hashes: r.consistency(log, number(from)?, number(to)?)?.iter().map(base64).collect(),
    })
}

/// The log's checkpoints, the newest first.
pub fn checkpoints(r: &mut Reading, caller: &Caller, log: Id, page: &Listing) -> Result<Page<CheckpointView>> {
    seen_log(r, caller, log)?;
    Ok(r.checkpoints(log, page)?.map(|c| CheckpointView { number: c.number, size: c.size, note: c.note }))
}

/// The keys of the log's checkpoints.
pub fn keys(r: &mut Reading, caller: &Caller, log: Id) -> Result<LogKeys> {
    seen_log(r, caller, log)?;
    let later = r.restores(log)?.into_iter().map(|restore| restore.epoch);
    let names: Vec<String> = [0].into_iter().chain(later).map(|epoch| origin(log, epoch)).collect();
    let mut keys = Vec::new();
    for (key, known) in public_keys(r)? {
        keys.extend(names.iter().map(|name| LogKey {
            verifier_key: key.verifier_key(name),
            public_key: known.public_key.clone(),
            created_at: known.created_at,
        }));
    }
    Ok(LogKeys { origin: names.into_iter().next_back().unwrap_or_default(), keys })
}

/// The keys that the register knows, the oldest first.
pub(super) fn public_keys(r: &mut Reading) -> Result<Vec<(crate::evidence::checkpoint::PublicKey, SigningKey)>> {
    r.signing_keys()?
        .into_iter()
        .map(|known| {
            crate::evidence::checkpoint::PublicKey::read(&known.public_key)
                .map(|key| (key, known))
                .ok_or_else(|| Error::internal("a signing key is damaged"))
        })
        .collect()
}

/// An event with all that proves it, by the log's newest checkpoint.
pub fn receipt(r: &mut Reading, caller: &Caller, log: Id, n: i64) -> Result<Receipt> {
    let (event, _) = seen_event(r, caller, log, n)?;
    let newest = r.newest_checkpoint(log)?.filter(|c| c.size > n).ok_or_else(|| {
        Error::conflict(
            "noCheckpointYet",
            "Loggen har ännu ingen kontrollpunkt som omfattar händelsen. En görs varje minut.",
            "The log has no checkpoint yet that covers the event. One is made every minute.",
        )
    })?;
    let checkpoint = logs::read(&newest)?;
    let name = &checkpoint.origin;
    let key = public_keys(r)?
        .into_iter()
        .find(|(key, _)| Some(key.id(name)) == checkpoint.key_id())
        .ok_or_else(|| Error::internal("a checkpoint by an unknown key"))?;
    Ok(Receipt {
        format: receipt::FORMAT.into(),
        log: log.to_string(),
        n: number(n)?,
        event: STANDARD.encode(&event.body),
        openings: r
            .openings(log, n, n)?
            .into_iter()
            .map(|o| receipt::Opening { pointer: o.pointer, salt: STANDARD.encode(o.salt), value: o.value })
            .collect(),
        proof: Path {
            size: checkpoint.size,
            hashes: r.inclusion(log, number(n)?, checkpoint.size)?.iter().map(base64).collect(),
        },
        checkpoint: newest.note,
        key: key.0.verifier_key(name),
    })
}
