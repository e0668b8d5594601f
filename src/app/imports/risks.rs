//! What a workbook says of risks, put into a draft plan by the very verbs that anybody else uses: so rights, rules and events
//! are the same. Every fault is gathered with its sheet and cell; whoever calls lays everything back if there is one.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use chrono::NaiveDate;
use riskregister_workbook::rows::{
    Action as FileAction, Control as FileControl, Risk as FileRisk, Said, Scored, Stepped,
};
use riskregister_workbook::{Interpretation, Place, Scoring, clean};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::answers::{Answers, recurrences};
use crate::app::caller::Caller;
use crate::app::contents::assessments;
use crate::app::contents::measures::{self, ActionForm, ControlForm};
use crate::app::contents::risks::{self, RiskForm};
use crate::app::plan::Open;
use crate::app::sent::{Content, Envelope, Form, Sent};
use crate::domain::words::{Category, ImportAbout, ImportResult};
use crate::error::{Bilingual, Error, Result};
use crate::storage::records::{Action, Control, Risk};
use crate::storage::{Id, Writing};

/// The longest name, in characters; what is longer goes on in the description.
const NAME: usize = 500;
/// How many risks one file may have: each is put in its place among all the others.
const MOST: usize = 1_000;

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
    fn new(code: impl Into<String>, place: &Place, said: Bilingual) -> Self {
        Self { code: code.into(), sheet: place.sheet.clone(), cell: place.cell.clone(), sv: said.sv, en: said.en }
    }
}

impl From<&riskregister_workbook::Notice> for ImportNotice {
    fn from(told: &riskregister_workbook::Notice) -> Self {
        Self::new(told.code.clone(), &told.place, Bilingual::new(&told.sv, &told.en))
    }
}

/// What becomes, or became, of a risk of the file.
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
    /// The risk; null while it is not there.
    pub risk_id: Option<Id>,
    /// The fields of a risk that was there already which become others.
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

/// What comes of a file as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub items: Vec<ImportItem>,
    pub faults: Vec<ImportNotice>,
    pub remarks: Vec<ImportNotice>,
}

/// What is put into a plan.
pub struct Wanted<'a> {
    pub found: &'a Interpretation,
    pub answers: &'a Answers,
    /// People are given the role that it takes where they have none.
    pub grant_roles: bool,
    pub file_name: &'a str,
}

/// Puts the risks of a file into a draft plan. With a fault in the outcome nothing may be kept.
pub fn take_in(w: &mut Writing, caller: &Caller, open: &Open, wanted: &Wanted) -> Result<Outcome> {
    let there = w.risks_of_plan(open.plan.id)?.into_iter().map(There::of).collect();
    let mut taking =
        Taking { w, caller, open, wanted, there, outcome: Outcome::default(), unanswered: BTreeSet::new() };
    taking.outcome.faults = wanted.found.faults.iter().map(ImportNotice::from).collect();
    taking.outcome.remarks = wanted.found.remarks.iter().map(ImportNotice::from).collect();
    if wanted.found.risks.len() > MOST {
        taking.fault(
            "tooManyRisks",
            &Place::default(),
            Bilingual::new(
                format!("Filen har fler än {MOST} risker. Dela upp den."),
                format!("The file has more than {MOST} risks. Divide it."),
            ),
        );
        return Ok(taking.outcome);
    }
    for risk in &wanted.found.risks {
        taking.risk(risk)?;
    }
    Ok(taking.outcome)
}

struct Taking<'t, 'c, 'a> {
    w: &'t mut Writing<'c>,
    caller: &'a Caller,
    open: &'a Open,
    wanted: &'a Wanted<'a>,
    /// The risks of the plan, as they are by now.
    there: Vec<There>,
    outcome: Outcome,
    /// What nobody has said, told once each.
    unanswered: BTreeSet<(ImportAbout, String)>,
}

/// A risk of the plan, and what one of the file is found by.
struct There {
    reference: String,
    name: String,
    risk: Risk,
}

impl There {
    fn of(risk: Risk) -> Self {
        Self { reference: clean::folded(&risk.reference), name: clean::folded(&risk.name), risk }
    }
}

/// Fields of a form, and where in the file each stands.
#[derive(Default)]
struct Fields {
    values: Map<String, Value>,
    places: HashMap<&'static str, Place>,
}

impl Fields {
    fn put(&mut self, name: &'static str, value: impl Into<Value>, place: &Place) {
        self.values.insert(name.to_owned(), value.into());
        self.places.insert(name, place.clone());
    }

    /// Those that are other than what stands there.
    fn changes(&self, now: &impl Serialize) -> Result<Map<String, Value>> {
        let now = serde_json::to_value(now).map_err(Error::internal)?;
        Ok(self.values.iter().filter(|(name, value)| now.get(name) != Some(value)).map(own).collect())
    }

    fn place<'p>(&'p self, pointer: &str, whole: &'p Place) -> &'p Place {
        let field = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.places.get(field).unwrap_or(whole)
    }
}

fn own((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

fn sent<F: Form>(values: Map<String, Value>) -> Sent<F> {
    Envelope { content: Content::Json(Value::Object(values)), ..Envelope::default() }.into()
}

/// A text in a description, and where it stands.
struct Lines(Vec<(String, Place)>);

impl Lines {
    fn add(&mut self, label: Option<&str>, said: &Said) {
        let text = match label {
            Some(label) => format!("{label}: {}", said.text),
            None => said.text.clone(),
        };
        self.0.push((text, said.place.clone()));
    }

    fn into_field(self, fields: &mut Fields) {
        let Some((_, place)) = self.0.first() else { return };
        let place = place.clone();
        let text: Vec<String> = self.0.into_iter().map(|(text, _)| text).collect();
        fields.put("description", text.join("\n\n").trim(), &place);
    }
}

impl Taking<'_, '_, '_> {
    fn fault(&mut self, code: impl Into<String>, place: &Place, said: Bilingual) {
        let told = ImportNotice::new(code, place, said);
        if !self.outcome.faults.contains(&told) {
            self.outcome.faults.push(told);
        }
    }

    /// What a verb refuses of what the file says is a fault of its cells. What is wrong with the register or the database stays
    /// what it is.
    fn refused(&mut self, error: Error, fields: &Fields, whole: &Place) -> Result<()> {
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
                    Bilingual::new("Du får inte ändra den här risken.", "You may not change this risk."),
                );
                Ok(())
            }
            other => Err(other),
        }
    }

    /// What words mean: nothing where they are left as words, and a fault where nobody has said.
    fn meaning(&mut self, about: ImportAbout, said: &Said) -> Option<String> {
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

    /// A name stands on one line, and is not endless; the rest of it goes into the description.
    fn name(&mut self, said: &Said, fields: &mut Fields, lines: &mut Lines) {
        let line = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= NAME {
            fields.put("name", line, &said.place);
            return;
        }
        let cut: String = line.chars().take(NAME - 1).collect();
        let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
        fields.put("name", format!("{whole}…"), &said.place);
        lines.add(None, said);
        self.outcome.remarks.push(ImportNotice::new(
            "nameShortened",
            &said.place,
            Bilingual::new(
                "Namnet är längre än 500 tecken: början blir namn, och hela texten står i beskrivningen.",
                "The name is longer than 500 characters: its beginning becomes the name, and the whole text stands in the description.",
            ),
        ));
    }

    /// Who is named, or the words where they are left as words.
    fn person(&mut self, field: &'static str, label: &str, said: Option<&Said>, to: &mut Fields, lines: &mut Lines) {
        let Some(said) = said else { return };
        match self.meaning(ImportAbout::Person, said) {
            Some(value) => to.put(field, value, &said.place),
            None => lines.add(Some(label), said),
        }
    }

    fn step(&mut self, about: ImportAbout, stepped: Option<&Stepped>) -> Option<i32> {
        let stepped = stepped?;
        if let Some(value) = stepped.value {
            return Some(value);
        }
        let said = Said { text: stepped.text.clone(), place: stepped.place.clone(), ..Said::default() };
        self.meaning(about, &said)?.parse().ok()
    }

    fn steps(&mut self, scored: Option<&Scored>) -> (Option<i32>, Option<i32>) {
        let Some(scored) = scored else { return (None, None) };
        (
            self.step(ImportAbout::Likelihood, scored.likelihood.as_ref()),
            self.step(ImportAbout::Consequence, scored.consequence.as_ref()),
        )
    }

    fn day(&mut self, said: &Said) -> Option<NaiveDate> {
        said.date.or_else(|| self.meaning(ImportAbout::Date, said)?.parse().ok())
    }

    /// The risk of the plan that a risk of the file is: of its reference, or, where it has none, alone of its name.
    fn known(&self, risk: &FileRisk) -> Option<Risk> {
        if let Some(reference) = &risk.reference {
            let reference = clean::folded(&reference.text);
            return self.there.iter().find(|one| one.reference == reference).map(|one| one.risk.clone());
        }
        let name = clean::folded(&risk.name.as_ref()?.text);
        let mut named = self.there.iter().filter(|one| one.name == name);
        match (named.next(), named.next()) {
            (Some(one), None) => Some(one.risk.clone()),
            _ => None,
        }
    }

    /// A risk has become another, or is new.
    fn note(&mut self, id: Id) -> Result<()> {
        let now = There::of(self.w.get(id)?);
        match self.there.iter_mut().find(|one| one.risk.id == id) {
            Some(one) => *one = now,
            None => self.there.push(now),
        }
        Ok(())
    }

    fn risk(&mut self, risk: &FileRisk) -> Result<()> {
        let old = self.known(risk);
        let (fields, older) = self.risk_fields(risk);
        let name = fields.values.get("name").and_then(Value::as_str).map(str::to_owned);
        let mut item = ImportItem {
            sheet: risk.place.sheet.clone(),
            cell: risk.place.cell.clone(),
            reference: risk.reference.as_ref().map(|said| said.text.clone()),
            name: name.clone().or_else(|| old.as_ref().map(|old| old.name.clone())).unwrap_or_default(),
            result: ImportResult::Left,
            risk_id: old.as_ref().map(|old| old.id),
            changes: Vec::new(),
            controls_made: 0,
            controls_changed: 0,
            actions_made: 0,
            actions_changed: 0,
        };
        let id = match &old {
            Some(old) => {
                self.change(old, &fields, &risk.place, &mut item)?;
                Some(old.id)
            }
            None if name.is_none() => {
                self.fault(
                    "nameMissing",
                    &risk.place,
                    Bilingual::new(
                        "Raden har inget namn på risken, och planen har ingen risk med den referensen.",
                        "The row has no name of the risk, and the plan has no risk with that reference.",
                    ),
                );
                None
            }
            None => self.create(&fields, older, &risk.place, &mut item)?,
        };
        if let Some(id) = id {
            let controls = risk.controls.iter().map(|one| (self.control_fields(one), one.name.place.clone())).collect();
            let there = self.w.controls_of_risk(id)?;
            (item.controls_made, item.controls_changed) = self.measures(id, there, controls)?;
            let actions = risk.actions.iter().map(|one| (self.action_fields(one), one.name.place.clone())).collect();
            let there = self.w.actions_of_risk(id)?;
            (item.actions_made, item.actions_changed) = self.measures(id, there, actions)?;
        }
        let measures = item.controls_made + item.controls_changed + item.actions_made + item.actions_changed;
        if item.result == ImportResult::Left && measures > 0 {
            item.result = ImportResult::Changed;
        }
        self.outcome.items.push(item);
        Ok(())
    }

    /// What the file says of the risk itself, and the assessment that it was before.
    fn risk_fields(&mut self, risk: &FileRisk) -> (Fields, Option<(i32, i32)>) {
        let (mut fields, mut lines) = (Fields::default(), Lines(Vec::new()));
        if let Some(said) = &risk.reference {
            fields.put("reference", said.text.as_str(), &said.place);
        }
        if let Some(said) = &risk.name {
            self.name(said, &mut fields, &mut lines);
        }
        risk.description.iter().for_each(|said| lines.add(None, said));
        for one in &risk.labelled {
            let said = Said { text: one.text.clone(), place: one.place.clone(), ..Said::default() };
            lines.add(Some(&one.label), &said);
        }
        // The register has no field for it; the words are kept.
        if let Some(said) = &risk.process {
            lines.add(Some("Process"), said);
        }
        if let Some(said) = &risk.category
            && let Some(value) = self.meaning(ImportAbout::Category, said)
        {
            let field = if Category::parse(&value).is_some() { "category" } else { "ownCategory" };
            fields.put(field, value, &said.place);
        }
        if let Some(said) = &risk.response
            && let Some(value) = self.meaning(ImportAbout::Response, said)
        {
            fields.put("response", value, &said.place);
        }
        if let Some(said) = &risk.organisation
            && let Some(value) = self.meaning(ImportAbout::Organisation, said)
        {
            fields.put("organisationId", value, &said.place);
        }
        if let Some(said) = &risk.local_goal {
            fields.put("localGoal", said.text.split_whitespace().collect::<Vec<_>>().join(" "), &said.place);
        }
        if let Some(said) = &risk.goal {
            match self.meaning(ImportAbout::Goal, said) {
                Some(value) => fields.put("goalId", value, &said.place),
                None if risk.local_goal.is_none() && said.text.chars().count() <= NAME => {
                    fields.put("localGoal", said.text.split_whitespace().collect::<Vec<_>>().join(" "), &said.place);
                }
                None => lines.add(Some("Mål"), said),
            }
        }
        self.person("ownerId", "Riskägare", risk.owner.as_ref(), &mut fields, &mut lines);
        if let Some(said) = &risk.justification {
            fields.put("justification", said.text.as_str(), &said.place);
        }
        let older = self.scores(risk, &mut fields);
        lines.into_field(&mut fields);
        (fields, older)
    }

    /// The scoring that is the assessment goes into the fields; the one that it was before is handed back.
    fn scores(&mut self, risk: &FileRisk, fields: &mut Fields) -> Option<(i32, i32)> {
        let chosen = self.wanted.found.assessment.unwrap_or(Scoring::Plain);
        let scored = risk.scoring(chosen);
        let place = |stepped: Option<&Stepped>| stepped.map_or(risk.place.clone(), |stepped| stepped.place.clone());
        match self.steps(scored) {
            (Some(likelihood), Some(consequence)) => {
                fields.put("likelihood", likelihood, &place(scored.and_then(|s| s.likelihood.as_ref())));
                fields.put("consequence", consequence, &place(scored.and_then(|s| s.consequence.as_ref())));
            }
            (None, None) => {}
            // The verb says that the other half is missing.
            (Some(one), None) => fields.put("likelihood", one, &place(scored.and_then(|s| s.likelihood.as_ref()))),
            (None, Some(one)) => fields.put("consequence", one, &place(scored.and_then(|s| s.consequence.as_ref()))),
        }
        if let (Some(likelihood), Some(consequence)) = self.steps(risk.scoring(Scoring::Target))
            && let Some(cell) = self.open.policy.value(likelihood, consequence)
            && chosen != Scoring::Target
        {
            fields.put("targetLevel", cell.level.as_str(), &risk.place);
        }
        if chosen == Scoring::Inherent {
            return None;
        }
        match self.steps(risk.scoring(Scoring::Inherent)) {
            (Some(likelihood), Some(consequence)) => Some((likelihood, consequence)),
            _ => None,
        }
    }

    fn create(
        &mut self,
        fields: &Fields,
        older: Option<(i32, i32)>,
        whole: &Place,
        item: &mut ImportItem,
    ) -> Result<Option<Id>> {
        let mut values = fields.values.clone();
        self.grant("ownerId", &mut values);
        // The older assessment comes first, so that the newest is the risk's.
        let now = match (older, values.get("likelihood").cloned(), values.get("consequence").cloned()) {
            (Some(_), Some(likelihood), Some(consequence)) => {
                values.remove("likelihood");
                values.remove("consequence");
                Some((likelihood, consequence))
            }
            _ => None,
        };
        item.result = ImportResult::Made;
        let made = match risks::create(self.w, self.caller, self.open.plan.id, &sent::<RiskForm>(values)) {
            Ok(made) => made.core.risk.id,
            Err(error) => {
                self.refused(error, fields, whole)?;
                return Ok(None);
            }
        };
        item.risk_id = Some(made);
        if let (Some((likelihood, consequence)), Some(now)) = (older, now) {
            let before = json!({
                "likelihood": likelihood, "consequence": consequence,
                "reason": format!("Före kontroller och åtgärder, enligt {}.", self.wanted.file_name),
            });
            let now = json!({"likelihood": now.0, "consequence": now.1});
            for assessment in [before, now] {
                let assessment = assessment.as_object().cloned().unwrap_or_default();
                if let Err(error) = assessments::assess(self.w, self.caller, made, &sent(assessment)) {
                    self.refused(error, fields, whole)?;
                }
            }
        }
        self.note(made)?;
        Ok(Some(made))
    }

    fn change(&mut self, old: &Risk, fields: &Fields, whole: &Place, item: &mut ImportItem) -> Result<()> {
        let mut changes = fields.changes(&RiskForm::of(old))?;
        // The reference is what it was found by, however its letters are written.
        changes.remove("reference");
        // The same step alone says nothing of the other.
        if changes.is_empty() {
            return Ok(());
        }
        item.result = ImportResult::Changed;
        item.changes = changes.keys().cloned().collect();
        self.grant("ownerId", &mut changes);
        let asked: Sent<RiskForm> = Envelope {
            content: Content::Json(Value::Object(changes)),
            if_match: Some(vec!["*".to_owned()]),
            ..Envelope::default()
        }
        .into();
        match risks::change(self.w, self.caller, old.id, &asked) {
            Ok(_) => self.note(old.id),
            Err(error) => self.refused(error, fields, whole),
        }
    }

    fn grant(&self, field: &str, values: &mut Map<String, Value>) {
        if self.wanted.grant_roles && values.contains_key(field) {
            values.insert("grantRole".to_owned(), true.into());
        }
    }

    fn control_fields(&mut self, control: &FileControl) -> Fields {
        let (mut fields, mut lines) = (Fields::default(), Lines(Vec::new()));
        self.name(&control.name, &mut fields, &mut lines);
        control.method.iter().for_each(|said| lines.add(None, said));
        if let Some(said) = &control.frequency {
            let words = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(all) = self.meaning(ImportAbout::Frequency, said).and_then(|value| recurrences(&value)) {
                fields.put("recurrences", json!(all), &said.place);
            }
            if words.chars().count() <= NAME {
                fields.put("frequency", words, &said.place);
            } else {
                lines.add(Some("Frekvens"), said);
            }
        }
        self.person("responsibleId", "Ansvarig", control.responsible.as_ref(), &mut fields, &mut lines);
        lines.into_field(&mut fields);
        fields
    }

    fn action_fields(&mut self, action: &FileAction) -> Fields {
        let (mut fields, mut lines) = (Fields::default(), Lines(Vec::new()));
        self.name(&action.name, &mut fields, &mut lines);
        action.description.iter().for_each(|said| lines.add(None, said));
        for (field, label, said) in [("startDate", "Start", &action.start), ("endDate", "Slut", &action.end)] {
            let Some(said) = said else { continue };
            match self.day(said) {
                Some(day) => fields.put(field, day.to_string(), &said.place),
                None => lines.add(Some(label), said),
            }
        }
        self.person("responsibleId", "Ansvarig", action.responsible.as_ref(), &mut fields, &mut lines);
        // Statuses are reported in the periods of an adopted plan; the words are kept.
        if let Some(said) = &action.status {
            lines.add(Some("Status"), said);
        }
        lines.into_field(&mut fields);
        fields
    }

    /// Makes or changes the controls or the actions of a risk, each with its fields and the place of its name: one of the file is
    /// that of the register that has its name, the first that no other is. How many were made, and how many changed.
    fn measures<M: Measure>(&mut self, risk: Id, there: Vec<M>, of_file: Vec<(Fields, Place)>) -> Result<(u32, u32)> {
        let (mut made, mut changed) = (0, 0);
        let mut known: BTreeMap<String, VecDeque<M>> = BTreeMap::new();
        for one in there {
            known.entry(clean::folded(one.name())).or_default().push_back(one);
        }
        for (fields, place) in of_file {
            let name = fields.values.get("name").and_then(Value::as_str).map(clean::folded).unwrap_or_default();
            let done = match known.get_mut(&name).and_then(VecDeque::pop_front) {
                None => {
                    made += 1;
                    let mut values = fields.values.clone();
                    self.grant("responsibleId", &mut values);
                    M::make(self.w, self.caller, risk, values)
                }
                Some(old) => {
                    let mut changes = fields.changes(&old.form())?;
                    changes.remove("name");
                    if changes.is_empty() {
                        continue;
                    }
                    changed += 1;
                    self.grant("responsibleId", &mut changes);
                    old.change(self.w, self.caller, changes)
                }
            };
            if let Err(error) = done {
                self.refused(error, &fields, &place)?;
            }
        }
        Ok((made, changed))
    }
}

/// A control or an action, as it is made and changed.
trait Measure {
    type Form: Form + Serialize;
    fn name(&self) -> &str;
    fn form(&self) -> Self::Form;
    fn make(w: &mut Writing, caller: &Caller, risk: Id, values: Map<String, Value>) -> Result<()>;
    fn change(&self, w: &mut Writing, caller: &Caller, values: Map<String, Value>) -> Result<()>;
}

impl Measure for Control {
    type Form = ControlForm;
    fn name(&self) -> &str {
        &self.name
    }
    fn form(&self) -> ControlForm {
        ControlForm::of(self)
    }
    fn make(w: &mut Writing, caller: &Caller, risk: Id, values: Map<String, Value>) -> Result<()> {
        measures::create_control(w, caller, risk, &sent::<ControlForm>(values)).map(|_| ())
    }
    fn change(&self, w: &mut Writing, caller: &Caller, values: Map<String, Value>) -> Result<()> {
        measures::change_control(w, caller, self.id, &sent::<ControlForm>(values)).map(|_| ())
    }
}

impl Measure for Action {
    type Form = ActionForm;
    fn name(&self) -> &str {
        &self.name
    }
    fn form(&self) -> ActionForm {
        ActionForm::of(self)
    }
    fn make(w: &mut Writing, caller: &Caller, risk: Id, values: Map<String, Value>) -> Result<()> {
        measures::create_action(w, caller, risk, &sent::<ActionForm>(values)).map(|_| ())
    }
    fn change(&self, w: &mut Writing, caller: &Caller, values: Map<String, Value>) -> Result<()> {
        measures::change_action(w, caller, self.id, &sent::<ActionForm>(values)).map(|_| ())
    }
}
