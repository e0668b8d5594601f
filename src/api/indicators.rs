//! `/indicators`.

use super::tables::listed;
use crate::app::contents::continued::{self, ContinuedIndicators};
use crate::app::settings::{indicators, local_targets};
use crate::app::tables;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::IndicatorFilter;
use crate::storage::records::{Indicator, LocalTarget};

const TAG: &str = "Goals and indicators";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/indicators",
            "listIndicators",
            TAG,
            ("Lista indikatorer", "List indicators"),
            "How goals are measured. Everyone signed in sees all of them.",
            Run::read(|r, caller, call| {
                let filter = IndicatorFilter {
                    updated_since: call.time("updatedSince"),
                    goal_id: call.any("goalId"),
                    year: call.any("year"),
                    organisation_id: call.any("organisationId"),
                    q: call.q("q"),
                    words: Vec::new(),
                };
                let listing = call.listing();
                listed(
                    r,
                    call,
                    |r| Answer::list(call, "/indicators", indicators::list(r, &filter, &listing)?),
                    |r| tables::common::indicators(r, caller, &filter, &listing),
                )
            }),
        )
        .timed()
        .filter("goalId", ParameterKind::Id, "Those of this goal.")
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of the goals of this year.")
        .filter("organisationId", ParameterKind::Id, "Those that belong to this organisation.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose name holds this, without regard to case.")
        .since()
        .lists::<Indicator>("A page of indicators.", &["name", "position"]),
        operation(
            "post",
            "/indicators",
            "createIndicator",
            TAG,
            ("Lägg till en indikator", "Add an indicator"),
            "Adds an indicator to a goal, for whoever may change the goals of its owner: that of the goal, or an organisation below it, as a board that measures a goal of the region's in its own way.",
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
            ("Läs en indikator", "Get an indicator"),
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
            ("Ändra en indikator", "Change an indicator"),
            "Changes an indicator. While a plan with a control that follows it lies before its board, its name stays. Whoever writes a target stands by all of them: those that were taken over from an earlier year are then confirmed.",
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
            ("Ta bort en indikator", "Delete an indicator"),
            "Removes an indicator that no control follows, that has no outcome, and that no later one continues.",
            Run::write(|w, caller, call, sent| {
                indicators::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Removed; its history stays."),
        operation(
            "get",
            "/indicators/{id}/local-targets/{organisationId}",
            "getLocalTarget",
            TAG,
            ("Läs ett lokalt målvärde", "Get a local target"),
            "What an indicator aims at for one of the bodies that it concerns, where that has a target of its own.",
            Run::read(|r, caller, call| {
                Answer::resource(&local_targets::get(r, caller, call.id()?, call.path_word("organisationId")?)?)
            }),
        )
        .timed()
        .gives::<LocalTarget>("The body's own target."),
        operation(
            "put",
            "/indicators/{id}/local-targets/{organisationId}",
            "setLocalTarget",
            TAG,
            ("Sätt ett lokalt målvärde", "Set a local target"),
            "Sets what an indicator above a body aims at for the body itself, for whoever may change the body's own goals. It \
             stands with the indicator (`localTargets`), whose history tells of it. Targets that were taken over from an earlier \
             year are not confirmed by it.",
            Run::write(|w, caller, call, sent| {
                let (id, body) = (call.id()?, call.path_word("organisationId")?);
                let (target, new) = local_targets::set(w, caller, id, body, sent)?;
                if new {
                    Answer::created(format!("/indicators/{id}/local-targets/{body}"), &target)
                } else {
                    Answer::resource(&target)
                }
            }),
        )
        .guarded_or_new()
        .gives::<LocalTarget>("The target as it has become.")
        .makes::<LocalTarget>("The body's new target."),
        operation(
            "delete",
            "/indicators/{id}/local-targets/{organisationId}",
            "withdrawLocalTarget",
            TAG,
            ("Återkalla ett lokalt målvärde", "Withdraw a local target"),
            "Takes a body's own target back: it aims again at what the board decided, or else the council.",
            Run::write(|w, caller, call, sent| {
                local_targets::withdraw(w, caller, call.id()?, call.path_word("organisationId")?, sent)
                    .map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .empties("Withdrawn; its history stays."),
        operation(
            "post",
            "/organisations/{id}/continued-indicators",
            "continueIndicators",
            TAG,
            ("Ta över ett års indikatorer", "Take over a year's indicators"),
            "Takes an organisation's own indicators of a year over into the next: each continues the one before it, under the goal \
             that continues its goal. The target is the one that was decided of that year (`laterTargets`); where none was, the \
             targets go along and are to be confirmed. Doing it again adds nothing but what is missing.",
            Run::write(|w, caller, call, sent| {
                Answer::view(&continued::continue_indicators(w, caller, call.id()?, sent)?)
            }),
        )
        .computes::<ContinuedIndicators>("What was made, and what stays behind."),
    ]
}
