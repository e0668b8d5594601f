//! Files that were left in the register as evidence: the document names them, and says by what anybody can prove that a file is
//! the one that was left.

use crate::Version;
use crate::appendix::plain_heading;
use crate::compilation::{all_risks, column, lead_in, table, wide_column};
use crate::marking::marks;
use crate::model::{Block, Cell, Part, Row, Style};
use crate::snapshot::{LeftFile, ReportSnapshot, Secrecy};
use crate::text::{one_line, shortened};
use crate::words;

/// A file, and what it is evidence of.
pub(crate) struct Left<'a> {
    pub file: &'a LeftFile,
    /// The number of the risk, where it is of a control or an action.
    pub risk: Option<u32>,
    pub kind: &'static str,
    pub of: String,
    /// The markings that it stands under.
    pub secrecy: Vec<&'a Secrecy>,
}

/// In the order of the document: risk by risk its controls and its actions, then the deficiencies.
pub(crate) fn all(snapshot: &ReportSnapshot) -> Vec<Left<'_>> {
    let mut found = Vec::new();
    for risk in all_risks(&snapshot.plan) {
        let controls = risk.controls.iter().filter_map(|control| {
            let report = control.report.as_ref()?;
            Some(("Kontroll", &control.name, &report.files, &report.secrecy))
        });
        let actions = risk.actions.iter().filter_map(|action| {
            let report = action.report.as_ref()?;
            Some(("Åtgärd", &action.name, &report.files, &report.secrecy))
        });
        for (kind, of, files, own) in controls.chain(actions) {
            found.extend(files.iter().map(|file| Left {
                file,
                risk: Some(risk.number),
                kind,
                of: one_line(of),
                secrecy: risk.secrecy.iter().chain(own).collect(),
            }));
        }
    }
    for deficiency in &snapshot.deficiencies {
        found.extend(deficiency.files.iter().map(|file| Left {
            file,
            risk: deficiency.risk_number,
            kind: "Brist",
            of: shortened(&one_line(&deficiency.what), 120),
            secrecy: deficiency.secrecy.iter().collect(),
        }));
    }
    found
}

/// The list of the files; nothing where there is none.
pub(crate) fn section(snapshot: &ReportSnapshot, version: Version) -> Vec<Block> {
    let all = all(snapshot);
    if all.is_empty() {
        return Vec::new();
    }
    let rows = all.into_iter().map(|left| {
        let kind = match left.risk {
            Some(number) => format!("{}, risk {number}", left.kind),
            None => left.kind.to_owned(),
        };
        let mut of = vec![Part::line(Style::Plain, left.of), Part::line(Style::Small, kind)];
        of.extend(marks(version, left.secrecy));
        let name = vec![
            Part::line(Style::Plain, one_line(&left.file.name)),
            Part::line(Style::Small, format!("{}, {}", words::file_size(left.file.size), left.file.left_on)),
        ];
        // In two lines: it has no place where it could be broken.
        let half = left.file.sha256.len() / 2;
        let sum = left.file.sha256.split_at_checked(half).map(|(one, other)| [one, other]).unwrap_or_default();
        let sum = sum.map(|part| Part::line(Style::Small, part));
        Row::new(vec![Cell::new(of), Cell::new(name), Cell::new(sum.to_vec())])
    });
    vec![
        plain_heading(2, "Filer som underlag", true),
        lead_in(
            "Filerna finns i registret. Kontrollsumman (SHA-256) visar om en fil är den som lämnades: den som räknar ut \
             summan för en fil ska få samma.",
        ),
        table(vec![wide_column("Underlag för"), column("Fil", 52), column("Kontrollsumma", 62)], rows.collect()),
    ]
}
