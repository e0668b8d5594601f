//! What a plan still lacks.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::caller::Caller;
use crate::app::caller::grants::grants_of_all;
use crate::app::findings::plan_answers;
use crate::app::places::{path_ids, words_of};
use crate::app::plan::order::goals_for;
use crate::app::plan::{self, Open};
use crate::app::settings::{indicators, policies, standing_texts};
use crate::domain::checks::{self, Missing};
use crate::domain::roles::{self, Duty};
use crate::domain::scoring::Policy;
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::storage::records::{Action, Control, Organisation, Plan, Risk};
use crate::storage::{Id, Reading};

/// What a plan still lacks.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Checks {
    /// Nothing is missing: the plan can be proposed and adopted.
    pub complete: bool,
    #[schema(value_type = Vec<crate::error::MissingItem>)]
    pub missing: Vec<serde_json::Value>,
}

/// All that the checks look at.
fn facts(
    r: &mut Reading,
    caller: &Caller,
    plan: &Plan,
    body: &Organisation,
    policy: &Policy,
) -> Result<checks::PlanFacts> {
    let mandatory = r
        .mandatory_of_year(plan.year)?
        .into_iter()
        .map(|m| checks::MandatoryFacts { id: m.id.0, kind: m.kind, withdrawn: m.withdrawn_at.is_some(), name: m.name })
        .collect();
    let goals = goals_for(r, body, plan.year)?.into_iter().map(|g| g.id.0).collect();
    let written = r.sections(plan.id)?;
    let unconfirmed = written.iter().filter(|s| s.carried_from_year.is_some()).map(|s| s.section).collect();
    let sections = written.into_iter().map(|s| s.section).collect();
    let texts = standing_texts::in_force(r, body, plan.year, r.today(), Language::Sv)?;
    let risks = r.risks_of_plan(plan.id)?;
    let deficiencies = plan_answers::facts(r, caller, plan, &risks)?;
    let indicators = indicators::of_year(r, plan.year)?
        .into_iter()
        .filter(|(one, owner)| one.targets_from_year.is_some() && owner.path.starts_with(&body.path))
        .map(|(one, _)| (one.id.0, one.name))
        .collect();
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
    let grants = grants_of_all(r, &people)?;
    let at: Vec<Id> = risks.iter().map(|risk| risk.organisation_id).collect();
    let paths: HashMap<Id, Vec<Uuid>> = r.all::<Organisation>(at)?.iter().map(|o| (o.id, path_ids(&o.path))).collect();
    let named = |id: Option<Id>, duty: Duty, risk: &Risk| {
        id.map(|id| {
            let grants = grants.get(&id).map_or(&[][..], Vec::as_slice);
            let path = paths.get(&risk.organisation_id).map_or(&[][..], Vec::as_slice);
            match active.get(&id) {
                Some(true) if roles::can_be_named(id.0, grants, duty, path) => checks::Named::Able,
                Some(true) => checks::Named::WithoutRole,
                _ => checks::Named::Inactive,
            }
        })
    };
    let own_categories = !words_of(r, body, plan.year)?.categories().is_empty();
    let risks = risks
        .into_iter()
        .map(|risk| checks::RiskFacts {
            controls: controls
                .remove(&risk.id)
                .unwrap_or_default()
                .into_iter()
                .map(|c| checks::PartFacts {
                    id: c.id.0,
                    responsible: named(c.responsible_id, Duty::Answer, &risk),
                    dates: None,
                    name: c.name,
                })
                .collect(),
            actions: actions
                .remove(&risk.id)
                .unwrap_or_default()
                .into_iter()
                .map(|a| checks::PartFacts {
                    id: a.id.0,
                    responsible: named(a.responsible_id, Duty::Answer, &risk),
                    dates: Some(checks::DateFacts {
                        carried: a.previous_id.is_some(),
                        start: a.start_date,
                        end: a.end_date,
                    }),
                    name: a.name,
                })
                .collect(),
            owner: named(risk.owner_id, Duty::Own, &risk),
            id: risk.id.0,
            number: risk.number,
            reference: Some(risk.reference),
            name: risk.name,
            goal_id: risk.goal_id.map(|g| g.0),
            // Whose body has categories of its own stands in one of them.
            category: risk.category.filter(|_| risk.own_category.is_some() || !own_categories),
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
        unexplained: plan.adopted_revision.is_some() && plan.revised_because.is_none(),
        organisation_active: body.valid_to.is_none_or(|last| last >= r.today()),
        policy: policy.clone(),
        mandatory,
        goals,
        risks,
        sections,
        unconfirmed,
        standing_text: texts.iter().any(|t| t.key.starts_with(standing_texts::LEGAL_GROUND)),
        deficiencies,
        indicators,
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

/// How much each of some drafts still lacks. However many they are, it is read together.
pub fn counted(r: &mut Reading, caller: &Caller, drafts: &[(Plan, Organisation)]) -> Result<HashMap<Id, usize>> {
    let ids: Vec<Id> = drafts.iter().map(|(plan, _)| plan.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let risks: Vec<Risk> = r.risks_of_plans(&ids)?.into_values().flatten().collect();
    let (controls, actions) = (r.every_control_of_plans(&ids)?, r.every_action_of_plans(&ids)?);
    let mut people: Vec<Id> = risks.iter().filter_map(|risk| risk.owner_id).collect();
    people.extend(controls.values().flatten().filter_map(|control| control.responsible_id));
    people.extend(actions.values().flatten().filter_map(|action| action.responsible_id));
    people.sort();
    people.dedup();
    r.users_by_ids(&people)?;
    r.grants_of_users(&people)?;
    r.sections_of_plans(&ids)?;
    r.deficiencies_in_plans(&ids)?;
    let bodies: Vec<Id> = drafts.iter().map(|(_, body)| body.id).collect();
    let found = r.deficiencies_of_bodies(&bodies)?;
    let parts = risks.iter().map(|risk| risk.organisation_id);
    r.all::<Organisation>(parts.chain(found.values().flatten().map(|one| one.organisation_id)))?;
    let above: BTreeSet<Id> = drafts.iter().flat_map(|(_, body)| path_ids(&body.path)).map(Id).collect();
    r.standing_texts_until(&above.into_iter().collect::<Vec<_>>(), i32::MAX, Language::Sv)?;
    let mut all = HashMap::new();
    for (plan, body) in drafts {
        let policy = policies::definition(r, plan.policy_version_id)?;
        all.insert(plan.id, missing(r, caller, plan, body, &policy)?.len());
    }
    Ok(all)
}

/// What the plan still lacks, at any time.
pub fn checked(r: &mut Reading, caller: &Caller, id: Id, language: Language) -> Result<Checks> {
    let (plan, body) = plan::see_parts(r, caller, id)?;
    let policy = policies::definition(r, plan.policy_version_id)?;
    let missing = missing(r, caller, &plan, &body, &policy)?;
    Ok(Checks {
        complete: missing.is_empty(),
        missing: missing
            .iter()
            .map(|m| serde_json::to_value(crate::error::MissingItem::of(m, language)).map_err(Error::internal))
            .collect::<Result<_>>()?,
    })
}

pub fn require_complete(r: &mut Reading, caller: &Caller, open: &Open) -> Result<()> {
    let missing = missing(r, caller, &open.plan, &open.body, &open.policy)?;
    if missing.is_empty() { Ok(()) } else { Err(Error::Missing(missing)) }
}
