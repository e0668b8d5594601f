//! Files that people leave as evidence, and which bytes of them lie in the store.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Fault};

use crate::error::{Error, Result};
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::records::{EvidenceFile, EvidenceOf};
use crate::storage::schema::{files, stored_files};
use crate::storage::types::{Id, Timestamp};
use crate::storage::writing::Writing;

/// Bytes that lie in the store of files, under their hash.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stored_files, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct StoredFile {
    pub sha256: String,
    pub size: i64,
    pub created_at: Timestamp,
    /// When they were erased; they are taken away from the store after that.
    pub erased_at: Option<Timestamp>,
}

impl Reading<'_> {
    /// The files of a thing that are there, of all its periods too, the newest first. Read whole: what is left as evidence of one thing is
    /// little.
    pub fn files_of(&mut self, of: EvidenceOf) -> Result<Vec<EvidenceFile>> {
        let all = files::table.filter(files::removed_at.is_null()).into_boxed::<MultiBackend>();
        let these = match of {
            EvidenceOf::Control(id) => all.filter(files::control_id.eq(id)),
            EvidenceOf::Action(id) => all.filter(files::action_id.eq(id)),
            EvidenceOf::Deficiency(id) => all.filter(files::deficiency_id.eq(id)),
        };
        let newest = these.order((files::created_at.desc(), files::id.desc()));
        Ok(newest.select(EvidenceFile::as_select()).load(self.c)?)
    }

    /// Every file of what stands in a plan, also what was removed.
    pub fn files_in_plan(&mut self, plan: Id) -> Result<Vec<EvidenceFile>> {
        let all = files::table.filter(files::plan_id.eq(plan)).order((files::created_at.asc(), files::id.asc()));
        Ok(all.select(EvidenceFile::as_select()).load(self.c)?)
    }

    /// The files of some deficiencies, the oldest first.
    pub fn files_of_deficiencies(&mut self, ids: &[Id]) -> Result<Vec<EvidenceFile>> {
        let there = files::table.filter(files::removed_at.is_null()).filter(files::deficiency_id.eq_any(ids.to_vec()));
        let oldest = there.order((files::created_at.asc(), files::id.asc()));
        Ok(oldest.select(EvidenceFile::as_select()).load(self.c)?)
    }

    pub fn stored_file(&mut self, sha256: &str) -> Result<Option<StoredFile>> {
        let found = stored_files::table.find(sha256.to_owned()).select(StoredFile::as_select());
        Ok(found.first(self.c).optional()?)
    }

    /// What lies in the store, in the order of the hashes, from the first after this one on.
    pub fn stored_files_after(&mut self, after: &str, limit: i64) -> Result<Vec<StoredFile>> {
        Ok(stored_files::table
            .filter(stored_files::sha256.gt(after.to_owned()))
            .order(stored_files::sha256.asc())
            .limit(limit)
            .select(StoredFile::as_select())
            .load(self.c)?)
    }

    /// The hashes of what was erased and has not been taken away from the store yet.
    pub fn stored_files_erased(&mut self) -> Result<Vec<String>> {
        let erased = stored_files::table.filter(stored_files::erased_at.is_not_null()).limit(1000);
        Ok(erased.select(stored_files::sha256).load(self.c)?)
    }
}

impl Writing<'_> {
    /// Notes that these bytes lie in the store.
    pub fn keep_stored_file(&mut self, sha256: &str, size: i64) -> Result<()> {
        let there = stored_files::table.find(sha256.to_owned());
        let none: Option<Timestamp> = None;
        if diesel::update(there).set(stored_files::erased_at.eq(none)).execute(self.pen())? > 0 {
            return Ok(());
        }
        let new = StoredFile { sha256: sha256.to_owned(), size, created_at: Timestamp::now(), erased_at: None };
        // Two who bring the same at once: the second fails on the key and is tried again.
        diesel::insert_into(stored_files::table).values(new).execute(self.pen()).map(drop).map_err(
            |fault| match fault {
                Fault::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Unavailable { retry_after: 1 },
                other => other.into(),
            },
        )
    }

    /// The bytes of a file are erased, wherever else they stand.
    pub(in crate::storage) fn erase_stored_file(&mut self, sha256: &str) -> Result<()> {
        diesel::update(stored_files::table.find(sha256.to_owned()))
            .set(stored_files::erased_at.eq(Some(Timestamp::now())))
            .execute(self.pen())?;
        Ok(())
    }

    /// Erased bytes are no longer in the store, unless somebody has left them there anew.
    pub fn forget_stored_file(&mut self, sha256: &str) -> Result<()> {
        let erased = stored_files::table.find(sha256.to_owned()).filter(stored_files::erased_at.is_not_null());
        diesel::delete(erased).execute(self.pen())?;
        Ok(())
    }
}
