//! Scoring policies: the matrix as versioned data.

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

/// The matrix of a version.
pub fn definition(r: &mut Reading, version: Id) -> Result<Policy> {
    let version: PolicyVersion = r.linked(version)?;
    version.definition.read().map_err(Error::internal)
}
