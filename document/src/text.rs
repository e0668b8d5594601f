//! What user text needs before it can stand on a page: letters that the fonts have, paragraphs and lists, and places to
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
        for c in text.chars().map(meant) {
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

/// A letter as who wrote it meant it: Word's bullets and arrows come as private letters of its symbol fonts, which mean
/// nothing in any other font.
pub(crate) fn meant(c: char) -> char {
    match c {
        '\u{f0b7}' => '•',
        '\u{f0a7}' | '\u{f06e}' => '▪',
        '\u{f0d8}' => '➢',
        '\u{f0fc}' => '✓',
        '\u{f0e0}' => '→',
        '\u{f0df}' => '←',
        '\u{f0a8}' => '□',
        '\u{f02d}' => '–',
        _ => c,
    }
}

/// What no format may hold: control characters, and those that only steer.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Text as XML and HTML may hold it, between tags and in the double quotes of attributes: without characters that only steer
/// how others are shown or that XML forbids.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(' '),
            _ if is_unprintable(c) => {}
            _ => escaped.push(meant(c)),
        }
    }
    escaped
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
        // At a slash or a hyphen a line is broken without a mark: what stands between them is a word of its own.
        for segment in segments(word) {
            let width = self::width(segment);
            if width <= ALWAYS_FITS {
                plain.push_str(segment);
                continue;
            }
            any = true;
            if !plain.is_empty() {
                parts.push(Part { pieces: vec![std::mem::take(&mut plain)], width: 0, hyphen: false });
            }
            parts.push(broken(segment, width));
        }
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

/// A word of words, each with the slash or hyphen that it ends with. What is no such word (an address, say) is one piece.
fn segments(word: &str) -> Vec<&str> {
    let segments: Vec<&str> = word.split_inclusive(['/', '-', '–']).collect();
    let is_word = |segment: &&str| {
        let letters = segment.trim_matches(|c: char| !c.is_alphabetic());
        !letters.is_empty() && letters.chars().all(char::is_alphabetic) && segment.chars().all(|c| !c.is_numeric())
    };
    if segments.iter().all(is_word) { segments } else { vec![word] }
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

/// What an item of a list says, if the line is one: "- ", or one of the bullets that people type, or that come along from
/// Word or a page.
pub(crate) fn item(line: &str) -> Option<&str> {
    let mut letters = line.chars();
    let bullet = letters.next().map(meant)?;
    let rest = letters.as_str();
    let apart = rest.starts_with(char::is_whitespace);
    let is_item = match bullet {
        '-' | '–' | '—' | '·' => apart,
        '•' | '▪' | '◦' | '‣' | '➢' | '✓' | '●' | '□' => true,
        // Word's second and third level, in letters of other fonts.
        'o' | '§' => rest.starts_with('\t'),
        _ => false,
    };
    let said = rest.trim();
    (is_item && !said.is_empty()).then_some(said)
}

/// Plain paragraphs, parted by blank lines, and lists of lines that begin with a bullet.
pub(crate) fn blocks(text: &str) -> Prose {
    let mut blocks = Prose::new();
    let mut lines: Vec<String> = Vec::new();
    let mut items: Vec<String> = Vec::new();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for line in text.lines().chain([""]) {
        let line = line.trim();
        let item = item(line);
        if item.is_none() && !items.is_empty() {
            blocks.push(Paragraph::Items(std::mem::take(&mut items)));
        }
        if (item.is_some() || line.is_empty()) && !lines.is_empty() {
            blocks.push(Paragraph::Lines(std::mem::take(&mut lines)));
        }
        match item {
            Some(item) => items.push(item.to_owned()),
            None if !line.is_empty() => lines.push(line.to_owned()),
            None => {}
        }
    }
    blocks
}

/// A text whose lists are told by a bullet before each item, where there are no lists.
pub(crate) fn bulleted(text: &str) -> String {
    let lines = text.lines().map(|line| match item(line.trim()) {
        Some(item) => format!("• {item}"),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A stretch of a text, as pages show it: the lines as they were written, or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch<'a> {
    Text(&'a str),
    List(Vec<&'a str>),
}

/// A text in stretches, with lists where the documents have them. A text without a list is one stretch, untouched.
pub fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut stretches: Vec<Stretch> = Vec::new();
    // Where the text since the last list begins, and where it ends.
    let mut since: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let here = at;
        at += line.len();
        let Some(item) = item(line.trim()) else {
            since = Some((since.map_or(here, |(from, _)| from), at));
            continue;
        };
        // A blank line between items is no end of their list.
        let before = since.take().map(|(from, to)| text[from..to].trim_matches('\n'));
        stretches.extend(before.filter(|text| !text.trim().is_empty()).map(Stretch::Text));
        match stretches.last_mut() {
            Some(Stretch::List(items)) => items.push(item),
            _ => stretches.push(Stretch::List(vec![item])),
        }
    }
    match since {
        Some((from, to)) if stretches.is_empty() => stretches.push(Stretch::Text(&text[from..to])),
        Some((from, to)) if !text[from..to].trim().is_empty() => {
            stretches.push(Stretch::Text(text[from..to].trim_matches('\n')));
        }
        _ => {}
    }
    stretches
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

/// A text as a cell holds it.
pub(crate) fn in_cell(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = bulleted(text.trim());
    let text = text.chars().map(meant);
    text.filter(|c| *c == '\n' || !is_unprintable(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_a_shape_are_spelt_out() {
        assert_eq!(Script::Any.clean("åäö – 中 \u{e000}"), "åäö – [U+4E2D] [U+E000]");
        assert_eq!(Script::Any.clean("\u{f0b7} \u{f0e0}"), "• →");
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
        // As they come from Word, from a page, and from the keyboard.
        for bullet in ["\u{f0b7}\t", "\u{f0b7}", "•\t", "• ", "·\t", "–\u{a0}", "o\t", "§\t", "\u{f0a7} "] {
            let text = format!("Vi ska\n{bullet}räkna\n{bullet}väga.");
            assert_eq!(
                serde_json::json!(blocks(&text)),
                serde_json::json!([{ "lines": ["Vi ska"] }, { "items": ["räkna", "väga."] }]),
                "{bullet:?}"
            );
            assert_eq!(bulleted(&text), "Vi ska\n• räkna\n• väga.");
            assert_eq!(stretches(&text), [Stretch::Text("Vi ska"), Stretch::List(vec!["räkna", "väga."])]);
        }
        for not in ["-5 procent", "–", "• ", "·", "o nej", "§ 12", "*fet*", "2023–2024"] {
            assert_eq!(blocks(not).iter().filter(|block| matches!(block, Paragraph::Items(_))).count(), 0, "{not}");
            assert_eq!(stretches(not), [Stretch::Text(not)]);
        }
        assert_eq!(
            stretches("a\n\n- b\n\n- c\nd\n"),
            [Stretch::Text("a"), Stretch::List(vec!["b", "c"]), Stretch::Text("d")]
        );
        assert_eq!(stretches(" a\n b "), [Stretch::Text(" a\n b ")]);
        assert_eq!(stretches(""), []);
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
        // Each side of a slash is a word, and is broken as one.
        let parts = wide_parts("rekrytering/kompetensförsörjning").unwrap_or_default();
        assert!(parts.iter().all(|part| part.hyphen));
        assert_eq!(
            parts.iter().map(|part| part.pieces.concat()).collect::<Vec<_>>(),
            ["rekrytering/", "kompetensförsörjning"]
        );
    }

    #[test]
    fn headers_are_cut_at_a_word() {
        assert_eq!(shortened("Kort  namn", 20), "Kort namn");
        assert_eq!(shortened("Ett ganska långt namn", 14), "Ett ganska …");
        assert_eq!(shortened("Jättelångtord", 5), "Jätte …");
    }
}
