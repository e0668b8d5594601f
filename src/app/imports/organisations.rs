//! Organisations of the tree. Rows stand in any order: one is taken in when the one above it has been. An organisation is found
//! by the register's id, or by its name at or below where the file goes.

use std::collections::HashMap;

use riskregister_workbook::rows::{Record, Said};
use riskregister_workbook::{Field, Place, clean};

use super::answers::{is_called, is_read_as, parts};
use super::taking::{Fields, ImportItem, ImportNotice, Taking, Told, cell, line, put_line, sent, sent_of};
use crate::app::people::organisations::{self, OrganisationForm};
use crate::domain::words::{ImportAbout, ImportEntity, ImportField, ImportResult};
use crate::error::{Bilingual, Result};
use crate::storage::Id;
use crate::storage::records::Organisation;

/// What a column of organisations can be.
pub const FIELDS: &[ImportField] = &[
    ImportField::Unknown,
    ImportField::Id,
    ImportField::Name,
    ImportField::Abbreviation,
    ImportField::OrganisationKind,
    ImportField::Parent,
    ImportField::ParentId,
    ImportField::Depth,
    ImportField::ValidFrom,
    ImportField::ValidTo,
    ImportField::Plans,
];

/// A row, and the organisation that it is of by now.
struct Row<'a> {
    record: &'a Record,
    name: String,
    old: Option<Organisation>,
    id: Option<Id>,
}

/// Where a row's organisation stands.
enum Above {
    /// Nothing is said of it.
    Unsaid,
    There(Id, Place),
    /// It is another row, which has not been taken in yet.
    Waits,
    /// What it says was refused, and told of.
    Unknown,
}

/// Takes in the organisations of a file.
pub fn take_in(t: &mut Taking) -> Result<()> {
    let found = t.wanted.found;
    let root = t.ground.body().path.clone();
    let there = parts(t.w, t.ground.body())?;
    let mut rows: Vec<Row> = Vec::new();
    for record in &found.records {
        let Some(name) = cell(record, Field::Name) else { continue };
        let old = match cell(record, Field::Id) {
            Some(said) => {
                let named: Option<Organisation> = t.named(Some(said))?;
                match named.filter(|one| one.path.starts_with(&root)) {
                    Some(one) => Some(one),
                    None => {
                        t.unknown(&said.place);
                        continue;
                    }
                }
            }
            None => match by_name(t, &there, record, name, in_cell(&rows, record))? {
                Ok(old) => old,
                Err(()) => continue,
            },
        };
        rows.push(Row { record, name: line(name), id: old.as_ref().map(|old| old.id), old });
    }
    let called = called(&rows);
    let mut waiting: Vec<usize> = (0..rows.len()).collect();
    // A row that waits for another comes after it; what waits in a ring was told of when the file was read.
    loop {
        let mut left = Vec::new();
        let before = waiting.len();
        for at in waiting {
            match above(t, &rows, &called, at)? {
                Above::Waits => left.push(at),
                Above::Unknown => {}
                Above::Unsaid => row(t, &mut rows, at, None)?,
                Above::There(id, place) => row(t, &mut rows, at, Some((id, place)))?,
            }
        }
        if left.is_empty() || left.len() == before {
            return Ok(());
        }
        waiting = left;
    }
}

/// The row above in whose cell what a row stands under is named, as in a tree by depths: others may be called the same.
fn in_cell<'r, 'a>(rows: &'r [Row<'a>], record: &Record) -> Option<&'r Row<'a>> {
    let said = cell(record, Field::Parent)?;
    rows.iter().find(|row| row.record.place == said.place && clean::folded(&row.name) == clean::folded(&said.text))
}

/// The organisation that has a row's name; under what the row says, where it says so: an organisation is moved by its id alone,
/// since the same name stands in many places. Of several, one of today.
fn by_name(
    t: &mut Taking,
    there: &[Organisation],
    record: &Record,
    name: &Said,
    under: Option<&Row>,
) -> Result<Told<Option<Organisation>>> {
    let called = clean::folded(&name.text);
    let mut named: Vec<&Organisation> = Vec::new();
    for one in there.iter().filter(|one| is_read_as(&one.name, &called)) {
        if let Some(row) = under {
            // What is new has nothing under it yet.
            if row.old.as_ref().is_some_and(|old| Some(old.id) == one.parent_id) {
                named.push(one);
            }
            continue;
        }
        let above = one.parent_id.map(|id| t.w.linked::<Organisation>(id)).transpose()?;
        let stays = cell(record, Field::Parent)
            .is_none_or(|said| above.as_ref().is_some_and(|above| is_called(above, &clean::folded(&said.text))));
        if stays {
            named.push(one);
        }
    }
    if named.len() > 1 {
        let today = t.w.today();
        let of_today: Vec<&Organisation> =
            named.iter().filter(|one| one.valid_to.is_none_or(|to| to >= today)).copied().collect();
        named = of_today;
    }
    Ok(match named.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some((*one).clone())),
        _ => {
            t.fault(
                "ambiguous",
                &name.place,
                Bilingual::new(
                    "Flera organisationer heter så. Ta med registrets id i en kolumn.",
                    "Several organisations have this name. Give the register's id in a column.",
                ),
            );
            Err(())
        }
    })
}

/// The rows by name and by abbreviation; several where they are called the same.
fn called(rows: &[Row]) -> HashMap<String, Vec<usize>> {
    let mut called: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let short = cell(row.record, Field::Abbreviation).map(|said| clean::folded(&said.text));
        let name = clean::folded(&row.name);
        for word in short.into_iter().filter(|short| *short != name).chain([name.clone()]) {
            called.entry(word).or_default().push(at);
        }
    }
    called
}

/// The one above a row: by its id, as another row of the file, or as one of the register.
fn above(t: &mut Taking, rows: &[Row], called: &HashMap<String, Vec<usize>>, at: usize) -> Result<Above> {
    let Some(row) = rows.get(at) else { return Ok(Above::Unknown) };
    if let Some(said) = cell(row.record, Field::ParentId) {
        let stays = row.old.as_ref().and_then(|old| old.parent_id);
        if stays.is_some_and(|id| id.to_string() == said.text.trim()) {
            return Ok(Above::Unsaid);
        }
        let named: Option<Organisation> = t.named(Some(said))?;
        return Ok(named.map_or(Above::Unknown, |one| Above::There(one.id, said.place.clone())));
    }
    let Some(said) = cell(row.record, Field::Parent) else { return Ok(Above::Unsaid) };
    // In a tree by depths it is the one in whose cell it stands, whoever else is called so.
    if let Some(above) = in_cell(rows.get(..at).unwrap_or_default(), row.record) {
        let stays = row.old.as_ref().and_then(|old| old.parent_id);
        return Ok(match above.id {
            Some(id) if stays == Some(id) => Above::Unsaid,
            Some(id) => Above::There(id, said.place.clone()),
            None => Above::Waits,
        });
    }
    // Where it stands already it stays, also where whoever imports does not reach what is above.
    if let Some(parent) = row.old.as_ref().and_then(|old| old.parent_id)
        && let Some(parent) = t.w.find::<Organisation>(parent)?
        && is_called(&parent, &clean::folded(&said.text))
    {
        return Ok(Above::Unsaid);
    }
    match called.get(&clean::folded(&said.text)).map(Vec::as_slice) {
        Some([other]) => Ok(match rows.get(*other).and_then(|row| row.id) {
            Some(id) => Above::There(id, said.place.clone()),
            None => Above::Waits,
        }),
        Some(_) => {
            t.fault(
                "ambiguous",
                &said.place,
                Bilingual::new(
                    "Flera rader i filen heter så. Ta med registrets id i en kolumn, eller ge dem olika förkortning.",
                    "Several rows of the file have this name. Give the register's id in a column, or give them different abbreviations.",
                ),
            );
            Ok(Above::Unknown)
        }
        None => Ok(match t.organisation(None, Some(said)) {
            Ok(Some((id, place))) => Above::There(id, place),
            Ok(None) => Above::Unsaid,
            Err(()) => Above::Unknown,
        }),
    }
}

fn row(t: &mut Taking, rows: &mut [Row], at: usize, above: Option<(Id, Place)>) -> Result<()> {
    let Some(row) = rows.get_mut(at) else { return Ok(()) };
    let record = row.record;
    let mut fields = Fields::default();
    put_line(record, Field::Name, "name", &mut fields);
    put_line(record, Field::Abbreviation, "abbreviation", &mut fields);
    t.word(ImportAbout::OrganisationKind, "kind", cell(record, Field::OrganisationKind), &mut fields);
    for (field, name) in [(Field::ValidFrom, "validFrom"), (Field::ValidTo, "validTo")] {
        let Some(said) = cell(record, field) else { continue };
        let day = match said.date {
            Some(day) => Some(day.to_string()),
            None => t.meaning(ImportAbout::Date, said),
        };
        if let Some(day) = day {
            fields.put(name, day, &said.place);
        }
    }
    if let Some(said) = cell(record, Field::Plans) {
        fields.put("plans", said.proposed.iter().any(|word| word == "true"), &said.place);
    }
    if let Some((id, place)) = &above {
        fields.put("parentId", id.to_string(), place);
    }
    let mut item = ImportItem::new(ImportEntity::Organisation, &record.place, row.name.as_str(), row.id);
    match &row.old {
        None => {
            item.result = ImportResult::Made;
            if above.is_none() {
                fields.put("parentId", t.ground.body().id.to_string(), &record.place);
            }
            if cell(record, Field::ValidFrom).is_none() {
                let today = t.w.today();
                fields.put("validFrom", today.to_string(), &record.place);
                t.outcome.remarks.push(ImportNotice::new(
                    "validFromToday",
                    &record.place,
                    Bilingual::new(
                        "Raden säger inte från när organisationen finns: den gäller från i dag.",
                        "The row does not say from when the organisation is there: it is so from today.",
                    ),
                ));
            }
            match organisations::create(t.w, t.caller, &sent::<OrganisationForm>(fields.values.clone())) {
                Ok(made) => {
                    row.id = Some(made.id);
                    item = item.of(row.id);
                }
                Err(error) => t.refused(error, &fields, &record.place)?,
            }
        }
        Some(old) => {
            let changes = fields.changes(&OrganisationForm::of(old))?;
            if !changes.is_empty() {
                item.changed(changes.keys().cloned());
                if let Err(error) = organisations::change(t.w, t.caller, old.id, &sent_of::<OrganisationForm>(changes))
                {
                    t.refused(error, &fields, &record.place)?;
                }
            }
        }
    }
    t.outcome.items.push(item);
    Ok(())
}
