//! What the evidence costs: how long `riskregister verify` takes for a long history and how much memory, and what the
//! tree adds to a write.
//!
//!     cargo bench --bench log                   # 100,000 events
//!     EVENTS=1000000 cargo bench --bench log    # a million: some minutes to make them, and 5 GB
//!
//! The events are assessments, each with the risk that it changed, made through the register's own storage on SQLite in
//! one body's log. The real binary verifies the file. The floor, in the same run: all rows read plainly and every body
//! hashed once. Fails when the verifying process ever held more than 256 MiB, or when the register does not verify.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use riskregister::app::people::{organisations, setup};
use riskregister::domain::values::DiaryNumber;
use riskregister::domain::words::{LevelKey, OrganisationKind, PlanStatus};
use riskregister::evidence::checkpoint::{PrivateKey, origin};
use riskregister::evidence::tree::{self, Frontier};
use riskregister::storage::history::Origin;
use riskregister::storage::logs::Signer;
use riskregister::storage::records::{Assessment, Organisation, Plan, Risk};
use riskregister::storage::schema::{checkpoints, events, heads, openings, policy_versions, tree_nodes};
use riskregister::storage::{Address, AnyConnection, Db, Id, Json, Place, Timestamp};
use sha2::{Digest, Sha256};

#[allow(dead_code, reason = "each user takes what it needs")]
mod kit;
use kit::{Directory, number};

/// What the process that verifies may hold, in MiB.
const AT_MOST: u64 = 256;
/// Events in one transaction while the history is made: nobody would wait for a disk a million times.
const AT_ONCE: u64 = 10_000;
/// Assessments of each risk.
const EACH: u64 = 50;
/// How many writes are timed with and without the tree.
const WRITES: u64 = 2000;

fn main() -> ExitCode {
    let wanted = number("EVENTS", 100_000);
    let directory = Directory::new();
    let kind = if cfg!(debug_assertions) { "NOT OPTIMISED" } else { "optimised" };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{kind}; load before {}\n", load.split(' ').next().unwrap_or_default());

    let started = Instant::now();
    let register = directory.address("register.db");
    make(&register, &directory.0, wanted);
    let made = started.elapsed();

    let floor = floor(&register);
    let verified = verify(&register);
    let per_second = |time: Duration| wanted as f64 / time.as_secs_f64();
    println!("{wanted} events, {} bytes each on average; {}", floor.bytes / wanted.max(1), verified.said);
    for (what, time) in [("made", made), ("read and hashed once", floor.time), ("verified", verified.time)] {
        println!("  {what:<22} {:>8.1} s, {:>8.0} events a second", time.as_secs_f64(), per_second(time));
    }
    println!("  verified ÷ floor       {:>8.1}", verified.time.as_secs_f64() / floor.time.as_secs_f64());
    println!("  memory at most         {:>8} MiB, of {AT_MOST}\n", verified.peak_kib / 1024);
    println!("A write with the tree, to one without ({WRITES} transactions of one event each, in turns):");
    for (how, durable) in [("on the disk", true), ("without waiting for the disk", false)] {
        let (plain, grown) = writes(&directory, durable);
        println!(
            "  {how:<28} {:>6.0} µs, {:>6.0} µs, ratio {:.2}",
            plain.as_secs_f64() * 1e6 / WRITES as f64,
            grown.as_secs_f64() * 1e6 / WRITES as f64,
            grown.as_secs_f64() / plain.as_secs_f64()
        );
    }
    let key = PrivateKey::of([1; 32]);
    let signing = Instant::now();
    for size in 0..100 {
        std::hint::black_box(key.checkpoint(&origin("x", 0), size, &[0; 32]));
    }
    println!("  a checkpoint, once a minute  {:>6.0} µs", signing.elapsed().as_secs_f64() * 1e6 / 100.0);
    if verified.held && verified.peak_kib <= AT_MOST * 1024 {
        ExitCode::SUCCESS
    } else {
        println!("\nFAILED: it must verify, and within {AT_MOST} MiB");
        ExitCode::FAILURE
    }
}

/// A register with one body and a plan, whose log has this many events, with a checkpoint every hundred thousand.
fn make(address: &Address, directory: &Path, wanted: u64) {
    let signer = Signer { key: PrivateKey::of([1; 32]), directory: directory.join("checkpoints") };
    let db = Db::new(address.clone(), 1).signing(signer);
    db.migrate().expect("an empty database can be migrated");
    let body = db
        .write(&Origin::operator(), |w| {
            let administrator = setup::NewUser {
                email: "admin@example.org",
                name: "Ada Admin",
                password_hash: "none",
                one_time: false,
            };
            let new = setup::NewRegister {
                name: "Region Exempel",
                kind: OrganisationKind::Region,
                auditors: None,
                demo: false,
                administrator,
            };
            let root = setup::initialise(w, &new)?;
            setup::take_key(w)?;
            let (id, now) = (Id::new(), Timestamp::now());
            let body = Organisation {
                id,
                parent_id: Some(root),
                kind: OrganisationKind::Board,
                name: "Kulturnämnden".into(),
                abbreviation: None,
                path: format!("{root}/{id}/"),
                body_id: Some(id),
                valid_from: now.stockholm_date(),
                valid_to: None,
                successor_id: None,
                plans: true,
                created_at: now,
                updated_at: now,
                version: 1,
                auditors: None,
            };
            organisations::store_new(w, &body)?;
            Ok(id)
        })
        .expect("an empty database can become a register");
    let mut c = address.connect().expect("the file can be opened");
    let policy: Id = policy_versions::table.select(policy_versions::id).first(&mut c).expect("a policy");
    let at = Place { log: body, organisation: body };
    let mut risks: Vec<Risk> = Vec::new();
    let plan = Id::new();
    let mut done = 0;
    while done < wanted {
        let upto = (done + AT_ONCE).min(wanted);
        risks = db
            .write(&Origin::operator(), |w| {
                let mut risks = risks.clone();
                for n in done..upto {
                    if n == 0 {
                        w.create(at, "plan.created", &new_plan(plan, body, policy))?;
                    } else if n % (EACH + 1) == 1 {
                        let risk = new_risk(plan, body, n);
                        w.take_reference(body, &risk.reference, risk.identity_id)?;
                        w.create(at, "risk.created", &risk)?;
                        risks = vec![risk];
                    } else {
                        let old = risks[0].clone();
                        let mut new = old.clone();
                        let assessment = assessment(&old, policy, n);
                        new.likelihood = Some(assessment.likelihood);
                        new.consequence = Some(assessment.consequence);
                        new.score = Some(assessment.score);
                        new.description = Some(format!("Så ser vi på risken efter den {n}:e bedömningen."));
                        w.create_because(at, "risk.assessed", &assessment, Some("Läget har förändrats."))?;
                        w.change_as_effect(at, "risk.assessed", &old, &mut new)?;
                        risks = vec![new];
                    }
                }
                Ok(risks)
            })
            .expect("events can be written");
        done = upto;
        if done % 100_000 == 0 || done == wanted {
            db.make_checkpoints().expect("checkpoints can be made");
        }
    }
    // As it lies when nobody writes.
    c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("the file can be brought up to date");
}

fn new_plan(id: Id, body: Id, policy: Id) -> Plan {
    let now = Timestamp::now();
    Plan {
        id,
        organisation_id: body,
        year: 2024,
        status: PlanStatus::Draft,
        adopted_revision: None,
        policy_version_id: policy,
        goal_order: Json(Vec::new()),
        diary_numbers: Json(vec![DiaryNumber("KN 2024-1".into())]),
        decided_on: None,
        deciding_board: None,
        paragraph: None,
        proposed_sha256: None,
        return_reason: None,
        revision_reason: None,
        from_plan_id: None,
        delivered_on: None,
        delivered_revision: None,
        illustrative: false,
        created_at: now,
        updated_at: now,
        version: 1,
        followed_sha256: None,
        board_change: None,
        closing_reason: None,
        revised_because: None,
    }
}

fn new_risk(plan: Id, body: Id, n: u64) -> Risk {
    Risk {
        description: Some("Scenerna räcker inte till, och det märks först när publiken har kommit.".into()),
        confirmed: true,
        ..Risk::new(plan, body, n.to_string(), format!("Risk för brist på scener nummer {n}"))
    }
}

fn assessment(risk: &Risk, policy: Id, n: u64) -> Assessment {
    let (likelihood, consequence) = (1 + (n % 5) as i32, 1 + (n / 5 % 5) as i32);
    Assessment {
        id: Id::new(),
        risk_id: risk.id,
        plan_id: risk.plan_id,
        sequence: n as i32,
        policy_version_id: policy,
        likelihood,
        consequence,
        score: likelihood * consequence,
        level: LevelKey::High,
        reason: Some("Det har blivit fler besökare än vi hade räknat med.".into()),
        confirmed: true,
        assessed_by_id: None,
        assessed_at: Timestamp::now(),
        copied_from_id: None,
        version: 1,
    }
}

struct Floor {
    time: Duration,
    /// Of all bodies.
    bytes: u64,
}

/// What nobody can do without, in one thread: reading every row of the history and of the tables once, and hashing each
/// body.
fn floor(address: &Address) -> Floor {
    let mut c = address.connect().expect("the file can be opened");
    let started = Instant::now();
    let mut bytes = 0;
    let logs: Vec<Id> = heads::table.select(heads::log_id).load(&mut c).expect("heads can be read");
    for log in logs {
        let mut from = 0;
        loop {
            let rows: Vec<(i64, Vec<u8>)> = events::table
                .filter(events::log_id.eq(log).and(events::n.ge(from)))
                .order(events::n.asc())
                .limit(1000)
                .select((events::n, events::body))
                .load(&mut c)
                .expect("events can be read");
            let Some((last, _)) = rows.last() else { break };
            let opened: Vec<(i64, Vec<u8>, String)> = openings::table
                .filter(openings::log_id.eq(log).and(openings::n.between(from, *last)))
                .order(openings::n.asc())
                .select((openings::n, openings::salt, openings::value))
                .load(&mut c)
                .expect("openings can be read");
            std::hint::black_box(&opened);
            from = last + 1;
            for (_, body) in &rows {
                std::hint::black_box(Sha256::digest(body));
                bytes += body.len() as u64;
            }
        }
    }
    macro_rules! read {
        ($($table:ident),*) => {$({
            let sql = concat!("SELECT sum(length(id) + version) FROM ", stringify!($table), " WHERE version > -1");
            c.batch_execute(sql).expect("a table can be read");
        })*};
    }
    read!(risks, assessments);
    Floor { time: started.elapsed(), bytes }
}

struct Verified {
    time: Duration,
    /// The most that the process ever held.
    peak_kib: u64,
    held: bool,
    said: String,
}

/// The real binary, as an auditor runs it.
fn verify(address: &Address) -> Verified {
    let Address::Sqlite(file) = address else { unreachable!("made as a file") };
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_riskregister"))
        .args(["verify", file])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the binary runs");
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    // The kernel keeps the highest value until the process is gone: the last look before that is the answer.
    let ended = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let found = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak_kib = found.unwrap_or(0).max(peak_kib);
        if let Some(ended) = child.try_wait().expect("it can be waited for") {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let time = started.elapsed();
    let output = child.wait_with_output().expect("it has said something");
    let said = String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned();
    assert!(peak_kib > 0, "{status} tells how much it held");
    Verified { time, peak_kib, held: ended.success(), said }
}

/// The time of as many transactions that write one event, as before there were trees, and as they are now, in turns.
fn writes(directory: &Directory, durable: bool) -> (Duration, Duration) {
    let mut times = [Duration::ZERO; 2];
    let mut targets = [false, true].map(|grows| {
        let address = directory.address(&format!("{durable}-{grows}.db"));
        Db::new(address.clone(), 1).migrate().expect("an empty database can be migrated");
        let mut c = address.connect().expect("the file can be opened");
        c.batch_execute(if durable { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = OFF" })
            .expect("a pragma");
        c.batch_execute("PRAGMA foreign_keys = OFF").expect("a pragma");
        let log = Id::new();
        diesel::insert_into(heads::table)
            .values((
                heads::log_id.eq(log),
                heads::size.eq(0_i64),
                heads::last_time.eq(Timestamp::now()),
                heads::frontier.eq(Vec::<u8>::new()),
                heads::checkpoints.eq(0_i64),
            ))
            .execute(&mut c)
            .expect("a head");
        (c, log)
    });
    let body = vec![b'x'; 1000];
    for n in 0..WRITES {
        for (which, (c, log)) in targets.iter_mut().enumerate() {
            let started = Instant::now();
            write(c, *log, n as i64, &body, which == 1);
            times[which] += started.elapsed();
        }
    }
    assert_eq!(checkpoints::table.count().get_result::<i64>(&mut targets[1].0), Ok(0), "none were made here");
    (times[0], times[1])
}

fn write(c: &mut AnyConnection, log: Id, n: i64, body: &[u8], grows: bool) {
    c.batch_execute("BEGIN IMMEDIATE").expect("a transaction");
    let head = diesel::update(heads::table.find(log)).set(heads::size.eq(heads::size));
    let (size, frontier): (i64, Vec<u8>) =
        head.returning((heads::size, heads::frontier)).get_result(c).expect("the head is held");
    let now = Timestamp::now();
    let mut kept = frontier;
    if grows {
        let mut tree = Frontier::read(size as u64, &kept).expect("a frontier");
        let mut whole = Vec::new();
        tree.push(tree::leaf(body), |level, position, root| {
            if level > 0 && level.is_multiple_of(8) {
                whole.push((level as i32, position as i64, root.to_vec()));
            }
        });
        for (level, position, hash) in whole {
            diesel::insert_into(tree_nodes::table)
                .values((
                    tree_nodes::log_id.eq(log),
                    tree_nodes::level.eq(level),
                    tree_nodes::position.eq(position),
                    tree_nodes::hash.eq(hash),
                ))
                .execute(c)
                .expect("a node");
        }
        kept = tree.bytes();
    }
    diesel::insert_into(events::table)
        .values((
            events::log_id.eq(log),
            events::n.eq(n),
            events::time.eq(now),
            events::actor_kind.eq("user"),
            events::actor_id.eq(Some(log)),
            events::kind.eq("risk.assessed"),
            events::entity.eq("assessment"),
            events::entity_id.eq(log),
            events::organisation_id.eq(log),
            events::schema_version.eq(1),
            events::body.eq(body.to_vec()),
        ))
        .execute(c)
        .expect("an event");
    diesel::update(heads::table.find(log))
        .set((heads::size.eq(size + 1), heads::last_time.eq(now), heads::frontier.eq(kept)))
        .execute(c)
        .expect("the head goes on");
    c.batch_execute("COMMIT").expect("it is kept");
}
