//! The tree of goals of a year: the region's, with the bodies' and units' own below them ("röda tråden").

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::place;
use crate::app::sent::{Envelope, Sent};
use crate::app::settings;
use crate::domain::roles::Verb;
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{GoalFilter, GoalUses, Listing, Page};
use crate::storage::records::{Goal, Organisation};
use crate::storage::{Id, Reading, Timestamp, Writing};

/// What is written of a goal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoalForm {
    /// The region, or the organisation whose own goal it is. Stays what it is.
    pub organisation_id: Id,
    /// Cannot be changed once something leans on the goal.
    #[schema(minimum = 2000, maximum = 2100, example = 2024)]
    pub year: i32,
    /// The goal above: of the same year, of the same organisation or one above it.
    pub parent_id: Option<Id>,
    /// The same goal of an earlier year.
    pub continues_id: Option<Id>,
    #[schema(min_length = 1, max_length = 50, format = "name", example = "3.3.1")]
    pub number: Option<String>,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Region Stockholm har en ekonomi i balans")]
    pub name: String,
    /// Place among its siblings; the last when not given.
    #[schema(minimum = 1, maximum = 100_000)]
    pub position: Option<i32>,
}

impl GoalForm {
    pub fn of(goal: &Goal) -> Self {
        Self {
            organisation_id: goal.organisation_id,
            year: goal.year,
            parent_id: goal.parent_id,
            continues_id: goal.continues_id,
            number: goal.number.clone(),
            name: goal.name.clone(),
            position: Some(goal.position),
        }
    }
}

/// The goals that the filter takes. Everyone signed in sees all of them.
pub fn list(r: &mut Reading, filter: &GoalFilter, page: &Listing) -> Result<Page<Goal>> {
    r.goals(filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Goal> {
    let (goal, owner) = with_owner(r, id)?;
    caller.may(Verb::SeeCommon, &settings::target(&owner))?;
    Ok(goal)
}

/// A goal's number, if it has one, and its name.
pub fn titled(goal: &Goal) -> String {
    match &goal.number {
        Some(number) => format!("{number} {}", goal.name),
        None => goal.name.clone(),
    }
}

/// A goal and the organisation that it belongs to.
pub fn with_owner(r: &mut Reading, id: Id) -> Result<(Goal, Organisation)> {
    let goal: Goal = r.get(id)?;
    let owner = r.linked(goal.organisation_id)?;
    Ok((goal, owner))
}

pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<GoalForm>) -> Result<Goal> {
    let named: Option<Organisation> = sent.named(w, "organisationId")?;
    settings::authorize_new(caller, named.as_ref(), sent)?;
    let form = sent.judge()?;
    w.lock_year(form.year)?;
    let now = Timestamp::now();
    let mut made = Goal {
        id: Id::new(),
        organisation_id: form.organisation_id,
        year: form.year,
        parent_id: form.parent_id,
        continues_id: form.continues_id,
        number: form.number.clone(),
        name: form.name.clone(),
        position: 0,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let owner = settle(w, &made, None)?;
    settings::authorize(caller, &owner, sent)?;
    made.position = placed(w, &form, &made)?;
    let at = place(w, &owner)?;
    w.create(at, "goal.created", &made)?;
    Ok(made)
}

/// Changes a goal. Its name and number may change after plans with it were adopted: what was sealed keeps the words
/// that were decided on, and the history tells when they changed. While a plan with it lies before its board they stay.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<GoalForm>) -> Result<Goal> {
    let (old, owner) = held(w, caller, id, sent)?;
    let form = sent.merged(&GoalForm::of(&old))?;
    let mut new = Goal {
        organisation_id: form.organisation_id,
        year: form.year,
        parent_id: form.parent_id,
        continues_id: form.continues_id,
        number: form.number.clone(),
        name: form.name.clone(),
        ..old.clone()
    };
    settle(w, &new, Some(&old))?;
    new.position = placed(w, &form, &new)?;
    if new.year != old.year {
        refuse_if_used(w, &old)?;
    }
    if (new.name != old.name || new.number != old.number) && w.goal_is_proposed(id)? {
        return Err(settings::stands_in_proposed_plan());
    }
    let at = place(w, &owner)?;
    w.change(at, "goal.changed", &old, &mut new, None)?;
    Ok(new)
}

/// Removes a goal that nothing leans on.
pub fn delete(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (old, owner) = held(w, caller, id, sent)?;
    refuse_if_used(w, &old)?;
    let at = place(w, &owner)?;
    w.remove(at, "goal.deleted", &old, None)
}

/// The goal, once the caller may change it, with its year's tree held: no other change can close a circle meanwhile.
fn held(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(Goal, Organisation)> {
    let (seen, owner) = with_owner(w, id)?;
    settings::authorize(caller, &owner, sent)?;
    w.lock_year(seen.year)?;
    let old: Goal = w.hold(id)?;
    if old.year != seen.year {
        return Err(Error::Outrun(format!("goal {id} was moved to another year meanwhile")));
    }
    sent.expect_current(&old)?;
    Ok((old, owner))
}

fn placed(w: &mut Writing, form: &GoalForm, goal: &Goal) -> Result<i32> {
    match form.position {
        Some(position) => Ok(position),
        None => w.next_goal_position(goal.organisation_id, goal.year, goal.parent_id),
    }
}

/// Holds a goal against the tree of its year. Gives its owner, or every fault.
fn settle(w: &mut Writing, goal: &Goal, old: Option<&Goal>) -> Result<Organisation> {
    let mut faults = Vec::new();
    let owner: Option<Organisation> = w.find(goal.organisation_id)?;
    if owner.is_none() {
        faults.push(Violation::unknown_reference("/organisationId"));
    } else if old.is_some_and(|old| old.organisation_id != goal.organisation_id) {
        faults.push(settings::stays_with_owner());
    }
    if let Some(id) = goal.parent_id {
        match w.find::<Goal>(id)? {
            None => faults.push(Violation::unknown_reference("/parentId")),
            Some(parent) => {
                if parent.year != goal.year {
                    faults.push(Violation::new(
                        "/parentId",
                        "otherYear",
                        "Målet ovanför ska höra till samma år.",
                        "The goal above must be of the same year.",
                    ));
                }
                let above = |o: &Organisation| o.path.split('/').any(|step| step == parent.organisation_id.to_string());
                if owner.as_ref().is_some_and(|o| !above(o)) {
                    faults.push(Violation::new(
                        "/parentId",
                        "notAbove",
                        "Målet ovanför ska tillhöra samma organisation eller en ovanför den.",
                        "The goal above must belong to the same organisation or to one above it.",
                    ));
                }
                if stands_below(w, parent, goal.id)? {
                    faults.push(Violation::new(
                        "/parentId",
                        "circle",
                        "Ett mål kan inte ligga under sig självt.",
                        "A goal cannot stand below itself.",
                    ));
                }
            }
        }
    }
    if let Some(id) = goal.continues_id {
        match w.find::<Goal>(id)? {
            None => faults.push(Violation::unknown_reference("/continuesId")),
            Some(earlier) if earlier.year >= goal.year => faults.push(Violation::new(
                "/continuesId",
                "notEarlier",
                "Målet som fortsätter ska höra till ett tidigare år.",
                "The goal that is continued must be of an earlier year.",
            )),
            Some(_) => {}
        }
    }
    match owner {
        Some(owner) if faults.is_empty() => Ok(owner),
        _ => Err(Error::Invalid(faults)),
    }
}

/// Is `goal` this one, or above it?
fn stands_below(r: &mut Reading, mut this: Goal, goal: Id) -> Result<bool> {
    loop {
        if this.id == goal {
            return Ok(true);
        }
        let Some(above) = this.parent_id else { return Ok(false) };
        this = r.linked(above)?;
    }
}

fn refuse_if_used(r: &mut Reading, goal: &Goal) -> Result<()> {
    let GoalUses { children, continued, indicators, risks, mandatory, orders } = r.goal_uses(goal)?;
    let kinds = [
        (children, "undermål", "goals below it"),
        (indicators, "indikatorer", "indicators"),
        (risks, "risker", "risks"),
        (mandatory, "obligatoriska risker", "mandatory risks"),
        (orders, "planers målordning", "the order of goals in plans"),
        (continued, "ett senare års mål", "a goal of a later year"),
    ];
    let used: Vec<_> = kinds.into_iter().filter(|(count, ..)| *count > 0).collect();
    if used.is_empty() {
        return Ok(());
    }
    let sv: Vec<&str> = used.iter().map(|(_, sv, _)| *sv).collect();
    let en: Vec<&str> = used.iter().map(|(.., en)| *en).collect();
    Err(Error::conflict(
        "goalInUse",
        format!("Målet används och kan inte tas bort eller byta år. Det används av: {}.", sv.join(", ")),
        format!("The goal is in use, and cannot be deleted or change year. It is used by: {}.", en.join(", ")),
    ))
}
