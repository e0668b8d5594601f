//! The register's own lists of risks, controls and actions, alone or together in the workbook of a body. A sheet of theirs is
//! known by its headings and read to the letter: each cell is one thing whatever stands in it, and no row says anything of the
//! next ([`crate::own_rows`]). Other workbooks are prose ([`crate::risks`]).

use crate::beside::without_remarks;
use crate::fields::{Field, Thing};
use crate::mapping::{ColumnMapping, SheetMapping};
use crate::sheet::{Sheet, Value};
use crate::told::{Notice, Place};

/// What each heading stands above.
type Headings = &'static [(&'static str, Field)];

const OF_RISKS: Headings = &[
    ("Referens", Field::Reference),
    ("Risk", Field::Name),
    ("Beskrivning", Field::Description),
    ("Organisation", Field::Body),
    ("År", Field::Year),
    ("Del av verksamheten", Field::Organisation),
    ("Mål", Field::Goal),
    ("Lokalt mål", Field::LocalGoal),
    ("Kategori", Field::Category),
    ("Riskägare", Field::Owner),
    ("Riskvärde", Field::Product),
    ("Nivå", Field::Level),
    ("Målnivå", Field::TargetLevel),
    ("Hantering", Field::Response),
    ("Motivering", Field::Justification),
    ("Medtagen därför att", Field::TakenInBecause),
    ("Bortvald därför att", Field::SetAsideBecause),
    ("Utgått", Field::RetiredOn),
    ("Fel och oegentligheter", Field::Irregularity),
    ("Sekretessmarkering", Field::Secrecy),
    ("Id", Field::Id),
];

const OF_CONTROLS: Headings = &[
    ("Kontroll", Field::Control),
    ("Beskrivning", Field::ControlMethod),
    ("Risk, referens", Field::Reference),
    ("Risk", Field::Name),
    ("Organisation", Field::Body),
    ("År", Field::Year),
    ("Ansvarig", Field::ControlResponsible),
    ("Frekvens", Field::ControlFrequency),
    ("När den ska rapporteras", Field::Recurrences),
    ("Årlig kontroll rapporteras i", Field::DuePeriod),
    ("Dag", Field::DueDate),
    ("Id", Field::Id),
];

const OF_ACTIONS: Headings = &[
    ("Åtgärd", Field::Action),
    ("Beskrivning", Field::ActionDescription),
    ("Risk, referens", Field::Reference),
    ("Risk", Field::Name),
    ("Organisation", Field::Body),
    ("År", Field::Year),
    ("Ansvarig", Field::ActionResponsible),
    ("Börjar", Field::ActionStart),
    ("Slutar", Field::ActionEnd),
    ("Skäl till flyttat slutdatum", Field::EndDateReason),
    ("Helår, fullt genomförd, Mnkr", Field::FullYear),
    ("Planåret, Mnkr", Field::PlanYear),
    ("Nästa år, Mnkr", Field::NextYear),
    ("Året därefter, Mnkr", Field::YearAfterNext),
    ("Id", Field::Id),
];

/// What a sheet of the register's own lists cannot be without: of which nothing else has all.
const SURE: [(Thing, Headings, &[&str]); 3] = [
    (Thing::Risk, OF_RISKS, &["Referens", "Risk", "Planens status", "Riskägare", "Riskvärde", "Id"]),
    (Thing::Control, OF_CONTROLS, &["Kontroll", "Risk, referens", "Planens status", "Ansvarig", "Id"]),
    (Thing::Action, OF_ACTIONS, &["Åtgärd", "Risk, referens", "Planens status", "Ansvarig", "Id"]),
];

/// How sheets are to be understood where one of them is the register's own: the others of its workbook tell of the same things
/// in other ways.
pub(crate) fn propose(sheets: &[Sheet]) -> Option<Vec<SheetMapping>> {
    let own: Vec<Option<SheetMapping>> = sheets.iter().map(of_sheet).collect();
    if own.iter().all(Option::is_none) {
        return None;
    }
    let passed = |sheet: &Sheet| {
        let because = Notice::new(
            "ownOtherSheet",
            "Bladet hör till registrets egen arbetsbok. Det som står där tas inte in.",
            "The sheet belongs to the register's own workbook. What stands there is not taken in.",
        );
        SheetMapping { because: Some(because.at(Place::sheet(&sheet.name))), ..SheetMapping::empty(&sheet.name) }
    };
    Some(sheets.iter().zip(own).map(|(sheet, own)| own.unwrap_or_else(|| passed(sheet))).collect())
}

/// A sheet of the register's own, with what its columns are.
pub(crate) fn of_sheet(sheet: &Sheet) -> Option<SheetMapping> {
    let plain = without_remarks(sheet);
    let sheet = plain.as_ref().unwrap_or(sheet);
    let heading = sheet.rows.first()?;
    let titled: Vec<(u32, &str)> = heading
        .cells
        .iter()
        .filter_map(|cell| match &cell.value {
            Value::Text(text) => Some((cell.column, text.as_str())),
            _ => None,
        })
        .collect();
    let has = |word: &&str| titled.iter().any(|(_, text)| text == word);
    let (thing, headings, _) = SURE.iter().find(|(_, _, sure)| sure.iter().all(has))?;
    // What the axes are called is the plan's own: they stand before their product.
    let product = titled.iter().position(|(_, text)| *thing == Thing::Risk && *text == "Riskvärde");
    let (first, last) = (heading.row + 1, sheet.last_row()?);
    let columns = titled.iter().enumerate().map(|(at, (place, text))| {
        let field = match product {
            Some(product) if at + 2 == product => Field::Likelihood,
            Some(product) if at + 1 == product => Field::Consequence,
            _ => headings.iter().find(|(word, _)| word == text).map_or(Field::Unknown, |(_, field)| *field),
        };
        ColumnMapping::of(sheet, *place, (*text).to_owned(), (field, None), (first, last))
    });
    Some(SheetMapping {
        taken: true,
        heading: vec![heading.row],
        first,
        last,
        columns: columns.collect(),
        thing: Some(*thing),
        ..SheetMapping::empty(&sheet.name)
    })
}
