//! What only those do who answer for a body, for the region, or for its audit: a plan made, mended, proposed, decided on and
//! delivered; a period closed, a report made, decided on and delivered; the board told of a deficiency; what a year needs
//! issued; an erasure decided on; an answer considered.
//!
//! However many bodies and plans it is about, it is read together. No calendar tells of it: that is of what is asked of
//! somebody by name.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::task::Task;
use crate::app::caller::Caller;
use crate::app::derived::plan_checks;
use crate::app::findings::deficiencies;
use crate::app::follow_up::limits::{self, is_followed};
use crate::app::follow_up::{PeriodFrame, Tally, tallies_of};
use crate::app::places::{manner_in, path_ids, path_text, plan_state, plan_target};
use crate::app::plan::year::{mandatory_of, of_year};
use crate::app::reporting::reports;
use crate::app::settings::standing_texts;
use crate::domain::follow_up::{PeriodVerb, ReportVerb};
use crate::domain::life::{self, PlanVerb};
use crate::domain::roles::{self, Target, Verb};
use crate::domain::words::{DialogueSide, Language, Period, PlanStatus, ReportStatus, TaskKind};
use crate::error::Result;
use crate::storage::queries::{Listing, OrganisationFilter};
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Reading};

/// All of it that is the caller's.
pub fn owed(r: &mut Reading, caller: &Caller, tasks: &mut Vec<Task>) -> Result<()> {
    of_plans(r, caller, tasks)?;
    of_deficiencies(r, caller, tasks)?;
    of_recommendations(r, caller, tasks)?;
    of_region(r, caller, tasks)
}

/// Says those that name a board, an office or a period in the words of whom they concern.
pub fn spoken(r: &mut Reading, tasks: &mut [Task]) -> Result<()> {
    use TaskKind as K;
    let named = |kind| matches!(kind, K::BoardNotice | K::PlanDelivery | K::ReportDelivery);
    let names = |task: &Task| named(task.kind) || task.period.is_some();
    let mut named: Vec<&mut Task> = tasks.iter_mut().filter(|task| names(task)).collect();
    let organisations: Vec<Organisation> = r.all(named.iter().map(|task| task.organisation_id))?;
    r.all::<Organisation>(organisations.iter().filter_map(|one| one.body_id))?;
    let said: BTreeSet<Id> = organisations.iter().flat_map(|one| path_ids(&one.path)).map(Id).collect();
    r.wordings_of(&said.into_iter().collect::<Vec<_>>())?;
    let now = r.today().year();
    for task in &mut named {
        let organisation: Organisation = r.linked(task.organisation_id)?;
        task.manner = manner_in(r, &organisation, task.year.unwrap_or(now))?;
    }
    Ok(())
}

/// The beginnings of paths at and below which a verb is held.
fn below(verb: Verb, caller: &Caller) -> Vec<String> {
    roles::held_below(verb, &caller.grants).iter().map(|path| path_text(path)).collect()
}

/// A plan that the caller answers for.
struct Office {
    plan: Plan,
    body: Organisation,
    /// Records the board's decisions on it, and mends it.
    records: bool,
}

impl Office {
    fn task(&self, kind: TaskKind) -> Task {
        Task::of_plan(kind, "plan", self.plan.id, &self.plan, &self.body)
    }
}

/// From September the next year's plans are to be made (ours).
const PLANNED_FROM: u32 = 9;

/// The bodies that have no plan of this year or the next, for who makes one: the next year's from September, or as soon as
/// the region has set a last day of that year. Once the first of those days has passed it is late.
///
/// `plans` are those that there are of these years where the caller makes plans.
fn of_missing_plans(r: &mut Reading, caller: &Caller, plans: &[Plan], tasks: &mut Vec<Task>) -> Result<()> {
    if below(Verb::CreatePlan, caller).is_empty() {
        return Ok(());
    }
    let makes =
        |body: &Organisation| caller.sees(Verb::CreatePlan, &Target::Organisation { path: path_ids(&body.path) });
    let mine: Vec<Organisation> = r.bodies_with_plans()?.into_iter().filter(makes).collect();
    if mine.is_empty() {
        return Ok(());
    }
    let today = r.today();
    let deadlines = r.deadlines(None)?;
    for year in [today.year(), today.year() + 1] {
        let last = deadlines.iter().filter(|one| one.year == year).map(|one| one.due_on).min();
        if year > today.year() && today.month() < PLANNED_FROM && last.is_none() {
            continue;
        }
        let goes_on = |body: &&Organisation| {
            let ended = body.valid_to.is_some_and(|day| day < today || day.year() < year);
            body.valid_from.year() <= year && !ended
        };
        let has = |body: &Organisation| plans.iter().any(|plan| (plan.organisation_id, plan.year) == (body.id, year));
        for body in mine.iter().filter(goes_on).filter(|body| !has(body)) {
            let task = Task::new(TaskKind::PlanMissing, "organisation", body.id, body.name.clone(), body);
            let late = last.is_some_and(|day| day < today);
            tasks.push(Task { year: Some(year), deadline: last, late, ..task });
        }
    }
    Ok(())
}

fn of_plans(r: &mut Reading, caller: &Caller, tasks: &mut Vec<Task>) -> Result<()> {
    // Whoever records decisions proposes, too.
    let paths = below(Verb::Propose, caller);
    if paths.is_empty() {
        return Ok(());
    }
    let plans = r.plans_in_work(&paths, r.today().year() - 1)?;
    // Whoever makes plans records decisions on them: all of theirs are among these.
    of_missing_plans(r, caller, &plans, tasks)?;
    r.all::<Organisation>(plans.iter().map(|plan| plan.organisation_id))?;
    let mut mine = Vec::new();
    for plan in plans {
        let body: Organisation = r.linked(plan.organisation_id)?;
        let target = Target::Plan(plan_target(&plan, &body));
        if caller.sees(Verb::Propose, &target) {
            mine.push(Office { records: caller.sees(Verb::RecordDecision, &target), plan, body });
        }
    }
    let drafts = mine.iter().filter(|one| one.plan.status == PlanStatus::Draft);
    let drafts: Vec<(Plan, Organisation)> = drafts.map(|one| (one.plan.clone(), one.body.clone())).collect();
    let lacking = plan_checks::counted(r, caller, &drafts)?;
    for one in &mine {
        let waits = one.plan.adopted_revision.is_some() && one.plan.delivered_revision != one.plan.adopted_revision;
        match (one.plan.status, lacking.get(&one.plan.id)) {
            (PlanStatus::Draft, Some(0)) => tasks.push(one.task(TaskKind::PlanProposal)),
            (PlanStatus::Draft, Some(lacks)) if one.records => {
                let count = u32::try_from(*lacks).ok();
                tasks.push(Task { count, ..one.task(TaskKind::PlanLacks) });
            }
            (PlanStatus::Proposed, _) if one.records => tasks.push(one.task(TaskKind::PlanDecision)),
            _ => {}
        }
        if waits && one.records && life::may(PlanVerb::Deliver, &plan_state(&one.plan), r.today()).is_ok() {
            tasks.push(one.task(TaskKind::PlanDelivery));
        }
    }
    of_periods(r, &mine, tasks)
}

fn of_periods(r: &mut Reading, mine: &[Office], tasks: &mut Vec<Task>) -> Result<()> {
    let adopted: Vec<&Office> = mine.iter().filter(|one| one.plan.adopted_revision.is_some()).collect();
    let plans: Vec<&Plan> = adopted.iter().map(|one| &one.plan).collect();
    let frames = PeriodFrame::read_all(r, &plans)?;
    let today = r.today();
    let closing = |frame: &PeriodFrame| {
        let ready =
            |period: &Period| frame.applies(*period) && limits::may(frame, *period, PeriodVerb::Close, today).is_ok();
        // Periods close in order.
        Period::ALL.iter().copied().find(ready).filter(|_| is_followed(&frame.plan))
    };
    let open: Vec<&Plan> = frames.iter().filter(|frame| closing(frame).is_some()).map(|frame| &frame.plan).collect();
    let tallies: HashMap<Id, Vec<Tally>> = open.iter().map(|plan| plan.id).zip(tallies_of(r, &open)?).collect();
    for (one, frame) in adopted.iter().zip(&frames) {
        let of = |kind, period| Task { period: Some(period), ..one.task(kind) };
        if let Some(period) = closing(frame).filter(|_| one.records) {
            let tally = tallies.get(&one.plan.id).and_then(|all| {
                Period::ALL.iter().zip(all).find(|(at, _)| **at == period).map(|(_, tally)| tally.missing)
            });
            let deadline = frame.deadline(period).1;
            tasks.push(Task {
                deadline,
                late: deadline.is_some_and(|last| last < today),
                count: tally.filter(|missing| *missing > 0),
                ..of(TaskKind::PeriodClosure, period)
            });
        }
        for period in Period::ALL.iter().copied() {
            let Some(report) = frame.reports.iter().rfind(|report| report.kind == period) else {
                let may = frame.is_closed(period) && one.plan.status != PlanStatus::Closed;
                if may && one.records && limits::may(frame, period, PeriodVerb::MakeReport, today).is_ok() {
                    tasks.push(of(TaskKind::ReportDraft, period));
                }
                continue;
            };
            let may = |verb| reports::may(verb, report, frame).is_ok();
            let kind = match report.status {
                ReportStatus::Draft if may(ReportVerb::Finalize) => TaskKind::ReportFinal,
                ReportStatus::Final if one.records && may(ReportVerb::Decide) => TaskKind::ReportDecision,
                ReportStatus::Decided if one.records && report.delivered_on.is_none() => TaskKind::ReportDelivery,
                _ => continue,
            };
            let of_report = Task::of_plan(kind, "report", report.id, &one.plan, &one.body);
            tasks.push(Task { period: Some(period), ..of_report });
        }
    }
    Ok(())
}

/// The deficiencies that the board is to be told of: late from the day after they were found.
fn of_deficiencies(r: &mut Reading, caller: &Caller, tasks: &mut Vec<Task>) -> Result<()> {
    let paths = below(Verb::RecordDecision, caller);
    if paths.is_empty() {
        return Ok(());
    }
    let found = r.deficiencies_untold(&paths)?;
    r.all::<Organisation>(found.iter().map(|one| one.organisation_id))?;
    for one in found {
        let organisation: Organisation = r.linked(one.organisation_id)?;
        if caller.sees(Verb::ChangeDeficiency, &deficiencies::target(&one, &organisation)) {
            tasks.push(Task {
                deadline: Some(one.found_on),
                late: one.found_on < r.today(),
                secret: one.secrecy.is_some() || one.suspected_crime,
                ..Task::new(TaskKind::BoardNotice, "deficiency", one.id, one.title, &organisation)
            });
        }
    }
    Ok(())
}

/// The auditor's word on what a body has answered; and, for the body, whose answer it is to be.
fn of_recommendations(r: &mut Reading, caller: &Caller, tasks: &mut Vec<Task>) -> Result<()> {
    let (theirs, ours) = (below(Verb::WriteRecommendation, caller), below(Verb::RecordDecision, caller));
    let mut paths = theirs.clone();
    paths.extend(ours.iter().cloned());
    if paths.is_empty() {
        return Ok(());
    }
    let open = r.recommendations_open(&paths)?;
    r.all::<Organisation>(open.iter().map(|one| one.organisation_id))?;
    let ids: Vec<Id> = open.iter().map(|one| one.id).collect();
    let entries = if ids.is_empty() { HashMap::new() } else { r.entries_of(&ids)? };
    for one in open {
        let organisation: Organisation = r.linked(one.organisation_id)?;
        let target = Target::AuditRecord { path: path_ids(&organisation.path), responsible: None };
        let answered =
            entries.get(&one.id).and_then(|all| all.last()).is_some_and(|last| last.side == DialogueSide::Body);
        let at = |paths: &[String]| paths.iter().any(|path| organisation.path.starts_with(path));
        let kind = if answered && at(&theirs) && caller.sees(Verb::WriteRecommendation, &target) {
            TaskKind::AuditorsWord
        } else if !answered
            && one.responsible_id.is_none()
            && at(&ours)
            && caller.sees(Verb::AnswerRecommendation, &target)
        {
            TaskKind::RecommendationUnanswered
        } else {
            continue;
        };
        let task = Task::new(kind, "recommendation", one.id, one.report, &organisation);
        tasks.push(Task { year: Some(one.year), ..task });
    }
    Ok(())
}

/// From June the next year's are to be issued, by the end of September (ours).
const ISSUED_FROM: u32 = 6;

fn issued_by(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year - 1, 9, 30)
}

/// Whose region the caller issues things for, if any.
fn region_of(r: &mut Reading, caller: &Caller) -> Result<Option<Organisation>> {
    let issues = |path: &&[Uuid]| caller.sees(Verb::ManageRegionSettings, &Target::Settings { path: path.to_vec() });
    let mut held = caller.grants.iter().map(|grant| grant.organisation_path.as_slice());
    let root = held.find(issues).and_then(<[Uuid]>::last);
    root.map(|root| r.linked(Id(*root))).transpose()
}

/// What the regional office has to issue, and what it has not been given.
fn of_region(r: &mut Reading, caller: &Caller, tasks: &mut Vec<Task>) -> Result<()> {
    let Some(root) = region_of(r, caller)? else { return Ok(()) };
    // Who has asked for an erasure does not confirm it.
    for one in r.erasures_waiting()?.into_iter().filter(|one| one.requested_by_id != caller.id()) {
        tasks.push(Task::new(TaskKind::ErasureRequest, "erasure", one.id, one.decision, &root));
    }
    of_issues(r, &root, tasks)?;
    undelivered(r, r.today().year(), &|kind, year| of_year_of(&root, kind, year), tasks)
}

fn of_year_of(root: &Organisation, kind: TaskKind, year: i32) -> Task {
    Task { year: Some(year), ..Task::new(kind, "organisation", root.id, root.name.clone(), root) }
}

/// What a year needs issued.
fn of_issues(r: &mut Reading, root: &Organisation, tasks: &mut Vec<Task>) -> Result<()> {
    let today = r.today();
    let this = today.year();
    let by = |kind, year: i32| {
        let deadline = issued_by(year);
        Task { deadline, late: deadline.is_some_and(|last| last < today), ..of_year_of(root, kind, year) }
    };
    let next = (today.month() >= ISSUED_FROM).then_some(this + 1);
    let deadlines = r.deadlines(None)?;
    for year in [Some(this), next].into_iter().flatten() {
        let set = |period: &Period| deadlines.iter().any(|one| one.year == year && one.period == *period);
        if !Period::ALL.iter().all(set) {
            tasks.push(by(TaskKind::IssueDeadlines, year));
        }
    }
    if let Some(year) = next {
        // That a region makes nothing mandatory is its own choice: asked while the year has not begun, and no longer.
        if mandatory_of(r, year)?.is_empty() {
            // Each stands under a goal of the region's.
            let goals_first = !r.goals_of_year(year)?.iter().any(|goal| goal.organisation_id == root.id);
            tasks.push(Task { goals_first, ..by(TaskKind::IssueMandatory, year) });
        }
        let texts = standing_texts::in_force(r, root, year, today, Language::Sv)?;
        if !texts.iter().any(|text| text.key.starts_with(standing_texts::LEGAL_GROUND)) {
            tasks.push(by(TaskKind::IssueTexts, year));
        }
    }
    Ok(())
}

/// The first year that needs mandatory risks or last days, where these are the caller's to issue.
pub fn year_to_issue(r: &mut Reading, caller: &Caller) -> Result<Option<i32>> {
    let Some(root) = region_of(r, caller)? else { return Ok(None) };
    let mut tasks = Vec::new();
    of_issues(r, &root, &mut tasks)?;
    tasks.retain(|task| matches!(task.kind, TaskKind::IssueMandatory | TaskKind::IssueDeadlines));
    Ok(tasks.into_iter().filter_map(|task| task.year).min())
}

/// The bodies whose plan of the year, or whose report of a period that is past its last day, the office has not got.
fn undelivered(r: &mut Reading, this: i32, of: &dyn Fn(TaskKind, i32) -> Task, tasks: &mut Vec<Task>) -> Result<()> {
    let filter = OrganisationFilter { plans: Some(true), valid_in: Some(this), ..Default::default() };
    let bodies: BTreeSet<Id> = r.organisations(&filter, &Listing::all())?.items.iter().map(|body| body.id).collect();
    let (plans, before) = (of_year(r, this)?, of_year(r, this - 1)?);
    let delivered = |plan: &Plan| plan.adopted_revision.is_some() && plan.delivered_revision == plan.adopted_revision;
    let missing = bodies.iter().filter(|body| !plans.get(body).is_some_and(delivered)).count();
    if missing > 0 {
        tasks.push(Task { count: u32::try_from(missing).ok(), ..of(TaskKind::PlansUndelivered, this) });
    }
    let adopted = plans.values().chain(before.values()).filter(|plan| plan.adopted_revision.is_some());
    let adopted: Vec<&Plan> = adopted.collect();
    let frames = PeriodFrame::read_all(r, &adopted)?;
    let today = r.today();
    for year in [this - 1, this] {
        for period in Period::ALL.iter().copied() {
            let waits = |frame: &&PeriodFrame| {
                // One that was closed without having been followed up here has nothing to deliver.
                let unfollowed = frame.plan.status == PlanStatus::Closed && frame.decided(period).is_none();
                let passed = frame.deadline(period).0.is_some_and(|last| last < today);
                let got = frame.decided(period).is_some_and(|report| report.delivered_on.is_some());
                frame.plan.year == year && passed && frame.applies(period) && !got && !unfollowed
            };
            let missing = frames.iter().filter(waits).count();
            if missing > 0 {
                let deadline = frames.iter().find(waits).and_then(|frame| frame.deadline(period).0);
                let (count, period) = (u32::try_from(missing).ok(), Some(period));
                let task = of(TaskKind::ReportsUndelivered, year);
                tasks.push(Task { count, period, deadline, late: true, ..task });
            }
        }
    }
    Ok(())
}
