//! Texts as people read them: what cannot be seen goes, and is told.

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::{Deserialize, Serialize};

/// What a text was cleaned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cleaned {
    /// A letter and its mark that were two characters became one: `a` and a ring became `å`.
    Composed,
    /// Places where a word may be divided.
    SoftHyphen,
    /// Characters without width, and those that turn the direction of writing.
    Invisible,
    /// Bullets that only one font has, as Word and Excel paste them: became `•`.
    PrivateUse,
    /// Spaces at which no line may break: became ordinary ones.
    NoBreakSpace,
    /// Bells, nulls and their like.
    Control,
}

impl Cleaned {
    pub const ALL: [Self; 6] =
        [Self::Composed, Self::SoftHyphen, Self::Invisible, Self::PrivateUse, Self::NoBreakSpace, Self::Control];
}

/// The text as people read it, and what it was cleaned of. Spaces around it, and around its lines, go without a word.
pub fn clean(text: &str) -> (String, Vec<Cleaned>) {
    let mut told = Vec::new();
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let (instead, what) = match c {
            '\r' => {
                if characters.peek() == Some(&'\n') {
                    continue;
                }
                (Some('\n'), None)
            }
            '\n' => (Some('\n'), None),
            '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => (Some('\n'), None),
            '\t' => (Some(' '), None),
            '\u{ad}' => (None, Some(Cleaned::SoftHyphen)),
            '\u{a0}' | '\u{202f}' | '\u{2007}' => (Some(' '), Some(Cleaned::NoBreakSpace)),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{180e}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{e0000}'..='\u{e0fff}' => (None, Some(Cleaned::Invisible)),
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => (Some('•'), Some(Cleaned::PrivateUse)),
            c if c.is_control() => (None, Some(Cleaned::Control)),
            c => (Some(c), None),
        };
        kept.extend(instead);
        if let Some(what) = what
            && !told.contains(&what)
        {
            told.push(what);
        }
    }
    let composer = ComposingNormalizerBorrowed::new_nfc();
    if !composer.is_normalized(&kept) {
        kept = composer.normalize(&kept).into_owned();
        told.push(Cleaned::Composed);
    }
    told.sort_unstable();
    let lines: Vec<&str> = kept.lines().map(str::trim).collect();
    (lines.join("\n").trim().to_owned(), told)
}

/// A text as words are compared: small letters, one space between words.
pub fn folded(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().flat_map(char::to_lowercase));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_goes_and_is_told() {
        for (written, read, told) in [
            (" Sjukfrånvaron\u{a0}ökar ", "Sjukfrånvaron ökar", vec![Cleaned::NoBreakSpace]),
            ("A\u{30a}tga\u{308}rd", "Åtgärd", vec![Cleaned::Composed]),
            ("upp\u{ad}handling", "upphandling", vec![Cleaned::SoftHyphen]),
            ("\u{feff}Nr\u{200b}", "Nr", vec![Cleaned::Invisible]),
            ("\u{f0b7} ett\r\n\u{f0b7} två", "• ett\n• två", vec![Cleaned::PrivateUse]),
            ("a\0b\u{7}", "ab", vec![Cleaned::Control]),
            ("a\rb\tc", "a\nb c", vec![]),
            ("å", "å", vec![]),
            ("\u{200b}\u{ad}", "", vec![Cleaned::SoftHyphen, Cleaned::Invisible]),
        ] {
            assert_eq!(clean(written), (read.to_owned(), told), "{written:?}");
        }
    }
}
