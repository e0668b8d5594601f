//! A register that is put back from a backup goes on in a new epoch, and says so in every log (`docs/evidence.md`).

use std::collections::BTreeMap;

use super::logs::public_keys;
use crate::error::{Error, Result};
use crate::evidence::checkpoint::{Checkpoint, PublicKey};
use crate::storage::logs::Signer;
use crate::storage::records::Restore;
use crate::storage::{Id, Place, Timestamp, Writing};

/// Who puts a register back, why, and what is known outside of how far it had come.
pub struct Restoring<'a> {
    pub by: &'a str,
    pub reason: &'a str,
    /// Where the service has put its checkpoints.
    pub outside: &'a Signer,
    /// Checkpoints that somebody has kept besides.
    pub given: &'a [Checkpoint],
}

/// What came of it, for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub log: Id,
    pub epoch: i64,
    /// How many events there are.
    pub size: i64,
    /// What is known to be lost.
    pub lost: Lost,
}

/// What is known to be lost of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    Nothing,
    /// So many events that came after those that there are.
    More(i64),
    /// All of an epoch that this register knows nothing of, up to so many events in all.
    Epoch(i64, u64),
}

/// Begins a new epoch in every log: by its first event, which names the newest checkpoint that is known outside. Whoever
/// was signed in is signed in no more, and links to choose a password lead nowhere: they may have been used since.
///
/// Refused where a checkpoint is signed by no key of the register, or is one of what this register never was.
pub fn begin_epoch(w: &mut Writing, restoring: &Restoring) -> Result<Vec<Restored>> {
    // Those that the register knows, and the one that is used.
    let known = public_keys(w)?.into_iter().map(|(key, _)| key);
    let keys: Vec<PublicKey> = known.chain([restoring.outside.key.public()]).collect();
    // Nobody else writes from here on: the first event of the epoch stands where the log ends.
    let heads = w.hold_heads()?;
    let mut known: BTreeMap<Id, Vec<(i64, Checkpoint)>> = BTreeMap::new();
    for checkpoint in restoring.given {
        let of = checkpoint.of().and_then(|(log, epoch)| Some((log.parse::<Id>().ok()?, epoch)));
        let (log, epoch) = of.filter(|(log, _)| heads.iter().any(|head| head.log_id == *log)).ok_or_else(|| {
            Error::internal(format!("the checkpoint of {} is of no log of this register", checkpoint.origin))
        })?;
        if !checkpoint.signed_by(&keys) {
            return Err(Error::internal(format!(
                "the checkpoint of {} is not signed by a key of this register",
                checkpoint.origin
            )));
        }
        known.entry(log).or_default().push((epoch, checkpoint.clone()));
    }
    // Who restores has looked at the clock; the service believes it anew.
    w.trust_clock_until(None)?;
    let epochs = w.epochs()?;
    let mut newest_epoch = epochs.values().copied().max().unwrap_or(0);
    for head in &heads {
        let Some((epoch, _, note)) = restoring.outside.newest(head.log_id) else { continue };
        newest_epoch = newest_epoch.max(epoch);
        let note = note.and_then(|note| Checkpoint::read(&note)).filter(|note| note.signed_by(&keys));
        known.entry(head.log_id).or_default().extend(note.map(|note| (epoch, note)));
    }
    let given = known.values().flatten().map(|(epoch, _)| *epoch).max();
    let epoch = newest_epoch.max(given.unwrap_or(0)) + 1;
    let now = Timestamp::now();
    let mut all = Vec::new();
    for head in heads {
        let log = head.log_id;
        let newest = known.remove(&log).unwrap_or_default().into_iter().max_by_key(|(epoch, c)| (*epoch, c.size));
        let size = u64::try_from(head.size).map_err(Error::internal)?;
        let mut lost = Lost::Nothing;
        if let Some((of, checkpoint)) = &newest {
            let here = epochs.get(&log).copied().unwrap_or(0);
            if *of != here {
                lost = Lost::Epoch(*of, checkpoint.size);
            } else if checkpoint.size <= size {
                if w.tree_root(log, checkpoint.size)? != checkpoint.root {
                    return Err(Error::internal(format!(
                        "the log {log} is not how the register was that the checkpoint of {} events is of",
                        checkpoint.size
                    )));
                }
            } else {
                lost = Lost::More(i64::try_from(checkpoint.size - size).map_err(Error::internal)?);
            }
        }
        let restore = Restore {
            id: Id::new(),
            log_id: log,
            epoch,
            size: head.size,
            known_checkpoint: newest.map(|(_, checkpoint)| checkpoint.note().to_owned()),
            restored_by: restoring.by.to_owned(),
            reason: restoring.reason.to_owned(),
            created_at: now,
            version: 1,
        };
        w.create(Place { log, organisation: log }, "log.restored", &restore)?;
        all.push(Restored { log, epoch, size: head.size, lost });
    }
    w.end_all_sessions(now)?;
    w.forget_password_links()?;
    Ok(all)
}
