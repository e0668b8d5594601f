//! DOCX and XLSX read back: the words that stand in their parts. It must not know what the register prints.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::Reader;

/// All text of a ZIP of XML, a line an element, and the addresses that its links lead to.
#[track_caller]
pub fn text(file: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).expect("a DOCX or XLSX is a ZIP");
    let mut all = String::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).expect("each part can be opened");
        let mut xml = String::new();
        part.read_to_string(&mut xml).expect("each part is UTF-8");
        let links = part.name().expect("a name in UTF-8").ends_with(".rels");
        for piece in xml.split('<') {
            let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
            if links {
                all.push_str(tag);
            }
            all.push_str(text);
            if matches!(tag, "/w:p" | "/si" | "/c") || links {
                all.push('\n');
            }
        }
    }
    unescaped(all)
}

/// What XML writes otherwise; the sign that begins all of these comes last.
fn unescaped(text: String) -> String {
    let written = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    written.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

/// The paragraphs of a DOCX itself, without what stands in the head and foot of its pages.
#[track_caller]
pub fn paragraphs(file: &[u8]) -> Vec<String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).expect("a DOCX is a ZIP");
    let mut xml = String::new();
    let mut part = zip.by_name("word/document.xml").expect("the document itself");
    part.read_to_string(&mut xml).expect("it is UTF-8");
    let plain = |one: &str| {
        let text: String = one.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text).collect();
        unescaped(text)
    };
    xml.split("</w:p>").map(plain).collect()
}

/// The rows of a sheet of an XLSX, each by the headings of its columns; what stands over the headings is left out.
#[track_caller]
pub fn rows(file: &[u8], sheet: &str) -> Vec<BTreeMap<String, String>> {
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(file.to_vec())).expect("an XLSX can be opened");
    // A sheet without rows is left out.
    let Ok(range) = book.worksheet_range(sheet) else { return Vec::new() };
    let filled = |row: &&[calamine::Data]| row.iter().filter(|cell| **cell != calamine::Data::Empty).count() > 1;
    let mut rows = range.rows().filter(filled).map(|row| row.iter().map(ToString::to_string));
    let headings: Vec<String> = rows.next().expect("a sheet has headings").collect();
    rows.map(|row| headings.iter().cloned().zip(row).collect()).collect()
}
