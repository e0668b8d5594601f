//! A plan seen as a whole: its matrix, and what its actions mean for the economy.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::snapshot;
use crate::app::caller::Caller;
use crate::app::contents::measures;
use crate::app::follow_up::Followed;
use crate::app::plan::{self, sealed, seen_plan};
use crate::app::settings::policies;
use crate::domain::figures::{self, Effects};
use crate::domain::words::{LevelKey, Period};
use crate::error::{Error, Result};
use crate::storage::{Id, Reading};

/// The matrix of a plan with its risks.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Matrix {
    /// `adopted` or `current`.
    #[schema(example = "current")]
    pub basis: String,
    /// The revision, when the basis is the adopted one.
    pub revision: Option<i32>,
    pub policy_version_id: Id,
    /// From the lowest likelihood and consequence up, row by row.
    pub cells: Vec<MatrixCell>,
    /// From the highest level down; levels without risks with 0.
    pub counts: Vec<LevelCount>,
    /// Included risks that are assessed.
    pub total: usize,
    /// Risks that are not assessed, nor set aside.
    pub unassessed: Vec<MatrixRisk>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatrixCell {
    #[schema(example = 4)]
    pub likelihood: usize,
    #[schema(example = 3)]
    pub consequence: usize,
    #[schema(example = 12)]
    pub score: i32,
    pub level: LevelKey,
    pub risks: Vec<MatrixRisk>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatrixRisk {
    pub id: Id,
    #[schema(example = 5)]
    pub number: Option<i32>,
    #[schema(example = "107565")]
    pub reference: String,
    #[schema(example = "Risk för oegentligheter")]
    pub name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"level": "high", "label": "Hög risk", "count": 1}))]
pub struct LevelCount {
    pub level: LevelKey,
    pub label: String,
    pub count: usize,
}

/// What the actions of a plan mean for the economy, in Mnkr with one decimal. Negative is a cost.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FinancialEffects {
    pub total: EffectSum,
    /// In the plan's own order; goals without such actions are left out.
    pub goals: Vec<GoalEffects>,
    /// The body's measures that belong to no risk, as they were last written.
    pub measures: EffectSum,
    /// What has been realised, of each period of which anything is told.
    pub realised: Vec<RealisedEffects>,
}

/// What was realised in the plan's year up to the end of a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RealisedEffects {
    pub period: Period,
    /// How many actions and other measures have an amount.
    #[schema(example = 2)]
    pub count: usize,
    #[schema(example = "1.5")]
    pub actions: String,
    /// Of the measures that belong to no risk.
    #[schema(example = "0.4")]
    pub measures: String,
    #[schema(example = "1.9")]
    pub total: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoalEffects {
    /// Null for risks without a goal.
    pub goal_id: Option<Id>,
    pub sum: EffectSum,
}

/// Sums are exact: no amount passes through a binary fraction.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectSum {
    /// How many actions, or other measures, have a financial effect.
    #[schema(example = 2)]
    pub actions: usize,
    /// A full year, when fully carried out.
    #[schema(example = "12.5")]
    pub full_year: String,
    #[schema(example = "4.0")]
    pub plan_year: String,
    #[schema(example = "12.5")]
    pub next_year: String,
    #[schema(example = "12.5")]
    pub year_after_next: String,
}

/// The matrix with its risks: as it stands now, or as it was adopted.
pub fn matrix(r: &mut Reading, caller: &Caller, id: Id, adopted: bool) -> Result<Matrix> {
    let (plan, body) = if adopted { seen_plan(r, caller, id)? } else { plan::see_parts(r, caller, id)? };
    let (policy_version_id, policy, frozen) = if adopted {
        let number = plan.adopted_revision.ok_or(Error::NotFound)?;
        let revision = r.revision(id, number)?;
        let frozen = sealed::of_revision(r, id, number)?;
        (revision.policy_version_id, policies::definition(r, revision.policy_version_id)?, frozen)
    } else {
        let policy = policies::definition(r, plan.policy_version_id)?;
        let frozen = snapshot::of_plan(r, &plan, &body, &policy)?;
        (plan.policy_version_id, policy, frozen)
    };
    let mut cells: Vec<MatrixCell> = Vec::new();
    for (row, line) in policy.cells.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            cells.push(MatrixCell {
                likelihood: row + 1,
                consequence: column + 1,
                score: cell.score,
                level: cell.level,
                risks: Vec::new(),
            });
        }
    }
    let mut total = 0;
    let mut unassessed = Vec::new();
    let mut placed: HashMap<LevelKey, usize> = HashMap::new();
    for risk in frozen.goals.iter().flat_map(|g| &g.risks) {
        let told = MatrixRisk {
            id: risk.id.parse().map_err(Error::internal)?,
            number: i32::try_from(risk.number).ok(),
            reference: risk.reference.clone(),
            name: risk.name.clone(),
        };
        let at = risk.likelihood.zip(risk.consequence);
        match at.and_then(|(l, c)| {
            cells.iter_mut().find(|cell| cell.likelihood == l as usize && cell.consequence == c as usize)
        }) {
            Some(cell) => {
                total += 1;
                *placed.entry(cell.level).or_default() += 1;
                cell.risks.push(told);
            }
            None => unassessed.push(told),
        }
    }
    if !adopted {
        for risk in r.risks_of_plan(id)? {
            let open = risk.retired_on.is_none() && risk.set_aside_reason.is_none();
            if open && risk.score.is_none() && !unassessed.iter().any(|u| u.id == risk.id) {
                unassessed.push(MatrixRisk {
                    id: risk.id,
                    number: risk.number,
                    reference: risk.reference,
                    name: risk.name,
                });
            }
        }
    }
    Ok(Matrix {
        basis: if adopted { "adopted" } else { "current" }.into(),
        revision: plan.adopted_revision.filter(|_| adopted),
        policy_version_id,
        cells,
        counts: policy
            .levels_down()
            .into_iter()
            .map(|l| LevelCount {
                level: l.key,
                label: l.label.clone(),
                count: placed.get(&l.key).copied().unwrap_or(0),
            })
            .collect(),
        total,
        unassessed,
    })
}

/// The financial effects of the actions of the plan's included risks: in total, and goal by goal; of the measures that belong
/// to no risk; and what has been realised of them all.
pub fn financial_effects(r: &mut Reading, caller: &Caller, id: Id) -> Result<FinancialEffects> {
    let (plan, _) = plan::see_parts(r, caller, id)?;
    let goals: HashMap<Id, Option<Id>> = r
        .risks_of_plan(id)?
        .into_iter()
        .filter(|risk| risk.included && risk.retired_on.is_none())
        .map(|risk| (risk.id, risk.goal_id))
        .collect();
    let mut by_goal: BTreeMap<(usize, Option<Id>), Vec<Effects>> = BTreeMap::new();
    for action in r.actions_of_plan(id)? {
        let (Some(goal), Some(effect)) = (goals.get(&action.risk_id), measures::effects_of(&action)?) else { continue };
        let rank = goal.and_then(|goal| plan.goal_order.iter().position(|id| *id == goal)).unwrap_or(usize::MAX);
        by_goal.entry((rank, *goal)).or_default().push(effect);
    }
    let mut written = HashMap::new();
    let mut planned = Vec::new();
    for of_period in r.financial_measures(id)? {
        let effects = of_period.measures.iter().filter_map(|one| one.financial_effect.as_ref());
        planned = effects.map(measures::in_tenths).collect::<Result<Vec<_>>>()?;
        written.insert(of_period.period, of_period.measures.0);
    }
    let followed = Followed::read(r, &plan)?;
    let mut realised = Vec::new();
    for period in Period::ALL {
        let standings = followed.at(*period).actions.iter().map(|action| followed.action(action, *period));
        let of_actions: Vec<String> = standings.filter_map(|standing| standing.realised_effect).collect();
        let of_measures = written.get(period).into_iter().flatten().filter_map(|one| one.realised_effect.clone());
        realised.extend(realised_in(*period, of_actions, of_measures.collect())?);
    }
    Ok(FinancialEffects {
        total: sum_of(by_goal.values().flatten()),
        goals: by_goal.iter().map(|((_, goal_id), all)| GoalEffects { goal_id: *goal_id, sum: sum_of(all) }).collect(),
        measures: sum_of(&planned),
        realised,
    })
}

/// The sums of a period; nothing where nothing is told.
fn realised_in(period: Period, actions: Vec<String>, others: Vec<String>) -> Result<Option<RealisedEffects>> {
    let count = actions.len() + others.len();
    let sum = |amounts: Vec<String>| amounts.into_iter().map(|one| measures::amount(&Some(one))).sum::<Result<i128>>();
    let (actions, others) = (sum(actions)?, sum(others)?);
    Ok((count > 0).then(|| RealisedEffects {
        period,
        count,
        actions: figures::of_tenths(actions),
        measures: figures::of_tenths(others),
        total: figures::of_tenths(actions + others),
    }))
}

fn sum_of<'a>(all: impl IntoIterator<Item = &'a Effects>) -> EffectSum {
    let all: Vec<Effects> = all.into_iter().copied().collect();
    let sum: Effects = all.iter().copied().sum();
    EffectSum {
        actions: all.len(),
        full_year: figures::of_tenths(sum.full_year),
        plan_year: figures::of_tenths(sum.plan_year),
        next_year: figures::of_tenths(sum.next_year),
        year_after_next: figures::of_tenths(sum.year_after_next),
    }
}
