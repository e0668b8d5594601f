//! What is made of a plan: held against another, checked, frozen, shown, and written as a document.

pub mod comparison;
pub mod differences;
pub mod revised;
pub mod plan_checks;
pub mod snapshot;
pub mod plan_views;
pub mod plan_documents;
