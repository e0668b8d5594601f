//! The compilation of risks: counts per level, the matrix, the scale, the list, and what is gone since last year. The
//! same in a plan and in a report.

use std::collections::BTreeSet;

use crate::Version;
use crate::marking::{always, mark};
use crate::model::{
    Axis, Block, Cell, Column, Group, LevelCount, Matrix, MatrixCell, MatrixRow, Part, Row, Scale, ScaleStep, Style,
    Table,
};
use crate::snapshot::{Change, Compared, Goal, Gone, GoneWhy, PlanSnapshot, Policy, Risk};
use crate::text::{Prose, blocks, line, one_line, optional_line};
use crate::words::{self, capital, enumeration, number, risks, within};

pub(crate) fn heading(level: u32, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned(), numbered: true, outlined: true, of: None }
}

pub(crate) fn sentence(text: impl Into<String>) -> Block {
    Block::Prose { text: blocks(&text.into()) }
}

pub(crate) fn lead_in(text: impl Into<String>) -> Block {
    Block::LeadIn { text: text.into() }
}

pub(crate) fn column(name: &str, width: u32) -> Column {
    Column { name: name.to_owned(), width: Some(width), kept: false }
}

/// The column that takes the rest.
pub(crate) fn wide_column(name: &str) -> Column {
    Column { name: name.to_owned(), width: None, kept: false }
}

pub(crate) fn table(columns: Vec<Column>, rows: Vec<Row>) -> Block {
    Block::Table(Table::new(columns, vec![Group { name: None, rows }]))
}

pub(crate) fn all_risks(snapshot: &PlanSnapshot) -> impl Iterator<Item = &Risk> {
    snapshot.goals.iter().flat_map(|goal| &goal.risks)
}

pub(crate) const ILLUSTRATIVE: &str = "Bedömningarna är exempel och inte verkliga.";

/// Everything under the heading "Sammanställning av risker".
pub(crate) fn compilation(snapshot: &PlanSnapshot, illustrative: bool, version: Version) -> Vec<Block> {
    let mut body = overview(snapshot, illustrative);
    let all: Vec<&Risk> = all_risks(snapshot).collect();
    if !all.is_empty() {
        body.extend(list(snapshot, &all, version));
    }
    body
}

/// The same but for the list of risks.
pub(crate) fn overview(snapshot: &PlanSnapshot, illustrative: bool) -> Vec<Block> {
    let spoken = words::spoken(snapshot);
    let policy = &snapshot.policy;
    let all: Vec<&Risk> = all_risks(snapshot).collect();
    let mut body = vec![heading(1, "Sammanställning av risker")];
    body.extend(summary(snapshot, &spoken.boards).into_iter().map(sentence));
    if illustrative {
        body.push(Block::Strong { text: ILLUSTRATIVE.into() });
    }
    body.push(heading(2, "Antal risker per nivå"));
    body.push(counts(snapshot));
    body.push(heading(2, "Riskmatris"));
    body.push(lead_in(
        "Siffrorna i de vita rutorna är riskernas nummer i planen. Överst i varje ruta står riskvärdet och risknivån.",
    ));
    body.push(Block::Matrix(matrix(policy, &all)));
    body.push(scale(policy, &spoken.board));
    body
}

/// The sentences that open the compilation.
fn summary(snapshot: &PlanSnapshot, boards: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let goals = snapshot.goals.iter().filter(|goal| !goal.risks.is_empty()).count();
    sentences.push(match snapshot.total {
        0 => "Planen innehåller inga risker.".to_owned(),
        total => format!(
            "Planen omfattar {} under {} mål.",
            risks(u64::from(total)),
            number(i64::try_from(goals).unwrap_or(i64::MAX))
        ),
    });
    let unassessed = all_risks(snapshot).filter(|risk| risk.score.is_none()).count();
    match unassessed {
        0 => {}
        1 => sentences.push("1 risk är ännu inte bedömd och saknas därför i riskmatrisen.".into()),
        n => sentences.push(format!("{n} risker är ännu inte bedömda och saknas därför i riskmatrisen.")),
    }
    let not_included = match snapshot.not_included {
        0 => None,
        1 => Some("1 bedömd risk som inte uppfyller villkoren för att ingå".to_owned()),
        n => Some(format!("{n} bedömda risker som inte uppfyller villkoren för att ingå")),
    };
    let set_aside = match snapshot.set_aside {
        0 => None,
        1 => Some("1 risk som har valts bort utan bedömning".to_owned()),
        n => Some(format!("{n} risker som har valts bort utan bedömning")),
    };
    let outside: Vec<String> = [not_included, set_aside].into_iter().flatten().collect();
    if !outside.is_empty() {
        sentences.push(format!("{} riskregister innehåller därutöver {}.", capital(boards), enumeration(&outside)));
    }
    sentences.extend(unused_numbers(snapshot));
    let mut paragraphs = vec![sentences.join(" ")];
    paragraphs.extend(compared(snapshot));
    paragraphs
}

/// How the scores stand against last year's plan.
pub(crate) fn compared(snapshot: &PlanSnapshot) -> Option<String> {
    let compared = snapshot.compared_with.as_ref()?;
    let year = compared.year;
    if compared.nothing_changed {
        return Some(format!("Ingen risk har fått ett förändrat riskvärde jämfört med planen för {year}."));
    }
    changes(snapshot).map(|changes| format!("Jämfört med planen för {year}: {changes}."))
}

/// Who reads a revised plan sees that a number is missing, and is told why.
fn unused_numbers(snapshot: &PlanSnapshot) -> Option<String> {
    let used: BTreeSet<u32> = all_risks(snapshot).map(|risk| risk.number).collect();
    let last = used.last().copied().unwrap_or(0);
    let unused: Vec<String> =
        (1..last).filter(|number| !used.contains(number)).map(|number| number.to_string()).collect();
    match unused.as_slice() {
        [] => None,
        [one] => Some(format!("Nummer {one} tillhör en risk som har utgått ur planen och används inte igen.")),
        more => {
            Some(format!("Numren {} tillhör risker som har utgått ur planen och används inte igen.", enumeration(more)))
        }
    }
}

fn changes(snapshot: &PlanSnapshot) -> Option<String> {
    let count = |is: fn(&Change) -> bool| {
        all_risks(snapshot).filter(|risk| risk.change.as_ref().is_some_and(is)).count() as u64
    };
    let mut list = Vec::new();
    match count(|change| matches!(change, Change::New)) {
        0 => {}
        1 => list.push("1 risk är ny".to_owned()),
        n => list.push(format!("{n} risker är nya")),
    }
    for (n, what) in [
        (count(|change| matches!(change, Change::Raised { .. })), "har fått ett högre riskvärde"),
        (count(|change| matches!(change, Change::Lowered { .. })), "har fått ett lägre riskvärde"),
        (count(|change| matches!(change, Change::Unchanged)), "har ett oförändrat riskvärde"),
        (
            count(|change| matches!(change, Change::NotComparable)),
            "går inte att jämföra eftersom skalorna skiljer sig åt",
        ),
    ] {
        if n > 0 {
            list.push(format!("{} {what}", risks(n)));
        }
    }
    (!list.is_empty()).then(|| enumeration(&list))
}

/// The levels of the plan's risks, in the order of the policy.
fn counts(snapshot: &PlanSnapshot) -> Block {
    let counts = snapshot
        .policy
        .levels
        .iter()
        .map(|level| {
            let count = snapshot.counts.iter().find(|count| count.level == level.key).map_or(0, |count| count.count);
            LevelCount { level: words::chip(level), count }
        })
        .collect();
    Block::Counts { counts, total: snapshot.total }
}

/// The matrix as it is read: the highest likelihood at the top, consequences from left to right.
fn matrix(policy: &Policy, risks: &[&Risk]) -> Matrix {
    let rows = policy
        .likelihoods
        .iter()
        .zip(&policy.cells)
        .enumerate()
        .rev()
        .map(|(row, (step, cells))| {
            let cells = cells
                .iter()
                .enumerate()
                .filter_map(|(column, cell)| {
                    let here = |value: Option<u32>, index: usize| {
                        value.is_some_and(|value| usize::try_from(value) == Ok(index + 1))
                    };
                    let mut numbers: Vec<u32> = risks
                        .iter()
                        .filter(|risk| here(risk.likelihood, row) && here(risk.consequence, column))
                        .map(|risk| risk.number)
                        .collect();
                    numbers.sort_unstable();
                    Some(MatrixCell {
                        score: number(i64::from(cell.score)),
                        level: words::named_level(policy, Some(&cell.level))?,
                        risks: numbers.iter().map(u32::to_string).collect(),
                    })
                })
                .collect();
            MatrixRow { step: step.step.to_string(), label: line(&step.label), cells }
        })
        .collect();
    let columns =
        policy.consequences.iter().map(|step| Axis { step: step.step.to_string(), label: line(&step.label) }).collect();
    let axes = words::axes(policy);
    let read = if axes.own {
        let (down, across) = (within(&axes.likelihood), within(&axes.consequence));
        format!("Raderna är {down} med det högsta steget överst, kolumnerna är {across} med det lägsta till vänster.")
    } else {
        "Raderna är sannolikheten med den högsta överst, kolumnerna är konsekvensen med den lägsta till vänster."
            .to_owned()
    };
    let summary = format!("{read} Varje cell har riskvärde, risknivå och numren på riskerna.");
    Matrix { summary, down: axes.likelihood, across: axes.consequence, columns, rows }
}

/// The steps of the two scales and what each level demands.
fn scale(policy: &Policy, board: &str) -> Block {
    let steps = |name: &str, steps: &[crate::snapshot::Step]| Scale {
        name: name.to_owned(),
        steps: steps
            .iter()
            .rev()
            .map(|step| ScaleStep {
                step: step.step.to_string(),
                label: line(&step.label),
                description: blocks(&step.description),
            })
            .collect(),
    };
    let axes = words::axes(policy);
    let scales = vec![steps(&axes.likelihood, &policy.likelihoods), steps(&axes.consequence, &policy.consequences)];
    let rows: Vec<Row> = policy
        .levels
        .iter()
        .map(|level| {
            let demand = blocks(&level.demand);
            let size = crate::text::size(&demand);
            let cells = vec![
                Cell::chip(words::chip(level), false, None),
                Cell::maybe(line(&scores(policy, &level.key))),
                Cell::prose(demand),
            ];
            Row { cells, size }
        })
        .collect();
    let letters: usize = scales
        .iter()
        .flat_map(|scale| &scale.steps)
        .map(|step| 60 + step.label.as_ref().map_or(0, String::len) + crate::text::size(&step.description))
        .sum();
    let size = (letters + rows.iter().map(|row| row.size + 170).sum::<usize>()) / 6;
    let columns = vec![column("Risknivå", 38), column("Riskvärde", 26), wide_column("Vad nivån kräver")];
    Block::Keep {
        size,
        blocks: vec![
            heading(2, "Skala och risknivåer"),
            sentence(format!("Riskerna är bedömda enligt ”{}”, version {}.", one_line(&policy.name), policy.version)),
            sentence(format!(
                "En risk ingår i planen när den har ett riskvärde över {}. Obligatoriska risker ingår oavsett \
                 riskvärde. Därutöver kan {board} besluta att ta med en risk och ange skälen för det.",
                number(i64::from(policy.threshold)),
            )),
            Block::Scales { scales },
            table(columns, rows),
        ],
    }
}

/// "10–12", or each score where another level has some of those between.
pub(crate) fn scores(policy: &Policy, key: &str) -> String {
    let of = |mine: bool| -> BTreeSet<i32> {
        let cells = policy.cells.iter().flatten();
        cells.filter(|cell| (cell.level == key) == mine).map(|cell| cell.score).collect()
    };
    let (mine, others) = (of(true), of(false));
    let (Some(&first), Some(&last)) = (mine.first(), mine.last()) else {
        return String::new();
    };
    let said = |score: i32| number(i64::from(score));
    if first == last {
        said(first)
    } else if others.range(first..=last).next().is_some() {
        mine.into_iter().map(said).collect::<Vec<_>>().join(", ")
    } else {
        // A dash between negative scores would read as one more sign.
        let dash = if first < 0 { " till " } else { "–" };
        format!("{}{dash}{}", said(first), said(last))
    }
}

/// "Mål 3.2.1: Namnet".
pub(crate) fn goal_name(goal: &Goal) -> String {
    let number = goal.number.as_deref().map(one_line).filter(|number| !number.is_empty());
    let kicker = number.map_or_else(|| "Mål".to_owned(), |number| format!("Mål {number}"));
    one_line(&format!("{kicker}: {}", goal.name))
}

pub(crate) fn value_and_level(policy: &Policy, risk: &Risk, short: bool) -> Cell {
    let score = risk.score.map(|score| number(i64::from(score)));
    match (words::named_level(policy, risk.level.as_deref()), score) {
        (Some(level), score) => Cell::chip(level, short, score),
        (None, Some(score)) => Cell::text(score),
        (None, None) => Cell::text("Ej bedömd"),
    }
}

/// The list of the plan's risks. A column that would be empty is left out.
fn list(snapshot: &PlanSnapshot, all: &[&Risk], version: Version) -> Vec<Block> {
    let policy = &snapshot.policy;
    let axes = words::axes(policy);
    let (short_down, short_across) = axes.short();
    let change = all.iter().any(|risk| risk.change.is_some());
    let columns = vec![
        column("Nr", 9),
        column("Referens", 18),
        wide_column("Risk"),
        column("Riskägare", 27),
        column(&short_down, 7),
        column(&short_across, 7),
        column("Riskvärde och nivå", 27),
        column("Ändring", 21),
    ];
    let dash = |value: Option<u32>| Cell::text(value.map_or_else(|| "–".to_owned(), |value| value.to_string()));
    let row = |risk: &Risk| {
        let mut name = vec![Part::line(Style::Plain, one_line(&risk.name))];
        name.extend(mark(version, risk.secrecy.as_ref()));
        if matches!(risk.inclusion, crate::snapshot::Inclusion::Mandatory { .. }) {
            name.push(Part::line(Style::Small, "Obligatorisk risk"));
        }
        for (label, text) in [("Lokalt mål", &risk.local_goal), ("Enhet", &risk.organisation)] {
            name.extend(optional_line(text.as_deref()).map(|text| Part::labelled(Style::Small, label, text)));
        }
        let cells = vec![
            Cell::strong(risk.number.to_string()),
            Cell::maybe(line(&risk.reference)),
            Cell::new(name),
            Cell::maybe(optional_line(risk.owner.as_deref())),
            dash(risk.likelihood),
            dash(risk.consequence),
            value_and_level(policy, risk, true),
            Cell::maybe(risk.change.as_ref().map(words::change)),
        ];
        Row { cells, size: risk.name.len() }
    };
    let groups = snapshot
        .goals
        .iter()
        .filter(|goal| !goal.risks.is_empty())
        .map(|goal| Group { name: Some(goal_name(goal)), rows: goal.risks.iter().map(row).collect() })
        .collect();
    let (down, across) = (within(&axes.likelihood), within(&axes.consequence));
    let mut lead = format!("{short_down} är {down} och {short_across} är {across}.");
    if change {
        lead += &match &snapshot.compared_with {
            Some(compared) => format!(" Ändring är hur riskvärdet har ändrats sedan planen för {}.", compared.year),
            None => " Ändring är hur riskvärdet har ändrats sedan förra årets plan.".to_owned(),
        };
    }
    vec![heading(2, "Planens risker"), lead_in(lead), Block::Table(Table::new(columns, groups))]
}

/// Why a risk is not in the plan any more, then what the body has written of it.
pub(crate) fn reason(gone: &Gone, year: i32) -> Prose {
    let score = |n: i32| number(i64::from(n));
    let why = match &gone.why {
        None => None,
        Some(GoneWhy::NotAbove { score: now, previous, ended }) => {
            let before = previous.map(|n| format!(" ({} i planen för {year})", score(n))).unwrap_or_default();
            let ended = if *ended { " Risken är inte längre obligatorisk." } else { "" };
            Some(format!("Riskvärdet är {}{before} och ligger inte över gränsen.{ended}", score(*now)))
        }
        Some(GoneWhy::NotAssessed) => Some("Risken är inte bedömd för den här planen.".to_owned()),
        Some(GoneWhy::SetAside) => Some("Risken är bortvald.".to_owned()),
        Some(GoneWhy::Retired) => Some("Risken har utgått.".to_owned()),
        Some(GoneWhy::NotKept) => Some("Risken har inte förts över till den här planen.".to_owned()),
    };
    let texts: Vec<String> = why.into_iter().chain(gone.reason.clone()).collect();
    blocks(&texts.join("\n\n"))
}

/// The risks that last year's plan had and this one has not; nothing when there are none.
pub(crate) fn gone(compared: Option<&Compared>) -> Vec<Block> {
    let Some(compared) = compared.filter(|compared| !compared.gone.is_empty()) else {
        return Vec::new();
    };
    let columns = vec![column("Referens", 24), column("Risk", 62), wide_column("Skäl")];
    let rows = compared.gone.iter().map(|gone| {
        let mut name = vec![Part::line(Style::Plain, one_line(&gone.name))];
        name.extend(always(gone.secrecy.as_ref()));
        Row::new(vec![Cell::maybe(line(&gone.reference)), Cell::new(name), Cell::prose(reason(gone, compared.year))])
    });
    vec![
        lead_in(match compared.gone.len() {
            1 => format!("1 risk i planen för {} ingår inte i den här planen.", compared.year),
            n => format!("{n} risker i planen för {} ingår inte i den här planen.", compared.year),
        }),
        table(columns, rows.collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::scores;
    use crate::snapshot::{Cell, Policy};

    #[test]
    fn the_scores_of_a_level_are_a_range_only_when_they_are_its_own() {
        let policy = |cells: &[&[(i32, &str)]]| Policy {
            version_id: String::new(),
            name: String::new(),
            version: 1,
            threshold: 8,
            likelihoods: Vec::new(),
            consequences: Vec::new(),
            cells: cells
                .iter()
                .map(|row| row.iter().map(|(score, level)| Cell { score: *score, level: (*level).into() }).collect())
                .collect(),
            levels: Vec::new(),
            likelihood_name: None,
            consequence_name: None,
        };
        let plain = policy(&[&[(1, "low"), (2, "low")], &[(10, "high"), (12, "high")], &[(5, "medium")]]);
        assert_eq!(scores(&plain, "low"), "1–2");
        assert_eq!(scores(&plain, "high"), "10–12");
        assert_eq!(scores(&plain, "medium"), "5");
        assert_eq!(scores(&plain, "veryHigh"), "");
        let mixed = policy(&[&[(1, "low"), (3, "low"), (4, "low")], &[(2, "high"), (9, "high")]]);
        assert_eq!(scores(&mixed, "low"), "1, 3, 4");
        assert_eq!(scores(&mixed, "high"), "2, 9");
        assert_eq!(scores(&policy(&[&[(-3, "low"), (-1, "low")]]), "low"), "−3 till −1");
    }
}
