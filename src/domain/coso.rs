//! The five components of internal control and their seventeen principles, in our own short words: COSO's own text is
//! copyrighted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{Language, SectionKey, Sufficiency};

/// The components, in the order of the document.
pub const COMPONENTS: [SectionKey; 5] = [
    SectionKey::ControlEnvironment,
    SectionKey::RiskAssessment,
    SectionKey::ControlActivities,
    SectionKey::InformationCommunication,
    SectionKey::Monitoring,
];

/// A principle under its component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principle {
    /// 1 to 17.
    pub number: u8,
    pub component: SectionKey,
    sv: &'static str,
    en: &'static str,
}

impl Principle {
    /// The principle as people read it, in lower case.
    pub const fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Sv => self.sv,
            Language::En => self.en,
        }
    }
}

const fn principle(number: u8, component: SectionKey, sv: &'static str, en: &'static str) -> Principle {
    Principle { number, component, sv, en }
}

/// The principles, in order.
pub const PRINCIPLES: [Principle; 17] = [
    principle(1, SectionKey::ControlEnvironment, "integritet och etiska värderingar", "integrity and ethical values"),
    principle(
        2,
        SectionKey::ControlEnvironment,
        "nämnden övervakar den interna kontrollen oberoende av förvaltningen",
        "the board oversees internal control independently of the administration",
    ),
    principle(
        3,
        SectionKey::ControlEnvironment,
        "organisation, rapportvägar och befogenheter",
        "organisation, lines of reporting and authority",
    ),
    principle(4, SectionKey::ControlEnvironment, "kompetens", "competence"),
    principle(5, SectionKey::ControlEnvironment, "ansvarsutkrävande", "accountability"),
    principle(6, SectionKey::RiskAssessment, "tydliga mål", "clear objectives"),
    principle(7, SectionKey::RiskAssessment, "identifiera och analysera risker", "identifying and analysing risks"),
    principle(8, SectionKey::RiskAssessment, "beakta oegentligheter", "considering irregularities"),
    principle(9, SectionKey::RiskAssessment, "beakta väsentliga förändringar", "considering significant change"),
    principle(10, SectionKey::ControlActivities, "välja och utforma kontroller", "choosing and designing controls"),
    principle(11, SectionKey::ControlActivities, "generella it-kontroller", "general IT controls"),
    principle(
        12,
        SectionKey::ControlActivities,
        "genomföra via riktlinjer och rutiner",
        "carrying out through guidelines and routines",
    ),
    principle(
        13,
        SectionKey::InformationCommunication,
        "relevant information av god kvalitet",
        "relevant information of good quality",
    ),
    principle(14, SectionKey::InformationCommunication, "intern kommunikation", "internal communication"),
    principle(15, SectionKey::InformationCommunication, "extern kommunikation", "external communication"),
    principle(16, SectionKey::Monitoring, "löpande och särskilda utvärderingar", "ongoing and separate evaluations"),
    principle(17, SectionKey::Monitoring, "utvärdera och rapportera brister", "evaluating and reporting deficiencies"),
];

/// The principle with this number, if there is one.
pub fn principle_of(number: u8) -> Option<&'static Principle> {
    PRINCIPLES.iter().find(|p| p.number == number)
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
        let numbers: Vec<u8> = PRINCIPLES.iter().map(|p| p.number).collect();
        assert_eq!(numbers, (1..=17).collect::<Vec<u8>>());
        let counts = COMPONENTS.map(|key| PRINCIPLES.iter().filter(|p| p.component == key).count());
        assert_eq!(counts, [5, 4, 3, 3, 2]);
        assert!(PRINCIPLES.is_sorted_by_key(|p| p.component));
        assert!(COMPONENTS.iter().all(|key| key.is_component()));
        for p in &PRINCIPLES {
            assert!(!p.label(Language::Sv).is_empty() && !p.label(Language::En).is_empty());
            assert_eq!(principle_of(p.number), Some(p));
        }
        assert_eq!(principle_of(0), None);
        assert_eq!(principle_of(18), None);
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
