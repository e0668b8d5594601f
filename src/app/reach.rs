//! How far a caller reaches: may they see this risk, and may they name this person?

use super::caller::Caller;
use super::places::path_ids;
use crate::domain::roles::{Holder, RiskTarget, Target, Verb};
use crate::error::{Result, Violation};
use crate::storage::records::{Organisation, Plan, Risk, User};
use crate::storage::{Id, Reading};

/// Only a performer's rights depend on who is responsible.
fn asks_who_is_responsible(caller: &Caller) -> bool {
    caller.grants.iter().any(|g| matches!(g.holder, Holder::Performer | Holder::RiskOwner | Holder::Head))
}

/// Where a risk stands, for the decision of rights.
pub fn target(r: &mut Reading, caller: &Caller, risk: &Risk, plan: &Plan) -> Result<RiskTarget> {
    let organisation: Organisation = r.linked(risk.organisation_id)?;
    let asks = asks_who_is_responsible(caller);
    Ok(RiskTarget {
        path: path_ids(&organisation.path),
        status: plan.status,
        adopted_revision: plan.adopted_revision,
        owner: risk.owner_id.map(|o| o.0),
        responsibles: if asks { r.responsibles(risk.id)?.into_iter().map(|u| u.0).collect() } else { Vec::new() },
    })
}

/// Reads together what [`target`] asks for each of some risks.
pub fn know_targets<'a>(r: &mut Reading, caller: &Caller, risks: impl IntoIterator<Item = &'a Risk>) -> Result<()> {
    let (mut ids, mut organisations) = (Vec::new(), Vec::new());
    for risk in risks {
        ids.push(risk.id);
        organisations.push(risk.organisation_id);
    }
    r.all::<Organisation>(organisations)?;
    if asks_who_is_responsible(caller) {
        r.responsibles_of(&ids)?;
    }
    Ok(())
}

/// A risk that the caller may see, with its plan.
pub fn see(r: &mut Reading, caller: &Caller, id: Id) -> Result<(Risk, Plan)> {
    let risk: Risk = r.get(id)?;
    let plan: Plan = r.linked(risk.plan_id)?;
    let target = target(r, caller, &risk, &plan)?;
    caller.may(Verb::SeeRisk, &Target::Risk(target))?;
    Ok((risk, plan))
}

/// A person who can be named: there, visible to the caller, and active.
pub fn person(r: &mut Reading, caller: &Caller, id: Id, at: &str, faults: &mut Vec<Violation>) -> Result<bool> {
    let Some(user) = r.find::<User>(id)? else {
        faults.push(Violation::unknown_reference(at));
        return Ok(false);
    };
    let home: Organisation = r.linked(user.organisation_id)?;
    let target = Target::User { path: path_ids(&home.path), is_self: user.id == caller.id(), held: Vec::new() };
    if !caller.sees(Verb::SeeUser, &target) {
        faults.push(Violation::unknown_reference(at));
    } else if !user.active {
        faults.push(Violation::new(
            at,
            "inactive",
            "Personen är inte längre aktiv.",
            "The person is no longer active.",
        ));
    } else {
        return Ok(true);
    }
    Ok(false)
}
