//! The migrations of both databases, and whether they have been run.

use std::time::Duration;

use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::connection::{Address, AnyConnection};
use crate::error::{Error, Result};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How long a database that may be away is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// How the schema of a database stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    /// As it should be.
    Current,
    /// Migrations of this program have not been run.
    Pending,
    /// A later program has run this migration, which is not known here.
    Later(String),
}

/// What is said of a database of a later program, wherever it is met.
pub const LATER: &str =
    "a later version of Riskregister has migrated the database: this one neither serves nor changes it";

/// How the schema stands. Diesel's own question would make its table first, which only the owner may.
pub(super) fn schema(c: &mut AnyConnection) -> Result<Schema> {
    let known: Vec<String> = match c {
        AnyConnection::Sqlite(_) => versions::<diesel::sqlite::Sqlite>(&SQLITE)?,
        AnyConnection::Postgres(_) => versions::<diesel::pg::Pg>(&POSTGRES)?,
    };
    match __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load::<String>(c) {
        Ok(run) => Ok(match run.iter().filter(|version| !known.contains(version)).max() {
            Some(version) => Schema::Later(version.clone()),
            None if known.iter().any(|version| !run.contains(version)) => Schema::Pending,
            None => Schema::Current,
        }),
        // Not even the table of migrations is there: an empty database is nothing to warn of.
        Err(diesel::result::Error::DatabaseError(_, told))
            if ["no such table", "does not exist"].iter().any(|missing| told.message().contains(missing)) =>
        {
            Ok(Schema::Pending)
        }
        Err(other) => Err(other.into()),
    }
}

/// Refuses a database that a later program has migrated. One that cannot be reached, or not soon, is not refused: whoever
/// goes on to ask it is told.
pub fn refuse_later(address: &Address) -> std::result::Result<(), String> {
    let (tell, told) = std::sync::mpsc::channel();
    let address = address.clone();
    std::thread::spawn(move || {
        let asked = address.connect_to_read().map_err(Error::internal).and_then(|mut c| schema(&mut c));
        // Who has not waited is told nothing.
        let _ = tell.send(asked);
    });
    match told.recv_timeout(PATIENCE) {
        Ok(Ok(Schema::Later(version))) => Err(format!("{LATER} (it holds the migration {version})")),
        _ => Ok(()),
    }
}

fn versions<B: diesel::backend::Backend>(all: &EmbeddedMigrations) -> Result<Vec<String>> {
    let all = MigrationSource::<B>::migrations(all).map_err(Error::internal)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}
