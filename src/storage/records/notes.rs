//! What people write to each other about what stands in a plan.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// A note about a plan, or about a risk, a control or an action of it: the one that it names. Never changed: more is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::notes, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    pub id: Id,
    pub plan_id: Id,
    /// The risk that it is about; null where it is about another thing.
    pub risk_id: Option<Id>,
    /// The control that it is about.
    pub control_id: Option<Id>,
    /// The action that it is about.
    pub action_id: Option<Id>,
    #[schema(example = "@Anna Lind, hinner vi det här före sommaren?")]
    pub text: String,
    /// Those who were told to look, by name in the text or beside it.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub mentioned_ids: Json<Vec<Id>>,
    pub written_by_id: Id,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(Note in notes as "note", texts ["text"]);

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Plan(Id),
    Risk(Id),
    Control(Id),
    Action(Id),
}

impl Note {
    pub fn about(&self) -> About {
        let of_risk = self.risk_id.map(About::Risk);
        let of_part = self.control_id.map(About::Control).or(self.action_id.map(About::Action));
        of_part.or(of_risk).unwrap_or(About::Plan(self.plan_id))
    }
}
