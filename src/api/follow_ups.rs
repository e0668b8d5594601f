//! The region's view of a period, and what a person owes.

use super::tables::listed;
use crate::app::reporting::follow_ups::{self, FollowUp, FollowUpFilter, RolledMatrices};
use crate::app::tables;
use crate::app::to_do::tasks::{self, Task};
use crate::domain::words::{Period, PeriodStatus, ReportStatus, TaskKind};
use crate::error::{Error, Result};
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};

const TAG: &str = "Follow-up";

/// A parameter that the contract requires.
fn needed<T: std::str::FromStr>(call: &Call, name: &str) -> Result<T> {
    call.q(name).ok_or_else(|| Error::internal(format!("the contract let a request without {name} through")))
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/follow-ups",
            "listFollowUps",
            TAG,
            ("Lista nämndernas uppföljning", "List the bodies' follow-up"),
            "Every body of a year and period that the caller may follow: its plan, what is due, reported and missing, \
             statuses by colour, the report, and how the mandatory risks are covered. Who has not reported shows.",
            Run::read(|r, caller, call| {
                let filter = FollowUpFilter {
                    organisation_id: call.q("organisationId"),
                    complete: call.q("complete"),
                    late: call.q("late"),
                    delivered: call.q("delivered"),
                    period_status: call.any("periodStatus"),
                    report: call.any("report"),
                };
                let (year, period) = (needed(call, "year")?, needed(call, "period")?);
                let listing = call.listing();
                listed(
                    r,
                    call,
                    |r| {
                        let page = follow_ups::list(r, caller, year, period, &filter, &listing)?;
                        Answer::list(call, "/follow-ups", page)
                    },
                    |r| tables::plans::follow_ups(r, caller, (year, period), &filter, &listing),
                )
            }),
        )
        .timed()
        .needs("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Which year.")
        .needs("period", ParameterKind::words::<Period>(), "Which period.")
        .query("organisationId", ParameterKind::Id, "Those at and below this organisation.")
        .query("complete", ParameterKind::Flag, "Those in which nothing is missing, or the others.")
        .query("late", ParameterKind::Flag, "Those that are late, or the others.")
        .query("delivered", ParameterKind::Flag, "Those that have delivered all that is decided, or the others.")
        .filter("periodStatus", ParameterKind::words::<PeriodStatus>(), "Those whose period is open or closed.")
        .filter("report", ParameterKind::words::<ReportStatus>(), "Those whose newest report of the period has this status.")
        .lists::<FollowUp>("A page of bodies, by name.", &[]),
        operation(
            "get",
            "/follow-ups/matrix",
            "getCombinedMatrix",
            TAG,
            ("Läs riskmatrisen för flera planer", "Get the risk matrix of several plans"),
            "How many included risks the plans of a year have in each cell, at and below an organisation. Plans that are \
             scored by different matrices are told apart.",
            Run::read(|r, caller, call| {
                let year = needed(call, "year")?;
                Answer::view(&follow_ups::matrix(r, caller, year, call.q("organisationId"))?)
            }),
        )
        .timed()
        .needs("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Which year.")
        .query("organisationId", ParameterKind::Id, "The plans at and below this organisation.")
        .computes::<RolledMatrices>("The matrices."),
        operation(
            "get",
            "/me/tasks",
            "listMyTasks",
            TAG,
            ("Lista det jag ska göra", "List my tasks"),
            "What the caller owes: statuses due in open periods, assessments to make or confirm, overdue actions, \
             suspicions of crime to act on, recommendations to answer; and what only their office does: a plan completed, \
             proposed, decided on and delivered, a period closed, its report made, decided on and delivered, the board told \
             of a deficiency, what a year needs issued, an auditor's word. Each with a sentence and the page where it is \
             done. What is due first comes first.",
            Run::read(|r, caller, call| {
                let listing = call.listing();
                Answer::list(call, "/me/tasks", tasks::list(r, caller, call.language, call.any("kind"), &listing)?)
            }),
        )
        .filter("kind", ParameterKind::words::<TaskKind>(), "Those of this kind.")
        .lists::<Task>("A page of tasks.", &[]),
    ]
}
