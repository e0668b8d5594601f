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
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use chrono::Datelike;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use riskregister::auth::Keys;
use riskregister::storage::records::Risk;
use riskregister::storage::schema::risks;
use riskregister::storage::{Address, AnyConnection, Id, Timestamp};

#[allow(dead_code, reason = "each user takes what it needs")]
mod kit;
use kit::wire::{Reply, Wire};
use kit::{Burst, Cluster, Directory, Plan, RISKS, SECRET, Server, burst, fill, machine, middle, multiply, number};

const BODIES: usize = 1_000;
/// What a page among 100,000 risks may cost, times what it costs among 100.
const AT_MOST: f64 = 1.3;
/// Requests under way at once: enough to keep two cores busy, few enough that a latency is not a queue's.
const CALLERS: usize = 4;

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

// The two registers.

/// A register to measure: its plans, each with its controller and its risks.
struct Target {
    risks_in_all: usize,
    database: Address,
    server: Server,
    plans: Vec<Plan>,
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
                caller.wire.authorize(&plan.controller.token);
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
        self.wire.authorize(&plan.controller.token);
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
        None => directory.address("small.db"),
    };
    let seed = fill(&small, &keys, Timestamp::now().stockholm_date().year());
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
    multiply(&large, &seed, BODIES);
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
