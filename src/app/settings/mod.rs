//! What goals, indicators, scoring policies, standing texts and own words have in common: each belongs to an organisation, the
//! region or one below it, and by that it is decided who may change it. Everyone signed in may see them.

pub(crate) mod goals;
pub(crate) mod indicators;
pub mod local_targets;
pub mod standing_texts;
pub mod wordings;
pub mod policies;

use uuid::Uuid;

use super::caller::Caller;
use super::places::path_ids;
use super::sent::Envelope;
use crate::domain::roles::{Target, Verb};
use crate::error::{Error, Result, Violation};
use crate::storage::records::Organisation;
use crate::storage::{Id, Stored, Writing};

/// The things of an organisation, for the decision of rights.
pub fn target(owner: &Organisation) -> Target {
    Target::Settings { path: path_ids(&owner.path) }
}

/// What the region issues is the regional office's to change, the rest the body's.
fn verb(path: &[Uuid]) -> Verb {
    if path.len() == 1 { Verb::ManageRegionSettings } else { Verb::ManageBodySettings }
}

/// A body's scale may be made by the regional office too.
fn scale_verb(path: &[Uuid]) -> Verb {
    if path.len() == 1 { Verb::ManageRegionSettings } else { Verb::ManageBodyScales }
}

/// May the caller change what belongs to this organisation?
pub fn authorize(caller: &Caller, owner: &Organisation, sent: &Envelope) -> Result<()> {
    authorize_by(verb, caller, owner, sent)
}

/// May the caller change a scale that belongs to this organisation?
pub fn authorize_scale(caller: &Caller, owner: &Organisation, sent: &Envelope) -> Result<()> {
    authorize_by(scale_verb, caller, owner, sent)
}

fn authorize_by(verb: fn(&[Uuid]) -> Verb, caller: &Caller, owner: &Organisation, sent: &Envelope) -> Result<()> {
    let path = path_ids(&owner.path);
    caller.authorize(verb(&path), &Target::Settings { path }, sent)
}

/// The same as a question, for whoever shows what can be done.
pub fn may(caller: &Caller, owner: &Organisation) -> bool {
    may_at(caller, path_ids(&owner.path))
}

/// The same of the organisation at the end of a path.
pub fn may_at(caller: &Caller, path: Vec<Uuid>) -> bool {
    caller.sees(verb(&path), &Target::Settings { path })
}

/// The same of a scale.
pub fn may_scale(caller: &Caller, owner: &Organisation) -> bool {
    let path = path_ids(&owner.path);
    caller.sees(scale_verb(&path), &Target::Settings { path })
}

/// May the caller make something for the organisation that the form names? Rights come before faults, so this is asked
/// before the form is judged, and asked again of the form itself. A form that names no organisation is judged for
/// those who may make such things somewhere.
pub fn authorize_new(caller: &Caller, named: Option<&Organisation>, sent: &Envelope) -> Result<()> {
    authorize_new_by(verb, caller, named, sent)
}

/// The same of a scale.
pub fn authorize_new_scale(caller: &Caller, named: Option<&Organisation>, sent: &Envelope) -> Result<()> {
    authorize_new_by(scale_verb, caller, named, sent)
}

fn authorize_new_by(
    verb: fn(&[Uuid]) -> Verb,
    caller: &Caller,
    named: Option<&Organisation>,
    sent: &Envelope,
) -> Result<()> {
    if let Some(owner) = named {
        return authorize_by(verb, caller, owner, sent);
    }
    for grant in &caller.grants {
        let own = grant.organisation_path.clone();
        // Whoever reaches only what lies below the organisation of the grant reaches this.
        let below = own.iter().copied().chain([Uuid::nil()]).collect::<Vec<_>>();
        for path in [own, below] {
            let (verb, target) = (verb(&path), Target::Settings { path });
            if caller.sees(verb, &target) {
                return caller.authorize(verb, &target, sent);
            }
        }
    }
    caller.authorize(Verb::ManageBodySettings, &Target::Settings { path: Vec::new() }, sent)
}

/// A thing of an organisation's under lock, once the caller may change it and it is as they saw it.
pub fn held<T: Stored>(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    sent: &Envelope,
    owner: impl Fn(&T) -> Id,
) -> Result<(T, Organisation)> {
    let seen: T = w.get(id)?;
    let owner = w.linked(owner(&seen))?;
    authorize(caller, &owner, sent)?;
    let old: T = w.hold(id)?;
    sent.expect_current(&old)?;
    Ok((old, owner))
}

/// Refuses to move something to another organisation.
pub fn refuse_move(w: &mut Writing, from: Id, to: Id) -> Result<()> {
    if from == to {
        return Ok(());
    }
    Err(Error::invalid(match w.find::<Organisation>(to)? {
        Some(_) => stays_with_owner(),
        None => Violation::unknown_reference("/organisationId"),
    }))
}

/// The fault of moving something to another organisation.
pub fn stays_with_owner() -> Violation {
    Violation::new(
        "/organisationId",
        "cannotChange",
        "Organisationen kan inte bytas i efterhand, eftersom historiken ligger hos den.",
        "The organisation cannot be changed afterwards, since the history lies with it.",
    )
}

/// The refusal to change what a board has before it: what it sees is what is sealed.
pub fn stands_in_proposed_plan() -> Error {
    Error::conflict(
        "standsInProposedPlan",
        "Det här står i en plan som är överlämnad för beslut, och kan ändras när planen har fastställts eller kommit tillbaka.",
        "This stands in a plan that lies before its board for decision, and can be changed once the plan is adopted or has come back.",
    )
}
