//! SLSO's plan for intern kontroll 2024, put into an empty register through the register's own verbs.
//!
//! Names, references, goals, order, controls, frequencies, actions and dates are those of the public plan; likelihoods,
//! consequences, categories, responses, recurrences and people are made up, and the plan is marked so. Last year's plan
//! is there with the same risks and values, so that the comparison has something to hold on to.

mod plan;
mod year;

use crate::app::people::sessions;
use crate::auth;
use crate::domain::words::Role;
use crate::error::{Error, Result};
use crate::storage::{Db, Origin, Reading};
use plan::{ACCOUNTS, make};

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
/// `in_progress` goes on from there: the region in the middle of its year, all its bodies in it.
pub fn fill(db: &Db, in_progress: bool) -> Result<Vec<Account>> {
    let accounts: Vec<Account> = ACCOUNTS
        .iter()
        .map(|(role, email, _)| Account { role: *role, email, password: auth::random_text(9) })
        .collect();
    let hashes: Vec<String> = accounts.iter().map(|a| auth::hash_password(&a.password)).collect::<Result<_>>()?;
    db.write(&Origin::operator(), |w| {
        if w.root()?.is_some() {
            hold_demo(w)?;
        } else {
            let made = make(w, &hashes)?;
            if in_progress {
                year::go_on(w, &made)?;
            }
        }
        for (account, hash) in accounts.iter().zip(&hashes) {
            // Someone may have renamed or removed the account while trying things out.
            if let Some(user) = w.user_by_email(account.email)? {
                sessions::set_password(w, user.id, hash)?;
            }
        }
        Ok(())
    })?;
    Ok(accounts)
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
