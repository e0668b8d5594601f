//! `backup`, `restore` and `move`: a register kept, put back, and carried to another database.

use clap::Args;

use super::migrate::migrate;
use super::register::{Outcome, database, known, read_as, sentences};
use crate::app::history::restores::{self, Lost, Restored, Restoring};
use crate::config::Settings;
use crate::error::Error;
use crate::evidence::checkpoint::Checkpoint;
use crate::storage::backup::{self, Unpacked};
use crate::storage::carry::Sums;
use crate::storage::verification::{self, Against};
use crate::storage::{Address, Db, Origin, hold_alone, refuse_unfit};

#[derive(Args)]
pub struct RestoreArguments {
    /// The backup, to be put into the database of DATABASE_URL, which must be empty.
    #[arg(required_unless_present = "put_back", conflicts_with = "put_back")]
    file: Option<std::path::PathBuf>,
    /// The database was put back by other means (pg_restore, a snapshot of the disk): begin a new epoch on it as it is.
    #[arg(long)]
    put_back: bool,
    /// With --put-back: although nothing says that the database is older than its checkpoints.
    #[arg(long, requires = "put_back")]
    anyway: bool,
    /// Who restores: the history tells it.
    #[arg(long)]
    by: String,
    /// Why: the history tells it.
    #[arg(long)]
    reason: String,
    /// A checkpoint that was kept elsewhere, besides those in RISKREGISTER_CHECKPOINTS.
    #[arg(long)]
    checkpoint: Vec<std::path::PathBuf>,
}

#[derive(Args)]
pub struct MoveArguments {
    /// Where the register is: sqlite://FILE or postgres://…
    #[arg(long)]
    from: String,
    /// Where it goes: an empty database; of PostgreSQL, as the owner of its tables.
    #[arg(long)]
    to: String,
}

/// Makes a backup of the register of DATABASE_URL in a file.
pub fn back_up(settings: &Settings, file: &std::path::Path) -> Outcome {
    let made = database(settings)?.back_up(file, &settings.files()?, settings.not_in_backups()).map_err(sentences)?;
    let left = made.parts.len() - 1;
    let events: i64 = made.logs.iter().map(|log| log.size).sum();
    println!(
        "Wrote {}: {} logs, {events} events, {left} files of evidence, as of {}",
        file.display(),
        made.logs.len(),
        made.made_at
    );
    println!("It does not hold, so keep besides:");
    for (what, lies) in made.not_included {
        println!("  {what}: {lies}");
    }
    Ok(())
}

pub fn restore(settings: &Settings, a: &RestoreArguments) -> Outcome {
    let mut faults = Vec::new();
    for (name, text) in [("--by", &a.by), ("--reason", &a.reason)] {
        if text.trim().is_empty() {
            faults.push(format!("{name}: must not be empty"));
        }
    }
    let signer = settings.signer().map_err(|more| faults.extend(more)).ok();
    let mut given = Vec::new();
    for file in &a.checkpoint {
        match read_as(file, "a checkpoint", Checkpoint::read) {
            Ok(read) => given.push(read),
            Err(more) => faults.extend(more),
        }
    }
    let Some(signer) = signer.filter(|_| faults.is_empty()) else { return Err(faults) };
    let restoring = Restoring { by: a.by.trim(), reason: a.reason.trim(), outside: &signer, given: &given };
    let (done, sums) = match &a.file {
        Some(file) => from_backup(settings, file, &restoring)?,
        None => {
            let address = settings.database().map_err(|fault| vec![fault])?;
            let _alone = hold_alone(&address).map_err(|why| vec![why])?;
            if !a.anyway && refuse_unfit(&address, &signer).is_ok() {
                return Err(vec![
                    "--put-back: the database is not behind its checkpoints, so it seems to be the wrong one; if it is not, \
                     say --anyway"
                        .into(),
                ]);
            }
            let db = database(settings)?.signing(signer.clone());
            let done = db.write(&Origin::operator(), |w| restores::begin_epoch(w, &restoring)).map_err(sentences)?;
            (done, None)
        }
    };
    if let Some(sums) = sums {
        println!("{} rows of {} tables arrived as they were sent.", rows(&sums), sums.len());
    }
    for Restored { log, epoch, size, lost } in done {
        let lost = match lost {
            Lost::Nothing => "none is known to be lost".to_owned(),
            Lost::More(events) => format!("{events} more are known to be lost"),
            Lost::Epoch(of, upto) => format!("all of epoch {of}, which came to {upto} events, is known to be lost"),
        };
        println!("log {log}: epoch {epoch} begins after {size} events; {lost}");
    }
    println!("Everybody signs in anew. Start the service with `riskregister serve`.");
    Ok(())
}

fn from_backup(
    settings: &Settings,
    file: &std::path::Path,
    restoring: &Restoring,
) -> Result<(Vec<Restored>, Option<Sums>), Vec<String>> {
    let backup = open(file)?;
    let files = settings.files()?;
    migrate(settings)?;
    let db = owner(settings)?.signing(restoring.outside.clone());
    let from = Db::new(backup.address.clone(), 1);
    let left = backup.put_files(&files).map_err(sentences)?;
    if left > 0 {
        println!("{left} files of evidence were put into {}.", files.place());
    }
    let mut done = Vec::new();
    let sums = from
        .read(|r| {
            db.fill(r, |w| {
                done = restores::begin_epoch(w, restoring)?;
                Ok(())
            })
        })
        .map_err(sentences)?;
    Ok((done, Some(sums)))
}

/// A backup that is whole, and whose register holds against its own history.
fn open(file: &std::path::Path) -> Result<Unpacked, Vec<String>> {
    let backup = backup::unpack(file).map_err(|fault| vec![fault])?;
    let against = Against { files: Some(backup.files.clone()), ..Against::default() };
    verification::verify(&backup.address, &against)
        .map_err(|damage| vec![format!("{}: the register in it is DAMAGED: {damage}", file.display())])?;
    Ok(backup)
}

/// The database, as the owner of its tables where another role is named for that.
fn owner(settings: &Settings) -> Result<Db, Vec<String>> {
    let named = settings.migration_database().map_err(|fault| vec![fault])?;
    let address = named.map_or_else(|| settings.database(), Ok).map_err(|fault| vec![fault])?;
    Ok(Db::new(address, 1))
}

fn rows(sums: &Sums) -> u64 {
    sums.values().map(|sum| sum.rows).sum()
}

/// Moves the register from one database to another.
pub fn carry_over(a: &MoveArguments) -> Outcome {
    let mut faults = Vec::new();
    let mut read =
        |name: &str, url: &str| Address::parse(url).map_err(|fault| faults.push(format!("{name}: {fault}"))).ok();
    let (Some(from), Some(to)) = (read("--from", &a.from), read("--to", &a.to)) else { return Err(faults) };
    if from == to {
        return Err(vec!["--to: is where the register is".into()]);
    }
    let _alone = hold_alone(&from).map_err(|why| vec![why])?;
    known(&from)?;
    known(&to)?;
    let (source, target) = (Db::new(from.clone(), 1), Db::new(to.clone(), 1));
    source.migrate().map_err(sentences)?;
    if let Some(gone) = source.moved_to().map_err(sentences)? {
        return Err(vec![format!("--from: the register has moved to {gone} already")]);
    }
    verification::verify(&from, &Against::default()).map_err(|damage| vec![format!("--from: DAMAGED: {damage}")])?;
    target.migrate().map_err(sentences)?;
    // The old one is closed when the new one holds, and not before.
    let holds = || {
        verification::verify(&to, &Against::default())
            .map(drop)
            .map_err(|damage| Error::internal(format!("--to: DAMAGED: {damage}: --from is as it was; empty --to")))
    };
    let sums = source.move_to(&target, &to.without_password(), holds).map_err(sentences)?;
    println!("{} rows of {} tables arrived as they were sent, and hold against the history.", rows(&sums), sums.len());
    println!("{} takes nothing more. Name {} in DATABASE_URL.", from.without_password(), to.without_password());
    println!("Files of evidence lie outside both, in the place that RISKREGISTER_FILES names, and stay there.");
    if matches!(to, Address::Postgres(_)) {
        println!("Where the service has a role of its own, run `riskregister migrate` with both, for its rights.");
    }
    Ok(())
}
