//! What the operator has decided: environment first, then a file, read once and checked once, every fault named.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Tls;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use tracing_subscriber::EnvFilter;
use url::Url;
use validator::{Validate, ValidateUrl};

use crate::auth::{Demanded, Oidc, OidcClient, Passwords};
use crate::authorities::Authorities;
use crate::domain::webhooks::{Hosts, Retries};
use crate::domain::{email, reminders};
use crate::evidence::checkpoint::PrivateKey;
use crate::files::clamd::Clamd;
use crate::files::store::{Place, S3, Store};
use crate::limits::Proxies;
use crate::storage::logs::Signer;
use crate::storage::{Address, Timestamp};

/// The shortest secret, in bytes.
const SHORTEST_SECRET: usize = 32;
/// Where the demo and `init` keep their data when nothing else is said.
pub const DEFAULT_DATABASE: &str = "sqlite://riskregister.db";
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
/// The file with the secret that tokens are signed with, made by `demo` and `init`.
pub const DEFAULT_SECRET_FILE: &str = "riskregister.secret";
/// The file with the private key that checkpoints are signed with, made by `demo`, `init` and `key`.
pub const DEFAULT_KEY_FILE: &str = "riskregister.key";
/// Where checkpoints are kept besides the database.
pub const DEFAULT_CHECKPOINTS: &str = "riskregister-checkpoints";
/// Where files of evidence are kept.
pub const DEFAULT_FILES: &str = "riskregister-files";
/// The region that a store of one's own is said to be in, where nothing is said.
const DEFAULT_S3_REGION: &str = "us-east-1";
/// How soon another process's events are sent on.
pub const WEBHOOK_INTERVAL: Duration = Duration::from_secs(5);
/// How often there is looked for letters to send.
const MAIL_INTERVAL: Duration = Duration::from_secs(15);
/// Less than this ahead is every clock now and then.
const SHORTEST_LEAP: Duration = Duration::from_secs(3600);
/// How long what goes on by itself may be silent: longer than the longest that it waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(300);
/// How often the service looks whether there is something to do by itself.
pub const ROUND_EVERY: Duration = Duration::from_secs(60);

/// A configuration without faults.
#[derive(Debug, Clone)]
pub struct Config {
    pub database: Address,
    pub listen: SocketAddr,
    pub secret: Vec<u8>,
    /// What they were signed with before, while that is still taken.
    pub secret_before: Option<Vec<u8>>,
    /// What signs checkpoints, and where they are put.
    pub signer: Signer,
    pub oidc: Option<Oidc>,
    /// Whose passwords are taken.
    pub passwords: Passwords,
    /// Connections to the database, at most.
    pub connections: u32,
    /// Where the service is reached from outside, without a trailing slash; for links in answers.
    pub public_url: String,
    /// Requests a minute that one account, or one address without an account, may make, and how many at once.
    pub requests_per_minute: u32,
    /// The proxies whose word on their clients is taken.
    pub trusted_proxies: Proxies,
    /// The hosts that webhooks may lead to wherever they lie, and without TLS.
    pub webhook_hosts: Arc<Hosts>,
    /// How a webhook that fails is tried again. Not a setting: tests are in more of a hurry.
    pub webhook_retries: Retries,
    /// How often webhooks are looked after when this process itself has written nothing.
    pub webhook_interval: Duration,
    /// How mail is sent; none is when nothing is said.
    pub mail: Option<Mail>,
    /// Where people tell the operator that something hinders them; shown in the accessibility statement.
    pub contact: Option<Contact>,
    /// What the accessibility statement says that only who runs the service knows.
    pub statement: Statement,
    /// Where the service puts backups by itself; it makes none when nothing is said.
    pub backups: Option<Backups>,
    /// How long the service says that it is stopping before it takes no more connections.
    pub drain: Duration,
    /// Where `/metrics` is told, where not with all else.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether the register is held against its history each night.
    pub verifies: bool,
    /// Authorities of one's own, whose certificates are trusted too.
    pub authorities: Authorities,
    /// The collector of OpenTelemetry that traces are told to, without a trailing slash.
    pub otlp: Option<String>,
    /// How far ahead of what the register knows of the clock of the machine is believed.
    pub clock_leap: Duration,
    /// How long what goes on by itself may be silent before `/readyz` tells, and how often the rounds come. Neither is a
    /// setting: tests are in more of a hurry.
    pub patience: Duration,
    pub round_every: Duration,
    /// This program itself, of which the reader of workbooks is a child. Not a setting: tests are another program.
    pub program: PathBuf,
    /// Where files of evidence are kept.
    pub files: Store,
    /// Who looks through them for viruses before they are kept; nobody when nothing is said.
    pub clamd: Option<Clamd>,
    /// What a backup does not hold, and where it lies.
    pub not_in_backups: BTreeMap<String, String>,
}

impl Config {
    /// Whether who has forgotten their password can be sent a link for choosing another.
    pub fn sends_links(&self) -> bool {
        self.mail.is_some() && self.passwords.are_on()
    }
}

/// The backups that the service makes by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    pub into: PathBuf,
    pub every: Duration,
    /// How many are kept: older ones are taken away when a new one is there.
    pub keep: usize,
}

/// How long `90m`, `1h` or `7d` is.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return None,
    };
    let number: u64 = number.parse().ok().filter(|number| (1..=10_000).contains(number))?;
    Some(Duration::from_secs(number * seconds))
}

/// The operator's part of the accessibility statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// Whose service it is.
    pub operator: Option<String>,
    /// When it was last assessed whether the pages are accessible.
    pub assessed_on: Option<NaiveDate>,
    /// When the statement was last brought up to date.
    pub updated_on: Option<NaiveDate>,
}

/// Where people reach who runs the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    Mail(lettre::Address),
    Page(Url),
}

impl Contact {
    /// An e-mail address, or the address of a page.
    fn parse(text: &str) -> Option<Self> {
        if let Some(address) = email::read(text) {
            return address.parse().ok().map(Self::Mail);
        }
        let url = Url::parse(text).ok()?;
        // Without a name and a password: it is for everyone to see.
        let open = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        open.then_some(Self::Page(url))
    }

    /// Where a link to it leads.
    pub fn link(&self) -> String {
        match self {
            Self::Mail(address) => {
                let user: String = form_urlencoded::byte_serialize(address.user().as_bytes()).collect();
                format!("mailto:{user}@{}", address.domain())
            }
            Self::Page(url) => url.to_string(),
        }
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail(address) => address.fmt(f),
            Self::Page(url) => url.fmt(f),
        }
    }
}

/// How mail is sent.
#[derive(Clone)]
pub struct Mail {
    /// The mail server, with the password that it asks for.
    pub smtp_url: String,
    /// User and password, where they are given apart from the server.
    pub login: Option<(String, String)>,
    /// Whose certificates are trusted besides those that the system knows.
    pub authorities: Authorities,
    pub from: Mailbox,
    /// How a letter that fails is tried again. Not a setting, nor are the next two: tests are in more of a hurry, and
    /// live on other days.
    pub retries: Retries,
    /// How often there is looked for letters to send.
    pub interval: Duration,
    /// What day it is, when the weekly letters are decided on.
    pub clock: fn() -> Timestamp,
}

impl Mail {
    /// How the mail server is reached.
    pub fn transport(&self) -> Result<AsyncSmtpTransportBuilder, lettre::transport::smtp::Error> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.smtp_url)?;
        // The library has read the address, and made TLS as it says, with the system's authorities alone.
        if let Ok(url) = Url::parse(&self.smtp_url)
            && let Some(host) = url.host_str()
        {
            let said = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
            let tls = match (url.scheme(), said.as_deref()) {
                ("smtps", _) => Some(Tls::Wrapper as fn(_) -> _),
                (_, Some("required")) => Some(Tls::Required as fn(_) -> _),
                (_, Some("opportunistic")) => Some(Tls::Opportunistic as fn(_) -> _),
                _ => None,
            };
            if let Some(tls) = tls {
                builder = builder.tls(tls(self.authorities.tls_to(host)?));
            }
        }
        Ok(match self.login.clone() {
            Some((user, password)) => builder.credentials(Credentials::new(user, password)),
            None => builder,
        })
    }

    /// Sends through this server, with the usual patience.
    pub fn new(smtp_url: String, from: Mailbox) -> Self {
        Self {
            smtp_url,
            login: None,
            authorities: Authorities::default(),
            from,
            retries: reminders::RETRIES,
            interval: MAIL_INTERVAL,
            clock: Timestamp::now,
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The server's address may hold a password.
        f.debug_struct("Mail").field("from", &self.from).finish_non_exhaustive()
    }
}

/// Whom letters are from, by the rule for people's addresses, and as every mail server understands it.
fn sender(text: &str) -> Option<Mailbox> {
    let Mailbox { name, email } = text.parse().ok()?;
    let address = email::on_a_letter(&email::read(email.as_ref())?)?;
    Some(Mailbox { name, email: address.parse().ok()? })
}

/// What is wrong with the address of a mail server, if anything is. Says nothing of what stands in it.
fn smtp_fault(text: &str, login: bool) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else { return Some("is not an address like smtps://user:password@host:465") };
    if AsyncSmtpTransport::<Tokio1Executor>::from_url(text).is_err() {
        return Some("must be like smtps://user:password@host:465, or smtp://user:password@host:587?tls=required");
    }
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let open = url.scheme() == "smtp" && !url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    let password = login || url.password().is_some();
    if open && password && !here {
        return Some("would send the password in the clear: use smtps://, or ?tls=required");
    }
    if login && (url.password().is_some() || !url.username().is_empty()) {
        return Some("names the user besides SMTP_USER: give user and password in one place");
    }
    None
}

/// What is written to the log, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Levels, as `EnvFilter` reads them; checked.
    pub levels: String,
    /// One JSON object a line, for those who collect logs.
    pub json: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { levels: "warn".into(), json: false }
    }
}

/// The levels that there are.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Whether levels can be read: one for all, or such as `warn,riskregister=info`. A word alone that is none is taken for a
/// part of the program by the library, and would turn everything else off.
fn are_levels(text: &str) -> bool {
    let alone = |part: &str| part.contains(['=', '[']) || LEVELS.contains(&part.to_ascii_lowercase().as_str());
    let all = text.contains('[') || text.split(',').map(str::trim).all(alone);
    all && EnvFilter::builder().parse(text).is_ok()
}

/// The settings by name. In the file the same names in lower case: `database_url = "sqlite://register.db"`.
#[derive(Debug, Default, Clone)]
pub struct Settings {
    by_name: BTreeMap<String, String>,
    /// What was given that is no setting, or cannot be read.
    faults: Vec<String>,
}

/// Every name that is read, but for that of the file itself.
pub const NAMES: &[&str] = &[
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "MIGRATION_DATABASE_URL",
    "MIGRATION_DATABASE_URL_FILE",
    "LISTEN",
    "RISKREGISTER_SECRET",
    "RISKREGISTER_SECRET_FILE",
    "RISKREGISTER_SECRET_BEFORE",
    "RISKREGISTER_SECRET_BEFORE_FILE",
    "RISKREGISTER_SIGNING_KEY",
    "RISKREGISTER_SIGNING_KEY_FILE",
    "RISKREGISTER_CHECKPOINTS",
    "RISKREGISTER_PUBLIC_URL",
    "RISKREGISTER_TRUSTED_PROXIES",
    "RISKREGISTER_CONNECTIONS",
    "RISKREGISTER_REQUESTS_PER_MINUTE",
    "RISKREGISTER_OIDC_ISSUER",
    "RISKREGISTER_OIDC_AUDIENCE",
    "RISKREGISTER_OIDC_CLAIM",
    "RISKREGISTER_OIDC_JWKS_URL",
    "RISKREGISTER_OIDC_CLIENT_ID",
    "RISKREGISTER_OIDC_CLIENT_SECRET",
    "RISKREGISTER_OIDC_CLIENT_SECRET_FILE",
    "RISKREGISTER_OIDC_ACR",
    "RISKREGISTER_OIDC_AMR",
    "RISKREGISTER_PASSWORDS",
    "RISKREGISTER_EMERGENCY_ACCOUNT",
    "RISKREGISTER_WEBHOOK_HOSTS",
    "SMTP_URL",
    "SMTP_URL_FILE",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_PASSWORD_FILE",
    "MAIL_FROM",
    "RISKREGISTER_CONTACT",
    "RISKREGISTER_OPERATOR",
    "RISKREGISTER_STATEMENT_ASSESSED",
    "RISKREGISTER_STATEMENT_UPDATED",
    "RISKREGISTER_DRAIN_SECONDS",
    "RISKREGISTER_METRICS_LISTEN",
    "RISKREGISTER_FILES",
    "RISKREGISTER_S3_ENDPOINT",
    "RISKREGISTER_S3_REGION",
    "RISKREGISTER_S3_KEY_ID",
    "RISKREGISTER_S3_KEY",
    "RISKREGISTER_S3_KEY_FILE",
    "RISKREGISTER_CLAMD",
    "RISKREGISTER_BACKUPS",
    "RISKREGISTER_BACKUP_EVERY",
    "RISKREGISTER_BACKUP_KEEP",
    "RISKREGISTER_VERIFY",
    "RISKREGISTER_CLOCK_LEAP",
    "RISKREGISTER_CA_FILE",
    "RISKREGISTER_OTLP_URL",
    "RISKREGISTER_LOG",
    "RISKREGISTER_LOG_FORMAT",
];

/// The name of the file with settings.
pub const FILE: &str = "RISKREGISTER_CONFIG";
/// How every name of ours begins.
const OURS: &str = "RISKREGISTER_";

/// "There is no such setting", with the one that was most likely meant.
fn no_setting(name: &str) -> String {
    let known = NAMES.iter().chain([&FILE]).map(|known| (strsim::damerau_levenshtein(name, known), *known));
    let near = name.trim_start_matches(OURS).len() / 3;
    match known.min().filter(|(distance, _)| *distance <= near) {
        Some((_, known)) => format!("there is no such setting: is {known} meant?"),
        None => "there is no such setting".into(),
    }
}

/// Whether a variable is one that Kubernetes makes in every container for a service that is called as we are, or begins
/// so: `RISKREGISTER_SERVICE_HOST`, `RISKREGISTER_DB_PORT_5432_TCP_ADDR`. Nobody has set it.
fn is_of_cluster(name: &str, value: &str) -> bool {
    let port = || {
        let (_, after) = name.split_once("_PORT_")?;
        let (number, protocol) = after.split_once('_')?;
        let known = ["TCP", "UDP", "SCTP"].iter().any(|p| protocol.strip_prefix(p).is_some_and(is_end));
        Some(known && number.parse::<u16>().is_ok())
    };
    fn is_end(text: &str) -> bool {
        ["", "_PROTO", "_PORT", "_ADDR"].contains(&text)
    }
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && value.contains("://"))
        || port().unwrap_or(false)
}

impl Settings {
    /// Reads the environment, and the file that `RISKREGISTER_CONFIG` names. The environment wins. What is wrong with the
    /// names is told with all else that is ([`Self::check`], [`Self::sound`]).
    pub fn from_environment() -> Self {
        // A value that is no text cannot be read, but its name can.
        let variables =
            std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value.into_string().ok()));
        Self::of_variables(variables)
    }

    /// The same, of these variables.
    pub fn of_variables(variables: impl IntoIterator<Item = (String, Option<String>)>) -> Self {
        let mut given = BTreeMap::new();
        let mut faults = Vec::new();
        // What is set to nothing is as good as not set.
        for (name, value) in variables.into_iter().filter(|(_, value)| value.as_deref() != Some("")) {
            let known = NAMES.contains(&name.as_str()) || name == FILE;
            match value {
                None if known || name.starts_with(OURS) => faults.push(format!("{name}: is not UTF-8")),
                Some(value) if known => drop(given.insert(name, value)),
                Some(value) if name.starts_with(OURS) && !is_of_cluster(&name, &value) => {
                    faults.push(format!("{name}: {}", no_setting(&name)));
                }
                _ => {}
            }
        }
        let mut all = match given.remove(FILE) {
            Some(file) => Self::from_file(Path::new(&file)),
            None => Self::default(),
        };
        for name in given.keys() {
            // A secret that is given here takes the place of a file that is named there, and the other way round.
            let other = name.strip_suffix("_FILE").map_or_else(|| format!("{name}_FILE"), str::to_owned);
            all.by_name.remove(&other);
        }
        all.by_name.append(&mut given);
        faults.append(&mut all.faults);
        all.faults = faults;
        all
    }

    fn from_file(file: &Path) -> Self {
        let mut all = Self::default();
        let read = std::fs::read_to_string(file).map_err(|e| e.to_string());
        let table = match read.and_then(|text| toml::from_str::<toml::Table>(&text).map_err(|e| e.to_string())) {
            Ok(table) => table,
            Err(fault) => {
                all.faults.push(format!("{}: {fault}", file.display()));
                return all;
            }
        };
        for (key, value) in table {
            let name = key.to_uppercase();
            if !NAMES.contains(&name.as_str()) {
                all.faults.push(format!("{}: {key:?}: {}", file.display(), no_setting(&name)));
                continue;
            }
            match value {
                toml::Value::String(s) => drop(all.by_name.insert(name, s)),
                toml::Value::Integer(n) => drop(all.by_name.insert(name, n.to_string())),
                _ => all.faults.push(format!("{}: {key} must be a text or a whole number", file.display())),
            }
        }
        all
    }

    /// Nothing was given that is no setting, for what asks for some of them alone.
    pub fn sound(&self) -> Result<(), Vec<String>> {
        let mut faults = self.faults.clone();
        if let Err(fault) = self.log() {
            faults.extend(fault);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// What is written to the log.
    pub fn log(&self) -> Result<Log, Vec<String>> {
        let mut faults = Vec::new();
        let levels = self.get("RISKREGISTER_LOG").unwrap_or("warn");
        if !are_levels(levels) {
            faults.push(format!(
                "RISKREGISTER_LOG: {levels:?} is not one of {}, nor such as warn,riskregister=info",
                LEVELS.join(", ")
            ));
        }
        let format = self.get("RISKREGISTER_LOG_FORMAT").unwrap_or("text");
        if !["text", "json"].contains(&format) {
            faults.push(format!("RISKREGISTER_LOG_FORMAT: {format:?} is not text or json"));
        }
        if faults.is_empty() { Ok(Log { levels: levels.into(), json: format == "json" }) } else { Err(faults) }
    }

    /// For tests: settings by hand.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self::of_variables(pairs.iter().map(|(name, value)| ((*name).into(), Some((*value).into()))))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    /// A secret, from the file that the same name with `_FILE` names where it is not given itself.
    fn secret(&self, name: &str) -> Result<Option<String>, String> {
        let of_file = format!("{name}_FILE");
        match (self.get(name), self.get(&of_file)) {
            (Some(_), Some(_)) => Err(format!("{of_file}: is given besides {name}: give one of them")),
            (given, None) => Ok(given.map(str::to_owned)),
            (None, Some(file)) => {
                read_private(Path::new(file)).map(Some).map_err(|fault| format!("{of_file}: {fault}"))
            }
        }
    }

    /// The file that holds the secret, if the secret is not given itself.
    pub fn secret_file(&self) -> Option<PathBuf> {
        self.file_of("RISKREGISTER_SECRET", DEFAULT_SECRET_FILE)
    }

    /// The file that holds the signing key, if the key is not given itself.
    pub fn key_file(&self) -> Option<PathBuf> {
        self.file_of("RISKREGISTER_SIGNING_KEY", DEFAULT_KEY_FILE)
    }

    fn file_of(&self, name: &str, default: &str) -> Option<PathBuf> {
        match self.get(name) {
            Some(_) => None,
            None => Some(self.get(&format!("{name}_FILE")).unwrap_or(default).into()),
        }
    }

    /// Makes the secret and the signing key where there are none yet, in files that their owner alone can read.
    pub fn make_secrets(&self) -> Result<(), String> {
        let seed = crate::auth::random_bytes();
        for (file, text) in
            [(self.secret_file(), crate::auth::random_text(48)), (self.key_file(), PrivateKey::of(seed).text())]
        {
            if let Some(file) = file.filter(|file| !file.exists()) {
                write_private(&file, &text).map_err(|e| format!("{}: {e}", file.display()))?;
            }
        }
        Ok(())
    }

    /// What the service makes itself where it is not given: given, or in a file of its own.
    fn private(&self, name: &str, file: Option<PathBuf>, makes: &str, faults: &mut Vec<String>) -> Option<String> {
        let absent = file.as_ref().is_some_and(|file| !file.exists());
        let read = match file {
            Some(file) => read_private(&file).map(Some).map_err(|fault| format!("{name}_FILE: {fault}")),
            None => self.secret(name),
        };
        read.map_err(|fault| {
            faults.push(if absent { format!("{fault} ({makes} makes it; or set {name})") } else { fault });
        })
        .ok()
        .flatten()
    }

    /// The key that checkpoints are signed with.
    fn signing_key(&self, faults: &mut Vec<String>) -> Option<PrivateKey> {
        let name = "RISKREGISTER_SIGNING_KEY";
        let text = self.private(name, self.key_file(), "`riskregister key`", faults)?;
        let key = PrivateKey::read(&text);
        if key.is_none() {
            faults.push(format!("{name}: is not a key: 32 bytes in base64"));
        }
        key
    }

    /// What signs checkpoints, and where they are put.
    pub fn signer(&self) -> Result<Signer, Vec<String>> {
        let mut faults = Vec::new();
        let key = self.signing_key(&mut faults);
        key.map(|key| Signer { key, directory: self.checkpoints() }).ok_or(faults)
    }

    fn checkpoints(&self) -> PathBuf {
        self.get("RISKREGISTER_CHECKPOINTS").unwrap_or(DEFAULT_CHECKPOINTS).into()
    }

    /// What a backup does not hold, and where it lies: never the secrets themselves.
    pub fn not_in_backups(&self) -> BTreeMap<String, String> {
        let told = |name: &str, file: Option<PathBuf>| match file {
            Some(file) => file.display().to_string(),
            None => format!("given as {name}"),
        };
        [
            ("signing key", told("RISKREGISTER_SIGNING_KEY", self.key_file())),
            ("secret", told("RISKREGISTER_SECRET", self.secret_file())),
            ("checkpoints outside", self.checkpoints().display().to_string()),
        ]
        .into_iter()
        .map(|(what, lies)| (what.to_owned(), lies))
        .collect()
    }

    /// Where files of evidence are kept: the store, or everything that is wrong with what is said of it.
    pub fn files(&self) -> Result<Store, Vec<String>> {
        const S3_NAMES: [&str; 5] = [
            "RISKREGISTER_S3_ENDPOINT",
            "RISKREGISTER_S3_REGION",
            "RISKREGISTER_S3_KEY_ID",
            "RISKREGISTER_S3_KEY",
            "RISKREGISTER_S3_KEY_FILE",
        ];
        let said = self.get("RISKREGISTER_FILES").unwrap_or(DEFAULT_FILES);
        let Some(bucket) = said.strip_prefix("s3://") else {
            let beside = S3_NAMES.iter().filter(|name| self.get(name).is_some());
            let mut faults: Vec<String> =
                beside.map(|name| format!("{name}: means nothing without RISKREGISTER_FILES as s3://BUCKET")).collect();
            if said.contains("://") {
                faults.push("RISKREGISTER_FILES: must be a directory, or s3://BUCKET or s3://BUCKET/PREFIX".into());
            }
            if !faults.is_empty() {
                return Err(faults);
            }
            return Ok(Store::in_directory(Path::new(said)));
        };
        let mut faults = Vec::new();
        let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if bucket.is_empty() || !bucket.chars().all(plain) || !prefix.chars().all(|c| plain(c) || c == '/') {
            faults.push(
                "RISKREGISTER_FILES: must be s3://BUCKET or s3://BUCKET/PREFIX, of letters, digits, - . and _".into(),
            );
        }
        let endpoint = self.get("RISKREGISTER_S3_ENDPOINT");
        let is_web = |text: &str| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if endpoint.is_some_and(|endpoint| !is_web(endpoint)) {
            faults.push("RISKREGISTER_S3_ENDPOINT: must be an address like https://s3.example.org".into());
        }
        let key = self.secret("RISKREGISTER_S3_KEY").unwrap_or_else(|fault| {
            faults.push(fault);
            Some(String::new())
        });
        let key_id = self.get("RISKREGISTER_S3_KEY_ID");
        for (name, is_there) in [("RISKREGISTER_S3_KEY_ID", key_id.is_some()), ("RISKREGISTER_S3_KEY", key.is_some())] {
            if !is_there {
                faults.push(format!("{name}: is required with RISKREGISTER_FILES as s3://BUCKET"));
            }
        }
        let authorities = self.get("RISKREGISTER_CA_FILE").map(std::fs::read).and_then(Result::ok);
        if !faults.is_empty() {
            return Err(faults);
        }
        let s3 = S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: endpoint.map(str::to_owned),
            region: self.get("RISKREGISTER_S3_REGION").unwrap_or(DEFAULT_S3_REGION).to_owned(),
            key_id: key_id.unwrap_or_default().to_owned(),
            key: key.unwrap_or_default(),
            authorities,
        };
        Store::open(Place::S3(s3)).map_err(|fault| vec![format!("RISKREGISTER_FILES: {fault}")])
    }

    /// Who looks through files for viruses.
    fn clamd(&self) -> Result<Option<Clamd>, String> {
        let said = self.get("RISKREGISTER_CLAMD");
        said.map(|said| {
            Clamd::parse(said).ok_or_else(|| {
                "RISKREGISTER_CLAMD: must be HOST:PORT, or the whole path of a socket like /run/clamav/clamd.ctl".into()
            })
        })
        .transpose()
    }

    /// What a setting lists, parted by commas or spaces.
    fn words(&self, name: &str) -> Vec<String> {
        let said = self.get(name).unwrap_or_default();
        said.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    /// Whose passwords are taken. `client`: people can sign in to the pages at an issuer.
    fn passwords(&self, client: bool, faults: &mut Vec<String>) -> Passwords {
        let emergency = self.get("RISKREGISTER_EMERGENCY_ACCOUNT");
        match self.get("RISKREGISTER_PASSWORDS").unwrap_or("on") {
            "off" => {
                if !client {
                    faults.push(
                        "RISKREGISTER_OIDC_CLIENT_ID: is required with RISKREGISTER_PASSWORDS=off: nobody could sign in"
                            .into(),
                    );
                }
                let read = emergency.map(email::read);
                if read == Some(None) {
                    faults.push("RISKREGISTER_EMERGENCY_ACCOUNT: must be the e-mail address of an account".into());
                }
                return Passwords::Off { emergency: read.flatten() };
            }
            "on" => {}
            other => faults.push(format!("RISKREGISTER_PASSWORDS: {other:?} is not on or off")),
        }
        if emergency.is_some() {
            faults.push("RISKREGISTER_EMERGENCY_ACCOUNT: means nothing without RISKREGISTER_PASSWORDS=off".into());
        }
        Passwords::On
    }

    /// How far ahead of what the register knows of the clock of the machine is believed.
    pub fn clock_leap(&self) -> Result<Duration, String> {
        duration(self.get("RISKREGISTER_CLOCK_LEAP").unwrap_or("1d"))
            .filter(|leap| *leap >= SHORTEST_LEAP)
            .ok_or_else(|| "RISKREGISTER_CLOCK_LEAP: must be an hour or more, in hours or days, like 12h or 1d".into())
    }

    /// The backups that the service makes by itself.
    fn backups(&self, faults: &mut Vec<String>) -> Option<Backups> {
        let every = self.get("RISKREGISTER_BACKUP_EVERY");
        let keep = self.get("RISKREGISTER_BACKUP_KEEP");
        let Some(into) = self.get("RISKREGISTER_BACKUPS") else {
            for (name, given) in [("RISKREGISTER_BACKUP_EVERY", every), ("RISKREGISTER_BACKUP_KEEP", keep)] {
                if given.is_some() {
                    faults.push(format!(
                        "{name}: means nothing without RISKREGISTER_BACKUPS, the folder that they go into"
                    ));
                }
            }
            return None;
        };
        let read = duration(every.unwrap_or("1h"));
        if read.is_none() {
            faults.push(
                "RISKREGISTER_BACKUP_EVERY: must be a number of minutes, hours or days, like 30m, 1h or 1d".into(),
            );
        }
        let kept = keep.unwrap_or("48").parse().ok().filter(|keep| (1..=10_000).contains(keep));
        if kept.is_none() {
            faults.push("RISKREGISTER_BACKUP_KEEP: must be 1 to 10000".into());
        }
        Some(Backups { into: into.into(), every: read?, keep: kept? })
    }

    /// Where the data lie; the one thing that every command needs.
    pub fn database(&self) -> Result<Address, String> {
        let url = self.secret("DATABASE_URL")?;
        Address::parse(url.as_deref().unwrap_or(DEFAULT_DATABASE)).map_err(|e| format!("DATABASE_URL: {e}"))
    }

    /// Where migrations are run from, as the owner of the tables, when that is another role of PostgreSQL than the
    /// application's.
    pub fn migration_database(&self) -> Result<Option<Address>, String> {
        let Some(url) = self.secret("MIGRATION_DATABASE_URL")? else { return Ok(None) };
        match Address::parse(&url).map_err(|e| format!("MIGRATION_DATABASE_URL: {e}"))? {
            Address::Sqlite(_) => Err("MIGRATION_DATABASE_URL: only PostgreSQL has roles".into()),
            address => Ok(Some(address)),
        }
    }

    pub fn listen(&self) -> Result<SocketAddr, String> {
        address_and_port("LISTEN", self.get("LISTEN").unwrap_or(DEFAULT_LISTEN))
    }

    /// How mail is sent: all of it is said, or nothing.
    fn mail(&self, authorities: &Authorities, faults: &mut Vec<String>) -> Option<Mail> {
        let mut secret = |name: &str| self.secret(name).map_err(|fault| faults.push(fault)).ok().flatten();
        let (server, password) = (secret("SMTP_URL"), secret("SMTP_PASSWORD"));
        // Who has given a file has given it, whatever became of it.
        let given = |name: &str| self.get(name).is_some() || self.get(&format!("{name}_FILE")).is_some();
        if !["SMTP_URL", "MAIL_FROM", "SMTP_USER", "SMTP_PASSWORD"].into_iter().any(given) {
            return None;
        }
        for (name, others) in [
            ("SMTP_URL", &["MAIL_FROM", "SMTP_USER", "SMTP_PASSWORD"][..]),
            ("MAIL_FROM", &["SMTP_URL"]),
            ("SMTP_USER", &["SMTP_PASSWORD"]),
            ("SMTP_PASSWORD", &["SMTP_USER"]),
        ] {
            if let Some(other) = others.iter().find(|other| given(other)).filter(|_| !given(name)) {
                faults.push(format!("{name}: is required with {other}"));
            }
        }
        if self.get("RISKREGISTER_PUBLIC_URL").is_none() {
            faults.push("RISKREGISTER_PUBLIC_URL: is required with SMTP_URL and MAIL_FROM: letters lead there".into());
        }
        let login = given("SMTP_USER") || given("SMTP_PASSWORD");
        if let Some(fault) = server.as_deref().and_then(|server| smtp_fault(server, login)) {
            faults.push(format!("SMTP_URL: {fault}"));
        }
        let read = self.get("MAIL_FROM").map(sender);
        if let Some(None) = &read {
            faults.push("MAIL_FROM: must be like risk@example.org, or Riskregistret <risk@example.org>".into());
        }
        let login = self.get("SMTP_USER").map(str::to_owned).zip(password);
        Some(Mail { login, authorities: authorities.clone(), ..Mail::new(server?, read??) })
    }

    /// The configuration, or everything that is wrong with it.
    pub fn check(&self) -> Result<Config, Vec<String>> {
        let mut faults = self.sound().err().unwrap_or_default();
        let mut take = |r: Result<_, String>| r.map_err(|f| faults.push(f)).ok();
        let database = take(self.database());
        let listen = self.listen().map_err(|f| faults.push(f)).ok();
        // For `migrate` alone, and told here with the rest.
        faults.extend(self.migration_database().err());

        let secret = self
            .private("RISKREGISTER_SECRET", self.secret_file(), "`riskregister init`", &mut faults)
            // A fault is named once: what is missing is not too short besides.
            .unwrap_or_else(|| " ".repeat(32))
            .into_bytes();
        let secret_before = take_secret(self, "RISKREGISTER_SECRET_BEFORE", &mut faults).map(String::into_bytes);
        if secret_before.as_ref().is_some_and(|before| before.len() < SHORTEST_SECRET) {
            faults.push("RISKREGISTER_SECRET_BEFORE: must have at least 32 characters, as it had".into());
        }
        if secret_before.as_ref() == Some(&secret) {
            faults.push("RISKREGISTER_SECRET_BEFORE: is the same as RISKREGISTER_SECRET".into());
        }
        let key = self.signing_key(&mut faults);

        #[derive(Validate)]
        struct Checked {
            #[validate(length(min = 32))]
            secret: String,
            #[validate(range(min = 1, max = 200))]
            connections: u32,
            #[validate(range(min = 1, max = 10_000_000))]
            requests_per_minute: u32,
            #[validate(range(max = 600))]
            drain_seconds: u32,
        }
        let mut number = |name: &str, default: u32| match self.get(name).map(str::parse) {
            None => default,
            Some(Ok(n)) => n,
            Some(Err(_)) => {
                faults.push(format!("{name}: must be a whole number"));
                default
            }
        };
        let checked = Checked {
            connections: number("RISKREGISTER_CONNECTIONS", 8),
            requests_per_minute: number("RISKREGISTER_REQUESTS_PER_MINUTE", 6000),
            drain_seconds: number("RISKREGISTER_DRAIN_SECONDS", 0),
            secret: String::from_utf8_lossy(&secret).into_owned(),
        };
        if let Err(e) = checked.validate() {
            for field in e.field_errors().keys() {
                faults.push(match field.as_ref() {
                    "secret" => "RISKREGISTER_SECRET: must have at least 32 characters".into(),
                    "connections" => "RISKREGISTER_CONNECTIONS: must be 1 to 200".into(),
                    "drain_seconds" => "RISKREGISTER_DRAIN_SECONDS: must be 0 to 600".into(),
                    _ => "RISKREGISTER_REQUESTS_PER_MINUTE: must be 1 to 10000000".to_string(),
                });
            }
        }

        let mut url = |name: &str| {
            self.get(name).map(|text| {
                let read = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
                match read.filter(|_| text.validate_url()) {
                    None => faults.push(format!("{name}: is not an http or https address")),
                    Some(url) if name == "RISKREGISTER_PUBLIC_URL" => {
                        let bare = url.username().is_empty() && url.password().is_none();
                        if !url.path().trim_end_matches('/').is_empty() || url.query().is_some() || url.fragment().is_some() {
                            faults.push(format!(
                                "{name}: has more than a host and a port: pages and cookies are at the top of their host, \
                                 so the links in letters would lead nowhere; give the register a host of its own"
                            ));
                        } else if !bare {
                            faults.push(format!("{name}: must hold no user and no password"));
                        }
                    }
                    Some(url) if name.starts_with("RISKREGISTER_OIDC") => {
                        let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
                        if url.scheme() != "https" && !here {
                            faults.push(format!("{name}: must begin with https://: who stands between could be anybody"));
                        }
                    }
                    Some(_) => {}
                }
                text.trim_end_matches('/').to_owned()
            })
        };
        let public_url = url("RISKREGISTER_PUBLIC_URL");
        url("RISKREGISTER_OIDC_ISSUER");
        let jwks_url = url("RISKREGISTER_OIDC_JWKS_URL");
        let otlp = url("RISKREGISTER_OTLP_URL");
        let authorities = self.get("RISKREGISTER_CA_FILE").map(|file| Authorities::read(Path::new(file)));
        let authorities = authorities
            .transpose()
            .map_err(|fault| faults.push(format!("RISKREGISTER_CA_FILE: {fault}")))
            .ok()
            .flatten()
            .unwrap_or_default();
        let client_secret = take_secret(self, "RISKREGISTER_OIDC_CLIENT_SECRET", &mut faults);
        let has_client_secret = ["RISKREGISTER_OIDC_CLIENT_SECRET", "RISKREGISTER_OIDC_CLIENT_SECRET_FILE"]
            .into_iter()
            .find(|name| self.get(name).is_some());
        let oidc = match (self.get("RISKREGISTER_OIDC_ISSUER"), self.get("RISKREGISTER_OIDC_AUDIENCE")) {
            // The issuer is compared letter by letter, so it is kept as written.
            (Some(issuer), Some(audience)) => Some(Oidc {
                issuer: issuer.to_owned(),
                audience: audience.to_owned(),
                claim: self.get("RISKREGISTER_OIDC_CLAIM").unwrap_or("sub").to_owned(),
                demanded: Demanded {
                    acr: self.words("RISKREGISTER_OIDC_ACR"),
                    amr: self.words("RISKREGISTER_OIDC_AMR"),
                },
                jwks_url,
                authorities: authorities.clone(),
                client: self
                    .get("RISKREGISTER_OIDC_CLIENT_ID")
                    .map(|id| OidcClient { id: id.to_owned(), secret: client_secret }),
            }),
            (None, None) => {
                for name in [
                    "RISKREGISTER_OIDC_CLAIM",
                    "RISKREGISTER_OIDC_JWKS_URL",
                    "RISKREGISTER_OIDC_CLIENT_ID",
                    "RISKREGISTER_OIDC_CLIENT_SECRET",
                    "RISKREGISTER_OIDC_CLIENT_SECRET_FILE",
                    "RISKREGISTER_OIDC_ACR",
                    "RISKREGISTER_OIDC_AMR",
                ] {
                    if self.get(name).is_some() {
                        faults.push(format!("{name}: means nothing without RISKREGISTER_OIDC_ISSUER"));
                    }
                }
                None
            }
            (Some(_), None) => {
                faults.push("RISKREGISTER_OIDC_AUDIENCE: is required with RISKREGISTER_OIDC_ISSUER".into());
                None
            }
            (None, Some(_)) => {
                faults.push("RISKREGISTER_OIDC_ISSUER: is required with RISKREGISTER_OIDC_AUDIENCE".into());
                None
            }
        };
        let client = self.get("RISKREGISTER_OIDC_CLIENT_ID").is_some();
        if client && oidc.is_some() && self.get("RISKREGISTER_PUBLIC_URL").is_none() {
            faults.push(
                "RISKREGISTER_PUBLIC_URL: is required with RISKREGISTER_OIDC_CLIENT_ID: the issuer sends people back there"
                    .into(),
            );
        }
        if let Some(given) = has_client_secret.filter(|_| !client && oidc.is_some()) {
            faults.push(format!("RISKREGISTER_OIDC_CLIENT_ID: is required with {given}"));
        }
        for name in ["RISKREGISTER_OIDC_ACR", "RISKREGISTER_OIDC_AMR"] {
            if self.get(name).is_some() && self.words(name).is_empty() {
                faults.push(format!("{name}: names nothing that is demanded"));
            }
        }
        let passwords = self.passwords(client, &mut faults);
        let webhook_hosts = Hosts::parse(self.get("RISKREGISTER_WEBHOOK_HOSTS").unwrap_or_default());
        if let Err(unread) = &webhook_hosts {
            let unread = unread.join(", ");
            faults.push(format!("RISKREGISTER_WEBHOOK_HOSTS: {unread}: must be HOST or HOST:PORT, parted by commas"));
        }
        let trusted_proxies = Proxies::parse(self.get("RISKREGISTER_TRUSTED_PROXIES").unwrap_or_default());
        if let Err(unread) = &trusted_proxies {
            let unread = unread.join(", ");
            faults.push(format!(
                "RISKREGISTER_TRUSTED_PROXIES: {unread}: must be networks or addresses, like 10.0.0.0/8, parted by commas, \
                 and not that of everybody"
            ));
        }
        let mail = self.mail(&authorities, &mut faults);
        let contact = self.get("RISKREGISTER_CONTACT").map(Contact::parse);
        if contact == Some(None) {
            faults.push(
                "RISKREGISTER_CONTACT: must be an e-mail address, or an address that begins with https://".into(),
            );
        }
        let mut day = |name: &str| {
            let read = self.get(name).map(str::parse::<NaiveDate>);
            if read.as_ref().is_some_and(Result::is_err) {
                faults.push(format!("{name}: must be a day, as 2026-03-31"));
            }
            read.and_then(Result::ok)
        };
        let statement = Statement {
            assessed_on: day("RISKREGISTER_STATEMENT_ASSESSED"),
            updated_on: day("RISKREGISTER_STATEMENT_UPDATED"),
            operator: self.get("RISKREGISTER_OPERATOR").map(str::to_owned),
        };
        let metrics_listen =
            self.get("RISKREGISTER_METRICS_LISTEN").map(|text| address_and_port("RISKREGISTER_METRICS_LISTEN", text));
        let metrics_listen = metrics_listen.transpose().map_err(|f| faults.push(f)).ok();
        let backups = self.backups(&mut faults);
        let verify = self.get("RISKREGISTER_VERIFY").unwrap_or("nightly");
        if !["nightly", "off"].contains(&verify) {
            faults.push(format!("RISKREGISTER_VERIFY: {verify:?} is not nightly or off"));
        }
        let clock_leap = self.clock_leap().map_err(|fault| faults.push(fault)).unwrap_or_default();
        let files = self.files().map_err(|more| faults.extend(more)).ok();
        let clamd = self.clamd().map_err(|fault| faults.push(fault)).ok().flatten();
        match (database, listen, key, files) {
            (Some(database), Some(listen), Some(key), Some(files)) if faults.is_empty() => Ok(Config {
                database,
                listen,
                public_url: public_url.unwrap_or_else(|| format!("http://{listen}")),
                secret,
                secret_before,
                signer: Signer { key, directory: self.checkpoints() },
                oidc,
                passwords,
                connections: checked.connections,
                requests_per_minute: checked.requests_per_minute,
                trusted_proxies: trusted_proxies.unwrap_or_default(),
                webhook_hosts: Arc::new(webhook_hosts.unwrap_or_default()),
                webhook_retries: Retries::default(),
                webhook_interval: WEBHOOK_INTERVAL,
                mail,
                contact: contact.flatten(),
                statement,
                drain: Duration::from_secs(checked.drain_seconds.into()),
                metrics_listen: metrics_listen.flatten(),
                backups,
                verifies: verify == "nightly",
                authorities,
                otlp,
                clock_leap,
                patience: PATIENCE,
                round_every: ROUND_EVERY,
                program: "/proc/self/exe".into(),
                files,
                clamd,
                not_in_backups: self.not_in_backups(),
            }),
            _ => Err(faults),
        }
    }
}

/// An address to listen at.
fn address_and_port(name: &str, text: &str) -> Result<SocketAddr, String> {
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| format!("{name}: {text:?} is not an address and a port, like {DEFAULT_LISTEN}"))
}

/// A secret of the settings; its fault with the others.
fn take_secret(settings: &Settings, name: &str, faults: &mut Vec<String>) -> Option<String> {
    settings.secret(name).map_err(|fault| faults.push(fault)).ok().flatten()
}

/// What stands in a file that only its owner can read.
fn read_private(file: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    if is_open_to_others(file) {
        return Err(format!("{}: others can read it; run chmod 600 on it", file.display()));
    }
    match text.trim() {
        "" => Err(format!("{}: holds nothing", file.display())),
        text => Ok(text.to_owned()),
    }
}

#[cfg(unix)]
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(text.as_bytes())
}

/// Whether others can read a file. The group may where the file is another's: by the group alone is it for us then, as the
/// secrets of a cluster are.
#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).is_ok_and(|about| {
        let anothers = std::fs::metadata("/proc/self").is_ok_and(|us| us.uid() != about.uid());
        about.mode() & if anothers { 0o007 } else { 0o077 } != 0
    })
}
