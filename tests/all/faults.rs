//! What goes wrong around the register: a disk without room, a damaged page, a database that goes away. What was answered,
//! what `/readyz` said, and how it went on.

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use riskregister::storage::carry::Which;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, Db, Timestamp};
use serde_json::json;

use crate::kit::edits::cell;
use crate::kit::{Client, Databases, Directory, Register, Serving, Start, World, binary};

fn ready(address: &str) -> (u16, String) {
    let answer = Client::new(address, None).send_outside("GET", "/readyz", None);
    (answer.status, String::from_utf8(answer.body).expect("text"))
}

#[track_caller]
fn wait_until(what: &str, done: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(120);
    while !done() {
        assert!(Instant::now() < patience, "{what} did not come");
        std::thread::yield_now();
    }
}

/// A copy of a register in a file of its own, for the binary to serve.
struct Copied {
    /// Whose copy it is.
    world: World,
    /// A draft in it.
    plan: String,
    directory: Directory,
    file: PathBuf,
    /// The controller's.
    token: String,
}

impl Copied {
    fn new() -> Self {
        let world = World::on(Databases::Sqlite);
        let plan = world.plan(2024);
        let directory = Directory::new();
        let file = directory.0.join("register.db");
        world.db.write_to_file(&file, Which::All).expect("a copy");
        let token = world.token_at(&Db::new(address(&file), 1), &world.controller.id);
        Self { world, plan, directory, file, token }
    }

    /// For this register.
    fn settled<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let secret = std::str::from_utf8(&self.world.config.secret).expect("a secret in UTF-8");
        command
            .current_dir(&self.directory.0)
            .env("DATABASE_URL", format!("sqlite://{}", self.file.display()))
            .env("RISKREGISTER_SIGNING_KEY", self.world.config.signer.key.text())
            .env("RISKREGISTER_SECRET", secret)
    }

    fn serve(&self, mut command: Command) -> (Serving, Client) {
        self.settled(&mut command);
        let serving = Serving::start(command);
        let client = Client::new(&serving.address, Some(&self.token));
        (serving, client)
    }
}

fn address(file: &Path) -> Address {
    Address::Sqlite(file.to_str().expect("UTF-8").into())
}

/// A soft limit on the size of files stands for a disk that is full: it can be lifted while the service runs.
#[test]
fn a_disk_without_room_is_told_and_the_service_goes_on_when_there_is_some() {
    let copied = Copied::new();
    let plan = &copied.plan;
    let blocks = std::fs::metadata(&copied.file).expect("the file").len() / 1024 + 64;
    let serve = binary(&copied.directory.0, &["serve"]);
    let mut limited = Command::new("bash");
    // Bash counts in 1,024 bytes. Who writes more is told by an error, and not ended.
    let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec {} serve", serve.get_program().display());
    limited.args(["-c", &script]);
    for (name, value) in serve.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let (serving, client) = copied.serve(limited);
    let long = "Så mycket text som behövs för att fylla en disk. ".repeat(40);
    let write = || client.post(&format!("/plans/{plan}/risks"), json!({"name": "Risk", "description": long}));
    let mut kept = 0;
    let refused = loop {
        let answer = write();
        if answer.status != 201 {
            break answer;
        }
        kept += 1;
        assert!(kept < 5_000, "the disk does not fill");
    };
    assert_eq!(refused.status, 503, "{}", String::from_utf8_lossy(&refused.body));
    assert_eq!(refused.header("retry-after"), "60");
    assert_eq!(ready(&serving.address), (503, "the disk of the database is full, or cannot be written\n".into()));
    // What is there can be read.
    let there = client.get(&format!("/risks?planId={plan}&limit=1")).expect(200);
    assert_eq!(there["total"], kept);
    let lifted = Command::new("prlimit").args(["--pid", &serving.id().to_string(), "--fsize=unlimited"]).status();
    assert!(lifted.expect("prlimit runs").success());
    write().expect(201);
    assert_eq!(ready(&serving.address), (200, "ready\n".into()));
    assert_eq!(client.get(&format!("/risks?planId={plan}&limit=1")).expect(200)["total"], kept + 1);
    assert!(serving.stop());
    verify(&address(&copied.file), &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
}

#[test]
fn a_damaged_page_is_found_and_the_rest_is_served_for_reading() {
    let copied = Copied::new();
    let plan = &copied.plan;
    let mut c = address(&copied.file).connect().expect("it opens");
    let page = cell(&mut c, "SELECT CAST(rootpage AS TEXT) AS text FROM sqlite_schema WHERE name = 'calendar_feeds'");
    let size = cell(&mut c, "SELECT CAST(page_size AS TEXT) AS text FROM pragma_page_size");
    c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("all is in the file");
    drop(c);
    let (page, size): (u64, u64) = (page.parse().expect("a number"), size.parse().expect("a number"));
    let mut bytes = std::fs::File::options().write(true).open(&copied.file).expect("the file");
    bytes.seek(SeekFrom::Start((page - 1) * size)).expect("the page");
    bytes.write_all(&[0x5a; 64]).expect("damage");
    drop(bytes);
    let (serving, client) = copied.serve(binary(&copied.directory.0, &["serve"]));
    wait_until("that it is damaged", || ready(&serving.address).1.contains("damaged"));
    client.get(&format!("/plans/{plan}")).expect(200);
    let refused = client.post(&format!("/plans/{plan}/risks"), json!({"name": "Risk"})).expect(503);
    assert_eq!(refused.header("retry-after"), "60");
}

#[test]
fn connections_that_are_lost_are_told_as_such_and_made_again() {
    let world = World::on(Databases::Postgres);
    let plan = world.plan(2024);
    let mut c = world.config.database.connect().expect("it can be reached");
    let mut lost = 0;
    for round in 0..10 {
        c.batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .expect("they are sent away");
        for name in ["först", "sedan"] {
            let name = format!("{name} {round}");
            let patience = Instant::now() + Duration::from_secs(60);
            loop {
                let answer = world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": name}));
                match answer.status {
                    201 => break,
                    503 => lost += 1,
                    other => panic!("{other}: {}", String::from_utf8_lossy(&answer.body)),
                }
                assert!(Instant::now() < patience, "it does not come back");
            }
        }
    }
    assert_eq!(world.controller.get(&format!("/risks?planId={plan}&limit=1")).expect(200)["total"], 20, "none twice");
    println!("{lost} were told to come back");
}

/// A clock that goes wrong, as the system's is for the whole process: `by` is what libfaketime is told.
fn with_clock(mut command: Command, by: &str) -> Command {
    let library = ["x86_64", "aarch64"]
        .map(|machine| format!("/usr/lib/{machine}-linux-gnu/faketime/libfaketimeMT.so.1"))
        .into_iter()
        .find(|file| Path::new(file).exists())
        .expect("libfaketime is installed, as by: apt-get install libfaketime");
    command.env("LD_PRELOAD", library).env("FAKETIME", by).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    command
}

/// One start in 2099 writes nothing into the history; when the clock goes right again, so does the register.
#[test]
fn a_clock_that_jumps_ahead_is_not_believed_until_somebody_says_so() {
    let copied = Copied::new();
    let (file, plan) = (address(&copied.file), &copied.plan);
    let until = || Db::new(file.clone(), 1).read(|r| r.clock_trusted_until()).expect("it can be read");
    let command = || binary(&copied.directory.0, &["serve"]);
    let events = || cell(&mut file.connect().expect("it opens"), "SELECT CAST(count(*) AS TEXT) AS text FROM events");
    let sign_in = |serving: &Serving| {
        let form = json!({"email": Register::ADMIN, "password": Register::PASSWORD});
        Client::new(&serving.address, None).post("/sessions", form)
    };

    let (serving, client) = copied.serve(command());
    wait_until("that the clock is believed", || until().is_some());
    client.post(&format!("/plans/{plan}/risks"), json!({"name": "I dag"})).expect(201);
    assert!(serving.stop());
    let before = events();

    let (serving, _) = copied.serve(with_clock(command(), "@2099-01-01 08:00:00"));
    let (status, said) = ready(&serving.address);
    assert!(status == 503 && said.contains("riskregister clock"), "{said}");
    let refused = sign_in(&serving).expect(503);
    assert_eq!(refused.header("retry-after"), "60");
    assert!(refused.text("detail").contains("klocka"), "{}", refused.text("detail"));
    assert!(serving.stop());
    assert_eq!(events(), before, "nothing is written");
    let believed = until().expect("it is believed until then");
    assert!(believed.utc() < Timestamp::now().plus_seconds(2 * 24 * 3600).utc(), "{believed}");

    let (serving, client) = copied.serve(command());
    assert_eq!(ready(&serving.address), (200, "ready\n".into()));
    let made = client.post(&format!("/plans/{plan}/risks"), json!({"name": "Igen"})).expect(201);
    assert!(!made.text("createdAt").starts_with("2099"), "{}", made.text("createdAt"));
    assert!(serving.stop());

    // Three days without power, which nobody but the operator can tell from a clock that is wrong.
    let later = "+3d";
    let clock = |arguments: &[&str]| {
        let mut command = with_clock(binary(&copied.directory.0, arguments), later);
        let output = copied.settled(&mut command).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let said = clock(&["clock"]);
    assert!(said.contains("so nothing can be written by this one"), "{said}");
    let (serving, _) = copied.serve(with_clock(command(), later));
    sign_in(&serving).expect(503);
    assert!(clock(&["clock", "--accept"]).contains("From now on"));
    sign_in(&serving).expect(201);
    assert_eq!(ready(&serving.address), (200, "ready\n".into()));
    assert!(serving.stop());
    verify(&file, &Against::default()).unwrap_or_else(|damage| panic!("{damage}"));
}

/// Checkpoints that cannot be kept outside are told of when that lasts, and no longer when they can.
#[test]
fn a_round_that_does_not_come_to_its_end_is_told_by_readyz() {
    let mut directory = PathBuf::new();
    let world = World::with(Databases::Sqlite, |config| {
        (config.patience, config.round_every) = (Duration::from_millis(1500), Duration::from_millis(50));
        directory.clone_from(&config.signer.directory);
    });
    wait_until("that it is ready", || ready(&world.address).0 == 200);
    // A file where the directory should be: also root cannot write there.
    let aside = directory.with_extension("aside");
    std::fs::rename(&directory, &aside).expect("it can be moved");
    std::fs::write(&directory, "").expect("a file in its place");
    world.plan(2024);
    wait_until("that checkpoints are not kept", || {
        let (status, said) = ready(&world.address);
        status == 503 && said.starts_with("checkpoints: not come round for")
    });
    // The register itself goes on.
    world.controller.get("/plans").expect(200);
    std::fs::remove_file(&directory).expect("it goes");
    std::fs::rename(&aside, &directory).expect("it comes back");
    wait_until("that they are kept again", || ready(&world.address).0 == 200);
}
