//! Plans and all that is in them.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use uuid::Uuid;

use super::listing::{Any, Listing, Page, among, below, contains, holding, since};
use super::walk::paged;
use crate::domain::roles::Scope;
use crate::domain::words::{Category, InclusionReason, LevelKey, PlanStatus, Response};
use crate::error::{Error, Result};
use crate::storage::connection::{MultiBackend, fold, named, or_nothing};
use crate::storage::reading::Reading;
use crate::storage::records::{Action, Assessment, Control, Plan, PlanSection, Revision, Risk, User};
use crate::storage::schema::{
    actions, assessments, controls, plan_sections, plans, revisions, risk_references, risks, users,
};
use crate::storage::types::{Id, Json, Timestamp};
use crate::storage::writing::Writing;

/// What a caller may see of plans and risks, as prefixes of paths.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub(super) user: Id,
    /// A path of one step is the root: everything.
    pub(super) everything: bool,
    pub(super) full: Vec<String>,
    pub(super) adopted: Vec<String>,
    pub(super) performer: Vec<String>,
}

impl Seen {
    pub fn of(user: Id, scope: &Scope) -> Self {
        let text = |paths: &[Vec<Uuid>]| -> Vec<String> {
            paths.iter().map(|p| p.iter().map(|id| format!("{id}/")).collect()).collect()
        };
        Self {
            user,
            everything: scope.full.iter().any(|p| p.len() == 1),
            full: text(&scope.full),
            adopted: text(&scope.adopted),
            performer: text(&scope.performer),
        }
    }
}

/// Which plans.
#[derive(Debug, Clone, Default)]
pub struct PlanFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub organisation_id: Any<Id>,
    pub year: Any<i32>,
    pub status: Any<PlanStatus>,
    pub delivered: Option<bool>,
}

/// Which risks.
#[derive(Debug, Clone, Default)]
pub struct RiskFilter {
    pub plan_id: Any<Id>,
    pub organisation_id: Any<Id>,
    pub year: Any<i32>,
    /// The status of their plan.
    pub status: Any<PlanStatus>,
    pub identity_id: Any<Id>,
    pub updated_since: Option<Timestamp>,
    pub q: Option<String>,
    pub reference: Option<String>,
    pub goal_id: Any<Id>,
    pub owner_id: Any<Id>,
    pub category: Any<Category>,
    pub level: Any<LevelKey>,
    pub likelihood: Any<i32>,
    pub consequence: Any<i32>,
    pub response: Any<Response>,
    pub included: Option<bool>,
    pub inclusion_reason: Any<InclusionReason>,
    pub mandatory: Option<bool>,
    pub irregularity: Option<bool>,
    pub confirmed: Option<bool>,
    /// Those that have a score, or have none.
    pub assessed: Option<bool>,
    pub retired: Option<bool>,
    /// Those whose texts hold each of these.
    pub words: Vec<String>,
}

type PlanCondition = Box<dyn BoxableExpression<plans::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;
type RiskCondition = Box<dyn BoxableExpression<risks::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;

macro_rules! adopted {
    () => {
        plans::table.filter(plans::status.eq_any([PlanStatus::Adopted, PlanStatus::Closed])).select(plans::id)
    };
}
pub(super) use adopted;

macro_rules! held {
    ($table:ident, $user:expr) => {
        $table::table.filter($table::responsible_id.eq($user).assume_not_null()).select($table::risk_id)
    };
}

/// The risks that a caller sees; none means all. Agrees with the table of rights: a test holds them together.
fn seen_risks(seen: &Seen) -> Option<RiskCondition> {
    if seen.everything {
        return None;
    }
    let mut any: RiskCondition = Box::new(risks::id.eq(Id(Uuid::nil())));
    for path in &seen.full {
        any = Box::new(any.or(risks::organisation_id.eq_any(below!(path))));
    }
    for path in &seen.adopted {
        any = Box::new(any.or(risks::organisation_id.eq_any(below!(path)).and(risks::plan_id.eq_any(adopted!()))));
    }
    for path in &seen.performer {
        any = Box::new(
            any.or(risks::organisation_id
                .eq_any(below!(path))
                .and(risks::id.eq_any(held!(controls, seen.user)).or(risks::id.eq_any(held!(actions, seen.user))))),
        );
    }
    Some(any)
}

/// As [`seen_risks`], by way of the risk: narrows a query to what is of risks that the caller sees. What follows says how a row is
/// of some risks, whose ids it is given; `held` are the risks that the caller holds a part of.
macro_rules! of_seen_risks {
    ($query:expr, $table:ident, $seen:expr, $held:expr, |$risks:ident| $of:expr) => {{
        let mut q = $query;
        if !$seen.everything {
            let mut any: Box<dyn BoxableExpression<$table::table, MultiBackend, SqlType = diesel::sql_types::Bool>> =
                Box::new($table::id.eq(Id(Uuid::nil())));
            for path in &$seen.full {
                let $risks = risks::table.filter(risks::organisation_id.eq_any(below!(path))).select(risks::id);
                any = Box::new(any.or($of));
            }
            for path in &$seen.adopted {
                let $risks = risks::table
                    .filter(risks::organisation_id.eq_any(below!(path)))
                    .filter(risks::plan_id.eq_any(adopted!()))
                    .select(risks::id);
                any = Box::new(any.or($of));
            }
            for path in &$seen.performer {
                let $risks = risks::table
                    .filter(risks::organisation_id.eq_any(below!(path)))
                    .filter(risks::id.eq_any($held.to_vec()))
                    .select(risks::id);
                any = Box::new(any.or($of));
            }
            q = q.filter(any);
        }
        q
    }};
}
pub(super) use of_seen_risks;

/// Narrows a query of a table whose rows say of which plan they are to some plans, plans of some bodies, and of some years.
macro_rules! of_plans {
    ($query:expr, $table:ident, $f:expr) => {{
        let q = among!($query, $table, $f.plan_id, |id| $table::plan_id.eq(id));
        let q = among!(q, $table, $f.organisation_id, |id| {
            let of_body = plans::table.filter(plans::organisation_id.eq(id)).select(plans::id);
            $table::plan_id.eq_any(of_body)
        });
        among!(q, $table, $f.year, |year| {
            let of_year = plans::table.filter(plans::year.eq(year)).select(plans::id);
            $table::plan_id.eq_any(of_year)
        })
    }};
}
pub(super) use of_plans;

fn risk_query<'a>(f: &RiskFilter, seen: Option<&Seen>) -> risks::BoxedQuery<'a, MultiBackend> {
    let mut q = risks::table.into_boxed::<MultiBackend>();
    if let Some(condition) = seen.and_then(seen_risks) {
        q = q.filter(condition);
    }
    q = among!(q, risks, f.plan_id, |id| risks::plan_id.eq(id));
    q = among!(q, risks, f.organisation_id, |id| {
        let of_body = plans::table.filter(plans::organisation_id.eq(id)).select(plans::id);
        risks::organisation_id.eq(id).or(risks::plan_id.eq_any(of_body))
    });
    q = among!(q, risks, f.year, |year| risks::plan_id
        .eq_any(plans::table.filter(plans::year.eq(year)).select(plans::id)));
    q = among!(q, risks, f.status, |word| risks::plan_id
        .eq_any(plans::table.filter(plans::status.eq(word)).select(plans::id)));
    q = among!(q, risks, f.identity_id, |id| risks::identity_id.eq(id));
    q = since!(q, f.updated_since, risks::updated_at);
    if let Some(text) = &f.q {
        let pattern = contains(text);
        q = q.filter(
            fold(risks::name).like(pattern.clone()).escape('\\').or(fold(risks::reference).like(pattern).escape('\\')),
        );
    }
    q = holding!(
        q,
        &f.words,
        risks::name,
        risks::reference,
        or_nothing!(risks::description),
        or_nothing!(risks::local_goal),
        or_nothing!(risks::justification)
    );
    if let Some(reference) = &f.reference {
        q = q.filter(risks::reference.eq(reference.clone()));
    }
    q = among!(q, risks, f.goal_id, |id| risks::goal_id.eq(id));
    q = among!(q, risks, f.owner_id, |id| risks::owner_id.eq(id));
    q = among!(q, risks, f.category, |word| risks::category.eq(word));
    q = among!(q, risks, f.level, |word| risks::level.eq(word));
    q = among!(q, risks, f.likelihood, |likelihood| risks::likelihood.eq(likelihood));
    q = among!(q, risks, f.consequence, |consequence| risks::consequence.eq(consequence));
    q = among!(q, risks, f.response, |word| risks::response.eq(word));
    if let Some(yes) = f.included {
        q = q.filter(risks::included.eq(yes));
    }
    q = among!(q, risks, f.inclusion_reason, |word| risks::inclusion_reason.eq(word));
    match f.mandatory {
        // A risk that was retired from under an area answers for it no more.
        Some(true) => {
            let area = risks::area_id.is_not_null().and(risks::retired_on.is_null());
            q = q.filter(risks::mandatory_id.is_not_null().or(area));
        }
        Some(false) => {
            let no_area = risks::area_id.is_null().or(risks::retired_on.is_not_null());
            q = q.filter(risks::mandatory_id.is_null().and(no_area));
        }
        None => {}
    }
    if let Some(yes) = f.irregularity {
        q = q.filter(risks::irregularity.eq(yes));
    }
    if let Some(yes) = f.confirmed {
        q = q.filter(risks::confirmed.eq(yes));
    }
    match f.assessed {
        Some(true) => q = q.filter(risks::score.is_not_null()),
        Some(false) => q = q.filter(risks::score.is_null()),
        None => {}
    }
    match f.retired {
        Some(true) => q = q.filter(risks::retired_on.is_not_null()),
        Some(false) => q = q.filter(risks::retired_on.is_null()),
        None => {}
    }
    q
}

/// The plans that a caller sees, and of them those that are asked for.
fn plan_query<'a>(f: &PlanFilter, seen: &Seen) -> plans::BoxedQuery<'a, MultiBackend> {
    let mut q = plans::table.into_boxed::<MultiBackend>();
    if !seen.everything {
        let mut any: Box<dyn BoxableExpression<plans::table, MultiBackend, SqlType = diesel::sql_types::Bool>> =
            Box::new(plans::id.eq(Id(Uuid::nil())));
        for path in &seen.full {
            any = Box::new(any.or(plans::organisation_id.eq_any(below!(path))));
        }
        for path in &seen.adopted {
            any = Box::new(
                any.or(plans::organisation_id.eq_any(below!(path)).and(plans::adopted_revision.is_not_null())),
            );
        }
        q = q.filter(any);
    }
    q = since!(q, f.updated_since, plans::updated_at);
    q = among!(q, plans, f.organisation_id, |id| plans::organisation_id.eq(id));
    q = among!(q, plans, f.year, |year| plans::year.eq(year));
    q = among!(q, plans, f.status, |status| plans::status.eq(status));
    match f.delivered {
        Some(true) => q = q.filter(plans::delivered_on.is_not_null()),
        Some(false) => q = q.filter(plans::delivered_on.is_null()),
        None => {}
    }
    q
}

impl Reading<'_> {
    /// The risks for whose controls or actions someone is responsible.
    pub(super) fn risks_held(&mut self, user: Id) -> Result<Vec<Id>> {
        let mut held: Vec<Id> = held!(controls, user).load(self.c)?;
        held.extend(held!(actions, user).load::<Id>(self.c)?);
        Ok(held)
    }

    pub fn plans(&mut self, f: &PlanFilter, seen: &Seen, listing: &Listing) -> Result<Page<Plan>> {
        Ok(paged!(self, listing, Plan of plans, || plan_query(f, seen), {
            "year" => int plans::year, "status" => text plans::status, "decidedOn" => maybe_date plans::decided_on,
            "updatedAt" => time plans::updated_at, "organisationId" => id plans::organisation_id,
            "id" => id plans::id,
        }, ["year", "organisationId", "id"]))
    }

    /// The years that there are plans of, the newest first.
    pub fn plan_years(&mut self, seen: &Seen) -> Result<Vec<i32>> {
        Ok(plan_query(&PlanFilter::default(), seen)
            .select(plans::year)
            .distinct()
            .order(plans::year.desc())
            .load(self.c)?)
    }

    pub fn plans_by_ids(&mut self, ids: &[Id]) -> Result<Vec<Plan>> {
        self.all(ids.iter().copied())
    }

    /// Those of these risks that have a control.
    pub fn controlled(&mut self, risks: &[Id]) -> Result<HashSet<Id>> {
        Ok(controls::table
            .filter(controls::risk_id.eq_any(risks.to_vec()))
            .filter(controls::removed_in.is_null())
            .select(controls::risk_id)
            .distinct()
            .load::<Id>(self.c)?
            .into_iter()
            .collect())
    }

    /// Whether a later year's plan has carried the risk over.
    pub fn is_carried_over(&mut self, risk: Id) -> Result<bool> {
        let found: i64 = risks::table.filter(risks::previous_id.eq(risk)).count().get_result(self.c)?;
        Ok(found > 0)
    }

    /// Whether a later year's plan has carried the control or action over.
    pub fn is_part_carried_over(&mut self, part: Id) -> Result<bool> {
        let controls: i64 = controls::table.filter(controls::previous_id.eq(part)).count().get_result(self.c)?;
        let actions: i64 = actions::table.filter(actions::previous_id.eq(part)).count().get_result(self.c)?;
        Ok(controls + actions > 0)
    }

    /// The plans of a year, in the order in which they are locked.
    pub fn plan_ids_of_year(&mut self, year: i32) -> Result<Vec<Id>> {
        Ok(plans::table.filter(plans::year.eq(year)).order(plans::id.asc()).select(plans::id).load(self.c)?)
    }

    pub fn plan_of(&mut self, body: Id, year: i32) -> Result<Option<Plan>> {
        Ok(plans::table
            .filter(plans::organisation_id.eq(body))
            .filter(plans::year.eq(year))
            .select(Plan::as_select())
            .first(self.c)
            .optional()?)
    }

    /// Every plan of a body.
    pub fn plans_of_body(&mut self, body: Id) -> Result<Vec<Plan>> {
        Ok(plans::table
            .filter(plans::organisation_id.eq(body))
            .order(plans::year.desc())
            .select(Plan::as_select())
            .load(self.c)?)
    }

    /// The plans that were carried over from a plan, in the order in which they are locked.
    pub fn plans_from(&mut self, plan: Id) -> Result<Vec<Plan>> {
        Ok(plans::table
            .filter(plans::from_plan_id.eq(plan))
            .order(plans::id.asc())
            .select(Plan::as_select())
            .load(self.c)?)
    }

    pub fn plans_of_year(&mut self, year: i32) -> Result<Vec<Plan>> {
        Ok(plans::table.filter(plans::year.eq(year)).select(Plan::as_select()).load(self.c)?)
    }

    /// The plans of bodies at and below these paths that are not closed, and those of this year and later that are.
    pub fn plans_in_work(&mut self, paths: &[String], since: i32) -> Result<Vec<Plan>> {
        let mut there: PlanCondition = Box::new(plans::id.eq(Id(Uuid::nil())));
        for path in paths {
            there = Box::new(there.or(plans::organisation_id.eq_any(below!(path))));
        }
        let all: Vec<Plan> = plans::table
            .filter(there)
            .filter(plans::status.ne(PlanStatus::Closed).or(plans::year.ge(since)))
            .order((plans::year.asc(), plans::organisation_id.asc(), plans::id.asc()))
            .select(Plan::as_select())
            .load(self.c)?;
        self.know(&all);
        Ok(all)
    }

    pub fn sections(&mut self, plan: Id) -> Result<Vec<PlanSection>> {
        Ok(self.sections_of_plans(&[plan])?.remove(&plan).unwrap_or_default())
    }

    /// Those of each plan, as of one.
    pub fn sections_of_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<PlanSection>>> {
        self.lists("sectionsOfPlan", plans, |c, ids| {
            let all: Vec<PlanSection> = plan_sections::table
                .filter(plan_sections::plan_id.eq_any(ids))
                .select(PlanSection::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|section| (section.plan_id, section)).collect())
        })
    }

    /// The revisions of a plan, oldest first.
    pub fn revisions(&mut self, plan: Id) -> Result<Vec<Revision>> {
        Ok(self.revisions_of_plans(&[plan])?.remove(&plan).unwrap_or_default())
    }

    /// Each plan's from the first up.
    pub fn revisions_of_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<Revision>>> {
        self.lists("revisionsOfPlan", plans, |c, ids| {
            let all: Vec<Revision> = revisions::table
                .filter(revisions::plan_id.eq_any(ids))
                .order(revisions::number.asc())
                .select(Revision::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|revision| (revision.plan_id, revision)).collect())
        })
    }

    pub fn revision(&mut self, plan: Id, number: i32) -> Result<Revision> {
        self.revisions(plan)?.into_iter().find(|revision| revision.number == number).ok_or(Error::NotFound)
    }

    pub fn risks(&mut self, f: &RiskFilter, seen: Option<&Seen>, listing: &Listing) -> Result<Page<Risk>> {
        Ok(paged!(self, listing, Risk of risks, || risk_query(f, seen), {
            "number" => maybe_int risks::number, "score" => maybe_int risks::score, "name" => text risks::name,
            "reference" => reference risks::reference, "likelihood" => maybe_int risks::likelihood,
            "consequence" => maybe_int risks::consequence, "updatedAt" => time risks::updated_at,
            "position" => int risks::position, "id" => id risks::id,
        }, ["id"]))
    }

    /// Those who own the risks that a list would show, by name; so many at most.
    pub fn risk_owners(&mut self, f: &RiskFilter, seen: &Seen, most: i64) -> Result<Vec<User>> {
        let owned: Vec<Option<Id>> = risk_query(f, Some(seen))
            .filter(risks::owner_id.is_not_null())
            .select(risks::owner_id)
            .distinct()
            .limit(most)
            .load(self.c)?;
        let owners: Vec<Id> = owned.into_iter().flatten().collect();
        Ok(users::table
            .filter(users::id.eq_any(owners))
            .order((named(users::name).asc(), users::id.asc()))
            .select(User::as_select())
            .load(self.c)?)
    }

    /// Every risk of a plan, retired ones too, by number and reference.
    pub fn risks_of_plan(&mut self, plan: Id) -> Result<Vec<Risk>> {
        Ok(self.risks_of_plans(&[plan])?.remove(&plan).unwrap_or_default())
    }

    /// Those of each plan, as of one.
    pub fn risks_of_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<Risk>>> {
        let all = self.lists("risksOfPlan", plans, |c, ids| {
            let all: Vec<Risk> = risks::table
                .filter(risks::plan_id.eq_any(ids))
                .order((risks::number.is_null().asc(), risks::number.asc(), risks::reference.asc(), risks::id.asc()))
                .select(Risk::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|risk| (risk.plan_id, risk)).collect())
        })?;
        all.values().for_each(|risks| self.know(risks));
        Ok(all)
    }

    /// Likelihood and consequence of each risk that stands in a plan; none for one without a score.
    pub fn places_in_plan(&mut self, plan: Id) -> Result<Vec<Option<(i32, i32)>>> {
        type Place = (Option<i32>, Option<i32>, Option<i32>);
        let found: Vec<Place> = risks::table
            .filter(risks::plan_id.eq(plan))
            .filter(risks::included.eq(true))
            .filter(risks::retired_on.is_null())
            .select((risks::likelihood, risks::consequence, risks::score))
            .load(self.c)?;
        let scored = |(l, c, score): Place| l.zip(c).filter(|_| score.is_some());
        Ok(found.into_iter().map(scored).collect())
    }

    /// The risks that answer a mandatory risk or area, with their plans.
    pub fn risks_answering(&mut self, mandatory: Id) -> Result<Vec<(Risk, Plan)>> {
        Ok(risks::table
            .inner_join(plans::table.on(plans::id.eq(risks::plan_id)))
            .filter(
                risks::mandatory_id.eq(mandatory).assume_not_null().or(risks::area_id.eq(mandatory).assume_not_null()),
            )
            .order(risks::id.asc())
            .select((Risk::as_select(), Plan::as_select()))
            .load(self.c)?)
    }

    /// The place after the last under a goal of a plan.
    pub fn next_risk_position(&mut self, plan: Id, goal: Option<Id>) -> Result<i32> {
        let mut q = risks::table.filter(risks::plan_id.eq(plan)).into_boxed::<MultiBackend>();
        q = match goal {
            Some(id) => q.filter(risks::goal_id.eq(id)),
            None => q.filter(risks::goal_id.is_null()),
        };
        let last: Option<i32> = q.select(diesel::dsl::max(risks::position)).first(self.c)?;
        Ok(last.unwrap_or(0) + 1)
    }

    /// The owner of a reference in a body: the identity that it names.
    pub fn reference_holder(&mut self, body: Id, reference: &str) -> Result<Option<Id>> {
        Ok(risk_references::table
            .find((body, reference.to_owned()))
            .select(risk_references::identity_id)
            .first(self.c)
            .optional()?)
    }

    /// How many risks, in whichever plans, have this identity.
    pub fn risks_with_identity(&mut self, identity: Id) -> Result<i64> {
        Ok(risks::table.filter(risks::identity_id.eq(identity)).count().get_result(self.c)?)
    }

    pub fn references_of(&mut self, body: Id) -> Result<Vec<String>> {
        Ok(risk_references::table
            .filter(risk_references::body_id.eq(body))
            .select(risk_references::reference)
            .load(self.c)?)
    }

    /// The assessments of a risk, newest first.
    pub fn assessments(&mut self, risk: Id, listing: &Listing) -> Result<Page<Assessment>> {
        let query = || assessments::table.filter(assessments::risk_id.eq(risk)).into_boxed::<MultiBackend>();
        Ok(paged!(self, listing, Assessment of assessments, query, {
            "sequence" => int assessments::sequence,
        }, ["-sequence"]))
    }

    /// Every assessment of each of these risks, oldest first.
    pub fn assessments_of_risks(&mut self, risks: &[Id]) -> Result<HashMap<Id, Vec<Assessment>>> {
        self.lists("assessmentsOfRisk", risks, |c, ids| {
            let all: Vec<Assessment> = assessments::table
                .filter(assessments::risk_id.eq_any(ids))
                .order(assessments::sequence.asc())
                .select(Assessment::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|one| (one.risk_id, one)).collect())
        })
    }

    /// When each of these risks was last assessed. One that never was has none.
    pub fn last_assessed(&mut self, risks: &[Id]) -> Result<HashMap<Id, Timestamp>> {
        let made: Vec<(Id, Timestamp)> = assessments::table
            .filter(assessments::risk_id.eq_any(risks.to_vec()))
            .order(assessments::sequence.asc())
            .select((assessments::risk_id, assessments::assessed_at))
            .load(self.c)?;
        Ok(made.into_iter().collect())
    }

    pub fn newest_assessment(&mut self, risk: Id) -> Result<Option<Assessment>> {
        Ok(self.assessments(risk, &Listing::first(1))?.items.pop())
    }

    /// Everyone responsible for a control or an action of a risk.
    pub fn responsibles(&mut self, risk: Id) -> Result<Vec<Id>> {
        Ok(self.responsibles_of(&[risk])?.remove(&risk).unwrap_or_default())
    }

    /// Those of each risk, as of one.
    pub fn responsibles_of(&mut self, risks: &[Id]) -> Result<HashMap<Id, Vec<Id>>> {
        self.lists("responsiblesOfRisk", risks, |c, ids| {
            let mut all: Vec<(Id, Option<Id>)> = controls::table
                .filter(controls::risk_id.eq_any(ids.clone()))
                .filter(controls::responsible_id.is_not_null())
                .select((controls::risk_id, controls::responsible_id))
                .load(c)?;
            all.extend(
                actions::table
                    .filter(actions::risk_id.eq_any(ids))
                    .filter(actions::responsible_id.is_not_null())
                    .select((actions::risk_id, actions::responsible_id))
                    .load::<(Id, Option<Id>)>(c)?,
            );
            Ok(all.into_iter().filter_map(|(risk, person)| Some((risk, person?))).collect())
        })
    }

    /// Risks owned by someone, for a handover: in plans that are not closed.
    pub fn risks_owned(&mut self, user: Id) -> Result<Vec<Risk>> {
        let open = plans::table.filter(plans::status.ne(PlanStatus::Closed)).select(plans::id);
        Ok(risks::table
            .filter(risks::owner_id.eq(user))
            .filter(risks::plan_id.eq_any(open))
            .order((risks::plan_id.asc(), risks::id.asc()))
            .select(Risk::as_select())
            .load(self.c)?)
    }

    pub fn controls_held(&mut self, user: Id) -> Result<Vec<Control>> {
        let open = plans::table.filter(plans::status.ne(PlanStatus::Closed)).select(plans::id);
        Ok(controls::table
            .filter(controls::responsible_id.eq(user))
            .filter(controls::plan_id.eq_any(open))
            .order((controls::plan_id.asc(), controls::id.asc()))
            .select(Control::as_select())
            .load(self.c)?)
    }

    pub fn actions_held(&mut self, user: Id) -> Result<Vec<Action>> {
        let open = plans::table.filter(plans::status.ne(PlanStatus::Closed)).select(plans::id);
        Ok(actions::table
            .filter(actions::responsible_id.eq(user))
            .filter(actions::plan_id.eq_any(open))
            .order((actions::plan_id.asc(), actions::id.asc()))
            .select(Action::as_select())
            .load(self.c)?)
    }

    /// Whether an indicator is followed by a control of any plan.
    pub fn indicator_in_use(&mut self, indicator: Id) -> Result<bool> {
        // Few controls name indicators, and only their own plan's year can: read and look.
        let lists: Vec<Json<Vec<Id>>> = controls::table.select(controls::indicator_ids).load(self.c)?;
        Ok(lists.iter().any(|list| list.contains(&indicator)))
    }
}

/// What has become adopted, as each row was read, written together.
macro_rules! adopt {
    ($name:ident, $record:ident, $table:ident) => {
        /// These stand in the plan as it is adopted, which is told in the same event.
        pub fn $name(&mut self, all: Vec<$record>) -> Result<()> {
            self.change_together_as_effect(
                all,
                |one| one.adopted = true,
                |c, ids, version, now| {
                    diesel::update($table::table.filter($table::id.eq_any(ids)).filter($table::version.eq(version)))
                        .set(($table::adopted.eq(true), $table::version.eq(version + 1), $table::updated_at.eq(now)))
                        .execute(c)
                },
            )
        }
    };
}

impl Writing<'_> {
    adopt!(adopt_controls, Control, controls);
    adopt!(adopt_actions, Action, actions);

    /// These stand in the plan as it is adopted, by the numbers that they have, which is told in the same event.
    pub fn adopt_risks(&mut self, all: Vec<Risk>) -> Result<()> {
        self.change_together_as_effect(
            all,
            |risk| {
                risk.adopted = true;
                risk.fixed_number = risk.number;
            },
            |c, ids, version, now| {
                diesel::update(risks::table.filter(risks::id.eq_any(ids)).filter(risks::version.eq(version)))
                    .set((
                        risks::adopted.eq(true),
                        risks::fixed_number.eq(risks::number),
                        risks::version.eq(version + 1),
                        risks::updated_at.eq(now),
                    ))
                    .execute(c)
            },
        )
    }

    /// Takes a reference for an identity. The caller has seen that it is free; two that come at once: the second
    /// fails here and is tried again, and then sees it taken.
    pub fn take_reference(&mut self, body: Id, reference: &str, identity: Id) -> Result<()> {
        diesel::insert_into(risk_references::table)
            .values((
                risk_references::body_id.eq(body),
                risk_references::reference.eq(reference.to_owned()),
                risk_references::identity_id.eq(identity),
            ))
            .execute(self.pen())
            .map_err(|e| match e {
                diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _) => {
                    Error::Unavailable { retry_after: 1 }
                }
                other => other.into(),
            })?;
        Ok(())
    }

    /// Lets go of a reference that never stood in an adopted revision.
    pub fn free_reference(&mut self, body: Id, reference: &str) -> Result<()> {
        diesel::delete(risk_references::table.find((body, reference.to_owned()))).execute(self.pen())?;
        Ok(())
    }
}
