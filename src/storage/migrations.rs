//! The migrations of both databases, and whether they have been run.

use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::connection::AnyConnection;
use crate::error::{Error, Result};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// What whoever migrates a PostgreSQL, or gives rights there, holds meanwhile: one at a time, the others wait.
pub(super) const LOCK: i64 = 7_201_126;

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

/// The newest migration of this program.
pub(super) fn newest() -> Result<String> {
    Ok(versions::<diesel::sqlite::Sqlite>(&SQLITE)?.into_iter().max().unwrap_or_default())
}

fn versions<B: diesel::backend::Backend>(all: &EmbeddedMigrations) -> Result<Vec<String>> {
    let all = MigrationSource::<B>::migrations(all).map_err(Error::internal)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}
