//! Why there is no document.

use std::fmt;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentError {
    /// The snapshot contradicts itself, or is of a shape that this version cannot read.
    Snapshot(String),
    /// The text could not be set. A fault of the template, not of the snapshot.
    Typesetting(String),
    /// The set text could not be written as the file that was asked for.
    Export(String),
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Snapshot(why) => write!(f, "the snapshot cannot be printed: {why}"),
            Self::Typesetting(why) => write!(f, "the document could not be set: {why}"),
            Self::Export(why) => write!(f, "the document could not be written: {why}"),
        }
    }
}

impl std::error::Error for DocumentError {}
