//! Plans of later years that were carried over from a plan: they go on when what they came from is deleted.

use std::collections::HashMap;

use super::Open;
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{Action, Assessment, Control, Organisation, Plan, Risk};
use crate::storage::{Id, Writing};

/// Locks a plan and those that were carried over from it, in the order in which plans are locked.
pub fn lock(w: &mut Writing, id: Id, body: Organisation) -> Result<(Open, Vec<Open>)> {
    let heirs = w.plans_from(id)?;
    let mut all: Vec<(Id, Id)> = heirs.iter().map(|heir| (heir.id, heir.organisation_id)).collect();
    all.push((id, body.id));
    all.sort_unstable();
    let (mut open, mut others) = (None, Vec::new());
    for (plan, organisation) in all {
        let body: Organisation = w.linked(organisation)?;
        if plan == id {
            open = Some(super::lock(w, plan, body)?);
            continue;
        }
        others.push(super::lock(w, plan, body).map_err(|fault| match fault {
            Error::NotFound => Error::Outrun(format!("plan {plan} was deleted meanwhile")),
            other => other,
        })?);
    }
    if w.plans_from(id)?.len() != heirs.len() {
        return Err(Error::Outrun(format!("plan {id} was carried over meanwhile")));
    }
    Ok((open.ok_or_else(|| Error::internal("the plan is among those that were locked"))?, others))
}

/// Things are about to be deleted; `before` says of each what it was itself carried over from, if from anything. That is
/// what their heirs go on from.
pub fn pass_on(w: &mut Writing, heirs: &[Open], before: &HashMap<Id, Option<Id>>) -> Result<()> {
    let passed = |link: Option<Id>| link.and_then(|id| before.get(&id).copied());
    for heir in heirs {
        let (id, at) = (heir.plan.id, heir.at);
        if let Some(from_plan_id) = passed(heir.plan.from_plan_id) {
            let mut new = Plan { from_plan_id, ..heir.plan.clone() };
            w.change(at, "plan.changed", &heir.plan, &mut new, None)?;
        }
        for old in w.risks_of_plan(id)? {
            if let Some(previous_id) = passed(old.previous_id) {
                let mut new = Risk { previous_id, ..old.clone() };
                w.change(at, "risk.changed", &old, &mut new, None)?;
            }
            for old in w.assessments(old.id, &Listing::all())?.items {
                if let Some(copied_from_id) = passed(old.copied_from_id) {
                    let mut new = Assessment { copied_from_id, ..old.clone() };
                    w.change(at, "assessment.changed", &old, &mut new, None)?;
                }
            }
        }
        for old in w.every_control_of_plans(&[id])?.into_values().flatten() {
            if let Some(previous_id) = passed(old.previous_id) {
                let mut new = Control { previous_id, ..old.clone() };
                w.change(at, "control.changed", &old, &mut new, None)?;
            }
        }
        for old in w.every_action_of_plans(&[id])?.into_values().flatten() {
            if let Some(previous_id) = passed(old.previous_id) {
                let mut new = Action { previous_id, ..old.clone() };
                w.change(at, "action.changed", &old, &mut new, None)?;
            }
        }
    }
    Ok(())
}
