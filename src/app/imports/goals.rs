//! Goals and their indicators. A row is of a goal, or of an indicator with the goal that it measures, which is made where it is
//! not there. Goals stand in any order: one is taken in when the one above it has been. They are found by the register's id,
//! or by year, organisation and what they are called.

use std::collections::HashMap;

use riskregister_workbook::rows::{Record, Said};
use riskregister_workbook::{Field, Place, clean};

use super::answers::{is_called, is_read_as};
use super::taking::{
    Fields, ImportItem, Taking, Told, cell, line, other_year, put_line, put_number, put_text, sent, sent_of,
    year_missing,
};
use crate::app::reach;
use crate::app::settings::goals::{self, GoalForm};
use crate::app::settings::indicators::{self, IndicatorForm};
use crate::domain::figures;
use crate::domain::words::{DecidedBy, ImportAbout, ImportEntity, ImportField, ImportResult};
use crate::error::{Bilingual, Result};
use crate::storage::Id;
use crate::storage::records::{Goal, Indicator, Organisation, User};

/// What a column of goals and indicators can be.
pub const FIELDS: &[ImportField] = &[
    ImportField::Unknown,
    ImportField::Id,
    ImportField::Year,
    ImportField::Number,
    ImportField::Name,
    ImportField::GoalId,
    ImportField::Parent,
    ImportField::ParentId,
    ImportField::Organisation,
    ImportField::OrganisationId,
    ImportField::Indicator,
    ImportField::Unit,
    ImportField::Comparator,
    ImportField::DecidedBy,
    ImportField::Target,
    ImportField::CouncilTarget,
    ImportField::BoardTarget,
    ImportField::BaselineYear,
    ImportField::BaselineValue,
    ImportField::Responsible,
    ImportField::Note,
];

/// A row: whose it is, of which year, and what of it is there.
struct Row<'a> {
    record: &'a Record,
    year: i32,
    owner: Organisation,
    /// The owner that the row says, where that is not what stands there.
    other_owner: Option<(Id, Place)>,
    goal: Option<Goal>,
    indicator: Option<Indicator>,
    measures: bool,
}

/// A goal by what the file calls it: year, owner, name and number.
type Called = (i32, Id, String, String);

/// Takes in the goals and indicators of a file.
pub fn take_in(t: &mut Taking) -> Result<()> {
    let found = t.wanted.found;
    let mut rows = Vec::new();
    for record in &found.records {
        rows.extend(row(t, record)?);
    }
    let mut goals = Goals { done: HashMap::new(), of_rows: HashMap::new() };
    let mut waiting: Vec<usize> = (0..rows.len()).collect();
    // A goal that waits for the one above comes after it.
    loop {
        let mut left = Vec::new();
        let before = waiting.len();
        for at in waiting {
            if !goals.take(t, &rows, at)? {
                left.push(at);
            }
        }
        if left.is_empty() {
            break;
        }
        if left.len() == before {
            for at in in_rings(&rows, left) {
                let place = rows.get(at).and_then(|row| cell(row.record, Field::Parent)).map(|said| said.place.clone());
                t.fault(
                    "underItself",
                    &place.unwrap_or_default(),
                    Bilingual::new(
                        "Målet ligger under sig självt, direkt eller genom andra.",
                        "The goal is under itself, directly or through others.",
                    ),
                );
            }
            break;
        }
        waiting = left;
    }
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.measures) {
        indicator(t, row, goals.of_rows.get(&at).copied())?;
    }
    Ok(())
}

/// Those of the rows that wait for each other. The others wait for one of these, or for one that was refused: that has been told.
fn in_rings(rows: &[Row], waiting: Vec<usize>) -> Vec<usize> {
    let is_above = |above: usize, below: usize| {
        let (Some(above_row), Some(below_row)) = (rows.get(above), rows.get(below)) else { return false };
        let said = cell(below_row.record, Field::Parent).map(|said| clean::folded(&said.text));
        (above == below || !above_row.measures)
            && said.is_some_and(|text| calls_its_goal(above_row, below_row.year, &text))
    };
    let mut left = waiting;
    loop {
        let waits_among = |at: &usize| left.iter().any(|other| is_above(*other, *at));
        let is_waited_for = |at: &usize| left.iter().any(|other| is_above(*at, *other));
        let kept: Vec<usize> = left.iter().copied().filter(|at| waits_among(at) && is_waited_for(at)).collect();
        if kept.len() == left.len() {
            return kept;
        }
        left = kept;
    }
}

/// Whether a row's goal is called so in a year.
fn calls_its_goal(row: &Row, year: i32, text: &str) -> bool {
    let word = |field| cell(row.record, field).map(|said| clean::folded(&said.text));
    let (name, number) = (word(Field::Name), word(Field::Number));
    let both = name.as_ref().zip(number.as_ref()).map(|(name, number)| format!("{number} {name}"));
    row.year == year && [name, number, both].into_iter().flatten().any(|one| one == text)
}

/// A row with what of it is there; nothing where it cannot be taken in, which was told.
fn row<'a>(t: &mut Taking, record: &'a Record) -> Result<Option<Row<'a>>> {
    let measures = record.values.contains_key(&Field::Indicator);
    let by_id = cell(record, Field::Id);
    let (mut goal, mut indicator) = (None, None);
    match (by_id, measures) {
        (None, _) => {}
        (Some(_), true) => {
            indicator = t.named::<Indicator>(by_id)?;
            goal = indicator.as_ref().map(|one| t.w.linked::<Goal>(one.goal_id)).transpose()?;
        }
        (Some(_), false) => goal = t.named::<Goal>(by_id)?,
    }
    if by_id.is_some() && goal.is_none() {
        return Ok(None);
    }
    if let (Some(goal), Some(said)) = (&goal, cell(record, Field::Year))
        && other_year(t, goal.year, said)
    {
        return Ok(None);
    }
    let now = match (&indicator, &goal) {
        (Some(one), _) => Some(indicators::around(t.w, one)?.1),
        (None, Some(goal)) => Some(t.w.linked::<Organisation>(goal.organisation_id)?),
        (None, None) => None,
    };
    let (by_id, by_word) = (cell(record, Field::OrganisationId), cell(record, Field::Organisation));
    let stays = now.as_ref().is_some_and(|now| match (by_id, by_word) {
        (Some(said), _) => said.text.trim() == now.id.to_string(),
        (None, Some(said)) => is_called(now, &clean::folded(&said.text)),
        (None, None) => true,
    });
    let named = if stays { Ok(None) } else { t.organisation(by_id, by_word) };
    let Ok(named) = named else { return Ok(None) };
    let owner = match (now.clone(), &named) {
        (Some(now), _) => now,
        (None, Some((id, _))) => t.w.linked(*id)?,
        (None, None) => t.ground.body().clone(),
    };
    let said = cell(record, Field::Year);
    let year = said.and_then(|said| said.text.trim().parse().ok()).or(goal.as_ref().map(|goal| goal.year));
    let Some(year) = year else {
        year_missing(t, record);
        return Ok(None);
    };
    Ok(Some(Row { record, year, owner, other_owner: named.filter(|_| now.is_some()), goal, indicator, measures }))
}

fn says(goal: &Goal, text: &str) -> bool {
    is_read_as(&goal.name, text)
        || is_read_as(&goals::titled(goal), text)
        || goal.number.as_deref().is_some_and(|number| is_read_as(number, text))
}

/// The goals that rows are about, as they have been taken in.
struct Goals {
    done: HashMap<Called, Id>,
    /// The goal of a row that measures one.
    of_rows: HashMap<usize, Id>,
}

impl Goals {
    /// Takes in the goal of a row. False where it waits for the one above.
    fn take(&mut self, t: &mut Taking, rows: &[Row], at: usize) -> Result<bool> {
        let Some(row) = rows.get(at) else { return Ok(true) };
        let (record, name) = (row.record, cell(row.record, Field::Name));
        let number = cell(record, Field::Number).map(line);
        if row.measures {
            if let Some(said) = cell(record, Field::GoalId) {
                let named = t.named::<Goal>(Some(said))?;
                self.of_rows.extend(named.map(|goal| (at, goal.id)));
                return Ok(true);
            }
            // What the indicator measures already.
            let word = name.map(|said| clean::folded(&said.text)).or(number.as_deref().map(clean::folded));
            if let Some(goal) = &row.goal
                && word.as_deref().is_none_or(|word| says(goal, word))
            {
                self.of_rows.insert(at, goal.id);
                return Ok(true);
            }
            if name.is_none() && number.is_none() {
                t.fault(
                    "goalMissing",
                    &record.place,
                    Bilingual::new(
                        "Raden säger inte vilket mål indikatorn mäter.",
                        "The row does not say which goal the indicator measures.",
                    ),
                );
                return Ok(true);
            }
        }
        let called: Called = (
            row.year,
            row.owner.id,
            name.map(|said| clean::folded(&said.text)).unwrap_or_default(),
            number.as_deref().map(clean::folded).unwrap_or_default(),
        );
        if let Some(done) = self.done.get(&called).filter(|_| row.measures) {
            self.of_rows.insert(at, *done);
            return Ok(true);
        }
        let old = match row.goal.clone().filter(|_| !row.measures) {
            Some(goal) => Some(goal),
            None => match find(t, row, name, number.as_deref())? {
                Ok(found) => found,
                Err(()) => return Ok(true),
            },
        };
        // The row of an indicator tells which goal it measures, and makes one that is not there: it changes none.
        if let Some(old) = old.as_ref().filter(|_| row.measures) {
            self.of_rows.insert(at, old.id);
            return Ok(true);
        }
        let mut fields = Fields::default();
        match above(t, rows, row, at, old.as_ref())? {
            Above::Unsaid => {}
            Above::There(id, place) => fields.put("parentId", id.to_string(), &place),
            Above::Waits => return Ok(false),
            Above::Unknown => return Ok(true),
        }
        // By its number, or its number and name, it is called what it is.
        let said = |old: &Goal| name.is_some_and(|name| says(old, &clean::folded(&name.text)));
        if !old.as_ref().is_some_and(said) {
            put_line(record, Field::Name, "name", &mut fields);
        }
        put_line(record, Field::Number, "number", &mut fields);
        if let Some(id) = goal(t, row, old.as_ref(), fields)? {
            self.done.insert(called, id);
            if row.measures {
                self.of_rows.insert(at, id);
            }
        }
        Ok(true)
    }
}

/// The goal that a row calls so: of the row's organisation, or, where the row is of an indicator, of one above.
fn find(t: &mut Taking, row: &Row, name: Option<&Said>, number: Option<&str>) -> Result<Told<Option<Goal>>> {
    let all = t.w.goals_of_year(row.year)?;
    let own: Vec<&Goal> = all.iter().filter(|goal| goal.organisation_id == row.owner.id).collect();
    let above: Vec<&Goal> = all
        .iter()
        .filter(|goal| row.measures && goal.organisation_id != row.owner.id)
        .filter(|goal| row.owner.path.split('/').any(|step| step == goal.organisation_id.to_string()))
        .collect();
    let text = name.map(|said| clean::folded(&said.text));
    let number = number.map(clean::folded);
    let named = |goal: &&&Goal| text.as_deref().is_some_and(|text| says(goal, text));
    let numbered = |goal: &&&Goal| {
        number.as_deref().is_some_and(|number| goal.number.as_deref().map(clean::folded).as_deref() == Some(number))
    };
    for among in [&own, &above] {
        let both: Vec<&Goal> = among.iter().filter(|goal| named(goal) && numbered(goal)).copied().collect();
        let by_name: Vec<&Goal> = among.iter().filter(named).copied().collect();
        let by_number: Vec<&Goal> = among.iter().filter(numbered).copied().collect();
        if both.is_empty() && by_name.is_empty() && text.is_some() && !by_number.is_empty() {
            let place = name.map_or_else(|| row.record.place.clone(), |said| said.place.clone());
            t.fault(
                "numberTaken",
                &place,
                Bilingual::new(
                    "Ett annat mål har det numret det året. Ta med registrets id i en kolumn om det är det målet som ska ändras.",
                    "Another goal has that number in that year. Give the register's id in a column if that is the goal to change.",
                ),
            );
            return Ok(Err(()));
        }
        // Both, or the name; the number where no name is said.
        for fits in [both, by_name, by_number] {
            match fits.as_slice() {
                [] => {}
                [one] => return Ok(Ok(Some((*one).clone()))),
                _ => {
                    let place = name.map_or_else(|| row.record.place.clone(), |said| said.place.clone());
                    t.fault(
                        "ambiguous",
                        &place,
                        Bilingual::new(
                            "Flera mål heter så det året. Ta med målets nummer eller registrets id i en kolumn.",
                            "Several goals of that year have this name. Give the goal's number or the register's id in a column.",
                        ),
                    );
                    return Ok(Err(()));
                }
            }
        }
    }
    Ok(Ok(None))
}

/// Where a row's goal stands.
enum Above {
    Unsaid,
    There(Id, Place),
    Waits,
    /// What it says was refused, and told of.
    Unknown,
}

fn above(t: &mut Taking, rows: &[Row], row: &Row, at: usize, old: Option<&Goal>) -> Result<Above> {
    let now = old.and_then(|old| old.parent_id);
    if let Some(said) = cell(row.record, Field::ParentId) {
        if now.is_some_and(|now| now.to_string() == said.text.trim()) {
            return Ok(Above::Unsaid);
        }
        let named = t.named::<Goal>(Some(said))?;
        return Ok(named.map_or(Above::Unknown, |goal| Above::There(goal.id, said.place.clone())));
    }
    let Some(said) = cell(row.record, Field::Parent) else { return Ok(Above::Unsaid) };
    let text = clean::folded(&said.text);
    if let Some(now) = now
        && says(&t.w.linked::<Goal>(now)?, &text)
    {
        return Ok(Above::Unsaid);
    }
    let all = t.w.goals_of_year(row.year)?;
    let over = |goal: &&Goal| row.owner.path.split('/').any(|step| step == goal.organisation_id.to_string());
    let fits: Vec<&Goal> =
        all.iter().filter(over).filter(|goal| Some(goal.id) != old.map(|old| old.id) && says(goal, &text)).collect();
    if let [one] = fits.as_slice() {
        return Ok(Above::There(one.id, said.place.clone()));
    }
    // Another row's, which has not been taken in yet; or the row itself.
    let is_above = |n: usize, other: &Row| (n == at || !other.measures) && calls_its_goal(other, row.year, &text);
    if fits.is_empty() && rows.iter().enumerate().any(|(n, other)| is_above(n, other)) {
        return Ok(Above::Waits);
    }
    let (code, sv, en) = if fits.is_empty() {
        (
            "parentUnknown",
            "Målet ovanför finns varken i filen eller i registret det året.",
            "The goal above is neither in the file nor in the register for that year.",
        )
    } else {
        (
            "ambiguous",
            "Flera mål heter så det året. Skriv målets nummer i stället.",
            "Several goals of that year have this name. Write the goal's number instead.",
        )
    };
    t.fault(code, &said.place, Bilingual::new(sv, en));
    Ok(Above::Unknown)
}

/// Makes or changes a goal; its id.
fn goal(t: &mut Taking, row: &Row, old: Option<&Goal>, mut fields: Fields) -> Result<Option<Id>> {
    let place = &row.record.place;
    let said = fields.values.get("name").or(fields.values.get("number")).and_then(|word| word.as_str());
    let name = old.map(|old| old.name.clone()).or(said.map(str::to_owned)).unwrap_or_default();
    let mut item = ImportItem::new(ImportEntity::Goal, place, name, old.map(|old| old.id));
    let id = match old {
        None => {
            item.result = ImportResult::Made;
            fields.put("organisationId", row.owner.id.to_string(), place);
            fields.put("year", row.year, place);
            match goals::create(t.w, t.caller, &sent::<GoalForm>(fields.values.clone())) {
                Ok(made) => {
                    item = item.of(Some(made.id));
                    Some(made.id)
                }
                Err(error) => {
                    t.refused(error, &fields, place)?;
                    None
                }
            }
        }
        Some(old) => {
            if !row.measures {
                put_number(row.record, Field::Year, "year", &mut fields);
                if let Some((id, place)) = &row.other_owner {
                    fields.put("organisationId", id.to_string(), place);
                }
            }
            let changes = fields.changes(&GoalForm::of(old))?;
            if !changes.is_empty() {
                item.changed(changes.keys().cloned());
                if let Err(error) = goals::change(t.w, t.caller, old.id, &sent_of::<GoalForm>(changes)) {
                    t.refused(error, &fields, place)?;
                }
            }
            Some(old.id)
        }
    };
    // An indicator's row tells of its goal only where it makes or changes it.
    if !row.measures || item.result != ImportResult::Left {
        t.outcome.items.push(item);
    }
    Ok(id)
}

/// The indicator of a row among those of its year and organisation.
fn known(t: &mut Taking, row: &Row, name: &Said, goal: Option<Id>) -> Result<Told<Option<Indicator>>> {
    if let Some(one) = &row.indicator {
        return Ok(Ok(Some(one.clone())));
    }
    let text = clean::folded(&name.text);
    let all = indicators::of_year(t.w, row.year)?;
    let mut named: Vec<Indicator> = all
        .into_iter()
        .filter(|(one, owner)| owner.id == row.owner.id && is_read_as(&one.name, &text))
        .map(|(one, _)| one)
        .collect();
    named.retain(|one| goal.is_none() || Some(one.goal_id) == goal);
    if named.len() > 1 {
        t.fault(
            "ambiguous",
            &name.place,
            Bilingual::new(
                "Flera indikatorer för målet heter så. Ta med registrets id i en kolumn.",
                "Several indicators of the goal have this name. Give the register's id in a column.",
            ),
        );
        return Ok(Err(()));
    }
    Ok(Ok(named.pop()))
}

fn indicator(t: &mut Taking, row: &Row, goal: Option<Id>) -> Result<()> {
    let (record, place) = (row.record, &row.record.place);
    // Without its goal it was told of.
    let (Some(name), Some(goal)) = (cell(record, Field::Indicator), goal) else { return Ok(()) };
    let Ok(old) = known(t, row, name, Some(goal))? else { return Ok(()) };
    let mut fields = Fields::default();
    put_line(record, Field::Indicator, "name", &mut fields);
    put_line(record, Field::Unit, "unit", &mut fields);
    t.word(ImportAbout::Comparator, "comparator", cell(record, Field::Comparator), &mut fields);
    t.word(ImportAbout::DecidedBy, "decidedBy", cell(record, Field::DecidedBy), &mut fields);
    put_line(record, Field::CouncilTarget, "councilTarget", &mut fields);
    put_line(record, Field::BoardTarget, "boardTarget", &mut fields);
    put_number(record, Field::BaselineYear, "baselineYear", &mut fields);
    if let Some(said) = cell(record, Field::BaselineValue) {
        fields.put("baselineValue", figures::normal(&said.text, None).unwrap_or(line(said)), &said.place);
    }
    put_text(record, Field::Note, "note", &mut fields);
    responsible(t, record, old.as_ref(), &mut fields)?;
    fields.put("goalId", goal.to_string(), cell(record, Field::Name).map_or(place, |said| &said.place));
    let decided = match fields.values.get("decidedBy").and_then(|word| word.as_str()).and_then(DecidedBy::parse) {
        Some(said) => said,
        None => match &old {
            Some(old) => old.decided_by,
            // The topmost organisation's targets are the council's.
            None if row.owner.parent_id.is_none() || fields.values.contains_key("councilTarget") => DecidedBy::Council,
            None => DecidedBy::Board,
        },
    };
    let target = if decided == DecidedBy::Council { "councilTarget" } else { "boardTarget" };
    put_line(record, Field::Target, target, &mut fields);
    let mut item = ImportItem::new(ImportEntity::Indicator, place, line(name), old.as_ref().map(|old| old.id));
    match &old {
        None => {
            item.result = ImportResult::Made;
            fields.put("organisationId", row.owner.id.to_string(), place);
            if !fields.values.contains_key("decidedBy") {
                fields.put("decidedBy", decided.as_str(), place);
            }
            match indicators::create(t.w, t.caller, &sent::<IndicatorForm>(fields.values.clone())) {
                Ok(made) => item = item.of(Some(made.id)),
                Err(error) => t.refused(error, &fields, place)?,
            }
        }
        Some(old) => {
            if let Some((id, place)) = &row.other_owner {
                fields.put("organisationId", id.to_string(), place);
            }
            let changes = fields.changes(&IndicatorForm::of(old))?;
            if !changes.is_empty() {
                item.changed(changes.keys().cloned());
                if let Err(error) = indicators::change(t.w, t.caller, old.id, &sent_of::<IndicatorForm>(changes)) {
                    t.refused(error, &fields, place)?;
                }
            }
        }
    }
    t.outcome.items.push(item);
    Ok(())
}

/// Who answers for the outcomes: the words that name who does so already ask nothing.
fn responsible(t: &mut Taking, record: &Record, old: Option<&Indicator>, fields: &mut Fields) -> Result<()> {
    let Some(said) = cell(record, Field::Responsible) else { return Ok(()) };
    if let Some(id) = old.and_then(|old| old.responsible_id) {
        let now: User = t.w.linked(id)?;
        let text = clean::folded(&said.text);
        // By the address only where whoever imports sees the person: it is not to be found out by guessing.
        let seen = reach::person(t.w, t.caller, id, "", &mut Vec::new())?;
        if clean::folded(&now.name) == text || (seen && now.email == text) {
            return Ok(());
        }
    }
    t.word(ImportAbout::Person, "responsibleId", Some(said), fields);
    Ok(())
}
