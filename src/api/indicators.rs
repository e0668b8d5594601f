//! `/indicators`.

use crate::app::contents::continued;
use crate::app::settings::indicators;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::IndicatorFilter;
use crate::storage::records::Indicator;

const TAG: &str = "Mål och indikatorer";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/indicators",
            "listIndicators",
            TAG,
            "Lista indikatorer",
            "How goals are measured. Everyone signed in sees all of them.",
            Run::read(|r, _, call| {
                let filter = IndicatorFilter {
                    goal_id: call.q("goalId"),
                    year: call.q("year"),
                    organisation_id: call.q("organisationId"),
                    q: call.q("q"),
                };
                Answer::list(call, "/indicators", indicators::list(r, &filter, &call.listing())?)
            }),
        )
        .timed()
        .query("goalId", ParameterKind::Id, "Those of this goal.")
        .query("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of the goals of this year.")
        .query("organisationId", ParameterKind::Id, "Those of the goals that belong to this organisation.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose name holds this, without regard to case.")
        .lists::<Indicator>("A page of indicators.", &["name", "position"]),
        operation(
            "post",
            "/indicators",
            "createIndicator",
            TAG,
            "Lägg till en indikator",
            "Adds an indicator to a goal, for whoever may change the goal.",
            Run::write(|w, caller, _, sent| {
                let made = continued::create_indicator(w, caller, sent)?;
                Answer::created(format!("/indicators/{}", made.id), &made)
            }),
        )
        .makes::<Indicator>("The new indicator."),
        operation(
            "get",
            "/indicators/{id}",
            "getIndicator",
            TAG,
            "Läs en indikator",
            "One indicator.",
            Run::read(|r, caller, call| Answer::resource(&indicators::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Indicator>("The indicator."),
        operation(
            "patch",
            "/indicators/{id}",
            "changeIndicator",
            TAG,
            "Ändra en indikator",
            "Changes an indicator. While a plan with a control that follows it lies before its board, its name stays.",
            Run::write(|w, caller, call, sent| Answer::resource(&indicators::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<Indicator>("The indicator as it has become."),
        operation(
            "delete",
            "/indicators/{id}",
            "deleteIndicator",
            TAG,
            "Ta bort en indikator",
            "Removes an indicator that no control follows and that has no outcome.",
            Run::write(|w, caller, call, sent| {
                indicators::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Removed; its history stays."),
    ]
}
