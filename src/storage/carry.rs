//! Carrying a register's rows from one database to another as they are: into a file for auditors, into a backup, out of
//! one, and from one kind of database to the other.
//!
//! Each row is counted and hashed on the way, so that what has arrived can be held against what was sent. `WITHOUT_HISTORY`
//! and the records name every table; a test holds that each is carried.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::connection::{self, Address, AnyConnection};
use super::db::Db;
use super::history::Origin;
use super::logs::{CheckpointRow, EventRow, Head, NodeRow, Opening};
use super::queries::ImportFile;
use super::reading::Reading;
use super::records::*;
use super::schema;
use super::types::{Id, Json, Timestamp};
use super::verification::{WITHOUT_HISTORY, tables_with_history};
use super::writing::Writing;
use crate::error::{Error, Result};

/// How many rows are carried at a time.
const PIECE: i64 = 1000;

/// Which rows are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Every row of every table.
    All,
    /// What the history tells of, and the history: no passwords, secrets, sessions, letters or kept answers.
    ForAuditors,
}

/// What came of a table: how many rows, and the sum of their hashes, which their order does not change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub rows: u64,
    hashes: [u64; 4],
}

impl Sum {
    fn add(&mut self, row: Sha256) {
        self.rows += 1;
        let hash: [u8; 32] = row.finalize().into();
        let mut carried = false;
        for (limb, bytes) in self.hashes.iter_mut().zip(hash.as_chunks::<8>().0) {
            let (sum, one) = limb.overflowing_add(u64::from_le_bytes(*bytes));
            let (sum, two) = sum.overflowing_add(u64::from(carried));
            *limb = sum;
            carried = one || two;
        }
    }
}

/// The tables, and what came of each.
pub type Sums = BTreeMap<&'static str, Sum>;

/// A value of a column, as it is hashed.
trait Hashed {
    fn feed(&self, hash: &mut Sha256);
}

macro_rules! hashed_as_bytes {
    ($($kind:ty: $bytes:expr),*) => {
        $(impl Hashed for $kind {
            fn feed(&self, hash: &mut Sha256) {
                let bytes = $bytes;
                let bytes: &[u8] = bytes(self).as_ref();
                hash.update((bytes.len() as u64).to_le_bytes());
                hash.update(bytes);
            }
        })*
    };
}
hashed_as_bytes!(String: String::as_bytes, Vec<u8>: Vec::<u8>::as_slice);

macro_rules! hashed_as_text {
    ($($kind:ty),*) => {
        $(impl Hashed for $kind {
            fn feed(&self, hash: &mut Sha256) {
                self.to_string().feed(hash);
            }
        })*
    };
}
hashed_as_text!(i32, i64, bool, Id, Timestamp);

impl<T: Hashed> Hashed for Option<T> {
    fn feed(&self, hash: &mut Sha256) {
        match self {
            None => hash.update([0]),
            Some(value) => {
                hash.update([1]);
                value.feed(hash);
            }
        }
    }
}

impl<T: Serialize> Hashed for Json<T> {
    fn feed(&self, hash: &mut Sha256) {
        serde_json::to_vec(&self.0).unwrap_or_default().feed(hash);
    }
}

/// A row that is carried as it is.
trait Row: Sized {
    const TABLE: &'static str;
    fn feed(&self, hash: &mut Sha256);
    fn put(self, to: &mut AnyConnection) -> QueryResult<usize>;
}

/// A table that is read in the order of its key, as far as it has come.
trait InOrder: Row {
    fn piece(c: &mut AnyConnection, done: i64) -> QueryResult<Vec<Self>>;
}

macro_rules! row {
    ($row:ident of $table:ident: $($field:ident),+) => {
        impl Row for $row {
            const TABLE: &'static str = stringify!($table);
            fn feed(&self, hash: &mut Sha256) {
                $(self.$field.feed(hash);)+
            }
            fn put(self, to: &mut AnyConnection) -> QueryResult<usize> {
                diesel::insert_into(schema::$table::table).values(self).execute(to)
            }
        }
    };
}
row!(Head of heads: log_id, size, last_time, frontier, checkpoints);
row!(NodeRow of tree_nodes: log_id, level, position, hash);
row!(CheckpointRow of checkpoints: log_id, number, size, note);
row!(EventRow of events: log_id, n, time, actor_kind, actor_id, kind, entity, entity_id, organisation_id, schema_version, body);
row!(Opening of openings: commitment, log_id, n, pointer, entity_id, salt, value);
row!(SealedFile of sealed_files: sha256, media_type, content);
row!(ImportFile of import_files: import_id, content);

/// Tables without a history that nothing else reads whole: a row of each, column for column, and the key that orders it.
macro_rules! rows {
    ($($row:ident of $table:ident by $key:tt { $($field:ident: $kind:ty),+ $(,)? })+) => {
        $(
            #[derive(Queryable, Selectable, Insertable)]
            #[diesel(table_name = schema::$table, treat_none_as_default_value = false)]
            struct $row {
                $($field: $kind),+
            }
            row!($row of $table: $($field),+);
            impl InOrder for $row {
                fn piece(c: &mut AnyConnection, done: i64) -> QueryResult<Vec<Self>> {
                    use schema::$table::columns::*;
                    let rows = schema::$table::table.order($key).limit(PIECE).offset(done);
                    rows.select(Self::as_select()).load(c)
                }
            }
        )+
    };
}
rows! {
    // Where it has moved to is the old one's to say.
    RegisterRow of register by (id,) { id: i32, root_id: Id, kind: String, demo: bool, created_at: Timestamp }
    TurnRow of turns by (turn,) { turn: i64, log_id: Id, n: i64 }
    ReferenceRow of risk_references by (body_id, reference) { body_id: Id, reference: String, identity_id: Id }
    YearRow of years by (year,) { year: i32, version: i64 }
    CredentialRow of credentials by (user_id,) {
        user_id: Id, password_hash: String, changed_at: Timestamp, one_time_until: Option<Timestamp>,
        devices_from: Option<Timestamp>,
    }
    SessionRow of sessions by (id,) {
        id: Id, user_id: Id, authentication: String, generation: i32, created_at: Timestamp, expires_at: Timestamp,
        ended_at: Option<Timestamp>, device: Option<String>, place: Option<String>,
        issuer_subject: Option<String>, issuer_session: Option<String>,
    }
    AttemptRow of sign_in_attempts by (address,) {
        address: String, failed: i32, last_failed_at: Timestamp, locked_until: Option<Timestamp>,
        recorded_at: Option<Timestamp>, account: Option<String>, spent_until: Option<Timestamp>,
    }
    PasswordLinkRow of password_links by (id,) {
        id: Id, user_id: Id, invited_by_id: Option<Id>, created_at: Timestamp, expires_at: Timestamp,
    }
    DraftRow of drafts by (user_id, page, form) {
        user_id: Id, page: String, form: String, fields: String, saved_at: Timestamp,
    }
    ImportCopy of imports by (id,) {
        id: Id, plan_id: Option<Id>, kind: String, file_name: String, sha256: String, size: i64, mapping: String, found: String,
        answers: String, outcome: String, created_by_id: Id, created_at: Timestamp, updated_at: Timestamp,
        executed_at: Option<Timestamp>, version: i64, organisation_id: Option<Id>,
    }
    ImportWordRow of import_words by (organisation_id, about, word) {
        organisation_id: Id, about: String, word: String, value: String, updated_at: Timestamp,
    }
    StoredFileRow of stored_files by (sha256,) {
        sha256: String, size: i64, created_at: Timestamp, erased_at: Option<Timestamp>,
    }
    ServiceSecretRow of service_secrets by (credential_id,) { credential_id: Id, sha256: String }
    IdempotencyRow of idempotency by (principal, method, path, key) {
        principal: String, method: String, path: String, key: String, fingerprint: String, status: i32,
        headers: Json<Vec<(String, String)>>, body: Vec<u8>, created_at: Timestamp,
    }
    WebhookSecretRow of webhook_secrets by (webhook_id, secret) {
        webhook_id: Id, secret: String, created_at: Timestamp, expires_at: Option<Timestamp>,
    }
    WebhookStateRow of webhook_states by (webhook_id,) {
        webhook_id: Id, failures: i32, failing_since: Option<Timestamp>, next_attempt_at: Option<Timestamp>,
        lease: Option<Id>, leased_until: Option<Timestamp>,
    }
    WebhookCursorRow of webhook_cursors by (webhook_id, log_id) { webhook_id: Id, log_id: Id, position: i64 }
    WebhookDeliveryRow of webhook_deliveries by (id,) {
        id: Id, webhook_id: Id, log_id: Id, n: i64, kind: String, attempt: i32, at: Timestamp, outcome: String,
        status_code: Option<i32>, fault: Option<String>, duration_ms: i32, next_attempt_at: Option<Timestamp>,
    }
    TraceRow of traces by (log_id, n) { log_id: Id, n: i64, trace: String, at: Timestamp }
    ReminderSettingRow of reminder_settings by (user_id,) { user_id: Id, weekly: bool }
    MailRow of mails by (id,) {
        id: Id, user_id: Id, kind: String, occasion: String, plan_id: Option<Id>, period: Option<String>,
        note: Option<String>, status: String, attempts: i32, fault: Option<String>, created_at: Timestamp,
        next_attempt_at: Option<Timestamp>, finished_at: Option<Timestamp>, lease: Option<Id>,
        leased_until: Option<Timestamp>,
    }
    CalendarFeedRow of calendar_feeds by (user_id,) { user_id: Id, sha256: String, created_at: Timestamp }
}

/// Reads every row, and puts it where it is to go, if anywhere.
struct Carrier<'c, 'r, 't> {
    from: &'c mut Reading<'r>,
    to: Option<&'t mut AnyConnection>,
    sums: Sums,
}

impl Carrier<'_, '_, '_> {
    fn one<T: Row>(&mut self, row: T) -> Result<()> {
        let mut hash = Sha256::new();
        row.feed(&mut hash);
        self.sums.entry(T::TABLE).or_default().add(hash);
        if let Some(to) = self.to.as_deref_mut() {
            row.put(to)?;
        }
        Ok(())
    }

    fn table<T: InOrder>(&mut self) -> Result<()> {
        self.sums.entry(T::TABLE).or_default();
        let mut done = 0;
        loop {
            let rows = T::piece(self.from.c, done)?;
            done += PIECE;
            let whole = rows.len() as i64 == PIECE;
            rows.into_iter().try_for_each(|row| self.one(row))?;
            if !whole {
                return Ok(());
            }
        }
    }

    fn things<T: Stored>(&mut self) -> Result<()> {
        self.sums.entry(T::TABLE).or_default();
        let mut after = None;
        loop {
            let rows = T::after(self.from.c, after, PIECE)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.id());
            for row in rows {
                let mut hash = Sha256::new();
                // Every column, what no event tells of too.
                format!("{row:?}").feed(&mut hash);
                self.sums.entry(T::TABLE).or_default().add(hash);
                if let Some(to) = self.to.as_deref_mut() {
                    row.insert(to)?;
                }
            }
        }
    }

    /// A log: its head, tree, checkpoints, events, and what opens their texts.
    fn history(&mut self, head: Head) -> Result<()> {
        let (log, size) = (head.log_id, head.size);
        self.one(head)?;
        let mut from = 0;
        while from < size {
            let rows: Vec<EventRow> = self.from.events_from(log, from, PIECE)?;
            let Some(last) = rows.last() else { break };
            let upto = last.n;
            rows.into_iter().try_for_each(|row| self.one(row))?;
            let openings = self.from.openings(log, from, upto)?;
            openings.into_iter().try_for_each(|opening| self.one(opening))?;
            from = upto + 1;
        }
        let nodes = self.from.tree_nodes(log)?;
        nodes.into_iter().try_for_each(|node| self.one(node))?;
        let mut number = 0;
        loop {
            let rows: Vec<CheckpointRow> = self.from.checkpoints_after(log, number, PIECE)?;
            let Some(last) = rows.last() else { return Ok(()) };
            number = last.number;
            rows.into_iter().try_for_each(|row| self.one(row))?;
        }
    }

    /// What belongs to running the service, and is nobody's record.
    fn service(&mut self) -> Result<()> {
        self.table::<YearRow>()?;
        self.table::<CredentialRow>()?;
        self.table::<SessionRow>()?;
        self.table::<AttemptRow>()?;
        self.table::<PasswordLinkRow>()?;
        self.table::<DraftRow>()?;
        self.table::<ImportCopy>()?;
        self.table::<ImportWordRow>()?;
        self.sums.entry(ImportFile::TABLE).or_default();
        // One by one: each may be as large as anything that is taken.
        for id in self.from.imports_with_files()? {
            if let Some(file) = self.from.import_file(id)? {
                self.one(file)?;
            }
        }
        self.table::<ServiceSecretRow>()?;
        self.table::<IdempotencyRow>()?;
        self.table::<WebhookSecretRow>()?;
        self.table::<WebhookStateRow>()?;
        self.table::<WebhookCursorRow>()?;
        self.table::<WebhookDeliveryRow>()?;
        self.table::<TraceRow>()?;
        self.table::<ReminderSettingRow>()?;
        self.table::<MailRow>()?;
        self.table::<CalendarFeedRow>()
    }

    fn all(mut self, which: Which) -> Result<Sums> {
        self.table::<RegisterRow>()?;
        macro_rules! carry {
            ($($record:ident),*) => { $(self.things::<$record>()?;)* };
        }
        each_stored!(carry);
        self.table::<ReferenceRow>()?;
        self.table::<StoredFileRow>()?;
        // Before the events: one that has no turn takes one.
        self.table::<TurnRow>()?;
        for table in
            [Head::TABLE, EventRow::TABLE, Opening::TABLE, NodeRow::TABLE, CheckpointRow::TABLE, SealedFile::TABLE]
        {
            self.sums.entry(table).or_default();
        }
        for head in self.from.heads()? {
            self.history(head)?;
        }
        use schema::sealed_files;
        let sealed: Vec<String> = sealed_files::table.select(sealed_files::sha256).load(self.from.c)?;
        for sha256 in sealed {
            let file: SealedFile =
                sealed_files::table.find(sha256).select(SealedFile::as_select()).first(self.from.c)?;
            self.one(file)?;
        }
        if which == Which::All {
            self.service()?;
        }
        Ok(self.sums)
    }
}

/// Carries a register's rows to where there are none, or only counts them.
fn carry(from: &mut Reading, which: Which, to: Option<&mut AnyConnection>) -> Result<Sums> {
    Carrier { from, to, sums: Sums::new() }.all(which)
}

#[derive(QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Rows come in the order of their tables and ids, and point forwards and backwards: until [`tighten`], what they point at
/// may be missing. Asked of PostgreSQL as the owner of the tables.
fn loosen(c: &mut AnyConnection) -> QueryResult<Vec<ForeignKey>> {
    let AnyConnection::Postgres(c) = c else { return Ok(Vec::new()) };
    let keys: Vec<ForeignKey> = diesel::sql_query(
        "SELECT k.conrelid::regclass::text AS of, quote_ident(k.conname) AS name FROM pg_constraint k \
         JOIN pg_namespace s ON s.oid = k.connamespace \
         WHERE k.contype = 'f' AND NOT k.condeferrable AND s.nspname = current_schema()",
    )
    .load(c)?;
    for key in &keys {
        c.batch_execute(&format!(
            "ALTER TABLE {} ALTER CONSTRAINT {} DEFERRABLE INITIALLY DEFERRED",
            key.of, key.name
        ))?;
    }
    Ok(keys)
}

/// Each row points at what is there.
fn tighten(c: &mut AnyConnection, keys: &[ForeignKey]) -> Result<()> {
    match c {
        AnyConnection::Sqlite(c) => {
            #[derive(QueryableByName)]
            struct Dangling {
                #[diesel(sql_type = Text)]
                of: String,
            }
            let found: Vec<Dangling> =
                diesel::sql_query("SELECT \"table\" AS of FROM pragma_foreign_key_check LIMIT 1").load(c)?;
            match found.first() {
                Some(row) => Err(Error::internal(format!("a row of {} points at what is not there", row.of))),
                None => Ok(()),
            }
        }
        AnyConnection::Postgres(c) => {
            c.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
            for key in keys {
                c.batch_execute(&format!("ALTER TABLE {} ALTER CONSTRAINT {} NOT DEFERRABLE", key.of, key.name))?;
            }
            Ok(())
        }
    }
}

impl Db {
    /// Writes the register, as it is at one point in time, to a new SQLite file. An error leaves no file behind.
    pub fn write_to_file(&self, file: &std::path::Path, which: Which) -> Result<Sums> {
        let name = file.to_str().ok_or_else(|| Error::internal("the name of the file is not UTF-8"))?;
        if file.exists() {
            return Err(Error::internal(format!("{name} is there already")));
        }
        let target = Address::Sqlite(name.to_owned());
        let done = Self::new(target.clone(), 1).migrate().and_then(|_| {
            let mut to = target.connect().map_err(Error::internal)?;
            to.batch_execute("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")?;
            let sums = self.read(|r| carry(r, which, Some(&mut to)))?;
            // One file, that lies still.
            to.batch_execute("COMMIT; PRAGMA journal_mode = DELETE")?;
            Ok(sums)
        });
        if done.is_err() {
            for beside in ["", "-wal", "-shm", "-journal"] {
                let _ = std::fs::remove_file(format!("{name}{beside}"));
            }
        }
        done
    }

    /// Fills this database, which is migrated and empty, with all that another register holds, and lets `then` write what
    /// comes after it, in one transaction. What has arrived is held against what was sent, table by table. On PostgreSQL
    /// called as the owner of the tables.
    pub fn fill(&self, from: &mut Reading, then: impl FnOnce(&mut Writing) -> Result<()>) -> Result<Sums> {
        let mut c = self.address.connect().map_err(Error::internal)?;
        match &mut c {
            AnyConnection::Sqlite(c) => c.batch_execute("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")?,
            AnyConnection::Postgres(c) => c.batch_execute("SET statement_timeout = 0; BEGIN")?,
        }
        let registers: i64 = schema::register::table.count().get_result(&mut c)?;
        let logs: i64 = schema::heads::table.count().get_result(&mut c)?;
        if registers + logs > 0 {
            return Err(Error::internal("the database holds a register already, and is left as it is"));
        }
        let keys = loosen(&mut c)?;
        let sent = carry(from, Which::All, Some(&mut c))?;
        tighten(&mut c, &keys)?;
        let arrived = carry(&mut Reading::of(&mut c), Which::All, None)?;
        if let Some((table, _)) = sent.iter().find(|(table, sum)| arrived.get(*table) != Some(sum)) {
            return Err(Error::internal(format!("what has arrived in {table} is not what was sent: nothing was kept")));
        }
        let signer = self.signer.clone();
        let mut w = Writing::new(&mut c, Origin::operator(), signer.clone());
        then(&mut w)?;
        w.write_history()?;
        let made = std::mem::take(&mut w.made);
        c.batch_execute("COMMIT")?;
        if let Some(signer) = signer {
            signer.put(&made);
        }
        Ok(sent)
    }

    /// Where the register has moved to, if it has.
    pub fn moved_to(&self) -> Result<Option<String>> {
        self.read(|r| r.moved_to())
    }

    /// Moves the register to another database, which is migrated and empty. Nobody can change anything meanwhile; when the
    /// other one `holds`, this one says where it has gone, and takes nothing more. On PostgreSQL called as the owner of the
    /// tables.
    pub fn move_to(&self, target: &Self, name: &str, holds: impl FnOnce() -> Result<()>) -> Result<Sums> {
        let mut c = self.address.connect().map_err(Error::internal)?;
        match &mut c {
            AnyConnection::Sqlite(c) => c.batch_execute("BEGIN IMMEDIATE")?,
            AnyConnection::Postgres(c) => {
                // Whatever is written, also what no event tells of: a letter that is noted as sent, a draft.
                let tables = [tables_with_history(), WITHOUT_HISTORY.to_vec()].concat().join(", ");
                c.batch_execute(&format!(
                    "SET statement_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE {tables} IN EXCLUSIVE MODE"
                ))?;
            }
        }
        use schema::register;
        // First, so that what cannot be written here is known before anything stands there.
        diesel::update(register::table).set(register::moved_to.eq(Some(name.to_owned()))).execute(&mut c)?;
        let sums = target.fill(&mut Reading::of(&mut c), |_| Ok(()))?;
        holds()?;
        connection::bound(&mut c, "COMMIT").map_err(|fault| {
            Error::internal(format!(
                "the register has arrived, but here it could not be closed: empty one of the two: {fault}"
            ))
        })?;
        Ok(sums)
    }
}
