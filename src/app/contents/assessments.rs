//! Risks assessed: one, or many at once of any plans, all of them or none with every refusal at its place in the list.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::risks::{self, AssessmentForm, assess_as};
use crate::app::caller::Caller;
use crate::app::plan::order::settle_after;
use crate::app::plan::{self, Open};
use crate::app::reach;
use crate::app::sent::{Content, Envelope, Sent};
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, Page};
use crate::storage::records::{Assessment, Plan, Risk};
use crate::storage::{Id, Reading, Writing};

/// A scoring among many.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssessmentItem {
    pub risk_id: Id,
    /// From 1 to the rows of the plan's matrix.
    #[schema(minimum = 1, maximum = 10, example = 4)]
    pub likelihood: i32,
    /// From 1 to the columns of the plan's matrix.
    #[schema(minimum = 1, maximum = 10, example = 3)]
    pub consequence: i32,
    #[schema(min_length = 1, max_length = 4000, example = "Fler system går ur drift under året.")]
    pub reason: Option<String>,
    /// The `sequence` of the assessment that this was made from, 0 where there was none. When the risk has another by now the
    /// item is refused (`changedMeanwhile`); without it the last one to assess counts.
    #[schema(minimum = 0, example = 0)]
    pub sequence: Option<i32>,
}

/// Many scorings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssessmentsForm {
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<AssessmentItem>,
}

/// The assessments that were made, in the order in which they were sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentsMade {
    pub items: Vec<Assessment>,
}

/// The risks that a request names, before its form is judged.
fn named(sent: &Envelope) -> BTreeSet<Id> {
    let Content::Json(form) = &sent.content else { return BTreeSet::new() };
    let items = form.get("items").and_then(|items| items.as_array()).into_iter().flatten();
    items.filter_map(|item| item.get("riskId")?.as_str()?.trim().parse().ok()).collect()
}

/// The plans of what is named, once the caller may assess each that they know of. What is not there is a fault of its item.
fn authorize(r: &mut Reading, caller: &Caller, sent: &Envelope) -> Result<BTreeSet<Id>> {
    let all: Vec<Risk> = r.all(named(sent))?;
    r.all::<Plan>(all.iter().map(|risk| risk.plan_id))?;
    reach::know_targets(r, caller, &all)?;
    let mut found = Vec::new();
    for risk in &all {
        let plan: Plan = r.linked(risk.plan_id)?;
        found.push((plan.id, Target::Risk(reach::target(r, caller, risk, &plan)?)));
    }
    caller.authorize_each(Verb::AssessRisk, found, sent)
}

/// Assesses many risks, all or none. In an adopted plan score and level follow; number and inclusion stay as they were decided.
pub fn assess_many(w: &mut Writing, caller: &Caller, sent: &Sent<AssessmentsForm>) -> Result<AssessmentsMade> {
    let plans = authorize(w, caller, sent)?;
    let form = sent.judge()?;
    let by = caller.user()?.id;
    let mut locked: BTreeMap<Id, Open> = BTreeMap::new();
    // Locked in the order of their ids, so that two who assess the same do not wait for each other.
    for id in plans {
        let (_, body) = plan::load(w, id)?;
        locked.insert(id, plan::lock(w, id, body)?);
    }
    // Somebody else may own it since.
    authorize(w, caller, sent)?;
    let (mut faults, mut known) = (Vec::new(), BTreeSet::new());
    for (n, item) in form.items.iter().enumerate() {
        let at = format!("/items/{n}");
        if !known.insert(item.risk_id) {
            faults.push(Violation::new(
                at.clone(),
                "duplicate",
                "Samma risk står två gånger.",
                "The same risk stands twice.",
            ));
        }
        let found = w.find::<Risk>(item.risk_id)?;
        let Some((open, risk)) = found.and_then(|risk| Some((locked.get(&risk.plan_id)?, risk))) else {
            faults.push(Violation::unknown_reference(format!("{at}/riskId")));
            continue;
        };
        if let Some(from) = item.sequence
            && w.newest_assessment(risk.id)?.map_or(0, |newest| newest.sequence) != from
        {
            faults.push(Violation::changed_meanwhile(format!("{at}/sequence")));
        }
        let mut own = Vec::new();
        risks::in_matrix(&open.policy, item.likelihood, item.consequence, &mut own);
        faults.extend(own.into_iter().map(|one| Violation { pointer: format!("{at}{}", one.pointer), ..one }));
        match may_be_assessed(open, &risk, w.today()) {
            Err(Error::Conflict { code, said }) => {
                faults.push(Violation { pointer: format!("{at}/riskId"), code, said })
            }
            other => other?,
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut items = Vec::new();
    for AssessmentItem { risk_id, likelihood, consequence, reason, .. } in form.items {
        // As it is after those before it, which may have given it another number.
        let risk: Risk = w.get(risk_id)?;
        let open = locked.get(&risk.plan_id).ok_or_else(|| Error::internal("a plan that is not locked"))?;
        items.push(assess_as_sent(w, open, &risk, AssessmentForm { likelihood, consequence, reason }, by)?);
    }
    Ok(AssessmentsMade { items })
}

pub fn assessments(r: &mut Reading, caller: &Caller, id: Id, listing: &Listing) -> Result<Page<Assessment>> {
    reach::see(r, caller, id)?;
    r.assessments(id, listing)
}

/// Scores a risk. In an adopted plan the score and level follow; number and inclusion stay as they were decided.
pub fn assess(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<AssessmentForm>) -> Result<Assessment> {
    let (open, risk, form) = may_assess(w, caller, id, sent)?;
    assess_as_sent(w, &open, &risk, form, caller.user()?.id)
}

/// As [`assess`], for one of many: whoever assesses them numbers the plan anew when all are done.
pub fn assess_among(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<AssessmentForm>) -> Result<()> {
    let (open, risk, AssessmentForm { likelihood, consequence, reason }) = may_assess(w, caller, id, sent)?;
    assess_as(w, &open, &risk, likelihood, consequence, reason, Some(caller.user()?.id)).map(|_| ())
}

fn may_assess(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    sent: &Sent<AssessmentForm>,
) -> Result<(Open, Risk, AssessmentForm)> {
    let (risk, open) = risks::open(w, caller, id, Verb::AssessRisk, sent)?;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    risks::in_matrix(&open.policy, form.likelihood, form.consequence, &mut faults);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    may_be_assessed(&open, &risk, w.today())?;
    Ok((open, risk, form))
}

/// What the register's rules say of assessing a risk, whoever asks.
fn may_be_assessed(open: &Open, risk: &Risk, today: NaiveDate) -> Result<()> {
    open.may(PlanVerb::Assess, today)?;
    if risk.retired_on.is_some() { Err(risks::retired()) } else { Ok(()) }
}

/// Stores an assessment that may be made, with what follows from it.
fn assess_as_sent(w: &mut Writing, open: &Open, risk: &Risk, form: AssessmentForm, by: Id) -> Result<Assessment> {
    let AssessmentForm { likelihood, consequence, reason } = form;
    let (made, new) = assess_as(w, open, risk, likelihood, consequence, reason, Some(by))?;
    settle_after(w, open, risk, &new)?;
    Ok(made)
}

/// Confirms the assessment of a risk as it is.
pub fn confirm(w: &mut Writing, caller: &Caller, open: &Open, risk: &Risk) -> Result<()> {
    let (Some(likelihood), Some(consequence)) = (risk.likelihood, risk.consequence) else {
        return Err(Error::internal("nothing to confirm"));
    };
    let (_, new) = assess_as(w, open, risk, likelihood, consequence, None, Some(caller.user()?.id))?;
    settle_after(w, open, risk, &new)
}

/// Scores every risk of a draft by its new scale. What does not fit is unconfirmed, never clamped.
pub fn rescore(w: &mut Writing, open: &Open) -> Result<()> {
    for old in w.risks_of_plan(open.plan.id)? {
        let Some((likelihood, consequence)) = old.likelihood.zip(old.consequence) else { continue };
        let cell = open.policy.value(likelihood, consequence);
        let mut new = Risk {
            score: cell.map(|c| c.score),
            level: cell.map(|c| c.level),
            confirmed: old.confirmed && cell.is_some(),
            ..old.clone()
        };
        w.change_as_effect(open.at, "risk.rescored", &old, &mut new)?;
    }
    Ok(())
}
