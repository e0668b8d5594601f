//! Letters to people: who is to have one, and what it says when its turn comes. That one is to be sent is decided in a
//! transaction, which leaves a row; its address and content are made when it is sent, by the rights, the markings of
//! secrecy, the language and the wishes of that moment.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::outcomes;
use super::tasks::{self, Task};
use crate::app::alerts::{self, urgent_occasion};
use crate::app::caller::{Caller, Principal};
use crate::app::contents::notes;
use crate::app::findings::deficiencies;
use crate::app::follow_up::Followed;
use crate::app::people::passwords::{self, Ways};
use crate::app::places::{place, plan_state, plan_target};
use crate::app::plan;
use crate::app::reporting::periods;
use crate::app::sent::Sent;
use crate::domain::follow_up::{self, PeriodVerb};
use crate::domain::letters::{self, Entry, Letter};
use crate::domain::life::{self, PlanVerb};
use crate::domain::reminders::{Week, weekly_occasion};
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{MailKind, Period};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, Mail, MailFilter, NewMail, Page};
use crate::storage::records::{Plan, User};
use crate::storage::{Id, Place, Reading, Timestamp, Writing};

/// What the caller wants to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReminderSettings {
    /// A letter on Mondays, of what is mine to do, by name and by office; none when nothing is. A controller's reminder of a
    /// period, what must be seen to at once, and a note in which somebody names me are sent whatever stands here.
    pub weekly: bool,
}

/// What the controller adds to a reminder.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReminderForm {
    /// A few words, which stand in each letter.
    #[schema(min_length = 1, max_length = 1000, example = "Nämnden tar upp uppföljningen den 22 maj.")]
    pub text: Option<String>,
}

/// Who was reminded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reminded {
    /// A letter goes to these.
    pub reminded_ids: Vec<Id>,
    /// These have had a letter about the period today already.
    pub already_reminded_ids: Vec<Id>,
    /// No letter reaches these: they cannot sign in, have no address, or may no longer report.
    pub unreachable_ids: Vec<Id>,
    /// Controls and actions that nobody is responsible for, not even as the risk's owner.
    pub without_responsible_ids: Vec<Id>,
}

/// The caller's wishes. Another system is sent nothing.
pub fn settings(r: &mut Reading, caller: &Caller) -> Result<ReminderSettings> {
    let weekly = match &caller.principal {
        Principal::Person { user, .. } => r.wants_weekly(user.id)?,
        Principal::Service { .. } => false,
    };
    Ok(ReminderSettings { weekly })
}

pub fn change_settings(w: &mut Writing, caller: &Caller, sent: &Sent<ReminderSettings>) -> Result<ReminderSettings> {
    let user = caller.user()?.clone();
    sent.gate()?;
    let old = settings(w, caller)?;
    sent.expect_current(&old)?;
    let new = sent.judge()?;
    set_weekly(w, &user, new.weekly)?;
    Ok(new)
}

/// Turns somebody's weekly letter off, as the letter's own address does.
pub fn unsubscribe(w: &mut Writing, user: Id) -> Result<()> {
    let user: User = w.linked(user)?;
    set_weekly(w, &user, false)
}

fn set_weekly(w: &mut Writing, user: &User, weekly: bool) -> Result<()> {
    if w.wants_weekly(user.id)? != weekly {
        w.want_weekly(user.id, weekly)?;
        let at = Place { log: w.root_id()?, organisation: user.organisation_id };
        let kind = if weekly { "reminders.turnedOn" } else { "reminders.turnedOff" };
        w.record(at, kind, "user", user.id);
    }
    Ok(())
}

/// The letters that the caller may know of: the regional office all, others those to themselves.
pub fn mails(r: &mut Reading, caller: &Caller, filter: MailFilter, listing: &Listing) -> Result<Page<Mail>> {
    let root = r.root_id()?;
    let all = caller.sees(Verb::ManageRegionSettings, &Target::Settings { path: vec![root.0] });
    r.mails(&MailFilter { to: (!all).then(|| caller.id()), ..filter }, listing)
}

/// Decides on the week's letters: to everyone who wants one and has none yet. Whether there is anything to say is seen
/// when each is sent. Answers with how many were decided on.
pub fn decide_weekly(w: &mut Writing, week: Week) -> Result<usize> {
    let occasion = weekly_occasion(week);
    let now = Timestamp::now();
    let people = w.without_weekly(&occasion)?;
    let letters = people.iter().map(|user| NewMail::new(*user, MailKind::Weekly, occasion.clone(), now)).collect();
    w.post(letters)?;
    Ok(people.len())
}

/// Reminds those who are missing in a period, each at most once a day.
pub fn remind(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    period: Period,
    mail: bool,
    sent: &Sent<ReminderForm>,
) -> Result<Reminded> {
    let (plan, body) = plan::load(w, plan)?;
    caller.authorize(Verb::RecordDecision, &Target::Plan(plan_target(&plan, &body)), sent)?;
    caller.user()?;
    let form = sent.judge()?;
    life::may(PlanVerb::Report, &plan_state(&plan), w.today())?;
    let followed = Followed::read(w, &plan)?;
    follow_up::may(PeriodVerb::Report, &followed.frame.state(period), w.today())?;
    if !mail {
        return Err(Error::conflict(
            "mailNotConfigured",
            "Registret skickar ingen e-post: driften har inte angett någon e-postserver.",
            "The register sends no mail: the operator has named no mail server.",
        ));
    }
    let mut told = Reminded::default();
    let mut people = Vec::new();
    for row in periods::status_rows(&followed, period, w.today())? {
        if !row.due || row.reported {
            continue;
        }
        let owner = followed.at(period).risk(row.risk_id).and_then(|risk| risk.owner_id);
        match row.responsible_id.or(owner) {
            Some(person) if !people.contains(&person) => people.push(person),
            Some(_) => {}
            None => told.without_responsible_ids.push(row.id),
        }
    }
    for person in outcomes::named(w, &followed.frame, period)? {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    let occasion = format!("period/{}/{}/{}", plan.id, period.as_str(), w.today());
    let written = w.written_for(&occasion)?;
    let now = Timestamp::now();
    let mut letters = Vec::new();
    for person in people {
        if written.contains(&person) {
            told.already_reminded_ids.push(person);
        } else if missing_from(w, person, &followed, period)?.is_empty() {
            told.unreachable_ids.push(person);
        } else {
            told.reminded_ids.push(person);
            letters.push(NewMail {
                plan_id: Some(plan.id),
                period: Some(period),
                note: form.text.clone(),
                ..NewMail::new(person, MailKind::Period, occasion.clone(), now)
            });
        }
    }
    if !letters.is_empty() {
        w.post(letters)?;
        let at = place(w, &body)?;
        w.record_because(at, "period.reminded", "plan", plan.id, form.text.as_deref());
    }
    Ok(told)
}

/// What a person still owes in a period, if a letter reaches them.
fn missing_from(r: &mut Reading, person: Id, followed: &Followed, period: Period) -> Result<Vec<Task>> {
    let user: User = r.linked(person)?;
    if !is_reachable(&user) {
        return Ok(Vec::new());
    }
    let caller = Caller::on_host(r, person)?;
    tasks::in_period(r, &caller, followed, period)
}

/// Somebody who may sign in, and whose address has not been erased.
fn is_reachable(user: &User) -> bool {
    user.active && !user.email.ends_with(crate::storage::records::ERASED_ADDRESS)
}

/// A letter with its receiver.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub name: String,
    pub address: String,
    pub letter: Letter,
    /// Where such letters are turned off, for those that can be.
    pub stop: Option<String>,
}

/// Where a letter leads.
pub struct Links<'a> {
    pub ways: Ways<'a>,
    /// Makes what names a person in the address that turns letters off.
    pub stop: &'a dyn Fn(Id) -> Result<String>,
}

/// What stands in a letter as of now; nothing when there is nothing to say, or nobody to say it to.
pub fn compose(r: &mut Reading, mail: &Mail, links: &Links) -> Result<Option<Outgoing>> {
    let user: User = r.linked(mail.user_id)?;
    if !is_reachable(&user) {
        return Ok(None);
    }
    let public_url = links.ways.public_url;
    let url = format!("{public_url}/tasks");
    let (letter, stop) = match mail.kind {
        MailKind::Weekly => {
            if !r.wants_weekly(user.id)? {
                return Ok(None);
            }
            let caller = Caller::on_host(r, user.id)?;
            let entries = entries(tasks::all(r, &caller)?);
            if entries.is_empty() {
                return Ok(None);
            }
            let stop = format!("{public_url}/unsubscribe/{}", (links.stop)(user.id)?);
            (letters::weekly(user.language, &user.name, &entries, &url, &stop), Some(stop))
        }
        MailKind::Period => {
            let (Some(plan), Some(period)) = (mail.plan_id, mail.period) else {
                return Err(Error::internal(format!("letter {} names no period", mail.id)));
            };
            let plan: Plan = r.linked(plan)?;
            let followed = Followed::read(r, &plan)?;
            let entries = entries(missing_from(r, user.id, &followed, period)?);
            if entries.is_empty() {
                return Ok(None);
            }
            let note = mail.note.as_deref();
            (letters::period(user.language, &user.name, &entries, period, note, &url), None)
        }
        MailKind::Urgent => {
            let caller = Caller::on_host(r, user.id)?;
            let open = deficiencies::alerts(r, &caller)?;
            if !open.iter().any(|found| urgent_occasion(found.id) == mail.occasion) {
                return Ok(None);
            }
            (letters::urgent(user.language, &user.name, &url), None)
        }
        MailKind::Emergency => {
            let Some(session) = alerts::emergency_of(&mail.occasion) else {
                return Err(Error::internal(format!("letter {} names no session", mail.id)));
            };
            let Some(session) = r.session(session)? else { return Ok(None) };
            let account: User = r.linked(session.user_id)?;
            let (at, contact) = (session.created_at.utc(), links.ways.contact);
            (letters::emergency(user.language, &user.name, &account.name, at, contact), None)
        }
        MailKind::Note => match notes::letter(r, &user, &mail.occasion, links.ways.public_url)? {
            Some(letter) => (letter, None),
            None => return Ok(None),
        },
        MailKind::PasswordLink | MailKind::Invitation | MailKind::PasswordChanged => {
            let Some(letter) = passwords::letter(r, &user, mail, &links.ways)? else { return Ok(None) };
            (letter, None)
        }
    };
    Ok(Some(Outgoing { name: letters::plain(&user.name), address: user.email, letter, stop }))
}

fn entries(tasks: Vec<Task>) -> Vec<Entry> {
    tasks.into_iter().map(Task::into_entry).collect()
}
