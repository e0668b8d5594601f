//! Lists that have a table of their own, told in Swedish: what operations that answer with one share.

use crate::app::tables::Piece;
use crate::error::Result;
use crate::http::{Answer, Call};
use crate::storage::Reading;

/// Answers with a page of the list, or with a piece of the table that is of it. Where fields are asked for, the table is of them.
pub fn listed(
    r: &mut Reading,
    call: &Call,
    list: impl FnOnce(&mut Reading) -> Result<Answer>,
    table: impl FnOnce(&mut Reading) -> Result<Piece>,
) -> Result<Answer> {
    if call.table.is_some() && call.fields.is_empty() { Ok(Answer::piece(table(r)?)) } else { list(r) }
}
