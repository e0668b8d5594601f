//! A register as the very first version made it goes on: its history is taken up as it lies, and not touched.

use diesel::connection::SimpleConnection;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, AnyConnection, Db};
use serde_json::json;

use crate::kit::edits::cells;
use crate::kit::{Client, Databases, Directory, Serving, Start, binary, both, postgres, signing_key};

/// An empty database of an operator's own.
struct Empty {
    directory: Directory,
    address: Address,
    url: String,
}

impl Start for Empty {
    fn on(databases: Databases) -> Self {
        let directory = Directory::new();
        let url = match databases {
            Databases::Sqlite => format!("sqlite://{}", directory.0.join("register.db").display()),
            Databases::Postgres => postgres::fresh_database(),
        };
        Self { directory, address: Address::parse(&url).expect("an address"), url }
    }
}

impl Empty {
    fn connect(&self) -> AnyConnection {
        self.address.connect().expect("the database can be reached")
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = binary(&self.directory.0, arguments);
        command
            .env("DATABASE_URL", &self.url)
            .env("RISKREGISTER_SECRET", "0123456789abcdef0123456789abcdef")
            .env("RISKREGISTER_SIGNING_KEY", signing_key().text());
        command
    }

    fn printed(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the binary runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }
}

/// Every row of the history as the first version kept it, each value as SQL writes it.
fn history(c: &mut AnyConnection) -> Vec<String> {
    let events = "log_id n time actor_kind actor_id kind entity entity_id organisation_id schema_version body";
    let openings = "commitment log_id n pointer entity_id salt value";
    let mut all = Vec::new();
    for (table, columns) in [("events", events), ("openings", openings)] {
        let values: Vec<String> = columns
            .split(' ')
            .map(|column| match c {
                AnyConnection::Sqlite(_) => format!("quote({column})"),
                AnyConnection::Postgres(_) => format!("quote_nullable({column}::text)"),
            })
            .collect();
        let rows = cells(c, &format!("SELECT {} AS text FROM {table} ORDER BY 1", values.join(" || ',' || ")));
        assert!(rows.len() > 20, "{table} has rows");
        all.extend(rows.into_iter().flatten());
    }
    all
}

/// Every table, column and trigger.
fn schema(c: &mut AnyConnection) -> Vec<Option<String>> {
    let sql = match c {
        AnyConnection::Sqlite(_) => "SELECT type || name || coalesce(sql, '') AS text FROM sqlite_master ORDER BY 1",
        AnyConnection::Postgres(_) => {
            "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS text \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT event_object_table || ' ' || trigger_name || ' ' || event_manipulation AS text \
             FROM information_schema.triggers UNION ALL SELECT indexdef AS text FROM pg_indexes \
             WHERE schemaname = 'public' ORDER BY 1"
        }
    };
    cells(c, sql)
}

both! {
    fn a_register_of_the_first_version_goes_on(empty: &Empty) {
        let mut c = empty.connect();
        let first = match c {
            AnyConnection::Sqlite(_) => include_str!("fixtures/first-sqlite.sql"),
            AnyConnection::Postgres(_) => include_str!("fixtures/first-postgres.sql"),
        };
        c.batch_execute(first).expect("the register can be laid down");
        let before = history(&mut c);
        let db = Db::new(empty.address.clone(), 2);
        assert!(!db.migrate().expect("it can be migrated").is_empty());
        assert_eq!(history(&mut c), before, "the history lies as it lay");
        let counts = verify(&empty.address, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
        let events = before.iter().filter(|row| !row.contains("'/")).count() as u64;
        assert!(counts.events > 20 && counts.events <= events, "{counts}");
        assert_eq!(counts.checkpoints, 0, "nobody has signed it yet");
        // Once more changes nothing.
        assert!(db.migrate().expect("it is migrated").is_empty());

        // The service runs on it, and goes on writing.
        let serving = Serving::start(empty.command(&["serve"]));
        let token = empty.printed(&["token", "admin@example.org"]);
        let admin = Client::new(&serving.address, Some(token.trim()));
        let all = admin.get("/organisations").expect(200);
        let root = all.items().iter().find(|one| one["parentId"].is_null()).expect("a root")["id"].clone();
        for year in [2027, 2028] {
            let goal = json!({"organisationId": root, "year": year, "name": "Ett nytt mål"});
            admin.post("/goals", goal).expect(201);
        }
        for organisation in all.items() {
            let path = format!("/organisations/{}", organisation["id"].as_str().expect("an id"));
            admin.patch_current(&path, json!({"abbreviation": "ÅÄÖ"})).expect(200);
        }
        assert!(serving.stop(), "it stops in peace");
        let after = history(&mut c);
        assert!(after.len() > before.len(), "it has written");
        assert!(before.iter().all(|row| after.contains(row)), "and changed nothing of what there was");
        db.clone().signing(riskregister::storage::logs::Signer {
            key: signing_key(),
            directory: empty.directory.0.join("checkpoints"),
        })
        .make_checkpoints()
        .expect("checkpoints can be made");
        let now = verify(&empty.address, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
        assert!(now.events > counts.events && now.checkpoints >= 1, "{now}");
        assert!(empty.printed(&["verify"]).ends_with("OK\n"));
    }

    fn every_migration_goes_down_and_up_again(empty: &Empty) {
        let db = Db::new(empty.address.clone(), 2);
        db.migrate().expect("an empty database can be migrated");
        let made = schema(&mut empty.connect());
        db.unmake().expect("it can be taken away");
        let left = schema(&mut empty.connect());
        let left: Vec<&String> = left.iter().flatten().filter(|line| !line.contains("__diesel_schema_migrations")).collect();
        assert_eq!(left, Vec::<&String>::new(), "nothing is left");
        db.migrate().expect("it can be made again");
        assert_eq!(schema(&mut empty.connect()), made);
        // With a register in it, too.
        let init = ["init", "--name", "Region Exempel", "--kind", "region", "--admin", "admin@example.org"];
        empty.printed(&init);
        verify(&empty.address, &Against::default()).expect("a new register holds");
        db.unmake().expect("it can be taken away");
        db.migrate().expect("it can be made again");
        empty.printed(&init);
        verify(&empty.address, &Against::default()).expect("a new register holds");
    }
}

/// Two with the same number would be taken for one, and the second never run.
#[test]
fn each_migration_has_a_number_of_its_own_and_stands_in_both_databases() {
    let names = |database: &str| -> Vec<String> {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/").to_owned() + database;
        let mut names: Vec<String> = std::fs::read_dir(directory)
            .expect("there are migrations")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .collect();
        names.sort();
        names
    };
    let all = names("sqlite");
    assert_eq!(all, names("postgres"));
    let mut numbers: Vec<&str> = all.iter().map(|name| name.split('_').next().unwrap_or_default()).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), all.len(), "{all:?}");
}
