//! The logs: their heads, how their trees grow, their checkpoints, and what proofs are made from.

use std::path::{Path, PathBuf};

use diesel::prelude::*;

use super::connection::MultiBackend;
use super::queries::{Listing, Page, below};
use super::records::{PlanDeficiency, SigningKey};
use super::schema::{checkpoints, events, heads, openings, plan_deficiencies, signing_keys, tree_nodes};
use super::{AnyConnection, Id, Reading, Stored, Timestamp, Writing};
use crate::error::{Error, Result};
use crate::evidence::checkpoint::{Checkpoint, PrivateKey, origin};
use crate::evidence::tree::{self, Frontier, Hash, Subtrees};

/// The roots of perfect subtrees are kept at every level that this divides; those between are made when they are asked
/// for, from 2^7 hashes at most, or events at the bottom.
const KEPT_LEVELS: u32 = 8;

/// How far a log has come.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = heads, treat_none_as_default_value = false)]
pub struct Head {
    pub log_id: Id,
    pub size: i64,
    /// The last event's time; the log's own beginning while it is empty.
    pub last_time: Timestamp,
    pub frontier: Vec<u8>,
    /// How many checkpoints have been made.
    pub checkpoints: i64,
}

impl Head {
    pub(super) fn empty(log: Id) -> Self {
        Self { log_id: log, size: 0, last_time: Timestamp::now(), frontier: Vec::new(), checkpoints: 0 }
    }

    /// What the tree needs to grow.
    pub fn tree(&self) -> Result<Frontier> {
        u64::try_from(self.size)
            .ok()
            .and_then(|size| Frontier::read(size, &self.frontier))
            .ok_or_else(|| Error::internal(format!("the head of the log {} is damaged", self.log_id)))
    }
}

/// A checkpoint as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = checkpoints)]
pub struct CheckpointRow {
    pub log_id: Id,
    /// From 1.
    pub number: i64,
    pub size: i64,
    /// The signed note.
    pub note: String,
}

/// The root of a perfect subtree.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tree_nodes)]
pub(super) struct NodeRow {
    pub log_id: Id,
    pub level: i32,
    pub position: i64,
    pub hash: Vec<u8>,
}

/// What makes checkpoints: the key, and the directory outside the database where they are kept too.
#[derive(Debug, Clone)]
pub struct Signer {
    pub key: PrivateKey,
    pub directory: PathBuf,
}

impl Signer {
    /// Where a checkpoint's file lies: a folder for each log, a file for each size.
    fn file(&self, made: &CheckpointRow) -> PathBuf {
        self.directory.join(made.log_id.to_string()).join(format!("{}.txt", made.size))
    }

    /// Puts checkpoints into the directory. That it could not is told in the log of the service; the next round tries
    /// again.
    pub(super) fn put(&self, made: &[CheckpointRow]) {
        for checkpoint in made {
            let file = self.file(checkpoint);
            if !file.exists()
                && let Err(fault) = write_whole(&file, &checkpoint.note)
            {
                tracing::error!(file = %file.display(), cause = %fault, "a checkpoint could not be kept outside");
            }
        }
    }
}

/// Writes a file so that nobody ever reads half of it.
fn write_whole(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{}", Id::new()));
    std::fs::write(&unfinished, text)?;
    std::fs::rename(&unfinished, file)
}

/// Takes a log's head, last of all locks, until the end of the transaction.
pub(super) fn lock(c: &mut AnyConnection, log: Id) -> QueryResult<Head> {
    diesel::update(heads::table.find(log)).set(heads::size.eq(heads::size)).returning(heads::all_columns).get_result(c)
}

/// Keeps a head as it has become.
pub(super) fn keep(c: &mut AnyConnection, head: Head) -> QueryResult<usize> {
    diesel::update(heads::table.find(head.log_id))
        .set((
            heads::size.eq(head.size),
            heads::last_time.eq(head.last_time),
            heads::frontier.eq(head.frontier),
            heads::checkpoints.eq(head.checkpoints),
        ))
        .execute(c)
}

/// Adds a leaf to the log's tree: to the head that is held, and to the subtrees that are kept.
pub(super) fn grow(c: &mut AnyConnection, head: &mut Head, leaf: &Hash) -> Result<()> {
    let mut tree = head.tree()?;
    let mut whole = Vec::new();
    tree.push(*leaf, |level, position, root| {
        if is_kept(level) {
            whole.push((level, position, *root));
        }
    });
    for (level, position, root) in whole {
        let row = NodeRow {
            log_id: head.log_id,
            level: i32::try_from(level).map_err(Error::internal)?,
            position: i64::try_from(position).map_err(Error::internal)?,
            hash: root.to_vec(),
        };
        diesel::insert_into(tree_nodes::table).values(row).execute(c)?;
    }
    head.size += 1;
    head.frontier = tree.bytes();
    Ok(())
}

/// Whether the roots of this level are kept.
pub(super) fn is_kept(level: u32) -> bool {
    level > 0 && level.is_multiple_of(KEPT_LEVELS)
}

/// Signs what the log has come to, if that has not been done, and if the key is known to the register. The head is held
/// and counts it.
pub(super) fn checkpoint(c: &mut AnyConnection, key: &PrivateKey, head: &mut Head) -> Result<Option<CheckpointRow>> {
    let signed: i64 = checkpoints::table
        .find((head.log_id, head.checkpoints))
        .select(checkpoints::size)
        .first(c)
        .optional()?
        .unwrap_or(0);
    if signed >= head.size || !knows(c, key)? {
        return Ok(None);
    }
    let tree = head.tree()?;
    let made = CheckpointRow {
        log_id: head.log_id,
        number: head.checkpoints + 1,
        size: head.size,
        note: key.checkpoint(&origin(head.log_id), tree.size(), &tree.root()),
    };
    diesel::insert_into(checkpoints::table).values(made.clone()).execute(c)?;
    head.checkpoints += 1;
    Ok(Some(made))
}

fn knows(c: &mut AnyConnection, key: &PrivateKey) -> QueryResult<bool> {
    let count: i64 =
        signing_keys::table.filter(signing_keys::public_key.eq(key.public().text())).count().get_result(c)?;
    Ok(count > 0)
}

/// Grows the trees of logs that have events from before there were trees. Touches no event.
pub(super) fn plant(c: &mut AnyConnection) -> Result<()> {
    let bare: Vec<Head> = heads::table.select(Head::as_select()).order(heads::log_id).load(c)?;
    for found in bare.into_iter().filter(|head| head.size > 0 && head.frontier.is_empty()) {
        let mut head = lock(c, found.log_id)?;
        let size = std::mem::take(&mut head.size);
        while head.size < size {
            let bodies: Vec<Vec<u8>> = events::table
                .filter(events::log_id.eq(head.log_id))
                .filter(events::n.ge(head.size))
                .order(events::n.asc())
                .limit(1000)
                .select(events::body)
                .load(c)?;
            if bodies.is_empty() {
                return Err(Error::internal(format!("the log {} lacks event {}", head.log_id, head.size)));
            }
            for body in bodies {
                grow(c, &mut head, &tree::leaf(&body))?;
            }
        }
        keep(c, head)?;
    }
    Ok(())
}

/// A log's tree, as far as it is kept.
struct Kept<'c> {
    c: &'c mut AnyConnection,
    log: Id,
}

impl Subtrees for Kept<'_> {
    type Error = Error;

    fn perfect(&mut self, level: u32, position: u64) -> Result<Hash> {
        let lost = || Error::internal(format!("the tree of the log {} is damaged", self.log));
        // The nearest level below of which everything is kept: events at the bottom.
        let base = level - level % KEPT_LEVELS;
        let first = i64::try_from(position << (level - base)).map_err(Error::internal)?;
        let count = 1_i64 << (level - base);
        let mut row: Vec<Hash> = if base == 0 {
            let bodies: Vec<Vec<u8>> = events::table
                .filter(events::log_id.eq(self.log))
                .filter(events::n.ge(first).and(events::n.lt(first + count)))
                .order(events::n.asc())
                .select(events::body)
                .load(self.c)?;
            bodies.iter().map(|body| tree::leaf(body)).collect()
        } else {
            let hashes: Vec<Vec<u8>> = tree_nodes::table
                .filter(tree_nodes::log_id.eq(self.log))
                .filter(tree_nodes::level.eq(i32::try_from(base).map_err(Error::internal)?))
                .filter(tree_nodes::position.ge(first).and(tree_nodes::position.lt(first + count)))
                .order(tree_nodes::position.asc())
                .select(tree_nodes::hash)
                .load(self.c)?;
            hashes.into_iter().map(|h| h.try_into().map_err(|_| lost())).collect::<Result<_>>()?
        };
        if i64::try_from(row.len()).ok() != Some(count) {
            return Err(lost());
        }
        while row.len() > 1 {
            row = row.as_chunks::<2>().0.iter().map(|[left, right]| tree::node(left, right)).collect();
        }
        row.pop().ok_or_else(lost)
    }
}

impl Reading<'_> {
    /// The head of a log, if there is such a log.
    pub fn head(&mut self, log: Id) -> Result<Option<Head>> {
        Ok(heads::table.find(log).select(Head::as_select()).first(self.c).optional()?)
    }

    /// Every log's head, in the order of their ids.
    pub fn heads(&mut self) -> Result<Vec<Head>> {
        Ok(heads::table.select(Head::as_select()).order(heads::log_id).load(self.c)?)
    }

    /// The root of the tree of a log's first `size` events.
    pub fn tree_root(&mut self, log: Id, size: u64) -> Result<Hash> {
        tree::root(&mut Kept { c: self.c, log }, size)
    }

    /// The audit path of an event in the tree of the first `size`.
    pub fn inclusion(&mut self, log: Id, n: u64, size: u64) -> Result<Vec<Hash>> {
        tree::inclusion(&mut Kept { c: self.c, log }, n, size)
    }

    /// The proof that a log of `to` events goes on from what it was at `from`.
    pub fn consistency(&mut self, log: Id, from: u64, to: u64) -> Result<Vec<Hash>> {
        tree::consistency(&mut Kept { c: self.c, log }, from, to)
    }

    /// A log's newest checkpoint.
    pub fn newest_checkpoint(&mut self, log: Id) -> Result<Option<CheckpointRow>> {
        Ok(checkpoints::table
            .filter(checkpoints::log_id.eq(log))
            .order(checkpoints::number.desc())
            .select(CheckpointRow::as_select())
            .first(self.c)
            .optional()?)
    }

    /// Every key that has signed, the oldest first.
    pub fn signing_keys(&mut self) -> Result<Vec<SigningKey>> {
        Ok(signing_keys::table
            .order((signing_keys::created_at.asc(), signing_keys::id.asc()))
            .select(SigningKey::as_select())
            .load(self.c)?)
    }
}

impl Writing<'_> {
    /// The public half of the key that checkpoints are made with, base64.
    pub fn public_key(&self) -> Option<String> {
        self.signer.as_ref().map(|signer| signer.key.public().text())
    }

    /// Signs what a log has come to, if something has happened since the last time.
    pub fn checkpoint(&mut self, log: Id) -> Result<()> {
        let Some(signer) = self.signer.clone() else { return Ok(()) };
        let mut head = lock(self.c, log)?;
        if let Some(made) = checkpoint(self.c, &signer.key, &mut head)? {
            keep(self.c, head)?;
            self.made.push(made);
        }
        Ok(())
    }
}

/// What a note says, for a checkpoint of our own.
pub fn read(row: &CheckpointRow) -> Result<Checkpoint> {
    Checkpoint::read(&row.note)
        .ok_or_else(|| Error::internal(format!("checkpoint {} of the log {} is damaged", row.number, row.log_id)))
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct EventRow {
    pub log_id: Id,
    pub n: i64,
    pub time: Timestamp,
    pub actor_kind: String,
    pub actor_id: Option<Id>,
    pub kind: String,
    pub entity: String,
    pub entity_id: Id,
    pub organisation_id: Id,
    pub schema_version: i32,
    /// Canonical JSON, as it was written.
    pub body: Vec<u8>,
}

/// What opens a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = openings)]
pub struct Opening {
    pub commitment: String,
    pub log_id: Id,
    pub n: i64,
    /// Where the commitment stands in its event (RFC 6901).
    pub pointer: String,
    pub entity_id: Id,
    pub salt: Vec<u8>,
    /// Canonical JSON.
    pub value: String,
}

/// Which events of a log are asked for.
#[derive(Debug, Clone)]
pub struct EventFilter {
    pub log: Id,
    /// Those after this position; -1 for all.
    pub after: i64,
    /// Those before this position, and then the newest first.
    pub before: Option<i64>,
    pub limit: i64,
    pub entity: Option<String>,
    /// Those about one of these things; none for all.
    pub about: Vec<Id>,
    pub kind: Option<String>,
    /// From this time on.
    pub since: Option<Timestamp>,
    /// Up to this time, and with it.
    pub until: Option<Timestamp>,
    /// Those that somebody may see; none for all.
    pub seen: Option<SeenEvents>,
    /// What tells of these things is left out.
    pub hidden: Vec<Id>,
}

/// What somebody sees of a log that is not wholly theirs.
#[derive(Debug, Clone)]
pub struct SeenEvents {
    /// What concerns organisations at and below these.
    pub paths: Vec<String>,
    /// And everything about things of these kinds.
    pub entities: Vec<&'static str>,
}

type EventCondition = Box<dyn BoxableExpression<events::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;

impl Reading<'_> {
    /// The events that the filter takes, the oldest first unless it asks for those before a position.
    pub fn events(&mut self, filter: &EventFilter) -> Result<Vec<EventRow>> {
        let mut query = events::table
            .filter(events::log_id.eq(filter.log))
            .filter(events::n.gt(filter.after))
            .limit(filter.limit)
            .select(EventRow::as_select())
            .into_boxed();
        query = match filter.before {
            Some(before) => query.filter(events::n.lt(before)).order(events::n.desc()),
            None => query.order(events::n.asc()),
        };
        if let Some(entity) = filter.entity.clone() {
            query = query.filter(events::entity.eq(entity));
        }
        if !filter.about.is_empty() {
            query = query.filter(events::entity_id.eq_any(filter.about.clone()));
        }
        if let Some(kind) = filter.kind.clone() {
            query = query.filter(events::kind.eq(kind));
        }
        if let Some(since) = filter.since {
            query = query.filter(events::time.ge(since));
        }
        if let Some(until) = filter.until {
            query = query.filter(events::time.le(until));
        }
        if let Some(seen) = &filter.seen {
            let mut any: EventCondition = Box::new(events::entity.eq_any(seen.entities.clone()));
            for path in &seen.paths {
                any = Box::new(any.or(events::organisation_id.eq_any(below!(path))));
                any = Box::new(any.or(events::entity_id.eq_any(below!(path))));
            }
            query = query.filter(any);
        }
        if !filter.hidden.is_empty() {
            query = query.filter(events::entity_id.ne_all(filter.hidden.clone()));
            // Which deficiency an answer that was taken back was about, its events alone say.
            let there = plan_deficiencies::table.select(plan_deficiencies::id);
            let is_answer = events::entity.eq(PlanDeficiency::ENTITY);
            query = query.filter(diesel::dsl::not(is_answer).or(events::entity_id.eq_any(there)));
        }
        Ok(query.load(self.c)?)
    }

    /// What opens the texts of a log's events from one position to another, both with it, in their order.
    pub fn openings(&mut self, log: Id, from: i64, to: i64) -> Result<Vec<Opening>> {
        Ok(openings::table
            .filter(openings::log_id.eq(log))
            .filter(openings::n.between(from, to))
            .order((openings::n.asc(), openings::pointer.asc()))
            .select(Opening::as_select())
            .load(self.c)?)
    }

    /// Events of a log from a position on, in order.
    pub(super) fn events_from(&mut self, log: Id, from: i64, limit: i64) -> Result<Vec<EventRow>> {
        Ok(events::table
            .filter(events::log_id.eq(log))
            .filter(events::n.ge(from))
            .order(events::n.asc())
            .limit(limit)
            .select(EventRow::as_select())
            .load(self.c)?)
    }

    /// A log's checkpoints after a number, in order.
    pub(super) fn checkpoints_after(&mut self, log: Id, number: i64, limit: i64) -> Result<Vec<CheckpointRow>> {
        Ok(checkpoints::table
            .filter(checkpoints::log_id.eq(log))
            .filter(checkpoints::number.gt(number))
            .order(checkpoints::number.asc())
            .limit(limit)
            .select(CheckpointRow::as_select())
            .load(self.c)?)
    }

    /// What is kept of a log's tree.
    pub(super) fn tree_nodes(&mut self, log: Id) -> Result<Vec<NodeRow>> {
        Ok(tree_nodes::table
            .filter(tree_nodes::log_id.eq(log))
            .order((tree_nodes::level.asc(), tree_nodes::position.asc()))
            .select(NodeRow::as_select())
            .load(self.c)?)
    }

    /// A log's checkpoints, the newest first.
    pub fn checkpoints(&mut self, log: Id, page: &Listing) -> Result<Page<CheckpointRow>> {
        let all = checkpoints::table.filter(checkpoints::log_id.eq(log));
        Ok(Page {
            total: all.count().get_result(self.c)?,
            items: all
                .order(checkpoints::number.desc())
                .limit(page.limit)
                .offset(page.offset())
                .select(CheckpointRow::as_select())
                .load(self.c)?,
        })
    }
}
