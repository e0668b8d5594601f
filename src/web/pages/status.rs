//! The status of one control or action in a period: reporting it, everything that was reported, and corrections.

use askama::Template;

use super::known::{Names, scale};
use crate::app::submission::etag;
use crate::app::{Caller, measures, periods, plans, status_reports};
use crate::domain::roles::Verb;
use crate::domain::words::{ActionEffect, ActionStatus, Colour, ControlStatus, Period, PeriodStatus, Scale};
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{Action, Control, Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Timestamp};
use crate::web::Ask;
use crate::web::form::{Choice, Form};
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "pages/status.html")]
struct Shown<'a> {
    p: &'a Frame,
    name: String,
    risk: Risk,
    plan: Plan,
    body: Organisation,
    period: Period,
    /// It is an action: it has an effect and an end.
    is_action: bool,
    due: bool,
    now: Said,
    versions: Vec<Version>,
    people: Names,
    scale: Vec<Choice>,
    effects: Vec<Choice>,
    form: Form<'a>,
    correction: Form<'a>,
    may_report: bool,
    may_correct: bool,
}

/// What counts now, as the form shows it.
#[derive(Default)]
struct Said {
    status: String,
    effect: String,
    completed_on: String,
    comment: String,
}

/// One report, or a correction.
struct Version {
    word: String,
    colour: Option<Colour>,
    effect: Option<(String, Option<Colour>)>,
    comment: Option<String>,
    by: Id,
    at: Timestamp,
    correction: Option<String>,
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (id, period): (Id, Period) = (ask.step("id")?, ask.step("period")?);
    let is_action = match ask.path.get("entity").map(String::as_str) {
        Some("control") => false,
        Some("action") => true,
        _ => return Err(Error::NotFound),
    };
    let (name, risk, target, sequence, tag, due, now, mut versions);
    if is_action {
        let (part, of, _, reach) = measures::find::<Action>(r, caller, id)?;
        let view = status_reports::action_status(r, caller, id, period)?;
        (sequence, due, tag) = (view.sequence, view.due, etag(&view)?);
        let reported = sequence > 0;
        now = Said {
            status: view.status.filter(|_| reported).map(|s| s.as_str().into()).unwrap_or_default(),
            effect: view.effect.map_or("notAssessed", |e| e.as_str()).into(),
            completed_on: view.completed_on.map(|day| day.to_string()).unwrap_or_default(),
            comment: view.comment.unwrap_or_default(),
        };
        versions = status_reports::action_versions(r, caller, id, period, &Listing::all())?
            .items
            .into_iter()
            .map(|one| Version {
                word: p.word(one.status),
                colour: Some(one.status.colour()),
                effect: Some((p.word(one.effect), Some(one.effect.colour()))),
                comment: one.comment,
                by: one.reported_by_id,
                at: one.reported_at,
                correction: one.correction_reason,
            })
            .collect::<Vec<_>>();
        (name, risk, target) = (part.name, of, reach);
    } else {
        let (part, of, _, reach) = measures::find::<Control>(r, caller, id)?;
        let view = status_reports::control_status(r, caller, id, period)?;
        (sequence, due, tag) = (view.sequence, view.due, etag(&view)?);
        let reported = sequence > 0;
        now = Said {
            status: view.status.filter(|_| reported).map(|s| s.as_str().into()).unwrap_or_default(),
            comment: view.comment.unwrap_or_default(),
            ..Said::default()
        };
        versions = status_reports::control_versions(r, caller, id, period, &Listing::all())?
            .items
            .into_iter()
            .map(|one| Version {
                word: p.word(one.status),
                colour: Some(one.status.colour()),
                effect: None,
                comment: one.comment,
                by: one.reported_by_id,
                at: one.reported_at,
                correction: one.correction_reason,
            })
            .collect::<Vec<_>>();
        (name, risk, target) = (part.name, of, reach);
    }
    versions.reverse();
    let people = Names::people(r, versions.iter().map(|one| Some(one.by)))?;
    let (plan, body) = plans::load(r, risk.plan_id)?;
    let may = p.is_now() && caller.sees(Verb::Report, &target);
    let state = match periods::get(r, caller, plan.id, period) {
        Ok(view) => Some(view),
        // Who does not see the whole period reports all the same what is theirs.
        Err(Error::NotFound | Error::Forbidden(_)) => None,
        Err(other) => return Err(other),
    };
    let closed = state.as_ref().is_some_and(|view| view.status == PeriodStatus::Closed);
    let acts =
        if is_action { ("reportAction", "correctActionReport") } else { ("reportControl", "correctControlReport") };
    let form = p.form(acts.0, "status").at("id", id).at("period", period);
    let form = if sequence == 0 { form.fresh() } else { form.tagged(tag) };
    ask.write(&Shown {
        p,
        name,
        period,
        is_action,
        due,
        now,
        versions,
        people,
        scale: if is_action { scale::<ActionStatus>(p) } else { scale::<ControlStatus>(p) },
        effects: scale::<ActionEffect>(p),
        form,
        correction: p.form(acts.1, "correction").at("id", id).at("period", period),
        may_report: may && !closed,
        may_correct: may && closed && sequence > 0,
        risk,
        plan,
        body,
    })
}
