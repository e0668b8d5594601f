//! The words of a workbook that somebody has to answer for: who "HR-chef" is, which goal is meant, which day "Q3" is. Nothing
//! is guessed: an answer is given, is the one that the organisation gave the last time, or is a word of a closed list that
//! means one thing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use riskregister_document::table::as_in_cell;
use riskregister_workbook::rows::About;
use riskregister_workbook::{Interpretation, Question, clean};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::ground::Ground;
use crate::app::caller::Caller;
use crate::app::people::users;
use crate::app::places::{manner_in, manner_of, words_of};
use crate::app::plan::order::goals_for;
use crate::app::reach;
use crate::app::settings::goals;
use crate::domain::manner::Manner;
use crate::domain::words::{
    Category, Comparator, DecidedBy, ImportAbout, Language, OrganisationKind, OutcomeJudgement, Period, Recurrence,
    Response, Role, Word,
};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{ImportWord, Listing, UserFilter};
use crate::storage::records::{Goal, Organisation};
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
    /// recurrences parted by commas; a step of the scale; a date; a word of the closed list that the question is about. `none` leaves the field empty, and the words are kept as words.
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
    let wrong = all.iter().enumerate().filter(|(_, one)| one.value != NONE && !fits(one.about, &one.value));
    let fault = |(i, one): (usize, &ImportAnswer)| {
        Violation::new(
            format!("/answers/{i}/value"),
            "wrongFormat",
            format!("Är inget svar på frågan {}.", one.about.label(Language::Sv)),
            format!("Is no answer to {}.", one.about.label(Language::En)),
        )
    };
    wrong.map(fault).collect()
}

/// Whether something is of the form that answers to a question have.
fn fits(about: ImportAbout, value: &str) -> bool {
    match about {
        ImportAbout::Person | ImportAbout::Goal | ImportAbout::Organisation => value.parse::<Id>().is_ok(),
        ImportAbout::Frequency => recurrences(value).is_some(),
        ImportAbout::Likelihood | ImportAbout::Consequence => value.parse::<i32>().is_ok(),
        ImportAbout::Date => value.parse::<NaiveDate>().is_ok(),
        ImportAbout::Response => Response::parse(value).is_some(),
        ImportAbout::Role => Role::parse(value).is_some(),
        ImportAbout::OrganisationKind => OrganisationKind::parse(value).is_some(),
        ImportAbout::Comparator => Comparator::parse(value).is_some(),
        ImportAbout::DecidedBy => DecidedBy::parse(value).is_some(),
        ImportAbout::Period => Period::parse(value).is_some(),
        ImportAbout::Judgement => OutcomeJudgement::parse(value).is_some(),
        ImportAbout::Language => Language::parse(value).is_some(),
        ImportAbout::Category => true,
    }
}

/// How often, as a list parted by commas says.
pub fn recurrences(value: &str) -> Option<Vec<Recurrence>> {
    value.split(',').map(|word| Recurrence::parse(word.trim())).collect()
}

/// The answers to these questions: the given ones, and for the others what is known.
pub fn filled(
    r: &mut Reading,
    caller: &Caller,
    ground: &Ground,
    found: &Interpretation,
    given: &[ImportAnswer],
) -> Result<Vec<ImportAnswer>> {
    let known = Answers::of(given);
    // In a list of the register's own a name is what the register calls somebody.
    let own = found.records.iter().any(|record| record.thing.is_some());
    let kept: BTreeMap<(String, String), String> =
        r.import_words(ground.body().id)?.into_iter().map(|word| ((word.about, word.word), word.value)).collect();
    let here = Here::of(r, caller, ground)?;
    let mut all = given.to_vec();
    for question in &found.questions {
        let Some(about) = asked(question.about) else { continue };
        if known.to(about, &question.text).is_some() {
            continue;
        }
        let key = (about.as_str().to_owned(), clean::folded(&question.text));
        let value = match kept.get(&key) {
            Some(before) if is_open(r, caller, &here, about, before)? => Some(before.clone()),
            _ => match preset(r, caller, &here, about, question)? {
                None if own && about == ImportAbout::Person => named(r, caller, &question.text)?,
                value => value,
            },
        };
        if let Some(value) = value {
            all.push(ImportAnswer { about, text: question.text.clone(), value });
        }
    }
    Ok(all)
}

/// What there is where a file goes, that many of its words may mean: read once.
struct Here<'g> {
    ground: &'g Ground,
    words: Words,
    /// The goals of the plan, where it goes into one.
    goals: Vec<Goal>,
    parts: Vec<Organisation>,
}

impl<'g> Here<'g> {
    fn of(r: &mut Reading, caller: &Caller, ground: &'g Ground) -> Result<Self> {
        let goals = match ground.plan() {
            Some(open) => goals_for(r, &open.body, open.plan.year)?,
            None => Vec::new(),
        };
        Ok(Self { ground, words: Words::of(r, caller, ground)?, goals, parts: parts(r, ground.body())? })
    }
}

/// What words mean by themselves: one of a closed list, an address, the whole name of a goal or of a part of the body.
fn preset(
    r: &mut Reading,
    caller: &Caller,
    here: &Here,
    about: ImportAbout,
    question: &Question,
) -> Result<Option<String>> {
    let text = clean::folded(&question.text);
    let alone = |mut found: Vec<Id>| if found.len() == 1 { found.pop() } else { None };
    Ok(match about {
        ImportAbout::Category => {
            let Some(open) = here.ground.plan() else { return Ok(None) };
            let own = words_of(r, &open.body, open.plan.year)?;
            match own.categories().iter().find(|own| clean::folded(&own.name) == text) {
                Some(own) => Some(own.name.clone()),
                None if own.categories().is_empty() => here.words.mean::<Category>(question),
                _ => None,
            }
        }
        ImportAbout::Response => here.words.mean::<Response>(question),
        // Days that are no days stay words of the risk, until somebody says which they are. Elsewhere there is no room for words.
        ImportAbout::Date => here.ground.plan().map(|_| NONE.to_owned()),
        // What other people mean by an administrator or a controller is not what the register does.
        ImportAbout::Role => here.words.say::<Role>(&text).map(|role| role.as_str().to_owned()),
        ImportAbout::OrganisationKind => here.words.mean::<OrganisationKind>(question),
        ImportAbout::Comparator => here.words.mean::<Comparator>(question),
        ImportAbout::DecidedBy => here.words.mean::<DecidedBy>(question),
        ImportAbout::Period => here.words.mean::<Period>(question),
        ImportAbout::Judgement => here.words.mean::<OutcomeJudgement>(question),
        ImportAbout::Language => here.words.mean::<Language>(question),
        ImportAbout::Frequency => {
            let words = &here.words;
            let said: Option<Vec<Recurrence>> = text.split(',').map(|word| words.say(word.trim())).collect();
            match said {
                Some(all) => Some(all.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(",")),
                None => Some(question.proposed.join(",")).filter(|all| !all.is_empty()),
            }
        }
        ImportAbout::Person if text.contains('@') => {
            let found = r.user_by_email(&text)?;
            match found {
                Some(user) if reach::person(r, caller, user.id, "", &mut Vec::new())? => Some(user.id.to_string()),
                _ => None,
            }
        }
        ImportAbout::Goal => {
            let named = here
                .goals
                .iter()
                .filter(|goal| is_read_as(&goal.name, &text) || is_read_as(&goals::titled(goal), &text));
            alone(named.map(|goal| goal.id).collect()).map(|id| id.to_string())
        }
        ImportAbout::Organisation => {
            let named = here.parts.iter().filter(|one| is_called(one, &text));
            alone(named.map(|one| one.id).collect()).map(|id| id.to_string())
        }
        _ => None,
    })
}

/// Whether an answer of an earlier time is one that can be given today, here: goals, steps and people are others' by now. A day
/// is answered for once.
fn is_open(r: &mut Reading, caller: &Caller, here: &Here, about: ImportAbout, value: &str) -> Result<bool> {
    if about == ImportAbout::Date || value == NONE {
        return Ok(about != ImportAbout::Date);
    }
    if !fits(about, value) {
        return Ok(false);
    }
    let id = value.parse::<Id>().ok();
    let within = |steps: usize| value.parse::<usize>().is_ok_and(|step| (1..=steps).contains(&step));
    Ok(match (about, here.ground.plan()) {
        (ImportAbout::Person, _) => match id {
            Some(id) => reach::person(r, caller, id, "", &mut Vec::new())?,
            None => false,
        },
        (ImportAbout::Organisation, _) => here.parts.iter().any(|part| Some(part.id) == id),
        (ImportAbout::Goal, Some(_)) => here.goals.iter().any(|goal| Some(goal.id) == id),
        (ImportAbout::Category, Some(open)) => {
            let own = words_of(r, &open.body, open.plan.year)?;
            let own = own.categories();
            if own.is_empty() { Category::parse(value).is_some() } else { own.iter().any(|own| own.name == value) }
        }
        (ImportAbout::Likelihood, Some(open)) => within(open.policy.likelihoods.len()),
        (ImportAbout::Consequence, Some(open)) => within(open.policy.consequences.len()),
        _ => true,
    })
}

/// The one active person of a name, among those whom the caller may name.
fn named(r: &mut Reading, caller: &Caller, name: &str) -> Result<Option<String>> {
    let filter = UserFilter { q: Some(name.to_owned()), active: Some(true), ..UserFilter::default() };
    let found = match users::list(r, caller, filter, &Listing::first(200)) {
        Ok(found) => found.items,
        Err(Error::NotFound | Error::Forbidden(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let mut called = found.iter().filter(|user| is_read_as(&user.name, &clean::folded(name)));
    Ok(match (called.next(), called.next()) {
        (Some(user), None) => Some(user.id.to_string()),
        _ => None,
    })
}

/// Whether an organisation is called so, by name or for short. The text is folded.
pub fn is_called(one: &Organisation, text: &str) -> bool {
    is_read_as(&one.name, text) || one.abbreviation.as_deref().is_some_and(|short| is_read_as(short, text))
}

/// Whether a text of the register's is what a cell says: letter for letter, or as the register's own lists write it. What the
/// cell says is folded.
pub fn is_read_as(now: &str, text: &str) -> bool {
    clean::folded(now) == text || clean::folded(&clean::clean(&as_in_cell(now)).0) == text
}

/// How closed lists are said: to the caller, as the lists that the register gives them are, and where the file goes.
struct Words([Manner; 2]);

impl Words {
    fn of(r: &mut Reading, caller: &Caller, ground: &Ground) -> Result<Self> {
        let spoken_there = match ground.plan() {
            Some(open) => manner_in(r, &open.body, open.plan.year)?,
            None => manner_of(r, ground.body())?,
        };
        Ok(Self([caller.spoken_to(r)?, spoken_there]))
    }

    /// The one word of a closed list that a text is: its code, or as it is said in either language. The text is folded.
    fn say<W: Word>(&self, text: &str) -> Option<W> {
        let is_said = |word: &&W| {
            let said = |language| self.0.iter().any(|manner| clean::folded(&manner.label(**word, language)) == text);
            clean::folded(word.as_str()) == text || [Language::Sv, Language::En].into_iter().any(said)
        };
        let mut said = W::ALL.iter().filter(is_said);
        match (said.next(), said.next()) {
            (Some(one), None) => Some(*one),
            _ => None,
        }
    }

    /// The same of a question, or else what other people mean when they write so.
    fn mean<W: Word>(&self, question: &Question) -> Option<String> {
        match (self.say::<W>(&clean::folded(&question.text)), question.proposed.as_slice()) {
            (Some(one), _) => Some(one.as_str().to_owned()),
            (None, [one]) => Some(one.clone()),
            _ => None,
        }
    }
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
