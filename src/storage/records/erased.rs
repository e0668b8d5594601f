//! What stands where a text has been erased.

use serde_json::Value;

use super::follow_up::{ActionReport, ControlReport, FinancialMeasures, SelfAssessment};
use super::goals::{Indicator, Outcome};
use super::measures::Action;
use super::people::User;
use super::stored::Stored;
use crate::storage::types::Id;

/// What stands in a field of a thing whose text has been erased.
pub fn erased(entity: &str, field: &str, id: Id) -> Value {
    match (entity, field) {
        // No two people have the same, so that it still names one.
        (User::ENTITY, "email") => Value::from(format!("{id}{ERASED_ADDRESS}")),
        (User::ENTITY, "subject") => Value::Null,
        (Indicator::ENTITY, "laterTargets") => Value::Array(Vec::new()),
        (SelfAssessment::ENTITY, "components")
        | (FinancialMeasures::ENTITY, "measures")
        | (ControlReport::ENTITY | ActionReport::ENTITY, "references") => Value::Array(Vec::new()),
        (Indicator::ENTITY, "localTargets") | (Outcome::ENTITY, "ownActions") => Value::Null,
        (_, "secrecy") | (Action::ENTITY, "financialEffect") => Value::Null,
        _ => Value::from(ERASED),
    }
}

/// How an address ends that has been erased: no letter reaches it.
pub const ERASED_ADDRESS: &str = "@gallrad.invalid";

/// What readers see of a text that has been erased.
pub const ERASED: &str = "[gallrad]";
