//! Outcomes that are asked for by now and that nobody has given: asked of whoever the indicator names, or else of who answers
//! for the organisation.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use super::task::Task;
use crate::app::caller::Caller;
use crate::app::findings::asked::{self, Answered};
use crate::app::findings::outcomes::may_write;
use crate::app::follow_up::PeriodFrame;
use crate::app::plan::year::of_year;
use crate::domain::due;
use crate::domain::words::{Period, PlanStatus, ReportStatus, TaskKind};
use crate::error::Result;
use crate::storage::records::{Indicator, Organisation, Plan, User};
use crate::storage::{Id, Reading};

/// All that is the caller's, of this year and the one before.
pub fn owed(r: &mut Reading, caller: &Caller, tasks: &mut Vec<Task>) -> Result<()> {
    let today = r.today();
    for year in r.years_with_indicators(&[today.year() - 1, today.year()])? {
        let begun = |period: &Period| due::period_bounds(year, *period).is_some_and(|(from, _)| from <= today);
        let periods: Vec<Period> = Period::ALL.iter().copied().filter(begun).collect();
        let all = asked::of_each(r, (year, &periods), |_| true)?;
        let mine = asked_of(r, caller, all)?;
        let frames = frames(r, year, &mine)?;
        let compiled = compiled(r, year, &mine)?;
        for (one, count) in mine.into_iter().filter(|(one, _)| !compiled.contains(&(one.organisation.id, one.period))) {
            let frame = frames.get(&one.organisation.id);
            let task = task(frame, (&one.organisation, year, one.period), count, today);
            tasks.extend(task.filter(|(from, _)| *from <= today).map(|(_, task)| task));
        }
    }
    Ok(())
}

/// What the caller owes of a body in one period, whenever it is asked for.
pub fn in_period(r: &mut Reading, caller: &Caller, frame: &PeriodFrame, period: Period) -> Result<Vec<Task>> {
    let (body, year, today) = (frame.plan.organisation_id, frame.plan.year, r.today());
    let all = asked::of_each(r, (year, &[period]), |one| one.id == body)?;
    let mine = asked_of(r, caller, all)?;
    let told = mine
        .iter()
        .filter_map(|(one, count)| Some(task(Some(frame), (&one.organisation, year, period), *count, today)?.1));
    Ok(told.collect())
}

/// The people whom the indicators name that a body has not answered in a period.
pub fn named(r: &mut Reading, frame: &PeriodFrame, period: Period) -> Result<Vec<Id>> {
    let body = frame.plan.organisation_id;
    let all = asked::of_each(r, (frame.plan.year, &[period]), |one| one.id == body)?;
    Ok(all.iter().flat_map(|one| &one.missing).filter_map(|one| one.responsible_id).collect())
}

/// Those of which something is the caller's to tell, with how much.
fn asked_of(r: &mut Reading, caller: &Caller, all: Vec<Answered>) -> Result<Vec<(Answered, usize)>> {
    let lacking = all.iter().flat_map(|one| &one.missing).filter_map(|one| one.responsible_id);
    let others: Vec<Id> = lacking.filter(|id| *id != caller.id()).collect::<HashSet<Id>>().into_iter().collect();
    let others: Vec<User> = if others.is_empty() { Vec::new() } else { r.users_by_ids(&others)? };
    let active: HashSet<Id> = others.into_iter().filter(|user| user.active).map(|user| user.id).collect();
    let mine = |indicator: &Indicator, organisation: &Organisation| {
        // One whom it names and who has left tells nothing: then it is the organisation's own matter.
        indicator.responsible_id.is_none_or(|id| !active.contains(&id)) && may_write(caller, organisation, indicator)
    };
    let counted = all.into_iter().map(|one| {
        let count = one.missing.iter().filter(|indicator| mine(indicator, &one.organisation)).count();
        (one, count)
    });
    Ok(counted.filter(|(_, count)| *count > 0).collect())
}

/// The periods of the plans that these bodies have in a year.
fn frames(r: &mut Reading, year: i32, of: &[(Answered, usize)]) -> Result<HashMap<Id, PeriodFrame>> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let mut plans = of_year(r, year)?;
    let bodies: HashSet<Id> = of.iter().map(|(one, _)| one.organisation.id).collect();
    let plans: Vec<Plan> = bodies.iter().filter_map(|id| plans.remove(id)).collect();
    let frames = PeriodFrame::read_all(r, &plans.iter().collect::<Vec<_>>())?;
    Ok(frames.into_iter().map(|frame| (frame.plan.organisation_id, frame)).collect())
}

/// The periods of a year that the region's own outcomes are asked for no longer: its compiled report of them has been made
/// final. They can be given all the same, for the version after it.
fn compiled(r: &mut Reading, year: i32, of: &[(Answered, usize)]) -> Result<HashSet<(Id, Period)>> {
    if of.iter().all(|(one, _)| one.organisation.body_id.is_some()) {
        return Ok(HashSet::new());
    }
    let all = r.compiled_reports()?.into_iter();
    let made = all.filter(|report| report.year == year && report.status != ReportStatus::Draft);
    Ok(made.map(|report| (report.organisation_id, report.kind)).collect())
}

/// The task, and from when it is asked for; none where the plan takes no outcomes of the period any more.
fn task(
    frame: Option<&PeriodFrame>,
    (organisation, year, period): (&Organisation, i32, Period),
    count: usize,
    today: NaiveDate,
) -> Option<(NaiveDate, Task)> {
    if frame.is_some_and(|frame| frame.is_closed(period) || frame.plan.status == PlanStatus::Closed) {
        return None;
    }
    let from = frame.map_or_else(|| due::asked_from(year, period), |frame| frame.asked_from(period))?;
    let deadline = frame.and_then(|frame| frame.deadline(period).1);
    let kind = TaskKind::OutcomesMissing;
    let task = Task {
        year: Some(year),
        period: Some(period),
        deadline,
        late: deadline.is_some_and(|last| last < today),
        count: u32::try_from(count).ok(),
        ..Task::new(kind, "organisation", organisation.id, organisation.name.clone(), organisation)
    };
    Some((from, task))
}
