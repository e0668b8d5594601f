//! `key`: the key that checkpoints are signed with.

use super::register::Outcome;
use crate::config::Settings;

pub fn run(settings: &Settings) -> Outcome {
    settings.make_secrets().map_err(|fault| vec![fault])?;
    println!("{}", settings.check()?.signer.key.public().text());
    Ok(())
}
