//! The jobs of the command line, one file a job. Each says what it takes, does it through the verbs or a door of the
//! register, and tells on standard output what came of it; `main.rs` only chooses.

#![expect(clippy::print_stdout, reason = "what a command comes to is printed")]

mod register;
pub mod migrate;
pub mod init;
pub mod serve;
pub mod demo;
pub mod key;
pub mod check;
pub mod clock;
pub mod backup;
pub mod export;
pub mod health;
pub mod token;
pub mod user;
pub mod verify;
pub mod workbook;

pub use register::Outcome;
