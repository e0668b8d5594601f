//! My tasks: what is due, for which period, by when, in rows that open to where they are done.

use std::collections::HashMap;

use askama::Template;
use chrono::NaiveDate;

use super::known::scale;
use super::lists::Pager;
use super::status_view::{StatusView, status_views};
use crate::app::caller::Caller;
use crate::app::reporting::status_reports::Standings;
use crate::app::to_do::tasks::{self, Task};
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Period, TaskKind};
use crate::error::Result;
use crate::storage::queries::Listing;
use crate::storage::records::Action;
use crate::storage::{Id, Reading, Stored};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, capital};

#[derive(Template)]
#[template(path = "pages/tasks.html")]
struct Tasks<'a> {
    p: &'a Frame,
    groups: Vec<Group<'a>>,
    total: usize,
    late: usize,
    /// How many of them are statuses, which can be told in one table.
    statuses: usize,
    pager: Pager,
    scales: Scales,
}

/// The tasks of one period of a year, or those of none.
struct Group<'a> {
    heading: String,
    rows: Vec<Row<'a>>,
}

/// A task as it is listed.
#[derive(Clone)]
pub struct Listed {
    pub task: Task,
    /// Of the status of an action that is late: the end that has passed.
    pub ended: Option<NaiveDate>,
}

impl Listed {
    /// Late as a status, or as an action.
    pub fn is_late(&self) -> bool {
        self.task.late || self.ended.is_some()
    }

    /// Whether a letter's line about it leads to this row.
    fn is_at(&self, row: &str) -> bool {
        self.task.row() == row || self.late_row().is_some_and(|late| late == row)
    }

    /// The name of the row that the late action would have by itself.
    fn late_row(&self) -> Option<String> {
        self.ended?;
        Some(Task { kind: TaskKind::OverdueAction, period: None, ..self.task.clone() }.row())
    }
}

/// A task as a row.
pub struct Row<'a> {
    pub task: Task,
    /// Of the status of an action that is late: the end that has passed, and what letters call its row.
    pub ended: Option<(NaiveDate, String)>,
    /// What it is called on its page, for who comes from a letter.
    pub name: String,
    /// It is asked of an office, and done on another page.
    pub of_office: bool,
    /// Its period, as whoever it concerns calls it.
    pub period: String,
    /// For a status: its form, and how it stood in the period before, with what that is called.
    pub form: Option<Form<'a>>,
    pub before: Option<(String, StatusView)>,
    /// It stands open: somebody has come for it, or its form has come back.
    pub open: bool,
}

impl Row<'_> {
    /// What is done about it on its page.
    pub fn goes(&self) -> &'static str {
        use TaskKind as K;
        match self.task.kind {
            K::BoardNotice | K::CrimeAlert => "tasks-open-deficiency",
            K::RecommendationUnanswered | K::AuditorsWord => "tasks-open-recommendation",
            K::PlanMissing => "plan-make",
            K::PlanLacks => "tasks-go-complete",
            K::PlanProposal => "tasks-go-plan",
            K::PlanDecision | K::ReportDecision => "tasks-go-decision",
            K::PlanDelivery | K::ReportDelivery => "tasks-go-delivery",
            K::PeriodClosure => "tasks-go-close",
            K::ReportDraft => "report-make",
            K::ReportFinal => "tasks-go-report",
            K::OutcomesMissing => "tasks-go-outcomes",
            K::IssueMandatory if self.task.goals_first => "tasks-go-goals",
            _ => "tasks-go",
        }
    }
}

/// The scales of the forms.
pub struct Scales {
    pub control: Vec<Choice>,
    pub action: Vec<Choice>,
    pub effect: Vec<Choice>,
}

impl Scales {
    pub fn of(p: &Frame) -> Self {
        Self { control: scale::<ControlStatus>(p), action: scale::<ActionStatus>(p), effect: scale::<ActionEffect>(p) }
    }
}

/// So many on a page, each with its form and the reading guide: no page is heavy.
const A_PAGE: i64 = 20;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let all = in_order(tasks::list(r, caller, p.language, ask.q("kind"), &Listing::all())?.items);
    let (total, late) = (all.len(), all.iter().filter(|one| one.is_late()).count());
    let statuses = all.iter().filter(|one| one.task.kind == TaskKind::Status).count();
    let wanted = ask.text("row");
    let (shown, pager) = Pager::cut_at(ask, all, A_PAGE, |one| one.is_at(wanted));
    let mut groups: Vec<Group> = Vec::new();
    for row in rows(r, caller, ask, shown)? {
        let heading = heading(p, &row.task);
        match groups.last_mut() {
            Some(group) if group.heading == heading => group.rows.push(row),
            _ => groups.push(Group { heading, rows: vec![row] }),
        }
    }
    ask.write(&Tasks { p, groups, total, late, statuses, pager, scales: Scales::of(p) })
}

/// What a task stands under: the period of its year, or what has none.
fn heading(p: &Frame, task: &Task) -> String {
    let year = task.year.map(|year| format!(" {year}")).unwrap_or_default();
    match task.period {
        Some(period) => format!("{}{year}", said(p, task, period)),
        None => p.say("tasks-other"),
    }
}

/// A period as whoever the task concerns calls it.
fn said(p: &Frame, task: &Task, period: Period) -> String {
    capital(&task.manner.label(period, p.language))
}

/// Tasks as every page lists them: a late action whose status is asked for is one row with that, and those of one period of a
/// year stand together, in the order in which the first of each is due.
pub fn in_order(all: Vec<Task>) -> Vec<Listed> {
    let mut ends: HashMap<Id, NaiveDate> = HashMap::new();
    let of_action = |task: &Task, kind: TaskKind| task.kind == kind && task.entity == Action::ENTITY;
    let asked: Vec<Id> = all.iter().filter(|task| of_action(task, TaskKind::Status)).map(|task| task.id).collect();
    let mut listed: Vec<Listed> = Vec::with_capacity(all.len());
    for task in all {
        match task.deadline {
            Some(day) if of_action(&task, TaskKind::OverdueAction) && asked.contains(&task.id) => {
                ends.insert(task.id, day);
            }
            _ => listed.push(Listed { task, ended: None }),
        }
    }
    // It is said where the first of its statuses stands.
    for one in listed.iter_mut().filter(|one| of_action(&one.task, TaskKind::Status)) {
        one.ended = ends.remove(&one.task.id);
    }
    let due = |one: &Listed| one.ended.into_iter().chain(one.task.deadline).min();
    listed.sort_by_key(|one| (due(one).is_none(), due(one)));
    let group = |one: &Listed| (one.task.year.filter(|_| one.task.period.is_some()), one.task.period);
    let mut order = HashMap::new();
    for one in &listed {
        let next = order.len();
        order.entry(group(one)).or_insert(next);
    }
    listed.sort_by_key(|one| order.get(&group(one)).copied());
    listed
}

/// Tasks as rows, with the forms of those that are done where they stand.
pub fn rows<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask, tasks: Vec<Listed>) -> Result<Vec<Row<'a>>> {
    let reported = tasks.iter().map(|one| &one.task).filter(|task| task.kind == TaskKind::Status);
    let mut standings = Standings::of(r, caller, reported.map(|task| (task.entity.as_str(), task.id)))?;
    tasks.into_iter().map(|task| row(r, caller, ask, &mut standings, task)).collect()
}

fn row<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask, standings: &mut Standings, one: Listed) -> Result<Row<'a>> {
    let wanted = one.is_at(ask.text("row"));
    let ended = one.ended.zip(one.late_row());
    let (p, task) = (&ask.frame, one.task);
    let name = task.row();
    let called = task.period.map(|period| said(p, &task, period)).unwrap_or_default();
    let (Some(period), TaskKind::Status) = (task.period, task.kind) else {
        return Ok(Row {
            of_office: task.is_of_office(),
            task,
            ended,
            name,
            period: called,
            form: None,
            before: None,
            open: false,
        });
    };
    let mut year = status_views(r, caller, p, standings, &task.entity, task.id)?;
    let now = year.iter().find(|one| one.period == period);
    let form = now.map(|now| now.form(p, format!("status-{}-{period}", task.id)));
    year.retain(|one| one.period < period);
    let open = wanted || form.as_ref().is_some_and(Form::came_back);
    let before = year.pop().map(|one| (said(p, &task, one.period), one));
    Ok(Row { form, before, of_office: false, open, period: called, task, ended, name })
}
