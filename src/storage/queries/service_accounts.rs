//! Service accounts, their credentials, and the hashes of their secrets.

use diesel::prelude::*;

use super::listing::{Any, Listing, Page, among, below, contains, since};
use super::walk::paged;
use crate::error::Result;
use crate::storage::connection::{MultiBackend, fold};
use crate::storage::reading::Reading;
use crate::storage::records::{ServiceAccount, ServiceCredential};
use crate::storage::schema::{service_accounts, service_credentials, service_secrets};
use crate::storage::types::{Id, Timestamp};
use crate::storage::writing::Writing;

/// Which service accounts.
#[derive(Debug, Clone, Default)]
pub struct ServiceAccountFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub organisation_id: Any<Id>,
    pub active: Option<bool>,
    pub q: Option<String>,
    /// At or below one of these paths, or this very account.
    pub seen: Vec<String>,
    pub own: Option<Id>,
}

impl Reading<'_> {
    pub fn service_accounts(&mut self, f: &ServiceAccountFilter, listing: &Listing) -> Result<Page<ServiceAccount>> {
        let query = || {
            let mut q = service_accounts::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, service_accounts::updated_at);
            q = among!(q, service_accounts, f.organisation_id, |id| service_accounts::organisation_id.eq(id));
            if let Some(active) = f.active {
                q = q.filter(service_accounts::active.eq(active));
            }
            if let Some(text) = &f.q {
                q = q.filter(fold(service_accounts::name).like(contains(text)).escape('\\'));
            }
            // None by default; each path that the caller reaches adds to it.
            type Condition =
                Box<dyn BoxableExpression<service_accounts::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;
            let mut seen: Condition = Box::new(service_accounts::id.eq(f.own.unwrap_or_default()));
            for path in &f.seen {
                seen = Box::new(seen.or(service_accounts::organisation_id.eq_any(below!(path))));
            }
            q.filter(seen)
        };
        Ok(paged!(self, &listing.by_name_at_first(), ServiceAccount of service_accounts, query, {
            "name" => text service_accounts::name, "expiresAt" => maybe_time service_accounts::expires_at,
            "active" => flag service_accounts::active, "id" => id service_accounts::id,
        }, ["id"]))
    }

    /// The credentials of an account, the newest first.
    pub fn service_credentials(&mut self, account: Id, listing: &Listing) -> Result<Page<ServiceCredential>> {
        let of_account = service_credentials::service_account_id.eq(account);
        let query = || service_credentials::table.filter(of_account).into_boxed::<MultiBackend>();
        Ok(paged!(self, listing, ServiceCredential of service_credentials, query, {
            "createdAt" => time service_credentials::created_at, "id" => id service_credentials::id,
        }, ["-createdAt", "-id"]))
    }

    /// The credentials of an account that nobody has revoked, each with the hash of its secret.
    pub fn service_secrets(&mut self, account: Id) -> Result<Vec<(ServiceCredential, String)>> {
        Ok(service_credentials::table
            .inner_join(service_secrets::table.on(service_secrets::credential_id.eq(service_credentials::id)))
            .filter(service_credentials::service_account_id.eq(account))
            .filter(service_credentials::revoked_at.is_null())
            .select((ServiceCredential::as_select(), service_secrets::sha256))
            .load(self.c)?)
    }

    /// A credential with its account.
    pub fn service_client(
        &mut self,
        account: Id,
        credential: Id,
    ) -> Result<Option<(ServiceAccount, ServiceCredential)>> {
        Ok(service_credentials::table
            .inner_join(service_accounts::table.on(service_accounts::id.eq(service_credentials::service_account_id)))
            .filter(service_credentials::id.eq(credential))
            .filter(service_accounts::id.eq(account))
            .select((ServiceAccount::as_select(), ServiceCredential::as_select()))
            .first(self.c)
            .optional()?)
    }
}

impl Writing<'_> {
    /// Keeps the hash of a credential's secret: what it is found by, and no part of the history.
    pub fn keep_secret(&mut self, credential: Id, sha256: &str) -> Result<()> {
        diesel::insert_into(service_secrets::table)
            .values((service_secrets::credential_id.eq(credential), service_secrets::sha256.eq(sha256.to_owned())))
            .execute(self.pen())?;
        Ok(())
    }
}
