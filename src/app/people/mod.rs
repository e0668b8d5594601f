//! Who there is: organisations, people, other systems, and how they get in.

pub mod organisations;
pub mod guesses;
pub mod sessions;
pub(crate) mod drafts;
pub mod passwords;
pub(crate) mod duties;
pub(crate) mod users;
pub(crate) mod service_accounts;
pub mod setup;
