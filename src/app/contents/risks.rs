//! Risks in a plan: named, scored, taken in, set aside, retired.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::inclusion::inclusion_facts;
use crate::app::people::duties::{self, Naming};
use crate::app::places::plan_target;
use crate::app::plan::forms::ReasonForm;
use crate::app::plan::order::{free_reference, goals_for, order_goal, renumber, settle_after};
use crate::app::plan::sealed::AdoptedValues;
use crate::app::plan::{self, Open, categories, references, sealed};
use crate::app::reach;
use crate::app::sent::{Envelope, Sent};
use crate::app::settings::policies;
use crate::domain::inclusion;
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Duty, Target, Verb};
use crate::domain::scoring::Policy;
use crate::domain::values::Secrecy;
use crate::domain::words::{Category, LevelKey, MandatoryKind, PlanStatus, Response};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, Page, RiskFilter, Seen};
use crate::storage::records::{Action, Assessment, Control, MandatoryRisk, Organisation, Plan, Risk, User};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// What is written of a risk. Score, level, inclusion and number are computed and can never be written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskForm {
    /// The body or a part of it; the body when not given.
    pub organisation_id: Option<Id>,
    /// Unique in the body over all years; made by the service when not given, and fixed at the first adoption.
    #[schema(min_length = 1, max_length = 50, format = "name", example = "48301")]
    pub reference: Option<String>,
    #[schema(
        min_length = 1,
        max_length = 500,
        format = "name",
        example = "Förmåga att tillgodose digitaliseringsbehoven"
    )]
    pub name: String,
    #[schema(min_length = 1, max_length = 20000)]
    pub description: Option<String>,
    /// Follows from `ownCategory` where that is given.
    pub category: Option<Category>,
    /// One of the body's own categories in the plan's year (`/wordings`).
    #[schema(min_length = 1, max_length = 100, format = "name")]
    pub own_category: Option<String>,
    pub goal_id: Option<Id>,
    #[schema(min_length = 1, max_length = 500, format = "name")]
    pub local_goal: Option<String>,
    /// Place among the risks of its goal; last when not given.
    #[schema(minimum = 1, maximum = 100_000, example = 1)]
    pub position: Option<i32>,
    pub owner_id: Option<Id>,
    /// The owner is given the role `riskOwner` where they have none that lets them own the risk. Only from whoever may give
    /// it; kept nowhere.
    #[serde(default)]
    #[schema(example = false)]
    pub grant_role: bool,
    /// With `consequence`: a new assessment.
    #[schema(minimum = 1, maximum = 10, example = 4)]
    pub likelihood: Option<i32>,
    #[schema(minimum = 1, maximum = 10, example = 3)]
    pub consequence: Option<i32>,
    pub target_level: Option<LevelKey>,
    pub response: Option<Response>,
    #[schema(min_length = 1, max_length = 4000)]
    pub justification: Option<String>,
    #[serde(default)]
    pub irregularity: bool,
    pub secrecy: Option<Secrecy>,
    /// The mandatory area that the risk stands under; its goal is then the area's.
    pub area_id: Option<Id>,
}

impl RiskForm {
    /// What is written of a risk now.
    pub fn of(risk: &Risk) -> Self {
        Self {
            organisation_id: Some(risk.organisation_id),
            reference: Some(risk.reference.clone()),
            name: risk.name.clone(),
            description: risk.description.clone(),
            category: risk.category,
            own_category: risk.own_category.clone(),
            goal_id: risk.goal_id,
            local_goal: risk.local_goal.clone(),
            position: Some(risk.position),
            owner_id: risk.owner_id,
            grant_role: false,
            likelihood: risk.likelihood,
            consequence: risk.consequence,
            target_level: risk.target_level,
            response: risk.response,
            justification: risk.justification.clone(),
            irregularity: risk.irregularity,
            secrecy: risk.secrecy.clone().map(|secrecy| secrecy.0),
            area_id: risk.area_id,
        }
    }
}

/// A scoring.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssessmentForm {
    /// From 1 to the rows of the plan's matrix.
    #[schema(minimum = 1, maximum = 10, example = 4)]
    pub likelihood: i32,
    /// From 1 to the columns of the plan's matrix.
    #[schema(minimum = 1, maximum = 10, example = 3)]
    pub consequence: i32,
    #[schema(min_length = 1, max_length = 4000, example = "Fler system går ur drift under året.")]
    pub reason: Option<String>,
}

/// What is computed of a risk from its own fields, and guarded by its ETag.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiskCore {
    #[serde(flatten)]
    pub risk: Risk,
    /// The region's: a mandatory risk, or one under a mandatory area.
    pub mandatory: bool,
    /// Would be in the plan by what is known today.
    pub currently_qualifies: bool,
    /// The adopted plan says otherwise than today's assessment.
    pub needs_revision: bool,
    /// What the board adopted, whatever has been assessed since; null for a risk that is not in the adopted plan.
    #[schema(example = 16)]
    pub adopted_score: Option<i32>,
    pub adopted_level: Option<LevelKey>,
}

/// A risk with what is computed of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RiskView {
    #[serde(flatten)]
    pub core: RiskCore,
    /// It has a control, or an assessment confirmed for this plan. Not part of the ETag: controls have their own.
    pub monitored: bool,
}

fn core(risk: Risk, plan: &Plan, policy: &Policy, adopted: Option<&AdoptedValues>) -> RiskCore {
    let status = plan.status;
    let (adopted_score, adopted_level) = adopted.and_then(|all| all.get(&risk.id)).copied().unwrap_or_default();
    let facts = inclusion_facts(&risk, policy);
    let today = inclusion::decide(&facts);
    RiskCore {
        mandatory: facts.mandatory,
        currently_qualifies: today.included,
        needs_revision: status == PlanStatus::Adopted && inclusion::needs_revision(Some(risk.included), today),
        adopted_score,
        adopted_level,
        risk,
    }
}

fn view(r: &mut Reading, risk: Risk, plan: &Plan, policy: &Policy) -> Result<RiskView> {
    let controls = r.controls_of_risk(risk.id)?.len();
    let monitored = inclusion::monitored(controls, risk.confirmed && risk.score.is_some());
    let adopted = sealed::adopted_values(r, &[plan])?;
    Ok(RiskView { core: core(risk, plan, policy, adopted.get(&plan.id).map(AsRef::as_ref)), monitored })
}

/// Views of many risks, with few questions.
fn views(r: &mut Reading, risks: Vec<Risk>) -> Result<Vec<RiskView>> {
    let mut plan_ids: Vec<Id> = risks.iter().map(|x| x.plan_id).collect();
    plan_ids.sort();
    plan_ids.dedup();
    let mut plans = HashMap::new();
    for plan in r.plans_by_ids(&plan_ids)? {
        let policy = policies::definition(r, plan.policy_version_id)?;
        plans.insert(plan.id, (plan, policy));
    }
    let adopted = sealed::adopted_values(r, &plans.values().map(|(plan, _)| plan).collect::<Vec<_>>())?;
    let ids: Vec<Id> = risks.iter().map(|x| x.id).collect();
    let controlled = r.controlled(&ids)?;
    risks
        .into_iter()
        .map(|risk| {
            let (plan, policy) = plans.get(&risk.plan_id).ok_or_else(|| Error::internal("a risk without its plan"))?;
            let monitored = controlled.contains(&risk.id) || (risk.confirmed && risk.score.is_some());
            let adopted = adopted.get(&plan.id).map(AsRef::as_ref);
            Ok(RiskView { core: core(risk, plan, policy, adopted), monitored })
        })
        .collect()
}

/// A risk that a verb works on, its plan locked.
pub(super) fn open(w: &mut Writing, caller: &Caller, id: Id, verb: Verb, sent: &Envelope) -> Result<(Risk, Open)> {
    let risk: Risk = w.get(id)?;
    let (plan, body) = plan::load(w, risk.plan_id)?;
    let target = reach::target(w, caller, &risk, &plan)?;
    caller.authorize(verb, &Target::Risk(target), sent)?;
    let open = plan::lock(w, plan.id, body)?;
    // As it is under the lock; it may have gone since.
    let risk = w.get(id)?;
    Ok((risk, open))
}

pub fn list(r: &mut Reading, caller: &Caller, filter: &RiskFilter, listing: &Listing) -> Result<Page<RiskView>> {
    r.risks(filter, Some(&Seen::of(caller.id(), &caller.scope())), listing)?.turned(|all| views(r, all))
}

/// The same risk over the years, as far as the caller may see it.
pub fn of_identity(r: &mut Reading, caller: &Caller, identity: Id) -> Result<Vec<Risk>> {
    let filter = RiskFilter { identity_id: identity.into(), ..RiskFilter::default() };
    Ok(r.risks(&filter, Some(&Seen::of(caller.id(), &caller.scope())), &Listing::all())?.items)
}

/// Those who own the risks that the list would show, by name; so many at most. Tells nobody that the list does not.
pub fn owners(r: &mut Reading, caller: &Caller, filter: &RiskFilter, most: i64) -> Result<Vec<User>> {
    r.risk_owners(filter, &Seen::of(caller.id(), &caller.scope()), most)
}

/// The risks of one plan.
pub fn list_of_plan(
    r: &mut Reading,
    caller: &Caller,
    plan: Id,
    mut filter: RiskFilter,
    listing: &Listing,
) -> Result<Page<RiskView>> {
    let (found, body) = plan::load(r, plan)?;
    caller.may(Verb::SeePlan, &Target::Plan(plan_target(&found, &body)))?;
    filter.plan_id = plan.into();
    list(r, caller, &filter, listing)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<RiskView> {
    let (risk, plan) = reach::see(r, caller, id)?;
    let policy = policies::definition(r, plan.policy_version_id)?;
    view(r, risk, &plan, &policy)
}

fn answer(w: &mut Writing, open: &Open, id: Id) -> Result<RiskView> {
    let risk = w.linked(id)?;
    let plan: Plan = w.linked(open.plan.id)?;
    view(w, risk, &plan, &open.policy)
}

fn expect_current(w: &mut Writing, sent: &Envelope, risk: &Risk, open: &Open) -> Result<()> {
    let adopted = sealed::adopted_values(w, &[&open.plan])?;
    let adopted = adopted.get(&open.plan.id).map(AsRef::as_ref);
    sent.expect_current(&core(risk.clone(), &open.plan, &open.policy, adopted))
}

/// Adds a risk. Beside an adopted plan it is marked as added, and stands in the register without a number until a revision
/// takes it in.
pub fn create(w: &mut Writing, caller: &Caller, plan: Id, sent: &Sent<RiskForm>) -> Result<RiskView> {
    let (open, risk) = make(w, caller, plan, sent, None)?;
    renumber(w, &open)?;
    answer(w, &open, risk.id)
}

/// As [`create`], for one of many: whoever makes them numbers the plan anew when all are there. One that the body had in an
/// earlier year's plan goes on, as it would if that plan had been carried over.
pub fn create_among(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    sent: &Sent<RiskForm>,
    earlier: Option<&Risk>,
) -> Result<Risk> {
    let (_, risk) = make(w, caller, plan, sent, earlier)?;
    w.get(risk.id)
}

fn make(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    sent: &Sent<RiskForm>,
    earlier: Option<&Risk>,
) -> Result<(Open, Risk)> {
    let (found, body) = plan::load(w, plan)?;
    caller.authorize(Verb::CreateRisk, &Target::Plan(plan_target(&found, &body)), sent)?;
    let mut open = plan::lock(w, plan, body)?;
    let mut form = sent.judge()?;
    let mut faults = Vec::new();
    let area = judge(w, caller, &open, (None, earlier), &form, &mut faults)?;
    form.category = categories::counted(w, &open, None, (&form.own_category, form.category), &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::AddRisk, w.today())?;
    if let Some(area) = area {
        form.goal_id = Some(area.goal_id);
    }
    let identity_id = earlier.map_or_else(Id::new, |earlier| earlier.identity_id);
    let reference = match &form.reference {
        Some(given) => given.clone(),
        None => free_reference(w, open.body.id)?,
    };
    if earlier.is_none() {
        w.take_reference(open.body.id, &reference, identity_id)?;
    }
    let position = match form.position {
        Some(given) => given,
        None => w.next_risk_position(plan, form.goal_id)?,
    };
    let organisation = form.organisation_id.unwrap_or(open.body.id);
    let added = open.plan.status == PlanStatus::Adopted;
    let risk = Risk {
        identity_id,
        previous_id: earlier.map(|earlier| earlier.id),
        goal_id: form.goal_id,
        local_goal: form.local_goal,
        position,
        description: form.description,
        category: form.category,
        own_category: form.own_category,
        owner_id: form.owner_id,
        target_level: form.target_level,
        response: form.response,
        justification: form.justification,
        irregularity: form.irregularity,
        secrecy: form.secrecy.map(Json),
        area_id: form.area_id,
        added_after_adoption_on: added.then(|| w.today()),
        ..Risk::new(plan, organisation, reference, form.name)
    };
    w.create(open.at, "risk.created", &risk)?;
    if !added {
        order_goal(w, &mut open, risk.goal_id)?;
    }
    if let (Some(likelihood), Some(consequence)) = (form.likelihood, form.consequence) {
        assess_as(w, &open, &risk, likelihood, consequence, None, Some(caller.user()?.id))?;
    }
    Ok((open, risk))
}

/// Holds a form against the plan and the register, with the risk as it is, or the one of an earlier year that it goes on from. Returns the area that the risk is to stand under.
fn judge(
    w: &mut Writing,
    caller: &Caller,
    open: &Open,
    (old, earlier): (Option<&Risk>, Option<&Risk>),
    form: &RiskForm,
    faults: &mut Vec<Violation>,
) -> Result<Option<MandatoryRisk>> {
    if let Some(id) = form.organisation_id.filter(|id| old.is_none_or(|o| o.organisation_id != *id)) {
        let found: Option<Organisation> = w.find(id)?;
        if !found.is_some_and(|o| o.path.starts_with(&open.body.path)) {
            faults.push(Violation::unknown_reference("/organisationId"));
        }
    }
    if let Some(id) = form.goal_id.filter(|id| old.is_none_or(|o| o.goal_id != Some(*id))) {
        let goals = goals_for(w, &open.body, open.plan.year)?;
        if !goals.iter().any(|g| g.id == id) {
            faults.push(Violation::unknown_reference("/goalId"));
        }
    }
    if let Some(user) = form.owner_id.filter(|id| form.grant_role || old.is_none_or(|o| o.owner_id != Some(*id))) {
        let named: Option<Organisation> = form.organisation_id.map(|id| w.find(id)).transpose()?.flatten();
        let at = named.as_ref().unwrap_or(&open.body);
        let naming = Naming { user, duty: Duty::Own, at, grant: form.grant_role, field: "/ownerId" };
        duties::judge(w, caller, &naming, faults)?;
    }
    if form.likelihood.is_some() != form.consequence.is_some() {
        let at = if form.likelihood.is_none() { "/likelihood" } else { "/consequence" };
        faults.push(Violation::new(
            at,
            "required",
            "Bedömningens båda delar anges tillsammans.",
            "Likelihood and consequence are given together.",
        ));
    }
    if let (Some(likelihood), Some(consequence)) = (form.likelihood, form.consequence)
        && old.is_none_or(|o| (o.likelihood, o.consequence) != (form.likelihood, form.consequence))
    {
        in_matrix(&open.policy, likelihood, consequence, faults);
    }
    if let (Some(old), None, None) = (old, form.likelihood, form.consequence)
        && old.likelihood.is_some()
    {
        for at in ["/likelihood", "/consequence"] {
            faults.push(Violation::new(
                at,
                "cannotBeTakenAway",
                "En bedömning kan inte tas bort, bara göras på nytt.",
                "An assessment cannot be taken away, only made anew.",
            ));
        }
    }
    if let Some(level) = form.target_level
        && open.policy.level(level).is_none()
    {
        faults.push(Violation::new(
            "/targetLevel",
            "notInPolicy",
            "Planens matris har inte den nivån.",
            "The plan's matrix does not have this level.",
        ));
    }
    if let Some(reference) = &form.reference
        && old.is_none_or(|o| o.reference != *reference)
    {
        let holder = w.reference_holder(open.body.id, reference)?;
        if holder.is_some_and(|h| old.or(earlier).is_none_or(|known| known.identity_id != h)) {
            faults.push(Violation::new(
                "/reference",
                "referenceTaken",
                "Referensen används redan, eller har använts, av en annan risk i organisationen.",
                "The reference is used already, or has been, by another risk of the body.",
            ));
        }
    }
    let area = match form.area_id {
        None => None,
        Some(id) => {
            let found: Option<MandatoryRisk> = w.find(id)?;
            let kept = old.is_some_and(|o| o.area_id == Some(id));
            match found.filter(|m| {
                kept || (m.kind == MandatoryKind::Area && m.year == open.plan.year && m.withdrawn_at.is_none())
            }) {
                Some(area) => Some(area),
                None => {
                    faults.push(Violation::unknown_reference("/areaId"));
                    None
                }
            }
        }
    };
    // A goal that was not sent follows the area; one that was sent, or taken away, must be the area's.
    let sent = old.is_none_or(|o| o.goal_id != form.goal_id || o.area_id == form.area_id);
    let given = form.goal_id.is_some() || old.is_some_and(|o| o.goal_id.is_some());
    if let Some(area) = &area
        && sent
        && given
        && form.goal_id != Some(area.goal_id)
    {
        faults.push(Violation::new(
            "/goalId",
            "areasGoal",
            "Målet för en risk under ett obligatoriskt riskområde är områdets.",
            "The goal of a risk under a mandatory area is the area's.",
        ));
    }
    Ok(area)
}

pub(super) fn in_matrix(policy: &Policy, likelihood: i32, consequence: i32, faults: &mut Vec<Violation>) {
    let mut hold = |at: &str, value: i32, most: usize| {
        if !usize::try_from(value).is_ok_and(|v| (1..=most).contains(&v)) {
            faults.push(Violation::new(
                at,
                "outOfRange",
                format!("Ska vara från 1 till {most} i planens matris."),
                format!("Must be from 1 to {most} in the plan's matrix."),
            ));
        }
    };
    hold("/likelihood", likelihood, policy.likelihoods.len());
    hold("/consequence", consequence, policy.consequences.len());
}

/// Writes a risk. In an adopted plan only who owns it may change, and its assessment.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<RiskForm>) -> Result<RiskView> {
    let (open, old, new) = write(w, caller, id, sent)?;
    settle_after(w, &open, &old, &new)?;
    answer(w, &open, id)
}

/// As [`change`], for one of many: whoever changes them numbers the plan anew when all are done.
pub fn change_among(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<RiskForm>) -> Result<()> {
    write(w, caller, id, sent).map(|_| ())
}

fn write(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<RiskForm>) -> Result<(Open, Risk, Risk)> {
    let (old, mut open) = open(w, caller, id, Verb::ChangeRisk, sent)?;
    expect_current(w, sent, &old, &open)?;
    let before = RiskForm::of(&old);
    let mut form = sent.merged(&before)?;
    // What the service sets when it is taken away: the body, the reference, the place.
    form.organisation_id = form.organisation_id.or(Some(open.body.id));
    form.reference = form.reference.or(before.reference.clone());
    form.position = form.position.or(before.position);
    let mut faults = Vec::new();
    let area = judge(w, caller, &open, (Some(&old), None), &form, &mut faults)?;
    form.category = categories::counted(w, &open, Some(&old), (&form.own_category, form.category), &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    // The role is given by now, and nothing of the risk.
    form.grant_role = false;
    let assessed = (form.likelihood, form.consequence) != (before.likelihood, before.consequence);
    let owner_moved = form.owner_id != before.owner_id;
    let rest = RiskForm {
        owner_id: before.owner_id,
        likelihood: before.likelihood,
        consequence: before.consequence,
        ..form.clone()
    };
    if rest != before {
        open.may(PlanVerb::writing(old.added().is_some()), w.today())?;
    }
    if owner_moved {
        open.may(PlanVerb::ChangeOwner, w.today())?;
    }
    if assessed {
        open.may(PlanVerb::Assess, w.today())?;
    }
    if old.retired_on.is_some() && form != before {
        return Err(retired());
    }
    hold_mandatory(w, &open, &old, &form)?;
    if form.reference != before.reference && old.adopted {
        return Err(Error::conflict(
            "referenceFixed",
            "Referensen är fastställd och ändras aldrig.",
            "The reference is fixed by adoption and never changes.",
        ));
    }
    if let Some(area) = area
        && old.area_id != Some(area.id)
    {
        form.goal_id = Some(area.goal_id);
    }
    let reference = form.reference.clone().unwrap_or_else(|| old.reference.clone());
    if reference != old.reference {
        // The risk may be the same in other years' plans: it has one reference.
        if w.risks_with_identity(old.identity_id)? > 1 {
            return Err(Error::conflict(
                "referenceFixed",
                "Risken finns även i ett annat års plan med samma referens.",
                "The risk stands in another year's plan with the same reference.",
            ));
        }
        w.free_reference(open.body.id, &old.reference)?;
        w.take_reference(open.body.id, &reference, old.identity_id)?;
    }
    let mut position = form.position.unwrap_or(old.position);
    if form.goal_id != old.goal_id && form.position == before.position {
        position = w.next_risk_position(open.plan.id, form.goal_id)?;
    }
    let mut new = Risk {
        organisation_id: form.organisation_id.unwrap_or(old.organisation_id),
        goal_id: form.goal_id,
        local_goal: form.local_goal,
        position,
        reference,
        name: form.name,
        description: form.description,
        category: form.category,
        own_category: form.own_category,
        owner_id: form.owner_id,
        target_level: form.target_level,
        response: form.response,
        justification: form.justification,
        irregularity: form.irregularity,
        secrecy: form.secrecy.map(Json),
        area_id: form.area_id,
        ..old.clone()
    };
    let kind = if owner_moved && rest == before { "risk.ownerChanged" } else { "risk.changed" };
    w.change(open.at, kind, &old, &mut new, None)?;
    // What stands beside an adopted plan gets its place when a revision takes it in.
    if open.plan.status != PlanStatus::Adopted {
        order_goal(w, &mut open, new.goal_id)?;
    }
    if let (true, Some(likelihood), Some(consequence)) = (assessed, form.likelihood, form.consequence) {
        (_, new) = assess_as(w, &open, &new, likelihood, consequence, None, Some(caller.user()?.id))?;
    }
    Ok((open, old, new))
}

pub(super) fn retired() -> Error {
    Error::conflict("riskRetired", "Risken har utgått ur planen.", "The risk has been retired from the plan.")
}

/// Name and goal of a mandatory risk are the region's, and it stays where it is.
fn hold_mandatory(w: &mut Writing, open: &Open, old: &Risk, form: &RiskForm) -> Result<()> {
    if old.mandatory_id.is_some() {
        let moved = form.name != old.name || form.goal_id != old.goal_id || form.area_id != old.area_id;
        if moved || form.organisation_id != Some(old.organisation_id) && form.organisation_id != Some(open.body.id) {
            return Err(Error::conflict(
                "mandatoryRisk",
                "Risken är obligatorisk: namn och mål bestäms för alla gemensamt och kan inte ändras här.",
                "The risk is mandatory: its name and goal are decided for everyone and cannot be changed here.",
            ));
        }
    }
    if let Some(area) = old.area_id
        && form.area_id != Some(area)
    {
        let siblings = siblings(w, old, area)?;
        inclusion::may_retire(Some(MandatoryKind::Area), siblings)?;
    }
    Ok(())
}

/// How many other risks of the plan stand under the same mandatory area.
fn siblings(w: &mut Writing, risk: &Risk, area: Id) -> Result<usize> {
    Ok(w.risks_of_plan(risk.plan_id)?
        .iter()
        .filter(|other| other.id != risk.id && other.area_id == Some(area) && other.retired_on.is_none())
        .count())
}

/// What makes the risk mandatory, and how many others answer for the same.
fn mandatory_kind(w: &mut Writing, risk: &Risk) -> Result<(Option<MandatoryKind>, usize)> {
    Ok(match (risk.mandatory_id, risk.area_id) {
        (Some(_), _) => (Some(MandatoryKind::Risk), 0),
        (None, Some(area)) => (Some(MandatoryKind::Area), siblings(w, risk, area)?),
        (None, None) => (None, 0),
    })
}

/// Deletes a risk that never stood in an adopted revision. Its history stays.
pub fn delete(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (risk, open) = open(w, caller, id, Verb::DeleteRisk, sent)?;
    expect_current(w, sent, &risk, &open)?;
    // What can never be is told before what cannot be now.
    let (kind, siblings) = mandatory_kind(w, &risk)?;
    inclusion::may_delete(kind, siblings, risk.adopted)?;
    open.may(PlanVerb::Edit, w.today())?;
    if w.is_carried_over(id)? {
        return Err(Error::conflict(
            "carriedOver",
            "Risken har förts över till ett senare års plan och kan inte tas bort här.",
            "The risk has been carried over to a later year's plan and cannot be deleted here.",
        ));
    }
    remove(w, &open, &risk)?;
    renumber(w, &open)
}

/// Takes a risk that never was adopted out of the register, with all that stands with it; nothing points at it any longer.
pub fn remove(w: &mut Writing, open: &Open, risk: &Risk) -> Result<()> {
    let controls = w.every_control_of_plans(&[risk.plan_id])?.into_values().flatten();
    let controls: Vec<Control> = controls.filter(|one| one.risk_id == risk.id).collect();
    let actions = w.every_action_of_plans(&[risk.plan_id])?.into_values().flatten();
    let actions: Vec<Action> = actions.filter(|one| one.risk_id == risk.id).collect();
    references::forget_actions(w, open, &actions.iter().map(|a| a.id).collect::<Vec<_>>())?;
    references::forget(w, open, &[risk.id], &controls.iter().map(|c| c.id).collect::<Vec<_>>())?;
    for action in actions {
        w.remove(open.at, "action.deleted", &action, None)?;
    }
    for control in controls {
        w.remove(open.at, "control.deleted", &control, None)?;
    }
    for assessment in w.assessments(risk.id, &Listing::all())?.items {
        w.remove(open.at, "assessment.deleted", &assessment, None)?;
    }
    w.remove(open.at, "risk.deleted", risk, None)?;
    let free = w.reference_holder(open.body.id, &risk.reference)? == Some(risk.identity_id);
    if free && w.risks_with_identity(risk.identity_id)? == 0 {
        w.free_reference(open.body.id, &risk.reference)?;
    }
    Ok(())
}

/// Retires a risk in a revision, with the reason.
pub fn retire(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<RiskView> {
    let (risk, open) = open(w, caller, id, Verb::DecideInclusion, sent)?;
    let form = sent.judge()?;
    let (kind, siblings) = mandatory_kind(w, &risk)?;
    inclusion::may_retire(kind, siblings)?;
    open.may(PlanVerb::Edit, w.today())?;
    if risk.retired_on.is_some() {
        return Err(retired());
    }
    if !risk.adopted {
        return Err(Error::conflict(
            "neverAdopted",
            "Risken har aldrig stått i en fastställd plan. Ta bort den i stället.",
            "The risk has never stood in an adopted plan. Delete it instead.",
        ));
    }
    let mut new = Risk { retired_on: Some(w.today()), retirement_reason: Some(form.reason.clone()), ..risk.clone() };
    w.change(open.at, "risk.retired", &risk, &mut new, Some(&form.reason))?;
    renumber(w, &open)?;
    answer(w, &open, id)
}

// The reasoned decisions: taking in, and setting aside.

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reasoned {
    Inclusion,
    SettingAside,
}

impl Reasoned {
    fn of(self, risk: &Risk) -> &Option<String> {
        match self {
            Self::Inclusion => &risk.decision_reason,
            Self::SettingAside => &risk.set_aside_reason,
        }
    }
    fn set(self, risk: &mut Risk, reason: Option<String>) {
        match self {
            Self::Inclusion => risk.decision_reason = reason,
            Self::SettingAside => risk.set_aside_reason = reason,
        }
    }
}

fn reason_of(risk: &Risk, which: Reasoned) -> Option<ReasonForm> {
    which.of(risk).clone().map(|reason| ReasonForm { reason })
}

/// The reason of a decision, if it was taken.
pub fn reasoned(r: &mut Reading, caller: &Caller, id: Id, which: Reasoned) -> Result<ReasonForm> {
    let (risk, _) = reach::see(r, caller, id)?;
    reason_of(&risk, which).ok_or(Error::NotFound)
}

/// Takes the decision; true when it is new.
pub fn decide(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    which: Reasoned,
    sent: &Sent<ReasonForm>,
) -> Result<(ReasonForm, bool)> {
    let (risk, open) = open(w, caller, id, Verb::DecideInclusion, sent)?;
    let there = reason_of(&risk, which);
    match &there {
        Some(there) => sent.expect_current(there)?,
        None => sent.expect_new()?,
    }
    let form = sent.judge()?;
    if which == Reasoned::SettingAside {
        inclusion::may_set_aside(&inclusion_facts(&risk, &open.policy))?;
    }
    open.may(PlanVerb::Edit, w.today())?;
    if risk.retired_on.is_some() {
        return Err(retired());
    }
    let mut new = risk.clone();
    which.set(&mut new, Some(form.reason.clone()));
    let kind = match which {
        Reasoned::Inclusion => "risk.takenIn",
        Reasoned::SettingAside => "risk.setAside",
    };
    w.change(open.at, kind, &risk, &mut new, Some(&form.reason))?;
    renumber(w, &open)?;
    Ok((form, there.is_none()))
}

/// Takes the decision back.
pub fn undecide(w: &mut Writing, caller: &Caller, id: Id, which: Reasoned, sent: &Envelope) -> Result<()> {
    let (risk, open) = open(w, caller, id, Verb::DecideInclusion, sent)?;
    let there = reason_of(&risk, which).ok_or(Error::NotFound)?;
    sent.expect_current(&there)?;
    open.may(PlanVerb::Edit, w.today())?;
    let mut new = risk.clone();
    which.set(&mut new, None);
    let kind = match which {
        Reasoned::Inclusion => "risk.notTakenIn",
        Reasoned::SettingAside => "risk.notSetAside",
    };
    w.change(open.at, kind, &risk, &mut new, None)?;
    renumber(w, &open)
}

/// Stores an assessment made for this plan, and what follows for the risk: both as they have become.
pub(super) fn assess_as(
    w: &mut Writing,
    open: &Open,
    risk: &Risk,
    likelihood: i32,
    consequence: i32,
    reason: Option<String>,
    by: Option<Id>,
) -> Result<(Assessment, Risk)> {
    let cell = open
        .policy
        .value(likelihood, consequence)
        .ok_or_else(|| Error::internal("an assessment outside the matrix"))?;
    let sequence = w.newest_assessment(risk.id)?.map_or(0, |a| a.sequence) + 1;
    let made = Assessment {
        id: Id::new(),
        risk_id: risk.id,
        plan_id: risk.plan_id,
        sequence,
        policy_version_id: open.plan.policy_version_id,
        likelihood,
        consequence,
        score: cell.score,
        level: cell.level,
        reason,
        confirmed: true,
        assessed_by_id: by,
        assessed_at: Timestamp::now(),
        copied_from_id: None,
        version: 1,
    };
    w.create(open.at, "risk.assessed", &made)?;
    // A risk that is assessed is no longer set aside unassessed.
    let mut new = Risk {
        likelihood: Some(likelihood),
        consequence: Some(consequence),
        score: Some(cell.score),
        level: Some(cell.level),
        confirmed: true,
        set_aside_reason: if open.plan.status == PlanStatus::Draft { None } else { risk.set_aside_reason.clone() },
        ..risk.clone()
    };
    w.change_as_effect(open.at, "risk.assessed", risk, &mut new)?;
    Ok((made, new))
}
