//! A control or an action of a risk: what it is, making it, changing it, taking it away.

use askama::Template;
use chrono::NaiveDate;

use super::files::{self, Files};
use super::indicators::{FollowedIndicator, followed};
use super::known::{Rights, may_report_deficiency, people_of, sees_plan, unless_hidden};
use super::notes::{self, Notes};
use super::status_view::{StatusView, status_views};
use crate::app::caller::Caller;
use crate::app::contents::measures::{self, ActionForm, ControlForm};
use crate::app::places::manner_in;
use crate::app::reporting::status_reports::Standings;
use crate::app::sent::etag;
use crate::app::settings::indicators;
use crate::app::{plan, reach};
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::values::FinancialEffect;
use crate::domain::words::{Period, PlanStatus, Recurrence};
use crate::error::Result;
use crate::storage::queries::Listing;
use crate::storage::records::{About, Action, Control, EvidenceOf, Organisation, Plan, Risk, User};
use crate::storage::{Id, Reading, Stored};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

/// The risk that it belongs to, and what may be done with it.
struct Around {
    risk: Risk,
    plan: Plan,
    body: Organisation,
    sees_plan: bool,
    deficiency: bool,
    /// Why none of it can be changed.
    hindrance: Option<String>,
    /// Whoever looks changes such things, when they can be changed.
    writes: bool,
    /// Only what may change in an adopted plan.
    little: bool,
    /// The day on which it was added to the adopted plan.
    added: Option<NaiveDate>,
    /// A new one would be added to an adopted plan, and followed up.
    adding: bool,
    delete: bool,
    responsible: String,
    people: Vec<Choice>,
    /// How it stood in each period, if it is there and whoever looks may see it.
    stood: Vec<StatusView>,
}

/// What is changed of one that is there, or made of one that is not.
struct Of {
    entity: &'static str,
    id: Option<Id>,
    risk: Id,
    responsible: Option<Id>,
    /// What making one asks of the plan's life.
    make: PlanVerb,
    /// The day on which it was added to the adopted plan.
    added: Option<NaiveDate>,
}

fn around(r: &mut Reading, caller: &Caller, p: &Frame, of: &Of) -> Result<Around> {
    let (risk, plan) = reach::see(r, caller, of.risk)?;
    let (plan, body) = plan::load(r, plan.id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let target = reach::target(r, caller, &risk, &plan)?;
    let on = Target::Part { risk: target, responsible: of.responsible.map(|id| id.0) };
    let rights = Rights::of(p, caller, &plan);
    let all = match of.id {
        Some(_) => rights.hindrance(Verb::ChangeControls, PlanVerb::writing(of.added.is_some()), &on),
        None => rights.hindrance(Verb::ChangeControls, of.make, &on),
    };
    let little = of.id.is_some() && all.is_some() && rights.may(Verb::ChangeControls, PlanVerb::ChangeResponsible, &on);
    let gone = risk.retired_on.filter(|_| of.id.is_none()).map(|_| p.say("risk-gone"));
    let stood = match of.id {
        // Of a plan that was never adopted nothing is said of its follow-up.
        Some(id) if plan.adopted_revision.is_some() => {
            unless_hidden(status_views(r, caller, p, &mut Standings::default(), of.entity, id))?.unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let responsible: Option<User> = of.responsible.map(|id| r.linked(id)).transpose()?;
    Ok(Around {
        people: people_of(r, caller, p, &body, of.responsible)?,
        deficiency: may_report_deficiency(p, caller, &body),
        sees_plan: sees_plan(caller, &plan, &body),
        delete: of.id.is_some() && rights.may(Verb::ChangeControls, PlanVerb::Edit, &on),
        added: of.added,
        // What stands with a risk outside the plan is not followed up.
        adding: plan.status == PlanStatus::Adopted && risk.included,
        // Who has nothing to do with changing it is not told that they may not.
        hindrance: gone.or(all.filter(|_| !little)),
        writes: caller.sees(Verb::ChangeControls, &on),
        little,
        responsible: responsible.map_or_else(|| "–".into(), |user| user.name),
        stood,
        risk,
        plan,
        body,
    })
}

/// What was left as evidence of one that is there.
fn left<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask, of: Option<EvidenceOf>) -> Result<Option<Files<'a>>> {
    Ok(of.map(|of| files::of(r, caller, ask, of, None)).transpose()?.flatten())
}

/// What has been written about one that is there.
fn talk<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask, about: Option<About>) -> Result<Option<Notes<'a>>> {
    Ok(about.map(|about| notes::of(r, caller, ask, about)).transpose()?.flatten())
}

#[derive(Template)]
#[template(path = "pages/control.html")]
struct OfControl<'a> {
    p: &'a Frame,
    control: Option<Control>,
    said: ControlForm,
    around: Around,
    recurrences: String,
    often: Option<String>,
    recurrence_choices: Vec<Choice>,
    periods: Vec<Choice>,
    /// The indicators of the body and its year, to choose those that it follows from.
    indicators: Vec<Choice>,
    chosen: String,
    followed: Vec<FollowedIndicator>,
    form: Form<'a>,
    delete: Option<Form<'a>>,
    files: Option<Files<'a>>,
    notes: Option<Notes<'a>>,
}

pub fn control(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let control = measures::control(r, caller, ask.step("id")?)?;
    let tag = etag(&control)?;
    let form = ask.frame.form("changeControl", "control").at("id", control.id).tagged(tag.clone());
    let to = format!("/risks/{}", control.risk_id);
    let delete = ask.frame.form("deleteControl", "delete").at("id", control.id).tagged(tag).to(to.clone());
    of_control(r, caller, ask, control.risk_id, Some(control), form.to(to), Some(delete))
}

pub fn new_control(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let risk: Id = ask.step("id")?;
    let form = ask.frame.form("createControl", "control").at("id", risk).to(format!("/risks/{risk}"));
    of_control(r, caller, ask, risk, None, form, None)
}

fn of_control(
    r: &mut Reading,
    caller: &Caller,
    ask: &Ask,
    risk: Id,
    control: Option<Control>,
    form: Form<'_>,
    delete: Option<Form<'_>>,
) -> Result<String> {
    let p = &ask.frame;
    let said = control.as_ref().map(ControlForm::of).unwrap_or_default();
    let id = control.as_ref().map(|one| one.id);
    let added = control.as_ref().and_then(Control::added);
    let of =
        Of { entity: Control::ENTITY, id, risk, responsible: said.responsible_id, make: PlanVerb::AddControl, added };
    let around = around(r, caller, p, &of)?;
    let files = left(r, caller, ask, id.map(EvidenceOf::Control))?;
    let notes = talk(r, caller, ask, id.map(About::Control))?;
    let there = indicators::of_body(r, &around.body, around.plan.year)?.into_iter();
    ask.write(&OfControl {
        p,
        often: p.how_often(&said.frequency, &said.recurrences),
        indicators: there.map(|one| Choice::new(one.id.to_string(), one.name)).collect(),
        chosen: said.indicator_ids.iter().map(Id::to_string).collect::<Vec<_>>().join("\n"),
        followed: followed(r, caller, p, &around.body, &said.indicator_ids)?,
        recurrences: said.recurrences.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n"),
        recurrence_choices: p.words::<Recurrence>(),
        periods: p.choices::<Period>(),
        form,
        delete: delete.filter(|_| around.delete),
        files,
        notes,
        control,
        said,
        around,
    })
}

#[derive(Template)]
#[template(path = "pages/action.html")]
struct OfAction<'a> {
    p: &'a Frame,
    action: Option<Action>,
    said: ActionForm,
    money: FinancialEffect,
    around: Around,
    /// The day that it should have been completed on, and the period in which that is reported.
    late: Option<(NaiveDate, Period)>,
    controls: Vec<Choice>,
    from_control: Option<String>,
    form: Form<'a>,
    delete: Option<Form<'a>>,
    files: Option<Files<'a>>,
    notes: Option<Notes<'a>>,
}

pub fn action(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let action = measures::action(r, caller, ask.step("id")?)?;
    let tag = etag(&action)?;
    let form = ask.frame.form("changeAction", "action").at("id", action.id).tagged(tag.clone());
    let to = format!("/risks/{}", action.risk_id);
    let delete = ask.frame.form("deleteAction", "delete").at("id", action.id).tagged(tag).to(to.clone());
    of_action(r, caller, ask, action.risk_id, Some(action), form.to(to), Some(delete))
}

pub fn new_action(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let risk: Id = ask.step("id")?;
    let form = ask.frame.form("createAction", "action").at("id", risk).to(format!("/risks/{risk}"));
    of_action(r, caller, ask, risk, None, form, None)
}

fn of_action(
    r: &mut Reading,
    caller: &Caller,
    ask: &Ask,
    risk: Id,
    action: Option<Action>,
    form: Form<'_>,
    delete: Option<Form<'_>>,
) -> Result<String> {
    let p = &ask.frame;
    let said = action.as_ref().map(ActionForm::of).unwrap_or_default();
    let id = action.as_ref().map(|one| one.id);
    let added = action.as_ref().and_then(Action::added);
    let of =
        Of { entity: Action::ENTITY, id, risk, responsible: said.responsible_id, make: PlanVerb::AddAction, added };
    let around = around(r, caller, p, &of)?;
    let files = left(r, caller, ask, id.map(EvidenceOf::Action))?;
    let notes = talk(r, caller, ask, id.map(About::Action))?;
    let there = measures::controls_of(r, caller, risk, &Listing::all())?.items;
    let controls = p.or_none(there.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())));
    let from = said.from_control_id.and_then(|id| there.into_iter().find(|one| one.id == id));
    let open = around.stood.iter().all(|one| one.said.completed_on.is_empty());
    let due = said.end_date.filter(|end| p.is_now() && open && *end < r.today());
    let here = around.stood.iter().rfind(|one| one.may.report).map(|one| one.period);
    ask.write(&OfAction {
        p,
        late: due.zip(here),
        controls,
        from_control: from.map(|one| one.name),
        money: said.financial_effect.clone().unwrap_or_default(),
        form,
        delete: delete.filter(|_| around.delete),
        files,
        notes,
        action,
        said,
        around,
    })
}
