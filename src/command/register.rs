//! The register that a command is for, and how the command line tells what went wrong.

use crate::config::Settings;
use crate::domain::words::Language;
use crate::error::Error;
use crate::storage::{Address, Db, refuse_later};

/// What is said where a one-time password is told.
pub const ONE_TIME: &str = "It holds for three days, and leads to the choice of one's own at the first sign-in.";

/// How a command ends: with everything that was wrong.
pub type Outcome = Result<(), Vec<String>>;

pub fn sentences(error: Error) -> Vec<String> {
    vec![match error {
        Error::Internal(cause) => cause,
        other => {
            let problem = other.problem(Language::En, "");
            let faults = problem.errors.unwrap_or_default();
            let details: Vec<String> = faults.iter().map(|f| format!("{} {}", f.pointer, f.detail)).collect();
            if details.is_empty() { problem.detail } else { details.join(" ") }
        }
    }]
}

/// The register's database, unless a later program has taken it over.
pub fn database(settings: &Settings) -> Result<Db, Vec<String>> {
    let address = settings.database().map_err(|fault| vec![fault])?;
    known(&address)?;
    Ok(Db::new(address, 2))
}

/// Refuses a database that a later program has migrated.
pub fn known(address: &Address) -> Outcome {
    refuse_later(address).map_err(|fault| vec![fault])
}

/// Reads a file named on the command line as something of ours.
pub fn read_as<T>(file: &std::path::Path, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Vec<String>> {
    let text = std::fs::read_to_string(file).map_err(|e| vec![format!("{}: {e}", file.display())])?;
    read(&text).ok_or_else(|| vec![format!("{}: is not {what}", file.display())])
}
