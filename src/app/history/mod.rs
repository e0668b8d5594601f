//! What has happened: read, erased, and told to other systems.

pub mod told;
pub mod logs;
pub mod restores;
pub mod erasures;
pub mod webhooks;
