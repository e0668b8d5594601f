//! What the next plan says of the deficiencies that are still open.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deficiencies;
use crate::app::caller::Caller;
use crate::app::places::plan_target;
use crate::app::plan::{self, Open};
use crate::app::sent::{Envelope, Sent};
use crate::domain::checks::DeficiencyFacts;
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::Severity;
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Deficiency, Organisation, Plan, PlanDeficiency, Risk};
use crate::storage::{Id, Reading, Timestamp, Writing};

/// How a plan answers a deficiency that was open when it was made: at least one of the two.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanDeficiencyForm {
    /// The risk of the plan that carries it.
    pub risk_id: Option<Id>,
    /// Why the plan does not carry it.
    #[schema(min_length = 1, max_length = 4000, example = "Åtgärdas före årsskiftet.")]
    pub justification: Option<String>,
}

/// A deficiency that the plan must answer, and how it does.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanDeficiencyView {
    pub deficiency_id: Id,
    #[schema(example = "Två attestanter saknas för utbetalningar")]
    pub title: String,
    pub severity: Severity,
    pub found_on: NaiveDate,
    /// Null while it is open.
    pub closed_on: Option<NaiveDate>,
    pub risk_id: Option<Id>,
    pub justification: Option<String>,
    /// Carried, justified or closed: nothing is missing.
    pub answered: bool,
}

/// Found before the year of the plan, so that the plan must answer it while it is open.
fn comes_before(d: &Deficiency, plan: &Plan) -> bool {
    d.found_on.year() < plan.year
}

fn answers(said: Option<&PlanDeficiency>, risks: &[Risk]) -> bool {
    said.is_some_and(|said| {
        let carried = said.risk_id.is_some_and(|id| risks.iter().any(|r| r.id == id && r.retired_on.is_none()));
        carried || said.justification.is_some()
    })
}

/// What the checks look at: every open deficiency of the body from before the year, named where the caller sees it.
pub fn facts(r: &mut Reading, caller: &Caller, plan: &Plan, risks: &[Risk]) -> Result<Vec<DeficiencyFacts>> {
    let said = r.plan_deficiencies(plan.id)?;
    let open = r.deficiencies_of_body(plan.organisation_id)?;
    r.all::<Organisation>(open.iter().map(|d| d.organisation_id))?;
    let open = open.into_iter().filter(|d| d.closed_on.is_none() && comes_before(d, plan));
    open.map(|d| {
        let organisation: Organisation = r.linked(d.organisation_id)?;
        let seen = caller.sees(Verb::SeeDeficiency, &deficiencies::target(&d, &organisation));
        let answered = answers(said.iter().find(|s| s.deficiency_id == d.id), risks);
        Ok(DeficiencyFacts { seen: seen.then_some((d.id.0, d.title)), answered })
    })
    .collect()
}

/// The deficiencies that a plan must answer, or has answered, and that the caller sees.
pub fn of_plan(r: &mut Reading, caller: &Caller, plan: Id) -> Result<Vec<PlanDeficiencyView>> {
    let (plan, _) = plan::see_parts(r, caller, plan)?;
    let said = r.plan_deficiencies(plan.id)?;
    let risks = r.risks_of_plan(plan.id)?;
    let mut all = Vec::new();
    let found = r.deficiencies_of_body(plan.organisation_id)?;
    r.all::<Organisation>(found.iter().map(|d| d.organisation_id))?;
    for d in found {
        let organisation: Organisation = r.linked(d.organisation_id)?;
        let about = said.iter().find(|s| s.deficiency_id == d.id);
        let asked = comes_before(&d, &plan) && d.closed_on.is_none();
        if !(asked || about.is_some()) || !caller.sees(Verb::SeeDeficiency, &deficiencies::target(&d, &organisation)) {
            continue;
        }
        all.push(PlanDeficiencyView {
            deficiency_id: d.id,
            title: d.title,
            severity: d.severity,
            found_on: d.found_on,
            answered: d.closed_on.is_some() || answers(about, &risks),
            closed_on: d.closed_on,
            risk_id: about.and_then(|s| s.risk_id),
            justification: about.and_then(|s| s.justification.clone()),
        });
    }
    Ok(all)
}

/// How a plan answers one deficiency, if it does.
pub fn said(r: &mut Reading, caller: &Caller, plan: Id, deficiency: Id) -> Result<PlanDeficiency> {
    plan::see_parts(r, caller, plan)?;
    deficiencies::get(r, caller, deficiency)?;
    r.plan_deficiency(plan, deficiency)?.ok_or(Error::NotFound)
}

/// The plan, locked, and a deficiency of its body that the caller sees.
fn open_plan(w: &mut Writing, caller: &Caller, plan: Id, deficiency: Id, sent: &Envelope) -> Result<Open> {
    let (found, body) = plan::load(w, plan)?;
    caller.may(Verb::SeePlan, &Target::Plan(plan_target(&found, &body)))?;
    let about: Deficiency = w.get(deficiency)?;
    let organisation: Organisation = w.linked(about.organisation_id)?;
    if organisation.body_id != Some(body.id)
        || !caller.sees(Verb::SeeDeficiency, &deficiencies::target(&about, &organisation))
    {
        return Err(Error::NotFound);
    }
    caller.authorize(Verb::EditPlan, &Target::Plan(plan_target(&found, &body)), sent)?;
    plan::lock(w, plan, body)
}

/// Says in a draft which risk carries a deficiency, or why none does; true when nothing was said of it.
pub fn say(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    deficiency: Id,
    sent: &Sent<PlanDeficiencyForm>,
) -> Result<(PlanDeficiency, bool)> {
    let open = open_plan(w, caller, plan, deficiency, sent)?;
    let old = w.plan_deficiency(plan, deficiency)?;
    match &old {
        Some(old) => sent.expect_current(old)?,
        None => sent.expect_new()?,
    }
    let form = sent.judge()?;
    let mut faults = Vec::new();
    if let Some(id) = form.risk_id {
        match w.find::<Risk>(id)?.filter(|risk| risk.plan_id == plan) {
            None => faults.push(Violation::unknown_reference("/riskId")),
            Some(risk) if risk.retired_on.is_some() => faults.push(Violation::new(
                "/riskId",
                "riskRetired",
                "Risken har utgått ur planen.",
                "The risk has been retired from the plan.",
            )),
            Some(_) => {}
        }
    } else if form.justification.is_none() {
        faults.push(Violation::new(
            "/riskId",
            "required",
            "Ange vilken risk som bär bristen, eller motivera varför ingen gör det.",
            "Give the risk that carries the deficiency, or the reason why none does.",
        ));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::Edit, w.today())?;
    match old {
        Some(old) => {
            let mut new = PlanDeficiency { risk_id: form.risk_id, justification: form.justification, ..old.clone() };
            w.change(open.at, "plan.deficiencyAnswered", &old, &mut new, None)?;
            Ok((new, false))
        }
        None => {
            let now = Timestamp::now();
            let new = PlanDeficiency {
                id: Id::new(),
                plan_id: plan,
                deficiency_id: deficiency,
                risk_id: form.risk_id,
                justification: form.justification,
                created_at: now,
                updated_at: now,
                version: 1,
            };
            w.create(open.at, "plan.deficiencyAnswered", &new)?;
            Ok((new, true))
        }
    }
}

/// Takes back, in a draft, what was said of a deficiency.
pub fn unsay(w: &mut Writing, caller: &Caller, plan: Id, deficiency: Id, sent: &Envelope) -> Result<()> {
    let open = open_plan(w, caller, plan, deficiency, sent)?;
    let old = w.plan_deficiency(plan, deficiency)?.ok_or(Error::NotFound)?;
    sent.expect_current(&old)?;
    open.may(PlanVerb::Edit, w.today())?;
    w.remove(open.at, "plan.deficiencyUnanswered", &old, None)
}
