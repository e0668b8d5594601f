//! `riskregister verify` held straight, with damage: whatever is edited in the tables past the register is found, and
//! nothing is found where nothing was edited.
//!
//! Every edit is made in a transaction of its own, looked at from within it, and taken back. Which edits they are is
//! chance.

use std::time::Instant;

use diesel::connection::SimpleConnection;
use rand::seq::SliceRandom;
use riskregister::evidence::checkpoint::{Checkpoint, PrivateKey};
use riskregister::evidence::tree;
use riskregister::storage::verification::{self, Against, Counts, Damage, WITHOUT_HISTORY, tables_with_history};
use riskregister::storage::{AnyConnection, Id};

use crate::kit::depth::{chance, deep, seed};
use crate::kit::edits::{Edit, Editor, blob, bytes, cell, cells, cut, unbound};
use crate::kit::forgery::{bodies, fit, number, sign};
use crate::kit::times::{Kind, spent};
use crate::kit::{Register, World, both, signing_key};

/// How many edits a test makes, of which there are two a database.
fn edits() -> usize {
    deep(180, 1200)
}

/// How many bits are flipped before the whole of `verify`. (All of them are before the parts of it.)
fn bits() -> usize {
    deep(90, 600)
}

/// What verify says of what this connection sees.
fn verify(c: &mut AnyConnection) -> Result<Counts, Damage> {
    spent(Kind::Verifying, || verification::verify_on(c, &Against::default()))
}

/// Looks at the register after a change that is then taken back.
fn after<T>(c: &mut AnyConnection, look: impl FnOnce(&mut AnyConnection) -> T) -> T {
    let begin = if matches!(c, AnyConnection::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
    c.batch_execute(begin).expect("a transaction");
    let seen = look(c);
    c.batch_execute("ROLLBACK").expect("it is taken back");
    seen
}

/// PostgreSQL leaves what was taken back lying about, and reads past it each time.
fn tidy(c: &mut AnyConnection, done: usize) {
    if matches!(c, AnyConnection::Postgres(_)) && done.is_multiple_of(100) {
        c.batch_execute("VACUUM").expect("the database can be tidied");
    }
}

#[track_caller]
fn nothing_missed(missed: &[String], found: usize, of: &str) {
    println!("{found} {of} were found");
    assert!(missed.is_empty(), "{} of {found} {of} were missed:\n{}", missed.len(), missed.join("\n"));
}

/// Edits of all kinds.
fn hunt(world: &World, seed: u64) {
    world.live();
    let mut c = unbound(&world.config.database);
    let start = Instant::now();
    let clean = verify(&mut c).expect("it holds before");
    println!("{clean}, in {:?}", start.elapsed());
    let mut editor = Editor::new(&mut c, seed);
    let (mut found, mut missed) = (0, Vec::new());
    while found < edits() && missed.len() < 20 {
        after(&mut c, |c| {
            if let Edit::Done(what) = editor.edit(c) {
                found += 1;
                if verify(c).is_ok() {
                    missed.push(what);
                }
            }
        });
        tidy(&mut c, found);
    }
    nothing_missed(&missed, found, "edits");
    assert_eq!(verify(&mut c), Ok(clean), "it holds after all");
    world.live_on();
    verify(&mut c).expect("it holds after another day");
}

both! {
    fn every_edit_is_found(world: &World) {
        hunt(world, seed("edits"));
    }

    fn every_edit_is_found_by_another_seed(world: &World) {
        hunt(world, seed("other edits"));
    }

    /// Of frontiers, nodes, notes, keys and bodies.
    fn every_flipped_bit_is_found(world: &World) {
        world.live();
        let mut c = unbound(&world.config.database);
        verify(&mut c).expect("it holds before");
        // Table, column, row, and how many bits there are.
        let mut cells_of = |table: &'static str, column: &'static str, key: &[&str]| {
            let key: Vec<String> = key.iter().map(|k| format!("'{k} = ''' || CAST({k} AS TEXT) || ''''")).collect();
            let rows = cells(&mut c, &format!("SELECT {} AS text FROM {table}", key.join(" || ' AND ' || ")));
            let rows: Vec<String> = rows.into_iter().map(|row| row.expect("a key")).collect();
            let sized = |row: String| {
                let octets = if column == "note" || column == "public_key" {
                    format!("length(CAST({column} AS {}))", if matches!(*c, AnyConnection::Sqlite(_)) { "BLOB" } else { "BYTEA" })
                } else {
                    format!("length({column})")
                };
                let sql = format!("SELECT CAST({octets} AS TEXT) AS text FROM {table} WHERE {row}");
                let bits = 8 * number(&mut c, &sql);
                (table, column, row, bits)
            };
            rows.into_iter().map(sized).collect::<Vec<_>>()
        };
        let mut places = cells_of("heads", "frontier", &["log_id"]);
        places.extend(cells_of("tree_nodes", "hash", &["log_id", "level", "position"]));
        places.extend(cells_of("checkpoints", "note", &["log_id", "number"]));
        places.extend(cells_of("signing_keys", "public_key", &["id"]));
        places.extend(cells_of("events", "body", &["log_id", "n"]));
        let mut rng = chance("bits");
        let mut flips: Vec<(&str, &str, String, u64)> = places
            .into_iter()
            // The frontier of a log without events has none.
            .filter(|(.., bits)| *bits > 0)
            .flat_map(|(table, column, row, bits)| {
                // As many of each cell, so that large ones do not push the others out.
                let some: Vec<u64> = (0..8).map(|_| rand::RngExt::random_range(&mut rng, 0..bits)).collect();
                some.into_iter().map(move |bit| (table, column, row.clone(), bit))
            })
            .collect();
        flips.shuffle(&mut rng);
        // Of bodies, which are the most, half.
        let (of_bodies, of_others): (Vec<_>, Vec<_>) = flips.into_iter().partition(|(table, ..)| *table == "events");
        let flips = of_others.into_iter().take(bits() / 2).chain(of_bodies.into_iter().take(bits() - bits() / 2));
        let (mut found, mut missed) = (0, Vec::new());
        for (table, column, row, bit) in flips {
            if missed.len() > 20 {
                break;
            }
            after(&mut c, |c| {
                let text = matches!(column, "note" | "public_key");
                let read = match (text, &c) {
                    (false, _) => column.to_owned(),
                    (true, AnyConnection::Sqlite(_)) => format!("CAST({column} AS BLOB)"),
                    (true, AnyConnection::Postgres(_)) => format!("convert_to({column}, 'UTF8')"),
                };
                let mut flipped = bytes(c, table, &read, &row);
                flipped[usize::try_from(bit / 8).expect("a place")] ^= 1 << (bit % 8);
                let new = match (text, blob(c, &flipped), &c) {
                    (false, new, _) => new,
                    (true, new, AnyConnection::Sqlite(_)) => format!("CAST({new} AS TEXT)"),
                    (true, new, AnyConnection::Postgres(_)) => format!("convert_from({new}, 'UTF8')"),
                };
                // PostgreSQL takes no text that is none.
                if c.batch_execute(&format!("UPDATE {table} SET {column} = {new} WHERE {row}")).is_ok() {
                    found += 1;
                    if verify(c).is_ok() {
                        missed.push(format!("bit {bit} of {table}.{column} where {row}"));
                    }
                }
            });
            tidy(&mut c, found);
        }
        nothing_missed(&missed, found, "flipped bits");
        verify(&mut c).expect("it holds after all");
    }

    /// Without the database between, each single bit of each event and of each checkpoint has its turn.
    fn with_any_bit_flipped_it_is_not_in_the_tree_and_not_signed(world: &World) {
        world.live();
        let mut c = unbound(&world.config.database);
        let keys = [signing_key().public()];
        let (mut tried, mut signed) = (0_u64, 0_u64);
        for log in cells(&mut c, "SELECT CAST(log_id AS TEXT) AS text FROM heads").into_iter().flatten() {
            let all = bodies(&mut c, &log);
            let size = all.len() as u64;
            let id: Id = log.parse().expect("an id");
            for (n, mut body) in all.into_iter().enumerate() {
                let (n, leaf) = (n as u64, tree::leaf(&body));
                let (root, path) = world
                    .db
                    .read(|r| Ok((r.tree_root(id, size)?, r.inclusion(id, n, size)?)))
                    .expect("a proof can be made");
                assert!(tree::includes(&leaf, n, size, &path, &root));
                for bit in 0..body.len() * 8 {
                    body[bit / 8] ^= 1 << (bit % 8);
                    let other = tree::leaf(&body);
                    // Another leaf leads to another root: all the way is gone for some.
                    let is_in = other == leaf || (bit % 509 == 0 && tree::includes(&other, n, size, &path, &root));
                    assert!(!is_in, "log {log}, event {n}, bit {bit}");
                    body[bit / 8] ^= 1 << (bit % 8);
                    tried += 1;
                }
            }
            let notes = format!("SELECT note AS text FROM checkpoints WHERE log_id = '{log}'");
            for note in cells(&mut c, &notes).into_iter().flatten() {
                let right = Checkpoint::read(&note).expect("a checkpoint");
                assert!(right.signed_by(&keys));
                for bit in 0..note.len() * 8 {
                    let mut flipped = note.clone().into_bytes();
                    flipped[bit / 8] ^= 1 << (bit % 8);
                    let read = String::from_utf8(flipped).ok().and_then(|text| Checkpoint::read(&text));
                    assert!(!read.is_some_and(|read| read.signed_by(&keys)), "{note}: bit {bit}");
                    signed += 1;
                }
            }
        }
        println!("{tried} bits of events and {signed} of checkpoints were found");
    }

    /// Who has the database but not the key can make everything fit but the checkpoints.
    fn a_rewritten_history_that_fits_is_told_by_its_checkpoints(world: &World) {
        world.live();
        let mut c = unbound(&world.config.database);
        for log in [&world.root, &world.board] {
            let last = number(&mut c, &format!("SELECT CAST(size - 1 AS TEXT) AS text FROM heads WHERE log_id = '{log}'"));
            for n in [0, last / 2, last] {
                after(&mut c, |c| {
                    rewrite(c, log, n);
                    fit(c, log);
                    let told = verify(c).expect_err("the events are not those that were signed").to_string();
                    assert!(told.contains("checkpoint"), "{told}");
                    assert!(told.contains(log.as_str()), "{told}");
                });
            }
        }
    }

    /// Who has the key too is told by a checkpoint that was kept elsewhere, and by nothing else.
    fn a_history_signed_anew_is_told_by_what_was_kept_elsewhere(world: &World) {
        world.live();
        // What changes nothing in the tables can be cut off without a trace there.
        for _ in 0..3 {
            world.token(&world.reader.id);
        }
        world.db.make_checkpoints().expect("checkpoints can be made");
        let mut c = unbound(&world.config.database);
        let log = &world.root;
        let size = number(&mut c, &format!("SELECT CAST(size AS TEXT) AS text FROM heads WHERE log_id = '{log}'"));
        let kept = |size: &str| {
            let file = world.config.signer.directory.join(log).join(format!("{size}.txt"));
            let note = std::fs::read_to_string(file).expect("each checkpoint is kept outside");
            Against { checkpoints: vec![Checkpoint::read(&note).expect("a checkpoint")], ..Against::default() }
        };
        let newest = kept(&size.to_string());
        let oldest = cell(&mut c, &format!("SELECT CAST(min(size) AS TEXT) AS text FROM checkpoints WHERE log_id = '{log}'"));
        let oldest = kept(&oldest);
        let look = |c: &mut AnyConnection, against: &Against| verification::verify_on(c, against);
        look(&mut c, &newest).expect("nothing was done yet");
        look(&mut c, &oldest).expect("the log goes on from there");
        after(&mut c, |c| {
            rewrite(c, log, 1);
            fit(c, log);
            sign(c, log, &signing_key());
            look(c, &Against::default()).expect("nothing here tells it any more");
            look(c, &newest).expect_err("another history");
            look(c, &oldest).expect_err("another history, from its beginning on");
        });
        after(&mut c, |c| {
            cut(c, log, size - 1);
            fit(c, log);
            sign(c, log, &signing_key());
            look(c, &Against::default()).expect("nothing here tells it any more");
            look(c, &oldest).expect("it was so then");
            let told = look(c, &newest).expect_err("there were more events").to_string();
            assert!(told.contains(&format!("counts {size}")), "{told}");
        });
        // A key of one's own is no key of the register.
        after(&mut c, |c| {
            rewrite(c, log, 1);
            fit(c, log);
            sign(c, log, &PrivateKey::of([8; 32]));
            look(c, &Against::default()).expect_err("signed by a stranger");
        });
    }

    /// Who has the database can name a key of their own in it and sign everything with that; who knows the key is told.
    fn another_key_in_the_place_of_the_registers_is_told_by_who_knows_it(world: &World) {
        world.db.make_checkpoints().expect("checkpoints can be made");
        let mut c = unbound(&world.config.database);
        let own = PrivateKey::of([8; 32]);
        let known = Against { keys: vec![signing_key().public()], ..Against::default() };
        verification::verify_on(&mut c, &known).expect("nothing was done yet");
        after(&mut c, |c| {
            let log = &world.root;
            let (old, new) = (signing_key().public().text(), own.public().text());
            let taken = "SELECT CAST(n AS TEXT) AS text FROM events WHERE kind = 'signingKey.taken'";
            let row = format!("log_id = '{log}' AND n = {}", cell(c, taken));
            let body = String::from_utf8(bytes(c, "events", "body", &row)).expect("an event");
            let body = blob(c, body.replace(&old, &new).as_bytes());
            c.batch_execute(&format!("UPDATE events SET body = {body} WHERE {row}")).expect("an event can be written over");
            c.batch_execute(&format!("UPDATE signing_keys SET public_key = '{new}'")).expect("a key can be put in its place");
            for log in cells(c, "SELECT CAST(log_id AS TEXT) AS text FROM heads") {
                let log = log.expect("a log");
                fit(c, &log);
                sign(c, &log, &own);
            }
            verify(c).expect("nothing here tells it any more");
            let told = verification::verify_on(c, &known).expect_err("signed by another").to_string();
            assert!(told.contains("not signed by a key"), "{told}");
        });
    }

    /// Every table is held to the history, or stands in the list of those that are not, with the reason.
    fn no_table_is_forgotten(register: &Register) {
        let mut c = register.config.database.connect().expect("the database can be reached");
        let names = match c {
            AnyConnection::Sqlite(_) => "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            AnyConnection::Postgres(_) => "SELECT table_name::text AS text FROM information_schema.tables WHERE table_schema = 'public'",
        };
        let mut there: Vec<String> = cells(&mut c, names).into_iter().flatten().collect();
        let mut known = tables_with_history();
        known.extend(WITHOUT_HISTORY);
        there.sort();
        known.sort_unstable();
        assert_eq!(there, known);
    }
}

/// Changes an event so that only its bytes tell: the id of the request that made it.
fn rewrite(c: &mut AnyConnection, log: &str, n: u64) {
    let row = format!("log_id = '{log}' AND n = {n}");
    let body = bytes(c, "events", "body", &row);
    let mut event: serde_json::Value = serde_json::from_slice(&body).expect("an event");
    event["requestId"] = serde_json::Value::from(Id::new().to_string());
    let body = riskregister::storage::history::canonical(&event).expect("canonical JSON");
    let new = blob(c, &body);
    c.batch_execute(&format!("UPDATE events SET body = {new} WHERE {row}")).expect("an event can be written over");
}
