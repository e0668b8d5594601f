//! What a follow-up asks about: which controls and actions are due in which period.
//!
//! Knows dates and recurrences. That a period is open or closed, who reports and what was reported
//! is known elsewhere. Dates are dates in Sweden; the caller turns times into them.

use chrono::{Datelike, Days, NaiveDate};

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
    Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, month, day)?))
}

/// From when a period's statuses are asked for, where the region has set no other day: fourteen days before the period's
/// last day (ours).
pub fn asked_from(year: i32, period: Period) -> Option<NaiveDate> {
    period_bounds(year, period).and_then(|(_, last)| last.checked_sub_days(Days::new(14)))
}

/// Is the control due in this period of the plan year?
///
/// `continuous`, `weekly`, `monthly`, `quarterly` and `tertial` in every period; `semiannual` in the
/// interim one, which holds the first half of the year, and in the annual one, by which the second
/// has ended (ours); `annual` in the annual one or in its own period; `oneOff` in the period of its
/// date, when that lies in the plan year.
/// A control without recurrences, or one-off without a date, is asked about in the annual one
/// (ours): a control that is never asked about would be a hole that nobody sees.
pub fn control_is_due(control: &ControlSchedule, year: i32, period: Period) -> bool {
    if control.recurrences.is_empty() {
        return period == Period::Annual;
    }
    control.recurrences.iter().any(|recurrence| match recurrence {
        Recurrence::Continuous
        | Recurrence::Weekly
        | Recurrence::Monthly
        | Recurrence::Quarterly
        | Recurrence::Tertial => true,
        Recurrence::Semiannual => period != Period::T1,
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
    let goes_on = action.completed_on.is_none_or(|done| (done.year(), period_of(done)) >= (year, period));
    has_begun && goes_on
}

/// Past its end date and not completed: flagged.
pub fn action_is_overdue(action: &ActionSchedule, today: NaiveDate) -> bool {
    action.completed_on.is_none() && action.end.is_some_and(|end| end < today)
}

/// Past its start date and still not started: flagged.
pub fn action_is_late_to_start(action: &ActionSchedule, status: ActionStatus, today: NaiveDate) -> bool {
    status == ActionStatus::NotStarted && action.start.is_some_and(|start| start < today)
}

/// Did the period end before this day? Of the plan's first adoption: then nothing is due in it unless the controller says
/// so. Of the day on which a control came into an adopted plan: then nobody asks of it.
pub fn ended_before(year: i32, period: Period, day: NaiveDate) -> bool {
    period_bounds(year, period).is_some_and(|(_, last)| last < day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
    }

    fn control(recurrences: &[Recurrence]) -> ControlSchedule {
        ControlSchedule { recurrences: recurrences.to_vec(), due_period: None, due_date: None }
    }

    fn due_in(control: &ControlSchedule) -> Vec<&'static str> {
        let due = |period: &&Period| control_is_due(control, 2024, **period);
        Period::ALL.iter().filter(due).map(|period| period.as_str()).collect()
    }

    fn action_due_in(action: &ActionSchedule, year: i32) -> Vec<&'static str> {
        let due = |period: &&Period| action_is_due(action, year, **period);
        Period::ALL.iter().filter(due).map(|period| period.as_str()).collect()
    }

    #[test]
    fn periods_are_cumulative_and_days_fall_in_one() {
        assert_eq!(period_bounds(2024, Period::T1), Some((day(2024, 1, 1), day(2024, 4, 30))));
        assert_eq!(period_bounds(2024, Period::Interim), Some((day(2024, 1, 1), day(2024, 8, 31))));
        assert_eq!(period_bounds(2024, Period::Annual), Some((day(2024, 1, 1), day(2024, 12, 31))));
        assert_eq!(period_bounds(i32::MAX, Period::T1), None);
        assert_eq!(asked_from(2024, Period::T1), Some(day(2024, 4, 16)));
        assert_eq!(asked_from(2024, Period::Annual), Some(day(2024, 12, 17)));
        assert_eq!(asked_from(i32::MAX, Period::T1), None);
        assert_eq!(period_of(day(2024, 4, 30)), Period::T1);
        assert_eq!(period_of(day(2024, 5, 1)), Period::Interim);
        assert_eq!(period_of(day(2024, 8, 31)), Period::Interim);
        assert_eq!(period_of(day(2024, 9, 1)), Period::Annual);
    }

    #[test]
    fn controls() {
        use Recurrence::*;
        assert_eq!(due_in(&control(&[])), ["annual"]);
        assert_eq!(due_in(&control(&[Annual])), ["annual"]);
        assert_eq!(due_in(&control(&[OneOff])), ["annual"]);
        assert_eq!(due_in(&control(&[Annual, Continuous])), ["t1", "interim", "annual"]);
        assert_eq!(due_in(&control(&[Weekly])), ["t1", "interim", "annual"]);
        assert_eq!(due_in(&control(&[Semiannual])), ["interim", "annual"]);
        let own = ControlSchedule { due_period: Some(Period::Interim), ..control(&[Annual]) };
        assert_eq!(due_in(&own), ["interim"]);
        let once = ControlSchedule { due_date: Some(day(2024, 4, 30)), ..control(&[OneOff]) };
        assert_eq!(due_in(&once), ["t1"]);
        let other_year = ControlSchedule { due_date: Some(day(2025, 4, 30)), ..control(&[OneOff]) };
        assert_eq!(due_in(&other_year), [""; 0]);
        assert!(may_postpone(Period::T1) && may_postpone(Period::Interim));
        assert!(!may_postpone(Period::Annual));
    }

    #[test]
    fn actions() {
        let from_may = ActionSchedule { start: Some(day(2024, 5, 1)), end: Some(day(2024, 6, 30)), completed_on: None };
        assert_eq!(action_due_in(&from_may, 2023), [""; 0]);
        // Past its end it is still asked about, next year too, until it is completed.
        assert_eq!(action_due_in(&from_may, 2024), ["interim", "annual"]);
        assert_eq!(action_due_in(&from_may, 2025), ["t1", "interim", "annual"]);
        let done = ActionSchedule { completed_on: Some(day(2024, 6, 15)), ..from_may };
        assert_eq!(action_due_in(&done, 2024), ["interim"]);
        assert_eq!(action_due_in(&done, 2025), [""; 0]);
        // A day is enough to overlap.
        let last_day = ActionSchedule { start: Some(day(2024, 4, 30)), ..from_may };
        assert_eq!(action_due_in(&last_day, 2024), ["t1", "interim", "annual"]);
    }

    #[test]
    fn flags() {
        let action = ActionSchedule { start: Some(day(2024, 2, 1)), end: Some(day(2024, 6, 30)), completed_on: None };
        assert!(!action_is_overdue(&action, day(2024, 6, 30)));
        assert!(action_is_overdue(&action, day(2024, 7, 1)));
        let done = ActionSchedule { completed_on: Some(day(2024, 6, 1)), ..action };
        assert!(!action_is_overdue(&done, day(2024, 7, 1)));
        let late = |status, today| action_is_late_to_start(&action, status, today);
        assert!(late(ActionStatus::NotStarted, day(2024, 2, 2)));
        assert!(!late(ActionStatus::NotStarted, day(2024, 2, 1)));
        assert!(!late(ActionStatus::OnPlan, day(2024, 2, 2)));
    }

    /// 29 February is a day like others, in the years that have it; the year's last day is the year's.
    #[test]
    fn leap_days_and_the_ends_of_years() {
        for (year, length) in [(2023, 365), (2024, 366), (2100, 365), (2000, 366)] {
            let (first, last) = period_bounds(year, Period::Annual).expect("a year of the calendar");
            assert_eq!((last - first).num_days() + 1, length);
            let (_, t1) = period_bounds(year, Period::T1).expect("a year of the calendar");
            assert_eq!((t1 - first).num_days() + 1, length - 245);
        }
        let leap = ControlSchedule { due_date: Some(day(2024, 2, 29)), ..control(&[Recurrence::OneOff]) };
        assert_eq!(due_in(&leap), ["t1"]);
        let action = ActionSchedule { start: Some(day(2024, 2, 29)), end: Some(day(2024, 2, 29)), completed_on: None };
        assert!(!action_is_overdue(&action, day(2024, 2, 29)));
        assert!(action_is_overdue(&action, day(2024, 3, 1)));
        assert!(!action_is_late_to_start(&action, ActionStatus::NotStarted, day(2024, 2, 29)));
        assert!(action_is_late_to_start(&action, ActionStatus::NotStarted, day(2024, 3, 1)));
        assert_eq!(action_due_in(&action, 2023), [""; 0]);
        assert_eq!(action_due_in(&action, 2024), ["t1", "interim", "annual"]);
        // On the last night of the year it is still this year's; a second later it is not.
        let last = |date| ActionSchedule { completed_on: Some(date), ..action };
        assert_eq!(action_due_in(&last(day(2024, 12, 31)), 2025), [""; 0]);
        assert_eq!(action_due_in(&last(day(2025, 1, 1)), 2025), ["t1"]);
        let new_year = ControlSchedule { due_date: Some(day(2023, 12, 31)), ..control(&[Recurrence::OneOff]) };
        assert_eq!(due_in(&new_year), [""; 0]);
        assert!(!ended_before(2023, Period::Annual, day(2023, 12, 31)));
        assert!(ended_before(2023, Period::Annual, day(2024, 1, 1)));
    }

    #[test]
    fn what_ended_before_the_first_adoption() {
        assert!(ended_before(2024, Period::T1, day(2024, 5, 1)));
        assert!(!ended_before(2024, Period::T1, day(2024, 4, 30)));
        assert!(!ended_before(2024, Period::Annual, day(2024, 5, 1)));
    }

    fn recurrences() -> impl Strategy<Value = Vec<Recurrence>> {
        prop::collection::vec(prop::sample::select(Recurrence::ALL), 0..4)
    }

    prop_compose! {
        fn date()(days in 700_000..760_000i32) -> NaiveDate {
            NaiveDate::from_num_days_from_ce_opt(days).expect("a day of this age")
        }
    }

    proptest! {
        #[test]
        fn what_recurs_within_the_year_is_due_in_each_period(
            mut set in recurrences(), year in 1990..2060i32, at in 0..4usize,
            recurring in prop::sample::select(&Recurrence::ALL[..5]),
        ) {
            set.insert(at.min(set.len()), recurring);
            let control = control(&set);
            for period in Period::ALL {
                prop_assert!(control_is_due(&control, year, *period));
            }
        }

        #[test]
        fn annual_is_due_exactly_once(year in 1990..2060i32, own in prop::option::of(prop::sample::select(Period::ALL))) {
            let control = ControlSchedule { due_period: own, ..control(&[Recurrence::Annual]) };
            let due = Period::ALL.iter().filter(|period| control_is_due(&control, year, **period)).count();
            prop_assert_eq!(due, 1);
        }

        #[test]
        fn a_one_off_is_due_exactly_once_in_its_year(date in date(), other in 1990..2060i32) {
            let control = ControlSchedule { due_date: Some(date), ..control(&[Recurrence::OneOff]) };
            let due = |year| Period::ALL.iter().filter(|period| control_is_due(&control, year, **period)).count();
            prop_assert_eq!(due(date.year()), 1);
            prop_assert_eq!(due(other), usize::from(other == date.year()));
        }

        #[test]
        fn every_control_is_asked_about_unless_it_is_another_years(set in recurrences(), year in 1990..2060i32) {
            let control = control(&set);
            prop_assert!(Period::ALL.iter().any(|period| control_is_due(&control, year, *period)));
        }

        /// Due in one unbroken run, from the period of its start to the one of its completion.
        #[test]
        fn an_action_is_due_in_one_run(start in date(), days in 0..900i64, year in 1915..2085i32) {
            let done = start + chrono::Days::new(days as u64);
            let action = ActionSchedule { start: Some(start), end: None, completed_on: Some(done) };
            for period in Period::ALL {
                let now = (year, *period);
                let expected = (start.year(), period_of(start)) <= now && now <= (done.year(), period_of(done));
                prop_assert_eq!(action_is_due(&action, year, *period), expected);
            }
        }

        #[test]
        fn no_year_panics(year in any::<i32>(), date in date()) {
            for period in Period::ALL {
                action_is_due(&ActionSchedule { start: Some(date), end: None, completed_on: None }, year, *period);
                ended_before(year, *period, date);
            }
        }
    }
}
