//! `user`: people.

use clap::Subcommand;

use super::register::{ONE_TIME, Outcome, database, sentences};
use crate::app::people::setup;
use crate::auth;
use crate::config::Settings;
use crate::domain::email;
use crate::domain::words::Role;
use crate::storage::records::Organisation;
use crate::storage::{Id, Origin};

#[derive(Subcommand)]
pub enum UserJob {
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

pub fn run(settings: &Settings, job: UserJob) -> Outcome {
    match job {
        UserJob::Add { email, name, role, organisation } => add(settings, &email, &name, role, organisation),
    }
}

fn add(settings: &Settings, email: &str, name: &str, role: Option<Role>, organisation: Option<Id>) -> Outcome {
    if email::read(email).is_none() {
        return Err(vec![format!("{email:?} is not an e-mail address")]);
    }
    let db = database(settings)?;
    let password = auth::random_text(16);
    let hash = auth::hash_password(&password).map_err(sentences)?;
    db.write(&Origin::operator(), |w| {
        let root = w.root_id()?;
        let at = organisation.unwrap_or(root);
        let _: Organisation = w.get(at)?;
        let user = setup::add_user(w, at, &setup::NewUser { email, name, password_hash: &hash, one_time: true })?;
        if let Some(role) = role {
            setup::grant(w, user, role, at)?;
        }
        Ok(())
    })
    .map_err(sentences)?;
    println!("One-time password: {password}");
    println!("{ONE_TIME}");
    Ok(())
}
