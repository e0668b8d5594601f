//! The region's view of a period: every body, what is due and missing, who has not reported; and the matrices of many
//! plans as one.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::periods::{self, PeriodReport};
use crate::app::caller::Caller;
use crate::app::contents::mandatory;
use crate::app::derived::plan_views;
use crate::app::follow_up::{self, PeriodFrame, Tally};
use crate::app::places::{path_ids, plan_target};
use crate::app::plan::year::{self, mandatory_of};
use crate::app::settings::policies;
use crate::domain::roles::{PlanTarget, Target, Verb};
use crate::domain::scoring::Policy;
use crate::domain::text::by_name;
use crate::domain::words::{LevelKey, OrganisationKind, Period, PeriodStatus, PlanStatus, ReportStatus};
use crate::error::{Error, Result};
use crate::storage::queries::{Any, Listing, OrganisationFilter, Page};
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Reading};

/// How a body stands in a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FollowUp {
    pub organisation_id: Id,
    #[schema(example = "Stockholms läns sjukvårdsområde")]
    pub organisation: String,
    #[schema(example = "SLSO")]
    pub abbreviation: Option<String>,
    pub kind: OrganisationKind,
    /// The body's plan of the year; null when it has none.
    pub plan_id: Option<Id>,
    pub plan_status: Option<PlanStatus>,
    pub adopted_revision: Option<i32>,
    /// When the plan was last delivered to the regional office.
    pub delivered_on: Option<NaiveDate>,
    /// The newest revision of the plan is delivered. False where no plan is adopted.
    pub plan_delivered: bool,
    /// So is the newest report of the period that the board has decided on, where there is one.
    pub delivered: bool,
    /// The plan was closed without having been followed up here: nothing was reported.
    pub not_reported: bool,
    /// Why it was closed so.
    pub closing_reason: Option<String>,
    pub period: Period,
    /// Null when there is no plan.
    pub period_status: Option<PeriodStatus>,
    pub deadline: Option<NaiveDate>,
    /// The deadline has passed, and something is missing: a status, or the adopted plan itself.
    pub late: bool,
    /// Nothing is missing: false too where there is no adopted plan.
    pub complete: bool,
    #[serde(flatten)]
    pub tally: Tally,
    /// The newest report of the period.
    pub report: Option<PeriodReport>,
    pub mandatory: MandatoryCoverage,
}

/// How a body's plan answers what the region has made mandatory that year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MandatoryCoverage {
    /// Mandatory risks and areas.
    #[schema(example = 2)]
    pub issued: u32,
    /// Those that the plan has a risk for.
    #[schema(example = 2)]
    pub present: u32,
    /// Those whose risks are all assessed.
    #[schema(example = 2)]
    pub assessed: u32,
    /// Those whose risks all have a control.
    #[schema(example = 1)]
    pub controlled: u32,
}

/// Which bodies.
#[derive(Debug, Clone, Default)]
pub struct FollowUpFilter {
    /// Those at and below this organisation.
    pub organisation_id: Option<Id>,
    pub complete: Option<bool>,
    pub late: Option<bool>,
    pub delivered: Option<bool>,
    pub period_status: Any<PeriodStatus>,
    /// The newest report of the period has this status.
    pub report: Any<ReportStatus>,
}

/// The bodies with the duty to plan in a year, at and below an organisation, by name, that the caller may follow.
fn bodies(r: &mut Reading, caller: &Caller, year: i32, below: Option<Id>) -> Result<Vec<(Organisation, Option<Plan>)>> {
    let filter = OrganisationFilter { plans: Some(true), valid_in: Some(year), ..Default::default() };
    let mut plans = year::of_year(r, year)?;
    let mut found = Vec::new();
    for body in r.organisations(&filter, &Listing::all())?.items {
        let path = path_ids(&body.path);
        if below.is_some_and(|id| !path.contains(&id.0)) {
            continue;
        }
        let plan = plans.remove(&body.id);
        let target = match &plan {
            Some(plan) => plan_target(plan, &body),
            None => PlanTarget { path, status: PlanStatus::Draft, adopted_revision: None },
        };
        if caller.sees(Verb::SeeFollowUp, &Target::Plan(target)) {
            found.push((body, plan));
        }
    }
    found.sort_by(|(a, _), (b, _)| by_name(&a.name, &b.name).then(a.id.cmp(&b.id)));
    Ok(found)
}

/// Every body that the caller may follow, in a period of a year.
pub fn list(
    r: &mut Reading,
    caller: &Caller,
    year: i32,
    period: Period,
    filter: &FollowUpFilter,
    listing: &Listing,
) -> Result<Page<FollowUp>> {
    let mut covered: BTreeMap<Id, MandatoryCoverage> = BTreeMap::new();
    let issued = mandatory_of(r, year)?;
    for required in &issued {
        for one in mandatory::coverage(r, caller, required.id, &Listing::all())?.items {
            let coverage = covered.entry(one.organisation_id).or_default();
            coverage.issued += 1;
            coverage.present += u32::from(one.present);
            coverage.assessed += u32::from(one.assessed);
            coverage.controlled += u32::from(one.controlled);
        }
    }
    let bodies = bodies(r, caller, year, filter.organisation_id)?;
    let planned: Vec<&Plan> = bodies.iter().filter_map(|(_, plan)| plan.as_ref()).collect();
    let mut views = HashMap::new();
    let mut decided = HashSet::new();
    for frame in PeriodFrame::read_all(r, &planned)? {
        decided.extend(frame.decided(Period::Annual).map(|_| frame.plan.id));
        let tallies = follow_up::tallies(r, &frame.plan)?;
        let tally = Period::ALL.iter().zip(tallies).find(|(of, _)| **of == period).map(|(_, tally)| tally);
        let tally = tally.ok_or_else(|| Error::internal("a period without a tally"))?;
        let plan = &frame.plan;
        let of_plan = plan.adopted_revision.is_some() && plan.delivered_revision == plan.adopted_revision;
        let delivered = of_plan && frame.decided(period).is_none_or(|report| report.delivered_on.is_some());
        views.insert(plan.id, (periods::view(&frame, tally, period, r.today())?, (of_plan, delivered)));
    }
    let asked = r.deadlines(year)?.into_iter().find(|d| d.period == period).map(|d| d.due_on);
    let mut all = Vec::new();
    for (body, plan) in bodies {
        let (seen, delivered) = plan.as_ref().and_then(|plan| views.remove(&plan.id)).unzip();
        let adopted = plan.as_ref().is_some_and(|plan| plan.adopted_revision.is_some());
        let tally = seen.as_ref().map(|view| view.tally).unwrap_or_default();
        let deadline = seen.as_ref().map_or(asked, |view| view.deadline);
        let closed = plan.as_ref().is_some_and(|plan| plan.status == PlanStatus::Closed);
        let unfollowed = closed && !plan.as_ref().is_some_and(|plan| decided.contains(&plan.id));
        all.push(FollowUp {
            organisation_id: body.id,
            organisation: body.name,
            abbreviation: body.abbreviation,
            kind: body.kind,
            plan_id: plan.as_ref().map(|plan| plan.id),
            plan_status: plan.as_ref().map(|plan| plan.status),
            adopted_revision: plan.as_ref().and_then(|plan| plan.adopted_revision),
            delivered_on: plan.as_ref().and_then(|plan| plan.delivered_on),
            plan_delivered: delivered.is_some_and(|(of_plan, _)| of_plan),
            delivered: delivered.is_some_and(|(_, all)| all),
            not_reported: unfollowed,
            closing_reason: plan.as_ref().and_then(|plan| plan.closing_reason.clone()).filter(|_| unfollowed),
            period,
            period_status: seen.as_ref().map(|view| view.status),
            deadline,
            late: seen.as_ref().is_some_and(|view| view.late)
                || (!adopted && deadline.is_some_and(|last| last < r.today())),
            complete: adopted && !unfollowed && tally.missing == 0,
            tally,
            report: seen.and_then(|view| view.report),
            mandatory: covered.get(&body.id).copied().unwrap_or_default(),
        });
    }
    all.retain(|one| {
        filter.complete.is_none_or(|yes| yes == one.complete)
            && filter.late.is_none_or(|yes| yes == one.late)
            && filter.delivered.is_none_or(|yes| yes == one.delivered)
            && filter.period_status.takes_maybe(one.period_status)
            && filter.report.takes_maybe(one.report.as_ref().map(|report| report.status))
    });
    Ok(listing.cut(all))
}

/// The matrices of many plans, one for each scale that is in use: scores of different scales are never mixed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RolledMatrices {
    #[schema(example = 2024)]
    pub year: i32,
    pub matrices: Vec<RolledMatrix>,
}

/// The included risks of all plans that are scored by the same matrix.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RolledMatrix {
    /// The versions of policies that have this matrix.
    pub policy_version_ids: Vec<Id>,
    pub plan_ids: Vec<Id>,
    /// From the lowest likelihood and consequence up, row by row.
    pub cells: Vec<RolledCell>,
    /// From the highest level down; levels without risks with 0.
    pub counts: Vec<plan_views::LevelCount>,
    /// Included risks that are assessed.
    pub total: usize,
    /// Included risks that are not.
    pub unassessed: usize,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RolledCell {
    #[schema(example = 4)]
    pub likelihood: usize,
    #[schema(example = 3)]
    pub consequence: usize,
    #[schema(example = 12)]
    pub score: i32,
    pub level: LevelKey,
    #[schema(example = 7)]
    pub count: usize,
}

/// The matrices of the plans of a year at and below an organisation, as they stand now.
pub fn matrix(r: &mut Reading, caller: &Caller, year: i32, organisation: Option<Id>) -> Result<RolledMatrices> {
    let mut groups: Vec<(std::sync::Arc<Policy>, RolledMatrix)> = Vec::new();
    for (_, plan) in bodies(r, caller, year, organisation)? {
        let Some(plan) = plan else { continue };
        let policy = policies::definition(r, plan.policy_version_id)?;
        let at = match groups.iter().position(|(known, _)| known.comparable(&policy) && same_levels(known, &policy)) {
            Some(at) => at,
            None => {
                groups.push((policy.clone(), empty(&policy)));
                groups.len() - 1
            }
        };
        let (_, group) = groups.get_mut(at).ok_or_else(|| Error::internal("a group that was just found is gone"))?;
        if !group.policy_version_ids.contains(&plan.policy_version_id) {
            group.policy_version_ids.push(plan.policy_version_id);
        }
        group.plan_ids.push(plan.id);
        for place in r.places_in_plan(plan.id)? {
            let cell = place.and_then(|(l, c)| {
                group.cells.iter_mut().find(|cell| cell.likelihood == l as usize && cell.consequence == c as usize)
            });
            match cell {
                Some(cell) => {
                    cell.count += 1;
                    group.total += 1;
                }
                None => group.unassessed += 1,
            }
        }
    }
    for (_, group) in &mut groups {
        for count in &mut group.counts {
            count.count = group.cells.iter().filter(|cell| cell.level == count.level).map(|cell| cell.count).sum();
        }
    }
    Ok(RolledMatrices { year, matrices: groups.into_iter().map(|(_, group)| group).collect() })
}

fn same_levels(a: &Policy, b: &Policy) -> bool {
    a.cells.iter().flatten().map(|cell| cell.level).eq(b.cells.iter().flatten().map(|cell| cell.level))
}

fn empty(policy: &Policy) -> RolledMatrix {
    RolledMatrix {
        policy_version_ids: Vec::new(),
        plan_ids: Vec::new(),
        cells: (1..)
            .zip(&policy.cells)
            .flat_map(|(likelihood, row)| {
                (1..).zip(row).map(move |(consequence, cell)| RolledCell {
                    likelihood,
                    consequence,
                    score: cell.score,
                    level: cell.level,
                    count: 0,
                })
            })
            .collect(),
        counts: policy
            .levels_down()
            .into_iter()
            .map(|level| plan_views::LevelCount { level: level.key, label: level.label.clone(), count: 0 })
            .collect(),
        total: 0,
        unassessed: 0,
    }
}
