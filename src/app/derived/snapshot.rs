//! Freezing a plan: everything that its document says, read once.

use std::collections::HashMap;

use chrono::NaiveDate;
use riskregister_document::snapshot as doc;

use super::comparison::{self, Left, previous_plan};
use super::revised;
use crate::app::places::manner_in;
use crate::app::settings::standing_texts;
use crate::domain::manner::{Named, Noun};
use crate::domain::scoring::Policy;
use crate::domain::text::by_reference;
use crate::domain::values::{DiaryNumber, FinancialEffect, Secrecy};
use crate::domain::words::{Change, InclusionReason, Language, PlanStatus};
use crate::error::{Error, Result};
use crate::storage::logs::{self, CheckpointRow};
use crate::storage::records::{
    Action, Control, Goal, Indicator, MandatoryRisk, Organisation, Plan, PolicyVersion, Risk, ScoringPolicy, User,
};
use crate::storage::{Id, Reading};

/// The plan as it stands now. With a decision when its status is adopted.
pub fn of_plan(r: &mut Reading, plan: &Plan, body: &Organisation, policy: &Policy) -> Result<doc::PlanSnapshot> {
    let root: Organisation = {
        let id = r.root_id()?;
        r.linked(id)?
    };
    let version: PolicyVersion = r.linked(plan.policy_version_id)?;
    let scale: ScoringPolicy = r.linked(version.policy_id)?;
    let adopted = matches!(plan.status, PlanStatus::Adopted | PlanStatus::Closed);
    let decided_on = plan.decided_on.filter(|_| adopted).unwrap_or_else(|| r.today());
    let revision = match (adopted, plan.adopted_revision) {
        (true, Some(n)) => n,
        (_, n) => n.unwrap_or(0) + 1,
    };
    let mut sections = r.sections(plan.id)?;
    sections.sort_by_key(|s| s.section);
    let risks: Vec<Risk> = r.risks_of_plan(plan.id)?;
    let facts = Facts::read(r, plan, &risks)?;
    let mut goals = facts.goals(plan, body, &risks)?;
    goals.iter_mut().flat_map(|goal| &mut goal.risks).for_each(born_of_what_is_there);
    if !adopted {
        // What is put before the board has it all as its own: the next version takes in what was added since the last.
        goals.iter_mut().flat_map(|goal| &mut goal.risks).for_each(taken_in);
    }
    let counted = |key| {
        let count = risks.iter().filter(|x| x.included && x.level == Some(key)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let count = |f: &dyn Fn(&Risk) -> bool| u32::try_from(risks.iter().filter(|x| f(x)).count()).unwrap_or(u32::MAX);
    let mut frozen = doc::PlanSnapshot {
        schema: doc::SCHEMA,
        register: root.name,
        plan: doc::Plan {
            id: plan.id.to_string(),
            year: plan.year,
            organisation: body.name.clone(),
            abbreviation: body.abbreviation.clone(),
            organisation_kind: body.kind.as_str().into(),
            revision: u32::try_from(revision).map_err(Error::internal)?,
            status: match plan.status {
                PlanStatus::Draft => doc::PlanStatus::Draft,
                PlanStatus::Proposed => doc::PlanStatus::Proposed,
                PlanStatus::Adopted | PlanStatus::Closed => doc::PlanStatus::Adopted,
            },
            diary_numbers: diary(&plan.diary_numbers),
            illustrative: plan.illustrative,
        },
        decision: if adopted { decision(plan)? } else { None },
        standing_texts: standing_texts(r, plan, body, decided_on)?,
        sections: sections.into_iter().map(|s| doc::Section { key: s.section.as_str().into(), text: s.text }).collect(),
        policy: doc::Policy {
            version_id: version.id.to_string(),
            name: scale.name,
            version: u32::try_from(version.number).map_err(Error::internal)?,
            threshold: policy.threshold,
            likelihoods: steps(&policy.likelihoods),
            consequences: steps(&policy.consequences),
            cells: policy
                .cells
                .iter()
                .map(|row| row.iter().map(|c| doc::Cell { score: c.score, level: c.level.as_str().into() }).collect())
                .collect(),
            levels: policy
                .levels_down()
                .into_iter()
                .map(|l| doc::Level {
                    key: l.key.as_str().into(),
                    label: l.label.clone(),
                    colour: l.colour.clone(),
                    demand: l.demand.clone(),
                })
                .collect(),
            likelihood_name: policy.likelihood_name.clone(),
            consequence_name: policy.consequence_name.clone(),
        },
        counts: policy
            .levels_down()
            .into_iter()
            .map(|l| doc::LevelCount { level: l.key.as_str().into(), count: counted(l.key) })
            .collect(),
        total: count(&|x| x.included),
        not_included: count(&|x| !x.included && x.retired_on.is_none() && x.score.is_some()),
        set_aside: count(&|x| !x.included && x.retired_on.is_none() && x.set_aside_reason.is_some()),
        compared_with: facts.compared,
        checkpoint: None,
        goals,
        revised: None,
        words: Some(words(r, body, plan.year)?),
    };
    frozen.revised = revised::of_plan(r, plan, &risks, &frozen)?;
    Ok(frozen)
}

/// What those are called of whom the documents speak.
pub fn words(r: &mut Reading, body: &Organisation, year: i32) -> Result<doc::Words> {
    let manner = manner_in(r, body, year)?;
    let noun = |named| {
        let Noun { plain, definite, genitive } = manner.noun(named, Language::Sv);
        doc::Noun { plain: plain.into(), definite: definite.into(), genitive: genitive.into() }
    };
    let own = doc::OwnWords {
        plan: manner.words.plan.clone(),
        report: manner.words.report.clone(),
        labels: manner.words.by_code(),
    };
    let own = Some(own).filter(|own| *own != doc::OwnWords::default());
    Ok(doc::Words { board: noun(Named::Board), region: noun(Named::Region), own })
}

/// The texts of law and guideline of a plan that is decided on a day.
pub fn standing_texts(
    r: &mut Reading,
    plan: &Plan,
    body: &Organisation,
    day: NaiveDate,
) -> Result<Vec<doc::HeadedText>> {
    let all = standing_texts::in_force(r, body, plan.year, day, Language::Sv)?;
    Ok(all.into_iter().map(|t| doc::HeadedText { heading: t.heading, text: t.text }).collect())
}

/// What the plan's document says today: what lies before the board, or else the plan as it stands now.
pub fn as_it_stands(r: &mut Reading, plan: &Plan, body: &Organisation, policy: &Policy) -> Result<doc::PlanSnapshot> {
    if let Some(sha256) = &plan.proposed_sha256 {
        let given: doc::PlanSnapshot = serde_json::from_slice(&r.sealed(sha256)?).map_err(Error::internal)?;
        // One of a shape that this register does not know yet is read anew.
        if given.schema <= doc::SCHEMA {
            return Ok(given);
        }
    }
    of_plan(r, plan, body, policy)
}

/// What the board was given, with its decision on it.
///
/// `checkpoint` is the newest of the body's log: what is decided later cannot have been known when it was signed.
pub fn decided(
    proposed: doc::PlanSnapshot,
    decision: doc::Decision,
    checkpoint: Option<CheckpointRow>,
) -> Result<doc::PlanSnapshot> {
    let checkpoint = checkpoint.map(|row| logs::read(&row)).transpose()?;
    let diary_numbers = decision.diary_numbers.clone();
    Ok(doc::PlanSnapshot {
        plan: doc::Plan { status: doc::PlanStatus::Adopted, diary_numbers, ..proposed.plan },
        decision: Some(decision),
        checkpoint: checkpoint.map(|c| doc::Checkpoint { root: c.root_text(), origin: c.origin, size: c.size }),
        ..proposed
    })
}

/// The decision as it is named where an adopted plan is told of: when, by whom and under which paragraph.
fn decision(plan: &Plan) -> Result<Option<doc::Decision>> {
    let (Some(decided_on), Some(board), Some(paragraph)) = (plan.decided_on, &plan.deciding_board, &plan.paragraph)
    else {
        return Ok(None);
    };
    Ok(Some(doc::Decision {
        decided_on,
        deciding_board: board.clone(),
        paragraph: paragraph.clone(),
        diary_numbers: diary(&plan.diary_numbers),
        ..doc::Decision::default()
    }))
}

/// Diary numbers as documents tell them.
pub fn diary(numbers: &[DiaryNumber]) -> Vec<String> {
    numbers.iter().map(|number| number.0.clone()).collect()
}

fn steps(steps: &[crate::domain::scoring::Step]) -> Vec<doc::Step> {
    (1..)
        .zip(steps)
        .map(|(step, s)| doc::Step { step, label: s.label.clone(), description: s.description.clone() })
        .collect()
}

/// What the risks refer to, read once.
struct Facts {
    controls: HashMap<Id, Vec<Control>>,
    actions: HashMap<Id, Vec<Action>>,
    people: HashMap<Id, String>,
    goals: HashMap<Id, Goal>,
    organisations: HashMap<Id, String>,
    areas: HashMap<Id, String>,
    indicators: HashMap<Id, String>,
    changes: HashMap<Id, doc::Change>,
    compared: Option<doc::Compared>,
}

impl Facts {
    fn read(r: &mut Reading, plan: &Plan, risks: &[Risk]) -> Result<Self> {
        let mut controls: HashMap<Id, Vec<Control>> = HashMap::new();
        for c in r.controls_of_plan(plan.id)? {
            controls.entry(c.risk_id).or_default().push(c);
        }
        let mut actions: HashMap<Id, Vec<Action>> = HashMap::new();
        for a in r.actions_of_plan(plan.id)? {
            actions.entry(a.risk_id).or_default().push(a);
        }
        let mut people: Vec<Id> = risks.iter().filter_map(|x| x.owner_id).collect();
        people.extend(controls.values().flatten().filter_map(|c| c.responsible_id));
        people.extend(actions.values().flatten().filter_map(|a| a.responsible_id));
        let mut indicator_ids: Vec<Id> = Vec::new();
        for control in controls.values().flatten() {
            indicator_ids.extend(control.indicator_ids.iter().copied());
        }
        let goal_ids: Vec<Id> = risks.iter().filter_map(|x| x.goal_id).collect();
        let organisation_ids: Vec<Id> = risks.iter().map(|x| x.organisation_id).collect();
        let mut areas = HashMap::new();
        for id in risks.iter().filter_map(|x| x.area_id) {
            let area: MandatoryRisk = r.linked(id)?;
            areas.insert(id, area.name);
        }
        let previous = previous_plan(r, plan)?;
        let (changes, compared) = match &previous {
            None => (HashMap::new(), None),
            Some(previous) => compared(r, plan, previous)?,
        };
        Ok(Self {
            people: r.users_by_ids(&unique(people))?.into_iter().map(|u: User| (u.id, u.name)).collect(),
            goals: r.goals_by_ids(&unique(goal_ids))?.into_iter().map(|g| (g.id, g)).collect(),
            organisations: r
                .organisations_by_ids(&unique(organisation_ids))?
                .into_iter()
                .map(|o| (o.id, o.name))
                .collect(),
            indicators: r
                .indicators_by_ids(&unique(indicator_ids))?
                .into_iter()
                .map(|i: Indicator| (i.id, i.name))
                .collect(),
            controls,
            actions,
            areas,
            changes,
            compared,
        })
    }

    /// The goals that have included risks, in the plan's own order; risks that have no goal yet come last.
    fn goals(&self, plan: &Plan, body: &Organisation, risks: &[Risk]) -> Result<Vec<doc::Goal>> {
        let mut order: Vec<Option<Id>> = plan.goal_order.iter().copied().map(Some).collect();
        for risk in risks {
            if risk.goal_id.is_some() && !order.contains(&risk.goal_id) {
                order.push(risk.goal_id);
            }
        }
        order.push(None);
        let mut goals = Vec::new();
        for id in order {
            let mut of_goal: Vec<&Risk> = risks.iter().filter(|x| x.included && x.goal_id == id).collect();
            if of_goal.is_empty() {
                continue;
            }
            of_goal.sort_by_key(|x| (x.number.is_none(), x.number, x.id));
            let goal = id.and_then(|id| self.goals.get(&id));
            goals.push(doc::Goal {
                id: id.map(|id| id.to_string()).unwrap_or_default(),
                number: goal.and_then(|g| g.number.clone()),
                name: goal.map_or_else(|| "Mål saknas".into(), |g| g.name.clone()),
                risks: of_goal.into_iter().map(|x| self.risk(x, body)).collect::<Result<_>>()?,
            });
        }
        Ok(goals)
    }

    fn person(&self, id: Option<Id>) -> Option<String> {
        id.and_then(|id| self.people.get(&id).cloned())
    }

    fn risk(&self, x: &Risk, body: &Organisation) -> Result<doc::Risk> {
        let step = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
        Ok(doc::Risk {
            id: x.id.to_string(),
            number: step(x.number).unwrap_or(0),
            reference: x.reference.clone(),
            name: x.name.clone(),
            description: x.description.clone(),
            local_goal: x.local_goal.clone(),
            category: x.category.map(|c| c.as_str().into()),
            own_category: x.own_category.clone(),
            owner: self.person(x.owner_id),
            organisation: self.organisations.get(&x.organisation_id).filter(|_| x.organisation_id != body.id).cloned(),
            // A step that the scale does not have has no place in its matrix.
            likelihood: step(x.likelihood).filter(|_| x.score.is_some()),
            consequence: step(x.consequence).filter(|_| x.score.is_some()),
            score: x.score,
            level: x.level.map(|l| l.as_str().into()),
            target_level: x.target_level.map(|l| l.as_str().into()),
            change: self.changes.get(&x.id).cloned(),
            response: x.response.map(|w| w.as_str().into()),
            justification: x.justification.clone(),
            inclusion: match x.inclusion_reason {
                InclusionReason::Score => doc::Inclusion::Score,
                InclusionReason::Mandatory => {
                    doc::Inclusion::Mandatory { area: x.area_id.and_then(|a| self.areas.get(&a).cloned()) }
                }
                InclusionReason::Decision => {
                    doc::Inclusion::Decision { text: x.decision_reason.clone().unwrap_or_default() }
                }
                InclusionReason::None => doc::Inclusion::None,
            },
            irregularity: x.irregularity,
            secrecy: x.secrecy.as_deref().map(secrecy),
            controls: self
                .controls
                .get(&x.id)
                .into_iter()
                .flatten()
                .map(|c| {
                    Ok(doc::Control {
                        id: c.id.to_string(),
                        name: c.name.clone(),
                        description: c.description.clone(),
                        frequency: c.frequency.clone(),
                        responsible: self.person(c.responsible_id),
                        indicators: c.indicator_ids.iter().filter_map(|i| self.indicators.get(i).cloned()).collect(),
                        schedule: Some(doc::Schedule {
                            recurrences: c.recurrences.iter().map(|one| one.as_str().into()).collect(),
                            due_period: c.due_period.map(|period| period.as_str().into()),
                            due_date: c.due_date,
                            indicator_ids: c.indicator_ids.iter().map(Id::to_string).collect(),
                        }),
                        added_after_adoption: c.added().is_some(),
                        report: None,
                    })
                })
                .collect::<Result<_>>()?,
            actions: self
                .actions
                .get(&x.id)
                .into_iter()
                .flatten()
                .map(|a| action(a, self.person(a.responsible_id)))
                .collect::<Result<_>>()?,
        })
    }
}

fn taken_in(risk: &mut doc::Risk) {
    risk.controls.iter_mut().for_each(|control| control.added_after_adoption = false);
    risk.actions.iter_mut().for_each(|action| action.added_after_adoption = false);
}

/// An action may be born of a control that a revision has taken away since: the document names what stands in it.
pub fn born_of_what_is_there(risk: &mut doc::Risk) {
    let there: Vec<&str> = risk.controls.iter().map(|control| control.id.as_str()).collect();
    for action in &mut risk.actions {
        action.born_from = action.born_from.take().filter(|id| there.contains(&id.as_str()));
    }
}

/// An action as documents tell it.
pub fn action(a: &Action, responsible: Option<String>) -> Result<doc::Action> {
    Ok(doc::Action {
        id: a.id.to_string(),
        name: a.name.clone(),
        description: a.description.clone(),
        start_date: a.start_date,
        end_date: a.end_date,
        responsible,
        added_after_adoption: a.added().is_some(),
        financial_effect: a.financial_effect.as_deref().map(effect).transpose()?,
        born_from: a.from_control_id.map(|id| id.to_string()),
        report: None,
    })
}

fn unique(mut ids: Vec<Id>) -> Vec<Id> {
    ids.sort();
    ids.dedup();
    ids
}

pub fn secrecy(mark: &Secrecy) -> doc::Secrecy {
    let Secrecy { provision, date, authority } = mark.clone();
    doc::Secrecy { provision, date, authority }
}

/// An effect as the documents have it.
pub fn effect(e: &FinancialEffect) -> Result<doc::FinancialEffect> {
    Ok(doc::FinancialEffect {
        full_year: tenths(e.full_year.as_deref())?,
        plan_year: tenths(e.plan_year.as_deref())?,
        next_year: tenths(e.next_year.as_deref())?,
        year_after_next: tenths(e.year_after_next.as_deref())?,
        comment: e.comment.clone(),
    })
}

/// Mnkr with one decimal, as tenths.
pub fn tenths(amount: Option<&str>) -> Result<Option<i64>> {
    let Some(text) = amount else { return Ok(None) };
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    format!("{whole}{tenth}").parse().map(Some).map_err(Error::internal)
}

fn why(left: Left, risk: &comparison::ComparedRisk) -> doc::GoneWhy {
    match (left, risk.score) {
        (Left::NotAbove | Left::MandatoryEnded, Some(score)) => {
            doc::GoneWhy::NotAbove { score, previous: risk.previous_score, ended: left == Left::MandatoryEnded }
        }
        (Left::NotAbove | Left::MandatoryEnded | Left::NotAssessed, _) => doc::GoneWhy::NotAssessed,
        (Left::SetAside, _) => doc::GoneWhy::SetAside,
        (Left::Retired, _) => doc::GoneWhy::Retired,
        (Left::NotKept, _) => doc::GoneWhy::NotKept,
    }
}

type Changes = (HashMap<Id, doc::Change>, Option<doc::Compared>);

/// The change of each risk against an earlier plan, and what is gone.
fn compared(r: &mut Reading, plan: &Plan, previous: &Plan) -> Result<Changes> {
    let side = comparison::Side::adopted(r, previous)?;
    let held = comparison::compare(r, plan, Some(side))?;
    let mut marks = HashMap::new();
    for risk in r.risks_of_plan(previous.id)?.into_iter().chain(r.risks_of_plan(plan.id)?) {
        if let Some(mark) = &risk.secrecy {
            marks.insert(risk.id, secrecy(mark));
        }
    }
    let mut changes = HashMap::new();
    for risk in held.risks.iter() {
        let change = match (risk.change, risk.previous_score) {
            (Some(Change::New), _) => doc::Change::New,
            (Some(Change::Unchanged), _) => doc::Change::Unchanged,
            (Some(Change::Raised), Some(previous)) => doc::Change::Raised { previous },
            (Some(Change::Lowered), Some(previous)) => doc::Change::Lowered { previous },
            (Some(Change::NotComparable), _) => doc::Change::NotComparable,
            _ => continue,
        };
        changes.insert(risk.risk_id, change);
    }
    let included: Vec<_> = held.risks.iter().filter(|x| x.included).collect();
    let left = held.risks.iter().filter(|x| !x.included && x.previously_included == Some(true));
    let mut gone: Vec<doc::Gone> = left
        .chain(held.gone.iter().filter(|x| x.previously_included == Some(true)))
        .map(|x| doc::Gone {
            reference: x.reference.clone(),
            name: x.name.clone(),
            reason: x.reason.clone(),
            secrecy: marks.get(&x.risk_id).cloned(),
            why: x.left.map(|left| why(left, x)),
        })
        .collect();
    gone.sort_by(|a, b| by_reference(&a.reference, &b.reference));
    let nothing_changed =
        gone.is_empty() && !included.is_empty() && included.iter().all(|x| x.change == Some(Change::Unchanged));
    Ok((changes, Some(doc::Compared { year: previous.year, nothing_changed, gone })))
}
