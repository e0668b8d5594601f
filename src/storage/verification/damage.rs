//! What comes of holding a register against its history: what was held, or the first thing that does not hold.

use std::fmt;

use crate::error::Error;
use crate::storage::types::Id;

/// What was held, when everything holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub logs: u64,
    pub events: u64,
    pub checkpoints: u64,
    pub commitments: u64,
    /// Commitments whose texts have been erased.
    pub erased: u64,
    pub files: u64,
    /// Files that people left, where it was held that they lie there as they were left.
    pub left: u64,
    pub things: u64,
    /// What an auditor must know though nothing is damaged: each restore from a backup, and what was lost by it.
    pub told: Vec<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = if self.left > 0 { format!(", {} files of evidence", self.left) } else { String::new() };
        write!(
            f,
            "{} logs, {} events, {} checkpoints, {} commitments ({} erased), {} things, {} sealed files{left}",
            self.logs, self.events, self.checkpoints, self.commitments, self.erased, self.things, self.files
        )
    }
}

/// The first thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The log, where one is concerned.
    pub log: Option<Id>,
    /// The position in the log.
    pub n: Option<i64>,
    pub what: String,
}

/// What begins what is said where a register could not be held at all.
const NOT_HELD: &str = "the database cannot be";
const NO_FILES: &str = "the files that people left cannot be";

impl Damage {
    /// The register could not be held: its database is away, or cannot be read. That says nothing of its history.
    pub fn is_not_held(&self) -> bool {
        self.what.starts_with(NOT_HELD) || self.what.starts_with(NO_FILES)
    }

    /// The store of files is away, or says no.
    pub(super) fn out_of_reach(fault: impl fmt::Display) -> Self {
        format!("{NO_FILES} reached: {fault}").into()
    }

    /// The database cannot be opened.
    pub(super) fn not_opened(fault: impl fmt::Display) -> Self {
        format!("{NOT_HELD} opened: {fault}").into()
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(log) = self.log {
            write!(f, "log {log}")?;
            if let Some(n) = self.n {
                write!(f, ", event {n}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.what)
    }
}

impl From<String> for Damage {
    fn from(what: String) -> Self {
        Self { log: None, n: None, what }
    }
}
impl From<&str> for Damage {
    fn from(what: &str) -> Self {
        what.to_owned().into()
    }
}
impl From<diesel::result::Error> for Damage {
    fn from(fault: diesel::result::Error) -> Self {
        format!("{NOT_HELD} read: {fault}").into()
    }
}
impl From<Error> for Damage {
    fn from(fault: Error) -> Self {
        match fault {
            Error::Internal(what) => what.into(),
            other => format!("{NOT_HELD} read: {other:?}").into(),
        }
    }
}

pub(super) type Held<T> = Result<T, Damage>;
