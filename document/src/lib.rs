//! The documents of the register: a frozen snapshot in, PDF out. Pure: no clock, no database, no network.
//!
//! ```no_run
//! # fn plan() -> riskregister_document::snapshot::PlanSnapshot { unimplemented!() }
//! let pdf: Vec<u8> = riskregister_document::plan_pdf(&plan())?;
//! # Ok::<(), riskregister_document::DocumentError>(())
//! ```

mod engine;
mod plan;
pub mod snapshot;
mod text;

use std::fmt;

use snapshot::PlanSnapshot;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentError {
    /// The snapshot contradicts itself, or is of a shape that this version cannot read.
    Snapshot(String),
    /// The text could not be set. A fault of the template, not of the snapshot.
    Typesetting(String),
    /// The set text could not be written as an accessible PDF.
    Export(String),
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Snapshot(why) => write!(f, "the snapshot cannot be printed: {why}"),
            Self::Typesetting(why) => write!(f, "the document could not be set: {why}"),
            Self::Export(why) => write!(f, "the document could not be written as PDF: {why}"),
        }
    }
}

impl std::error::Error for DocumentError {}

/// A plan as an accessible PDF (PDF/UA-1) in Swedish; an adopted one also fit for the archive (PDF/A-2a).
///
/// The same snapshot always gives the same bytes: what is sealed by its hash can be made again.
pub fn plan_pdf(snapshot: &PlanSnapshot) -> Result<Vec<u8>, DocumentError> {
    engine::pdf(engine::Print {
        template: "plan.typ",
        view: &plan::view(snapshot)?,
        identity: &plan::identity(snapshot),
        // The archive's format demands a date, and a draft has none: it is no record yet.
        archival: snapshot.decision.is_some(),
    })
}
