//! Proposes how a file is to be understood, by its headings and by what stands under them.

use std::collections::BTreeMap;

use crate::beside::without_remarks;
use crate::clean::folded;
use crate::fields::{Field, Kind, Scoring};
use crate::grid::Grid;
use crate::heading::{self, Heading, Titled};
use crate::mapping::{ColumnMapping, Mapping, SheetMapping, Skipped};
use crate::sheet::{Row, Sheet, Value, Workbook};
use crate::told::{Notice, Place};
use crate::vocabulary::{HELP, Meaning, SUMS};
use crate::{dates, own, words};

/// How a file seems to be meant.
pub fn propose(workbook: &Workbook, kind: Kind) -> Mapping {
    if kind == Kind::Risks
        && let Some(sheets) = own::propose(&workbook.sheets)
    {
        return Mapping { kind, sheets, assessment: None };
    }
    let mut sheets: Vec<SheetMapping> = workbook.sheets.iter().map(|sheet| of_sheet(sheet, kind, None)).collect();
    pass_over_thin(&mut sheets, kind);
    let scored = |scoring: Scoring| {
        sheets.iter().filter(|sheet| sheet.taken).any(|sheet| {
            let has = |field| sheet.columns_of(field).any(|column| column.scoring == Some(scoring));
            has(Field::Likelihood) && has(Field::Consequence)
        })
    };
    let assessment =
        [Scoring::Residual, Scoring::Plain, Scoring::Inherent].into_iter().find(|scoring| scored(*scoring));
    // Beside a residual scoring the one that says nothing of itself is what it was before.
    if assessment == Some(Scoring::Residual) && !scored(Scoring::Inherent) {
        for column in sheets.iter_mut().flat_map(|sheet| &mut sheet.columns) {
            if column.scoring == Some(Scoring::Plain) {
                column.scoring = Some(Scoring::Inherent);
            }
        }
    }
    Mapping { kind, sheets, assessment: assessment.filter(|_| kind == Kind::Risks) }
}

/// Beside a sheet that scores risks, one that only names some is a list of something about them: of those that have left
/// the plan, or have changed.
fn pass_over_thin(sheets: &mut [SheetMapping], kind: Kind) {
    let scores = |sheet: &SheetMapping| sheet.taken && sheet.has(Field::Likelihood) && sheet.has(Field::Consequence);
    if kind != Kind::Risks || !sheets.iter().any(scores) {
        return;
    }
    let thin = |sheet: &SheetMapping| {
        !sheet
            .columns
            .iter()
            .any(|column| column.field.scored() || matches!(column.field, Field::Control | Field::Action))
    };
    for sheet in sheets.iter_mut().filter(|sheet| sheet.taken && thin(sheet)) {
        sheet.taken = false;
        sheet.because = Some(
            Notice::new(
                "thinSheet",
                "Bladet nämner risker men varken bedömer dem eller har kontroller eller åtgärder, som ett annat blad gör.",
                "The sheet names risks but neither scores them nor has controls or actions, as another sheet does.",
            )
            .at(Place::sheet(&sheet.sheet)),
        );
    }
}

/// A mapping in which somebody has said where a sheet's heading is, and not what its columns are: they are recognised there.
/// Whether the sheet is taken stays as they say.
pub fn recognised(workbook: &Workbook, mapping: &Mapping) -> Mapping {
    let mut whole = mapping.clone();
    for of_sheet in whole.sheets.iter_mut().filter(|one| !one.heading.is_empty() && one.columns.is_empty()) {
        let Some(sheet) = workbook.sheets.iter().find(|sheet| sheet.name == of_sheet.sheet) else { continue };
        let own = own::of_sheet(sheet).filter(|own| mapping.kind == Kind::Risks && own.heading == of_sheet.heading);
        let found = own.unwrap_or_else(|| self::of_sheet(sheet, mapping.kind, Some(&of_sheet.heading)));
        *of_sheet = SheetMapping { taken: of_sheet.taken, because: found.because.filter(|_| !of_sheet.taken), ..found };
    }
    whole
}

fn of_sheet(sheet: &Sheet, kind: Kind, heading: Option<&[u32]>) -> SheetMapping {
    let plain = without_remarks(sheet);
    let sheet = plain.as_ref().unwrap_or(sheet);
    let grid = Grid::new(sheet, 0);
    let passed = |code, sv: &str, en: &str| SheetMapping {
        because: Some(Notice::new(code, sv, en).at(Place::sheet(&sheet.name))),
        ..SheetMapping::empty(&sheet.name)
    };
    let Some(last) = sheet.last_row() else {
        return passed("emptySheet", "Bladet är tomt.", "The sheet is empty.");
    };
    let found = match heading {
        Some(rows) => Some(heading::at(sheet, &grid, kind, rows)),
        None => heading::find(sheet, &grid, kind),
    };
    let Some(heading) = found else {
        return passed(
            "noHeading",
            "Bland bladets första femton rader finns ingen rubrikrad med ord som känns igen.",
            "None of the sheet's first fifteen rows is a heading with words that are known.",
        );
    };
    let first = heading.rows.last().map_or(0, |row| row + 1);
    let grid = Grid::new(sheet, first);
    let fields = chosen(&heading, &grid, kind, first, last);
    let columns: Vec<ColumnMapping> = heading
        .columns
        .iter()
        .zip(fields)
        .map(|(titled, (field, scoring))| {
            ColumnMapping::of(sheet, titled.column, titled.label(), (field, scoring), (first, last))
        })
        .collect();
    let mut mapping =
        SheetMapping { taken: true, heading: heading.rows, first, last, columns, ..SheetMapping::empty(&sheet.name) };
    // Each row of a list of the register's own is one.
    if !mapping.names_ids() {
        mapping.skipped = skipped(sheet, &grid, &mapping, kind);
    }
    let because = if !tells_of(&mapping, kind) {
        Some((
            "otherSheet",
            "Bladet har rubriker men inte de som behövs här: det ser ut som en skala, en lista med val eller något annat.",
            "The sheet has headings but not those that are needed here: it looks like a scale, a list of choices or something else.",
        ))
    } else if sheet.hidden {
        Some(("hiddenSheet", "Bladet är dolt i arbetsboken.", "The sheet is hidden in the workbook."))
    } else {
        None
    };
    if let Some((code, sv, en)) = because {
        mapping.taken = false;
        mapping.because = Some(Notice::new(code, sv, en).at(Place::sheet(&sheet.name)));
    }
    mapping
}

/// Whether a sheet has what its kind of rows cannot be without.
fn tells_of(mapping: &SheetMapping, kind: Kind) -> bool {
    let has = |field| mapping.has(field);
    match kind {
        Kind::Risks => {
            // A scale too says "risk" somewhere: a list of risks says something else of them than how they are scored.
            (has(Field::Name) || has(Field::Reference) && (has(Field::Control) || has(Field::Action)))
                && mapping
                    .columns
                    .iter()
                    .filter(|column| !column.field.scored() && column.field != Field::Unknown)
                    .count()
                    >= 2
                || has(Field::Name) && has(Field::Likelihood) && has(Field::Consequence)
        }
        Kind::Users => has(Field::Name) && has(Field::Email),
        Kind::Goals => has(Field::Name) || has(Field::Indicator),
        Kind::Outcomes => {
            (has(Field::Indicator) || has(Field::IndicatorId)) && (has(Field::Value) || has(Field::Forecast))
        }
        Kind::Organisations => has(Field::Name) || has(Field::Depth),
    }
}

/// Which field each column is: the surest first, each field once where it can stand but once.
fn chosen(heading: &Heading, grid: &Grid<'_>, kind: Kind, first: u32, last: u32) -> Vec<(Field, Option<Scoring>)> {
    let mut chosen: Vec<Option<(Field, Option<Scoring>)>> = vec![None; heading.columns.len()];
    let mut taken: Vec<(Field, Option<Scoring>)> = Vec::new();
    for strong in [true, false] {
        for (at, titled) in heading.columns.iter().enumerate() {
            if chosen.get(at).is_some_and(Option::is_some) {
                continue;
            }
            let free = |meaning: &&Meaning| {
                let same = |known: &(Field, Option<Scoring>)| *known == (meaning.field, meaning.scoring);
                !taken.iter().any(same) || (strong && meaning.field.several())
            };
            let fits = |meaning: &&Meaning| {
                meaning.strong == strong
                    && free(meaning)
                    && values_fit(meaning.field, titled, grid, first, last)
                    && in_context(meaning, heading, at, &chosen)
            };
            if let Some(meaning) = titled.meanings.iter().find(fits) {
                taken.push((meaning.field, meaning.scoring));
                if let Some(slot) = chosen.get_mut(at) {
                    *slot = Some((meaning.field, meaning.scoring));
                }
            }
        }
    }
    // A risk that is only described is called by its description.
    if kind == Kind::Risks && !taken.contains(&(Field::Name, None)) {
        let described = chosen.iter_mut().flatten().find(|(field, _)| *field == Field::Description);
        if let Some((field, _)) = described {
            *field = Field::Name;
        }
    }
    chosen.into_iter().map(|field| field.unwrap_or((Field::Unknown, None))).collect()
}

/// Some words mean what the columns before them make of them.
fn in_context(meaning: &Meaning, heading: &Heading, at: usize, chosen: &[Option<(Field, Option<Scoring>)>]) -> bool {
    let may_be = |n: usize, field: Field| {
        let known = chosen.get(n).copied().flatten();
        let sure = |titled: &Titled| titled.meanings.iter().any(|meaning| meaning.field == field && meaning.strong);
        known.map_or_else(|| heading.columns.get(n).is_some_and(sure), |(known, _)| known == field)
    };
    let has = |field: Field| (0..heading.columns.len()).any(|n| may_be(n, field));
    // The control or action that stands nearest before it, or else anywhere.
    let before =
        (0..at).rev().find_map(|n| [Field::Control, Field::Action].into_iter().find(|field| may_be(n, *field)));
    let near = before.or_else(|| [Field::Control, Field::Action].into_iter().find(|field| has(*field)));
    let Some(titled) = heading.columns.get(at) else { return false };
    let offers = |field: Field| titled.meanings.iter().any(|meaning| meaning.field == field);
    let could_be = |field: Field| heading.columns.iter().flat_map(|titled| &titled.meanings).any(|m| m.field == field);
    let scores = heading.columns.iter().any(is_scored);
    match meaning.field {
        Field::ControlFrequency => has(Field::Control),
        Field::ControlMethod if meaning.strong => has(Field::Control),
        Field::ActionStart | Field::ActionEnd | Field::ActionStatus => could_be(Field::Action),
        // On a list of controls or actions the description is theirs.
        Field::Description if offers(Field::ActionDescription) => before.is_none() || scores,
        Field::ControlMethod => before == Some(Field::Control) && !scores,
        Field::ActionDescription if !meaning.strong => before == Some(Field::Action) && !scores,
        _ if meaning.strong => true,
        // Whoever is "responsible" is so for the control or action before.
        Field::ControlResponsible => near == Some(Field::Control),
        Field::ActionResponsible => near == Some(Field::Action),
        Field::Owner => {
            let of_measure = (offers(Field::ControlResponsible) && near == Some(Field::Control))
                || (offers(Field::ActionResponsible) && near == Some(Field::Action));
            // A risk's manager is its owner, but on a sheet of actions that scores nothing: there it is who carries them out.
            let of_risk = titled.own.to_lowercase().contains("risk") && scores;
            !has_other_owner(heading, at) && (!of_measure || of_risk)
        }
        _ => true,
    }
}

fn has_other_owner(heading: &Heading, at: usize) -> bool {
    let owns = |titled: &Titled| titled.meanings.iter().any(|meaning| meaning.field == Field::Owner && meaning.strong);
    heading.columns.iter().enumerate().any(|(n, titled)| n != at && owns(titled))
}

fn is_scored(titled: &Titled) -> bool {
    titled.meanings.first().is_some_and(|meaning| meaning.field.scored())
}

/// Whether what stands under a heading can be what the heading may mean.
fn values_fit(field: Field, titled: &Titled, grid: &Grid<'_>, first: u32, last: u32) -> bool {
    let offers = |field: Field| titled.meanings.iter().any(|meaning| meaning.field == field);
    let share = |test: &dyn Fn(&Value) -> bool| {
        let values: Vec<&Value> = (first..=last)
            .filter_map(|row| grid.see(row, titled.column))
            .filter(|seen| !seen.carried)
            .map(|seen| seen.value)
            .collect();
        let fit = values.iter().filter(|value| test(value)).count();
        (fit, values.len())
    };
    match field {
        // A body's own numbers are no ids of the register's.
        field if field.is_id() => {
            let (fit, all) = share(&|value| is_id(&value.text()));
            fit == all
        }
        // "Treatment" is either what is done with a risk, or the measures themselves.
        Field::Response if offers(Field::Action) => {
            let (fit, all) = share(&|value| words::response(&value.text()).is_some());
            fit * 2 > all || all == 0 && titled.meanings.first().is_some_and(|m| m.field == Field::Response)
        }
        Field::Action if offers(Field::Response) => {
            let (fit, all) = share(&|value| words::response(&value.text()).is_some());
            fit * 2 <= all
        }
        // "När" is how often, or when at the latest.
        Field::ControlFrequency if offers(Field::ActionEnd) => {
            let (fit, all) = share(&|value| !words::recurrences(&value.text()).is_empty());
            fit * 2 > all
        }
        Field::ActionEnd if offers(Field::ControlFrequency) => {
            let (fit, all) = share(&|value| dates::day(value).is_ok());
            fit * 2 > all
        }
        _ => true,
    }
}

/// Written as the register writes its ids: 36 characters in five groups.
fn is_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The rows that are no data, and why.
fn skipped(sheet: &Sheet, grid: &Grid<'_>, mapping: &SheetMapping, kind: Kind) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    let mut before = mapping.first;
    let mut data = false;
    let mut foot = false;
    for row in sheet.rows.iter().filter(|row| (mapping.first..=mapping.last).contains(&row.row)) {
        let gap = row.row > before;
        before = row.row + 1;
        let because = if !data && is_help(row, mapping) {
            Some(("helpRow", "Raden är en hjälptext under rubriken.", "The row is a text of help under the heading."))
        } else if is_sum(row) {
            Some(("sumRow", "Raden är en summering.", "The row is a sum."))
        } else if repeats_heading(row, mapping, sheet) {
            Some(("headingAgain", "Raden upprepar rubriken.", "The row repeats the heading."))
        } else if is_divider(row, grid, mapping) {
            Some((
                "divider",
                "Raden är en mellanrubrik över flera kolumner.",
                "The row is a heading over several columns, between the others.",
            ))
        } else if data && (gap || foot) && is_foot(row, mapping, kind) {
            foot = true;
            Some((
                "legendRow",
                "Raden står efter de övriga och ser ut som en förklaring.",
                "The row stands after the others and looks like a legend.",
            ))
        } else {
            data = true;
            foot = false;
            None
        };
        if let Some((code, sv, en)) = because {
            let column = row.cells.first().map_or(0, |cell| cell.column);
            skipped.push(Skipped { row: row.row, because: Notice::new(code, sv, en).at(sheet.place(row.row, column)) });
        }
    }
    skipped
}

fn text_of(row: &Row, column: u32) -> Option<&str> {
    match row.value(column) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// Help begins as help does, or stands in words where there should be a step or a day.
fn is_help(row: &Row, mapping: &SheetMapping) -> bool {
    if row.cells.iter().any(|cell| !matches!(cell.value, Value::Text(_))) {
        return is_numbering(row);
    }
    let begins = |text: &str| {
        let text = folded(text.trim_start_matches(['(', '<', '[']));
        HELP.iter().any(|word| text.starts_with(word))
    };
    let helping = row.cells.iter().filter(|cell| matches!(&cell.value, Value::Text(text) if begins(text))).count();
    if helping * 2 > row.cells.len() {
        return true;
    }
    let measured = |column: &&ColumnMapping| {
        matches!(column.field, Field::Likelihood | Field::Consequence | Field::ActionStart | Field::ActionEnd)
    };
    let texts: Vec<&str> =
        mapping.columns.iter().filter(measured).filter_map(|column| text_of(row, column.column)).collect();
    texts.len() > 1
        && texts.iter().all(|text| text.chars().count() > 25 && !text.starts_with(|c: char| c.is_ascii_digit()))
}

/// `1 2 3 …` under the headings.
fn is_numbering(row: &Row) -> bool {
    row.cells.len() > 3
        && row.cells.iter().enumerate().all(|(at, cell)| match &cell.value {
            Value::Number(number) => *number == at as f64 + 1.0,
            _ => false,
        })
}

fn is_sum(row: &Row) -> bool {
    let Some(Value::Text(text)) = row.cells.first().map(|cell| &cell.value) else { return false };
    let counted = |value: &Value| match value {
        Value::Number(_) | Value::Uncounted => true,
        Value::Text(text) => text.replace(',', ".").parse::<f64>().is_ok(),
        _ => false,
    };
    let text = folded(text);
    let first = text.split([' ', ':', '.']).next().unwrap_or_default();
    // A risk may begin with such a word too, but then it says more of itself.
    SUMS.contains(&first) && row.cells.iter().skip(1).all(|cell| counted(&cell.value))
}

fn repeats_heading(row: &Row, mapping: &SheetMapping, sheet: &Sheet) -> bool {
    let Some(heading) = mapping.heading.last().and_then(|row| sheet.row(*row)) else { return false };
    row.cells.len() > 1 && row.cells.iter().all(|cell| heading.value(cell.column) == Some(&cell.value))
}

/// One text, merged over most of the columns.
fn is_divider(row: &Row, grid: &Grid<'_>, mapping: &SheetMapping) -> bool {
    let [only] = row.cells.as_slice() else { return false };
    let wide = grid.wide(row.row).filter(|region| region.top == row.row && region.left == only.column);
    let width = |columns: u32| usize::try_from(columns).unwrap_or(usize::MAX);
    wide.is_some_and(|region| {
        width(region.right - region.left + 1) * 2 > mapping.columns.len() && region.bottom == row.row
    })
}

/// After an empty row, one or two cells without what makes a row of its kind.
fn is_foot(row: &Row, mapping: &SheetMapping, kind: Kind) -> bool {
    let core: &[Field] = match kind {
        Kind::Risks => &[Field::Name, Field::Control, Field::Action],
        Kind::Users => &[Field::Email],
        Kind::Goals => &[Field::Name, Field::Indicator],
        Kind::Outcomes => &[Field::Indicator, Field::IndicatorId, Field::Value],
        Kind::Organisations => &[Field::Name, Field::Depth],
    };
    let has = core.iter().any(|field| mapping.columns_of(*field).any(|column| row.value(column.column).is_some()));
    let of_columns: BTreeMap<u32, ()> = mapping.columns.iter().map(|column| (column.column, ())).collect();
    let within = row.cells.iter().filter(|cell| of_columns.contains_key(&cell.column)).count();
    if has { within == 1 && row.cells.len() == 1 && mapping.columns.len() > 3 } else { row.cells.len() <= 3 }
}
