//! What a plan says in words: its sections.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::plan;
use crate::app::sent::Sent;
use crate::domain::life::PlanVerb;
use crate::domain::roles::Verb;
use crate::domain::words::SectionKey;
use crate::error::{Error, Result, Violation};
use crate::storage::records::PlanSection;
use crate::storage::{Id, Reading, Timestamp, Writing};

/// The text of a section.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SectionForm {
    /// Plain paragraphs, parted by blank lines; a line that begins with `- ` is an item of a list.
    #[schema(min_length = 1, max_length = 20000, example = "Inga avsteg från riktlinjen har noterats.")]
    pub text: String,
}

/// A section, if it is written.
pub fn section(r: &mut Reading, caller: &Caller, id: Id, key: SectionKey) -> Result<PlanSection> {
    plan::see_parts(r, caller, id)?;
    written(r, id, key)?.ok_or(Error::NotFound)
}

fn written(r: &mut Reading, plan: Id, key: SectionKey) -> Result<Option<PlanSection>> {
    Ok(r.sections(plan)?.into_iter().find(|s| s.section == key))
}

/// Every section that is written, in the order of the document.
pub fn sections(r: &mut Reading, caller: &Caller, id: Id) -> Result<Vec<PlanSection>> {
    plan::see_parts(r, caller, id)?;
    let mut all = r.sections(id)?;
    all.sort_by_key(|s| s.section);
    Ok(all)
}

/// Writes a section; true when it is new.
pub fn write_section(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    key: SectionKey,
    sent: &Sent<SectionForm>,
) -> Result<(PlanSection, bool)> {
    let open = plan::open(w, caller, id, Verb::EditPlan, sent)?;
    let old = written(w, id, key)?;
    match &old {
        Some(old) => sent.expect_current(old)?,
        None => sent.expect_new()?,
    }
    let form = sent.judge()?;
    open.may(PlanVerb::Edit, w.today())?;
    match old {
        Some(old) => {
            // Whoever writes it stands by it, also where not a word is another.
            let mut new = PlanSection { text: form.text, carried_from_year: None, ..old.clone() };
            w.change(open.at, "plan.sectionWritten", &old, &mut new, None)?;
            Ok((new, false))
        }
        None => {
            let new = PlanSection {
                id: Id::new(),
                plan_id: id,
                section: key,
                text: form.text,
                updated_at: Timestamp::now(),
                version: 1,
                carried_from_year: None,
            };
            w.create(open.at, "plan.sectionWritten", &new)?;
            Ok((new, true))
        }
    }
}

/// Which texts that were carried over are to stand as they are.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarriedSectionsForm {
    /// All that were carried over and that nobody has confirmed or rewritten, when not given.
    #[schema(min_items = 1, max_items = 9)]
    pub sections: Option<Vec<SectionKey>>,
}

/// Which texts were confirmed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedSections {
    pub sections: Vec<SectionKey>,
}

/// Confirms texts of a draft that were carried over: they are this year's too.
pub fn confirm(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    sent: &Sent<CarriedSectionsForm>,
) -> Result<ConfirmedSections> {
    let open = plan::open(w, caller, id, Verb::EditPlan, sent)?;
    let form = sent.judge()?;
    let mut carried = sections(w, caller, id)?;
    carried.retain(|section| section.carried_from_year.is_some());
    let mut faults = Vec::new();
    for (at, key) in form.sections.iter().flatten().enumerate() {
        if !carried.iter().any(|section| section.section == *key) {
            faults.push(Violation::new(
                format!("/sections/{at}"),
                "nothingToConfirm",
                "Texten är inte överförd till planen, eller är redan bekräftad.",
                "The text was not carried over to the plan, or is confirmed already.",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::Edit, w.today())?;
    let mut confirmed = Vec::new();
    for old in carried {
        if form.sections.as_ref().is_some_and(|keys| !keys.contains(&old.section)) {
            continue;
        }
        let mut new = PlanSection { carried_from_year: None, ..old.clone() };
        w.change(open.at, "plan.sectionConfirmed", &old, &mut new, None)?;
        confirmed.push(old.section);
    }
    Ok(ConfirmedSections { sections: confirmed })
}
