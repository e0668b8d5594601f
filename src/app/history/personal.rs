//! What the register holds about a person, as one file: for the person, and for who administers people (GDPR, article 15).
//!
//! It tells of the account, of each thing that names the person, and of each event that they brought about, by ids and links.
//! What stands in a thing is told where whoever asks sees the thing itself, so the file shows nothing that is hidden elsewhere;
//! what nobody but its writer reads, to the writer alone; and never what opens anything.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::told::EventLinks;
use crate::app::caller::Caller;
use crate::app::findings::{deficiencies, recommendations};
use crate::app::people::{guesses, users};
use crate::app::{plan, reach};
use crate::domain::events::EventKind;
use crate::domain::roles::Verb;
use crate::domain::webhooks::path_of;
use crate::domain::words::{Language, MailKind, MailStatus, Period};
use crate::error::{Error, Result};
use crate::storage::queries::{Act, Listing, MailFilter, Naming};
use crate::storage::records::{
    Action, Control, Deficiency, Grant, Indicator, Note, Organisation, Plan, Recommendation, RecommendationEntry, Risk,
    User,
};
use crate::storage::{Id, Reading, Stored, Timestamp};

/// What the register holds about a person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonalData {
    /// When this was put together.
    pub made_at: Timestamp,
    pub user: User,
    pub grants: Vec<Grant>,
    /// When the password was last chosen; null for who has none. The password itself is not known to the register.
    pub password_changed_at: Option<Timestamp>,
    /// Those that are kept: thirty days after they have ended they are forgotten.
    pub sessions: Vec<KeptSession>,
    /// What is kept of sign-ins that failed with the person's address, and of wrong tries to say the current password.
    pub sign_in_attempts: Vec<KeptAttempt>,
    /// The links by which a password can be chosen: without what opens them.
    pub password_links: Vec<KeptLink>,
    /// Whether they wish the weekly letter; null where they have never said.
    pub weekly_letter: Option<bool>,
    /// Since when their calendar has an address; null where it has none.
    pub calendar_since: Option<Timestamp>,
    pub letters: Vec<KeptLetter>,
    /// What they have written in forms and not saved.
    pub drafts: Vec<KeptDraft>,
    /// The workbooks that they have uploaded, and that are kept.
    pub imports: Vec<KeptImport>,
    /// Requests of theirs of the last day whose answers are kept, for the same request again.
    pub kept_answers: Vec<KeptAnswer>,
    /// Each thing that names the person: what they own and are responsible for, and what they wrote, decided or reported.
    pub named_in: Vec<NamedIn>,
    /// How many events they brought about, by kind.
    #[schema(value_type = Object, example = json!({"risk.assessed": 12}))]
    pub acts_by_kind: BTreeMap<String, u64>,
    /// The events that they brought about, log by log: what they made, changed and took away, webhooks and service accounts
    /// among it.
    pub acts: Vec<KeptEvent>,
    /// The events that are about them.
    pub events_about: Vec<KeptEvent>,
    /// What holds their name besides, and is not listed here.
    pub elsewhere: Vec<String>,
}

/// A session that is kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptSession {
    pub id: Id,
    /// How they signed in: `password`, `oidc` …
    #[schema(example = "password")]
    pub authentication: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// By what: a browser and a system, or a program, as it said of itself.
    #[schema(example = "Firefox, Windows")]
    pub device: Option<String>,
    /// From where: a keyed hash, by which the register knows the place again, and nothing else of it.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub place: Option<String>,
    /// What the issuer calls them, and its own session, where they signed in there.
    #[schema(example = "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ")]
    pub issuer_subject: Option<String>,
    #[schema(example = "08a5019c-17e1-4977-8f42-65a12843ea02")]
    pub issuer_session: Option<String>,
}

/// Passwords that were wrong, from one place or from all that are not known together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptAttempt {
    /// How many, one soon after the other.
    #[schema(minimum = 0, example = 1)]
    pub failed: i32,
    pub last_failed_at: Timestamp,
    pub locked_until: Option<Timestamp>,
    /// From one place or browser; else from all that are not known together, or of who was signed in and said the current password.
    #[schema(example = true)]
    pub from_one_place: bool,
    /// When all the tries of a day would be there again.
    pub spent_until: Option<Timestamp>,
}

/// A link by which a password can be chosen.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptLink {
    /// Who invited; null where the password was forgotten.
    pub invited_by_id: Option<Id>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A letter to the person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptLetter {
    pub id: Id,
    pub kind: MailKind,
    pub status: MailStatus,
    pub plan_id: Option<Id>,
    pub period: Option<Period>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// A workbook that was uploaded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptImport {
    pub id: Id,
    /// The plan that it was for, where it was of risks; else the organisation.
    pub plan_id: Option<Id>,
    pub organisation_id: Option<Id>,
    #[schema(example = "risker.xlsx")]
    pub file_name: String,
    pub created_at: Timestamp,
    /// When it was executed; null while it was not.
    pub executed_at: Option<Timestamp>,
}

/// What was written in a form and not saved.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptDraft {
    /// The path of the page.
    #[schema(example = "/risks/0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40")]
    pub page: String,
    /// The form on it.
    #[schema(example = "risk")]
    pub form: String,
    pub saved_at: Timestamp,
    /// The fields and what stands in them, in pairs: told to the writer alone.
    #[schema(value_type = Option<Vec<Vec<String>>>, example = json!([["/name", "Fel i lönesystemet"]]))]
    pub fields: Option<Box<RawValue>>,
}

/// A request whose answer is kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptAnswer {
    #[schema(example = "POST")]
    pub method: String,
    #[schema(example = "/risks/{id}/assessments")]
    pub path: String,
    pub created_at: Timestamp,
}

/// A thing that names the person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedIn {
    #[schema(example = "risk")]
    pub entity: String,
    pub id: Id,
    /// Its field that names them.
    #[schema(example = "ownerId")]
    pub field: String,
    /// The plan that it is a part of.
    pub plan_id: Option<Id>,
    /// The risk that it is a part of.
    pub risk_id: Option<Id>,
    /// Where it is read; null for what has no address.
    #[schema(example = "https://risk.example.org/api/v1/risks/0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40")]
    pub link: Option<String>,
    /// What it is called; null where it has no name, or whoever asks does not see it.
    #[schema(example = "Fel i lönesystemet")]
    pub name: Option<String>,
    /// The thing as it is; null where whoever asks does not see it.
    #[schema(value_type = Option<Object>)]
    pub content: Option<Map<String, Value>>,
}

/// An event, without what it tells: that stands in the history.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptEvent {
    pub log: Id,
    #[schema(minimum = 0, example = 17)]
    pub n: i64,
    pub time: Timestamp,
    #[schema(value_type = EventKind)]
    pub kind: String,
    #[schema(example = "risk")]
    pub entity: String,
    pub id: Id,
    /// The event in the history.
    #[schema(example = "https://risk.example.org/api/v1/logs/0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40/events/17")]
    pub link: String,
}

/// What holds a person's name and is not listed, in Swedish and English.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "Fastställda planer och beslutade rapporter: namnen på dem som ägde och svarade för något när nämnden beslutade. De är \
         allmänna handlingar och ändras inte.",
        "Sealed plans and reports: the names of those who owned and were responsible, as the board decided on them. They are \
         public records and stay as they were.",
    ),
    (
        "Texter som andra har skrivit kan nämna personen; en sökning hittar dem.",
        "Texts that others wrote may name the person; a search finds them.",
    ),
    (
        "Säkerhetskopior och tjänstens logg, som driften har hand om och svarar för.",
        "Backups and the service's log, which the operator keeps and answers for.",
    ),
];

/// What the register holds about who asks.
pub fn mine(r: &mut Reading, caller: &Caller, public_url: &str, language: Language) -> Result<PersonalData> {
    let me = caller.user()?.clone();
    about(r, caller, me, public_url, language)
}

/// What the register holds about somebody, for who administers them.
pub fn of(r: &mut Reading, caller: &Caller, id: Id, public_url: &str, language: Language) -> Result<PersonalData> {
    let user: User = r.get(id)?;
    let target = users::target(r, caller, &user)?;
    caller.may(Verb::ReadPersonalData, &target)?;
    about(r, caller, user, public_url, language)
}

fn about(r: &mut Reading, caller: &Caller, user: User, public_url: &str, language: Language) -> Result<PersonalData> {
    let own = user.id == caller.id();
    let guesses = [guesses::with_address(&user.email), guesses::with_current(user.id)];
    let account = r.account(user.id, &guesses)?;
    let letters = r.mails(&MailFilter { user_id: user.id.into(), ..MailFilter::default() }, &Listing::all())?.items;
    let mut namings = r.naming(user.id)?;
    for note in r.notes_mentioning(user.id)? {
        let fields = match serde_json::to_value(&note).map_err(Error::internal)? {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        namings.push(Naming { entity: Note::ENTITY, id: note.id, field: "mentionedIds", fields });
    }
    know(r, caller, &namings)?;
    let named_in = namings.into_iter().map(|naming| named(r, caller, naming, public_url)).collect::<Result<_>>()?;
    let acts = r.acts_of(user.id)?;
    let mut acts_by_kind = BTreeMap::new();
    for act in &acts {
        *acts_by_kind.entry(act.kind.clone()).or_default() += 1;
    }
    let event = |act: Act| KeptEvent {
        link: EventLinks::new(public_url, act.log_id, act.n, None).event,
        log: act.log_id,
        n: act.n,
        time: act.time,
        kind: act.kind,
        entity: act.entity,
        id: act.entity_id,
    };
    Ok(PersonalData {
        made_at: Timestamp::now(),
        grants: r.grants_with_organisations(user.id)?.into_iter().map(|(grant, _)| grant).collect(),
        password_changed_at: account.password_changed_at,
        sessions: account
            .sessions
            .into_iter()
            .map(|s| KeptSession {
                id: s.id,
                authentication: s.authentication,
                created_at: s.created_at,
                expires_at: s.expires_at,
                ended_at: s.ended_at,
                device: s.device,
                place: s.place,
                issuer_subject: s.issuer_subject,
                issuer_session: s.issuer_session,
            })
            .collect(),
        sign_in_attempts: account
            .attempts
            .into_iter()
            .map(|a| KeptAttempt {
                failed: a.failed,
                last_failed_at: a.last_failed_at,
                locked_until: a.locked_until,
                from_one_place: a.account.is_some(),
                spent_until: a.spent_until,
            })
            .collect(),
        password_links: account
            .links
            .into_iter()
            .map(|l| KeptLink { invited_by_id: l.invited_by_id, created_at: l.created_at, expires_at: l.expires_at })
            .collect(),
        weekly_letter: account.weekly_letter,
        calendar_since: account.calendar_since,
        letters: letters
            .into_iter()
            .map(|m| KeptLetter {
                id: m.id,
                kind: m.kind,
                status: m.status,
                plan_id: m.plan_id,
                period: m.period,
                created_at: m.created_at,
                finished_at: m.finished_at,
            })
            .collect(),
        drafts: account
            .drafts
            .into_iter()
            .map(|d| {
                let fields = own.then(|| RawValue::from_string(d.fields).map_err(Error::internal)).transpose()?;
                Ok(KeptDraft { page: d.page, form: d.form, saved_at: d.saved_at, fields })
            })
            .collect::<Result<_>>()?,
        imports: account
            .imports
            .into_iter()
            .map(|one| KeptImport {
                id: one.id,
                plan_id: one.plan_id,
                organisation_id: one.organisation_id,
                file_name: one.file_name,
                created_at: one.created_at,
                executed_at: one.executed_at,
            })
            .collect(),
        kept_answers: account
            .kept_answers
            .into_iter()
            .map(|(method, path, created_at)| KeptAnswer { method, path, created_at })
            .collect(),
        named_in,
        acts_by_kind,
        acts: acts.into_iter().map(event).collect(),
        events_about: r.events_about(user.id)?.into_iter().map(event).collect(),
        elsewhere: ELSEWHERE
            .iter()
            .map(|(sv, en)| if language == Language::Sv { (*sv).to_owned() } else { (*en).to_owned() })
            .collect(),
        user,
    })
}

fn id_in(fields: &Map<String, Value>, field: &str) -> Option<Id> {
    fields.get(field)?.as_str()?.parse().ok()
}

/// Reads together what is asked for each thing: what it is a part of, and where that stands.
fn know(r: &mut Reading, caller: &Caller, namings: &[Naming]) -> Result<()> {
    let all = |field: &str| -> Vec<Id> { namings.iter().filter_map(|naming| id_in(&naming.fields, field)).collect() };
    let of = |entity: &str| -> Vec<Id> {
        namings.iter().filter(|naming| naming.entity == entity).map(|naming| naming.id).collect()
    };
    let mut risks = [all("riskId"), of(Risk::ENTITY)].concat();
    risks.extend(r.all::<Control>(all("controlId"))?.iter().map(|control| control.risk_id));
    risks.extend(r.all::<Action>(all("actionId"))?.iter().map(|action| action.risk_id));
    let risks: Vec<Risk> = r.all(risks)?;
    reach::know_targets(r, caller, &risks)?;
    let plans: Vec<Plan> = r.all(risks.iter().map(|risk| risk.plan_id).chain(all("planId")))?;
    r.all::<Organisation>(plans.iter().map(|plan| plan.organisation_id).chain(all("organisationId")))?;
    r.all::<Recommendation>(all("recommendationId"))?;
    Ok(())
}

/// The risk that a thing is, or is a part of.
fn risk_of(r: &mut Reading, naming: &Naming) -> Result<Option<Id>> {
    if naming.entity == Risk::ENTITY {
        return Ok(Some(naming.id));
    }
    if let Some(risk) = id_in(&naming.fields, "riskId") {
        return Ok(Some(risk));
    }
    if let Some(control) = id_in(&naming.fields, "controlId") {
        return Ok(r.find::<Control>(control)?.map(|control| control.risk_id));
    }
    match id_in(&naming.fields, "actionId") {
        Some(action) => Ok(r.find::<Action>(action)?.map(|action| action.risk_id)),
        None => Ok(None),
    }
}

/// Whether whoever asks sees a thing: by the right to what it is a part of.
fn sees(r: &mut Reading, caller: &Caller, naming: &Naming, risk: Option<Id>) -> Result<bool> {
    let seen = match (naming.entity, risk, id_in(&naming.fields, "planId")) {
        // Less is seen of these than of the plan and the risk that they are about.
        (Deficiency::ENTITY, ..) => deficiencies::get(r, caller, naming.id).map(drop),
        (Recommendation::ENTITY, ..) => recommendations::get(r, caller, naming.id).map(drop),
        (RecommendationEntry::ENTITY, ..) => match id_in(&naming.fields, "recommendationId") {
            Some(id) => recommendations::get(r, caller, id).map(drop),
            None => return Ok(false),
        },
        (Indicator::ENTITY, ..) => return Ok(true),
        (_, Some(risk), _) => reach::see(r, caller, risk).map(drop),
        (_, None, Some(plan)) => plan::see_parts(r, caller, plan).map(drop),
        _ => return Ok(false),
    };
    match seen {
        Ok(()) => Ok(true),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

fn named(r: &mut Reading, caller: &Caller, naming: Naming, public_url: &str) -> Result<NamedIn> {
    let risk_id = risk_of(r, &naming)?;
    let seen = sees(r, caller, &naming, risk_id)?;
    let Naming { entity, id, field, fields } = naming;
    let text = |field: &str| match fields.get(field)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let path = path_of(entity, id.0, id.0, text);
    // Which plan and which risk something is about that is not seen is not told: it may be about a suspicion of crime.
    let told = seen || entity != Deficiency::ENTITY;
    Ok(NamedIn {
        entity: entity.to_owned(),
        id,
        field: field.to_owned(),
        plan_id: id_in(&fields, "planId").filter(|_| told),
        risk_id: risk_id.filter(|_| told),
        link: path.map(|path| format!("{public_url}/api/v1{path}")),
        name: ["name", "title", "report"].into_iter().find_map(text).filter(|_| seen),
        content: seen.then_some(fields),
    })
}
