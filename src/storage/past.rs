//! The register as it stood: made anew from the history up to a time, in memory, and read by the same queries.
//!
//! A prefix of a log is a point in time, so this is what the register was, deleted things included. It costs reading
//! those events; what is about one thing reads the logs that tell of it, and the region's.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel_migrations::MigrationHarness;
use serde_json::{Map, Value};

use super::connection::{Address, AnyConnection};
use super::migrations::SQLITE;
use super::reading::Reading;
use super::records::*;
use super::replay::{Event, Memory, Replay, State};
use super::schema::{events, heads, organisations, register, sealed_files};
use super::types::{Id, Timestamp};
use crate::error::{Error, Result};

/// How many events are read at a time.
pub(super) const PIECE: i64 = 1000;

/// A register of the past.
pub struct Past(AnyConnection, Timestamp);

impl Past {
    /// Reads the register as it stood.
    pub fn read<T>(&mut self, f: impl FnOnce(&mut Reading) -> Result<T>) -> Result<T> {
        f(&mut Reading::at(&mut self.0, self.1))
    }
}

impl Reading<'_> {
    /// The register as it stood at a time. About `thing`, when one is named: what other bodies then had is left out.
    pub fn as_of(&mut self, time: Timestamp, thing: Option<Id>) -> Result<Past> {
        let root = self.root_id()?;
        let logs = match thing {
            Some(id) => self.logs_about(id, root)?,
            None => heads::table.select(heads::log_id).order(heads::log_id).load::<Id>(self.c)?.into_iter().collect(),
        };
        let mut replay = Replay::new(Memory::default());
        for log in logs {
            self.tell_until(log, time, &mut replay)?;
        }
        let mut c = Address::Sqlite(":memory:".into()).connect().map_err(Error::internal)?;
        if let AnyConnection::Sqlite(c) = &mut c {
            c.run_pending_migrations(SQLITE).map_err(Error::internal)?;
            diesel::sql_query("PRAGMA foreign_keys = OFF").execute(c)?;
        }
        let states = replay.states.0;
        c.transaction::<_, Error, _>(|c| {
            diesel::insert_into(register::table)
                .values((
                    register::id.eq(1),
                    register::root_id.eq(root),
                    register::kind.eq(String::new()),
                    register::demo.eq(false),
                    register::created_at.eq(time),
                ))
                .execute(c)?;
            for ((entity, id), state) in states {
                let Some(State { version, fields: Some(fields) }) = state else { continue };
                macro_rules! put {
                    ($($record:ident),*) => {
                        match entity.as_str() {
                            $($record::ENTITY => put::<$record>(c, id, version, fields)?,)*
                            _ => return Err(Error::internal(format!("the history tells of {entity} {id}"))),
                        }
                    };
                }
                each_stored!(put);
            }
            Ok(())
        })?;
        self.todays_tree(&mut c)?;
        self.todays_suspicions(&mut c)?;
        self.sealed_of(&mut c, thing.is_some())?;
        Ok(Past(c, time))
    }

    /// The region's log, and those that tell of a thing.
    fn logs_about(&mut self, id: Id, root: Id) -> Result<BTreeSet<Id>> {
        let mut logs: BTreeSet<Id> = events::table
            .filter(events::entity_id.eq(id))
            .select(events::log_id)
            .distinct()
            .load(self.c)?
            .into_iter()
            .collect();
        logs.insert(root);
        Ok(logs)
    }

    /// Tells of everything that a log says up to a time.
    fn tell_until(&mut self, log: Id, time: Timestamp, replay: &mut Replay<Memory>) -> Result<()> {
        let mut from = 0;
        loop {
            let bodies: Vec<(i64, Vec<u8>)> = events::table
                .filter(events::log_id.eq(log))
                .filter(events::n.ge(from))
                .filter(events::time.le(time))
                .order(events::n.asc())
                .limit(PIECE)
                .select((events::n, events::body))
                .load(self.c)?;
            let Some((last, _)) = bodies.last() else { return Ok(()) };
            let upto = *last;
            for event in self.opened(log, from, upto, bodies.into_iter().map(|(_, body)| body))? {
                for told in event.into_changes() {
                    replay.tell(told).map_err(Error::internal)?;
                }
            }
            from = upto + 1;
        }
    }

    /// The events with these bodies, which stand from one position of a log to another, with their texts; [`ERASED`]
    /// where a text was erased.
    pub(super) fn opened(
        &mut self,
        log: Id,
        from: i64,
        upto: i64,
        bodies: impl Iterator<Item = Vec<u8>>,
    ) -> Result<Vec<Event>> {
        let mut openings: std::collections::HashMap<String, String> =
            self.openings(log, from, upto)?.into_iter().map(|o| (o.commitment, o.value)).collect();
        let mut all = Vec::new();
        for body in bodies {
            let mut event = Event::read(&body).map_err(Error::internal)?;
            event.open(|_, _, hash| match openings.remove(hash) {
                Some(value) => serde_json::from_str(&value).map_err(Error::internal),
                None => Ok(Value::from(ERASED)),
            })?;
            all.push(event);
        }
        Ok(all)
    }

    /// Today's roles decide who may read of the past, so it is today's tree that they reach through.
    fn todays_tree(&mut self, c: &mut AnyConnection) -> Result<()> {
        let then: Vec<Organisation> = organisations::table.select(Organisation::as_select()).load(c)?;
        for organisation in then {
            let Some(now) = self.find::<Organisation>(organisation.id)? else { continue };
            diesel::update(organisations::table.find(now.id))
                .set((organisations::path.eq(now.path), organisations::body_id.eq(now.body_id)))
                .execute(c)?;
        }
        Ok(())
    }

    /// A suspicion of crime hides the deficiency's past too, as it hides its log.
    fn todays_suspicions(&mut self, c: &mut AnyConnection) -> Result<()> {
        use super::schema::deficiencies;
        let suspected: Vec<Id> =
            deficiencies::table.filter(deficiencies::suspected_crime.eq(true)).select(deficiencies::id).load(self.c)?;
        for some in suspected.chunks(500) {
            diesel::update(deficiencies::table.filter(deficiencies::id.eq_any(some.to_vec())))
                .set(deficiencies::suspected_crime.eq(true))
                .execute(c)?;
        }
        Ok(())
    }

    /// The sealed files that plans, revisions and reports of the past name; without `all` those alone that lists and
    /// follow-up ask for: what was adopted, what was compiled, what a plan that was being revised was when that began, and
    /// what each closed period was about.
    fn sealed_of(&mut self, c: &mut AnyConnection, all: bool) -> Result<()> {
        use super::schema::{compiled_reports, periods, plans, reports, revisions};
        let mut names: BTreeSet<String> = BTreeSet::new();
        if all {
            for report in reports::table.select(Report::as_select()).load(c)? {
                names.extend(report.sealed_names().map(str::to_owned));
            }
            names.extend(plans::table.select(plans::proposed_sha256).load::<Option<String>>(c)?.into_iter().flatten());
        }
        names.extend(plans::table.select(plans::followed_sha256).load::<Option<String>>(c)?.into_iter().flatten());
        names.extend(periods::table.select(periods::followed_sha256).load::<Option<String>>(c)?.into_iter().flatten());
        // The page of a compiled report shows what was sealed.
        let of = compiled_reports::table.select(compiled_reports::snapshot_sha256);
        names.extend(of.load::<Option<String>>(c)?.into_iter().flatten());
        let of = revisions::table.select((revisions::snapshot_sha256, revisions::document_sha256));
        for (snapshot, document) in of.load::<(String, String)>(c)? {
            names.insert(snapshot);
            names.extend(all.then_some(document));
        }
        for name in names {
            let file: Option<SealedFile> =
                sealed_files::table.find(name).select(SealedFile::as_select()).first(self.c).optional()?;
            if let Some(file) = file {
                diesel::insert_into(sealed_files::table).values(file).execute(c)?;
            }
        }
        Ok(())
    }
}

/// A thing as its history tells of it; texts that were erased are what stands where they stood.
pub(super) fn told<T: Stored>(id: Id, mut fields: Map<String, Value>) -> Result<T> {
    for name in T::TEXTS {
        if fields.get(*name).and_then(Value::as_str) == Some(ERASED) {
            fields.insert((*name).to_owned(), erased(T::ENTITY, name, id));
        }
    }
    serde_json::from_value(Value::Object(fields)).map_err(Error::internal)
}

/// Puts a thing as it was into its table.
fn put<T: Stored>(c: &mut AnyConnection, id: Id, version: i64, fields: Map<String, Value>) -> Result<()> {
    let mut thing: T = told(id, fields)?;
    if thing.version() != version {
        // Where readers of the API are not shown the version, only the event itself tells it.
        thing.mark(version, Timestamp::now());
    }
    thing.insert(c)?;
    Ok(())
}
