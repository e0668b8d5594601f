//! Outcomes of indicators. A row names its indicator by the register's id, or by year and name among those that concern the
//! organisation; what it says is laid over the outcome that is there.

use std::collections::HashSet;

use riskregister_workbook::rows::{Record, Said};
use riskregister_workbook::{Field, Place, clean};
use serde_json::Value;

use super::answers::is_read_as;
use super::taking::{
    Fields, ImportItem, ImportNotice, Taking, cell, line, other_year, put_text, sent, sent_of, year_missing,
};
use crate::app::findings::outcomes::{self, OutcomeForm};
use crate::app::settings::{goals, indicators};
use crate::domain::figures;
use crate::domain::words::{Comparator, ImportAbout, ImportEntity, ImportField, ImportResult, Period};
use crate::error::{Bilingual, Error, Result};
use crate::storage::Id;
use crate::storage::records::{Goal, Indicator, Organisation, Outcome};

/// What a column of outcomes can be.
pub const FIELDS: &[ImportField] = &[
    ImportField::Unknown,
    ImportField::Year,
    ImportField::Period,
    ImportField::Goal,
    ImportField::Indicator,
    ImportField::IndicatorId,
    ImportField::Unit,
    ImportField::Organisation,
    ImportField::OrganisationId,
    ImportField::Value,
    ImportField::Forecast,
    ImportField::Judgement,
    ImportField::Cause,
];

/// Takes in the outcomes of a file.
pub fn take_in(t: &mut Taking) -> Result<()> {
    let found = t.wanted.found;
    let mut told = HashSet::new();
    for record in &found.records {
        outcome(t, record, &mut told)?;
    }
    Ok(())
}

/// Of what an outcome is.
type Of = (Id, Id, Period);

fn outcome(t: &mut Taking, record: &Record, told: &mut HashSet<Of>) -> Result<()> {
    let place = &record.place;
    let (by_id, by_word) = (cell(record, Field::OrganisationId), cell(record, Field::Organisation));
    let organisation: Organisation = match t.organisation(by_id, by_word) {
        Ok(Some((id, _))) => t.w.linked(id)?,
        Ok(None) => t.ground.body().clone(),
        Err(()) => return Ok(()),
    };
    let Some(indicator) = indicator(t, record, &organisation)? else { return Ok(()) };
    let said = cell(record, Field::Period).filter(|said| !t.is_left(ImportAbout::Period, said));
    let Some(said) = said else {
        t.fault("periodMissing", place, Bilingual::new("Raden saknar period.", "The row has no period."));
        return Ok(());
    };
    let period = t.meaning(ImportAbout::Period, said).and_then(|word| Period::parse(&word));
    let Some(period) = period else { return Ok(()) };
    if !told.insert((indicator.id, organisation.id, period)) {
        t.fault(
            "twice",
            place,
            Bilingual::new(
                "En rad ovanför har redan utfallet för indikatorn, organisationen och perioden.",
                "A row above already has the outcome of this indicator, organisation and period.",
            ),
        );
        return Ok(());
    }
    let mut fields = Fields::default();
    for (field, name) in [(Field::Value, "value"), (Field::Forecast, "forecast")] {
        if let Some(said) = cell(record, field) {
            fields.put(name, figure(t, said, &indicator), &said.place);
        }
    }
    t.word(ImportAbout::Judgement, "judgement", cell(record, Field::Judgement), &mut fields);
    put_text(record, Field::Cause, "cause", &mut fields);
    let old = t.w.outcome(indicator.id, organisation.id, period)?;
    let name = format!("{}, {}", indicator.name, organisation.name);
    let mut item = ImportItem::new(ImportEntity::Outcome, place, name, old.as_ref().map(|old| old.id));
    let before = old.as_ref().map(form_of);
    let changes = fields.changes(&before)?;
    if old.is_some() && changes.is_empty() {
        t.outcome.items.push(item);
        return Ok(());
    }
    let written = match before {
        None => {
            item.result = ImportResult::Made;
            sent::<OutcomeForm>(fields.values.clone())
        }
        Some(before) => {
            item.changed(changes.keys().cloned());
            let Value::Object(mut whole) = serde_json::to_value(before).map_err(Error::internal)? else {
                return Err(Error::internal("a form that is no object"));
            };
            whole.extend(changes);
            sent_of::<OutcomeForm>(whole)
        }
    };
    match outcomes::write(t.w, t.caller, indicator.id, organisation.id, period, &written) {
        Ok((view, _)) => item = item.of(Some(view.outcome.id)),
        Err(error) => t.refused(error, &fields, place)?,
    }
    t.outcome.items.push(item);
    Ok(())
}

fn form_of(old: &Outcome) -> OutcomeForm {
    OutcomeForm {
        value: old.value.clone(),
        forecast: old.forecast.clone(),
        judgement: old.judgement,
        cause: old.cause.clone(),
        action_ids: old.action_ids.0.clone(),
        own_actions: old.actions_of_its_own().to_vec(),
    }
}

/// The indicator that a row names; nothing where there is none or several, which is told.
fn indicator(t: &mut Taking, record: &Record, organisation: &Organisation) -> Result<Option<Indicator>> {
    if let Some(said) = cell(record, Field::IndicatorId) {
        let named: Option<Indicator> = t.named(Some(said))?;
        let Some(one) = named else { return Ok(None) };
        let year = t.w.linked::<Goal>(one.goal_id)?.year;
        let other = cell(record, Field::Year).is_some_and(|said| other_year(t, year, said));
        return Ok(Some(one).filter(|_| !other));
    }
    // One without was told of when it was read.
    let Some(said) = cell(record, Field::Indicator) else { return Ok(None) };
    let Some(year) = cell(record, Field::Year).and_then(|year| year.text.trim().parse().ok()) else {
        year_missing(t, record);
        return Ok(None);
    };
    let text = clean::folded(&said.text);
    let mut named = Vec::new();
    for (one, owner) in indicators::of_year(t.w, year)? {
        if is_read_as(&one.name, &text) && indicators::concerns(&one, &owner, organisation) {
            named.push(one);
        }
    }
    if named.len() > 1
        && let Some(goal) = cell(record, Field::Goal)
    {
        let goal = clean::folded(&goal.text);
        let mut of_goal = Vec::new();
        for one in named {
            let its: Goal = t.w.linked(one.goal_id)?;
            if is_read_as(&its.name, &goal) || is_read_as(&goals::titled(&its), &goal) {
                of_goal.push(one);
            }
        }
        named = of_goal;
    }
    let (code, sv, en) = match named.len() {
        1 => return Ok(named.pop()),
        0 => (
            "indicatorUnknown",
            "Ingen indikator som gäller organisationen heter så det året.",
            "No indicator that concerns the organisation has this name in that year.",
        ),
        _ => (
            "ambiguous",
            "Flera indikatorer heter så det året. Ta med målet eller indikatorns id i en kolumn.",
            "Several indicators of that year have this name. Give the goal or the indicator's id in a column.",
        ),
    };
    t.fault(code, &said.place, Bilingual::new(sv, en));
    Ok(None)
}

/// A figure as the register keeps it; what is none stays as it is, for the verb to say so.
fn figure(t: &mut Taking, said: &Said, indicator: &Indicator) -> String {
    let text = line(said);
    if indicator.comparator == Some(Comparator::Yes) {
        return match clean::folded(&text).as_str() {
            "1" | "x" | "j" | "y" | "sant" | "true" => "yes".to_owned(),
            "0" | "n" | "falskt" | "false" => "no".to_owned(),
            _ => figures::normal(&text, indicator.comparator).unwrap_or(text),
        };
    }
    let bare = text.trim_end_matches('%').trim_end();
    let kept = figures::normal(bare, indicator.comparator);
    let in_percent = indicator.unit.as_deref().is_some_and(|unit| unit.contains('%'));
    if in_percent && bare == text && kept.as_deref().is_some_and(is_share) {
        share(t, &said.place);
    }
    kept.unwrap_or_else(|| text.clone())
}

/// Between nought and one, and neither of them.
fn is_share(figure: &str) -> bool {
    figure.strip_prefix('-').unwrap_or(figure).strip_prefix("0.").is_some_and(|parts| parts.bytes().any(|b| b != b'0'))
}

/// A spreadsheet keeps what it shows as 5.8 % as 0.058.
fn share(t: &mut Taking, place: &Place) {
    t.outcome.remarks.push(ImportNotice::new(
        "share",
        place,
        Bilingual::new(
            "Indikatorn mäts i procent, och talet är mindre än 1. Excel sparar celler i procentformat som andelar: menas 5,8 % ska cellen vara 5,8 i vanligt talformat.",
            "The indicator is measured in per cent, and the number is less than 1. Excel keeps cells formatted as per cent as shares: where 5.8 % is meant the cell must be 5.8 in an ordinary format.",
        ),
    ));
}
