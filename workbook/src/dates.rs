//! A day, however it is written. What names no day is a word, which somebody has to answer for.

use chrono::{Datelike, NaiveDate};

use crate::clean::folded;
use crate::sheet::Value;

/// The months in Swedish and English, by their first letters.
const MONTHS: [&[&str]; 12] = [
    &["januari", "january"],
    &["februari", "february"],
    &["mars", "march"],
    &["april"],
    &["maj", "may"],
    &["juni", "june"],
    &["juli", "july"],
    &["augusti", "august"],
    &["september"],
    &["oktober", "october"],
    &["november"],
    &["december"],
];

/// The day that a cell says, or its words.
pub(crate) fn day(value: &Value) -> Result<NaiveDate, String> {
    match value {
        Value::Date(day) => Ok(*day),
        Value::Text(text) => of_text(text).ok_or_else(|| text.clone()),
        other => Err(other.text()),
    }
}

fn of_text(text: &str) -> Option<NaiveDate> {
    let text = folded(text);
    // A time of day after the day says nothing here.
    let text = match text.split_once(['t', ' ']) {
        Some((day, time)) if time.contains(':') && day.len() >= 8 => day,
        _ => text.as_str(),
    };
    let found = in_digits(text).or_else(|| with_month(text))?;
    (1990..=2100).contains(&found.year()).then_some(found)
}

fn in_digits(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let separator = ['-', '/', '.'].into_iter().find(|c| text.contains(*c))?;
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str| -> Option<u32> {
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        part.parse().ok()
    };
    let (year, month, day) = match (first.len(), third.len()) {
        (4, 1..=2) => (first, second, third),
        // The day before the month, as in Europe: what can only be American is asked for.
        (1..=2, 4) => (third, second, first),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)
}

/// `12 mars 2031`, `March 12, 2031`.
fn with_month(text: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = text.split([' ', ',', '.']).filter(|word| !word.is_empty() && *word != "den").collect();
    let [first, second, year] = words.as_slice() else { return None };
    let month = |word: &str| {
        let named = |names: &[&str]| {
            names.iter().any(|name| *name == word || (word.chars().count() >= 3 && name.starts_with(word)))
        };
        MONTHS.iter().position(|names| named(names)).and_then(|at| u32::try_from(at + 1).ok())
    };
    let number = |word: &str| word.trim_end_matches(|c: char| c.is_alphabetic() || c == ':').parse::<u32>().ok();
    let (month, day) = match (month(first), month(second)) {
        (Some(month), None) => (month, number(second)?),
        (None, Some(month)) => (month, number(first)?),
        _ => return None,
    };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_however_it_is_written() {
        for (text, day) in [
            ("2031-01-31", Some("2031-01-31")),
            ("2031-1-31", Some("2031-01-31")),
            ("31/01/2031", Some("2031-01-31")),
            ("3/4/2031", Some("2031-04-03")),
            ("31.1.2031", Some("2031-01-31")),
            ("2031/9/12", Some("2031-09-12")),
            ("20310131", Some("2031-01-31")),
            ("2031-01-31 00:00:00", Some("2031-01-31")),
            ("2031-01-31T00:00", Some("2031-01-31")),
            ("31 januari 2031", Some("2031-01-31")),
            ("den 31 jan. 2031", Some("2031-01-31")),
            ("31st January 2031", Some("2031-01-31")),
            ("May 3, 2031", Some("2031-05-03")),
            ("01/31/2031", None),
            ("31/01/31", None),
            ("2031-02-30", None),
            ("2031-03", None),
            ("2031", None),
            ("May 2031", None),
            ("Q3 2031", None),
            ("ASAP", None),
            ("Annual review", None),
            ("T1", None),
            ("1850-01-01", None),
            ("", None),
        ] {
            assert_eq!(of_text(text).map(|d| d.to_string()).as_deref(), day, "{text:?}");
        }
        assert_eq!(super::day(&Value::Number(48060.0)), Err("48060".to_owned()));
    }
}
