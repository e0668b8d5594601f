//! Goals and indicators that are issued after a year's plans were made: what stands in drafts under that which one continues
//! moves over to it, as if it had been there when they were made.

use crate::app::caller::Caller;
use crate::app::plan::order::{goals_for, renumber};
use crate::app::plan::{self, Open};
use crate::app::sent::Sent;
use crate::app::settings::goals::{self, GoalForm};
use crate::app::settings::indicators::{self, IndicatorForm};
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::storage::queries::{IndicatorFilter, Listing};
use crate::storage::records::{Control, Goal, Indicator, Organisation, Plan, Risk};
use crate::storage::{Id, Json, Reading, Writing};

/// Adds a goal. What stands in drafts of its year under the goal that it continues moves over to it.
pub fn create_goal(w: &mut Writing, caller: &Caller, sent: &Sent<GoalForm>) -> Result<Goal> {
    let made = goals::create(w, caller, sent)?;
    follow_goal(w, &made)?;
    Ok(made)
}

/// Changes a goal. Where it is now said to continue another, drafts follow as for a new one.
pub fn change_goal(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<GoalForm>) -> Result<Goal> {
    let before: Option<Goal> = w.find(id)?;
    let new = goals::change(w, caller, id, sent)?;
    if before.is_none_or(|old| old.continues_id != new.continues_id) {
        follow_goal(w, &new)?;
    }
    Ok(new)
}

/// Adds an indicator. Controls of drafts whose earlier year's followed the one of the same name, under the goal that its own
/// continues, follow it.
pub fn create_indicator(w: &mut Writing, caller: &Caller, sent: &Sent<IndicatorForm>) -> Result<Indicator> {
    let made = indicators::create(w, caller, sent)?;
    let goal: Goal = w.linked(made.goal_id)?;
    if goal.continues_id.is_some() {
        w.lock_year(goal.year)?;
        for mut open in drafts(w, &goal)? {
            follow_indicators(w, &mut open, &goal, std::slice::from_ref(&made))?;
        }
    }
    Ok(made)
}

/// The drafts of a goal's year that may use it and have something under the goal that it continues, locked.
fn drafts(w: &mut Writing, goal: &Goal) -> Result<Vec<Open>> {
    let mut all = Vec::new();
    for id in w.plan_ids_of_year(goal.year)? {
        let plan: Plan = w.linked(id)?;
        if plan.status != PlanStatus::Draft {
            continue;
        }
        let body: Organisation = w.linked(plan.organisation_id)?;
        let usable = goals_for(w, &body, goal.year)?.iter().any(|one| one.id == goal.id);
        if usable && concerns(w, &plan, goal)? {
            let open = plan::lock(w, id, body)?;
            // The board may have been given it meanwhile.
            all.extend((open.plan.status == PlanStatus::Draft).then_some(open));
        }
    }
    Ok(all)
}

/// Whether anything in a plan stands under the goal that this one continues, or did in the plan that it was carried over from.
fn concerns(r: &mut Reading, plan: &Plan, goal: &Goal) -> Result<bool> {
    let before = goal.continues_id;
    let under = plan.goal_order.iter().any(|id| Some(*id) == before)
        || r.risks_of_plan(plan.id)?.iter().any(|risk| before.is_some() && risk.goal_id == before);
    Ok(under || !followed_before(r, plan.id, goal)?.is_empty())
}

/// Brings what stands under the goal that this one continues over to it, in every draft of its year.
fn follow_goal(w: &mut Writing, goal: &Goal) -> Result<()> {
    let Some(before) = goal.continues_id else { return Ok(()) };
    let named = of_goal(w, goal.id)?;
    for mut open in drafts(w, goal)? {
        let mut order: Vec<Id> = Vec::with_capacity(open.plan.goal_order.len());
        for id in open.plan.goal_order.iter().copied() {
            let now = if id == before { goal.id } else { id };
            if !order.contains(&now) {
                order.push(now);
            }
        }
        let mut new = Plan { goal_order: Json(order), ..open.plan.clone() };
        if w.change(open.at, "plan.goalContinued", &open.plan, &mut new, None)? {
            open.plan = new;
        }
        for old in w.risks_of_plan(open.plan.id)? {
            if old.goal_id == Some(before) {
                let mut new = Risk { goal_id: Some(goal.id), ..old.clone() };
                w.change(open.at, "risk.goalContinued", &old, &mut new, None)?;
            }
        }
        follow_indicators(w, &mut open, goal, &named)?;
        renumber(w, &open)?;
    }
    Ok(())
}

fn of_goal(r: &mut Reading, goal: Id) -> Result<Vec<Indicator>> {
    let filter = IndicatorFilter { goal_id: Some(goal), ..Default::default() };
    Ok(r.indicators(&filter, &Listing::all())?.items)
}

/// The controls of a plan that were carried over, each with the indicators of the goal before that it followed.
fn followed_before(r: &mut Reading, plan: Id, goal: &Goal) -> Result<Vec<(Control, Vec<Indicator>)>> {
    let Some(before) = goal.continues_id else { return Ok(Vec::new()) };
    let old = of_goal(r, before)?;
    let mut all = Vec::new();
    for control in r.controls_of_plan(plan)? {
        let Some(previous) = control.previous_id else { continue };
        let previous: Control = r.linked(previous)?;
        let named = |one: &&Indicator| previous.indicator_ids.contains(&one.id);
        let followed: Vec<Indicator> = old.iter().filter(named).cloned().collect();
        if !followed.is_empty() {
            all.push((control, followed));
        }
    }
    Ok(all)
}

/// Controls of a draft follow those of these indicators that are called as the ones that they followed before.
fn follow_indicators(w: &mut Writing, open: &mut Open, goal: &Goal, new: &[Indicator]) -> Result<()> {
    for (old, followed) in followed_before(w, open.plan.id, goal)? {
        let mut named = old.indicator_ids.clone();
        for one in new.iter().filter(|one| followed.iter().any(|before| before.name == one.name)) {
            if !named.contains(&one.id) {
                named.0.push(one.id);
            }
        }
        let mut changed = Control { indicator_ids: named, ..old.clone() };
        w.change(open.at, "control.indicatorContinued", &old, &mut changed, None)?;
    }
    Ok(())
}
