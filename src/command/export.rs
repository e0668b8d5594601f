//! `export`: the register with its history in a file of its own.

use super::register::{Outcome, database, sentences};
use crate::app::people::setup;
use crate::config::Settings;
use crate::storage::Origin;
use crate::storage::carry::Which;

pub fn run(settings: &Settings, file: &std::path::Path) -> Outcome {
    let db = database(settings)?;
    db.write_to_file(file, Which::ForAuditors).map_err(sentences)?;
    db.write(&Origin::operator(), setup::record_export).map_err(sentences)?;
    println!("Wrote {}", file.display());
    if db.read(|r| Ok(!r.stored_files_after("", 1)?.is_empty())).map_err(sentences)? {
        println!("It says which files of evidence there are, with their SHA-256, and does not hold them.");
    }
    Ok(())
}
