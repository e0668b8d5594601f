//! What is named by an id in a table of the contract's own fields gets its name in a column beside it, as far as the caller
//! may read it there.

use std::collections::HashMap;

use riskregister_document::table::{Cell, Table};

use super::risks::{by_id, is_seen};
use crate::app::caller::Caller;
use crate::app::findings::deficiencies;
use crate::app::plan::seen_plan;
use crate::app::settings::goals;
use crate::error::{Error, Result};
use crate::storage::records::{
    Action, Control, Deficiency, Goal, Indicator, MandatoryRisk, Organisation, Plan, Recommendation, Risk,
    ScoringPolicy, ServiceAccount, User,
};
use crate::storage::{Id, Reading};

/// Of what kind the things are that a field names by their ids. Those that a thing goes on from, replaces or is a version of
/// bear its own name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Account,
    Action,
    Control,
    Deficiency,
    Goal,
    Indicator,
    Mandatory,
    Organisation,
    /// An organisation's or a goal's: whichever has the id.
    Parent,
    Person,
    Plan,
    Policy,
    Recommendation,
    Risk,
}

fn kind(stem: &str) -> Option<Kind> {
    Some(match stem {
        "reportedByAccount" | "serviceAccount" => Kind::Account,
        "action" => Kind::Action,
        "control" | "fromControl" => Kind::Control,
        "deficiency" => Kind::Deficiency,
        "goal" => Kind::Goal,
        "indicator" => Kind::Indicator,
        "mandatory" => Kind::Mandatory,
        "organisation" | "successor" | "body" | "area" => Kind::Organisation,
        "parent" => Kind::Parent,
        "owner" | "responsible" | "user" | "mentioned" | "onBehalfOf" => Kind::Person,
        "plan" | "fromPlan" => Kind::Plan,
        "policy" => Kind::Policy,
        "recommendation" => Kind::Recommendation,
        "risk" => Kind::Risk,
        by if by.ends_with("By") => Kind::Person,
        _ => return None,
    })
}

/// What a column of ids is of, and what the names beside it are called.
fn named(title: &str) -> Option<(Kind, String)> {
    let (stem, names) = match title.strip_suffix("Ids") {
        Some(stem) => (stem, format!("{stem}Names")),
        None => (title.strip_suffix("Id")?, format!("{}Name", title.strip_suffix("Id")?)),
    };
    Some((kind(stem.rsplit('.').next().unwrap_or(stem))?, names))
}

/// Puts the names beside.
pub fn beside(r: &mut Reading, caller: &Caller, table: &mut Table) -> Result<()> {
    let of: Vec<Option<(Kind, String)>> = table
        .columns
        .iter()
        .map(|(title, _)| named(title).filter(|(_, names)| table.columns.iter().all(|(other, _)| other != names)))
        .collect();
    let mut wanted: HashMap<Kind, Vec<Id>> = HashMap::new();
    for row in &table.rows {
        for (cell, of) in row.iter().zip(&of) {
            if let Some((kind, _)) = of {
                wanted.entry(*kind).or_default().extend(ids(cell));
            }
        }
    }
    let mut names: HashMap<Kind, HashMap<Id, String>> = HashMap::new();
    for (kind, mut ids) in wanted {
        ids.sort_unstable();
        ids.dedup();
        names.insert(kind, names_of(r, caller, kind, ids)?);
    }
    let columns = std::mem::take(&mut table.columns);
    for (column, of) in columns.into_iter().zip(&of) {
        table.columns.push(column);
        table.columns.extend(of.as_ref().map(|(_, title)| (title.clone(), 32.0)));
    }
    for row in &mut table.rows {
        let cells = std::mem::take(row);
        for (cell, of) in cells.into_iter().zip(&of) {
            let name = of.as_ref().map(|(kind, _)| {
                let told = names.get(kind);
                let all: Vec<&str> = ids(&cell).iter().filter_map(|id| told?.get(id).map(String::as_str)).collect();
                if all.is_empty() { Cell::Empty } else { Cell::Verbatim(all.join("\n")) }
            });
            row.push(cell);
            row.extend(name);
        }
    }
    Ok(())
}

/// The ids in a cell: one, or a list of them in JSON.
fn ids(cell: &Cell) -> Vec<Id> {
    let Cell::Verbatim(text) = cell else { return Vec::new() };
    text.parse().map_or_else(|_| serde_json::from_str(text).unwrap_or_default(), |id| vec![id])
}

/// The names of these, of those whose names the caller may read.
fn names_of(r: &mut Reading, caller: &Caller, kind: Kind, ids: Vec<Id>) -> Result<HashMap<Id, String>> {
    Ok(match kind {
        Kind::Account => plainly::<ServiceAccount>(r, ids, |one| one.name)?,
        Kind::Goal => plainly::<Goal>(r, ids, |one| goals::titled(&one))?,
        Kind::Indicator => plainly::<Indicator>(r, ids, |one| one.name)?,
        Kind::Mandatory => plainly::<MandatoryRisk>(r, ids, |one| one.name)?,
        Kind::Organisation => plainly::<Organisation>(r, ids, |one| one.name)?,
        Kind::Parent => {
            let mut found = plainly::<Organisation>(r, ids.clone(), |one| one.name)?;
            found.extend(plainly::<Goal>(r, ids, |one| goals::titled(&one))?);
            found
        }
        Kind::Person => plainly::<User>(r, ids, |one| one.name)?,
        Kind::Policy => plainly::<ScoringPolicy>(r, ids, |one| one.name)?,
        Kind::Plan => {
            let plans = by_id::<Plan>(r, ids)?;
            let bodies = by_id::<Organisation>(r, plans.values().map(|plan| plan.organisation_id))?;
            let mut found = HashMap::new();
            for (id, plan) in plans {
                if let Some(body) = bodies.get(&plan.organisation_id)
                    && told(seen_plan(r, caller, id))?
                {
                    found.insert(id, format!("{} {}", body.name, plan.year));
                }
            }
            found
        }
        Kind::Risk => {
            let all = by_id::<Risk>(r, ids)?;
            of_risks(r, caller, all.into_values().map(|one| (one.id, one.id, one.name)).collect())?
        }
        Kind::Control => {
            let all = by_id::<Control>(r, ids)?;
            of_risks(r, caller, all.into_values().map(|one| (one.id, one.risk_id, one.name)).collect())?
        }
        Kind::Action => {
            let all = by_id::<Action>(r, ids)?;
            of_risks(r, caller, all.into_values().map(|one| (one.id, one.risk_id, one.name)).collect())?
        }
        Kind::Deficiency => {
            let mut found = HashMap::new();
            for (id, one) in by_id::<Deficiency>(r, ids)? {
                if told(deficiencies::get(r, caller, id))? {
                    found.insert(id, one.title);
                }
            }
            found
        }
        Kind::Recommendation => plainly::<Recommendation>(r, ids, |one| one.report)?,
    })
}

/// Of what is named wherever it is told of.
fn plainly<T: crate::storage::Stored>(
    r: &mut Reading,
    ids: Vec<Id>,
    name: fn(T) -> String,
) -> Result<HashMap<Id, String>> {
    Ok(by_id::<T>(r, ids)?.into_iter().map(|(id, one)| (id, name(one))).collect())
}

/// Of what belongs to a risk: the id, the risk's and the name.
fn of_risks(r: &mut Reading, caller: &Caller, all: Vec<(Id, Id, String)>) -> Result<HashMap<Id, String>> {
    let mut seen: HashMap<Id, bool> = HashMap::new();
    let mut found = HashMap::new();
    for (id, risk, name) in all {
        let is_told = match seen.get(&risk) {
            Some(known) => *known,
            None => is_seen(r, caller, risk)?,
        };
        seen.insert(risk, is_told);
        if is_told {
            found.insert(id, name);
        }
    }
    Ok(found)
}

fn told<T>(asked: Result<T>) -> Result<bool> {
    match asked {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
