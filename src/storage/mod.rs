//! The only place that knows diesel: two doors to the database, and what goes through them.
//!
//! [`Db::read`] gives one snapshot. [`Db::write`] gives one transaction that holds the change, its events and the
//! answer kept for an idempotent request; rows change only through [`Writing::create`], [`Writing::change`] and
//! [`Writing::remove`], each of which writes its event, so nothing can change without a trace.
//! Lock order: year, plan, log heads. It must not know rights, HTTP, or the register's rules.

pub mod connection;
pub mod erasure;
pub mod export;
pub mod finality;
pub mod history;
pub mod logs;
pub mod past;
pub mod queries;
pub mod records;
pub mod replay;
#[rustfmt::skip]
pub mod schema;
pub mod types;
pub mod verification;

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use connection::{Address, AnyConnection};
pub use history::Origin;
pub use records::Stored;
pub use types::{Id, Json, Timestamp};

use crate::error::{Error, Result};
use history::{Change, PendingEvent};
use logs::{CheckpointRow, Signer};
use records::Plan;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How often a write that lost a race for a lock is tried again before the caller is told to come back.
const ATTEMPTS: u32 = 5;

/// The database, through its pool.
#[derive(Clone)]
pub struct Db {
    pool: connection::Pool,
    /// SQLite has one writer. Waiting here, in order, beats waiting in SQLite, which is not fair.
    writer: std::sync::Arc<std::sync::Mutex<()>>,
    /// Rung when events have been committed, for whoever sends them on.
    news: std::sync::Arc<tokio::sync::Notify>,
    address: Address,
    signer: Option<std::sync::Arc<Signer>>,
}

impl Db {
    /// Opens no connection yet: a database that is down shows in [`Db::ready`].
    pub fn new(address: Address, connections: u32) -> Self {
        let pool = connection::pool(address.clone(), connections);
        Self { pool, writer: Default::default(), news: Default::default(), address, signer: None }
    }

    /// Makes checkpoints with this key from now on.
    pub fn signing(mut self, signer: Signer) -> Self {
        self.signer = Some(signer.into());
        self
    }

    /// The key that checkpoints are made with, if there is one.
    pub fn signer(&self) -> Option<&Signer> {
        self.signer.as_deref()
    }

    /// Makes a checkpoint of every log where something has happened since its last, and puts the newest of each into
    /// the directory outside if it is not there.
    pub fn make_checkpoints(&self) -> Result<()> {
        let Some(signer) = &self.signer else { return Ok(()) };
        let (heads, newest) = self.read(|r| {
            let heads = r.heads()?;
            let mut newest = Vec::new();
            for head in &heads {
                newest.extend(r.newest_checkpoint(head.log_id)?);
            }
            Ok((heads, newest))
        })?;
        signer.put(&newest);
        for head in heads {
            if newest.iter().all(|c| c.log_id != head.log_id || c.size < head.size) {
                self.write(&Origin::system(), |w| w.checkpoint(head.log_id))?;
            }
        }
        Ok(())
    }

    /// Returns when events have been written through this door since it last returned. For one waiter at a time.
    pub async fn news(&self) {
        self.news.notified().await;
    }

    /// Reads one snapshot. Nothing can be written through it.
    pub fn read<T>(&self, f: impl FnOnce(&mut Reading) -> Result<T>) -> Result<T> {
        let mut c = self.pool.get()?;
        let begin = match &*c {
            AnyConnection::Sqlite(_) => "BEGIN DEFERRED",
            AnyConnection::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        c.batch_execute(begin)?;
        let outcome = f(&mut Reading { c: &mut c });
        // Nothing was written: rolling back and committing are the same, and this one cannot fail late.
        c.batch_execute("ROLLBACK")?;
        outcome
    }

    /// Runs `f` in one transaction and writes its events. An error undoes everything.
    ///
    /// `f` may run again when it lost a race for a lock, so it must do nothing but read and write the database.
    pub fn write<T>(&self, origin: &Origin, mut f: impl FnMut(&mut Writing) -> Result<T>) -> Result<T> {
        let mut attempt = 1;
        loop {
            match self.try_write(origin, &mut f) {
                Err(Error::Unavailable { .. } | Error::Outrun(_)) if attempt < ATTEMPTS => attempt += 1,
                other => return other,
            }
        }
    }

    fn try_write<T>(&self, origin: &Origin, f: &mut impl FnMut(&mut Writing) -> Result<T>) -> Result<T> {
        let mut c = self.pool.get()?;
        let sqlite = matches!(&*c, AnyConnection::Sqlite(_));
        let _turn = sqlite.then(|| self.writer.lock().unwrap_or_else(|e| e.into_inner()));
        // SQLite: take the write lock at once. A read that turns into a write would fail without waiting.
        c.batch_execute(if sqlite { "BEGIN IMMEDIATE" } else { "BEGIN ISOLATION LEVEL READ COMMITTED" })?;
        let mut w = Writing {
            inner: Reading { c: &mut c },
            origin: origin.clone(),
            signer: self.signer.clone(),
            made: Vec::new(),
            events: Vec::new(),
            locked_plans: BTreeSet::new(),
            changed_plans: BTreeSet::new(),
        };
        let outcome = f(&mut w).and_then(|value| {
            let news = !w.events.is_empty();
            w.write_history().map(|()| (value, news))
        });
        let made = std::mem::take(&mut w.made);
        match outcome {
            Ok((value, news)) => {
                if let Err(e) = c.batch_execute("COMMIT") {
                    // The answer may be lost even if the commit was not: the client asks again with its key.
                    let _ = c.batch_execute("ROLLBACK");
                    return Err(e.into());
                }
                if let Some(signer) = &self.signer {
                    signer.put(&made);
                }
                if news {
                    self.news.notify_one();
                }
                Ok(value)
            }
            Err(e) => {
                if let Err(undo) = c.batch_execute("ROLLBACK") {
                    tracing::error!(cause = %undo, "a transaction could not be undone; its connection is dropped");
                }
                Err(e)
            }
        }
    }

    /// Brings the database to the newest schema. Returns the names of the migrations that were run.
    pub fn migrate(&self) -> Result<Vec<String>> {
        // A connection of its own: migrations may take longer than the pool's statements are allowed to.
        let mut c = self.address.connect().map_err(Error::internal)?;
        connection::check_sqlite(&mut c)?;
        // Asked first: who may not make tables may still find that there is nothing to do.
        let pending = is_pending(&mut c)?;
        let run = match &mut c {
            _ if !pending => Ok(Vec::new()),
            AnyConnection::Sqlite(c) => {
                c.run_pending_migrations(SQLITE).map(|v| v.iter().map(|m| m.to_string()).collect())
            }
            AnyConnection::Postgres(c) => {
                c.batch_execute(
                    "SET statement_timeout = 0; SET client_min_messages = warning; SELECT pg_advisory_lock(7201126);",
                )?;
                let run = c.run_pending_migrations(POSTGRES).map(|v| v.iter().map(|m| m.to_string()).collect());
                c.batch_execute("SELECT pg_advisory_unlock(7201126);")?;
                run
            }
        };
        let run = run.map_err(Error::internal)?;
        c.transaction::<_, Error, _>(logs::plant)?;
        Ok(run)
    }

    /// Takes every table away, with all that is in them.
    pub fn unmake(&self) -> Result<()> {
        let mut c = self.address.connect().map_err(Error::internal)?;
        match &mut c {
            AnyConnection::Sqlite(c) => {
                // The rows of the history may not be deleted one by one; their tables go as a whole.
                c.batch_execute("PRAGMA foreign_keys = OFF")?;
                c.revert_all_migrations(SQLITE).map(|_| ())
            }
            AnyConnection::Postgres(c) => c.revert_all_migrations(POSTGRES).map(|_| ()),
        }
        .map_err(Error::internal)
    }

    /// Whether the database answers, is migrated, and holds a register.
    pub fn ready(&self) -> std::result::Result<(), &'static str> {
        let mut c = self.pool.get().map_err(|_| "the database cannot be reached")?;
        match is_pending(&mut c) {
            Err(_) => return Err("the database cannot be read"),
            Ok(true) => return Err("the database is not migrated: run `riskregister migrate`"),
            Ok(false) => {}
        }
        match (Reading { c: &mut c }).root() {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err("the database holds no register: run `riskregister init`"),
            Err(_) => Err("the database cannot be read"),
        }
    }
}

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Whether migrations of this program have not been run. Diesel's own question would make its table first, which only
/// the owner may.
fn is_pending(c: &mut AnyConnection) -> Result<bool> {
    let known: Vec<String> = match c {
        AnyConnection::Sqlite(_) => versions::<diesel::sqlite::Sqlite>(&SQLITE)?,
        AnyConnection::Postgres(_) => versions::<diesel::pg::Pg>(&POSTGRES)?,
    };
    match __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load::<String>(c) {
        Ok(run) => Ok(known.iter().any(|version| !run.contains(version))),
        // Not even the table of migrations is there: an empty database is nothing to warn of.
        Err(diesel::result::Error::DatabaseError(_, told))
            if ["no such table", "does not exist"].iter().any(|missing| told.message().contains(missing)) =>
        {
            Ok(true)
        }
        Err(other) => Err(other.into()),
    }
}

fn versions<B: diesel::backend::Backend>(all: &EmbeddedMigrations) -> Result<Vec<String>> {
    let all = MigrationSource::<B>::migrations(all).map_err(Error::internal)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// One snapshot of the register.
pub struct Reading<'c> {
    pub(in crate::storage) c: &'c mut AnyConnection,
}

impl Reading<'_> {
    /// The thing with this id, if it is there.
    pub fn find<T: Stored>(&mut self, id: Id) -> Result<Option<T>> {
        Ok(T::find(self.c, id)?)
    }

    /// The thing with this id; [`Error::NotFound`] if it is not there.
    pub fn get<T: Stored>(&mut self, id: Id) -> Result<T> {
        self.find(id)?.ok_or(Error::NotFound)
    }

    /// A thing that another row points at: its absence is damage, not a client's fault.
    pub fn linked<T: Stored>(&mut self, id: Id) -> Result<T> {
        self.find(id)?.ok_or_else(|| Error::internal(format!("{} {id} is gone", T::ENTITY)))
    }
}

/// One transaction that changes the register.
pub struct Writing<'c> {
    inner: Reading<'c>,
    origin: Origin,
    signer: Option<std::sync::Arc<Signer>>,
    /// Checkpoints made in this transaction.
    made: Vec<CheckpointRow>,
    events: Vec<PendingEvent>,
    locked_plans: BTreeSet<Id>,
    changed_plans: BTreeSet<Id>,
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

/// Where an event belongs: the log that keeps it and the organisation it concerns.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub log: Id,
    pub organisation: Id,
}

impl Writing<'_> {
    pub fn origin(&self) -> &Origin {
        &self.origin
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
        thing.insert(self.inner.c)?;
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
    pub fn follow<T: Stored>(&mut self, at: Place, kind: &'static str, old: &T, new: &mut T) -> Result<bool> {
        let Some(change) = self.store_change(old, new)? else { return Ok(false) };
        match self.events.last_mut() {
            Some(event) => event.effects.push(change),
            None => self.events.push(PendingEvent::new(at, kind, change, None)),
        }
        Ok(true)
    }

    fn store_change<T: Stored>(&mut self, old: &T, new: &mut T) -> Result<Option<Change>> {
        new.mark(old.version() + 1, Timestamp::now());
        let change = Change::changed(old, new)?;
        if change.is_mark_alone() {
            // The answer must be what is stored, its time and ETag too.
            *new = old.clone();
            return Ok(None);
        }
        if new.update(self.inner.c)? != 1 {
            // PostgreSQL lets two read the same version; the second finds out here, and reads again.
            return Err(Error::Outrun(format!("{} {} was changed meanwhile", T::ENTITY, old.id())));
        }
        self.note::<T>(new.id());
        Ok(Some(change))
    }

    /// Removes a thing; its history stays.
    pub fn remove<T: Stored>(&mut self, at: Place, kind: &'static str, thing: &T, reason: Option<&str>) -> Result<()> {
        if thing.delete(self.inner.c)? != 1 {
            return Err(Error::Outrun(format!("{} {} was changed before it was removed", T::ENTITY, thing.id())));
        }
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
        T::hold(self.inner.c, id)?.ok_or(Error::NotFound)
    }

    /// Locks a plan until the end of the transaction and reads it as it then is. Whatever is written next counts as
    /// a change of the plan.
    pub fn lock_plan(&mut self, id: Id) -> Result<Plan> {
        use schema::plans;
        let plan = diesel::update(plans::table.find(id))
            .set(plans::version.eq(plans::version))
            .returning(plans::all_columns)
            .get_result::<Plan>(self.inner.c)
            .optional()?
            .ok_or(Error::NotFound)?;
        self.locked_plans.insert(id);
        Ok(plan)
    }

    /// Locks what concerns every plan of a year. Comes before any plan's lock.
    pub fn lock_year(&mut self, year: i32) -> Result<()> {
        use schema::years;
        let found =
            diesel::update(years::table.find(year)).set(years::version.eq(years::version + 1)).execute(self.inner.c)?;
        if found == 0 {
            // Two that come first at once: the second fails on the key and is tried again.
            let row = (years::year.eq(year), years::version.eq(1_i64));
            diesel::insert_into(years::table).values(row).execute(self.inner.c).map_err(|e| match e {
                diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _) => {
                    Error::Unavailable { retry_after: 1 }
                }
                other => other.into(),
            })?;
        }
        Ok(())
    }

    /// Counts the change in every locked plan, then takes the log heads and writes the events.
    fn write_history(&mut self) -> Result<()> {
        let Some(mut last) = self.events.pop() else { return Ok(()) };
        let quiet: Vec<Id> = self.locked_plans.difference(&self.changed_plans).copied().collect();
        for id in quiet {
            let old: Plan = self.inner.linked(id)?;
            let mut new = old.clone();
            new.mark(old.version + 1, Timestamp::now());
            new.update(self.inner.c)?;
            last.effects.push(Change::changed(&old, &new)?);
        }
        self.events.push(last);
        let key = self.signer.as_deref().map(|signer| &signer.key);
        self.made.extend(history::append(self.inner.c, &self.origin, key, std::mem::take(&mut self.events))?);
        Ok(())
    }
}
