//! Gallring: a text goes everywhere it is kept, and the history still verifies and shows that it went.

use std::collections::{BTreeMap, BTreeSet};

use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, AnyConnection};
use serde_json::{Value, json};

use crate::backups::{back_up, command, does, register_of, url};
use crate::kit::edits::cells;
use crate::kit::{Client, Databases, Directory, Person, Start, World, both};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables where a text stands, by looking into every column of every row.
fn tables_with(world: &World, text: &str) -> Vec<String> {
    let mut c = world.config.database.connect().expect("the database can be reached");
    let names = match &world.config.database {
        Address::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        Address::Postgres(_) => {
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        }
    };
    let names: Vec<Name> = diesel::sql_query(names).load(&mut c).expect("the tables can be listed");
    names.into_iter().map(|n| n.name).filter(|table| count_in(&mut c, table, text) > 0).collect()
}

fn count_in(c: &mut AnyConnection, table: &str, text: &str) -> i64 {
    let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    let query = match c {
        AnyConnection::Sqlite(_) => {
            let columns = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns: Vec<Name> = diesel::sql_query(columns).load(c).expect("the columns can be listed");
            let any: Vec<String> = columns
                .iter()
                .map(|column| format!("instr(hex(CAST(\"{}\" AS BLOB)), upper('{hex}')) > 0", column.name))
                .collect();
            format!("SELECT count(*) AS n FROM \"{table}\" WHERE {}", any.join(" OR "))
        }
        AnyConnection::Postgres(_) => format!(
            "SELECT count(*) AS n FROM \"{table}\" t WHERE position('{text}' IN t::text) > 0 OR position('{hex}' IN t::text) > 0"
        ),
    };
    diesel::sql_query(query).get_result::<Count>(c).expect("the rows can be counted").n
}

fn second(world: &World) -> Person {
    world.person_with("Anna Andra", &world.root, "regionAdministrator", &world.root)
}

fn ask(world: &World, entity: &str, id: &str, fields: Value) -> Value {
    json!({"entity": entity, "entityId": id, "fields": fields, "decision": format!("RS 2026-{}, § 4", world.root.len())})
}

/// Asked for by one, confirmed by another.
fn erase(world: &World, by: &Client, form: Value) -> Value {
    let asked = world.admin.post("/erasures", form).expect(201);
    by.post(&format!("/erasures/{}/confirmation", asked.id()), json!({})).expect(200).json
}

both! {
    fn a_text_goes_everywhere_it_is_kept(world: &World) {
        let (first, then) = ("Hemligtorp i Bortby", "Sedermera Nånstans");
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let keyed = world.controller.with("idempotency-key", "en nyckel");
        let mut form = world.risk_form(&goal, "En risk", (3, 4));
        form["description"] = json!(first);
        let risk = keyed.post(&format!("/plans/{plan}/risks"), form).expect(201).id();
        let path = format!("/risks/{risk}");
        world.controller.patch_current(&path, json!({"description": then})).expect(200);
        assert!(tables_with(world, first).contains(&"openings".to_owned()));
        assert!(tables_with(world, first).contains(&"idempotency".to_owned()), "the kept answer holds it");
        let before = world.auditor.get(&format!("/logs/{}", world.board)).expect(200);
        let told = erase(world, &second(world), ask(world, "risk", &risk, json!(["description"])));
        assert_eq!(told["commitments"].as_array().map(Vec::len), Some(3), "each time it was told of");
        assert_eq!(told["sealedFiles"], json!([]));
        for text in [first, then] {
            assert_eq!(tables_with(world, text), Vec::<String>::new());
        }
        let now = world.controller.get(&path).expect(200);
        assert_eq!((now["description"].clone(), now["name"].clone()), (json!("[gallrad]"), json!("En risk")));
        // The history is what it was, and one event longer for the text.
        let log = world.auditor.get(&format!("/logs/{}", world.board)).expect(200);
        let proof = format!("/logs/{}/consistency?from={}", world.board, before["size"]);
        assert_eq!(world.auditor.get(&proof).expect(200)["fromRoot"], before["root"]);
        assert_eq!(log["size"].as_i64(), before["size"].as_i64().map(|n| n + 1));
        let query = format!("/logs/{}/events?kind=text.erased", world.board);
        let event = world.auditor.get(&query).expect(200)["items"][0]["event"].clone();
        assert_eq!(event["before"].get("description"), None, "it is not told once more");
        let counts = verify(&world.config.database, &Against::default()).expect("it verifies");
        assert_eq!(counts.erased, 3);
        // Of the past, too, nothing but that there was something.
        let time = log["lastTime"].as_str().expect("a time");
        let then = world.controller.get(&format!("{path}?asOf={time}")).expect(200);
        assert_eq!(then["description"], "[gallrad]");
        let early = event["time"].as_str().expect("a time");
        world.controller.get(&format!("{path}?asOf={early}")).expect(200);
    }

    fn a_person_is_forgotten_and_their_deeds_are_not(world: &World) {
        let performer = &world.performer.id;
        world.admin.patch_current(&format!("/users/{performer}"), json!({"active": false})).expect(200);
        erase(world, &second(world), ask(world, "user", performer, json!(["name", "email", "subject"])));
        let left = world.admin.get(&format!("/users/{performer}")).expect(200);
        assert_eq!((left["name"].clone(), left["active"].clone()), (json!("[gallrad]"), json!(false)));
        assert_eq!(tables_with(world, "Per Utförare"), Vec::<String>::new());
        assert_eq!(tables_with(world, &world.performer.email), Vec::<String>::new());
        // Another one can be forgotten as well: no two share what stands there instead.
        let reader = &world.reader.id;
        let again = world.admin.post("/erasures", ask(world, "user", reader, json!(["name", "email"]))).expect(201);
        let third = world.person_with("Tredje Admin", &world.root, "regionAdministrator", &world.root);
        third.post(&format!("/erasures/{}/confirmation", again.id()), json!({})).expect(200);
    }

    fn what_is_gone_already_is_erased_from_its_history(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let risk = world.risk(&plan, &goal, "Borttagen Sekretess", (1, 1)).id();
        world.controller.delete_current(&format!("/risks/{risk}")).expect(204);
        assert_eq!(tables_with(world, "Borttagen Sekretess"), ["openings"]);
        erase(world, &second(world), ask(world, "risk", &risk, json!(["name"])));
        assert_eq!(tables_with(world, "Borttagen Sekretess"), Vec::<String>::new());
    }

    fn sealed_documents_are_public_records_and_are_named(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let risk = world.risk(&plan, &goal, "Förseglad Felskrivning", (3, 4)).id();
        world.complete(&plan);
        world.decide(&plan);
        let revision = world.controller.get(&format!("/plans/{plan}/revisions/1")).expect(200);
        let told = erase(world, &second(world), ask(world, "risk", &risk, json!(["name"])));
        let named = told["sealedFiles"].as_array().expect("a list");
        for hash in ["snapshotSha256", "documentSha256"] {
            assert!(named.contains(&revision[hash]), "{hash} in {named:?}");
        }
        world.controller.with("accept", "application/json").get(&format!("/plans/{plan}/revisions/1/document")).expect(200);
        let refused = ask(world, "revision", &revision.id(), json!(["decidingBoard"]));
        world.admin.post("/erasures", refused).expect(422);
    }

    fn it_takes_two_administrators_of_the_region(world: &World) {
        let form = || ask(world, "user", &world.reader.id, json!(["name"]));
        for person in [&world.controller, &world.head, &world.auditor, &world.reader, &world.stranger] {
            person.post("/erasures", form()).expect(403);
        }
        let body = world.person_with("Bo Bolag", &world.board, "regionAdministrator", &world.board);
        body.post("/erasures", form()).expect(403);
        let asked = world.admin.post("/erasures", form()).expect(201);
        let path = format!("/erasures/{}", asked.id());
        world.admin.post(&format!("{path}/confirmation"), json!({})).expect(409);
        body.post(&format!("{path}/confirmation"), json!({})).expect(404);
        let auditor = world.person_with("Rita Revisor", &world.root, "auditor", &world.root);
        auditor.get(&path).expect(200);
        auditor.post(&format!("{path}/confirmation"), json!({})).expect(403);
        assert_eq!(world.admin.get(&format!("/users/{}", world.reader.id)).expect(200)["name"], "Lisa Läsare");
        let other = second(world);
        other.post(&format!("{path}/confirmation"), json!({})).expect(200);
        other.post(&format!("{path}/confirmation"), json!({})).expect(409);
        assert_eq!(auditor.get("/erasures").expect(200)["total"], 1);
        assert_eq!(world.auditor.get("/erasures").expect(200)["total"], 0, "a body's auditor");
    }

    fn a_request_is_taken_back_before_it_is_carried_out(world: &World) {
        let (other, third) = (second(world), world.person_with("Tina Tredje", &world.root, "regionAdministrator", &world.root));
        let ask_for = |field: &str| {
            let asked = world.admin.post("/erasures", ask(world, "user", &world.reader.id, json!([field]))).expect(201);
            format!("/erasures/{}", asked.id())
        };
        let reason = || json!({"reason": "Beslutet gällde Lisa Läsares namne"});
        let (own, anothers) = (ask_for("name"), ask_for("email"));
        world.admin.post(&format!("{own}/withdrawal"), json!({})).expect(422);
        world.controller.post(&format!("{own}/withdrawal"), reason()).expect(404);
        let auditor = world.person_with("Rita Revisor", &world.root, "auditor", &world.root);
        auditor.post(&format!("{own}/withdrawal"), reason()).expect(403);
        // By whoever asked, and by somebody else.
        for (path, by, id) in [(&own, &world.admin, &world.admin_id), (&anothers, &other.client, &other.id)] {
            let told = by.post(&format!("{path}/withdrawal"), reason()).expect(200);
            assert_eq!((told["withdrawnById"].clone(), told["confirmedAt"].clone()), (json!(id), Value::Null));
            assert_eq!(auditor.get(path).expect(200).json, told.json);
            let refused = third.post(&format!("{path}/confirmation"), json!({})).expect(409);
            assert_eq!(refused["code"], "withdrawn", "{}", refused.json);
            third.post(&format!("{path}/withdrawal"), reason()).expect(409);
        }
        assert_eq!(world.admin.get(&format!("/users/{}", world.reader.id)).expect(200)["name"], "Lisa Läsare");
        let events = world.admin.get(&format!("/logs/{}/events?kind=erasure.withdrawn", world.root)).expect(200);
        assert_eq!(events.items().len(), 2, "{}", events.json);
        // The reason is a text, and so no clear part of the event.
        assert!(events["items"][0]["event"]["reason"]["commitment"].is_string());
        // What has been carried out is not taken back.
        let done = ask_for("name");
        other.post(&format!("{done}/confirmation"), json!({})).expect(200);
        let refused = world.admin.post(&format!("{done}/withdrawal"), reason()).expect(409);
        assert_eq!(refused["code"], "alreadyErased", "{}", refused.json);
        verify(&world.config.database, &Against::default()).expect("it verifies");
    }

    fn every_fault_of_a_request_is_named(world: &World) {
        let fault = |form: Value| world.admin.post("/erasures", form).expect(422).json["errors"].clone();
        let nobody = "0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11";
        let told = fault(ask(world, "user", nobody, json!(["shoeSize", "name", "language"])));
        assert_eq!(told.as_array().map(Vec::len), Some(3), "{told}");
        let told = fault(ask(world, "grant", nobody, json!(["role"])));
        assert_eq!(told[0]["code"], "nothingToErase");
        fault(json!({"entity": "user"}));
        // A thing of another kind is not this one.
        fault(ask(world, "user", &world.board, json!(["name"])));
    }

    fn what_has_been_erased_can_be_asked_for_again(world: &World) {
        let (goal, other) = (world.goal(2024, "Hemligt mål"), second(world));
        let path = format!("/goals/{goal}");
        let count = |told: Value| told["commitments"].as_array().map(Vec::len);
        let again = || count(erase(world, &other, ask(world, "goal", &goal, json!(["name"]))));
        assert_eq!(again(), Some(1));
        assert_eq!(again(), Some(0), "what stands there instead is no text");
        verify(&world.config.database, &Against::default()).expect("it verifies");
        world.admin.patch_current(&path, json!({"name": "Ett nytt namn"})).expect(200);
        assert_eq!(again(), Some(1), "a name that came after it goes too");
        assert_eq!(world.admin.get(&path).expect(200)["name"], "[gallrad]");
        assert_eq!(tables_with(world, "Ett nytt namn"), Vec::<String>::new());
    }

    fn a_reason_is_a_text_too(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        world.risk(&plan, &goal, "En risk", (3, 4));
        world.complete(&plan);
        world.propose(&plan).expect(200);
        let reason = "Återsänd av Namngiven Person";
        world.controller.post(&format!("/plans/{plan}/return"), json!({"reason": reason})).expect(200);
        erase(world, &second(world), ask(world, "plan", &plan, json!(["reason", "returnReason"])));
        assert_eq!(tables_with(world, reason), Vec::<String>::new());
    }
}

/// Every column of every row of an SQLite file, as text, but for what is sealed.
fn all_said(file: &std::path::Path) -> String {
    let address = Address::Sqlite(file.to_str().expect("UTF-8").into());
    let mut c = address.connect().expect("it opens");
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sealed_files'";
    let tables: Vec<Name> = diesel::sql_query(names).load(&mut c).expect("the tables can be listed");
    let mut said = String::new();
    for Name { name: table } in tables {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        let columns: Vec<Name> = diesel::sql_query(columns).load(&mut c).expect("the columns can be listed");
        for Name { name } in columns {
            // What is no text, as it is: bytes whose text is not broken.
            let all = cells(&mut c, &format!("SELECT hex(\"{name}\") AS text FROM \"{table}\""));
            all.into_iter().flatten().for_each(|hex| {
                let bytes = hex
                    .as_bytes()
                    .chunks(2)
                    .filter_map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
                said.push_str(&String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()));
                said.push('\n');
            });
        }
    }
    said
}

/// Every text that the history keeps to itself: what kind of thing it is of, its id, the field, and what it says.
fn texts_of(world: &World) -> Vec<(String, String, String, String)> {
    let mut c = world.config.database.connect().expect("the database can be reached");
    let parts = ["e.entity", "CAST(o.entity_id AS TEXT)", "o.pointer", "o.value"];
    let mut columns = parts.map(|part| {
        let from = "openings o JOIN events e ON e.log_id = o.log_id AND e.n = o.n ORDER BY o.commitment";
        cells(&mut c, &format!("SELECT {part} AS text FROM {from}")).into_iter().flatten()
    });
    let mut all = Vec::new();
    while let [Some(entity), Some(id), Some(pointer), Some(value)] = columns.each_mut().map(Iterator::next) {
        let field = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        all.push((entity, id, field, value));
    }
    all
}

both! {
    /// All of a lived register that can be erased is, and then it stands in no row, no backup and no export; nor, where files
    /// are ours, in any of them, served and stopped.
    fn what_is_erased_is_in_no_copy(world: &World) {
        world.live();
        let other = world.person_with("Nils Nytillkommen", &world.root, "regionAdministrator", &world.root);
        let mut things: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        let mut texts: BTreeSet<String> = BTreeSet::new();
        // What they act by stays until the end.
        let acting = [&world.admin_id, &other.id];
        for (entity, id, field, value) in texts_of(world) {
            if !acting.contains(&&id) {
                things.entry((entity, id)).or_default().insert(field);
                if let Ok(text) = serde_json::from_str::<String>(&value) {
                    texts.insert(text.lines().next().unwrap_or_default().to_owned());
                }
            }
        }
        let mut stays = BTreeSet::new();
        for ((entity, id), fields) in &things {
            let mut fields: Vec<&String> = fields.iter().collect();
            let asked = world.admin.post("/erasures", ask(world, entity, id, json!(fields)));
            let asked = if asked.status == 422 {
                // What is no text that can be erased is named: a board's decision, say.
                let named: Vec<String> = asked["errors"].as_array().into_iter().flatten().map(|fault| fault["pointer"].to_string()).collect();
                let kept: Vec<&String> = fields.iter().enumerate().filter(|(n, _)| !named.iter().any(|at| at.contains(&format!("/fields/{n}\"")))).map(|(_, field)| *field).collect();
                fields = if kept.len() == fields.len() { Vec::new() } else { kept };
                if fields.is_empty() {
                    stays.insert((entity.clone(), id.clone()));
                    continue;
                }
                world.admin.post("/erasures", ask(world, entity, id, json!(fields)))
            } else {
                asked
            };
            let asked = asked.expect(201).id();
            other.post(&format!("/erasures/{asked}/confirmation"), json!({})).expect(200);
        }
        let left: BTreeSet<String> = texts_of(world).into_iter().filter_map(|(.., value)| serde_json::from_str(&value).ok()).collect();
        // What a thing says that cannot be erased, and what is told of the erasure itself, is no secret.
        texts.retain(|text| text.chars().count() >= 12 && !left.iter().any(|stays| stays.contains(text.as_str())));
        assert!(texts.len() > 40, "{texts:#?}");
        let directory = Directory::new();
        let (backup, _) = back_up(&world.db, &directory);
        let export = directory.0.join("export.db");
        does(command(world, &directory, &url(&world.config.database), &["export", export.to_str().expect("UTF-8")]));
        for file in [register_of(&backup, &directory), export] {
            let said = all_said(&file);
            let found: Vec<&String> = texts.iter().filter(|text| said.contains(text.as_str())).collect();
            assert!(found.is_empty(), "{}: {found:#?}", file.display());
        }
        if let Address::Sqlite(file) = &world.config.database {
            let mut c = world.config.database.connect().expect("the file can be opened");
            let sealed = cells(&mut c, "SELECT hex(content) AS text FROM sealed_files").into_iter().flatten().collect::<String>();
            let directory = std::path::Path::new(file).parent().expect("a directory");
            let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
            for text in texts.iter().filter(|text| !sealed.contains(&hex(text))) {
                assert_eq!(files_with(directory, text), Vec::<String>::new(), "{text}");
            }
        }
    }
}

/// Whoever takes out an opening without an erasure has damaged the register, and so has whoever puts one back.
#[test]
fn an_opening_that_nobody_erased_is_damage() {
    let world = World::on(Databases::Sqlite);
    let other = second(&world);
    erase(&world, &other, ask(&world, "user", &world.reader.id, json!(["name"])));
    let run = |sql: &str| {
        let mut c = world.config.database.connect().expect("the file can be opened");
        diesel::sql_query(sql).execute(&mut c).expect("it can be done")
    };
    verify(&world.config.database, &Against::default()).expect("it verifies");
    run("CREATE TABLE aside AS SELECT * FROM openings WHERE pointer = '/after/email' LIMIT 1");
    assert_eq!(run("DELETE FROM openings WHERE commitment IN (SELECT commitment FROM aside)"), 1);
    let damage = verify(&world.config.database, &Against::default()).expect_err("an opening is gone");
    assert!(damage.to_string().contains("/after/email"), "{damage}");
    world.damaged.store(true, std::sync::atomic::Ordering::Relaxed);
}

/// Whether a text stands in any file of the register's directory, as bytes.
fn files_of(world: &World, text: &str) -> Vec<String> {
    let Address::Sqlite(file) = &world.config.database else { unreachable!("only SQLite has files of ours") };
    files_with(std::path::Path::new(file).parent().expect("a directory"), text)
}

/// Whether a text stands in any file of a directory, as bytes.
fn files_with(directory: &std::path::Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the directory can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|at| at == text.as_bytes()))
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// `grep` in the files, while they are served, finds what has not been erased and nothing of what has.
#[test]
fn no_file_holds_what_was_erased() {
    let world = World::on(Databases::Sqlite);
    let (first, then, stays) = ("Hemligtorp i Bortby", "Sedermera Nånstans", "Detta står kvar");
    let plan = world.plan(2024);
    let goal = world.goal(2024, "God vård");
    let mut form = world.risk_form(&goal, stays, (3, 4));
    form["description"] = json!(format!("{first} {}", "och mer därtill ".repeat(400)));
    let keyed = world.controller.with("idempotency-key", "en nyckel");
    let risk = keyed.post(&format!("/plans/{plan}/risks"), form).expect(201).id();
    world.controller.patch_current(&format!("/risks/{risk}"), json!({"description": then})).expect(200);
    for text in [first, then, stays] {
        assert_ne!(files_of(&world, text), Vec::<String>::new(), "{text}");
    }
    erase(&world, &second(&world), ask(&world, "risk", &risk, json!(["description"])));
    for text in [first, then, "och mer därtill"] {
        assert_eq!(files_of(&world, text), Vec::<String>::new(), "{text}");
    }
    assert_ne!(files_of(&world, stays), Vec::<String>::new());
}

/// When rows move from a page to another, SQLite leaves copies behind in the free part of the first, whatever
/// `secure_delete` says.
#[test]
fn what_pages_leave_behind_goes_too() {
    let world = World::on(Databases::Sqlite);
    let mut c = world.config.database.connect().expect("the file can be opened");
    let mut run = |sql: &str| {
        diesel::sql_query(sql).execute(&mut c).expect("it can be done");
    };
    run("CREATE TABLE aside (key TEXT PRIMARY KEY, text TEXT) STRICT");
    run("CREATE INDEX aside_text ON aside (text)");
    // Keys and texts that come in no order, so that pages split and merge.
    let mut chance = 2_u64;
    run("BEGIN");
    for i in 0..2000 {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let r = chance >> 33;
        let (first, more) = (r % 9973, format!("hex(zeroblob({}))", r % 1100 / 2));
        let one = format!("WHERE rowid = (SELECT rowid FROM aside WHERE key >= '{r}' LIMIT 1)");
        run(&match i % 10 {
            0..5 => format!("INSERT INTO aside VALUES ('{r}', '{first} Hemligtorp ' || {more})"),
            5..8 => format!("UPDATE aside SET text = '{first} kvar ' || {more} {one}"),
            _ => format!("DELETE FROM aside {one}"),
        });
    }
    run("DELETE FROM aside WHERE text LIKE '%Hemligtorp%'");
    run("COMMIT");
    run("PRAGMA wal_checkpoint(TRUNCATE)");
    assert_ne!(files_of(&world, "Hemligtorp"), Vec::<String>::new(), "deleting alone would do, and so would this test");
    run("PRAGMA user_version = 1");
    world.db.scour().expect("nobody reads");
    assert_eq!(files_of(&world, "Hemligtorp"), Vec::<String>::new());
    run("DROP TABLE aside");
}
