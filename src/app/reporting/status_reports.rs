//! What performers and risk owners report of controls and actions in a period: the newest counts, the earlier ones are
//! kept, and what comes after the board's decision stands beside as a correction.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::contents::measures::{self, Part};
use crate::app::follow_up::limits;
use crate::app::follow_up::{self as followed, ActionStanding, ControlStanding, Members, Membership, PeriodFrame};
use crate::app::plan::{self, Open};
use crate::app::reach;
use crate::app::sent::{Envelope, Sent};
use crate::domain::follow_up::{self, ActionFacts, PeriodVerb, ReportFault};
use crate::domain::life::Refusal;
use crate::domain::roles::{Target, Verb};
use crate::domain::values::{Counts, Reference, Secrecy};
use crate::domain::words::{ActionEffect, ActionStatus, Colour, ControlStatus, Period, Scale};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, Page};
use crate::storage::records::{Action, ActionReport, Control, ControlReport, Plan, Risk};
use crate::storage::{Id, Json, Reading, Stored, Timestamp, Writing};

/// What is reported of a control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ControlReportForm {
    pub status: ControlStatus,
    /// Yellow and red are explained, and so is a control that is postponed.
    #[schema(min_length = 1, max_length = 20000, example = "Två av trettio stickprov saknade attest.")]
    pub comment: Option<String>,
    pub counts: Option<Counts>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub references: Vec<Reference>,
    /// Marking of secrecy of the comment.
    pub secrecy: Option<Secrecy>,
}

/// What is reported of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActionReportForm {
    pub status: ActionStatus,
    /// In the annual period it is assessed.
    #[serde(default = "not_assessed")]
    #[schema(default = "notAssessed")]
    pub effect: ActionEffect,
    /// When the action was completed: it is not asked about in later periods.
    #[schema(example = "2024-04-26")]
    pub completed_on: Option<NaiveDate>,
    /// What it has meant for the economy so far in the plan's year, in Mnkr with one decimal. Negative is a cost.
    #[schema(pattern = r"^-?[0-9]{1,7}(\.[0-9])?$", example = "1.5")]
    pub realised_effect: Option<String>,
    /// Yellow and red are explained.
    #[schema(min_length = 1, max_length = 20000, example = "Utbildningen är genomförd i fyra av fem områden.")]
    pub comment: Option<String>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub references: Vec<Reference>,
    /// Marking of secrecy of the comment.
    pub secrecy: Option<Secrecy>,
}

fn not_assessed() -> ActionEffect {
    ActionEffect::NotAssessed
}

/// What comes to be known of a control after the board's decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ControlCorrectionForm {
    /// What should have been reported.
    pub report: ControlReportForm,
    /// Why it is corrected.
    #[schema(min_length = 1, max_length = 4000, example = "Stickproven i april hade räknats två gånger.")]
    pub reason: String,
}

/// What comes to be known of an action after the board's decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActionCorrectionForm {
    /// What should have been reported.
    pub report: ActionReportForm,
    /// Why it is corrected.
    #[schema(min_length = 1, max_length = 4000, example = "Utbildningen hölls först i maj.")]
    pub reason: String,
}

/// How a control stands in a period: what was reported and counts, or the dash of one that is not due.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlStatusView {
    pub control_id: Id,
    pub period: Period,
    pub due: bool,
    /// Null when it is due and nothing has been reported.
    pub status: Option<ControlStatus>,
    pub colour: Option<Colour>,
    pub comment: Option<String>,
    #[schema(value_type = Option<Counts>)]
    pub counts: Option<Json<Counts>>,
    #[schema(value_type = Vec<Reference>)]
    pub references: Json<Vec<Reference>>,
    #[schema(value_type = Option<Secrecy>)]
    pub secrecy: Option<Json<Secrecy>>,
    /// Which report in the period this is, from 1; 0 when nothing has been reported.
    pub sequence: i32,
    pub reported_by_id: Option<Id>,
    /// The person responsible, when somebody else reported.
    pub on_behalf_of_id: Option<Id>,
    pub reported_at: Option<Timestamp>,
}

/// How an action stands in a period. One that was completed earlier goes on to be what it was completed as.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActionStatusView {
    pub action_id: Id,
    pub period: Period,
    pub due: bool,
    /// Null when it is due and nothing has been reported.
    pub status: Option<ActionStatus>,
    pub colour: Option<Colour>,
    pub effect: Option<ActionEffect>,
    pub effect_colour: Option<Colour>,
    pub completed_on: Option<NaiveDate>,
    /// In Mnkr, so far in the plan's year; of one that was completed earlier, what was said last.
    #[schema(example = "1.5")]
    pub realised_effect: Option<String>,
    /// Past its end date and not completed.
    pub overdue: bool,
    /// Past its start date and still not started.
    pub late_to_start: bool,
    pub comment: Option<String>,
    #[schema(value_type = Vec<Reference>)]
    pub references: Json<Vec<Reference>>,
    #[schema(value_type = Option<Secrecy>)]
    pub secrecy: Option<Json<Secrecy>>,
    /// Which report in the period this is, from 1; 0 when nothing has been reported.
    pub sequence: i32,
    pub reported_by_id: Option<Id>,
    /// The person responsible, when somebody else reported.
    pub on_behalf_of_id: Option<Id>,
    pub reported_at: Option<Timestamp>,
}

fn none() -> Json<Vec<Reference>> {
    Json(Vec::new())
}

pub(super) fn control_view(control: Id, period: Period, standing: &ControlStanding) -> ControlStatusView {
    let report = standing.report;
    ControlStatusView {
        control_id: control,
        period,
        due: standing.due,
        status: standing.status,
        colour: standing.status.map(Scale::colour),
        comment: report.and_then(|r| r.comment.clone()),
        counts: report.and_then(|r| r.counts.clone()),
        references: report.map_or_else(none, |r| r.references.clone()),
        secrecy: report.and_then(|r| r.secrecy.clone()),
        sequence: report.map_or(0, |r| r.sequence),
        reported_by_id: report.map(|r| r.reported_by_id),
        on_behalf_of_id: report.and_then(|r| r.on_behalf_of_id),
        reported_at: report.map(|r| r.reported_at),
    }
}

pub(super) fn action_view(action: Id, period: Period, standing: &ActionStanding, today: NaiveDate) -> ActionStatusView {
    let report = standing.report;
    ActionStatusView {
        action_id: action,
        period,
        due: standing.due,
        status: standing.status,
        colour: standing.status.map(Scale::colour),
        effect: standing.effect,
        effect_colour: standing.effect.map(Scale::colour),
        completed_on: standing.completed_on,
        realised_effect: standing.realised_effect.clone(),
        overdue: standing.is_overdue(today),
        late_to_start: standing.is_late_to_start(today),
        comment: report.and_then(|r| r.comment.clone()),
        references: report.map_or_else(none, |r| r.references.clone()),
        secrecy: report.and_then(|r| r.secrecy.clone()),
        sequence: report.map_or(0, |r| r.sequence),
        reported_by_id: report.map(|r| r.reported_by_id),
        on_behalf_of_id: report.and_then(|r| r.on_behalf_of_id),
        reported_at: report.map(|r| r.reported_at),
    }
}

/// A control or action whose statuses the caller may see, with its risk and plan, and where it stands for rights.
fn see<P: Part>(r: &mut Reading, caller: &Caller, id: Id) -> Result<(P, Risk, Plan, Target)> {
    let found = measures::find::<P>(r, caller, id)?;
    caller.may(Verb::SeeFollowUp, &found.3)?;
    Ok(found)
}

/// A control as it is followed, or as it stands when it is not; and whether it is.
pub(super) fn followed_control(of: &Membership, risk: &Risk, control: &Control) -> Result<(Control, bool)> {
    let followed = if of.risk(risk).is_some() { of.control(control)? } else { None };
    let is_followed = followed.is_some();
    Ok((followed.unwrap_or_else(|| control.clone()), is_followed))
}

/// As for a control.
pub(super) fn followed_action(of: &Membership, risk: &Risk, action: &Action) -> (Action, bool) {
    let followed = of.action(action).filter(|_| of.risk(risk).is_some());
    let is_followed = followed.is_some();
    (followed.unwrap_or_else(|| action.clone()), is_followed)
}

/// What whoever asks may do about a status in a period, as role, plan and period stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    pub report: bool,
    pub correct: bool,
}

impl May {
    fn of(
        caller: &Caller,
        target: &Target,
        frame: &PeriodFrame,
        is_followed: bool,
        period: Period,
        today: NaiveDate,
    ) -> Self {
        let may =
            |verb: PeriodVerb| caller.sees(Verb::Report, target) && limits::may(frame, period, verb, today).is_ok();
        Self { report: is_followed && may(PeriodVerb::Report), correct: may(PeriodVerb::Correct) }
    }
}

/// Reads how controls and actions stand. Of each plan its periods, and what of it is followed, are read once.
#[derive(Default)]
pub struct Standings(HashMap<Id, (PeriodFrame, Members)>);

impl Standings {
    /// For these controls and actions, each with what it is: what is asked of all of them is read together.
    pub fn of<'e>(r: &mut Reading, caller: &Caller, parts: impl IntoIterator<Item = (&'e str, Id)>) -> Result<Self> {
        let (controls, actions): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|(entity, _)| *entity == Control::ENTITY);
        let [controls, actions] = [controls, actions].map(|all| all.into_iter().map(|(_, id)| id).collect::<Vec<Id>>());
        r.reports_of_controls(&controls)?;
        r.reports_of_actions(&actions)?;
        let mut risks: Vec<Id> = r.all::<Control>(controls)?.iter().map(|control| control.risk_id).collect();
        risks.extend(r.all::<Action>(actions)?.iter().map(|action| action.risk_id));
        let risks: Vec<Risk> = r.all(risks)?;
        reach::know_targets(r, caller, &risks)?;
        let plans: Vec<Plan> = r.all(risks.iter().map(|risk| risk.plan_id))?;
        let plans: Vec<&Plan> = plans.iter().collect();
        let frames = PeriodFrame::read_all(r, &plans)?;
        followed::know_followed(r, &frames)?;
        let mut known = HashMap::new();
        for frame in frames {
            let members = Members::read(r, &frame)?;
            known.insert(frame.plan.id, (frame, members));
        }
        Ok(Self(known))
    }

    fn plan(&mut self, r: &mut Reading, plan: &Plan) -> Result<&(PeriodFrame, Members)> {
        Ok(match self.0.entry(plan.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let frame = PeriodFrame::read(r, plan)?;
                let members = Members::read(r, &frame)?;
                new.insert((frame, members))
            }
        })
    }

    /// A control in each period of its year, in their order.
    pub fn control(&mut self, r: &mut Reading, caller: &Caller, id: Id) -> Result<Vec<(ControlStatusView, May)>> {
        let (control, risk, plan, target) = see::<Control>(r, caller, id)?;
        let reports = r.reports_of_control(id)?;
        let today = r.today();
        let (frame, members) = self.plan(r, &plan)?;
        let each = Period::ALL.iter().map(|period| {
            let (control, is_followed) = followed_control(members.at(*period), &risk, &control)?;
            let view = control_view(id, *period, &frame.control(&control, &reports, *period));
            Ok((view, May::of(caller, &target, frame, is_followed, *period, today)))
        });
        each.collect()
    }

    /// An action in each period of its year, in their order.
    pub fn action(&mut self, r: &mut Reading, caller: &Caller, id: Id) -> Result<Vec<(ActionStatusView, May)>> {
        let (action, risk, plan, target) = see::<Action>(r, caller, id)?;
        let reports = r.reports_of_action(id)?;
        let today = r.today();
        let (frame, members) = self.plan(r, &plan)?;
        let each = Period::ALL.iter().map(|period| {
            let (action, is_followed) = followed_action(members.at(*period), &risk, &action);
            let view = action_view(id, *period, &frame.action(&action, &reports, *period), today);
            (view, May::of(caller, &target, frame, is_followed, *period, today))
        });
        Ok(each.collect())
    }
}

/// The one of a period, of a year's.
fn in_period<V>(all: Vec<(V, May)>, period: Period) -> Result<V> {
    let found = Period::ALL.iter().zip(all).find(|(at, _)| **at == period);
    found.map(|(_, (view, _))| view).ok_or_else(|| Error::internal("a period that no year has"))
}

pub fn control_status(r: &mut Reading, caller: &Caller, id: Id, period: Period) -> Result<ControlStatusView> {
    in_period(Standings::default().control(r, caller, id)?, period)
}

pub fn action_status(r: &mut Reading, caller: &Caller, id: Id, period: Period) -> Result<ActionStatusView> {
    in_period(Standings::default().action(r, caller, id)?, period)
}

/// Everything that was reported of a control in a period, corrections too, oldest first.
pub fn control_versions(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    period: Period,
    listing: &Listing,
) -> Result<Page<ControlReport>> {
    see::<Control>(r, caller, id)?;
    Ok(listing.cut(r.reports_of_control(id)?.into_iter().filter(|x| x.period == period).collect()))
}

/// As for a control.
pub fn action_versions(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    period: Period,
    listing: &Listing,
) -> Result<Page<ActionReport>> {
    see::<Action>(r, caller, id)?;
    Ok(listing.cut(r.reports_of_action(id)?.into_iter().filter(|x| x.period == period).collect()))
}

/// A control or action to report on: the caller may, and its plan is locked.
fn open<P: Part>(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(P, Risk, Open)> {
    let (_, _, plan, target) = measures::find::<P>(w, caller, id)?;
    caller.authorize(Verb::Report, &target, sent)?;
    let (_, body) = plan::load(w, plan.id)?;
    let open = plan::lock(w, plan.id, body)?;
    // As it is under the lock: it may have gone, or be somebody else's since.
    let part: P = w.get(id)?;
    let risk: Risk = w.linked(part.risk())?;
    Ok((part, risk, open))
}

/// 409 for what does not stand in the adopted plan.
fn in_the_plan(followed: bool) -> Result<()> {
    if followed {
        return Ok(());
    }
    Err(outside_the_plan().into())
}

pub(super) fn outside_the_plan() -> Refusal {
    Refusal::new(
        "notInAdoptedPlan",
        "Detta står inte i den fastställda planen och följs inte upp.",
        "This does not stand in the adopted plan, and is not followed up.",
    )
}

/// 422 with what is wrong with a report that stands at `within` in the form.
fn refuse(within: &str, faults: Vec<ReportFault>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let told = |(at, r): ReportFault| Violation::new(format!("{within}{at}"), r.code, r.sv, r.en);
    Err(Error::Invalid(faults.into_iter().map(told).collect()))
}

/// Whoever is responsible, when it is somebody else who reports.
fn behalf(caller: &Caller, responsible: Option<Id>) -> Option<Id> {
    responsible.filter(|id| *id != caller.id())
}

fn next(sequences: impl Iterator<Item = i32>) -> i32 {
    sequences.max().unwrap_or(0) + 1
}

/// Reports the status of a control; true when it is the first report of the period.
pub fn report_control(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    period: Period,
    sent: &Sent<ControlReportForm>,
) -> Result<(ControlStatusView, bool)> {
    let (control, risk, open) = open::<Control>(w, caller, id, sent)?;
    let before = w.reports_of_control(id)?;
    let frame = PeriodFrame::read(w, &open.plan)?;
    let (control, is_followed) = followed_control(Members::read(w, &frame)?.at(period), &risk, &control)?;
    let standing = frame.control(&control, &before, period);
    let current = control_view(id, period, &standing);
    if current.sequence > 0 || !sent.only_new {
        sent.expect_current(&current)?;
    }
    let form = sent.judge()?;
    refuse("", follow_up::control_faults(form.status, form.comment.is_some(), standing.due, period))?;
    limits::require(&open, &frame, period, PeriodVerb::Report, w.today())?;
    in_the_plan(is_followed)?;
    let first = current.sequence == 0;
    if same_control(&current, &form) {
        return Ok((current, first));
    }
    let report = control_report(caller, &control, period, form, &before, None)?;
    w.create(open.at, "control.reported", &report)?;
    let reports: Vec<ControlReport> = before.into_iter().chain([report]).collect();
    Ok((control_view(id, period, &frame.control(&control, &reports, period)), first))
}

/// Whether this is what was reported already: sending it again tells nothing new.
pub(super) fn same_control(current: &ControlStatusView, form: &ControlReportForm) -> bool {
    current.sequence > 0
        && current.status == Some(form.status)
        && current.comment == form.comment
        && current.counts == form.counts.map(Json)
        && *current.references == form.references
        && current.secrecy.as_deref() == form.secrecy.as_ref()
}

pub(super) fn control_report(
    caller: &Caller,
    control: &Control,
    period: Period,
    form: ControlReportForm,
    before: &[ControlReport],
    correction_reason: Option<String>,
) -> Result<ControlReport> {
    Ok(ControlReport {
        id: Id::new(),
        control_id: control.id,
        plan_id: control.plan_id,
        period,
        sequence: next(before.iter().filter(|x| x.period == period).map(|x| x.sequence)),
        status: form.status,
        comment: form.comment,
        counts: form.counts.map(Json),
        references: Json(form.references),
        secrecy: form.secrecy.map(Json),
        correction_reason,
        reported_by_id: caller.user()?.id,
        on_behalf_of_id: behalf(caller, control.responsible_id),
        reported_at: Timestamp::now(),
        version: 1,
    })
}

/// Sets a truth that came late beside what the board decided on.
pub fn correct_control(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    period: Period,
    sent: &Sent<ControlCorrectionForm>,
) -> Result<ControlReport> {
    let (control, risk, open) = open::<Control>(w, caller, id, sent)?;
    let ControlCorrectionForm { report, reason } = sent.judge()?;
    let before = w.reports_of_control(id)?;
    let frame = PeriodFrame::read(w, &open.plan)?;
    let (control, _) = followed_control(Members::read(w, &frame)?.at(period), &risk, &control)?;
    let standing = frame.control(&control, &before, period);
    refuse("/report", follow_up::control_faults(report.status, report.comment.is_some(), standing.due, period))?;
    limits::require(&open, &frame, period, PeriodVerb::Correct, w.today())?;
    let made = control_report(caller, &control, period, report, &before, Some(reason.clone()))?;
    w.create_because(open.at, "control.corrected", &made, Some(&reason))?;
    Ok(made)
}

pub(super) fn action_facts(form: &ActionReportForm, action: &Action) -> ActionFacts {
    ActionFacts {
        status: form.status,
        effect: form.effect,
        completed_on: form.completed_on,
        commented: form.comment.is_some(),
        start: action.start_date,
    }
}

/// Reports the status and effect of an action; true when it is the first report of the period.
pub fn report_action(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    period: Period,
    sent: &Sent<ActionReportForm>,
) -> Result<(ActionStatusView, bool)> {
    let (action, risk, open) = open::<Action>(w, caller, id, sent)?;
    let before = w.reports_of_action(id)?;
    let frame = PeriodFrame::read(w, &open.plan)?;
    let (action, is_followed) = followed_action(Members::read(w, &frame)?.at(period), &risk, &action);
    let current = action_view(id, period, &frame.action(&action, &before, period), w.today());
    if current.sequence > 0 || !sent.only_new {
        sent.expect_current(&current)?;
    }
    let form = sent.judge()?;
    refuse("", follow_up::action_faults(&action_facts(&form, &action), period, w.today()))?;
    limits::require(&open, &frame, period, PeriodVerb::Report, w.today())?;
    in_the_plan(is_followed)?;
    let first = current.sequence == 0;
    if same_action(&current, &form) {
        return Ok((current, first));
    }
    let report = action_report(caller, &action, period, form, &before, None)?;
    w.create(open.at, "action.reported", &report)?;
    let reports: Vec<ActionReport> = before.into_iter().chain([report]).collect();
    Ok((action_view(id, period, &frame.action(&action, &reports, period), w.today()), first))
}

pub(super) fn same_action(current: &ActionStatusView, form: &ActionReportForm) -> bool {
    current.sequence > 0
        && current.status == Some(form.status)
        && current.effect == Some(form.effect)
        && current.completed_on == form.completed_on
        && current.realised_effect == form.realised_effect
        && current.comment == form.comment
        && *current.references == form.references
        && current.secrecy.as_deref() == form.secrecy.as_ref()
}

pub(super) fn action_report(
    caller: &Caller,
    action: &Action,
    period: Period,
    form: ActionReportForm,
    before: &[ActionReport],
    correction_reason: Option<String>,
) -> Result<ActionReport> {
    Ok(ActionReport {
        id: Id::new(),
        action_id: action.id,
        plan_id: action.plan_id,
        period,
        sequence: next(before.iter().filter(|x| x.period == period).map(|x| x.sequence)),
        status: form.status,
        effect: form.effect,
        completed_on: form.completed_on,
        comment: form.comment,
        references: Json(form.references),
        secrecy: form.secrecy.map(Json),
        correction_reason,
        reported_by_id: caller.user()?.id,
        on_behalf_of_id: behalf(caller, action.responsible_id),
        reported_at: Timestamp::now(),
        version: 1,
        realised_effect: form.realised_effect,
    })
}

/// As for a control.
pub fn correct_action(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    period: Period,
    sent: &Sent<ActionCorrectionForm>,
) -> Result<ActionReport> {
    let (action, risk, open) = open::<Action>(w, caller, id, sent)?;
    let frame = PeriodFrame::read(w, &open.plan)?;
    let (action, _) = followed_action(Members::read(w, &frame)?.at(period), &risk, &action);
    let ActionCorrectionForm { report, reason } = sent.judge()?;
    refuse("/report", follow_up::action_faults(&action_facts(&report, &action), period, w.today()))?;
    limits::require(&open, &frame, period, PeriodVerb::Correct, w.today())?;
    let before = w.reports_of_action(id)?;
    let made = action_report(caller, &action, period, report, &before, Some(reason.clone()))?;
    w.create_because(open.at, "action.corrected", &made, Some(&reason))?;
    Ok(made)
}
