//! What written things may hold: parse once at the edge, trust afterwards.
//!
//! Knows only characters. Which field is a name and which a text is decided by whoever asks.
//! Lengths are counted in characters, not bytes, so that å costs as much as a.

use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;
use icu_normalizer::ComposingNormalizerBorrowed;

use super::words::Language;

/// Which of two names comes first for a Swedish reader: å, ä and ö last, capitals beside their small letters.
pub fn by_name(a: &str, b: &str) -> Ordering {
    static SWEDISH: LazyLock<Option<CollatorBorrowed<'static>>> =
        LazyLock::new(|| Collator::try_new(locale!("sv").into(), CollatorOptions::default()).ok());
    SWEDISH.as_ref().map_or(Ordering::Equal, |swedish| swedish.compare(a, b)).then_with(|| a.cmp(b))
}

/// Which of two references comes first: as names do, but numbers in them by what they are worth, 2 before 10.
pub fn by_reference(a: &str, b: &str) -> Ordering {
    static NUMBERED: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
        let mut asked = CollatorPreferences::from(locale!("sv"));
        asked.numeric_ordering = Some(CollationNumericOrdering::True);
        Collator::try_new(asked, CollatorOptions::default()).ok()
    });
    NUMBERED.as_ref().map_or(Ordering::Equal, |numbered| numbered.compare(a, b)).then_with(|| a.cmp(b))
}

/// A text as it is searched for and in: without regard to case and form (NFKC), and to what cannot be seen. A migration says
/// the same to PostgreSQL.
pub fn folded(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(&seen(text)).to_lowercase()
}

/// A text without what cannot be seen, each letter in the one way that the web writes it (NFC).
pub fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(&seen(text)).into_owned()
}

fn seen(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

/// A text as HTML has it.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
    html
}

/// What is wrong with a written thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing but spaces where something must be written.
    Empty,
    /// More characters than the limit, which it carries.
    TooLong(usize),
    /// NUL or another control character; a line break or tab in a single line.
    ControlCharacter,
}

impl TextFault {
    /// The stable code of the fault in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "tooLong",
            Self::ControlCharacter => "controlCharacter",
        }
    }

    /// The fault as a sentence.
    pub fn text(self, language: Language) -> String {
        match (self, language) {
            (Self::Empty, Language::Sv) => "Här måste något skrivas.".into(),
            (Self::Empty, Language::En) => "Something must be written here.".into(),
            (Self::TooLong(max), Language::Sv) => {
                format!("Texten är för lång: högst {max} tecken.")
            }
            (Self::TooLong(max), Language::En) => {
                format!("The text is too long: at most {max} characters.")
            }
            (Self::ControlCharacter, Language::Sv) => {
                "Texten innehåller ett styrtecken som inte är tillåtet här.".into()
            }
            (Self::ControlCharacter, Language::En) => {
                "The text holds a control character that is not allowed here.".into()
            }
        }
    }
}

/// What the schema of a name says by its `format`: [`is_name`].
pub const NAME: &str = "name";

/// Whether this can be a name: one line, of which something is seen. It stands in lists, in headings and in the names of files,
/// where a line break has no place and nothing cannot be read. That something is written at all is asked apart.
pub fn is_name(text: &str) -> bool {
    text.is_empty()
        || (!text.contains(['\n', '\r', '\t', '\u{2028}', '\u{2029}']) && text.chars().any(|c| !leaves_nothing(c)))
}

/// Spaces, and characters that only steer how others are shown.
fn leaves_nothing(c: char) -> bool {
    c.is_whitespace() || is_unseen(c)
}

/// Characters that only steer how others are shown, or are blank.
fn is_unseen(c: char) -> bool {
    matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A single line, trimmed. May be empty.
pub fn line(written: &str, max: usize) -> Result<String, TextFault> {
    let trimmed = written.trim();
    if trimmed.chars().any(char::is_control) {
        return Err(TextFault::ControlCharacter);
    }
    within(trimmed.into(), max)
}

/// Plain paragraphs, trimmed, with every line break as `\n`. Tabs are kept. May be empty.
pub fn clean(written: &str, max: usize) -> Result<String, TextFault> {
    let text = written.trim().replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(TextFault::ControlCharacter);
    }
    within(text, max)
}

fn within(text: String, max: usize) -> Result<String, TextFault> {
    if text.chars().count() > max {
        return Err(TextFault::TooLong(max));
    }
    Ok(text)
}

/// With its first letter large.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// As a word stands within a sentence: small, unless it is written in capitals.
pub fn small(word: &str) -> String {
    let mut letters = word.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(_), Some(second)) if second.is_uppercase() => word.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(letters).collect(),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_alphabet() {
        let mut names = ["Örnsköld", "Film Stockholm", "Åkesson", "FTV", "Ärlig", "Zorn", "aula", "Andersson"];
        names.sort_by(|a, b| by_name(a, b));
        assert_eq!(names, ["Andersson", "aula", "Film Stockholm", "FTV", "Zorn", "Åkesson", "Ärlig", "Örnsköld"]);
    }

    #[test]
    fn references_stand_by_their_numbers() {
        let mut all = ["R-10", "r-2", "48301", "R-2", "Ö1", "R-1b", "7", "007", "R-1a", "48300"];
        all.sort_by(|a, b| by_reference(a, b));
        assert_eq!(all, ["007", "7", "48300", "48301", "R-1a", "R-1b", "r-2", "R-2", "R-10", "Ö1"]);
    }

    #[test]
    fn what_is_searched_has_no_case_and_no_form() {
        for (text, same) in [
            ("ÅTERKÖP", "återköp"),
            ("A\u{30a}terko\u{308}p", "återköp"),
            ("löne\u{ad}utbetal\u{200b}ning", "löneutbetalning"),
            ("\u{feff}ﬁnans ½", "finans 1⁄2"),
            ("två\u{a0}ord\u{202f}här", "två ord här"),
            ("ＦＵＬＬ", "full"),
        ] {
            assert_eq!(folded(text), same, "{text:?}");
        }
    }

    #[test]
    fn a_line_has_no_breaks() {
        assert_eq!(line("  Risk för oegentligheter \n", 50), Ok("Risk för oegentligheter".into()));
        assert_eq!(line(" \t ", 50), Ok(String::new()));
        assert_eq!(line("två\nrader", 50), Err(TextFault::ControlCharacter));
        assert_eq!(line("noll\0", 50), Err(TextFault::ControlCharacter));
        assert_eq!(line(&"å".repeat(50), 50), Ok("å".repeat(50)));
        assert_eq!(line(&"å".repeat(51), 50), Err(TextFault::TooLong(50)));
    }

    #[test]
    fn a_name_is_one_line_of_visible_text() {
        for name in ["Risk för oegentligheter", "–", "å\u{20dd}", "👩\u{200d}👧", "a\u{200b}b", "\u{202e}c", "a b", ""]
        {
            assert!(is_name(name), "{name:?}");
        }
        for not in [
            "två\nrader",
            "två\rrader",
            "två\u{2028}rader",
            "två\u{2029}rader",
            "en\ttabb",
            "\u{200b}",
            "\u{feff} \u{ad}",
            "\u{202e}",
            "\u{3164}",
            "\u{2800}",
        ] {
            assert!(!is_name(not), "{not:?}");
        }
    }

    #[test]
    fn paragraphs_keep_line_breaks_and_tabs() {
        assert_eq!(clean("ett\r\ntvå\rtre\n\n\tfyra", 50), Ok("ett\ntvå\ntre\n\n\tfyra".into()));
        assert_eq!(clean("", 50), Ok(String::new()));
        assert_eq!(clean("a\u{1b}[0m", 50), Err(TextFault::ControlCharacter));
        assert_eq!(clean(&"x".repeat(51), 50), Err(TextFault::TooLong(50)));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(written in any::<String>()) {
            if let Ok(once) = clean(&written, 100) {
                prop_assert_eq!(clean(&once, 100), Ok(once.clone()));
                prop_assert!(!once.contains(['\0', '\r']));
            }
            if let Ok(once) = line(&written, 100) {
                prop_assert_eq!(line(&once, 100), Ok(once.clone()));
            }
        }
    }
}
