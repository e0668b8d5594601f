//! Legal and guideline texts: data, versioned by year, the region's default with the bodies' own in its place.
//!
//! A text holds from its year until a later year brings another with the same key. One that has a day of its own holds from
//! that day, by the day of the board's decision, whatever the year of the plan.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::{path_ids, place, region_place};
use crate::app::sent::{Envelope, Sent};
use crate::app::settings;
use crate::domain::manner::{Manner, Named};
use crate::domain::roles::Verb;
use crate::domain::words::{Language, OrganisationKind};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, Page, StandingTextFilter};
use crate::storage::records::{Organisation, StandingText};
use crate::storage::{Id, Reading, Timestamp, Writing};

/// The ground in law of a board's plan; every plan must have it.
pub const LEGAL_GROUND: &str = "legalGround";

/// The ground in law of a company's plan; where there is none, the board's serves.
pub const LEGAL_GROUND_COMPANY: &str = "legalGroundCompany";

/// The guideline for internal control that the region has decided on.
pub const GUIDELINE: &str = "guideline";

/// The first year for which a new register has texts.
const FIRST_YEAR: i32 = 2018;

/// What is written of a standing text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StandingTextForm {
    /// The region, or the organisation whose text stands in place of the region's. Stays what it is.
    pub organisation_id: Id,
    /// The first plan year in which it stands; it goes on until a later year has one with the same key.
    #[schema(minimum = 2000, maximum = 2100, example = 2024)]
    pub year: i32,
    /// A day of that year, where the text holds from a day: it is then chosen by the day of the board's decision, and before
    /// the decision by today, as a law is. Without a day it is chosen by the year of the plan.
    pub valid_from: Option<NaiveDate>,
    pub language: Language,
    /// Which text it is: `legalGround`, `legalGroundCompany` (in its place for companies), `guideline`, or a key of
    /// one's own.
    #[schema(pattern = "^[a-z][A-Za-z]*$", min_length = 2, max_length = 60, example = "guideline")]
    pub key: String,
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Riktlinje för intern kontroll")]
    pub heading: String,
    /// Plain paragraphs, parted by blank lines; a line that begins with `- ` is an item of a list.
    #[schema(min_length = 1, max_length = 20_000, example = "Planen följer regionens riktlinje för intern kontroll.")]
    pub text: String,
}

impl StandingTextForm {
    fn of(t: &StandingText) -> Self {
        Self {
            organisation_id: t.organisation_id,
            year: t.year,
            valid_from: t.valid_from,
            language: t.language,
            key: t.key.clone(),
            heading: t.heading.clone(),
            text: t.text.clone(),
        }
    }
}

/// The texts in force in a body's plan of a year that is decided on a `day`, in the order of the document. Of texts with the
/// same key that of the nearest organisation stands, the body's own before those above it; of one organisation's, that
/// which began last: on its day, not after that of the decision, or with its year, not after the plan's. A company has
/// its own ground in law in place of the board's, where one is in force.
pub fn in_force(
    r: &mut Reading,
    body: &Organisation,
    year: i32,
    day: NaiveDate,
    language: Language,
) -> Result<Vec<StandingText>> {
    let path: Vec<Id> = path_ids(&body.path).into_iter().map(Id).collect();
    let mut found = r.standing_texts_until(&path, year.max(day.year()), language)?;
    found.retain(|t| t.valid_from.map_or(t.year <= year, |from| from <= day));
    let distance = |t: &StandingText| path.iter().rev().position(|id| *id == t.organisation_id);
    let begins = |t: &StandingText| t.valid_from.or_else(|| NaiveDate::from_ymd_opt(t.year, 1, 1));
    found.sort_by_key(|t| (distance(t), std::cmp::Reverse(begins(t))));
    let mut chosen: Vec<StandingText> = Vec::new();
    for text in found {
        if chosen.iter().all(|other| other.key != text.key) {
            chosen.push(text);
        }
    }
    let for_companies =
        body.kind == OrganisationKind::Company && chosen.iter().any(|text| text.key == LEGAL_GROUND_COMPANY);
    let unwanted = if for_companies { LEGAL_GROUND } else { LEGAL_GROUND_COMPANY };
    chosen.retain(|text| text.key != unwanted);
    chosen.sort_by(|a, b| (rank(&a.key), &a.key).cmp(&(rank(&b.key), &b.key)));
    Ok(chosen)
}

fn rank(key: &str) -> u8 {
    match key {
        LEGAL_GROUND | LEGAL_GROUND_COMPANY => 0,
        GUIDELINE => 1,
        _ => 2,
    }
}

/// The texts that the filter takes. Everyone signed in sees all of them.
pub fn list(r: &mut Reading, filter: &StandingTextFilter, page: &Listing) -> Result<Page<StandingText>> {
    r.standing_texts(filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<StandingText> {
    let found: StandingText = r.get(id)?;
    let owner: Organisation = r.linked(found.organisation_id)?;
    caller.may(Verb::SeeCommon, &settings::target(&owner))?;
    Ok(found)
}

pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<StandingTextForm>) -> Result<StandingText> {
    let named: Option<Organisation> = sent.named(w, "organisationId")?;
    settings::authorize_new(caller, named.as_ref(), sent)?;
    let form = sent.judge()?;
    let owner: Organisation =
        w.find(form.organisation_id)?.ok_or_else(|| Error::invalid(Violation::unknown_reference("/organisationId")))?;
    settings::authorize(caller, &owner, sent)?;
    in_its_year(&form)?;
    let now = Timestamp::now();
    let made = StandingText {
        id: Id::new(),
        organisation_id: form.organisation_id,
        valid_from: form.valid_from,
        year: form.year,
        language: form.language,
        key: form.key,
        heading: form.heading,
        text: form.text,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    refuse_second(w, &made)?;
    unseen_by_boards(w, &owner, |w| {
        let at = place(w, &owner)?;
        w.create(at, "standingText.created", &made)
    })?;
    Ok(made)
}

/// Changes a text. Adopted plans keep the words that were decided on.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<StandingTextForm>) -> Result<StandingText> {
    let (old, owner) = settings::held(w, caller, id, sent, |one: &StandingText| one.organisation_id)?;
    let form = sent.merged(&StandingTextForm::of(&old))?;
    settings::refuse_move(w, old.organisation_id, form.organisation_id)?;
    in_its_year(&form)?;
    let mut new = StandingText {
        year: form.year,
        valid_from: form.valid_from,
        language: form.language,
        key: form.key,
        heading: form.heading,
        text: form.text,
        ..old.clone()
    };
    refuse_second(w, &new)?;
    unseen_by_boards(w, &owner, |w| {
        let at = place(w, &owner)?;
        w.change(at, "standingText.changed", &old, &mut new, None)
    })?;
    Ok(new)
}

pub fn delete(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (old, owner) = settings::held(w, caller, id, sent, |one: &StandingText| one.organisation_id)?;
    unseen_by_boards(w, &owner, |w| {
        let at = place(w, &owner)?;
        w.remove(at, "standingText.deleted", &old, None)
    })
}

/// The day that a text holds from lies in its year.
fn in_its_year(form: &StandingTextForm) -> Result<()> {
    if form.valid_from.is_none_or(|from| from.year() == form.year) {
        return Ok(());
    }
    Err(Error::invalid(Violation::new(
        "/validFrom",
        "otherYear",
        format!("Dagen ska ligga i textens år, {}.", form.year),
        format!("The day must lie in the year of the text, {}.", form.year),
    )))
}

/// One text for each organisation, year, language and key.
fn refuse_second(r: &mut Reading, text: &StandingText) -> Result<()> {
    let filter = StandingTextFilter {
        year: text.year.into(),
        organisation_id: text.organisation_id.into(),
        language: text.language.into(),
        key: Some(text.key.clone()),
        updated_since: None,
    };
    if r.standing_texts(&filter, &Listing::all())?.items.iter().all(|other| other.id == text.id) {
        return Ok(());
    }
    Err(Error::conflict(
        "standingTextExists",
        "Organisationen har redan en text med den nyckeln för året och språket. Ändra den i stället.",
        "The organisation has a text with that key for the year and language already. Change that one instead.",
    ))
}

/// Does something with an organisation's texts, and undoes it by its error if a plan that lies before its board would
/// no longer say what the board was given.
fn unseen_by_boards<T>(w: &mut Writing, owner: &Organisation, f: impl FnOnce(&mut Writing) -> Result<T>) -> Result<T> {
    let before = before_boards(w, owner)?;
    let done = f(w)?;
    if before_boards(w, owner)? == before { Ok(done) } else { Err(settings::stands_in_proposed_plan()) }
}

/// What proposed plans at or below an organisation say of the standing texts.
fn before_boards(r: &mut Reading, owner: &Organisation) -> Result<Vec<(Id, String, String)>> {
    let mut said = Vec::new();
    for plan in r.proposed_plans()? {
        let body: Organisation = r.linked(plan.organisation_id)?;
        if !body.path.starts_with(&owner.path) {
            continue;
        }
        let path: Vec<Id> = path_ids(&body.path).into_iter().map(Id).collect();
        for language in [Language::Sv, Language::En] {
            // Whichever day the board decides on: each day that something begins on, and one before them all.
            let all = r.standing_texts_until(&path, i32::MAX, language)?;
            let days: BTreeSet<NaiveDate> = all.into_iter().filter_map(|text| text.valid_from).collect();
            for day in std::iter::once(NaiveDate::MIN).chain(days) {
                let texts = in_force(r, &body, plan.year, day, language)?;
                said.extend(texts.into_iter().map(|t| (plan.id, t.heading, t.text)));
            }
        }
    }
    // A day on which nothing of theirs begins tells nothing new.
    said.sort();
    said.dedup();
    Ok(said)
}

/// The day from which internal control shall also prevent errors and irregularities (prop. 2024/25:80).
const NEW_LAW: (i32, u32, u32) = (2025, 7, 1);

/// The texts that a new register begins with, in our own words; the region edits them.
pub fn make_standard(w: &mut Writing, root: Id, kind: OrganisationKind) -> Result<()> {
    let council = Manner::of(kind).the(Named::Council, Language::Sv);
    let of_boards = |control: &str| {
        format!(
            "Varje nämnd ansvarar för att verksamheten inom nämndens område bedrivs enligt de mål och riktlinjer som {council} har beslutat om och enligt de lagar och föreskrifter som gäller för den. {control} Ansvaret kvarstår när skötseln av en uppgift har lämnats över till någon annan.\n\nAnsvaret framgår av 6 kap. 6 § kommunallagen (2017:725)"
        )
    };
    let (year, month, day) = NEW_LAW;
    let new_law = NaiveDate::from_ymd_opt(year, month, day);
    let texts = [
        (
            LEGAL_GROUND,
            FIRST_YEAR,
            None,
            of_boards(
                "Nämnden ska också se till att den interna kontrollen är tillräcklig och att verksamheten i övrigt bedrivs på ett tillfredsställande sätt.",
            ) + ".",
        ),
        (
            LEGAL_GROUND,
            year,
            new_law,
            of_boards(
                "Nämnden ska också se till att den interna kontrollen är tillräcklig, även för att förebygga fel och oegentligheter, och att verksamheten i övrigt bedrivs på ett tillfredsställande sätt.",
            ) + " i den lydelse som gäller från den 1 juli 2025.",
        ),
        (
            LEGAL_GROUND_COMPANY,
            FIRST_YEAR,
            None,
            format!(
                "Styrelsen svarar för bolagets organisation och för förvaltningen av bolagets angelägenheter. Styrelsen ska se till att organisationen är utformad så att bokföring, medelsförvaltning och ekonomiska förhållanden i övrigt kontrolleras på ett betryggande sätt. Det framgår av 8 kap. 4 § aktiebolagslagen (2005:551).\n\nBolaget följer därutöver de ägardirektiv och riktlinjer som {council} har beslutat om."
            ),
        ),
    ];
    let now = Timestamp::now();
    let at = region_place(w)?;
    for (key, year, valid_from, text) in texts {
        let made = StandingText {
            id: Id::new(),
            organisation_id: root,
            year,
            valid_from,
            language: Language::Sv,
            key: key.into(),
            heading: "Rättslig grund".into(),
            text,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        w.create(at, "standingText.created", &made)?;
    }
    Ok(())
}
