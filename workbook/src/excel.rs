//! Reads an XLSX that was found harmless: cell by cell, and only those with something in them are kept. A cell far out
//! makes nothing grow, since no rectangle is ever made.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata};
use chrono::{Datelike, NaiveDate};

use crate::clean::{Cleaned, clean};
use crate::container::{Seen, judge};
use crate::limits;
use crate::sheet::{Cell, Form, MISSING, Region, Row, Sheet, Value, Workbook};
use crate::told::{Notice, Place, Refusal};

/// A workbook of the bytes of an XLSX.
pub(crate) fn read(bytes: &[u8], name: &str) -> Result<Workbook, Refusal> {
    let seen = judge(bytes)?;
    // What the container's look has not foreseen ends in a refusal too. It has not been needed: the tests hold that no
    // file of theirs makes the reader panic.
    catch_unwind(AssertUnwindSafe(|| opened(bytes, name, seen))).unwrap_or_else(|_| Err(Refusal::damaged()))
}

fn opened(bytes: &[u8], name: &str, seen: Seen) -> Result<Workbook, Refusal> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refusal::damaged())?;
    let mut remarks = Vec::new();
    if seen.external_links {
        remarks.push(Notice::new(
            "externalLinks",
            "Arbetsboken hämtar värden ur andra filer. De öppnas inte: det som senast sparades i arbetsboken läses.",
            "The workbook fetches values from other files. They are not opened: what was last saved in the workbook is read.",
        ));
    }
    let listed = file.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    let mut text = 0;
    for sheet in listed {
        if sheet.typ != SheetType::WorkSheet {
            remarks.push(
                Notice::new(
                    "noCells",
                    "Bladet är ett diagram eller en dialog och har inga celler.",
                    "The sheet is a chart or a dialogue and has no cells.",
                )
                .at(Place::sheet(&sheet.name)),
            );
            continue;
        }
        let name = named(&sheet.name, &sheets);
        let rows = cells(&mut file, (&sheet.name, &name), &mut text)?;
        let merged = regions(&mut file, &sheet.name, &rows)?;
        sheets.push(Sheet { name, hidden: sheet.visible != SheetVisible::Visible, rows, merged });
    }
    if sheets.is_empty() {
        return Err(Refusal::no_sheets());
    }
    Ok(Workbook { name: name.to_owned(), form: Form::Xlsx, sheets, remarks })
}

type File<'a> = Xlsx<Cursor<&'a [u8]>>;

/// What a sheet is called here: on one line, without what nobody sees, and as no other. Whoever names it back types or sends
/// what they see.
fn named(name: &str, others: &[Sheet]) -> String {
    let seen = clean(name).0.split_whitespace().collect::<Vec<_>>().join(" ");
    let seen: String = seen.chars().take(limits::SHEET_NAME).collect();
    let seen = if seen.is_empty() { "?".to_owned() } else { seen };
    let free = |name: &String| !others.iter().any(|other| other.name == *name);
    let numbered = (2..).map(|n| format!("{seen} ({n})"));
    std::iter::once(seen.clone()).chain(numbered).find(free).unwrap_or(seen)
}

/// The cells of a sheet, by the name that the file gives it; what is told of them names it as it is called here.
fn cells(file: &mut File<'_>, (own, sheet): (&str, &str), text: &mut usize) -> Result<Vec<Row>, Refusal> {
    let unreadable = |place: Place| Refusal::unreadable_sheet().at(place);
    let mut reader = file.worksheet_cells_reader(own).map_err(|_| unreadable(Place::sheet(sheet)))?;
    let mut rows: Vec<Row> = Vec::new();
    let mut sorted = true;
    let mut last = Place::sheet(sheet);
    loop {
        let cell = match reader.next_cell_with_formula_metadata() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(_) => return Err(unreadable(last)),
        };
        let (row, column) = cell.pos;
        let formula = cell.formula.is_some();
        let Some((value, cleaned)) = value(cell.value, formula).or_else(|| missing(cell.formula)) else { continue };
        let place = Place::cell(sheet, row, column);
        if row >= limits::ROWS {
            return Err(Refusal::too_many_rows().at(place));
        }
        if column >= limits::COLUMNS {
            return Err(Refusal::too_many_columns().at(place));
        }
        if let Value::Text(written) | Value::Fault(written) = &value {
            *text += written.len();
            if *text > limits::TEXT {
                return Err(Refusal::too_much_text().at(place));
            }
        }
        last = place;
        let cell = Cell { column, value, cleaned };
        match rows.last_mut() {
            Some(current) if current.row == row => {
                sorted &= current.cells.last().is_none_or(|before| before.column < column);
                current.cells.push(cell);
            }
            before => {
                sorted &= before.is_none_or(|before| before.row < row);
                rows.push(Row { row, cells: vec![cell] });
            }
        }
    }
    if !sorted {
        rows = in_order(rows);
    }
    Ok(rows)
}

/// A file may list its cells in any order, and one twice: the last counts, as in Excel.
fn in_order(rows: Vec<Row>) -> Vec<Row> {
    let mut all = std::collections::BTreeMap::<u32, std::collections::BTreeMap<u32, Cell>>::new();
    for row in rows {
        let known = all.entry(row.row).or_default();
        known.extend(row.cells.into_iter().map(|cell| (cell.column, cell)));
    }
    all.into_iter().map(|(row, cells)| Row { row, cells: cells.into_values().collect() }).collect()
}

/// The value of a cell, or nothing where it has none.
fn value(read: DataRef<'_>, formula: bool) -> Option<(Value, Vec<Cleaned>)> {
    let plain = |value| Some((value, Vec::new()));
    match read {
        DataRef::Empty if formula => plain(Value::Uncounted),
        DataRef::Empty => None,
        DataRef::Int(number) => plain(Value::Number(number as f64)),
        DataRef::Float(number) => plain(of_number(number)),
        DataRef::String(text) => of_text(&text),
        DataRef::SharedString(text) => of_text(text),
        DataRef::Bool(truth) => plain(Value::Truth(truth)),
        DataRef::DateTime(time) => plain(of_time(time)),
        DataRef::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok()) {
            Some(day) => plain(Value::Date(day)),
            None => of_text(&text),
        },
        DataRef::DurationIso(text) => of_text(&text),
        DataRef::Error(fault) => plain(Value::Fault(fault.to_string())),
    }
}

/// The formula that says that a value is missing, without the fault that Excel counts it to: nobody has counted it yet. It
/// stands for those in a file that came back with remarks.
fn missing(formula: Option<XlsxFormulaMetadata>) -> Option<(Value, Vec<Cleaned>)> {
    let of_ours = matches!(formula, Some(XlsxFormulaMetadata::Normal { formula }) if formula == MISSING);
    of_ours.then(|| (Value::Uncounted, Vec::new()))
}

/// JSON has no word for what is no number, so it goes as what Excel would show.
fn of_number(number: f64) -> Value {
    if number.is_finite() { Value::Number(number) } else { Value::Fault("#NUM!".to_owned()) }
}

/// A text that is nothing when it is cleaned is no cell.
pub(crate) fn of_text(text: &str) -> Option<(Value, Vec<Cleaned>)> {
    let (text, cleaned) = clean(text);
    (!text.is_empty()).then_some((Value::Text(text), cleaned))
}

/// A day; or a time of day without one, as it is shown.
fn of_time(time: ExcelDateTime) -> Value {
    let serial = time.as_f64();
    if !(0.0..2_958_466.0).contains(&serial) {
        return of_number(serial);
    }
    let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
    if serial < 1.0 || time.is_duration() {
        return Value::Text(format!("{hour:02}:{minute:02}"));
    }
    match NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)) {
        Some(day) if day.year() > 1904 || serial >= 61.0 => Value::Date(day),
        _ => of_number(serial),
    }
}

fn regions(file: &mut File<'_>, sheet: &str, rows: &[Row]) -> Result<Vec<Region>, Refusal> {
    let place = Place::sheet(sheet);
    let found = file.merge_cells_by_sheet_name(sheet).map_err(|_| Refusal::unreadable_sheet().at(place.clone()))?;
    let Some(last_row) = rows.last().map(|row| row.row) else { return Ok(Vec::new()) };
    let last_column = rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column).max().unwrap_or(0);
    let mut kept = Vec::new();
    let mut held = 0;
    for region in found {
        // A region may reach below the last value: the rows there have nothing of their own.
        let region = Region {
            top: region.start.0,
            left: region.start.1,
            bottom: region.end.0.min(last_row.max(region.start.0)),
            right: region.end.1.min(last_column.max(region.start.1)),
        };
        if region.top > last_row
            || region.left > last_column
            || (region.top, region.left) == (region.bottom, region.right)
        {
            continue;
        }
        held += u64::from(region.bottom - region.top + 1) * u64::from(region.right - region.left + 1);
        if held > limits::MERGED_CELLS {
            return Err(Refusal::too_many_merged().at(place));
        }
        kept.push(region);
    }
    kept.sort_unstable_by_key(|region| (region.top, region.left));
    Ok(kept)
}
