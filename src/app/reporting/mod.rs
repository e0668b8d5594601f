//! The follow-up of a plan: what is reported, period by period, what the board is told, and what the region sees.

pub mod status_reports;
pub mod listed_measures;
pub mod many_statuses;
pub mod self_assessments;
pub(crate) mod financial_measures;
pub(crate) mod indicators_told;
pub(crate) mod report_snapshot;
pub mod reports;
pub mod records;
pub mod periods;
pub(crate) mod follow_ups;
pub(crate) mod compiled_snapshot;
pub mod compiled_reports;
