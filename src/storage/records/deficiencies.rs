//! Deficiencies in the internal control.

use crate::domain::values::Secrecy;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::{Period, Severity};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// A deficiency (brist) in the internal control of a body or a part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::deficiencies, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Deficiency {
    pub id: Id,
    /// The body, or the part of it.
    pub organisation_id: Id,
    /// The plan, risk and control that it concerns.
    pub plan_id: Option<Id>,
    pub risk_id: Option<Id>,
    pub control_id: Option<Id>,
    /// The control whose finding it was raised from.
    pub from_control_id: Option<Id>,
    /// The deficiency in a few words.
    #[schema(example = "Två attestanter saknas för utbetalningar")]
    pub title: String,
    /// What was found, in more words.
    pub description: Option<String>,
    pub severity: Severity,
    /// The day on which it was found.
    pub found_on: NaiveDate,
    /// Who found it, in words.
    #[schema(example = "Ekonomienhetens stickprov")]
    pub found_by: Option<String>,
    /// Who found it, when that is a person of the register.
    pub found_by_id: Option<Id>,
    /// Crime is, or was, suspected. Never taken back: it decides who may see the deficiency.
    pub suspected_crime: bool,
    /// Marking of secrecy: provision, date, authority.
    #[schema(value_type = Option<Secrecy>)]
    pub secrecy: Option<Json<Secrecy>>,
    /// What was done about it.
    pub measures: Option<String>,
    /// When the board was told of it.
    pub reported_to_board_on: Option<NaiveDate>,
    /// The paragraph of the board's minutes, without the sign.
    #[schema(example = "12")]
    pub board_paragraph: Option<String>,
    #[schema(example = "SLSO 2024-0311")]
    pub board_diary_number: Option<String>,
    /// When the regional office was told of it.
    pub reported_to_region_on: Option<NaiveDate>,
    /// The year of the follow-up that it was reported with.
    #[schema(example = 2024)]
    pub region_year: Option<i32>,
    /// The period of that follow-up.
    pub region_period: Option<Period>,
    /// When the head had acted on the suspicion of crime.
    pub crime_handled_on: Option<NaiveDate>,
    /// What the head did.
    pub crime_handling: Option<String>,
    pub crime_handled_by_id: Option<Id>,
    /// Null while it is open.
    pub closed_on: Option<NaiveDate>,
    /// Why it was closed.
    pub closure_reason: Option<String>,
    pub closed_by_id: Option<Id>,
    /// Who put it into the register.
    pub reported_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Deficiency in deficiencies as "deficiency", texts [
    "title", "description", "foundBy", "secrecy", "measures", "crimeHandling", "closureReason"
], dated);
