//! What an indicator aims at, and how an outcome stands to it.
//!
//! A target is kept as it was decided, in words or in figures. One that can be read as a number is judged; what cannot, or
//! what can be read in two ways, is left to people: the register proposes no judgement rather than a wrong one.

use super::figures;
use super::words::{Comparator, OutcomeJudgement, Period};

/// What an outcome is held against.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measure<'a> {
    pub comparator: Option<Comparator>,
    /// As decided.
    pub target: Option<&'a str>,
    pub unit: Option<&'a str>,
    /// The figure that it is compared with: a decimal number, written with a point.
    pub baseline: Option<&'a str>,
}

/// How a target says that it is a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
}

const SIGNS: [(&str, Sign); 7] = [
    (">=", Sign::AtLeast),
    ("<=", Sign::AtMost),
    ("≥", Sign::AtLeast),
    ("≤", Sign::AtMost),
    (">", Sign::Above),
    ("<", Sign::Below),
    ("=", Sign::Equal),
];

/// A target that can be read as a number, in millionths.
struct Aim {
    sign: Option<Sign>,
    number: i128,
    /// Written in per cent.
    percent: bool,
}

/// What the register proposes of an outcome; none where it cannot tell. Before the year's end it is what the year is
/// expected to end at that counts, where that is told: reached now and not then is a risk, and so is not reached yet where
/// nothing is expected.
pub fn proposed(of: &Measure, value: Option<&str>, forecast: Option<&str>, period: Period) -> Option<OutcomeJudgement> {
    use OutcomeJudgement::{AtRisk, Missed, OnTarget};
    if period == Period::Annual {
        return Some(if reaches(of, value?)? { OnTarget } else { Missed });
    }
    let now = value.map(|value| reaches(of, value));
    let then = forecast.map(|forecast| reaches(of, forecast));
    match (now, then) {
        (_, Some(then)) => Some(match (then?, now) {
            (true, _) => OnTarget,
            (false, Some(Some(true))) => AtRisk,
            (false, _) => Missed,
        }),
        (Some(now), None) => Some(if now? { OnTarget } else { AtRisk }),
        (None, None) => None,
    }
}

/// Whether a figure reaches the target; none where nobody can tell by reading.
fn reaches(of: &Measure, figure: &str) -> Option<bool> {
    use Comparator::*;
    if of.comparator == Some(Yes) {
        return Some(figure == "yes");
    }
    let figure = figures::millionths(figure)?;
    let baseline = || of.baseline.and_then(figures::millionths);
    // Where the target is a figure too, which of the two is meant is not the register's to say.
    let moved = || if of.target.and_then(|target| read(target, of.unit)).is_none() { baseline() } else { None };
    match of.comparator {
        Some(Yes | BaselineYear) => None,
        Some(Increase) => Some(figure > moved()?),
        Some(Decrease) => Some(figure < moved()?),
        Some(KeepOrIncrease) => Some(figure >= moved()?),
        Some(KeepOrDecrease) => Some(figure <= moved()?),
        // Which way a departure is the worse one nobody has said.
        Some(Keep) => (figure == moved()?).then_some(true),
        Some(IncreaseBy) => Some(figure >= baseline()?.checked_add(by(of, baseline()?)?)?),
        Some(DecreaseBy) => Some(figure <= baseline()?.checked_sub(by(of, baseline()?)?)?),
        Some(AtLeast | AtMost | Above | Below | Equal) | None => {
            let aim = read(of.target?, of.unit)?;
            // Per cent of what is not counted in per cent.
            if aim.percent && of.unit.is_some_and(|unit| !is_percent(unit)) {
                return None;
            }
            Some(match limit(of.comparator, aim.sign)? {
                Sign::AtLeast => figure >= aim.number,
                Sign::AtMost => figure <= aim.number,
                Sign::Above => figure > aim.number,
                Sign::Below => figure < aim.number,
                Sign::Equal => figure == aim.number,
            })
        }
    }
}

/// The limit that comparator and sign come to: the sign as it was decided, as long as the two look the same way.
fn limit(comparator: Option<Comparator>, sign: Option<Sign>) -> Option<Sign> {
    let word = match comparator {
        Some(Comparator::AtLeast) => Some(Sign::AtLeast),
        Some(Comparator::AtMost) => Some(Sign::AtMost),
        Some(Comparator::Above) => Some(Sign::Above),
        Some(Comparator::Below) => Some(Sign::Below),
        Some(Comparator::Equal) => Some(Sign::Equal),
        _ => None,
    };
    let way = |sign: Sign| match sign {
        Sign::AtLeast | Sign::Above => 1,
        Sign::AtMost | Sign::Below => -1,
        Sign::Equal => 0,
    };
    match (word, sign) {
        (Some(word), Some(sign)) => (way(word) == way(sign)).then_some(sign),
        (one, other) => one.or(other),
    }
}

/// By how much a baseline is to change: an amount, or per cent of it. "2 %" of something counted in per cent could be
/// either, and is neither; percentage points are an amount.
fn by(of: &Measure, baseline: i128) -> Option<i128> {
    let aim = read(of.target?, of.unit)?;
    if aim.sign.is_some() || aim.number < 0 || (aim.percent && of.unit.is_some_and(is_percent)) {
        return None;
    }
    if !aim.percent {
        return Some(aim.number);
    }
    // Rounded up: an outcome has no more decimals than these, so one that reaches less than the whole has not reached it.
    Some(baseline.abs().checked_mul(aim.number)?.checked_add(99_999_999)? / 100_000_000)
}

fn is_percent(unit: &str) -> bool {
    let unit = unit.trim().to_lowercase();
    unit == "%" || unit == "procent"
}

fn read(target: &str, unit: Option<&str>) -> Option<Aim> {
    let text = target.trim();
    let signed = SIGNS.iter().find_map(|(mark, sign)| Some((text.strip_prefix(mark)?, *sign)));
    let (rest, sign) = signed.map_or((text, None), |(rest, sign)| (rest, Some(sign)));
    let rest = rest.trim();
    let points = rest.strip_suffix("procentenheter").or_else(|| rest.strip_suffix("procentenhet"));
    let percent = rest.strip_suffix('%').or_else(|| rest.strip_suffix("procent"));
    let own = unit.and_then(|unit| rest.strip_suffix(unit.trim()));
    let (number, percent) = match (points, percent) {
        (Some(number), _) => (number, false),
        (None, Some(number)) => (number, true),
        (None, None) => (own.unwrap_or(rest), false),
    };
    let number = figures::millionths(&figures::normal(number, None)?)?;
    Some(Aim { sign, number, percent })
}

/// A target as documents and pages print it: `>=80%` is ≥ 80 %. Everything else stands as it was decided.
pub fn printed(target: &str) -> String {
    let text = target.trim();
    let (mark, rest) = match SIGNS.iter().find_map(|(mark, sign)| Some((text.strip_prefix(mark)?.trim_start(), sign))) {
        Some((rest, sign)) if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '\u{2212}')) => {
            let mark = match sign {
                Sign::AtLeast => "≥\u{a0}",
                Sign::AtMost => "≤\u{a0}",
                Sign::Above => ">\u{a0}",
                Sign::Below => "<\u{a0}",
                Sign::Equal => "=\u{a0}",
            };
            (mark, rest)
        }
        _ => ("", text),
    };
    match rest.strip_suffix('%') {
        Some(number) if number.ends_with(|c: char| c.is_ascii_digit()) => format!("{mark}{number}\u{a0}%"),
        _ => format!("{mark}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::words::Comparator::*;
    use OutcomeJudgement::{AtRisk, Missed, OnTarget};

    fn judged(comparator: Option<Comparator>, target: &str, unit: &str, value: &str) -> Option<OutcomeJudgement> {
        let target = Some(target).filter(|text| !text.is_empty());
        let unit = Some(unit).filter(|text| !text.is_empty());
        let of = Measure { comparator, target, unit, baseline: Some("50") };
        proposed(&of, Some(value), None, Period::Annual)
    }

    #[test]
    fn targets_that_are_numbers_are_judged_and_others_are_not() {
        for (comparator, target, unit, value, expected) in [
            (None, "<6 %", "%", "5.99", Some(OnTarget)),
            (None, "<6%", "", "6", Some(Missed)),
            (None, "≥ 80", "", "80", Some(OnTarget)),
            (None, ">=80%", "%", "79.999999", Some(Missed)),
            (None, "<=4,2%", "", "4.2", Some(OnTarget)),
            (Some(AtLeast), "90", "", "90.0", Some(OnTarget)),
            (Some(AtLeast), "1 000 dagar", "dagar", "999", Some(Missed)),
            (Some(Above), "1%", "%", "1", Some(Missed)),
            (Some(Equal), "0", "", "0", Some(OnTarget)),
            (Some(AtMost), "<6%", "%", "6", Some(Missed)),
            (Some(Yes), "Ja", "", "yes", Some(OnTarget)),
            (Some(Yes), "", "", "no", Some(Missed)),
            // Nobody said which way, or two ways at once; or what is counted is another thing.
            (None, "82%", "%", "90", None),
            (Some(AtLeast), "<6%", "%", "5", None),
            (Some(Equal), ">=6", "", "7", None),
            (Some(AtLeast), "80%", "antal", "90", None),
            (Some(AtLeast), "80–90", "", "85", None),
            (Some(AtLeast), "Öka från år 2023", "", "85", None),
            (Some(AtLeast), "", "", "85", None),
        ] {
            assert_eq!(judged(comparator, target, unit, value), expected, "{comparator:?} {target} {unit} {value}");
        }
    }

    #[test]
    fn a_baseline_is_kept_or_moved_by_an_amount_or_per_cent_of_it() {
        for (comparator, target, unit, value, expected) in [
            (Increase, "", "", "50.1", Some(OnTarget)),
            (Increase, "Öka från år 2023", "", "50", Some(Missed)),
            (Increase, "80", "", "60", None),
            (Decrease, "", "", "49", Some(OnTarget)),
            (KeepOrDecrease, "", "", "50", Some(OnTarget)),
            (KeepOrDecrease, "", "", "50.000001", Some(Missed)),
            (KeepOrIncrease, "", "", "49.9", Some(Missed)),
            (Keep, "", "", "50.0", Some(OnTarget)),
            (Keep, "", "", "51", None),
            (DecreaseBy, "2", "", "48", Some(OnTarget)),
            (DecreaseBy, "2,5 %", "Mnkr", "48.75", Some(OnTarget)),
            (DecreaseBy, "2,5 %", "Mnkr", "48.76", Some(Missed)),
            (IncreaseBy, "10 procentenheter", "%", "60", Some(OnTarget)),
            (IncreaseBy, "10 %", "%", "60", None),
            (IncreaseBy, "-2", "", "60", None),
            (IncreaseBy, "> 2", "", "60", None),
            (IncreaseBy, "", "", "60", None),
            (BaselineYear, "", "", "60", None),
        ] {
            let said = judged(Some(comparator), target, unit, value);
            assert_eq!(said, expected, "{comparator:?} {target} {unit} {value}");
        }
        let without = Measure { comparator: Some(Increase), ..Measure::default() };
        assert_eq!(proposed(&without, Some("1"), None, Period::Annual), None);
    }

    #[test]
    fn before_the_years_end_what_is_expected_counts() {
        let of = Measure { target: Some(">=80"), ..Measure::default() };
        for (value, forecast, expected) in [
            (Some("85"), Some("82"), Some(OnTarget)),
            (Some("70"), Some("82"), Some(OnTarget)),
            (Some("85"), Some("75"), Some(AtRisk)),
            (Some("70"), Some("75"), Some(Missed)),
            (None, Some("75"), Some(Missed)),
            (Some("85"), None, Some(OnTarget)),
            (Some("70"), None, Some(AtRisk)),
            (None, None, None),
        ] {
            assert_eq!(proposed(&of, value, forecast, Period::Interim), expected, "{value:?} {forecast:?}");
        }
        // The year has come to what it came to.
        assert_eq!(proposed(&of, Some("70"), Some("90"), Period::Annual), Some(Missed));
        assert_eq!(proposed(&of, None, Some("90"), Period::Annual), None);
    }

    #[test]
    fn targets_are_printed_as_they_are_read() {
        for (decided, told) in [
            (">=80%", "≥\u{a0}80\u{a0}%"),
            ("<6%", "<\u{a0}6\u{a0}%"),
            ("<= 1,3", "≤\u{a0}1,3"),
            ("≥ 80 %", "≥\u{a0}80 %"),
            ("6 %", "6 %"),
            ("82%", "82\u{a0}%"),
            ("Ja", "Ja"),
            ("Öka från år 2023", "Öka från år 2023"),
            ("=> se bilaga", "=> se bilaga"),
        ] {
            assert_eq!(printed(decided), told, "{decided}");
        }
    }

    proptest! {
        /// However it is printed, it is judged the same.
        #[test]
        fn nothing_panics_and_printing_changes_no_meaning(text in "[<>=≥≤]{0,2} ?[0-9]{0,4}[,.]?[0-9]{0,3} ?%?", value in -500i32..500) {
            let value = value.to_string();
            let told = printed(&text);
            for comparator in [None, Some(AtLeast), Some(DecreaseBy)] {
                let of = |target| Measure { comparator, target: Some(target), unit: None, baseline: Some("12.5") };
                let say = |target| proposed(&of(target), Some(&value), None, Period::Annual);
                prop_assert_eq!(say(&text), say(&told));
            }
        }
    }
}
