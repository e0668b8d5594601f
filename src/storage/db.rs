//! The two doors to the database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::MigrationHarness;

use super::connection::{self, Address, AnyConnection};
use super::history::Origin;
use super::logs::{self, Signer};
use super::looked;
use super::migrations::{LATER, LOCK, POSTGRES, SQLITE, Schema, schema};
use super::reading::Reading;
use super::scour;
use super::types::Timestamp;
use super::writing::Writing;
use crate::error::{Error, Result};

/// How often a write that lost a race for a lock is tried again before the caller is told to come back.
const ATTEMPTS: u32 = 5;

/// How much further the clock has to be believed for that to be written down.
const MOVED_ON: Duration = Duration::from_secs(600);

/// How a write failed: so that it may be tried again, since nothing of it was kept; or so that it may not, since nobody
/// knows whether it was, or since nothing is to be written at all.
enum Failed {
    Undone(Error),
    ForGood(Error),
}

impl From<Error> for Failed {
    fn from(fault: Error) -> Self {
        Self::Undone(fault)
    }
}

/// The database, through its pool.
#[derive(Clone)]
pub struct Db {
    pub(super) pool: connection::Pool,
    /// SQLite has one writer. Waiting here, in order, beats waiting in SQLite, which is not fair.
    writer: Arc<Mutex<()>>,
    /// Rung when events have been committed, for whoever sends them on.
    news: Arc<tokio::sync::Notify>,
    pub(super) address: Address,
    pub(super) signer: Option<Arc<Signer>>,
    /// Why the register must not be served, where it must not; nothing is written then.
    unfit: Arc<Mutex<Option<String>>>,
    /// A page of the file is damaged: so it stays until the service is started anew.
    damaged: Arc<AtomicBool>,
    /// There was no room for what was last to be written.
    full: Arc<AtomicBool>,
}

impl Db {
    /// Opens no connection yet: a database that is down shows in [`Db::ready`].
    pub fn new(address: Address, connections: u32) -> Self {
        let pool = connection::pool(address.clone(), connections);
        Self {
            pool,
            writer: Default::default(),
            news: Default::default(),
            address,
            signer: None,
            unfit: Default::default(),
            damaged: Default::default(),
            full: Default::default(),
        }
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
        let kept = signer.put(&newest);
        for head in heads {
            if newest.iter().all(|c| c.log_id != head.log_id || c.size < head.size) {
                self.write(&Origin::system(), |w| w.checkpoint(head.log_id))?;
            }
        }
        if kept { Ok(()) } else { Err(Error::internal("checkpoints could not be kept outside: the log says which")) }
    }

    /// Looks whether the register may be served (`looked.rs` says what hinders that), and says so to whoever asks
    /// [`Db::ready`]; why it may not, if so.
    pub fn look_whether_fit(&self) -> Result<Option<String>> {
        let Some(signer) = &self.signer else { return Ok(None) };
        let kept = looked::Kept::of(signer);
        let found = self.read(|r| looked::unfit(r, &kept))?;
        *self.unfit.lock().unwrap_or_else(|e| e.into_inner()) = found.clone();
        Ok(found)
    }

    /// Looks whether an SQLite file is whole, quickly: a damaged one is read from as far as it goes, and nothing is written
    /// to it. What is wrong, if anything is.
    pub fn look_whether_whole(&self) -> Result<Option<String>> {
        let mut c = self.address.connect_to_read().map_err(Error::internal)?;
        let found = looked::damage(&mut c)?;
        self.damaged.fetch_or(found.is_some(), Ordering::Relaxed);
        Ok(found)
    }

    /// Believes the clock for so long on from now, if it is believed now. Whether it is.
    pub fn keep_time(&self, leap: Duration) -> Result<bool> {
        let now = Timestamp::now();
        let until = self.read(|r| r.clock_trusted_until())?;
        if until.is_some_and(|until| now > until) {
            return Ok(false);
        }
        // Written anew when it is worth it, and not each minute.
        let on = Timestamp::from(now.utc() + leap);
        if until.is_none_or(|until| until < Timestamp::from(on.utc() - MOVED_ON.min(leap / 4))) {
            self.write(&Origin::system(), |w| match w.clock_trusted_until()? {
                // Somebody else was faster.
                Some(there) if until.is_none_or(|until| there > until) => Ok(()),
                _ => w.trust_clock_until(Some(on)),
            })?;
        }
        Ok(true)
    }

    /// Tries whether there is room again, where there was none.
    pub fn try_for_room(&self) -> Result<()> {
        if self.full.load(Ordering::Relaxed) {
            self.write(&Origin::system(), |w| w.touch())?;
        }
        Ok(())
    }

    fn is_unfit(&self) -> bool {
        self.damaged.load(Ordering::Relaxed) || self.unfit.lock().unwrap_or_else(|e| e.into_inner()).is_some()
    }

    /// Makes the files of checkpoints again that say nothing.
    pub fn mend_checkpoints(&self) -> Result<()> {
        let Some(signer) = &self.signer else { return Ok(()) };
        for (log, size) in signer.unreadable() {
            let made = self.read(|r| r.checkpoint_of(log, size))?;
            signer.put(made.as_slice());
        }
        Ok(())
    }

    /// How many connections there are, and how many of them are in use.
    pub fn connections(&self) -> (u32, u32) {
        let state = self.pool.state();
        (state.connections, state.connections - state.idle_connections)
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
        connection::bound(&mut c, begin)?;
        let outcome = f(&mut Reading::of(&mut c));
        // Nothing was written: rolling back and committing are the same, and this one cannot fail late.
        connection::bound(&mut c, "ROLLBACK")?;
        outcome
    }

    /// Runs `f` in one transaction and writes its events. An error undoes everything.
    ///
    /// `f` may run again when it lost a race for a lock, so it must do nothing but read and write the database.
    pub fn write<T>(&self, origin: &Origin, mut f: impl FnMut(&mut Writing) -> Result<T>) -> Result<T> {
        let mut attempt = 1;
        loop {
            match self.try_write(origin, &mut f) {
                Err(Failed::Undone(Error::Unavailable { .. } | Error::Outrun(_))) if attempt < ATTEMPTS => attempt += 1,
                other => {
                    let done = other.map_err(|(Failed::Undone(fault) | Failed::ForGood(fault))| fault);
                    match &done {
                        Ok(_) => self.full.store(false, Ordering::Relaxed),
                        Err(fault) => _ = self.full.fetch_or(matches!(fault, Error::Full), Ordering::Relaxed),
                    }
                    return done;
                }
            }
        }
    }

    /// What `f` would give: it is done in a transaction, and laid back. No event is written. It may run again, as in
    /// [`Db::write`].
    pub fn tried<T>(&self, origin: &Origin, mut f: impl FnMut(&mut Writing) -> Result<T>) -> Result<T> {
        const TRIED: &str = "tried";
        let mut given = None;
        let laid_back = self.write(origin, |w| {
            given = Some(f(w)?);
            Err::<(), _>(Error::conflict(TRIED, "Det var bara ett försök.", "It was only tried."))
        });
        match (laid_back, given) {
            (Err(Error::Conflict { code: TRIED, .. }), Some(given)) => Ok(given),
            (Err(other), _) => Err(other),
            (Ok(()), _) => Err(Error::internal("a trial was kept")),
        }
    }

    fn try_write<T>(
        &self,
        origin: &Origin,
        f: &mut impl FnMut(&mut Writing) -> Result<T>,
    ) -> std::result::Result<T, Failed> {
        if self.is_unfit() {
            return Err(Failed::ForGood(Error::Unavailable { retry_after: 60 }));
        }
        let mut c = self.pool.get().map_err(Error::from)?;
        let sqlite = matches!(&*c, AnyConnection::Sqlite(_));
        let turn = sqlite.then(|| self.writer.lock().unwrap_or_else(|e| e.into_inner()));
        // SQLite: take the write lock at once. A read that turns into a write would fail without waiting.
        let begin = if sqlite { "BEGIN IMMEDIATE" } else { "BEGIN ISOLATION LEVEL READ COMMITTED" };
        connection::bound(&mut c, begin).map_err(Error::from)?;
        let mut w = Writing::new(&mut c, origin.clone(), self.signer.clone());
        let outcome = f(&mut w).and_then(|value| {
            let news = !w.events.is_empty();
            w.write_history().map(|()| (value, news))
        });
        let (made, erased) = (std::mem::take(&mut w.made), w.erased);
        match outcome {
            Ok((value, news)) => {
                if let Err(e) = connection::bound(&mut c, "COMMIT") {
                    // The answer may be lost even if the commit was not: it is not tried again here, where it could be done
                    // twice. The client asks again with its key, and gets the truth.
                    let _ = connection::bound(&mut c, "ROLLBACK");
                    return Err(Failed::ForGood(e.into()));
                }
                if let Some(signer) = &self.signer {
                    signer.put(&made);
                }
                if news {
                    self.news.notify_one();
                }
                drop((turn, c));
                if erased && let Err(cause) = self.scour() {
                    tracing::warn!(?cause, "what was erased stands in free parts of the file still; tried again soon");
                }
                Ok(value)
            }
            Err(e) => {
                if let Err(undo) = connection::bound(&mut c, "ROLLBACK") {
                    tracing::error!(cause = %undo, "a transaction could not be undone; its connection is dropped");
                }
                Err(Failed::Undone(e))
            }
        }
    }

    /// Brings the database to the newest schema. Returns the names of the migrations that were run.
    pub fn migrate(&self) -> Result<Vec<String>> {
        // A connection of its own: migrations may take longer than the pool's statements are allowed to.
        let mut c = self.address.connect().map_err(Error::internal)?;
        connection::check_sqlite(&mut c)?;
        // Asked first: who may not make tables may still find that there is nothing to do.
        let stands = schema(&mut c)?;
        let run = match &mut c {
            _ if stands == Schema::Current => Ok(Vec::new()),
            _ if matches!(stands, Schema::Later(_)) => return Err(Error::internal(LATER)),
            AnyConnection::Sqlite(c) => {
                c.run_pending_migrations(SQLITE).map(|v| v.iter().map(|m| m.to_string()).collect())
            }
            AnyConnection::Postgres(c) => {
                c.batch_execute(&format!(
                    "SET statement_timeout = 0; SET lock_timeout = 0; SET client_min_messages = warning; \
                         SELECT pg_advisory_lock({LOCK});"
                ))?;
                let run = c.run_pending_migrations(POSTGRES).map(|v| v.iter().map(|m| m.to_string()).collect());
                c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK});"))?;
                run
            }
        };
        let run = run.map_err(Error::internal)?;
        c.transaction::<_, Error, _>(logs::plant)?;
        if let Err(cause) = self.scour() {
            tracing::warn!(?cause, "what was deleted stands in free parts of the file still; `serve` tries again");
        }
        Ok(run)
    }

    /// Takes erased texts out of an SQLite file and what lies beside it, if anything has been erased since it was last
    /// done. Makes the file anew, so it takes as long as copying it, and writes wait meanwhile.
    pub fn scour(&self) -> Result<()> {
        let _turn = self.writer.lock().unwrap_or_else(|e| e.into_inner());
        scour::scour(&self.address)
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
        match schema(&mut c) {
            Err(_) => return Err("the database cannot be read"),
            Ok(Schema::Pending) => return Err("the database is not migrated: run `riskregister migrate`"),
            Ok(Schema::Later(_)) => return Err(LATER),
            Ok(Schema::Current) => {}
        }
        if self.is_unfit() {
            return Err("the register is damaged, has moved, or is not what its checkpoints say: the log says which");
        }
        if self.full.load(Ordering::Relaxed) {
            return Err("the disk of the database is full, or cannot be written");
        }
        let mut r = Reading::of(&mut c);
        if let Ok(Some(until)) = r.clock_trusted_until()
            && Timestamp::now() > until
        {
            return Err(
                "the clock of this machine is far ahead of what the register knows of: see `riskregister clock`",
            );
        }
        match r.root() {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err("the database holds no register: run `riskregister init`"),
            Err(_) => Err("the database cannot be read"),
        }
    }
}
