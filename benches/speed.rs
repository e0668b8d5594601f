//! How fast the register answers, and what it costs, beside what the same would cost without a register around it.
//!
//!     cargo bench --bench speed                          # both databases
//!     cargo bench --bench speed -- sqlite                # one of them
//!     SECONDS_EACH=5 ROUNDS=5 cargo bench --bench speed  # longer
//!
//! The real binary serves two registers, one with a plan of 100 risks and one with 1,000 such plans, and every request
//! is signed in, judged and recorded as always. The floors, in the same run: a bare actix handler that sends the same
//! bytes, the bare query with JSON in a loop in this process, and the disk's `fdatasync`.
//! Fails when a plan's page costs more than 1.3 times as much among 100,000 risks as among 100.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::Datelike;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use riskregister::app::{sessions, setup};
use riskregister::auth::{self, Keys};
use riskregister::storage::history::Origin;
use riskregister::storage::records::Risk;
use riskregister::storage::schema::risks;
use riskregister::storage::{Address, AnyConnection, Db, Id, Timestamp};
use serde_json::json;

#[path = "../tests/all/kit/wire.rs"]
#[allow(dead_code, reason = "each user takes what it needs")]
mod wire;
use wire::{Reply, Wire};

const SECRET: &str = "a secret of the benchmark, and of nobody else";
const RISKS: usize = 100;
const BODIES: usize = 1_000;
/// What a page among 100,000 risks may cost, times what it costs among 100.
const AT_MOST: f64 = 1.3;
/// Requests under way at once: enough to keep two cores busy, few enough that a latency is not a queue's.
const CALLERS: usize = 4;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [job, file] = arguments.as_slice()
        && job == "bare"
    {
        bare(Path::new(file));
        return ExitCode::SUCCESS;
    }
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|a| a == name);
    println!("{}\n", machine());
    let mut held = true;
    for name in ["sqlite", "postgres"] {
        if wanted(name) {
            held &= measure(name);
        }
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the numbers are of.
fn machine() -> String {
    let said = |program: &str, arguments: &[&str]| {
        let out = Command::new(program).args(arguments).output();
        out.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
    };
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find(|l| l.starts_with("model name")).and_then(|l| l.split(": ").nth(1));
    format!(
        "{} × {}, {}; commit {}; load before {}; {}",
        std::thread::available_parallelism().map_or(0, |n| n.get()),
        model.unwrap_or("unknown processor"),
        said("uname", &["-sr"]),
        said("git", &["describe", "--always", "--dirty"]),
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').next().unwrap_or_default(),
        if cfg!(debug_assertions) { "NOT OPTIMISED" } else { "optimised" },
    )
}

// The two registers.

/// A directory on a disk, and not in memory as /tmp may be; removed with its owner.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let place = std::env::var_os("TMPDIR").map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
        let path = place.join(format!("riskregister-bench-{}", Id::new()));
        std::fs::create_dir(&path).expect("a directory for the databases");
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The PostgreSQL of `scripts/throwaway-postgres`, which ends when its standard input does.
struct Cluster {
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    script: Child,
}

impl Cluster {
    fn start() -> Self {
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/throwaway-postgres"))
            .env("DURABLE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/throwaway-postgres can be run");
        let answers = BufReader::new(script.stdout.take().expect("stdout is piped"));
        Self { requests: script.stdin.take(), answers, script }
    }

    fn copy_of(&mut self, template: &str) -> Address {
        let name = template.rsplit('/').next().unwrap_or(template);
        let requests = self.requests.as_mut().expect("the cluster runs");
        writeln!(requests, "{name}").expect("the cluster listens");
        let mut url = String::new();
        self.answers.read_line(&mut url).expect("the cluster answers");
        assert!(url.starts_with("postgres://"), "no database: {url}");
        Address::Postgres(url.trim_end().to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.script.wait();
    }
}

/// A process of ours, and where it listens.
struct Server {
    address: String,
    child: Child,
}

impl Server {
    fn run(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it can be run");
        let mut line = String::new();
        let out = child.stdout.take().expect("stdout is piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().rsplit(' ').next().filter(|a| a.starts_with("http://")).map(str::to_owned);
        Self { address: address.expect("it starts"), child }
    }

    fn register(database: &Address) -> Self {
        let url = match database {
            Address::Sqlite(file) => format!("sqlite://{file}"),
            Address::Postgres(url) => url.clone(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_riskregister"));
        command
            .arg("serve")
            .env("DATABASE_URL", url)
            .env("LISTEN", "127.0.0.1:0")
            .env("RISKREGISTER_SECRET", SECRET)
            .env("RISKREGISTER_SIGNING_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
            .env("RISKREGISTER_REQUESTS_PER_MINUTE", "10000000")
            .env_remove("RISKREGISTER_CONFIG");
        Self::run(command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A register to measure: its plans, each with its controller and its risks.
struct Target {
    risks_in_all: usize,
    database: Address,
    server: Server,
    plans: Vec<Plan>,
}

struct Plan {
    id: String,
    token: String,
    risks: Vec<String>,
}

/// What the first register holds; the other is made of copies of it.
struct Seed {
    body: String,
    plan: String,
    controller: Id,
    session: Id,
    risks: Vec<String>,
}

impl Seed {
    /// The plan of the copy with this number; 0 is the original.
    fn plan(&self, keys: &Keys, copy: usize) -> Plan {
        let id = |of: &str| if copy == 0 { of.to_owned() } else { copied(of, copy) };
        let as_id = |of: Id| id(&of.to_string()).parse().expect("an id");
        Plan {
            id: id(&self.plan),
            token: keys.access(as_id(self.controller), as_id(self.session), 24 * 3600).expect("a token"),
            risks: self.risks.iter().map(|r| id(r)).collect(),
        }
    }
}

/// The id of a copy: the number in it, and version 8, which no other id has.
fn copied(id: &str, copy: usize) -> String {
    format!("{}{copy:04x}-8{}", &id[..9], &id[15..])
}

/// A register with one body and its plan of 100 risks, made through the API: each with an assessment, every second one
/// with a control.
fn fill(database: &Address, keys: &Keys) -> Seed {
    let db = Db::new(database.clone(), 2);
    db.migrate().expect("an empty database can be migrated");
    let password_hash = &auth::hash_password("en lösenordsfras för mätning").expect("a hash");
    let (root, admin) = db
        .write(&Origin::operator(), |w| {
            let administrator = setup::NewUser { email: "admin@example.org", name: "Ada Admin", password_hash };
            let new = setup::NewRegister { name: "Region Exempel", kind: "region", demo: false, administrator };
            let root = setup::initialise(w, &new)?;
            Ok((root, w.user_by_email("admin@example.org")?.expect("just made").id))
        })
        .expect("an empty database can become a register");
    let signed_in = |user: Id| {
        let session = Id::new();
        db.write(&Origin::operator(), |w| sessions::start(w, user, session, "password", auth::SESSION_SECONDS))
            .expect("a session can be started");
        session
    };
    let server = Server::register(database);
    let token = keys.access(admin, signed_in(admin), 3600).expect("a token");
    let mut wire = Wire::connect(&server.address, &token).expect("the register listens");
    let mut make = |token: &str, path: &str, body: serde_json::Value| -> String {
        wire.authorize(token);
        let made = wire.post(&format!("/api/v1{path}"), &body.to_string()).expect("the register answers");
        assert_eq!(made.status, 201, "{path}: {}", String::from_utf8_lossy(&made.body));
        made.text("id")
    };
    let body = make(
        &token,
        "/organisations",
        json!({"parentId": root, "kind": "board", "name": "Kulturnämnden", "validFrom": "2020-01-01", "plans": true}),
    );
    let controller =
        make(&token, "/users", json!({"organisationId": body, "name": "Carl Controller", "email": "carl@example.org"}));
    make(&token, &format!("/users/{controller}/grants"), json!({"role": "controller", "organisationId": body}));
    let holder: Id = controller.parse().expect("an id");
    let session = signed_in(holder);
    let token = keys.access(holder, session, 3600).expect("a token");
    let year = Timestamp::now().stockholm_date().year();
    let plan = make(&token, "/plans", json!({"organisationId": body, "year": year}));
    let risks: Vec<String> = (0..RISKS)
        .map(|i| {
            let risk = make(&token, &format!("/plans/{plan}/risks"),
                json!({
                    "name": format!("Risk {i} för bristande kostnadsmedvetande i organisationen"),
                    "description": "Verksamheten följer inte upp sina kostnader i tid. ".repeat(6).trim(),
                    "category": "operational", "ownerId": controller, "likelihood": 1 + i % 5, "consequence": 1 + i / 5 % 5,
                }),
            );
            if i % 2 == 0 {
                make(&token, &format!("/risks/{risk}/controls"),
                    json!({"name": "Stickprover", "frequency": "Kontinuerligt", "responsibleId": controller}),
                );
            }
            risk
        })
        .collect();
    Seed { body, plan, controller: holder, session, risks }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// Copies the body with its plan 999 times, straight in the tables. The copies have no history: their logs are empty,
/// and only what is written while measuring gets into them.
fn multiply(database: &Address, seed: &Seed) {
    let mut c = database.connect().expect("the database can be reached");
    let sqlite = matches!(c, AnyConnection::Sqlite(_));
    let (body, plan, user) = (&seed.body, &seed.plan, seed.controller);
    let of_plan = format!("s.plan_id = '{plan}'");
    let tables = [
        ("organisations", format!("s.id = '{body}'")),
        ("heads", format!("s.log_id = '{body}'")),
        ("users", format!("s.id = '{user}'")),
        ("sessions", format!("s.user_id = '{user}'")),
        ("grants", format!("s.user_id = '{user}'")),
        ("plans", format!("s.id = '{plan}'")),
        ("risks", of_plan.clone()),
        ("risk_references", format!("s.body_id = '{body}'")),
        ("assessments", of_plan.clone()),
        ("controls", of_plan),
    ];
    c.batch_execute("BEGIN").expect("a transaction");
    for (table, which) in tables {
        let question = if sqlite {
            format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid")
        } else {
            format!(
                "SELECT column_name::text AS name FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
            )
        };
        let columns: Vec<Column> = diesel::sql_query(question).load(&mut c).expect("the table has columns");
        let columns: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        let text = |column: &str| match sqlite {
            true => format!("substr(s.{column}, 1, 9) || printf('%04x', k.n) || '-8' || substr(s.{column}, 16)"),
            false => format!(
                "substr(s.{column}::text, 1, 9) || lpad(to_hex(k.n), 4, '0') || '-8' || substr(s.{column}::text, 16)"
            ),
        };
        let values: Vec<String> = columns
            .iter()
            .map(|column| match (table, *column) {
                ("organisations", "path") => format!("replace(s.path, '{body}', {})", text("id")),
                ("heads", "size") => "0".into(),
                ("users", "email") => "k.n || '.' || s.email".into(),
                (
                    _,
                    "id" | "organisation_id" | "body_id" | "plan_id" | "identity_id" | "risk_id" | "log_id" | "user_id"
                    | "owner_id" | "assessed_by_id" | "responsible_id",
                ) if sqlite => text(column),
                (
                    _,
                    "id" | "organisation_id" | "body_id" | "plan_id" | "identity_id" | "risk_id" | "log_id" | "user_id"
                    | "owner_id" | "assessed_by_id" | "responsible_id",
                ) => format!("({})::uuid", text(column)),
                (_, other) => format!("s.{other}"),
            })
            .collect();
        let copies = BODIES - 1;
        let statement = format!(
            "INSERT INTO {table} ({}) SELECT {} FROM \
             (WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {copies}) SELECT n FROM c) k \
             CROSS JOIN {table} s WHERE {which} ORDER BY k.n",
            columns.join(", "),
            values.join(", "),
        );
        diesel::sql_query(statement).execute(&mut c).unwrap_or_else(|e| panic!("{table} cannot be copied: {e}"));
    }
    c.batch_execute("COMMIT").expect("the copies can be kept");
    // Both as they would find themselves after a night: PostgreSQL by its autovacuum, SQLite's log written back.
    let tidy = if sqlite { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "VACUUM ANALYZE" };
    c.batch_execute(tidy).expect("the database can be tidied");
}

// What is asked.

#[derive(Clone, Copy, PartialEq)]
enum Job {
    Page,
    One,
    Patch,
    Assess,
}

impl Job {
    const ALL: [Self; 4] = [Self::Page, Self::One, Self::Patch, Self::Assess];

    fn name(self) -> &'static str {
        match self {
            Self::Page => "page of 50 risks",
            Self::One => "one risk",
            Self::Patch => "PATCH of a risk",
            Self::Assess => "POST of an assessment",
        }
    }
    fn writes(self) -> bool {
        matches!(self, Self::Patch | Self::Assess)
    }
}

fn page(plan: &Plan) -> String {
    format!("/api/v1/plans/{}/risks?limit=50&sort=number", plan.id)
}

/// One caller's next request: another plan each time where there are several, and for writes another risk of its own.
struct Caller<'t> {
    target: &'t Target,
    wire: Wire,
    job: Job,
    turn: usize,
    number: usize,
    tags: HashMap<&'t str, String>,
}

impl<'t> Caller<'t> {
    fn new(target: &'t Target, job: Job, number: usize) -> Self {
        let wire = Wire::connect(&target.server.address, "").expect("the register listens");
        let mut caller = Self { target, wire, job, turn: 0, number, tags: HashMap::new() };
        if job == Job::Patch {
            for turn in 0..RISKS / CALLERS {
                let (plan, risk) = caller.own(turn);
                caller.wire.authorize(&plan.token);
                let read = caller.wire.get(&format!("/api/v1/risks/{risk}")).expect("the register answers");
                caller.tags.insert(risk, read.etag.expect("a risk has a tag"));
            }
        }
        caller
    }

    /// Nobody else writes these, so that no tag grows stale.
    fn own(&self, turn: usize) -> (&'t Plan, &'t str) {
        let turn = turn % (RISKS / CALLERS);
        let at = (turn * CALLERS + self.number) % RISKS;
        let plan = &self.target.plans[(at * 7) % self.target.plans.len()];
        (plan, &plan.risks[at])
    }

    fn ask(&mut self) -> Reply {
        self.turn += 1;
        let turn = self.turn;
        let spread = (turn * 389 + self.number * 101) % self.target.plans.len();
        let (plan, risk) = match self.job {
            Job::Page | Job::One => {
                let plan = &self.target.plans[spread];
                (plan, plan.risks[(turn * 7 + self.number) % RISKS].as_str())
            }
            Job::Patch | Job::Assess => self.own(turn),
        };
        self.wire.authorize(&plan.token);
        let answer = match self.job {
            Job::Page => self.wire.get(&page(plan)),
            Job::One => self.wire.get(&format!("/api/v1/risks/{risk}")),
            Job::Patch => {
                let body = format!(r#"{{"name":"Risken efter ändring {turn}"}}"#);
                self.wire.patch(&format!("/api/v1/risks/{risk}"), &self.tags[risk], &body)
            }
            // The two sides of the matrix's diagonal: another assessment each time, and the same place in the plan.
            Job::Assess => {
                let (likelihood, consequence) = if turn.is_multiple_of(2) { (4, 3) } else { (3, 4) };
                let body =
                    format!(r#"{{"likelihood":{likelihood},"consequence":{consequence},"reason":"Mätning {turn}"}}"#);
                self.wire.post(&format!("/api/v1/risks/{risk}/assessments"), &body)
            }
        };
        let answer = answer.expect("the register answers");
        assert!(matches!(answer.status, 200 | 201), "{}", String::from_utf8_lossy(&answer.body));
        if self.job == Job::Patch {
            self.tags.insert(risk, answer.etag.clone().expect("a risk has a tag"));
        }
        answer
    }
}

// What is measured.

/// A burst of requests.
#[derive(Clone, Copy)]
struct Burst {
    per_second: f64,
    p50: f64,
    p99: f64,
    /// Microseconds of processor a request, of the server and of the database's own processes.
    server: f64,
    database: f64,
}

impl Burst {
    fn cost(&self) -> f64 {
        self.server + self.database
    }
}

/// The processor time of a process and of those it has waited for, in microseconds.
fn spent(pid: u32) -> f64 {
    // The kernel counts in hundredths of a second, whatever it ticks at.
    const TICK: f64 = 10_000.0;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(')').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    let fields: Vec<f64> = after.split_whitespace().skip(11).take(4).filter_map(|f| f.parse().ok()).collect();
    fields.iter().sum::<f64>() * TICK
}

/// A process and all below it.
fn spent_below(pid: u32) -> f64 {
    let mut parents: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(child) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            parents.entry(parent).or_default().push(child);
        }
    }
    let mut sum = 0.0;
    let mut waiting = vec![pid];
    while let Some(one) = waiting.pop() {
        sum += spent(one);
        waiting.extend(parents.remove(&one).unwrap_or_default());
    }
    sum
}

/// Asks as fast as the answers come, from several callers, for a while.
fn burst<C>(server: u32, database: Option<u32>, callers: Vec<C>, ask: impl Fn(&mut C) + Sync) -> Burst
where
    C: Send,
{
    let length = Duration::from_secs(number("SECONDS_EACH", 3));
    let start = Barrier::new(callers.len() + 1);
    let done = AtomicU64::new(0);
    let (mut latencies, began, before) = std::thread::scope(|scope| {
        let threads: Vec<_> = callers
            .into_iter()
            .map(|mut caller| {
                let (start, done, ask) = (&start, &done, &ask);
                scope.spawn(move || {
                    // Connections, caches and statements are made before the clock starts.
                    for _ in 0..20 {
                        ask(&mut caller);
                    }
                    let mut latencies = Vec::with_capacity(100_000);
                    start.wait();
                    let end = Instant::now() + length;
                    loop {
                        let asked = Instant::now();
                        if asked >= end {
                            return latencies;
                        }
                        ask(&mut caller);
                        latencies.push(asked.elapsed().as_secs_f64() * 1e6);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        // While all wait for this thread.
        let before = (spent(server), database.map_or(0.0, spent_below));
        let began = Instant::now();
        start.wait();
        let all: Vec<f64> = threads.into_iter().flat_map(|t| t.join().expect("a caller")).collect();
        (all, began, before)
    });
    let seconds = began.elapsed().as_secs_f64();
    let after = (spent(server), database.map_or(0.0, spent_below));
    latencies.sort_by(f64::total_cmp);
    let count = done.load(Ordering::Relaxed).max(1) as f64;
    let at = |part: f64| latencies.get(((latencies.len() as f64 * part) as usize).min(latencies.len() - 1));
    Burst {
        per_second: count / seconds,
        p50: at(0.5).copied().unwrap_or_default(),
        p99: at(0.99).copied().unwrap_or_default(),
        server: (after.0 - before.0) / count,
        database: (after.1 - before.1) / count,
    }
}

/// The burst in the middle, by what a request cost: the machine has other things to do now and then.
fn middle(mut bursts: Vec<Burst>) -> Burst {
    bursts.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
    bursts[bursts.len() / 2]
}

// The floors.

/// A handler that only sends the bytes of a file.
fn bare(file: &Path) {
    let bytes = actix_web::web::Bytes::from(std::fs::read(file).expect("the bytes to send"));
    actix_web::rt::System::new().block_on(async move {
        let server = actix_web::HttpServer::new(move || {
            let bytes = bytes.clone();
            actix_web::App::new().default_service(actix_web::web::to(move || {
                let bytes = bytes.clone();
                async move { actix_web::HttpResponse::Ok().content_type("application/json").body(bytes) }
            }))
        })
        .workers(std::thread::available_parallelism().map_or(2, |n| n.get()))
        .bind("127.0.0.1:0")
        .expect("a free port");
        println!("Listens on http://{}", server.addrs()[0]);
        server.run().await.expect("it serves");
    });
}

fn bare_http(directory: &Path, bytes: &[u8]) -> Burst {
    let file = directory.join("answer.json");
    std::fs::write(&file, bytes).expect("the bytes can be kept");
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg("bare").arg(&file);
    let server = Server::run(command);
    let callers = (0..CALLERS).map(|_| Wire::connect(&server.address, "nobody").expect("it listens")).collect();
    burst(server.child.id(), None, callers, |wire: &mut Wire| {
        wire.get("/").expect("it answers");
    })
}

/// The one statement that a request cannot do without, on a connection made as the register makes it, with its JSON.
macro_rules! one_statement {
    ($c:expr, $job:expr, $plan:expr, $risk:expr, $turn:expr) => {
        match $job {
            Job::Page => {
                let found: Vec<Risk> = risks::table
                    .filter(risks::plan_id.eq($plan))
                    .order((risks::number.is_null().asc(), risks::number.asc(), risks::id.asc()))
                    .limit(50)
                    .select(Risk::as_select())
                    .load($c)
                    .expect("the page can be read");
                serde_json::to_vec(&found).expect("it is JSON").len()
            }
            Job::One => {
                let found: Risk =
                    risks::table.find($risk).select(Risk::as_select()).first($c).expect("the risk can be read");
                serde_json::to_vec(&found).expect("it is JSON").len()
            }
            Job::Patch | Job::Assess => diesel::update(risks::table.find($risk))
                .set(risks::name.eq(format!("Risken efter ändring {}", $turn)))
                .execute($c)
                .expect("the risk can be written"),
        }
    };
}

/// In a loop in this process: what a request costs here and in the database's processes, and how many a second.
fn bare_sql(target: &Target, job: Job, database: Option<u32>) -> Burst {
    let ids: Vec<(Id, Vec<Id>)> = target
        .plans
        .iter()
        .map(|p| (p.id.parse().expect("an id"), p.risks.iter().map(|r| r.parse().expect("an id")).collect()))
        .collect();
    let connection = target.database.connect().expect("the database can be reached");
    burst(std::process::id(), database, vec![(connection, 0_usize)], |(c, turn): &mut (AnyConnection, usize)| {
        *turn += 1;
        let (plan, risks_of_plan) = &ids[(*turn * 389) % ids.len()];
        let risk = risks_of_plan[(*turn * 7) % RISKS];
        let length = match c {
            AnyConnection::Sqlite(c) => one_statement!(c, job, *plan, risk, turn),
            AnyConnection::Postgres(c) => one_statement!(c, job, *plan, risk, turn),
        };
        assert!(length > 0);
    })
}

/// How often a second the disk says that 8 KB more are safe.
fn disk(directory: &Path) -> f64 {
    let mut file = std::fs::File::create(directory.join("probe")).expect("a file on the disk");
    let block = [7_u8; 8192];
    let began = Instant::now();
    let mut count = 0.0;
    while began.elapsed() < Duration::from_secs(number("SECONDS_EACH", 3)) {
        file.write_all(&block).expect("the disk has room");
        file.sync_data().expect("the disk answers");
        count += 1.0;
    }
    count / began.elapsed().as_secs_f64()
}

// All of it.

/// Measures one database and prints its table. False when the page costs too much.
fn measure(name: &str) -> bool {
    let keys = Keys::new(SECRET.as_bytes(), None).expect("keys");
    let directory = Directory::new();
    let mut cluster = (name == "postgres").then(Cluster::start);
    let small = match &mut cluster {
        Some(cluster) => cluster.copy_of("template1"),
        None => Address::Sqlite(directory.0.join("small.db").to_str().expect("a path in UTF-8").into()),
    };
    let seed = fill(&small, &keys);
    let large = match (&mut cluster, &small) {
        (Some(cluster), Address::Postgres(url)) => cluster.copy_of(url),
        _ => {
            let file = directory.0.join("large.db").to_str().expect("a path in UTF-8").to_owned();
            let mut c = small.connect().expect("the file can be opened");
            c.batch_execute(&format!("VACUUM INTO '{file}'")).expect("the file can be copied");
            Address::Sqlite(file)
        }
    };
    let began = Instant::now();
    multiply(&large, &seed);
    let filled = began.elapsed().as_secs_f64();
    let targets = [(small, 1), (large, BODIES)].map(|(database, bodies)| Target {
        risks_in_all: bodies * RISKS,
        server: Server::register(&database),
        plans: (0..bodies).map(|copy| seed.plan(&keys, copy)).collect(),
        database,
    });
    let below = cluster.as_ref().map(|c| c.script.id());

    println!("### {name}\n");
    println!(
        "100,000 risks were filled in within {filled:.0} s. The disk: {:.0} fdatasync a second.\n",
        disk(&directory.0)
    );
    println!(
        "| what | risks | a second | p50 ms | p99 ms | CPU µs: server | database | floor: HTTP | SQL | cost ÷ floors | rate ÷ floor |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut page_costs = Vec::new();
    for job in Job::ALL {
        let mut bursts: [Vec<Burst>; 2] = Default::default();
        // In turn, so that what else the machine does meets both alike.
        for _ in 0..number("ROUNDS", 3) {
            for (target, bursts) in targets.iter().zip(&mut bursts) {
                let callers = (0..CALLERS).map(|n| Caller::new(target, job, n)).collect();
                bursts.push(burst(target.server.child.id(), below, callers, |caller: &mut Caller| {
                    caller.ask();
                }));
            }
        }
        for (target, bursts) in targets.iter().zip(bursts) {
            let told = middle(bursts);
            let bytes = Caller::new(target, job, 0).ask().body;
            let (http, sql) = (bare_http(&directory.0, &bytes), bare_sql(target, job, below));
            // A read is held against the handler that only sends; a write against the disk that only writes.
            let floor_rate = if job.writes() { disk(&directory.0) } else { http.per_second };
            println!(
                "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {:.2} |",
                job.name(),
                target.risks_in_all,
                told.per_second,
                told.p50 / 1e3,
                told.p99 / 1e3,
                told.server,
                told.database,
                http.cost(),
                sql.cost(),
                told.cost() / (http.cost() + sql.cost()),
                told.per_second / floor_rate,
            );
            if job == Job::Page {
                page_costs.push(told.cost());
            }
        }
    }
    let ratio = page_costs[1] / page_costs[0];
    let held = ratio <= AT_MOST;
    let word = if held { "held" } else { "BROKEN" };
    println!("\nThe page among 100,000 risks costs {ratio:.2} times the page among 100; at most {AT_MOST}: {word}.\n");
    held
}
