//! The database itself refuses the application what must not be: to change history, by whichever statement.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use riskregister::storage::AnyConnection;

use crate::kit::edits::{cell, cells};
use crate::kit::{World, both};

/// Each table, a column of it, and which statements are refused.
const FINAL: [(&str, &str, &[&str]); 8] = [
    ("events", "n", &["UPDATE", "DELETE", "REPLACE", "TRUNCATE"]),
    ("tree_nodes", "position", &["UPDATE", "DELETE", "REPLACE", "TRUNCATE"]),
    ("checkpoints", "number", &["UPDATE", "DELETE", "REPLACE", "TRUNCATE"]),
    ("signing_keys", "version", &["UPDATE", "DELETE", "REPLACE", "TRUNCATE"]),
    ("revisions", "number", &["UPDATE", "DELETE", "REPLACE", "TRUNCATE"]),
    ("sealed_files", "media_type", &["UPDATE", "DELETE", "REPLACE", "TRUNCATE"]),
    // Texts can be erased, and heads grow.
    ("openings", "value", &["UPDATE", "TRUNCATE"]),
    ("heads", "size", &["DELETE", "REPLACE", "TRUNCATE"]),
];

both! {
    fn the_application_cannot_change_history(world: &World) {
        let goal = world.goal(2024, "En ekonomi i balans");
        world.issue(2024, "risk", "Risk för oegentligheter", &goal);
        let plan = world.plan(2024);
        world.complete(&plan);
        world.decide(&plan);
        // As the service itself connects.
        let mut c = world.config.database.connect().expect("the database can be reached");
        let log = &world.board;
        let node = match c {
            AnyConnection::Sqlite(_) => format!("INSERT INTO tree_nodes VALUES ('{log}', 8, 0, x'00')"),
            AnyConnection::Postgres(_) => format!("INSERT INTO tree_nodes VALUES ('{log}', 8, 0, '\\x00')"),
        };
        for (table, column, refused) in FINAL {
            for way in refused {
                let statements = match (*way, &c) {
                    ("UPDATE", _) => vec![
                        format!("UPDATE {table} SET {column} = {column}"),
                        format!("UPDATE {table} SET {column} = {column} WHERE {column} IS NOT NULL"),
                    ],
                    ("DELETE", _) => vec![format!("DELETE FROM {table}")],
                    ("REPLACE", AnyConnection::Sqlite(_)) => vec![
                        format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
                        format!("REPLACE INTO {table} SELECT * FROM {table}"),
                    ],
                    ("TRUNCATE", AnyConnection::Postgres(_)) => vec![format!("TRUNCATE {table} CASCADE")],
                    // The other database has no such statement.
                    _ => continue,
                };
                for sql in statements {
                    c.batch_execute("BEGIN").expect("a transaction");
                    c.batch_execute(&node).expect("a node, so that there is one");
                    let there = cell(&mut c, &format!("SELECT CAST(count(*) AS TEXT) AS text FROM {table}"));
                    assert_ne!(there, "0", "{table} is empty: nothing would be tried");
                    let told = c.batch_execute(&sql).expect_err(&sql).to_string();
                    c.batch_execute("ROLLBACK").expect("it is taken back");
                    // With CASCADE the one that is refused may be a table that points here.
                    assert!(told.ends_with("are final"), "{sql}: {told}");
                }
            }
        }
        // Nor by way of what the history hangs on.
        for sql in ["DELETE FROM organisations", "DELETE FROM plans"] {
            diesel::sql_query(sql).execute(&mut c).expect_err(sql);
        }
        if matches!(c, AnyConnection::Postgres(_)) {
            let sql = format!(
                "INSERT INTO checkpoints SELECT * FROM checkpoints WHERE log_id = '{log}' \
                 ON CONFLICT (log_id, number) DO UPDATE SET note = 'x'"
            );
            diesel::sql_query(&sql).execute(&mut c).expect_err(&sql);
        }
        assert!(!cells(&mut c, "SELECT note AS text FROM checkpoints").contains(&Some("x".into())));
    }
}
