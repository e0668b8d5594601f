//! How goals are measured, and against which targets. An indicator's rights and history are those of its goal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::place;
use crate::app::sent::{Envelope, Sent};
use crate::app::settings;
use crate::domain::roles::Verb;
use crate::domain::words::{Comparator, DecidedBy};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{IndicatorFilter, Listing, Page};
use crate::storage::records::{Goal, Indicator, LaterTarget, Organisation};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// How many years after the goal's may have targets.
const LATER_YEARS: i32 = 3;

/// What is written of an indicator.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IndicatorForm {
    /// The goal that it measures. May change to another of the same organisation and year.
    pub goal_id: Id,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Andel sjukfrånvaro")]
    pub name: String,
    #[schema(min_length = 1, max_length = 50, format = "name", example = "%")]
    pub unit: Option<String>,
    /// How the outcome is held against the target.
    pub comparator: Option<Comparator>,
    pub decided_by: DecidedBy,
    /// The council's target, as decided.
    #[schema(min_length = 1, max_length = 200, format = "name", example = "<6%")]
    pub council_target: Option<String>,
    /// The board's target, as decided.
    #[schema(min_length = 1, max_length = 200, format = "name", example = "<6%")]
    pub board_target: Option<String>,
    /// Targets of the three years after the goal's, each year once.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub later_targets: Vec<LaterTarget>,
    #[schema(minimum = 1990, maximum = 2100, example = 2022)]
    pub baseline_year: Option<i32>,
    #[schema(min_length = 1, max_length = 4000, example = "Mäts per tertial.")]
    pub note: Option<String>,
    /// Place among the goal's indicators; the last when not given.
    #[schema(minimum = 1, maximum = 100_000)]
    pub position: Option<i32>,
}

impl IndicatorForm {
    fn of(i: &Indicator) -> Self {
        Self {
            goal_id: i.goal_id,
            name: i.name.clone(),
            unit: i.unit.clone(),
            comparator: i.comparator,
            decided_by: i.decided_by,
            council_target: i.council_target.clone(),
            board_target: i.board_target.clone(),
            later_targets: i.later_targets.0.clone(),
            baseline_year: i.baseline_year,
            note: i.note.clone(),
            position: Some(i.position),
        }
    }
}

/// The indicators that the filter takes. Everyone signed in sees all of them.
pub fn list(r: &mut Reading, filter: &IndicatorFilter, page: &Listing) -> Result<Page<Indicator>> {
    r.indicators(filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Indicator> {
    let (indicator, _, owner) = with_owner(r, id)?;
    caller.may(Verb::SeeCommon, &settings::target(&owner))?;
    Ok(indicator)
}

fn with_owner(r: &mut Reading, id: Id) -> Result<(Indicator, Goal, Organisation)> {
    let indicator: Indicator = r.get(id)?;
    let goal: Goal = r.linked(indicator.goal_id)?;
    let owner = r.linked(goal.organisation_id)?;
    Ok((indicator, goal, owner))
}

pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<IndicatorForm>) -> Result<Indicator> {
    let named: Option<Goal> = match sent.sent_id("goalId") {
        Some(id) => w.find(id)?,
        None => None,
    };
    let owner: Option<Organisation> = match &named {
        Some(goal) => Some(w.linked(goal.organisation_id)?),
        None => None,
    };
    settings::authorize_new(caller, owner.as_ref(), sent)?;
    let form = sent.judge()?;
    let (_, owner) = settle(w, &form, None)?;
    settings::authorize(caller, &owner, sent)?;
    let now = Timestamp::now();
    let made = Indicator {
        id: Id::new(),
        goal_id: form.goal_id,
        position: placed(w, &form)?,
        name: form.name,
        unit: form.unit,
        comparator: form.comparator,
        decided_by: form.decided_by,
        council_target: form.council_target,
        board_target: form.board_target,
        later_targets: Json(form.later_targets),
        baseline_year: form.baseline_year,
        note: form.note,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let at = place(w, &owner)?;
    w.create(at, "indicator.created", &made)?;
    Ok(made)
}

pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<IndicatorForm>) -> Result<Indicator> {
    let (old, goal, owner) = held(w, caller, id, sent)?;
    let form = sent.merged(&IndicatorForm::of(&old))?;
    settle(w, &form, Some(&goal))?;
    let mut new = Indicator {
        goal_id: form.goal_id,
        position: placed(w, &form)?,
        name: form.name,
        unit: form.unit,
        comparator: form.comparator,
        decided_by: form.decided_by,
        council_target: form.council_target,
        board_target: form.board_target,
        later_targets: Json(form.later_targets),
        baseline_year: form.baseline_year,
        note: form.note,
        ..old.clone()
    };
    if new.name != old.name && w.indicator_is_proposed(id)? {
        return Err(settings::stands_in_proposed_plan());
    }
    let at = place(w, &owner)?;
    w.change(at, "indicator.changed", &old, &mut new, None)?;
    Ok(new)
}

/// Removes an indicator that no control follows and that has no outcome.
pub fn delete(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (old, _, owner) = held(w, caller, id, sent)?;
    if w.indicator_in_use(id)? {
        return Err(Error::conflict(
            "indicatorInUse",
            "Indikatorn följs upp av en kontroll och kan inte tas bort.",
            "The indicator is followed by a control and cannot be deleted.",
        ));
    }
    if w.has_outcomes(id)? {
        return Err(Error::conflict(
            "indicatorHasOutcomes",
            "Indikatorn har utfall och kan inte tas bort.",
            "The indicator has outcomes and cannot be deleted.",
        ));
    }
    let at = place(w, &owner)?;
    w.remove(at, "indicator.deleted", &old, None)
}

/// The indicator, once the caller may change it.
fn held(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(Indicator, Goal, Organisation)> {
    let (_, goal, owner) = with_owner(w, id)?;
    // The goal may be another in a moment, but its organisation stays: so do the rights.
    settings::authorize(caller, &owner, sent)?;
    let old: Indicator = w.hold(id)?;
    sent.expect_current(&old)?;
    Ok((old, goal, owner))
}

fn placed(w: &mut Writing, form: &IndicatorForm) -> Result<i32> {
    match form.position {
        Some(position) => Ok(position),
        None => w.next_indicator_position(form.goal_id),
    }
}

/// Holds the form against the goal. Gives the goal and its owner, or every fault.
fn settle(w: &mut Writing, form: &IndicatorForm, old: Option<&Goal>) -> Result<(Goal, Organisation)> {
    let mut faults = Vec::new();
    let goal: Option<Goal> = w.find(form.goal_id)?;
    match (&goal, old) {
        (None, _) => faults.push(Violation::unknown_reference("/goalId")),
        (Some(new), Some(old)) if (new.organisation_id, new.year) != (old.organisation_id, old.year) => {
            faults.push(Violation::new(
                "/goalId",
                "cannotChange",
                "Indikatorn kan bara flyttas till ett mål hos samma organisation och år.",
                "The indicator can only be moved to a goal of the same organisation and year.",
            ));
        }
        _ => {}
    }
    for (i, later) in form.later_targets.iter().enumerate() {
        let at = format!("/laterTargets/{i}/year");
        if form.later_targets[..i].iter().any(|earlier| earlier.year == later.year) {
            faults.push(Violation::new(
                at,
                "duplicate",
                "Året har redan ett målvärde.",
                "The year has a target already.",
            ));
        } else if let Some(goal) = &goal
            && !(goal.year + 1..=goal.year + LATER_YEARS).contains(&later.year)
        {
            let (first, last) = (goal.year + 1, goal.year + LATER_YEARS);
            faults.push(Violation::new(
                at,
                "outOfRange",
                format!("Året ska vara något av de tre efter målets år: {first} till {last}."),
                format!("The year must be one of the three after the goal's: {first} to {last}."),
            ));
        }
    }
    match goal {
        Some(goal) if faults.is_empty() => {
            let owner = w.linked(goal.organisation_id)?;
            Ok((goal, owner))
        }
        _ => Err(Error::Invalid(faults)),
    }
}
