//! The migrations of both databases, and whether they have been run.

use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use super::connection::AnyConnection;
use crate::error::{Error, Result};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// Whether migrations of this program have not been run. Diesel's own question would make its table first, which only
/// the owner may.
pub(super) fn is_pending(c: &mut AnyConnection) -> Result<bool> {
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
