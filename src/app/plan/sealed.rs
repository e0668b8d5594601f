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

/// What a plan's follow-up goes by while its next revision is drafted: the plan as it was when that began. A revision that
/// was begun before registers sealed this is told by the one that was adopted. None while no revision is drafted.
pub fn followed(r: &mut Reading, plan: &Plan) -> Result<Option<doc::PlanSnapshot>> {
    match (plan.status, plan.adopted_revision, &plan.followed_sha256) {
        (PlanStatus::Adopted | PlanStatus::Closed, ..) | (_, None, _) => Ok(None),
        (_, _, Some(sha256)) => serde_json::from_slice(&r.sealed(sha256)?).map(Some).map_err(Error::internal),
        (_, Some(number), None) => of_revision(r, plan.id, number).map(Some),
    }
}
