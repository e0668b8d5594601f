//! Lists as tables, piece by piece: what a page of a list is as a table, and the bytes of it.

use riskregister_document::table::{Cell, Table};
use riskregister_document::workbook;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::accept::{CSV, TABLES};
use super::answer::{Answer, names_it};
use super::call::{As, Call, MOST_ROWS};
use super::contract::Shape;
use crate::app::caller::Caller;
use crate::app::tables::Piece;
use crate::app::tables::beside::beside;
use crate::error::{Error, Result, Violation};
use crate::storage::Reading;
use crate::storage::history::sha256_hex;
use crate::storage::queries::Page;
use crate::storage::records::Organisation;

/// How deep the parts of a thing get columns of their own.
const DEEPEST: usize = 3;

/// A page of a list as the contract has its fields: a column for each, named by it. What stands within a field has
/// `field.part`; several are one a line; times are in UTC, as in JSON.
pub fn of_fields<T: Serialize + ToSchema>(call: &Call, path: &str, page: Page<T>) -> Result<Piece> {
    let shape = Shape::of::<T>();
    let mut columns = Vec::new();
    for (name, schema, _) in shape.properties() {
        if call.fields.is_empty() || names_it(&name) || call.fields.contains(&name) {
            grow(&shape, vec![name], &schema, &mut columns);
        }
    }
    columns.sort_by_key(|column| (column != &["id"], column.clone()));
    columns.dedup();
    let titles: Vec<String> = columns.iter().map(|column| column.join(".")).collect();
    let widths: Vec<(&str, f64)> = titles.iter().map(|title| (title.as_str(), 24.0)).collect();
    let mut table = Table::new(path.rsplit('/').next().unwrap_or_default(), 1, &widths);
    for item in &page.items {
        let item = serde_json::to_value(item).map_err(Error::internal)?;
        let at = |column: &Vec<String>| column.iter().try_fold(&item, |within, step| within.get(step));
        table.rows.push(columns.iter().map(|column| at(column).map_or(Cell::Empty, cell)).collect());
    }
    Ok(Piece { table, next: page.next })
}

/// The columns of a field: its own, or those of its parts.
fn grow(shape: &Shape, at: Vec<String>, schema: &Value, columns: &mut Vec<Vec<String>>) {
    let choices = ["oneOf", "anyOf"].iter().find_map(|word| schema[*word].as_array());
    let mut chosen = choices.into_iter().flatten().filter(|one| one["type"] != "null");
    let schema = match (chosen.next(), chosen.next()) {
        (Some(only), None) => only,
        _ => schema,
    };
    let parts = if at.len() < DEEPEST { shape.properties_at(schema) } else { Vec::new() };
    if parts.is_empty() {
        return columns.push(at);
    }
    for (name, schema, _) in parts {
        grow(shape, [at.clone(), vec![name]].concat(), &schema, columns);
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Number(number) => number.as_i64().map_or_else(|| number.to_string().into(), Cell::Whole),
        other => text(other).into(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) if all.iter().all(|one| !one.is_object() && !one.is_array()) => {
            all.iter().map(text).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}

/// A piece of a list as it is sent. The first is whole by itself where nothing comes after it.
pub fn written(r: &mut Reading, caller: &Caller, call: &Call, wanted: As, piece: Piece, named: bool) -> Result<Answer> {
    let Piece { mut table, next } = piece;
    if named {
        beside(r, caller, &mut table)?;
    }
    let today = r.today();
    match wanted {
        As::Csv => {
            let name = format!("{}-{today}.csv", plain(&table.name));
            let content = if call.goes_on { table.rows_as_csv() } else { table.csv() };
            let tag = tag("W/", &content);
            let mut answer = Answer::file(&format!("{CSV}; charset=utf-8"), &name, tag, content);
            if next.is_some() {
                // Of the whole nobody knows one before it is sent.
                answer.headers.retain(|(header, _)| header != "etag");
            }
            answer.next = next;
            Ok(answer)
        }
        As::Xlsx if table.rows.len() > MOST_ROWS => Err(Error::BadRequest(vec![Violation::new(
            "?format",
            "tooMany",
            format!("Listan har fler än {MOST_ROWS} rader: hämta den som csv, eller en del av den."),
            format!("The list has more than {MOST_ROWS} rows: fetch it as csv, or a part of it."),
        )])),
        As::Xlsx => book(r, &plain(&table.name), &table.name.clone(), "W/", &[table]),
    }
}

/// Answers with tables as one workbook, its ETag weak (`W/`) or strong.
pub fn book(r: &mut Reading, name: &str, title: &str, mark: &str, tables: &[Table]) -> Result<Answer> {
    let root = r.root_id()?;
    // Before the register began it was nobody's.
    let whose = r.find::<Organisation>(root)?.map(|root| root.name).unwrap_or_default();
    let made = workbook(title, &whose, r.today(), tables).map_err(Error::internal)?;
    let tag = tag(mark, &made);
    let media_type = TABLES.iter().find(|(table, _)| *table == As::Xlsx).map_or("", |(_, media_type)| media_type);
    Ok(Answer::file(media_type, &format!("{name}-{}.xlsx", r.today()), tag, made))
}

fn tag(mark: &str, content: &[u8]) -> String {
    format!("{mark}\"{}\"", &sha256_hex(content)[..32])
}

/// In letters that every system takes in the name of a file.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['å', 'ä'], "a").replace('ö', "o").replace(' ', "-")
}
