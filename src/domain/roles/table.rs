//! The table of rights, and the decision that follows from it.

use uuid::Uuid;

use super::targets::{Grant, Held, Holder, RiskTarget, Target};
use crate::domain::words::{PlanStatus, Role};

/// Classes of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// On [`Target::Common`], [`Target::Settings`] and [`Target::Organisation`].
    SeeCommon,
    /// On [`Target::Organisation`]: make, change, end. A new one by its parent.
    ManageOrganisations,
    /// On [`Target::Settings`]: what the region issues, and its deadlines.
    ManageRegionSettings,
    /// On [`Target::Settings`]: a body's own goals and texts.
    ManageBodySettings,
    /// On [`Target::Settings`]: a body's own policies.
    ManageBodyScales,
    /// On [`Target::User`].
    SeeUser,
    /// On [`Target::User`]: make, change, deactivate, hand over.
    ManageUser,
    /// On [`Target::User`]: all that the register holds about a person, as a file.
    ReadPersonalData,
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
    /// On [`Target::Plan`]: its fields, sections, policy version, order of goals; deleting it while it never was adopted.
    EditPlan,
    /// On [`Target::Plan`].
    Propose,
    /// On [`Target::Plan`]: return, adopt, revise, abandon a revision, deliver, close.
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
    /// On [`Target::Plan`], [`Target::Risk`] or [`Target::Part`]: a note about it. Who reads what it holds, reads its notes.
    WriteNote,
    /// On [`Target::Organisation`]: what is open at it and below. It counts what few may see one by one.
    SeeOpenMatters,
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
        Self::ManageBodyScales,
        Self::SeeUser,
        Self::ManageUser,
        Self::ReadPersonalData,
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
        Self::WriteNote,
        Self::SeeOpenMatters,
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
pub(super) enum Reach {
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
    /// As `Body`, for whoever is responsible for a control or an action, or answers for a recommendation or an indicator's
    /// outcomes.
    Responsible,
    /// As `Body`, while no crime is suspected.
    Unsuspected,
    /// As `WithDrafts`, while no crime is suspected.
    UnsuspectedWithDrafts,
    /// As `Below`, of what the board was told of, and while no crime is suspected.
    UnsuspectedAndTold,
    /// As `Below`, but only what is the region's own: it stands at the root.
    RegionsOwn,
    /// As `Below`, but not what is the region's own.
    BodysOwn,
    /// As `Below`, where every role concerned is one that this role may give, there.
    Giveable,
}

/// THE table: who holds a verb, and how far they reach. Everyone signed in holds `SeeCommon`, and
/// sees themselves. `ReadScope` stands wherever `Auditor` reads, and nowhere else. `AdoptedScope` reads as a reader, and `DraftsScope`
/// as one who may see drafts, but for the history: that is `HistoryScope`'s, and who there is `PeopleScope`'s.
pub(super) const fn holders(verb: Verb) -> &'static [(Holder, Reach)] {
    use Holder::*;
    use Reach::*;
    match verb {
        Verb::SeeCommon => &[],

        Verb::ManageOrganisations => &[(RegionAdministrator, Below)],
        Verb::ManageRegionSettings => &[(RegionAdministrator, RegionsOwn)],
        Verb::ManageBodySettings => &[(Controller, BodysOwn)],
        // The regional office helps a body whose scale is another.
        Verb::ManageBodyScales => &[(Controller, BodysOwn), (RegionAdministrator, BodysOwn)],

        // A risk owner names those responsible for controls and actions, so must see them.
        Verb::SeeUser => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (PeopleScope, Below),
        ],
        Verb::ManageUser | Verb::GrantRole => &[(RegionAdministrator, Giveable), (Controller, Giveable)],
        // What somebody has done, everywhere, is a matter between them and who administers people. Their own file everyone has.
        Verb::ReadPersonalData => &[(RegionAdministrator, Giveable)],

        // Who answers for a body knows which systems read it.
        Verb::SeeServiceAccount => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (PeopleScope, Below),
        ],
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
            (DraftsScope, WithDrafts),
            (AdoptedScope, OnceAdopted),
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
            (DraftsScope, WithDrafts),
            (AdoptedScope, WhileAdopted),
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
            (DraftsScope, WithDrafts),
            (AdoptedScope, WhileAdopted),
            (Performer, Responsible),
        ],
        // Whoever owns a risk answers for it, and who may own one stands in the line of `Report`.
        Verb::ChangeRisk | Verb::AssessRisk | Verb::ChangeControls => {
            &[(Controller, Below), (RiskOwner, Owned), (Head, Owned), (Controller, Owned)]
        }
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
            (DraftsScope, WithDrafts),
            (Performer, Responsible),
        ],
        Verb::SeeHistory => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (ReadScope, Below),
            (HistoryScope, Below),
            (Reader, WithDrafts),
        ],
        // Whoever reads it, but those who oversee: they write in their own name elsewhere.
        Verb::WriteNote => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Reader, WithDrafts),
            (Reader, WhileAdopted),
            (Performer, Responsible),
        ],
        // Whoever sees all that it counts, suspected crimes and webhooks too.
        Verb::SeeOpenMatters => &[(RegionAdministrator, Below), (Auditor, Below), (ReadScope, Below)],
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
            (Reader, UnsuspectedAndTold),
            (DraftsScope, UnsuspectedWithDrafts),
            (AdoptedScope, UnsuspectedAndTold),
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
            (DraftsScope, Below),
            (AdoptedScope, Below),
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
            (DraftsScope, Below),
            (AdoptedScope, Below),
            (Auditor, Below),
            (ReadScope, Below),
            (OutcomesScope, Below),
        ],
        // The region's own is the regional office's to tell; a body's its controller's, and whoever's the indicator names.
        Verb::WriteOutcome => &[
            (RegionAdministrator, RegionsOwn),
            (Controller, Below),
            (Controller, Responsible),
            (Head, Responsible),
            (RiskOwner, Responsible),
            (Performer, Responsible),
            (OutcomesScope, Below),
        ],
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
pub(super) fn sees(user: Uuid, grants: &[Grant], target: &Target) -> bool {
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

pub(super) fn holds(user: Uuid, grants: &[Grant], verb: Verb, target: &Target) -> bool {
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
pub(super) fn concerns(verb: Verb, target: &Target) -> bool {
    match verb {
        Verb::SeeCommon => {
            matches!(target, Target::Common | Target::Organisation { .. } | Target::Settings { .. } | Target::Grant(_))
        }
        Verb::ManageOrganisations | Verb::CreatePlan | Verb::ReportDeficiency | Verb::SeeOpenMatters => {
            matches!(target, Target::Organisation { .. })
        }
        Verb::SeeDeficiency | Verb::ChangeDeficiency | Verb::HandleCrime => matches!(target, Target::Deficiency(_)),
        Verb::WriteRecommendation => matches!(target, Target::Organisation { .. } | Target::AuditRecord { .. }),
        Verb::SeeRecommendation | Verb::AnswerRecommendation => matches!(target, Target::AuditRecord { .. }),
        Verb::SeeOutcome => matches!(target, Target::Outcome { .. }),
        Verb::WriteOutcome => matches!(target, Target::Outcome { .. } | Target::Organisation { .. }),
        Verb::ManageRegionSettings | Verb::ManageBodySettings | Verb::ManageBodyScales => {
            matches!(target, Target::Settings { .. })
        }
        Verb::SeeUser | Verb::ManageUser | Verb::ReadPersonalData => matches!(target, Target::User { .. }),
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
        Verb::WriteNote => matches!(target, Target::Plan(_) | Target::Risk(_) | Target::Part { .. }),
        Verb::SeeFollowUp => matches!(target, Target::Plan(_) | Target::Part { .. }),
        Verb::SeeHistory => {
            matches!(target, Target::Organisation { .. } | Target::Plan(_) | Target::Risk(_))
        }
    }
}

pub(super) fn reaches(user: Uuid, grant: &Grant, reach: Reach, verb: Verb, target: &Target) -> bool {
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
        Reach::UnsuspectedAndTold => below && is_unsuspected(target) && is_told_to_board(target),
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
pub(super) fn shows_adopted(status: PlanStatus, revision: Option<i32>) -> bool {
    revision.is_some() && matches!(status, PlanStatus::Adopted | PlanStatus::Closed)
}

pub(super) fn path_of(target: &Target) -> &[Uuid] {
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
        Target::AuditRecord { path, .. } | Target::Outcome { path, .. } => path,
    }
}

pub(super) fn plan_of(target: &Target) -> Option<(PlanStatus, Option<i32>)> {
    match target {
        Target::Plan(plan) => Some((plan.status, plan.adopted_revision)),
        Target::Risk(risk) | Target::Part { risk, .. } => Some((risk.status, risk.adopted_revision)),
        _ => None,
    }
}

pub(super) fn risk_of(target: &Target) -> Option<&RiskTarget> {
    match target {
        Target::Risk(risk) | Target::Part { risk, .. } => Some(risk),
        _ => None,
    }
}

pub(super) fn is_unsuspected(target: &Target) -> bool {
    matches!(target, Target::Deficiency(deficiency) if !deficiency.suspected_crime)
}

pub(super) fn is_told_to_board(target: &Target) -> bool {
    matches!(target, Target::Deficiency(deficiency) if deficiency.told_to_board)
}

/// Reading reaches from one control or action to the whole risk; reporting does not.
pub(super) fn is_responsible(user: Uuid, verb: Verb, target: &Target) -> bool {
    match (verb, target) {
        (Verb::Report, Target::Part { responsible, .. })
        | (_, Target::AuditRecord { responsible, .. } | Target::Outcome { responsible, .. }) => {
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
