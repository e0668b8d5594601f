//! Is the risk in the plan, and why? Separate from its level, computed and never typed.
//!
//! Knows one risk at a time. That a decision carries a written reason, and who may take it, is
//! checked elsewhere ([`text`](super::text), [`roles`](super::roles)).

use super::life::Refusal;
use super::words::{InclusionReason, MandatoryKind, Response};

/// What decides whether a risk is in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The policy's threshold: a score must be strictly above it.
    pub threshold: i32,
    /// The score of the newest assessment that fits the plan's policy, confirmed or not.
    pub score: Option<i32>,
    /// The region's, this plan year: a mandatory risk, or a risk under a mandatory area. A risk that
    /// was retired from under an area, because others remain there, is mandatory no more.
    pub mandatory: bool,
    /// The body took it in by a decision with a written reason.
    pub decision: bool,
    /// Set aside unassessed, with a reason.
    pub set_aside: bool,
    /// Retired in a revision, with a reason.
    pub retired: bool,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inclusion {
    pub included: bool,
    pub reason: InclusionReason,
}

impl Inclusion {
    /// The answer for a reason: every reason but `none` means that the risk is in the plan.
    pub fn by(reason: InclusionReason) -> Self {
        Self {
            included: reason != InclusionReason::None,
            reason,
        }
    }
}

/// Decides. The first that holds gives the reason:
///
/// 1. `mandatory`: whatever the score, and neither setting aside nor retiring takes it out;
/// 2. retired: out;
/// 3. `score`: strictly above the threshold. Setting aside is for a risk that nobody has assessed,
///    so it never hides a score;
/// 4. set aside: out;
/// 5. `decision`: the body took it in;
/// 6. `none`.
pub fn decide(facts: &Facts) -> Inclusion {
    let above = facts.score.is_some_and(|score| score > facts.threshold);
    Inclusion::by(if facts.mandatory {
        InclusionReason::Mandatory
    } else if facts.retired {
        InclusionReason::None
    } else if above {
        InclusionReason::Score
    } else if facts.decision && !facts.set_aside {
        InclusionReason::Decision
    } else {
        InclusionReason::None
    })
}

/// Has an adopted plan been overtaken? Yes when a risk that stands in the adopted revision would
/// not be taken in today, or the other way round. `adopted` is `None` for a risk that was not
/// there at the adoption.
pub fn needs_revision(adopted: Option<bool>, today: Inclusion) -> bool {
    adopted.unwrap_or(false) != today.included
}

/// Only accepted: the response is to accept, or nothing is done about it.
pub fn only_accepted(response: Option<Response>, controls: usize, actions: usize) -> bool {
    response == Some(Response::Accept) || (controls == 0 && actions == 0)
}

/// Monitored: there is a control, or an assessment confirmed that year. A risk whose level asks for
/// it and that is not monitored is flagged, not stopped.
pub fn monitored(controls: usize, assessment_confirmed: bool) -> bool {
    controls > 0 || assessment_confirmed
}

/// May the risk be set aside unassessed?
pub fn may_set_aside(facts: &Facts) -> Result<(), Refusal> {
    if facts.mandatory {
        return Err(mandatory_refusal());
    }
    if facts.score.is_some_and(|score| score > facts.threshold) {
        return Err(Refusal::new(
            "scoreAboveThreshold",
            "Risken är bedömd över gränsen för planen och kan inte läggas åt sidan.",
            "The risk is assessed above the plan's threshold and cannot be set aside.",
        ));
    }
    Ok(())
}

/// May the risk be retired? Any but a mandatory one. `siblings` is how many other risks the body
/// keeps under the same mandatory area.
pub fn may_retire(mandatory: Option<MandatoryKind>, siblings: usize) -> Result<(), Refusal> {
    match mandatory {
        None => Ok(()),
        Some(MandatoryKind::Risk) => Err(mandatory_refusal()),
        Some(MandatoryKind::Area) if siblings == 0 => Err(Refusal::new(
            "lastInArea",
            "Minst en risk måste finnas kvar under det obligatoriska riskområdet.",
            "At least one risk must remain under the mandatory risk area.",
        )),
        Some(MandatoryKind::Area) => Ok(()),
    }
}

/// May the risk be deleted? Only one that never stood in an adopted revision, and never the
/// region's own.
pub fn may_delete(
    mandatory: Option<MandatoryKind>,
    siblings: usize,
    in_adopted_revision: bool,
) -> Result<(), Refusal> {
    may_retire(mandatory, siblings)?;
    if in_adopted_revision {
        return Err(Refusal::new(
            "inAdoptedRevision",
            "Risken har stått i en fastställd plan och kan inte tas bort, bara utgå i en revidering.",
            "The risk has stood in an adopted plan and cannot be deleted, only retired in a revision.",
        ));
    }
    Ok(())
}

fn mandatory_refusal() -> Refusal {
    Refusal::new(
        "mandatoryRisk",
        "Risken är obligatorisk: den kan inte tas bort, flyttas, läggas åt sidan eller utgå.",
        "The risk is mandatory: it cannot be deleted, moved, set aside or retired.",
    )
}
