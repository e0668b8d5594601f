//! What organisations call their things: which have words of their own from which year, and one's words as they will print.

use std::sync::Arc;

use askama::Template;
use chrono::Datelike;

use super::known::Names;
use super::lists::{self, Pager};
use crate::app::caller::Caller;
use crate::app::places::{manner_in, path_ids, words_at};
use crate::app::sent::etag;
use crate::app::settings::{self, wordings};
use crate::domain::manner::Manner;
use crate::domain::own_words::{OwnCategory, OwnWords};
use crate::domain::words::{ActionEffect, ActionStatus, Category, ControlStatus, Period, Response, Scale, Word};
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::{OrganisationFilter, WordingFilter};
use crate::storage::records::{Organisation, Wording};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, capital, shape_of};

const A_PAGE: i64 = 100;
/// Rows for further categories; who needs more saves these first.
const EMPTY_ROWS: usize = 4;

#[derive(Template)]
#[template(path = "pages/wordings.html")]
struct All<'a> {
    p: &'a Frame,
    rows: Vec<Wording>,
    names: Names,
    total: i64,
    pager: Pager,
    owners: Vec<Choice>,
    year: i32,
    new: Form<'a>,
}

/// Whose own words there are, and from when.
pub fn all(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let mut listing = ask.call("listWordings", A_PAGE)?.listing();
    if listing.sort.is_empty() {
        listing.sort = vec![("year".into(), true)];
    }
    let page = wordings::list(r, &WordingFilter::default(), &listing)?;
    let mut owners = Vec::new();
    if p.is_now() {
        let there = OrganisationFilter { valid_on: Some(r.today()), ..OrganisationFilter::default() };
        owners = lists::one_of(
            p,
            lists::organisations(r, &there, |one| {
                one.body_id.is_none_or(|body| body == one.id) && settings::may(caller, one)
            })?,
        );
    }
    ask.write(&All {
        p,
        names: Names::organisations(r, page.items.iter().map(|one| one.organisation_id))?,
        pager: Pager::of(ask, page.total, A_PAGE),
        owners,
        year: r.today().year(),
        new: p.form("createWording", "wording").to("/wordings/{id}"),
        total: page.total,
        rows: page.items,
    })
}

/// The words of one closed list.
struct List {
    heading: String,
    words: Vec<One>,
}

/// A category of its own in the form: the names of its fields, and what stands in them.
struct Row {
    number: usize,
    name: String,
    counted: String,
    said: Option<OwnCategory>,
}

impl Row {
    fn name_said(&self) -> Option<String> {
        self.said.as_ref().map(|own| own.name.clone())
    }

    fn counted_said(&self) -> Option<Category> {
        self.said.as_ref().map(|own| own.category)
    }
}

/// A word: its field in the form, what everyone says, what is written here, and how it will read.
struct One {
    field: String,
    usual: String,
    own: Option<String>,
    said: String,
    shape: &'static str,
}

#[derive(Template)]
#[template(path = "pages/wording.html")]
struct OfOne<'a> {
    p: &'a Frame,
    wording: Wording,
    owner: Organisation,
    lists: Vec<List>,
    /// The rows of the categories of its own, with empty ones at the end.
    categories: Vec<Row>,
    /// The categories as they will read, its own or inherited.
    said_categories: Vec<OwnCategory>,
    counts_as: Vec<Choice>,
    /// The titles as they will read.
    plan: String,
    reports: Vec<String>,
    may_change: bool,
    change: Form<'a>,
    delete: Form<'a>,
}

/// One organisation's words from a year on, with how they will read.
pub fn one(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let wording = wordings::get(r, caller, ask.step("id")?)?;
    let owner: Organisation = r.linked(wording.organisation_id)?;
    let words = words_at(r, &path_ids(&owner.path), wording.year)?;
    let said_categories = words.categories().to_vec();
    let manner = Manner { words: Arc::new(words), ..manner_in(r, &owner, wording.year)? };
    let lists = vec![
        list(p, "wording-periods", &wording.words, &manner, Period::ALL, |_| ""),
        list(p, "help-scale-control", &wording.words, &manner, ControlStatus::ALL, |one| shape_of(Some(one.colour()))),
        list(p, "help-scale-action", &wording.words, &manner, ActionStatus::ALL, |one| shape_of(Some(one.colour()))),
        list(p, "help-scale-effect", &wording.words, &manner, ActionEffect::ALL, |one| shape_of(Some(one.colour()))),
        list(p, "wording-responses", &wording.words, &manner, Response::ALL, |_| ""),
    ];
    let own = wording.words.categories();
    let categories = own.iter().cloned().map(Some).chain(std::iter::repeat_n(None, EMPTY_ROWS));
    let categories = categories.enumerate().map(|(at, said)| Row {
        number: at + 1,
        name: format!("words/categories/{at}/name"),
        counted: format!("words/categories/{at}/category"),
        said,
    });
    let year = wording.year;
    let title = capital(&manner.report(p.language));
    let report = |period: &Period| format!("{title}, {} {year}", manner.label(*period, p.language));
    let tag = etag(&wording)?;
    ask.write(&OfOne {
        p,
        plan: format!("{} {year}, {}", capital(&manner.plan(p.language)), owner.name),
        reports: Period::ALL.iter().map(report).collect(),
        may_change: p.is_now() && settings::may(caller, &owner),
        change: p.form("changeWording", "wording").at("id", wording.id).tagged(tag.clone()),
        delete: p.form("deleteWording", "delete").at("id", wording.id).tagged(tag).to("/wordings"),
        categories: categories.collect(),
        said_categories,
        counts_as: p.choices::<Category>(),
        lists,
        owner,
        wording,
    })
}

fn list<W: Word>(
    p: &Frame,
    heading: &str,
    own: &OwnWords,
    manner: &Manner,
    all: &[W],
    shape: impl Fn(W) -> &'static str,
) -> List {
    let words = all.iter().map(|word| One {
        field: format!("words/{}", word.as_str()),
        usual: capital(word.label(p.language)),
        own: own.label(W::LIST, word.as_str()).map(str::to_owned),
        said: capital(&manner.label(*word, p.language)),
        shape: shape(*word),
    });
    List { heading: p.say(heading), words: words.collect() }
}
