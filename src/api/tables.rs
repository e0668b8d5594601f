//! Lists as tables, by `Accept` and `format`: what operations that answer with one share.

use riskregister_document::table::Table;
use riskregister_document::workbook;

use crate::app::documents::Format;
use crate::error::{Error, Result};
use crate::http::contract::{CSV, Operation};
use crate::http::{Answer, Call, dispatch};
use crate::storage::Reading;
use crate::storage::history::sha256_hex;
use crate::storage::records::Organisation;

/// As what a table is sent.
#[derive(Clone, Copy)]
enum As {
    Csv,
    Xlsx,
}

/// What is asked for: a table, or the list itself.
fn asked(call: &Call) -> Option<As> {
    match call.q::<String>("format").as_deref() {
        Some("csv") => return Some(As::Csv),
        Some("xlsx") => return Some(As::Xlsx),
        Some(_) => return None,
        None => {}
    }
    let accept = call.accept.as_deref().unwrap_or("*/*");
    let wish = |media_type| dispatch::wish(accept, media_type);
    let mut best = (None, wish("application/json"));
    for (table, media_type) in [(As::Csv, CSV), (As::Xlsx, Format::Xlsx.media_type())] {
        if wish(media_type) > best.1 {
            best = (Some(table), wish(media_type));
        }
    }
    best.0
}

/// Answers with a page of the list, or with all of it as a table.
pub fn listed(
    r: &mut Reading,
    call: &Call,
    list: impl FnOnce(&mut Reading) -> Result<Answer>,
    table: impl FnOnce(&mut Reading) -> Result<Table>,
) -> Result<Answer> {
    let Some(wanted) = asked(call) else { return list(r) };
    let table = table(r)?;
    match wanted {
        As::Csv => {
            let name = format!("{}-{}.csv", plain(&table.name), r.today());
            Ok(file("text/csv; charset=utf-8", &name, "W/", table.csv()))
        }
        As::Xlsx => {
            let name = plain(&table.name);
            book(r, &name, &table.name.clone(), "W/", &[table])
        }
    }
}

/// Answers with tables as one workbook, its ETag weak (`W/`) or strong.
pub fn book(r: &mut Reading, name: &str, title: &str, mark: &str, tables: &[Table]) -> Result<Answer> {
    let root = r.root_id()?;
    // Before the register began it was nobody's.
    let whose = r.find::<Organisation>(root)?.map(|root| root.name).unwrap_or_default();
    let made = workbook(title, &whose, r.today(), tables).map_err(Error::internal)?;
    Ok(file(Format::Xlsx.media_type(), &format!("{name}-{}.xlsx", r.today()), mark, made))
}

fn file(media_type: &str, name: &str, mark: &str, content: Vec<u8>) -> Answer {
    let tag = format!("{mark}\"{}\"", &sha256_hex(&content)[..32]);
    Answer::file(media_type, name, tag, content)
}

/// In letters that every system takes in the name of a file.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['å', 'ä'], "a").replace('ö', "o").replace(' ', "-")
}

/// Its list comes as a table too.
pub fn tabled(operation: Operation) -> Operation {
    operation.tabled(&[CSV, Format::Xlsx.media_type()])
}
