//! What has been assessed, reported and decided, across plans: the very records, as far as the caller sees them.

use crate::app::caller::Caller;
use crate::domain::roles::visible_follow_up;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::{Listing, Page, RecordFilter, Seen};
use crate::storage::records::{ActionReport, Assessment, ControlReport, Organisation, Plan, Report, Revision};

use super::reports;

fn seen(caller: &Caller) -> Seen {
    Seen::of(caller.id(), &caller.scope())
}

/// What the caller sees of what is reported.
fn followed(caller: &Caller) -> Seen {
    Seen::of(caller.id(), &visible_follow_up(&caller.grants))
}

/// Every assessment, of copied ones too.
pub fn assessments(r: &mut Reading, caller: &Caller, f: &RecordFilter, page: &Listing) -> Result<Page<Assessment>> {
    r.assessments_across(f, &seen(caller), page)
}

/// Everything that was reported of controls, corrections too.
pub fn control_reports(
    r: &mut Reading,
    caller: &Caller,
    f: &RecordFilter,
    page: &Listing,
) -> Result<Page<ControlReport>> {
    r.control_reports_across(f, &followed(caller), page)
}

/// As of controls.
pub fn action_reports(
    r: &mut Reading,
    caller: &Caller,
    f: &RecordFilter,
    page: &Listing,
) -> Result<Page<ActionReport>> {
    r.action_reports_across(f, &followed(caller), page)
}

/// The adopted revisions of plans.
pub fn revisions(r: &mut Reading, caller: &Caller, f: &RecordFilter, page: &Listing) -> Result<Page<Revision>> {
    r.revisions_across(f, &seen(caller), page)
}

/// The reports of plans' periods: those that are not decided to whoever follows the plan.
pub fn all_reports(r: &mut Reading, caller: &Caller, f: &RecordFilter, page: &Listing) -> Result<Page<Report>> {
    let found = r.reports_across(f, &seen(caller))?;
    let plans = r.all::<Plan>(found.iter().map(|report| report.plan_id))?;
    r.all::<Organisation>(plans.iter().map(|plan| plan.organisation_id))?;
    let mut all = Vec::new();
    for report in found {
        let plan: Plan = r.linked(report.plan_id)?;
        let body: Organisation = r.linked(plan.organisation_id)?;
        if reports::sees(caller, &report, &plan, &body) {
            all.push(report);
        }
    }
    Ok(page.cut(all))
}
