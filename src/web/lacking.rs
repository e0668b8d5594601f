//! What a step lacks before it can be done: what is alike in one line that counts it, and opens to each, with where it is mended.

use askama::Template;

use super::frame::Frame;
use crate::error::MissingItem;

/// All that is about things of one kind.
pub struct Under {
    pub heading: String,
    pub count: usize,
    pub lines: Vec<Line>,
}

/// What is missing in the same way, of one thing or of several.
pub struct Line {
    /// What is said of several together.
    pub text: String,
    pub things: Vec<Thing>,
}

/// A thing that lacks something, and where that is mended.
pub struct Thing {
    pub at: Option<String>,
    /// The sentence: what it is called, and what the line says of it already.
    pub called: String,
    pub rest: String,
}

/// The lines by themselves.
#[derive(Template)]
#[template(path = "parts/lacks.html")]
pub struct Lines<'l> {
    pub lines: &'l [Line],
}

/// Something that is missing, and where it is mended.
type Told<'m> = &'m (Option<String>, MissingItem);

/// Those of which the same is said.
type Alike<'m> = (Option<&'static str>, Vec<Told<'m>>);

/// What a thing is about, as a heading over all of its kind.
fn about(entity: &str) -> &'static str {
    match entity {
        "risk" => "nav-risks",
        "control" => "controls",
        "action" => "actions",
        "mandatoryRisk" => "mandatory-title",
        "deficiency" => "nav-deficiencies",
        "indicator" => "indicators-title",
        _ => "plan-missing-own",
    }
}

/// What is said of several things that lack the same. What there is no text for is told one by one.
fn of_several(told: &MissingItem) -> Option<&'static str> {
    Some(match (told.code.as_str(), told.entity.as_str()) {
        ("sectionMissing", _) => "lack-sections",
        ("sectionUnconfirmed", _) => "lack-sections-unconfirmed",
        ("mandatoryRiskMissing", _) => "lack-mandatory",
        ("mandatoryAreaEmpty", _) => "lack-areas",
        ("deficiencyUnanswered", _) => "lack-deficiencies",
        ("targetsUnconfirmed", _) => "lack-targets",
        ("setAsideMandatory", _) => "lack-set-aside",
        ("assessmentMissing", _) => "lack-assessment",
        ("assessmentOutsidePolicy", _) => "lack-assessment-outside",
        ("assessmentUnconfirmed", _) => "lack-assessment-unconfirmed",
        ("goalMissing", _) => "lack-goal",
        ("goalNotOfYear", _) => "lack-goal-of-year",
        ("ownerMissing", _) => "lack-owner",
        ("ownerInactive", _) => "lack-owner-inactive",
        ("ownerWithoutRole", _) => "lack-owner-role",
        ("categoryMissing", _) => "lack-category",
        ("responseMissing", _) => "lack-response",
        ("controlMissing", _) => "lack-control",
        ("actionMissing", _) => "lack-action",
        ("justificationMissing", _) => "lack-justification",
        ("targetLevelNotInPolicy", _) => "lack-target-level",
        ("responsibleInactive", "control") => "lack-controls-inactive",
        ("responsibleInactive", _) => "lack-actions-inactive",
        ("responsibleWithoutRole", "control") => "lack-controls-role",
        ("responsibleWithoutRole", _) => "lack-actions-role",
        ("actionEndMissing", _) => "lack-end",
        ("actionEndsBeforeYear", _) => "lack-end-year",
        ("actionEndsBeforeStart", _) => "lack-end-start",
        ("statusMissing", "control") => "lack-controls-status",
        ("statusMissing", _) => "lack-actions-status",
        ("judgementMissing", _) => "lack-judgements",
        _ => return None,
    })
}

/// What is missing, by what it is about, what is alike together, each in the order in which it comes first.
pub fn grouped(p: &Frame, missing: &[(Option<String>, MissingItem)]) -> Vec<Under> {
    let mut kinds: Vec<(&str, Vec<Alike>)> = Vec::new();
    for one in missing {
        let (about, alike) = (about(&one.1.entity), of_several(&one.1));
        let at = kinds.iter().position(|(heading, _)| *heading == about).unwrap_or_else(|| {
            kinds.push((about, Vec::new()));
            kinds.len() - 1
        });
        let groups = &mut kinds[at].1;
        match groups.iter_mut().find(|(key, _)| alike.is_some() && *key == alike) {
            Some((_, those)) => those.push(one),
            None => groups.push((alike, vec![one])),
        }
    }
    let line = |(key, those): &Alike| Line {
        text: key.map(|key| p.count(key, those.len())).unwrap_or_default(),
        things: things(those),
    };
    kinds
        .iter()
        .map(|(heading, groups)| Under {
            heading: p.say(heading),
            count: groups.iter().map(|(_, those)| those.len()).sum(),
            lines: groups.iter().map(line).collect(),
        })
        .collect()
}

/// Each of them, with its sentence cut behind the name where all of them go on in the same way.
fn things(those: &[Told]) -> Vec<Thing> {
    let sentences: Vec<&str> = those.iter().map(|(_, told)| told.detail.as_str()).collect();
    let rest = said_of_all(&sentences);
    let thing = |(at, told): &Told| {
        let (called, rest) = told.detail.split_at(told.detail.len() - rest);
        Thing { at: at.clone(), called: called.to_owned(), rest: rest.to_owned() }
    };
    those.iter().map(thing).collect()
}

/// The length of what several sentences all say after the name, which stands in quotation marks; nothing where they do not.
fn said_of_all(sentences: &[&str]) -> usize {
    let [first, others @ ..] = sentences else { return 0 };
    if others.is_empty() {
        return 0;
    }
    let alike = |other: &&str| {
        let pairs = first.chars().rev().zip(other.chars().rev());
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>()
    };
    let alike = others.iter().map(alike).min().unwrap_or_default();
    let end = &first[first.len() - alike..];
    end.split_once("” ").map_or(0, |(_, rest)| rest.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::said_of_all;

    #[test]
    fn what_all_say_is_told_once() {
        let owner = ["Risk 1 ”Mutor” har ingen riskägare.", "Risk 2 ”Brist på ”ö”” har ingen riskägare."];
        assert_eq!(said_of_all(&owner), " har ingen riskägare.".len());
        let level =
            ["Risk 1 ”a” ligger på nivån ”hög”: den måste ha.", "Risk 2 ”b” ligger på nivån ”hög”: den måste ha."];
        assert_eq!(&level[0][level[0].len() - said_of_all(&level)..], " ligger på nivån ”hög”: den måste ha.");
        let other =
            ["Risk 1 ”a” ligger på nivån ”hög”: den måste ha.", "Risk 2 ”b” ligger på nivån ”låg”: den måste ha."];
        assert_eq!(said_of_all(&other), 0);
        assert_eq!(said_of_all(&["Åtgärden ”a” slutar 2023-01-01, före.", "Åtgärden ”b” slutar 2023-01-02, före."]), 0);
        assert_eq!((said_of_all(&owner[..1]), said_of_all(&[])), (0, 0));
    }
}
