//! The follow-up periods of a plan: their deadlines, what is missing in them, closing and opening them again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::report_snapshot;
use super::reports::return_because;
use crate::app::caller::Caller;
use crate::app::follow_up::limits;
use crate::app::follow_up::{Followed, PeriodFrame, Tally};
use crate::app::places::{path_ids, plan_target, region_place};
use crate::app::plan::forms::ReasonForm;
use crate::app::plan::{self, Open, year};
use crate::app::sent::{Envelope, Sent};
use crate::domain::checks::Missing;
use crate::domain::due;
use crate::domain::follow_up::{self, PeriodVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{ActionEffect, Colour, Period, PeriodStatus, ReportStatus, Scale};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Any, Listing, Page};
use crate::storage::records::{Deadline, Organisation, Plan, PlanPeriod};
use crate::storage::{Id, Reading, Timestamp, Writing};

/// A follow-up period of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeriodView {
    pub plan_id: Id,
    pub period: Period,
    /// What its report covers, first and last day.
    #[schema(example = "2024-01-01")]
    pub from: NaiveDate,
    #[schema(example = "2024-04-30")]
    pub to: NaiveDate,
    /// The last day to report; null when neither the region nor the body has set one.
    #[schema(example = "2024-05-17")]
    pub deadline: Option<NaiveDate>,
    /// The region's, which the body's own may only be earlier than.
    #[schema(example = "2024-05-24")]
    pub region_deadline: Option<NaiveDate>,
    /// The body's own, where it has set one; it counts while it is the earlier.
    #[schema(example = "2024-05-17")]
    pub own_deadline: Option<NaiveDate>,
    /// From when statuses are asked for; before that they may be given, but nobody is reminded.
    #[schema(example = "2024-04-16")]
    pub asked_from: Option<NaiveDate>,
    /// Due although it ended before the plan was first adopted.
    pub required: bool,
    /// False when nothing is asked in it: the plan is not adopted, or was first adopted after the period had ended.
    pub applies: bool,
    pub status: PeriodStatus,
    pub closed_on: Option<NaiveDate>,
    pub closed_by_id: Option<Id>,
    /// Why it was last opened again.
    pub reopening_reason: Option<String>,
    /// Why it was closed before its last day had passed.
    pub closing_reason: Option<String>,
    /// The deadline has passed, and something is missing.
    pub late: bool,
    #[serde(flatten)]
    pub tally: Tally,
    /// The newest report of the period.
    pub report: Option<PeriodReport>,
}

/// The newest report of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PeriodReport {
    pub id: Id,
    /// Its version, from 1.
    pub number: i32,
    pub status: ReportStatus,
    pub decided_on: Option<NaiveDate>,
    /// When it was delivered to the regional office.
    pub delivered_on: Option<NaiveDate>,
}

/// What the controller decides about a period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PeriodForm {
    /// The body's own last day to report, no later than the region's.
    #[schema(example = "2024-05-10")]
    pub deadline: Option<NaiveDate>,
    /// Due although it ended before the plan was first adopted.
    #[serde(default)]
    pub required: bool,
}

/// Why a period is closed before its last day has passed; nothing after it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PeriodClosureForm {
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: Option<String>,
}

/// The region's last day to report for a period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeadlineForm {
    #[schema(example = "2024-05-17")]
    pub due_on: NaiveDate,
    /// From when statuses are asked for, before the last day; fourteen days before the period's last day when not given.
    #[schema(example = "2024-04-16")]
    pub asked_from: Option<NaiveDate>,
}

/// How a control or an action stands in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusRow {
    /// `control` or `action`.
    #[schema(example = "control")]
    pub entity: String,
    pub id: Id,
    #[schema(example = "Stickprover och visselblåsningar")]
    pub name: String,
    pub responsible_id: Option<Id>,
    pub risk_id: Id,
    pub risk_number: Option<i32>,
    #[schema(example = "107565")]
    pub risk_reference: String,
    #[schema(example = "Risk för oegentligheter")]
    pub risk_name: String,
    pub due: bool,
    pub reported: bool,
    /// A control's or an action's status; null when it is due and missing.
    #[schema(example = "performedWithDeviations")]
    pub status: Option<String>,
    pub colour: Option<Colour>,
    /// An action's.
    pub effect: Option<ActionEffect>,
    pub effect_colour: Option<Colour>,
    pub completed_on: Option<NaiveDate>,
    pub comment: Option<String>,
    /// Past its end date and not completed.
    pub overdue: bool,
    /// Past its start date and still not started.
    pub late_to_start: bool,
    pub reported_at: Option<Timestamp>,
    pub reported_by_id: Option<Id>,
}

/// Which of a period's statuses.
#[derive(Debug, Clone, Default)]
pub struct StatusFilter {
    pub missing: Option<bool>,
    pub due: Option<bool>,
    pub colour: Any<Colour>,
    pub responsible_id: Any<Id>,
    pub risk_id: Any<Id>,
}

/// A period as the caller sees it.
fn seen(followed: &Followed, period: Period, today: NaiveDate) -> Result<PeriodView> {
    view(&followed.frame, followed.tally(period)?, period, today)
}

/// A period with what is due and missing in it.
pub fn view(frame: &PeriodFrame, tally: Tally, period: Period, today: NaiveDate) -> Result<PeriodView> {
    let (from, to) = due::period_bounds(frame.plan.year, period)
        .ok_or_else(|| Error::internal("a plan of a year without a calendar"))?;
    let row = frame.row(period);
    let (region_deadline, deadline) = frame.deadline(period);
    Ok(PeriodView {
        plan_id: frame.plan.id,
        period,
        from,
        to,
        deadline,
        region_deadline,
        own_deadline: row.and_then(|row| row.deadline),
        asked_from: frame.asked_from(period),
        required: row.is_some_and(|row| row.required),
        applies: frame.applies(period),
        status: frame.state(period).status,
        closed_on: row.and_then(|row| row.closed_on),
        closed_by_id: row.and_then(|row| row.closed_by_id),
        reopening_reason: row.and_then(|row| row.reopening_reason.clone()),
        closing_reason: row.and_then(|row| row.closing_reason.clone()),
        late: tally.missing > 0 && deadline.is_some_and(|last| last < today),
        tally,
        report: frame.reports.iter().rfind(|r| r.kind == period).map(|r| PeriodReport {
            id: r.id,
            number: r.number,
            status: r.status,
            decided_on: r.decided_on,
            delivered_on: r.delivered_on,
        }),
    })
}

/// The plan's follow-up, if the caller may see it before the board has decided on it.
fn see(r: &mut Reading, caller: &Caller, plan: Id) -> Result<Followed> {
    let (plan, body) = plan::load(r, plan)?;
    caller.may(Verb::SeeFollowUp, &Target::Plan(plan_target(&plan, &body)))?;
    Followed::read(r, &plan)
}

pub fn list(r: &mut Reading, caller: &Caller, plan: Id) -> Result<Vec<PeriodView>> {
    let followed = see(r, caller, plan)?;
    Period::ALL.iter().map(|period| seen(&followed, *period, r.today())).collect()
}

pub fn get(r: &mut Reading, caller: &Caller, plan: Id, period: Period) -> Result<PeriodView> {
    let followed = see(r, caller, plan)?;
    seen(&followed, period, r.today())
}

/// What the caller may do as controller in each period of a plan as it stands, in the periods' order.
pub fn allowed(r: &mut Reading, caller: &Caller, plan: Id) -> Result<Vec<Vec<PeriodVerb>>> {
    let (plan, body) = plan::load(r, plan)?;
    if !caller.sees(Verb::RecordDecision, &Target::Plan(plan_target(&plan, &body))) {
        return Ok(vec![Vec::new(); Period::ALL.len()]);
    }
    let frame = PeriodFrame::read(r, &plan)?;
    let may = |verb: &PeriodVerb, period: Period| limits::may(&frame, period, *verb, r.today()).is_ok();
    let verbs = |period: &Period| PeriodVerb::ALL.iter().copied().filter(|verb| may(verb, *period)).collect();
    Ok(Period::ALL.iter().map(verbs).collect())
}

/// How each control and action stands in a period, in the order of the plan.
pub fn statuses(
    r: &mut Reading,
    caller: &Caller,
    plan: Id,
    period: Period,
    filter: &StatusFilter,
    listing: &Listing,
) -> Result<Page<StatusRow>> {
    let followed = see(r, caller, plan)?;
    let mut rows = status_rows(&followed, period, r.today())?;
    rows.retain(|row| {
        filter.missing.is_none_or(|yes| yes == (row.due && !row.reported))
            && filter.due.is_none_or(|yes| yes == row.due)
            && (!filter.colour.is_given()
                || [row.colour, row.effect_colour].into_iter().flatten().any(|colour| filter.colour.takes(colour)))
            && filter.responsible_id.takes_maybe(row.responsible_id)
            && filter.risk_id.takes(row.risk_id)
    });
    Ok(listing.cut(rows))
}

/// How each control and action stands in a period, in the order of the plan: a risk's controls, then its actions.
pub fn status_rows(followed: &Followed, period: Period, today: NaiveDate) -> Result<Vec<StatusRow>> {
    let mut rows = Vec::new();
    let contents = followed.at(period);
    for risk in &contents.risks {
        let row = |entity: &str, id, name: &str, responsible_id| StatusRow {
            entity: entity.into(),
            id,
            name: name.into(),
            responsible_id,
            risk_id: risk.id,
            risk_number: risk.shown_number(),
            risk_reference: risk.reference.clone(),
            risk_name: risk.name.clone(),
            due: false,
            reported: false,
            status: None,
            colour: None,
            effect: None,
            effect_colour: None,
            completed_on: None,
            comment: None,
            overdue: false,
            late_to_start: false,
            reported_at: None,
            reported_by_id: None,
        };
        for control in contents.controls.iter().filter(|c| c.risk_id == risk.id) {
            let standing = followed.control(control, period);
            rows.push(StatusRow {
                due: standing.due,
                reported: standing.report.is_some(),
                status: standing.status.map(|s| s.as_str().into()),
                colour: standing.status.map(Scale::colour),
                comment: standing.report.and_then(|x| x.comment.clone()),
                reported_at: standing.report.map(|x| x.reported_at),
                reported_by_id: standing.report.map(|x| x.reported_by_id),
                ..row("control", control.id, &control.name, control.responsible_id)
            });
        }
        for action in contents.actions.iter().filter(|a| a.risk_id == risk.id) {
            let standing = followed.action(action, period);
            rows.push(StatusRow {
                due: standing.due,
                reported: standing.report.is_some(),
                status: standing.status.map(|s| s.as_str().into()),
                colour: standing.status.map(Scale::colour),
                effect: standing.effect,
                effect_colour: standing.effect.map(Scale::colour),
                completed_on: standing.completed_on,
                comment: standing.report.and_then(|x| x.comment.clone()),
                overdue: standing.is_overdue(today),
                late_to_start: standing.is_late_to_start(today),
                reported_at: standing.report.map(|x| x.reported_at),
                reported_by_id: standing.report.map(|x| x.reported_by_id),
                ..row("action", action.id, &action.name, action.responsible_id)
            });
        }
    }
    Ok(rows)
}

/// What is due in a period and not reported, in the order of the plan.
fn missing(followed: &Followed, period: Period, today: NaiveDate) -> Result<Vec<Missing>> {
    let rows = status_rows(followed, period, today)?.into_iter().filter(|row| row.due && !row.reported);
    let told = |row: StatusRow| {
        let (entity, word) = if row.entity == "control" { ("control", "Kontrollen") } else { ("action", "Åtgärden") };
        Missing {
            code: "statusMissing",
            entity,
            id: Some(row.id.0),
            number: row.risk_number,
            field: Some("status"),
            sv: format!("{word} ”{}” saknar status.", row.name),
            en: format!("The {entity} “{}” has no status.", row.name),
        }
    };
    Ok(rows.map(told).collect())
}

/// A period that a verb of the controller works on: the plan locked, and its follow-up as it then is.
fn open(w: &mut Writing, caller: &Caller, plan: Id, sent: &Envelope) -> Result<(Open, Followed)> {
    let (plan, body) = plan::load(w, plan)?;
    caller.authorize(Verb::RecordDecision, &Target::Plan(plan_target(&plan, &body)), sent)?;
    let open = plan::lock(w, plan.id, body)?;
    let followed = Followed::read(w, &open.plan)?;
    Ok((open, followed))
}

/// Stores what has been decided about a period.
fn write(
    w: &mut Writing,
    open: &Open,
    frame: &PeriodFrame,
    period: Period,
    kind: &'static str,
    reason: Option<&str>,
    what: impl FnOnce(&mut PlanPeriod),
) -> Result<()> {
    let now = Timestamp::now();
    match frame.row(period) {
        Some(old) => {
            let mut new = old.clone();
            what(&mut new);
            w.change(open.at, kind, old, &mut new, reason)?;
        }
        None => {
            let mut new = PlanPeriod {
                id: Id::new(),
                plan_id: open.plan.id,
                period,
                deadline: None,
                required: false,
                status: PeriodStatus::Open,
                closed_on: None,
                closed_by_id: None,
                reopening_reason: None,
                followed_sha256: None,
                created_at: now,
                updated_at: now,
                version: 1,
                closing_reason: None,
            };
            what(&mut new);
            w.create_because(open.at, kind, &new, reason)?;
        }
    }
    Ok(())
}

fn as_it_became(w: &mut Writing, open: &Open, period: Period) -> Result<PeriodView> {
    let plan: Plan = w.linked(open.plan.id)?;
    seen(&Followed::read(w, &plan)?, period, w.today())
}

/// Sets the body's own deadline, or says that a period is due although it ended before the plan was adopted.
pub fn change(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    period: Period,
    sent: &Sent<PeriodForm>,
) -> Result<PeriodView> {
    let (open, followed) = open(w, caller, plan, sent)?;
    let current = seen(&followed, period, w.today())?;
    sent.expect_current(&current)?;
    let own = followed.frame.row(period).and_then(|row| row.deadline);
    let form = sent.merged(&PeriodForm { deadline: own, required: current.required })?;
    let mut faults = Vec::new();
    if let Some(day) = form.deadline.filter(|day| own != Some(*day)) {
        if current.region_deadline.is_some_and(|last| day > last) {
            faults.push(Violation::new(
                "/deadline",
                "afterRegions",
                "Datumet ligger efter den gemensamma sista dagen.",
                "The date is after the last day that everyone has.",
            ));
        }
        if day <= current.to {
            faults.push(before_end("/deadline"));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    limits::require(&open, &followed.frame, period, PeriodVerb::Change, w.today())?;
    write(w, &open, &followed.frame, period, "period.changed", None, |row| {
        row.deadline = form.deadline;
        row.required = form.required;
    })?;
    as_it_became(w, &open, period)
}

fn before_end(at: &str) -> Violation {
    Violation::new(
        at,
        "beforePeriodEnds",
        "Sista dagen ska ligga efter periodens slut.",
        "The last day must come after the end of the period.",
    )
}

/// Closes a period. Refused while something due is missing, with all that is. What it was about is sealed: its rows and sums
/// stay so, whatever a later revision makes of the plan. Before its last day has passed it takes a
/// reason: a board that meets then could not decide on its report otherwise.
pub fn close(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    period: Period,
    sent: &Sent<PeriodClosureForm>,
) -> Result<PeriodView> {
    let (open, followed) = open(w, caller, plan, sent)?;
    let current = seen(&followed, period, w.today())?;
    sent.expect_current(&current)?;
    let form = sent.judge()?;
    if let Some(fault) = follow_up::closing_fault(w.today(), current.to, form.reason.is_some()) {
        return Err(Error::invalid(Violation::new("/reason", fault.code, fault.sv, fault.en)));
    }
    let verb = if form.reason.is_some() { PeriodVerb::CloseEarly } else { PeriodVerb::Close };
    limits::require(&open, &followed.frame, period, verb, w.today())?;
    let missing = missing(&followed, period, w.today())?;
    if !missing.is_empty() {
        return Err(Error::Missing(missing));
    }
    let (by, today) = (caller.user()?.id, w.today());
    let frozen = report_snapshot::followed_plan(w, &open.body, &open.policy, &followed, period)?;
    let sha256 = w.seal_json(&frozen)?;
    write(w, &open, &followed.frame, period, "period.closed", form.reason.as_deref(), |row| {
        row.followed_sha256 = Some(sha256);
        row.status = PeriodStatus::Closed;
        row.closed_on = Some(today);
        row.closed_by_id = Some(by);
        row.closing_reason = form.reason.clone();
    })?;
    as_it_became(w, &open, period)
}

/// Opens a closed period again, with a reason. A report that was final, and not decided, is a draft again.
pub fn reopen(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    period: Period,
    sent: &Sent<ReasonForm>,
) -> Result<PeriodView> {
    let (open, followed) = open(w, caller, plan, sent)?;
    let form = sent.judge()?;
    follow_up::may(PeriodVerb::Reopen, &followed.frame.state(period), w.today())?;
    write(w, &open, &followed.frame, period, "period.reopened", Some(&form.reason), |row| {
        row.status = PeriodStatus::Open;
        row.closed_on = None;
        row.closed_by_id = None;
        row.closing_reason = None;
        row.followed_sha256 = None;
        row.reopening_reason = Some(form.reason.clone());
    })?;
    for old in followed.frame.reports.iter().filter(|r| r.kind == period && r.status == ReportStatus::Final) {
        return_because(w, &open, old, &form.reason)?;
    }
    as_it_became(w, &open, period)
}

// Deadlines.

pub fn deadlines(r: &mut Reading, year: impl Into<Any<i32>>, listing: &Listing) -> Result<Page<Deadline>> {
    Ok(listing.cut(r.deadlines(year)?))
}

pub fn deadline(r: &mut Reading, year: i32, period: Period) -> Result<Deadline> {
    r.deadlines(year)?.into_iter().find(|d| d.period == period).ok_or(Error::NotFound)
}

/// Sets the region's last day to report for a period of a year; true when it is new.
pub fn set_deadline(
    w: &mut Writing,
    caller: &Caller,
    year: i32,
    period: Period,
    sent: &Sent<DeadlineForm>,
) -> Result<(Deadline, bool)> {
    let root: Organisation = {
        let id = w.root_id()?;
        w.linked(id)?
    };
    caller.authorize(Verb::ManageRegionSettings, &Target::Settings { path: path_ids(&root.path) }, sent)?;
    if !year::YEARS.contains(&year) {
        return Err(Error::NotFound);
    }
    w.lock_year(year)?;
    let old = w.deadlines(year)?.into_iter().find(|d| d.period == period);
    match &old {
        Some(old) => sent.expect_current(old)?,
        None => sent.expect_new()?,
    }
    let form = sent.judge()?;
    if due::period_bounds(year, period).is_none_or(|(_, last)| form.due_on <= last) {
        return Err(Error::invalid(before_end("/dueOn")));
    }
    if form.asked_from.is_some_and(|from| from > form.due_on) {
        return Err(Error::invalid(Violation::new(
            "/askedFrom",
            "afterDeadline",
            "Dagen då statusarna börjar efterfrågas ska ligga före sista dagen.",
            "The day from which statuses are asked for must come before the last day.",
        )));
    }
    let at = region_place(w)?;
    match old {
        Some(old) => {
            let mut new = Deadline { due_on: form.due_on, asked_from: form.asked_from, ..old.clone() };
            w.change(at, "deadline.changed", &old, &mut new, None)?;
            Ok((new, false))
        }
        None => {
            let now = Timestamp::now();
            let new = Deadline {
                id: Id::new(),
                year,
                period,
                due_on: form.due_on,
                asked_from: form.asked_from,
                created_at: now,
                updated_at: now,
                version: 1,
            };
            w.create(at, "deadline.set", &new)?;
            Ok((new, true))
        }
    }
}
