//! Judges a packed workbook before anything is made of it: how many parts there are, how large they really become, and
//! that nothing in them would make its reader ask for more than it is given.
//!
//! Each part is unpacked once, counted as it comes and not kept. Parts of XML, the only ones that the reader opens, are
//! looked through with the reader's own parser as they pass by. What is not XML there breaks off the look, as it breaks
//! off the reader: it gets no further than what was looked at.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::{CompressionMethod, ZipArchive};

use crate::limits;
use crate::told::Refusal;

/// What was seen in passing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Formulas may ask other workbooks for their values; they are never followed.
    pub external_links: bool,
}

/// Whether a workbook may be opened.
pub(crate) fn judge(bytes: &[u8]) -> Result<Seen, Refusal> {
    let entries = directory(bytes);
    if entries > limits::PARTS {
        return Err(Refusal::too_many_parts());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::damaged())?;
    kinds(&archive)?;
    if archive.len() > limits::PARTS {
        return Err(Refusal::too_many_parts());
    }
    if archive.has_duplicate_names() {
        return Err(Refusal::duplicate_parts());
    }
    let mut look = Look::default();
    let mut declared: u64 = 0;
    for at in 0..archive.len() {
        // What may be unpacked is asked before the archive makes a reader of it.
        let part = archive.by_index_raw(at).map_err(|_| Refusal::damaged())?;
        if part.encrypted() || !matches!(part.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(Refusal::unknown_packing());
        }
        declared = declared.saturating_add(part.size());
        tight(part.size(), part.compressed_size())?;
    }
    if declared > limits::UNPACKED {
        return Err(Refusal::unpacked_too_large());
    }
    let unpacked = Rc::new(Cell::new(0_u64));
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Refusal::damaged())?;
        let name = part.name().map_err(|_| Refusal::damaged())?.to_ascii_lowercase();
        let counted = Counted {
            of_part: 0,
            packed: part.compressed_size(),
            unpacked: Rc::clone(&unpacked),
            since: Rc::new(Cell::new(0)),
            stopped: Rc::new(Cell::new(None)),
            source: part,
        };
        let since = Rc::clone(&counted.since);
        let stopped = Rc::clone(&counted.stopped);
        let mut source = BufReader::with_capacity(64 * 1024, counted);
        let looked = if is_xml(&name) { look.through(&name, &mut source, &since) } else { Ok(()) };
        let told = |refusal: Refusal| match stopped.get() {
            Some(Stop::Tight) => Refusal::packed_too_tightly(),
            Some(Stop::Large) => Refusal::unpacked_too_large(),
            Some(Stop::Long) => Refusal::too_long(),
            None => refusal,
        };
        looked.map_err(&told)?;
        drain(&mut source, &since).map_err(|_| told(Refusal::damaged()))?;
    }
    Ok(look.seen)
}

/// How many heads of parts the directory at the file's end has, whatever it says of itself.
fn directory(bytes: &[u8]) -> usize {
    let mut heads = 0;
    let mut from = 0;
    while let Some(at) = bytes.get(from..).and_then(|rest| rest.windows(4).position(|four| four == b"PK\x01\x02")) {
        heads += 1;
        from += at + 4;
    }
    heads
}

/// Whether it is a workbook of the kind that is taken, by the names of its parts.
fn kinds(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<(), Refusal> {
    let mut workbook = false;
    for name in archive.file_names() {
        let name = name.map_err(|_| Refusal::damaged())?.replace('\\', "/").to_ascii_lowercase();
        match name.as_str() {
            "[content_types].xml" => workbook = true,
            "mimetype" => return Err(Refusal::open_document()),
            "word/document.xml" | "ppt/presentation.xml" => return Err(Refusal::not_a_workbook()),
            "xl/workbook.bin" => return Err(Refusal::binary_excel()),
            _ if name.ends_with("vbaproject.bin") || name.contains("/macrosheets/") => return Err(Refusal::macros()),
            _ => {}
        }
    }
    if workbook { Ok(()) } else { Err(Refusal::not_a_workbook()) }
}

fn is_xml(name: &str) -> bool {
    name.ends_with(".xml") || name.ends_with(".rels")
}

fn tight(unpacked: u64, packed: u64) -> Result<(), Refusal> {
    if unpacked > limits::RATIO_FROM && unpacked / packed.max(1) > limits::RATIO {
        return Err(Refusal::packed_too_tightly());
    }
    Ok(())
}

/// Reads a part to its end, so that its real size and its checksum are known.
fn drain(source: &mut impl BufRead, since: &Cell<u64>) -> io::Result<()> {
    loop {
        since.set(0);
        let read = source.fill_buf()?.len();
        if read == 0 {
            return Ok(());
        }
        source.consume(read);
    }
}

#[derive(Debug, Clone, Copy)]
enum Stop {
    Tight,
    Large,
    Long,
}

/// Counts what comes out of a part, and ends it where it is too much.
struct Counted<R> {
    source: R,
    of_part: u64,
    packed: u64,
    unpacked: Rc<Cell<u64>>,
    /// Bytes since the last tag or text had ended.
    since: Rc<Cell<u64>>,
    stopped: Rc<Cell<Option<Stop>>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        let more = u64::try_from(read).unwrap_or(u64::MAX);
        self.of_part = self.of_part.saturating_add(more);
        self.unpacked.set(self.unpacked.get().saturating_add(more));
        self.since.set(self.since.get().saturating_add(more));
        let stop = if tight(self.of_part, self.packed).is_err() {
            Some(Stop::Tight)
        } else if self.unpacked.get() > limits::UNPACKED {
            Some(Stop::Large)
        } else if self.since.get() > limits::EVENT {
            Some(Stop::Long)
        } else {
            None
        };
        match stop {
            None => Ok(read),
            Some(_) => {
                self.stopped.set(stop);
                Err(io::Error::other("more than is taken"))
            }
        }
    }
}

/// What has been counted over all parts.
#[derive(Default)]
struct Look {
    seen: Seen,
    strings: u64,
    cells: u64,
    merged: u64,
    styles: u64,
    sheets: usize,
    names: std::collections::HashSet<String>,
    text: usize,
}

impl Look {
    fn through(&mut self, name: &str, source: &mut impl BufRead, since: &Cell<u64>) -> Result<(), Refusal> {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.trim_text(false);
        config.check_comments = false;
        config.expand_empty_elements = true;
        let styles = name.ends_with("styles.xml") || name.contains("/theme/");
        let mut buffer = Vec::new();
        let mut depth: u32 = 0;
        // The text of one cell, or of one that cells share; none outside of them, where rules and notes have theirs.
        let mut text = None;
        loop {
            buffer.clear();
            let event = match reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                // What is no XML; or the source was stopped, which whoever called knows.
                Err(quick_xml::Error::Io(_)) => return Err(Refusal::damaged()),
                Err(_) => return Ok(()),
            };
            since.set(0);
            match event {
                Event::Start(tag) => {
                    depth += 1;
                    if depth > limits::DEPTH {
                        return Err(Refusal::too_deep());
                    }
                    if matches!(tag.local_name().as_ref(), "c" | "si") {
                        text = Some(0);
                    }
                    self.tag(&tag, styles)?;
                }
                Event::End(tag) => {
                    depth = depth.saturating_sub(1);
                    if matches!(tag.local_name().as_ref(), "c" | "si") {
                        text = None;
                    }
                }
                Event::Text(found) => text = self.longer(name, text, found.len())?,
                Event::CData(found) => text = self.longer(name, text, found.len())?,
                Event::GeneralRef(found) => text = self.longer(name, text, found.len())?,
                Event::DocType(_) => return Err(Refusal::own_entities()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// A text that has become longer, if it is one of a cell.
    fn longer(&mut self, name: &str, text: Option<usize>, more: usize) -> Result<Option<usize>, Refusal> {
        let longer = text.map(|text| text + more);
        let cells = name.ends_with("sharedstrings.xml") || name.contains("sheet");
        if cells && longer.is_some_and(|longer| longer > limits::CELL) {
            return Err(Refusal::too_long());
        }
        if name.ends_with("sharedstrings.xml") {
            self.text += more;
            if self.text > limits::TEXT {
                return Err(Refusal::too_much_text());
            }
        }
        Ok(longer)
    }

    fn tag(&mut self, tag: &BytesStart<'_>, styles: bool) -> Result<(), Refusal> {
        match tag.local_name().as_ref() {
            "sst" => {
                // The reader makes room for as many as are promised, before it has seen one.
                for promised in values(tag, &["uniqueCount"])? {
                    if number(&promised).is_none_or(|n| n > limits::STRINGS) {
                        return Err(Refusal::too_many_strings());
                    }
                }
            }
            "si" => count(&mut self.strings, limits::STRINGS, Refusal::too_many_strings)?,
            "c" => {
                count(&mut self.cells, limits::CELLS, Refusal::too_many_cells)?;
                references(tag, "r", cell)?;
            }
            "row" => {
                count(&mut self.cells, limits::CELLS, Refusal::too_many_cells)?;
                references(tag, "r", row)?;
            }
            "dimension" | "f" => references(tag, "ref", region)?,
            "mergeCell" => {
                count(&mut self.merged, limits::MERGED, Refusal::too_many_merged)?;
                references(tag, "ref", region)?;
            }
            "sheet" if !values(tag, &["sheetId"])?.is_empty() => {
                self.sheets += 1;
                if self.sheets > limits::SHEETS {
                    return Err(Refusal::too_many_sheets());
                }
                for name in values(tag, &["name"])? {
                    if !self.names.insert(name.to_lowercase()) {
                        return Err(Refusal::sheet_twice());
                    }
                }
            }
            "externalReference" | "externalLink" => self.seen.external_links = true,
            "Relationship" => relationship(tag)?,
            "Override" | "Default" => content_type(tag)?,
            "xf" | "numFmt" | "font" | "fill" | "border" => {
                count(&mut self.styles, 6 * limits::STYLES, Refusal::too_many_styles)?;
            }
            _ => {}
        }
        if styles && tag.attributes_raw().len() > limits::STYLE_NAME {
            return Err(Refusal::too_many_styles());
        }
        Ok(())
    }
}

fn count(counted: &mut u64, most: u64, refusal: fn() -> Refusal) -> Result<(), Refusal> {
    *counted += 1;
    if *counted > most { Err(refusal()) } else { Ok(()) }
}

/// The values of attributes of these names, each time that they stand there.
fn values(tag: &BytesStart<'_>, names: &[&str]) -> Result<Vec<String>, Refusal> {
    let mut found = Vec::new();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Refusal::damaged())?;
        if names.contains(&attribute.key.as_ref()) {
            found.push(quick_xml::escape::unescape(&attribute.value).map_err(|_| Refusal::damaged())?.into_owned());
        }
    }
    Ok(found)
}

fn content_type(tag: &BytesStart<'_>) -> Result<(), Refusal> {
    let macros = |kind: &String| kind.to_ascii_lowercase().contains("macroenabled");
    if values(tag, &["ContentType"])?.iter().any(macros) { Err(Refusal::macros()) } else { Ok(()) }
}

/// What leads to a sheet or to the workbook itself leads to a part that was looked through.
fn relationship(tag: &BytesStart<'_>) -> Result<(), Refusal> {
    let kinds = values(tag, &["Type"])?;
    let leads = |kind: &String| {
        let last = kind.rsplit('/').next().unwrap_or_default();
        matches!(last, "officeDocument" | "worksheet" | "chartsheet" | "dialogsheet")
    };
    if kinds.iter().any(|kind| kind.ends_with("/vbaProject") || kind.ends_with("/xlMacrosheet")) {
        return Err(Refusal::macros());
    }
    if kinds.iter().any(leads) {
        let inside = |target: &String| is_xml(&target.to_ascii_lowercase()) && !target.contains("://");
        if !values(tag, &["Target"])?.iter().all(inside)
            || values(tag, &["TargetMode"])?.iter().any(|mode| mode.eq_ignore_ascii_case("external"))
        {
            return Err(Refusal::not_a_workbook());
        }
    }
    Ok(())
}

fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn references(tag: &BytesStart<'_>, name: &str, good: fn(&str) -> bool) -> Result<(), Refusal> {
    // The plain way to find them is also the fast one: most cells have two attributes.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Refusal::damaged())?;
        if attribute.key.as_ref() == name && !good(&attribute.value) {
            return Err(Refusal::bad_reference());
        }
    }
    Ok(())
}

/// Row and column of `B7`, if Excel has them.
fn position(text: &str) -> Option<(u32, u32)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = text.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 || digits.is_empty() || digits.len() > 7 {
        return None;
    }
    let column = letters.bytes().fold(0_u32, |column, b| column * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row = u32::try_from(number(digits)?).ok()?;
    ((1..=1_048_576).contains(&row) && column <= 16_384).then_some((row, column))
}

fn cell(text: &str) -> bool {
    position(text).is_some()
}

fn row(text: &str) -> bool {
    text.len() <= 7 && number(text).is_some_and(|row| (1..=1_048_576).contains(&row))
}

fn region(text: &str) -> bool {
    match text.split_once(':') {
        None => cell(text),
        Some((first, last)) => match (position(first), position(last)) {
            (Some(first), Some(last)) => first.0 <= last.0 && first.1 <= last.1,
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_of_excel() {
        assert!(["A1", "xfd1048576", "Z9"].into_iter().all(cell));
        assert!(
            !["", "A", "1", "A0", "XFE1", "A1048577", "A-1", "AAAA1", "A00000001", "$A$1", "Å1", "A 1"]
                .into_iter()
                .any(cell)
        );
        assert!(["A1", "A1:B2", "B2:B2"].into_iter().all(region));
        assert!(!["B2:A1", "A1:", ":", "A1:B2:C3", "A:B", "1:2"].into_iter().any(region));
    }
}
