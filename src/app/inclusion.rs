//! A risk as the rules of inclusion look at it.

use crate::domain::inclusion::{self, Facts};
use crate::domain::scoring::Policy;
use crate::storage::records::Risk;

/// What decides whether a risk is in the plan, as it stands now.
pub fn inclusion_facts(risk: &Risk, policy: &Policy) -> Facts {
    // A retired risk no longer answers for its area; one that is mandatory itself cannot be retired.
    let mandatory = risk.mandatory_id.is_some() || (risk.area_id.is_some() && risk.retired_on.is_none());
    Facts {
        threshold: policy.threshold,
        score: risk.score,
        mandatory,
        decision: risk.decision_reason.is_some(),
        set_aside: risk.set_aside_reason.is_some(),
        retired: risk.retired_on.is_some(),
    }
}

/// Whether the adopted plan has been overtaken by this risk.
pub fn needs_revision(risk: &Risk, policy: &Policy) -> bool {
    inclusion::needs_revision(Some(risk.included), inclusion::decide(&inclusion_facts(risk, policy)))
}
