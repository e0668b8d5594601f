//! What was found, and what is said of it: deficiencies, files as evidence, what auditors recommend, and what indicators came to.

pub mod deficiencies;
pub mod files;
pub mod plan_answers;
pub mod recommendations;
pub mod outcomes;
pub mod asked;
