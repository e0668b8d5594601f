//! What is deleted from a draft is forgotten by those that point at it.

use super::Open;
use crate::app::places::place;
use crate::error::Result;
use crate::storage::records::{About, Deficiency, EvidenceFile, Organisation, Outcome, PlanDeficiency, Recommendation};
use crate::storage::{Id, Json, Writing};

/// A risk of a draft, or a control of it, is about to be deleted: nothing points at it any longer.
pub fn forget(w: &mut Writing, open: &Open, risks: &[Id], controls: &[Id]) -> Result<()> {
    for old in w.deficiencies_concerning(risks, controls)? {
        let mut new = Deficiency {
            risk_id: old.risk_id.filter(|id| !risks.contains(id)),
            control_id: old.control_id.filter(|id| !controls.contains(id)),
            from_control_id: old.from_control_id.filter(|id| !controls.contains(id)),
            ..old.clone()
        };
        let organisation: Organisation = w.linked(old.organisation_id)?;
        let at = place(w, &organisation)?;
        w.change(at, "deficiency.changed", &old, &mut new, None)?;
    }
    let said = w.plan_deficiencies(open.plan.id)?;
    for old in said.into_iter().filter(|s| s.risk_id.is_some_and(|id| risks.contains(&id))) {
        if old.justification.is_some() {
            let mut new = PlanDeficiency { risk_id: None, ..old.clone() };
            w.change(open.at, "plan.deficiencyAnswered", &old, &mut new, None)?;
        } else {
            w.remove(open.at, "plan.deficiencyUnanswered", &old, None)?;
        }
    }
    forget_files(w, open, |file| file.control_id.is_some_and(|id| controls.contains(&id)))?;
    forget_notes(w, open, |about| match about {
        About::Risk(id) => risks.contains(&id),
        About::Control(id) => controls.contains(&id),
        About::Plan(_) | About::Action(_) => false,
    })
}

/// What was written about things that are about to be deleted goes with them. Its history stays.
fn forget_notes(w: &mut Writing, open: &Open, gone: impl Fn(About) -> bool) -> Result<()> {
    for note in w.notes_in_plan(open.plan.id)?.into_iter().filter(|note| gone(note.about())) {
        w.remove(open.at, "note.deleted", &note, None)?;
    }
    Ok(())
}

/// Files that were left as evidence of what is about to be deleted go with it. Their history stays, and so do their bytes: they
/// come back when a revision is given up.
fn forget_files(w: &mut Writing, open: &Open, gone: impl Fn(&EvidenceFile) -> bool) -> Result<()> {
    for file in w.files_in_plan(open.plan.id)?.into_iter().filter(gone) {
        w.remove(open.at, "file.deleted", &file, None)?;
    }
    Ok(())
}

/// A plan is about to be deleted: no deficiency and no note is about it any longer, and no letter is to be sent for it.
pub fn forget_plan(w: &mut Writing, open: &Open) -> Result<()> {
    for old in w.deficiencies_of_plan(open.plan.id)? {
        let organisation: Organisation = w.linked(old.organisation_id)?;
        let at = place(w, &organisation)?;
        let mut new = Deficiency { plan_id: None, ..old.clone() };
        w.change(at, "deficiency.changed", &old, &mut new, None)?;
    }
    forget_notes(w, open, |about| matches!(about, About::Plan(_)))?;
    w.forget_mails_of(open.plan.id)
}

/// Actions of a draft are about to be deleted: nothing that they were to meet names them any longer.
pub fn forget_actions(w: &mut Writing, open: &Open, gone: &[Id]) -> Result<()> {
    forget_in_recommendations(w, open.body.id, gone)?;
    forget_in_outcomes(w, open.body.id, gone)?;
    forget_files(w, open, |file| file.action_id.is_some_and(|id| gone.contains(&id)))?;
    forget_notes(w, open, |about| matches!(about, About::Action(id) if gone.contains(&id)))
}

/// Actions of a body are about to be deleted: no outcome names them any longer.
fn forget_in_outcomes(w: &mut Writing, body: Id, gone: &[Id]) -> Result<()> {
    for old in w.outcomes_of_body(body)? {
        let left: Vec<Id> = old.action_ids.iter().copied().filter(|id| !gone.contains(id)).collect();
        if left.len() < old.action_ids.len() {
            let organisation: Organisation = w.linked(old.organisation_id)?;
            let at = place(w, &organisation)?;
            let mut new = Outcome { action_ids: Json(left), ..old.clone() };
            w.change(at, "outcome.changed", &old, &mut new, None)?;
        }
    }
    Ok(())
}

/// Actions of a body are about to be deleted: no recommendation names them any longer.
fn forget_in_recommendations(w: &mut Writing, body: Id, gone: &[Id]) -> Result<()> {
    for old in w.recommendations_of_body(body)? {
        let left: Vec<Id> = old.action_ids.iter().copied().filter(|id| !gone.contains(id)).collect();
        if left.len() < old.action_ids.len() {
            let organisation: Organisation = w.linked(old.organisation_id)?;
            let at = place(w, &organisation)?;
            let mut new = Recommendation { action_ids: Json(left), ..old.clone() };
            w.change(at, "recommendation.changed", &old, &mut new, None)?;
        }
    }
    Ok(())
}
