//! What can be proved without trusting the database: the tree over the events, and the signed notes about it.
//!
//! Pure. After RFC 6962 and the C2SP texts *signed-note* and *tlog-checkpoint*; `docs/evidence.md` gives the formats.

pub mod tree;
pub mod checkpoint;
pub mod receipt;
