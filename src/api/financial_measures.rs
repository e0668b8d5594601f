//! `/plans/{id}/financial-measures`.

use crate::app::reporting::financial_measures;
use crate::domain::words::Period;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::records::FinancialMeasures;

const TAG: &str = "Financial measures";

fn of_period(operation: Operation) -> Operation {
    operation.path_form("period", ParameterKind::words::<Period>(), "Which period.")
}

pub fn operations() -> Vec<Operation> {
    vec![
        of_period(operation(
            "get",
            "/plans/{id}/financial-measures/{period}",
            "getFinancialMeasures",
            TAG,
            ("Läs de ekonomiska åtgärder som inte hör till någon risk", "Get the financial measures that belong to no risk"),
            "The body's measures that belong to no risk, as they stand in a period of its plan.",
            Run::read(|r, caller, call| {
                Answer::resource(&financial_measures::get(r, caller, call.id()?, call.path_word("period")?)?)
            }),
        ))
        .timed()
        .gives::<FinancialMeasures>("The measures."),
        of_period(operation(
            "put",
            "/plans/{id}/financial-measures/{period}",
            "writeFinancialMeasures",
            TAG,
            ("Skriv de ekonomiska åtgärder som inte hör till någon risk", "Write the financial measures that belong to no risk"),
            "Writes all of the body's measures that belong to no risk, as they stand in the period: what each is planned to \
             mean for the economy, and what it has meant so far in the plan's year. The report of the period sums them with \
             the actions. Taken once the plan has an adopted revision, and until the period is closed.",
            Run::write(|w, caller, call, sent| {
                let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                let (written, new) = financial_measures::write(w, caller, id, period, sent)?;
                if new {
                    Answer::created(format!("/plans/{id}/financial-measures/{period}"), &written)
                } else {
                    Answer::resource(&written)
                }
            }),
        ))
        .guarded_or_new()
        .ruled()
        .gives::<FinancialMeasures>("The measures as they have become.")
        .makes::<FinancialMeasures>("The new measures."),
    ]
}
