//! The pages, one file a place on the site, and the list of them all.

mod account;
mod follow_up;
mod help;
mod known;
mod lists;
mod matrix;
mod plan;
mod plans;
mod measure;
mod risk;
mod risks;
mod settings;
mod status;
mod tasks;
mod audit;
mod deficiencies;
mod history;
mod told;

use crate::error::Result;
use crate::web::Page;
use crate::web::frame::Frame;

/// Every page for who is signed in. What is more exact comes first.
pub const PAGES: &[Page] = &[
    Page { path: "/", show: tasks::show },
    Page { path: "/tasks", show: tasks::show },
    Page { path: "/risks", show: risks::show },
    Page { path: "/risks/{id}", show: risk::show },
    Page { path: "/risks/{id}/edit", show: risk::edit },
    Page { path: "/risks/{id}/controls/new", show: measure::new_control },
    Page { path: "/risks/{id}/actions/new", show: measure::new_action },
    Page { path: "/controls/{id}", show: measure::control },
    Page { path: "/actions/{id}", show: measure::action },
    Page { path: "/matrix", show: matrix::show },
    Page { path: "/plans", show: plans::show },
    Page { path: "/plans/{id}", show: plan::show },
    Page { path: "/plans/{id}/risks/new", show: risk::new },
    Page { path: "/plans/{id}/sections/{section}", show: plan::section },
    Page { path: "/plans/{id}/comparison", show: plan::comparison },
    Page { path: "/plans/{id}/follow-up", show: follow_up::show },
    Page { path: "/plans/{id}/self-assessments/{period}", show: follow_up::self_assessment },
    Page { path: "/reports/{id}", show: follow_up::report },
    Page { path: "/follow-up", show: follow_up::region },
    Page { path: "/status/{entity}/{id}/{period}", show: status::show },
    Page { path: "/settings", show: settings::show },
    Page { path: "/mandatory/{id}", show: settings::mandatory },
    Page { path: "/policies/{id}", show: settings::policy },
    Page { path: "/users", show: settings::users },
    Page { path: "/users/{id}", show: settings::user },
    Page { path: "/account", show: account::show },
    Page { path: "/help", show: help::show },
    Page { path: "/accessibility", show: help::accessibility },
    Page { path: "/deficiencies", show: deficiencies::show },
    Page { path: "/deficiencies/{id}", show: deficiencies::one },
    Page { path: "/audit", show: audit::show },
    Page { path: "/recommendations/{id}", show: audit::recommendation },
    Page { path: "/opinions/{id}", show: audit::opinion },
    Page { path: "/history", show: history::show },
    Page { path: "/history/{log}", show: history::events },
    Page { path: "/history/{log}/{n}", show: history::event },
    Page { path: "/plans/{id}/proof", show: history::proof },
];

/// A page that is for everyone, signed in or not.
pub fn open(path: &str) -> Option<fn(&Frame) -> Result<String>> {
    match path {
        "/help" => Some(help::write),
        "/accessibility" => Some(help::write_accessibility),
        _ => None,
    }
}
