//! Wrong passwords, and who waits because of them. They are counted by the account and by where they come from: five in a row
//! and that place waits. Where an account is known to sign in, by its device or its place, they are counted apart, and
//! everything else shares a hundred tries a day: who guesses elsewhere holds nobody up who is known.

use crate::auth::{self, Device, Issued, Passwords};
use crate::domain::email;
use crate::error::Result;
use crate::storage::history::sha256_hex;
use crate::storage::queries::Attempt;
use crate::storage::records::User;
use crate::storage::{Id, Reading, Timestamp, Writing};

const DAY: i64 = 24 * 3600;
/// Half of a day's hundred at once, and the other half one by one: so there are never more than that in any 24 hours.
const AT_ONCE: i64 = 50;
/// After so many seconds there is one more.
const STEP: i64 = DAY / AT_ONCE;
/// So long a place is known where somebody signed in, in seconds.
const KNOWN: i64 = 30 * DAY;

/// Where and by what somebody asks to be let in.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    pub request: Id,
    /// By what, as it says of itself.
    pub device: Option<String>,
    /// From where, as a keyed hash.
    pub place: Option<String>,
    /// Whose device it is, where it says so by a cookie of ours.
    pub devices: Vec<Device>,
    /// The register sends mail.
    pub mail: bool,
    /// Whose passwords are taken.
    pub passwords: Passwords,
    /// Who it is at the issuer, where they have signed in there.
    pub issued: Issued,
}

/// What guesses are counted under.
pub struct Counted {
    /// The account that is guessed at.
    account: String,
    /// It and where the guess comes from.
    near: String,
    /// What spends the day's tries.
    spends: String,
    /// Whoever has failed often waits.
    holds_up: bool,
}

impl Counted {
    /// Of who signs in with an address, which may be nobody's. Browsers by which they signed in before the given time, by another
    /// password or before all were signed out, are like any other.
    pub fn of_address(
        r: &mut Reading,
        address: &str,
        user: Id,
        devices_from: Option<Timestamp>,
        asking: &Asking,
    ) -> Result<Self> {
        let account = with_address(address);
        let from = devices_from.map_or(0, |from| from.utc().timestamp());
        let device = asking.devices.iter().find(|one| one.user == user && one.since >= from);
        let place = asking.place.as_deref().unwrap_or_default();
        let known_place = r.signed_in_from(user, place, Timestamp::now().plus_seconds(-KNOWN))?;
        let near = match device {
            Some(device) => sha256_hex(format!("{account} on {}", device.id).as_bytes()),
            None => sha256_hex(format!("{account} from {place}").as_bytes()),
        };
        let spends = if device.is_some() || known_place { near.clone() } else { account.clone() };
        Ok(Self { account, near, spends, holds_up: true })
    }

    /// Of who is signed in and says the current password.
    pub fn of_current(user: Id) -> Self {
        Self::alone(with_current(user), true)
    }

    /// Of a client that says its secret: told of, and held up by nothing.
    pub fn of_client(client: &str) -> Self {
        Self::alone(sha256_hex(format!("client {client}").as_bytes()), false)
    }

    fn alone(account: String, holds_up: bool) -> Self {
        Self { near: account.clone(), spends: account.clone(), account, holds_up }
    }

    /// Lets no other guess at the account go on beside this one, and says how long it must wait: those that came before it count.
    pub fn waits_in_turn(&self, w: &mut Writing) -> Result<Option<u64>> {
        w.hold_attempts(&self.account)?;
        self.waits(w)
    }

    /// How long whoever guesses must wait, in seconds.
    pub fn waits(&self, r: &mut Reading) -> Result<Option<u64>> {
        let now = Timestamp::now();
        let near = r.attempt(&self.near)?.and_then(|one| one.locked_until).map_or(0, |until| until.seconds_since(now));
        let spent = r.attempt(&self.spends)?.and_then(|one| one.spent_until);
        let spent = spent.map_or(0, |until| until.seconds_since(now) - (DAY - STEP));
        Ok(Some(near.max(spent)).filter(|left| *left > 0).map(|left| u64::try_from(left).unwrap_or(1)))
    }

    /// Counts a failure. Whether it is to be recorded, too: once a minute for each account, or place that it knows.
    pub fn failed(&self, w: &mut Writing) -> Result<bool> {
        if self.near != self.spends {
            self.count(w, &self.near, false)?;
        }
        self.count(w, &self.spends, true)
    }

    fn count(&self, w: &mut Writing, under: &str, spends: bool) -> Result<bool> {
        let now = Timestamp::now();
        let old = w.attempt(under)?;
        // A row that has lain as long as a lock lasts begins anew.
        let fresh = old.as_ref().is_some_and(|a| now.seconds_since(a.last_failed_at) < auth::LOCK_SECONDS);
        let failed = if fresh { old.as_ref().map_or(0, |a| a.failed) + 1 } else { 1 };
        let recorded = old.as_ref().and_then(|a| a.recorded_at);
        let due = recorded.is_none_or(|t| now.seconds_since(t) >= 60);
        let spent = old.as_ref().and_then(|a| a.spent_until).filter(|until| *until > now).unwrap_or(now);
        let waits = self.holds_up && under == self.near && failed >= auth::FAILURES_BEFORE_LOCK;
        w.keep_attempt(Attempt {
            address: under.to_owned(),
            failed,
            last_failed_at: now,
            locked_until: waits.then(|| now.plus_seconds(auth::LOCK_SECONDS)),
            recorded_at: if due { Some(now) } else { recorded },
            account: (under != self.account).then(|| self.account.clone()),
            spent_until: (self.holds_up && spends).then(|| spent.plus_seconds(STEP)),
        })?;
        Ok(due)
    }

    /// A right password forgets the wrong ones before it from there, and no others; what they spent of the day stays spent.
    pub fn succeeded(&self, w: &mut Writing) -> Result<()> {
        match w.attempt(&self.near)? {
            Some(old) if old.spent_until.is_some() => w.keep_attempt(Attempt { failed: 0, locked_until: None, ..old }),
            _ => w.forget_attempts(&self.near),
        }
    }
}

/// What failed sign-ins with an address are counted under.
pub fn with_address(address: &str) -> String {
    sha256_hex(email::fold(address).as_bytes())
}

/// What wrong tries to say the current password of somebody who is signed in are counted under.
pub fn with_current(user: Id) -> String {
    sha256_hex(format!("the current password of {user}").as_bytes())
}

/// Forgets what anybody has guessed at somebody's password, from wherever: they are let in by other means.
pub fn forget(w: &mut Writing, user: &User) -> Result<()> {
    w.forget_attempts_at(&with_current(user.id))?;
    w.forget_attempts_at(&with_address(&user.email))
}
