//! The organisations of the one tree.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::OrganisationKind;
use crate::storage::schema;
use crate::storage::types::{Id, Timestamp};

/// An organisation of the one tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::organisations, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    pub id: Id,
    /// The organisation above; null for the root alone.
    pub parent_id: Option<Id>,
    pub kind: OrganisationKind,
    /// What it is called.
    #[schema(example = "Stockholms läns sjukvårdsområde")]
    pub name: String,
    /// What it is called for short.
    #[schema(example = "SLSO")]
    pub abbreviation: Option<String>,
    /// Ids from the root to this one, each followed by `/`. Follows from `parentId`.
    #[serde(skip)]
    pub path: String,
    /// The nearest board or company at or above this one. Follows from `parentId` and `kind`.
    pub body_id: Option<Id>,
    /// The day from which it is there.
    pub valid_from: NaiveDate,
    /// The last day; null while it goes on.
    pub valid_to: Option<NaiveDate>,
    /// The organisation in which this one goes on.
    pub successor_id: Option<Id>,
    /// Whether it has the duty to adopt a plan each year.
    pub plans: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// What the auditors are called, where not as usual. Of the root alone.
    #[schema(example = "Stadsrevisionen")]
    pub auditors: Option<String>,
}
stored!(Organisation in organisations as "organisation", texts ["name", "abbreviation", "auditors"], dated);

impl Organisation {
    /// Whether it exists on `day`.
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}
