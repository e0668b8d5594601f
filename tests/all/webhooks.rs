//! Webhooks: a real receiver on this machine, which the operator has allowed, and what it hears.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use riskregister::config::Config;
use riskregister::domain::events::{EventKind, FORMER};
use riskregister::domain::manner::Manner;
use riskregister::domain::webhooks::{Hosts, Retries};
use riskregister::domain::words::Language;
use riskregister::seals::Seals;
use riskregister::storage::history::Origin;
use riskregister::storage::records::{Organisation, Webhook};
use riskregister::storage::{Address, AnyConnection, Id, Place, Timestamp};
use serde_json::{Value, json};
use standardwebhooks::Webhook as Verifier;

use crate::events::path_of;
use crate::follow_up::Year;
use crate::kit::edits::cells;
use crate::kit::tls::Front;
use crate::kit::{Answer, Client, Databases, Directory, Register, Serving, Start, World, binary, both, contract, wait};

/// Longer than anything here takes; who waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a receiver answers.
#[derive(Debug, Clone)]
enum Reply {
    Status(u16),
    Elsewhere(String),
    /// Nothing, for as long as the receiver is there.
    Silence,
}

/// A request as it came.
pub struct Heard {
    headers: HeaderMap,
    pub body: Vec<u8>,
    json: Value,
    /// How it was answered.
    status: u16,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_else(|| panic!("no {name}"))
    }

    pub fn at(&self) -> (String, i64) {
        (self.json["data"]["log"].as_str().expect("a log").into(), self.json["data"]["n"].as_i64().expect("a position"))
    }

    fn kind(&self) -> &str {
        self.json["type"].as_str().expect("a type")
    }

    fn is_signed_by(&self, secret: &str) -> bool {
        Verifier::new(secret).expect("a secret").verify(&self.body, &self.headers).is_ok()
    }
}

/// Somebody else's system. It answers as it is told to, and by 204 when it is told nothing.
pub struct Receiver {
    pub address: SocketAddr,
    pub heard: mpsc::Receiver<Heard>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    pub fn new() -> Self {
        Self::at(([127, 0, 0, 1], 0).into())
    }

    fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let (sender, heard) = mpsc::channel();
        let replies: Arc<Mutex<VecDeque<Reply>>> = Arc::default();
        let stop: Arc<AtomicBool> = Arc::default();
        let (said, stopped) = (replies.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            let mut silent = Vec::new();
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(mut stream) = stream else { continue };
                let Ok((headers, body)) = read_request(&mut stream) else { continue };
                let reply = said.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                let (status, extra) = match reply.unwrap_or(Reply::Status(204)) {
                    Reply::Status(status) => (status, String::new()),
                    Reply::Elsewhere(url) => (307, format!("location: {url}\r\n")),
                    Reply::Silence => (0, String::new()),
                };
                if status == 0 {
                    silent.push(stream);
                } else {
                    let answer =
                        format!("HTTP/1.1 {status} So\r\n{extra}content-length: 0\r\nconnection: close\r\n\r\n");
                    let _ = stream.write_all(answer.as_bytes());
                }
                let json = serde_json::from_slice(&body).unwrap_or_default();
                if sender.send(Heard { headers, body, json, status }).is_err() {
                    return;
                }
            }
        });
        Self { address, heard, replies, stop, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    fn answer(&self, replies: &[Reply]) {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner).extend(replies.iter().cloned());
    }

    /// What it has heard and nobody has asked about, if anything.
    pub fn next_if_any(&self) -> Option<Heard> {
        self.heard.try_recv().ok()
    }

    #[track_caller]
    pub fn next(&self) -> Heard {
        self.heard.recv_timeout(PATIENCE).expect("something is heard")
    }

    /// The next one that it took.
    #[track_caller]
    fn next_taken(&self) -> Heard {
        loop {
            let heard = self.next();
            if heard.status == 204 {
                return heard;
            }
        }
    }

    /// What it takes, until it has all of these; in the order that it came.
    #[track_caller]
    fn all_of(&self, expected: &[(String, i64)]) -> Vec<(String, i64)> {
        let wanted: BTreeSet<_> = expected.iter().collect();
        let mut taken = Vec::new();
        while wanted.iter().any(|event| !taken.contains(*event)) {
            taken.push(self.next_taken().at());
        }
        taken
    }

    fn heard_nothing(&self) -> bool {
        self.heard.try_recv().is_err()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<(HeaderMap, Vec<u8>)> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    let mut more = |bytes: &mut Vec<u8>| -> std::io::Result<()> {
        match stream.read(&mut chunk)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            n => {
                bytes.extend_from_slice(&chunk[..n]);
                Ok(())
            }
        }
    };
    let head = loop {
        more(&mut bytes)?;
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    assert!(text.starts_with("POST /"), "{text}");
    let headers: HeaderMap = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a name");
            (name, HeaderValue::from_str(value).expect("a value"))
        })
        .collect();
    let length = headers.get("content-length").and_then(|v| v.to_str().ok()?.parse().ok()).unwrap_or(0);
    while bytes.len() < head + length {
        more(&mut bytes)?;
    }
    Ok((headers, bytes[head..].to_vec()))
}

/// A register that may send to this machine's address, and is in a hurry.
struct Sending(Register);

impl Deref for Sending {
    type Target = Register;
    fn deref(&self) -> &Register {
        &self.0
    }
}

fn swift(config: &mut Config) {
    config.webhook_hosts = Arc::new(Hosts::parse("127.0.0.1").expect("a host"));
    let (first, longest) = (Duration::from_millis(5), Duration::from_millis(50));
    config.webhook_retries = Retries { first, longest, attempts: 1_000_000 };
    config.webhook_interval = Duration::from_millis(20);
}

impl Start for Sending {
    fn on(databases: Databases) -> Self {
        Self(Register::start(databases, swift))
    }
}

/// A webhook that was made, and its secret.
struct Made {
    path: String,
    secret: String,
}

impl Sending {
    /// A webhook of an organisation, for these kinds.
    fn webhook(&self, organisation: &str, url: &str, kinds: &[&str]) -> Made {
        let form = json!({"organisationId": organisation, "name": "Mottagaren", "url": url, "kinds": kinds});
        let made = self.admin.post("/webhooks", form).expect(201);
        Made { path: format!("/webhooks/{}", made.id()), secret: made.text("secret") }
    }

    fn goal(&self, name: &str) -> Answer {
        self.admin.post("/goals", json!({"organisationId": self.root, "year": 2026, "name": name})).expect(201)
    }

    /// Every event that an organisation's webhook can be told of, log by log, as the history has it.
    fn feed(&self, organisation: &str) -> Vec<(String, i64)> {
        self.feed_of(organisation, |_| true)
    }

    fn feed_of(&self, organisation: &str, kind: impl Fn(&str) -> bool) -> Vec<(String, i64)> {
        let id: Id = organisation.parse().expect("an id");
        let feed = self.db.read(|r| {
            let owner: Organisation = r.get(id)?;
            let within = r.ids_at_or_below(&owner.path)?;
            let mut all = Vec::new();
            for log in r.logs_of(&owner)?.into_keys() {
                let events = r.passing(log, 0, 100_000)?;
                let told = events.into_iter().filter(|e| within.contains(&e.organisation_id) && kind(&e.kind));
                all.extend(told.map(|e| (log.to_string(), e.n)));
            }
            Ok(all)
        });
        feed.expect("the history can be read")
    }

    /// Where each log ends.
    fn ends(&self, organisation: &str) -> BTreeMap<String, i64> {
        let mut ends = BTreeMap::new();
        for (log, n) in self.feed(organisation) {
            ends.insert(log, n);
        }
        ends
    }

    #[track_caller]
    fn until(&self, path: &str, so: impl Fn(&Answer) -> bool) -> Answer {
        until(&self.admin, path, so)
    }
}

/// Asks again and again, until it is so.
#[track_caller]
fn until(client: &Client, path: &str, so: impl Fn(&Answer) -> bool) -> Answer {
    let began = Instant::now();
    loop {
        let answer = client.get(path).expect(200);
        if so(&answer) {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "{path} stays {}", answer.json);
    }
}

/// Each log in its own order, and nothing twice.
#[track_caller]
fn in_order(taken: &[(String, i64)]) {
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    for (log, n) in taken {
        assert!(last.get(log.as_str()).is_none_or(|last| last < n), "{log} {n} came out of order: {taken:?}");
        last.insert(log, *n);
    }
}

/// What came after those ends.
fn after(feed: Vec<(String, i64)>, ends: &BTreeMap<String, i64>) -> Vec<(String, i64)> {
    feed.into_iter().filter(|(log, n)| ends.get(log).is_none_or(|end| n > end)).collect()
}

both! {
    fn all_is_told_in_order_and_signed_by_ids_alone(reg: &Sending) {
        let receiver = Receiver::new();
        let before = reg.ends(&reg.root);
        let secret_words = ["Hemlig nämnd", "Hemligt mål", "hemlig.person", "Hemlig Person", "Mottagaren"];
        let webhook = reg.webhook(&reg.root, &receiver.url(), &[]);
        let board = reg.organisation(&reg.root, "board", secret_words[0]);
        reg.goal(secret_words[1]);
        let person = reg.person(secret_words[3], &board);
        reg.grant(&person.id, json!({"role": "controller", "organisationId": board}));
        let form = json!({"organisationId": board, "year": 2026, "name": secret_words[1]});
        let goal = person.post("/goals", form).expect(201).id();
        person.patch_current(&format!("/goals/{goal}"), json!({"name": "Hemligt mål, igen"})).expect(200);

        let expected = after(reg.feed(&reg.root), &before);
        assert!(expected.len() >= 8, "{expected:?}");
        let mut taken = Vec::new();
        let mut ids = BTreeSet::new();
        while taken.len() < expected.len() {
            let heard = receiver.next();
            assert!(heard.is_signed_by(&webhook.secret));
            assert!(!heard.is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="));
            assert_eq!(heard.header("content-type"), "application/json");
            let schema = json!({"$ref": "#/components/schemas/WebhookMessage"});
            contract().fits("a message", &schema, &heard.json, "what was sent");
            let all = format!("{:?} {}", heard.headers, String::from_utf8_lossy(&heard.body));
            for word in secret_words {
                assert!(!all.contains(word), "{word} in {all}");
            }
            let (log, n) = heard.at();
            let link = format!("{}/api/v1/logs/{log}/events/{n}", reg.config.public_url);
            assert_eq!(heard.json["data"]["links"]["event"], link);
            assert!(ids.insert(heard.header("webhook-id").to_owned()), "an id of its own");
            if heard.json["data"]["id"] == goal {
                assert_eq!(heard.json["data"]["organisationId"], board);
                let at = format!("{}/api/v1/goals/{goal}", reg.config.public_url);
                assert_eq!(heard.json["data"]["links"]["self"], at);
                let version = if heard.kind() == "goal.created" { 1 } else { 2 };
                assert_eq!(heard.json["data"]["version"], version);
            }
            taken.push(heard.at());
        }
        in_order(&taken);
        assert_eq!(taken.iter().collect::<BTreeSet<_>>(), expected.iter().collect());
        // It is told of its own making, too.
        assert_eq!(taken[0], expected[0]);
        let log = reg.until(&format!("{}/deliveries?limit=200", webhook.path), |a| a["total"] == expected.len());
        assert!(log.items().iter().all(|d| d["outcome"] == "delivered" && d["statusCode"] == 204 && d["attempt"] == 1));
        assert_eq!(log.items().last().expect("an attempt")["kind"], "webhook.created");
        let metrics = reg.as_nobody().send_outside("GET", "/metrics", None).expect(200).body;
        let metrics = String::from_utf8(metrics).expect("text");
        assert!(metrics.contains("riskregister_webhook_deliveries_total{outcome=\"delivered\"}"), "{metrics}");
    }

    fn each_is_told_of_the_kinds_that_it_wants(reg: &Sending) {
        let (one, other) = (Receiver::new(), Receiver::new());
        let before = reg.ends(&reg.root);
        reg.webhook(&reg.root, &one.url(), &["goal.*", "user.created"]);
        reg.webhook(&reg.root, &other.url(), &["goal.deleted"]);
        let goal = reg.goal("Mål").id();
        reg.person("Anna Lind", &reg.root);
        reg.organisation(&reg.root, "board", "Nämnden");
        reg.admin.delete_current(&format!("/goals/{goal}")).expect(204);
        let kinds: Vec<String> = (0..3).map(|_| one.next().kind().to_owned()).collect();
        assert_eq!(kinds, ["goal.created", "user.created", "goal.deleted"]);
        let last = other.next();
        assert_eq!((last.kind(), last.json["data"]["id"].as_str()), ("goal.deleted", Some(goal.as_str())));
        let wanted = |kind: &str| kind.starts_with("goal.") || kind == "user.created";
        assert_eq!(after(reg.feed_of(&reg.root, wanted), &before).len(), 3);
        assert!(one.heard_nothing() && other.heard_nothing());
    }

    fn a_bodys_webhook_is_told_of_the_body_and_what_lies_below(reg: &Sending) {
        let receiver = Receiver::new();
        let board = reg.organisation(&reg.root, "board", "Nämnden");
        let other = reg.organisation(&reg.root, "board", "En annan");
        let goal = |of: &str| {
            let form = json!({"organisationId": of, "year": 2026, "name": "Mål"});
            reg.person_with(&format!("Controller {of}"), of, "controller", of).post("/goals", form).expect(201)
        };
        let before = reg.ends(&board);
        reg.webhook(&board, &receiver.url(), &[]);
        goal(&other);
        reg.goal("Regionens mål");
        reg.organisation(&board, "unit", "Enhet");
        goal(&board);
        // A log that comes later is told from its beginning.
        let company = reg.organisation(&board, "company", "Bolaget");
        goal(&company);
        let expected = after(reg.feed(&board), &before);
        let logs: BTreeSet<_> = expected.iter().map(|(log, _)| log).collect();
        assert_eq!(logs, BTreeSet::from([&reg.root, &board, &company]), "the region's log tells of people and roles");
        let taken = receiver.all_of(&expected);
        in_order(&taken);
        assert_eq!(taken.len(), expected.len(), "and of nothing else");
        assert!(receiver.heard_nothing());
    }

    fn who_was_down_ends_with_the_same_as_the_feed(reg: &Sending) {
        let receiver = Receiver::new();
        let address = receiver.address;
        let before = reg.ends(&reg.root);
        let webhook = reg.webhook(&reg.root, &receiver.url(), &[]);
        receiver.next();
        drop(receiver);
        for n in 0..20 {
            reg.goal(&format!("Mål {n}"));
        }
        let failing = reg.until(&webhook.path, |answer| !answer["failingSince"].is_null());
        assert_eq!(failing["active"], true);
        let deliveries = format!("{}/deliveries?outcome=failed", webhook.path);
        let refused = reg.until(&deliveries, |answer| answer["total"].as_i64() > Some(3));
        for attempt in refused.items() {
            assert_eq!((&attempt["fault"], &attempt["statusCode"]), (&json!("connectionFailed"), &Value::Null));
            assert!(!attempt["nextAttemptAt"].is_null());
        }
        let attempts: BTreeSet<&str> = refused.column("log").into_iter().collect();
        assert_eq!(attempts.len(), 1, "only the first is tried, the others wait behind it");

        // Back again, and not well: it is told until it takes.
        let receiver = Receiver::at(address);
        receiver.answer(&[Reply::Status(500), Reply::Status(503), Reply::Status(404)]);
        let expected = after(reg.feed(&reg.root), &before);
        let taken = receiver.all_of(&expected[1..]);
        assert_eq!(taken, expected[1..], "in order, each once, and none left out");
        reg.until(&webhook.path, |answer| answer["failingSince"].is_null());
    }

    fn what_fails_is_tried_again_under_the_same_name(reg: &Sending) {
        let (receiver, elsewhere) = (Receiver::new(), Receiver::new());
        let webhook = reg.webhook(&reg.root, &receiver.url(), &["goal.created"]);
        receiver.answer(&[Reply::Status(500), Reply::Elsewhere(elsewhere.url()), Reply::Status(400)]);
        let first = reg.goal("Ett").id();
        let second = reg.goal("Två").id();
        let heard: Vec<Heard> = (0..5).map(|_| receiver.next()).collect();
        let of: Vec<&str> = heard.iter().map(|h| h.json["data"]["id"].as_str().expect("an id")).collect();
        assert_eq!(of, [&first, &first, &first, &first, &second], "the second waits for the first");
        let ids: Vec<&str> = heard.iter().map(|h| h.header("webhook-id")).collect();
        assert!(ids[..4].iter().all(|id| *id == ids[0]) && ids[4] != ids[0]);
        assert!(heard.iter().all(|h| h.is_signed_by(&webhook.secret)));
        assert!(elsewhere.heard_nothing(), "a redirect is not followed");

        let path = format!("{}/deliveries", webhook.path);
        let log = reg.until(&path, |answer| answer["total"] == 5);
        let told: Vec<Value> = log.items().iter().rev()
            .map(|d| json!([d["attempt"], d["outcome"], d["statusCode"], d["fault"]])).collect();
        let expected = json!([
            [1, "failed", 500, "notAccepted"], [2, "failed", 307, "redirected"], [3, "failed", 400, "notAccepted"],
            [4, "delivered", 204, null], [1, "delivered", 204, null],
        ]);
        assert_eq!(json!(told), expected);
        let n = &log.items()[0]["n"];
        for (query, total) in [
            ("outcome=failed".to_owned(), 3),
            ("outcome=delivered".to_owned(), 2),
            ("kind=goal.created".to_owned(), 5),
            ("kind=goal.deleted".to_owned(), 0),
            (format!("log={}", reg.root), 5),
            (format!("log={first}"), 0),
            (format!("from={}", log.items()[0]["at"].as_str().expect("a time")), 1),
        ] {
            assert_eq!(reg.admin.get(&format!("{path}?{query}")).expect(200)["total"], total, "{query}, {n}");
        }
        reg.admin.get(&format!("{path}?status=500")).expect(400);
    }

    fn who_is_gone_is_paused_and_goes_on_where_it_stopped(reg: &Sending) {
        let receiver = Receiver::new();
        let webhook = reg.webhook(&reg.root, &receiver.url(), &["goal.created"]);
        receiver.answer(&[Reply::Status(410)]);
        let first = reg.goal("Ett").id();
        assert_eq!(receiver.next().status, 410);
        let paused = reg.until(&webhook.path, |answer| answer["active"] == false);
        assert_eq!(paused["pauseReason"], "gone");
        let second = reg.goal("Två").id();
        let told = reg.feed_of(&reg.root, |kind| kind == "webhook.paused");
        assert_eq!(told.len(), 1, "the register says what it did");
        let (log, n): (Id, i64) = (told[0].0.parse().expect("an id"), told[0].1);
        let body = reg.db.read(|r| r.event_body(log, n)).expect("the event is there").body;
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["actor"], json!({"kind": "system", "id": null, "authentication": "none"}));
        assert_eq!(body["after"]["pauseReason"], "gone");

        let again = reg.admin.patch_current(&webhook.path, json!({"active": true})).expect(200);
        assert_eq!((&again["active"], &again["pauseReason"]), (&json!(true), &Value::Null));
        let heard = [receiver.next(), receiver.next()].map(|h| h.json["data"]["id"].clone());
        assert_eq!(heard, [json!(first), json!(second)], "nothing was lost");
    }

    fn a_replay_tells_once_more_in_order_and_under_the_same_names(reg: &Sending) {
        let receiver = Receiver::new();
        let before = reg.goal("Före").json["createdAt"].clone();
        let webhook = reg.webhook(&reg.root, &receiver.url(), &["goal.created"]);
        let goals: Vec<Answer> = ["Ett", "Två", "Tre"].map(|name| reg.goal(name)).into();
        let heard: Vec<Heard> = goals.iter().map(|_| receiver.next()).collect();
        let names = |heard: &[Heard]| heard.iter().map(|h| h.header("webhook-id").to_owned()).collect::<Vec<_>>();
        let first = names(&heard);
        reg.until(&format!("{}/deliveries", webhook.path), |answer| answer["total"] == 3);

        let path = format!("{}/replay", webhook.path);
        let (log, n) = heard[1].at();
        let queued = reg.admin.post(&path, json!({"log": log, "n": n})).expect(202);
        assert_eq!(queued["queued"], 2);
        assert_eq!(names(&[receiver.next(), receiver.next()]), first[1..]);
        reg.until(&format!("{}/deliveries", webhook.path), |answer| answer["total"] == 5);
        // Further back than it has ever been.
        assert_eq!(reg.admin.post(&path, json!({"from": before})).expect(202)["queued"], 4);
        let heard: Vec<String> = names(&[(); 4].map(|()| receiver.next()));
        assert!(!first.contains(&heard[0]), "the one from before");
        assert_eq!(heard[1..], first);
        reg.until(&format!("{}/deliveries", webhook.path), |answer| answer["total"] == 9);
        // What lies ahead is not queued twice.
        let far = json!({"log": log, "n": 1_000_000});
        assert_eq!(reg.admin.post(&path, far).expect(202)["queued"], 0);

        for (form, pointer, code) in [
            (json!({}), "", "timeOrPosition"),
            (json!({"log": log}), "", "timeOrPosition"),
            (json!({"n": 1}), "", "timeOrPosition"),
            (json!({"from": before, "log": log, "n": 1}), "", "timeOrPosition"),
            (json!({"log": webhook.path[10..], "n": 1}), "/log", "unknownReference"),
            (json!({"log": log, "n": -1}), "/n", "outOfRange"),
            (json!({"from": "yesterday"}), "/from", "wrongFormat"),
        ] {
            let answer = reg.admin.post(&path, form.clone()).expect(422);
            assert_eq!(answer.faults(), [(pointer, code)], "{form}");
        }
    }

    fn what_is_deleted_or_stopped_hears_nothing_more(reg: &Sending) {
        let (gone, stopped, fence) = (Receiver::new(), Receiver::new(), Receiver::new());
        let first = reg.webhook(&reg.root, &gone.url(), &["goal.created"]);
        let second = reg.webhook(&reg.root, &stopped.url(), &["goal.created"]);
        reg.webhook(&reg.root, &fence.url(), &["goal.created"]);
        reg.goal("Ett");
        for receiver in [&gone, &stopped, &fence] {
            receiver.next();
        }
        reg.admin.patch_current(&second.path, json!({"active": false})).expect(200);
        reg.admin.delete_current(&first.path).expect(204);
        reg.admin.get(&first.path).expect(404);
        reg.admin.get(&format!("{}/deliveries", first.path)).expect(404);
        reg.goal("Två");
        fence.next();
        reg.goal("Tre");
        fence.next();
        assert!(gone.heard_nothing() && stopped.heard_nothing());
        reg.admin.patch_current(&second.path, json!({"active": true})).expect(200);
        stopped.next();
        stopped.next();
    }

    fn who_is_silent_holds_nobody_else_up(reg: &Sending) {
        let (silent, well) = (Receiver::new(), Receiver::new());
        silent.answer(&[Reply::Silence]);
        reg.webhook(&reg.root, &silent.url(), &["goal.created"]);
        reg.webhook(&reg.root, &well.url(), &["goal.created"]);
        for n in 0..5 {
            reg.goal(&format!("Mål {n}"));
            well.next();
        }
        silent.next();
        // And the register stops without waiting for it: see how long this test takes.
    }

    fn two_services_tell_each_event_once(reg: &Sending) {
        let receiver = Receiver::new();
        let before = reg.ends(&reg.root);
        let second = Another::start(&reg.config);
        reg.webhook(&reg.root, &receiver.url(), &[]);
        let there = Client::new(&second.address, Some(&reg.token(&reg.admin_id)));
        for n in 0..30 {
            let form = json!({"organisationId": reg.root, "year": 2026, "name": format!("Mål {n}")});
            let client = if n % 2 == 0 { &reg.admin } else { &there };
            client.post("/goals", form).expect(201);
        }
        let expected = after(reg.feed(&reg.root), &before);
        let taken = receiver.all_of(&expected);
        in_order(&taken);
        assert_eq!(taken.len(), expected.len());
        drop(second);
        assert!(receiver.heard_nothing());
    }

    fn who_falls_with_a_webhook_in_hand_lets_go_of_it_in_time(reg: &Sending) {
        let receiver = Receiver::new();
        let webhook = reg.webhook(&reg.root, &receiver.url(), &["goal.created"]);
        let id: Id = webhook.path[10..].parse().expect("an id");
        let now = Timestamp::now();
        let until = now.plus_seconds(1);
        let taken = reg.db.write(&Origin::operator(), |w| w.lease_webhook(id, Id::new(), now, until));
        assert!(taken.expect("it can be taken"));
        reg.goal("Mål");
        receiver.next();
        assert!(Timestamp::now() > until, "nobody sends what another has in hand");
    }

    fn a_changed_secret_overlaps(reg: &Sending) {
        let receiver = Receiver::new();
        let webhook = reg.webhook(&reg.root, &receiver.url(), &["goal.created"]);
        let changed = reg.admin.post_nothing(&format!("{}/secret", webhook.path)).expect(201);
        let fresh = changed.text("secret");
        assert_ne!(fresh, webhook.secret);
        reg.goal("Mål");
        let heard = receiver.next();
        assert_eq!(heard.header("webhook-signature").split(' ').count(), 2);
        assert!(heard.is_signed_by(&webhook.secret) && heard.is_signed_by(&fresh));
    }

    /// A secret that was sealed by what nobody has any more signs nothing, and it is said; it goes on when it can be opened.
    fn a_secret_that_cannot_be_opened_pauses_its_webhook(reg: &Sending) {
        let receiver = Receiver::new();
        let webhook = reg.webhook(&reg.root, &receiver.url(), &["goal.created"]);
        let mine = reg.config.secret.as_slice();
        let lost: &[u8] = b"a secret that was lost with its host";
        let id = webhook.path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let sealed = |now: &[u8], before: &[u8]| {
            let seals = Seals::new(now, Some(before)).expect("seals");
            let mut c = reg.config.database.connect().expect("the database can be reached");
            for kept in cells(&mut c, "SELECT secret AS text FROM webhook_secrets").into_iter().flatten() {
                let opened = seals.open(id, &kept).expect("by the one before");
                assert!(opened.text == webhook.secret && !opened.is_current, "{kept}");
                let anew = seals.seal(id, &opened.text).expect("it can be sealed");
                c.batch_execute(&format!("UPDATE webhook_secrets SET secret = '{anew}' WHERE secret = '{kept}'")).expect("it is written");
            }
        };
        sealed(lost, mine);
        reg.goal("Ett");
        // Not at once: while the service's secret is changed one instance may know it and another not yet.
        let failing = reg.until(&webhook.path, |webhook| !webhook["failingSince"].is_null());
        assert_eq!((&failing["active"], receiver.heard_nothing()), (&json!(true), true));
        let mut c = reg.config.database.connect().expect("the database can be reached");
        c.batch_execute("UPDATE webhook_states SET failing_since = '2020-01-01T00:00:00.000000Z', next_attempt_at = NULL")
            .expect("it is written");
        drop(c);
        reg.goal("Två");
        let paused = reg.until(&webhook.path, |webhook| webhook["active"] == false);
        assert_eq!(paused["pauseReason"], "secretLost");
        assert!(receiver.heard_nothing());
        sealed(mine, lost);
        reg.admin.patch_current(&webhook.path, json!({"active": true})).expect(200);
        assert!(receiver.next().is_signed_by(&webhook.secret));
    }

    fn what_is_not_public_is_refused_before_it_is_asked(reg: &Sending) {
        for (url, codes) in [
            ("https://10.0.0.1/", vec!["addressNotPublic"]),
            ("https://2130706434/", vec!["addressNotPublic"]),
            ("https://0x7f.0.0.2/", vec!["addressNotPublic"]),
            ("https://[::1]/", vec!["addressNotPublic"]),
            ("https://[::ffff:127.0.0.1]/", vec!["addressNotPublic"]),
            ("https://[64:ff9b::a00:1]/", vec!["addressNotPublic"]),
            ("https://[2002:a00:1::]/", vec!["addressNotPublic"]),
            ("https://169.254.169.254/latest", vec!["addressNotPublic"]),
            ("http://hooks.example.org/", vec!["notHttps"]),
            ("http://ada:ord@192.168.0.1/#x", vec!["addressNotPublic", "fragmentInUrl", "notHttps", "userInUrl"]),
            ("hooks.example.org", vec!["wrongFormat"]),
            ("", vec!["tooShort"]),
        ] {
            let form = json!({"organisationId": reg.root, "name": "M", "url": url});
            let answer = reg.admin.post("/webhooks", form).expect(422);
            let mut found: Vec<&str> = answer.faults().iter().map(|(_, code)| *code).collect();
            found.sort_unstable();
            assert_eq!(found, codes, "{url}");
            assert!(answer.faults().iter().all(|(pointer, _)| *pointer == "/url"));
        }
        // Nor can one be changed into another.
        let webhook = reg.webhook(&reg.root, "https://hooks.invalid/", &["goal.deleted"]);
        reg.admin.patch_current(&webhook.path, json!({"url": "https://127.1.1.1/"})).refused(422, "addressNotPublic");
    }

    fn a_name_that_leads_home_is_refused_when_it_is_used(reg: &Sending) {
        let home = TcpListener::bind("127.0.0.1:0").expect("a free port");
        home.set_nonblocking(true).expect("it need not wait");
        let port = home.local_addr().expect("it listens").port();
        let lookups = [
            (format!("https://localhost:{port}/"), "addressRefused"),
            ("https://nobody.invalid/".to_owned(), "nameUnknown"),
        ];
        for (url, fault) in lookups {
            let webhook = reg.webhook(&reg.root, &url, &["webhook.created"]);
            let log = reg.until(&format!("{}/deliveries", webhook.path), |answer| answer["total"].as_i64() > Some(1));
            assert!(log.column("fault").iter().all(|found| *found == fault), "{url}: {}", log.json);
            reg.admin.delete_current(&webhook.path).expect(204);
        }
        assert_eq!(home.accept().expect_err("nobody came").kind(), std::io::ErrorKind::WouldBlock);
    }

    fn texts_of_a_webhook_stand_in_its_history_as_commitments(reg: &Sending) {
        let form = json!({"organisationId": reg.root, "name": "Hemliga systemet", "url": "https://secret.invalid/t0ken",
            "active": false});
        let made = reg.admin.post("/webhooks", form).expect(201);
        let secret = made.text("secret");
        let path = format!("/webhooks/{}", made.id());
        reg.admin.patch_current(&path, json!({"name": "Hemliga systemet 2"})).expect(200);
        reg.admin.delete_current(&path).expect(204);
        let root: Id = reg.root.parse().expect("an id");
        let bodies = reg.db.read(|r| {
            let all = r.passing(root, 0, 100_000)?;
            all.iter().map(|e| r.event_body(root, e.n).map(|told| (told.kind, told.body))).collect::<Result<Vec<_>, _>>()
        });
        let mut kinds = Vec::new();
        for (kind, body) in bodies.expect("the history can be read") {
            let body = String::from_utf8(body).expect("JSON");
            for hidden in ["Hemliga", "t0ken", secret.as_str()] {
                assert!(!body.contains(hidden), "{kind}: {hidden}");
            }
            kinds.extend(kind.starts_with("webhook.").then_some(kind));
        }
        assert_eq!(kinds, ["webhook.created", "webhook.changed", "webhook.deleted"]);
    }
}

/// Another service on the same database.
struct Another {
    address: String,
    server: Option<(actix_web::dev::ServerHandle, JoinHandle<()>)>,
}

impl Another {
    fn start(config: &Config) -> Self {
        let mut config = config.clone();
        config.listen = ([127, 0, 0, 1], 0).into();
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let running = riskregister::server::start(config).expect("it starts");
                sender.send((running.address, running.server.handle())).expect("the test waits");
                running.server.await.expect("it stops in peace");
            });
        });
        let (address, handle) = receiver.recv().expect("it starts");
        Self { address: format!("http://{address}"), server: Some((handle, thread)) }
    }
}

impl Drop for Another {
    fn drop(&mut self) {
        if let Some((handle, thread)) = self.server.take() {
            wait(async move { handle.stop(true).await });
            let _ = thread.join();
        }
    }
}

/// A register that allows nothing, and gives up after three attempts.
struct Strict(Sending);

impl Start for Strict {
    fn on(databases: Databases) -> Self {
        Self(Sending(Register::start(databases, |config| {
            swift(config);
            config.webhook_hosts = Arc::default();
            config.webhook_retries.attempts = 3;
        })))
    }
}

both! {
    fn what_may_no_longer_be_used_is_not_used_and_in_the_end_paused(strict: &Strict) {
        let reg = &strict.0;
        let receiver = Receiver::new();
        let form = json!({"organisationId": reg.root, "name": "M", "url": receiver.url()});
        let faults = reg.admin.post("/webhooks", form).expect(422);
        assert_eq!(faults.faults(), [("/url", "notHttps"), ("/url", "addressNotPublic")]);
        // As if the operator had allowed it once.
        let webhook = reg.webhook(&reg.root, "https://hooks.invalid/", &["goal.created"]);
        let (id, root): (Id, Id) =
            (webhook.path[10..].parse().expect("an id"), reg.root.parse().expect("an id"));
        let place = Place { log: root, organisation: root };
        let changed = reg.db.write(&Origin::operator(), |w| {
            let old: Webhook = w.get(id)?;
            let mut new = Webhook { url: receiver.url(), ..old.clone() };
            w.change(place, "webhook.changed", &old, &mut new, None)
        });
        assert!(changed.expect("it can be changed"));
        reg.goal("Mål");
        let paused = reg.until(&webhook.path, |answer| answer["active"] == false);
        assert_eq!(paused["pauseReason"], "failing");
        assert!(!paused["failingSince"].is_null());
        let log = reg.admin.get(&format!("{}/deliveries", webhook.path)).expect(200);
        assert_eq!(log.column("fault"), ["urlRefused"; 3]);
        let ends = |d: &Value| (d["attempt"].as_i64(), d["nextAttemptAt"].is_null());
        let attempts: Vec<_> = log.items().iter().map(ends).collect();
        assert_eq!(attempts, [(Some(3), true), (Some(2), false), (Some(1), false)]);
        assert!(receiver.heard_nothing());
        // It can still be renamed and stopped, but not led there again.
        reg.admin.patch_current(&webhook.path, json!({"name": "Namn"})).expect(200);
    }

    fn a_webhook_is_held_to_its_form(strict: &Strict) {
        let reg = &strict.0;
        let good = json!({"organisationId": reg.root, "name": "Revisorerna", "url": "https://Hooks.Invalid:443/a",
            "kinds": ["risk.*"], "active": false});
        let made = reg.admin.with("idempotency-key", "k").post("/webhooks", good.clone()).expect(201);
        assert_eq!(made["url"], "https://hooks.invalid/a", "in its one spelling");
        let again = reg.admin.with("idempotency-key", "k").post("/webhooks", good.clone()).expect(201);
        assert_eq!(again.json, made.json, "who lost the answer gets it again, the secret too");
        let path = made.header("location").trim_start_matches("/api/v1").to_owned();
        let read = reg.admin.get(&path).expect(200);
        assert_eq!(read.header("etag"), made.header("etag"));
        assert!(read.json.get("secret").is_none(), "it is told once");
        assert!(made.text("secret").starts_with("whsec_"));
        assert_eq!(reg.admin.get("/webhooks").expect(200)["total"], 1);
        assert_eq!(reg.admin.get("/webhooks?active=true").expect(200)["total"], 0);

        let nobody = uuid::Uuid::now_v7().to_string();
        for (field, value, pointer, code) in [
            ("kinds", json!(["risk"]), "/kinds/0", "unknownWord"),
            ("kinds", json!(["*"]), "/kinds/0", "unknownWord"),
            ("kinds", json!(["risk.*", "risk.assesed"]), "/kinds/1", "unknownWord"),
            ("kinds", json!(["risks.*", "risk.*"]), "/kinds/0", "unknownWord"),
            ("kinds", json!("risk.*"), "/kinds", "wrongType"),
            ("name", json!(""), "/name", "tooShort"),
            ("name", json!("två\nrader"), "/name", "wrongFormat"),
            ("organisationId", json!(nobody), "/organisationId", "unknownReference"),
            ("active", json!("yes"), "/active", "wrongType"),
            ("pauseReason", json!("gone"), "/pauseReason", "unknownField"),
            ("secret", json!("whsec_x"), "/secret", "unknownField"),
        ] {
            let mut form = good.clone();
            form[field] = value;
            assert_eq!(reg.admin.post("/webhooks", form).expect(422).faults(), [(pointer, code)]);
        }
        let mut two = good.clone();
        two["organisationId"] = json!(nobody);
        two["url"] = json!("http://hooks.invalid/");
        let both = reg.admin.with("accept-language", "en").post("/webhooks", two).expect(422);
        assert_eq!(both.faults(), [("/organisationId", "unknownReference"), ("/url", "notHttps")]);
        assert_eq!(both["errors"][1]["detail"], "The address must begin with https://.");

        let board = reg.organisation(&reg.root, "board", "Nämnden");
        reg.admin.patch(&path, json!({"name": "Ny"})).expect(428);
        reg.admin.with("if-match", "\"0\"").patch(&path, json!({"name": "Ny"})).expect(412);
        let moved = reg.admin.patch_current(&path, json!({"organisationId": board})).expect(422);
        assert_eq!(moved.faults(), [("/organisationId", "cannotChange")]);
        let named = reg.admin.patch_current(&path, json!({"name": "Ny", "kinds": []})).expect(200);
        assert_eq!((&named["name"], &named["kinds"], &named["version"]), (&json!("Ny"), &json!([]), &json!(2)));
        reg.admin.delete(&path).expect(428);
        reg.admin.delete_current(&path).expect(204);
        reg.admin.get(&path).expect(404);
    }
}

/// A request is followed into what webhooks are told of it by one trace.
#[test]
fn a_webhook_is_told_under_the_trace_of_the_request() {
    for databases in [Databases::Sqlite, Databases::Postgres] {
        let reg = Sending::on(databases);
        let receiver = Receiver::new();
        reg.webhook(&reg.root, &receiver.url(), &["goal.*"]);
        let shape = |heard: &Heard| {
            let parts: Vec<String> = heard.header("traceparent").split('-').map(str::to_owned).collect();
            assert_eq!(parts.iter().map(String::len).collect::<Vec<_>>(), [2, 32, 16, 2], "{parts:?}");
            parts
        };
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let client = reg.admin.clone().with("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"));
        let form = |name: &str| json!({"organisationId": reg.root, "year": 2026, "name": name});
        client.post("/goals", form("Med spår")).expect(201);
        let heard = receiver.next();
        let [version, told, span, _] = &shape(&heard)[..] else { panic!("four parts") };
        assert_eq!((version.as_str(), told.as_str()), ("00", trace));
        // The span is ours, and not that of who asked.
        assert!(span != "00f067aa0ba902b7" && span.chars().any(|c| c != '0'));
        // Nobody else's request is counted to it, and one that named none is followed by its own id.
        reg.goal("Utan spår");
        let heard = receiver.next();
        let event = reg.admin.get(&format!("/logs/{}/events/{}", heard.at().0, heard.at().1)).expect(200);
        let request = event["event"]["requestId"].as_str().expect("an id").replace('-', "");
        assert_eq!(shape(&heard)[1], request);
        // What cannot be read names none.
        let bad = reg.admin.clone().with("traceparent", "00-nothing");
        bad.post("/goals", form("Med annat")).expect(201);
        assert_ne!(shape(&receiver.next())[1], trace);
    }
}

/// A receiver whose certificate an authority of one's own has signed: it is told where the operator has named that authority,
/// and not else.
#[test]
fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let receiver = Receiver::new();
    let front = Front::before(receiver.address);
    let url = format!("https://localhost:{}/hook", front.port);
    let with = |config: &mut Config| {
        swift(config);
        config.webhook_hosts = Arc::new(Hosts::parse("localhost").expect("a host"));
    };
    let unknowing = Sending(Register::start(Databases::Sqlite, with));
    let made = unknowing.webhook(&unknowing.root, &url, &["goal.*"]);
    unknowing.goal("Mål");
    let failed = unknowing.until(&format!("{}/deliveries", made.path), |answer| answer["total"] != 0);
    assert_eq!(failed.items()[0]["fault"], "connectionFailed");
    drop(unknowing);
    assert!(receiver.heard_nothing());
    let knowing = Sending(Register::start(Databases::Sqlite, |config| {
        with(config);
        config.authorities = front.authorities();
    }));
    let made = knowing.webhook(&knowing.root, &url, &["goal.*"]);
    knowing.goal("Mål");
    assert!(receiver.next().is_signed_by(&made.secret));
}

/// The real binary, with the operator's setting: what happens while it is down is told when it is back.
#[test]
fn what_happens_while_the_service_is_down_is_told_afterwards() {
    let directory = Directory::new();
    let run = |arguments: &[&str]| {
        let output = binary(&directory.0, arguments).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    };
    let serve = |besides: &[(&str, &str)]| {
        let mut command = binary(&directory.0, &["serve"]);
        command.env("RISKREGISTER_WEBHOOK_HOSTS", "127.0.0.1").envs(besides.iter().copied());
        Serving::start(command)
    };
    run(&["init", "--name", "Region Exempel", "--kind", "region", "--admin", Register::ADMIN]);
    let token = run(&["token", Register::ADMIN]);
    let receiver = Receiver::new();
    let serving = serve(&[]);
    let admin = Client::new(&serving.address, Some(&token));
    let root = admin.get("/organisations").expect(200).column("id")[0].to_owned();
    let form = json!({"organisationId": root, "name": "M", "url": receiver.url(), "kinds": ["webhook.*", "user.*"]});
    let made = admin.post("/webhooks", form).expect(201);
    assert_eq!(receiver.next().kind(), "webhook.created");
    until(&admin, &format!("/webhooks/{}/deliveries", made.id()), |answer| answer["total"] == 1);
    assert!(serving.stop(), "it stops in peace");
    for name in ["en", "tva", "tre"] {
        run(&["user", "add", &format!("{name}@example.org"), "--name", name]);
    }
    assert!(receiver.heard_nothing());
    // Its secret is kept as it was once, in the open; and the service's own is changed meanwhile.
    let database = Address::Sqlite(directory.0.join("riskregister.db").to_str().expect("UTF-8").into());
    let mut c = database.connect().expect("the database can be reached");
    let kept = |c: &mut AnyConnection| {
        cells(c, "SELECT secret AS text FROM webhook_secrets").into_iter().flatten().collect::<Vec<_>>()
    };
    let secret = made.text("secret");
    assert!(kept(&mut c).iter().all(|kept| kept.starts_with("sealed1.")));
    c.batch_execute(&format!("UPDATE webhook_secrets SET secret = '{secret}'")).expect("it can be written");
    drop(c);
    let before = std::fs::read_to_string(directory.0.join("riskregister.secret")).expect("the secret");
    let changed = "another secret of more than 32 signs";
    let serving = serve(&[("RISKREGISTER_SECRET", changed), ("RISKREGISTER_SECRET_BEFORE", before.trim())]);
    let heard = [(); 3].map(|()| receiver.next());
    assert!(heard.iter().all(|h| h.kind() == "user.created" && h.is_signed_by(&secret)));
    in_order(&heard.map(|h| h.at()));
    // Whoever was signed in is so still, and has something said that is told.
    let admin = Client::new(&serving.address, Some(&token));
    let form = json!({"organisationId": root, "name": "Ny", "email": "ny@example.org"});
    admin.post("/users", form).expect(201);
    assert!(receiver.next().is_signed_by(&secret));
    assert!(serving.stop(), "it stops in peace");
    let mut c = database.connect().expect("the database can be reached");
    let by = Seals::new(changed.as_bytes(), None).expect("seals");
    let id = made.id().parse().expect("an id");
    let opened = kept(&mut c).iter().map(|kept| by.open(id, kept).map(|opened| opened.text)).collect::<Vec<_>>();
    assert_eq!(opened, [Some(secret)], "sealed by the new one");
}

both! {
    fn a_webhook_from_before_the_kinds_were_a_closed_list_goes_on(reg: &Sending) {
        let receiver = Receiver::new();
        let webhook = reg.webhook(&reg.root, &receiver.url(), &["goal.created"]);
        crate::planted::kinds_of_webhook(reg, &webhook.path[10..], &["goal.praised", "fable.*", "goal.created"]);
        let read = reg.admin.get(&webhook.path).expect(200);
        assert_eq!(read["kinds"], json!(["goal.praised", "fable.*", "goal.created"]));
        reg.goal("Ett");
        assert_eq!(receiver.next().kind(), "goal.created");
        // It is changed in all else, and in its kinds; but gets none of another name.
        reg.admin.patch_current(&webhook.path, json!({"name": "Annat namn"})).expect(200);
        let fewer = json!({"kinds": ["goal.*", "goal.praised"]});
        assert_eq!(reg.admin.patch_current(&webhook.path, fewer.clone()).expect(200)["kinds"], fewer["kinds"]);
        let more = json!({"kinds": ["goal.*", "goal.praised", "goal.blamed", "tale.*"]});
        let refused = reg.admin.patch_current(&webhook.path, more).expect(422);
        assert_eq!(refused.faults(), [("/kinds/2", "unknownWord"), ("/kinds/3", "unknownWord")]);
        reg.goal("Två");
        assert_eq!(receiver.next().kind(), "goal.created");
    }

    fn what_was_told_is_asked_for_by_known_kinds(reg: &Sending) {
        let webhook = reg.webhook(&reg.root, "https://hooks.invalid/", &["goal.deleted"]);
        let path = format!("{}/deliveries?kind=", webhook.path);
        assert_eq!(reg.admin.get(&format!("{path}goal.deleted,goal.created")).expect(200)["total"], 0);
        let refused = reg.admin.get(&format!("{path}goal.deleted,goal.blamed,x")).expect(422);
        assert_eq!(refused.faults(), [("?kind", "unknownWord"); 2]);
    }
}

/// A body in the middle of its year, that sends.
struct Working(World);

impl Deref for Working {
    type Target = World;
    fn deref(&self) -> &World {
        &self.0
    }
}

impl Start for Working {
    fn on(databases: Databases) -> Self {
        Self(World::with(databases, |config| {
            swift(config);
            config.public_url = "https://risk.example.org".into();
        }))
    }
}

impl Working {
    /// What a webhook of the region is told while a plan is adopted and reported on, a deficiency is found, and somebody comes;
    /// and the two deficiencies, the one with a suspicion of crime last.
    fn told(&self, receiver: &Receiver) -> (Vec<Heard>, [String; 2]) {
        let form = json!({"organisationId": self.root, "name": "Mottagaren", "url": receiver.url()});
        self.admin.post("/webhooks", form).expect(201);
        let year = Year::adopted(self);
        year.report_all("t1");
        year.close("t1").expect(200);
        let found = |crime: bool| {
            let form = json!({"organisationId": self.board, "planId": year.plan, "riskId": year.risk, "title": "Attest saknas",
                "severity": "serious", "foundOn": "2024-05-02", "suspectedCrime": crime});
            self.controller.post("/deficiencies", form).expect(201).id()
        };
        let found = [found(false), found(true)];
        self.person("Hemlig Person", &self.board);
        let goal = self.goal(2025, "Ett mål som inte blev av");
        self.admin.delete_current(&format!("/goals/{goal}")).expect(204);
        let mut all = Vec::new();
        loop {
            let heard = receiver.next();
            let last = heard.kind() == "goal.deleted";
            all.push(heard);
            if last {
                return (all, found);
            }
        }
    }
}

both! {
    fn each_message_names_its_plan_and_risk_and_leads_to_what_can_be_read(world: &Working) {
        let receiver = Receiver::new();
        let (all, [open, crime]) = world.told(&receiver);
        let everyone = [&world.admin, &world.controller.client, &world.auditor.client, &world.head.client];
        for heard in &all {
            let schema = json!({"$ref": "#/components/schemas/WebhookMessage"});
            contract().fits("a message", &schema, &heard.json, "what was sent");
            let data = &heard.json["data"];
            let at = path_of(world, &data["links"]["self"]);
            assert!(everyone.iter().any(|client| client.get(at).status == 200), "{at} of {data} is read by nobody");
            let (log, n) = heard.at();
            let event = everyone.iter().map(|client| client.get(&format!("/logs/{log}/events/{n}"))).find(|a| a.status == 200);
            let event = event.expect("somebody reads the event");
            if data["id"] == json!(crime) {
                // Whoever sees the deficiency is told of which risk it is; a webhook's receiver is not known to.
                assert_eq!((&data["planId"], &data["riskId"]), (&Value::Null, &Value::Null), "{data}");
                assert!(event["riskId"].is_string());
            } else {
                assert_eq!((&data["planId"], &data["riskId"]), (&event["planId"], &event["riskId"]), "{data}");
                assert_eq!(data["links"], event["links"]);
            }
            if data["id"] == json!(open) {
                assert!(data["riskId"].is_string() && data["planId"].is_string(), "{data}");
            }
        }
        let kinds: BTreeSet<&str> = all.iter().map(Heard::kind).collect();
        assert!(SHOWN.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    }
}

/// The messages that `docs/webhooks.md` shows.
const SHOWN: &[&str] = &[
    "risk.assessed",
    "plan.adopted",
    "control.reported",
    "period.closed",
    "deficiency.reported",
    "deficiency.crimeSuspected",
    "user.created",
    "goal.deleted",
];

/// What the page's messages are signed with, and when they were.
const SHOWN_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SHOWN_TIME: i64 = 1_714_638_600;

/// Gives what is another each time the same each time: ids and positions by their order, times by a fixed one.
#[derive(Default)]
struct Fixed {
    ids: Vec<String>,
    positions: BTreeMap<String, Vec<i64>>,
}

impl Fixed {
    fn id(&mut self, id: &str) -> String {
        let at = self.ids.iter().position(|known| known == id).unwrap_or_else(|| {
            self.ids.push(id.to_owned());
            self.ids.len() - 1
        });
        format!("0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f{:02x}", 0x40 + at)
    }

    fn message(&mut self, heard: &Heard) -> String {
        let (log, n) = heard.at();
        let positions = self.positions.entry(log.clone()).or_default();
        positions.push(n);
        let (old, new) = (format!("/events/{n}\""), format!("/events/{}\"", 16 + positions.len()));
        let time = heard.json["timestamp"].as_str().expect("a time");
        let mut text = String::from_utf8(heard.body.clone()).expect("text");
        text = text.replace(time, "2024-05-02T08:30:00.000000Z").replace(&old, &new);
        text = text.replace(&format!("\"n\":{n},"), &format!("\"n\":{},", 16 + positions.len()));
        let (mut fixed, mut rest) = (String::new(), text.as_str());
        while let Some(letter) = rest.chars().next() {
            let id = rest.get(..36).filter(|id| id.contains('-') && uuid::Uuid::try_parse(id).is_ok());
            let length = id.map_or(letter.len_utf8(), str::len);
            fixed.push_str(&id.map_or_else(|| letter.to_string(), |id| self.id(id)));
            rest = &rest[length..];
        }
        fixed
    }
}

/// A page with what the tests make of a marked part of it.
pub fn renewed(page: &str, mark: &str, made: &str) -> String {
    let (begin, end) = (format!("<!-- {mark}, made by the tests -->\n"), format!("<!-- end of {mark} -->\n"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("the page has no {mark}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{mark} has no end"));
    format!("{before}{begin}\n{made}\n{end}{after}")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".into() } else { format!("    {line}\n") }).collect()
}

/// The page shows what is sent: messages from a register, signed, and every kind with its sentence.
#[test]
fn the_page_shows_real_messages() {
    let world = Working::on(Databases::Sqlite);
    let receiver = Receiver::new();
    let (all, _) = world.told(&receiver);
    let mut fixed = Fixed::default();
    let messages: Vec<String> = SHOWN
        .iter()
        .map(|kind| {
            let of_kind = |heard: &&Heard| heard.kind() == *kind;
            fixed.message(all.iter().find(of_kind).unwrap_or_else(|| panic!("no message tells of {kind}")))
        })
        .collect();
    let first: Value = serde_json::from_str(&messages[0]).expect("JSON");
    let log = first["data"]["log"].as_str().expect("a log").replace('-', "");
    let id = format!("0199b1c47a447c31a2d55f0c1d2e3f3f-{log}-{}", first["data"]["n"]);
    let signature = Verifier::new(SHOWN_SECRET).expect("a secret").sign(&id, SHOWN_TIME, messages[0].as_bytes());
    let whole = format!(
        "POST /riskregister HTTP/1.1\ncontent-type: application/json\nwebhook-id: {id}\nwebhook-timestamp: {SHOWN_TIME}\n\
         webhook-signature: {}\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-7a2190b1d4c6ee05-00\n\n{}\n",
        signature.expect("a signature"),
        messages[0],
    );
    let others: String = messages[1..]
        .iter()
        .map(|message| {
            let value: Value = serde_json::from_str(message).expect("JSON");
            indented(&serde_json::to_string_pretty(&value).expect("JSON")) + "\n"
        })
        .collect();
    let kinds: String = EventKind::ALL
        .iter()
        .map(|kind| {
            let [en, sv] = [Language::En, Language::Sv].map(|l| kind.sentence(&Manner::default(), l));
            let former = if FORMER.contains(&kind.name) { " (In older histories; written no more.)" } else { "" };
            format!("| `{}` | {en}.{former} | {sv}. |\n", kind.name)
        })
        .collect();
    let kinds = format!("| kind | what happened | vad som hände |\n|---|---|---|\n{kinds}");

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/webhooks.md");
    let page = std::fs::read_to_string(file).expect("the page");
    let made = renewed(&page, "a message", &indented(&whole));
    let made = renewed(&made, "messages", others.trim_end_matches('\n'));
    let made = renewed(&made, "kinds", &kinds);
    if std::env::var_os("RENEW_PAGES").is_some() {
        std::fs::write(file, &made).expect("the page can be written");
    }
    assert!(
        made == page || std::env::var_os("RENEW_PAGES").is_some(),
        "docs/webhooks.md does not show what is sent. Make it anew, and read the difference like any code:\n\
         \n    RENEW_PAGES=1 cargo test --test all the_page_shows_real_messages\n"
    );

    // And its few lines of Python tell such a message from another's.
    let begins = page.find("       import base64, hashlib").expect("lines of Python");
    let ends = page[begins..].find("\n\n2.").expect("an end") + begins;
    let lines: Vec<&str> = page[begins..ends].lines().map(|line| line.strip_prefix("       ").unwrap_or("")).collect();
    let python = format!(
        "{}\ntime.time = lambda: {SHOWN_TIME} + 60\nheaders = {{'webhook-id': '{id}', 'webhook-timestamp': '{SHOWN_TIME}',\n    \
         'webhook-signature': 'v1,AAAA {}'}}\nbody = {:?}.encode()\nassert is_ours('{SHOWN_SECRET}', headers, body)\n\
         assert not is_ours('{SHOWN_SECRET}', headers, body + b' ')\ntime.time = lambda: {SHOWN_TIME} + 600\n\
         assert not is_ours('{SHOWN_SECRET}', headers, body)\n",
        lines.join("\n"),
        whole.split("webhook-signature: ").nth(1).and_then(|rest| rest.lines().next()).expect("a signature"),
        messages[0],
    );
    let output = std::process::Command::new("python3").args(["-c", &python]).output().expect("python3 runs");
    assert!(output.status.success(), "{python}\n{}", String::from_utf8_lossy(&output.stderr));
}
