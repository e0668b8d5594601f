//! The pages, one file a place on the site, and the list of them all. What several pages need comes first.

pub mod known;
mod before;
mod content;
mod lists;
mod files;
mod notes;
mod chart;
mod other_years;
mod status_view;
pub mod event_text;
mod event_kinds;
mod matrix;
mod tasks;
mod wordings;
mod risks;
mod risk;
mod indicators;
mod measure;
mod measures;
mod plans;
pub mod plan;
mod comparison;
mod economy;
mod follow_up;
mod compiled;
mod status;
mod statuses;
mod settings;
mod policies;
mod organisations;
mod issued;
mod outcomes;
mod account;
mod help;
mod deficiencies;
mod audit;
mod history;
mod erasures;
mod search;
mod accounts;
mod webhooks;
mod letters;
mod home;
mod assign;
mod imports;

use std::collections::BTreeMap;

use crate::config::Config;
use crate::error::Result;
use crate::web::ask::Page;
use crate::web::frame::Frame;

/// Every page for who is signed in. What is more exact comes first.
pub const PAGES: &[Page] = &[
    Page { path: "/", show: home::show, timed: true },
    Page { path: "/tasks", show: tasks::show, timed: true },
    Page { path: "/risks", show: risks::show, timed: true },
    Page { path: "/risks/{id}", show: risk::show, timed: true },
    Page { path: "/risks/{id}/edit", show: risk::edit, timed: true },
    Page { path: "/risks/{id}/controls/new", show: measure::new_control, timed: true },
    Page { path: "/risks/{id}/actions/new", show: measure::new_action, timed: true },
    Page { path: "/controls", show: measures::controls, timed: true },
    Page { path: "/controls/{id}", show: measure::control, timed: true },
    Page { path: "/actions", show: measures::actions, timed: true },
    Page { path: "/actions/{id}", show: measure::action, timed: true },
    Page { path: "/matrix", show: matrix::show, timed: true },
    Page { path: "/plans", show: plans::show, timed: true },
    Page { path: "/plans/{id}", show: plan::show, timed: true },
    Page { path: "/plans/{id}/risks/new", show: risk::new, timed: true },
    Page { path: "/plans/{id}/imports/new", show: imports::new, timed: true },
    Page { path: "/imports/new", show: imports::new_of_kind, timed: true },
    Page { path: "/imports/{id}", show: imports::show, timed: false },
    Page { path: "/plans/{id}/sections/{section}", show: plan::section, timed: true },
    Page { path: "/plans/{id}/comparison", show: comparison::show, timed: true },
    Page { path: "/plans/{id}/assign", show: assign::show, timed: true },
    Page { path: "/plans/{id}/financial-effects", show: economy::show, timed: true },
    Page { path: "/plans/{id}/follow-up", show: follow_up::show, timed: true },
    Page { path: "/plans/{id}/self-assessments/{period}", show: follow_up::self_assessment, timed: true },
    Page { path: "/plans/{id}/financial-measures/{period}", show: follow_up::measures, timed: true },
    Page { path: "/reports/{id}", show: follow_up::report, timed: true },
    Page { path: "/follow-up", show: follow_up::region, timed: true },
    Page { path: "/compiled-reports/{id}", show: compiled::show, timed: true },
    Page { path: "/statuses", show: statuses::mine, timed: true },
    Page { path: "/plans/{id}/statuses", show: statuses::of_plan, timed: true },
    Page { path: "/status/{entity}/{id}/{period}", show: status::show, timed: true },
    Page { path: "/settings", show: settings::show, timed: true },
    Page { path: "/mandatory/{id}", show: settings::mandatory, timed: true },
    Page { path: "/policies/{id}", show: policies::show, timed: true },
    Page { path: "/policies/{id}/versions/new", show: policies::new, timed: true },
    Page { path: "/policies/{id}/versions/{number}", show: policies::version, timed: true },
    Page { path: "/organisations", show: organisations::show, timed: true },
    Page { path: "/organisations/{id}", show: organisations::one, timed: true },
    Page { path: "/goals", show: issued::goals, timed: true },
    Page { path: "/goals/{id}", show: issued::goal, timed: true },
    Page { path: "/indicators/{id}", show: indicators::show, timed: true },
    Page { path: "/outcomes", show: outcomes::show, timed: true },
    Page { path: "/standing-texts", show: issued::texts, timed: true },
    Page { path: "/standing-texts/{id}", show: issued::text, timed: true },
    Page { path: "/wordings", show: wordings::all, timed: true },
    Page { path: "/wordings/{id}", show: wordings::one, timed: true },
    Page { path: "/users", show: settings::users, timed: true },
    Page { path: "/users/new", show: settings::new_user, timed: true },
    Page { path: "/users/{id}", show: settings::user, timed: true },
    Page { path: "/account", show: account::show, timed: true },
    Page { path: "/help", show: help::show, timed: true },
    Page { path: "/help/{job}", show: help::of, timed: true },
    Page { path: "/accessibility", show: help::accessibility, timed: true },
    Page { path: "/deficiencies", show: deficiencies::show, timed: true },
    Page { path: "/deficiencies/{id}", show: deficiencies::one, timed: true },
    Page { path: "/audit", show: audit::show, timed: true },
    Page { path: "/recommendations/{id}", show: audit::recommendation, timed: true },
    Page { path: "/opinions/{id}", show: audit::opinion, timed: true },
    Page { path: "/history", show: history::show, timed: false },
    Page { path: "/search", show: search::show, timed: true },
    Page { path: "/erasures", show: erasures::show, timed: true },
    Page { path: "/service-accounts", show: accounts::list, timed: true },
    Page { path: "/service-accounts/{id}", show: accounts::one, timed: true },
    Page { path: "/webhooks", show: webhooks::list, timed: true },
    Page { path: "/webhooks/{id}", show: webhooks::one, timed: true },
    Page { path: "/letters", show: letters::show, timed: false },
    Page { path: "/history/{log}", show: history::events, timed: false },
    Page { path: "/history/{log}/growth", show: history::growth, timed: false },
    Page { path: "/history/{log}/{n}", show: history::event, timed: false },
    Page { path: "/plans/{id}/proof", show: history::proof, timed: false },
];

/// The pages whose operations take `asOf`: there one can ask how the register stood on a day.
const OF_A_DAY: &[&str] = &[
    "/risks",
    "/risks/{id}",
    "/controls/{id}",
    "/actions/{id}",
    "/matrix",
    "/plans",
    "/plans/{id}",
    "/plans/{id}/sections/{section}",
    "/plans/{id}/comparison",
    "/plans/{id}/financial-effects",
    "/plans/{id}/follow-up",
    "/plans/{id}/self-assessments/{period}",
    "/plans/{id}/financial-measures/{period}",
    "/reports/{id}",
    "/follow-up",
    "/compiled-reports/{id}",
    "/status/{entity}/{id}/{period}",
    "/settings",
    "/mandatory/{id}",
    "/policies/{id}",
    "/policies/{id}/versions/{number}",
    "/organisations",
    "/organisations/{id}",
    "/goals",
    "/goals/{id}",
    "/indicators/{id}",
    "/outcomes",
    "/standing-texts",
    "/standing-texts/{id}",
    "/deficiencies",
    "/deficiencies/{id}",
    "/audit",
    "/recommendations/{id}",
    "/opinions/{id}",
];

/// What a path holds at the open steps of a pattern (`/risks/{id}`), if it is one of its paths.
pub fn steps(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (pattern, path) = (pattern.trim_matches('/').split('/'), path.trim_matches('/').split('/'));
    if pattern.clone().count() != path.clone().count() {
        return None;
    }
    let mut open = BTreeMap::new();
    for (step, given) in pattern.zip(path) {
        match step.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(name) => {
                open.insert(name.to_owned(), given.to_owned());
            }
            None if step == given => {}
            None => return None,
        }
    }
    Some(open)
}

/// The page at a path, with the steps that it leaves open.
pub fn at(path: &str) -> Option<(&'static Page, BTreeMap<String, String>)> {
    PAGES.iter().find_map(|page| Some((page, steps(page.path, path)?)))
}

/// Pages that are read from what was sealed. Of the past, as over the API, they ask for the one thing that they are of: with that
/// all comes that was sealed of it, and no more of the history than tells of it is read.
const OF_ONE: &[&str] = &["/plans/{id}", "/reports/{id}"];

/// Whether a page is of the one thing in its path.
pub fn of_one(path: &str) -> bool {
    OF_ONE.contains(&path)
}

/// Pages on which long texts are written, which are kept as drafts meanwhile.
const WRITTEN: &[&str] = &[
    "/plans/{id}/sections/{section}",
    "/plans/{id}/self-assessments/{period}",
    "/reports/{id}",
    "/compiled-reports/{id}",
    "/status/{entity}/{id}/{period}",
    "/risks/{id}/edit",
    "/deficiencies/{id}",
    "/recommendations/{id}",
];

/// Whether what is written on a page is kept while it is.
pub fn keeps_drafts(path: &str) -> bool {
    WRITTEN.contains(&path)
}

/// Whether a page asks for the day that it is to show.
pub fn of_a_day(path: &str) -> bool {
    OF_A_DAY.contains(&path)
}

/// A page of a past day, on which every link to a page that can be seen as of a day leads to that day: but the way back to
/// today, which stands first in it, and what names a day of its own.
pub fn keep_day(html: &str, as_of: &str) -> String {
    let from = html.find("<main").and_then(|main| Some(main + html[main..].find("</p>")?)).unwrap_or(html.len());
    let as_of: String = form_urlencoded::byte_serialize(as_of.as_bytes()).collect();
    let (before, rest) = html.split_at(from);
    let mut kept = before.to_owned();
    for (n, part) in rest.split("href=\"").enumerate() {
        if n > 0 {
            kept.push_str("href=\"");
        }
        let address = part.split('"').next().filter(|_| n > 0).unwrap_or_default();
        let (asked, anchor) = address.split_once('#').unwrap_or((address, ""));
        let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
        let to_a_day = at(path).is_some_and(|(page, _)| of_a_day(page.path)) && !query.contains("asOf=");
        if to_a_day {
            let join = if query.is_empty() { "?" } else { "&amp;" };
            let hash = if anchor.is_empty() { "" } else { "#" };
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            kept.push_str(&format!("{path}{query}{join}asOf={as_of}{hash}{anchor}{}", &part[address.len()..]));
        } else {
            kept.push_str(part);
        }
    }
    kept
}

/// What writes a page for whoever is not signed in.
pub type Open = Box<dyn Fn(&Frame, &Config) -> Result<String>>;

/// A page that is for everyone, signed in or not.
pub fn open(path: &str) -> Option<Open> {
    match path {
        "/help" => Some(Box::new(help::write)),
        "/accessibility" => Some(Box::new(help::write_accessibility)),
        _ => {
            let job = help::job(path.strip_prefix("/help/")?)?;
            Some(Box::new(move |p, _| help::write_job(p, job)))
        }
    }
}
