//! Numbers that are kept as they were written, in decimal: outcomes of indicators, and financial effects of actions.
//! No amount passes through a binary fraction.

use super::words::Comparator;

/// The most digits before and after the point of an outcome.
const WHOLE: usize = 15;
const PARTS: usize = 6;

/// An outcome as the register keeps it: point for comma, no blanks between digits, no plus or needless zeros before,
/// and every digit after the point as it was given; `yes` or `no` of an indicator whose comparator is [`Comparator::Yes`].
/// None when it is no outcome of such an indicator.
pub fn normal(text: &str, comparator: Option<Comparator>) -> Option<String> {
    let text = text.trim();
    if comparator == Some(Comparator::Yes) {
        return match text.to_lowercase().as_str() {
            "yes" | "ja" => Some("yes".into()),
            "no" | "nej" => Some("no".into()),
            _ => None,
        };
    }
    let (negative, rest) = match text.chars().next()? {
        '-' | '\u{2212}' => (true, text.split_at(text.chars().next()?.len_utf8()).1),
        '+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, parts) = match rest.split_once([',', '.']) {
        Some((whole, parts)) => (whole, Some(parts)),
        None => (rest, None),
    };
    let whole = without_groups(whole)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(&whole) || parts.is_some_and(|p| !digits(p) || p.len() > PARTS) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        other => other,
    };
    if whole.len() > WHOLE {
        return None;
    }
    let plain = match parts {
        Some(parts) => format!("{whole}.{parts}"),
        None => whole.to_owned(),
    };
    // There is one nought.
    let is_nought = plain.bytes().all(|b| matches!(b, b'0' | b'.'));
    Some(if negative && !is_nought { format!("-{plain}") } else { plain })
}

/// Digits without the blanks between groups of three; none when the blanks stand elsewhere.
fn without_groups(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split([' ', '\u{a0}', '\u{202f}']).collect();
    let (first, rest) = groups.split_first()?;
    let grouped = rest.is_empty() || (1..=3).contains(&first.len());
    (grouped && rest.iter().all(|group| group.len() == 3)).then(|| groups.concat())
}

/// A decimal number in units of ten to the power of minus `places`; none when it has more places, or is none.
fn scaled(text: &str, places: usize) -> Option<i128> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, parts) = rest.split_once('.').unwrap_or((rest, ""));
    if whole.is_empty() || parts.len() > places || !rest.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let size: i128 = format!("{whole}{parts:0<places$}").parse().ok()?;
    Some(if negative { -size } else { size })
}

/// An outcome, a target or a baseline that is a number, in millionths; none for anything else.
pub(super) fn millionths(text: &str) -> Option<i128> {
    scaled(text, PARTS)
}

/// What one action, or many, mean for the economy, in tenths of Mnkr. Negative is a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effects {
    /// A full year, when fully carried out.
    pub full_year: i128,
    pub plan_year: i128,
    pub next_year: i128,
    pub year_after_next: i128,
}

impl std::ops::Add for Effects {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            full_year: self.full_year + other.full_year,
            plan_year: self.plan_year + other.plan_year,
            next_year: self.next_year + other.next_year,
            year_after_next: self.year_after_next + other.year_after_next,
        }
    }
}

impl std::iter::Sum for Effects {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |a, b| a + b)
    }
}

/// Tenths of a decimal text with one decimal at most (`"12.5"`, `"-4"`); none for anything else.
pub fn tenths(text: &str) -> Option<i128> {
    scaled(text, 1)
}

/// Tenths as a decimal text with one decimal: `"12.5"`.
pub fn of_tenths(tenths: i128) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let size = tenths.unsigned_abs();
    format!("{sign}{}.{}", size / 10, size % 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn outcomes_are_kept_as_they_were_given_but_for_how_they_are_written() {
        for (given, kept) in [
            ("5,8", "5.8"),
            ("5.80", "5.80"),
            ("+7", "7"),
            ("007", "7"),
            ("-0,0", "0.0"),
            ("\u{2212}3,5", "-3.5"),
            ("1 234 567,25", "1234567.25"),
            ("12\u{a0}000", "12000"),
            ("999999999999999.999999", "999999999999999.999999"),
        ] {
            assert_eq!(normal(given, Some(Comparator::AtMost)).as_deref(), Some(kept), "{given}");
            assert_eq!(normal(kept, None).as_deref(), Some(kept), "{kept}");
        }
        for wrong in [
            "",
            "-",
            ",5",
            "5,",
            "5.8.1",
            "1,234.5",
            "12 34",
            "1234 567",
            " 5 8",
            "1e3",
            "0x1",
            "ja",
            "NaN",
            "1000000000000000",
            "0.1234567",
            "5 %",
            "٣",
        ] {
            assert_eq!(normal(wrong, Some(Comparator::AtLeast)), None, "{wrong}");
        }
        for (given, kept) in [("Ja", Some("yes")), ("no", Some("no")), ("nej", Some("no")), ("1", None), ("", None)] {
            assert_eq!(normal(given, Some(Comparator::Yes)).as_deref(), kept, "{given}");
        }
        assert_eq!(scaled("-3.5", PARTS), Some(-3_500_000));
        assert_eq!(scaled("kanske", PARTS), None);
    }

    proptest! {
        /// What is kept is kept as it is, and reads as the number that was written.
        #[test]
        fn writing_twice_is_writing_once(size in -999_999_999_999_999i128..=999_999_999_999_999, parts in "[0-9]{1,6}", comma: bool) {
            let sign = if comma { "," } else { "." };
            let kept = normal(&format!("{size}{sign}{parts}"), None).expect("a number");
            prop_assert_eq!(normal(&kept, None), Some(kept.clone()));
            let millionths: i128 = format!("{parts:0<6}").parse().expect("digits");
            let whole = size * 1_000_000;
            let expected = if size < 0 { whole - millionths } else { whole + millionths };
            prop_assert_eq!(scaled(&kept, PARTS), Some(expected));
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,30}") {
            let _ = normal(&text, None);
            let _ = scaled(&text, PARTS);
            let _ = tenths(&text);
        }

        #[test]
        fn tenths_there_and_back(n in -99_999_999i128..=99_999_999) {
            prop_assert_eq!(tenths(&of_tenths(n)), Some(n));
        }

        /// In whatever order and grouping, and as whole numbers add.
        #[test]
        fn sums_do_not_depend_on_the_order(all in prop::collection::vec((any::<i32>(), any::<i32>(), any::<i32>(), any::<i32>()), 0..40), at in 0usize..40) {
            let effects: Vec<Effects> = all.iter().map(|(a, b, c, d)| Effects {
                full_year: i128::from(*a), plan_year: i128::from(*b), next_year: i128::from(*c), year_after_next: i128::from(*d),
            }).collect();
            let total: Effects = effects.iter().copied().sum();
            let (left, right) = effects.split_at(at.min(effects.len()));
            let apart = left.iter().copied().sum::<Effects>() + right.iter().copied().sum();
            prop_assert_eq!(total, apart);
            prop_assert_eq!(total, effects.iter().rev().copied().sum());
            prop_assert_eq!(total.next_year, all.iter().map(|x| i128::from(x.2)).sum::<i128>());
        }
    }

    #[test]
    fn a_sum_of_tenths_is_exact() {
        // In binary fractions this is 0.30000000000000004.
        assert_eq!(of_tenths(tenths("0.1").expect("tenths") + tenths("0.2").expect("tenths")), "0.3");
        assert_eq!(of_tenths(-5), "-0.5");
        assert_eq!(tenths("12"), Some(120));
        for wrong in ["", "1.25", "1,5", "+1", ".5", "-", "--1", "1.2.3"] {
            assert_eq!(tenths(wrong), None, "{wrong}");
        }
    }
}
