//! What stands in a plan: its risks, their controls and actions, and what the region has made mandatory.

pub mod risks;
pub mod confirmations;
pub mod measures;
pub mod carried_dates;
pub mod assignments;
pub mod mandatory;
pub mod continued;
