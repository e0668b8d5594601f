//! Lists as tables, for who goes on counting or searching in them: a workbook with a typed column for each field, or CSV as
//! Swedish Excel opens it. No cell of either can become a formula.

use chrono::{NaiveDate, NaiveDateTime};

use crate::text::in_cell;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    /// A text as people read it in a cell: lists have bullets, and what has no shape is spelt out.
    Text(String),
    /// A text letter for letter, for who reads it back.
    Verbatim(String),
    Whole(i64),
    /// Millions of kronor, with one decimal.
    Amount(f64),
    Date(NaiveDate),
    /// To the minute, in Sweden.
    Time(NaiveDateTime),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Self::Whole(number.into())
    }
}
impl From<NaiveDate> for Cell {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}
impl From<NaiveDateTime> for Cell {
    fn from(time: NaiveDateTime) -> Self {
        Self::Time(time)
    }
}
impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::Text(if yes { "Ja" } else { "Nej" }.to_owned())
    }
}
impl<T> From<Option<T>> for Cell
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Self::from)
    }
}

/// A list: its name, what its columns are called and how wide they are in letters, and its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What the sheet is called; at most 31 letters, and another in each table of a workbook.
    pub name: String,
    pub columns: Vec<(String, f64)>,
    /// How many of the first columns name the row.
    pub keys: usize,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(name: &str, keys: usize, columns: &[(&str, f64)]) -> Self {
        let columns = columns.iter().map(|(name, width)| ((*name).to_owned(), *width)).collect();
        Self { name: name.to_owned(), columns, keys, rows: Vec::new() }
    }

    /// UTF-8 with a mark that says so, parted by semicolons, lines ended and cells quoted as RFC 4180 has it. What a
    /// spreadsheet would take for a formula is made a text by an apostrophe.
    pub fn csv(&self) -> Vec<u8> {
        let mut written = String::from("\u{feff}");
        let names = self.columns.iter().map(|(name, _)| quoted(name));
        written.push_str(&names.collect::<Vec<_>>().join(";"));
        written.push_str("\r\n");
        let mut written = written.into_bytes();
        written.extend(self.rows_as_csv());
        written
    }

    /// The rows alone, which go on below others of the same columns.
    pub fn rows_as_csv(&self) -> Vec<u8> {
        let mut written = String::new();
        for row in &self.rows {
            written.push_str(&row.iter().map(in_csv).collect::<Vec<_>>().join(";"));
            written.push_str("\r\n");
        }
        written.into_bytes()
    }
}

/// What begins a formula: the wide forms too, which some spreadsheets take for the others.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

fn in_csv(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => kept_from_running(&in_cell(text)),
        Cell::Verbatim(text) => kept_from_running(text),
        Cell::Whole(number) => number.to_string(),
        Cell::Amount(amount) => format!("{amount:.1}").replace('.', ","),
        Cell::Date(date) => date.to_string(),
        Cell::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// One that has apostrophes there already gets one more, so that whoever reads it back knows how many to take away.
fn kept_from_running(text: &str) -> String {
    let begins = text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace());
    if begins.starts_with(FORMULA) { quoted(&format!("'{text}")) } else { quoted(text) }
}

/// A text as people read it in a cell, for who compares what comes back with what there is.
pub fn as_in_cell(text: &str) -> String {
    in_cell(text)
}

fn quoted(text: &str) -> String {
    if text.contains([';', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_becomes_a_formula_and_swedish_excel_opens_it() {
        let day = NaiveDate::from_ymd_opt(2024, 5, 2).expect("a day");
        let mut table =
            Table::new("Risker", 1, &[("Risk", 20.0), ("Nummer", 8.0), ("Mnkr", 8.0), ("Dag", 8.0), ("Tid", 8.0)]);
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "＝1", " =1"] {
            table.rows.push(vec![
                text.into(),
                7.into(),
                Cell::Amount(-1.25),
                day.into(),
                day.and_hms_opt(8, 30, 0).into(),
            ]);
        }
        assert_eq!(in_csv(&Cell::Text("'=1".into())), "''=1");
        for (text, told) in
            [("- a\n- b", "\"'- a\n- b\""), ("'=1", "''=1"), (" =1", "' =1"), ("a\u{f0b7}", "a\u{f0b7}")]
        {
            assert_eq!(in_csv(&Cell::Verbatim(text.into())), told);
        }
        table.rows.push(vec!["Sök; \"och\" finn\nnu".into(), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
        let csv = String::from_utf8(table.csv()).expect("UTF-8");
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines[0], "\u{feff}Risk;Nummer;Mnkr;Dag;Tid");
        for line in &lines[1..9] {
            assert!(line.starts_with('\'') && line.ends_with(";7;-1,2;2024-05-02;2024-05-02 08:30"), "{line}");
        }
        assert_eq!(lines[9..], ["\"Sök; \"\"och\"\" finn\nnu\";;;;", ""]);
    }
}
