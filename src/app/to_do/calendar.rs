//! A person's deadlines as a calendar (RFC 5545), at an address that cannot be guessed and can be taken away.
//!
//! Calendars fetch it without signing in, and may lie with others; so it says as little as a letter does. All of it is
//! made of what is true on the day, by the owner's rights of that moment: the same twice on one day.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use icalendar::{Calendar, Class, Component, Event, EventLike, Property};
use serde::Serialize;
use utoipa::ToSchema;

use super::tasks::{self, Horizon};
use crate::app::caller::{Caller, Principal};
use crate::app::follow_up::PeriodFrame;
use crate::app::follow_up::limits::is_followed;
use crate::app::places::{manner_in, plan_target};
use crate::app::plans;
use crate::app::sent::Envelope;
use crate::auth;
use crate::domain::letters::plain;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{Language, Period, TaskKind};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, PlanFilter};
use crate::storage::records::{Organisation, Plan, User};
use crate::storage::{Id, Place, Reading, Timestamp, Writing};

/// Whether the caller's deadlines are read at an address of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalendarFeed {
    pub active: bool,
    /// Since when; the address itself was told once.
    pub created_at: Option<Timestamp>,
}

/// The address of a feed, told this once.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewCalendarFeed {
    /// Whoever knows it reads the deadlines.
    #[schema(example = "https://risk.example.org/calendar/q7mX0YwOe3Jt5b1n9cVvKk2sLr8ZpHdFgUiTaEyWxMQ.ics")]
    pub url: String,
    pub created_at: Timestamp,
}

pub fn state(r: &mut Reading, caller: &Caller) -> Result<CalendarFeed> {
    let created_at = match &caller.principal {
        Principal::Person { user, .. } => r.feed_since(user.id)?,
        Principal::Service { .. } => None,
    };
    Ok(CalendarFeed { active: created_at.is_some(), created_at })
}

fn at(w: &mut Writing, user: &User) -> Result<Place> {
    Ok(Place { log: w.root_id()?, organisation: user.organisation_id })
}

/// Makes a new address; the one before leads nowhere any more.
pub fn open(w: &mut Writing, caller: &Caller, public_url: &str, sent: &Envelope) -> Result<NewCalendarFeed> {
    let user = caller.user()?;
    sent.gate()?;
    let token = auth::new_secret();
    let now = Timestamp::now();
    w.open_feed(user.id, &auth::secret_hash(&token), now)?;
    let at = at(w, user)?;
    w.record(at, "calendar.opened", "user", user.id);
    Ok(NewCalendarFeed { url: format!("{public_url}/calendar/{token}.ics"), created_at: now })
}

/// Takes the address away. It is no fault that there is none.
pub fn close(w: &mut Writing, caller: &Caller, sent: &Envelope) -> Result<()> {
    let user = caller.user()?;
    sent.gate()?;
    if w.close_feed(user.id)? {
        let at = at(w, user)?;
        w.record(at, "calendar.closed", "user", user.id);
    }
    Ok(())
}

/// A day to keep, by a name that stays the same for as long as the thing does.
struct Day {
    on: NaiveDate,
    title: String,
    place: Option<String>,
}

/// The calendar that an address leads to. [`Error::NotFound`] when it leads nowhere.
pub fn feed(r: &mut Reading, token: &str, public_url: &str) -> Result<String> {
    let owner = r.feed_owner(&auth::secret_hash(token))?.ok_or(Error::NotFound)?;
    let user: User = r.linked(owner)?;
    if !user.active {
        return Err(Error::NotFound);
    }
    let caller = Caller::on_host(r, owner)?;
    let mut days = BTreeMap::new();
    for task in tasks::owed(r, &caller, Horizon::Year)? {
        let (Some(on), Some(plan)) = (task.deadline, task.plan_id) else { continue };
        let name = match (task.kind, task.period) {
            (TaskKind::Status, Some(period)) => {
                days.entry(deadline_name(plan, period)).or_insert_with(|| {
                    let label = task.manner.label(period, user.language);
                    deadline(on, &label, task.year, &task.organisation, user.language)
                });
                format!("{}-{}-status", task.id, period.as_str())
            }
            (TaskKind::OverdueAction, _) => format!("{}-end", task.id),
            _ => continue,
        };
        let entry = task.into_entry();
        days.insert(name, Day { on, title: entry.title(user.language), place: entry.place(user.language) });
    }
    // Those who answer for a body's follow-up keep its days, whether or not they report themselves.
    let mut kept = Vec::new();
    for plan in plans::list(r, &caller, &PlanFilter::default(), &Listing::all())?.items {
        if !is_followed(&plan) {
            continue;
        }
        let body: Organisation = r.linked(plan.organisation_id)?;
        if caller.sees(Verb::Propose, &Target::Plan(plan_target(&plan, &body))) {
            kept.push((plan, body));
        }
    }
    let plans: Vec<&Plan> = kept.iter().map(|(plan, _)| plan).collect();
    for (frame, (plan, body)) in PeriodFrame::read_all(r, &plans)?.into_iter().zip(&kept) {
        for period in Period::ALL.iter().copied().filter(|period| frame.applies(*period) && !frame.is_closed(*period)) {
            if let Some(on) = frame.deadline(period).1 {
                let label = manner_in(r, body, plan.year)?.label(period, user.language);
                let day = deadline(on, &label, Some(plan.year), &body.name, user.language);
                days.insert(deadline_name(plan.id, period), day);
            }
        }
    }
    Ok(written(&days, user.language, r.today(), public_url))
}

fn deadline_name(plan: Id, period: Period) -> String {
    format!("{plan}-{}-deadline", period.as_str())
}

fn deadline(on: NaiveDate, period: &str, year: Option<i32>, body: &str, language: Language) -> Day {
    let year = year.map(|year| format!(" {year}")).unwrap_or_default();
    let title = match language {
        Language::Sv => format!("Sista dag att rapportera {period}{year}: {}", plain(body)),
        Language::En => format!("Last day to report {period}{year}: {}", plain(body)),
    };
    Day { on, title, place: None }
}

/// The calendar as it is sent. `today` is when its events are said to have been written: it changes once a day.
fn written(days: &BTreeMap<String, Day>, language: Language, today: NaiveDate, public_url: &str) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//Riskregister//Riskregister//SV"))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .name(match language {
            Language::Sv => "Riskregistret",
            Language::En => "Risk register",
        })
        .timezone("Europe/Stockholm")
        .ttl(&TimeDelta::hours(12));
    for (name, day) in days {
        let mut event = Event::new();
        event
            .uid(&format!("{name}@riskregister"))
            .timestamp(today.and_time(NaiveTime::MIN).and_utc())
            .starts(day.on)
            .ends(day.on.succ_opt().unwrap_or(day.on))
            .summary(&day.title)
            .class(Class::Private)
            .url(&format!("{public_url}/tasks"))
            .append_property(Property::new("TRANSP", "TRANSPARENT"));
        if let Some(place) = &day.place {
            event.description(place);
        }
        calendar.push(event.done());
    }
    calendar.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
    }

    #[test]
    fn a_calendar_is_written_as_rfc_5545_says() {
        let title = "Åtgärd; med, tecken: \\ och ett långt namn som aldrig vill ta slut utan går vidare över många åäö";
        let place = Some("Kulturnämnden, 2024".to_owned());
        let days = BTreeMap::from([("a".to_owned(), Day { on: day(2024, 12, 31), title: title.into(), place })]);
        let text = written(&days, Language::Sv, day(2024, 3, 31), "https://r.example.org");
        assert_eq!(text, written(&days, Language::Sv, day(2024, 3, 31), "https://r.example.org"));
        assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']));
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
        }
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "UID:a@riskregister",
            "DTSTAMP:20240331T000000Z",
            "DTSTART;VALUE=DATE:20241231",
            "DTEND;VALUE=DATE:20250101",
            "DESCRIPTION:Kulturnämnden\\, 2024",
        ] {
            assert!(unfolded.lines().any(|found| found == line), "{line} in {unfolded}");
        }
    }
}
