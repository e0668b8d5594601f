//! What was found in the whole register: some of each kind, or all of one.

use askama::Template;

use super::known::Names;
use super::lists::{Pager, address};
use crate::app::caller::Caller;
use crate::app::search::{self, Hit, Kind};
use crate::error::Result;
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;

/// So many of each kind are shown together, and so many of one kind on a page.
const FEW: i64 = 5;
const A_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "pages/search.html")]
struct Search<'a> {
    p: &'a Frame,
    q: &'a str,
    kinds: Vec<Shown>,
    total: i64,
    /// Of one kind alone: its pages, and where all kinds are.
    alone: Option<(Pager, String)>,
    organisations: Names,
}

struct Shown {
    title: String,
    /// Where its things are.
    path: &'static str,
    total: i64,
    items: Vec<Hit>,
    /// Its name says whose it is, and of which year.
    placed: bool,
    /// Where all of the kind are, when there are more than these.
    more: Option<String>,
}

/// Where things of a kind are, and what they are called.
fn of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Plan => ("/plans", "nav-plans"),
        Kind::Report => ("/reports", "search-reports"),
        Kind::Risk => ("/risks", "nav-risks"),
        Kind::Control => ("/controls", "controls"),
        Kind::Action => ("/actions", "actions"),
        Kind::Goal => ("/goals", "goals-title"),
        Kind::Indicator => ("/indicators", "indicators-title"),
        Kind::Deficiency => ("/deficiencies", "nav-deficiencies"),
        Kind::Recommendation => ("/recommendations", "recommendations"),
        Kind::User => ("/users", "search-people"),
    }
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let wanted: Option<Kind> = ask.call("search", FEW)?.q("kind");
    let call = ask.call("search", if wanted.is_some() { A_PAGE } else { FEW })?;
    let q: String = call.q("q").unwrap_or_default();
    let mut listing = call.listing();
    if wanted.is_none() {
        listing.page = 1;
    }
    let found = search::find(r, caller, &q, wanted, &listing)?;
    let there: Vec<Id> = found.kinds.iter().flat_map(|one| one.items.iter().map(|hit| hit.organisation_id)).collect();
    let organisations = Names::organisations(r, there)?;
    let kinds = found.kinds.into_iter().filter(|one| one.total > 0).map(|one| {
        let (path, key) = of(one.kind);
        let more = address(ask, &[("kind", one.kind.as_str().into()), ("page", String::new())]);
        Shown {
            title: p.say(key),
            path,
            total: one.total,
            more: (wanted.is_none() && one.total > FEW).then_some(more),
            items: one.items,
            placed: matches!(one.kind, Kind::Plan | Kind::Report),
        }
    });
    let every = address(ask, &[("kind", String::new()), ("page", String::new())]);
    ask.write(&Search {
        p,
        q: ask.text("q"),
        kinds: kinds.collect(),
        total: found.total,
        alone: wanted.map(|_| (Pager::of(ask, found.total, A_PAGE), every)),
        organisations,
    })
}
