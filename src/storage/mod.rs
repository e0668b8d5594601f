//! The only place that knows diesel: two doors to the database, and what goes through them.
//!
//! [`Db::read`] gives one snapshot. [`Db::write`] gives one transaction that holds the change, its events and the
//! answer kept for an idempotent request; rows change only through [`Writing::create`], [`Writing::change`] and
//! [`Writing::remove`], each of which writes its event, so nothing can change without a trace.
//! What a snapshot has read it remembers; in a transaction that writes, until the next lock or write.
//! Lock order: year, plan, log heads. It must not know rights, HTTP, or the register's rules.

mod files;
pub mod connection;
#[rustfmt::skip]
pub mod schema;
pub(crate) mod types;
pub mod records;
mod remembered;
mod reading;
pub mod logs;
pub mod history;
mod writing;
pub mod queries;
mod migrations;
mod looked;
mod scour;
mod db;
pub(crate) mod replay;
pub(crate) mod finality;
pub mod verification;
pub mod carry;
pub mod backup;
pub(crate) mod past;
pub(crate) mod rewind;
pub(crate) mod erasure;

pub use connection::{Address, AnyConnection, statements};
pub use db::Db;
pub use history::{Origin, Place};
pub use looked::{can_be_written, hold_alone, look, refuse_later, refuse_unfit};
pub use migrations::Schema;
pub use reading::Reading;
pub use records::Stored;
pub use types::{Id, Json, Timestamp};
pub use writing::Writing;
