//! A sheet's cells as people see them: what a merged cell says holds for each row that it covers, and "dito" is what stands
//! above it.

use std::collections::BTreeMap;

use crate::clean::folded;
use crate::sheet::{Region, Sheet, Value};

/// What stands for "the same as above".
const DITTO: &[&str] = &[
    "dito",
    "ditto",
    "d:o",
    "d.o",
    "do",
    "\"",
    "”",
    "''",
    "´´",
    "-\"-",
    "- \" -",
    "-”-",
    "–\"–",
    "-||-",
    "samma",
    "samma som ovan",
    "som ovan",
    "se ovan",
    "enligt ovan",
    "same",
    "same as above",
    "as above",
    "see above",
    "idem",
    "id.",
];

/// What stands for nothing.
const NOTHING: &[&str] = &["-", "–", "—", "--", "n/a", "na", "e/t", "ej tillämpligt", "not applicable", "ej aktuellt"];

/// A cell's value, and whether it is another cell's that reaches here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Seen<'a> {
    pub value: &'a Value,
    pub carried: bool,
    /// Where it stands.
    pub row: u32,
    pub column: u32,
}

pub(crate) struct Grid<'a> {
    sheet: &'a Sheet,
    /// For each row and column that a region covers, but for its first cell, that first cell.
    covered: BTreeMap<(u32, u32), (u32, u32)>,
    /// The value that each cell with "dito" means; none where nothing stands above it.
    same: BTreeMap<(u32, u32), Option<(u32, u32)>>,
    /// What people write for nothing is nothing.
    forgiving: bool,
}

impl<'a> Grid<'a> {
    /// With the data from this row on: what stands above it is a heading, and nothing is the same as that.
    pub fn new(sheet: &'a Sheet, first: u32) -> Self {
        let mut covered = BTreeMap::new();
        for region in &sheet.merged {
            for row in region.top..=region.bottom {
                for column in region.left..=region.right {
                    if (row, column) != (region.top, region.left) {
                        covered.insert((row, column), (region.top, region.left));
                    }
                }
            }
        }
        let mut grid = Self { sheet, covered, same: BTreeMap::new(), forgiving: true };
        grid.find_ditto(first);
        grid
    }

    /// Of a list of the register's own, in which each cell says what it says and nothing of another.
    pub fn to_the_letter(sheet: &'a Sheet) -> Self {
        Self { sheet, covered: BTreeMap::new(), same: BTreeMap::new(), forgiving: false }
    }

    /// From above downwards, so that a "dito" under another finds what the first means.
    fn find_ditto(&mut self, first: u32) {
        let mut above: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for row in self.sheet.rows.iter().filter(|row| row.row >= first) {
            for cell in &row.cells {
                let here = (row.row, cell.column);
                if is_ditto(&cell.value) {
                    self.same.insert(here, above.get(&cell.column).copied());
                } else {
                    above.insert(cell.column, here);
                }
            }
        }
    }

    /// What a cell says: its own value, the one it is merged into from above, or the one that it calls the same.
    pub fn see(&self, row: u32, column: u32) -> Option<Seen<'a>> {
        let (from, carried) = match self.covered.get(&(row, column)) {
            // Merged sideways it says nothing: only the first of the cells does.
            Some(first) if first.1 != column => return None,
            Some(first) => (*first, true),
            None => ((row, column), false),
        };
        let (from, carried) = match self.same.get(&from) {
            Some(above) => ((*above)?, true),
            None => (from, carried),
        };
        let value = self.sheet.value(from.0, from.1)?;
        if self.forgiving && is_nothing(value) {
            return None;
        }
        Some(Seen { value, carried, row: from.0, column: from.1 })
    }

    /// Whether a "dito" has nothing above it.
    pub fn lost(&self, row: u32, column: u32) -> bool {
        self.same.get(&(row, column)) == Some(&None)
    }

    /// The first cell of a region that begins in this row and reaches over several columns.
    pub fn wide(&self, row: u32) -> Option<&Region> {
        self.sheet.merged.iter().find(|region| region.top <= row && row <= region.bottom && region.right > region.left)
    }

    /// What a heading's cell says, with what is merged sideways and downwards.
    pub fn heading(&self, row: u32, column: u32) -> Option<(&'a Value, Region)> {
        let (top, left) = self.covered.get(&(row, column)).copied().unwrap_or((row, column));
        let value = self.sheet.value(top, left)?;
        let alone = Region { top: row, left: column, bottom: row, right: column };
        let region = self.sheet.merged.iter().find(|region| (region.top, region.left) == (top, left));
        Some((value, region.copied().unwrap_or(alone)))
    }
}

fn is_ditto(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.len() <= 20 && DITTO.contains(&folded(text).as_str()))
}

pub(crate) fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.len() <= 20 && NOTHING.contains(&folded(text).as_str()))
}
