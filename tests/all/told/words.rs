//! How Swedish documents say what the register's codes stand for: written from the glossary, not from the documents.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Weekday};
use serde_json::Value;

use super::facts::said;

/// A value of a scale: its shape and its word.
pub fn status(code: &Value) -> Option<(&'static str, &'static str)> {
    Some(match code.as_str()? {
        "notPlanned" => ("–", "Ej planerad"),
        "performed" => ("●", "Genomförd utan avvikelser"),
        "performedWithDeviations" => ("▲", "Genomförd med avvikelser"),
        "notPerformed" => ("■", "Inte genomförd"),
        "notStarted" => ("–", "Ej påbörjad"),
        "onPlan" => ("●", "Enligt plan"),
        "mostlyDone" => ("▲", "Merparten åtgärdat, delar kvarstår"),
        "offPlan" => ("■", "Ej enligt plan"),
        "notAssessed" => ("–", "Ej bedömt"),
        "desired" => ("●", "Bedöms ge önskad effekt"),
        "uncertain" => ("▲", "Osäkert om önskad effekt nås"),
        "notDesired" => ("■", "Bedöms inte få önskad effekt"),
        "onTarget" => ("●", "Når målet"),
        "atRisk" => ("▲", "Risk att målet inte nås"),
        "missed" => ("■", "Målet nås inte"),
        "sufficient" => ("●", "Tillräcklig"),
        "partly" => ("▲", "Delvis tillräcklig"),
        "insufficient" => ("■", "Inte tillräcklig"),
        other => panic!("no scale has {other}"),
    })
}

/// What auditors say of a year's internal control.
pub fn opinion(code: &Value) -> &'static str {
    status(code).expect("a judgement").1
}

/// With its shape before it, as it is printed.
pub fn shown(code: &Value) -> String {
    status(code).map(|(shape, word)| format!("{shape} {word}")).unwrap_or_default()
}

pub const CONTROL: [&str; 4] = ["notPlanned", "performed", "performedWithDeviations", "notPerformed"];
pub const ACTION: [&str; 4] = ["notStarted", "onPlan", "mostlyDone", "offPlan"];
pub const EFFECT: [&str; 4] = ["notAssessed", "desired", "uncertain", "notDesired"];

pub fn word(code: &Value) -> &'static str {
    match code.as_str().unwrap_or_default() {
        "strategic" => "Strategisk",
        "financial" => "Ekonomisk",
        "operational" => "Operativ",
        "compliance" => "Regelefterlevnad",
        "accept" => "Acceptera",
        "limit" => "Begränsa",
        "share" => "Dela",
        "eliminate" => "Eliminera",
        "minor" => "mindre",
        "serious" => "allvarlig",
        "auditors" => "Regionrevisorerna",
        "controlEnvironment" => "Styr- och kontrollmiljö",
        "riskAssessment" => "Riskbedömning",
        "controlActivities" => "Kontrollaktiviteter",
        "informationCommunication" => "Information och kommunikation",
        "monitoring" => "Övervakning och uppföljning",
        "background" => "Bakgrund",
        "deficiencies" => "Hantering av brister och avvikelser",
        "assurance" => "Försäkran",
        other => panic!("no word for {other}"),
    }
}

/// How often a control is done: as the body words it, or else by what it is asked for. Of a masked one nothing is said.
pub fn frequency(control: &Value) -> String {
    let word = |code: &Value| match code.as_str().unwrap_or_default() {
        "continuous" => "löpande",
        "weekly" => "veckovis",
        "monthly" => "månadsvis",
        "quarterly" => "kvartalsvis",
        "tertial" => "varje tertial",
        "semiannual" => "halvårsvis",
        "annual" => "årligen",
        "oneOff" => "en gång",
        other => panic!("no word for {other}"),
    };
    match control["frequency"].as_str() {
        Some(written) => written.to_owned(),
        None if control["masked"] == true => String::new(),
        None => {
            let all: Vec<&str> = control["recurrences"].as_array().into_iter().flatten().map(word).collect();
            capital(&all.join(", "))
        }
    }
}

/// The heading of a section of the plan, where it is not its word.
pub fn heading(section: &Value) -> &'static str {
    if section == "compliance" { "Efterlevnad av riktlinjen för intern kontroll" } else { word(section) }
}

pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "T1 2024".
pub fn period(name: &str, year: i64) -> String {
    match name {
        "t1" => format!("T1 {year}"),
        "interim" => format!("delåret {year}"),
        _ => format!("helåret {year}"),
    }
}

pub fn short_period(name: &str) -> &'static str {
    match name {
        "t1" => "T1",
        "interim" => "Delår",
        _ => "År",
    }
}

pub fn day(text: &Value) -> NaiveDate {
    text.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{text} is no day"))
}

/// "2 maj 2024".
pub fn long(text: &Value) -> String {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let day = day(text);
    format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year())
}

/// "a, b och c".
pub fn list(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} och {last}", rest.join(", ")),
    }
}

/// "1 risk", "2 risker".
pub fn counted(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// A marking of secrecy.
pub fn marking(secrecy: &Value) -> String {
    ["provision", "date", "authority"].map(|part| said(secrecy, part)).join(", ")
}

/// An amount as tenths.
pub fn tenths(amount: &Value) -> Option<i64> {
    let text = amount.as_str()?;
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    format!("{whole}{part}").parse().ok()
}

/// "−1 234,5".
pub fn amount(tenths: i64) -> String {
    let (sign, size) = (if tenths < 0 { "−" } else { "" }, tenths.unsigned_abs());
    let (millions, rest) = (size / 10_000, size / 10 % 1000);
    match millions {
        0 => format!("{sign}{rest},{}", size % 10),
        _ => format!("{sign}{millions} {rest:03},{}", size % 10),
    }
}

/// The day in Sweden of a moment: two hours before UTC's in summer, one in winter.
pub fn day_of(moment: &Value) -> String {
    let text = moment.as_str().expect("a moment");
    let utc = DateTime::parse_from_rfc3339(text).expect("a moment").naive_utc();
    let last_sunday = |month: u32| {
        let last = NaiveDate::from_ymd_opt(utc.year(), month, 31).expect("a day");
        let back = last.weekday().num_days_from_sunday();
        (last - Duration::days(back.into())).and_hms_opt(1, 0, 0).expect("an hour")
    };
    debug_assert_eq!(last_sunday(3).date().weekday(), Weekday::Sun);
    let summer = utc >= last_sunday(3) && utc < last_sunday(10);
    (utc + Duration::hours(if summer { 2 } else { 1 })).date().to_string()
}
