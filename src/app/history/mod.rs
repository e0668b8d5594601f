//! What has happened: read, log by log and all together, erased, and told to other systems.

pub mod logs;
pub mod feed;
pub mod restores;
pub mod erasures;
pub mod webhooks;
