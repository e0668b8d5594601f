//! A control or an action of a risk: making it, changing it, taking it away.

use askama::Template;

use super::known::people_of;
use crate::app::measures::{self, FinancialEffect};
use crate::app::submission::etag;
use crate::app::{Caller, plans, risks};
use crate::domain::words::{Period, Recurrence};
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{Action, Control, Organisation, Plan, Risk};
use crate::storage::{Id, Reading};
use crate::web::Ask;
use crate::web::form::{Choice, Form, words};
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "pages/control.html")]
struct OfControl<'a> {
    p: &'a Frame,
    control: Option<Control>,
    risk: Risk,
    recurrences: String,
    recurrence_choices: Vec<Choice>,
    periods: Vec<Choice>,
    people: Vec<Choice>,
    form: Form<'a>,
    delete: Option<Form<'a>>,
}

pub fn control(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let control = measures::control(r, caller, ask.step("id")?)?;
    let tag = etag(&control)?;
    let to = format!("/risks/{}", control.risk_id);
    let form = ask.frame.form("changeControl", "control").at("id", control.id).tagged(tag.clone()).to(to.clone());
    let delete = ask.frame.form("deleteControl", "delete").at("id", control.id).tagged(tag).to(to);
    of_control(r, caller, ask, control.risk_id, Some(control), form, Some(delete))
}

pub fn new_control(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let risk: Id = ask.step("id")?;
    let form = ask.frame.form("createControl", "control").at("id", risk).to(format!("/risks/{risk}"));
    of_control(r, caller, ask, risk, None, form, None)
}

/// The risk, and the body in whose plan it stands.
fn around(r: &mut Reading, caller: &Caller, risk: Id) -> Result<(Risk, Plan, Organisation)> {
    let (risk, plan) = risks::see(r, caller, risk)?;
    let (plan, body) = plans::load(r, plan.id)?;
    Ok((risk, plan, body))
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
    let (risk, _, body) = around(r, caller, risk)?;
    let people = people_of(r, caller, p, &body, control.as_ref().and_then(|c| c.responsible_id))?;
    let recurrences: Vec<Recurrence> = match &control {
        Some(control) => control.recurrences.read().map_err(Error::internal)?,
        None => Vec::new(),
    };
    let recurrences = recurrences.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n");
    ask.write(&OfControl {
        p,
        control,
        risk,
        recurrences,
        recurrence_choices: words::<Recurrence>(p.language),
        periods: p.choices::<Period>(),
        people,
        form,
        delete,
    })
}

#[derive(Template)]
#[template(path = "pages/action.html")]
struct OfAction<'a> {
    p: &'a Frame,
    action: Option<Action>,
    risk: Risk,
    adopted: bool,
    money: FinancialEffect,
    people: Vec<Choice>,
    controls: Vec<Choice>,
    form: Form<'a>,
    delete: Option<Form<'a>>,
}

pub fn action(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let action = measures::action(r, caller, ask.step("id")?)?;
    let tag = etag(&action)?;
    let to = format!("/risks/{}", action.risk_id);
    let form = ask.frame.form("changeAction", "action").at("id", action.id).tagged(tag.clone()).to(to.clone());
    let delete = ask.frame.form("deleteAction", "delete").at("id", action.id).tagged(tag).to(to);
    of_action(r, caller, ask, action.risk_id, Some(action), form, Some(delete))
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
    let (risk, plan, body) = around(r, caller, risk)?;
    let people = people_of(r, caller, p, &body, action.as_ref().and_then(|a| a.responsible_id))?;
    let mut controls = vec![Choice::new("", p.say("choose-none"))];
    controls.extend(
        measures::controls_of(r, caller, risk.id, &Listing::all())?
            .items
            .into_iter()
            .map(|c| Choice::new(c.id.to_string(), c.name)),
    );
    let money = action.as_ref().and_then(|action| action.financial_effect.as_ref()).map(|json| json.read());
    let money: Option<FinancialEffect> = money.transpose().map_err(Error::internal)?;
    ask.write(&OfAction {
        p,
        action,
        risk,
        adopted: plan.adopted_revision.is_some(),
        money: money.unwrap_or_default(),
        people,
        controls,
        form,
        delete,
    })
}
