//! A log's checkpoints, held against its tree as it grows.

use std::collections::VecDeque;

use super::damage::{Damage, Held};
use crate::error::Error;
use crate::evidence::checkpoint::{Checkpoint, PublicKey, origin};
use crate::evidence::tree::Frontier;
use crate::storage::logs::{CheckpointRow, Head};
use crate::storage::reading::Reading;

/// A log's checkpoints, in step with its tree.
#[derive(Default)]
pub(super) struct Checkpoints {
    /// Those whose turn comes.
    pub(super) next: VecDeque<CheckpointRow>,
    /// How many have been held.
    held: i64,
    /// The epoch that the log is in where the tree has come to.
    pub(super) epoch: i64,
    size: i64,
}

impl Checkpoints {
    /// Holds the checkpoint of this very tree, if there is one.
    pub(super) fn hold(&mut self, keys: &[PublicKey], tree: &Frontier) -> Held<()> {
        let size = i64::try_from(tree.size()).map_err(Error::internal)?;
        let Some(row) = self.next.front() else { return Ok(()) };
        let at = |what: &str| Damage::from(format!("checkpoint {}: {what}", row.number));
        if row.number != self.held + 1 {
            return Err(at("the one before it is missing"));
        }
        if row.size <= self.size || row.size < size {
            return Err(at("its size does not follow from the one before it"));
        }
        if row.size > size {
            return Ok(());
        }
        let note = Checkpoint::read(&row.note).ok_or_else(|| at("it is not a checkpoint"))?;
        if note.origin != origin(row.log_id, self.epoch) || note.size != tree.size() {
            return Err(at("it speaks of another log, epoch or size than its place"));
        }
        if !note.signed_by(keys) {
            return Err(at("it is not signed by a key of the register"));
        }
        if note.root != tree.root() {
            return Err(at("the events up to it are not those that it was made of"));
        }
        self.size = size;
        self.held += 1;
        self.next.pop_front();
        Ok(())
    }

    /// There is none beyond the log's end, and as many as the head counts.
    pub(super) fn end(self, r: &mut Reading, head: &Head) -> Held<u64> {
        if let Some(beyond) = r.checkpoints_after(head.log_id, self.held, 1)?.first() {
            return Err(format!(
                "checkpoint {}: it counts {} events, and there are {}",
                beyond.number, beyond.size, head.size
            )
            .into());
        }
        if self.held != head.checkpoints {
            return Err(format!("the head counts {} checkpoints, and there are {}", head.checkpoints, self.held).into());
        }
        Ok(u64::try_from(self.held).map_err(Error::internal)?)
    }
}
