//! What a plan's life and its periods allow in its follow-up.

use chrono::NaiveDate;

use super::PeriodFrame;
use crate::app::plan::Open;
use crate::domain::follow_up::{self, PeriodVerb};
use crate::domain::life::PlanVerb;
use crate::domain::words::{Period, PlanStatus};
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::records::Plan;

/// What a verb of a period asks of the plan's own life.
pub fn plan_verb(verb: PeriodVerb) -> PlanVerb {
    match verb {
        PeriodVerb::Correct | PeriodVerb::MakeReport => PlanVerb::Correct,
        PeriodVerb::Report | PeriodVerb::Change | PeriodVerb::Close | PeriodVerb::Reopen => PlanVerb::Report,
    }
}

/// Refuses what may not be done in a period of a plan as it stands.
pub fn require(open: &Open, frame: &PeriodFrame, period: Period, verb: PeriodVerb, today: NaiveDate) -> Result<()> {
    open.may(plan_verb(verb), today)?;
    Ok(follow_up::may(verb, &frame.state(period), today)?)
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
