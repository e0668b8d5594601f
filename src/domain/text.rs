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

fn within(text: String, max: usize) -> Result<String, TextFault> {
    if text.chars().count() > max {
        return Err(TextFault::TooLong(max));
    }
    Ok(text)
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
    fn a_line_has_no_breaks() {
        assert_eq!(line("  Risk för oegentligheter \n", 50), Ok("Risk för oegentligheter".into()));
        assert_eq!(line(" \t ", 50), Ok(String::new()));
        assert_eq!(line("två\nrader", 50), Err(TextFault::ControlCharacter));
        assert_eq!(line("noll\0", 50), Err(TextFault::ControlCharacter));
        assert_eq!(line(&"å".repeat(50), 50), Ok("å".repeat(50)));
        assert_eq!(line(&"å".repeat(51), 50), Err(TextFault::TooLong(50)));
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
