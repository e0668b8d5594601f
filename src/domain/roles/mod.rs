//! Who may see and do what. The only place that decides.
//!
//! A role is granted on an organisation and reaches downwards. One table, `holders`, says for
//! each verb which roles hold it and how far each of them reaches; all else follows from it, the
//! scope for lists too. What no line of the table allows is denied.
//!
//! Knows grants and where the object stands in the tree, nothing of sessions or storage, and
//! nothing of what the plan's status forbids everyone ([`life`](super::life)). A path is the ids of
//! the organisations from the root down to, and with, the organisation itself; an empty path is
//! nowhere, and nobody reaches it.

mod targets;
mod table;
mod scope;
mod duties;
#[cfg(test)]
mod tests;

pub use duties::{Duty, can_be_named};
pub use scope::{
    Scope, handles_crime, held_below, visible_audit_records, visible_deficiencies, visible_follow_up, visible_history,
    visible_outcomes, visible_people, visible_scope, visible_service_accounts, visible_webhooks,
};
pub use table::{Decision, Verb, covers, decide};
pub use targets::{DeficiencyTarget, Grant, Held, Holder, PlanTarget, RiskTarget, Target};
