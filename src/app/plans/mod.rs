//! The plan of a body for a year: made and written here; proposed, decided, revised, delivered and closed in [`decisions`];
//! given up in [`undone`].

pub mod carry_over;
pub mod sections;
pub mod decisions;
pub mod undone;

use std::collections::BTreeSet;

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::contents::{assessments, mandatory};
use super::places::{path_ids, place, plan_target};
use super::plan;
use super::plan::order::{goals_for, renumber};
use super::plan::stages::{PlanView, plan_view};
use super::plan::year::mandatory_of;
use super::settings::policies;
use crate::app::sent::Sent;
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::values::DiaryNumber;
use crate::domain::words::PlanStatus;
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, Page, PlanFilter, Seen};
use crate::storage::records::{Organisation, Plan, PolicyVersion};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// What is given to make a plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPlanForm {
    /// A board, a company or a federation with the duty to plan.
    pub organisation_id: Id,
    #[schema(minimum = 2000, maximum = 2100, example = 2025)]
    pub year: i32,
    /// The scale; the body's own or the region's newest when not given.
    pub policy_version_id: Option<Id>,
    /// The plan of an earlier year to carry over: its risks, controls and actions, each assessment to confirm; its order of
    /// goals, and its texts, each to confirm or rewrite.
    pub from_plan_id: Option<Id>,
    /// The body's own first.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub diary_numbers: Vec<DiaryNumber>,
}

/// What is written of a plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanForm {
    /// The body's own first.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub diary_numbers: Vec<DiaryNumber>,
    /// Goal ids in the plan's own order; goals that have risks and are not named come last.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub goal_order: Vec<Id>,
    /// The scale. A draft may change it; what does not fit is to be assessed anew.
    pub policy_version_id: Id,
    /// Assessments, owners and categories are made up for demonstration.
    #[serde(default)]
    pub illustrative: bool,
    /// Why the plan is revised: of a revision that is being prepared, and null of any other plan.
    #[schema(min_length = 1, max_length = 4000)]
    pub revised_because: Option<String>,
}

impl PlanForm {
    /// What is written of a plan now.
    pub fn of(plan: &Plan) -> Self {
        Self {
            diary_numbers: plan.diary_numbers.0.clone(),
            goal_order: plan.goal_order.0.clone(),
            policy_version_id: plan.policy_version_id,
            illustrative: plan.illustrative,
            revised_because: plan.revised_because.clone(),
        }
    }
}

pub fn list(r: &mut Reading, caller: &Caller, filter: &PlanFilter, listing: &Listing) -> Result<Page<Plan>> {
    r.plans(filter, &Seen::of(caller.id(), &caller.scope()), listing)
}

/// The years of the plans that the caller sees, the newest first.
pub fn years(r: &mut Reading, caller: &Caller) -> Result<Vec<i32>> {
    r.plan_years(&Seen::of(caller.id(), &caller.scope()))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<PlanView> {
    let (plan, body) = plan::load(r, id)?;
    caller.may(Verb::SeePlan, &Target::Plan(plan_target(&plan, &body)))?;
    plan_view(r, plan)
}

/// Makes the plan of a body for a year, with that year's mandatory risks in it; carried over from an earlier plan
/// when one is named.
pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<NewPlanForm>) -> Result<PlanView> {
    caller.authorize_at(w, Verb::CreatePlan, sent, "organisationId", |path| Target::Organisation { path })?;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    let body = w.find::<Organisation>(form.organisation_id)?;
    if body.is_none() {
        faults.push(Violation::unknown_reference("/organisationId"));
    }
    if let Some(body) = &body {
        // Asked again of the form as it was read: what was asked before was the form as it was sent.
        caller.may(Verb::CreatePlan, &Target::Organisation { path: path_ids(&body.path) })?;
        if !body.kind.is_body() || !body.plans {
            faults.push(Violation::new(
                "/organisationId",
                "noDutyToPlan",
                "Organisationen har inte skyldighet att fastställa en plan.",
                "The organisation has no duty to adopt a plan.",
            ));
        }
        let ends = body.valid_to.is_some_and(|last| last.year() < form.year);
        if ends || body.valid_from.year() > form.year {
            faults.push(Violation::new(
                "/year",
                "outsideOrganisation",
                "Organisationen finns inte det året.",
                "The organisation does not exist that year.",
            ));
        }
    }
    let version: Option<PolicyVersion> = match (form.policy_version_id, &body) {
        (Some(id), Some(body)) => {
            let found = usable_version(w, body, id)?;
            if found.is_none() {
                faults.push(Violation::unknown_reference("/policyVersionId"));
            }
            found
        }
        (None, Some(body)) => Some(policies::newest_for(w, body)?),
        _ => None,
    };
    let source = match form.from_plan_id {
        None => None,
        Some(id) => {
            let found = carry_over::source(w, caller, id)?;
            match &found {
                None => faults.push(Violation::unknown_reference("/fromPlanId")),
                Some((plan, _)) if plan.year >= form.year => faults.push(Violation::new(
                    "/fromPlanId",
                    "notEarlier",
                    "Planen att föra över från ska gälla ett tidigare år.",
                    "The plan to carry over from must be of an earlier year.",
                )),
                Some((_, owner)) if ![Some(owner.id), owner.successor_id].contains(&Some(form.organisation_id)) => {
                    faults.push(Violation::new(
                        "/fromPlanId",
                        "otherBody",
                        "Planen att föra över från är en annan organisations.",
                        "The plan to carry over from belongs to another body.",
                    ));
                }
                Some(_) => {}
            }
            found.map(|(plan, _)| plan.id)
        }
    };
    let (Some(body), Some(version), true) = (body, version, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    w.lock_year(form.year)?;
    if w.plan_of(body.id, form.year)?.is_some() {
        return Err(Error::conflict(
            "planExists",
            format!("Det finns redan en plan för {}.", form.year),
            format!("There is a plan for {} already.", form.year),
        ));
    }
    let source = source.map(|id| carry_over::held(w, id)).transpose()?;
    let goals = goals_for(w, &body, form.year)?;
    let now = Timestamp::now();
    let plan = Plan {
        id: Id::new(),
        organisation_id: body.id,
        year: form.year,
        status: PlanStatus::Draft,
        adopted_revision: None,
        policy_version_id: version.id,
        goal_order: Json(goals.iter().map(|g| g.id).collect()),
        diary_numbers: Json(form.diary_numbers),
        decided_on: None,
        deciding_board: None,
        paragraph: None,
        proposed_sha256: None,
        return_reason: None,
        revision_reason: None,
        from_plan_id: source.as_ref().map(|p| p.id),
        delivered_on: None,
        delivered_revision: None,
        illustrative: false,
        created_at: now,
        updated_at: now,
        version: 1,
        followed_sha256: None,
        board_change: None,
        closing_reason: None,
        revised_because: None,
    };
    let at = place(w, &body)?;
    w.create(at, "plan.created", &plan)?;
    let mut open = plan::lock(w, plan.id, body)?;
    if let Some(source) = source {
        carry_over::carry_over(w, &mut open, &source, &goals)?;
    }
    for required in mandatory_of(w, form.year)? {
        mandatory::put_in(w, &mut open, &required)?;
    }
    renumber(w, &open)?;
    let plan = w.linked(plan.id)?;
    plan_view(w, plan)
}

/// A version of a policy that belongs to the body or an organisation above it.
fn usable_version(r: &mut Reading, body: &Organisation, id: Id) -> Result<Option<PolicyVersion>> {
    let Some(version) = r.find::<PolicyVersion>(id)? else { return Ok(None) };
    let policy: crate::storage::records::ScoringPolicy = r.linked(version.policy_id)?;
    Ok(path_ids(&body.path).contains(&policy.organisation_id.0).then_some(version))
}

/// Writes a draft's own fields.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<PlanForm>) -> Result<PlanView> {
    let mut open = plan::open(w, caller, id, Verb::EditPlan, sent)?;
    let current = plan_view(w, open.plan.clone())?;
    sent.expect_current(&current)?;
    let form = sent.merged(&PlanForm::of(&open.plan))?;
    let mut faults = Vec::new();
    let mut known: BTreeSet<Id> = goals_for(w, &open.body, open.plan.year)?.iter().map(|g| g.id).collect();
    // A goal that came along from last year's plan stays until its risks have another: the checks tell of it.
    known.extend(open.plan.goal_order.iter().copied());
    let mut seen = BTreeSet::new();
    for (i, goal) in form.goal_order.iter().enumerate() {
        if !known.contains(goal) {
            faults.push(Violation::unknown_reference(format!("/goalOrder/{i}")));
        } else if !seen.insert(*goal) {
            faults.push(Violation::new(
                format!("/goalOrder/{i}"),
                "duplicate",
                "Målet står två gånger.",
                "The goal stands twice.",
            ));
        }
    }
    if form.policy_version_id != open.plan.policy_version_id
        && usable_version(w, &open.body, form.policy_version_id)?.is_none()
    {
        faults.push(Violation::unknown_reference("/policyVersionId"));
    }
    if form.revised_because.is_some() && open.plan.adopted_revision.is_none() {
        faults.push(Violation::new(
            "/revisedBecause",
            "notARevision",
            "Planen har inte fastställts än, så det finns ingen revidering att ge skäl till.",
            "The plan has not been adopted yet, so there is no revision to give a reason for.",
        ));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::Edit, w.today())?;
    if form.policy_version_id != open.plan.policy_version_id && open.plan.adopted_revision.is_some() {
        return Err(Error::conflict(
            "policyVersionFixed",
            "Planen har fastställts med sin riskmatris och behåller den hela året.",
            "The plan was adopted with its matrix and keeps it for the year.",
        ));
    }
    let mut order = form.goal_order.clone();
    for risk in w.risks_of_plan(id)? {
        if let Some(goal) = risk.goal_id
            && !order.contains(&goal)
        {
            order.push(goal);
        }
    }
    let mut new = Plan {
        diary_numbers: Json(form.diary_numbers),
        goal_order: Json(order),
        policy_version_id: form.policy_version_id,
        illustrative: form.illustrative,
        revised_because: form.revised_because,
        ..open.plan.clone()
    };
    let rescore = new.policy_version_id != open.plan.policy_version_id;
    if w.change(open.at, "plan.changed", &open.plan, &mut new, None)? {
        open.plan = new;
        if rescore {
            open.policy = policies::definition(w, open.plan.policy_version_id)?;
            assessments::rescore(w, &open)?;
        }
        renumber(w, &open)?;
    }
    let plan = w.linked(id)?;
    plan_view(w, plan)
}
