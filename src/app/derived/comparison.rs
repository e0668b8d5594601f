//! A plan held against another, risk by risk.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use riskregister_document::snapshot as doc;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::plan_target;
use crate::app::plan::{self, sealed};
use crate::app::settings::policies;
use crate::domain::roles::{Target, Verb};
use crate::domain::scoring::Policy;
use crate::domain::text::by_reference;
use crate::domain::words::Change;
use crate::error::{Error, Result};
use crate::storage::records::{Organisation, Plan, Risk};
use crate::storage::{Id, Reading};

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
#[schema(example = json!({
    "identityId": "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40", "riskId": "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f41", "number": 3,
    "reference": "10913", "name": "Bristande kostnadsmedvetande i organisationen", "change": "raised", "score": 12,
    "previousScore": 8, "included": true, "previouslyIncluded": false, "reason": null, "left": null,
}))]
pub struct ComparedRisk {
    pub identity_id: Id,
    /// The risk in this plan; in the other for one that is gone.
    pub risk_id: Id,
    pub number: Option<i32>,
    pub reference: String,
    pub name: String,
    /// Null for a risk that is gone, or that has no score to compare.
    pub change: Option<Change>,
    pub score: Option<i32>,
    pub previous_score: Option<i32>,
    pub included: bool,
    pub previously_included: Option<bool>,
    /// Why it was retired or set aside, in the body's own words.
    pub reason: Option<String>,
    /// Why a risk that was in the other plan is not in this one; null for one that is, or that was not.
    pub left: Option<Left>,
}

/// Why a risk of an earlier plan is not in a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Left {
    /// Its score is not above the threshold.
    NotAbove,
    /// Its score is not above the threshold, and the region has ended what made it mandatory.
    MandatoryEnded,
    /// Nobody has assessed it for this plan.
    NotAssessed,
    SetAside,
    Retired,
    /// It is not in this plan's register at all.
    NotKept,
}

/// The plan that a plan is held against: the one it was carried over from, or the body's of the year before, if a board has
/// adopted it. What nobody adopted is nothing to compare with.
pub fn previous_plan(r: &mut Reading, plan: &Plan) -> Result<Option<Plan>> {
    let found = match plan.from_plan_id {
        // Of the past, only what this body's logs tell is there.
        Some(id) => r.find(id)?,
        None => r.plan_of(plan.organisation_id, plan.year - 1)?,
    };
    Ok(found.filter(|plan| plan.adopted_revision.is_some()))
}

/// New, changed, unchanged and gone, risk by risk, against another plan: last year's when none is named.
pub fn comparison(
    r: &mut Reading,
    caller: &Caller,
    id: Id,
    with: Option<Id>,
    other: Option<Side>,
) -> Result<Comparison> {
    let (plan, _) = plan::see_parts(r, caller, id)?;
    let other = match (with, other) {
        (_, Some(other)) => Some(other),
        (Some(with), None) => Some(side(r, caller, with)?),
        (None, None) => match previous_plan(r, &plan)? {
            Some(other) => {
                let owner: Organisation = r.linked(other.organisation_id)?;
                let seen = caller.sees(Verb::SeePlanParts, &Target::Plan(plan_target(&other, &owner)));
                if seen { Some(Side::adopted(r, &other)?) } else { None }
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
    /// A plan as its newest adopted revision has it: which risks are in it, and their scores.
    pub fn adopted(r: &mut Reading, plan: &Plan) -> Result<Self> {
        let mut side = Self::of(r, plan)?;
        let Some(revision) = plan.adopted_revision else { return Ok(side) };
        let frozen = sealed::of_revision(r, plan.id, revision)?;
        let adopted: HashMap<&str, &doc::Risk> =
            frozen.goals.iter().flat_map(|goal| &goal.risks).map(|risk| (risk.id.as_str(), risk)).collect();
        for risk in side.risks.values_mut() {
            let then = adopted.get(risk.id.to_string().as_str());
            risk.included = then.is_some();
            if let Some(then) = then {
                risk.score = then.score;
                risk.retired_on = None;
            }
        }
        Ok(side)
    }

    /// A plan as it stands.
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
    let (other, owner) = plan::load(r, id)?;
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
        let left = left(risk, old.as_ref());
        if risk.retired_on.is_some() {
            if old.is_some() {
                let reason = risk.retirement_reason.clone();
                gone.push(ComparedRisk { left, ..compared(risk, None, old.as_ref(), reason) });
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
        let reason = risk.set_aside_reason.clone().filter(|_| left == Some(Left::SetAside));
        risks_told.push(ComparedRisk { left, ..compared(risk, change, old.as_ref(), reason) });
    }
    for old in earlier.into_values().filter(|old| old.retired_on.is_none()) {
        let left = old.included.then_some(Left::NotKept);
        gone.push(ComparedRisk { left, ..compared(&old, None, Some(&old), None) });
    }
    gone.sort_by(|a, b| by_reference(&a.reference, &b.reference));
    Ok(Comparison {
        plan_id: plan.id,
        with_plan_id: named.map(|(id, _)| id),
        with_year: named.map(|(_, year)| year),
        comparable: before.as_ref().is_some_and(|b| policy.comparable(b)),
        risks: risks_told,
        gone,
    })
}

fn compared(risk: &Risk, change: Option<Change>, old: Option<&Risk>, reason: Option<String>) -> ComparedRisk {
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
        left: None,
    }
}

/// Why a risk that was in the earlier plan is not in this one.
fn left(risk: &Risk, old: Option<&Risk>) -> Option<Left> {
    if risk.included || !old.is_some_and(|old| old.included) {
        return None;
    }
    Some(if risk.retired_on.is_some() {
        Left::Retired
    } else if risk.set_aside_reason.is_some() {
        Left::SetAside
    } else if risk.score.is_none() {
        Left::NotAssessed
    } else if risk.formerly_mandatory {
        Left::MandatoryEnded
    } else {
        Left::NotAbove
    })
}
