//! Controls and actions, of one risk and across plans.

use std::str::FromStr;

use super::tables::listed;
use crate::app::contents::carried_dates::{self, CarriedDates};
use crate::app::contents::measures;
use crate::app::reporting::listed_measures::{self, StandingFilter};
use crate::app::tables;
use crate::domain::words::{ActionStatus, ControlStatus, Period, Word};
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};
use crate::storage::queries::PartFilter;
use crate::storage::records::{Action, Control};

const CONTROLS: &str = "Controls";
const ACTIONS: &str = "Actions";
const SORT: &[&str] = &["name", "position", "updatedAt"];

/// What a list of controls or of actions is filtered by.
pub fn filter(call: &Call) -> PartFilter {
    PartFilter {
        plan_id: call.any("planId"),
        risk_id: call.any("riskId"),
        organisation_id: call.any("organisationId"),
        year: call.any("year"),
        responsible_id: call.any("responsibleId"),
        updated_since: call.time("updatedSince"),
        q: call.q("q"),
        words: Vec::new(),
    }
}

/// And by how they stand.
pub fn standing<S: FromStr>(call: &Call) -> StandingFilter<S> {
    StandingFilter {
        period: call.q("period"),
        status: call.any("status"),
        reported: call.q("reported"),
        late: call.q("late"),
    }
}

/// The filters by how they stand: of those whose follow-up the caller may see.
fn by_standing<S: Word>(operation: Operation, late: &'static str) -> Operation {
    operation
        .query(
            "period",
            ParameterKind::words::<Period>(),
            "The period that `status` and `reported` are about; of each plan its first open one when not given.",
        )
        .filter("status", ParameterKind::words::<S>(), "Those with this status in the period.")
        .query("reported", ParameterKind::Flag, "Those that are due in the period and have, or lack, a status.")
        .query("late", ParameterKind::Flag, late)
}

fn filtered(operation: Operation) -> Operation {
    operation
        .filter("planId", ParameterKind::Id, "Those of this plan.")
        .filter("riskId", ParameterKind::Id, "Those of this risk.")
        .filter("organisationId", ParameterKind::Id, "Those of this body.")
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those in plans of this year.")
        .filter("responsibleId", ParameterKind::Id, "Those that this person is responsible for.")
        .since()
        .query("q", ParameterKind::Text { most: 200 }, "Those whose name holds this, without regard to case.")
}

pub fn operations() -> Vec<Operation> {
    let mut all = controls();
    all.extend(actions());
    all.push(
        operation(
            "post",
            "/plans/{id}/carried-dates",
            "setCarriedDates",
            ACTIONS,
            ("Ge överförda åtgärder datum", "Give carried actions their dates"),
            "Gives actions of a draft that were carried over, and have no dates, the same days as before, moved to the plan's \
             year: those that are named, or all.",
            Run::write(|w, caller, call, sent| Answer::view(&carried_dates::take(w, caller, call.id()?, sent)?)),
        )
        .optional_form()
        .ruled()
        .computes::<CarriedDates>("Which actions took them."),
    );
    all
}

fn controls() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/risks/{id}/controls",
            "listControlsOfRisk",
            CONTROLS,
            ("Lista riskens kontroller", "List a risk's controls"),
            "The controls of one risk, in their order.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = measures::controls_of(r, caller, id, &call.listing())?;
                Answer::list(call, &format!("/risks/{id}/controls"), page)
            }),
        )
        .timed()
        .lists::<Control>("A page of controls.", SORT),
        operation(
            "post",
            "/risks/{id}/controls",
            "createControl",
            CONTROLS,
            ("Lägg till en kontroll", "Add a control"),
            "Adds a control to a risk. In an adopted plan it says on which day it came, and is followed up from the period after.",
            Run::write(|w, caller, call, sent| {
                let made = measures::create_control(w, caller, call.id()?, sent)?;
                Answer::created(format!("/controls/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<Control>("The new control."),
        by_standing::<ControlStatus>(
            filtered(
                operation(
                    "get",
                    "/controls",
                    "listControls",
                    CONTROLS,
                    ("Lista kontroller", "List controls"),
                    "Controls over risks, plans and years, as far as the caller may see them.",
                    Run::read(|r, caller, call| {
                        let (filter, by, listing) = (filter(call), standing(call), call.listing());
                        listed(
                            r,
                            call,
                            |r| {
                                let page = listed_measures::list::<Control>(r, caller, &filter, &by, &listing)?;
                                Answer::list(call, "/controls", page)
                            },
                            |r| tables::measures::controls(r, caller, &filter, &by, &listing),
                        )
                    }),
                )
                .timed(),
            ),
            "Those that lack a status after the last day to report it, or the others.",
        )
        .lists::<Control>("A page of controls.", SORT),
        operation(
            "get",
            "/controls/{id}",
            "getControl",
            CONTROLS,
            ("Läs en kontroll", "Get a control"),
            "One control.",
            Run::read(|r, caller, call| Answer::resource(&measures::control(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Control>("The control."),
        operation(
            "patch",
            "/controls/{id}",
            "changeControl",
            CONTROLS,
            ("Ändra en kontroll", "Change a control"),
            "Changes a control. In an adopted plan only who is responsible.",
            Run::write(|w, caller, call, sent| {
                Answer::resource(&measures::change_control(w, caller, call.id()?, sent)?)
            }),
        )
        .guarded()
        .ruled()
        .gives::<Control>("The control as it has become."),
        operation(
            "delete",
            "/controls/{id}",
            "deleteControl",
            CONTROLS,
            ("Ta bort en kontroll", "Delete a control"),
            "Deletes a control of a draft. Its history stays, and so do the sealed revisions that hold it.",
            Run::write(|w, caller, call, sent| {
                measures::delete_control(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Deleted."),
    ]
}

fn actions() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/risks/{id}/actions",
            "listActionsOfRisk",
            ACTIONS,
            ("Lista riskens åtgärder", "List a risk's actions"),
            "The actions of one risk, in their order.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = measures::actions_of(r, caller, id, &call.listing())?;
                Answer::list(call, &format!("/risks/{id}/actions"), page)
            }),
        )
        .timed()
        .lists::<Action>("A page of actions.", SORT),
        operation(
            "post",
            "/risks/{id}/actions",
            "createAction",
            ACTIONS,
            ("Lägg till en åtgärd", "Add an action"),
            "Adds an action to a risk. After adoption it is marked as added.",
            Run::write(|w, caller, call, sent| {
                let made = measures::create_action(w, caller, call.id()?, sent)?;
                Answer::created(format!("/actions/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<Action>("The new action."),
        by_standing::<ActionStatus>(
            filtered(
                operation(
                    "get",
                    "/actions",
                    "listActions",
                    ACTIONS,
                    ("Lista åtgärder", "List actions"),
                    "Actions over risks, plans and years, as far as the caller may see them.",
                    Run::read(|r, caller, call| {
                        let (filter, by, listing) = (filter(call), standing(call), call.listing());
                        listed(
                            r,
                            call,
                            |r| {
                                let page = listed_measures::list::<Action>(r, caller, &filter, &by, &listing)?;
                                Answer::list(call, "/actions", page)
                            },
                            |r| tables::measures::actions(r, caller, &filter, &by, &listing),
                        )
                    }),
                )
                .timed(),
            ),
            "Those that lack a status after the last day to report it, or are past their end date and not completed; or the \
             others.",
        )
        .lists::<Action>("A page of actions.", SORT),
        operation(
            "get",
            "/actions/{id}",
            "getAction",
            ACTIONS,
            ("Läs en åtgärd", "Get an action"),
            "One action.",
            Run::read(|r, caller, call| Answer::resource(&measures::action(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Action>("The action."),
        operation(
            "patch",
            "/actions/{id}",
            "changeAction",
            ACTIONS,
            ("Ändra en åtgärd", "Change an action"),
            "Changes an action. In an adopted plan only who is responsible, and the end date with a reason.",
            Run::write(|w, caller, call, sent| {
                Answer::resource(&measures::change_action(w, caller, call.id()?, sent)?)
            }),
        )
        .guarded()
        .ruled()
        .gives::<Action>("The action as it has become."),
        operation(
            "delete",
            "/actions/{id}",
            "deleteAction",
            ACTIONS,
            ("Ta bort en åtgärd", "Delete an action"),
            "Deletes an action of a draft. Its history stays.",
            Run::write(|w, caller, call, sent| {
                measures::delete_action(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Deleted."),
    ]
}
