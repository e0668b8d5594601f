//! What a follow-up asks about: which controls and actions are due in which period.
//!
//! Knows dates and recurrences. That a period is open or closed, who reports and what was reported
//! is known elsewhere. Dates are dates in Sweden; the caller turns times into them.

use chrono::{Datelike, NaiveDate};

use super::words::{ActionStatus, Period, Recurrence};

/// When a control is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlSchedule {
    /// A set: several may hold at once.
    pub recurrences: Vec<Recurrence>,
    /// The period an `annual` control is due in, when not the annual one.
    pub due_period: Option<Period>,
    /// The day a `oneOff` control is done.
    pub due_date: Option<NaiveDate>,
}

/// When an action is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionSchedule {
    pub start: Option<NaiveDate>,
    pub end: Option<NaiveDate>,
    /// As an earlier period's report says; what this period's own report says does not count.
    pub completed_on: Option<NaiveDate>,
}

/// The period in which a day is followed up: January to April, May to August, September to
/// December.
pub fn period_of(date: NaiveDate) -> Period {
    match date.month() {
        ..=4 => Period::T1,
        5..=8 => Period::Interim,
        _ => Period::Annual,
    }
}

/// First and last day of what a period's report covers. All three begin on 1 January; they end on
/// 30 April, 31 August and 31 December. Nothing for a year that the calendar does not have.
pub fn period_bounds(year: i32, period: Period) -> Option<(NaiveDate, NaiveDate)> {
    let (month, day) = match period {
        Period::T1 => (4, 30),
        Period::Interim => (8, 31),
        Period::Annual => (12, 31),
    };
    Some((
        NaiveDate::from_ymd_opt(year, 1, 1)?,
        NaiveDate::from_ymd_opt(year, month, day)?,
    ))
}

/// Is the control due in this period of the plan year?
///
/// `continuous`, `monthly`, `quarterly` and `tertial` in every period; `annual` in the annual one
/// or in its own period; `oneOff` in the period of its date, when that lies in the plan year.
/// A control without recurrences, or one-off without a date, is asked about in the annual one
/// (ours): a control that is never asked about would be a hole that nobody sees.
pub fn control_is_due(control: &ControlSchedule, year: i32, period: Period) -> bool {
    if control.recurrences.is_empty() {
        return period == Period::Annual;
    }
    control
        .recurrences
        .iter()
        .any(|recurrence| match recurrence {
            Recurrence::Continuous
            | Recurrence::Monthly
            | Recurrence::Quarterly
            | Recurrence::Tertial => true,
            Recurrence::Annual => period == control.due_period.unwrap_or(Period::Annual),
            Recurrence::OneOff => match control.due_date {
                Some(date) => date.year() == year && period_of(date) == period,
                None => period == Period::Annual,
            },
        })
}

/// May a control that is due be postponed, with a comment? To a later period, but not out of the
/// year.
pub fn may_postpone(period: Period) -> bool {
    period != Period::Annual
}

/// Is the action due in this period of the plan year?
///
/// From the first period it overlaps (at once without a start date) until the one in which it was
/// completed, that one too. Its end date does not matter: past it, an action is flagged, not
/// forgotten.
pub fn action_is_due(action: &ActionSchedule, year: i32, period: Period) -> bool {
    let Some((_, last)) = period_bounds(year, period) else {
        return false;
    };
    let has_begun = action.start.is_none_or(|start| start <= last);
    let goes_on = action
        .completed_on
        .is_none_or(|done| (done.year(), period_of(done)) >= (year, period));
    has_begun && goes_on
}

/// Past its end date and not completed: flagged.
pub fn action_is_overdue(action: &ActionSchedule, today: NaiveDate) -> bool {
    action.completed_on.is_none() && action.end.is_some_and(|end| end < today)
}

/// Past its start date and still not started: flagged.
pub fn action_is_late_to_start(
    action: &ActionSchedule,
    status: ActionStatus,
    today: NaiveDate,
) -> bool {
    status == ActionStatus::NotStarted && action.start.is_some_and(|start| start < today)
}

/// Did the period end before the plan's first adoption? Then nothing is due in it unless the
/// controller says so.
pub fn ended_before(year: i32, period: Period, first_adopted_on: NaiveDate) -> bool {
    period_bounds(year, period).is_some_and(|(_, last)| last < first_adopted_on)
}
