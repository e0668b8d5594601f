//! What is reported of controls and actions in a period.

use super::periods::of_period;
use crate::app::reporting::many_statuses::{self, StatusesReported};
use crate::app::reporting::status_reports::{self, ActionStatusView, ControlStatusView};
use crate::domain::words::Period;
use crate::http::Answer;
use crate::http::contract::{Operation, Run, operation};
use crate::storage::records::{ActionReport, ControlReport};

const TAG: &str = "Follow-up";

pub fn operations() -> Vec<Operation> {
    let mut all = of_controls();
    all.extend(of_actions());
    all.push(
        operation(
            "post",
            "/status-reports",
            "reportStatuses",
            TAG,
            ("Rapportera många statusar", "Report many statuses"),
            "Reports up to 500 statuses of controls and actions, of any plans and periods, all or none. What says the same already \
             is let be. Every refusal is told with its place in the list, also that a period is closed. An item that names the \
             `sequence` it was made from is refused when another has reported since.",
            Run::write(|w, caller, _, sent| Answer::secret(200, &many_statuses::report_many(w, caller, sent)?)),
        )
        .hands::<StatusesReported>(200, "How many were reported, and how many said so already."),
    );
    all
}

fn of_controls() -> Vec<Operation> {
    vec![
        of_period(
            operation(
                "get",
                "/controls/{id}/reports/{period}",
                "getControlStatus",
                TAG,
                ("Läs kontrollens status i en period", "Get a control's status in a period"),
                "How a control stands in a period: what was reported and counts, or its dash when it is not due.",
                Run::read(|r, caller, call| {
                    Answer::resource(&status_reports::control_status(r, caller, call.id()?, call.path_word("period")?)?)
                }),
            )
            .timed()
            .gives::<ControlStatusView>("The status."),
        ),
        of_period(
            operation(
                "put",
                "/controls/{id}/reports/{period}",
                "reportControl",
                TAG,
                ("Rapportera kontrollens status", "Report a control's status"),
                "Reports how a control went in an open period. Yellow and red need a comment; a control that is due may be postponed to a later period of the year by a dash with a comment. An earlier report of the period is kept.",
                Run::write(|w, caller, call, sent| {
                    let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                    let (status, first) = status_reports::report_control(w, caller, id, period, sent)?;
                    if first {
                        Answer::created(format!("/controls/{id}/reports/{period}"), &status)
                    } else {
                        Answer::resource(&status)
                    }
                }),
            )
            .guarded_or_new()
            .ruled()
            .gives::<ControlStatusView>("The status as it has become.")
            .makes::<ControlStatusView>("The status: the first report of the period."),
        ),
        of_period(
            operation(
                "get",
                "/controls/{id}/reports/{period}/versions",
                "listControlReports",
                TAG,
                ("Lista allt som rapporterats om kontrollen i en period", "List all that was reported of a control in a period"),
                "Everything that was reported of a control in a period, oldest first. The newest counts; what has a \
                 `correctionReason` is a correction, and stands beside.",
                Run::read(|r, caller, call| {
                    let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                    let page = status_reports::control_versions(r, caller, id, period, &call.listing())?;
                    Answer::list(call, &format!("/controls/{id}/reports/{period}/versions"), page)
                }),
            )
            .timed()
            .lists::<ControlReport>("A page of reports.", &[]),
        ),
        of_period(
            operation(
                "post",
                "/controls/{id}/reports/{period}/corrections",
                "correctControlReport",
                TAG,
                ("Rätta kontrollens status efter beslutet", "Correct a control's status after the decision"),
                "Sets a truth that came late beside what the board decided on; what was reported stays as it was.",
                Run::write(|w, caller, call, sent| {
                    let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                    let made = status_reports::correct_control(w, caller, id, period, sent)?;
                    Answer::created(format!("/controls/{id}/reports/{period}/versions"), &made)
                }),
            )
            .ruled()
            .makes::<ControlReport>("The correction."),
        ),
    ]
}

fn of_actions() -> Vec<Operation> {
    vec![
        of_period(
            operation(
                "get",
                "/actions/{id}/reports/{period}",
                "getActionStatus",
                TAG,
                ("Läs åtgärdens status i en period", "Get an action's status in a period"),
                "How an action stands in a period: what was reported and counts, or its dash when it is not due.",
                Run::read(|r, caller, call| {
                    Answer::resource(&status_reports::action_status(r, caller, call.id()?, call.path_word("period")?)?)
                }),
            )
            .timed()
            .gives::<ActionStatusView>("The status."),
        ),
        of_period(
            operation(
                "put",
                "/actions/{id}/reports/{period}",
                "reportAction",
                TAG,
                ("Rapportera åtgärdens status", "Report an action's status"),
                "Reports how an action goes in an open period, with its effect, and when it was completed. Yellow and red need a comment; in the annual period the effect is assessed. An earlier report of the period is kept.",
                Run::write(|w, caller, call, sent| {
                    let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                    let (status, first) = status_reports::report_action(w, caller, id, period, sent)?;
                    if first {
                        Answer::created(format!("/actions/{id}/reports/{period}"), &status)
                    } else {
                        Answer::resource(&status)
                    }
                }),
            )
            .guarded_or_new()
            .ruled()
            .gives::<ActionStatusView>("The status as it has become.")
            .makes::<ActionStatusView>("The status: the first report of the period."),
        ),
        of_period(
            operation(
                "get",
                "/actions/{id}/reports/{period}/versions",
                "listActionReports",
                TAG,
                ("Lista allt som rapporterats om åtgärden i en period", "List all that was reported of an action in a period"),
                "Everything that was reported of an action in a period, oldest first. The newest counts; what has a \
                 `correctionReason` is a correction, and stands beside.",
                Run::read(|r, caller, call| {
                    let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                    let page = status_reports::action_versions(r, caller, id, period, &call.listing())?;
                    Answer::list(call, &format!("/actions/{id}/reports/{period}/versions"), page)
                }),
            )
            .timed()
            .lists::<ActionReport>("A page of reports.", &[]),
        ),
        of_period(
            operation(
                "post",
                "/actions/{id}/reports/{period}/corrections",
                "correctActionReport",
                TAG,
                ("Rätta åtgärdens status efter beslutet", "Correct an action's status after the decision"),
                "Sets a truth that came late beside what the board decided on; what was reported stays as it was.",
                Run::write(|w, caller, call, sent| {
                    let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                    let made = status_reports::correct_action(w, caller, id, period, sent)?;
                    Answer::created(format!("/actions/{id}/reports/{period}/versions"), &made)
                }),
            )
            .ruled()
            .makes::<ActionReport>("The correction."),
        ),
    ]
}
