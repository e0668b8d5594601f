//! What an indicator aims at for one of the bodies that it concerns: set by the body itself, whoever owns the indicator. It
//! stands with the indicator, so its history is the indicator's, and each event says that it is about the body.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::indicators::{self, body};
use crate::app::caller::Caller;
use crate::app::places::place;
use crate::app::sent::{Envelope, Sent};
use crate::app::settings;
use crate::domain::roles::Verb;
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Indicator, LocalTarget, Organisation};
use crate::storage::{Id, Json, Place, Reading, Writing};

/// What a body writes of its own target.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LocalTargetForm {
    /// As decided.
    #[schema(min_length = 1, max_length = 200, format = "name", example = "<5,5%")]
    pub target: String,
}

/// A body's own target, if it has one. Everyone signed in sees it, as all of an indicator.
pub fn get(r: &mut Reading, caller: &Caller, indicator: Id, body: Id) -> Result<LocalTarget> {
    let (indicator, _, owner) = indicators::with_owner(r, indicator)?;
    let body: Organisation = r.get(body)?;
    caller.may(Verb::SeeCommon, &settings::target(&owner))?;
    of(&indicator, body.id).cloned().ok_or(Error::NotFound)
}

fn of(indicator: &Indicator, body: Id) -> Option<&LocalTarget> {
    indicator.of_bodies().iter().find(|one| one.organisation_id == body)
}

/// May this body have a target of its own: is it one that the indicator concerns, and not its owner, whose target is the
/// indicator's own?
pub fn may_have(indicator: &Indicator, owner: &Organisation, body: &Organisation) -> bool {
    body.id != owner.id && body.body_id == Some(body.id) && indicators::concerns(indicator, owner, body)
}

/// Sets a body's own target; true when it had none.
pub fn set(
    w: &mut Writing,
    caller: &Caller,
    indicator: Id,
    organisation: Id,
    sent: &Sent<LocalTargetForm>,
) -> Result<(LocalTarget, bool)> {
    let (old, owner, theirs) = held(w, caller, indicator, organisation, sent)?;
    let before = of(&old, organisation).cloned();
    match &before {
        Some(before) => sent.expect_current(before)?,
        None => sent.expect_new()?,
    }
    let form = sent.judge()?;
    if before.is_none() && !may_have(&old, &owner, &theirs) {
        let mut faults = Vec::new();
        body(w, organisation, &owner, "/organisationId".into(), &mut faults)?;
        if faults.is_empty() {
            faults.push(Violation::not_concerned("/organisationId"));
        }
        return Err(Error::Invalid(faults));
    }
    let made = LocalTarget { organisation_id: organisation, target: form.target };
    let mut all = old.of_bodies().to_vec();
    match all.iter_mut().find(|one| one.organisation_id == organisation) {
        Some(one) => *one = made.clone(),
        None => all.push(made.clone()),
    }
    keep(w, &owner, &theirs, old, all)?;
    Ok((made, before.is_none()))
}

/// Takes a body's own target back: the board's, or else the council's, is its target again.
pub fn withdraw(w: &mut Writing, caller: &Caller, indicator: Id, organisation: Id, sent: &Envelope) -> Result<()> {
    let (old, owner, theirs) = held(w, caller, indicator, organisation, sent)?;
    let before = of(&old, organisation).ok_or(Error::NotFound)?;
    sent.expect_current(before)?;
    let all = old.of_bodies().iter().filter(|one| one.organisation_id != organisation).cloned().collect();
    keep(w, &owner, &theirs, old, all)
}

/// The indicator under lock, its owner, and the body, once the caller may set what is the body's own.
fn held(
    w: &mut Writing,
    caller: &Caller,
    indicator: Id,
    organisation: Id,
    sent: &Envelope,
) -> Result<(Indicator, Organisation, Organisation)> {
    let (_, _, owner) = indicators::with_owner(w, indicator)?;
    let body: Organisation = w.get(organisation)?;
    settings::authorize(caller, &body, sent)?;
    Ok((w.hold(indicator)?, owner, body))
}

fn keep(
    w: &mut Writing,
    owner: &Organisation,
    body: &Organisation,
    old: Indicator,
    all: Vec<LocalTarget>,
) -> Result<()> {
    let mut new = Indicator { local_targets: (!all.is_empty()).then_some(Json(all)), ..old.clone() };
    if new == old {
        return Ok(());
    }
    let at = Place { organisation: body.id, ..place(w, owner)? };
    w.change(at, "indicator.changed", &old, &mut new, None)?;
    Ok(())
}
