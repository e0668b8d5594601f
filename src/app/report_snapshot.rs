//! Freezing the report of a period: everything that its document says, read once.

use std::collections::HashMap;

use chrono::NaiveDate;
use riskregister_document::snapshot as doc;

use super::follow_up::{ActionStanding, ByColour, ControlStanding, Followed};
use super::{plans, snapshot};
use crate::domain::checks::Missing;
use crate::domain::due;
use crate::domain::scoring::Policy;
use crate::domain::words::{
    ActionEffect, ActionStatus, ControlStatus, MandatoryKind, Period, PlanStatus, ReportStatus,
};
use crate::error::{Error, Result};
use crate::storage::logs::{self, CheckpointRow};
use crate::storage::records::{Action, ActionReport, Control, ControlReport, Organisation, Plan, Report, User};
use crate::storage::{Id, Json, Reading, Timestamp};

/// The report of a period as it stands: the followed revision with today's assessments, and all that was reported.
pub fn of_report(
    r: &mut Reading,
    body: &Organisation,
    policy: &Policy,
    followed: &Followed,
    report: &Report,
    today: NaiveDate,
) -> Result<doc::ReportSnapshot> {
    let plan = &followed.frame.plan;
    let period = report.kind;
    let (period_from, period_to) =
        due::period_bounds(plan.year, period).ok_or_else(|| Error::internal("a plan of a year without a calendar"))?;
    let earlier = earlier_reports(r, followed, period)?;
    let people = People::read(r, followed)?;
    let mut frozen = followed_plan(r, plan, body, policy, followed)?;
    for risk in frozen.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
        for told in &mut risk.controls {
            let Some(control) = followed.controls.iter().find(|c| c.id.to_string() == told.id) else { continue };
            let standing = followed.control(control, period)?;
            told.report = Some(control_report(followed, control, &standing, period, &people)?);
        }
        for told in &mut risk.actions {
            let Some(action) = followed.actions.iter().find(|a| a.id.to_string() == told.id) else { continue };
            let standing = followed.action(action, period);
            told.report = Some(action_report(followed, action, &standing, period, &people, today)?);
        }
    }
    let replaces: Option<Report> = report.replaces_id.map(|id| r.linked(id)).transpose()?;
    Ok(doc::ReportSnapshot {
        schema: doc::REPORT_SCHEMA,
        report: doc::Report {
            id: report.id.to_string(),
            kind: kind(period),
            version: number(report.number)?,
            replaces: replaces.map(|old| number(old.number)).transpose()?,
            status: status(report.status),
            period_from,
            period_to,
            deadline: followed.frame.deadline(period).1,
            shown_to_management_on: report.shown_to_management_on,
            diary_numbers: read(&report.diary_numbers)?,
            illustrative: plan.illustrative,
        },
        decision: None,
        since: earlier.last().map(|(last, then)| since(last, then, &frozen)).transpose()?,
        mandatory: mandatory(r, plan, followed)?,
        trend: trend(r, followed, period, &frozen, &earlier)?,
        deficiencies: Vec::new(),
        recommendations: Vec::new(),
        audit_opinions: Vec::new(),
        indicators: Vec::new(),
        self_assessment: Vec::new(),
        texts: doc::Texts {
            introduction: report.introduction.clone(),
            conclusion: report.conclusion.clone(),
            assurance: report.assurance.clone(),
        },
        checkpoint: None,
        plan: frozen,
    })
}

/// What was made final, with the board's decision on it.
///
/// `checkpoint` is the newest of the body's log: what is decided later cannot have been known when it was signed.
pub fn decided(
    frozen: doc::ReportSnapshot,
    report: &Report,
    checkpoint: Option<CheckpointRow>,
) -> Result<doc::ReportSnapshot> {
    let (Some(decided_on), Some(board), Some(paragraph)) =
        (report.decided_on, &report.deciding_board, &report.paragraph)
    else {
        return Err(Error::internal("a decided report without a decision"));
    };
    let diary_numbers: Vec<String> = read(&report.diary_numbers)?;
    Ok(doc::ReportSnapshot {
        report: doc::Report {
            status: doc::ReportStatus::Decided,
            diary_numbers: diary_numbers.clone(),
            ..frozen.report
        },
        decision: Some(doc::Decision {
            decided_on,
            deciding_board: board.clone(),
            paragraph: paragraph.clone(),
            diary_numbers,
        }),
        checkpoint: checkpoint.map(|row| logs::read(&row)).transpose()?.map(|c| doc::Checkpoint {
            root: c.root_text(),
            origin: c.origin,
            size: c.size,
        }),
        ..frozen
    })
}

/// The judgements that a report must have, and has not yet.
pub fn missing_judgements(_r: &mut Reading, _report: &Report) -> Result<Vec<Missing>> {
    Ok(Vec::new())
}

/// The plan that is followed up, with today's assessments.
fn followed_plan(
    r: &mut Reading,
    plan: &Plan,
    body: &Organisation,
    policy: &Policy,
    followed: &Followed,
) -> Result<doc::PlanSnapshot> {
    let (PlanStatus::Draft | PlanStatus::Proposed, Some(revision)) = (plan.status, plan.adopted_revision) else {
        return snapshot::of_plan(r, plan, body, policy);
    };
    // While the next revision is drafted, the adopted one is told by what was sealed; only what goes on since is today's.
    let mut frozen = snapshot::of_revision(r, plan.id, revision)?;
    let people = People::read(r, followed)?;
    for told in frozen.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
        let Some(risk) = followed.risks.iter().find(|risk| risk.id.to_string() == told.id) else { continue };
        told.likelihood = risk.likelihood.and_then(|n| u32::try_from(n).ok());
        told.consequence = risk.consequence.and_then(|n| u32::try_from(n).ok());
        told.score = risk.score;
        told.level = risk.level.map(|level| level.as_str().into());
        for action in followed.actions.iter().filter(|a| a.risk_id == risk.id) {
            if !told.actions.iter().any(|known| known.id == action.id.to_string()) {
                told.actions.push(snapshot::action(action, people.name(action.responsible_id))?);
            }
        }
    }
    for count in &mut frozen.counts {
        let here = frozen.goals.iter().flat_map(|goal| &goal.risks);
        let here = here.filter(|risk| risk.level.as_deref() == Some(count.level.as_str())).count();
        count.count = u32::try_from(here).unwrap_or(u32::MAX);
    }
    Ok(frozen)
}

/// The names of those who have reported, and for whom.
struct People(HashMap<Id, String>);

impl People {
    fn read(r: &mut Reading, followed: &Followed) -> Result<Self> {
        let controls = followed.control_reports.values().flatten();
        let actions = followed.action_reports.values().flatten();
        let mut ids: Vec<Id> = controls.flat_map(|x| [Some(x.reported_by_id), x.on_behalf_of_id]).flatten().collect();
        ids.extend(actions.flat_map(|x| [Some(x.reported_by_id), x.on_behalf_of_id]).flatten());
        ids.extend(followed.actions.iter().filter_map(|a| a.responsible_id));
        ids.sort();
        ids.dedup();
        Ok(Self(r.users_by_ids(&ids)?.into_iter().map(|u: User| (u.id, u.name)).collect()))
    }

    fn name(&self, id: Option<Id>) -> Option<String> {
        id.and_then(|id| self.0.get(&id).cloned())
    }
}

fn day(time: Timestamp) -> NaiveDate {
    time.stockholm_date()
}

fn control_report(
    followed: &Followed,
    control: &Control,
    standing: &ControlStanding,
    period: Period,
    people: &People,
) -> Result<doc::ControlReport> {
    let report = standing.report;
    let id = control.id;
    Ok(doc::ControlReport {
        due: standing.due,
        reported: report.is_some(),
        status: standing.status.map(control_status),
        postponed: standing.due && standing.status == Some(ControlStatus::NotPlanned),
        comment: report.and_then(|x| x.comment.clone()),
        counts: report.and_then(|x| x.counts.as_ref()).map(read).transpose()?,
        references: report.map_or(Ok(Vec::new()), |x| read(&x.references))?,
        reported_on: report.map(|x| day(x.reported_at)),
        reported_by: people.name(report.map(|x| x.reported_by_id)),
        on_behalf_of: people.name(report.and_then(|x| x.on_behalf_of_id)),
        previous: standing.previous.map(control_status),
        outcomes: Vec::new(),
        corrections: corrections(followed.control_reports.get(&id), |x: &ControlReport| {
            (x.period == period && x.correction_reason.is_some()).then(|| doc::ControlCorrection {
                on: day(x.reported_at),
                by: people.name(Some(x.reported_by_id)),
                status: Some(control_status(x.status)),
                text: told(x.correction_reason.as_deref(), x.comment.as_deref()),
            })
        }),
        findings: followed.actions.iter().filter(|a| a.from_control_id == Some(id)).map(|a| a.id.to_string()).collect(),
        secrecy: secrecy(followed.control_reports.get(&id), |x: &ControlReport| {
            (report.is_some_and(|r| r.id == x.id) || (x.period == period && x.correction_reason.is_some()))
                .then_some(x.secrecy.as_ref())
        })?,
    })
}

fn action_report(
    followed: &Followed,
    action: &Action,
    standing: &ActionStanding,
    period: Period,
    people: &People,
    today: NaiveDate,
) -> Result<doc::ActionReport> {
    let report = standing.report;
    Ok(doc::ActionReport {
        due: standing.due,
        reported: report.is_some(),
        status: standing.status.map(action_status),
        effect: standing.effect.map(action_effect),
        completed_on: standing.completed_on,
        comment: report.and_then(|x| x.comment.clone()),
        overdue: standing.is_overdue(today),
        late_to_start: standing.is_late_to_start(today),
        references: report.map_or(Ok(Vec::new()), |x| read(&x.references))?,
        reported_on: report.map(|x| day(x.reported_at)),
        reported_by: people.name(report.map(|x| x.reported_by_id)),
        on_behalf_of: people.name(report.and_then(|x| x.on_behalf_of_id)),
        previous: standing.previous.map(|(status, _)| action_status(status)),
        previous_effect: standing.previous.map(|(_, effect)| action_effect(effect)),
        corrections: corrections(followed.action_reports.get(&action.id), |x: &ActionReport| {
            (x.period == period && x.correction_reason.is_some()).then(|| doc::ActionCorrection {
                on: day(x.reported_at),
                by: people.name(Some(x.reported_by_id)),
                status: Some(action_status(x.status)),
                effect: Some(action_effect(x.effect)),
                completed_on: x.completed_on,
                text: told(x.correction_reason.as_deref(), x.comment.as_deref()),
            })
        }),
        secrecy: secrecy(followed.action_reports.get(&action.id), |x: &ActionReport| {
            (report.is_some_and(|r| r.id == x.id) || (x.period == period && x.correction_reason.is_some()))
                .then_some(x.secrecy.as_ref())
        })?,
    })
}

/// The marking of what is told of a period: of the report that counts, or of one of its corrections.
fn secrecy<T>(all: Option<&Vec<T>>, tell: impl Fn(&T) -> Option<Option<&Json>>) -> Result<Option<doc::Secrecy>> {
    all.into_iter().flatten().find_map(|x| tell(x).flatten()).map(snapshot::secrecy).transpose()
}

fn corrections<T, D>(all: Option<&Vec<T>>, tell: impl FnMut(&T) -> Option<D>) -> Vec<D> {
    all.into_iter().flatten().filter_map(tell).collect()
}

/// Why something is corrected, and what is said of it.
fn told(reason: Option<&str>, comment: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = [reason, comment].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// The decided reports of the periods before this one, the newest version of each, with what was sealed.
fn earlier_reports(r: &mut Reading, followed: &Followed, period: Period) -> Result<Vec<(Report, doc::ReportSnapshot)>> {
    let mut earlier = Vec::new();
    for at in Period::ALL.iter().filter(|at| **at < period) {
        let Some(report) = followed.frame.decided(*at) else { continue };
        let Some(sha256) = &report.snapshot_sha256 else { continue };
        let frozen = serde_json::from_slice(&r.sealed(sha256)?).map_err(Error::internal)?;
        earlier.push((report.clone(), frozen));
    }
    Ok(earlier)
}

fn risks(plan: &doc::PlanSnapshot) -> impl Iterator<Item = &doc::Risk> {
    plan.goals.iter().flat_map(|goal| &goal.risks)
}

/// What is new since the last report.
fn since(last: &Report, then: &doc::ReportSnapshot, now: &doc::PlanSnapshot) -> Result<doc::Since> {
    let actions = |plan: &doc::PlanSnapshot| -> Vec<(String, bool)> {
        let all = risks(plan).flat_map(|risk| &risk.actions);
        all.map(|a| (a.id.clone(), a.report.as_ref().is_some_and(|x| x.completed_on.is_some()))).collect()
    };
    let before: HashMap<String, bool> = actions(&then.plan).into_iter().collect();
    let today = actions(now);
    Ok(doc::Since {
        kind: kind(last.kind),
        version: number(last.number)?,
        decided_on: last.decided_on,
        scores: risks(&then.plan).map(|x| doc::ScoreThen { number: x.number, score: x.score }).collect(),
        new_actions: today.iter().filter(|(id, _)| !before.contains_key(id)).map(|(id, _)| id.clone()).collect(),
        completed_actions: today
            .iter()
            .filter(|(id, done)| *done && before.get(id) != Some(&true))
            .map(|(id, _)| id.clone())
            .collect(),
    })
}

fn mandatory(r: &mut Reading, plan: &Plan, followed: &Followed) -> Result<Vec<doc::Mandatory>> {
    let issued = plans::mandatory_of(r, plan.year)?;
    Ok(issued
        .into_iter()
        .map(|m| doc::Mandatory {
            risk_numbers: followed
                .risks
                .iter()
                .filter(|risk| risk.mandatory_id == Some(m.id) || risk.area_id == Some(m.id))
                .filter_map(|risk| risk.number.or(risk.fixed_number))
                .filter_map(|n| u32::try_from(n).ok())
                .collect(),
            kind: match m.kind {
                MandatoryKind::Risk => doc::MandatoryKind::Risk,
                MandatoryKind::Area => doc::MandatoryKind::Area,
            },
            name: m.name,
        })
        .collect())
}

fn trend(
    r: &mut Reading,
    followed: &Followed,
    period: Period,
    now: &doc::PlanSnapshot,
    earlier: &[(Report, doc::ReportSnapshot)],
) -> Result<doc::Trend> {
    let plan = &followed.frame.plan;
    let mut periods = Vec::new();
    let mut scores: Vec<HashMap<&str, Option<i32>>> = Vec::new();
    let of = |plan| risks(plan).map(|x: &doc::Risk| (x.id.as_str(), x.score)).collect();
    for at in Period::ALL.iter().copied().filter(|at| *at <= period && followed.frame.applies(*at)) {
        let tally = followed.tally(at)?;
        periods.push(doc::TrendPeriod {
            kind: kind(at),
            controls: counts(&tally.controls),
            actions: counts(&tally.actions),
            effects: counts(&tally.effects),
        });
        // What the scores were then is told by what was decided then.
        let then = earlier.iter().find(|(report, _)| report.kind == at).map(|(_, frozen)| &frozen.plan);
        scores.push(match then {
            Some(then) => of(then),
            None if at == period => of(now),
            None => HashMap::new(),
        });
    }
    let adopted = match plan.adopted_revision {
        Some(revision) => Some(snapshot::of_revision(r, plan.id, revision)?),
        None => None,
    };
    let adopted: HashMap<&str, Option<i32>> = adopted.as_ref().map(of).unwrap_or_default();
    let mut last_year: HashMap<String, Option<i32>> = HashMap::new();
    if let Some(previous) = plans::previous_plan(r, plan)? {
        let side = plans::Side::of(r, &previous)?;
        let held = plans::compare(r, plan, Some(side))?;
        if held.comparable {
            last_year.extend(held.risks.into_iter().map(|x| (x.risk_id.to_string(), x.previous_score)));
        }
    }
    Ok(doc::Trend {
        periods,
        risks: risks(now)
            .map(|risk| doc::TrendRisk {
                number: risk.number,
                last_year: last_year.get(&risk.id).copied().flatten(),
                adopted: adopted.get(risk.id.as_str()).copied().flatten(),
                scores: scores.iter().map(|then| then.get(risk.id.as_str()).copied().flatten()).collect(),
            })
            .collect(),
    })
}

fn counts(by: &ByColour) -> doc::StatusCounts {
    doc::StatusCounts { dash: by.dash, green: by.green, yellow: by.yellow, red: by.red, missing: by.missing }
}

fn read<T: serde::de::DeserializeOwned>(json: &Json) -> Result<T> {
    json.read().map_err(Error::internal)
}

fn number(n: i32) -> Result<u32> {
    u32::try_from(n).map_err(Error::internal)
}

pub fn kind(period: Period) -> doc::PeriodKind {
    match period {
        Period::T1 => doc::PeriodKind::T1,
        Period::Interim => doc::PeriodKind::Interim,
        Period::Annual => doc::PeriodKind::Annual,
    }
}

fn status(status: ReportStatus) -> doc::ReportStatus {
    match status {
        ReportStatus::Draft => doc::ReportStatus::Draft,
        ReportStatus::Final => doc::ReportStatus::Final,
        ReportStatus::Decided => doc::ReportStatus::Decided,
    }
}

fn control_status(status: ControlStatus) -> doc::ControlStatus {
    match status {
        ControlStatus::NotPlanned => doc::ControlStatus::NotPlanned,
        ControlStatus::Performed => doc::ControlStatus::Performed,
        ControlStatus::PerformedWithDeviations => doc::ControlStatus::PerformedWithDeviations,
        ControlStatus::NotPerformed => doc::ControlStatus::NotPerformed,
    }
}

fn action_status(status: ActionStatus) -> doc::ActionStatus {
    match status {
        ActionStatus::NotStarted => doc::ActionStatus::NotStarted,
        ActionStatus::OnPlan => doc::ActionStatus::OnPlan,
        ActionStatus::MostlyDone => doc::ActionStatus::MostlyDone,
        ActionStatus::OffPlan => doc::ActionStatus::OffPlan,
    }
}

fn action_effect(effect: ActionEffect) -> doc::ActionEffect {
    match effect {
        ActionEffect::NotAssessed => doc::ActionEffect::NotAssessed,
        ActionEffect::Desired => doc::ActionEffect::Desired,
        ActionEffect::Uncertain => doc::ActionEffect::Uncertain,
        ActionEffect::NotDesired => doc::ActionEffect::NotDesired,
    }
}
