//! What is sent beside the server: to webhooks what the history says, and letters to people. Both are one loop, each in
//! a thread of its own for as long as the server runs. Several services may do so on one database: whoever holds the
//! lease sends.
//!
//! [`rounds`] the loop · [`client`] the ways out to webhooks · [`webhooks`] · [`letters`]

mod rounds;
mod client;
pub mod webhooks;
pub mod letters;

pub use rounds::Sender;
