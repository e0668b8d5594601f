//! `verify`: a register, or a receipt, held against its history.

use clap::Args;

use super::register::{Outcome, known, read_as, sentences};
use crate::config::Settings;
use crate::evidence::checkpoint::{Checkpoint, PublicKey};
use crate::evidence::receipt::Receipt;
use crate::storage::verification::{self, Against};
use crate::storage::{Address, Db, backup};

#[derive(Args)]
pub struct VerifyArguments {
    /// `sqlite://FILE`, `postgres://…`, or the file of an export or a backup; DATABASE_URL when not given.
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

pub fn run(settings: &Settings, a: &VerifyArguments) -> Outcome {
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
    let backup = match &a.register {
        Some(file) if backup::is_backup(file.as_ref()) => {
            Some(backup::unpack(file.as_ref()).map_err(|fault| vec![fault])?)
        }
        _ => None,
    };
    let address = match (&backup, &a.register) {
        (Some(backup), _) => backup.address.clone(),
        (None, Some(register)) => named(register)?,
        (None, None) => settings.database().map_err(|fault| vec![fault])?,
    };
    known(&address)?;
    let checkpoints =
        a.checkpoint.iter().map(|file| read_as(file, "a checkpoint", Checkpoint::read)).collect::<Result<_, _>>()?;
    // Those of the register that the settings are of, and of a backup; an export has none with it.
    let files = match &backup {
        Some(backup) => Some(backup.files.clone()),
        None if settings.database().is_ok_and(|own| own == address) => Some(settings.files()?),
        None => None,
    };
    let without = files.is_none();
    let counts = verification::verify(&address, &Against { keys, checkpoints, files })
        .map_err(|damage| vec![format!("DAMAGED: {damage}")])?;
    counts.told.iter().for_each(|line| println!("{line}"));
    println!("{counts}");
    if without && Db::new(address, 1).read(|r| Ok(!r.stored_files_after("", 1)?.is_empty())).map_err(sentences)? {
        println!("Not held: the bytes of the files of evidence, which do not lie here.");
    }
    println!("OK");
    Ok(())
}
