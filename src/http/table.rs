//! Lists as tables, piece by piece: what a page of a list is as a table, and the bytes of it.

use riskregister_document::table::{Cell, Table};
use riskregister_document::workbook;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::accept::CSV;
use super::answer::{Answer, names_it, tag_of};
use super::call::{As, Call, MOST_ROWS};
use super::contract::Shape;
use crate::app::caller::Caller;
use crate::app::documents::Format;
use crate::app::tables::Piece;
use crate::app::tables::beside::beside;
use crate::error::{Error, Result, Violation};
use crate::storage::Reading;
use crate::storage::queries::Page;
use crate::storage::records::Organisation;

/// A page of a list as the contract has its fields: a column for each, named by it. What holds more than one value is JSON, and
/// times are in UTC, as there.
pub fn of_fields<T: Serialize + ToSchema>(call: &Call, path: &str, page: Page<T>) -> Result<Piece> {
    let mut fields = Shape::of::<T>().fields();
    fields.retain(|name| call.fields.is_empty() || names_it(name) || call.fields.contains(name));
    fields.sort_by_key(|name| (name != "id", name.clone()));
    fields.dedup();
    let columns: Vec<(&str, f64)> = fields.iter().map(|name| (name.as_str(), 24.0)).collect();
    let mut table = Table::new(path.rsplit('/').next().unwrap_or_default(), 1, &columns);
    for item in &page.items {
        let item = serde_json::to_value(item).map_err(Error::internal)?;
        table.rows.push(fields.iter().map(|name| item.get(name).map_or(Cell::Empty, cell)).collect());
    }
    Ok(Piece { table, next: page.next })
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Number(number) => number.as_i64().map_or_else(|| Cell::Verbatim(number.to_string()), Cell::Whole),
        Value::String(text) => Cell::Verbatim(text.clone()),
        other => Cell::Verbatim(other.to_string()),
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
            let media_type = format!("{CSV}; charset=utf-8");
            if call.goes_on || next.is_some() {
                let content = if call.goes_on { table.rows_as_csv() } else { table.csv() };
                return Ok(Answer { next, ..Answer::unseen_file(&media_type, &name, content) });
            }
            let content = table.csv();
            Ok(Answer::file(&media_type, &name, tag_of("W/", &content), content))
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
    let tag = tag_of(mark, &made);
    Ok(Answer::file(Format::Xlsx.media_type(), &format!("{name}-{}.xlsx", r.today()), tag, made))
}

/// In letters that every system takes in the name of a file.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['å', 'ä'], "a").replace('ö', "o").replace(' ', "-")
}
