//! What has happened: read, erased, told to other systems, and gathered about a person.

pub mod told;
pub mod logs;
pub mod restores;
pub mod erasures;
pub mod webhooks;
pub mod personal;
