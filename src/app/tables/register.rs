//! The whole register of a body as one workbook: all that whoever asks may see of it, risks that are in no plan too.

use std::collections::HashMap;

use riskregister_document::table::{Cell, Table};

use super::{Names, findings, measures, risks};
use crate::app::caller::Caller;
use crate::app::contents::{measures as parts, risks as contents};
use crate::app::people::organisations;
use crate::app::plans;
use crate::error::Result;
use crate::storage::queries::{
    Any, DeficiencyFilter, Listing, PartFilter, PlanFilter, RecommendationFilter, RiskFilter,
};
use crate::storage::records::{Organisation, Risk};
use crate::storage::{Id, Reading};

/// The body, and its register: of one year, or of all.
pub fn of_body(r: &mut Reading, caller: &Caller, body: Id, year: Option<i32>) -> Result<(Organisation, Vec<Table>)> {
    let body = organisations::get(r, caller, body)?;
    let (id, year): (Any<Id>, Any<i32>) = (body.id.into(), year.into());
    let plans =
        plans_of(r, caller, &PlanFilter { organisation_id: id.clone(), year: year.clone(), ..PlanFilter::default() })?;
    let numbered = Listing::by("number", false);
    let wanted = RiskFilter { organisation_id: id.clone(), year: year.clone(), ..RiskFilter::default() };
    let all = contents::list(r, caller, &wanted, &numbered)?.items;
    let of_risks = risks::of(r, &all)?;
    let alone: Vec<Risk> = all.into_iter().map(|view| view.core.risk).collect();
    let assessments = risks::assessments(r, &alone)?;
    let wanted = PartFilter { organisation_id: id, year, ..PartFilter::default() };
    // As they stand in the plan: in the order of their risks, and of their places.
    let order: HashMap<Id, usize> = alone.iter().map(|risk| risk.id).zip(0..).collect();
    let mut controls = parts::controls(r, caller, &wanted, &Listing::all())?.items;
    controls.sort_by_key(|one| (order.get(&one.risk_id).copied(), one.position));
    let mut actions = parts::actions(r, caller, &wanted, &Listing::all())?.items;
    actions.sort_by_key(|one| (order.get(&one.risk_id).copied(), one.position));
    let (of_controls, of_actions) =
        (measures::of_controls(r, caller, &controls, None)?, measures::of_actions(r, caller, &actions, None)?);
    let reports = measures::reports(r, caller, &controls, &actions)?;
    let below = Some(body.path.clone());
    let found = DeficiencyFilter { below: below.clone(), ..DeficiencyFilter::default() };
    let deficiencies = findings::deficiencies(r, caller, &found, &Listing::by("foundOn", false))?.table;
    let told = RecommendationFilter { below, ..RecommendationFilter::default() };
    let recommendations = findings::recommendations(r, caller, &told, &Listing::by("year", false))?.table;
    let all = vec![plans, of_risks, assessments, of_controls, of_actions, reports, deficiencies, recommendations];
    Ok((body, all))
}

fn plans_of(r: &mut Reading, caller: &Caller, filter: &PlanFilter) -> Result<Table> {
    let mut table = Table::new(
        "Planer",
        2,
        &[
            ("Organisation", 36.0),
            ("År", 7.0),
            ("Status", 22.0),
            ("Version", 9.0),
            ("Beslutad", 12.0),
            ("Beslutad av", 28.0),
            ("Paragraf", 10.0),
            ("Diarienummer", 28.0),
            ("Lämnad", 12.0),
            ("Skäl till revidering", 36.0),
            ("Återlämnad därför att", 36.0),
        ],
    );
    let all = plans::list(r, caller, filter, &Listing::by("year", false))?.items;
    let names = Names::read(r, [], all.iter().map(|plan| plan.organisation_id))?;
    for plan in all {
        let diary: Vec<&str> = plan.diary_numbers.iter().map(|one| one.0.as_str()).collect();
        let row: Vec<Cell> = vec![
            names.organisation(plan.organisation_id),
            plan.year.into(),
            names.word(plan.status).into(),
            plan.adopted_revision.into(),
            plan.decided_on.into(),
            plan.deciding_board.as_ref().into(),
            plan.paragraph.as_ref().into(),
            diary.join(", ").into(),
            plan.delivered_on.into(),
            plan.revision_reason.as_ref().into(),
            plan.return_reason.as_ref().into(),
        ];
        table.rows.push(row);
    }
    Ok(table)
}
