//! Freezing the report of a period: everything that its document says, read once.

use std::collections::HashMap;

use chrono::NaiveDate;
use riskregister_document::snapshot as doc;

use super::indicators_told::{Outcomes, at_risk, named_actions};
use super::{financial_measures, self_assessments};
use crate::app::derived::comparison::{self, previous_plan};
use crate::app::derived::snapshot::{self, diary};
use crate::app::follow_up::{self, ActionStanding, ByColour, Contents, ControlStanding, Followed};
use crate::app::places::manner_of;
use crate::app::plan::sealed;
use crate::app::plan::year::mandatory_of;
use crate::domain::checks::Missing;
use crate::domain::scoring::Policy;
use crate::domain::text::capital;
use crate::domain::values::{Counts, Reference, Secrecy};
use crate::domain::words::{
    ActionEffect, ActionStatus, ControlStatus, DialogueSide, Language, MandatoryKind, Period, ReportStatus, Sufficiency,
};
use crate::domain::{coso, due};
use crate::error::{Error, Result};
use crate::storage::logs::{self, CheckpointRow};
use crate::storage::queries::Listing;
use crate::storage::records::{
    Action, ActionReport, Control, ControlReport, Deficiency, EvidenceFile, Organisation, Plan, Report, Risk, User,
};
use crate::storage::{Id, Reading, Timestamp};

/// The report of a period as it stands: the followed revision with today's assessments, and all that was reported.
pub fn of_report(
    r: &mut Reading,
    body: &Organisation,
    policy: &Policy,
    followed: &Followed,
    report: &Report,
) -> Result<doc::ReportSnapshot> {
    let plan = &followed.frame.plan;
    let period = report.kind;
    let (period_from, period_to) =
        due::period_bounds(plan.year, period).ok_or_else(|| Error::internal("a plan of a year without a calendar"))?;
    let earlier = earlier_reports(r, followed, period)?;
    let people = People::read(r, followed)?;
    let outcomes = Outcomes::read(r, followed, body, period)?;
    let mut frozen = followed_plan(r, body, policy, followed, period)?;
    let mut left = r.files_in_plan(plan.id)?;
    left.retain(|file| file.removed_at.is_none() && file.period.is_none_or(|of| of == period));
    let contents = followed.at(period);
    for risk in frozen.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
        for told in &mut risk.controls {
            let id = follow_up::id(&told.id)?;
            let Some(control) = contents.controls.iter().find(|c| c.id == id) else { continue };
            let standing = followed.control(control, period);
            let report = control_report(followed, control, &standing, period, &people)?;
            let outcomes = outcomes.of_control(control);
            let files = left_files(left.iter().filter(|file| file.control_id == Some(id)))?;
            told.report = Some(doc::ControlReport { outcomes, files, ..report });
        }
        for told in &mut risk.actions {
            let id = follow_up::id(&told.id)?;
            let Some(action) = contents.actions.iter().find(|a| a.id == id) else { continue };
            let standing = followed.action(action, period);
            // Late or not is told of the day that the report is about, whenever it is made.
            let report = action_report(followed, action, &standing, period, &people, r.today().min(period_to))?;
            let files = left_files(left.iter().filter(|file| file.action_id == Some(id)))?;
            told.report = Some(doc::ActionReport { files, ..report });
        }
    }
    let since = earlier.last().map(|(last, then)| since(last, then, &frozen)).transpose()?;
    if since.is_some() {
        // What the plan's version changed is told there, by the first follow-up after it.
        frozen.revised = None;
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
            diary_numbers: diary(&report.diary_numbers),
            illustrative: plan.illustrative,
            closed_early: followed
                .frame
                .row(period)
                .and_then(|row| Some(doc::EarlyClosing { on: row.closed_on?, reason: row.closing_reason.clone()? })),
        },
        decision: None,
        since,
        outcomes: Some(outcomes.asked(r, plan.year)?),
        mandatory: mandatory(r, plan, contents)?,
        trend: trend(r, followed, period, &frozen, &earlier)?,
        deficiencies: deficiencies(r, contents, body, (period_from, period_to))?,
        recommendations: recommendations(r, plan, contents, body, (period_from, period_to))?,
        audit_opinions: audit_opinions(r, plan, body)?,
        indicators: at_risk(r, contents, body, &outcomes)?,
        financial_measures: measures_without_risk(r, plan, period)?,
        self_assessment: components(r, plan, period)?,
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
    decision: doc::Decision,
    checkpoint: Option<CheckpointRow>,
) -> Result<doc::ReportSnapshot> {
    let diary_numbers = decision.diary_numbers.clone();
    Ok(doc::ReportSnapshot {
        report: doc::Report { status: doc::ReportStatus::Decided, diary_numbers, ..frozen.report },
        decision: Some(decision),
        checkpoint: checkpoint.map(|row| logs::read(&row)).transpose()?.map(|c| doc::Checkpoint {
            root: c.root_text(),
            origin: c.origin,
            size: c.size,
        }),
        ..frozen
    })
}

/// The components of COSO that the annual report must judge, and that nobody has judged yet.
pub fn missing_judgements(r: &mut Reading, report: &Report) -> Result<Vec<Missing>> {
    if report.kind != Period::Annual || self_assessments::is_complete(r, report.plan_id, report.kind)? {
        return Ok(Vec::new());
    }
    let judged = r.self_assessment(report.plan_id, report.kind)?.map(|found| found.components.0).unwrap_or_default();
    let missing = coso::COMPONENTS.iter().filter(|key| !judged.iter().any(|one| one.component == **key));
    Ok(missing
        .map(|key| Missing {
            code: "judgementMissing",
            entity: "selfAssessment",
            id: None,
            number: None,
            field: Some(key.as_str()),
            sv: format!("Bedömningen av {} saknas.", key.label(Language::Sv)),
            en: format!("The judgement of {} is missing.", key.label(Language::En)),
        })
        .collect())
}

/// The body's measures that belong to no risk: as they were written of the period, or else as they were known before it,
/// of which the period then says nothing.
fn measures_without_risk(r: &mut Reading, plan: &Plan, period: Period) -> Result<Option<doc::FinancialMeasures>> {
    let Some(found) = financial_measures::known(r, plan.id, period)? else { return Ok(None) };
    let here = found.period == period;
    let told = found.measures.iter().map(|one| {
        Ok(doc::FinancialMeasure {
            name: one.name.clone(),
            effect: one.financial_effect.as_ref().map(snapshot::effect).transpose()?,
            realised: snapshot::tenths(one.realised_effect.as_deref().filter(|_| here))?,
        })
    });
    let measures: Vec<doc::FinancialMeasure> = told.collect::<Result<_>>()?;
    Ok((!measures.is_empty()).then(|| doc::FinancialMeasures { written_of: kind(found.period), measures }))
}

/// What was judged of the components in the period.
fn components(r: &mut Reading, plan: &Plan, period: Period) -> Result<Vec<doc::Component>> {
    let Some(found) = r.self_assessment(plan.id, period)? else { return Ok(Vec::new()) };
    Ok(found
        .components
        .0
        .into_iter()
        .map(|one| doc::Component {
            key: one.component.as_str().into(),
            judgement: sufficiency(one.judgement),
            reason: Some(one.reason),
            principles: one
                .principles
                .into_iter()
                .map(|p| doc::Principle {
                    number: p.number.into(),
                    judgement: sufficiency(p.judgement),
                    reason: p.reason,
                })
                .collect(),
        })
        .collect())
}

fn sufficiency(judgement: Sufficiency) -> doc::Sufficiency {
    match judgement {
        Sufficiency::Sufficient => doc::Sufficiency::Sufficient,
        Sufficiency::Partly => doc::Sufficiency::Partly,
        Sufficiency::Insufficient => doc::Sufficiency::Insufficient,
    }
}

/// The deficiencies that were open in the year up to the period's end.
///
/// A suspicion of crime is for few to read: the report says that there is one and how it was handled in time, and leaves
/// what it is about to those who see the deficiency itself.
fn deficiencies(
    r: &mut Reading,
    contents: &Contents,
    body: &Organisation,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<doc::Deficiency>> {
    let mut all = r.deficiencies_of_body(body.id)?;
    all.retain(|d| d.found_on <= to && d.closed_on.is_none_or(|closed| closed >= from));
    let mut ids: Vec<Id> = all.iter().filter_map(|d| d.found_by_id).collect();
    ids.sort();
    ids.dedup();
    let people: HashMap<Id, String> = r.users_by_ids(&ids)?.into_iter().map(|u: User| (u.id, u.name)).collect();
    let ids: Vec<Id> = all.iter().filter(|d| !d.suspected_crime).map(|d| d.id).collect();
    let left = r.files_of_deficiencies(&ids)?;
    all.into_iter()
        .map(|d| {
            let open = !d.suspected_crime;
            let risk = contents.risks.iter().find(|risk| open && Some(risk.id) == d.risk_id);
            let control = contents.controls.iter().find(|control| open && Some(control.id) == d.control_id);
            let what = what_was_found(&d);
            let found_by = d.found_by.clone().or_else(|| d.found_by_id.and_then(|id| people.get(&id).cloned()));
            Ok(doc::Deficiency {
                id: d.id.to_string(),
                what,
                found_on: d.found_on,
                found_by: found_by.filter(|_| open),
                severity: Some(d.severity.label(Language::Sv).into()),
                suspected_crime: d.suspected_crime,
                risk_number: risk.and_then(Risk::shown_number).and_then(|n| u32::try_from(n).ok()),
                control_id: control.map(|control| control.id.to_string()),
                reported_to_board_on: d.reported_to_board_on,
                reported_to_region_with: d
                    .region_year
                    .zip(d.region_period)
                    .map(|(year, period)| doc::PeriodName { kind: kind(period), year }),
                done: d.measures.clone().filter(|_| open),
                closed_on: d.closed_on,
                close_reason: d.closure_reason.clone().filter(|_| open),
                secrecy: d.secrecy.as_deref().map(snapshot::secrecy),
                files: left_files(left.iter().filter(|file| file.deficiency_id == Some(d.id)))?,
            })
        })
        .collect()
}

/// Files as a document tells of them.
fn left_files<'a>(files: impl Iterator<Item = &'a EvidenceFile>) -> Result<Vec<doc::LeftFile>> {
    let told = |file: &EvidenceFile| {
        Ok(doc::LeftFile {
            name: file.name.clone(),
            size: u64::try_from(file.size).map_err(Error::internal)?,
            sha256: file.sha256.clone(),
            left_on: day(file.created_at),
            public: file.public_at.is_some(),
        })
    };
    files.map(told).collect()
}

/// The recommendations that are open, or were closed during the year.
fn recommendations(
    r: &mut Reading,
    plan: &Plan,
    contents: &Contents,
    body: &Organisation,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<doc::Recommendation>> {
    let mut told = Vec::new();
    let manner = manner_of(r, body)?;
    for one in r.recommendations_of_body(body.id)? {
        if one.closed_on.is_some_and(|closed| closed < from) || one.year > plan.year {
            continue;
        }
        let entries = r.recommendation_entries(one.id, &Listing::all())?.items;
        let responsible: Option<User> = one.responsible_id.map(|id| r.linked(id)).transpose()?;
        told.push(doc::Recommendation {
            id: one.id.to_string(),
            source: capital(&manner.label(one.source, Language::Sv)),
            report: Some(one.report.clone()),
            diary_number: one.diary_number.clone(),
            year: one.year,
            text: one.text.clone(),
            responsible: responsible.map(|user| user.name),
            status: match one.closed_on {
                Some(closed) if closed <= to => doc::RecommendationStatus::Closed,
                _ => doc::RecommendationStatus::Open,
            },
            entries: entries
                .into_iter()
                .map(|entry| doc::Entry {
                    date: entry.dated_on,
                    side: match entry.side {
                        DialogueSide::Auditor => doc::Side::Auditor,
                        DialogueSide::Body => doc::Side::Body,
                    },
                    text: entry.text,
                })
                .collect(),
            actions: named_actions(r, contents, &one.action_ids)?,
        });
    }
    Ok(told)
}

/// The auditors' judgement of the year and of the one before.
fn audit_opinions(r: &mut Reading, plan: &Plan, body: &Organisation) -> Result<Vec<doc::AuditOpinion>> {
    let mut told = Vec::new();
    for year in [plan.year - 1, plan.year] {
        if let Some(opinion) = r.audit_opinion_of(body.id, year)? {
            told.push(doc::AuditOpinion {
                year,
                judgement: capital(opinion.judgement.label(Language::Sv)),
                report: Some(opinion.report),
            });
        }
    }
    Ok(told)
}

/// The plan as it is followed up in a period: an open one with today's assessments, a closed one as it was when it closed.
pub fn followed_plan(
    r: &mut Reading,
    body: &Organisation,
    policy: &Policy,
    followed: &Followed,
    period: Period,
) -> Result<doc::PlanSnapshot> {
    let contents = followed.at(period);
    // While the next revision is drafted, the adopted one is told by what was sealed; only what goes on since is today's.
    let Some(mut frozen) = contents.sealed.clone() else {
        return snapshot::of_plan(r, &followed.frame.plan, body, policy);
    };
    if followed.is_as_closed(period) {
        return Ok(frozen);
    }
    let people = People::read(r, followed)?;
    for told in frozen.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
        let id = follow_up::id(&told.id)?;
        let Some(risk) = contents.risk(id) else { continue };
        told.likelihood = risk.likelihood.and_then(|n| u32::try_from(n).ok());
        told.consequence = risk.consequence.and_then(|n| u32::try_from(n).ok());
        told.score = risk.score;
        told.level = risk.level.map(|level| level.as_str().into());
        for action in contents.actions.iter().filter(|a| a.risk_id == risk.id) {
            if !told.actions.iter().any(|known| known.id == action.id.to_string()) {
                told.actions.push(snapshot::action(action, people.name(action.responsible_id))?);
            }
        }
        snapshot::born_of_what_is_there(told);
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
        ids.extend(followed.now().actions.iter().filter_map(|a| a.responsible_id));
        ids.sort();
        ids.dedup();
        Ok(Self(r.users_by_ids(&ids)?.into_iter().map(|u: User| (u.id, u.name)).collect()))
    }

    fn name(&self, id: Option<Id>) -> Option<String> {
        id.and_then(|id| self.0.get(&id).cloned())
    }
}

/// What reports say of a deficiency: of a suspicion of crime that there is one, and no more.
pub fn what_was_found(deficiency: &Deficiency) -> String {
    match &deficiency.description {
        _ if deficiency.suspected_crime => "Misstanke om brott. Vad den gäller redovisas i särskild ordning.".into(),
        Some(description) => format!("{}\n\n{description}", deficiency.title),
        None => deficiency.title.clone(),
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
        counts: report.and_then(|x| x.counts.as_deref()).map(counted).transpose()?,
        references: report.map_or(Vec::new(), |x| references(&x.references)),
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
                text: text_with_reason(x.correction_reason.as_deref(), x.comment.as_deref()),
            })
        }),
        findings: followed
            .at(period)
            .actions
            .iter()
            .filter(|a| a.from_control_id == Some(id))
            .map(|a| a.id.to_string())
            .collect(),
        secrecy: secrecy(followed.control_reports.get(&id), |x: &ControlReport| {
            (report.is_some_and(|r| r.id == x.id) || (x.period == period && x.correction_reason.is_some()))
                .then_some(x.secrecy.as_deref())
        }),
        files: Vec::new(),
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
        references: report.map_or(Vec::new(), |x| references(&x.references)),
        reported_on: report.map(|x| day(x.reported_at)),
        reported_by: people.name(report.map(|x| x.reported_by_id)),
        on_behalf_of: people.name(report.and_then(|x| x.on_behalf_of_id)),
        previous: standing.previous.map(|(status, _)| action_status(status)),
        previous_effect: standing.previous.map(|(_, effect)| action_effect(effect)),
        corrections: followed
            .action_reports
            .get(&action.id)
            .into_iter()
            .flatten()
            .filter(|x| x.period == period && x.correction_reason.is_some())
            .map(|x| {
                Ok(doc::ActionCorrection {
                    on: day(x.reported_at),
                    by: people.name(Some(x.reported_by_id)),
                    status: Some(action_status(x.status)),
                    effect: Some(action_effect(x.effect)),
                    completed_on: x.completed_on,
                    text: text_with_reason(x.correction_reason.as_deref(), x.comment.as_deref()),
                    realised_effect: snapshot::tenths(x.realised_effect.as_deref())?,
                })
            })
            .collect::<Result<_>>()?,
        realised_effect: snapshot::tenths(standing.realised_effect.as_deref())?,
        secrecy: secrecy(followed.action_reports.get(&action.id), |x: &ActionReport| {
            (report.is_some_and(|r| r.id == x.id) || (x.period == period && x.correction_reason.is_some()))
                .then_some(x.secrecy.as_deref())
        }),
        files: Vec::new(),
    })
}

/// The marking of what is told of a period: of the report that counts, or of one of its corrections.
fn secrecy<T>(all: Option<&Vec<T>>, tell: impl Fn(&T) -> Option<Option<&Secrecy>>) -> Option<doc::Secrecy> {
    all.into_iter().flatten().find_map(|x| tell(x).flatten()).map(snapshot::secrecy)
}

fn corrections<T, D>(all: Option<&Vec<T>>, tell: impl FnMut(&T) -> Option<D>) -> Vec<D> {
    all.into_iter().flatten().filter_map(tell).collect()
}

/// Why something is corrected, and what is said of it.
fn text_with_reason(reason: Option<&str>, comment: Option<&str>) -> Option<String> {
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
        // Of the risks that are followed still: one that a revision has retired stands in the report before.
        scores: risks(&then.plan)
            .filter(|x| risks(now).any(|y| y.number == x.number))
            .map(|x| doc::ScoreThen { number: x.number, score: x.score })
            .collect(),
        new_actions: today.iter().filter(|(id, _)| !before.contains_key(id)).map(|(id, _)| id.clone()).collect(),
        completed_actions: today
            .iter()
            .filter(|(id, done)| *done && before.get(id) != Some(&true))
            .map(|(id, _)| id.clone())
            .collect(),
        // The first follow-up after a revision tells what it changed.
        revised: now.revised.clone().filter(|_| then.plan.plan.revision < now.plan.revision),
    })
}

fn mandatory(r: &mut Reading, plan: &Plan, contents: &Contents) -> Result<Vec<doc::Mandatory>> {
    let issued = mandatory_of(r, plan.year)?;
    Ok(issued
        .into_iter()
        .map(|m| doc::Mandatory {
            risk_numbers: contents
                .risks
                .iter()
                .filter(|risk| risk.mandatory_id == Some(m.id) || risk.area_id == Some(m.id))
                .filter_map(Risk::shown_number)
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
        // What a period came to is told by what was decided of it, whatever the plan has become since.
        let decided = earlier.iter().find(|(report, _)| report.kind == at).map(|(_, frozen)| &frozen.trend.periods);
        if let Some(told) = decided.and_then(|told| told.iter().find(|period| period.kind == kind(at))) {
            periods.push(told.clone());
        } else {
            let tally = followed.tally(at)?;
            periods.push(doc::TrendPeriod {
                kind: kind(at),
                controls: counts(&tally.controls),
                actions: counts(&tally.actions),
                effects: counts(&tally.effects),
            });
        }
        // What the scores were then is told by what was decided then.
        let then = earlier.iter().find(|(report, _)| report.kind == at).map(|(_, frozen)| &frozen.plan);
        scores.push(match then {
            Some(then) => of(then),
            None if at == period => of(now),
            None => HashMap::new(),
        });
    }
    // Each adopted version up to the one that is followed.
    let followed_revision = i32::try_from(now.plan.revision).map_err(Error::internal)?;
    let mut versions = Vec::new();
    for revision in 1..=followed_revision {
        versions.push((number(revision)?, sealed::of_revision(r, plan.id, revision)?));
    }
    let versions: Vec<(u32, HashMap<&str, Option<i32>>)> = versions.iter().map(|(n, then)| (*n, of(then))).collect();
    let score = |then: &HashMap<&str, Option<i32>>, risk: &doc::Risk| then.get(risk.id.as_str()).copied().flatten();
    let several = versions.len() > 1;
    let mut last_year: HashMap<String, Option<i32>> = HashMap::new();
    if let Some(previous) = previous_plan(r, plan)? {
        let side = comparison::Side::adopted(r, &previous)?;
        let held = comparison::compare(r, plan, Some(side))?;
        if held.comparable {
            last_year.extend(held.risks.into_iter().map(|x| (x.risk_id.to_string(), x.previous_score)));
        }
    }
    Ok(doc::Trend {
        versions: versions.iter().filter(|_| several).map(|(n, _)| *n).collect(),
        periods,
        risks: risks(now)
            .map(|risk| doc::TrendRisk {
                number: risk.number,
                last_year: last_year.get(&risk.id).copied().flatten(),
                adopted: versions.last().and_then(|(_, then)| score(then, risk)),
                versions: versions.iter().filter(|_| several).map(|(_, then)| score(then, risk)).collect(),
                scores: scores.iter().map(|then| then.get(risk.id.as_str()).copied().flatten()).collect(),
            })
            .collect(),
    })
}

fn counts(by: &ByColour) -> doc::StatusCounts {
    doc::StatusCounts { dash: by.dash, green: by.green, yellow: by.yellow, red: by.red, missing: by.missing }
}

/// What a control's report counts.
fn counted(counts: &Counts) -> Result<doc::Counts> {
    let count = |n: Option<i64>| n.map(u32::try_from).transpose().map_err(Error::internal);
    Ok(doc::Counts {
        samples: count(counts.samples)?,
        faults: count(counts.faults)?,
        reports_received: count(counts.reports_received)?,
        reports_investigated: count(counts.reports_investigated)?,
    })
}

fn references(all: &[Reference]) -> Vec<doc::Reference> {
    all.iter().cloned().map(|Reference { title, address, note }| doc::Reference { title, address, note }).collect()
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
