//! `export`: the register with its history in a file of its own.

use super::register::{Outcome, database, sentences};
use crate::app::people::setup;
use crate::config::Settings;
use crate::storage::Origin;

pub fn run(settings: &Settings, file: &std::path::Path) -> Outcome {
    let db = database(settings)?;
    db.export(file).map_err(sentences)?;
    db.write(&Origin::operator(), setup::record_export).map_err(sentences)?;
    println!("Wrote {}", file.display());
    Ok(())
}
