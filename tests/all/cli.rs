//! The command line: the real binary, on both databases.

use std::process::{Command, Output};

use diesel::connection::SimpleConnection;
use riskregister::storage::{Address, Db};
use serde_json::{Value, json};

use crate::kit::{Client, Databases, Directory, Serving, Start, binary, both, postgres, signing_key};

const ADMIN: &str = "admin@example.org";

/// An operator's directory, and an empty database.
pub struct Host {
    pub directory: Directory,
    database: String,
}

impl Start for Host {
    fn on(databases: Databases) -> Self {
        let directory = Directory::new();
        let database = match databases {
            Databases::Sqlite => format!("sqlite://{}", directory.0.join("register.db").display()),
            Databases::Postgres => postgres::fresh_database(),
        };
        Self { directory, database }
    }
}

impl Host {
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(&self.directory.0, arguments);
        command.env("DATABASE_URL", &self.database);
        command
    }

    /// What a command prints; it must succeed.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the binary runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {told}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Why a command fails; it must.
    #[track_caller]
    fn fails(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the binary runs");
        assert!(!output.status.success(), "{arguments:?} succeeded");
        assert_eq!(output.stdout, b"", "a failure goes to standard error");
        String::from_utf8(output.stderr).expect("text")
    }

    pub fn init(&self) -> String {
        self.run(&["init", "--name", "Region Exempel", "--kind", "region", "--admin", "Admin@Example.org"])
    }

    pub fn serve(&self) -> Serving {
        Serving::start(self.command(&["serve"]))
    }
}

/// What stands after a label.
fn after<'a>(text: &'a str, label: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_else(|| panic!("no {label:?} in {text}")).trim()
}

/// Waits for what another process does.
fn wait_for(what: &str, done: impl Fn() -> bool) {
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !done() {
        assert!(std::time::Instant::now() < patience, "{what} did not come");
        std::thread::yield_now();
    }
}

/// Whether the register knows a key.
fn told_key(host: &Host) -> bool {
    let address = Address::parse(&host.database).expect("an address");
    Db::new(address, 1).read(|r| r.signing_keys()).is_ok_and(|keys| !keys.is_empty())
}

fn look(address: &str, path: &str) -> (u16, String) {
    let answer = Client::new(address, None).send_outside("GET", path, None);
    (answer.status, String::from_utf8(answer.body).expect("text"))
}

both! {
    fn a_register_is_made_and_its_administrator_signs_in(host: &Host) {
        let printed = host.init();
        let password = after(&printed, "One-time password:");
        let serving = host.serve();
        assert_eq!(look(&serving.address, "/healthz"), (200, "alive\n".into()));
        assert_eq!(look(&serving.address, "/readyz"), (200, "ready\n".into()));
        let nobody = Client::new(&serving.address, None);
        // The one that is printed leads to the choice of one's own, and to nothing else.
        nobody.post("/sessions", json!({"email": ADMIN, "password": password})).refused(409, "passwordMustBeChosen");
        let own = json!({"email": ADMIN, "password": password, "newPassword": "en första lösenordsfras"});
        let tokens = nobody.post("/sessions", own).expect(201);
        let admin = Client::new(&serving.address, Some(&tokens.text("accessToken")));
        assert_eq!(admin.get("/me").expect(200)["email"], ADMIN);
        assert_eq!(admin.get("/organisations").expect(200).column("name"), ["Region Exempel"]);
        let new = json!({"currentPassword": "en första lösenordsfras", "newPassword": "en egen lösenordsfras"});
        admin.put("/me/password", new).expect(204);
        assert!(serving.stop(), "it stops in peace when asked");
        // What was written is there the next time.
        let serving = host.serve();
        let again = json!({"email": ADMIN, "password": "en egen lösenordsfras"});
        Client::new(&serving.address, None).post("/sessions", again).expect(201);
    }

    fn a_service_that_stops_says_so_first(host: &Host) {
        host.init();
        let mut command = host.command(&["serve"]);
        command.env("RISKREGISTER_DRAIN_SECONDS", "600").env("RISKREGISTER_METRICS_LISTEN", "127.0.0.1:0");
        let serving = Serving::start(command);
        assert_eq!(look(&serving.address, "/readyz"), (200, "ready\n".into()));
        assert_eq!(look(&serving.address, "/metrics").0, 404, "it is told elsewhere");
        let tell = || Command::new("kill").arg(serving.id().to_string()).status().expect("kill runs");
        assert!(tell().success());
        wait_for("that it is stopping", || look(&serving.address, "/readyz") == (503, "the service is stopping\n".into()));
        // What still comes is answered.
        assert_eq!(look(&serving.address, "/healthz"), (200, "alive\n".into()));
        assert_eq!(look(&serving.address, "/api/v1/me").0, 401);
        assert!(serving.stop(), "who tells it again need not wait");
    }

    fn a_refused_token_says_why_in_the_log(host: &Host) {
        host.init();
        let mut command = host.command(&["serve"]);
        command.env("RISKREGISTER_LOG", "info").stderr(std::process::Stdio::piped());
        let mut serving = Serving::start(command);
        let stderr = serving.stderr();
        let lines = std::thread::spawn(move || std::io::read_to_string(stderr).expect("text"));
        let token = host.run(&["token", ADMIN]);
        let token = token.trim();
        let (body, signature) = token.rsplit_once('.').expect("a token");
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let flipped = format!("{first}{}", &signature[1..]);
        for wrong in [format!("{body}.{flipped}"), "nothing".into()] {
            Client::new(&serving.address, Some(&wrong)).get("/me").expect(401);
        }
        let form = json!({"email": ADMIN, "password": "something else altogether"});
        Client::new(&serving.address, None).post("/sessions", form).expect(401);
        assert!(serving.stop());
        let log = lines.join().expect("the log");
        for said in ["signature", "it is no token", "the password is wrong"] {
            assert!(log.contains(said), "{said} is not in {log}");
        }
        assert!(!log.contains(body) && !log.contains("something else"), "never a token or a password");
    }

    fn a_register_is_made_once(host: &Host) {
        host.init();
        let told = host.fails(&["init", "--name", "En till", "--kind", "municipality", "--admin", "b@example.org"]);
        assert!(told.contains("already"), "{told}");
    }

    fn every_fault_of_init_is_named(host: &Host) {
        let told = host.fails(&["init", "--name", " ", "--kind", "region", "--admin", "nobody"]);
        assert!(told.contains("--name") && told.contains("--admin"), "{told}");
        let long = "x".repeat(501);
        let told = host.fails(&["init", "--name", &long, "--kind", "region", "--admin", ADMIN]);
        assert!(told.contains("/name"), "{told}");
        host.fails(&["init", "--name", "R", "--kind", "region", "--admin", "a..b@example.org"]);
        let told = host.fails(&["init", "--name", "R", "--kind", "village", "--admin", ADMIN]);
        assert!(told.contains("village"), "{told}");
    }

    fn without_a_register_the_service_lives_but_is_not_ready(host: &Host) {
        // An empty database of either kind; that no file is made where there is none, another test holds.
        if let Some(file) = host.database.strip_prefix("sqlite://") {
            std::fs::write(file, b"").expect("an empty file");
        }
        let mut serve = host.command(&["serve"]);
        serve.env("RISKREGISTER_SECRET", "0123456789abcdef0123456789abcdef");
        serve.env("RISKREGISTER_SIGNING_KEY", signing_key().text());
        let serving = Serving::start(serve);
        assert_eq!(look(&serving.address, "/healthz").0, 200);
        let (status, why) = look(&serving.address, "/readyz");
        assert_eq!(status, 503);
        assert!(why.contains("riskregister migrate"), "{why}");
        let answer = Client::new(&serving.address, None).post("/sessions", json!({"email": ADMIN, "password": "x"}));
        assert!(answer.status == 503, "{}", answer.json);
        host.run(&["migrate"]);
        let (status, why) = look(&serving.address, "/readyz");
        assert_eq!(status, 503);
        assert!(why.contains("riskregister init"), "{why}");
        host.init();
        assert_eq!(look(&serving.address, "/readyz"), (200, "ready\n".into()));
    }

    fn migrating_again_changes_nothing(host: &Host) {
        assert!(host.run(&["migrate"]).starts_with("Ran "));
        assert_eq!(host.run(&["migrate"]), "The database is up to date.\n");
        host.init();
    }

    /// An older program beside a newer one, or put back in its place, harms nothing and says why.
    fn a_database_of_a_later_program_is_left_alone(host: &Host) {
        host.init();
        let serving = host.serve();
        assert_eq!(look(&serving.address, "/readyz"), (200, "ready\n".into()));
        let address = Address::parse(&host.database).expect("an address");
        let version = "29990101000000";
        let later = format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')");
        address.connect().expect("the database is there").batch_execute(&later).expect("a row");
        let (status, why) = look(&serving.address, "/readyz");
        assert_eq!(status, 503);
        assert!(why.contains("a later version"), "{why}");
        assert_eq!(look(&serving.address, "/healthz").0, 200, "nobody need kill it");
        assert!(serving.stop());
        let second = ["init", "--name", "En till", "--kind", "region", "--admin", "b@example.org"];
        for arguments in [
            &["serve"][..],
            &["migrate"],
            &["token", ADMIN],
            &["user", "add", "b@example.org", "--name", "B"],
            &["export", "export.db"],
            &["verify"],
            &["demo", "--no-serve"],
            &["demo", "--fresh", "--no-serve"],
            &second,
        ] {
            let told = host.fails(arguments);
            assert!(told.contains("a later version") && told.contains(version), "{arguments:?}: {told}");
            assert_eq!(told.lines().count(), 1, "{arguments:?}: {told}");
        }
        assert!(!host.directory.0.join("export.db").exists());
    }

    fn a_check_says_what_holds_and_what_does_not(host: &Host) {
        let lines = |output: &Output| -> Vec<(bool, String)> {
            let text = String::from_utf8(output.stdout.clone()).expect("text");
            let read = |line: &str| Some((line.starts_with("ok "), line.get(7..)?.to_owned()));
            text.lines().filter(|line| line.starts_with("ok ") || line.starts_with("FAULT ")).filter_map(read).collect()
        };
        let told = |command: &mut Command, holds: bool| {
            let output = command.output().expect("the binary runs");
            let told = lines(&output);
            assert_eq!(output.status.success(), holds, "{told:#?} {}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(told.iter().all(|(ok, _)| *ok), holds, "{told:#?}");
            told
        };
        let faults = |all: &[(bool, String)]| -> Vec<String> {
            let all = all.iter().filter(|(ok, _)| !ok).map(|(_, line)| line.clone());
            all.map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
        };
        let check = || host.command(&["check"]);
        // Nothing is there yet, and nothing is made.
        let before = told(&mut check(), false);
        assert!(before.iter().any(|(ok, line)| !ok && line.contains("RISKREGISTER_SECRET_FILE")), "{before:#?}");
        assert_eq!(std::fs::read_dir(&host.directory.0).expect("a directory").count(), 0, "it leaves nothing behind");
        host.init();
        let all = told(&mut check(), true);
        let line = |what: &str| {
            let found = all.iter().find(|(_, line)| line.starts_with(&format!("{what}:")));
            &found.unwrap_or_else(|| panic!("no {what} in {all:#?}")).1
        };
        let kind = if host.database.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
        assert!(line("database").contains(kind), "{all:#?}");
        assert!(line("schema").contains("as it should be") && line("issuer").contains("none"), "{all:#?}");
        assert!(line("signing key").contains("none yet"), "{all:#?}");

        // Once it has served, the history knows the key; another one is not taken silently.
        let serving = host.serve();
        wait_for("the key", || look(&serving.address, "/readyz").0 == 200 && told_key(host));
        assert!(serving.stop());
        assert!(told(&mut check(), true).iter().any(|(_, line)| line.contains("as the history knows it")));
        let other = riskregister::evidence::checkpoint::PrivateKey::of([7; 32]).text();
        assert_eq!(faults(&told(check().env("RISKREGISTER_SIGNING_KEY", other), false)), ["signing key"]);

        // All that is wrong with the settings, and what can be looked at besides.
        let wrong = told(check().env("LISTEN", "nowhere").env("RISKREGISTER_COLOUR", "red"), false);
        assert!(wrong.iter().any(|(_, line)| line.contains("LISTEN:")), "{wrong:#?}");
        assert!(wrong.iter().any(|(_, line)| line.contains("RISKREGISTER_COLOUR:")), "{wrong:#?}");
        assert!(wrong.iter().any(|(ok, line)| *ok && line.starts_with("schema:")), "{wrong:#?}");

        // A place for checkpoints that is none, a mail server and an issuer that do not answer.
        let file = host.directory.0.join("riskregister.secret").join("checkpoints");
        let away = told(
            check()
                .env("RISKREGISTER_CHECKPOINTS", file)
                .env("RISKREGISTER_PUBLIC_URL", "https://risk.example.org")
                .env("SMTP_URL", "smtp://127.0.0.1:1")
                .env("SMTP_USER", "register")
                .env("SMTP_PASSWORD", "hunter2")
                .env("MAIL_FROM", "risk@example.org")
                .env("RISKREGISTER_OIDC_ISSUER", "http://127.0.0.1:1")
                .env("RISKREGISTER_OIDC_AUDIENCE", "riskregister"),
            false,
        );
        assert_eq!(faults(&away), ["checkpoints", "mail", "issuer"], "{away:#?}");
        assert!(!format!("{away:?}").contains("hunter2"));
        let there = crate::kit::smtp::MailServer::start();
        let mut mail = check();
        mail.env("RISKREGISTER_PUBLIC_URL", "https://risk.example.org").env("MAIL_FROM", "risk@example.org");
        told(mail.env("SMTP_URL", format!("smtp://{}", there.address)), true);

        let address = Address::parse(&host.database).expect("an address");
        let later = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
        address.connect().expect("it is there").batch_execute(later).expect("a row");
        let later = told(&mut check(), false);
        assert!(later.iter().any(|(ok, line)| !ok && line.contains("a later version")), "{later:#?}");
    }

    fn a_database_that_is_not_migrated_or_not_there_is_told(host: &Host) {
        let mut check = host.command(&["check"]);
        check.env("RISKREGISTER_SECRET", "0123456789abcdef0123456789abcdef");
        check.env("RISKREGISTER_SIGNING_KEY", signing_key().text());
        let mut told = || String::from_utf8(check.output().expect("it runs").stdout).expect("text");
        if host.database.starts_with("sqlite") {
            let text = told();
            assert!(text.contains("FAULT  database: there is no file"), "{text}");
            assert!(!host.directory.0.join("register.db").exists(), "it makes none");
            let address = Address::parse(&host.database).expect("an address");
            address.connect().expect("a file is made").batch_execute("CREATE TABLE t (i)").expect("a table");
        }
        let text = told();
        assert!(text.contains("ok     database:"), "{text}");
        assert!(text.contains("FAULT  schema: is to be migrated: run `riskregister migrate`"), "{text}");
        host.run(&["migrate"]);
        let text = told();
        assert!(text.contains("ok     schema:"), "{text}");
        assert!(text.contains("FAULT  register: is not there: run `riskregister init`"), "{text}");
    }

    fn a_token_is_for_scripts_on_the_host(host: &Host) {
        host.init();
        let serving = host.serve();
        let token = host.run(&["token", "ADMIN@example.org"]);
        Client::new(&serving.address, Some(token.trim())).get("/me").expect(200);
        assert!(host.fails(&["token", "nobody@example.org"]).contains("nobody@example.org"));
        let list = Client::new(&serving.address, Some(token.trim())).get("/users").expect(200);
        let admin = list.column("id")[0].to_owned();
        let client = Client::new(&serving.address, Some(token.trim()));
        let second = host.run(&["user", "add", "second@example.org", "--name", "Tvåan", "--role", "regionAdministrator"]);
        assert!(!after(&second, "One-time password:").is_empty());
        client.patch_current(&format!("/users/{admin}"), json!({"active": false})).expect(200);
        assert!(host.fails(&["token", ADMIN]).contains(ADMIN), "who has left gets none");
    }

    fn a_person_is_added_with_a_role(host: &Host) {
        host.init();
        let serving = host.serve();
        let admin = Client::new(&serving.address, Some(host.run(&["token", ADMIN]).trim()));
        let root = admin.get("/organisations").expect(200).items()[0]["id"].as_str().unwrap_or_default().to_owned();
        let form = json!({"parentId": root, "kind": "board", "name": "Kulturnämnden", "validFrom": "2024-01-01"});
        let board = admin.post("/organisations", form).expect(201).id();
        let printed = host.run(&[
            "user", "add", "Carl@Example.org", "--name", "Carl", "--role", "controller", "--organisation", &board,
        ]);
        let sign_in = json!({"email": "carl@example.org", "password": after(&printed, "One-time password:"), "newPassword": "en egen lösenordsfras"});
        let tokens = Client::new(&serving.address, None).post("/sessions", sign_in).expect(201);
        let me = Client::new(&serving.address, Some(&tokens.text("accessToken"))).get("/me").expect(200);
        assert_eq!(me["organisationId"], Value::from(board.clone()));
        assert_eq!((&me["grants"][0]["role"], &me["grants"][0]["organisationId"]), (&json!("controller"), &json!(board)));
        let told = host.fails(&["user", "add", "CARL@example.org", "--name", "Carl igen"]);
        assert!(told.contains("already"), "{told}");
        assert!(host.fails(&["user", "add", "carl", "--name", "Carl"]).contains("not an e-mail address"));
        host.fails(&["user", "add", "d@example.org", "--name", "D", "--role", "king"]);
        host.fails(&["user", "add", "d@example.org", "--name", "D", "--organisation", &uuid::Uuid::now_v7().to_string()]);
    }

    fn what_is_written_on_the_host_is_held_to_the_rules_of_the_forms(host: &Host) {
        host.init();
        let serving = host.serve();
        let admin = Client::new(&serving.address, Some(host.run(&["token", ADMIN]).trim()));
        for (written, kept) in [("Åsa@example.org", "åsa@example.org"), ("Bo@Örebro.example", "bo@örebro.example")] {
            let printed = host.run(&["user", "add", written, "--name", "Åsa"]);
            let password = after(&printed, "One-time password:");
            let sign_in = json!({"email": written, "password": password, "newPassword": "en egen lösenordsfras"});
            let tokens = Client::new(&serving.address, None).post("/sessions", sign_in).expect(201);
            let own = Client::new(&serving.address, Some(&tokens.text("accessToken")));
            let me = own.get("/me").expect(200);
            assert_eq!(me["email"], kept);
            let path = format!("/users/{}", me["id"].as_str().unwrap_or_default());
            assert_eq!(admin.patch_current(&path, json!({"name": "Åsa Ö"})).expect(200)["name"], "Åsa Ö");
        }
        assert!(host.fails(&["user", "add", "bo@xn--rebro-iua.example", "--name", "Bo igen"]).contains("already"));
        let long = "x".repeat(501);
        for (address, name, told) in [
            ("a..b@example.org", "A", "not an e-mail address"),
            ("a@[127.0.0.1]", "A", "not an e-mail address"),
            ("a@example.org", " ", "/name"),
            ("a@example.org", "A\nB", "/name"),
            ("a@example.org", &long, "/name"),
        ] {
            let fault = host.fails(&["user", "add", address, "--name", name]);
            assert!(fault.contains(told), "{address:?} {name:?}: {fault}");
        }
        assert_eq!(admin.get("/users").expect(200)["total"], 3);
    }

    fn a_health_check_asks_the_service(host: &Host) {
        host.init();
        let serving = host.serve();
        let mut health = host.command(&["health"]);
        health.env("LISTEN", serving.address.trim_start_matches("http://"));
        assert!(health.status().expect("it runs").success());
        assert!(serving.stop());
        assert!(!health.output().expect("it runs").status.success());
    }
}

#[test]
fn the_contract_is_printed_without_a_database() {
    let directory = Directory::new();
    let mut command = binary(&directory.0, &["openapi"]);
    let output = command.env("DATABASE_URL", "nonsense").output().expect("the binary runs");
    assert!(output.status.success());
    let yaml = riskregister::api::yaml(&riskregister::api::operations());
    assert_eq!(String::from_utf8(output.stdout).expect("text"), yaml);
    assert_eq!(std::fs::read_dir(&directory.0).expect("a directory").count(), 0, "it leaves nothing behind");
}

#[test]
fn a_database_that_is_away_does_not_stop_the_service() {
    let directory = Directory::new();
    let mut serve = binary(&directory.0, &["serve"]);
    serve
        .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
        .env("RISKREGISTER_SECRET", "0123456789abcdef0123456789abcdef")
        .env("RISKREGISTER_SIGNING_KEY", signing_key().text());
    let serving = Serving::start(serve);
    assert_eq!(look(&serving.address, "/healthz").0, 200);
    let (status, why) = look(&serving.address, "/readyz");
    assert_eq!((status, why.as_str()), (503, "the database cannot be reached\n"));
    let answer = Client::new(&serving.address, None).post("/sessions", json!({"email": ADMIN, "password": "x"}));
    assert!(answer.expect(503).maybe_header("retry-after").is_some());
}

#[test]
fn a_file_is_served_by_one_service_and_none_is_made_by_it() {
    let host = Host::on(Databases::Sqlite);
    let told = host.fails(&["serve"]);
    assert!(told.contains("RISKREGISTER_SECRET") || told.contains("there is no file"), "{told}");
    assert!(!host.directory.0.join("register.db").exists(), "looking makes no register");
    host.init();
    let first = host.serve();
    let told = host.fails(&["serve"]);
    assert!(told.contains("another service serves"), "{told}");
    let told = host.fails(&["move", "--from", &host.database, "--to", "sqlite://other.db"]);
    assert!(told.contains("another service serves"), "{told}");
    // What only looks may look.
    host.run(&["verify"]);
    assert!(first.stop());
    host.serve();
}

/// Three at once, as when three instances begin with `migrate`: one does the work, the others wait for it.
#[test]
fn those_who_migrate_at_once_wait_for_each_other() {
    let host = Host::on(Databases::Postgres);
    let url = &host.database;
    let mut owner = Address::parse(url).expect("an address").connect().expect("it can be reached");
    let role = format!("app_{}", riskregister::storage::Id::new().0.simple());
    owner
        .batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'; GRANT ALL ON SCHEMA public TO {role}"))
        .expect("a role");
    let mut given = url::Url::parse(url).expect("a URL");
    given.set_username(&role).and_then(|()| given.set_password(Some("secret"))).expect("a user");
    std::thread::scope(|s| {
        let all: Vec<_> = (0..3)
            .map(|_| {
                let mut command = host.command(&["migrate"]);
                command.env("MIGRATION_DATABASE_URL", url).env("DATABASE_URL", given.as_str());
                s.spawn(move || command.output().expect("the binary runs"))
            })
            .collect();
        for one in all {
            let output = one.join().expect("it ends");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    });
    owner.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).expect("the role goes");
}
