//! What differs in each risk between two plans beside its score: its texts, goal and owner, its controls and actions.

use std::collections::{BTreeMap, HashMap};

use crate::app::settings::goals;
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::records::{Action, Control, Goal, Plan, Risk, User};
use crate::storage::{Id, Reading};

/// What of a risk differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Name,
    Description,
    Goal,
    LocalGoal,
    Owner,
    Category,
    Response,
    TargetLevel,
    Justification,
    Control,
    Action,
}

/// Something that differs: as it was said in the other plan, and as it is said in this one. One of them may say nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub of: Of,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What a plan says of one of its risks. Closed lists by their words, and a body's own category as it is called.
#[derive(Default)]
struct Said {
    fields: BTreeMap<Of, String>,
    /// Each control and action, with the one that it continues.
    parts: Vec<Part>,
}

/// A control or an action.
struct Part {
    of: Of,
    id: Id,
    continues: Option<Id>,
    told: String,
}

/// The differences of each risk that stands in both plans, by its id in the first. Whoever asks sees what is in both.
pub fn between(r: &mut Reading, plan: &Plan, other: &Plan) -> Result<HashMap<Id, Vec<Difference>>> {
    let now = said(r, plan)?;
    let mut then: HashMap<Id, Said> =
        said(r, other)?.into_iter().map(|(risk, said)| (risk.identity_id, said)).collect();
    let mut all = HashMap::new();
    for (risk, now) in now {
        if let Some(then) = then.remove(&risk.identity_id) {
            all.insert(risk.id, differences(then, now));
        }
    }
    Ok(all)
}

fn differences(then: Said, now: Said) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut fields: Vec<Of> = then.fields.keys().chain(now.fields.keys()).copied().collect();
    fields.sort();
    fields.dedup();
    for of in fields {
        let (before, after) = (then.fields.get(&of).cloned(), now.fields.get(&of).cloned());
        if before != after {
            all.push(Difference { of, before, after });
        }
    }
    let mut left = then.parts;
    for Part { of, id, continues, told } in now.parts {
        // The same one when a plan is held against itself.
        let at = left.iter().position(|earlier| earlier.id == id || Some(earlier.id) == continues);
        let before = at.map(|at| left.remove(at).told);
        if before.as_ref() != Some(&told) {
            all.push(Difference { of, before, after: Some(told) });
        }
    }
    all.extend(left.into_iter().map(|one| Difference { of: one.of, before: Some(one.told), after: None }));
    all.sort_by_key(|one| one.of);
    all
}

fn said(r: &mut Reading, plan: &Plan) -> Result<Vec<(Risk, Said)>> {
    let risks = r.risks_of_plan(plan.id)?;
    let (controls, actions) = (r.controls_of_plan(plan.id)?, r.actions_of_plan(plan.id)?);
    let goals: HashMap<Id, Goal> = {
        let named = risks.iter().filter_map(|risk| risk.goal_id);
        r.all::<Goal>(named)?.into_iter().map(|goal| (goal.id, goal)).collect()
    };
    let owners = risks.iter().filter_map(|risk| risk.owner_id);
    let responsible = controls.iter().map(|one| one.responsible_id).chain(actions.iter().map(|one| one.responsible_id));
    let people: HashMap<Id, String> = r
        .all::<User>(owners.chain(responsible.flatten()).collect::<Vec<_>>())?
        .into_iter()
        .map(|user| (user.id, user.name))
        .collect();
    let mut parts: HashMap<Id, Vec<Part>> = HashMap::new();
    for one in controls {
        let told = of_control(&one, &people);
        parts.entry(one.risk_id).or_default().push(Part {
            of: Of::Control,
            id: one.id,
            continues: one.previous_id,
            told,
        });
    }
    for one in actions {
        let told = of_action(&one, &people);
        parts.entry(one.risk_id).or_default().push(Part {
            of: Of::Action,
            id: one.id,
            continues: one.previous_id,
            told,
        });
    }
    let told = risks.into_iter().map(|risk| {
        let named = |id: Option<Id>| id.and_then(|id| people.get(&id)).cloned();
        let fields = [
            (Of::Name, Some(risk.name.clone())),
            (Of::Description, risk.description.clone()),
            (Of::Goal, risk.goal_id.and_then(|id| goals.get(&id)).map(goals::titled)),
            (Of::LocalGoal, risk.local_goal.clone()),
            (Of::Owner, named(risk.owner_id)),
            (Of::Category, risk.own_category.clone().or(risk.category.map(|word| word.as_str().to_owned()))),
            (Of::Response, risk.response.map(|word| word.as_str().to_owned())),
            (Of::TargetLevel, risk.target_level.map(|word| word.as_str().to_owned())),
            (Of::Justification, risk.justification.clone()),
        ];
        let said = Said {
            fields: fields.into_iter().filter_map(|(of, text)| Some((of, text?))).collect(),
            parts: parts.remove(&risk.id).unwrap_or_default(),
        };
        (risk, said)
    });
    Ok(told.collect())
}

/// A control in one line, as people read it.
fn of_control(one: &Control, people: &HashMap<Id, String>) -> String {
    let often = one.frequency.clone().or_else(|| {
        let words: Vec<&str> = one.recurrences.iter().map(|word| word.label(Language::Sv)).collect();
        (!words.is_empty()).then(|| words.join(", "))
    });
    in_line(&one.name, &one.description, [often, one.responsible_id.and_then(|id| people.get(&id)).cloned()])
}

/// An action in one line. Its days move with the years, and are no difference.
fn of_action(one: &Action, people: &HashMap<Id, String>) -> String {
    in_line(&one.name, &one.description, [one.responsible_id.and_then(|id| people.get(&id)).cloned(), None])
}

fn in_line(name: &str, description: &Option<String>, rest: [Option<String>; 2]) -> String {
    let rest: Vec<String> = rest.into_iter().flatten().collect();
    let more = if rest.is_empty() { String::new() } else { format!(" ({})", rest.join("; ")) };
    match description {
        Some(text) => format!("{name}{more}: {text}"),
        None => format!("{name}{more}"),
    }
}
