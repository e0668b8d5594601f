//! Other systems' accounts: what each may and until when, and its secrets, each of which is told this once.

use askama::Template;

use super::known::Names;
use super::lists::{self, Pager};
use crate::app::caller::Caller;
use crate::app::people::service_accounts;
use crate::app::places::path_ids;
use crate::app::sent::etag;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::ServiceScope;
use crate::error::Result;
use crate::storage::queries::{OrganisationFilter, ServiceAccountFilter};
use crate::storage::records::{Organisation, ServiceAccount, ServiceCredential};
use crate::storage::{Id, Reading, Timestamp};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/accounts.html")]
struct Accounts<'a> {
    p: &'a Frame,
    q: &'a str,
    rows: Vec<(ServiceAccount, String)>,
    homes: Names,
    pager: Pager,
    new: Form<'a>,
    /// Where one may add an account.
    places: Vec<Choice>,
    scopes: Vec<Choice>,
}

const A_PAGE: i64 = 50;

/// Whether an account can be used.
fn state(p: &Frame, account: &ServiceAccount) -> String {
    let now = p.as_of.unwrap_or_else(Timestamp::now);
    match () {
        () if !account.active => p.say("account-ended"),
        () if account.expires_at <= now => p.say_with("account-expired", "time", p.time(&account.expires_at)),
        () => p.say_with("account-lives", "time", p.time(&account.expires_at)),
    }
}

/// The accounts that one sees.
pub fn list(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let q = ask.text("q");
    let filter = ServiceAccountFilter { q: Some(q.to_owned()).filter(|q| !q.is_empty()), ..Default::default() };
    let found = service_accounts::list(r, caller, filter, &ask.call("listServiceAccounts", A_PAGE)?.listing())?;
    let may = |one: &Organisation| {
        caller.sees(Verb::ManageServiceAccounts, &Target::Organisation { path: path_ids(&one.path) })
    };
    let places = if p.is_now() { lists::organisations(r, &OrganisationFilter::default(), may)? } else { Vec::new() };
    ask.write(&Accounts {
        p,
        q,
        homes: Names::organisations(r, found.items.iter().map(|one| one.organisation_id))?,
        pager: Pager::of(ask, found.total, A_PAGE),
        rows: found.items.into_iter().map(|one| (one.clone(), state(p, &one))).collect(),
        new: p.form("createServiceAccount", "account").to("/service-accounts/{id}"),
        places: lists::one_of(p, places),
        scopes: p.words::<ServiceScope>(),
    })
}

#[derive(Template)]
#[template(path = "pages/account_of_system.html")]
struct One<'a> {
    p: &'a Frame,
    account: ServiceAccount,
    home: String,
    state: String,
    scopes: String,
    secrets: Vec<Secret<'a>>,
    pager: Pager,
    doing: Option<Doing<'a>>,
}

struct Secret<'a> {
    is: ServiceCredential,
    state: String,
    revoke: Option<Form<'a>>,
}

/// What who looks after accounts can do with one.
struct Doing<'a> {
    /// While it can be used.
    secret: Option<Form<'a>>,
    change: Form<'a>,
    /// Ends it, or opens it again.
    end: Form<'a>,
    scopes: Vec<Choice>,
    chosen: String,
    expires: String,
}

/// One account, with its secrets.
pub fn one(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let account = service_accounts::get(r, caller, id)?;
    let home: Organisation = r.linked(account.organisation_id)?;
    let target = Target::ServiceAccount { path: path_ids(&home.path), is_self: false };
    let manages = p.is_now() && caller.sees(Verb::ManageServiceAccounts, &target);
    let now = p.as_of.unwrap_or_else(Timestamp::now);
    let listing = ask.call("listServiceCredentials", A_PAGE)?.listing();
    let found = service_accounts::credentials(r, caller, id, &listing)?;
    let secret = |is: ServiceCredential| {
        let form =
            || p.form("revokeServiceCredential", format!("revoke-{}", is.id)).at("id", id).at("credentialId", is.id);
        Secret { state: holds(p, &is, now), revoke: (manages && is.holds(now)).then(form), is }
    };
    let doing = if manages {
        let lives = account.active && now < account.expires_at;
        let tag = etag(&account)?;
        let change = |name: &'static str| p.form("changeServiceAccount", name).at("id", id).tagged(&tag);
        Some(Doing {
            secret: lives.then(|| p.form("makeServiceCredential", "secret").at("id", id)),
            change: change("account"),
            end: change("end").fixed("active", !account.active),
            scopes: p.words::<ServiceScope>(),
            chosen: account.scopes.0.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join("\n"),
            expires: p.clock(&account.expires_at),
        })
    } else {
        None
    };
    let scopes: Vec<_> = account.scopes.0.iter().map(|scope| p.in_text(scope)).collect();
    ask.write(&One {
        p,
        home: home.name,
        state: state(p, &account),
        scopes: scopes.join(", "),
        pager: Pager::of(ask, found.total, A_PAGE),
        secrets: found.items.into_iter().map(secret).collect(),
        doing,
        account,
    })
}

/// Whether a secret can be used, and how long.
fn holds(p: &Frame, secret: &ServiceCredential, now: Timestamp) -> String {
    match (secret.revoked_at, secret.holds_until) {
        (Some(time), _) => p.say_with("secret-revoked", "time", p.time(&time)),
        (None, Some(end)) if end <= now => p.say_with("secret-over", "time", p.time(&end)),
        (None, Some(end)) => p.say_with("secret-holds-until", "time", p.time(&end)),
        (None, None) => p.say("secret-holds"),
    }
}
