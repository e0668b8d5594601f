//! Webhooks.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::PauseReason;
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// Somebody's system that is told of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::webhooks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    pub id: Id,
    /// It is told of events of this organisation and those below it, in whatever log they stand.
    pub organisation_id: Id,
    #[schema(example = "Revisorernas system")]
    pub name: String,
    #[schema(example = "https://hooks.example.org/riskregister")]
    pub url: String,
    /// The kinds of events that it is told of; all of them when empty. One that was made before kinds were a closed list
    /// may name others: nothing is told of them.
    #[schema(value_type = Vec<String>, example = json!(["risk.*", "plan.adopted"]))]
    pub kinds: Json<Vec<String>>,
    pub active: bool,
    /// Why the register itself made it inactive. Events wait for it, and are sent when it is active again.
    pub pause_reason: Option<PauseReason>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Webhook in webhooks as "webhook", texts ["name", "url"], dated);
