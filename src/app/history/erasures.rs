//! Erasure (gallring): personal and free text goes, by a recorded decision and two administrators of the region.
//!
//! One asks for it, another confirms; then the text is gone from the register and from its history, which still
//! verifies and shows that something was erased, when, and on which decision.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::{path_ids, region_place};
use crate::app::plan::forms::ReasonForm;
use crate::app::sent::{Envelope, Form, Nothing, Sent};
use crate::domain::roles::{Target, Verb};
use crate::error::{Error, Result, Violation};
use crate::storage::erasure::{REASON, erasable};
use crate::storage::queries::{Listing, Page};
use crate::storage::records::{Erasure, Organisation};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// What is asked to be erased.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasureForm {
    /// What kind of thing has the texts, as the history names it: `user`, `risk`, `control` …
    #[schema(min_length = 1, max_length = 60, format = "name", example = "user")]
    pub entity: String,
    pub entity_id: Id,
    /// The fields whose texts are to go, all that they have been; `reason` for the reasons that were given for what
    /// happened to the thing.
    #[schema(min_items = 1, max_items = 20, example = json!(["name", "email"]))]
    pub fields: Vec<String>,
    /// The reference of the decision: diary number and paragraph. It stays, so it must hold nothing personal.
    #[schema(min_length = 1, max_length = 300, format = "name", example = "RS 2026-0123, § 45")]
    pub decision: String,
}

fn root(r: &mut Reading) -> Result<Organisation> {
    let id = r.root_id()?;
    r.linked(id)
}

/// Whether the caller sees the region's history, and so what has been erased of it.
fn sees(caller: &Caller, root: &Organisation) -> bool {
    caller.sees(Verb::SeeHistory, &Target::Organisation { path: path_ids(&root.path) })
}

/// Whether the caller may look at erasures.
pub fn may_see(r: &mut Reading, caller: &Caller) -> Result<bool> {
    Ok(sees(caller, &root(r)?))
}

/// Whether the caller may ask for erasures, and decide on them.
pub fn may_decide(r: &mut Reading, caller: &Caller) -> Result<bool> {
    let root = root(r)?;
    Ok(caller.sees(Verb::ManageRegionSettings, &Target::Settings { path: path_ids(&root.path) }))
}

/// The gate for what only the region's administrators do.
fn authorize(caller: &Caller, root: &Organisation, sent: &Envelope) -> Result<()> {
    caller.authorize(Verb::ManageRegionSettings, &Target::Settings { path: path_ids(&root.path) }, sent)
}

/// The erasures, the newest first, for those who see the region's history.
pub fn list(r: &mut Reading, caller: &Caller, page: &Listing) -> Result<Page<Erasure>> {
    let root = root(r)?;
    if sees(caller, &root) { r.erasures(page) } else { Ok(Page::whole(Vec::new())) }
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Erasure> {
    let root = root(r)?;
    if sees(caller, &root) { r.get(id) } else { Err(Error::NotFound) }
}

/// Asks for an erasure. Nothing goes until another administrator has confirmed it.
pub fn request(w: &mut Writing, caller: &Caller, sent: &Sent<ErasureForm>) -> Result<Erasure> {
    let root = root(w)?;
    authorize(caller, &root, sent)?;
    let form = sent.judge()?;
    let by = caller.user()?.id;
    let texts = erasable(&form.entity);
    let mut faults = Vec::new();
    if texts.is_empty() {
        faults.push(Violation::new(
            "/entity",
            "nothingToErase",
            "Det finns inga texter att gallra hos det slaget. Beslut och förseglade handlingar är allmänna handlingar.",
            "Things of this kind have no texts to erase. Decisions and sealed documents are public records.",
        ));
    } else {
        for (i, field) in form.fields.iter().enumerate() {
            if field != REASON && !texts.contains(&field.as_str()) {
                let known = texts.join(", ");
                faults.push(Violation::new(
                    format!("/fields/{i}"),
                    "unknownField",
                    format!("Ska vara något av: {known}, {REASON}."),
                    format!("Must be one of: {known}, {REASON}."),
                ));
            }
        }
        if !w.has_history(&form.entity, form.entity_id)? {
            faults.push(Violation::unknown_reference("/entityId"));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let now = Timestamp::now();
    let empty = Json(Vec::new());
    let asked = Erasure {
        id: Id::new(),
        entity: form.entity,
        entity_id: form.entity_id,
        fields: Json(form.fields),
        decision: form.decision,
        requested_by_id: by,
        confirmed_by_id: None,
        confirmed_at: None,
        commitments: empty.clone(),
        sealed_files: empty,
        created_at: now,
        updated_at: now,
        version: 1,
        withdrawn_by_id: None,
        withdrawn_at: None,
    };
    let at = region_place(w)?;
    w.create(at, "erasure.requested", &asked)?;
    Ok(asked)
}

/// An erasure that is still waiting for its confirmation, held, and what was sent about it; for the region's administrators
/// alone.
fn waiting<F: Form>(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<F>) -> Result<(Erasure, F)> {
    let root = root(w)?;
    if !sees(caller, &root) {
        return Err(Error::NotFound);
    }
    let _: Erasure = w.get(id)?;
    authorize(caller, &root, sent)?;
    let form = sent.judge()?;
    let found: Erasure = w.hold(id)?;
    if found.confirmed_at.is_some() {
        return Err(Error::conflict(
            "alreadyErased",
            "Gallringen är redan genomförd.",
            "The erasure has been carried out already.",
        ));
    }
    if found.withdrawn_at.is_some() {
        return Err(Error::conflict(
            "withdrawn",
            "Begäran om gallring är återkallad.",
            "The request for erasure has been withdrawn.",
        ));
    }
    Ok((found, form))
}

/// Takes a request back before it is carried out: whoever made it, or another administrator of the region.
pub fn withdraw(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<Erasure> {
    let (old, form) = waiting(w, caller, id, sent)?;
    let mut new =
        Erasure { withdrawn_by_id: Some(caller.user()?.id), withdrawn_at: Some(Timestamp::now()), ..old.clone() };
    let at = region_place(w)?;
    w.change(at, "erasure.withdrawn", &old, &mut new, Some(&form.reason))?;
    Ok(new)
}

/// Confirms an erasure that another administrator has asked for: the texts go, everywhere but in sealed files.
pub fn confirm(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<Nothing>) -> Result<Erasure> {
    let (old, _) = waiting(w, caller, id, sent)?;
    let by = caller.user()?.id;
    if old.requested_by_id == by {
        return Err(Error::conflict(
            "sameAdministrator",
            "Den som har begärt gallringen kan inte också bekräfta den. Det gör en annan administratör.",
            "Whoever asked for the erasure cannot confirm it too. Another administrator does.",
        ));
    }
    let gone = w.erase_texts(&old.entity, old.entity_id, &old.fields)?;
    let mut new = Erasure {
        confirmed_by_id: Some(by),
        confirmed_at: Some(Timestamp::now()),
        commitments: Json(gone.commitments.into_iter().collect()),
        sealed_files: Json(gone.sealed_files.into_iter().collect()),
        ..old.clone()
    };
    let at = region_place(w)?;
    w.change(at, "erasure.confirmed", &old, &mut new, None)?;
    Ok(new)
}
