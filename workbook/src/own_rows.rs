//! The rows of the register's own lists of risks, controls and actions, as they stand there.

use std::collections::BTreeMap;

use crate::asked::Told;
use crate::clean::folded;
use crate::fields::{Field, Scoring, Thing};
use crate::grid::{Grid, Seen};
use crate::limits;
use crate::mapping::SheetMapping;
use crate::risks::{compare, step, too_many};
use crate::rows::{About, Record, Said, Scored, Stepped};
use crate::scale::Scale;
use crate::sheet::Sheet;
use crate::told::Place;

/// What is asked about the words of a field.
fn about(field: Field) -> Option<About> {
    Some(match field {
        Field::Owner | Field::ControlResponsible | Field::ActionResponsible => About::Person,
        Field::Goal => About::Goal,
        Field::Organisation => About::Organisation,
        Field::Category => About::Category,
        Field::Response => About::Response,
        Field::Recurrences => About::Frequency,
        Field::DuePeriod => About::Period,
        _ => return None,
    })
}

/// The rows of a sheet of the register's own.
pub(crate) fn records(
    sheet: &Sheet,
    mapping: &SheetMapping,
    thing: Thing,
    scale: &Scale,
    told: &mut Told,
) -> Vec<Record> {
    let grid = Grid::to_the_letter(sheet);
    let rows = sheet.rows.iter().filter(|row| (mapping.first..=mapping.last).contains(&row.row));
    let mut records: Vec<Record> = Vec::new();
    for row in rows.filter(|row| !mapping.skipped.iter().any(|skipped| skipped.row == row.row)) {
        let mut values: BTreeMap<Field, Vec<Said>> = BTreeMap::new();
        for column in mapping.columns.iter().filter(|column| column.field != Field::Unknown) {
            let said = grid.see(row.row, column.column).and_then(|seen| cell(sheet, seen, column.field, scale, told));
            values.entry(column.field).or_default().extend(said);
        }
        values.retain(|_, all| !all.is_empty());
        let first = row.cells.first().map_or(0, |cell| cell.column);
        // A row with nothing but a remark of the register's beside it.
        if !values.is_empty() {
            records.push(Record { place: sheet.place(row.row, first), values, thing: Some(thing) });
        }
    }
    told.cleaned(sheet, mapping);
    records
}

fn cell(sheet: &Sheet, seen: Seen<'_>, field: Field, scale: &Scale, told: &mut Told) -> Option<Said> {
    let place = sheet.place(seen.row, seen.column);
    match field {
        Field::Likelihood | Field::Consequence => {
            let (steps, asked) = match field {
                Field::Likelihood => (&scale.likelihood, About::Likelihood),
                _ => (&scale.consequence, About::Consequence),
            };
            match step(seen.value, steps, &place, told)? {
                Some(step) => Some(Said { text: step.to_string(), place, ..Said::default() }),
                None => {
                    let said = told.said(sheet, Some(seen));
                    told.proposed(asked, said)
                }
            }
        }
        Field::ActionStart | Field::ActionEnd | Field::DueDate | Field::RetiredOn => told.day(sheet, Some(seen)),
        Field::TargetLevel => {
            let said = told.said(sheet, Some(seen))?;
            match scale.level(&said.text) {
                Some(level) => Some(Said { text: level.key.clone(), ..said }),
                None => {
                    told.fault(
                        "noLevel",
                        place,
                        "Det är ingen av nivåerna i planens skala.",
                        "This is none of the levels of the plan's scale.",
                    );
                    None
                }
            }
        }
        _ => {
            let said = told.said(sheet, Some(seen))?;
            match about(field) {
                Some(about) => told.proposed(about, Some(said)),
                None => Some(said),
            }
        }
    }
}

/// What is taken of all that the register's own sheets hold: of one body, and of the plan's year or else the newest, what has not
/// left the plan.
pub(crate) fn taken(mut records: Vec<Record>, scale: &Scale, told: &mut Told) -> Vec<Record> {
    let text = |record: &Record, field: Field| {
        record.values.get(&field).and_then(|all| all.first()).map(|said| said.text.clone())
    };
    let mut bodies = records.iter().filter_map(|record| text(record, Field::Body)).map(|body| folded(&body));
    if let Some(first) = bodies.next()
        && bodies.any(|body| body != first)
    {
        told.must_tell(
            "severalBodies",
            "Filen har flera organisationers risker. Ta ut listan för en organisation i taget.".to_owned(),
            "The file has the risks of several organisations. Take the list of one organisation at a time.".to_owned(),
        );
        return Vec::new();
    }
    let year = |record: &Record| text(record, Field::Year).and_then(|year| year.parse::<i32>().ok());
    let has = |wanted: i32| records.iter().any(|record| year(record) == Some(wanted));
    let wanted = scale.year.filter(|wanted| has(*wanted)).or(records.iter().filter_map(year).max());
    let mut others: BTreeMap<Option<String>, (usize, Place)> = BTreeMap::new();
    records.retain(|record| {
        // One without a year was added by hand.
        let stays = year(record).is_none_or(|year| Some(year) == wanted);
        if !stays {
            others.entry(record.place.sheet.clone()).or_insert_with(|| (0, record.place.clone())).0 += 1;
        }
        stays
    });
    for (rows, place) in others.into_values() {
        let wanted = wanted.unwrap_or_default();
        told.remark(
            "olderYear",
            place,
            format!("{rows} rader hör till andra år än {wanted} och tas inte in."),
            format!("{rows} rows belong to other years than {wanted} and are not taken in."),
        );
    }
    let is_retired =
        |record: &Record| record.thing == Some(Thing::Risk) && record.values.contains_key(&Field::RetiredOn);
    let gone: Vec<String> =
        records.iter().filter(|one| is_retired(one)).filter_map(|one| text(one, Field::Reference)).collect();
    // Their controls and actions go with them.
    records.retain(|one| {
        one.thing == Some(Thing::Risk) || text(one, Field::Reference).is_none_or(|of| !gone.contains(&of))
    });
    records.retain(|record| {
        let retired = record.values.get(&Field::RetiredOn).and_then(|all| all.first());
        if let Some(retired) = retired {
            told.remark(
                "retiredRisk",
                retired.place.clone(),
                "Risken har utgått ur planen och tas inte in.",
                "The risk has left the plan and is not taken in.",
            );
        }
        retired.is_none()
    });
    let risks = records.iter().filter(|record| record.thing == Some(Thing::Risk)).count();
    if risks > limits::RISKS || records.len() - risks > limits::MEASURES {
        too_many(told);
        return Vec::new();
    }
    for risk in records.iter().filter(|record| record.thing == Some(Thing::Risk)) {
        compare(&scored(risk), scale, told);
    }
    records
}

/// A risk's assessment, and what its row makes of it.
fn scored(risk: &Record) -> Scored {
    let all = |field: Field| risk.values.get(&field).cloned().unwrap_or_default();
    let step = |field: Field| {
        all(field).into_iter().next().map(|said| Stepped {
            value: said.text.parse().ok(),
            text: said.text,
            place: said.place,
        })
    };
    Scored {
        scoring: Scoring::Plain,
        likelihood: step(Field::Likelihood),
        consequence: step(Field::Consequence),
        products: all(Field::Product),
        levels: all(Field::Level),
    }
}
