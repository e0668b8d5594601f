//! What a person owes: statuses that are due, assessments to confirm, or to make when the last action is completed, actions
//! that are late, suspicions of crime to act on, recommendations to answer; and what their office asks of them.

use std::collections::HashSet;

use chrono::NaiveDate;

pub use super::task::Task;
use super::{offices, outcomes};
use crate::app::caller::Caller;
use crate::app::contents::measures::Part;
use crate::app::findings::deficiencies;
use crate::app::follow_up::Followed;
use crate::app::follow_up::limits::is_followed;
use crate::app::places::{path_ids, plan_state};
use crate::app::reach;
use crate::domain::follow_up::{self, PeriodVerb};
use crate::domain::life::{self, PlanVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{Language, Period, TaskKind};
use crate::error::Result;
use crate::storage::queries::{Any, Listing, Page};
use crate::storage::records::{Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Timestamp};

/// How far ahead is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// What is owed today.
    Today,
    /// The rest of the year too: periods that have not begun, actions that are not late.
    Year,
}

/// What the caller owes, what is due first on top.
pub fn list(
    r: &mut Reading,
    caller: &Caller,
    language: Language,
    kind: impl Into<Any<TaskKind>>,
    listing: &Listing,
) -> Result<Page<Task>> {
    let mut tasks = all(r, caller)?;
    let kind = kind.into();
    tasks.retain(|task| kind.takes(task.kind));
    Ok(listing.cut(tasks).map(|task| task.told(language)))
}

/// All that the caller owes today, by name and by office, what is due first on top: what the list, its page and the weekly
/// letter tell.
pub fn all(r: &mut Reading, caller: &Caller) -> Result<Vec<Task>> {
    let mut tasks = by_name(r, caller, Horizon::Today)?;
    offices::owed(r, caller, &mut tasks)?;
    outcomes::owed(r, caller, &mut tasks)?;
    in_their_words(r, tasks)
}

/// All that is asked of the caller by name, what is due first on top: what calendars say, too.
pub fn owed(r: &mut Reading, caller: &Caller, horizon: Horizon) -> Result<Vec<Task>> {
    let tasks = by_name(r, caller, horizon)?;
    in_their_words(r, tasks)
}

/// Tasks in the words of whom they concern, what is due first on top.
fn in_their_words(r: &mut Reading, mut tasks: Vec<Task>) -> Result<Vec<Task>> {
    offices::spoken(r, &mut tasks)?;
    tasks.sort_by_key(in_order);
    Ok(tasks)
}

/// What is asked of the caller by name. However much it is, and in however many plans, it is read together.
fn by_name(r: &mut Reading, caller: &Caller, horizon: Horizon) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    let concerning = r.plans_concerning(caller.id())?;
    let plans: Vec<Plan> = r.all(concerning)?;
    r.all::<Organisation>(plans.iter().map(|plan| plan.organisation_id))?;
    let followed: Vec<&Plan> = plans.iter().filter(|plan| is_followed(plan)).collect();
    let followed = Followed::read_all(r, &followed)?;
    let assessed: Vec<Id> = plans.iter().filter(|plan| is_assessed(plan, r.today())).map(|plan| plan.id).collect();
    let drafted = r.risks_of_plans(&assessed)?;
    let mine = followed.iter().flat_map(|followed| concerned(followed, caller.id()));
    let owned = drafted.values().flatten().filter(|risk| risk.owner_id == Some(caller.id()));
    reach::know_targets(r, caller, mine.chain(owned))?;
    let mut done = Vec::new();
    let mut followed = followed.iter();
    for plan in &plans {
        let body: Organisation = r.linked(plan.organisation_id)?;
        let of_plan = Of { plan, body: &body };
        if is_followed(plan)
            && let Some(followed) = followed.next()
        {
            statuses(r, caller, &of_plan, followed, horizon, &mut tasks)?;
            completed(r, caller, &of_plan, followed, &mut done)?;
        }
        assessments(r, caller, &of_plan, drafted.get(&plan.id).map_or(&[], Vec::as_slice), &mut tasks)?;
    }
    reassessments(r, done, &mut tasks)?;
    answers(r, caller, &mut tasks)?;
    Ok(tasks)
}

/// The caller's own risks whose actions are all completed, with when the last of them was said to be.
fn completed(
    r: &mut Reading,
    caller: &Caller,
    of: &Of,
    followed: &Followed,
    done: &mut Vec<(Task, Timestamp)>,
) -> Result<()> {
    if !is_assessed(of.plan, r.today()) {
        return Ok(());
    }
    let contents = followed.now();
    // One that nobody has assessed for the plan is asked about by that.
    for risk in contents.risks.iter().filter(|risk| risk.owner_id == Some(caller.id()) && risk.confirmed) {
        let actions: Vec<_> = contents.actions.iter().filter(|action| action.risk_id == risk.id).collect();
        let ends: Option<Vec<Timestamp>> = actions.iter().map(|action| followed.completed_at(action)).collect();
        let Some(last) = ends.and_then(|all| all.into_iter().max()) else { continue };
        let target = reach::target(r, caller, risk, of.plan)?;
        if caller.sees(Verb::AssessRisk, &Target::Risk(target)) {
            done.push((of.task(TaskKind::Reassessment, "risk", risk.id, &risk.name, risk), last));
        }
    }
    Ok(())
}

/// Those of them that nobody has assessed since.
fn reassessments(r: &mut Reading, done: Vec<(Task, Timestamp)>, tasks: &mut Vec<Task>) -> Result<()> {
    if done.is_empty() {
        return Ok(());
    }
    let assessed = r.last_assessed(&done.iter().map(|(task, _)| task.id).collect::<Vec<_>>())?;
    let waiting = done.into_iter().filter(|(task, at)| assessed.get(&task.id).is_none_or(|since| since < at));
    tasks.extend(waiting.map(|(task, _)| task));
    Ok(())
}

/// The statuses and outcomes that the caller owes in one period of a plan, by the plan's follow-up as it has been read.
pub fn in_period(r: &mut Reading, caller: &Caller, followed: &Followed, period: Period) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    let plan = &followed.frame.plan;
    if is_followed(plan) {
        let body: Organisation = r.linked(plan.organisation_id)?;
        reach::know_targets(r, caller, concerned(followed, caller.id()))?;
        statuses(r, caller, &Of { plan, body: &body }, followed, Horizon::Year, &mut tasks)?;
    }
    tasks.retain(|task| task.kind == TaskKind::Status && task.period == Some(period));
    tasks.extend(outcomes::in_period(r, caller, &followed.frame, period)?);
    in_their_words(r, tasks)
}

/// The risks that somebody owns, or reports a control or an action of.
fn concerned(followed: &Followed, me: Id) -> impl Iterator<Item = &Risk> {
    let contents = followed.now();
    let controls = contents.controls.iter().filter(move |c| c.responsible_id == Some(me)).map(|c| c.risk_id);
    let actions = contents.actions.iter().filter(move |a| a.responsible_id == Some(me)).map(|a| a.risk_id);
    let held: HashSet<Id> = controls.chain(actions).collect();
    contents.risks.iter().filter(move |risk| risk.owner_id == Some(me) || held.contains(&risk.id))
}

/// What is due first comes first.
fn in_order(task: &Task) -> (bool, Option<NaiveDate>, TaskKind, Option<i32>, Id) {
    (task.deadline.is_none(), task.deadline, task.kind, task.risk_number, task.id)
}

/// The suspicions of crime that are the caller's to act on at once, and the recommendations that they answer for.
fn answers(r: &mut Reading, caller: &Caller, tasks: &mut Vec<Task>) -> Result<()> {
    let alerts = deficiencies::alerts(r, caller)?;
    let recommendations = r.recommendations_held(caller.id())?;
    let at = alerts.iter().map(|found| found.organisation_id);
    r.all::<Organisation>(at.chain(recommendations.iter().map(|one| one.organisation_id)))?;
    for found in alerts {
        let organisation: Organisation = r.linked(found.organisation_id)?;
        let alert = Task::new(TaskKind::CrimeAlert, "deficiency", found.id, found.title, &organisation);
        // At once: whatever the day, it is late.
        tasks.push(Task { deadline: Some(found.found_on), late: true, ..alert });
    }
    for one in recommendations {
        let organisation: Organisation = r.linked(one.organisation_id)?;
        let responsible = one.responsible_id.map(|id| id.0);
        if !caller
            .sees(Verb::SeeRecommendation, &Target::AuditRecord { path: path_ids(&organisation.path), responsible })
        {
            continue;
        }
        let answer = Task::new(TaskKind::Recommendation, "recommendation", one.id, one.report, &organisation);
        tasks.push(Task { year: Some(one.year), ..answer });
    }
    Ok(())
}

struct Of<'a> {
    plan: &'a Plan,
    body: &'a Organisation,
}

impl Of<'_> {
    fn task(&self, kind: TaskKind, entity: &str, id: Id, name: &str, risk: &Risk) -> Task {
        let task = Task::of_plan(kind, entity, id, self.plan, self.body).of_risk(risk);
        Task { name: name.into(), ..task }
    }
}

/// The statuses that are the caller's to report, and the actions that are late, or will be.
fn statuses(
    r: &mut Reading,
    caller: &Caller,
    of: &Of,
    followed: &Followed,
    horizon: Horizon,
    tasks: &mut Vec<Task>,
) -> Result<()> {
    let me = caller.id();
    let contents = followed.now();
    for risk in &contents.risks {
        let owns = risk.owner_id == Some(me);
        for control in contents.controls.iter().filter(|c| c.risk_id == risk.id) {
            if (owns || control.responsible_id == Some(me)) && may_report(r, caller, of, risk, control)? {
                for period in asked(followed, horizon, r.today()) {
                    let standing = followed.control(control, period);
                    if standing.due && standing.report.is_none() {
                        let task = of.task(TaskKind::Status, "control", control.id, &control.name, risk);
                        tasks.push(due_in(task, followed, period, r.today()));
                    }
                }
            }
        }
        for action in contents.actions.iter().filter(|a| a.risk_id == risk.id) {
            if (owns || action.responsible_id == Some(me)) && may_report(r, caller, of, risk, action)? {
                for period in asked(followed, horizon, r.today()) {
                    let standing = followed.action(action, period);
                    if standing.due && standing.report.is_none() {
                        let task = of.task(TaskKind::Status, "action", action.id, &action.name, risk);
                        tasks.push(due_in(task, followed, period, r.today()));
                    }
                }
                let standing = followed.action(action, Period::Annual);
                let late = standing.is_overdue(r.today());
                if late || (horizon == Horizon::Year && standing.is_to_be_completed()) {
                    let task = of.task(TaskKind::OverdueAction, "action", action.id, &action.name, risk);
                    let reported_in = asked(followed, Horizon::Today, r.today()).first().copied();
                    tasks.push(Task { deadline: action.end_date, late, reported_in, ..task });
                }
            }
        }
    }
    Ok(())
}

fn due_in(task: Task, followed: &Followed, period: Period, today: NaiveDate) -> Task {
    let deadline = followed.frame.deadline(period).1;
    Task { period: Some(period), deadline, late: deadline.is_some_and(|last| last < today), ..task }
}

/// The open periods that are asked for by now, or all open ones.
fn asked(followed: &Followed, horizon: Horizon, today: NaiveDate) -> Vec<Period> {
    let frame = &followed.frame;
    let begun = |period: Period| frame.asked_from(period).is_some_and(|from| from <= today);
    let open = |period: Period| follow_up::may(PeriodVerb::Report, &frame.state(period), today).is_ok();
    let ahead = |period: Period| horizon == Horizon::Year && !frame.is_closed(period);
    Period::ALL.iter().copied().filter(|period| (begun(*period) && open(*period)) || ahead(*period)).collect()
}

fn may_report<P: Part>(r: &mut Reading, caller: &Caller, of: &Of, risk: &Risk, part: &P) -> Result<bool> {
    let responsible = part.responsible().map(|u| u.0);
    let target = Target::Part { risk: reach::target(r, caller, risk, of.plan)?, responsible };
    Ok(caller.sees(Verb::Report, &target))
}

/// Whether the risks of a plan are assessed as it stands.
fn is_assessed(plan: &Plan, today: NaiveDate) -> bool {
    life::may(PlanVerb::Assess, &plan_state(plan), today).is_ok()
}

/// Those of a draft's risks that the caller owns and that nobody has assessed for the plan.
fn assessments(r: &mut Reading, caller: &Caller, of: &Of, risks: &[Risk], tasks: &mut Vec<Task>) -> Result<()> {
    for risk in risks {
        let open = risk.retired_on.is_none() && risk.set_aside_reason.is_none();
        if risk.owner_id != Some(caller.id()) || !open || risk.confirmed {
            continue;
        }
        let target = reach::target(r, caller, risk, of.plan)?;
        if caller.sees(Verb::AssessRisk, &Target::Risk(target)) {
            tasks.push(of.task(TaskKind::Assessment, "risk", risk.id, &risk.name, risk));
        }
    }
    Ok(())
}
