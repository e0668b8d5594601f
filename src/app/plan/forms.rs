//! The small forms that a plan's verbs share.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A diary number, as the body writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 100, format = "name", example = "SLSO 2023-1942")]
pub struct DiaryNumber(pub String);

/// A reason.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonForm {
    #[schema(min_length = 1, max_length = 4000, example = "Nämnden vill se risken för oegentligheter bedömd på nytt.")]
    pub reason: String,
}

/// A paragraph as it is told, behind a sign that documents and pages write themselves.
fn without_sign<'de, D: serde::Deserializer<'de>>(read: D) -> std::result::Result<String, D::Error> {
    let text = String::deserialize(read)?;
    Ok(text.trim_start_matches(|c: char| c == '§' || c.is_whitespace()).trim_end().to_owned())
}

/// The board's decision.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdoptionForm {
    #[schema(example = "2024-03-12")]
    pub decided_on: NaiveDate,
    #[schema(
        min_length = 1,
        max_length = 500,
        format = "name",
        example = "Nämnden för Stockholms läns sjukvårdsområde"
    )]
    pub deciding_board: String,
    /// The paragraph of the minutes; the sign goes without saying.
    #[schema(min_length = 1, max_length = 50, format = "name", pattern = "[^§ ]", example = "12")]
    #[serde(deserialize_with = "without_sign")]
    pub paragraph: String,
    /// The decision's diary numbers, the body's own first; the plan's when not given.
    #[schema(max_items = 20)]
    pub diary_numbers: Option<Vec<DiaryNumber>>,
    /// Of the report of a period: why the board decided before the period's last day had passed. Asked for then, printed
    /// in the document, and refused otherwise.
    #[schema(min_length = 1, max_length = 4000)]
    pub early_reason: Option<String>,
}
