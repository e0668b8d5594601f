//! The second step: events hashed, read and held against their columns, their commitments opened.

use std::sync::mpsc::{Receiver, SyncSender};

use serde_json::Value;

use super::damage::{Damage, Held};
use super::reading::Piece;
use crate::evidence::receipt::{SALT_BYTES, commitment};
use crate::evidence::tree::{self, Hash};
use crate::storage::history::sha256_hex;
use crate::storage::logs::{CheckpointRow, EventRow, Opening};
use crate::storage::replay::Event;
use crate::storage::types::Timestamp;

/// A piece with its events hashed, read and opened, up to the first that cannot be.
pub(super) struct OpenedPiece {
    pub(super) events: Vec<OpenedEvent>,
    pub(super) checkpoints: Vec<CheckpointRow>,
}

pub(super) struct OpenedEvent {
    pub(super) n: i64,
    pub(super) time: Timestamp,
    pub(super) leaf: Hash,
    pub(super) told: Held<Opened>,
}

/// What an event says, its commitments opened.
pub(super) struct Opened {
    pub(super) event: Event,
    /// How many commitments were opened.
    pub(super) commitments: u64,
    /// Those that nothing opens, and where they stand.
    pub(super) unopened: Vec<(String, Damage)>,
}

/// Opens pieces as they come.
pub(super) fn open(pieces: Receiver<Held<Piece>>, opened: &SyncSender<Held<OpenedPiece>>) {
    for piece in pieces {
        if opened.send(piece.map(open_piece)).is_err() {
            return;
        }
    }
}

fn open_piece(piece: Piece) -> OpenedPiece {
    let mut openings = piece.openings.into_iter().peekable();
    let mut events = Vec::with_capacity(piece.events.len());
    for row in piece.events {
        let mut own = Vec::new();
        while let Some(opening) = openings.next_if(|opening| opening.n <= row.n) {
            own.push(opening);
        }
        let event = OpenedEvent { n: row.n, time: row.time, leaf: tree::leaf(&row.body), told: open_event(&row, own) };
        let bad = event.told.is_err();
        events.push(event);
        if bad {
            break;
        }
    }
    OpenedPiece { events, checkpoints: piece.checkpoints }
}

/// One event: its columns and its commitments.
fn open_event(row: &EventRow, mut openings: Vec<Opening>) -> Held<Opened> {
    let mut event = Event::read(&row.body)?;
    let columns = [
        ("log_id", event.log == row.log_id),
        ("n", event.n == row.n),
        ("time", event.time == row.time.to_string()),
        ("actor_kind", event.actor.kind == row.actor_kind),
        ("actor_id", event.actor.id == row.actor_id),
        ("kind", event.kind == row.kind),
        ("entity", event.change.entity == row.entity),
        ("entity_id", event.change.id == row.entity_id),
        ("organisation_id", event.organisation_id == row.organisation_id),
        ("schema_version", event.schema == row.schema_version),
    ];
    if let Some((column, _)) = columns.iter().find(|(_, same)| !same) {
        return Err(format!("the column {column} says something else than the event").into());
    }
    let (mut commitments, mut unopened) = (0, Vec::new());
    event.open(|pointer, id, hash| {
        let Some(found) = openings.iter().position(|opening| opening.pointer == pointer && opening.n == row.n) else {
            // An erasure may tell of it, in this log or another.
            let what = format!("the opening of {pointer} is missing, and no erasure tells of it");
            unopened.push((hash.to_owned(), Damage { log: Some(row.log_id), n: Some(row.n), what }));
            return Ok(hidden("erased"));
        };
        let opening = openings.swap_remove(found);
        // Without the length a byte could go over from the value to the salt.
        let whole = opening.salt.len() == SALT_BYTES;
        if !whole || opening.commitment != hash || commitment(&opening.salt, &opening.value) != hash {
            return Err(format!("the opening of {pointer} does not open the commitment").into());
        }
        if opening.entity_id != id {
            return Err(format!("the opening of {pointer} names another thing than the event").into());
        }
        commitments += 1;
        Ok::<_, Damage>(hidden(&sha256_hex(opening.value.as_bytes())))
    })?;
    match openings.iter().map(|stray| &stray.pointer).min() {
        Some(pointer) => Err(format!("the opening at {pointer} opens nothing").into()),
        None => Ok(Opened { event, commitments, unopened }),
    }
}

/// What stands in a state for a text: enough to know it again.
pub(super) fn hidden(sha256: &str) -> Value {
    Value::String(format!("\u{0}{sha256}"))
}
