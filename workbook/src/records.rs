//! Rows of the other kinds: users, goals and indicators, outcomes, an organisation tree. A row is a record; what it must
//! have, and what of it is asked for, is said by a table.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::asked::Told;
use crate::clean::folded;
use crate::fields::{Field, Kind};
use crate::grid::Grid;
use crate::limits;
use crate::lists::items;
use crate::mapping::SheetMapping;
use crate::rows::{About, Record, Said};
use crate::sheet::{Row, Sheet};
use crate::told::Place;
use crate::words;

/// What a row of a kind cannot be without: one of each group.
fn needed(kind: Kind) -> &'static [(&'static [Field], &'static str, &'static str)] {
    match kind {
        Kind::Risks => &[],
        Kind::Users => &[
            (&[Field::Name], "Raden saknar namn.", "The row has no name."),
            (&[Field::Email], "Raden saknar e-postadress.", "The row has no e-mail address."),
        ],
        Kind::Goals => &[(
            &[Field::Name, Field::Indicator],
            "Raden har varken mål eller indikator.",
            "The row has neither goal nor indicator.",
        )],
        Kind::Outcomes => &[
            (&[Field::Indicator, Field::IndicatorId], "Raden saknar indikator.", "The row has no indicator."),
            (
                &[Field::Value, Field::Forecast, Field::Judgement, Field::Cause],
                "Raden har varken utfall eller prognos.",
                "The row has neither outcome nor forecast.",
            ),
        ],
        Kind::Organisations => &[(&[Field::Name], "Raden saknar namn.", "The row has no name.")],
    }
}

fn about(field: Field) -> Option<About> {
    Some(match field {
        Field::Role => About::Role,
        Field::Organisation | Field::RoleOrganisation => About::Organisation,
        Field::Responsible => About::Person,
        Field::OrganisationKind => About::OrganisationKind,
        Field::Comparator => About::Comparator,
        Field::DecidedBy => About::DecidedBy,
        Field::Period => About::Period,
        Field::Judgement => About::Judgement,
        Field::Language => About::Language,
        _ => return None,
    })
}

/// The records of a sheet.
pub(crate) fn sheet(sheet: &Sheet, mapping: &SheetMapping, kind: Kind, told: &mut Told) -> Vec<Record> {
    let grid = if mapping.names_ids() { Grid::to_the_letter(sheet) } else { Grid::new(sheet, mapping.first) };
    let mut records = Vec::new();
    let mut path: Vec<Option<Said>> = Vec::new();
    for row in sheet.rows.iter().filter(|row| (mapping.first..=mapping.last).contains(&row.row)) {
        if mapping.skipped.iter().any(|skipped| skipped.row == row.row) {
            continue;
        }
        let record = record(sheet, &grid, mapping, row, told);
        if kind == Kind::Organisations && mapping.has(Field::Depth) {
            records.extend(of_tree(sheet, &grid, mapping, row, record, &mut path, told));
            continue;
        }
        if record.values.is_empty() {
            continue;
        }
        for (fields, sv, en) in needed(kind) {
            if !fields.iter().any(|field| record.values.contains_key(field)) {
                told.fault("missing", place_of(sheet, mapping, row, fields), *sv, *en);
            }
        }
        records.push(record);
    }
    told.cleaned(sheet, mapping);
    records
}

fn place_of(sheet: &Sheet, mapping: &SheetMapping, row: &Row, fields: &[Field]) -> Place {
    let column = fields.iter().find_map(|field| mapping.columns_of(*field).next()).map(|column| column.column);
    sheet.place(row.row, column.or_else(|| row.cells.first().map(|cell| cell.column)).unwrap_or(0))
}

fn record(sheet: &Sheet, grid: &Grid<'_>, mapping: &SheetMapping, row: &Row, told: &mut Told) -> Record {
    let mut values: BTreeMap<Field, Vec<Said>> = BTreeMap::new();
    for column in mapping.columns.iter().filter(|column| !matches!(column.field, Field::Unknown | Field::Depth)) {
        let field = column.field;
        let seen = grid.see(row.row, column.column);
        let said = match field {
            Field::ValidFrom | Field::ValidTo => told.day(sheet, seen),
            _ => told.said(sheet, seen),
        };
        let Some(said) = said else { continue };
        let all = if field == Field::Role {
            // A person may have several, however they are divided.
            items(&said.text)
                .iter()
                .flat_map(|item| item.split([',', '/']))
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(|word| Said { text: word.to_owned(), ..said.clone() })
                .collect()
        } else {
            vec![said]
        };
        for said in all {
            let said = match about(field) {
                Some(about) => told.proposed(about, Some(said)),
                None => checked(field, said, told),
            };
            values.entry(field).or_default().extend(said);
        }
    }
    values.retain(|_, all| !all.is_empty());
    let first = row.cells.first().map_or(0, |cell| cell.column);
    Record { place: sheet.place(row.row, first), values, thing: None }
}

/// What must have a form of its own.
fn checked(field: Field, mut said: Said, told: &mut Told) -> Option<Said> {
    let fault = |told: &mut Told, code, sv: &str, en: &str| told.fault(code, said.place.clone(), sv, en);
    match field {
        Field::Value | Field::Forecast => {
            let number = said.text.replace([' ', '\u{2212}'], "").replace(',', ".");
            let number = number.trim_end_matches('%');
            if number.parse::<f64>().is_err() && words::truth(&said.text).is_none() {
                fault(
                    told,
                    "notANumber",
                    "Det är inget tal, och varken ja eller nej.",
                    "This is no number, and neither yes nor no.",
                );
                return None;
            }
        }
        Field::BaselineYear if !matches!(said.text.parse::<u32>(), Ok(1990..=2100)) => {
            fault(told, "notAYear", "Det är inget år mellan 1990 och 2100.", "This is no year between 1990 and 2100.");
            return None;
        }
        Field::Year if !matches!(said.text.parse::<u32>(), Ok(2000..=2100)) => {
            fault(told, "notAYear", "Det är inget år mellan 2000 och 2100.", "This is no year between 2000 and 2100.");
            return None;
        }
        Field::Plans => match words::truth(&said.text) {
            Some(truth) => said.proposed = vec![truth.to_owned()],
            None => {
                fault(told, "notYesOrNo", "Det är varken ja eller nej.", "This is neither yes nor no.");
                return None;
            }
        },
        _ => {}
    }
    Some(said)
}

/// A tree that is written with a column for each depth: what stands deepest in a row is under what stands before it, in
/// the row itself or above.
fn of_tree(
    sheet: &Sheet,
    grid: &Grid<'_>,
    mapping: &SheetMapping,
    row: &Row,
    record: Record,
    path: &mut Vec<Option<Said>>,
    told: &mut Told,
) -> Vec<Record> {
    let mut made: Vec<Record> = Vec::new();
    for (depth, column) in mapping.columns_of(Field::Depth).enumerate() {
        path.resize(path.len().max(depth + 1), None);
        let Some(said) = told.said(sheet, grid.see(row.row, column.column)) else { continue };
        let same =
            path.get(depth).and_then(Option::as_ref).is_some_and(|known| folded(&known.text) == folded(&said.text));
        if same {
            continue;
        }
        path.truncate(depth);
        let parent = path.iter().rev().flatten().next().cloned();
        let mut values = BTreeMap::from([(Field::Name, vec![said.clone()])]);
        values.extend(parent.map(|parent| (Field::Parent, vec![parent])));
        path.push(Some(said.clone()));
        made.push(Record { place: said.place, values, thing: None });
    }
    // What else the row says is of the deepest.
    match made.last_mut() {
        Some(deepest) => {
            for (field, said) in record.values {
                deepest.values.entry(field).or_insert(said);
            }
        }
        None if !record.values.is_empty() => told.remark(
            "rowPassedOver",
            record.place,
            "Raden nämner ingen ny organisation, och hoppas över.",
            "The row names no new organisation, and is passed over.",
        ),
        None => {}
    }
    made
}

/// None of them where there are more than a file may have.
pub(crate) fn finish(mut records: Vec<Record>, kind: Kind, told: &mut Told) -> Vec<Record> {
    if records.len() > limits::RECORDS {
        let most = limits::RECORDS;
        told.must_tell(
            "tooManyRows",
            format!("Filen har fler än {most} rader att ta in. Dela upp den."),
            format!("The file has more than {most} rows to take in. Divide it."),
        );
        records.clear();
    }
    together(&records, kind, told);
    records
}

/// What holds over all records of a file.
fn together(records: &[Record], kind: Kind, told: &mut Told) {
    match kind {
        Kind::Users => one_name_each(records, told),
        Kind::Organisations => {
            one_place_each(records, told);
            circles(records, told);
        }
        _ => {}
    }
}

fn only(record: &Record, field: Field) -> Option<&Said> {
    record.values.get(&field).and_then(|all| all.first())
}

/// A person may stand in several rows, with a role in each; an address is of one person alone.
fn one_name_each(records: &[Record], told: &mut Told) {
    let mut first: BTreeMap<String, (&Said, String)> = BTreeMap::new();
    for record in records {
        let (Some(email), Some(name)) = (only(record, Field::Email), only(record, Field::Name)) else { continue };
        let name = folded(&name.text);
        let (before, known) = first.entry(folded(&email.text)).or_insert_with(|| (email, name.clone()));
        if *known != name {
            let cell = before.place.cell.clone().unwrap_or_default();
            told.fault(
                "twice",
                email.place.clone(),
                format!("Samma adress står redan i {cell}, med ett annat namn."),
                format!("The same address stands in {cell} already, with another name."),
            );
        }
    }
}

/// Two organisations may share a name in different places of the tree, and not in the same; those that have ids are told
/// apart by them.
fn one_place_each(records: &[Record], told: &mut Told) {
    // In a tree by depths what is above is told by its cell, since others may be called the same.
    let cells: HashMap<&Place, &Said> =
        records.iter().filter_map(|one| Some((&one.place, only(one, Field::Name)?))).collect();
    let mut first: BTreeMap<(String, Option<String>), &Place> = BTreeMap::new();
    for record in records.iter().filter(|record| only(record, Field::Id).is_none()) {
        let Some(name) = only(record, Field::Name) else { continue };
        let above = only(record, Field::Parent).map(|parent| {
            let text = folded(&parent.text);
            let stands = cells.get(&parent.place).filter(|_| parent.place != record.place);
            match stands.filter(|one| folded(&one.text) == text) {
                Some(_) => format!("{text}\n{:?}", parent.place),
                None => text,
            }
        });
        let key = (folded(&name.text), above);
        match first.get(&key) {
            None => {
                first.insert(key, &name.place);
            }
            Some(before) => {
                let cell = before.cell.as_deref().unwrap_or_default();
                told.fault(
                    "twice",
                    name.place.clone(),
                    format!("Samma sak står redan i {cell}."),
                    format!("The same already stands in {cell}."),
                );
            }
        }
    }
}

/// What is under itself, by whatever way; and what is above but stands nowhere in the file, which is asked for.
fn circles(records: &[Record], told: &mut Told) {
    // By name and by abbreviation. What two are called leads nowhere for certain.
    let mut above: BTreeMap<String, Option<&Said>> = BTreeMap::new();
    for record in records {
        let parent = only(record, Field::Parent).filter(|_| only(record, Field::ParentId).is_none());
        let names = [Field::Name, Field::Abbreviation].map(|field| only(record, field).map(|said| folded(&said.text)));
        let [name, short] = names;
        let short = short.filter(|short| Some(short) != name.as_ref());
        for called in [name, short].into_iter().flatten() {
            above.entry(called).and_modify(|known| *known = None).or_insert(parent);
        }
    }
    let named = records.iter().filter(|record| only(record, Field::ParentId).is_none());
    for parent in named.filter_map(|record| only(record, Field::Parent)) {
        if !above.contains_key(&folded(&parent.text)) {
            told.ask(About::Organisation, parent);
        }
    }
    // Each is followed upwards once: where that led is known for those below too.
    let mut followed: BTreeSet<&String> = BTreeSet::new();
    for start in above.keys() {
        let mut way: Vec<(&String, &Said)> = Vec::new();
        let mut on_way: BTreeSet<&String> = BTreeSet::new();
        let mut at = start;
        let circle = loop {
            if followed.contains(at) {
                break None;
            }
            if !on_way.insert(at) {
                break Some(at);
            }
            let Some(Some(parent)) = above.get(at) else { break None };
            way.push((at, parent));
            match above.get_key_value(&folded(&parent.text)) {
                Some((key, _)) => at = key,
                None => break None,
            }
        };
        followed.extend(&on_way);
        let Some(from) = circle else { continue };
        for (_, parent) in way.iter().skip_while(|(name, _)| *name != from) {
            told.fault(
                "underItself",
                parent.place.clone(),
                "Organisationen ligger under sig själv, direkt eller genom andra.",
                "The organisation is under itself, directly or through others.",
            );
        }
    }
}
