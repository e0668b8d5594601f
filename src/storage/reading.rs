//! One snapshot of the register, how a thing is found in it, and how what has been read is remembered. Every other
//! question is in `queries`.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::QueryResult;

use super::connection::AnyConnection;
use super::records::Stored;
use super::remembered::{About, Remembered};
use super::types::{Id, Timestamp};
use crate::error::{Error, Result};

/// How many things are asked for in one statement.
pub(in crate::storage) const TOGETHER: usize = 1_000;

/// One snapshot of the register. What it has found it remembers, so that the same thing is not asked for again.
pub struct Reading<'c> {
    pub(in crate::storage) c: &'c mut AnyConnection,
    pub(in crate::storage) remembered: Remembered,
    today: NaiveDate,
}

impl<'c> Reading<'c> {
    pub(in crate::storage) fn of(c: &'c mut AnyConnection) -> Self {
        Self::at(c, Timestamp::now())
    }

    /// Of a register as it stood at this time.
    pub(in crate::storage) fn at(c: &'c mut AnyConnection, time: Timestamp) -> Self {
        Self { c, remembered: Remembered::default(), today: time.stockholm_date() }
    }
}

impl Reading<'_> {
    /// The day in Stockholm that it is in this snapshot: of one of the past, the day that it was.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The thing with this id, if it is there.
    pub fn find<T: Stored>(&mut self, id: Id) -> Result<Option<T>> {
        self.once(T::ENTITY, id, |r| Ok(T::find(r.c, id)?))
    }

    /// The thing with this id; [`Error::NotFound`] if it is not there.
    pub fn get<T: Stored>(&mut self, id: Id) -> Result<T> {
        self.find(id)?.ok_or(Error::NotFound)
    }

    /// A thing that another row points at: its absence is damage, not a client's fault.
    pub fn linked<T: Stored>(&mut self, id: Id) -> Result<T> {
        self.find(id)?.ok_or_else(|| Error::internal(format!("{} {id} is gone", T::ENTITY)))
    }

    /// Those of these things that are there, in the order of their ids. Read together, they need not be read again one
    /// by one.
    pub fn all<T: Stored>(&mut self, ids: impl IntoIterator<Item = Id>) -> Result<Vec<T>> {
        let ids: BTreeSet<Id> = ids.into_iter().collect();
        let unknown: Vec<Id> = ids.iter().copied().filter(|id| !self.remembered.knows(T::ENTITY, *id)).collect();
        let mut found: HashMap<Id, T> = HashMap::new();
        for some in unknown.chunks(TOGETHER) {
            found.extend(T::find_all(self.c, some.to_vec())?.into_iter().map(|thing| (thing.id(), thing)));
        }
        let mut all = Vec::with_capacity(ids.len());
        for id in unknown {
            self.remembered.keep(T::ENTITY, id, 1, found.get(&id).cloned());
        }
        for id in ids {
            let known = found.remove(&id).or_else(|| self.remembered.answer::<Option<T>>(T::ENTITY, id).flatten());
            all.extend(known);
        }
        Ok(all)
    }

    /// Remembers things that have been read in another way.
    pub(in crate::storage) fn know<T: Stored>(&mut self, things: &[T]) {
        for thing in things {
            self.remembered.keep(T::ENTITY, thing.id(), 1, Some(thing.clone()));
        }
    }

    /// The answer to a question about one thing: asked for the first time, remembered after that. Two questions never
    /// have the same name; the one for a thing itself has the thing's.
    pub(in crate::storage) fn once<T: Clone + 'static>(
        &mut self,
        question: &'static str,
        about: impl Into<About>,
        ask: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let about = about.into();
        if let Some(known) = self.remembered.answer(question, about.clone()) {
            return Ok(known);
        }
        let answer = ask(self)?;
        self.remembered.keep(question, about, 1, answer.clone());
        Ok(answer)
    }

    /// What belongs to each of these things. What is not known yet is asked for together, and comes with the id of what
    /// it belongs to.
    pub(in crate::storage) fn lists<T: Clone + 'static>(
        &mut self,
        question: &'static str,
        of: &[Id],
        mut ask: impl FnMut(&mut AnyConnection, Vec<Id>) -> QueryResult<Vec<(Id, T)>>,
    ) -> Result<HashMap<Id, Vec<T>>> {
        let mut all: HashMap<Id, Vec<T>> = HashMap::with_capacity(of.len());
        let mut unknown = Vec::new();
        for id in of {
            match self.remembered.answer(question, *id) {
                Some(known) => {
                    all.insert(*id, known);
                }
                None => {
                    if all.insert(*id, Vec::new()).is_none() {
                        unknown.push(*id);
                    }
                }
            }
        }
        for some in unknown.chunks(TOGETHER) {
            for (id, one) in ask(self.c, some.to_vec())? {
                all.entry(id).or_default().push(one);
            }
            for id in some {
                if let Some(list) = all.get(id) {
                    self.remembered.keep(question, *id, 1 + list.len(), list.clone());
                }
            }
        }
        Ok(all)
    }

    /// What belongs to one thing, as [`Reading::lists`].
    pub(in crate::storage) fn list<T: Clone + 'static>(
        &mut self,
        question: &'static str,
        of: Id,
        ask: impl FnMut(&mut AnyConnection, Vec<Id>) -> QueryResult<Vec<(Id, T)>>,
    ) -> Result<Vec<T>> {
        Ok(self.lists(question, &[of], ask)?.remove(&of).unwrap_or_default())
    }
}
