//! Organisations, users, their roles, sessions and kept answers.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::listing::{Any, Listing, Page, among, at_or_below, below, contains, holding, since};
use super::walk::paged;
use crate::domain::email::{self, spellings};
use crate::domain::words::{OrganisationKind, PlanStatus};
use crate::error::{Error, Result};
use crate::storage::connection::{AnyConnection, MultiBackend, fold};
use crate::storage::reading::Reading;
use crate::storage::records::{Grant, Organisation, Plan, User};
use crate::storage::remembered::About;
use crate::storage::schema::{
    credentials, deficiencies, grants, idempotency, organisations, plans, recommendations, register, risks,
    sealed_files, sessions, sign_in_attempts, users, webhooks, wordings,
};
use crate::storage::types::{Id, Json, Timestamp};
use crate::storage::writing::Writing;

/// Which organisations.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub parent_id: Any<Id>,
    pub kind: Any<crate::domain::words::OrganisationKind>,
    pub plans: Option<bool>,
    /// Those that exist on this day.
    pub valid_on: Option<chrono::NaiveDate>,
    /// Those that exist some day of this year.
    pub valid_in: Option<i32>,
    pub q: Option<String>,
}

/// Which users.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub organisation_id: Any<Id>,
    pub active: Option<bool>,
    /// As it is kept: in small letters.
    pub email: Option<String>,
    pub q: Option<String>,
    /// At or below one of these paths, or this very user.
    pub seen: Vec<String>,
    pub own: Option<Id>,
    /// Those whose texts hold each of these.
    pub words: Vec<String>,
}

/// The password of a local account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = credentials)]
pub struct Credential {
    pub password_hash: String,
    /// Until when it leads to the choice of one's own, where it was made for somebody; none where they chose it.
    pub one_time_until: Option<Timestamp>,
    /// Browsers by which somebody signed in before this are known no more.
    pub devices_from: Option<Timestamp>,
}

/// A session as it is kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct SessionRow {
    pub id: Id,
    pub user_id: Id,
    pub authentication: String,
    pub generation: i32,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// By what somebody signed in.
    pub device: Option<String>,
    /// From where, as a keyed hash.
    pub place: Option<String>,
    /// What the issuer calls whom it is of, and its own session.
    pub issuer_subject: Option<String>,
    pub issuer_session: Option<String>,
}

/// Failed sign-ins with one address.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sign_in_attempts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Attempt {
    pub address: String,
    pub failed: i32,
    pub last_failed_at: Timestamp,
    pub locked_until: Option<Timestamp>,
    pub recorded_at: Option<Timestamp>,
    /// The account, where these are the failures from one place.
    pub account: Option<String>,
    /// When all the tries of a day would be there again.
    pub spent_until: Option<Timestamp>,
}

/// An answer kept for the same request again.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, treat_none_as_default_value = false)]
pub struct Kept {
    pub principal: String,
    pub method: String,
    pub path: String,
    pub key: String,
    pub fingerprint: String,
    pub status: i32,
    pub headers: Json<Vec<(String, String)>>,
    pub body: Vec<u8>,
    pub created_at: Timestamp,
}

/// The question for a sealed file.
const SEALED: &str = "sealed";

/// How long an answer is kept, in seconds.
const KEPT_SECONDS: i64 = 24 * 3600;

/// What is known of the register itself: its root, whether it is a demo's, what the root is, what it calls its auditors, and
/// whether anybody has words of their own.
type Known = (Id, bool, Option<OrganisationKind>, Option<String>, bool);

impl Reading<'_> {
    /// The root of the tree, once the register is initialised.
    pub fn root(&mut self) -> Result<Option<Id>> {
        Ok(self.register()?.map(|(root, ..)| root))
    }

    /// Whether the register was made by `demo`.
    pub fn is_demo(&mut self) -> Result<bool> {
        Ok(self.register()?.is_some_and(|(_, demo, ..)| demo))
    }

    /// What the whole register is of: a region, or a municipality.
    pub fn root_kind(&mut self) -> Result<OrganisationKind> {
        let kind = self.register()?.and_then(|(_, _, kind, ..)| kind);
        Ok(kind.filter(|kind| kind.is_root()).unwrap_or(OrganisationKind::Region))
    }

    /// What the root calls its auditors, where not as usual.
    pub fn auditors_name(&mut self) -> Result<Option<String>> {
        Ok(self.register()?.and_then(|(_, _, _, auditors, _)| auditors))
    }

    /// Whether any organisation calls its things in words of its own. In most registers none does.
    pub fn is_worded(&mut self) -> Result<bool> {
        Ok(self.register()?.is_some_and(|(.., worded)| worded))
    }

    fn register(&mut self) -> Result<Option<Known>> {
        self.once("register", About::Register, |r| {
            Ok(register::table
                .left_join(organisations::table.on(organisations::id.eq(register::root_id)))
                .select((
                    register::root_id,
                    register::demo,
                    organisations::kind.nullable(),
                    organisations::auditors.nullable(),
                    exists(wordings::table.select(wordings::id)),
                ))
                .first(r.c)
                .optional()?)
        })
    }

    pub fn root_id(&mut self) -> Result<Id> {
        self.root()?.ok_or(Error::Unavailable { retry_after: 30 })
    }

    pub fn organisations(&mut self, f: &OrganisationFilter, listing: &Listing) -> Result<Page<Organisation>> {
        let query = || {
            let mut q = organisations::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, organisations::updated_at);
            q = among!(q, organisations, f.parent_id, |id| organisations::parent_id.eq(id));
            q = among!(q, organisations, f.kind, |kind| organisations::kind.eq(kind));
            if let Some(plans) = f.plans {
                q = q.filter(organisations::plans.eq(plans));
            }
            if let Some(day) = f.valid_on {
                q = q
                    .filter(organisations::valid_from.le(day))
                    .filter(organisations::valid_to.is_null().or(organisations::valid_to.ge(day).assume_not_null()));
            }
            if let Some((first, last)) = f.valid_in.and_then(|year| {
                Some((chrono::NaiveDate::from_ymd_opt(year, 1, 1)?, chrono::NaiveDate::from_ymd_opt(year, 12, 31)?))
            }) {
                q = q
                    .filter(organisations::valid_from.le(last))
                    .filter(organisations::valid_to.is_null().or(organisations::valid_to.ge(first).assume_not_null()));
            }
            if let Some(text) = &f.q {
                q = q.filter(fold(organisations::name).like(contains(text)).escape('\\'));
            }
            q
        };
        Ok(paged!(self, &listing.by_name_at_first(), Organisation of organisations, query, {
            "name" => text organisations::name, "kind" => text organisations::kind,
            "validFrom" => date organisations::valid_from, "id" => id organisations::id,
        }, ["id"]))
    }

    /// The bodies with the duty to plan.
    pub fn bodies_with_plans(&mut self) -> Result<Vec<Organisation>> {
        let bodies = organisations::table.filter(organisations::plans.eq(true)).order(organisations::id);
        Ok(bodies.select(Organisation::as_select()).load(self.c)?)
    }

    /// Everything below a path, nearest the root first; not the organisation of the path itself.
    pub fn organisations_below(&mut self, path: &str) -> Result<Vec<Organisation>> {
        let (from, to) = at_or_below(path);
        Ok(organisations::table
            .filter(organisations::path.gt(from))
            .filter(organisations::path.lt(to))
            .order(organisations::path.asc())
            .select(Organisation::as_select())
            .load(self.c)?)
    }

    /// What is still open at and below a path, counted: deficiencies, recommendations, roles of active people, and webhooks.
    pub fn open_at(&mut self, path: &str) -> Result<[i64; 4]> {
        let open = deficiencies::table.filter(deficiencies::closed_on.is_null());
        let unmet = recommendations::table.filter(recommendations::closed_on.is_null());
        let roles = grants::table.inner_join(users::table.on(users::id.eq(grants::user_id))).filter(users::active);
        let sending = webhooks::table.filter(webhooks::active);
        Ok([
            open.filter(deficiencies::organisation_id.eq_any(below!(path))).count().get_result(self.c)?,
            unmet.filter(recommendations::organisation_id.eq_any(below!(path))).count().get_result(self.c)?,
            roles.filter(grants::organisation_id.eq_any(below!(path))).count().get_result(self.c)?,
            sending.filter(webhooks::organisation_id.eq_any(below!(path))).count().get_result(self.c)?,
        ])
    }

    /// The plans at and below a path that are not closed, by year.
    pub fn plans_open_at(&mut self, path: &str) -> Result<Vec<Plan>> {
        Ok(plans::table
            .filter(plans::organisation_id.eq_any(below!(path)))
            .filter(plans::status.ne(PlanStatus::Closed))
            .order((plans::year.asc(), plans::id.asc()))
            .select(Plan::as_select())
            .load(self.c)?)
    }

    /// Those that go on in another.
    pub fn organisations_going_on_in(&mut self, successor: Id) -> Result<Vec<Organisation>> {
        Ok(organisations::table
            .filter(organisations::successor_id.eq(successor))
            .order(organisations::id.asc())
            .select(Organisation::as_select())
            .load(self.c)?)
    }

    pub fn organisations_by_ids(&mut self, ids: &[Id]) -> Result<Vec<Organisation>> {
        self.all(ids.iter().copied())
    }

    pub fn has_plans(&mut self, body: Id) -> Result<bool> {
        let found: i64 = plans::table.filter(plans::organisation_id.eq(body)).count().get_result(self.c)?;
        Ok(found > 0)
    }

    /// Whether a risk of any plan stands at one of these organisations.
    pub fn has_risks(&mut self, organisations: &[Id]) -> Result<bool> {
        let found: i64 =
            risks::table.filter(risks::organisation_id.eq_any(organisations.to_vec())).count().get_result(self.c)?;
        Ok(found > 0)
    }

    pub fn users(&mut self, f: &UserFilter, listing: &Listing) -> Result<Page<User>> {
        let query = || {
            let mut q = users::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, users::updated_at);
            q = among!(q, users, f.organisation_id, |id| users::organisation_id.eq(id));
            if let Some(active) = f.active {
                q = q.filter(users::active.eq(active));
            }
            if let Some(email) = &f.email {
                q = q.filter(users::email.eq_any(spellings(email)));
            }
            if let Some(text) = &f.q {
                let pattern = contains(text);
                q = q.filter(
                    fold(users::name)
                        .like(pattern.clone())
                        .escape('\\')
                        .or(fold(users::email).like(pattern).escape('\\')),
                );
            }
            q = holding!(q, &f.words, users::name, users::email);
            // Nobody by default; each path that the caller reaches adds to it.
            let mut seen: Box<dyn BoxableExpression<users::table, MultiBackend, SqlType = diesel::sql_types::Bool>> =
                Box::new(users::id.eq(f.own.unwrap_or_default()));
            for path in &f.seen {
                seen = Box::new(seen.or(users::organisation_id.eq_any(below!(path))));
            }
            q.filter(seen)
        };
        Ok(paged!(self, &listing.by_name_at_first(), User of users, query, {
            "name" => text users::name, "email" => text users::email, "active" => flag users::active,
            "id" => id users::id,
        }, ["id"]))
    }

    /// The one with this address, however it was written then or is written now.
    pub fn user_by_email(&mut self, email: &str) -> Result<Option<User>> {
        let spellings = spellings(email);
        let mut found: Vec<User> =
            users::table.filter(users::email.eq_any(spellings.clone())).select(User::as_select()).load(self.c)?;
        // Two may have it, from before there was one rule: then it is theirs who spell it so.
        found.sort_by_key(|user| spellings.iter().position(|spelling| *spelling == user.email));
        Ok(found.into_iter().next())
    }

    pub fn user_by_subject(&mut self, subject: &str) -> Result<Option<User>> {
        let mut of = |subject: String| {
            let found = users::table.filter(users::subject.eq(subject)).select(User::as_select());
            found.first(self.c).optional()
        };
        // As it stands first: so it was kept once.
        match of(subject.to_owned())? {
            None if subject.contains('@') => Ok(of(email::subject(subject))?),
            found => Ok(found),
        }
    }

    pub fn users_by_ids(&mut self, ids: &[Id]) -> Result<Vec<User>> {
        self.all(ids.iter().copied())
    }

    /// When the user signed in the time before the last; none for whoever has signed in once.
    pub fn signed_in_before(&mut self, user: Id) -> Result<Option<Timestamp>> {
        let mut newest: Vec<Timestamp> = sessions::table
            .filter(sessions::user_id.eq(user))
            .order((sessions::created_at.desc(), sessions::id.desc()))
            .select(sessions::created_at)
            .limit(2)
            .load(self.c)?;
        Ok(newest.pop().filter(|_| newest.len() == 1))
    }

    /// The user of a live session, and how they were authenticated.
    pub fn signed_in(&mut self, user: Id, session: Id) -> Result<Option<(User, &'static str)>> {
        let found: Option<(User, String)> = sessions::table
            .inner_join(users::table.on(users::id.eq(sessions::user_id)))
            .filter(sessions::id.eq(session))
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(Timestamp::now()))
            .select((User::as_select(), sessions::authentication))
            .first(self.c)
            .optional()?;
        Ok(found.map(|(user, how)| {
            let how = match how.as_str() {
                "host" => "host",
                "oidc" => "oidc",
                _ => "password",
            };
            (user, how)
        }))
    }

    pub fn session(&mut self, id: Id) -> Result<Option<SessionRow>> {
        Ok(sessions::table.find(id).select(SessionRow::as_select()).first(self.c).optional()?)
    }

    /// The sessions that go on and that a password began, each with whose it is.
    pub fn begun_by_password(&mut self) -> Result<Vec<(Id, User)>> {
        Ok(sessions::table
            .inner_join(users::table.on(users::id.eq(sessions::user_id)))
            .filter(sessions::authentication.eq("password"))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(Timestamp::now()))
            .order(sessions::id.asc())
            .select((sessions::id, User::as_select()))
            .load(self.c)?)
    }

    /// The sessions that go on and began by a session of the issuer's; or by any of somebody's there, where none is named.
    pub fn begun_at_issuer(&mut self, subject: Option<&str>, session: Option<&str>) -> Result<Vec<SessionRow>> {
        let mut going_on = sessions::table
            .filter(sessions::authentication.eq("oidc"))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(Timestamp::now()))
            .into_boxed();
        going_on = match (subject, session) {
            (Some(subject), None) => going_on.filter(sessions::issuer_subject.eq(subject)),
            (None, Some(session)) => going_on.filter(sessions::issuer_session.eq(session)),
            // Where the issuer did not say which of its sessions it was, it is any of theirs.
            (Some(subject), Some(session)) => going_on
                .filter(sessions::issuer_subject.eq(subject))
                .filter(sessions::issuer_session.is_null().or(sessions::issuer_session.eq(session).assume_not_null())),
            (None, None) => return Ok(Vec::new()),
        };
        Ok(going_on.order(sessions::id.asc()).select(SessionRow::as_select()).load(self.c)?)
    }

    /// When somebody last signed in by a password since then.
    pub fn last_by_password(&mut self, user: Id, since: Timestamp) -> Result<Option<Timestamp>> {
        Ok(sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::authentication.eq("password"))
            .filter(sessions::created_at.gt(since))
            .select(diesel::dsl::max(sessions::created_at))
            .first(self.c)?)
    }

    /// Whether somebody has signed in from a place since then.
    pub fn signed_in_from(&mut self, user: Id, place: &str, since: Timestamp) -> Result<bool> {
        let found: Option<Id> = sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::place.eq(place))
            .filter(sessions::created_at.gt(since))
            .select(sessions::id)
            .limit(1)
            .first(self.c)
            .optional()?;
        Ok(found.is_some())
    }

    /// The sessions of a user that go on, the newest first.
    pub fn live_sessions(&mut self, user: Id, most: i64) -> Result<Vec<SessionRow>> {
        Ok(sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::ended_at.is_null())
            .filter(sessions::expires_at.gt(Timestamp::now()))
            .order((sessions::created_at.desc(), sessions::id.desc()))
            .limit(most)
            .select(SessionRow::as_select())
            .load(self.c)?)
    }

    pub fn grants_with_organisations(&mut self, user: Id) -> Result<Vec<(Grant, Organisation)>> {
        Ok(grants::table
            .inner_join(organisations::table.on(organisations::id.eq(grants::organisation_id)))
            .filter(grants::user_id.eq(user))
            .order((grants::created_at.asc(), grants::id.asc()))
            .select((Grant::as_select(), Organisation::as_select()))
            .load(self.c)?)
    }

    /// The roles of a user, each with where it was given and, of those that go on there, the path: a row for each.
    pub fn reaches(&mut self, user: Id) -> Result<Vec<(Grant, Organisation, Option<String>)>> {
        let gone_on = diesel::alias!(organisations as gone_on);
        Ok(grants::table
            .inner_join(organisations::table.on(organisations::id.eq(grants::organisation_id)))
            .left_join(gone_on.on(gone_on.field(organisations::successor_id).eq(organisations::id.nullable())))
            .filter(grants::user_id.eq(user))
            .order((grants::created_at.asc(), grants::id.asc(), gone_on.field(organisations::id).asc()))
            .select((Grant::as_select(), Organisation::as_select(), gone_on.field(organisations::path).nullable()))
            .load(self.c)?)
    }

    /// The roles of some users, each with where it was given.
    pub fn grants_of_users(&mut self, users: &[Id]) -> Result<HashMap<Id, Vec<(Grant, Organisation)>>> {
        self.lists("grantsOfUser", users, |c, ids| {
            let all: Vec<(Grant, Organisation)> = grants::table
                .inner_join(organisations::table.on(organisations::id.eq(grants::organisation_id)))
                .filter(grants::user_id.eq_any(ids))
                .order((grants::created_at.asc(), grants::id.asc()))
                .select((Grant::as_select(), Organisation::as_select()))
                .load(c)?;
            Ok(all.into_iter().map(|given| (given.0.user_id, given)).collect())
        })
    }

    /// The roles of a user, in the order they were given.
    pub fn grants(&mut self, user: Id, listing: &Listing) -> Result<Page<Grant>> {
        let query = || grants::table.filter(grants::user_id.eq(user)).into_boxed::<MultiBackend>();
        Ok(paged!(self, listing, Grant of grants, query, {
            "createdAt" => time grants::created_at, "id" => id grants::id,
        }, ["createdAt", "id"]))
    }

    /// The grants by which active users administer the whole region.
    pub fn administrators(&mut self) -> Result<Vec<Grant>> {
        let root = self.root_id()?;
        Ok(grants::table
            .inner_join(users::table.on(users::id.eq(grants::user_id)))
            .filter(grants::role.eq(crate::domain::words::Role::RegionAdministrator))
            .filter(grants::organisation_id.eq(root))
            .filter(users::active.eq(true))
            .select(Grant::as_select())
            .load(self.c)?)
    }

    pub fn password_hash(&mut self, user: Id) -> Result<Option<String>> {
        Ok(self.credential(user)?.map(|credential| credential.password_hash))
    }

    pub fn credential(&mut self, user: Id) -> Result<Option<Credential>> {
        Ok(credentials::table.find(user).select(Credential::as_select()).first(self.c).optional()?)
    }

    pub fn attempt(&mut self, address: &str) -> Result<Option<Attempt>> {
        Ok(sign_in_attempts::table.find(address.to_owned()).select(Attempt::as_select()).first(self.c).optional()?)
    }

    /// The answer kept for this very request, if it is not a day old.
    pub fn kept(&mut self, principal: &str, method: &str, path: &str, key: &str) -> Result<Option<Kept>> {
        Ok(idempotency::table
            .find((principal.to_owned(), method.to_owned(), path.to_owned(), key.to_owned()))
            .filter(idempotency::created_at.gt(Timestamp::now().plus_seconds(-KEPT_SECONDS)))
            .select(Kept::as_select())
            .first(self.c)
            .optional()?)
    }

    /// A sealed file by its hash.
    pub fn sealed(&mut self, sha256: &str) -> Result<Vec<u8>> {
        self.all_sealed(vec![sha256.to_owned()])?
            .remove(sha256)
            .ok_or_else(|| Error::internal(format!("the sealed file {sha256} is gone")))
    }

    /// Those sealed files that are there, by their hashes.
    pub fn all_sealed(&mut self, mut names: Vec<String>) -> Result<HashMap<String, Vec<u8>>> {
        let mut all = HashMap::new();
        names.retain(|name| {
            let known: Option<Vec<u8>> = self.remembered.answer(SEALED, About::Sealed(name.clone()));
            let unknown = known.is_none();
            all.extend(known.map(|content| (name.clone(), content)));
            unknown
        });
        if !names.is_empty() {
            let read: Vec<(String, Vec<u8>)> = sealed_files::table
                .filter(sealed_files::sha256.eq_any(names))
                .select((sealed_files::sha256, sealed_files::content))
                .load(self.c)?;
            for (name, content) in read {
                // A page of text takes about as much room as a row.
                let rows = 1 + content.len() / 2_000;
                self.remembered.keep(SEALED, About::Sealed(name.clone()), rows, content.clone());
                all.insert(name, content);
            }
        }
        Ok(all)
    }
}

impl Writing<'_> {
    /// Ends every session that is open.
    pub fn end_all_sessions(&mut self, now: Timestamp) -> Result<()> {
        diesel::update(sessions::table.filter(sessions::ended_at.is_null()))
            .set(sessions::ended_at.eq(Some(now)))
            .execute(self.pen())?;
        Ok(())
    }

    /// Writes the register's row as it is: whether anything can be written.
    pub fn touch(&mut self) -> Result<()> {
        diesel::update(register::table).set(register::demo.eq(register::demo)).execute(self.pen())?;
        Ok(())
    }

    /// Believes the clock of the machine until then, and no further. With nothing, until it is next said.
    pub fn trust_clock_until(&mut self, until: Option<Timestamp>) -> Result<()> {
        diesel::update(register::table).set(register::trusted_until.eq(until)).execute(self.pen())?;
        Ok(())
    }

    /// Makes the empty register: its one row.
    pub fn initialise(&mut self, root: Id, kind: &str, demo: bool) -> Result<()> {
        diesel::insert_into(register::table)
            .values((
                register::id.eq(1),
                register::root_id.eq(root),
                register::kind.eq(kind.to_owned()),
                register::demo.eq(demo),
                register::created_at.eq(Timestamp::now()),
            ))
            .execute(self.pen())?;
        Ok(())
    }

    /// Starts the log of the region or a body.
    pub fn open_log(&mut self, log: Id) -> Result<()> {
        crate::storage::history::open_log(self.pen(), log)
    }

    /// Holds everyone else who would remove an administrator until the end of the transaction.
    pub fn lock_administrators(&mut self) -> Result<()> {
        diesel::update(register::table).set(register::id.eq(register::id)).execute(self.pen())?;
        Ok(())
    }

    /// Sets what follows from the tree: path and body.
    pub fn place_organisation(&mut self, o: &Organisation) -> Result<()> {
        diesel::update(organisations::table.find(o.id))
            .set((organisations::path.eq(o.path.clone()), organisations::body_id.eq(o.body_id)))
            .execute(self.pen())?;
        Ok(())
    }

    pub fn set_password(&mut self, user: Id, hash: &str, one_time_until: Option<Timestamp>) -> Result<()> {
        let row = (
            credentials::user_id.eq(user),
            credentials::password_hash.eq(hash.to_owned()),
            credentials::changed_at.eq(Timestamp::now()),
            credentials::one_time_until.eq(one_time_until),
            credentials::devices_from.eq(Some(Timestamp::now())),
        );
        diesel::delete(credentials::table.find(user)).execute(self.pen())?;
        diesel::insert_into(credentials::table).values(row).execute(self.pen())?;
        Ok(())
    }

    pub fn start_session(&mut self, session: SessionRow) -> Result<()> {
        diesel::insert_into(sessions::table).values(session).execute(self.pen())?;
        Ok(())
    }

    /// Makes the next refresh token the good one. False when another was faster.
    pub fn next_generation(&mut self, session: Id, from: i32) -> Result<bool> {
        let changed = diesel::update(sessions::table.find(session))
            .filter(sessions::generation.eq(from))
            .filter(sessions::ended_at.is_null())
            .set(sessions::generation.eq(from + 1))
            .execute(self.pen())?;
        Ok(changed == 1)
    }

    pub fn end_session(&mut self, session: Id) -> Result<()> {
        diesel::update(sessions::table.find(session))
            .filter(sessions::ended_at.is_null())
            .set((
                sessions::ended_at.eq(Some(Timestamp::now())),
                sessions::issuer_subject.eq(None::<String>),
                sessions::issuer_session.eq(None::<String>),
            ))
            .execute(self.pen())?;
        Ok(())
    }

    /// Ends every session of a user, and forgets where and by what they have signed in.
    pub fn end_sessions(&mut self, user: Id) -> Result<()> {
        let now = Some(Timestamp::now());
        diesel::update(sessions::table.filter(sessions::user_id.eq(user)))
            .filter(sessions::ended_at.is_null())
            .set((
                sessions::ended_at.eq(now),
                sessions::issuer_subject.eq(None::<String>),
                sessions::issuer_session.eq(None::<String>),
            ))
            .execute(self.pen())?;
        diesel::update(sessions::table.filter(sessions::user_id.eq(user)))
            .filter(sessions::place.is_not_null())
            .set(sessions::place.eq(None::<String>))
            .execute(self.pen())?;
        diesel::update(credentials::table.find(user)).set(credentials::devices_from.eq(now)).execute(self.pen())?;
        Ok(())
    }

    pub fn keep_attempt(&mut self, attempt: Attempt) -> Result<()> {
        self.forget_attempts(&attempt.address)?;
        diesel::insert_into(sign_in_attempts::table).values(attempt).execute(self.pen())?;
        Ok(())
    }

    pub fn forget_attempts(&mut self, address: &str) -> Result<()> {
        diesel::delete(sign_in_attempts::table.find(address.to_owned())).execute(self.pen())?;
        Ok(())
    }

    /// Those of an account, from wherever.
    pub fn forget_attempts_at(&mut self, account: &str) -> Result<()> {
        let of_it = sign_in_attempts::address.eq(account).or(sign_in_attempts::account.eq(account));
        diesel::delete(sign_in_attempts::table.filter(of_it)).execute(self.pen())?;
        Ok(())
    }

    /// Lets those who guess at one account in one by one, until the end of the transaction.
    pub fn hold_attempts(&mut self, account: &str) -> Result<()> {
        // An embedded register has one writer at a time.
        let AnyConnection::Postgres(c) = self.pen() else { return Ok(()) };
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<diesel::sql_types::Text, _>(account)
            .execute(c)?;
        Ok(())
    }

    /// Forgets sessions that ran out before then, and attempts that last failed before the other time and hold nobody back.
    pub fn forget_who_was_here(&mut self, before: Timestamp, tried_before: Timestamp) -> Result<()> {
        diesel::delete(sessions::table.filter(sessions::expires_at.lt(before))).execute(self.pen())?;
        let rested = sign_in_attempts::locked_until.is_null().or(sign_in_attempts::locked_until.lt(tried_before));
        diesel::delete(
            sign_in_attempts::table.filter(sign_in_attempts::last_failed_at.lt(tried_before)).filter(rested),
        )
        .execute(self.pen())?;
        Ok(())
    }

    /// Keeps the answer of an idempotent request. Two that come at once: the second fails here and is tried again.
    pub fn keep(&mut self, kept: Kept) -> Result<()> {
        let old = Timestamp::now().plus_seconds(-KEPT_SECONDS);
        diesel::delete(idempotency::table.filter(idempotency::created_at.le(old))).execute(self.pen())?;
        diesel::insert_into(idempotency::table).values(kept).execute(self.pen()).map_err(|e| match e {
            diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _) => {
                Error::Unavailable { retry_after: 1 }
            }
            other => other.into(),
        })?;
        Ok(())
    }

    /// Seals a file under its hash. The same bytes are kept once.
    pub fn seal(&mut self, media_type: &str, content: &[u8]) -> Result<String> {
        let sha256 = crate::storage::history::sha256_hex(content);
        let there: i64 =
            sealed_files::table.filter(sealed_files::sha256.eq(sha256.clone())).count().get_result(self.pen())?;
        if there == 0 {
            diesel::insert_into(sealed_files::table)
                .values((
                    sealed_files::sha256.eq(sha256.clone()),
                    sealed_files::media_type.eq(media_type.to_owned()),
                    sealed_files::content.eq(content.to_vec()),
                ))
                .execute(self.pen())?;
        }
        Ok(sha256)
    }

    /// Keeps something as canonical JSON under its hash, as [`Self::seal`] keeps a file.
    pub fn seal_json(&mut self, frozen: &impl serde::Serialize) -> Result<String> {
        self.seal("application/json", &crate::storage::history::canonical(frozen)?)
    }
}
