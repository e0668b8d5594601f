//! Controls and actions over plans and years: lists like that of risks, with how each stands in a period.

use askama::Template;

use super::known::{Names, sees_plan, unless_hidden};
use super::lists::{
    File, Filter, Pager, Sibling, Sorted, all_or, bodies, by_plan, by_year, files, followed, people, siblings, years,
    yes_or_no,
};
use crate::api::measures::{filter, standing};
use crate::app::caller::Caller;
use crate::app::contents::measures::Part;
use crate::app::plans;
use crate::app::reporting::listed_measures::{self, Listed, Standing};
use crate::app::reporting::status_reports::{ActionStatusView, ControlStatusView};
use crate::domain::words::{Colour, Period, Scale};
use crate::error::Result;
use crate::storage::queries::PartFilter;
use crate::storage::records::{Action, Control, Organisation, Plan, Risk};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::values::{Choice, Html};

const A_PAGE: i64 = 50;

/// What the two lists differ in.
trait Shown: Listed {
    const KEYS: Keys;
    fn name(&self) -> &str;
    /// When it is done.
    fn when(&self, p: &Frame) -> Option<String>;
    fn status_of(view: &Self::View, p: &Frame) -> Stands;
}

/// The keys of a list's texts, and where its things are.
struct Keys {
    operation: &'static str,
    path: &'static str,
    title: &'static str,
    one: &'static str,
    when: &'static str,
    search: &'static str,
    count: &'static str,
    mine: &'static str,
    everyones: &'static str,
}

/// How one stands in a period, in words.
struct Stands {
    period: Period,
    due: bool,
    word: Html,
    colour: Option<Colour>,
    effect: Option<(Html, Colour)>,
}

impl Shown for Control {
    const KEYS: Keys = Keys {
        operation: "listControls",
        path: "control",
        title: "controls",
        one: "control",
        when: "frequency",
        search: "search-controls",
        count: "controls-count",
        mine: "controls-mine",
        everyones: "controls-everyones",
    };

    fn name(&self) -> &str {
        &self.name
    }
    fn when(&self, p: &Frame) -> Option<String> {
        p.how_often(&self.frequency, &self.recurrences)
    }
    fn status_of(view: &ControlStatusView, p: &Frame) -> Stands {
        Stands { period: view.period, due: view.due, word: p.status(view.status), colour: view.colour, effect: None }
    }
}

impl Shown for Action {
    const KEYS: Keys = Keys {
        operation: "listActions",
        path: "action",
        title: "actions",
        one: "action",
        when: "start-end",
        search: "search-actions",
        count: "actions-count",
        mine: "actions-mine",
        everyones: "actions-everyones",
    };

    fn name(&self) -> &str {
        &self.name
    }
    fn when(&self, p: &Frame) -> Option<String> {
        let dated = self.start_date.is_some() || self.end_date.is_some();
        dated.then(|| format!("{} – {}", p.or_dash_date(&self.start_date), p.or_dash_date(&self.end_date)))
    }
    fn status_of(view: &ActionStatusView, p: &Frame) -> Stands {
        Stands {
            period: view.period,
            due: view.due,
            word: p.status(view.status),
            colour: view.colour,
            effect: view.effect.map(|effect| (p.worded(effect), effect.colour())),
        }
    }
}

struct Row {
    id: Id,
    name: String,
    risk: Risk,
    plan: String,
    /// For who may see the plan itself.
    plan_id: Option<Id>,
    responsible: String,
    when: String,
    stands: Option<Stands>,
    late: bool,
}

#[derive(Template)]
#[template(path = "pages/measures.html")]
struct Measures<'a> {
    p: &'a Frame,
    keys: Keys,
    siblings: Vec<Sibling>,
    files: Vec<File>,
    q: &'a str,
    choices: Vec<Filter>,
    rows: Vec<Row>,
    total: i64,
    sorted: Sorted,
    pager: Pager,
    mine: bool,
    me: Id,
}

pub fn controls(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    show::<Control>(r, caller, ask)
}

pub fn actions(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    show::<Action>(r, caller, ask)
}

fn show<P: Shown>(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let call = ask.call(P::KEYS.operation, A_PAGE)?;
    let mut wanted = filter(&call);
    let by = standing::<P::Status>(&call);
    let years = years(r, caller)?;
    // The year that is followed up, unless another is asked for, or all.
    let everything = ask.text("year") == "all" || wanted.plan_id.is_given() || wanted.risk_id.is_given();
    if !wanted.year.is_given() && !everything {
        wanted.year = followed(r, caller, &years)?.into();
    }
    let page = listed_measures::list::<P>(r, caller, &wanted, &by, &call.listing())?;

    let standings = listed_measures::standings(r, caller, &page.items, by.period)?;
    let risks: Vec<Risk> = r.all(page.items.iter().map(Part::risk))?;
    let plans: Vec<Plan> = r.all(risks.iter().map(|risk| risk.plan_id))?;
    let bodies = Names::organisations(r, plans.iter().map(|plan| plan.organisation_id))?;
    let people = Names::people(r, page.items.iter().map(Part::responsible))?;
    r.all::<Organisation>(plans.iter().map(|plan| plan.organisation_id))?;
    let mut rows = Vec::with_capacity(page.items.len());
    for part in &page.items {
        let risk: Risk = r.linked(part.risk())?;
        let plan: Plan = r.linked(risk.plan_id)?;
        let body: Organisation = r.linked(plan.organisation_id)?;
        let standing: Option<&Standing<P::View>> = standings.get(&part.id());
        rows.push(Row {
            id: part.id(),
            name: part.name().to_owned(),
            plan: format!("{} {}", bodies.of(&plan.organisation_id), plan.year),
            plan_id: Some(plan.id).filter(|_| sees_plan(caller, &plan, &body)),
            responsible: people.or_dash(&part.responsible()).to_owned(),
            when: part.when(p).unwrap_or_else(|| "–".into()),
            stands: standing.map(|one| P::status_of(&one.view, p)),
            late: standing.is_some_and(|one| one.late),
            risk,
        });
    }
    let choices = filters::<P>(r, caller, ask, &years, &wanted)?;
    let by_itself = [("year", wanted.year.one().map(|year| year.to_string()))];
    ask.write(&Measures {
        p,
        keys: P::KEYS,
        siblings: siblings(ask),
        files: files(ask, P::KEYS.title, &format!("/{}s", P::KEYS.path), &call, &by_itself),
        q: ask.text("q"),
        choices,
        rows,
        total: page.total,
        sorted: Sorted::of(ask),
        pager: Pager::of(ask, page.total, A_PAGE),
        mine: wanted.responsible_id.one() == Some(caller.id()),
        me: caller.id(),
    })
}

fn filters<P: Shown>(
    r: &mut Reading,
    caller: &Caller,
    ask: &Ask,
    years: &[i32],
    wanted: &PartFilter,
) -> Result<Vec<Filter>> {
    let p = &ask.frame;
    let there = PartFilter {
        plan_id: wanted.plan_id.clone(),
        risk_id: wanted.risk_id.clone(),
        organisation_id: wanted.organisation_id.clone(),
        year: wanted.year.clone(),
        ..PartFilter::default()
    };
    let responsible = people(p, caller, wanted.responsible_id.one(), |person, most| {
        // Somebody responsible for nothing there, but for something else that the caller may see.
        let elsewhere = || PartFilter { responsible_id: person.into(), ..PartFilter::default() };
        P::responsible_people(r, caller, &if person.is_some() { elsewhere() } else { there.clone() }, most)
    })?;
    let mut periods = vec![Choice::new("", p.say("period-open-now"))];
    periods.extend(p.words::<Period>());
    let mut all = vec![
        by_year(ask, years, wanted.year.one()),
        Filter::of(ask, "organisationId", "organisation", all_or(p, bodies(r)?)),
        Filter::of(ask, "responsibleId", "responsible", responsible),
        Filter::of(ask, "period", "period", periods),
        Filter::of(ask, "status", "status", all_or(p, p.words::<P::Status>())),
        Filter::of(ask, "reported", "report", yes_or_no(p, "reported", "status-missing")),
        Filter::of(ask, "late", "late", yes_or_no(p, "region-only-late", "mandatory-no")),
    ];
    // What another page has asked for stands among the filters, and stays.
    if let Some(plan) = wanted.plan_id.one()
        && let Some(view) = unless_hidden(plans::get(r, caller, plan))?
    {
        all.push(by_plan(r, ask, &view.plan)?);
    }
    Ok(all)
}
