//! What is given up: a plan that was made by mistake, and a revision that nobody wants any longer.

use std::collections::{BTreeSet, HashMap};

use crate::app::caller::Caller;
use crate::app::contents::{mandatory, risks};
use crate::app::places::{place, plan_target};
use crate::app::plan::forms::ReasonForm;
use crate::app::plan::order::free_reference;
use crate::app::plan::stages::{PlanView, guarded, plan_view};
use crate::app::plan::{self, Open, heirs, references};
use crate::app::sent::Sent;
use crate::domain::life::{self, PlanVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::values::DiaryNumber;
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{
    Action, Assessment, Control, Deficiency, EvidenceFile, Goal, Note, Organisation, Outcome, Plan, PlanDeficiency,
    PlanSection, Recommendation, Risk,
};
use crate::storage::rewind::{Rewound, Since};
use crate::storage::{Id, Json, Place, Writing};

/// Deletes a plan that never was adopted, with all that is in it. Its history stays, and so does the duty to have a plan.
/// A later year's plan that was carried over from it goes on from what it was itself carried over from.
pub fn delete(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<()> {
    let (open, heirs) = opened(w, caller, id, Verb::EditPlan, sent)?;
    let form = sent.judge()?;
    open.may(PlanVerb::Delete, w.today())?;
    let mut before = HashMap::from([(id, open.plan.from_plan_id)]);
    let all = w.risks_of_plan(id)?;
    for risk in &all {
        links(w, risk, &mut before)?;
    }
    heirs::pass_on(w, &heirs, &before)?;
    for answer in w.plan_deficiencies(id)? {
        w.remove(open.at, "plan.deficiencyUnanswered", &answer, None)?;
    }
    references::forget_plan(w, &open)?;
    for risk in &all {
        risks::remove(w, &open, risk)?;
    }
    for section in w.sections(id)? {
        w.remove(open.at, "plan.sectionDeleted", &section, None)?;
    }
    w.remove(open.at, "plan.deleted", &open.plan, Some(&form.reason))
}

/// A plan that somebody may give up, locked with those that were carried over from it, and as the caller saw it.
fn opened(w: &mut Writing, caller: &Caller, id: Id, verb: Verb, sent: &Sent<ReasonForm>) -> Result<(Open, Vec<Open>)> {
    let (plan, body) = plan::load(w, id)?;
    caller.authorize(verb, &Target::Plan(plan_target(&plan, &body)), sent)?;
    let (open, heirs) = heirs::lock(w, id, body)?;
    guarded(w, &open, sent)?;
    Ok((open, heirs))
}

/// What a risk, and each thing that stands with it, was carried over from.
fn links(w: &mut Writing, risk: &Risk, before: &mut HashMap<Id, Option<Id>>) -> Result<()> {
    before.insert(risk.id, risk.previous_id);
    let of = |one: Id| one == risk.id;
    let controls = w.every_control_of_plans(&[risk.plan_id])?.into_values().flatten();
    before.extend(controls.filter(|one| of(one.risk_id)).map(|one| (one.id, one.previous_id)));
    let actions = w.every_action_of_plans(&[risk.plan_id])?.into_values().flatten();
    before.extend(actions.filter(|one| of(one.risk_id)).map(|one| (one.id, one.previous_id)));
    let assessments = w.assessments(risk.id, &Listing::all())?.items;
    before.extend(assessments.into_iter().map(|one| (one.id, one.copied_from_id)));
    Ok(())
}

/// Gives up the revision that is being prepared: the plan is again what was adopted, and what stood beside it. What has
/// happened since the revision began is laid back event by event, so nothing is left out, whatever a draft can change. What
/// an adopted plan takes too stays: assessments, who owns and is responsible, the delivery, diary numbers that came after the
/// decision. Statuses were never the revision's.
pub fn abandon(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<PlanView> {
    let (open, heirs) = opened(w, caller, id, Verb::RecordDecision, sent)?;
    let form = sent.judge()?;
    open.may(PlanVerb::Abandon, w.today())?;
    let rewound = w
        .since(open.at.log, super::decisions::BEGUN, id)?
        .ok_or_else(|| Error::internal(format!("no event tells when the revision of plan {id} began")))?;
    let all = Draft::read(w, &rewound, id)?;

    // What a draft's new risks are called by is free for those that come back.
    for risk in all.risks.iter().filter_map(added) {
        if w.risks_with_identity(risk.identity_id)? == 1 {
            w.free_reference(open.body.id, &risk.reference)?;
        }
    }
    // What was deleted comes first, since other things point at it; what was added goes last, since they pointed at that.
    for gone in all.risks.iter().filter_map(gone) {
        let reference = taken(w, &open, gone)?;
        w.create(open.at, "risk.restored", &Risk { reference, ..gone.clone() })?;
    }
    for gone in all.controls.iter().filter_map(gone) {
        w.create(open.at, "control.restored", gone)?;
    }
    for gone in all.actions.iter().filter_map(gone) {
        w.create(open.at, "action.restored", gone)?;
    }
    for gone in all.assessments.iter().filter_map(gone) {
        w.create(open.at, "assessment.restored", gone)?;
    }
    // What people wrote since is not the revision's, and stays; what went with something that was deleted comes back with it.
    for gone in all.notes.iter().filter_map(gone) {
        w.create(open.at, "note.restored", gone)?;
    }
    for gone in all.files.iter().filter_map(gone) {
        w.create(open.at, "file.restored", gone)?;
    }
    for added in all.answers.iter().filter_map(added) {
        w.remove(open.at, "plan.deficiencyUnanswered", added, None)?;
    }
    for gone in all.answers.iter().filter_map(gone) {
        w.create(open.at, "plan.deficiencyAnswered", gone)?;
    }
    for added in all.sections.iter().filter_map(added) {
        w.remove(open.at, "plan.sectionDeleted", added, None)?;
    }

    let mut plan = restored_plan(w, &open, &rewound)?;
    w.change(open.at, "plan.revisionAbandoned", &open.plan, &mut plan, Some(&form.reason))?;
    all.change_back(w, &open)?;

    let mut before = HashMap::new();
    let new: Vec<&Risk> = all.risks.iter().filter_map(added).collect();
    for risk in &new {
        links(w, risk, &mut before)?;
    }
    let of_old = |risk: Id| new.iter().all(|one| one.id != risk);
    let controls: Vec<&Control> = all.controls.iter().filter_map(added).filter(|one| of_old(one.risk_id)).collect();
    let actions: Vec<&Action> = all.actions.iter().filter_map(added).filter(|one| of_old(one.risk_id)).collect();
    before.extend(controls.iter().map(|one| (one.id, one.previous_id)));
    before.extend(actions.iter().map(|one| (one.id, one.previous_id)));
    heirs::pass_on(w, &heirs, &before)?;
    references::forget_actions(w, &open, &actions.iter().map(|one| one.id).collect::<Vec<_>>())?;
    references::forget(w, &open, &[], &controls.iter().map(|one| one.id).collect::<Vec<_>>())?;
    for action in actions {
        w.remove(open.at, "action.deleted", action, None)?;
    }
    for control in controls {
        w.remove(open.at, "control.deleted", control, None)?;
    }
    for risk in new {
        risks::remove(w, &open, risk)?;
    }

    point_back(w, &rewound, &all)?;
    // What the region decided meanwhile would have asked the adopted plan for a revision.
    let plan: Plan = w.linked(id)?;
    if let Some(why) = mandatory::awaited(w, &plan)? {
        let mut flagged = Plan { revision_reason: Some(why.clone()), ..plan.clone() };
        w.change(open.at, "plan.needsRevision", &plan, &mut flagged, Some(&why))?;
    }
    let plan = w.linked(id)?;
    plan_view(w, plan)
}

/// What pointed at something that a draft deleted, and that has come back, points at it again.
fn point_back(w: &mut Writing, rewound: &Rewound, all: &Draft) -> Result<()> {
    let mut back: BTreeSet<Id> = all.risks.iter().filter_map(gone).map(|one| one.id).collect();
    back.extend(all.controls.iter().filter_map(gone).map(|one| one.id));
    back.extend(all.actions.iter().filter_map(gone).map(|one| one.id));
    let again = |now: Option<Id>, was: Option<Id>| now.or(was.filter(|id| back.contains(id)));
    let all_again = |now: &[Id], was: &[Id]| {
        let lost = was.iter().filter(|id| back.contains(id) && !now.contains(id));
        Json(now.iter().chain(lost).copied().collect())
    };
    for one in rewound.of::<Deficiency>(w)? {
        let Since::Changed { now, was } = one else { continue };
        let mut new = Deficiency {
            risk_id: again(now.risk_id, was.risk_id),
            control_id: again(now.control_id, was.control_id),
            from_control_id: again(now.from_control_id, was.from_control_id),
            ..now.clone()
        };
        let at = place_of(w, now.organisation_id)?;
        w.change(at, "deficiency.changed", &now, &mut new, None)?;
    }
    for one in rewound.of::<Recommendation>(w)? {
        let Since::Changed { now, was } = one else { continue };
        let mut new = Recommendation { action_ids: all_again(&now.action_ids, &was.action_ids), ..now.clone() };
        let at = place_of(w, now.organisation_id)?;
        w.change(at, "recommendation.changed", &now, &mut new, None)?;
    }
    for one in rewound.of::<Outcome>(w)? {
        let Since::Changed { now, was } = one else { continue };
        let mut new = Outcome { action_ids: all_again(&now.action_ids, &was.action_ids), ..now.clone() };
        let at = place_of(w, now.organisation_id)?;
        w.change(at, "outcome.changed", &now, &mut new, None)?;
    }
    Ok(())
}

fn place_of(w: &mut Writing, organisation: Id) -> Result<Place> {
    let organisation: Organisation = w.linked(organisation)?;
    place(w, &organisation)
}

fn added<T>(one: &Since<T>) -> Option<&T> {
    if let Since::Added(now) = one { Some(now) } else { None }
}

fn gone<T>(one: &Since<T>) -> Option<&T> {
    if let Since::Gone(was) = one { Some(was) } else { None }
}

/// What has happened to the parts of a plan since its revision began.
struct Draft {
    risks: Vec<Since<Risk>>,
    controls: Vec<Since<Control>>,
    actions: Vec<Since<Action>>,
    assessments: Vec<Since<Assessment>>,
    notes: Vec<Since<Note>>,
    files: Vec<Since<EvidenceFile>>,
    answers: Vec<Since<PlanDeficiency>>,
    sections: Vec<Since<PlanSection>>,
}

impl Draft {
    fn read(w: &mut Writing, rewound: &Rewound, plan: Id) -> Result<Self> {
        // The body's log tells of its other plans too.
        macro_rules! of_plan {
            (optional $record:ty) => {
                of_plan!($record, Some(plan))
            };
            ($record:ty) => {
                of_plan!($record, plan)
            };
            ($record:ty, $plan:expr) => {{
                let all: Vec<Since<$record>> = rewound.of(w)?;
                let own = |one: &Since<$record>| match one {
                    Since::Changed { now: thing, .. } | Since::Added(thing) | Since::Gone(thing) => {
                        thing.plan_id == $plan
                    }
                };
                all.into_iter().filter(own).collect()
            }};
        }
        Ok(Self {
            risks: of_plan!(Risk),
            controls: of_plan!(Control),
            actions: of_plan!(Action),
            assessments: of_plan!(Assessment),
            notes: of_plan!(Note),
            files: of_plan!(optional EvidenceFile),
            answers: of_plan!(PlanDeficiency),
            sections: of_plan!(PlanSection),
        })
    }

    /// Makes what was there before, and is there, what it was: all of it follows from the plan's being what it was.
    fn change_back(&self, w: &mut Writing, open: &Open) -> Result<()> {
        for one in &self.risks {
            let Since::Changed { now, was } = one else { continue };
            let mut new = Risk {
                owner_id: now.owner_id,
                likelihood: now.likelihood,
                consequence: now.consequence,
                score: now.score,
                level: now.level,
                confirmed: now.confirmed,
                reference: reference_before(w, open, now, was)?,
                goal_id: there(w, was.goal_id)?.or(now.goal_id),
                ..was.clone()
            };
            w.change_as_effect(open.at, "risk.restored", now, &mut new)?;
        }
        for one in &self.controls {
            let Since::Changed { now, was } = one else { continue };
            let mut new = Control { responsible_id: now.responsible_id, ..was.clone() };
            w.change_as_effect(open.at, "control.restored", now, &mut new)?;
        }
        for one in &self.actions {
            let Since::Changed { now, was } = one else { continue };
            let mut new = Action { responsible_id: now.responsible_id, ..was.clone() };
            w.change_as_effect(open.at, "action.restored", now, &mut new)?;
        }
        for one in &self.answers {
            let Since::Changed { now, was } = one else { continue };
            w.change_as_effect(open.at, "plan.deficiencyAnswered", now, &mut was.clone())?;
        }
        for one in &self.sections {
            let Since::Changed { now, was } = one else { continue };
            w.change_as_effect(open.at, "plan.sectionWritten", now, &mut was.clone())?;
        }
        Ok(())
    }
}

/// The goal, where it has not been deleted since nothing of the draft stood under it.
fn there(w: &mut Writing, goal: Option<Id>) -> Result<Option<Id>> {
    let Some(id) = goal else { return Ok(None) };
    Ok(w.find::<Goal>(id)?.map(|goal| goal.id))
}

/// The plan's own fields before its revision began.
fn restored_plan(w: &mut Writing, open: &Open, rewound: &Rewound) -> Result<Plan> {
    let now = &open.plan;
    let was = rewound.of::<Plan>(w)?.into_iter().find_map(|one| match one {
        Since::Changed { now: plan, was } if plan.id == now.id => Some(was),
        _ => None,
    });
    let was = was.ok_or_else(|| Error::internal("the beginning of a revision changes its plan"))?;
    let mut diary = was.diary_numbers.clone();
    for told in rewound.told("plan.diaryNumberAdded", now.id) {
        let numbers = told.after.as_ref().and_then(|after| after.get("diaryNumbers")?.as_array());
        let last = numbers.and_then(|all| all.last()?.as_str()).map(|number| DiaryNumber(number.to_owned()));
        diary.0.extend(last.filter(|number| !was.diary_numbers.contains(number)));
    }
    let mut order = was.goal_order.clone();
    let known: Vec<Id> = w.goals_by_ids(&order)?.into_iter().map(|goal| goal.id).collect();
    order.0.retain(|id| known.contains(id));
    Ok(Plan {
        status: life::after(PlanVerb::Abandon, now.status),
        goal_order: order,
        diary_numbers: diary,
        delivered_on: now.delivered_on,
        delivered_revision: now.delivered_revision,
        from_plan_id: now.from_plan_id,
        ..was
    })
}

/// The reference that a risk comes back with: its own, unless another has it now.
fn taken(w: &mut Writing, open: &Open, risk: &Risk) -> Result<String> {
    let reference = match w.reference_holder(open.body.id, &risk.reference)? {
        Some(holder) if holder == risk.identity_id => return Ok(risk.reference.clone()),
        Some(_) => free_reference(w, open.body.id)?,
        None => risk.reference.clone(),
    };
    w.take_reference(open.body.id, &reference, risk.identity_id)?;
    Ok(reference)
}

/// The reference that a risk had, where a draft gave it another that nothing else goes by.
fn reference_before(w: &mut Writing, open: &Open, now: &Risk, was: &Risk) -> Result<String> {
    if now.reference == was.reference || w.risks_with_identity(now.identity_id)? > 1 {
        return Ok(now.reference.clone());
    }
    w.free_reference(open.body.id, &now.reference)?;
    taken(w, open, was)
}
