//! The order of a plan: its goals, which risks are included, and their numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Open;
use crate::app::inclusion::inclusion_facts;
use crate::domain::inclusion;
use crate::domain::numbering::{self, Numbered};
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::storage::queries::{Listing, RiskFilter};
use crate::storage::records::{Goal, Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Writing};

/// The goals of a year that a body's plan may use: the region's, those above it, its own and its parts', in the order of the tree.
pub fn goals_for(r: &mut Reading, body: &Organisation, year: i32) -> Result<Vec<Goal>> {
    let mut goals = r.goals_of_year(year)?;
    let owners = r.all::<Organisation>(goals.iter().map(|goal| goal.organisation_id))?;
    let above_or_below = |o: &&Organisation| body.path.starts_with(&o.path) || o.path.starts_with(&body.path);
    let owners: BTreeSet<Id> = owners.iter().filter(above_or_below).map(|o| o.id).collect();
    goals.retain(|goal| owners.contains(&goal.organisation_id));
    // Each goal right after its parent, in the order of positions.
    let mut children: BTreeMap<Option<Id>, Vec<&Goal>> = BTreeMap::new();
    let known: BTreeSet<Id> = goals.iter().map(|g| g.id).collect();
    for goal in &goals {
        children.entry(goal.parent_id.filter(|p| known.contains(p))).or_default().push(goal);
    }
    let mut ordered = Vec::with_capacity(goals.len());
    let mut waiting: Vec<&Goal> = children.get(&None).cloned().unwrap_or_default();
    waiting.reverse();
    while let Some(goal) = waiting.pop() {
        ordered.push(goal.clone());
        if let Some(below) = children.get(&Some(goal.id)) {
            waiting.extend(below.iter().rev());
        }
    }
    Ok(ordered)
}

/// Computes, in a draft, which risks are included and why, and their numbers. What changes is told in the event of
/// the act that moved it. In a plan that is not a draft all of this stands as it was decided.
pub fn renumber(w: &mut Writing, open: &Open) -> Result<()> {
    let plan: Plan = w.linked(open.plan.id)?;
    if plan.status != PlanStatus::Draft {
        return Ok(());
    }
    let rank: HashMap<Id, usize> = plan.goal_order.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let all = w.risks_of_plan(plan.id)?;
    let mut numbered = Vec::with_capacity(all.len());
    let mut decided = HashMap::with_capacity(all.len());
    for risk in &all {
        let inclusion = inclusion::decide(&inclusion_facts(risk, &open.policy));
        numbered.push(Numbered {
            id: risk.id.0,
            goal_rank: risk.goal_id.and_then(|g| rank.get(&g).copied()).unwrap_or(usize::MAX),
            position: risk.position,
            included: inclusion.included,
            fixed: risk.fixed_number,
        });
        decided.insert(risk.id, inclusion);
    }
    let numbers = numbering::numbers(&numbered);
    for old in all {
        let Some(inclusion) = decided.get(&old.id) else { continue };
        let number = numbers.get(&old.id.0).copied().flatten();
        if old.number == number && old.included == inclusion.included && old.inclusion_reason == inclusion.reason {
            continue;
        }
        let mut new = Risk { number, included: inclusion.included, inclusion_reason: inclusion.reason, ..old.clone() };
        w.change_as_effect(open.at, "risk.renumbered", &old, &mut new)?;
    }
    Ok(())
}

/// As [`renumber`], after one risk has become another. Nothing moves in the plan unless the risk comes in, goes out or
/// changes its place, and most changes do none of it: then the other risks need not be read.
pub fn settle_after(w: &mut Writing, open: &Open, old: &Risk, new: &Risk) -> Result<()> {
    let decided = inclusion::decide(&inclusion_facts(new, &open.policy));
    let stays = (decided.included, decided.reason) == (old.included, old.inclusion_reason)
        && (new.goal_id, new.position) == (old.goal_id, old.position);
    if stays { Ok(()) } else { renumber(w, open) }
}

/// Puts a goal last in the plan's own order, if it is not there.
pub fn order_goal(w: &mut Writing, open: &mut Open, goal: Option<Id>) -> Result<()> {
    let Some(goal) = goal else { return Ok(()) };
    if open.plan.goal_order.contains(&goal) {
        return Ok(());
    }
    let mut new = open.plan.clone();
    new.goal_order.0.push(goal);
    w.change_as_effect(open.at, "plan.changed", &open.plan, &mut new)?;
    open.plan = new;
    Ok(())
}

/// The lowest number that no reference of the body has had.
pub fn free_reference(w: &mut Writing, body: Id) -> Result<String> {
    let highest =
        w.references_of(body)?.iter().filter_map(|r| r.parse::<u64>().ok()).filter(|n| *n < 1 << 53).max().unwrap_or(0);
    Ok((highest + 1).to_string())
}

/// The risk of an earlier year's plan of the same body that has this reference, the latest one. What is or was mandatory goes on
/// by its requirement, and only as the whole plan is carried over.
pub fn earlier_of_reference(r: &mut Reading, open: &Open, reference: &str) -> Result<Option<Risk>> {
    let Some(identity_id) = r.reference_holder(open.body.id, reference)? else { return Ok(None) };
    let filter = RiskFilter { identity_id: identity_id.into(), ..RiskFilter::default() };
    let mut latest: Option<(i32, Risk)> = None;
    for risk in r.risks(&filter, None, &Listing::all())?.items {
        let plan: Plan = r.linked(risk.plan_id)?;
        if plan.organisation_id != open.body.id || plan.year >= open.plan.year || risk.plan_id == open.plan.id {
            return Ok(None);
        }
        if latest.as_ref().is_none_or(|(year, _)| plan.year > *year) {
            latest = Some((plan.year, risk));
        }
    }
    Ok(latest
        .map(|(_, risk)| risk)
        .filter(|risk| risk.mandatory_id.is_none() && risk.area_id.is_none() && !risk.formerly_mandatory))
}
