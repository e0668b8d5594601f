//! The JSON face: every operation of the contract, in the order of `openapi.yaml`. Handlers of a dozen lines: which
//! verb, and how its result is told.

mod goals;
mod indicators;
mod openapi;
mod organisations;
mod policies;
mod sessions;
mod standing_texts;
mod users;

pub use openapi::{document, yaml};

use crate::http::contract::Operation;

/// Every operation.
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(sessions::operations());
    all.extend(organisations::operations());
    all.extend(goals::operations());
    all.extend(indicators::operations());
    all.extend(standing_texts::operations());
    all.extend(policies::operations());
    all.extend(users::operations());
    all
}
