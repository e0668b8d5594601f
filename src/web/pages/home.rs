//! The first page: what is one's own to do, where one's body stands (or all of them), what lies ahead, and what has happened
//! since one was last here. Made of what is true now; what is not there is not shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use askama::Template;
use chrono::NaiveDate;

use super::chart;
use super::event_text::{EventText, Teller};
use super::help::{Job, own_jobs};
use super::indicators::judged;
use super::known::{Levels, Names, unless_hidden};
use super::lists::begun;
use super::other_years::over_the_years;
use super::tasks::{Listed, Row, Scales, in_order, rows};
use crate::app::caller::Caller;
use crate::app::contents::risks;
use crate::app::findings::{deficiencies, outcomes, recommendations};
use crate::app::history::logs::{self, FeedQuery};
use crate::app::places::{manner_in, place};
use crate::app::plans;
use crate::app::reporting::reports;
use crate::app::to_do::overview::{self, Standing};
use crate::app::to_do::tasks;
use crate::domain::roles::Holder;
use crate::domain::words::{Period, PlanStatus, ReportStatus, TaskKind};
use crate::error::Result;
use crate::storage::queries::{DeficiencyFilter, Listing, OutcomeFilter, PlanFilter, RecommendationFilter, RiskFilter};
use crate::storage::records::{Indicator, Organisation, Plan, Report, Risk};
use crate::storage::{Id, Reading, Timestamp};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::values::{Html, capital};

/// Of each kind so much is shown; the page of the kind has the rest.
const FEW: usize = 5;
/// So many events are looked through for what has changed something.
const LOOKED_THROUGH: i64 = 50;
/// So many bodies are told one by one; more are counted.
const FEW_BODIES: usize = 3;
/// So many years back the score of a risk is followed.
const YEARS_BACK: i32 = 5;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home<'a> {
    p: &'a Frame,
    rows: Vec<Row<'a>>,
    /// One's roles may ask something of one.
    duties: bool,
    total: usize,
    late: usize,
    statuses: usize,
    scales: Scales,
    standing: Vec<Stands>,
    plans: Vec<OfPlan>,
    counted: Vec<Counted>,
    ahead: Vec<Day>,
    deficiencies: Waiting,
    recommendations: Waiting,
    at_risk: Vec<Off>,
    highest: Vec<Highest>,
    /// Whose risks these are: one's own, where one follows nothing.
    own: bool,
    since: Option<Since>,
    /// What one's roles are helped with.
    jobs: Vec<&'static Job>,
}

/// How far a period has come, in a plan or in all of a year.
struct Stands {
    name: String,
    at: String,
    deadline: Option<NaiveDate>,
    due: u32,
    reported: u32,
    missing: u32,
    late: bool,
    bar: Html,
}

struct OfPlan {
    id: Id,
    name: String,
    status: String,
    lacks: Option<u32>,
    /// The decided reports, the newest version of each period's.
    reports: Vec<(Id, String)>,
}

/// How many plans of a year have each status.
struct Counted {
    year: i32,
    of_each: Vec<(String, usize)>,
}

struct Day {
    on: NaiveDate,
    what: String,
    at: String,
}

/// Some of what waits, and how many there are.
#[derive(Default)]
struct Waiting {
    total: i64,
    some: Vec<(String, String)>,
}

struct Off {
    name: String,
    at: String,
    body: String,
    period: String,
    judged: Html,
}

struct Highest {
    id: Id,
    name: String,
    body: Option<String>,
    score: i32,
    level: Html,
    /// Its scores over the years, the earliest first.
    years: Vec<(i32, i32)>,
    line: Html,
}

struct Since {
    at: Timestamp,
    events: Vec<EventText>,
    /// The log that they are all of.
    log: Option<Id>,
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let all = tasks::list(r, caller, p.language, None, &Listing::all())?.items;
    let listed = in_order(all.clone());
    let (total, late) = (listed.len(), listed.iter().filter(|one| one.is_late()).count());
    let statuses = all.iter().filter(|task| task.kind == TaskKind::Status).count();
    let lacking: HashMap<Id, u32> = all
        .iter()
        .filter(|task| task.kind == TaskKind::PlanLacks)
        .filter_map(|task| Some((task.plan_id?, task.count?)))
        .collect();
    let at = own_organisations(r, caller)?;
    let one = match at.as_slice() {
        [one] if one.kind.is_body() => Some(one.clone()),
        _ => None,
    };
    let today = r.today();
    let years = plans::years(r, caller)?;
    let newest = begun(&years, today);
    let recent: Vec<i32> =
        years.iter().copied().filter(|year| newest.is_some_and(|now| *year <= now)).take(2).collect();
    let standings = overview::standings(r, caller, &recent)?;
    // Whoever follows nothing, and owns risks, sees to those.
    let own = standings.is_empty() && caller.grants.iter().any(|grant| grant.holder == Holder::RiskOwner);
    // Whoever has roles in many bodies reads the history of each by itself.
    let since = if p.is_now() && at.len() <= FEW_BODIES { since(r, caller, p, &at)? } else { None };
    let (plans, counted) = plans_of(r, caller, p, &years, newest, one.as_ref(), &lacking)?;
    let whose = one.as_ref().map(|body| body.id);
    let shown: Vec<Listed> = listed.into_iter().take(FEW).collect();
    ask.write(&Home {
        p,
        ahead: ahead(r, caller, p, &standings)?,
        standing: stand(r, p, &standings)?,
        rows: rows(r, caller, ask, shown)?,
        duties: caller.grants.is_empty() || caller.grants.iter().any(|grant| grant.holder != Holder::Reader),
        total,
        late,
        statuses,
        scales: Scales::of(p),
        plans,
        counted,
        deficiencies: found(r, caller, one.as_ref())?,
        recommendations: recommended(r, caller, one.as_ref())?,
        at_risk: match newest {
            Some(year) => at_risk(r, caller, p, year, whose)?,
            None => Vec::new(),
        },
        highest: highest(r, caller, p, newest, whose, own)?,
        own,
        since,
        jobs: own_jobs(caller),
    })
}

/// The bodies that the caller has roles in, and what lies above bodies where the roles are there.
fn own_organisations(r: &mut Reading, caller: &Caller) -> Result<Vec<Organisation>> {
    let ids: BTreeSet<Id> = caller.grants.iter().filter_map(|grant| grant.body_path.last()).map(|id| Id(*id)).collect();
    r.all(ids)
}

/// How much is reported, drawn; the figures stand beside.
fn bar(due: u32, reported: u32) -> Html {
    let share = if due == 0 { 100.0 } else { f64::from(reported) * 100.0 / f64::from(due) };
    Html(format!(
        "<svg class=\"share\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">\
         <rect class=\"all\" width=\"100\" height=\"8\"/><rect class=\"done\" width=\"{share:.1}\" height=\"8\"/></svg>"
    ))
}

/// Where the periods stand that are asked for: plan by plan where they are few, or else together.
fn stand(r: &mut Reading, p: &Frame, all: &[Standing]) -> Result<Vec<Stands>> {
    let asked: Vec<&Standing> = all.iter().filter(|one| one.asked).collect();
    let bodies: BTreeSet<Id> = asked.iter().map(|one| one.body.id).collect();
    if bodies.len() > FEW_BODIES {
        let mut sums: BTreeMap<(i32, Period), Stands> = BTreeMap::new();
        for one in asked {
            let (year, period) = (one.plan.year, one.view.period);
            let tally = one.view.tally;
            let sum = sums.entry((year, period)).or_insert_with(|| Stands {
                name: format!("{} {year}", p.word(period)),
                at: format!("/follow-up?year={year}&period={}", period.as_str()),
                deadline: one.view.deadline,
                due: 0,
                reported: 0,
                missing: 0,
                late: false,
                bar: Html(String::new()),
            });
            sum.due += tally.due;
            sum.reported += tally.reported;
            sum.missing += tally.missing;
            sum.late |= one.view.late;
        }
        let mut sums: Vec<Stands> = sums.into_values().collect();
        sums.iter_mut().for_each(|sum| sum.bar = bar(sum.due, sum.reported));
        return Ok(sums);
    }
    let mut told = Vec::new();
    for one in asked {
        let (year, period, tally) = (one.plan.year, one.view.period, one.view.tally);
        let label = manner_in(r, &one.body, year)?.label(period, p.language);
        let whose = if bodies.len() > 1 { format!(", {}", one.body.name) } else { String::new() };
        told.push(Stands {
            name: format!("{} {year}{whose}", capital(&label)),
            at: format!("/plans/{}/follow-up?period={}", one.plan.id, period.as_str()),
            deadline: one.view.deadline,
            due: tally.due,
            reported: tally.reported,
            missing: tally.missing,
            late: one.view.late,
            bar: bar(tally.due, tally.reported),
        });
    }
    Ok(told)
}

/// The plans of the year that is followed and of those to come, with what they lack; counted where there are many.
fn plans_of(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    years: &[i32],
    newest: Option<i32>,
    one: Option<&Organisation>,
    lacking: &HashMap<Id, u32>,
) -> Result<(Vec<OfPlan>, Vec<Counted>)> {
    let (mut told, mut counted) = (Vec::new(), Vec::new());
    // The year before is followed up until its annual report is decided.
    for year in years.iter().copied().filter(|year| newest.is_some_and(|now| *year >= now - 1)).take(3) {
        let of =
            PlanFilter { year: year.into(), organisation_id: one.map(|body| body.id).into(), ..PlanFilter::default() };
        let plans: Vec<Plan> = plans::list(r, caller, &of, &Listing::all())?.items;
        if plans.len() > FEW_BODIES {
            let of_each = PlanStatus::ALL
                .iter()
                .map(|status| (p.word(*status), plans.iter().filter(|plan| plan.status == *status).count()));
            counted.push(Counted { year, of_each: of_each.filter(|(_, count)| *count > 0).collect() });
            continue;
        }
        let names = Names::organisations(r, plans.iter().map(|plan| plan.organisation_id))?;
        for plan in plans {
            let decided = reports::list(r, caller, plan.id, None, Some(ReportStatus::Decided), &Listing::all());
            let mut newest: BTreeMap<Period, Report> = BTreeMap::new();
            for report in unless_hidden(decided)?.map(|page| page.items).unwrap_or_default() {
                let known = newest.get(&report.kind).is_some_and(|known| known.number > report.number);
                if !known {
                    newest.insert(report.kind, report);
                }
            }
            told.push(OfPlan {
                id: plan.id,
                name: format!("{} {}", names.of(&plan.organisation_id), plan.year),
                status: p.word(plan.status),
                lacks: lacking.get(&plan.id).copied(),
                reports: newest.into_values().map(|report| (report.id, p.word(report.kind))).collect(),
            });
        }
    }
    Ok((told, counted))
}

/// The days that lie ahead: of periods, and of what is the caller's own.
fn ahead(r: &mut Reading, caller: &Caller, p: &Frame, standings: &[Standing]) -> Result<Vec<Day>> {
    let today = r.today();
    let mut days: BTreeMap<(NaiveDate, String), String> = BTreeMap::new();
    for one in standings {
        if let Some(on) = one.ahead(today) {
            let label = manner_in(r, &one.body, one.plan.year)?.label(one.view.period, p.language);
            let what =
                p.say_two("home-last-day", "period", format!("{label} {}", one.plan.year), "body", &one.body.name);
            let at = format!("/plans/{}/follow-up?period={}", one.plan.id, one.view.period.as_str());
            days.insert((on, what), at);
        }
    }
    for task in tasks::owed(r, caller, tasks::Horizon::Year)? {
        if let (TaskKind::OverdueAction, Some(on)) = (task.kind, task.deadline.filter(|day| *day >= today)) {
            days.insert((on, p.say_with("home-action-ends", "name", &task.name)), format!("/actions/{}", task.id));
        }
    }
    Ok(days.into_iter().take(FEW).map(|((on, what), at)| Day { on, what, at }).collect())
}

/// Deficiencies that are not closed.
fn found(r: &mut Reading, caller: &Caller, one: Option<&Organisation>) -> Result<Waiting> {
    let below = one.map(|body| body.path.clone());
    let open = DeficiencyFilter { closed: Some(false), below, ..DeficiencyFilter::default() };
    let few = Listing { sort: vec![("foundOn".into(), true)], ..Listing::first(FEW as i64) };
    let page = deficiencies::list(r, caller, &open, &few)?;
    let some =
        page.items.into_iter().map(|view| (format!("/deficiencies/{}", view.deficiency.id), view.deficiency.title));
    Ok(Waiting { total: page.total, some: some.collect() })
}

/// Recommendations that are not closed.
fn recommended(r: &mut Reading, caller: &Caller, one: Option<&Organisation>) -> Result<Waiting> {
    let below = one.map(|body| body.path.clone());
    let open = RecommendationFilter { closed: Some(false), below, ..RecommendationFilter::default() };
    let few = Listing::first(FEW as i64);
    let page = recommendations::list(r, caller, &open, &few)?;
    let some = page.items.into_iter().map(|one| (format!("/recommendations/{}", one.id), one.text));
    Ok(Waiting { total: page.total, some: some.collect() })
}

/// The indicators of a year that are at risk or missed by their newest outcome.
fn at_risk(r: &mut Reading, caller: &Caller, p: &Frame, year: i32, whose: Option<Id>) -> Result<Vec<Off>> {
    let filter = OutcomeFilter { year: year.into(), organisation_id: whose.into(), ..OutcomeFilter::default() };
    let mut newest: BTreeMap<(Id, Id), outcomes::OutcomeView> = BTreeMap::new();
    for view in outcomes::list(r, caller, &filter, &Listing::all())?.items {
        let slot = (view.outcome.indicator_id, view.outcome.organisation_id);
        if newest.get(&slot).is_none_or(|before| before.outcome.period < view.outcome.period) {
            newest.insert(slot, view);
        }
    }
    let off: Vec<outcomes::OutcomeView> =
        newest.into_values().filter(|view| outcomes::is_off(&view.outcome)).take(FEW).collect();
    let names = Names::organisations(r, off.iter().map(|view| view.outcome.organisation_id))?;
    let indicators: Vec<Indicator> = r.all(off.iter().map(|view| view.outcome.indicator_id))?;
    let names_of: HashMap<Id, String> = indicators.into_iter().map(|one| (one.id, one.name)).collect();
    let told = off.into_iter().map(|view| Off {
        name: names_of.get(&view.outcome.indicator_id).cloned().unwrap_or_default(),
        at: format!("/indicators/{}", view.outcome.indicator_id),
        body: names.of(&view.outcome.organisation_id).to_owned(),
        period: format!("{} {year}", p.word(view.outcome.period)),
        judged: judged(p, &view.outcome.judgement),
    });
    Ok(told.collect())
}

/// The risks with the highest scores, and how these have moved over the years.
fn highest(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    year: Option<i32>,
    whose: Option<Id>,
    own: bool,
) -> Result<Vec<Highest>> {
    let filter = RiskFilter {
        year: year.into(),
        organisation_id: whose.into(),
        owner_id: own.then(|| caller.id()).into(),
        retired: Some(false),
        assessed: Some(true),
        ..RiskFilter::default()
    };
    // Where no year is looked at, a risk stands in the plan of each: it is told of as it is in the newest. Then one sees only what
    // one is responsible for, which is read whole.
    let mut listing = Listing::by("score", true);
    if year.is_some() {
        listing.limit = FEW as i64;
    }
    let found: Vec<Risk> =
        risks::list(r, caller, &filter, &listing)?.items.into_iter().map(|view| view.core.risk).collect();
    let plans: HashMap<Id, Plan> =
        r.all::<Plan>(found.iter().map(|risk| risk.plan_id))?.into_iter().map(|plan| (plan.id, plan)).collect();
    let year_of = |risk: &Risk| plans.get(&risk.plan_id).map(|plan| plan.year);
    let is_newest = |risk: &&Risk| {
        !found.iter().any(|other| other.identity_id == risk.identity_id && year_of(other) > year_of(risk))
    };
    let newest: Vec<&Risk> = found.iter().filter(is_newest).take(FEW).collect();
    let names = Names::organisations(r, plans.values().map(|plan| plan.organisation_id))?;
    let mut told = Vec::new();
    for risk in newest {
        let Some(plan) = plans.get(&risk.plan_id) else { continue };
        let over = over_the_years(r, caller, risk)?.into_iter();
        let mut years: Vec<(i32, i32)> = over.filter_map(|(plan, one)| Some((plan.year, one.score?))).collect();
        years.retain(|(year, _)| (plan.year - YEARS_BACK..=plan.year).contains(year));
        told.push(Highest {
            id: risk.id,
            name: risk.name.clone(),
            body: whose.is_none().then(|| names.of(&plan.organisation_id).to_owned()),
            score: risk.score.unwrap_or_default(),
            level: Levels::read(r, plan.policy_version_id, p)?.show(&risk.level),
            line: chart::spark(&years.iter().map(|(_, score)| f64::from(*score)).collect::<Vec<_>>()),
            years,
        });
    }
    Ok(told)
}

/// What has been changed since the caller last signed in, by the logs of some organisations, the newest first. Who signed in,
/// or fetched a document, has changed nothing.
fn since(r: &mut Reading, caller: &Caller, p: &Frame, of: &[Organisation]) -> Result<Option<Since>> {
    let Some(before) = r.signed_in_before(caller.id())? else { return Ok(None) };
    let logs = of.iter().map(|one| Ok(place(r, one)?.log)).collect::<Result<BTreeSet<_>>>()?;
    let mut events = Vec::new();
    for log in &logs {
        let query = FeedQuery { since: Some(before), limit: LOOKED_THROUGH, ..FeedQuery::default() };
        let Some(latest) = unless_hidden(logs::latest(r, caller, *log, query, Vec::new(), None))? else { continue };
        let mut teller = Teller::new(caller, p);
        teller.know(r, &latest.items)?;
        let mut found = 0;
        for event in &latest.items {
            let told = teller.tell(r, event)?;
            if told.changes_something() {
                events.push(told);
                found += 1;
            }
            if found == FEW {
                break;
            }
        }
    }
    events.sort_by_key(|one| std::cmp::Reverse(one.time));
    events.truncate(FEW);
    let log = logs.first().copied().filter(|_| logs.len() == 1);
    Ok((!events.is_empty()).then_some(Since { at: before, events, log }))
}
