//! `/outcomes` and `/indicators/{id}/outcomes`.

use super::tables::listed;
use crate::app::findings::asked::{self, MissingOutcome};
use crate::app::findings::outcomes::{self, OutcomeView, OutcomesWritten};
use crate::app::tables;
use crate::domain::words::{OutcomeJudgement, Period};
use crate::error::Error;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};
use crate::storage::Id;
use crate::storage::queries::OutcomeFilter;

const TAG: &str = "Outcomes";

fn filter(call: &Call) -> OutcomeFilter {
    OutcomeFilter {
        updated_since: call.time("updatedSince"),
        indicator_id: call.any("indicatorId"),
        organisation_id: call.any("organisationId"),
        year: call.any("year"),
        period: call.any("period"),
        judgement: call.any("judgement"),
        without_action: call.q("withoutAction"),
    }
}

fn filtered(operation: Operation) -> Operation {
    operation
        .filter("organisationId", ParameterKind::Id, "Those of this organisation.")
        .filter("period", ParameterKind::words::<Period>(), "Those of this period.")
        .since()
        .filter("judgement", ParameterKind::words::<OutcomeJudgement>(), "Those that are judged so.")
        .query("withoutAction", ParameterKind::Flag, "Those at risk or missed without a linked action, or all others.")
}

fn of_period(operation: Operation) -> Operation {
    operation.path_form("period", ParameterKind::words::<Period>(), "Which period.")
}

pub fn operations() -> Vec<Operation> {
    vec![
        filtered(
            operation(
                "get",
                "/outcomes",
                "listOutcomes",
                TAG,
                ("Lista utfall", "List outcomes"),
                "What indicators came to, for the organisations that the caller has to do with.",
                Run::read(|r, caller, call| {
                    let (filter, listing) = (filter(call), call.listing());
                    listed(
                        r,
                        call,
                        |r| Answer::list(call, "/outcomes", outcomes::list(r, caller, &filter, &listing)?),
                        |r| tables::common::outcomes(r, caller, &filter, &listing),
                    )
                }),
            )
            .timed(),
        )
        .filter("indicatorId", ParameterKind::Id, "Those of this indicator.")
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of the goals of this year.")
        .lists::<OutcomeView>("A page of outcomes.", &["updatedAt"]),
        operation(
            "get",
            "/missing-outcomes",
            "listMissingOutcomes",
            TAG,
            ("Lista utfall som saknas", "List outcomes that are missing"),
            "What is asked and not answered in a period, and of whom: of the region itself, and of each body with the duty to plan \
             in the year, where the caller sees outcomes.",
            Run::read(|r, caller, call| {
                let (Some(year), Some(period)) = (call.q("year"), call.q("period")) else {
                    return Err(Error::internal("a required parameter is missing"));
                };
                let page = asked::missing(r, caller, (year, period), &call.any("organisationId"), &call.listing())?;
                Answer::list(call, "/missing-outcomes", page)
            }),
        )
        .timed()
        .needs("year", ParameterKind::Integer { least: 2000, most: 2100 }, "The year of the goals.")
        .needs("period", ParameterKind::words::<Period>(), "The period.")
        .filter("organisationId", ParameterKind::Id, "Those of this organisation.")
        .lists::<MissingOutcome>("A page of outcomes that are missing.", &[]),
        operation(
            "post",
            "/outcomes",
            "writeOutcomes",
            TAG,
            ("Skriv många utfall", "Write many outcomes"),
            "Writes up to 1,000 outcomes, all or none, for integrations: those that are there are changed, and what says \
             the same already is let be, so sending the same again does nothing. Every fault is told, with its place in \
             the list. An account of another system needs the scope `outcomes`, and to link actions `read` too.",
            Run::write(|w, caller, _, sent| Answer::secret(200, &outcomes::write_many(w, caller, sent)?)),
        )
        .ruled()
        .hands::<OutcomesWritten>(200, "How many were new, changed and as they were."),
        filtered(
            operation(
                "get",
                "/indicators/{id}/outcomes",
                "listOutcomesOfIndicator",
                TAG,
                ("Lista en indikators utfall", "List an indicator's outcomes"),
                "What one indicator came to, for the organisations that the caller has to do with.",
                Run::read(|r, caller, call| {
                    let id = call.id()?;
                    let page = outcomes::list_of(r, caller, id, filter(call), &call.listing())?;
                    Answer::list(call, &format!("/indicators/{id}/outcomes"), page)
                }),
            )
            .timed()
            .wide(),
        )
        .lists::<OutcomeView>("A page of outcomes.", &["updatedAt"]),
        of_period(operation(
            "get",
            "/indicators/{id}/outcomes/{organisationId}/{period}",
            "getOutcome",
            TAG,
            ("Läs ett utfall", "Get an outcome"),
            "What an indicator came to, for an organisation and a period.",
            Run::read(|r, caller, call| {
                let (organisation, period) = (call.path_word("organisationId")?, call.path_word("period")?);
                Answer::resource(&outcomes::get(r, caller, call.id()?, organisation, period)?)
            }),
        ))
        .timed()
        .wide()
        .gives::<OutcomeView>("The outcome."),
        of_period(operation(
            "put",
            "/indicators/{id}/outcomes/{organisationId}/{period}",
            "writeOutcome",
            TAG,
            ("Skriv ett utfall", "Write an outcome"),
            "Writes what an indicator came to. Numbers are kept to the digit, with a point.",
            Run::write(|w, caller, call, sent| {
                let id = call.id()?;
                let (organisation, period): (Id, Period) =
                    (call.path_word("organisationId")?, call.path_word("period")?);
                let (outcome, new) = outcomes::write(w, caller, id, organisation, period, sent)?;
                if new {
                    Answer::created(format!("/indicators/{id}/outcomes/{organisation}/{period}"), &outcome)
                } else {
                    Answer::resource(&outcome)
                }
            }),
        ))
        .guarded_or_new()
        .ruled()
        .gives::<OutcomeView>("The outcome as it has become.")
        .makes::<OutcomeView>("The new outcome."),
    ]
}
