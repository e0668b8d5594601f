//! What a version of the plan changes of the one before it: the first page's line, and the chapter.

use crate::compilation::{column, heading, lead_in, sentence, table, wide_column};
use crate::error::DocumentError;
use crate::marking;
use crate::model::{Block, Cell, Part, Row, Style};
use crate::snapshot::{PartKind, Revised, RevisedPart, RevisedRisk, Revision, Secrecy};
use crate::text::{one_line, optional_blocks};
use crate::words::{SECTIONS, enumeration, long_date, number};

/// "version 2 (reviderad)"; the first adoption is version 1.
pub(crate) fn version(revision: u32) -> String {
    if revision > 1 { format!("version {revision} (reviderad)") } else { format!("version {revision}") }
}

/// "1 ny risk, 2 ändrade kontroller": what differs, counted. None where nothing does.
pub(crate) fn counted(revised: &Revised) -> Option<String> {
    let mut said = Vec::new();
    let mut count = |n: usize, one: &str, many: &str| match n {
        0 => {}
        1 => said.push(format!("1 {one}")),
        n => said.push(format!("{n} {many}")),
    };
    let risks = |what| revised.risks.iter().filter(|risk| risk.what == what).count();
    let parts = |kind, what| revised.parts.iter().filter(|part| part.kind == kind && part.what == what).count();
    count(risks(Revision::New), "ny risk", "nya risker");
    count(risks(Revision::Removed), "utgången risk", "utgångna risker");
    count(risks(Revision::Changed), "ändrad risk", "ändrade risker");
    count(parts(PartKind::Control, Revision::New), "ny kontroll", "nya kontroller");
    count(parts(PartKind::Control, Revision::Removed), "borttagen kontroll", "borttagna kontroller");
    count(parts(PartKind::Control, Revision::Changed), "ändrad kontroll", "ändrade kontroller");
    count(parts(PartKind::Action, Revision::New), "ny åtgärd", "nya åtgärder");
    count(parts(PartKind::Action, Revision::Removed), "borttagen åtgärd", "borttagna åtgärder");
    count(parts(PartKind::Action, Revision::Changed), "ändrad åtgärd", "ändrade åtgärder");
    count(revised.sections.len(), "ändrad text", "ändrade texter");
    (!said.is_empty()).then(|| enumeration(&said))
}

/// The chapter of a revised plan.
pub(crate) fn chapter(revised: &Revised) -> Vec<Block> {
    let mut body = vec![heading(1, "Revideringen")];
    body.extend(told(revised));
    body
}

/// What differs, without a heading: the reason first.
pub(crate) fn told(revised: &Revised) -> Vec<Block> {
    let mut body = Vec::new();
    let decided = revised.since_decided_on.map(|day| format!(", fastställd {}", long_date(day))).unwrap_or_default();
    let before = format!("version {}{decided}", revised.since);
    body.push(sentence(match counted(revised) {
        Some(counted) => format!("Planen är reviderad. Jämfört med {before}: {counted}."),
        None => {
            format!("Planen är fastställd på nytt. Risker, kontroller, åtgärder och texter är de samma som i {before}.")
        }
    }));
    let reason = optional_blocks(revised.reason.as_deref());
    if !reason.is_empty() {
        body.push(lead_in("Skälet till revideringen:"));
        body.push(Block::Prose { text: reason });
    }
    if !revised.risks.is_empty() {
        let rows = revised.risks.iter().map(|risk| {
            Row::new(vec![
                Cell::strong(risk.number.to_string()),
                named(
                    &risk.name,
                    (!risk.reference.trim().is_empty()).then_some(risk.reference.as_str()),
                    &risk.secrecy,
                ),
                Cell::text(what_of_risk(risk)),
            ])
        });
        body.push(lead_in("Risker:"));
        body.push(table(vec![column("Nr", 12), wide_column("Risk"), column("Ändring", 70)], rows.collect()));
    }
    if !revised.parts.is_empty() {
        let rows = revised.parts.iter().map(|part| {
            Row::new(vec![
                Cell::strong(part.risk_number.to_string()),
                named(&part.name, Some(kind(part.kind)), &part.secrecy),
                Cell::text(what_of_part(part)),
            ])
        });
        body.push(lead_in("Kontroller och åtgärder:"));
        let columns = vec![column("Risk", 12), wide_column("Kontroll eller åtgärd"), column("Ändring", 70)];
        body.push(table(columns, rows.collect()));
    }
    if !revised.sections.is_empty() {
        body.push(sentence(format!("Ändrade texter: {}.", enumeration(&section_names(revised)))));
    }
    body
}

/// What the plan's own texts that differ are called.
pub(crate) fn section_names(revised: &Revised) -> Vec<String> {
    let name = |key: &String| match SECTIONS.iter().find(|(known, ..)| known == key) {
        Some((_, name, _)) => (*name).to_owned(),
        None => "Bakgrund".to_owned(),
    };
    revised.sections.iter().map(name).collect()
}

fn named(name: &str, below: Option<&str>, secrecy: &Option<Secrecy>) -> Cell {
    let mut parts = vec![Part::line(Style::Plain, one_line(name))];
    parts.extend(below.map(|text| Part::line(Style::Small, one_line(text))));
    parts.extend(marking::always(secrecy.as_ref()));
    Cell::new(parts)
}

pub(crate) fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Control => "Kontroll",
        PartKind::Action => "Åtgärd",
    }
}

pub(crate) fn what_of_risk(risk: &RevisedRisk) -> String {
    let score = |score: Option<i32>| score.map_or_else(|| "inte bedömd".to_owned(), |n| number(i64::from(n)));
    match risk.what {
        Revision::New => format!("Ny, riskvärde {}", score(risk.score)),
        Revision::Removed => match risk.reason.as_deref().map(one_line).filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("Utgången: {reason}"),
            None => "Utgången".to_owned(),
        },
        Revision::Changed => {
            let mut said = fields(&risk.fields, |field| field != "assessment" || risk.score == risk.previous_score);
            if risk.score != risk.previous_score {
                said.insert(0, format!("riskvärde {} i stället för {}", score(risk.score), score(risk.previous_score)));
            }
            format!("Ändrad: {}", enumeration(&said))
        }
    }
}

pub(crate) fn what_of_part(part: &RevisedPart) -> String {
    match part.what {
        Revision::New => "Ny".to_owned(),
        Revision::Removed => "Borttagen".to_owned(),
        Revision::Changed => format!("Ändrad: {}", enumeration(&fields(&part.fields, |_| true))),
    }
}

fn fields(all: &[String], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    all.iter().map(String::as_str).filter(|field| wanted(field)).filter_map(word).map(str::to_owned).collect()
}

/// The fields of risks, controls and actions, as they stand in a sentence.
const FIELDS: [(&str, &str); 20] = [
    ("name", "namn"),
    ("goal", "mål"),
    ("description", "beskrivning"),
    ("localGoal", "lokalt mål"),
    ("category", "kategori"),
    ("owner", "riskägare"),
    ("organisation", "enhet"),
    ("assessment", "bedömning"),
    ("response", "riskhantering"),
    ("justification", "motivering"),
    ("targetLevel", "målnivå"),
    ("inclusion", "skäl att ingå i planen"),
    ("irregularity", "märkning som risk för oegentligheter"),
    ("frequency", "frekvens"),
    ("responsible", "ansvarig"),
    ("schedule", "när den genomförs"),
    ("indicators", "indikatorer"),
    ("startDate", "startdatum"),
    ("endDate", "slutdatum"),
    ("financialEffect", "ekonomisk effekt"),
];

fn word(field: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(known, _)| *known == field).map(|(_, word)| *word)
}

/// What is sealed names fields and sections that there are.
pub(crate) fn check(revised: &Revised) -> Result<(), DocumentError> {
    let fields = revised.risks.iter().flat_map(|risk| &risk.fields);
    let fields = fields.chain(revised.parts.iter().flat_map(|part| &part.fields));
    if let Some(unknown) = fields.into_iter().find(|field| word(field).is_none()) {
        return Err(DocumentError::Snapshot(format!("a change of an unknown field {unknown}")));
    }
    let known = |key: &String| key == "background" || SECTIONS.iter().any(|(known, ..)| known == key);
    match revised.sections.iter().find(|key| !known(key)) {
        Some(unknown) => Err(DocumentError::Snapshot(format!("a change of an unknown section {unknown}"))),
        None => Ok(()),
    }
}
