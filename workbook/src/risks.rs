//! Rows of risks: which rows are the same risk, and what each of them says of it.

use std::collections::BTreeMap;

use crate::asked::Told;
use crate::clean::folded;
use crate::fields::{Field, Scoring};
use crate::grid::{Grid, Seen};
use crate::limits;
use crate::lists::items;
use crate::mapping::{ColumnMapping, SheetMapping};
use crate::rows::{About, Action, Control, Labelled, Risk, Said, Scored, Stepped};
use crate::scale::Scale;
use crate::scores::{Score, Why, score};
use crate::sheet::{Row, Sheet, Value};
use crate::told::Place;

/// The risks of a file, over all its sheets: the same reference is the same risk.
pub(crate) struct Risks<'a> {
    scale: &'a Scale,
    risks: Vec<Risk>,
    by_reference: BTreeMap<String, usize>,
    /// How many controls and actions they have.
    measures: usize,
}

/// A row, with what is needed to understand it.
struct At<'a> {
    sheet: &'a Sheet,
    grid: &'a Grid<'a>,
    mapping: &'a SheetMapping,
    row: u32,
}

impl<'a> At<'a> {
    fn see(&self, field: Field) -> Option<Seen<'a>> {
        self.mapping.columns_of(field).find_map(|column| self.grid.see(self.row, column.column))
    }

    /// What the row says itself, and not a row above it.
    fn own(&self, field: Field) -> Option<Seen<'a>> {
        self.see(field).filter(|seen| !seen.carried)
    }

    /// Where a field stands, or would.
    fn place(&self, field: Field) -> Place {
        let column = self.mapping.columns_of(field).next().map_or(0, |column| column.column);
        self.sheet.place(self.row, column)
    }
}

impl<'a> Risks<'a> {
    pub fn new(scale: &'a Scale) -> Self {
        Self { scale, risks: Vec::new(), by_reference: BTreeMap::new(), measures: 0 }
    }

    pub fn sheet(&mut self, sheet: &Sheet, mapping: &SheetMapping, told: &mut Told) {
        let grid = Grid::new(sheet, mapping.first);
        // The risk of the row before, if no empty row lies between.
        let mut last: Option<(u32, usize)> = None;
        for row in sheet.rows.iter().filter(|row| (mapping.first..=mapping.last).contains(&row.row)) {
            if mapping.skipped.iter().any(|skipped| skipped.row == row.row) {
                continue;
            }
            let at = At { sheet, grid: &grid, mapping, row: row.row };
            lost_dittos(&at, row, told);
            let before = last.filter(|(above, _)| *above + 1 == row.row).map(|(_, risk)| risk);
            let Some(risk) = self.which(&at, row, before, told) else { continue };
            last = Some((row.row, risk));
            if let Some(risk) = self.risks.get_mut(risk) {
                let before = risk.controls.len() + risk.actions.len();
                fill(risk, &at, self.scale, told);
                self.measures += risk.controls.len() + risk.actions.len() - before;
            }
            // What is read beyond is not taken, whatever it is.
            if self.are_too_many() {
                break;
            }
        }
        told.cleaned(sheet, mapping);
        uncounted_columns(sheet, mapping, told);
    }

    fn are_too_many(&self) -> bool {
        self.risks.len() > limits::RISKS || self.measures > limits::MEASURES
    }

    /// None of them where there are more than a file may have.
    pub fn finish(self, told: &mut Told) -> Vec<Risk> {
        if self.are_too_many() {
            too_many(told);
            return Vec::new();
        }
        for risk in &self.risks {
            for scored in &risk.scorings {
                ask_for_steps(scored, told);
                compare(scored, self.scale, told);
            }
        }
        self.risks
    }

    /// Which risk a row is about: one that is known, or a new one. None where it is about none.
    fn which(&mut self, at: &At<'_>, row: &Row, before: Option<usize>, told: &mut Told) -> Option<usize> {
        let reference = at.see(Field::Reference);
        let name = at.see(Field::Name);
        let key = reference.map(|seen| folded(&seen.value.text())).filter(|key| !key.is_empty());
        if let Some(key) = key {
            let known = self.by_reference.get(&key).copied();
            return Some(known.unwrap_or_else(|| {
                self.by_reference.insert(key, self.risks.len());
                self.begin(at)
            }));
        }
        if let Some(name) = name {
            let same = before.filter(|risk| {
                let known = self.risks.get(*risk).and_then(|risk| risk.name.as_ref());
                known.is_some_and(|known| folded(&known.text) == folded(&name.value.text()))
            });
            return Some(same.unwrap_or_else(|| self.begin(at)));
        }
        let says = |test: &dyn Fn(&ColumnMapping) -> bool| {
            at.mapping.columns.iter().any(|column| test(column) && row.value(column.column).is_some())
        };
        if says(&|column| column.field.of_measure())
            && let Some(before) = before
        {
            return Some(before);
        }
        if says(&|column| column.field != Field::Unknown) {
            told.fault(
                "nameMissing",
                at.place(Field::Name),
                "Raden har ingen risk, och hör inte till någon rad ovanför.",
                "The row has no risk, and belongs to no row above it.",
            );
        } else {
            told.remark(
                "rowPassedOver",
                at.sheet.place(at.row, row.cells.first().map_or(0, |cell| cell.column)),
                "Raden har bara text i kolumner som inte läses, och hoppas över.",
                "The row has nothing but text in columns that are not read, and is passed over.",
            );
        }
        None
    }

    fn begin(&mut self, at: &At<'_>) -> usize {
        let first = at.mapping.columns.iter().find(|column| at.grid.see(at.row, column.column).is_some());
        let place = at.sheet.place(at.row, first.map_or(0, |column| column.column));
        self.risks.push(Risk { place, ..Risk::default() });
        self.risks.len() - 1
    }
}

/// That a file has more than it may.
pub(crate) fn too_many(told: &mut Told) {
    let (risks, measures) = (limits::RISKS, limits::MEASURES);
    told.must_tell(
        "tooManyRisks",
        format!("Filen har fler än {risks} risker, eller fler än {measures} kontroller och åtgärder tillsammans. Dela upp den."),
        format!("The file has more than {risks} risks, or more than {measures} controls and actions together. Divide it."),
    );
}

fn lost_dittos(at: &At<'_>, row: &Row, told: &mut Told) {
    for cell in row.cells.iter().filter(|cell| at.grid.lost(at.row, cell.column)) {
        told.fault(
            "nothingAbove",
            at.sheet.place(at.row, cell.column),
            "Cellen hänvisar till raden ovanför, men där står ingenting.",
            "The cell refers to the row above, but nothing stands there.",
        );
    }
}

/// What a row says of its risk.
fn fill(risk: &mut Risk, at: &At<'_>, scale: &Scale, told: &mut Told) {
    let single = |field: Field, told: &mut Told| told.said(at.sheet, at.see(field));
    let reference = single(Field::Reference, told);
    let name = single(Field::Name, told);
    if name.is_none() && risk.name.is_none() && at.mapping.has(Field::Name) {
        told.fault("nameMissing", at.place(Field::Name), "Risken har inget namn.", "The risk has no name.");
    }
    keep(&mut risk.reference, reference, told);
    keep(&mut risk.name, name, told);
    for column in at.mapping.columns_of(Field::Description) {
        if let Some(said) = told.said(at.sheet, at.grid.see(at.row, column.column))
            && !risk.description.iter().any(|known| known.text == said.text)
        {
            risk.description.push(said);
        }
    }
    labelled(risk, at);
    let asked = |field: Field, about: About, told: &mut Told| {
        let said = told.said(at.sheet, at.see(field));
        told.proposed(about, said)
    };
    let category = asked(Field::Category, About::Category, told);
    keep(&mut risk.category, category, told);
    let goal = asked(Field::Goal, About::Goal, told);
    keep(&mut risk.goal, goal, told);
    let local_goal = single(Field::LocalGoal, told);
    keep(&mut risk.local_goal, local_goal, told);
    let process = asked(Field::Process, About::Process, told);
    keep(&mut risk.process, process, told);
    let organisation = asked(Field::Organisation, About::Organisation, told);
    keep(&mut risk.organisation, organisation, told);
    let owner = asked(Field::Owner, About::Person, told);
    keep(&mut risk.owner, owner, told);
    let response = asked(Field::Response, About::Response, told);
    keep(&mut risk.response, response, told);
    let justification = single(Field::Justification, told);
    keep(&mut risk.justification, justification, told);
    scorings(risk, at, scale, told);
    controls(risk, at, told);
    actions(risk, at, told);
}

/// What a row says for the first time is kept; what a later row of the same risk says otherwise is a fault.
fn keep(known: &mut Option<Said>, said: Option<Said>, told: &mut Told) {
    let Some(said) = said else { return };
    match known {
        None => *known = Some(said),
        Some(known) if folded(&known.text) == folded(&said.text) => {}
        Some(known) => {
            let (sheet, cell) = (known.place.sheet.as_deref().unwrap_or(""), known.place.cell.as_deref().unwrap_or(""));
            let elsewhere = known.place.sheet != said.place.sheet;
            let (sv, en) = if elsewhere {
                (format!("{cell} på bladet {sheet}"), format!("{cell} of the sheet {sheet}"))
            } else {
                (cell.to_owned(), cell.to_owned())
            };
            told.fault(
                "differsWithinRisk",
                said.place.clone(),
                format!("Raden hör till samma risk som {sv}, men där står något annat: ”{}”.", short(&known.text)),
                format!(
                    "The row belongs to the same risk as {en}, which says something else: “{}”.",
                    short(&known.text)
                ),
            );
        }
    }
}

fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST { line } else { line.chars().take(LONGEST).chain(['…']).collect() }
}

fn labelled(risk: &mut Risk, at: &At<'_>) {
    for column in at.mapping.columns_of(Field::Unknown).filter(|column| column.into_description) {
        let Some(seen) = at.grid.see(at.row, column.column) else { continue };
        let text = seen.value.text();
        let place = at.sheet.place(seen.row, seen.column);
        let known = risk.labelled.iter().any(|l| l.place == place || (l.label == column.heading && l.text == text));
        if !text.is_empty() && !known {
            risk.labelled.push(Labelled { label: column.heading.clone(), text, place });
        }
    }
}

fn scorings(risk: &mut Risk, at: &At<'_>, scale: &Scale, told: &mut Told) {
    for column in at.mapping.columns.iter().filter(|column| column.field.scored()) {
        let Some(seen) = at.grid.see(at.row, column.column) else { continue };
        let place = at.sheet.place(seen.row, seen.column);
        let scoring = column.scoring.unwrap_or(Scoring::Plain);
        let at_scoring = match risk.scorings.iter().position(|scored| scored.scoring == scoring) {
            Some(known) => known,
            None => {
                risk.scorings.push(Scored {
                    scoring,
                    likelihood: None,
                    consequence: None,
                    products: Vec::new(),
                    levels: Vec::new(),
                });
                risk.scorings.len() - 1
            }
        };
        let Some(scored) = risk.scorings.get_mut(at_scoring) else { continue };
        match column.field {
            Field::Likelihood => {
                let read = step(seen.value, &scale.likelihood, &place, told);
                keep_step(&mut scored.likelihood, read, seen.value, place, told);
            }
            Field::Consequence => {
                let read = step(seen.value, &scale.consequence, &place, told);
                keep_step(&mut scored.consequence, read, seen.value, place, told);
            }
            field => {
                let list = if field == Field::Product { &mut scored.products } else { &mut scored.levels };
                let text = seen.value.text();
                if !matches!(seen.value, Value::Uncounted | Value::Fault(_))
                    && !list.iter().any(|known| known.place == place)
                {
                    list.push(Said { text, place, ..Said::default() });
                }
            }
        }
    }
    risk.scorings.retain(|s| {
        s.likelihood.is_some() || s.consequence.is_some() || !s.products.is_empty() || !s.levels.is_empty()
    });
    risk.scorings.sort_by_key(|scored| scored.scoring);
}

/// The step that a cell names; or none, which is asked for; or nothing at all, which is a fault.
pub(crate) fn step(value: &Value, steps: &[crate::scale::Step], place: &Place, told: &mut Told) -> Option<Option<i32>> {
    let (code, sv, en) = match score(value, steps) {
        Score::Step(step) => return Some(Some(step)),
        Score::OtherWord(step, other) => {
            told.remark(
                "otherLabel",
                place.clone(),
                format!("Ordet i cellen hör till steg {other} i planens skala. Siffran {step} gäller."),
                format!("The word in the cell belongs to step {other} of the plan's scale. The number {step} counts."),
            );
            return Some(Some(step));
        }
        Score::Word(_) => return Some(None),
        Score::Fault(why) => match why {
            Why::Decimal => (
                "decimal",
                "Bedömningen måste vara ett helt steg i skalan, inte ett decimaltal.",
                "The assessment must be a whole step of the scale, not a decimal.",
            ),
            Why::Outside => {
                ("outsideScale", "Siffran finns inte i planens skala.", "The number is not in the plan's scale.")
            }
            Why::Several => {
                ("severalSteps", "Cellen nämner flera steg. Välj ett.", "The cell names several steps. Choose one.")
            }
            Why::Date => (
                "dateForStep",
                "Cellen är ett datum. Excel kan ha gjort ett datum av till exempel 3-4.",
                "The cell is a date. Excel may have made one of 3-4, for example.",
            ),
            Why::Wrong => ("noStep", "Cellen är inget steg i en skala.", "The cell is no step of a scale."),
            Why::Uncounted => {
                told.uncounted(place.clone());
                return None;
            }
        },
    };
    told.fault(code, place.clone(), sv, en);
    None
}

fn keep_step(known: &mut Option<Stepped>, read: Option<Option<i32>>, value: &Value, place: Place, told: &mut Told) {
    let Some(value_read) = read else { return };
    let stepped = Stepped { value: value_read, text: value.text(), place };
    match known {
        None => *known = Some(stepped),
        Some(before) if before.place == stepped.place => {}
        Some(before) => match (before.value, stepped.value) {
            (None, Some(_)) => *known = Some(stepped),
            (Some(first), Some(second)) if first != second => {
                let cell = before.place.cell.clone().unwrap_or_default();
                told.fault(
                    "twoSteps",
                    stepped.place,
                    format!("Cellen säger {second}, men {cell} säger {first} om samma sak."),
                    format!("The cell says {second}, but {cell} says {first} of the same."),
                );
            }
            _ => {}
        },
    }
}

fn ask_for_steps(scored: &Scored, told: &mut Told) {
    for (about, stepped) in [(About::Likelihood, &scored.likelihood), (About::Consequence, &scored.consequence)] {
        if let Some(Stepped { value: None, text, place }) = stepped {
            told.ask(about, &Said { text: text.clone(), place: place.clone(), ..Said::default() });
        }
    }
}

/// The file's own product and level are never read, but where they are others than the register's, that is said.
pub(crate) fn compare(scored: &Scored, scale: &Scale, told: &mut Told) {
    let step = |stepped: &Option<Stepped>| stepped.as_ref().and_then(|stepped| stepped.value);
    let (Some(likelihood), Some(consequence)) = (step(&scored.likelihood), step(&scored.consequence)) else {
        let neither = scored.likelihood.is_none() && scored.consequence.is_none();
        if let Some(product) = scored.products.first().filter(|_| neither && scored.scoring != Scoring::Target) {
            told.remark(
                "productAlone",
                product.place.clone(),
                "Raden har ett riskvärde men varken sannolikhet eller konsekvens. Riskvärdet läses inte.",
                "The row has a score but neither likelihood nor consequence. The score is not read.",
            );
        }
        return;
    };
    let Some(cell) = scale.cell(likelihood, consequence) else { return };
    for product in &scored.products {
        let number = product.text.trim().replace(',', ".").parse::<f64>().ok();
        if number.is_some_and(|number| number != f64::from(cell.score)) {
            told.remark(
                "productDiffers",
                product.place.clone(),
                format!("Filens riskvärde är {}, registrets blir {}.", product.text, cell.score),
                format!("The file's score is {}, the register's becomes {}.", product.text, cell.score),
            );
        }
    }
    let own = scale.levels.iter().find(|level| level.key == cell.level);
    for level in &scored.levels {
        match (scale.level(&level.text), own) {
            (Some(theirs), Some(own)) if theirs.key != own.key => {
                let label =
                    |at: usize| own.labels.get(at).or(own.labels.first()).cloned().unwrap_or_else(|| own.key.clone());
                told.remark(
                    "levelDiffers",
                    level.place.clone(),
                    format!("Filens risknivå är ”{}”, registrets blir ”{}”.", level.text, label(0)),
                    format!("The file's level is “{}”, the register's becomes “{}”.", level.text, label(1)),
                );
            }
            (None, Some(_)) => told.remark(
                "levelUnknown",
                level.place.clone(),
                format!("”{}” är ingen av planens risknivåer och har inte jämförts.", short(&level.text)),
                format!("“{}” is none of the plan's levels and has not been compared.", short(&level.text)),
            ),
            _ => {}
        }
    }
}

/// What a cell lists; of more than a file may have, one more tells so.
fn first_items(said: &Said) -> Vec<String> {
    let mut names = items(&said.text);
    names.truncate(limits::MEASURES + 1);
    names
}

/// Whether a cell says nothing of a control or action, or what an earlier row says: then the row repeats it, by a cell that
/// reaches over several rows or by being written out anew. What says otherwise is of another one.
fn adds_nothing(said: &Option<Said>, known: &Option<Said>) -> bool {
    said.as_ref().is_none_or(|said| known.as_ref().is_some_and(|known| folded(&known.text) == folded(&said.text)))
}

fn controls(risk: &mut Risk, at: &At<'_>, told: &mut Told) {
    let mut any = false;
    for column in at.mapping.columns_of(Field::Control) {
        let Some(seen) = at.grid.see(at.row, column.column) else { continue };
        let Some(said) = told.said(at.sheet, Some(seen)) else { continue };
        any = true;
        let names = first_items(&said);
        let mut methods = told.each(at.sheet, at.see(Field::ControlMethod), names.len()).into_iter();
        let mut frequencies = told.each(at.sheet, at.see(Field::ControlFrequency), names.len()).into_iter();
        let mut responsible = told.each(at.sheet, at.see(Field::ControlResponsible), names.len()).into_iter();
        for name in names {
            let (method, frequency, responsible) =
                (methods.next().flatten(), frequencies.next().flatten(), responsible.next().flatten());
            let said_already = |known: &Control| {
                known.name.text == name
                    && adds_nothing(&method, &known.method)
                    && adds_nothing(&frequency, &known.frequency)
                    && adds_nothing(&responsible, &known.responsible)
            };
            if risk.controls.iter().any(said_already) {
                continue;
            }
            let frequency = told.proposed(About::Frequency, frequency);
            let responsible = told.proposed(About::Person, responsible);
            let name = Said { text: name, place: said.place.clone(), ..Said::default() };
            risk.controls.push(Control { name, method, frequency, responsible });
        }
    }
    if !any {
        left_over(at, &[Field::ControlMethod, Field::ControlFrequency, Field::ControlResponsible], false, told);
    }
}

fn actions(risk: &mut Risk, at: &At<'_>, told: &mut Told) {
    let mut any = false;
    for column in at.mapping.columns_of(Field::Action) {
        let Some(seen) = at.grid.see(at.row, column.column) else { continue };
        let Some(said) = told.said(at.sheet, Some(seen)) else { continue };
        any = true;
        let names = first_items(&said);
        let mut starts = told.days(at.sheet, at.see(Field::ActionStart), names.len()).into_iter();
        let mut ends = told.days(at.sheet, at.see(Field::ActionEnd), names.len()).into_iter();
        let mut descriptions = told.each(at.sheet, at.see(Field::ActionDescription), names.len()).into_iter();
        let mut responsible = told.each(at.sheet, at.see(Field::ActionResponsible), names.len()).into_iter();
        let mut statuses = told.each(at.sheet, at.see(Field::ActionStatus), names.len()).into_iter();
        for name in names {
            let (start, end) = (starts.next().flatten(), ends.next().flatten());
            let (responsible, status) = (responsible.next().flatten(), statuses.next().flatten());
            let description = descriptions.next().flatten();
            let said_already = |known: &Action| {
                known.name.text == name
                    && adds_nothing(&description, &known.description)
                    && adds_nothing(&start, &known.start)
                    && adds_nothing(&end, &known.end)
                    && adds_nothing(&responsible, &known.responsible)
                    && adds_nothing(&status, &known.status)
            };
            if risk.actions.iter().any(said_already) {
                continue;
            }
            let responsible = told.proposed(About::Person, responsible);
            let status = told.proposed(About::Status, status);
            let name = Said { text: name, place: said.place.clone(), ..Said::default() };
            risk.actions.push(Action { name, description, start, end, responsible, status });
        }
    }
    if !any {
        let fields = [
            Field::ActionDescription,
            Field::ActionStart,
            Field::ActionEnd,
            Field::ActionResponsible,
            Field::ActionStatus,
        ];
        left_over(at, &fields, true, told);
    }
}

/// What is said of a control or an action that is not there.
fn left_over(at: &At<'_>, fields: &[Field], action: bool, told: &mut Told) {
    let cells: Vec<Seen<'_>> = fields.iter().filter_map(|field| at.own(*field)).collect();
    let Some(first) = cells.first() else { return };
    let names: Vec<String> = cells.iter().filter_map(|seen| at.sheet.place(seen.row, seen.column).cell).collect();
    let names = names.join(", ");
    let place = at.sheet.place(first.row, first.column);
    if action {
        told.remark(
            "withoutAction",
            place,
            format!("Raden har ingen åtgärd. Det som hör till en åtgärd läses inte: {names}."),
            format!("The row has no action. What belongs to an action is not read: {names}."),
        );
    } else {
        told.remark(
            "withoutControl",
            place,
            format!("Raden har ingen kontroll. Det som hör till en kontroll läses inte: {names}."),
            format!("The row has no control. What belongs to a control is not read: {names}."),
        );
    }
}

/// Columns that are only compared may have formulas that nobody has counted: told once each.
fn uncounted_columns(sheet: &Sheet, mapping: &SheetMapping, told: &mut Told) {
    let compared = |column: &&ColumnMapping| {
        matches!(column.field, Field::Product | Field::Level)
            || (column.field == Field::Unknown && column.into_description)
    };
    for column in mapping.columns.iter().filter(compared) {
        let rows = sheet.rows.iter().filter(|row| (mapping.first..=mapping.last).contains(&row.row));
        let mut uncounted = rows.filter(|row| row.value(column.column) == Some(&Value::Uncounted));
        if let Some(first) = uncounted.next() {
            let count = 1 + uncounted.count();
            told.remark(
                "uncountedColumn",
                sheet.place(first.row, column.column),
                format!(
                    "Kolumnen {} har formler vars värden inte är sparade ({count}). De har inte jämförts.",
                    column.letters
                ),
                format!(
                    "Column {} has formulas whose values are not saved ({count}). They have not been compared.",
                    column.letters
                ),
            );
        }
    }
}
