//! Who may see and do what. The only place that decides.
//!
//! A role is granted on an organisation and reaches downwards. One table, `holders`, says for
//! each verb which roles hold it and how far each of them reaches; all else follows from it, the
//! scope for lists too. What no line of the table allows is denied.
//!
//! Knows grants and where the object stands in the tree, nothing of sessions or storage, and
//! nothing of what the plan's status forbids everyone ([`life`](super::life)). A path is the ids of
//! the organisations from the root down to, and with, the organisation itself; an empty path is
//! nowhere, and nobody reaches it.

use uuid::Uuid;

use super::words::{PlanStatus, Role, ServiceScope};

/// What gives rights: a role that a person was given, or a scope of a service account's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    RegionAdministrator,
    Head,
    Controller,
    RiskOwner,
    Performer,
    Reader,
    Auditor,
    /// [`ServiceScope::Read`].
    ReadScope,
    /// [`ServiceScope::Webhooks`].
    WebhooksScope,
    /// [`ServiceScope::Outcomes`].
    OutcomesScope,
}

impl From<Role> for Holder {
    fn from(role: Role) -> Self {
        match role {
            Role::RegionAdministrator => Self::RegionAdministrator,
            Role::Head => Self::Head,
            Role::Controller => Self::Controller,
            Role::RiskOwner => Self::RiskOwner,
            Role::Performer => Self::Performer,
            Role::Reader => Self::Reader,
            Role::Auditor => Self::Auditor,
        }
    }
}

impl From<ServiceScope> for Holder {
    fn from(scope: ServiceScope) -> Self {
        match scope {
            ServiceScope::Read => Self::ReadScope,
            ServiceScope::Webhooks => Self::WebhooksScope,
            ServiceScope::Outcomes => Self::OutcomesScope,
        }
    }
}

/// A role as it was granted, or a scope of a service account, with the paths it reaches from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub holder: Holder,
    /// From the root down to the organisation the role was granted on.
    pub organisation_path: Vec<Uuid>,
    /// From the root down to the nearest board or company at or above that organisation; the same
    /// as `organisation_path` where there is none.
    pub body_path: Vec<Uuid>,
    /// A reader who may see drafts too. Means nothing for other roles.
    pub drafts: bool,
}

/// Where a plan stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanTarget {
    /// Down to the body whose plan it is.
    pub path: Vec<Uuid>,
    pub status: PlanStatus,
    pub adopted_revision: Option<i32>,
}

/// Where a risk stands, and who has to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskTarget {
    /// Down to the risk's own organisation: the body or a part of it.
    pub path: Vec<Uuid>,
    /// The status of its plan.
    pub status: PlanStatus,
    pub adopted_revision: Option<i32>,
    pub owner: Option<Uuid>,
    /// Everyone responsible for one of its controls or actions.
    pub responsibles: Vec<Uuid>,
}

/// A role that someone holds, as far as others need to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub role: Role,
    pub path: Vec<Uuid>,
}

/// Where a deficiency stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeficiencyTarget {
    /// Down to its own organisation: the body or a part of it.
    pub path: Vec<Uuid>,
    pub suspected_crime: bool,
    /// Who put it into the register.
    pub reporter: Uuid,
}

/// The loaded object that a verb is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// What everyone signed in may see: policies, goals, mandatory risks, standing texts, the tree
    /// of organisations.
    Common,
    /// An organisation; for new things, the one they are made under.
    Organisation {
        path: Vec<Uuid>,
    },
    /// A policy, goal, mandatory risk or standing text, by the organisation that owns it.
    Settings {
        path: Vec<Uuid>,
    },
    /// A person, by the home organisation (the root for those without one), with every role they
    /// hold now: nobody may take over an account that can do more than they could give.
    User {
        path: Vec<Uuid>,
        is_self: bool,
        held: Vec<Held>,
    },
    /// A role to give or to take back.
    Grant(Held),
    /// A service account, by its organisation. An account sees itself.
    ServiceAccount {
        path: Vec<Uuid>,
        is_self: bool,
    },
    /// A webhook, by the organisation whose events it tells of.
    Webhook {
        path: Vec<Uuid>,
    },
    Plan(PlanTarget),
    Risk(RiskTarget),
    /// A control or an action of a risk, with who is responsible for this very one.
    Part {
        risk: RiskTarget,
        responsible: Option<Uuid>,
    },
    Deficiency(DeficiencyTarget),
    /// A recommendation or an audit opinion, by the organisation that it is about, with who answers for it there.
    AuditRecord {
        path: Vec<Uuid>,
        responsible: Option<Uuid>,
    },
    /// What an indicator came to, by the organisation whose outcome it is.
    Outcome {
        path: Vec<Uuid>,
    },
}

/// Classes of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// On [`Target::Common`], [`Target::Settings`] and [`Target::Organisation`].
    SeeCommon,
    /// On [`Target::Organisation`]: make, change, end. A new one by its parent.
    ManageOrganisations,
    /// On [`Target::Settings`]: what the region issues, and its deadlines.
    ManageRegionSettings,
    /// On [`Target::Settings`]: a body's own policies, goals and texts.
    ManageBodySettings,
    /// On [`Target::User`].
    SeeUser,
    /// On [`Target::User`]: make, change, deactivate, hand over.
    ManageUser,
    /// On [`Target::Grant`]: give or take back.
    GrantRole,
    /// On [`Target::ServiceAccount`]: the account and its credentials, never a secret.
    SeeServiceAccount,
    /// On [`Target::ServiceAccount`], and [`Target::Organisation`] for a new one: make, change, end, give it secrets.
    ManageServiceAccounts,
    /// On [`Target::Webhook`]: its settings, and the log of its deliveries.
    SeeWebhook,
    /// On [`Target::Webhook`], and [`Target::Organisation`] for new ones.
    ManageWebhooks,
    /// On [`Target::Organisation`]: make the body's plan of a year.
    CreatePlan,
    /// On [`Target::Plan`]: the plan itself, its revisions and their documents.
    SeePlan,
    /// On [`Target::Plan`]: what it holds now: sections, checks, matrix, document; and whether its
    /// list of risks is more than empty.
    SeePlanParts,
    /// On [`Target::Plan`]: its fields, sections, policy version, order of goals.
    EditPlan,
    /// On [`Target::Plan`].
    Propose,
    /// On [`Target::Plan`]: return, adopt, revise, deliver, close.
    RecordDecision,
    /// On [`Target::Plan`].
    CreateRisk,
    /// On [`Target::Risk`], and [`Target::Part`] for its controls and actions.
    SeeRisk,
    /// On [`Target::Risk`]: its fields.
    ChangeRisk,
    /// On [`Target::Risk`].
    AssessRisk,
    /// On [`Target::Risk`] or [`Target::Part`]: make, change and remove controls and actions.
    ChangeControls,
    /// On [`Target::Risk`]: setting aside, taking in, retiring.
    DecideInclusion,
    /// On [`Target::Risk`].
    DeleteRisk,
    /// On [`Target::Part`]: report the status of a control or an action.
    Report,
    /// On [`Target::Plan`], and [`Target::Part`] for one control or action: statuses, periods and reports before the board
    /// has decided on them.
    SeeFollowUp,
    /// On [`Target::Organisation`], [`Target::Plan`] or [`Target::Risk`]: the log with its drafts.
    SeeHistory,
    /// On [`Target::Organisation`]: a deficiency in the internal control.
    ReportDeficiency,
    /// On [`Target::Deficiency`].
    SeeDeficiency,
    /// On [`Target::Deficiency`]: change, close and reopen.
    ChangeDeficiency,
    /// On [`Target::Deficiency`]: record what was done about a suspicion of crime.
    HandleCrime,
    /// On [`Target::Organisation`] for new ones, and [`Target::AuditRecord`]: recommendations and audit opinions; close
    /// and reopen a recommendation.
    WriteRecommendation,
    /// On [`Target::AuditRecord`]: recommendations with their dialogue, and audit opinions.
    SeeRecommendation,
    /// On [`Target::AuditRecord`]: the body's side of the dialogue, who answers for it, the actions that meet it.
    AnswerRecommendation,
    /// On [`Target::Outcome`].
    SeeOutcome,
    /// On [`Target::Outcome`], and [`Target::Organisation`] for many at once.
    WriteOutcome,
}

impl Verb {
    /// Every verb.
    pub const ALL: &'static [Self] = &[
        Self::SeeCommon,
        Self::ManageOrganisations,
        Self::ManageRegionSettings,
        Self::ManageBodySettings,
        Self::SeeUser,
        Self::ManageUser,
        Self::GrantRole,
        Self::SeeServiceAccount,
        Self::ManageServiceAccounts,
        Self::SeeWebhook,
        Self::ManageWebhooks,
        Self::CreatePlan,
        Self::SeePlan,
        Self::SeePlanParts,
        Self::EditPlan,
        Self::Propose,
        Self::RecordDecision,
        Self::CreateRisk,
        Self::SeeRisk,
        Self::ChangeRisk,
        Self::AssessRisk,
        Self::ChangeControls,
        Self::DecideInclusion,
        Self::DeleteRisk,
        Self::Report,
        Self::SeeFollowUp,
        Self::SeeHistory,
        Self::ReportDeficiency,
        Self::SeeDeficiency,
        Self::ChangeDeficiency,
        Self::HandleCrime,
        Self::WriteRecommendation,
        Self::SeeRecommendation,
        Self::AnswerRecommendation,
        Self::SeeOutcome,
        Self::WriteOutcome,
    ];
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// 404, or `unknownReference` for an id in a body: as if it did not exist.
    Hidden,
    /// 403: may see it, but not do this.
    Forbidden,
    Allowed,
}

/// How far a role reaches for a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Everything at or below the organisation of the grant.
    Below,
    /// Everything at or below the body that the organisation of the grant belongs to.
    Body,
    /// As `Below`, where the grant shows drafts.
    WithDrafts,
    /// As `Below`, once the plan has an adopted revision.
    OnceAdopted,
    /// As `Below`, while what stands in the plan is the adopted.
    WhileAdopted,
    /// As `Body`, for the risk's owner.
    Owned,
    /// As `Body`, for whoever is responsible for a control or an action, or answers for a recommendation.
    Responsible,
    /// As `Body`, while no crime is suspected.
    Unsuspected,
    /// As `WithDrafts`, while no crime is suspected.
    UnsuspectedWithDrafts,
    /// As `Below`, but only what is the region's own: it stands at the root.
    RegionsOwn,
    /// As `Below`, but not what is the region's own.
    BodysOwn,
    /// As `Below`, where every role concerned is one that this role may give, there.
    Giveable,
}

/// THE table: who holds a verb, and how far they reach. Everyone signed in holds `SeeCommon`, and
/// sees themselves. `ReadScope` stands wherever `Auditor` reads, and nowhere else.
const fn holders(verb: Verb) -> &'static [(Holder, Reach)] {
    use Holder::*;
    use Reach::*;
    match verb {
        Verb::SeeCommon => &[],

        Verb::ManageOrganisations => &[(RegionAdministrator, Below)],
        Verb::ManageRegionSettings => &[(RegionAdministrator, RegionsOwn)],
        Verb::ManageBodySettings => &[(Controller, BodysOwn)],

        // A risk owner names those responsible for controls and actions, so must see them.
        Verb::SeeUser => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
        ],
        Verb::ManageUser | Verb::GrantRole => &[(RegionAdministrator, Giveable), (Controller, Giveable)],

        // Who answers for a body knows which systems read it.
        Verb::SeeServiceAccount => {
            &[(RegionAdministrator, Below), (Controller, Body), (Head, Body), (Auditor, Below), (ReadScope, Below)]
        }
        // A scope reads as much as an auditor, and only the regional office gives as much.
        Verb::ManageServiceAccounts => &[(RegionAdministrator, Below)],
        // Where the register's events are told is a matter for the region's office, and for auditors to know.
        Verb::SeeWebhook => {
            &[(RegionAdministrator, Below), (Auditor, Below), (ReadScope, Below), (WebhooksScope, Below)]
        }
        Verb::ManageWebhooks => &[(RegionAdministrator, Below), (WebhooksScope, Below)],

        Verb::SeePlan => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (Reader, WithDrafts),
            (Reader, OnceAdopted),
        ],
        Verb::SeePlanParts => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (Reader, WithDrafts),
            (Reader, WhileAdopted),
        ],
        Verb::CreatePlan | Verb::EditPlan | Verb::RecordDecision | Verb::CreateRisk => &[(Controller, Below)],
        Verb::Propose => &[(Controller, Below), (Head, Below)],

        Verb::SeeRisk => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (Reader, WithDrafts),
            (Reader, WhileAdopted),
            (Performer, Responsible),
        ],
        Verb::ChangeRisk | Verb::AssessRisk | Verb::ChangeControls => &[(Controller, Below), (RiskOwner, Owned)],
        Verb::DecideInclusion | Verb::DeleteRisk => &[(Controller, Below)],
        Verb::Report => &[
            (Controller, Below),
            (RiskOwner, Owned),
            (RiskOwner, Responsible),
            (Performer, Responsible),
            (Head, Owned),
            (Head, Responsible),
            (Controller, Owned),
            (Controller, Responsible),
        ],

        Verb::SeeFollowUp => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (Reader, WithDrafts),
            (Performer, Responsible),
        ],
        Verb::SeeHistory => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (Reader, WithDrafts),
        ],
        Verb::ReportDeficiency => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Performer, Body),
            (Reader, Body),
        ],
        // A suspicion of crime is for those who must act on it, and for those who oversee them. Whoever put a deficiency
        // into the register sees it: that stands in `holds`.
        Verb::SeeDeficiency => &[
            (RegionAdministrator, Below),
            (Controller, Below),
            (Controller, Unsuspected),
            (Head, Below),
            (Head, Unsuspected),
            (RiskOwner, Unsuspected),
            (Auditor, Below),
            (ReadScope, Below),
            (Reader, UnsuspectedWithDrafts),
        ],
        Verb::ChangeDeficiency => &[(Controller, Below), (Head, Below)],
        Verb::HandleCrime => &[(Head, Below)],

        Verb::WriteRecommendation => &[(Auditor, Below)],
        Verb::SeeRecommendation => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (Reader, Below),
            (Reader, Responsible),
            (Performer, Responsible),
        ],
        Verb::AnswerRecommendation => &[
            (Controller, Below),
            (Head, Below),
            (Controller, Responsible),
            (Head, Responsible),
            (RiskOwner, Responsible),
            (Performer, Responsible),
            (Reader, Responsible),
        ],

        // Indicators are seen by everyone; what they came to by those who have to do with the body.
        Verb::SeeOutcome => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Performer, Body),
            (Reader, Below),
            (Auditor, Below),
            (ReadScope, Below),
            (OutcomesScope, Below),
        ],
        Verb::WriteOutcome => &[(Controller, Below), (OutcomesScope, Below)],
    }
}

/// May a holder of the first role give the second, where they hold it? Nobody gives more than they
/// hold: a controller gives nothing as high as their own role, and only the regional office gives
/// the others.
pub fn may_give(giver: Holder, given: Role) -> bool {
    match giver {
        Holder::RegionAdministrator => true,
        Holder::Controller => matches!(given, Role::RiskOwner | Role::Performer | Role::Reader),
        _ => false,
    }
}

/// May this user, with these grants, do this to that? A verb about the wrong kind of object is
/// denied.
pub fn decide(user: Uuid, grants: &[Grant], verb: Verb, target: &Target) -> Decision {
    if !sees(user, grants, target) {
        Decision::Hidden
    } else if holds(user, grants, verb, target) {
        Decision::Allowed
    } else {
        Decision::Forbidden
    }
}

/// May the object be known to exist?
fn sees(user: Uuid, grants: &[Grant], target: &Target) -> bool {
    let see = match target {
        Target::Common | Target::Organisation { .. } | Target::Settings { .. } | Target::Grant(_) => Verb::SeeCommon,
        Target::User { .. } => Verb::SeeUser,
        Target::ServiceAccount { .. } => Verb::SeeServiceAccount,
        Target::Webhook { .. } => Verb::SeeWebhook,
        Target::Plan(_) => Verb::SeePlan,
        Target::Risk(_) | Target::Part { .. } => Verb::SeeRisk,
        Target::Deficiency(_) => Verb::SeeDeficiency,
        Target::AuditRecord { .. } => Verb::SeeRecommendation,
        Target::Outcome { .. } => Verb::SeeOutcome,
    };
    holds(user, grants, see, target)
}

fn holds(user: Uuid, grants: &[Grant], verb: Verb, target: &Target) -> bool {
    if !concerns(verb, target) {
        return false;
    }
    let for_everyone = match (verb, target) {
        (Verb::SeeCommon, _) => true,
        (Verb::SeeUser, Target::User { is_self, .. }) => *is_self,
        (Verb::SeeServiceAccount, Target::ServiceAccount { is_self, .. }) => *is_self,
        (Verb::SeeDeficiency, Target::Deficiency(deficiency)) => deficiency.reporter == user,
        _ => false,
    };
    for_everyone
        || holders(verb).iter().any(|(holder, reach)| {
            grants.iter().any(|grant| grant.holder == *holder && reaches(user, grant, *reach, verb, target))
        })
}

/// Which kinds of objects a verb is about.
fn concerns(verb: Verb, target: &Target) -> bool {
    match verb {
        Verb::SeeCommon => {
            matches!(target, Target::Common | Target::Organisation { .. } | Target::Settings { .. } | Target::Grant(_))
        }
        Verb::ManageOrganisations | Verb::CreatePlan | Verb::ReportDeficiency => {
            matches!(target, Target::Organisation { .. })
        }
        Verb::SeeDeficiency | Verb::ChangeDeficiency | Verb::HandleCrime => matches!(target, Target::Deficiency(_)),
        Verb::WriteRecommendation => matches!(target, Target::Organisation { .. } | Target::AuditRecord { .. }),
        Verb::SeeRecommendation | Verb::AnswerRecommendation => matches!(target, Target::AuditRecord { .. }),
        Verb::SeeOutcome => matches!(target, Target::Outcome { .. }),
        Verb::WriteOutcome => matches!(target, Target::Outcome { .. } | Target::Organisation { .. }),
        Verb::ManageRegionSettings | Verb::ManageBodySettings => {
            matches!(target, Target::Settings { .. })
        }
        Verb::SeeUser | Verb::ManageUser => matches!(target, Target::User { .. }),
        Verb::GrantRole => matches!(target, Target::Grant(_)),
        Verb::SeeServiceAccount => matches!(target, Target::ServiceAccount { .. }),
        Verb::ManageServiceAccounts => matches!(target, Target::ServiceAccount { .. } | Target::Organisation { .. }),
        Verb::SeeWebhook => matches!(target, Target::Webhook { .. }),
        Verb::ManageWebhooks => matches!(target, Target::Webhook { .. } | Target::Organisation { .. }),
        Verb::SeePlan
        | Verb::SeePlanParts
        | Verb::EditPlan
        | Verb::Propose
        | Verb::RecordDecision
        | Verb::CreateRisk => matches!(target, Target::Plan(_)),
        Verb::ChangeRisk | Verb::AssessRisk | Verb::DecideInclusion | Verb::DeleteRisk => {
            matches!(target, Target::Risk(_))
        }
        Verb::SeeRisk | Verb::ChangeControls => {
            matches!(target, Target::Risk(_) | Target::Part { .. })
        }
        Verb::Report => matches!(target, Target::Part { .. }),
        Verb::SeeFollowUp => matches!(target, Target::Plan(_) | Target::Part { .. }),
        Verb::SeeHistory => {
            matches!(target, Target::Organisation { .. } | Target::Plan(_) | Target::Risk(_))
        }
    }
}

fn reaches(user: Uuid, grant: &Grant, reach: Reach, verb: Verb, target: &Target) -> bool {
    let path = path_of(target);
    let below = covers(&grant.organisation_path, path);
    let body = covers(&grant.body_path, path);
    match reach {
        Reach::Below => below,
        Reach::Body => body,
        Reach::WithDrafts => below && grant.drafts,
        Reach::OnceAdopted => below && plan_of(target).is_some_and(|(_, revision)| revision.is_some()),
        Reach::WhileAdopted => {
            below && plan_of(target).is_some_and(|(status, revision)| shows_adopted(status, revision))
        }
        Reach::Owned => body && risk_of(target).is_some_and(|risk| risk.owner == Some(user)),
        Reach::Responsible => body && is_responsible(user, verb, target),
        Reach::Unsuspected => body && is_unsuspected(target),
        Reach::UnsuspectedWithDrafts => below && grant.drafts && is_unsuspected(target),
        Reach::RegionsOwn => below && path.len() == 1,
        Reach::BodysOwn => below && path.len() > 1,
        Reach::Giveable => {
            below
                && concerned_roles(target)
                    .iter()
                    .all(|held| may_give(grant.holder, held.role) && covers(&grant.organisation_path, &held.path))
        }
    }
}

/// Does the first path lead to the second, or to an organisation above it?
pub fn covers(path: &[Uuid], target: &[Uuid]) -> bool {
    !path.is_empty() && target.starts_with(path)
}

/// In these the plan's parts are those of its newest adopted revision.
fn shows_adopted(status: PlanStatus, revision: Option<i32>) -> bool {
    revision.is_some() && matches!(status, PlanStatus::Adopted | PlanStatus::Closed)
}

fn path_of(target: &Target) -> &[Uuid] {
    match target {
        Target::Common => &[],
        Target::Organisation { path }
        | Target::Settings { path }
        | Target::User { path, .. }
        | Target::ServiceAccount { path, .. }
        | Target::Webhook { path } => path,
        Target::Grant(held) => &held.path,
        Target::Plan(plan) => &plan.path,
        Target::Risk(risk) | Target::Part { risk, .. } => &risk.path,
        Target::Deficiency(deficiency) => &deficiency.path,
        Target::AuditRecord { path, .. } | Target::Outcome { path } => path,
    }
}

fn plan_of(target: &Target) -> Option<(PlanStatus, Option<i32>)> {
    match target {
        Target::Plan(plan) => Some((plan.status, plan.adopted_revision)),
        Target::Risk(risk) | Target::Part { risk, .. } => Some((risk.status, risk.adopted_revision)),
        _ => None,
    }
}

fn risk_of(target: &Target) -> Option<&RiskTarget> {
    match target {
        Target::Risk(risk) | Target::Part { risk, .. } => Some(risk),
        _ => None,
    }
}

fn is_unsuspected(target: &Target) -> bool {
    matches!(target, Target::Deficiency(deficiency) if !deficiency.suspected_crime)
}

/// Reading reaches from one control or action to the whole risk; reporting does not.
fn is_responsible(user: Uuid, verb: Verb, target: &Target) -> bool {
    match (verb, target) {
        (Verb::Report, Target::Part { responsible, .. }) | (_, Target::AuditRecord { responsible, .. }) => {
            *responsible == Some(user)
        }
        _ => risk_of(target).is_some_and(|risk| risk.responsibles.contains(&user)),
    }
}

/// The roles that are at stake: the one given, or those that the user holds.
fn concerned_roles(target: &Target) -> &[Held] {
    match target {
        Target::User { held, .. } => held,
        Target::Grant(held) => std::slice::from_ref(held),
        _ => &[],
    }
}

/// What a user sees of plans and risks, as paths to filter lists by. Holds no path that another
/// one of the same list covers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Below these everything is seen: plans, risks, drafts.
    pub full: Vec<Vec<Uuid>>,
    /// Below these a plan is seen once it has an adopted revision, and its parts and risks while
    /// its status is adopted or closed.
    pub adopted: Vec<Vec<Uuid>>,
    /// Below these the risks are seen, whatever the status, for whose controls or actions the user
    /// is responsible. Plans are not.
    pub performer: Vec<Vec<Uuid>>,
}

impl Scope {
    /// Is the plan in the scope? Agrees with [`decide`] for [`Verb::SeePlan`].
    pub fn holds_plan(&self, plan: &PlanTarget) -> bool {
        covered(&self.full, &plan.path) || (plan.adopted_revision.is_some() && covered(&self.adopted, &plan.path))
    }

    /// Is the risk in the scope? Agrees with [`decide`] for [`Verb::SeeRisk`].
    pub fn holds_risk(&self, user: Uuid, risk: &RiskTarget) -> bool {
        covered(&self.full, &risk.path)
            || (shows_adopted(risk.status, risk.adopted_revision) && covered(&self.adopted, &risk.path))
            || (risk.responsibles.contains(&user) && covered(&self.performer, &risk.path))
    }

    /// Nothing at all is seen.
    pub fn is_empty(&self) -> bool {
        self.full.is_empty() && self.adopted.is_empty() && self.performer.is_empty()
    }
}

/// The scope of a user's grants, read from the line of [`Verb::SeeRisk`] in the table, so that
/// lists and single objects cannot disagree.
pub fn visible_scope(grants: &[Grant]) -> Scope {
    let mut scope = Scope::default();
    for (holder, reach) in holders(Verb::SeeRisk) {
        for grant in grants.iter().filter(|grant| grant.holder == *holder) {
            match reach {
                Reach::Below => scope.full.push(grant.organisation_path.clone()),
                Reach::Body => scope.full.push(grant.body_path.clone()),
                Reach::WithDrafts if grant.drafts => scope.full.push(grant.organisation_path.clone()),
                Reach::WhileAdopted => scope.adopted.push(grant.organisation_path.clone()),
                Reach::Responsible => scope.performer.push(grant.body_path.clone()),
                // Not used for seeing risks; a test holds the scope and the table together.
                _ => {}
            }
        }
    }
    for paths in [&mut scope.full, &mut scope.adopted, &mut scope.performer] {
        keep_outermost(paths);
    }
    scope
}

/// Below these paths every person is seen, besides oneself; read from the line of [`Verb::SeeUser`] in the table.
pub fn visible_people(grants: &[Grant]) -> Vec<Vec<Uuid>> {
    visible_below(Verb::SeeUser, grants)
}

/// Below these paths every service account is seen, besides itself.
pub fn visible_service_accounts(grants: &[Grant]) -> Vec<Vec<Uuid>> {
    visible_below(Verb::SeeServiceAccount, grants)
}

fn visible_below(verb: Verb, grants: &[Grant]) -> Vec<Vec<Uuid>> {
    let mut paths = Vec::new();
    for (holder, reach) in holders(verb) {
        for grant in grants.iter().filter(|grant| grant.holder == *holder) {
            match reach {
                Reach::Below => paths.push(grant.organisation_path.clone()),
                Reach::Body => paths.push(grant.body_path.clone()),
                // What is seen of some things only is added by those who ask; tests hold the paths and the table together.
                _ => {}
            }
        }
    }
    keep_outermost(&mut paths);
    paths
}

/// Below these paths every webhook is seen.
pub fn visible_webhooks(grants: &[Grant]) -> Vec<Vec<Uuid>> {
    visible_below(Verb::SeeWebhook, grants)
}

/// Below these paths every outcome is seen.
pub fn visible_outcomes(grants: &[Grant]) -> Vec<Vec<Uuid>> {
    visible_below(Verb::SeeOutcome, grants)
}

/// What a user sees of deficiencies, besides those that they put into the register themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeficiencyScope {
    /// Below these every one is seen.
    pub all: Vec<Vec<Uuid>>,
    /// Below these those are seen in which no crime is suspected.
    pub unsuspected: Vec<Vec<Uuid>>,
}

/// Agrees with [`decide`] for [`Verb::SeeDeficiency`]: read from its line in the table.
pub fn visible_deficiencies(grants: &[Grant]) -> DeficiencyScope {
    let mut scope = DeficiencyScope { all: visible_below(Verb::SeeDeficiency, grants), unsuspected: Vec::new() };
    for (holder, reach) in holders(Verb::SeeDeficiency) {
        for grant in grants.iter().filter(|grant| grant.holder == *holder) {
            match reach {
                Reach::Unsuspected => scope.unsuspected.push(grant.body_path.clone()),
                Reach::UnsuspectedWithDrafts if grant.drafts => {
                    scope.unsuspected.push(grant.organisation_path.clone());
                }
                _ => {}
            }
        }
    }
    keep_outermost(&mut scope.unsuspected);
    scope
}

/// Below these paths a suspicion of crime is this user's to act on.
pub fn handles_crime(grants: &[Grant]) -> Vec<Vec<Uuid>> {
    visible_below(Verb::HandleCrime, grants)
}

/// What a user sees of recommendations and audit opinions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditRecordScope {
    /// Below these every one is seen.
    pub all: Vec<Vec<Uuid>>,
    /// Below these those are seen that the user answers for.
    pub responsible: Vec<Vec<Uuid>>,
}

/// Agrees with [`decide`] for [`Verb::SeeRecommendation`]: read from its line in the table.
pub fn visible_audit_records(grants: &[Grant]) -> AuditRecordScope {
    let mut scope = AuditRecordScope { all: visible_below(Verb::SeeRecommendation, grants), responsible: Vec::new() };
    for (holder, _) in holders(Verb::SeeRecommendation).iter().filter(|(_, reach)| *reach == Reach::Responsible) {
        let theirs = grants.iter().filter(|grant| grant.holder == *holder);
        scope.responsible.extend(theirs.map(|grant| grant.body_path.clone()));
    }
    keep_outermost(&mut scope.responsible);
    scope
}

fn covered(paths: &[Vec<Uuid>], target: &[Uuid]) -> bool {
    paths.iter().any(|path| covers(path, target))
}

fn keep_outermost(paths: &mut Vec<Vec<Uuid>>) {
    // Sorted, a path comes right after the one that covers it, or after others that one covers.
    paths.retain(|path| !path.is_empty());
    paths.sort();
    paths.dedup_by(|later, kept| covers(kept, later));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ME: Uuid = Uuid::from_u128(7);
    const OTHER: Uuid = Uuid::from_u128(8);

    /// A small region: the root, two boards, in each a division, in that a unit.
    fn path(ids: &[u128]) -> Vec<Uuid> {
        ids.iter().map(|id| Uuid::from_u128(*id)).collect()
    }

    const PLACES: [&[u128]; 7] = [&[1], &[1, 2], &[1, 2, 3], &[1, 2, 3, 4], &[1, 12], &[1, 12, 13], &[1, 12, 13, 14]];

    fn grant(holder: impl Into<Holder>, at: &[u128], drafts: bool) -> Grant {
        // The bodies are the second step; the root stands for itself.
        Grant { holder: holder.into(), organisation_path: path(at), body_path: path(&at[..at.len().min(2)]), drafts }
    }

    fn plan_at(at: &[u128], status: PlanStatus, adopted_revision: Option<i32>) -> PlanTarget {
        PlanTarget { path: path(at), status, adopted_revision }
    }

    fn risk_at(at: &[u128], status: PlanStatus, mine: bool) -> RiskTarget {
        let someone = if mine { ME } else { OTHER };
        RiskTarget {
            path: path(at),
            status,
            adopted_revision: (status == PlanStatus::Adopted).then_some(1),
            owner: Some(someone),
            responsibles: vec![OTHER, someone],
        }
    }

    fn deficiency_at(at: &[u128], suspected_crime: bool, mine: bool) -> DeficiencyTarget {
        DeficiencyTarget { path: path(at), suspected_crime, reporter: if mine { ME } else { OTHER } }
    }

    /// The object that a verb is tried on, in the first board.
    fn target(verb: Verb, status: PlanStatus, mine: bool) -> Target {
        let body = path(&[1, 2]);
        let risk = risk_at(&[1, 2], status, mine);
        let held = Held { role: Role::Performer, path: body.clone() };
        match verb {
            Verb::SeeCommon => Target::Common,
            Verb::ManageOrganisations | Verb::CreatePlan | Verb::ReportDeficiency | Verb::WriteRecommendation => {
                Target::Organisation { path: body }
            }
            Verb::SeeDeficiency | Verb::ChangeDeficiency | Verb::HandleCrime => {
                Target::Deficiency(deficiency_at(&[1, 2], false, mine))
            }
            Verb::SeeRecommendation | Verb::AnswerRecommendation => {
                Target::AuditRecord { path: body, responsible: Some(if mine { ME } else { OTHER }) }
            }
            Verb::SeeOutcome | Verb::WriteOutcome => Target::Outcome { path: body },
            Verb::ManageRegionSettings => Target::Settings { path: path(&[1]) },
            Verb::ManageBodySettings => Target::Settings { path: body },
            Verb::SeeUser | Verb::ManageUser => Target::User { path: body, is_self: false, held: vec![held] },
            Verb::GrantRole => Target::Grant(held),
            Verb::SeeServiceAccount | Verb::ManageServiceAccounts => {
                Target::ServiceAccount { path: body, is_self: false }
            }
            Verb::SeeWebhook | Verb::ManageWebhooks => Target::Webhook { path: body },
            Verb::SeePlan
            | Verb::SeePlanParts
            | Verb::EditPlan
            | Verb::Propose
            | Verb::RecordDecision
            | Verb::CreateRisk
            | Verb::SeeFollowUp
            | Verb::SeeHistory => Target::Plan(plan_at(&[1, 2], status, (status == PlanStatus::Adopted).then_some(1))),
            Verb::SeeRisk
            | Verb::ChangeRisk
            | Verb::AssessRisk
            | Verb::ChangeControls
            | Verb::DecideInclusion
            | Verb::DeleteRisk => Target::Risk(risk),
            Verb::Report => Target::Part { risk, responsible: Some(if mine { ME } else { OTHER }) },
        }
    }

    fn grid(status: PlanStatus, mine: bool, verbs: &[Verb]) -> String {
        let mut grid = String::new();
        for verb in verbs {
            let holders = [
                vec![],
                vec![grant(Role::RegionAdministrator, &[1], false)],
                vec![grant(Role::Head, &[1, 2], false)],
                vec![grant(Role::Controller, &[1, 2], false)],
                vec![grant(Role::RiskOwner, &[1, 2, 3], false)],
                vec![grant(Role::Performer, &[1, 2, 3], false)],
                vec![grant(Role::Reader, &[1, 2], false)],
                vec![grant(Role::Reader, &[1, 2], true)],
                vec![grant(Role::Auditor, &[1, 2], false)],
            ];
            grid += &format!("{:<21}", format!("{verb:?}"));
            for grants in holders {
                grid += match decide(ME, &grants, *verb, &target(*verb, status, mine)) {
                    Decision::Hidden => " -",
                    Decision::Forbidden => " n",
                    Decision::Allowed => " Y",
                };
            }
            grid += "\n";
        }
        grid
    }

    /// Columns: nobody, region administrator (root), head, controller (board), risk owner,
    /// performer (division of the board), reader, reader of drafts, auditor (board).
    /// `Y` allowed, `n` 403, `-` 404.
    #[test]
    fn the_table_in_an_adopted_plan_on_others_things() {
        assert_eq!(
            grid(PlanStatus::Adopted, false, Verb::ALL),
            "\
SeeCommon             Y Y Y Y Y Y Y Y Y
ManageOrganisations   n Y n n n n n n n
ManageRegionSettings  n Y n n n n n n n
ManageBodySettings    n n n Y n n n n n
SeeUser               - Y Y Y Y - - - Y
ManageUser            - Y n Y n - - - n
GrantRole             n Y n Y n n n n n
SeeServiceAccount     - Y Y Y - - - - Y
ManageServiceAccounts - Y n n - - - - n
SeeWebhook            - Y - - - - - - Y
ManageWebhooks        - Y - - - - - - n
CreatePlan            n n n Y n n n n n
SeePlan               - Y Y Y Y - Y Y Y
SeePlanParts          - Y Y Y Y - Y Y Y
EditPlan              - n n Y n - n n n
Propose               - n Y Y n - n n n
RecordDecision        - n n Y n - n n n
CreateRisk            - n n Y n - n n n
SeeRisk               - Y Y Y Y - Y Y Y
ChangeRisk            - n n Y n - n n n
AssessRisk            - n n Y n - n n n
ChangeControls        - n n Y n - n n n
DecideInclusion       - n n Y n - n n n
DeleteRisk            - n n Y n - n n n
Report                - n n Y n - n n n
SeeFollowUp           - Y Y Y Y - n Y Y
SeeHistory            - Y Y Y Y - n Y Y
ReportDeficiency      n Y Y Y Y Y Y Y n
SeeDeficiency         - Y Y Y Y - - Y Y
ChangeDeficiency      - n Y Y n - - n n
HandleCrime           - n Y n n - - n n
WriteRecommendation   n n n n n n n n Y
SeeRecommendation     - Y Y Y Y - Y Y Y
AnswerRecommendation  - n Y Y n - n n n
SeeOutcome            - Y Y Y Y Y Y Y Y
WriteOutcome          - n n Y n n n n n
"
        );
    }

    #[test]
    fn what_one_reported_or_answers_for() {
        use Verb::*;
        let verbs = [SeeDeficiency, ChangeDeficiency, HandleCrime, SeeRecommendation, AnswerRecommendation];
        assert_eq!(
            grid(PlanStatus::Adopted, true, &verbs),
            "\
SeeDeficiency         Y Y Y Y Y Y Y Y Y
ChangeDeficiency      n n Y Y n n n n n
HandleCrime           n n Y n n n n n n
SeeRecommendation     - Y Y Y Y Y Y Y Y
AnswerRecommendation  - n Y Y Y Y Y Y n
"
        );
    }

    #[test]
    fn a_suspicion_of_crime_is_for_few() {
        let suspected = Target::Deficiency(deficiency_at(&[1, 2], true, false));
        let sees = |holder: Holder, at: &[u128], drafts| {
            decide(ME, &[grant(holder, at, drafts)], Verb::SeeDeficiency, &suspected) == Decision::Allowed
        };
        for holder in
            [Holder::RegionAdministrator, Holder::Head, Holder::Controller, Holder::Auditor, Holder::ReadScope]
        {
            assert!(sees(holder, &[1, 2], false), "{holder:?}");
            // From a part of the body one does not see what is suspected in another.
            assert!(!sees(holder, &[1, 2, 3], false), "{holder:?}");
        }
        for holder in
            [Holder::RiskOwner, Holder::Performer, Holder::Reader, Holder::WebhooksScope, Holder::OutcomesScope]
        {
            assert!(!sees(holder, &[1, 2], true), "{holder:?}");
        }
    }

    #[test]
    fn the_table_in_a_first_draft() {
        use Verb::*;
        assert_eq!(
            grid(PlanStatus::Draft, false, &[SeePlan, SeePlanParts, EditPlan, SeeRisk, SeeHistory]),
            "\
SeePlan               - Y Y Y Y - - Y Y
SeePlanParts          - Y Y Y Y - - Y Y
EditPlan              - n n Y n - - n n
SeeRisk               - Y Y Y Y - - Y Y
SeeHistory            - Y Y Y Y - - Y Y
"
        );
    }

    #[test]
    fn the_table_on_a_risk_of_ones_own() {
        use Verb::*;
        let verbs = [SeeRisk, ChangeRisk, AssessRisk, ChangeControls, DecideInclusion, DeleteRisk, Report];
        assert_eq!(
            grid(PlanStatus::Adopted, true, &verbs),
            "\
SeeRisk               - Y Y Y Y Y Y Y Y
ChangeRisk            - n n Y Y n n n n
AssessRisk            - n n Y Y n n n n
ChangeControls        - n n Y Y n n n n
DecideInclusion       - n n Y n n n n n
DeleteRisk            - n n Y n n n n n
Report                - n Y Y Y Y n n n
"
        );
    }

    #[test]
    fn while_a_revision_is_drafted_a_reader_sees_the_plan_but_not_its_parts() {
        let reader = [grant(Role::Reader, &[1, 2], false)];
        let revised = plan_at(&[1, 2], PlanStatus::Draft, Some(1));
        let risk = risk_at(&[1, 2], PlanStatus::Draft, false);
        let answer = |verb, target: &Target| decide(ME, &reader, verb, target);
        assert_eq!(answer(Verb::SeePlan, &Target::Plan(revised.clone())), Decision::Allowed);
        assert_eq!(answer(Verb::SeePlanParts, &Target::Plan(revised)), Decision::Forbidden);
        assert_eq!(answer(Verb::SeeRisk, &Target::Risk(risk)), Decision::Hidden);
    }

    #[test]
    fn a_performer_reports_on_their_own_part_alone() {
        let performer = [grant(Role::Performer, &[1, 2], false)];
        let part = |responsible| Target::Part { risk: risk_at(&[1, 2], PlanStatus::Adopted, true), responsible };
        assert_eq!(decide(ME, &performer, Verb::Report, &part(Some(ME))), Decision::Allowed);
        assert_eq!(decide(ME, &performer, Verb::Report, &part(Some(OTHER))), Decision::Forbidden);
        assert_eq!(decide(ME, &performer, Verb::Report, &part(None)), Decision::Forbidden);
    }

    #[test]
    fn owning_a_risk_means_nothing_where_one_is_no_risk_owner() {
        let elsewhere = [
            grant(Role::Auditor, &[1, 2], false),
            grant(Role::RiskOwner, &[1, 12], false),
            grant(Role::Performer, &[1, 12], false),
        ];
        let risk = risk_at(&[1, 2], PlanStatus::Adopted, true);
        let part = Target::Part { risk: risk.clone(), responsible: Some(ME) };
        let own = Target::Risk(risk);
        assert_eq!(decide(ME, &elsewhere, Verb::SeeRisk, &own), Decision::Allowed);
        assert_eq!(decide(ME, &elsewhere, Verb::AssessRisk, &own), Decision::Forbidden);
        assert_eq!(decide(ME, &elsewhere, Verb::Report, &part), Decision::Forbidden);
    }

    #[test]
    fn nobody_gives_or_takes_over_more_than_they_hold() {
        let controller = [grant(Role::Controller, &[1, 2], false)];
        for role in Role::ALL {
            let lower = matches!(role, Role::RiskOwner | Role::Performer | Role::Reader);
            let expected = if lower { Decision::Allowed } else { Decision::Forbidden };
            let held = Held { role: *role, path: path(&[1, 2, 3]) };
            let give = Target::Grant(held.clone());
            assert_eq!(decide(ME, &controller, Verb::GrantRole, &give), expected);
            // Whoever may change an account may use it, so its roles count too.
            let user = Target::User { path: path(&[1, 2]), is_self: false, held: vec![held] };
            assert_eq!(decide(ME, &controller, Verb::ManageUser, &user), expected);
        }
        let elsewhere = Held { role: Role::Reader, path: path(&[1, 12]) };
        let user = Target::User { path: path(&[1, 2]), is_self: false, held: vec![elsewhere.clone()] };
        assert_eq!(decide(ME, &controller, Verb::ManageUser, &user), Decision::Forbidden);
        let give = Target::Grant(elsewhere);
        assert_eq!(decide(ME, &controller, Verb::GrantRole, &give), Decision::Forbidden);
    }

    #[test]
    fn one_sees_oneself() {
        let me = Target::User { path: path(&[1, 2]), is_self: true, held: vec![] };
        assert_eq!(decide(ME, &[], Verb::SeeUser, &me), Decision::Allowed);
        assert_eq!(decide(ME, &[], Verb::ManageUser, &me), Decision::Forbidden);
    }

    #[test]
    fn a_body_does_not_change_what_is_the_regions() {
        let at_the_root = [grant(Role::Controller, &[1], false)];
        let regions = Target::Settings { path: path(&[1]) };
        assert_eq!(decide(ME, &at_the_root, Verb::ManageBodySettings, &regions), Decision::Forbidden);
        let office = [grant(Role::RegionAdministrator, &[1], false)];
        let bodys = Target::Settings { path: path(&[1, 2]) };
        assert_eq!(decide(ME, &office, Verb::ManageRegionSettings, &bodys), Decision::Forbidden);
    }

    #[test]
    fn the_scope_holds_only_its_outermost_paths() {
        let scope = visible_scope(&[
            grant(Role::RiskOwner, &[1, 2, 3], false),
            grant(Role::Head, &[1, 2], false),
            grant(Role::Auditor, &[1, 2, 3, 4], false),
            grant(Role::Reader, &[1, 12], false),
            grant(Role::Performer, &[1, 12, 13], false),
        ]);
        assert_eq!(scope.full, [path(&[1, 2])]);
        assert_eq!(scope.adopted, [path(&[1, 12])]);
        assert_eq!(scope.performer, [path(&[1, 12])]);
        assert!(visible_scope(&[]).is_empty());
    }

    fn place() -> impl Strategy<Value = &'static [u128]> {
        prop::sample::select(&PLACES[..])
    }

    fn status() -> impl Strategy<Value = PlanStatus> {
        prop::sample::select(PlanStatus::ALL)
    }

    fn someone() -> impl Strategy<Value = Uuid> {
        prop::sample::select(&[ME, OTHER][..])
    }

    prop_compose! {
        fn any_grant()(holder in prop::sample::select(holders_of_any()), at in place(), drafts: bool) -> Grant {
            grant(holder, at, drafts)
        }
    }

    /// Every role and every scope.
    fn holders_of_any() -> Vec<Holder> {
        let roles = Role::ALL.iter().map(|role| Holder::from(*role));
        roles.chain(ServiceScope::ALL.iter().map(|scope| Holder::from(*scope))).collect()
    }

    fn grants() -> impl Strategy<Value = Vec<Grant>> {
        prop::collection::vec(any_grant(), 0..5)
    }

    prop_compose! {
        fn plan()(at in place(), status in status(), adopted_revision in prop::option::of(1..3i32)) -> PlanTarget {
            plan_at(at, status, adopted_revision)
        }
    }

    prop_compose! {
        fn risk()(
            at in place(), status in status(), adopted_revision in prop::option::of(1..3i32),
            owner in prop::option::of(someone()), responsibles in prop::collection::vec(someone(), 0..3),
        ) -> RiskTarget {
            RiskTarget { path: path(at), status, adopted_revision, owner, responsibles }
        }
    }

    prop_compose! {
        fn held()(role in prop::sample::select(Role::ALL), at in place()) -> Held {
            Held { role, path: path(at) }
        }
    }

    fn any_target() -> impl Strategy<Value = Target> {
        prop_oneof![
            Just(Target::Common),
            place().prop_map(|at| Target::Organisation { path: path(at) }),
            place().prop_map(|at| Target::Settings { path: path(at) }),
            (place(), any::<bool>(), prop::collection::vec(held(), 0..3))
                .prop_map(|(at, is_self, held)| Target::User { path: path(at), is_self, held }),
            held().prop_map(Target::Grant),
            (place(), any::<bool>()).prop_map(|(at, is_self)| Target::ServiceAccount { path: path(at), is_self }),
            place().prop_map(|at| Target::Webhook { path: path(at) }),
            plan().prop_map(Target::Plan),
            risk().prop_map(Target::Risk),
            (place(), any::<bool>(), any::<bool>())
                .prop_map(|(at, crime, mine)| Target::Deficiency(deficiency_at(at, crime, mine))),
            (place(), prop::option::of(someone()))
                .prop_map(|(at, responsible)| Target::AuditRecord { path: path(at), responsible }),
            place().prop_map(|at| Target::Outcome { path: path(at) }),
            (risk(), prop::option::of(someone())).prop_map(|(mut risk, responsible)| {
                // Whoever is responsible for the part is one of the risk's responsibles.
                risk.responsibles.extend(responsible);
                Target::Part { risk, responsible }
            }),
        ]
    }

    fn is_own_account(target: &Target) -> bool {
        matches!(target, Target::ServiceAccount { is_self: true, .. })
    }

    fn is_own_report(target: &Target) -> bool {
        matches!(target, Target::Deficiency(deficiency) if deficiency.reporter == ME)
    }

    fn verb() -> impl Strategy<Value = Verb> {
        prop::sample::select(Verb::ALL)
    }

    proptest! {
        #[test]
        fn without_a_grant_only_the_common_and_oneself_are_seen(verb in verb(), target in any_target()) {
            let answer = decide(ME, &[], verb, &target);
            if answer == Decision::Allowed {
                let sees_itself = verb == Verb::SeeUser && matches!(target, Target::User { is_self: true, .. })
                    || verb == Verb::SeeServiceAccount && is_own_account(&target)
                    || verb == Verb::SeeDeficiency && is_own_report(&target);
                prop_assert!(verb == Verb::SeeCommon || sees_itself);
            }
            let hidden = match &target {
                Target::Webhook { .. } | Target::Plan(_) | Target::Risk(_) | Target::Part { .. } => true,
                Target::AuditRecord { .. } | Target::Outcome { .. } => true,
                Target::Deficiency(_) => !is_own_report(&target),
                _ => false,
            };
            if hidden {
                prop_assert_eq!(answer, Decision::Hidden);
            }
        }

        #[test]
        fn a_verb_about_another_kind_of_thing_is_denied(grants in grants(), verb in verb(), target in any_target()) {
            if !concerns(verb, &target) {
                prop_assert_ne!(decide(ME, &grants, verb, &target), Decision::Allowed);
            }
        }

        /// Nothing outside the bodies of one's grants, and no change above where a grant stands,
        /// but for what one owns or is responsible for.
        #[test]
        fn reach_is_only_downwards(grant in any_grant(), verb in verb(), target in any_target()) {
            let free = match verb {
                Verb::SeeCommon => true,
                Verb::SeeUser => matches!(target, Target::User { is_self: true, .. }),
                Verb::SeeServiceAccount => is_own_account(&target),
                Verb::SeeDeficiency => is_own_report(&target),
                _ => false,
            };
            let allowed = decide(ME, std::slice::from_ref(&grant), verb, &target) == Decision::Allowed;
            if allowed && !free {
                prop_assert!(covers(&grant.body_path, path_of(&target)));
                let reads = matches!(verb, Verb::SeeUser | Verb::SeeServiceAccount | Verb::SeePlan | Verb::SeePlanParts
                    | Verb::SeeFollowUp | Verb::SeeRisk | Verb::SeeHistory | Verb::ReportDeficiency | Verb::SeeDeficiency
                    | Verb::SeeRecommendation | Verb::SeeOutcome);
                let concerned = risk_of(&target).is_some_and(|risk| risk.owner == Some(ME)
                    || risk.responsibles.contains(&ME))
                    || matches!(target, Target::Part { responsible: Some(ME), .. }
                        | Target::AuditRecord { responsible: Some(ME), .. });
                prop_assert!(reads || concerned || covers(&grant.organisation_path, path_of(&target)));
            }
        }

        #[test]
        fn fewer_grants_never_allow_more(
            grants in grants(), kept in prop::collection::vec(any::<bool>(), 5), verb in verb(), target in any_target(),
        ) {
            let fewer: Vec<Grant> =
                grants.iter().zip(kept).filter(|(_, keep)| *keep).map(|(grant, _)| grant.clone()).collect();
            prop_assert!(decide(ME, &fewer, verb, &target) <= decide(ME, &grants, verb, &target));
        }

        #[test]
        fn lists_and_single_objects_agree(grants in grants(), risk in risk(), plan in plan()) {
            let scope = visible_scope(&grants);
            let seen = |verb, target: Target| decide(ME, &grants, verb, &target) == Decision::Allowed;
            prop_assert_eq!(scope.holds_risk(ME, &risk), seen(Verb::SeeRisk, Target::Risk(risk.clone())));
            prop_assert_eq!(scope.holds_plan(&plan), seen(Verb::SeePlan, Target::Plan(plan.clone())));
        }

        #[test]
        fn lists_of_people_and_single_people_agree(
            grants in grants(), at in place(), held in prop::collection::vec(held(), 0..3),
        ) {
            let person = Target::User { path: path(at), is_self: false, held };
            let listed = covered(&visible_people(&grants), &path(at));
            prop_assert_eq!(listed, decide(ME, &grants, Verb::SeeUser, &person) == Decision::Allowed);
        }

        #[test]
        fn lists_of_service_accounts_and_single_accounts_agree(grants in grants(), at in place()) {
            let account = Target::ServiceAccount { path: path(at), is_self: false };
            let listed = covered(&visible_service_accounts(&grants), &path(at));
            prop_assert_eq!(listed, decide(ME, &grants, Verb::SeeServiceAccount, &account) == Decision::Allowed);
        }

        /// What a service account reads is what an auditor reads; what an auditor writes, nothing but an auditor does.
        #[test]
        fn the_scope_read_is_an_auditor_who_never_writes(at in place(), verb in verb(), target in any_target()) {
            let auditor = decide(ME, &[grant(Role::Auditor, at, false)], verb, &target);
            let scope = decide(ME, &[grant(ServiceScope::Read, at, false)], verb, &target);
            if verb == Verb::WriteRecommendation {
                prop_assert_ne!(scope, Decision::Allowed);
            } else {
                prop_assert_eq!(scope, auditor);
            }
        }

        #[test]
        fn lists_of_webhooks_and_single_ones_agree(grants in grants(), at in place()) {
            let one = Target::Webhook { path: path(at) };
            let listed = covered(&visible_webhooks(&grants), &path(at));
            prop_assert_eq!(listed, decide(ME, &grants, Verb::SeeWebhook, &one) == Decision::Allowed);
        }

        #[test]
        fn lists_of_deficiencies_and_single_ones_agree(grants in grants(), at in place(), crime: bool, mine: bool) {
            let scope = visible_deficiencies(&grants);
            let listed = mine || covered(&scope.all, &path(at)) || (!crime && covered(&scope.unsuspected, &path(at)));
            let one = Target::Deficiency(deficiency_at(at, crime, mine));
            prop_assert_eq!(listed, decide(ME, &grants, Verb::SeeDeficiency, &one) == Decision::Allowed);
        }

        #[test]
        fn lists_of_recommendations_and_single_ones_agree(
            grants in grants(), at in place(), responsible in prop::option::of(someone()),
        ) {
            let scope = visible_audit_records(&grants);
            let listed = covered(&scope.all, &path(at))
                || (responsible == Some(ME) && covered(&scope.responsible, &path(at)));
            let one = Target::AuditRecord { path: path(at), responsible };
            prop_assert_eq!(listed, decide(ME, &grants, Verb::SeeRecommendation, &one) == Decision::Allowed);
        }

        #[test]
        fn lists_of_outcomes_and_single_ones_agree(grants in grants(), at in place()) {
            let one = Target::Outcome { path: path(at) };
            let listed = covered(&visible_outcomes(&grants), &path(at));
            prop_assert_eq!(listed, decide(ME, &grants, Verb::SeeOutcome, &one) == Decision::Allowed);
        }

        /// Whoever may change a thing may see it.
        #[test]
        fn what_is_allowed_is_seen(grants in grants(), verb in verb(), target in any_target()) {
            if holds(ME, &grants, verb, &target) {
                prop_assert_eq!(decide(ME, &grants, verb, &target), Decision::Allowed);
            }
        }

        #[test]
        fn an_auditor_writes_only_recommendations(at in place(), verb in verb(), target in any_target()) {
            let writes = !matches!(verb, Verb::SeeCommon | Verb::SeeUser | Verb::SeeServiceAccount | Verb::SeeWebhook | Verb::SeePlan
                | Verb::SeePlanParts | Verb::SeeRisk | Verb::SeeFollowUp | Verb::SeeHistory | Verb::SeeDeficiency | Verb::SeeRecommendation
                | Verb::SeeOutcome | Verb::WriteRecommendation);
            if writes {
                prop_assert_ne!(decide(ME, &[grant(Role::Auditor, at, true)], verb, &target), Decision::Allowed);
            }
        }

        #[test]
        fn an_empty_path_is_nowhere(grants in grants(), status in status()) {
            let nowhere = Target::Plan(plan_at(&[], status, Some(1)));
            prop_assert_eq!(decide(ME, &grants, Verb::SeePlan, &nowhere), Decision::Hidden);
        }
    }
}
