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
        Self { included: reason != InclusionReason::None, reason }
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
            "Risken har bedömts ligga över planens gränsvärde och kan inte väljas bort.",
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
pub fn may_delete(mandatory: Option<MandatoryKind>, siblings: usize, in_adopted_revision: bool) -> Result<(), Refusal> {
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
        "Risken är obligatorisk: den kan inte tas bort, flyttas, väljas bort eller utgå.",
        "The risk is mandatory: it cannot be deleted, moved, set aside or retired.",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTHING: Facts =
        Facts { threshold: 8, score: None, mandatory: false, decision: false, set_aside: false, retired: false };

    fn reason(facts: Facts) -> InclusionReason {
        decide(&facts).reason
    }

    #[test]
    fn eight_is_out_and_nine_is_in() {
        assert_eq!(reason(Facts { score: Some(8), ..NOTHING }), InclusionReason::None);
        assert_eq!(reason(Facts { score: Some(9), ..NOTHING }), InclusionReason::Score);
        assert_eq!(reason(NOTHING), InclusionReason::None);
    }

    #[test]
    fn a_decision_takes_in_what_the_score_does_not() {
        let decided = Facts { decision: true, score: Some(4), ..NOTHING };
        assert_eq!(reason(decided), InclusionReason::Decision);
        assert_eq!(reason(Facts { score: Some(9), ..decided }), InclusionReason::Score);
        assert_eq!(reason(Facts { retired: true, ..decided }), InclusionReason::None);
        assert_eq!(reason(Facts { set_aside: true, ..decided }), InclusionReason::None);
    }

    #[test]
    fn setting_aside_hides_no_score() {
        let high = Facts { set_aside: true, score: Some(20), ..NOTHING };
        assert_eq!(reason(high), InclusionReason::Score);
        assert_eq!(may_set_aside(&high).map_err(|no| no.code), Err("scoreAboveThreshold"));
        assert_eq!(may_set_aside(&NOTHING), Ok(()));
        let mandatory = Facts { mandatory: true, ..NOTHING };
        assert_eq!(may_set_aside(&mandatory).map_err(|no| no.code), Err("mandatoryRisk"));
    }

    #[test]
    fn what_may_leave_the_plan() {
        use MandatoryKind::{Area, Risk};
        let code = |answer: Result<(), Refusal>| answer.err().map(|no| no.code);
        assert_eq!(code(may_delete(None, 0, false)), None);
        assert_eq!(code(may_delete(None, 0, true)), Some("inAdoptedRevision"));
        assert_eq!(code(may_delete(Some(Risk), 3, false)), Some("mandatoryRisk"));
        assert_eq!(code(may_delete(Some(Area), 0, false)), Some("lastInArea"));
        assert_eq!(code(may_delete(Some(Area), 1, false)), None);
        assert_eq!(code(may_retire(None, 0)), None);
        assert_eq!(code(may_retire(Some(Risk), 3)), Some("mandatoryRisk"));
        assert_eq!(code(may_retire(Some(Area), 0)), Some("lastInArea"));
    }

    #[test]
    fn accepted_and_monitored() {
        assert!(only_accepted(Some(Response::Accept), 1, 1));
        assert!(only_accepted(Some(Response::Limit), 0, 0));
        assert!(!only_accepted(Some(Response::Limit), 1, 0));
        assert!(!only_accepted(None, 0, 1));
        assert!(monitored(1, false) && monitored(0, true) && !monitored(0, false));
    }

    #[test]
    fn a_plan_is_overtaken_when_its_risks_would_be_chosen_otherwise() {
        let taken_in = Inclusion::by(InclusionReason::Score);
        let out = Inclusion::by(InclusionReason::None);
        assert!(!needs_revision(Some(true), taken_in) && !needs_revision(Some(false), out));
        assert!(needs_revision(Some(true), out) && needs_revision(Some(false), taken_in));
        assert!(needs_revision(None, taken_in) && !needs_revision(None, out));
    }

    prop_compose! {
        fn facts()(
            threshold in -1..30i32, score in prop::option::of(-1..30i32),
            mandatory: bool, decision: bool, set_aside: bool, retired: bool,
        ) -> Facts {
            Facts { threshold, score, mandatory, decision, set_aside, retired }
        }
    }

    proptest! {
        #[test]
        fn mandatory_is_always_in(facts in facts()) {
            let answer = decide(&Facts { mandatory: true, ..facts });
            prop_assert_eq!(answer, Inclusion { included: true, reason: InclusionReason::Mandatory });
        }

        #[test]
        fn the_reason_always_holds(facts in facts()) {
            let answer = decide(&facts);
            let above = facts.score.is_some_and(|score| score > facts.threshold);
            prop_assert_eq!(answer.included, answer.reason != InclusionReason::None);
            match answer.reason {
                InclusionReason::Mandatory => prop_assert!(facts.mandatory),
                InclusionReason::Score => prop_assert!(above && !facts.retired),
                InclusionReason::Decision => prop_assert!(facts.decision && !above),
                InclusionReason::None => prop_assert!(!facts.mandatory && (facts.retired || !above)),
            }
        }

        #[test]
        fn a_higher_score_never_leaves_the_plan(facts in facts(), more in 0..20i32) {
            let higher = Facts { score: facts.score.map(|score| score + more), ..facts };
            prop_assert!(decide(&higher).included >= decide(&facts).included);
        }
    }
}
