//! What was sealed of a plan, read again.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use riskregister_document::snapshot as doc;

use crate::domain::words::{LevelKey, PlanStatus};
use crate::error::{Error, Result};
use crate::storage::records::Plan;
use crate::storage::{Id, Reading};

/// The snapshot that an adopted revision of a plan was sealed with.
pub fn of_revision(r: &mut Reading, plan: Id, number: i32) -> Result<doc::PlanSnapshot> {
    let revision = r.revision(plan, number)?;
    named(r, &revision.snapshot_sha256)
}

/// The plan in the sealed file with this name.
pub fn named(r: &mut Reading, sha256: &str) -> Result<doc::PlanSnapshot> {
    serde_json::from_slice(&r.sealed(sha256)?).map_err(Error::internal)
}

/// The score and level of each risk in a plan's adopted revision.
pub type AdoptedValues = HashMap<Id, (Option<i32>, Option<LevelKey>)>;

/// What the adopted revision of each of some plans says of its risks. What a sealed file says never changes, so each is
/// read once.
pub fn adopted_values(r: &mut Reading, plans: &[&Plan]) -> Result<HashMap<Id, Arc<AdoptedValues>>> {
    static KNOWN: LazyLock<RwLock<HashMap<String, Arc<AdoptedValues>>>> = LazyLock::new(Default::default);
    let adopted: Vec<&&Plan> = plans.iter().filter(|plan| plan.adopted_revision.is_some()).collect();
    if adopted.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Id> = adopted.iter().map(|plan| plan.id).collect();
    let revisions = r.revisions_of_plans(&ids)?;
    let names: HashMap<Id, String> = adopted
        .iter()
        .filter_map(|plan| {
            let found = revisions.get(&plan.id)?.iter().find(|one| Some(one.number) == plan.adopted_revision)?;
            Some((plan.id, found.snapshot_sha256.clone()))
        })
        .collect();
    let unknown: Vec<String> = {
        let known = KNOWN.read().unwrap_or_else(|e| e.into_inner());
        names.values().filter(|name| !known.contains_key(*name)).cloned().collect()
    };
    if !unknown.is_empty() {
        let mut read = HashMap::new();
        for (name, content) in r.all_sealed(unknown)? {
            let frozen: doc::PlanSnapshot = serde_json::from_slice(&content).map_err(Error::internal)?;
            let mut values = AdoptedValues::new();
            for risk in frozen.goals.iter().flat_map(|goal| &goal.risks) {
                let level = risk.level.as_deref().and_then(LevelKey::parse);
                values.insert(risk.id.parse().map_err(Error::internal)?, (risk.score, level));
            }
            read.insert(name, Arc::new(values));
        }
        let mut known = KNOWN.write().unwrap_or_else(|e| e.into_inner());
        if known.len() > 10_000 {
            known.clear();
        }
        known.extend(read);
    }
    let known = KNOWN.read().unwrap_or_else(|e| e.into_inner());
    Ok(names.into_iter().filter_map(|(plan, name)| Some((plan, known.get(&name)?.clone()))).collect())
}

/// The sealed file that a plan's follow-up goes by while its next revision is drafted: the plan as it was when that began.
/// A revision that was begun before registers sealed this is told by the one that was adopted. None while no revision is
/// drafted.
pub fn followed_by(r: &mut Reading, plan: &Plan) -> Result<Option<String>> {
    match (plan.status, plan.adopted_revision, &plan.followed_sha256) {
        (PlanStatus::Adopted | PlanStatus::Closed, ..) | (_, None, _) => Ok(None),
        (_, _, Some(sha256)) => Ok(Some(sha256.clone())),
        (_, Some(number), None) => Ok(Some(r.revision(plan.id, number)?.snapshot_sha256)),
    }
}

/// What a plan's follow-up goes by while its next revision is drafted; none while no revision is.
pub fn followed(r: &mut Reading, plan: &Plan) -> Result<Option<doc::PlanSnapshot>> {
    followed_by(r, plan)?.map(|sha256| named(r, &sha256)).transpose()
}
