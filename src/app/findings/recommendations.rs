//! What auditors and other reviewers have recommended, as a dialogue of two sides; and the auditors' opinion of a
//! body's year. The auditor writes them, the body answers, and the auditor alone closes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deficiencies::ClosureForm;
use crate::app::caller::Caller;
use crate::app::places::{path_ids, path_text, place};
use crate::app::plan::forms::ReasonForm;
use crate::app::reach::{self, person};
use crate::app::sent::{Envelope, Sent};
use crate::app::settings;
use crate::domain::roles::{self, Target, Verb};
use crate::domain::words::{DialogueSide, RecommendationSource, Sufficiency};
use crate::error::{Bilingual, Error, Result, Violation};
use crate::storage::queries::{Listing, OpinionFilter, Page, RecommendationFilter, SeenAuditRecords};
use crate::storage::records::{Action, AuditOpinion, Organisation, Plan, Recommendation, RecommendationEntry};
use crate::storage::{Id, Json, Place, Reading, Timestamp, Writing};

/// What is written of a recommendation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecommendationForm {
    /// The body, or the part of it, that it is given to. Stays what it is.
    pub organisation_id: Id,
    pub source: RecommendationSource,
    /// The report that it stands in.
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Granskning av inköpsprocessen")]
    pub report: String,
    #[schema(min_length = 1, max_length = 100, format = "name", example = "RK 2024-17")]
    pub diary_number: Option<String>,
    #[schema(minimum = 1990, maximum = 2100, example = 2024)]
    pub year: i32,
    #[schema(min_length = 1, max_length = 20000, example = "Nämnden bör säkerställa att avtalstroheten följs upp.")]
    pub text: String,
    /// Who answers for it at the body.
    pub responsible_id: Option<Id>,
    /// The actions that meet it, of the body's plans.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub action_ids: Vec<Id>,
}

impl RecommendationForm {
    pub fn of(r: &Recommendation) -> Self {
        Self {
            organisation_id: r.organisation_id,
            source: r.source,
            report: r.report.clone(),
            diary_number: r.diary_number.clone(),
            year: r.year,
            text: r.text.clone(),
            responsible_id: r.responsible_id,
            action_ids: r.action_ids.0.clone(),
        }
    }
}

/// What one side says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryForm {
    #[schema(min_length = 1, max_length = 20000, example = "Anvisningen är reviderad och beslutad.")]
    pub text: String,
    /// Today when not given.
    #[schema(example = "2024-10-01")]
    pub dated_on: Option<NaiveDate>,
}

/// What is written of an audit opinion.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpinionForm {
    /// The board or company. Stays what it is.
    pub organisation_id: Id,
    #[schema(minimum = 1990, maximum = 2100, example = 2024)]
    pub year: i32,
    pub judgement: Sufficiency,
    /// The report that it stands in.
    #[schema(min_length = 1, max_length = 500, format = "name", example = "Årsrapport 2024")]
    pub report: String,
    #[schema(min_length = 1, max_length = 100, format = "name", example = "RK 2024-3")]
    pub diary_number: Option<String>,
    #[schema(example = "2025-03-12")]
    pub given_on: NaiveDate,
    #[schema(min_length = 1, max_length = 20000)]
    pub comment: Option<String>,
}

impl OpinionForm {
    fn of(o: &AuditOpinion) -> Self {
        Self {
            organisation_id: o.organisation_id,
            year: o.year,
            judgement: o.judgement,
            report: o.report.clone(),
            diary_number: o.diary_number.clone(),
            given_on: o.given_on,
            comment: o.comment.clone(),
        }
    }
}

fn seen(caller: &Caller) -> SeenAuditRecords {
    let scope = roles::visible_audit_records(&caller.grants);
    let texts = |paths: &[Vec<uuid::Uuid>]| paths.iter().map(|path| path_text(path)).collect();
    SeenAuditRecords { all: texts(&scope.all), responsible: texts(&scope.responsible), user: caller.id() }
}

/// What a right over a recommendation or an opinion is asked of.
pub fn target(organisation: &Organisation, responsible: Option<Id>) -> Target {
    Target::AuditRecord { path: path_ids(&organisation.path), responsible: responsible.map(|u| u.0) }
}

pub fn list(
    r: &mut Reading,
    caller: &Caller,
    filter: &RecommendationFilter,
    listing: &Listing,
) -> Result<Page<Recommendation>> {
    r.recommendations(filter, &seen(caller), listing)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Recommendation> {
    let found: Recommendation = r.get(id)?;
    let organisation: Organisation = r.linked(found.organisation_id)?;
    caller.may(Verb::SeeRecommendation, &target(&organisation, found.responsible_id))?;
    Ok(found)
}

/// The actions of a body that a form names, each of which the caller sees; those that were there before stay.
pub fn actions(
    w: &mut Writing,
    caller: &Caller,
    body: Option<Id>,
    (named, kept): (&[Id], &[Id]),
    at: &str,
    faults: &mut Vec<Violation>,
) -> Result<()> {
    for (i, id) in named.iter().enumerate() {
        let at = format!("{at}/{i}");
        if named[..i].contains(id) {
            faults.push(Violation::new(at, "duplicate", "Åtgärden står två gånger.", "The action stands twice."));
            continue;
        }
        if kept.contains(id) {
            continue;
        }
        let found = match w.find::<Action>(*id)? {
            Some(action) => match reach::see(w, caller, action.risk_id) {
                Ok((_, plan)) => Some(plan),
                Err(Error::NotFound | Error::Forbidden(_)) => None,
                Err(other) => return Err(other),
            },
            None => None,
        };
        match found {
            None => faults.push(Violation::unknown_reference(at)),
            Some(Plan { organisation_id, .. }) if body != Some(organisation_id) => faults.push(Violation::new(
                at,
                "otherBody",
                "Åtgärden hör till en annan organisations plan.",
                "The action belongs to another body.",
            )),
            Some(_) => {}
        }
    }
    Ok(())
}

fn no_body() -> Violation {
    Violation::new(
        "/organisationId",
        "noBody",
        "Organisationen hör inte till någon som fastställer planer.",
        "The organisation belongs to no board or company.",
    )
}

fn stays(w: &mut Writing, id: Id) -> Result<Violation> {
    Ok(match w.find::<Organisation>(id)? {
        Some(_) => settings::stays_with_owner(),
        None => Violation::unknown_reference("/organisationId"),
    })
}

/// Adds a recommendation to a body.
pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<RecommendationForm>) -> Result<Recommendation> {
    caller.authorize_at(w, Verb::WriteRecommendation, sent, "organisationId", |path| Target::Organisation { path })?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    let organisation: Option<Organisation> = w.find(form.organisation_id)?;
    match &organisation {
        None => faults.push(Violation::unknown_reference("/organisationId")),
        Some(found) => {
            caller.may(Verb::WriteRecommendation, &Target::Organisation { path: path_ids(&found.path) })?;
            if found.body_id.is_none() {
                faults.push(no_body());
            }
        }
    }
    let body = organisation.as_ref().and_then(|o| o.body_id);
    if let Some(id) = form.responsible_id {
        person(w, caller, id, "/responsibleId", &mut faults)?;
    }
    actions(w, caller, body, (&form.action_ids, &[]), "/actionIds", &mut faults)?;
    let (Some(organisation), true) = (organisation, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    let now = Timestamp::now();
    let made = Recommendation {
        id: Id::new(),
        organisation_id: organisation.id,
        source: form.source,
        report: form.report,
        diary_number: form.diary_number,
        year: form.year,
        text: form.text,
        responsible_id: form.responsible_id,
        action_ids: Json(form.action_ids),
        closed_on: None,
        closure_reason: None,
        closed_by_id: None,
        created_by_id: by,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let at = place(w, &organisation)?;
    w.create(at, "recommendation.created", &made)?;
    Ok(made)
}

/// Whose side of the dialogue the caller is on; the gate for either.
fn side(caller: &Caller, target: &Target, sent: &Envelope) -> Result<DialogueSide> {
    if caller.sees(Verb::WriteRecommendation, target) {
        caller.authorize(Verb::WriteRecommendation, target, sent)?;
        return Ok(DialogueSide::Auditor);
    }
    caller.authorize(Verb::AnswerRecommendation, target, sent)?;
    Ok(DialogueSide::Body)
}

fn held(w: &mut Writing, id: Id, organisation: &Organisation) -> Result<(Recommendation, Place)> {
    let held = w.hold(id)?;
    Ok((held, place(w, organisation)?))
}

fn closed() -> Error {
    Error::conflict(
        "recommendationClosed",
        "Rekommendationen är avslutad av granskaren.",
        "The recommendation has been closed by the auditor.",
    )
}

/// Changes a recommendation. The body may change who answers for it and the actions that meet it, the auditor all.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<RecommendationForm>) -> Result<Recommendation> {
    let seen: Recommendation = w.get(id)?;
    let organisation: Organisation = w.linked(seen.organisation_id)?;
    let side = side(caller, &target(&organisation, seen.responsible_id), sent)?;
    let (old, at) = held(w, id, &organisation)?;
    sent.expect_current(&old)?;
    let before = RecommendationForm::of(&old);
    let form = sent.merged(&before)?;
    let answered = RecommendationForm {
        responsible_id: form.responsible_id,
        action_ids: form.action_ids.clone(),
        ..before.clone()
    };
    if side == DialogueSide::Body && answered != form {
        return Err(Error::Forbidden(Bilingual::new(
            "Rekommendationen är granskarens. Ni anger vem som svarar för den och vilka åtgärder som möter den.",
            "The recommendation is the auditor's. The body says who answers for it and which actions meet it.",
        )));
    }
    let mut faults = Vec::new();
    if form.organisation_id != old.organisation_id {
        faults.push(stays(w, form.organisation_id)?);
    }
    if let Some(id) = form.responsible_id.filter(|id| before.responsible_id != Some(*id)) {
        person(w, caller, id, "/responsibleId", &mut faults)?;
    }
    let named = (&form.action_ids[..], &before.action_ids[..]);
    actions(w, caller, organisation.body_id, named, "/actionIds", &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if old.closed_on.is_some() && form != before {
        return Err(closed());
    }
    let mut new = Recommendation {
        source: form.source,
        report: form.report,
        diary_number: form.diary_number,
        year: form.year,
        text: form.text,
        responsible_id: form.responsible_id,
        action_ids: Json(form.action_ids),
        ..old.clone()
    };
    w.change(at, "recommendation.changed", &old, &mut new, None)?;
    Ok(new)
}

/// What both sides have said, in the order that it was written.
pub fn entries(r: &mut Reading, caller: &Caller, id: Id, listing: &Listing) -> Result<Page<RecommendationEntry>> {
    get(r, caller, id)?;
    r.recommendation_entries(id, listing)
}

pub fn entry(r: &mut Reading, caller: &Caller, id: Id, entry: Id) -> Result<RecommendationEntry> {
    get(r, caller, id)?;
    r.find::<RecommendationEntry>(entry)?.filter(|e| e.recommendation_id == id).ok_or(Error::NotFound)
}

/// Says something from the caller's side.
pub fn add_entry(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<EntryForm>) -> Result<RecommendationEntry> {
    let seen: Recommendation = w.get(id)?;
    let organisation: Organisation = w.linked(seen.organisation_id)?;
    let side = side(caller, &target(&organisation, seen.responsible_id), sent)?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    let dated_on = form.dated_on.unwrap_or(w.today());
    not_in_the_future("/datedOn", dated_on, w.today())?;
    // Held, so that nothing is said while the auditor closes it.
    let (recommendation, at) = held(w, id, &organisation)?;
    if recommendation.closed_on.is_some() {
        return Err(closed());
    }
    let made = RecommendationEntry {
        id: Id::new(),
        recommendation_id: id,
        side,
        dated_on,
        text: form.text,
        written_by_id: by,
        created_at: Timestamp::now(),
        version: 1,
    };
    w.create(at, "recommendation.entryAdded", &made)?;
    Ok(made)
}

fn not_in_the_future(at: &str, day: NaiveDate, today: NaiveDate) -> Result<()> {
    if day > today {
        return Err(Error::invalid(Violation::new(
            at,
            "dateInFuture",
            "Datumet ligger i framtiden.",
            "The date is in the future.",
        )));
    }
    Ok(())
}

/// A recommendation that only the auditor may move.
fn auditors(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(Recommendation, Place)> {
    let seen: Recommendation = w.get(id)?;
    let organisation: Organisation = w.linked(seen.organisation_id)?;
    caller.authorize(Verb::WriteRecommendation, &target(&organisation, seen.responsible_id), sent)?;
    held(w, id, &organisation)
}

/// Closes a recommendation, with the reason.
pub fn close(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ClosureForm>) -> Result<Recommendation> {
    let (old, at) = auditors(w, caller, id, sent)?;
    sent.expect_current(&old)?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    let closed_on = form.closed_on.unwrap_or(w.today());
    not_in_the_future("/closedOn", closed_on, w.today())?;
    if old.closed_on.is_some() {
        return Err(Error::conflict(
            "alreadyClosed",
            "Rekommendationen är redan avslutad.",
            "The recommendation is closed already.",
        ));
    }
    let mut new = Recommendation {
        closed_on: Some(closed_on),
        closure_reason: Some(form.reason),
        closed_by_id: Some(by),
        ..old.clone()
    };
    w.change(at, "recommendation.closed", &old, &mut new, None)?;
    Ok(new)
}

/// Opens a closed recommendation again, with the reason.
pub fn reopen(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReasonForm>) -> Result<Recommendation> {
    let (old, at) = auditors(w, caller, id, sent)?;
    let form = sent.judge()?;
    if old.closed_on.is_none() {
        return Err(Error::conflict(
            "notClosed",
            "Rekommendationen är inte avslutad.",
            "The recommendation is not closed.",
        ));
    }
    let mut new = Recommendation { closed_on: None, closure_reason: None, closed_by_id: None, ..old.clone() };
    w.change(at, "recommendation.reopened", &old, &mut new, Some(&form.reason))?;
    Ok(new)
}

// Audit opinions.

pub fn opinions(
    r: &mut Reading,
    caller: &Caller,
    filter: &OpinionFilter,
    listing: &Listing,
) -> Result<Page<AuditOpinion>> {
    r.audit_opinions(filter, &seen(caller), listing)
}

pub fn opinion(r: &mut Reading, caller: &Caller, id: Id) -> Result<AuditOpinion> {
    let found: AuditOpinion = r.get(id)?;
    let organisation: Organisation = r.linked(found.organisation_id)?;
    caller.may(Verb::SeeRecommendation, &target(&organisation, None))?;
    Ok(found)
}

/// One opinion of each body and year.
fn refuse_second(w: &mut Writing, opinion: &AuditOpinion) -> Result<()> {
    match w.audit_opinion_of(opinion.organisation_id, opinion.year)? {
        Some(other) if other.id != opinion.id => Err(Error::conflict(
            "auditOpinionExists",
            "Det finns redan en bedömning för det året. Ändra den i stället.",
            "There is an opinion of that year already. Change that one instead.",
        )),
        _ => Ok(()),
    }
}

/// Adds the auditors' opinion of a body's year.
pub fn create_opinion(w: &mut Writing, caller: &Caller, sent: &Sent<OpinionForm>) -> Result<AuditOpinion> {
    caller.authorize_at(w, Verb::WriteRecommendation, sent, "organisationId", |path| Target::Organisation { path })?;
    let by = caller.user()?.id;
    let form = sent.judge()?;
    let organisation: Organisation =
        w.find(form.organisation_id)?.ok_or_else(|| Error::invalid(Violation::unknown_reference("/organisationId")))?;
    caller.may(Verb::WriteRecommendation, &Target::Organisation { path: path_ids(&organisation.path) })?;
    if !organisation.kind.is_body() {
        return Err(Error::invalid(Violation::new(
            "/organisationId",
            "noBody",
            "Organisationen fastställer inga planer.",
            "The organisation is not a board or company.",
        )));
    }
    not_in_the_future("/givenOn", form.given_on, w.today())?;
    let now = Timestamp::now();
    let made = AuditOpinion {
        id: Id::new(),
        organisation_id: organisation.id,
        year: form.year,
        judgement: form.judgement,
        report: form.report,
        diary_number: form.diary_number,
        given_on: form.given_on,
        comment: form.comment,
        created_by_id: by,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    // Held, so that of two that come at once the second sees the first.
    w.hold::<Organisation>(organisation.id)?;
    refuse_second(w, &made)?;
    let at = place(w, &organisation)?;
    w.create(at, "auditOpinion.created", &made)?;
    Ok(made)
}

/// An opinion that the auditor works on.
fn held_opinion(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(AuditOpinion, Place)> {
    let seen: AuditOpinion = w.get(id)?;
    let organisation: Organisation = w.linked(seen.organisation_id)?;
    caller.authorize(Verb::WriteRecommendation, &target(&organisation, None), sent)?;
    w.hold::<Organisation>(organisation.id)?;
    let old: AuditOpinion = w.hold(id)?;
    sent.expect_current(&old)?;
    Ok((old, place(w, &organisation)?))
}

pub fn change_opinion(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<OpinionForm>) -> Result<AuditOpinion> {
    let (old, at) = held_opinion(w, caller, id, sent)?;
    let form = sent.merged(&OpinionForm::of(&old))?;
    if form.organisation_id != old.organisation_id {
        return Err(Error::invalid(stays(w, form.organisation_id)?));
    }
    not_in_the_future("/givenOn", form.given_on, w.today())?;
    let mut new = AuditOpinion {
        year: form.year,
        judgement: form.judgement,
        report: form.report,
        diary_number: form.diary_number,
        given_on: form.given_on,
        comment: form.comment,
        ..old.clone()
    };
    refuse_second(w, &new)?;
    w.change(at, "auditOpinion.changed", &old, &mut new, None)?;
    Ok(new)
}

/// Takes away an opinion that was entered by mistake; its history stays.
pub fn delete_opinion(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (old, at) = held_opinion(w, caller, id, sent)?;
    w.remove(at, "auditOpinion.deleted", &old, None)
}
