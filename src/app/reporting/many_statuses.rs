//! Many statuses at once, of controls and actions, of any plans and periods: all of them or none, with every refusal at its
//! place in the list.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::status_reports::{self as one, ActionReportForm, ControlReportForm};
use crate::app::caller::Caller;
use crate::app::contents::measures::{self, Part};
use crate::app::follow_up::limits;
use crate::app::follow_up::{Members, PeriodFrame};
use crate::app::plan::{self, Open};
use crate::app::reach;
use crate::app::sent::{Content, Envelope, Sent};
use crate::domain::follow_up::{self, PeriodVerb, ReportFault};
use crate::domain::life::Refusal;
use crate::domain::roles::{Target, Verb};
use crate::domain::values::{Counts, Reference, Secrecy};
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Period};
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Action, ActionReport, Control, ControlReport, Plan, Risk};
use crate::storage::{Id, Reading, Writing};

/// What a status is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Measure {
    Control,
    Action,
}

/// A status of the scale of controls, or of that of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnyStatus {
    Control(ControlStatus),
    Action(ActionStatus),
}

/// A status among many. What is left out of `counts`, `references`, `secrecy` and `realisedEffect` stays as it was reported
/// in the period before.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusItem {
    pub entity: Measure,
    /// The control, or the action.
    pub id: Id,
    pub period: Period,
    /// A control's or an action's, as its kind is.
    pub status: AnyStatus,
    /// An action's; `notAssessed` when not given.
    pub effect: Option<ActionEffect>,
    /// When an action was completed.
    #[schema(example = "2024-04-26")]
    pub completed_on: Option<NaiveDate>,
    /// An action's, in Mnkr with one decimal.
    #[schema(pattern = r"^-?[0-9]{1,7}(\.[0-9])?$", example = "1.5")]
    pub realised_effect: Option<String>,
    #[schema(min_length = 1, max_length = 20000, example = "Två av trettio stickprov saknade attest.")]
    pub comment: Option<String>,
    /// A control's.
    pub counts: Option<Counts>,
    #[schema(max_items = 50)]
    pub references: Option<Vec<Reference>>,
    /// Marking of secrecy of the comment.
    pub secrecy: Option<Secrecy>,
    /// The `sequence` of the status that this was made from, 0 where nothing had been reported. When it has another by now
    /// the item is refused (`changedMeanwhile`); without it the last one to report counts.
    #[schema(minimum = 0, example = 0)]
    pub sequence: Option<i32>,
}

/// Many statuses.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusesForm {
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<StatusItem>,
}

/// What came of reporting many statuses.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusesReported {
    #[schema(example = 23)]
    pub reported: usize,
    /// Said already what was sent: nothing happened.
    #[schema(example = 0)]
    pub unchanged: usize,
}

/// A part with its risk, its plan and where it stands for rights, if the caller knows that it is there.
fn seen<P: Part>(r: &mut Reading, caller: &Caller, id: Id) -> Result<Option<(P, Risk, Plan, Target)>> {
    let found = match measures::find::<P>(r, caller, id) {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    match caller.may(Verb::Report, &found.3) {
        Err(Error::NotFound) => Ok(None),
        _ => Ok(Some(found)),
    }
}

/// The controls and actions that a request names, before its form is judged.
fn named(sent: &Envelope) -> BTreeSet<(Measure, Id)> {
    let Content::Json(form) = &sent.content else { return BTreeSet::new() };
    let items = form.get("items").and_then(|items| items.as_array()).into_iter().flatten();
    let read = |item: &serde_json::Value| {
        let entity = serde_json::from_value(item.get("entity")?.clone()).ok()?;
        Some((entity, item.get("id")?.as_str()?.trim().parse().ok()?))
    };
    items.filter_map(read).collect()
}

/// The plans of what is named, once the caller may report each that they know of. What is not there is a fault of its item.
fn authorize(r: &mut Reading, caller: &Caller, sent: &Envelope) -> Result<BTreeSet<Id>> {
    let named = named(sent);
    know(r, caller, &named)?;
    let mut found = Vec::new();
    for (entity, id) in named {
        found.extend(match entity {
            Measure::Control => seen::<Control>(r, caller, id)?.map(|(.., plan, target)| (plan.id, target)),
            Measure::Action => seen::<Action>(r, caller, id)?.map(|(.., plan, target)| (plan.id, target)),
        });
    }
    caller.authorize_each(Verb::Report, found, sent)
}

/// Reads together what is asked of each.
fn know(r: &mut Reading, caller: &Caller, named: &BTreeSet<(Measure, Id)>) -> Result<()> {
    let of = |wanted: Measure| named.iter().filter(move |(entity, _)| *entity == wanted).map(|(_, id)| *id);
    let mut risks: Vec<Id> = r.all::<Control>(of(Measure::Control))?.iter().map(|control| control.risk_id).collect();
    risks.extend(r.all::<Action>(of(Measure::Action))?.iter().map(|action| action.risk_id));
    let risks: Vec<Risk> = r.all(risks)?;
    r.all::<Plan>(risks.iter().map(|risk| risk.plan_id))?;
    reach::know_targets(r, caller, &risks)
}

/// A plan under lock, with its periods and what of it is followed.
struct Locked {
    open: Open,
    frame: PeriodFrame,
    members: Members,
}

/// A report that was judged, to be stored.
enum Judged {
    Control(ControlReport),
    Action(ActionReport),
    Unchanged,
}

/// Reports many statuses, all or none.
pub fn report_many(w: &mut Writing, caller: &Caller, sent: &Sent<StatusesForm>) -> Result<StatusesReported> {
    let plans = authorize(w, caller, sent)?;
    let form = sent.judge()?;
    caller.user()?;
    let mut locked = HashMap::new();
    // Locked in the order of their ids, so that two who report the same do not wait for each other.
    for id in plans {
        let (_, body) = plan::load(w, id)?;
        let open = plan::lock(w, id, body)?;
        let frame = PeriodFrame::read(w, &open.plan)?;
        let members = Members::read(w, &frame)?;
        locked.insert(id, Locked { open, frame, members });
    }
    // Somebody else may answer for it since.
    authorize(w, caller, sent)?;
    let ids = |wanted: Measure| -> Vec<Id> {
        form.items.iter().filter(|item| item.entity == wanted).map(|item| item.id).collect()
    };
    w.reports_of_controls(&ids(Measure::Control))?;
    w.reports_of_actions(&ids(Measure::Action))?;
    let (mut faults, mut judged, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (n, item) in form.items.into_iter().enumerate() {
        let at = format!("/items/{n}");
        if !known.insert((item.entity, item.id, item.period)) {
            faults.push(Violation::new(
                at.clone(),
                "duplicate",
                "Samma kontroll eller åtgärd står två gånger för perioden.",
                "The same control or action stands twice for the period.",
            ));
        }
        let told = match item.entity {
            Measure::Control => control(w, caller, &locked, item, &at, &mut faults)?,
            Measure::Action => action(w, caller, &locked, item, &at, &mut faults)?,
        };
        judged.extend(told);
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut done = StatusesReported::default();
    for one in judged {
        let place = |plan: Id| {
            locked.get(&plan).map(|locked| locked.open.at).ok_or_else(|| Error::internal("a plan that is not locked"))
        };
        match one {
            Judged::Control(report) => {
                w.create(place(report.plan_id)?, "control.reported", &report)?;
            }
            Judged::Action(report) => {
                w.create(place(report.plan_id)?, "action.reported", &report)?;
            }
            Judged::Unchanged => {
                done.unchanged += 1;
                continue;
            }
        }
        done.reported += 1;
    }
    Ok(done)
}

fn refused(at: String, refusal: Refusal) -> Violation {
    Violation::new(at, refusal.code, refusal.sv, refusal.en)
}

/// What the period, the plan and the scale refuse of an item, whatever it is of.
fn limits_of(
    locked: &Locked,
    (item, sequence, is_followed): (&StatusItem, i32, bool),
    told: Vec<ReportFault>,
    (at, today): (&str, NaiveDate),
    faults: &mut Vec<Violation>,
) {
    if item.sequence.is_some_and(|from| from != sequence) {
        faults.push(Violation::changed_meanwhile(format!("{at}/sequence")));
    }
    faults.extend(told.into_iter().map(|(field, refusal)| refused(format!("{at}{field}"), refusal)));
    if let Err(refusal) = limits::may(&locked.frame, item.period, PeriodVerb::Report, today) {
        faults.push(refused(format!("{at}/period"), refusal));
    } else if !is_followed {
        faults.push(refused(format!("{at}/id"), one::outside_the_plan()));
    }
}

fn other_scale(at: &str) -> Violation {
    Violation::new(
        format!("{at}/status"),
        "otherScale",
        "Statusen hör till den andra skalan: kontroller och åtgärder har var sin.",
        "The status is of the other scale: controls and actions have one each.",
    )
}

fn control(
    w: &mut Writing,
    caller: &Caller,
    locked: &HashMap<Id, Locked>,
    item: StatusItem,
    at: &str,
    faults: &mut Vec<Violation>,
) -> Result<Option<Judged>> {
    let found = seen::<Control>(w, caller, item.id)?;
    let Some((control, risk, locked)) = found.and_then(|(c, risk, plan, _)| Some((c, risk, locked.get(&plan.id)?)))
    else {
        faults.push(Violation::unknown_reference(format!("{at}/id")));
        return Ok(None);
    };
    let AnyStatus::Control(status) = item.status else {
        faults.push(other_scale(at));
        return Ok(None);
    };
    let not_its = [
        ("effect", item.effect.is_some()),
        ("completedOn", item.completed_on.is_some()),
        ("realisedEffect", item.realised_effect.is_some()),
    ];
    faults.extend(not_its.into_iter().filter(|(_, given)| *given).map(|(field, _)| not_of_this(at, field)));
    let before = w.reports_of_control(item.id)?;
    let (control, is_followed) = one::followed_control(locked.members.at(item.period), &risk, &control)?;
    let standing = locked.frame.control(&control, &before, item.period);
    let current = one::control_view(item.id, item.period, &standing);
    let told = follow_up::control_faults(status, item.comment.is_some(), standing.due, item.period);
    limits_of(locked, (&item, current.sequence, is_followed), told, (at, w.today()), faults);
    let form = ControlReportForm {
        status,
        comment: item.comment,
        counts: item.counts.or_else(|| current.counts.clone().map(|kept| kept.0)),
        references: item.references.unwrap_or_else(|| current.references.0.clone()),
        secrecy: item.secrecy.or_else(|| current.secrecy.clone().map(|kept| kept.0)),
    };
    if one::same_control(&current, &form) {
        return Ok(Some(Judged::Unchanged));
    }
    Ok(Some(Judged::Control(one::control_report(caller, &control, item.period, form, &before, None)?)))
}

fn action(
    w: &mut Writing,
    caller: &Caller,
    locked: &HashMap<Id, Locked>,
    item: StatusItem,
    at: &str,
    faults: &mut Vec<Violation>,
) -> Result<Option<Judged>> {
    let found = seen::<Action>(w, caller, item.id)?;
    let Some((action, risk, locked)) = found.and_then(|(a, risk, plan, _)| Some((a, risk, locked.get(&plan.id)?)))
    else {
        faults.push(Violation::unknown_reference(format!("{at}/id")));
        return Ok(None);
    };
    let AnyStatus::Action(status) = item.status else {
        faults.push(other_scale(at));
        return Ok(None);
    };
    if item.counts.is_some() {
        faults.push(not_of_this(at, "counts"));
    }
    let before = w.reports_of_action(item.id)?;
    let (action, is_followed) = one::followed_action(locked.members.at(item.period), &risk, &action);
    let current =
        one::action_view(item.id, item.period, &locked.frame.action(&action, &before, item.period), w.today());
    let form = ActionReportForm {
        status,
        effect: item.effect.unwrap_or(ActionEffect::NotAssessed),
        completed_on: item.completed_on,
        realised_effect: item.realised_effect.clone().or_else(|| {
            // What was said in an earlier period is that period's.
            current.realised_effect.clone().filter(|_| current.sequence > 0)
        }),
        comment: item.comment.clone(),
        references: item.references.clone().unwrap_or_else(|| current.references.0.clone()),
        secrecy: item.secrecy.clone().or_else(|| current.secrecy.clone().map(|kept| kept.0)),
    };
    let told = follow_up::action_faults(&one::action_facts(&form, &action), item.period, w.today());
    limits_of(locked, (&item, current.sequence, is_followed), told, (at, w.today()), faults);
    if one::same_action(&current, &form) {
        return Ok(Some(Judged::Unchanged));
    }
    Ok(Some(Judged::Action(one::action_report(caller, &action, item.period, form, &before, None)?)))
}

fn not_of_this(at: &str, field: &str) -> Violation {
    Violation::new(
        format!("{at}/{field}"),
        "notOfThis",
        "Uppgiften hör inte till det som rapporteras.",
        "The field does not belong to what is reported.",
    )
}
