//! What the region makes mandatory for a year, and how it reaches every plan of that year.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::{manner, plan_target, region_place};
use crate::app::plan::forms::ReasonForm;
use crate::app::plan::order::{free_reference, order_goal, renumber};
use crate::app::plan::stages::return_because;
use crate::app::plan::year::{self, mandatory_of};
use crate::app::plan::{self, Open};
use crate::app::sent::Sent;
use crate::domain::manner::Named;
use crate::domain::roles::{Target, Verb};
use crate::domain::text::capital;
use crate::domain::words::{InclusionReason, Language, MandatoryKind, PlanStatus};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, MandatoryFilter, OrganisationFilter, Page};
use crate::storage::records::{Goal, MandatoryRisk, Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Timestamp, Writing};

/// What is given to issue a mandatory risk or area.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMandatoryForm {
    #[schema(minimum = 2000, maximum = 2100, example = 2024)]
    pub year: i32,
    pub kind: MandatoryKind,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Risk för oegentligheter")]
    pub name: String,
    #[schema(min_length = 1, max_length = 20000)]
    pub description: Option<String>,
    /// A goal of the region, of the same year.
    pub goal_id: Id,
    /// Last year's, which this one continues: carry-over links the bodies' risks to it.
    pub continues_id: Option<Id>,
}

/// What can be written of a mandatory risk once it is issued.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MandatoryForm {
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Risk för oegentligheter")]
    pub name: String,
    #[schema(min_length = 1, max_length = 20000)]
    pub description: Option<String>,
}

/// How a body answers a mandatory risk or area.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    pub organisation_id: Id,
    #[schema(example = "Stockholms läns sjukvårdsområde")]
    pub organisation: String,
    /// The body's plan of the year, if it is made.
    pub plan_id: Option<Id>,
    pub status: Option<PlanStatus>,
    /// The plan has a risk that answers it.
    pub present: bool,
    /// Each such risk is assessed.
    pub assessed: bool,
    /// Each such risk has a control.
    pub controlled: bool,
    /// The risks that answer it, as far as the caller may see them.
    pub risk_ids: Vec<Id>,
}

fn settings(r: &mut Reading) -> Result<Target> {
    Ok(Target::Settings { path: vec![r.root_id()?.0] })
}

pub fn list(r: &mut Reading, filter: &MandatoryFilter, listing: &Listing) -> Result<Page<MandatoryRisk>> {
    r.mandatory_risks(filter, listing)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<MandatoryRisk> {
    let found = r.get(id)?;
    let target = settings(r)?;
    caller.may(Verb::SeeCommon, &target)?;
    Ok(found)
}

/// Issues a mandatory risk or area: it comes into every draft of the year, returns proposed plans, and flags adopted
/// ones. Issuing the same twice adds nothing.
pub fn issue(w: &mut Writing, caller: &Caller, sent: &Sent<NewMandatoryForm>) -> Result<MandatoryRisk> {
    let target = settings(w)?;
    caller.authorize(Verb::ManageRegionSettings, &target, sent)?;
    let form = sent.judge()?;
    let root = w.root_id()?;
    let mut faults = Vec::new();
    let goal: Option<Goal> = w.find(form.goal_id)?;
    if !goal.is_some_and(|g| g.organisation_id == root && g.year == form.year) {
        faults.push(Violation::unknown_reference("/goalId"));
    }
    if let Some(id) = form.continues_id {
        let before: Option<MandatoryRisk> = w.find(id)?;
        if !before.is_some_and(|b| b.year < form.year && b.kind == form.kind) {
            faults.push(Violation::unknown_reference("/continuesId"));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    w.lock_year(form.year)?;
    let there = mandatory_of(w, form.year)?;
    if let Some(same) = there.iter().find(|m| m.kind == form.kind && m.name == form.name) {
        return Ok(same.clone());
    }
    let issued = MandatoryRisk {
        id: Id::new(),
        year: form.year,
        kind: form.kind,
        name: form.name,
        description: form.description,
        goal_id: form.goal_id,
        continues_id: form.continues_id,
        issued_at: Timestamp::now(),
        withdrawn_at: None,
        withdrawal_reason: None,
        version: 1,
    };
    let at = region_place(w)?;
    w.create(at, "mandatoryRisk.issued", &issued)?;
    let why = issued_anew(w, &issued)?;
    for plan in w.plan_ids_of_year(form.year)? {
        reach(w, plan, &issued, &why)?;
    }
    Ok(issued)
}

/// Brings an issued risk to one plan, as the plan's status asks for.
fn reach(w: &mut Writing, plan: Id, issued: &MandatoryRisk, why: &str) -> Result<()> {
    let plan: Plan = w.linked(plan)?;
    let body: Organisation = w.linked(plan.organisation_id)?;
    let mut open = plan::lock(w, plan.id, body)?;
    if open.plan.status == PlanStatus::Proposed {
        let id = open.plan.id;
        let body = open.body.clone();
        return_because(w, open, why)?;
        open = plan::lock(w, id, body)?;
    }
    match open.plan.status {
        PlanStatus::Draft => {
            put_in(w, &mut open, issued)?;
            renumber(w, &open)
        }
        PlanStatus::Adopted => {
            let mut new = Plan { revision_reason: Some(why.to_owned()), ..open.plan.clone() };
            w.change(open.at, "plan.needsRevision", &open.plan, &mut new, Some(why)).map(|_| ())
        }
        PlanStatus::Proposed | PlanStatus::Closed => Ok(()),
    }
}

/// Brings into a revision that begins what the region decided while the plan stood adopted: what it issued comes in,
/// what it worded anew is worded so, and what it withdrew leaves its risk without the flag.
pub fn catch_up(w: &mut Writing, open: &mut Open) -> Result<()> {
    for old in w.risks_of_plan(open.plan.id)? {
        let Some(id) = old.mandatory_id.or(old.area_id) else { continue };
        let required: MandatoryRisk = w.linked(id)?;
        if required.withdrawn_at.is_some() {
            let mut freed = Risk { mandatory_id: None, area_id: None, ..old.clone() };
            w.change(open.at, "risk.mandatoryNoMore", &old, &mut freed, required.withdrawal_reason.as_deref())?;
        } else if required.kind == MandatoryKind::Risk {
            let mut named = Risk { name: required.name, ..old.clone() };
            w.change(open.at, "risk.changed", &old, &mut named, None)?;
        }
    }
    for required in mandatory_of(w, open.plan.year)? {
        put_in(w, open, &required)?;
    }
    Ok(())
}

/// Why an adopted plan awaits a revision by what the region has decided of its year: something that it does not answer, or
/// answers by a name that was changed.
pub fn awaited(r: &mut Reading, plan: &Plan) -> Result<Option<String>> {
    let all = r.risks_of_plan(plan.id)?;
    let mut why = None;
    for required in mandatory_of(r, plan.year)? {
        match all.iter().find(|risk| risk.mandatory_id.or(risk.area_id) == Some(required.id)) {
            None => why = Some(issued_anew(r, &required)?),
            Some(risk) if required.kind == MandatoryKind::Risk && risk.name != required.name => {
                why = Some(worded_anew(r, &required)?);
            }
            Some(_) => {}
        }
    }
    Ok(why)
}

fn issued_anew(r: &mut Reading, required: &MandatoryRisk) -> Result<String> {
    Ok(format!("{} har beslutat om en ny obligatorisk risk: {}.", whose(r)?, required.name))
}

fn worded_anew(r: &mut Reading, required: &MandatoryRisk) -> Result<String> {
    Ok(format!("{} har ändrat en obligatorisk risk: {}.", whose(r)?, required.name))
}

/// Whose decision it is, as a sentence begins.
fn whose(r: &mut Reading) -> Result<String> {
    Ok(capital(&manner(r)?.the(Named::Region, Language::Sv)))
}

/// Puts a mandatory risk into a draft, unless it is there. Under an area the body words its own.
pub fn put_in(w: &mut Writing, open: &mut Open, required: &MandatoryRisk) -> Result<()> {
    order_goal(w, open, Some(required.goal_id))?;
    let all = w.risks_of_plan(open.plan.id)?;
    if all.iter().any(|risk| risk.mandatory_id.or(risk.area_id) == Some(required.id)) {
        return Ok(());
    }
    if link_continued(w, open, required, &all)? || required.kind == MandatoryKind::Area {
        return Ok(());
    }
    let reference = free_reference(w, open.body.id)?;
    let identity_id = Id::new();
    w.take_reference(open.body.id, &reference, identity_id)?;
    let risk = Risk {
        identity_id,
        goal_id: Some(required.goal_id),
        position: w.next_risk_position(open.plan.id, Some(required.goal_id))?,
        description: required.description.clone(),
        mandatory_id: Some(required.id),
        included: true,
        inclusion_reason: InclusionReason::Mandatory,
        ..Risk::new(open.plan.id, open.body.id, reference, required.name.clone())
    };
    w.create(open.at, "risk.madeMandatory", &risk)
}

/// Links the risks that were carried over before the requirement which they continue was issued: the plan is then the
/// same as if it had been issued first. True when there was one.
fn link_continued(w: &mut Writing, open: &Open, required: &MandatoryRisk, all: &[Risk]) -> Result<bool> {
    let Some(continued) = required.continues_id else { return Ok(false) };
    let mut linked = false;
    for old in all {
        let free = old.mandatory_id.is_none() && old.area_id.is_none() && old.retired_on.is_none();
        let Some(previous) = old.previous_id.filter(|_| free) else { continue };
        let previous: Risk = w.linked(previous)?;
        if previous.mandatory_id.or(previous.area_id) != Some(continued) {
            continue;
        }
        let mut new = Risk {
            goal_id: Some(required.goal_id),
            formerly_mandatory: false,
            // What is mandatory cannot be set aside.
            set_aside_reason: None,
            ..old.clone()
        };
        match required.kind {
            MandatoryKind::Risk => {
                new.mandatory_id = Some(required.id);
                new.name = required.name.clone();
            }
            MandatoryKind::Area => new.area_id = Some(required.id),
        }
        if new.goal_id != old.goal_id {
            new.position = w.next_risk_position(open.plan.id, new.goal_id)?;
        }
        w.change(open.at, "risk.madeMandatory", old, &mut new, None)?;
        linked = true;
        if required.kind == MandatoryKind::Risk {
            break;
        }
    }
    Ok(linked)
}

/// Words a mandatory risk anew; the drafts of the year follow.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<MandatoryForm>) -> Result<MandatoryRisk> {
    let seen: MandatoryRisk = w.get(id)?;
    let target = settings(w)?;
    caller.authorize(Verb::ManageRegionSettings, &target, sent)?;
    w.lock_year(seen.year)?;
    let old: MandatoryRisk = w.get(id)?;
    sent.expect_current(&old)?;
    let form = sent.merged(&MandatoryForm { name: old.name.clone(), description: old.description.clone() })?;
    if old.withdrawn_at.is_some() {
        return Err(withdrawn());
    }
    let mut new = MandatoryRisk { name: form.name, description: form.description, ..old.clone() };
    let at = region_place(w)?;
    if !w.change(at, "mandatoryRisk.changed", &old, &mut new, None)? {
        return Ok(new);
    }
    if old.name == new.name {
        // What a plan says of it beyond the name is the body's own.
        return Ok(new);
    }
    let why = worded_anew(w, &new)?;
    for (risk, plan) in answering(w, id)? {
        let body: Organisation = w.linked(plan.organisation_id)?;
        let mut open = plan::lock(w, plan.id, body)?;
        if open.plan.status == PlanStatus::Proposed {
            let body = open.body.clone();
            return_because(w, open, &why)?;
            open = plan::lock(w, plan.id, body)?;
        }
        match open.plan.status {
            // Under an area the body's own words stand; the area's name stands beside them in the document.
            PlanStatus::Draft if old.kind == MandatoryKind::Risk => {
                let risk: Risk = w.linked(risk)?;
                let mut named = Risk { name: new.name.clone(), ..risk.clone() };
                w.change(open.at, "risk.changed", &risk, &mut named, None)?;
            }
            PlanStatus::Adopted => {
                let mut flagged = Plan { revision_reason: Some(why.clone()), ..open.plan.clone() };
                w.change(open.at, "plan.needsRevision", &open.plan, &mut flagged, Some(&why))?;
            }
            _ => {}
        }
    }
    Ok(new)
}

fn withdrawn() -> Error {
    Error::conflict("withdrawn", "Den obligatoriska risken är återkallad.", "The mandatory risk has been withdrawn.")
}

/// The risks that answer a mandatory one, each with its plan, in the order in which plans are locked.
fn answering(w: &mut Writing, id: Id) -> Result<Vec<(Id, Plan)>> {
    let mut all: Vec<(Id, Plan)> = w.risks_answering(id)?.into_iter().map(|(risk, plan)| (risk.id, plan)).collect();
    all.sort_by_key(|(risk, plan)| (plan.id, *risk));
    Ok(all)
}

/// Withdraws a mandatory risk, with the region's reason. In plans not yet adopted the risk stays, without the flag.
pub fn withdraw(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<MandatoryRisk> {
    let seen: MandatoryRisk = w.get(id)?;
    let target = settings(w)?;
    caller.authorize(Verb::ManageRegionSettings, &target, sent)?;
    let form = sent.judge()?;
    w.lock_year(seen.year)?;
    let old: MandatoryRisk = w.get(id)?;
    if old.withdrawn_at.is_some() {
        return Err(withdrawn());
    }
    let mut new = MandatoryRisk {
        withdrawn_at: Some(Timestamp::now()),
        withdrawal_reason: Some(form.reason.clone()),
        ..old.clone()
    };
    let at = region_place(w)?;
    w.change(at, "mandatoryRisk.withdrawn", &old, &mut new, Some(&form.reason))?;
    let why = format!("{} har återkallat en obligatorisk risk: {}.", whose(w)?, old.name);
    for (risk, plan) in answering(w, id)? {
        let body: Organisation = w.linked(plan.organisation_id)?;
        let mut open = plan::lock(w, plan.id, body)?;
        if open.plan.status == PlanStatus::Proposed {
            // What the board sees must be what it decides on.
            let body = open.body.clone();
            return_because(w, open, &why)?;
            open = plan::lock(w, plan.id, body)?;
        }
        if open.plan.status == PlanStatus::Draft {
            let risk: Risk = w.linked(risk)?;
            let mut freed = Risk { mandatory_id: None, area_id: None, ..risk.clone() };
            w.change(open.at, "risk.mandatoryNoMore", &risk, &mut freed, Some(&why))?;
            renumber(w, &open)?;
        }
    }
    Ok(new)
}

/// How each body with the duty to plan answers a mandatory risk or area. Everyone signed in sees whether it is
/// answered; the risks themselves only who may see them.
pub fn coverage(r: &mut Reading, caller: &Caller, id: Id, listing: &Listing) -> Result<Page<Coverage>> {
    let required = get(r, caller, id)?;
    let filter = OrganisationFilter { plans: Some(true), valid_in: Some(required.year), ..Default::default() };
    let bodies = r.organisations(&filter, listing)?;
    let mut answers: HashMap<Id, Vec<Risk>> = HashMap::new();
    for (risk, plan) in r.risks_answering(id)? {
        if risk.retired_on.is_none() {
            answers.entry(plan.id).or_default().push(risk);
        }
    }
    let ids: Vec<Id> = answers.values().flatten().map(|risk| risk.id).collect();
    let controlled = r.controlled(&ids)?;
    let mut plans = year::of_year(r, required.year)?;
    let mut items = Vec::with_capacity(bodies.items.len());
    for body in bodies.items {
        let plan = plans.remove(&body.id);
        let risks = plan.as_ref().and_then(|p| answers.remove(&p.id)).unwrap_or_default();
        let ids: Vec<Id> = risks.iter().map(|x| x.id).collect();
        let seen = plan.as_ref().is_some_and(|p| caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(p, &body))));
        items.push(Coverage {
            organisation_id: body.id,
            organisation: body.name.clone(),
            plan_id: plan.as_ref().filter(|_| seen).map(|p| p.id),
            status: plan.as_ref().filter(|_| seen).map(|p| p.status),
            present: !risks.is_empty(),
            assessed: !risks.is_empty() && risks.iter().all(|x| x.score.is_some()),
            controlled: !risks.is_empty() && risks.iter().all(|x| controlled.contains(&x.id)),
            risk_ids: if seen { ids } else { Vec::new() },
        });
    }
    Ok(Page { items, total: bodies.total, next: bodies.next })
}
