//! The dates of actions that were carried over from an earlier year: empty in the new plan, and offered for one or for
//! all as the same days so many years later.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::plan;
use crate::app::sent::Sent;
use crate::domain::life::PlanVerb;
use crate::domain::roles::Verb;
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Action, Plan};
use crate::storage::{Id, Reading, Writing};

/// Which actions take the dates that are offered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarriedDatesForm {
    /// All that were carried over and have no dates, when not given.
    #[schema(min_items = 1, max_items = 1000)]
    pub action_ids: Option<Vec<Id>>,
}

/// Which actions took the dates that were offered.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CarriedDates {
    pub action_ids: Vec<Id>,
}

/// An action that was carried over and has no dates yet, with those that it had, moved to the plan's year.
#[derive(Debug, Clone)]
pub struct Offered {
    pub action: Action,
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
}

/// What is offered in a plan, in the order of its actions.
pub fn offered(r: &mut Reading, plan: &Plan) -> Result<Vec<Offered>> {
    let mut carried: Vec<Action> = r.actions_of_plan(plan.id)?;
    carried.retain(|a| a.previous_id.is_some() && a.start_date.is_none() && a.end_date.is_none());
    let before: Vec<Action> = r.all(carried.iter().filter_map(|action| action.previous_id))?;
    let plans: Vec<Plan> = r.all(before.iter().map(|action| action.plan_id))?;
    let years: HashMap<Id, i32> = plans.into_iter().map(|plan| (plan.id, plan.year)).collect();
    let before: HashMap<Id, Action> = before.into_iter().map(|action| (action.id, action)).collect();
    let moved = |day: Option<NaiveDate>, from: i32| {
        let years = u32::try_from(plan.year - from).ok()?;
        day?.checked_add_months(Months::new(12 * years))
    };
    let offered = carried.into_iter().filter_map(|action| {
        let old = before.get(&action.previous_id?)?;
        let from = *years.get(&old.plan_id)?;
        let (start, end) = (moved(old.start_date, from), moved(old.end_date, from));
        (start.is_some() || end.is_some()).then_some(Offered { action, start, end })
    });
    Ok(offered.collect())
}

/// Gives actions of a draft the dates that are offered.
pub fn take(w: &mut Writing, caller: &Caller, plan: Id, sent: &Sent<CarriedDatesForm>) -> Result<CarriedDates> {
    let open = plan::open(w, caller, plan, Verb::EditPlan, sent)?;
    let form = sent.judge()?;
    let all = offered(w, &open.plan)?;
    let mut faults = Vec::new();
    for (at, id) in form.action_ids.iter().flatten().enumerate() {
        if !all.iter().any(|one| one.action.id == *id) {
            faults.push(Violation::new(
                format!("/actionIds/{at}"),
                "nothingOffered",
                "Åtgärden är inte överförd till planen, eller har redan datum.",
                "The action was not carried over to the plan, or has dates already.",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::Edit, w.today())?;
    let mut action_ids = Vec::new();
    for Offered { action, start, end } in all {
        if form.action_ids.as_ref().is_some_and(|ids| !ids.contains(&action.id)) {
            continue;
        }
        let mut new = Action { start_date: start, end_date: end, ..action.clone() };
        w.change(open.at, "action.changed", &action, &mut new, None)?;
        action_ids.push(action.id);
    }
    Ok(CarriedDates { action_ids })
}
