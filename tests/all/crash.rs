//! What was acknowledged stays: through `kill -9` on SQLite, and between two processes that write one PostgreSQL.
//!
//! A killed process leaves what the kernel already has, so this holds the order of writing and acknowledging, and
//! SQLite's recovery; that the disk itself keeps its word is `synchronous = FULL`'s business and the disk's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use chrono::Datelike;
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, AnyConnection, Timestamp};
use serde_json::json;

use crate::kit::depth::deep;
use crate::kit::{Client, Databases, Directory, Serving, Start, Wire, World, binary};

const WRITERS: usize = 4;

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn lines(c: &mut AnyConnection, sql: &str) -> Vec<String> {
    let found: Vec<Line> = diesel::sql_query(sql).load(c).expect("the question can be asked");
    found.into_iter().map(|l| l.text).collect()
}

fn count(c: &mut AnyConnection, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Count>(c).expect("the question can be asked").n
}

/// Each log's events stand at 0, 1, 2 … up to where its head says the next one comes.
fn positions_have_no_gaps(c: &mut AnyConnection) {
    let torn = lines(
        c,
        "SELECT h.log_id || ' ' || h.size || ' ' || count(e.n) || ' ' || coalesce(max(e.n), -1) AS text \
         FROM heads h LEFT JOIN events e ON e.log_id = h.log_id GROUP BY h.log_id, h.size \
         HAVING count(e.n) <> h.size OR coalesce(max(e.n), -1) <> h.size - 1 OR coalesce(min(e.n), 0) <> 0",
    );
    assert!(torn.is_empty(), "logs whose head, count and last position disagree: {torn:?}");
    let loose = count(c, "SELECT count(*) AS n FROM events WHERE log_id NOT IN (SELECT log_id FROM heads)");
    assert_eq!(loose, 0, "events without a log");
}

/// A plan of this year with as many risks as there are writers.
fn plan_with_risks(world: &World) -> (String, Vec<String>) {
    let year = Timestamp::now().stockholm_date().year();
    let plan = world.controller.post("/plans", json!({"organisationId": world.board, "year": year})).expect(201).id();
    let risks = (0..WRITERS)
        .map(|i| {
            let form = json!({"name": format!("Risk {i}"), "likelihood": 3, "consequence": 3});
            world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201).id()
        })
        .collect();
    (plan, risks)
}

/// The real binary on this database, a process of its own. `kill -9` is its end when it is dropped.
fn serve(database: &Address, directory: &Directory, world: &World) -> Serving {
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
    Serving::start(command)
}

/// A write whose success the register has told its client.
enum Told {
    Assessment { risk: String, id: String },
    Risk { id: String, name: String },
    Name { risk: String, name: String },
}

/// Writes to one risk until the register falls. Returns the name of which it never heard, if there is one.
fn write_until_it_falls(
    address: &str,
    token: &str,
    writer: (&str, &str, String),
    told: &mpsc::Sender<Told>,
) -> Option<String> {
    let (plan, risk, label) = writer;
    let mut wire = Wire::connect(address, token).ok()?;
    for i in 0_u64.. {
        let name = format!("{label} {i}");
        let asked = match i % 4 {
            0 | 2 => {
                let body = json!({"likelihood": 1 + i % 5, "consequence": 1 + i / 5 % 5, "reason": name}).to_string();
                wire.post(&format!("/api/v1/risks/{risk}/assessments"), &body)
            }
            1 => wire.patch(&format!("/api/v1/risks/{risk}"), "*", &json!({ "name": name }).to_string()),
            _ => wire.post(&format!("/api/v1/plans/{plan}/risks"), &json!({ "name": name }).to_string()),
        };
        let Ok(answer) = asked else { return (i % 4 == 1).then_some(name) };
        assert!(matches!(answer.status, 200 | 201), "{}", String::from_utf8_lossy(&answer.body));
        let known = match i % 4 {
            0 | 2 => Told::Assessment { risk: risk.into(), id: answer.text("id") },
            1 => Told::Name { risk: risk.into(), name },
            _ => Told::Risk { id: answer.text("id"), name },
        };
        let _ = told.send(known);
    }
    None
}

#[test]
fn sqlite_keeps_every_acknowledged_write_through_kill_9() {
    let world = World::on(Databases::Sqlite);
    let (plan, risks) = plan_with_risks(&world);
    let token = world.token(&world.controller.id);
    let directory = Directory::new();
    let file = directory.0.join("killed.db").to_str().expect("a path in UTF-8").to_owned();
    // A copy that nobody else has open: a second process would do the recovery that the killed one's heir must do.
    let mut original = world.config.database.connect().expect("the register's file can be opened");
    diesel::sql_query(format!("VACUUM INTO '{file}'")).execute(&mut original).expect("the file can be copied");
    let database = Address::Sqlite(file);

    let mut server = serve(&database, &directory, &world);
    let mut assessments: BTreeSet<String> = BTreeSet::new();
    let mut made: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..deep(12, 60) {
        let (sender, told) = mpsc::channel();
        let wanted = rand::random_range(1..=30);
        let (heard, unheard) = std::thread::scope(|scope| {
            let writers: Vec<_> = risks
                .iter()
                .enumerate()
                .map(|(w, risk)| {
                    let (sender, plan, token) = (sender.clone(), &plan, &token);
                    let address = server.address.clone();
                    let label = format!("{round}.{w}");
                    scope.spawn(move || write_until_it_falls(&address, token, (plan, risk, label), &sender))
                })
                .collect();
            drop(sender);
            let mut heard: Vec<Told> = told.iter().take(wanted).collect();
            // Anywhere in the next writes, not only right after an answer.
            let moment = Instant::now() + Duration::from_micros(rand::random_range(0..4_000));
            while Instant::now() < moment {
                std::hint::spin_loop();
            }
            drop(server);
            // Until the last writer has noticed.
            heard.extend(told);
            let unheard: Vec<Option<String>> = writers.into_iter().map(|w| w.join().expect("a writer")).collect();
            (heard, unheard)
        });
        assert!(heard.len() >= wanted, "round {round}: the writers stopped before the register was killed");

        server = serve(&database, &directory, &world);
        let client = Client::new(&server.address, Some(&token));
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut by_risk: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for write in heard {
            match write {
                Told::Assessment { risk, id } => {
                    assessments.insert(id.clone());
                    by_risk.entry(risk).or_default().insert(id);
                }
                Told::Risk { id, name } => {
                    assert_eq!(client.get(&format!("/risks/{id}")).expect(200).text("name"), name);
                    made.insert(id, name);
                }
                Told::Name { risk, name } => {
                    names.insert(risk, name);
                }
            }
        }
        for (risk, wanted) in by_risk {
            let all = client.get(&format!("/risks/{risk}/assessments?limit=200")).expect(200);
            let there: BTreeSet<&str> = all.column("id").into_iter().collect();
            for id in &wanted {
                assert!(there.contains(id.as_str()), "round {round}: the assessment {id} was acknowledged and is lost");
            }
        }
        for (risk, unheard) in risks.iter().zip(unheard) {
            let Some(name) = names.get(risk) else { continue };
            let now = client.get(&format!("/risks/{risk}")).expect(200).text("name");
            // What was under way may have been stored or not; what was acknowledged before it is not undone.
            assert!(now == *name || Some(&now) == unheard.as_ref(), "round {round}: {now:?} and not {name:?}");
        }
        let mut c = database.connect().expect("the file can be opened");
        assert_eq!(lines(&mut c, "SELECT integrity_check AS text FROM pragma_integrity_check"), ["ok"]);
        assert_eq!(count(&mut c, "SELECT count(*) AS n FROM pragma_foreign_key_check"), 0);
        positions_have_no_gaps(&mut c);
    }

    // Whenever it fell, the register is what its history says.
    verify(&database, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));

    // What an early round was told is still there after all the later ones, each with its event.
    let mut c = database.connect().expect("the file can be opened");
    let kept: BTreeSet<String> = lines(
        &mut c,
        "SELECT a.id AS text FROM assessments a JOIN events e ON e.entity_id = a.id AND e.kind = 'risk.assessed'",
    )
    .into_iter()
    .collect();
    assert!(assessments.is_subset(&kept), "lost: {:?}", assessments.difference(&kept));
    let kept: BTreeSet<String> = lines(
        &mut c,
        "SELECT r.id AS text FROM risks r JOIN events e ON e.entity_id = r.id AND e.kind = 'risk.created'",
    )
    .into_iter()
    .collect();
    assert!(made.keys().all(|id| kept.contains(id)), "lost: {made:?}");
}

#[test]
fn two_processes_write_one_postgres_in_turn() {
    const EACH: u64 = 25;
    let world = World::on(Databases::Postgres);
    let (plan, risks) = plan_with_risks(&world);
    let token = world.token(&world.controller.id);
    let directory = Directory::new();
    let servers = [(); 2].map(|()| serve(&world.config.database, &directory, &world));
    let events = |c: &mut AnyConnection, kind: &str| {
        count(c, &format!("SELECT count(*) AS n FROM events WHERE kind = '{kind}'"))
    };
    let mut c = world.config.database.connect().expect("the database can be reached");
    let before = events(&mut c, "risk.assessed");
    let failed = AtomicBool::new(false);
    let made: Vec<(usize, String)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2 * WRITERS)
            .map(|w| {
                let (risks, plan, token, failed) = (&risks, &plan, &token, &failed);
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
    assert_eq!(
        count(&mut c, &format!("SELECT count(*) AS n FROM risks WHERE plan_id = '{plan}'")),
        in_all / 2 + WRITERS as i64
    );
    positions_have_no_gaps(&mut c);
    verify(&world.config.database, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
    // Numbers within the plan were settled by both, one after the other.
    let twice =
        "SELECT number::text AS text FROM risks WHERE number IS NOT NULL GROUP BY plan_id, number HAVING count(*) > 1";
    assert_eq!(lines(&mut c, twice), Vec::<String>::new());
}
