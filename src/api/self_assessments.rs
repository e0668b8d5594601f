//! `/plans/{id}/self-assessments`.

use crate::app::reporting::self_assessments;
use crate::domain::words::Period;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::records::SelfAssessment;

const TAG: &str = "Self-assessments";

fn of_period(operation: Operation) -> Operation {
    operation.path_form("period", ParameterKind::words::<Period>(), "Which period.")
}

pub fn operations() -> Vec<Operation> {
    vec![
        of_period(operation(
            "get",
            "/plans/{id}/self-assessments/{period}",
            "getSelfAssessment",
            TAG,
            ("Läs bedömningen av komponenterna", "Get the assessment of the components"),
            "The body's own judgement of the five COSO components, in a period of its plan.",
            Run::read(|r, caller, call| {
                Answer::resource(&self_assessments::get(r, caller, call.id()?, call.path_word("period")?)?)
            }),
        ))
        .timed()
        .gives::<SelfAssessment>("The judgement."),
        of_period(operation(
            "put",
            "/plans/{id}/self-assessments/{period}",
            "writeSelfAssessment",
            TAG,
            ("Skriv bedömningen av komponenterna", "Write the assessment of the components"),
            "Judges the components of internal control, each with its reason, and where wished the seventeen principles one \
             by one. The annual report needs all five. Taken once the plan has an adopted revision and until the report of the \
             period is final, whether or not the period is closed.",
            Run::write(|w, caller, call, sent| {
                let (id, period): (_, Period) = (call.id()?, call.path_word("period")?);
                let (assessment, new) = self_assessments::write(w, caller, id, period, sent)?;
                if new {
                    Answer::created(format!("/plans/{id}/self-assessments/{period}"), &assessment)
                } else {
                    Answer::resource(&assessment)
                }
            }),
        ))
        .guarded_or_new()
        .ruled()
        .gives::<SelfAssessment>("The judgement as it has become.")
        .makes::<SelfAssessment>("The new judgement."),
    ]
}
