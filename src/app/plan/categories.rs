//! The categories among which a body puts its risks: its own where it has words for them, each counting as one of the four.

use super::Open;
use crate::app::places::words_of;
use crate::domain::words::Category;
use crate::error::{Result, Violation};
use crate::storage::Reading;
use crate::storage::records::Risk;

/// Which of the four a risk stands in: what its own category counts as where it has one, or else what was sent. A category
/// that the body has no more stays where it stood.
pub fn counted(
    r: &mut Reading,
    Open { body, plan, .. }: &Open,
    old: Option<&Risk>,
    (own, sent): (&Option<String>, Option<Category>),
    faults: &mut Vec<Violation>,
) -> Result<Option<Category>> {
    let Some(own) = own.as_deref() else { return Ok(sent) };
    let kept = old.filter(|old| old.own_category.as_deref() == Some(own));
    let counted = words_of(r, body, plan.year)?.counted_as(own).or_else(|| kept.and_then(|old| old.category));
    if counted.is_none() {
        faults.push(Violation::new(
            "/ownCategory",
            "unknownCategory",
            "Välj en av de egna kategorier som gäller för planens år.",
            "Choose one of the own categories that hold in the plan's year.",
        ));
    } else if sent.is_some() && sent != counted && old.is_none_or(|old| old.category != sent) {
        faults.push(Violation::new(
            "/category",
            "notAsCounted",
            "Den egna kategorin räknas som en annan kategori.",
            "The own category counts as another category.",
        ));
    }
    Ok(counted)
}
