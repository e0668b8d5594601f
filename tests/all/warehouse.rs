//! The warehouse of `docs/integration`: its nightly job, run by Python as a region runs it, against a register that lives, and
//! what it has kept held row by row against what the API says. And the table of its fields, which is the contract's.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use riskregister::storage::Address;
use serde_json::{Value, json};

use crate::backups::{back_up, command, empty, grow, restored};
use crate::follow_up::Year;
use crate::kit::edits::cells;
use crate::kit::{Client, Databases, Directory, Serving, World, both, contract};
use crate::service_accounts::System;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/integration/warehouse.py");

/// A warehouse, and the account that its job signs in by.
struct Warehouse {
    directory: Directory,
    system: System,
}

impl Warehouse {
    fn of(world: &World) -> Self {
        Self { directory: Directory::new(), system: System::at(world, &world.root, &["read"]) }
    }

    fn file(&self) -> PathBuf {
        self.directory.0.join("warehouse.db")
    }

    /// The job, with Python and nothing but what it brings along.
    fn job(&self, address: &str) -> Command {
        let mut command = Command::new("python3");
        command
            .args(["-I", SCRIPT])
            .arg(self.file())
            .env("REGISTER", format!("{address}/api/v1"))
            .env("CLIENT_ID", &self.system.id)
            .env("CLIENT_SECRET", &self.system.secret)
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1");
        command
    }

    /// Runs it: what it says, and how many requests it has sent.
    #[track_caller]
    fn night(&self, address: &str) -> (String, u64) {
        let Output { status, stdout, stderr } = self.job(address).output().expect("python3 runs");
        let (said, told) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert!(status.success(), "{said}{told}");
        let requests = said.trim().strip_suffix(" requests").and_then(|said| said.rsplit(' ').next());
        (format!("{said}{told}"), requests.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{said}")))
    }

    /// What it has kept, table by table and row by row.
    fn kept(&self) -> BTreeMap<String, BTreeMap<String, Value>> {
        let address = Address::Sqlite(self.file().to_str().expect("a path in UTF-8").to_owned());
        let mut c = address.connect().expect("the warehouse can be opened");
        let tables = "SELECT name AS text FROM sqlite_schema WHERE type = 'table' AND name != 'state' ORDER BY name";
        let mut all = BTreeMap::new();
        for table in cells(&mut c, tables).into_iter().flatten() {
            let columns = cells(&mut c, &format!("SELECT name AS text FROM pragma_table_info('{table}') ORDER BY cid"));
            let pairs: Vec<String> = columns.iter().flatten().map(|name| format!("'{name}', \"{name}\"")).collect();
            let rows = cells(&mut c, &format!("SELECT json_object({}) AS text FROM {table}", pairs.join(", ")));
            let rows = rows.into_iter().flatten().map(|row| serde_json::from_str::<Value>(&row).expect("a row"));
            all.insert(table, rows.map(|row| (row["id"].as_str().expect("an id").to_owned(), row)).collect());
        }
        all
    }

    /// All of it is what the API says to the same account, and nothing else is there.
    #[track_caller]
    fn hold(&self, client: &Client) -> usize {
        let mut held = 0;
        let kept = self.kept();
        assert_eq!(kept.len(), 17, "{:?}", kept.keys());
        for (table, mut rows) in kept {
            for told in whole(client, &path_of(&table)) {
                let id = told["id"].as_str().expect("an id");
                let row = rows.remove(id).unwrap_or_else(|| panic!("{table} lacks {told}"));
                for (name, value) in row.as_object().expect("a row") {
                    assert_eq!(&as_told(value, &told[name]), &told[name], "{name} of {told} in {table}");
                }
                held += 1;
            }
            assert!(rows.is_empty(), "{table} has more than there is: {rows:?}");
        }
        held
    }
}

/// What stands in a table, as the API tells it.
fn as_told(kept: &Value, told: &Value) -> Value {
    match (kept, told) {
        (Value::Number(number), Value::Bool(_)) => json!(number.as_i64() == Some(1)),
        (Value::String(text), Value::Array(_) | Value::Object(_)) => serde_json::from_str(text).expect("JSON"),
        _ => kept.clone(),
    }
}

/// `controlReports` is the list `/control-reports`.
fn path_of(table: &str) -> String {
    let kebab = table.chars().fold(String::new(), |mut path, c| {
        if c.is_uppercase() {
            path.push('-');
        }
        path.extend(c.to_lowercase());
        path
    });
    format!("/{kebab}")
}

/// All things of a list.
fn whole(client: &Client, path: &str) -> Vec<Value> {
    let (mut all, mut page) = (Vec::new(), 1);
    loop {
        let answer = client.get(&format!("{path}?limit=200&page={page}")).expect(200);
        all.extend(answer.items().iter().cloned());
        if answer["total"].as_u64().is_some_and(|total| all.len() as u64 >= total) {
            return all;
        }
        page += 1;
    }
}

both! {
    fn a_large_list_comes_as_one_table(world: &World) {
        let plan = world.plan(2024);
        grow(world, &plan, 450);
        let risk = world.risks(&plan)[0]["id"].as_str().expect("an id").to_owned();
        let secrecy = json!({"provision": "18 kap. 13 § OSL", "date": "2024-02-01", "authority": "Kulturnämnden"});
        let form = json!({"name": "=1+1", "description": "- först\n- sedan", "irregularity": true, "secrecy": secrecy,
            "likelihood": 3, "consequence": 4});
        world.controller.patch_current(&format!("/risks/{risk}"), form).expect(200);
        let warehouse = Warehouse::of(world);
        let (said, requests) = warehouse.night(&world.address);
        assert!(requests < 30, "{said}");
        assert!(warehouse.hold(&warehouse.system.client(world)) > 450);
        let asked: Vec<Value> = warehouse.kept()["risks"].values().filter(|row| row["id"] == json!(risk)).cloned().collect();
        assert_eq!((&asked[0]["name"], &asked[0]["irregularity"]), (&json!("=1+1"), &json!(1)));
    }

    fn it_is_what_the_register_is_night_after_night(world: &World) {
        let plan = world.live();
        let warehouse = Warehouse::of(world);
        let reads = warehouse.system.client(world);
        let (said, _) = warehouse.night(&world.address);
        assert!(said.starts_with("all was read anew"), "{said}");
        let held = warehouse.hold(&reads);
        assert!(held > 100, "{held} rows");
        let (said, requests) = warehouse.night(&world.address);
        assert!(requests <= 10 && said.contains(" 2 lists or parts"), "nothing is new but that it signed in: {said}");
        warehouse.hold(&reads);

        // Things are changed, added and taken away, by which others are computed anew.
        let c = &world.controller;
        let path = |n: usize| {
            let risk = world.named(&plan, &format!("Brist på scener {n}"));
            format!("/risks/{}", risk["id"].as_str().expect("an id"))
        };
        c.post(&format!("{}/assessments", path(3)), json!({"likelihood": 1, "consequence": 1, "reason": "Bättre."})).expect(201);
        c.patch_current(&path(4), json!({"ownerId": world.head.id})).expect(200);
        let reports = ["controls", "actions"].map(|things| {
            let all = c.get(&format!("{}/{things}", path(6))).expect(200);
            format!("/{things}/{}/reports/annual", all.items()[0]["id"].as_str().expect("an id"))
        });
        let new = c.with("if-none-match", "*");
        let form = json!({"status": "performedWithDeviations", "comment": "=Två av tio", "counts": {"samples": 10, "faults": 2}});
        new.put(&reports[0], form).expect(201);
        new.put(&reports[1], json!({"status": "onPlan", "effect": "desired"})).expect(201);
        let goal = world.goal(2025, "Ett mål till");
        world.admin.patch_current(&format!("/goals/{goal}"), json!({"name": "Ett annat"})).expect(200);
        let indicator = whole(&reads, "/indicators")[0]["id"].as_str().expect("an id").to_owned();
        world.admin.patch_current(&format!("/indicators/{indicator}"), json!({"councilTarget": "<5%"})).expect(200);
        let later = world.carried(2025, &plan);
        let gone = world.risk(&later, &goal, "Försvinner", (3, 4)).id();
        world.control(&gone, "Försvinner också");
        let text = "Få scener, och en som läcker";
        let erased = world.risk(&later, &goal, "Gallras", (2, 4)).id();
        c.patch_current(&format!("/risks/{erased}"), json!({"description": text})).expect(200);
        warehouse.night(&world.address);
        warehouse.hold(&reads);
        c.delete_current(&format!("/risks/{gone}")).expect(204);
        let opinion = whole(&reads, "/audit-opinions")[0]["id"].as_str().expect("an id").to_owned();
        world.auditor.delete_current(&format!("/audit-opinions/{opinion}")).expect(204);
        let form = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious", "foundOn": "2024-05-02",
            "suspectedCrime": true});
        c.post("/deficiencies", form).expect(201);
        world.organisation(&world.board, "administration", "Ny förvaltning");
        warehouse.night(&world.address);
        warehouse.hold(&reads);

        // What is erased goes here too, to the last byte.
        let holds = || ["", "-wal"].iter().any(|end| {
            let bytes = std::fs::read(format!("{}{end}", warehouse.file().display())).unwrap_or_default();
            bytes.windows(text.len()).any(|part| part == text.as_bytes())
        });
        assert!(holds());
        let form = json!({"entity": "risk", "entityId": erased, "fields": ["description"], "decision": "KN 2026-1, § 4"});
        let asked = world.admin.post("/erasures", form).expect(201).id();
        let second = world.person_with("Ulla Andra", &world.root, "regionAdministrator", &world.root);
        second.post(&format!("/erasures/{asked}/confirmation"), json!({})).expect(200);
        warehouse.night(&world.address);
        warehouse.hold(&reads);
        assert!(!holds(), "an erased text lies in the file");

        // What leaves the plan takes along what was reported of it, and both come back when the revision is given up.
        c.post_current(&format!("/plans/{later}"), "/deletion", json!({"reason": "Fel år."})).expect(204);
        world.revise(&plan).expect(200);
        let left = reports[0].rsplit_once("/reports").expect("a path").0;
        let before = whole(&reads, "/control-reports").len();
        c.delete_current(left).expect(204);
        warehouse.night(&world.address);
        warehouse.hold(&reads);
        assert_eq!(whole(&reads, "/control-reports").len(), before - 1);
        c.post_current(&format!("/plans/{plan}"), "/abandonment", json!({"reason": "Behövs inte."})).expect(200);
        let (said, _) = warehouse.night(&world.address);
        assert!(!said.contains("all was read anew"), "{said}");
        warehouse.hold(&reads);
        assert_eq!(whole(&reads, "/control-reports").len(), before);

        // Below an organisation that has moved is what no event tells this account of.
        let moved = json!({"parentId": world.board});
        world.admin.patch_current(&format!("/organisations/{}", world.unit), moved).expect(200);
        let (said, _) = warehouse.night(&world.address);
        assert!(said.contains("organisations have moved"), "{said}");
        warehouse.hold(&reads);
    }

    fn a_register_that_was_put_back_is_read_anew(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        let warehouse = Warehouse::of(world);
        warehouse.night(&world.address);
        let directory = Directory::new();
        let (file, _) = back_up(&world.db, &directory);
        // What the warehouse has read since then is lost.
        let lost = world.control(&year.risk, "Går förlorad");
        let form = json!({"likelihood": 1, "consequence": 1, "reason": "Bättre."});
        world.controller.post(&format!("/risks/{}/assessments", year.risk), form).expect(201);
        warehouse.night(&world.address);
        assert!(warehouse.kept()["controls"].contains_key(&lost));
        let kind = if matches!(world.config.database, Address::Sqlite(_)) { Databases::Sqlite } else { Databases::Postgres };
        let database = empty(kind, &directory);
        restored(world, &directory, &file, &database);
        let serving = Serving::start(command(world, &directory, &database, &["serve"]));
        let (said, _) = warehouse.night(&serving.address);
        assert!(said.contains("put back from a backup"), "{said}");
        assert!(!warehouse.kept()["controls"].contains_key(&lost));
        let form = json!({"grant_type": "client_credentials", "client_id": warehouse.system.id,
            "client_secret": warehouse.system.secret});
        let token = Client::new(&serving.address, None).post_form("/oauth/token", form).expect(200).text("access_token");
        let reads = Client::new(&serving.address, Some(&token));
        warehouse.hold(&reads);
        let (said, requests) = warehouse.night(&serving.address);
        assert!(requests <= 10 && !said.contains("all was read anew"), "{said}");
    }

    fn who_stops_it_finds_what_was_there(world: &World) {
        world.live();
        let warehouse = Warehouse::of(world);
        let reads = warehouse.system.client(world);
        for _ in 0..3 {
            let mut running = warehouse.job(&world.address).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("python3 runs");
            // It has begun as soon as the file is there; where it then is goes by chance.
            while !warehouse.file().exists() && running.try_wait().expect("it is looked at").is_none() {
                std::thread::yield_now();
            }
            running.kill().expect("it is stopped");
            running.wait().expect("it has ended");
        }
        warehouse.night(&world.address);
        warehouse.hold(&reads);
    }
}

/// More than this account may ask for at once: it waits as long as it is told to, and comes to its end.
#[test]
fn it_waits_as_it_is_asked_to() {
    let world = World::with(Databases::Sqlite, |config| config.requests_per_minute = 17);
    let warehouse = Warehouse::of(&world);
    let (said, requests) = warehouse.night(&world.address);
    assert!(requests > 19, "nothing was refused: {said}");
    assert!(said.starts_with("all was read anew"), "{said}");
}

#[test]
fn its_own_examples_hold() {
    let output = Command::new("python3").args(["-m", "doctest", SCRIPT]).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The table of fields is what the script makes of the contract, now.
#[test]
fn the_fields_are_told_as_the_contract_tells_them() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = std::fs::read_to_string(top.join("docs/integration/fields.md")).expect("it is there");
    let mut script = Command::new("python3")
        .args(["-I", "scripts/fields", "-"])
        .current_dir(top)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let mut given = script.stdin.take().expect("stdin is piped");
    let written = contract().document.to_string();
    let writer = std::thread::spawn(move || given.write_all(written.as_bytes()));
    let made = script.wait_with_output().expect("it ends");
    writer.join().expect("a writer").expect("it is read");
    assert!(made.status.success());
    assert!(
        committed == String::from_utf8(made.stdout).expect("text"),
        "docs/integration/fields.md is not what the contract says: scripts/fields"
    );
    // The picture shows the tables that there are.
    let picture = std::fs::read_to_string(top.join("docs/integration/model.svg")).expect("it is there");
    for heading in committed.lines().filter_map(|line| line.strip_prefix("## ")) {
        assert!(picture.contains(&format!(">{heading}<")), "{heading} is not in the picture");
    }
}
