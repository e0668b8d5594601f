//! Workbooks that are taken in: as they were uploaded, and how they are understood. The history tells of what came of one.

use diesel::prelude::*;

use crate::error::{Error, Result};
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::schema::{import_files, import_words, imports};
use crate::storage::types::{Id, Timestamp};
use crate::storage::writing::Writing;

/// An import without its file. What is JSON in it is its maker's to read: it is never searched in.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = imports, check_for_backend(MultiBackend), treat_none_as_null = true)]
pub struct ImportRow {
    pub id: Id,
    /// The plan, of risks; else the organisation.
    pub plan_id: Option<Id>,
    pub kind: String,
    pub file_name: String,
    pub sha256: String,
    pub size: i64,
    pub mapping: String,
    pub found: String,
    pub answers: String,
    pub outcome: String,
    pub created_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub executed_at: Option<Timestamp>,
    pub version: i64,
    pub organisation_id: Option<Id>,
}

/// The file as it was uploaded.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_files, check_for_backend(MultiBackend))]
pub struct ImportFile {
    pub import_id: Id,
    pub content: Vec<u8>,
}

/// That somebody has uploaded a file.
#[derive(Debug, Clone, Queryable)]
pub struct Uploaded {
    pub id: Id,
    pub plan_id: Option<Id>,
    pub organisation_id: Option<Id>,
    pub file_name: String,
    pub created_at: Timestamp,
    pub executed_at: Option<Timestamp>,
}

/// What an organisation's word was answered with the last time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_words, check_for_backend(MultiBackend))]
pub struct ImportWord {
    pub organisation_id: Id,
    pub about: String,
    pub word: String,
    pub value: String,
    pub updated_at: Timestamp,
}

impl Reading<'_> {
    pub fn import(&mut self, id: Id) -> Result<Option<ImportRow>> {
        Ok(imports::table.find(id).select(ImportRow::as_select()).first(self.c).optional()?)
    }

    pub fn import_file(&mut self, id: Id) -> Result<Option<ImportFile>> {
        Ok(import_files::table.find(id).select(ImportFile::as_select()).first(self.c).optional()?)
    }

    /// The imports whose files are kept.
    pub fn imports_with_files(&mut self) -> Result<Vec<Id>> {
        Ok(import_files::table.order(import_files::import_id).select(import_files::import_id).load(self.c)?)
    }

    /// What somebody has uploaded, the oldest first.
    pub fn imports_of_user(&mut self, user: Id) -> Result<Vec<Uploaded>> {
        Ok(imports::table
            .filter(imports::created_by_id.eq(user))
            .order(imports::id)
            .select((
                imports::id,
                imports::plan_id,
                imports::organisation_id,
                imports::file_name,
                imports::created_at,
                imports::executed_at,
            ))
            .load(self.c)?)
    }

    pub fn import_words(&mut self, organisation: Id) -> Result<Vec<ImportWord>> {
        Ok(import_words::table
            .filter(import_words::organisation_id.eq(organisation))
            .select(ImportWord::as_select())
            .load(self.c)?)
    }
}

impl Writing<'_> {
    pub fn keep_import(&mut self, import: ImportRow, content: Vec<u8>) -> Result<()> {
        let file = ImportFile { import_id: import.id, content };
        diesel::insert_into(imports::table).values(import).execute(self.pen())?;
        diesel::insert_into(import_files::table).values(file).execute(self.pen())?;
        Ok(())
    }

    /// What an import has become, if nobody has changed it meanwhile; its version is counted up.
    pub fn change_import(&mut self, import: &mut ImportRow) -> Result<()> {
        let before = import.version;
        import.version += 1;
        import.updated_at = Timestamp::now();
        let changed = diesel::update(imports::table.find(import.id).filter(imports::version.eq(before)))
            .set(import.clone())
            .execute(self.pen())?;
        if changed == 1 { Ok(()) } else { Err(Error::Outrun("an import was changed meanwhile".to_owned())) }
    }

    pub fn keep_import_word(&mut self, word: ImportWord) -> Result<()> {
        let key = (word.organisation_id, word.about.clone(), word.word.clone());
        diesel::delete(import_words::table.find(key)).execute(self.pen())?;
        diesel::insert_into(import_words::table).values(word).execute(self.pen())?;
        Ok(())
    }

    /// Those that were uploaded or changed before, and never executed; and those of people, goals and the like, which are of
    /// no use once they are.
    pub fn forget_imports_before(&mut self, time: Timestamp) -> Result<()> {
        let unused = imports::executed_at.is_null().or(imports::plan_id.is_null());
        let old = imports::table.filter(imports::updated_at.lt(time)).filter(unused);
        diesel::delete(old).execute(self.pen())?;
        Ok(())
    }

    /// Keeps no more than so many of somebody's that wait: the oldest go.
    pub fn forget_imports_beyond(&mut self, user: Id, most: i64) -> Result<()> {
        let waiting = imports::table.filter(imports::created_by_id.eq(user)).filter(imports::executed_at.is_null());
        let old: Vec<Id> = waiting
            .order((imports::updated_at.desc(), imports::id.desc()))
            .offset(most)
            .limit(1000)
            .select(imports::id)
            .load(self.pen())?;
        diesel::delete(imports::table.filter(imports::id.eq_any(old))).execute(self.pen())?;
        Ok(())
    }

    /// All of them, and what words were answered with: what is erased may stand in any of them, packed or between others.
    pub fn forget_imports(&mut self) -> Result<()> {
        diesel::delete(imports::table).execute(self.pen())?;
        diesel::delete(import_words::table).execute(self.pen())?;
        Ok(())
    }
}
