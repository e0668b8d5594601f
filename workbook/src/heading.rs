//! Finds the heading of a sheet: the rows among the first fifteen in which most words are known, read together with the
//! groups above them.

use std::collections::BTreeMap;

use crate::fields::{Field, Kind};
use crate::grid::Grid;
use crate::sheet::{Row, Sheet, Value};
use crate::vocabulary::{self, Meaning};

/// A heading is looked for in this many rows, and has at most that many of its own.
const AMONG: u32 = 15;
const TALLEST: u32 = 3;

/// The heading that was found.
#[derive(Debug)]
pub(crate) struct Heading {
    pub rows: Vec<u32>,
    pub columns: Vec<Titled>,
}

/// A column's words.
#[derive(Debug)]
pub(crate) struct Titled {
    pub column: u32,
    /// What stands lowest: the column's own.
    pub own: String,
    /// What stands above it, outermost first.
    pub groups: Vec<String>,
    /// What it may mean, likeliest first.
    pub meanings: Vec<Meaning>,
}

impl Titled {
    /// The heading as a person reads it.
    pub fn label(&self) -> String {
        let mut words: Vec<&str> = self.groups.iter().map(String::as_str).collect();
        if words.last() != Some(&self.own.as_str()) {
            words.push(&self.own);
        }
        words.join(" / ")
    }
}

/// The heading of a sheet, if it has one that says more than one thing.
pub(crate) fn find(sheet: &Sheet, grid: &Grid<'_>, kind: Kind) -> Option<Heading> {
    // What says most; of two that say as much the lower one, so that no title is taken along.
    let mut best: Option<((usize, std::cmp::Reverse<u32>), Heading)> = None;
    for top in sheet.rows.iter().map(|row| row.row).take_while(|row| *row < AMONG) {
        for bottom in top..(top + TALLEST).min(AMONG) {
            if sheet.row(bottom).is_none() {
                break;
            }
            let heading = read(sheet, grid, kind, top, bottom);
            let known = (worth(&heading), std::cmp::Reverse(bottom - top));
            if best.as_ref().is_none_or(|(most, _)| known > *most) {
                best = Some((known, heading));
            }
        }
    }
    let ((known, _), mut heading) = best?;
    // A heading says one thing for certain and another perhaps, or else it is a text that happens to hold a word.
    if known < 3 {
        return None;
    }
    let (top, bottom) = (*heading.rows.first()?, *heading.rows.last()?);
    let first = above(sheet, grid, &heading, top, bottom);
    if first < top {
        heading = read(sheet, grid, kind, first, bottom);
    }
    Some(heading)
}

/// The heading in these rows, whatever it says.
pub(crate) fn at(sheet: &Sheet, grid: &Grid<'_>, kind: Kind, rows: &[u32]) -> Heading {
    let (top, bottom) = (rows.first().copied().unwrap_or(0), rows.last().copied().unwrap_or(0));
    // A row that is said to be it is so, even without a word.
    Heading { rows: rows.to_vec(), ..read(sheet, grid, kind, top, bottom) }
}

/// How much a heading says: two for what is sure, one for what may be; each thing once.
fn worth(heading: &Heading) -> usize {
    let mut said: BTreeMap<(Field, Option<crate::fields::Scoring>), usize> = BTreeMap::new();
    for column in &heading.columns {
        if let Some(meaning) = column.meanings.first() {
            let worth = said.entry((meaning.field, meaning.scoring)).or_default();
            *worth = (*worth).max(if meaning.strong { 2 } else { 1 });
        }
    }
    said.values().sum()
}

/// The first row of the groups above a heading: they reach over several columns but not over all, or name a scoring.
fn above(sheet: &Sheet, grid: &Grid<'_>, heading: &Heading, top: u32, bottom: u32) -> u32 {
    let (Some(left), Some(right)) =
        (heading.columns.first().map(|c| c.column), heading.columns.last().map(|c| c.column))
    else {
        return top;
    };
    let mut first = top;
    while let Some(row) = first.checked_sub(1).filter(|row| bottom - row < TALLEST).and_then(|row| sheet.row(row)) {
        let merged = row.cells.iter().any(|cell| {
            grid.heading(row.row, cell.column).is_some_and(|(_, region)| {
                region.right > region.left && !(region.left <= left && region.right >= right)
            })
        });
        let scorings = row.cells.iter().any(|cell| vocabulary::names_scoring(&cell.value.text()));
        let sparse = row.cells.len() * 2 <= heading.columns.len();
        if !(merged || (scorings && sparse && row.cells.len() > 1)) {
            break;
        }
        first = row.row;
    }
    first
}

fn read(sheet: &Sheet, grid: &Grid<'_>, kind: Kind, top: u32, bottom: u32) -> Heading {
    let mut words: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let rows: Vec<&Row> = (top..=bottom).filter_map(|row| sheet.row(row)).collect();
    let last = sheet.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column).max().unwrap_or(0);
    for row in &rows {
        // Where nothing is merged a group reaches to the next one, if it says which scoring it is.
        let mut reaching: Option<String> = None;
        for column in 0..=last {
            let found = grid.heading(row.row, column).map(|(value, _)| value);
            let text = match found {
                Some(Value::Text(text)) => {
                    reaching = (row.row < bottom && vocabulary::names_scoring(text)).then(|| text.clone());
                    text.clone()
                }
                // Headings are words. A number or day above or among them is something else.
                Some(_) => {
                    reaching = None;
                    continue;
                }
                None => match &reaching {
                    Some(group) if grid.wide(row.row).is_none() => group.clone(),
                    _ => continue,
                },
            };
            let column = words.entry(column).or_default();
            if column.last() != Some(&text) {
                column.push(text);
            }
        }
    }
    let columns = words
        .into_iter()
        .filter_map(|(column, mut words)| {
            let own = words.pop()?;
            let meanings = vocabulary::meanings(kind, &own, &words);
            Some(Titled { column, own, groups: words, meanings })
        })
        .collect();
    Heading { rows: rows.iter().map(|row| row.row).collect(), columns }
}
