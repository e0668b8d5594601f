//! What keeps the application from changing history: triggers on both databases, and on PostgreSQL the rights of its
//! role. One list says which statements which table refuses; migrations make the triggers, [`Db::grant`] the rights, and
//! `verify` holds what is there against the list.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, SmallInt, Text};

use super::connection::AnyConnection;
use super::db::Db;
use super::migrations::LOCK;
use crate::error::{Error, Result};

/// What is refused of what nobody changes.
const ALL: &[&str] = &["UPDATE", "DELETE", "TRUNCATE"];

/// Tables whose rows are final, and which statements they refuse. SQLite has no TRUNCATE.
pub const FINAL: &[(&str, &[&str])] = &[
    ("checkpoints", ALL),
    ("events", ALL),
    // They grow.
    ("heads", &["DELETE", "TRUNCATE"]),
    // What is erased goes from here.
    ("openings", &["UPDATE", "TRUNCATE"]),
    ("revisions", ALL),
    ("sealed_files", ALL),
    ("signing_keys", ALL),
    ("tree_nodes", ALL),
    ("turns", ALL),
];

/// What PostgreSQL's triggers call, as the first migration makes it.
const REFUSES: &str = "BEGIN RAISE EXCEPTION '% are final', TG_TABLE_NAME; END";

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    of: String,
    /// PostgreSQL's `tgtype`: bits for row, before, and the statements.
    #[diesel(sql_type = SmallInt)]
    kind: i16,
    #[diesel(sql_type = Text)]
    body: String,
    /// Fires for everyone but replication, always and for every column.
    #[diesel(sql_type = Bool)]
    always: bool,
}

#[derive(QueryableByName)]
struct Right {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    statement: String,
}

/// PostgreSQL's bit for a statement, and that for BEFORE.
const BITS: [(&str, i16); 3] = [("DELETE", 8), ("UPDATE", 16), ("TRUNCATE", 32)];
const BEFORE: i16 = 2;
const ROW: i16 = 1;

/// The first thing that would let the application change history; none when nothing would.
pub(super) fn gap(c: &mut AnyConnection) -> QueryResult<Option<String>> {
    let missing = |table: &str, statement: &str| {
        Some(format!("{table}: the trigger that refuses {statement} is missing, or another than the register's"))
    };
    match c {
        AnyConnection::Sqlite(c) => {
            let there: Vec<Name> =
                diesel::sql_query("SELECT sql AS name FROM sqlite_schema WHERE type = 'trigger'").load(c)?;
            for (table, statements) in FINAL {
                for statement in statements.iter().filter(|statement| **statement != "TRUNCATE") {
                    let sql = format!(
                        "CREATE TRIGGER {table}_no_{} BEFORE {statement} ON {table} \
                         BEGIN SELECT RAISE(ABORT, '{table} are final'); END",
                        statement.to_lowercase()
                    );
                    if there.iter().all(|trigger| trigger.name != sql) {
                        return Ok(missing(table, statement));
                    }
                }
            }
        }
        AnyConnection::Postgres(c) => {
            let there: Vec<Trigger> = diesel::sql_query(
                "SELECT t.tgrelid::regclass::text AS of, t.tgtype AS kind, p.prosrc AS body, \
                 (t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = ''::int2vector) AS always \
                 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class r ON r.oid = t.tgrelid \
                 JOIN pg_namespace s ON s.oid = r.relnamespace \
                 WHERE NOT t.tgisinternal AND s.nspname = current_schema()",
            )
            .load(c)?;
            for (table, statements) in FINAL {
                for (statement, bit) in BITS.iter().filter(|(statement, _)| statements.contains(statement)) {
                    let refuses = |t: &&Trigger| {
                        let right = t.kind & ROW == 0 && t.kind & BEFORE != 0 && t.kind & bit != 0;
                        t.of == *table && right && t.always && t.body.trim() == REFUSES
                    };
                    if !there.iter().any(|trigger| refuses(&trigger)) {
                        return Ok(missing(table, statement));
                    }
                }
            }
            // The owner has every right and can take triggers away; who is given one needs neither.
            let given: Vec<Right> = diesel::sql_query(
                "SELECT coalesce(g.rolname::text, 'public') AS role, r.relname::text AS of, \
                 a.privilege_type AS statement FROM pg_class r JOIN pg_namespace s ON s.oid = r.relnamespace \
                 CROSS JOIN LATERAL aclexplode(r.relacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee \
                 WHERE s.nspname = current_schema() AND a.grantee <> r.relowner ORDER BY 2, 1, 3",
            )
            .load(c)?;
            for Right { role, of, statement } in given {
                let held = FINAL.iter().find(|(table, _)| *table == of);
                if held.is_some_and(|(_, statements)| statements.contains(&statement.as_str())) {
                    return Ok(Some(format!("{of}: the role {role} has the right to {statement}")));
                }
            }
        }
    }
    Ok(None)
}

impl Db {
    /// The role that this connects as; PostgreSQL alone has roles.
    pub fn role(&self) -> Result<Option<String>> {
        let mut c = self.address.connect().map_err(Error::internal)?;
        match &mut c {
            AnyConnection::Sqlite(_) => Ok(None),
            AnyConnection::Postgres(c) => {
                let row: Name = diesel::sql_query("SELECT current_user::text AS name").get_result(c)?;
                Ok(Some(row.name))
            }
        }
    }

    /// Lets a role of PostgreSQL do what the application does, and no more: it adds to history and changes none of it.
    /// Called as the owner of the tables.
    pub fn grant(&self, role: &str) -> Result<()> {
        let mut c = self.address.connect().map_err(Error::internal)?;
        let AnyConnection::Postgres(c) = &mut c else { return Ok(()) };
        let quoted = format!("\"{}\"", role.replace('"', "\"\""));
        let tables: Vec<Name> = diesel::sql_query(
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
        )
        .load(c)?;
        c.transaction::<_, Error, _>(|c| {
            // As long as it takes: two at once would fall over each other's rows.
            c.batch_execute(&format!("SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({LOCK})"))?;
            for Name { name } in tables {
                let refused = FINAL.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, refused)| refused);
                let changes = ["UPDATE", "DELETE"].into_iter().filter(|statement| !refused.contains(statement));
                let may = match name.as_str() {
                    "__diesel_schema_migrations" => "SELECT".to_owned(),
                    _ => ["SELECT", "INSERT"].into_iter().chain(changes).collect::<Vec<_>>().join(", "),
                };
                c.batch_execute(&format!(
                    "REVOKE ALL ON \"{name}\" FROM {quoted}; GRANT {may} ON \"{name}\" TO {quoted};"
                ))?;
            }
            Ok(())
        })
    }

    /// Whether the database lets this role change history, were it not for triggers that the role can take away.
    pub fn may_change_history(&self) -> Result<bool> {
        let mut c = self.pool.get()?;
        match &mut *c {
            // The file's owner can do anything with it; `verify` tells.
            AnyConnection::Sqlite(_) => Ok(false),
            AnyConnection::Postgres(c) => {
                let row: Name =
                    diesel::sql_query("SELECT has_table_privilege('events', 'DELETE')::text AS name").get_result(c)?;
                Ok(row.name == "true")
            }
        }
    }
}
