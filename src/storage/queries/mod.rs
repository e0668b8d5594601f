//! Every question that the register asks its database, one text for both.

mod listing;
mod walk;
mod deficiencies;
mod drafts;
mod files;
mod follow_up;
mod imports;
mod logs;
mod mails;
mod outcomes;
mod password_links;
mod people;
mod personal;
mod plans;
mod measures;
mod across;
mod notes;
mod recommendations;
mod service_accounts;
mod settings;
mod webhooks;

pub use across::RecordFilter;
pub use deficiencies::{DeficiencyFilter, SeenDeficiencies};
pub use drafts::Draft;
pub use files::StoredFile;
pub use imports::{ImportFile, ImportRow, ImportWord, Uploaded};
pub use listing::{Any, Listing, Mark, Page};
pub use logs::{Apart, EventFilter, SeenEvents, Turn};
pub use mails::{Mail, MailFilter, NewMail};
pub use measures::PartFilter;
pub use outcomes::OutcomeFilter;
pub use password_links::PasswordLink;
pub use people::{Attempt, Credential, Kept, OrganisationFilter, SessionRow, UserFilter};
pub use personal::{Act, Naming, columns_of_people};
pub use plans::{PlanFilter, RiskFilter, Seen};
pub use recommendations::{OpinionFilter, RecommendationFilter, SeenAuditRecords};
pub use service_accounts::ServiceAccountFilter;
pub use settings::{
    GoalFilter, GoalUses, IndicatorFilter, MandatoryFilter, Newest, PolicyFilter, StandingTextFilter, WordingFilter,
};
pub(in crate::storage) use walk::Changed;
pub use webhooks::{Delivery, DeliveryFilter, Passing, SecretRow, StateRow, Told, WebhookFilter};
