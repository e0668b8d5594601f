//! The same for many parts of a plan at once: who owns risks and answers for controls and actions, under which goal and in
//! which category risks stand, and between which days actions run. All or none, by the rules of each.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::measures::{self, ActionForm, ControlForm};
use super::risks::{self, RiskForm};
use crate::app::caller::Caller;
use crate::app::plan;
use crate::app::sent::{Content, Envelope, Form, Sent};
use crate::domain::roles::Verb;
use crate::domain::words::{Category, Response};
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Action, Control, Risk};
use crate::storage::{Id, Writing};

/// What many are given, and which. What is left out stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssignmentsForm {
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub risk_ids: Vec<Id>,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub control_ids: Vec<Id>,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub action_ids: Vec<Id>,
    /// Who owns the risks.
    pub owner_id: Option<Id>,
    /// Who answers for the controls and the actions.
    pub responsible_id: Option<Id>,
    /// Whoever is named is given the role that it takes where they have none. Only from whoever may give it; kept nowhere.
    #[serde(default)]
    #[schema(example = false)]
    pub grant_role: bool,
    /// The goal of the risks.
    pub goal_id: Option<Id>,
    /// The category of the risks.
    pub category: Option<Category>,
    #[schema(min_length = 1, max_length = 100, format = "name")]
    pub own_category: Option<String>,
    /// How the risks are met.
    pub response: Option<Response>,
    /// When the actions begin.
    #[schema(example = "2024-01-01")]
    pub start_date: Option<chrono::NaiveDate>,
    /// When the actions are to be completed.
    #[schema(example = "2024-12-31")]
    pub end_date: Option<chrono::NaiveDate>,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assigned {
    #[schema(example = 22)]
    pub changed: usize,
    /// Stood so already.
    #[schema(example = 0)]
    pub unchanged: usize,
}

/// What is set in each of a kind, as a merge patch.
fn patch(fields: &[(&str, Option<Value>)]) -> Map<String, Value> {
    fields.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))).collect()
}

fn value(of: &impl Serialize) -> Option<Value> {
    serde_json::to_value(of).ok().filter(|value| !value.is_null())
}

/// Gives the parts of a plan that are named what was sent.
pub fn assign(w: &mut Writing, caller: &Caller, plan: Id, sent: &Sent<AssignmentsForm>) -> Result<Assigned> {
    let open = plan::open(w, caller, plan, Verb::EditPlan, sent)?;
    let form = sent.judge()?;
    let grant = form.grant_role.then_some(Value::Bool(true));
    let of_risks = patch(&[
        ("ownerId", value(&form.owner_id)),
        ("goalId", value(&form.goal_id)),
        ("category", value(&form.category)),
        ("ownCategory", value(&form.own_category)),
        ("response", value(&form.response)),
    ]);
    let of_controls = patch(&[("responsibleId", value(&form.responsible_id))]);
    let of_actions = patch(&[
        ("responsibleId", value(&form.responsible_id)),
        ("startDate", value(&form.start_date)),
        ("endDate", value(&form.end_date)),
    ]);
    let mut faults = unused(&form, [&of_risks, &of_controls, &of_actions]);
    let mut done = Assigned::default();
    let mut told =
        |at: String, name: Option<String>, result: Result<bool>, faults: &mut Vec<Violation>| -> Result<()> {
            match (name, result) {
                (_, Ok(true)) => done.changed += 1,
                (_, Ok(false)) => done.unchanged += 1,
                // It is another plan's, or nobody's.
                (None, Err(_)) | (_, Err(Error::NotFound)) => faults.push(Violation::unknown_reference(at)),
                (Some(name), Err(Error::Conflict { code, said })) => {
                    let about = |text: &str| format!("{name}: {text}");
                    faults.push(Violation::new(at, code, about(&said.sv), about(&said.en)));
                }
                // What is wrong with what all are given is said once.
                (Some(_), Err(Error::Invalid(all))) => {
                    for fault in all {
                        if !faults.iter().any(|one| (&one.pointer, one.code) == (&fault.pointer, fault.code)) {
                            faults.push(fault);
                        }
                    }
                }
                (_, Err(other)) => return Err(other),
            }
            Ok(())
        };
    for (n, id) in form.risk_ids.iter().enumerate() {
        let found = w.find::<Risk>(*id)?.filter(|risk| risk.plan_id == open.plan.id);
        let name = found.as_ref().map(|risk| risk.name.clone());
        let result = match &found {
            Some(risk) => each(&RiskForm::of(risk), &of_risks, grant.as_ref(), |sent| {
                risks::change(w, caller, *id, sent).map(drop)
            }),
            None => Err(Error::NotFound),
        };
        told(format!("/riskIds/{n}"), name, result, &mut faults)?;
    }
    for (n, id) in form.control_ids.iter().enumerate() {
        let found = w.find::<Control>(*id)?.filter(|control| control.plan_id == open.plan.id);
        let name = found.as_ref().map(|control| control.name.clone());
        let result = match &found {
            Some(control) => each(&ControlForm::of(control), &of_controls, grant.as_ref(), |sent| {
                measures::change_control(w, caller, *id, sent).map(drop)
            }),
            None => Err(Error::NotFound),
        };
        told(format!("/controlIds/{n}"), name, result, &mut faults)?;
    }
    for (n, id) in form.action_ids.iter().enumerate() {
        let found = w.find::<Action>(*id)?.filter(|action| action.plan_id == open.plan.id);
        let name = found.as_ref().map(|action| action.name.clone());
        let result = match &found {
            Some(action) => each(&ActionForm::of(action), &of_actions, grant.as_ref(), |sent| {
                measures::change_action(w, caller, *id, sent).map(drop)
            }),
            None => Err(Error::NotFound),
        };
        told(format!("/actionIds/{n}"), name, result, &mut faults)?;
    }
    if faults.is_empty() { Ok(done) } else { Err(Error::Invalid(faults)) }
}

/// Changes one where something of it differs. Whether it did.
fn each<F: Form + Serialize>(
    now: &F,
    patch: &Map<String, Value>,
    grant: Option<&Value>,
    change: impl FnOnce(&Sent<F>) -> Result<()>,
) -> Result<bool> {
    let now = serde_json::to_value(now).map_err(Error::internal)?;
    let mut differs: Map<String, Value> = patch
        .iter()
        .filter(|(field, new)| now.get(*field) != Some(*new))
        .map(|(f, v)| (f.clone(), v.clone()))
        .collect();
    if differs.is_empty() {
        return Ok(false);
    }
    differs.extend(grant.map(|grant| ("grantRole".to_owned(), grant.clone())));
    // The caller's own conditions are met by now, and each verb asks its own rights.
    let envelope = Envelope { content: Content::Json(Value::Object(differs)), ..Envelope::default() };
    change(&Sent::from(envelope))?;
    Ok(true)
}

/// What was sent for a kind of which nothing is named, and what was not sent at all.
fn unused(form: &AssignmentsForm, [of_risks, of_controls, of_actions]: [&Map<String, Value>; 3]) -> Vec<Violation> {
    let mut faults = Vec::new();
    let named = [
        ("/riskIds", !form.risk_ids.is_empty(), of_risks),
        ("/controlIds", !form.control_ids.is_empty(), of_controls),
        ("/actionIds", !form.action_ids.is_empty(), of_actions),
    ];
    if named.iter().all(|(_, some, _)| !some) {
        faults.push(Violation::new(
            "/riskIds",
            "nothingNamed",
            "Välj de risker, kontroller eller åtgärder som ska ändras.",
            "Choose the risks, controls or actions that are to be changed.",
        ));
        return faults;
    }
    if named.iter().all(|(.., fields)| fields.is_empty()) {
        faults.push(Violation::new(
            "/ownerId",
            "nothingSet",
            "Ange minst en uppgift som de valda ska få.",
            "Give at least one thing that the chosen ones are to have.",
        ));
        return faults;
    }
    for field in of_risks.keys().chain(of_controls.keys()).chain(of_actions.keys()) {
        if !named.iter().any(|(_, some, fields)| *some && fields.contains_key(field)) {
            let at = format!("/{field}");
            if faults.iter().all(|fault: &Violation| fault.pointer != at) {
                faults.push(Violation::new(
                    at,
                    "notOfThis",
                    "Ingen av de valda har den uppgiften.",
                    "None of the chosen ones has this.",
                ));
            }
        }
    }
    for (at, some, fields) in named {
        if some && fields.is_empty() {
            faults.push(Violation::new(
                at,
                "nothingSet",
                "Ingen av de angivna uppgifterna gäller dem som är valda här.",
                "Nothing of what is given concerns those that are chosen here.",
            ));
        }
    }
    faults
}
