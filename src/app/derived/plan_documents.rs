//! A plan as a document: as its board decided on it, or as it stands.

use riskregister_document::snapshot as doc;

use super::snapshot;
use crate::app::caller::Caller;
use crate::app::documents::{self, File, Format, Version};
use crate::app::places::plan_target;
use crate::app::plan::{self, sealed, seen_plan};
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

/// What the plan says to whoever looks: what its board decided on once it is adopted, before that what stands in it now. Who
/// may not see a draft reads what was adopted before it.
pub fn told(r: &mut Reading, caller: &Caller, id: Id) -> Result<doc::PlanSnapshot> {
    let (plan, body) = seen_plan(r, caller, id)?;
    let draft = matches!(plan.status, PlanStatus::Draft | PlanStatus::Proposed);
    let parts = caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &body)));
    match plan.adopted_revision {
        Some(number) if !(draft && parts) => sealed::of_revision(r, id, number),
        _ => {
            plan::see_parts(r, caller, id)?;
            let policy = policies::definition(r, plan.policy_version_id)?;
            snapshot::as_it_stands(r, &plan, &body, &policy)
        }
    }
}

/// A plan as it stands now, whatever was decided on.
pub fn as_of_now(r: &mut Reading, caller: &Caller, id: Id) -> Result<doc::PlanSnapshot> {
    let (plan, body) = plan::see_parts(r, caller, id)?;
    let policy = policies::definition(r, plan.policy_version_id)?;
    snapshot::of_plan(r, &plan, &body, &policy)
}

fn name(plan: &Plan, body: &Organisation, number: i32) -> String {
    format!("plan-for-intern-kontroll-{}-{}-{number}", documents::file_word(body), plan.year)
}
