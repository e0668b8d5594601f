//! What there is in a year: the bodies' plans, and what is mandatory.

use std::collections::HashMap;

use crate::error::Result;
use crate::storage::records::{MandatoryRisk, Plan};
use crate::storage::{Id, Reading};

/// The first and the last year that a plan can be for.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// The plans of a year by their bodies.
pub fn of_year(r: &mut Reading, year: i32) -> Result<HashMap<Id, Plan>> {
    Ok(r.plans_of_year(year)?.into_iter().map(|plan| (plan.organisation_id, plan)).collect())
}

/// What is mandatory in a year, not withdrawn.
pub fn mandatory_of(r: &mut Reading, year: i32) -> Result<Vec<MandatoryRisk>> {
    let mut all = r.mandatory_of_year(year)?;
    all.retain(|one| one.withdrawn_at.is_none());
    Ok(all)
}
