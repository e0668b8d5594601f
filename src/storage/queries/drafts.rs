//! What people have written in forms and not saved. No history tells of it.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::error::Result;
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::schema::drafts;
use crate::storage::types::{Id, Timestamp};
use crate::storage::writing::Writing;

/// What somebody has written in a form of a page.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = drafts, check_for_backend(MultiBackend))]
pub struct Draft {
    pub user_id: Id,
    /// The path of the page.
    pub page: String,
    /// The form's own name on it.
    pub form: String,
    /// The names of the fields and what stands in them, as JSON: a list of pairs.
    pub fields: String,
    pub saved_at: Timestamp,
}

impl Reading<'_> {
    /// What the user wrote last on a page.
    pub fn newest_draft(&mut self, user: Id, page: &str) -> Result<Option<Draft>> {
        Ok(drafts::table
            .filter(drafts::user_id.eq(user))
            .filter(drafts::page.eq(page.to_owned()))
            .order(drafts::saved_at.desc())
            .select(Draft::as_select())
            .first(self.c)
            .optional()?)
    }
}

impl Writing<'_> {
    /// Keeps a draft in the place of the one before, and no more than so many of the user's.
    pub fn keep_draft(&mut self, draft: Draft, most: i64) -> Result<()> {
        let user = draft.user_id;
        self.forget_draft(user, &draft.page, &draft.form)?;
        diesel::insert_into(drafts::table).values(draft).execute(self.pen())?;
        let too_many: Option<Timestamp> = drafts::table
            .filter(drafts::user_id.eq(user))
            .order(drafts::saved_at.desc())
            .select(drafts::saved_at)
            .offset(most)
            .limit(1)
            .first(self.pen())
            .optional()?;
        if let Some(oldest) = too_many {
            diesel::delete(drafts::table.filter(drafts::user_id.eq(user)).filter(drafts::saved_at.le(oldest)))
                .execute(self.pen())?;
        }
        Ok(())
    }

    pub fn forget_draft(&mut self, user: Id, page: &str, form: &str) -> Result<()> {
        diesel::delete(drafts::table.find((user, page.to_owned(), form.to_owned()))).execute(self.pen())?;
        Ok(())
    }

    /// Those that are older, whosever they are.
    pub fn forget_drafts_before(&mut self, time: Timestamp) -> Result<()> {
        diesel::delete(drafts::table.filter(drafts::saved_at.lt(time))).execute(self.pen())?;
        Ok(())
    }

    pub fn forget_drafts_of(&mut self, user: Id) -> Result<()> {
        diesel::delete(drafts::table.filter(drafts::user_id.eq(user))).execute(self.pen())?;
        Ok(())
    }

    /// Everybody's on the pages of these things.
    pub fn forget_drafts_about(&mut self, things: &BTreeSet<String>) -> Result<()> {
        let all: Vec<(Id, String, String)> =
            drafts::table.select((drafts::user_id, drafts::page, drafts::form)).load(self.pen())?;
        for (user, page, form) in all {
            if page.split('/').any(|step| things.contains(step)) {
                self.forget_draft(user, &page, &form)?;
            }
        }
        Ok(())
    }
}
