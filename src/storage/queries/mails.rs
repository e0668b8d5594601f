//! Letters that wait to be sent, what people want to be sent, and the addresses of their calendar feeds.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde::Serialize;
use utoipa::ToSchema;

use super::listing::{Any, Listing, Page, among};
use super::walk::paged;
use crate::domain::words::{MailFault, MailKind, MailStatus, Period, Role};
use crate::error::{Error, Result};
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::schema::{calendar_feeds, grants, mails, reminder_settings, users};
use crate::storage::types::{Id, Timestamp};
use crate::storage::writing::Writing;

/// A letter: to whom, about what, and how far it has come. Its content is made when it is sent, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = mails)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    pub id: Id,
    pub user_id: Id,
    pub kind: MailKind,
    #[serde(skip)]
    pub occasion: String,
    /// The plan that a controller's reminder is about.
    pub plan_id: Option<Id>,
    /// The period that a controller's reminder is about.
    pub period: Option<Period>,
    /// What the sender wrote; taken away when the letter is done with.
    #[serde(skip)]
    pub note: Option<String>,
    pub status: MailStatus,
    /// How often it has been tried.
    #[schema(minimum = 0, example = 1)]
    pub attempts: i32,
    /// Why it has not come through; null while nothing is wrong.
    pub fault: Option<MailFault>,
    /// When it was decided to send it.
    pub created_at: Timestamp,
    /// When it is tried, or tried again; null when it is done with.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was sent, or done with in another way.
    pub finished_at: Option<Timestamp>,
}

/// A letter that it is decided to send.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = mails, treat_none_as_default_value = false)]
pub struct NewMail {
    pub id: Id,
    pub user_id: Id,
    pub kind: MailKind,
    pub occasion: String,
    pub plan_id: Option<Id>,
    pub period: Option<Period>,
    pub note: Option<String>,
    pub status: MailStatus,
    pub attempts: i32,
    pub created_at: Timestamp,
    pub next_attempt_at: Option<Timestamp>,
}

impl NewMail {
    /// One that can be sent at once.
    pub fn new(user: Id, kind: MailKind, occasion: String, now: Timestamp) -> Self {
        Self {
            id: Id::new(),
            user_id: user,
            kind,
            occasion,
            plan_id: None,
            period: None,
            note: None,
            status: MailStatus::Waiting,
            attempts: 0,
            created_at: now,
            next_attempt_at: Some(now),
        }
    }
}

/// Which letters.
#[derive(Debug, Clone, Default)]
pub struct MailFilter {
    pub user_id: Any<Id>,
    pub kind: Any<MailKind>,
    pub status: Any<MailStatus>,
    /// Only those to this person.
    pub to: Option<Id>,
}

impl Reading<'_> {
    /// How many letters wait to be sent.
    pub fn waiting_mails(&mut self) -> Result<i64> {
        Ok(mails::table.filter(mails::status.eq(MailStatus::Waiting)).count().get_result(self.c)?)
    }

    /// Letters, the newest first.
    pub fn mails(&mut self, f: &MailFilter, listing: &Listing) -> Result<Page<Mail>> {
        let query = || {
            let mut q = mails::table.into_boxed::<MultiBackend>();
            q = among!(q, mails, f.user_id, |id| mails::user_id.eq(id));
            if let Some(id) = f.to {
                q = q.filter(mails::user_id.eq(id));
            }
            q = among!(q, mails, f.kind, |kind| mails::kind.eq(kind));
            q = among!(q, mails, f.status, |status| mails::status.eq(status));
            q
        };
        Ok(paged!(still self, listing, Mail of mails, query, {
            "createdAt" => time mails::created_at, "finishedAt" => maybe_time mails::finished_at,
            "id" => id mails::id,
        }, ["-createdAt", "id"]))
    }

    /// The letters whose turn it is, those first that have waited longest.
    pub fn due_mails(&mut self, now: Timestamp, most: i64) -> Result<Vec<Id>> {
        Ok(mails::table
            .filter(mails::status.eq(MailStatus::Waiting))
            .filter(mails::next_attempt_at.le(now))
            .filter(mails::lease.is_null().or(mails::leased_until.lt(now).assume_not_null()))
            .order((mails::next_attempt_at.asc(), mails::id.asc()))
            .limit(most)
            .select(mails::id)
            .load(self.c)?)
    }

    /// Who may sign in, wants the weekly letter, and has none for this occasion yet.
    pub fn without_weekly(&mut self, occasion: &str) -> Result<Vec<Id>> {
        let declined =
            reminder_settings::table.filter(reminder_settings::weekly.eq(false)).select(reminder_settings::user_id);
        let written = mails::table.filter(mails::occasion.eq(occasion.to_owned())).select(mails::user_id);
        Ok(users::table
            .filter(users::active.eq(true))
            .filter(users::id.ne_all(declined))
            .filter(users::id.ne_all(written))
            .order(users::id.asc())
            .select(users::id)
            .load(self.c)?)
    }

    /// Who has been written to for this occasion.
    pub fn written_for(&mut self, occasion: &str) -> Result<Vec<Id>> {
        Ok(mails::table.filter(mails::occasion.eq(occasion.to_owned())).select(mails::user_id).load(self.c)?)
    }

    /// Whether a person wants the weekly letter: yes, until they say no.
    pub fn wants_weekly(&mut self, user: Id) -> Result<bool> {
        let said: Option<bool> =
            reminder_settings::table.find(user).select(reminder_settings::weekly).first(self.c).optional()?;
        Ok(said.unwrap_or(true))
    }

    /// The active people who hold a role on one of these organisations.
    pub fn holders(&mut self, role: Role, organisations: &[Id]) -> Result<Vec<Id>> {
        Ok(grants::table
            .inner_join(users::table.on(users::id.eq(grants::user_id)))
            .filter(users::active.eq(true))
            .filter(grants::role.eq(role))
            .filter(grants::organisation_id.eq_any(organisations.to_vec()))
            .order(users::id.asc())
            .select(users::id)
            .distinct()
            .load(self.c)?)
    }

    /// Since when a person has a calendar feed.
    pub fn feed_since(&mut self, user: Id) -> Result<Option<Timestamp>> {
        Ok(calendar_feeds::table.find(user).select(calendar_feeds::created_at).first(self.c).optional()?)
    }

    /// Whose feed the address with this hash is.
    pub fn feed_owner(&mut self, sha256: &str) -> Result<Option<Id>> {
        Ok(calendar_feeds::table
            .filter(calendar_feeds::sha256.eq(sha256.to_owned()))
            .select(calendar_feeds::user_id)
            .first(self.c)
            .optional()?)
    }
}

/// Two who come first at once: the second fails on the key, is tried again, and then finds the row.
fn once(error: DieselError) -> Error {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Unavailable { retry_after: 1 },
        other => other.into(),
    }
}

impl Writing<'_> {
    /// Decides that letters are to be sent.
    pub fn post(&mut self, letters: Vec<NewMail>) -> Result<()> {
        for letter in letters {
            diesel::insert_into(mails::table).values(letter).execute(self.pen()).map_err(once)?;
        }
        Ok(())
    }

    /// Takes a letter in hand until then. Nothing when it is done with, or somebody else has it.
    pub fn lease_mail(&mut self, id: Id, lease: Id, now: Timestamp, until: Timestamp) -> Result<Option<Mail>> {
        let taken = diesel::update(mails::table.find(id))
            .filter(mails::status.eq(MailStatus::Waiting))
            .filter(mails::next_attempt_at.le(now))
            .filter(mails::lease.is_null().or(mails::leased_until.lt(now).assume_not_null()))
            .set((mails::lease.eq(Some(lease)), mails::leased_until.eq(Some(until))))
            .execute(self.pen())?;
        if taken == 0 {
            return Ok(None);
        }
        Ok(Some(mails::table.find(id).select(Mail::as_select()).first(self.pen())?))
    }

    /// Notes what came of a letter, and gives it back. False when it was no longer in hand. What the sender wrote goes
    /// when the letter is done with.
    pub fn note_mail(&mut self, mail: &Mail, lease: Id) -> Result<bool> {
        let noted = diesel::update(mails::table.find(mail.id))
            .filter(mails::lease.eq(lease))
            .set((
                mails::status.eq(mail.status),
                mails::attempts.eq(mail.attempts),
                mails::fault.eq(mail.fault),
                mails::next_attempt_at.eq(mail.next_attempt_at),
                mails::finished_at.eq(mail.finished_at),
                mails::note.eq(mail.note.clone().filter(|_| mail.status == MailStatus::Waiting)),
                mails::lease.eq(None::<Id>),
                mails::leased_until.eq(None::<Timestamp>),
            ))
            .execute(self.pen())?;
        Ok(noted == 1)
    }

    /// Removes what was done with before this time.
    pub fn forget_mails(&mut self, before: Timestamp) -> Result<()> {
        diesel::delete(mails::table.filter(mails::finished_at.lt(before))).execute(self.pen())?;
        Ok(())
    }

    /// Removes what was to be sent, or was sent, of a plan.
    pub fn forget_mails_of(&mut self, plan: Id) -> Result<()> {
        diesel::delete(mails::table.filter(mails::plan_id.eq(plan))).execute(self.pen())?;
        Ok(())
    }

    /// Keeps whether a person wants the weekly letter.
    pub fn want_weekly(&mut self, user: Id, weekly: bool) -> Result<()> {
        let changed = diesel::update(reminder_settings::table.find(user))
            .set(reminder_settings::weekly.eq(weekly))
            .execute(self.pen())?;
        if changed == 0 {
            let row = (reminder_settings::user_id.eq(user), reminder_settings::weekly.eq(weekly));
            diesel::insert_into(reminder_settings::table).values(row).execute(self.pen()).map_err(once)?;
        }
        Ok(())
    }

    /// Keeps the hash of the address of a person's feed, in place of the one before.
    pub fn open_feed(&mut self, user: Id, sha256: &str, now: Timestamp) -> Result<()> {
        self.close_feed(user)?;
        let row = (
            calendar_feeds::user_id.eq(user),
            calendar_feeds::sha256.eq(sha256.to_owned()),
            calendar_feeds::created_at.eq(now),
        );
        diesel::insert_into(calendar_feeds::table).values(row).execute(self.pen()).map_err(once)?;
        Ok(())
    }

    /// The address of a person's feed leads nowhere any more. Whether it led anywhere.
    pub fn close_feed(&mut self, user: Id) -> Result<bool> {
        Ok(diesel::delete(calendar_feeds::table.find(user)).execute(self.pen())? > 0)
    }
}
