//! What a new plan takes over from an earlier one, and a draft from the plan of a body that goes on in its own.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::contents::continued::{bring_along, stands_for};
use crate::app::places::{plan_target, words_of};
use crate::app::plan::order::{free_reference, goals_for, order_goal, renumber};
use crate::app::plan::year::mandatory_of;
use crate::app::plan::{self, Open};
use crate::app::sent::Sent;
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::InclusionReason;
use crate::error::{Error, Result, Violation};
use crate::storage::queries::Listing;
use crate::storage::records::{
    Action, Assessment, Control, ERASED, Goal, Indicator, Organisation, Plan, PlanSection, Risk,
};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// Brings what is in an earlier plan into a new one: a new risk for each, same identity and reference, linked; controls and
/// actions along, their days empty; each assessment copied unconfirmed; the plan's own order of goals, its texts, and the
/// targets of the body's indicators, each to be confirmed.
pub fn carry_over(w: &mut Writing, open: &mut Open, source: &Plan, goals: &[Goal]) -> Result<()> {
    let goal_of = goals_by_those_before(goals);
    carry_order(w, open, source, goals, &goal_of)?;
    carry_texts(w, open, source)?;
    // The body's own indicators go along; their targets are confirmed before the plan goes to the board.
    let path = open.body.path.clone();
    bring_along(w, |owner| owner.path.starts_with(&path), (source.year, open.plan.year), true)?;
    carry_risks(w, open, source, goals, &goal_of)?;
    Ok(())
}

/// Which goals of a plan's year stand for which: each for the one that it continues, and for itself.
fn goals_by_those_before(goals: &[Goal]) -> HashMap<Id, Id> {
    goals.iter().flat_map(|goal| goal.continues_id.into_iter().chain([goal.id]).map(|id| (id, goal.id))).collect()
}

/// Brings the risks that are not there yet, and gives their new ids.
fn carry_risks(
    w: &mut Writing,
    open: &mut Open,
    source: &Plan,
    goals: &[Goal],
    goal_of: &HashMap<Id, Id>,
) -> Result<Vec<Id>> {
    let required = mandatory_of(w, open.plan.year)?;
    let indicators = indicator_map(w, goals)?;
    let now = Timestamp::now();
    let there = w.risks_of_plan(open.plan.id)?;
    let known: HashSet<Id> = there.iter().map(|risk| risk.identity_id).collect();
    let answered: HashSet<Id> = there.iter().filter_map(|risk| risk.mandatory_id).collect();
    let words = words_of(w, &open.body, open.plan.year)?;
    let mut carried = Vec::new();
    for old in w.risks_of_plan(source.id)? {
        if old.retired_on.is_some() || known.contains(&old.identity_id) {
            continue;
        }
        // Of the same year it is the very same.
        let successor = |before: Option<Id>| {
            required.iter().find(|m| before.is_some() && (m.continues_id == before || Some(m.id) == before))
        };
        // Where the body's own risk answers what the region demands, another one's goes on as an ordinary risk.
        let mandate = successor(old.mandatory_id);
        let mandatory = mandate.filter(|m| !answered.contains(&m.id));
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
        let own_category = old.own_category.clone().filter(|own| words.counted_as(own).is_some());
        let category = own_category.as_deref().and_then(|own| words.counted_as(own)).or(old.category);
        let new = Risk {
            category,
            own_category,
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
            formerly_mandatory: was_mandatory && mandate.or(area).is_none(),
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
        carried.push(new.id);
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
    Ok(carried)
}

/// The plan that risks are to come from, and whose it is; none where the caller does not see its parts.
pub fn source(r: &mut Reading, caller: &Caller, id: Id) -> Result<Option<(Plan, Organisation)>> {
    let Some(plan) = r.find::<Plan>(id)? else { return Ok(None) };
    let owner: Organisation = r.linked(plan.organisation_id)?;
    let seen = caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &owner)));
    Ok(seen.then_some((plan, owner)))
}

/// What is carried over cannot be deleted meanwhile: whoever comes second finds that it is gone, or that it has an heir.
pub fn held(w: &mut Writing, source: Id) -> Result<Plan> {
    w.hold::<Plan>(source).map_err(|fault| match fault {
        Error::NotFound => Error::Outrun(format!("plan {source} was deleted while it was carried over")),
        other => other,
    })
}

/// From which plan the risks come.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeoverForm {
    /// A plan, of this year or an earlier one, of a body that goes on in the plan's own.
    pub from_plan_id: Id,
}

/// The risks that came into the plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TakenOver {
    pub risk_ids: Vec<Id>,
}

/// Brings the risks of a body that goes on in this one into its draft, with identity and history, as next year's plan would.
/// Those that are there already stay as they are.
pub fn take_over(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<TakeoverForm>) -> Result<TakenOver> {
    let mut open = plan::open(w, caller, id, Verb::EditPlan, sent)?;
    let form = sent.judge()?;
    let source = source(w, caller, form.from_plan_id)?;
    let fault = match &source {
        None => Some(Violation::unknown_reference("/fromPlanId")),
        Some((_, owner)) if owner.successor_id != Some(open.body.id) => Some(Violation::new(
            "/fromPlanId",
            "notPredecessor",
            "Den som planen hör till går inte upp i den som den här planen hör till.",
            "The body of that plan does not go on in this plan's body.",
        )),
        Some((plan, _)) if plan.year > open.plan.year => Some(Violation::new(
            "/fromPlanId",
            "laterYear",
            "Planen att överta från gäller ett senare år.",
            "The plan to take over from is of a later year.",
        )),
        Some(_) => None,
    };
    let (Some((source, _)), None) = (source, &fault) else {
        return Err(Error::Invalid(fault.into_iter().collect()));
    };
    open.may(PlanVerb::Edit, w.today())?;
    let source = held(w, source.id)?;
    let goals = goals_for(w, &open.body, open.plan.year)?;
    let goal_of = goals_by_those_before(&goals);
    let risk_ids = carry_risks(w, &mut open, &source, &goals, &goal_of)?;
    renumber(w, &open)?;
    Ok(TakenOver { risk_ids })
}

/// The plans that the caller may take risks over from into this draft, the newest first: those of bodies that go on in its
/// own, of its year or before, with a risk that it does not have.
pub fn offered(r: &mut Reading, caller: &Caller, plan: &Plan) -> Result<Vec<(Plan, Organisation)>> {
    let mut found = Vec::new();
    for owner in r.organisations_going_on_in(plan.organisation_id)? {
        let mut plans = r.plans_of_body(owner.id)?;
        plans.retain(|one| {
            one.year <= plan.year && caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(one, &owner)))
        });
        found.extend(plans.into_iter().map(|plan| (plan, owner.clone())));
    }
    if found.is_empty() {
        return Ok(found);
    }
    let there = r.risks_of_plan(plan.id)?;
    let known: HashSet<Id> = there.into_iter().map(|risk| risk.identity_id).collect();
    let theirs = r.risks_of_plans(&found.iter().map(|(plan, _)| plan.id).collect::<Vec<_>>())?;
    found.retain(|(plan, _)| {
        let risks = theirs.get(&plan.id).into_iter().flatten();
        risks.into_iter().any(|risk| risk.retired_on.is_none() && !known.contains(&risk.identity_id))
    });
    found.sort_by_key(|(plan, owner)| (std::cmp::Reverse(plan.year), owner.id));
    Ok(found)
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

/// Which indicator of the new year stands for which of the old, under the goal that continues.
fn indicator_map(w: &mut Writing, goals: &[Goal]) -> Result<HashMap<Id, Id>> {
    let mut map = HashMap::new();
    let of_goal = |w: &mut Writing, goal: Id| -> Result<Vec<Indicator>> {
        let filter = crate::storage::queries::IndicatorFilter { goal_id: goal.into(), ..Default::default() };
        Ok(w.indicators(&filter, &Listing::all())?.items)
    };
    for goal in goals {
        let new = of_goal(w, goal.id)?;
        for indicator in &new {
            map.insert(indicator.id, indicator.id);
        }
        let Some(before) = goal.continues_id else { continue };
        for old in of_goal(w, before)? {
            if let Some(same) = new.iter().find(|one| stands_for(one, &old)) {
                map.insert(old.id, same.id);
            }
        }
    }
    Ok(map)
}
