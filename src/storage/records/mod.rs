//! What is stored: one struct a table, column for column, and how it is read and written.
//!
//! A record is also how the thing looks to readers of the API and in the history, so its field names are the
//! register's wire names. Rows are written through [`Writing`](super::Writing) alone, which adds the event.

mod stored;
mod organisations;
mod people;
mod service_accounts;
mod goals;
mod policies;
mod issued;
mod plans;
mod risks;
mod measures;
mod follow_up;
mod deficiencies;
mod recommendations;
mod notes;
mod files;
mod evidence;
mod webhooks;
mod erased;

pub use deficiencies::Deficiency;
pub use erased::{ERASED, ERASED_ADDRESS, erased};
pub use evidence::{Erasure, Restore, SealedFile, SigningKey};
pub use files::{EvidenceFile, EvidenceOf};
pub use follow_up::{
    ActionReport, CompiledReport, ControlReport, Deadline, FinancialMeasures, PlanPeriod, Report, SelfAssessment,
};
pub use goals::{Goal, Indicator, LaterTarget, LocalTarget, Outcome, OwnAction};
pub use issued::{MandatoryRisk, StandingText, Wording};
pub use measures::{Action, Control};
pub use notes::{About, Note};
pub use organisations::Organisation;
pub use people::{Grant, User};
pub use plans::{Plan, PlanDeficiency, PlanSection, Revision};
pub use policies::{PolicyVersion, ScoringPolicy};
pub use recommendations::{AuditOpinion, Recommendation, RecommendationEntry};
pub use risks::{Assessment, Risk};
pub use service_accounts::{ServiceAccount, ServiceCredential};
pub use stored::Stored;
pub(in crate::storage) use stored::each_stored;
pub use webhooks::Webhook;
