//! `/goals`.

use super::tables::listed;
use crate::app::contents::continued;
use crate::app::settings::goals;
use crate::app::tables;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::GoalFilter;
use crate::storage::records::Goal;

const TAG: &str = "Goals and indicators";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/goals",
            "listGoals",
            TAG,
            ("Lista mål", "List goals"),
            "The trees of goals: the region's, with the bodies' and units' own below them. Everyone signed in sees all of them.",
            Run::read(|r, _, call| {
                let filter = GoalFilter {
                    updated_since: call.time("updatedSince"),
                    year: call.any("year"),
                    organisation_id: call.any("organisationId"),
                    parent_id: call.any("parentId"),
                    q: call.q("q"),
                    words: Vec::new(),
                };
                let listing = call.listing();
                listed(
                    r,
                    call,
                    |r| Answer::list(call, "/goals", goals::list(r, &filter, &listing)?),
                    |r| tables::common::goals(r, &filter, &listing),
                )
            }),
        )
        .timed()
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of this year.")
        .filter("organisationId", ParameterKind::Id, "Those that belong to this organisation.")
        .filter("parentId", ParameterKind::Id, "Those right below this one.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose name holds this, without regard to case.")
        .since()
        .lists::<Goal>("A page of goals.", &["year", "number", "name", "position"]),
        operation(
            "post",
            "/goals",
            "createGoal",
            TAG,
            ("Lägg till ett mål", "Add a goal"),
            "Adds a goal. The region's are the regional office's to add; a body's or unit's own, the body's. What stands in drafts of its year under the goal that it continues moves over to it: risks, indicators of controls, and the plan's own order of goals.",
            Run::write(|w, caller, _, sent| {
                let made = continued::create_goal(w, caller, sent)?;
                Answer::created(format!("/goals/{}", made.id), &made)
            }),
        )
        .makes::<Goal>("The new goal."),
        operation(
            "get",
            "/goals/{id}",
            "getGoal",
            TAG,
            ("Läs ett mål", "Get a goal"),
            "One goal.",
            Run::read(|r, caller, call| Answer::resource(&goals::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Goal>("The goal."),
        operation(
            "patch",
            "/goals/{id}",
            "changeGoal",
            TAG,
            ("Ändra ett mål", "Change a goal"),
            "Changes or moves a goal. Adopted plans keep the words that were decided on; while a plan with the goal lies before its board, name and number stay.",
            Run::write(|w, caller, call, sent| Answer::resource(&continued::change_goal(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<Goal>("The goal as it has become."),
        operation(
            "delete",
            "/goals/{id}",
            "deleteGoal",
            TAG,
            ("Ta bort ett mål", "Delete a goal"),
            "Removes a goal that nothing leans on: no goals below it, indicators, risks, mandatory risks, orders of goals, or goals that continue it.",
            Run::write(|w, caller, call, sent| goals::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .ruled()
        .empties("Removed; its history stays."),
    ]
}
