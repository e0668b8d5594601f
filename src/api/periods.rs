//! The follow-up periods of plans, and the region's deadlines.

use crate::app::reporting::periods::{self, PeriodView, StatusFilter, StatusRow};
use crate::domain::words::{Colour, Period};
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::records::Deadline;

const TAG: &str = "Follow-up";

/// Names the step of the path that is a period.
pub fn of_period(operation: Operation) -> Operation {
    operation.path_form("period", ParameterKind::words::<Period>(), "Which period.")
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/plans/{id}/periods",
            "listPeriods",
            TAG,
            ("Lista planens perioder", "List a plan's periods"),
            "T1, delår and år of a plan: deadlines, what is due, reported and missing, open or closed.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let all = periods::list(r, caller, id)?;
                Answer::list(call, &format!("/plans/{id}/periods"), call.listing().cut(all))
            }),
        )
        .timed()
        .lists::<PeriodView>("The three periods, in the order they close.", &[]),
        of_period(
            operation(
                "get",
                "/plans/{id}/periods/{period}",
                "getPeriod",
                TAG,
                ("Läs en period", "Get a period"),
                "One period of a plan.",
                Run::read(|r, caller, call| {
                    Answer::resource(&periods::get(r, caller, call.id()?, call.path_word("period")?)?)
                }),
            )
            .timed()
            .gives::<PeriodView>("The period."),
        ),
        of_period(
            operation(
                "patch",
                "/plans/{id}/periods/{period}",
                "changePeriod",
                TAG,
                ("Ändra en period", "Change a period"),
                "Sets the body's own deadline, no later than the region's, or says that a period is due although it ended \
                 before the plan was first adopted.",
                Run::write(|w, caller, call, sent| {
                    Answer::resource(&periods::change(w, caller, call.id()?, call.path_word("period")?, sent)?)
                }),
            )
            .guarded()
            .ruled()
            .gives::<PeriodView>("The period as it has become."),
        ),
        of_period(
            operation(
                "get",
                "/plans/{id}/periods/{period}/statuses",
                "listStatuses",
                TAG,
                ("Lista periodens status", "List the statuses of a period"),
                "How each control and action of the adopted plan stands in the period, in the order of the plan. What is not \
                 due has a dash by itself.",
                Run::read(|r, caller, call| {
                    let (id, period) = (call.id()?, call.path_word::<Period>("period")?);
                    let filter = StatusFilter {
                        missing: call.q("missing"),
                        due: call.q("due"),
                        colour: call.any("colour"),
                        responsible_id: call.any("responsibleId"),
                        risk_id: call.any("riskId"),
                    };
                    let page = periods::statuses(r, caller, id, period, &filter, &call.listing())?;
                    Answer::list(call, &format!("/plans/{id}/periods/{period}/statuses"), page)
                }),
            )
            .timed()
            .query("missing", ParameterKind::Flag, "Those that are due and not reported, or the others.")
            .query("due", ParameterKind::Flag, "Those that are due, or the others.")
            .filter("colour", ParameterKind::words::<Colour>(), "Those whose status or effect has this colour.")
            .filter("responsibleId", ParameterKind::Id, "Those that this person is responsible for.")
            .filter("riskId", ParameterKind::Id, "Those of this risk.")
            .lists::<StatusRow>("The statuses.", &[]),
        ),
        of_period(
            operation(
                "post",
                "/plans/{id}/periods/{period}/closure",
                "closePeriod",
                TAG,
                ("Stäng en period", "Close a period"),
                "Closes a period: it refuses every change from then on. Before its last day has passed that takes a reason, \
                 which the report prints; after it there is none to give. Periods close in order. 409 with everything that \
                 is due and missing.",
                Run::write(|w, caller, call, sent| {
                    Answer::resource(&periods::close(w, caller, call.id()?, call.path_word("period")?, sent)?)
                }),
            )
            .optional_form()
            .guarded()
            .ruled()
            .gives::<PeriodView>("The period, closed."),
        ),
        of_period(
            operation(
                "post",
                "/plans/{id}/periods/{period}/reopening",
                "reopenPeriod",
                TAG,
                ("Öppna en period igen", "Open a period again"),
                "Opens a closed period again, with the reason, until the board has decided on its report. A final report \
                 becomes a draft again.",
                Run::write(|w, caller, call, sent| {
                    Answer::resource(&periods::reopen(w, caller, call.id()?, call.path_word("period")?, sent)?)
                }),
            )
            .ruled()
            .gives::<PeriodView>("The period, open."),
        ),
        operation(
            "get",
            "/deadlines",
            "listDeadlines",
            TAG,
            ("Lista regionens sista dagar", "List the region's last days"),
            "The region's last days to report, by year and period. Everyone signed in sees them.",
            Run::read(|r, _, call| {
                Answer::list(call, "/deadlines", periods::deadlines(r, call.any("year"), &call.listing())?)
            }),
        )
        .timed()
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of this year.")
        .lists::<Deadline>("A page of deadlines.", &[]),
        of_deadline(
            operation(
                "get",
                "/deadlines/{year}/{period}",
                "getDeadline",
                TAG,
                ("Läs regionens sista dag", "Get the region's last day"),
                "The region's last day to report for a period of a year, if it is set.",
                Run::read(|r, _, call| {
                    Answer::resource(&periods::deadline(r, call.path_word("year")?, call.path_word("period")?)?)
                }),
            )
            .timed()
            .gives::<Deadline>("The deadline."),
        ),
        of_deadline(
            operation(
                "put",
                "/deadlines/{year}/{period}",
                "setDeadline",
                TAG,
                ("Sätt regionens sista dag", "Set the region's last day"),
                "Sets the region's last day to report for a period of a year; bodies may set earlier ones.",
                Run::write(|w, caller, call, sent| {
                    let (year, period): (i32, Period) = (call.path_word("year")?, call.path_word("period")?);
                    let (deadline, new) = periods::set_deadline(w, caller, year, period, sent)?;
                    if new {
                        Answer::created(format!("/deadlines/{year}/{period}"), &deadline)
                    } else {
                        Answer::resource(&deadline)
                    }
                }),
            )
            .guarded_or_new()
            .gives::<Deadline>("The deadline as it has become.")
            .makes::<Deadline>("The new deadline."),
        ),
    ]
}

fn of_deadline(operation: Operation) -> Operation {
    of_period(operation).path_form("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Which year.")
}
