//! Risks, controls and actions as the register's own lists have them. They are found by their ids; where they go into another
//! plan than they came from, a risk by its reference, and its controls and actions by their names. An empty cell says nothing, and
//! takes nothing away.

use std::collections::HashMap;

use chrono::NaiveDate;
use riskregister_workbook::fields::Thing;
use riskregister_workbook::rows::{Record, Said};
use riskregister_workbook::{Field, Place, clean};
use serde_json::{Map, Value, json};

use super::answers::{is_called, is_read_as, recurrences};
use super::risks::{OfFile, Risks};
use super::taking::{Fields, ImportItem, cell, put_line, put_text};
use super::texts::Lines;
use crate::app::contents::risks::{self, Reasoned};
use crate::app::sent::{Content, Envelope};
use crate::app::settings::goals;
use crate::domain::figures;
use crate::domain::words::{Category, ImportAbout, ImportEntity};
use crate::error::{Bilingual, Error, Result};
use crate::storage::records::{Action, Control, Goal, Organisation, Risk, User};
use crate::storage::{Id, Stored};

/// What the file says of a risk, and of its controls and actions.
#[derive(Default)]
struct Around<'a> {
    risk: Option<&'a Record>,
    controls: Vec<&'a Record>,
    actions: Vec<&'a Record>,
}

/// The register's own id of what a row is about.
fn id_of(record: &Record) -> Option<Id> {
    cell(record, Field::Id).and_then(|said| said.text.trim().parse().ok())
}

fn reference_of(record: &Record) -> Option<String> {
    cell(record, Field::Reference).map(|said| clean::folded(&said.text))
}

/// The only risk that has a row's name: of a row without a reference, which was added by hand; or a mandatory one.
fn own_named(left: &mut Vec<Risk>, around: &Around) -> Option<Risk> {
    let record = around.risk?;
    let name = clean::folded(&cell(record, Field::Name)?.text);
    let may_be = |one: &&Risk| reference_of(record).is_none() || one.mandatory_id.is_some();
    let mut called = left.iter().filter(may_be).filter(|one| clean::folded(&one.name) == name);
    let id = called.next().filter(|_| called.next().is_none())?.id;
    let at = left.iter().position(|one| one.id == id)?;
    Some(left.remove(at))
}

impl Risks<'_, '_, '_, '_> {
    /// Puts the rows of the register's own lists into the plan.
    pub fn own(&mut self, records: &[Record]) -> Result<()> {
        let mut order: Vec<String> = Vec::new();
        let mut all: HashMap<String, Around> = HashMap::new();
        for record in records {
            // A row without a reference is of no risk that could be found; a new one stands by itself.
            let key = reference_of(record).unwrap_or_else(|| format!("\n{:?}", record.place));
            let around = all.entry(key.clone()).or_insert_with(|| {
                order.push(key.clone());
                Around::default()
            });
            match (record.thing, around.risk) {
                (Some(Thing::Control), _) => around.controls.push(record),
                (Some(Thing::Action), _) => around.actions.push(record),
                (_, None) => around.risk = Some(record),
                (_, Some(first)) => {
                    let cell = first.place.cell.clone().unwrap_or_default();
                    self.t.fault(
                        "twice",
                        &record.place,
                        Bilingual::new(
                            format!("Risken står redan i raden med {cell}."),
                            format!("The risk already stands in the row of {cell}."),
                        ),
                    );
                }
            }
        }
        let body = records.iter().find_map(|record| cell(record, Field::Body));
        let other = body.filter(|said| !is_called(&self.open.body, &clean::folded(&said.text)));
        if let Some(said) = other {
            self.t.remark(
                "otherBody",
                &said.place,
                Bilingual::new(
                    format!("Listan kommer från {}. Riskerna tas in i den här planen.", said.text),
                    format!("The list comes from {}. The risks are taken into this plan.", said.text),
                ),
            );
        }
        let mut left: Vec<Risk> = self.t.w.risks_of_plan(self.open.plan.id)?;
        // The surest way to find one comes first, so that no other row takes it: one that was copied has its id too.
        let mut known: HashMap<String, Risk> = HashMap::new();
        for (by_id, by_reference) in [(true, true), (true, false), (false, true)] {
            for key in &order {
                let id = all.get(key).and_then(|around| around.risk).and_then(id_of);
                let is_it = |one: &Risk| {
                    (!by_id || Some(one.id) == id) && (!by_reference || clean::folded(&one.reference) == *key)
                };
                if !known.contains_key(key)
                    && let Some(at) = left.iter().position(is_it)
                {
                    known.insert(key.clone(), left.remove(at));
                }
            }
        }
        for key in order {
            let Some(around) = all.remove(&key) else { continue };
            let old = known.remove(&key).or_else(|| own_named(&mut left, &around));
            if let (Some(old), Some(name), true) =
                (&old, around.risk.and_then(|one| cell(one, Field::Name)), other.is_some())
                && clean::folded(&old.name) != clean::folded(&name.text)
            {
                self.t.fault(
                    "referenceTaken",
                    &name.place,
                    Bilingual::new(
                        format!("Planen har en annan risk med den referensen: ”{}”.", old.name),
                        format!("The plan has another risk of that reference: “{}”.", old.name),
                    ),
                );
                continue;
            }
            self.own_risk(&around, old)?;
        }
        Ok(())
    }

    fn own_risk(&mut self, around: &Around, old: Option<Risk>) -> Result<()> {
        let first = around.risk.or(around.controls.first().copied()).or(around.actions.first().copied());
        let Some(first) = first else { return Ok(()) };
        let place = first.place.clone();
        let called = cell(first, Field::Name).map(|said| said.text.clone());
        let called = called.or_else(|| old.as_ref().map(|old| old.name.clone())).unwrap_or_default();
        let mut item = ImportItem::new(ImportEntity::Risk, &place, called, old.as_ref().map(|old| old.id));
        item.reference = cell(first, Field::Reference).map(|said| said.text.clone());
        let id = match (around.risk, &old) {
            (None, Some(old)) => Some(old.id),
            (None, None) => {
                self.t.fault(
                    "riskUnknown",
                    &place,
                    Bilingual::new(
                        "Varken filen eller planen har en risk med den referensen.",
                        "Neither the file nor the plan has a risk of that reference.",
                    ),
                );
                None
            }
            (Some(risk), Some(old)) => {
                let fields = self.own_fields(risk, Some(old))?;
                self.change(old, &fields, None, &place, &mut item)?;
                Some(old.id)
            }
            (Some(risk), None) => {
                let fields = self.own_fields(risk, None)?;
                self.create(&fields, None, &place, &mut item)?
            }
        };
        if let Some(id) = id {
            if let Some(risk) = around.risk {
                self.own_decisions(id, risk, &mut item)?;
            }
            let there: Vec<Control> = self.t.w.controls_of_risk(id)?;
            let mut controls = Vec::new();
            for one in &around.controls {
                let old = there.iter().find(|old| Some(old.id) == id_of(one)).and_then(|old| old.responsible_id);
                controls.push(self.own_control(one, old)?);
            }
            (item.controls_made, item.controls_changed) = self.measures(id, there, controls)?;
            let there: Vec<Action> = self.t.w.actions_of_risk(id)?;
            let mut actions = Vec::new();
            for one in &around.actions {
                let old = there.iter().find(|old| Some(old.id) == id_of(one)).and_then(|old| old.responsible_id);
                actions.push(self.own_action(one, old)?);
            }
            (item.actions_made, item.actions_changed) = self.measures(id, there, actions)?;
        }
        self.done(item);
        Ok(())
    }

    /// What a row says of a risk. What the register calls the same as it is by now is as it is, whatever else is called so.
    fn own_fields(&mut self, risk: &Record, old: Option<&Risk>) -> Result<Fields> {
        let mut fields = Fields::default();
        put_text(risk, Field::Reference, "reference", &mut fields);
        put_line(risk, Field::Name, "name", &mut fields);
        put_text(risk, Field::Description, "description", &mut fields);
        put_line(risk, Field::LocalGoal, "localGoal", &mut fields);
        put_text(risk, Field::Justification, "justification", &mut fields);
        put_text(risk, Field::TargetLevel, "targetLevel", &mut fields);
        self.own_part(risk, old, &mut fields)?;
        if let Some(said) = cell(risk, Field::Goal) {
            let now = self.linked::<Goal>(old.and_then(|old| old.goal_id))?;
            if !now.is_some_and(|goal| is_read_as(&goals::titled(&goal), &clean::folded(&said.text))) {
                self.t.word(ImportAbout::Goal, "goalId", Some(said), &mut fields);
            }
        }
        self.own_person("ownerId", cell(risk, Field::Owner), old.and_then(|old| old.owner_id), &mut fields)?;
        self.t.word(ImportAbout::Response, "response", cell(risk, Field::Response), &mut fields);
        if let Some(said) = cell(risk, Field::Category)
            && let Some(value) = self.t.meaning(ImportAbout::Category, said)
        {
            let field = if Category::parse(&value).is_some() { "category" } else { "ownCategory" };
            fields.put(field, value, &said.place);
        }
        for (field, name, about) in [
            (Field::Likelihood, "likelihood", ImportAbout::Likelihood),
            (Field::Consequence, "consequence", ImportAbout::Consequence),
        ] {
            let Some(said) = cell(risk, field) else { continue };
            let step = match said.text.parse::<i32>() {
                Ok(step) => Some(step),
                Err(_) => self.t.meaning(about, said).and_then(|value| value.parse().ok()),
            };
            if let Some(step) = step {
                fields.put(name, step, &said.place);
            }
        }
        if let Some(said) = cell(risk, Field::Irregularity) {
            match clean::folded(&said.text).as_str() {
                "ja" | "yes" | "1" => fields.put("irregularity", true, &said.place),
                "nej" | "no" | "0" => fields.put("irregularity", false, &said.place),
                _ => self.t.fault(
                    "notYesOrNo",
                    &said.place,
                    Bilingual::new("Det är varken ja eller nej.", "This is neither yes nor no."),
                ),
            }
        }
        if let Some(said) = cell(risk, Field::Secrecy) {
            match marking(&said.text) {
                Some(secrecy) => fields.put("secrecy", secrecy, &said.place),
                None => self.t.fault(
                    "noMarking",
                    &said.place,
                    Bilingual::new(
                        "En sekretessmarkering är en bestämmelse, en dag och en myndighet, med kommatecken emellan.",
                        "A marking of secrecy is a provision, a day and an authority, with commas between them.",
                    ),
                ),
            }
        }
        Ok(fields)
    }

    /// A day; words that name none and were left are told of, since a list of days keeps no words.
    fn own_day(&mut self, record: &Record, field: Field, name: &'static str, to: &mut Fields) {
        let Some(said) = cell(record, field) else { return };
        let day = said.date.or_else(|| self.t.meaning(ImportAbout::Date, said).and_then(|value| value.parse().ok()));
        match day {
            Some(day) => to.put(name, day.to_string(), &said.place),
            None => self.t.remark(
                "dayLeft",
                &said.place,
                Bilingual::new(
                    format!("”{}” är ingen dag och tas inte in.", said.text),
                    format!("“{}” is no day and is not taken in.", said.text),
                ),
            ),
        }
    }

    fn linked<T: Stored>(&mut self, id: Option<Id>) -> Result<Option<T>> {
        id.map(|id| self.t.w.linked(id)).transpose()
    }

    /// The part that a risk belongs to: the body itself, where the file calls it as it calls that.
    fn own_part(&mut self, risk: &Record, old: Option<&Risk>, fields: &mut Fields) -> Result<()> {
        let Some(said) = cell(risk, Field::Organisation) else { return Ok(()) };
        let text = clean::folded(&said.text);
        let now = self.linked::<Organisation>(old.map(|old| old.organisation_id))?;
        if now.is_some_and(|now| is_called(&now, &text)) {
            return Ok(());
        }
        if cell(risk, Field::Body).is_some_and(|body| clean::folded(&body.text) == text) {
            fields.put("organisationId", self.open.body.id.to_string(), &said.place);
        } else {
            self.t.word(ImportAbout::Organisation, "organisationId", Some(said), fields);
        }
        Ok(())
    }

    fn own_person(
        &mut self,
        name: &'static str,
        said: Option<&Said>,
        now: Option<Id>,
        fields: &mut Fields,
    ) -> Result<()> {
        let Some(said) = said else { return Ok(()) };
        let now = self.linked::<User>(now)?;
        if !now.is_some_and(|user| is_read_as(&user.name, &clean::folded(&said.text))) {
            self.t.word(ImportAbout::Person, name, Some(said), fields);
        }
        Ok(())
    }

    /// The reasoned decisions of a risk, where they are others than stand there.
    fn own_decisions(&mut self, id: Id, risk: &Record, item: &mut ImportItem) -> Result<()> {
        for (field, which, name) in [
            (Field::TakenInBecause, Reasoned::Inclusion, "decisionReason"),
            (Field::SetAsideBecause, Reasoned::SettingAside, "setAsideReason"),
        ] {
            let Some(said) = cell(risk, field) else { continue };
            let mut fields = Fields::default();
            fields.put("reason", said.text.as_str(), &said.place);
            let there = match risks::reasoned(self.t.w, self.t.caller, id, which) {
                Ok(there) => Some(there),
                Err(Error::NotFound) => None,
                Err(other) => return Err(other),
            };
            let changes = match &there {
                Some(there) => fields.changes(there)?,
                None => fields.values.clone(),
            };
            if changes.is_empty() {
                continue;
            }
            let sent = Envelope {
                content: Content::Json(Value::Object(changes)),
                if_match: there.is_some().then(|| vec!["*".to_owned()]),
                only_new: there.is_none(),
                ..Envelope::default()
            };
            match risks::decide(self.t.w, self.t.caller, id, which, &sent.into()) {
                Ok(_) => {
                    self.moved = true;
                    item.changed([name.to_owned()]);
                }
                Err(error) => self.t.refused(error, &fields, &said.place)?,
            }
        }
        Ok(())
    }

    fn own_control(&mut self, record: &Record, responsible: Option<Id>) -> Result<OfFile> {
        let mut fields = Fields::default();
        put_line(record, Field::Control, "name", &mut fields);
        put_text(record, Field::ControlMethod, "description", &mut fields);
        put_line(record, Field::ControlFrequency, "frequency", &mut fields);
        if let Some(said) = cell(record, Field::Recurrences)
            && let Some(all) = self.t.meaning(ImportAbout::Frequency, said).and_then(|value| recurrences(&value))
        {
            fields.put("recurrences", json!(all), &said.place);
        }
        self.t.word(ImportAbout::Period, "duePeriod", cell(record, Field::DuePeriod), &mut fields);
        self.own_day(record, Field::DueDate, "dueDate", &mut fields);
        self.own_person("responsibleId", cell(record, Field::ControlResponsible), responsible, &mut fields)?;
        Ok(OfFile { id: id_of(record), fields, lines: Lines::default(), place: record.place.clone() })
    }

    fn own_action(&mut self, record: &Record, responsible: Option<Id>) -> Result<OfFile> {
        let mut fields = Fields::default();
        put_line(record, Field::Action, "name", &mut fields);
        put_text(record, Field::ActionDescription, "description", &mut fields);
        self.own_day(record, Field::ActionStart, "startDate", &mut fields);
        self.own_day(record, Field::ActionEnd, "endDate", &mut fields);
        put_text(record, Field::EndDateReason, "endDateReason", &mut fields);
        self.own_person("responsibleId", cell(record, Field::ActionResponsible), responsible, &mut fields)?;
        let mut amounts: Map<String, Value> = Map::new();
        let mut place: Option<Place> = None;
        for (field, name) in [
            (Field::FullYear, "fullYear"),
            (Field::PlanYear, "planYear"),
            (Field::NextYear, "nextYear"),
            (Field::YearAfterNext, "yearAfterNext"),
        ] {
            let Some(said) = cell(record, field) else { continue };
            amounts.insert(name.to_owned(), amount(said).into());
            place.get_or_insert_with(|| said.place.clone());
        }
        if let Some(place) = place {
            fields.put("financialEffect", amounts, &place);
        }
        Ok(OfFile { id: id_of(record), fields, lines: Lines::default(), place: record.place.clone() })
    }
}

/// An amount as the register keeps it; what is none stays as it is, for the verb to say so.
fn amount(said: &Said) -> String {
    figures::normal(&said.text, None).unwrap_or_else(|| said.text.clone())
}

/// A marking of secrecy as the register's lists write it: provision, day and authority, of which the first and last may have
/// commas of their own.
fn marking(text: &str) -> Option<Value> {
    let parts: Vec<&str> = text.split(", ").collect();
    let day = parts.iter().position(|part| part.parse::<NaiveDate>().is_ok())?;
    let (before, after) = parts.split_at_checked(day)?;
    let (day, after) = after.split_first()?;
    Some(json!({"provision": before.join(", "), "date": day, "authority": after.join(", ")}))
}
