//! What a workbook says of risks, put into a draft plan by the very verbs that anybody else uses: so rights, rules and events
//! are the same. Every fault is gathered with its sheet and cell; whoever calls lays everything back if there is one.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use chrono::NaiveDate;
use riskregister_workbook::rows::{
    Action as FileAction, Control as FileControl, Risk as FileRisk, Said, Scored, Stepped,
};
use riskregister_workbook::{Interpretation, Place, Scoring, clean, limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::answers::{Answers, recurrences};
use super::known::known;
use super::measured::{Measure, sent};
use super::texts::{Lines, NAME, kept_name};
use crate::app::caller::Caller;
use crate::app::contents::assessments;
use crate::app::contents::risks::{self, RiskForm};
use crate::app::plan::Open;
use crate::app::plan::order::{earlier_of_reference, free_reference, renumber};
use crate::app::sent::{Content, Envelope, Sent};
use crate::domain::text::capital;
use crate::domain::words::{Category, ImportAbout, ImportResult, Language, Response};
use crate::error::{Bilingual, Error, Result};
use crate::storage::records::{Goal, Organisation, Plan, Risk, User};
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
    let there = w.risks_of_plan(open.plan.id)?;
    let mut taking = Taking {
        w,
        caller,
        open,
        wanted,
        outcome: Outcome::default(),
        unanswered: BTreeSet::new(),
        next_reference: None,
        moved: false,
    };
    taking.outcome.faults = wanted.found.faults.iter().map(ImportNotice::from).collect();
    taking.outcome.remarks = wanted.found.remarks.iter().map(ImportNotice::from).collect();
    let (known, ambiguous) = known(there, &wanted.found.risks);
    for place in ambiguous {
        taking.fault(
            "severalOfName",
            &place,
            Bilingual::new(
                "Planen har flera risker med det namnet. Skriv i filen vilken referens risken har.",
                "The plan has several risks of that name. Write in the file which reference the risk has.",
            ),
        );
    }
    for (risk, old) in wanted.found.risks.iter().zip(known) {
        taking.risk(risk, old)?;
    }
    let Taking { outcome, moved, .. } = taking;
    // Once for all of them: each number hangs on the risks before it.
    if moved {
        renumber(w, open)?;
    }
    Ok(outcome)
}

struct Taking<'t, 'c, 'a> {
    w: &'t mut Writing<'c>,
    caller: &'a Caller,
    open: &'a Open,
    wanted: &'a Wanted<'a>,
    outcome: Outcome,
    /// What nobody has said, told once each.
    unanswered: BTreeSet<(ImportAbout, String)>,
    /// The reference of the next risk for which the file has none.
    next_reference: Option<u64>,
    /// A risk was made or changed.
    moved: bool,
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

    fn describe(&mut self, description: Option<(String, Place)>) {
        if let Some((text, place)) = description {
            self.put("description", text, &place);
        }
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

/// Some scoring of a file, as people call it.
fn named(scoring: Scoring) -> Bilingual {
    match scoring {
        Scoring::Inherent => {
            Bilingual::new("bedömningen före kontroller och åtgärder", "the assessment before controls and actions")
        }
        Scoring::Plain => Bilingual::new("bedömningen utan angivelse", "the assessment that does not say which it is"),
        Scoring::Residual => {
            Bilingual::new("bedömningen efter kontroller och åtgärder", "the assessment after controls and actions")
        }
        Scoring::Target => Bilingual::new("målet", "the target"),
    }
}

/// What cannot be read as a step, as it is told of its cell.
const NO_STEP: [&str; 7] =
    ["decimal", "outsideScale", "severalSteps", "dateForStep", "noStep", "uncounted", "errorValue"];

impl Taking<'_, '_, '_> {
    fn fault(&mut self, code: impl Into<String>, place: &Place, said: Bilingual) {
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

    fn remark(&mut self, code: &str, place: &Place, said: Bilingual) {
        self.outcome.remarks.push(ImportNotice::new(code, place, said));
    }

    /// The heading above what is said, or what its field is called where it has none.
    fn heading(&self, said: &Said, otherwise: &str) -> String {
        self.wanted.found.heading(&said.place).unwrap_or(otherwise).to_owned()
    }

    /// Words are kept beside what they were answered with, unless the register calls that the same.
    fn keep_words(&self, label: &str, said: &Said, called: &[String], lines: &mut Lines) {
        let words = clean::folded(&said.text);
        if !called.iter().any(|name| clean::folded(name) == words) {
            lines.add(Some(&self.heading(said, label)), said);
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
        let kept = kept_name(&said.text);
        let shortened = kept.ends_with('…') && !said.text.ends_with('…');
        fields.put("name", kept, &said.place);
        if !shortened {
            return;
        }
        lines.add(None, said);
        self.remark(
            "nameShortened",
            &said.place,
            Bilingual::new(
                "Namnet är längre än 500 tecken: början blir namn, och hela texten står i beskrivningen.",
                "The name is longer than 500 characters: its beginning becomes the name, and the whole text stands in the description.",
            ),
        );
    }

    /// What an answer names.
    fn named_by<T: Stored>(&mut self, value: &str) -> Result<Option<T>> {
        value.parse::<Id>().ok().map_or(Ok(None), |id| self.w.find(id))
    }

    /// Who is named, and the words.
    fn person(
        &mut self,
        field: &'static str,
        label: &str,
        said: Option<&Said>,
        to: &mut Fields,
        lines: &mut Lines,
    ) -> Result<()> {
        let Some(said) = said else { return Ok(()) };
        let mut called = Vec::new();
        if let Some(value) = self.meaning(ImportAbout::Person, said) {
            if let Some(user) = self.named_by::<User>(&value)? {
                called = vec![user.name, user.email];
            }
            to.put(field, value, &said.place);
        }
        self.keep_words(label, said, &called, lines);
        Ok(())
    }

    /// The step that a cell names, or was answered with; then its words are kept.
    fn step(&mut self, about: ImportAbout, stepped: Option<&Stepped>, lines: &mut Lines) -> Option<i32> {
        let stepped = stepped?;
        if let Some(value) = stepped.value {
            return Some(value);
        }
        let said = Said { text: stepped.text.clone(), place: stepped.place.clone(), ..Said::default() };
        let step = self.meaning(about, &said).and_then(|value| value.parse().ok());
        let steps = if about == ImportAbout::Likelihood {
            &self.open.policy.likelihoods
        } else {
            &self.open.policy.consequences
        };
        let at = step.and_then(|step: i32| usize::try_from(step).ok()?.checked_sub(1));
        let called: Vec<String> = at.and_then(|at| steps.get(at)).map(|step| step.label.clone()).into_iter().collect();
        self.keep_words(about.label(Language::Sv), &said, &called, lines);
        step
    }

    fn steps(&mut self, scored: &Scored, lines: &mut Lines) -> (Option<i32>, Option<i32>) {
        (
            self.step(ImportAbout::Likelihood, scored.likelihood.as_ref(), lines),
            self.step(ImportAbout::Consequence, scored.consequence.as_ref(), lines),
        )
    }

    /// The day that a cell names. One that it was answered with has its words kept.
    fn day(&mut self, label: &str, said: &Said, lines: &mut Lines) -> Option<NaiveDate> {
        if said.date.is_some() {
            return said.date;
        }
        let day = self.meaning(ImportAbout::Date, said).and_then(|value| value.parse().ok());
        self.keep_words(label, said, &[], lines);
        day
    }

    /// The reference of a risk for which the file has none: after all numbers that the body or the file has.
    fn free_reference(&mut self) -> Result<String> {
        let next = match self.next_reference {
            Some(next) => next,
            None => {
                let free: u64 = free_reference(self.w, self.open.body.id)?.parse().map_err(Error::internal)?;
                let references = self.wanted.found.risks.iter().filter_map(|risk| risk.reference.as_ref());
                let numbers = references.filter_map(|said| said.text.parse::<u64>().ok());
                numbers.filter(|number| *number < 1 << 53).map(|number| number + 1).fold(free, u64::max)
            }
        };
        self.next_reference = Some(next + 1);
        Ok(next.to_string())
    }

    fn risk(&mut self, risk: &FileRisk, old: Option<Risk>) -> Result<()> {
        let (fields, older) = self.risk_fields(risk, old.as_ref())?;
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
                self.change(old, &fields, older, &risk.place, &mut item)?;
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
            let mut controls = Vec::new();
            for one in &risk.controls {
                let (fields, lines) = self.control_fields(one)?;
                controls.push((fields, lines, one.name.place.clone()));
            }
            let there = self.w.controls_of_risk(id)?;
            (item.controls_made, item.controls_changed) = self.measures(id, there, controls)?;
            let mut actions = Vec::new();
            for one in &risk.actions {
                let (fields, lines) = self.action_fields(one)?;
                actions.push((fields, lines, one.name.place.clone()));
            }
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
    fn risk_fields(&mut self, risk: &FileRisk, old: Option<&Risk>) -> Result<(Fields, Option<(i32, i32)>)> {
        let (mut fields, mut lines) = (Fields::default(), Lines::default());
        if let Some(said) = &risk.reference {
            fields.put("reference", said.text.as_str(), &said.place);
        }
        if let Some(said) = &risk.name {
            self.name(said, &mut fields, &mut lines);
        }
        risk.description.iter().for_each(|said| lines.describe(said));
        for one in &risk.labelled {
            let said = Said { text: one.text.clone(), place: one.place.clone(), ..Said::default() };
            lines.add(Some(&one.label), &said);
        }
        // The register has no field for it; the words are kept.
        if let Some(said) = &risk.process {
            self.keep_words("Process", said, &[], &mut lines);
        }
        if let Some(said) = &risk.category {
            let mut called = Vec::new();
            if let Some(value) = self.meaning(ImportAbout::Category, said) {
                let word = Category::parse(&value);
                called = Language::ALL.iter().filter_map(|language| Some(word?.label(*language).to_owned())).collect();
                called.push(value.clone());
                fields.put(if word.is_some() { "category" } else { "ownCategory" }, value, &said.place);
            }
            self.keep_words("Kategori", said, &called, &mut lines);
        }
        if let Some(said) = &risk.response {
            let mut called = Vec::new();
            if let Some(value) = self.meaning(ImportAbout::Response, said) {
                let word = Response::parse(&value);
                called = Language::ALL.iter().filter_map(|language| Some(word?.label(*language).to_owned())).collect();
                fields.put("response", value, &said.place);
            }
            self.keep_words("Hantering", said, &called, &mut lines);
        }
        if let Some(said) = &risk.organisation {
            let mut called = Vec::new();
            if let Some(value) = self.meaning(ImportAbout::Organisation, said) {
                if let Some(part) = self.named_by::<Organisation>(&value)? {
                    called.push(part.name);
                    called.extend(part.abbreviation);
                }
                fields.put("organisationId", value, &said.place);
            }
            self.keep_words("Del av organisationen", said, &called, &mut lines);
        }
        if let Some(said) = &risk.local_goal {
            fields.put("localGoal", said.text.split_whitespace().collect::<Vec<_>>().join(" "), &said.place);
        }
        if let Some(said) = &risk.goal {
            match self.meaning(ImportAbout::Goal, said) {
                Some(value) => {
                    let goal = self.named_by::<Goal>(&value)?.map(|goal| goal.name);
                    fields.put("goalId", value, &said.place);
                    self.keep_words("Mål", said, &goal.into_iter().collect::<Vec<_>>(), &mut lines);
                }
                None if risk.local_goal.is_none() && said.text.chars().count() <= NAME => {
                    fields.put("localGoal", said.text.split_whitespace().collect::<Vec<_>>().join(" "), &said.place);
                }
                None => self.keep_words("Mål", said, &[], &mut lines),
            }
        }
        self.person("ownerId", "Riskägare", risk.owner.as_ref(), &mut fields, &mut lines)?;
        if let Some(said) = &risk.justification {
            fields.put("justification", said.text.as_str(), &said.place);
        }
        let older = self.scores(risk, old, &mut fields, &mut lines)?;
        fields.describe(lines.beside(old.and_then(|old| old.description.as_deref())));
        Ok((fields, older))
    }

    /// The scoring that is the assessment goes into the fields; the one that it was before is handed back. Each that is not
    /// taken in is told.
    fn scores(
        &mut self,
        risk: &FileRisk,
        old: Option<&Risk>,
        fields: &mut Fields,
        lines: &mut Lines,
    ) -> Result<Option<(i32, i32)>> {
        let chosen = self.wanted.found.assessment.unwrap_or(Scoring::Plain);
        if let Some(scored) = risk.scoring(chosen) {
            self.assessment(scored, fields, lines);
        }
        let assessed = fields.values.contains_key("likelihood") && fields.values.contains_key("consequence");
        let mut older = None;
        for scored in risk.scorings.iter().filter(|scored| scored.scoring != chosen) {
            let Some(stepped) = scored.likelihood.as_ref().or(scored.consequence.as_ref()) else { continue };
            let is_before = scored.scoring == Scoring::Inherent;
            let why = if is_before || scored.scoring == Scoring::Target {
                match self.steps(scored, lines) {
                    (Some(likelihood), Some(consequence)) if is_before && assessed => {
                        match self.stands_before(old, (likelihood, consequence))? {
                            Stands::There => continue,
                            Stands::Free => {
                                older = Some((likelihood, consequence));
                                continue;
                            }
                            Stands::Late => Bilingual::new(
                                "risken är bedömd redan, och en äldre bedömning läggs inte till efteråt",
                                "the risk is assessed already, and no older assessment is added afterwards",
                            ),
                        }
                    }
                    (Some(likelihood), Some(consequence)) if !is_before => {
                        if let Some(cell) = self.open.policy.value(likelihood, consequence) {
                            fields.put("targetLevel", cell.level.as_str(), &stepped.place);
                        }
                        continue;
                    }
                    (Some(_), Some(_)) => Bilingual::new(
                        "raden har ingen bedömning som gäller nu",
                        "the row has no assessment that counts now",
                    ),
                    _ => Bilingual::new(
                        "den behöver både sannolikhet och konsekvens",
                        "it needs both likelihood and consequence",
                    ),
                }
            } else {
                let counts = named(chosen);
                Bilingual::new(format!("det är {} som gäller", counts.sv), format!("{} counts", counts.en))
            };
            let (what, why, place) = (named(scored.scoring), why, stepped.place.clone());
            self.remark(
                "scoringNotTaken",
                &place,
                Bilingual::new(
                    format!("{} tas inte in: {}.", capital(&what.sv), why.sv),
                    format!("{} is not taken in: {}.", capital(&what.en), why.en),
                ),
            );
        }
        Ok(older)
    }

    /// The assessment's steps. Of one half the verb says that the other is missing, unless that was told of its cell.
    fn assessment(&mut self, scored: &Scored, fields: &mut Fields, lines: &mut Lines) {
        let steps = self.steps(scored, lines);
        let told = |about: ImportAbout, other: &Option<Stepped>, row: &Place| match other {
            Some(stepped) => stepped.value.is_none() && self.wanted.answers.to(about, &stepped.text).is_none(),
            None => self.outcome.faults.iter().any(|fault| {
                NO_STEP.contains(&fault.code.as_str())
                    && fault.sheet == row.sheet
                    && row_of(&fault.cell) == row_of(&row.cell)
            }),
        };
        let (likelihood, consequence) = (scored.likelihood.as_ref(), scored.consequence.as_ref());
        let lacking = match (likelihood, consequence, steps) {
            (Some(one), _, (Some(_), None)) => told(ImportAbout::Consequence, &scored.consequence, &one.place),
            (_, Some(one), (None, Some(_))) => told(ImportAbout::Likelihood, &scored.likelihood, &one.place),
            _ => false,
        };
        if lacking {
            return;
        }
        for (field, step, stepped) in [("likelihood", steps.0, likelihood), ("consequence", steps.1, consequence)] {
            if let (Some(step), Some(stepped)) = (step, stepped) {
                fields.put(field, step, &stepped.place);
            }
        }
    }

    /// Whether an assessment can stand before the one that a risk gets.
    fn stands_before(&mut self, old: Option<&Risk>, (likelihood, consequence): (i32, i32)) -> Result<Stands> {
        let Some(old) = old.filter(|old| old.likelihood.is_some()) else { return Ok(Stands::Free) };
        let all = self.w.assessments_of_risks(&[old.id])?.remove(&old.id).unwrap_or_default();
        let there = all.iter().any(|one| (one.likelihood, one.consequence) == (likelihood, consequence));
        Ok(if there { Stands::There } else { Stands::Late })
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
        let now = apart(older, &mut values);
        item.result = ImportResult::Made;
        let mut earlier = None;
        match values.get("reference").and_then(Value::as_str) {
            Some(reference) => earlier = earlier_of_reference(self.w, self.open, reference)?,
            None => {
                values.insert("reference".to_owned(), self.free_reference()?.into());
            }
        }
        let asked = sent::<RiskForm>(values);
        let made = match risks::create_among(self.w, self.caller, self.open.plan.id, &asked, earlier.as_ref()) {
            Ok(made) => made.id,
            Err(error) => {
                self.refused(error, fields, whole)?;
                return Ok(None);
            }
        };
        self.moved = true;
        item.risk_id = Some(made);
        if let Some(earlier) = earlier {
            let year = self.w.linked::<Plan>(earlier.plan_id)?.year;
            self.remark(
                "continuesRisk",
                fields.place("reference", whole),
                Bilingual::new(
                    format!("Referensen hör till en risk i planen för {year}. Det är samma risk, som fortsätter."),
                    format!(
                        "The reference belongs to a risk in the plan for {year}. It is the same risk, which goes on."
                    ),
                ),
            );
        }
        self.assess_both(made, older, now, fields, whole)?;
        Ok(Some(made))
    }

    /// The older assessment comes first, so that the newest is the risk's.
    fn assess_both(
        &mut self,
        risk: Id,
        older: Option<(i32, i32)>,
        now: Option<(Value, Value)>,
        fields: &Fields,
        whole: &Place,
    ) -> Result<()> {
        let (Some((likelihood, consequence)), Some(now)) = (older, now) else { return Ok(()) };
        let before = json!({
            "likelihood": likelihood, "consequence": consequence,
            "reason": format!("Före kontroller och åtgärder, enligt {}.", self.wanted.file_name),
        });
        let now = json!({"likelihood": now.0, "consequence": now.1});
        for assessment in [before, now] {
            let assessment = assessment.as_object().cloned().unwrap_or_default();
            if let Err(error) = assessments::assess_among(self.w, self.caller, risk, &sent(assessment)) {
                self.refused(error, fields, whole)?;
            }
        }
        Ok(())
    }

    fn change(
        &mut self,
        old: &Risk,
        fields: &Fields,
        older: Option<(i32, i32)>,
        whole: &Place,
        item: &mut ImportItem,
    ) -> Result<()> {
        let mut changes = fields.changes(&RiskForm::of(old))?;
        // The reference is what it was found by, however its letters are written.
        changes.remove("reference");
        if changes.is_empty() {
            return Ok(());
        }
        item.result = ImportResult::Changed;
        item.changes = changes.keys().cloned().collect();
        self.grant("ownerId", &mut changes);
        let now = apart(older, &mut changes);
        let asked: Sent<RiskForm> = Envelope {
            content: Content::Json(Value::Object(changes)),
            if_match: Some(vec!["*".to_owned()]),
            ..Envelope::default()
        }
        .into();
        match risks::change_among(self.w, self.caller, old.id, &asked) {
            Ok(()) => self.moved = true,
            Err(error) => return self.refused(error, fields, whole),
        }
        self.assess_both(old.id, older, now, fields, whole)
    }

    fn grant(&self, field: &str, values: &mut Map<String, Value>) {
        if self.wanted.grant_roles && values.contains_key(field) {
            values.insert("grantRole".to_owned(), true.into());
        }
    }

    fn control_fields(&mut self, control: &FileControl) -> Result<(Fields, Lines)> {
        let (mut fields, mut lines) = (Fields::default(), Lines::default());
        self.name(&control.name, &mut fields, &mut lines);
        control.method.iter().for_each(|said| lines.describe(said));
        if let Some(said) = &control.frequency {
            let words = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(all) = self.meaning(ImportAbout::Frequency, said).and_then(|value| recurrences(&value)) {
                fields.put("recurrences", json!(all), &said.place);
            }
            if words.chars().count() <= NAME {
                fields.put("frequency", words, &said.place);
            } else {
                self.keep_words("Frekvens", said, &[], &mut lines);
            }
        }
        self.person("responsibleId", "Ansvarig", control.responsible.as_ref(), &mut fields, &mut lines)?;
        Ok((fields, lines))
    }

    fn action_fields(&mut self, action: &FileAction) -> Result<(Fields, Lines)> {
        let (mut fields, mut lines) = (Fields::default(), Lines::default());
        self.name(&action.name, &mut fields, &mut lines);
        action.description.iter().for_each(|said| lines.describe(said));
        for (field, label, said) in [("startDate", "Start", &action.start), ("endDate", "Slut", &action.end)] {
            if let Some(said) = said
                && let Some(day) = self.day(label, said, &mut lines)
            {
                fields.put(field, day.to_string(), &said.place);
            }
        }
        self.person("responsibleId", "Ansvarig", action.responsible.as_ref(), &mut fields, &mut lines)?;
        // Statuses are reported in the periods of an adopted plan; the words are kept.
        if let Some(said) = &action.status {
            self.keep_words("Status", said, &[], &mut lines);
        }
        Ok((fields, lines))
    }

    /// Makes or changes the controls or the actions of a risk, each with its fields and the place of its name: one of the file is
    /// that of the register that has its name, the first that no other is. How many were made, and how many changed.
    fn measures<M: Measure>(
        &mut self,
        risk: Id,
        there: Vec<M>,
        of_file: Vec<(Fields, Lines, Place)>,
    ) -> Result<(u32, u32)> {
        let (mut made, mut changed) = (0, 0);
        let mut known: BTreeMap<String, VecDeque<M>> = BTreeMap::new();
        for one in there {
            known.entry(clean::folded(one.name())).or_default().push_back(one);
        }
        for (mut fields, lines, place) in of_file {
            let name = fields.values.get("name").and_then(Value::as_str).map(clean::folded).unwrap_or_default();
            let old = known.get_mut(&name).and_then(VecDeque::pop_front);
            fields.describe(lines.beside(old.as_ref().and_then(M::description)));
            let done = match old {
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

/// Whether an assessment can stand before the one that a risk gets.
enum Stands {
    /// It does.
    There,
    Free,
    /// The risk has others already.
    Late,
}

/// The assessment is made by itself where another comes before it.
fn apart(older: Option<(i32, i32)>, values: &mut Map<String, Value>) -> Option<(Value, Value)> {
    older?;
    Some((values.remove("likelihood")?, values.remove("consequence")?))
}

fn row_of(cell: &Option<String>) -> Option<&str> {
    Some(cell.as_deref()?.trim_start_matches(|c: char| c.is_ascii_alphabetic()))
}
