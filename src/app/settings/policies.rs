//! Scoring policies: the matrix as versioned data. A version never changes; a plan names the one it is scored by.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::inclusion::inclusion_facts;
use crate::app::places::{path_ids, place, plan_target, region_place};
use crate::app::sent::{Content, Form, Sent};
use crate::app::settings;
use crate::domain::inclusion::{self, Facts};
use crate::domain::roles::{Target, Verb};
use crate::domain::scoring::Policy;
use crate::domain::words::{InclusionReason, Language, LevelKey, PlanStatus};
use crate::error::{Bilingual, Error, Result, Violation};
use crate::storage::queries::{Listing, Newest, Page, PolicyFilter};
use crate::storage::records::{Organisation, Plan, PolicyVersion, Risk, ScoringPolicy};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// The most plans that a preview looks at, those of the newest years first.
const MOST_PLANS: i64 = 500;

/// The most risks that a preview tells one by one.
const MOST_RISKS: usize = 1_000;

/// What is written of a new policy: with its first version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScoringPolicyForm {
    /// The region, or the body whose own policy it is. Stays what it is.
    pub organisation_id: Id,
    #[schema(min_length = 1, max_length = 200, format = "name", example = "Riskmatris 5 × 5")]
    pub name: String,
    pub definition: Policy,
}

/// What may change of a policy: all else is in its versions.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScoringPolicyNameForm {
    #[schema(min_length = 1, max_length = 200, format = "name", example = "Riskmatris 5 × 5")]
    pub name: String,
}

/// A matrix to try or to keep: the same form previews a version and makes it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyVersionForm {
    pub definition: Policy,
}

/// A scoring policy, with its newest version.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScoringPolicy)]
pub struct PolicyView {
    pub id: Id,
    /// The region, or the body whose own policy it is.
    pub organisation_id: Id,
    #[schema(example = "Riskmatris 5 × 5")]
    pub name: String,
    /// The number of the newest version, from 1.
    #[schema(example = 1)]
    pub newest_version: i32,
    pub newest_version_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts the changes of the name.
    pub version: i64,
}

impl PolicyView {
    fn of(policy: ScoringPolicy, newest: &Newest) -> Self {
        let ScoringPolicy { id, organisation_id, name, created_at, updated_at, version } = policy;
        Self {
            id,
            organisation_id,
            name,
            newest_version: newest.number,
            newest_version_id: newest.id,
            created_at,
            updated_at,
            version,
        }
    }
}

/// The default scale of a new register: 5×5, products.
pub fn make_standard(w: &mut Writing, root: Id, language: Language) -> Result<()> {
    let at = region_place(w)?;
    let policy = new_policy(root, "Riskmatris 5 × 5".into());
    let version = new_version(policy.id, 1, &Policy::standard(language));
    w.create(at, "scoringPolicy.created", &policy)?;
    w.create(at, "policyVersion.created", &version)
}

fn new_policy(owner: Id, name: String) -> ScoringPolicy {
    let now = Timestamp::now();
    ScoringPolicy { id: Id::new(), organisation_id: owner, name, created_at: now, updated_at: now, version: 1 }
}

fn new_version(policy: Id, number: i32, definition: &Policy) -> PolicyVersion {
    PolicyVersion {
        id: Id::new(),
        policy_id: policy,
        number,
        definition: Json(definition.clone()),
        created_at: Timestamp::now(),
        version: 1,
    }
}

/// The matrix of a version. Versions never change, so each is read once.
pub fn definition(r: &mut Reading, version: Id) -> Result<Arc<Policy>> {
    static READ: LazyLock<RwLock<HashMap<Id, Arc<Policy>>>> = LazyLock::new(Default::default);
    if let Some(found) = READ.read().unwrap_or_else(|e| e.into_inner()).get(&version) {
        return Ok(found.clone());
    }
    let stored: PolicyVersion = r.linked(version)?;
    let policy: Arc<Policy> = Arc::new(stored.definition.0);
    let mut read = READ.write().unwrap_or_else(|e| e.into_inner());
    if read.len() > 1000 {
        read.clear();
    }
    read.insert(version, policy.clone());
    Ok(policy)
}

/// The version that a new plan of a body takes: the newest of the first policy of the body itself, of the nearest
/// organisation above it that has one, or else of the region.
pub fn newest_for(r: &mut Reading, body: &Organisation) -> Result<PolicyVersion> {
    for organisation in path_ids(&body.path).into_iter().rev() {
        if let Some(policy) = r.policies_of(Id(organisation))?.first() {
            return newest_of(r, policy.id);
        }
    }
    Err(Error::internal("the region has no scoring policy"))
}

fn newest_of(r: &mut Reading, policy: Id) -> Result<PolicyVersion> {
    r.newest_policy_version(policy)?.ok_or_else(|| Error::internal(format!("policy {policy} has no version")))
}

/// The policies that the filter takes. Everyone signed in sees all of them.
pub fn list(r: &mut Reading, filter: &PolicyFilter, page: &Listing) -> Result<Page<PolicyView>> {
    let found = r.policies(filter, page)?;
    let ids: Vec<Id> = found.items.iter().map(|policy| policy.id).collect();
    let newest: HashMap<Id, Newest> = r.newest_versions(&ids)?.into_iter().map(|n| (n.policy_id, n)).collect();
    let view = |policy: ScoringPolicy| match newest.get(&policy.id) {
        Some(newest) => Ok(PolicyView::of(policy, newest)),
        None => Err(Error::internal(format!("policy {} has no version", policy.id))),
    };
    found.turned(|all| all.into_iter().map(view).collect())
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<PolicyView> {
    let (policy, owner) = with_owner(r, id)?;
    caller.may(Verb::SeeCommon, &settings::target(&owner))?;
    view(r, policy)
}

fn view(r: &mut Reading, policy: ScoringPolicy) -> Result<PolicyView> {
    match r.newest_versions(&[policy.id])?.first() {
        Some(newest) => Ok(PolicyView::of(policy, newest)),
        None => Err(Error::internal(format!("policy {} has no version", policy.id))),
    }
}

fn with_owner(r: &mut Reading, id: Id) -> Result<(ScoringPolicy, Organisation)> {
    let policy: ScoringPolicy = r.get(id)?;
    let owner = r.linked(policy.organisation_id)?;
    Ok((policy, owner))
}

/// The versions of a policy, newest first.
pub fn versions(r: &mut Reading, caller: &Caller, id: Id, page: &Listing) -> Result<Page<PolicyVersion>> {
    get(r, caller, id)?;
    r.policy_versions(id, page)
}

pub fn version(r: &mut Reading, caller: &Caller, id: Id, number: i32) -> Result<PolicyVersion> {
    get(r, caller, id)?;
    r.policy_version(id, number)?.ok_or(Error::NotFound)
}

/// Makes a policy with its first version.
pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<ScoringPolicyForm>) -> Result<PolicyView> {
    let named: Option<Organisation> = sent.named(w, "organisationId")?;
    settings::authorize_new_scale(caller, named.as_ref(), sent)?;
    let (form, mut faults) = judge(sent, |form| &form.definition)?;
    if let Some(owner) = &named
        && !owner.kind.is_body()
        && owner.parent_id.is_some()
    {
        faults.push(Violation::new(
            "/organisationId",
            "notABody",
            "En skala tillhör den översta organisationen eller en som fastställer planer.",
            "A scoring policy belongs to the topmost organisation or to one that adopts plans.",
        ));
    }
    let owner: Option<Organisation> = match &form {
        Some(form) => w.find(form.organisation_id)?,
        None => None,
    };
    if form.is_some() && owner.is_none() {
        faults.push(Violation::unknown_reference("/organisationId"));
    }
    let (Some(form), Some(owner), true) = (form, owner, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    settings::authorize_scale(caller, &owner, sent)?;
    let policy = new_policy(owner.id, form.name);
    let version = new_version(policy.id, 1, &form.definition);
    let at = place(w, &owner)?;
    w.create(at, "scoringPolicy.created", &policy)?;
    w.create(at, "policyVersion.created", &version)?;
    view(w, policy)
}

/// Renames a policy. Adopted plans keep the name that stood in them.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ScoringPolicyNameForm>) -> Result<PolicyView> {
    let (_, owner) = with_owner(w, id)?;
    settings::authorize_scale(caller, &owner, sent)?;
    let old: ScoringPolicy = w.hold(id)?;
    let shown = view(w, old.clone())?;
    sent.expect_current(&shown)?;
    let form = sent.merged(&ScoringPolicyNameForm { name: old.name.clone() })?;
    let mut new = ScoringPolicy { name: form.name, ..old.clone() };
    let before_a_board = |plan: &Plan| plan.status == PlanStatus::Proposed;
    if new.name != old.name && w.open_plans_scored_by(id, i64::MAX)?.items.iter().any(before_a_board) {
        return Err(settings::stands_in_proposed_plan());
    }
    let at = place(w, &owner)?;
    w.change(at, "scoringPolicy.changed", &old, &mut new, None)?;
    view(w, new)
}

/// Makes the next version of a policy. No plan changes by it: a draft takes it on purpose, an adopted plan never.
pub fn add_version(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<PolicyVersionForm>) -> Result<PolicyVersion> {
    let (_, owner) = with_owner(w, id)?;
    settings::authorize_scale(caller, &owner, sent)?;
    let form = read_version(sent)?;
    // Two that come at once wait for each other here, and get numbers of their own.
    w.hold::<ScoringPolicy>(id)?;
    let number = newest_of(w, id)?.number + 1;
    let version = new_version(id, number, &form.definition);
    let at = place(w, &owner)?;
    w.create(at, "policyVersion.created", &version)?;
    Ok(version)
}

fn read_version(sent: &Sent<PolicyVersionForm>) -> Result<PolicyVersionForm> {
    match judge(sent, |form| &form.definition)? {
        (Some(form), faults) if faults.is_empty() => Ok(form),
        (_, faults) => Err(Error::Invalid(faults)),
    }
}

/// Reads a form with a matrix in it. What its schema says of the form and what the rules say of the matrix come
/// together, so that nobody mends one fault only to meet the next.
fn judge<F: Form>(sent: &Sent<F>, matrix: fn(&F) -> &Policy) -> Result<(Option<F>, Vec<Violation>)> {
    let (form, mut faults) = match sent.judge() {
        Ok(form) => (Some(form), Vec::new()),
        Err(Error::Invalid(faults)) => (None, faults),
        Err(other) => return Err(other),
    };
    let policy: Option<Policy> = match (&form, &sent.content) {
        (Some(form), _) => Some(matrix(form).clone()),
        (None, Content::Json(value)) => {
            value.get("definition").and_then(|definition| serde_json::from_value(definition.clone()).ok())
        }
        _ => None,
    };
    for fault in policy.iter().flat_map(Policy::faults) {
        let pointer = format!("/definition{}", fault.pointer);
        if faults.iter().all(|told| told.pointer != pointer) {
            faults.push(Violation { pointer, code: fault.code, said: Bilingual::new(fault.sv, fault.en) });
        }
    }
    Ok((form, faults))
}

/// What a matrix would move, in the plans that the caller may see and that are scored by any version of the policy.
/// Closed plans are history and left out. Looks at 500 plans at most, those of the newest years first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyPreview {
    pub plans: Vec<PreviewedPlan>,
    /// The risks that would change, by plan and number. At most 1000; the counts of the plans count all.
    pub risks: Vec<PreviewedRisk>,
    /// There are more plans, or more risks that would change, than stand here.
    pub truncated: bool,
    /// What in the matrix may be a slip: it is told, and refused nowhere.
    #[serde(default)]
    pub remarks: Vec<PolicyRemark>,
}

/// A cell whose score or level falls where one would expect it to rise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRemark {
    /// JSON Pointer into what was sent.
    #[schema(example = "/definition/cells/3/2/level")]
    pub pointer: String,
    #[schema(example = "levelDecreases")]
    pub code: String,
    #[schema(example = "Nivån för 4 × 3 är lägre än för ett lägre riskvärde eller ett lägre steg.")]
    pub detail: String,
}

/// What a matrix would move in one plan: each of its risks is counted once. Retired risks are not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedPlan {
    pub plan_id: Id,
    pub organisation_id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub status: PlanStatus,
    /// Whether the plan could take the matrix as a new version: only a draft can, before its first adoption. For the
    /// others it tells what the next plan would meet.
    pub applies: bool,
    /// Risks that keep score, level and place, and those without an assessment that stay as they are.
    #[schema(minimum = 0)]
    pub unchanged: u32,
    /// Risks that get another score, level or reason, and stay in the plan or outside it.
    #[schema(minimum = 0)]
    pub moved: u32,
    /// Risks that would come into the plan.
    #[schema(minimum = 0)]
    pub entered: u32,
    /// Risks that would leave the plan.
    #[schema(minimum = 0)]
    pub left: u32,
    /// Risks whose assessments have no place in the matrix, and would be unconfirmed.
    #[schema(minimum = 0)]
    pub unfit: u32,
}

/// What a matrix would do to one risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedRisk {
    pub plan_id: Id,
    #[schema(example = 2024)]
    pub year: i32,
    pub organisation_id: Id,
    pub risk_id: Id,
    #[schema(example = "48301")]
    pub reference: String,
    /// Its number today; null when it is not included.
    pub number: Option<i32>,
    #[schema(example = "Förmåga att tillgodose digitaliseringsbehoven")]
    pub name: String,
    /// By the version that the plan is scored by.
    pub before: Valued,
    /// By the matrix that was sent.
    pub after: Valued,
}

/// A risk as one matrix values it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Valued {
    /// Whether the assessment has a place in the matrix. One that has none is never clamped: it must be made anew.
    pub fits: bool,
    #[schema(example = 12)]
    pub score: Option<i32>,
    pub level: Option<LevelKey>,
    pub included: bool,
    pub inclusion_reason: InclusionReason,
}

fn valued(risk: &Risk, policy: &Policy) -> Valued {
    let assessed = risk.likelihood.zip(risk.consequence);
    let cell = assessed.and_then(|(likelihood, consequence)| policy.value(likelihood, consequence));
    let score = cell.map(|cell| cell.score);
    let answer = inclusion::decide(&Facts { score, ..inclusion_facts(risk, policy) });
    Valued {
        fits: assessed.is_none() || cell.is_some(),
        score,
        level: cell.map(|cell| cell.level),
        included: answer.included,
        inclusion_reason: answer.reason,
    }
}

/// Tries a matrix without keeping it.
pub fn preview(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    language: Language,
    sent: &Sent<PolicyVersionForm>,
) -> Result<PolicyPreview> {
    let (_, owner) = with_owner(r, id)?;
    caller.authorize(Verb::SeeCommon, &settings::target(&owner), sent)?;
    let tried = read_version(sent)?.definition;
    let remarks = tried.remarks().into_iter().map(|remark| PolicyRemark {
        detail: remark.text(language),
        pointer: format!("/definition{}", remark.pointer),
        code: remark.code.to_owned(),
    });
    Ok(PolicyPreview { remarks: remarks.collect(), ..moved_by(r, caller, id, &tried)? })
}

/// What a matrix would move in the plans that any version of this policy scores.
pub fn moved_by(r: &mut Reading, caller: &Caller, id: Id, tried: &Policy) -> Result<PolicyPreview> {
    let Page { items: plans, total, .. } = r.open_plans_scored_by(id, MOST_PLANS)?;
    let mut moved = moved_in(r, caller, plans, tried)?;
    moved.truncated |= total > MOST_PLANS;
    Ok(moved)
}

/// What a matrix would move in these plans, of which the caller is told what they may see.
///
/// Both sides are computed from the assessments, by the plan's own version and by the matrix sent, so that what shows
/// is the matrix's doing alone and not that of assessments made since an adoption.
pub fn moved_in(r: &mut Reading, caller: &Caller, plans: Vec<Plan>, tried: &Policy) -> Result<PolicyPreview> {
    let mut truncated = false;
    let (mut told, mut risks) = (Vec::new(), Vec::new());
    for plan in plans {
        let body: Organisation = r.linked(plan.organisation_id)?;
        if !caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&plan, &body))) {
            continue;
        }
        let own = &*definition(r, plan.policy_version_id)?;
        let mut counts = PreviewedPlan {
            plan_id: plan.id,
            organisation_id: plan.organisation_id,
            year: plan.year,
            status: plan.status,
            applies: plan.status == PlanStatus::Draft && plan.adopted_revision.is_none(),
            unchanged: 0,
            moved: 0,
            entered: 0,
            left: 0,
            unfit: 0,
        };
        for risk in r.risks_of_plan(plan.id)?.into_iter().filter(|risk| risk.retired_on.is_none()) {
            let (before, after) = (valued(&risk, own), valued(&risk, tried));
            let count = match (before, after) {
                (before, after) if before == after => &mut counts.unchanged,
                (_, after) if !after.fits => &mut counts.unfit,
                (before, after) if !before.included && after.included => &mut counts.entered,
                (before, after) if before.included && !after.included => &mut counts.left,
                _ => &mut counts.moved,
            };
            *count += 1;
            if before == after {
                continue;
            }
            if risks.len() == MOST_RISKS {
                truncated = true;
                continue;
            }
            risks.push(PreviewedRisk {
                plan_id: plan.id,
                year: plan.year,
                organisation_id: risk.organisation_id,
                risk_id: risk.id,
                reference: risk.reference,
                number: risk.number,
                name: risk.name,
                before,
                after,
            });
        }
        told.push(counts);
    }
    Ok(PolicyPreview { plans: told, risks, truncated, remarks: Vec::new() })
}
