//! `init`: a real register.

use clap::{Args, ValueEnum};

use super::migrate::migrate;
use super::register::{ONE_TIME, Outcome, database, sentences};
use crate::app::people::setup;
use crate::auth;
use crate::config::Settings;
use crate::domain::email;
use crate::domain::words::OrganisationKind;
use crate::storage::Origin;

#[derive(Clone, Copy, ValueEnum)]
pub enum RegisterKind {
    Region,
    Municipality,
}

#[derive(Args)]
pub struct InitArguments {
    /// The region's or municipality's name.
    #[arg(long)]
    name: String,
    #[arg(long, value_enum)]
    kind: RegisterKind,
    /// What the auditors are called, where not regionrevisorerna or revisorerna: Stadsrevisionen.
    #[arg(long)]
    auditors: Option<String>,
    /// The administrator's e-mail address.
    #[arg(long)]
    admin: String,
}

pub fn run(settings: &Settings, a: &InitArguments) -> Outcome {
    let mut faults = Vec::new();
    if a.name.trim().is_empty() {
        faults.push("--name: must not be empty".to_owned());
    }
    if email::read(&a.admin).is_none() {
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
    let password = auth::random_text(16);
    let hash = auth::hash_password(&password).map_err(sentences)?;
    let kind = match a.kind {
        RegisterKind::Region => OrganisationKind::Region,
        RegisterKind::Municipality => OrganisationKind::Municipality,
    };
    db.write(&Origin::operator(), |w| {
        setup::initialise(
            w,
            &setup::NewRegister {
                name: a.name.trim(),
                kind,
                auditors: a.auditors.as_deref().map(str::trim),
                demo: false,
                administrator: setup::NewUser { email: &a.admin, name: &a.admin, password_hash: &hash, one_time: true },
            },
        )
    })
    .map_err(sentences)?;
    println!("The register of {} is made.", a.name.trim());
    println!("Administrator: {}", a.admin);
    println!("One-time password: {password}");
    println!("{}", ONE_TIME);
    println!("Change it with PUT /api/v1/me/password. Start the service with `riskregister serve`.");
    Ok(())
}
