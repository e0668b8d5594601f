//! What is everyone's: goals, indicators, people.

use riskregister_document::table::{Cell, Table};

use super::risks::by_id;
use super::{Names, Piece};
use crate::app::caller::Caller;
use crate::app::findings::outcomes;
use crate::app::people::users;
use crate::app::settings::{goals, indicators};
use crate::domain::manner::Named;
use crate::domain::text::capital;
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::{GoalFilter, IndicatorFilter, Listing, OutcomeFilter, Page, UserFilter};
use crate::storage::records::{Action, Goal, Indicator};

/// The goals of a list.
pub fn goals(r: &mut Reading, filter: &GoalFilter, listing: &Listing) -> Result<Piece> {
    let columns =
        [("År", 7.0), ("Nummer", 10.0), ("Mål", 60.0), ("Organisation", 28.0), ("Överordnat mål", 50.0), ("Id", 38.0)];
    let mut table = Table::new("Mål", 3, &columns);
    let Page { items: all, next, .. } = goals::list(r, filter, listing)?;
    let above = by_id::<Goal>(r, all.iter().filter_map(|goal| goal.parent_id))?;
    let names = Names::read(r, [], all.iter().map(|goal| goal.organisation_id))?;
    for goal in all {
        table.rows.push(vec![
            goal.year.into(),
            goal.number.as_ref().into(),
            (&goal.name).into(),
            names.organisation(goal.organisation_id),
            goal.parent_id.and_then(|id| above.get(&id)).map(goals::titled).into(),
            goal.id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}

/// The indicators of a list.
pub fn indicators(r: &mut Reading, caller: &Caller, filter: &IndicatorFilter, listing: &Listing) -> Result<Piece> {
    let board = caller.spoken_to(r)?.noun(Named::Board, Language::Sv).genitive;
    let of_board = format!("{} målvärde", capital(&board));
    let mut table = Table::new(
        "Indikatorer",
        2,
        &[
            ("År", 7.0),
            ("Indikator", 40.0),
            ("Enhet", 12.0),
            ("Mål", 50.0),
            ("Ägare", 28.0),
            ("Gäller för", 40.0),
            ("Beslutad av", 16.0),
            ("Jämförelse", 16.0),
            ("Fullmäktiges målvärde", 16.0),
            (of_board.as_str(), 16.0),
            ("Lokala målvärden", 36.0),
            ("Målvärden för senare år", 24.0),
            ("Basår", 8.0),
            ("Basvärde", 12.0),
            ("Ansvarig för utfallen", 22.0),
            ("Målvärdena överförda från", 12.0),
            ("Anteckning", 40.0),
            ("Id", 38.0),
        ],
    );
    let Page { items: all, next, .. } = indicators::list(r, filter, listing)?;
    let goals = by_id::<Goal>(r, all.iter().map(|one| one.goal_id))?;
    let local = all.iter().flat_map(|one| one.of_bodies().iter().map(|target| target.organisation_id));
    let here = all.iter().flat_map(|one| one.concerned().iter().copied().chain(one.organisation_id));
    let of_goals = goals.values().map(|goal| goal.organisation_id);
    let names =
        Names::read(r, all.iter().map(|one| one.responsible_id), here.chain(local).chain(of_goals))?.to(r, caller)?;
    for one in &all {
        let goal = goals.get(&one.goal_id);
        let named = |id| names.organisations.get(&id).cloned().unwrap_or_default();
        let concerned: Vec<String> = one.concerned().iter().map(|id| named(*id)).collect();
        let local =
            one.of_bodies().iter().map(|target| format!("{}: {}", named(target.organisation_id), target.target));
        let later = one.later_targets.iter().map(|later| format!("{}: {}", later.year, later.target));
        let owner = one.organisation_id.or(goal.map(|goal| goal.organisation_id));
        table.rows.push(vec![
            goal.map(|goal| goal.year).into(),
            (&one.name).into(),
            one.unit.as_ref().into(),
            goal.map(goals::titled).into(),
            owner.map_or(Cell::Empty, |id| names.organisation(id)),
            concerned.join("\n").into(),
            names.word(one.decided_by).into(),
            names.maybe(one.comparator),
            one.council_target.as_ref().into(),
            one.board_target.as_ref().into(),
            local.collect::<Vec<_>>().join("\n").into(),
            later.collect::<Vec<_>>().join("\n").into(),
            one.baseline_year.into(),
            one.baseline_value.as_ref().into(),
            names.person(one.responsible_id),
            one.targets_from_year.into(),
            one.note.as_ref().into(),
            one.id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}

/// The outcomes of a list.
pub fn outcomes(r: &mut Reading, caller: &Caller, filter: &OutcomeFilter, listing: &Listing) -> Result<Piece> {
    let columns = [
        ("År", 7.0),
        ("Period", 10.0),
        ("Mål", 50.0),
        ("Indikator", 40.0),
        ("Enhet", 12.0),
        ("Organisation", 28.0),
        ("Utfall", 12.0),
        ("Prognos", 12.0),
        ("Bedömning", 22.0),
        ("Föreslagen bedömning", 22.0),
        ("Orsak", 50.0),
        ("Åtgärder", 40.0),
        ("Rapporterat av", 22.0),
        ("Indikatorns id", 38.0),
        ("Organisationens id", 38.0),
    ];
    let mut table = Table::new("Utfall", 4, &columns);
    let Page { items: all, next, .. } = outcomes::list(r, caller, filter, listing)?;
    let indicators = by_id::<Indicator>(r, all.iter().map(|view| view.outcome.indicator_id))?;
    let goals = by_id::<Goal>(r, indicators.values().map(|one| one.goal_id))?;
    let actions = by_id::<Action>(r, all.iter().flat_map(|view| view.outcome.action_ids.iter().copied()))?;
    let people = all.iter().map(|view| view.outcome.reported_by_id);
    let names = Names::read(r, people, all.iter().map(|view| view.outcome.organisation_id))?.to(r, caller)?;
    for view in &all {
        let one = &view.outcome;
        let indicator = indicators.get(&one.indicator_id);
        let goal = indicator.and_then(|indicator| goals.get(&indicator.goal_id));
        let mut linked: Vec<&str> = one.actions_of_its_own().iter().map(|own| own.name.as_str()).collect();
        for action in one.action_ids.iter().filter_map(|id| actions.get(id)) {
            if super::risks::is_seen(r, caller, action.risk_id)? {
                linked.push(&action.name);
            }
        }
        table.rows.push(vec![
            goal.map(|goal| goal.year).into(),
            names.word(one.period).into(),
            goal.map(goals::titled).into(),
            indicator.map(|indicator| &indicator.name).into(),
            indicator.and_then(|indicator| indicator.unit.as_ref()).into(),
            names.organisation(one.organisation_id),
            one.value.as_ref().into(),
            one.forecast.as_ref().into(),
            names.maybe(one.judgement),
            names.maybe(view.proposed_judgement),
            one.cause.as_ref().into(),
            linked.join("\n").into(),
            names.person(one.reported_by_id),
            one.indicator_id.to_string().into(),
            one.organisation_id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}

/// The people of a list.
pub fn users(r: &mut Reading, caller: &Caller, filter: UserFilter, listing: &Listing) -> Result<Piece> {
    let columns = [("Namn", 28.0), ("E-postadress", 36.0), ("Organisation", 36.0), ("Aktiv", 8.0), ("Id", 38.0)];
    let mut table = Table::new("Användare", 1, &columns);
    let Page { items: all, next, .. } = users::list(r, caller, filter, listing)?;
    let names = Names::read(r, [], all.iter().map(|one| one.organisation_id))?;
    for one in all {
        table.rows.push(vec![
            (&one.name).into(),
            (&one.email).into(),
            names.organisation(one.organisation_id),
            one.active.into(),
            one.id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}
