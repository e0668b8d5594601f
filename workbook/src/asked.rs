//! Gathers what is told while rows are read: faults, remarks, and the words to ask for, once each.

use std::collections::{BTreeMap, BTreeSet};

use crate::clean::{Cleaned, folded};
use crate::dates;
use crate::grid::Seen;
use crate::limits;
use crate::lists::items;
use crate::mapping::SheetMapping;
use crate::rows::{About, Question, Said};
use crate::sheet::{Sheet, Value};
use crate::told::{Notice, Place};
use crate::words;

/// How many places of a question are told.
const PLACES: usize = 5;

#[derive(Default)]
pub(crate) struct Told {
    pub faults: Vec<Notice>,
    pub remarks: Vec<Notice>,
    questions: Vec<Question>,
    known: BTreeMap<(About, String), usize>,
    /// A cell that reaches over several rows is told of once.
    asked: BTreeSet<(About, Place)>,
    faulty: BTreeSet<(&'static str, Place)>,
}

impl Told {
    pub fn questions(self) -> (Vec<Question>, Vec<Notice>, Vec<Notice>) {
        let mut questions = self.questions;
        // By what they are about, and within it as they stand in the file.
        questions.sort_by_key(|question| question.about);
        (questions, self.faults, self.remarks)
    }

    pub fn fault(&mut self, code: &'static str, place: Place, sv: impl Into<String>, en: impl Into<String>) {
        if self.faulty.insert((code, place.clone())) {
            add(&mut self.faults, Notice::new(code, sv, en).at(place));
        }
    }

    /// A fault of the whole file, which is told whatever else is.
    pub fn must_tell(&mut self, code: &'static str, sv: String, en: String) {
        self.faults.insert(0, Notice::new(code, sv, en));
    }

    pub fn remark(&mut self, code: &'static str, place: Place, sv: impl Into<String>, en: impl Into<String>) {
        if self.faulty.insert((code, place.clone())) {
            self.note(Notice::new(code, sv, en).at(place));
        }
    }

    /// A remark that is made already.
    pub fn note(&mut self, remark: Notice) {
        add(&mut self.remarks, remark);
    }

    pub fn ask(&mut self, about: About, said: &Said) {
        if !self.asked.insert((about, said.place.clone())) && about != About::Role {
            return;
        }
        let key = (about, folded(&said.text));
        match self.known.get(&key).and_then(|at| self.questions.get_mut(*at)) {
            Some(question) => {
                question.times += 1;
                if question.places.len() < PLACES {
                    question.places.push(said.place.clone());
                }
            }
            None => {
                self.known.insert(key, self.questions.len());
                self.questions.push(Question {
                    about,
                    text: said.text.clone(),
                    proposed: said.proposed.clone(),
                    times: 1,
                    places: vec![said.place.clone()],
                });
            }
        }
    }

    /// What a cell says in words. A formula without its value and a fault of Excel's say nothing, which is a fault here.
    pub fn said(&mut self, sheet: &Sheet, seen: Option<Seen<'_>>) -> Option<Said> {
        let seen = seen?;
        let place = sheet.place(seen.row, seen.column);
        match seen.value {
            Value::Uncounted => {
                self.uncounted(place);
                None
            }
            Value::Fault(fault) => {
                self.error(place, fault);
                None
            }
            value => Some(Said { text: value.text(), place, ..Said::default() }),
        }
    }

    pub fn uncounted(&mut self, place: Place) {
        self.fault(
            "uncounted",
            place,
            "Cellen har en formel vars värde inte är sparat. Öppna filen i Excel, låt den räknas om och spara den.",
            "The cell has a formula whose value is not saved. Open the file in Excel, let it be counted and save it.",
        );
    }

    pub fn error(&mut self, place: Place, fault: &str) {
        self.fault(
            "errorValue",
            place,
            format!("Cellen visar ett fel: {fault}."),
            format!("The cell shows an error: {fault}."),
        );
    }

    /// Words with what they seem to mean, asked for.
    pub fn proposed(&mut self, about: About, said: Option<Said>) -> Option<Said> {
        let mut said = said?;
        said.proposed = words_meant(about, &said.text).into_iter().map(str::to_owned).collect();
        self.ask(about, &said);
        Some(said)
    }

    /// A day; words that name none are asked for.
    pub fn day(&mut self, sheet: &Sheet, seen: Option<Seen<'_>>) -> Option<Said> {
        let seen = seen?;
        let said = self.said(sheet, Some(seen))?;
        Some(self.dated(said, dates::day(seen.value)))
    }

    fn dated(&mut self, mut said: Said, day: Result<chrono::NaiveDate, String>) -> Said {
        match day {
            Ok(day) => said.date = Some(day),
            Err(_) => self.ask(About::Date, &said),
        }
        said
    }

    /// A day for each of so many things, where the cell lists as many; else the same one for all.
    pub fn days(&mut self, sheet: &Sheet, seen: Option<Seen<'_>>, among: usize) -> Vec<Option<Said>> {
        let Some(said) = self.said(sheet, seen) else { return vec![None; among] };
        match listed(&said, among) {
            Some(each) => each
                .into_iter()
                .map(|said| {
                    let day = dates::day(&Value::Text(said.text.clone()));
                    Some(self.dated(said, day))
                })
                .collect(),
            None => vec![self.day(sheet, seen); among],
        }
    }

    /// Words for each of so many things, where the cell lists as many; else the same for all.
    pub fn each(&mut self, sheet: &Sheet, seen: Option<Seen<'_>>, among: usize) -> Vec<Option<Said>> {
        let Some(said) = self.said(sheet, seen) else { return vec![None; among] };
        match listed(&said, among) {
            Some(each) => each.into_iter().map(Some).collect(),
            None => vec![Some(said); among],
        }
    }

    /// What cells were cleaned of, once a sheet and kind.
    pub fn cleaned(&mut self, sheet: &Sheet, mapping: &SheetMapping) {
        for kind in Cleaned::ALL {
            let mut cells = sheet
                .rows
                .iter()
                .filter(|row| (mapping.first..=mapping.last).contains(&row.row))
                .flat_map(|row| row.cells.iter().map(move |cell| (row.row, cell)))
                .filter(|(_, cell)| cell.cleaned.contains(&kind));
            let Some((row, first)) = cells.next() else { continue };
            let count = 1 + cells.count();
            let (sv, en) = match kind {
                Cleaned::Composed => (
                    "bokstäver som var skrivna som två tecken har blivit ett",
                    "letters written as two characters became one",
                ),
                Cleaned::SoftHyphen => ("mjuka bindestreck har tagits bort", "soft hyphens were taken away"),
                Cleaned::Invisible => ("osynliga tecken har tagits bort", "invisible characters were taken away"),
                Cleaned::PrivateUse => {
                    ("egna tecken för punkter i listor har blivit •", "private characters for bullets became •")
                }
                Cleaned::NoBreakSpace => {
                    ("hårda mellanslag har blivit vanliga", "no-break spaces became ordinary ones")
                }
                Cleaned::Control => ("styrtecken har tagits bort", "control characters were taken away"),
            };
            let code = match kind {
                Cleaned::Composed => "cleanedComposed",
                Cleaned::SoftHyphen => "cleanedSoftHyphen",
                Cleaned::Invisible => "cleanedInvisible",
                Cleaned::PrivateUse => "cleanedPrivateUse",
                Cleaned::NoBreakSpace => "cleanedNoBreakSpace",
                Cleaned::Control => "cleanedControl",
            };
            let (cells_sv, cells_en) = if count == 1 {
                ("I 1 cell:".to_owned(), "In 1 cell:".to_owned())
            } else {
                (format!("I {count} celler:"), format!("In {count} cells:"))
            };
            self.remark(code, sheet.place(row, first.column), format!("{cells_sv} {sv}."), format!("{cells_en} {en}."));
        }
    }
}

/// The register's own words that a text seems to mean, where what it is about has a closed list of them.
fn words_meant(about: About, text: &str) -> Vec<&'static str> {
    let one = match about {
        About::Frequency => return words::recurrences(text),
        About::Category => words::category(text),
        About::Response => words::response(text),
        About::Role => words::role(text),
        About::OrganisationKind => words::organisation_kind(text),
        About::Comparator => words::comparator(text),
        About::DecidedBy => words::decided_by(text),
        About::Period => words::period(text),
        About::Judgement => words::judgement(text),
        About::Language => words::language(text),
        About::Person
        | About::Goal
        | About::Process
        | About::Organisation
        | About::Likelihood
        | About::Consequence
        | About::Date
        | About::Status
        | About::Indicator => None,
    };
    one.into_iter().collect()
}

/// So many are told, and then that there are more.
fn add(told: &mut Vec<Notice>, one: Notice) {
    match told.len() {
        known if known < limits::TOLD => told.push(one),
        limits::TOLD => told.push(Notice::new(
            "moreThanTold",
            format!("Det finns mer att säga om filen än de {} första.", limits::TOLD),
            format!("There is more to say of the file than the first {}.", limits::TOLD),
        )),
        _ => {}
    }
}

/// As many parts as there are things, each of the same cell.
fn listed(said: &Said, among: usize) -> Option<Vec<Said>> {
    if among < 2 {
        return None;
    }
    let parts = items(&said.text);
    (parts.len() == among).then(|| parts.into_iter().map(|text| Said { text, ..said.clone() }).collect())
}
