//! The logs: their heads, how their trees grow, and their checkpoints; how events lie in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::files;
use super::reading::TOGETHER;
use super::schema::{checkpoints, events, heads, openings, restores, signing_keys, tree_nodes};
use super::types::{Id, Timestamp};
use crate::error::{Error, Result};
use crate::evidence::checkpoint::{Checkpoint, PrivateKey, origin, read_origin};
use crate::evidence::tree::{self, Frontier, Hash};

/// The roots of perfect subtrees are kept at every level that this divides; those between are made when they are asked
/// for, from 2^7 hashes at most, or events at the bottom.
pub(super) const KEPT_LEVELS: u32 = 8;

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
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, serde::Serialize)]
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
    /// Where the checkpoints of an epoch of a log lie.
    fn folder(&self, log: Id, epoch: i64) -> PathBuf {
        let of_log = self.directory.join(log.to_string());
        if epoch == 0 { of_log } else { of_log.join(format!("{EPOCH}{epoch}")) }
    }

    /// Where a checkpoint's file lies: a folder for each log, and in it for each epoch after the first; a file for each
    /// size.
    fn file(&self, made: &CheckpointRow) -> PathBuf {
        let epoch = made.note.lines().next().and_then(read_origin).map_or(0, |(_, epoch)| epoch);
        self.folder(made.log_id, epoch).join(format!("{}.txt", made.size))
    }

    /// The newest epoch and size of a log that the directory knows of, by the names of its files, and its note, where that
    /// can be read.
    pub fn newest(&self, log: Id) -> Option<(i64, i64, Option<String>)> {
        let of_log = self.folder(log, 0);
        let later = entries(&of_log).filter_map(|name| name.strip_prefix(EPOCH)?.parse::<i64>().ok());
        let mut epochs: Vec<i64> = later.chain([0]).collect();
        epochs.sort_unstable_by(|a, b| b.cmp(a));
        let (epoch, size) = epochs.into_iter().find_map(|epoch| {
            let newest = entries(&self.folder(log, epoch)).filter_map(|name| size_of(&name)).max()?;
            Some((epoch, newest))
        })?;
        let note = std::fs::read_to_string(self.folder(log, epoch).join(format!("{size}.txt"))).ok();
        // What says something else than its name does is no word on this size.
        let is_it = |note: &String| {
            let of = (origin(log, epoch), u64::try_from(size).ok());
            Checkpoint::read(note).is_some_and(|note| (note.origin, Some(note.size)) == of)
        };
        Some((epoch, size, note.filter(is_it)))
    }

    /// Puts checkpoints into the directory; whether all are there. That it could not is told in the log of the service; the
    /// next round tries again.
    pub(super) fn put(&self, made: &[CheckpointRow]) -> bool {
        let mut all = true;
        for checkpoint in made {
            let file = self.file(checkpoint);
            let kept = match std::fs::read(&file) {
                Ok(there) if there == checkpoint.note.as_bytes() => Ok(()),
                // Whatever else stands there may be all that is left of what a log once was.
                Ok(there) if !is_cut(&there, &checkpoint.note) => {
                    Err(std::io::Error::other("another checkpoint is there already, and is left as it is"))
                }
                _ => files::write_whole(&file, &checkpoint.note),
            };
            if let Err(fault) = kept {
                tracing::error!(file = %file.display(), cause = %fault, "a checkpoint could not be kept outside");
                all = false;
            }
        }
        all
    }

    /// What [`Signer::newest`] knows of each log that has a folder.
    pub(super) fn all_newest(&self) -> BTreeMap<Id, (i64, i64, Option<String>)> {
        let logs = entries(&self.directory).filter_map(|name| name.parse::<Id>().ok());
        logs.filter_map(|log| Some((log, self.newest(log)?))).collect()
    }

    /// The checkpoints, by log and size, whose files are in the directory and say nothing: empty or cut, as a power
    /// failure leaves them that came before what was written was safe.
    pub(super) fn unreadable(&self) -> Vec<(Id, i64)> {
        let mut found = Vec::new();
        for log in entries(&self.directory).filter_map(|name| name.parse::<Id>().ok()) {
            let of_log = self.folder(log, 0);
            let later = entries(&of_log).filter(|name| name.starts_with(EPOCH)).map(|name| of_log.join(name));
            for folder in later.chain([of_log.clone()]) {
                for name in entries(&folder) {
                    let Some(size) = size_of(&name) else { continue };
                    let says = |text: String| Checkpoint::read(&text).is_some();
                    if !std::fs::read_to_string(folder.join(name)).is_ok_and(says) {
                        found.push((log, size));
                    }
                }
            }
        }
        found
    }
}

/// How the folder of an epoch begins.
const EPOCH: &str = "epoch-";

/// The names of what lies in a folder; nothing where there is none.
fn entries(folder: &Path) -> impl Iterator<Item = String> {
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
    all.filter_map(|entry| entry.file_name().into_string().ok())
}

/// The size of the tree that a file of this name is the checkpoint of.
fn size_of(name: &str) -> Option<i64> {
    name.strip_suffix(".txt")?.parse().ok()
}

/// Whether a file holds no more than a beginning of a text, in a length that the disk had noted before the rest.
fn is_cut(file: &[u8], text: &str) -> bool {
    let written = file.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    file != text.as_bytes() && text.as_bytes().starts_with(&file[..written])
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
        note: key.checkpoint(&origin(head.log_id, epoch(c, head.log_id)?), tree.size(), &tree.root()),
    };
    diesel::insert_into(checkpoints::table).values(made.clone()).execute(c)?;
    head.checkpoints += 1;
    Ok(Some(made))
}

/// The epoch that a log is in: 0 where it has never been put back from a backup.
pub(super) fn epoch(c: &mut AnyConnection, log: Id) -> QueryResult<i64> {
    let newest: Option<i64> =
        restores::table.filter(restores::log_id.eq(log)).select(diesel::dsl::max(restores::epoch)).get_result(c)?;
    Ok(newest.unwrap_or(0))
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

/// Keeps what opens the texts of an event, few statements for however many. Many rows at once do not go through a
/// connection that may be either; and were one of their values a default, diesel would begin a transaction in ours.
pub(super) fn keep_openings(c: &mut AnyConnection, all: &[Opening]) -> QueryResult<()> {
    for some in all.chunks(TOGETHER) {
        match c {
            AnyConnection::Sqlite(c) => diesel::insert_into(openings::table).values(some).execute(c)?,
            AnyConnection::Postgres(c) => diesel::insert_into(openings::table).values(some).execute(c)?,
        };
    }
    Ok(())
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
#[diesel(table_name = openings, treat_none_as_default_value = false)]
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
