//! Backups of either database, put back into either; the new epoch that this begins, for both verifiers, the feed and
//! receipts; registers that move; and what must not be served.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use rand::RngExt;
use riskregister::config::Backups;
use riskregister::evidence::checkpoint::origin;
use riskregister::files::store::Store;
use riskregister::storage::backup::{self, Manifest};
use riskregister::storage::carry::Which;
use riskregister::storage::logs::Signer;
use riskregister::storage::records::Risk;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, Db, Id, Origin, Place};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::kit::depth::{chance, deep};
use crate::kit::edits::{cell, cells};
use crate::kit::{Databases, Directory, Ends, Serving, Start, World, binary, both, postgres};
use crate::second_verifier::python;

/// An empty database of each kind, to put something into.
pub fn empty(databases: Databases, directory: &Directory) -> String {
    match databases {
        Databases::Sqlite => format!("sqlite://{}", directory.0.join(format!("{}.db", Id::new())).display()),
        Databases::Postgres => postgres::fresh_database(),
    }
}

pub fn url(address: &Address) -> String {
    match address {
        Address::Sqlite(file) => format!("sqlite://{file}"),
        Address::Postgres(url) => url.clone(),
    }
}

/// Takes the checkpoints of a world as they are now to where `command` looks for them: what is restored beside it must not
/// sign into its own folder.
pub fn take_outside(world: &World, directory: &Directory) -> PathBuf {
    let outside = directory.0.join("outside");
    let _ = std::fs::remove_dir_all(&outside);
    std::fs::create_dir_all(&world.config.signer.directory).expect("a folder");
    // What the world is just writing may be gone when it is looked at.
    Command::new("cp").arg("-r").args([&world.config.signer.directory, &outside]).output().expect("cp runs");
    outside
}

/// The binary on a database, with the key of a world, and its checkpoints as they were taken.
pub fn command(world: &World, directory: &Directory, database: &str, arguments: &[&str]) -> Command {
    let mut command = binary(&directory.0, arguments);
    command
        .env("DATABASE_URL", database)
        .env("RISKREGISTER_SIGNING_KEY", world.config.signer.key.text())
        .env("RISKREGISTER_CHECKPOINTS", directory.0.join("outside"))
        .env("RISKREGISTER_SECRET", std::str::from_utf8(&world.config.secret).expect("a secret in UTF-8"));
    command
}

#[track_caller]
pub fn does(mut command: Command) -> String {
    let output = command.output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn fails(mut command: Command) -> String {
    let Output { status, stderr, .. } = command.output().expect("the binary runs");
    assert!(!status.success(), "it must fail");
    String::from_utf8(stderr).expect("text")
}

pub fn restored(world: &World, directory: &Directory, file: &Path, database: &str) -> String {
    take_outside(world, directory);
    let file = file.to_str().expect("a path in UTF-8");
    let asked = ["restore", file, "--by", "Ada Drift", "--reason", "Disken gick sönder"];
    does(command(world, directory, database, &asked))
}

pub fn back_up(db: &Db, directory: &Directory) -> (PathBuf, Manifest) {
    let file = directory.0.join(format!("{}.backup", Id::new()));
    let made = db.back_up(
        &file,
        &Store::in_directory(&directory.0.join("none")),
        BTreeMap::from([("signing key".into(), "elsewhere".into())]),
    );
    (file, made.expect("a backup can be made"))
}

/// The root of each log, by its head.
fn roots(db: &Db) -> Vec<(String, i64, Vec<u8>)> {
    let heads = db.read(|r| r.heads()).expect("heads");
    heads.into_iter().map(|head| (head.log_id.to_string(), head.size, head.frontier)).collect()
}

/// What stands in one SQLite register and not in another, table by table; what a restore adds or ends is left out.
fn differences(one: &Path, other: &Path) -> Vec<String> {
    let address = Address::Sqlite(one.to_str().expect("a path in UTF-8").to_owned());
    let mut c = address.connect().expect("the file can be opened");
    c.batch_execute(&format!("ATTACH '{}' AS other", other.display())).expect("the other too");
    let tables = cells(&mut c, "SELECT name AS text FROM main.sqlite_schema WHERE type = 'table' ORDER BY name");
    let mut found = Vec::new();
    for table in tables.into_iter().flatten() {
        let of = |which: &str| match table.as_str() {
            "sessions" => format!("SELECT id, user_id, expires_at FROM {which}.sessions"),
            "heads" => format!("SELECT log_id FROM {which}.heads"),
            "events" | "openings" | "turns" => {
                format!(
                    "SELECT * FROM {which}.{table} t WHERE n < (SELECT size FROM main.heads h WHERE h.log_id = t.log_id)"
                )
            }
            "tree_nodes" | "checkpoints" => format!(
                "SELECT * FROM {which}.{table} t WHERE (log_id, {key}) IN (SELECT log_id, {key} FROM main.{table})",
                key = if table == "checkpoints" { "number" } else { "position" }
            ),
            "restores" => format!(
                "SELECT * FROM {which}.restores WHERE epoch <= (SELECT coalesce(max(epoch), 0) FROM main.restores)"
            ),
            "password_links" | "__diesel_schema_migrations" => "SELECT 1 WHERE false".into(),
            _ => format!("SELECT * FROM {which}.{table}"),
        };
        let (here, there) = (of("main"), of("other"));
        let count = format!(
            "SELECT CAST((SELECT count(*) FROM (SELECT * FROM ({here}) EXCEPT SELECT * FROM ({there}))) \
             + (SELECT count(*) FROM (SELECT * FROM ({there}) EXCEPT SELECT * FROM ({here}))) AS TEXT) AS text"
        );
        if cell(&mut c, &count) != "0" {
            found.push(table);
        }
    }
    found
}

/// The register in a backup, as a file.
pub fn register_of(backup: &Path, directory: &Directory) -> PathBuf {
    let mut zip = ZipArchive::new(File::open(backup).expect("the backup")).expect("a ZIP file");
    let mut bytes = Vec::new();
    zip.by_name("register.db").expect("a register").read_to_end(&mut bytes).expect("it can be read");
    let file = directory.0.join(format!("{}.db", Id::new()));
    std::fs::write(&file, bytes).expect("it can be written");
    file
}

/// A backup made of these parts, sealed as the register seals them.
fn packed(parts: &[(&str, Vec<u8>)], file: &Path) {
    let mut zip = ZipWriter::new(File::create_new(file).expect("a new file"));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    for (name, bytes) in parts {
        zip.start_file(*name, options).expect("a part");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.set_comment(format!("sha256:{}", "0".repeat(64))).expect("a comment");
    zip.finish().expect("a ZIP file");
    let bytes = std::fs::read(file).expect("it can be read");
    let before = &bytes[..bytes.len() - 64];
    let seal: String = Sha256::digest(before).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut again = File::options().write(true).open(file).expect("it can be opened");
    again.seek(SeekFrom::End(-64)).expect("its end");
    again.write_all(seal.as_bytes()).expect("the seal");
}

fn part(backup: &Path, name: &str) -> Vec<u8> {
    let mut zip = ZipArchive::new(File::open(backup).expect("the backup")).expect("a ZIP file");
    let mut bytes = Vec::new();
    zip.by_name(name).expect("the part").read_to_end(&mut bytes).expect("it can be read");
    bytes
}

fn events(world: &World, log: &str) -> u64 {
    world.auditor.get(&format!("/logs/{log}")).expect(200)["size"].as_u64().expect("a size")
}

both! {
    fn a_backup_goes_into_either_database_row_by_row(world: &World) {
        world.live();
        let directory = Directory::new();
        let (file, manifest) = back_up(&world.db, &directory);
        assert!(backup::is_backup(&file));
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).expect("the file").permissions());
        assert_eq!(mode & 0o077, 0, "it is its owner's alone");
        // Every table that there is was carried.
        let register = register_of(&file, &directory);
        let mut c = Address::Sqlite(register.to_str().expect("UTF-8").into()).connect().expect("it opens");
        let tables = cells(
            &mut c,
            "SELECT name AS text FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name",
        );
        let carried: Vec<Option<String>> = manifest.rows.keys().cloned().map(Some).collect();
        assert_eq!(tables, carried, "a table that is not carried would be lost");
        for table in tables.into_iter().flatten() {
            let rows = cell(&mut c, &format!("SELECT CAST(count(*) AS TEXT) AS text FROM {table}"));
            assert_eq!(rows, manifest.rows[&table].to_string(), "{table}");
        }
        for key in [world.config.signer.key.text(), String::from_utf8(world.config.secret.clone()).expect("UTF-8")] {
            let bytes = std::fs::read(&register).expect("the register");
            assert!(!bytes.windows(key.len()).any(|part| part == key.as_bytes()), "never a key");
        }
        assert_eq!(manifest.not_included["signing key"], "elsewhere");
        // It is verified as it is.
        let said = does(command(world, &directory, "sqlite://none.db", &["verify", file.to_str().expect("UTF-8")]));
        assert!(said.ends_with("OK\n"), "{said}");
        let before = roots(&world.db);
        for kind in [Databases::Sqlite, Databases::Postgres] {
            let database = empty(kind, &directory);
            let said = restored(world, &directory, &file, &database);
            assert!(said.contains("arrived as they were sent") && said.contains("none is known to be lost"), "{said}");
            let address = Address::parse(&database).expect("an address");
            let counts = verify(&address, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
            assert_eq!(counts.told.len(), before.len(), "each log tells of it: {:?}", counts.told);
            let db = Db::new(address, 1);
            let after = roots(&db);
            for ((log, size, _), (same, grown, _)) in before.iter().zip(&after) {
                assert_eq!((log, size + 1), (same, *grown), "one event more in each log");
            }
            let (again, _) = back_up(&db, &directory);
            assert_eq!(differences(&register, &register_of(&again, &directory)), Vec::<String>::new());
            // Whoever was signed in is not any more.
            let open = |r: &mut riskregister::storage::Reading| r.restores(world.board.parse().expect("an id"));
            let restore = db.read(open).expect("a restore").pop().expect("a restore");
            assert_eq!((restore.epoch, restore.restored_by.as_str()), (1, "Ada Drift"));
            let serving = Serving::start(command(world, &directory, &database, &["serve"]));
            let client = crate::kit::Client::new(&serving.address, Some(&world.token(&world.controller.id)));
            client.get("/me").expect(401);
            drop(serving);
            // It is not put over what is there.
            let asked = ["restore", file.to_str().expect("UTF-8"), "--by", "a", "--reason", "b"];
            let told = fails(command(world, &directory, &database, &asked));
            assert!(told.contains("holds a register already"), "{told}");
        }
    }

    fn what_was_lost_is_told_and_a_rewrite_is_damage(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        world.risk(&plan, &goal, "Ett", (3, 4));
        world.db.make_checkpoints().expect("checkpoints");
        let directory = Directory::new();
        let (file, _) = back_up(&world.db, &directory);
        let kept = events(world, &world.board);
        let early = world.auditor.get(&format!("/logs/{}/checkpoints", world.board)).expect(200).items()[0].clone();
        for name in ["Två", "Tre", "Fyra"] {
            world.risk(&plan, &goal, name, (2, 2));
        }
        world.db.make_checkpoints().expect("checkpoints");
        let lost = events(world, &world.board);
        assert!(lost > kept + 2);
        let late = world.auditor.get(&format!("/logs/{}/checkpoints", world.board)).expect(200).items()[0].clone();
        let receipt = world.auditor.get(&format!("/logs/{}/events/{}/receipt", world.board, lost - 1)).expect(200);
        let write = |name: &str, text: &Value| {
            let file = directory.0.join(name);
            std::fs::write(&file, text.as_str().map_or_else(|| text.to_string(), str::to_owned)).expect("a file");
            file.to_str().expect("UTF-8").to_owned()
        };
        let (early, late) = (write("early.txt", &early["note"]), write("late.txt", &late["note"]));
        let receipt = write("receipt.json", &receipt.json);
        let forged = world.config.signer.key.checkpoint(&origin(&world.board, 0), lost, &[7; 32]);
        let forged = write("forged.txt", &json!(forged));
        for kind in [Databases::Sqlite, Databases::Postgres] {
            let database = empty(kind, &directory);
            let said = restored(world, &directory, &file, &database);
            assert!(said.contains(&format!("after {kept} events; {} more are known to be lost", lost - kept)), "{said}");
            let verified = |kept: &str| command(world, &directory, &database, &["verify", "--checkpoint", kept]);
            let told = format!("events {kept} to {} of epoch 0 are lost", lost - 1);
            let said = does(verified(&early));
            assert!(said.contains(&told), "{said}");
            let said = does(verified(&late));
            assert!(said.contains(&format!("{lost} events, epoch 0, is of what was lost")), "{said}");
            let said = fails(verified(&forged));
            assert!(said.contains("DAMAGED") && said.contains("names another tree"), "{said}");
            does(command(world, &directory, &database, &["verify", "--receipt", &receipt]));
            // The second verifier says the same.
            let export = directory.0.join(format!("{}.db", Id::new()));
            let db = Db::new(Address::parse(&database).expect("an address"), 1).signing(world.config.signer.clone());
            db.write_to_file(&export, Which::ForAuditors).expect("an export");
            let export = export.to_str().expect("UTF-8");
            for (checkpoint, holds, what) in [
                (&early, true, told.as_str()),
                (&late, true, "is of what was lost"),
                (&forged, false, "names another tree"),
            ] {
                let output = python(&[export, "--checkpoint", checkpoint]).output().expect("python3 runs");
                let said = String::from_utf8_lossy(&output.stdout).into_owned();
                assert_eq!((output.status.success(), said.contains(what)), (holds, true), "{said}");
            }
            // What the epoch signs has a name of its own, beside what the one before signed.
            let newest = db.read(|r| r.newest_checkpoint(world.board.parse().expect("an id"))).expect("one");
            let newest = newest.expect("the restore is signed at once");
            let named = origin(&world.board, 1);
            assert_eq!((newest.size as u64, newest.note.lines().next()), (kept + 1, Some(named.as_str())));
            let folder = directory.0.join("outside").join(&world.board);
            assert!(folder.join(format!("{lost}.txt")).is_file() && folder.join("epoch-1").is_dir(), "both are kept");
            a_reader_is_told(world, &directory, &database, (kept, lost));
        }
    }

    fn a_database_that_is_put_back_by_hand_is_not_served(world: &World) {
        let plan = world.plan(2024);
        world.db.make_checkpoints().expect("checkpoints");
        let directory = Directory::new();
        let old = match &world.config.database {
            Address::Sqlite(_) => {
                let old = directory.0.join("old.db");
                world.db.write_to_file(&old, Which::All).expect("a copy");
                format!("sqlite://{}", old.display())
            }
            // A template is copied when nobody is connected.
            Address::Postgres(_) => {
                let database = postgres::fresh_database();
                let (file, _) = back_up(&world.db, &directory);
                let there = backup::unpack(&file).expect("it is whole");
                let target = Db::new(Address::parse(&database).expect("an address"), 1);
                target.migrate().expect("it can be migrated");
                Db::new(there.address.clone(), 1).read(|r| target.fill(r, |_| Ok(()))).expect("it can be filled");
                database
            }
        };
        world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": "Senare"})).expect(201);
        world.db.make_checkpoints().expect("checkpoints");
        let outside = take_outside(world, &directory);
        let signer = Signer { key: world.config.signer.key.clone(), directory: outside };
        let told = fails(command(world, &directory, &old, &["serve"]));
        assert!(told.contains("older than its checkpoints") && told.contains("--put-back"), "{told}");
        // Who goes on in another way than by the command is told by `readyz`, and nothing is written.
        let db = Db::new(Address::parse(&old).expect("an address"), 1).signing(signer.clone());
        assert_eq!(db.ready(), Ok(()));
        assert!(db.look_whether_fit().expect("it can be looked at").is_some());
        assert!(db.ready().is_err_and(|why| why.contains("checkpoints")), "{:?}", db.ready());
        let write = db.write(&riskregister::storage::Origin::operator(), |w| w.checkpoint(world.board.parse().expect("an id")));
        assert!(write.is_err(), "nothing is written");
        // The way on; and not for a database that nothing is the matter with.
        let healthy = url(&world.config.database);
        let asked = ["restore", "--put-back", "--by", "Ada Drift", "--reason", "Fel databas"];
        let told = fails(command(world, &directory, &healthy, &asked));
        assert!(told.contains("the wrong one"), "{told}");
        let asked = ["restore", "--put-back", "--by", "Ada Drift", "--reason", "Återläst med pg_restore"];
        let said = does(command(world, &directory, &old, &asked));
        assert!(said.contains("known to be lost"), "{said}");
        assert_eq!(db.look_whether_fit().expect("it can be looked at"), None);
        let serving = Serving::start(command(world, &directory, &old, &["serve"]));
        drop(serving);
        // The old one is behind now: another has gone on from it, in an epoch that it does not know.
        let behind = Db::new(world.config.database.clone(), 1).signing(signer);
        assert!(behind.look_whether_fit().expect("it can be looked at").is_some());
    }

    fn an_epoch_begins_where_the_log_ends_while_others_write(world: &World) {
        let plan = world.plan(2024);
        let directory = Directory::new();
        take_outside(world, &directory);
        let here = url(&world.config.database);
        thread::scope(|s| {
            let written: Vec<_> = (0..3)
                .map(|writer| {
                    let plan = &plan;
                    s.spawn(move || {
                        let form = |i| json!({"name": format!("Risk {writer} {i}")});
                        let risks = format!("/plans/{plan}/risks");
                        // Until the restore has ended the session.
                        (0..).take_while(|i| world.controller.post(&risks, form(*i)).status == 201).count()
                    })
                })
                .collect();
            let asked = ["restore", "--put-back", "--anyway", "--by", "Ada Drift", "--reason", "Prov"];
            let said = does(command(world, &directory, &here, &asked));
            assert!(said.contains("epoch 1 begins"), "{said}");
            let written: usize = written.into_iter().map(|one| one.join().expect("a writer")).sum();
            let counts = verify(&world.config.database, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
            assert_eq!(counts.told.len() as u64, counts.logs);
            let again = world.as_user(&world.token(&world.controller.id));
            let there = again.get(&format!("/risks?planId={plan}&limit=1")).expect(200);
            assert_eq!(there["total"], written, "each that was acknowledged, and no other");
        });
    }

    fn a_register_moves_to_the_other_database_and_back(world: &World) {
        world.live();
        it_moves_and_comes_back(world);
    }

    fn backups_are_one_state_while_others_write(world: &World) {
        let plan = world.plan(2024);
        let by = world.as_user(&world.lasting_token(&world.controller.id));
        let directory = Directory::new();
        for round in 0..deep(3, 100) {
            let stop = AtomicBool::new(false);
            let (file, manifest) = thread::scope(|s| {
                let _stopped = Ends(&stop);
                for writer in 0..2 {
                    let (stop, plan, by) = (&stop, &plan, &by);
                    s.spawn(move || {
                        for i in 0.. {
                            let name = format!("Risk {round} {writer} {i}");
                            let form = json!({"name": name, "likelihood": 1 + i % 4, "consequence": 3});
                            by.post(&format!("/plans/{plan}/risks"), form).expect(201);
                            if stop.load(Ordering::Relaxed) {
                                break;
                            }
                        }
                    });
                }
                back_up(&world.db, &directory)
            });
            let there = backup::unpack(&file).unwrap_or_else(|fault| panic!("{fault}"));
            verify(&there.address, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
            let heads: i64 = roots(&Db::new(there.address.clone(), 1)).iter().map(|(_, size, _)| size).sum();
            assert_eq!(heads, manifest.logs.iter().map(|log| log.size).sum::<i64>());
            let kind = if round % 2 == 0 { Databases::Postgres } else { Databases::Sqlite };
            let database = empty(kind, &directory);
            restored(world, &directory, &file, &database);
            let (again, _) = back_up(&Db::new(Address::parse(&database).expect("an address"), 1), &directory);
            let (one, other) = (register_of(&file, &directory), register_of(&again, &directory));
            assert_eq!(differences(&one, &other), Vec::<String>::new());
            for file in [file, again, one, other] {
                std::fs::remove_file(file).expect("it was there");
            }
        }
    }
}

/// A register goes to a database of the other kind and to a new one of its own, row by row and bit for bit.
fn it_moves_and_comes_back(world: &World) {
    let by = world.as_user(&world.lasting_token(&world.controller.id));
    world.db.make_checkpoints().expect("checkpoints");
    let directory = Directory::new();
    let (first, _) = back_up(&world.db, &directory);
    let before = roots(&world.db);
    let here = url(&world.config.database);
    let other = match world.config.database {
        Address::Sqlite(_) => Databases::Postgres,
        Address::Postgres(_) => Databases::Sqlite,
    };
    let there = empty(other, &directory);
    let moved = |from: &str, to: &str| does(command(world, &directory, from, &["move", "--from", from, "--to", to]));
    let said = moved(&here, &there);
    assert!(said.contains("arrived as they were sent, and hold against the history"), "{said}");
    assert_eq!(roots(&Db::new(Address::parse(&there).expect("an address"), 1)), before, "bit for bit");
    // Nothing is written any more where it was, and it is not served.
    by.post("/plans", json!({"organisationId": world.board, "year": 2031})).expect(503);
    assert_eq!(roots(&world.db), before);
    let told = fails(command(world, &directory, &here, &["serve"]));
    assert!(told.contains("has moved to"), "{told}");
    let told = fails(command(world, &directory, &here, &["move", "--from", &here, "--to", &empty(other, &directory)]));
    assert!(told.contains("has moved to"), "{told}");
    // And back, to a new database of the first kind.
    let home = empty(if other == Databases::Postgres { Databases::Sqlite } else { Databases::Postgres }, &directory);
    moved(&there, &home);
    let db = Db::new(Address::parse(&home).expect("an address"), 1);
    assert_eq!(roots(&db), before);
    let (last, _) = back_up(&db, &directory);
    let (one, other) = (register_of(&first, &directory), register_of(&last, &directory));
    assert_eq!(differences(&one, &other), Vec::<String>::new(), "row by row");
    let serving = Serving::start(command(world, &directory, &home, &["serve"]));
    let client = crate::kit::Client::new(&serving.address, Some(&world.token_at(&db, &world.controller.id)));
    client.get("/me").expect(200);
}

/// More risks in a plan, past the API, which would take the night for so many; their history is the real one.
pub fn grow(world: &World, plan: &str, more: u64) {
    let (plan, body): (Id, Id) = (plan.parse().expect("an id"), world.board.parse().expect("an id"));
    let at = Place { log: body, organisation: body };
    let mut done = 0;
    while done < more {
        let upto = more.min(done + 500);
        let made = world.db.write(&Origin::operator(), |w| {
            for n in done..upto {
                let new = Risk::new(plan, body, format!("M-{n}"), format!("Risk för brist på scener nummer {n}"));
                let risk = Risk { description: Some("Scenerna räcker inte till.".into()), confirmed: true, ..new };
                w.take_reference(body, &risk.reference, risk.identity_id)?;
                w.create(at, "risk.created", &risk)?;
            }
            Ok(())
        });
        made.expect("risks can be made");
        done = upto;
    }
}

#[test]
fn a_large_register_moves_to_postgres_and_back() {
    let world = World::on(Databases::Sqlite);
    let (plan, more) = (world.live(), deep(500, 100_000));
    grow(&world, &plan, more);
    let began = Instant::now();
    it_moves_and_comes_back(&world);
    println!("{more} risks moved to PostgreSQL and back, with what is around it, in {} s", began.elapsed().as_secs());
}

/// A reader of the feed who has had more than there is any more is told so, and where to go on.
fn a_reader_is_told(world: &World, directory: &Directory, database: &str, (kept, lost): (u64, u64)) {
    let serving = Serving::start(command(world, directory, database, &["serve"]));
    let db = Db::new(Address::parse(database).expect("an address"), 1);
    let client = crate::kit::Client::new(&serving.address, Some(&world.token_at(&db, &world.auditor.id)));
    let log = &world.board;
    let gone = client.get(&format!("/logs/{log}/events?after={}", lost - 1)).expect(410);
    assert!(gone.text("detail").contains(&format!("epoch=1 och after={}", kept - 1)), "{}", gone.text("detail"));
    client.get(&format!("/logs/{log}/events?after={kept}")).expect(410);
    let on = client.get(&format!("/logs/{log}/events?after={}&epoch=1", kept - 1)).expect(200);
    assert_eq!(on["epoch"], 1);
    assert_eq!(on["items"][0]["event"]["kind"], "log.restored");
    assert_eq!(on["items"][0]["n"], json!(kept));
    // Who had had less than that goes on without noticing.
    let on = client.get(&format!("/logs/{log}/events?after={}", kept - 2)).expect(200);
    assert_eq!(on["items"][1]["event"]["kind"], "log.restored");
    let keys = client.get(&format!("/logs/{log}/key")).expect(200);
    assert_eq!(keys["origin"], json!(origin(log, 1)));
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(2), "the key by both names");
    let receipt = client.get(&format!("/logs/{log}/events/{kept}/receipt")).expect(200);
    let file = directory.0.join(format!("{}.json", Id::new()));
    std::fs::write(&file, receipt.json.to_string()).expect("a file");
    let file = file.to_str().expect("UTF-8");
    does(command(world, directory, database, &["verify", "--receipt", file]));
    let output = python(&["--receipt", file]).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_is_not_as_it_was_written_is_refused() {
    let world = World::on(Databases::Sqlite);
    let plan = world.plan(2024);
    let directory = Directory::new();
    let (older, _) = back_up(&world.db, &directory);
    world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": "Senare"})).expect(201);
    let (whole, _) = back_up(&world.db, &directory);
    backup::unpack(&whole).expect("it is whole");
    let bytes = std::fs::read(&whole).expect("the backup");
    let mut rng = chance("damaged backups");
    let refused = |what: &str, file: &Path| {
        let told = backup::unpack(file).err().unwrap_or_else(|| panic!("{what} was taken"));
        assert!(told.contains("damaged") || told.contains("format"), "{what}: {told}");
    };
    for _ in 0..deep(60, 300) {
        let file = directory.0.join("damaged.backup");
        let mut damaged = bytes.clone();
        let what = if rng.random_bool(0.8) {
            let bit = rng.random_range(0..damaged.len() * 8);
            damaged[bit / 8] ^= 1 << (bit % 8);
            format!("bit {bit}")
        } else {
            let left = rng.random_range(0..damaged.len());
            damaged.truncate(left);
            format!("cut to {left}")
        };
        std::fs::write(&file, damaged).expect("a damaged file");
        refused(&what, &file);
    }
    // Sealed anew, by somebody who knows how.
    let (manifest, register) = (part(&whole, "manifest.json"), part(&whole, "register.db"));
    type Parts = Vec<(&'static str, Vec<u8>)>;
    let cases: Vec<(&str, Parts)> = vec![
        ("an older register", vec![("manifest.json", manifest.clone()), ("register.db", part(&older, "register.db"))]),
        (
            "an older manifest",
            vec![("manifest.json", part(&older, "manifest.json")), ("register.db", register.clone())],
        ),
        ("swapped parts", vec![("manifest.json", register.clone()), ("register.db", manifest.clone())]),
        (
            "a part too many",
            vec![("manifest.json", manifest.clone()), ("register.db", register.clone()), ("more", b"more".to_vec())],
        ),
        ("no register", vec![("manifest.json", manifest.clone())]),
        (
            "a later format",
            vec![
                (
                    "manifest.json",
                    String::from_utf8(manifest.clone()).expect("text").replace("backup/2", "backup/3").into_bytes(),
                ),
                ("register.db", register.clone()),
            ],
        ),
    ];
    for (what, parts) in cases {
        let file = directory.0.join(format!("{}.backup", Id::new()));
        packed(&parts, &file);
        refused(what, &file);
    }
    // And what was changed in the register itself, with a manifest to fit: told as damage of the history.
    let changed = directory.0.join("changed.db");
    std::fs::write(&changed, &register).expect("a copy");
    let mut c = Address::Sqlite(changed.to_str().expect("UTF-8").into()).connect().expect("it opens");
    c.batch_execute("UPDATE risks SET name = 'Mindre allvarligt'; PRAGMA journal_mode = DELETE").expect("changed");
    drop(c);
    let changed = std::fs::read(&changed).expect("the changed one");
    let mut said: Value = serde_json::from_slice(&manifest).expect("JSON");
    said["parts"][0]["bytes"] = json!(changed.len());
    said["parts"][0]["sha256"] =
        json!(Sha256::digest(&changed).iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let file = directory.0.join("fitted.backup");
    packed(&[("manifest.json", said.to_string().into_bytes()), ("register.db", changed)], &file);
    let target = empty(Databases::Sqlite, &directory);
    let asked = ["restore", file.to_str().expect("UTF-8"), "--by", "a", "--reason", "b"];
    let told = fails(command(&world, &directory, &target, &asked));
    assert!(told.contains("DAMAGED"), "{told}");
}

#[test]
fn the_service_makes_backups_by_itself_and_keeps_so_many() {
    let directory = Directory::new();
    let into = directory.0.join("backups");
    std::fs::create_dir(&into).expect("a folder");
    for day in 1..=4 {
        std::fs::write(into.join(format!("riskregister-2026010{day}T030000Z.backup")), b"old").expect("an old backup");
    }
    std::fs::write(into.join("another.backup"), b"not ours").expect("another file");
    // What is left of one that was broken off: two days ago, and just now, perhaps by another who is at it still.
    for (name, age) in [(Id::new(), 2), (Id::new(), 0)] {
        let left = into.join(format!(".{name}"));
        std::fs::create_dir(&left).expect("a folder");
        std::fs::write(left.join("register.db"), b"a copy").expect("a file");
        let then = std::time::SystemTime::now() - Duration::from_secs(age * 24 * 3600);
        File::open(&left).and_then(|folder| folder.set_modified(then)).expect("an old folder");
    }
    let backups = Backups { into: into.clone(), every: Duration::from_secs(3600), keep: 2 };
    let world = World::with(Databases::Sqlite, |config| config.backups = Some(backups.clone()));
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(&into).expect("the folder").flatten();
        let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    };
    let patience = Instant::now() + Duration::from_secs(60);
    while names().len() != 4 || names().iter().filter(|name| name.starts_with('.')).count() != 1 {
        assert!(Instant::now() < patience, "{:?}", names());
        thread::yield_now();
    }
    let mut names = names();
    names.retain(|name| !name.starts_with('.'));
    assert_eq!(names[0], "another.backup", "what is not ours stays");
    assert_eq!(names[1], "riskregister-20260104T030000Z.backup", "the newest of the old ones");
    let made = into.join(&names[2]);
    let there = backup::unpack(&made).expect("it is whole");
    verify(&there.address, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
    let told = world.as_nobody().send_outside("GET", "/metrics", None);
    let told = String::from_utf8(told.body).expect("text");
    assert!(told.contains("riskregister_backup_timestamp_seconds"), "{told}");
}
