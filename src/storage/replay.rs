//! What the events lead to: the state of each thing after the changes that its history tells of.
//!
//! A created thing begins with all its fields, a change lays those that differ over them, a removed one is gone, and can
//! come back as the version after. The versions say in which order, since a thing's history can stand in two logs when it
//! has moved to another body.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::history::SCHEMA_VERSION;
use super::types::Id;

/// An event, read.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Written")]
pub struct Event {
    pub schema: i32,
    pub log: Id,
    pub n: i64,
    pub time: String,
    pub actor: Actor,
    pub kind: String,
    pub organisation_id: Id,
    pub reason: Option<Value>,
    pub change: Told,
    pub effects: Vec<Told>,
}

/// An event as it is written, its change beside the rest. (`flatten` would read everything twice.)
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    schema: i32,
    log: Id,
    n: i64,
    time: String,
    actor: Actor,
    kind: String,
    organisation_id: Id,
    reason: Option<Value>,
    entity: String,
    id: Id,
    version: i64,
    before: Option<Map<String, Value>>,
    after: Option<Map<String, Value>>,
    effects: Vec<Told>,
}

impl From<Written> for Event {
    fn from(w: Written) -> Self {
        Self {
            schema: w.schema,
            log: w.log,
            n: w.n,
            time: w.time,
            actor: w.actor,
            kind: w.kind,
            organisation_id: w.organisation_id,
            reason: w.reason,
            change: Told { entity: w.entity, id: w.id, version: w.version, before: w.before, after: w.after },
            effects: w.effects,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Actor {
    pub kind: String,
    pub id: Option<Id>,
}

/// What an event tells of one thing.
#[derive(Debug, Clone, Deserialize)]
pub struct Told {
    pub entity: String,
    pub id: Id,
    /// 0 when nothing changed.
    pub version: i64,
    pub before: Option<Map<String, Value>>,
    pub after: Option<Map<String, Value>>,
}

impl Event {
    /// Reads an event's bytes. One of a later shape than this program knows is refused.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let event: Self = serde_json::from_slice(body).map_err(|fault| format!("the event cannot be read: {fault}"))?;
        if event.schema != SCHEMA_VERSION {
            return Err(format!("the event has the shape {}, which this program does not know", event.schema));
        }
        Ok(event)
    }

    /// Everything that the event tells, in its order.
    pub fn into_changes(self) -> impl Iterator<Item = Told> {
        std::iter::once(self.change).chain(self.effects)
    }

    /// As [`Event::changes`], each with the pointer at which it stands.
    fn placed(&mut self) -> impl Iterator<Item = (String, &mut Told)> {
        let effects = self.effects.iter_mut().enumerate().map(|(i, told)| (format!("/effects/{i}"), told));
        std::iter::once((String::new(), &mut self.change)).chain(effects)
    }

    /// Gives every commitment to `open`, with its pointer and the thing whose text it hides, and puts what `open`
    /// makes of it in its place.
    pub fn open<E>(&mut self, mut open: impl FnMut(String, Id, &str) -> Result<Value, E>) -> Result<(), E> {
        let id = self.change.id;
        if let Some(reason) = &mut self.reason
            && let Some(hash) = commitment(reason)
        {
            *reason = open("/reason".into(), id, hash)?;
        }
        for (at, told) in self.placed() {
            let id = told.id;
            for (side, fields) in [("before", &mut told.before), ("after", &mut told.after)] {
                for (name, value) in fields.iter_mut().flatten() {
                    if let Some(hash) = commitment(value) {
                        *value = open(format!("{at}/{side}/{name}"), id, hash)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The hash of a value that stands as a commitment.
fn commitment(value: &Value) -> Option<&str> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    map.get("commitment")?.as_str()
}

/// A thing as its history has left it.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub version: i64,
    /// None once it has been removed.
    pub fields: Option<Map<String, Value>>,
}

/// Where states are kept while events are laid over them.
pub trait States {
    type Error: From<String>;
    /// Fields that something else follows from: [`States::note`] is called when one has been told.
    const NOTED: &'static [&'static str] = &[];
    /// Where the state of a thing stands, to be changed there; none before its history has begun.
    fn slot(&mut self, entity: &str, id: Id) -> Result<&mut Option<State>, Self::Error>;
    /// Why a change cannot follow on these fields, where that is asked: its texts must have been opened for it.
    fn agrees(_fields: &Map<String, Value>, _told: &Told) -> Result<(), String> {
        Ok(())
    }
    fn note(&mut self, _entity: &str, _id: Id) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// States in memory.
#[derive(Debug, Default)]
pub struct Memory(pub BTreeMap<(String, Id), Option<State>>);

impl States for Memory {
    type Error = String;
    fn slot(&mut self, entity: &str, id: Id) -> Result<&mut Option<State>, String> {
        Ok(self.0.entry((entity.to_owned(), id)).or_default())
    }
}

/// Lays changes over states. What comes before its turn, as when a log is read before the one in which a thing's
/// history began, waits.
pub struct Replay<S> {
    pub states: S,
    waiting: HashMap<(String, Id), BTreeMap<i64, Told>>,
}

impl<S: States> Replay<S> {
    pub fn new(states: S) -> Self {
        Self { states, waiting: HashMap::new() }
    }

    /// Tells of one change. An error when the history contradicts itself.
    pub fn tell(&mut self, told: Told) -> Result<(), S::Error> {
        if told.version == 0 {
            return match (&told.before, &told.after) {
                (None, None) => Ok(()),
                _ => Err(format!("a change of {} {} without a version", told.entity, told.id).into()),
            };
        }
        let mut next = Some(told);
        while let Some(told) = next {
            let (entity, id, version) = (told.entity.clone(), told.id, told.version);
            let noted = told.after.as_ref().is_some_and(|after| S::NOTED.iter().any(|name| after.contains_key(*name)));
            next = match lay::<S>(self.states.slot(&entity, id)?, told)? {
                None => {
                    if noted {
                        self.states.note(&entity, id)?;
                    }
                    // A removal has the version of what it removes.
                    let waits = if self.waiting.is_empty() { None } else { self.waiting.get_mut(&(entity, id)) };
                    waits.and_then(|all| all.remove(&version).or_else(|| all.remove(&(version + 1))))
                }
                Some(early) => {
                    self.waiting.entry((entity, id)).or_default().insert(version, early);
                    None
                }
            };
        }
        Ok(())
    }

    /// What is told of a thing whose earlier changes nobody has told of.
    pub fn left_over(&self) -> Option<&Told> {
        self.waiting.values().filter_map(|all| all.values().next()).min_by_key(|told| (&told.entity, told.id))
    }
}

/// Lays a change over a state. Gives it back when it is for later.
fn lay<S: States>(slot: &mut Option<State>, told: Told) -> Result<Option<Told>, String> {
    let contradicts =
        |told: &Told| Err(format!("{} {} is told of twice at version {}", told.entity, told.id, told.version));
    if told.before.is_none() && told.after.is_none() {
        return Err(format!("{} {} changes without a change", told.entity, told.id));
    }
    let Some(state) = slot else {
        if told.before.is_some() {
            return Ok(Some(told));
        }
        *slot = Some(State { version: told.version, fields: told.after });
        return Ok(None);
    };
    if state.fields.is_none() && told.before.is_none() && told.version == state.version + 1 {
        *state = State { version: told.version, fields: told.after };
        return Ok(None);
    }
    let Some(fields) = state.fields.as_mut().filter(|_| told.before.is_some()) else { return contradicts(&told) };
    // A removal has the version of what it removes.
    let follows = if told.after.is_some() { state.version + 1 } else { state.version };
    match told.version.cmp(&follows) {
        std::cmp::Ordering::Less => return contradicts(&told),
        std::cmp::Ordering::Greater => return Ok(Some(told)),
        std::cmp::Ordering::Equal => S::agrees(fields, &told)?,
    }
    state.version = told.version;
    match told.after {
        Some(after) => fields.extend(after),
        None => state.fields = None,
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(id: Id, version: i64, before: Value, after: Value) -> Told {
        serde_json::from_value(
            json!({"entity": "risk", "id": id, "version": version, "before": before, "after": after}),
        )
        .expect("a change")
    }

    #[test]
    fn changes_are_laid_over_each_other_in_the_order_of_versions() {
        let id = Id::new();
        let history = [
            told(id, 1, json!(null), json!({"name": "a", "score": 4, "version": 1})),
            told(id, 2, json!({"score": 4}), json!({"score": 9, "version": 2})),
            told(id, 3, json!({"name": "a"}), json!({"name": "b", "version": 3})),
        ];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut replay = Replay::new(Memory::default());
            for i in order {
                replay.tell(history[i].clone()).expect("it follows");
            }
            assert!(replay.left_over().is_none());
            let state = replay.states.slot("risk", id).expect("memory").take().expect("a risk");
            assert_eq!(state.version, 3);
            assert_eq!(Value::from(state.fields.expect("there")), json!({"name": "b", "score": 9, "version": 3}));
        }
    }

    #[test]
    fn a_history_that_contradicts_itself_is_refused() {
        let id = Id::new();
        let made = told(id, 1, json!(null), json!({"name": "a"}));
        let changed = told(id, 2, json!({"name": "a"}), json!({"name": "b"}));
        let gone = told(id, 2, json!({"name": "b"}), json!(null));
        let mut replay = Replay::new(Memory::default());
        replay.tell(made.clone()).expect("made");
        replay.tell(gone.clone()).expect("it waits for the change");
        assert!(replay.left_over().is_some());
        assert!(replay.tell(made.clone()).is_err(), "made twice");
        replay.tell(changed.clone()).expect("changed");
        assert!(replay.left_over().is_none());
        assert_eq!(replay.states.slot("risk", id), Ok(&mut Some(State { version: 2, fields: None })));
        assert!(replay.tell(changed.clone()).is_err(), "changed after it was removed");
        assert!(replay.tell(told(id, 2, json!(null), json!({"name": "c"}))).is_err(), "back as what it was");
        assert!(replay.tell(told(id, 4, json!(null), json!({"name": "c"}))).is_err(), "back as what comes later");
        replay.tell(told(id, 3, json!(null), json!({"name": "b"}))).expect("back as the version after");
        replay.tell(told(id, 4, json!({"name": "b"}), json!({"name": "c"}))).expect("and it goes on");
        assert!(replay.tell(told(id, 5, json!(null), json!({"name": "b"}))).is_err(), "made while it is there");
    }
}
