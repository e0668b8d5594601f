//! What the region and its bodies write once for all plans of a year: goals, and the texts of law and guideline.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use askama::Template;
use chrono::Datelike;

use super::indicators::Editing;
use super::known::Names;
use super::lists::{self, Pager};
use crate::app::caller::Caller;
use crate::app::plan::order;
use crate::app::sent::etag;
use crate::app::settings::{self, goals, indicators, standing_texts};
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::queries::{GoalFilter, Listing, OrganisationFilter, StandingTextFilter};
use crate::storage::records::{Goal, Indicator, Organisation, StandingText};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::texts;
use crate::web::values::Choice;

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
fn to_choose(r: &mut Reading, caller: &Caller, p: &Frame, year: i32, but: Option<Id>) -> Result<Vec<Choice>> {
    let filter = GoalFilter { year: year.into(), ..GoalFilter::default() };
    let listing = Listing::by("number", false);
    let found = goals::list(r, &filter, &listing)?.items;
    let owners = r.all::<Organisation>(found.iter().map(|goal| goal.organisation_id))?;
    let above = |owner: &Organisation| caller.grants.iter().any(|grant| grant.body_path.contains(&owner.id.0));
    let own: HashSet<Id> =
        owners.iter().filter(|owner| above(owner) || settings::may(caller, owner)).map(|owner| owner.id).collect();
    let found = found.into_iter().filter(|goal| Some(goal.id) != but && own.contains(&goal.organisation_id));
    let named = found.map(|goal| Choice::new(goal.id.to_string(), goals::titled(&goal)));
    Ok(p.or_none(named))
}

/// A goal in the tree, as nested lists write it, with its indicators.
struct Row {
    goal: Goal,
    indicators: Vec<Indicator>,
    /// It is the first below the one before it.
    opens: bool,
    /// How many lists end after it.
    closes: usize,
}

/// Puts a goal and what lies below it behind the rows.
fn lay(rows: &mut Vec<Row>, below: &mut BTreeMap<Option<Id>, Vec<Goal>>, at: Option<Id>) {
    let here = below.remove(&at).unwrap_or_default();
    let many = here.len();
    for (n, goal) in here.into_iter().enumerate() {
        let id = goal.id;
        rows.push(Row { goal, indicators: Vec::new(), opens: n == 0, closes: 0 });
        lay(rows, below, Some(id));
        if n + 1 == many
            && let Some(last) = rows.last_mut()
        {
            last.closes += 1;
        }
    }
}

/// What can be taken over of an owner from the year before.
struct TakeOver<'a> {
    label: String,
    form: Form<'a>,
}

#[derive(Template)]
#[template(path = "pages/goals.html")]
struct Goals<'a> {
    p: &'a Frame,
    year: i32,
    /// The goals of the year, and its indicators.
    files: [Vec<lists::File>; 2],
    rows: Vec<Row>,
    names: Names,
    total: usize,
    indicators: usize,
    bodies: Vec<Choice>,
    whose: String,
    take_over: Vec<TakeOver<'a>>,
    owners: Vec<Choice>,
    parents: Vec<Choice>,
    former: Vec<Choice>,
    new: Form<'a>,
}

/// What a standing text is for, by its key; one of a body's own is called by that.
fn kind_of(p: &Frame, key: &str) -> String {
    match key {
        standing_texts::LEGAL_GROUND => p.say("text-kind-ground"),
        standing_texts::LEGAL_GROUND_COMPANY => p.say("text-kind-ground-company"),
        "guideline" => p.say("text-kind-guideline"),
        own => own.to_owned(),
    }
}

/// The goals of a year as a tree, the region's with the bodies' and units' below them, each with its indicators.
pub fn goals(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let years = r.goal_years()?;
    let year = lists::issued_year(r, caller, ask, &years)?;
    let body: Option<Organisation> = ask.q("organisationId").map(|id| r.find(id)).transpose()?.flatten();
    let (found, measured) = match &body {
        Some(body) => (order::goals_for(r, body, year)?, indicators::of_body(r, body, year)?),
        None => {
            let all = indicators::of_year(r, year)?.into_iter().map(|(one, _)| one).collect();
            (r.goals_of_year(year)?, all)
        }
    };
    let owner = r.all::<Organisation>(found.iter().map(|goal| goal.organisation_id))?;
    let depth: HashMap<Id, usize> = owner.iter().map(|one| (one.id, one.path.len())).collect();
    let known: BTreeSet<Id> = found.iter().map(|goal| goal.id).collect();
    let (total, count) = (found.len(), measured.len());
    let names = Names::organisations(r, found.iter().map(|goal| goal.organisation_id))?;
    let mut below: BTreeMap<Option<Id>, Vec<Goal>> = BTreeMap::new();
    for goal in found {
        below.entry(goal.parent_id.filter(|id| known.contains(id))).or_default().push(goal);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_key(|goal| (depth.get(&goal.organisation_id).copied(), goal.position, goal.id));
    }
    let mut rows = Vec::new();
    lay(&mut rows, &mut below, None);
    let mut of_goal: HashMap<Id, Vec<Indicator>> = HashMap::new();
    for one in measured {
        of_goal.entry(one.goal_id).or_default().push(one);
    }
    for row in &mut rows {
        row.indicators = of_goal.remove(&row.goal.id).unwrap_or_default();
        row.indicators.sort_by_key(|one| (one.position, one.id));
    }
    let of_year = [("year", Some(year.to_string()))];
    // The tree of an organisation holds what lies above it too; a list would be of its own alone.
    let mut call = ask.call("listGoals", A_PAGE)?;
    call.query.remove("organisationId");
    ask.write(&Goals {
        p,
        files: [("goals-title", "/goals"), ("indicators-title", "/indicators")]
            .map(|(key, path)| lists::files(ask, key, path, &call, &of_year)),
        rows,
        names,
        total,
        indicators: count,
        bodies: lists::all_or(p, lists::bodies(r)?)
            .into_iter()
            .map(|one| if one.value.is_empty() { Choice::new("", p.say("goals-tree-each")) } else { one })
            .collect(),
        whose: body.map(|one| one.id.to_string()).unwrap_or_default(),
        take_over: to_take_over(r, caller, p, year)?,
        owners: owners(r, caller, p)?,
        parents: to_choose(r, caller, p, year, None)?,
        former: to_choose(r, caller, p, year - 1, None)?,
        new: p.form("createGoal", "goal").to("/goals/{id}"),
        year,
    })
}

/// The owners whose indicators of the year before the one who looks may take over: those with some under a goal that a goal
/// of the year continues, and that no indicator of the year continues.
fn to_take_over<'a>(r: &mut Reading, caller: &Caller, p: &'a Frame, year: i32) -> Result<Vec<TakeOver<'a>>> {
    if !p.is_now() {
        return Ok(Vec::new());
    }
    let continued: HashSet<Id> = r.goals_of_year(year)?.into_iter().filter_map(|goal| goal.continues_id).collect();
    let there: HashSet<Id> = r.indicators_of_year(year)?.into_iter().filter_map(|one| one.continues_id).collect();
    let mut counts: BTreeMap<Id, (Organisation, i64)> = BTreeMap::new();
    for (one, owner) in indicators::of_year(r, year - 1)? {
        if continued.contains(&one.goal_id) && !there.contains(&one.id) && settings::may(caller, &owner) {
            counts.entry(owner.id).or_insert((owner, 0)).1 += 1;
        }
    }
    let take = counts.into_values().map(|(owner, count)| {
        let put_in = [("name", owner.name.clone().into()), ("count", count.into())];
        let form = p.form("continueIndicators", format!("take-{}", owner.id)).at("id", owner.id);
        TakeOver {
            label: texts::say(p.language, "goals-take-over-of", &put_in),
            form: form.fixed("fromYear", year - 1).to(format!("/goals?year={year}")),
        }
    });
    Ok(take.collect())
}

#[derive(Template)]
#[template(path = "pages/goal.html")]
struct OfGoal<'a> {
    p: &'a Frame,
    goal: Goal,
    owner: Organisation,
    above: Option<Goal>,
    indicators: Vec<(Indicator, String)>,
    may_change: bool,
    may_measure: bool,
    parents: Vec<Choice>,
    former: Vec<Choice>,
    change: Form<'a>,
    delete: Form<'a>,
    editing: Editing,
    form: Form<'a>,
}

/// One goal, with how it is measured.
pub fn goal(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let goal = goals::get(r, caller, ask.step("id")?)?;
    let owner: Organisation = r.linked(goal.organisation_id)?;
    let above: Option<Goal> = goal.parent_id.map(|id| r.linked(id)).transpose()?;
    let mut measured = Vec::new();
    for (one, whose) in indicators::of_year(r, goal.year)?.into_iter().filter(|(one, _)| one.goal_id == goal.id) {
        measured.push((one, whose.name));
    }
    measured.sort_by_key(|(one, _)| (one.position, one.id));
    let form = p.form("createIndicator", "indicator").fixed("goalId", goal.id).to("/indicators/{id}");
    let (editing, mut form) = Editing::of(r, caller, p, (&goal, &owner), None, form)?;
    // Who may make them for one organisation alone makes them for that one.
    if let [only] = editing.owners.as_slice() {
        form = form.fixed("organisationId", only.value.as_str());
    }
    let tag = etag(&goal)?;
    ask.write(&OfGoal {
        p,
        may_change: p.is_now() && settings::may(caller, &owner),
        may_measure: p.is_now() && !editing.owners.is_empty(),
        indicators: measured,
        parents: to_choose(r, caller, p, goal.year, Some(goal.id))?,
        former: to_choose(r, caller, p, goal.year - 1, None)?,
        change: p.form("changeGoal", "goal").at("id", goal.id).tagged(tag.clone()),
        delete: p.form("deleteGoal", "delete").at("id", goal.id).tagged(tag).to(format!("/goals?year={}", goal.year)),
        editing,
        form,
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
        languages: p.words::<Language>(),
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
