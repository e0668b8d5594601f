//! A plan that a verb works on: seen, locked, and held to its life.

pub mod forms;
pub mod year;
pub mod order;
pub mod stages;
pub mod categories;
pub mod references;
pub mod heirs;
pub mod sealed;

use std::sync::Arc;

use chrono::NaiveDate;

use super::caller::Caller;
use super::places::{place, plan_state, plan_target};
use super::sent::Envelope;
use super::settings::policies;
use crate::domain::life::{self, PlanState, PlanVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::scoring::Policy;
use crate::error::Result;
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Place, Reading, Writing};

/// A plan that a verb works on: locked by then, with its body, its scale, and the place of its events.
pub struct Open {
    pub plan: Plan,
    pub body: Organisation,
    pub policy: Arc<Policy>,
    pub at: Place,
}

impl Open {
    pub fn state(&self) -> PlanState {
        plan_state(&self.plan)
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
pub fn open(w: &mut Writing, caller: &Caller, id: Id, verb: Verb, sent: &Envelope) -> Result<Open> {
    let (plan, body) = load(w, id)?;
    caller.authorize(verb, &Target::Plan(plan_target(&plan, &body)), sent)?;
    lock(w, id, body)
}

/// As [`open`], without the lock: for what a verb works out beforehand, and again when the plan is locked.
pub fn look(r: &mut Reading, caller: &Caller, id: Id, verb: Verb, sent: &Envelope) -> Result<Open> {
    let (plan, body) = load(r, id)?;
    caller.authorize(verb, &Target::Plan(plan_target(&plan, &body)), sent)?;
    as_it_is(r, plan, body)
}

/// Locks a plan and reads it as it then is.
pub fn lock(w: &mut Writing, id: Id, body: Organisation) -> Result<Open> {
    let plan = w.lock_plan(id)?;
    as_it_is(w, plan, body)
}

/// A plan as it was read, with its scale and the place of its events.
pub fn as_it_is(r: &mut Reading, plan: Plan, body: Organisation) -> Result<Open> {
    let policy = policies::definition(r, plan.policy_version_id)?;
    let at = place(r, &body)?;
    Ok(Open { plan, body, policy, at })
}

/// The plan, if the caller may see that it is there.
pub fn seen_plan(r: &mut Reading, caller: &Caller, id: Id) -> Result<(Plan, Organisation)> {
    let (plan, body) = load(r, id)?;
    caller.may(Verb::SeePlan, &Target::Plan(plan_target(&plan, &body)))?;
    Ok((plan, body))
}
