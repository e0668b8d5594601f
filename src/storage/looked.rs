//! Looking at a database and at what lies beside it, without changing anything.

use std::collections::BTreeMap;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::{Address, AnyConnection};
use super::logs::Signer;
use super::migrations::{LATER, Schema, schema};
use super::reading::Reading;
use super::types::Id;
use crate::error::{Error, Result as Answer};

/// How long a database is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long one is waited for before it is asked for anything: it may be away.
const PATIENCE_AT_FIRST: Duration = Duration::from_secs(5);

#[derive(QueryableByName)]
struct About {
    #[diesel(sql_type = Text)]
    about: String,
}

/// Which database answers there, and how its schema stands; or why none does. Never a password.
pub fn look(address: &Address) -> Result<(String, Schema), String> {
    if let Address::Sqlite(file) = address
        && !Path::new(file).exists()
    {
        return Err(format!("there is no file {file}: run `riskregister init`"));
    }
    asked(address, PATIENCE, answers).unwrap_or_else(|| Err(format!("did not answer within {} s", PATIENCE.as_secs())))
}

/// Refuses a database that a later program has migrated. One that cannot be reached, or not soon, is not refused: whoever
/// goes on to ask it is told.
pub fn refuse_later(address: &Address) -> Result<(), String> {
    match asked(address, PATIENCE_AT_FIRST, stands) {
        Some(Ok(Schema::Later(version))) => Err(format!("{LATER} (it holds the migration {version})")),
        _ => Ok(()),
    }
}

/// Refuses to serve a register that has moved, or that is not what its own checkpoints say it was. One that cannot be
/// reached, or not soon, is not refused: `readyz` tells of it, and it is looked at when it can be.
pub fn refuse_unfit(address: &Address, signer: &Signer) -> Result<(), String> {
    let signer = signer.clone();
    let look = move |address: &Address| -> Answer<Option<String>> {
        let kept = Kept::of(&signer);
        let mut c = address.connect_to_read().map_err(Error::internal)?;
        match schema(&mut c)? {
            Schema::Current => unfit(&mut Reading::of(&mut c), &kept),
            _ => Ok(None),
        }
    };
    match asked(address, PATIENCE_AT_FIRST, look) {
        Some(Ok(Some(why))) => Err(why),
        _ => Ok(()),
    }
}

/// What the directory of checkpoints holds. Looked at before the database is: of what another instance signs meanwhile, the
/// database knows then.
pub(super) struct Kept {
    newest: BTreeMap<Id, (i64, i64, Option<String>)>,
    directory: String,
}

impl Kept {
    pub(super) fn of(signer: &Signer) -> Self {
        Self { newest: signer.all_newest(), directory: signer.directory.display().to_string() }
    }
}

/// Why a register must not be served, if there is a reason: it has moved, or it is older than the checkpoints beside it,
/// or another than they are of.
pub(super) fn unfit(r: &mut Reading, kept: &Kept) -> Answer<Option<String>> {
    if let Some(to) = r.moved_to()? {
        return Ok(Some(format!("the register has moved to {to}: name that in DATABASE_URL")));
    }
    let epochs = r.epochs()?;
    for head in r.heads()? {
        let Some((epoch, size, note)) = kept.newest.get(&head.log_id).cloned() else { continue };
        let here = epochs.get(&head.log_id).copied().unwrap_or(0);
        let of = |what: &str| {
            Ok(Some(format!(
                "the log {} {what}; {} holds one of {size} events, epoch {epoch}. If the database was put back from a \
                 backup, begin a new epoch on it with `riskregister restore --put-back`, or restore a newer backup",
                head.log_id, kept.directory
            )))
        };
        if (epoch, size) > (here, head.size) {
            return of(&format!("has {} events in epoch {here}, and is older than its checkpoints", head.size));
        }
        // A file is written after its row: of what the directory knows, the database knows too.
        if epoch == here
            && let Some(note) = note
            && r.checkpoint_of(head.log_id, size)?.is_none_or(|row| row.note != note)
        {
            return of("is another than its checkpoints are of");
        }
    }
    Ok(None)
}

/// The first thing that an SQLite file is broken by, looked for without its indexes.
pub(super) fn damage(c: &mut AnyConnection) -> Answer<Option<String>> {
    let AnyConnection::Sqlite(c) = c else { return Ok(None) };
    let found: Vec<About> = diesel::sql_query("SELECT quick_check AS about FROM pragma_quick_check LIMIT 1").load(c)?;
    Ok(found.into_iter().map(|found| found.about).find(|about| about != "ok"))
}

/// What a database answers, if it does so in time.
fn asked<T: Send + 'static>(
    address: &Address,
    patience: Duration,
    ask: impl FnOnce(&Address) -> T + Send + 'static,
) -> Option<T> {
    let (tell, told) = mpsc::channel();
    let address = address.clone();
    std::thread::spawn(move || {
        // Who has not waited is told nothing.
        let _ = tell.send(ask(&address));
    });
    told.recv_timeout(patience).ok()
}

fn stands(address: &Address) -> crate::error::Result<Schema> {
    let mut c = address.connect_to_read().map_err(Error::internal)?;
    schema(&mut c)
}

fn answers(address: &Address) -> Result<(String, Schema), String> {
    let mut c = address.connect_to_read().map_err(|fault| format!("cannot be reached: {fault}"))?;
    let said = |fault: diesel::result::Error| format!("cannot be read: {fault}");
    let about = match (&mut c, address) {
        (AnyConnection::Sqlite(c), Address::Sqlite(file)) => {
            let found: About = diesel::sql_query("SELECT sqlite_version() AS about").get_result(c).map_err(said)?;
            format!("{file}, read by SQLite {}", found.about)
        }
        (AnyConnection::Postgres(c), _) => {
            let text = "SELECT 'PostgreSQL ' || current_setting('server_version') || ', ' || current_database() \
                        || ' as ' || current_user AS about";
            let found: About = diesel::sql_query(text).get_result(c).map_err(said)?;
            found.about
        }
        _ => String::new(),
    };
    let stands = schema(&mut c).map_err(|fault| format!("cannot be read: {fault:?}"))?;
    Ok((about, stands))
}

/// An SQLite file that one service serves, as long as this lives.
pub struct Alone {
    _lock: Option<std::fs::File>,
}

/// Holds the register's file for the one service that may serve it; a path where there is none makes none. PostgreSQL serves
/// as many as there are.
pub fn hold_alone(address: &Address) -> Result<Alone, String> {
    let Address::Sqlite(file) = address else { return Ok(Alone { _lock: None }) };
    if !Path::new(file).exists() {
        return Err(format!("there is no file {file}: run `riskregister init`"));
    }
    let name = format!("{file}-serving");
    let said = |fault: std::io::Error| format!("{name}: {fault}");
    let lock =
        std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&name).map_err(said)?;
    match lock.try_lock() {
        Ok(()) => Ok(Alone { _lock: Some(lock) }),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(format!("another service serves {file}: SQLite has one; several instances take PostgreSQL"))
        }
        // Where files cannot be locked, nobody can be told apart.
        Err(std::fs::TryLockError::Error(fault)) => Err(said(fault)),
    }
}

/// Whether files can be made in a directory, or in the nearest above it that is there.
pub fn can_be_written(directory: &Path) -> std::io::Result<()> {
    let here = Path::new(".");
    let there = directory.ancestors().map(|above| if above.as_os_str().is_empty() { here } else { above });
    let there = there.into_iter().find(|above| above.exists()).unwrap_or(here);
    let probe = there.join(format!(".{}", Id::new()));
    std::fs::OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(&probe)
}
