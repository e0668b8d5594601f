//! The file back, with a column of what was told of each row: the same sheets and cells, as values, for whoever mends it
//! where they keep it. How it looked is not kept. When it is read again the column counts for nothing: what was a sum or a
//! note beneath the rows is so still.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, FormatBorder, Formula, Workbook as Writer, Worksheet, XlsxError};

use crate::beside::Words;
use crate::mapping::Mapping;
use crate::sheet::{MISSING, Region, Row, Sheet, Value, Workbook};
use crate::told::Notice;

/// Units of UTF-16 that a cell of Excel takes, and characters of a sheet's name.
const CELL: usize = 32_767;
const SHEET_NAME: usize = 31;
/// The first year of which Excel has days.
const FIRST_YEAR: i32 = 1900;

/// The bytes of an Excel workbook. What is told of no row of it stands on a sheet of its own.
pub fn remarked(workbook: &Workbook, mapping: &Mapping, told: &[Notice], words: Words) -> Result<Vec<u8>, XlsxError> {
    let mut writer = Writer::new();
    let mut names: Vec<String> = Vec::new();
    let mut rest: Vec<&Notice> = told.iter().collect();
    for sheet in &workbook.sheets {
        let understood = mapping.sheets.iter().find(|one| one.sheet == sheet.name);
        let heading = understood.and_then(|one| one.heading.last().copied());
        let mut by_row: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        // Beside the heading stands what the column is called, and nothing else.
        rest.retain(|one| match heading.zip(row_on(sheet, one)).filter(|(heading, row)| row > heading) {
            Some((_, row)) => {
                by_row.entry(row).or_default().push(line(one, false, words));
                false
            }
            None => true,
        });
        let page = writer.add_worksheet();
        page.set_name(free_name(&sheet.name, &mut names))?;
        write(page, sheet)?;
        remark(page, sheet, heading, &by_row, words)?;
    }
    if !rest.is_empty() {
        let page = writer.add_worksheet();
        page.set_name(free_name(words.heading(), &mut names))?;
        for (row, one) in (0_u32..).zip(rest) {
            page.write_string(row, 0, fitting(&line(one, true, words)))?;
        }
    }
    writer.save_to_buffer()
}

/// A name that Excel takes, and that no other sheet has.
fn free_name(name: &str, taken: &mut Vec<String>) -> String {
    let allowed = |c: char| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') { '-' } else { c };
    let cut = |most: usize| -> String {
        let mut units = 0;
        let kept = name.chars().map(allowed).take_while(|c| {
            units += c.len_utf16();
            units <= most
        });
        kept.collect::<String>().trim_matches('\'').to_owned()
    };
    let whole = Some(cut(SHEET_NAME)).filter(|name| !name.is_empty());
    let numbered = (2..).map(|n| format!("{} ({n})", cut(SHEET_NAME - 8)));
    let free = |name: &String| !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let name = whole.into_iter().chain(numbered).find(free).unwrap_or_default();
    taken.push(name.clone());
    name
}

fn line(one: &Notice, whole: bool, words: Words) -> String {
    let said = match words {
        Words::Swedish => &one.sv,
        Words::English => &one.en,
    };
    let sheet = one.place.sheet.as_deref().filter(|_| whole);
    let place: Vec<&str> = [sheet, one.place.cell.as_deref()].into_iter().flatten().collect();
    if place.is_empty() { said.clone() } else { format!("{}: {said}", place.join(" ")) }
}

/// The row of this sheet that something is told of, counted from nought.
fn row_on(sheet: &Sheet, one: &Notice) -> Option<u32> {
    let cell = one.place.cell.as_deref().filter(|_| one.place.sheet.as_deref() == Some(&sheet.name))?;
    cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok()?.checked_sub(1)
}

/// A text as far as a cell takes it.
fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= CELL {
        return text.to_owned();
    }
    let mut units = 1;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= CELL
    });
    kept.chain(['…']).collect()
}

/// The cells as they were read.
fn write(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let blank = Format::new();
    // A formula without a value has none, not nought.
    page.set_formula_result_default("");
    let mut written: Vec<Region> = Vec::new();
    for region in sheet.merged.iter().filter(|region| region.bottom > region.top || region.right > region.left) {
        let Region { top, left, bottom, right } = *region;
        // A damaged file has some that overlap, which Excel does not take: the first counts.
        let meets =
            |other: &Region| top <= other.bottom && other.top <= bottom && left <= other.right && other.left <= right;
        if written.iter().rev().any(meets) {
            continue;
        }
        written.push(*region);
        page.merge_range(top, narrow(left)?, bottom, narrow(right)?, "", &blank)?;
    }
    for Row { row, cells } in &sheet.rows {
        for cell in cells {
            let (row, column) = (*row, narrow(cell.column)?);
            match &cell.value {
                // As text, whatever it begins with: nothing in it is counted.
                Value::Text(text) => page.write_string(row, column, fitting(text))?,
                Value::Number(number) => page.write_number(row, column, *number)?,
                Value::Date(date) if chrono::Datelike::year(date) >= FIRST_YEAR => {
                    page.write_datetime_with_format(row, column, date, &day)?
                }
                Value::Date(date) => page.write_string(row, column, date.to_string())?,
                Value::Truth(truth) => page.write_boolean(row, column, *truth)?,
                // A formula that says the same: nobody takes it for a word, or for an empty cell.
                Value::Fault(fault) if FAULTS.contains(&fault.as_str()) => {
                    page.write_formula(row, column, Formula::new(format!("={fault}")).set_result(fault.as_str()))?
                }
                Value::Fault(fault) => page.write_string(row, column, fitting(fault))?,
                // What was to be counted is not known here: Excel shows that a value is missing.
                Value::Uncounted => page.write_formula(row, column, Formula::new(format!("={MISSING}")))?,
            };
        }
    }
    Ok(())
}

/// What Excel shows where a formula went wrong.
const FAULTS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// The column of remarks, to the right of all that stands on the sheet.
fn remark(
    page: &mut Worksheet,
    sheet: &Sheet,
    heading: Option<u32>,
    told: &BTreeMap<u32, Vec<String>>,
    words: Words,
) -> Result<(), XlsxError> {
    let Some(heading) = heading.filter(|_| !told.is_empty()) else { return Ok(()) };
    let beside = sheet.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column + 1).max().unwrap_or(0);
    let merged = sheet.merged.iter().map(|region| region.right + 1).max().unwrap_or(0);
    let beside = narrow(beside.max(merged))?;
    let marked = Format::new().set_text_wrap().set_border(FormatBorder::Thin);
    page.set_column_width(beside, 60)?;
    page.write_string_with_format(heading, beside, words.heading(), &marked)?;
    for (row, lines) in told {
        page.write_string_with_format(*row, beside, fitting(&lines.join("\n")), &marked)?;
    }
    Ok(())
}

fn narrow(column: u32) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::Place;
    use crate::{Kind, Scale, interpret, propose, read};

    fn back(workbook: &Workbook, told: &[Notice], words: Words) -> Workbook {
        let mapping = propose(workbook, Kind::Risks);
        read(&remarked(workbook, &mapping, told, words).unwrap(), "risker.xlsx").unwrap()
    }

    #[test]
    fn a_file_comes_back_with_its_remarks_beside_it() {
        let bytes = "Risk;S;K\nFel i lönesystemet;2,5;4\n=1+1;3;3\n".as_bytes();
        let workbook = read(bytes, "risker.csv").unwrap();
        let name = workbook.sheets[0].name.clone();
        let told = [
            Notice::new("decimal", "Ett helt steg.", "A whole step.").at(Place::cell(&name, 1, 1)),
            Notice::new("other", "Om filen.", "Of the file."),
            Notice::new("other", "Om bladet.", "Of the sheet.").at(Place::sheet(&name)),
            Notice::new("other", "Om rubriken.", "Of the heading.").at(Place::cell(&name, 0, 0)),
        ];
        let again = back(&workbook, &told, Words::Swedish);
        let text = |sheet: usize, row: usize| -> Vec<String> {
            again.sheets[sheet].rows[row].cells.iter().map(|cell| cell.value.text()).collect()
        };
        assert_eq!(text(0, 0), ["Risk", "S", "K", "Registrets anmärkning"]);
        assert_eq!(text(0, 1), ["Fel i lönesystemet", "2,5", "4", "B2: Ett helt steg."]);
        assert_eq!(text(0, 2), ["=1+1", "3", "3"]);
        assert_eq!(
            [text(1, 0), text(1, 1), text(1, 2)].concat(),
            ["Om filen.", "risker: Om bladet.", "risker A1: Om rubriken."]
        );
        let english = back(&workbook, &told, Words::English);
        assert_eq!(english.sheets[1].name, "The register's remark");
    }

    /// What a file says, without what is told of each cell.
    fn said(workbook: &Workbook) -> Vec<String> {
        let read = interpret(workbook, &propose(workbook, Kind::Risks), &Scale::default());
        let name = |risk: &crate::rows::Risk| risk.name.as_ref().map(|name| name.text.clone());
        let risks = read.risks.iter().map(|risk| format!("{:?} {}", name(risk), risk.controls.len()));
        let told = read.faults.iter().chain(&read.remarks).filter(|one| one.code != "noHeading");
        risks.chain(told.map(|one| format!("{} {:?}", one.code, one.place.cell))).collect()
    }

    #[test]
    fn it_is_understood_as_before_when_it_is_read_again() {
        let mut book = Writer::new();
        let page = book.add_worksheet();
        let lines = [
            "Internkontrollplan|||",
            "Risk|Sannolikhet|Konsekvens|Kontroll",
            "Beskriv risken|Ange ett tal|Ange ett tal|Beskriv kontrollen",
            "Jäv|||Utdrag",
            "Under våren|||",
            "Risk|Sannolikhet|Konsekvens|Kontroll",
            "Brand|||Rond",
            "Summa|4|5|",
            "|||",
            "Skalan går från 1 till 5|||",
        ];
        for (row, line) in (0..).zip(lines) {
            for (column, text) in (0..).zip(line.split('|')).filter(|(_, text)| !text.is_empty()) {
                page.write_string(row, column, text).unwrap();
            }
        }
        page.set_formula_result_default("");
        page.merge_range(4, 0, 4, 3, "Under våren", &Format::new()).unwrap();
        page.write_formula(3, 1, Formula::new("=NA()")).unwrap();
        page.write_formula(6, 1, Formula::new("=#REF!").set_result("#REF!")).unwrap();
        let workbook = read(&book.save_to_buffer().unwrap(), "plan.xlsx").unwrap();
        let mapping = propose(&workbook, Kind::Risks);
        let read_once = interpret(&workbook, &mapping, &Scale::default());
        let told: Vec<Notice> = read_once.faults.iter().chain(&read_once.remarks).cloned().collect();
        let codes: Vec<&str> = told.iter().map(|one| one.code.as_ref()).collect();
        for code in ["uncounted", "helpRow", "divider", "headingAgain", "sumRow", "legendRow"] {
            assert!(codes.contains(&code), "{code}: {codes:?}");
        }
        let again = back(&workbook, &told, Words::Swedish);
        assert_eq!(said(&again), said(&workbook));
        assert_eq!(propose(&again, Kind::Risks).sheets[0], mapping.sheets[0]);
        // And from that once more.
        assert_eq!(said(&back(&again, &told, Words::English)), said(&workbook));
    }

    #[test]
    fn whatever_could_be_read_can_be_written() {
        let long = format!("Risk;S;K\n{};3;3\n", "å😀".repeat(15_000));
        let mut workbook = read(long.as_bytes(), &format!("{}.csv", "[fil] ".repeat(20))).unwrap();
        workbook.sheets[0].merged =
            vec![Region { top: 1, left: 0, bottom: 2, right: 0 }, Region { top: 2, left: 0, bottom: 3, right: 1 }];
        let taken = Words::Swedish.heading();
        for name in [taken, "history", "'Blad'", "Blad", "BLAD", &"Blad".repeat(20), &"Blad".repeat(21), ""] {
            let mut other = workbook.sheets[0].clone();
            other.name = name.to_owned();
            workbook.sheets.push(other);
        }
        workbook.sheets[0].rows[0].cells[1].value = Value::Date("0001-01-01".parse().unwrap());
        let again = back(&workbook, &[Notice::new("other", "Om filen.", "Of the file.")], Words::Swedish);
        assert_eq!(again.sheets.len(), workbook.sheets.len() + 1);
        let text = again.sheets[0].rows[1].cells[0].value.text();
        assert!(text.ends_with('…') && text.encode_utf16().count() >= CELL - 2, "{}", text.len());
    }
}
