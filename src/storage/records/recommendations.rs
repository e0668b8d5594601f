//! What auditors recommend and judge.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::{DialogueSide, RecommendationSource, Sufficiency};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// What auditors or other reviewers have recommended a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::recommendations, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    pub id: Id,
    pub organisation_id: Id,
    pub source: RecommendationSource,
    /// The report that it stands in.
    #[schema(example = "Granskning av inköpsprocessen")]
    pub report: String,
    /// The number of the matter (diarienummer).
    #[schema(example = "RK 2024-17")]
    pub diary_number: Option<String>,
    /// The year of the report that it stands in.
    #[schema(example = 2024)]
    pub year: i32,
    /// What is recommended.
    #[schema(example = "Nämnden bör säkerställa att avtalstroheten följs upp.")]
    pub text: String,
    /// Who answers for it at the body.
    pub responsible_id: Option<Id>,
    /// The actions that meet it.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub action_ids: Json<Vec<Id>>,
    /// Null while it is open; only the auditor closes it.
    pub closed_on: Option<NaiveDate>,
    /// Why it was closed.
    pub closure_reason: Option<String>,
    pub closed_by_id: Option<Id>,
    pub created_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Recommendation in recommendations as "recommendation", texts ["report", "text", "closureReason"], dated);

/// What one side has said about a recommendation. Never changed: more is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::recommendation_entries, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct RecommendationEntry {
    pub id: Id,
    pub recommendation_id: Id,
    pub side: DialogueSide,
    pub dated_on: NaiveDate,
    #[schema(example = "Anvisningen är reviderad och beslutad.")]
    pub text: String,
    pub written_by_id: Id,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(RecommendationEntry in recommendation_entries as "recommendationEntry", texts ["text"]);

/// The auditors' judgement of a body's year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::audit_opinions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct AuditOpinion {
    pub id: Id,
    /// The body.
    pub organisation_id: Id,
    /// The year that was audited.
    #[schema(example = 2024)]
    pub year: i32,
    pub judgement: Sufficiency,
    /// The report that it stands in.
    #[schema(example = "Årsrapport 2024")]
    pub report: String,
    /// The number of the matter (diarienummer).
    #[schema(example = "RK 2024-3")]
    pub diary_number: Option<String>,
    /// The day on which it was given.
    pub given_on: NaiveDate,
    /// What the auditors say besides.
    pub comment: Option<String>,
    pub created_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(AuditOpinion in audit_opinions as "auditOpinion", texts ["report", "comment"], dated);
