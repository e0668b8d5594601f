//! What the region and its bodies write once for all plans of a year: goals, and the texts of law and guideline.

use askama::Template;
use chrono::Datelike;

use super::known::Names;
use super::lists::{self, Pager};
use crate::app::caller::Caller;
use crate::app::sent::etag;
use crate::app::settings::{self, goals, standing_texts};
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::queries::{GoalFilter, Listing, OrganisationFilter, StandingTextFilter};
use crate::storage::records::{Goal, Organisation, StandingText};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, words};

const A_PAGE: i64 = 100;

/// The organisations for which the one who looks may issue something.
fn owners(r: &mut Reading, caller: &Caller, p: &Frame) -> Result<Vec<Choice>> {
    if !p.is_now() {
        return Ok(Vec::new());
    }
    let there = OrganisationFilter { valid_on: Some(r.today()), ..OrganisationFilter::default() };
    // Whose it is cannot be changed afterwards.
    Ok(lists::one_of(p, lists::organisations(r, &there, |one| settings::may(caller, one))?))
}

/// The goals of a year to choose one of, after an empty line.
fn to_choose(r: &mut Reading, p: &Frame, year: i32, but: Option<Id>) -> Result<Vec<Choice>> {
    let filter = GoalFilter { year: Some(year), ..GoalFilter::default() };
    let listing = Listing::by("number", false);
    let found = goals::list(r, &filter, &listing)?.items.into_iter().filter(|goal| Some(goal.id) != but);
    let named = found.map(|goal| Choice::new(goal.id.to_string(), goals::titled(&goal)));
    Ok(p.or_none(named))
}

#[derive(Template)]
#[template(path = "pages/goals.html")]
struct Goals<'a> {
    p: &'a Frame,
    year: i32,
    rows: Vec<Goal>,
    names: Names,
    total: i64,
    pager: Pager,
    owners: Vec<Choice>,
    parents: Vec<Choice>,
    former: Vec<Choice>,
    new: Form<'a>,
}

/// The goals of a year.
pub fn goals(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let year = ask.year().unwrap_or_else(|| r.today().year());
    let filter = GoalFilter { year: Some(year), ..GoalFilter::default() };
    let mut listing = ask.call("listGoals", A_PAGE)?.listing();
    if listing.sort.is_empty() {
        listing.sort = vec![("number".into(), false)];
    }
    let page = goals::list(r, &filter, &listing)?;
    ask.write(&Goals {
        p,
        names: Names::organisations(r, page.items.iter().map(|goal| goal.organisation_id))?,
        pager: Pager::of(ask, page.total, A_PAGE),
        owners: owners(r, caller, p)?,
        parents: to_choose(r, p, year, None)?,
        former: to_choose(r, p, year - 1, None)?,
        new: p.form("createGoal", "goal").to("/goals/{id}"),
        total: page.total,
        rows: page.items,
        year,
    })
}

#[derive(Template)]
#[template(path = "pages/goal.html")]
struct OfGoal<'a> {
    p: &'a Frame,
    goal: Goal,
    owner: Organisation,
    above: Option<Goal>,
    may_change: bool,
    parents: Vec<Choice>,
    former: Vec<Choice>,
    change: Form<'a>,
    delete: Form<'a>,
}

/// One goal.
pub fn goal(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let goal = goals::get(r, caller, ask.step("id")?)?;
    let owner: Organisation = r.linked(goal.organisation_id)?;
    let above: Option<Goal> = goal.parent_id.map(|id| r.linked(id)).transpose()?;
    let tag = etag(&goal)?;
    ask.write(&OfGoal {
        p,
        may_change: p.is_now() && settings::may(caller, &owner),
        parents: to_choose(r, p, goal.year, Some(goal.id))?,
        former: to_choose(r, p, goal.year - 1, None)?,
        change: p.form("changeGoal", "goal").at("id", goal.id).tagged(tag.clone()),
        delete: p.form("deleteGoal", "delete").at("id", goal.id).tagged(tag).to(format!("/goals?year={}", goal.year)),
        above,
        owner,
        goal,
    })
}

#[derive(Template)]
#[template(path = "pages/standing_texts.html")]
struct Texts<'a> {
    p: &'a Frame,
    rows: Vec<StandingText>,
    names: Names,
    total: i64,
    pager: Pager,
    owners: Vec<Choice>,
    languages: Vec<Choice>,
    year: i32,
    new: Form<'a>,
}

/// The texts of law and guideline that plans carry.
pub fn texts(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let mut listing = ask.call("listStandingTexts", A_PAGE)?.listing();
    if listing.sort.is_empty() {
        listing.sort = vec![("key".into(), false), ("year".into(), true)];
    }
    let page = standing_texts::list(r, &StandingTextFilter::default(), &listing)?;
    ask.write(&Texts {
        p,
        names: Names::organisations(r, page.items.iter().map(|text| text.organisation_id))?,
        pager: Pager::of(ask, page.total, A_PAGE),
        owners: owners(r, caller, p)?,
        languages: words::<Language>(p.language),
        year: r.today().year(),
        new: p.form("createStandingText", "text").to("/standing-texts/{id}"),
        total: page.total,
        rows: page.items,
    })
}

#[derive(Template)]
#[template(path = "pages/standing_text.html")]
struct OfText<'a> {
    p: &'a Frame,
    text: StandingText,
    owner: Organisation,
    may_change: bool,
    change: Form<'a>,
    delete: Form<'a>,
}

/// One such text.
pub fn text(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let text = standing_texts::get(r, caller, ask.step("id")?)?;
    let owner: Organisation = r.linked(text.organisation_id)?;
    let tag = etag(&text)?;
    ask.write(&OfText {
        p,
        may_change: p.is_now() && settings::may(caller, &owner),
        change: p.form("changeStandingText", "text").at("id", text.id).tagged(tag.clone()),
        delete: p.form("deleteStandingText", "delete").at("id", text.id).tagged(tag).to("/standing-texts"),
        owner,
        text,
    })
}
