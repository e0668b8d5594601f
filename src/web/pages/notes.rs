//! What people have written to each other about a plan, a risk, a control or an action: a part of its page, with the form that
//! writes more.

use super::known::Names;
use super::lists::Pager;
use crate::app::caller::Caller;
use crate::app::contents::notes;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::Listing;
use crate::storage::records::{About, Note};
use crate::web::ask::Ask;
use crate::web::parts::Form;
use crate::web::values::Choice;

/// So many stand on a page.
const A_PAGE: i64 = 10;
/// So many people are offered to be told; the others are told by name.
const MOST_PEOPLE: usize = 20;

/// The notes about a thing.
pub struct Notes<'a> {
    pub rows: Vec<Row>,
    pub pager: Pager,
    /// For who may write one.
    pub form: Option<Form<'a>>,
    pub people: Vec<Choice>,
    /// There are others, who are told by name.
    pub more: bool,
    /// The key of what becomes of it: whoever is told gets a letter, where the register sends mail.
    pub hint: &'static str,
}

pub struct Row {
    pub note: Note,
    pub who: String,
    pub told: Vec<String>,
}

/// Those about a thing that the one who looks may see; none where nothing has been written, and they may not write.
pub fn of<'a>(r: &mut Reading, caller: &Caller, ask: &'a Ask, about: About) -> Result<Option<Notes<'a>>> {
    let p = &ask.frame;
    let (act, id) = match about {
        About::Plan(id) => ("writePlanNote", id),
        About::Risk(id) => ("writeRiskNote", id),
        About::Control(id) => ("writeControlNote", id),
        About::Action(id) => ("writeActionNote", id),
    };
    let offered = if p.is_now() { notes::offered(r, caller, about)? } else { None };
    let page = ask.q("page").filter(|n| (1..=1_000_000).contains(n)).unwrap_or(1);
    let listing = Listing { page, ..Listing::first(A_PAGE) };
    let found = notes::list(r, caller, about, &listing)?;
    if found.total == 0 && offered.is_none() {
        return Ok(None);
    }
    let named = found.items.iter().flat_map(|note| note.mentioned_ids.iter().chain([&note.written_by_id]).copied());
    let names = Names::people(r, named.map(Some).collect::<Vec<_>>())?;
    let rows = found.items.into_iter().map(|note| Row {
        who: names.of(&note.written_by_id).to_owned(),
        told: note.mentioned_ids.iter().map(|id| names.of(id).to_owned()).collect(),
        note,
    });
    let mut pager = Pager::of(ask, found.total, A_PAGE);
    // Whoever turns the page goes on where they read.
    for at in [&mut pager.previous, &mut pager.next].into_iter().flatten() {
        at.push_str("#notes");
    }
    let form = offered.is_some().then(|| p.form(act, "note").at("id", id).to(format!("{}#notes", notes::page(about))));
    let people = offered.unwrap_or_default();
    Ok(Some(Notes {
        rows: rows.collect(),
        pager,
        form,
        more: people.len() > MOST_PEOPLE,
        people: people.into_iter().take(MOST_PEOPLE).map(|one| Choice::new(one.id.to_string(), one.name)).collect(),
        hint: if ask.service.config.mail.is_some() { "note-tell-hint" } else { "note-tell-no-mail" },
    }))
}
