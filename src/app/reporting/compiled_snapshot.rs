//! Freezing what the region makes of every body's follow-up of a period: each body in the figures of its own report.

use chrono::NaiveDate;
use riskregister_document::snapshot as doc;

use super::follow_ups::{self, FollowUp, FollowUpFilter};
use super::{indicators_told, report_snapshot, reports};
use crate::app::caller::Caller;
use crate::app::contents::mandatory;
use crate::app::derived::snapshot::{self, diary};
use crate::app::follow_up::Followed;
use crate::app::plan::year::{self, mandatory_of};
use crate::app::settings::policies;
use crate::domain::due;
use crate::domain::words::{Language, LevelKey, MandatoryKind, Period, ReportStatus};
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{CompiledReport, Organisation, Plan};
use crate::storage::{Id, Reading};

/// How many of the highest risks are told.
const HIGHEST: usize = 20;

/// A body as the compiled report sees it.
struct Told {
    row: FollowUp,
    plan: Option<Plan>,
    /// Its own report of the period, as it was decided or as it stands; none where the period is not followed up.
    report: Option<doc::ReportSnapshot>,
}

/// The compiled report as it stands.
pub fn of(r: &mut Reading, caller: &Caller, report: &CompiledReport) -> Result<doc::CompiledSnapshot> {
    let period = report.kind;
    let bounds = due::period_bounds(report.year, period);
    let (period_from, period_to) = bounds.ok_or_else(|| Error::internal("a report of a year without a calendar"))?;
    let region: Organisation = r.linked(report.organisation_id)?;
    let told = bodies(r, caller, report.year, period)?;
    let deadline = r.deadlines(report.year)?.into_iter().find(|d| d.period == period).map(|d| d.due_on);
    let names: Vec<(Id, String)> =
        told.iter().map(|one| (one.row.organisation_id, one.row.organisation.clone())).collect();
    let (outcomes, at_risk) = indicators_told::of_region(r, &region, report.year, period)?;
    Ok(doc::CompiledSnapshot {
        schema: doc::COMPILED_SCHEMA,
        words: snapshot::words(r, &region, report.year)?,
        register: region.name.clone(),
        report: doc::CompiledReport {
            id: report.id.to_string(),
            kind: report_snapshot::kind(period),
            year: report.year,
            version: u32::try_from(report.number).map_err(Error::internal)?,
            replaces: match report.replaces_id {
                Some(id) => Some(u32::try_from(r.linked::<CompiledReport>(id)?.number).map_err(Error::internal)?),
                None => None,
            },
            final_on: report.final_on,
            period_from,
            period_to,
            deadline,
            diary_numbers: diary(&report.diary_numbers),
            illustrative: told.iter().any(|one| one.plan.as_ref().is_some_and(|plan| plan.illustrative)),
        },
        introduction: report.introduction.clone(),
        conclusion: report.conclusion.clone(),
        mandatory: mandatory_risks(r, caller, report.year, &names)?,
        total: u32::try_from(told.iter().flat_map(risks).count()).map_err(Error::internal)?,
        risks: highest(&told)?,
        deficiencies: deficiencies(r, &names, period, report.year, period_to)?,
        outcomes,
        indicators: at_risk.into_iter().chain(told.iter().flat_map(indicators)).collect(),
        bodies: told.iter().map(|one| body(r, one, report.year)).collect::<Result<_>>()?,
    })
}

fn bodies(r: &mut Reading, caller: &Caller, year: i32, period: Period) -> Result<Vec<Told>> {
    let rows = follow_ups::list(r, caller, year, period, &FollowUpFilter::default(), &Listing::all())?.items;
    let mut plans = year::of_year(r, year)?;
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let plan = plans.remove(&row.organisation_id);
        let report = match &plan {
            Some(plan) if plan.adopted_revision.is_some() && !row.not_reported => own_report(r, plan, period)?,
            _ => None,
        };
        told.push(Told { row, plan, report });
    }
    Ok(told)
}

/// A body's own report of a period: what its board decided on, or else the period as it stands.
fn own_report(r: &mut Reading, plan: &Plan, period: Period) -> Result<Option<doc::ReportSnapshot>> {
    let followed = Followed::read(r, plan)?;
    if !followed.frame.applies(period) {
        return Ok(None);
    }
    if let Some(decided) = followed.frame.decided(period) {
        return reports::sealed(r, decided).map(Some);
    }
    let body: Organisation = r.linked(plan.organisation_id)?;
    let policy = policies::definition(r, plan.policy_version_id)?;
    let draft = reports::draft_of(plan, period)?;
    report_snapshot::of_report(r, &body, &policy, &followed, &draft).map(Some)
}

fn body(r: &mut Reading, told: &Told, year: i32) -> Result<doc::CompiledBody> {
    let row = &told.row;
    let opinion = r.audit_opinion_of(row.organisation_id, year)?;
    let adopted = match &told.plan {
        Some(plan) => match plan.adopted_revision {
            Some(number) => Some((plan, r.revision(plan.id, number)?)),
            None => None,
        },
        None => None,
    };
    let plan = match adopted {
        Some((plan, revision)) => Some(doc::CompiledPlan {
            version: u32::try_from(revision.number).map_err(Error::internal)?,
            adopted_on: Some(revision.decided_on),
            delivered_on: plan.delivered_on.filter(|_| plan.delivered_revision == plan.adopted_revision),
        }),
        None => None,
    };
    let report = match &row.report {
        Some(report) => Some(doc::CompiledBodysReport {
            version: u32::try_from(report.number).map_err(Error::internal)?,
            status: match report.status {
                ReportStatus::Draft => doc::ReportStatus::Draft,
                ReportStatus::Final => doc::ReportStatus::Final,
                ReportStatus::Decided => doc::ReportStatus::Decided,
            },
            decided_on: report.decided_on,
            delivered_on: report.delivered_on,
        }),
        None => None,
    };
    Ok(doc::CompiledBody {
        name: row.organisation.clone(),
        abbreviation: row.abbreviation.clone(),
        plan,
        late: row.late,
        not_reported: row.closing_reason.clone(),
        period: told.report.as_ref().map(|own| period(own, report)),
        opinion: opinion.map(|opinion| opinion.judgement.label(Language::Sv).to_owned()),
    })
}

/// A body's period in the figures of its own report.
fn period(own: &doc::ReportSnapshot, report: Option<doc::CompiledBodysReport>) -> doc::CompiledPeriod {
    let parts = || own.plan.goals.iter().flat_map(|goal| &goal.risks);
    let controls = parts().flat_map(|risk| &risk.controls).filter_map(|control| control.report.as_ref());
    let actions = parts().flat_map(|risk| &risk.actions).filter_map(|action| action.report.as_ref());
    let asked: Vec<bool> = controls
        .map(|told| (told.due, told.reported))
        .chain(actions.map(|told| (told.due, told.reported)))
        .filter_map(|(due, reported)| due.then_some(reported))
        .collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    // The last of the periods that it tells is its own.
    let counted = own.trend.periods.last();
    doc::CompiledPeriod {
        report,
        due: count(asked.len()),
        reported: count(asked.iter().filter(|reported| **reported).count()),
        controls: counted.map(|told| told.controls).unwrap_or_default(),
        actions: counted.map(|told| told.actions).unwrap_or_default(),
        effects: counted.map(|told| told.effects).unwrap_or_default(),
        outcomes: own.outcomes.unwrap_or(doc::OutcomeCount { asked: 0, answered: 0 }),
        components: own
            .self_assessment
            .iter()
            .map(|one| doc::CompiledComponent { key: one.key.clone(), judgement: one.judgement })
            .collect(),
        financial_effect: effects(own),
    }
}

/// What the body's actions and other measures mean for the economy, summed.
fn effects(own: &doc::ReportSnapshot) -> doc::CompiledEffect {
    let mut sum = doc::CompiledEffect::default();
    fn add(sum: &mut Option<i64>, amount: Option<i64>) {
        if let Some(amount) = amount {
            *sum = Some(sum.unwrap_or(0).saturating_add(amount));
        }
    }
    let actions = own.plan.goals.iter().flat_map(|goal| &goal.risks).flat_map(|risk| &risk.actions);
    let actions = actions
        .map(|action| (action.financial_effect.as_ref(), action.report.as_ref().and_then(|told| told.realised_effect)));
    let others = own.financial_measures.iter().flat_map(|others| &others.measures);
    let others = others.map(|one| (one.effect.as_ref(), one.realised));
    for (effect, realised) in actions.chain(others) {
        if let Some(effect) = effect {
            add(&mut sum.full_year, effect.full_year);
            add(&mut sum.plan_year, effect.plan_year);
            add(&mut sum.next_year, effect.next_year);
            add(&mut sum.year_after_next, effect.year_after_next);
        }
        add(&mut sum.realised, realised);
    }
    sum
}

fn risks(told: &Told) -> impl Iterator<Item = &doc::Risk> {
    told.report.iter().flat_map(|own| &own.plan.goals).flat_map(|goal| &goal.risks)
}

/// The highest risks over all bodies: by level, and within a level by score.
fn highest(told: &[Told]) -> Result<Vec<doc::CompiledRisk>> {
    let mut all: Vec<(LevelKey, doc::CompiledRisk)> = Vec::new();
    for one in told {
        let Some(own) = &one.report else { continue };
        for risk in risks(one) {
            let key = risk.level.as_deref();
            let level = own.plan.policy.levels.iter().find(|level| Some(level.key.as_str()) == key);
            let (Some(score), Some(level)) = (risk.score, level) else { continue };
            let Some(rank) = LevelKey::parse(&level.key) else { continue };
            let trend = own.trend.risks.iter().find(|told| told.number == risk.number);
            let compiled = doc::CompiledRisk {
                body: one.row.organisation.clone(),
                number: risk.number,
                reference: risk.reference.clone(),
                name: risk.name.clone(),
                score,
                level: level.clone(),
                adopted: trend.and_then(|told| told.adopted),
                last_year: trend.and_then(|told| told.last_year),
                secrecy: risk.secrecy.clone(),
            };
            all.push((rank, compiled));
        }
    }
    // Those that are equal stand in the order of the bodies and their numbers.
    all.sort_by_key(|(rank, risk)| std::cmp::Reverse((*rank, risk.score)));
    Ok(all.into_iter().map(|(_, risk)| risk).take(HIGHEST).collect())
}

fn indicators(told: &Told) -> Vec<doc::CompiledIndicator> {
    let at_risk = told.report.iter().flat_map(|own| &own.indicators);
    at_risk
        .map(|one| doc::CompiledIndicator {
            body: told.row.organisation.clone(),
            outcome: one.outcome.clone(),
            goal: one.goal.clone(),
            cause: one.cause.clone(),
            has_action: !one.actions.is_empty(),
        })
        .collect()
}

fn mandatory_risks(
    r: &mut Reading,
    caller: &Caller,
    year: i32,
    bodies: &[(Id, String)],
) -> Result<Vec<doc::CompiledMandatory>> {
    let mut all = Vec::new();
    for required in mandatory_of(r, year)? {
        let covered = mandatory::coverage(r, caller, required.id, &Listing::all())?.items;
        let count = |n: usize| u32::try_from(n).map_err(Error::internal);
        let of = |body: &Id| covered.iter().find(|one| one.organisation_id == *body);
        let lacking = bodies.iter().filter(|(body, _)| !of(body).is_some_and(|one| one.present));
        let lacking = lacking.map(|(_, name)| name.clone()).collect();
        all.push(doc::CompiledMandatory {
            kind: match required.kind {
                MandatoryKind::Risk => doc::MandatoryKind::Risk,
                MandatoryKind::Area => doc::MandatoryKind::Area,
            },
            name: required.name,
            present: count(covered.iter().filter(|one| one.present).count())?,
            assessed: count(covered.iter().filter(|one| one.assessed).count())?,
            controlled: count(covered.iter().filter(|one| one.controlled).count())?,
            lacking,
        });
    }
    Ok(all)
}

/// The deficiencies that were reported to the regional office with this follow-up, and those of earlier ones that are open.
fn deficiencies(
    r: &mut Reading,
    bodies: &[(Id, String)],
    period: Period,
    year: i32,
    last: NaiveDate,
) -> Result<Vec<doc::CompiledDeficiency>> {
    let ids: Vec<Id> = bodies.iter().map(|(id, _)| *id).collect();
    let found = r.deficiencies_of_bodies(&ids)?;
    let mut told = Vec::new();
    for (id, name) in bodies {
        for one in found.get(id).into_iter().flatten() {
            let Some(with) = one.region_year.zip(one.region_period) else { continue };
            let concerns = with == (year, period) || (with < (year, period) && one.closed_on.is_none());
            if !concerns || one.found_on > last {
                continue;
            }
            // A suspicion of crime is for few to read, here as in the body's own report.
            let open = !one.suspected_crime;
            told.push(doc::CompiledDeficiency {
                body: name.clone(),
                what: report_snapshot::what_was_found(one),
                found_on: one.found_on,
                severity: Some(one.severity.label(Language::Sv).to_owned()),
                reported_to_board_on: one.reported_to_board_on,
                done: one.measures.clone().filter(|_| open),
                closed_on: one.closed_on,
                secrecy: one.secrecy.as_deref().map(snapshot::secrecy),
            });
        }
    }
    Ok(told)
}
