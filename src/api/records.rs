//! What has been assessed, reported and decided, across plans: what a warehouse reads at night.

use crate::app::reporting::records;
use crate::domain::words::Period;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};
use crate::storage::queries::RecordFilter;
use crate::storage::records::{ActionReport, Assessment, ControlReport, Report, Revision};

fn filter(call: &Call) -> RecordFilter {
    RecordFilter {
        organisation_id: call.any("organisationId"),
        year: call.any("year"),
        plan_id: call.any("planId"),
        period: call.any("period"),
        since: call.time("updatedSince"),
    }
}

/// The filters of all of them.
fn filtered(operation: Operation) -> Operation {
    operation
        .filter("organisationId", ParameterKind::Id, "Those of this body's plans.")
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those in plans of this year.")
        .filter("planId", ParameterKind::Id, "Those of this plan.")
        .since()
}

fn of_period(operation: Operation) -> Operation {
    operation.filter("period", ParameterKind::words::<Period>(), "Those about this period.")
}

pub fn operations() -> Vec<Operation> {
    vec![
        filtered(operation(
            "get",
            "/assessments",
            "listAllAssessments",
            "Risks",
            ("Lista bedömningar över planer", "List assessments across plans"),
            "Every assessment of the risks that the caller may see, the oldest first. They are never changed; of a risk in one plan the highest `sequence` counts.",
            Run::read(|r, caller, call| {
                Answer::list(call, "/assessments", records::assessments(r, caller, &filter(call), &call.listing())?)
            }),
        ))
        .lists::<Assessment>("A page of assessments.", &[]),
        of_period(filtered(operation(
            "get",
            "/control-reports",
            "listAllControlReports",
            "Follow-up",
            ("Lista allt som rapporterats om kontroller", "List all that was reported of controls"),
            "Everything that was reported of the controls that the caller may see, corrections too, the oldest first. They are never changed; of a control in one period the highest `sequence` counts.",
            Run::read(|r, caller, call| {
                Answer::list(call, "/control-reports", records::control_reports(r, caller, &filter(call), &call.listing())?)
            }),
        )))
        .lists::<ControlReport>("A page of reports.", &[]),
        of_period(filtered(operation(
            "get",
            "/action-reports",
            "listAllActionReports",
            "Follow-up",
            ("Lista allt som rapporterats om åtgärder", "List all that was reported of actions"),
            "Everything that was reported of the actions that the caller may see, corrections too, the oldest first. They are never changed; of an action in one period the highest `sequence` counts.",
            Run::read(|r, caller, call| {
                Answer::list(call, "/action-reports", records::action_reports(r, caller, &filter(call), &call.listing())?)
            }),
        )))
        .lists::<ActionReport>("A page of reports.", &[]),
        of_period(filtered(operation(
            "get",
            "/reports",
            "listAllReports",
            "Reports",
            ("Lista rapporter över planer", "List reports across plans"),
            "The reports of plans' periods that the caller may see, by when they were last changed, the oldest first. Readers see those that are decided.",
            Run::read(|r, caller, call| {
                Answer::list(call, "/reports", records::all_reports(r, caller, &filter(call), &call.listing())?)
            }),
        )))
        .lists::<Report>("A page of reports.", &[]),
        filtered(operation(
            "get",
            "/revisions",
            "listAllRevisions",
            "Plans",
            ("Lista revideringar över planer", "List revisions across plans"),
            "The adopted revisions of the plans that the caller may see, the oldest first: immutable.",
            Run::read(|r, caller, call| {
                Answer::list(call, "/revisions", records::revisions(r, caller, &filter(call), &call.listing())?)
            }),
        ))
        .lists::<Revision>("A page of revisions.", &[]),
    ]
}
