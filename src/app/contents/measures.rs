//! What is done about a risk: controls and actions.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::people::duties::{self, Naming};
use crate::app::plan::order::goals_for;
use crate::app::plan::{self, Open, references};
use crate::app::reach;
use crate::app::sent::{Envelope, Sent};
use crate::domain::figures::{self, Effects};
use crate::domain::life::{self, PlanVerb};
use crate::domain::roles::{Duty, Target, Verb};
use crate::domain::values::FinancialEffect;
use crate::domain::words::{Period, PlanStatus, Recurrence};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, Page, PartFilter, Seen};
use crate::storage::records::{Action, Control, Organisation, Plan, Risk, User};
use crate::storage::{Id, Json, Reading, Stored, Timestamp, Writing};

/// What is written of a control.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ControlForm {
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Stickprover och visselblåsningar")]
    pub name: String,
    #[schema(min_length = 1, max_length = 20000)]
    pub description: Option<String>,
    /// As the body words it.
    #[schema(
        min_length = 1,
        max_length = 500,
        format = "name",
        example = "Stickprover kontinuerligt. Årsrapport årligen."
    )]
    pub frequency: Option<String>,
    /// How often it is due: a set.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub recurrences: Vec<Recurrence>,
    /// The period in which an annual control is due; the annual one when not given.
    pub due_period: Option<Period>,
    /// The day of a one-off control; it is due in the period of that day.
    pub due_date: Option<NaiveDate>,
    pub responsible_id: Option<Id>,
    /// Whoever is responsible is given the role `performer` where they have none that lets them report. Only from whoever
    /// may give it; kept nowhere.
    #[serde(default)]
    #[schema(example = false)]
    pub grant_role: bool,
    /// The indicators whose outcome the control follows.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub indicator_ids: Vec<Id>,
    /// Place among the risk's controls; last when not given.
    #[schema(minimum = 1, maximum = 100_000, example = 1)]
    pub position: Option<i32>,
}

impl ControlForm {
    /// What is written of a control now.
    pub fn of(c: &Control) -> Self {
        Self {
            name: c.name.clone(),
            description: c.description.clone(),
            frequency: c.frequency.clone(),
            recurrences: c.recurrences.0.clone(),
            due_period: c.due_period,
            due_date: c.due_date,
            responsible_id: c.responsible_id,
            grant_role: false,
            indicator_ids: c.indicator_ids.0.clone(),
            position: Some(c.position),
        }
    }
}

/// What is written of an action.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActionForm {
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Utbildning och övergripande anvisning")]
    pub name: String,
    #[schema(min_length = 1, max_length = 20000)]
    pub description: Option<String>,
    #[schema(example = "2024-01-01")]
    pub start_date: Option<NaiveDate>,
    #[schema(example = "2024-12-31")]
    pub end_date: Option<NaiveDate>,
    /// Why the end date is moved; required once the plan is adopted.
    #[schema(min_length = 1, max_length = 4000)]
    pub end_date_reason: Option<String>,
    pub responsible_id: Option<Id>,
    /// Whoever is responsible is given the role `performer` where they have none that lets them report. Only from whoever
    /// may give it; kept nowhere.
    #[serde(default)]
    #[schema(example = false)]
    pub grant_role: bool,
    /// The control whose finding the action was born from, of the same risk.
    pub from_control_id: Option<Id>,
    pub financial_effect: Option<FinancialEffect>,
    /// Place among the risk's actions; last when not given.
    #[schema(minimum = 1, maximum = 100_000, example = 1)]
    pub position: Option<i32>,
}

impl ActionForm {
    /// What is written of an action now.
    pub fn of(a: &Action) -> Self {
        Self {
            name: a.name.clone(),
            description: a.description.clone(),
            start_date: a.start_date,
            end_date: a.end_date,
            end_date_reason: a.end_date_reason.clone(),
            responsible_id: a.responsible_id,
            grant_role: false,
            from_control_id: a.from_control_id,
            financial_effect: a.financial_effect.clone().map(|effect| effect.0),
            position: Some(a.position),
        }
    }
}

/// What an action means for the economy; none when nothing is written of it. An amount that is not written is nought.
pub fn effects_of(action: &Action) -> Result<Option<Effects>> {
    action.financial_effect.as_deref().map(in_tenths).transpose()
}

/// The amounts of an effect, to count with.
pub fn in_tenths(effect: &FinancialEffect) -> Result<Effects> {
    Ok(Effects {
        full_year: amount(&effect.full_year)?,
        plan_year: amount(&effect.plan_year)?,
        next_year: amount(&effect.next_year)?,
        year_after_next: amount(&effect.year_after_next)?,
    })
}

/// An amount in tenths of Mnkr. One that is not written is nought.
pub fn amount(written: &Option<String>) -> Result<i128> {
    let Some(text) = written else { return Ok(0) };
    figures::tenths(text).ok_or_else(|| Error::internal(format!("{text:?} is no amount")))
}

/// A control or an action: a part of a risk with someone responsible.
pub trait Part: Stored {
    fn risk(&self) -> Id;
    fn responsible(&self) -> Option<Id>;
    /// The revision in which it was taken out of the plan.
    fn removed_in(&self) -> Option<i32>;
}

impl Part for Control {
    fn risk(&self) -> Id {
        self.risk_id
    }
    fn responsible(&self) -> Option<Id> {
        self.responsible_id
    }
    fn removed_in(&self) -> Option<i32> {
        self.removed_in
    }
}

impl Part for Action {
    fn risk(&self) -> Id {
        self.risk_id
    }
    fn responsible(&self) -> Option<Id> {
        self.responsible_id
    }
    fn removed_in(&self) -> Option<i32> {
        self.removed_in
    }
}

/// A part with its risk and plan, and where it stands for the decision of rights.
pub fn find<P: Part>(r: &mut Reading, caller: &Caller, id: Id) -> Result<(P, Risk, Plan, Target)> {
    let part: P = r.get(id)?;
    let risk: Risk = r.linked(part.risk())?;
    let plan: Plan = r.linked(risk.plan_id)?;
    let responsible = part.responsible().map(|u| u.0);
    let target = Target::Part { risk: reach::target(r, caller, &risk, &plan)?, responsible };
    Ok((part, risk, plan, target))
}

/// A part that the caller may see, and that is in the plan.
fn see<P: Part>(r: &mut Reading, caller: &Caller, id: Id) -> Result<P> {
    let (part, _, _, target) = find::<P>(r, caller, id)?;
    caller.may(Verb::SeeRisk, &target)?;
    if part.removed_in().is_some() { Err(Error::NotFound) } else { Ok(part) }
}

/// A part that a verb works on, with its risk, the plan locked.
fn open<P: Part>(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(P, Risk, Open)> {
    let (part, risk, plan, target) = find::<P>(w, caller, id)?;
    if part.removed_in().is_some() {
        caller.may(Verb::SeeRisk, &target)?;
        return Err(Error::NotFound);
    }
    caller.authorize(Verb::ChangeControls, &target, sent)?;
    let (_, body) = plan::load(w, plan.id)?;
    let open = plan::lock(w, plan.id, body)?;
    let part: P = w.get(id)?;
    // Somebody else took it out meanwhile.
    if part.removed_in().is_some() { Err(Error::NotFound) } else { Ok((part, risk, open)) }
}

/// The risk that a new part is made for, its plan locked.
fn open_risk(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(Risk, Open)> {
    let risk: Risk = w.get(id)?;
    let (plan, body) = plan::load(w, risk.plan_id)?;
    let target = reach::target(w, caller, &risk, &plan)?;
    caller.authorize(Verb::ChangeControls, &Target::Risk(target), sent)?;
    let open = plan::lock(w, plan.id, body)?;
    let risk = w.get(id)?;
    Ok((risk, open))
}

fn seen(caller: &Caller) -> Seen {
    Seen::of(caller.id(), &caller.scope())
}

pub fn controls(r: &mut Reading, caller: &Caller, filter: &PartFilter, listing: &Listing) -> Result<Page<Control>> {
    r.controls(filter, &seen(caller), listing)
}

pub fn actions(r: &mut Reading, caller: &Caller, filter: &PartFilter, listing: &Listing) -> Result<Page<Action>> {
    r.actions(filter, &seen(caller), listing)
}

/// Those who are responsible for the controls that the list would show, by name; so many at most. Tells nobody that the list
/// does not.
pub fn responsible_for_controls(r: &mut Reading, caller: &Caller, filter: &PartFilter, most: i64) -> Result<Vec<User>> {
    r.responsible_for_controls(filter, &seen(caller), most)
}

/// As for controls.
pub fn responsible_for_actions(r: &mut Reading, caller: &Caller, filter: &PartFilter, most: i64) -> Result<Vec<User>> {
    r.responsible_for_actions(filter, &seen(caller), most)
}

pub fn controls_of(r: &mut Reading, caller: &Caller, risk: Id, listing: &Listing) -> Result<Page<Control>> {
    reach::see(r, caller, risk)?;
    controls(r, caller, &PartFilter { risk_id: risk.into(), ..Default::default() }, listing)
}

pub fn actions_of(r: &mut Reading, caller: &Caller, risk: Id, listing: &Listing) -> Result<Page<Action>> {
    reach::see(r, caller, risk)?;
    actions(r, caller, &PartFilter { risk_id: risk.into(), ..Default::default() }, listing)
}

pub fn control(r: &mut Reading, caller: &Caller, id: Id) -> Result<Control> {
    see(r, caller, id)
}

pub fn action(r: &mut Reading, caller: &Caller, id: Id) -> Result<Action> {
    see(r, caller, id)
}

/// Whoever is to be responsible, and whether they are to be given the role that it takes.
fn judge_responsible(
    w: &mut Writing,
    caller: &Caller,
    risk: &Risk,
    (user, grant): (Id, bool),
    faults: &mut Vec<Violation>,
) -> Result<()> {
    let at: Organisation = w.linked(risk.organisation_id)?;
    let naming = Naming { user, duty: Duty::Answer, at: &at, grant, field: "/responsibleId" };
    duties::judge(w, caller, &naming, faults)
}

fn judge_control(
    w: &mut Writing,
    caller: &Caller,
    (risk, open): (&Risk, &Open),
    old: Option<&ControlForm>,
    form: &ControlForm,
    faults: &mut Vec<Violation>,
) -> Result<()> {
    let moved = |id: &Id| form.grant_role || old.is_none_or(|o| o.responsible_id != Some(*id));
    if let Some(user) = form.responsible_id.filter(moved) {
        judge_responsible(w, caller, risk, (user, form.grant_role), faults)?;
    }
    let duplicate =
        |at: String| Violation::new(at, "duplicate", "Samma värde står två gånger.", "The same value stands twice.");
    for (i, one) in form.recurrences.iter().enumerate() {
        if form.recurrences[..i].contains(one) {
            faults.push(duplicate(format!("/recurrences/{i}")));
        }
    }
    if form.due_period.is_some() && !form.recurrences.contains(&Recurrence::Annual) {
        faults.push(Violation::new(
            "/duePeriod",
            "onlyAnnual",
            "En period anges bara för en årlig kontroll.",
            "A period is given for an annual control only.",
        ));
    }
    match (form.due_date, form.recurrences.contains(&Recurrence::OneOff)) {
        (Some(_), false) => faults.push(Violation::new(
            "/dueDate",
            "onlyOneOff",
            "En dag anges bara för en kontroll som görs en gång.",
            "A date is given for a one-off control only.",
        )),
        (Some(day), true) if day.year() != open.plan.year && old.is_none_or(|o| o.due_date != form.due_date) => {
            faults.push(Violation::new(
                "/dueDate",
                "outsideYear",
                format!("Datumet ska ligga i planens år, {}.", open.plan.year),
                format!("The date must be in the year of the plan, {}.", open.plan.year),
            ));
        }
        _ => {}
    }
    let known = w.indicators_by_ids(&form.indicator_ids)?;
    let goals = goals_for(w, &open.body, open.plan.year)?;
    for (i, id) in form.indicator_ids.iter().enumerate() {
        let there = known.iter().find(|k| k.id == *id).is_some_and(|k| goals.iter().any(|g| g.id == k.goal_id));
        if !there && old.is_none_or(|o| !o.indicator_ids.contains(id)) {
            faults.push(Violation::unknown_reference(format!("/indicatorIds/{i}")));
        } else if form.indicator_ids[..i].contains(id) {
            faults.push(duplicate(format!("/indicatorIds/{i}")));
        }
    }
    Ok(())
}

/// Adds a control to a risk. After adoption it is marked as added, and followed up from the period after its day.
pub fn create_control(w: &mut Writing, caller: &Caller, risk: Id, sent: &Sent<ControlForm>) -> Result<Control> {
    let (risk, open) = open_risk(w, caller, risk, sent)?;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    judge_control(w, caller, (&risk, &open), None, &form, &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::AddControl, w.today())?;
    still_there(&risk)?;
    let now = Timestamp::now();
    let position = match form.position {
        Some(given) => given,
        None => w.next_control_position(risk.id)?,
    };
    let made = Control {
        id: Id::new(),
        risk_id: risk.id,
        plan_id: risk.plan_id,
        previous_id: None,
        position,
        name: form.name,
        description: form.description,
        frequency: form.frequency,
        recurrences: Json(form.recurrences),
        due_period: form.due_period,
        due_date: form.due_date,
        responsible_id: form.responsible_id,
        indicator_ids: Json(form.indicator_ids),
        adopted: false,
        created_at: now,
        updated_at: now,
        version: 1,
        removed_in: None,
        added_after_adoption_on: (open.plan.status == PlanStatus::Adopted).then(|| w.today()),
    };
    w.create(open.at, "control.created", &made)?;
    Ok(made)
}

fn still_there(risk: &Risk) -> Result<()> {
    if risk.retired_on.is_some() {
        return Err(Error::conflict(
            "riskRetired",
            "Risken har utgått ur planen.",
            "The risk has been retired from the plan.",
        ));
    }
    Ok(())
}

/// Writes a control. Of one that the board has decided on only who is responsible may change while the plan is adopted.
pub fn change_control(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ControlForm>) -> Result<Control> {
    let (old, risk, open) = open::<Control>(w, caller, id, sent)?;
    sent.expect_current(&old)?;
    let before = ControlForm::of(&old);
    let mut form = sent.merged(&before)?;
    let mut faults = Vec::new();
    judge_control(w, caller, (&risk, &open), Some(&before), &form, &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    // The role is given by now, and nothing of the control.
    form.grant_role = false;
    let position = form.position.or(before.position);
    let rest = ControlForm { responsible_id: before.responsible_id, position, ..form.clone() };
    let only_responsible = rest == before;
    if !only_responsible {
        open.may(PlanVerb::writing(old.added().is_some()), w.today())?;
    } else if form.responsible_id != before.responsible_id {
        open.may(PlanVerb::ChangeResponsible, w.today())?;
    }
    let mut new = Control {
        position: position.unwrap_or(old.position),
        name: form.name,
        description: form.description,
        frequency: form.frequency,
        recurrences: Json(form.recurrences),
        due_period: form.due_period,
        due_date: form.due_date,
        responsible_id: form.responsible_id,
        indicator_ids: Json(form.indicator_ids),
        ..old.clone()
    };
    let kind = if only_responsible { "control.responsibleChanged" } else { "control.changed" };
    w.change(open.at, kind, &old, &mut new, None)?;
    Ok(new)
}

/// Deletes a control of a draft. In a revision it leaves the plan; the revisions that held it keep it, and until the next
/// one is adopted it is followed up.
pub fn delete_control(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (control, _, open) = open::<Control>(w, caller, id, sent)?;
    sent.expect_current(&control)?;
    open.may(PlanVerb::Edit, w.today())?;
    not_carried_over(w, &control)?;
    if control.adopted || control.added_after_adoption_on.is_some() {
        let mut gone = Control { removed_in: open.plan.adopted_revision.map(|n| n + 1), ..control.clone() };
        w.change(open.at, "control.deleted", &control, &mut gone, None)?;
        return Ok(());
    }
    for old in w.actions_of_risk(control.risk_id)? {
        if old.from_control_id == Some(id) {
            let mut new = Action { from_control_id: None, ..old.clone() };
            w.change(open.at, "action.changed", &old, &mut new, None)?;
        }
    }
    references::forget(w, &open, &[], &[id])?;
    w.remove(open.at, "control.deleted", &control, None)
}

fn not_carried_over<P: Part>(w: &mut Writing, part: &P) -> Result<()> {
    if w.is_part_carried_over(part.id())? {
        return Err(Error::conflict(
            "carriedOver",
            "Den har förts över till ett senare års plan och kan inte tas bort här.",
            "It has been carried over to a later year's plan and cannot be deleted here.",
        ));
    }
    Ok(())
}

fn judge_action(
    w: &mut Writing,
    caller: &Caller,
    risk: &Risk,
    old: Option<&ActionForm>,
    form: &ActionForm,
    faults: &mut Vec<Violation>,
) -> Result<()> {
    let moved = |id: &Id| form.grant_role || old.is_none_or(|o| o.responsible_id != Some(*id));
    if let Some(user) = form.responsible_id.filter(moved) {
        judge_responsible(w, caller, risk, (user, form.grant_role), faults)?;
    }
    if let (Some(start), Some(end)) = (form.start_date, form.end_date)
        && end < start
    {
        faults.push(Violation::new(
            "/endDate",
            "beforeStart",
            "Slutdatum ligger före startdatum.",
            "The end date is before the start date.",
        ));
    }
    // One that has left the plan since stays what the action was born of.
    if let Some(id) = form.from_control_id.filter(|id| old.is_none_or(|o| o.from_control_id != Some(*id))) {
        let found: Option<Control> = w.find(id)?;
        if found.is_none_or(|c| c.risk_id != risk.id || c.removed_in.is_some()) {
            faults.push(Violation::unknown_reference("/fromControlId"));
        }
    }
    Ok(())
}

/// Adds an action to a risk. After adoption it is marked as added.
pub fn create_action(w: &mut Writing, caller: &Caller, risk: Id, sent: &Sent<ActionForm>) -> Result<Action> {
    let (risk, open) = open_risk(w, caller, risk, sent)?;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    judge_action(w, caller, &risk, None, &form, &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::AddAction, w.today())?;
    still_there(&risk)?;
    let now = Timestamp::now();
    let position = match form.position {
        Some(given) => given,
        None => w.next_action_position(risk.id)?,
    };
    let made = Action {
        id: Id::new(),
        risk_id: risk.id,
        plan_id: risk.plan_id,
        previous_id: None,
        from_control_id: form.from_control_id,
        position,
        name: form.name,
        description: form.description,
        start_date: form.start_date,
        end_date: form.end_date,
        end_date_reason: form.end_date_reason,
        responsible_id: form.responsible_id,
        financial_effect: form.financial_effect.map(Json),
        added_after_adoption: open.plan.status == PlanStatus::Adopted,
        adopted: false,
        created_at: now,
        updated_at: now,
        version: 1,
        removed_in: None,
    };
    w.create(open.at, "action.created", &made)?;
    Ok(made)
}

/// Writes an action. In an adopted plan only who is responsible, and the end date with a reason.
pub fn change_action(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ActionForm>) -> Result<Action> {
    let (old, risk, open) = open::<Action>(w, caller, id, sent)?;
    sent.expect_current(&old)?;
    let before = ActionForm::of(&old);
    let mut form = sent.merged(&before)?;
    let mut faults = Vec::new();
    judge_action(w, caller, &risk, Some(&before), &form, &mut faults)?;
    let end_moved = form.end_date != before.end_date;
    if end_moved
        && life::needs_reason(PlanVerb::ChangeEndDate, open.plan.status)
        && (form.end_date_reason.is_none() || form.end_date_reason == before.end_date_reason)
    {
        faults.push(Violation::new(
            "/endDateReason",
            "required",
            "Ange varför slutdatum flyttas i den fastställda planen.",
            "Give the reason why the end date is moved in the adopted plan.",
        ));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    form.grant_role = false;
    let position = form.position.or(before.position);
    let rest = ActionForm {
        responsible_id: before.responsible_id,
        end_date: before.end_date,
        end_date_reason: if end_moved { before.end_date_reason.clone() } else { form.end_date_reason.clone() },
        position,
        ..form.clone()
    };
    if rest != before {
        open.may(PlanVerb::writing(old.added().is_some()), w.today())?;
    }
    if form.responsible_id != before.responsible_id {
        open.may(PlanVerb::ChangeResponsible, w.today())?;
    }
    if end_moved {
        open.may(PlanVerb::ChangeEndDate, w.today())?;
    }
    let reason = form.end_date_reason.clone().filter(|_| end_moved);
    let mut new = Action {
        position: position.unwrap_or(old.position),
        name: form.name,
        description: form.description,
        start_date: form.start_date,
        end_date: form.end_date,
        end_date_reason: form.end_date_reason,
        responsible_id: form.responsible_id,
        from_control_id: form.from_control_id,
        financial_effect: form.financial_effect.map(Json),
        ..old.clone()
    };
    w.change(open.at, "action.changed", &old, &mut new, reason.as_deref())?;
    Ok(new)
}

/// Deletes an action of a draft, as a control.
pub fn delete_action(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (action, _, open) = open::<Action>(w, caller, id, sent)?;
    sent.expect_current(&action)?;
    open.may(PlanVerb::Edit, w.today())?;
    not_carried_over(w, &action)?;
    if action.adopted || action.added_after_adoption {
        let mut gone = Action { removed_in: open.plan.adopted_revision.map(|n| n + 1), ..action.clone() };
        w.change(open.at, "action.deleted", &action, &mut gone, None)?;
        return Ok(());
    }
    references::forget_actions(w, &open, &[id])?;
    w.remove(open.at, "action.deleted", &action, None)
}
