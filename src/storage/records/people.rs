//! People with an account, and the roles that they have.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::{Language, Role};
use crate::storage::schema;
use crate::storage::types::{Id, Timestamp};

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::users, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: Id,
    /// Where the person works.
    pub organisation_id: Id,
    #[schema(example = "anna.lind@example.org")]
    pub email: String,
    #[schema(example = "Anna Lind")]
    pub name: String,
    pub language: Language,
    /// False when the person has left: cannot sign in, is never deleted.
    pub active: bool,
    /// What the OIDC issuer calls the person, when they sign in there.
    pub subject: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(User in users as "user", texts ["email", "name", "subject"], dated);

/// A role that a person has on an organisation; it reaches downwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::grants, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    pub id: Id,
    pub user_id: Id,
    pub role: Role,
    pub organisation_id: Id,
    /// A reader who sees drafts too.
    pub drafts: bool,
    pub created_at: Timestamp,
    pub version: i64,
}
stored!(Grant in grants as "grant", texts []);
