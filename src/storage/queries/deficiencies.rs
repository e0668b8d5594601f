//! Deficiencies, and what plans say of them.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::listing::{Any, Listing, Page, among, below, contains, holding, since};
use super::walk::paged;
use crate::domain::words::Severity;
use crate::error::Result;
use crate::storage::connection::{MultiBackend, fold, or_nothing};
use crate::storage::reading::Reading;
use crate::storage::records::{Deficiency, PlanDeficiency};
use crate::storage::schema::{deficiencies, files, organisations, plan_deficiencies};
use crate::storage::types::{Id, Timestamp};

/// What a caller may see of deficiencies, as beginnings of paths.
#[derive(Debug, Clone, Default)]
pub struct SeenDeficiencies {
    pub all: Vec<String>,
    /// Only those in which no crime is suspected.
    pub unsuspected: Vec<String>,
    /// Only those of them that the board was told of.
    pub told: Vec<String>,
    /// And those that this user put in.
    pub user: Id,
}

/// Which deficiencies.
#[derive(Debug, Clone, Default)]
pub struct DeficiencyFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    /// Of organisations at or below this path.
    pub below: Option<String>,
    pub plan_id: Any<Id>,
    pub risk_id: Any<Id>,
    pub control_id: Any<Id>,
    pub severity: Any<Severity>,
    pub suspected_crime: Option<bool>,
    /// Whether the head has recorded what was done about the suspicion.
    pub handled: Option<bool>,
    pub closed: Option<bool>,
    pub reported_to_board: Option<bool>,
    pub reported_to_region: Option<bool>,
    pub q: Option<String>,
    /// Those whose texts hold each of these.
    pub words: Vec<String>,
}

type Condition = Box<dyn BoxableExpression<deficiencies::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;

/// Agrees with the table of rights: a test holds them together.
fn seen_condition(seen: &SeenDeficiencies) -> Condition {
    let mut any: Condition = Box::new(deficiencies::reported_by_id.eq(seen.user));
    for path in &seen.all {
        any = Box::new(any.or(deficiencies::organisation_id.eq_any(below!(path))));
    }
    for path in &seen.unsuspected {
        let there = deficiencies::organisation_id.eq_any(below!(path));
        any = Box::new(any.or(there.and(deficiencies::suspected_crime.eq(false))));
    }
    for path in &seen.told {
        let there = deficiencies::organisation_id.eq_any(below!(path));
        let told = deficiencies::suspected_crime.eq(false).and(deficiencies::reported_to_board_on.is_not_null());
        any = Box::new(any.or(there.and(told)));
    }
    any
}

/// Filters a question by whether a column has a value.
macro_rules! present {
    ($query:ident, $wanted:expr, $column:expr) => {
        match $wanted {
            Some(true) => $query = $query.filter($column.is_not_null()),
            Some(false) => $query = $query.filter($column.is_null()),
            None => {}
        }
    };
}

impl Reading<'_> {
    pub fn deficiencies(
        &mut self,
        f: &DeficiencyFilter,
        seen: &SeenDeficiencies,
        listing: &Listing,
    ) -> Result<Page<Deficiency>> {
        let query = || {
            let mut q = deficiencies::table.into_boxed::<MultiBackend>().filter(seen_condition(seen));
            if let Some(path) = &f.below {
                q = q.filter(deficiencies::organisation_id.eq_any(below!(path)));
            }
            q = since!(q, f.updated_since, deficiencies::updated_at);
            q = among!(q, deficiencies, f.plan_id, |id| deficiencies::plan_id.eq(id));
            q = among!(q, deficiencies, f.risk_id, |id| deficiencies::risk_id.eq(id));
            q = among!(q, deficiencies, f.control_id, |id| {
                let from = deficiencies::from_control_id.eq(id).assume_not_null();
                deficiencies::control_id.eq(id).assume_not_null().or(from)
            });
            q = among!(q, deficiencies, f.severity, |word| deficiencies::severity.eq(word));
            if let Some(yes) = f.suspected_crime {
                q = q.filter(deficiencies::suspected_crime.eq(yes));
            }
            present!(q, f.handled, deficiencies::crime_handled_on);
            present!(q, f.closed, deficiencies::closed_on);
            present!(q, f.reported_to_board, deficiencies::reported_to_board_on);
            present!(q, f.reported_to_region, deficiencies::reported_to_region_on);
            if let Some(text) = &f.q {
                q = q.filter(fold(deficiencies::title).like(contains(text)).escape('\\'));
            }
            holding!(
                q,
                &f.words,
                deficiencies::title,
                or_nothing!(deficiencies::description),
                or_nothing!(deficiencies::measures),
                or_nothing!(deficiencies::found_by),
                or_nothing!(deficiencies::closure_reason),
                or_nothing!(deficiencies::board_diary_number)
            )
        };
        Ok(paged!(self, listing, Deficiency of deficiencies, query, {
            "foundOn" => date deficiencies::found_on, "title" => text deficiencies::title,
            "updatedAt" => time deficiencies::updated_at, "id" => id deficiencies::id,
        }, ["foundOn", "id"]))
    }

    /// Every deficiency of a body and its parts, by when it was found. Rights are not asked here.
    pub fn deficiencies_of_body(&mut self, body: Id) -> Result<Vec<Deficiency>> {
        Ok(self.deficiencies_of_bodies(&[body])?.remove(&body).unwrap_or_default())
    }

    /// Those of each body, as of one.
    pub fn deficiencies_of_bodies(&mut self, bodies: &[Id]) -> Result<HashMap<Id, Vec<Deficiency>>> {
        self.lists("deficienciesOfBody", bodies, |c, ids| {
            let all: Vec<(Option<Id>, Deficiency)> = deficiencies::table
                .inner_join(organisations::table.on(organisations::id.eq(deficiencies::organisation_id)))
                .filter(organisations::body_id.eq_any(ids).assume_not_null())
                .order((deficiencies::found_on.asc(), deficiencies::id.asc()))
                .select((organisations::body_id, Deficiency::as_select()))
                .load(c)?;
            Ok(all.into_iter().filter_map(|(body, found)| Some((body?, found))).collect())
        })
    }

    /// The open ones at or below these paths that no board has been told of, oldest first.
    pub fn deficiencies_untold(&mut self, paths: &[String]) -> Result<Vec<Deficiency>> {
        let mut there: Condition = Box::new(deficiencies::id.eq(Id(Uuid::nil())));
        for path in paths {
            there = Box::new(there.or(deficiencies::organisation_id.eq_any(below!(path))));
        }
        Ok(deficiencies::table
            .filter(deficiencies::reported_to_board_on.is_null())
            .filter(deficiencies::closed_on.is_null())
            .filter(there)
            .order((deficiencies::found_on.asc(), deficiencies::id.asc()))
            .select(Deficiency::as_select())
            .load(self.c)?)
    }

    /// Those at or below these paths in which crime is suspected and nobody has recorded what was done, oldest first.
    pub fn unhandled_crimes(&mut self, paths: &[String]) -> Result<Vec<Deficiency>> {
        let mut there: Condition = Box::new(deficiencies::id.eq(Id(Uuid::nil())));
        for path in paths {
            there = Box::new(there.or(deficiencies::organisation_id.eq_any(below!(path))));
        }
        Ok(deficiencies::table
            .filter(deficiencies::suspected_crime.eq(true))
            .filter(deficiencies::crime_handled_on.is_null())
            .filter(there)
            .order((deficiencies::found_on.asc(), deficiencies::id.asc()))
            .select(Deficiency::as_select())
            .load(self.c)?)
    }

    /// The suspicions of crime that a caller does not see, and what plans say of them: their history is hidden too.
    pub fn hidden_crimes(&mut self, seen: &SeenDeficiencies) -> Result<Vec<Id>> {
        let hidden = || {
            deficiencies::table
                .filter(deficiencies::suspected_crime.eq(true))
                .filter(diesel::dsl::not(seen_condition(seen)))
                .select(deficiencies::id)
        };
        let mut all: Vec<Id> = hidden().load(self.c)?;
        let said: Vec<Id> = plan_deficiencies::table
            .filter(plan_deficiencies::deficiency_id.eq_any(all.clone()))
            .select(plan_deficiencies::id)
            .load(self.c)?;
        let left: Vec<Id> = files::table
            .filter(files::deficiency_id.eq_any(all.clone()).assume_not_null())
            .select(files::id)
            .load(self.c)?;
        all.extend(said);
        all.extend(left);
        Ok(all)
    }

    /// Those that concern one of these risks or controls.
    pub fn deficiencies_concerning(&mut self, risks: &[Id], controls: &[Id]) -> Result<Vec<Deficiency>> {
        let mut any: Condition = Box::new(deficiencies::id.eq(Id(Uuid::nil())));
        any = Box::new(any.or(deficiencies::risk_id.eq_any(risks.to_vec()).assume_not_null()));
        any = Box::new(any.or(deficiencies::control_id.eq_any(controls.to_vec()).assume_not_null()));
        any = Box::new(any.or(deficiencies::from_control_id.eq_any(controls.to_vec()).assume_not_null()));
        Ok(deficiencies::table
            .filter(any)
            .order(deficiencies::id.asc())
            .select(Deficiency::as_select())
            .load(self.c)?)
    }

    /// Those that are about a plan.
    pub fn deficiencies_of_plan(&mut self, plan: Id) -> Result<Vec<Deficiency>> {
        Ok(deficiencies::table
            .filter(deficiencies::plan_id.eq(plan))
            .order(deficiencies::id.asc())
            .select(Deficiency::as_select())
            .load(self.c)?)
    }

    /// What a plan says of deficiencies.
    pub fn plan_deficiencies(&mut self, plan: Id) -> Result<Vec<PlanDeficiency>> {
        Ok(self.deficiencies_in_plans(&[plan])?.remove(&plan).unwrap_or_default())
    }

    /// What each of some plans says of them.
    pub fn deficiencies_in_plans(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<PlanDeficiency>>> {
        self.lists("deficienciesInPlan", plans, |c, ids| {
            let all: Vec<PlanDeficiency> = plan_deficiencies::table
                .filter(plan_deficiencies::plan_id.eq_any(ids))
                .order((plan_deficiencies::deficiency_id.asc(), plan_deficiencies::id.asc()))
                .select(PlanDeficiency::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|said| (said.plan_id, said)).collect())
        })
    }

    /// What a plan says of one of them.
    pub fn plan_deficiency(&mut self, plan: Id, deficiency: Id) -> Result<Option<PlanDeficiency>> {
        Ok(plan_deficiencies::table
            .filter(plan_deficiencies::plan_id.eq(plan))
            .filter(plan_deficiencies::deficiency_id.eq(deficiency))
            .select(PlanDeficiency::as_select())
            .first(self.c)
            .optional()?)
    }
}
