//! Who asks, and what they may.

pub(crate) mod grants;

use std::collections::BTreeSet;

use uuid::Uuid;

use super::places::{manner, manner_of, path_ids};
use super::sent::Envelope;
use crate::auth::Bearer;
use crate::domain::manner::Manner;
use crate::domain::roles::{self, Decision, Scope, Target, Verb};
use crate::domain::words::ServiceScope;
use crate::error::{Bilingual, Error, Result};
use crate::storage::history::Origin;
use crate::storage::records::{Organisation, ServiceAccount, User};
use crate::storage::{Id, Reading};
use grants::{account_signed_in, grants_of, grants_of_account};

/// Who asks.
pub enum Principal {
    /// A person. The session is that of the service's own token; none with a token of the OIDC issuer.
    Person { user: User, session: Option<Id> },
    /// Another system, with the scopes that its token and its account both have.
    Service { account: ServiceAccount, scopes: Vec<ServiceScope> },
}

/// The refusal of what the caller may see but not do.
pub fn forbidden() -> Error {
    Error::Forbidden(Bilingual::new("Din roll ger inte rätt till detta.", "Your role does not give the right to this."))
}

/// Who asks, and what they may.
pub struct Caller {
    pub principal: Principal,
    pub authentication: &'static str,
    pub grants: Vec<roles::Grant>,
}

impl Caller {
    /// In whose words one speaks to the caller: in the body's where all roles are with one, in those of its kind where they are
    /// with several of one kind, and else in everyone's.
    pub fn spoken_to(&self, r: &mut Reading) -> Result<Manner> {
        let bodies = self.grants.iter().filter_map(|grant| grant.body_path.last()).map(|id| Id(*id));
        let mut bodies = r.all::<Organisation>(bodies)?;
        bodies.dedup_by_key(|body| body.id);
        if let ([body], true) = (bodies.as_slice(), self.grants.iter().all(|grant| !grant.body_path.is_empty())) {
            return manner_of(r, body);
        }
        let manner = manner(r)?;
        bodies.dedup_by_key(|body| body.kind);
        Ok(match bodies.as_slice() {
            [body] => manner.with(body.kind),
            _ => manner,
        })
    }

    /// Who the bearer is, as the database knows it now. [`Error::Unauthenticated`] if the session has ended or the
    /// person is not, or no longer, an active user.
    pub fn of(r: &mut Reading, bearer: &Bearer) -> Result<Self> {
        let refused = || {
            tracing::info!("a token was refused: its session has ended, or its account is not active or not known");
            Error::Unauthenticated(Bilingual::new(
                "Sessionen har avslutats, eller kontot är inte aktivt. Logga in igen.",
                "The session has ended, or the account is not active. Sign in again.",
            ))
        };
        let (user, session, authentication) = match bearer {
            Bearer::Session { user, session } => {
                let (user, authentication) = r.signed_in(*user, *session)?.ok_or_else(refused)?;
                (user, Some(*session), authentication)
            }
            Bearer::Oidc { subject } => (r.user_by_subject(subject)?.ok_or_else(refused)?, None, "oidc"),
            Bearer::Service { account, credential, scopes } => {
                let account = account_signed_in(r, *account, *credential)?.ok_or_else(|| {
                    Error::Unauthenticated(Bilingual::new(
                        "Tjänstekontot är inte aktivt, eller hemligheten gäller inte längre. Hämta en ny token.",
                        "The service account is not active, or its secret no longer holds. Get a new token.",
                    ))
                })?;
                // A scope that was taken from the account since is gone from the token, too.
                let scopes: Vec<_> = scopes.iter().copied().filter(|scope| account.scopes.contains(scope)).collect();
                let grants = grants_of_account(r, &account, &scopes)?;
                let principal = Principal::Service { account, scopes };
                return Ok(Self { principal, authentication: "clientCredentials", grants });
            }
        };
        if !user.active {
            return Err(refused());
        }
        let grants = grants_of(r, user.id)?;
        Ok(Self { principal: Principal::Person { user, session }, authentication, grants })
    }

    /// A user, for the host's own work on their behalf.
    pub fn on_host(r: &mut Reading, user: Id) -> Result<Self> {
        let user: User = r.linked(user)?;
        let grants = grants_of(r, user.id)?;
        Ok(Self { principal: Principal::Person { user, session: None }, authentication: "host", grants })
    }

    /// The id of the person or the account: no two of them are the same.
    pub fn id(&self) -> Id {
        match &self.principal {
            Principal::Person { user, .. } => user.id,
            Principal::Service { account, .. } => account.id,
        }
    }

    /// The person who asks. 403 for another system: some things are for people alone, so far all that is told by whom it
    /// was done (`assessedById`). A scope that writes must say first whom such a field then names.
    pub fn user(&self) -> Result<&User> {
        match &self.principal {
            Principal::Person { user, .. } => Ok(user),
            Principal::Service { .. } => Err(Error::Forbidden(Bilingual::new(
                "Ett tjänstekonto kan inte göra detta, bara en person.",
                "A service account cannot do this, only a person can.",
            ))),
        }
    }

    /// Who does what this request does, as the history tells it.
    pub fn origin(&self, request: Id) -> Origin {
        match &self.principal {
            Principal::Person { user, .. } => Origin::user(user.id, self.authentication, request),
            Principal::Service { account, .. } => Origin::service(account.id, request),
        }
    }

    /// The gate that every verb passes: may the caller, and is the envelope of what was sent in order?
    pub fn authorize(&self, verb: Verb, target: &Target, sent: &Envelope) -> Result<()> {
        self.may(verb, target)?;
        sent.gate()
    }

    /// The gate for many things at once, each with the plan that it is in: those plans, once the caller may do this to each
    /// thing that they know of. What they do not know is not there, and is told as a fault of the form; who knows none, and
    /// holds the verb nowhere, is refused.
    pub fn authorize_each(
        &self,
        verb: Verb,
        found: impl IntoIterator<Item = (Id, Target)>,
        sent: &Envelope,
    ) -> Result<BTreeSet<Id>> {
        let mut plans = BTreeSet::new();
        for (plan, target) in found {
            match self.may(verb, &target) {
                Ok(()) => _ = plans.insert(plan),
                Err(Error::NotFound) => {}
                Err(other) => return Err(other),
            }
        }
        if plans.is_empty() && roles::held_below(verb, &self.grants).is_empty() {
            return Err(forbidden());
        }
        sent.gate()?;
        Ok(plans)
    }

    /// The gate for making something at an organisation that the form names. One that is not there is a fault of the
    /// form, told later, to someone who holds the verb anywhere at all.
    pub fn authorize_at(
        &self,
        r: &mut Reading,
        verb: Verb,
        sent: &Envelope,
        field: &str,
        target: impl Fn(Vec<Uuid>) -> Target,
    ) -> Result<()> {
        if let Some(found) = sent.named::<Organisation>(r, field)? {
            return self.authorize(verb, &target(path_ids(&found.path)), sent);
        }
        let holds = self.grants.iter().find(|g| self.sees(verb, &target(g.organisation_path.clone())));
        let path = match holds {
            Some(grant) => grant.organisation_path.clone(),
            None => vec![r.root_id()?.0],
        };
        self.authorize(verb, &target(path), sent)
    }

    /// 404 for what the caller may not see, 403 for what they may see but not do.
    pub fn may(&self, verb: Verb, target: &Target) -> Result<()> {
        match roles::decide(self.id().0, &self.grants, verb, target) {
            Decision::Allowed => Ok(()),
            Decision::Hidden => Err(Error::NotFound),
            Decision::Forbidden => Err(forbidden()),
        }
    }

    pub fn sees(&self, verb: Verb, target: &Target) -> bool {
        roles::decide(self.id().0, &self.grants, verb, target) == Decision::Allowed
    }

    /// What lists show.
    pub fn scope(&self) -> Scope {
        roles::visible_scope(&self.grants)
    }
}
