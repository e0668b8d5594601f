//! The third step: what the pieces of a log come to, one after the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::mpsc::Receiver;

use riskregister_document::Format;
use serde_json::{Map, Value};

use super::checkpoints::Checkpoints;
use super::damage::{Counts, Damage, Held};
use super::opening::{Opened, OpenedPiece, hidden};
use super::states::Temporary;
use super::tables::derived;
use crate::error::Error;
use crate::evidence::checkpoint::{Checkpoint, PublicKey};
use crate::evidence::tree::{Frontier, Hash};
use crate::storage::history::{canonical, sha256_hex};
use crate::storage::logs;
use crate::storage::records::{Erasure, EvidenceFile, Restore, Stored};
use crate::storage::replay::{Replay, State, Told};
use crate::storage::types::{Id, Timestamp};

/// What the history comes to, as far as it has been read.
pub(super) struct Fold {
    pub(super) keys: Vec<PublicKey>,
    /// Checkpoints from elsewhere, with their epochs, by log.
    pub(super) kept: HashMap<String, Vec<(i64, Checkpoint)>>,
    pub(super) replay: Replay<Temporary>,
    /// Hashes of files that the history names, and of which type they are.
    pub(super) files: BTreeMap<String, &'static str>,
    /// What the history says of files that people left, and of those whose bytes were erased.
    left: Left,
    /// How many nodes of trees were held.
    pub(super) nodes: u64,
    pub(super) counts: Counts,
    /// Commitments without an opening, and where they stand.
    unopened: BTreeMap<String, Damage>,
    /// Commitments whose openings the history says were erased.
    erased: BTreeSet<String>,
}

/// Files that people left, as the history tells of them: their bytes lie outside the database.
#[derive(Default)]
struct Left {
    /// By the hash of what they hold: how many bytes, and when it was last left somewhere.
    contents: BTreeMap<String, (i64, String)>,
    /// Which file holds what.
    by_file: BTreeMap<String, String>,
    /// Erasures of a file's bytes: of which file each is.
    asked: BTreeMap<Id, String>,
    /// When those that were carried out were.
    erased: Vec<(Id, String)>,
}

impl Left {
    fn tell(&mut self, told: &Told) {
        let Some(after) = &told.after else { return };
        let text = |field: &str| after.get(field).and_then(Value::as_str).map(str::to_owned);
        if told.entity == EvidenceFile::ENTITY {
            let (Some(sha256), Some(at), Some(size)) =
                (text("sha256"), text("createdAt"), after.get("size").and_then(Value::as_i64))
            else {
                return;
            };
            let (_, last) = self.contents.entry(sha256.clone()).or_insert_with(|| (size, at.clone()));
            *last = at.max(std::mem::take(last));
            self.by_file.insert(told.id.to_string(), sha256);
        } else if told.entity == Erasure::ENTITY {
            if text("entity").as_deref() == Some(EvidenceFile::ENTITY)
                && after
                    .get("fields")
                    .and_then(Value::as_array)
                    .is_some_and(|all| all.iter().any(|f| f == EvidenceFile::NAME))
            {
                self.asked.extend(text("entityId").map(|id| (told.id, id)));
            }
            self.erased.extend(text("confirmedAt").map(|at| (told.id, at)));
        }
    }

    /// What must lie in the store, and how large it is: what was left anywhere since it was last erased.
    fn contents(&self) -> BTreeMap<&str, i64> {
        let mut gone: BTreeMap<&str, &str> = BTreeMap::new();
        for (erasure, at) in &self.erased {
            let of = self.asked.get(erasure).and_then(|file| self.by_file.get(file));
            if let Some(sha256) = of {
                let last = gone.entry(sha256).or_default();
                *last = (*last).max(at);
            }
        }
        let there = self
            .contents
            .iter()
            .filter(|(sha256, (_, left))| gone.get(sha256.as_str()).is_none_or(|at| left.as_str() > *at));
        there.map(|(sha256, (size, _))| (sha256.as_str(), *size)).collect()
    }
}

/// Where the tree of a log has come to.
pub(super) struct Grown {
    pub(super) log: Id,
    pub(super) tree: Frontier,
    /// The nodes that are kept of it.
    pub(super) nodes: BTreeMap<(i32, i64), Hash>,
    pub(super) last: Option<Timestamp>,
    pub(super) checkpoints: Checkpoints,
    /// Those from elsewhere, with their epochs.
    pub(super) kept: Vec<(i64, Checkpoint)>,
    /// The restores that the log tells of, in its order.
    pub(super) restores: Vec<Restored>,
}

/// A restore, as the first event of its epoch tells of it.
pub(super) struct Restored {
    epoch: i64,
    /// The position of the event that tells of it: what came after that in the epochs before is lost.
    n: i64,
    time: Timestamp,
    /// Epoch and checkpoint that were the newest known outside.
    known: Option<(i64, Checkpoint)>,
}

impl Grown {
    /// What an event says of a restore of this log, if that is what it tells.
    fn restored(&mut self, n: i64, time: Timestamp, told: &Opened) -> Held<()> {
        let change = &told.event.change;
        let Some(after) = change.after.as_ref().filter(|_| change.entity == Restore::ENTITY && change.before.is_none())
        else {
            return Ok(());
        };
        // Its texts stand there as what they are known by, which is text too.
        let told: Option<Restore> = serde_json::from_value(Value::Object(after.clone())).ok();
        let Some(restore) = told.filter(|restore| restore.log_id == self.log) else {
            return Err("the restore that it tells of is another log's, or none".into());
        };
        let epoch = restore.epoch;
        if restore.size != n || epoch <= self.checkpoints.epoch {
            return Err("the restore that it tells of did not begin here".into());
        }
        let known = restore.known_checkpoint.map(|note| {
            let note = Checkpoint::read(&note)?;
            let (log, before) = note.of()?;
            (log == self.log.to_string() && before < epoch).then_some((before, note))
        });
        let known = match known {
            Some(None) => return Err("the checkpoint that the restore names is not one of this log".into()),
            other => other.flatten(),
        };
        self.checkpoints.epoch = epoch;
        self.restores.push(Restored { epoch, n, time, known });
        Ok(())
    }

    /// Holds the checkpoints from elsewhere that are of this very tree.
    fn hold_kept(&mut self) -> Held<()> {
        let (size, epoch) = (self.tree.size(), self.checkpoints.epoch);
        for (of, checkpoint) in self.kept.extract_if(.., |(of, c)| c.size == size && *of >= epoch) {
            if of > epoch {
                return Err("the checkpoint from elsewhere is of a later epoch than the log is in here".into());
            }
            if checkpoint.root != self.tree.root() {
                return Err("up to here the log is not what the checkpoint from elsewhere says".into());
            }
        }
        Ok(())
    }

    /// What was lost by the restores, of what is known. What is left of the checkpoints from elsewhere must be of that.
    pub(super) fn lost(&self) -> Held<Vec<String>> {
        let mut told = Vec::new();
        let mut before = 0;
        for restore in &self.restores {
            let here = std::mem::replace(&mut before, restore.epoch);
            let lost = match &restore.known {
                // An epoch that this log has never been in: where it began, nobody knows any more.
                Some((epoch, known)) if *epoch != here => {
                    format!("all of epoch {epoch} up to event {} is lost", known.size.saturating_sub(1))
                }
                Some((epoch, known)) if i64::try_from(known.size).is_ok_and(|size| size > restore.n) => {
                    format!("events {} to {} of epoch {epoch} are lost", restore.n, known.size - 1)
                }
                _ => "no event is known to be lost".to_owned(),
            };
            told.push(format!(
                "log {}: restored from a backup at {}, event {} begins epoch {}; {lost}",
                self.log, restore.time, restore.n, restore.epoch
            ));
        }
        for (epoch, checkpoint) in &self.kept {
            let Some(restore) = self.restores.iter().find(|restore| restore.epoch > *epoch) else {
                let what = if *epoch > self.checkpoints.epoch {
                    format!(
                        "the log is in epoch {}, and the checkpoint from elsewhere of epoch {epoch}",
                        self.checkpoints.epoch
                    )
                } else {
                    format!(
                        "the log has {} events, and the checkpoint from elsewhere counts {}",
                        self.tree.size(),
                        checkpoint.size
                    )
                };
                return Err(what.into());
            };
            let known = restore.known.as_ref();
            if known.is_some_and(|(of, known)| {
                of == epoch && known.size == checkpoint.size && known.root != checkpoint.root
            }) {
                return Err(format!(
                    "the restore at event {} names another tree of {} events than the checkpoint from elsewhere",
                    restore.n, checkpoint.size
                )
                .into());
            }
            let more = known.is_none_or(|(of, known)| (*of, known.size) < (*epoch, checkpoint.size));
            let more = if more { ", and the restore did not know of it" } else { "" };
            told.push(format!(
                "log {}: the checkpoint from elsewhere of {} events, epoch {epoch}, is of what was lost at the restore \
                 at event {}{more}",
                self.log, checkpoint.size, restore.n
            ));
        }
        Ok(told)
    }
}

impl Fold {
    pub(super) fn new(keys: Vec<PublicKey>, kept: HashMap<String, Vec<(i64, Checkpoint)>>) -> Held<Self> {
        Ok(Self {
            keys,
            kept,
            replay: Replay::new(Temporary::new()?),
            files: BTreeMap::new(),
            left: Left::default(),
            unopened: BTreeMap::new(),
            erased: BTreeSet::new(),
            nodes: 0,
            counts: Counts::default(),
        })
    }

    /// The next piece of a log.
    pub(super) fn piece(&mut self, at: &mut Grown, piece: OpenedPiece) -> Held<()> {
        at.checkpoints.next.extend(piece.checkpoints);
        for event in piece.events {
            let n = i64::try_from(at.tree.size()).map_err(Error::internal)?;
            let (log, place) = (at.log, event.n);
            if place != n {
                let what = format!("it is missing, and {place} comes next");
                return Err(Damage { log: Some(log), n: Some(n), what });
            }
            let here = |damage: Damage| Damage { log: Some(log), n: Some(place), what: damage.what };
            if at.last.is_some_and(|last| event.time < last) {
                return Err(here("its time is before that of the event before it".into()));
            }
            let nodes = &mut at.nodes;
            at.tree.push(event.leaf, |level, position, root| {
                if logs::is_kept(level) {
                    nodes.insert((level as i32, position as i64), *root);
                }
            });
            let time = event.time;
            let told = event.told.and_then(|opened| {
                at.restored(n, time, &opened)?;
                self.tell(opened)
            });
            told.map_err(here)?;
            self.counts.events += 1;
            at.checkpoints.hold(&self.keys, &at.tree)?;
            at.hold_kept().map_err(here)?;
            at.last = Some(event.time);
        }
        Ok(())
    }

    /// What an event changes, and the files it names.
    fn tell(&mut self, opened: Opened) -> Held<()> {
        self.counts.commitments += opened.commitments;
        self.unopened.extend(opened.unopened);
        for told in opened.event.into_changes() {
            self.named_files(&told);
            self.left.tell(&told);
            self.replay.tell(told)?;
        }
        Ok(())
    }

    /// What the erasures tell of is missing, and nothing else.
    pub(super) fn erasures(&mut self) -> Held<()> {
        for hash in &self.erased {
            if self.unopened.remove(hash).is_none() {
                return Err(format!("the commitment {hash} was erased, and is opened all the same").into());
            }
            self.counts.erased += 1;
        }
        let first = self.unopened.values().min_by_key(|damage| (damage.log, damage.n));
        first.map_or(Ok(()), |damage| Err(damage.clone()))
    }

    fn named_files(&mut self, told: &Told) {
        if told.entity == Erasure::ENTITY {
            let hashes = told.after.iter().filter_map(|fields| fields.get("commitments")?.as_array()).flatten();
            self.erased.extend(hashes.filter_map(Value::as_str).map(str::to_owned));
        }
        for (name, value) in told.after.iter().flatten() {
            if let Some(hash) = value.as_str().filter(|_| name.ends_with("Sha256")) {
                self.files.insert(hash.to_owned(), sealed_type(name));
            }
        }
    }

    /// What must lie in the store of files, by its hash, and how large it is.
    pub(super) fn contents(&self) -> BTreeMap<&str, i64> {
        self.left.contents()
    }

    /// The rows of a table, as they are read, are what the history leads to, each of them and no others.
    pub(super) fn table<T: Stored>(&mut self, pieces: Receiver<Held<Vec<T>>>) -> Held<()> {
        let mut expected = self.replay.states.all(T::ENTITY);
        for piece in pieces {
            for row in piece? {
                match self.replay.states.next(&mut expected)? {
                    Some((id, state)) if id == row.id() => {
                        same(&row, &state).map_err(|what| format!("{} {id}: {what}", T::ENTITY))?;
                    }
                    Some((id, _)) if id < row.id() => {
                        return Err(format!("{} {id} is gone, and no event tells why", T::ENTITY).into());
                    }
                    _ => return Err(format!("{} {} is not in the history", T::ENTITY, row.id()).into()),
                }
                self.counts.things += 1;
            }
        }
        match self.replay.states.next(&mut expected)? {
            Some((id, _)) => Err(format!("{} {id} is gone, and no event tells why", T::ENTITY).into()),
            None => Ok(()),
        }
    }
}

/// What kind of file lies under the hash that a field with this name tells of.
fn sealed_type(field: &str) -> &'static str {
    match field {
        "documentSha256" | "publicDocumentSha256" => Format::Pdf.media_type(),
        "docxSha256" | "publicDocxSha256" => Format::Docx.media_type(),
        "xlsxSha256" | "publicXlsxSha256" => Format::Xlsx.media_type(),
        _ => Format::Json.media_type(),
    }
}

/// Whether a row is what its history has made of it; what is not, otherwise.
fn same<T: Stored>(row: &T, state: &State) -> Result<(), String> {
    if state.version != row.version() {
        return Err(format!("it has version {}, and its history {}", row.version(), state.version));
    }
    let Ok(Value::Object(fields)) = serde_json::to_value(row) else { return Err("it cannot be read".into()) };
    let empty = Map::new();
    let told = state.fields.as_ref().unwrap_or(&empty);
    for name in fields.keys().chain(told.keys().filter(|name| !fields.contains_key(*name))) {
        if derived(T::ENTITY).contains(&name.as_str()) {
            continue;
        }
        let value = fields.get(name).unwrap_or(&Value::Null);
        let expected = told.get(name).unwrap_or(&Value::Null);
        let is = if expected.as_str().is_some_and(|text| text.starts_with('\u{0}')) {
            let text = canonical(value).map_err(|_| format!("{name} cannot be read"))?;
            *expected == hidden(&sha256_hex(&text))
        } else {
            expected == value
        };
        if !is {
            return Err(format!("{name} is not what its history says"));
        }
    }
    Ok(())
}
