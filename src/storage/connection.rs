//! Reaching the database: which of the two it is, how a connection is made ready, and the pool.

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::r2d2::{self, R2D2Connection};
use diesel::sql_types::Text;

use super::files;
use crate::domain::text::{by_name, by_reference, folded};
use crate::error::Error;

/// A connection to either database; queries are written once against it.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Postgres(diesel::PgConnection),
    Sqlite(diesel::SqliteConnection),
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// A text as it is searched, without regard to case, form and what cannot be seen: [`folded`] in SQLite, the same by ICU
    /// in PostgreSQL. Not for indexes: other tools could not open the file.
    fn fold(text: Text) -> Text;
    /// The text, or the other where there is none.
    fn coalesce(text: diesel::sql_types::Nullable<Text>, other: Text) -> Text;
}

/// A text that may be missing, as one that says nothing.
macro_rules! or_nothing {
    ($text:expr) => {
        crate::storage::connection::coalesce($text, "")
    };
}
pub(super) use or_nothing;

/// The collation that orders names as a Swedish reader does. PostgreSQL brings it along; in SQLite it is ours, under the
/// same name.
const SWEDISH: &str = "sv-x-icu";
diesel::postfix_operator!(Swedish, " COLLATE \"sv-x-icu\"", Text);

/// A name, to order by: å, ä and ö last, capitals beside their small letters. Not for indexes, as `fold` is not.
pub(super) fn named<T: Expression<SqlType = Text>>(name: T) -> Swedish<T> {
    Swedish::new(name)
}

/// The same with numbers by what they are worth, under the name that a migration gives it in PostgreSQL.
const NUMBERED: &str = "sv-numbered";
diesel::postfix_operator!(Numbered, " COLLATE \"sv-numbered\"", Text);

/// A reference, to order by: R-2 before R-10. Not for indexes either.
pub(super) fn numbered<T: Expression<SqlType = Text>>(reference: T) -> Numbered<T> {
    Numbered::new(reference)
}

/// Whether a parameter of libpq's URL is one that nobody is told.
fn is_secret(name: &str) -> bool {
    ["password", "secret"].iter().any(|word| name.contains(word))
}

/// Where the register keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file, as SQLite takes it.
    Sqlite(String),
    /// A URL, as libpq takes it.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite://FILE` or `postgres://…`; says why anything else is refused.
    pub fn parse(url: &str) -> Result<Self, String> {
        if let Some(file) = url.strip_prefix("sqlite://") {
            if file.is_empty() || file == ":memory:" {
                return Err("sqlite:// needs a file: a register in memory would be lost at the first stop".into());
            }
            Ok(Self::Sqlite(file.to_owned()))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres(url.to_owned()))
        } else {
            let scheme = url.split("://").next().unwrap_or_default();
            Err(format!("unknown database {scheme:?}: give sqlite://FILE or postgres://USER@HOST/NAME"))
        }
    }

    /// As it may be told: without a password.
    pub fn without_password(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("sqlite://{file}"),
            Self::Postgres(url) => match url::Url::parse(url) {
                Ok(mut url) => {
                    let _ = url.set_password(None);
                    // libpq takes it from here too.
                    let kept: Vec<(String, String)> =
                        url.query_pairs().into_owned().filter(|(name, _)| !is_secret(name)).collect();
                    url.set_query(None);
                    if !kept.is_empty() {
                        url.query_pairs_mut().extend_pairs(kept);
                    }
                    url.into()
                }
                Err(_) => Self::of_several_hosts(url).unwrap_or_else(|| "postgres://…".into()),
            },
        }
    }

    /// The same for an address with several hosts, which libpq alone reads: a server and its standby.
    fn of_several_hosts(url: &str) -> Option<String> {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (user, hosts) = authority.rsplit_once('@').filter(|(_, hosts)| hosts.contains(','))?;
        let one = format!("{scheme}://{user}@several.invalid{path}");
        url::Url::parse(&one).ok()?;
        Some(Self::Postgres(one).without_password().replacen("@several.invalid", &format!("@{hosts}"), 1))
    }

    /// A connection that cannot write, for looking at a register that is not ours to touch.
    pub fn connect_to_read(&self) -> Result<AnyConnection, diesel::ConnectionError> {
        let ready = |e: diesel::result::Error| diesel::ConnectionError::CouldntSetupConfiguration(e);
        match self {
            Self::Sqlite(file) => {
                // In a URI these three mean something else.
                let name = file.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
                let open = |mode: &str| -> Result<SqliteConnection, diesel::ConnectionError> {
                    let mut c = SqliteConnection::establish(&format!("file:{name}?{mode}"))?;
                    c.batch_execute(
                        "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000; SELECT * FROM sqlite_master;",
                    )
                    .map_err(ready)?;
                    Ok(c)
                };
                // A file on a medium that nobody writes to has no room for what a reader leaves beside it.
                open("mode=ro")
                    .or_else(|first| open("mode=ro&immutable=1").map_err(|_| first))
                    .map(AnyConnection::Sqlite)
            }
            Self::Postgres(url) => {
                let mut c = PgConnection::establish(url)?;
                c.batch_execute(
                    "SET TIME ZONE 'UTC'; SET statement_timeout = 0; SET default_transaction_read_only = on;",
                )
                .map_err(ready)?;
                Ok(AnyConnection::Postgres(c))
            }
        }
    }

    /// A new connection, ready for use.
    pub fn connect(&self) -> Result<AnyConnection, diesel::ConnectionError> {
        let ready = |e: diesel::result::Error| diesel::ConnectionError::CouldntSetupConfiguration(e);
        match self {
            Self::Sqlite(file) => {
                files::keep_to_owner(file);
                let mut c = SqliteConnection::establish(file)?;
                // `recursive_triggers`: what INSERT OR REPLACE removes counts as deleted, which the history refuses.
                // `secure_delete`: what is deleted is overwritten, and not only let go of.
                c.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA secure_delete = ON;",
                )
                .map_err(ready)?;
                fold_utils::register_impl(&mut c, |text: String| folded(&text)).map_err(ready)?;
                // It is asked of the right one first and then of the left.
                c.register_collation(SWEDISH, |right, left| by_name(left, right)).map_err(ready)?;
                c.register_collation(NUMBERED, |right, left| by_reference(left, right)).map_err(ready)?;
                Ok(AnyConnection::Sqlite(c))
            }
            Self::Postgres(url) => {
                let mut c = PgConnection::establish(url)?;
                c.batch_execute("SET TIME ZONE 'UTC'; SET statement_timeout = '60s'; SET lock_timeout = '20s';")
                    .map_err(ready)?;
                Ok(AnyConnection::Postgres(c))
            }
        }
    }
}

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

/// How many statements this thread has sent to the register's database, through whichever connection: neither what
/// begins and ends a transaction nor what makes a connection ready. A request is answered on one thread, so that the
/// difference is what it asked.
pub fn statements() -> u64 {
    ASKED.get()
}

/// Begins or ends a transaction. Every one does both, whatever it is for: not counted.
pub(super) fn bound(c: &mut AnyConnection, statement: &str) -> QueryResult<()> {
    let before = ASKED.get();
    let done = c.batch_execute(statement);
    ASKED.set(before);
    done
}

/// Hears each statement that goes through a pool, and to which database it goes.
type Listener = fn(&Address, &str);

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Lets somebody hear the statements of all pools from now on, once in a process: tests ask how each is answered.
pub fn listen(listener: Listener) {
    LISTENER.get_or_init(|| listener);
}

struct Counting(Address);

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            ASKED.set(ASKED.get() + 1);
            if let Some(listener) = LISTENER.get() {
                listener(&self.0, &query.to_string());
            }
        }
    }
}

/// Makes connections for the pool.
#[derive(Debug)]
pub struct Manager(pub Address);

impl r2d2::ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, r2d2::Error> {
        let mut c = self.0.connect().map_err(r2d2::Error::ConnectionError)?;
        c.set_instrumentation(Counting(self.0.clone()));
        Ok(c)
    }
    fn is_valid(&self, c: &mut AnyConnection) -> Result<(), r2d2::Error> {
        c.ping().map_err(r2d2::Error::QueryError)
    }
    fn has_broken(&self, c: &mut AnyConnection) -> bool {
        // After a panic a transaction may be open still: such a connection is not used again.
        std::thread::panicking() || c.is_broken()
    }
}

pub type Pool = diesel::r2d2::Pool<Manager>;

/// The pool. It opens connections when they are needed, so that a database that is down does not stop the start.
pub fn pool(address: Address, size: u32) -> Pool {
    diesel::r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(5))
        .error_handler(Box::new(r2d2::LoggingErrorHandler))
        .build_unchecked(Manager(address))
}

/// The version of SQLite in this binary must hold the fix for lost commits in WAL mode.
pub fn check_sqlite(c: &mut AnyConnection) -> Result<(), Error> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = Text)]
        version: String,
    }
    if let AnyConnection::Sqlite(c) = c {
        let found: Version = diesel::sql_query("SELECT sqlite_version() AS version").get_result(c)?;
        let parts: Vec<u32> = found.version.split('.').filter_map(|p| p.parse().ok()).collect();
        if parts < vec![3, 51, 3] {
            return Err(Error::internal(format!("SQLite {} is older than 3.51.3", found.version)));
        }
    }
    Ok(())
}

/// What SQLite and PostgreSQL say when there is no room; SQLite's last is also what it says of a disk that fails.
const FULL: &[&str] = &["database or disk is full", "No space left on device", "disk I/O error"];

/// What libpq says when a server has gone, goes, or is not yet there.
const AWAY: &[&str] = &[
    "server closed the connection",
    "terminating connection",
    "no connection to the server",
    "connection to server",
    "could not receive data from server",
    "could not send data to server",
    "the database system is",
    "read-only transaction",
];

impl From<diesel::result::Error> for Error {
    fn from(e: diesel::result::Error) -> Self {
        use diesel::result::DatabaseErrorKind::{
            ClosedConnection, ForeignKeyViolation, ReadOnlyTransaction, SerializationFailure, UniqueViolation,
        };
        if let diesel::result::Error::DatabaseError(kind, info) = &e {
            let text = info.message();
            // Whoever looks at `readyz` is told where.
            if text.contains("the register has moved") {
                tracing::error!("the register has moved: this database takes nothing more");
                return Self::Unavailable { retry_after: 60 };
            }
            if FULL.iter().any(|full| text.contains(full)) {
                tracing::error!(cause = text, "there is no room for what is written, or the disk cannot be written");
                return Self::Full;
            }
            // PostgreSQL is away, or has become another: whoever asks again gets a new connection.
            if matches!(kind, ClosedConnection | ReadOnlyTransaction) || AWAY.iter().any(|away| text.contains(away)) {
                tracing::warn!(cause = text, "the connection to the database was lost");
                return Self::Unavailable { retry_after: 5 };
            }
            // SQLite's writer waited too long, or PostgreSQL chose this transaction to give way.
            if matches!(kind, SerializationFailure)
                || text.contains("database is locked")
                || text.contains("deadlock detected")
                || text.contains("lock timeout")
            {
                return Self::Unavailable { retry_after: 1 };
            }
            // A database that is empty, or older than this program: `readyz` says what to do about it.
            if ["no such table", "no such column"].iter().any(|missing| text.starts_with(missing))
                || (text.contains("does not exist") && ["relation", "column"].iter().any(|it| text.starts_with(it)))
            {
                tracing::warn!(cause = text, "the database is not migrated");
                return Self::Unavailable { retry_after: 30 };
            }
            // The verbs look before they write, so only another transaction can have come between.
            if matches!(kind, UniqueViolation | ForeignKeyViolation) {
                return Self::Outrun(text.to_owned());
            }
        }
        Self::internal(e)
    }
}

impl From<diesel::r2d2::PoolError> for Error {
    fn from(e: diesel::r2d2::PoolError) -> Self {
        tracing::warn!(cause = %e, "no connection to the database");
        Self::Unavailable { retry_after: 5 }
    }
}
