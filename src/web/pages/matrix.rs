//! The risk matrix: a picture that is a real table, its cells leading to their risks. Of one plan, or of many.

use askama::Template;

use super::known::{Levels, Names};
use super::lists::{begun, years};
use crate::app::caller::Caller;
use crate::app::derived::plan_views::{self, Matrix, MatrixRisk};
use crate::app::places::{manner_in, plan_target};
use crate::app::reporting::follow_ups::{self, RolledMatrix};
use crate::app::{plan, plans};
use crate::domain::roles::{Target, Verb};
use crate::domain::scoring::{Policy, Step};
use crate::domain::text::by_name;
use crate::error::Result;
use crate::storage::queries::{Listing, PlanFilter};
use crate::storage::records::Plan;
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::{Axes, Frame};
use crate::web::values::{Choice, Html};

/// The scale as a table of cells, without risks: what each likelihood and consequence come to.
pub struct Scale {
    /// From the highest likelihood down.
    pub rows: Vec<ScaleRow>,
    pub columns: Vec<(usize, String)>,
    pub likelihoods: Vec<Choice>,
    pub consequences: Vec<Choice>,
    pub axes: Axes,
}

pub struct ScaleRow {
    pub step: usize,
    pub label: String,
    pub cells: Vec<ScaleCell>,
}

pub struct ScaleCell {
    pub likelihood: usize,
    pub consequence: usize,
    pub score: i32,
    pub class: String,
    pub level: String,
    /// Score, level and whether that brings the risk into the plan.
    pub said: String,
}

pub fn scale_of(p: &Frame, levels: &Levels) -> Scale {
    let policy = &levels.0;
    let rows = policy.cells.iter().enumerate().rev().map(|(at, cells)| ScaleRow {
        step: at + 1,
        label: policy.likelihoods.get(at).map(|step| step.label.clone()).unwrap_or_default(),
        cells: cells
            .iter()
            .enumerate()
            .map(|(column, cell)| {
                let key = if cell.score > policy.threshold { "score-said-in" } else { "score-said-out" };
                ScaleCell {
                    likelihood: at + 1,
                    consequence: column + 1,
                    score: cell.score,
                    class: levels.class(&cell.level),
                    level: levels.label(&cell.level).to_owned(),
                    said: p.say_two(key, "score", cell.score, "level", levels.label(&cell.level)),
                }
            })
            .collect(),
    });
    let choices = |steps: &[Step]| {
        steps
            .iter()
            .enumerate()
            .map(|(at, step)| Choice {
                about: step.description.clone(),
                ..Choice::new((at + 1).to_string(), format!("{} {}", at + 1, step.label))
            })
            .collect()
    };
    Scale {
        rows: rows.collect(),
        columns: columns(policy),
        likelihoods: choices(&policy.likelihoods),
        consequences: choices(&policy.consequences),
        axes: levels.axes(p),
    }
}

impl Cell {
    /// More than one sees at a glance: their number stands there, and opens into the list.
    fn is_crowded(&self) -> bool {
        self.risks.len() > 12
    }
}

/// A plan's matrix as a table.
struct Table {
    title: String,
    rows: Vec<Row>,
    columns: Vec<(usize, String)>,
    counts: Vec<(Html, usize)>,
    total: usize,
    unassessed: Vec<MatrixRisk>,
    /// All that stand in it, in the plan's order, with their scores.
    listed: Vec<(MatrixRisk, i32)>,
    axes: Axes,
    /// Whether its risks can be seen: of a plan that is being revised they are a draft's.
    leads: bool,
}

struct Row {
    step: usize,
    label: String,
    cells: Vec<Cell>,
}

struct Cell {
    score: i32,
    class: String,
    level: String,
    risks: Vec<MatrixRisk>,
}

/// A plan's matrix, its rows from the highest likelihood down.
fn table(p: &Frame, levels: &Levels, matrix: Matrix, title: String, leads: bool) -> Table {
    let policy = &levels.0;
    let mut rows: Vec<Row> = policy
        .likelihoods
        .iter()
        .enumerate()
        .map(|(at, step)| Row { step: at + 1, label: step.label.clone(), cells: Vec::new() })
        .collect();
    let mut listed = Vec::new();
    for cell in matrix.cells {
        listed.extend(cell.risks.iter().map(|risk| (risk.clone(), cell.score)));
        if let Some(row) = rows.get_mut(cell.likelihood - 1) {
            row.cells.push(Cell {
                score: cell.score,
                class: levels.class(&cell.level),
                level: levels.label(&cell.level).to_owned(),
                risks: cell.risks,
            });
        }
    }
    rows.reverse();
    listed.sort_by(|(a, _), (b, _)| {
        (a.number.is_none(), a.number, &a.reference).cmp(&(b.number.is_none(), b.number, &b.reference))
    });
    Table {
        title,
        listed,
        rows,
        columns: columns(policy),
        counts: matrix.counts.iter().map(|count| (levels.show(&Some(count.level)), count.count)).collect(),
        total: matrix.total,
        unassessed: matrix.unassessed,
        axes: levels.axes(p),
        leads,
    }
}

#[derive(Template)]
#[template(path = "pages/matrix.html")]
struct MatrixPage<'a> {
    p: &'a Frame,
    years: Vec<i32>,
    year: i32,
    plans: Vec<(Id, String)>,
    chosen: Option<Id>,
    /// The body whose plan was asked for, and that has none that year.
    without: Option<String>,
    tables: Vec<Table>,
    rolled: Vec<Rolled>,
}

/// The matrix of all plans that have one scale, in counts.
struct Rolled {
    columns: Vec<(usize, String)>,
    rows: Vec<(usize, String, Vec<RolledCell>)>,
    counts: Vec<(Html, usize)>,
    plans: usize,
    total: usize,
    unassessed: usize,
    axes: Axes,
}

struct RolledCell {
    likelihood: usize,
    consequence: usize,
    score: i32,
    class: String,
    level: String,
    count: usize,
}

fn roll(p: &Frame, levels: &Levels, matrix: &RolledMatrix) -> Rolled {
    let policy = &levels.0;
    let row = |(at, step): (usize, &Step)| {
        let cells = matrix.cells.iter().filter(|cell| cell.likelihood == at + 1).map(|cell| RolledCell {
            likelihood: cell.likelihood,
            consequence: cell.consequence,
            score: cell.score,
            class: levels.class(&cell.level),
            level: levels.label(&cell.level).to_owned(),
            count: cell.count,
        });
        (at + 1, step.label.clone(), cells.collect())
    };
    Rolled {
        columns: columns(policy),
        rows: policy.likelihoods.iter().enumerate().map(row).rev().collect(),
        counts: matrix.counts.iter().map(|count| (levels.show(&Some(count.level)), count.count)).collect(),
        plans: matrix.plan_ids.len(),
        total: matrix.total,
        unassessed: matrix.unassessed,
        axes: levels.axes(p),
    }
}

fn columns(policy: &Policy) -> Vec<(usize, String)> {
    policy.consequences.iter().enumerate().map(|(at, step)| (at + 1, step.label.clone())).collect()
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let years = years(r, caller)?;
    // A plan that is asked for by itself brings its year; where another year is chosen, it is left behind.
    let asked: Option<Plan> = match ask.q("planId") {
        Some(id) => Some(plans::get(r, caller, id)?.plan),
        None => None,
    };
    let year = ask.year().or_else(|| asked.as_ref().map(|plan| plan.year)).or_else(|| begun(&years, r.today()));
    let year = year.unwrap_or_else(|| chrono::Datelike::year(&r.today()));
    let filter = PlanFilter { year: year.into(), ..PlanFilter::default() };
    let found = plans::list(r, caller, &filter, &Listing::all())?.items;
    let bodies = Names::organisations(r, found.iter().map(|plan| plan.organisation_id))?;
    let mut named: Vec<(Id, String)> =
        found.iter().map(|plan| (plan.id, bodies.of(&plan.organisation_id).to_owned())).collect();
    named.sort_by(|a, b| by_name(&a.1, &b.1));
    // In another year it is the same body's plan that is meant.
    let body = asked.map(|plan| plan.organisation_id);
    let theirs = body.and_then(|body| found.iter().find(|plan| plan.organisation_id == body)).map(|plan| plan.id);
    let without = match body.filter(|_| theirs.is_none()) {
        Some(body) => Some(Names::organisations(r, [body])?.of(&body).to_owned()),
        None => None,
    };
    let only = named.first().map(|(id, _)| *id).filter(|_| named.len() == 1 && without.is_none());
    let chosen: Option<Id> = theirs.or(only);
    let mut tables = Vec::new();
    let mut rolled = Vec::new();
    match chosen {
        Some(id) => {
            let (plan, body) = plan::load(r, id)?;
            p.speak(manner_in(r, &body, plan.year)?);
            let parts = caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &body)));
            let matrix = plan_views::matrix(r, caller, id, !parts)?;
            let levels = Levels::read(r, matrix.policy_version_id, p)?;
            tables.push(table(p, &levels, matrix, format!("{} {}", body.name, plan.year), parts));
        }
        None => {
            for matrix in follow_ups::matrix(r, caller, year, None)?.matrices {
                if let Some(version) = matrix.policy_version_ids.first() {
                    rolled.push(roll(p, &Levels::read(r, *version, p)?, &matrix));
                }
            }
        }
    }
    ask.write(&MatrixPage { p, years, year, plans: named, chosen, without, tables, rolled })
}
