//! What is read, and what is made of it: one binary, a file for each thing.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod cases;
mod damage;
mod kinds;
mod kit;
mod reading;
#[path = "../shared/scale.rs"]
mod scale;
mod specimens;
