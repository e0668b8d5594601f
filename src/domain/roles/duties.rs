//! Who can be named: owner of a risk, responsible for a control or an action.

use uuid::Uuid;

use super::table::{Decision, Verb, decide};
use super::targets::{Grant, RiskTarget, Target};
use crate::domain::words::{PlanStatus, Role};

/// What somebody is named to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// To own a risk.
    Own,
    /// To be responsible for a control or an action.
    Answer,
}

impl Duty {
    /// The lowest role that lets somebody do it.
    pub const fn role(self) -> Role {
        match self {
            Self::Own => Role::RiskOwner,
            Self::Answer => Role::Performer,
        }
    }
}

/// Whether somebody with these grants can do it for a risk of the organisation at the end of `path`. Follows from the line
/// of [`Verb::Report`] in the table: who is named must see what they are named for, and report it.
pub fn can_be_named(user: Uuid, grants: &[Grant], duty: Duty, path: &[Uuid]) -> bool {
    let (owner, responsible) = match duty {
        Duty::Own => (Some(user), None),
        Duty::Answer => (None, Some(user)),
    };
    // A draft that was never adopted is what fewest see.
    let risk = RiskTarget {
        path: path.to_vec(),
        status: PlanStatus::Draft,
        adopted_revision: None,
        owner,
        responsibles: responsible.into_iter().collect(),
    };
    decide(user, grants, Verb::Report, &Target::Part { risk, responsible }) == Decision::Allowed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roles::Holder;
    use crate::domain::words::ServiceScope;

    const ME: Uuid = Uuid::from_u128(7);

    fn named(holder: Holder, on: &[u128], at: &[u128]) -> (bool, bool) {
        let path = |ids: &[u128]| ids.iter().copied().map(Uuid::from_u128).collect::<Vec<_>>();
        let body = path(&on[..on.len().min(2)]);
        let grant = Grant { holder, organisation_path: path(on), body_path: body, drafts: true };
        let can = |duty| can_be_named(ME, std::slice::from_ref(&grant), duty, &path(at));
        (can(Duty::Own), can(Duty::Answer))
    }

    #[test]
    fn only_who_can_do_it_is_named() {
        for (holder, can) in [
            (Holder::RiskOwner, (true, true)),
            (Holder::Controller, (true, true)),
            (Holder::Head, (true, true)),
            (Holder::Performer, (false, true)),
            (Holder::Reader, (false, false)),
            (Holder::Auditor, (false, false)),
            (Holder::RegionAdministrator, (false, false)),
            (ServiceScope::Read.into(), (false, false)),
            (ServiceScope::Outcomes.into(), (false, false)),
        ] {
            assert_eq!(named(holder, &[1, 2], &[1, 2]), can, "{holder:?}");
            assert_eq!(named(holder, &[1, 2], &[1, 2, 3]), can, "{holder:?} above");
            assert_eq!(named(holder, &[1, 3], &[1, 2]), (false, false), "{holder:?} elsewhere");
            // Who is named owner assesses and changes what they own, wherever in the body they hold their role.
            for grant in [[1, 2, 3], [1, 2, 4]] {
                let path = |ids: &[u128]| ids.iter().copied().map(Uuid::from_u128).collect::<Vec<_>>();
                let grants =
                    [Grant { holder, organisation_path: path(&grant), body_path: path(&[1, 2]), drafts: false }];
                let risk = RiskTarget {
                    path: path(&[1, 2, 3]),
                    status: PlanStatus::Adopted,
                    adopted_revision: Some(1),
                    owner: Some(ME),
                    responsibles: Vec::new(),
                };
                for verb in [Verb::AssessRisk, Verb::ChangeRisk] {
                    let may = decide(ME, &grants, verb, &Target::Risk(risk.clone())) == Decision::Allowed;
                    assert_eq!(may, can.0, "{holder:?} at {grant:?}: {verb:?}");
                }
            }
        }
        assert!(!can_be_named(ME, &[], Duty::Answer, &[Uuid::from_u128(1)]));
    }

    #[test]
    fn the_role_that_is_given_is_enough() {
        for duty in [Duty::Own, Duty::Answer] {
            let path = vec![Uuid::from_u128(1), Uuid::from_u128(2)];
            let grant = Grant {
                holder: duty.role().into(),
                organisation_path: path.clone(),
                body_path: path.clone(),
                drafts: false,
            };
            assert!(can_be_named(ME, &[grant], duty, &path));
        }
    }
}
