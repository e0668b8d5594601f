//! `riskregister verify`: a register held against its own history, without trusting who runs it.
//!
//! Reads one snapshot, in order and in pieces, whichever the database. What the events lead to is collected in a
//! temporary file, so that a long history needs no more memory than a short one. `docs/evidence.md` lists what is held.
//!
//! Reading, opening and folding are threads, with a few pieces waiting between them. Whatever the threads do, the pieces
//! are folded in order, and what cannot be read or opened is told in its turn: the first bad position is always the same.

mod damage;
mod tables;
mod reading;
mod opening;
mod states;
mod checkpoints;
mod fold;
mod run;

pub use damage::{Counts, Damage};
pub use run::{Against, verify, verify_on};
pub use tables::{WITHOUT_HISTORY, WITHOUT_WITNESS, tables_with_history};
