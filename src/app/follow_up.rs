//! What a plan's follow-up is about: which controls and actions are due in a period, and what has been reported of them.
//!
//! It follows the plan's adopted revision, also while the next one is drafted. Nothing here writes.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::snapshot;
use crate::domain::checks::Missing;
use crate::domain::due::{self, ActionSchedule, ControlSchedule};
use crate::domain::follow_up::PeriodState;
use crate::domain::words::{
    ActionEffect, ActionStatus, Colour, ControlStatus, Period, PeriodStatus, PlanStatus, ReportStatus, Scale,
};
use crate::error::{Error, Result};
use crate::storage::records::{Action, ActionReport, Control, ControlReport, Deadline, Plan, PlanPeriod, Report, Risk};
use crate::storage::{Id, Reading};

/// The periods of a plan: their deadlines, what is decided about them, and their reports.
pub struct Frame {
    pub plan: Plan,
    /// When the board first adopted the plan; none while it has not.
    pub first_adopted_on: Option<NaiveDate>,
    pub periods: Vec<PlanPeriod>,
    pub reports: Vec<Report>,
    pub deadlines: Vec<Deadline>,
}

impl Frame {
    pub fn read(r: &mut Reading, plan: &Plan) -> Result<Self> {
        let first = r.revisions(plan.id)?.into_iter().next();
        Ok(Self {
            first_adopted_on: first.map(|revision| revision.decided_on),
            periods: r.periods_of_plan(plan.id)?,
            reports: r.reports_of_plan(plan.id)?,
            deadlines: r.deadlines(Some(plan.year))?,
            plan: plan.clone(),
        })
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

    pub fn state(&self, period: Period) -> PeriodState {
        let open = |other: Period| self.applies(other) && !self.is_closed(other);
        PeriodState {
            year: self.plan.year,
            period,
            status: if self.is_closed(period) { PeriodStatus::Closed } else { PeriodStatus::Open },
            earlier_open: Period::ALL.iter().any(|other| *other < period && open(*other)),
            later_closed: Period::ALL.iter().any(|other| *other > period && self.is_closed(*other)),
            decided: self.decided(period).is_some(),
        }
    }

    /// How a control stands in a period, by everything reported of it.
    pub fn control<'a>(
        &self,
        control: &Control,
        reports: &'a [ControlReport],
        period: Period,
    ) -> Result<ControlStanding<'a>> {
        let schedule = ControlSchedule {
            recurrences: control.recurrences.read().map_err(Error::internal)?,
            due_period: control.due_period,
            due_date: control.due_date,
        };
        let newest = |at: Period| reports.iter().rev().find(|r| r.period == at && r.correction_reason.is_none());
        // What was postponed is due in the next period; so is what fell due in one that ended before the plan was adopted.
        let mut waits = false;
        for at in Period::ALL.iter().copied().filter(|at| *at < period) {
            let asked = due::control_is_due(&schedule, self.plan.year, at) || waits;
            let put_off = newest(at).is_some_and(|r| r.status == ControlStatus::NotPlanned);
            waits = asked && (!self.applies(at) || put_off);
        }
        let report = newest(period);
        let asked = self.applies(period) && (due::control_is_due(&schedule, self.plan.year, period) || waits);
        // A period closes when all that is due is reported: what came into the plan later was not asked about.
        let is_due = asked && (report.is_some() || !self.is_closed(period));
        Ok(ControlStanding {
            due: is_due,
            status: report.map(|r| r.status).or((!is_due).then_some(ControlStatus::NotPlanned)),
            report,
            previous: Period::ALL.iter().rev().filter(|at| **at < period).find_map(|at| newest(*at)).map(|r| r.status),
        })
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
            schedule: ActionSchedule { completed_on: told.or(before).and_then(|r| r.completed_on), ..schedule },
            report,
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
    pub previous: Option<(ActionStatus, ActionEffect)>,
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

    /// Past its start date and still not started.
    pub fn is_late_to_start(&self, today: NaiveDate) -> bool {
        self.due && due::action_is_late_to_start(&self.schedule, self.status.unwrap_or(ActionStatus::NotStarted), today)
    }
}

/// Which risks, controls and actions a plan's follow-up is about.
pub struct Members {
    /// While a revision is drafted, what stands in the adopted one.
    sealed: Option<HashSet<Id>>,
    adopted_revision: Option<i32>,
}

impl Members {
    /// While a revision is drafted, those of the adopted one are told by its sealed snapshot alone.
    pub fn read(r: &mut Reading, plan: &Plan) -> Result<Self> {
        let (PlanStatus::Draft | PlanStatus::Proposed, Some(number)) = (plan.status, plan.adopted_revision) else {
            return Ok(Self { sealed: None, adopted_revision: plan.adopted_revision });
        };
        let frozen = snapshot::of_revision(r, plan.id, number)?;
        let risks = || frozen.goals.iter().flat_map(|goal| &goal.risks);
        let controls = risks().flat_map(|risk| &risk.controls).map(|control| &control.id);
        let actions = risks().flat_map(|risk| &risk.actions).map(|action| &action.id);
        let ids = risks().map(|risk| &risk.id).chain(controls).chain(actions);
        let sealed = ids.map(|id| id.parse().map_err(Error::internal)).collect::<Result<_>>()?;
        Ok(Self { sealed: Some(sealed), adopted_revision: Some(number) })
    }

    pub fn risk(&self, risk: &Risk) -> bool {
        match &self.sealed {
            Some(ids) => ids.contains(&risk.id),
            None => risk.adopted && risk.included && risk.retired_on.is_none(),
        }
    }

    /// A control, of a risk that is followed.
    pub fn control(&self, control: &Control) -> bool {
        match &self.sealed {
            Some(ids) => ids.contains(&control.id),
            None => control.adopted && control.removed_in.is_none(),
        }
    }

    /// An action, of a risk that is followed.
    pub fn action(&self, action: &Action) -> bool {
        match &self.sealed {
            // Added since; not one that was, and that the adopted revision has taken away.
            Some(ids) => {
                ids.contains(&action.id)
                    || (action.added_after_adoption
                        && action.removed_in.is_none_or(|n| Some(n) > self.adopted_revision))
            }
            None => (action.adopted || action.added_after_adoption) && action.removed_in.is_none(),
        }
    }
}

/// All that a plan's follow-up is about.
pub struct Followed {
    pub frame: Frame,
    /// In the order of their numbers.
    pub risks: Vec<Risk>,
    pub controls: Vec<Control>,
    pub actions: Vec<Action>,
    pub control_reports: HashMap<Id, Vec<ControlReport>>,
    pub action_reports: HashMap<Id, Vec<ActionReport>>,
}

impl Followed {
    pub fn read(r: &mut Reading, plan: &Plan) -> Result<Self> {
        let frame = Frame::read(r, plan)?;
        let mut all = Self {
            frame,
            risks: Vec::new(),
            controls: Vec::new(),
            actions: Vec::new(),
            control_reports: HashMap::new(),
            action_reports: HashMap::new(),
        };
        if plan.adopted_revision.is_none() {
            return Ok(all);
        }
        let members = Members::read(r, plan)?;
        all.risks = r.risks_of_plan(plan.id)?.into_iter().filter(|risk| members.risk(risk)).collect();
        all.risks.sort_by_key(|risk| (risk.number.or(risk.fixed_number), risk.id));
        let place: HashMap<Id, usize> = all.risks.iter().enumerate().map(|(i, risk)| (risk.id, i)).collect();
        all.controls = r.every_control_of_plan(plan.id)?;
        all.controls.retain(|c| place.contains_key(&c.risk_id) && members.control(c));
        all.controls.sort_by_key(|c| (place.get(&c.risk_id), c.position, c.id));
        all.actions = r.every_action_of_plan(plan.id)?;
        all.actions.retain(|a| place.contains_key(&a.risk_id) && members.action(a));
        all.actions.sort_by_key(|a| (place.get(&a.risk_id), a.position, a.id));
        for report in r.control_reports_of_plan(plan.id)? {
            all.control_reports.entry(report.control_id).or_default().push(report);
        }
        for report in r.action_reports_of_plan(plan.id)? {
            all.action_reports.entry(report.action_id).or_default().push(report);
        }
        Ok(all)
    }

    pub fn control(&self, control: &Control, period: Period) -> Result<ControlStanding<'_>> {
        let reports = self.control_reports.get(&control.id).map_or(&[][..], Vec::as_slice);
        self.frame.control(control, reports, period)
    }

    pub fn action(&self, action: &Action, period: Period) -> ActionStanding<'_> {
        let reports = self.action_reports.get(&action.id).map_or(&[][..], Vec::as_slice);
        self.frame.action(action, reports, period)
    }

    pub fn risk(&self, id: Id) -> Option<&Risk> {
        self.risks.iter().find(|risk| risk.id == id)
    }

    /// How many are due, reported and missing, and how many there are of each status.
    pub fn tally(&self, period: Period) -> Result<Tally> {
        let mut tally = Tally::default();
        for control in &self.controls {
            let standing = self.control(control, period)?;
            tally.ask(standing.due, standing.report.is_some());
            tally.controls.count(standing.status.map(Scale::colour));
        }
        for action in &self.actions {
            let standing = self.action(action, period);
            tally.ask(standing.due, standing.report.is_some());
            tally.actions.count(standing.status.map(Scale::colour));
            tally.effects.count(standing.effect.map(Scale::colour));
        }
        Ok(tally)
    }

    /// What is due in a period and not reported, in the order of the plan.
    pub fn missing(&self, period: Period) -> Result<Vec<Missing>> {
        let mut missing = Vec::new();
        let mut tell = |entity: &'static str, id: Id, risk: Id, name: &str| {
            let risk = self.risk(risk);
            missing.push(Missing {
                code: "statusMissing",
                entity,
                id: Some(id.0),
                number: risk.and_then(|risk| risk.number.or(risk.fixed_number)),
                field: Some("status"),
                sv: format!("{} ”{name}” saknar status.", if entity == "control" { "Kontrollen" } else { "Åtgärden" }),
                en: format!("The {entity} “{name}” has no status."),
            });
        };
        for risk in &self.risks {
            for control in self.controls.iter().filter(|c| c.risk_id == risk.id) {
                let standing = self.control(control, period)?;
                if standing.due && standing.report.is_none() {
                    tell("control", control.id, risk.id, &control.name);
                }
            }
            for action in self.actions.iter().filter(|a| a.risk_id == risk.id) {
                let standing = self.action(action, period);
                if standing.due && standing.report.is_none() {
                    tell("action", action.id, risk.id, &action.name);
                }
            }
        }
        Ok(missing)
    }
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
