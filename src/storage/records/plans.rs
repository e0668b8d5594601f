//! Plans, their texts, and the decisions on them.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::values::DiaryNumber;
use crate::domain::words::{PlanStatus, SectionKey};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// The plan of a body for a year, the same thing through all its revisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::plans, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub id: Id,
    pub organisation_id: Id,
    /// The year that it plans for.
    #[schema(example = 2024)]
    pub year: i32,
    pub status: PlanStatus,
    /// The newest adopted revision, from 1; null before the first adoption.
    pub adopted_revision: Option<i32>,
    /// The version of the scale that its risks are scored by.
    pub policy_version_id: Id,
    /// Goal ids in the plan's own order.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub goal_order: Json<Vec<Id>>,
    /// The body's own first.
    #[schema(value_type = Vec<String>, example = json!(["SLSO 2023-1942", "RS 2023-0710"]))]
    pub diary_numbers: Json<Vec<DiaryNumber>>,
    /// The board's newest decision.
    pub decided_on: Option<NaiveDate>,
    /// Who adopted it (fastställd av): a board, or the board of a company.
    pub deciding_board: Option<String>,
    /// The paragraph of the minutes, without the sign.
    pub paragraph: Option<String>,
    /// While the plan lies before its board: the hash of the snapshot that the board was given, and that its decision
    /// will seal.
    pub proposed_sha256: Option<String>,
    /// Why the plan came back to draft.
    pub return_reason: Option<String>,
    /// Why the adopted plan is in need of revision.
    pub revision_reason: Option<String>,
    /// The plan that this one was carried over from.
    pub from_plan_id: Option<Id>,
    /// When it was delivered (inlämnad) to the regional office.
    pub delivered_on: Option<NaiveDate>,
    /// Which of its revisions that was.
    pub delivered_revision: Option<i32>,
    /// Assessments, owners and categories are made up for demonstration.
    pub illustrative: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts every change of the plan or any part of it.
    pub version: i64,
    /// While the next revision is drafted: the hash of the snapshot of the plan as it was when the revision began, which
    /// follow-up goes by until the next adoption.
    pub followed_sha256: Option<String>,
    /// What the board itself changed at the table, until its decision with that change is recorded.
    pub board_change: Option<String>,
    /// Why it was closed without having been followed up here.
    pub closing_reason: Option<String>,
    /// Why the newest revision was begun.
    pub revised_because: Option<String>,
}
stored!(
    Plan in plans as "plan",
    texts ["decidingBoard", "returnReason", "revisionReason", "boardChange", "closingReason", "revisedBecause"],
    dated
);

/// The body's own text under one heading of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::plan_sections, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct PlanSection {
    pub id: Id,
    pub plan_id: Id,
    pub section: SectionKey,
    /// Plain paragraphs, parted by blank lines; a line that begins with `- ` is an item of a list.
    #[schema(example = "Inga avsteg från riktlinjen har noterats.")]
    pub text: String,
    pub updated_at: Timestamp,
    pub version: i64,
    /// Of which year's plan the text is, until it is confirmed or rewritten for this one; null for this plan's own.
    #[schema(example = 2024)]
    pub carried_from_year: Option<i32>,
}
stored!(PlanSection in plan_sections as "planSection", texts ["text"], dated);

/// An adopted revision of a plan: the decision, and the hashes of what was sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::revisions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    pub id: Id,
    pub plan_id: Id,
    /// From 1.
    pub number: i32,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// Who decided: a board, or the board of a company.
    #[schema(example = "Nämnden för Stockholms läns sjukvårdsområde")]
    pub deciding_board: String,
    /// The paragraph of the minutes, without the sign.
    #[schema(example = "12")]
    pub paragraph: String,
    /// The numbers of the matter (diarienummer).
    #[schema(value_type = Vec<String>)]
    pub diary_numbers: Json<Vec<DiaryNumber>>,
    /// The version of the scale that its risks were scored by.
    pub policy_version_id: Id,
    /// SHA-256 of the snapshot's canonical JSON, hexadecimal.
    pub snapshot_sha256: String,
    /// SHA-256 of the PDF, hexadecimal.
    pub document_sha256: String,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
    /// The clauses of the decision, in order; null when none were given.
    #[schema(value_type = Option<Vec<String>>)]
    pub clauses: Option<Json<Vec<String>>>,
    /// Whom the decision is sent to.
    #[schema(value_type = Option<Vec<String>>)]
    pub sent_to: Option<Json<Vec<String>>>,
    /// What the board itself changed at the table.
    pub board_change: Option<String>,
}
stored!(Revision in revisions as "revision", texts ["decidingBoard", "clauses", "sentTo", "boardChange"]);

/// What a plan says of a deficiency that was open when it was made: which risk carries it, or why none does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::plan_deficiencies, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct PlanDeficiency {
    pub id: Id,
    pub plan_id: Id,
    pub deficiency_id: Id,
    /// The risk of the plan that carries it.
    pub risk_id: Option<Id>,
    /// Why the plan does not carry it.
    pub justification: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(PlanDeficiency in plan_deficiencies as "planDeficiency", texts ["justification"], dated);
