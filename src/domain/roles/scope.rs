//! The table of rights as paths to filter lists by, so that lists and single objects cannot disagree.

use uuid::Uuid;

use super::table::{Reach, Verb, covers, holders};
use super::targets::Grant;

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
    /// Nothing at all is seen.
    pub fn is_empty(&self) -> bool {
        self.full.is_empty() && self.adopted.is_empty() && self.performer.is_empty()
    }
}

/// The scope of a user's grants, read from the line of [`Verb::SeeRisk`] in the table, so that
/// lists and single objects cannot disagree.
pub fn visible_scope(grants: &[Grant]) -> Scope {
    scope_of(Verb::SeeRisk, grants)
}

/// The same for what is reported in follow-up, from the line of [`Verb::SeeFollowUp`].
pub fn visible_follow_up(grants: &[Grant]) -> Scope {
    scope_of(Verb::SeeFollowUp, grants)
}

/// Below these paths the history is seen, from the line of [`Verb::SeeHistory`].
pub fn visible_history(grants: &[Grant]) -> Vec<Vec<Uuid>> {
    scope_of(Verb::SeeHistory, grants).full
}

fn scope_of(verb: Verb, grants: &[Grant]) -> Scope {
    let mut scope = Scope::default();
    for (holder, reach) in holders(verb) {
        for grant in grants.iter().filter(|grant| grant.holder == *holder) {
            match reach {
                Reach::Below => scope.full.push(grant.organisation_path.clone()),
                Reach::Body => scope.full.push(grant.body_path.clone()),
                Reach::WithDrafts if grant.drafts => scope.full.push(grant.organisation_path.clone()),
                Reach::WhileAdopted => scope.adopted.push(grant.organisation_path.clone()),
                Reach::Responsible => scope.performer.push(grant.body_path.clone()),
                // Not used for either; a test holds the scope and the table together.
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

pub(super) fn visible_below(verb: Verb, grants: &[Grant]) -> Vec<Vec<Uuid>> {
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
    /// Below these those are seen in which no crime is suspected, and that the board was told of.
    pub told: Vec<Vec<Uuid>>,
}

/// Agrees with [`decide`](super::decide) for [`Verb::SeeDeficiency`]: read from its line in the table.
pub fn visible_deficiencies(grants: &[Grant]) -> DeficiencyScope {
    let mut scope = DeficiencyScope { all: visible_below(Verb::SeeDeficiency, grants), ..DeficiencyScope::default() };
    for (holder, reach) in holders(Verb::SeeDeficiency) {
        for grant in grants.iter().filter(|grant| grant.holder == *holder) {
            match reach {
                Reach::Unsuspected => scope.unsuspected.push(grant.body_path.clone()),
                Reach::UnsuspectedWithDrafts if grant.drafts => {
                    scope.unsuspected.push(grant.organisation_path.clone());
                }
                Reach::UnsuspectedAndTold => scope.told.push(grant.organisation_path.clone()),
                _ => {}
            }
        }
    }
    keep_outermost(&mut scope.unsuspected);
    keep_outermost(&mut scope.told);
    scope
}

/// Below these paths this verb is held, whatever the thing: read from its line in the table.
pub fn held_below(verb: Verb, grants: &[Grant]) -> Vec<Vec<Uuid>> {
    visible_below(verb, grants)
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

/// Agrees with [`decide`](super::decide) for [`Verb::SeeRecommendation`]: read from its line in the table.
pub fn visible_audit_records(grants: &[Grant]) -> AuditRecordScope {
    let mut scope = AuditRecordScope { all: visible_below(Verb::SeeRecommendation, grants), responsible: Vec::new() };
    for (holder, _) in holders(Verb::SeeRecommendation).iter().filter(|(_, reach)| *reach == Reach::Responsible) {
        let theirs = grants.iter().filter(|grant| grant.holder == *holder);
        scope.responsible.extend(theirs.map(|grant| grant.body_path.clone()));
    }
    keep_outermost(&mut scope.responsible);
    scope
}

pub(super) fn keep_outermost(paths: &mut Vec<Vec<Uuid>>) {
    // Sorted, a path comes right after the one that covers it, or after others that one covers.
    paths.retain(|path| !path.is_empty());
    paths.sort();
    paths.dedup_by(|later, kept| covers(kept, later));
}
