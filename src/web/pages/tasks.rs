//! My tasks: what is due, for which period, by when; and each status reported where it stands.

use askama::Template;

use super::known::{Guided, scale};
use crate::app::submission::etag;
use crate::app::tasks::{self, Task};
use crate::app::{Caller, status_reports};
use crate::domain::words::{ActionEffect, ActionStatus, Colour, ControlStatus, Period, TaskKind};
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::Listing;
use crate::web::Ask;
use crate::web::form::{Choice, Form};
use crate::web::frame::{Frame, capital};

#[derive(Template)]
#[template(path = "pages/tasks.html")]
struct Tasks<'a> {
    p: &'a Frame,
    rows: Vec<Row<'a>>,
    more: i64,
    late: usize,
    control_scale: Vec<Choice>,
    action_scale: Vec<Choice>,
    effect_scale: Vec<Choice>,
}

struct Row<'a> {
    task: Task,
    /// For a status: how it stood before, and the form.
    before: Option<Before>,
    form: Option<Form<'a>>,
    comment: Option<String>,
}

/// How it stood in the period before.
struct Before {
    period: Period,
    word: String,
    colour: Option<Colour>,
    comment: Option<String>,
}

/// So many on a page: nobody reads more at a time, and whoever has more comes back.
const MOST: i64 = 60;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let page = tasks::list(r, caller, ask.q("kind"), &Listing { page: 1, limit: MOST, sort: Vec::new() })?;
    let more = page.total - i64::try_from(page.items.len()).unwrap_or(0);
    let mut rows = Vec::new();
    for task in page.items {
        rows.push(row(r, caller, p, task)?);
    }
    let late = rows.iter().filter(|row| row.task.late).count();
    ask.write(&Tasks {
        p,
        rows,
        more,
        late,
        control_scale: scale::<ControlStatus>(p),
        action_scale: scale::<ActionStatus>(p),
        effect_scale: scale::<ActionEffect>(p),
    })
}

fn row<'a>(r: &mut Reading, caller: &Caller, p: &'a Frame, task: Task) -> Result<Row<'a>> {
    let (Some(period), TaskKind::Status) = (task.period, task.kind) else {
        return Ok(Row { task, before: None, form: None, comment: None });
    };
    let name = format!("status-{}-{}", task.id, period.as_str());
    let earlier = Period::ALL.iter().rev().copied().find(|other| *other < period);
    if task.entity == "control" {
        let now = status_reports::control_status(r, caller, task.id, period)?;
        let before = match earlier {
            Some(period) => {
                let status = status_reports::control_status(r, caller, task.id, period)?;
                before(p, period, status.status, status.comment)
            }
            None => None,
        };
        let form = guarded(p.form("reportControl", name), now.sequence, &etag(&now)?);
        return Ok(Row { comment: now.comment, before, form: Some(form.at("id", task.id).at("period", period)), task });
    }
    let now = status_reports::action_status(r, caller, task.id, period)?;
    let before = match earlier {
        Some(period) => {
            let status = status_reports::action_status(r, caller, task.id, period)?;
            before(p, period, status.status, status.comment)
        }
        None => None,
    };
    let form = guarded(p.form("reportAction", name), now.sequence, &etag(&now)?);
    Ok(Row { comment: now.comment, before, form: Some(form.at("id", task.id).at("period", period)), task })
}

/// The form of what may have been reported already.
fn guarded<'a>(form: Form<'a>, sequence: i32, etag: &str) -> Form<'a> {
    if sequence == 0 { form.fresh() } else { form.tagged(etag) }
}

fn before<S: Guided>(p: &Frame, period: Period, status: Option<S>, comment: Option<String>) -> Option<Before> {
    let status = status?;
    Some(Before { period, word: capital(status.label(p.language)), colour: Some(status.colour()), comment })
}
