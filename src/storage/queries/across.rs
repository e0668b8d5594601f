//! Records of all plans at once: assessments, what was reported, reports and revisions, as other systems read them.

use diesel::prelude::*;

use super::listing::{Listing, Page};
use super::measures::PartFilter;
use super::plans::{PlanFilter, RiskFilter, Seen, plan_query, risk_query};
use super::walk::paged;
use crate::domain::words::Period;
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
    pub organisation_id: Option<Id>,
    /// Those of plans of this year.
    pub year: Option<i32>,
    pub plan_id: Option<Id>,
    /// Those about this period, where they are about one.
    pub period: Option<Period>,
    /// Those made, or changed, at this time or later.
    pub since: Option<Timestamp>,
}

impl RecordFilter {
    fn plans(&self) -> PlanFilter {
        PlanFilter { organisation_id: self.organisation_id, year: self.year, ..PlanFilter::default() }
    }
}

/// What was reported of controls, or of actions, that the caller sees.
macro_rules! reported {
    ($name:ident, $record:ident in $table:ident, $part:ident of $parts:ident by $query:ident) => {
        pub fn $name(&mut self, f: &RecordFilter, seen: &Seen, listing: &Listing) -> Result<Page<$record>> {
            let held = self.held_by(seen)?;
            let of = PartFilter {
                organisation_id: f.organisation_id,
                year: f.year,
                plan_id: f.plan_id,
                ..PartFilter::default()
            };
            let query = || {
                let there = Self::$query(&of, seen, &held).select($parts::id);
                let mut q = $table::table.filter($table::$part.eq_any(there)).into_boxed::<MultiBackend>();
                if let Some(period) = f.period {
                    q = q.filter($table::period.eq(period));
                }
                if let Some(since) = f.since {
                    q = q.filter($table::reported_at.ge(since));
                }
                q
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
        let of = RiskFilter { plan_id: f.plan_id, year: f.year, ..RiskFilter::default() };
        let query = || {
            let there = risk_query(&of, Some(seen)).select(risks::id);
            let mut q = assessments::table.filter(assessments::risk_id.eq_any(there)).into_boxed::<MultiBackend>();
            if let Some(id) = f.organisation_id {
                let of_body = plans::table.filter(plans::organisation_id.eq(id)).select(plans::id);
                q = q.filter(assessments::plan_id.eq_any(of_body));
            }
            if let Some(since) = f.since {
                q = q.filter(assessments::assessed_at.ge(since));
            }
            q
        };
        Ok(paged!(self, listing, Assessment of assessments, query, {
            "assessedAt" => time assessments::assessed_at, "id" => id assessments::id,
        }, ["assessedAt", "id"]))
    }

    reported!(control_reports_across, ControlReport in control_reports, control_id of controls by control_query);
    reported!(action_reports_across, ActionReport in action_reports, action_id of actions by action_query);

    /// The adopted revisions of the plans that the caller sees.
    pub fn revisions_across(&mut self, f: &RecordFilter, seen: &Seen, listing: &Listing) -> Result<Page<Revision>> {
        let query = || {
            let there = plan_query(&f.plans(), seen).select(plans::id);
            let mut q = revisions::table.filter(revisions::plan_id.eq_any(there)).into_boxed::<MultiBackend>();
            if let Some(id) = f.plan_id {
                q = q.filter(revisions::plan_id.eq(id));
            }
            if let Some(since) = f.since {
                q = q.filter(revisions::created_at.ge(since));
            }
            q
        };
        Ok(paged!(self, listing, Revision of revisions, query, {
            "createdAt" => time revisions::created_at, "id" => id revisions::id,
        }, ["createdAt", "id"]))
    }

    /// The reports of the plans that the caller sees, by when they were last changed. Which of them may be seen depends on how
    /// far they have come, and is asked above.
    pub fn reports_across(&mut self, f: &RecordFilter, seen: &Seen) -> Result<Vec<Report>> {
        let there = plan_query(&f.plans(), seen).select(plans::id);
        let mut q = reports::table.filter(reports::plan_id.eq_any(there)).into_boxed::<MultiBackend>();
        if let Some(id) = f.plan_id {
            q = q.filter(reports::plan_id.eq(id));
        }
        if let Some(kind) = f.period {
            q = q.filter(reports::kind.eq(kind));
        }
        if let Some(since) = f.since {
            q = q.filter(reports::updated_at.ge(since));
        }
        Ok(q.order((reports::updated_at.asc(), reports::id.asc())).select(Report::as_select()).load(self.c)?)
    }
}
