//! A plan as a document: as its board decided on it, or as it stands.

use super::snapshot;
use crate::app::caller::Caller;
use crate::app::documents::{self, File, Format, Version};
use crate::app::places::plan_target;
use crate::app::plan::{sealed, seen_plan};
use crate::app::settings::policies;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Reading};

/// The document of an adopted revision: the sealed PDF and snapshot, or another format or version of that snapshot.
pub fn sealed_document(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    number: i32,
    format: Format,
    version: Version,
) -> Result<File> {
    let (plan, body) = seen_plan(r, caller, id)?;
    let revision = r.revision(id, number)?;
    let frozen = sealed::of_revision(r, id, number)?;
    let content = match (version, format) {
        (Version::Full, Format::Json) => r.sealed(&revision.snapshot_sha256)?,
        (Version::Full, Format::Pdf) => r.sealed(&revision.document_sha256)?,
        _ => documents::of_plan(&frozen, format, version)?,
    };
    let name = name(&plan, &body, number);
    Ok(File { sealed: Some(id), ..File::of(&name, format, version, &documents::plan_markings(&frozen), content) })
}

/// The plan's document: that of its adopted revision once it is adopted, before that as it stands now, marked UTKAST.
pub fn document(r: &mut Reading, caller: &Caller, id: Id, format: Format, version: Version) -> Result<File> {
    let (plan, body) = seen_plan(r, caller, id)?;
    if let (PlanStatus::Adopted | PlanStatus::Closed, Some(number)) = (plan.status, plan.adopted_revision) {
        return sealed_document(r, caller, id, number, format, version);
    }
    caller.may(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &body)))?;
    let policy = policies::definition(r, plan.policy_version_id)?;
    let frozen = snapshot::as_it_stands(r, &plan, &body, &policy)?;
    let content = documents::of_plan(&frozen, format, version)?;
    let name = name(&plan, &body, plan.adopted_revision.unwrap_or(0) + 1);
    Ok(File::of(&name, format, version, &documents::plan_markings(&frozen), content))
}

fn name(plan: &Plan, body: &Organisation, number: i32) -> String {
    format!("plan-for-intern-kontroll-{}-{}-{number}", documents::file_word(body), plan.year)
}
