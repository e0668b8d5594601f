//! `migrate`: the database brought to the newest schema.

use super::register::{Outcome, database, sentences};
use crate::config::Settings;
use crate::storage::Db;

pub fn run(settings: &Settings) -> Outcome {
    let run = migrate(settings)?;
    match run.len() {
        0 => println!("The database is up to date."),
        _ => run.iter().for_each(|name| println!("Ran {name}")),
    }
    Ok(())
}

/// Brings the database up, as its owner where one is named; the application's role then gets what it needs, and nothing
/// by which it could change history.
pub fn migrate(settings: &Settings) -> Result<Vec<String>, Vec<String>> {
    let db = database(settings)?;
    let Some(owner) = settings.migration_database().map_err(|fault| vec![fault])? else {
        return db.migrate().map_err(sentences);
    };
    let owner = Db::new(owner, 1);
    let role = db.role().map_err(sentences)?;
    let same = owner.role().map_err(sentences)? == role;
    let Some(role) = role.filter(|_| !same) else {
        return Err(vec![
            "MIGRATION_DATABASE_URL: must be another role of PostgreSQL than that of DATABASE_URL".into(),
        ]);
    };
    let run = owner.migrate().map_err(sentences)?;
    owner.grant(&role).map_err(sentences)?;
    Ok(run)
}
