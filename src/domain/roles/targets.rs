//! What rights are given to and asked about: grants on the one side, objects on the other.

use uuid::Uuid;

use crate::domain::words::{PlanStatus, Role, ServiceScope};

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
    /// [`ServiceScope::ReadAdopted`].
    AdoptedScope,
    /// [`ServiceScope::ReadDrafts`].
    DraftsScope,
    /// [`ServiceScope::ReadPeople`].
    PeopleScope,
    /// [`ServiceScope::ReadHistory`].
    HistoryScope,
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
            ServiceScope::ReadAdopted => Self::AdoptedScope,
            ServiceScope::ReadDrafts => Self::DraftsScope,
            ServiceScope::ReadPeople => Self::PeopleScope,
            ServiceScope::ReadHistory => Self::HistoryScope,
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
    /// A reader who may see drafts too, or [`ServiceScope::ReadDrafts`]. Means nothing for other roles.
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
    /// The board has been told of it.
    pub told_to_board: bool,
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
    /// What an indicator came to, by the organisation whose outcome it is, with who answers for the indicator's outcomes.
    Outcome {
        path: Vec<Uuid>,
        responsible: Option<Uuid>,
    },
}
