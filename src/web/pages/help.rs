//! Help: how a plan's year goes, the scales with their texts, and each job by itself, with the scale, the periods and the rules
//! of the body whose it is; and the accessibility statement.

use std::collections::BTreeSet;

use askama::Template;
use chrono::{Datelike, NaiveDate};

use super::known::{Levels, scale};
use super::lists::{self, Filter, begun};
use super::matrix::{Scale, scale_of};
use crate::app::caller::Caller;
use crate::app::contents::mandatory;
use crate::app::follow_up::{self, PeriodFrame};
use crate::app::places::{manner_in, path_ids, plan_target};
use crate::app::plan::year;
use crate::app::plans;
use crate::app::reporting::periods;
use crate::app::settings::policies;
use crate::app::to_do::tasks;
use crate::config::{Config, Contact, Statement};
use crate::domain::due;
use crate::domain::roles::{Holder, Target, Verb};
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Period, PeriodStatus, Role};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, MandatoryFilter, OrganisationFilter};
use crate::storage::records::Organisation;
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::values::Choice;

/// What a job is helped with besides its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Periods,
    Statuses,
    Scale,
    Mandatory,
}

/// A job, and whose it is.
pub struct Job {
    /// In its address, and in the keys of its texts.
    pub name: &'static str,
    holders: &'static [Holder],
    steps: usize,
    parts: &'static [Part],
    /// Where it is done: paths, with what they are called.
    places: &'static [(&'static str, &'static str)],
}

/// The jobs, in the order of the year.
const JOBS: [Job; 7] = [
    Job {
        name: "report",
        holders: &[Holder::RiskOwner, Holder::Performer],
        steps: 5,
        parts: &[Part::Periods, Part::Statuses],
        places: &[("/tasks", "nav-tasks")],
    },
    Job {
        name: "assess",
        holders: &[Holder::RiskOwner],
        steps: 5,
        parts: &[Part::Scale],
        places: &[("/risks", "nav-risks")],
    },
    Job {
        name: "plan",
        holders: &[Holder::Controller],
        steps: 6,
        parts: &[Part::Mandatory, Part::Scale],
        places: &[("/plans", "nav-plans")],
    },
    Job {
        name: "follow-up",
        holders: &[Holder::Controller, Holder::Head],
        steps: 6,
        parts: &[Part::Periods, Part::Statuses],
        places: &[("/follow-up", "nav-follow-up")],
    },
    Job {
        name: "read",
        holders: &[Holder::Reader],
        steps: 4,
        parts: &[Part::Statuses, Part::Scale],
        places: &[("/plans", "nav-plans"), ("/matrix", "nav-matrix")],
    },
    Job {
        name: "audit",
        holders: &[Holder::Auditor],
        steps: 4,
        parts: &[Part::Periods, Part::Scale],
        places: &[("/history", "nav-history"), ("/audit", "nav-audit")],
    },
    Job {
        name: "issue",
        holders: &[Holder::RegionAdministrator],
        steps: 5,
        parts: &[Part::Mandatory, Part::Periods],
        places: &[("/settings", "nav-settings")],
    },
];

impl Job {
    /// The key of one of its texts.
    fn key(&self, what: &str) -> String {
        format!("help-{}-{what}", self.name)
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    pub fn title(&self, p: &Frame) -> String {
        p.say(&self.key("title"))
    }
}

/// The job with this name.
pub fn job(name: &str) -> Option<&'static Job> {
    JOBS.iter().find(|job| job.name == name)
}

/// The jobs of the roles that the caller holds.
pub fn own_jobs(caller: &Caller) -> Vec<&'static Job> {
    let holds = |job: &&Job| caller.grants.iter().any(|grant| job.holders.contains(&grant.holder));
    JOBS.iter().filter(holds).collect()
}

#[derive(Template)]
#[template(path = "pages/help.html")]
struct Help<'a> {
    p: &'a Frame,
    /// One's own jobs, and the others.
    own: Vec<&'static Job>,
    others: Vec<&'static Job>,
    scales: Scales,
    roles: Vec<Role>,
}

/// The scales of statuses: the key of what each is called, and its values with their meanings.
type Scales = Vec<(&'static str, Vec<Choice>)>;

fn scales(p: &Frame) -> Scales {
    vec![
        ("help-scale-control", scale::<ControlStatus>(p)),
        ("help-scale-action", scale::<ActionStatus>(p)),
        ("help-scale-effect", scale::<ActionEffect>(p)),
    ]
}

fn written<'a>(p: &'a Frame, own: Vec<&'static Job>) -> Help<'a> {
    let others = JOBS.iter().filter(|job| !own.iter().any(|mine| mine.name == job.name)).collect();
    Help { p, own, others, scales: scales(p), roles: Role::ALL.to_vec() }
}

pub fn show(_: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    ask.write(&written(&ask.frame, own_jobs(caller)))
}

/// The page for everyone, signed in or not.
pub fn write(p: &Frame, _: &Config) -> Result<String> {
    written(p, Vec::new()).render().map_err(Error::internal)
}

#[derive(Template)]
#[template(path = "pages/help_job.html")]
struct OfJob<'a> {
    p: &'a Frame,
    job: &'static Job,
    /// Its steps, in order.
    steps: Vec<String>,
    places: Vec<(&'static str, &'static str)>,
    scales: Scales,
    /// What holds at a body, for who is signed in.
    here: Option<Here>,
    /// Which parts it has.
    issued: bool,
    scaled: bool,
    reported: bool,
}

/// What holds at a body in a year.
struct Here {
    filters: Vec<Filter>,
    year: i32,
    body: String,
    days: Vec<Days>,
    levels: Levels,
    scale: Scale,
    mandatory: Vec<(Id, String, String)>,
}

/// The days of a period.
struct Days {
    period: String,
    from: NaiveDate,
    to: NaiveDate,
    asked_from: Option<NaiveDate>,
    deadline: Option<NaiveDate>,
    /// How it stands, where that is known to whoever looks.
    state: Option<String>,
}

fn of_job<'a>(p: &'a Frame, job: &'static Job, here: Option<Here>) -> OfJob<'a> {
    let places = match p.user {
        Some(_) => job.places.iter().copied().filter(|(path, _)| p.nav().iter().any(|(at, _)| at == path)).collect(),
        None => Vec::new(),
    };
    let steps = (1..=job.steps).map(|n| p.say(&job.key(&n.to_string()))).collect();
    let [issued, scaled, reported] = [Part::Mandatory, Part::Scale, Part::Statuses].map(|part| job.has(part));
    OfJob { p, job, steps, places, scales: scales(p), here, issued, scaled, reported }
}

/// How a job is done, for who is signed in: with what holds at one of the bodies where they have roles.
pub fn of(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let job = job(&ask.step::<String>("job")?).ok_or(Error::NotFound)?;
    let here = here(r, caller, ask, job)?;
    ask.write(&of_job(p, job, here))
}

/// How a job is done, for everyone.
pub fn write_job(p: &Frame, job: &'static Job) -> Result<String> {
    of_job(p, job, None).render().map_err(Error::internal)
}

/// The bodies where the caller has roles, to choose from; all where they have none.
fn bodies(r: &mut Reading, caller: &Caller) -> Result<Vec<Choice>> {
    let planning = OrganisationFilter { plans: Some(true), ..OrganisationFilter::default() };
    let own = |one: &Organisation| {
        let path = path_ids(&one.path);
        caller.grants.iter().any(|grant| path.starts_with(&grant.organisation_path) || grant.body_path == path)
    };
    let found = lists::organisations(r, &planning, own)?;
    if found.is_empty() { lists::bodies(r) } else { Ok(found) }
}

/// What holds at the body that the address asks for, or else at the first of one's own; nothing where there is no body.
fn here(r: &mut Reading, caller: &Caller, ask: &Ask, job: &Job) -> Result<Option<Here>> {
    let p = &ask.frame;
    let choices = bodies(r, caller)?;
    let asked = ask.text("organisationId");
    let chosen = choices.iter().find(|one| one.value == asked).or(choices.first());
    let Some(id) = chosen.and_then(|one| one.value.parse::<Id>().ok()) else { return Ok(None) };
    let body: Organisation = r.linked(id)?;
    let known = Known::of(r, caller, p)?;
    let year = match ask.year() {
        Some(year) => year,
        None if job.has(Part::Periods) => known.asked_year(r, caller, &body)?,
        None => known.newest(r.today()),
    };
    p.speak(manner_in(r, &body, year)?);
    let days = if job.has(Part::Periods) { days(r, caller, p, &known, &body, year)? } else { Vec::new() };
    let plan = year::of_year(r, year)?.remove(&body.id);
    let seen = plan.filter(|plan| caller.sees(Verb::SeePlan, &Target::Plan(plan_target(plan, &body))));
    let version = match &seen {
        Some(plan) => plan.policy_version_id,
        None => policies::newest_for(r, &body)?.id,
    };
    let levels = Levels::read(r, version, p)?;
    let issued = MandatoryFilter { year: year.into(), withdrawn: Some(false), ..MandatoryFilter::default() };
    let mandatory =
        if job.has(Part::Mandatory) { mandatory::list(r, &issued, &Listing::all())?.items } else { Vec::new() };
    let mut filters = Vec::new();
    if choices.len() > 1 {
        let label = p.say("organisation");
        filters.push(Filter { name: "organisationId", label, choices, chosen: body.id.to_string() });
    }
    Ok(Some(Here {
        filters,
        year,
        body: body.name,
        days,
        scale: scale_of(p, &levels),
        levels,
        mandatory: mandatory.into_iter().map(|one| (one.id, one.name, p.word(one.kind))).collect(),
    }))
}

/// What the caller knows of plans: the years of those that they see, the newest first, and the plans in which they have
/// something to report.
struct Known {
    years: Vec<i32>,
    owed: BTreeSet<Id>,
}

impl Known {
    fn of(r: &mut Reading, caller: &Caller, p: &Frame) -> Result<Self> {
        let years = plans::years(r, caller)?;
        if !years.is_empty() {
            return Ok(Self { years, owed: BTreeSet::new() });
        }
        // Whoever sees no plan sees what they are to report.
        let owed = tasks::list(r, caller, p.language, None, &Listing::all())?.items;
        let years: BTreeSet<i32> = owed.iter().filter_map(|task| task.year).collect();
        let owed = owed.iter().filter_map(|task| task.plan_id).collect();
        Ok(Self { years: years.into_iter().rev().collect(), owed })
    }

    /// The newest year that has begun.
    fn newest(&self, today: NaiveDate) -> i32 {
        begun(&self.years, today).unwrap_or_else(|| today.year())
    }

    /// The periods of a body's plan of a year, to whoever follows it or has something to report in it.
    fn frame(&self, r: &mut Reading, caller: &Caller, body: &Organisation, year: i32) -> Result<Option<PeriodFrame>> {
        let Some(plan) = year::of_year(r, year)?.remove(&body.id) else { return Ok(None) };
        let follows = caller.sees(Verb::SeeFollowUp, &Target::Plan(plan_target(&plan, body)));
        if follows || self.owed.contains(&plan.id) { PeriodFrame::read(r, &plan).map(Some) } else { Ok(None) }
    }

    /// The year of the period that is asked for at a body: the year before the newest, while that is followed up.
    fn asked_year(&self, r: &mut Reading, caller: &Caller, body: &Organisation) -> Result<i32> {
        let today = r.today();
        let newest = self.newest(today);
        for year in [newest - 1, newest] {
            if let Some(frame) = self.frame(r, caller, body, year)?
                && let Some(period) = frame.first_open(today)
                && frame.asked_from(period).is_some_and(|from| from <= today)
            {
                return Ok(year);
            }
        }
        Ok(newest)
    }
}

/// The days of a year's periods at a body: its own, to whoever follows its plan or has statuses to give in it, and else those
/// of everyone.
fn days(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    known: &Known,
    body: &Organisation,
    year: i32,
) -> Result<Vec<Days>> {
    let frame = known.frame(r, caller, body, year)?;
    let of_all = periods::deadlines(r, year, &Listing::all())?.items;
    let mut told = Vec::new();
    for period in Period::ALL.iter().copied() {
        let Some((from, to)) = due::period_bounds(year, period) else { continue };
        let (asked_from, deadline, state) = match &frame {
            Some(frame) => {
                let status = if frame.is_closed(period) { PeriodStatus::Closed } else { PeriodStatus::Open };
                let state = if frame.applies(period) { p.word(status) } else { p.say("period-not-asked") };
                (frame.asked_from(period), frame.deadline(period).1, Some(state))
            }
            None => {
                let set = of_all.iter().find(|one| one.period == period).map(|one| one.due_on);
                (follow_up::asked_from(&of_all, year, period), set, None)
            }
        };
        told.push(Days { period: p.word(period), from, to, asked_from, deadline, state });
    }
    Ok(told)
}

#[derive(Template)]
#[template(path = "pages/accessibility.html")]
struct Accessibility<'a> {
    p: &'a Frame,
    contact: Option<&'a Contact>,
    statement: &'a Statement,
}

pub fn accessibility(_: &mut Reading, _: &Caller, ask: &Ask) -> Result<String> {
    write_accessibility(&ask.frame, &ask.service.config)
}

/// The statement for everyone, signed in or not.
pub fn write_accessibility(p: &Frame, config: &Config) -> Result<String> {
    Accessibility { p, contact: config.contact.as_ref(), statement: &config.statement }
        .render()
        .map_err(Error::internal)
}
