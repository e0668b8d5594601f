//! Values that stand in what is written, as columns of JSON keep them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The financial effect of an action or another measure, in Mnkr with one decimal: `"12.5"`. Negative is a cost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinancialEffect {
    /// A full year, when the action is fully carried out.
    #[schema(pattern = r"^-?[0-9]{1,7}(\.[0-9])?$", example = "12.5")]
    pub full_year: Option<String>,
    #[schema(pattern = r"^-?[0-9]{1,7}(\.[0-9])?$", example = "4.0")]
    pub plan_year: Option<String>,
    #[schema(pattern = r"^-?[0-9]{1,7}(\.[0-9])?$", example = "12.5")]
    pub next_year: Option<String>,
    #[schema(pattern = r"^-?[0-9]{1,7}(\.[0-9])?$", example = "12.5")]
    pub year_after_next: Option<String>,
    #[schema(min_length = 1, max_length = 4000)]
    pub comment: Option<String>,
}

/// A measure of the body that belongs to no risk, as it stands in a period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinancialMeasure {
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Färre inhyrda konsulter")]
    pub name: String,
    /// What it is planned to mean.
    pub financial_effect: Option<FinancialEffect>,
    /// What it has meant so far in the plan's year, in Mnkr.
    #[schema(pattern = r"^-?[0-9]{1,7}(\.[0-9])?$", example = "1.5")]
    pub realised_effect: Option<String>,
}

/// Marking of secrecy (offentlighets- och sekretesslagen 5 kap. 5 §).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secrecy {
    #[schema(min_length = 1, max_length = 200, format = "name", example = "18 kap. 8 § OSL")]
    pub provision: String,
    #[schema(example = "2024-01-15")]
    pub date: NaiveDate,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Stockholms läns sjukvårdsområde")]
    pub authority: String,
}

/// What a control's report counts, where it counts something. Never data of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counts {
    /// Spot checks made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 30)]
    pub samples: Option<i64>,
    /// Faults found by them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 2)]
    pub faults: Option<i64>,
    /// Reports received from whistle-blowers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 1)]
    pub reports_received: Option<i64>,
    /// Those of them that were investigated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 1)]
    pub reports_investigated: Option<i64>,
}

/// Where evidence lies: the register keeps no files of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reference {
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Protokoll från stickproven i mars")]
    pub title: String,
    /// Where it can be found, as a web address.
    #[schema(min_length = 1, max_length = 2000, pattern = "^https?://", example = "https://arkiv.example.org/2024/17")]
    pub address: Option<String>,
    #[schema(min_length = 1, max_length = 4000)]
    pub note: Option<String>,
}

/// A diary number, as the body writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 100, format = "name", example = "SLSO 2023-1942")]
pub struct DiaryNumber(pub String);
