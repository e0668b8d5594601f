//! Which tables a history is held against, and what in them no event tells of.

use crate::storage::records::*;

/// Tables whose rows have no history of their own: what runs the service, what follows from other tables, and the
/// history itself, which is held in other ways.
pub const WITHOUT_HISTORY: &[&str] = &[
    // What runs the service.
    "__diesel_schema_migrations",
    "calendar_feeds",
    "credentials",
    "drafts",
    "idempotency",
    "import_files",
    "import_words",
    "imports",
    "mails",
    "password_links",
    "register",
    "reminder_settings",
    "service_secrets",
    "sessions",
    "sign_in_attempts",
    "traces",
    "webhook_cursors",
    "webhook_deliveries",
    "webhook_secrets",
    "webhook_states",
    "years",
    // Follows from the risks of all years, and is held to their history.
    "risk_references",
    // The history.
    "checkpoints",
    "events",
    "heads",
    "openings",
    "sealed_files",
    "stored_files",
    "tree_nodes",
    "turns",
];

/// Columns of the tables that are held about which no event tells, and why nothing is lost by it.
pub const WITHOUT_WITNESS: &[(&str, &str)] = &[
    // How the register began. Decides nothing afterwards, but for whether `demo --fresh` may throw it away.
    ("register", "kind"),
    ("register", "demo"),
    ("register", "created_at"),
    // Until when a clock is believed: what it lets through is held to be later than what came before it, and no more.
    ("register", "trusted_until"),
    // Means nothing while the log is empty: the first event does not ask for it. Held from then on.
    ("heads", "last_time"),
];

/// Tables whose rows are what their history leads to.
pub fn tables_with_history() -> Vec<&'static str> {
    macro_rules! names {
        ($($record:ident),*) => { vec![$($record::TABLE),*] };
    }
    each_stored!(names)
}

/// Fields that follow from others and so may change without a change of their own.
pub(super) fn derived(entity: &str) -> &'static [&'static str] {
    // From its parents and their kinds; held by `tree_of_organisations`.
    if entity == Organisation::ENTITY { &["bodyId"] } else { &[] }
}
