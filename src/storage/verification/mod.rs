//! `riskregister verify`: a register held against its own history, without trusting who runs it.
//!
//! Reads one snapshot, in order and in pieces, whichever the database. What the events lead to is collected in a
//! temporary file, so that a long history needs no more memory than a short one. `docs/evidence.md` lists what is held.
//!
//! Reading, opening and folding are threads, with a few pieces waiting between them. Whatever the threads do, the pieces
//! are folded in order, and what cannot be read or opened is told in its turn: the first bad position is always the same.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::{Map, Value};

use riskregister_document::Format;

use super::connection::Address;
use super::finality;
use super::history::{canonical, sha256_hex};
use super::logs::{self, CheckpointRow, EventRow, Head, Opening};
use super::records::*;
use super::replay::{Event, Replay, State, States, Told};
use super::schema;
use super::{AnyConnection, Id, Reading, Stored, Timestamp};
use crate::domain::words::OrganisationKind;
use crate::error::Error;
use crate::evidence::checkpoint::{Checkpoint, PublicKey, origin};
use crate::evidence::receipt::{SALT_BYTES, commitment};
use crate::evidence::tree::{self, Frontier, Hash};

/// Tables whose rows have no history of their own: what runs the service, what follows from other tables, and the
/// history itself, which is held in other ways.
pub const WITHOUT_HISTORY: &[&str] = &[
    // What runs the service.
    "__diesel_schema_migrations",
    "calendar_feeds",
    "credentials",
    "idempotency",
    "mails",
    "register",
    "reminder_settings",
    "service_secrets",
    "sessions",
    "sign_in_attempts",
    "webhook_cursors",
    "webhook_deliveries",
    "webhook_secrets",
    "webhook_states",
    "years",
    // Follows from the risks of all years, and is held to their history.
    "risk_references",
    // The history.
    "checkpoints",
    "events",
    "heads",
    "openings",
    "sealed_files",
    "tree_nodes",
];

/// Columns of the tables that are held about which no event tells, and why nothing is lost by it.
pub const WITHOUT_WITNESS: &[(&str, &str)] = &[
    // How the register began. Decides nothing afterwards, but for whether `demo --fresh` may throw it away.
    ("register", "kind"),
    ("register", "demo"),
    ("register", "created_at"),
    // Means nothing while the log is empty: the first event does not ask for it. Held from then on.
    ("heads", "last_time"),
];

/// Calls a macro with every record that has a history: the one list of them.
macro_rules! each_stored {
    ($call:ident) => {
        $call!(
            Organisation,
            User,
            Grant,
            Goal,
            Indicator,
            ScoringPolicy,
            PolicyVersion,
            MandatoryRisk,
            StandingText,
            Plan,
            PlanSection,
            Revision,
            Risk,
            Assessment,
            Control,
            Action,
            SigningKey,
            ServiceAccount,
            ServiceCredential,
            Webhook,
            Erasure,
            Deadline,
            PlanPeriod,
            ControlReport,
            ActionReport,
            Report,
            Deficiency,
            PlanDeficiency,
            Recommendation,
            RecommendationEntry,
            AuditOpinion,
            SelfAssessment,
            Outcome
        )
    };
}
pub(super) use each_stored;

/// Tables whose rows are what their history leads to.
pub fn tables_with_history() -> Vec<&'static str> {
    macro_rules! names {
        ($($record:ident),*) => { vec![$($record::TABLE),*] };
    }
    each_stored!(names)
}

/// Fields that follow from others and so may change without a change of their own.
fn derived(entity: &str) -> &'static [&'static str] {
    // From its parents and their kinds; held by `tree_of_organisations`.
    if entity == Organisation::ENTITY { &["bodyId"] } else { &[] }
}

/// What was held, when everything holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub logs: u64,
    pub events: u64,
    pub checkpoints: u64,
    pub commitments: u64,
    /// Commitments whose texts have been erased.
    pub erased: u64,
    pub files: u64,
    pub things: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} logs, {} events, {} checkpoints, {} commitments ({} erased), {} things, {} sealed files",
            self.logs, self.events, self.checkpoints, self.commitments, self.erased, self.things, self.files
        )
    }
}

/// The first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The log, where one is concerned.
    pub log: Option<Id>,
    /// The position in the log.
    pub n: Option<i64>,
    pub what: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(log) = self.log {
            write!(f, "log {log}")?;
            if let Some(n) = self.n {
                write!(f, ", event {n}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.what)
    }
}

impl From<String> for Damage {
    fn from(what: String) -> Self {
        Self { log: None, n: None, what }
    }
}
impl From<&str> for Damage {
    fn from(what: &str) -> Self {
        what.to_owned().into()
    }
}
impl From<diesel::result::Error> for Damage {
    fn from(fault: diesel::result::Error) -> Self {
        format!("the database cannot be read: {fault}").into()
    }
}
impl From<Error> for Damage {
    fn from(fault: Error) -> Self {
        match fault {
            Error::Internal(what) => what.into(),
            other => format!("the database cannot be read: {other:?}").into(),
        }
    }
}

type Held<T> = Result<T, Damage>;

/// What a register is held against besides itself.
#[derive(Debug, Clone, Default)]
pub struct Against {
    /// The keys that may have signed; those that the register names when there are none.
    pub keys: Vec<PublicKey>,
    /// Checkpoints that were kept elsewhere.
    pub checkpoints: Vec<Checkpoint>,
}

/// Holds a register against its history.
pub fn verify(address: &Address, against: &Against) -> Held<Counts> {
    let mut c = connect(address)?;
    thread::scope(|s| {
        // The longest part of an SQLite file that needs nothing of the rest.
        let whole = s.spawn(|| is_whole(&mut connect(address)?));
        let begin = match &c {
            AnyConnection::Sqlite(_) => "BEGIN DEFERRED",
            AnyConnection::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        c.batch_execute(begin)?;
        let held = Verification::new(Reading { c: &mut c }, against).and_then(Verification::run);
        let held = held.and_then(|counts| match finality::gap(&mut c)? {
            Some(gap) => Err(gap.into()),
            None => Ok(counts),
        });
        // Nothing was written.
        let _ = c.batch_execute("ROLLBACK");
        joined(whole)?;
        held
    })
}

fn connect(address: &Address) -> Held<AnyConnection> {
    Ok(address.connect_to_read().map_err(|fault| format!("the database cannot be opened: {fault}"))?)
}

/// As [`verify`], what a connection sees: in the transaction that it is in. What keeps the application from changing
/// history is not held, since nobody can try to change it while that is there.
pub fn verify_on(c: &mut AnyConnection, against: &Against) -> Held<Counts> {
    is_whole(c)?;
    Verification::new(Reading { c }, against)?.run()
}

/// Waits for a thread. One that has fallen has said why, and takes this one along.
fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|fallen| std::panic::resume_unwind(fallen))
}

/// An SQLite file is whole: its pages, its indexes, its own rules of what stands in a column.
fn is_whole(c: &mut AnyConnection) -> Held<()> {
    let AnyConnection::Sqlite(c) = c else { return Ok(()) };
    // Each row is looked up in each index.
    c.batch_execute("PRAGMA cache_size = -32768")?;
    let whole: Vec<Line> =
        diesel::sql_query("SELECT integrity_check AS line FROM pragma_integrity_check LIMIT 1").load(c)?;
    match whole.iter().find(|found| found.line != "ok") {
        Some(fault) => Err(format!("the file is broken: {}", fault.line).into()),
        None => Ok(()),
    }
}

/// How many rows are read at a time.
const PIECE: i64 = 1000;
/// How many events are: some megabytes once they are opened, of which several pieces are held at a time.
const EVENTS: i64 = 200;
/// How many pieces may wait between two threads.
const WAITING: usize = 2;

struct Verification<'c> {
    r: Reading<'c>,
    fold: Fold,
}

/// What the history comes to, as far as it has been read.
struct Fold {
    keys: Vec<PublicKey>,
    /// Checkpoints from elsewhere, by log.
    kept: HashMap<String, Vec<Checkpoint>>,
    replay: Replay<Temporary>,
    /// Hashes of files that the history names, and of which type they are.
    files: BTreeMap<String, &'static str>,
    /// How many nodes of trees were held.
    nodes: u64,
    counts: Counts,
    /// Commitments without an opening, and where they stand.
    unopened: BTreeMap<String, Damage>,
    /// Commitments whose openings the history says were erased.
    erased: BTreeSet<String>,
}

/// Rows of one log that belong together, as they were read.
struct Piece {
    events: Vec<EventRow>,
    /// What opens their texts, in their order.
    openings: Vec<Opening>,
    /// Those whose turn comes no later than the last of these events.
    checkpoints: Vec<CheckpointRow>,
}

/// A piece with its events hashed, read and opened, up to the first that cannot be.
struct OpenedPiece {
    events: Vec<OpenedEvent>,
    checkpoints: Vec<CheckpointRow>,
}

struct OpenedEvent {
    n: i64,
    time: Timestamp,
    leaf: Hash,
    told: Held<Opened>,
}

/// What an event says, its commitments opened.
struct Opened {
    event: Event,
    /// How many commitments were opened.
    commitments: u64,
    /// Those that nothing opens, and where they stand.
    unopened: Vec<(String, Damage)>,
}

/// Where the tree of a log has come to.
struct Grown {
    log: Id,
    tree: Frontier,
    /// The nodes that are kept of it.
    nodes: BTreeMap<(i32, i64), Hash>,
    last: Option<Timestamp>,
    checkpoints: Checkpoints,
    /// Those from elsewhere.
    kept: Vec<Checkpoint>,
}

impl<'c> Verification<'c> {
    fn new(mut r: Reading<'c>, against: &Against) -> Held<Self> {
        let mut keys = against.keys.clone();
        if keys.is_empty() {
            for known in r.signing_keys()? {
                keys.push(
                    PublicKey::read(&known.public_key).ok_or_else(|| format!("signing key {}: no key", known.id))?,
                );
            }
        }
        let mut kept: HashMap<String, Vec<Checkpoint>> = HashMap::new();
        for checkpoint in &against.checkpoints {
            if !checkpoint.signed_by(&keys) {
                return Err(
                    format!("the checkpoint of {} is not signed by a key of the register", checkpoint.origin).into()
                );
            }
            kept.entry(checkpoint.origin.clone()).or_default().push(checkpoint.clone());
        }
        let fold = Fold {
            keys,
            kept,
            replay: Replay::new(Temporary::new()?),
            files: BTreeMap::new(),
            unopened: BTreeMap::new(),
            erased: BTreeSet::new(),
            nodes: 0,
            counts: Counts::default(),
        };
        Ok(Self { r, fold })
    }

    fn run(mut self) -> Held<Counts> {
        self.values()?;
        for head in self.r.heads()? {
            self.log(&head).map_err(|damage| Damage { log: damage.log.or(Some(head.log_id)), ..damage })?;
        }
        if let Some(origin) = self.fold.kept.keys().next() {
            return Err(format!("there is no log {origin}, which the checkpoint is of").into());
        }
        self.fold.erasures()?;
        self.nothing_beside()?;
        if let Some(told) = self.fold.replay.left_over() {
            return Err(format!(
                "the history of {} {} lacks what came before version {}",
                told.entity, told.id, told.version
            )
            .into());
        }
        self.fold.replay.states.finish()?;
        macro_rules! hold {
            ($($record:ident),*) => { $(self.table::<$record>()?;)* };
        }
        each_stored!(hold);
        self.no_others()?;
        self.tree_of_organisations()?;
        self.logs_of_bodies()?;
        self.references()?;
        self.sealed_files()?;
        Ok(self.fold.counts)
    }

    /// The values of an SQLite file are written as the register writes them: what the program would read as the same
    /// (2^32 more in a small number, a blank in a date) is not the same to the database's indexes.
    fn values(&mut self) -> Held<()> {
        let AnyConnection::Sqlite(c) = &mut *self.r.c else { return Ok(()) };
        let held = tables_with_history();
        let columns: Vec<ColumnOf> = diesel::sql_query(
            "SELECT m.name AS of, p.name, p.type AS kind, instr(m.sql, 'length(' || p.name || ') = 10') > 0 AS is_date \
             FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.cid",
        )
        .load(c)?;
        let mut conditions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ColumnOf { of, name, kind, is_date } in &columns {
            let small = match of.as_str() {
                "events" => name == "schema_version",
                "tree_nodes" => name == "level",
                table => held.contains(&table) && name != "version",
            };
            let odd = if kind == "INTEGER" && small {
                format!("\"{name}\" NOT BETWEEN -2147483648 AND 2147483647")
            } else if *is_date && held.contains(&of.as_str()) {
                format!("(\"{name}\" IS NOT NULL AND \"{name}\" IS NOT date(\"{name}\"))")
            } else {
                continue;
            };
            conditions.entry(of).or_default().push(odd);
        }
        for (table, odd) in conditions {
            let sql = format!("SELECT '{table}' AS line FROM {table} WHERE {} LIMIT 1", odd.join(" OR "));
            if !diesel::sql_query(sql).load::<Line>(c)?.is_empty() {
                return Err(format!("{table}: a number or a date is not one that the register writes").into());
            }
        }
        Ok(())
    }

    /// One log: its tree, head, checkpoints, columns and commitments, and what its events lead to.
    fn log(&mut self, head: &Head) -> Held<()> {
        let log = head.log_id;
        let mut grown = Grown {
            log,
            tree: Frontier::default(),
            nodes: BTreeMap::new(),
            last: None,
            checkpoints: Checkpoints::default(),
            kept: self.fold.kept.remove(&origin(log)).unwrap_or_default(),
        };
        let (read, to_open) = sync_channel(WAITING);
        let (opened, to_fold) = sync_channel(WAITING);
        let (r, fold, at) = (&mut self.r, &mut self.fold, &mut grown);
        thread::scope(|s| {
            s.spawn(move || open(to_open, &opened));
            let folded = s.spawn(move || -> Held<()> {
                for piece in to_fold {
                    fold.piece(at, piece?)?;
                }
                Ok(())
            });
            // The connection stays with the thread that it was given to.
            read_log(r, log, &read);
            drop(read);
            joined(folded)
        })?;
        let Grown { tree, nodes, last, checkpoints, kept, .. } = grown;
        if head.size != i64::try_from(tree.size()).map_err(Error::internal)? {
            return Err(format!("the head counts {} events, and there are {}", head.size, tree.size()).into());
        }
        if head.frontier != tree.bytes() {
            return Err("the head's tree is not that of the events".into());
        }
        if last.is_some_and(|last| last != head.last_time) {
            return Err("the head's time is not that of the last event".into());
        }
        if let Some(checkpoint) = kept.iter().find(|c| c.size > tree.size()) {
            return Err(format!(
                "the log has {} events, and the checkpoint from elsewhere counts {}",
                tree.size(),
                checkpoint.size
            )
            .into());
        }
        self.fold.counts.checkpoints += checkpoints.end(&mut self.r, head)?;
        self.nodes(log, nodes)?;
        self.fold.counts.logs += 1;
        Ok(())
    }

    /// The stored nodes of a log's tree.
    fn nodes(&mut self, log: Id, mut expected: BTreeMap<(i32, i64), Hash>) -> Held<()> {
        for node in self.r.tree_nodes(log)? {
            let (level, position) = (node.level, node.position);
            if expected.remove(&(level, position)).is_none_or(|root| root[..] != node.hash) {
                return Err(format!("node {position} of level {level} is not that of the events").into());
            }
            self.fold.nodes += 1;
        }
        match expected.keys().next() {
            Some((level, position)) => Err(format!("node {position} of level {level} is missing").into()),
            None => Ok(()),
        }
    }

    /// No history but that of the logs.
    fn nothing_beside(&mut self) -> Held<()> {
        let beside = |what: &str, found: i64, held: u64| -> Held<()> {
            match i64::try_from(held).is_ok_and(|held| held == found) {
                true => Ok(()),
                false => Err(format!("there are {found} {what}, and {held} in logs that have a head").into()),
            }
        };
        let (events, openings, checkpoints, nodes) = self.r.history_counts()?;
        beside("nodes of trees", nodes, self.fold.nodes)?;
        beside("events", events, self.fold.counts.events)?;
        beside("openings", openings, self.fold.counts.commitments)?;
        beside("checkpoints", checkpoints, self.fold.counts.checkpoints)
    }

    /// The rows of a table are what the history leads to, each of them and no others.
    fn table<T: Stored>(&mut self) -> Held<()> {
        let (read, to_hold) = sync_channel(WAITING);
        let (r, fold) = (&mut self.r, &mut self.fold);
        thread::scope(|s| {
            let held = s.spawn(move || fold.table::<T>(to_hold));
            let mut after = None;
            loop {
                let rows = T::after(r.c, after, PIECE).map_err(|fault| format!("{}: {fault}", T::TABLE).into());
                after = rows.as_ref().ok().and_then(|rows| rows.last().map(T::id));
                if read.send(rows).is_err() || after.is_none() {
                    break;
                }
            }
            drop(read);
            joined(held)
        })
    }

    /// The history tells of no kind of thing that has no table.
    fn no_others(&mut self) -> Held<()> {
        macro_rules! names {
            ($($record:ident),*) => { [$($record::ENTITY),*] };
        }
        let known = each_stored!(names);
        match self.fold.replay.states.entities()?.into_iter().find(|entity| !known.contains(&entity.as_str())) {
            Some(entity) => Err(format!("the history tells of {entity:?}, which the register does not have").into()),
            None => Ok(()),
        }
    }

    /// Path and body of each organisation follow from its parents.
    fn tree_of_organisations(&mut self) -> Held<()> {
        let mut all: BTreeMap<Id, Organisation> = BTreeMap::new();
        let mut after = None;
        loop {
            let rows = Organisation::after(self.r.c, after, PIECE)?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            all.extend(rows.into_iter().map(|o| (o.id, o)));
        }
        let root = self.r.root()?.ok_or("the register has no root")?;
        for organisation in all.values() {
            let mut above = vec![organisation];
            while let Some(parent) = above[above.len() - 1].parent_id {
                let parent = all.get(&parent).filter(|_| above.len() <= all.len());
                above.push(parent.ok_or_else(|| format!("organisation {} hangs in the air", organisation.id))?);
            }
            let path: String = above.iter().rev().map(|o| format!("{}/", o.id)).collect();
            let body = above.iter().find(|o| o.kind.is_body()).map(|o| o.id);
            if organisation.path != path || organisation.body_id != body || above[above.len() - 1].id != root {
                return Err(format!(
                    "organisation {}: its path or body does not follow from its parents",
                    organisation.id
                )
                .into());
            }
        }
        Ok(())
    }

    /// The region has a log, and each board and company that is one or ever was; nobody else.
    fn logs_of_bodies(&mut self) -> Held<()> {
        let logs: BTreeSet<Id> = self.r.heads()?.into_iter().map(|head| head.log_id).collect();
        let bodies = &self.fold.replay.states.bodies;
        if let Some(body) = bodies.difference(&logs).next() {
            return Err(format!("organisation {body}: its log is gone").into());
        }
        match logs.difference(bodies).next() {
            Some(log) => Err(Damage { log: Some(*log), n: None, what: "this is no log of a body".into() }),
            None => Ok(()),
        }
    }

    /// The index of references is that of the risks, in each body: what a risk has is there, and what is there some risk
    /// has had. (Whose risk was deleted while the same one stood in another body's plan stays taken.)
    fn references(&mut self) -> Held<()> {
        use schema::{plans, risk_references, risks};
        let missing: Option<Id> = risks::table
            .inner_join(plans::table.on(plans::id.eq(risks::plan_id)))
            .left_join(
                risk_references::table.on(risk_references::body_id
                    .eq(plans::organisation_id)
                    .and(risk_references::reference.eq(risks::reference))
                    .and(risk_references::identity_id.eq(risks::identity_id))),
            )
            .filter(risk_references::identity_id.is_null())
            .select(risks::id)
            .first(self.r.c)
            .optional()?;
        if let Some(risk) = missing {
            return Err(format!("risk {risk}: its reference is not kept for it").into());
        }
        let mut after: Option<(Id, String)> = None;
        loop {
            let mut query = risk_references::table
                .order((risk_references::body_id.asc(), risk_references::reference.asc()))
                .limit(PIECE)
                .into_boxed();
            if let Some((body, reference)) = after {
                query = query.filter(
                    risk_references::body_id
                        .gt(body)
                        .or(risk_references::body_id.eq(body).and(risk_references::reference.gt(reference))),
                );
            }
            let rows: Vec<(Id, String, Id)> = query.load(self.r.c)?;
            let Some((body, reference, _)) = rows.last() else { return Ok(()) };
            after = Some((*body, reference.clone()));
            for (body, reference, identity) in rows {
                if !self.fold.replay.states.had_reference(body, &reference, identity)? {
                    return Err(format!("the reference {reference:?} is kept for what never had it").into());
                }
            }
        }
    }

    /// Each sealed file has the hash that it lies under, and is named by the history.
    fn sealed_files(&mut self) -> Held<()> {
        for (sha256, media_type) in self.r.sealed_names()? {
            let content = self.r.sealed(&sha256)?;
            if sha256_hex(&content) != sha256 {
                return Err(format!("the sealed file {sha256} is not what was sealed").into());
            }
            if self.fold.files.remove(&sha256) != Some(media_type.as_str()) {
                return Err(format!("the history does not tell of the sealed file {sha256} as {media_type}").into());
            }
            self.fold.counts.files += 1;
        }
        match self.fold.files.keys().next() {
            Some(sha256) => Err(format!("the sealed file {sha256} is gone").into()),
            None => Ok(()),
        }
    }
}

/// Reads a log in pieces, until all of it has been read or nobody wants more.
fn read_log(r: &mut Reading, log: Id, read: &SyncSender<Held<Piece>>) {
    let mut from = 0;
    let mut checkpoints = CheckpointsRead::default();
    loop {
        let piece = read_piece(r, log, from, &mut checkpoints);
        let last = piece.as_ref().ok().and_then(|piece| piece.events.last().map(|row| row.n));
        let Some(last) = last.filter(|last| *last >= from) else {
            // Nothing more; or why not, in its turn.
            if piece.is_err() {
                let _ = read.send(piece);
            }
            return;
        };
        from = last.saturating_add(1);
        if read.send(piece).is_err() {
            return;
        }
    }
}

fn read_piece(r: &mut Reading, log: Id, from: i64, checkpoints: &mut CheckpointsRead) -> Held<Piece> {
    let events: Vec<EventRow> = r.events_from(log, from, EVENTS)?;
    let Some(newest) = events.last().map(|row| row.n) else {
        return Ok(Piece { events, openings: Vec::new(), checkpoints: Vec::new() });
    };
    let openings = r.openings(log, from, newest)?;
    let checkpoints = checkpoints.until(r, log, newest.saturating_add(1))?;
    Ok(Piece { events, openings, checkpoints })
}

/// Opens pieces as they come.
fn open(pieces: Receiver<Held<Piece>>, opened: &SyncSender<Held<OpenedPiece>>) {
    for piece in pieces {
        if opened.send(piece.map(open_piece)).is_err() {
            return;
        }
    }
}

fn open_piece(piece: Piece) -> OpenedPiece {
    let mut openings = piece.openings.into_iter().peekable();
    let mut events = Vec::with_capacity(piece.events.len());
    for row in piece.events {
        let mut own = Vec::new();
        while let Some(opening) = openings.next_if(|opening| opening.n <= row.n) {
            own.push(opening);
        }
        let event = OpenedEvent { n: row.n, time: row.time, leaf: tree::leaf(&row.body), told: open_event(&row, own) };
        let bad = event.told.is_err();
        events.push(event);
        if bad {
            break;
        }
    }
    OpenedPiece { events, checkpoints: piece.checkpoints }
}

/// One event: its columns and its commitments.
fn open_event(row: &EventRow, mut openings: Vec<Opening>) -> Held<Opened> {
    let mut event = Event::read(&row.body)?;
    let columns = [
        ("log_id", event.log == row.log_id),
        ("n", event.n == row.n),
        ("time", event.time == row.time.to_string()),
        ("actor_kind", event.actor.kind == row.actor_kind),
        ("actor_id", event.actor.id == row.actor_id),
        ("kind", event.kind == row.kind),
        ("entity", event.change.entity == row.entity),
        ("entity_id", event.change.id == row.entity_id),
        ("organisation_id", event.organisation_id == row.organisation_id),
        ("schema_version", event.schema == row.schema_version),
    ];
    if let Some((column, _)) = columns.iter().find(|(_, same)| !same) {
        return Err(format!("the column {column} says something else than the event").into());
    }
    let (mut commitments, mut unopened) = (0, Vec::new());
    event.open(|pointer, id, hash| {
        let Some(found) = openings.iter().position(|opening| opening.pointer == pointer && opening.n == row.n) else {
            // An erasure may tell of it, in this log or another.
            let what = format!("the opening of {pointer} is missing, and no erasure tells of it");
            unopened.push((hash.to_owned(), Damage { log: Some(row.log_id), n: Some(row.n), what }));
            return Ok(hidden("erased"));
        };
        let opening = openings.swap_remove(found);
        // Without the length a byte could go over from the value to the salt.
        let whole = opening.salt.len() == SALT_BYTES;
        if !whole || opening.commitment != hash || commitment(&opening.salt, &opening.value) != hash {
            return Err(format!("the opening of {pointer} does not open the commitment").into());
        }
        if opening.entity_id != id {
            return Err(format!("the opening of {pointer} names another thing than the event").into());
        }
        commitments += 1;
        Ok::<_, Damage>(hidden(&sha256_hex(opening.value.as_bytes())))
    })?;
    match openings.iter().map(|stray| &stray.pointer).min() {
        Some(pointer) => Err(format!("the opening at {pointer} opens nothing").into()),
        None => Ok(Opened { event, commitments, unopened }),
    }
}

impl Fold {
    /// The next piece of a log.
    fn piece(&mut self, at: &mut Grown, piece: OpenedPiece) -> Held<()> {
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
            event.told.and_then(|opened| self.tell(opened)).map_err(here)?;
            self.counts.events += 1;
            at.checkpoints.hold(&self.keys, &at.tree)?;
            for checkpoint in at.kept.iter().filter(|c| c.size == at.tree.size()) {
                if checkpoint.root != at.tree.root() {
                    return Err(here("up to here the log is not what the checkpoint from elsewhere says".into()));
                }
            }
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
            self.replay.tell(told)?;
        }
        Ok(())
    }

    /// What the erasures tell of is missing, and nothing else.
    fn erasures(&mut self) -> Held<()> {
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

    /// As [`Verification::table`], the rows as they are read.
    fn table<T: Stored>(&mut self, pieces: Receiver<Held<Vec<T>>>) -> Held<()> {
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

/// What stands in a state for a text: enough to know it again.
fn hidden(sha256: &str) -> Value {
    Value::String(format!("\u{0}{sha256}"))
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

/// How far a log's checkpoints have been read.
#[derive(Default)]
struct CheckpointsRead {
    next: VecDeque<CheckpointRow>,
    /// The number of the last that was read.
    read: i64,
    ended: bool,
}

impl CheckpointsRead {
    /// The next ones, up to the first of a larger size.
    fn until(&mut self, r: &mut Reading, log: Id, size: i64) -> Held<Vec<CheckpointRow>> {
        let mut found = Vec::new();
        loop {
            if self.next.is_empty() && !self.ended {
                self.next = r.checkpoints_after(log, self.read, PIECE)?.into();
                self.ended = self.next.is_empty();
                self.read = self.next.back().map_or(self.read, |last| last.number);
            }
            match self.next.pop_front_if(|row| row.size <= size) {
                Some(row) => found.push(row),
                None => return Ok(found),
            }
        }
    }
}

/// A log's checkpoints, in step with its tree.
#[derive(Default)]
struct Checkpoints {
    /// Those whose turn comes.
    next: VecDeque<CheckpointRow>,
    /// How many have been held.
    held: i64,
    size: i64,
}

impl Checkpoints {
    /// Holds the checkpoint of this very tree, if there is one.
    fn hold(&mut self, keys: &[PublicKey], tree: &Frontier) -> Held<()> {
        let size = i64::try_from(tree.size()).map_err(Error::internal)?;
        let Some(row) = self.next.front() else { return Ok(()) };
        let at = |what: &str| Damage::from(format!("checkpoint {}: {what}", row.number));
        if row.number != self.held + 1 {
            return Err(at("the one before it is missing"));
        }
        if row.size <= self.size || row.size < size {
            return Err(at("its size does not follow from the one before it"));
        }
        if row.size > size {
            return Ok(());
        }
        let note = Checkpoint::read(&row.note).ok_or_else(|| at("it is not a checkpoint"))?;
        if note.origin != origin(row.log_id) || note.size != tree.size() {
            return Err(at("it speaks of another log or size than its columns"));
        }
        if !note.signed_by(keys) {
            return Err(at("it is not signed by a key of the register"));
        }
        if note.root != tree.root() {
            return Err(at("the events up to it are not those that it was made of"));
        }
        self.size = size;
        self.held += 1;
        self.next.pop_front();
        Ok(())
    }

    /// There is none beyond the log's end, and as many as the head counts.
    fn end(self, r: &mut Reading, head: &Head) -> Held<u64> {
        if let Some(beyond) = r.checkpoints_after(head.log_id, self.held, 1)?.first() {
            return Err(format!(
                "checkpoint {}: it counts {} events, and there are {}",
                beyond.number, beyond.size, head.size
            )
            .into());
        }
        if self.held != head.checkpoints {
            return Err(format!("the head counts {} checkpoints, and there are {}", head.checkpoints, self.held).into());
        }
        Ok(u64::try_from(self.held).map_err(Error::internal)?)
    }
}

diesel::table! {
    folded (entity, id) {
        entity -> Text,
        id -> Text,
        version -> BigInt,
        fields -> Nullable<Text>,
    }
}

diesel::table! {
    named (body, reference, identity) {
        body -> Text,
        reference -> Text,
        identity -> Text,
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

#[derive(QueryableByName)]
struct ColumnOf {
    #[diesel(sql_type = diesel::sql_types::Text)]
    of: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    is_date: bool,
}

/// States in a temporary file, which is gone with the connection.
struct Temporary {
    c: SqliteConnection,
    /// What has a log: the region, and every organisation that was a body at some time.
    bodies: BTreeSet<Id>,
    /// The body of each plan, to know the body of a reference.
    plans: HashMap<Id, Id>,
    /// What was told of last, before it goes to the file: a thing's history often comes at once.
    recent: HashMap<(String, Id), Option<State>>,
}

/// How many states are held in memory: some megabytes.
const RECENT: usize = 1000;

/// How far the states of one kind of thing have been read.
struct Walk {
    entity: &'static str,
    after: String,
    next: VecDeque<(String, i64, Option<String>)>,
}

impl Temporary {
    fn new() -> Held<Self> {
        // An empty name: a file of SQLite's own, removed when it is closed.
        let mut c = SqliteConnection::establish("").map_err(|fault| format!("no temporary file: {fault}"))?;
        c.batch_execute(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -49152; \
             CREATE TABLE folded (entity TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, fields TEXT, \
             PRIMARY KEY (entity, id)) WITHOUT ROWID; \
             CREATE TABLE named (body TEXT NOT NULL, reference TEXT NOT NULL, identity TEXT NOT NULL, \
             PRIMARY KEY (body, reference, identity)) WITHOUT ROWID; BEGIN",
        )?;
        Ok(Self { c, bodies: BTreeSet::new(), plans: HashMap::new(), recent: HashMap::new() })
    }

    /// Whether a risk of the body has had this reference at some time.
    fn had_reference(&mut self, body: Id, reference: &str, identity: Id) -> Held<bool> {
        let key = (body.to_string(), reference.to_owned(), identity.to_string());
        Ok(diesel::select(diesel::dsl::exists(named::table.find(key))).get_result(&mut self.c)?)
    }

    /// Brings the recent states to the file.
    fn flush(&mut self) -> Held<()> {
        for ((entity, id), state) in self.recent.drain() {
            let Some(state) = state else { continue };
            let fields = state.fields.map(|fields| Value::Object(fields).to_string());
            diesel::replace_into(folded::table)
                .values((
                    folded::entity.eq(entity),
                    folded::id.eq(id.to_string()),
                    folded::version.eq(state.version),
                    folded::fields.eq(fields),
                ))
                .execute(&mut self.c)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Held<()> {
        self.flush()?;
        Ok(self.c.batch_execute("COMMIT")?)
    }

    /// The kinds of things that the history tells of.
    fn entities(&mut self) -> Held<Vec<String>> {
        Ok(folded::table.select(folded::entity).distinct().load(&mut self.c)?)
    }

    fn all(&self, entity: &'static str) -> Walk {
        Walk { entity, after: String::new(), next: VecDeque::new() }
    }

    /// The next thing that is there, in the order of ids.
    fn next(&mut self, walk: &mut Walk) -> Held<Option<(Id, State)>> {
        if walk.next.is_empty() {
            walk.next = folded::table
                .filter(folded::entity.eq(walk.entity))
                .filter(folded::id.gt(&walk.after))
                .filter(folded::fields.is_not_null())
                .order(folded::id.asc())
                .limit(PIECE)
                .select((folded::id, folded::version, folded::fields))
                .load::<(String, i64, Option<String>)>(&mut self.c)?
                .into();
        }
        let Some((id, version, fields)) = walk.next.pop_front() else { return Ok(None) };
        let state = State { version, fields: read(fields)? };
        let found = id.parse().map_err(|_| format!("{id:?} is not an id"))?;
        walk.after = id;
        Ok(Some((found, state)))
    }
}

fn read(fields: Option<String>) -> Held<Option<Map<String, Value>>> {
    fields.map(|text| serde_json::from_str(&text)).transpose().map_err(|fault| format!("a state: {fault}").into())
}

impl States for Temporary {
    type Error = Damage;

    const NOTED: &'static [&'static str] = &["parentId", "kind", "organisationId", "planId", "reference", "identityId"];

    fn slot(&mut self, entity: &str, id: Id) -> Held<&mut Option<State>> {
        let key = (entity.to_owned(), id);
        if self.recent.len() >= RECENT && !self.recent.contains_key(&key) {
            self.flush()?;
        }
        match self.recent.entry(key) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let found: Option<(i64, Option<String>)> = folded::table
                    .find((entity, id.to_string()))
                    .select((folded::version, folded::fields))
                    .first(&mut self.c)
                    .optional()?;
                let state = found.map(|(version, fields)| Ok::<_, Damage>(State { version, fields: read(fields)? }));
                Ok(place.insert(state.transpose()?))
            }
        }
    }

    /// What was there before a change is what the changes before it have left.
    fn agrees(fields: &Map<String, Value>, told: &Told) -> Result<(), String> {
        let nothing = Map::new();
        let before = told.before.as_ref().unwrap_or(&nothing);
        let whole = told.after.is_none();
        let others = fields.keys().filter(|name| whole && !before.contains_key(*name));
        for name in before.keys().chain(others) {
            let (was, is) = (before.get(name).unwrap_or(&Value::Null), fields.get(name).unwrap_or(&Value::Null));
            if was != is && !derived(&told.entity).contains(&name.as_str()) {
                return Err(format!("{} {}: {name} was something else before", told.entity, told.id));
            }
        }
        Ok(())
    }

    /// Remembers what other things follow from: which organisations have logs, and the references of risks.
    fn note(&mut self, entity: &str, id: Id) -> Held<()> {
        let Some(fields) = self.recent.get(&(entity.to_owned(), id)).and_then(|known| known.as_ref()?.fields.as_ref())
        else {
            return Ok(());
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let id_in = |name: &str| text(name).parse::<Id>().map_err(|_| format!("{entity} {id}: {name} is not an id"));
        match entity {
            Organisation::ENTITY => {
                let is_body = OrganisationKind::parse(text("kind")).is_some_and(OrganisationKind::is_body);
                let is_root = fields.get("parentId").is_none_or(Value::is_null);
                self.bodies.extend((is_body || is_root).then_some(id));
            }
            Plan::ENTITY => {
                self.plans.insert(id, id_in("organisationId")?);
            }
            Risk::ENTITY => {
                let plan = id_in("planId")?;
                let body = self.plans.get(&plan).ok_or_else(|| format!("risk {id}: its plan has no history"))?;
                diesel::insert_or_ignore_into(named::table)
                    .values((
                        named::body.eq(body.to_string()),
                        named::reference.eq(text("reference")),
                        named::identity.eq(text("identityId")),
                    ))
                    .execute(&mut self.c)?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Reading<'_> {
    /// How many events, openings, checkpoints and nodes there are in all.
    fn history_counts(&mut self) -> Held<(i64, i64, i64, i64)> {
        Ok((
            schema::events::table.count().get_result(self.c)?,
            schema::openings::table.count().get_result(self.c)?,
            schema::checkpoints::table.count().get_result(self.c)?,
            schema::tree_nodes::table.count().get_result(self.c)?,
        ))
    }

    /// The hash and media type of every sealed file.
    fn sealed_names(&mut self) -> Held<Vec<(String, String)>> {
        use schema::sealed_files;
        Ok(sealed_files::table
            .order(sealed_files::sha256.asc())
            .select((sealed_files::sha256, sealed_files::media_type))
            .load(self.c)?)
    }
}
