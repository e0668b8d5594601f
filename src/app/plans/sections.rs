//! What a plan says in words: its sections.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::plan;
use crate::app::sent::Sent;
use crate::domain::life::PlanVerb;
use crate::domain::roles::Verb;
use crate::domain::words::SectionKey;
use crate::error::{Error, Result};
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
            let mut new = PlanSection { text: form.text, ..old.clone() };
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
            };
            w.create(open.at, "plan.sectionWritten", &new)?;
            Ok((new, true))
        }
    }
}
