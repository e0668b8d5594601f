//! Scoring policies: the matrix as versioned data.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use super::region_place;
use crate::domain::scoring::Policy;
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::storage::records::{PolicyVersion, ScoringPolicy};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// The default scale of a new register: 5×5, products.
pub fn make_standard(w: &mut Writing, root: Id, language: Language) -> Result<()> {
    let now = Timestamp::now();
    let policy = ScoringPolicy {
        id: Id::new(),
        organisation_id: root,
        name: "Riskmatris 5 × 5".into(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let version = PolicyVersion {
        id: Id::new(),
        policy_id: policy.id,
        number: 1,
        definition: Json::of(&Policy::standard(language)),
        created_at: now,
        version: 1,
    };
    let at = region_place(w)?;
    w.create(at, "scoringPolicy.created", &policy)?;
    w.create(at, "policyVersion.created", &version)
}

/// The matrix of a version. Versions never change, so each is read once.
pub fn definition(r: &mut Reading, version: Id) -> Result<Arc<Policy>> {
    static READ: LazyLock<RwLock<HashMap<Id, Arc<Policy>>>> = LazyLock::new(Default::default);
    if let Some(found) = READ.read().unwrap_or_else(|e| e.into_inner()).get(&version) {
        return Ok(found.clone());
    }
    let stored: PolicyVersion = r.linked(version)?;
    let policy: Arc<Policy> = Arc::new(stored.definition.read().map_err(Error::internal)?);
    let mut read = READ.write().unwrap_or_else(|e| e.into_inner());
    if read.len() > 1000 {
        read.clear();
    }
    read.insert(version, policy.clone());
    Ok(policy)
}

// TEMPORARY
pub fn newest_for(r: &mut Reading, _body: &crate::storage::records::Organisation) -> Result<PolicyVersion> {
    let root = r.root_id()?;
    let p = r.policies_of(root)?.remove(0);
    r.newest_policy_version(p.id)?.ok_or(Error::NotFound)
}
