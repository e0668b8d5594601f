//! What a file says, row by row: what would be made of it, what must be asked, what is wrong.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::fields::{Field, Kind, Scoring, Thing};
use crate::told::{Notice, Place};

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interpretation {
    pub kind: Kind,
    /// Of a risk's scorings the one that is its assessment; an inherent one beside it is an older assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Scoring>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<Risk>,
    /// Of the other kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<Record>,
    /// The words that somebody has to answer for, once each.
    pub questions: Vec<Question>,
    /// What keeps a cell or row from being taken.
    pub faults: Vec<Notice>,
    /// What is worth knowing.
    pub remarks: Vec<Notice>,
    /// The headings of the sheets that were taken, by sheet and by column as Excel calls it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headings: BTreeMap<String, BTreeMap<String, String>>,
}

impl Interpretation {
    /// What stands above a cell.
    pub fn heading(&self, place: &Place) -> Option<&str> {
        let columns = self.headings.get(place.sheet.as_deref()?)?;
        let letters = place.cell.as_deref()?.trim_end_matches(|c: char| c.is_ascii_digit());
        columns.get(letters).map(String::as_str).filter(|heading| !heading.is_empty())
    }
}

/// What a cell says, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// The words themselves.
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
    /// The register's own words that they seem to mean. Only of its closed lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<String>,
    /// The day that they name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
}

/// A risk with its controls and actions, of one row or several.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Risk {
    /// Where it begins.
    pub place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Said>,
    /// None where the sheet has no column for it: then the reference says which risk it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Said>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub description: Vec<Said>,
    /// What has no field of its own and goes into the description.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labelled: Vec<Labelled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_goal: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<Said>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub justification: Option<Said>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scorings: Vec<Scored>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<Control>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

/// A text with the heading of its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Labelled {
    pub label: String,
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
}

/// One scoring of a risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scored {
    pub scoring: Scoring,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Stepped>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consequence: Option<Stepped>,
    /// What the file makes of the two. Only compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Said>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Said>,
}

/// A step of an axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stepped {
    /// None where the words name no step: they are asked for.
    pub value: Option<i32>,
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    pub name: Said,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Said>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    pub name: Said,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Said>,
}

/// A row of another kind than risks, or of the register's own lists of them: its fields by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub place: Place,
    /// Several values only of fields that may have them: a user's roles.
    pub values: BTreeMap<Field, Vec<Said>>,
    /// What it is, in the register's own lists of risks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<Thing>,
}

/// What words are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum About {
    /// Whoever owns a risk or is responsible: never proposed.
    Person,
    Goal,
    Process,
    Organisation,
    Category,
    Response,
    Frequency,
    Likelihood,
    Consequence,
    Date,
    Status,
    Role,
    OrganisationKind,
    Indicator,
    Comparator,
    DecidedBy,
    Period,
    Judgement,
    Language,
}

/// Words that somebody has to answer for, once for all the cells that say them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    pub about: About,
    /// As they stand where they stand first.
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<String>,
    /// How often they stand there.
    pub times: u32,
    /// The first of the places.
    pub places: Vec<Place>,
}

impl Risk {
    /// The description as it would be kept: its own texts, then what has no field of its own with its heading.
    pub fn description_text(&self) -> Option<String> {
        let own = self.description.iter().map(|said| said.text.clone());
        let labelled = self.labelled.iter().map(|labelled| format!("{}: {}", labelled.label, labelled.text));
        let texts: Vec<String> = own.chain(labelled).collect();
        (!texts.is_empty()).then(|| texts.join("\n\n"))
    }

    pub fn scoring(&self, scoring: Scoring) -> Option<&Scored> {
        self.scorings.iter().find(|scored| scored.scoring == scoring)
    }
}
