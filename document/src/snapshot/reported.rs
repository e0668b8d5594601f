//! What a period says of one control or action, as it stands beside it in the followed plan.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A marking of secrecy (5 kap. 5 § offentlighets- och sekretesslagen).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Secrecy {
    pub provision: String,
    pub date: NaiveDate,
    pub authority: String,
}

/// Dash, green, yellow and red of a control (Läsanvisning, Bilaga 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ControlStatus {
    NotPlanned,
    Performed,
    PerformedWithDeviations,
    NotPerformed,
}

/// Dash, green, yellow and red of an action's progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActionStatus {
    NotStarted,
    OnPlan,
    MostlyDone,
    OffPlan,
}

/// Dash, green, yellow and red of an action's effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActionEffect {
    NotAssessed,
    Desired,
    Uncertain,
    NotDesired,
}

/// What a period says of one control.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlReport {
    pub due: bool,
    /// Somebody reported. What is not due shows its dash with `reported: false`.
    pub reported: bool,
    /// None while it is due and missing.
    pub status: Option<ControlStatus>,
    /// Due, and put off to a later period: a dash with a comment.
    pub postponed: bool,
    /// Plain paragraphs as in [`super::HeadedText::text`].
    pub comment: Option<String>,
    pub counts: Option<Counts>,
    pub references: Vec<Reference>,
    pub reported_on: Option<NaiveDate>,
    pub reported_by: Option<String>,
    /// The responsible, when somebody else reported.
    pub on_behalf_of: Option<String>,
    /// Its status in the last report ([`ReportSnapshot::since`]).
    pub previous: Option<ControlStatus>,
    /// Of the indicators that the control follows.
    pub outcomes: Vec<Outcome>,
    /// Late truths, oldest first; the original stands beside them.
    pub corrections: Vec<ControlCorrection>,
    /// Ids of the actions that were born of what the control found.
    pub findings: Vec<String>,
    /// Masks comment, references, files and the texts of the corrections in the public version.
    pub secrecy: Option<Secrecy>,
    /// Left in the register as evidence, the oldest first. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<LeftFile>,
}

/// Never case data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub samples: Option<u32>,
    pub faults: Option<u32>,
    pub reports_received: Option<u32>,
    pub reports_investigated: Option<u32>,
}

/// Evidence that lies elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    pub title: String,
    pub address: Option<String>,
    pub note: Option<String>,
}

/// Evidence that the register keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftFile {
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
    pub left_on: NaiveDate,
    /// Chosen for the public version, which tells of no other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
}

/// Of one indicator in the period. Values as they are written ("97,5 %").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub name: String,
    pub target: Option<String>,
    pub value: Option<String>,
    pub forecast: Option<String>,
    pub judgement: Option<Judgement>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Judgement {
    OnTarget,
    AtRisk,
    Missed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlCorrection {
    pub on: NaiveDate,
    pub by: Option<String>,
    /// What it should have been, where that is what is corrected.
    pub status: Option<ControlStatus>,
    pub text: Option<String>,
}

/// What a period says of one action.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionReport {
    pub due: bool,
    pub reported: bool,
    /// None while it is due and missing.
    pub status: Option<ActionStatus>,
    pub effect: Option<ActionEffect>,
    pub completed_on: Option<NaiveDate>,
    pub comment: Option<String>,
    /// Past its end and not completed.
    pub overdue: bool,
    /// Past its start and not started.
    pub late_to_start: bool,
    pub references: Vec<Reference>,
    pub reported_on: Option<NaiveDate>,
    pub reported_by: Option<String>,
    /// The responsible, when somebody else reported.
    pub on_behalf_of: Option<String>,
    /// Status and effect in the last report.
    pub previous: Option<ActionStatus>,
    pub previous_effect: Option<ActionEffect>,
    /// Oldest first.
    pub corrections: Vec<ActionCorrection>,
    /// Masks comment, references, files and the texts of the corrections in the public version.
    pub secrecy: Option<Secrecy>,
    /// What it has meant for the economy so far in the plan's year, in tenths of Mnkr. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realised_effect: Option<i64>,
    /// Left in the register as evidence, the oldest first. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<LeftFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionCorrection {
    pub on: NaiveDate,
    pub by: Option<String>,
    pub status: Option<ActionStatus>,
    pub effect: Option<ActionEffect>,
    pub completed_on: Option<NaiveDate>,
    pub text: Option<String>,
    /// As in the report that is corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realised_effect: Option<i64>,
}
