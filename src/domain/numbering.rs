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

    let mut last = risks.iter().filter_map(|risk| risk.fixed).max().unwrap_or(0);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn risk(id: u128, goal_rank: usize, position: i32, fixed: Option<i32>) -> Numbered {
        Numbered { id: Uuid::from_u128(id), goal_rank, position, included: true, fixed }
    }

    fn in_order_of_id(risks: &[Numbered]) -> Vec<Option<i32>> {
        numbers(risks).into_values().collect()
    }

    #[test]
    fn goals_first_then_positions() {
        let mut risks = [
            risk(1, 2, 1, None),
            risk(2, 0, 9, None),
            risk(3, 0, 3, None),
            risk(4, usize::MAX, 0, None),
            risk(5, 1, 1, None),
        ];
        assert_eq!(in_order_of_id(&risks), [Some(4), Some(2), Some(1), Some(5), Some(3)]);
        risks[1].included = false;
        assert_eq!(in_order_of_id(&risks), [Some(3), None, Some(1), Some(4), Some(2)]);
    }

    #[test]
    fn a_revision_keeps_numbers_and_leaves_places_empty() {
        let mut risks = [risk(1, 0, 1, Some(1)), risk(2, 0, 2, Some(2)), risk(3, 0, 3, Some(3)), risk(4, 0, 0, None)];
        // The last one is retired: its place stays empty, the new one comes after it.
        risks[2].included = false;
        assert_eq!(in_order_of_id(&risks), [Some(1), Some(2), None, Some(4)]);
    }

    prop_compose! {
        fn one()(goal_rank in 0..4usize, position in -3..4i32, included: bool)
            -> (usize, i32, bool) { (goal_rank, position, included) }
    }

    fn made(parts: &[(usize, i32, bool)]) -> Vec<Numbered> {
        let numbered = |(i, (goal_rank, position, included)): (usize, &(usize, i32, bool))| Numbered {
            id: Uuid::from_u128(i as u128),
            goal_rank: *goal_rank,
            position: *position,
            included: *included,
            fixed: None,
        };
        parts.iter().enumerate().map(numbered).collect()
    }

    proptest! {
        #[test]
        fn a_first_draft_has_no_gaps(parts in prop::collection::vec(one(), 0..40), seed: u64) {
            let mut risks = made(&parts);
            let answer = numbers(&risks);
            let mut given: Vec<i32> = answer.values().flatten().copied().collect();
            given.sort();
            let included = risks.iter().filter(|risk| risk.included).count() as i32;
            prop_assert_eq!(given, (1..=included).collect::<Vec<_>>());
            for risk in &risks {
                prop_assert_eq!(answer[&risk.id].is_some(), risk.included);
            }
            // The order they were loaded in does not matter.
            let turn = seed as usize % risks.len().max(1);
            risks.rotate_left(turn);
            prop_assert_eq!(numbers(&risks), answer);
        }

        #[test]
        fn a_revision_never_renumbers(
            parts in prop::collection::vec(one(), 1..40), later in prop::collection::vec(any::<bool>(), 40),
            adopted in 0..40usize,
        ) {
            let mut risks = made(&parts);
            let adopted = adopted.min(risks.len());
            let first = numbers(&risks[..adopted]);
            for (i, risk) in risks.iter_mut().enumerate() {
                risk.fixed = first.get(&risk.id).copied().flatten();
                risk.included = later[i];
            }
            let second = numbers(&risks);
            let highest = first.values().flatten().copied().max().unwrap_or(0);
            let mut given: Vec<i32> = second.values().flatten().copied().collect();
            for risk in risks.iter().filter(|risk| risk.included) {
                match risk.fixed {
                    Some(fixed) => prop_assert_eq!(second[&risk.id], Some(fixed)),
                    None => prop_assert!(second[&risk.id] > Some(highest)),
                }
            }
            let count = given.len();
            given.sort();
            given.dedup();
            prop_assert_eq!(given.len(), count);
        }

        #[test]
        fn any_fixed_number_is_survived(fixed in any::<i32>()) {
            numbers(&[risk(1, 0, 0, Some(fixed)), risk(2, 0, 0, None)]);
        }
    }
}
