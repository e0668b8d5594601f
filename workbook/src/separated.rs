//! Reads text with a row a line: finds out how its letters are written and what stands between its cells.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::excel::of_text;
use crate::limits;
use crate::sheet::{Cell, Encoding, Form, Row, Sheet, Value, Workbook};
use crate::told::{Notice, Place, Refusal};

/// What may stand between cells, the first before the others where they divide a file equally well.
const SEPARATORS: [char; 4] = [';', '\t', ',', '|'];

/// How many rows are looked at to find out what divides them.
const LOOKED_AT: usize = 50;

/// A workbook with one sheet, of the bytes of a text file.
pub(crate) fn read(bytes: &[u8], name: &str) -> Result<Workbook, Refusal> {
    let mut remarks = Vec::new();
    let (text, encoding) = decoded(bytes)?;
    if encoding == Encoding::Windows1252 {
        remarks.push(Notice::new(
            "oldEncoding",
            "Filen är inte skriven i UTF-8. Den har lästs som Latin-1 (Windows-1252): kontrollera att å, ä och ö är rätt.",
            "The file is not written in UTF-8. It was read as Latin-1 (Windows-1252): see that å, ä and ö are right.",
        ));
    }
    let (named, text) = named_separator(&text);
    if text.trim().is_empty() {
        return Err(Refusal::empty());
    }
    let separator = named.unwrap_or_else(|| separator(text));
    let sheet_name = sheet_name(name);
    let rows = rows(text, separator, &sheet_name)?;
    if rows.is_empty() {
        return Err(Refusal::empty());
    }
    if let Some(place) = unclosed(text, &rows, &sheet_name) {
        remarks.push(
            Notice::new(
                "unclosedQuote",
                "Filen har ett udda antal citattecken. Här började en text som inte slutar på samma rad: kontrollera att inga rader har hamnat i den.",
                "The file has an odd number of quotation marks. A text began here that does not end on its line: see that no rows have ended up in it.",
            )
            .at(place),
        );
    }
    let sheet = Sheet { name: sheet_name, hidden: false, rows, merged: Vec::new() };
    Ok(Workbook { name: name.to_owned(), form: Form::Separated { encoding, separator }, sheets: vec![sheet], remarks })
}

/// A text file has one sheet, called as the file without its ending.
fn sheet_name(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).trim();
    if stem.is_empty() { "CSV".to_owned() } else { stem.to_owned() }
}

/// The text, and how it was written. What holds the bytes of no text is none.
fn decoded(bytes: &[u8]) -> Result<(String, Encoding), Refusal> {
    let utf16 = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((UTF_16LE, rest)),
        [0xfe, 0xff, rest @ ..] => Some((UTF_16BE, rest)),
        _ => unmarked_utf16(bytes).map(|encoding| (encoding, bytes)),
    };
    if let Some((encoding, rest)) = utf16 {
        let (text, damaged) = encoding.decode_without_bom_handling(rest);
        if damaged || text.contains('\0') {
            return Err(Refusal::not_a_workbook());
        }
        return Ok((text.into_owned(), Encoding::Utf16));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // A text has tabs and line ends, and else none of the characters before the space.
    let control = |b: &&u8| **b < b' ' && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
    let controls = bytes.iter().filter(control).count();
    if bytes.contains(&0) || controls > bytes.len() / 100 + 1 {
        return Err(Refusal::not_a_workbook());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), Encoding::Utf8)),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            Ok((text.into_owned(), Encoding::Windows1252))
        }
    }
}

/// UTF-16 without its mark: in a text of our letters every other byte is nought.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let start = bytes.get(..bytes.len().min(4096)).filter(|start| start.len() >= 4)?;
    let noughts = |from: usize| start.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (noughts(0), noughts(1), start.len() / 2);
    match () {
        () if odd * 10 > half * 7 && even == 0 => Some(UTF_16LE),
        () if even * 10 > half * 7 && odd == 0 => Some(UTF_16BE),
        () => None,
    }
}

/// Excel's own first line that names the separator.
fn named_separator(text: &str) -> (Option<char>, &str) {
    let line = text.lines().next().unwrap_or_default();
    let named = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..));
    let mut characters = named.unwrap_or_default().chars();
    match (characters.next(), characters.next()) {
        (Some(separator), None) if separator.is_ascii() && !matches!(separator, '"' | '\r') => {
            // It is no row in other programs, so it is none here.
            let rest = text.get(line.len()..).unwrap_or_default();
            (Some(separator), rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest))
        }
        _ => (None, text),
    }
}

/// What divides most rows into the same number of cells, and into most of them.
fn separator(text: &str) -> char {
    let mut best = (0, ',');
    for separator in SEPARATORS {
        let mut widths = std::collections::BTreeMap::<usize, usize>::new();
        for record in reader(text, separator).into_byte_records().take(LOOKED_AT).flatten() {
            if record.len() > 1 {
                *widths.entry(record.len()).or_default() += 1;
            }
        }
        let fits = widths.iter().map(|(width, rows)| rows * rows * (width - 1)).max().unwrap_or(0);
        if fits > best.0 {
            best = (fits, separator);
        }
    }
    best.1
}

fn reader(text: &str, separator: char) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(text.as_bytes())
}

fn rows(text: &str, separator: char, sheet: &str) -> Result<Vec<Row>, Refusal> {
    let mut rows = Vec::new();
    let mut reader = reader(text, separator);
    let mut record = csv::StringRecord::new();
    // The reader passes over empty lines, and a text may hold several: rows are counted as a spreadsheet shows them.
    let mut row: u32 = 0;
    let mut at = 0;
    let mut lengths = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(Refusal::damaged()),
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(at);
        row = row.saturating_add(empty_lines(text, at, end));
        let mut cells = Vec::new();
        for (column, field) in record.iter().enumerate() {
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            let Some((value, cleaned)) = of_text(unguarded(field)) else { continue };
            let place = Place::cell(sheet, row, column);
            if row >= limits::ROWS {
                return Err(Refusal::too_many_rows().at(place));
            }
            if column >= limits::COLUMNS {
                return Err(Refusal::too_many_columns().at(place));
            }
            if field.len() > limits::CELL {
                return Err(Refusal::too_long().at(place));
            }
            lengths += field.len();
            if lengths > limits::TEXT {
                return Err(Refusal::too_much_text().at(place));
            }
            cells.push(Cell { column, value, cleaned });
        }
        if !cells.is_empty() {
            rows.push(Row { row, cells });
        }
        row = row.saturating_add(1);
        at = end;
    }
    Ok(rows)
}

/// What a spreadsheet would take for a formula begins with one of these, the wide forms too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The register's own tables put an apostrophe before what a spreadsheet would run: exactly that one is taken away.
fn unguarded(field: &str) -> &str {
    let begins = |text: &str| text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).starts_with(FORMULA);
    field.strip_prefix('\'').filter(|rest| begins(rest)).unwrap_or(field)
}

/// Lines without anything before a row, which the reader has passed over as it read it. Of a line break of two characters
/// it has taken the first with the row before.
fn empty_lines(text: &str, from: usize, to: usize) -> u32 {
    let bytes = text.as_bytes();
    let mut at = from;
    if from > 0 && bytes.get(from - 1) == Some(&b'\r') && bytes.get(from) == Some(&b'\n') {
        at += 1;
    }
    let mut lines = 0;
    while at < to {
        at += match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            _ => break,
        };
        lines += 1;
    }
    lines
}

/// Where a text began that no quotation mark ends.
fn unclosed(text: &str, rows: &[Row], sheet: &str) -> Option<Place> {
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 0 {
        return None;
    }
    let row = rows.last()?;
    let cell = row.cells.last()?;
    let long = matches!(&cell.value, Value::Text(text) if text.contains('\n'));
    long.then(|| Place::cell(sheet, row.row, cell.column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(String, String)> {
        let book = read(text.as_bytes(), "a.csv").unwrap();
        let sheet = &book.sheets[0];
        let named = |row: &Row| {
            row.cells
                .iter()
                .map(|cell| (crate::told::cell_name(row.row, cell.column), cell.value.text()))
                .collect::<Vec<_>>()
        };
        sheet.rows.iter().flat_map(named).collect()
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_shows() {
        let told = cells("a;b\r\n\r\n;\r\nc;\"d\r\ne\"\r\n\r\n\r\nf;g\r\n");
        let told: Vec<(&str, &str)> = told.iter().map(|(place, text)| (place.as_str(), text.as_str())).collect();
        assert_eq!(told, [("A1", "a"), ("B1", "b"), ("A4", "c"), ("B4", "d\ne"), ("A7", "f"), ("B7", "g")]);
    }

    #[test]
    fn the_guard_against_formulas_goes_and_nothing_else() {
        let text = "'=1+1;''=1;'-5 %;'ordet';-5;'\t@a;o'=1\n";
        let told: Vec<String> = cells(text).into_iter().map(|(_, text)| text).collect();
        assert_eq!(told, ["=1+1", "'=1", "-5 %", "'ordet'", "-5", "@a", "o'=1"]);
    }

    #[test]
    fn the_separator_is_what_divides_most_rows_alike() {
        for (text, separator) in [
            ("a;b;c\n1,5;2,5;3\n", ';'),
            ("a,b,c\n\"x;y;z;ö\",2,3\n", ','),
            ("a\tb\n1,2\t3,4\n", '\t'),
            ("sep=|\na|b,c,d\n", '|'),
            ("bara en kolumn\nhär, med komma\n", ','),
        ] {
            let book = read(text.as_bytes(), "a.csv").unwrap();
            assert_eq!(book.form, Form::Separated { encoding: Encoding::Utf8, separator }, "{text:?}");
        }
    }

    #[test]
    fn letters_are_found_out() {
        let text = "Nr;Åtgärd\n1;Följ upp\n";
        let utf16 = |be: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if be { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
            ([b"\xff\xfe".to_vec(), utf16(false)].concat(), Encoding::Utf16),
            ([b"\xfe\xff".to_vec(), utf16(true)].concat(), Encoding::Utf16),
            (utf16(false), Encoding::Utf16),
            (utf16(true), Encoding::Utf16),
            (latin, Encoding::Windows1252),
        ] {
            let book = read(&bytes, "a.csv").unwrap();
            assert_eq!(book.form, Form::Separated { encoding, separator: ';' });
            assert_eq!(book.sheets[0].value(0, 1), Some(&Value::Text("Åtgärd".to_owned())), "{encoding:?}");
            assert_eq!(book.sheets[0].value(1, 1), Some(&Value::Text("Följ upp".to_owned())));
        }
    }
}
