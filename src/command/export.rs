//! `export`: the register with its history in a file of its own.

use super::register::{Outcome, database, told};
use crate::app::people::setup;
use crate::config::Settings;
use crate::storage::Origin;

pub fn run(settings: &Settings, file: &std::path::Path) -> Outcome {
    let db = database(settings)?;
    db.export(file).map_err(told)?;
    db.write(&Origin::operator(), setup::record_export).map_err(told)?;
    println!("Wrote {}", file.display());
    Ok(())
}
