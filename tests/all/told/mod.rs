//! Sealed files read back, and what they must say by the register's facts of the moment: a reader that was written apart from
//! what writes them. The facts come over REST; nothing here knows the code that makes documents.

pub mod facts;
pub mod words;
pub mod files;
mod revised;
pub mod spoken;
pub mod spoken_report;
pub mod data;
pub mod sheets;
