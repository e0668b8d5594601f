//! Controls and actions over plans and years, by how they stand in their plans' follow-up: which are late, which have a
//! status in a period, and which lack one.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use chrono::NaiveDate;

use super::status_reports::{ActionStatusView, ControlStatusView, action_view, control_view};
use crate::app::caller::Caller;
use crate::app::contents::measures::{self, Part};
use crate::app::follow_up::Followed;
use crate::app::follow_up::limits::is_followed;
use crate::app::reach;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{ActionStatus, ControlStatus, Period, Word};
use crate::error::{Error, Result};
use crate::storage::queries::{Any, Listing, Page, PartFilter};
use crate::storage::records::{Action, Control, Plan, Risk, User};
use crate::storage::{Id, Reading};

/// By what of their follow-up they are chosen.
#[derive(Debug, Clone)]
pub struct StandingFilter<S> {
    /// In which the status is looked for; the first open one of each plan when not given.
    pub period: Option<Period>,
    pub status: Any<S>,
    /// Those that are due in the period and have, or lack, a status.
    pub reported: Option<bool>,
    /// Those that are late, or the others.
    pub late: Option<bool>,
}

impl<S: Copy + PartialEq> StandingFilter<S> {
    fn is_empty(&self) -> bool {
        !self.status.is_given() && self.reported.is_none() && self.late.is_none()
    }
}

/// How a control or an action stands.
#[derive(Debug, Clone)]
pub struct Standing<V> {
    /// In the period that was asked for, or the first open one of its plan.
    pub view: V,
    /// A status of it is missing after the last day to report, or, of an action, its end date has passed and it is not
    /// completed.
    pub late: bool,
}

/// What a list of controls and one of actions have in common.
pub trait Listed: Part {
    type Status: Word + PartialEq + FromStr;
    type View;
    fn list(r: &mut Reading, caller: &Caller, filter: &PartFilter, listing: &Listing) -> Result<Page<Self>>;
    /// Who is responsible for what the list would show.
    fn responsible_people(r: &mut Reading, caller: &Caller, filter: &PartFilter, most: i64) -> Result<Vec<User>>;
    /// How it stands, if it is followed up in that period.
    fn stands(&self, followed: &Followed, period: Period, today: NaiveDate) -> Option<Self::View>;
    /// Whether it is late.
    fn is_late(&self, followed: &Followed, today: NaiveDate) -> bool;
    fn status(view: &Self::View) -> Option<Self::Status>;
    /// Whether it has a status, of what is due.
    fn is_reported(view: &Self::View) -> Option<bool>;
}

impl Listed for Control {
    type Status = ControlStatus;
    type View = ControlStatusView;

    fn list(r: &mut Reading, caller: &Caller, filter: &PartFilter, listing: &Listing) -> Result<Page<Self>> {
        measures::controls(r, caller, filter, listing)
    }
    fn responsible_people(r: &mut Reading, caller: &Caller, filter: &PartFilter, most: i64) -> Result<Vec<User>> {
        measures::responsible_for_controls(r, caller, filter, most)
    }
    fn stands(&self, followed: &Followed, period: Period, _: NaiveDate) -> Option<ControlStatusView> {
        let control = followed.at(period).controls.iter().find(|one| one.id == self.id)?;
        Some(control_view(self.id, period, &followed.control(control, period)))
    }
    fn is_late(&self, followed: &Followed, today: NaiveDate) -> bool {
        let Some(control) = followed.now().controls.iter().find(|one| one.id == self.id) else { return false };
        past_last_day(followed, today).any(|period| {
            let standing = followed.control(control, period);
            standing.due && standing.report.is_none()
        })
    }
    fn status(view: &ControlStatusView) -> Option<ControlStatus> {
        view.status
    }
    fn is_reported(view: &ControlStatusView) -> Option<bool> {
        view.due.then_some(view.sequence > 0)
    }
}

impl Listed for Action {
    type Status = ActionStatus;
    type View = ActionStatusView;

    fn list(r: &mut Reading, caller: &Caller, filter: &PartFilter, listing: &Listing) -> Result<Page<Self>> {
        measures::actions(r, caller, filter, listing)
    }
    fn responsible_people(r: &mut Reading, caller: &Caller, filter: &PartFilter, most: i64) -> Result<Vec<User>> {
        measures::responsible_for_actions(r, caller, filter, most)
    }
    fn stands(&self, followed: &Followed, period: Period, today: NaiveDate) -> Option<ActionStatusView> {
        let action = followed.at(period).actions.iter().find(|one| one.id == self.id)?;
        Some(action_view(self.id, period, &followed.action(action, period), today))
    }
    fn is_late(&self, followed: &Followed, today: NaiveDate) -> bool {
        let Some(action) = followed.now().actions.iter().find(|one| one.id == self.id) else { return false };
        followed.action(action, Period::Annual).is_overdue(today)
            || past_last_day(followed, today).any(|period| {
                let standing = followed.action(action, period);
                standing.due && standing.report.is_none()
            })
    }
    fn status(view: &ActionStatusView) -> Option<ActionStatus> {
        view.status
    }
    fn is_reported(view: &ActionStatusView) -> Option<bool> {
        view.due.then_some(view.sequence > 0)
    }
}

/// The open periods whose last day to report has passed.
fn past_last_day(followed: &Followed, today: NaiveDate) -> impl Iterator<Item = Period> {
    let frame = &followed.frame;
    let late =
        move |period: &Period| !frame.is_closed(*period) && frame.deadline(*period).1.is_some_and(|last| last < today);
    Period::ALL.iter().copied().filter(late)
}

/// The page of a list, of what the caller may see.
pub fn list<P: Listed>(
    r: &mut Reading,
    caller: &Caller,
    filter: &PartFilter,
    by: &StandingFilter<P::Status>,
    listing: &Listing,
) -> Result<Page<P>> {
    if by.is_empty() {
        return P::list(r, caller, filter, listing);
    }
    // How one stands is computed, so no question to the database can choose by it.
    let mut all = P::list(r, caller, filter, &listing.whole())?.items;
    let known = standings(r, caller, &all, by.period)?;
    all.retain(|part| {
        let standing = known.get(&part.id());
        let late = standing.is_some_and(|one| one.late);
        let status = standing.and_then(|one| P::status(&one.view));
        let reported = standing.and_then(|one| P::is_reported(&one.view));
        by.late.is_none_or(|wanted| wanted == late)
            && by.status.takes_maybe(status)
            && by.reported.is_none_or(|wanted| reported == Some(wanted))
    });
    Ok(listing.cut(all))
}

/// How some of them stand, in the period that is asked for or else in the first open one of each plan: those whose follow-up
/// the caller may see, and that are followed up.
pub fn standings<P: Listed>(
    r: &mut Reading,
    caller: &Caller,
    parts: &[P],
    wanted: Option<Period>,
) -> Result<HashMap<Id, Standing<P::View>>> {
    let seen = follow_up_seen(r, caller, parts)?;
    let risks: Vec<Risk> = r.all(parts.iter().map(Part::risk))?;
    let plan_of: HashMap<Id, Id> = risks.iter().map(|risk| (risk.id, risk.plan_id)).collect();
    let plans: Vec<Plan> = r.all(plan_of.values().copied())?;
    // Of a plan that was never adopted nothing is said.
    let adopted: Vec<&Plan> = plans.iter().filter(|plan| plan.adopted_revision.is_some()).collect();
    let read = Followed::read_all(r, &adopted)?;
    let followed: HashMap<Id, &Followed> = adopted.iter().zip(&read).map(|(plan, one)| (plan.id, one)).collect();
    let today = r.today();
    let mut all = HashMap::new();
    for part in parts.iter().filter(|part| seen.contains(&part.id())) {
        let Some(followed) = plan_of.get(&part.risk()).and_then(|plan| followed.get(plan)) else { continue };
        let plan = &followed.frame.plan;
        let period = wanted.or_else(|| followed.frame.first_open(today)).unwrap_or(Period::Annual);
        let Some(view) = part.stands(followed, period, today) else { continue };
        let late = is_followed(plan) && part.is_late(followed, today);
        all.insert(part.id(), Standing { view, late });
    }
    Ok(all)
}

/// Those of them whose follow-up the caller may see.
pub fn follow_up_seen<P: Part>(r: &mut Reading, caller: &Caller, parts: &[P]) -> Result<HashSet<Id>> {
    let risks: HashMap<Id, Risk> =
        r.all::<Risk>(parts.iter().map(Part::risk))?.into_iter().map(|risk| (risk.id, risk)).collect();
    reach::know_targets(r, caller, risks.values())?;
    let plans: HashMap<Id, Plan> =
        r.all::<Plan>(risks.values().map(|risk| risk.plan_id))?.into_iter().map(|plan| (plan.id, plan)).collect();
    let mut seen = HashSet::new();
    for part in parts {
        let risk = risks.get(&part.risk()).ok_or_else(|| Error::internal("a part without its risk"))?;
        let plan = plans.get(&risk.plan_id).ok_or_else(|| Error::internal("a risk without its plan"))?;
        let target = reach::target(r, caller, risk, plan)?;
        let target = Target::Part { risk: target, responsible: part.responsible().map(|user| user.0) };
        if caller.sees(Verb::SeeFollowUp, &target) {
            seen.insert(part.id());
        }
    }
    Ok(seen)
}
