//! Who is named for something, and the role that it takes: whoever owns a risk, or is responsible for a control or an
//! action, can see it and report it.

use crate::app::caller::Caller;
use crate::app::caller::grants::grants_of;
use crate::app::places::{path_ids, region_place};
use crate::app::reach;
use crate::domain::roles::{self, Duty, Held, Target, Verb};
use crate::domain::words::{Language, Role};
use crate::error::{Result, Violation};
use crate::storage::records::{Grant, Organisation};
use crate::storage::{Id, Place, Reading, Timestamp, Writing};

/// Somebody is named, and has no role that lets them do it; whoever names may give it in the same step.
pub const ROLE_GRANTABLE: &str = "roleGrantable";
/// The same, and whoever names may not give it.
pub const ROLE_MISSING: &str = "roleMissing";

/// That somebody is named for something.
pub struct Naming<'a> {
    pub user: Id,
    pub duty: Duty,
    /// The risk's own organisation.
    pub at: &'a Organisation,
    /// The role is to be given where it is missing.
    pub grant: bool,
    /// The field that names the person.
    pub field: &'static str,
}

/// Holds it against the register: the person is there, active, and has a role that lets them do it, or is given it. What
/// is refused for another reason takes the role back with the rest.
pub fn judge(w: &mut Writing, caller: &Caller, naming: &Naming, faults: &mut Vec<Violation>) -> Result<()> {
    if reach::person(w, caller, naming.user, naming.field, faults)? {
        hold(w, caller, naming, faults)?;
    }
    Ok(())
}

/// The same of a person who was looked at already.
pub fn hold(w: &mut Writing, caller: &Caller, naming: &Naming, faults: &mut Vec<Violation>) -> Result<()> {
    if is_able(w, naming.user, naming.duty, naming.at)? {
        return Ok(());
    }
    let role = naming.duty.role();
    let path = path_ids(&naming.at.path);
    if !caller.sees(Verb::GrantRole, &Target::Grant(Held { role, path })) {
        faults.push(refusal(naming, ROLE_MISSING));
    } else if naming.grant {
        give(w, naming.user, role, naming.at, false)?;
    } else {
        faults.push(refusal(naming, ROLE_GRANTABLE));
    }
    Ok(())
}

fn is_able(r: &mut Reading, user: Id, duty: Duty, at: &Organisation) -> Result<bool> {
    Ok(roles::can_be_named(user.0, &grants_of(r, user)?, duty, &path_ids(&at.path)))
}

fn refusal(naming: &Naming, code: &'static str) -> Violation {
    let role = naming.duty.role();
    let (place, sv, en) = (&naming.at.name, role.label(Language::Sv), role.label(Language::En));
    let (what_sv, what_en) = match naming.duty {
        Duty::Own => ("äga risker", "own risks"),
        Duty::Answer => ("ansvara för kontroller och åtgärder", "answer for controls and actions"),
    };
    let (then_sv, then_en) = match code {
        ROLE_GRANTABLE => (
            "Välj någon annan, eller ge rollen i samma steg",
            "Choose somebody else, or give the role in the same step",
        ),
        _ => (
            "Välj någon annan, eller be samordnaren att ge rollen",
            "Choose somebody else, or ask the controller to give the role",
        ),
    };
    Violation::new(
        naming.field,
        code,
        format!("Personen har ingen roll i {place} som låter den som har den {what_sv}. {then_sv}: {sv}."),
        format!("The person has no role in {place} that lets its holder {what_en}. {then_en}: {en}."),
    )
}

/// Writes that a person has a role. Whoever asks for it was asked whether they may give it.
pub fn give(w: &mut Writing, user: Id, role: Role, at: &Organisation, drafts: bool) -> Result<Grant> {
    let given = Grant {
        id: Id::new(),
        user_id: user,
        role,
        organisation_id: at.id,
        drafts,
        created_at: Timestamp::now(),
        version: 1,
    };
    let log = region_place(w)?.log;
    w.create(Place { log, organisation: at.id }, "grant.given", &given)?;
    Ok(given)
}
