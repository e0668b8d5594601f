//! What was sealed of a plan, read again.

use riskregister_document::snapshot as doc;

use crate::domain::words::PlanStatus;
use crate::error::{Error, Result};
use crate::storage::records::Plan;
use crate::storage::{Id, Reading};

/// The snapshot that an adopted revision of a plan was sealed with.
pub fn of_revision(r: &mut Reading, plan: Id, number: i32) -> Result<doc::PlanSnapshot> {
    let revision = r.revision(plan, number)?;
    let bytes = r.sealed(&revision.snapshot_sha256)?;
    serde_json::from_slice(&bytes).map_err(Error::internal)
}

/// The sealed file that a plan's follow-up goes by while its next revision is drafted: the plan as it was when that began.
/// A revision that was begun before registers sealed this is told by the one that was adopted. None while no revision is
/// drafted.
fn followed_by(r: &mut Reading, plan: &Plan) -> Result<Option<String>> {
    match (plan.status, plan.adopted_revision, &plan.followed_sha256) {
        (PlanStatus::Adopted | PlanStatus::Closed, ..) | (_, None, _) => Ok(None),
        (_, _, Some(sha256)) => Ok(Some(sha256.clone())),
        (_, Some(number), None) => Ok(Some(r.revision(plan.id, number)?.snapshot_sha256)),
    }
}

/// What a plan's follow-up goes by while its next revision is drafted; none while no revision is.
pub fn followed(r: &mut Reading, plan: &Plan) -> Result<Option<doc::PlanSnapshot>> {
    let Some(sha256) = followed_by(r, plan)? else { return Ok(None) };
    serde_json::from_slice(&r.sealed(&sha256)?).map(Some).map_err(Error::internal)
}

/// Reads together what [`followed`] is made of for each of some plans.
pub fn know_followed(r: &mut Reading, plans: &[&Plan]) -> Result<()> {
    let mut names = Vec::new();
    for plan in plans {
        names.extend(followed_by(r, plan)?);
    }
    r.all_sealed(names)?;
    Ok(())
}
