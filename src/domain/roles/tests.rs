//! The table tried by hand, and held together with the scopes.

use proptest::prelude::*;
use uuid::Uuid;

use super::scope::*;
use super::table::*;
use super::targets::*;
use crate::domain::words::{PlanStatus, Role, ServiceScope};

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

/// As a list is filtered by the paths of a scope.
fn covered(paths: &[Vec<Uuid>], target: &[Uuid]) -> bool {
    paths.iter().any(|path| covers(path, target))
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
    let reporter = if mine { ME } else { OTHER };
    DeficiencyTarget { path: path(at), suspected_crime, told_to_board: false, reporter }
}

/// The object that a verb is tried on, in the first board.
fn target(verb: Verb, status: PlanStatus, mine: bool) -> Target {
    let body = path(&[1, 2]);
    let risk = risk_at(&[1, 2], status, mine);
    let held = Held { role: Role::Performer, path: body.clone() };
    match verb {
        Verb::SeeCommon => Target::Common,
        Verb::ManageOrganisations
        | Verb::CreatePlan
        | Verb::SeeOpenMatters
        | Verb::ReportDeficiency
        | Verb::WriteRecommendation => Target::Organisation { path: body },
        Verb::SeeDeficiency | Verb::ChangeDeficiency | Verb::HandleCrime => {
            Target::Deficiency(deficiency_at(&[1, 2], false, mine))
        }
        Verb::SeeRecommendation | Verb::AnswerRecommendation => {
            Target::AuditRecord { path: body, responsible: Some(if mine { ME } else { OTHER }) }
        }
        Verb::SeeOutcome | Verb::WriteOutcome => {
            Target::Outcome { path: body, responsible: Some(if mine { ME } else { OTHER }) }
        }
        Verb::ManageRegionSettings => Target::Settings { path: path(&[1]) },
        Verb::ManageBodySettings | Verb::ManageBodyScales => Target::Settings { path: body },
        Verb::SeeUser | Verb::ManageUser | Verb::ReadPersonalData => {
            Target::User { path: body, is_self: false, held: vec![held] }
        }
        Verb::GrantRole => Target::Grant(held),
        Verb::SeeServiceAccount | Verb::ManageServiceAccounts => Target::ServiceAccount { path: body, is_self: false },
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
        | Verb::WriteNote
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
ManageBodyScales      n Y n Y n n n n n
SeeUser               - Y Y Y Y - - - Y
ManageUser            - Y n Y n - - - n
ReadPersonalData      - Y n n n - - - n
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
WriteNote             - Y Y Y Y - Y Y n
SeeOpenMatters        n Y n n n n n n Y
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
    let verbs = [SeeDeficiency, ChangeDeficiency, HandleCrime, SeeRecommendation, AnswerRecommendation, WriteOutcome];
    assert_eq!(
        grid(PlanStatus::Adopted, true, &verbs),
        "\
SeeDeficiency         Y Y Y Y Y Y Y Y Y
ChangeDeficiency      n n Y Y n n n n n
HandleCrime           n n Y n n n n n n
SeeRecommendation     - Y Y Y Y Y Y Y Y
AnswerRecommendation  - n Y Y Y Y Y Y n
WriteOutcome          - n Y Y Y Y n n n
"
    );
}

#[test]
fn the_regions_own_outcome_is_the_regional_offices_to_tell() {
    let region = Target::Outcome { path: path(&[1]), responsible: None };
    let said = |role: Role, at: &[u128]| decide(ME, &[grant(role, at, false)], Verb::WriteOutcome, &region);
    assert_eq!(said(Role::RegionAdministrator, &[1]), Decision::Allowed);
    assert_eq!(said(Role::Controller, &[1]), Decision::Allowed);
    assert_eq!(said(Role::Auditor, &[1]), Decision::Forbidden);
    assert_eq!(said(Role::Controller, &[1, 2]), Decision::Hidden);
}

#[test]
fn a_suspicion_of_crime_is_for_few() {
    let suspected = Target::Deficiency(deficiency_at(&[1, 2], true, false));
    let sees = |holder: Holder, at: &[u128], drafts| {
        decide(ME, &[grant(holder, at, drafts)], Verb::SeeDeficiency, &suspected) == Decision::Allowed
    };
    for holder in [Holder::RegionAdministrator, Holder::Head, Holder::Controller, Holder::Auditor, Holder::ReadScope] {
        assert!(sees(holder, &[1, 2], false), "{holder:?}");
        // From a part of the body one does not see what is suspected in another.
        assert!(!sees(holder, &[1, 2, 3], false), "{holder:?}");
    }
    for holder in [Holder::RiskOwner, Holder::Performer, Holder::Reader, Holder::WebhooksScope, Holder::OutcomesScope] {
        assert!(!sees(holder, &[1, 2], true), "{holder:?}");
    }
}

#[test]
fn the_table_in_a_first_draft() {
    use Verb::*;
    assert_eq!(
        grid(PlanStatus::Draft, false, &[SeePlan, SeePlanParts, EditPlan, SeeRisk, WriteNote, SeeHistory]),
        "\
SeePlan               - Y Y Y Y - - Y Y
SeePlanParts          - Y Y Y Y - - Y Y
EditPlan              - n n Y n - - n n
SeeRisk               - Y Y Y Y - - Y Y
WriteNote             - Y Y Y Y - - Y n
SeeHistory            - Y Y Y Y - - Y Y
"
    );
}

#[test]
fn the_table_on_a_risk_of_ones_own() {
    use Verb::*;
    let verbs = [SeeRisk, WriteNote, ChangeRisk, AssessRisk, ChangeControls, DecideInclusion, DeleteRisk, Report];
    assert_eq!(
        grid(PlanStatus::Adopted, true, &verbs),
        "\
SeeRisk               - Y Y Y Y Y Y Y Y
WriteNote             - Y Y Y Y Y Y Y n
ChangeRisk            - n Y Y Y n n n n
AssessRisk            - n Y Y Y n n n n
ChangeControls        - n Y Y Y n n n n
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
    assert_eq!(answer(Verb::SeePlanParts, &Target::Plan(revised.clone())), Decision::Forbidden);
    assert_eq!(answer(Verb::WriteNote, &Target::Plan(revised)), Decision::Forbidden);
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
        (place(), any::<bool>(), prop::collection::vec(held(), 0..3)).prop_map(|(at, is_self, held)| Target::User {
            path: path(at),
            is_self,
            held
        }),
        held().prop_map(Target::Grant),
        (place(), any::<bool>()).prop_map(|(at, is_self)| Target::ServiceAccount { path: path(at), is_self }),
        place().prop_map(|at| Target::Webhook { path: path(at) }),
        plan().prop_map(Target::Plan),
        risk().prop_map(Target::Risk),
        (place(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(at, crime, mine, told_to_board)| {
            Target::Deficiency(DeficiencyTarget { told_to_board, ..deficiency_at(at, crime, mine) })
        }),
        (place(), prop::option::of(someone()))
            .prop_map(|(at, responsible)| Target::AuditRecord { path: path(at), responsible }),
        (place(), prop::option::of(someone()))
            .prop_map(|(at, responsible)| Target::Outcome { path: path(at), responsible }),
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
                | Verb::SeeFollowUp | Verb::SeeRisk | Verb::SeeHistory | Verb::WriteNote | Verb::ReportDeficiency | Verb::SeeDeficiency
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

    /// As `storage::queries::plans` reads a scope.
    #[test]
    fn lists_and_single_objects_agree(grants in grants(), risk in risk(), plan in plan()) {
        let scope = visible_scope(&grants);
        let seen = |verb, target: Target| decide(ME, &grants, verb, &target) == Decision::Allowed;
        let listed = covered(&scope.full, &risk.path)
            || (shows_adopted(risk.status, risk.adopted_revision) && covered(&scope.adopted, &risk.path))
            || (risk.responsibles.contains(&ME) && covered(&scope.performer, &risk.path));
        prop_assert_eq!(listed, seen(Verb::SeeRisk, Target::Risk(risk.clone())));
        let listed =
            covered(&scope.full, &plan.path) || (plan.adopted_revision.is_some() && covered(&scope.adopted, &plan.path));
        prop_assert_eq!(listed, seen(Verb::SeePlan, Target::Plan(plan.clone())));
        let scope = visible_follow_up(&grants);
        let listed = covered(&scope.full, &risk.path)
            || (shows_adopted(risk.status, risk.adopted_revision) && covered(&scope.adopted, &risk.path))
            || (risk.responsibles.contains(&ME) && covered(&scope.performer, &risk.path));
        prop_assert_eq!(listed, seen(Verb::SeeFollowUp, Target::Part { risk: risk.clone(), responsible: None }));
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

    /// The narrower scopes read no more than `read`, and write nothing.
    #[test]
    fn narrower_scopes_read_parts_of_what_read_does(at in place(), verb in verb(), target in any_target()) {
        let decided = |scope: ServiceScope| decide(ME, &[grant(scope, at, scope == ServiceScope::ReadDrafts)], verb, &target);
        let all = decided(ServiceScope::Read);
        let narrower = [ServiceScope::ReadAdopted, ServiceScope::ReadDrafts, ServiceScope::ReadPeople, ServiceScope::ReadHistory];
        for scope in narrower {
            prop_assert!(decided(scope) <= all, "{scope:?}");
        }
        // What is adopted is read by who reads drafts too; both as a reader does, but for the history and people's own words.
        prop_assert!(decided(ServiceScope::ReadAdopted) <= decided(ServiceScope::ReadDrafts));
        if !matches!(verb, Verb::SeeHistory | Verb::WriteNote | Verb::ReportDeficiency | Verb::AnswerRecommendation)
            && !matches!(target, Target::AuditRecord { .. })
        {
            for (scope, drafts) in [(ServiceScope::ReadAdopted, false), (ServiceScope::ReadDrafts, true)] {
                prop_assert_eq!(decided(scope), decide(ME, &[grant(Role::Reader, at, drafts)], verb, &target));
            }
        }
    }

    #[test]
    fn lists_of_webhooks_and_single_ones_agree(grants in grants(), at in place()) {
        let one = Target::Webhook { path: path(at) };
        let listed = covered(&visible_webhooks(&grants), &path(at));
        prop_assert_eq!(listed, decide(ME, &grants, Verb::SeeWebhook, &one) == Decision::Allowed);
    }

    #[test]
    fn lists_of_deficiencies_and_single_ones_agree(
        grants in grants(), at in place(), crime: bool, mine: bool, told_to_board: bool,
    ) {
        let scope = visible_deficiencies(&grants);
        let unsuspected = covered(&scope.unsuspected, &path(at)) || told_to_board && covered(&scope.told, &path(at));
        let listed = mine || covered(&scope.all, &path(at)) || !crime && unsuspected;
        let one = Target::Deficiency(DeficiencyTarget { told_to_board, ..deficiency_at(at, crime, mine) });
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
    fn lists_of_outcomes_and_single_ones_agree(
        grants in grants(), at in place(), responsible in prop::option::of(someone()),
    ) {
        let one = Target::Outcome { path: path(at), responsible };
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
            | Verb::SeePlanParts | Verb::SeeRisk | Verb::SeeFollowUp | Verb::SeeHistory | Verb::SeeOpenMatters
            | Verb::SeeDeficiency | Verb::SeeRecommendation | Verb::SeeOutcome | Verb::WriteRecommendation);
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
