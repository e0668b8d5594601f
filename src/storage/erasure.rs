//! Erasure (gallring): the text goes everywhere it is kept, the file's free parts included, and the history shows that
//! it went.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use super::db::Db;
use super::history::{Origin, Place};
use super::history::{PendingEvent, canonical};
use super::queries::SecretRow;
use super::reading::Reading;
use super::records::*;
use super::schema::{events, idempotency, openings, sealed_files, webhook_secrets};
use super::scour;
use super::types::Id;
use super::writing::Writing;
use crate::error::{Error, Result};
use crate::files::store::Store;

/// What was removed.
#[derive(Debug, Default)]
pub struct Erased {
    /// The commitments that nothing opens any more.
    pub commitments: BTreeSet<String>,
    /// Hashes of the sealed files that still hold one of the texts: they are public records, and stay.
    pub sealed_files: BTreeSet<String>,
}

/// The fields of a kind of thing that hold personal or free text; none for what has none, or is sealed.
pub fn erasable(entity: &str) -> &'static [&'static str] {
    // A board's decision is what it is.
    if entity == Revision::ENTITY {
        return &[];
    }
    macro_rules! texts {
        ($($record:ident),*) => {
            match entity {
                $($record::ENTITY => $record::TEXTS,)*
                _ => &[],
            }
        };
    }
    each_stored!(texts)
}

/// The field of a thing that says at which other thing's page it is written; none where it has a page of its own.
fn written_at(entity: &str) -> Option<&'static str> {
    match entity {
        PlanSection::ENTITY | SelfAssessment::ENTITY => Some("planId"),
        ControlReport::ENTITY => Some("controlId"),
        ActionReport::ENTITY => Some("actionId"),
        RecommendationEntry::ENTITY => Some("recommendationId"),
        _ => None,
    }
}

/// The reasons that were given for what happened to a thing: a text of its events, not of the thing.
pub const REASON: &str = "reason";

impl Reading<'_> {
    /// Those that wait for a second administrator, the oldest first.
    pub fn erasures_waiting(&mut self) -> Result<Vec<Erasure>> {
        use super::schema::erasures;
        Ok(erasures::table
            .filter(erasures::confirmed_at.is_null())
            .filter(erasures::withdrawn_at.is_null())
            .order(erasures::id)
            .select(Erasure::as_select())
            .load(self.c)?)
    }

    /// Whether the history tells of such a thing.
    pub fn has_history(&mut self, entity: &str, id: Id) -> Result<bool> {
        let found: i64 = events::table
            .filter(events::entity_id.eq(id))
            .filter(events::entity.eq(entity.to_owned()))
            .count()
            .get_result(self.c)?;
        Ok(found > 0)
    }
}

impl Writing<'_> {
    /// Removes what opens the texts of a thing, all its life, and the texts from the thing as it is now. The kept
    /// answers of requests that hold one of them go too.
    pub fn erase_texts(&mut self, entity: &str, id: Id, fields: &[String]) -> Result<Erased> {
        self.erased = scour::demand(self.pen())?;
        let mut gone = Erased::default();
        let mut texts: BTreeSet<String> = BTreeSet::new();
        let found: Vec<(String, String, String)> = openings::table
            .filter(openings::entity_id.eq(id))
            .select((openings::commitment, openings::pointer, openings::value))
            .load(self.pen())?;
        for (commitment, pointer, value) in found {
            let field = pointer.rsplit('/').next().unwrap_or_default();
            // What stands there since an earlier erasure is no text, and the thing goes on saying it.
            let instead = canonical(&erased(entity, field, id))?;
            if value.as_bytes() != instead && fields.iter().any(|name| name == field) {
                diesel::delete(openings::table.find(commitment.clone())).execute(self.pen())?;
                gone.commitments.insert(commitment);
                texts.insert(value);
            }
        }
        // What is being written about it holds its text as it was.
        let mut pages = BTreeSet::from([id.to_string()]);
        macro_rules! now {
            ($($record:ident),*) => {
                match entity {
                    $($record::ENTITY => pages.extend(self.erase_row::<$record>(id, fields)?),)*
                    _ => {}
                }
            };
        }
        each_stored!(now);
        if entity == EvidenceFile::ENTITY && fields.iter().any(|field| field == EvidenceFile::NAME) {
            self.erase_bytes(id)?;
        }
        self.forget_answers(&texts)?;
        self.forget_drafts_about(&pages)?;
        self.forget_imports()?;
        gone.sealed_files = self.sealed_with(&texts)?;
        Ok(gone)
    }

    /// Keeps a webhook's secret in another form; of the one before nothing is left in a file of ours.
    pub fn replace_webhook_secret(&mut self, before: &SecretRow, secret: String) -> Result<()> {
        self.erased = scour::demand(self.pen())?;
        diesel::update(webhook_secrets::table.find((before.webhook_id, before.secret.clone())))
            .set(webhook_secrets::secret.eq(secret))
            .execute(self.pen())?;
        Ok(())
    }

    /// What a file held goes with its name, from every file that holds the same: what is told by its bytes does not depend on
    /// where they stand. A file that was removed is known by its history.
    fn erase_bytes(&mut self, id: Id) -> Result<()> {
        let came: Vec<u8> = events::table
            .filter(events::entity_id.eq(id))
            .order((events::time.asc(), events::n.asc()))
            .select(events::body)
            .first(self.pen())?;
        let told: Value = serde_json::from_slice(&came).map_err(Error::internal)?;
        match told["after"]["sha256"].as_str() {
            Some(sha256) => self.erase_stored_file(sha256),
            None => Err(Error::internal(format!("the history does not tell what file {id} holds"))),
        }
    }

    /// Takes the texts out of a thing that is there, and tells of it without telling them. The id of what it is written at,
    /// if not at itself.
    fn erase_row<T: Stored>(&mut self, id: Id, fields: &[String]) -> Result<Option<String>> {
        let Some(old) = self.find::<T>(id)? else { return Ok(None) };
        let Value::Object(mut map) = serde_json::to_value(&old).map_err(Error::internal)? else { return Ok(None) };
        let of = written_at(T::ENTITY).and_then(|name| map.get(name)?.as_str().map(str::to_owned));
        if let Some(plan) = map.get("planId").and_then(Value::as_str).and_then(|plan| plan.parse().ok()) {
            self.lock_plan(plan)?;
        }
        for field in fields {
            if let Some(value) = map.get_mut(field).filter(|value| !value.is_null()) {
                *value = erased(T::ENTITY, field, id);
            }
        }
        let mut new: T = serde_json::from_value(Value::Object(map)).map_err(Error::internal)?;
        // The path is not among what the thing tells of itself.
        let organisation = if T::ENTITY == Organisation::ENTITY { self.find::<Organisation>(id)? } else { None };
        let at = self.last_place(id)?;
        if let Some(mut change) = self.store_change(&old, &mut new)? {
            change.forget(fields);
            self.events.push(PendingEvent::new(at, "text.erased", change, None));
        }
        if let Some(organisation) = organisation {
            self.place_organisation(&organisation)?;
        }
        Ok(of)
    }

    /// Where the newest event about a thing stands.
    fn last_place(&mut self, id: Id) -> Result<Place> {
        let (log, organisation) = events::table
            .filter(events::entity_id.eq(id))
            .order((events::time.desc(), events::n.desc()))
            .select((events::log_id, events::organisation_id))
            .first(self.pen())?;
        Ok(Place { log, organisation })
    }

    fn forget_answers(&mut self, texts: &BTreeSet<String>) -> Result<()> {
        let kept: Vec<(String, String, String, String, Vec<u8>)> = idempotency::table
            .select((
                idempotency::principal,
                idempotency::method,
                idempotency::path,
                idempotency::key,
                idempotency::body,
            ))
            .load(self.pen())?;
        for (principal, method, path, key, body) in kept {
            if holds(&body, texts) {
                diesel::delete(idempotency::table.find((principal, method, path, key))).execute(self.pen())?;
            }
        }
        Ok(())
    }

    /// Sealed snapshots that hold one of the texts, with the documents that were made of them.
    fn sealed_with(&mut self, texts: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        use super::schema::{compiled_reports, reports, revisions};
        let mut found = BTreeSet::new();
        let names: Vec<String> = sealed_files::table
            .filter(sealed_files::media_type.eq("application/json"))
            .select(sealed_files::sha256)
            .load(self.pen())?;
        for name in names {
            let content = self.sealed(&name)?;
            if holds(&content, texts) {
                let documents: Vec<String> = revisions::table
                    .filter(revisions::snapshot_sha256.eq(name.clone()))
                    .select(revisions::document_sha256)
                    .load(self.pen())?;
                found.extend(documents);
                let reported: Vec<Report> = reports::table
                    .filter(reports::snapshot_sha256.eq(name.clone()))
                    .select(Report::as_select())
                    .load(self.pen())?;
                found.extend(reported.iter().flat_map(Report::sealed_names).map(str::to_owned));
                let compiled: Vec<CompiledReport> = compiled_reports::table
                    .filter(compiled_reports::snapshot_sha256.eq(name.clone()))
                    .select(CompiledReport::as_select())
                    .load(self.pen())?;
                found.extend(compiled.iter().flat_map(CompiledReport::sealed_names).map(str::to_owned));
                found.insert(name);
            }
        }
        Ok(found)
    }
}

impl Db {
    /// Takes from the store of files what has been erased; thoroughly, also what a request that failed left there.
    pub fn sweep_files(&self, store: &Store, thoroughly: bool) -> Result<()> {
        for sha256 in self.read(|r| r.stored_files_erased())? {
            // Somebody may have left the same anew since, or be about to name it.
            let _alone = store.alone()?;
            if self.read(|r| Ok(r.stored_file(&sha256)?.is_some_and(|stored| stored.erased_at.is_some())))? {
                store.remove(&sha256)?;
                self.write(&Origin::system(), |w| w.forget_stored_file(&sha256))?;
            }
        }
        if thoroughly {
            let swept = store.sweep(|sha256| self.read(|r| Ok(r.stored_file(sha256)?.is_some())))?;
            if swept > 0 {
                tracing::info!(swept, "files that no request had named were taken away");
            }
        }
        Ok(())
    }
}

/// Whether JSON holds one of these values, each in canonical form, somewhere in it.
fn holds(json: &[u8], texts: &BTreeSet<String>) -> bool {
    fn any(value: &Value, texts: &BTreeSet<String>) -> bool {
        let is =
            canonical(value).ok().and_then(|text| String::from_utf8(text).ok()).is_some_and(|t| texts.contains(&t));
        // Documents join texts as paragraphs: a deficiency's title and what it is about.
        let joined = |whole: &str| {
            texts.iter().filter_map(|text| serde_json::from_str::<String>(text).ok()).any(|text| {
                whole.strip_prefix(&text).is_some_and(|rest| rest.starts_with("\n\n"))
                    || whole.strip_suffix(&text).is_some_and(|rest| rest.ends_with("\n\n"))
            })
        };
        is || match value {
            Value::String(whole) => joined(whole),
            Value::Array(all) => all.iter().any(|value| any(value, texts)),
            Value::Object(map) => map.values().any(|value| any(value, texts)),
            _ => false,
        }
    }
    serde_json::from_slice(json).is_ok_and(|value| any(&value, texts))
}
