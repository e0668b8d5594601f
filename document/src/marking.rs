//! The markings of secrecy (5 kap. 5 § offentlighets- och sekretesslagen) in a full document. Who holds one must see on the
//! outside of it, on each page, and at each thing that is marked, that it is not for everyone: a full document is otherwise
//! the very image of the public one.

use crate::Version;
use crate::model::{Part, Style};
use crate::snapshot::{CompiledSnapshot, Gone, PlanSnapshot, ReportSnapshot, Revised, Risk, Secrecy};
use crate::text::shortened;
use crate::words;

/// The markings of what a plan's full document prints, each once, in its order. None where nothing is marked.
pub fn plan_markings(snapshot: &PlanSnapshot) -> Vec<Secrecy> {
    let mut found = Vec::new();
    of_plan(snapshot, &mut found);
    found
}

/// The markings of what a report's full document prints, each once, in its order.
pub fn report_markings(snapshot: &ReportSnapshot) -> Vec<Secrecy> {
    let mut found = Vec::new();
    of_plan(&snapshot.plan, &mut found);
    of_revised(snapshot.since.as_ref().and_then(|since| since.revised.as_ref()), &mut found);
    snapshot.deficiencies.iter().for_each(|deficiency| note(deficiency.secrecy.as_ref(), &mut found));
    found
}

/// The markings of what a compiled report's full document prints, each once, in its order.
pub fn compiled_markings(snapshot: &CompiledSnapshot) -> Vec<Secrecy> {
    let mut found = Vec::new();
    snapshot.risks.iter().for_each(|risk| note(risk.secrecy.as_ref(), &mut found));
    snapshot.deficiencies.iter().for_each(|deficiency| note(deficiency.secrecy.as_ref(), &mut found));
    found
}

fn of_plan(snapshot: &PlanSnapshot, found: &mut Vec<Secrecy>) {
    for risk in snapshot.goals.iter().flat_map(|goal| &goal.risks) {
        of_risk(risk).into_iter().for_each(|marking| note(Some(marking), found));
    }
    let gone = snapshot.compared_with.iter().flat_map(|compared| &compared.gone);
    gone.for_each(|gone: &Gone| note(gone.secrecy.as_ref(), found));
    of_revised(snapshot.revised.as_ref(), found);
}

/// Of what a revision changes.
fn of_revised(revised: Option<&Revised>, found: &mut Vec<Secrecy>) {
    if let Some(revised) = revised {
        revised.risks.iter().for_each(|risk| note(risk.secrecy.as_ref(), found));
        revised.parts.iter().for_each(|part| note(part.secrecy.as_ref(), found));
    }
}

/// Its own marking, and those of what is reported below it.
fn of_risk(risk: &Risk) -> Vec<&Secrecy> {
    let controls = risk.controls.iter().filter_map(|control| control.report.as_ref()?.secrecy.as_ref());
    let actions = risk.actions.iter().filter_map(|action| action.report.as_ref()?.secrecy.as_ref());
    risk.secrecy.iter().chain(controls).chain(actions).collect()
}

fn note(marking: Option<&Secrecy>, found: &mut Vec<Secrecy>) {
    if let Some(marking) = marking.filter(|marking| !found.contains(marking)) {
        found.push(marking.clone());
    }
}

/// What a document says of its markings: nothing where there are none, and nothing in a public version, which says what it
/// masks.
#[derive(Debug, Default)]
pub(crate) struct Marked {
    /// Provision, date and authority of each.
    pub all: Vec<String>,
}

impl Marked {
    pub fn of(version: Version, markings: &[Secrecy]) -> Self {
        match version {
            Version::Full => Self { all: markings.iter().map(words::secrecy).collect() },
            Version::Public => Self::default(),
        }
    }

    /// The first, and that there are more: for where there is one line. All of them stand on the first page.
    fn first(&self, most: usize) -> Option<String> {
        let more = if self.all.len() > 1 { " med flera" } else { "" };
        self.all.first().map(|first| format!("{}{more}", shortened(first, most)))
    }

    /// For the head of each page.
    pub fn head(&self) -> Option<String> {
        self.first(90).map(|first| format!("Sekretessmarkerad: {first}"))
    }

    /// What a title ends with.
    pub fn title(&self) -> String {
        self.first(150).map(|first| format!(" – sekretessmarkerad ({first})")).unwrap_or_default()
    }
}

/// The mark at a thing that is marked, in either version: in a public one it is the reason that its reader is owed.
pub(crate) fn always(marking: Option<&Secrecy>) -> Option<Part> {
    marking.map(|marking| Part::labelled(Style::Mark, "Sekretessmarkering", words::secrecy(marking)))
}

/// The mark at a thing that is marked, where a public version says elsewhere what it masks.
pub(crate) fn mark(version: Version, marking: Option<&Secrecy>) -> Option<Part> {
    always(marking.filter(|_| version == Version::Full))
}

/// The marks at what several markings concern, each once.
pub(crate) fn marks<'a>(version: Version, markings: impl IntoIterator<Item = &'a Secrecy>) -> Vec<Part> {
    let mut found = Vec::new();
    markings.into_iter().for_each(|marking| note(Some(marking), &mut found));
    found.iter().filter_map(|marking| mark(version, Some(marking))).collect()
}
