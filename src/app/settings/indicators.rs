//! How goals are measured, against which targets, and for whom. An indicator belongs to an organisation, that of its goal or
//! one below it: a board may measure a goal of the region's in its own way.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::caller::grants::grants_of;
use crate::app::places::{path_ids, place};
use crate::app::reach;
use crate::app::sent::{Content, Envelope, Sent};
use crate::app::settings;
use crate::domain::figures;
use crate::domain::roles::{self, Duty, Verb, covers};
use crate::domain::words::{Comparator, DecidedBy};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{IndicatorFilter, Listing, Page};
use crate::storage::records::{Goal, Indicator, LaterTarget, LocalTarget, Organisation};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// How many years after the goal's may have targets.
const LATER_YEARS: i32 = 3;

/// What is written of an indicator.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IndicatorForm {
    /// The goal that it measures. May change to another of the same organisation and year.
    pub goal_id: Id,
    /// Whose it is: the goal's organisation when not given, or one below it. Stays what it is.
    pub organisation_id: Option<Id>,
    /// The same indicator of an earlier year, of the same organisation.
    pub continues_id: Option<Id>,
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
    /// The bodies that it concerns, at or below its owner; all of them when none is named.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub concerns: Vec<Id>,
    /// The targets of those bodies that have their own, each body once. The others have the board's, or else the council's.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub local_targets: Vec<LocalTarget>,
    /// The year that outcomes are compared with, where the comparator compares; the year before when not given.
    #[schema(minimum = 1990, maximum = 2100, example = 2022)]
    pub baseline_year: Option<i32>,
    /// What they are compared with, as it was decided; the outcome of the baseline year when not given.
    #[schema(min_length = 1, max_length = 40, example = "6.2")]
    pub baseline_value: Option<String>,
    /// Who writes its outcomes, beside the controller: somebody with a role that lets them report.
    pub responsible_id: Option<Id>,
    #[schema(min_length = 1, max_length = 4000, example = "Mäts per tertial.")]
    pub note: Option<String>,
    /// Place among the goal's indicators; the last when not given.
    #[schema(minimum = 1, maximum = 100_000)]
    pub position: Option<i32>,
}

impl IndicatorForm {
    pub fn of(i: &Indicator) -> Self {
        Self {
            goal_id: i.goal_id,
            organisation_id: i.organisation_id,
            continues_id: i.continues_id,
            name: i.name.clone(),
            unit: i.unit.clone(),
            comparator: i.comparator,
            decided_by: i.decided_by,
            council_target: i.council_target.clone(),
            board_target: i.board_target.clone(),
            later_targets: i.later_targets.0.clone(),
            concerns: i.concerned().to_vec(),
            local_targets: i.of_bodies().to_vec(),
            baseline_year: i.baseline_year,
            baseline_value: i.baseline_value.clone(),
            responsible_id: i.responsible_id,
            note: i.note.clone(),
            position: Some(i.position),
        }
    }

    /// What is written, laid over what is kept beside it.
    fn over(self, kept: Indicator, (owner, position): (Id, i32)) -> Indicator {
        Indicator {
            goal_id: self.goal_id,
            organisation_id: Some(owner),
            continues_id: self.continues_id,
            position,
            name: self.name,
            unit: self.unit,
            comparator: self.comparator,
            decided_by: self.decided_by,
            council_target: self.council_target,
            board_target: self.board_target,
            later_targets: Json(self.later_targets),
            concerns: (!self.concerns.is_empty()).then_some(Json(self.concerns)),
            local_targets: (!self.local_targets.is_empty()).then_some(Json(self.local_targets)),
            baseline_year: self.baseline_year,
            baseline_value: self.baseline_value,
            responsible_id: self.responsible_id,
            note: self.note,
            ..kept
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

/// Everything that an indicator is about: itself, the goal that it measures, and whose it is.
pub fn with_owner(r: &mut Reading, id: Id) -> Result<(Indicator, Goal, Organisation)> {
    let indicator: Indicator = r.get(id)?;
    let (goal, owner) = around(r, &indicator)?;
    Ok((indicator, goal, owner))
}

/// The goal that an indicator measures, and whose the indicator is.
pub fn around(r: &mut Reading, indicator: &Indicator) -> Result<(Goal, Organisation)> {
    let goal: Goal = r.linked(indicator.goal_id)?;
    let owner = r.linked(indicator.organisation_id.unwrap_or(goal.organisation_id))?;
    Ok((goal, owner))
}

/// Does an indicator of `owner` concern this organisation: its owner itself, or one below it that is, or lies in, a body
/// that it names?
pub fn concerns(indicator: &Indicator, owner: &Organisation, organisation: &Organisation) -> bool {
    let named = indicator.concerned();
    let body = |id: Id| named.contains(&id);
    covers(&path_ids(&owner.path), &path_ids(&organisation.path))
        && (organisation.id == owner.id || named.is_empty() || organisation.body_id.is_some_and(body))
}

/// Is an indicator of `owner` one of those of this body: one that concerns it, or one of its own parts'?
pub fn is_of_body(indicator: &Indicator, owner: &Organisation, body: &Organisation) -> bool {
    owner.path.starts_with(&body.path) || concerns(indicator, owner, body)
}

/// The indicators of a year that concern a body, its own and its parts' too.
pub fn of_body(r: &mut Reading, body: &Organisation, year: i32) -> Result<Vec<Indicator>> {
    let all = of_year(r, year)?;
    Ok(all.into_iter().filter(|(one, owner)| is_of_body(one, owner, body)).map(|(one, _)| one).collect())
}

/// Every indicator of a year, with whose it is.
pub fn of_year(r: &mut Reading, year: i32) -> Result<Vec<(Indicator, Organisation)>> {
    let all = r.indicators_of_year(year)?;
    let goals = r.all::<Goal>(all.iter().map(|one| one.goal_id))?;
    let owners = all.iter().filter_map(|one| one.organisation_id);
    r.all::<Organisation>(owners.chain(goals.iter().map(|goal| goal.organisation_id)))?;
    all.into_iter().map(|one| around(r, &one).map(|(_, owner)| (one, owner))).collect()
}

/// What the indicator aims at for an organisation: its body's own target, else the board's, else the council's. None while
/// the targets are those of an earlier year that nobody has confirmed.
pub fn target_of<'i>(indicator: &'i Indicator, organisation: &Organisation) -> Option<&'i str> {
    if indicator.targets_from_year.is_some() {
        return None;
    }
    let theirs = |one: &&LocalTarget| {
        one.organisation_id == organisation.id || Some(one.organisation_id) == organisation.body_id
    };
    let own = indicator.of_bodies().iter().find(theirs).map(|one| one.target.as_str());
    own.or(indicator.board_target.as_deref()).or(indicator.council_target.as_deref())
}

pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<IndicatorForm>) -> Result<Indicator> {
    let named: Option<Goal> = sent.named(w, "goalId")?;
    let owner = sent.sent_id("organisationId").or(named.map(|goal| goal.organisation_id));
    let owner: Option<Organisation> = owner.map(|id| w.find(id)).transpose()?.flatten();
    settings::authorize_new(caller, owner.as_ref(), sent)?;
    let mut form = sent.judge()?;
    let owner = settle(w, caller, &mut form, None)?;
    settings::authorize(caller, &owner, sent)?;
    let now = Timestamp::now();
    let position = placed(w, &form)?;
    let bare = Indicator {
        id: Id::new(),
        goal_id: form.goal_id,
        name: String::new(),
        unit: None,
        comparator: None,
        decided_by: form.decided_by,
        council_target: None,
        board_target: None,
        later_targets: Json(Vec::new()),
        baseline_year: None,
        note: None,
        position,
        created_at: now,
        updated_at: now,
        version: 1,
        organisation_id: None,
        continues_id: None,
        concerns: None,
        local_targets: None,
        baseline_value: None,
        responsible_id: None,
        targets_from_year: None,
    };
    let made = form.over(bare, (owner.id, position));
    let at = place(w, &owner)?;
    w.create(at, "indicator.created", &made)?;
    Ok(made)
}

/// The fields that say what it aims at: whoever writes one of them stands by the targets, also where not a word is another.
const TARGETS: [&str; 3] = ["councilTarget", "boardTarget", "localTargets"];

pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<IndicatorForm>) -> Result<Indicator> {
    let (old, goal, owner) = held(w, caller, id, sent)?;
    let mut form = sent.merged(&IndicatorForm::of(&old))?;
    settle(w, caller, &mut form, Some((&old, &goal, &owner)))?;
    let written = matches!(&sent.content, Content::Json(sent) if TARGETS.iter().any(|name| sent.get(name).is_some()));
    let kept = Indicator { targets_from_year: old.targets_from_year.filter(|_| !written), ..old.clone() };
    let position = placed(w, &form)?;
    let mut new = form.over(kept, (owner.id, position));
    // One whose owner was the goal's stays so: the change is what was written.
    new.organisation_id = old.organisation_id;
    if new.name != old.name && w.indicator_is_proposed(id)? {
        return Err(settings::stands_in_proposed_plan());
    }
    let at = place(w, &owner)?;
    w.change(at, "indicator.changed", &old, &mut new, None)?;
    Ok(new)
}

/// Removes an indicator that no control follows, that has no outcome, and that no later one continues.
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
    if !w.indicators_continuing(&[id])?.is_empty() {
        return Err(Error::conflict(
            "indicatorContinued",
            "Ett senare års indikator fortsätter den här, och den kan inte tas bort.",
            "An indicator of a later year continues this one, and it cannot be deleted.",
        ));
    }
    let at = place(w, &owner)?;
    w.remove(at, "indicator.deleted", &old, None)
}

/// The indicator, once the caller may change it.
fn held(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(Indicator, Goal, Organisation)> {
    let (_, goal, owner) = with_owner(w, id)?;
    // The goal may be another in a moment, but the owner stays: so do the rights.
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

/// Holds the form against the goal, the tree and the register's people, and writes its figures as they are kept. Gives the
/// owner, or every fault.
fn settle(
    w: &mut Writing,
    caller: &Caller,
    form: &mut IndicatorForm,
    old: Option<(&Indicator, &Goal, &Organisation)>,
) -> Result<Organisation> {
    let mut faults = Vec::new();
    let goal: Option<Goal> = w.find(form.goal_id)?;
    match (&goal, old) {
        (None, _) => faults.push(Violation::unknown_reference("/goalId")),
        (Some(new), Some((_, old, _))) if (new.organisation_id, new.year) != (old.organisation_id, old.year) => {
            faults.push(Violation::new(
                "/goalId",
                "cannotChange",
                "Indikatorn kan bara flyttas till ett mål hos samma organisation och år.",
                "The indicator can only be moved to a goal of the same organisation and year.",
            ));
        }
        _ => {}
    }
    let owner: Option<Organisation> = match (old, form.organisation_id) {
        (Some((_, _, owner)), named) => {
            if named.is_some_and(|id| id != owner.id) {
                faults.push(settings::stays_with_owner());
            }
            Some(owner.clone())
        }
        (None, Some(id)) => {
            let found = w.find(id)?;
            if found.is_none() {
                faults.push(Violation::unknown_reference("/organisationId"));
            }
            found
        }
        (None, None) => goal.as_ref().map(|goal| w.linked(goal.organisation_id)).transpose()?,
    };
    if let (Some(goal), Some(owner), None) = (&goal, &owner, old) {
        let of_goal: Organisation = w.linked(goal.organisation_id)?;
        if !owner.path.starts_with(&of_goal.path) {
            faults.push(Violation::new(
                "/goalId",
                "notAbove",
                "Målet ska tillhöra samma organisation som indikatorn eller en ovanför den.",
                "The goal must belong to the same organisation as the indicator or to one above it.",
            ));
        }
    }
    if let (Some(goal), Some(owner)) = (&goal, &owner) {
        continued(w, form, (goal, owner), old.map(|(old, ..)| old), &mut faults)?;
        bodies(w, form, owner, old.map(|(old, ..)| old), &mut faults)?;
        let asked = form.responsible_id.filter(|id| old.is_none_or(|(old, ..)| old.responsible_id != Some(*id)));
        if let Some(user) = asked {
            responsible(w, caller, user, owner, &mut faults)?;
        }
    }
    if let Some(text) = &form.baseline_value {
        match figures::normal(text, None) {
            Some(kept) => form.baseline_value = Some(kept),
            None => faults.push(Violation::new(
                "/baselineValue",
                "notAFigure",
                "Ska vara ett decimaltal med högst sex decimaler.",
                "Must be a decimal number with at most six decimals.",
            )),
        }
    }
    later(form, goal.as_ref(), &mut faults);
    match owner {
        Some(owner) if faults.is_empty() => Ok(owner),
        _ => Err(Error::Invalid(faults)),
    }
}

/// The one that it continues: an earlier year's of the same owner, which no other of its year continues.
fn continued(
    w: &mut Writing,
    form: &IndicatorForm,
    (goal, owner): (&Goal, &Organisation),
    old: Option<&Indicator>,
    faults: &mut Vec<Violation>,
) -> Result<()> {
    let asked = form.continues_id.filter(|id| old.is_none_or(|old| old.continues_id != Some(*id)));
    let Some(id) = asked else { return Ok(()) };
    let Some(before) = w.find::<Indicator>(id)? else {
        faults.push(Violation::unknown_reference("/continuesId"));
        return Ok(());
    };
    let (its_goal, its_owner) = around(w, &before)?;
    if its_owner.id != owner.id {
        faults.push(Violation::new(
            "/continuesId",
            "otherOwner",
            "Indikatorn som fortsätter ska tillhöra samma organisation.",
            "The indicator that is continued must belong to the same organisation.",
        ));
    }
    if its_goal.year >= goal.year {
        faults.push(Violation::new(
            "/continuesId",
            "notEarlier",
            "Indikatorn som fortsätter ska höra till ett tidigare år.",
            "The indicator that is continued must be of an earlier year.",
        ));
    }
    for other in w.indicators_continuing(&[id])? {
        let year = around(w, &other)?.0.year;
        if year == goal.year && old.is_none_or(|old| old.id != other.id) {
            faults.push(Violation::new(
                "/continuesId",
                "continuedAlready",
                "En annan av årets indikatorer fortsätter den redan.",
                "Another indicator of the year continues it already.",
            ));
        }
    }
    Ok(())
}

/// The bodies that it names, and their targets.
fn bodies(
    w: &mut Writing,
    form: &IndicatorForm,
    owner: &Organisation,
    old: Option<&Indicator>,
    faults: &mut Vec<Violation>,
) -> Result<()> {
    for (i, id) in form.concerns.iter().enumerate() {
        let at = format!("/concerns/{i}");
        if form.concerns[..i].contains(id) {
            faults.push(named_twice(at));
        } else if old.is_none_or(|old| !old.concerned().contains(id)) {
            body(w, *id, owner, at, faults)?;
        }
    }
    for (i, one) in form.local_targets.iter().enumerate() {
        let (at, id) = (format!("/localTargets/{i}/organisationId"), one.organisation_id);
        if form.local_targets[..i].iter().any(|earlier| earlier.organisation_id == id) {
            faults.push(named_twice(at));
        } else if !form.concerns.is_empty() && !form.concerns.contains(&id) {
            faults.push(Violation::not_concerned(at));
        } else if old.is_none_or(|old| old.of_bodies().iter().all(|known| known.organisation_id != id)) {
            body(w, id, owner, at, faults)?;
        }
    }
    Ok(())
}

fn named_twice(at: String) -> Violation {
    Violation::new(at, "duplicate", "Organisationen står två gånger.", "The organisation stands twice.")
}

/// Is it a body at or below the owner?
pub fn body(w: &mut Writing, id: Id, owner: &Organisation, at: String, faults: &mut Vec<Violation>) -> Result<()> {
    match w.find::<Organisation>(id)? {
        None => faults.push(Violation::unknown_reference(at)),
        Some(one) if one.body_id != Some(id) || !one.path.starts_with(&owner.path) => faults.push(Violation::new(
            at,
            "notABodyOfOwner",
            "Ska vara en nämnd, ett bolag eller ett förbund hos indikatorns ägare.",
            "Must be a board, a company or a federation at or below the indicator's owner.",
        )),
        Some(_) => {}
    }
    Ok(())
}

/// Whoever is to answer for its outcomes: there, active, and with a role that lets them report.
fn responsible(
    w: &mut Writing,
    caller: &Caller,
    user: Id,
    owner: &Organisation,
    faults: &mut Vec<Violation>,
) -> Result<()> {
    let at = "/responsibleId";
    if reach::person(w, caller, user, at, faults)?
        && !roles::can_be_named(user.0, &grants_of(w, user)?, Duty::Answer, &path_ids(&owner.path))
    {
        faults.push(Violation::new(
            at,
            "roleMissing",
            format!("Personen har ingen roll i {} som låter den som har den rapportera.", owner.name),
            format!("The person has no role in {} that lets its holder report.", owner.name),
        ));
    }
    Ok(())
}

/// The targets of later years: each year once, of the three after the goal's.
fn later(form: &IndicatorForm, goal: Option<&Goal>, faults: &mut Vec<Violation>) {
    for (i, later) in form.later_targets.iter().enumerate() {
        let at = format!("/laterTargets/{i}/year");
        if form.later_targets[..i].iter().any(|earlier| earlier.year == later.year) {
            faults.push(Violation::new(
                at,
                "duplicate",
                "Året har redan ett målvärde.",
                "The year has a target already.",
            ));
        } else if let Some(goal) = goal
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
}
