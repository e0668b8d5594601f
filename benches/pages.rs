//! What the pages cost, beside what the API asks for the same data, and how much a browser has to fetch.
//!
//!     cargo bench --bench pages                          # both databases
//!     cargo bench --bench pages -- sqlite                # one of them
//!     SECONDS_EACH=5 ROUNDS=5 cargo bench --bench pages  # longer
//!
//! The real binary serves a register of 10,000 risks: 100 bodies, each with an adopted plan of 100 risks, their controls
//! and actions with statuses in two periods. One browser asks at a time. The floor, in the same run: the API's answers that
//! hold what the page shows, asked by a program one after the other; what both cost is processor time, the server's and
//! the database's own processes'.
//! Fails when a page is larger than 100 kB, when it has more than a handful of parts, and when it costs more than
//! three times what the API's answers do.
//!
//! Then the region's compiled report of twenty-one such bodies, drawn anew each time in each format. Fails when one takes a
//! second.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Instant;

use chrono::Datelike;
use riskregister::auth::Keys;
use riskregister::storage::{Address, Timestamp};
use serde_json::{Value, json};

#[allow(dead_code, reason = "each user takes what it needs")]
mod kit;
use kit::wire::{Reply, Wire};
use kit::{
    Asker, Burst, Cluster, Directory, RISKS, SECRET, Seed, Server, burst, fill, machine, middle, multiply, number,
};

const BODIES: usize = 100;
/// Bytes of a page, and of all that it needs when a browser comes for the first time, as it is sent.
const BYTES: usize = 100_000;
/// Requests that a browser makes for a page: itself, the stylesheet, the script and the picture.
const PARTS: usize = 5;
/// What a page may cost, times what the API's answers with the same data cost.
const AT_MOST: f64 = 3.0;
/// The bodies of a compiled report, as many as the region has, and what drawing it may take, in seconds.
const COMPILED: usize = 21;
const SECONDS: f64 = 1.0;
/// Plans that are asked for in turn.
const SPREAD: usize = 7;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    println!("{}\n", machine());
    let mut held = true;
    for name in ["sqlite", "postgres"] {
        if arguments.is_empty() || arguments.iter().any(|a| a == name) {
            held &= measure(name);
            held &= compiled(name);
        }
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

// The register.

/// The year that is over: its periods are all open to report in.
fn year() -> i32 {
    Timestamp::now().stockholm_date().year() - 1
}

/// Somebody who works with the register through the API.
struct Worker {
    wire: Wire,
}

impl Worker {
    fn new(server: &Server, asker: &Asker) -> Self {
        Self { wire: Wire::connect(&server.address, &asker.token).expect("the register listens") }
    }

    fn send(&mut self, method: &str, path: &str, condition: &[(&str, &str)], form: Value) -> Reply {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(condition);
        let reply = self.wire.send(method, &format!("/api/v1{path}"), &headers, &form.to_string());
        let reply = reply.expect("the register answers");
        assert!(matches!(reply.status, 200 | 201), "{path}: {}", String::from_utf8_lossy(&reply.body));
        reply
    }

    fn get(&mut self, path: &str) -> Value {
        let reply = self.wire.get(&format!("/api/v1{path}")).expect("the register answers");
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        serde_json::from_slice(&reply.body).expect("it is JSON")
    }

    fn items(&mut self, path: &str) -> Vec<Value> {
        self.get(path)["items"].as_array().cloned().expect("a list")
    }

    fn make(&mut self, path: &str, form: Value) -> String {
        self.send("POST", path, &[], form).text("id")
    }

    /// Changes what is there, as it is now.
    fn current(&mut self, method: &str, path: &str, step: &str, form: Value) {
        let tag = self.wire.get(&format!("/api/v1{path}")).expect("the register answers").etag.expect("it has a tag");
        self.send(method, &format!("{path}{step}"), &[("if-match", &tag)], form);
    }
}

/// Makes of the draft an adopted plan in the middle of its follow-up: goals, a control due each tertial for each risk, an
/// action for every third, all texts, the board's decision, and a status of everything in the first two periods.
fn adopt(database: &Address, keys: &Keys, seed: &Seed) {
    let server = Server::register(database);
    let (admin, controller) = (seed.admin(keys), seed.plan(keys, 0).controller);
    let (mut region, mut body) = (Worker::new(&server, &admin), Worker::new(&server, &controller));
    let (year, plan, person) = (year(), &seed.plan, seed.controller.0);
    let head = json!({"role": "head", "organisationId": seed.body});
    region.make(&format!("/users/{person}/grants"), head);
    let goals: Vec<String> = (1..=8)
        .map(|n| {
            let name = format!("Mål {n} för en hållbar verksamhet i hela regionen");
            region.make("/goals", json!({"organisationId": seed.root, "year": year, "name": name}))
        })
        .collect();
    for (i, risk) in seed.risks.iter().enumerate() {
        let form = json!({"goalId": goals[i % goals.len()], "response": "limit"});
        let tag = body.wire.get(&format!("/api/v1/risks/{risk}")).expect("the register answers").etag;
        let tag = tag.expect("a risk has a tag");
        let changed = body.wire.patch(&format!("/api/v1/risks/{risk}"), &tag, &form.to_string());
        assert_eq!(changed.expect("the register answers").status, 200);
        let control = json!({"name": format!("Stickprov {i} av fakturor och avtal"), "recurrences": ["tertial"],
            "frequency": "Varje tertial", "responsibleId": person});
        body.make(&format!("/risks/{risk}/controls"), control);
        if i % 3 == 0 {
            let action = json!({"name": format!("Åtgärd {i}: se över rutinen"), "responsibleId": person,
                "startDate": format!("{year}-01-01"), "endDate": format!("{year}-12-31")});
            body.make(&format!("/risks/{risk}/actions"), action);
        }
        // What the scale demands of the highest level.
        let risk = body.get(&format!("/risks/{risk}"));
        if risk["level"] == "veryHigh" && i % 3 != 0 {
            let id = risk["id"].as_str().expect("an id");
            body.make(&format!("/risks/{id}/actions"), json!({"name": "Minska risken", "responsibleId": person}));
        }
    }
    let sections = [
        "background",
        "controlEnvironment",
        "riskAssessment",
        "controlActivities",
        "informationCommunication",
        "monitoring",
        "compliance",
        "deficiencies",
        "assurance",
    ];
    for section in sections {
        let text = "Nämnden arbetar så att ansvar och rutiner är kända av alla som berörs. ".repeat(8);
        let new = [("if-none-match", "*")];
        body.send("PUT", &format!("/plans/{plan}/sections/{section}"), &new, json!({"text": text.trim()}));
    }
    let path = format!("/plans/{plan}");
    assert_eq!(body.get(&format!("{path}/checks"))["missing"], json!([]));
    body.current("POST", &path, "/proposal", json!({}));
    let decision = json!({"decidedOn": format!("{year}-01-15"), "decidingBoard": "Kulturnämnden", "paragraph": "12"});
    body.current("POST", &path, "/adoption", decision);
    for period in ["t1", "interim"] {
        let missing = format!("{path}/periods/{period}/statuses?missing=true&limit=200");
        for (i, row) in body.items(&missing).iter().enumerate() {
            let (entity, id) = (row["entity"].as_str().expect("an entity"), row["id"].as_str().expect("an id"));
            let form = match (entity, i % 3) {
                ("control", 0) => json!({"status": "performedWithDeviations",
                    "comment": "Två av trettio fakturor saknade attest. Rutinen är genomgången med alla som berörs."}),
                ("control", _) => json!({"status": "performed"}),
                _ => json!({"status": "onPlan", "effect": "desired"}),
            };
            body.send("PUT", &format!("/{entity}s/{id}/reports/{period}"), &[("if-none-match", "*")], form);
        }
        assert!(body.items(&missing).is_empty(), "everything has a status");
    }
}

// What is asked.

/// A page, and the API's answers that hold what it shows.
struct Turn {
    asker: Asker,
    page: String,
    api: Vec<String>,
}

/// A page of the site, for several who ask in turn.
struct Look {
    name: &'static str,
    turns: Vec<Turn>,
}

/// The newest events of a plan's body, and the things that they name by their ids.
fn told(server: &Server, plan: &kit::Plan) -> Vec<String> {
    let log = format!("/logs/{}", plan.body);
    let mut body = Worker::new(server, &plan.controller);
    let size = body.get(&log)["size"].as_i64().expect("a log has a size");
    let events = format!("{log}/events?after={}&limit=30", size - 31);
    let of = |item: &Value, name: &str| item["event"]["after"][name].as_str().map(str::to_owned);
    let mut all: Vec<String> = body
        .items(&events)
        .iter()
        .filter_map(|item| {
            let control = of(item, "controlId").map(|id| format!("/controls/{id}"));
            control.or_else(|| Some(format!("/actions/{}", of(item, "actionId")?)))
        })
        .collect();
    assert!(all.len() > 20, "the newest events are statuses: {all:?}");
    all.push(events);
    all
}

/// The heaviest pages.
fn looks(server: &Server, keys: &Keys, seed: &Seed) -> Vec<Look> {
    let (year, admin) = (year(), seed.admin(keys));
    let of_region = |name: &'static str, page: String, api: &[String]| Look {
        name,
        turns: vec![Turn { asker: admin.clone(), page, api: api.to_vec() }],
    };
    let chosen = ["/organisations?plans=true&limit=200".to_owned(), format!("/goals?year={year}&limit=200")];
    let listed = |asked: &str| {
        let mut all = vec![format!("/risks?{asked}&retired=false&limit=50")];
        all.extend(chosen.clone());
        all
    };
    let plans: Vec<_> = (0..SPREAD).map(|n| seed.plan(keys, n * (BODIES / SPREAD))).collect();
    let of_body = |name: &'static str, turn: &dyn Fn(&kit::Plan) -> (String, Vec<String>)| {
        let turns = plans.iter().map(|plan| {
            let (page, api) = turn(plan);
            Turn { asker: plan.controller.clone(), page, api }
        });
        Look { name, turns: turns.collect() }
    };
    let filtered = format!("year={year}&level=veryHigh&category=operational&included=true&q=kostnad&sort=-score");
    let one = seed.plan(keys, 0);
    vec![
        of_region("/risks", "/risks".into(), &listed(&format!("year={year}&sort=number"))),
        of_region("/risks?level=…&q=…&sort=-score", format!("/risks?{filtered}"), &listed(&filtered)),
        of_region(
            "/matrix of all plans",
            format!("/matrix?year={year}"),
            &[format!("/follow-ups/matrix?year={year}"), format!("/plans?year={year}&limit=200")],
        ),
        of_region(
            "/follow-up of all bodies",
            format!("/follow-up?year={year}&period=interim"),
            &[format!("/follow-ups?year={year}&period=interim&limit=200")],
        ),
        of_region("/history", "/history".into(), &["/logs?limit=200".into()]),
        of_region("/history/{log}", format!("/history/{}", one.body), &told(server, &one)),
        of_body("/plans/{id}", &|plan| {
            let path = format!("/plans/{}", plan.id);
            let parts = ["", "/risks?retired=false&limit=200&sort=number", "/matrix", "/revisions"];
            (path.clone(), parts.iter().map(|part| format!("{path}{part}")).collect())
        }),
        of_body("/matrix of a plan", &|plan| {
            (format!("/matrix?planId={}", plan.id), vec![format!("/plans/{}/matrix", plan.id)])
        }),
        of_body("/plans/{id}/follow-up", &|plan| {
            let path = format!("/plans/{}", plan.id);
            let statuses = format!("{path}/periods/interim/statuses?limit=200");
            (format!("{path}/follow-up?period=interim"), vec![format!("{path}/periods"), statuses])
        }),
        of_body("/risks/{id}", &|plan| {
            let path = format!("/risks/{}", plan.risks[0]);
            let mut body = Worker::new(server, &plan.controller);
            let mut api: Vec<String> =
                ["", "/controls", "/actions", "/assessments"].map(|part| format!("{path}{part}")).into();
            for parts in ["controls", "actions"] {
                for part in body.items(&format!("{path}/{parts}")) {
                    let id = part["id"].as_str().expect("an id");
                    api.extend(["t1", "interim", "annual"].map(|period| format!("/{parts}/{id}/reports/{period}")));
                }
            }
            (path, api)
        }),
        of_body("/tasks", &|_| ("/tasks".into(), vec!["/me/tasks?limit=20".into()])),
    ]
}

// What is measured.

/// One who asks in turn for the pages, or for the API's answers.
struct Caller<'l> {
    wire: Wire,
    look: &'l Look,
    turn: usize,
}

impl<'l> Caller<'l> {
    fn new(server: &Server, look: &'l Look) -> Self {
        Self { wire: Wire::connect(&server.address, "").expect("the register listens"), look, turn: 0 }
    }

    fn take(&mut self) -> &'l Turn {
        self.turn += 1;
        &self.look.turns[self.turn % self.look.turns.len()]
    }

    fn page(&mut self) -> Reply {
        let turn = self.take();
        let reply = self.wire.send("GET", &turn.page, &[("cookie", &turn.asker.cookie)], "");
        let reply = reply.expect("the register answers");
        assert_eq!(reply.status, 200, "{}: {}", turn.page, String::from_utf8_lossy(&reply.body));
        reply
    }

    fn api(&mut self) {
        let turn = self.take();
        self.wire.authorize(&turn.asker.token);
        for path in &turn.api {
            let reply = self.wire.get(&format!("/api/v1{path}")).expect("the register answers");
            assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        }
    }
}

/// How many bytes a browser gets for a path, compressed as browsers ask for it.
fn sent(server: &Server, asker: &Asker, path: &str) -> usize {
    let host = server.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("the register listens");
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {}\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n",
        asker.cookie
    );
    stream.write_all(request.as_bytes()).expect("the register listens");
    let mut all = Vec::new();
    stream.read_to_end(&mut all).expect("the register answers");
    let head = all.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer has a head") + 4;
    assert!(all.starts_with(b"HTTP/1.1 200"), "{path}: {}", String::from_utf8_lossy(&all[..head]));
    all.len() - head
}

/// What a page has a browser fetch besides: the addresses of our own files in it.
fn parts(page: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for attribute in ["src=\"", "href=\""] {
        let values = page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
        all.extend(values.filter(|at| at.starts_with("/assets/")).map(str::to_owned));
    }
    all.sort();
    all.dedup();
    all
}

/// A register of so many bodies in the middle of their year. What serves it goes first, then what it is kept in.
struct Adopted {
    server: Server,
    keys: Keys,
    seed: Seed,
    cluster: Option<Cluster>,
    _directory: Directory,
}

impl Adopted {
    fn on(name: &str, bodies: usize) -> Self {
        let keys = Keys::new(SECRET.as_bytes(), None).expect("keys");
        let directory = Directory::new();
        let mut cluster = (name == "postgres").then(Cluster::start);
        let database = match &mut cluster {
            Some(cluster) => cluster.copy_of("template1"),
            None => directory.address("register.db"),
        };
        let seed = fill(&database, &keys, year());
        adopt(&database, &keys, &seed);
        multiply(&database, &seed, bodies);
        let server = Server::register(&database);
        Self { server, keys, seed, cluster, _directory: directory }
    }
}

/// Draws the compiled report of so many bodies, and prints what each format takes. False when one takes too long.
fn compiled(name: &str) -> bool {
    let Adopted { server, keys, seed, .. } = &Adopted::on(name, COMPILED);
    let mut region = Worker::new(server, &seed.admin(keys));
    let report = region.make("/compiled-reports", json!({"year": year(), "kind": "interim"}));
    let path = format!("/api/v1/compiled-reports/{report}/document");
    println!("### {name}, the compiled report of {COMPILED} bodies with {} risks\n", COMPILED * RISKS);
    println!("| format | bytes | seconds |");
    println!("|---|--:|--:|");
    let mut held = true;
    let office = "application/vnd.openxmlformats-officedocument";
    for (format, kind) in [
        ("JSON", "application/json".to_owned()),
        ("PDF", "application/pdf".to_owned()),
        ("DOCX", format!("{office}.wordprocessingml.document")),
        ("XLSX", format!("{office}.spreadsheetml.sheet")),
    ] {
        let mut draw = || {
            let begun = Instant::now();
            let reply = region.wire.send("GET", &path, &[("accept", &kind)], "").expect("the register answers");
            assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
            (begun.elapsed().as_secs_f64(), reply.body)
        };
        // The first one reads the fonts.
        let (_, whole) = draw();
        if format == "JSON" {
            let told: Value = serde_json::from_slice(&whole).expect("it is JSON");
            let bodies = told["bodies"].as_array().expect("bodies");
            let due = |body: &Value| {
                body["period"]["due"].as_u64() > Some(0) && body["period"]["due"] == body["period"]["reported"]
            };
            assert!(bodies.len() == COMPILED && bodies.iter().all(due), "every body is in it: {bodies:?}");
        }
        let mut times: Vec<f64> = (0..number("ROUNDS", 3).max(1) * 3).map(|_| draw().0).collect();
        times.sort_by(f64::total_cmp);
        let middle = times[times.len() / 2];
        println!("| {format} | {} | {middle:.2} |", whole.len());
        held &= middle < SECONDS;
    }
    println!("\nAt most {SECONDS} s each: {}.\n", if held { "held" } else { "BROKEN" });
    held
}

/// Measures one database and prints its table. False when a page is too large or costs too much.
fn measure(name: &str) -> bool {
    let Adopted { server, keys, seed, cluster, .. } = &Adopted::on(name, BODIES);
    let below = cluster.as_ref().map(|c| c.script.id());

    println!("### {name}, {} risks\n", BODIES * RISKS);
    println!(
        "| page | bytes | as sent | requests | first visit, as sent | p50 ms | p99 ms | CPU ms | API: GETs | p50 ms | CPU ms | page ÷ API |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut broken = Vec::new();
    for look in looks(server, keys, seed) {
        let mut bursts: [Vec<Burst>; 2] = Default::default();
        // In turn, so that what else the machine does meets both alike.
        for _ in 0..number("ROUNDS", 3) {
            let once = |ask: fn(&mut Caller)| {
                burst(server.child.id(), below, vec![Caller::new(server, &look)], |caller: &mut Caller| ask(caller))
            };
            bursts[0].push(once(|caller| {
                caller.page();
            }));
            bursts[1].push(once(|caller| caller.api()));
        }
        let [page, api] = bursts.map(middle);
        let whole = Caller::new(server, &look).page().body;
        let parts = parts(&String::from_utf8_lossy(&whole));
        let turn = Caller::new(server, &look).take();
        let small = sent(server, &turn.asker, &turn.page);
        let first = small + parts.iter().map(|part| sent(server, &turn.asker, part)).sum::<usize>();
        let ratio = page.cost() / api.cost();
        println!(
            "| {} | {} | {} | {} | {} | {:.1} | {:.1} | {:.1} | {} | {:.1} | {:.1} | {:.2} |",
            look.name,
            whole.len(),
            small,
            1 + parts.len(),
            first,
            page.p50 / 1e3,
            page.p99 / 1e3,
            page.cost() / 1e3,
            turn.api.len(),
            api.p50 / 1e3,
            api.cost() / 1e3,
            ratio,
        );
        if whole.len() > BYTES || first > BYTES {
            broken.push(format!("{}: {} bytes, {first} as sent on the first visit", look.name, whole.len()));
        }
        if 1 + parts.len() > PARTS {
            broken.push(format!("{}: {} requests", look.name, 1 + parts.len()));
        }
        if ratio > AT_MOST {
            broken.push(format!("{}: {ratio:.2} times the API's answers", look.name));
        }
    }
    println!(
        "\nAt most {BYTES} bytes, {PARTS} requests and {AT_MOST} times the API's answers: {}.\n",
        match broken.is_empty() {
            true => "held".to_owned(),
            false => format!("BROKEN by\n\n* {}", broken.join("\n* ")),
        }
    );
    broken.is_empty()
}
