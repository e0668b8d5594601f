//! What was acknowledged stays: through `kill -9` on either database, and between two processes that write one PostgreSQL.
//!
//! A killed process leaves what the kernel already has, so this holds the order of writing and acknowledging, and
//! the database's recovery; what a disk does when the power is cut is for `power`.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, AnyConnection};
use serde_json::json;

use crate::kit::depth::deep;
use crate::kit::edits::{cell, cells};
use crate::kit::load::{Load, is_whole, is_whole_at_last, positions_have_no_gaps};
use crate::kit::{Databases, Directory, Serving, Start, Wire, World, binary};

const WRITERS: usize = 4;

/// The real binary on this database, as a process of its own serves it.
pub fn command(database: &Address, directory: &Directory, world: &World) -> Command {
    let url = match database {
        Address::Sqlite(file) => format!("sqlite://{file}"),
        Address::Postgres(url) => url.clone(),
    };
    let mut command = binary(&directory.0, &["serve"]);
    command
        .env("DATABASE_URL", url)
        .env("RISKREGISTER_SIGNING_KEY", world.config.signer.key.text())
        .env("RISKREGISTER_SECRET", std::str::from_utf8(&world.config.secret).expect("a secret in UTF-8"))
        .env("RISKREGISTER_REQUESTS_PER_MINUTE", world.config.requests_per_minute.to_string());
    command
}

/// `kill -9` is its end when it is dropped.
pub fn serve(database: &Address, directory: &Directory, world: &World) -> Serving {
    Serving::start(command(database, directory, world))
}

/// The binary is killed, anywhere in its writes, and started anew on what is there, again and again.
fn keeps_every_acknowledged_write(databases: Databases, rounds: usize) {
    let world = World::on(databases);
    let load = Load::on(&world, WRITERS);
    let directory = Directory::new();
    let database = match databases {
        // A copy that nobody else has open: a second process would do the recovery that the killed one's heir must do.
        Databases::Sqlite => {
            let file = directory.0.join("killed.db").to_str().expect("a path in UTF-8").to_owned();
            let mut original = world.config.database.connect().expect("the register's file can be opened");
            diesel::sql_query(format!("VACUUM INTO '{file}'")).execute(&mut original).expect("the file can be copied");
            Address::Sqlite(file)
        }
        Databases::Postgres => world.config.database.clone(),
    };
    let mut server = serve(&database, &directory, &world);
    load.goes_to(&server.address);
    let server = load.run(|| {
        for round in 0..rounds {
            load.more(rand::random_range(1..=30));
            // Anywhere in the next writes, not only right after an answer.
            let moment = Instant::now() + Duration::from_micros(rand::random_range(0..4_000));
            while Instant::now() < moment {
                std::hint::spin_loop();
            }
            drop(server);
            load.goes_to("");
            server = serve(&database, &directory, &world);
            // Before anybody goes on.
            is_whole(&load, &database, &format!("round {round}"));
            load.goes_to(&server.address);
        }
        server
    });
    drop(server);
    is_whole_at_last(&load, &database);
    println!("{rounds} times killed");
}

#[test]
fn sqlite_keeps_every_acknowledged_write_through_kill_9() {
    keeps_every_acknowledged_write(Databases::Sqlite, deep(12, 1_000));
}

#[test]
fn postgres_keeps_every_acknowledged_write_through_kill_9() {
    keeps_every_acknowledged_write(Databases::Postgres, deep(8, 500));
}

#[test]
fn two_processes_write_one_postgres_in_turn() {
    const EACH: u64 = 25;
    let world = World::on(Databases::Postgres);
    let load = Load::on(&world, WRITERS);
    let (plan, risks) = (&load.plan, &load.risks);
    let token = world.token(&world.controller.id);
    let directory = Directory::new();
    let servers = [(); 2].map(|()| serve(&world.config.database, &directory, &world));
    let count = |c: &mut AnyConnection, what: &str| -> i64 {
        cell(c, &format!("SELECT count(*)::text AS text FROM {what}")).parse().expect("a number")
    };
    let events = |c: &mut AnyConnection, kind: &str| count(c, &format!("events WHERE kind = '{kind}'"));
    let mut c = world.config.database.connect().expect("the database can be reached");
    let before = events(&mut c, "risk.assessed");
    let failed = AtomicBool::new(false);
    let made: Vec<(usize, String)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2 * WRITERS)
            .map(|w| {
                let (token, failed) = (&token, &failed);
                let address = &servers[w % 2].address;
                scope.spawn(move || {
                    let mut wire = Wire::connect(address, token).expect("the register listens");
                    let mut made = Vec::new();
                    for i in 0..EACH {
                        if failed.load(Ordering::Relaxed) {
                            break;
                        }
                        // Each risk is written by one writer of either process.
                        let risk = &risks[w / 2];
                        let body = json!({"likelihood": 1 + i % 5, "consequence": 1 + (i + w as u64) % 5}).to_string();
                        let assessed = wire.post(&format!("/api/v1/risks/{risk}/assessments"), &body);
                        let body = json!({"name": format!("{w} {i}")}).to_string();
                        let changed = wire.patch(&format!("/api/v1/risks/{risk}"), "*", &body);
                        // The same key at both processes at once: one makes the risk, the other repeats its answer.
                        let pair = format!("pair-{}-{i}", w / 2);
                        let body = json!({"name": pair}).to_string();
                        let headers = [("content-type", "application/json"), ("idempotency-key", pair.as_str())];
                        let created = wire.send("POST", &format!("/api/v1/plans/{plan}/risks"), &headers, &body);
                        for (answer, status) in [(&assessed, 201), (&changed, 200), (&created, 201)] {
                            if !answer.as_ref().is_ok_and(|a| a.status == status) {
                                failed.store(true, Ordering::Relaxed);
                                panic!("wanted {status}: {answer:?}");
                            }
                        }
                        made.push((w / 2 * EACH as usize + i as usize, created.expect("just seen").text("id")));
                    }
                    made
                })
            })
            .collect();
        writers.into_iter().flat_map(|w| w.join().expect("a writer")).collect()
    });
    let pairs: BTreeMap<usize, &String> = made.iter().map(|(pair, id)| (*pair, id)).collect();
    assert!(made.iter().all(|(pair, id)| *pairs[pair] == *id), "one key made two risks");
    let in_all = (2 * WRITERS) as i64 * EACH as i64;
    assert_eq!(events(&mut c, "risk.assessed") - before, in_all);
    assert_eq!(count(&mut c, &format!("risks WHERE plan_id = '{plan}'")), in_all / 2 + WRITERS as i64);
    positions_have_no_gaps(&mut c);
    verify(&world.config.database, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
    // Numbers within the plan were settled by both, one after the other.
    let twice =
        "SELECT number::text AS text FROM risks WHERE number IS NOT NULL GROUP BY plan_id, number HAVING count(*) > 1";
    assert_eq!(cells(&mut c, twice), Vec::<Option<String>>::new());
}
