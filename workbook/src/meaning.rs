//! What a file says when it is understood as a mapping has it.

use std::collections::BTreeMap;

use crate::asked::Told;
use crate::fields::Kind;
use crate::mapping::{ColumnMapping, Mapping};
use crate::risks::Risks;
use crate::rows::Interpretation;
use crate::scale::Scale;
use crate::sheet::Workbook;
use crate::told::Place;
use crate::{own_rows, records};

/// What a file says. The mapping is the proposed one or what somebody made of it; of a sheet or column that the file does
/// not have it says nothing. The scale is the plan's, and used for risks alone.
pub fn interpret(workbook: &Workbook, mapping: &Mapping, scale: &Scale) -> Interpretation {
    let mut told = Told::default();
    workbook.remarks.iter().for_each(|one| told.note(one.clone()));
    let mut risks = Risks::new(scale);
    let (mut all, mut listed) = (Vec::new(), Vec::new());
    let mut headings = BTreeMap::new();
    for of_sheet in &mapping.sheets {
        if !of_sheet.taken {
            of_sheet.because.iter().for_each(|one| told.note(one.clone()));
            continue;
        }
        let Some(sheet) = workbook.sheets.iter().find(|sheet| sheet.name == of_sheet.sheet) else {
            told.fault(
                "sheetMissing",
                Place::sheet(&of_sheet.sheet),
                "Filen har inget sådant blad.",
                "The file has no such sheet.",
            );
            continue;
        };
        of_sheet.skipped.iter().for_each(|skipped| told.note(skipped.because.clone()));
        let words = |column: &ColumnMapping| column.heading.split_whitespace().collect::<Vec<_>>().join(" ");
        let columns = of_sheet.columns.iter().map(|column| (column.letters.clone(), words(column)));
        headings.insert(sheet.name.clone(), columns.collect());
        match (mapping.kind, of_sheet.thing) {
            (Kind::Risks, Some(thing)) => listed.extend(own_rows::records(sheet, of_sheet, thing, scale, &mut told)),
            (Kind::Risks, None) => risks.sheet(sheet, of_sheet, &mut told),
            (kind, _) => all.extend(records::sheet(sheet, of_sheet, kind, &mut told)),
        }
    }
    let risks = risks.finish(&mut told);
    let all = match mapping.kind {
        Kind::Risks => own_rows::taken(listed, scale, &mut told),
        kind => records::finish(all, kind, &mut told),
    };
    if risks.is_empty() && all.is_empty() && told.faults.is_empty() {
        told.fault(
            "nothingFound",
            Place::default(),
            "Ingenting i filen kändes igen som rader att ta in.",
            "Nothing in the file was recognised as rows to take in.",
        );
    }
    let (questions, faults, remarks) = told.questions();
    Interpretation {
        kind: mapping.kind,
        assessment: mapping.assessment,
        risks,
        records: all,
        questions,
        faults,
        remarks,
        headings,
    }
}
