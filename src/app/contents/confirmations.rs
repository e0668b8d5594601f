//! Assessments that were carried over from an earlier year and stand as they were: confirmed, those that are named or all.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assessments;
use crate::app::caller::Caller;
use crate::app::plan;
use crate::app::sent::Sent;
use crate::domain::life::PlanVerb;
use crate::domain::roles::Verb;
use crate::domain::scoring::Policy;
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Plan, Risk};
use crate::storage::{Id, Reading, Writing};

/// Which assessments are unchanged.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmationsForm {
    /// Of these risks; of all whose assessment was carried over and waits to be confirmed, when not given.
    #[schema(min_items = 1, max_items = 1000)]
    pub risk_ids: Option<Vec<Id>>,
}

/// Whose assessments were confirmed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Confirmations {
    pub risk_ids: Vec<Id>,
}

/// The risks of a plan whose carried-over assessment waits to be confirmed and fits its scale, in the order of the plan.
pub fn waiting(r: &mut Reading, plan: &Plan, policy: &Policy) -> Result<Vec<Risk>> {
    let mut all = r.risks_of_plan(plan.id)?;
    all.retain(|risk| {
        let open = risk.retired_on.is_none() && risk.set_aside_reason.is_none() && !risk.confirmed;
        open && risk.likelihood.zip(risk.consequence).is_some_and(|(l, c)| policy.value(l, c).is_some())
    });
    Ok(all)
}

/// Confirms assessments of a draft as they are.
pub fn confirm(w: &mut Writing, caller: &Caller, plan: Id, sent: &Sent<ConfirmationsForm>) -> Result<Confirmations> {
    let open = plan::open(w, caller, plan, Verb::EditPlan, sent)?;
    let form = sent.judge()?;
    caller.user()?;
    let all = waiting(w, &open.plan, &open.policy)?;
    let mut faults = Vec::new();
    for (at, id) in form.risk_ids.iter().flatten().enumerate() {
        if !all.iter().any(|risk| risk.id == *id) {
            faults.push(Violation::new(
                format!("/riskIds/{at}"),
                "nothingToConfirm",
                "Risken har ingen överförd bedömning som väntar på att bekräftas.",
                "The risk has no carried-over assessment that waits to be confirmed.",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::Edit, w.today())?;
    let mut risk_ids = Vec::new();
    for risk in all {
        if form.risk_ids.as_ref().is_none_or(|ids| ids.contains(&risk.id)) {
            assessments::confirm(w, caller, &open, &risk)?;
            risk_ids.push(risk.id);
        }
    }
    Ok(Confirmations { risk_ids })
}
