//! The plans: those that one may see, and making the next one.

use askama::Template;

use super::known::Names;
use super::lists::{self, File, Pager, files, years};
use crate::app::caller::Caller;
use crate::app::places::path_ids;
use crate::app::plans;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::storage::queries::{Listing, OrganisationFilter, PlanFilter};
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/plans.html")]
struct Plans<'a> {
    p: &'a Frame,
    years: Vec<i32>,
    year: Option<i32>,
    statuses: Vec<Choice>,
    status: String,
    files: Vec<File>,
    rows: Vec<Plan>,
    bodies: Names,
    total: i64,
    pager: Pager,
    new: Option<New<'a>>,
}

struct New<'a> {
    form: Form<'a>,
    bodies: Vec<Choice>,
    /// The body that was asked for.
    body: String,
    from: Vec<Choice>,
    begins: String,
    year: i32,
}

const A_PAGE: i64 = 50;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let status: Option<PlanStatus> = ask.q("status");
    let filter = PlanFilter { year: ask.year().into(), status: status.into(), ..PlanFilter::default() };
    let call = ask.call("listPlans", A_PAGE)?;
    let mut listing = call.listing();
    if listing.sort.is_empty() {
        listing.sort = vec![("year".into(), true)];
    }
    let page = plans::list(r, caller, &filter, &listing)?;
    let bodies = Names::organisations(r, page.items.iter().map(|plan| plan.organisation_id))?;
    let years = years(r, caller)?;
    let new = if p.is_now() { new(r, caller, ask)? } else { None };
    ask.write(&Plans {
        p,
        files: files(ask, "nav-plans", "/plans", &call, &[("sort", Some("-year".to_owned()))]),
        years,
        year: filter.year.one(),
        statuses: p.words::<PlanStatus>(),
        status: ask.text("status").to_owned(),
        total: page.total,
        pager: Pager::of(ask, page.total, A_PAGE),
        rows: page.items,
        bodies,
        new,
    })
}

/// The form of a new plan, for who may make one somewhere.
fn new<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask) -> Result<Option<New<'a>>> {
    let p = &ask.frame;
    let filter = OrganisationFilter { plans: Some(true), ..OrganisationFilter::default() };
    let may = |one: &Organisation| caller.sees(Verb::CreatePlan, &Target::Organisation { path: path_ids(&one.path) });
    let bodies = lists::one_of(p, lists::organisations(r, &filter, may)?);
    if bodies.is_empty() {
        return Ok(None);
    }
    // The newest plan of each of those bodies is the one to carry over.
    let newest = Listing::by("year", true);
    let mut known: Vec<Plan> = Vec::new();
    for plan in plans::list(r, caller, &PlanFilter::default(), &newest)?.items {
        let theirs = bodies.iter().any(|body| body.value == plan.organisation_id.to_string());
        if theirs && !known.iter().any(|newer| newer.organisation_id == plan.organisation_id) {
            known.push(plan);
        }
    }
    let name = |plan: &Plan| {
        let body = bodies.iter().find(|body| body.value == plan.organisation_id.to_string());
        format!("{} {}", body.map_or("–", |body| &body.label), plan.year)
    };
    let mut from = vec![Choice::new("", p.say("plan-from-none"))];
    from.extend(known.iter().map(|plan| Choice::new(plan.id.to_string(), name(plan))));
    let year = known.iter().map(|plan| plan.year + 1).max();
    let asked = ask.q::<Id>("organisationId").and(ask.year());
    let year = asked.or(year).unwrap_or_else(|| chrono::Datelike::year(&r.today()));
    let body = ask.text("organisationId").to_owned();
    // Last year's plan of the body is what the next one nearly always begins with.
    let own = |plan: &&Plan| plan.year == year - 1 && (body.is_empty() || plan.organisation_id.to_string() == body);
    let mut last = known.iter().filter(own);
    let begins = match (last.next(), last.next()) {
        (Some(plan), None) => plan.id.to_string(),
        _ => String::new(),
    };
    Ok(Some(New { form: p.form("createPlan", "plan").to("/plans/{id}"), bodies, body, from, begins, year }))
}
