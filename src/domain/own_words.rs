//! What a body calls its own things where it has other words than everyone: data, valid from a year, inherited.
//!
//! Only what is printed differs. Codes in the API and the database are the glossary's, so that a region sums what its bodies
//! call differently. Which words are a body's in a year is looked up in `app/settings/wordings.rs`; they are said by
//! [`Manner`](super::manner::Manner), as all that differs between bodies is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{ActionEffect, ActionStatus, Category, ControlStatus, Language, Period, Response, Word};

/// A category of a body's own, and which of the four it counts as where a region sums what its bodies have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnCategory {
    #[schema(min_length = 1, max_length = 100, format = "name", example = "Driftrisk")]
    pub name: String,
    pub category: Category,
}

/// Makes the list of words that can be a body's own: `field = List::Variant`, the word of a closed list that it stands for.
macro_rules! own_words {
    ($($field:ident = $List:ident :: $Variant:ident),+ $(,)?) => {
        /// A body's own words, each none where it says what those above it say. Codes stay the same.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct OwnWords {
            /// What the plan is called, before its year.
            #[schema(min_length = 1, max_length = 100, format = "name", example = "Internkontrollplan")]
            pub plan: Option<String>,
            /// What the report of a period is called, before the period and the year.
            #[schema(min_length = 1, max_length = 100, format = "name", example = "Uppföljning av internkontrollplan")]
            pub report: Option<String>,
            /// The categories among which its risks are put in place of the four; none where it has those of the ones above
            /// it, or the four.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schema(max_items = 30)]
            pub categories: Option<Vec<OwnCategory>>,
            $(
                #[schema(min_length = 1, max_length = 100, format = "name")]
                pub $field: Option<String>,
            )+
        }

        impl OwnWords {
            /// The own labels, with the list and the word that each stands for.
            fn labels(&self) -> [(&'static str, &'static str, &Option<String>); [$(stringify!($field)),+].len()] {
                [$(($List::LIST, $List::$Variant.as_str(), &self.$field)),+]
            }

            /// With what those above say where this says nothing.
            pub fn or(self, above: Self) -> Self {
                Self {
                    plan: self.plan.or(above.plan),
                    report: self.report.or(above.report),
                    categories: self.categories.or(above.categories),
                    $($field: self.$field.or(above.$field),)+
                }
            }
        }

        /// What one of these words is called where it is nobody's own.
        pub fn usual(code: &str, language: Language) -> Option<&'static str> {
            $(if code == $List::$Variant.as_str() { return Some($List::$Variant.label(language)); })+
            None
        }
    };
}

own_words! {
    t1 = Period::T1,
    interim = Period::Interim,
    annual = Period::Annual,
    not_planned = ControlStatus::NotPlanned,
    performed = ControlStatus::Performed,
    performed_with_deviations = ControlStatus::PerformedWithDeviations,
    not_performed = ControlStatus::NotPerformed,
    not_started = ActionStatus::NotStarted,
    on_plan = ActionStatus::OnPlan,
    mostly_done = ActionStatus::MostlyDone,
    off_plan = ActionStatus::OffPlan,
    not_assessed = ActionEffect::NotAssessed,
    desired = ActionEffect::Desired,
    uncertain = ActionEffect::Uncertain,
    not_desired = ActionEffect::NotDesired,
    accept = Response::Accept,
    limit = Response::Limit,
    share = Response::Share,
    eliminate = Response::Eliminate,
}

impl OwnWords {
    /// The own label of a word of a closed list, as it was written.
    pub fn label(&self, list: &str, code: &str) -> Option<&str> {
        let all = self.labels();
        let (.., own) = all.iter().find(|(of, word, _)| *of == list && *word == code)?;
        own.as_deref()
    }

    /// The own labels by their codes, which are no two lists' own: what documents carry.
    pub fn by_code(&self) -> BTreeMap<String, String> {
        let said = self.labels().into_iter().filter_map(|(_, code, own)| Some((code.to_owned(), own.clone()?)));
        said.collect()
    }

    /// The categories of its own, none where it has the four.
    pub fn categories(&self) -> &[OwnCategory] {
        self.categories.as_deref().unwrap_or_default()
    }

    /// Which of the four a category of its own counts as.
    pub fn counted_as(&self, name: &str) -> Option<Category> {
        self.categories().iter().find(|own| own.name == name).map(|own| own.category)
    }

    /// Where a word stands twice in one list, so that nobody could tell the two apart: JSON pointers below the words.
    pub fn repeated(&self) -> Vec<String> {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        let labels = self.labels();
        let mut found = Vec::new();
        let categories = self.categories();
        for (at, one) in categories.iter().enumerate() {
            if categories.iter().take(at).any(|before| same(&before.name, &one.name)) {
                found.push(format!("/categories/{at}/name"));
            }
        }
        for (at, (list, code, own)) in labels.iter().enumerate() {
            let before =
                labels.iter().take(at).filter(|(of, ..)| of == list).filter_map(|(.., other)| other.as_deref());
            if own.as_deref().is_some_and(|own| before.into_iter().any(|other| same(own, other))) {
                found.push(format!("/{code}"));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_inherited_by_itself() {
        let above = OwnWords {
            plan: Some("Internkontrollplan".into()),
            t1: Some("Deluppföljning 1".into()),
            ..OwnWords::default()
        };
        let own =
            OwnWords { plan: Some("Kontrollplan".into()), limit: Some("Granskning".into()), ..OwnWords::default() };
        let said = own.or(above);
        assert_eq!(said.plan.as_deref(), Some("Kontrollplan"));
        assert_eq!(said.label(Period::LIST, "t1"), Some("Deluppföljning 1"));
        assert_eq!(said.label(Response::LIST, "limit"), Some("Granskning"));
        assert_eq!(said.label(Response::LIST, "share"), None);
    }

    /// A control that is done "annual" is not done in the period of that code.
    #[test]
    fn a_code_is_one_list_s() {
        let own = OwnWords { annual: Some("Årsbokslut".into()), ..OwnWords::default() };
        assert_eq!(own.label("Recurrence", "annual"), None);
        assert_eq!(own.label(Period::LIST, "annual"), Some("Årsbokslut"));
        let mut codes: Vec<_> = own.labels().map(|(_, code, _)| code).to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), own.labels().len(), "documents keep labels by their codes alone");
        assert!(codes.iter().all(|code| usual(code, Language::Sv).is_some()));
        let kept = serde_json::to_value(&own).expect("JSON");
        assert!(codes.iter().all(|code| kept.get(code).is_some()), "each is kept under its code");
    }

    #[test]
    fn what_stands_twice_is_found() {
        let own = OwnWords {
            accept: Some("Granskning".into()),
            share: Some("granskning ".into()),
            performed: Some("Granskning".into()),
            ..OwnWords::default()
        };
        assert_eq!(own.repeated(), ["/share"]);
        let named = |name: &str| OwnCategory { name: name.into(), category: Category::Operational };
        let own = OwnWords { categories: Some(vec![named("Drift"), named("drift")]), ..OwnWords::default() };
        assert_eq!(own.repeated(), ["/categories/1/name"]);
    }
}
