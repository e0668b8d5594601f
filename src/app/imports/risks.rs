//! What a workbook says of risks, put into a draft plan by the very verbs that anybody else uses: so rights, rules and events
//! are the same. Every fault is gathered with its sheet and cell; whoever calls lays everything back if there is one.

use std::collections::{BTreeMap, VecDeque};

use chrono::NaiveDate;
use riskregister_workbook::rows::{
    Action as FileAction, Control as FileControl, Risk as FileRisk, Said, Scored, Stepped,
};
use riskregister_workbook::{Field, Place, Scoring, clean};
use serde_json::{Map, Value, json};

use super::answers::recurrences;
use super::known::known;
use super::measured::Measure;
use super::taking::{Fields, ImportItem, Taking, cell, line, sent, sent_of};
use super::texts::{Lines, NAME, kept_name};
use crate::app::contents::assessments;
use crate::app::contents::risks::{self, RiskForm};
use crate::app::plan::Open;
use crate::app::plan::order::{earlier_of_reference, free_reference, renumber};
use crate::domain::text::capital;
use crate::domain::words::{Category, ImportAbout, ImportEntity, ImportField, ImportResult, Language, Response};
use crate::error::{Bilingual, Error, Result};
use crate::storage::Id;
use crate::storage::records::{Goal, Organisation, Plan, Risk, User};

/// What a column of risks can be.
pub const FIELDS: &[ImportField] = &[
    ImportField::Unknown,
    ImportField::Reference,
    ImportField::Name,
    ImportField::Description,
    ImportField::Category,
    ImportField::Goal,
    ImportField::LocalGoal,
    ImportField::Process,
    ImportField::Organisation,
    ImportField::Owner,
    ImportField::Likelihood,
    ImportField::Consequence,
    ImportField::Product,
    ImportField::Level,
    ImportField::Response,
    ImportField::Justification,
    ImportField::Id,
    ImportField::Body,
    ImportField::Year,
    ImportField::TargetLevel,
    ImportField::TakenInBecause,
    ImportField::SetAsideBecause,
    ImportField::RetiredOn,
    ImportField::Irregularity,
    ImportField::Secrecy,
    ImportField::Control,
    ImportField::ControlMethod,
    ImportField::ControlFrequency,
    ImportField::ControlResponsible,
    ImportField::Recurrences,
    ImportField::DuePeriod,
    ImportField::DueDate,
    ImportField::Action,
    ImportField::ActionDescription,
    ImportField::ActionStart,
    ImportField::ActionEnd,
    ImportField::ActionResponsible,
    ImportField::ActionStatus,
    ImportField::EndDateReason,
    ImportField::FullYear,
    ImportField::PlanYear,
    ImportField::NextYear,
    ImportField::YearAfterNext,
];

/// Puts the risks of a file into a draft plan.
pub fn take_in(taking: &mut Taking, open: &Open) -> Result<()> {
    let there = taking.w.risks_of_plan(open.plan.id)?;
    let found = taking.wanted.found;
    let (known, ambiguous) = known(there, &found.risks);
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
    let mut risks = Risks { t: taking, open, next_reference: None, moved: false };
    for (risk, old) in found.risks.iter().zip(known) {
        risks.risk(risk, old)?;
    }
    risks.own(&found.records)?;
    // Once for all of them: each number hangs on the risks before it.
    if risks.moved {
        renumber(taking.w, open)?;
    }
    Ok(())
}

pub(super) struct Risks<'r, 't, 'c, 'a> {
    pub t: &'r mut Taking<'t, 'c, 'a>,
    pub open: &'r Open,
    /// The reference of the next risk for which the file has none.
    next_reference: Option<u64>,
    /// A risk was made or changed.
    pub moved: bool,
}

/// What a file says of a control or an action.
pub(super) struct OfFile {
    /// The register's own id of it, where the file is a list of the register's.
    pub id: Option<Id>,
    pub fields: Fields,
    pub lines: Lines,
    pub place: Place,
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

impl Risks<'_, '_, '_, '_> {
    /// The heading above what is said, or what its field is called where it has none.
    fn heading(&self, said: &Said, otherwise: &str) -> String {
        self.t.wanted.found.heading(&said.place).unwrap_or(otherwise).to_owned()
    }

    /// Words are kept beside what they were answered with, unless the register calls that the same.
    fn keep_words(&self, label: &str, said: &Said, called: &[String], lines: &mut Lines) {
        let words = clean::folded(&said.text);
        if !called.iter().any(|name| clean::folded(name) == words) {
            lines.add(Some(&self.heading(said, label)), said);
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
        self.t.remark(
            "nameShortened",
            &said.place,
            Bilingual::new(
                "Namnet är längre än 500 tecken: början blir namn, och hela texten står i beskrivningen.",
                "The name is longer than 500 characters: its beginning becomes the name, and the whole text stands in the description.",
            ),
        );
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
        if let Some(value) = self.t.meaning(ImportAbout::Person, said) {
            if let Some(user) = self.t.named_by::<User>(&value)? {
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
        let step = self.t.meaning(about, &said).and_then(|value| value.parse().ok());
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
        let day = self.t.meaning(ImportAbout::Date, said).and_then(|value| value.parse().ok());
        self.keep_words(label, said, &[], lines);
        day
    }

    /// The reference of a risk for which the file has none: after all numbers that the body or the file has.
    fn free_reference(&mut self) -> Result<String> {
        let next = match self.next_reference {
            Some(next) => next,
            None => {
                let free: u64 = free_reference(self.t.w, self.open.body.id)?.parse().map_err(Error::internal)?;
                let listed = self.t.wanted.found.records.iter().filter_map(|record| cell(record, Field::Reference));
                let references =
                    self.t.wanted.found.risks.iter().filter_map(|risk| risk.reference.as_ref()).chain(listed);
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
        let called = name.clone().or_else(|| old.as_ref().map(|old| old.name.clone())).unwrap_or_default();
        let mut item = ImportItem::new(ImportEntity::Risk, &risk.place, called, old.as_ref().map(|old| old.id));
        item.reference = risk.reference.as_ref().map(|said| said.text.clone());
        let id = match &old {
            Some(old) => {
                self.change(old, &fields, older, &risk.place, &mut item)?;
                Some(old.id)
            }
            None if name.is_none() => {
                self.t.fault(
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
                controls.push(OfFile { id: None, fields, lines, place: one.name.place.clone() });
            }
            let there = self.t.w.controls_of_risk(id)?;
            (item.controls_made, item.controls_changed) = self.measures(id, there, controls)?;
            let mut actions = Vec::new();
            for one in &risk.actions {
                let (fields, lines) = self.action_fields(one)?;
                actions.push(OfFile { id: None, fields, lines, place: one.name.place.clone() });
            }
            let there = self.t.w.actions_of_risk(id)?;
            (item.actions_made, item.actions_changed) = self.measures(id, there, actions)?;
        }
        self.done(item);
        Ok(())
    }

    /// A risk is changed where its controls or actions are.
    pub fn done(&mut self, mut item: ImportItem) {
        let measures = item.controls_made + item.controls_changed + item.actions_made + item.actions_changed;
        if measures > 0 {
            item.changed([]);
        }
        self.t.outcome.items.push(item);
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
            if let Some(value) = self.t.meaning(ImportAbout::Category, said) {
                let word = Category::parse(&value);
                called = Language::ALL.iter().filter_map(|language| Some(word?.label(*language).to_owned())).collect();
                called.push(value.clone());
                fields.put(if word.is_some() { "category" } else { "ownCategory" }, value, &said.place);
            }
            self.keep_words("Kategori", said, &called, &mut lines);
        }
        if let Some(said) = &risk.response {
            let mut called = Vec::new();
            if let Some(value) = self.t.meaning(ImportAbout::Response, said) {
                let word = Response::parse(&value);
                called = Language::ALL.iter().filter_map(|language| Some(word?.label(*language).to_owned())).collect();
                fields.put("response", value, &said.place);
            }
            self.keep_words("Hantering", said, &called, &mut lines);
        }
        if let Some(said) = &risk.organisation {
            let mut called = Vec::new();
            if let Some(value) = self.t.meaning(ImportAbout::Organisation, said) {
                if let Some(part) = self.t.named_by::<Organisation>(&value)? {
                    called.push(part.name);
                    called.extend(part.abbreviation);
                }
                fields.put("organisationId", value, &said.place);
            }
            self.keep_words("Del av organisationen", said, &called, &mut lines);
        }
        if let Some(said) = &risk.local_goal {
            fields.put("localGoal", line(said), &said.place);
        }
        if let Some(said) = &risk.goal {
            match self.t.meaning(ImportAbout::Goal, said) {
                Some(value) => {
                    let goal = self.t.named_by::<Goal>(&value)?.map(|goal| goal.name);
                    fields.put("goalId", value, &said.place);
                    self.keep_words("Mål", said, &goal.into_iter().collect::<Vec<_>>(), &mut lines);
                }
                None if risk.local_goal.is_none() && said.text.chars().count() <= NAME => {
                    fields.put("localGoal", line(said), &said.place);
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
        let chosen = self.t.wanted.found.assessment.unwrap_or(Scoring::Plain);
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
            self.t.remark(
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
            Some(stepped) => stepped.value.is_none() && self.t.wanted.answers.to(about, &stepped.text).is_none(),
            None => self.t.outcome.faults.iter().any(|fault| {
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
        let all = self.t.w.assessments_of_risks(&[old.id])?.remove(&old.id).unwrap_or_default();
        let there = all.iter().any(|one| (one.likelihood, one.consequence) == (likelihood, consequence));
        Ok(if there { Stands::There } else { Stands::Late })
    }

    pub fn create(
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
            Some(reference) => earlier = earlier_of_reference(self.t.w, self.open, reference)?,
            None => {
                values.insert("reference".to_owned(), self.free_reference()?.into());
            }
        }
        let asked = sent::<RiskForm>(values);
        let made = match risks::create_among(self.t.w, self.t.caller, self.open.plan.id, &asked, earlier.as_ref()) {
            Ok(made) => made.id,
            Err(error) => {
                self.t.refused(error, fields, whole)?;
                return Ok(None);
            }
        };
        self.moved = true;
        (item.entity_id, item.risk_id) = (Some(made), Some(made));
        if let Some(earlier) = earlier {
            let year = self.t.w.linked::<Plan>(earlier.plan_id)?.year;
            self.t.remark(
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
            "reason": format!("Före kontroller och åtgärder, enligt {}.", self.t.wanted.file_name),
        });
        let now = json!({"likelihood": now.0, "consequence": now.1});
        for assessment in [before, now] {
            let assessment = assessment.as_object().cloned().unwrap_or_default();
            if let Err(error) = assessments::assess_among(self.t.w, self.t.caller, risk, &sent(assessment)) {
                self.t.refused(error, fields, whole)?;
            }
        }
        Ok(())
    }

    pub fn change(
        &mut self,
        old: &Risk,
        fields: &Fields,
        older: Option<(i32, i32)>,
        whole: &Place,
        item: &mut ImportItem,
    ) -> Result<()> {
        let mut changes = fields.changes(&RiskForm::of(old))?;
        // The reference is what it was found by, however its letters are written; a mandatory risk may have had another.
        if fields.says_as("reference", &old.reference) {
            changes.remove("reference");
        }
        if changes.is_empty() {
            return Ok(());
        }
        item.changed(changes.keys().cloned());
        self.grant("ownerId", &mut changes);
        let now = apart(older, &mut changes);
        match risks::change_among(self.t.w, self.t.caller, old.id, &sent_of::<RiskForm>(changes)) {
            Ok(()) => self.moved = true,
            Err(error) => return self.t.refused(error, fields, whole),
        }
        self.assess_both(old.id, older, now, fields, whole)
    }

    fn grant(&self, field: &str, values: &mut Map<String, Value>) {
        if self.t.wanted.grant_roles && values.contains_key(field) {
            values.insert("grantRole".to_owned(), true.into());
        }
    }

    fn control_fields(&mut self, control: &FileControl) -> Result<(Fields, Lines)> {
        let (mut fields, mut lines) = (Fields::default(), Lines::default());
        self.name(&control.name, &mut fields, &mut lines);
        control.method.iter().for_each(|said| lines.describe(said));
        if let Some(said) = &control.frequency {
            let words = line(said);
            if let Some(all) = self.t.meaning(ImportAbout::Frequency, said).and_then(|value| recurrences(&value)) {
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

    /// Makes or changes the controls or the actions of a risk: one of the file is that of the register that has its id, or else
    /// its name, the first that no other is. How many were made, and how many changed.
    pub fn measures<M: Measure>(&mut self, risk: Id, mut there: Vec<M>, of_file: Vec<OfFile>) -> Result<(u32, u32)> {
        let (mut made, mut changed) = (0, 0);
        let mut by_id: Vec<Option<M>> = Vec::new();
        for one in &of_file {
            let at = there.iter().position(|old| Some(old.id()) == one.id);
            by_id.push(at.map(|at| there.remove(at)));
        }
        let mut known: BTreeMap<String, VecDeque<M>> = BTreeMap::new();
        for one in there {
            known.entry(clean::folded(one.name())).or_default().push_back(one);
        }
        for (OfFile { mut fields, lines, place, .. }, old) in of_file.into_iter().zip(by_id) {
            let name = fields.values.get("name").and_then(Value::as_str).map(clean::folded).unwrap_or_default();
            let is_named = old.is_none();
            let old = old.or_else(|| known.get_mut(&name).and_then(VecDeque::pop_front));
            fields.describe(lines.beside(old.as_ref().and_then(M::description)));
            let done = match old {
                None => {
                    made += 1;
                    let mut values = fields.values.clone();
                    self.grant("responsibleId", &mut values);
                    M::make(self.t.w, self.t.caller, risk, values)
                }
                Some(old) => {
                    let mut changes = fields.changes(&old.form())?;
                    // The name is what it was found by, however its letters are written.
                    if is_named {
                        changes.remove("name");
                    }
                    if changes.is_empty() {
                        continue;
                    }
                    changed += 1;
                    self.grant("responsibleId", &mut changes);
                    old.change(self.t.w, self.t.caller, changes)
                }
            };
            if let Err(error) = done {
                self.t.refused(error, &fields, &place)?;
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
