//! What has happened to things since a moment, laid back.
//!
//! An event tells what it changes both before and after. So the newest events, each laid back in its turn, lead to what a
//! thing was: that costs reading what has happened since, and not all that came before, as [`past`](super::past) does.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use serde_json::{Map, Value};

use super::past::{PIECE, told};
use super::queries::Changed;
use super::reading::Reading;
use super::records::Stored;
use super::replay::Told;
use super::schema::{events, turns};
use super::types::{Id, Timestamp};
use crate::error::{Error, Result};

/// What stands in a thing's history where a text went, without what it was.
const ERASURE: &str = "text.erased";

/// What has happened in a log since an event, with that event itself: each change under its event's kind, the newest
/// first.
pub struct Rewound(Vec<(String, Told)>);

/// What has happened to a thing.
#[derive(Debug)]
pub enum Since<T> {
    /// It was there, and was so.
    Changed { now: T, was: T },
    /// It was not there.
    Added(T),
    /// It was there, and is not. Stored again it goes on from its own history.
    Gone(T),
}

impl Reading<'_> {
    /// What has happened in a log since the newest event of a kind about a thing; none where there is no such event.
    pub fn since(&mut self, log: Id, kind: &str, about: Id) -> Result<Option<Rewound>> {
        let begun: Option<i64> = events::table
            .filter(events::log_id.eq(log))
            .filter(events::entity_id.eq(about))
            .filter(events::kind.eq(kind.to_owned()))
            .select(diesel::dsl::max(events::n))
            .first(self.c)?;
        let Some(from) = begun else { return Ok(None) };
        let mut all = Vec::new();
        self.tell_from(log, from, &mut all)?;
        all.reverse();
        Ok(Some(Rewound(all)))
    }

    /// What the things of one kind were in a turn of all events, of the fields that have changed since; none where a thing
    /// was not there. Things that have not changed are not among them.
    pub(super) fn as_of_turn<T: Stored>(&mut self, turn: i64) -> Result<Changed> {
        let since: Vec<(Id, Option<i64>)> = turns::table
            .filter(turns::turn.gt(turn))
            .group_by(turns::log_id)
            .select((turns::log_id, diesel::dsl::min(turns::n)))
            .load(self.c)?;
        let mut all = Vec::new();
        for (log, from) in since {
            self.tell_from(log, from.unwrap_or(0), &mut all)?;
        }
        let mut by_id: HashMap<Id, Vec<&Told>> = HashMap::new();
        for (_, told) in all.iter().filter(|(_, told)| told.entity == T::ENTITY && told.version > 0) {
            by_id.entry(told.id).or_default().push(told);
        }
        // Its history can stand in two logs.
        Ok(by_id
            .into_iter()
            .map(|(id, mut changes)| {
                changes.sort_by_key(|told| std::cmp::Reverse(told.version));
                (id, laid_back(&changes))
            })
            .collect())
    }

    /// What has happened in a log from a position on, the oldest first.
    fn tell_from(&mut self, log: Id, mut from: i64, all: &mut Vec<(String, Told)>) -> Result<()> {
        loop {
            let rows = self.events_from(log, from, PIECE)?;
            let Some(upto) = rows.last().map(|row| row.n) else { return Ok(()) };
            for event in self.opened(log, from, upto, rows.into_iter().map(|row| row.body))? {
                let kind = event.kind.clone();
                // It does not tell what stood there: the text stays erased, whatever else is laid back.
                if kind != ERASURE {
                    all.extend(event.into_changes().map(|told| (kind.clone(), told)));
                }
            }
            from = upto + 1;
        }
    }
}

impl Rewound {
    /// What events of a kind tell of a thing, the oldest first.
    pub fn told<'s>(&'s self, kind: &'s str, id: Id) -> impl Iterator<Item = &'s Told> {
        self.0.iter().rev().filter(move |(of, told)| of == kind && told.id == id).map(|(_, told)| told)
    }

    /// What has happened to each thing of one kind.
    pub fn of<T: Stored>(&self, r: &mut Reading) -> Result<Vec<Since<T>>> {
        let mut by_id: BTreeMap<Id, Vec<&Told>> = BTreeMap::new();
        for (_, told) in self.0.iter().filter(|(_, told)| told.entity == T::ENTITY && told.version > 0) {
            by_id.entry(told.id).or_default().push(told);
        }
        let mut all = Vec::new();
        for (id, changes) in by_id {
            let newest = changes.first().map_or(0, |told| told.version);
            all.extend(match (r.find::<T>(id)?, laid_back(&changes)) {
                (Some(now), Some(was)) => Some(Since::Changed { was: over(&now, was)?, now }),
                (Some(now), None) => Some(Since::Added(now)),
                (None, Some(was)) => {
                    let mut gone: T = told(id, was)?;
                    gone.mark(newest + 1, Timestamp::now());
                    Some(Since::Gone(gone))
                }
                (None, None) => None,
            });
        }
        Ok(all)
    }
}

/// The fields of a thing before these changes, the newest first: of what is there now those alone that they tell of. None
/// where it was not there.
fn laid_back(changes: &[&Told]) -> Option<Map<String, Value>> {
    let mut was = Some(Map::new());
    for told in changes {
        match (&told.before, &told.after) {
            (None, _) => was = None,
            (Some(before), None) => was = Some(before.clone()),
            (Some(before), Some(after)) => {
                // A field that is left out of one side is null there.
                let fields = after.keys().map(|name| (name.clone(), before.get(name).cloned().unwrap_or(Value::Null)));
                was.get_or_insert_default().extend(fields);
            }
        }
    }
    was
}

/// A thing with these fields as they were; its version is today's.
fn over<T: Stored>(now: &T, was: Map<String, Value>) -> Result<T> {
    let Value::Object(mut fields) = serde_json::to_value(now).map_err(Error::internal)? else {
        return Err(Error::internal(format!("{} {} is no object", T::ENTITY, now.id())));
    };
    fields.extend(was.into_iter().filter(|(name, _)| !matches!(name.as_str(), "version" | "updatedAt")));
    let mut thing: T = told(now.id(), fields)?;
    thing.mark(now.version(), Timestamp::now());
    Ok(thing)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(version: i64, before: Value, after: Value) -> Told {
        let id = Id::new();
        serde_json::from_value(
            json!({"entity": "risk", "id": id, "version": version, "before": before, "after": after}),
        )
        .expect("a change")
    }

    #[test]
    fn what_happened_is_laid_back_from_the_newest() {
        let named = change(2, json!({"name": "a"}), json!({"name": "b", "number": 1}));
        let again = change(3, json!({"name": "b", "score": 4}), json!({"name": "c", "score": 9}));
        assert_eq!(
            laid_back(&[&again, &named]).map(Value::from),
            Some(json!({"name": "a", "number": null, "score": 4}))
        );
        let gone = change(3, json!({"name": "c", "score": 9, "goal": 1}), json!(null));
        let whole = laid_back(&[&gone, &again, &named]).map(Value::from);
        assert_eq!(whole, Some(json!({"name": "a", "number": null, "score": 4, "goal": 1})));
        let made = change(1, json!(null), json!({"name": "a"}));
        assert_eq!(laid_back(&[&gone, &again, &named, &made]), None);
        let back = change(4, json!(null), json!({"name": "c", "score": 9, "goal": 1}));
        assert_eq!(laid_back(&[&back, &gone, &again, &named]).map(Value::from), whole);
    }
}
