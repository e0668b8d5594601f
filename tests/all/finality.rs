//! The database itself refuses the application what must not be: to change history, by whichever statement.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, AnyConnection};
use serde_json::json;

use crate::kit::edits::{cell, cells};
use crate::kit::{Client, Directory, Serving, World, binary, both, postgres};

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

both! {
    /// Who takes away what keeps history from being changed has changed nothing yet, and is told all the same.
    fn what_keeps_history_final_is_held_too(world: &World) {
        let address = &world.config.database;
        let held = || verify(address, &Against::default()).map_err(|damage| damage.to_string());
        held().expect("it holds before");
        let mut c = address.connect().expect("the database can be reached");
        let mut told = |edit: &str, back: &str, of: &str| {
            c.batch_execute(edit).unwrap_or_else(|fault| panic!("{edit}: {fault}"));
            let said = held().expect_err(edit);
            assert!(said.starts_with(of), "{edit}: {said}");
            c.batch_execute(back).unwrap_or_else(|fault| panic!("{back}: {fault}"));
            held().expect("it holds again");
        };
        for (table, _, refused) in FINAL {
            match address {
                Address::Sqlite(_) => {
                    for way in refused.iter().filter(|way| matches!(**way, "UPDATE" | "DELETE")) {
                        let name = format!("{table}_no_{}", way.to_lowercase());
                        let trigger = format!("CREATE TRIGGER {name} BEFORE {way} ON {table} BEGIN SELECT");
                        let (drop, of) = (format!("DROP TRIGGER {name}"), format!("{table}: the trigger that refuses {way}"));
                        let back = format!("{trigger} RAISE(ABORT, '{table} are final'); END");
                        told(&drop, &back, &of);
                        // Another of the same name is not the same.
                        told(&format!("{drop}; {trigger} 1; END"), &format!("{drop}; {back}"), &of);
                    }
                }
                Address::Postgres(_) => {
                    let alter = |how: &str| format!("ALTER TABLE {table} {how} TRIGGER USER");
                    told(&alter("DISABLE"), &alter("ENABLE"), &format!("{table}: the trigger that refuses "));
                }
            }
        }
        if let Address::Postgres(_) = address {
            let body = |does: &str| {
                format!(
                    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN {does} END $$"
                )
            };
            let (nothing, refuses) = (body("RETURN NULL;"), body("RAISE EXCEPTION '% are final', TG_TABLE_NAME;"));
            told(&nothing, &refuses, "checkpoints: the trigger that refuses ");
            let right = |verb: &str, to: &str| format!("{verb} DELETE ON events {to} public");
            told(&right("GRANT", "TO"), &right("REVOKE", "FROM"), "events: the role public has the right to DELETE");
        }
    }
}

/// On PostgreSQL the application is another than the owner: it cannot even take the triggers away.
#[test]
fn the_applications_role_has_no_right_to_change_history() {
    let (directory, owner) = (Directory::new(), postgres::fresh_database());
    let role = format!("app_{}", uuid::Uuid::now_v7().simple());
    let (scheme, rest) = owner.split_once("://").expect("a URL");
    let application = format!("{scheme}://{role}:secret@{}", rest.split_once('@').map_or(rest, |(_, host)| host));
    let mut c = Address::Postgres(owner.clone()).connect().expect("the owner connects");
    c.batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'")).expect("a role can be made");
    let run = |arguments: &[&str]| {
        let mut command = binary(&directory.0, arguments);
        command.env("DATABASE_URL", &application).env("MIGRATION_DATABASE_URL", &owner);
        command.output().expect("the binary runs")
    };
    let init = run(&["init", "--name", "Region Exempel", "--kind", "region", "--admin", "admin@example.org"]);
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    assert!(run(&["migrate"]).status.success(), "a second time there is nothing to do");
    let mut c = Address::Postgres(application.clone()).connect().expect("the application connects");
    for sql in [
        "UPDATE events SET n = n",
        "DELETE FROM events",
        "TRUNCATE events CASCADE",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP TABLE events CASCADE",
        "UPDATE checkpoints SET number = number",
        "DELETE FROM signing_keys",
        "DELETE FROM heads",
        "UPDATE openings SET value = value",
        "SET session_replication_role = replica",
    ] {
        let told = c.batch_execute(sql).expect_err(sql).to_string();
        assert!(told.contains("permission denied") || told.contains("must be owner"), "{sql}: {told}");
    }
    // It serves all the same, and goes on writing.
    let mut serve = binary(&directory.0, &["serve"]);
    serve.env("DATABASE_URL", &application);
    let serving = Serving::start(serve);
    assert_eq!(Client::new(&serving.address, None).send_outside("GET", "/readyz", None).status, 200);
    let token = String::from_utf8(run(&["token", "admin@example.org"]).stdout).expect("a token");
    let admin = Client::new(&serving.address, Some(token.trim()));
    let root = admin.get("/organisations").expect(200).column("id")[0].to_owned();
    let board = json!({"parentId": root, "kind": "board", "name": "Kulturnämnden", "validFrom": "2024-01-01"});
    admin.post("/organisations", board).expect(201);
    verify(&Address::Postgres(application.clone()), &Against::default()).expect("it verifies");
    // Where both are one, it is told.
    let mut same = binary(&directory.0, &["migrate"]);
    let output = same.env("DATABASE_URL", &owner).env("MIGRATION_DATABASE_URL", &owner).output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("must be another role"));
}
