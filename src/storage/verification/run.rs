//! The verification: each step over each log, then every table, and what stands beside.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::mpsc::sync_channel;
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::checkpoints::Checkpoints;
use super::damage::{Counts, Damage, Held};
use super::fold::{Fold, Grown};
use super::opening::open;
use super::reading::{PIECE, read_log};
use super::tables::tables_with_history;
use crate::error::Error;
use crate::evidence::checkpoint::{Checkpoint, PublicKey};
use crate::evidence::tree::{Frontier, Hash};
use crate::files::store::{Fault, Store};
use crate::storage::connection::{Address, AnyConnection};
use crate::storage::finality;
use crate::storage::history::sha256_hex;
use crate::storage::logs::Head;
use crate::storage::reading::Reading;
use crate::storage::records::*;
use crate::storage::schema;
use crate::storage::types::Id;

/// How many pieces may wait between two threads.
const WAITING: usize = 2;

/// What a register is held against besides itself.
#[derive(Debug, Clone, Default)]
pub struct Against {
    /// The keys that may have signed; those that the register names when there are none.
    pub keys: Vec<PublicKey>,
    /// Checkpoints that were kept elsewhere.
    pub checkpoints: Vec<Checkpoint>,
    /// Where the files lie that people left; that they are what the history says is not held where it is not given.
    pub files: Option<Store>,
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
        let held = Verification::new(Reading::of(&mut c), against).and_then(Verification::run);
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
    address.connect_to_read().map_err(Damage::not_opened)
}

/// As [`verify`], what a connection sees: in the transaction that it is in. What keeps the application from changing
/// history is not held, since nobody can try to change it while that is there.
pub fn verify_on(c: &mut AnyConnection, against: &Against) -> Held<Counts> {
    is_whole(c)?;
    Verification::new(Reading::of(c), against)?.run()
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

struct Verification<'c> {
    r: Reading<'c>,
    fold: Fold,
    files: Option<Store>,
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
        let mut kept: HashMap<String, Vec<(i64, Checkpoint)>> = HashMap::new();
        for checkpoint in &against.checkpoints {
            let Some((log, epoch)) = checkpoint.of() else {
                return Err(format!("there is no log {}, which the checkpoint is of", checkpoint.origin).into());
            };
            if !checkpoint.signed_by(&keys) {
                return Err(
                    format!("the checkpoint of {} is not signed by a key of the register", checkpoint.origin).into()
                );
            }
            kept.entry(log.to_owned()).or_default().push((epoch, checkpoint.clone()));
        }
        Ok(Self { r, fold: Fold::new(keys, kept)?, files: against.files.clone() })
    }

    fn run(mut self) -> Held<Counts> {
        self.values()?;
        for head in self.r.heads()? {
            self.log(&head).map_err(|damage| Damage { log: damage.log.or(Some(head.log_id)), ..damage })?;
        }
        if let Some(log) = self.fold.kept.keys().next() {
            return Err(format!("there is no log riskregister/{log}, which the checkpoint is of").into());
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
        self.turns()?;
        self.sealed_files()?;
        self.left_files()?;
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
            kept: self.fold.kept.remove(&log.to_string()).unwrap_or_default(),
            restores: Vec::new(),
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
        let tree = &grown.tree;
        if head.size != i64::try_from(tree.size()).map_err(Error::internal)? {
            return Err(format!("the head counts {} events, and there are {}", head.size, tree.size()).into());
        }
        if head.frontier != tree.bytes() {
            return Err("the head's tree is not that of the events".into());
        }
        if grown.last.is_some_and(|last| last != head.last_time) {
            return Err("the head's time is not that of the last event".into());
        }
        self.fold.counts.told.extend(grown.lost()?);
        let Grown { nodes, checkpoints, .. } = grown;
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

    /// Each event has its turn among those of all logs, and nothing else has one; in each log they follow its positions.
    fn turns(&mut self) -> Held<()> {
        use schema::{events, turns};
        let of_event = turns::table.on(turns::log_id.eq(events::log_id).and(turns::n.eq(events::n)));
        let without: Option<(Id, i64)> = events::table
            .left_join(of_event)
            .filter(turns::turn.nullable().is_null())
            .select((events::log_id, events::n))
            .first(self.r.c)
            .optional()?;
        if let Some((log, n)) = without {
            return Err(Damage { log: Some(log), n: Some(n), what: "it has no turn among those of all logs".into() });
        }
        let (all, taken): (i64, i64) =
            (events::table.count().get_result(self.r.c)?, turns::table.count().get_result(self.r.c)?);
        if all != taken {
            return Err(format!("there are {taken} turns of {all} events").into());
        }
        let next = diesel::alias!(turns as next);
        let before = next.field(turns::log_id).eq(turns::log_id).and(next.field(turns::n).eq(turns::n + 1));
        let crossed: Option<(Id, i64)> = turns::table
            .inner_join(next.on(before))
            .filter(next.field(turns::turn).lt(turns::turn))
            .select((turns::log_id, turns::n))
            .first(self.r.c)
            .optional()?;
        match crossed {
            Some((log, n)) => {
                Err(Damage { log: Some(log), n: Some(n), what: "its turn is after that of the next".into() })
            }
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

    /// What people left, and nobody has erased, is known to lie in the store, and lies there as it was left.
    fn left_files(&mut self) -> Held<()> {
        let mut expected = self.fold.contents();
        let (mut known, mut after, mut left) = (Vec::new(), String::new(), 0);
        loop {
            let rows = self.r.stored_files_after(&after, PIECE)?;
            let Some(last) = rows.last() else { break };
            after = last.sha256.clone();
            known.extend(rows.into_iter().filter(|row| row.erased_at.is_none()));
        }
        for row in known {
            let sha256 = row.sha256;
            if expected.remove(sha256.as_str()) != Some(row.size) {
                return Err(format!("the history does not tell of the file {sha256} with {} bytes", row.size).into());
            }
            if let Some(store) = &self.files {
                match store.hold(&sha256) {
                    Ok(found) if found == (row.size, sha256.clone()) => left += 1,
                    Ok(_) => return Err(format!("the file {sha256} is not what was left").into()),
                    Err(Fault::Gone) => {
                        return Err(format!("the file {sha256} is gone from where files are kept").into());
                    }
                    Err(Fault::Away(cause)) => return Err(Damage::out_of_reach(&cause)),
                }
            }
        }
        if let Some(sha256) = expected.keys().next() {
            return Err(format!("it is no longer known that the file {sha256} lies where files are kept").into());
        }
        self.fold.counts.left = left;
        Ok(())
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
