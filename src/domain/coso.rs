//! The five components of internal control and their seventeen principles, in our own short words: COSO's own text is
//! copyrighted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{SectionKey, Sufficiency};

/// The components, in the order of the document.
pub const COMPONENTS: [SectionKey; 5] = [
    SectionKey::ControlEnvironment,
    SectionKey::RiskAssessment,
    SectionKey::ControlActivities,
    SectionKey::InformationCommunication,
    SectionKey::Monitoring,
];

/// The component that a principle stands under; none when it is not one of the 17.
pub fn component_of(principle: u8) -> Option<SectionKey> {
    Some(match principle {
        1..=5 => SectionKey::ControlEnvironment,
        6..=9 => SectionKey::RiskAssessment,
        10..=12 => SectionKey::ControlActivities,
        13..=15 => SectionKey::InformationCommunication,
        16..=17 => SectionKey::Monitoring,
        _ => return None,
    })
}

/// How a component is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ComponentJudgement {
    /// One of the five: `controlEnvironment`, `riskAssessment`, `controlActivities`, `informationCommunication`,
    /// `monitoring`.
    pub component: SectionKey,
    pub judgement: Sufficiency,
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "Delegationsordningen är reviderad och känd i organisationen."
    )]
    pub reason: String,
    /// The principles of the component that are judged one by one; none need be.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub principles: Vec<PrincipleJudgement>,
}

/// How a principle is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrincipleJudgement {
    /// Of the seventeen.
    #[schema(minimum = 1, maximum = 17, example = 3)]
    pub number: u8,
    pub judgement: Sufficiency,
    #[schema(min_length = 1, max_length = 4000, example = "Attestordningen är tydlig.")]
    pub reason: Option<String>,
}

/// Whether every component has its judgement: what the annual report needs.
pub fn is_complete(judged: &[ComponentJudgement]) -> bool {
    missing(judged).is_empty()
}

/// The components that are not judged yet, in the order of the document.
pub fn missing(judged: &[ComponentJudgement]) -> Vec<SectionKey> {
    let has = |key: &SectionKey| judged.iter().any(|one| one.component == *key && !one.reason.trim().is_empty());
    COMPONENTS.into_iter().filter(|key| !has(key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_seventeen_principles_each_under_a_component_in_order() {
        let under: Vec<SectionKey> = (1..=17).filter_map(component_of).collect();
        assert_eq!(COMPONENTS.map(|key| under.iter().filter(|under| **under == key).count()), [5, 4, 3, 3, 2]);
        assert!(under.is_sorted());
        assert!(COMPONENTS.iter().all(|key| key.is_component()));
        assert_eq!([0, 18, u8::MAX].map(component_of), [None; 3]);
    }

    #[test]
    fn an_assessment_is_complete_with_all_five_and_their_reasons() {
        let judged = |component| ComponentJudgement {
            component,
            judgement: Sufficiency::Partly,
            reason: "Beskrivet.".into(),
            principles: Vec::new(),
        };
        let mut all: Vec<_> = COMPONENTS.into_iter().map(judged).collect();
        assert!(is_complete(&all));
        all[2].reason = " ".into();
        assert_eq!(missing(&all), [SectionKey::ControlActivities]);
        all.remove(4);
        assert_eq!(missing(&all), [SectionKey::ControlActivities, SectionKey::Monitoring]);
        assert!(!is_complete(&[]));
    }
}
