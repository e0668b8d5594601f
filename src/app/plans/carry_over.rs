//! What a new plan takes over from an earlier one.

use std::collections::HashMap;

use crate::app::plan::Open;
use crate::app::plan::order::{free_reference, order_goal};
use crate::app::plan::year::mandatory_of;
use crate::domain::words::InclusionReason;
use crate::error::Result;
use crate::storage::queries::Listing;
use crate::storage::records::{
    Action, Assessment, Control, ERASED, Goal, Indicator, Organisation, Plan, PlanSection, Risk,
};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// Brings what is in an earlier plan into a new one: a new risk for each, same identity and reference, linked; controls and
/// actions along, their days empty; each assessment copied unconfirmed; the plan's own order of goals, and its texts, each
/// to be confirmed.
pub fn carry_over(w: &mut Writing, open: &mut Open, source: &Plan, goals: &[Goal]) -> Result<()> {
    // A goal of the new year stands for the one it continues, and for itself.
    let mut goal_of: HashMap<Id, Id> = HashMap::new();
    for goal in goals {
        goal_of.insert(goal.id, goal.id);
        if let Some(before) = goal.continues_id {
            goal_of.insert(before, goal.id);
        }
    }
    carry_order(w, open, source, goals, &goal_of)?;
    carry_texts(w, open, source)?;
    let required = mandatory_of(w, open.plan.year)?;
    let indicators = indicator_map(w, goals)?;
    let now = Timestamp::now();
    for old in w.risks_of_plan(source.id)? {
        if old.retired_on.is_some() {
            continue;
        }
        let successor = |before: Option<Id>| required.iter().find(|m| before.is_some() && m.continues_id == before);
        let mandatory = successor(old.mandatory_id);
        let area = successor(old.area_id);
        let was_mandatory = old.mandatory_id.is_some() || old.area_id.is_some();
        let ruled = mandatory.or(area);
        let mut goal = old.goal_id.map(|g| goal_of.get(&g).copied().unwrap_or(g));
        if let Some(ruled) = ruled {
            goal = Some(ruled.goal_id);
        }
        // In a successor the risk stands with the new body: the parts of the old one are not its own.
        let home: Organisation = w.linked(old.organisation_id)?;
        let within = home.path.starts_with(&open.body.path);
        let reference = match w.reference_holder(open.body.id, &old.reference)? {
            Some(holder) if holder != old.identity_id => free_reference(w, open.body.id)?,
            _ => old.reference.clone(),
        };
        let newest = w.newest_assessment(old.id)?;
        let cell = newest.as_ref().and_then(|a| open.policy.value(a.likelihood, a.consequence));
        let new = Risk {
            id: Id::new(),
            plan_id: open.plan.id,
            previous_id: Some(old.id),
            organisation_id: if within { old.organisation_id } else { open.body.id },
            reference,
            goal_id: goal,
            number: None,
            fixed_number: None,
            name: mandatory.map_or_else(|| old.name.clone(), |m| m.name.clone()),
            score: cell.map(|c| c.score),
            level: cell.map(|c| c.level),
            confirmed: false,
            mandatory_id: mandatory.map(|m| m.id),
            area_id: area.map(|m| m.id),
            formerly_mandatory: was_mandatory && ruled.is_none(),
            included: false,
            inclusion_reason: InclusionReason::None,
            decision_reason: None,
            set_aside_reason: None,
            retired_on: None,
            retirement_reason: None,
            added_after_adoption_on: None,
            adopted: false,
            created_at: now,
            updated_at: now,
            version: 1,
            ..old.clone()
        };
        if w.reference_holder(open.body.id, &new.reference)?.is_none() {
            // The risk goes on in a successor: its reference is new there.
            w.take_reference(open.body.id, &new.reference, new.identity_id)?;
        }
        w.create(open.at, "risk.carriedOver", &new)?;
        order_goal(w, open, new.goal_id)?;
        if let Some(before) = newest {
            let copied = Assessment {
                id: Id::new(),
                risk_id: new.id,
                plan_id: open.plan.id,
                sequence: 1,
                confirmed: false,
                assessed_by_id: None,
                assessed_at: now,
                copied_from_id: Some(before.id),
                version: 1,
                ..before
            };
            w.create(open.at, "assessment.copied", &copied)?;
        }
        let mut control_of: HashMap<Id, Id> = HashMap::new();
        for before in w.controls_of_risk(old.id)? {
            let kept: Vec<Id> = before.indicator_ids.iter().filter_map(|i| indicators.get(i).copied()).collect();
            let control = Control {
                id: Id::new(),
                risk_id: new.id,
                plan_id: open.plan.id,
                previous_id: Some(before.id),
                indicator_ids: Json(kept),
                // The day was of the year before. What comes once is asked about at the end of the year until it has a
                // day again, or is taken away.
                due_date: None,
                added_after_adoption_on: None,
                adopted: false,
                created_at: now,
                updated_at: now,
                version: 1,
                ..before.clone()
            };
            control_of.insert(before.id, control.id);
            w.create(open.at, "control.carriedOver", &control)?;
        }
        for before in w.actions_of_risk(old.id)? {
            if is_completed(w, before.id)? {
                continue;
            }
            let action = Action {
                id: Id::new(),
                risk_id: new.id,
                plan_id: open.plan.id,
                previous_id: Some(before.id),
                from_control_id: before.from_control_id.and_then(|c| control_of.get(&c).copied()),
                // They were of the year before; the same days of the new year are offered.
                start_date: None,
                end_date: None,
                end_date_reason: None,
                added_after_adoption: false,
                adopted: false,
                created_at: now,
                updated_at: now,
                version: 1,
                ..before
            };
            w.create(open.at, "action.carriedOver", &action)?;
        }
    }
    Ok(())
}

/// The plan's own order of goals, in the new year's tree; goals that are new there come last. One without a successor keeps its
/// place while a risk stands under it.
fn carry_order(
    w: &mut Writing,
    open: &mut Open,
    source: &Plan,
    goals: &[Goal],
    goal_of: &HashMap<Id, Id>,
) -> Result<()> {
    let risks = w.risks_of_plan(source.id)?;
    let held = |goal: Id| risks.iter().any(|risk| risk.goal_id == Some(goal) && risk.retired_on.is_none());
    let before = source.goal_order.iter();
    let mapped = before.filter_map(|goal| goal_of.get(goal).copied().or(held(*goal).then_some(*goal)));
    let mut order: Vec<Id> = Vec::new();
    for goal in mapped.chain(goals.iter().map(|goal| goal.id)) {
        if !order.contains(&goal) {
            order.push(goal);
        }
    }
    let mut new = Plan { goal_order: Json(order), ..open.plan.clone() };
    w.change_as_effect(open.at, "plan.changed", &open.plan, &mut new)?;
    open.plan = new;
    Ok(())
}

/// The plan's texts, which are last year's until somebody confirms or rewrites them.
fn carry_texts(w: &mut Writing, open: &Open, source: &Plan) -> Result<()> {
    let mut texts = w.sections(source.id)?;
    texts.sort_by_key(|section| section.section);
    for before in texts.into_iter().filter(|section| section.text != ERASED) {
        let section = PlanSection {
            id: Id::new(),
            plan_id: open.plan.id,
            carried_from_year: Some(source.year),
            updated_at: Timestamp::now(),
            version: 1,
            ..before
        };
        w.create(open.at, "plan.sectionCarriedOver", &section)?;
    }
    Ok(())
}

/// Whether the newest report of an action says that it is completed.
fn is_completed(r: &mut Reading, action: Id) -> Result<bool> {
    let told = r.reports_of_action(action)?;
    // What came to be known after the decision counts here: the next plan is to be right.
    Ok(told
        .iter()
        .max_by_key(|report| (report.period, report.sequence))
        .is_some_and(|report| report.completed_on.is_some()))
}

/// Which indicator of the new year stands for which of the old: the one of the same name under the goal that continues.
fn indicator_map(w: &mut Writing, goals: &[Goal]) -> Result<HashMap<Id, Id>> {
    let mut map = HashMap::new();
    let of_goal = |w: &mut Writing, goal: Id| -> Result<Vec<Indicator>> {
        let filter = crate::storage::queries::IndicatorFilter { goal_id: Some(goal), ..Default::default() };
        Ok(w.indicators(&filter, &Listing::all())?.items)
    };
    for goal in goals {
        let new = of_goal(w, goal.id)?;
        for indicator in &new {
            map.insert(indicator.id, indicator.id);
        }
        let Some(before) = goal.continues_id else { continue };
        for old in of_goal(w, before)? {
            if let Some(same) = new.iter().find(|i| i.name == old.name) {
                map.insert(old.id, same.id);
            }
        }
    }
    Ok(map)
}
