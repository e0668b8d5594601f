//! Accounts of other systems.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::ServiceScope;
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// The account of another system. Its id is what OAuth calls the client id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::service_accounts, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccount {
    pub id: Id,
    /// Its scopes reach from here downwards.
    pub organisation_id: Id,
    #[schema(example = "Regionrevisorernas analysverktyg")]
    pub name: String,
    #[schema(value_type = Vec<ServiceScope>)]
    pub scopes: Json<Vec<ServiceScope>>,
    /// After this it gets no tokens, and those that it has are refused.
    pub expires_at: Timestamp,
    /// False when it has been ended: never deleted.
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(ServiceAccount in service_accounts as "serviceAccount", texts ["name"], dated);

/// A secret that a service account gets tokens by, without the secret: it is told once and kept nowhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::service_credentials, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCredential {
    pub id: Id,
    pub service_account_id: Id,
    /// How long it goes on to hold beside the one that took its place; null while none has.
    pub holds_until: Option<Timestamp>,
    /// When it was revoked, and every token got by it with it.
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub version: i64,
}
stored!(ServiceCredential in service_credentials as "serviceCredential", texts []);

impl ServiceCredential {
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.holds_until.is_none_or(|until| now < until)
    }
}
