//! The history as it is read: heads, events and their openings, checkpoints, and what proofs are made from.

use std::collections::HashMap;

use diesel::prelude::*;

use super::listing::{Listing, Page, below};
use super::walk::paged;
use crate::error::{Error, Result};
use crate::evidence::tree::{self, Hash, Subtrees};
use crate::storage::connection::{AnyConnection, MultiBackend};
use crate::storage::history;
use crate::storage::logs::{CheckpointRow, EventRow, Head, KEPT_LEVELS, NodeRow, Opening};
use crate::storage::reading::{Reading, TOGETHER};
use crate::storage::records::each_stored;
use crate::storage::records::*;
use crate::storage::schema::{
    checkpoints, erasures, events, heads, openings, plan_deficiencies, register, restores, signing_keys, tree_nodes,
    turns,
};
use crate::storage::types::{Id, Timestamp};

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

    /// Where the register has moved to, if it has.
    pub fn moved_to(&mut self) -> Result<Option<String>> {
        let row: Option<Option<String>> = register::table.select(register::moved_to).first(self.c).optional()?;
        Ok(row.flatten())
    }

    /// Until when the clock of the machine is believed; nothing where nobody has said.
    pub fn clock_trusted_until(&mut self) -> Result<Option<Timestamp>> {
        Ok(history::clock_trusted_until(self.c)?)
    }

    /// How often a log has been put back from a backup, and to what, the first restore first.
    pub fn restores(&mut self, log: Id) -> Result<Vec<Restore>> {
        Ok(restores::table
            .filter(restores::log_id.eq(log))
            .order(restores::epoch.asc())
            .select(Restore::as_select())
            .load(self.c)?)
    }

    /// The epoch that each log is in; a log that has never been put back is not among them: its epoch is 0.
    pub fn epochs(&mut self) -> Result<HashMap<Id, i64>> {
        let all: Vec<(Id, Option<i64>)> = restores::table
            .group_by(restores::log_id)
            .select((restores::log_id, diesel::dsl::max(restores::epoch)))
            .load(self.c)?;
        Ok(all.into_iter().map(|(log, epoch)| (log, epoch.unwrap_or(0))).collect())
    }

    /// The epoch that the event at a position of a log is of.
    pub fn epoch_of(&mut self, log: Id, n: i64) -> Result<i64> {
        let newest: Option<i64> = restores::table
            .filter(restores::log_id.eq(log))
            .filter(restores::size.le(n))
            .select(diesel::dsl::max(restores::epoch))
            .get_result(self.c)?;
        Ok(newest.unwrap_or(0))
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

    /// A log's checkpoint of a size, if one was made.
    pub fn checkpoint_of(&mut self, log: Id, size: i64) -> Result<Option<CheckpointRow>> {
        Ok(checkpoints::table
            .filter(checkpoints::log_id.eq(log))
            .filter(checkpoints::size.eq(size))
            .select(CheckpointRow::as_select())
            .first(self.c)
            .optional()?)
    }

    /// Who did what was last done with a thing, if a person did.
    pub fn last_actor(&mut self, thing: Id) -> Result<Option<Id>> {
        let found: Option<Option<Id>> = events::table
            .filter(events::entity_id.eq(thing))
            .order((events::log_id.desc(), events::n.desc()))
            .select(events::actor_id)
            .first(self.c)
            .optional()?;
        Ok(found.flatten())
    }

    /// Every key that has signed, the oldest first.
    pub fn signing_keys(&mut self) -> Result<Vec<SigningKey>> {
        Ok(signing_keys::table
            .order((signing_keys::created_at.asc(), signing_keys::id.asc()))
            .select(SigningKey::as_select())
            .load(self.c)?)
    }
}

/// Which events of a log are asked for.
#[derive(Debug, Clone)]
pub struct EventFilter {
    pub log: Id,
    /// Those after this position; -1 for all.
    pub after: i64,
    /// Those at these positions; all when none is named.
    pub at: Vec<i64>,
    /// Those before this position, and then the newest first.
    pub before: Option<i64>,
    pub limit: i64,
    pub entity: Option<String>,
    /// Those about one of these things; none for all.
    pub about: Vec<Id>,
    /// Those that this person, or service account, brought about.
    pub actor: Option<Id>,
    /// Those of one of these kinds; none for all.
    pub kinds: Vec<String>,
    /// From this time on.
    pub since: Option<Timestamp>,
    /// Up to this time, and with it.
    pub until: Option<Timestamp>,
    /// Those that somebody may see; none for all.
    pub seen: Option<SeenEvents>,
    /// What tells of these things is left out.
    pub hidden: Vec<Id>,
    /// What fewer see than all else.
    pub apart: Vec<Apart>,
}

/// Kinds of things that fewer see than all else of a log: their events are given where they concern organisations at and
/// below these paths, or are about the one who asks.
#[derive(Debug, Clone)]
pub struct Apart {
    pub entities: &'static [&'static str],
    pub paths: Vec<String>,
    pub own: Id,
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
        if !filter.at.is_empty() {
            query = query.filter(events::n.eq_any(filter.at.clone()));
        }
        if let Some(entity) = filter.entity.clone() {
            query = query.filter(events::entity.eq(entity));
        }
        if !filter.about.is_empty() {
            query = query.filter(events::entity_id.eq_any(filter.about.clone()));
        }
        if let Some(actor) = filter.actor {
            query = query.filter(events::actor_id.eq(actor));
        }
        if !filter.kinds.is_empty() {
            query = query.filter(events::kind.eq_any(filter.kinds.clone()));
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
        for apart in &filter.apart {
            let mut any: EventCondition = Box::new(events::entity_id.eq(apart.own));
            for path in &apart.paths {
                any = Box::new(any.or(events::organisation_id.eq_any(below!(path))));
            }
            query = query.filter(diesel::dsl::not(events::entity.eq_any(apart.entities)).or(any));
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

    /// The fields of those of these things that are there, of whatever kind they are.
    pub fn fields_of(
        &mut self,
        entity: &str,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashMap<Id, serde_json::Map<String, serde_json::Value>>> {
        macro_rules! read {
            ($($Record:ident),+) => {
                match entity {
                    $(<$Record as Stored>::ENTITY => self
                        .all::<$Record>(ids)?
                        .into_iter()
                        .map(|thing| Ok((thing.id(), history::fields(&thing)?)))
                        .collect(),)+
                    _ => Ok(HashMap::new()),
                }
            };
        }
        each_stored!(read)
    }

    /// The first events about these things in a log: they say what the things were when they came.
    pub fn first_events(&mut self, log: Id, ids: impl IntoIterator<Item = Id>) -> Result<Vec<EventRow>> {
        let ids: Vec<Id> = ids.into_iter().collect();
        let mut all = Vec::new();
        for some in ids.chunks(TOGETHER) {
            let firsts: Vec<Option<i64>> = events::table
                .filter(events::log_id.eq(log))
                .filter(events::entity_id.eq_any(some.to_vec()))
                .group_by(events::entity_id)
                .select(diesel::dsl::min(events::n))
                .load(self.c)?;
            let rows: Vec<EventRow> = events::table
                .filter(events::log_id.eq(log))
                .filter(events::n.eq_any(firsts.into_iter().flatten().collect::<Vec<i64>>()))
                .select(EventRow::as_select())
                .load(self.c)?;
            all.extend(rows);
        }
        Ok(all)
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

    /// What opens the texts of some events of a log, by their positions, in their order.
    pub fn openings_of(&mut self, log: Id, positions: &[i64]) -> Result<HashMap<i64, Vec<Opening>>> {
        let mut all: HashMap<i64, Vec<Opening>> = HashMap::new();
        for some in positions.chunks(TOGETHER) {
            let found: Vec<Opening> = openings::table
                .filter(openings::log_id.eq(log))
                .filter(openings::n.eq_any(some.to_vec()))
                .order((openings::n.asc(), openings::pointer.asc()))
                .select(Opening::as_select())
                .load(self.c)?;
            for opening in found {
                all.entry(opening.n).or_default().push(opening);
            }
        }
        Ok(all)
    }

    /// Events of a log from a position on, in order.
    pub(in crate::storage) fn events_from(&mut self, log: Id, from: i64, limit: i64) -> Result<Vec<EventRow>> {
        Ok(events::table
            .filter(events::log_id.eq(log))
            .filter(events::n.ge(from))
            .order(events::n.asc())
            .limit(limit)
            .select(EventRow::as_select())
            .load(self.c)?)
    }

    /// A log's checkpoints after a number, in order.
    pub(in crate::storage) fn checkpoints_after(
        &mut self,
        log: Id,
        number: i64,
        limit: i64,
    ) -> Result<Vec<CheckpointRow>> {
        Ok(checkpoints::table
            .filter(checkpoints::log_id.eq(log))
            .filter(checkpoints::number.gt(number))
            .order(checkpoints::number.asc())
            .limit(limit)
            .select(CheckpointRow::as_select())
            .load(self.c)?)
    }

    /// What is kept of a log's tree.
    pub(in crate::storage) fn tree_nodes(&mut self, log: Id) -> Result<Vec<NodeRow>> {
        Ok(tree_nodes::table
            .filter(tree_nodes::log_id.eq(log))
            .order((tree_nodes::level.asc(), tree_nodes::position.asc()))
            .select(NodeRow::as_select())
            .load(self.c)?)
    }

    /// The erasures, the newest first.
    pub fn erasures(&mut self, page: &Listing) -> Result<Page<Erasure>> {
        let query = || erasures::table.into_boxed::<MultiBackend>();
        Ok(paged!(self, page, Erasure of erasures, query, { "id" => id erasures::id }, ["-id"]))
    }

    /// A log's checkpoints, the newest first.
    pub fn checkpoints(&mut self, log: Id, page: &Listing) -> Result<Page<CheckpointRow>> {
        let query = || checkpoints::table.filter(checkpoints::log_id.eq(log)).into_boxed::<MultiBackend>();
        Ok(paged!(still self, page, CheckpointRow of checkpoints, query, {
            "number" => long checkpoints::number,
        }, ["-number"]))
    }
}

/// An event's place among those of all logs, in the order of their commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Turn {
    pub turn: i64,
    pub log: Id,
    pub n: i64,
}

impl Reading<'_> {
    /// The turn that was last taken, and in which epoch; 0 where there is no event. What this snapshot does not see takes a
    /// later one.
    pub fn turn_and_epoch(&mut self) -> Result<(i64, i64)> {
        let turn = turns::table.select(diesel::dsl::max(turns::turn)).single_value();
        let epoch = restores::table.select(diesel::dsl::max(restores::epoch)).single_value();
        let (turn, epoch): (Option<i64>, Option<i64>) = diesel::select((turn, epoch)).get_result(self.c)?;
        Ok((turn.unwrap_or(0), epoch.unwrap_or(0)))
    }

    /// The turns after one, so many at most, in their order.
    pub fn turns_after(&mut self, turn: i64, most: i64) -> Result<Vec<Turn>> {
        Ok(turns::table
            .filter(turns::turn.gt(turn))
            .order(turns::turn.asc())
            .limit(most)
            .select((turns::turn, turns::log_id, turns::n))
            .load(self.c)?)
    }

    /// The first turn of the first epoch after one: where the register was put back from a backup.
    pub fn turn_of_restore_after(&mut self, epoch: i64) -> Result<Option<i64>> {
        let told = turns::log_id.eq(restores::log_id).and(turns::n.eq(restores::size));
        Ok(restores::table
            .inner_join(turns::table.on(told))
            .filter(restores::epoch.gt(epoch))
            .select(diesel::dsl::min(turns::turn))
            .first(self.c)?)
    }
}
