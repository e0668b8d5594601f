//! The JSON face: every operation of the contract, in the order of `openapi.yaml`. Handlers of a dozen lines: which
//! verb, and how its result is told.

mod openapi;
mod documents;
mod tables;
mod sessions;
mod organisations;
mod users;
mod service_accounts;
mod goals;
mod indicators;
mod outcomes;
mod mandatory;
mod plans;
pub(crate) mod risks;
pub(crate) mod measures;
mod imports;
mod notes;
mod files;
mod periods;
mod status_reports;
mod reports;
mod follow_ups;
mod compiled_reports;
mod records;
mod reminders;
pub(crate) mod deficiencies;
pub(crate) mod recommendations;
mod self_assessments;
mod financial_measures;
mod standing_texts;
mod wordings;
mod policies;
mod webhooks;
mod logs;
mod erasures;
mod search;

pub use openapi::{SERVER, document, written, yaml};

use crate::http::contract::Operation;

/// Every operation.
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(sessions::operations());
    all.extend(organisations::operations());
    all.extend(users::operations());
    all.extend(service_accounts::operations());
    all.extend(goals::operations());
    all.extend(indicators::operations());
    all.extend(outcomes::operations());
    all.extend(mandatory::operations());
    all.extend(plans::operations());
    all.extend(risks::operations());
    all.extend(measures::operations());
    all.extend(imports::operations());
    all.extend(notes::operations());
    all.extend(files::operations());
    all.extend(periods::operations());
    all.extend(status_reports::operations());
    all.extend(reports::operations());
    all.extend(follow_ups::operations());
    all.extend(compiled_reports::operations());
    all.extend(records::operations());
    all.extend(reminders::operations());
    all.extend(deficiencies::operations());
    all.extend(recommendations::operations());
    all.extend(self_assessments::operations());
    all.extend(financial_measures::operations());
    all.extend(standing_texts::operations());
    all.extend(wordings::operations());
    all.extend(policies::operations());
    all.extend(webhooks::operations());
    all.extend(logs::operations());
    all.extend(erasures::operations());
    all.extend(search::operations());
    all
}
