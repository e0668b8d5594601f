//! What the region issues for a year: mandatory risks, standing texts, and words of one's own.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::own_words::OwnWords;
use crate::domain::words::{Language, MandatoryKind};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// What the region has made mandatory for a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::mandatory_risks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct MandatoryRisk {
    pub id: Id,
    /// The year that it holds for.
    #[schema(example = 2024)]
    pub year: i32,
    pub kind: MandatoryKind,
    /// The risk, or the area, in a few words.
    #[schema(example = "Risk för oegentligheter")]
    pub name: String,
    /// What it is about, in more words.
    pub description: Option<String>,
    pub goal_id: Id,
    /// Last year's, which this one continues.
    pub continues_id: Option<Id>,
    /// When it was issued (beslutad).
    pub issued_at: Timestamp,
    /// When it was withdrawn (återkallad).
    pub withdrawn_at: Option<Timestamp>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    pub version: i64,
}
stored!(MandatoryRisk in mandatory_risks as "mandatoryRisk", texts ["name", "description", "withdrawalReason"]);

/// A legal or guideline text of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::standing_texts, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct StandingText {
    pub id: Id,
    /// The region, or the body whose text stands in place of the region's.
    pub organisation_id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub language: Language,
    /// Which text it is; a body's stands in place of the region's with the same key.
    #[schema(example = "legalGround")]
    pub key: String,
    #[schema(example = "Kommunallagen")]
    pub heading: String,
    pub text: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The day that it holds from, where that is told: then it is chosen by the day of the board's decision.
    #[schema(example = "2025-07-01")]
    pub valid_from: Option<NaiveDate>,
}
stored!(StandingText in standing_texts as "standingText", texts ["heading", "text"], dated);

/// What an organisation and those below it call their things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::wordings, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Wording {
    pub id: Id,
    /// Whose words they are; those below it say them where they have none of their own.
    pub organisation_id: Id,
    /// The first plan year in which they are said.
    #[schema(example = 2024)]
    pub year: i32,
    #[schema(value_type = OwnWords)]
    pub words: Json<OwnWords>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Wording in wordings as "wording", texts [], dated);
