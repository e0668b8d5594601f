//! The plan of a body for a year: made, written, proposed, decided, revised, delivered, closed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::documents::{self, File, Format, Snapshot, Version};
use super::{
    Caller, Page, deficiencies, mandatory, measures, path_ids, place, plan_target, policies, risks, snapshot,
    standing_texts,
};
use crate::domain::checks::{self, Missing};
use crate::domain::figures::{self, Effects};
use crate::domain::inclusion;
use crate::domain::life::{self, PlanState, PlanVerb};
use crate::domain::numbering::{self, Numbered};
use crate::domain::roles::{Target, Verb};
use crate::domain::scoring::Policy;
use crate::domain::words::{Change, Language, LevelKey, PlanStatus, SectionKey};
use crate::error::{Error, Fault, Result};
use crate::storage::queries::{Listing, MandatoryFilter, PlanFilter, Seen};
use crate::storage::records::{
    Action, Control, Goal, MandatoryRisk, Organisation, Plan, PlanSection, PolicyVersion, Revision, Risk,
};
use crate::storage::{Id, Json, Place, Reading, Timestamp, Writing};

/// The first and the last year that a plan can be for.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// A plan with what is computed of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    #[serde(flatten)]
    pub plan: Plan,
    /// The adopted plan no longer says what it would say today.
    pub needs_revision: bool,
}

/// What is given to make a plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPlanForm {
    /// A board or company with the duty to plan.
    pub organisation_id: Id,
    #[schema(minimum = 2000, maximum = 2100, example = 2025)]
    pub year: i32,
    /// The scale; the body's own or the region's newest when not given.
    pub policy_version_id: Option<Id>,
    /// The plan of an earlier year to carry over: its risks, controls and actions, each assessment to confirm.
    pub from_plan_id: Option<Id>,
    /// The body's own first.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub diary_numbers: Vec<DiaryNumber>,
}

/// A diary number, as the body writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 100, example = "SLSO 2023-1942")]
pub struct DiaryNumber(pub String);

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
}

/// A reason.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonForm {
    #[schema(min_length = 1, max_length = 4000, example = "Nämnden vill se risken för oegentligheter bedömd på nytt.")]
    pub reason: String,
}

/// A reason, where one may be given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MaybeReasonForm {
    #[schema(min_length = 1, max_length = 4000, example = "Ny obligatorisk risk.")]
    pub reason: Option<String>,
}

/// A paragraph as it is told, behind a sign that documents and pages write themselves.
fn without_sign<'de, D: serde::Deserializer<'de>>(read: D) -> std::result::Result<String, D::Error> {
    let text = String::deserialize(read)?;
    Ok(text.trim_start_matches(|c: char| c == '§' || c.is_whitespace()).trim_end().to_owned())
}

/// The board's decision.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdoptionForm {
    #[schema(example = "2024-03-12")]
    pub decided_on: NaiveDate,
    #[schema(min_length = 1, max_length = 500, example = "Nämnden för Stockholms läns sjukvårdsområde")]
    pub deciding_board: String,
    /// The paragraph of the minutes; the sign goes without saying.
    #[schema(min_length = 1, max_length = 50, pattern = "[^§ ]", example = "12")]
    #[serde(deserialize_with = "without_sign")]
    pub paragraph: String,
    /// The decision's diary numbers, the body's own first; the plan's when not given.
    #[schema(max_items = 20)]
    pub diary_numbers: Option<Vec<DiaryNumber>>,
}

/// When the plan was delivered to the regional office.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeliveryForm {
    #[schema(example = "2024-03-15")]
    pub delivered_on: NaiveDate,
}

/// The text of a section.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SectionForm {
    /// Plain paragraphs, parted by blank lines; a line that begins with `- ` is an item of a list.
    #[schema(min_length = 1, max_length = 20000, example = "Inga avsteg från riktlinjen har noterats.")]
    pub text: String,
}

/// What a plan still lacks.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Checks {
    /// Nothing is missing: the plan can be proposed and adopted.
    pub complete: bool,
    #[schema(value_type = Vec<crate::error::MissingItem>)]
    pub missing: Vec<serde_json::Value>,
}

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
pub struct LevelCount {
    pub level: LevelKey,
    #[schema(example = "Medelhög risk")]
    pub label: String,
    #[schema(example = 5)]
    pub count: usize,
}

/// What the actions of a plan mean for the economy, in Mnkr with one decimal. Negative is a cost.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FinancialEffects {
    pub total: EffectSum,
    /// In the plan's own order; goals without such actions are left out.
    pub goals: Vec<GoalEffects>,
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
    /// How many actions have a financial effect.
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

/// A plan held against another, risk by risk.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    pub plan_id: Id,
    /// The plan it is held against; null when there is none to hold it against.
    pub with_plan_id: Option<Id>,
    pub with_year: Option<i32>,
    /// Scores can be held against each other: the matrices are the same.
    pub comparable: bool,
    pub risks: Vec<ComparedRisk>,
    /// Risks of the other plan that are not in this one.
    pub gone: Vec<ComparedRisk>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedRisk {
    pub identity_id: Id,
    /// The risk in this plan; in the other for one that is gone.
    pub risk_id: Id,
    pub number: Option<i32>,
    #[schema(example = "10913")]
    pub reference: String,
    #[schema(example = "Bristande kostnadsmedvetande i organisationen")]
    pub name: String,
    /// Null for a risk that is gone, or that has no score to compare.
    pub change: Option<Change>,
    pub score: Option<i32>,
    pub previous_score: Option<i32>,
    pub included: bool,
    pub previously_included: Option<bool>,
    /// Why it was retired.
    pub reason: Option<String>,
}

/// A plan that a verb works on: locked, with its body, its scale, and the place of its events.
pub struct Open {
    pub plan: Plan,
    pub body: Organisation,
    pub policy: Arc<Policy>,
    pub at: Place,
}

impl Open {
    pub fn state(&self) -> PlanState {
        super::plan_state(&self.plan)
    }

    /// Whether the plan's life allows it today.
    pub fn may(&self, verb: PlanVerb, today: NaiveDate) -> Result<()> {
        Ok(life::may(verb, &self.state(), today)?)
    }
}

/// The plan and its body, unlocked.
pub fn load(r: &mut Reading, id: Id) -> Result<(Plan, Organisation)> {
    let plan: Plan = r.get(id)?;
    let body = r.linked(plan.organisation_id)?;
    Ok((plan, body))
}

/// The plan, if the caller may see what is in it.
pub fn see_parts(r: &mut Reading, caller: &Caller, id: Id) -> Result<(Plan, Organisation)> {
    let (plan, body) = load(r, id)?;
    caller.may(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &body)))?;
    Ok((plan, body))
}

/// Loads a plan for a verb on it: rights first, then the lock.
fn open(w: &mut Writing, caller: &Caller, id: Id, verb: Verb) -> Result<Open> {
    let (plan, body) = load(w, id)?;
    caller.authorize(verb, &Target::Plan(plan_target(&plan, &body)))?;
    lock(w, id, body)
}

/// Locks a plan and reads it as it then is.
pub fn lock(w: &mut Writing, id: Id, body: Organisation) -> Result<Open> {
    let plan = w.lock_plan(id)?;
    let policy = policies::definition(w, plan.policy_version_id)?;
    let at = place(w, &body)?;
    Ok(Open { plan, body, policy, at })
}

pub fn list(r: &mut Reading, caller: &Caller, filter: &PlanFilter, listing: &Listing) -> Result<Page<Plan>> {
    r.plans(filter, &Seen::of(caller.id(), &caller.scope()), listing)
}

/// The years of the plans that the caller sees, the newest first.
pub fn years(r: &mut Reading, caller: &Caller) -> Result<Vec<i32>> {
    r.plan_years(&Seen::of(caller.id(), &caller.scope()))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<PlanView> {
    let (plan, body) = load(r, id)?;
    caller.may(Verb::SeePlan, &Target::Plan(plan_target(&plan, &body)))?;
    view(r, plan)
}

fn view(r: &mut Reading, plan: Plan) -> Result<PlanView> {
    let needs_revision = match plan.status {
        PlanStatus::Adopted => {
            plan.revision_reason.is_some() || {
                let policy = policies::definition(r, plan.policy_version_id)?;
                r.risks_of_plan(plan.id)?.iter().any(|risk| risks::needs_revision(risk, &policy))
            }
        }
        _ => false,
    };
    Ok(PlanView { plan, needs_revision })
}

fn texts(json: &Json) -> Vec<DiaryNumber> {
    json.read().unwrap_or_default()
}

/// The goals of a year that a body's plan may use: the region's, those above it, its own and its parts', in the order of the tree.
pub fn goals_for(r: &mut Reading, body: &Organisation, year: i32) -> Result<Vec<Goal>> {
    let mut organisations: Vec<Id> = path_ids(&body.path).into_iter().map(Id).collect();
    organisations.extend(r.organisations_below(&body.path)?.iter().map(|o| o.id));
    let goals = r.goals_of(year, &organisations)?;
    // Each goal right after its parent, in the order of positions.
    let mut children: BTreeMap<Option<Id>, Vec<&Goal>> = BTreeMap::new();
    let known: BTreeSet<Id> = goals.iter().map(|g| g.id).collect();
    for goal in &goals {
        children.entry(goal.parent_id.filter(|p| known.contains(p))).or_default().push(goal);
    }
    let mut ordered = Vec::with_capacity(goals.len());
    let mut waiting: Vec<&Goal> = children.get(&None).cloned().unwrap_or_default();
    waiting.reverse();
    while let Some(goal) = waiting.pop() {
        ordered.push(goal.clone());
        if let Some(below) = children.get(&Some(goal.id)) {
            waiting.extend(below.iter().rev());
        }
    }
    Ok(ordered)
}

/// Makes the plan of a body for a year, with that year's mandatory risks in it; carried over from an earlier plan
/// when one is named.
pub fn create(w: &mut Writing, caller: &Caller) -> Result<PlanView> {
    caller.authorize_at(w, Verb::CreatePlan, "organisationId", |path| Target::Organisation { path })?;
    let form: NewPlanForm = caller.submission.form()?;
    let mut faults = Vec::new();
    let body = w.find::<Organisation>(form.organisation_id)?;
    if body.is_none() {
        faults.push(Fault::unknown_reference("/organisationId"));
    }
    if let Some(body) = &body {
        // Asked again of the form as it was read: what was asked before was the form as it was sent.
        caller.may(Verb::CreatePlan, &Target::Organisation { path: path_ids(&body.path) })?;
        if !body.kind.is_body() || !body.plans {
            faults.push(Fault::new(
                "/organisationId",
                "noDutyToPlan",
                "Organisationen är inte en nämnd eller ett bolag med skyldighet att fastställa en plan.",
                "The organisation is not a board or company with the duty to adopt a plan.",
            ));
        }
        let ends = body.valid_to.is_some_and(|last| last.year() < form.year);
        if ends || body.valid_from.year() > form.year {
            faults.push(Fault::new(
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
                faults.push(Fault::unknown_reference("/policyVersionId"));
            }
            found
        }
        (None, Some(body)) => Some(policies::newest_for(w, body)?),
        _ => None,
    };
    let source = match form.from_plan_id {
        None => None,
        Some(id) => {
            let found = match w.find::<Plan>(id)? {
                Some(plan) => {
                    let owner: Organisation = w.linked(plan.organisation_id)?;
                    caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &owner))).then_some(plan)
                }
                None => None,
            };
            match &found {
                None => faults.push(Fault::unknown_reference("/fromPlanId")),
                Some(plan) if plan.year >= form.year => faults.push(Fault::new(
                    "/fromPlanId",
                    "notEarlier",
                    "Planen att föra över från ska gälla ett tidigare år.",
                    "The plan to carry over from must be of an earlier year.",
                )),
                Some(plan) if plan.organisation_id != form.organisation_id && !succeeds(w, plan, &body)? => faults
                    .push(Fault::new(
                        "/fromPlanId",
                        "otherBody",
                        "Planen att föra över från hör till en annan nämnd eller ett annat bolag.",
                        "The plan to carry over from belongs to another body.",
                    )),
                _ => {}
            }
            found
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
    let goals = goals_for(w, &body, form.year)?;
    let now = Timestamp::now();
    let plan = Plan {
        id: Id::new(),
        organisation_id: body.id,
        year: form.year,
        status: PlanStatus::Draft,
        adopted_revision: None,
        policy_version_id: version.id,
        goal_order: Json::of(&goals.iter().map(|g| g.id).collect::<Vec<_>>()),
        diary_numbers: Json::of(&form.diary_numbers),
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
    };
    let at = place(w, &body)?;
    w.create(at, "plan.created", &plan)?;
    let mut open = lock(w, plan.id, body)?;
    if let Some(source) = source {
        risks::carry_over(w, &mut open, &source, &goals)?;
    }
    for required in mandatory_of(w, form.year)? {
        mandatory::put_in(w, &mut open, &required)?;
    }
    settle(w, &open)?;
    let plan = w.linked(plan.id)?;
    view(w, plan)
}

/// Whether the source plan's body goes on in this one.
fn succeeds(r: &mut Reading, source: &Plan, body: &Option<Organisation>) -> Result<bool> {
    let from: Organisation = r.linked(source.organisation_id)?;
    Ok(body.as_ref().is_some_and(|b| from.successor_id == Some(b.id)))
}

/// The plans of a year by their bodies.
pub fn of_year(r: &mut Reading, year: i32) -> Result<HashMap<Id, Plan>> {
    Ok(r.plans_of_year(year)?.into_iter().map(|plan| (plan.organisation_id, plan)).collect())
}

/// What is mandatory in a year, not withdrawn.
pub fn mandatory_of(r: &mut Reading, year: i32) -> Result<Vec<MandatoryRisk>> {
    let filter = MandatoryFilter { year: Some(year), withdrawn: Some(false), ..Default::default() };
    Ok(r.mandatory_risks(&filter, &Listing::all())?.items)
}

/// A version of a policy that belongs to the body or an organisation above it.
fn usable_version(r: &mut Reading, body: &Organisation, id: Id) -> Result<Option<PolicyVersion>> {
    let Some(version) = r.find::<PolicyVersion>(id)? else { return Ok(None) };
    let policy: crate::storage::records::ScoringPolicy = r.linked(version.policy_id)?;
    Ok(path_ids(&body.path).contains(&policy.organisation_id.0).then_some(version))
}

/// Writes a draft's own fields.
pub fn change(w: &mut Writing, caller: &Caller, id: Id) -> Result<PlanView> {
    let mut open = open(w, caller, id, Verb::EditPlan)?;
    let current = view(w, open.plan.clone())?;
    caller.submission.expect_current(&current)?;
    let form = caller.submission.merged(&PlanForm {
        diary_numbers: texts(&open.plan.diary_numbers),
        goal_order: open.plan.goal_order.read().map_err(Error::internal)?,
        policy_version_id: open.plan.policy_version_id,
        illustrative: open.plan.illustrative,
    })?;
    let mut faults = Vec::new();
    let mut known: BTreeSet<Id> = goals_for(w, &open.body, open.plan.year)?.iter().map(|g| g.id).collect();
    // A goal that came along from last year's plan stays until its risks have another: the checks tell of it.
    known.extend(open.plan.goal_order.read::<Vec<Id>>().map_err(Error::internal)?);
    let mut seen = BTreeSet::new();
    for (i, goal) in form.goal_order.iter().enumerate() {
        if !known.contains(goal) {
            faults.push(Fault::unknown_reference(format!("/goalOrder/{i}")));
        } else if !seen.insert(*goal) {
            faults.push(Fault::new(
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
        faults.push(Fault::unknown_reference("/policyVersionId"));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::Edit, caller.today)?;
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
        diary_numbers: Json::of(&form.diary_numbers),
        goal_order: Json::of(&order),
        policy_version_id: form.policy_version_id,
        illustrative: form.illustrative,
        ..open.plan.clone()
    };
    let rescore = new.policy_version_id != open.plan.policy_version_id;
    if w.change(open.at, "plan.changed", &open.plan, &mut new, None)? {
        open.plan = new;
        if rescore {
            open.policy = policies::definition(w, open.plan.policy_version_id)?;
            risks::rescore(w, &open)?;
        }
        settle(w, &open)?;
    }
    let plan = w.linked(id)?;
    view(w, plan)
}

/// Computes, in a draft, which risks are included and why, and their numbers. What changes is told in the event of
/// the act that moved it. In a plan that is not a draft all of this stands as it was decided.
pub fn settle(w: &mut Writing, open: &Open) -> Result<()> {
    let plan: Plan = w.linked(open.plan.id)?;
    if plan.status != PlanStatus::Draft {
        return Ok(());
    }
    let order: Vec<Id> = plan.goal_order.read().map_err(Error::internal)?;
    let rank: HashMap<Id, usize> = order.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let all = w.risks_of_plan(plan.id)?;
    let mut numbered = Vec::with_capacity(all.len());
    let mut decided = HashMap::with_capacity(all.len());
    for risk in &all {
        let inclusion = inclusion::decide(&risks::inclusion_facts(risk, &open.policy));
        numbered.push(Numbered {
            id: risk.id.0,
            goal_rank: risk.goal_id.and_then(|g| rank.get(&g).copied()).unwrap_or(usize::MAX),
            position: risk.position,
            included: inclusion.included,
            fixed: risk.fixed_number,
        });
        decided.insert(risk.id, inclusion);
    }
    let numbers = numbering::numbers(&numbered);
    for old in all {
        let Some(inclusion) = decided.get(&old.id) else { continue };
        let number = numbers.get(&old.id.0).copied().flatten();
        if old.number == number && old.included == inclusion.included && old.inclusion_reason == inclusion.reason {
            continue;
        }
        let mut new = Risk { number, included: inclusion.included, inclusion_reason: inclusion.reason, ..old.clone() };
        w.follow(open.at, "risk.renumbered", &old, &mut new)?;
    }
    Ok(())
}

/// As [`settle`], after one risk has become another. Nothing moves in the plan unless the risk comes in, goes out or
/// changes its place, and most changes do none of it: then the other risks need not be read.
pub fn settle_after(w: &mut Writing, open: &Open, old: &Risk, new: &Risk) -> Result<()> {
    let decided = inclusion::decide(&risks::inclusion_facts(new, &open.policy));
    let stays = (decided.included, decided.reason) == (old.included, old.inclusion_reason)
        && (new.goal_id, new.position) == (old.goal_id, old.position);
    if stays { Ok(()) } else { settle(w, open) }
}

/// Puts a goal last in the plan's own order, if it is not there.
pub fn order_goal(w: &mut Writing, open: &mut Open, goal: Option<Id>) -> Result<()> {
    let Some(goal) = goal else { return Ok(()) };
    let mut order: Vec<Id> = open.plan.goal_order.read().map_err(Error::internal)?;
    if order.contains(&goal) {
        return Ok(());
    }
    order.push(goal);
    let mut new = Plan { goal_order: Json::of(&order), ..open.plan.clone() };
    w.follow(open.at, "plan.changed", &open.plan, &mut new)?;
    open.plan = new;
    Ok(())
}

// Sections.

/// A section, if it is written.
pub fn section(r: &mut Reading, caller: &Caller, id: Id, key: SectionKey) -> Result<PlanSection> {
    see_parts(r, caller, id)?;
    written(r, id, key)?.ok_or(Error::NotFound)
}

fn written(r: &mut Reading, plan: Id, key: SectionKey) -> Result<Option<PlanSection>> {
    Ok(r.sections(plan)?.into_iter().find(|s| s.section == key))
}

/// Every section that is written, in the order of the document.
pub fn sections(r: &mut Reading, caller: &Caller, id: Id) -> Result<Vec<PlanSection>> {
    see_parts(r, caller, id)?;
    let mut all = r.sections(id)?;
    all.sort_by_key(|s| s.section);
    Ok(all)
}

/// Writes a section; true when it is new.
pub fn write_section(w: &mut Writing, caller: &Caller, id: Id, key: SectionKey) -> Result<(PlanSection, bool)> {
    let open = open(w, caller, id, Verb::EditPlan)?;
    let old = written(w, id, key)?;
    match &old {
        Some(old) => caller.submission.expect_current(old)?,
        None => caller.submission.expect_new()?,
    }
    let form: SectionForm = caller.submission.form()?;
    open.may(PlanVerb::Edit, caller.today)?;
    match old {
        Some(old) => {
            let mut new = PlanSection { text: form.text, ..old.clone() };
            w.change(open.at, "plan.sectionWritten", &old, &mut new, None)?;
            Ok((new, false))
        }
        None => {
            let new = PlanSection {
                id: Id::new(),
                plan_id: id,
                section: key,
                text: form.text,
                updated_at: Timestamp::now(),
                version: 1,
            };
            w.create(open.at, "plan.sectionWritten", &new)?;
            Ok((new, true))
        }
    }
}

// The checks.

/// All that the checks look at.
fn facts(
    r: &mut Reading,
    caller: &Caller,
    plan: &Plan,
    body: &Organisation,
    policy: &Policy,
) -> Result<checks::PlanFacts> {
    let mandatory = r
        .mandatory_risks(&MandatoryFilter { year: Some(plan.year), ..Default::default() }, &Listing::all())?
        .items
        .into_iter()
        .map(|m| checks::MandatoryFacts { id: m.id.0, kind: m.kind, withdrawn: m.withdrawn_at.is_some(), name: m.name })
        .collect();
    let goals = goals_for(r, body, plan.year)?.into_iter().map(|g| g.id.0).collect();
    let sections = r.sections(plan.id)?.into_iter().map(|s| s.section).collect();
    let texts = standing_texts::in_force(r, body, plan.year, Language::Sv)?;
    let risks = r.risks_of_plan(plan.id)?;
    let deficiencies = deficiencies::facts(r, caller, plan, &risks)?;
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
    people.sort();
    people.dedup();
    let active: HashMap<Id, bool> = r.users_by_ids(&people)?.into_iter().map(|u| (u.id, u.active)).collect();
    let is_active = |id: Option<Id>| id.map(|id| active.get(&id).copied().unwrap_or(false));
    let risks = risks
        .into_iter()
        .map(|risk| checks::RiskFacts {
            controls: controls
                .remove(&risk.id)
                .unwrap_or_default()
                .into_iter()
                .map(|c| checks::PartFacts {
                    id: c.id.0,
                    responsible_active: is_active(c.responsible_id),
                    name: c.name,
                })
                .collect(),
            actions: actions
                .remove(&risk.id)
                .unwrap_or_default()
                .into_iter()
                .map(|a| checks::PartFacts {
                    id: a.id.0,
                    responsible_active: is_active(a.responsible_id),
                    name: a.name,
                })
                .collect(),
            id: risk.id.0,
            number: risk.number,
            reference: Some(risk.reference),
            name: risk.name,
            goal_id: risk.goal_id.map(|g| g.0),
            owner_active: is_active(risk.owner_id),
            category: risk.category,
            response: risk.response,
            justified: risk.justification.is_some(),
            target_level: risk.target_level,
            assessment: risk.likelihood.zip(risk.consequence).map(|(likelihood, consequence)| {
                checks::AssessmentFacts { likelihood, consequence, confirmed: risk.confirmed }
            }),
            mandatory_id: risk.mandatory_id.or(risk.area_id).map(|m| m.0),
            decision: risk.decision_reason.is_some(),
            set_aside: risk.set_aside_reason.is_some(),
            retired: risk.retired_on.is_some(),
        })
        .collect();
    Ok(checks::PlanFacts {
        year: plan.year,
        organisation_active: body.valid_to.is_none_or(|last| last >= caller.today),
        policy: policy.clone(),
        mandatory,
        goals,
        risks,
        sections,
        standing_text: texts.iter().any(|t| t.key.starts_with(standing_texts::LEGAL_GROUND)),
        deficiencies,
    })
}

fn missing(
    r: &mut Reading,
    caller: &Caller,
    plan: &Plan,
    body: &Organisation,
    policy: &Policy,
) -> Result<Vec<Missing>> {
    Ok(checks::missing(&facts(r, caller, plan, body, policy)?))
}

/// What the plan still lacks, at any time.
pub fn checked(r: &mut Reading, caller: &Caller, id: Id) -> Result<Checks> {
    let (plan, body) = see_parts(r, caller, id)?;
    let policy = policies::definition(r, plan.policy_version_id)?;
    let missing = missing(r, caller, &plan, &body, &policy)?;
    Ok(Checks {
        complete: missing.is_empty(),
        missing: missing
            .iter()
            .map(|m| serde_json::to_value(crate::error::MissingItem::of(m, caller.language)).map_err(Error::internal))
            .collect::<Result<_>>()?,
    })
}

fn require_complete(w: &mut Writing, caller: &Caller, open: &Open) -> Result<()> {
    let missing = missing(w, caller, &open.plan, &open.body, &open.policy)?;
    if missing.is_empty() { Ok(()) } else { Err(Error::Missing(missing)) }
}

// The plan's life.

fn guarded(w: &mut Writing, caller: &Caller, open: &Open) -> Result<()> {
    let current = view(w, open.plan.clone())?;
    caller.submission.expect_current(&current)
}

fn moved(
    w: &mut Writing,
    open: &Open,
    verb: PlanVerb,
    kind: &'static str,
    mut new: Plan,
    reason: Option<&str>,
) -> Result<PlanView> {
    new.status = life::after(verb, open.plan.status);
    w.change(open.at, kind, &open.plan, &mut new, reason)?;
    view(w, new)
}

/// Proposes a complete draft to the board.
pub fn propose(w: &mut Writing, caller: &Caller, id: Id) -> Result<PlanView> {
    let open = open(w, caller, id, Verb::Propose)?;
    guarded(w, caller, &open)?;
    caller.submission.form::<super::submission::Nothing>()?;
    open.may(PlanVerb::Propose, caller.today)?;
    require_complete(w, caller, &open)?;
    let mut new =
        Plan { status: life::after(PlanVerb::Propose, open.plan.status), return_reason: None, ..open.plan.clone() };
    // People are renamed and last year's risks assessed anew while the board reads; it decides on what it was given.
    let frozen = snapshot::of_plan(w, &new, &open.body, &open.policy)?;
    new.proposed_sha256 = Some(w.seal("application/json", &crate::storage::history::canonical(&frozen)?)?);
    moved(w, &open, PlanVerb::Propose, "plan.proposed", new, None)
}

/// Sends a proposed plan back to draft, with the reason (återremiss).
pub fn send_back(w: &mut Writing, caller: &Caller, id: Id) -> Result<PlanView> {
    let open = open(w, caller, id, Verb::RecordDecision)?;
    let form: ReasonForm = caller.submission.form()?;
    open.may(PlanVerb::Return, caller.today)?;
    return_because(w, open, &form.reason)
}

/// Returns a proposed plan; also when the region issues a mandatory risk.
pub fn return_because(w: &mut Writing, mut open: Open, reason: &str) -> Result<PlanView> {
    let new = Plan { return_reason: Some(reason.to_owned()), proposed_sha256: None, ..open.plan.clone() };
    let made = moved(w, &open, PlanVerb::Return, "plan.returned", new, Some(reason))?;
    open.plan = made.plan.clone();
    settle(w, &open)?;
    Ok(made)
}

/// Records the board's decision: seals the snapshot and the document, and fixes numbers and references.
pub fn adopt(w: &mut Writing, caller: &Caller, id: Id) -> Result<PlanView> {
    let open = open(w, caller, id, Verb::RecordDecision)?;
    guarded(w, caller, &open)?;
    let form: AdoptionForm = caller.submission.form()?;
    life::may_be_decided_on(form.decided_on, caller.today)
        .map_err(|r| Error::invalid(Fault::new("/decidedOn", r.code, r.sv, r.en)))?;
    if open.plan.decided_on.is_some_and(|before| form.decided_on < before) {
        return Err(Error::invalid(Fault::new(
            "/decidedOn",
            "beforeRevision",
            "Revisionen kan inte ha beslutats före den som den ändrar.",
            "The revision cannot have been decided before the one that it changes.",
        )));
    }
    open.may(PlanVerb::Adopt, caller.today)?;
    require_complete(w, caller, &open)?;
    let number = open.plan.adopted_revision.unwrap_or(0) + 1;
    let diary_numbers = form.diary_numbers.map_or_else(|| open.plan.diary_numbers.clone(), |d| Json::of(&d));
    let mut new = Plan {
        status: PlanStatus::Adopted,
        adopted_revision: Some(number),
        decided_on: Some(form.decided_on),
        deciding_board: Some(form.deciding_board.clone()),
        paragraph: Some(form.paragraph.clone()),
        diary_numbers: diary_numbers.clone(),
        proposed_sha256: None,
        return_reason: None,
        revision_reason: None,
        followed_sha256: None,
        ..open.plan.clone()
    };
    let proposed = snapshot::as_it_stands(w, &open.plan, &open.body, &open.policy)?;
    let checkpoint = w.newest_checkpoint(open.at.log)?;
    let frozen = snapshot::decided(proposed, &new, checkpoint)?;
    let rendered = caller.rendering.files(Snapshot::Plan(Box::new(frozen)))?;
    let mut seal = |format: Format| w.seal(format.media_type(), rendered.file(format, Version::Full)?);
    let (snapshot_sha256, document_sha256) = (seal(Format::Json)?, seal(Format::Pdf)?);
    let revision = Revision {
        id: Id::new(),
        plan_id: id,
        number,
        decided_on: form.decided_on,
        deciding_board: form.deciding_board,
        paragraph: form.paragraph,
        diary_numbers,
        policy_version_id: open.plan.policy_version_id,
        snapshot_sha256,
        document_sha256,
        created_at: Timestamp::now(),
        version: 1,
    };
    w.change(open.at, "plan.adopted", &open.plan, &mut new, None)?;
    let mut included = BTreeSet::new();
    for old in w.risks_of_plan(id)? {
        if !old.included {
            continue;
        }
        included.insert(old.id);
        let mut risk = Risk { adopted: true, fixed_number: old.number, ..old.clone() };
        w.follow(open.at, "risk.adopted", &old, &mut risk)?;
    }
    for old in w.controls_of_plan(id)?.into_iter().filter(|c| included.contains(&c.risk_id)) {
        let mut control = Control { adopted: true, ..old.clone() };
        w.follow(open.at, "control.adopted", &old, &mut control)?;
    }
    for old in w.actions_of_plan(id)?.into_iter().filter(|a| included.contains(&a.risk_id)) {
        let mut action = Action { adopted: true, ..old.clone() };
        w.follow(open.at, "action.adopted", &old, &mut action)?;
    }
    w.create(open.at, "plan.sealed", &revision)?;
    view(w, new)
}

/// Begins the next revision: the plan is a draft again, and what was adopted goes on to hold. So that nobody can thin out
/// what is followed up before the board has decided, the plan is sealed as it is: with the actions that were added since
/// its adoption, and the end dates that were moved.
pub fn revise(w: &mut Writing, caller: &Caller, id: Id) -> Result<PlanView> {
    let mut open = open(w, caller, id, Verb::RecordDecision)?;
    let form: MaybeReasonForm = caller.submission.form()?;
    open.may(PlanVerb::Revise, caller.today)?;
    let frozen = snapshot::of_plan(w, &open.plan, &open.body, &open.policy)?;
    let followed = w.seal("application/json", &crate::storage::history::canonical(&frozen)?)?;
    let new = Plan { followed_sha256: Some(followed), ..open.plan.clone() };
    let made = moved(w, &open, PlanVerb::Revise, "plan.revisionBegun", new, form.reason.as_deref())?;
    open.plan = made.plan;
    mandatory::catch_up(w, &mut open)?;
    settle(w, &open)?;
    let plan = w.linked(id)?;
    view(w, plan)
}

/// Records that the adopted plan was delivered to the regional office.
pub fn deliver(w: &mut Writing, caller: &Caller, id: Id) -> Result<PlanView> {
    let open = open(w, caller, id, Verb::RecordDecision)?;
    let form: DeliveryForm = caller.submission.form()?;
    let mut faults = Vec::new();
    if form.delivered_on > caller.today {
        faults.push(Fault::new(
            "/deliveredOn",
            "dateInFuture",
            "Datumet ligger i framtiden.",
            "The date is in the future.",
        ));
    }
    if open.plan.decided_on.is_some_and(|day| form.delivered_on < day) {
        faults.push(Fault::new(
            "/deliveredOn",
            "beforeDecision",
            "Planen kan inte ha lämnats före beslutet.",
            "The plan cannot have been delivered before the decision.",
        ));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    open.may(PlanVerb::Deliver, caller.today)?;
    let new = Plan {
        delivered_on: Some(form.delivered_on),
        delivered_revision: open.plan.adopted_revision,
        ..open.plan.clone()
    };
    moved(w, &open, PlanVerb::Deliver, "plan.delivered", new, None)
}

/// Closes the plan once its year is over; one whose follow-up has begun closes when its annual report is decided.
pub fn close(w: &mut Writing, caller: &Caller, id: Id) -> Result<PlanView> {
    let open = open(w, caller, id, Verb::RecordDecision)?;
    guarded(w, caller, &open)?;
    caller.submission.form::<super::submission::Nothing>()?;
    open.may(PlanVerb::Close, caller.today)?;
    super::reports::require_decided(w, &open.plan)?;
    moved(w, &open, PlanVerb::Close, "plan.closed", open.plan.clone(), None)
}

// Revisions and documents.

fn seen_plan(r: &mut Reading, caller: &Caller, id: Id) -> Result<(Plan, Organisation)> {
    let (plan, body) = load(r, id)?;
    caller.may(Verb::SeePlan, &Target::Plan(plan_target(&plan, &body)))?;
    Ok((plan, body))
}

pub fn revisions(r: &mut Reading, caller: &Caller, id: Id) -> Result<Vec<Revision>> {
    seen_plan(r, caller, id)?;
    r.revisions(id)
}

pub fn revision(r: &mut Reading, caller: &Caller, id: Id, number: i32) -> Result<Revision> {
    seen_plan(r, caller, id)?;
    r.revision(id, number)
}

/// The document of an adopted revision: the sealed PDF and snapshot, or another format or version of that snapshot.
pub fn sealed_document(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    number: i32,
    format: Format,
    version: Version,
) -> Result<File> {
    let (plan, body) = seen_plan(r, caller, id)?;
    let revision = r.revision(id, number)?;
    let content = match (version, format) {
        (Version::Full, Format::Json) => r.sealed(&revision.snapshot_sha256)?,
        (Version::Full, Format::Pdf) => r.sealed(&revision.document_sha256)?,
        _ => documents::of_plan(&snapshot::of_revision(r, id, number)?, format, version)?,
    };
    Ok(File { sealed: Some(id), ..file(&plan, &body, number, format, version, content) })
}

/// The plan's document: that of its adopted revision once it is adopted, before that as it stands now, marked UTKAST.
pub fn document(r: &mut Reading, caller: &Caller, id: Id, format: Format, version: Version) -> Result<File> {
    let (plan, body) = seen_plan(r, caller, id)?;
    if let (PlanStatus::Adopted | PlanStatus::Closed, Some(number)) = (plan.status, plan.adopted_revision) {
        return sealed_document(r, caller, id, number, format, version);
    }
    caller.may(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &body)))?;
    let policy = policies::definition(r, plan.policy_version_id)?;
    let frozen = snapshot::as_it_stands(r, &plan, &body, &policy)?;
    let content = documents::of_plan(&frozen, format, version)?;
    Ok(file(&plan, &body, plan.adopted_revision.unwrap_or(0) + 1, format, version, content))
}

fn file(plan: &Plan, body: &Organisation, number: i32, format: Format, version: Version, content: Vec<u8>) -> File {
    let name = format!("plan-for-intern-kontroll-{}-{}-{number}", documents::file_word(body), plan.year);
    File::of(&name, format, version, content)
}

// Views.

/// The matrix with its risks: as it stands now, or as it was adopted.
pub fn matrix(r: &mut Reading, caller: &Caller, id: Id, adopted: bool) -> Result<Matrix> {
    let (plan, body) = if adopted { seen_plan(r, caller, id)? } else { see_parts(r, caller, id)? };
    let (policy_version_id, policy, frozen) = if adopted {
        let number = plan.adopted_revision.ok_or(Error::NotFound)?;
        let revision = r.revision(id, number)?;
        let frozen = snapshot::of_revision(r, id, number)?;
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

/// The financial effects of the actions of the plan's included risks: in total, and goal by goal.
pub fn financial_effects(r: &mut Reading, caller: &Caller, id: Id) -> Result<FinancialEffects> {
    let (plan, _) = see_parts(r, caller, id)?;
    let order: Vec<Id> = plan.goal_order.read().map_err(Error::internal)?;
    let goals: HashMap<Id, Option<Id>> = r
        .risks_of_plan(id)?
        .into_iter()
        .filter(|risk| risk.included && risk.retired_on.is_none())
        .map(|risk| (risk.id, risk.goal_id))
        .collect();
    let mut by_goal: BTreeMap<(usize, Option<Id>), Vec<Effects>> = BTreeMap::new();
    for action in r.actions_of_plan(id)? {
        let (Some(goal), Some(effect)) = (goals.get(&action.risk_id), measures::effects_of(&action)?) else { continue };
        let rank = goal.and_then(|goal| order.iter().position(|id| *id == goal)).unwrap_or(usize::MAX);
        by_goal.entry((rank, *goal)).or_default().push(effect);
    }
    Ok(FinancialEffects {
        total: sum_of(by_goal.values().flatten()),
        goals: by_goal.iter().map(|((_, goal_id), all)| GoalEffects { goal_id: *goal_id, sum: sum_of(all) }).collect(),
    })
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

/// The plan that a plan is held against: the one it was carried over from, or the body's of the year before.
pub fn previous_plan(r: &mut Reading, plan: &Plan) -> Result<Option<Plan>> {
    match plan.from_plan_id {
        // Of the past, only what this body's logs tell is there.
        Some(id) => r.find(id),
        None => r.plan_of(plan.organisation_id, plan.year - 1),
    }
}

/// New, changed, unchanged and gone, risk by risk, against another plan: last year's when none is named.
pub fn comparison(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    with: Option<Id>,
    other: Option<Side>,
) -> Result<Comparison> {
    let (plan, _) = see_parts(r, caller, id)?;
    let other = match (with, other) {
        (_, Some(other)) => Some(other),
        (Some(with), None) => Some(side(r, caller, with)?),
        (None, None) => match previous_plan(r, &plan)? {
            Some(other) => {
                let owner: Organisation = r.linked(other.organisation_id)?;
                let seen = caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&other, &owner)));
                if seen { Some(Side::of(r, &other)?) } else { None }
            }
            None => None,
        },
    };
    compare(r, &plan, other)
}

/// A plan that another is held against, as far as the comparison needs it.
pub struct Side {
    id: Id,
    year: i32,
    policy: Arc<Policy>,
    risks: BTreeMap<Id, Risk>,
}

impl Side {
    pub fn of(r: &mut Reading, plan: &Plan) -> Result<Self> {
        Ok(Self {
            id: plan.id,
            year: plan.year,
            policy: policies::definition(r, plan.policy_version_id)?,
            risks: r.risks_of_plan(plan.id)?.into_iter().map(|x| (x.identity_id, x)).collect(),
        })
    }
}

/// A plan as it is to be held against, if the caller sees what is in it.
pub fn side(r: &mut Reading, caller: &Caller, id: Id) -> Result<Side> {
    let (other, owner) = load(r, id)?;
    if !caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&other, &owner))) {
        return Err(Error::NotFound);
    }
    Side::of(r, &other)
}

/// Holds two plans against each other by the identities of their risks.
pub fn compare(r: &mut Reading, plan: &Plan, other: Option<Side>) -> Result<Comparison> {
    let policy = policies::definition(r, plan.policy_version_id)?;
    let named = other.as_ref().map(|o| (o.id, o.year));
    let (mut earlier, before) = match other {
        Some(other) => (other.risks, Some(other.policy)),
        None => (BTreeMap::new(), None),
    };
    let mut risks_told = Vec::new();
    let mut gone = Vec::new();
    let all = r.risks_of_plan(plan.id)?;
    for risk in &all {
        let old = earlier.remove(&risk.identity_id).filter(|old| old.retired_on.is_none());
        if risk.retired_on.is_some() {
            if old.is_some() {
                gone.push(told(risk, None, old.as_ref(), risk.retirement_reason.clone()));
            }
            continue;
        }
        let change = match (&old, &before) {
            (None, _) => Some(Change::New),
            (Some(old), Some(before)) => match (risk.score, old.score) {
                (Some(score), Some(old_score)) => Some(policy.change(score, Some((before, old_score)))),
                _ => None,
            },
            (Some(_), None) => None,
        };
        risks_told.push(told(risk, change, old.as_ref(), None));
    }
    for old in earlier.into_values().filter(|old| old.retired_on.is_none()) {
        gone.push(told(&old, None, Some(&old), None));
    }
    gone.sort_by(|a, b| a.reference.cmp(&b.reference));
    Ok(Comparison {
        plan_id: plan.id,
        with_plan_id: named.map(|(id, _)| id),
        with_year: named.map(|(_, year)| year),
        comparable: before.as_ref().is_some_and(|b| policy.comparable(b)),
        risks: risks_told,
        gone,
    })
}

fn told(risk: &Risk, change: Option<Change>, old: Option<&Risk>, reason: Option<String>) -> ComparedRisk {
    ComparedRisk {
        identity_id: risk.identity_id,
        risk_id: risk.id,
        number: risk.number,
        reference: risk.reference.clone(),
        name: risk.name.clone(),
        change,
        score: risk.score,
        previous_score: old.and_then(|o| o.score),
        included: risk.included,
        previously_included: old.map(|o| o.included),
        reason,
    }
}
