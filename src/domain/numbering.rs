//! A risk's number: its place among the plan's included risks.
//!
//! Knows order and inclusion, not why a risk is included ([`inclusion`](super::inclusion)) nor how
//! a plan is adopted ([`life`](super::life)).

use std::collections::BTreeMap;

use uuid::Uuid;

/// What numbering needs to know of one risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    pub id: Uuid,
    /// The place of the risk's goal in the plan's own order of goals; `usize::MAX` without one.
    pub goal_rank: usize,
    /// The place of the risk under its goal.
    pub position: i32,
    /// In the plan as it stands now; a retired or set-aside risk is not.
    pub included: bool,
    /// The number it was given by an earlier adoption, whether or not it is still included.
    pub fixed: Option<i32>,
}

/// The number of each risk, `None` when it is not included.
///
/// Pass every risk of the plan, retired ones too: their places stay empty. Before the first
/// adoption the numbers are 1, 2, 3 … without gaps, in the order of goals and then of positions
/// (equal places fall back to the id, so the answer never wavers). In a later revision a fixed
/// number is kept, and those without one come last, after the highest number ever fixed.
pub fn numbers(risks: &[Numbered]) -> BTreeMap<Uuid, Option<i32>> {
    let mut in_order: Vec<&Numbered> = risks.iter().collect();
    in_order.sort_by_key(|risk| (risk.goal_rank, risk.position, risk.id));

    let mut last = risks
        .iter()
        .filter_map(|risk| risk.fixed)
        .max()
        .unwrap_or(0);
    in_order
        .into_iter()
        .map(|risk| {
            let number = match (risk.included, risk.fixed) {
                (false, _) => None,
                (true, Some(fixed)) => Some(fixed),
                (true, None) => {
                    last = last.saturating_add(1);
                    Some(last)
                }
            };
            (risk.id, number)
        })
        .collect()
}
