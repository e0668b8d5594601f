//! The frozen snapshot of a follow-up report (T1, delår, år): the plan's followed revision with today's assessments and
//! the statuses of one period, and what else the board is told.
//!
//! What can be counted from it is not in it: due, reported and missing, statuses per colour, what covers
//! irregularities, sums of money. So nothing that is sealed can contradict its own parts. Things of the plan are named
//! by their number or id and never copied, so that what is masked in one place cannot be read in another.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::plan::{Checkpoint, Decision, FinancialEffect, PlanSnapshot, Revised};
use super::reported::{LeftFile, Outcome, Secrecy};

/// The shape of the report's snapshot; a reader that meets another number refuses. The plan in it has its own.
pub const REPORT_SCHEMA: u32 = 1;

/// A follow-up report as it is decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportSnapshot {
    /// [`REPORT_SCHEMA`] of the writer.
    pub schema: u32,
    pub report: Report,
    /// The board's decision on the report; there if and only if its status is `decided`.
    pub decision: Option<Decision>,
    /// The revision that is followed, with its own decision, today's assessments, each control and action with its
    /// report, and actions added since. Its standing texts and sections are printed last; its checkpoint is not printed
    /// again.
    pub plan: PlanSnapshot,
    /// The last report before this one, of the same plan. None in the first.
    pub since: Option<Since>,
    /// Every mandatory risk and area of the year, also those that the plan lacks.
    pub mandatory: Vec<Mandatory>,
    /// This plan's periods so far, this report's last. Printed where there is something to compare: more than one
    /// period, or scores of last year.
    pub trend: Trend,
    pub deficiencies: Vec<Deficiency>,
    pub recommendations: Vec<Recommendation>,
    pub audit_opinions: Vec<AuditOpinion>,
    /// Indicators that are at risk or missed.
    pub indicators: Vec<IndicatorAtRisk>,
    /// How many indicators concern the body, and how many of them have an outcome in the period. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<OutcomeCount>,
    /// The body's measures that belong to no risk. None where nothing was written of any, and in older snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub financial_measures: Option<FinancialMeasures>,
    /// The components of COSO. Required in the annual report (by the register, not here).
    pub self_assessment: Vec<Component>,
    pub texts: Texts,
    /// The newest checkpoint of the body's log before the report's decision; the plan's own is not printed again.
    pub checkpoint: Option<Checkpoint>,
}

/// Which report this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub id: String,
    pub kind: PeriodKind,
    /// From 1 within its plan and period.
    pub version: u32,
    /// The version that this one stands instead of.
    pub replaces: Option<u32>,
    pub status: ReportStatus,
    pub period_from: NaiveDate,
    pub period_to: NaiveDate,
    /// When the period's statuses were to be in.
    pub deadline: Option<NaiveDate>,
    /// When the management group was shown it.
    pub shown_to_management_on: Option<NaiveDate>,
    /// The body's own first. Before the decision, those that are known so far.
    pub diary_numbers: Vec<String>,
    /// Values made up for demonstration; the document says so.
    pub illustrative: bool,
    /// Where the period was closed before its last day had passed: what came after that is not in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_early: Option<EarlyClosing>,
}

/// That a period was closed before its last day had passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EarlyClosing {
    pub on: NaiveDate,
    pub reason: String,
}

/// Jan–Apr, Jan–Aug, Jan–Dec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeriodKind {
    T1,
    Interim,
    Annual,
}

/// All but `decided` are marked UTKAST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReportStatus {
    Draft,
    Final,
    Decided,
}

/// A period by its name: "T1 2024".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeriodName {
    pub kind: PeriodKind,
    pub year: i32,
}

/// The last report, and what is new since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Since {
    pub kind: PeriodKind,
    pub version: u32,
    pub decided_on: Option<NaiveDate>,
    /// The score that each risk had in it; risks that it did not have are absent.
    pub scores: Vec<ScoreThen>,
    /// Ids of actions that it did not have.
    pub new_actions: Vec<String>,
    /// Ids of actions completed since.
    pub completed_actions: Vec<String>,
    /// What a later version of the plan has changed since. None where the same version is followed, and in older snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised: Option<Revised>,
}

/// What was asked of indicators in the period, and answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeCount {
    /// Indicators that concern the body.
    pub asked: u32,
    /// Those of them that have a judged outcome.
    pub answered: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreThen {
    /// [`super::Risk::number`].
    pub number: u32,
    /// None when it was not assessed then.
    pub score: Option<i32>,
}

/// What the region asks of every body that year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mandatory {
    pub name: String,
    pub kind: MandatoryKind,
    /// The plan's risks that answer to it, by number; empty when the plan lacks it.
    pub risk_numbers: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MandatoryKind {
    Risk,
    Area,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// In order of time.
    pub periods: Vec<TrendPeriod>,
    /// By number. Scores of other scales are left out, never recomputed.
    pub risks: Vec<TrendRisk>,
    /// The numbers of the plan's adopted versions, oldest first, when there are several. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendPeriod {
    pub kind: PeriodKind,
    pub controls: StatusCounts,
    pub actions: StatusCounts,
    pub effects: StatusCounts,
}

/// How many stand at each value of one scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusCounts {
    pub dash: u32,
    pub green: u32,
    pub yellow: u32,
    pub red: u32,
    /// Due and not reported.
    pub missing: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendRisk {
    pub number: u32,
    /// In last year's plan.
    pub last_year: Option<i32>,
    /// When the followed revision was adopted.
    pub adopted: Option<i32>,
    /// In each of [`Trend::versions`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Option<i32>>,
    /// One for each of [`Trend::periods`].
    pub scores: Vec<Option<i32>>,
}

/// A deficiency in the internal control (brist).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deficiency {
    pub id: String,
    pub what: String,
    pub found_on: NaiveDate,
    pub found_by: Option<String>,
    /// The Swedish word for it, as the document prints it.
    pub severity: Option<String>,
    /// Left out of the canonical form when false, so that in a public version its absence says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspected_crime: bool,
    /// The plan's risk that it concerns.
    pub risk_number: Option<u32>,
    /// [`super::Control::id`] of the plan's control that it concerns.
    pub control_id: Option<String>,
    /// The days from `found_on` are counted in the document.
    pub reported_to_board_on: Option<NaiveDate>,
    pub reported_to_region_with: Option<PeriodName>,
    /// What was done about it.
    pub done: Option<String>,
    pub closed_on: Option<NaiveDate>,
    pub close_reason: Option<String>,
    pub secrecy: Option<Secrecy>,
    /// Left in the register as evidence, the oldest first. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<LeftFile>,
}

/// Of the auditors, as a dialogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recommendation {
    pub id: String,
    /// The Swedish word for it: "Regionrevisorerna".
    pub source: String,
    pub report: Option<String>,
    pub diary_number: Option<String>,
    pub year: i32,
    pub text: String,
    pub responsible: Option<String>,
    pub status: RecommendationStatus,
    pub entries: Vec<Entry>,
    /// Ids of the plan's actions that meet it, and names of those of other plans.
    pub actions: Vec<ActionName>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RecommendationStatus {
    Open,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub date: NaiveDate,
    pub side: Side,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    Auditor,
    Body,
}

/// An action by its id where this report's plan has it, else by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "of")]
pub enum ActionName {
    Plan { id: String },
    Elsewhere { name: String },
}

/// Measures of the body that belong to no risk, and what they mean for the economy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FinancialMeasures {
    /// The period that they were written of: this report's or, where nothing was written of it, an earlier one.
    pub written_of: PeriodKind,
    pub measures: Vec<FinancialMeasure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FinancialMeasure {
    pub name: String,
    pub effect: Option<FinancialEffect>,
    /// So far in the plan's year, in tenths of Mnkr; none where the period says nothing of it.
    pub realised: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditOpinion {
    pub year: i32,
    pub judgement: String,
    pub report: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorAtRisk {
    /// With target, value, forecast and judgement.
    pub outcome: Outcome,
    pub goal: Option<String>,
    /// Whose outcome it is, when not the body's own.
    pub organisation: Option<String>,
    pub cause: Option<String>,
    /// None is flagged: at risk without an action.
    pub actions: Vec<ActionName>,
}

/// One of the five components of COSO, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// `controlEnvironment` `riskAssessment` `controlActivities` `informationCommunication` `monitoring`.
    pub key: String,
    pub judgement: Sufficiency,
    pub reason: Option<String>,
    pub principles: Vec<Principle>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Principle {
    /// 1–17.
    pub number: u32,
    pub judgement: Sufficiency,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sufficiency {
    Sufficient,
    Partly,
    Insufficient,
}

/// The body's own words: plain paragraphs as in [`super::HeadedText::text`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Texts {
    pub introduction: Option<String>,
    pub conclusion: Option<String>,
    /// The board's assurance; required in the annual report (by the register, not here).
    pub assurance: Option<String>,
}
