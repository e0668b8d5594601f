//! What is one's own to do, and how one is told of it.

pub mod tasks;
pub mod reminders;
pub mod calendar;
