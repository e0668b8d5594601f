//! Reading documents back: what a reader, a search and a screen reader get is what is tested, not how it was made.
#![allow(dead_code, reason = "each user takes what it needs")]

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

pub type Outcome = Result<(), Box<dyn std::error::Error>>;

// ---- Reading a PDF back.

pub fn saved(pdf: &[u8]) -> Result<PathBuf, std::io::Error> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{}-{}.pdf", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, pdf)?;
    Ok(path)
}

pub fn pdftotext(pdf: &[u8], options: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    let path = saved(pdf)?;
    let output = Command::new("pdftotext")
        .args(options)
        .args(["-enc", "UTF-8"])
        .arg(&path)
        .arg("-")
        .output()
        .map_err(|error| format!("pdftotext (poppler-utils) is needed by these tests: {error}"))?;
    std::fs::remove_file(&path)?;
    if !output.status.success() {
        return Err(format!("pdftotext: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The text of each page in the order it was set, which keeps the lines of a cell together.
pub fn pages(pdf: &[u8]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let text = pdftotext(pdf, &["-raw"])?;
    Ok(text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect())
}

/// Without what lines and columns did to it: white space, and the soft hyphens at line ends.
pub fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{ad}').collect()
}

pub fn has(pdf: &[u8], bytes: &str) -> bool {
    pdf.windows(bytes.len()).any(|window| window == bytes.as_bytes())
}

/// No word reaches out of the page's margins.
pub fn assert_inside(pdf: &[u8]) -> Outcome {
    let boxes = pdftotext(pdf, &["-bbox"])?;
    let mut words = 0;
    for line in boxes.lines().filter(|line| line.contains("<word ")) {
        let edge = |name: &str| -> Option<f64> {
            let rest = line.split(&format!("{name}=\"")).nth(1)?;
            rest.split('"').next()?.parse().ok()
        };
        let (left, right, bottom) = (edge("xMin"), edge("xMax"), edge("yMax"));
        assert!(left.is_some_and(|x| x > 55.0), "left of the margin: {line}");
        assert!(right.is_some_and(|x| x < 540.0), "right of the margin: {line}");
        assert!(bottom.is_some_and(|y| y < 800.0), "below the margin: {line}");
        words += 1;
    }
    assert!(words > 50);
    Ok(())
}

// ---- Reading a ZIP of XML back.

/// The parts of a DOCX or XLSX, by name.
pub fn parts(file: &[u8]) -> Result<Vec<(String, String)>, Box<dyn std::error::Error>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file))?;
    let mut parts = Vec::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index)?;
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        let name = part.name()?.into_owned();
        parts.push((name, text));
    }
    Ok(parts)
}

pub fn part(file: &[u8], name: &str) -> Result<String, Box<dyn std::error::Error>> {
    let found = parts(file)?.into_iter().find(|(of, _)| of == name);
    Ok(found.ok_or_else(|| format!("no part {name}"))?.1)
}

/// An element as it was met: its name, its attributes, and the text so far inside it.
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }
}

/// Every element when it ends, with its text and its path; fails on XML that is not well formed.
pub fn walk(xml: &str, mut each: impl FnMut(&Element, &[String])) -> Outcome {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut open: Vec<Element> = Vec::new();
    let started = |start: &quick_xml::events::BytesStart| -> Result<Element, Box<dyn std::error::Error>> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute?;
            attributes.push((attribute.key.as_ref().to_owned(), attribute.value.into_owned()));
        }
        Ok(Element { name: start.name().as_ref().to_owned(), attributes, text: String::new() })
    };
    let mut ended = |element: Element, open: &mut Vec<Element>| {
        let path: Vec<String> = open.iter().map(|element| element.name.clone()).collect();
        each(&element, &path);
        if let Some(parent) = open.last_mut() {
            parent.text.push_str(&element.text);
        }
    };
    loop {
        match reader.read_event()? {
            Event::Eof => break,
            Event::Start(start) => open.push(started(&start)?),
            Event::Empty(start) => ended(started(&start)?, &mut open),
            Event::End(_) => {
                let element = open.pop().ok_or("an end without a start")?;
                ended(element, &mut open);
            }
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::GeneralRef(name) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(match &*name {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        other => return Err(format!("&{other};").into()),
                    });
                }
            }
            _ => {}
        }
    }
    if open.is_empty() { Ok(()) } else { Err("an element is never ended".into()) }
}

/// All the text of a DOCX: body, headers, footers. In its contents a tab stands before each page number.
pub fn docx_text(file: &[u8]) -> Result<String, Box<dyn std::error::Error>> {
    let mut all = String::new();
    for (name, xml) in parts(file)? {
        if name.starts_with("word/") && name.ends_with(".xml") {
            walk(&xml, |element, path| {
                if element.name == "w:t" {
                    all.push_str(&element.text);
                }
                if element.name == "w:tab" && path.iter().any(|above| above == "w:hyperlink") {
                    all.push('\t');
                }
                if element.name == "w:p" {
                    all.push('\n');
                }
            })?;
        }
    }
    Ok(all)
}

/// A sheet by its name.
pub type Sheet = (String, calamine::Range<calamine::Data>);

/// The paragraphs of a DOCX without the page numbers of its contents.
pub fn paragraphs(docx_text: &str) -> impl Iterator<Item = &str> {
    docx_text.lines().map(|line| line.split('\t').next().unwrap_or_default())
}

/// What stands over each sheet of an XLSX that holds anything marked as secret.
pub fn over_sheets(file: &[u8]) -> Result<Vec<Option<String>>, Box<dyn std::error::Error>> {
    Ok(whole_sheets(file)?.into_iter().map(|(_, range)| over(&range)).collect())
}

fn over(range: &calamine::Range<calamine::Data>) -> Option<String> {
    range.get((0, 0)).map(ToString::to_string).filter(|text| text.starts_with("Sekretessmarkerad: "))
}

/// Each sheet of an XLSX, as calamine reads it, from its headings on.
pub fn sheets(file: &[u8]) -> Result<Vec<Sheet>, Box<dyn std::error::Error>> {
    let below = |(name, range): Sheet| match (over(&range), range.end()) {
        (Some(_), Some(end)) => (name, range.range((1, 0), end)),
        _ => (name, range),
    };
    Ok(whole_sheets(file)?.into_iter().map(below).collect())
}

fn whole_sheets(file: &[u8]) -> Result<Vec<Sheet>, Box<dyn std::error::Error>> {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file.to_vec()))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name)?;
        sheets.push((name, range));
    }
    Ok(sheets)
}

pub fn xlsx_text(file: &[u8]) -> Result<String, Box<dyn std::error::Error>> {
    let mut all = String::new();
    for (_, range) in whole_sheets(file)? {
        for row in range.rows() {
            for cell in row {
                all.push_str(&cell.to_string());
                all.push('\n');
            }
        }
    }
    Ok(all)
}
