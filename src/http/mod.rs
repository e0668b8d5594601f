//! What both faces share: how a request is read, who asks, and how an answer or an error is told.

pub mod told;
mod call;
pub(crate) mod accept;
mod cursor;
mod answer;
pub(crate) mod notices;
pub mod service;
mod json;
mod parameter;
pub mod contract;
pub(crate) mod table;
mod list;
pub(crate) mod slices;
pub(crate) mod dispatch;
pub(crate) mod file;

pub use answer::{Answer, status, tag_of};
pub use call::{Call, MOST_BYTES};
