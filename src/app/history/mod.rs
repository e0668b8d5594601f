//! What has happened: read, log by log and all together, erased, told to other systems, and gathered about a person.

pub mod told;
pub mod logs;
pub mod feed;
pub mod restores;
pub mod erasures;
pub mod webhooks;
pub mod personal;
