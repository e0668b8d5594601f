//! What has happened: read, erased, and told to other systems.

pub mod restores;
pub mod logs;
pub mod erasures;
pub mod webhooks;
