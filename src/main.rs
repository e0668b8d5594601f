//! The command line: arguments in, one of the register's jobs out.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use riskregister::app::{sessions, setup};
use riskregister::auth::{self, Keys};
use riskregister::config::{Config, Settings};
use riskregister::domain::words::Role;
use riskregister::error::Error;
use riskregister::evidence::checkpoint::{Checkpoint, PublicKey};
use riskregister::evidence::receipt::Receipt;
use riskregister::storage::history::Origin;
use riskregister::storage::verification::{self, Against};
use riskregister::storage::{Address, Db, Id};
use riskregister::{api, demo, server};

/// Riskregister: the open register of internal-control risks for public bodies.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Settings are read from the environment, then from the file that RISKREGISTER_CONFIG names: \
DATABASE_URL (sqlite://FILE or postgres://…), MIGRATION_DATABASE_URL, LISTEN, RISKREGISTER_SECRET or RISKREGISTER_SECRET_FILE, \
RISKREGISTER_SIGNING_KEY or RISKREGISTER_SIGNING_KEY_FILE, RISKREGISTER_CHECKPOINTS, RISKREGISTER_PUBLIC_URL, \
RISKREGISTER_CONNECTIONS, RISKREGISTER_REQUESTS_PER_MINUTE, RISKREGISTER_OIDC_ISSUER, _AUDIENCE, _CLAIM, \
_JWKS_URL, _CLIENT_ID and _CLIENT_SECRET, \
RISKREGISTER_WEBHOOK_HOSTS, SMTP_URL, MAIL_FROM and RISKREGISTER_CONTACT."
)]
struct Arguments {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand)]
enum Job {
    /// Fill an empty register with SLSO's plan for 2024, and serve it.
    Demo(DemoArguments),
    /// Make a real register: its name, its administrator, its scale.
    Init(InitArguments),
    /// Serve the register.
    Serve,
    /// Bring the database to the newest schema.
    Migrate,
    /// Make the key that checkpoints are signed with, where there is none, and print the public one.
    Key,
    /// Hold a register, or a receipt, against its own history, without trusting who runs it. Ends with status 1 when
    /// something does not hold.
    Verify(VerifyArguments),
    /// Write the register with its history to a new SQLite file, for auditors: without passwords and sessions.
    Export {
        /// The file to write; it must not be there.
        file: std::path::PathBuf,
    },
    /// Print openapi.yaml.
    Openapi,
    /// Print a bearer token for a user, for scripts on this host. It holds a day.
    Token {
        /// The user's e-mail address.
        email: String,
    },
    /// People.
    #[command(subcommand)]
    User(UserJob),
    /// Ask the service at LISTEN whether it is alive; for health checks.
    Health,
}

#[derive(Args)]
struct DemoArguments {
    /// Throw away the demo's data and start over.
    #[arg(long)]
    fresh: bool,
    /// Fill the register and stop, without serving.
    #[arg(long)]
    no_serve: bool,
    /// Show the region in the middle of its year: every body, with follow-up and reports.
    #[arg(long)]
    year_in_progress: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RegisterKind {
    Region,
    Municipality,
}

#[derive(Args)]
struct InitArguments {
    /// The region's or municipality's name.
    #[arg(long)]
    name: String,
    #[arg(long, value_enum)]
    kind: RegisterKind,
    /// The administrator's e-mail address.
    #[arg(long)]
    admin: String,
}

#[derive(Args)]
struct VerifyArguments {
    /// `sqlite://FILE`, `postgres://…`, or the file of an export; DATABASE_URL when not given.
    register: Option<String>,
    /// A checkpoint that was kept elsewhere: the log must be what it was then, or go on from it.
    #[arg(long)]
    checkpoint: Vec<std::path::PathBuf>,
    /// A receipt; no register is needed for it.
    #[arg(long, conflicts_with_all = ["register", "checkpoint"])]
    receipt: Vec<std::path::PathBuf>,
    /// A key that may have signed (a verifier's key or the public key in base64). When none is given, those that the
    /// register names are taken.
    #[arg(long)]
    key: Vec<String>,
}

#[derive(Subcommand)]
enum UserJob {
    /// Add a person and print a one-time password.
    Add {
        email: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// A role for the person, on the organisation.
        #[arg(long)]
        role: Option<Role>,
        /// The organisation's id; the topmost when not given.
        #[arg(long)]
        organisation: Option<Id>,
    },
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("RISKREGISTER_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match run(Arguments::parse().job) {
        Ok(()) => ExitCode::SUCCESS,
        Err(faults) => {
            for fault in faults {
                eprintln!("riskregister: {fault}");
            }
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Vec<String>>;

fn run(job: Job) -> Outcome {
    if let Job::Openapi = job {
        print!("{}", api::yaml(&api::operations()));
        return Ok(());
    }
    let settings = Settings::from_environment()?;
    match job {
        Job::Demo(a) => demo(&settings, &a),
        Job::Init(a) => init(&settings, &a),
        Job::Serve => serve(settings.check()?, &[]),
        Job::Migrate => {
            let run = migrate(&settings)?;
            match run.len() {
                0 => println!("The database is up to date."),
                _ => run.iter().for_each(|name| println!("Ran {name}")),
            }
            Ok(())
        }
        Job::Key => {
            settings.make_secrets().map_err(|fault| vec![fault])?;
            println!("{}", settings.check()?.signer.key.public().text());
            Ok(())
        }
        Job::Verify(a) => verify(&settings, &a),
        Job::Export { file } => export(&settings, &file),
        Job::Token { email } => token(&settings.check()?, &email),
        Job::User(UserJob::Add { email, name, role, organisation }) => {
            add_user(&settings, &email, &name, role, organisation)
        }
        Job::Health => health(&settings),
        Job::Openapi => Ok(()),
    }
}

fn told(error: Error) -> Vec<String> {
    vec![match error {
        Error::Internal(cause) => cause,
        other => {
            let problem = other.problem(riskregister::domain::words::Language::En, "");
            let faults = problem.errors.unwrap_or_default();
            let details: Vec<String> = faults.iter().map(|f| format!("{} {}", f.pointer, f.detail)).collect();
            if details.is_empty() { problem.detail } else { details.join(" ") }
        }
    }]
}

fn database(settings: &Settings) -> Result<Db, Vec<String>> {
    settings.database().map(|address| Db::new(address, 2)).map_err(|fault| vec![fault])
}

/// Brings the database up, as its owner where one is named; the application's role then gets what it needs, and nothing
/// by which it could change history.
fn migrate(settings: &Settings) -> Result<Vec<String>, Vec<String>> {
    let db = database(settings)?;
    let Some(owner) = settings.migration_database().map_err(|fault| vec![fault])? else {
        return db.migrate().map_err(told);
    };
    let owner = Db::new(owner, 1);
    let role = db.role().map_err(told)?;
    let same = owner.role().map_err(told)? == role;
    let Some(role) = role.filter(|_| !same) else {
        return Err(vec![
            "MIGRATION_DATABASE_URL: must be another role of PostgreSQL than that of DATABASE_URL".into(),
        ]);
    };
    let run = owner.migrate().map_err(told)?;
    owner.grant(&role).map_err(told)?;
    Ok(run)
}

fn init(settings: &Settings, a: &InitArguments) -> Outcome {
    let mut faults = Vec::new();
    if a.name.trim().is_empty() {
        faults.push("--name: must not be empty".to_owned());
    }
    if !riskregister::domain::text::email_ok(&a.admin) {
        faults.push(format!("--admin: {:?} is not an e-mail address", a.admin));
    }
    let db = match database(settings) {
        Ok(db) => Some(db),
        Err(more) => {
            faults.extend(more);
            None
        }
    };
    let Some(db) = db.filter(|_| faults.is_empty()) else { return Err(faults) };
    migrate(settings)?;
    settings.make_secrets().map_err(|fault| vec![fault])?;
    let password = auth::random_text(12);
    let hash = auth::hash_password(&password).map_err(told)?;
    let kind = match a.kind {
        RegisterKind::Region => "region",
        RegisterKind::Municipality => "municipality",
    };
    db.write(&Origin::operator(), |w| {
        setup::initialise(
            w,
            &setup::NewRegister {
                name: a.name.trim(),
                kind,
                demo: false,
                administrator: setup::NewUser { email: &a.admin, name: &a.admin, password_hash: &hash },
            },
        )
    })
    .map_err(told)?;
    println!("The register of {} is made.", a.name.trim());
    println!("Administrator: {}", a.admin);
    println!("One-time password: {password}");
    println!("Change it with PUT /api/v1/me/password. Start the service with `riskregister serve`.");
    Ok(())
}

fn add_user(settings: &Settings, email: &str, name: &str, role: Option<Role>, organisation: Option<Id>) -> Outcome {
    if !riskregister::domain::text::email_ok(email) {
        return Err(vec![format!("{email:?} is not an e-mail address")]);
    }
    let db = database(settings)?;
    let password = auth::random_text(12);
    let hash = auth::hash_password(&password).map_err(told)?;
    db.write(&Origin::operator(), |w| {
        let root = w.root_id()?;
        let at = organisation.unwrap_or(root);
        let _: riskregister::storage::records::Organisation = w.get(at)?;
        let user = setup::add_user(w, at, &setup::NewUser { email, name, password_hash: &hash })?;
        if let Some(role) = role {
            setup::grant(w, user, role, at)?;
        }
        Ok(())
    })
    .map_err(told)?;
    println!("One-time password: {password}");
    Ok(())
}

fn token(config: &Config, email: &str) -> Outcome {
    let db = Db::new(config.database.clone(), 2);
    let keys = Keys::new(&config.secret, None).map_err(told)?;
    let session = Id::new();
    let email = sessions::fold_email(email);
    let user = db
        .write(&Origin::operator(), |w| {
            let user = w.user_by_email(&email)?.filter(|u| u.active).ok_or(Error::NotFound)?;
            sessions::start(w, user.id, session, "host", auth::HOST_TOKEN_SECONDS)?;
            Ok(user.id)
        })
        .map_err(|e| match e {
            Error::NotFound => vec![format!("there is no active user {email:?}")],
            other => told(other),
        })?;
    println!("{}", keys.access(user, session, auth::HOST_TOKEN_SECONDS).map_err(told)?);
    Ok(())
}

fn demo(settings: &Settings, a: &DemoArguments) -> Outcome {
    settings.make_secrets().map_err(|fault| vec![fault])?;
    let config = settings.check()?;
    let db = Db::new(config.database.clone(), 2);
    if a.fresh {
        start_over(&db)?;
    }
    db.migrate().map_err(told)?;
    let db = db.signing(config.signer.clone());
    if a.year_in_progress {
        eprintln!("Making the region's year, with its plans and reports as documents. It takes a minute or two.");
    }
    let accounts = demo::fill(&db, a.year_in_progress).map_err(told)?;
    db.make_checkpoints().map_err(told)?;
    if a.no_serve {
        return Ok(());
    }
    let mut greeting = vec![
        String::new(),
        "Open it in a browser and sign in. One account a role, with passwords made just now:".into(),
    ];
    for account in accounts {
        greeting.push(format!("  {:<20} {:<34} {}", account.role.as_str(), account.email, account.password));
    }
    greeting.push(String::new());
    greeting.push(
        match a.year_in_progress {
            true => "SLSO's 2024: T1 and delår are decided, år is open. What is reported is made up. Stop with Ctrl-C.",
            false => "SLSO's plan for 2024 is a draft. Values marked illustrative are made up. Stop with Ctrl-C.",
        }
        .into(),
    );
    serve(config, &greeting)
}

/// Where a register lies that is named on the command line: a URL, or an SQLite file by itself.
fn named(register: &str) -> Result<Address, Vec<String>> {
    if register.contains("://") {
        return Address::parse(register).map_err(|fault| vec![fault]);
    }
    if !std::path::Path::new(register).is_file() {
        return Err(vec![format!("{register}: there is no such file")]);
    }
    Ok(Address::Sqlite(register.to_owned()))
}

/// Reads a file named on the command line as something of ours.
fn read_as<T>(file: &std::path::Path, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Vec<String>> {
    let text = std::fs::read_to_string(file).map_err(|e| vec![format!("{}: {e}", file.display())])?;
    read(&text).ok_or_else(|| vec![format!("{}: is not {what}", file.display())])
}

fn verify(settings: &Settings, a: &VerifyArguments) -> Outcome {
    let mut keys = Vec::new();
    for text in a.key.iter().map(|text| text.trim()) {
        let key = PublicKey::read(text).or_else(|| PublicKey::of_verifier_key(text).map(|(_, key)| key));
        keys.push(key.ok_or_else(|| vec![format!("--key: {text:?} is not a public key")])?);
    }
    for file in &a.receipt {
        let receipt: Receipt = read_as(file, "a receipt", |text| serde_json::from_str(text).ok())?;
        let event = receipt.check(&keys).map_err(|fault| vec![format!("{}: {fault}", file.display())])?;
        println!(
            "{}: {} at {}, event {} of log {}",
            file.display(),
            event["kind"],
            event["time"],
            receipt.n,
            receipt.log
        );
        if keys.is_empty() {
            println!("  Signed with {}. Hold the key against the register's own, or give it with --key.", receipt.key);
        }
    }
    if !a.receipt.is_empty() {
        println!("OK");
        return Ok(());
    }
    let address = match &a.register {
        Some(register) => named(register)?,
        None => settings.database().map_err(|fault| vec![fault])?,
    };
    let checkpoints =
        a.checkpoint.iter().map(|file| read_as(file, "a checkpoint", Checkpoint::read)).collect::<Result<_, _>>()?;
    let counts = verification::verify(&address, &Against { keys, checkpoints })
        .map_err(|damage| vec![format!("DAMAGED: {damage}")])?;
    println!("{counts}");
    println!("OK");
    Ok(())
}

fn export(settings: &Settings, file: &std::path::Path) -> Outcome {
    let db = database(settings)?;
    db.export(file).map_err(told)?;
    db.write(&Origin::operator(), setup::record_export).map_err(told)?;
    println!("Wrote {}", file.display());
    Ok(())
}

/// Throws the demo's data away. Never a real register's.
fn start_over(db: &Db) -> Outcome {
    db.migrate().map_err(told)?;
    let made = db.read(|r| r.root()).map_err(told)?;
    if made.is_some() {
        db.read(demo::hold_demo).map_err(told)?;
    }
    db.unmake().map_err(told)
}

/// Serves until a signal to stop. `greeting` is printed once the service listens.
fn serve(config: Config, greeting: &[String]) -> Outcome {
    actix_web::rt::System::new().block_on(async {
        let running = server::start(config).map_err(told)?;
        println!("Riskregister listens on http://{}", running.address);
        if !greeting.is_empty() {
            println!("  API documentation   http://{}/api/v1/docs/", running.address);
        }
        for line in greeting {
            println!("{line}");
        }
        running.server.await.map_err(|e| vec![e.to_string()])
    })
}

fn health(settings: &Settings) -> Outcome {
    let mut address = settings.listen().map_err(|fault| vec![fault])?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    actix_web::rt::System::new().block_on(async {
        let answer = reqwest::get(format!("http://{address}/healthz")).await.map_err(|e| vec![e.to_string()])?;
        if answer.status().is_success() { Ok(()) } else { Err(vec![format!("answered {}", answer.status())]) }
    })
}
