//! `demo`: a register of made-up values, and the service on it.

use std::io::Write;

use clap::Args;

use super::register::{Outcome, known, sentences};
use super::serve;
use crate::config::Settings;
use crate::demo::{self, Show};
use crate::storage::Db;

#[derive(Args)]
pub struct DemoArguments {
    /// Throw away the demo's data and start over.
    #[arg(long)]
    fresh: bool,
    /// Fill the register and stop, without serving.
    #[arg(long)]
    no_serve: bool,
    /// Show the region in the middle of its year: every body, with follow-up and reports.
    #[arg(long)]
    year_in_progress: bool,
    /// Show a made-up municipality in the middle of its year, in place of the region.
    #[arg(long, conflicts_with = "year_in_progress")]
    municipality: bool,
}

pub fn run(settings: &Settings, a: &DemoArguments) -> Outcome {
    settings.make_secrets().map_err(|fault| vec![fault])?;
    let config = settings.check()?;
    known(&config.database)?;
    let db = Db::new(config.database.clone(), 2);
    if a.fresh {
        start_over(&db)?;
    }
    db.migrate().map_err(sentences)?;
    let db = db.signing(config.signer.clone());
    let there = db.read(|r| r.root()).map_err(sentences)?.is_some();
    let show = match (a.municipality, a.year_in_progress) {
        (true, _) => Show::Municipality,
        (_, true) => Show::Year,
        _ => Show::Plan,
    };
    if show != Show::Plan {
        let told = match there {
            true => "The register is there already and stays as it is: --fresh starts over.",
            false => "Making a year with its plans and reports as documents. It takes a minute or two.",
        };
        // Nobody need hear of it.
        let _ = writeln!(std::io::stderr(), "{told}");
    }
    let accounts = demo::fill(&db, show).map_err(sentences)?;
    db.make_checkpoints().map_err(sentences)?;
    if a.no_serve {
        return Ok(());
    }
    let mut greeting = vec![
        String::new(),
        "Open it in a browser and sign in. One account a role, with passwords made just now:".into(),
    ];
    for account in accounts {
        let awaits = db.read(|r| demo::awaits(r, account.email)).map_err(sentences)?;
        let (role, email) = (account.role.as_str(), account.email);
        greeting.push(format!("  {role:<20} {email:<34} {:<13} {awaits}", account.password));
    }
    greeting.push(String::new());
    let stands = db.read(demo::stands).map_err(sentences)?;
    greeting.push(format!("{stands} Values marked illustrative are made up. Stop with Ctrl-C."));
    serve::run(config, &greeting)
}

/// Throws the demo's data away. Never a real register's.
fn start_over(db: &Db) -> Outcome {
    db.migrate().map_err(sentences)?;
    let made = db.read(|r| r.root()).map_err(sentences)?;
    if made.is_some() {
        db.read(demo::hold_demo).map_err(sentences)?;
    }
    db.unmake().map_err(sentences)
}
