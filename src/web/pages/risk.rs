//! One risk: what it is, how it is assessed and was, whether it is in the plan and why, its controls and actions with
//! their statuses; and the forms that change it.

use askama::Template;

use super::known::{Levels, Names, people_of};
use super::matrix::{Scale, scale_of};
use crate::app::risks::{Reasoned, RiskView};
use crate::app::submission::etag;
use crate::app::{Caller, goals, measures, plans, risks, status_reports};
use crate::domain::life::{self, PlanState, PlanVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{Category, Colour, LevelKey, Period, Recurrence, Response};
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{Action, Assessment, Control, Goal, Organisation, Plan};
use crate::storage::{Id, Reading};
use crate::web::Ask;
use crate::web::form::{Choice, Form, Html, words};
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "pages/risk.html")]
struct Shown<'a> {
    p: &'a Frame,
    view: RiskView,
    plan: Plan,
    body: Organisation,
    goal: Option<Goal>,
    names: Names,
    levels: Levels,
    level: Html,
    scale: Scale,
    past: Vec<Assessed>,
    controls: Vec<Line>,
    actions: Vec<Line>,
    can: Can,
    assess: Form<'a>,
    include: Form<'a>,
    unclude: Option<Form<'a>>,
    aside: Form<'a>,
    take_up: Option<Form<'a>>,
    retire: Form<'a>,
    delete: Form<'a>,
    log: Id,
}

/// What the one who looks may do, as far as role and the plan's life decide it.
pub struct Can {
    pub change: bool,
    pub assess: bool,
    pub decide: bool,
    pub delete: bool,
    pub controls: bool,
    pub actions: bool,
    pub history: bool,
}

/// An assessment in the list of them, beside the one before.
struct Assessed {
    one: Assessment,
    before: Option<(i32, i32, i32)>,
    level: Html,
}

/// A control or an action with how it stood in each period.
struct Line {
    id: Id,
    name: String,
    about: Option<String>,
    when: String,
    responsible: String,
    added: bool,
    statuses: Vec<Stood>,
}

struct Stood {
    word: String,
    colour: Option<Colour>,
    comment: Option<String>,
}

/// What may be done with a risk by who looks at it.
pub fn can(r: &mut Reading, caller: &Caller, p: &Frame, view: &RiskView, plan: &Plan) -> Result<Can> {
    let target = risks::target(r, caller, &view.core.risk, plan)?;
    let state = PlanState { status: plan.status, adopted_revision: plan.adopted_revision, year: plan.year };
    let may = |verb: Verb, life: PlanVerb, target: &Target| {
        p.is_now() && caller.sees(verb, target) && life::may(life, &state, caller.today).is_ok()
    };
    let part = Target::Part { risk: target.clone(), responsible: None };
    let on = Target::Risk(target);
    Ok(Can {
        change: may(Verb::ChangeRisk, PlanVerb::Edit, &on) || may(Verb::ChangeRisk, PlanVerb::ChangeOwner, &on),
        assess: may(Verb::AssessRisk, PlanVerb::Assess, &on),
        decide: may(Verb::DecideInclusion, PlanVerb::Edit, &on),
        delete: may(Verb::DeleteRisk, PlanVerb::Edit, &on),
        controls: may(Verb::ChangeControls, PlanVerb::Edit, &part),
        actions: may(Verb::ChangeControls, PlanVerb::AddAction, &part),
        history: caller.sees(Verb::SeeHistory, &on),
    })
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let view = risks::get(r, caller, id)?;
    let (plan, body) = plans::load(r, view.core.risk.plan_id)?;
    let risk = &view.core.risk;
    let goal: Option<Goal> = match risk.goal_id {
        Some(id) => r.find(id)?,
        None => None,
    };
    let levels = Levels::read(r, plan.policy_version_id)?;
    let assessments = risks::assessments(r, caller, id, &Listing::all())?.items;
    let controls = measures::controls_of(r, caller, id, &Listing::all())?.items;
    let actions = measures::actions_of(r, caller, id, &Listing::all())?.items;
    let people = std::iter::once(risk.owner_id)
        .chain(assessments.iter().map(|a| a.assessed_by_id))
        .chain(controls.iter().map(|c| c.responsible_id))
        .chain(actions.iter().map(|a| a.responsible_id));
    let names = Names::people(r, people.collect::<Vec<_>>())?;
    let mut past = Vec::new();
    // The newest first, each beside the one that it came after.
    for (at, one) in assessments.iter().enumerate() {
        let before = assessments.get(at + 1);
        let before = before.map(|b| (b.likelihood, b.consequence, b.score));
        let level = Levels::read(r, one.policy_version_id)?.show(&Some(one.level));
        past.push(Assessed { one: one.clone(), before, level });
    }
    let mut control_lines = Vec::new();
    for control in controls {
        control_lines.push(control_line(r, caller, p, &names, control)?);
    }
    let mut action_lines = Vec::new();
    for action in actions {
        action_lines.push(action_line(r, caller, p, &names, action)?);
    }
    let can = can(r, caller, p, &view, &plan)?;
    let tag = etag(&view.core)?;
    let to_plan = format!("/plans/{}", plan.id);
    let decided = |form: &'static str, name: &str, current: Option<String>| -> Result<Form> {
        let form = p.form(form, name).at("id", id);
        Ok(match current {
            Some(reason) => form.tagged(etag(&plans::ReasonForm { reason })?),
            None => form.fresh(),
        })
    };
    let unclude = match &risk.decision_reason {
        Some(_) => Some(p.form("uncludeRisk", "unclude").at("id", id).tagged(etag(&risks::reasoned(
            r,
            caller,
            id,
            Reasoned::Inclusion,
        )?)?)),
        None => None,
    };
    let take_up = match &risk.set_aside_reason {
        Some(_) => Some(p.form("takeRiskUp", "take-up").at("id", id).tagged(etag(&risks::reasoned(
            r,
            caller,
            id,
            Reasoned::SettingAside,
        )?)?)),
        None => None,
    };
    ask.write(&Shown {
        p,
        level: levels.show(&risk.level),
        scale: scale_of(p, &levels),
        past,
        controls: control_lines,
        actions: action_lines,
        assess: p.form("assessRisk", "assess").at("id", id),
        include: decided("includeRisk", "include", risk.decision_reason.clone())?,
        unclude,
        aside: decided("setRiskAside", "aside", risk.set_aside_reason.clone())?,
        take_up,
        retire: p.form("retireRisk", "retire").at("id", id),
        delete: p.form("deleteRisk", "delete").at("id", id).tagged(tag).to(to_plan),
        can,
        log: body.id,
        goal,
        names,
        levels,
        plan,
        body,
        view,
    })
}

/// Whoever may not see follow-up before the board has decided sees no status, and the rest all the same.
pub fn unless_hidden<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Forbidden(_) | Error::Conflict { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

fn control_line(r: &mut Reading, caller: &Caller, p: &Frame, names: &Names, control: Control) -> Result<Line> {
    let mut statuses = Vec::new();
    for period in Period::ALL {
        if let Some(view) = unless_hidden(status_reports::control_status(r, caller, control.id, *period))? {
            let word = view.status.map_or_else(|| p.say("status-missing"), |status| p.word(status));
            statuses.push(Stood { word, colour: view.colour, comment: view.comment });
        }
    }
    let recurrences: Vec<Recurrence> = control.recurrences.read().map_err(Error::internal)?;
    let mut when: Vec<String> = control.frequency.iter().cloned().collect();
    if when.is_empty() {
        when.extend(recurrences.iter().map(|one| p.word(one)));
    }
    when.extend(control.due_date.map(|day| p.date(&day)));
    Ok(Line {
        id: control.id,
        name: control.name,
        about: control.description,
        when: when.join(", "),
        responsible: names.or_dash(&control.responsible_id).to_owned(),
        added: false,
        statuses,
    })
}

fn action_line(r: &mut Reading, caller: &Caller, p: &Frame, names: &Names, action: Action) -> Result<Line> {
    let mut statuses = Vec::new();
    for period in Period::ALL {
        if let Some(view) = unless_hidden(status_reports::action_status(r, caller, action.id, *period))? {
            let word = view.status.map_or_else(|| p.say("status-missing"), |status| p.word(status));
            statuses.push(Stood { word, colour: view.colour, comment: view.comment });
        }
    }
    let day = |day: &Option<chrono::NaiveDate>| day.map(|day| p.date(&day)).unwrap_or_default();
    Ok(Line {
        id: action.id,
        name: action.name,
        about: action.description,
        when: format!("{} – {}", day(&action.start_date), day(&action.end_date)),
        responsible: names.or_dash(&action.responsible_id).to_owned(),
        added: action.added_after_adoption,
        statuses,
    })
}

#[derive(Template)]
#[template(path = "pages/risk_edit.html")]
struct Edited<'a> {
    p: &'a Frame,
    /// None for a risk that is not there yet.
    view: Option<RiskView>,
    plan: Plan,
    body: Organisation,
    form: Form<'a>,
    owners: Vec<Choice>,
    goals: Vec<Choice>,
    categories: Vec<Choice>,
    responses: Vec<Choice>,
    levels: Vec<Choice>,
    scale: Scale,
    secrecy: Option<risks::Secrecy>,
}

/// The form of a risk that is there.
pub fn edit(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let view = risks::get(r, caller, ask.step("id")?)?;
    let id = view.core.risk.id;
    let (plan, body) = plans::load(r, view.core.risk.plan_id)?;
    let form = ask.frame.form("changeRisk", "risk").at("id", id).tagged(etag(&view.core)?).to(format!("/risks/{id}"));
    written(r, caller, ask, Some(view), plan, body, form)
}

/// The form of a new risk.
pub fn new(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let (plan, body) = plans::see_parts(r, caller, ask.step("id")?)?;
    let form = ask.frame.form("createRisk", "risk").at("id", plan.id).to("/risks/{id}");
    written(r, caller, ask, None, plan, body, form)
}

fn written(
    r: &mut Reading,
    caller: &Caller,
    ask: &Ask,
    view: Option<RiskView>,
    plan: Plan,
    body: Organisation,
    form: Form<'_>,
) -> Result<String> {
    let p = &ask.frame;
    let risk = view.as_ref().map(|view| &view.core.risk);
    let owners = people_of(r, caller, p, &body, risk.and_then(|risk| risk.owner_id))?;
    let order: Vec<Id> = plan.goal_order.read().map_err(Error::internal)?;
    let mut of_plan = vec![Choice::new("", p.say("choose-none"))];
    for id in order {
        let goal = goals::get(r, caller, id)?;
        let number = goal.number.map(|n| format!("{n} ")).unwrap_or_default();
        of_plan.push(Choice::new(id.to_string(), format!("{number}{}", goal.name)));
    }
    let levels = Levels::read(r, plan.policy_version_id)?;
    let secrecy: Option<risks::Secrecy> =
        risk.and_then(|risk| risk.secrecy.as_ref()).map(|json| json.read()).transpose().map_err(Error::internal)?;
    let mut target_levels = vec![Choice::new("", p.say("choose-none"))];
    target_levels.extend(words::<LevelKey>(p.language));
    ask.write(&Edited {
        p,
        scale: scale_of(p, &levels),
        plan,
        body,
        form,
        owners,
        goals: of_plan,
        categories: p.choices::<Category>(),
        responses: p.choices::<Response>(),
        levels: target_levels,
        secrecy,
        view,
    })
}
