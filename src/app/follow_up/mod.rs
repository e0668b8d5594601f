//! What a plan's follow-up is about: which controls and actions are due in a period, and what has been reported of them.
//!
//! It follows the plan's adopted revision, also while the next one is drafted. Nothing here writes.

pub mod limits;

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, RwLock};

use chrono::NaiveDate;
use riskregister_document::snapshot as doc;
use serde::Serialize;
use utoipa::ToSchema;

use super::plan::sealed;
use crate::domain::due::{self, ActionSchedule, ControlSchedule};
use crate::domain::follow_up::PeriodState;
use crate::domain::words::{
    ActionEffect, ActionStatus, Colour, ControlStatus, Period, PeriodStatus, PlanStatus, ReportStatus, Scale,
};
use crate::error::{Error, Result};
use crate::storage::records::{Action, ActionReport, Control, ControlReport, Deadline, Plan, PlanPeriod, Report, Risk};
use crate::storage::{Id, Json, Reading, Timestamp};

/// From when a period's statuses are asked for: as the region has set it in the deadlines of a year, or else as it is by itself.
pub fn asked_from(deadlines: &[Deadline], year: i32, period: Period) -> Option<NaiveDate> {
    let set = deadlines.iter().find(|d| d.period == period).and_then(|d| d.asked_from);
    set.or_else(|| due::asked_from(year, period))
}

/// The periods of a plan: their deadlines, what is decided about them, and their reports.
pub struct PeriodFrame {
    pub plan: Plan,
    /// When the board first adopted the plan; none while it has not.
    pub first_adopted_on: Option<NaiveDate>,
    pub periods: Vec<PlanPeriod>,
    pub reports: Vec<Report>,
    pub deadlines: Vec<Deadline>,
}

impl PeriodFrame {
    pub fn read(r: &mut Reading, plan: &Plan) -> Result<Self> {
        Self::read_all(r, &[plan])?.pop().ok_or_else(|| Error::internal("a plan without its periods"))
    }

    /// Those of many plans, in the plans' order, with few questions.
    pub fn read_all(r: &mut Reading, plans: &[&Plan]) -> Result<Vec<Self>> {
        let ids: Vec<Id> = plans.iter().map(|plan| plan.id).collect();
        let revisions = r.revisions_of_plans(&ids)?;
        let (mut periods, mut reports) = (r.periods_of_plans(&ids)?, r.reports_of_plans(&ids)?);
        let deadlines = r.deadlines(None)?;
        let of = |plan: &&Plan| Self {
            first_adopted_on: revisions.get(&plan.id).and_then(|all| all.first()).map(|first| first.decided_on),
            periods: periods.remove(&plan.id).unwrap_or_default(),
            reports: reports.remove(&plan.id).unwrap_or_default(),
            deadlines: deadlines.iter().filter(|deadline| deadline.year == plan.year).cloned().collect(),
            plan: (*plan).clone(),
        };
        Ok(plans.iter().map(of).collect())
    }

    /// What has been decided about a period, if anything has.
    pub fn row(&self, period: Period) -> Option<&PlanPeriod> {
        self.periods.iter().find(|row| row.period == period)
    }

    pub fn is_closed(&self, period: Period) -> bool {
        self.row(period).is_some_and(|row| row.status == PeriodStatus::Closed)
    }

    /// Whether anything can be due in it: the plan is adopted, and was so before the period ended, unless the controller
    /// has said that it is due all the same.
    pub fn applies(&self, period: Period) -> bool {
        self.first_adopted_on.is_some_and(|adopted| {
            self.row(period).is_some_and(|row| row.required) || !due::ended_before(self.plan.year, period, adopted)
        })
    }

    /// The newest report of a period that the board has decided on.
    pub fn decided(&self, period: Period) -> Option<&Report> {
        self.reports.iter().rev().find(|r| r.kind == period && r.status == ReportStatus::Decided)
    }

    /// The region's last day to report, and the one that holds: the body's own when it is earlier.
    pub fn deadline(&self, period: Period) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let region = self.deadlines.iter().find(|d| d.period == period).map(|d| d.due_on);
        let own = self.row(period).and_then(|row| row.deadline);
        (region, own.into_iter().chain(region).min())
    }

    /// From when a period's statuses are asked for; before that they may be given, but nobody is reminded.
    pub fn asked_from(&self, period: Period) -> Option<NaiveDate> {
        asked_from(&self.deadlines, self.plan.year, period)
    }

    /// The period whose statuses are asked for first: the earliest open one of those that are asked for by now, or else
    /// the earliest open one. None when all are closed.
    pub fn first_open(&self, today: NaiveDate) -> Option<Period> {
        let open = |period: &&Period| self.applies(**period) && !self.is_closed(**period);
        let asked = |period: &&Period| self.asked_from(**period).is_some_and(|from| from <= today);
        let mut all = Period::ALL.iter().filter(open);
        all.clone().find(asked).or_else(|| all.next()).copied()
    }

    pub fn state(&self, period: Period) -> PeriodState {
        let open = |other: Period| self.applies(other) && !self.is_closed(other);
        PeriodState {
            year: self.plan.year,
            period,
            status: if self.is_closed(period) { PeriodStatus::Closed } else { PeriodStatus::Open },
            earlier_open: Period::ALL.iter().any(|other| *other < period && open(*other)),
            later_closed: Period::ALL.iter().any(|other| *other > period && self.is_closed(*other)),
            decided: self.decided(period).is_some(),
            report: self.reports.iter().rfind(|r| r.kind == period).map(|r| r.status),
        }
    }

    /// How a control stands in a period, by everything reported of it.
    pub fn control<'a>(&self, control: &Control, reports: &'a [ControlReport], period: Period) -> ControlStanding<'a> {
        let schedule = ControlSchedule {
            recurrences: control.recurrences.0.clone(),
            due_period: control.due_period,
            due_date: control.due_date,
        };
        let newest = |at: Period| reports.iter().rev().find(|r| r.period == at && r.correction_reason.is_none());
        // Nobody is asked of a period that ended before the plan was adopted, or before the control came into it.
        let applies = |at: Period| {
            let added = control.added_after_adoption_on;
            self.applies(at) && added.is_none_or(|day| !due::ended_before(self.plan.year, at, day))
        };
        // What was postponed is due in the next period; so is what fell due in one that nobody was asked of.
        let mut waits = false;
        for at in Period::ALL.iter().copied().filter(|at| *at < period) {
            let asked = due::control_is_due(&schedule, self.plan.year, at) || waits;
            let put_off = newest(at).is_some_and(|r| r.status == ControlStatus::NotPlanned);
            waits = asked && (!applies(at) || put_off);
        }
        let report = newest(period);
        let asked = applies(period) && (due::control_is_due(&schedule, self.plan.year, period) || waits);
        // A period closes when all that is due is reported: what came into the plan later was not asked about.
        let is_due = asked && (report.is_some() || !self.is_closed(period));
        ControlStanding {
            due: is_due,
            status: report.map(|r| r.status).or((!is_due).then_some(ControlStatus::NotPlanned)),
            report,
            previous: Period::ALL.iter().rev().filter(|at| **at < period).find_map(|at| newest(*at)).map(|r| r.status),
        }
    }

    /// How an action stands in a period, by everything reported of it.
    pub fn action<'a>(&self, action: &Action, reports: &'a [ActionReport], period: Period) -> ActionStanding<'a> {
        let newest = |at: Period| reports.iter().rev().find(|r| r.period == at && r.correction_reason.is_none());
        let before = Period::ALL.iter().rev().filter(|at| **at < period).find_map(|at| newest(*at));
        let schedule = ActionSchedule {
            // One that was born during the year without a start date began when it was born.
            start: action
                .start_date
                .or_else(|| action.added_after_adoption.then(|| action.created_at.stockholm_date())),
            end: action.end_date,
            completed_on: before.and_then(|r| r.completed_on),
        };
        let report = newest(period);
        let asked = self.applies(period) && due::action_is_due(&schedule, self.plan.year, period);
        let is_due = asked && (report.is_some() || !self.is_closed(period));
        // One that was completed earlier is not asked about again, and goes on to be what it was completed as.
        let told = report.or_else(|| before.filter(|r| !is_due && r.completed_on.is_some()));
        ActionStanding {
            due: is_due,
            status: told.map(|r| r.status).or((!is_due).then_some(ActionStatus::NotStarted)),
            effect: told.map(|r| r.effect).or((!is_due).then_some(ActionEffect::NotAssessed)),
            completed_on: told.and_then(|r| r.completed_on),
            realised_effect: told.and_then(|r| r.realised_effect.clone()),
            schedule: ActionSchedule { completed_on: told.or(before).and_then(|r| r.completed_on), ..schedule },
            report,
            last_reported: report.or(before).map(|r| r.status),
            previous: before.map(|r| (r.status, r.effect)),
        }
    }
}

/// How a control stands in a period.
pub struct ControlStanding<'a> {
    pub due: bool,
    /// What was reported in the period and counts.
    pub report: Option<&'a ControlReport>,
    /// A dash for what is not due; none for what is due and missing.
    pub status: Option<ControlStatus>,
    /// The status that it last had, in an earlier period.
    pub previous: Option<ControlStatus>,
}

/// How an action stands in a period.
pub struct ActionStanding<'a> {
    pub due: bool,
    /// What was reported in the period and counts.
    pub report: Option<&'a ActionReport>,
    /// A dash for what is not due; none for what is due and missing.
    pub status: Option<ActionStatus>,
    pub effect: Option<ActionEffect>,
    pub completed_on: Option<NaiveDate>,
    /// In Mnkr, so far in the plan's year.
    pub realised_effect: Option<String>,
    pub previous: Option<(ActionStatus, ActionEffect)>,
    /// In this period, or else an earlier one.
    last_reported: Option<ActionStatus>,
    schedule: ActionSchedule,
}

impl ActionStanding<'_> {
    /// Past its end date and not completed.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        due::action_is_overdue(&self.schedule, today)
    }

    /// It has an end date, and nobody has said that it is completed.
    pub fn is_to_be_completed(&self) -> bool {
        self.schedule.end.is_some() && self.schedule.completed_on.is_none()
    }

    /// Past its start date, and last reported as not started. A report that is missing is missing, and says nothing.
    pub fn is_late_to_start(&self, today: NaiveDate) -> bool {
        self.due && self.last_reported.is_some_and(|last| due::action_is_late_to_start(&self.schedule, last, today))
    }
}

/// Which risks, controls and actions a plan's follow-up is about, and by what schedule: those of the plan as it is followed
/// today, and for each closed period those that it was about when it was closed.
pub struct Members {
    now: Membership,
    closed: BTreeMap<Period, Membership>,
}

impl Members {
    pub fn read(r: &mut Reading, frame: &PeriodFrame) -> Result<Self> {
        let mut closed = BTreeMap::new();
        for row in frame.periods.iter().filter(|row| frame.is_closed(row.period)) {
            // One that was closed before registers sealed this goes by the plan as it is followed today.
            if let Some(sha256) = &row.followed_sha256 {
                closed.insert(row.period, Membership::of(&frame.plan, Some(sealed::named(r, sha256)?))?);
            }
        }
        Ok(Self { now: Membership::of(&frame.plan, sealed::followed(r, &frame.plan)?)?, closed })
    }

    /// Those of a period.
    pub fn at(&self, period: Period) -> &Membership {
        self.closed.get(&period).unwrap_or(&self.now)
    }
}

/// What is followed up: by what was sealed of the plan, or else as the adopted plan stands.
pub struct Membership {
    plan: Plan,
    sealed: Option<Sealed>,
    frozen: Option<doc::PlanSnapshot>,
}

/// What follow-up reads of the plan as it was sealed: when the drafting of a revision began, or when a period was closed.
struct Sealed {
    /// Number and name.
    risks: HashMap<Id, (u32, String)>,
    controls: HashMap<Id, (String, Option<doc::Schedule>)>,
    /// Name, start and end.
    actions: HashMap<Id, (String, Option<NaiveDate>, Option<NaiveDate>)>,
}

impl Sealed {
    fn of(frozen: &doc::PlanSnapshot) -> Result<Self> {
        let (mut risks, mut controls, mut actions) = (HashMap::new(), HashMap::new(), HashMap::new());
        for risk in frozen.goals.iter().flat_map(|goal| &goal.risks) {
            risks.insert(id(&risk.id)?, (risk.number, risk.name.clone()));
            for control in &risk.controls {
                controls.insert(id(&control.id)?, (control.name.clone(), control.schedule.clone()));
            }
            for action in &risk.actions {
                actions.insert(id(&action.id)?, (action.name.clone(), action.start_date, action.end_date));
            }
        }
        Ok(Self { risks, controls, actions })
    }
}

/// An id as a snapshot writes it.
pub fn id(text: &str) -> Result<Id> {
    text.parse().map_err(Error::internal)
}

impl Membership {
    fn of(plan: &Plan, frozen: Option<doc::PlanSnapshot>) -> Result<Self> {
        Ok(Self { plan: plan.clone(), sealed: frozen.as_ref().map(Sealed::of).transpose()?, frozen })
    }

    /// A risk that is followed, under the number and name that it is followed by. None for one that is not.
    pub fn risk(&self, risk: &Risk) -> Option<Risk> {
        let Some(sealed) = &self.sealed else {
            return (risk.adopted && risk.included && risk.retired_on.is_none()).then(|| risk.clone());
        };
        let (number, name) = sealed.risks.get(&risk.id)?;
        let number = i32::try_from(*number).ok().filter(|n| *n > 0).or(risk.number);
        Some(Risk { number, name: name.clone(), ..risk.clone() })
    }

    /// A control of a risk that is followed, as it is followed: what a draft makes of its schedule comes with the next
    /// adoption. None for one that is not followed.
    pub fn control(&self, control: &Control) -> Result<Option<Control>> {
        let Some(sealed) = &self.sealed else {
            let followed = control.adopted || control.added_after_adoption_on.is_some();
            return Ok((followed && control.removed_in.is_none()).then(|| control.clone()));
        };
        let Some((name, schedule)) = sealed.controls.get(&control.id) else { return Ok(None) };
        // One that was sealed before snapshots had schedules is followed as it stands.
        let Some(schedule) = schedule else { return Ok(Some(control.clone())) };
        let due_period = match &schedule.due_period {
            Some(word) => Some(word.parse().map_err(Error::internal)?),
            None => None,
        };
        let recurrences = schedule.recurrences.iter().map(|word| word.parse().map_err(Error::internal));
        Ok(Some(Control {
            name: name.clone(),
            recurrences: Json(recurrences.collect::<Result<_>>()?),
            due_period,
            due_date: schedule.due_date,
            indicator_ids: Json(schedule.indicator_ids.iter().map(|text| id(text)).collect::<Result<_>>()?),
            ..control.clone()
        }))
    }

    /// An action of a risk that is followed, as it is followed.
    pub fn action(&self, action: &Action) -> Option<Action> {
        let Some(sealed) = &self.sealed else {
            let followed = (action.adopted || action.added_after_adoption) && action.removed_in.is_none();
            return followed.then(|| action.clone());
        };
        if let Some((name, start_date, end_date)) = sealed.actions.get(&action.id).cloned() {
            return Some(Action { name, start_date, end_date, ..action.clone() });
        }
        // A revision that was begun before registers sealed what is followed is told by what was adopted, which those
        // that were added since do not stand in; nor do those that the adopted revision has taken away.
        let since = self.plan.status != PlanStatus::Adopted
            && self.plan.followed_sha256.is_none()
            && action.added_after_adoption;
        let there = action.removed_in.is_none_or(|revision| Some(revision) > self.plan.adopted_revision);
        (since && there).then(|| action.clone())
    }
}

/// The risks, controls and actions that are followed up.
pub struct Contents {
    /// In the order of their numbers.
    pub risks: Vec<Risk>,
    /// With the schedules that are followed.
    pub controls: Vec<Control>,
    pub actions: Vec<Action>,
    /// What was sealed of the plan, where that is what is followed.
    pub sealed: Option<doc::PlanSnapshot>,
}

impl Contents {
    fn of(membership: Membership, risks: &[Risk], controls: &[Control], actions: &[Action]) -> Result<Self> {
        let mut risks: Vec<Risk> = risks.iter().filter_map(|risk| membership.risk(risk)).collect();
        risks.sort_by_key(|risk| (risk.shown_number(), risk.id));
        let place: HashMap<Id, usize> = risks.iter().enumerate().map(|(i, risk)| (risk.id, i)).collect();
        let mut followed = Vec::new();
        for control in controls.iter().filter(|c| place.contains_key(&c.risk_id)) {
            followed.extend(membership.control(control)?);
        }
        followed.sort_by_key(|c| (place.get(&c.risk_id), c.position, c.id));
        let there = actions.iter().filter(|a| place.contains_key(&a.risk_id));
        let mut actions: Vec<Action> = there.filter_map(|a| membership.action(a)).collect();
        actions.sort_by_key(|a| (place.get(&a.risk_id), a.position, a.id));
        Ok(Self { risks, controls: followed, actions, sealed: membership.frozen })
    }

    pub fn risk(&self, id: Id) -> Option<&Risk> {
        self.risks.iter().find(|risk| risk.id == id)
    }
}

/// All that a plan's follow-up is about.
pub struct Followed {
    pub frame: PeriodFrame,
    now: Contents,
    closed: BTreeMap<Period, Contents>,
    pub control_reports: HashMap<Id, Vec<ControlReport>>,
    pub action_reports: HashMap<Id, Vec<ActionReport>>,
}

impl Followed {
    pub fn read(r: &mut Reading, plan: &Plan) -> Result<Self> {
        Self::read_all(r, &[plan])?.pop().ok_or_else(|| Error::internal("a plan without its follow-up"))
    }

    /// Those of many plans, in the plans' order, with few questions.
    pub fn read_all(r: &mut Reading, plans: &[&Plan]) -> Result<Vec<Self>> {
        let frames = PeriodFrame::read_all(r, plans)?;
        let adopted = plans.iter().filter(|plan| plan.adopted_revision.is_some());
        let ids: Vec<Id> = adopted.map(|plan| plan.id).collect();
        let (mut risks, mut controls) = (r.risks_of_plans(&ids)?, r.every_control_of_plans(&ids)?);
        let mut actions = r.every_action_of_plans(&ids)?;
        let (mut control_reports, mut action_reports) =
            (r.control_reports_of_plans(&ids)?, r.action_reports_of_plans(&ids)?);
        know_followed(r, &frames)?;
        let mut all = Vec::with_capacity(frames.len());
        for frame in frames {
            let plan = frame.plan.id;
            let Members { now, closed } = Members::read(r, &frame)?;
            let risks = risks.remove(&plan).unwrap_or_default();
            let controls = controls.remove(&plan).unwrap_or_default();
            let actions = actions.remove(&plan).unwrap_or_default();
            let contents = |membership| Contents::of(membership, &risks, &controls, &actions);
            let mut followed = Self {
                frame,
                now: contents(now)?,
                closed: closed.into_iter().map(|(at, of)| Ok((at, contents(of)?))).collect::<Result<_>>()?,
                control_reports: HashMap::new(),
                action_reports: HashMap::new(),
            };
            for report in control_reports.remove(&plan).unwrap_or_default() {
                followed.control_reports.entry(report.control_id).or_default().push(report);
            }
            for report in action_reports.remove(&plan).unwrap_or_default() {
                followed.action_reports.entry(report.action_id).or_default().push(report);
            }
            all.push(followed);
        }
        Ok(all)
    }

    /// What the plan's open periods are about.
    pub fn now(&self) -> &Contents {
        &self.now
    }

    /// What a period is about: a closed one what it was about when it was closed.
    pub fn at(&self, period: Period) -> &Contents {
        self.closed.get(&period).unwrap_or(&self.now)
    }

    /// Whether a period goes by what was sealed when it was closed.
    pub fn is_as_closed(&self, period: Period) -> bool {
        self.closed.contains_key(&period)
    }

    pub fn control(&self, control: &Control, period: Period) -> ControlStanding<'_> {
        let reports = self.control_reports.get(&control.id).map_or(&[][..], Vec::as_slice);
        self.frame.control(control, reports, period)
    }

    pub fn action(&self, action: &Action, period: Period) -> ActionStanding<'_> {
        let reports = self.action_reports.get(&action.id).map_or(&[][..], Vec::as_slice);
        self.frame.action(action, reports, period)
    }

    /// When it was said that an action is completed, if the last that was reported of it says so.
    pub fn completed_at(&self, action: &Action) -> Option<Timestamp> {
        let reports = self.action_reports.get(&action.id)?;
        let newest = reports.iter().rev().filter(|report| report.correction_reason.is_none());
        // What was reported of it once more, when it was completed already, is no new end.
        newest.take_while(|report| report.completed_on.is_some()).last().map(|report| report.reported_at)
    }

    /// How many are due, reported and missing, and how many there are of each status.
    pub fn tally(&self, period: Period) -> Result<Tally> {
        let mut tally = Tally::default();
        let contents = self.at(period);
        for control in &contents.controls {
            let standing = self.control(control, period);
            tally.ask(standing.due, standing.report.is_some());
            tally.controls.count(standing.status.map(Scale::colour));
        }
        for action in &contents.actions {
            let standing = self.action(action, period);
            tally.ask(standing.due, standing.report.is_some());
            tally.actions.count(standing.status.map(Scale::colour));
            tally.effects.count(standing.effect.map(Scale::colour));
        }
        Ok(tally)
    }
}

/// Reads together what the plans of some frames, and their closed periods, are followed up by.
pub fn know_followed(r: &mut Reading, frames: &[PeriodFrame]) -> Result<()> {
    let mut names = Vec::new();
    for frame in frames {
        names.extend(sealed::followed_by(r, &frame.plan)?);
        names.extend(frame.periods.iter().filter_map(|row| row.followed_sha256.clone()));
    }
    r.all_sealed(names)?;
    Ok(())
}

/// The tallies of a plan's periods, in their order. A plan's version counts every change of the plan and of any part of
/// it, so a version is counted once. Not for a transaction that has changed the plan: its version is counted last.
pub fn tallies(r: &mut Reading, plan: &Plan) -> Result<Vec<Tally>> {
    tallies_of(r, &[plan])?.pop().ok_or_else(|| Error::internal("a plan without its tallies"))
}

/// Those of many plans, in the plans' order, with few questions.
pub fn tallies_of(r: &mut Reading, plans: &[&Plan]) -> Result<Vec<Vec<Tally>>> {
    type Counted = HashMap<Id, ((i64, Timestamp), Vec<Tally>)>;
    static COUNTED: LazyLock<RwLock<Counted>> = LazyLock::new(Default::default);
    let mut known: HashMap<Id, Vec<Tally>> = HashMap::new();
    {
        let counted = COUNTED.read().unwrap_or_else(|e| e.into_inner());
        for plan in plans {
            if let Some((of, tallies)) = counted.get(&plan.id)
                && *of == (plan.version, plan.updated_at)
            {
                known.insert(plan.id, tallies.clone());
            }
        }
    }
    let unknown: Vec<&Plan> = plans.iter().copied().filter(|plan| !known.contains_key(&plan.id)).collect();
    let read = if unknown.is_empty() { Vec::new() } else { Followed::read_all(r, &unknown)? };
    for (plan, followed) in unknown.into_iter().zip(read) {
        let tallies = Period::ALL.iter().map(|period| followed.tally(*period)).collect::<Result<Vec<_>>>()?;
        let mut counted = COUNTED.write().unwrap_or_else(|e| e.into_inner());
        if counted.len() > 10_000 {
            counted.clear();
        }
        counted.insert(plan.id, ((plan.version, plan.updated_at), tallies.clone()));
        known.insert(plan.id, tallies);
    }
    Ok(plans.iter().map(|plan| known.get(&plan.id).cloned().unwrap_or_default()).collect())
}

/// What is due, reported and missing in a period, and how many there are of each status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Controls and actions that a status is asked of.
    #[schema(example = 25)]
    pub due: u32,
    /// Those of them that have one.
    #[schema(example = 22)]
    pub reported: u32,
    #[schema(example = 3)]
    pub missing: u32,
    pub controls: ByColour,
    pub actions: ByColour,
    /// The actions' effect.
    pub effects: ByColour,
}

/// How many have each status, by its colour. What is not due has a dash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ByColour {
    pub dash: u32,
    pub green: u32,
    pub yellow: u32,
    pub red: u32,
    /// Due, and not reported.
    pub missing: u32,
}

impl Tally {
    fn ask(&mut self, due: bool, reported: bool) {
        self.due += u32::from(due);
        self.reported += u32::from(due && reported);
        self.missing += u32::from(due && !reported);
    }

    pub fn add(&mut self, other: &Self) {
        self.due += other.due;
        self.reported += other.reported;
        self.missing += other.missing;
        self.controls.add(&other.controls);
        self.actions.add(&other.actions);
        self.effects.add(&other.effects);
    }
}

impl ByColour {
    fn count(&mut self, colour: Option<Colour>) {
        *match colour {
            Some(Colour::Dash) => &mut self.dash,
            Some(Colour::Green) => &mut self.green,
            Some(Colour::Yellow) => &mut self.yellow,
            Some(Colour::Red) => &mut self.red,
            None => &mut self.missing,
        } += 1;
    }

    fn add(&mut self, other: &Self) {
        self.dash += other.dash;
        self.green += other.green;
        self.yellow += other.yellow;
        self.red += other.red;
        self.missing += other.missing;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A revision that was begun, or adopted, before registers sealed what is followed: as far as its snapshot tells.
    #[test]
    fn what_was_sealed_before_there_were_schedules_is_followed_by_its_rows() {
        let (id, now) = (Id::new(), crate::storage::Timestamp::now());
        let marks = json!({"createdAt": now, "updatedAt": now, "version": 1});
        let with = |mut fields: serde_json::Value| {
            for (name, value) in marks.as_object().into_iter().flatten() {
                fields[name.as_str()] = value.clone();
            }
            fields.to_string()
        };
        let plan: Plan = serde_json::from_str(&with(json!({
            "id": id, "organisationId": id, "year": 2024, "status": "draft", "adoptedRevision": 1, "policyVersionId": id,
            "goalOrder": [], "diaryNumbers": [], "illustrative": false,
        })))
        .expect("a plan");
        let control: Control = serde_json::from_str(&with(json!({
            "id": Id::new(), "riskId": id, "planId": id, "position": 1, "name": "Stickprov", "recurrences": ["continuous"],
            "indicatorIds": [], "adopted": true,
        })))
        .expect("a control");
        let action = |added: bool, removed_in: Option<i32>| -> Action {
            serde_json::from_str(&with(json!({
                "id": Id::new(), "riskId": id, "planId": id, "position": 1, "name": "Laga", "addedAfterAdoption": added,
                "adopted": !added, "removedIn": removed_in,
            })))
            .expect("an action")
        };
        let sealed = Sealed {
            risks: HashMap::from([(id, (1, "Jäv".to_owned()))]),
            controls: HashMap::from([(control.id, ("Stickprov".to_owned(), None))]),
            actions: HashMap::new(),
        };
        let mut members = Membership { plan, sealed: Some(sealed), frozen: None };
        assert_eq!(members.control(&control).expect("it can be read"), Some(control));
        let (since, taken, gone) = (action(true, None), action(true, Some(2)), action(true, Some(1)));
        assert_eq!(members.action(&since), Some(since.clone()));
        assert_eq!(members.action(&taken), Some(taken.clone()), "until the next adoption");
        assert_eq!(members.action(&gone), None);
        assert_eq!(members.action(&action(false, None)), None, "one of the draft");
        // What was sealed as the revision began holds them, and nothing else is followed.
        members.plan.followed_sha256 = Some("0".repeat(64));
        assert_eq!(members.action(&since), None);
    }
}
