//! My tasks: what is due, for which period, by when, in rows that open to where they are done.

use std::collections::HashMap;

use askama::Template;

use super::known::scale;
use super::lists::Pager;
use super::status_view::{StatusView, status_views};
use crate::app::caller::Caller;
use crate::app::reporting::status_reports::Standings;
use crate::app::to_do::tasks::{self, Task};
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Period, TaskKind};
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::Listing;
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

/// A task as a row.
pub struct Row<'a> {
    pub task: Task,
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
    let all = tasks::list(r, caller, p.language, ask.q("kind"), &Listing::all())?.items;
    let (total, late) = (all.len(), all.iter().filter(|task| task.late).count());
    let statuses = all.iter().filter(|task| task.kind == TaskKind::Status).count();
    let wanted = ask.text("row");
    let (shown, pager) = Pager::cut_at(ask, grouped(all), A_PAGE, |task| task.row() == wanted);
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

/// Those of one period of a year together, in the order in which the first of each is due.
fn grouped(all: Vec<Task>) -> Vec<Task> {
    let mut order = HashMap::new();
    for task in &all {
        let next = order.len();
        order.entry((task.year.filter(|_| task.period.is_some()), task.period)).or_insert(next);
    }
    let mut all = all;
    all.sort_by_key(|task| order.get(&(task.year.filter(|_| task.period.is_some()), task.period)).copied());
    all
}

/// Tasks as rows, with the forms of those that are done where they stand.
pub fn rows<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask, tasks: Vec<Task>) -> Result<Vec<Row<'a>>> {
    let reported = tasks.iter().filter(|task| task.kind == TaskKind::Status);
    let mut standings = Standings::of(r, caller, reported.map(|task| (task.entity.as_str(), task.id)))?;
    tasks.into_iter().map(|task| row(r, caller, ask, &mut standings, task)).collect()
}

fn row<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask, standings: &mut Standings, task: Task) -> Result<Row<'a>> {
    let (p, name) = (&ask.frame, task.row());
    let called = task.period.map(|period| said(p, &task, period)).unwrap_or_default();
    let (Some(period), TaskKind::Status) = (task.period, task.kind) else {
        return Ok(Row {
            of_office: task.is_of_office(),
            task,
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
    let open = ask.text("row") == name || form.as_ref().is_some_and(Form::came_back);
    let before = year.pop().map(|one| (said(p, &task, one.period), one));
    Ok(Row { form, before, of_office: false, open, period: called, task, name })
}
