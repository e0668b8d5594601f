//! The scoring policy: the matrix as data, never as code.
//!
//! A policy says, for each cell of likelihood and consequence, a score and a level; per level what
//! it is called and demands; and above which score a risk is in the plan. Products are only what
//! the default is filled with: a policy may as well be a 4×4 table in which score 0 exists.
//! Nothing here knows risks, plans or versions: whoever owns those passes the right policy in.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::text;
use super::words::{Change, Language, LevelKey};

/// Fewest steps of likelihood, and of consequence.
pub const STEPS_MIN: usize = 2;
/// Most steps of likelihood, and of consequence.
pub const STEPS_MAX: usize = 10;
/// Lowest score a cell, and lowest threshold a policy, may have.
pub const SCORE_MIN: i32 = 0;
/// Highest score a cell, and highest threshold a policy, may have.
pub const SCORE_MAX: i32 = 1_000;
/// Characters in the label of a step or a level.
pub const LABEL_MAX: usize = 100;
/// Characters in the description of a step, and in what a level demands.
pub const DESCRIPTION_MAX: usize = 2_000;
/// The colours a policy may name; others are written `#rrggbb`.
pub const COLOURS: [&str; 5] = ["lightGreen", "green", "yellow", "orange", "red"];

/// One version of a scoring policy. Immutable once a plan is scored by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ScoringPolicyContent, example = json!(Policy::standard(Language::Sv)))]
pub struct Policy {
    /// The steps of likelihood, lowest first; step 1 is the first.
    #[schema(min_items = 2, max_items = 10)]
    pub likelihoods: Vec<Step>,
    /// The steps of consequence, lowest first; step 1 is the first.
    #[schema(min_items = 2, max_items = 10)]
    pub consequences: Vec<Step>,
    /// A row for each likelihood, in it a cell for each consequence.
    #[schema(value_type = Vec<Row>, min_items = 2, max_items = 10)]
    pub cells: Vec<Vec<Cell>>,
    /// The levels that the policy uses, in the order it shows them.
    #[schema(min_items = 1, max_items = 5)]
    pub levels: Vec<Level>,
    /// A risk is in the plan when its score is strictly above this.
    #[schema(minimum = 0, maximum = 1_000)]
    pub threshold: i32,
    /// What the body calls its likelihoods, where it has a word of its own. Left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100, format = "name", example = "Sannolikhet")]
    pub likelihood_name: Option<String>,
    /// What the body calls its consequences, where it has a word of its own, as *väsentlighet*. Left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100, format = "name", example = "Väsentlighet")]
    pub consequence_name: Option<String>,
}

/// A step of likelihood or consequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ScoringStep)]
pub struct Step {
    #[schema(min_length = 1, max_length = 100, format = "name", example = "Mycket låg")]
    pub label: String,
    /// When to choose the step. May be empty.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub description: String,
}

/// What one likelihood and one consequence make together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ScoringCell)]
pub struct Cell {
    /// 0 to 1000.
    #[schema(minimum = 0, maximum = 1_000)]
    pub score: i32,
    pub level: LevelKey,
}

/// A row of the matrix, as the contract tells of it: a cell for each consequence.
struct Row;

impl PartialSchema for Row {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(Ref::from_schema_name(Cell::name()))
            .min_items(Some(STEPS_MIN))
            .max_items(Some(STEPS_MAX))
            .description(Some("A cell for each consequence, lowest first."))
            .into()
    }
}

impl ToSchema for Row {
    fn name() -> std::borrow::Cow<'static, str> {
        "ScoringRow".into()
    }
    fn schemas(into: &mut Vec<(String, RefOr<Schema>)>) {
        into.push((Cell::name().into(), Cell::schema()));
        Cell::schemas(into);
    }
}

/// A level: what it is called, how it is drawn and what it demands (Läsanvisning, Bilaga 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ScoringLevel)]
pub struct Level {
    pub key: LevelKey,
    /// As it is printed: "Medelhög risk".
    #[schema(min_length = 1, max_length = 100, format = "name", example = "Medelhög risk")]
    pub label: String,
    /// `lightGreen`, `green`, `yellow`, `orange`, `red` or `#rrggbb`.
    #[schema(pattern = "^(lightGreen|green|yellow|orange|red|#[0-9A-Fa-f]{6})$", example = "yellow")]
    pub colour: String,
    /// What the level demands, for people. May be empty.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub demand: String,
    /// An action must exist, or a justification of why none does.
    pub action_required: bool,
    /// A risk that is only accepted needs a written justification.
    pub justification_if_accepted: bool,
    /// The risk must be monitored, or is flagged.
    pub monitored: bool,
}

/// Something wrong with a policy, or with another body that is checked as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON Pointer from the policy's own root: `/cells/0/3/score`.
    pub pointer: String,
    pub code: &'static str,
    pub sv: String,
    pub en: String,
}

impl Violation {
    /// The fault as a sentence.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Sv => self.sv.clone(),
            Language::En => self.en.clone(),
        }
    }
}

/// Every text of the shipped policy, the Swedish and what it is in English.
static SHIPPED: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let (swedish, english) = (Policy::standard(Language::Sv), Policy::standard(Language::En));
    fn texts(policy: Policy) -> Vec<String> {
        let steps = policy.likelihoods.into_iter().chain(policy.consequences);
        let steps = steps.flat_map(|step| [step.label, step.description]);
        steps.chain(policy.levels.into_iter().flat_map(|level| [level.label, level.demand])).collect()
    }
    texts(swedish).into_iter().zip(texts(english)).collect()
});

/// What a text of the shipped policy is in English.
pub fn shipped_in_english(text: &str) -> Option<&'static str> {
    SHIPPED.get(text).map(String::as_str)
}

/// Whether a text is one that the shipped policy has in English.
pub fn is_shipped_english(text: &str) -> bool {
    SHIPPED.values().any(|english| english == text)
}

impl Policy {
    /// Score and level of a likelihood and a consequence, both counted from 1; nothing outside the
    /// matrix. Never clamped.
    pub fn value(&self, likelihood: i32, consequence: i32) -> Option<Cell> {
        let row = usize::try_from(likelihood).ok()?.checked_sub(1)?;
        let column = usize::try_from(consequence).ok()?.checked_sub(1)?;
        self.cells.get(row)?.get(column).copied()
    }

    /// Does an assessment have a place in this matrix? One made under another version may not.
    pub fn fits(&self, likelihood: i32, consequence: i32) -> bool {
        self.value(likelihood, consequence).is_some()
    }

    /// The levels from the highest down, as documents show them.
    pub fn levels_down(&self) -> Vec<&Level> {
        let mut levels: Vec<&Level> = self.levels.iter().collect();
        levels.sort_by_key(|level| std::cmp::Reverse(level.key));
        levels
    }

    /// The level behind a key, when the policy uses it.
    pub fn level(&self, key: LevelKey) -> Option<&Level> {
        self.levels.iter().find(|level| level.key == key)
    }

    /// May scores of the two be held against each other? Only when every cell is the same; labels,
    /// demands and threshold do not matter for that.
    pub fn comparable(&self, other: &Self) -> bool {
        self.cells == other.cells
    }

    /// The change from an earlier score by an earlier policy to one by this policy.
    pub fn change(&self, score: i32, earlier: Option<(&Self, i32)>) -> Change {
        match earlier {
            None => Change::New,
            Some((policy, _)) if !self.comparable(policy) => Change::NotComparable,
            Some((_, before)) => match score.cmp(&before) {
                std::cmp::Ordering::Greater => Change::Raised,
                std::cmp::Ordering::Less => Change::Lowered,
                std::cmp::Ordering::Equal => Change::Unchanged,
            },
        }
    }

    /// Everything that is wrong with the policy, in the order of its fields; empty when it can be
    /// used.
    ///
    /// The rules (ours, where the sources are silent): the matrix is whole, and every level in it is
    /// defined, once. Which score and level a cell has is the body's to choose: many let consequence
    /// weigh more. What may be a slip is told by [`remarks`](Self::remarks). A defined level may be unused.
    pub fn faults(&self) -> Vec<Violation> {
        let mut faults = Vec::new();
        steps_faults(&self.likelihoods, "likelihoods", &mut faults);
        steps_faults(&self.consequences, "consequences", &mut faults);
        self.cells_faults(&mut faults);
        self.levels_faults(&mut faults);
        if !(SCORE_MIN..=SCORE_MAX).contains(&self.threshold) {
            faults.push(score_out_of_range("/threshold".into()));
        }
        let (down, across) = (self.likelihood_name.as_deref(), self.consequence_name.as_deref());
        if let Some(name) = down {
            label_faults(name, [across.unwrap_or("Konsekvens")].into_iter(), "/likelihoodName", &mut faults);
        }
        if let Some(name) = across {
            label_faults(name, [down.unwrap_or("Sannolikhet")].into_iter(), "/consequenceName", &mut faults);
        }
        faults
    }

    /// The policy for readers of a language: what says the shipped words still, says them in that language. What somebody
    /// wrote stays as it is.
    pub fn told_in(&self, language: Language) -> Self {
        let mut told = self.clone();
        if language == Language::Sv {
            return told;
        }
        let tell = |text: &mut String| {
            if let Some(english) = SHIPPED.get(text.as_str()) {
                english.clone_into(text);
            }
        };
        for step in told.likelihoods.iter_mut().chain(&mut told.consequences) {
            tell(&mut step.label);
            tell(&mut step.description);
        }
        for level in &mut told.levels {
            tell(&mut level.label);
            tell(&mut level.demand);
        }
        told
    }

    /// The default policy, in the language of the register: 5×5, score as the product, in the plan
    /// above 8.
    ///
    /// Steps and demands after the reading guide of Bilaga 1, in our own words. The levels by
    /// score are ours: the source prints its matrix only as a picture.
    pub fn standard(language: Language) -> Self {
        let pick = |sv: &str, en: &str| match language {
            Language::Sv => sv.to_owned(),
            Language::En => en.to_owned(),
        };
        let step = |sv: (&str, &str), en: (&str, &str)| Step { label: pick(sv.0, en.0), description: pick(sv.1, en.1) };
        Self {
            likelihoods: vec![
                step(
                    ("Mycket låg", "Väntas inte inträffa under planåret."),
                    ("Very low", "Not expected to happen during the plan year."),
                ),
                step(
                    ("Låg", "Kan inträffa, men det mesta talar emot det."),
                    ("Low", "May happen, but most things speak against it."),
                ),
                step(
                    ("Medel", "Lika troligt att det inträffar som att det uteblir."),
                    ("Medium", "As likely to happen as not."),
                ),
                step(
                    ("Hög", "Väntas inträffa någon gång under planåret."),
                    ("High", "Expected to happen at some time during the plan year."),
                ),
                step(
                    ("Mycket hög", "Inträffar redan eller är nästan säkert att inträffa."),
                    ("Very high", "Happens already or is almost certain to happen."),
                ),
            ],
            consequences: vec![
                step(
                    ("Begränsad", "Marginell för verksamhet, ekonomi och förtroende."),
                    ("Limited", "Marginal to operations, finances and trust."),
                ),
                step(
                    ("Mindre", "Lindrig och uppfattas som liten av dem som berörs."),
                    ("Minor", "Mild, and felt as small by those concerned."),
                ),
                step(
                    ("Signifikant", "Kännbar och uppfattas som besvärande av dem som berörs."),
                    ("Significant", "Noticeable, and felt as troublesome by those concerned."),
                ),
                step(
                    ("Kritisk", "Allvarlig, får helst inte inträffa."),
                    ("Critical", "Serious, something that should preferably not happen."),
                ),
                step(
                    ("Katastrofal", "Mycket allvarlig, något som inte får inträffa."),
                    ("Catastrophic", "Very serious, something that must not happen."),
                ),
            ],
            cells: (1..=5)
                .map(|likelihood| {
                    (1..=5)
                        .map(|consequence| {
                            let score = likelihood * consequence;
                            Cell {
                                score,
                                level: match score {
                                    ..=2 => LevelKey::VeryLow,
                                    3..=4 => LevelKey::Low,
                                    5..=9 => LevelKey::Medium,
                                    10..=12 => LevelKey::High,
                                    _ => LevelKey::VeryHigh,
                                },
                            }
                        })
                        .collect()
                })
                .collect(),
            levels: vec![
                Level {
                    key: LevelKey::VeryHigh,
                    label: pick("Mycket hög risk", "Very high risk"),
                    colour: "red".into(),
                    demand: pick(
                        "Risken kan inte accepteras. Det ska finnas åtgärder som sänker risken \
                         så långt det går, och den som avstår från det ska motivera varför.",
                        "The risk cannot be accepted. There must be actions that lower it as far \
                         as possible, and anyone who refrains from that must justify why.",
                    ),
                    action_required: true,
                    justification_if_accepted: true,
                    monitored: true,
                },
                Level {
                    key: LevelKey::High,
                    label: pick("Hög risk", "High risk"),
                    colour: "orange".into(),
                    demand: pick(
                        "Risken får stå kvar bara när kontroller eller åtgärder inte går att \
                         genomföra i praktiken eller inte kan försvaras ekonomiskt. Det \
                         motiveras, och risken bevakas.",
                        "The risk may remain only where controls or actions are not practicable \
                         or cannot be defended economically. This is justified, and the risk is \
                         monitored.",
                    ),
                    action_required: false,
                    justification_if_accepted: true,
                    monitored: true,
                },
                Level {
                    key: LevelKey::Medium,
                    label: pick("Medelhög risk", "Medium risk"),
                    colour: "yellow".into(),
                    demand: pick(
                        "Risken får stå kvar bara när kontroller och åtgärder skulle kosta mer \
                         än de ger. Det motiveras, och risken bevakas.",
                        "The risk may remain only where controls and actions would cost more \
                         than they give. This is justified, and the risk is monitored.",
                    ),
                    action_required: false,
                    justification_if_accepted: true,
                    monitored: true,
                },
                Level {
                    key: LevelKey::Low,
                    label: pick("Låg risk", "Low risk"),
                    colour: "green".into(),
                    demand: pick(
                        "Risken accepteras i regel utan åtgärd, men bevakas så att det går att \
                         visa att den förblir låg.",
                        "The risk is as a rule accepted without action, but monitored so that \
                         it can be shown to stay low.",
                    ),
                    action_required: false,
                    justification_if_accepted: false,
                    monitored: true,
                },
                Level {
                    key: LevelKey::VeryLow,
                    label: pick("Mycket låg risk", "Very low risk"),
                    colour: "lightGreen".into(),
                    demand: pick("Risken accepteras utan åtgärd.", "The risk is accepted without action."),
                    action_required: false,
                    justification_if_accepted: false,
                    monitored: false,
                },
            ],
            threshold: 8,
            likelihood_name: None,
            consequence_name: None,
        }
    }

    fn cells_faults(&self, faults: &mut Vec<Violation>) {
        let rows = self.likelihoods.len();
        let columns = self.consequences.len();
        let row_count_is_wrong = self.cells.len() != rows;
        if row_count_is_wrong {
            faults.push(fault(
                "/cells",
                "rowCount",
                format!("Matrisen ska ha en rad för varje steg: {rows}, inte {}.", self.cells.len()),
                format!("The matrix must have a row for each step: {rows}, not {}.", self.cells.len()),
            ));
        }
        for (r, row) in self.cells.iter().enumerate().take(STEPS_MAX) {
            if row.len() != columns {
                faults.push(fault(
                    format!("/cells/{r}"),
                    "columnCount",
                    format!("Raden ska ha en ruta för varje steg: {columns}, inte {}.", row.len()),
                    format!("The row must have a cell for each step: {columns}, not {}.", row.len()),
                ));
            }
        }
        // A matrix far too large has been named above; its cells are not worth a fault each.
        if self.cells.len() > STEPS_MAX || self.cells.iter().any(|row| row.len() > STEPS_MAX) {
            return;
        }
        for (r, row) in self.cells.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                self.cell_faults(r, c, *cell, faults);
            }
        }
    }

    fn cell_faults(&self, r: usize, c: usize, cell: Cell, faults: &mut Vec<Violation>) {
        if !(SCORE_MIN..=SCORE_MAX).contains(&cell.score) {
            faults.push(score_out_of_range(format!("/cells/{r}/{c}/score")));
        }
        if self.level(cell.level).is_none() {
            faults.push(fault(
                format!("/cells/{r}/{c}/level"),
                "levelNotDefined",
                format!("Nivån {} används i matrisen men är inte beskriven bland nivåerna.", cell.level),
                format!("The level {} is used in the matrix but not defined among the levels.", cell.level),
            ));
        }
    }

    /// What may be meant and may be a slip, cell by cell: a score or a level that is lower than where likelihood and
    /// consequence are lower, or a level that is lower than that of a lower score. Refuses nothing.
    pub fn remarks(&self) -> Vec<Violation> {
        let mut remarks = Vec::new();
        for (r, row) in self.cells.iter().enumerate().take(STEPS_MAX) {
            for (c, cell) in row.iter().enumerate().take(STEPS_MAX) {
                self.remark(r, c, *cell, &mut remarks);
            }
        }
        remarks
    }

    fn remark(&self, r: usize, c: usize, cell: Cell, remarks: &mut Vec<Violation>) {
        let below = r.checked_sub(1).and_then(|r| self.cells.get(r)?.get(c));
        let left = c.checked_sub(1).and_then(|c| self.cells.get(r)?.get(c));
        let (likelihood, consequence) = (r + 1, c + 1);
        if below.into_iter().chain(left).any(|lesser| lesser.score > cell.score) {
            remarks.push(fault(
                format!("/cells/{r}/{c}/score"),
                "scoreDecreases",
                format!("Riskvärdet för {likelihood} × {consequence} är lägre än där ett av stegen är lägre."),
                format!("The score of {likelihood} × {consequence} is lower than where one of the steps is lower."),
            ));
        }
        let lower_scores = self.cells.iter().flatten().filter(|other| other.score < cell.score);
        let mut lesser = below.into_iter().chain(left).chain(lower_scores);
        if lesser.any(|other| other.level > cell.level) {
            remarks.push(fault(
                format!("/cells/{r}/{c}/level"),
                "levelDecreases",
                format!(
                    "Nivån för {likelihood} × {consequence} är lägre än för ett lägre riskvärde eller ett lägre steg."
                ),
                format!(
                    "The level of {likelihood} × {consequence} is lower than that of a lower score or a lower step."
                ),
            ));
        }
    }

    fn levels_faults(&self, faults: &mut Vec<Violation>) {
        if self.levels.is_empty() {
            faults.push(fault(
                "/levels",
                "empty",
                "Minst en nivå måste beskrivas.",
                "At least one level must be defined.",
            ));
        }
        // There are only so many keys: whatever comes after them is a repetition, named once each
        // up to a bound, so that a huge body does not make a huge answer.
        for (i, level) in self.levels.iter().enumerate().take(STEPS_MAX) {
            let earlier = self.levels.iter().take(i);
            if earlier.clone().any(|other| other.key == level.key) {
                faults.push(fault(
                    format!("/levels/{i}/key"),
                    "levelRepeated",
                    format!("Nivån {} är redan beskriven.", level.key),
                    format!("The level {} is already defined.", level.key),
                ));
            }
            label_faults(&level.label, earlier.map(|other| &*other.label), &format!("/levels/{i}/label"), faults);
            written_faults(text::clean(&level.demand, DESCRIPTION_MAX), format!("/levels/{i}/demand"), faults);
            if !colour_ok(&level.colour) {
                faults.push(fault(
                    format!("/levels/{i}/colour"),
                    "unknownColour",
                    format!("Färgen ska vara {} eller #rrggbb.", COLOURS.join(", ")),
                    format!("The colour must be {} or #rrggbb.", COLOURS.join(", ")),
                ));
            }
        }
    }
}

fn steps_faults(steps: &[Step], field: &str, faults: &mut Vec<Violation>) {
    if !(STEPS_MIN..=STEPS_MAX).contains(&steps.len()) {
        faults.push(fault(
            format!("/{field}"),
            "stepCount",
            format!("Skalan ska ha {STEPS_MIN} till {STEPS_MAX} steg, inte {}.", steps.len()),
            format!("The scale must have {STEPS_MIN} to {STEPS_MAX} steps, not {}.", steps.len()),
        ));
    }
    for (i, step) in steps.iter().enumerate().take(STEPS_MAX) {
        let at = format!("/{field}/{i}");
        let earlier = steps.iter().take(i).map(|other| &*other.label);
        label_faults(&step.label, earlier, &format!("{at}/label"), faults);
        written_faults(text::clean(&step.description, DESCRIPTION_MAX), format!("{at}/description"), faults);
    }
}

/// A label must be written, short and not the same as one before it: a document must tell them apart.
fn label_faults<'a>(label: &str, mut earlier: impl Iterator<Item = &'a str>, at: &str, faults: &mut Vec<Violation>) {
    if label.trim().is_empty() {
        written_faults(Err(text::TextFault::Empty), at.into(), faults);
    } else if label.chars().any(char::is_control) {
        // Labels are kept as sent, so a line break at the end is not forgiven.
        written_faults(Err(text::TextFault::ControlCharacter), at.into(), faults);
    } else if earlier.any(|other| other.trim() == label.trim()) {
        faults.push(fault(
            at,
            "labelRepeated",
            "Två steg, nivåer eller axlar får inte heta likadant.",
            "Two steps, levels or axes must not have the same name.",
        ));
    } else {
        written_faults(text::line(label, LABEL_MAX), at.into(), faults);
    }
}

fn written_faults(written: Result<String, text::TextFault>, pointer: String, faults: &mut Vec<Violation>) {
    if let Err(wrong) = written {
        faults.push(fault(pointer, wrong.code(), wrong.text(Language::Sv), wrong.text(Language::En)));
    }
}

fn colour_ok(colour: &str) -> bool {
    COLOURS.contains(&colour)
        || colour.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn score_out_of_range(pointer: String) -> Violation {
    fault(
        pointer,
        "outOfRange",
        format!("Värdet ska ligga mellan {SCORE_MIN} och {SCORE_MAX}."),
        format!("The value must lie between {SCORE_MIN} and {SCORE_MAX}."),
    )
}

fn fault(pointer: impl Into<String>, code: &'static str, sv: impl Into<String>, en: impl Into<String>) -> Violation {
    Violation { pointer: pointer.into(), code, sv: sv.into(), en: en.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes(policy: &Policy) -> Vec<(String, &'static str)> {
        policy.faults().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    fn standard() -> Policy {
        Policy::standard(Language::Sv)
    }

    /// A policy of any size with scores that rise as the dimensions do, and are no products.
    fn lookup(rows: usize, columns: usize) -> Policy {
        let step = |i: usize| Step { label: format!("Steg {i}"), description: String::new() };
        let mut levels = standard().levels;
        levels.retain(|level| [LevelKey::Low, LevelKey::High].contains(&level.key));
        Policy {
            likelihoods: (1..=rows).map(step).collect(),
            consequences: (1..=columns).map(step).collect(),
            cells: (0..rows)
                .map(|r| {
                    (0..columns)
                        .map(|c| Cell {
                            score: (r + 2 * c) as i32,
                            level: if r + 2 * c < 3 { LevelKey::Low } else { LevelKey::High },
                        })
                        .collect()
                })
                .collect(),
            levels,
            threshold: 4,
            ..Policy::standard(Language::Sv)
        }
    }

    #[test]
    fn the_default_is_five_by_five_products_above_eight() {
        for language in [Language::Sv, Language::En] {
            let policy = Policy::standard(language);
            assert_eq!(policy.faults(), []);
            assert_eq!((policy.likelihoods.len(), policy.consequences.len()), (5, 5));
            assert_eq!(policy.threshold, 8);
            for l in 1..=5 {
                for c in 1..=5 {
                    assert_eq!(policy.value(l, c).map(|cell| cell.score), Some(l * c));
                }
            }
            assert!(policy.comparable(&standard()));
        }
        let level = |l, c| standard().value(l, c).map(|cell| cell.level.as_str());
        assert_eq!(level(1, 2), Some("veryLow"));
        assert_eq!(level(2, 2), Some("low"));
        assert_eq!(level(1, 5), Some("medium"));
        assert_eq!(level(2, 4), Some("medium"));
        assert_eq!(level(3, 3), Some("medium"));
        assert_eq!(level(2, 5), Some("high"));
        assert_eq!(level(3, 4), Some("high"));
        assert_eq!(level(3, 5), Some("veryHigh"));
    }

    #[test]
    fn what_the_default_levels_demand() {
        let demands: Vec<_> = standard()
            .levels
            .iter()
            .map(|l| (l.key.as_str(), l.action_required, l.justification_if_accepted, l.monitored))
            .collect();
        assert_eq!(
            demands,
            [
                ("veryHigh", true, true, true),
                ("high", false, true, true),
                ("medium", false, true, true),
                ("low", false, false, true),
                ("veryLow", false, false, false),
            ]
        );
    }

    #[test]
    fn a_lookup_table_with_score_zero_is_a_policy() {
        let policy = lookup(4, 4);
        assert_eq!(policy.faults(), []);
        assert_eq!(policy.value(1, 1).map(|cell| cell.score), Some(0));
    }

    #[test]
    fn equal_scores_may_lie_on_different_levels() {
        let mut policy = standard();
        // 1 × 4 higher than 2 × 2, as where consequence weighs more.
        policy.cells[0][3].level = LevelKey::Medium;
        assert_eq!(policy.faults(), []);
    }

    #[test]
    fn all_faults_come_at_once() {
        let mut policy = standard();
        policy.likelihoods[1].label = " ".into();
        policy.consequences[2].label = "Mindre".into();
        policy.consequences[3].description = "x".repeat(DESCRIPTION_MAX + 1);
        policy.cells[1][1].score = 9;
        policy.cells[2][2].level = LevelKey::VeryLow;
        policy.cells[4][4].score = 1_001;
        policy.levels[0].colour = "röd".into();
        policy.levels[4].key = LevelKey::Low;
        policy.threshold = -1;
        let found = codes(&policy);
        for expected in [
            ("/likelihoods/1/label", "empty"),
            ("/consequences/2/label", "labelRepeated"),
            ("/consequences/3/description", "tooLong"),
            ("/cells/0/0/level", "levelNotDefined"),
            ("/cells/4/4/score", "outOfRange"),
            ("/levels/0/colour", "unknownColour"),
            ("/levels/4/key", "levelRepeated"),
            ("/threshold", "outOfRange"),
        ] {
            assert!(found.contains(&(expected.0.into(), expected.1)), "{expected:?} in {found:?}");
        }
        // What may be meant is remarked on, and refused nowhere.
        let remarks: Vec<_> = policy.remarks().into_iter().map(|one| (one.pointer, one.code)).collect();
        for expected in [
            ("/cells/1/2/score", "scoreDecreases"),
            ("/cells/2/1/score", "scoreDecreases"),
            ("/cells/2/2/level", "levelDecreases"),
        ] {
            assert!(remarks.contains(&(expected.0.into(), expected.1)), "{expected:?} in {remarks:?}");
            assert!(!found.contains(&(expected.0.into(), expected.1)), "{expected:?} in {found:?}");
        }
    }

    #[test]
    fn a_weighted_matrix_is_entered_as_it_is() {
        let mut policy = standard();
        assert_eq!(policy.remarks(), []);
        // 2 × 5 is very high though 4 × 3, which scores more, is medium.
        policy.cells[1][4].level = LevelKey::VeryHigh;
        policy.cells[3][2].level = LevelKey::Medium;
        assert_eq!(policy.faults(), []);
        assert_eq!(policy.value(2, 5).map(|cell| (cell.score, cell.level)), Some((10, LevelKey::VeryHigh)));
        assert_eq!(policy.value(4, 3).map(|cell| (cell.score, cell.level)), Some((12, LevelKey::Medium)));
        let places: Vec<String> = policy.remarks().into_iter().map(|one| one.pointer).collect();
        assert!(places.contains(&"/cells/3/2/level".to_owned()), "{places:?}");
    }

    #[test]
    fn the_matrix_must_be_whole() {
        let mut policy = standard();
        policy.cells.pop();
        policy.cells[1].pop();
        policy.levels.clear();
        let found = codes(&policy);
        assert_eq!(found[0], ("/cells".into(), "rowCount"));
        assert_eq!(found[1], ("/cells/1".into(), "columnCount"));
        assert!(found.contains(&("/levels".into(), "empty")));

        assert!(codes(&lookup(1, 11)).contains(&("/likelihoods".into(), "stepCount")));
        assert!(codes(&lookup(1, 11)).contains(&("/consequences".into(), "stepCount")));
    }

    #[test]
    fn colours() {
        for good in ["lightGreen", "red", "#a1B2c3"] {
            assert!(colour_ok(good));
        }
        for bad in ["", "#", "#12345", "#1234567", "#12345g", "#åäö", "Red", "javascript:"] {
            assert!(!colour_ok(bad), "{bad}");
        }
    }

    #[test]
    fn a_change_needs_the_same_cells() {
        let policy = standard();
        let mut renamed = policy.clone();
        renamed.threshold = 3;
        renamed.levels[0].label = "Röd".into();
        assert_eq!(policy.change(9, None), Change::New);
        assert_eq!(policy.change(9, Some((&renamed, 8))), Change::Raised);
        assert_eq!(policy.change(8, Some((&renamed, 9))), Change::Lowered);
        assert_eq!(policy.change(9, Some((&renamed, 9))), Change::Unchanged);
        assert_eq!(policy.change(4, Some((&lookup(5, 5), 4))), Change::NotComparable);
    }

    /// The contract's bounds are written out, since a schema takes no constants: they are the rules' own.
    #[test]
    fn the_contract_tells_the_bounds() {
        fn told<T: ToSchema>() -> serde_json::Value {
            serde_json::to_value(T::schema()).expect("a schema is JSON")["properties"].clone()
        }
        let policy = told::<Policy>();
        for scale in ["likelihoods", "consequences", "cells"] {
            assert_eq!(policy[scale]["minItems"], STEPS_MIN, "{scale}");
            assert_eq!(policy[scale]["maxItems"], STEPS_MAX, "{scale}");
        }
        assert_eq!(policy["levels"]["maxItems"], LevelKey::ALL.len());
        for score in [&policy["threshold"], &told::<Cell>()["score"]] {
            assert_eq!((&score["minimum"], &score["maximum"]), (&SCORE_MIN.into(), &SCORE_MAX.into()));
        }
        for label in [&told::<Step>()["label"], &told::<Level>()["label"]] {
            assert_eq!(label["maxLength"], LABEL_MAX);
        }
        for text in [&told::<Step>()["description"], &told::<Level>()["demand"]] {
            assert_eq!(text["maxLength"], DESCRIPTION_MAX);
        }
        for colour in COLOURS {
            let pattern = told::<Level>()["colour"]["pattern"].to_string();
            assert!(pattern.contains(&format!("({colour}|")) || pattern.contains(&format!("|{colour}|")), "{colour}");
        }
    }

    #[test]
    fn json_is_camel_case_and_strict() {
        let policy = standard();
        let json = serde_json::to_value(&policy).expect("a policy is JSON");
        assert_eq!(json["cells"][0][0], serde_json::json!({"score": 1, "level": "veryLow"}));
        assert_eq!(json["levels"][0]["actionRequired"], true);
        assert_eq!(serde_json::from_value::<Policy>(json.clone()).ok(), Some(policy));
        let mut more = json;
        more["colour"] = "red".into();
        assert!(serde_json::from_value::<Policy>(more).is_err());
    }

    proptest! {
        #[test]
        fn any_size_within_the_bounds_works(rows in STEPS_MIN..=STEPS_MAX, columns in STEPS_MIN..=STEPS_MAX) {
            prop_assert_eq!(lookup(rows, columns).faults(), []);
        }

        #[test]
        fn nothing_outside_the_matrix_has_a_value(
            rows in STEPS_MIN..=STEPS_MAX, columns in STEPS_MIN..=STEPS_MAX,
            likelihood in prop_oneof![any::<i32>(), -2..13], consequence in prop_oneof![any::<i32>(), -2..13],
        ) {
            let inside = (1..=rows as i32).contains(&likelihood) && (1..=columns as i32).contains(&consequence);
            prop_assert_eq!(lookup(rows, columns).fits(likelihood, consequence), inside);
        }

        /// Whatever its cells hold a whole policy is taken, and one without remarks never gives a graver risk a lower
        /// score or level.
        #[test]
        fn a_policy_without_remarks_is_monotone(
            scores in prop::collection::vec(0..6i32, 9), levels in prop::collection::vec(0..2usize, 9),
        ) {
            let mut policy = lookup(3, 3);
            for (i, cell) in policy.cells.iter_mut().flatten().enumerate() {
                *cell = Cell { score: scores[i], level: [LevelKey::Low, LevelKey::High][levels[i]] };
            }
            let cells = || (0..3usize).flat_map(|r| (0..3usize).map(move |c| (r, c)));
            let monotone = cells().all(|(r, c)| cells().all(|(r2, c2)| {
                let (a, b) = (policy.cells[r][c], policy.cells[r2][c2]);
                let dominates = r <= r2 && c <= c2;
                (!dominates || (a.score <= b.score && a.level <= b.level))
                    && (a.score >= b.score || a.level <= b.level)
            }));
            prop_assert_eq!(policy.faults(), []);
            prop_assert_eq!(policy.remarks().is_empty(), monotone);
        }

        #[test]
        fn ragged_policies_do_not_panic(
            sizes in prop::collection::vec(0..14usize, 0..14), rows in 0..14usize, columns in 0..14usize,
        ) {
            let mut policy = lookup(rows, columns);
            policy.cells = sizes.iter().map(|n| vec![Cell { score: 1, level: LevelKey::Low }; *n]).collect();
            let whole = (STEPS_MIN..=STEPS_MAX).contains(&rows) && (STEPS_MIN..=STEPS_MAX).contains(&columns)
                && sizes.len() == rows && sizes.iter().all(|n| *n == columns);
            prop_assert_eq!(policy.faults().is_empty(), whole);
        }
    }
}
