//! Risks and their assessments.

use crate::domain::values::Secrecy;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::{Category, InclusionReason, LevelKey, Response};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

/// A risk in one plan. `identityId` and `reference` are the same over the years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::risks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    pub id: Id,
    pub plan_id: Id,
    /// The same in the plan of each year that the risk stands in.
    pub identity_id: Id,
    /// The same risk in the plan that this one was carried over from.
    pub previous_id: Option<Id>,
    /// The body, or the part of it whose risk this is.
    pub organisation_id: Id,
    pub goal_id: Option<Id>,
    /// The body's own goal that it threatens (lokalt mål).
    pub local_goal: Option<String>,
    /// Place among the risks of its goal.
    pub position: i32,
    /// Place among the included risks of the plan; null when not included.
    pub number: Option<i32>,
    /// The number of its first adoption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_number: Option<i32>,
    /// What it is called by over the years (referens).
    #[schema(example = "48301")]
    pub reference: String,
    /// The risk in a few words.
    #[schema(example = "Förmåga att tillgodose digitaliseringsbehoven")]
    pub name: String,
    /// What it is about, in more words.
    pub description: Option<String>,
    pub category: Option<Category>,
    pub owner_id: Option<Id>,
    /// How likely it is (sannolikhet), from 1, by its newest assessment.
    #[schema(example = 4)]
    pub likelihood: Option<i32>,
    /// How bad it would be (konsekvens), from 1, by its newest assessment.
    #[schema(example = 3)]
    pub consequence: Option<i32>,
    /// Likelihood and consequence together (riskvärde), as the scale of the plan has it.
    #[schema(example = 12)]
    pub score: Option<i32>,
    pub level: Option<LevelKey>,
    /// Whether the newest assessment was made, or confirmed, for this plan.
    pub confirmed: bool,
    pub target_level: Option<LevelKey>,
    pub response: Option<Response>,
    /// Why the risk is accepted, or a demand of its level departed from.
    pub justification: Option<String>,
    /// Fel och oegentligheter.
    pub irregularity: bool,
    /// Marking of secrecy: provision, date, authority.
    #[schema(value_type = Option<Secrecy>)]
    pub secrecy: Option<Json<Secrecy>>,
    /// The mandatory risk that this is.
    pub mandatory_id: Option<Id>,
    /// The mandatory area that this risk stands under.
    pub area_id: Option<Id>,
    /// Mandatory last year, and not this year.
    pub formerly_mandatory: bool,
    /// It stands in the plan, by what is known in the draft, or by what was adopted.
    pub included: bool,
    pub inclusion_reason: InclusionReason,
    /// Why the body took it in by decision.
    pub decision_reason: Option<String>,
    /// Why it was set aside (bortvald).
    pub set_aside_reason: Option<String>,
    /// When it was retired (utgick): it is kept, and followed up no more.
    pub retired_on: Option<NaiveDate>,
    /// Why it was retired.
    pub retirement_reason: Option<String>,
    /// It has stood in an adopted revision.
    pub adopted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// The day on which it came into the register beside an adopted plan; null for what was there when the board decided.
    /// Stays when a later revision takes it in, which `adopted` tells.
    pub added_after_adoption_on: Option<NaiveDate>,
    /// The category of the body's own that it was put in, which counts as `category`.
    pub own_category: Option<String>,
}
stored!(Risk in risks as "risk", texts [
    "localGoal", "name", "description", "justification", "secrecy", "decisionReason", "setAsideReason", "retirementReason"
], dated);

impl Risk {
    /// A risk as it begins: first of its kind, at the first place, named and nothing more.
    pub fn new(plan: Id, organisation: Id, reference: String, name: String) -> Self {
        let now = Timestamp::now();
        Self {
            id: Id::new(),
            plan_id: plan,
            identity_id: Id::new(),
            previous_id: None,
            organisation_id: organisation,
            goal_id: None,
            local_goal: None,
            position: 1,
            number: None,
            fixed_number: None,
            reference,
            name,
            description: None,
            category: None,
            owner_id: None,
            likelihood: None,
            consequence: None,
            score: None,
            level: None,
            confirmed: false,
            target_level: None,
            response: None,
            justification: None,
            irregularity: false,
            secrecy: None,
            mandatory_id: None,
            area_id: None,
            formerly_mandatory: false,
            included: false,
            inclusion_reason: InclusionReason::None,
            decision_reason: None,
            set_aside_reason: None,
            retired_on: None,
            retirement_reason: None,
            adopted: false,
            created_at: now,
            updated_at: now,
            version: 1,
            added_after_adoption_on: None,
            own_category: None,
        }
    }

    /// The day on which it came into the register beside an adopted plan, until a revision has taken it in.
    pub fn added(&self) -> Option<NaiveDate> {
        self.added_after_adoption_on.filter(|_| !self.adopted)
    }

    /// Its number in the plan that is followed up: what a draft has left without one keeps the one it was adopted with.
    pub fn shown_number(&self) -> Option<i32> {
        self.number.or(self.fixed_number)
    }
}

/// One scoring of a risk. The newest is the risk's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::assessments, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    pub id: Id,
    pub risk_id: Id,
    pub plan_id: Id,
    /// From 1, in the order they were made.
    pub sequence: i32,
    /// The version of the scale that it was scored by.
    pub policy_version_id: Id,
    /// How likely (sannolikhet), from 1.
    #[schema(example = 4)]
    pub likelihood: i32,
    /// How bad (konsekvens), from 1.
    #[schema(example = 3)]
    pub consequence: i32,
    /// Both together (riskvärde), as the scale had it then.
    #[schema(example = 12)]
    pub score: i32,
    pub level: LevelKey,
    /// Why it was assessed so.
    pub reason: Option<String>,
    /// False for one that was copied from last year and that nobody has stood by yet.
    pub confirmed: bool,
    /// Null when the register copied it.
    pub assessed_by_id: Option<Id>,
    /// When it was made.
    pub assessed_at: Timestamp,
    pub copied_from_id: Option<Id>,
    #[serde(skip)]
    pub version: i64,
}
stored!(Assessment in assessments as "assessment", texts ["reason"]);
