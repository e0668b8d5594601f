//! People who go on writing whatever falls. What they hear nothing of they send again, with its key, until it is answered;
//! what was answered is held against the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::Datelike;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, AnyConnection, Timestamp};
use serde_json::json;

use super::edits::{cell, cells};
use super::wire::{Reply, Wire};
use super::world::World;

/// Longer than anything that falls takes to come back; who waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Assessment,
    Name,
    Risk,
}

/// A write whose success the register has told its client.
struct Told {
    writer: usize,
    number: usize,
    what: What,
    id: String,
}

/// What a writer sends as its `number`th: each has a name of its own, which is its key too.
fn nth(number: usize) -> What {
    match number % 8 {
        1 | 5 => What::Name,
        3 => What::Risk,
        _ => What::Assessment,
    }
}

fn name(writer: usize, number: usize) -> String {
    format!("load {writer} {number}")
}

pub struct Load {
    /// Where the register listens; empty while nobody knows.
    address: Mutex<String>,
    token: String,
    pub plan: String,
    /// Each is written to by one.
    pub risks: Vec<String>,
    told: Mutex<Vec<Told>>,
    count: AtomicUsize,
    repeated: AtomicUsize,
    stopped: AtomicBool,
    abandoned: AtomicBool,
    fault: Mutex<Option<String>>,
}

/// Whoever waits for the writers must not wait for ever when something else has failed.
struct Ending<'a>(&'a Load);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        if std::thread::panicking() {
            self.0.abandoned.store(true, Ordering::SeqCst);
        }
    }
}

fn lock<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Load {
    /// So many writers, each with a risk in a plan of this year.
    pub fn on(world: &World, writers: usize) -> Self {
        let year = Timestamp::now().stockholm_date().year();
        let form = json!({"organisationId": world.board, "year": year});
        let plan = world.controller.post("/plans", form).expect(201).id();
        let risks = (0..writers)
            .map(|i| {
                let form = json!({"name": format!("Risk {i}"), "likelihood": 3, "consequence": 3});
                world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201).id()
            })
            .collect();
        Self {
            address: Mutex::default(),
            token: world.lasting_token(&world.controller.id),
            plan,
            risks,
            told: Mutex::default(),
            count: AtomicUsize::new(0),
            repeated: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            abandoned: AtomicBool::new(false),
            fault: Mutex::default(),
        }
    }

    /// From now on the register is there: `http://HOST:PORT`, or nowhere.
    pub fn goes_to(&self, address: &str) {
        address.clone_into(&mut lock(&self.address));
    }

    /// How many writes have been acknowledged.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// How often one was sent again.
    pub fn repeated(&self) -> usize {
        self.repeated.load(Ordering::SeqCst)
    }

    /// Waits until so many more have been acknowledged.
    #[track_caller]
    pub fn more(&self, wanted: usize) {
        self.more_unless(wanted, || false);
    }

    /// The same, or until it will not come to that.
    #[track_caller]
    pub fn more_unless(&self, wanted: usize, mut over: impl FnMut() -> bool) {
        let (goal, began) = (self.count().saturating_add(wanted), Instant::now());
        while self.count() < goal && !over() {
            if let Some(fault) = &*lock(&self.fault) {
                panic!("{fault}");
            }
            assert!(began.elapsed() < PATIENCE, "{} of {goal} writes were acknowledged", self.count());
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Writes while `body` runs; afterwards each writer has had the answer to all that it sent.
    pub fn run<T>(&self, body: impl FnOnce() -> T) -> T {
        std::thread::scope(|scope| {
            for writer in 0..self.risks.len() {
                scope.spawn(move || self.write(writer));
            }
            let _ending = Ending(self);
            body()
        })
    }

    /// Lets what is under way go, answered or not.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::SeqCst);
    }

    fn write(&self, writer: usize) {
        let mut wire = None;
        for number in 0.. {
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            let began = Instant::now();
            let mut seen = String::new();
            let answer = loop {
                if self.abandoned.load(Ordering::SeqCst) {
                    return;
                }
                match self.send(&mut wire, writer, number) {
                    Ok(answer) if matches!(answer.status, 200 | 201) => break answer,
                    // What a client with a key may send again: away, or still being done.
                    Ok(answer) if matches!(answer.status, 409 | 502 | 503 | 504) => {
                        seen = format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body));
                        self.repeated.fetch_add(1, Ordering::SeqCst);
                        if answer.status == 409 && !seen.contains("stillRunning") {
                            *lock(&self.fault) = Some(format!("{}: {seen}", name(writer, number)));
                            return;
                        }
                    }
                    Ok(answer) => {
                        let said = String::from_utf8_lossy(&answer.body);
                        *lock(&self.fault) = Some(format!("{}: {} {said}", name(writer, number), answer.status));
                        return;
                    }
                    // There was nobody to send it to.
                    Err(_) if wire.is_none() => {}
                    Err(_) => {
                        wire = None;
                        self.repeated.fetch_add(1, Ordering::SeqCst);
                    }
                }
                if began.elapsed() > PATIENCE {
                    *lock(&self.fault) = Some(format!("{} was never answered: {seen}", name(writer, number)));
                    return;
                }
                std::thread::sleep(Duration::from_millis(5));
            };
            let what = nth(number);
            let id = if what == What::Name { String::new() } else { answer.text("id") };
            lock(&self.told).push(Told { writer, number, what, id });
            self.count.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn send(&self, wire: &mut Option<Wire>, writer: usize, number: usize) -> std::io::Result<Reply> {
        if wire.is_none() {
            let address = lock(&self.address).clone();
            if address.is_empty() {
                return Err(std::io::ErrorKind::NotConnected.into());
            }
            *wire = Some(Wire::connect(&address, &self.token)?);
        }
        let wire = wire.as_mut().expect("just made");
        let (risk, name) = (&self.risks[writer], name(writer, number));
        let (method, path, body) = match nth(number) {
            What::Assessment => {
                let body = json!({"likelihood": 1 + number % 5, "consequence": 1 + number / 5 % 5, "reason": name});
                ("POST", format!("/api/v1/risks/{risk}/assessments"), body)
            }
            What::Risk => ("POST", format!("/api/v1/plans/{}/risks", self.plan), json!({ "name": name })),
            What::Name => {
                return wire.patch(&format!("/api/v1/risks/{risk}"), "*", &json!({ "name": name }).to_string());
            }
        };
        let headers = [("content-type", "application/json"), ("idempotency-key", name.as_str())];
        wire.send(method, &path, &headers, &body.to_string())
    }

    /// What is not in the database as it was acknowledged, and what is there twice.
    pub fn wrong(&self, c: &mut AnyConnection) -> Vec<String> {
        self.compared(c, false)
    }

    /// The same, when all writers have ended: nothing more is there, either.
    pub fn wrong_at_last(&self, c: &mut AnyConnection) -> Vec<String> {
        self.compared(c, true)
    }

    fn compared(&self, c: &mut AnyConnection, at_last: bool) -> Vec<String> {
        let mut wrong = Vec::new();
        // What is told after this may or may not be seen.
        let told = lock(&self.told);
        let mut expected: BTreeMap<String, String> = BTreeMap::new();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for Told { writer, number, what, id } in &*told {
            match what {
                What::Name => drop(names.insert(&self.risks[*writer], *number)),
                _ => drop(expected.insert(name(*writer, *number), id.clone())),
            }
        }
        if !at_last {
            // So that whoever is told meanwhile need not wait for the database.
            let names: Vec<(String, usize)> =
                names.into_iter().map(|(risk, number)| (risk.to_owned(), number)).collect();
            drop(told);
            let names: BTreeMap<&str, usize> = names.iter().map(|(risk, number)| (risk.as_str(), *number)).collect();
            self.compare(c, &expected, &names, &mut wrong);
            return wrong;
        }
        let more = self.compare(c, &expected, &names, &mut wrong);
        wrong.extend(more.into_iter().map(|name| format!("{name} is there, and nobody was told")));
        for (kind, what) in [("risk.assessed", What::Assessment), ("risk.created", What::Risk)] {
            let wanted = told.iter().filter(|told| told.what == what).count();
            let made = cells(
                c,
                &format!(
                    "SELECT CAST(e.entity_id AS TEXT) AS text FROM events e WHERE e.kind = '{kind}' AND \
                     CAST(e.entity_id AS TEXT) IN (SELECT CAST(id AS TEXT) FROM assessments WHERE reason LIKE 'load %' \
                     UNION ALL SELECT CAST(id AS TEXT) FROM risks WHERE plan_id = '{}' AND name LIKE 'load %')",
                    self.plan
                ),
            );
            // The writers' own risks bear such names too, and were made before.
            let own: BTreeSet<&str> = self.risks.iter().map(String::as_str).collect();
            let events = made.iter().flatten().filter(|id| !own.contains(id.as_str())).count();
            if events != wanted {
                wrong.push(format!("{events} events {kind} for {wanted} writes"));
            }
        }
        wrong
    }

    /// Returns the names of what is there beyond what is expected.
    fn compare(
        &self,
        c: &mut AnyConnection,
        expected: &BTreeMap<String, String>,
        names: &BTreeMap<&str, usize>,
        wrong: &mut Vec<String>,
    ) -> Vec<String> {
        let there = cells(
            c,
            &format!(
                "SELECT id || ' ' || reason AS text FROM assessments WHERE reason LIKE 'load %' UNION ALL \
                 SELECT id || ' ' || name FROM risks WHERE plan_id = '{}'",
                self.plan
            ),
        );
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in there.into_iter().flatten() {
            let (id, called) = line.split_once(' ').expect("an id and a name");
            if self.risks.iter().any(|own| own == id) {
                let now = called.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
                if let Some(number) = names.get(id).filter(|number| now < **number) {
                    wrong.push(format!("the name {number} of {id} was acknowledged, and it is called {called:?}"));
                }
            } else {
                found.entry(called.to_owned()).or_default().push(id.to_owned());
            }
        }
        for (name, id) in expected {
            match found.get(name).map(Vec::as_slice) {
                None => wrong.push(format!("{name} was acknowledged and is lost")),
                Some([one]) if one == id => {}
                Some(others) => wrong.push(format!("{name} was acknowledged as {id}, and is there as {others:?}")),
            }
        }
        for (name, ids) in found.iter().filter(|(_, ids)| ids.len() > 1) {
            wrong.push(format!("{name} is there as {ids:?}"));
        }
        found.into_keys().filter(|name| !expected.contains_key(name)).collect()
    }
}

/// Each log's events stand at 0, 1, 2 … up to where its head says the next one comes.
#[track_caller]
pub fn positions_have_no_gaps(c: &mut AnyConnection) {
    let torn = cells(
        c,
        "SELECT h.log_id || ' ' || h.size || ' ' || count(e.n) || ' ' || coalesce(max(e.n), -1) AS text \
         FROM heads h LEFT JOIN events e ON e.log_id = h.log_id GROUP BY h.log_id, h.size \
         HAVING count(e.n) <> h.size OR coalesce(max(e.n), -1) <> h.size - 1 OR coalesce(min(e.n), 0) <> 0",
    );
    assert!(torn.is_empty(), "logs whose head, count and last position disagree: {torn:?}");
    let loose = "SELECT CAST(count(*) AS TEXT) AS text FROM events WHERE log_id NOT IN (SELECT log_id FROM heads)";
    assert_eq!(cell(c, loose), "0", "events without a log");
}

/// Nothing that was acknowledged is lost, nothing is there twice, and the history has no gaps: while others write.
#[track_caller]
pub fn is_whole(load: &Load, database: &Address, when: &str) {
    let mut c = database.connect().unwrap_or_else(|fault| panic!("{when}: {fault}"));
    let wrong = load.wrong(&mut c);
    assert!(wrong.is_empty(), "{when}: {wrong:#?}");
    if let AnyConnection::Sqlite(_) = c {
        assert_eq!(cell(&mut c, "SELECT integrity_check AS text FROM pragma_integrity_check"), "ok", "{when}");
        let broken = "SELECT CAST(count(*) AS TEXT) AS text FROM pragma_foreign_key_check";
        assert_eq!(cell(&mut c, broken), "0", "{when}");
    }
    positions_have_no_gaps(&mut c);
}

/// The same when all have ended, and that the register is what its history says.
#[track_caller]
pub fn is_whole_at_last(load: &Load, database: &Address) {
    is_whole(load, database, "at last");
    let mut c = database.connect().expect("the database can be reached");
    let wrong = load.wrong_at_last(&mut c);
    assert!(wrong.is_empty(), "at last: {wrong:#?}");
    drop(c);
    verify(database, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
    println!("{} writes acknowledged, {} sent again", load.count(), load.repeated());
}
