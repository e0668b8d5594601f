//! What all kinds of rows have in common when they are taken in: what becomes of each, what is told with its sheet and cell, and
//! what words mean.

use std::collections::{BTreeSet, HashMap};

use riskregister_document::table::as_in_cell;
use riskregister_workbook::rows::{Record, Said};
use riskregister_workbook::{Field, Interpretation, Place, clean, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::answers::{Answers, parts};
use super::ground::Ground;
use crate::app::caller::Caller;
use crate::app::sent::{Content, Envelope, Form, Sent};
use crate::domain::figures;
use crate::domain::words::{ImportAbout, ImportEntity, ImportResult};
use crate::error::{Bilingual, Error, Result, Violation};
use crate::storage::records::Organisation;
use crate::storage::{Id, Stored, Writing};

/// Something that is told of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportNotice {
    /// A stable word for machines.
    #[schema(example = "decimal")]
    pub code: String,
    #[schema(example = "Risker")]
    pub sheet: Option<String>,
    #[schema(example = "E7")]
    pub cell: Option<String>,
    /// What is so, in Swedish and in English.
    pub sv: String,
    pub en: String,
}

impl ImportNotice {
    pub fn new(code: impl Into<String>, place: &Place, said: Bilingual) -> Self {
        Self { code: code.into(), sheet: place.sheet.clone(), cell: place.cell.clone(), sv: said.sv, en: said.en }
    }
}

impl From<&riskregister_workbook::Notice> for ImportNotice {
    fn from(told: &riskregister_workbook::Notice) -> Self {
        Self::new(told.code.clone(), &told.place, Bilingual::new(&told.sv, &told.en))
    }
}

/// What becomes, or became, of what a row of the file is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportItem {
    pub sheet: Option<String>,
    /// Where it begins.
    #[schema(example = "A7")]
    pub cell: Option<String>,
    #[schema(example = "R-001")]
    pub reference: Option<String>,
    #[schema(example = "Fel i lönesystemet")]
    pub name: String,
    pub result: ImportResult,
    /// What it is.
    #[serde(default = "risk")]
    pub entity: ImportEntity,
    /// Its id; null while it is not there.
    #[serde(default)]
    pub entity_id: Option<Id>,
    /// The risk, where it is one; null while it is not there.
    pub risk_id: Option<Id>,
    /// The fields of what was there already which become others; `grants` where a person gets roles.
    #[schema(example = json!(["description", "likelihood"]))]
    pub changes: Vec<String>,
    #[schema(minimum = 0, example = 2)]
    pub controls_made: u32,
    #[schema(minimum = 0, example = 0)]
    pub controls_changed: u32,
    #[schema(minimum = 0, example = 1)]
    pub actions_made: u32,
    #[schema(minimum = 0, example = 0)]
    pub actions_changed: u32,
}

fn risk() -> ImportEntity {
    ImportEntity::Risk
}

impl ImportItem {
    /// What a row is about, which nothing has become of yet.
    pub fn new(entity: ImportEntity, place: &Place, name: impl Into<String>, there: Option<Id>) -> Self {
        let item = Self {
            sheet: place.sheet.clone(),
            cell: place.cell.clone(),
            reference: None,
            name: name.into(),
            result: ImportResult::Left,
            entity,
            entity_id: None,
            risk_id: None,
            changes: Vec::new(),
            controls_made: 0,
            controls_changed: 0,
            actions_made: 0,
            actions_changed: 0,
        };
        item.of(there)
    }

    /// These fields of what is there become others.
    pub fn changed(&mut self, fields: impl IntoIterator<Item = String>) {
        self.changes.extend(fields);
        if self.result == ImportResult::Left {
            self.result = ImportResult::Changed;
        }
    }

    #[must_use]
    pub fn of(mut self, id: Option<Id>) -> Self {
        self.entity_id = id;
        self.risk_id = id.filter(|_| self.entity == ImportEntity::Risk);
        self
    }
}

/// What comes of a file as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub items: Vec<ImportItem>,
    pub faults: Vec<ImportNotice>,
    pub remarks: Vec<ImportNotice>,
}

/// What is taken in.
pub struct Wanted<'a> {
    pub found: &'a Interpretation,
    pub answers: &'a Answers,
    /// People are given the role that it takes where they have none.
    pub grant_roles: bool,
    pub file_name: &'a str,
}

/// Fields of a form, by their names, and where in the file each stands.
#[derive(Default)]
pub struct Fields {
    pub values: Map<String, Value>,
    places: HashMap<&'static str, Place>,
}

impl Fields {
    pub fn put(&mut self, name: &'static str, value: impl Into<Value>, place: &Place) {
        self.values.insert(name.to_owned(), value.into());
        self.places.insert(name, place.clone());
    }

    /// Whether a field says this, however its letters are written.
    pub fn says_as(&self, name: &str, text: &str) -> bool {
        let said = self.values.get(name).and_then(Value::as_str);
        said.is_some_and(|said| clean::folded(said) == clean::folded(text))
    }

    pub fn describe(&mut self, description: Option<(String, Place)>) {
        if let Some((text, place)) = description {
            self.put("description", text, &place);
        }
    }

    /// Those that are other than what stands there.
    pub fn changes(&self, now: &impl Serialize) -> Result<Map<String, Value>> {
        let now = serde_json::to_value(now).map_err(Error::internal)?;
        Ok(self.values.iter().filter(|(name, value)| !same(now.get(name), value)).map(own).collect())
    }

    pub fn place<'p>(&'p self, pointer: &str, whole: &'p Place) -> &'p Place {
        let field = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.places.get(field).unwrap_or(whole)
    }
}

/// Whether a field says what stands there: as it would be read, since a list that the register gave out comes back as a
/// spreadsheet has it.
fn same(now: Option<&Value>, value: &Value) -> bool {
    let read = |text: &str| clean::clean(&as_in_cell(text)).0;
    match (now, value) {
        (Some(Value::String(now)), Value::String(value)) => now == value || read(now) == read(value),
        (None, Value::Null) => true,
        // What the file says nothing of stays.
        (Some(Value::Object(now)), Value::Object(value)) => {
            value.iter().all(|(name, value)| same_part(now.get(name), value))
        }
        (now, value) => now == Some(value),
    }
}

/// The same of a part of a field, which may be an amount: 4 is 4.0.
fn same_part(now: Option<&Value>, value: &Value) -> bool {
    let tenths = |value: &Value| value.as_str().and_then(figures::tenths);
    same(now, value) || tenths(value).is_some_and(|value| now.and_then(tenths) == Some(value))
}

fn own((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

pub fn sent<F: Form>(values: Map<String, Value>) -> Sent<F> {
    Envelope { content: Content::Json(Value::Object(values)), ..Envelope::default() }.into()
}

/// What was sent for something that is there, whatever its version.
pub fn sent_of<F: Form>(values: Map<String, Value>) -> Sent<F> {
    let any = Some(vec!["*".to_owned()]);
    Envelope { content: Content::Json(Value::Object(values)), if_match: any, ..Envelope::default() }.into()
}

/// What was found; or nothing, since what hinders it was told of with its cell.
pub type Told<T> = std::result::Result<T, ()>;

/// A file that is being taken in.
pub struct Taking<'t, 'c, 'a> {
    pub w: &'t mut Writing<'c>,
    pub caller: &'a Caller,
    pub ground: &'a Ground,
    pub wanted: &'a Wanted<'a>,
    pub outcome: Outcome,
    /// The organisations that rows may name.
    within: Vec<Organisation>,
    /// What nobody has said, told once each.
    unanswered: BTreeSet<(ImportAbout, String)>,
}

impl<'t, 'c, 'a> Taking<'t, 'c, 'a> {
    /// What was told of the file as it was read comes first.
    pub fn begun(
        w: &'t mut Writing<'c>,
        caller: &'a Caller,
        ground: &'a Ground,
        wanted: &'a Wanted<'a>,
    ) -> Result<Self> {
        let within = parts(w, ground.body())?;
        let outcome = Outcome {
            items: Vec::new(),
            faults: wanted.found.faults.iter().map(ImportNotice::from).collect(),
            remarks: wanted.found.remarks.iter().map(ImportNotice::from).collect(),
        };
        Ok(Self { w, caller, ground, wanted, outcome, within, unanswered: BTreeSet::new() })
    }

    pub fn fault(&mut self, code: impl Into<String>, place: &Place, said: Bilingual) {
        let told = ImportNotice::new(code, place, said);
        let faults = &mut self.outcome.faults;
        match faults.len() {
            known if known < limits::TOLD && !faults.contains(&told) => faults.push(told),
            limits::TOLD => faults.push(ImportNotice::new(
                "moreThanTold",
                &Place::default(),
                Bilingual::new(
                    "Filen har fler fel än så här. Rätta de här först.",
                    "The file has more faults than these. Mend these first.",
                ),
            )),
            _ => {}
        }
    }

    pub fn remark(&mut self, code: &str, place: &Place, said: Bilingual) {
        self.outcome.remarks.push(ImportNotice::new(code, place, said));
    }

    /// What a verb refuses of what the file says is a fault of its cells. What is wrong with the register or the database stays
    /// what it is.
    pub fn refused(&mut self, error: Error, fields: &Fields, whole: &Place) -> Result<()> {
        match error {
            Error::Invalid(all) => {
                for fault in all {
                    let place = fields.place(&fault.pointer, whole).clone();
                    self.fault(fault.code, &place, fault.said);
                }
                Ok(())
            }
            Error::Conflict { code, said } => {
                self.fault(code, whole, said);
                Ok(())
            }
            Error::NotFound | Error::Forbidden(_) => {
                self.fault(
                    "notYours",
                    whole,
                    Bilingual::new(
                        "Du får inte göra det som raden säger, eller så finns det inte.",
                        "You may not do what the row says, or it is not there.",
                    ),
                );
                Ok(())
            }
            other => Err(other),
        }
    }

    /// What words mean: nothing where they are left as words, and a fault where nobody has said.
    pub fn meaning(&mut self, about: ImportAbout, said: &Said) -> Option<String> {
        match self.wanted.answers.to(about, &said.text) {
            Some(value) => value.map(str::to_owned),
            None => {
                if self.unanswered.insert((about, clean::folded(&said.text))) {
                    self.fault(
                        "notAnswered",
                        &said.place,
                        Bilingual::new(
                            format!("Svara på vad ”{}” betyder, eller lämna uppgiften tom.", said.text),
                            format!("Say what “{}” means, or leave it empty.", said.text),
                        ),
                    );
                }
                None
            }
        }
    }

    /// What an answer names.
    pub fn named_by<T: Stored>(&mut self, value: &str) -> Result<Option<T>> {
        value.parse::<Id>().ok().map_or(Ok(None), |id| self.w.find(id))
    }

    /// Something that a cell names by the register's own id. A fault where there is no such thing.
    pub fn named<T: Stored>(&mut self, said: Option<&Said>) -> Result<Option<T>> {
        let Some(said) = said else { return Ok(None) };
        let found = match said.text.trim().parse::<Id>() {
            Ok(id) => self.w.find::<T>(id)?,
            Err(_) => None,
        };
        if found.is_none() {
            self.unknown(&said.place);
        }
        Ok(found)
    }

    /// There is nothing that a cell names, or it is not the caller's to see.
    pub fn unknown(&mut self, place: &Place) {
        let told = Violation::unknown_reference("");
        self.fault(told.code, place, told.said);
    }

    /// The organisation that a row names, by id or by words: one of those at and below where the file goes. The rest of the tree
    /// is answered as what is not there. Nothing where the row names none, or its words are left; an error was told of.
    pub(super) fn organisation(&mut self, by_id: Option<&Said>, by_word: Option<&Said>) -> Told<Option<(Id, Place)>> {
        let (id, place) = match (by_id, by_word) {
            (Some(said), _) => (said.text.trim().parse().ok(), &said.place),
            (None, Some(said)) => match self.meaning(ImportAbout::Organisation, said) {
                Some(id) => (id.parse().ok(), &said.place),
                None => {
                    // What a row is of must be said: it is not another's instead.
                    if self.is_left(ImportAbout::Organisation, said) {
                        self.fault(
                            "organisationLeft",
                            &said.place,
                            Bilingual::new(
                                format!(
                                    "Svara på vilken organisation ”{}” är, eller ta bort raden ur filen.",
                                    said.text
                                ),
                                format!("Say which organisation “{}” is, or take the row out of the file.", said.text),
                            ),
                        );
                    }
                    return Err(());
                }
            },
            (None, None) => return Ok(None),
        };
        match id.filter(|id: &Id| self.within.iter().any(|one| one.id == *id)) {
            Some(id) => Ok(Some((id, place.clone()))),
            None => {
                self.unknown(place);
                Err(())
            }
        }
    }

    /// Whether somebody has said that words are left as words.
    pub fn is_left(&self, about: ImportAbout, said: &Said) -> bool {
        self.wanted.answers.to(about, &said.text) == Some(None)
    }

    /// A word of a closed list.
    pub fn word(&mut self, about: ImportAbout, name: &'static str, said: Option<&Said>, to: &mut Fields) {
        if let Some(said) = said
            && let Some(value) = self.meaning(about, said)
        {
            to.put(name, value, &said.place);
        }
    }
}

/// Whether a row that names something by its id says another year than that is of, which is told: a list of last year's that was
/// filled in anew must not overwrite it.
pub fn other_year(t: &mut Taking, year: i32, said: &Said) -> bool {
    let other = said.text.trim().parse::<i32>().is_ok_and(|said| said != year);
    if other {
        t.fault(
            "otherYear",
            &said.place,
            Bilingual::new(
                format!("Radens id hör till {year}. Ta bort kolumnerna med id om raderna gäller ett annat år."),
                format!(
                    "The row's id belongs to {year}. Take the columns of ids away if the rows are of another year."
                ),
            ),
        );
    }
    other
}

/// That a row does not say of which year it is. One that is no year was told of when it was read.
pub fn year_missing(t: &mut Taking, record: &Record) {
    t.fault(
        "yearMissing",
        &record.place,
        Bilingual::new("Raden saknar år. Ta med året i en kolumn.", "The row has no year. Give the year in a column."),
    );
}

/// What a record says in a field.
pub fn cell(record: &Record, field: Field) -> Option<&Said> {
    record.values.get(&field).and_then(|all| all.first())
}

/// A text as one line.
pub fn line(said: &Said) -> String {
    said.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of a record, as one line.
pub fn put_line(record: &Record, field: Field, name: &'static str, to: &mut Fields) {
    if let Some(said) = cell(record, field) {
        to.put(name, line(said), &said.place);
    }
}

/// A text of a record, as it stands.
pub fn put_text(record: &Record, field: Field, name: &'static str, to: &mut Fields) {
    if let Some(said) = cell(record, field) {
        to.put(name, said.text.as_str(), &said.place);
    }
}

/// A whole number of a record; what is none was told of when it was read.
pub fn put_number(record: &Record, field: Field, name: &'static str, to: &mut Fields) {
    if let Some(said) = cell(record, field)
        && let Ok(number) = said.text.trim().parse::<i32>()
    {
        to.put(name, number, &said.place);
    }
}
