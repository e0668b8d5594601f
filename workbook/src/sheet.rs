//! A file as it was read: sheets of cells with their values, before anybody asks what they mean.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clean::Cleaned;
use crate::told::{Notice, Place};

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Workbook {
    /// The file's name as it was given.
    pub name: String,
    pub form: Form,
    pub sheets: Vec<Sheet>,
    /// What the reader took for granted or left out.
    pub remarks: Vec<Notice>,
}

/// What kind of file it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    Xlsx,
    /// Text with a row a line: how its letters were written, and what stands between its cells.
    #[serde(rename_all = "camelCase")]
    Separated {
        encoding: Encoding,
        separator: char,
    },
}

/// How the letters of a text file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Encoding {
    Utf8,
    Utf16,
    /// Latin-1 and what Windows made of it: the same but for thirty characters.
    Windows1252,
}

/// A sheet: only cells with something in them, by row and column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    pub name: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// From the first to the last, those without a cell left out.
    pub rows: Vec<Row>,
    /// Within the rows and columns that have something in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Region>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Counted from nought.
    pub row: u32,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Counted from nought.
    pub column: u32,
    pub value: Value,
    /// What its text was cleaned of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleaned: Vec<Cleaned>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// Cleaned, and never empty.
    Text(String),
    Number(f64),
    Date(NaiveDate),
    Truth(bool),
    /// What Excel shows where a formula went wrong: `#DIV/0!`.
    Fault(String),
    /// A formula whose value the file does not hold: no program has counted it yet.
    Uncounted,
}

/// The formula of Excel's for a value that is missing.
pub(crate) const MISSING: &str = "NA()";

/// Cells that are shown as one; the value stands in the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

impl Region {
    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }
}

impl Value {
    /// The value as it would be read aloud: whole numbers without a decimal, days as ISO has them.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Fault(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(day) => day.to_string(),
            Self::Truth(true) => "1".to_owned(),
            Self::Truth(false) => "0".to_owned(),
            Self::Uncounted => String::new(),
        }
    }
}

impl Sheet {
    pub fn row(&self, row: u32) -> Option<&Row> {
        self.rows.binary_search_by_key(&row, |r| r.row).ok().and_then(|at| self.rows.get(at))
    }

    pub fn value(&self, row: u32, column: u32) -> Option<&Value> {
        self.row(row)?.value(column)
    }

    pub fn last_row(&self) -> Option<u32> {
        self.rows.last().map(|row| row.row)
    }

    /// A place on this sheet.
    pub fn place(&self, row: u32, column: u32) -> Place {
        Place::cell(&self.name, row, column)
    }
}

impl Row {
    pub fn value(&self, column: u32) -> Option<&Value> {
        self.cells
            .binary_search_by_key(&column, |cell| cell.column)
            .ok()
            .and_then(|at| self.cells.get(at))
            .map(|c| &c.value)
    }
}
