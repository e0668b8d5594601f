//! How a file is to be understood: proposed, shown column by column, and changed by whoever imports.

use serde::{Deserialize, Serialize};

use crate::fields::{Field, Kind, Scoring, Thing};
use crate::sheet::Sheet;
use crate::told::{Notice, column_name};

/// How many examples of a column are shown.
const EXAMPLES: usize = 3;

/// How a file is to be understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    pub kind: Kind,
    pub sheets: Vec<SheetMapping>,
    /// Of several scorings the one that is the assessment. Proposed: the residual one where there is one.
    #[serde(default)]
    pub assessment: Option<Scoring>,
}

/// How a sheet is to be understood. Rows and columns are counted from nought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetMapping {
    pub sheet: String,
    /// Whether its rows are taken.
    pub taken: bool,
    /// Why it is passed over, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Notice>,
    /// The rows that are the heading, read together.
    pub heading: Vec<u32>,
    /// The first and last row of data.
    pub first: u32,
    pub last: u32,
    /// Rows among those that are none, and why: help, sums, legends, headings of their own.
    pub skipped: Vec<Skipped>,
    pub columns: Vec<ColumnMapping>,
    /// It is a list of the register's own, and read to the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<Thing>,
}

/// A row that is passed over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    pub row: u32,
    pub because: Notice,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnMapping {
    pub column: u32,
    /// As Excel calls it.
    pub letters: String,
    /// The heading as it stands, its groups before it.
    pub heading: String,
    pub field: Field,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<Scoring>,
    /// What has no field of its own goes into the description, the heading before it.
    #[serde(default)]
    pub into_description: bool,
    /// How many of its cells have something in them.
    pub filled: u32,
    /// The first few of what stands there.
    pub examples: Vec<String>,
}

impl ColumnMapping {
    /// A column as it is understood, with what stands in these rows of it.
    pub(crate) fn of(
        sheet: &Sheet,
        column: u32,
        heading: String,
        (field, scoring): (Field, Option<Scoring>),
        (first, last): (u32, u32),
    ) -> Self {
        let mut examples: Vec<String> = Vec::new();
        let mut filled = 0;
        let rows = sheet.rows.iter().filter(|row| (first..=last).contains(&row.row));
        for value in rows.filter_map(|row| row.value(column)) {
            filled += 1;
            let text: String = value.text().chars().take(80).collect();
            if examples.len() < EXAMPLES && !text.is_empty() && !examples.contains(&text) {
                examples.push(text);
            }
        }
        Self {
            column,
            letters: column_name(column),
            heading,
            field,
            scoring,
            into_description: false,
            filled,
            examples,
        }
    }
}

impl SheetMapping {
    /// A sheet of which nothing is taken.
    pub(crate) fn empty(sheet: &str) -> Self {
        Self {
            sheet: sheet.to_owned(),
            taken: false,
            because: None,
            heading: Vec::new(),
            first: 0,
            last: 0,
            skipped: Vec::new(),
            columns: Vec::new(),
            thing: None,
        }
    }

    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = &ColumnMapping> {
        self.columns.iter().filter(move |column| column.field == field)
    }

    /// Whether it names things by the register's own ids, which nobody but the register writes.
    pub(crate) fn names_ids(&self) -> bool {
        self.columns.iter().any(|column| column.field.is_id())
    }

    pub fn has(&self, field: Field) -> bool {
        self.columns_of(field).next().is_some()
    }
}
