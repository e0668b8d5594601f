//! What user text needs before it can stand on a page: letters that the fonts have, paragraphs, and places to
//! break words that are wider than a column.

use serde::Serialize;

use crate::fonts::fonts;

/// Which letters may stand as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// All that some font here has a shape for.
    Any,
    /// Only what the text font has, without combining marks: for texts that cannot be set otherwise.
    Latin,
}

impl Script {
    /// The text with every character that has no shape spelt out as `[U+4E2D]`, and without those that have none
    /// by nature (control characters, marks of direction, joiners).
    pub(crate) fn clean(self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\n' => clean.push('\n'),
                '\t' => clean.push(' '),
                '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => clean.push('\n'),
                _ if c.is_control() || is_invisible(c) => {}
                _ if self.shows(c) => clean.push(c),
                _ => clean.push_str(&format!("[U+{:04X}]", u32::from(c))),
            }
        }
        clean
    }

    fn shows(self, c: char) -> bool {
        // A private character means something else in each font, and an archivable PDF may not hold one.
        if matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fffc}') {
            return false;
        }
        let mut able = fonts().iter();
        match self {
            Self::Any => able.any(|font| font.ttf().glyph_index(c).is_some()),
            Self::Latin => {
                u32::from(c) < 0x2c00
                    && !matches!(c, '\u{300}'..='\u{36f}' | '\u{590}'..='\u{1cff}' | '\u{1ab0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
                    && able.next().is_some_and(|font| font.ttf().glyph_index(c).is_some())
            }
        }
    }
}

/// What no format may hold: control characters, and those that only steer.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Characters without a shape of their own: they only steer how others are shown, and some could turn the text
/// around so that it reads as something else.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// A stretch of text: either ordinary (`width` 0, one piece), or one wide word with the pieces it can be broken
/// into.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub pieces: Vec<String>,
    /// In hundredths of the type size; 0 for ordinary text.
    pub width: i64,
    /// The pieces are syllables, so that a break shows a hyphen.
    pub hyphen: bool,
}

/// Words narrower than this (in hundredths of the type size) fit everywhere.
const ALWAYS_FITS: i64 = 400;
/// A syllable wider than this may not fit in the narrowest column.
const WIDEST_SYLLABLE: i64 = 400;

/// The text in parts, when it has a word that may be wider than a column.
pub(crate) fn wide_parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut any = false;
    for run in text.split_inclusive(parts_words) {
        let word = run.trim_end_matches(parts_words);
        let width = width(word);
        if width <= ALWAYS_FITS {
            plain.push_str(run);
            continue;
        }
        any = true;
        if !plain.is_empty() {
            parts.push(Part { pieces: vec![std::mem::take(&mut plain)], width: 0, hyphen: false });
        }
        parts.push(broken(word, width));
        plain.push_str(&run[word.len()..]);
    }
    if !plain.is_empty() {
        parts.push(Part { pieces: vec![plain], width: 0, hyphen: false });
    }
    any.then_some(parts)
}

/// Whether a line may be broken at this space; it may not at a no-break space.
fn parts_words(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

fn broken(word: &str, wide: i64) -> Part {
    // Quotes and full stops around a word do not keep it from being hyphenated.
    let letters = word.trim_matches(|c: char| !c.is_alphabetic());
    if letters.chars().all(char::is_alphabetic)
        && let Some(start) = word.find(letters)
    {
        let mut pieces: Vec<String> = hypher::hyphenate(letters, hypher::Lang::Swedish).map(str::to_owned).collect();
        if pieces.len() > 1 {
            pieces[0].insert_str(0, &word[..start]);
            if let Some(last) = pieces.last_mut() {
                last.push_str(&word[start + letters.len()..]);
            }
            if pieces.iter().all(|piece| width(piece) <= WIDEST_SYLLABLE) {
                return Part { pieces, width: wide, hyphen: true };
            }
        }
    }
    Part { pieces: vec![word.to_owned()], width: wide, hyphen: false }
}

/// The width of a word in hundredths of the type size, in the semibold of the text font, which is the widest one
/// used in columns.
pub(crate) fn width(word: &str) -> i64 {
    let fonts = fonts();
    let order = [1, 3];
    word.chars()
        .map(|c| {
            order
                .iter()
                .filter_map(|&i| fonts.get(i))
                .find_map(|font| font.x_advance(font.ttf().glyph_index(c)?.0))
                .map_or(100, |em| (em.get() * 100.0).ceil() as i64)
        })
        .sum()
}

/// A text of one line: names, labels, numbers. None when nothing is written.
pub(crate) fn line(text: &str) -> Option<String> {
    let text = one_line(text);
    (!text.is_empty()).then_some(text)
}

pub(crate) fn one_line(text: &str) -> String {
    let words = text.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

pub(crate) fn optional_line(text: Option<&str>) -> Option<String> {
    text.and_then(line)
}

/// Paragraphs and lists; empty when nothing is written.
pub(crate) type Prose = Vec<Paragraph>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Paragraph {
    Lines(Vec<String>),
    Items(Vec<String>),
}

impl Paragraph {
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Lines(lines) => lines,
            Self::Items(items) => items,
        }
    }
}

/// Roughly how many letters.
pub(crate) fn size(prose: &Prose) -> usize {
    prose.iter().map(|p| 15 + p.texts().iter().map(|text| text.len() + 5).sum::<usize>()).sum()
}

/// Plain paragraphs, parted by blank lines, and lists of lines that begin with "- ".
pub(crate) fn blocks(text: &str) -> Prose {
    let mut blocks = Prose::new();
    let mut lines: Vec<String> = Vec::new();
    let mut items: Vec<String> = Vec::new();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for line in text.lines().chain([""]) {
        let line = line.trim();
        let item = line.strip_prefix("- ").map(str::trim);
        if item.is_none() && !items.is_empty() {
            blocks.push(Paragraph::Items(std::mem::take(&mut items)));
        }
        if (item.is_some() || line.is_empty()) && !lines.is_empty() {
            blocks.push(Paragraph::Lines(std::mem::take(&mut lines)));
        }
        match item {
            Some(item) if !item.is_empty() => items.push(item.to_owned()),
            Some(_) => {}
            None if !line.is_empty() => lines.push(line.to_owned()),
            None => {}
        }
    }
    blocks
}

pub(crate) fn optional_blocks(text: Option<&str>) -> Prose {
    text.map(blocks).unwrap_or_default()
}

/// The text cut to at most `max` characters at a word, for the page header; it stands in full on the first page.
pub(crate) fn shortened(text: &str, max: usize) -> String {
    let text = one_line(text);
    if text.chars().count() <= max {
        return text;
    }
    let cut: String = text.chars().take(max).collect();
    let cut = match cut.rfind(' ') {
        Some(at) if at > max / 2 => &cut[..at],
        _ => &cut,
    };
    format!("{} …", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_a_shape_are_spelt_out() {
        assert_eq!(Script::Any.clean("åäö – 中 \u{e000}"), "åäö – [U+4E2D] [U+E000]");
        assert_eq!(Script::Any.clean("a\tb\u{0}\u{202e}c\u{fe0f}"), "a bc");
        assert_eq!(Script::Any.clean("א"), "א");
        assert_eq!(Script::Latin.clean("åÅé€–א\u{301}"), "åÅé€–[U+05D0][U+0301]");
    }

    #[test]
    fn paragraphs_and_lists() {
        assert_eq!(
            serde_json::json!(blocks("Ett\r\ntvå\n\n\n tre\n- a\n-  b\n- \nfyra - inte")),
            serde_json::json!([
                { "lines": ["Ett", "två"] },
                { "lines": ["tre"] },
                { "items": ["a", "b"] },
                { "lines": ["-", "fyra - inte"] },
            ])
        );
        assert_eq!(blocks(" \n\t\n"), Prose::new());
        assert_eq!(line(" a \n b\u{a0}c ").as_deref(), Some("a b\u{a0}c"));
        assert_eq!(line(" "), None);
    }

    #[test]
    fn only_words_wider_than_a_column_are_noted() {
        assert_eq!(wide_parts("En mening med ord."), None);
        let parts = wide_parts("Se regelefterlevnadsrisker, nu").unwrap_or_default();
        assert_eq!(parts.len(), 3);
        assert!(parts[1].hyphen && parts[1].width > 1000);
        assert_eq!(parts[1].pieces.concat(), "regelefterlevnadsrisker,");
        assert_eq!(parts.iter().map(|part| part.pieces.concat()).collect::<String>(), "Se regelefterlevnadsrisker, nu");
        let parts = wide_parts("https://www.example.org/").unwrap_or_default();
        assert!(!parts[0].hyphen);
    }

    #[test]
    fn headers_are_cut_at_a_word() {
        assert_eq!(shortened("Kort  namn", 20), "Kort namn");
        assert_eq!(shortened("Ett ganska långt namn", 14), "Ett ganska …");
        assert_eq!(shortened("Jättelångtord", 5), "Jätte …");
    }
}
