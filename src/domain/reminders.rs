//! When people are reminded: the weekly letter's week, and how a letter that fails is tried again.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Datelike, Timelike, Utc, Weekday};
use chrono_tz::Europe::Stockholm;

use super::webhooks::Retries;

/// From which hour on Mondays the weekly letter is sent.
const MORNING: u32 = 7;

/// A week as ISO 8601 counts them: it begins on Monday, and belongs to the year that its Thursday is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week {
    year: i32,
    week: u32,
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-W{:02}", self.year, self.week)
    }
}

/// The week whose letter it is time for: on Monday, from the morning until the day is over in Sweden. A service that was
/// down in the morning still sends that day, and later in the week nobody is told of a Monday that has been.
pub fn weekly(now: DateTime<Utc>) -> Option<Week> {
    let here = now.with_timezone(&Stockholm);
    let week = here.iso_week();
    let time = here.weekday() == Weekday::Mon && here.hour() >= MORNING;
    time.then(|| Week { year: week.year(), week: week.week() })
}

/// What the weekly letter of a week is known by: nobody gets two.
pub fn weekly_occasion(week: Week) -> String {
    format!("weekly/{week}")
}

/// Twenty attempts over about three days; a letter to a Monday is worth nothing the Monday after.
pub const RETRIES: Retries =
    Retries { first: Duration::from_secs(60), longest: Duration::from_secs(6 * 3600), attempts: 20 };

/// How often is tried what the mail server has said no to: it seldom changes its mind, and does not like to be asked.
pub const REFUSALS: i32 = 3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Option<String> {
        weekly(text.parse().expect("a time")).map(|week| week.to_string())
    }

    #[test]
    fn the_letter_is_of_monday_morning() {
        for (time, week) in [
            ("2026-11-22T23:00:00Z", None), // Monday, midnight
            ("2026-11-23T05:59:59Z", None),
            ("2026-11-23T06:00:00Z", Some("2026-W48")), // seven in winter
            ("2026-11-23T15:30:00Z", Some("2026-W48")), // late, and still that day
            ("2026-11-23T22:59:59Z", Some("2026-W48")),
            ("2026-11-23T23:00:00Z", None), // Tuesday in Sweden
            ("2026-11-24T08:00:00Z", None),
            ("2026-11-22T08:00:00Z", None), // Sunday
            ("2026-07-06T04:59:59Z", None),
            ("2026-07-06T05:00:00Z", Some("2026-W28")), // seven in summer
            ("2026-07-05T22:30:00Z", None),             // Monday in Sweden, but night
            ("2026-07-06T22:00:00Z", None),             // Tuesday in Sweden
        ] {
            assert_eq!(at(time).as_deref(), week, "{time}");
        }
    }

    /// The clocks change on Sunday nights; the Monday after begins an hour earlier or later than the one before.
    #[test]
    fn the_nights_when_the_clocks_change_move_nothing() {
        for (time, week) in [
            ("2026-03-23T05:59:59Z", None),
            ("2026-03-23T06:00:00Z", Some("2026-W13")),
            ("2026-03-29T01:30:00Z", None), // the hour that is skipped
            ("2026-03-30T04:59:59Z", None),
            ("2026-03-30T05:00:00Z", Some("2026-W14")),
            ("2026-10-19T05:00:00Z", Some("2026-W43")),
            ("2026-10-25T00:30:00Z", None), // half past two, for the first time
            ("2026-10-25T01:30:00Z", None), // and for the second
            ("2026-10-26T05:00:00Z", None),
            ("2026-10-26T06:00:00Z", Some("2026-W44")),
        ] {
            assert_eq!(at(time).as_deref(), week, "{time}");
        }
    }

    #[test]
    fn a_week_belongs_to_the_year_of_its_thursday() {
        for (time, week) in [
            ("2020-12-28T08:00:00Z", "2020-W53"),
            ("2021-01-04T08:00:00Z", "2021-W01"),
            ("2024-12-30T08:00:00Z", "2025-W01"),
            ("2026-12-28T08:00:00Z", "2026-W53"),
            ("2027-01-04T08:00:00Z", "2027-W01"),
        ] {
            assert_eq!(at(time).as_deref(), Some(week), "{time}");
        }
    }

    #[test]
    fn a_letter_is_given_up_before_the_next_monday() {
        let waits: u64 = (1..RETRIES.attempts).map(|failures| RETRIES.pause(failures, 1.0).as_secs()).sum();
        assert!((2..6).contains(&(waits / 86_400)), "{waits} seconds");
    }

    proptest! {
        /// Whatever the hour, a Monday has one week, and no two Mondays the same.
        #[test]
        fn no_two_mondays_share_a_week(days in 0_i64..40_000, minute in 0_i64..900) {
            let first: DateTime<Utc> = "2000-01-03T06:00:00Z".parse().expect("a Monday");
            let monday = first + chrono::TimeDelta::days(days - days % 7);
            let (here, next) = (weekly(monday), weekly(monday + chrono::TimeDelta::days(7)));
            prop_assert!(here.is_some() && here != next);
            prop_assert_eq!(weekly(monday + chrono::TimeDelta::minutes(minute)), here);
        }
    }
}
