//! Recommendations with their dialogue, and audit opinions.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::listing::{Any, Listing, Page, among, below, contains, holding, since};
use super::walk::paged;
use crate::domain::words::{RecommendationSource, Sufficiency};
use crate::error::Result;
use crate::storage::connection::{MultiBackend, fold, or_nothing};
use crate::storage::reading::Reading;
use crate::storage::records::{AuditOpinion, Recommendation, RecommendationEntry};
use crate::storage::schema::{audit_opinions, organisations, recommendation_entries, recommendations};
use crate::storage::types::{Id, Timestamp};

/// What a caller may see of recommendations and opinions, as beginnings of paths.
#[derive(Debug, Clone, Default)]
pub struct SeenAuditRecords {
    pub all: Vec<String>,
    /// Only those that this user answers for.
    pub responsible: Vec<String>,
    pub user: Id,
}

/// Which recommendations.
#[derive(Debug, Clone, Default)]
pub struct RecommendationFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    /// Of organisations at or below this path.
    pub below: Option<String>,
    pub year: Any<i32>,
    pub source: Any<RecommendationSource>,
    pub responsible_id: Any<Id>,
    pub closed: Option<bool>,
    pub q: Option<String>,
    /// Those whose texts hold each of these.
    pub words: Vec<String>,
}

/// Which audit opinions.
#[derive(Debug, Clone, Default)]
pub struct OpinionFilter {
    /// Those changed at this time or later.
    pub updated_since: Option<Timestamp>,
    /// Of organisations at or below this path.
    pub below: Option<String>,
    pub year: Any<i32>,
    pub judgement: Any<Sufficiency>,
}

type Recommended = Box<dyn BoxableExpression<recommendations::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;
type Judged = Box<dyn BoxableExpression<audit_opinions::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;

impl Reading<'_> {
    pub fn recommendations(
        &mut self,
        f: &RecommendationFilter,
        seen: &SeenAuditRecords,
        listing: &Listing,
    ) -> Result<Page<Recommendation>> {
        let query = || {
            // Agrees with the table of rights: a test holds them together.
            let mut any: Recommended = Box::new(recommendations::id.eq(Id(Uuid::nil())));
            for path in &seen.all {
                any = Box::new(any.or(recommendations::organisation_id.eq_any(below!(path))));
            }
            for path in &seen.responsible {
                let theirs = recommendations::responsible_id.eq(seen.user).assume_not_null();
                any = Box::new(any.or(recommendations::organisation_id.eq_any(below!(path)).and(theirs)));
            }
            let mut q = recommendations::table.into_boxed::<MultiBackend>().filter(any);
            if let Some(path) = &f.below {
                q = q.filter(recommendations::organisation_id.eq_any(below!(path)));
            }
            q = since!(q, f.updated_since, recommendations::updated_at);
            q = among!(q, recommendations, f.year, |year| recommendations::year.eq(year));
            q = among!(q, recommendations, f.source, |word| recommendations::source.eq(word));
            q = among!(q, recommendations, f.responsible_id, |id| recommendations::responsible_id.eq(id));
            match f.closed {
                Some(true) => q = q.filter(recommendations::closed_on.is_not_null()),
                Some(false) => q = q.filter(recommendations::closed_on.is_null()),
                None => {}
            }
            if let Some(text) = &f.q {
                let pattern = contains(text);
                let report = fold(recommendations::report).like(pattern.clone()).escape('\\');
                q = q.filter(report.or(fold(recommendations::text).like(pattern).escape('\\')));
            }
            holding!(
                q,
                &f.words,
                recommendations::report,
                recommendations::text,
                or_nothing!(recommendations::diary_number)
            )
        };
        Ok(paged!(self, listing, Recommendation of recommendations, query, {
            "year" => int recommendations::year, "report" => text recommendations::report,
            "updatedAt" => time recommendations::updated_at, "createdAt" => time recommendations::created_at,
            "id" => id recommendations::id,
        }, ["year", "createdAt", "id"]))
    }

    /// Every recommendation to a body and its parts, by year. Rights are not asked here.
    pub fn recommendations_of_body(&mut self, body: Id) -> Result<Vec<Recommendation>> {
        let parts =
            organisations::table.filter(organisations::body_id.eq(body).assume_not_null()).select(organisations::id);
        Ok(recommendations::table
            .filter(recommendations::organisation_id.eq_any(parts))
            .order((recommendations::year.asc(), recommendations::created_at.asc(), recommendations::id.asc()))
            .select(Recommendation::as_select())
            .load(self.c)?)
    }

    /// The open recommendations that someone answers for.
    pub fn recommendations_held(&mut self, user: Id) -> Result<Vec<Recommendation>> {
        Ok(recommendations::table
            .filter(recommendations::responsible_id.eq(user))
            .filter(recommendations::closed_on.is_null())
            .order((recommendations::year.asc(), recommendations::id.asc()))
            .select(Recommendation::as_select())
            .load(self.c)?)
    }

    /// The open recommendations to organisations at and below these paths, by year.
    pub fn recommendations_open(&mut self, paths: &[String]) -> Result<Vec<Recommendation>> {
        let mut there: Recommended = Box::new(recommendations::id.eq(Id(Uuid::nil())));
        for path in paths {
            there = Box::new(there.or(recommendations::organisation_id.eq_any(below!(path))));
        }
        Ok(recommendations::table
            .filter(recommendations::closed_on.is_null())
            .filter(there)
            .order((recommendations::year.asc(), recommendations::id.asc()))
            .select(Recommendation::as_select())
            .load(self.c)?)
    }

    /// What has been said about each of some recommendations, in the order that it was written.
    pub fn entries_of(&mut self, recommendations: &[Id]) -> Result<HashMap<Id, Vec<RecommendationEntry>>> {
        self.lists("entriesOfRecommendation", recommendations, |c, ids| {
            let all: Vec<RecommendationEntry> = recommendation_entries::table
                .filter(recommendation_entries::recommendation_id.eq_any(ids))
                .order((recommendation_entries::created_at.asc(), recommendation_entries::id.asc()))
                .select(RecommendationEntry::as_select())
                .load(c)?;
            Ok(all.into_iter().map(|entry| (entry.recommendation_id, entry)).collect())
        })
    }

    /// The dialogue about a recommendation, in the order that it was written.
    pub fn recommendation_entries(
        &mut self,
        recommendation: Id,
        listing: &Listing,
    ) -> Result<Page<RecommendationEntry>> {
        let about = recommendation_entries::recommendation_id.eq(recommendation);
        let query = || recommendation_entries::table.filter(about).into_boxed::<MultiBackend>();
        Ok(paged!(self, listing, RecommendationEntry of recommendation_entries, query, {
            "createdAt" => time recommendation_entries::created_at, "id" => id recommendation_entries::id,
        }, ["createdAt", "id"]))
    }

    pub fn audit_opinions(
        &mut self,
        f: &OpinionFilter,
        seen: &SeenAuditRecords,
        listing: &Listing,
    ) -> Result<Page<AuditOpinion>> {
        let query = || {
            let mut any: Judged = Box::new(audit_opinions::id.eq(Id(Uuid::nil())));
            for path in &seen.all {
                any = Box::new(any.or(audit_opinions::organisation_id.eq_any(below!(path))));
            }
            let mut q = audit_opinions::table.into_boxed::<MultiBackend>().filter(any);
            if let Some(path) = &f.below {
                q = q.filter(audit_opinions::organisation_id.eq_any(below!(path)));
            }
            q = since!(q, f.updated_since, audit_opinions::updated_at);
            q = among!(q, audit_opinions, f.year, |year| audit_opinions::year.eq(year));
            q = among!(q, audit_opinions, f.judgement, |word| audit_opinions::judgement.eq(word));
            q
        };
        Ok(paged!(self, listing, AuditOpinion of audit_opinions, query, {
            "year" => int audit_opinions::year, "givenOn" => date audit_opinions::given_on,
            "organisationId" => id audit_opinions::organisation_id, "id" => id audit_opinions::id,
        }, ["year", "organisationId", "id"]))
    }

    /// The auditors' judgement of a body's year, if it is there.
    pub fn audit_opinion_of(&mut self, body: Id, year: i32) -> Result<Option<AuditOpinion>> {
        Ok(audit_opinions::table
            .filter(audit_opinions::organisation_id.eq(body))
            .filter(audit_opinions::year.eq(year))
            .select(AuditOpinion::as_select())
            .first(self.c)
            .optional()?)
    }
}
