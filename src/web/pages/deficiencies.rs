//! Deficiencies: those that one may see, and reporting one; and one of them, with its clocks and what moves it on.

use askama::Template;

use super::files::{self as left, Files};
use super::known::{Names, Rights, organisations_for, people_of, unless_hidden};
use super::lists::{File, Filter, Pager, Sorted, all_or, begun, bodies, files, years, yes_or_no};
use crate::api::deficiencies::filter;
use crate::app::caller::Caller;
use crate::app::contents::{measures, risks};
use crate::app::findings::deficiencies::{self, DeficiencyView};
use crate::app::findings::plan_answers;
use crate::app::places::{manner_of, path_ids, place, plan_target};
use crate::app::sent::etag;
use crate::app::{plan, plans, reach};
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::values::Secrecy;
use crate::domain::words::{Period, Severity};
use crate::error::Result;
use crate::storage::queries::{Listing, OrganisationFilter, RiskFilter};
use crate::storage::records::{Control, Deficiency, EvidenceOf, Organisation, Plan, PlanDeficiency, Risk};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/deficiencies.html")]
struct Deficiencies<'a> {
    p: &'a Frame,
    q: &'a str,
    choices: Vec<Filter>,
    files: Vec<File>,
    rows: Vec<DeficiencyView>,
    organisations: Names,
    total: i64,
    sorted: Sorted,
    pager: Pager,
    new: Option<New<'a>>,
}

/// The form of a new deficiency.
struct New<'a> {
    form: Form<'a>,
    organisations: Vec<Choice>,
    severities: Vec<Choice>,
    risks: Vec<Choice>,
    /// The risk that one came from.
    risk: Option<Id>,
    /// The control that one came from.
    control: Option<Control>,
}

const A_PAGE: i64 = 50;

/// So many risks can be chosen from; of more one begins at the risk.
const MOST_RISKS: i64 = 200;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let call = ask.call("listDeficiencies", A_PAGE)?;
    let mut wanted = filter(r, &call)?;
    // The open ones, unless others are asked for.
    let everything = ask.text("closed") == "all" || wanted.risk_id.is_given() || wanted.control_id.is_given();
    wanted.closed = wanted.closed.or(if everything { None } else { Some(false) });
    let mut listing = call.listing();
    if listing.sort.is_empty() {
        listing.sort = vec![("foundOn".into(), true)];
    }
    let page = deficiencies::list(r, caller, &wanted, &listing)?;
    let organisations = Names::organisations(r, page.items.iter().map(|view| view.deficiency.organisation_id))?;
    let choices = filters(r, ask, wanted.closed)?;
    let by_itself = [("closed", wanted.closed.map(|closed| closed.to_string())), ("sort", Some("-foundOn".to_owned()))];
    let new = if p.is_now() { new(r, caller, ask)? } else { None };
    ask.write(&Deficiencies {
        p,
        q: ask.text("q"),
        choices,
        organisations,
        files: files(ask, "nav-deficiencies", "/deficiencies", &call, &by_itself),
        total: page.total,
        sorted: Sorted::of(ask),
        pager: Pager::of(ask, page.total, A_PAGE),
        rows: page.items,
        new,
    })
}

fn filters(r: &mut Reading, ask: &Ask, closed: Option<bool>) -> Result<Vec<Filter>> {
    let p = &ask.frame;
    let open = vec![
        Choice::new("false", p.say("open-yes")),
        Choice::new("true", p.say("open-no")),
        Choice::new("all", p.say("choose-all")),
    ];
    let chosen = closed.map_or_else(|| "all".to_owned(), |closed| closed.to_string());
    Ok(vec![
        Filter { chosen, ..Filter::of(ask, "closed", "status", open) },
        Filter::of(ask, "organisationId", "organisation", all_or(p, bodies(r)?)),
        Filter::of(ask, "severity", "severity", all_or(p, p.words::<Severity>())),
        Filter::of(ask, "reportedToBoard", "board-told", yes_or_no(p, "board-told-yes", "board-told-no")),
        Filter::of(ask, "reportedToRegion", "region-told", yes_or_no(p, "region-told-yes", "region-told-no")),
        Filter::of(ask, "suspectedCrime", "crime", yes_or_no(p, "crime-yes", "crime-no")),
    ])
}

/// The form of a new one, for who may report somewhere.
fn new<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask) -> Result<Option<New<'a>>> {
    let p = &ask.frame;
    let organisations = organisations_for(r, caller, Verb::ReportDeficiency)?;
    if organisations.is_empty() {
        return Ok(None);
    }
    let control: Option<Control> = match ask.q("controlId") {
        Some(id) => unless_hidden(measures::control(r, caller, id))?,
        None => None,
    };
    let risk: Option<Id> = control.as_ref().map(|control| control.risk_id).or(ask.q("riskId"));
    let year = begun(&years(r, caller)?, r.today());
    let wanted = RiskFilter { year: year.into(), retired: Some(false), ..RiskFilter::default() };
    let mut form = p.form("reportDeficiency", "report").to("/deficiencies/{id}");
    if let Some(control) = &control {
        form = form.fixed("controlId", control.id);
    }
    Ok(Some(New {
        form,
        organisations,
        severities: p.words::<Severity>(),
        risks: of_risks(r, caller, p, &wanted, risk)?,
        risk,
        control,
    }))
}

/// Risks to choose from; and the one that is chosen already, if it may be seen.
fn of_risks(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    wanted: &RiskFilter,
    chosen: Option<Id>,
) -> Result<Vec<Choice>> {
    let listing = Listing { sort: vec![("number".into(), false)], ..Listing::first(MOST_RISKS) };
    let page = risks::list(r, caller, wanted, &listing)?;
    let mut found: Vec<Risk> = Vec::new();
    if page.total <= MOST_RISKS {
        found.extend(page.items.into_iter().map(|view| view.core.risk));
    }
    if let Some(id) = chosen.filter(|id| !found.iter().any(|risk| risk.id == *id))
        && let Some((risk, _)) = unless_hidden(reach::see(r, caller, id))?
    {
        found.push(risk);
    }
    let mut of_plans: Vec<Id> = found.iter().map(|risk| risk.plan_id).collect();
    of_plans.sort_unstable();
    of_plans.dedup();
    let plans = r.plans_by_ids(&of_plans)?;
    let names = Names::organisations(r, plans.iter().map(|plan| plan.organisation_id))?;
    let named = found.into_iter().map(|risk| {
        let plan = plans.iter().find(|plan| plan.id == risk.plan_id);
        let plan = plan.map(|plan| format!("{} {}", names.of(&plan.organisation_id), plan.year)).unwrap_or_default();
        let number = risk.shown_number().map(|n| format!("{n}. ")).unwrap_or_default();
        Choice::new(risk.id.to_string(), format!("{plan}: {number}{}", risk.name))
    });
    Ok(p.or_none(named))
}

#[derive(Template)]
#[template(path = "pages/deficiency.html")]
struct DeficiencyPage<'a> {
    files: Option<Files<'a>>,
    p: &'a Frame,
    view: DeficiencyView,
    organisation: Organisation,
    names: Names,
    plan: Option<Plan>,
    plan_of: String,
    risk: Option<Risk>,
    control: Option<Control>,
    from: Option<Control>,
    secrecy: Option<Secrecy>,
    can: Can,
    forms: Forms<'a>,
    choices: Choices,
    answer: Option<Answer<'a>>,
    log: Id,
}

/// What the one who looks may do.
struct Can {
    change: bool,
    crime: bool,
    history: bool,
}

struct Forms<'a> {
    change: Form<'a>,
    told: Form<'a>,
    crime: Form<'a>,
    close: Form<'a>,
    reopen: Form<'a>,
}

#[derive(Default)]
struct Choices {
    organisations: Vec<Choice>,
    severities: Vec<Choice>,
    people: Vec<Choice>,
    /// Empty where the risk follows from a control.
    risks: Vec<Choice>,
    periods: Vec<Choice>,
}

/// How a plan answers it.
struct Answer<'a> {
    plan: Plan,
    body: String,
    said: Option<PlanDeficiency>,
    risk: Option<Risk>,
    /// For who may say it in the plan now.
    form: Option<Form<'a>>,
    undo: Option<Form<'a>>,
    risks: Vec<Choice>,
}

pub fn one(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let view = deficiencies::get(r, caller, id)?;
    let d = &view.deficiency;
    let organisation: Organisation = r.linked(d.organisation_id)?;
    let on = deficiencies::target(d, &organisation);
    p.speak(manner_of(r, &organisation)?);
    let can = Can {
        change: p.is_now() && caller.sees(Verb::ChangeDeficiency, &on),
        crime: p.is_now() && d.suspected_crime && caller.sees(Verb::HandleCrime, &on),
        history: caller.sees(Verb::SeeHistory, &Target::Organisation { path: path_ids(&organisation.path) }),
    };
    let people = [Some(d.reported_by_id), d.found_by_id, d.crime_handled_by_id, d.closed_by_id];
    let names = Names::people(r, people)?;
    let (plan, plan_of) = match d.plan_id {
        Some(id) => match unless_hidden(plans::get(r, caller, id))? {
            Some(view) => {
                let body: Organisation = r.linked(view.plan.organisation_id)?;
                (Some(view.plan), body.name)
            }
            None => (None, String::new()),
        },
        None => (None, String::new()),
    };
    let risk = match d.risk_id {
        Some(id) => unless_hidden(reach::see(r, caller, id))?.map(|(risk, _)| risk),
        None => None,
    };
    let secrecy = d.secrecy.clone().map(|secrecy| secrecy.0);
    let tag = etag(d)?;
    let step = |act: &'static str, name: &str| p.form(act, name).at("id", id).tagged(tag.clone());
    let mut change = step("changeDeficiency", "change").kept();
    if d.risk_id.is_some() || d.plan_id.is_none() {
        // The plan is that of the risk, whichever is chosen.
        change = change.fixed("planId", "");
    }
    let forms = Forms {
        change,
        told: step("changeDeficiency", "told"),
        crime: step("recordCrimeHandling", "crime"),
        close: step("closeDeficiency", "close"),
        reopen: p.form("reopenDeficiency", "reopen").at("id", id),
    };
    let choices = if can.change { choices(r, caller, p, d, &organisation)? } else { Choices::default() };
    let answer = match ask.q("planId") {
        Some(plan) => answer(r, caller, p, d, plan)?,
        None => None,
    };
    let control = of_control(r, caller, d.control_id)?;
    let from = of_control(r, caller, d.from_control_id)?;
    let files = left::of(r, caller, ask, EvidenceOf::Deficiency(id), None)?;
    ask.write(&DeficiencyPage {
        files,
        p,
        log: place(r, &organisation)?.log,
        organisation,
        names,
        plan,
        plan_of,
        risk,
        control,
        from,
        secrecy,
        can,
        forms,
        choices,
        answer,
        view,
    })
}

fn of_control(r: &mut Reading, caller: &Caller, id: Option<Id>) -> Result<Option<Control>> {
    match id {
        Some(id) => unless_hidden(measures::control(r, caller, id)),
        None => Ok(None),
    }
}

fn choices(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    d: &Deficiency,
    organisation: &Organisation,
) -> Result<Choices> {
    let Some(body) = organisation.body_id else { return Ok(Choices::default()) };
    let body: Organisation = r.linked(body)?;
    let parts = r.organisations(&OrganisationFilter::default(), &Listing::all())?.items;
    let parts = parts.into_iter().filter(|part| {
        part.body_id == Some(body.id) && caller.sees(Verb::ChangeDeficiency, &deficiencies::target(d, part))
    });
    let risks = if d.control_id.is_some() || d.from_control_id.is_some() {
        Vec::new()
    } else if let (Some(plan), None) = (d.plan_id, d.risk_id) {
        of_risks(r, caller, p, &RiskFilter { plan_id: plan.into(), ..RiskFilter::default() }, None)?
    } else {
        let year = begun(&years(r, caller)?, r.today());
        let wanted = RiskFilter {
            year: year.into(),
            organisation_id: body.id.into(),
            retired: Some(false),
            ..RiskFilter::default()
        };
        of_risks(r, caller, p, &wanted, d.risk_id)?
    };
    Ok(Choices {
        organisations: parts.map(|part| Choice::new(part.id.to_string(), part.name)).collect(),
        severities: p.words::<Severity>(),
        people: people_of(r, caller, p, &body, d.found_by_id)?,
        risks,
        periods: p.choices::<Period>(),
    })
}

fn answer<'a>(r: &mut Reading, caller: &Caller, p: &'a Frame, d: &Deficiency, plan: Id) -> Result<Option<Answer<'a>>> {
    let Some((plan, body)) = unless_hidden(plan::see_parts(r, caller, plan))? else { return Ok(None) };
    let said = unless_hidden(plan_answers::said(r, caller, plan.id, d.id))?;
    let on = Target::Plan(plan_target(&plan, &body));
    let may = Rights::of(p, caller, &plan).may(Verb::EditPlan, PlanVerb::Edit, &on);
    let chosen = said.as_ref().and_then(|said| said.risk_id);
    let (mut form, mut undo, mut risks) = (None, None, Vec::new());
    if may {
        let step = |act: &'static str, name: &str| p.form(act, name).at("id", plan.id).at("deficiencyId", d.id);
        let tag = said.as_ref().map(etag).transpose()?;
        form = Some(match &tag {
            Some(tag) => step("answerDeficiency", "answer").tagged(tag.clone()),
            None => step("answerDeficiency", "answer").fresh(),
        });
        undo = tag.map(|tag| step("withdrawDeficiencyAnswer", "unanswer").tagged(tag));
        let wanted = RiskFilter { plan_id: plan.id.into(), retired: Some(false), ..RiskFilter::default() };
        risks = of_risks(r, caller, p, &wanted, chosen)?;
    }
    let risk = match chosen {
        Some(id) => unless_hidden(reach::see(r, caller, id))?.map(|(risk, _)| risk),
        None => None,
    };
    Ok(Some(Answer { body: body.name, plan, said, risk, form, undo, risks }))
}
