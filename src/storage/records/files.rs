//! Files that people leave as evidence. Their bytes lie outside the database, by their SHA-256.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stored::stored;
use crate::domain::words::Period;
use crate::storage::schema;
use crate::storage::types::{Id, Timestamp};

/// A file left as evidence of the one thing that it names: a control or an action, what was reported of it in a period, or a
/// deficiency. Its bytes and its name never change: another is left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schema::files, treat_none_as_null = true, treat_none_as_default_value = false)]
#[schema(as = File)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceFile {
    pub id: Id,
    /// The plan of the control or the action; null of a deficiency.
    pub plan_id: Option<Id>,
    /// The control that it is evidence of; null where it is of another thing.
    pub control_id: Option<Id>,
    /// The action that it is evidence of.
    pub action_id: Option<Id>,
    /// The deficiency that it is evidence of.
    pub deficiency_id: Option<Id>,
    /// The period whose status it belongs to; null where it belongs to the control, action or deficiency itself.
    pub period: Option<Period>,
    /// What it is called where it is fetched; `[gallrad]` when its bytes have been erased.
    #[schema(example = "stickprov-t1.pdf")]
    pub name: String,
    /// As its content says.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// In bytes.
    #[schema(minimum = 1, maximum = 26_214_400, example = 48213)]
    pub size: i64,
    /// Of its bytes, in hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$", example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    pub uploaded_by_id: Id,
    pub created_at: Timestamp,
    /// When it was removed from what it was evidence of; null while it is there.
    pub removed_at: Option<Timestamp>,
    /// When it was chosen for the public versions of documents, which tell of no other file; null where it is not.
    pub public_at: Option<Timestamp>,
    #[serde(skip)]
    pub version: i64,
}
stored!(EvidenceFile in files as "file", texts ["name"]);

/// What a file is evidence of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceOf {
    Control(Id),
    Action(Id),
    Deficiency(Id),
}

impl EvidenceFile {
    /// The text with which its bytes are erased.
    pub const NAME: &'static str = "name";

    pub fn of(&self) -> Option<EvidenceOf> {
        let control = self.control_id.map(EvidenceOf::Control);
        control.or(self.action_id.map(EvidenceOf::Action)).or(self.deficiency_id.map(EvidenceOf::Deficiency))
    }
}
