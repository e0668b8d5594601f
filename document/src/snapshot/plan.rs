//! The frozen snapshot of a plan.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::reported::{ActionReport, ControlReport, Secrecy};

/// The shape of the snapshot; a reader that meets a higher number refuses.
pub const SCHEMA: u32 = 1;

/// A plan as it is decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanSnapshot {
    /// [`SCHEMA`] of the writer.
    pub schema: u32,
    /// The region or municipality whose register this is, as its name is written.
    pub register: String,
    pub plan: Plan,
    /// The board's decision; there if and only if the plan is adopted.
    pub decision: Option<Decision>,
    /// Legal and guideline texts that stand first, in order, each with a heading.
    pub standing_texts: Vec<HeadedText>,
    /// The body's own sections, in any order: the document has an order of its own. Empty ones are left out.
    pub sections: Vec<Section>,
    pub policy: Policy,
    /// The goals that have included risks, in the plan's own order.
    pub goals: Vec<Goal>,
    /// How many of the included risks stand at each level of the policy, highest level first; levels without
    /// risks are there with 0.
    pub counts: Vec<LevelCount>,
    /// Included risks in all.
    pub total: u32,
    /// Risks of the plan that are assessed but not included, and those set aside: counted, not told.
    pub not_included: u32,
    pub set_aside: u32,
    /// Last year's plan, when the change against it is shown.
    pub compared_with: Option<Compared>,
    /// What this version changes; none in the first, and in snapshots of before this was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revised: Option<Revised>,
    /// The newest checkpoint of the body's log before the decision. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
    /// What those are called of whom the document speaks. Older snapshots have none, and print what they always did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
}

/// What those are called of whom the document speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Words {
    /// Who adopts the plan.
    pub board: Noun,
    /// Whose register it is.
    pub region: Noun,
    /// What the body calls its own things, where not what everyone does. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnWords>,
}

/// What a body calls its own things.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnWords {
    /// The title of its plan, and of its reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// By the codes of the snapshot: `t1` … `annual`, and the values of statuses, effects and responses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// "nämnd", "nämnden", "nämndens".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Noun {
    pub plain: String,
    pub definite: String,
    pub genitive: String,
}

/// How far the body's log had come, signed by the register: what anybody can hold the register against later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// What checkpoints call the log.
    pub origin: String,
    /// How many events it had.
    pub size: u64,
    /// The root of its tree, base64.
    pub root: String,
}

/// Which plan this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub id: String,
    pub year: i32,
    /// The body's full name, its abbreviation, and its kind (`board`, `company` …).
    pub organisation: String,
    pub abbreviation: Option<String>,
    pub organisation_kind: String,
    /// The number that this revision has or will have, from 1.
    pub revision: u32,
    /// `draft`, `proposed` or `adopted`. All but `adopted` are marked UTKAST.
    pub status: PlanStatus,
    /// The body's own first. Before the decision, those that are known so far.
    pub diary_numbers: Vec<String>,
    /// Values made up for demonstration; the document says so.
    pub illustrative: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PlanStatus {
    Draft,
    Proposed,
    Adopted,
}

/// The board's decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    pub decided_on: NaiveDate,
    pub deciding_board: String,
    /// Without the sign: `12`, printed as "§ 12".
    pub paragraph: String,
    pub diary_numbers: Vec<String>,
    /// Of a report: why the board decided before the period's last day had passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_reason: Option<String>,
    /// The clauses of the decision (beslutssatser), in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<String>,
    /// Whom the decision is sent to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent_to: Vec<String>,
    /// What the board itself changed at the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board_change: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadedText {
    pub heading: String,
    /// Plain paragraphs, parted by blank lines; a line that begins with "- " is a list item.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// `background` `controlEnvironment` `riskAssessment` `controlActivities` `informationCommunication`
    /// `monitoring` `compliance` `deficiencies` `auditOpinion` `assurance`. Others are refused.
    pub key: String,
    /// Plain paragraphs as in [`HeadedText::text`].
    pub text: String,
}

/// The scale the risks are scored by: any number of rows and columns, scores of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub version_id: String,
    pub name: String,
    pub version: u32,
    /// A risk is in the plan when its score is strictly above this.
    pub threshold: i32,
    /// From the lowest step (1) up.
    pub likelihoods: Vec<Step>,
    pub consequences: Vec<Step>,
    /// `cells[likelihood - 1][consequence - 1]`.
    pub cells: Vec<Vec<Cell>>,
    /// From the highest level down.
    pub levels: Vec<Level>,
    /// What the two axes are called, where not Sannolikhet and Konsekvens. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consequence_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub step: u32,
    pub label: String,
    /// Empty where the label says all.
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    pub score: i32,
    /// The [`Level::key`].
    pub level: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Level {
    /// `veryLow` `low` `medium` `high` `veryHigh`.
    pub key: String,
    /// The policy's own name of it: "Medelhög risk".
    pub label: String,
    /// `lightGreen` `green` `yellow` `orange` `red`, or `#rrggbb`.
    pub colour: String,
    /// What the level demands, in the policy's words.
    pub demand: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LevelCount {
    pub level: String,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    pub year: i32,
    /// Every risk of both plans has the value it had ("inget förändrat riskvärde").
    pub nothing_changed: bool,
    /// Risks that were in that plan and are not in this one, with the reason where there is one.
    pub gone: Vec<Gone>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gone {
    pub reference: String,
    pub name: String,
    pub reason: Option<String>,
    /// Masks name and reason in the public version. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy: Option<Secrecy>,
    /// What became of it. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<GoneWhy>,
}

/// Why a risk of last year's plan is not in this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum GoneWhy {
    /// Its score is not above the threshold; `ended` when the region had made it mandatory and does so no longer.
    NotAbove {
        score: i32,
        previous: Option<i32>,
        ended: bool,
    },
    /// Nobody has assessed it for this plan.
    NotAssessed,
    SetAside,
    Retired,
    /// It was not carried over, or was taken out of the draft.
    NotKept,
}

/// What a version of a plan changes of the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Revised {
    /// The number of the version before.
    pub since: u32,
    /// When that one was decided.
    pub since_decided_on: Option<NaiveDate>,
    /// Why the plan is revised.
    pub reason: Option<String>,
    /// By number.
    pub risks: Vec<RevisedRisk>,
    pub parts: Vec<RevisedPart>,
    /// The plan's own texts that differ, by [`Section::key`].
    pub sections: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Revision {
    New,
    Changed,
    Removed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevisedRisk {
    pub what: Revision,
    pub number: u32,
    pub reference: String,
    pub name: String,
    /// What differs: `name` `goal` `description` `localGoal` `category` `owner` `organisation` `assessment` `response`
    /// `justification` `targetLevel` `inclusion` `irregularity`.
    pub fields: Vec<String>,
    /// The score in the version before, and in this one.
    pub previous_score: Option<i32>,
    pub score: Option<i32>,
    /// Why it was retired.
    pub reason: Option<String>,
    pub secrecy: Option<Secrecy>,
}

/// A control or an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevisedPart {
    pub what: Revision,
    pub kind: PartKind,
    pub risk_number: u32,
    pub name: String,
    /// What differs: `name` `description` `frequency` `responsible` `schedule` `indicators` `startDate` `endDate`
    /// `financialEffect`.
    pub fields: Vec<String>,
    /// The marking of its risk.
    pub secrecy: Option<Secrecy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PartKind {
    Control,
    Action,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Goal {
    pub id: String,
    /// The goal's own number ("3.2.1"), where it has one.
    pub number: Option<String>,
    pub name: String,
    /// Included risks under the goal, by number.
    pub risks: Vec<Risk>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    pub id: String,
    pub number: u32,
    pub reference: String,
    pub name: String,
    pub description: Option<String>,
    pub local_goal: Option<String>,
    /// `strategic` `financial` `operational` `compliance`.
    pub category: Option<String>,
    /// What the body calls its category, where it has categories of its own. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_category: Option<String>,
    pub owner: Option<String>,
    /// The part of the body whose risk it is, when not the body itself.
    pub organisation: Option<String>,
    pub likelihood: Option<u32>,
    pub consequence: Option<u32>,
    pub score: Option<i32>,
    /// The [`Level::key`].
    pub level: Option<String>,
    pub target_level: Option<String>,
    pub change: Option<Change>,
    /// `accept` `limit` `share` `eliminate`.
    pub response: Option<String>,
    pub justification: Option<String>,
    /// Why it is in the plan.
    pub inclusion: Inclusion,
    pub irregularity: bool,
    /// The marking of secrecy: the full version says at the risk that it is there, the public one masks the risk.
    #[serde(default)]
    pub secrecy: Option<Secrecy>,
    pub controls: Vec<Control>,
    pub actions: Vec<Action>,
}

/// Why a risk is in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "reason")]
pub enum Inclusion {
    /// Its score is above the threshold.
    Score,
    /// The region has made it mandatory; `area` names the mandatory area that it stands under.
    Mandatory { area: Option<String> },
    /// The body took it in by a decision with this text.
    Decision { text: String },
    /// Only while something is still missing.
    None,
}

/// The value against last year's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Change {
    New,
    Unchanged,
    Raised {
        previous: i32,
    },
    Lowered {
        previous: i32,
    },
    /// The scales differ.
    NotComparable,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    /// As the body words it: "Stickprover kontinuerligt. Årsrapport årligen." Where it has not, documents print the words
    /// of [`Control::schedule`].
    pub frequency: Option<String>,
    pub responsible: Option<String>,
    /// Names of the indicators that the control follows.
    pub indicators: Vec<String>,
    /// What the register's follow-up asks by. Older snapshots have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Added after the plan was adopted. Older snapshots do not tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub added_after_adoption: bool,
    /// What the period says of it. Only in a follow-up report's plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ControlReport>,
}

/// When a control is done and which indicators it follows, in the register's words; what documents print are
/// [`Control::frequency`], where the body has written one, and [`Control::indicators`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// `continuous` `weekly` `monthly` `quarterly` `tertial` `semiannual` `annual` `oneOff`: a set.
    pub recurrences: Vec<String>,
    /// `t1` `interim` `annual`: when an annual control is due, if not at the end of the year.
    pub due_period: Option<String>,
    /// Of a one-off control.
    pub due_date: Option<NaiveDate>,
    pub indicator_ids: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    pub responsible: Option<String>,
    /// Added after the plan was adopted.
    pub added_after_adoption: bool,
    /// [`Control::id`] of the risk's control whose finding it was born of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born_from: Option<String>,
    pub financial_effect: Option<FinancialEffect>,
    /// What the period says of it. Only in a follow-up report's plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ActionReport>,
}

/// Mnkr in tenths: 125 is 12,5 Mnkr. Negative is a cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FinancialEffect {
    pub full_year: Option<i64>,
    pub plan_year: Option<i64>,
    pub next_year: Option<i64>,
    pub year_after_next: Option<i64>,
    pub comment: Option<String>,
}
