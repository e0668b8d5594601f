//! SLSO's plan for intern kontroll 2024, put into an empty register through the register's own verbs.
//!
//! Names, references, goals, order, controls, frequencies, actions and dates are those of the public plan; likelihoods,
//! consequences, categories, responses, recurrences and people are made up, and the plan is marked so. Last year's plan
//! is there with the same risks and values, so that the comparison has something to hold on to.
//!
//! Or a made-up municipality instead, for visitors from one.

mod plan;
mod year;
mod municipality;

use crate::app::caller::Caller;
use crate::app::people::sessions;
use crate::app::plan::year::of_year;
use crate::app::plans;
use crate::app::to_do::tasks;
use crate::auth;
use crate::domain::words::{OrganisationKind, Period, PlanStatus, ReportStatus, Role};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, PlanFilter};
use crate::storage::records::Organisation;
use crate::storage::{Db, Id, Origin, Reading};
use plan::{ACCOUNTS, YEAR, make};

/// What the demo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// SLSO's plan.
    Plan,
    /// The region in the middle of its year.
    Year,
    /// A municipality in the middle of its year.
    Municipality,
}

/// An account to try the demo with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub role: Role,
    pub email: &'static str,
    pub password: String,
}

/// Makes the demo's register, or finds it, and gives each account a fresh password. Refuses to touch a register that
/// was not made by it.
///
/// A register that is there already stays what it is, whatever is to be shown.
pub fn fill(db: &Db, show: Show) -> Result<Vec<Account>> {
    let there = db.read(|r| r.root()?.map(|_| r.root_kind()).transpose())?;
    let municipal = there.map_or(show == Show::Municipality, |kind| kind == OrganisationKind::Municipality);
    let accounts: Vec<Account> = if municipal { municipality::ACCOUNTS } else { ACCOUNTS }
        .iter()
        .map(|(role, email, _)| Account { role: *role, email, password: auth::random_text(9) })
        .collect();
    let hashes: Vec<String> = accounts.iter().map(|a| auth::hash_password(&a.password)).collect::<Result<_>>()?;
    db.write(&Origin::operator(), |w| {
        if w.root()?.is_some() {
            hold_demo(w)?;
        } else if show == Show::Municipality {
            municipality::make(w, &hashes)?;
        } else {
            let made = make(w, &hashes)?;
            if show == Show::Year {
                year::go_on(w, &made)?;
            }
        }
        for (account, hash) in accounts.iter().zip(&hashes) {
            // Someone may have renamed or removed the account while trying things out.
            if let Some(user) = w.user_by_email(account.email)? {
                sessions::set_password(w, user.id, hash, false)?;
            }
        }
        Ok(())
    })?;
    Ok(accounts)
}

/// What waits for an account, or else what there is for it to read: a reader is asked for nothing.
pub fn awaits(r: &mut Reading, email: &str) -> Result<String> {
    // Someone may have renamed or removed it while trying things out.
    let Some(user) = r.user_by_email(email)? else { return Ok("no longer there".into()) };
    let caller = Caller::on_host(r, user.id)?;
    let counted = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let tasks = tasks::all(r, &caller)?.len();
    if tasks > 0 {
        return Ok(counted(tasks, "task"));
    }
    let plans = plans::list(r, &caller, &PlanFilter::default(), &Listing::all())?.items;
    let adopted: Vec<Id> = plans.iter().filter(|plan| plan.adopted_revision.is_some()).map(|plan| plan.id).collect();
    let reports = r.reports_of_plans(&adopted)?;
    let decided = reports.values().flatten().filter(|report| report.status == ReportStatus::Decided).count();
    let (plans, reports) = (counted(adopted.len(), "adopted plan"), counted(decided, "decided report"));
    Ok(format!("no tasks: {plans} and {reports} to read"))
}

/// Where the demo's plan of its year stands, whoever has done what with it since it was made.
pub fn stands(r: &mut Reading) -> Result<String> {
    let plans = of_year(r, YEAR)?;
    let mut found = None;
    for plan in plans.into_values() {
        let body: Organisation = r.linked(plan.organisation_id)?;
        if body.abbreviation.as_deref() == Some("SLSO") || body.name == municipality::BODY {
            found = Some(plan);
        }
    }
    let whose = match r.root_kind()? {
        OrganisationKind::Municipality => municipality::BODY,
        _ => "SLSO",
    };
    let Some(plan) = found else { return Ok(format!("{whose} has no plan for {YEAR}.")) };
    let status = match plan.status {
        PlanStatus::Draft if plan.adopted_revision.is_some() => "is being revised",
        PlanStatus::Draft => "is a draft",
        PlanStatus::Proposed => "lies before its board",
        PlanStatus::Adopted => "is adopted",
        PlanStatus::Closed => "is closed",
    };
    let mut decided = Vec::new();
    for report in r.reports_of_plan(plan.id)? {
        let name = match report.kind {
            Period::T1 => "T1",
            Period::Interim => "delår",
            Period::Annual => "år",
        };
        if report.status == ReportStatus::Decided && !decided.contains(&name) {
            decided.push(name);
        }
    }
    let reports = match decided.as_slice() {
        [] => String::new(),
        [one] => format!(", and {one} is decided"),
        [all @ .., last] => format!(", and {} and {last} are decided", all.join(", ")),
    };
    let of = if whose == "SLSO" { "SLSO's plan".to_owned() } else { format!("The plan of {whose}") };
    Ok(format!("{of} for {YEAR} {status}{reports}."))
}

/// Refuses unless the register was made by `demo`.
pub fn hold_demo(r: &mut Reading) -> Result<()> {
    if r.is_demo()? {
        return Ok(());
    }
    Err(Error::conflict(
        "notADemo",
        "Databasen innehåller ett riktigt register. Demonstrationen rör det inte.",
        "The database holds a real register. The demo does not touch it.",
    ))
}
