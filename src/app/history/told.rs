//! What is told of an event besides what stands in it: of which plan and risk it is, and where the thing is read.
//!
//! The event's bytes never change, so this is worked out when it is told: for all that are told at once together, with as
//! many statements for a hundred events as for a few.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::domain::events::EventKind;
use crate::domain::webhooks::path_of;
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Action, Control, Deficiency, EvidenceFile, Plan, PlanDeficiency, Risk};
use crate::storage::{Id, Reading, Stored};

/// Where to read more, with rights of one's own.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EventLinks {
    /// The event in the history.
    #[schema(example = "https://risk.example.org/api/v1/logs/0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40/events/17")]
    pub event: String,
    /// The thing as it is now; the event, where the thing is gone or has no address.
    #[serde(rename = "self")]
    #[schema(example = "https://risk.example.org/api/v1/risks/0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40")]
    pub thing: String,
}

impl EventLinks {
    /// Below the address at which the service is reached from outside.
    pub fn new(public_url: &str, log: Id, n: i64, path: Option<&str>) -> Self {
        let base = format!("{public_url}/api/v1");
        let event = format!("{base}/logs/{log}/events/{n}");
        Self { thing: path.map_or_else(|| event.clone(), |path| format!("{base}{path}")), event }
    }
}

/// What an event names besides its thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Named {
    pub plan_id: Option<Id>,
    pub risk_id: Option<Id>,
    /// Where the thing is read, below the base path; none for what is gone or has no address.
    pub path: Option<String>,
}

/// To whom an event is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearer {
    /// Somebody who sees all of it: they have been asked for the right to.
    WhoSeesIt,
    /// Another system, whose rights nobody knows: which plan and which risk a suspicion of crime is about is not told.
    Anyone,
}

/// An event, as far as is needed to say what it names.
pub struct Telling<'e> {
    pub log: Id,
    pub entity: &'e str,
    pub id: Id,
    pub body: &'e [u8],
}

type Fields = Map<String, Value>;
type Key = (String, Id);

/// What stands of the thing in its event: all of it when it came or went, else what was changed.
#[derive(Deserialize)]
struct Sides {
    before: Option<Fields>,
    after: Option<Fields>,
}

impl Sides {
    fn read(body: &[u8]) -> Result<Self> {
        serde_json::from_slice(body).map_err(Error::internal)
    }

    fn get(&self, field: &str) -> Option<&Value> {
        [&self.after, &self.before].into_iter().flatten().find_map(|side| side.get(field))
    }
}

/// A thing as it is, or, when it is gone, as it came.
struct Known {
    fields: Fields,
    there: bool,
}

/// What these events name, each in its place.
pub fn named(r: &mut Reading, events: &[Telling], to: Hearer) -> Result<Vec<Named>> {
    let mut known: HashMap<Key, Known> = HashMap::new();
    let things = events.iter().map(|event| (event.log, (event.entity.to_owned(), event.id)));
    know(r, things.collect(), &mut known)?;
    let sides: Vec<Sides> = events.iter().map(|event| Sides::read(event.body)).collect::<Result<_>>()?;
    // A report is of a control or an action, which are of a risk; and an answer is to a deficiency.
    let mut further = BTreeSet::new();
    for (event, sides) in events.iter().zip(&sides) {
        let thing = known.get(&(event.entity.to_owned(), event.id));
        for (field, entity) in
            [("controlId", Control::ENTITY), ("actionId", Action::ENTITY), ("deficiencyId", Deficiency::ENTITY)]
        {
            further.extend(id_in(field, sides, thing).map(|id| (event.log, (entity.to_owned(), id))));
        }
    }
    know(r, further, &mut known)?;
    Ok(events.iter().zip(&sides).map(|(event, sides)| one(event, sides, &known, to)).collect())
}

fn one(event: &Telling, sides: &Sides, known: &HashMap<Key, Known>, to: Hearer) -> Named {
    let thing = known.get(&(event.entity.to_owned(), event.id));
    let of = |field: &str| id_in(field, sides, thing);
    let through = |field: &str, entity: &str, wanted: &str| {
        known.get(&(entity.to_owned(), of(field)?)).and_then(|further| id_of(further.fields.get(wanted)?))
    };
    let itself = |entity: &str| (event.entity == entity).then_some(event.id);
    let mut named = Named {
        plan_id: itself(Plan::ENTITY).or_else(|| of("planId")),
        risk_id: itself(Risk::ENTITY)
            .or_else(|| of("riskId"))
            .or_else(|| through("controlId", Control::ENTITY, "riskId"))
            .or_else(|| through("actionId", Action::ENTITY, "riskId")),
        path: thing.filter(|thing| thing.there).and_then(|thing| {
            path_of(event.entity, event.id.0, event.log.0, |field| match thing.fields.get(field)? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
        }),
    };
    if to == Hearer::Anyone {
        let suspected =
            |known: Option<&Known>| known.is_none_or(|known| known.fields.get("suspectedCrime") != Some(&false.into()));
        match event.entity {
            Deficiency::ENTITY if suspected(thing) => (named.plan_id, named.risk_id) = (None, None),
            PlanDeficiency::ENTITY | EvidenceFile::ENTITY
                if event.entity == PlanDeficiency::ENTITY || of("deficiencyId").is_some() =>
            {
                let about = of("deficiencyId").and_then(|id| known.get(&(Deficiency::ENTITY.to_owned(), id)));
                if suspected(about) {
                    named = Named::default();
                }
            }
            _ => {}
        }
    }
    named
}

fn id_of(value: &Value) -> Option<Id> {
    value.as_str()?.parse().ok()
}

/// The id in a field, as the event has it, or else the thing.
fn id_in(field: &str, sides: &Sides, thing: Option<&Known>) -> Option<Id> {
    match sides.get(field) {
        Some(said) => id_of(said),
        None => id_of(thing?.fields.get(field)?),
    }
}

/// Reads things together: those that are there by their rows, the others by the event that they came with.
fn know(r: &mut Reading, things: BTreeSet<(Id, Key)>, known: &mut HashMap<Key, Known>) -> Result<()> {
    let mut by_entity: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for (_, (entity, id)) in &things {
        if !known.contains_key(&(entity.clone(), *id)) {
            by_entity.entry(entity).or_default().insert(*id);
        }
    }
    for (entity, ids) in by_entity {
        for (id, fields) in r.fields_of(entity, ids)? {
            known.insert((entity.to_owned(), id), Known { fields, there: true });
        }
    }
    let mut gone: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for (log, key) in &things {
        if !known.contains_key(key) {
            gone.entry(*log).or_default().insert(key.1);
        }
    }
    for (log, ids) in gone {
        for event in r.first_events(log, ids)? {
            let fields = Sides::read(&event.body)?.after.unwrap_or_default();
            known.insert((event.entity, event.entity_id), Known { fields, there: false });
        }
    }
    Ok(())
}

/// The kinds that a filter asks for, parted by commas. [`Error::Invalid`] names each that is none.
pub fn kinds_asked(text: &str) -> Result<Vec<String>> {
    let asked: Vec<&str> = text.split(',').collect();
    let unknown: Vec<Violation> = asked
        .iter()
        .filter(|kind| EventKind::parse(kind).is_none())
        .map(|kind| {
            Violation::new(
                "?kind",
                "unknownWord",
                format!("Det finns ingen typ av händelse som heter {kind}."),
                format!("There is no kind of event that is called {kind}."),
            )
        })
        .collect();
    if unknown.is_empty() { Ok(asked.into_iter().map(str::to_owned).collect()) } else { Err(Error::Invalid(unknown)) }
}
