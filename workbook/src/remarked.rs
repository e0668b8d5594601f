//! The file back, with a column of what was told of each row: the same sheets and cells, as values, for whoever mends it
//! where they keep it. How it looked is not kept.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, FormatBorder, Workbook as Writer, Worksheet, XlsxError};

use crate::sheet::{Region, Sheet, Value, Workbook};
use crate::told::Notice;

/// What the column is called, and the language that its remarks are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Swedish,
    English,
}

/// The bytes of an Excel workbook. What is told of no sheet of it stands on a sheet of its own.
pub fn remarked(workbook: &Workbook, told: &[Notice], words: Words) -> Result<Vec<u8>, XlsxError> {
    let mut writer = Writer::new();
    for sheet in &workbook.sheets {
        let of_sheet = told.iter().filter(|one| one.place.sheet.as_deref() == Some(&sheet.name));
        let mut by_row: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for one in of_sheet {
            let row = one.place.cell.as_deref().and_then(row_of).unwrap_or(0);
            by_row.entry(row).or_default().push(line(one, words));
        }
        let page = writer.add_worksheet();
        // A name that Excel does not take is that of a text file: then the writer's own stays.
        let _ = page.set_name(&sheet.name);
        write(page, sheet, &by_row, words)?;
    }
    let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let known = |one: &&Notice| one.place.sheet.as_deref().is_some_and(|name| names.contains(&name));
    let rest: Vec<&Notice> = told.iter().filter(|one| !known(one)).collect();
    if !rest.is_empty() {
        let page = writer.add_worksheet();
        let _ = page.set_name(heading(words));
        for (row, one) in (0_u32..).zip(rest) {
            page.write_string(row, 0, line(one, words))?;
        }
    }
    writer.save_to_buffer()
}

fn heading(words: Words) -> &'static str {
    match words {
        Words::Swedish => "Anmärkning",
        Words::English => "Remark",
    }
}

fn line(one: &Notice, words: Words) -> String {
    let said = match words {
        Words::Swedish => &one.sv,
        Words::English => &one.en,
    };
    match &one.place.cell {
        Some(cell) => format!("{cell}: {said}"),
        None => said.clone(),
    }
}

/// The row of a cell's name, counted from nought.
fn row_of(cell: &str) -> Option<u32> {
    cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok()?.checked_sub(1)
}

fn write(
    page: &mut Worksheet,
    sheet: &Sheet,
    told: &BTreeMap<u32, Vec<String>>,
    words: Words,
) -> Result<(), XlsxError> {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let blank = Format::new();
    for region in sheet.merged.iter().filter(|region| region.bottom > region.top || region.right > region.left) {
        let Region { top, left, bottom, right } = *region;
        page.merge_range(top, narrow(left)?, bottom, narrow(right)?, "", &blank)?;
    }
    for row in &sheet.rows {
        for cell in &row.cells {
            let (row, column) = (row.row, narrow(cell.column)?);
            match &cell.value {
                // As text, whatever it begins with: nothing in it is counted.
                Value::Text(text) | Value::Fault(text) => page.write_string(row, column, text)?,
                Value::Number(number) => page.write_number(row, column, *number)?,
                Value::Date(date) => page.write_datetime_with_format(row, column, date, &day)?,
                Value::Truth(truth) => page.write_boolean(row, column, *truth)?,
                Value::Uncounted => page,
            };
        }
    }
    let beside = sheet.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column + 1).max().unwrap_or(0);
    let merged = sheet.merged.iter().map(|region| region.right + 1).max().unwrap_or(0);
    let beside = narrow(beside.max(merged))?;
    let marked = Format::new().set_text_wrap().set_border(FormatBorder::Thin);
    page.set_column_width(beside, 60)?;
    let first = told.keys().next().copied().unwrap_or(0);
    if let Some(above) = first.checked_sub(1) {
        page.write_string_with_format(above, beside, heading(words), &marked)?;
    }
    for (row, lines) in told {
        // A cell of Excel takes no more.
        let text: String = lines.join("\n").chars().take(32_000).collect();
        page.write_string_with_format(*row, beside, text, &marked)?;
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
    use crate::{Kind, propose, read};

    #[test]
    fn a_file_comes_back_with_its_remarks_beside_it() {
        let bytes = "Risk;S;K\nFel i lönesystemet;2,5;4\n=1+1;3;3\n".as_bytes();
        let workbook = read(bytes, "risker.csv").unwrap();
        let name = workbook.sheets[0].name.clone();
        let told = [
            Notice::new("decimal", "Ett helt steg.", "A whole step.").at(Place::cell(&name, 1, 1)),
            Notice::new("other", "Om filen.", "Of the file."),
        ];
        let back = remarked(&workbook, &told, Words::Swedish).unwrap();
        let again = read(&back, "risker.xlsx").unwrap();
        let cells: Vec<String> = again.sheets[0].rows[1].cells.iter().map(|cell| cell.value.text()).collect();
        assert_eq!(cells, ["Fel i lönesystemet", "2,5", "4", "B2: Ett helt steg."]);
        assert_eq!(again.sheets[0].rows[2].cells[0].value.text(), "=1+1");
        assert_eq!(again.sheets[1].rows[0].cells[0].value.text(), "Om filen.");
        // It is understood as before.
        let mapping = propose(&again, Kind::Risks);
        assert_eq!(mapping.sheets[0].columns.len(), propose(&workbook, Kind::Risks).sheets[0].columns.len() + 1);
        let english = remarked(&workbook, &told, Words::English).unwrap();
        assert!(read(&english, "a.xlsx").unwrap().sheets[1].name == "Remark");
    }
}
