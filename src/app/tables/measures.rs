//! Controls and actions, with how they stand; and everything that was reported of them.

use std::collections::{HashMap, HashSet};

use riskregister_document::table::{Cell, Table};

use super::risks::by_id;
use super::{Names, Piece, amount, flag, marking, time};
use crate::app::caller::Caller;
use crate::app::contents::measures::Part;
use crate::app::reporting::listed_measures::{self, Listed, Standing, StandingFilter};
use crate::domain::words::{ActionStatus, ControlStatus, Period};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, Page, PartFilter};
use crate::storage::records::{Action, Control, Plan, Risk};
use crate::storage::{Id, Reading};

/// The controls of a list.
pub fn controls(
    r: &mut Reading,
    caller: &Caller,
    filter: &PartFilter,
    by: &StandingFilter<ControlStatus>,
    listing: &Listing,
) -> Result<Piece> {
    let Page { items: all, next, .. } = listed_measures::list::<Control>(r, caller, filter, by, listing)?;
    Ok(Piece { table: of_controls(r, caller, &all, by.period)?, next })
}

/// The actions of a list.
pub fn actions(
    r: &mut Reading,
    caller: &Caller,
    filter: &PartFilter,
    by: &StandingFilter<ActionStatus>,
    listing: &Listing,
) -> Result<Piece> {
    let Page { items: all, next, .. } = listed_measures::list::<Action>(r, caller, filter, by, listing)?;
    Ok(Piece { table: of_actions(r, caller, &all, by.period)?, next })
}

/// The risk that each belongs to, and its plan.
struct Around {
    risks: HashMap<Id, Risk>,
    plans: HashMap<Id, Plan>,
}

const AROUND: [(&str, f64); 6] = [
    ("Risk nr", 9.0),
    ("Risk, referens", 11.0),
    ("Risk", 40.0),
    ("Organisation", 28.0),
    ("År", 7.0),
    ("Planens status", 18.0),
];

impl Around {
    fn read<P: Part>(r: &mut Reading, all: &[P]) -> Result<Self> {
        let risks: HashMap<Id, Risk> = by_id(r, all.iter().map(Part::risk))?;
        let plans = by_id(r, risks.values().map(|risk| risk.plan_id))?;
        Ok(Self { risks, plans })
    }

    fn bodies(&self) -> impl Iterator<Item = Id> {
        self.plans.values().map(|plan| plan.organisation_id)
    }

    /// The plan that a part is in.
    fn plan<P: Part>(&self, part: &P) -> Id {
        self.risks.get(&part.risk()).map_or(part.risk(), |risk| risk.plan_id)
    }

    fn cells<P: Part>(&self, names: &Names, part: &P) -> Result<[Cell; 6]> {
        let risk = self.risks.get(&part.risk()).ok_or_else(|| Error::internal("a part without its risk"))?;
        let plan = self.plans.get(&risk.plan_id).ok_or_else(|| Error::internal("a risk without its plan"))?;
        Ok([
            risk.shown_number().into(),
            (&risk.reference).into(),
            (&risk.name).into(),
            names.organisation(plan.organisation_id),
            plan.year.into(),
            names.word(plan.status).into(),
        ])
    }
}

/// Controls or actions with how they stand, and the names of all that is told of them.
struct Stood<P: Listed> {
    around: Around,
    standings: HashMap<Id, Standing<P::View>>,
    names: Names,
}

impl<P: Listed> Stood<P> {
    fn read(
        r: &mut Reading,
        caller: &Caller,
        all: &[P],
        period: Option<Period>,
        reporter: fn(&P::View) -> Option<Id>,
    ) -> Result<Self> {
        let around = Around::read(r, all)?;
        let standings = listed_measures::standings(r, caller, all, period)?;
        let reporters = standings.values().map(|one| reporter(&one.view));
        let people: Vec<Option<Id>> = all.iter().map(Part::responsible).chain(reporters).collect();
        let names = Names::read(r, people, around.bodies().collect::<Vec<_>>())?.speaking(r, around.plans.values())?;
        Ok(Self { around, standings, names })
    }
}

/// These controls, which the caller sees, as they stand in the period, or in the first open one of each plan.
pub(super) fn of_controls(r: &mut Reading, caller: &Caller, all: &[Control], period: Option<Period>) -> Result<Table> {
    let mut columns = vec![("Kontroll", 40.0), ("Beskrivning", 50.0)];
    columns.extend(AROUND);
    columns.extend([
        ("Ansvarig", 22.0),
        ("Frekvens", 28.0),
        ("När den ska rapporteras", 24.0),
        ("Årlig kontroll rapporteras i", 14.0),
        ("Dag", 12.0),
        ("Tillagd efter fastställandet", 14.0),
        ("Försenad", 10.0),
        ("Period", 10.0),
        ("Att rapportera", 12.0),
        ("Status", 26.0),
        ("Kommentar", 50.0),
        ("Sekretessmarkering", 36.0),
        ("Rapporterad av", 22.0),
        ("Rapporterad", 17.0),
        ("Id", 38.0),
    ]);
    let mut table = Table::new("Kontroller", 1, &columns);
    let Stood { around, standings, names } = Stood::read(r, caller, all, period, |view| view.reported_by_id)?;
    for control in all {
        let standing = standings.get(&control.id);
        let view = standing.map(|one| &one.view);
        let recurrences: Vec<String> = control.recurrences.iter().map(|one| names.word(*one)).collect();
        let mut row: Vec<Cell> = vec![(&control.name).into(), control.description.as_ref().into()];
        row.extend(around.cells(&names, control)?);
        let plan = around.plan(control);
        row.extend([
            names.person(control.responsible_id),
            control.frequency.as_ref().into(),
            recurrences.join(", ").into(),
            names.maybe_in(plan, control.due_period),
            control.due_date.into(),
            control.added().into(),
            flag(standing.is_some_and(|one| one.late)),
            names.maybe_in(plan, view.map(|view| view.period)),
            view.map(|view| view.due).into(),
            names.maybe_in(plan, view.and_then(|view| view.status)),
            view.and_then(|view| view.comment.as_ref()).into(),
            view.map_or(Cell::Empty, |view| marking(&view.secrecy)),
            names.person(view.and_then(|view| view.reported_by_id)),
            view.and_then(|view| view.reported_at).map(time).into(),
            control.id.to_string().into(),
        ]);
        table.rows.push(row);
    }
    Ok(table)
}

/// As for controls.
pub(super) fn of_actions(r: &mut Reading, caller: &Caller, all: &[Action], period: Option<Period>) -> Result<Table> {
    let mut columns = vec![("Åtgärd", 40.0), ("Beskrivning", 50.0)];
    columns.extend(AROUND);
    columns.extend([
        ("Ansvarig", 22.0),
        ("Börjar", 12.0),
        ("Slutar", 12.0),
        ("Skäl till flyttat slutdatum", 36.0),
        ("Helår, fullt genomförd, Mnkr", 13.0),
        ("Planåret, Mnkr", 13.0),
        ("Nästa år, Mnkr", 13.0),
        ("Året därefter, Mnkr", 13.0),
        ("Tillagd efter fastställandet", 14.0),
        ("Försenad", 10.0),
        ("Period", 10.0),
        ("Att rapportera", 12.0),
        ("Status", 26.0),
        ("Effekt", 26.0),
        ("Slutförd den", 12.0),
        ("Realiserad effekt, Mnkr", 13.0),
        ("Kommentar", 50.0),
        ("Sekretessmarkering", 36.0),
        ("Rapporterad av", 22.0),
        ("Rapporterad", 17.0),
        ("Id", 38.0),
    ]);
    let mut table = Table::new("Åtgärder", 1, &columns);
    let Stood { around, standings, names } = Stood::read(r, caller, all, period, |view| view.reported_by_id)?;
    for action in all {
        let standing = standings.get(&action.id);
        let view = standing.map(|one| &one.view);
        let money = action.financial_effect.as_ref();
        let mut row: Vec<Cell> = vec![(&action.name).into(), action.description.as_ref().into()];
        row.extend(around.cells(&names, action)?);
        let plan = around.plan(action);
        row.extend([
            names.person(action.responsible_id),
            action.start_date.into(),
            action.end_date.into(),
            action.end_date_reason.as_ref().into(),
            amount(money.and_then(|one| one.full_year.as_ref())),
            amount(money.and_then(|one| one.plan_year.as_ref())),
            amount(money.and_then(|one| one.next_year.as_ref())),
            amount(money.and_then(|one| one.year_after_next.as_ref())),
            action.added().into(),
            flag(standing.is_some_and(|one| one.late)),
            names.maybe_in(plan, view.map(|view| view.period)),
            view.map(|view| view.due).into(),
            names.maybe_in(plan, view.and_then(|view| view.status)),
            names.maybe_in(plan, view.and_then(|view| view.effect)),
            view.and_then(|view| view.completed_on).into(),
            amount(view.and_then(|view| view.realised_effect.as_ref())),
            view.and_then(|view| view.comment.as_ref()).into(),
            view.map_or(Cell::Empty, |view| marking(&view.secrecy)),
            names.person(view.and_then(|view| view.reported_by_id)),
            view.and_then(|view| view.reported_at).map(time).into(),
            action.id.to_string().into(),
        ]);
        table.rows.push(row);
    }
    Ok(table)
}

/// All that was reported of these controls and actions, corrections too: of those whose follow-up the caller may see.
pub(super) fn reports(r: &mut Reading, caller: &Caller, controls: &[Control], actions: &[Action]) -> Result<Table> {
    let mut columns = vec![("Kontroll eller åtgärd", 40.0), ("Typ", 12.0)];
    columns.extend(AROUND);
    columns.extend([
        ("Period", 10.0),
        ("Rapport", 9.0),
        ("Status", 26.0),
        ("Effekt", 26.0),
        ("Slutförd den", 12.0),
        ("Realiserad effekt, Mnkr", 13.0),
        ("Kommentar", 50.0),
        ("Rättelse därför att", 36.0),
        ("Sekretessmarkering", 36.0),
        ("Rapporterad av", 22.0),
        ("I stället för", 22.0),
        ("Rapporterad", 17.0),
    ]);
    let mut table = Table::new("Rapporterade statusar", 1, &columns);
    let (of_controls, of_actions) = (Around::read(r, controls)?, Around::read(r, actions)?);
    let mut seen: HashSet<Id> = listed_measures::follow_up_seen(r, caller, controls)?;
    seen.extend(listed_measures::follow_up_seen(r, caller, actions)?);
    let theirs = |id: &Id| seen.contains(id);
    let mut controlled =
        r.reports_of_controls(&controls.iter().map(|one| one.id).filter(theirs).collect::<Vec<_>>())?;
    let mut acted = r.reports_of_actions(&actions.iter().map(|one| one.id).filter(theirs).collect::<Vec<_>>())?;
    let mut people: Vec<Option<Id>> = Vec::new();
    people.extend(controlled.values().flatten().flat_map(|one| [Some(one.reported_by_id), one.on_behalf_of_id]));
    people.extend(acted.values().flatten().flat_map(|one| [Some(one.reported_by_id), one.on_behalf_of_id]));
    let bodies: Vec<Id> = of_controls.bodies().chain(of_actions.bodies()).collect();
    let plans = of_controls.plans.values().chain(of_actions.plans.values());
    let names = Names::read(r, people, bodies)?.speaking(r, plans)?;
    for control in controls {
        for one in controlled.remove(&control.id).unwrap_or_default() {
            let mut row: Vec<Cell> = vec![(&control.name).into(), "Kontroll".into()];
            row.extend(of_controls.cells(&names, control)?);
            let plan = of_controls.plan(control);
            row.extend([
                names.word_in(plan, one.period).into(),
                one.sequence.into(),
                names.word_in(plan, one.status).into(),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                one.comment.as_ref().into(),
                one.correction_reason.as_ref().into(),
                marking(&one.secrecy),
                names.person(Some(one.reported_by_id)),
                names.person(one.on_behalf_of_id),
                time(one.reported_at).into(),
            ]);
            table.rows.push(row);
        }
    }
    for action in actions {
        for one in acted.remove(&action.id).unwrap_or_default() {
            let mut row: Vec<Cell> = vec![(&action.name).into(), "Åtgärd".into()];
            row.extend(of_actions.cells(&names, action)?);
            let plan = of_actions.plan(action);
            row.extend([
                names.word_in(plan, one.period).into(),
                one.sequence.into(),
                names.word_in(plan, one.status).into(),
                names.word_in(plan, one.effect).into(),
                one.completed_on.into(),
                amount(one.realised_effect.as_ref()),
                one.comment.as_ref().into(),
                one.correction_reason.as_ref().into(),
                marking(&one.secrecy),
                names.person(Some(one.reported_by_id)),
                names.person(one.on_behalf_of_id),
                time(one.reported_at).into(),
            ]);
            table.rows.push(row);
        }
    }
    Ok(table)
}
