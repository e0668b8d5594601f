//! Who there is: organisations, people, other systems, and how they get in.

pub mod organisations;
pub mod sessions;
pub mod users;
pub mod service_accounts;
pub mod setup;
