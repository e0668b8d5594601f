//! The small forms that a plan's verbs share with those of its reports: a board decides on both alike.

use chrono::NaiveDate;
use riskregister_document::snapshot as doc;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::values::DiaryNumber;
use crate::error::{Error, Result, Violation};
use crate::storage::Json;

/// A reason.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonForm {
    #[schema(min_length = 1, max_length = 4000, example = "Nämnden vill se risken för oegentligheter bedömd på nytt.")]
    pub reason: String,
}

/// Why what lay before the board is a draft again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnForm {
    #[schema(min_length = 1, max_length = 4000, example = "Nämnden vill se risken för oegentligheter bedömd på nytt.")]
    pub reason: String,
    /// The board did not send it back: it made this change at the table, and decided on it so. Told as the board's change,
    /// also in the decision that is recorded once the change is made.
    #[serde(default)]
    pub by_board: bool,
}

/// A clause of a decision (beslutssats).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 2000, example = "Nämnden fastställer plan för intern kontroll 2024.")]
pub struct Clause(pub String);

/// Somebody whom a decision is sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 300, format = "name", example = "Regionstyrelsen")]
pub struct Receiver(pub String);

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
    /// The clauses of the decision (beslutssatser), in order.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub clauses: Vec<Clause>,
    /// Whom the decision is sent to.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub sent_to: Vec<Receiver>,
    /// What the board itself changed at the table; what was said of it when it came back from the board, when not given.
    #[schema(min_length = 1, max_length = 4000)]
    pub board_change: Option<String>,
    /// Of the report of a period: why the board decided before the period's last day had passed. Asked for then, printed
    /// in the document, and refused otherwise.
    #[schema(min_length = 1, max_length = 4000)]
    pub early_reason: Option<String>,
}

impl AdoptionForm {
    /// The decision as documents print it. `own` are the diary numbers when the form has none, and `changed` is what was
    /// said of the board's change before.
    pub fn decision(&self, own: &[DiaryNumber], changed: Option<&str>) -> doc::Decision {
        let diary_numbers = self.diary_numbers.as_deref().unwrap_or(own);
        doc::Decision {
            decided_on: self.decided_on,
            deciding_board: self.deciding_board.clone(),
            paragraph: self.paragraph.clone(),
            diary_numbers: diary_numbers.iter().map(|number| number.0.clone()).collect(),
            early_reason: self.early_reason.clone(),
            clauses: self.clauses.iter().map(|clause| clause.0.clone()).collect(),
            sent_to: self.sent_to.iter().map(|receiver| receiver.0.clone()).collect(),
            board_change: self.board_change.as_deref().or(changed).map(str::to_owned),
        }
    }
}

/// A list of texts as it is kept: nothing for none.
pub fn kept(texts: &[String]) -> Option<Json<Vec<String>>> {
    (!texts.is_empty()).then(|| Json(texts.to_vec()))
}

/// When a plan or a report was delivered to the regional office.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeliveryForm {
    #[schema(example = "2024-03-15")]
    pub delivered_on: NaiveDate,
    /// Why the day that was recorded before is another; asked for then.
    #[schema(min_length = 1, max_length = 4000)]
    pub reason: Option<String>,
}

impl DeliveryForm {
    /// What is wrong with it, for what was decided on a day and may have been recorded as delivered already.
    pub fn judge(&self, decided: Option<NaiveDate>, recorded: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
        let mut faults = Vec::new();
        if self.delivered_on > today {
            faults.push(Violation::new(
                "/deliveredOn",
                "dateInFuture",
                "Datumet ligger i framtiden.",
                "The date is in the future.",
            ));
        }
        if decided.is_some_and(|day| self.delivered_on < day) {
            faults.push(Violation::new(
                "/deliveredOn",
                "beforeDecision",
                "Dagen kan inte ligga före beslutet.",
                "The day cannot come before the decision.",
            ));
        }
        if let Some(day) = recorded.filter(|day| *day != self.delivered_on && self.reason.is_none()) {
            faults.push(Violation::new(
                "/reason",
                "required",
                format!("Det är redan registrerat att den lämnades in {day}. Skriv varför dagen ändras."),
                format!("It is recorded already that it was delivered on {day}. Say why the day is changed."),
            ));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

/// A diary number that came after the decision.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DiaryNumberForm {
    pub diary_number: DiaryNumber,
}

impl DiaryNumberForm {
    /// The numbers with this one last; as they were when it is one of them.
    pub fn added_to(&self, numbers: &Json<Vec<DiaryNumber>>) -> Result<Json<Vec<DiaryNumber>>> {
        let mut all = numbers.0.clone();
        if all.contains(&self.diary_number) {
            return Ok(numbers.clone());
        }
        if all.len() >= 20 {
            return Err(Error::invalid(Violation::new(
                "/diaryNumber",
                "tooMany",
                "Det får finnas högst 20 diarienummer.",
                "There may be at most 20 diary numbers.",
            )));
        }
        all.push(self.diary_number.clone());
        Ok(Json(all))
    }
}
