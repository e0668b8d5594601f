//! What organisations call their things, from a year on: an organisation's own, and those of the ones above it where it has
//! none, each word by itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::place;
use crate::app::sent::{Envelope, Sent};
use crate::app::settings;
use crate::domain::own_words::OwnWords;
use crate::domain::roles::Verb;
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, Page, WordingFilter};
use crate::storage::records::{Organisation, Wording};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// What is written of an organisation's words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WordingForm {
    /// Whose words they are: the region's, a body's, or those of what lies between; a part of a body speaks as the body. Stays
    /// what it is.
    pub organisation_id: Id,
    /// The first plan year in which they are said; they go on until a later year has others.
    #[schema(minimum = 2000, maximum = 2100, example = 2024)]
    pub year: i32,
    #[serde(default)]
    pub words: OwnWords,
}

/// The words that the filter takes. Everyone signed in sees all of them.
pub fn list(r: &mut Reading, filter: &WordingFilter, page: &Listing) -> Result<Page<Wording>> {
    r.wordings(filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Wording> {
    let found: Wording = r.get(id)?;
    let owner: Organisation = r.linked(found.organisation_id)?;
    caller.may(Verb::SeeCommon, &settings::target(&owner))?;
    Ok(found)
}

pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<WordingForm>) -> Result<Wording> {
    let named: Option<Organisation> = sent.named(w, "organisationId")?;
    settings::authorize_new(caller, named.as_ref(), sent)?;
    let form = sent.judge()?;
    let owner: Organisation =
        w.find(form.organisation_id)?.ok_or_else(|| Error::invalid(Violation::unknown_reference("/organisationId")))?;
    settings::authorize(caller, &owner, sent)?;
    let mut faults = Vec::new();
    if owner.body_id.is_some_and(|body| body != owner.id) {
        faults.push(Violation::new(
            "/organisationId",
            "partOfABody",
            "En plan talar som den nämnd eller det bolag som fastställer den. Egna ord tillhör dem, eller en organisation ovanför.",
            "A plan speaks as the board or the company that adopts it. Own words belong to those, or to an organisation above.",
        ));
    }
    let words = told_apart(form.words, faults)?;
    let now = Timestamp::now();
    let made = Wording {
        id: Id::new(),
        organisation_id: form.organisation_id,
        year: form.year,
        words: Json(words),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    refuse_second(w, &made)?;
    let at = place(w, &owner)?;
    w.create(at, "wording.created", &made)?;
    Ok(made)
}

/// Changes words. What is sealed keeps the words that it was sealed with.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<WordingForm>) -> Result<Wording> {
    let (old, owner) = settings::held(w, caller, id, sent, |one: &Wording| one.organisation_id)?;
    let now = WordingForm { organisation_id: old.organisation_id, year: old.year, words: old.words.0.clone() };
    let form = sent.merged(&now)?;
    settings::refuse_move(w, old.organisation_id, form.organisation_id)?;
    let mut new = Wording { year: form.year, words: Json(told_apart(form.words, Vec::new())?), ..old.clone() };
    refuse_second(w, &new)?;
    let at = place(w, &owner)?;
    w.change(at, "wording.changed", &old, &mut new, None)?;
    Ok(new)
}

pub fn delete(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (old, owner) = settings::held(w, caller, id, sent, |one: &Wording| one.organisation_id)?;
    let at = place(w, &owner)?;
    w.remove(at, "wording.deleted", &old, None)
}

/// Two things of one kind are not called the same, since whoever reads could not tell which is meant. With the other faults of
/// what was sent.
fn told_apart(words: OwnWords, mut faults: Vec<Violation>) -> Result<OwnWords> {
    faults.extend(words.repeated().into_iter().map(|at| {
        Violation::new(
            format!("/words{at}"),
            "repeatedWord",
            "Samma ord står redan för något annat i listan.",
            "The same word stands for something else in the list already.",
        )
    }));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    // A list with nothing in it says no more than none at all.
    let categories = words.categories.filter(|all| !all.is_empty());
    Ok(OwnWords { categories, ..words })
}

/// One wording for each organisation and year.
fn refuse_second(r: &mut Reading, wording: &Wording) -> Result<()> {
    let filter = WordingFilter {
        year: wording.year.into(),
        organisation_id: wording.organisation_id.into(),
        updated_since: None,
    };
    if r.wordings(&filter, &Listing::all())?.items.iter().all(|other| other.id == wording.id) {
        return Ok(());
    }
    Err(Error::conflict(
        "wordingExists",
        "Organisationen har redan egna ord från det året. Ändra dem i stället.",
        "The organisation has words of its own from that year already. Change those instead.",
    ))
}
