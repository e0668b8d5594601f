//! Many parts of a plan at once: who owns risks and answers for controls and actions, under which goal and in which category
//! risks stand, and between which days actions run. The same for all, or its own for each; all or none, by the rules of each.

use std::collections::HashSet;

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
use crate::storage::{Id, Stored, Writing};

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

/// What a part of a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PartKind {
    Risk,
    Control,
    Action,
}

/// What one part is given, among many. What is left out stays as it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartItem {
    pub entity: PartKind,
    pub id: Id,
    /// The `version` of the part that this was made from. When it has another by now the item is refused (`changedMeanwhile`);
    /// without it the last one to write counts.
    #[schema(minimum = 1, example = 1)]
    pub version: Option<i64>,
    /// A risk's.
    pub owner_id: Option<Id>,
    /// A risk's.
    pub goal_id: Option<Id>,
    /// A risk's.
    pub category: Option<Category>,
    #[schema(min_length = 1, max_length = 100, format = "name")]
    pub own_category: Option<String>,
    /// A risk's.
    pub response: Option<Response>,
    /// A control's or an action's.
    pub responsible_id: Option<Id>,
    /// An action's.
    #[schema(example = "2024-01-01")]
    pub start_date: Option<chrono::NaiveDate>,
    /// An action's.
    #[schema(example = "2024-12-31")]
    pub end_date: Option<chrono::NaiveDate>,
}

/// What each of many parts is given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartsForm {
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<PartItem>,
    /// Whoever is named is given the role that it takes where they have none. Only from whoever may give it; kept nowhere.
    #[serde(default)]
    #[schema(example = false)]
    pub grant_role: bool,
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
    let mut done = Done {
        plan: open.plan.id,
        grant: form.grant_role,
        faults: unused(&form, [&of_risks, &of_controls, &of_actions]),
        told: Assigned::default(),
    };
    done.all::<Risk>(w, "riskIds", &form.risk_ids, &of_risks, |w, id, sent| {
        risks::change(w, caller, id, sent).map(drop)
    })?;
    done.all::<Control>(w, "controlIds", &form.control_ids, &of_controls, |w, id, sent| {
        measures::change_control(w, caller, id, sent).map(drop)
    })?;
    done.all::<Action>(w, "actionIds", &form.action_ids, &of_actions, |w, id, sent| {
        measures::change_action(w, caller, id, sent).map(drop)
    })?;
    if done.faults.is_empty() { Ok(done.told) } else { Err(Error::Invalid(done.faults)) }
}

/// What can be given something.
trait Assignable: Stored {
    type Form: Form + Serialize;
    fn plan(&self) -> Id;
    fn name(&self) -> &str;
    /// What is written of it now.
    fn form(&self) -> Self::Form;
}

impl Assignable for Risk {
    type Form = RiskForm;
    fn plan(&self) -> Id {
        self.plan_id
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn form(&self) -> RiskForm {
        RiskForm::of(self)
    }
}

impl Assignable for Control {
    type Form = ControlForm;
    fn plan(&self) -> Id {
        self.plan_id
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn form(&self) -> ControlForm {
        ControlForm::of(self)
    }
}

impl Assignable for Action {
    type Form = ActionForm;
    fn plan(&self) -> Id {
        self.plan_id
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn form(&self) -> ActionForm {
        ActionForm::of(self)
    }
}

/// What has come of it so far.
struct Done {
    plan: Id,
    grant: bool,
    faults: Vec<Violation>,
    told: Assigned,
}

impl Done {
    /// Gives each of a kind what differs from what it has.
    fn all<T: Assignable>(
        &mut self,
        w: &mut Writing,
        field: &str,
        ids: &[Id],
        patch: &Map<String, Value>,
        change: impl Fn(&mut Writing, Id, &Sent<T::Form>) -> Result<()>,
    ) -> Result<()> {
        for (n, id) in ids.iter().enumerate() {
            let at = format!("/{field}/{n}");
            let Some(found) = w.find::<T>(*id)?.filter(|one| one.plan() == self.plan) else {
                self.faults.push(Violation::unknown_reference(at));
                continue;
            };
            let Some(sent) = differing(&found.form(), patch, self.grant)? else {
                self.told.unchanged += 1;
                continue;
            };
            match change(w, *id, &sent) {
                Ok(()) => self.told.changed += 1,
                Err(Error::NotFound) => self.faults.push(Violation::unknown_reference(at)),
                Err(Error::Conflict { code, said }) => {
                    let about = |text: &str| format!("{}: {text}", found.name());
                    self.faults.push(Violation::new(at, code, about(&said.sv), about(&said.en)));
                }
                // What is wrong with what all are given is said once.
                Err(Error::Invalid(all)) => {
                    for fault in all {
                        let known = |one: &Violation| (&one.pointer, one.code) == (&fault.pointer, fault.code);
                        if !self.faults.iter().any(known) {
                            self.faults.push(fault);
                        }
                    }
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}

/// The change of one in which something differs from what it has; none where nothing does.
fn differing<F: Form + Serialize>(now: &F, patch: &Map<String, Value>, grant: bool) -> Result<Option<Sent<F>>> {
    let now = serde_json::to_value(now).map_err(Error::internal)?;
    let differs = patch.iter().filter(|(field, new)| now.get(*field) != Some(*new));
    let mut differs: Map<String, Value> = differs.map(|(field, new)| (field.clone(), new.clone())).collect();
    if differs.is_empty() {
        return Ok(None);
    }
    if grant {
        differs.insert("grantRole".to_owned(), Value::Bool(true));
    }
    // The caller's own conditions are met by now, and each verb asks its own rights.
    let envelope = Envelope { content: Content::Json(Value::Object(differs)), ..Envelope::default() };
    Ok(Some(Sent::from(envelope)))
}

impl PartItem {
    /// What it sets, with whether a part of its kind has that.
    fn set(&self) -> Vec<(&'static str, Value, bool)> {
        use PartKind::{Action, Risk};
        let all = [
            ("ownerId", value(&self.owner_id), self.entity == Risk),
            ("goalId", value(&self.goal_id), self.entity == Risk),
            ("category", value(&self.category), self.entity == Risk),
            ("ownCategory", value(&self.own_category), self.entity == Risk),
            ("response", value(&self.response), self.entity == Risk),
            ("responsibleId", value(&self.responsible_id), self.entity != Risk),
            ("startDate", value(&self.start_date), self.entity == Action),
            ("endDate", value(&self.end_date), self.entity == Action),
        ];
        all.into_iter().filter_map(|(name, value, has)| Some((name, value?, has))).collect()
    }
}

/// The version of a part of a plan; none where there is no such part.
fn version_of<T: Assignable>(w: &mut Writing, plan: Id, id: Id) -> Result<Option<i64>> {
    Ok(w.find::<T>(id)?.filter(|one| one.plan() == plan).map(|one| one.version()))
}

/// Gives each of the parts of a plan that are named its own.
pub fn assign_each(w: &mut Writing, caller: &Caller, plan: Id, sent: &Sent<PartsForm>) -> Result<Assigned> {
    let plan = plan::open(w, caller, plan, Verb::EditPlan, sent)?.plan.id;
    let form = sent.judge()?;
    let (mut faults, mut sound, mut known) = (Vec::new(), Vec::new(), HashSet::new());
    // Each is looked at as it was before any of them is changed: one can move another.
    for (n, item) in form.items.iter().enumerate() {
        let (at, before) = (format!("/items/{n}"), faults.len());
        if !known.insert((item.entity, item.id)) {
            let (sv, en) = ("Den står två gånger i listan.", "It stands twice in the list.");
            faults.push(Violation::new(at.clone(), "duplicate", sv, en));
        }
        let version = match item.entity {
            PartKind::Risk => version_of::<Risk>(w, plan, item.id)?,
            PartKind::Control => version_of::<Control>(w, plan, item.id)?,
            PartKind::Action => version_of::<Action>(w, plan, item.id)?,
        };
        match version {
            None => faults.push(Violation::unknown_reference(format!("{at}/id"))),
            Some(now) if item.version.is_some_and(|from| from != now) => {
                faults.push(Violation::changed_meanwhile(format!("{at}/version")));
            }
            Some(_) => {}
        }
        for (field, ..) in item.set().into_iter().filter(|(.., has)| !has) {
            let (sv, en) = ("Uppgiften hör inte till den.", "It has no such thing.");
            faults.push(Violation::new(format!("{at}/{field}"), "notOfThis", sv, en));
        }
        if faults.len() == before {
            sound.push((at, item));
        }
    }
    let mut told = Assigned::default();
    for (at, item) in sound {
        let patch: Map<String, Value> =
            item.set().into_iter().map(|(field, value, _)| (field.to_owned(), value)).collect();
        let (id, grant) = (item.id, form.grant_role);
        let changed = match item.entity {
            PartKind::Risk => {
                give::<Risk>(w, id, &patch, grant, |w, sent| risks::change(w, caller, id, sent).map(drop))
            }
            PartKind::Control => {
                give::<Control>(w, id, &patch, grant, |w, sent| measures::change_control(w, caller, id, sent).map(drop))
            }
            PartKind::Action => {
                give::<Action>(w, id, &patch, grant, |w, sent| measures::change_action(w, caller, id, sent).map(drop))
            }
        };
        match changed {
            Ok(true) => told.changed += 1,
            Ok(false) => told.unchanged += 1,
            Err(Error::NotFound) => faults.push(Violation::unknown_reference(format!("{at}/id"))),
            Err(Error::Conflict { code, said }) => faults.push(Violation::new(at, code, said.sv, said.en)),
            Err(Error::Invalid(all)) => faults.extend(all.into_iter().map(|fault| {
                let pointer = format!("{at}{}", fault.pointer);
                Violation { pointer, ..fault }
            })),
            Err(other) => return Err(other),
        }
    }
    if faults.is_empty() { Ok(told) } else { Err(Error::Invalid(faults)) }
}

/// Gives a part what differs from what it has; whether anything does.
fn give<T: Assignable>(
    w: &mut Writing,
    id: Id,
    patch: &Map<String, Value>,
    grant: bool,
    change: impl FnOnce(&mut Writing, &Sent<T::Form>) -> Result<()>,
) -> Result<bool> {
    let found: T = w.find(id)?.ok_or(Error::NotFound)?;
    let Some(sent) = differing(&found.form(), patch, grant)? else { return Ok(false) };
    change(w, &sent)?;
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
