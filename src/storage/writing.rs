//! One transaction that changes the register: every change with its event.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::{self, Change, Origin, PendingEvent, Place};
use super::logs::{self, CheckpointRow, Head, Signer};
use super::reading::{Reading, TOGETHER};
use super::records::{Plan, Stored};
use super::remembered::Remembered;
use super::schema;
use super::types::{Id, Timestamp};
use crate::error::{Error, Result};

/// One transaction that changes the register.
pub struct Writing<'c> {
    inner: Reading<'c>,
    /// In the way of the reading's own connection, which would go on remembering: see [`Writing::pen`].
    #[expect(dead_code, reason = "its name is what it is there for")]
    c: (),
    origin: Origin,
    signer: Option<Arc<Signer>>,
    /// Checkpoints made in this transaction.
    pub(super) made: Vec<CheckpointRow>,
    pub(super) events: Vec<PendingEvent>,
    /// As they were when they were locked.
    locked_plans: BTreeMap<Id, Plan>,
    changed_plans: BTreeSet<Id>,
    /// Texts were erased: the file is scoured after the commit.
    pub(super) erased: bool,
}

impl<'c> std::ops::Deref for Writing<'c> {
    type Target = Reading<'c>;
    fn deref(&self) -> &Reading<'c> {
        &self.inner
    }
}
impl std::ops::DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.inner
    }
}

impl<'c> Writing<'c> {
    pub(super) fn new(c: &'c mut AnyConnection, origin: Origin, signer: Option<Arc<Signer>>) -> Self {
        Self {
            inner: Reading::of(c),
            c: (),
            origin,
            signer,
            made: Vec::new(),
            events: Vec::new(),
            locked_plans: BTreeMap::new(),
            changed_plans: BTreeSet::new(),
            erased: false,
        }
    }
}

impl Writing<'_> {
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What locks and writes. All that was read is forgotten: of what was remembered from before a lock, another
    /// transaction may have made something else, and nothing is ever decided on it.
    pub(in crate::storage) fn pen(&mut self) -> &mut AnyConnection {
        self.inner.remembered = Remembered::default();
        self.inner.c
    }

    /// Names who is acting, once that is known.
    pub fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// Stores a new thing. `kind` is the event's (`risk.created`).
    pub fn create<T: Stored>(&mut self, at: Place, kind: &'static str, thing: &T) -> Result<()> {
        self.create_because(at, kind, thing, None)
    }

    /// As [`Writing::create`], with the reason that was given.
    pub fn create_because<T: Stored>(
        &mut self,
        at: Place,
        kind: &'static str,
        thing: &T,
        reason: Option<&str>,
    ) -> Result<()> {
        thing.insert(self.pen())?;
        self.note::<T>(thing.id());
        self.events.push(PendingEvent::new(at, kind, Change::created(thing)?, reason));
        Ok(())
    }

    /// Stores what a thing has become; its version and time are set here. Nothing happens when nothing differs.
    /// Returns whether something did.
    pub fn change<T: Stored>(
        &mut self,
        at: Place,
        kind: &'static str,
        old: &T,
        new: &mut T,
        reason: Option<&str>,
    ) -> Result<bool> {
        let Some(change) = self.store_change(old, new)? else { return Ok(false) };
        self.events.push(PendingEvent::new(at, kind, change, reason));
        Ok(true)
    }

    /// A change that follows from the one just made, and is told in the same event: a risk renumbered because
    /// another came in.
    pub fn change_as_effect<T: Stored>(&mut self, at: Place, kind: &'static str, old: &T, new: &mut T) -> Result<bool> {
        let Some(change) = self.store_change(old, new)? else { return Ok(false) };
        match self.events.last_mut() {
            Some(event) => event.effects.push(change),
            None => self.events.push(PendingEvent::new(at, kind, change, None)),
        }
        Ok(true)
    }

    /// The same change of many things, each as it was read, that follows from the one just made: written together, told
    /// of each. `write` sets it in the rows with these ids that are of one version, and counts that version up.
    pub(super) fn change_together_as_effect<T: Stored>(
        &mut self,
        all: Vec<T>,
        become_so: impl Fn(&mut T),
        write: impl Fn(&mut AnyConnection, Vec<Id>, i64, Timestamp) -> QueryResult<usize>,
    ) -> Result<()> {
        let now = Timestamp::now();
        let mut by_version: BTreeMap<i64, Vec<Id>> = BTreeMap::new();
        let mut changes = Vec::new();
        for old in &all {
            let mut new = old.clone();
            become_so(&mut new);
            new.mark(old.version() + 1, now);
            let change = Change::changed(old, &new)?;
            if !change.is_mark_alone() {
                by_version.entry(old.version()).or_default().push(old.id());
                changes.push(change);
            }
        }
        for (version, ids) in by_version {
            for some in ids.chunks(TOGETHER) {
                if write(self.pen(), some.to_vec(), version, now)? != some.len() {
                    return Err(Error::Outrun(format!("one of many {} was changed meanwhile", T::TABLE)));
                }
            }
        }
        let event = self.events.last_mut().ok_or_else(|| Error::internal("it follows from nothing"))?;
        event.effects.extend(changes);
        Ok(())
    }

    pub(super) fn store_change<T: Stored>(&mut self, old: &T, new: &mut T) -> Result<Option<Change>> {
        new.mark(old.version() + 1, Timestamp::now());
        let change = Change::changed(old, new)?;
        if change.is_mark_alone() {
            // The answer must be what is stored, its time and ETag too.
            *new = old.clone();
            return Ok(None);
        }
        if new.update(self.pen())? != 1 {
            // PostgreSQL lets two read the same version; the second finds out here, and reads again.
            return Err(Error::Outrun(format!("{} {} was changed meanwhile", T::ENTITY, old.id())));
        }
        self.note::<T>(new.id());
        Ok(Some(change))
    }

    /// Removes a thing; its history stays.
    pub fn remove<T: Stored>(&mut self, at: Place, kind: &'static str, thing: &T, reason: Option<&str>) -> Result<()> {
        if thing.delete(self.pen())? != 1 {
            return Err(Error::Outrun(format!("{} {} was changed before it was removed", T::ENTITY, thing.id())));
        }
        self.note::<T>(thing.id());
        self.events.push(PendingEvent::new(at, kind, Change::removed(thing)?, reason));
        Ok(())
    }

    /// Records what changes no row: a sign-in, a refused attempt.
    pub fn record(&mut self, at: Place, kind: &'static str, entity: &'static str, id: Id) {
        self.record_because(at, kind, entity, id, None);
    }

    /// As [`Writing::record`], with the reason that was given.
    pub fn record_because(
        &mut self,
        at: Place,
        kind: &'static str,
        entity: &'static str,
        id: Id,
        reason: Option<&str>,
    ) {
        self.events.push(PendingEvent::new(at, kind, Change::none(entity, id), reason));
    }

    fn note<T: Stored>(&mut self, id: Id) {
        if T::ENTITY == Plan::ENTITY {
            self.changed_plans.insert(id);
        }
    }

    /// The thing with this id, held until the end of the transaction: what it is held against, and what is judged
    /// by it, cannot change meanwhile. [`Error::NotFound`] if it is not there.
    pub fn hold<T: Stored>(&mut self, id: Id) -> Result<T> {
        T::hold(self.pen(), id)?.ok_or(Error::NotFound)
    }

    /// Locks a plan until the end of the transaction and reads it as it then is. Whatever is written next counts as
    /// a change of the plan.
    pub fn lock_plan(&mut self, id: Id) -> Result<Plan> {
        use schema::plans;
        let plan = diesel::update(plans::table.find(id))
            .set(plans::version.eq(plans::version))
            .returning(plans::all_columns)
            .get_result::<Plan>(self.pen())
            .optional()?
            .ok_or(Error::NotFound)?;
        self.inner.know(std::slice::from_ref(&plan));
        self.locked_plans.insert(id, plan.clone());
        Ok(plan)
    }

    /// Takes the heads of all logs, last of all locks, and reads them as they then are, in the order of their ids.
    pub fn hold_heads(&mut self) -> Result<Vec<Head>> {
        let logs: Vec<Id> = self.heads()?.into_iter().map(|head| head.log_id).collect();
        logs.into_iter().map(|log| Ok(logs::lock(self.pen(), log)?)).collect()
    }

    /// Locks what concerns every plan of a year. Comes before any plan's lock.
    pub fn lock_year(&mut self, year: i32) -> Result<()> {
        use schema::years;
        let found =
            diesel::update(years::table.find(year)).set(years::version.eq(years::version + 1)).execute(self.pen())?;
        if found == 0 {
            // Two that come first at once: the second fails on the key and is tried again.
            let row = (years::year.eq(year), years::version.eq(1_i64));
            diesel::insert_into(years::table).values(row).execute(self.pen()).map_err(|e| match e {
                diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _) => {
                    Error::Unavailable { retry_after: 1 }
                }
                other => other.into(),
            })?;
        }
        Ok(())
    }

    /// Counts the change in every locked plan, then takes the log heads and writes the events.
    pub(super) fn write_history(&mut self) -> Result<()> {
        let Some(mut last) = self.events.pop() else { return Ok(()) };
        let mut locked = std::mem::take(&mut self.locked_plans);
        // One that has been changed has counted it already, and one that was removed is gone; of the others nothing has
        // changed under the lock.
        locked.retain(|id, _| !self.changed_plans.contains(id));
        for (id, old) in locked {
            let mut new = old.clone();
            new.mark(old.version + 1, Timestamp::now());
            if new.update(self.pen())? != 1 {
                return Err(Error::internal(format!("the plan {id} has changed under its lock")));
            }
            last.effects.push(Change::changed(&old, &new)?);
        }
        self.events.push(last);
        let key = self.signer.as_deref().map(|signer| &signer.key);
        self.made.extend(history::append(self.inner.c, &self.origin, key, std::mem::take(&mut self.events))?);
        Ok(())
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
        let mut head = logs::lock(self.pen(), log)?;
        if let Some(made) = logs::checkpoint(self.pen(), &signer.key, &mut head)? {
            logs::keep(self.pen(), head)?;
            self.made.push(made);
        }
        Ok(())
    }
}
