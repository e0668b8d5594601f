//! Goals, how they are measured, and what came of them.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::{Comparator, DecidedBy, OutcomeJudgement, Period};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// A goal of one year: the region's, a body's or a unit's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::goals, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Goal {
    pub id: Id,
    pub organisation_id: Id,
    /// The year that it holds for.
    #[schema(example = 2024)]
    pub year: i32,
    pub parent_id: Option<Id>,
    /// The same goal of the year before.
    pub continues_id: Option<Id>,
    /// Its number among the goals, as it is written.
    #[schema(example = "3.3.1")]
    pub number: Option<String>,
    /// The goal in words.
    #[schema(example = "Region Stockholm har en ekonomi i balans")]
    pub name: String,
    /// Place among its siblings.
    pub position: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Goal in goals as "goal", texts ["name"], dated);

/// What an indicator aims at in a year after its goal's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LaterTarget {
    #[schema(example = 2025, minimum = 2000, maximum = 2110)]
    pub year: i32,
    /// As decided.
    #[schema(example = "<5,5%", min_length = 1, max_length = 200, format = "name")]
    pub target: String,
}

/// What an indicator aims at for one of the bodies that it concerns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocalTarget {
    pub organisation_id: Id,
    /// As decided.
    #[schema(example = "<5,5%", min_length = 1, max_length = 200, format = "name")]
    pub target: String,
}

/// An action that an outcome led to and that belongs to no risk. It stands with the outcome, outside every plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnAction {
    #[schema(example = "Hälsosamtal vid upprepad korttidsfrånvaro", min_length = 1, max_length = 500, format = "name")]
    pub name: String,
    /// When it is to be done.
    #[schema(example = "2024-10-31")]
    pub end_date: Option<NaiveDate>,
    /// When it was done; null while it is not.
    #[schema(example = "2024-10-15")]
    pub completed_on: Option<NaiveDate>,
}

/// How a goal is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::indicators, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Indicator {
    pub id: Id,
    pub goal_id: Id,
    /// What is measured.
    #[schema(example = "Andel sjukfrånvaro")]
    pub name: String,
    /// In what it is measured, such as %.
    #[schema(example = "%")]
    pub unit: Option<String>,
    pub comparator: Option<Comparator>,
    pub decided_by: DecidedBy,
    /// The council's target, as decided.
    #[schema(example = "<6%")]
    pub council_target: Option<String>,
    /// The board's target, as decided.
    pub board_target: Option<String>,
    /// Targets of the years after, three at most.
    #[schema(value_type = Vec<LaterTarget>)]
    pub later_targets: Json<Vec<LaterTarget>>,
    /// The year that it is compared with.
    pub baseline_year: Option<i32>,
    /// What else is to be known of it.
    pub note: Option<String>,
    pub position: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// Whose it is: whoever changes this organisation's goals changes it. Null for one from before indicators had an owner
    /// of their own: the goal's.
    pub organisation_id: Option<Id>,
    /// The same indicator of an earlier year.
    pub continues_id: Option<Id>,
    /// The bodies that it concerns; null for all at and below its owner.
    #[schema(value_type = Option<Vec<uuid::Uuid>>)]
    pub concerns: Option<Json<Vec<Id>>>,
    /// The targets of those bodies that have their own; null where none has.
    #[schema(value_type = Option<Vec<LocalTarget>>)]
    pub local_targets: Option<Json<Vec<LocalTarget>>>,
    /// What the outcome is compared with, where that is not the outcome of the baseline year: a decimal number, written with
    /// a point.
    #[schema(example = "6.2")]
    pub baseline_value: Option<String>,
    /// Who writes its outcomes, beside the controller.
    pub responsible_id: Option<Id>,
    /// The targets were taken over from the indicator of this year, and nobody has confirmed or rewritten them; null once
    /// somebody has. Until then they are no year's.
    pub targets_from_year: Option<i32>,
}
stored!(Indicator in indicators as "indicator", texts ["name", "councilTarget", "boardTarget", "laterTargets", "note", "localTargets"], dated);

impl Indicator {
    /// The bodies that it concerns; none for all.
    pub fn concerned(&self) -> &[Id] {
        self.concerns.as_ref().map_or(&[], |all| all.as_slice())
    }

    /// The targets that bodies have of their own.
    pub fn of_bodies(&self) -> &[LocalTarget] {
        self.local_targets.as_ref().map_or(&[], |all| all.as_slice())
    }
}

/// What an indicator came to, for an organisation and a period of the goal's year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::outcomes, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub id: Id,
    pub indicator_id: Id,
    pub organisation_id: Id,
    pub period: Period,
    /// A decimal number, written with a point: exactly the digits that were given. Of an indicator that is answered
    /// by yes, `yes` or `no`.
    #[schema(example = "5.8")]
    pub value: Option<String>,
    /// What the value is expected to be when the year ends, written as `value`.
    #[schema(example = "5.9")]
    pub forecast: Option<String>,
    pub judgement: Option<OutcomeJudgement>,
    /// Why it came to this, where it is not on target.
    pub cause: Option<String>,
    /// The actions that it led to.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub action_ids: Json<Vec<Id>>,
    /// The person who wrote it last; null when that was another system.
    pub reported_by_id: Option<Id>,
    /// The account of the system that wrote it last; null when that was a person.
    pub reported_by_account_id: Option<Id>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The actions that it led to and that belong to no risk; null where there are none.
    #[schema(value_type = Option<Vec<OwnAction>>)]
    pub own_actions: Option<Json<Vec<OwnAction>>>,
}
stored!(Outcome in outcomes as "outcome", texts ["cause", "ownActions"], dated);

impl Outcome {
    /// The actions that it led to and that belong to no risk.
    pub fn actions_of_its_own(&self) -> &[OwnAction] {
        self.own_actions.as_ref().map_or(&[], |all| all.as_slice())
    }
}
