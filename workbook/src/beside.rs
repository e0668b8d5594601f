//! The column of remarks that stands beside what a file says when it comes back: what it is called, and how a sheet is without it.

use crate::clean::folded;
use crate::sheet::{Sheet, Value};

/// The language that remarks are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Swedish,
    English,
}

impl Words {
    /// What the column is called: so that no column of people's own is.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Swedish => "Registrets anmärkning",
            Self::English => "The register's remark",
        }
    }
}

/// A sheet without the column that was written beside it, for whoever asks what its rows are.
pub(crate) fn without_remarks(sheet: &Sheet) -> Option<Sheet> {
    let ours = |value: &Value| match value {
        Value::Text(text) => {
            [Words::Swedish, Words::English].iter().any(|words| folded(words.heading()) == folded(text))
        }
        _ => false,
    };
    let columns: Vec<u32> = sheet
        .rows
        .iter()
        .flat_map(|row| row.cells.iter().filter(|cell| ours(&cell.value)).map(|cell| cell.column))
        .collect();
    if columns.is_empty() {
        return None;
    }
    let mut plain = sheet.clone();
    for row in &mut plain.rows {
        row.cells.retain(|cell| !columns.contains(&cell.column));
    }
    plain.rows.retain(|row| !row.cells.is_empty());
    Some(plain)
}
