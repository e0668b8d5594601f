//! Where an import goes: risks into a draft plan, all else to an organisation; and who may put it there.

use crate::app::caller::Caller;
use crate::app::places::{path_ids, plan_target, region_place};
use crate::app::plan::{self, Open};
use crate::app::{places, settings};
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{ImportKind, PlanStatus};
use crate::error::{Error, Result};
use crate::storage::records::Organisation;
use crate::storage::{Id, Place, Reading, Writing};

/// Where an import goes.
pub enum Ground {
    Plan(Box<Open>),
    Organisation(Box<Organisation>),
}

impl Ground {
    /// A plan or an organisation, as it is.
    pub fn of(r: &mut Reading, plan: Option<Id>, organisation: Option<Id>) -> Result<Self> {
        match (plan, organisation) {
            (Some(plan), _) => {
                let (plan, body) = plan::load(r, plan)?;
                Ok(Self::Plan(Box::new(plan::as_it_is(r, plan, body)?)))
            }
            (None, Some(organisation)) => Ok(Self::Organisation(Box::new(r.get(organisation)?))),
            (None, None) => Err(Error::internal("an import to nowhere")),
        }
    }

    /// The same, a plan locked. What else changes is locked by the verbs that change it.
    pub fn locked(self, w: &mut Writing) -> Result<Self> {
        match self {
            Self::Plan(open) => Ok(Self::Plan(Box::new(plan::lock(w, open.plan.id, open.body)?))),
            organisation => Ok(organisation),
        }
    }

    /// Whose words the file speaks, and at and below whom its organisations are.
    pub fn body(&self) -> &Organisation {
        match self {
            Self::Plan(open) => &open.body,
            Self::Organisation(organisation) => organisation,
        }
    }

    pub fn plan(&self) -> Option<&Open> {
        match self {
            Self::Plan(open) => Some(open),
            Self::Organisation(_) => None,
        }
    }

    /// The scale by which steps are read, where there is one.
    pub fn scale_version(&self) -> Option<Id> {
        self.plan().map(|open| open.plan.policy_version_id)
    }

    /// May the caller take such a file in here?
    pub fn takes(&self, caller: &Caller, kind: ImportKind) -> bool {
        match self {
            Self::Plan(open) => caller.sees(Verb::CreateRisk, &Target::Plan(plan_target(&open.plan, &open.body))),
            Self::Organisation(organisation) => takes_at(caller, kind, path_ids(&organisation.path)),
        }
    }

    /// May the caller see that there is an import? Whoever does not read a plan's history does not learn of it; people, goals
    /// and outcomes in a file are seen by who may take them in.
    pub fn shows(&self, caller: &Caller, kind: ImportKind) -> bool {
        match self {
            Self::Plan(open) => caller.sees(Verb::SeeHistory, &Target::Plan(plan_target(&open.plan, &open.body))),
            Self::Organisation(_) => self.takes(caller, kind),
        }
    }

    /// Only a draft takes in risks: what is decided changes otherwise.
    pub fn hold_open(&self, r: &Reading) -> Result<()> {
        let Self::Plan(open) = self else { return Ok(()) };
        open.may(PlanVerb::Edit, r.today())?;
        if open.plan.status == PlanStatus::Draft {
            return Ok(());
        }
        Err(Error::conflict("planNotDraft", "Planen är inget utkast.", "The plan is not a draft."))
    }

    /// What the history is told that a file was taken into, and where it stands there. People and the tree are the region's.
    pub fn event(&self, r: &mut Reading, kind: ImportKind) -> Result<(Place, &'static str, &'static str, Id)> {
        match self {
            Self::Plan(open) => Ok((open.at, "plan.risksImported", "plan", open.plan.id)),
            Self::Organisation(organisation) => {
                let of_region = matches!(kind, ImportKind::Users | ImportKind::Organisations);
                let at = if of_region { region_place(r)? } else { places::place(r, organisation)? };
                let name = match kind {
                    ImportKind::Users => "organisation.usersImported",
                    ImportKind::Organisations => "organisation.partsImported",
                    ImportKind::Goals => "organisation.goalsImported",
                    ImportKind::Outcomes => "organisation.outcomesImported",
                    ImportKind::Risks => return Err(Error::internal("risks of no plan")),
                };
                Ok((Place { organisation: organisation.id, ..at }, name, "organisation", organisation.id))
            }
        }
    }
}

/// May the caller take such a file in at the organisation at the end of a path: may they do there what its rows do? Of risks:
/// may they make a plan there?
pub fn takes_at(caller: &Caller, kind: ImportKind, path: Vec<uuid::Uuid>) -> bool {
    match kind {
        ImportKind::Risks => caller.sees(Verb::CreatePlan, &Target::Organisation { path }),
        ImportKind::Users => caller.sees(Verb::ManageUser, &Target::User { path, is_self: false, held: Vec::new() }),
        ImportKind::Organisations => caller.sees(Verb::ManageOrganisations, &Target::Organisation { path }),
        ImportKind::Goals => settings::may_at(caller, path),
        ImportKind::Outcomes => caller.sees(Verb::WriteOutcome, &Target::Organisation { path }),
    }
}

/// May the caller take such a file in anywhere?
pub fn takes_somewhere(caller: &Caller, kind: ImportKind) -> bool {
    caller.grants.iter().any(|grant| takes_at(caller, kind, grant.organisation_path.clone()))
}
