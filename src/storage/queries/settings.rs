//! Goals and indicators, scoring policies, mandatory risks, standing texts, own words.

use diesel::prelude::*;

use super::listing::{Any, Listing, Page, among, contains, holding, since};
use super::walk::paged;
use crate::domain::words::{Language, MandatoryKind, PlanStatus};
use crate::error::Result;
use crate::storage::connection::{MultiBackend, fold, or_nothing};
use crate::storage::reading::Reading;
use crate::storage::records::{
    Control, Goal, Indicator, MandatoryRisk, Plan, PolicyVersion, ScoringPolicy, StandingText, Wording,
};
use crate::storage::remembered::About;
use crate::storage::schema::{
    controls, goals, indicators, mandatory_risks, plans, policy_versions, risks, scoring_policies, standing_texts,
    wordings,
};
use crate::storage::types::{Id, Json, Timestamp};

/// Which goals.
#[derive(Debug, Clone, Default)]
pub struct GoalFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub year: Any<i32>,
    pub organisation_id: Any<Id>,
    pub parent_id: Any<Id>,
    pub q: Option<String>,
    /// Those whose texts hold each of these.
    pub words: Vec<String>,
}

/// Which indicators.
#[derive(Debug, Clone, Default)]
pub struct IndicatorFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub goal_id: Any<Id>,
    pub year: Any<i32>,
    pub organisation_id: Any<Id>,
    pub q: Option<String>,
    /// Those whose texts hold each of these.
    pub words: Vec<String>,
}

/// Which scoring policies.
#[derive(Debug, Clone, Default)]
pub struct PolicyFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub organisation_id: Any<Id>,
}

/// Which mandatory risks.
#[derive(Debug, Clone, Default)]
pub struct MandatoryFilter {
    pub year: Any<i32>,
    pub kind: Any<MandatoryKind>,
    /// Only those not withdrawn, or only those withdrawn.
    pub withdrawn: Option<bool>,
}

/// Which standing texts.
#[derive(Debug, Clone, Default)]
pub struct StandingTextFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub year: Any<i32>,
    pub organisation_id: Any<Id>,
    pub language: Any<Language>,
    pub key: Option<String>,
}

/// Which words.
#[derive(Debug, Clone, Default)]
pub struct WordingFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    pub organisation_id: Any<Id>,
    pub year: Any<i32>,
}

/// How many things lean on a goal, of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GoalUses {
    pub children: i64,
    /// Goals of later years that continue it.
    pub continued: i64,
    pub indicators: i64,
    pub risks: i64,
    pub mandatory: i64,
    /// Plans in whose order it stands.
    pub orders: i64,
}

/// A policy's newest version, without its matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newest {
    pub policy_id: Id,
    pub number: i32,
    pub id: Id,
}

impl Reading<'_> {
    pub fn goals(&mut self, f: &GoalFilter, listing: &Listing) -> Result<Page<Goal>> {
        let query = || {
            let mut q = goals::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, goals::updated_at);
            q = among!(q, goals, f.year, |year| goals::year.eq(year));
            q = among!(q, goals, f.organisation_id, |id| goals::organisation_id.eq(id));
            q = among!(q, goals, f.parent_id, |id| goals::parent_id.eq(id));
            if let Some(text) = &f.q {
                q = q.filter(fold(goals::name).like(contains(text)).escape('\\'));
            }
            holding!(q, &f.words, goals::name, or_nothing!(goals::number))
        };
        Ok(paged!(self, listing, Goal of goals, query, {
            "number" => maybe_reference goals::number, "name" => text goals::name, "year" => int goals::year,
            "position" => int goals::position, "id" => id goals::id,
        }, ["year", "position", "id"]))
    }

    /// The years that there are goals of, the newest first, each with whose they are.
    pub fn goal_years(&mut self) -> Result<Vec<(i32, Id)>> {
        let of = (goals::year, goals::organisation_id);
        Ok(goals::table.select(of).distinct().order((goals::year.desc(), goals::organisation_id.asc())).load(self.c)?)
    }

    /// The same of the goals that have indicators.
    pub fn indicator_years(&mut self) -> Result<Vec<(i32, Id)>> {
        let measured = goals::id.eq_any(indicators::table.select(indicators::goal_id));
        let of = (goals::year, goals::organisation_id);
        let all = goals::table.filter(measured).select(of).distinct();
        Ok(all.order((goals::year.desc(), goals::organisation_id.asc())).load(self.c)?)
    }

    /// The goals of a year, everybody's.
    pub fn goals_of_year(&mut self, year: i32) -> Result<Vec<Goal>> {
        self.once("goalsOfYear", About::Year(year), |r| {
            Ok(goals::table
                .filter(goals::year.eq(year))
                .order((goals::position.asc(), goals::id.asc()))
                .select(Goal::as_select())
                .load(r.c)?)
        })
    }

    pub fn goals_by_ids(&mut self, ids: &[Id]) -> Result<Vec<Goal>> {
        self.all(ids.iter().copied())
    }

    pub fn goal_uses(&mut self, goal: &Goal) -> Result<GoalUses> {
        let id = goal.id;
        let orders: Vec<Json<Vec<Id>>> =
            plans::table.filter(plans::year.eq(goal.year)).select(plans::goal_order).load(self.c)?;
        Ok(GoalUses {
            children: goals::table.filter(goals::parent_id.eq(id)).count().get_result(self.c)?,
            continued: goals::table.filter(goals::continues_id.eq(id)).count().get_result(self.c)?,
            indicators: indicators::table.filter(indicators::goal_id.eq(id)).count().get_result(self.c)?,
            risks: risks::table.filter(risks::goal_id.eq(id)).count().get_result(self.c)?,
            mandatory: mandatory_risks::table.filter(mandatory_risks::goal_id.eq(id)).count().get_result(self.c)?,
            orders: orders.iter().filter(|order| order.contains(&id)).count() as i64,
        })
    }

    /// Whether a plan before its board prints this goal.
    pub fn goal_is_proposed(&mut self, goal: Id) -> Result<bool> {
        let proposed = self.proposed_plans()?;
        if proposed.iter().any(|plan| plan.goal_order.contains(&goal)) {
            return Ok(true);
        }
        let ids: Vec<Id> = proposed.iter().map(|plan| plan.id).collect();
        let under: i64 = risks::table
            .filter(risks::goal_id.eq(goal))
            .filter(risks::plan_id.eq_any(ids))
            .count()
            .get_result(self.c)?;
        Ok(under > 0)
    }

    /// Whether a plan before its board prints this indicator.
    pub fn indicator_is_proposed(&mut self, indicator: Id) -> Result<bool> {
        let proposed = plans::table.filter(plans::status.eq(PlanStatus::Proposed)).select(plans::id);
        let there: Vec<Control> =
            controls::table.filter(controls::plan_id.eq_any(proposed)).select(Control::as_select()).load(self.c)?;
        Ok(there.iter().any(|control| control.indicator_ids.contains(&indicator)))
    }

    /// The plans that lie before their boards: what these are going to read does not change.
    pub fn proposed_plans(&mut self) -> Result<Vec<Plan>> {
        Ok(plans::table
            .filter(plans::status.eq(PlanStatus::Proposed))
            .order(plans::id.asc())
            .select(Plan::as_select())
            .load(self.c)?)
    }

    /// The place after the last among the goals of an organisation and year under the same parent.
    pub fn next_goal_position(&mut self, organisation: Id, year: i32, parent: Option<Id>) -> Result<i32> {
        let mut q = goals::table
            .filter(goals::organisation_id.eq(organisation))
            .filter(goals::year.eq(year))
            .into_boxed::<MultiBackend>();
        q = match parent {
            Some(id) => q.filter(goals::parent_id.eq(id)),
            None => q.filter(goals::parent_id.is_null()),
        };
        let last: Option<i32> = q.select(diesel::dsl::max(goals::position)).first(self.c)?;
        Ok(last.unwrap_or(0).saturating_add(1))
    }

    /// The place after the last indicator of a goal.
    pub fn next_indicator_position(&mut self, goal: Id) -> Result<i32> {
        let last: Option<i32> = indicators::table
            .filter(indicators::goal_id.eq(goal))
            .select(diesel::dsl::max(indicators::position))
            .first(self.c)?;
        Ok(last.unwrap_or(0).saturating_add(1))
    }

    pub fn indicators(&mut self, f: &IndicatorFilter, listing: &Listing) -> Result<Page<Indicator>> {
        let query = || {
            let mut q = indicators::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, indicators::updated_at);
            q = among!(q, indicators, f.goal_id, |id| indicators::goal_id.eq(id));
            q = among!(q, indicators, f.year, |year| indicators::goal_id
                .eq_any(goals::table.filter(goals::year.eq(year)).select(goals::id)));
            q = among!(q, indicators, f.organisation_id, |id| {
                // One without an owner of its own is its goal's.
                let by_goal =
                    indicators::goal_id.eq_any(goals::table.filter(goals::organisation_id.eq(id)).select(goals::id));
                indicators::organisation_id
                    .eq(id)
                    .assume_not_null()
                    .or(indicators::organisation_id.is_null().and(by_goal))
            });
            if let Some(text) = &f.q {
                q = q.filter(fold(indicators::name).like(contains(text)).escape('\\'));
            }
            holding!(q, &f.words, indicators::name, or_nothing!(indicators::note))
        };
        Ok(paged!(self, listing, Indicator of indicators, query, {
            "name" => text indicators::name, "position" => int indicators::position,
            "goalId" => id indicators::goal_id, "id" => id indicators::id,
        }, ["goalId", "position", "id"]))
    }

    /// The indicators of the goals of a year, everybody's.
    pub fn indicators_of_year(&mut self, year: i32) -> Result<Vec<Indicator>> {
        self.once("indicatorsOfYear", About::Year(year), |r| {
            let of_year = goals::table.filter(goals::year.eq(year)).select(goals::id);
            Ok(indicators::table
                .filter(indicators::goal_id.eq_any(of_year))
                .order((indicators::goal_id.asc(), indicators::position.asc(), indicators::id.asc()))
                .select(Indicator::as_select())
                .load(r.c)?)
        })
    }

    /// Those of some years that have indicators.
    pub fn years_with_indicators(&mut self, years: &[i32]) -> Result<Vec<i32>> {
        let measured = goals::id.eq_any(indicators::table.select(indicators::goal_id));
        Ok(goals::table
            .filter(goals::year.eq_any(years.to_vec()))
            .filter(measured)
            .select(goals::year)
            .distinct()
            .order(goals::year.asc())
            .load(self.c)?)
    }

    /// The indicators of later years that continue one of these.
    pub fn indicators_continuing(&mut self, ids: &[Id]) -> Result<Vec<Indicator>> {
        let mut all = Vec::new();
        for some in ids.chunks(500) {
            all.extend(
                indicators::table
                    .filter(indicators::continues_id.eq_any(some.to_vec()))
                    .order(indicators::id.asc())
                    .select(Indicator::as_select())
                    .load::<Indicator>(self.c)?,
            );
        }
        Ok(all)
    }

    pub fn indicators_by_ids(&mut self, ids: &[Id]) -> Result<Vec<Indicator>> {
        self.all(ids.iter().copied())
    }

    pub fn policies(&mut self, f: &PolicyFilter, listing: &Listing) -> Result<Page<ScoringPolicy>> {
        let query = || {
            let mut q = scoring_policies::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, scoring_policies::updated_at);
            q = among!(q, scoring_policies, f.organisation_id, |id| scoring_policies::organisation_id.eq(id));
            q
        };
        Ok(paged!(self, listing, ScoringPolicy of scoring_policies, query, {
            "name" => text scoring_policies::name, "createdAt" => time scoring_policies::created_at,
            "id" => id scoring_policies::id,
        }, ["createdAt", "id"]))
    }

    /// The versions of a policy, newest first.
    pub fn policy_versions(&mut self, policy: Id, listing: &Listing) -> Result<Page<PolicyVersion>> {
        let of_policy = policy_versions::policy_id.eq(policy);
        let query = || policy_versions::table.filter(of_policy).into_boxed::<MultiBackend>();
        Ok(paged!(self, listing, PolicyVersion of policy_versions, query, {
            "number" => int policy_versions::number,
        }, ["-number"]))
    }

    pub fn policy_version(&mut self, policy: Id, number: i32) -> Result<Option<PolicyVersion>> {
        Ok(policy_versions::table
            .filter(policy_versions::policy_id.eq(policy))
            .filter(policy_versions::number.eq(number))
            .select(PolicyVersion::as_select())
            .first(self.c)
            .optional()?)
    }

    /// The newest version of each of these policies.
    pub fn newest_versions(&mut self, policies: &[Id]) -> Result<Vec<Newest>> {
        let all: Vec<(Id, i32, Id)> = policy_versions::table
            .filter(policy_versions::policy_id.eq_any(policies.to_vec()))
            .order((policy_versions::policy_id.asc(), policy_versions::number.desc()))
            .select((policy_versions::policy_id, policy_versions::number, policy_versions::id))
            .load(self.c)?;
        let mut newest: Vec<Newest> =
            all.into_iter().map(|(policy_id, number, id)| Newest { policy_id, number, id }).collect();
        newest.dedup_by_key(|n| n.policy_id);
        Ok(newest)
    }

    /// The plans scored by any version of a policy and not yet closed, newest year first.
    pub fn open_plans_scored_by(&mut self, policy: Id, most: i64) -> Result<Page<Plan>> {
        let query = || {
            let versions =
                policy_versions::table.filter(policy_versions::policy_id.eq(policy)).select(policy_versions::id);
            plans::table.filter(plans::status.ne(PlanStatus::Closed)).filter(plans::policy_version_id.eq_any(versions))
        };
        let total = query().count().get_result(self.c)?;
        let items = query()
            .order((plans::year.desc(), plans::organisation_id.asc(), plans::id.asc()))
            .limit(most)
            .select(Plan::as_select())
            .load(self.c)?;
        Ok(Page::of(items, Some(total)))
    }

    pub fn newest_policy_version(&mut self, policy: Id) -> Result<Option<PolicyVersion>> {
        Ok(self.policy_versions(policy, &Listing::first(1))?.items.pop())
    }

    /// The first made policy of an organisation: its own, unless it made more.
    pub fn policies_of(&mut self, organisation: Id) -> Result<Vec<ScoringPolicy>> {
        Ok(self
            .policies(
                &PolicyFilter { organisation_id: organisation.into(), ..PolicyFilter::default() },
                &Listing::all(),
            )?
            .items)
    }

    pub fn mandatory_risks(&mut self, f: &MandatoryFilter, listing: &Listing) -> Result<Page<MandatoryRisk>> {
        let query = || {
            let mut q = mandatory_risks::table.into_boxed::<MultiBackend>();
            q = among!(q, mandatory_risks, f.year, |year| mandatory_risks::year.eq(year));
            q = among!(q, mandatory_risks, f.kind, |kind| mandatory_risks::kind.eq(kind));
            match f.withdrawn {
                Some(true) => q = q.filter(mandatory_risks::withdrawn_at.is_not_null()),
                Some(false) => q = q.filter(mandatory_risks::withdrawn_at.is_null()),
                None => {}
            }
            q
        };
        Ok(paged!(self, listing, MandatoryRisk of mandatory_risks, query, {
            "year" => int mandatory_risks::year, "name" => text mandatory_risks::name,
            "issuedAt" => time mandatory_risks::issued_at, "id" => id mandatory_risks::id,
        }, ["year", "issuedAt", "id"]))
    }

    /// What was issued for a year, withdrawn ones too, in the order in which it was.
    pub fn mandatory_of_year(&mut self, year: i32) -> Result<Vec<MandatoryRisk>> {
        self.once("mandatoryOfYear", About::Year(year), |r| {
            let filter = MandatoryFilter { year: year.into(), ..MandatoryFilter::default() };
            Ok(r.mandatory_risks(&filter, &Listing::all())?.items)
        })
    }

    pub fn standing_texts(&mut self, f: &StandingTextFilter, listing: &Listing) -> Result<Page<StandingText>> {
        let query = || {
            let mut q = standing_texts::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, standing_texts::updated_at);
            q = among!(q, standing_texts, f.year, |year| standing_texts::year.eq(year));
            q = among!(q, standing_texts, f.organisation_id, |id| standing_texts::organisation_id.eq(id));
            q = among!(q, standing_texts, f.language, |language| standing_texts::language.eq(language));
            if let Some(key) = &f.key {
                q = q.filter(standing_texts::key.eq(key.clone()));
            }
            q
        };
        Ok(paged!(self, listing, StandingText of standing_texts, query, {
            "year" => int standing_texts::year, "key" => text standing_texts::key,
            "createdAt" => time standing_texts::created_at, "id" => id standing_texts::id,
        }, ["year", "createdAt", "id"]))
    }

    /// Every text of these organisations for a year or one before it, newest year first.
    pub fn standing_texts_until(
        &mut self,
        organisations: &[Id],
        year: i32,
        language: Language,
    ) -> Result<Vec<StandingText>> {
        let found = self.lists("standingTextsOf", organisations, |c, ids| {
            let all: Vec<StandingText> = standing_texts::table
                .filter(standing_texts::organisation_id.eq_any(ids))
                .select(StandingText::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|text| (text.organisation_id, text)).collect())
        })?;
        let mut all: Vec<StandingText> = found.into_values().flatten().collect();
        all.retain(|text| text.year <= year && text.language == language);
        all.sort_by(|a, b| (std::cmp::Reverse(a.year), &a.key, a.id).cmp(&(std::cmp::Reverse(b.year), &b.key, b.id)));
        Ok(all)
    }

    pub fn wordings(&mut self, f: &WordingFilter, listing: &Listing) -> Result<Page<Wording>> {
        let query = || {
            let mut q = wordings::table.into_boxed::<MultiBackend>();
            q = since!(q, f.updated_since, wordings::updated_at);
            q = among!(q, wordings, f.organisation_id, |id| wordings::organisation_id.eq(id));
            q = among!(q, wordings, f.year, |year| wordings::year.eq(year));
            q
        };
        Ok(paged!(self, listing, Wording of wordings, query, {
            "year" => int wordings::year, "createdAt" => time wordings::created_at, "id" => id wordings::id,
        }, ["year", "createdAt", "id"]))
    }

    /// What these organisations call their things, each from all of its years.
    pub fn wordings_of(&mut self, organisations: &[Id]) -> Result<Vec<Wording>> {
        let found = self.lists("wordingsOf", organisations, |c, ids| {
            let all: Vec<Wording> =
                wordings::table.filter(wordings::organisation_id.eq_any(ids)).select(Wording::as_select()).load(c)?;
            Ok(all.into_iter().map(|wording| (wording.organisation_id, wording)).collect())
        })?;
        Ok(found.into_values().flatten().collect())
    }
}
