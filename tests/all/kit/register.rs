//! A register that runs in this process, on a database that nobody else has.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use riskregister::app::people::guesses::Asking;
use riskregister::app::people::sessions;
use riskregister::app::people::setup;
use riskregister::auth::{self, Keys};
use riskregister::config::{Config, PATIENCE, ROUND_EVERY, WEBHOOK_INTERVAL};
use riskregister::domain::words::{OrganisationKind, Role};
use riskregister::evidence::checkpoint::PrivateKey;
use riskregister::files::store::Store;
use riskregister::storage::history::Origin;
use riskregister::storage::logs::Signer;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, Db, Id};

use super::client::{Client, wait};
use super::postgres;
use super::times::{self, Kind};

const SECRET: &[u8] = b"a secret of the tests, and of nobody else";

/// What a test can start from.
pub trait Start {
    fn on(databases: Databases) -> Self;
}

impl Start for Register {
    fn on(databases: Databases) -> Self {
        Self::start(databases, |_| {})
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Databases {
    Sqlite,
    Postgres,
}

/// A running register. It stops when it is dropped, and its data go with it.
pub struct Register {
    /// The topmost organisation.
    pub root: String,
    pub admin: Client,
    pub admin_id: String,
    /// Where it listens: `http://127.0.0.1:…`.
    pub address: String,
    pub db: Db,
    pub config: Config,
    pub keys: Keys,
    /// The test has put its hand into the tables.
    pub damaged: std::sync::atomic::AtomicBool,
    statements: Arc<AtomicU64>,
    server: Option<(actix_web::dev::ServerHandle, JoinHandle<()>)>,
    // Last: the data go when nothing uses them any more.
    _directory: Directory,
}

impl Register {
    /// What the administrator, and everyone made by [`Register::person`], signs in with.
    pub const PASSWORD: &'static str = "en lösenordsfras för prov";
    pub const ADMIN: &'static str = "admin@example.org";

    /// A register whose configuration is not the usual one.
    pub fn start(databases: Databases, configure: impl FnOnce(&mut Config)) -> Self {
        let begin = match databases {
            Databases::Sqlite => &*SQLITE,
            Databases::Postgres => &*POSTGRES,
        };
        times::spent(Kind::Start, || Self::on_copy(begin, configure))
    }

    /// A register that begins with a copy of another's data.
    pub(super) fn on_copy(begin: &Beginning, configure: impl FnOnce(&mut Config)) -> Self {
        times::listen();
        let directory = Directory::new();
        let database = begin.template.copy(&directory);
        let mut config = configuration(database, &directory);
        configure(&mut config);
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut given = config.clone();
        given.listen = ([127, 0, 0, 1], 0).into();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let running = riskregister::server::start(given).expect("the register starts");
                let started = (running.address, running.server.handle(), running.statements);
                sender.send(started).expect("the test waits for the register");
                running.server.await.expect("the register stops in peace");
            });
        });
        let (address, handle, statements) = receiver.recv().expect("the register starts");
        let address = format!("http://{address}");
        let db = Db::new(config.database.clone(), 2).signing(config.signer.clone());
        let keys = Keys::new(&config.secret, None).expect("keys can be made");
        let mut register = Self {
            root: begin.root.to_string(),
            admin: Client::new(&address, None),
            admin_id: begin.admin.to_string(),
            address,
            db,
            config,
            keys,
            damaged: Default::default(),
            statements,
            server: Some((handle, thread)),
            _directory: directory,
        };
        register.admin = register.as_user(&register.token(&register.admin_id));
        register
    }

    /// How many statements a request sends to the database.
    pub fn statements<T>(&self, request: impl FnOnce() -> T) -> (T, u64) {
        let before = self.statements.load(Ordering::Relaxed);
        let answer = request();
        (answer, self.statements.load(Ordering::Relaxed) - before)
    }

    /// A client without a token.
    pub fn as_nobody(&self) -> Client {
        Client::new(&self.address, None)
    }

    /// A client with this bearer token.
    pub fn as_user(&self, token: &str) -> Client {
        Client::new(&self.address, Some(token))
    }

    /// An access token of a new session, made past the password that would cost its time.
    pub fn token(&self, user: &str) -> String {
        self.token_of(user, self.session(user))
    }

    /// One that lasts as long as a night's tests do.
    pub fn lasting_token(&self, user: &str) -> String {
        let (session, user) = (self.session(user), user.parse().expect("an id"));
        self.keys.access(user, session, 24 * 3600).expect("a token can be signed")
    }

    pub(super) fn session(&self, user: &str) -> Id {
        self.session_by(user, self.way_in(), auth::SESSION_SECONDS)
    }

    /// The same in another database that holds this register.
    pub fn token_at(&self, db: &Db, user: &str) -> String {
        self.token_of(user, Self::session_in(db, user, self.way_in(), auth::SESSION_SECONDS))
    }

    /// How whoever is signed in past the password came in: where passwords are off, what they began ends.
    pub(super) fn way_in(&self) -> &'static str {
        if self.config.passwords.are_on() { "password" } else { "host" }
    }

    /// A session that somebody began in this way, for so many seconds, made past it.
    pub fn session_by(&self, user: &str, way_in: &str, seconds: i64) -> Id {
        Self::session_in(&self.db, user, way_in, seconds)
    }

    fn session_in(db: &Db, user: &str, way_in: &str, seconds: i64) -> Id {
        let user: Id = user.parse().expect("an id");
        let session = Id::new();
        db.write(&Origin::operator(), |w| sessions::start(w, user, session, way_in, seconds, &Asking::default()))
            .expect("a session can be started");
        session
    }

    pub(super) fn token_of(&self, user: &str, session: Id) -> String {
        let user: Id = user.parse().expect("an id");
        self.keys.access(user, session, auth::ACCESS_SECONDS).expect("a token can be signed")
    }

    /// Stops, once.
    fn stop(&mut self) {
        let Some((handle, thread)) = self.server.take() else { return };
        times::spent(Kind::Stop, || {
            wait(async move { handle.stop(true).await });
            // A register that fell has said so on its own thread; a test that failed already says enough.
            if thread.join().is_err() && !std::thread::panicking() {
                panic!("the register did not stop in peace");
            }
        });
        // Whatever a test has done, its register is what its history says.
        if !std::thread::panicking() && !self.damaged.load(Ordering::Relaxed) {
            let against = Against { files: Some(self.config.files.clone()), ..Against::default() };
            times::spent(Kind::Verifying, || verify(&self.config.database, &against))
                .unwrap_or_else(|damage| panic!("{damage}"));
        }
    }

    /// Stops for good: its data are what others begin with.
    pub(super) fn into_beginning(mut self) -> Beginning {
        self.stop();
        let database = self.config.database.clone();
        let mut c = database.connect().expect("the database can be reached");
        let template = match &database {
            Address::Sqlite(file) => {
                c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("the log can be written back");
                Template::Sqlite(std::fs::read(file).expect("the template can be read"))
            }
            // Nobody may be connected to what is copied.
            Address::Postgres(url) => {
                c.batch_execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                )
                .expect("others can be sent away");
                Template::Postgres(url.clone())
            }
        };
        let id = |text: &str| text.parse().expect("an id");
        Beginning { template, root: id(&self.root), admin: id(&self.admin_id) }
    }
}

impl Drop for Register {
    fn drop(&mut self) {
        self.stop();
        times::keep();
    }
}

/// The key that registers of the tests sign their checkpoints with.
pub fn signing_key() -> PrivateKey {
    PrivateKey::of(*b"the signing key of all the tests")
}

fn configuration(database: Address, directory: &Directory) -> Config {
    Config {
        database,
        signer: Signer { key: signing_key(), directory: directory.0.join("checkpoints") },
        listen: ([127, 0, 0, 1], 0).into(),
        secret: SECRET.to_vec(),
        secret_before: None,
        oidc: None,
        passwords: Default::default(),
        connections: 4,
        public_url: "http://localhost".into(),
        requests_per_minute: 10_000_000,
        trusted_proxies: Default::default(),
        webhook_hosts: Default::default(),
        webhook_retries: Default::default(),
        webhook_interval: WEBHOOK_INTERVAL,
        mail: None,
        contact: None,
        statement: Default::default(),
        drain: Default::default(),
        metrics_listen: None,
        backups: None,
        verifies: false,
        authorities: Default::default(),
        otlp: None,
        clock_leap: Duration::from_secs(24 * 3600),
        patience: PATIENCE,
        round_every: ROUND_EVERY,
        program: env!("CARGO_BIN_EXE_riskregister").into(),
        files: Store::in_directory(&directory.0.join("files")),
        clamd: None,
        not_in_backups: Default::default(),
    }
}

/// A directory that is removed with its owner.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("riskregister-test-{}", Id::new()));
        std::fs::create_dir(&path).expect("a directory for temporary files");
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Data to make copies of.
enum Template {
    Sqlite(Vec<u8>),
    Postgres(String),
}

impl Template {
    fn copy(&self, directory: &Directory) -> Address {
        match self {
            Self::Sqlite(bytes) => {
                let file = directory.0.join("register.db");
                std::fs::write(&file, bytes).expect("the template can be copied");
                Address::Sqlite(file.to_str().expect("a path in UTF-8").into())
            }
            Self::Postgres(url) => Address::Postgres(postgres::copy_of(url)),
        }
    }
}

/// What a register begins with.
pub(super) struct Beginning {
    template: Template,
    root: Id,
    admin: Id,
}

/// Each test's database is a copy of one that is made once: migrating costs more than copying.
static SQLITE: LazyLock<Beginning> = LazyLock::new(|| {
    let directory = Directory::new();
    let file = directory.0.join("template.db");
    let (root, admin) = initialise(Address::Sqlite(file.to_str().expect("a path in UTF-8").into()));
    // The last connection has written the log back and removed it; what it left behind would be missed in the copies.
    assert!(!file.with_extension("db-wal").exists(), "the template is still open");
    Beginning { template: Template::Sqlite(std::fs::read(&file).expect("the template can be read")), root, admin }
});

static POSTGRES: LazyLock<Beginning> = LazyLock::new(|| {
    let url = postgres::fresh_database();
    let (root, admin) = initialise(Address::Postgres(url.clone()));
    Beginning { template: Template::Postgres(url), root, admin }
});

/// The hash of [`Register::PASSWORD`], made once.
pub fn password_hash() -> &'static str {
    static HASH: LazyLock<String> =
        LazyLock::new(|| auth::hash_password(Register::PASSWORD).expect("a password can be hashed"));
    &HASH
}

fn initialise(address: Address) -> (Id, Id) {
    let signer = Signer { key: signing_key(), directory: std::path::PathBuf::new() };
    let db = Db::new(address, 1).signing(signer);
    db.migrate().expect("an empty database can be migrated");
    db.write(&Origin::operator(), |w| {
        let root = setup::initialise(
            w,
            &setup::NewRegister {
                name: "Region Exempel",
                kind: OrganisationKind::Region,
                auditors: None,
                demo: false,
                administrator: setup::NewUser {
                    email: Register::ADMIN,
                    name: "Ada Admin",
                    password_hash: password_hash(),
                    one_time: false,
                },
            },
        )?;
        setup::take_key(w)?;
        let admin = w.user_by_email(Register::ADMIN)?.expect("the administrator was made");
        Ok((root, admin.id))
    })
    .expect("an empty database can become a register")
}

impl Register {
    /// Adds somebody who signs in with [`Register::PASSWORD`], past the API, which would make them another one.
    pub fn add(&self, name: &str, organisation: &str, role: Option<Role>) -> String {
        let at: Id = organisation.parse().expect("an id");
        let email = super::address(name);
        let new = setup::NewUser { email: &email, name, password_hash: password_hash(), one_time: false };
        self.db
            .write(&Origin::operator(), |w| {
                let user = setup::add_user(w, at, &new)?;
                if let Some(role) = role {
                    setup::grant(w, user, role, at)?;
                }
                Ok(user.to_string())
            })
            .expect("somebody can be added")
    }
}
