//! The words of a workbook that somebody has to answer for: who "HR-chef" is, which goal is meant, which day "Q3" is. Nothing
//! is guessed: an answer is given, is the one that the organisation gave the last time, or is a word of a closed list that
//! means one thing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use riskregister_workbook::rows::About;
use riskregister_workbook::{Question, clean};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::places::words_of;
use crate::app::plan::Open;
use crate::app::plan::order::goals_for;
use crate::app::reach;
use crate::domain::words::{Category, ImportAbout, Recurrence, Response};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::ImportWord;
use crate::storage::records::Organisation;
use crate::storage::{Id, Reading, Timestamp};

/// The answer that leaves a field empty.
pub const NONE: &str = "none";

/// What words of a workbook mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportAnswer {
    pub about: ImportAbout,
    /// The words, as the question has them.
    #[schema(min_length = 1, max_length = 131_068, example = "HR-chef")]
    pub text: String,
    /// The id of a person, goal or organisation; a category (one of the four, or one of the body's own) or response;
    /// recurrences parted by commas; a step of the scale; a date. `none` leaves the field empty, and the words are kept as words.
    #[schema(min_length = 1, max_length = 200, example = "none")]
    pub value: String,
}

/// Answers by what they are about and the words.
#[derive(Debug, Clone, Default)]
pub struct Answers(BTreeMap<(ImportAbout, String), String>);

impl Answers {
    pub fn of(all: &[ImportAnswer]) -> Self {
        Self(all.iter().map(|one| ((one.about, clean::folded(&one.text)), one.value.clone())).collect())
    }

    /// What words mean; none where nobody has said, and nothing within where they are left as words.
    pub fn to(&self, about: ImportAbout, text: &str) -> Option<Option<&str>> {
        let value = self.0.get(&(about, clean::folded(text)))?;
        Some(Some(value.as_str()).filter(|value| *value != NONE))
    }
}

/// Adds the answers of before to what nobody answers anew.
pub fn keep(all: &mut Vec<ImportAnswer>, before: Vec<ImportAnswer>) {
    let anew = Answers::of(all);
    all.extend(before.into_iter().filter(|one| anew.to(one.about, &one.text).is_none()));
}

/// A word of the reader's as one of ours, or the other way: the two lists have the same words.
pub fn same_word<A: Serialize, B: DeserializeOwned>(word: A) -> Result<B> {
    let word: Value = serde_json::to_value(word).map_err(Error::internal)?;
    serde_json::from_value(word).map_err(Error::internal)
}

/// What is asked about. What the register has no field for in a draft is kept as words, and not asked for.
pub fn asked(about: About) -> Option<ImportAbout> {
    same_word(about).ok()
}

/// What is wrong with answers, each by its place.
pub fn judge(all: &[ImportAnswer]) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (i, one) in all.iter().enumerate() {
        let value = &one.value;
        if value == NONE {
            continue;
        }
        let fits = match one.about {
            ImportAbout::Person | ImportAbout::Goal | ImportAbout::Organisation => value.parse::<Id>().is_ok(),
            ImportAbout::Frequency => recurrences(value).is_some(),
            ImportAbout::Likelihood | ImportAbout::Consequence => value.parse::<i32>().is_ok(),
            ImportAbout::Date => value.parse::<NaiveDate>().is_ok(),
            ImportAbout::Response => Response::parse(value).is_some(),
            ImportAbout::Category => true,
        };
        if !fits {
            faults.push(Violation::new(
                format!("/answers/{i}/value"),
                "wrongFormat",
                format!("Är inget svar på frågan {}.", one.about.label(crate::domain::words::Language::Sv)),
                format!("Is no answer to {}.", one.about.label(crate::domain::words::Language::En)),
            ));
        }
    }
    faults
}

/// How often, as a list parted by commas says.
pub fn recurrences(value: &str) -> Option<Vec<Recurrence>> {
    value.split(',').map(|word| Recurrence::parse(word.trim())).collect()
}

/// The answers to these questions: the given ones, and for the others what is known.
pub fn filled(
    r: &mut Reading,
    caller: &Caller,
    open: &Open,
    questions: &[Question],
    given: &[ImportAnswer],
) -> Result<Vec<ImportAnswer>> {
    let known = Answers::of(given);
    let words: BTreeMap<(String, String), String> =
        r.import_words(open.body.id)?.into_iter().map(|word| ((word.about, word.word), word.value)).collect();
    let mut all = given.to_vec();
    for question in questions {
        let Some(about) = asked(question.about) else { continue };
        if known.to(about, &question.text).is_some() {
            continue;
        }
        let key = (about.as_str().to_owned(), clean::folded(&question.text));
        let value = match words.get(&key) {
            Some(before) if is_open(r, caller, open, about, before)? => Some(before.clone()),
            _ => preset(r, caller, open, about, question)?,
        };
        if let Some(value) = value {
            all.push(ImportAnswer { about, text: question.text.clone(), value });
        }
    }
    Ok(all)
}

/// What words mean by themselves: one of a closed list, an address, the whole name of a goal or of a part of the body.
fn preset(
    r: &mut Reading,
    caller: &Caller,
    open: &Open,
    about: ImportAbout,
    question: &Question,
) -> Result<Option<String>> {
    let text = clean::folded(&question.text);
    let alone = |mut found: Vec<Id>| if found.len() == 1 { found.pop() } else { None };
    Ok(match about {
        ImportAbout::Category => {
            let own = words_of(r, &open.body, open.plan.year)?;
            let named = own.categories().iter().find(|own| clean::folded(&own.name) == text);
            match (named, question.proposed.as_slice()) {
                (Some(own), _) => Some(own.name.clone()),
                (None, [one]) if own.categories().is_empty() => Some(one.clone()),
                _ => None,
            }
        }
        ImportAbout::Response => match question.proposed.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
        // Days that are no days stay words, until somebody says which they are.
        ImportAbout::Date => Some(NONE.to_owned()),
        ImportAbout::Frequency if !question.proposed.is_empty() => Some(question.proposed.join(",")),
        ImportAbout::Person if text.contains('@') => {
            let found = r.user_by_email(&text)?;
            match found {
                Some(user) if reach::person(r, caller, user.id, "", &mut Vec::new())? => Some(user.id.to_string()),
                _ => None,
            }
        }
        ImportAbout::Goal => {
            let goals = goals_for(r, &open.body, open.plan.year)?;
            let named = goals.iter().filter(|goal| clean::folded(&goal.name) == text);
            alone(named.map(|goal| goal.id).collect()).map(|id| id.to_string())
        }
        ImportAbout::Organisation => {
            let named = parts(r, &open.body)?.into_iter().filter(|one| {
                let short = one.abbreviation.as_deref().map(clean::folded);
                clean::folded(&one.name) == text || short.as_deref() == Some(&text)
            });
            alone(named.map(|one| one.id).collect()).map(|id| id.to_string())
        }
        _ => None,
    })
}

/// Whether an answer of an earlier time is one that can be given today, in this plan: its goals, steps and people are others'
/// by now. A day is answered for once.
fn is_open(r: &mut Reading, caller: &Caller, open: &Open, about: ImportAbout, value: &str) -> Result<bool> {
    let id = value.parse::<Id>().ok();
    let within = |steps: usize| value.parse::<usize>().is_ok_and(|step| (1..=steps).contains(&step));
    Ok(match about {
        ImportAbout::Date => false,
        _ if value == NONE => true,
        ImportAbout::Person => match id {
            Some(id) => reach::person(r, caller, id, "", &mut Vec::new())?,
            None => false,
        },
        ImportAbout::Goal => goals_for(r, &open.body, open.plan.year)?.iter().any(|goal| Some(goal.id) == id),
        ImportAbout::Organisation => parts(r, &open.body)?.iter().any(|part| Some(part.id) == id),
        ImportAbout::Category => {
            let own = words_of(r, &open.body, open.plan.year)?;
            let own = own.categories();
            if own.is_empty() { Category::parse(value).is_some() } else { own.iter().any(|own| own.name == value) }
        }
        ImportAbout::Likelihood => within(open.policy.likelihoods.len()),
        ImportAbout::Consequence => within(open.policy.consequences.len()),
        ImportAbout::Response => Response::parse(value).is_some(),
        ImportAbout::Frequency => recurrences(value).is_some(),
    })
}

/// The body and its parts.
pub fn parts(r: &mut Reading, body: &Organisation) -> Result<Vec<Organisation>> {
    let mut all = r.organisations_below(&body.path)?;
    all.push(body.clone());
    all.sort_by(|a, b| a.path.len().cmp(&b.path.len()).then_with(|| a.name.cmp(&b.name)));
    Ok(all)
}

/// The answers as they are kept for the next time.
pub fn kept(organisation: Id, questions: &[Question], all: &[ImportAnswer]) -> Vec<ImportWord> {
    let answers = Answers::of(all);
    let mut words = BTreeMap::new();
    for question in questions {
        // What "Q3" is, is another day next year.
        let Some(about) = asked(question.about).filter(|about| *about != ImportAbout::Date) else { continue };
        let Some(value) = answers.to(about, &question.text) else { continue };
        words.insert((about, clean::folded(&question.text)), value.unwrap_or(NONE).to_owned());
    }
    let updated_at = Timestamp::now();
    words
        .into_iter()
        .map(|((about, word), value)| ImportWord {
            organisation_id: organisation,
            about: about.as_str().to_owned(),
            word,
            value,
            updated_at,
        })
        .collect()
}
