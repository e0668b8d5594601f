//! The accounts of other systems: what they may, the secrets that they get tokens by, and the tokens.
//!
//! An account gets its tokens as RFC 6749, 4.4 says (client credentials). It has any number of credentials, so that a
//! new secret can be brought into use while the one before still holds. Ended, never deleted.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guesses::Counted;
use crate::app::caller::Caller;
use crate::app::caller::grants::{account_signed_in, lives};
use crate::app::places::{path_ids, path_text, region_place};
use crate::app::sent::{Envelope, Nothing, Sent};
use crate::auth::{self, Keys};
use crate::domain::roles::{self, Target, Verb};
use crate::domain::words::ServiceScope;
use crate::error::{Bilingual, Error, Result, Violation};
use crate::storage::history::Origin;
use crate::storage::queries::{Listing, Page, ServiceAccountFilter};
use crate::storage::records::{Organisation, ServiceAccount, ServiceCredential};
use crate::storage::{Db, Id, Json, Place, Reading, Timestamp, Writing};

/// How far ahead an account may be let live: someone must look at it again within three years.
const MOST_SECONDS: i64 = (3 * 365 + 1) * DAY;

/// How long earlier secrets go on to hold beside a new one, when nothing else is said.
const OVERLAP_SECONDS: i64 = 7 * DAY;

/// And how long at most.
const MOST_OVERLAP_SECONDS: i64 = 30 * DAY;

const DAY: i64 = 24 * 3600;

/// What is written of a new service account.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccountForm {
    /// Its scopes reach from here downwards. Stays what it is.
    pub organisation_id: Id,
    #[schema(min_length = 1, max_length = 200, format = "name", example = "Regionrevisorernas analysverktyg")]
    pub name: String,
    /// The most that its tokens are good for.
    #[schema(min_items = 1, max_items = 3)]
    pub scopes: Vec<ServiceScope>,
    /// When it ends by itself: three years ahead at most.
    pub expires_at: Timestamp,
}

/// What can be changed of a service account.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccountChange {
    #[schema(min_length = 1, max_length = 200, format = "name", example = "Regionrevisorernas analysverktyg")]
    pub name: String,
    /// The most that its tokens are good for; what is taken away is gone from tokens that are out, too.
    #[schema(min_items = 1, max_items = 3)]
    pub scopes: Vec<ServiceScope>,
    /// When it ends by itself: three years ahead at most.
    pub expires_at: Timestamp,
    /// False ends it: every secret is revoked, and every token refused from the next request on.
    pub active: bool,
}

impl ServiceAccountChange {
    fn of(a: &ServiceAccount) -> Self {
        Self { name: a.name.clone(), scopes: a.scopes.0.clone(), expires_at: a.expires_at, active: a.active }
    }
}

/// How a new secret takes the place of those before it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialForm {
    /// How long earlier secrets go on to hold beside the new one: 30 days at most, and seven when not given.
    #[serde(default)]
    pub earlier_hold_until: Option<Timestamp>,
}

/// A new secret, shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewCredential {
    #[serde(flatten)]
    pub credential: ServiceCredential,
    /// What OAuth calls the account.
    pub client_id: Id,
    #[schema(example = "c29tZSBjaGFuY2Ugb2YgdGhpcnR5LXR3byBieXRlcyE")]
    pub client_secret: String,
}

/// A request for a token (RFC 6749, 4.4.2). Fields that are not known here are let be, as that document says.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TokenForm {
    /// `client_credentials`.
    #[schema(max_length = 100, example = "client_credentials")]
    pub grant_type: String,
    /// The id of the account.
    #[schema(max_length = 100, example = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40")]
    pub client_id: Option<String>,
    /// One of its secrets.
    #[schema(max_length = 1000, example = "c29tZSBjaGFuY2Ugb2YgdGhpcnR5LXR3byBieXRlcyE")]
    pub client_secret: Option<String>,
    /// Fewer scopes than the account has, parted by spaces; all of them when not given.
    #[schema(max_length = 1000, example = "read")]
    pub scope: Option<String>,
}

/// An access token (RFC 6749, 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedToken {
    #[schema(example = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXI")]
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// How long it holds, in seconds.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// What it is good for, parted by spaces.
    #[schema(example = "read")]
    pub scope: String,
}

fn target(r: &mut Reading, caller: &Caller, account: &ServiceAccount) -> Result<Target> {
    let organisation: Organisation = r.linked(account.organisation_id)?;
    Ok(Target::ServiceAccount { path: path_ids(&organisation.path), is_self: account.id == caller.id() })
}

/// Events about accounts are in the region's log.
fn place(r: &mut Reading, account: &ServiceAccount) -> Result<Place> {
    Ok(Place { log: region_place(r)?.log, organisation: account.organisation_id })
}

/// The accounts that the caller sees.
pub fn list(
    r: &mut Reading,
    caller: &Caller,
    mut filter: ServiceAccountFilter,
    page: &Listing,
) -> Result<Page<ServiceAccount>> {
    filter.own = Some(caller.id());
    filter.seen = roles::visible_service_accounts(&caller.grants).iter().map(|path| path_text(path)).collect();
    r.service_accounts(&filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<ServiceAccount> {
    let found: ServiceAccount = r.get(id)?;
    let target = target(r, caller, &found)?;
    caller.may(Verb::SeeServiceAccount, &target)?;
    Ok(found)
}

/// Makes an account, which gets no tokens before it is given a secret.
pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<ServiceAccountForm>) -> Result<ServiceAccount> {
    // Everyone sees the tree, so a place where the caller makes none is forbidden, not hidden.
    caller
        .authorize_at(w, Verb::ManageServiceAccounts, sent, "organisationId", |path| Target::Organisation { path })?;
    let form = sent.judge()?;
    let now = Timestamp::now();
    let mut faults = Vec::new();
    if w.find::<Organisation>(form.organisation_id)?.is_none() {
        faults.push(Violation::unknown_reference("/organisationId"));
    }
    faults.extend(scope_faults(&form.scopes));
    faults.extend(time_fault("/expiresAt", form.expires_at, now, MOST_SECONDS));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let made = ServiceAccount {
        id: Id::new(),
        organisation_id: form.organisation_id,
        name: form.name,
        scopes: in_order(form.scopes),
        expires_at: form.expires_at,
        active: true,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let at = place(w, &made)?;
    w.create(at, "serviceAccount.created", &made)?;
    Ok(made)
}

/// Changes an account, or ends it: then its secrets do not come back with it.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ServiceAccountChange>) -> Result<ServiceAccount> {
    let old = held(w, caller, id, sent)?;
    sent.expect_current(&old)?;
    let form = sent.merged(&ServiceAccountChange::of(&old))?;
    let mut faults = scope_faults(&form.scopes);
    // One that has expired can be ended, or renamed, as it is.
    if form.expires_at != old.expires_at {
        faults.extend(time_fault("/expiresAt", form.expires_at, Timestamp::now(), MOST_SECONDS));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut new = ServiceAccount {
        name: form.name,
        scopes: in_order(form.scopes),
        expires_at: form.expires_at,
        active: form.active,
        ..old.clone()
    };
    let kind = match (old.active, new.active) {
        (true, false) => "serviceAccount.ended",
        (false, true) => "serviceAccount.reactivated",
        _ => "serviceAccount.changed",
    };
    let at = place(w, &new)?;
    w.change(at, kind, &old, &mut new, None)?;
    if old.active && !new.active {
        let now = Timestamp::now();
        for (old, _) in w.service_secrets(id)? {
            let mut new = ServiceCredential { revoked_at: Some(now), ..old.clone() };
            w.change_as_effect(at, "serviceCredential.revoked", &old, &mut new)?;
        }
    }
    Ok(new)
}

/// The credentials of an account, without their secrets.
pub fn credentials(r: &mut Reading, caller: &Caller, id: Id, page: &Listing) -> Result<Page<ServiceCredential>> {
    let account = get(r, caller, id)?;
    r.service_credentials(account.id, page)
}

pub fn get_credential(r: &mut Reading, caller: &Caller, account: Id, id: Id) -> Result<ServiceCredential> {
    let account = get(r, caller, account)?;
    r.find::<ServiceCredential>(id)?.filter(|c| c.service_account_id == account.id).ok_or(Error::NotFound)
}

/// Gives an account a new secret. It is told in the answer and kept nowhere; the earlier ones hold a while longer.
pub fn make_credential(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<CredentialForm>) -> Result<NewCredential> {
    let account = held(w, caller, id, sent)?;
    let form = sent.judge()?;
    let now = Timestamp::now();
    let until = form.earlier_hold_until.unwrap_or(now.plus_seconds(OVERLAP_SECONDS));
    if let Some(fault) = time_fault("/earlierHoldUntil", until, now, MOST_OVERLAP_SECONDS) {
        return Err(Error::invalid(fault));
    }
    if !account.active {
        return Err(Error::conflict(
            "serviceAccountEnded",
            "Tjänstekontot är avslutat. Aktivera det först.",
            "The service account has been ended. Activate it first.",
        ));
    }
    if !lives(&account, now) {
        return Err(Error::conflict(
            "serviceAccountExpired",
            "Tjänstekontots tid har gått ut. Förläng det först.",
            "The service account has expired. Prolong it first.",
        ));
    }
    let earlier = w.service_secrets(id)?;
    let credential = ServiceCredential {
        id: Id::new(),
        service_account_id: id,
        holds_until: None,
        revoked_at: None,
        created_at: now,
        version: 1,
    };
    let client_secret = auth::new_secret();
    let at = place(w, &account)?;
    w.create(at, "serviceCredential.created", &credential)?;
    w.keep_secret(credential.id, &auth::secret_hash(&client_secret))?;
    // One whose end is nearer already keeps it.
    for (old, _) in earlier.into_iter().filter(|(old, _)| old.holds_until.is_none_or(|end| until < end)) {
        let mut new = ServiceCredential { holds_until: Some(until), ..old.clone() };
        w.change_as_effect(at, "serviceCredential.replaced", &old, &mut new)?;
    }
    Ok(NewCredential { credential, client_id: id, client_secret })
}

/// Revokes a secret, and with it every token that was got by it, from the next request on. Doing so again changes
/// nothing.
pub fn revoke(
    w: &mut Writing,
    caller: &Caller,
    account: Id,
    id: Id,
    sent: &Sent<Nothing>,
) -> Result<ServiceCredential> {
    get_credential(w, caller, account, id)?;
    let account = held(w, caller, account, sent)?;
    sent.judge()?;
    let old: ServiceCredential = w.linked(id)?;
    let mut new = ServiceCredential { revoked_at: old.revoked_at.or(Some(Timestamp::now())), ..old.clone() };
    let at = place(w, &account)?;
    w.change(at, "serviceCredential.revoked", &old, &mut new, None)?;
    Ok(new)
}

/// The account, once the caller may change it; held, so that one that is ended gets no new secret meanwhile.
fn held(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<ServiceAccount> {
    let seen: ServiceAccount = w.get(id)?;
    let target = target(w, caller, &seen)?;
    caller.authorize(Verb::ManageServiceAccounts, &target, sent)?;
    w.hold(id)
}

/// The same scopes are the same list.
fn in_order(mut scopes: Vec<ServiceScope>) -> Json<Vec<ServiceScope>> {
    scopes.sort_unstable();
    Json(scopes)
}

/// Each scope once.
fn scope_faults(scopes: &[ServiceScope]) -> Vec<Violation> {
    let again = scopes.iter().enumerate().filter(|(i, scope)| scopes[..*i].contains(scope));
    again
        .map(|(i, _)| {
            let at = format!("/scopes/{i}");
            Violation::new(at, "duplicate", "Samma värde står två gånger.", "The same value stands twice.")
        })
        .collect()
}

/// A time must be ahead, and by this many seconds at most.
fn time_fault(at: &str, time: Timestamp, now: Timestamp, most: i64) -> Option<Violation> {
    let days = most / DAY;
    if time <= now {
        return Some(Violation::new(at, "notAhead", "Tidpunkten ska ligga framåt.", "The time must be ahead."));
    }
    (now.plus_seconds(most) < time).then(|| {
        Violation::new(
            at,
            "tooFarAhead",
            format!("Tidpunkten får ligga högst {days} dagar framåt."),
            format!("The time may be {days} days ahead at most."),
        )
    })
}

fn wrong() -> Error {
    Error::Unauthenticated(Bilingual::new("Okänd klient, eller fel hemlighet.", "Unknown client, or wrong secret."))
}

/// Gives a service account an access token. An account that is unknown, ended or expired and a wrong secret answer
/// alike, in the same time. Wrong secrets hold nobody up: 256 bits are not guessed, and an address has its limit.
pub fn issue(db: &Db, keys: &Keys, request: Id, sent: &Sent<TokenForm>) -> Result<IssuedToken> {
    let form = sent.judge()?;
    if form.grant_type != "client_credentials" {
        return Err(refused("grant_type", "unsupported_grant_type", "Only client_credentials is taken here."));
    }
    let (Some(client), Some(secret)) = (&form.client_id, &form.client_secret) else { return Err(wrong()) };
    let client: std::result::Result<Id, _> = client.parse();
    // One account has one counter, however its id is written; what is no id has one together.
    let guesses = Counted::of_client(&client.as_ref().map(ToString::to_string).unwrap_or_default());
    // What is no id is asked for as one that nobody has.
    let client = client.unwrap_or_default();
    let (account, secrets) = db.read(|r| Ok((r.find::<ServiceAccount>(client)?, r.service_secrets(client)?)))?;
    let now = Timestamp::now();
    let mut right = None;
    for (credential, hash) in &secrets {
        if auth::secret_matches(secret, Some(hash)) && credential.holds(now) {
            right = Some(credential);
        }
    }
    if secrets.is_empty() {
        auth::secret_matches(secret, None);
    }
    let (Some(account), Some(credential)) = (account.as_ref().filter(|a| lives(a, now)), right) else {
        db.write(&Origin::nobody(request), |w| {
            // Known accounts alone: the rest are metrics.
            if guesses.failed(w)?
                && let Some(account) = &account
            {
                let at = place(w, account)?;
                w.record(at, "token.refused", "serviceAccount", account.id);
            }
            Ok(())
        })?;
        return Err(wrong());
    };
    let scopes = narrowed(account.scopes.0.clone(), form.scope.as_deref())?;
    db.write(&Origin::service(account.id, request), |w| {
        // Since the look: the account may have been ended, or the secret revoked.
        account_signed_in(w, account.id, credential.id)?.ok_or_else(wrong)?;
        guesses.succeeded(w)?;
        let at = place(w, account)?;
        w.record(at, "token.issued", "serviceCredential", credential.id);
        Ok(())
    })?;
    // No longer than what it hangs on.
    let ends = credential.holds_until.map_or(account.expires_at, |until| until.min(account.expires_at));
    let expires_in = ends.seconds_since(now).clamp(1, auth::ACCESS_SECONDS);
    Ok(IssuedToken {
        access_token: keys.service(account.id, credential.id, &scopes, expires_in)?,
        token_type: "Bearer".into(),
        expires_in,
        scope: auth::scope_text(&scopes),
    })
}

/// The scopes that were asked for: some of the account's, or all of them.
fn narrowed(held: Vec<ServiceScope>, asked: Option<&str>) -> Result<Vec<ServiceScope>> {
    let Some(asked) = asked else { return Ok(held) };
    let words: Vec<&str> = asked.split(' ').filter(|word| !word.is_empty()).collect();
    let known = |word: &&str| ServiceScope::parse(word).is_some_and(|scope| held.contains(&scope));
    if words.is_empty() || !words.iter().all(known) {
        return Err(refused("scope", "invalid_scope", "The account does not have each of these scopes."));
    }
    Ok(held.into_iter().filter(|scope| words.contains(&scope.as_str())).collect())
}

/// A fault in OAuth's own word. RFC 6749 leaves room for ASCII alone, so it is told in English.
fn refused(field: &str, code: &'static str, en: &str) -> Error {
    Error::BadRequest(vec![Violation::new(format!("/{field}"), code, en, en)])
}
