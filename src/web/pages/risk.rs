//! One risk: what it is, how it is assessed and was, whether it is in the plan and why, its controls and actions with
//! their statuses; and the forms that change it.

use askama::Template;
use chrono::NaiveDate;

use super::known::{Levels, Names, Rights, may_report_deficiency, people_of, sees_plan, unless_hidden};
use super::matrix::{Scale, scale_of};
use super::notes::{self, Notes};
use super::other_years::{self, OtherYears};
use super::status_view::{StatusView, status_views};
use crate::app::caller::Caller;
use crate::app::contents::risks::{self, RiskForm, RiskView};
use crate::app::contents::{assessments, mandatory, measures};
use crate::app::people::organisations;
use crate::app::places::{manner_in, plan_target, words_of};
use crate::app::plan::order::goals_for;
use crate::app::plan::{self, forms};
use crate::app::reach;
use crate::app::reporting::status_reports::Standings;
use crate::app::sent::etag;
use crate::app::settings::goals;
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{Category, MandatoryKind, Period, PlanStatus, Response};
use crate::error::Result;
use crate::storage::queries::{Listing, MandatoryFilter, OrganisationFilter};
use crate::storage::records::{About, Action, Assessment, Control, Goal, Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Stored};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, Html};

#[derive(Template)]
#[template(path = "pages/risk.html")]
struct RiskPage<'a> {
    p: &'a Frame,
    view: RiskView,
    plan: Plan,
    body: Organisation,
    goal: Option<Goal>,
    names: Names,
    levels: Levels,
    level: Html,
    adopted_level: Html,
    scale: Scale,
    past: Vec<Assessed>,
    years: Option<OtherYears>,
    controls: Vec<Line>,
    actions: Vec<Line>,
    can: Can,
    assess: Form<'a>,
    include: Decision<'a>,
    aside: Decision<'a>,
    retire: Form<'a>,
    delete: Form<'a>,
    notes: Option<Notes<'a>>,
    log: Id,
}

/// What the one who looks may do.
pub struct Can {
    /// Everything that is written of it.
    pub edit: bool,
    /// Who owns it: all that changes in an adopted plan.
    pub hand_over: bool,
    pub assess: bool,
    pub decide: bool,
    pub retire: bool,
    pub delete: bool,
    pub controls: bool,
    pub actions: bool,
    pub history: bool,
    pub plan: bool,
    pub deficiency: bool,
}

/// A decision about a risk, with its reason.
struct Decision<'a> {
    take: Form<'a>,
    undo: Option<Form<'a>>,
}

impl Decision<'_> {
    fn came_back(&self) -> bool {
        self.take.came_back() || self.undo.as_ref().is_some_and(Form::came_back)
    }
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
    /// The day on which it was added to the adopted plan.
    added: Option<NaiveDate>,
    /// One a period, or none at all.
    statuses: Vec<Option<StatusView>>,
}

/// What may be done with a risk by who looks at it. One that has left the plan stays as it was.
pub fn can(r: &mut Reading, caller: &Caller, p: &Frame, risk: &Risk, plan: &Plan, body: &Organisation) -> Result<Can> {
    let target = reach::target(r, caller, risk, plan)?;
    let rights = Rights::of(p, caller, plan);
    let part = Target::Part { risk: target.clone(), responsible: None };
    let on = Target::Risk(target);
    let there = risk.retired_on.is_none();
    let decide = there && rights.may(Verb::DecideInclusion, PlanVerb::Edit, &on);
    Ok(Can {
        edit: there && rights.may(Verb::ChangeRisk, PlanVerb::writing(risk.added().is_some()), &on),
        hand_over: there && rights.may(Verb::ChangeRisk, PlanVerb::ChangeOwner, &on),
        assess: there && rights.may(Verb::AssessRisk, PlanVerb::Assess, &on),
        decide,
        retire: decide && risk.adopted,
        delete: !risk.adopted && rights.may(Verb::DeleteRisk, PlanVerb::Edit, &on),
        controls: there && rights.may(Verb::ChangeControls, PlanVerb::AddControl, &part),
        actions: there && rights.may(Verb::ChangeControls, PlanVerb::AddAction, &part),
        history: caller.sees(Verb::SeeHistory, &on),
        plan: sees_plan(caller, plan, body),
        deficiency: may_report_deficiency(p, caller, body),
    })
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let view = risks::get(r, caller, id)?;
    let (plan, body) = plan::load(r, view.core.risk.plan_id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let risk = &view.core.risk;
    let goal: Option<Goal> = match risk.goal_id {
        Some(id) => r.find(id)?,
        None => None,
    };
    let levels = Levels::read(r, plan.policy_version_id, p)?;
    let assessments = assessments::assessments(r, caller, id, &Listing::all())?.items;
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
        let level = Levels::read(r, one.policy_version_id, p)?.show(&Some(one.level));
        past.push(Assessed { one: one.clone(), before, level });
    }
    let of_controls = controls.iter().map(|control| (Control::ENTITY, control.id));
    let of_actions = actions.iter().map(|action| (Action::ENTITY, action.id));
    let mut standings = Standings::of(r, caller, of_controls.chain(of_actions))?;
    let mut control_lines = Vec::new();
    for control in controls {
        let statuses = statuses(r, caller, p, &mut standings, (Control::ENTITY, control.id), &plan)?;
        control_lines.push(control_line(p, &names, control, statuses));
    }
    let mut action_lines = Vec::new();
    for action in actions {
        let statuses = statuses(r, caller, p, &mut standings, (Action::ENTITY, action.id), &plan)?;
        action_lines.push(action_line(p, &names, action, statuses));
    }
    level(&mut control_lines);
    level(&mut action_lines);
    let can = can(r, caller, p, risk, &plan, &body)?;
    let notes = notes::of(r, caller, ask, About::Risk(id))?;
    let years = other_years::read(r, caller, p, risk)?;
    let tag = etag(&view.core)?;
    let to_plan = format!("/plans/{}", plan.id);
    // A decision that is there is changed or taken back; one that is not is taken.
    let decision = |act: &'static str, undo: &'static str, current: &Option<String>| -> Result<Decision> {
        let step = |act: &'static str| p.form(act, act).at("id", id);
        Ok(match current.clone().map(|reason| etag(&forms::ReasonForm { reason })).transpose()? {
            Some(tag) => Decision { take: step(act).tagged(tag.clone()), undo: Some(step(undo).tagged(tag)) },
            None => Decision { take: step(act).fresh(), undo: None },
        })
    };
    ask.write(&RiskPage {
        p,
        level: levels.show(&risk.level),
        adopted_level: levels.show(&view.core.adopted_level),
        scale: scale_of(p, &levels),
        past,
        years,
        controls: control_lines,
        actions: action_lines,
        assess: p.form("assessRisk", "assess").at("id", id),
        include: decision("includeRisk", "withdrawInclusion", &risk.decision_reason)?,
        aside: decision("setRiskAside", "withdrawSettingAside", &risk.set_aside_reason)?,
        retire: p.form("retireRisk", "retire").at("id", id),
        delete: p.form("deleteRisk", "delete").at("id", id).tagged(tag).to(to_plan),
        can,
        notes,
        log: body.id,
        goal,
        names,
        levels,
        plan,
        body,
        view,
    })
}

/// How it stood in each period; nothing for whoever may not see follow-up before the board has decided, and nothing of a
/// plan that was never adopted.
fn statuses(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    standings: &mut Standings,
    (entity, id): (&str, Id),
    plan: &Plan,
) -> Result<Vec<Option<StatusView>>> {
    if plan.adopted_revision.is_none() {
        return Ok(Vec::new());
    }
    let seen = unless_hidden(status_views(r, caller, p, standings, entity, id))?;
    Ok(seen.unwrap_or_default().into_iter().map(Some).collect())
}

/// Where some have statuses to see, those of the others are dashes.
fn level(lines: &mut [Line]) {
    if lines.iter().any(|line| !line.statuses.is_empty()) {
        for line in lines.iter_mut().filter(|line| line.statuses.is_empty()) {
            line.statuses.extend(Period::ALL.iter().map(|_| None));
        }
    }
}

fn control_line(p: &Frame, names: &Names, control: Control, statuses: Vec<Option<StatusView>>) -> Line {
    let mut when: Vec<String> = p.how_often(&control.frequency, &control.recurrences).into_iter().collect();
    when.extend(control.due_date.map(|day| p.date(&day)));
    let added = control.added();
    Line {
        id: control.id,
        name: control.name,
        about: control.description,
        when: when.join(", "),
        responsible: names.or_dash(&control.responsible_id).to_owned(),
        added,
        statuses,
    }
}

fn action_line(p: &Frame, names: &Names, action: Action, statuses: Vec<Option<StatusView>>) -> Line {
    let day = |day: &Option<NaiveDate>| day.map(|day| p.date(&day)).unwrap_or_default();
    let added = action.added();
    Line {
        id: action.id,
        name: action.name,
        about: action.description,
        when: format!("{} – {}", day(&action.start_date), day(&action.end_date)),
        responsible: names.or_dash(&action.responsible_id).to_owned(),
        added,
        statuses,
    }
}

#[derive(Template)]
#[template(path = "pages/risk_edit.html")]
struct Edited<'a> {
    p: &'a Frame,
    /// None for a risk that is not there yet.
    risk: Option<Risk>,
    said: RiskForm,
    plan: Plan,
    body: Organisation,
    sees_plan: bool,
    hindrance: Option<String>,
    /// Of a risk of an adopted plan only who owns it changes.
    owner_only: bool,
    form: Form<'a>,
    organisations: Vec<Choice>,
    owners: Vec<Choice>,
    goals: Vec<Choice>,
    areas: Vec<Choice>,
    categories: Vec<Choice>,
    /// The body's own categories, where it has them in place of the four.
    own_categories: Vec<Choice>,
    responses: Vec<Choice>,
    levels: Vec<Choice>,
    scale: Scale,
}

/// The form of a risk that is there.
pub fn edit(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let view = risks::get(r, caller, ask.step("id")?)?;
    let tag = etag(&view.core)?;
    let risk = view.core.risk;
    let (plan, body) = plan::load(r, risk.plan_id)?;
    ask.frame.speak(manner_in(r, &body, plan.year)?);
    let form =
        ask.frame.form("changeRisk", "risk").at("id", risk.id).tagged(tag).to(format!("/risks/{}", risk.id)).kept();
    let on = Target::Risk(reach::target(r, caller, &risk, &plan)?);
    let rights = Rights::of(&ask.frame, caller, &plan);
    let all = rights.hindrance(Verb::ChangeRisk, PlanVerb::writing(risk.added().is_some()), &on);
    let owner_only = all.is_some() && rights.may(Verb::ChangeRisk, PlanVerb::ChangeOwner, &on);
    let gone = risk.retired_on.map(|_| ask.frame.say("risk-gone"));
    let hindrance = gone.or(all.filter(|_| !owner_only));
    written(r, caller, ask, Some(risk), plan, body, Writable { form, hindrance, owner_only })
}

/// The form of a new risk.
pub fn new(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let (plan, body) = plan::see_parts(r, caller, ask.step("id")?)?;
    ask.frame.speak(manner_in(r, &body, plan.year)?);
    let form = ask.frame.form("createRisk", "risk").at("id", plan.id).to("/risks/{id}");
    let on = Target::Plan(plan_target(&plan, &body));
    let hindrance = Rights::of(&ask.frame, caller, &plan).hindrance(Verb::CreateRisk, PlanVerb::AddRisk, &on);
    written(r, caller, ask, None, plan, body, Writable { form, hindrance, owner_only: false })
}

/// A form, and how far it may be used.
struct Writable<'a> {
    form: Form<'a>,
    hindrance: Option<String>,
    owner_only: bool,
}

fn written(
    r: &mut Reading,
    caller: &Caller,
    ask: &Ask,
    risk: Option<Risk>,
    plan: Plan,
    body: Organisation,
    writable: Writable,
) -> Result<String> {
    let p = &ask.frame;
    let said = match &risk {
        Some(risk) => RiskForm::of(risk),
        None => RiskForm { organisation_id: Some(body.id), ..RiskForm::default() },
    };
    let owners = people_of(r, caller, p, &body, said.owner_id)?;
    let goals = goals_for(r, &body, plan.year)?;
    let of_plan = p.or_none(goals.iter().map(|goal| Choice::new(goal.id.to_string(), goals::titled(goal))));
    let of_year = MandatoryFilter { year: plan.year.into(), kind: MandatoryKind::Area.into(), withdrawn: Some(false) };
    let areas = mandatory::list(r, &of_year, &Listing::all())?.items.into_iter();
    let areas = p.or_none(areas.map(|area| Choice::new(area.id.to_string(), area.name)));
    let of_year = OrganisationFilter { valid_in: Some(plan.year), ..OrganisationFilter::default() };
    let parts = organisations::list(r, &of_year, &Listing::all())?.items.into_iter();
    let organisations =
        parts.filter(|one| one.body_id == Some(body.id)).map(|one| Choice::new(one.id.to_string(), one.name)).collect();
    let own_categories = words_of(r, &body, plan.year)?.categories().iter().map(|own| own.name.clone()).collect();
    let own_categories = names_to_choose(p, own_categories, &said.own_category);
    let levels = Levels::read(r, plan.policy_version_id, p)?;
    let target_levels = p.or_none(levels.0.levels.iter().map(|level| Choice::new(level.key.as_str(), &level.label)));
    ask.write(&Edited {
        p,
        said,
        sees_plan: sees_plan(caller, &plan, &body),
        scale: scale_of(p, &levels),
        plan,
        body,
        hindrance: writable.hindrance,
        owner_only: writable.owner_only,
        form: writable.form,
        organisations,
        owners,
        goals: of_plan,
        areas,
        categories: p.choices::<Category>(),
        own_categories,
        responses: p.choices::<Response>(),
        levels: target_levels,
        risk,
    })
}

/// These names to choose from, and the one that stands there, which may be of another year; none where there are none.
pub fn names_to_choose(p: &Frame, mut names: Vec<String>, chosen: &Option<String>) -> Vec<Choice> {
    names.extend(chosen.clone().filter(|chosen| !names.contains(chosen)));
    if names.is_empty() {
        return Vec::new();
    }
    p.or_none(names.into_iter().map(|name| Choice::new(name.clone(), name)))
}
