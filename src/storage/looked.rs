//! Looking at a database and at what lies beside it, without changing anything.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::{Address, AnyConnection};
use super::migrations::{LATER, Schema, schema};
use super::types::Id;
use crate::error::Error;

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

/// What a database answers, if it does so in time.
fn asked<T: Send + 'static>(address: &Address, patience: Duration, ask: fn(&Address) -> T) -> Option<T> {
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

/// Whether files can be made in a directory, or in the nearest above it that is there.
pub fn can_be_written(directory: &Path) -> std::io::Result<()> {
    let here = Path::new(".");
    let there = directory.ancestors().map(|above| if above.as_os_str().is_empty() { here } else { above });
    let there = there.into_iter().find(|above| above.exists()).unwrap_or(here);
    let probe = there.join(format!(".{}", Id::new()));
    std::fs::OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(&probe)
}
