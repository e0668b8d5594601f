//! The region's compiled report as sheets.

use super::{Book, Sheet, Value, about, column, date, in_millions, lines, maybe, maybe_number, number, text, texts};
use crate::appendix::amount_names;
use crate::compiled::{COUNTED, NOT_JUDGED, amounts, listed, plan_words, report_words};
use crate::error::DocumentError;
use crate::model::Document;
use crate::report::{COMPONENTS, component_name};
use crate::snapshot::{CompiledBody, CompiledPeriod, CompiledSnapshot, MandatoryKind, StatusCounts};
use crate::words::{self, capital};

/// What the first column of each sheet names.
const BODY: &str = "Nämnd eller bolag";

pub(crate) fn file(snapshot: &CompiledSnapshot, document: &Document) -> Result<Vec<u8>, DocumentError> {
    let mut book = Book::new(document)?;
    book.add(about(document))?;
    book.add(bodies(snapshot))?;
    book.add(statuses(snapshot))?;
    book.add(mandatory(snapshot))?;
    book.add(risks(snapshot))?;
    book.add(indicators(snapshot))?;
    book.add(deficiencies(snapshot))?;
    book.add(judgements(snapshot))?;
    book.add(effects(snapshot))?;
    let own = [("Inledning", &snapshot.introduction), ("Slutsats", &snapshot.conclusion)];
    book.add(texts(own.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.clone()?))).collect()))?;
    book.finish()
}

fn followed(snapshot: &CompiledSnapshot) -> impl Iterator<Item = (&CompiledBody, &CompiledPeriod)> {
    snapshot.bodies.iter().filter_map(|body| Some((body, body.period.as_ref()?)))
}

fn bodies(snapshot: &CompiledSnapshot) -> Sheet {
    let columns = vec![
        column(BODY, 36.0),
        column("Förkortning", 14.0),
        column("Plan", 28.0),
        column("Planen inlämnad", 16.0),
        column("Försenad", 12.0),
        column("Att rapportera", 14.0),
        column("Rapporterat", 14.0),
        column("Saknas", 12.0),
        column("Rapport", 26.0),
        column("Rapporten inlämnad", 16.0),
    ];
    let mut sheet = Sheet::new("Nämnder och bolag", 1, columns);
    for body in &snapshot.bodies {
        let period = body.period.as_ref();
        let report = period.and_then(|period| period.report.as_ref());
        sheet.rows.push(vec![
            text(&body.name),
            maybe(body.abbreviation.as_deref()),
            text(plan_words(body)),
            date(body.plan.as_ref().and_then(|plan| plan.delivered_on)),
            super::flag(body.late),
            maybe_number(period.map(|one| one.due)),
            maybe_number(period.map(|one| one.reported)),
            maybe_number(period.map(|one| one.due - one.reported)),
            text(report_words(body)),
            date(report.and_then(|report| report.delivered_on)),
        ]);
    }
    sheet
}

fn statuses(snapshot: &CompiledSnapshot) -> Sheet {
    type Of = fn(&CompiledPeriod) -> &StatusCounts;
    let scales: [(&str, Of); 3] = [
        ("Kontroller", |one| &one.controls),
        ("Åtgärder", |one| &one.actions),
        ("Åtgärdernas effekt", |one| &one.effects),
    ];
    let mut columns = vec![column(BODY, 36.0), column("Av", 20.0)];
    columns.extend(COUNTED.map(|name| column(name, 12.0)));
    let mut sheet = Sheet::new("Status", 2, columns);
    for (body, period) in followed(snapshot) {
        for (name, of) in scales {
            let mut row = vec![text(&body.name), text(name)];
            row.extend(listed(of(period)).map(number));
            sheet.rows.push(row);
        }
    }
    sheet
}

fn mandatory(snapshot: &CompiledSnapshot) -> Sheet {
    let columns = vec![
        column("Obligatorisk risk", 44.0),
        column("Typ", 16.0),
        column("I plan eller utkast", 16.0),
        column("Bedömd", 12.0),
        column("Har kontroll", 14.0),
        column("Saknas hos", 50.0),
    ];
    let mut sheet = Sheet::new("Obligatoriska risker", 1, columns);
    for one in &snapshot.mandatory {
        sheet.rows.push(vec![
            text(&one.name),
            text(match one.kind {
                MandatoryKind::Risk => "Risk",
                MandatoryKind::Area => "Riskområde",
            }),
            number(one.present),
            number(one.assessed),
            number(one.controlled),
            lines(one.lacking.iter().cloned()),
        ]);
    }
    sheet
}

fn risks(snapshot: &CompiledSnapshot) -> Sheet {
    let columns = vec![
        column(BODY, 36.0),
        column("Nr", 8.0),
        column("Referens", 14.0),
        column("Risk", 60.0),
        column("Riskvärde", 12.0),
        column("Nivå", 20.0),
        column("I planen", 12.0),
        column("Förra året", 12.0),
        column(super::SECRECY, 40.0),
    ];
    let mut sheet = Sheet::new("De högsta riskerna", 2, columns);
    for risk in &snapshot.risks {
        sheet.rows.push(vec![
            text(&risk.body),
            number(risk.number),
            text(&risk.reference),
            text(&risk.name),
            number(risk.score),
            Value::Level(words::chip(&risk.level)),
            maybe_number(risk.adopted),
            maybe_number(risk.last_year),
            maybe(risk.secrecy.as_ref().map(words::secrecy)),
        ]);
    }
    sheet
}

fn indicators(snapshot: &CompiledSnapshot) -> Sheet {
    let columns = vec![
        column("Hos", 36.0),
        column("Indikator", 44.0),
        column("Mål", 40.0),
        column("Målvärde", 14.0),
        column("Utfall", 14.0),
        column("Bedömning", 26.0),
        column("Orsak", 60.0),
    ];
    let mut sheet = Sheet::new("Indikatorer", 2, columns);
    for one in &snapshot.indicators {
        sheet.rows.push(vec![
            text(&one.body),
            text(&one.outcome.name),
            maybe(one.goal.as_deref()),
            maybe(one.outcome.target.as_deref()),
            maybe(one.outcome.value.as_deref()),
            one.outcome.judgement.map_or(Value::Empty, |judgement| Value::Status(words::judgement(judgement))),
            maybe(one.cause.as_deref()),
        ]);
    }
    sheet
}

fn deficiencies(snapshot: &CompiledSnapshot) -> Sheet {
    let columns = vec![
        column(BODY, 36.0),
        column("Brist", 60.0),
        column("Upptäckt", 14.0),
        column("Allvar", 14.0),
        column("Nämnd eller styrelse underrättad", 18.0),
        column("Vad som har gjorts", 50.0),
        column("Avslutad", 14.0),
        column(super::SECRECY, 40.0),
    ];
    let mut sheet = Sheet::new("Brister", 1, columns);
    for one in &snapshot.deficiencies {
        sheet.rows.push(vec![
            text(&one.body),
            text(&one.what),
            date(Some(one.found_on)),
            maybe(one.severity.as_deref().map(capital)),
            date(one.reported_to_board_on),
            maybe(one.done.as_deref()),
            date(one.closed_on),
            maybe(one.secrecy.as_ref().map(words::secrecy)),
        ]);
    }
    sheet
}

fn judgements(snapshot: &CompiledSnapshot) -> Sheet {
    let mut columns = vec![column(BODY, 36.0)];
    columns.extend(COMPONENTS.map(|(key, _)| column(component_name(key), 24.0)));
    columns.push(column("Revisorernas bedömning", 24.0));
    let mut sheet = Sheet::new("Bedömning", 1, columns);
    for body in &snapshot.bodies {
        let mut row = vec![text(&body.name)];
        for (key, _) in COMPONENTS {
            let of = body.period.iter().flat_map(|period| &period.components).find(|one| one.key == key);
            row.push(match of {
                Some(one) => Value::Status(words::sufficiency(one.judgement)),
                None => text(NOT_JUDGED),
            });
        }
        row.push(text(body.opinion.as_deref().unwrap_or(NOT_JUDGED)));
        sheet.rows.push(row);
    }
    sheet
}

fn effects(snapshot: &CompiledSnapshot) -> Sheet {
    let mut columns = vec![column(BODY, 36.0)];
    columns.extend(amount_names(snapshot.report.year).map(|name| column(capital(&name), 14.0)));
    columns.push(column("Realiserat", 14.0));
    let mut sheet = Sheet::new("Ekonomisk effekt", 1, columns);
    for (body, period) in followed(snapshot) {
        let amounts = amounts(&period.financial_effect);
        if amounts.iter().any(Option::is_some) {
            let mut row = vec![text(&body.name)];
            row.extend(amounts.map(|amount| amount.map_or(Value::Empty, in_millions)));
            sheet.rows.push(row);
        }
    }
    sheet
}
