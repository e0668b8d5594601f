//! Who may see and do what. The only place that decides.
//!
//! A role is granted on an organisation and reaches downwards. One table, [`holders`], says for
//! each verb which roles hold it and how far each of them reaches; all else follows from it, the
//! scope for lists too. What no line of the table allows is denied.
//!
//! Knows grants and where the object stands in the tree, nothing of sessions or storage, and
//! nothing of what the plan's status forbids everyone ([`life`](super::life)). A path is the ids of
//! the organisations from the root down to, and with, the organisation itself; an empty path is
//! nowhere, and nobody reaches it.

use uuid::Uuid;

use super::words::{PlanStatus, Role};

/// A role as it was granted, with the paths it reaches from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
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
    Plan(PlanTarget),
    Risk(RiskTarget),
    /// A control or an action of a risk, with who is responsible for this very one.
    Part {
        risk: RiskTarget,
        responsible: Option<Uuid>,
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
    /// On [`Target::Organisation`]: make the body's plan of a year.
    CreatePlan,
    /// On [`Target::Plan`]: the plan itself, its revisions and their documents.
    SeePlan,
    /// On [`Target::Plan`]: what it holds now: risks, sections, checks, matrix, document.
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
    /// On [`Target::Organisation`], [`Target::Plan`] or [`Target::Risk`]: the log with its drafts.
    SeeHistory,
    /// On [`Target::Organisation`]: a deficiency in the internal control.
    ReportDeficiency,
    /// On [`Target::Organisation`]: recommendations and audit opinions.
    WriteRecommendation,
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
        Self::SeeHistory,
        Self::ReportDeficiency,
        Self::WriteRecommendation,
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
    /// As `Body`, for whoever is responsible for a control or an action.
    Responsible,
    /// As `Below`, but not what is the region's own.
    BelowRegion,
    /// As `Below`, where no role concerned is higher than a controller may give.
    Giveable,
}

/// THE table: who holds a verb, and how far they reach. Everyone signed in holds `SeeCommon`, and
/// sees themselves.
const fn holders(verb: Verb) -> &'static [(Role, Reach)] {
    use Reach::*;
    use Role::*;
    match verb {
        Verb::SeeCommon => &[],

        Verb::ManageOrganisations => &[(RegionAdministrator, Below)],
        Verb::ManageRegionSettings => &[(RegionAdministrator, Below)],
        Verb::ManageBodySettings => &[(Controller, BelowRegion)],

        Verb::SeeUser => &[
            (RegionAdministrator, Below),
            (Controller, Below),
            (Head, Body),
            (Auditor, Below),
        ],
        Verb::ManageUser | Verb::GrantRole => {
            &[(RegionAdministrator, Below), (Controller, Giveable)]
        }

        Verb::SeePlan => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (Reader, WithDrafts),
            (Reader, OnceAdopted),
        ],
        Verb::SeePlanParts => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (Reader, WithDrafts),
            (Reader, WhileAdopted),
        ],
        Verb::CreatePlan | Verb::EditPlan | Verb::RecordDecision | Verb::CreateRisk => {
            &[(Controller, Below)]
        }
        Verb::Propose => &[(Controller, Below), (Head, Below)],

        Verb::SeeRisk => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
            (Reader, WithDrafts),
            (Reader, WhileAdopted),
            (Performer, Responsible),
        ],
        Verb::ChangeRisk | Verb::AssessRisk | Verb::ChangeControls => {
            &[(Controller, Below), (RiskOwner, Owned)]
        }
        Verb::DecideInclusion | Verb::DeleteRisk => &[(Controller, Below)],
        Verb::Report => &[
            (Controller, Below),
            (RiskOwner, Owned),
            (RiskOwner, Responsible),
            (Performer, Responsible),
            (Head, Responsible),
        ],

        Verb::SeeHistory => &[
            (RegionAdministrator, Below),
            (Controller, Body),
            (Head, Body),
            (RiskOwner, Body),
            (Auditor, Below),
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
        Verb::WriteRecommendation => &[(Auditor, Below)],
    }
}

/// The roles a controller may give: nothing as high as their own.
pub const GIVEABLE_BY_CONTROLLER: [Role; 3] = [Role::RiskOwner, Role::Performer, Role::Reader];

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
        Target::Common
        | Target::Organisation { .. }
        | Target::Settings { .. }
        | Target::Grant(_) => Verb::SeeCommon,
        Target::User { .. } => Verb::SeeUser,
        Target::Plan(_) => Verb::SeePlan,
        Target::Risk(_) | Target::Part { .. } => Verb::SeeRisk,
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
        _ => false,
    };
    for_everyone
        || holders(verb).iter().any(|(role, reach)| {
            grants
                .iter()
                .any(|grant| grant.role == *role && reaches(user, grant, *reach, verb, target))
        })
}

/// Which kinds of objects a verb is about.
fn concerns(verb: Verb, target: &Target) -> bool {
    match verb {
        Verb::SeeCommon => matches!(
            target,
            Target::Common
                | Target::Organisation { .. }
                | Target::Settings { .. }
                | Target::Grant(_)
        ),
        Verb::ManageOrganisations
        | Verb::CreatePlan
        | Verb::ReportDeficiency
        | Verb::WriteRecommendation => {
            matches!(target, Target::Organisation { .. })
        }
        Verb::ManageRegionSettings | Verb::ManageBodySettings => {
            matches!(target, Target::Settings { .. })
        }
        Verb::SeeUser | Verb::ManageUser => matches!(target, Target::User { .. }),
        Verb::GrantRole => matches!(target, Target::Grant(_)),
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
        Verb::SeeHistory => {
            matches!(
                target,
                Target::Organisation { .. } | Target::Plan(_) | Target::Risk(_)
            )
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
        Reach::OnceAdopted => {
            below && plan_of(target).is_some_and(|(_, revision)| revision.is_some())
        }
        Reach::WhileAdopted => {
            below && plan_of(target).is_some_and(|(status, _)| shows_adopted(status))
        }
        Reach::Owned => body && risk_of(target).is_some_and(|risk| risk.owner == Some(user)),
        Reach::Responsible => body && is_responsible(user, verb, target),
        Reach::BelowRegion => below && path.len() > 1,
        Reach::Giveable => {
            below
                && concerned_roles(target).iter().all(|held| {
                    GIVEABLE_BY_CONTROLLER.contains(&held.role)
                        && covers(&grant.organisation_path, &held.path)
                })
        }
    }
}

/// Does the first path lead to the second, or to an organisation above it?
pub fn covers(path: &[Uuid], target: &[Uuid]) -> bool {
    !path.is_empty() && target.starts_with(path)
}

/// In these the plan's parts are those of its newest adopted revision.
fn shows_adopted(status: PlanStatus) -> bool {
    matches!(status, PlanStatus::Adopted | PlanStatus::Closed)
}

fn path_of(target: &Target) -> &[Uuid] {
    match target {
        Target::Common => &[],
        Target::Organisation { path } | Target::Settings { path } | Target::User { path, .. } => {
            path
        }
        Target::Grant(held) => &held.path,
        Target::Plan(plan) => &plan.path,
        Target::Risk(risk) | Target::Part { risk, .. } => &risk.path,
    }
}

fn plan_of(target: &Target) -> Option<(PlanStatus, Option<i32>)> {
    match target {
        Target::Plan(plan) => Some((plan.status, plan.adopted_revision)),
        Target::Risk(risk) | Target::Part { risk, .. } => {
            Some((risk.status, risk.adopted_revision))
        }
        _ => None,
    }
}

fn risk_of(target: &Target) -> Option<&RiskTarget> {
    match target {
        Target::Risk(risk) | Target::Part { risk, .. } => Some(risk),
        _ => None,
    }
}

/// Reading reaches from one control or action to the whole risk; reporting does not.
fn is_responsible(user: Uuid, verb: Verb, target: &Target) -> bool {
    match (verb, target) {
        (Verb::Report, Target::Part { responsible, .. }) => *responsible == Some(user),
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
        covered(&self.full, &plan.path)
            || (plan.adopted_revision.is_some() && covered(&self.adopted, &plan.path))
    }

    /// Is the risk in the scope? Agrees with [`decide`] for [`Verb::SeeRisk`].
    pub fn holds_risk(&self, user: Uuid, risk: &RiskTarget) -> bool {
        covered(&self.full, &risk.path)
            || (shows_adopted(risk.status) && covered(&self.adopted, &risk.path))
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
    for (role, reach) in holders(Verb::SeeRisk) {
        for grant in grants.iter().filter(|grant| grant.role == *role) {
            match reach {
                Reach::Below => scope.full.push(grant.organisation_path.clone()),
                Reach::Body => scope.full.push(grant.body_path.clone()),
                Reach::WithDrafts if grant.drafts => {
                    scope.full.push(grant.organisation_path.clone())
                }
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

fn covered(paths: &[Vec<Uuid>], target: &[Uuid]) -> bool {
    paths.iter().any(|path| covers(path, target))
}

fn keep_outermost(paths: &mut Vec<Vec<Uuid>>) {
    // Sorted, a path comes right after the one that covers it, or after others that one covers.
    paths.retain(|path| !path.is_empty());
    paths.sort();
    paths.dedup_by(|later, kept| covers(kept, later));
}
