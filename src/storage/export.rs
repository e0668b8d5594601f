//! `riskregister export`: the register with its history in a file of its own, as the embedded database has it.
//!
//! For auditors, and for keeping: without passwords, sessions and kept answers.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::connection::Address;
use super::connection::AnyConnection;
use super::db::Db;
use super::logs::{CheckpointRow, EventRow, Head, Opening};
use super::reading::Reading;
use super::records::*;
use super::schema;
use super::types::{Id, Timestamp};
use crate::error::{Error, Result};

/// How many rows are copied at a time.
const PIECE: i64 = 1000;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::register)]
struct RegisterRow {
    id: i32,
    root_id: Id,
    kind: String,
    demo: bool,
    created_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::risk_references)]
struct ReferenceRow {
    body_id: Id,
    reference: String,
    identity_id: Id,
}

impl Db {
    /// Writes the register to a new SQLite file. An error leaves no file behind.
    pub fn export(&self, file: &Path) -> Result<()> {
        let name = file.to_str().ok_or_else(|| Error::internal("the name of the file is not UTF-8"))?;
        if file.exists() {
            return Err(Error::internal(format!("{name} is there already")));
        }
        let target = Address::Sqlite(name.to_owned());
        let done = Db::new(target.clone(), 1).migrate().and_then(|_| {
            let mut to = target.connect().map_err(Error::internal)?;
            // Rows come in the order of their tables and ids, and point forwards and backwards.
            to.batch_execute("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")?;
            self.read(|r| copy(r, &mut to))?;
            // One file, that lies still.
            to.batch_execute("COMMIT; PRAGMA journal_mode = DELETE")?;
            Ok(())
        });
        if done.is_err() {
            let _ = std::fs::remove_file(file);
        }
        done
    }
}

fn copy(r: &mut Reading, to: &mut AnyConnection) -> Result<()> {
    let register: Vec<RegisterRow> = schema::register::table.select(RegisterRow::as_select()).load(r.c)?;
    for row in register {
        diesel::insert_into(schema::register::table).values(row).execute(to)?;
    }
    macro_rules! copy {
        ($($record:ident),*) => { $(things::<$record>(r, to)?;)* };
    }
    each_stored!(copy);
    let references: Vec<ReferenceRow> = schema::risk_references::table.select(ReferenceRow::as_select()).load(r.c)?;
    for row in references {
        diesel::insert_into(schema::risk_references::table).values(row).execute(to)?;
    }
    for head in r.heads()? {
        history(r, to, &head)?;
    }
    let sealed: Vec<String> = schema::sealed_files::table.select(schema::sealed_files::sha256).load(r.c)?;
    for sha256 in sealed {
        let file: SealedFile = schema::sealed_files::table.find(sha256).select(SealedFile::as_select()).first(r.c)?;
        diesel::insert_into(schema::sealed_files::table).values(file).execute(to)?;
    }
    Ok(())
}

fn things<T: Stored>(r: &mut Reading, to: &mut AnyConnection) -> Result<()> {
    let mut after = None;
    loop {
        let rows = T::after(r.c, after, PIECE)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id());
        for row in rows {
            row.insert(to)?;
        }
    }
}

/// A log: its head, tree, checkpoints, events, and what opens their texts.
fn history(r: &mut Reading, to: &mut AnyConnection, head: &Head) -> Result<()> {
    use schema::{checkpoints, events, heads, openings};
    let log = head.log_id;
    diesel::insert_into(heads::table).values(head.clone()).execute(to)?;
    let mut from = 0;
    while from < head.size {
        let rows: Vec<EventRow> = r.events_from(log, from, PIECE)?;
        let Some(last) = rows.last() else { break };
        let upto = last.n;
        for row in rows {
            diesel::insert_into(events::table).values(row).execute(to)?;
        }
        for opening in r.openings(log, from, upto)? {
            diesel::insert_into(openings::table).values::<Opening>(opening).execute(to)?;
        }
        from = upto + 1;
    }
    for node in r.tree_nodes(log)? {
        diesel::insert_into(schema::tree_nodes::table).values(node).execute(to)?;
    }
    let mut number = 0;
    loop {
        let rows: Vec<CheckpointRow> = r.checkpoints_after(log, number, PIECE)?;
        let Some(last) = rows.last() else { return Ok(()) };
        number = last.number;
        for row in rows {
            diesel::insert_into(checkpoints::table).values(row).execute(to)?;
        }
    }
}
