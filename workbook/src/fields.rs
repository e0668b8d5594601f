//! What a column can be.

use serde::{Deserialize, Serialize};

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Risks with controls and actions.
    #[default]
    Risks,
    /// Users with roles.
    Users,
    /// Goals and their indicators.
    Goals,
    /// Outcomes of indicators.
    Outcomes,
    /// An organisation tree.
    Organisations,
}

/// What the rows of a sheet of the register's own are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Thing {
    Risk,
    Control,
    Action,
}

/// Which scoring a column belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scoring {
    /// Before controls and actions.
    Inherent,
    /// The only one, or one that says nothing of what it counts with.
    Plain,
    /// As it is with what is done.
    Residual,
    /// As it shall become.
    Target,
}

/// What the cells of a column are. Which of them a kind of rows has is the vocabulary's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// Has no field of its own.
    Unknown,
    /// The register's own id of what the row is about, or of what it names: as its lists give them.
    Id,
    OrganisationId,
    ParentId,
    GoalId,
    IndicatorId,

    Reference,
    Name,
    Description,
    Category,
    Goal,
    LocalGoal,
    Process,
    /// The part of the body that it belongs to.
    Organisation,
    Owner,
    Likelihood,
    Consequence,
    /// Never read, only compared.
    Product,
    /// Never read, only compared.
    Level,
    Response,
    Justification,
    /// Of the register's own lists of risks, and of theirs alone: from here on.
    Body,
    TargetLevel,
    TakenInBecause,
    SetAsideBecause,
    RetiredOn,
    Irregularity,
    Secrecy,
    Recurrences,
    DuePeriod,
    DueDate,
    EndDateReason,
    /// What an action means for the economy, in Mnkr.
    FullYear,
    PlanYear,
    NextYear,
    YearAfterNext,

    Control,
    ControlMethod,
    ControlFrequency,
    ControlResponsible,

    Action,
    ActionDescription,
    ActionStart,
    ActionEnd,
    ActionResponsible,
    ActionStatus,

    Email,
    Role,
    /// Where the roles reach from, where that is not where the person works.
    RoleOrganisation,
    Subject,
    Language,

    Number,
    /// What stands above in the tree.
    Parent,
    Indicator,
    Unit,
    Comparator,
    /// Of whoever decides on the indicator.
    Target,
    CouncilTarget,
    BoardTarget,
    DecidedBy,
    Responsible,
    BaselineYear,
    BaselineValue,
    Note,
    Year,

    Period,
    Value,
    Forecast,
    Judgement,
    Cause,

    OrganisationKind,
    Abbreviation,
    ValidFrom,
    ValidTo,
    Plans,
    /// The name of one at this depth of the tree, from the root: such columns stand beside each other.
    Depth,
}

impl Field {
    /// Whether its cells hold ids of the register's own.
    pub fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::OrganisationId | Self::ParentId | Self::GoalId | Self::IndicatorId)
    }

    /// Whether a column of it says which scoring it belongs to.
    pub fn scored(self) -> bool {
        matches!(self, Self::Likelihood | Self::Consequence | Self::Product | Self::Level)
    }

    /// Whether several columns may be the same.
    pub fn several(self) -> bool {
        self.scored()
            || matches!(
                self,
                Self::Unknown | Self::Description | Self::Control | Self::Action | Self::Role | Self::Depth
            )
    }

    /// Whether it belongs to one of a risk's controls or actions and not to the risk.
    pub fn of_measure(self) -> bool {
        matches!(
            self,
            Self::Control
                | Self::ControlMethod
                | Self::ControlFrequency
                | Self::ControlResponsible
                | Self::Action
                | Self::ActionDescription
                | Self::ActionStart
                | Self::ActionEnd
                | Self::ActionResponsible
                | Self::ActionStatus
        )
    }
}
