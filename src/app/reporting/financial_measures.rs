//! The body's measures that belong to no risk: what they mean for the economy, and what they have meant so far, in a period
//! of its plan.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::follow_up::{PeriodFrame, limits};
use crate::app::places::plan_target;
use crate::app::plan;
use crate::app::sent::Sent;
use crate::domain::follow_up::PeriodVerb;
use crate::domain::life::Refusal;
use crate::domain::roles::{Target, Verb};
use crate::domain::values::FinancialMeasure;
use crate::domain::words::Period;
use crate::error::{Error, Result, Violation};
use crate::storage::records::{FinancialMeasures, Plan};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// All of the body's measures that belong to no risk, as they stand in the period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinancialMeasuresForm {
    #[schema(max_items = 100)]
    pub measures: Vec<FinancialMeasure>,
}

/// What is known in a period: what was written of it, or else of the last period before it that has something.
pub fn known(r: &mut Reading, plan: Id, period: Period) -> Result<Option<FinancialMeasures>> {
    Ok(r.financial_measures(plan)?.into_iter().rfind(|written| written.period <= period))
}

pub fn get(r: &mut Reading, caller: &Caller, plan: Id, period: Period) -> Result<FinancialMeasures> {
    let (found, body) = plan::load(r, plan)?;
    caller.may(Verb::SeeFollowUp, &Target::Plan(plan_target(&found, &body)))?;
    known(r, plan, period)?.filter(|written| written.period == period).ok_or(Error::NotFound)
}

/// Why the measures of a period cannot be written as its plan and the period stand, if they cannot.
pub fn hindrance(r: &mut Reading, plan: &Plan, period: Period) -> Result<Option<Refusal>> {
    let frame = PeriodFrame::read(r, plan)?;
    Ok(limits::may(&frame, period, PeriodVerb::Report, r.today()).err())
}

/// Writes the measures of a period; true when nothing was written of it before.
pub fn write(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    period: Period,
    sent: &Sent<FinancialMeasuresForm>,
) -> Result<(FinancialMeasures, bool)> {
    let (found, body) = plan::load(w, plan)?;
    caller.authorize(Verb::EditPlan, &Target::Plan(plan_target(&found, &body)), sent)?;
    let open = plan::lock(w, plan, body)?;
    let old = known(w, plan, period)?.filter(|written| written.period == period);
    match &old {
        Some(old) => sent.expect_current(old)?,
        None => sent.expect_new()?,
    }
    let by = caller.user()?.id;
    let form = sent.judge()?;
    judge(&form.measures)?;
    let frame = PeriodFrame::read(w, &open.plan)?;
    limits::require(&open, &frame, period, PeriodVerb::Report, w.today())?;
    let measures = Json(form.measures);
    match old {
        Some(old) if old.measures == measures => Ok((old, false)),
        Some(old) => {
            let mut new = FinancialMeasures { measures, written_by_id: by, ..old.clone() };
            w.change(open.at, "financialMeasures.written", &old, &mut new, None)?;
            Ok((new, false))
        }
        None => {
            let now = Timestamp::now();
            let new = FinancialMeasures {
                id: Id::new(),
                plan_id: plan,
                period,
                measures,
                written_by_id: by,
                created_at: now,
                updated_at: now,
                version: 1,
            };
            w.create(open.at, "financialMeasures.written", &new)?;
            Ok((new, true))
        }
    }
}

/// Each measure once.
fn judge(measures: &[FinancialMeasure]) -> Result<()> {
    let again = |at: &usize| measures[..*at].iter().any(|earlier| earlier.name == measures[*at].name);
    let faults: Vec<Violation> = (0..measures.len())
        .filter(again)
        .map(|at| {
            Violation::new(
                format!("/measures/{at}/name"),
                "duplicate",
                "Åtgärden står två gånger.",
                "The measure stands twice.",
            )
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
