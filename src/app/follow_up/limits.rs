//! What a plan's life and its periods allow in its follow-up.

use chrono::NaiveDate;

use super::PeriodFrame;
use crate::app::places::plan_state;
use crate::app::plan::Open;
use crate::domain::follow_up::{self, PeriodState, PeriodVerb};
use crate::domain::life::{self, PlanVerb, Refusal};
use crate::domain::words::{Period, PlanStatus};
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::records::Plan;

/// What a verb of a period asks of the plan's own life.
fn plan_verb(verb: PeriodVerb, state: &PeriodState) -> PlanVerb {
    use PeriodVerb as V;
    match verb {
        V::Correct | V::MakeReport => PlanVerb::Correct,
        // A closed plan gets new versions of its reports, and what stands in them.
        V::Judge if state.report.is_some() => PlanVerb::Correct,
        V::Report | V::Change | V::Close | V::CloseEarly | V::Reopen | V::Judge => PlanVerb::Report,
    }
}

/// May this be done in a period of a plan as both stand, today?
pub fn may(
    frame: &PeriodFrame,
    period: Period,
    verb: PeriodVerb,
    today: NaiveDate,
) -> std::result::Result<(), Refusal> {
    let state = frame.state(period);
    life::may(plan_verb(verb, &state), &plan_state(&frame.plan), today)?;
    follow_up::may(verb, &state, today)
}

/// Refuses what may not be done in a period of a plan as it stands.
pub fn require(open: &Open, frame: &PeriodFrame, period: Period, verb: PeriodVerb, today: NaiveDate) -> Result<()> {
    let state = frame.state(period);
    open.may(plan_verb(verb, &state), today)?;
    Ok(follow_up::may(verb, &state, today)?)
}

/// Refuses what belongs to a period of a plan once that period is closed.
pub fn expect_open(r: &mut Reading, plan: &Plan, period: Period) -> Result<()> {
    if PeriodFrame::read(r, plan)?.is_closed(period) { Err(follow_up::closed().into()) } else { Ok(()) }
}

/// Whether the plan's follow-up has begun: a period is closed, or a report made.
pub fn has_begun(r: &mut Reading, plan: &Plan) -> Result<bool> {
    let frame = PeriodFrame::read(r, plan)?;
    Ok(!frame.reports.is_empty() || Period::ALL.iter().any(|period| frame.is_closed(*period)))
}

/// Whether a plan is one whose statuses are asked for today.
pub fn is_followed(plan: &Plan) -> bool {
    plan.adopted_revision.is_some() && plan.status != PlanStatus::Closed
}
