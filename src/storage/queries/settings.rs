//! Goals and indicators, scoring policies, mandatory risks, standing texts.

use diesel::prelude::*;

use super::{Listing, Page, contains, ordered};
use crate::domain::words::{Language, MandatoryKind};
use crate::error::Result;
use crate::storage::connection::{MultiBackend, fold};
use crate::storage::records::{Goal, Indicator, MandatoryRisk, PolicyVersion, ScoringPolicy, StandingText};
use crate::storage::schema::{goals, indicators, mandatory_risks, policy_versions, scoring_policies, standing_texts};
use crate::storage::{Id, Reading};

/// Which goals.
#[derive(Debug, Clone, Default)]
pub struct GoalFilter {
    pub year: Option<i32>,
    pub organisation_id: Option<Id>,
    pub parent_id: Option<Id>,
    pub q: Option<String>,
}

/// Which indicators.
#[derive(Debug, Clone, Default)]
pub struct IndicatorFilter {
    pub goal_id: Option<Id>,
    pub year: Option<i32>,
    pub organisation_id: Option<Id>,
    pub q: Option<String>,
}

/// Which scoring policies.
#[derive(Debug, Clone, Default)]
pub struct PolicyFilter {
    pub organisation_id: Option<Id>,
}

/// Which mandatory risks.
#[derive(Debug, Clone, Default)]
pub struct MandatoryFilter {
    pub year: Option<i32>,
    pub kind: Option<MandatoryKind>,
    /// Only those not withdrawn, or only those withdrawn.
    pub withdrawn: Option<bool>,
}

/// Which standing texts.
#[derive(Debug, Clone, Default)]
pub struct StandingTextFilter {
    pub year: Option<i32>,
    pub organisation_id: Option<Id>,
    pub language: Option<Language>,
    pub key: Option<String>,
}

impl Reading<'_> {
    pub fn goals(&mut self, f: &GoalFilter, listing: &Listing) -> Result<Page<Goal>> {
        let query = || {
            let mut q = goals::table.into_boxed::<MultiBackend>();
            if let Some(year) = f.year {
                q = q.filter(goals::year.eq(year));
            }
            if let Some(id) = f.organisation_id {
                q = q.filter(goals::organisation_id.eq(id));
            }
            if let Some(id) = f.parent_id {
                q = q.filter(goals::parent_id.eq(id));
            }
            if let Some(text) = &f.q {
                q = q.filter(fold(goals::name).like(contains(text)).escape('\\'));
            }
            q
        };
        let total = query().count().get_result(self.c)?;
        let items = ordered!(query(), listing, {
            "number" => goals::number, "name" => goals::name, "year" => goals::year, "position" => goals::position,
        }, goals::year, goals::position, goals::id)
        .limit(listing.limit)
        .offset(listing.offset())
        .select(Goal::as_select())
        .load(self.c)?;
        Ok(Page { items, total })
    }

    /// The goals of a year that belong to one of these organisations.
    pub fn goals_of(&mut self, year: i32, organisations: &[Id]) -> Result<Vec<Goal>> {
        Ok(goals::table
            .filter(goals::year.eq(year))
            .filter(goals::organisation_id.eq_any(organisations.to_vec()))
            .order((goals::position.asc(), goals::id.asc()))
            .select(Goal::as_select())
            .load(self.c)?)
    }

    pub fn goals_by_ids(&mut self, ids: &[Id]) -> Result<Vec<Goal>> {
        Ok(goals::table.filter(goals::id.eq_any(ids.to_vec())).select(Goal::as_select()).load(self.c)?)
    }

    pub fn goals_continuing(&mut self, id: Id) -> Result<Vec<Goal>> {
        Ok(goals::table.filter(goals::continues_id.eq(id)).select(Goal::as_select()).load(self.c)?)
    }

    pub fn indicators(&mut self, f: &IndicatorFilter, listing: &Listing) -> Result<Page<Indicator>> {
        let query = || {
            let mut q = indicators::table.into_boxed::<MultiBackend>();
            if let Some(id) = f.goal_id {
                q = q.filter(indicators::goal_id.eq(id));
            }
            if let Some(year) = f.year {
                q = q.filter(indicators::goal_id.eq_any(goals::table.filter(goals::year.eq(year)).select(goals::id)));
            }
            if let Some(id) = f.organisation_id {
                q = q.filter(
                    indicators::goal_id.eq_any(goals::table.filter(goals::organisation_id.eq(id)).select(goals::id)),
                );
            }
            if let Some(text) = &f.q {
                q = q.filter(fold(indicators::name).like(contains(text)).escape('\\'));
            }
            q
        };
        let total = query().count().get_result(self.c)?;
        let items = ordered!(query(), listing, {
            "name" => indicators::name, "position" => indicators::position,
        }, indicators::goal_id, indicators::position, indicators::id)
        .limit(listing.limit)
        .offset(listing.offset())
        .select(Indicator::as_select())
        .load(self.c)?;
        Ok(Page { items, total })
    }

    pub fn indicators_by_ids(&mut self, ids: &[Id]) -> Result<Vec<Indicator>> {
        Ok(indicators::table.filter(indicators::id.eq_any(ids.to_vec())).select(Indicator::as_select()).load(self.c)?)
    }

    pub fn policies(&mut self, f: &PolicyFilter, listing: &Listing) -> Result<Page<ScoringPolicy>> {
        let query = || {
            let mut q = scoring_policies::table.into_boxed::<MultiBackend>();
            if let Some(id) = f.organisation_id {
                q = q.filter(scoring_policies::organisation_id.eq(id));
            }
            q
        };
        let total = query().count().get_result(self.c)?;
        let items = ordered!(query(), listing, { "name" => scoring_policies::name },
            scoring_policies::created_at, scoring_policies::id)
        .limit(listing.limit)
        .offset(listing.offset())
        .select(ScoringPolicy::as_select())
        .load(self.c)?;
        Ok(Page { items, total })
    }

    /// The versions of a policy, newest first.
    pub fn policy_versions(&mut self, policy: Id, listing: &Listing) -> Result<Page<PolicyVersion>> {
        let query = || policy_versions::table.filter(policy_versions::policy_id.eq(policy));
        let total = query().count().get_result(self.c)?;
        let items = query()
            .order(policy_versions::number.desc())
            .limit(listing.limit)
            .offset(listing.offset())
            .select(PolicyVersion::as_select())
            .load(self.c)?;
        Ok(Page { items, total })
    }

    pub fn newest_policy_version(&mut self, policy: Id) -> Result<Option<PolicyVersion>> {
        Ok(self.policy_versions(policy, &Listing { page: 1, limit: 1, sort: Vec::new() })?.items.pop())
    }

    /// The first made policy of an organisation: its own, unless it made more.
    pub fn policies_of(&mut self, organisation: Id) -> Result<Vec<ScoringPolicy>> {
        Ok(self.policies(&PolicyFilter { organisation_id: Some(organisation) }, &Listing::all())?.items)
    }

    pub fn mandatory_risks(&mut self, f: &MandatoryFilter, listing: &Listing) -> Result<Page<MandatoryRisk>> {
        let query = || {
            let mut q = mandatory_risks::table.into_boxed::<MultiBackend>();
            if let Some(year) = f.year {
                q = q.filter(mandatory_risks::year.eq(year));
            }
            if let Some(kind) = f.kind {
                q = q.filter(mandatory_risks::kind.eq(kind));
            }
            match f.withdrawn {
                Some(true) => q = q.filter(mandatory_risks::withdrawn_at.is_not_null()),
                Some(false) => q = q.filter(mandatory_risks::withdrawn_at.is_null()),
                None => {}
            }
            q
        };
        let total = query().count().get_result(self.c)?;
        let items = ordered!(query(), listing, {
            "year" => mandatory_risks::year, "name" => mandatory_risks::name, "issuedAt" => mandatory_risks::issued_at,
        }, mandatory_risks::year, mandatory_risks::issued_at, mandatory_risks::id)
        .limit(listing.limit)
        .offset(listing.offset())
        .select(MandatoryRisk::as_select())
        .load(self.c)?;
        Ok(Page { items, total })
    }

    pub fn standing_texts(&mut self, f: &StandingTextFilter, listing: &Listing) -> Result<Page<StandingText>> {
        let query = || {
            let mut q = standing_texts::table.into_boxed::<MultiBackend>();
            if let Some(year) = f.year {
                q = q.filter(standing_texts::year.eq(year));
            }
            if let Some(id) = f.organisation_id {
                q = q.filter(standing_texts::organisation_id.eq(id));
            }
            if let Some(language) = f.language {
                q = q.filter(standing_texts::language.eq(language));
            }
            if let Some(key) = &f.key {
                q = q.filter(standing_texts::key.eq(key.clone()));
            }
            q
        };
        let total = query().count().get_result(self.c)?;
        let items = ordered!(query(), listing, { "year" => standing_texts::year, "key" => standing_texts::key },
            standing_texts::year, standing_texts::created_at, standing_texts::id)
        .limit(listing.limit)
        .offset(listing.offset())
        .select(StandingText::as_select())
        .load(self.c)?;
        Ok(Page { items, total })
    }
}
