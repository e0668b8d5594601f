//! What is everyone's: goals, indicators, people.

use riskregister_document::table::{Cell, Table};

use super::Names;
use super::risks::by_id;
use crate::app::caller::Caller;
use crate::app::people::users;
use crate::app::settings::{goals, indicators};
use crate::domain::manner::Named;
use crate::domain::text::capital;
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::{GoalFilter, IndicatorFilter, Listing, UserFilter};
use crate::storage::records::Goal;

/// The goals of a list.
pub fn goals(r: &mut Reading, filter: &GoalFilter, listing: &Listing) -> Result<Table> {
    let columns =
        [("År", 7.0), ("Nummer", 10.0), ("Mål", 60.0), ("Organisation", 28.0), ("Överordnat mål", 50.0), ("Id", 38.0)];
    let mut table = Table::new("Mål", 3, &columns);
    let all = goals::list(r, filter, &listing.whole())?.items;
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
    Ok(table)
}

/// The indicators of a list.
pub fn indicators(r: &mut Reading, caller: &Caller, filter: &IndicatorFilter, listing: &Listing) -> Result<Table> {
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
    let all = indicators::list(r, filter, &listing.whole())?.items;
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
    Ok(table)
}

/// The people of a list.
pub fn users(r: &mut Reading, caller: &Caller, filter: UserFilter, listing: &Listing) -> Result<Table> {
    let columns = [("Namn", 28.0), ("E-postadress", 36.0), ("Organisation", 36.0), ("Aktiv", 8.0), ("Id", 38.0)];
    let mut table = Table::new("Användare", 1, &columns);
    let all = users::list(r, caller, filter, &listing.whole())?.items;
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
    Ok(table)
}
