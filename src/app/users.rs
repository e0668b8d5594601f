//! People, their roles, and what they hand over when they leave. Deactivated, never deleted.

use serde::Serialize;
use utoipa::ToSchema;

use super::Caller;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::records::{Grant, User};

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub user: User,
    pub grants: Vec<Grant>,
}

/// Who the caller is, and their roles.
pub fn me(r: &mut Reading, caller: &Caller) -> Result<Me> {
    let grants = r.grants_with_organisations(caller.user.id)?.into_iter().map(|(grant, _)| grant).collect();
    Ok(Me { user: caller.user.clone(), grants })
}
