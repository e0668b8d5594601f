//! The kinds of files: what a column of each can be, and what takes its rows in.

use super::ground::Ground;
use super::taking::{Outcome, Taking, Wanted};
use super::{goals, organisations, outcomes, risks, users};
use crate::app::caller::Caller;
use crate::domain::words::{ImportField, ImportKind};
use crate::error::{Error, Result};
use crate::storage::Writing;

/// What a column of a file of this kind can be.
pub fn fields(kind: ImportKind) -> &'static [ImportField] {
    match kind {
        ImportKind::Risks => risks::FIELDS,
        ImportKind::Users => users::FIELDS,
        ImportKind::Organisations => organisations::FIELDS,
        ImportKind::Goals => goals::FIELDS,
        ImportKind::Outcomes => outcomes::FIELDS,
    }
}

/// Takes a file in. With a fault in the outcome nothing may be kept.
pub fn take_in(
    w: &mut Writing,
    caller: &Caller,
    kind: ImportKind,
    ground: &Ground,
    wanted: &Wanted,
) -> Result<Outcome> {
    let mut taking = Taking::begun(w, caller, ground, wanted)?;
    match (kind, ground) {
        (ImportKind::Risks, Ground::Plan(open)) => risks::take_in(&mut taking, open)?,
        (ImportKind::Users, _) => users::take_in(&mut taking)?,
        (ImportKind::Organisations, _) => organisations::take_in(&mut taking)?,
        (ImportKind::Goals, _) => goals::take_in(&mut taking)?,
        (ImportKind::Outcomes, _) => outcomes::take_in(&mut taking)?,
        (ImportKind::Risks, Ground::Organisation(_)) => return Err(Error::internal("risks of no plan")),
    }
    Ok(taking.outcome)
}
