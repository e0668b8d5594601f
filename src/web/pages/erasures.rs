//! Erasure (gallring): what has been asked for and what became of it, deciding on a request, and making one for a thing of the
//! history.

use askama::Template;

use super::event_text::{Teller, Thing};
use super::known::Names;
use super::lists::Pager;
use crate::app::caller::Caller;
use crate::app::history::erasures;
use crate::error::Result;
use crate::storage::erasure::{REASON, erasable};
use crate::storage::records::{Erasure, User};
use crate::storage::{Id, Reading, Stored};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/erasures.html")]
struct Erasures<'a> {
    p: &'a Frame,
    sees: bool,
    total: i64,
    rows: Vec<Row<'a>>,
    pager: Pager,
    new: Option<New<'a>>,
}

/// A request, and what became of it. The texts themselves are told by the thing, while they are there.
struct Row<'a> {
    is: Erasure,
    noun: String,
    thing: Thing,
    fields: String,
    asked_by: String,
    confirmed_by: String,
    withdrawn_by: String,
    /// For an administrator who did not ask for it.
    confirm: Option<Form<'a>>,
    withdraw: Option<Form<'a>>,
}

struct New<'a> {
    form: Form<'a>,
    noun: String,
    thing: Thing,
    texts: Vec<Choice>,
}

const A_PAGE: i64 = 50;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let page = erasures::list(r, caller, &ask.call("listErasures", A_PAGE)?.listing())?;
    let decides = p.is_now() && erasures::may_decide(r, caller)?;
    let mut teller = Teller::new(caller, p);
    let all = page.items.iter();
    let people = all.flat_map(|one| [Some(one.requested_by_id), one.confirmed_by_id, one.withdrawn_by_id]);
    let names = Names::people(r, people)?;
    let mut rows = Vec::new();
    for is in page.items {
        let waits = decides && is.confirmed_at.is_none() && is.withdrawn_at.is_none();
        let step = |act: &'static str, name: &str| p.form(act, format!("{name}-{}", is.id)).at("id", is.id);
        rows.push(Row {
            noun: teller.noun(&is.entity),
            thing: named(r, &mut teller, &is.entity, is.entity_id)?,
            fields: is.fields.iter().map(|field| teller.label(field)).collect::<Vec<_>>().join(", "),
            asked_by: names.of(&is.requested_by_id).to_owned(),
            confirmed_by: names.or_dash(&is.confirmed_by_id).to_owned(),
            withdrawn_by: names.or_dash(&is.withdrawn_by_id).to_owned(),
            confirm: (waits && is.requested_by_id != caller.id()).then(|| step("confirmErasure", "confirm")),
            withdraw: waits.then(|| step("withdrawErasure", "withdraw")),
            is,
        });
    }
    let new = if decides { new(r, &mut teller, ask)? } else { None };
    ask.write(&Erasures {
        p,
        sees: erasures::may_see(r, caller)?,
        total: page.total,
        pager: Pager::of(ask, page.total, A_PAGE),
        rows,
        new,
    })
}

/// The form of a request about the thing that the address names, if it has texts.
fn new<'a>(r: &mut Reading, teller: &mut Teller, ask: &'a Ask) -> Result<Option<New<'a>>> {
    let (entity, id): (&str, Option<Id>) = (ask.text("entity"), ask.q("entityId"));
    let texts = erasable(entity);
    let Some(id) = id.filter(|_| !texts.is_empty()) else { return Ok(None) };
    let form = ask.frame.form("requestErasure", "erasure").fixed("entity", entity).fixed("entityId", id);
    let choice = |field: &&str| Choice::new(*field, teller.label(field));
    Ok(Some(New {
        form: form.to("/erasures"),
        texts: texts.iter().chain(&[REASON]).map(choice).collect(),
        noun: teller.noun(entity),
        thing: named(r, teller, entity, id)?,
    }))
}

fn named(r: &mut Reading, teller: &mut Teller, entity: &str, id: Id) -> Result<Thing> {
    if entity == User::ENTITY {
        return Ok(Thing { name: Names::people(r, [Some(id)])?.of(&id).to_owned(), at: Some(format!("/users/{id}")) });
    }
    teller.thing(r, entity, id)
}
