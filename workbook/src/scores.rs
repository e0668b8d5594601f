//! A step of an axis, however it is written: a number, a number as text, a number with its word, or a word alone.

use crate::scale::{Step, step};
use crate::sheet::Value;

/// What a cell says of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Score {
    Step(i32),
    /// A step whose word is another step's in the register's own scale.
    OtherWord(i32, i32),
    /// A word that the scale does not have: to be asked for.
    Word(String),
    /// Nothing that can be one, and why.
    Fault(Why),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    Decimal,
    /// Not a step of the scale.
    Outside,
    /// From one step to another.
    Several,
    Date,
    Wrong,
    Uncounted,
}

pub(crate) fn score(value: &Value, steps: &[Step]) -> Score {
    match value {
        Value::Number(number) if number.fract() != 0.0 => Score::Fault(Why::Decimal),
        Value::Number(number) => within(*number as i64, steps),
        Value::Text(text) => of_text(text, steps),
        Value::Date(_) => Score::Fault(Why::Date),
        Value::Truth(_) | Value::Fault(_) => Score::Fault(Why::Wrong),
        Value::Uncounted => Score::Fault(Why::Uncounted),
    }
}

fn within(number: i64, steps: &[Step]) -> Score {
    match steps.iter().find(|step| i64::from(step.value) == number) {
        Some(step) => Score::Step(step.value),
        None => Score::Fault(Why::Outside),
    }
}

fn of_text(text: &str, steps: &[Step]) -> Score {
    let text = text.trim().trim_start_matches('(');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let Some((number, rest)) = text.split_at_checked(digits) else { return Score::Fault(Why::Wrong) };
    if number.is_empty() {
        return without_number(text, steps);
    }
    let Ok(number) = number.parse::<i64>() else { return Score::Fault(Why::Outside) };
    if let Some(decimals) = rest.strip_prefix([',', '.']) {
        let fraction: String = decimals.chars().take_while(char::is_ascii_digit).collect();
        if fraction.bytes().any(|b| b != b'0') {
            return Score::Fault(Why::Decimal);
        }
    }
    let word = rest.trim_start_matches(|c: char| !c.is_alphabetic() && !c.is_ascii_digit());
    if names_another(rest, steps) {
        return Score::Fault(Why::Several);
    }
    let plain = without_parentheses(word);
    match within(number, steps) {
        Score::Step(found) => match step(steps, word).or_else(|| step(steps, &plain)) {
            Some(other) if other != found => Score::OtherWord(found, other),
            _ => Score::Step(found),
        },
        other => other,
    }
}

/// `3-4` and `3/4` are two steps, `3 eller 4` and `3, 4` too, and nobody but the writer knows which. `4 (50–75 %)` and
/// `4 - 50–75 %` are one.
fn names_another(rest: &str, steps: &[Step]) -> bool {
    let plain = without_parentheses(rest);
    let (joined, another) = match plain.strip_prefix(['-', '–', '/']) {
        Some(another) => (true, another),
        None => (false, plain.trim_start_matches(|c: char| !c.is_alphabetic() && !c.is_ascii_digit())),
    };
    let another = ["eller ", "och ", "or ", "and ", "till ", "to "]
        .iter()
        .find_map(|word| another.strip_prefix(word))
        .unwrap_or(another)
        .trim_start();
    let digits = another.bytes().take_while(u8::is_ascii_digit).count();
    // The noughts of `4,0` are no number of their own.
    let Some(number) = another.get(..digits).filter(|digits| digits.bytes().any(|b| b != b'0')) else { return false };
    joined || number.parse().is_ok_and(|number| matches!(within(number, steps), Score::Step(_)))
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// `Sannolik`, or `Sannolik (4)`.
fn without_number(text: &str, steps: &[Step]) -> Score {
    if let Some(found) = step(steps, text) {
        return Score::Step(found);
    }
    if text.starts_with('-') && text.bytes().skip(1).all(|b| b.is_ascii_digit()) && text.len() > 1 {
        return Score::Fault(Why::Outside);
    }
    let behind = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let digits = behind.bytes().rev().take_while(u8::is_ascii_digit).count();
    let number = behind.get(behind.len() - digits..).unwrap_or_default();
    let before = behind.get(..behind.len() - digits).unwrap_or_default();
    if (1..=2).contains(&digits)
        && before.ends_with([' ', '(', '-', '–', '=', ':'])
        && !before.contains(|c: char| c.is_ascii_digit())
    {
        return within(number.parse().unwrap_or(i64::MAX), steps);
    }
    Score::Word(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Vec<Step> {
        [
            (1, "Mycket låg", "Very low"),
            (2, "Låg", "Low"),
            (3, "Medel", "Medium"),
            (4, "Hög (sannolik)", "High"),
            (5, "Mycket hög", "Very high"),
        ]
        .map(|(value, sv, en)| Step { value, labels: vec![sv.to_owned(), en.to_owned()] })
        .to_vec()
    }

    #[test]
    fn a_step_is_read_however_it_is_written() {
        let text = |text: &str| Value::Text(text.to_owned());
        for (value, read) in [
            (Value::Number(4.0), Score::Step(4)),
            (Value::Number(2.5), Score::Fault(Why::Decimal)),
            (Value::Number(0.0), Score::Fault(Why::Outside)),
            (Value::Number(6.0), Score::Fault(Why::Outside)),
            (Value::Number(-1.0), Score::Fault(Why::Outside)),
            (Value::Number(1e300), Score::Fault(Why::Outside)),
            (text("4"), Score::Step(4)),
            (text("04"), Score::Step(4)),
            (text("4,0"), Score::Step(4)),
            (text("2,5"), Score::Fault(Why::Decimal)),
            (text("2.5"), Score::Fault(Why::Decimal)),
            (text("4 - Severe"), Score::Step(4)),
            (text("4 Sannolik"), Score::Step(4)),
            (text("4. Sannolik"), Score::Step(4)),
            (text("4 Låg"), Score::OtherWord(4, 2)),
            (text("(4) Hög"), Score::Step(4)),
            (text("Sannolik (4)"), Score::Step(4)),
            (text("Likely - 4"), Score::Step(4)),
            (text("Hög"), Score::Step(4)),
            (text("hög."), Score::Step(4)),
            (text("SANNOLIK"), Score::Step(4)),
            (text("Very high"), Score::Step(5)),
            (text("Allvarlig"), Score::Word("Allvarlig".to_owned())),
            (text("3-4"), Score::Fault(Why::Several)),
            (text("3/5"), Score::Fault(Why::Several)),
            (text("3 – 4"), Score::Fault(Why::Several)),
            (text("3 eller 4"), Score::Fault(Why::Several)),
            (text("3, 4"), Score::Fault(Why::Several)),
            (text("3-40"), Score::Fault(Why::Several)),
            (text("4 (50–75 %)"), Score::Step(4)),
            (text("3 (1–2 ggr/år)"), Score::Step(3)),
            (text("4 - 50–75 %"), Score::Step(4)),
            (text("4 Hög (2–3 gånger)"), Score::Step(4)),
            (text("4 Låg (2–3 gånger)"), Score::OtherWord(4, 2)),
            (text("-2"), Score::Fault(Why::Outside)),
            (text("99999999999999999999"), Score::Fault(Why::Outside)),
            (Value::Date("2031-03-04".parse().unwrap()), Score::Fault(Why::Date)),
            (Value::Uncounted, Score::Fault(Why::Uncounted)),
            (Value::Fault("#REF!".to_owned()), Score::Fault(Why::Wrong)),
        ] {
            assert_eq!(score(&value, &steps()), read, "{value:?}");
        }
    }
}
