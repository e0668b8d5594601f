//! Controls and actions.

use crate::domain::values::FinancialEffect;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::{Period, Recurrence};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// What is done to see that a risk is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::controls, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    pub id: Id,
    pub risk_id: Id,
    pub plan_id: Id,
    pub previous_id: Option<Id>,
    /// Where it stands among the controls of the risk, from 1.
    pub position: i32,
    /// The control in a few words.
    #[schema(example = "Stickprover och visselblåsningar")]
    pub name: String,
    /// How it is done, in more words.
    pub description: Option<String>,
    /// As the body words it.
    #[schema(example = "Stickprover kontinuerligt. Årsrapport årligen.")]
    pub frequency: Option<String>,
    /// How often it is reported on (när den ska rapporteras).
    #[schema(value_type = Vec<Recurrence>)]
    pub recurrences: Json<Vec<Recurrence>>,
    pub due_period: Option<Period>,
    /// The day of a control that is done once.
    pub due_date: Option<NaiveDate>,
    pub responsible_id: Option<Id>,
    /// The indicators that it follows up.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub indicator_ids: Json<Vec<Id>>,
    /// It has stood in an adopted revision.
    pub adopted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The revision of the plan in which it was taken out; it stays for what was reported of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub removed_in: Option<i32>,
    /// The day on which it came into an adopted plan; null for what was there when the board decided. Stays when a later
    /// revision takes it up, which `adopted` tells.
    pub added_after_adoption_on: Option<NaiveDate>,
}
stored!(Control in controls as "control", texts ["name", "description", "frequency"], dated);

impl Control {
    /// The day on which it came into an adopted plan, until a revision has taken it in.
    pub fn added(&self) -> Option<NaiveDate> {
        self.added_after_adoption_on.filter(|_| !self.adopted)
    }
}

/// What is done to bring a risk down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::actions, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    pub id: Id,
    pub risk_id: Id,
    pub plan_id: Id,
    pub previous_id: Option<Id>,
    /// The control whose finding it was born from.
    pub from_control_id: Option<Id>,
    /// Where it stands among the actions of the risk, from 1.
    pub position: i32,
    /// The action in a few words.
    #[schema(example = "Utbildning och övergripande anvisning")]
    pub name: String,
    /// What is done, in more words.
    pub description: Option<String>,
    /// The day on which it begins.
    pub start_date: Option<NaiveDate>,
    /// The day by which it is to be done.
    pub end_date: Option<NaiveDate>,
    /// Why the end date was moved after adoption.
    pub end_date_reason: Option<String>,
    pub responsible_id: Option<Id>,
    #[schema(value_type = Option<FinancialEffect>)]
    pub financial_effect: Option<Json<FinancialEffect>>,
    /// It came into a plan that was adopted. Stays so when a later revision takes it up, which `adopted` tells.
    pub added_after_adoption: bool,
    /// It has stood in an adopted revision.
    pub adopted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The revision of the plan in which it was taken out; it stays for what was reported of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub removed_in: Option<i32>,
}
stored!(Action in actions as "action", texts ["name", "description", "endDateReason", "financialEffect"], dated);

impl Action {
    /// The day on which it came into an adopted plan, until a revision has taken it in.
    pub fn added(&self) -> Option<NaiveDate> {
        (self.added_after_adoption && !self.adopted).then(|| self.created_at.stockholm_date())
    }
}
