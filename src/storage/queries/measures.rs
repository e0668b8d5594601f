//! Controls and actions: the same questions of two tables of the same shape.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::listing::{Any, Listing, Page, among, below, contains, holding, since};
use super::plans::{Seen, adopted, of_plans, of_seen_risks};
use super::walk::paged;
use crate::domain::words::PlanStatus;
use crate::error::Result;
use crate::storage::connection::{MultiBackend, fold, named, or_nothing};
use crate::storage::reading::Reading;
use crate::storage::records::{Action, Control, User};
use crate::storage::schema::{actions, controls, plans, risks, users};
use crate::storage::types::{Id, Timestamp};

/// Which controls or actions.
#[derive(Debug, Clone, Default)]
pub struct PartFilter {
    pub plan_id: Any<Id>,
    pub risk_id: Any<Id>,
    pub organisation_id: Any<Id>,
    pub year: Any<i32>,
    pub responsible_id: Any<Id>,
    pub updated_since: Option<Timestamp>,
    pub q: Option<String>,
    /// Those whose texts hold each of these.
    pub words: Vec<String>,
}

/// The functions of one of the two.
macro_rules! parts {
    ($query:ident, $list:ident, $responsible:ident, $of_risk:ident, $of_plan:ident, $every:ident, $next:ident, $record:ident, $table:ident, $other:ident, $question:literal) => {
        /// Those that a caller sees, and of them those that are asked for. `held` are the risks that the caller holds a part of.
        fn $query<'a>(f: &PartFilter, seen: &Seen, held: &[Id]) -> $table::BoxedQuery<'a, MultiBackend> {
            let mut q = $table::table.filter($table::removed_in.is_null()).into_boxed::<MultiBackend>();
            q = of_seen_risks!(q, $table, seen, held, |there| $table::risk_id.eq_any(there));
            q = of_plans!(q, $table, f);
            q = among!(q, $table, f.risk_id, |id| $table::risk_id.eq(id));
            q = among!(q, $table, f.responsible_id, |id| $table::responsible_id.eq(id));
            q = since!(q, f.updated_since, $table::updated_at);
            if let Some(text) = &f.q {
                q = q.filter(fold($table::name).like(contains(text)).escape('\\'));
            }
            holding!(q, &f.words, $table::name, or_nothing!($table::description), or_nothing!($table::$other))
        }

        pub fn $list(&mut self, f: &PartFilter, seen: &Seen, listing: &Listing) -> Result<Page<$record>> {
            let held = self.held_by(seen)?;
            Ok(paged!(self, listing, $record of $table, || Self::$query(f, seen, &held), {
                "name" => text $table::name, "position" => int $table::position, "updatedAt" => time $table::updated_at,
                "riskId" => id $table::risk_id, "id" => id $table::id,
            }, ["riskId", "position", "id"]))
        }

        /// Those who are responsible for what a list would show, by name; so many at most.
        pub fn $responsible(&mut self, f: &PartFilter, seen: &Seen, most: i64) -> Result<Vec<User>> {
            let held = self.held_by(seen)?;
            let found: Vec<Option<Id>> = Self::$query(f, seen, &held)
                .filter($table::responsible_id.is_not_null())
                .select($table::responsible_id)
                .distinct()
                .limit(most)
                .load(self.c)?;
            let people: Vec<Id> = found.into_iter().flatten().collect();
            Ok(users::table
                .filter(users::id.eq_any(people))
                .order((named(users::name).asc(), users::id.asc()))
                .select(User::as_select())
                .load(self.c)?)
        }

        pub fn $of_risk(&mut self, risk: Id) -> Result<Vec<$record>> {
            self.list(concat!($question, "OfRisk"), risk, |c, ids| {
                let all: Vec<$record> = $table::table
                    .filter($table::risk_id.eq_any(ids))
                    .filter($table::removed_in.is_null())
                    .order(($table::position.asc(), $table::id.asc()))
                    .select($record::as_select())
                    .load(c)?;
                Ok(all.into_iter().map(|part| (part.risk_id, part)).collect())
            })
        }

        pub fn $of_plan(&mut self, plan: Id) -> Result<Vec<$record>> {
            let mut all = self.$every(&[plan])?.remove(&plan).unwrap_or_default();
            all.retain(|part| part.removed_in.is_none());
            Ok(all)
        }

        /// Those too that were taken out of the plans in a revision.
        pub fn $every(&mut self, plans: &[Id]) -> Result<HashMap<Id, Vec<$record>>> {
            let all = self.lists(concat!($question, "OfPlan"), plans, |c, ids| {
                let all: Vec<$record> = $table::table
                    .filter($table::plan_id.eq_any(ids))
                    .order(($table::position.asc(), $table::id.asc()))
                    .select($record::as_select())
                    .load(c)?;
                Ok(all.into_iter().map(|part| (part.plan_id, part)).collect())
            })?;
            all.values().for_each(|parts: &Vec<$record>| self.know(parts));
            Ok(all)
        }

        /// The place after the last of a risk.
        pub fn $next(&mut self, risk: Id) -> Result<i32> {
            let last: Option<i32> = $table::table
                .filter($table::risk_id.eq(risk))
                .select(diesel::dsl::max($table::position))
                .first(self.c)?;
            Ok(last.unwrap_or(0) + 1)
        }
    };
}

impl Reading<'_> {
    parts!(
        control_query,
        controls,
        responsible_for_controls,
        controls_of_risk,
        controls_of_plan,
        every_control_of_plans,
        next_control_position,
        Control,
        controls,
        frequency,
        "controls"
    );
    parts!(
        action_query,
        actions,
        responsible_for_actions,
        actions_of_risk,
        actions_of_plan,
        every_action_of_plans,
        next_action_position,
        Action,
        actions,
        end_date_reason,
        "actions"
    );

    /// The risks that a performer holds a part of; none are asked for where no right depends on it. A table cannot stand in a
    /// question within a question about itself, so these come first.
    pub(super) fn held_by(&mut self, seen: &Seen) -> Result<Vec<Id>> {
        if seen.performer.is_empty() { Ok(Vec::new()) } else { self.risks_held(seen.user) }
    }
}
