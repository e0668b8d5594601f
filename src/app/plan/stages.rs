//! A plan as it is told, and its way from one stage to the next.

use serde::Serialize;
use utoipa::ToSchema;

use super::Open;
use super::order::renumber;
use crate::app::inclusion::needs_revision;
use crate::app::sent::Envelope;
use crate::app::settings::policies;
use crate::domain::life::{self, PlanVerb};
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::storage::records::Plan;
use crate::storage::{Reading, Writing};

/// A plan with what is computed of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    #[serde(flatten)]
    pub plan: Plan,
    /// The adopted plan no longer says what it would say today.
    pub needs_revision: bool,
}

/// A plan, held against the risks that stand in it.
pub fn plan_view(r: &mut Reading, plan: Plan) -> Result<PlanView> {
    let needs_revision = match plan.status {
        PlanStatus::Adopted => {
            plan.revision_reason.is_some() || {
                let policy = policies::definition(r, plan.policy_version_id)?;
                r.risks_of_plan(plan.id)?.iter().any(|risk| needs_revision(risk, &policy))
            }
        }
        _ => false,
    };
    Ok(PlanView { plan, needs_revision })
}

/// Refuses a change of what is no longer as the caller saw it.
pub fn guarded(r: &mut Reading, open: &Open, sent: &Envelope) -> Result<()> {
    let current = plan_view(r, open.plan.clone())?;
    sent.expect_current(&current)
}

/// Brings a plan to the stage after a verb of its life, with what is new of it.
pub fn moved(
    w: &mut Writing,
    open: &Open,
    verb: PlanVerb,
    kind: &'static str,
    mut new: Plan,
    reason: Option<&str>,
) -> Result<PlanView> {
    new.status = life::after(verb, open.plan.status);
    w.change(open.at, kind, &open.plan, &mut new, reason)?;
    plan_view(w, new)
}

/// Returns a proposed plan because the region has issued or withdrawn a mandatory risk.
pub fn return_because(w: &mut Writing, open: Open, reason: &str) -> Result<PlanView> {
    let new = Plan { return_reason: Some(reason.to_owned()), ..open.plan.clone() };
    to_draft(w, open, "plan.returned", new, reason)
}

/// Makes a plan that lay before the board a draft again, with what is new of it.
pub fn to_draft(w: &mut Writing, mut open: Open, kind: &'static str, new: Plan, reason: &str) -> Result<PlanView> {
    let made = moved(w, &open, PlanVerb::Return, kind, Plan { proposed_sha256: None, ..new }, Some(reason))?;
    open.plan = made.plan.clone();
    renumber(w, &open)?;
    Ok(made)
}
