//! My account: who I am here, which roles I hold, my password, and signing out everywhere.

use askama::Template;

use crate::app::caller::Caller;
use crate::app::people::sessions::{self, OwnSession};
use crate::app::sent::etag;
use crate::app::to_do::{calendar, reminders};
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::records::Organisation;
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;

#[derive(Template)]
#[template(path = "pages/account.html")]
struct Account<'a> {
    p: &'a Frame,
    name: String,
    email: String,
    organisation: String,
    roles: Vec<(String, String)>,
    /// None where nobody has a password.
    password: Option<Form<'a>>,
    reminders: Form<'a>,
    weekly: bool,
    calendar: Form<'a>,
    revoke: Option<Form<'a>>,
    sessions: Vec<(OwnSession, Option<Form<'a>>)>,
}

impl Account<'_> {
    fn called(&self, session: &OwnSession) -> String {
        session.device.clone().unwrap_or_else(|| self.p.say("account-session-unknown"))
    }
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let me = caller.user()?;
    let mut roles = Vec::new();
    for (grant, organisation) in r.grants_with_organisations(caller.id())? {
        roles.push((p.word(grant.role), organisation.name));
    }
    let organisation: Organisation = r.linked(me.organisation_id)?;
    let takes = ask.service.config.passwords.take(&me.email);
    let password = takes.then(|| p.form("changePassword", "password").to("/sign-in"));
    let revoke = calendar::state(r, caller)?.created_at.map(|_| p.form("revokeMyCalendar", "revoke"));
    let settings = reminders::settings(r, caller)?;
    // The one that asks ends by signing out.
    let session = |one: OwnSession| {
        let end = p.form("endMySession", format!("end-{}", one.id)).at("id", one.id);
        let end = (!one.current && p.is_now()).then_some(end);
        (one, end)
    };
    ask.write(&Account {
        p,
        sessions: sessions::own(r, caller)?.sessions.into_iter().map(session).collect(),
        name: me.name.clone(),
        email: me.email.clone(),
        organisation: organisation.name,
        roles,
        revoke,
        weekly: settings.weekly,
        reminders: p.form("changeMyReminders", "reminders").tagged(etag(&settings)?),
        calendar: p.form("makeMyCalendar", "calendar"),
        password,
    })
}
