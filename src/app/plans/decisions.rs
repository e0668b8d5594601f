//! The life of a plan: proposed, decided, revised, delivered, closed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::contents::mandatory;
use crate::app::derived::plan_checks::require_complete;
use crate::app::derived::snapshot;
use crate::app::documents::{Format, Rendered, Snapshot, Version};
use crate::app::plan::forms::{self, AdoptionForm, DeliveryForm, DiaryNumberForm, ReasonForm, ReturnForm};
use crate::app::plan::order::{order_goal, renumber};
use crate::app::plan::stages::{PlanView, guarded, moved, plan_view, to_draft};
use crate::app::plan::{self, Open, seen_plan};
use crate::app::reporting::reports;
use crate::app::sent::{Nothing, Sent};
use crate::domain::life::{self, PlanVerb};
use crate::domain::roles::Verb;
use crate::domain::words::{Period, PlanStatus};
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Plan, Revision, Risk};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// A reason, where one may be asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MaybeReasonForm {
    #[schema(min_length = 1, max_length = 4000, example = "Planen följdes upp i det tidigare verktyget.")]
    pub reason: Option<String>,
}

/// Proposes a complete draft to the board.
pub fn propose(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<Nothing>) -> Result<PlanView> {
    let open = plan::open(w, caller, id, Verb::Propose, sent)?;
    guarded(w, &open, sent)?;
    sent.judge()?;
    open.may(PlanVerb::Propose, w.today())?;
    require_complete(w, caller, &open)?;
    let mut new =
        Plan { status: life::after(PlanVerb::Propose, open.plan.status), return_reason: None, ..open.plan.clone() };
    // People are renamed and last year's risks assessed anew while the board reads; it decides on what it was given.
    let frozen = snapshot::of_plan(w, &new, &open.body, &open.policy)?;
    new.proposed_sha256 = Some(w.seal_json(&frozen)?);
    moved(w, &open, PlanVerb::Propose, "plan.proposed", new, None)
}

/// Sends a proposed plan back to draft, with the reason (återremiss); or makes it a draft for the board's own change.
pub fn send_back(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReturnForm>) -> Result<PlanView> {
    let open = plan::open(w, caller, id, Verb::RecordDecision, sent)?;
    let form = sent.judge()?;
    open.may(PlanVerb::Return, w.today())?;
    let reason = Some(form.reason.clone());
    if form.by_board {
        let new = Plan { board_change: reason, return_reason: None, ..open.plan.clone() };
        return to_draft(w, open, "plan.changedByBoard", new, &form.reason);
    }
    // What the board changed before, it has not decided on.
    let new = Plan { board_change: None, return_reason: reason, ..open.plan.clone() };
    to_draft(w, open, "plan.returned", new, &form.reason)
}

/// What the board's decision makes of a plan, and of what snapshot its files are made.
struct Adoption {
    form: AdoptionForm,
    decision: riskregister_document::snapshot::Decision,
    number: i32,
    new: Plan,
    snapshot: Snapshot,
}

/// Works an adoption out: before its files are made, and once more when the plan is locked.
fn adoption(r: &mut Reading, caller: &Caller, open: &Open, sent: &Sent<AdoptionForm>) -> Result<Adoption> {
    guarded(r, open, sent)?;
    let form = sent.judge()?;
    life::may_be_decided_on(form.decided_on, r.today())
        .map_err(|r| Error::invalid(Violation::new("/decidedOn", r.code, r.sv, r.en)))?;
    if form.early_reason.is_some() {
        return Err(Error::invalid(Violation::new(
            "/earlyReason",
            "notEarly",
            "En plan fastställs för hela sitt år. Skälet hör till beslut om perioders rapporter.",
            "A plan is adopted for its whole year. The reason belongs to decisions on the reports of periods.",
        )));
    }
    if open.plan.decided_on.is_some_and(|before| form.decided_on < before) {
        return Err(Error::invalid(Violation::new(
            "/decidedOn",
            "beforeRevision",
            "Den reviderade planen kan inte ha beslutats före den som den ändrar.",
            "The revision cannot have been decided before the one that it changes.",
        )));
    }
    open.may(PlanVerb::Adopt, r.today())?;
    require_complete(r, caller, open)?;
    let number = open.plan.adopted_revision.unwrap_or(0) + 1;
    let decision = form.decision(&open.plan.diary_numbers, open.plan.board_change.as_deref());
    let diary_numbers = form.diary_numbers.clone().map_or_else(|| open.plan.diary_numbers.clone(), Json);
    let new = Plan {
        status: PlanStatus::Adopted,
        adopted_revision: Some(number),
        decided_on: Some(form.decided_on),
        deciding_board: Some(form.deciding_board.clone()),
        paragraph: Some(form.paragraph.clone()),
        diary_numbers,
        proposed_sha256: None,
        return_reason: None,
        revision_reason: None,
        followed_sha256: None,
        board_change: None,
        ..open.plan.clone()
    };
    let proposed = snapshot::as_it_stands(r, &open.plan, &open.body, &open.policy)?;
    // The law that holds is that of the day of the decision, which nobody knew when the plan was proposed.
    let standing_texts = snapshot::standing_texts(r, &open.plan, &open.body, form.decided_on)?;
    let proposed = riskregister_document::snapshot::PlanSnapshot { standing_texts, ..proposed };
    let checkpoint = r.newest_checkpoint(open.at.log)?;
    let frozen = snapshot::decided(proposed, decision.clone(), checkpoint)?;
    Ok(Adoption { form, decision, number, new, snapshot: Snapshot::Plan(Box::new(frozen)) })
}

/// Of what the files are made that [`adopt`] seals.
pub fn prepare_adoption(r: &mut Reading, caller: &Caller, id: Id, sent: &Sent<AdoptionForm>) -> Result<Snapshot> {
    let open = plan::look(r, caller, id, Verb::RecordDecision, sent)?;
    Ok(adoption(r, caller, &open, sent)?.snapshot)
}

/// Records the board's decision: seals the snapshot and the document, and fixes numbers and references.
pub fn adopt(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    sent: &Sent<AdoptionForm>,
    rendered: &Rendered,
) -> Result<PlanView> {
    let open = plan::open(w, caller, id, Verb::RecordDecision, sent)?;
    let Adoption { form, decision, number, mut new, snapshot } = adoption(w, caller, &open, sent)?;
    let rendered = rendered.of_now(snapshot)?;
    let mut seal = |format: Format| w.seal(format.media_type(), rendered.file(format, Version::Full)?);
    let (snapshot_sha256, document_sha256) = (seal(Format::Json)?, seal(Format::Pdf)?);
    let revision = Revision {
        id: Id::new(),
        plan_id: id,
        number,
        decided_on: form.decided_on,
        deciding_board: form.deciding_board,
        paragraph: form.paragraph,
        diary_numbers: new.diary_numbers.clone(),
        policy_version_id: open.plan.policy_version_id,
        snapshot_sha256,
        document_sha256,
        created_at: Timestamp::now(),
        version: 1,
        clauses: forms::kept(&decision.clauses),
        sent_to: forms::kept(&decision.sent_to),
        board_change: decision.board_change,
    };
    w.change(open.at, "plan.adopted", &open.plan, &mut new, None)?;
    let risks: Vec<Risk> = w.risks_of_plan(id)?.into_iter().filter(|risk| risk.included).collect();
    let included: BTreeSet<Id> = risks.iter().map(|risk| risk.id).collect();
    let controls = w.controls_of_plan(id)?.into_iter().filter(|one| included.contains(&one.risk_id)).collect();
    let actions = w.actions_of_plan(id)?.into_iter().filter(|one| included.contains(&one.risk_id)).collect();
    w.adopt_risks(risks)?;
    w.adopt_controls(controls)?;
    w.adopt_actions(actions)?;
    w.create(open.at, "plan.sealed", &revision)?;
    plan_view(w, new)
}

/// What tells in the history that a revision began: from there it can be laid back.
pub const BEGUN: &str = "plan.revisionBegun";

/// Begins the next revision, for a reason: the plan is a draft again, and what was adopted goes on to hold. So that nobody can thin out
/// what is followed up before the board has decided, the plan is sealed as it is: with the actions that were added since
/// its adoption, and the end dates that were moved.
pub fn revise(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<PlanView> {
    let mut open = plan::open(w, caller, id, Verb::RecordDecision, sent)?;
    let form = sent.judge()?;
    open.may(PlanVerb::Revise, w.today())?;
    let frozen = snapshot::of_plan(w, &open.plan, &open.body, &open.policy)?;
    let followed = w.seal_json(&frozen)?;
    let because = Some(form.reason.clone());
    let new = Plan { followed_sha256: Some(followed), revised_because: because, ..open.plan.clone() };
    let made = moved(w, &open, PlanVerb::Revise, BEGUN, new, Some(form.reason.as_str()))?;
    open.plan = made.plan;
    // What was registered beside the adopted plan takes its place in the draft.
    for risk in w.risks_of_plan(id)? {
        order_goal(w, &mut open, risk.goal_id)?;
    }
    mandatory::catch_up(w, &mut open)?;
    renumber(w, &open)?;
    let plan = w.linked(id)?;
    plan_view(w, plan)
}

/// Records that the adopted plan was delivered to the regional office. Another day than the one that is recorded takes a
/// reason; a later revision is delivered anew.
pub fn deliver(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<DeliveryForm>) -> Result<PlanView> {
    let open = plan::open(w, caller, id, Verb::RecordDecision, sent)?;
    let form = sent.judge()?;
    let same_revision = open.plan.delivered_revision == open.plan.adopted_revision;
    let recorded = open.plan.delivered_on.filter(|_| same_revision);
    form.judge(open.plan.decided_on, recorded, w.today())?;
    open.may(PlanVerb::Deliver, w.today())?;
    let new = Plan {
        delivered_on: Some(form.delivered_on),
        delivered_revision: open.plan.adopted_revision,
        ..open.plan.clone()
    };
    moved(w, &open, PlanVerb::Deliver, "plan.delivered", new, form.reason.as_deref())
}

/// Adds a diary number that came after the adoption. What was sealed stays as it is.
pub fn add_diary_number(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<DiaryNumberForm>) -> Result<PlanView> {
    let open = plan::open(w, caller, id, Verb::RecordDecision, sent)?;
    let diary_numbers = sent.judge()?.added_to(&open.plan.diary_numbers)?;
    open.may(PlanVerb::Correct, w.today())?;
    let new = Plan { diary_numbers, ..open.plan.clone() };
    moved(w, &open, PlanVerb::Correct, "plan.diaryNumberAdded", new, None)
}

/// Closes the plan once its year is over; one whose follow-up has begun closes when its annual report is decided. One that
/// was never followed up here takes a reason: the region sees that nothing was reported, and why.
pub fn close(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<MaybeReasonForm>) -> Result<PlanView> {
    let open = plan::open(w, caller, id, Verb::RecordDecision, sent)?;
    guarded(w, &open, sent)?;
    let MaybeReasonForm { reason } = sent.judge()?;
    open.may(PlanVerb::Close, w.today())?;
    reports::require_decided(w, &open.plan)?;
    if reason.is_none() && !w.is_decided(id, Period::Annual)? {
        return Err(Error::invalid(Violation::new(
            "/reason",
            "required",
            "Planen har inte följts upp här. Ange varför den avslutas ändå.",
            "The plan was not followed up here. Say why it is closed all the same.",
        )));
    }
    let new = Plan { closing_reason: reason.clone(), ..open.plan.clone() };
    moved(w, &open, PlanVerb::Close, "plan.closed", new, reason.as_deref())
}

pub fn revisions(r: &mut Reading, caller: &Caller, id: Id) -> Result<Vec<Revision>> {
    seen_plan(r, caller, id)?;
    r.revisions(id)
}

pub fn revision(r: &mut Reading, caller: &Caller, id: Id, number: i32) -> Result<Revision> {
    seen_plan(r, caller, id)?;
    r.revision(id, number)
}
