//! What is asked of an operation, once its contract has judged it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use crate::domain::webhooks::Hosts;
use crate::domain::words::Language;
use crate::error::{Error, Result};
use crate::seals::Seals;
use crate::storage::queries::{Any, Listing, Mark};
use crate::storage::{Id, Timestamp};

/// The most that a request may carry, in bytes.
pub const MOST_BYTES: usize = 1_048_576;

/// How many rows of a table are read at a time.
pub const PIECE_ROWS: i64 = 500;
/// How many rows a workbook may have: it is made in one piece.
pub const MOST_ROWS: usize = 100_000;

/// As what a table is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    Csv,
    Xlsx,
}

/// A request whose path and query hold what its operation declares.
#[derive(Debug, Clone, Default)]
pub struct Call {
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, String>,
    pub page: i64,
    pub limit: i64,
    pub sort: Vec<(String, bool)>,
    /// Where the page before ended.
    pub after: Option<Mark>,
    /// Which fields of what is listed; all when none is named.
    pub fields: Vec<String>,
    /// As which table a list is asked for, if as one.
    pub table: Option<As>,
    /// It is a further piece of a table.
    pub goes_on: bool,
    /// The media types that the caller accepts, as sent.
    pub accept: Option<String>,
    pub request_id: Id,
    /// By what the caller asks, as it says of itself.
    pub device: Option<String>,
    /// From where, as far as it is known.
    pub client: Option<IpAddr>,
    /// The language of the answer.
    pub language: Language,
    /// The raw `If-None-Match`, for 304.
    pub if_none_match: Option<String>,
    /// The hosts that the operator allowed webhooks to lead to.
    pub webhook_hosts: Arc<Hosts>,
    /// What seals the secrets of webhooks.
    pub seals: Option<Arc<Seals>>,
    /// The register sends mail.
    pub mail: bool,
    /// Where the service is reached from outside.
    pub public_url: Arc<str>,
}

impl Call {
    /// A path of the contract with its steps filled in.
    pub fn path_of(&self, pattern: &str) -> String {
        self.path.iter().fold(pattern.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
    }

    /// What seals secrets that are to be kept.
    pub fn seals(&self) -> Result<&Seals> {
        self.seals.as_deref().ok_or_else(|| Error::internal("a call without seals"))
    }

    /// The id in the path. One that is malformed names nothing: [`Error::NotFound`].
    pub fn id(&self) -> Result<Id> {
        self.path_word("id")
    }

    /// Another step of the path.
    pub fn path_word<T: FromStr>(&self, name: &str) -> Result<T> {
        self.path.get(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
    }

    /// A query parameter. The contract has checked its form.
    pub fn q<T: FromStr>(&self, name: &str) -> Option<T> {
        self.query.get(name).and_then(|text| text.parse().ok())
    }

    /// The values of a filter, parted by commas.
    pub fn any<T: FromStr>(&self, name: &str) -> Any<T> {
        let values = self.query.get(name).into_iter().flat_map(|text| text.split(','));
        values.filter_map(|text| text.parse().ok()).collect::<Vec<T>>().into()
    }

    pub fn time(&self, name: &str) -> Option<Timestamp> {
        self.query.get(name).and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok()).map(|t| t.to_utc().into())
    }

    pub fn listing(&self) -> Listing {
        Listing { page: self.page, limit: self.limit, sort: self.sort.clone(), after: self.after.clone() }
    }
}
