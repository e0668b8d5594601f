//! What can be done: one function a verb. Each loads the object, asks whether the caller may, judges what was sent,
//! decides by the domain's rules, and stores through the write door. It must not know HTTP.

pub mod calendar;
pub mod deficiencies;
pub mod documents;
pub mod erasures;
pub mod follow_up;
pub mod follow_ups;
pub mod goals;
pub mod indicators;
pub mod logs;
pub mod mandatory;
pub mod measures;
pub mod organisations;
pub mod outcomes;
pub mod periods;
pub mod plans;
pub mod policies;
pub mod recommendations;
pub mod reminders;
pub mod report_snapshot;
pub mod reports;
pub mod risks;
pub mod self_assessments;
pub mod service_accounts;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod snapshot;
pub mod standing_texts;
pub mod status_reports;
pub mod submission;
pub mod tasks;
pub mod users;
pub mod webhooks;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::auth::Bearer;
use crate::domain::life::PlanState;
use crate::domain::roles::{self, Decision, Held, PlanTarget, Scope, Target, Verb};
use crate::domain::words::{Language, ServiceScope};
use crate::error::{Error, Result, Said};
use crate::storage::history::Origin;
pub use crate::storage::queries::Page;
use crate::storage::records::{Organisation, Plan, ServiceAccount, User};
use crate::storage::{Id, Place, Reading, Timestamp};
use documents::Rendering;
use submission::Submission;

/// Who asks.
pub enum Principal {
    /// A person. The session is that of the service's own token; none with a token of the OIDC issuer.
    Person { user: User, session: Option<Id> },
    /// Another system, with the scopes that its token and its account both have.
    Service { account: ServiceAccount, scopes: Vec<ServiceScope> },
}

/// Who asks, what they may, and what they sent.
pub struct Caller {
    pub principal: Principal,
    pub authentication: &'static str,
    pub grants: Vec<roles::Grant>,
    pub submission: Submission,
    /// The language of the answer.
    pub language: Language,
    /// Today in Stockholm.
    pub today: NaiveDate,
    /// The same request was answered before: only its rights are tried again.
    pub rehearsal: bool,
    /// Where the files of a decision are made.
    pub rendering: Rendering,
}

/// The ids of a path, from the root down.
pub fn path_ids(path: &str) -> Vec<Uuid> {
    path.split('/').filter_map(|part| Uuid::try_parse(part).ok()).collect()
}

/// A path as the database keeps it.
pub fn path_text(path: &[Uuid]) -> String {
    path.iter().map(|id| format!("{id}/")).collect()
}

impl Caller {
    /// Who the bearer is, as the database knows it now. [`Error::Unauthenticated`] if the session has ended or the
    /// person is not, or no longer, an active user.
    pub fn of(r: &mut Reading, bearer: &Bearer, submission: Submission, language: Language) -> Result<Self> {
        let refused = || {
            Error::Unauthenticated(Said::new(
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
                let account = service_accounts::signed_in(r, *account, *credential)?.ok_or_else(|| {
                    Error::Unauthenticated(Said::new(
                        "Tjänstekontot är inte aktivt, eller hemligheten gäller inte längre. Hämta en ny token.",
                        "The service account is not active, or its secret no longer holds. Get a new token.",
                    ))
                })?;
                // A scope that was taken from the account since is gone from the token, too.
                let held = service_accounts::scopes_of(&account)?;
                let scopes: Vec<_> = scopes.iter().copied().filter(|scope| held.contains(scope)).collect();
                let grants = service_accounts::grants_of(r, &account, &scopes)?;
                let principal = Principal::Service { account, scopes };
                return Ok(Self::with(principal, grants, "clientCredentials", submission, language));
            }
        };
        if !user.active {
            return Err(refused());
        }
        let grants = grants_of(r, user.id)?;
        Ok(Self::with(Principal::Person { user, session }, grants, authentication, submission, language))
    }

    fn with(
        principal: Principal,
        grants: Vec<roles::Grant>,
        authentication: &'static str,
        submission: Submission,
        language: Language,
    ) -> Self {
        let today = Timestamp::now().stockholm_date();
        Self {
            principal,
            authentication,
            grants,
            submission,
            language,
            today,
            rehearsal: false,
            rendering: Rendering::Within,
        }
    }

    /// A user, for the host's own work on their behalf.
    pub fn on_host(r: &mut Reading, user: Id, submission: Submission) -> Result<Self> {
        let user: User = r.linked(user)?;
        let grants = grants_of(r, user.id)?;
        Ok(Self::with(Principal::Person { user, session: None }, grants, "host", submission, Language::Sv))
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
            Principal::Service { .. } => Err(Error::Forbidden(Said::new(
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

    /// The gate that every verb passes: may the caller, and is the request's envelope in order?
    pub fn authorize(&self, verb: Verb, target: &Target) -> Result<()> {
        self.may(verb, target)?;
        if self.rehearsal {
            return Err(Error::Rehearsed);
        }
        self.submission.gate()
    }

    /// The gate for making something at an organisation that the form names. One that is not there is a fault of the
    /// form, told later, to someone who holds the verb anywhere at all.
    pub fn authorize_at(
        &self,
        r: &mut Reading,
        verb: Verb,
        field: &str,
        target: impl Fn(Vec<Uuid>) -> Target,
    ) -> Result<()> {
        let found: Option<Organisation> = match self.submission.sent_id(field) {
            Some(id) => r.find(id)?,
            None => None,
        };
        if let Some(found) = found {
            return self.authorize(verb, &target(path_ids(&found.path)));
        }
        let holds = self.grants.iter().find(|g| self.sees(verb, &target(g.organisation_path.clone())));
        let path = match holds {
            Some(grant) => grant.organisation_path.clone(),
            None => vec![r.root_id()?.0],
        };
        self.authorize(verb, &target(path))
    }

    /// 404 for what the caller may not see, 403 for what they may see but not do.
    pub fn may(&self, verb: Verb, target: &Target) -> Result<()> {
        match roles::decide(self.id().0, &self.grants, verb, target) {
            Decision::Allowed => Ok(()),
            Decision::Hidden => Err(Error::NotFound),
            Decision::Forbidden => Err(Error::Forbidden(Said::new(
                "Din roll ger inte rätt till detta.",
                "Your role does not give the right to this.",
            ))),
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

/// What a user's grants reach, with the tree as it is now.
pub fn grants_of(r: &mut Reading, user: Id) -> Result<Vec<roles::Grant>> {
    Ok(r.grants_with_organisations(user)?
        .into_iter()
        .map(|(grant, organisation)| {
            let path = path_ids(&organisation.path);
            roles::Grant {
                holder: grant.role.into(),
                body_path: body_path(&organisation),
                organisation_path: path,
                drafts: grant.drafts,
            }
        })
        .collect())
}

/// The path of the nearest body at or above, or the organisation's own.
pub fn body_path(organisation: &Organisation) -> Vec<Uuid> {
    let mut path = path_ids(&organisation.path);
    if let Some(body) = organisation.body_id
        && let Some(at) = path.iter().position(|id| *id == body.0)
    {
        path.truncate(at + 1);
    }
    path
}

/// The roles that a user holds, as far as rights over the user depend on them.
pub fn held_by(r: &mut Reading, user: Id) -> Result<Vec<Held>> {
    Ok(r.grants_with_organisations(user)?
        .into_iter()
        .map(|(grant, organisation)| Held { role: grant.role, path: path_ids(&organisation.path) })
        .collect())
}

/// Where a plan stands, for the decision of rights.
pub fn plan_target(plan: &Plan, body: &Organisation) -> PlanTarget {
    PlanTarget { path: path_ids(&body.path), status: plan.status, adopted_revision: plan.adopted_revision }
}

/// Where a plan stands in its life.
pub fn plan_state(plan: &Plan) -> PlanState {
    PlanState { status: plan.status, adopted_revision: plan.adopted_revision, year: plan.year }
}

/// Where events about an organisation's things belong: its body's log, or the region's.
pub fn place(r: &mut Reading, organisation: &Organisation) -> Result<Place> {
    let log = match organisation.body_id {
        Some(body) => body,
        None => r.root_id()?,
    };
    Ok(Place { log, organisation: organisation.id })
}

/// Where events about the region's own things belong.
pub fn region_place(r: &mut Reading) -> Result<Place> {
    let root = r.root_id()?;
    Ok(Place { log: root, organisation: root })
}
