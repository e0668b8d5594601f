//! The frozen snapshot of the compiled report: what the region makes of every body's follow-up of a period.
//!
//! The figures of a body are those of its own report: of the decided one where there is one, else of the period as it
//! stood. What can be summed over bodies is not in it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::plan::{Level, Words};
use super::report::{MandatoryKind, OutcomeCount, PeriodKind, ReportStatus, StatusCounts, Sufficiency};
use super::reported::{Outcome, Secrecy};

/// The shape of the compiled report's snapshot.
pub const COMPILED_SCHEMA: u32 = 1;

/// Every body's period, as the regional office tells it to the region's (or municipality's) board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledSnapshot {
    /// [`COMPILED_SCHEMA`] of the writer.
    pub schema: u32,
    /// The region or municipality whose register this is, as its name is written.
    pub register: String,
    /// What those are called of whom the document speaks.
    pub words: Words,
    pub report: CompiledReport,
    /// The region's own words: plain paragraphs, parted by blank lines.
    pub introduction: Option<String>,
    pub conclusion: Option<String>,
    /// Every body with the duty to plan in the year, by name.
    pub bodies: Vec<CompiledBody>,
    /// What the region made mandatory that year.
    pub mandatory: Vec<CompiledMandatory>,
    /// The highest risks of all bodies, highest first.
    pub risks: Vec<CompiledRisk>,
    /// How many risks there are in the bodies' plans, in all.
    pub total: u32,
    /// Deficiencies that were reported to the regional office with this follow-up, or are open since an earlier one.
    pub deficiencies: Vec<CompiledDeficiency>,
    /// The region's own outcomes of the indicators that ask about itself.
    pub outcomes: OutcomeCount,
    /// Indicators that are at risk or missed, the region's own first.
    pub indicators: Vec<CompiledIndicator>,
}

/// Which compiled report this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledReport {
    pub id: String,
    pub kind: PeriodKind,
    pub year: i32,
    /// From 1 within its year and period.
    pub version: u32,
    /// The version that this one stands instead of.
    pub replaces: Option<u32>,
    /// When it was made final; none while it is a draft.
    pub final_on: Option<NaiveDate>,
    pub period_from: NaiveDate,
    pub period_to: NaiveDate,
    /// The region's last day to report.
    pub deadline: Option<NaiveDate>,
    pub diary_numbers: Vec<String>,
    /// Values made up for demonstration; the document says so.
    pub illustrative: bool,
}

/// How a body stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledBody {
    pub name: String,
    pub abbreviation: Option<String>,
    /// The newest adopted version of its plan; none where no plan of the year is adopted.
    pub plan: Option<CompiledPlan>,
    /// The last day has passed, and the plan is not adopted or a status is missing.
    pub late: bool,
    /// Why the plan was closed without having been followed up here.
    pub not_reported: Option<String>,
    /// Its period; none where the period is not followed up.
    pub period: Option<CompiledPeriod>,
    /// The auditors' judgement of the year, in their word.
    pub opinion: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledPlan {
    pub version: u32,
    pub adopted_on: Option<NaiveDate>,
    /// When this version was delivered to the regional office.
    pub delivered_on: Option<NaiveDate>,
}

/// A body's period, in the figures of its own report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledPeriod {
    /// The body's newest report of the period; none where it has made none.
    pub report: Option<CompiledBodysReport>,
    pub due: u32,
    pub reported: u32,
    pub controls: StatusCounts,
    pub actions: StatusCounts,
    pub effects: StatusCounts,
    pub outcomes: OutcomeCount,
    /// The components of COSO that the body has judged: key, judgement.
    pub components: Vec<CompiledComponent>,
    pub financial_effect: CompiledEffect,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledBodysReport {
    pub version: u32,
    pub status: ReportStatus,
    pub decided_on: Option<NaiveDate>,
    pub delivered_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledComponent {
    pub key: String,
    pub judgement: Sufficiency,
}

/// What actions and other measures mean for the economy, in tenths of Mnkr; none where nothing is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledEffect {
    pub full_year: Option<i64>,
    pub plan_year: Option<i64>,
    pub next_year: Option<i64>,
    pub year_after_next: Option<i64>,
    pub realised: Option<i64>,
}

/// What is mandatory, and how the bodies answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledMandatory {
    pub name: String,
    pub kind: MandatoryKind,
    /// Bodies whose plans have it, have assessed it, have a control of it.
    pub present: u32,
    pub assessed: u32,
    pub controlled: u32,
    /// Names of the bodies whose plans lack it, those without a plan too.
    pub lacking: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledRisk {
    pub body: String,
    pub number: u32,
    pub reference: String,
    pub name: String,
    pub score: i32,
    /// As the body's own scale has it.
    pub level: Level,
    /// In the adopted plan, and in last year's; none where it had none, or another scale.
    pub adopted: Option<i32>,
    pub last_year: Option<i32>,
    pub secrecy: Option<Secrecy>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledDeficiency {
    pub body: String,
    pub what: String,
    pub found_on: NaiveDate,
    /// The Swedish word for it.
    pub severity: Option<String>,
    pub reported_to_board_on: Option<NaiveDate>,
    pub done: Option<String>,
    pub closed_on: Option<NaiveDate>,
    pub secrecy: Option<Secrecy>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompiledIndicator {
    /// The body's name, or the region's.
    pub body: String,
    pub outcome: Outcome,
    pub goal: Option<String>,
    pub cause: Option<String>,
    /// An action is linked to it.
    pub has_action: bool,
}
