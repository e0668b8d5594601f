//! What is around the register falls while people write: PostgreSQL, the way to it, the server whose standby takes over,
//! one of several instances. Whoever repeats with a key has everything once, as it was answered; nothing is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use riskregister::storage::Address;
use serde_json::json;

use crate::crash::{command, serve};
use crate::kit::cluster::{Cluster, new_database};
use crate::kit::depth::deep;
use crate::kit::edits::{cell, cells};
use crate::kit::load::{Load, is_whole, is_whole_at_last};
use crate::kit::smtp::MailServer;
use crate::kit::{Client, Databases, Directory, Serving, Start, Wire, World, binary, postgres};
use crate::webhooks::{Heard, Receiver};

const WRITERS: usize = 4;

/// The register of a world goes to another database, where only those are who are told of it.
fn moved(world: &World, directory: &Directory, to: &str) -> Address {
    let Address::Sqlite(from) = &world.config.database else { panic!("it is in a file") };
    let mut moving = binary(&directory.0, &["move", "--from", &format!("sqlite://{from}"), "--to", to]);
    moving
        .env("RISKREGISTER_SIGNING_KEY", world.config.signer.key.text())
        .env("RISKREGISTER_SECRET", std::str::from_utf8(&world.config.secret).expect("a secret in UTF-8"));
    let output = moving.output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Address::parse(to).expect("an address")
}

/// A moment in the next writes, not only right after an answer.
fn a_moment() {
    let moment = Instant::now() + Duration::from_micros(rand::random_range(0..4_000));
    while Instant::now() < moment {
        std::hint::spin_loop();
    }
}

#[test]
fn what_was_acknowledged_is_there_when_postgres_was_killed() {
    let mut cluster = Cluster::new();
    let world = World::on(Databases::Sqlite);
    let load = Load::on(&world, WRITERS);
    let directory = Directory::new();
    let database = moved(&world, &directory, &new_database(&cluster.order("start a")));
    let server = serve(&database, &directory, &world);
    load.goes_to(&server.address);
    let rounds = deep(3, 200);
    load.run(|| {
        for round in 0..rounds {
            load.more(rand::random_range(1..=30));
            a_moment();
            cluster.order(if round % 2 == 0 { "kill a" } else { "immediate a" });
            cluster.order("start a");
            // The service goes on by itself.
            load.more(1);
            is_whole(&load, &database, &format!("round {round}"));
        }
    });
    is_whole_at_last(&load, &database);
    println!("{rounds} times killed");
}

/// What tells whether the test above can fail: a PostgreSQL that does not wait for its log.
#[test]
fn a_postgres_that_does_not_wait_loses_what_was_acknowledged() {
    let mut cluster = Cluster::new();
    let world = World::on(Databases::Sqlite);
    let load = Load::on(&world, WRITERS);
    let directory = Directory::new();
    // It writes its log by itself after ten seconds.
    let url = cluster.order("start a synchronous_commit=off wal_writer_delay=10s wal_writer_flush_after=1GB");
    let database = moved(&world, &directory, &new_database(&url));
    let server = serve(&database, &directory, &world);
    load.goes_to(&server.address);
    let rounds = 20;
    let lost = load.run(|| {
        let lost = (0..rounds).find_map(|round| {
            load.more(rand::random_range(10..=30));
            cluster.order("kill a");
            cluster.order("start a");
            let mut c = database.connect().expect("it is there again");
            Some((round, load.wrong(&mut c))).filter(|(_, wrong)| !wrong.is_empty())
        });
        load.abandon();
        lost
    });
    let (round, lost) = lost.unwrap_or_else(|| panic!("{rounds} times killed, and nothing was lost"));
    println!("round {round} lost {} of what was acknowledged: {:?}", lost.len(), lost.first());
}

/// Where a connection was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    /// Whatever was under way.
    AnyMoment,
    BeforeCommit,
    /// Some bytes of it went on.
    WithinCommit,
    /// It went on, and its answer did not come back.
    AfterCommit,
}

/// A way to PostgreSQL that is cut now and then.
struct Way {
    address: SocketAddr,
    open: Mutex<Vec<TcpStream>>,
    cuts: Mutex<BTreeMap<Cut, usize>>,
    /// It is cut at one commit of so many; at none for 0.
    one_of: AtomicUsize,
    stopped: AtomicBool,
}

fn lock<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Way {
    fn to(server: SocketAddr) -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let way = Arc::new(Self {
            address: listener.local_addr().expect("an address"),
            open: Mutex::default(),
            cuts: Mutex::default(),
            one_of: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let shared = way.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if shared.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(client) = client else { continue };
                let Ok(there) = TcpStream::connect(server) else { continue };
                let _ = (client.set_nodelay(true), there.set_nodelay(true));
                let copies = || Some((client.try_clone().ok()?, there.try_clone().ok()?));
                let (Some(one), Some(other)) = (copies(), copies()) else { continue };
                lock(&shared.open).push(client);
                let way = shared.clone();
                std::thread::spawn(move || way.carry(one.0, one.1));
                std::thread::spawn(move || back(other.1, other.0));
            }
        });
        way
    }

    /// From the client to the server.
    fn carry(&self, mut client: TcpStream, mut server: TcpStream) {
        let mut chunk = [0_u8; 16 * 1024];
        while let Ok(n @ 1..) = client.read(&mut chunk) {
            let bytes = &chunk[..n];
            let one_of = self.one_of.load(Ordering::SeqCst);
            let commits = bytes.windows(7).any(|seven| seven == b"COMMIT\0");
            if one_of > 0 && commits && rand::random_range(0..one_of) == 0 {
                let (cut, passed) = match rand::random_range(0..4) {
                    0 => (Cut::BeforeCommit, 0),
                    1 => (Cut::WithinCommit, rand::random_range(1..n.max(2))),
                    _ => (Cut::AfterCommit, n),
                };
                if cut == Cut::AfterCommit {
                    // So that not a byte of the answer comes through.
                    let _ = client.shutdown(Shutdown::Both);
                }
                let _ = server.write_all(&bytes[..passed]);
                *lock(&self.cuts).entry(cut).or_default() += 1;
                break;
            }
            if server.write_all(bytes).is_err() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Write);
    }

    fn cut_all(&self) {
        for client in lock(&self.open).drain(..) {
            let _ = client.shutdown(Shutdown::Both);
            *lock(&self.cuts).entry(Cut::AnyMoment).or_default() += 1;
        }
    }

    fn count(&self) -> usize {
        lock(&self.cuts).values().sum()
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// From the server to the client.
fn back(mut server: TcpStream, mut client: TcpStream) {
    let mut chunk = [0_u8; 16 * 1024];
    while let Ok(n @ 1..) = server.read(&mut chunk) {
        if client.write_all(&chunk[..n]).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

#[test]
fn a_commit_that_is_cut_off_is_told_as_it_was() {
    let world = World::on(Databases::Sqlite);
    let load = Load::on(&world, WRITERS);
    let directory = Directory::new();
    let straight = postgres::fresh_database();
    let database = moved(&world, &directory, &straight);
    let place = straight.split('@').nth(1).and_then(|rest| rest.split('/').next()).expect("a host and a port");
    let way = Way::to(place.parse().expect("an address"));
    let through = straight.replace(place, &way.address.to_string());
    let server = serve(&Address::Postgres(through), &directory, &world);
    load.goes_to(&server.address);
    let wanted = deep(20, 500);
    load.run(|| {
        way.one_of.store(6, Ordering::SeqCst);
        while way.count() < wanted {
            load.more(rand::random_range(1..=20));
            a_moment();
            // Its connections are few beside the commits of all four.
            if rand::random_ratio(1, 4) {
                way.cut_all();
            }
            is_whole(&load, &database, &format!("after {} cuts", way.count()));
        }
        way.one_of.store(0, Ordering::SeqCst);
    });
    is_whole_at_last(&load, &database);
    println!("{:?}", lock(&way.cuts));
    assert!(lock(&way.cuts).contains_key(&Cut::AfterCommit), "no commit was in doubt");
}

/// libpq takes several hosts in one address.
#[test]
fn an_address_with_a_standby_is_told_without_its_password() {
    for (url, told) in [
        ("postgres://u:hunter2@db1:5432,db2/register", "postgres://u@db1:5432,db2/register"),
        ("postgres://u:hun%40ter,2@db1,db2:5433/r?connect_timeout=2", "postgres://u@db1,db2:5433/r?connect_timeout=2"),
        ("postgres://u@db1,db2/r?password=hunter2&application_name=r", "postgres://u@db1,db2/r?application_name=r"),
        ("postgres://u:hun/ter,2@db1,db2/r", "postgres://…"),
    ] {
        assert_eq!(Address::parse(url).expect("an address").without_password(), told, "{url}");
    }
}

#[test]
fn a_standby_takes_over_with_all_that_was_acknowledged() {
    let mut cluster = Cluster::new();
    let world = World::on(Databases::Sqlite);
    let load = Load::on(&world, WRITERS);
    let directory = Directory::new();
    let first = new_database(&cluster.order("start a"));
    moved(&world, &directory, &first);
    let second = cluster.order("standby b a");
    // Both of them in one address, whichever takes writes just now.
    let place = second.split('@').nth(1).and_then(|rest| rest.split('/').next()).expect("a host and a port");
    let both =
        first.replace("/register", &format!(",{place}/register?target_session_attrs=read-write&connect_timeout=2"));
    let database = Address::parse(&both).expect("libpq takes several");
    let server = serve(&database, &directory, &world);
    load.goes_to(&server.address);
    let rounds = deep(2, 50);
    let mut longest = Duration::ZERO;
    load.run(|| {
        let (mut primary, mut standby) = ("a", "b");
        for round in 0..rounds {
            load.more(rand::random_range(5..=40));
            a_moment();
            let began = Instant::now();
            cluster.order(&format!("{} {primary}", if round % 2 == 0 { "kill" } else { "immediate" }));
            cluster.order(&format!("promote {standby}"));
            load.more(1);
            longest = longest.max(began.elapsed());
            is_whole(&load, &database, &format!("round {round}"));
            // What had fallen comes back as the standby of the other, while people write.
            (primary, standby) = (standby, primary);
            cluster.order(&format!("standby {standby} {primary}"));
        }
    });
    is_whole_at_last(&load, &database);
    println!("{rounds} times promoted; at the longest {} ms without a write", longest.as_millis());
}

/// nginx, as Debian has it, in front of these instances. It is stopped when this is dropped.
struct Proxy {
    child: Child,
    address: String,
}

impl Proxy {
    /// What `deploy/proxy/nginx.conf` says of passing on, without TLS and on a port that is free.
    fn before(instances: &[String], directory: &Directory) -> Self {
        let told = include_str!("../../deploy/proxy/nginx.conf");
        let (_, location) = told.split_once("    location / {\n").expect("how requests are passed on");
        let (location, _) = location.split_once("\n    }\n").expect("its end");
        let address = free("127.0.0.1");
        let servers: String =
            instances.iter().map(|at| format!("server {at} max_fails=2 fail_timeout=1s;\n")).collect();
        let here = directory.0.display();
        let places: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {here}/nginx-{kind};\n"))
            .concat();
        let settings = format!(
            "daemon off;\nmaster_process off;\npid {here}/nginx.pid;\nerror_log {here}/nginx.log;\n\
             events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{places}\
             upstream riskregister {{\n{servers}keepalive 32;\nkeepalive_timeout 60s;\n}}\n\
             server {{\nlisten {address};\nlocation / {{\n{location}\n}}\n}}\n}}\n"
        );
        let file = directory.0.join("nginx.conf");
        std::fs::write(&file, settings).expect("its settings");
        // Where Debian puts it, which is not in everybody's PATH.
        let there = "/usr/sbin/nginx";
        let child = Command::new(if Path::new(there).exists() { there } else { "nginx" })
            .arg("-e")
            .arg(directory.0.join("nginx.log"))
            .arg("-p")
            .arg(&directory.0)
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed, as by: apt-get install nginx");
        let began = Instant::now();
        while TcpStream::connect(&address).is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "nginx does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { child, address: format!("http://{address}") }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A free port of an address.
fn free(host: &str) -> String {
    TcpListener::bind((host, 0)).and_then(|listener| listener.local_addr()).expect("a free port").to_string()
}

/// Invites somebody until that is answered.
fn invited(wire: &mut Option<Wire>, (address, token): (&str, &str), board: &str, number: usize) {
    let email = format!("new.{number}@example.org");
    let form =
        json!({"organisationId": board, "name": format!("Ny {number}"), "email": email, "invite": true}).to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", email.as_str())];
    let began = Instant::now();
    loop {
        if wire.is_none() {
            *wire = Wire::connect(address, token).ok();
        }
        match wire.as_mut().map(|wire| wire.send("POST", "/api/v1/users", &headers, &form)) {
            Some(Ok(answer)) if answer.status == 201 => return,
            Some(Ok(answer)) => {
                let said = String::from_utf8_lossy(&answer.body);
                assert!(matches!(answer.status, 409 | 502 | 503 | 504), "{email}: {} {said}", answer.status);
            }
            _ => *wire = None,
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{email} is not answered");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A log and a position, from `LOG N`.
fn placed(text: &str) -> (String, i64) {
    let (log, n) = text.split_once(' ').expect("two words");
    (log.to_owned(), n.parse().expect("a number"))
}

/// A service that falls between the receiver's yes and its own note sends the same again, under the same id: that is as
/// often as services have fallen, at the most.
#[test]
fn of_three_instances_one_falls_every_few_seconds() {
    let world = World::on(Databases::Sqlite);
    let load = Load::on(&world, WRITERS);
    let directory = Directory::new();
    let (admin, token) = (world.lasting_token(&world.admin_id), world.lasting_token(&world.controller.id));
    let database = moved(&world, &directory, &postgres::fresh_database());
    let mail = MailServer::start();
    let receiver = Receiver::new();
    // Addresses that nobody else of this machine takes while one of them is down.
    let block = std::process::id() % 250;
    let places: Vec<String> = (1..=3).map(|i| free(&format!("127.9.{block}.{i}"))).collect();
    let instance = |i: usize| -> Serving {
        let mut command = command(&database, &directory, &world);
        command
            .env("LISTEN", &places[i])
            .env("RISKREGISTER_TRUSTED_PROXIES", "127.0.0.1")
            .env("RISKREGISTER_PUBLIC_URL", "https://risk.example.org")
            .env("RISKREGISTER_WEBHOOK_HOSTS", "127.0.0.1")
            .env("SMTP_URL", format!("smtp://{}", mail.address))
            .env("MAIL_FROM", "Riskregistret <risk@example.org>");
        Serving::start(command)
    };
    let mut instances: Vec<Serving> = (0..3).map(instance).collect();
    let proxy = Proxy::before(&places, &directory);
    load.goes_to(&proxy.address);
    let admin = Client::new(&proxy.address, Some(&admin));
    let form = json!({"organisationId": world.root, "name": "M", "url": receiver.url(), "kinds": ["risk.created"]});
    admin.post("/webhooks", form).expect(201);
    let (ended, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let until = Instant::now() + Duration::from_secs(deep(8, 600));
    let mut fallen = 0;
    load.run(|| {
        std::thread::scope(|scope| {
            let inviting = scope.spawn(|| {
                let mut wire = None;
                while !ended.load(Ordering::SeqCst) {
                    let number = asked.fetch_add(1, Ordering::SeqCst);
                    invited(&mut wire, (&proxy.address, &token), &world.board, number);
                    std::thread::sleep(Duration::from_millis(100));
                }
            });
            while Instant::now() < until && !inviting.is_finished() {
                load.more(rand::random_range(1..=40));
                a_moment();
                let i = rand::random_range(0..3);
                // First the one that was there, or it would have the address still.
                let there = &mut instances[i];
                there.kill();
                *there = instance(i);
                fallen += 1;
            }
            ended.store(true, Ordering::SeqCst);
        });
    });
    is_whole_at_last(&load, &database);

    let mut c = database.connect().expect("the database can be reached");
    let made = cells(
        &mut c,
        &format!(
            "SELECT e.log_id || ' ' || e.n AS text FROM events e WHERE e.kind = 'risk.created' AND e.entity_id IN \
             (SELECT id FROM risks WHERE plan_id = '{}' AND name LIKE 'load %') AND e.entity_id NOT IN ('{}')",
            load.plan,
            load.risks.join("', '")
        ),
    );
    let made: BTreeSet<String> = made.into_iter().flatten().collect();
    let invited: BTreeSet<String> =
        (0..asked.load(Ordering::SeqCst)).map(|number| format!("new.{number}@example.org")).collect();
    // What the fallen had in hand is theirs for some minutes, which nobody waits for by day; those that live give it back.
    if deep(true, false) {
        for there in std::mem::take(&mut instances) {
            assert!(there.stop(), "it ends in peace");
        }
        for table in ["mails", "webhook_states"] {
            let passed = format!("UPDATE {table} SET leased_until = '2026-01-01T00:00:00Z' WHERE lease IS NOT NULL");
            c.batch_execute(&passed).expect("time passes");
        }
        instances.push(instance(0));
    }
    // Until the service itself knows that all of it was sent: then nothing comes again.
    let began = Instant::now();
    loop {
        let cursors = "SELECT log_id || ' ' || position AS text FROM webhook_cursors";
        let passed: BTreeMap<String, i64> = cells(&mut c, cursors).iter().flatten().map(|it| placed(it)).collect();
        let waiting =
            made.iter().map(|it| placed(it)).filter(|(log, n)| passed.get(log).is_none_or(|at| at <= n)).count();
        let unsent = "SELECT count(*)::text AS text FROM mails WHERE kind = 'invitation' AND status <> 'sent'";
        let unsent = cell(&mut c, unsent);
        if waiting == 0 && unsent == "0" {
            break;
        }
        let (all, patience) = (made.len(), Duration::from_secs(600));
        assert!(began.elapsed() < patience, "{waiting} of {all} events are not told, {unsent} letters not sent");
        std::thread::sleep(Duration::from_millis(100));
    }
    let heard: Vec<Heard> = receiver.heard.try_iter().collect();
    let ids: Vec<String> = heard.iter().map(|h| h.header("webhook-id").to_owned()).collect();
    let told: BTreeSet<String> = heard.iter().map(|h| format!("{} {}", h.at().0, h.at().1)).collect();
    let missing: Vec<&String> = made.difference(&told).collect();
    assert!(missing.is_empty(), "events that nobody was told of: {missing:?}");
    let distinct = ids.iter().collect::<BTreeSet<_>>().len();
    assert_eq!(distinct, told.len(), "each event has one id");
    let again = ids.len() - distinct;
    assert!(again <= fallen, "{again} messages came again, and {fallen} services fell");
    let letters: Vec<(String, String)> = mail
        .letters()
        .into_iter()
        .filter(|letter| letter.to.iter().any(|to| invited.contains(to)))
        .map(|letter| (letter.to.join(" "), letter.header("Message-ID")))
        .collect();
    let distinct: BTreeSet<&(String, String)> = letters.iter().collect();
    assert_eq!(distinct.len(), invited.len(), "each has one letter, by its id");
    let twice = letters.len() - distinct.len();
    assert!(twice <= fallen, "{twice} letters came again, and {fallen} services fell");
    println!(
        "{fallen} times an instance was killed; {} letters, {twice} of them again; {} messages, {again} of them again",
        letters.len(),
        heard.len()
    );
    drop(instances);
}
