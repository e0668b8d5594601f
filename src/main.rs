//! The command line: arguments in, one of the register's jobs out.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use riskregister::api;
use riskregister::command::{
    Outcome, backup, check, clock, demo, export, health, init, key, migrate, serve, token, user, verify, workbook,
};
use riskregister::config::{Log, Settings};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Riskregister: the open register of internal-control risks for public bodies.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Settings are read from the environment, then from the file that RISKREGISTER_CONFIG names: \
DATABASE_URL (sqlite://FILE or postgres://…), MIGRATION_DATABASE_URL, LISTEN, RISKREGISTER_SECRET, RISKREGISTER_SECRET_BEFORE, \
RISKREGISTER_SIGNING_KEY, RISKREGISTER_CHECKPOINTS, RISKREGISTER_PUBLIC_URL, RISKREGISTER_TRUSTED_PROXIES, \
RISKREGISTER_CONNECTIONS, RISKREGISTER_REQUESTS_PER_MINUTE, RISKREGISTER_OIDC_ISSUER, _AUDIENCE, _CLAIM, \
_JWKS_URL, _CLIENT_ID, _CLIENT_SECRET, _ACR and _AMR, RISKREGISTER_PASSWORDS, RISKREGISTER_EMERGENCY_ACCOUNT, \
RISKREGISTER_WEBHOOK_HOSTS, SMTP_URL, SMTP_USER, SMTP_PASSWORD, MAIL_FROM, RISKREGISTER_CONTACT, \
RISKREGISTER_OPERATOR, RISKREGISTER_STATEMENT_ASSESSED, RISKREGISTER_STATEMENT_UPDATED, \
RISKREGISTER_DRAIN_SECONDS, RISKREGISTER_METRICS_LISTEN, \
RISKREGISTER_FILES, RISKREGISTER_S3_ENDPOINT, RISKREGISTER_S3_REGION, RISKREGISTER_S3_KEY_ID, \
RISKREGISTER_S3_KEY, RISKREGISTER_CLAMD, \
RISKREGISTER_BACKUPS, RISKREGISTER_BACKUP_EVERY, RISKREGISTER_BACKUP_KEEP, RISKREGISTER_VERIFY, \
RISKREGISTER_CLOCK_LEAP, RISKREGISTER_CA_FILE, RISKREGISTER_OTLP_URL, RISKREGISTER_LOG and RISKREGISTER_LOG_FORMAT. \
A secret can lie in a file that its owner alone can read, which is named by DATABASE_URL_FILE, \
MIGRATION_DATABASE_URL_FILE, RISKREGISTER_SECRET_FILE, RISKREGISTER_SECRET_BEFORE_FILE, RISKREGISTER_SIGNING_KEY_FILE, \
RISKREGISTER_OIDC_CLIENT_SECRET_FILE, RISKREGISTER_S3_KEY_FILE, SMTP_URL_FILE or SMTP_PASSWORD_FILE."
)]
struct Arguments {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand)]
enum Job {
    /// Fill an empty register with SLSO's plan for 2024, and serve it.
    Demo(demo::DemoArguments),
    /// Make a real register: its name, its administrator, its scale.
    Init(init::InitArguments),
    /// Serve the register.
    Serve,
    /// Bring the database to the newest schema.
    Migrate,
    /// Make the key that checkpoints are signed with, where there is none, and print the public one.
    Key,
    /// Hold a register, or a receipt, against its own history, without trusting who runs it. Ends with status 1 when
    /// something does not hold.
    Verify(verify::VerifyArguments),
    /// Write the register with its history to a new SQLite file, for auditors: without passwords and sessions.
    Export {
        /// The file to write; it must not be there.
        file: std::path::PathBuf,
    },
    /// Make a backup of the register in one file, while it is served: all of it but the keys.
    Backup {
        /// The file to write; it must not be there.
        file: std::path::PathBuf,
    },
    /// Put a register back from a backup into an empty database of either kind. The history goes on in a new epoch, and
    /// says so.
    Restore(backup::RestoreArguments),
    /// Move a register from one database to an empty one of either kind; the old one takes nothing more.
    Move(backup::MoveArguments),
    /// Print openapi.yaml.
    Openapi,
    /// Print a bearer token for a user, for scripts on this host. It holds a day.
    Token {
        /// The user's e-mail address.
        email: String,
    },
    /// People.
    #[command(subcommand)]
    User(user::UserJob),
    /// Say of the settings, the database, the key, checkpoints, mail and the issuer what holds and what does not, without
    /// starting. Ends with status 1 when anything does not hold.
    Check,
    /// Say until when the register believes this machine's clock, and with --accept believe it as it stands: when it is right
    /// and the register says that it is far ahead, as after days without power.
    Clock {
        /// The clock is right: go on by it.
        #[arg(long)]
        accept: bool,
    },
    /// Ask the service at LISTEN whether it is alive; for health checks.
    Health,
    /// The service's own: read a workbook from standard input, within limits.
    #[command(hide = true)]
    ReadWorkbook,
}

/// Tells on standard error what happens, as the settings say.
fn start_log(log: &Log) {
    let to = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&log.levels))
        .with_writer(std::io::stderr)
        // A line that cannot be written is lost. Told of on standard error too, it would end the thread that wrote it.
        .log_internal_errors(false);
    if log.json {
        to.json().flatten_event(true).init();
    } else {
        to.with_ansi(std::io::stderr().is_terminal()).init();
    }
}

fn main() -> ExitCode {
    let job = Arguments::parse().job;
    // Before anything else: it knows no settings, and has limits of its own.
    if let Job::ReadWorkbook = job {
        return workbook::run();
    }
    let settings = Settings::from_environment();
    // What is wrong with it is told with all else that is.
    start_log(&settings.log().unwrap_or_default());
    match run(job, &settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(faults) => {
            for fault in faults {
                let _ = writeln!(std::io::stderr(), "riskregister: {fault}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(job: Job, settings: &Settings) -> Outcome {
    match &job {
        Job::Openapi | Job::ReadWorkbook => {}
        // These look at every setting, and tell all that is wrong at once.
        Job::Serve | Job::Demo(_) | Job::Token { .. } | Job::Check => {}
        _ => settings.sound()?,
    }
    match job {
        Job::Openapi => {
            print!("{}", api::yaml(&api::operations()));
            Ok(())
        }
        Job::Demo(arguments) => demo::run(settings, &arguments),
        Job::Init(arguments) => init::run(settings, &arguments),
        Job::Serve => serve::run(settings.check()?, &[]),
        Job::Migrate => migrate::run(settings),
        Job::Key => key::run(settings),
        Job::Verify(arguments) => verify::run(settings, &arguments),
        Job::Export { file } => export::run(settings, &file),
        Job::Backup { file } => backup::back_up(settings, &file),
        Job::Restore(arguments) => backup::restore(settings, &arguments),
        Job::Move(arguments) => backup::carry_over(&arguments),
        Job::Token { email } => token::run(&settings.check()?, &email),
        Job::User(job) => user::run(settings, job),
        Job::Check => check::run(settings),
        Job::Clock { accept } => clock::run(settings, accept),
        Job::Health => health::run(settings),
        Job::ReadWorkbook => Ok(()),
    }
}
