//! Passwords that people choose by the link of a letter: who has forgotten theirs, and who is invited. A link works once,
//! and not for long. What stands in the letter is signed and kept nowhere.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{guesses, sessions};
use crate::app::places::manner_of;
use crate::auth::{self, Keys, Passwords};
use crate::domain::letters::{self, Entrance, Letter};
use crate::domain::text::capital;
use crate::domain::words::MailKind;
use crate::error::{Error, Result, Violation};
use crate::storage::history::Origin;
use crate::storage::queries::{Mail, NewMail, PasswordLink};
use crate::storage::records::{Organisation, User};
use crate::storage::{Db, Id, Reading, Timestamp, Writing};

/// Who has forgotten their password.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForgottenForm {
    #[schema(min_length = 1, max_length = 254, example = "anna.lind@example.org")]
    pub email: String,
}

/// A password, by the link of a letter.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPasswordForm {
    /// The last step of the link's address.
    #[schema(min_length = 1, max_length = 4000, example = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXI")]
    pub token: String,
    #[schema(min_length = 12, max_length = 1000, example = "en längre lösenordsfras")]
    pub new_password: String,
}

/// What letters about passwords lead to.
pub struct Ways<'a> {
    /// Where the service is reached from outside, without a slash at the end.
    pub public_url: &'a str,
    /// Makes what names a link in its address, good for so many seconds.
    pub choose: &'a dyn Fn(Id, i64) -> Result<String>,
    /// People can sign in to the pages at an issuer.
    pub issuer: bool,
    /// Whose passwords are taken.
    pub passwords: &'a Passwords,
    /// Whom to turn to.
    pub contact: Option<&'a str>,
}

/// Whom a letter goes to when this address has been written by somebody who has forgotten the password. Nobody is told
/// whether there is such a person. Who signs in at the `issuer` alone has no password here to forget.
pub fn forgotten(db: &Db, form: &ForgottenForm, mail: bool, issuer: bool, passwords: &Passwords) -> Result<Option<Id>> {
    if !mail {
        return Err(Error::conflict(
            "mailNotConfigured",
            "Registret skickar ingen e-post: driften har inte angett någon e-postserver.",
            "The register sends no mail: the operator has named no mail server.",
        ));
    }
    // Who has the account for emergencies gets another password from an administrator, or on the host: not by a mailbox.
    if !passwords.are_on() {
        return Ok(None);
    }
    db.read(|r| {
        let Some(user) = r.user_by_email(&form.email)?.filter(|user| user.active) else { return Ok(None) };
        let elsewhere = issuer && user.subject.is_some() && r.password_hash(user.id)?.is_none();
        Ok((!elsewhere).then_some(user.id))
    })
}

/// Decides on the letter to somebody who has forgotten their password, unless they have just been sent one.
pub fn write_to(w: &mut Writing, user: Id) -> Result<()> {
    let user: User = w.linked(user)?;
    let lately = Timestamp::now().plus_seconds(-auth::RESET_EVERY);
    if !user.active || w.was_sent_a_link(user.id, lately)? {
        return Ok(());
    }
    send(w, user.id, None)?;
    let at = sessions::user_place(w, user.id)?;
    w.record(at, "user.passwordForgotten", "user", user.id);
    Ok(())
}

/// Decides on the letter that invites somebody new.
pub fn invite(w: &mut Writing, user: &User, by: Id) -> Result<()> {
    send(w, user.id, Some(by))?;
    let at = sessions::user_place(w, user.id)?;
    w.record(at, "user.invited", "user", user.id);
    Ok(())
}

fn send(w: &mut Writing, user: Id, invited_by: Option<Id>) -> Result<()> {
    let now = Timestamp::now();
    let (kind, seconds) = match invited_by {
        Some(_) => (MailKind::Invitation, auth::INVITATION_SECONDS),
        None => (MailKind::PasswordLink, auth::RESET_SECONDS),
    };
    let link = PasswordLink {
        id: Id::new(),
        user_id: user,
        invited_by_id: invited_by,
        created_at: now,
        expires_at: now.plus_seconds(seconds),
    };
    w.keep_link(link)?;
    w.post(vec![NewMail::new(user, kind, occasion(link.id), now)])
}

/// The token of a link by which somebody chooses their own password who has come in by a one-time one.
pub fn choose_own(db: &Db, keys: &Keys, user: Id, request: Id) -> Result<String> {
    let now = Timestamp::now();
    let expires_at = now.plus_seconds(auth::RESET_SECONDS);
    let link = PasswordLink { id: Id::new(), user_id: user, invited_by_id: None, created_at: now, expires_at };
    db.write(&Origin::user(user, "password", request), |w| w.keep_link(link))?;
    keys.password_link(link.id, auth::RESET_SECONDS)
}

/// What a letter with a link is known by.
fn occasion(link: Id) -> String {
    format!("passwordLink/{link}")
}

/// The link that a letter is about, if it still holds.
fn link_of(r: &mut Reading, mail: &Mail) -> Result<Option<PasswordLink>> {
    let id = mail.occasion.split_once('/').and_then(|(_, id)| id.parse().ok());
    match id {
        Some(id) => r.password_link(id),
        None => Err(Error::internal(format!("letter {} names no link", mail.id))),
    }
}

/// What such a letter says, when its turn comes; nothing when its link holds no more.
pub fn letter(r: &mut Reading, user: &User, mail: &Mail, ways: &Ways) -> Result<Option<Letter>> {
    let (language, name) = (user.language, &user.name);
    if mail.kind == MailKind::PasswordChanged {
        return Ok(Some(letters::password_changed(language, name, mail.created_at.utc(), ways.contact)));
    }
    let Some(link) = link_of(r, mail)? else { return Ok(None) };
    // Decided on while passwords were taken.
    if link.invited_by_id.is_none() && !ways.passwords.take(&user.email) {
        return Ok(None);
    }
    let root = r.root_id()?;
    let register = r.linked::<Organisation>(root)?.name;
    let until = link.expires_at;
    let seconds = until.seconds_since(Timestamp::now());
    let url = format!("{}/password-reset/{}", ways.public_url, (ways.choose)(link.id, seconds)?);
    let entrance = match link.invited_by_id {
        Some(_) if ways.issuer && (user.subject.is_some() || !ways.passwords.take(&user.email)) => {
            Entrance::Issuer { url: format!("{}/sign-in", ways.public_url) }
        }
        _ => Entrance::Link { url, until: until.utc() },
    };
    let Some(by) = link.invited_by_id else {
        return Ok(Some(letters::forgotten(language, name, &register, &entrance, ways.contact)));
    };
    let by = r.linked::<User>(by)?.name;
    let mut roles = Vec::new();
    for (grant, at) in r.grants_with_organisations(user.id)? {
        let role = manner_of(r, &at)?.label(grant.role, language);
        roles.push(format!("{}, {}", capital(&role), letters::plain(&at.name)));
    }
    Ok(Some(letters::invitation(language, name, &by, &register, &roles, &entrance, ways.contact)))
}

fn no_longer() -> Error {
    Error::invalid(Violation::new(
        "/token",
        "linkNotValid",
        "Länken gäller inte. Den har använts, är för gammal eller är inte hel. Be om en ny.",
        "The link does not hold. It has been used, is too old, or is not whole. Ask for a new one.",
    ))
}

/// Whose password is chosen by a link, if it holds.
pub fn whose(r: &mut Reading, keys: &Keys, passwords: &Passwords, token: &str) -> Result<Option<(Id, User)>> {
    let Some(id) = keys.read_password_link(token) else { return Ok(None) };
    let Some(link) = r.password_link(id)? else { return Ok(None) };
    let user: User = r.linked(link.user_id)?;
    Ok((user.active && passwords.take(&user.email)).then_some((link.id, user)))
}

/// Chooses a password by a link, which is used up by it. Hashing takes its time, so it is done between two transactions.
pub fn choose(
    db: &Db,
    keys: &Keys,
    form: &NewPasswordForm,
    mail: bool,
    passwords: &Passwords,
    request: Id,
) -> Result<()> {
    let (_, user) = db.read(|r| whose(r, keys, passwords, &form.token))?.ok_or_else(no_longer)?;
    if let Some(fault) = sessions::too_easy(&form.new_password, &user) {
        return Err(Error::invalid(fault));
    }
    let hash = auth::hash_password(&form.new_password)?;
    db.write(&Origin::user(user.id, "letter", request), |w| {
        // Since the look: the link may have been used, or the account closed.
        let (link, user) = whose(w, keys, passwords, &form.token)?.ok_or_else(no_longer)?;
        if !w.use_link(link)? {
            return Err(no_longer());
        }
        // Whoever reads the letter need not wait for what others have guessed.
        guesses::forget(w, &user)?;
        sessions::set_password(w, user.id, &hash, mail)
    })
}
