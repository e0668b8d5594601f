//! What written things may hold: parse once at the edge, trust afterwards.
//!
//! Knows only characters. Which field is a name and which a text is decided by whoever asks.
//! Lengths are counted in characters, not bytes, so that å costs as much as a.

use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

use super::words::Language;

/// Names, titles and other single lines.
pub const NAME_MAX: usize = 500;
/// Descriptions, sections and other texts of several paragraphs.
pub const TEXT_MAX: usize = 20_000;
/// The written reason of a decision, a departure or a change; comments too.
pub const REASON_MAX: usize = 4_000;

/// Which of two names comes first for a Swedish reader: å, ä and ö last, capitals beside their small letters.
pub fn by_name(a: &str, b: &str) -> Ordering {
    static SWEDISH: LazyLock<Option<CollatorBorrowed<'static>>> =
        LazyLock::new(|| Collator::try_new(locale!("sv").into(), CollatorOptions::default()).ok());
    SWEDISH.as_ref().map_or(Ordering::Equal, |swedish| swedish.compare(a, b)).then_with(|| a.cmp(b))
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

/// A name: a single line of at most [`NAME_MAX`] characters, not empty.
pub fn name(written: &str) -> Result<String, TextFault> {
    line(written, NAME_MAX).and_then(written_out)
}

/// A text: paragraphs of at most [`TEXT_MAX`] characters. May be empty.
pub fn paragraphs(written: &str) -> Result<String, TextFault> {
    clean(written, TEXT_MAX)
}

/// A reason: paragraphs of at most [`REASON_MAX`] characters, not empty.
pub fn reason(written: &str) -> Result<String, TextFault> {
    clean(written, REASON_MAX).and_then(written_out)
}

fn within(text: String, max: usize) -> Result<String, TextFault> {
    if text.chars().count() > max {
        return Err(TextFault::TooLong(max));
    }
    Ok(text)
}

fn written_out(text: String) -> Result<String, TextFault> {
    if text.is_empty() { Err(TextFault::Empty) } else { Ok(text) }
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
    fn names_are_single_lines() {
        assert_eq!(name("  Risk för oegentligheter \n"), Ok("Risk för oegentligheter".into()));
        assert_eq!(name(" \t "), Err(TextFault::Empty));
        assert_eq!(name("två\nrader"), Err(TextFault::ControlCharacter));
        assert_eq!(name("noll\0"), Err(TextFault::ControlCharacter));
        assert_eq!(name(&"å".repeat(NAME_MAX)), Ok("å".repeat(NAME_MAX)));
        assert_eq!(name(&"å".repeat(NAME_MAX + 1)), Err(TextFault::TooLong(NAME_MAX)));
    }

    #[test]
    fn paragraphs_keep_line_breaks_and_tabs() {
        assert_eq!(paragraphs("ett\r\ntvå\rtre\n\n\tfyra"), Ok("ett\ntvå\ntre\n\n\tfyra".into()));
        assert_eq!(paragraphs(""), Ok(String::new()));
        assert_eq!(paragraphs("a\u{1b}[0m"), Err(TextFault::ControlCharacter));
        assert_eq!(reason("  "), Err(TextFault::Empty));
        assert_eq!(reason(&"x".repeat(REASON_MAX + 1)), Err(TextFault::TooLong(REASON_MAX)));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(written in any::<String>()) {
            if let Ok(once) = clean(&written, TEXT_MAX) {
                prop_assert_eq!(clean(&once, TEXT_MAX), Ok(once.clone()));
                prop_assert!(!once.contains(['\0', '\r']));
            }
            if let Ok(once) = name(&written) {
                prop_assert_eq!(name(&once), Ok(once.clone()));
            }
        }
    }
}
