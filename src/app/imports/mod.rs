//! Workbooks taken in: read in a child process, understood as whoever imports says, tried, and then done as a whole. All
//! kinds go through one pipe; each has a file that says what its columns are and what a row does.

pub mod child;
pub mod ground;
pub mod answers;
pub mod taking;
mod texts;
mod known;
mod measured;
mod risks;
mod own;
mod users;
mod organisations;
mod goals;
mod outcomes;
pub mod kinds;
pub mod uploads;
