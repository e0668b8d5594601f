//! Outcomes of indicators, and a body's judgement of the components.

use diesel::prelude::*;
use uuid::Uuid;

use super::listing::{Any, Listing, Page, among, below, since};
use super::walk::paged;
use crate::domain::words::{OutcomeJudgement, Period};
use crate::error::Result;
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::records::{Outcome, SelfAssessment};
use crate::storage::schema::{goals, indicators, organisations, outcomes, self_assessments};
use crate::storage::types::{Id, Json, Timestamp};

/// Which outcomes.
#[derive(Debug, Clone, Default)]
pub struct OutcomeFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub indicator_id: Any<Id>,
    pub organisation_id: Any<Id>,
    /// Of the goal.
    pub year: Any<i32>,
    pub period: Any<Period>,
    pub judgement: Any<OutcomeJudgement>,
    /// At risk or missed, and no action linked; or all others.
    pub without_action: Option<bool>,
}

type Condition = Box<dyn BoxableExpression<outcomes::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;

impl Reading<'_> {
    /// The outcomes of organisations at or below `seen`.
    pub fn outcomes(&mut self, f: &OutcomeFilter, seen: &[String], listing: &Listing) -> Result<Page<Outcome>> {
        let query = || {
            let mut any: Condition = Box::new(outcomes::id.eq(Id(Uuid::nil())));
            for path in seen {
                any = Box::new(any.or(outcomes::organisation_id.eq_any(below!(path))));
            }
            let mut q = outcomes::table.into_boxed::<MultiBackend>().filter(any);
            q = since!(q, f.updated_since, outcomes::updated_at);
            q = among!(q, outcomes, f.indicator_id, |id| outcomes::indicator_id.eq(id));
            q = among!(q, outcomes, f.organisation_id, |id| outcomes::organisation_id.eq(id));
            q = among!(q, outcomes, f.year, |year| {
                let of_year = indicators::table
                    .filter(indicators::goal_id.eq_any(goals::table.filter(goals::year.eq(year)).select(goals::id)))
                    .select(indicators::id);
                outcomes::indicator_id.eq_any(of_year)
            });
            q = among!(q, outcomes, f.period, |word| outcomes::period.eq(word));
            q = among!(q, outcomes, f.judgement, |word| outcomes::judgement.eq(word));
            let off = [OutcomeJudgement::AtRisk, OutcomeJudgement::Missed];
            let nothing = Json(Vec::<Id>::new());
            match f.without_action {
                Some(true) => {
                    q = q
                        .filter(outcomes::judgement.eq_any(off))
                        .filter(outcomes::action_ids.eq(nothing))
                        .filter(outcomes::own_actions.is_null());
                }
                Some(false) => {
                    let well = outcomes::judgement
                        .is_null()
                        .or(outcomes::judgement.eq(OutcomeJudgement::OnTarget).assume_not_null());
                    q = q.filter(well.or(outcomes::action_ids.ne(nothing)).or(outcomes::own_actions.is_not_null()));
                }
                None => {}
            }
            q
        };
        Ok(paged!(self, listing, Outcome of outcomes, query, {
            "updatedAt" => time outcomes::updated_at, "indicatorId" => id outcomes::indicator_id,
            "organisationId" => id outcomes::organisation_id, "period" => text outcomes::period,
            "id" => id outcomes::id,
        }, ["indicatorId", "organisationId", "period", "id"]))
    }

    pub fn outcome(&mut self, indicator: Id, organisation: Id, period: Period) -> Result<Option<Outcome>> {
        Ok(outcomes::table
            .filter(outcomes::indicator_id.eq(indicator))
            .filter(outcomes::organisation_id.eq(organisation))
            .filter(outcomes::period.eq(period))
            .select(Outcome::as_select())
            .first(self.c)
            .optional()?)
    }

    /// What these indicators came to for these organisations, in every period.
    pub fn outcomes_of(&mut self, indicators: &[Id], organisations: &[Id]) -> Result<Vec<Outcome>> {
        let mut all = Vec::new();
        for some in indicators.chunks(500) {
            for places in organisations.chunks(500) {
                all.extend(
                    outcomes::table
                        .filter(outcomes::indicator_id.eq_any(some.to_vec()))
                        .filter(outcomes::organisation_id.eq_any(places.to_vec()))
                        .order((outcomes::indicator_id.asc(), outcomes::organisation_id.asc(), outcomes::id.asc()))
                        .select(Outcome::as_select())
                        .load::<Outcome>(self.c)?,
                );
            }
        }
        Ok(all)
    }

    /// What indicators came to in a period for a body and its parts: these indicators alone, or all of a year's.
    pub fn outcomes_in_period(
        &mut self,
        body: Id,
        year: i32,
        period: Period,
        of: Option<&[Id]>,
    ) -> Result<Vec<Outcome>> {
        let parts =
            organisations::table.filter(organisations::body_id.eq(body).assume_not_null()).select(organisations::id);
        let of_year = indicators::table
            .filter(indicators::goal_id.eq_any(goals::table.filter(goals::year.eq(year)).select(goals::id)))
            .select(indicators::id);
        let mut q = outcomes::table
            .into_boxed::<MultiBackend>()
            .filter(outcomes::organisation_id.eq_any(parts))
            .filter(outcomes::indicator_id.eq_any(of_year))
            .filter(outcomes::period.eq(period));
        if let Some(these) = of {
            q = q.filter(outcomes::indicator_id.eq_any(these.to_vec()));
        }
        Ok(q.order((outcomes::indicator_id.asc(), outcomes::organisation_id.asc(), outcomes::id.asc()))
            .select(Outcome::as_select())
            .load(self.c)?)
    }

    /// The outcomes of a body and its parts, whatever the year.
    pub fn outcomes_of_body(&mut self, body: Id) -> Result<Vec<Outcome>> {
        let parts =
            organisations::table.filter(organisations::body_id.eq(body).assume_not_null()).select(organisations::id);
        Ok(outcomes::table
            .filter(outcomes::organisation_id.eq_any(parts))
            .order(outcomes::id.asc())
            .select(Outcome::as_select())
            .load(self.c)?)
    }

    /// Whether an indicator has an outcome.
    pub fn has_outcomes(&mut self, indicator: Id) -> Result<bool> {
        let found: i64 = outcomes::table.filter(outcomes::indicator_id.eq(indicator)).count().get_result(self.c)?;
        Ok(found > 0)
    }

    /// The body's judgement of the components in a period of its plan, if it is there.
    pub fn self_assessment(&mut self, plan: Id, period: Period) -> Result<Option<SelfAssessment>> {
        Ok(self_assessments::table
            .filter(self_assessments::plan_id.eq(plan))
            .filter(self_assessments::period.eq(period))
            .select(SelfAssessment::as_select())
            .first(self.c)
            .optional()?)
    }
}
