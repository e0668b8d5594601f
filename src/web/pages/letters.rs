//! The letters of the last ninety days and what became of them: the regional office sees all, others their own.

use askama::Template;

use super::event_text::{Teller, Thing};
use super::known::Names;
use super::lists::{Filter, Pager, all_or};
use crate::app::caller::Caller;
use crate::app::to_do::reminders;
use crate::domain::words::{MailKind, MailStatus};
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::{Mail, MailFilter};
use crate::web::ask::Ask;
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "pages/letters.html")]
struct Letters<'a> {
    p: &'a Frame,
    filters: Vec<Filter>,
    rows: Vec<Row>,
    total: i64,
    pager: Pager,
    /// A mail server has been named.
    sends: bool,
}

struct Row {
    is: Mail,
    to: String,
    plan: Option<Thing>,
}

const A_PAGE: i64 = 50;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let call = ask.call("listMails", A_PAGE)?;
    let filter = MailFilter {
        user_id: call.any("userId"),
        kind: call.any("kind"),
        status: call.any("status"),
        ..Default::default()
    };
    let found = reminders::mails(r, caller, filter, &call.listing())?;
    let names = Names::people(r, found.items.iter().map(|one| Some(one.user_id)))?;
    let mut teller = Teller::new(caller, p);
    let mut rows = Vec::new();
    for is in found.items {
        let plan = match is.plan_id {
            Some(id) => Some(teller.thing(r, "plan", id)?).filter(|plan| !plan.name.is_empty()),
            None => None,
        };
        rows.push(Row { to: names.of(&is.user_id).to_owned(), plan, is });
    }
    ask.write(&Letters {
        p,
        filters: vec![
            Filter::of(ask, "kind", "letter-kind", all_or(p, p.words::<MailKind>())),
            Filter::of(ask, "status", "letter-status", all_or(p, p.words::<MailStatus>())),
        ],
        total: found.total,
        pager: Pager::of(ask, found.total, A_PAGE),
        rows,
        sends: ask.service.config.mail.is_some(),
    })
}
