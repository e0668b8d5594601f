//! The links in letters by which somebody chooses a password.

use diesel::prelude::*;

use crate::error::Result;
use crate::storage::reading::Reading;
use crate::storage::schema::password_links;
use crate::storage::types::{Id, Timestamp};
use crate::storage::writing::Writing;

/// A link as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = password_links, treat_none_as_default_value = false)]
pub struct PasswordLink {
    pub id: Id,
    pub user_id: Id,
    /// Who invited; nobody invited who has forgotten their password.
    pub invited_by_id: Option<Id>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Reading<'_> {
    /// The link, if it still holds.
    pub fn password_link(&mut self, id: Id) -> Result<Option<PasswordLink>> {
        Ok(password_links::table
            .find(id)
            .filter(password_links::expires_at.gt(Timestamp::now()))
            .select(PasswordLink::as_select())
            .first(self.c)
            .optional()?)
    }

    /// Whether a person has been sent a link for a forgotten password since then.
    pub fn was_sent_a_link(&mut self, user: Id, since: Timestamp) -> Result<bool> {
        let sent: i64 = password_links::table
            .filter(password_links::user_id.eq(user))
            .filter(password_links::invited_by_id.is_null())
            .filter(password_links::created_at.gt(since))
            .count()
            .get_result(self.c)?;
        Ok(sent > 0)
    }
}

impl Writing<'_> {
    /// Takes every link away.
    pub fn forget_password_links(&mut self) -> Result<()> {
        diesel::delete(password_links::table).execute(self.pen())?;
        Ok(())
    }

    pub fn keep_link(&mut self, link: PasswordLink) -> Result<()> {
        diesel::insert_into(password_links::table).values(link).execute(self.pen())?;
        Ok(())
    }

    /// Uses a link up. False when another was faster.
    pub fn use_link(&mut self, id: Id) -> Result<bool> {
        Ok(diesel::delete(password_links::table.find(id)).execute(self.pen())? == 1)
    }

    /// No link that a person was sent holds any more.
    pub fn forget_links_of(&mut self, user: Id) -> Result<()> {
        diesel::delete(password_links::table.filter(password_links::user_id.eq(user))).execute(self.pen())?;
        Ok(())
    }

    /// Removes the links whose time was over before then.
    pub fn forget_links(&mut self, before: Timestamp) -> Result<()> {
        diesel::delete(password_links::table.filter(password_links::expires_at.lt(before))).execute(self.pen())?;
        Ok(())
    }
}
