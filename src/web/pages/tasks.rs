//! My tasks: what is due, for which period, by when; and each status reported where it stands.

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
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/tasks.html")]
struct Tasks<'a> {
    p: &'a Frame,
    rows: Vec<Row<'a>>,
    total: usize,
    late: usize,
    /// How many of them are statuses, which can be told in one table.
    statuses: usize,
    pager: Pager,
    control_scale: Vec<Choice>,
    action_scale: Vec<Choice>,
    effect_scale: Vec<Choice>,
}

struct Row<'a> {
    task: Task,
    /// It is asked of an office, and done on another page.
    of_office: bool,
    /// For a status: its form, and how it stood in the period before.
    form: Option<Form<'a>>,
    before: Option<StatusView>,
}

/// So many on a page, each with its form and the reading guide: no page is heavy.
const A_PAGE: i64 = 20;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let all = tasks::list(r, caller, p.language, ask.q("kind"), &Listing::all())?.items;
    let (total, late) = (all.len(), all.iter().filter(|task| task.late).count());
    let statuses = all.iter().filter(|task| task.kind == TaskKind::Status).count();
    let (shown, pager) = Pager::cut(ask, all, A_PAGE);
    let reported = shown.iter().filter(|task| task.kind == TaskKind::Status);
    let mut standings = Standings::of(r, caller, reported.map(|task| (task.entity.as_str(), task.id)))?;
    let mut rows = Vec::new();
    for task in shown {
        rows.push(row(r, caller, p, &mut standings, task)?);
    }
    ask.write(&Tasks {
        p,
        rows,
        total,
        late,
        statuses,
        pager,
        control_scale: scale::<ControlStatus>(p),
        action_scale: scale::<ActionStatus>(p),
        effect_scale: scale::<ActionEffect>(p),
    })
}

fn row<'a>(r: &mut Reading, caller: &Caller, p: &'a Frame, standings: &mut Standings, task: Task) -> Result<Row<'a>> {
    let (Some(period), TaskKind::Status) = (task.period, task.kind) else {
        return Ok(Row { of_office: task.is_of_office(), task, form: None, before: None });
    };
    let mut year = status_views(r, caller, p, standings, &task.entity, task.id)?;
    let now = year.iter().find(|one| one.period == period);
    let form = now.map(|now| now.form(p, format!("status-{}-{period}", task.id)));
    year.retain(|one| one.period < period);
    Ok(Row { form, before: year.pop(), of_office: false, task })
}
