//! Risks and their assessments.

use std::collections::{BTreeSet, HashMap};

use riskregister_document::table::{Cell, Table};

use super::{Names, Piece, flag, marking, time};
use crate::app::caller::Caller;
use crate::app::contents::risks::{self, RiskView};
use crate::app::reach;
use crate::app::settings::{goals, policies};
use crate::domain::text::capital;
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, Page, RiskFilter};
use crate::storage::records::{Goal, Plan, Risk};
use crate::storage::{Id, Reading};

/// The risks of a list.
pub fn list(r: &mut Reading, caller: &Caller, filter: &RiskFilter, listing: &Listing) -> Result<Piece> {
    let Page { items: all, next, .. } = risks::list(r, caller, filter, listing)?;
    Ok(Piece { table: of(r, &all)?, next })
}

/// These risks, which the caller sees.
pub fn of(r: &mut Reading, all: &[RiskView]) -> Result<Table> {
    let plans: HashMap<Id, Plan> = by_id(r, all.iter().map(|view| view.core.risk.plan_id))?;
    let [likelihood, consequence] = axes(r, plans.values())?;
    let mut table = Table::new(
        "Risker",
        3,
        &[
            ("Nummer", 9.0),
            ("Referens", 11.0),
            ("Risk", 40.0),
            ("Beskrivning", 50.0),
            ("Organisation", 28.0),
            ("År", 7.0),
            ("Planens status", 18.0),
            ("Del av verksamheten", 28.0),
            ("Mål", 36.0),
            ("Lokalt mål", 28.0),
            ("Kategori", 16.0),
            ("Riskägare", 22.0),
            (likelihood.as_str(), 12.0),
            (consequence.as_str(), 12.0),
            ("Riskvärde", 11.0),
            ("Nivå", 14.0),
            ("Bedömningen bekräftad", 14.0),
            ("Fastställt riskvärde", 12.0),
            ("Målnivå", 14.0),
            ("Hantering", 16.0),
            ("Motivering", 40.0),
            ("I planen", 9.0),
            ("Skäl till att den är i planen", 24.0),
            ("Obligatorisk", 12.0),
            ("Medtagen därför att", 36.0),
            ("Bortvald därför att", 36.0),
            ("Utgått", 12.0),
            ("Utgått därför att", 36.0),
            ("Fel och oegentligheter", 14.0),
            ("Tillagd efter fastställandet", 14.0),
            ("Sekretessmarkering", 36.0),
            ("Ändrad", 17.0),
            ("Id", 38.0),
        ],
    );
    let goals: HashMap<Id, Goal> = {
        let named = all.iter().filter_map(|view| view.core.risk.goal_id);
        r.all::<Goal>(named)?.into_iter().map(|goal| (goal.id, goal)).collect()
    };
    let mut scales = HashMap::new();
    for plan in plans.values() {
        scales.insert(plan.id, policies::definition(r, plan.policy_version_id)?);
    }
    let owners = all.iter().map(|view| view.core.risk.owner_id);
    let bodies = plans.values().map(|plan| plan.organisation_id);
    let names = Names::read(r, owners, bodies.chain(all.iter().map(|view| view.core.risk.organisation_id)))?
        .speaking(r, plans.values())?;
    for view in all {
        let (core, risk) = (&view.core, &view.core.risk);
        let (plan, scale) = plans
            .get(&risk.plan_id)
            .zip(scales.get(&risk.plan_id))
            .ok_or_else(|| Error::internal("a risk without its plan"))?;
        let level = |key| -> Cell { scale.levels.iter().find(|one| Some(one.key) == key).map(|one| &one.label).into() };
        table.rows.push(vec![
            risk.shown_number().into(),
            (&risk.reference).into(),
            (&risk.name).into(),
            risk.description.as_ref().into(),
            names.organisation(plan.organisation_id),
            plan.year.into(),
            names.word(plan.status).into(),
            names.organisation(risk.organisation_id),
            risk.goal_id.and_then(|id| goals.get(&id)).map(goals::titled).into(),
            risk.local_goal.as_ref().into(),
            match &risk.own_category {
                Some(own) => capital(own).into(),
                None => names.maybe_in(plan.id, risk.category),
            },
            names.person(risk.owner_id),
            risk.likelihood.into(),
            risk.consequence.into(),
            risk.score.into(),
            level(risk.level),
            risk.confirmed.into(),
            core.adopted_score.into(),
            level(risk.target_level),
            names.maybe_in(plan.id, risk.response),
            risk.justification.as_ref().into(),
            risk.included.into(),
            names.word(risk.inclusion_reason).into(),
            flag(core.mandatory),
            risk.decision_reason.as_ref().into(),
            risk.set_aside_reason.as_ref().into(),
            risk.retired_on.into(),
            risk.retirement_reason.as_ref().into(),
            flag(risk.irregularity),
            risk.added().into(),
            marking(&risk.secrecy),
            time(risk.updated_at).into(),
            risk.id.to_string().into(),
        ]);
    }
    Ok(table)
}

/// What the axes of the plans' scales are called; as everyone says where they differ.
fn axes<'p>(r: &mut Reading, plans: impl IntoIterator<Item = &'p Plan>) -> Result<[String; 2]> {
    let (mut down, mut across) = (BTreeSet::new(), BTreeSet::new());
    for plan in plans {
        let scale = policies::definition(r, plan.policy_version_id)?;
        down.insert(scale.likelihood_name.clone());
        across.insert(scale.consequence_name.clone());
    }
    let only = |names: BTreeSet<Option<String>>, everyones: &str| match names.into_iter().collect::<Vec<_>>().as_slice()
    {
        [Some(name)] => name.clone(),
        _ => everyones.to_owned(),
    };
    Ok([only(down, "Sannolikhet"), only(across, "Konsekvens")])
}

/// Things by their ids.
pub(super) fn by_id<T: crate::storage::Stored>(
    r: &mut Reading,
    ids: impl IntoIterator<Item = Id>,
) -> Result<HashMap<Id, T>> {
    Ok(r.all::<T>(ids)?.into_iter().map(|one| (one.id(), one)).collect())
}

/// Every assessment of these risks, which the caller sees, with its reason.
pub(super) fn assessments(r: &mut Reading, risks: &[Risk]) -> Result<Table> {
    let plans: HashMap<Id, Plan> = by_id(r, risks.iter().map(|risk| risk.plan_id))?;
    let [likelihood, consequence] = axes(r, plans.values())?;
    let mut table = Table::new(
        "Bedömningar",
        3,
        &[
            ("Referens", 11.0),
            ("Risk", 40.0),
            ("År", 7.0),
            ("Bedömning", 11.0),
            ("Tid", 17.0),
            ("Bedömd av", 22.0),
            (likelihood.as_str(), 12.0),
            (consequence.as_str(), 12.0),
            ("Riskvärde", 11.0),
            ("Skäl", 60.0),
        ],
    );
    let ids: Vec<Id> = risks.iter().map(|risk| risk.id).collect();
    let mut made = r.assessments_of_risks(&ids)?;
    let by = made.values().flatten().map(|one| one.assessed_by_id);
    let names = Names::read(r, by.collect::<Vec<_>>(), [])?;
    for risk in risks {
        for one in made.remove(&risk.id).unwrap_or_default() {
            table.rows.push(vec![
                (&risk.reference).into(),
                (&risk.name).into(),
                plans.get(&risk.plan_id).map(|plan| plan.year).into(),
                one.sequence.into(),
                time(one.assessed_at).into(),
                names.person(one.assessed_by_id),
                one.likelihood.into(),
                one.consequence.into(),
                one.score.into(),
                one.reason.as_ref().into(),
            ]);
        }
    }
    Ok(table)
}

/// Whether the caller may see a risk.
pub(super) fn is_seen(r: &mut Reading, caller: &Caller, id: Id) -> Result<bool> {
    match reach::see(r, caller, id) {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Forbidden(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
