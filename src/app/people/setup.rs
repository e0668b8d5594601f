//! Making a register: its root, its administrator, its default scale and texts. Done on the host, by the operator.

use serde_json::json;

use super::organisations::OrganisationForm;
use super::users;
use crate::app::places::region_place;
use crate::app::sent::read_form;
use crate::app::settings::{policies, standing_texts};
use crate::auth;
use crate::domain::words::{Language, OrganisationKind, Role};
use crate::error::{Error, Result};
use crate::storage::records::{Grant, Organisation, SigningKey};
use crate::storage::{Id, Place, Reading, Stored, Timestamp, Writing};

/// What a new register is called and who administers it.
pub struct NewRegister<'a> {
    pub name: &'a str,
    /// [`OrganisationKind::Region`] or [`OrganisationKind::Municipality`].
    pub kind: OrganisationKind,
    /// What the auditors are called, where not as usual.
    pub auditors: Option<&'a str>,
    /// Made for demonstration: `demo --fresh` may throw it away.
    pub demo: bool,
    pub administrator: NewUser<'a>,
}

/// A person to add. The password is hashed already.
pub struct NewUser<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
    /// It is told to whoever adds the person, and they choose their own by it.
    pub one_time: bool,
}

/// Makes the register. Refused if there is one already.
pub fn initialise(w: &mut Writing, new: &NewRegister) -> Result<Id> {
    if w.root()?.is_some() {
        return Err(Error::conflict("initialised", "Registret finns redan.", "There is a register already."));
    }
    let now = Timestamp::now();
    let today = now.stockholm_date();
    // What the operator writes is held against the same rules as what comes as a form.
    let form: OrganisationForm =
        read_form(json!({ "kind": new.kind, "name": new.name, "validFrom": today, "auditors": new.auditors }))?;
    let id = Id::new();
    let root = Organisation {
        id,
        parent_id: None,
        kind: form.kind,
        name: form.name,
        abbreviation: None,
        path: format!("{id}/"),
        body_id: None,
        valid_from: today,
        valid_to: None,
        successor_id: None,
        plans: false,
        created_at: now,
        updated_at: now,
        version: 1,
        auditors: form.auditors,
    };
    w.initialise(id, new.kind.as_str(), new.demo)?;
    let at = Place { log: id, organisation: id };
    w.create(at, "organisation.created", &root)?;
    w.open_log(id)?;
    let user = add_user(w, id, &new.administrator)?;
    grant(w, user, Role::RegionAdministrator, id)?;
    policies::make_standard(w, id, Language::Sv)?;
    standing_texts::make_standard(w, id, new.kind)?;
    Ok(id)
}

/// Whether the register knows a key that checkpoints are signed with.
pub fn knows_key(r: &mut Reading, public_key: &str) -> Result<bool> {
    Ok(r.signing_keys()?.iter().any(|known| known.public_key == public_key))
}

/// Takes the key that checkpoints are signed with into the register, unless it is known there already.
pub fn take_key(w: &mut Writing) -> Result<()> {
    let Some(public_key) = w.public_key() else { return Ok(()) };
    if knows_key(w, &public_key)? {
        return Ok(());
    }
    let taken = SigningKey { id: Id::new(), public_key, created_at: Timestamp::now(), version: 1 };
    let at = region_place(w)?;
    w.create(at, "signingKey.taken", &taken)
}

/// Tells the history that the register was written to a file.
pub fn record_export(w: &mut Writing) -> Result<()> {
    let at = region_place(w)?;
    w.record(at, "register.exported", Organisation::ENTITY, at.organisation);
    Ok(())
}

/// Adds a person with a local account at an organisation.
pub fn add_user(w: &mut Writing, organisation: Id, new: &NewUser) -> Result<Id> {
    let user = users::newcomer_of(w, organisation, new.email, new.name)?;
    let at = region_place(w)?;
    w.create(Place { organisation, ..at }, "user.created", &user)?;
    let until = new.one_time.then(|| Timestamp::now().plus_seconds(auth::ONE_TIME_SECONDS));
    w.set_password(user.id, new.password_hash, until)?;
    Ok(user.id)
}

/// Gives a role.
pub fn grant(w: &mut Writing, user: Id, role: Role, organisation: Id) -> Result<Grant> {
    let given = Grant {
        id: Id::new(),
        user_id: user,
        role,
        organisation_id: organisation,
        drafts: false,
        created_at: Timestamp::now(),
        version: 1,
    };
    let at = region_place(w)?;
    w.create(Place { organisation, ..at }, "grant.given", &given)?;
    Ok(given)
}
