//! Many statuses in one table: one's own, or all of a plan's in a period. Each row is set where it stands, and one press saves
//! all that are filled in.

use std::collections::HashSet;

use askama::Template;

use super::known::{Names, scale};
use super::lists::{self, Pager};
use super::status_view::{StatusView, status_views};
use crate::app::caller::Caller;
use crate::app::contents::measures;
use crate::app::follow_up::PeriodFrame;
use crate::app::places::manner_in;
use crate::app::plan;
use crate::app::reporting::periods::{self, StatusFilter};
use crate::app::reporting::status_reports::Standings;
use crate::app::to_do::tasks;
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Period, TaskKind};
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{Action, Control, Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Stored};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

/// So many rows on a page: no page is heavy.
const A_PAGE: i64 = 50;

/// What a row is of, as the fields that name it do.
type Key = (String, Id, Period);

const NAMED_BY: [&str; 3] = ["entity", "id", "period"];

struct Row {
    /// What its fields begin with.
    at: String,
    name: String,
    is_action: bool,
    risk: Risk,
    plan: Plan,
    responsible: Option<Id>,
    now: StatusView,
    before: Option<StatusView>,
}

/// The statuses of a plan's period: how many are due, how many of them nobody has reported, and whether all are shown.
struct OfPlan {
    plan: Plan,
    body: Organisation,
    period: Period,
    due: usize,
    lacking: usize,
    all: bool,
    closed: bool,
}

#[derive(Template)]
#[template(path = "pages/statuses.html")]
struct Statuses<'a> {
    p: &'a Frame,
    title: String,
    /// Whose they are: a plan's, or one's own.
    of: Option<OfPlan>,
    rows: Vec<Row>,
    pager: Pager,
    people: Names,
    control_scale: Vec<Choice>,
    action_scale: Vec<Choice>,
    effects: Vec<Choice>,
    form: Form<'a>,
    writes: bool,
    /// Some of them are actions, which have more to say.
    acts: bool,
}

/// One's own, of every plan and period that are asked for now.
pub fn mine(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let all = tasks::list(r, caller, ask.frame.language, Some(TaskKind::Status), &Listing::all())?.items;
    let keys = all.into_iter().filter_map(|task| Some((task.entity, task.id, task.period?)));
    write(r, caller, ask, None, keys.collect())
}

/// Those of a plan that are due in a period, for who follows it up: what nobody has reported, or all of them.
pub fn of_plan(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let id: Id = ask.step("id")?;
    let period: Period = ask.q("period").unwrap_or(Period::T1);
    let filter = StatusFilter { due: Some(true), ..StatusFilter::default() };
    let mut rows = periods::statuses(r, caller, id, period, &filter, &Listing::all())?.items;
    let (plan, body) = plan::load(r, id)?;
    ask.frame.speak(manner_in(r, &body, plan.year)?);
    let due = rows.len();
    let lacking = rows.iter().filter(|row| !row.reported).count();
    let closed = PeriodFrame::read(r, &plan)?.is_closed(period);
    // What is open is what one has come for. Where nothing is, all are shown.
    let all = lacking == 0 || ask.q("all") == Some(true);
    rows.retain(|row| all || !row.reported);
    let keys = rows.into_iter().map(|row| (row.entity, row.id, period)).collect();
    write(r, caller, ask, Some(OfPlan { plan, body, period, due, lacking, all, closed }), keys)
}

fn write(r: &mut Reading, caller: &Caller, ask: &Ask, of: Option<OfPlan>, keys: Vec<Key>) -> Result<String> {
    let p = &ask.frame;
    let form = p.form("reportStatuses", "statuses").to(lists::address(ask, &[]));
    let (mut keys, pager) = Pager::cut(ask, keys, A_PAGE);
    // What was typed in a row that is asked for no longer stands there still.
    let known: HashSet<Key> = keys.iter().cloned().collect();
    keys.extend(
        form.rows_that_came_back("items", &NAMED_BY)
            .iter()
            .filter_map(|name| key(name))
            .filter(|one| !known.contains(one)),
    );
    let mut standings = Standings::of(r, caller, keys.iter().map(|(entity, id, _)| (entity.as_str(), *id)))?;
    let names: Vec<String> = keys.iter().map(|(entity, id, period)| format!("{entity}/{id}/{period}")).collect();
    let places = form.places("items", &NAMED_BY, &names);
    let mut rows = Vec::with_capacity(keys.len());
    let mut form = form;
    for (n, one) in places.into_iter().zip(&keys) {
        match row(r, caller, p, &mut standings, one, format!("items/{n}")) {
            Ok(made) => {
                if p.is_now() && made.now.may.report {
                    let at = &made.at;
                    form = form.fixed(&format!("{at}/entity!"), one.0.as_str()).fixed(&format!("{at}/id!"), one.1);
                    form = form
                        .fixed(&format!("{at}/period!"), one.2)
                        .fixed(&format!("{at}/sequence!"), made.now.sequence);
                }
                rows.push(made);
            }
            // It has gone, or is no longer theirs to see.
            Err(Error::NotFound | Error::Forbidden(_)) => {}
            Err(other) => return Err(other),
        }
    }
    let people = Names::people(r, rows.iter().map(|row| row.responsible))?;
    let plain = |all: Vec<Choice>| all.into_iter().map(|one| Choice { about: String::new(), ..one }).collect();
    let writes = p.is_now() && rows.iter().any(|row| row.now.may.report);
    let mut title = p.say(if writes || of.is_none() { "many-title" } else { "many-title-read" });
    if let Some(of) = &of {
        title = format!("{title}, {}, {} {}", of.body.name, p.in_text(of.period), of.plan.year);
    }
    ask.write(&Statuses {
        p,
        title,
        of,
        writes,
        acts: rows.iter().any(|row| row.is_action),
        rows,
        pager,
        people,
        control_scale: plain(scale::<ControlStatus>(p)),
        action_scale: plain(scale::<ActionStatus>(p)),
        effects: plain(scale::<ActionEffect>(p)),
        form,
    })
}

fn key(name: &str) -> Option<Key> {
    let mut parts = name.split('/');
    Some((parts.next()?.to_owned(), parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn row(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    standings: &mut Standings,
    (entity, id, period): &Key,
    at: String,
) -> Result<Row> {
    let is_action = entity == Action::ENTITY;
    let (name, responsible, risk, plan) = if is_action {
        let (part, risk, plan, _) = measures::find::<Action>(r, caller, *id)?;
        (part.name, part.responsible_id, risk, plan)
    } else {
        let (part, risk, plan, _) = measures::find::<Control>(r, caller, *id)?;
        (part.name, part.responsible_id, risk, plan)
    };
    let mut year = status_views(r, caller, p, standings, entity, *id)?;
    year.retain(|one| one.period <= *period);
    let now = year.pop().filter(|one| one.period == *period).ok_or(Error::NotFound)?;
    Ok(Row { at, name, is_action, responsible: responsible.or(risk.owner_id), risk, plan, before: year.pop(), now })
}
