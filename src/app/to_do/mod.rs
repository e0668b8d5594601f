//! What is one's own to do, and how one is told of it.

pub(crate) mod task;
pub(crate) mod offices;
pub(crate) mod outcomes;
pub(crate) mod tasks;
pub(crate) mod overview;
pub mod reminders;
pub(crate) mod calendar;
