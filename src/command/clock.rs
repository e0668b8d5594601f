//! `clock`: what the register believes of the machine's clock.

use super::register::{Outcome, database, sentences};
use crate::config::Settings;
use crate::storage::{Origin, Timestamp};

pub fn run(settings: &Settings, accept: bool) -> Outcome {
    let leap = settings.clock_leap().map_err(|fault| vec![fault])?;
    let db = database(settings)?;
    let now = Timestamp::now();
    println!("This machine says {now}.");
    match db.read(|r| r.clock_trusted_until()).map_err(sentences)? {
        None => println!("The register believes any clock: no service has served it yet."),
        Some(until) => {
            let judged = if now > until { ", so nothing can be written by this one" } else { "" };
            println!("The register believes a clock until {until}{judged}.");
        }
    }
    if accept {
        let until = Timestamp::from(now.utc() + leap);
        db.write(&Origin::operator(), |w| w.trust_clock_until(Some(until))).map_err(sentences)?;
        println!("From now on it believes one until {until}.");
    }
    Ok(())
}
