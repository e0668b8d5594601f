//! What was found, and what is said of it: deficiencies, what auditors recommend, and what indicators came to.

pub mod deficiencies;
pub mod plan_answers;
pub mod recommendations;
pub mod outcomes;
pub mod asked;
