//! Reads the workbooks that bodies keep their risks in, each its own way.
//!
//! The bytes of a file in, what was recognised out: [`read`] makes a [`Workbook`] of them, [`propose`] says what each
//! column seems to be, and [`interpret`] makes rows of it by the proposal or by what somebody changed in it. Pure: no
//! database, clock or network, and nothing is known of the register but its closed words. Each step's answer can be sent
//! as JSON, since a file is read in a child process.
//!
//! Nothing is guessed that a person must answer for: words that name people, goals, dates and the like are kept as they
//! stand, and listed once each as a [`Question`]. Nothing is left out silently: what is passed over is told with its
//! place and why.

pub mod told;
pub mod limits;
pub mod clean;
pub mod sheet;
mod container;
mod excel;
mod separated;
mod open;
pub mod fields;
mod vocabulary;
mod words;
mod lists;
mod grid;
pub mod scale;
mod scores;
mod dates;
pub mod mapping;
mod beside;
mod heading;
mod own;
mod proposal;
pub mod rows;
mod asked;
mod risks;
mod own_rows;
mod records;
mod meaning;
mod remarked;

pub use beside::Words;
pub use fields::{Field, Kind, Scoring};
pub use mapping::{ColumnMapping, Mapping, SheetMapping};
pub use meaning::interpret;
pub use open::read;
pub use proposal::{propose, recognised};
pub use remarked::remarked;
pub use rows::{Interpretation, Question};
pub use scale::Scale;
pub use sheet::Workbook;
pub use told::{Notice, Place, Refusal};
