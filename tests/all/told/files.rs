//! Files read back into what stands in them. It must not know what the register prints.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// What stands in a document, in its order.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Said(String),
    /// Rows of cells; lines in a cell are parted by line breaks.
    Table(Vec<Vec<String>>),
}

fn part(file: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).expect("a ZIP");
    let mut xml = String::new();
    zip.by_name(name).expect("the part").read_to_string(&mut xml).expect("UTF-8");
    xml
}

/// Each tag with the text that follows it.
fn tags(xml: &str) -> impl Iterator<Item = (&str, String)> {
    xml.split('<').filter_map(|piece| {
        let (tag, text) = piece.split_once('>')?;
        let written = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
        Some((tag, written.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))))
    })
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

/// Spaces as they are read, lines without what stands around them.
pub fn plain(text: &str) -> String {
    let text = text.replace(['\u{a0}', '\u{202f}'], " ");
    let lines = text.lines().map(|line| line.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A Word file's text with its tables, but for the table of contents.
pub fn word(file: &[u8]) -> Vec<Piece> {
    let xml = part(file, "word/document.xml");
    let (mut pieces, mut tables): (Vec<Piece>, Vec<Vec<Vec<String>>>) = (Vec::new(), Vec::new());
    let (mut text, mut style) = (String::new(), String::new());
    for (tag, after) in tags(&xml) {
        match tag.split([' ', '/']).next().unwrap_or_default() {
            "w:tbl" => tables.push(Vec::new()),
            "w:tr" => tables.last_mut().expect("a table").push(Vec::new()),
            "w:tc" => tables.last_mut().and_then(|t| t.last_mut()).expect("a row").push(String::new()),
            "w:t" => text.push_str(&after),
            "w:br" | "w:tab" => text.push(' '),
            "w:pStyle" => style = attribute(tag, "w:val").unwrap_or_default().to_owned(),
            _ => {}
        }
        match tag {
            "/w:p" => {
                let (line, style) = (plain(&std::mem::take(&mut text)), std::mem::take(&mut style));
                match tables.last_mut() {
                    Some(table) => {
                        let cell = table.last_mut().and_then(|row| row.last_mut()).expect("a cell");
                        *cell = plain(&format!("{cell}\n{line}"));
                    }
                    None if line.is_empty() || style.starts_with("Inneh") || line.starts_with("Sidnumren är") => {}
                    None => pieces.push(Piece::Said(line)),
                }
            }
            "/w:tbl" => {
                let table = tables.pop().expect("a table");
                pieces.push(Piece::Table(table));
            }
            _ => {}
        }
    }
    pieces
}

/// A row of a sheet: what stands under each heading.
pub type Row = BTreeMap<String, String>;

/// An Excel file's sheets with the rows of their tables. Days are told from numbers by their style alone.
pub fn excel(file: &[u8]) -> Vec<(String, Vec<Row>)> {
    let strings = part(file, "xl/sharedStrings.xml");
    let mut texts: Vec<String> = Vec::new();
    for (tag, after) in tags(&strings) {
        match tag.split([' ', '/']).next().unwrap_or_default() {
            "si" => texts.push(String::new()),
            "t" => texts.last_mut().expect("a text").push_str(&after),
            _ => {}
        }
    }
    let styles = part(file, "xl/styles.xml");
    let dated: Vec<&str> = tags(&styles)
        .filter(|(tag, _)| tag.starts_with("numFmt ") && attribute(tag, "formatCode") == Some("yyyy-mm-dd"))
        .filter_map(|(tag, _)| attribute(tag, "numFmtId"))
        .collect();
    let formats =
        styles.split_once("<cellXfs").map_or("", |(_, rest)| rest.split("</cellXfs").next().unwrap_or_default());
    let is_day: Vec<bool> = tags(formats)
        .filter(|(tag, _)| tag.starts_with("xf "))
        .map(|(tag, _)| attribute(tag, "numFmtId").is_some_and(|id| dated.contains(&id)))
        .collect();
    let workbook = part(file, "xl/workbook.xml");
    let names =
        tags(&workbook).filter(|(tag, _)| tag.starts_with("sheet ")).filter_map(|(tag, _)| attribute(tag, "name"));
    let read = |(at, name): (usize, &str)| {
        let sheet = part(file, &format!("xl/worksheets/sheet{at}.xml"));
        let mut rows: Vec<BTreeMap<String, String>> = Vec::new();
        let (mut column, mut kind, mut style) = (String::new(), String::new(), 0);
        for (tag, after) in tags(&sheet) {
            match tag.split([' ', '/']).next().unwrap_or_default() {
                "row" => rows.push(BTreeMap::new()),
                "c" => {
                    let place = attribute(tag, " r").unwrap_or_default();
                    column = place.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
                    kind = attribute(tag, " t").unwrap_or_default().to_owned();
                    style = attribute(tag, " s").and_then(|s| s.parse().ok()).unwrap_or(0);
                }
                "v" => {
                    let text = if kind == "s" {
                        texts[after.parse::<usize>().expect("a place")].clone()
                    } else if is_day.get(style) == Some(&true) {
                        let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).expect("a day");
                        (first + chrono::Duration::days(after.parse().expect("a number"))).to_string()
                    } else {
                        after
                    };
                    rows.last_mut().expect("a row").insert(column.clone(), plain(&text));
                }
                _ => {}
            }
        }
        // Over the headings stands what is said of secrecy.
        let head = rows.iter().position(|row| row.len() > 1).unwrap_or(0);
        let heads = rows[head].clone();
        let rows = rows[head + 1..].iter().filter(|row| !row.is_empty()).map(|row| {
            row.iter().map(|(at, text)| (heads.get(at).cloned().unwrap_or_else(|| at.clone()), text.clone())).collect()
        });
        (name.replace("&amp;", "&"), rows.collect())
    };
    (1..).zip(names).map(read).collect()
}
