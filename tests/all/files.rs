//! Files as evidence: left, fetched, refused, looked through for viruses, kept once, held, backed up and erased.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use chrono::Utc;
use riskregister::files::clamd::Clamd;
use riskregister::storage::backup;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, Db};
use riskregister::web::SESSION;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::backups::{command, does, empty, take_outside};
use crate::follow_up::Year;
use crate::kit::browser::{Browser, Scripts};
use crate::kit::clamd::{Daemon, eicar};
use crate::kit::pdf::dense;
use crate::kit::s3::S3Server;
use crate::kit::{Answer, Client, Databases, Directory, Start, World, both};
use crate::reports::{FORMATS, served, words};
use crate::second_verifier::python;

/// The most that is taken.
const MOST: usize = 25 * 1024 * 1024;

fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut at: u32 = 1;
    bytes.resize_with(size, || {
        at = at.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (at >> 24) as u8
    });
    bytes
}

fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

fn leave(client: &Client, of: &str, name: &str, bytes: &[u8]) -> Answer {
    let path = format!("{of}/files?name={}", encoded(name));
    client.with("content-type", "application/octet-stream").send_bytes("POST", &path, Some(bytes.to_vec()))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn control(year: &Year) -> String {
    format!("/controls/{}", year.always)
}

/// What a register says of itself, with the files that its store holds.
fn held(world: &World) -> Result<u64, String> {
    let against = Against { files: Some(world.config.files.clone()), ..Against::default() };
    verify(&world.config.database, &against).map(|counts| counts.left).map_err(|damage| damage.to_string())
}

/// Where a file lies in a directory.
fn lies(world: &World, sha256: &str) -> PathBuf {
    PathBuf::from(world.config.files.place().to_string()).join(&sha256[..2]).join(sha256)
}

/// The names of the files that a document in JSON tells of.
fn left_in(value: &Value, found: &mut Vec<String>) {
    if let Some(files) = value["files"].as_array() {
        found.extend(files.iter().map(|file| file["name"].as_str().expect("a name").to_owned()));
    }
    match value {
        Value::Array(all) => all.iter().for_each(|one| left_in(one, found)),
        Value::Object(all) => all.values().for_each(|one| left_in(one, found)),
        _ => {}
    }
}

fn turn_a_bit(file: &PathBuf) {
    let mut bytes = std::fs::read(file).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).expect("it can be written");
}

/// The largest file goes up and comes back, and a bit that has turned is told.
fn comes_back(world: &World, file: impl Fn(&str) -> PathBuf) {
    let year = Year::adopted(world);
    let bytes = pdf(MOST);
    let made = leave(&world.performer, &control(&year), "Stickprov å ä ö.pdf", &bytes).expect(201);
    assert_eq!((made["size"].as_u64(), made.text("sha256")), (Some(MOST as u64), sha256(&bytes)));
    assert_eq!(made["mediaType"], "application/pdf");
    let content = format!("/files/{}/content", made.id());
    let got = world.auditor.get(&content).expect(200);
    assert!(got.body == bytes, "it comes back as it was left");
    assert_eq!(got.header("content-type"), "application/pdf");
    assert_eq!(got.header("content-length"), MOST.to_string());
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert_eq!(got.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(
        got.header("content-disposition"),
        "attachment; filename=\"Stickprov _ _ _.pdf\"; filename*=UTF-8''Stickprov%20%C3%A5%20%C3%A4%20%C3%B6.pdf"
    );
    world.auditor.with("if-none-match", got.header("etag")).get(&content).expect(304);
    let more = [bytes.as_slice(), b"x"].concat();
    leave(&world.performer, &control(&year), "mer.pdf", &more).expect(413);
    assert_eq!(held(world), Ok(1));
    turn_a_bit(&file(&sha256(&bytes)));
    assert_eq!(held(world), Err(format!("the file {} is not what was left", sha256(&bytes))));
    std::fs::remove_file(file(&sha256(&bytes))).expect("it can be taken away");
    assert_eq!(held(world), Err(format!("the file {} is gone from where files are kept", sha256(&bytes))));
    world.auditor.get(&content).expect(503);
    world.damaged.store(true, Ordering::Relaxed);
}

both! {
    fn the_largest_file_comes_back_out_of_a_directory(world: &World) {
        comes_back(world, |sha256| lies(world, sha256));
    }

    fn what_cannot_be_taken_is_told_with_every_fault(world: &World) {
        let year = Year::adopted(world);
        let of = control(&year);
        let by = &world.controller;
        let faults = |name: &str, bytes: &[u8]| -> Vec<(String, String)> {
            let refused = leave(by, &of, name, bytes).expect(422);
            refused.faults().into_iter().map(|(at, code)| (at.to_owned(), code.to_owned())).collect()
        };
        let told = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect()
        };
        let program = b"MZ\x90\0\x03";
        assert_eq!(faults("rapport.pdf", program), told(&[("", "typeNotTaken")]));
        assert_eq!(faults("../../etc/passwd", program), told(&[("?name", "wrongFormat"), ("", "typeNotTaken")]));
        assert_eq!(faults("a\u{202e}fdp.exe", program), told(&[("?name", "controlCharacter"), ("", "typeNotTaken")]));
        assert_eq!(faults("a\nb/c", b""), told(&[("?name", "required"), ("?name", "wrongFormat"), ("?name", "controlCharacter"), ("", "empty")]));
        assert_eq!(faults(&format!("{}.pdf", "å".repeat(255)), b"%PDF-1.7"), told(&[("?name", "tooLong")]));
        assert_eq!(faults("bild.png", b"%PDF-1.7"), told(&[("?name", "otherType")]));
        assert_eq!(faults("sida.html", b"<!doctype html><script>alert(1)</script>"), told(&[("?name", "otherType")]));
        assert_eq!(faults("", b"%PDF-1.7"), told(&[("?name", "required"), ("?name", "otherType")]));
        // A text that is a page to a browser is a text to us, and is given back as one.
        let page = leave(by, &of, "sida.txt", b"<!doctype html><script>alert(1)</script>").expect(201);
        let got = by.get(&format!("/files/{}/content", page.id())).expect(200);
        assert_eq!(got.header("content-type"), "text/plain; charset=utf-8");
        assert!(got.header("content-disposition").starts_with("attachment;"));
        by.post(&format!("{of}/files?name=a.txt"), json!({})).expect(415);
        by.with("content-type", "application/octet-stream").send_bytes("POST", &format!("{of}/files"), Some(b"a".to_vec())).refused(400, "required");
        leave(by, "/controls/0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40", "a.txt", b"a").expect(404);
        assert_eq!(by.get(&format!("{of}/files")).expect(200).items().len(), 1);
        // One of a plan that nobody follows.
        let draft = world.plan(2025);
        let risk = world.controller.post(&format!("/plans/{draft}/risks"), json!({"name": "Ny"})).expect(201).id();
        let other = world.controller.post(&format!("/risks/{risk}/controls"), json!({"name": "Ny"})).expect(201).id();
        let path = format!("/controls/{other}/files?name=a.txt&period=t1");
        by.with("content-type", "application/octet-stream").send_bytes("POST", &path, Some(b"a".to_vec())).refused(409, "notFollowedUp");
    }

    fn whoever_sees_the_thing_sees_its_files(world: &World) {
        let year = Year::adopted(world);
        let form = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious",
            "foundOn": "2024-05-02", "suspectedCrime": true});
        let deficiency = format!("/deficiencies/{}", world.head.post("/deficiencies", form).expect(201).id());
        for (of, by) in [(control(&year), &world.performer), (format!("/actions/{}", year.action), &world.performer), (deficiency.clone(), &world.head)] {
            let made = leave(by, &of, "underlag.txt", b"Underlag.").expect(201);
            let path = format!("/files/{}", made.id());
            assert_eq!(made.header("location"), format!("/api/v1{path}"));
            assert_eq!(world.auditor.get(&path).expect(200).json, made.json);
            assert_eq!(world.auditor.get(&format!("{of}/files")).expect(200).items(), std::slice::from_ref(&made.json));
            let hidden = &world.stranger;
            hidden.get(&path).expect(404);
            hidden.get(&format!("{path}/content")).expect(404);
            hidden.get(&format!("{of}/files")).expect(404);
            leave(hidden, &of, "a.txt", b"a").expect(404);
            leave(&world.auditor, &of, "a.txt", b"a").expect(403);
            let crime = of == deficiency;
            // Nothing of a suspicion of crime is told to who does not see it: not the file, and not that there was one.
            world.risk_owner.get(&path).expect(if crime { 404 } else { 200 });
            let told = format!("/logs/{}/events?entity=file&entityId={}", world.board, made.id());
            assert_eq!(world.risk_owner.get(&told).expect(200).items().len(), usize::from(!crime));
            let event = world.auditor.get(&told).expect(200)["items"][0]["event"].clone();
            assert_eq!((&event["kind"], &event["after"]["sha256"]), (&json!("file.added"), &made["sha256"]));
            by.delete(&path).expect(428);
            by.with("if-match", "\"0\"").delete(&path).expect(412);
            world.auditor.with("if-match", "*").delete(&path).expect(403);
            by.delete_current(&path).expect(204);
            by.get(&path).expect(404);
            by.get(&format!("{path}/content")).expect(404);
            assert_eq!(world.risk_owner.get(&told).expect(200).items().len(), if crime { 0 } else { 2 });
        }
        // What was removed was removed for all to see, and its bytes stay until they are erased.
        assert_eq!(held(world), Ok(1), "the same bytes three times are kept once");
        // What belongs to a status is seen by who sees statuses.
        let path = format!("{}/files?name=a.txt&period=t1", control(&year));
        let made = world.performer.with("content-type", "application/octet-stream").send_bytes("POST", &path, Some(b"T1".to_vec())).expect(201);
        assert_eq!(made["period"], "t1");
        let of = format!("{}/files", control(&year));
        assert_eq!(world.reader.get(&of).expect(200).items(), [] as [Value; 0]);
        world.reader.get(&format!("/files/{}", made.id())).expect(404);
        assert_eq!(world.auditor.get(&format!("{of}?period=t1")).expect(200).items().len(), 1);
        assert_eq!(world.auditor.get(&format!("{of}?period=annual")).expect(200).items().len(), 0);
    }

    fn the_same_request_leaves_one_file(world: &World) {
        let year = Year::adopted(world);
        let keyed = world.controller.with("idempotency-key", "en nyckel");
        let first = leave(&keyed, &control(&year), "a.txt", b"Underlag").expect(201);
        assert_eq!(leave(&keyed, &control(&year), "a.txt", b"Underlag").expect(201).json, first.json);
        for (name, bytes) in [("b.txt", &b"Underlag"[..]), ("a.txt", b"Annat")] {
            leave(&keyed, &control(&year), name, bytes).refused(422, "reusedKey");
        }
        let again = leave(&world.controller, &control(&year), "b.txt", b"Underlag").expect(201);
        assert_eq!(again["sha256"], first["sha256"]);
        let of = format!("{}/files", control(&year));
        assert_eq!(world.controller.get(&of).expect(200).column("name"), ["b.txt", "a.txt"]);
        assert_eq!(held(world), Ok(1));
    }

    fn what_nobody_names_is_swept_and_what_is_named_stays(world: &World) {
        let year = Year::adopted(world);
        let made = leave(&world.controller, &control(&year), "a.txt", b"Underlag").expect(201);
        let store = &world.config.files;
        let orphan = sha256(b"En transaktion som f\xc3\xb6ll");
        store.put(&orphan, b"En transaktion som f\xc3\xb6ll".to_vec().into()).expect("it is put in");
        let named = |sha256: &str| world.db.read(|r| Ok(r.stored_file(sha256)?.is_some()));
        assert_eq!(store.sweep(named).expect("swept"), 0, "it may be about to be named");
        assert!(lies(world, &orphan).exists());
        let later = Utc::now() + chrono::Duration::seconds(5);
        assert_eq!(store.sweep_before(later, &mut |sha256| named(sha256)).expect("swept"), 1);
        assert!(!lies(world, &orphan).exists());
        assert!(lies(world, &made.text("sha256")).exists());
    }

    fn what_is_erased_goes_from_the_store_too(world: &World) {
        let year = Year::adopted(world);
        let made = leave(&world.controller, &control(&year), "Kalle Anka.txt", b"Kalle Anka").expect(201);
        let same = leave(&world.controller, &format!("/actions/{}", year.action), "samma.txt", b"Kalle Anka").expect(201);
        let path = format!("/files/{}", made.id());
        let form = json!({"entity": "file", "entityId": made.id(), "fields": ["name"], "decision": "RS 2026-1, § 4"});
        let asked = world.admin.post("/erasures", form).expect(201).id();
        let other = world.person_with("Anna Andra", &world.root, "regionAdministrator", &world.root);
        other.post(&format!("/erasures/{asked}/confirmation"), json!({})).expect(200);
        assert_eq!(world.controller.get(&path).expect(200)["name"], "[gallrad]");
        for file in [&made, &same] {
            world.controller.get(&format!("/files/{}/content", file.id())).expect(410);
        }
        let lies = lies(world, &made.text("sha256"));
        world.db.sweep_files(&world.config.files, false).expect("swept");
        assert!(!lies.exists(), "it is gone from the disk");
        assert_eq!(held(world), Ok(0));
        // It may be left anew, by another decision.
        leave(&world.controller, &control(&year), "anka.txt", b"Kalle Anka").expect(201);
        assert!(lies.exists());
        assert_eq!(held(world), Ok(1));
    }

    fn files_go_and_come_back_with_what_they_belong_to(world: &World) {
        let year = Year::adopted(world);
        let plan = format!("/plans/{}", year.plan);
        let made = leave(&world.controller, &control(&year), "a.txt", b"Underlag").expect(201);
        world.revise(&year.plan).expect(200);
        let risk = format!("/risks/{}", year.risk);
        let new = world.controller.post(&format!("{risk}/controls"), json!({"name": "Ny"})).expect(201).id();
        let with_new = leave(&world.controller, &format!("/controls/{new}"), "b.txt", b"Nytt").expect(201);
        world.controller.delete_current(&format!("/controls/{new}")).expect(204);
        world.controller.get(&format!("/files/{}", with_new.id())).expect(404);
        world.controller.delete_current(&format!("/files/{}", made.id())).expect(204);
        world.controller.post_current(&plan, "/abandonment", json!({"reason": "Behövs inte."})).expect(200);
        // What somebody removed by itself was not the revision's.
        world.controller.get(&format!("/files/{}", made.id())).expect(404);
        let kept = leave(&world.controller, &control(&year), "c.txt", b"Kvar").expect(201);
        let can_remove = || {
            let page = world.visitor(&world.controller.id).page(&control(&year)).text("main");
            assert!(page.contains("c.txt"), "{page}");
            page.contains("Ta bort filen")
        };
        assert!(can_remove());
        let closure = json!({"reason": "Följdes upp annorstädes."});
        world.controller.post_current(&plan, "/closure", closure).expect(200);
        assert!(!can_remove(), "what would be refused is not offered");
        world.controller.with("if-match", "*").delete(&format!("/files/{}", kept.id())).refused(409, "planClosed");
        leave(&world.controller, &control(&year), "d.txt", b"Sent").expect(201);
    }

    fn reports_name_the_files_of_their_period(world: &World) {
        let year = Year::adopted(world);
        let (of, action) = (control(&year), format!("/actions/{}", year.action));
        let form = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious", "foundOn": "2024-03-02"});
        let deficiency = format!("/deficiencies/{}", world.head.post("/deficiencies", form.clone()).expect(201).id());
        let mut crime = form;
        crime["suspectedCrime"] = json!(true);
        let crime = world.head.post("/deficiencies", crime).expect(201).id();
        let bytes = pdf(1_234_567);
        let always = leave(&world.performer, &of, "alltid.pdf", &bytes).expect(201);
        assert_eq!(always["publicAt"], Value::Null);
        let in_t1 = format!("{}&period=t1&public=true", encoded("i t1 åäö.txt"));
        let put = |query: &str| {
            let path = format!("{of}/files?name={query}");
            world.performer.with("content-type", "application/octet-stream").send_bytes("POST", &path, Some(b"T1".to_vec())).expect(201)
        };
        let t1 = put(&in_t1);
        assert_ne!(t1["publicAt"], Value::Null);
        put("delar.txt&period=interim&public=true");
        let removed = put("borta.txt&public=true");
        world.performer.delete_current(&format!("/files/{}", removed.id())).expect(204);
        leave(&world.performer, &action, "protokoll.txt", b"Enligt plan").expect(201);
        let attest = leave(&world.head, &deficiency, "attest.txt", b"Ingen attest").expect(201);
        leave(&world.head, &format!("/deficiencies/{crime}"), "kontoutdrag.txt", b"Kontot").expect(201);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.report("t1");
        let told = |version: &str| -> Vec<String> {
            let mut found = Vec::new();
            left_in(&served(&world.controller, &report, "application/json", version).json, &mut found);
            found.sort();
            found
        };
        let everything = ["alltid.pdf", "attest.txt", "i t1 åäö.txt", "protokoll.txt"];
        assert_eq!(told("full"), everything);
        assert_eq!(told("public"), ["i t1 åäö.txt"]);
        // A deficiency's is chosen afterwards, and another is taken back.
        let (attest, t1) = (format!("/files/{}", attest.id()), format!("/files/{}", t1.id()));
        for (client, status) in [(&world.auditor, 403), (&world.stranger, 404)] {
            client.with("if-match", "*").patch(&attest, json!({"public": true})).expect(status);
        }
        world.head.patch(&attest, json!({"public": true})).expect(428);
        world.head.patch_current(&attest, json!({"public": null, "name": "annat.txt"})).expect(422);
        let chosen = world.head.patch_current(&attest, json!({"public": true})).expect(200);
        assert_eq!(world.head.patch_current(&attest, json!({"public": true})).expect(200).json, chosen.json, "since it was chosen");
        assert_eq!(world.performer.patch_current(&t1, json!({"public": false})).expect(200)["publicAt"], Value::Null);
        assert_eq!(told("full"), everything);
        assert_eq!(told("public"), ["attest.txt"]);
        let events = world.auditor.get(&format!("/logs/{}/events?entity=file&entityId={}", world.board, chosen.id())).expect(200);
        assert_eq!(events.items().iter().filter(|item| item["event"]["kind"] == "file.changed").count(), 1);
        // Every form of the document says the same, with what a file can be proved by.
        for (media, ..) in FORMATS {
            let words = |version| words(media, &served(&world.controller, &report, media, version).body);
            let (full, public) = (words("full"), words("public"));
            for name in everything {
                assert!(full.contains(&dense(name)), "{media}: {name}");
                assert_eq!(public.contains(&dense(name)), name == "attest.txt", "{media}: {name}");
            }
            assert!(full.contains(&sha256(&bytes)) && !public.contains(&sha256(&bytes)), "{media}");
            assert!(public.contains(&sha256(b"Ingen attest")), "{media}");
            assert!(!full.contains("kontoutdrag"), "{media}: of a suspicion of crime there is one, and no more");
        }
        let page = world.visitor(&world.controller.id).page(&format!("/reports/{report}")).text("main");
        assert!(page.contains("Filer som underlag") && page.contains("alltid.pdf (fil, 1,2 MB)"), "{page}");
        // What is marked names none in public, and what is decided stays what it was.
        let marking = json!({"provision": "18 kap. 8 § OSL", "date": "2024-04-03", "authority": "Kulturnämnden"});
        world.head.patch_current(&deficiency, json!({"secrecy": marking})).expect(200);
        assert_eq!(told("full"), everything);
        assert_eq!(told("public"), [] as [&str; 0]);
    }

    fn a_backup_brings_the_files(world: &World) {
        let year = Year::adopted(world);
        let bytes = pdf(100_000);
        let made = leave(&world.controller, &control(&year), "a.pdf", &bytes).expect(201);
        let directory = Directory::new();
        let file = directory.0.join("hela.backup");
        let manifest = world.db.back_up(&file, &world.config.files, Default::default()).expect("a backup");
        assert_eq!(manifest.parts[1].sha256, made.text("sha256"));
        let unpacked = backup::unpack(&file).expect("it is whole");
        assert_eq!(unpacked.files.hold(&made.text("sha256")), Ok((100_000, sha256(&bytes))));
        take_outside(world, &directory);
        for kind in [Databases::Sqlite, Databases::Postgres] {
            let database = empty(kind, &directory);
            let into = directory.0.join(format!("{kind:?}"));
            let asked = ["restore", file.to_str().expect("UTF-8"), "--by", "Ada Drift", "--reason", "Disken gick sönder"];
            let run = |asked: &[&str]| {
                let mut restore = command(world, &directory, &database, asked);
                restore.env("RISKREGISTER_FILES", &into);
                does(restore)
            };
            let said = run(&asked);
            assert!(said.contains("1 files of evidence were put into"), "{said}");
            let said = run(&["verify"]);
            assert!(said.contains("1 files of evidence") && said.ends_with("OK\n"), "{said}");
            let db = Db::new(Address::parse(&database).expect("an address"), 1);
            let stored = db.read(|r| r.stored_file(&made.text("sha256"))).expect("a row");
            assert_eq!(stored.map(|row| row.size), Some(100_000));
            let lies = into.join(&sha256(&bytes)[..2]).join(sha256(&bytes));
            assert!(std::fs::read(&lies).expect("the file") == bytes);
            // The second verifier holds the bytes too, of a register that is one file.
            if let Some(register) = database.strip_prefix("sqlite://") {
                let told = || {
                    let files = into.to_str().expect("UTF-8");
                    let said = python(&[register, "--files", files]).output().expect("python3 runs");
                    (said.status.code(), String::from_utf8_lossy(&said.stdout).into_owned())
                };
                let (code, said) = told();
                assert!(code == Some(0) && said.contains("1 files"), "{said}");
                turn_a_bit(&lies);
                assert_eq!(told(), (Some(1), format!("the file {} is not what was left\n", sha256(&bytes))));
                std::fs::remove_file(&lies).expect("it can be taken away");
                assert!(told().1.contains("is gone from where files are kept"));
            }
        }
        // One that is no longer there cannot be backed up as if it were.
        std::fs::remove_file(lies(world, &made.text("sha256"))).expect("it can be taken away");
        let none = world.db.back_up(&directory.0.join("utan.backup"), &world.config.files, Default::default());
        assert!(format!("{:?}", none.expect_err("it lacks a file")).contains("is gone from where files are kept"));
        world.damaged.store(true, Ordering::Relaxed);
    }
}

/// A register whose files lie in a store that speaks S3.
fn in_a_store(databases: Databases) {
    let directory = Directory::new();
    let server = S3Server::start(&directory.0);
    let world = World::with(databases, |config| config.files = server.store());
    comes_back(&world, |sha256| server.file(sha256));
    // What nobody names is swept there too.
    let store = &world.config.files;
    store.put(&sha256(b"x"), b"x".to_vec().into()).expect("it is put in");
    let later = Utc::now() + chrono::Duration::seconds(5);
    assert_eq!(store.sweep_before(later, &mut |name| Ok(name != sha256(b"x"))).expect("swept"), 1);
    assert!(!server.file(&sha256(b"x")).exists());
}

#[test]
fn the_largest_file_comes_back_out_of_a_store_sqlite() {
    in_a_store(Databases::Sqlite);
}

#[test]
fn the_largest_file_comes_back_out_of_a_store_postgres() {
    in_a_store(Databases::Postgres);
}

/// By the word of a real daemon; and nothing is taken while it does not answer.
fn looked_through(databases: Databases) {
    let daemon = Daemon::start();
    let world = World::with(databases, |config| config.clamd = Some(Clamd::Socket(daemon.socket.clone())));
    let year = Year::adopted(&world);
    let of = control(&year);
    let refused = leave(&world.controller, &of, "prov.txt", eicar().as_bytes()).refused(422, "infected");
    assert!(
        refused["errors"][0]["detail"].as_str().is_some_and(|said| said.contains("Eicar-Test")),
        "{}",
        refused.json
    );
    leave(&world.controller, &of, "prov.pdf", &pdf(MOST)).expect(201);
    let files = world.controller.get(&format!("{of}/files")).expect(200);
    assert_eq!(files.column("name"), ["prov.pdf"]);
    drop(daemon);
    let refused = leave(&world.controller, &of, "mer.txt", b"Mer").expect(503);
    assert!(
        refused["detail"].as_str().is_some_and(|said| said.contains("Virusskyddet svarar inte")),
        "{}",
        refused.json
    );
    assert!(refused.maybe_header("retry-after").is_some());
    assert_eq!(world.controller.get(&format!("{of}/files")).expect(200).items().len(), 1);
}

#[test]
fn files_are_looked_through_sqlite() {
    looked_through(Databases::Sqlite);
}

#[test]
fn files_are_looked_through_postgres() {
    looked_through(Databases::Postgres);
}

/// Somebody leaves a file on the page of a status, fetches it on that of the control, and removes it.
fn by_clicks(scripts: Scripts) {
    let world = World::on(Databases::Sqlite);
    let year = Year::adopted(&world);
    let folder = Directory::new();
    let at = |name: &str, text: &[u8]| {
        std::fs::write(folder.0.join(name), text).expect("a file can be written");
        folder.0.join(name).to_str().expect("a path in UTF-8").to_owned()
    };
    let browser = Browser::start(&world.address, scripts);
    browser.open("/sign-in");
    browser.take_cookie(SESSION, &world.visitor(&world.performer.id).cookie);
    browser.open(&format!("/status/control/{}/t1", year.always));
    browser.unfold("Lämna en fil");
    browser.write_in("input[type=file]", &at("program.pdf", b"MZ\x90\0"));
    browser.follow_within("//main", "Spara filen");
    assert!(
        browser.text("#file-faults").contains("Innehållet är inte av någon typ som tas emot"),
        "{}",
        browser.text("main")
    );
    browser.write_in("input[type=file]", &at("stickprov åäö.txt", "Trettio prov.".as_bytes()));
    browser.press("input[type=checkbox][name=public]");
    browser.follow_within("//main", "Spara filen");
    assert_eq!(browser.text(".notice"), "Filen är sparad.");
    if scripts == Scripts::Run {
        assert_eq!(browser.hindrances(), Vec::<String>::new());
    }
    browser.open(&format!("/controls/{}", year.always));
    let link = "#files + ul a";
    assert_eq!(browser.text(link), "stickprov åäö.txt");
    assert!(browser.text("#files + ul").contains("13 B"), "{}", browser.text("#files + ul"));
    assert_eq!(browser.download(link), "Trettio prov.".as_bytes());
    assert!(browser.text("#files + ul").contains("Anges i offentliga dokument också"));
    browser.follow_within("//main", "Ange inte i offentliga dokument");
    assert_eq!(browser.text(".notice"), "Valet är sparat.");
    assert!(!browser.text("#files + ul").contains("Anges i offentliga dokument också"));
    browser.follow_within("//main", "Ta bort filen");
    assert_eq!(browser.text(".notice"), "Filen är borttagen.");
    let left = world.controller.get(&format!("{}/files", control(&year))).expect(200);
    assert_eq!(left.items().len(), 0);
}

#[test]
fn a_file_is_left_by_clicks() {
    by_clicks(Scripts::Run);
}

#[test]
fn a_file_is_left_without_scripts() {
    by_clicks(Scripts::Blocked);
}
