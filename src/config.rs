//! What the operator has decided: environment first, then a file, read once and checked once, every fault named.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use url::Url;
use validator::{Validate, ValidateUrl};

use crate::auth::{Oidc, OidcClient};
use crate::domain::webhooks::{Hosts, Retries};
use crate::domain::{email, reminders};
use crate::evidence::checkpoint::PrivateKey;
use crate::storage::logs::Signer;
use crate::storage::{Address, Timestamp};

/// Where the demo and `init` keep their data when nothing else is said.
pub const DEFAULT_DATABASE: &str = "sqlite://riskregister.db";
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
/// The file with the secret that tokens are signed with, made by `demo` and `init`.
pub const DEFAULT_SECRET_FILE: &str = "riskregister.secret";
/// The file with the private key that checkpoints are signed with, made by `demo`, `init` and `key`.
pub const DEFAULT_KEY_FILE: &str = "riskregister.key";
/// Where checkpoints are kept besides the database.
pub const DEFAULT_CHECKPOINTS: &str = "riskregister-checkpoints";
/// How soon another process's events are sent on.
pub const WEBHOOK_INTERVAL: Duration = Duration::from_secs(5);
/// How often there is looked for letters to send.
const MAIL_INTERVAL: Duration = Duration::from_secs(15);

/// A configuration without faults.
#[derive(Debug, Clone)]
pub struct Config {
    pub database: Address,
    pub listen: SocketAddr,
    pub secret: Vec<u8>,
    /// What signs checkpoints, and where they are put.
    pub signer: Signer,
    pub oidc: Option<Oidc>,
    /// Connections to the database, at most.
    pub connections: u32,
    /// Where the service is reached from outside, without a trailing slash; for links in answers.
    pub public_url: String,
    /// Requests a minute that one address may make, and how many at once.
    pub requests_per_minute: u32,
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
    /// Sends through this server, with the usual patience.
    pub fn new(smtp_url: String, from: Mailbox) -> Self {
        Self { smtp_url, from, retries: reminders::RETRIES, interval: MAIL_INTERVAL, clock: Timestamp::now }
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
fn smtp_fault(text: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else { return Some("is not an address like smtps://user:password@host:465") };
    if AsyncSmtpTransport::<Tokio1Executor>::from_url(text).is_err() {
        return Some("must be like smtps://user:password@host:465, or smtp://user:password@host:587?tls=required");
    }
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let open = url.scheme() == "smtp" && !url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    if open && url.password().is_some() && !here {
        return Some("would send the password in the clear: use smtps://, or ?tls=required");
    }
    None
}

/// The settings by name. In the file the same names in lower case: `database_url = "sqlite://register.db"`.
#[derive(Debug, Default, Clone)]
pub struct Settings(BTreeMap<String, String>);

/// Every name that is read.
pub const NAMES: &[&str] = &[
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "LISTEN",
    "RISKREGISTER_SECRET",
    "RISKREGISTER_SECRET_FILE",
    "RISKREGISTER_SIGNING_KEY",
    "RISKREGISTER_SIGNING_KEY_FILE",
    "RISKREGISTER_CHECKPOINTS",
    "RISKREGISTER_PUBLIC_URL",
    "RISKREGISTER_CONNECTIONS",
    "RISKREGISTER_REQUESTS_PER_MINUTE",
    "RISKREGISTER_OIDC_ISSUER",
    "RISKREGISTER_OIDC_AUDIENCE",
    "RISKREGISTER_OIDC_CLAIM",
    "RISKREGISTER_OIDC_JWKS_URL",
    "RISKREGISTER_OIDC_CLIENT_ID",
    "RISKREGISTER_OIDC_CLIENT_SECRET",
    "RISKREGISTER_WEBHOOK_HOSTS",
    "SMTP_URL",
    "MAIL_FROM",
    "RISKREGISTER_CONTACT",
    "RISKREGISTER_OPERATOR",
    "RISKREGISTER_STATEMENT_ASSESSED",
    "RISKREGISTER_STATEMENT_UPDATED",
];

impl Settings {
    /// Reads the environment, and the file that `RISKREGISTER_CONFIG` names. The environment wins.
    pub fn from_environment() -> Result<Self, Vec<String>> {
        let mut all = match std::env::var("RISKREGISTER_CONFIG") {
            Ok(file) if !file.is_empty() => Self::from_file(Path::new(&file))?.0,
            _ => BTreeMap::new(),
        };
        for name in NAMES {
            if let Ok(value) = std::env::var(name)
                && !value.is_empty()
            {
                all.insert((*name).into(), value);
            }
        }
        Ok(Self(all))
    }

    fn from_file(file: &Path) -> Result<Self, Vec<String>> {
        let text = std::fs::read_to_string(file).map_err(|e| vec![format!("{}: {e}", file.display())])?;
        let table: toml::Table = toml::from_str(&text).map_err(|e| vec![format!("{}: {e}", file.display())])?;
        let mut faults = Vec::new();
        let mut all = BTreeMap::new();
        for (key, value) in table {
            let name = key.to_uppercase();
            if !NAMES.contains(&name.as_str()) {
                faults.push(format!("{}: there is no setting {key:?}", file.display()));
                continue;
            }
            match value {
                toml::Value::String(s) => all.insert(name, s),
                toml::Value::Integer(n) => all.insert(name, n.to_string()),
                _ => {
                    faults.push(format!("{}: {key} must be a text or a whole number", file.display()));
                    None
                }
            };
        }
        if faults.is_empty() { Ok(Self(all)) } else { Err(faults) }
    }

    /// For tests: settings by hand.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
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

    /// What must be kept from others: given itself, or in a file of its own.
    fn private(&self, name: &str, file: Option<PathBuf>, makes: &str, faults: &mut Vec<String>) -> Option<String> {
        let Some(file) = file else { return self.get(name).map(str::to_owned) };
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                if is_open_to_others(&file) {
                    faults.push(format!("{}: others can read it; run chmod 600 on it", file.display()));
                }
                Some(text.trim().to_owned())
            }
            Err(e) => {
                faults.push(format!("{name}_FILE: {}: {e} ({makes} makes it; or set {name})", file.display()));
                None
            }
        }
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

    /// Where the data lie; the one thing that every command needs.
    pub fn database(&self) -> Result<Address, String> {
        Address::parse(self.get("DATABASE_URL").unwrap_or(DEFAULT_DATABASE)).map_err(|e| format!("DATABASE_URL: {e}"))
    }

    /// Where migrations are run from, as the owner of the tables, when that is another role of PostgreSQL than the
    /// application's.
    pub fn migration_database(&self) -> Result<Option<Address>, String> {
        let Some(url) = self.get("MIGRATION_DATABASE_URL") else { return Ok(None) };
        match Address::parse(url).map_err(|e| format!("MIGRATION_DATABASE_URL: {e}"))? {
            Address::Sqlite(_) => Err("MIGRATION_DATABASE_URL: only PostgreSQL has roles".into()),
            address => Ok(Some(address)),
        }
    }

    pub fn listen(&self) -> Result<SocketAddr, String> {
        let text = self.get("LISTEN").unwrap_or(DEFAULT_LISTEN);
        text.to_socket_addrs()
            .ok()
            .and_then(|mut all| all.next())
            .ok_or_else(|| format!("LISTEN: {text:?} is not an address and a port, like {DEFAULT_LISTEN}"))
    }

    /// How mail is sent: all of it is said, or nothing.
    fn mail(&self, faults: &mut Vec<String>) -> Option<Mail> {
        let (smtp, from) = match (self.get("SMTP_URL"), self.get("MAIL_FROM")) {
            (None, None) => return None,
            (smtp, from) => (smtp, from),
        };
        for (name, other, value) in [("SMTP_URL", "MAIL_FROM", smtp), ("MAIL_FROM", "SMTP_URL", from)] {
            if value.is_none() {
                faults.push(format!("{name}: is required with {other}"));
            }
        }
        if self.get("RISKREGISTER_PUBLIC_URL").is_none() {
            faults.push("RISKREGISTER_PUBLIC_URL: is required with SMTP_URL and MAIL_FROM: letters lead there".into());
        }
        if let Some(fault) = smtp.and_then(smtp_fault) {
            faults.push(format!("SMTP_URL: {fault}"));
        }
        let read = from.map(sender);
        if let Some(None) = &read {
            faults.push("MAIL_FROM: must be like risk@example.org, or Riskregistret <risk@example.org>".into());
        }
        Some(Mail::new(smtp?.to_owned(), read??))
    }

    /// The configuration, or everything that is wrong with it.
    pub fn check(&self) -> Result<Config, Vec<String>> {
        let mut faults = Vec::new();
        let mut take = |r: Result<_, String>| r.map_err(|f| faults.push(f)).ok();
        let database = take(self.database());
        let listen = self.listen().map_err(|f| faults.push(f)).ok();

        let secret = self
            .private("RISKREGISTER_SECRET", self.secret_file(), "`riskregister init`", &mut faults)
            // A fault is named once: what is missing is not too short besides.
            .unwrap_or_else(|| " ".repeat(32))
            .into_bytes();
        let key = self.signing_key(&mut faults);

        #[derive(Validate)]
        struct Checked {
            #[validate(length(min = 32))]
            secret: String,
            #[validate(range(min = 1, max = 200))]
            connections: u32,
            #[validate(range(min = 1, max = 10_000_000))]
            requests_per_minute: u32,
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
            secret: String::from_utf8_lossy(&secret).into_owned(),
        };
        if let Err(e) = checked.validate() {
            for field in e.field_errors().keys() {
                faults.push(match field.as_ref() {
                    "secret" => "RISKREGISTER_SECRET: must have at least 32 characters".into(),
                    "connections" => "RISKREGISTER_CONNECTIONS: must be 1 to 200".into(),
                    _ => "RISKREGISTER_REQUESTS_PER_MINUTE: must be 1 to 10000000".to_string(),
                });
            }
        }

        let mut url = |name: &str| {
            self.get(name).map(|text| {
                if !text.validate_url() || !text.starts_with("http") {
                    faults.push(format!("{name}: {text:?} is not an http or https address"));
                }
                text.trim_end_matches('/').to_owned()
            })
        };
        let public_url = url("RISKREGISTER_PUBLIC_URL");
        url("RISKREGISTER_OIDC_ISSUER");
        let jwks_url = url("RISKREGISTER_OIDC_JWKS_URL");
        let oidc = match (self.get("RISKREGISTER_OIDC_ISSUER"), self.get("RISKREGISTER_OIDC_AUDIENCE")) {
            // The issuer is compared letter by letter, so it is kept as written.
            (Some(issuer), Some(audience)) => Some(Oidc {
                issuer: issuer.to_owned(),
                audience: audience.to_owned(),
                claim: self.get("RISKREGISTER_OIDC_CLAIM").unwrap_or("sub").to_owned(),
                jwks_url,
                client: self.get("RISKREGISTER_OIDC_CLIENT_ID").map(|id| OidcClient {
                    id: id.to_owned(),
                    secret: self.get("RISKREGISTER_OIDC_CLIENT_SECRET").map(str::to_owned),
                }),
            }),
            (None, None) => {
                for name in [
                    "RISKREGISTER_OIDC_CLAIM",
                    "RISKREGISTER_OIDC_JWKS_URL",
                    "RISKREGISTER_OIDC_CLIENT_ID",
                    "RISKREGISTER_OIDC_CLIENT_SECRET",
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
        if !client && oidc.is_some() && self.get("RISKREGISTER_OIDC_CLIENT_SECRET").is_some() {
            faults.push("RISKREGISTER_OIDC_CLIENT_ID: is required with RISKREGISTER_OIDC_CLIENT_SECRET".into());
        }
        let webhook_hosts = Hosts::parse(self.get("RISKREGISTER_WEBHOOK_HOSTS").unwrap_or_default());
        if let Err(unread) = &webhook_hosts {
            let unread = unread.join(", ");
            faults.push(format!("RISKREGISTER_WEBHOOK_HOSTS: {unread}: must be HOST or HOST:PORT, parted by commas"));
        }
        let mail = self.mail(&mut faults);
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
        match (database, listen, key) {
            (Some(database), Some(listen), Some(key)) if faults.is_empty() => Ok(Config {
                database,
                listen,
                public_url: public_url.unwrap_or_else(|| format!("http://{listen}")),
                secret,
                signer: Signer {
                    key,
                    directory: self.get("RISKREGISTER_CHECKPOINTS").unwrap_or(DEFAULT_CHECKPOINTS).into(),
                },
                oidc,
                connections: checked.connections,
                requests_per_minute: checked.requests_per_minute,
                webhook_hosts: Arc::new(webhook_hosts.unwrap_or_default()),
                webhook_retries: Retries::default(),
                webhook_interval: WEBHOOK_INTERVAL,
                mail,
                contact: contact.flatten(),
                statement,
            }),
            _ => Err(faults),
        }
    }
}

#[cfg(unix)]
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(text.as_bytes())
}

#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
}
