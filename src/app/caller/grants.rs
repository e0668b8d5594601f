//! What a person or another system has been given: their roles and scopes, with the tree as it is now.

use std::collections::HashMap;

use crate::app::places::{body_path, path_ids};
use crate::domain::roles::{self, Held, Holder};
use crate::domain::words::{Role, ServiceScope};
use crate::error::Result;
use crate::storage::records::{Grant, Organisation, ServiceAccount};
use crate::storage::{Id, Reading, Timestamp};

/// What a user's grants reach, with the tree as it is now. Whoever heads or controls the body in which another goes on reads
/// all of that, too: they look back without being given each role anew.
pub fn grants_of(r: &mut Reading, user: Id) -> Result<Vec<roles::Grant>> {
    let mut all: Vec<roles::Grant> = Vec::new();
    for (grant, at, gone_on) in r.reaches(user)? {
        let given = reaching(&grant, &at);
        if !all.contains(&given) {
            all.push(given);
        }
        if let Some(path) = gone_on
            && matches!(grant.role, Role::Controller | Role::Head)
        {
            let path = path_ids(&path);
            all.push(roles::Grant {
                holder: Holder::Reader,
                body_path: path.clone(),
                organisation_path: path,
                drafts: true,
            });
        }
    }
    Ok(all)
}

/// The same for each of some people.
pub fn grants_of_all(r: &mut Reading, users: &[Id]) -> Result<HashMap<Id, Vec<roles::Grant>>> {
    let given = r.grants_of_users(users)?.into_iter();
    Ok(given.map(|(user, all)| (user, all.iter().map(|(grant, at)| reaching(grant, at)).collect())).collect())
}

/// What one role reaches, given there.
pub fn reaching(grant: &Grant, at: &Organisation) -> roles::Grant {
    roles::Grant {
        holder: grant.role.into(),
        body_path: body_path(at),
        organisation_path: path_ids(&at.path),
        drafts: grant.drafts,
    }
}

/// The roles that a user holds, as far as rights over the user depend on them.
pub fn held_by(r: &mut Reading, user: Id) -> Result<Vec<Held>> {
    Ok(r.grants_with_organisations(user)?
        .into_iter()
        .map(|(grant, organisation)| Held { role: grant.role, path: path_ids(&organisation.path) })
        .collect())
}

/// The account of a credential, while both hold.
pub fn account_signed_in(r: &mut Reading, account: Id, credential: Id) -> Result<Option<ServiceAccount>> {
    let now = Timestamp::now();
    let found = r.service_client(account, credential)?;
    Ok(found.filter(|(account, credential)| lives(account, now) && credential.holds(now)).map(|(account, _)| account))
}

/// Whether an account is one that may sign in.
pub fn lives(account: &ServiceAccount, now: Timestamp) -> bool {
    account.active && now < account.expires_at
}

/// What scopes reach, with the tree as it is now.
pub fn grants_of_account(
    r: &mut Reading,
    account: &ServiceAccount,
    scopes: &[ServiceScope],
) -> Result<Vec<roles::Grant>> {
    let organisation: Organisation = r.linked(account.organisation_id)?;
    let grant = |scope: &ServiceScope| roles::Grant {
        holder: (*scope).into(),
        organisation_path: path_ids(&organisation.path),
        body_path: body_path(&organisation),
        drafts: *scope == ServiceScope::ReadDrafts,
    };
    Ok(scopes.iter().map(grant).collect())
}
