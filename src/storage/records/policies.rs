//! Scoring policies and their versions.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::scoring::Policy;
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// A scoring policy: its matrix is in its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::scoring_policies, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct ScoringPolicy {
    pub id: Id,
    /// The region, or the body whose own policy it is.
    pub organisation_id: Id,
    pub name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(ScoringPolicy in scoring_policies as "scoringPolicy", texts ["name"], dated);

/// An immutable version of a scoring policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::policy_versions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct PolicyVersion {
    pub id: Id,
    pub policy_id: Id,
    /// From 1.
    pub number: i32,
    #[schema(value_type = Policy)]
    pub definition: Json<Policy>,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(PolicyVersion in policy_versions as "policyVersion", texts []);
