//! The first step: rows of a log and its checkpoints, read in pieces.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;

use diesel::prelude::*;

use super::damage::Held;
use crate::storage::logs::{CheckpointRow, EventRow, Opening};
use crate::storage::reading::Reading;
use crate::storage::schema;
use crate::storage::types::Id;

/// How many rows are read at a time.
pub(super) const PIECE: i64 = 1000;

/// How many events are: some megabytes once they are opened, of which several pieces are held at a time.
const EVENTS: i64 = 200;

/// Rows of one log that belong together, as they were read.
pub(super) struct Piece {
    pub(super) events: Vec<EventRow>,
    /// What opens their texts, in their order.
    pub(super) openings: Vec<Opening>,
    /// Those whose turn comes no later than the last of these events.
    pub(super) checkpoints: Vec<CheckpointRow>,
}

/// Reads a log in pieces, until all of it has been read or nobody wants more.
pub(super) fn read_log(r: &mut Reading, log: Id, read: &SyncSender<Held<Piece>>) {
    let mut from = 0;
    let mut checkpoints = CheckpointsRead::default();
    loop {
        let piece = read_piece(r, log, from, &mut checkpoints);
        let last = piece.as_ref().ok().and_then(|piece| piece.events.last().map(|row| row.n));
        let Some(last) = last.filter(|last| *last >= from) else {
            // Nothing more; or why not, in its turn.
            if piece.is_err() {
                let _ = read.send(piece);
            }
            return;
        };
        from = last.saturating_add(1);
        if read.send(piece).is_err() {
            return;
        }
    }
}

fn read_piece(r: &mut Reading, log: Id, from: i64, checkpoints: &mut CheckpointsRead) -> Held<Piece> {
    let events: Vec<EventRow> = r.events_from(log, from, EVENTS)?;
    let Some(newest) = events.last().map(|row| row.n) else {
        return Ok(Piece { events, openings: Vec::new(), checkpoints: Vec::new() });
    };
    let openings = r.openings(log, from, newest)?;
    let checkpoints = checkpoints.until(r, log, newest.saturating_add(1))?;
    Ok(Piece { events, openings, checkpoints })
}

/// How far a log's checkpoints have been read.
#[derive(Default)]
struct CheckpointsRead {
    next: VecDeque<CheckpointRow>,
    /// The number of the last that was read.
    read: i64,
    ended: bool,
}

impl CheckpointsRead {
    /// The next ones, up to the first of a larger size.
    fn until(&mut self, r: &mut Reading, log: Id, size: i64) -> Held<Vec<CheckpointRow>> {
        let mut found = Vec::new();
        loop {
            if self.next.is_empty() && !self.ended {
                self.next = r.checkpoints_after(log, self.read, PIECE)?.into();
                self.ended = self.next.is_empty();
                self.read = self.next.back().map_or(self.read, |last| last.number);
            }
            match self.next.pop_front_if(|row| row.size <= size) {
                Some(row) => found.push(row),
                None => return Ok(found),
            }
        }
    }
}

impl Reading<'_> {
    /// How many events, openings, checkpoints and nodes there are in all.
    pub(super) fn history_counts(&mut self) -> Held<(i64, i64, i64, i64)> {
        Ok((
            schema::events::table.count().get_result(self.c)?,
            schema::openings::table.count().get_result(self.c)?,
            schema::checkpoints::table.count().get_result(self.c)?,
            schema::tree_nodes::table.count().get_result(self.c)?,
        ))
    }

    /// The hash and media type of every sealed file.
    pub(super) fn sealed_names(&mut self) -> Held<Vec<(String, String)>> {
        use schema::sealed_files;
        Ok(sealed_files::table
            .order(sealed_files::sha256.asc())
            .select((sealed_files::sha256, sealed_files::media_type))
            .load(self.c)?)
    }
}
