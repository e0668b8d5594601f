//! The same risk in the plans of other years, with its scores.

use super::chart::{self, Point};
use super::known::{Levels, Names};
use crate::app::caller::Caller;
use crate::app::contents::risks;
use crate::error::Result;
use crate::storage::records::{Plan, Risk};
use crate::storage::{Id, Reading};
use crate::web::frame::Frame;
use crate::web::values::Html;

/// A risk over the years, as far as whoever looks may see it: the oldest first, this one too.
pub struct OtherYears {
    pub rows: Vec<Row>,
    pub chart: Option<Html>,
    /// The matrices of the years differ, so that a score of one does not mean what it means in another.
    pub other_scale: bool,
}

/// The risk in one year.
pub struct Row {
    pub id: Id,
    pub year: i32,
    pub number: Option<i32>,
    pub name: String,
    pub owner: String,
    pub product: Option<(i32, i32)>,
    pub score: Option<i32>,
    pub level: Html,
    pub included: bool,
}

/// A risk in each plan in which whoever looks may see it, the oldest first.
pub fn over_the_years(r: &mut Reading, caller: &Caller, risk: &Risk) -> Result<Vec<(Plan, Risk)>> {
    let all = risks::of_identity(r, caller, risk.identity_id)?;
    let mut found: Vec<(Plan, Risk)> = Vec::with_capacity(all.len());
    r.all::<Plan>(all.iter().map(|one| one.plan_id))?;
    for one in all {
        found.push((r.linked(one.plan_id)?, one));
    }
    found.sort_by_key(|(plan, one)| (plan.year, one.id));
    Ok(found)
}

/// None where it stands in no other year's plan.
pub fn read(r: &mut Reading, caller: &Caller, p: &Frame, risk: &Risk) -> Result<Option<OtherYears>> {
    let found = over_the_years(r, caller, risk)?;
    if found.len() < 2 {
        return Ok(None);
    }
    let names = Names::people(r, found.iter().map(|(_, one)| one.owner_id))?;
    let first = found.first().map(|(plan, _)| plan.policy_version_id);
    let other_scale = found.iter().any(|(plan, _)| Some(plan.policy_version_id) != first);
    let mut rows = Vec::with_capacity(found.len());
    for (plan, one) in found {
        rows.push(Row {
            id: one.id,
            year: plan.year,
            number: one.shown_number(),
            owner: names.or_dash(&one.owner_id).to_owned(),
            product: one.likelihood.zip(one.consequence),
            score: one.score,
            level: Levels::read(r, plan.policy_version_id, p)?.show(&one.level),
            included: one.included,
            name: one.name,
        });
    }
    let points: Vec<Point> = rows
        .iter()
        .filter_map(|row| {
            let score = row.score?;
            Some(Point { value: score.into(), over: score.to_string(), below: vec![row.year.to_string()] })
        })
        .collect();
    let chart = chart::line(&points, &p.say("other-years-chart"));
    Ok(Some(OtherYears { rows, chart, other_scale }))
}
