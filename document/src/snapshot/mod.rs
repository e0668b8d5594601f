//! The frozen snapshots of a plan and of a follow-up report: everything that the document says, and nothing that may
//! change later.
//!
//! The register fills it once, at a reading of the plan, and never reads the database again for that document.
//! At adoption its canonical JSON (RFC 8785) is sealed beside the PDF made from it. Only integers, strings,
//! booleans, lists and objects stand in it, so that its canonical form is one and the same everywhere.
//! It must not know the database, the clock, or who asks.

mod reported;
mod plan;
mod report;
mod compiled;

pub use compiled::*;
pub use plan::*;
pub use report::*;
pub use reported::*;
