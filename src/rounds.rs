//! What the service does by itself: checkpoints each minute, backups where they are asked for, the history held each night.
//!
//! One round that falls must not be the last: nobody would notice that there are no checkpoints any more. What came of the
//! rounds is told in the log, and by `/metrics` as times and counts, never as ages.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{NaiveDate, NaiveDateTime, Timelike, Utc};
use chrono_tz::Europe::Stockholm;

use crate::app::history::webhooks;
use crate::app::imports::uploads::forget_old;
use crate::app::people::{sessions, setup};
use crate::auth::{self, Passwords};
use crate::config::{Backups, Config};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::pulses::Pulses;
use crate::seals::Seals;
use crate::storage::backup;
use crate::storage::verification::{self, Against};
use crate::storage::{Db, Origin, Timestamp};

/// How soon a backup that failed is tried again.
const AGAIN: Duration = Duration::from_secs(15 * 60);

/// How often what is kept no longer is removed.
const TIDY_EVERY: Duration = Duration::from_secs(3600);

/// How long it is kept who was here after it means anything: in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// How long a wrong password is kept: what it spends of a day's tries is there again by then, in seconds.
const TRIED: i64 = 2 * 24 * 3600;

/// The hour of the night, in Stockholm, from which the history is held.
const NIGHT: u32 = 3;

/// The rounds go on until this is dropped.
pub struct Rounds {
    _stop: Vec<Sender<()>>,
}

impl Rounds {
    /// Starts them: what is quick in one thread, what takes its time in another.
    pub fn start(db: &Db, limits: &Arc<Limits>, config: &Config, seals: &Arc<Seals>, pulses: &Arc<Pulses>) -> Self {
        let quick = Quick {
            db: db.clone(),
            limits: Arc::clone(limits),
            passwords: config.passwords.clone(),
            seals: Arc::clone(seals),
            leap: config.clock_leap,
            first: true,
            tidied: None,
        };
        let night = Utc::now().with_timezone(&Stockholm);
        let long = Long {
            db: db.clone(),
            config: config.clone(),
            // What began in the day waits for the night.
            held: (night.hour() >= NIGHT).then(|| night.date_naive()),
            failed: None,
            swept: None,
        };
        Self {
            _stop: vec![
                run("checkpoints", config.round_every, Some(Arc::clone(pulses)), quick, Quick::round),
                // A backup or a verification may take its time, and each is told of by a measure of its own.
                run("backups and verification", config.round_every, None, long, Long::round),
            ],
        }
    }
}

/// Runs a round at once and then this often, in a thread of its own, until what is given back is dropped.
fn run<T: Send + 'static>(
    name: &'static str,
    every: Duration,
    pulses: Option<Arc<Pulses>>,
    mut state: T,
    round: fn(&mut T) -> Result<()>,
) -> Sender<()> {
    let (stop, stopped): (Sender<()>, Receiver<()>) = channel();
    let beat = move || pulses.iter().for_each(|pulses| pulses.beat(name));
    beat();
    std::thread::spawn(move || {
        loop {
            match catch_unwind(AssertUnwindSafe(|| round(&mut state))) {
                Ok(Ok(())) => {
                    metrics::gauge!("riskregister_round_timestamp_seconds", "round" => name)
                        .set(seconds(SystemTime::now()));
                    beat();
                }
                // A database that is down or empty shows in `readyz`; the next round tries again.
                Ok(Err(fault)) => tracing::warn!(round = name, cause = ?fault, "this round did not come to its end"),
                Err(_) => {
                    metrics::counter!("riskregister_rounds_fallen_total", "round" => name).increment(1);
                    tracing::error!(round = name, "this round fell; the next one begins anew");
                }
            }
            match stopped.recv_timeout(every) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => return,
            }
        }
    });
    stop
}

fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

struct Quick {
    db: Db,
    limits: Arc<Limits>,
    passwords: Passwords,
    seals: Arc<Seals>,
    /// How far ahead the clock may jump.
    leap: Duration,
    first: bool,
    /// When what is kept no longer was last removed.
    tidied: Option<Instant>,
}

impl Quick {
    /// Makes checkpoints, and forgets who has asked for nothing of late.
    fn round(&mut self) -> Result<()> {
        let db = &self.db;
        self.limits.forget_rested();
        auth::rest();
        let (connections, in_use) = db.connections();
        metrics::gauge!("riskregister_connections").set(connections);
        metrics::gauge!("riskregister_connections_in_use").set(in_use);
        if self.first {
            if let Ok(true) = db.may_change_history() {
                tracing::warn!(
                    "the role of DATABASE_URL owns the history and could change it: give it one of its own, and name \
                     the owner in MIGRATION_DATABASE_URL for `riskregister migrate`"
                );
            }
            if let Some(what) = db.look_whether_whole()? {
                return Err(Error::internal(format!(
                    "the database is DAMAGED: it is served for reading alone: {what}"
                )));
            }
        }
        // Each time: a database can be put back, or moved, while the service runs.
        if let Some(why) = db.look_whether_fit()? {
            return Err(Error::internal(format!("nothing is written: {why}")));
        }
        if self.first {
            db.mend_checkpoints()?;
        }
        db.try_for_room()?;
        if !db.keep_time(self.leap)? {
            return Err(Error::internal(
                "nothing is written: the clock of this machine is far ahead of what the register knows of. If it is right, \
                 run `riskregister clock --accept`",
            ));
        }
        take_key(db)?;
        self.take_settings()?;
        db.scour()?;
        db.make_checkpoints()?;
        if self.tidied.is_none_or(|tidied| tidied.elapsed() >= TIDY_EVERY) {
            let now = Timestamp::now();
            db.write(&Origin::system(), |w| {
                w.forget_who_was_here(now.plus_seconds(-KEPT), now.plus_seconds(-TRIED))?;
                forget_old(w)
            })?;
            self.tidied = Some(Instant::now());
        }
        self.first = false;
        let (mails, events) = db.read(|r| Ok((r.waiting_mails()?, r.webhooks_behind()?)))?;
        metrics::gauge!("riskregister_mails_waiting").set(mails as f64);
        metrics::gauge!("riskregister_webhook_events_waiting").set(events as f64);
        Ok(())
    }
}

impl Quick {
    /// Brings what was kept under other settings to those of today.
    fn take_settings(&self) -> Result<()> {
        let Self { db, passwords, seals, .. } = self;
        if !db.read(|r| sessions::untaken(r, passwords))?.is_empty() {
            db.write(&Origin::operator(), |w| sessions::end_untaken(w, passwords))?;
        }
        if self.first && db.read(|r| webhooks::any_to_seal(r, seals))? {
            db.write(&Origin::operator(), |w| webhooks::seal_anew(w, seals))?;
        }
        Ok(())
    }
}

/// Tells the history of the key that checkpoints are made with, if that has not been told. Reads first: nearly always
/// there is nothing to write.
fn take_key(db: &Db) -> Result<()> {
    let Some(key) = db.signer().map(|signer| signer.key.public().text()) else { return Ok(()) };
    if db.read(|r| setup::knows_key(r, &key))? { Ok(()) } else { db.write(&Origin::system(), setup::take_key) }
}

struct Long {
    db: Db,
    config: Config,
    /// The day on which the history was last held.
    held: Option<NaiveDate>,
    /// When a backup was last begun that did not come to its end.
    failed: Option<Instant>,
    /// When files that nobody names were last looked for.
    swept: Option<Instant>,
}

impl Long {
    fn round(&mut self) -> Result<()> {
        if self.db.ready().is_ok() {
            let thoroughly = self.swept.is_none_or(|swept| swept.elapsed() >= TIDY_EVERY);
            match self.db.sweep_files(&self.config.files, thoroughly) {
                Ok(()) if thoroughly => self.swept = Some(Instant::now()),
                Ok(()) => {}
                // The store may be away: backups and verification go on, and the next round tries again.
                Err(fault) => tracing::warn!(cause = ?fault, "files could not be taken away from where they are kept"),
            }
        }
        let backup = match self.config.backups.clone() {
            Some(backups) => self.back_up(&backups),
            None => Ok(()),
        };
        self.hold();
        backup
    }

    /// Makes a backup where the newest one is too old, and takes away those that are too many.
    fn back_up(&mut self, backups: &Backups) -> Result<()> {
        let said = |fault: std::io::Error| Error::internal(format!("{}: {fault}", backups.into.display()));
        if self.db.ready().is_err() {
            return Ok(());
        }
        let mut kept = made(backups).map_err(said)?;
        let now = Utc::now().naive_utc();
        // One that is said to be of a time to come was made by a clock that went wrong, and says nothing.
        let newest = kept.iter().rev().map(|(time, _)| *time).find(|time| *time <= now);
        let seconds = newest.map_or(0, |time| time.and_utc().timestamp());
        metrics::gauge!("riskregister_backup_timestamp_seconds").set(seconds as f64);
        if newest.is_none_or(|time| (now - time).to_std().is_ok_and(|age| age >= backups.every)) {
            if self.failed.is_some_and(|failed| failed.elapsed() < AGAIN) {
                return Ok(());
            }
            let file = backups.into.join(now.format(NAME).to_string());
            self.failed = Some(Instant::now());
            self.db.back_up(&file, &self.config.files, self.config.not_in_backups.clone())?;
            self.failed = None;
            metrics::gauge!("riskregister_backup_timestamp_seconds").set(now.and_utc().timestamp() as f64);
            kept.push((now, file));
        }
        for (_, file) in kept.iter().rev().skip(backups.keep) {
            match std::fs::remove_file(file) {
                // Another instance was faster.
                Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(said(fault)),
                _ => {}
            }
        }
        backup::sweep(&backups.into).map_err(said)
    }

    /// Holds the register against its history, once a night.
    fn hold(&mut self) {
        let night = Utc::now().with_timezone(&Stockholm);
        let today = night.date_naive();
        if !self.config.verifies || night.hour() < NIGHT || self.held == Some(today) || self.db.ready().is_err() {
            return;
        }
        let against = Against { files: Some(self.config.files.clone()), ..Against::default() };
        let held = verification::verify(&self.config.database, &against);
        match &held {
            Ok(counts) => tracing::info!(%counts, "the register holds against its history"),
            // What the database is not there for is no damage.
            Err(damage) if damage.is_not_held() => {
                tracing::warn!(%damage, "the register could not be held against its history; it is tried again");
                return;
            }
            Err(damage) => {
                tracing::error!(%damage, "the register is DAMAGED: it does not hold against its history");
                // Whether it is the file itself: then nothing is written to it any more.
                if let Err(fault) = self.db.look_whether_whole() {
                    tracing::warn!(cause = ?fault, "it could not be looked whether the database is whole");
                }
            }
        }
        self.held = Some(today);
        metrics::gauge!("riskregister_verification_holds").set(if held.is_ok() { 1 } else { 0 });
        metrics::gauge!("riskregister_verification_timestamp_seconds").set(seconds(SystemTime::now()));
    }
}

/// How a backup is called, by the time that it was made at (UTC).
const NAME: &str = "riskregister-%Y%m%dT%H%M%SZ.backup";

/// The backups that lie there, the oldest first. What is called otherwise is not ours.
fn made(backups: &Backups) -> std::io::Result<Vec<(NaiveDateTime, PathBuf)>> {
    let entries = match std::fs::read_dir(&backups.into) {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut all: Vec<(NaiveDateTime, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let time = NaiveDateTime::parse_from_str(entry.file_name().to_str()?, NAME).ok()?;
            Some((time, entry.path()))
        })
        .collect();
    all.sort();
    Ok(all)
}
