//! What a version of a plan changes of the one before it, told by what was sealed of that one.

use std::collections::HashMap;

use riskregister_document::snapshot as doc;

use crate::app::plan::sealed;
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::records::{Plan, Risk};

/// What a plan, frozen as it stands, changes of the version before it. None for what would be the first version.
pub fn of_plan(r: &mut Reading, plan: &Plan, risks: &[Risk], now: &doc::PlanSnapshot) -> Result<Option<doc::Revised>> {
    let adopted = matches!(plan.status, PlanStatus::Adopted | PlanStatus::Closed);
    let before = plan.adopted_revision.map(|n| if adopted { n - 1 } else { n });
    let Some(before) = before.filter(|n| *n > 0) else { return Ok(None) };
    let before = sealed::of_revision(r, plan.id, before)?;
    let reasons = risks.iter().filter_map(|x| Some((x.id.to_string(), x.retirement_reason.clone()?))).collect();
    Ok(Some(between(&before, now, plan.revised_because.clone(), &reasons)))
}

/// What the later of two frozen versions of a plan changes. `reasons` are why risks were retired, by id.
pub fn between(
    before: &doc::PlanSnapshot,
    now: &doc::PlanSnapshot,
    reason: Option<String>,
    reasons: &HashMap<String, String>,
) -> doc::Revised {
    let (mut risks, mut parts) = (Vec::new(), Vec::new());
    let then: HashMap<&str, (&doc::Goal, &doc::Risk)> = placed(before).map(|(g, x)| (x.id.as_str(), (g, x))).collect();
    let today: HashMap<&str, &doc::Risk> = placed(now).map(|(_, x)| (x.id.as_str(), x)).collect();
    for (goal, risk) in placed(now) {
        let old = then.get(risk.id.as_str()).copied();
        let fields = old.map(|(g, x)| risk_fields(g, x, goal, risk)).unwrap_or_default();
        if old.is_none() || !fields.is_empty() {
            risks.push(doc::RevisedRisk {
                what: if old.is_none() { doc::Revision::New } else { doc::Revision::Changed },
                previous_score: old.and_then(|(_, x)| x.score),
                score: risk.score,
                fields,
                reason: None,
                ..named(risk)
            });
        }
        // The parts of a new risk are new with it.
        if let Some((_, old)) = old {
            parts.extend(part_changes(old, risk));
        }
    }
    for (_, risk) in placed(before).filter(|(_, x)| !today.contains_key(x.id.as_str())) {
        let gone = doc::RevisedRisk {
            what: doc::Revision::Removed,
            previous_score: risk.score,
            reason: reasons.get(&risk.id).cloned(),
            ..named(risk)
        };
        risks.push(gone);
    }
    risks.sort_by_key(|risk| risk.number);
    doc::Revised {
        since: before.plan.revision,
        since_decided_on: before.decision.as_ref().map(|decision| decision.decided_on),
        reason,
        risks,
        parts,
        sections: changed_sections(before, now),
    }
}

/// Each risk with its goal.
fn placed(plan: &doc::PlanSnapshot) -> impl Iterator<Item = (&doc::Goal, &doc::Risk)> {
    plan.goals.iter().flat_map(|goal| goal.risks.iter().map(move |risk| (goal, risk)))
}

fn named(risk: &doc::Risk) -> doc::RevisedRisk {
    doc::RevisedRisk {
        what: doc::Revision::Changed,
        number: risk.number,
        reference: risk.reference.clone(),
        name: risk.name.clone(),
        fields: Vec::new(),
        previous_score: None,
        score: None,
        reason: None,
        secrecy: risk.secrecy.clone(),
    }
}

/// The names of the fields that differ.
fn differing(fields: &[(&str, bool)]) -> Vec<String> {
    fields.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned()).collect()
}

fn risk_fields(old_goal: &doc::Goal, old: &doc::Risk, goal: &doc::Goal, new: &doc::Risk) -> Vec<String> {
    differing(&[
        ("name", old.name != new.name),
        ("goal", old_goal.id != goal.id),
        ("description", old.description != new.description),
        ("localGoal", old.local_goal != new.local_goal),
        ("category", (&old.category, &old.own_category) != (&new.category, &new.own_category)),
        ("owner", old.owner != new.owner),
        ("organisation", old.organisation != new.organisation),
        ("assessment", (old.likelihood, old.consequence, old.score) != (new.likelihood, new.consequence, new.score)),
        ("response", old.response != new.response),
        ("justification", old.justification != new.justification),
        ("targetLevel", old.target_level != new.target_level),
        ("inclusion", old.inclusion != new.inclusion),
        ("irregularity", old.irregularity != new.irregularity),
    ])
}

fn part_changes(old: &doc::Risk, new: &doc::Risk) -> Vec<doc::RevisedPart> {
    let part = |kind, what, name: &str, fields| doc::RevisedPart {
        what,
        kind,
        risk_number: new.number,
        name: name.to_owned(),
        fields,
        secrecy: new.secrecy.clone(),
    };
    let mut parts = Vec::new();
    for now in &new.controls {
        match old.controls.iter().find(|then| then.id == now.id) {
            None => parts.push(part(doc::PartKind::Control, doc::Revision::New, &now.name, Vec::new())),
            Some(then) => {
                let fields = differing(&[
                    ("name", then.name != now.name),
                    ("description", then.description != now.description),
                    ("frequency", then.frequency != now.frequency),
                    ("responsible", then.responsible != now.responsible),
                    ("schedule", when(then) != when(now)),
                    ("indicators", then.indicators != now.indicators),
                ]);
                if !fields.is_empty() {
                    parts.push(part(doc::PartKind::Control, doc::Revision::Changed, &now.name, fields));
                }
            }
        }
    }
    for gone in old.controls.iter().filter(|then| !new.controls.iter().any(|now| now.id == then.id)) {
        parts.push(part(doc::PartKind::Control, doc::Revision::Removed, &gone.name, Vec::new()));
    }
    for now in &new.actions {
        match old.actions.iter().find(|then| then.id == now.id) {
            None => parts.push(part(doc::PartKind::Action, doc::Revision::New, &now.name, Vec::new())),
            Some(then) => {
                let fields = differing(&[
                    ("name", then.name != now.name),
                    ("description", then.description != now.description),
                    ("responsible", then.responsible != now.responsible),
                    ("startDate", then.start_date != now.start_date),
                    ("endDate", then.end_date != now.end_date),
                    ("financialEffect", then.financial_effect != now.financial_effect),
                ]);
                if !fields.is_empty() {
                    parts.push(part(doc::PartKind::Action, doc::Revision::Changed, &now.name, fields));
                }
            }
        }
    }
    for gone in old.actions.iter().filter(|then| !new.actions.iter().any(|now| now.id == then.id)) {
        parts.push(part(doc::PartKind::Action, doc::Revision::Removed, &gone.name, Vec::new()));
    }
    parts
}

/// When a control is done; unknown where it was sealed before snapshots told.
fn when(control: &doc::Control) -> Option<(&[String], Option<&str>, Option<chrono::NaiveDate>)> {
    let schedule = control.schedule.as_ref()?;
    Some((&schedule.recurrences, schedule.due_period.as_deref(), schedule.due_date))
}

fn changed_sections(before: &doc::PlanSnapshot, now: &doc::PlanSnapshot) -> Vec<String> {
    fn text<'s>(plan: &'s doc::PlanSnapshot, key: &str) -> Option<&'s str> {
        plan.sections.iter().find(|section| section.key == key).map(|section| section.text.as_str())
    }
    let mut keys: Vec<&String> = now.sections.iter().chain(&before.sections).map(|section| &section.key).collect();
    keys.dedup();
    let mut changed: Vec<String> = Vec::new();
    for key in keys {
        if text(before, key) != text(now, key) && !changed.contains(key) {
            changed.push(key.clone());
        }
    }
    changed
}
