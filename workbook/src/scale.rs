//! The scale that the register scores by, as the reader needs it: handed in, since it is the plan's own.

use serde::{Deserialize, Serialize};

use crate::clean::folded;

/// The plan's scale: the steps of its axes, and what each cell of its matrix is. And of which year the plan is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scale {
    pub likelihood: Vec<Step>,
    pub consequence: Vec<Step>,
    /// Empty where nothing is to be compared.
    #[serde(default)]
    pub cells: Vec<ScaleCell>,
    #[serde(default)]
    pub levels: Vec<Level>,
    /// The plan's year.
    #[serde(default)]
    pub year: Option<i32>,
}

/// A step of an axis, with what it is called in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub value: i32,
    pub labels: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScaleCell {
    pub likelihood: i32,
    pub consequence: i32,
    pub score: i32,
    /// The key of a level.
    pub level: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Level {
    pub key: String,
    pub labels: Vec<String>,
}

impl Scale {
    /// What the register makes of two steps.
    pub fn cell(&self, likelihood: i32, consequence: i32) -> Option<&ScaleCell> {
        self.cells.iter().find(|cell| cell.likelihood == likelihood && cell.consequence == consequence)
    }

    /// The level that a word names, if it names one.
    pub fn level(&self, word: &str) -> Option<&Level> {
        self.levels.iter().find(|level| named(&level.labels, word))
    }
}

/// The step that a word names, if it names one and not two.
pub(crate) fn step(steps: &[Step], word: &str) -> Option<i32> {
    let mut found = steps.iter().filter(|step| named(&step.labels, word));
    match (found.next(), found.next()) {
        (Some(step), None) => Some(step.value),
        _ => None,
    }
}

/// Whether a word is one of these labels: whole, without what stands in its parentheses, or one of the words there.
fn named(labels: &[String], word: &str) -> bool {
    let word = bare(word);
    !word.is_empty() && labels.iter().any(|label| spellings(label).contains(&word))
}

fn spellings(label: &str) -> Vec<String> {
    let mut all = vec![bare(label)];
    if let Some((before, inside)) = label.split_once('(') {
        all.push(bare(before));
        all.extend(inside.trim_end().trim_end_matches(')').split([',', ';', '/']).map(bare));
    }
    all.retain(|spelling| !spelling.is_empty());
    all
}

/// Small letters; a level is called `hög` as well as `hög risk`.
fn bare(word: &str) -> String {
    let word = folded(word.trim_matches(|c: char| !c.is_alphanumeric()));
    word.strip_suffix(" risk").map_or(word.clone(), str::to_owned)
}
