//! What lists have in common: the address with something changed, the order, the pages.

use std::collections::HashMap;

use super::known::Names;
use crate::app::caller::Caller;
use crate::app::people::organisations;
use crate::app::places::path_ids;
use crate::app::plans;
pub use crate::app::plans::years;
use crate::domain::text::by_name;
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::http::Call;
use crate::storage::queries::{Listing, OrganisationFilter, PlanFilter};
use crate::storage::records::{Organisation, Plan, User};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::values::Choice;

/// The address of this page with some parameters set, or taken away by an empty value.
pub fn address(ask: &Ask, changed: &[(&str, String)]) -> String {
    let mut query = ask.query.clone();
    for (name, value) in changed {
        if value.is_empty() {
            query.remove(*name);
        } else {
            query.insert((*name).to_owned(), value.clone());
        }
    }
    let path = ask.frame.here.split('?').next().unwrap_or_default();
    if query.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish())
}

/// One of the lists of what plans hold.
pub struct Sibling {
    pub at: String,
    /// Of what it is called.
    pub key: &'static str,
    /// It is the one that is shown.
    pub here: bool,
}

/// The lists of what plans hold, each with the year, the body and the plan that this one is about.
pub fn siblings(ask: &Ask) -> Vec<Sibling> {
    let kept: Vec<(&str, &str)> = ["year", "organisationId", "planId"]
        .map(|name| (name, ask.text(name)))
        .into_iter()
        .filter(|(_, v)| !v.is_empty())
        .collect();
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    [("/risks", "nav-risks"), ("/controls", "controls"), ("/actions", "actions")]
        .map(|(path, key)| Sibling {
            at: if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") },
            key,
            here: ask.frame.is_at(path),
        })
        .into()
}

/// A list as a file, with its filters.
pub struct File {
    pub at: String,
    pub word: &'static str,
    /// Of which list.
    pub title: String,
}

/// The files of a list: what the page asks for, and what it goes by where nothing is asked.
pub fn files(ask: &Ask, key: &str, path: &str, call: &Call, by_itself: &[(&str, Option<String>)]) -> Vec<File> {
    let mut query = call.query.clone();
    query.remove("page");
    query.remove("limit");
    for (name, value) in by_itself {
        if let Some(value) = value
            && !query.contains_key(*name)
        {
            query.insert((*name).to_owned(), value.clone());
        }
    }
    let of = |(word, format): (&'static str, &str)| {
        query.insert("format".into(), format.into());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&query).finish();
        File { at: format!("/files{path}?{query}"), word, title: ask.frame.say(key) }
    };
    [("Excel", "xlsx"), ("CSV", "csv")].map(of).into()
}

/// How a list is ordered, and the addresses that order it otherwise.
pub struct Sorted {
    by: String,
    addresses: Vec<(String, String)>,
}

impl Sorted {
    pub fn of(ask: &Ask) -> Self {
        let by = ask.text("sort").to_owned();
        let fields =
            ["number", "name", "score", "reference", "likelihood", "updatedAt", "year", "status", "foundOn", "title"];
        let addresses = fields
            .iter()
            .map(|field| {
                let to = if by == **field { format!("-{field}") } else { (*field).to_owned() };
                ((*field).to_owned(), address(ask, &[("sort", to), ("page", String::new())]))
            })
            .collect();
        Self { by, addresses }
    }

    /// Where a click on a column's head leads.
    pub fn to(&self, field: &str) -> &str {
        self.addresses.iter().find(|(name, _)| name == field).map_or("", |(_, at)| at)
    }

    /// For `aria-sort`.
    pub fn state(&self, field: &str) -> &'static str {
        match self.by.strip_prefix('-') {
            Some(by) if by == field => "descending",
            None if self.by == field => "ascending",
            _ => "none",
        }
    }
}

/// The pages of a list.
pub struct Pager {
    pub page: i64,
    pub last: i64,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    pub fn of(ask: &Ask, total: i64, limit: i64) -> Self {
        Self::at(ask, ask.q("page"), total, limit)
    }

    fn at(ask: &Ask, page: Option<i64>, total: i64, limit: i64) -> Self {
        let last = ((total + limit - 1) / limit).max(1);
        let page = page.filter(|n| *n >= 1).unwrap_or(1);
        let to = |n: i64| address(ask, &[("page", n.to_string())]);
        Self { page, last, previous: (page > 1).then(|| to(page - 1)), next: (page < last).then(|| to(page + 1)) }
    }

    /// Of a list that was read whole, what stands on the page that is asked for; the last one where it has become shorter.
    pub fn cut<T>(ask: &Ask, all: Vec<T>, limit: i64) -> (Vec<T>, Self) {
        Self::cut_at(ask, all, limit, |_| false)
    }

    /// The same; where no page is asked for, that on which the row stands that is wanted.
    pub fn cut_at<T>(ask: &Ask, all: Vec<T>, limit: i64, wanted: impl Fn(&T) -> bool) -> (Vec<T>, Self) {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let at = all.iter().position(wanted).and_then(|at| i64::try_from(at).ok());
        let asked = ask.q("page").or_else(|| at.map(|at| at / limit + 1));
        let pager = Self::at(ask, asked, total, limit);
        let listing = Listing { page: pager.page.min(pager.last), ..Listing::first(limit) };
        (listing.cut(all).items, pager)
    }
}

/// The year that a page begins with, of those that there are plans of, the newest first: the newest that has begun. A plan
/// for a year to come is looked at on purpose.
pub fn begun(years: &[i32], today: chrono::NaiveDate) -> Option<i32> {
    let now = chrono::Datelike::year(&today);
    years.iter().find(|year| **year <= now).or(years.last()).copied()
}

/// The year of a page on what is issued for a year: the one that is asked for, or else the newest that has begun and in which
/// anything is issued at, above or below where the caller has roles. `issued` has the years, each with at whose.
pub fn issued_year(r: &mut Reading, caller: &Caller, ask: &Ask, issued: &[(i32, Id)]) -> Result<i32> {
    if let Some(year) = ask.year() {
        return Ok(year);
    }
    let at: HashMap<Id, Vec<uuid::Uuid>> = r
        .all::<Organisation>(issued.iter().map(|(_, at)| *at))?
        .iter()
        .map(|one| (one.id, path_ids(&one.path)))
        .collect();
    let concerns = |at: &[uuid::Uuid]| {
        let near = |own: &[uuid::Uuid]| own.starts_with(at) || at.starts_with(own);
        caller.grants.iter().any(|grant| near(&grant.organisation_path))
    };
    let (mut own, mut all): (Vec<i32>, Vec<i32>) = (Vec::new(), Vec::new());
    for (year, whose) in issued {
        all.push(*year);
        own.extend(at.get(whose).filter(|at| concerns(at)).map(|_| *year));
    }
    let today = r.today();
    Ok(begun(&own, today).or_else(|| begun(&all, today)).unwrap_or_else(|| chrono::Datelike::year(&today)))
}

/// The year that is followed up: the newest that something is adopted in, or else the newest that has begun.
pub fn followed(r: &mut Reading, caller: &Caller, years: &[i32]) -> Result<Option<i32>> {
    let listing = Listing { sort: vec![("year".into(), true)], ..Listing::first(1) };
    let adopted = PlanFilter { status: PlanStatus::Adopted.into(), ..PlanFilter::default() };
    let newest = plans::list(r, caller, &adopted, &listing)?.items.first().map(|plan| plan.year);
    Ok(newest.or_else(|| begun(years, r.today())))
}

/// A filter to choose from, and what is chosen.
pub struct Filter {
    pub name: &'static str,
    pub label: String,
    pub choices: Vec<Choice>,
    pub chosen: String,
}

impl Filter {
    /// A filter whose choice stands in the address; the first of them is everything.
    pub fn of(ask: &Ask, name: &'static str, key: &str, choices: Vec<Choice>) -> Self {
        Self { name, label: ask.frame.say(key), choices, chosen: ask.text(name).to_owned() }
    }
}

/// So many people are chosen from in one list; nobody finds a name among more.
const MOST_PEOPLE: i64 = 100;

/// The people of what a list shows, to choose from; and whoever is chosen already. Where they are too many, a body is to be
/// chosen first. `find` gives those of the list, or of one person and all that the caller may see, so many at most.
pub fn people(
    p: &Frame,
    caller: &Caller,
    chosen: Option<Id>,
    mut find: impl FnMut(Option<Id>, i64) -> Result<Vec<User>>,
) -> Result<Vec<Choice>> {
    let mut found = find(None, MOST_PEOPLE + 1)?;
    let few = found.len() <= usize::try_from(MOST_PEOPLE).unwrap_or(usize::MAX);
    if !few {
        found.clear();
    }
    let missed = chosen.filter(|id| !found.iter().any(|user| user.id == *id));
    if missed.is_some() {
        found.extend(find(missed, 1)?);
    }
    let mut all = vec![Choice::new("", p.say(if few { "choose-all" } else { "owners-many" }))];
    all.extend(found.into_iter().map(|user| Choice::new(user.id.to_string(), user.name)));
    // Who may not be named, or is nobody, is chosen all the same: the list is of what is theirs.
    if let Some(id) = missed.filter(|id| !all.iter().any(|choice| choice.value == id.to_string())) {
        let name = if id == caller.id() { caller.user()?.name.clone() } else { p.say("owner-unseen") };
        all.push(Choice::new(id.to_string(), name));
    }
    Ok(all)
}

/// The filter by year, where a list begins with one and can show all.
pub fn by_year(ask: &Ask, years: &[i32], chosen: Option<i32>) -> Filter {
    let mut all = vec![Choice::new("all", ask.frame.say("choose-all"))];
    all.extend(years.iter().map(|year| Choice::new(year.to_string(), year.to_string())));
    let chosen = chosen.map_or_else(|| "all".to_owned(), |year| year.to_string());
    Filter { chosen, ..Filter::of(ask, "year", "year", all) }
}

/// The filter by the one plan that another page has asked for.
pub fn by_plan(r: &mut Reading, ask: &Ask, plan: &Plan) -> Result<Filter> {
    let body = Names::organisations(r, [plan.organisation_id])?;
    let name = format!("{} {}", body.of(&plan.organisation_id), plan.year);
    Ok(Filter::of(ask, "planId", "plan", all_or(&ask.frame, [Choice::new(plan.id.to_string(), name)])))
}

/// Everything, and then these.
pub fn all_or(p: &Frame, others: impl IntoIterator<Item = Choice>) -> Vec<Choice> {
    std::iter::once(Choice::new("", p.say("choose-all"))).chain(others).collect()
}

/// Everything, the one or the other.
pub fn yes_or_no(p: &Frame, yes: &str, no: &str) -> Vec<Choice> {
    all_or(p, [Choice::new("true", p.say(yes)), Choice::new("false", p.say(no))])
}

/// The boards and companies that have plans, by name.
pub fn bodies(r: &mut Reading) -> Result<Vec<Choice>> {
    let filter = OrganisationFilter { plans: Some(true), ..OrganisationFilter::default() };
    organisations(r, &filter, |_| true)
}

/// The organisations that a filter takes and with which one may do what is to be done, by name.
pub fn organisations(
    r: &mut Reading,
    filter: &OrganisationFilter,
    may: impl Fn(&Organisation) -> bool,
) -> Result<Vec<Choice>> {
    let mut found = organisations::list(r, filter, &Listing::all())?.items;
    found.sort_by(|a, b| by_name(&a.name, &b.name));
    Ok(found.into_iter().filter(may).map(|one| Choice::new(one.id.to_string(), one.name)).collect())
}

/// These, where one is to be chosen on purpose: after an empty line, unless there is no other.
pub fn one_of(p: &Frame, choices: Vec<Choice>) -> Vec<Choice> {
    if choices.len() > 1 { p.or_none(choices) } else { choices }
}
