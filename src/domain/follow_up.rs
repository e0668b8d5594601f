//! The follow-up of a plan: which statuses may be reported, when a period closes, and the life of its report.
//!
//! Knows what stands in the way of a verb, not who asks ([`roles`](super::roles)), nor what is due
//! ([`due`](super::due)). Today's date is passed in, as the date in Sweden.

use chrono::{Datelike, NaiveDate};

use super::due;
use super::life::Refusal;
use super::words::{ActionEffect, ActionStatus, ControlStatus, Period, PeriodStatus, ReportStatus, Scale};

/// A fault of what was reported: in which field, and why.
pub type ReportFault = (&'static str, Refusal);

fn no_comment() -> ReportFault {
    let refusal = Refusal::new(
        "required",
        "Gult och rött ska förklaras med en kommentar.",
        "Yellow and red must be explained by a comment.",
    );
    ("/comment", refusal)
}

/// What is wrong with a control's report.
///
/// Yellow and red need a comment (ours). A control that is due may be postponed to a later period, by a dash with a
/// comment, but not out of the year.
pub fn control_faults(status: ControlStatus, commented: bool, is_due: bool, period: Period) -> Vec<ReportFault> {
    let mut faults = Vec::new();
    let postponed = is_due && status == ControlStatus::NotPlanned;
    if status.colour().needs_comment() && !commented {
        faults.push(no_comment());
    }
    if postponed && !due::may_postpone(period) {
        faults.push((
            "/status",
            Refusal::new(
                "notOutOfYear",
                "Kontrollen ska genomföras under året och kan inte skjutas upp längre.",
                "The control is due this year and cannot be postponed any further.",
            ),
        ));
    } else if postponed && !commented {
        faults.push((
            "/comment",
            Refusal::new(
                "required",
                "Ange i kommentaren varför kontrollen skjuts upp.",
                "Say in the comment why the control is postponed.",
            ),
        ));
    }
    faults
}

/// What is reported of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionFacts {
    pub status: ActionStatus,
    pub effect: ActionEffect,
    pub completed_on: Option<NaiveDate>,
    pub commented: bool,
    /// The action's start date.
    pub start: Option<NaiveDate>,
}

/// What is wrong with an action's report.
///
/// Yellow and red, of status or effect, need a comment (ours). In the annual period the effect is assessed. What is
/// completed has begun, and not in the future.
pub fn action_faults(report: &ActionFacts, period: Period, today: NaiveDate) -> Vec<ReportFault> {
    let mut faults = Vec::new();
    if (report.status.colour().needs_comment() || report.effect.colour().needs_comment()) && !report.commented {
        faults.push(no_comment());
    }
    if period == Period::Annual && report.effect == ActionEffect::NotAssessed {
        faults.push((
            "/effect",
            Refusal::new(
                "effectRequired",
                "I årets sista uppföljning ska effekten bedömas.",
                "In the year's last follow-up the effect must be assessed.",
            ),
        ));
    }
    if let Some(done) = report.completed_on {
        if done > today {
            faults.push((
                "/completedOn",
                Refusal::new("dateInFuture", "Datumet ligger i framtiden.", "The date is in the future."),
            ));
        }
        if report.start.is_some_and(|start| done < start) {
            faults.push((
                "/completedOn",
                Refusal::new(
                    "beforeStart",
                    "Åtgärden kan inte vara klar före sitt startdatum.",
                    "The action cannot have been completed before its start date.",
                ),
            ));
        }
        if report.status == ActionStatus::NotStarted {
            faults.push((
                "/status",
                Refusal::new(
                    "completedNotStarted",
                    "En åtgärd som är klar kan inte vara ej påbörjad.",
                    "An action that is completed cannot be not started.",
                ),
            ));
        }
    }
    faults
}

/// What one may want to do in a period of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodVerb {
    /// Report a status.
    Report,
    /// Set a truth that came late beside what was decided.
    Correct,
    /// Change the body's deadline, or whether anything is due.
    Change,
    Close,
    Reopen,
    /// Make the report that the board decides on.
    MakeReport,
    /// Judge the components of the internal control.
    Judge,
    /// Close it before its last day has passed, for a reason.
    CloseEarly,
}

impl PeriodVerb {
    /// Every verb.
    pub const ALL: &'static [Self] = &[
        Self::Report,
        Self::Correct,
        Self::Change,
        Self::Close,
        Self::Reopen,
        Self::MakeReport,
        Self::Judge,
        Self::CloseEarly,
    ];
}

/// Where a period of a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodState {
    pub year: i32,
    pub period: Period,
    pub status: PeriodStatus,
    /// An earlier period in which something is due is open.
    pub earlier_open: bool,
    pub later_closed: bool,
    /// The board has decided on its report.
    pub decided: bool,
    /// Where its newest report stands.
    pub report: Option<ReportStatus>,
}

/// May this be done in a period that stands so, today?
///
/// Codes of refusal: `yearNotBegun`, `periodNotEnded`, `periodOpen`, `periodClosed`, `earlierPeriodOpen`,
/// `laterPeriodClosed`, `reportDecided`, `reportNotDecided`, `reportIsFinal`, `reportIsDecided`.
pub fn may(verb: PeriodVerb, state: &PeriodState, today: NaiveDate) -> Result<(), Refusal> {
    use PeriodStatus::{Closed, Open};
    use PeriodVerb as V;

    match (state.status, verb) {
        // The judgement is a part of the report, and is written as long as the report is.
        (_, V::Judge) => state.report.map_or(Ok(()), |report| may_report(ReportVerb::Edit, report)),

        (Open, V::Report | V::CloseEarly) if today.year() < state.year => Err(Refusal::new(
            "yearNotBegun",
            format!("Planens år, {}, har inte börjat.", state.year),
            format!("The year of the plan, {}, has not begun.", state.year),
        )),
        // What was reported in an earlier period decides what is due in the later one, which is closed.
        (Open, V::Report | V::Change) if state.later_closed => Err(later_closed()),
        (Open, V::Report | V::Change | V::MakeReport) => Ok(()),
        (Open, V::Correct | V::Reopen) => Err(Refusal::new(
            "periodOpen",
            "Perioden är öppen. Rapportera som vanligt.",
            "The period is open. Report as usual.",
        )),
        (Open, V::Close) if due::period_bounds(state.year, state.period).is_none_or(|(_, last)| today <= last) => {
            Err(Refusal::new("periodNotEnded", "Perioden har inte tagit slut.", "The period has not ended."))
        }
        (Open, V::Close | V::CloseEarly) if state.earlier_open => Err(Refusal::new(
            "earlierPeriodOpen",
            "En tidigare period är öppen. Perioderna stängs i ordning.",
            "An earlier period is open. Periods close in order.",
        )),
        (Open, V::Close | V::CloseEarly) => Ok(()),

        (Closed, V::MakeReport) => Ok(()),
        (Closed, V::Report | V::Change | V::Close | V::CloseEarly) => Err(closed()),
        (Closed, V::Correct) if state.decided => Ok(()),
        (Closed, V::Correct) => Err(Refusal::new(
            "reportNotDecided",
            "Periodens rapport är inte beslutad. Öppna perioden i stället.",
            "The report of the period is not decided. Reopen the period instead.",
        )),
        (Closed, V::Reopen) if state.decided => Err(Refusal::new(
            "reportDecided",
            "Periodens rapport är beslutad. Det som tillkommer skrivs som en rättelse.",
            "The report of the period is decided. What comes late is written as a correction.",
        )),
        (Closed, V::Reopen) if state.later_closed => Err(later_closed()),
        (Closed, V::Reopen) => Ok(()),
    }
}

/// What is wrong with the reason that a period is closed for, before its last day has passed. After it there is none to
/// give, and what is printed of it would be untrue.
///
/// Codes: `periodNotEnded`, `notEarly`.
pub fn closing_fault(today: NaiveDate, last: NaiveDate, reasoned: bool) -> Option<Refusal> {
    match (today <= last, reasoned) {
        (true, false) => Some(Refusal::new(
            "periodNotEnded",
            format!("Periodens sista dag är {last}. Skriv varför perioden stängs innan den dagen har gått."),
            format!("The last day of the period is {last}. Say why it is closed before that day has passed."),
        )),
        (false, true) => Some(Refusal::new(
            "notEarly",
            format!("Periodens sista dag, {last}, har gått. Perioden stängs utan skäl."),
            format!("The last day of the period, {last}, has passed. It is closed without a reason."),
        )),
        _ => None,
    }
}

/// As [`closing_fault`], of a board's decision on the period's report. Boards that meet in November decide on the year.
///
/// Codes: `beforePeriodEnds`, `notEarly`.
pub fn early_fault(decided_on: NaiveDate, last: NaiveDate, reasoned: bool) -> Option<Refusal> {
    match (decided_on <= last, reasoned) {
        (true, false) => Some(Refusal::new(
            "beforePeriodEnds",
            format!("Periodens sista dag är {last}. Skriv varför beslutet fattades innan den dagen hade gått."),
            format!("The last day of the period is {last}. Say why the decision was made before that day had passed."),
        )),
        (false, true) => Some(Refusal::new(
            "notEarly",
            format!("Beslutet fattades efter periodens sista dag, {last}. Då anges inget skäl."),
            format!("The decision was made after the last day of the period, {last}. No reason is given then."),
        )),
        _ => None,
    }
}

/// What is said to whoever writes in a closed period.
pub fn closed() -> Refusal {
    Refusal::new("periodClosed", "Perioden är stängd.", "The period is closed.")
}

fn later_closed() -> Refusal {
    Refusal::new(
        "laterPeriodClosed",
        "En senare period är stängd. Öppna den först.",
        "A later period is closed. Reopen that one first.",
    )
}

/// What one may want to do with the report of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportVerb {
    Edit,
    Finalize,
    /// Send a final report back to draft, with a reason.
    Return,
    Decide,
    /// Remove a draft that came to nothing.
    Discard,
    /// Record that the decided one was delivered to the regional office.
    Deliver,
    /// Add a diary number that came after the decision.
    AddDiaryNumber,
}

impl ReportVerb {
    /// Every verb.
    pub const ALL: &'static [Self] =
        &[Self::Edit, Self::Finalize, Self::Return, Self::Decide, Self::Discard, Self::Deliver, Self::AddDiaryNumber];
}

/// May this be done with a report that stands so? `draft → final → decided`, and a decided one never changes.
///
/// Codes of refusal: `reportIsDraft`, `reportIsFinal`, `reportIsDecided`, `reportNotDecided`.
pub fn may_report(verb: ReportVerb, status: ReportStatus) -> Result<(), Refusal> {
    use ReportVerb as V;
    match (status, verb) {
        (ReportStatus::Draft, V::Edit | V::Finalize | V::Discard)
        | (ReportStatus::Final, V::Return | V::Decide)
        | (ReportStatus::Decided, V::Deliver | V::AddDiaryNumber) => Ok(()),
        (_, V::Deliver | V::AddDiaryNumber) => {
            Err(Refusal::new("reportNotDecided", "Rapporten är inte beslutad än.", "The report is not decided yet."))
        }
        (ReportStatus::Draft, _) => Err(Refusal::new(
            "reportIsDraft",
            "Rapporten är ett utkast och inte slutlig.",
            "The report is a draft and not final.",
        )),
        (ReportStatus::Final, _) => Err(Refusal::new(
            "reportIsFinal",
            "Rapporten är slutlig. Återställ den till utkast först.",
            "The report is final. Return it to draft first.",
        )),
        (ReportStatus::Decided, _) => Err(Refusal::new(
            "reportIsDecided",
            "Rapporten är beslutad och ändras inte. Skapa en ny version.",
            "The report is decided and does not change. Make a new version.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::Colour;

    fn codes(faults: &[ReportFault]) -> Vec<(&'static str, &'static str)> {
        faults.iter().map(|(at, refusal)| (*at, refusal.code)).collect()
    }

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
    }

    /// The reading guide's table, in its own words.
    #[test]
    fn the_three_scales_are_the_reading_guides() {
        use crate::domain::words::Language::Sv;
        let controls = [
            (ControlStatus::NotPlanned, Colour::Dash, "ej planerad i perioden"),
            (ControlStatus::Performed, Colour::Green, "genomförd utan avvikelser"),
            (ControlStatus::PerformedWithDeviations, Colour::Yellow, "genomförd med avvikelser"),
            (ControlStatus::NotPerformed, Colour::Red, "inte genomförd"),
        ];
        let statuses = [
            (ActionStatus::NotStarted, Colour::Dash, "ej påbörjad"),
            (ActionStatus::OnPlan, Colour::Green, "enligt plan"),
            (ActionStatus::MostlyDone, Colour::Yellow, "merparten åtgärdat, delar kvarstår"),
            (ActionStatus::OffPlan, Colour::Red, "ej enligt plan"),
        ];
        let effects = [
            (ActionEffect::NotAssessed, Colour::Dash, "ej bedömt"),
            (ActionEffect::Desired, Colour::Green, "bedöms ge önskad effekt"),
            (ActionEffect::Uncertain, Colour::Yellow, "osäkert om önskad effekt nås"),
            (ActionEffect::NotDesired, Colour::Red, "bedöms inte få önskad effekt"),
        ];
        assert_eq!(
            controls.map(|(word, colour, text)| (word.colour() == colour, word.label(Sv) == text)),
            [(true, true); 4]
        );
        assert_eq!(
            statuses.map(|(word, colour, text)| (word.colour() == colour, word.label(Sv) == text)),
            [(true, true); 4]
        );
        assert_eq!(
            effects.map(|(word, colour, text)| (word.colour() == colour, word.label(Sv) == text)),
            [(true, true); 4]
        );
        assert_eq!((ControlStatus::ALL.len(), ActionStatus::ALL.len(), ActionEffect::ALL.len()), (4, 4, 4));
    }

    #[test]
    fn a_controls_report() {
        for period in Period::ALL {
            for due in [false, true] {
                for status in ControlStatus::ALL {
                    let yellow_or_red =
                        matches!(status, ControlStatus::PerformedWithDeviations | ControlStatus::NotPerformed);
                    let dash = due && *status == ControlStatus::NotPlanned;
                    let silent = codes(&control_faults(*status, false, due, *period));
                    let told = codes(&control_faults(*status, true, due, *period));
                    if dash && *period == Period::Annual {
                        assert_eq!(silent, [("/status", "notOutOfYear")]);
                        assert_eq!(told, [("/status", "notOutOfYear")]);
                    } else {
                        let expected: &[_] = if yellow_or_red || dash { &[("/comment", "required")] } else { &[] };
                        assert_eq!(silent, expected, "{status} {due} {period}");
                        assert_eq!(told, []);
                    }
                }
            }
        }
    }

    #[test]
    fn an_actions_report() {
        let today = day(2024, 5, 10);
        let green = ActionFacts {
            status: ActionStatus::OnPlan,
            effect: ActionEffect::Desired,
            completed_on: None,
            commented: false,
            start: Some(day(2024, 2, 1)),
        };
        let faults = |report: ActionFacts, period| codes(&action_faults(&report, period, today));
        for status in ActionStatus::ALL {
            for effect in ActionEffect::ALL {
                let report = ActionFacts { status: *status, effect: *effect, ..green };
                let loud = [status.colour(), effect.colour()].iter().any(|c| matches!(c, Colour::Yellow | Colour::Red));
                let mut expected = if loud { vec![("/comment", "required")] } else { vec![] };
                assert_eq!(faults(report, Period::T1), expected);
                assert_eq!(faults(report, Period::Interim), expected);
                if *effect == ActionEffect::NotAssessed {
                    expected.push(("/effect", "effectRequired"));
                }
                assert_eq!(faults(report, Period::Annual), expected);
                assert_eq!(faults(ActionFacts { commented: true, ..report }, Period::T1), []);
            }
        }
        let done = |on| ActionFacts { completed_on: Some(on), ..green };
        assert_eq!(faults(done(today), Period::T1), []);
        assert_eq!(faults(done(day(2024, 5, 11)), Period::T1), [("/completedOn", "dateInFuture")]);
        assert_eq!(faults(done(day(2024, 1, 31)), Period::T1), [("/completedOn", "beforeStart")]);
        let never_began = ActionFacts { status: ActionStatus::NotStarted, ..done(today) };
        assert_eq!(faults(never_began, Period::T1), [("/status", "completedNotStarted")]);
    }

    #[test]
    fn a_periods_life() {
        let open = PeriodState {
            year: 2024,
            period: Period::T1,
            status: PeriodStatus::Open,
            earlier_open: false,
            later_closed: false,
            decided: false,
            report: None,
        };
        let closed = PeriodState { status: PeriodStatus::Closed, ..open };
        let decided = PeriodState { decided: true, report: Some(ReportStatus::Decided), ..closed };
        let code = |verb, state: PeriodState, today| may(verb, &state, today).err().map_or("", |r| r.code);
        let all = |state, today| PeriodVerb::ALL.iter().map(|v| code(*v, state, today)).collect::<Vec<_>>();
        // Report, correct, change, close, reopen, make a report, judge, close early.
        assert_eq!(all(open, day(2024, 4, 30)), ["", "periodOpen", "", "periodNotEnded", "periodOpen", "", "", ""]);
        assert_eq!(all(open, day(2024, 5, 1)), ["", "periodOpen", "", "", "periodOpen", "", "", ""]);
        let before = all(open, day(2023, 12, 31));
        assert_eq!((before[0], before[7]), ("yearNotBegun", "yearNotBegun"));
        let waits = PeriodState { earlier_open: true, ..open };
        let waiting = all(waits, day(2024, 5, 1));
        assert_eq!((waiting[3], waiting[7]), ("earlierPeriodOpen", "earlierPeriodOpen"));
        let today = day(2024, 6, 1);
        let passed_by = PeriodState { later_closed: true, ..open };
        assert_eq!((all(passed_by, today)[0], all(passed_by, today)[2]), ("laterPeriodClosed", "laterPeriodClosed"));
        let shut = "periodClosed";
        assert_eq!(all(closed, today), [shut, "reportNotDecided", shut, shut, "", "", "", shut]);
        assert_eq!(all(decided, today), [shut, "", shut, shut, "reportDecided", "", "reportIsDecided", shut]);
        // The judgement goes with the report, whether the period is open or closed.
        for (report, told) in
            [(None, ""), (Some(ReportStatus::Draft), ""), (Some(ReportStatus::Final), "reportIsFinal")]
        {
            for state in [open, closed, PeriodState { later_closed: true, ..closed }] {
                assert_eq!(all(PeriodState { report, ..state }, today)[6], told, "{report:?}");
            }
        }
        let passed = PeriodState { later_closed: true, ..closed };
        assert_eq!(all(passed, today)[4], "laterPeriodClosed");
    }

    #[test]
    fn what_comes_before_the_last_day_has_passed_is_explained() {
        let last = day(2024, 12, 31);
        for (on, reasoned, closing, early) in [
            (last, false, "periodNotEnded", "beforePeriodEnds"),
            (last, true, "", ""),
            (day(2025, 1, 1), false, "", ""),
            (day(2025, 1, 1), true, "notEarly", "notEarly"),
        ] {
            let code = |fault: Option<Refusal>| fault.map_or("", |refusal| refusal.code);
            assert_eq!(code(closing_fault(on, last, reasoned)), closing, "{on} {reasoned}");
            assert_eq!(code(early_fault(on, last, reasoned)), early, "{on} {reasoned}");
        }
    }

    #[test]
    fn a_reports_life() {
        let code = |status, verb| may_report(verb, status).err().map_or("", |r| r.code);
        let all = |status| ReportVerb::ALL.iter().map(|v| code(status, *v)).collect::<Vec<_>>();
        // Edit, finalize, return, decide, discard, deliver, add a diary number.
        let not = "reportNotDecided";
        assert_eq!(all(ReportStatus::Draft), ["", "", "reportIsDraft", "reportIsDraft", "", not, not]);
        assert_eq!(all(ReportStatus::Final), ["reportIsFinal", "reportIsFinal", "", "", "reportIsFinal", not, not]);
        assert_eq!(all(ReportStatus::Decided)[..5], ["reportIsDecided"; 5]);
        assert_eq!(all(ReportStatus::Decided)[5..], ["", ""]);
    }
}
