//! `check`: what holds of the settings and of all that they lead to, line by line, without starting anything.

use std::path::Path;
use std::time::Duration;

use lettre::{AsyncSmtpTransport, Tokio1Executor};

use super::register::{Outcome, sentences};
use crate::app::people::setup;
use crate::auth::Keys;
use crate::config::{Config, Mail, Settings};
use crate::storage::{Address, Db, Schema, can_be_written, look};

/// How long a mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// What has been looked at, and how much of it does not hold.
#[derive(Default)]
struct Told {
    all: usize,
    faults: usize,
}

impl Told {
    /// Says of one thing whether it holds, and what there is to know of it.
    fn say(&mut self, what: &str, found: Result<String, String>) {
        self.all += 1;
        match found {
            Ok(about) => println!("ok     {what}: {about}"),
            Err(why) => {
                self.faults += 1;
                println!("FAULT  {what}: {why}");
            }
        }
    }
}

pub fn run(settings: &Settings) -> Outcome {
    let mut told = Told::default();
    let config = match settings.check() {
        Ok(config) => {
            told.say("settings", Ok("each can be read".into()));
            Some(config)
        }
        Err(faults) => {
            faults.into_iter().for_each(|fault| told.say("settings", Err(fault)));
            None
        }
    };
    // Each setting with a fault is told; what the others lead to is looked at all the same.
    let address = config.as_ref().map(|config| config.database.clone()).or_else(|| settings.database().ok());
    let schema = address.as_ref().and_then(|address| database(&mut told, address));
    match &config {
        Some(config) => lead_to(&mut told, config, schema == Some(Schema::Current)),
        None => told.say("key, checkpoints, mail, issuer", Err("not looked at before the settings hold".into())),
    }
    match told.faults {
        0 => {
            println!("All {} hold.", told.all);
            Ok(())
        }
        faults => Err(vec![format!("{faults} of {} do not hold", told.all)]),
    }
}

/// The database: whether it answers, and whether its schema is this program's.
fn database(told: &mut Told, address: &Address) -> Option<Schema> {
    let (what, schema) = match look(address) {
        Ok(found) => found,
        Err(why) => {
            told.say("database", Err(why));
            return None;
        }
    };
    told.say("database", Ok(what));
    let stands = match &schema {
        Schema::Current => Ok("as it should be".into()),
        Schema::Pending => Err("is to be migrated: run `riskregister migrate`".into()),
        Schema::Later(version) => {
            Err(format!("is that of a later version of Riskregister, with the migration {version}: run that version"))
        }
    };
    told.say("schema", stands);
    Some(schema)
}

/// What settings without faults lead to.
fn lead_to(told: &mut Told, config: &Config, readable: bool) {
    if readable {
        told.say("register", register(config));
        told.say("signing key", signing_key(config));
    } else {
        told.say("signing key", Err("cannot be held against the history before the database can be read".into()));
    }
    told.say("secret", Ok(format!("{} bytes", config.secret.len())));
    told.say("checkpoints", directory(&config.signer.directory));
    actix_web::rt::System::new().block_on(async {
        match &config.mail {
            Some(mail) => told.say("mail", mail_server(mail).await),
            None => told.say("mail", Ok("none is sent: SMTP_URL is not given".into())),
        }
        match &config.oidc {
            Some(oidc) => {
                let found = match Keys::new(&config.secret, Some(oidc.clone())) {
                    Ok(keys) => keys.ask_issuer().await,
                    Err(fault) => Err(sentences(fault).join(" ")),
                };
                told.say("issuer", found.map(|about| format!("{}: {about}", oidc.issuer)));
            }
            None => told.say("issuer", Ok("none: people sign in by password".into())),
        }
    });
}

fn register(config: &Config) -> Result<String, String> {
    let db = Db::new(config.database.clone(), 1);
    match db.read(|r| r.root()) {
        Ok(Some(_)) => Ok("is there".into()),
        Ok(None) => Err("is not there: run `riskregister init`".into()),
        Err(fault) => Err(sentences(fault).join(" ")),
    }
}

/// The key that is given, against those that the history knows.
fn signing_key(config: &Config) -> Result<String, String> {
    let key = config.signer.key.public().text();
    let db = Db::new(config.database.clone(), 1);
    let (known, any) = db
        .read(|r| Ok((setup::knows_key(r, &key)?, !r.signing_keys()?.is_empty())))
        .map_err(|fault| sentences(fault).join(" "))?;
    match (known, any) {
        (true, _) => Ok(format!("{key}, as the history knows it")),
        (false, false) => Ok(format!("{key}; the history knows none yet")),
        (false, true) => Err(format!(
            "{key} is not one that the history knows: `serve` would take it as a new one. Is it the right file?"
        )),
    }
}

/// Whether checkpoints can be put there. What is written to try it is taken away again.
fn directory(directory: &Path) -> Result<String, String> {
    can_be_written(directory)
        .map(|()| format!("{} can be written", directory.display()))
        .map_err(|fault| format!("{} cannot be written: {fault}", directory.display()))
}

/// Whether the mail server answers, and lets us in. What it says may quote what it was told, so never the password.
async fn mail_server(mail: &Mail) -> Result<String, String> {
    // What is wrong may quote the address, and so the password.
    let transport = mail.transport().map_err(|_| "SMTP_URL cannot be used".to_owned())?;
    let transport: AsyncSmtpTransport<Tokio1Executor> = transport.timeout(Some(PATIENCE)).build();
    match transport.test_connection().await {
        Ok(true) => Ok("the server answers, and takes who we are".into()),
        Ok(false) => Err("the server answers, and then no more".into()),
        Err(fault) => {
            Err(format!("{}: {fault}", if fault.is_permanent() { "the server refuses" } else { "no answer" }))
        }
    }
}
