//! A page, and what is asked of it.

use std::collections::BTreeMap;
use std::str::FromStr;

use askama::Template;

use super::fields::{Fields, to_json};
use super::frame::Frame;
use crate::app::caller::Caller;
use crate::app::plan::year;
use crate::error::{Error, Result};
use crate::http::Call;
use crate::http::contract::Operation;
use crate::http::dispatch::Serving;
use crate::storage::Reading;

/// One page.
pub struct Page {
    /// Its path, with names for the steps that are open: `/risks/{id}`.
    pub path: &'static str,
    /// Writes it, for who is signed in.
    pub show: fn(&mut Reading, &Caller, &Ask) -> Result<String>,
    /// It can be seen as of an earlier time (`asOf`). The history is all times at once.
    pub timed: bool,
}

/// What is asked of a page, and what stands around it.
pub struct Ask<'a> {
    pub(super) service: &'a Serving,
    pub frame: Frame,
    pub path: BTreeMap<String, String>,
    /// What the address asks for; what is empty is left out.
    pub query: BTreeMap<String, String>,
}

impl Ask<'_> {
    /// An open step of the path. [`Error::NotFound`] for one that names nothing.
    pub fn step<T: FromStr>(&self, name: &str) -> Result<T> {
        self.path.get(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
    }

    /// Something that the address asks for, if it can be read.
    pub fn q<T: FromStr>(&self, name: &str) -> Option<T> {
        self.query.get(name).and_then(|text| text.parse().ok())
    }

    /// The year that the address asks for, if plans can be of it.
    pub fn year(&self) -> Option<i32> {
        self.q("year").filter(|year| year::YEARS.contains(year))
    }

    pub fn text(&self, name: &str) -> &str {
        self.query.get(name).map(String::as_str).unwrap_or_default()
    }

    /// What the address asks for, read as the operation with this id reads its query; what that operation does not
    /// know, or cannot read, is left out: an address is nothing that people type.
    pub fn call(&self, operation: &str, limit: i64) -> Result<Call> {
        let operation = self.operation(operation)?;
        let mut call = Call::default();
        for (name, value) in &self.query {
            let one = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
            let mut alone = Call::default();
            // What else the operation needs is not this parameter's matter.
            let unread = operation.read_query(&one, &mut alone).err().unwrap_or_default();
            if unread.iter().any(|fault| fault.pointer == format!("?{name}")) {
                continue;
            }
            call.query.insert(name.clone(), value.clone());
            if name == "sort" {
                call.sort = alone.sort;
            }
        }
        call.page = self.q("page").filter(|n| (1..=1_000_000).contains(n)).unwrap_or(1);
        call.limit = limit;
        Ok(call)
    }

    /// The form of the operation with this id, of the fields that were sent for it.
    pub fn sent<T: serde::de::DeserializeOwned>(&self, operation: &str, fields: &Fields) -> Result<T> {
        let operation = self.operation(operation)?;
        let value = to_json(operation, fields).unwrap_or_default();
        serde_json::from_value(value).map_err(Error::internal)
    }

    fn operation(&self, id: &str) -> Result<&Operation> {
        let all = &self.service.operations;
        all.iter().find(|o| o.id == id).ok_or_else(|| Error::internal(format!("there is no operation {id}")))
    }

    pub fn write(&self, template: &impl Template) -> Result<String> {
        Ok(self.frame.with_faults(template.render().map_err(Error::internal)?))
    }
}
