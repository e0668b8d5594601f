//! The register: a list of risks, whose search, filters and order live in the address.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::known::{Levels, Names, sees_plan, unless_hidden};
use super::lists::{
    File, Filter, Pager, Sibling, Sorted, all_or, begun, bodies, by_plan, by_year, files, people, siblings, years,
    yes_or_no,
};
use crate::api::risks::filter;
use crate::app::caller::Caller;
use crate::app::contents::risks;
use crate::app::plans;
use crate::app::settings::goals;
use crate::domain::scoring::STEPS_MAX;
use crate::domain::words::{LevelKey, PlanStatus};
use crate::error::Result;
use crate::storage::queries::{GoalFilter, Listing, PlanFilter, RiskFilter};
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::{Axes, Frame};
use crate::web::values::{Choice, Html};

#[derive(Template)]
#[template(path = "pages/risks.html")]
struct Risks<'a> {
    p: &'a Frame,
    siblings: Vec<Sibling>,
    files: Vec<File>,
    /// The body whose whole register can be had.
    body: Option<Id>,
    q: &'a str,
    choices: Vec<Filter>,
    rows: Vec<Row>,
    total: i64,
    sorted: Sorted,
    pager: Pager,
    mine: bool,
    me: Id,
}

struct Row {
    id: Id,
    number: Option<i32>,
    reference: String,
    name: String,
    plan: String,
    /// For who may see the plan itself.
    plan_id: Option<Id>,
    owner: String,
    product: Option<(i32, i32)>,
    score: Option<i32>,
    level: Html,
    reason: String,
    included: bool,
    mandatory: bool,
}

const A_PAGE: i64 = 50;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let call = ask.call("listRisks", A_PAGE)?;
    let mut wanted = filter(&call);
    let years = years(r, caller)?;
    // The newest year that has begun, unless another is asked for, or all.
    let everything = ask.text("year") == "all" || wanted.plan_id.is_given() || wanted.identity_id.is_given();
    if !everything && !wanted.year.is_given() {
        wanted.year = begun(&years, r.today()).into();
    }
    wanted.retired = wanted.retired.or(Some(false));
    let mut listing: Listing = call.listing();
    if listing.sort.is_empty() {
        listing.sort = vec![("number".into(), false)];
    }
    let page = risks::list(r, caller, &wanted, &listing)?;

    let mut plan_ids: Vec<Id> = page.items.iter().map(|view| view.core.risk.plan_id).collect();
    plan_ids.sort_unstable();
    plan_ids.dedup();
    let plans = r.plans_by_ids(&plan_ids)?;
    let bodies = Names::organisations(r, plans.iter().map(|plan| plan.organisation_id))?;
    let owners = Names::people(r, page.items.iter().map(|view| view.core.risk.owner_id))?;
    let mut seen = Vec::new();
    for plan in &plans {
        let body: Organisation = r.linked(plan.organisation_id)?;
        if sees_plan(caller, plan, &body) {
            seen.push(plan.id);
        }
    }
    let mut rows = Vec::new();
    for view in &page.items {
        let risk = &view.core.risk;
        let plan: Option<&Plan> = plans.iter().find(|plan| plan.id == risk.plan_id);
        let level = match plan {
            Some(plan) => Levels::read(r, plan.policy_version_id, p)?.show(&risk.level),
            None => Html("–".into()),
        };
        rows.push(Row {
            id: risk.id,
            number: risk.shown_number(),
            reference: risk.reference.clone(),
            name: risk.name.clone(),
            plan: plan.map(|plan| format!("{} {}", bodies.of(&plan.organisation_id), plan.year)).unwrap_or_default(),
            plan_id: Some(risk.plan_id).filter(|id| seen.contains(id)),
            owner: owners.or_dash(&risk.owner_id).to_owned(),
            product: risk.likelihood.zip(risk.consequence),
            score: risk.score,
            level,
            reason: p.word(risk.inclusion_reason),
            included: risk.included,
            mandatory: view.core.mandatory,
        });
    }
    let choices = filters(r, caller, ask, &years, &wanted)?;
    let by_itself = [
        ("year", wanted.year.one().map(|year| year.to_string())),
        ("retired", wanted.retired.map(|retired| retired.to_string())),
        ("sort", Some("number".to_owned())),
    ];
    ask.write(&Risks {
        p,
        siblings: siblings(ask),
        files: files(ask, "nav-risks", "/risks", &call, &by_itself),
        body: wanted.organisation_id.one(),
        q: ask.text("q"),
        choices,
        rows,
        total: page.total,
        sorted: Sorted::of(ask),
        pager: Pager::of(ask, page.total, A_PAGE),
        mine: wanted.owner_id.one() == Some(caller.id()),
        me: caller.id(),
    })
}

fn filters(r: &mut Reading, caller: &Caller, ask: &Ask, years: &[i32], wanted: &RiskFilter) -> Result<Vec<Filter>> {
    let p = &ask.frame;
    let mut of_goals = all_or(p, []);
    if wanted.year.is_given() {
        let filter = GoalFilter { year: wanted.year.clone(), ..GoalFilter::default() };
        let goals = goals::list(r, &filter, &Listing::all())?.items;
        of_goals.extend(goals.iter().map(|goal| Choice::new(goal.id.to_string(), goals::titled(goal))));
    }
    // What a cell of the matrix, or another page, has asked for stands among the filters, and stays.
    let mut narrow = Vec::new();
    let plan = wanted.plan_id.one().map(|plan| unless_hidden(plans::get(r, caller, plan))).transpose()?.flatten();
    let axes = match &plan {
        Some(view) => Levels::read(r, view.plan.policy_version_id, p)?.axes(p),
        None => Axes { down: p.say("likelihood"), across: p.say("consequence") },
    };
    for (name, label, chosen) in
        [("likelihood", axes.down, &wanted.likelihood), ("consequence", axes.across, &wanted.consequence)]
    {
        if chosen.is_given() {
            let steps = (1..=STEPS_MAX).map(|step| Choice::new(step.to_string(), step.to_string()));
            narrow.push(Filter { label, ..Filter::of(ask, name, name, all_or(p, steps)) });
        }
    }
    if let Some(view) = plan {
        narrow.push(by_plan(r, ask, &view.plan)?);
    }
    let mut all = vec![
        by_year(ask, years, wanted.year.one()),
        Filter::of(ask, "organisationId", "organisation", all_or(p, bodies(r)?)),
        Filter::of(ask, "goalId", "goal", of_goals),
        Filter::of(ask, "ownerId", "risk-owner", owners(r, caller, p, wanted)?),
        Filter::of(ask, "level", "level", all_or(p, levels(r, caller, p, wanted)?)),
        Filter::of(ask, "category", "category", all_or(p, p.categories())),
        Filter::of(ask, "included", "in-plan", yes_or_no(p, "in-plan-yes", "in-plan-no")),
        Filter::of(ask, "mandatory", "mandatory", yes_or_no(p, "mandatory-yes", "mandatory-no")),
        Filter::of(ask, "confirmed", "assessment", yes_or_no(p, "confirmed-yes", "confirmed-no")),
        Filter::of(ask, "status", "plan-status", all_or(p, p.words::<PlanStatus>())),
    ];
    all.extend(narrow);
    Ok(all)
}

/// The levels, as the scales call them by which the listed risks are scored; where these differ, as everyone does.
fn levels(r: &mut Reading, caller: &Caller, p: &Frame, wanted: &RiskFilter) -> Result<Vec<Choice>> {
    let of = PlanFilter {
        organisation_id: wanted.organisation_id.clone(),
        year: wanted.year.clone(),
        ..PlanFilter::default()
    };
    let plans = plans::list(r, caller, &of, &Listing::all())?.items;
    let versions: BTreeSet<Id> = plans.iter().map(|plan| plan.policy_version_id).collect();
    let mut labels: BTreeMap<LevelKey, BTreeSet<String>> = BTreeMap::new();
    for version in versions {
        for level in &Levels::read(r, version, p)?.0.levels {
            labels.entry(level.key).or_default().insert(level.label.clone());
        }
    }
    let all = p.words::<LevelKey>().into_iter().filter_map(|everyones| {
        let key = LevelKey::parse(&everyones.value)?;
        match labels.get(&key).map(|said| said.iter().collect::<Vec<_>>()).as_deref() {
            Some([one]) => Some(Choice::new(key.as_str(), (*one).clone())),
            // A level that none of the scales has is nobody's.
            None if !labels.is_empty() => None,
            _ => Some(everyones),
        }
    });
    Ok(all.collect())
}

/// The owners of the risks that the list shows of the year and the body, to choose from; and whoever is chosen already.
fn owners(r: &mut Reading, caller: &Caller, p: &Frame, wanted: &RiskFilter) -> Result<Vec<Choice>> {
    let there = RiskFilter {
        plan_id: wanted.plan_id.clone(),
        organisation_id: wanted.organisation_id.clone(),
        year: wanted.year.clone(),
        retired: wanted.retired,
        ..RiskFilter::default()
    };
    people(p, caller, wanted.owner_id.one(), |person, most| {
        // Somebody who owns no risk there, but another that the caller may see.
        let elsewhere = || RiskFilter { owner_id: person.into(), ..RiskFilter::default() };
        risks::owners(r, caller, &if person.is_some() { elsewhere() } else { there.clone() }, most)
    })
}
