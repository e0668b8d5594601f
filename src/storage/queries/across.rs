//! Records of all plans at once: assessments, what was reported, reports and revisions, as other systems read them.

use diesel::prelude::*;
use uuid::Uuid;

use super::listing::{Any, Listing, Page, among, below, since};
use super::plans::{Seen, adopted, of_plans, of_seen_risks};
use super::walk::paged;
use crate::domain::words::{Period, PlanStatus};
use crate::error::Result;
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::records::{ActionReport, Assessment, ControlReport, Report, Revision};
use crate::storage::schema::{
    action_reports, actions, assessments, control_reports, controls, plans, reports, revisions, risks,
};
use crate::storage::types::{Id, Timestamp};

/// Which records.
#[derive(Debug, Clone, Default)]
pub struct RecordFilter {
    /// Those of this body's plans.
    pub organisation_id: Any<Id>,
    /// Those of plans of this year.
    pub year: Any<i32>,
    pub plan_id: Any<Id>,
    /// Those about this period, where they are about one.
    pub period: Any<Period>,
    /// Those made, or changed, at this time or later.
    pub since: Option<Timestamp>,
}

/// A query of a table whose rows say of which plan they are, narrowed to what is asked for.
macro_rules! asked {
    ($f:expr, $table:ident, $time:ident) => {{
        let q = of_plans!($table::table.into_boxed::<MultiBackend>(), $table, $f);
        since!(q, $f.since, $table::$time)
    }};
}

/// Narrows a query to what is of plans below the paths that the caller sees something of.
macro_rules! of_seen_plans {
    ($query:expr, $table:ident, $seen:expr) => {{
        let mut q = $query;
        if !$seen.everything {
            let mut any: Box<dyn BoxableExpression<$table::table, MultiBackend, SqlType = diesel::sql_types::Bool>> =
                Box::new($table::id.eq(Id(Uuid::nil())));
            for path in $seen.full.iter().chain(&$seen.adopted) {
                let there = plans::table.filter(plans::organisation_id.eq_any(below!(path))).select(plans::id);
                any = Box::new(any.or($table::plan_id.eq_any(there)));
            }
            q = q.filter(any);
        }
        q
    }};
}

/// What was reported of controls, or of actions, whose follow-up the caller sees.
macro_rules! reported {
    ($name:ident, $record:ident in $table:ident, $part:ident of $parts:ident) => {
        pub fn $name(&mut self, f: &RecordFilter, seen: &Seen, listing: &Listing) -> Result<Page<$record>> {
            let held = self.held_by(seen)?;
            let query = || {
                let gone = $parts::table.filter($parts::removed_in.is_not_null()).select($parts::id);
                let mut q = asked!(f, $table, reported_at).filter($table::$part.ne_all(gone));
                q = among!(q, $table, f.period, |period| $table::period.eq(period));
                of_seen_risks!(q, $table, seen, held, |there| {
                    $table::$part.eq_any($parts::table.filter($parts::risk_id.eq_any(there)).select($parts::id))
                })
            };
            Ok(paged!(self, listing, $record of $table, query, {
                "reportedAt" => time $table::reported_at, "id" => id $table::id,
            }, ["reportedAt", "id"]))
        }
    };
}

impl Reading<'_> {
    /// The assessments of the risks that the caller sees.
    pub fn assessments_across(&mut self, f: &RecordFilter, seen: &Seen, listing: &Listing) -> Result<Page<Assessment>> {
        let held = self.held_by(seen)?;
        let query = || {
            let q = asked!(f, assessments, assessed_at);
            of_seen_risks!(q, assessments, seen, held, |there| assessments::risk_id.eq_any(there))
        };
        Ok(paged!(self, listing, Assessment of assessments, query, {
            "assessedAt" => time assessments::assessed_at, "id" => id assessments::id,
        }, ["assessedAt", "id"]))
    }

    reported!(control_reports_across, ControlReport in control_reports, control_id of controls);
    reported!(action_reports_across, ActionReport in action_reports, action_id of actions);

    /// The adopted revisions of the plans that the caller sees. A plan that has one is seen by its readers too.
    pub fn revisions_across(&mut self, f: &RecordFilter, seen: &Seen, listing: &Listing) -> Result<Page<Revision>> {
        let query = || of_seen_plans!(asked!(f, revisions, created_at), revisions, seen);
        Ok(paged!(self, listing, Revision of revisions, query, {
            "createdAt" => time revisions::created_at, "id" => id revisions::id,
        }, ["createdAt", "id"]))
    }

    /// The reports of plans below the paths that the caller sees something of, by when they were last changed. Which of them
    /// may be seen depends on how far they have come, and is asked above.
    pub fn reports_across(&mut self, f: &RecordFilter, seen: &Seen) -> Result<Vec<Report>> {
        let mut q = of_seen_plans!(asked!(f, reports, updated_at), reports, seen);
        q = among!(q, reports, f.period, |kind| reports::kind.eq(kind));
        Ok(q.order((reports::updated_at.asc(), reports::id.asc())).select(Report::as_select()).load(self.c)?)
    }
}
