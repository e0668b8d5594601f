//! What can be done: one function a verb. Each loads the object, asks whether the caller may, judges what was sent,
//! decides by the domain's rules, and stores through the write door. It must not know HTTP.
//!
//! Rooms by subject, from the ground up: each knows only those above it in this list, and so do the files of a room.

// Below everything: where things stand, what was sent, who asks, and what they reach.
pub(crate) mod places;
pub(crate) mod alerts;
pub mod documents;
pub mod sent;
pub mod caller;
pub(crate) mod inclusion;
pub(crate) mod reach;
// What is set for the plans, and who there is.
pub mod settings;
pub mod people;
// A plan that verbs work on, what stands in it, and what was found.
pub(crate) mod plan;
pub(crate) mod follow_up;
pub(crate) mod contents;
pub(crate) mod findings;
// What is made of a plan, its follow-up, and its life.
pub(crate) mod derived;
pub mod reporting;
pub(crate) mod plans;
pub mod imports;
// Lists, to go on with elsewhere.
pub mod tables;
// One search over all of it.
pub mod search;
// What one is asked to do, and what is told of all this.
pub mod to_do;
pub(crate) mod history;
