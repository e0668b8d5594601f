//! Risks, their reasoned decisions and assessments.

use super::tables::listed;
use crate::app::contents::assessments::{self, AssessmentsMade};
use crate::app::contents::assignments::{self, Assigned};
use crate::app::contents::confirmations::{self, Confirmations};
use crate::app::contents::risks::{self, Reasoned, RiskView};
use crate::app::plan::forms::ReasonForm;
use crate::app::tables;
use crate::domain::words::{Category, InclusionReason, LevelKey, PlanStatus, Response};
use crate::error::Result;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};
use crate::storage::queries::RiskFilter;
use crate::storage::records::Assessment;

const TAG: &str = "Risks";
const SORT: &[&str] = &["number", "score", "name", "reference", "likelihood", "consequence", "position", "updatedAt"];

/// What a list of risks is filtered by.
pub fn filter(call: &Call) -> RiskFilter {
    RiskFilter {
        plan_id: call.any("planId"),
        organisation_id: call.any("organisationId"),
        year: call.any("year"),
        status: call.any("status"),
        identity_id: call.any("identityId"),
        updated_since: call.time("updatedSince"),
        q: call.q("q"),
        reference: call.q("reference"),
        goal_id: call.any("goalId"),
        owner_id: call.any("ownerId"),
        category: call.any("category"),
        level: call.any("level"),
        likelihood: call.any("likelihood"),
        consequence: call.any("consequence"),
        response: call.any("response"),
        included: call.q("included"),
        inclusion_reason: call.any("inclusionReason"),
        mandatory: call.q("mandatory"),
        irregularity: call.q("irregularity"),
        confirmed: call.q("confirmed"),
        retired: call.q("retired"),
        assessed: None,
        words: Vec::new(),
    }
}

/// The filters that every list of risks takes.
fn filtered(operation: Operation) -> Operation {
    operation
        .filter("organisationId", ParameterKind::Id, "Those of this body, or this part of it.")
        .filter("identityId", ParameterKind::Id, "The same risk over the years.")
        .since()
        .query(
            "q",
            ParameterKind::Text { most: 200 },
            "Those whose name or reference holds this, without regard to case.",
        )
        .query("reference", ParameterKind::Text { most: 50 }, "Those with this reference.")
        .filter("goalId", ParameterKind::Id, "Those under this goal.")
        .filter("ownerId", ParameterKind::Id, "Those that this person owns.")
        .filter("category", ParameterKind::words::<Category>(), "Those of this category.")
        .filter("level", ParameterKind::words::<LevelKey>(), "Those at this level.")
        .filter("likelihood", ParameterKind::Integer { least: 1, most: 10 }, "Those at this likelihood.")
        .filter("consequence", ParameterKind::Integer { least: 1, most: 10 }, "Those at this consequence.")
        .filter("response", ParameterKind::words::<Response>(), "Those with this response.")
        .query("included", ParameterKind::Flag, "Those in the plan, or not in it.")
        .filter("inclusionReason", ParameterKind::words::<InclusionReason>(), "Those in the plan for this reason.")
        .query("mandatory", ParameterKind::Flag, "Those that the region has made mandatory, or the others.")
        .query("irregularity", ParameterKind::Flag, "Those that concern irregularities, or the others.")
        .query("confirmed", ParameterKind::Flag, "Those whose assessment is, or is not, confirmed for the plan.")
        .query("retired", ParameterKind::Flag, "Those retired, or the others.")
}

/// The answer to a decision that was written: 201 when it is new.
fn decided(call: &Call, made: (ReasonForm, bool), name: &str) -> Result<Answer> {
    let (form, new) = made;
    if new { Answer::created(format!("/risks/{}/{name}", call.id()?), &form) } else { Answer::resource(&form) }
}

pub fn operations() -> Vec<Operation> {
    let mut all = collection();
    all.extend(one());
    all.extend(decisions());
    all
}

fn collection() -> Vec<Operation> {
    vec![
        filtered(
            operation(
                "get",
                "/plans/{id}/risks",
                "listRisksOfPlan",
                TAG,
                ("Lista planens risker", "List a plan's risks"),
                "The risks of one plan that the caller may see.",
                Run::read(|r, caller, call| {
                    let id = call.id()?;
                    let page = risks::list_of_plan(r, caller, id, filter(call), &call.listing())?;
                    Answer::list(call, &format!("/plans/{id}/risks"), page)
                }),
            )
            .timed(),
        )
        .lists::<RiskView>("A page of risks.", SORT),
        operation(
            "post",
            "/plans/{id}/risks",
            "createRisk",
            TAG,
            ("Lägg till en risk", "Add a risk"),
            "Adds a risk. With likelihood and consequence it is assessed at once. Beside an adopted plan it says on which day it \
             came, and stands outside the plan until a revision takes it in.",
            Run::write(|w, caller, call, sent| {
                let made = risks::create(w, caller, call.id()?, sent)?;
                created(&made)
            }),
        )
        .ruled()
        .makes::<RiskView>("The new risk."),

            filtered(
            operation(
                "get",
                "/risks",
                "listRisks",
                TAG,
                ("Lista risker", "List risks"),
                "Risks over plans, bodies and years, as far as the caller may see them.",
                Run::read(|r, caller, call| {
                    let (filter, listing) = (filter(call), call.listing());
                    listed(
                        r,
                        call,
                        |r| Answer::list(call, "/risks", risks::list(r, caller, &filter, &listing)?),
                        |r| tables::risks::list(r, caller, &filter, &listing),
                    )
                }),
            )
            .timed(),
        )
        .filter("planId", ParameterKind::Id, "Those of this plan.")
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those in plans of this year.")
        .filter(
            "status",
            ParameterKind::words::<PlanStatus>(),
            "Those in plans with this status: a risk has none of its own.",
        )
        .lists::<RiskView>("A page of risks.", SORT),
    ]
}

fn created(made: &RiskView) -> Result<Answer> {
    Ok(Answer::tagged(201, made, &made.core)?.at(format!("/risks/{}", made.core.risk.id)))
}

/// A risk's ETag is of its own fields, assessment and inclusion, not of its controls.
fn shown(view: &RiskView) -> Result<Answer> {
    Answer::tagged(200, view, &view.core)
}

fn one() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/risks/{id}",
            "getRisk",
            TAG,
            ("Läs en risk", "Get a risk"),
            "One risk in one plan. Its ETag changes with its own fields, assessment and inclusion, not with its controls.",
            Run::read(|r, caller, call| shown(&risks::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<RiskView>("The risk."),
        operation(
            "patch",
            "/risks/{id}",
            "changeRisk",
            TAG,
            ("Ändra en risk", "Change a risk"),
            "Changes a risk. In an adopted plan only who owns it, and its assessment. Score, level, inclusion and number are \
             computed and can never be written; name and goal of a mandatory risk are the region's.",
            Run::write(|w, caller, call, sent| shown(&risks::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<RiskView>("The risk as it has become."),
        operation(
            "delete",
            "/risks/{id}",
            "deleteRisk",
            TAG,
            ("Ta bort en risk", "Delete a risk"),
            "Deletes a risk that never stood in an adopted revision and is not mandatory. Its history stays.",
            Run::write(|w, caller, call, sent| risks::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .ruled()
        .empties("Deleted."),
        operation(
            "post",
            "/risks/{id}/retirement",
            "retireRisk",
            TAG,
            ("Låt en risk utgå", "Retire a risk"),
            "Retires a risk in a revision, with the reason.",
            Run::write(|w, caller, call, sent| shown(&risks::retire(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<RiskView>("The risk, retired."),
        operation(
            "get",
            "/risks/{id}/assessments",
            "listAssessments",
            TAG,
            ("Lista riskens bedömningar", "List a risk's assessments"),
            "Every assessment of the risk in this plan, newest first. The newest is the risk's.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = assessments::assessments(r, caller, id, &call.listing())?;
                Answer::list(call, &format!("/risks/{id}/assessments"), page)
            }),
        )
        .timed()
        .lists::<Assessment>("A page of assessments.", &[]),
        operation(
            "post",
            "/risks/{id}/assessments",
            "assessRisk",
            TAG,
            ("Bedöm en risk", "Assess a risk"),
            "Scores a risk, or confirms the score that was carried over. In an adopted plan score and level follow; number \
             and inclusion stay as they were decided.",
            Run::write(|w, caller, call, sent| {
                let id = call.id()?;
                Answer::created(format!("/risks/{id}/assessments"), &assessments::assess(w, caller, id, sent)?)
            }),
        )
        .ruled()
        .makes::<Assessment>("The new assessment."),
        operation(
            "post",
            "/assessments",
            "assessRisks",
            TAG,
            ("Bedöm många risker", "Assess many risks"),
            "Scores up to 500 risks of any plans, all or none. Every refusal is told with its place in the list, also that a plan or \
             a risk cannot be assessed any more. An item that names the `sequence` it was made from is refused when another has \
             assessed the risk since.",
            Run::write(|w, caller, _, sent| Answer::secret(200, &assessments::assess_many(w, caller, sent)?)),
        )
        .hands::<AssessmentsMade>(200, "The new assessments, in the order in which they were sent."),
        operation(
            "post",
            "/plans/{id}/carried-assessments",
            "confirmAssessments",
            TAG,
            ("Bekräfta överförda bedömningar", "Confirm carried assessments"),
            "Confirms assessments of a draft that were carried over from an earlier year and stand as they were: of the risks that \
             are named, or of all.",
            Run::write(|w, caller, call, sent| Answer::view(&confirmations::confirm(w, caller, call.id()?, sent)?)),
        )
        .optional_form()
        .ruled()
        .computes::<Confirmations>("Whose assessments were confirmed."),
        operation(
            "post",
            "/plans/{id}/assignments",
            "assignTogether",
            TAG,
            ("Fördela många risker, kontroller och åtgärder", "Assign many risks, controls and actions the same"),
            "Gives many risks, controls and actions of a draft the same: an owner, who answers for them, a goal, a category, a \
             response, days. All or none, by the rules of each; what is left out stays as it is.",
            Run::write(|w, caller, call, sent| Answer::view(&assignments::assign(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .computes::<Assigned>("How many were changed."),
        operation(
            "post",
            "/plans/{id}/own-assignments",
            "assignSeparately",
            TAG,
            ("Fördela risker, kontroller och åtgärder var för sig", "Assign risks, controls and actions one by one"),
            "Gives many risks, controls and actions of a draft what each is to have. All or none, by the rules of each, with every \
             refusal at its place in the list; what is left out stays as it is.",
            Run::write(|w, caller, call, sent| Answer::view(&assignments::assign_each(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .computes::<Assigned>("How many were changed."),
    ]
}

fn decisions() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/risks/{id}/inclusion",
            "getInclusion",
            TAG,
            ("Läs beslutet att ta in risken", "Get the decision to include a risk"),
            "Why the body took the risk into the plan by decision.",
            Run::read(|r, caller, call| {
                Answer::resource(&risks::reasoned(r, caller, call.id()?, Reasoned::Inclusion)?)
            }),
        )
        .timed()
        .gives::<ReasonForm>("The reason."),
        operation(
            "put",
            "/risks/{id}/inclusion",
            "includeRisk",
            TAG,
            ("Ta in en risk genom beslut", "Include a risk by decision"),
            "Takes a risk into the plan by a decision with a written reason, whatever its score.",
            Run::write(|w, caller, call, sent| {
                let made = risks::decide(w, caller, call.id()?, Reasoned::Inclusion, sent)?;
                decided(call, made, "inclusion")
            }),
        )
        .guarded_or_new()
        .ruled()
        .gives::<ReasonForm>("The reason as it has become.")
        .makes::<ReasonForm>("The decision."),
        operation(
            "delete",
            "/risks/{id}/inclusion",
            "withdrawInclusion",
            TAG,
            ("Återkalla beslutet att ta med risken", "Withdraw the decision to include a risk"),
            "Takes the decision back; what remains is computed.",
            Run::write(|w, caller, call, sent| {
                risks::undecide(w, caller, call.id()?, Reasoned::Inclusion, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Taken back."),
        operation(
            "get",
            "/risks/{id}/setting-aside",
            "getSettingAside",
            TAG,
            ("Läs varför risken är bortvald", "Get why a risk is set aside"),
            "Why the risk was set aside without assessment.",
            Run::read(|r, caller, call| {
                Answer::resource(&risks::reasoned(r, caller, call.id()?, Reasoned::SettingAside)?)
            }),
        )
        .timed()
        .gives::<ReasonForm>("The reason."),
        operation(
            "put",
            "/risks/{id}/setting-aside",
            "setRiskAside",
            TAG,
            ("Välj bort en risk", "Set a risk aside"),
            "Sets a risk aside without assessment, with a written reason. A mandatory risk cannot be.",
            Run::write(|w, caller, call, sent| {
                let made = risks::decide(w, caller, call.id()?, Reasoned::SettingAside, sent)?;
                decided(call, made, "setting-aside")
            }),
        )
        .guarded_or_new()
        .ruled()
        .gives::<ReasonForm>("The reason as it has become.")
        .makes::<ReasonForm>("Set aside."),
        operation(
            "delete",
            "/risks/{id}/setting-aside",
            "withdrawSettingAside",
            TAG,
            ("Ta upp en risk igen", "Take up a risk again"),
            "The risk is no longer set aside.",
            Run::write(|w, caller, call, sent| {
                risks::undecide(w, caller, call.id()?, Reasoned::SettingAside, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Taken up again."),
    ]
}
