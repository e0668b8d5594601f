//! What stands in a plan: its risks, their controls and actions, what the region has made
//! mandatory, and what people write to each other about it.

pub mod risks;
pub mod assessments;
pub mod confirmations;
pub mod measures;
pub mod notes;
pub mod carried_dates;
pub mod assignments;
pub mod mandatory;
pub mod continued;
