//! What the history leads to, thing by thing, in a temporary file.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, VecDeque};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::{Map, Value};

use super::damage::{Damage, Held};
use super::reading::PIECE;
use super::tables::derived;
use crate::domain::words::OrganisationKind;
use crate::storage::records::{Organisation, Plan, Risk, Stored};
use crate::storage::replay::{State, States, Told};
use crate::storage::types::Id;

diesel::table! {
    folded (entity, id) {
        entity -> Text,
        id -> Text,
        version -> BigInt,
        fields -> Nullable<Text>,
    }
}

diesel::table! {
    named (body, reference, identity) {
        body -> Text,
        reference -> Text,
        identity -> Text,
    }
}

/// States in a temporary file, which is gone with the connection.
pub(super) struct Temporary {
    c: SqliteConnection,
    /// What has a log: the region, and every organisation that was a body at some time.
    pub(super) bodies: BTreeSet<Id>,
    /// The body of each plan, to know the body of a reference.
    plans: HashMap<Id, Id>,
    /// What was told of last, before it goes to the file: a thing's history often comes at once.
    recent: HashMap<(String, Id), Option<State>>,
}

/// How many states are held in memory: some megabytes.
const RECENT: usize = 1000;

/// How far the states of one kind of thing have been read.
pub(super) struct Walk {
    entity: &'static str,
    after: String,
    next: VecDeque<(String, i64, Option<String>)>,
}

impl Temporary {
    pub(super) fn new() -> Held<Self> {
        // An empty name: a file of SQLite's own, removed when it is closed.
        let mut c = SqliteConnection::establish("").map_err(|fault| format!("no temporary file: {fault}"))?;
        c.batch_execute(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -49152; \
             CREATE TABLE folded (entity TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, fields TEXT, \
             PRIMARY KEY (entity, id)) WITHOUT ROWID; \
             CREATE TABLE named (body TEXT NOT NULL, reference TEXT NOT NULL, identity TEXT NOT NULL, \
             PRIMARY KEY (body, reference, identity)) WITHOUT ROWID; BEGIN",
        )?;
        Ok(Self { c, bodies: BTreeSet::new(), plans: HashMap::new(), recent: HashMap::new() })
    }

    /// Whether a risk of the body has had this reference at some time.
    pub(super) fn had_reference(&mut self, body: Id, reference: &str, identity: Id) -> Held<bool> {
        let key = (body.to_string(), reference.to_owned(), identity.to_string());
        Ok(diesel::select(diesel::dsl::exists(named::table.find(key))).get_result(&mut self.c)?)
    }

    /// Brings the recent states to the file.
    fn flush(&mut self) -> Held<()> {
        for ((entity, id), state) in self.recent.drain() {
            let Some(state) = state else { continue };
            let fields = state.fields.map(|fields| Value::Object(fields).to_string());
            diesel::replace_into(folded::table)
                .values((
                    folded::entity.eq(entity),
                    folded::id.eq(id.to_string()),
                    folded::version.eq(state.version),
                    folded::fields.eq(fields),
                ))
                .execute(&mut self.c)?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Held<()> {
        self.flush()?;
        Ok(self.c.batch_execute("COMMIT")?)
    }

    /// The kinds of things that the history tells of.
    pub(super) fn entities(&mut self) -> Held<Vec<String>> {
        Ok(folded::table.select(folded::entity).distinct().load(&mut self.c)?)
    }

    pub(super) fn all(&self, entity: &'static str) -> Walk {
        Walk { entity, after: String::new(), next: VecDeque::new() }
    }

    /// The next thing that is there, in the order of ids.
    pub(super) fn next(&mut self, walk: &mut Walk) -> Held<Option<(Id, State)>> {
        if walk.next.is_empty() {
            walk.next = folded::table
                .filter(folded::entity.eq(walk.entity))
                .filter(folded::id.gt(&walk.after))
                .filter(folded::fields.is_not_null())
                .order(folded::id.asc())
                .limit(PIECE)
                .select((folded::id, folded::version, folded::fields))
                .load::<(String, i64, Option<String>)>(&mut self.c)?
                .into();
        }
        let Some((id, version, fields)) = walk.next.pop_front() else { return Ok(None) };
        let state = State { version, fields: read(fields)? };
        let found = id.parse().map_err(|_| format!("{id:?} is not an id"))?;
        walk.after = id;
        Ok(Some((found, state)))
    }
}

fn read(fields: Option<String>) -> Held<Option<Map<String, Value>>> {
    fields.map(|text| serde_json::from_str(&text)).transpose().map_err(|fault| format!("a state: {fault}").into())
}

impl States for Temporary {
    type Error = Damage;

    const NOTED: &'static [&'static str] = &["parentId", "kind", "organisationId", "planId", "reference", "identityId"];

    fn slot(&mut self, entity: &str, id: Id) -> Held<&mut Option<State>> {
        let key = (entity.to_owned(), id);
        if self.recent.len() >= RECENT && !self.recent.contains_key(&key) {
            self.flush()?;
        }
        match self.recent.entry(key) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let found: Option<(i64, Option<String>)> = folded::table
                    .find((entity, id.to_string()))
                    .select((folded::version, folded::fields))
                    .first(&mut self.c)
                    .optional()?;
                let state = found.map(|(version, fields)| Ok::<_, Damage>(State { version, fields: read(fields)? }));
                Ok(place.insert(state.transpose()?))
            }
        }
    }

    /// What was there before a change is what the changes before it have left.
    fn agrees(fields: &Map<String, Value>, told: &Told) -> Result<(), String> {
        let nothing = Map::new();
        let before = told.before.as_ref().unwrap_or(&nothing);
        let whole = told.after.is_none();
        let others = fields.keys().filter(|name| whole && !before.contains_key(*name));
        for name in before.keys().chain(others) {
            let (was, is) = (before.get(name).unwrap_or(&Value::Null), fields.get(name).unwrap_or(&Value::Null));
            if was != is && !derived(&told.entity).contains(&name.as_str()) {
                return Err(format!("{} {}: {name} was something else before", told.entity, told.id));
            }
        }
        Ok(())
    }

    /// Remembers what other things follow from: which organisations have logs, and the references of risks.
    fn note(&mut self, entity: &str, id: Id) -> Held<()> {
        let Some(fields) = self.recent.get(&(entity.to_owned(), id)).and_then(|known| known.as_ref()?.fields.as_ref())
        else {
            return Ok(());
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let id_in = |name: &str| text(name).parse::<Id>().map_err(|_| format!("{entity} {id}: {name} is not an id"));
        match entity {
            Organisation::ENTITY => {
                let is_body = OrganisationKind::parse(text("kind")).is_some_and(OrganisationKind::is_body);
                let is_root = fields.get("parentId").is_none_or(Value::is_null);
                self.bodies.extend((is_body || is_root).then_some(id));
            }
            Plan::ENTITY => {
                self.plans.insert(id, id_in("organisationId")?);
            }
            Risk::ENTITY => {
                let plan = id_in("planId")?;
                let body = self.plans.get(&plan).ok_or_else(|| format!("risk {id}: its plan has no history"))?;
                diesel::insert_or_ignore_into(named::table)
                    .values((
                        named::body.eq(body.to_string()),
                        named::reference.eq(text("reference")),
                        named::identity.eq(text("identityId")),
                    ))
                    .execute(&mut self.c)?;
            }
            _ => {}
        }
        Ok(())
    }
}
