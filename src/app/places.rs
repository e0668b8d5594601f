//! Where organisations, plans and events stand: paths in the tree, what rights are asked of, and whose log is written to.

use std::sync::Arc;

use chrono::Datelike;
use uuid::Uuid;

use crate::domain::life::PlanState;
use crate::domain::manner::Manner;
use crate::domain::own_words::OwnWords;
use crate::domain::roles::PlanTarget;
use crate::error::Result;
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Place, Reading};

/// The ids of a path, from the root down.
pub fn path_ids(path: &str) -> Vec<Uuid> {
    path.split('/').filter_map(|part| Uuid::try_parse(part).ok()).collect()
}

/// A path as the database keeps it.
pub fn path_text(path: &[Uuid]) -> String {
    path.iter().map(|id| format!("{id}/")).collect()
}

/// The path of the nearest body at or above, or the organisation's own.
pub fn body_path(organisation: &Organisation) -> Vec<Uuid> {
    let mut path = path_ids(&organisation.path);
    if let Some(body) = organisation.body_id
        && let Some(at) = path.iter().position(|id| *id == body.0)
    {
        path.truncate(at + 1);
    }
    path
}

/// The beginning of the paths at and below an organisation that a filter names; one that is not there has nothing.
pub fn below(r: &mut Reading, organisation: Option<Id>) -> Result<Option<String>> {
    match organisation {
        None => Ok(None),
        Some(id) => Ok(Some(r.find::<Organisation>(id)?.map_or_else(|| format!("{id}/"), |o| o.path))),
    }
}

/// How one speaks of everyone's matters in this register, today.
pub fn manner(r: &mut Reading) -> Result<Manner> {
    let root = r.root_id()?;
    let year = r.today().year();
    manner_at(r, &[root.0], year)
}

/// The same where the words of the last organisation of a path are said, as they are in a year.
fn manner_at(r: &mut Reading, path: &[Uuid], year: i32) -> Result<Manner> {
    let words = Arc::new(words_at(r, path, year)?);
    Ok(Manner { auditors: r.auditors_name()?, words, ..Manner::of(r.root_kind()?) })
}

/// What the last organisation of a path calls its things in a year: each word as the nearest organisation says it that has
/// one for it. Of one organisation's, those hold that began last.
pub fn words_at(r: &mut Reading, path: &[Uuid], year: i32) -> Result<OwnWords> {
    if !r.is_worded()? {
        return Ok(OwnWords::default());
    }
    let ids: Vec<Id> = path.iter().copied().map(Id).collect();
    let all = r.wordings_of(&ids)?;
    let of = |id: &Id| {
        let begun = all.iter().filter(|one| one.organisation_id == *id && one.year <= year);
        begun.max_by_key(|one| one.year).map(|one| one.words.0.clone()).unwrap_or_default()
    };
    Ok(ids.iter().fold(OwnWords::default(), |above, id| of(id).or(above)))
}

/// The words of a body in a year.
pub fn words_of(r: &mut Reading, body: &Organisation, year: i32) -> Result<OwnWords> {
    words_at(r, &body_path(body), year)
}

/// How one speaks of the matters of an organisation's body, today; where it has none, of everyone's.
pub fn manner_of(r: &mut Reading, organisation: &Organisation) -> Result<Manner> {
    let year = r.today().year();
    manner_in(r, organisation, year)
}

/// The same of those of a year, such as a plan.
pub fn manner_in(r: &mut Reading, organisation: &Organisation, year: i32) -> Result<Manner> {
    let body = match organisation.body_id {
        Some(id) if id != organisation.id => r.find::<Organisation>(id)?.map(|body| body.kind),
        _ => Some(organisation.kind),
    };
    let manner = manner_at(r, &body_path(organisation), year)?;
    Ok(match body {
        Some(kind) => manner.with(kind),
        None => manner,
    })
}

/// Where a plan stands, for the decision of rights.
pub fn plan_target(plan: &Plan, body: &Organisation) -> PlanTarget {
    PlanTarget { path: path_ids(&body.path), status: plan.status, adopted_revision: plan.adopted_revision }
}

/// Where a plan stands in its life.
pub fn plan_state(plan: &Plan) -> PlanState {
    PlanState { status: plan.status, adopted_revision: plan.adopted_revision, year: plan.year }
}

/// Where events about an organisation's things belong: its body's log, or the region's.
pub fn place(r: &mut Reading, organisation: &Organisation) -> Result<Place> {
    let log = match organisation.body_id {
        Some(body) => body,
        None => r.root_id()?,
    };
    Ok(Place { log, organisation: organisation.id })
}

/// Where events about the region's own things belong.
pub fn region_place(r: &mut Reading) -> Result<Place> {
    let root = r.root_id()?;
    Ok(Place { log: root, organisation: root })
}
