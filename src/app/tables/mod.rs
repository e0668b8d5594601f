//! Lists as tables, to go on with in a spreadsheet: the very rows of the list, with names beside or instead of ids. They are in
//! Swedish, as documents are.

pub mod risks;
pub mod measures;
pub mod findings;
pub mod common;
pub mod plans;
pub mod register;
pub mod beside;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use riskregister_document::table::{Cell, Table};

use super::caller::Caller;
use super::places::{manner, manner_in};
use crate::domain::figures;
use crate::domain::manner::Manner;
use crate::domain::text::capital;
use crate::domain::values::Secrecy;
use crate::domain::words::{Language, Word};
use crate::error::Result;
use crate::storage::queries::Mark;
use crate::storage::records::{Organisation, Plan, User};
use crate::storage::{Id, Json, Reading, Timestamp};

/// A part of a list as a table, and where the list goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub table: Table,
    pub next: Option<Mark>,
}

/// What cells say of things by their ids, and of closed lists.
struct Names {
    manner: Manner,
    /// How one speaks of each plan.
    of_plans: HashMap<Id, Manner>,
    people: HashMap<Id, String>,
    organisations: HashMap<Id, String>,
}

impl Names {
    fn read(
        r: &mut Reading,
        people: impl IntoIterator<Item = Option<Id>>,
        organisations: impl IntoIterator<Item = Id>,
    ) -> Result<Self> {
        let people = r.all::<User>(people.into_iter().flatten())?;
        let organisations = r.all::<Organisation>(organisations)?;
        Ok(Self {
            manner: manner(r)?,
            of_plans: HashMap::new(),
            people: people.into_iter().map(|one| (one.id, one.name)).collect(),
            organisations: organisations.into_iter().map(|one| (one.id, one.name)).collect(),
        })
    }

    /// As one speaks to the caller.
    fn to(self, r: &mut Reading, caller: &Caller) -> Result<Self> {
        Ok(Self { manner: caller.spoken_to(r)?, ..self })
    }

    /// With the words of the bodies of these plans, as they are in the plans' years.
    fn speaking<'p>(mut self, r: &mut Reading, plans: impl IntoIterator<Item = &'p Plan>) -> Result<Self> {
        for plan in plans {
            let body: Organisation = r.linked(plan.organisation_id)?;
            self.of_plans.insert(plan.id, manner_in(r, &body, plan.year)?);
        }
        Ok(self)
    }

    /// A word of a plan's, as its body says it.
    fn word_in<W: Word>(&self, plan: Id, word: W) -> String {
        capital(&self.of_plans.get(&plan).unwrap_or(&self.manner).label(word, Language::Sv))
    }

    fn maybe_in<W: Word>(&self, plan: Id, word: Option<W>) -> Cell {
        word.map(|word| self.word_in(plan, word)).into()
    }

    fn word<W: Word>(&self, word: W) -> String {
        capital(&self.manner.label(word, Language::Sv))
    }

    fn maybe<W: Word>(&self, word: Option<W>) -> Cell {
        word.map(|word| self.word(word)).into()
    }

    fn person(&self, id: Option<Id>) -> Cell {
        id.and_then(|id| self.people.get(&id)).into()
    }

    fn organisation(&self, id: Id) -> Cell {
        self.organisations.get(&id).into()
    }
}

/// As the clock says in Sweden.
fn time(at: Timestamp) -> NaiveDateTime {
    at.utc().with_timezone(&chrono_tz::Europe::Stockholm).naive_local()
}

/// A marking of secrecy.
fn marking(secrecy: &Option<Json<Secrecy>>) -> Cell {
    let told = |one: &Json<Secrecy>| format!("{}, {}, {}", one.provision, one.date, one.authority);
    secrecy.as_ref().map(told).into()
}

/// Told only where it holds.
fn flag(holds: bool) -> Cell {
    if holds { true.into() } else { Cell::Empty }
}

/// An amount in Mnkr as it is written.
fn amount(written: Option<&String>) -> Cell {
    match written.map(|text| (text, figures::tenths(text).and_then(|tenths| i32::try_from(tenths).ok()))) {
        Some((_, Some(tenths))) => Cell::Amount(f64::from(tenths) / 10.0),
        Some((text, None)) => text.into(),
        None => Cell::Empty,
    }
}
