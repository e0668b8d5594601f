//! Workbooks taken in: read in a child process, understood as whoever imports says, tried, and then done as a whole.

pub mod child;
pub mod answers;
mod texts;
mod known;
mod measured;
pub mod risks;
pub mod uploads;
