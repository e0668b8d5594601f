//! Signing in and out with a local account.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guesses::{self, Asking, Counted};
use crate::app::alerts;
use crate::app::caller::{Caller, Principal};
use crate::app::sent::{Envelope, Sent};
use crate::auth::{self, Bearer, Issued, Keys, Passwords};
use crate::domain::words::MailKind;
use crate::error::{Bilingual, Error, Result, Violation};
use crate::storage::history::Origin;
use crate::storage::queries::{NewMail, SessionRow};
use crate::storage::records::User;
use crate::storage::{Db, Id, Place, Reading, Timestamp, Writing};

/// An address and a password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInForm {
    #[schema(min_length = 1, max_length = 254, example = "anna.lind@example.org")]
    pub email: String,
    #[schema(min_length = 1, max_length = 1000, example = "en lösenordsfras")]
    pub password: String,
    /// With a one-time password: the password that one chooses, and signs in by from now on.
    #[schema(min_length = 12, max_length = 1000, example = "en längre lösenordsfras")]
    pub new_password: Option<String>,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshForm {
    #[schema(min_length = 1, max_length = 4000, example = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXI")]
    pub refresh_token: String,
}

/// The old password and the new.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordForm {
    #[schema(min_length = 1, max_length = 1000, example = "en lösenordsfras")]
    pub current_password: String,
    #[schema(min_length = 12, max_length = 1000, example = "en längre lösenordsfras")]
    pub new_password: String,
}

/// How long everybody is told that the account for emergencies was used, in seconds.
const EMERGENCY_TOLD: i64 = 24 * 3600;
/// How many sessions are told of.
const MOST_TOLD: i64 = 200;

/// The tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    #[schema(example = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXI")]
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// How long the access token holds, in seconds.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Gives the next tokens, once; used twice, it ends the session.
    #[schema(example = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXI")]
    pub refresh_token: String,
}

fn tokens(keys: &Keys, user: Id, session: Id, generation: i32) -> Result<Tokens> {
    Ok(Tokens {
        access_token: keys.access(user, session, auth::ACCESS_SECONDS)?,
        token_type: "Bearer".into(),
        expires_in: auth::ACCESS_SECONDS,
        refresh_token: keys.refresh(user, session, generation, auth::SESSION_SECONDS)?,
    })
}

fn wrong() -> Error {
    Error::Unauthenticated(Bilingual::new("Fel e-postadress eller lösenord.", "Wrong e-mail address or password."))
}

/// A session of one's own that goes on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnSession {
    pub id: Id,
    /// By what one signed in, as it says of itself: a browser and a system, or a program. Null where it said nothing.
    #[schema(example = "Firefox, Windows")]
    pub device: Option<String>,
    /// How: `password`, `oidc` (at the issuer), or `host` (a token that was made on the server).
    #[schema(example = "password")]
    pub authentication: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// It is the one that asks.
    #[schema(example = true)]
    pub current: bool,
}

/// Where one is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnSessions {
    /// The newest first, at most 200.
    pub sessions: Vec<OwnSession>,
}

/// Signs in to the API.
pub fn sign_in(db: &Db, keys: &Keys, form: &SignInForm, asking: &Asking) -> Result<Tokens> {
    match open(db, form, auth::SESSION_SECONDS, asking)? {
        Entry::Session(user, session) => tokens(keys, user, session, 1),
        Entry::Choose(_) => Err(Error::conflict(
            "passwordMustBeChosen",
            "Lösenordet är ett engångslösenord. Välj ett eget: skicka det som newPassword.",
            "The password is a one-time password. Choose your own: send it as newPassword.",
        )),
    }
}

/// What a right password leads to.
pub enum Entry {
    /// A session: of which user, and its id.
    Session(Id, Id),
    /// The choice of this user's own password, and nothing else: it was a one-time one.
    Choose(Id),
}

/// Starts a session of so many seconds. A one-time password starts none unless one's own is chosen at once. With `mail`, a
/// letter says that it was. An unknown address, a wrong password and a deactivated account answer alike, in the same time; who has
/// failed often waits ([`super::guesses`]), whether the address is known or not.
pub fn open(db: &Db, form: &SignInForm, seconds: i64, asking: &Asking) -> Result<Entry> {
    let Asking { request, mail, .. } = *asking;
    let (user, credential, guesses, waits) = db.read(|r| {
        // Who signs in elsewhere is nobody here: which account is kept for emergencies is told to no one who guesses.
        let user = r.user_by_email(&form.email)?.filter(|u| u.active && asking.passwords.take(&u.email));
        // Of nobody the same is asked.
        let id = user.as_ref().map(|user| user.id).unwrap_or_default();
        let credential = r.credential(id)?;
        let devices_from = credential.as_ref().and_then(|one| one.devices_from);
        let guesses = Counted::of_address(r, &form.email, id, devices_from, asking)?;
        let waits = guesses.waits(r)?;
        Ok((user, credential, guesses, waits))
    })?;
    if let Some(wait) = waits {
        tracing::info!(user = user.map(|user| user.id.to_string()), "a sign-in was refused: too many wrong passwords");
        return Err(Error::TooManyRequests { retry_after: wait });
    }
    // Outside the transactions: it takes its time.
    let right = auth::password_matches(&form.password, credential.as_ref().map(|one| one.password_hash.as_str()));
    if !right || user.is_none() {
        let why = match (&user, &credential) {
            (None, _) => "no active account that signs in by password has the address",
            (_, None) => "the account has no password",
            _ => "the password is wrong",
        };
        tracing::info!(user = user.as_ref().map(|user| user.id.to_string()), why, "a sign-in was refused");
    }
    let right = user.as_ref().filter(|_| right);
    let one_time = credential.as_ref().and_then(|one| one.one_time_until);
    let mut faults = Vec::new();
    let mut chosen = None;
    match (right, &form.new_password, one_time) {
        (Some(_), Some(_), None) => faults.push(Violation::new(
            "/newPassword",
            "notOneTime",
            "Lösenordet är redan ditt eget. Byt det när du har loggat in.",
            "The password is your own already. Change it once you have signed in.",
        )),
        (Some(user), Some(new), Some(_)) => {
            faults.extend(same(new, &form.password).into_iter().chain(too_easy(new, user)));
            if faults.is_empty() {
                chosen = Some(auth::hash_password(new)?);
            }
        }
        _ => {}
    }
    let session = Id::new();
    let origin = match right {
        Some(user) => Origin::user(user.id, "password", request),
        None => Origin::nobody(request),
    };
    let entry = db.write(&origin, |w| {
        // Guesses that ran beside this one count, whatever it was.
        if let Some(wait) = guesses.waits_in_turn(w)? {
            return Err(Error::TooManyRequests { retry_after: wait });
        }
        let Some(user) = right else {
            // Known accounts alone: the rest are metrics.
            if guesses.failed(w)?
                && let Some(user) = w.user_by_email(&form.email)?
            {
                let at = user_place(w, user.id)?;
                w.record(at, "session.refused", "user", user.id);
            }
            return Ok(None);
        };
        // Since the look: the password may have been changed, or the account closed.
        let now: User = w.get(user.id)?;
        if !now.active || !asking.passwords.take(&now.email) || w.credential(user.id)? != credential {
            return Err(wrong());
        }
        if one_time.is_some_and(|until| until < Timestamp::now()) {
            tracing::info!(user = user.id.to_string(), "a sign-in was refused: the one-time password is too old");
            return Err(Error::Unauthenticated(Bilingual::new(
                "Engångslösenordet har gått ut. Be den som gav dig det om ett nytt.",
                "The one-time password is too old. Ask whoever gave it to you for a new one.",
            )));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults.clone()));
        }
        guesses.succeeded(w)?;
        match &chosen {
            Some(hash) => set_password(w, user.id, hash, mail)?,
            None if one_time.is_some() => return Ok(Some(Entry::Choose(user.id))),
            None => {}
        }
        start(w, user.id, session, "password", seconds, asking)?;
        if !asking.passwords.are_on() {
            alerts::tell_of_emergency(w, &now, session, mail)?;
        }
        Ok(Some(Entry::Session(user.id, session)))
    })?;
    entry.ok_or_else(wrong)
}

/// Ends what began by a session that has ended at the issuer, or by any of somebody's there.
pub fn end_issued(db: &Db, ended: &Issued, request: Id) -> Result<()> {
    db.write(&Origin::nobody(request), |w| {
        for session in w.begun_at_issuer(ended.subject.as_deref(), ended.session.as_deref())? {
            end_and_tell(w, session.user_id, session.id)?;
        }
        Ok(())
    })
}

/// What goes on and was begun by passwords that are taken no more: each session, and whose it is.
pub fn untaken(r: &mut Reading, passwords: &Passwords) -> Result<Vec<(Id, Id)>> {
    if passwords.are_on() {
        return Ok(Vec::new());
    }
    let begun = r.begun_by_password()?.into_iter().filter(|(_, user)| !passwords.take(&user.email));
    Ok(begun.map(|(session, user)| (session, user.id)).collect())
}

/// Ends what was begun by passwords that are taken no more.
pub fn end_untaken(w: &mut Writing, passwords: &Passwords) -> Result<()> {
    for (session, user) in untaken(w, passwords)? {
        end_and_tell(w, user, session)?;
    }
    Ok(())
}

/// When somebody last signed in by the account for emergencies, within a day.
pub fn emergency(r: &mut Reading, address: &str) -> Result<Option<Timestamp>> {
    match r.user_by_email(address)? {
        Some(user) => r.last_by_password(user.id, Timestamp::now().plus_seconds(-EMERGENCY_TOLD)),
        None => Ok(None),
    }
}

/// That somebody has no password here, and gets none.
pub(super) fn passwords_off() -> Error {
    Error::conflict(
        "passwordsOff",
        "Här loggar man in via organisationens inloggning, inte med lösenord.",
        "People sign in through the organisation here, not by passwords.",
    )
}

/// Starts a session for whom the OIDC issuer calls by this name, and gives its user and its id.
/// [`Error::Unauthenticated`] for who is no active user here.
pub fn open_for_subject(db: &Db, subject: &str, seconds: i64, asking: &Asking) -> Result<(Id, Id)> {
    let known = db.read(|r| r.user_by_subject(subject))?.filter(|user| user.active);
    let user = known.ok_or_else(|| {
        tracing::info!(why = "no active account has the issuer's subject", "a sign-in was refused");
        Error::Unauthenticated(Bilingual::new(
            "Inloggningen lyckades men du har inget konto här. Vänd dig till din samordnare för intern kontroll.",
            "The sign-in succeeded but you have no account here. Turn to your coordinator for internal control.",
        ))
    })?;
    let session = Id::new();
    db.write(&Origin::user(user.id, "oidc", asking.request), |w| {
        // Since the look the account may have been closed.
        if !w.get::<User>(user.id)?.active {
            return Err(wrong());
        }
        start(w, user.id, session, "oidc", seconds, asking)
    })?;
    Ok((user.id, session))
}

/// Begins a session and records it.
pub fn start(
    w: &mut Writing,
    user: Id,
    session: Id,
    authentication: &str,
    seconds: i64,
    asking: &Asking,
) -> Result<()> {
    let now = Timestamp::now();
    w.start_session(SessionRow {
        id: session,
        user_id: user,
        authentication: authentication.into(),
        generation: 1,
        created_at: now,
        expires_at: now.plus_seconds(seconds),
        ended_at: None,
        device: asking.device.clone(),
        place: asking.place.clone(),
        issuer_subject: asking.issued.subject.clone(),
        issuer_session: asking.issued.session.clone(),
    })?;
    let at = user_place(w, user)?;
    w.record(at, "session.started", "session", session);
    Ok(())
}

pub(super) fn user_place(w: &mut Writing, user: Id) -> Result<Place> {
    let user: User = w.linked(user)?;
    let root = w.root_id()?;
    Ok(Place { log: root, organisation: user.organisation_id })
}

/// The next tokens of a session. A token that was used before ends it: someone has a copy.
pub fn refresh(db: &Db, keys: &Keys, form: &RefreshForm, passwords: &Passwords, request: Id) -> Result<Tokens> {
    let token = keys.read_refresh(&form.refresh_token)?;
    let next = db.write(&Origin::user(token.user, "token", request), |w| {
        let (Some(session), Some(user)) = (live(w, token.user, token.session)?, w.find::<User>(token.user)?) else {
            return Ok(None);
        };
        if !user.active || (session.authentication == "password" && !passwords.take(&user.email)) {
            return Ok(None);
        }
        if session.generation == token.generation && w.next_generation(session.id, token.generation)? {
            return Ok(Some(token.generation + 1));
        }
        end_and_tell(w, user.id, session.id)?;
        Ok(None)
    })?;
    match next {
        Some(generation) => tokens(keys, token.user, token.session, generation),
        None => Err(Error::Unauthenticated(Bilingual::new(
            "Sessionen har avslutats. Logga in igen.",
            "The session has ended. Sign in again.",
        ))),
    }
}

/// A session of this person, if it still goes on.
fn live(r: &mut Reading, user: Id, session: Id) -> Result<Option<SessionRow>> {
    let found = r.session(session)?;
    Ok(found.filter(|s| s.user_id == user && s.ended_at.is_none() && s.expires_at > Timestamp::now()))
}

/// Ends a session, and records it.
fn end_and_tell(w: &mut Writing, user: Id, session: Id) -> Result<()> {
    w.end_session(session)?;
    let at = user_place(w, user)?;
    w.record(at, "session.ended", "session", session);
    Ok(())
}

/// Ends a session of this person, if it still goes on.
pub fn end(db: &Db, user: Id, session: Id, request: Id) -> Result<()> {
    db.write(&Origin::user(user, "token", request), |w| match live(w, user, session)? {
        Some(_) => end_and_tell(w, user, session),
        None => Ok(()),
    })
}

/// Ends the caller's session.
pub fn sign_out(w: &mut Writing, caller: &Caller, sent: &Envelope) -> Result<()> {
    let user = caller.user()?;
    sent.gate()?;
    if let Principal::Person { session: Some(session), .. } = &caller.principal {
        end_and_tell(w, user.id, *session)?;
    }
    Ok(())
}

/// Where the caller is signed in.
pub fn own(r: &mut Reading, caller: &Caller) -> Result<OwnSessions> {
    let user = caller.user()?.id;
    let current = match &caller.principal {
        Principal::Person { session, .. } => *session,
        _ => None,
    };
    let told = |session: SessionRow| OwnSession {
        current: Some(session.id) == current,
        id: session.id,
        device: session.device,
        authentication: session.authentication,
        created_at: session.created_at,
        expires_at: session.expires_at,
    };
    Ok(OwnSessions { sessions: r.live_sessions(user, MOST_TOLD)?.into_iter().map(told).collect() })
}

/// Ends one session of the caller: [`Error::NotFound`] where it is another's, or has ended.
pub fn end_own(w: &mut Writing, caller: &Caller, session: Id, sent: &Envelope) -> Result<()> {
    let user = caller.user()?.id;
    live(w, user, session)?.ok_or(Error::NotFound)?;
    sent.gate()?;
    end_and_tell(w, user, session)
}

/// Ends every session of the caller.
pub fn sign_out_everywhere(w: &mut Writing, caller: &Caller, sent: &Envelope) -> Result<()> {
    let user = caller.user()?.id;
    sent.gate()?;
    end_all(w, user)
}

/// Ends every session of somebody, and records it.
pub(super) fn end_all(w: &mut Writing, user: Id) -> Result<()> {
    w.end_sessions(user)?;
    let at = user_place(w, user)?;
    w.record(at, "session.endedAll", "user", user);
    Ok(())
}

/// Changes the caller's password and ends every session, this one too. Hashing takes its time, so it is done between
/// two transactions.
/// With `mail`, a letter says that it was done. Who guesses the current one waits as who guesses at signing in does, and
/// nobody else: signing in is not held up by it.
pub fn change_password(
    db: &Db,
    bearer: &Bearer,
    request: Id,
    mail: bool,
    passwords: &Passwords,
    sent: &Sent<PasswordForm>,
) -> Result<()> {
    let (user, origin, old) = db.read(|r| {
        let caller = Caller::of(r, bearer)?;
        let user = caller.user()?;
        Ok((user.clone(), caller.origin(request), r.password_hash(user.id)?))
    })?;
    sent.gate()?;
    if !passwords.take(&user.email) {
        return Err(passwords_off());
    }
    let form = sent.judge()?;
    let guesses = Counted::of_current(user.id);
    if let Some(wait) = db.read(|r| guesses.waits(r))? {
        return Err(Error::TooManyRequests { retry_after: wait });
    }
    let mut faults = Vec::new();
    let right = auth::password_matches(&form.current_password, old.as_deref());
    db.write(&origin, |w| match guesses.waits_in_turn(w)? {
        Some(wait) => Err(Error::TooManyRequests { retry_after: wait }),
        None if right => Ok(()),
        None => guesses.failed(w).map(drop),
    })?;
    if !right {
        faults.push(Violation::new(
            "/currentPassword",
            "wrongPassword",
            "Det nuvarande lösenordet är fel.",
            "The current password is wrong.",
        ));
    }
    faults.extend(same(&form.new_password, &form.current_password));
    faults.extend(too_easy(&form.new_password, &user));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let hash = auth::hash_password(&form.new_password)?;
    db.write(&origin, |w| {
        if w.password_hash(user.id)? != old {
            return Err(Error::PreconditionFailed);
        }
        guesses.succeeded(w)?;
        set_password(w, user.id, &hash, mail)
    })
}

/// A new password is another than the one before.
fn same(new: &str, old: &str) -> Option<Violation> {
    (new == old)
        .then(|| Violation::new("/newPassword", "samePassword", "Välj ett nytt lösenord.", "Choose a new password."))
}

/// What is wrong with a new password, but for its length.
pub(super) fn too_easy(password: &str, user: &User) -> Option<Violation> {
    if password.to_lowercase().contains(&user.email) {
        return Some(Violation::new(
            "/newPassword",
            "containsEmail",
            "Lösenordet får inte innehålla e-postadressen.",
            "The password must not contain the e-mail address.",
        ));
    }
    is_guessed(password, user).then(|| {
        Violation::new(
            "/newPassword",
            "tooEasy",
            "Lösenordet hör till dem som gissas först. Ta en fras av flera ord.",
            "The password is one of those that are guessed first. Take a phrase of several words.",
        )
    })
}

/// What passwords here begin with, beside the words of the world's: common Swedish ones, and what the register is about.
const NEAR: [&str; 40] = [
    "lösenord",
    "losenord",
    "lösen",
    "hemligt",
    "hejsan",
    "välkommen",
    "valkommen",
    "sommar",
    "sommaren",
    "höst",
    "hösten",
    "host",
    "vinter",
    "vintern",
    "vår",
    "våren",
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
    "måndag",
    "fredag",
    "jul",
    "midsommar",
    "sverige",
    "stockholm",
    "region",
    "kommun",
    "risk",
    "riskregister",
    "internkontroll",
    "kontroll",
];
/// How much of a password is judged, in characters: judging takes longer than the text is.
const JUDGED: usize = 100;

/// Whether it is known, or guessed within a hundred million tries by who knows whose it is.
fn is_guessed(password: &str, user: &User) -> bool {
    let own = user.name.split_whitespace().chain(user.email.split(['@', '.', '-', '_']));
    let near: Vec<&str> = own.chain(NEAR).collect();
    let judged: String = password.chars().take(JUDGED).collect();
    zxcvbn::zxcvbn(&judged, &near).score() < zxcvbn::Score::Three
}

/// Sets a password that somebody chose, and that is hashed already, and ends every session of the user; links for choosing one hold no more. With
/// `mail`, a letter says so to whoever had another before: it may not have been them.
pub fn set_password(w: &mut Writing, user: Id, hash: &str, mail: bool) -> Result<()> {
    put_password(w, user, hash, None, mail)
}

/// As [`set_password`], one that was made for them. Whoever it is given to need not wait for what others have guessed.
pub fn set_one_time_password(w: &mut Writing, user: &User, hash: &str, mail: bool) -> Result<()> {
    guesses::forget(w, user)?;
    put_password(w, user.id, hash, Some(Timestamp::now().plus_seconds(auth::ONE_TIME_SECONDS)), mail)
}

fn put_password(w: &mut Writing, user: Id, hash: &str, one_time_until: Option<Timestamp>, mail: bool) -> Result<()> {
    let had_one = w.credential(user)?.is_some();
    w.set_password(user, hash, one_time_until)?;
    w.end_sessions(user)?;
    w.forget_links_of(user)?;
    let at = user_place(w, user)?;
    w.record(at, "user.passwordChanged", "user", user);
    if mail && had_one {
        let occasion = format!("passwordChanged/{}", Id::new());
        w.post(vec![NewMail::new(user, MailKind::PasswordChanged, occasion, Timestamp::now())])?;
    }
    Ok(())
}
