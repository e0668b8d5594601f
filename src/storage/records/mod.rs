//! What is stored: one struct a table, column for column, and how it is read and written.
//!
//! A record is also how the thing looks to readers of the API and in the history, so its field names are the
//! register's wire names. Rows are written through [`super::Writing`] alone, which adds the event.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::connection::AnyConnection;
use super::schema;
use super::types::{Id, Json, Timestamp};
use crate::domain::words::{
    ActionEffect, ActionStatus, Category, Comparator, ControlStatus, DecidedBy, DialogueSide, InclusionReason,
    Language, LevelKey, MandatoryKind, OrganisationKind, OutcomeJudgement, PauseReason, Period, PeriodStatus,
    PlanStatus, RecommendationSource, ReportStatus, Response, Role, SectionKey, ServiceScope, Severity, Sufficiency,
};

/// A row that has a history.
pub trait Stored: Serialize + DeserializeOwned + Clone + Send + 'static {
    /// What the thing is called in events and addresses.
    const ENTITY: &'static str;
    /// The table that holds it.
    const TABLE: &'static str;
    /// The fields with personal or free text: in events they stand as salted commitments.
    const TEXTS: &'static [&'static str];
    fn id(&self) -> Id;
    fn version(&self) -> i64;
    /// Sets the version, and the time of the change where the row keeps it.
    fn mark(&mut self, version: i64, now: Timestamp);
    fn find(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>>;
    /// As `find`, and keeps others from changing the row until the end of the transaction.
    fn hold(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>>;
    fn insert(&self, c: &mut AnyConnection) -> QueryResult<usize>;
    /// Writes the row over the version right before it; 0 when another transaction was faster.
    fn update(&self, c: &mut AnyConnection) -> QueryResult<usize>;
    /// Removes this very version; 0 when another transaction was faster.
    fn delete(&self, c: &mut AnyConnection) -> QueryResult<usize>;
    /// Rows in the order of their ids, from the first after this one on.
    fn after(c: &mut AnyConnection, id: Option<Id>, limit: i64) -> QueryResult<Vec<Self>>;
}

/// Ties a record to its table. `dated` rows keep the time of their last change.
macro_rules! stored {
    ($record:ident in $table:ident as $entity:literal, texts $texts:expr $(, $dated:ident)?) => {
        impl Stored for $record {
            const ENTITY: &'static str = $entity;
            const TABLE: &'static str = stringify!($table);
            const TEXTS: &'static [&'static str] = &$texts;
            fn id(&self) -> Id {
                self.id
            }
            fn version(&self) -> i64 {
                self.version
            }
            #[allow(unused_variables)]
            fn mark(&mut self, version: i64, now: Timestamp) {
                self.version = version;
                $(stored!(@$dated self now);)?
            }
            fn find(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>> {
                schema::$table::table.find(id).select(Self::as_select()).first(c).optional()
            }
            fn hold(c: &mut AnyConnection, id: Id) -> QueryResult<Option<Self>> {
                diesel::update(schema::$table::table.find(id))
                    .set(schema::$table::version.eq(schema::$table::version))
                    .execute(c)?;
                Self::find(c, id)
            }
            fn insert(&self, c: &mut AnyConnection) -> QueryResult<usize> {
                diesel::insert_into(schema::$table::table).values(self.clone()).execute(c)
            }
            fn update(&self, c: &mut AnyConnection) -> QueryResult<usize> {
                use schema::$table::{table, version};
                diesel::update(table.find(self.id).filter(version.eq(self.version - 1))).set(self.clone()).execute(c)
            }
            fn delete(&self, c: &mut AnyConnection) -> QueryResult<usize> {
                use schema::$table::{table, version};
                diesel::delete(table.find(self.id).filter(version.eq(self.version))).execute(c)
            }
            fn after(c: &mut AnyConnection, after: Option<Id>, limit: i64) -> QueryResult<Vec<Self>> {
                use schema::$table::{id, table};
                let mut query = table.order(id.asc()).limit(limit).select(Self::as_select()).into_boxed();
                if let Some(after) = after {
                    query = query.filter(id.gt(after));
                }
                query.load(c)
            }
        }
    };
    (@dated $self:ident $now:ident) => { $self.updated_at = $now };
}

/// What stands in a field of a thing whose text has been erased.
pub fn erased(entity: &str, field: &str, id: Id) -> Value {
    match (entity, field) {
        // No two people have the same, so that it still names one.
        (User::ENTITY, "email") => Value::from(format!("{id}{ERASED_ADDRESS}")),
        (User::ENTITY, "subject") => Value::Null,
        (Indicator::ENTITY, "laterTargets") => Value::Array(Vec::new()),
        (SelfAssessment::ENTITY, "components") | (ControlReport::ENTITY | ActionReport::ENTITY, "references") => {
            Value::Array(Vec::new())
        }
        (_, "secrecy") | (Action::ENTITY, "financialEffect") => Value::Null,
        _ => Value::from(ERASED),
    }
}

/// How an address ends that has been erased: no letter reaches it.
pub const ERASED_ADDRESS: &str = "@gallrad.invalid";

/// What readers see of a text that has been erased.
pub const ERASED: &str = "[gallrad]";

/// An organisation of the one tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::organisations, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    pub id: Id,
    /// The organisation above; null for the root alone.
    pub parent_id: Option<Id>,
    pub kind: OrganisationKind,
    #[schema(example = "Stockholms läns sjukvårdsområde")]
    pub name: String,
    #[schema(example = "SLSO")]
    pub abbreviation: Option<String>,
    /// Ids from the root to this one, each followed by `/`. Follows from `parentId`.
    #[serde(skip)]
    pub path: String,
    /// The nearest board or company at or above this one. Follows from `parentId` and `kind`.
    pub body_id: Option<Id>,
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
}
stored!(Organisation in organisations as "organisation", texts ["name", "abbreviation"], dated);

impl Organisation {
    /// Whether it exists on `day`.
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::users, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: Id,
    /// Where the person works.
    pub organisation_id: Id,
    #[schema(example = "anna.lind@example.org")]
    pub email: String,
    #[schema(example = "Anna Lind")]
    pub name: String,
    pub language: Language,
    /// False when the person has left: cannot sign in, is never deleted.
    pub active: bool,
    /// What the OIDC issuer calls the person, when they sign in there.
    pub subject: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(User in users as "user", texts ["email", "name", "subject"], dated);

/// A role that a person has on an organisation; it reaches downwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::grants, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    pub id: Id,
    pub user_id: Id,
    pub role: Role,
    pub organisation_id: Id,
    /// A reader who sees drafts too.
    pub drafts: bool,
    pub created_at: Timestamp,
    pub version: i64,
}
stored!(Grant in grants as "grant", texts []);

/// The account of another system. Its id is what OAuth calls the client id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::service_accounts, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccount {
    pub id: Id,
    /// Its scopes reach from here downwards.
    pub organisation_id: Id,
    #[schema(example = "Regionrevisorernas analysverktyg")]
    pub name: String,
    #[schema(value_type = Vec<ServiceScope>)]
    pub scopes: Json,
    /// After this it gets no tokens, and those that it has are refused.
    pub expires_at: Timestamp,
    /// False when it has been ended: never deleted.
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(ServiceAccount in service_accounts as "serviceAccount", texts ["name"], dated);

/// A secret that a service account gets tokens by, without the secret: it is told once and kept nowhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::service_credentials, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCredential {
    pub id: Id,
    pub service_account_id: Id,
    /// How long it goes on to hold beside the one that took its place; null while none has.
    pub holds_until: Option<Timestamp>,
    /// When it was revoked, and every token got by it with it.
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub version: i64,
}
stored!(ServiceCredential in service_credentials as "serviceCredential", texts []);

impl ServiceCredential {
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.holds_until.is_none_or(|until| now < until)
    }
}

/// A goal of one year: the region's, a body's or a unit's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::goals, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Goal {
    pub id: Id,
    pub organisation_id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub parent_id: Option<Id>,
    /// The same goal of the year before.
    pub continues_id: Option<Id>,
    #[schema(example = "3.3.1")]
    pub number: Option<String>,
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
    #[schema(example = "<5,5%", min_length = 1, max_length = 200)]
    pub target: String,
}

/// How a goal is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::indicators, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Indicator {
    pub id: Id,
    pub goal_id: Id,
    #[schema(example = "Andel sjukfrånvaro")]
    pub name: String,
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
    pub later_targets: Json,
    pub baseline_year: Option<i32>,
    pub note: Option<String>,
    pub position: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Indicator in indicators as "indicator", texts ["name", "councilTarget", "boardTarget", "laterTargets", "note"], dated);

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
    #[schema(value_type = crate::domain::scoring::Policy)]
    pub definition: Json,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(PolicyVersion in policy_versions as "policyVersion", texts []);

/// What the region has made mandatory for a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::mandatory_risks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct MandatoryRisk {
    pub id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub kind: MandatoryKind,
    #[schema(example = "Risk för oegentligheter")]
    pub name: String,
    pub description: Option<String>,
    pub goal_id: Id,
    /// Last year's, which this one continues.
    pub continues_id: Option<Id>,
    pub issued_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
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
}
stored!(StandingText in standing_texts as "standingText", texts ["heading", "text"], dated);

/// The plan of a body for a year, the same thing through all its revisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::plans, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub id: Id,
    pub organisation_id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub status: PlanStatus,
    /// The newest adopted revision, from 1; null before the first adoption.
    pub adopted_revision: Option<i32>,
    pub policy_version_id: Id,
    /// Goal ids in the plan's own order.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub goal_order: Json,
    /// The body's own first.
    #[schema(value_type = Vec<String>, example = json!(["SLSO 2023-1942", "RS 2023-0710"]))]
    pub diary_numbers: Json,
    /// The board's newest decision.
    pub decided_on: Option<NaiveDate>,
    pub deciding_board: Option<String>,
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
    pub delivered_on: Option<NaiveDate>,
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
}
stored!(Plan in plans as "plan", texts ["decidingBoard", "returnReason", "revisionReason"], dated);

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
    pub decided_on: NaiveDate,
    #[schema(example = "Nämnden för Stockholms läns sjukvårdsområde")]
    pub deciding_board: String,
    #[schema(example = "12")]
    pub paragraph: String,
    #[schema(value_type = Vec<String>)]
    pub diary_numbers: Json,
    pub policy_version_id: Id,
    /// SHA-256 of the snapshot's canonical JSON, hexadecimal.
    pub snapshot_sha256: String,
    /// SHA-256 of the PDF, hexadecimal.
    pub document_sha256: String,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(Revision in revisions as "revision", texts ["decidingBoard"]);

/// A risk in one plan. `identityId` and `reference` are the same over the years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::risks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    pub id: Id,
    pub plan_id: Id,
    pub identity_id: Id,
    /// The same risk in the plan that this one was carried over from.
    pub previous_id: Option<Id>,
    /// The body, or the part of it whose risk this is.
    pub organisation_id: Id,
    pub goal_id: Option<Id>,
    pub local_goal: Option<String>,
    /// Place among the risks of its goal.
    pub position: i32,
    /// Place among the included risks of the plan; null when not included.
    pub number: Option<i32>,
    /// The number of its first adoption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_number: Option<i32>,
    #[schema(example = "48301")]
    pub reference: String,
    #[schema(example = "Förmåga att tillgodose digitaliseringsbehoven")]
    pub name: String,
    pub description: Option<String>,
    pub category: Option<Category>,
    pub owner_id: Option<Id>,
    #[schema(example = 4)]
    pub likelihood: Option<i32>,
    #[schema(example = 3)]
    pub consequence: Option<i32>,
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
    #[schema(value_type = Option<crate::app::risks::Secrecy>)]
    pub secrecy: Option<Json>,
    /// The mandatory risk that this is.
    pub mandatory_id: Option<Id>,
    /// The mandatory area that this risk stands under.
    pub area_id: Option<Id>,
    /// Mandatory last year, and not this year.
    pub formerly_mandatory: bool,
    pub included: bool,
    pub inclusion_reason: InclusionReason,
    /// Why the body took it in by decision.
    pub decision_reason: Option<String>,
    pub set_aside_reason: Option<String>,
    pub retired_on: Option<NaiveDate>,
    pub retirement_reason: Option<String>,
    /// It has stood in an adopted revision.
    pub adopted: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Risk in risks as "risk", texts [
    "localGoal", "name", "description", "justification", "secrecy", "decisionReason", "setAsideReason", "retirementReason"
], dated);

impl Risk {
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
    pub policy_version_id: Id,
    #[schema(example = 4)]
    pub likelihood: i32,
    #[schema(example = 3)]
    pub consequence: i32,
    #[schema(example = 12)]
    pub score: i32,
    pub level: LevelKey,
    pub reason: Option<String>,
    /// False for one that was copied from last year and that nobody has stood by yet.
    pub confirmed: bool,
    /// Null when the register copied it.
    pub assessed_by_id: Option<Id>,
    pub assessed_at: Timestamp,
    pub copied_from_id: Option<Id>,
    #[serde(skip)]
    pub version: i64,
}
stored!(Assessment in assessments as "assessment", texts ["reason"]);

/// What is done to see that a risk is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::controls, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    pub id: Id,
    pub risk_id: Id,
    pub plan_id: Id,
    pub previous_id: Option<Id>,
    pub position: i32,
    #[schema(example = "Stickprover och visselblåsningar")]
    pub name: String,
    pub description: Option<String>,
    /// As the body words it.
    #[schema(example = "Stickprover kontinuerligt. Årsrapport årligen.")]
    pub frequency: Option<String>,
    #[schema(value_type = Vec<crate::domain::words::Recurrence>)]
    pub recurrences: Json,
    pub due_period: Option<Period>,
    pub due_date: Option<NaiveDate>,
    pub responsible_id: Option<Id>,
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub indicator_ids: Json,
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
stored!(Control in controls as "control", texts ["name", "description", "frequency"], dated);

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
    pub position: i32,
    #[schema(example = "Utbildning och övergripande anvisning")]
    pub name: String,
    pub description: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    /// Why the end date was moved after adoption.
    pub end_date_reason: Option<String>,
    pub responsible_id: Option<Id>,
    #[schema(value_type = Option<crate::app::measures::FinancialEffect>)]
    pub financial_effect: Option<Json>,
    /// It came into a plan that was adopted. Stays so when a later revision takes it up: the first did not have it.
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

/// The last day to report for a period, as the region has set it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::deadlines, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Deadline {
    pub id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub period: Period,
    #[schema(example = "2024-05-17")]
    pub due_on: NaiveDate,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Deadline in deadlines as "deadline", texts [], dated);

/// A follow-up period of a plan, once something has been decided about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::periods, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct PlanPeriod {
    pub id: Id,
    pub plan_id: Id,
    pub period: Period,
    /// The body's own, no later than the region's.
    pub deadline: Option<NaiveDate>,
    /// Due although it ended before the plan was first adopted.
    pub required: bool,
    pub status: PeriodStatus,
    pub closed_on: Option<NaiveDate>,
    pub closed_by_id: Option<Id>,
    /// Why it was last opened again.
    pub reopening_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(PlanPeriod in periods as "period", texts ["reopeningReason"], dated);

/// What was reported of a control in a period. The newest counts; a correction counts for nothing and stands beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::control_reports, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct ControlReport {
    pub id: Id,
    pub control_id: Id,
    pub plan_id: Id,
    pub period: Period,
    /// From 1, in the order they were made, corrections too.
    pub sequence: i32,
    pub status: ControlStatus,
    #[schema(example = "Två av trettio stickprov saknade attest.")]
    pub comment: Option<String>,
    #[schema(value_type = Option<crate::app::status_reports::Counts>)]
    pub counts: Option<Json>,
    #[schema(value_type = Vec<crate::app::status_reports::Reference>)]
    pub references: Json,
    /// Marking of secrecy of the comment.
    #[schema(value_type = Option<crate::app::risks::Secrecy>)]
    pub secrecy: Option<Json>,
    /// Why it corrects what was reported; null for a report.
    pub correction_reason: Option<String>,
    pub reported_by_id: Id,
    /// The person responsible, when somebody else reported.
    pub on_behalf_of_id: Option<Id>,
    pub reported_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(ControlReport in control_reports as "controlReport", texts ["comment", "references", "secrecy", "correctionReason"]);

/// What was reported of an action in a period. The newest counts; a correction counts for nothing and stands beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::action_reports, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct ActionReport {
    pub id: Id,
    pub action_id: Id,
    pub plan_id: Id,
    pub period: Period,
    /// From 1, in the order they were made, corrections too.
    pub sequence: i32,
    pub status: ActionStatus,
    pub effect: ActionEffect,
    #[schema(example = "2024-04-26")]
    pub completed_on: Option<NaiveDate>,
    #[schema(example = "Utbildningen är genomförd i fyra av fem områden.")]
    pub comment: Option<String>,
    #[schema(value_type = Vec<crate::app::status_reports::Reference>)]
    pub references: Json,
    /// Marking of secrecy of the comment.
    #[schema(value_type = Option<crate::app::risks::Secrecy>)]
    pub secrecy: Option<Json>,
    /// Why it corrects what was reported; null for a report.
    pub correction_reason: Option<String>,
    pub reported_by_id: Id,
    /// The person responsible, when somebody else reported.
    pub on_behalf_of_id: Option<Id>,
    pub reported_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(ActionReport in action_reports as "actionReport", texts ["comment", "references", "secrecy", "correctionReason"]);

/// The report of a period, which the board decides on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::reports, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub id: Id,
    pub plan_id: Id,
    pub kind: Period,
    /// Its version, from 1 for each kind.
    pub number: i32,
    /// The decided report that this one replaces.
    pub replaces_id: Option<Id>,
    pub status: ReportStatus,
    /// The revision of the plan that it follows up.
    pub revision: i32,
    /// The body's own words, first and last: plain paragraphs, parted by blank lines.
    pub introduction: Option<String>,
    pub conclusion: Option<String>,
    /// The board's assurance; the annual report must have one.
    pub assurance: Option<String>,
    pub shown_to_management_on: Option<NaiveDate>,
    /// The body's own first.
    #[schema(value_type = Vec<String>, example = json!(["SLSO 2024-0815"]))]
    pub diary_numbers: Json,
    /// Why a final report came back to draft.
    pub return_reason: Option<String>,
    pub decided_on: Option<NaiveDate>,
    pub deciding_board: Option<String>,
    pub paragraph: Option<String>,
    /// SHA-256 of the snapshot that was made final, and that the board's decision will seal.
    pub final_sha256: Option<String>,
    /// SHA-256 of what was sealed at the decision: the snapshot and its documents, in full and as they may be published.
    pub snapshot_sha256: Option<String>,
    pub document_sha256: Option<String>,
    pub docx_sha256: Option<String>,
    pub xlsx_sha256: Option<String>,
    pub public_snapshot_sha256: Option<String>,
    pub public_document_sha256: Option<String>,
    pub public_docx_sha256: Option<String>,
    pub public_xlsx_sha256: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Report in reports as "report", texts ["introduction", "conclusion", "assurance", "returnReason", "decidingBoard"], dated);

impl Report {
    /// The hashes of the sealed files that it names.
    pub fn sealed_names(&self) -> impl Iterator<Item = &str> {
        [
            &self.final_sha256,
            &self.snapshot_sha256,
            &self.document_sha256,
            &self.docx_sha256,
            &self.xlsx_sha256,
            &self.public_snapshot_sha256,
            &self.public_document_sha256,
            &self.public_docx_sha256,
            &self.public_xlsx_sha256,
        ]
        .into_iter()
        .filter_map(Option::as_deref)
    }
}

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
    #[schema(example = "Två attestanter saknas för utbetalningar")]
    pub title: String,
    pub description: Option<String>,
    pub severity: Severity,
    pub found_on: NaiveDate,
    /// Who found it, in words.
    #[schema(example = "Ekonomienhetens stickprov")]
    pub found_by: Option<String>,
    /// Who found it, when that is a person of the register.
    pub found_by_id: Option<Id>,
    /// Crime is, or was, suspected. Never taken back: it decides who may see the deficiency.
    pub suspected_crime: bool,
    /// Marking of secrecy: provision, date, authority.
    #[schema(value_type = Option<crate::app::risks::Secrecy>)]
    pub secrecy: Option<Json>,
    /// What was done about it.
    pub measures: Option<String>,
    pub reported_to_board_on: Option<NaiveDate>,
    #[schema(example = "12")]
    pub board_paragraph: Option<String>,
    #[schema(example = "SLSO 2024-0311")]
    pub board_diary_number: Option<String>,
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
    #[schema(example = "RK 2024-17")]
    pub diary_number: Option<String>,
    #[schema(example = 2024)]
    pub year: i32,
    #[schema(example = "Nämnden bör säkerställa att avtalstroheten följs upp.")]
    pub text: String,
    /// Who answers for it at the body.
    pub responsible_id: Option<Id>,
    /// The actions that meet it.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub action_ids: Json,
    /// Null while it is open; only the auditor closes it.
    pub closed_on: Option<NaiveDate>,
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
    #[schema(example = 2024)]
    pub year: i32,
    pub judgement: Sufficiency,
    #[schema(example = "Årsrapport 2024")]
    pub report: String,
    #[schema(example = "RK 2024-3")]
    pub diary_number: Option<String>,
    pub given_on: NaiveDate,
    pub comment: Option<String>,
    pub created_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(AuditOpinion in audit_opinions as "auditOpinion", texts ["report", "comment"], dated);

/// A body's own judgement of the five COSO components, in a period of its plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::self_assessments, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct SelfAssessment {
    pub id: Id,
    pub plan_id: Id,
    pub period: Period,
    /// Those judged so far, in the order of the document.
    #[schema(value_type = Vec<crate::domain::coso::ComponentJudgement>)]
    pub components: Json,
    /// Who wrote it last.
    pub assessed_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(SelfAssessment in self_assessments as "selfAssessment", texts ["components"], dated);

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
    pub cause: Option<String>,
    /// The actions that it led to.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub action_ids: Json,
    /// The person who wrote it last; null when that was another system.
    pub reported_by_id: Option<Id>,
    /// The account of the system that wrote it last; null when that was a person.
    pub reported_by_account_id: Option<Id>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Outcome in outcomes as "outcome", texts ["cause"], dated);

/// A public key that checkpoints have been signed with. The private one is never in the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::signing_keys, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct SigningKey {
    pub id: Id,
    /// Ed25519, base64.
    pub public_key: String,
    /// When the register took it into use.
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}
stored!(SigningKey in signing_keys as "signingKey", texts []);

/// A decision to erase texts, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::erasures, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    pub id: Id,
    /// What kind of thing has the texts: `user`, `risk` …
    #[schema(example = "user")]
    pub entity: String,
    pub entity_id: Id,
    /// The fields whose texts are erased, `reason` for the reasons that were given for what happened to the thing.
    #[schema(value_type = Vec<String>, example = json!(["name", "email"]))]
    pub fields: Json,
    /// The reference of the decision that it rests on.
    #[schema(example = "RS 2026-0123, § 45")]
    pub decision: String,
    pub requested_by_id: Id,
    /// Null until a second administrator has confirmed it; then the texts are gone.
    pub confirmed_by_id: Option<Id>,
    pub confirmed_at: Option<Timestamp>,
    /// The commitments in the history that nothing opens any more.
    #[schema(value_type = Vec<String>)]
    pub commitments: Json,
    /// SHA-256 of the sealed files that still hold one of the texts: they are public records, and stay.
    #[schema(value_type = Vec<String>)]
    pub sealed_files: Json,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// Who took the request back; it will not be carried out.
    pub withdrawn_by_id: Option<Id>,
    pub withdrawn_at: Option<Timestamp>,
}
stored!(Erasure in erasures as "erasure", texts [], dated);

/// A document or snapshot as it was sealed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = schema::sealed_files)]
pub struct SealedFile {
    pub sha256: String,
    pub media_type: String,
    pub content: Vec<u8>,
}

/// Somebody's system that is told of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::webhooks, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    pub id: Id,
    /// It is told of events of this organisation and those below it, in whatever log they stand.
    pub organisation_id: Id,
    #[schema(example = "Revisorernas system")]
    pub name: String,
    #[schema(example = "https://hooks.example.org/riskregister")]
    pub url: String,
    /// The kinds of events that it is told of; all of them when empty.
    #[schema(value_type = Vec<String>, example = json!(["risk.*", "plan.adopted"]))]
    pub kinds: Json,
    pub active: bool,
    /// Why the register itself made it inactive. Events wait for it, and are sent when it is active again.
    pub pause_reason: Option<PauseReason>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(Webhook in webhooks as "webhook", texts ["name", "url"], dated);
