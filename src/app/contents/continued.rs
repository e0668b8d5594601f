//! Goals and indicators that are issued after a year's plans were made: what stands in drafts under that which one continues
//! moves over to it, as if it had been there when they were made.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::place;
use crate::app::plan::order::{goals_for, renumber};
use crate::app::plan::{self, Open};
use crate::app::sent::Sent;
use crate::app::settings;
use crate::app::settings::goals::{self, GoalForm};
use crate::app::settings::indicators::{self, IndicatorForm};
use crate::domain::words::{DecidedBy, PlanStatus};
use crate::error::Result;
use crate::storage::queries::{IndicatorFilter, Listing};
use crate::storage::records::{Control, Goal, Indicator, Organisation, Plan, Risk};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

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

/// Adds an indicator. Controls of drafts whose earlier year's followed the one that it continues, or the one of the same name
/// under the goal that its own continues, follow it.
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

/// The year whose indicators are taken over into the year after it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContinueIndicatorsForm {
    #[schema(minimum = 2000, maximum = 2099, example = 2024)]
    pub from_year: i32,
}

/// What came of taking a year's indicators over.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContinuedIndicators {
    /// How many were made.
    #[schema(example = 12)]
    pub created: usize,
    /// How many of those have targets that are to be confirmed: none was decided of the new year.
    #[schema(example = 3)]
    pub unconfirmed: usize,
    /// Those that stay behind, since no goal of the new year continues theirs.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub without_goal: Vec<Id>,
}

/// Takes an organisation's indicators of a year over into the next: each under the goal that continues its own, with the
/// target that was decided of that year, or else with its targets to be confirmed. Those that are there already stay.
pub fn continue_indicators(
    w: &mut Writing,
    caller: &Caller,
    organisation: Id,
    sent: &Sent<ContinueIndicatorsForm>,
) -> Result<ContinuedIndicators> {
    let owner: Organisation = w.get(organisation)?;
    settings::authorize(caller, &owner, sent)?;
    let from = sent.judge()?.from_year;
    w.lock_year(from + 1)?;
    let (done, made) = bring_along(w, |one| one.id == owner.id, (from, from + 1), false)?;
    let mut goals: Vec<Id> = made.iter().map(|one| one.goal_id).collect();
    goals.dedup();
    for id in goals {
        let goal: Goal = w.linked(id)?;
        let new: Vec<Indicator> = made.iter().filter(|one| one.goal_id == id).cloned().collect();
        for mut open in drafts(w, &goal)? {
            follow_indicators(w, &mut open, &goal, &new)?;
        }
    }
    Ok(done)
}

/// Makes those of a year's indicators of some owners that are not there yet in a later one. `unconfirmed`: their targets are
/// to be confirmed, also where the year's was decided before. Whoever calls holds the later year.
pub fn bring_along(
    w: &mut Writing,
    of: impl Fn(&Organisation) -> bool,
    (from, to): (i32, i32),
    unconfirmed: bool,
) -> Result<(ContinuedIndicators, Vec<Indicator>)> {
    let mut goals: HashMap<Id, Vec<Goal>> = HashMap::new();
    for goal in w.goals_of_year(to)? {
        if let Some(before) = goal.continues_id {
            goals.entry(before).or_default().push(goal);
        }
    }
    let there = indicators::of_year(w, to)?;
    let (mut done, mut made) = (ContinuedIndicators::default(), Vec::new());
    for (old, owner) in indicators::of_year(w, from)?.into_iter().filter(|(_, owner)| of(owner)) {
        let Some(goal) = goal_for(w, goals.get(&old.goal_id), &old, &owner)? else {
            done.without_goal.push(old.id);
            continue;
        };
        let known = |(one, whose): &(Indicator, Organisation)| {
            one.continues_id == Some(old.id) || (one.goal_id == goal && whose.id == owner.id && stands_for(one, &old))
        };
        if there.iter().any(known) {
            continue;
        }
        let new = of_later_year(old, &owner, (goal, from, to), unconfirmed);
        done.created += 1;
        done.unconfirmed += usize::from(new.targets_from_year.is_some());
        let at = place(w, &owner)?;
        w.create(at, "indicator.carriedOver", &new)?;
        made.push(new);
    }
    Ok((done, made))
}

/// Of the goals that continue an indicator's, the one that it can measure: of the same organisation before others above its
/// owner.
fn goal_for(
    r: &mut Reading,
    continuing: Option<&Vec<Goal>>,
    old: &Indicator,
    owner: &Organisation,
) -> Result<Option<Id>> {
    let before: Goal = r.linked(old.goal_id)?;
    let mut found = None;
    for goal in continuing.into_iter().flatten() {
        let of_goal: Organisation = r.linked(goal.organisation_id)?;
        if of_goal.id == before.organisation_id {
            return Ok(Some(goal.id));
        }
        if owner.path.starts_with(&of_goal.path) {
            found = found.or(Some(goal.id));
        }
    }
    Ok(found)
}

/// An indicator as it begins in a later year: with the target that was decided of that year, else with those that it had.
fn of_later_year(
    mut old: Indicator,
    owner: &Organisation,
    (goal, from, to): (Id, i32, i32),
    unconfirmed: bool,
) -> Indicator {
    let decided = old.later_targets.iter().find(|later| later.year == to).map(|later| later.target.clone());
    old.later_targets.0.retain(|later| later.year > to);
    let is_decided = decided.is_some();
    if is_decided {
        let council = old.decided_by == DecidedBy::Council;
        (old.council_target, old.board_target) = if council { (decided, None) } else { (None, decided) };
        old.local_targets = None;
    }
    let aims = old.council_target.is_some() || old.board_target.is_some() || old.local_targets.is_some();
    let now = Timestamp::now();
    Indicator {
        id: Id::new(),
        goal_id: goal,
        organisation_id: Some(owner.id),
        continues_id: Some(old.id),
        targets_from_year: (aims && (unconfirmed || !is_decided)).then_some(from),
        created_at: now,
        updated_at: now,
        version: 1,
        ..old
    }
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
    let filter = IndicatorFilter { goal_id: goal.into(), ..Default::default() };
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

/// Does an indicator stand for one of the year before: it says that it continues it, or says nothing and is called the same?
pub fn stands_for(one: &Indicator, before: &Indicator) -> bool {
    one.continues_id.map_or(one.name == before.name, |id| id == before.id)
}

/// Controls of a draft follow those of these indicators that stand for the ones that they followed before.
fn follow_indicators(w: &mut Writing, open: &mut Open, goal: &Goal, new: &[Indicator]) -> Result<()> {
    for (old, followed) in followed_before(w, open.plan.id, goal)? {
        let mut named = old.indicator_ids.clone();
        for one in new.iter().filter(|one| followed.iter().any(|before| stands_for(one, before))) {
            if !named.contains(&one.id) {
                named.0.push(one.id);
            }
        }
        let mut changed = Control { indicator_ids: named, ..old.clone() };
        w.change(open.at, "control.indicatorContinued", &old, &mut changed, None)?;
    }
    Ok(())
}
