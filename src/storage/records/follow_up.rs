//! Periods, what was reported in them, and the reports that boards decide on.

use crate::domain::coso::ComponentJudgement;
use crate::domain::values::{Counts, DiaryNumber, FinancialMeasure, Reference, Secrecy};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Period, PeriodStatus, ReportStatus};
use crate::storage::schema;
use crate::storage::types::{Id, Json, Timestamp};

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
    /// From when statuses are asked for; null: fourteen days before the period's last day.
    #[schema(example = "2024-04-16")]
    pub asked_from: Option<NaiveDate>,
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
    /// Why it was closed before its last day had passed.
    pub closing_reason: Option<String>,
    /// While it is closed: the hash of the snapshot of what it was about then.
    pub followed_sha256: Option<String>,
}
stored!(PlanPeriod in periods as "period", texts ["reopeningReason", "closingReason"], dated);

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
    /// What was seen; always there where the status is yellow or red.
    #[schema(example = "Två av trettio stickprov saknade attest.")]
    pub comment: Option<String>,
    #[schema(value_type = Option<Counts>)]
    pub counts: Option<Json<Counts>>,
    /// Documents that show it: title, address and note.
    #[schema(value_type = Vec<Reference>)]
    pub references: Json<Vec<Reference>>,
    /// Marking of secrecy of the comment.
    #[schema(value_type = Option<Secrecy>)]
    pub secrecy: Option<Json<Secrecy>>,
    /// Why it corrects what was reported; null for a report.
    pub correction_reason: Option<String>,
    pub reported_by_id: Id,
    /// The person responsible, when somebody else reported.
    pub on_behalf_of_id: Option<Id>,
    /// When it was reported.
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
    /// The day on which the action was completed (slutförd).
    #[schema(example = "2024-04-26")]
    pub completed_on: Option<NaiveDate>,
    /// How it goes; always there where the status is yellow or red.
    #[schema(example = "Utbildningen är genomförd i fyra av fem områden.")]
    pub comment: Option<String>,
    /// Documents that show it: title, address and note.
    #[schema(value_type = Vec<Reference>)]
    pub references: Json<Vec<Reference>>,
    /// Marking of secrecy of the comment.
    #[schema(value_type = Option<Secrecy>)]
    pub secrecy: Option<Json<Secrecy>>,
    /// Why it corrects what was reported; null for a report.
    pub correction_reason: Option<String>,
    pub reported_by_id: Id,
    /// The person responsible, when somebody else reported.
    pub on_behalf_of_id: Option<Id>,
    /// When it was reported.
    pub reported_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
    /// What it has meant for the economy so far in the plan's year, in Mnkr. Negative is a cost.
    #[schema(example = "1.5")]
    pub realised_effect: Option<String>,
}
stored!(ActionReport in action_reports as "actionReport", texts ["comment", "references", "secrecy", "correctionReason"]);

/// A body's own judgement of the five COSO components, in a period of its plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::self_assessments, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct SelfAssessment {
    pub id: Id,
    pub plan_id: Id,
    pub period: Period,
    /// Those judged so far, in the order of the document.
    #[schema(value_type = Vec<ComponentJudgement>)]
    pub components: Json<Vec<ComponentJudgement>>,
    /// Who wrote it last.
    pub assessed_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(SelfAssessment in self_assessments as "selfAssessment", texts ["components"], dated);

/// The body's measures that belong to no risk, as they stand in a period of its plan: what they mean for the economy, and
/// what they have meant so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::financial_measures, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct FinancialMeasures {
    pub id: Id,
    pub plan_id: Id,
    pub period: Period,
    /// In the order that they were written.
    #[schema(value_type = Vec<FinancialMeasure>)]
    pub measures: Json<Vec<FinancialMeasure>>,
    /// Who wrote them last.
    pub written_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}
stored!(FinancialMeasures in financial_measures as "financialMeasures", texts ["measures"], dated);

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
    /// What its last section says.
    pub conclusion: Option<String>,
    /// The board's assurance; the annual report must have one.
    pub assurance: Option<String>,
    /// When the management group was shown it.
    pub shown_to_management_on: Option<NaiveDate>,
    /// The body's own first.
    #[schema(value_type = Vec<String>, example = json!(["SLSO 2024-0815"]))]
    pub diary_numbers: Json<Vec<DiaryNumber>>,
    /// Why a final report came back to draft.
    pub return_reason: Option<String>,
    /// The day of the decision on it.
    pub decided_on: Option<NaiveDate>,
    /// Who decided: a board, or the board of a company.
    pub deciding_board: Option<String>,
    /// The paragraph of the minutes, without the sign.
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
    /// Why the board decided before the period's last day had passed.
    pub early_reason: Option<String>,
    /// The clauses of the decision, in order; null when none were given.
    #[schema(value_type = Option<Vec<String>>)]
    pub clauses: Option<Json<Vec<String>>>,
    /// Whom the decision is sent to.
    #[schema(value_type = Option<Vec<String>>)]
    pub sent_to: Option<Json<Vec<String>>>,
    /// What the board itself changed at the table.
    pub board_change: Option<String>,
    /// When the decided report was delivered to the regional office.
    pub delivered_on: Option<NaiveDate>,
}
stored!(
    Report in reports as "report",
    texts [
        "introduction",
        "conclusion",
        "assurance",
        "returnReason",
        "decidingBoard",
        "earlyReason",
        "clauses",
        "sentTo",
        "boardChange",
    ],
    dated
);

/// What the region makes of every body's follow-up of a period of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::compiled_reports, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase")]
pub struct CompiledReport {
    pub id: Id,
    /// The region or municipality.
    pub organisation_id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub kind: Period,
    /// Its version, from 1 within its year and period.
    #[schema(example = 1)]
    pub number: i32,
    /// The version that it stands instead of.
    pub replaces_id: Option<Id>,
    /// `draft` or `final`.
    pub status: ReportStatus,
    /// The region's own words, first and last: plain paragraphs, parted by blank lines.
    pub introduction: Option<String>,
    pub conclusion: Option<String>,
    #[schema(value_type = Vec<String>, example = json!(["RS 2024-0815"]))]
    pub diary_numbers: Json<Vec<DiaryNumber>>,
    /// When it was made final, and sealed.
    pub final_on: Option<NaiveDate>,
    /// SHA-256 of what was sealed: the snapshot and its documents, in full and as they may be published.
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
stored!(CompiledReport in compiled_reports as "compiledReport", texts ["introduction", "conclusion"], dated);

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

impl CompiledReport {
    /// The hashes of the sealed files that it names.
    pub fn sealed_names(&self) -> impl Iterator<Item = &str> {
        [
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
