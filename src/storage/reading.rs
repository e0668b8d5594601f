//! One snapshot of the register, and how a thing is found in it. Every other question is in `queries`.

use super::connection::AnyConnection;
use super::records::Stored;
use super::types::Id;
use crate::error::{Error, Result};

/// One snapshot of the register.
pub struct Reading<'c> {
    pub(in crate::storage) c: &'c mut AnyConnection,
}

impl Reading<'_> {
    /// The thing with this id, if it is there.
    pub fn find<T: Stored>(&mut self, id: Id) -> Result<Option<T>> {
        Ok(T::find(self.c, id)?)
    }

    /// The thing with this id; [`Error::NotFound`] if it is not there.
    pub fn get<T: Stored>(&mut self, id: Id) -> Result<T> {
        self.find(id)?.ok_or(Error::NotFound)
    }

    /// A thing that another row points at: its absence is damage, not a client's fault.
    pub fn linked<T: Stored>(&mut self, id: Id) -> Result<T> {
        self.find(id)?.ok_or_else(|| Error::internal(format!("{} {id} is gone", T::ENTITY)))
    }
}
