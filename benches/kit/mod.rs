//! What the benchmarks have in common: a directory and a PostgreSQL of their own, the real binary serving them, the
//! registers that are measured, and how what a request costs is measured. This module must not know what is asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use riskregister::app::people::guesses::Asking;
use riskregister::app::people::sessions;
use riskregister::app::people::setup;
use riskregister::auth::{self, Browser, Keys};
use riskregister::domain::words::OrganisationKind;
use riskregister::storage::history::Origin;
use riskregister::storage::{Address, AnyConnection, Db, Id};
use riskregister::web::SESSION;
use serde_json::json;

#[path = "../../tests/all/kit/wire.rs"]
pub mod wire;
use wire::Wire;

pub const SECRET: &str = "a secret of the benchmark, and of nobody else";
/// In each plan.
pub const RISKS: usize = 100;

pub fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What the numbers are of.
pub fn machine() -> String {
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

/// A directory on a disk, and not in memory as /tmp may be; removed with its owner.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new() -> Self {
        let place = std::env::var_os("TMPDIR").map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
        let path = place.join(format!("riskregister-bench-{}", Id::new()));
        std::fs::create_dir(&path).expect("a directory for the databases");
        Self(path)
    }

    /// A file of SQLite in it.
    pub fn address(&self, name: &str) -> Address {
        Address::Sqlite(self.0.join(name).to_str().expect("a path in UTF-8").to_owned())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The PostgreSQL of `scripts/throwaway-postgres`, which ends when its standard input does.
pub struct Cluster {
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub script: Child,
}

impl Cluster {
    pub fn start() -> Self {
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/throwaway-postgres"))
            .env("DURABLE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/throwaway-postgres can be run");
        let answers = BufReader::new(script.stdout.take().expect("stdout is piped"));
        Self { requests: script.stdin.take(), answers, script }
    }

    pub fn copy_of(&mut self, template: &str) -> Address {
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
pub struct Server {
    pub address: String,
    pub child: Child,
}

impl Server {
    pub fn run(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it can be run");
        let mut line = String::new();
        let out = child.stdout.take().expect("stdout is piped");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().rsplit(' ').next().filter(|a| a.starts_with("http://")).map(str::to_owned);
        Self { address: address.expect("it starts"), child }
    }

    pub fn register(database: &Address) -> Self {
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

/// Somebody who asks: programs by the token, browsers by the cookie.
#[derive(Clone)]
pub struct Asker {
    pub token: String,
    /// As the header has it.
    pub cookie: String,
}

impl Asker {
    fn of(keys: &Keys, user: Id, session: Id) -> Self {
        let page = Browser { user, session, csrf: auth::random_text(18) };
        Self {
            token: keys.access(user, session, 24 * 3600).expect("a token"),
            cookie: format!("{SESSION}={}", keys.page(&page).expect("a cookie")),
        }
    }
}

/// A plan, with its controller.
pub struct Plan {
    pub id: String,
    pub body: String,
    pub controller: Asker,
    pub risks: Vec<String>,
}

/// What the first register holds; the other is made of copies of it.
pub struct Seed {
    pub root: String,
    pub body: String,
    pub plan: String,
    pub risks: Vec<String>,
    /// The user and the session.
    admin: (Id, Id),
    pub controller: (Id, Id),
}

impl Seed {
    /// Who administers the region.
    pub fn admin(&self, keys: &Keys) -> Asker {
        Asker::of(keys, self.admin.0, self.admin.1)
    }

    /// The plan of the copy with this number; 0 is the original.
    pub fn plan(&self, keys: &Keys, copy: usize) -> Plan {
        let id = |of: &str| if copy == 0 { of.to_owned() } else { copied(of, copy) };
        let as_id = |of: Id| id(&of.to_string()).parse().expect("an id");
        let (user, session) = self.controller;
        Plan {
            id: id(&self.plan),
            body: id(&self.body),
            controller: Asker::of(keys, as_id(user), as_id(session)),
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
pub fn fill(database: &Address, keys: &Keys, year: i32) -> Seed {
    let db = Db::new(database.clone(), 2);
    db.migrate().expect("an empty database can be migrated");
    let password_hash = &auth::hash_password("en lösenordsfras för mätning").expect("a hash");
    let (root, admin) = db
        .write(&Origin::operator(), |w| {
            let administrator =
                setup::NewUser { email: "admin@example.org", name: "Ada Admin", password_hash, one_time: false };
            let new = setup::NewRegister {
                name: "Region Exempel",
                kind: OrganisationKind::Region,
                auditors: None,
                demo: false,
                administrator,
            };
            let root = setup::initialise(w, &new)?;
            Ok((root, w.user_by_email("admin@example.org")?.expect("just made").id))
        })
        .expect("an empty database can become a register");
    let signed_in = |user: Id| {
        let session = Id::new();
        db.write(&Origin::operator(), |w| {
            sessions::start(w, user, session, "password", auth::SESSION_SECONDS, &Asking::default())
        })
        .expect("a session can be started");
        session
    };
    let server = Server::register(database);
    let admin = (admin, signed_in(admin));
    let token = Asker::of(keys, admin.0, admin.1).token;
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
    let holder = (holder, signed_in(holder));
    let token = Asker::of(keys, holder.0, holder.1).token;
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
    Seed { root: root.to_string(), body, plan, risks, admin, controller: holder }
}

/// The columns that hold the id of something that is copied.
const IDS: [&str; 15] = [
    "id",
    "organisation_id",
    "body_id",
    "plan_id",
    "identity_id",
    "risk_id",
    "log_id",
    "user_id",
    "owner_id",
    "assessed_by_id",
    "responsible_id",
    "control_id",
    "action_id",
    "reported_by_id",
    "from_control_id",
];

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

/// Copies the body with its plan until there are so many, straight in the tables. The copies have no history: their logs
/// are empty, and only what is written while measuring gets into them.
pub fn multiply(database: &Address, seed: &Seed, bodies: usize) {
    let mut c = database.connect().expect("the database can be reached");
    let sqlite = matches!(c, AnyConnection::Sqlite(_));
    let (body, plan, user) = (&seed.body, &seed.plan, seed.controller.0);
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
        ("controls", of_plan.clone()),
        ("actions", of_plan.clone()),
        ("plan_sections", of_plan.clone()),
        ("revisions", of_plan.clone()),
        ("control_reports", of_plan.clone()),
        ("action_reports", of_plan),
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
        // One of them is called `references`.
        let named: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
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
                ("heads", "size" | "checkpoints") => "0".into(),
                ("heads", "frontier") if sqlite => "x''".into(),
                ("heads", "frontier") => "''::bytea".into(),
                ("users", "email") => "k.n || '.' || s.email".into(),
                (_, id) if IDS.contains(&id) && sqlite => text(id),
                (_, id) if IDS.contains(&id) => format!("({})::uuid", text(id)),
                (_, other) => format!("s.\"{other}\""),
            })
            .collect();
        let copies = bodies - 1;
        let statement = format!(
            "INSERT INTO {table} ({}) SELECT {} FROM \
             (WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {copies}) SELECT n FROM c) k \
             CROSS JOIN {table} s WHERE {which} ORDER BY k.n",
            named.join(", "),
            values.join(", "),
        );
        diesel::sql_query(statement).execute(&mut c).unwrap_or_else(|e| panic!("{table} cannot be copied: {e}"));
    }
    c.batch_execute("COMMIT").expect("the copies can be kept");
    // Both as they would find themselves after a night: PostgreSQL by its autovacuum, SQLite's log written back.
    let tidy = if sqlite { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "VACUUM ANALYZE" };
    c.batch_execute(tidy).expect("the database can be tidied");
}

// What is measured.

/// A burst of requests.
#[derive(Clone, Copy)]
pub struct Burst {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// Microseconds of processor a request, of the server and of the database's own processes.
    pub server: f64,
    pub database: f64,
}

impl Burst {
    pub fn cost(&self) -> f64 {
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
pub fn burst<C>(server: u32, database: Option<u32>, callers: Vec<C>, ask: impl Fn(&mut C) + Sync) -> Burst
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
        // When all have done so, and while they wait for this thread.
        start.wait();
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
pub fn middle(mut bursts: Vec<Burst>) -> Burst {
    bursts.sort_by(|a, b| a.cost().total_cmp(&b.cost()));
    bursts[bursts.len() / 2]
}
