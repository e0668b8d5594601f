//! Edits of a register's tables past the register, as whoever has the database can make them: one at a time, by chance.

use std::ops::{Deref, DerefMut};

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Nullable, Text};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use riskregister::storage::verification::{WITHOUT_WITNESS, tables_with_history};
use riskregister::storage::{Address, AnyConnection, Id};
use serde_json::{Value, json};

#[derive(diesel::QueryableByName)]
struct Cell {
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

/// The column `text` of what is asked.
pub fn cells(c: &mut AnyConnection, sql: &str) -> Vec<Option<String>> {
    let found: Vec<Cell> = diesel::sql_query(sql).load(c).unwrap_or_else(|fault| panic!("{sql}: {fault}"));
    found.into_iter().map(|cell| cell.text).collect()
}

/// The one text that is asked for.
pub fn cell(c: &mut AnyConnection, sql: &str) -> String {
    cells(c, sql).pop().flatten().unwrap_or_else(|| panic!("{sql}: nothing"))
}

/// A connection that nothing holds back: no triggers, no foreign keys.
pub struct Unbound {
    c: AnyConnection,
    /// How SQLite's triggers are made again, when this is dropped.
    triggers: Vec<String>,
}

impl Deref for Unbound {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.c
    }
}

impl DerefMut for Unbound {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.c
    }
}

impl Drop for Unbound {
    fn drop(&mut self) {
        for trigger in &self.triggers {
            // A test that fails already says enough; another that lacks them is told by `verify`.
            let _ = self.c.batch_execute(trigger);
        }
    }
}

pub fn unbound(address: &Address) -> Unbound {
    let mut c = address.connect().expect("the database can be reached");
    let mut triggers = Vec::new();
    match c {
        AnyConnection::Sqlite(_) => {
            c.batch_execute("PRAGMA foreign_keys = OFF").expect("a pragma");
            // That by which an event takes its turn holds nobody back, and the register that goes on meanwhile needs it.
            let all = "FROM sqlite_master WHERE type = 'trigger' AND name <> 'events_turn' ORDER BY name";
            triggers.extend(cells(&mut c, &format!("SELECT sql AS text {all}")).into_iter().flatten());
            for trigger in cells(&mut c, &format!("SELECT name AS text {all}")) {
                let name = trigger.expect("a trigger has a name");
                c.batch_execute(&format!("DROP TRIGGER {name}")).expect("a trigger can be taken away");
            }
        }
        AnyConnection::Postgres(_) => {
            c.batch_execute("SET session_replication_role = replica").expect("the tests run as a superuser");
        }
    }
    Unbound { c, triggers }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    Time,
    Date,
    Json,
    Bool,
    Number,
    Text,
    Bytes,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: Kind,
    nullable: bool,
    key: bool,
    /// PostgreSQL's own name of the type.
    of: String,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    columns: Vec<Column>,
}

/// The tables of the history itself, and those that follow from it.
const HISTORY: [&str; 7] =
    ["checkpoints", "events", "heads", "openings", "risk_references", "sealed_files", "tree_nodes"];

/// What came of an edit.
#[derive(Debug, PartialEq, Eq)]
pub enum Edit {
    /// The rows are not what they were: what was done.
    Done(String),
    /// The rows are what they were, or the database did not let them become anything else.
    Nothing,
}

/// Makes edits by chance.
pub struct Editor {
    pub rng: StdRng,
    pub tables: Vec<Table>,
}

impl Editor {
    /// Of the tables that are held to the history, as this database has them.
    pub fn new(c: &mut AnyConnection, seed: u64) -> Self {
        let mut names: Vec<&str> = tables_with_history();
        names.extend(HISTORY);
        names.push("register");
        let tables = names.into_iter().map(|name| Table { name: name.into(), columns: columns(c, name) }).collect();
        Self { rng: StdRng::seed_from_u64(seed), tables }
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        all.choose(&mut self.rng).expect("there is one")
    }

    fn chance(&mut self, one_in: u32) -> bool {
        self.rng.random_range(0..one_in) == 0
    }

    pub fn table(&self, name: &str) -> Table {
        self.tables.iter().find(|t| t.name == name).expect("a table of the register").clone()
    }

    /// Any edit of any table. The caller has begun a transaction, and takes it back.
    pub fn edit(&mut self, c: &mut AnyConnection) -> Edit {
        let tables = self.tables.clone();
        let table = self.one_of(&tables).clone();
        match self.rng.random_range(0..100) {
            0..70 => self.change_column(c, &table),
            70..80 => self.delete_row(c, &table),
            80..88 => self.copy_row(c, &table),
            88..94 => self.swap_rows(c, &table),
            94..96 => self.renumber(c),
            96..98 => self.truncate(c, &table),
            _ => self.cut_off(c),
        }
    }

    /// The place of a row, as the database addresses it.
    fn row(&mut self, c: &mut AnyConnection, table: &Table) -> Option<String> {
        let place = place(c);
        let count: usize =
            cell(c, &format!("SELECT CAST(count(*) AS TEXT) AS text FROM {}", table.name)).parse().expect("a number");
        let at = self.rng.random_range(0..count.max(1));
        let sql =
            format!("SELECT CAST({place} AS TEXT) AS text FROM {} ORDER BY {place} LIMIT 1 OFFSET {at}", table.name);
        cells(c, &sql).pop().flatten().map(|found| format!("{place} = '{found}'"))
    }

    fn change_column(&mut self, c: &mut AnyConnection, table: &Table) -> Edit {
        let Some(row) = self.row(c, table) else { return Edit::Nothing };
        let column = self.one_of(&table.columns).clone();
        self.change(c, table, &column, &row)
    }

    /// Changes one column of one row.
    fn change(&mut self, c: &mut AnyConnection, table: &Table, column: &Column, row: &str) -> Edit {
        if WITHOUT_WITNESS.contains(&(table.name.as_str(), column.name.as_str())) && !counts(c, table, column, row) {
            return Edit::Nothing;
        }
        let before = literal(c, table, column, row);
        let Some(new) = self.another(c, table, column, row, &before) else { return Edit::Nothing };
        let sql = format!("UPDATE {} SET {} = {new} WHERE {row}", table.name, quoted(&column.name));
        // The row may have another address now.
        match c.batch_execute(&sql) {
            Ok(()) if new != before => Edit::Done(sql.chars().take(600).collect()),
            _ => Edit::Nothing,
        }
    }

    /// Another value for a cell, as SQL; none where there is no other.
    fn another(
        &mut self,
        c: &mut AnyConnection,
        table: &Table,
        column: &Column,
        row: &str,
        before: &str,
    ) -> Option<String> {
        let sqlite = matches!(c, AnyConnection::Sqlite(_));
        let name = quoted(&column.name);
        let typed = |text: &str| {
            let text = text.replace('\'', "''");
            if sqlite { format!("'{text}'") } else { format!("'{text}'::{}", column.of) }
        };
        if before == "NULL" {
            return Some(match column.kind {
                Kind::Id => typed(&Id::new().to_string()),
                Kind::Time => typed("2024-01-01T00:00:00.000000Z"),
                Kind::Date => typed("2024-01-01"),
                Kind::Json => typed("[]"),
                Kind::Bool | Kind::Number => "1".into(),
                Kind::Bytes => if sqlite { "x'00'" } else { "'\\x00'::bytea" }.into(),
                Kind::Text => self.elsewhere(c, table, column)?,
            });
        }
        if column.nullable && self.chance(4) {
            return Some("NULL".into());
        }
        if self.chance(5) {
            return self.elsewhere(c, table, column).filter(|other| other != before);
        }
        if column.kind == Kind::Bytes {
            return Some(self.other_bytes(c, table, column, row));
        }
        let text = cell(c, &format!("SELECT CAST({name} AS TEXT) AS text FROM {} WHERE {row}", table.name));
        let up = self.chance(2);
        Some(match column.kind {
            Kind::Id if sqlite && self.chance(4) => typed(&text.to_uppercase()),
            Kind::Id => typed(&Id::new().to_string()),
            Kind::Time if sqlite => typed(&self.other_time(&text)),
            Kind::Time => format!("{name} {} interval '1 microsecond'", if up { '+' } else { '-' }),
            Kind::Date if sqlite && self.chance(3) => typed(&text.replace("-0", "- ")),
            Kind::Date if sqlite => format!("date({name}, '{} day')", if up { '+' } else { '-' }.to_string() + "1"),
            Kind::Date => format!("{name} {} 1", if up { '+' } else { '-' }),
            Kind::Bool if sqlite => format!("1 - {name}"),
            Kind::Bool => format!("NOT {name}"),
            Kind::Number if sqlite && self.chance(4) => format!("{name} + 4294967296"),
            Kind::Number => format!("{name} {} 1", if up { '+' } else { '-' }),
            Kind::Json => typed(&self.other_json(&text)),
            Kind::Text => typed(&self.other_text(&text)),
            Kind::Bytes => return None,
        })
        .filter(|new| new != before)
    }

    /// What stands in the same column of another row.
    fn elsewhere(&mut self, c: &mut AnyConnection, table: &Table, column: &Column) -> Option<String> {
        let row = self.row(c, table)?;
        Some(literal(c, table, column, &row)).filter(|found| found != "NULL")
    }

    /// A microsecond more or less, or the same moment spelled as no one here spells it.
    fn other_time(&mut self, text: &str) -> String {
        let time = chrono::DateTime::parse_from_rfc3339(text).expect("a time").to_utc();
        let step = chrono::TimeDelta::microseconds(1);
        let write = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        match self.rng.random_range(0..4) {
            0 => write(time + step),
            1 => write(time - step),
            2 => text.replace('T', " "),
            _ => text.replace('Z', "z"),
        }
    }

    fn other_json(&mut self, text: &str) -> String {
        let mut value: Value = serde_json::from_str(text).expect("JSON");
        match &mut value {
            Value::Array(all) if !all.is_empty() && self.rng.random_range(0..2) == 0 => {
                all.pop();
            }
            Value::Array(all) => all.push(json!("x")),
            Value::Object(all) => {
                all.insert("x".into(), json!(1));
            }
            other => *other = json!([other.clone()]),
        }
        value.to_string()
    }

    fn other_text(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        match self.rng.random_range(0..5) {
            0 => letters.push('x'),
            1 => letters.push(' '),
            2 => {
                letters.pop();
            }
            3 if !letters.is_empty() => {
                let at = self.rng.random_range(0..letters.len());
                letters[at] = if letters[at].is_uppercase() { 'q' } else { 'Q' };
            }
            _ if !letters.is_empty() => {
                let at = self.rng.random_range(0..letters.len());
                letters[at] = char::from_u32(letters[at] as u32 ^ 1).filter(|c| !c.is_control()).unwrap_or('x');
            }
            _ => letters.push('y'),
        }
        letters.into_iter().collect()
    }

    /// A bit flipped, a byte less or a byte more.
    fn other_bytes(&mut self, c: &mut AnyConnection, table: &Table, column: &Column, row: &str) -> String {
        let mut bytes = bytes(c, &table.name, &column.name, row);
        match self.rng.random_range(0..6) {
            0 => bytes.push(0),
            1 if !bytes.is_empty() => {
                bytes.pop();
            }
            _ if !bytes.is_empty() => {
                let bit = self.rng.random_range(0..bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            _ => bytes.push(1),
        }
        blob(c, &bytes)
    }

    fn delete_row(&mut self, c: &mut AnyConnection, table: &Table) -> Edit {
        let Some(row) = self.row(c, table) else { return Edit::Nothing };
        run(c, &format!("DELETE FROM {} WHERE {row}", table.name))
    }

    /// One more row like another, under a new key.
    fn copy_row(&mut self, c: &mut AnyConnection, table: &Table) -> Edit {
        let Some(row) = self.row(c, table) else { return Edit::Nothing };
        let keys: Vec<&Column> = table.columns.iter().filter(|column| column.key).collect();
        let new_key = self.one_of(&keys).name.clone();
        let sqlite = matches!(c, AnyConnection::Sqlite(_));
        // Where something else must be unique too, all texts are new.
        for texts in [false, true] {
            let values: Vec<String> = table
                .columns
                .iter()
                .map(|column| {
                    let name = quoted(&column.name);
                    match column.kind {
                        Kind::Id if column.name == new_key && sqlite => format!("'{}'", Id::new()),
                        Kind::Id if column.name == new_key => format!("'{}'::uuid", Id::new()),
                        Kind::Number if column.name == new_key => format!("{name} + 1000"),
                        Kind::Text if column.name == new_key || texts => format!("{name} || 'x'"),
                        Kind::Number if texts && !column.key => format!("{name} + 1000"),
                        _ => name,
                    }
                })
                .collect();
            let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
            c.batch_execute("SAVEPOINT copy").expect("a savepoint");
            let sql = format!(
                "INSERT INTO {0} ({1}) SELECT {2} FROM {0} WHERE {row}",
                table.name,
                names.join(", "),
                values.join(", ")
            );
            if c.batch_execute(&sql).is_ok() {
                return Edit::Done(sql);
            }
            c.batch_execute("ROLLBACK TO copy").expect("the savepoint is there");
        }
        Edit::Nothing
    }

    /// Two rows change all but their keys.
    fn swap_rows(&mut self, c: &mut AnyConnection, table: &Table) -> Edit {
        let (Some(one), Some(other)) = (self.row(c, table), self.row(c, table)) else { return Edit::Nothing };
        let read = |c: &mut AnyConnection, row: &str| -> Vec<String> {
            table.columns.iter().map(|column| literal(c, table, column, row)).collect()
        };
        let (mut first, mut second) = (read(c, &one), read(c, &other));
        for (i, column) in table.columns.iter().enumerate() {
            // What nothing tells of is left where it is, so that something else must differ.
            let unheld = WITHOUT_WITNESS.contains(&(table.name.as_str(), column.name.as_str()));
            if !column.key && !unheld {
                std::mem::swap(&mut first[i], &mut second[i]);
            }
        }
        if one == other || (read(c, &one), read(c, &other)) == (first.clone(), second.clone()) {
            return Edit::Nothing;
        }
        let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
        let sql = format!(
            "DELETE FROM {0} WHERE {one} OR {other}; INSERT INTO {0} ({1}) VALUES ({2}), ({3})",
            table.name,
            names.join(", "),
            first.join(", "),
            second.join(", ")
        );
        match run(c, &sql) {
            Edit::Done(_) => Edit::Done(format!("{}: {one} and {other} change places", table.name)),
            nothing => nothing,
        }
    }

    /// Events or checkpoints under other numbers.
    fn renumber(&mut self, c: &mut AnyConnection) -> Edit {
        let heads = self.table("heads");
        let Some(row) = self.row(c, &heads) else { return Edit::Nothing };
        let log = cell(c, &format!("SELECT CAST(log_id AS TEXT) AS text FROM heads WHERE {row}"));
        let (table, number) = if self.chance(3) { ("checkpoints", "number") } else { ("events", "n") };
        let size: i64 = cell(c, &format!("SELECT CAST(count(*) AS TEXT) AS text FROM {table} WHERE log_id = '{log}'"))
            .parse()
            .expect("a number");
        if size < 2 {
            return Edit::Nothing;
        }
        let first = i64::from(table == "checkpoints");
        let at = first + self.rng.random_range(0..size - 1);
        let also = if table == "events" && self.chance(2) { Some("openings") } else { None };
        let swap = self.chance(2);
        let all: Vec<String> = std::iter::once(table)
            .chain(also)
            .map(|table| {
                let set = |to: &str, condition: &str| {
                    format!("UPDATE {table} SET {number} = {to} WHERE log_id = '{log}' AND {condition};")
                };
                if swap {
                    // The row and the one after it.
                    set("-7", &format!("{number} = {at}"))
                        + &set(&at.to_string(), &format!("{number} = {at} + 1"))
                        + &set(&format!("{at} + 1"), &format!("{number} = -7"))
                } else {
                    // A gap.
                    set(&format!("{number} + 1000000"), &format!("{number} > {at}"))
                        + &set(&format!("{number} - 999999"), &format!("{number} > 1000000"))
                }
            })
            .collect();
        run(c, &all.concat())
    }

    fn truncate(&mut self, c: &mut AnyConnection, table: &Table) -> Edit {
        match self.row(c, table) {
            Some(_) => run(c, &format!("DELETE FROM {}", table.name)),
            None => Edit::Nothing,
        }
    }

    /// The last events of a log go, and what opens them; the head may be made to fit.
    fn cut_off(&mut self, c: &mut AnyConnection) -> Edit {
        let heads = self.table("heads");
        let Some(row) = self.row(c, &heads) else { return Edit::Nothing };
        let log = cell(c, &format!("SELECT CAST(log_id AS TEXT) AS text FROM heads WHERE {row}"));
        let size: u64 =
            cell(c, &format!("SELECT CAST(size AS TEXT) AS text FROM heads WHERE {row}")).parse().expect("a number");
        if size == 0 {
            return Edit::Nothing;
        }
        let left = size - self.rng.random_range(1..=size.min(20));
        cut(c, &log, left);
        if self.chance(2) {
            super::forgery::fit(c, &log);
        }
        Edit::Done(format!("the log {log} ends at {left}"))
    }
}

/// Cuts a log off after its first events.
pub fn cut(c: &mut AnyConnection, log: &str, left: u64) {
    c.batch_execute(&format!(
        "DELETE FROM openings WHERE log_id = '{log}' AND n >= {left}; \
         DELETE FROM turns WHERE log_id = '{log}' AND n >= {left}; \
         DELETE FROM events WHERE log_id = '{log}' AND n >= {left}"
    ))
    .expect("events can be deleted");
}

fn run(c: &mut AnyConnection, sql: &str) -> Edit {
    match c.batch_execute(sql) {
        Ok(()) => Edit::Done(sql.chars().take(600).collect()),
        Err(_) => Edit::Nothing,
    }
}

/// Of the columns that nothing tells of, some count in some rows: a head's time once its log has an event.
fn counts(c: &mut AnyConnection, table: &Table, column: &Column, row: &str) -> bool {
    (table.name.as_str(), column.name.as_str()) == ("heads", "last_time")
        && cell(c, &format!("SELECT CAST(size AS TEXT) AS text FROM heads WHERE {row}")) != "0"
}

fn place(c: &AnyConnection) -> &'static str {
    match c {
        AnyConnection::Sqlite(_) => "rowid",
        AnyConnection::Postgres(_) => "ctid",
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// A cell as SQL writes it.
fn literal(c: &mut AnyConnection, table: &Table, column: &Column, row: &str) -> String {
    let name = quoted(&column.name);
    let value = match c {
        AnyConnection::Sqlite(_) => format!("quote({name})"),
        AnyConnection::Postgres(_) => {
            format!("coalesce(quote_literal({name}::text) || '::{}', 'NULL')", column.of)
        }
    };
    cell(c, &format!("SELECT {value} AS text FROM {} WHERE {row}", table.name))
}

/// The bytes of a cell.
pub fn bytes(c: &mut AnyConnection, table: &str, column: &str, row: &str) -> Vec<u8> {
    let hex = match c {
        AnyConnection::Sqlite(_) => format!("hex({column})"),
        AnyConnection::Postgres(_) => format!("encode({column}, 'hex')"),
    };
    let text = cell(c, &format!("SELECT {hex} AS text FROM {table} WHERE {row}"));
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("hexadecimal")).collect()
}

/// Bytes as SQL writes them.
pub fn blob(c: &AnyConnection, bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    match c {
        AnyConnection::Sqlite(_) => format!("x'{hex}'"),
        AnyConnection::Postgres(_) => format!("'\\x{hex}'::bytea"),
    }
}

fn columns(c: &mut AnyConnection, table: &str) -> Vec<Column> {
    let (sql, described) = match c {
        AnyConnection::Sqlite(_) => (
            cell(c, &format!("SELECT sql AS text FROM sqlite_master WHERE name = '{table}' AND type = 'table'")),
            format!(
                "SELECT name || '|' || type || '|' || (1 - \"notnull\") || '|' || pk AS text \
                 FROM pragma_table_info('{table}') ORDER BY cid"
            ),
        ),
        AnyConnection::Postgres(_) => (
            String::new(),
            format!(
                "SELECT c.column_name || '|' || c.udt_name || '|' || (c.is_nullable = 'YES')::int || '|' || \
                 (k.column_name IS NOT NULL)::int AS text FROM information_schema.columns c \
                 LEFT JOIN information_schema.key_column_usage k ON k.table_name = c.table_name \
                 AND k.column_name = c.column_name AND k.constraint_name = c.table_name || '_pkey' \
                 WHERE c.table_schema = 'public' AND c.table_name = '{table}' ORDER BY c.ordinal_position"
            ),
        ),
    };
    let all: Vec<Column> = cells(c, &described)
        .into_iter()
        .flatten()
        .map(|line| {
            let parts: Vec<&str> = line.split('|').collect();
            let [name, of, nullable, key] = parts[..] else { panic!("{table}: {line}") };
            let checked = |rule: &str| sql.contains(&rule.replace("{}", name));
            let kind = match of {
                "uuid" => Kind::Id,
                "timestamptz" => Kind::Time,
                "date" => Kind::Date,
                "jsonb" => Kind::Json,
                "bool" => Kind::Bool,
                "int4" | "int8" => Kind::Number,
                "bytea" | "BLOB" => Kind::Bytes,
                "INTEGER" if checked("CHECK ({} IN (0, 1))") => Kind::Bool,
                "INTEGER" => Kind::Number,
                _ if checked("(length({}) = 36)") => Kind::Id,
                _ if checked("(length({}) = 27)") => Kind::Time,
                _ if checked("(length({}) = 10)") => Kind::Date,
                _ if checked("json_valid({})") => Kind::Json,
                _ => Kind::Text,
            };
            Column { name: name.into(), kind, nullable: nullable == "1", key: key != "0", of: of.into() }
        })
        .collect();
    assert!(all.iter().any(|column| column.key), "{table} has a key");
    all
}
