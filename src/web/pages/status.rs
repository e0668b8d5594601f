//! The status of one control or action in a period: reporting it, everything that was reported, and corrections.

use askama::Template;

use super::files::{self, Files};
use super::known::{Names, scale, sees_plan};
use super::status_view::{StatusView, status_views};
use crate::app::caller::Caller;
use crate::app::contents::measures;
use crate::app::places::{manner_in, plan_target};
use crate::app::plan;
use crate::app::reporting::status_reports::{self, Standings};
use crate::domain::roles::{Target, Verb};
use crate::domain::values::{Counts, Reference};
use crate::domain::words::{ActionEffect, ActionStatus, Colour, ControlStatus, Period, Scale};
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{Action, ActionReport, Control, ControlReport, EvidenceOf, Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Stored, Timestamp};
use crate::web::ask::Ask;
use crate::web::earlier::Earlier;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, Html};

#[derive(Template)]
#[template(path = "pages/status.html")]
struct StatusPage<'a> {
    p: &'a Frame,
    files: Option<Files<'a>>,
    name: String,
    risk: Risk,
    plan: Plan,
    body: Organisation,
    sees_plan: bool,
    /// It is an action: it has an effect and an end.
    is_action: bool,
    now: StatusView,
    /// How it stood in the period before.
    before: Option<StatusView>,
    responsible: Option<Id>,
    /// Whoever looks sees the whole plan's follow-up.
    follows: bool,
    versions: Vec<Version>,
    people: Names,
    scale: Vec<Choice>,
    effects: Vec<Choice>,
    /// What was said of it in the period before.
    comments: Vec<Earlier>,
    report: Option<Form<'a>>,
    correction: Option<Form<'a>>,
}

/// One report, or a correction.
struct Version {
    word: Html,
    colour: Colour,
    effect: Option<(Html, Colour)>,
    comment: Option<String>,
    completed_on: Option<chrono::NaiveDate>,
    realised_effect: Option<String>,
    /// What was counted: the key of what, and how many.
    counts: Vec<(&'static str, i64)>,
    references: Vec<Reference>,
    secret: bool,
    by: Id,
    at: Timestamp,
    correction: Option<String>,
}

impl Version {
    fn of_control(p: &Frame, one: ControlReport) -> Self {
        let counts = one.counts.map_or_else(Counts::default, |counts| counts.0);
        let counts = [
            ("field-samples", counts.samples),
            ("field-faults", counts.faults),
            ("field-reportsReceived", counts.reports_received),
            ("field-reportsInvestigated", counts.reports_investigated),
        ];
        Self {
            completed_on: None,
            realised_effect: None,
            counts: counts.into_iter().filter_map(|(key, count)| Some((key, count?))).collect(),
            references: one.references.0,
            secret: one.secrecy.is_some(),
            word: p.worded(one.status),
            colour: one.status.colour(),
            effect: None,
            comment: one.comment,
            by: one.reported_by_id,
            at: one.reported_at,
            correction: one.correction_reason,
        }
    }

    fn of_action(p: &Frame, one: ActionReport) -> Self {
        Self {
            completed_on: one.completed_on,
            realised_effect: one.realised_effect,
            counts: Vec::new(),
            references: one.references.0,
            secret: one.secrecy.is_some(),
            word: p.worded(one.status),
            colour: one.status.colour(),
            effect: Some((p.worded(one.effect), one.effect.colour())),
            comment: one.comment,
            by: one.reported_by_id,
            at: one.reported_at,
            correction: one.correction_reason,
        }
    }
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (id, period): (Id, Period) = (ask.step("id")?, ask.step("period")?);
    let entity: String = ask.step("entity")?;
    let mut year = status_views(r, caller, p, &mut Standings::default(), &entity, id)?;
    year.retain(|one| one.period <= period);
    let now = year.pop().filter(|one| one.period == period).ok_or(Error::NotFound)?;
    let before = year.pop();
    let is_action = entity == Action::ENTITY;
    let every = Listing::all();
    let (name, responsible, risk, mut versions): (String, Option<Id>, Risk, Vec<Version>) = if is_action {
        let (part, risk, ..) = measures::find::<Action>(r, caller, id)?;
        let all = status_reports::action_versions(r, caller, id, period, &every)?.items;
        let all = all.into_iter().map(|one| Version::of_action(p, one)).collect();
        (part.name, part.responsible_id, risk, all)
    } else {
        let (part, risk, ..) = measures::find::<Control>(r, caller, id)?;
        let all = status_reports::control_versions(r, caller, id, period, &every)?.items;
        let all = all.into_iter().map(|one| Version::of_control(p, one)).collect();
        (part.name, part.responsible_id, risk, all)
    };
    versions.reverse();
    let people = Names::people(r, versions.iter().map(|one| Some(one.by)).chain([responsible.or(risk.owner_id)]))?;
    let (plan, body) = plan::load(r, risk.plan_id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let of = if is_action { EvidenceOf::Action(id) } else { EvidenceOf::Control(id) };
    // Of a plan that was never adopted nothing is followed up.
    let files = if plan.adopted_revision.is_some() { files::of(r, caller, ask, of, Some(period))? } else { None };
    ask.write(&StatusPage {
        p,
        files,
        name,
        is_action,
        sees_plan: sees_plan(caller, &plan, &body),
        scale: if is_action { scale::<ActionStatus>(p) } else { scale::<ControlStatus>(p) },
        effects: scale::<ActionEffect>(p),
        report: (p.is_now() && now.may.report).then(|| now.form(p, "status").kept()),
        correction: (p.is_now() && now.may.correct).then(|| now.correction(p, "correction")),
        comments: before
            .iter()
            .filter_map(|one| {
                let of = p.say_two("earlier-period", "period", p.in_text(one.period), "year", plan.year);
                Some(Earlier { of, text: one.comment.clone()? })
            })
            .collect(),
        now,
        before,
        responsible: responsible.or(risk.owner_id),
        follows: caller.sees(Verb::SeeFollowUp, &Target::Plan(plan_target(&plan, &body))),
        versions,
        people,
        risk,
        plan,
        body,
    })
}
