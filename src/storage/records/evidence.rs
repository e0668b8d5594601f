//! What evidence rests on: keys, sealed files, and what was erased.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// A public key that checkpoints have been signed with. The private one is never in the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::signing_keys, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct SigningKey {
    pub id: Id,
    /// Ed25519, base64.
    pub public_key: String,
    /// When the register took it into use.
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(SigningKey in signing_keys as "signingKey", texts []);

/// A log that was put back from a backup, and goes on in a new epoch: what is told by the first event of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::restores, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Restore {
    pub id: Id,
    pub log_id: Id,
    /// From 1; a log begins in epoch 0.
    pub epoch: i64,
    /// How many events of the epochs before stand in the log: the position of the event that tells of this.
    pub size: i64,
    /// The newest checkpoint of the epochs before that was known outside; none where none was.
    pub known_checkpoint: Option<String>,
    pub restored_by: String,
    pub reason: String,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(Restore in restores as "restore", texts ["restoredBy", "reason"]);

/// A document or snapshot as it was sealed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::sealed_files)]
pub struct SealedFile {
    pub sha256: String,
    pub media_type: String,
    pub content: Vec<u8>,
}

/// A decision to erase texts, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::erasures, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    pub id: Id,
    /// What kind of thing has the texts: `user`, `risk` …
    #[schema(example = "user")]
    pub entity: String,
    pub entity_id: Id,
    /// The fields whose texts are erased, `reason` for the reasons that were given for what happened to the thing.
    #[schema(value_type = Vec<String>, example = json!(["name", "email"]))]
    pub fields: Json<Vec<String>>,
    /// The reference of the decision that it rests on.
    #[schema(example = "RS 2026-0123, § 45")]
    pub decision: String,
    pub requested_by_id: Id,
    /// Null until a second administrator has confirmed it; then the texts are gone.
    pub confirmed_by_id: Option<Id>,
    pub confirmed_at: Option<Timestamp>,
    /// The commitments in the history that nothing opens any more.
    #[schema(value_type = Vec<String>)]
    pub commitments: Json<Vec<String>>,
    /// SHA-256 of the sealed files that still hold one of the texts: they are public records, and stay.
    #[schema(value_type = Vec<String>)]
    pub sealed_files: Json<Vec<String>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// Who took the request back; it will not be carried out.
    pub withdrawn_by_id: Option<Id>,
    pub withdrawn_at: Option<Timestamp>,
}
stored!(Erasure in erasures as "erasure", texts [], dated);
