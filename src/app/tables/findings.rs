//! Deficiencies and recommendations.

use riskregister_document::table::Table;

use super::risks::by_id;
use super::{Names, Piece, flag, marking};
use crate::app::caller::Caller;
use crate::app::findings::{deficiencies, recommendations};
use crate::domain::manner::Named;
use crate::domain::text::capital;
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::queries::{DeficiencyFilter, Listing, OpinionFilter, Page, RecommendationFilter};
use crate::storage::records::{Action, Risk};
use crate::storage::{Id, Reading};

/// The deficiencies of a list.
pub fn deficiencies(r: &mut Reading, caller: &Caller, filter: &DeficiencyFilter, listing: &Listing) -> Result<Piece> {
    let Page { items: all, next, .. } = deficiencies::list(r, caller, filter, listing)?;
    let here = all.iter().map(|view| view.deficiency.organisation_id);
    let names = Names::read(r, all.iter().map(|view| view.deficiency.found_by_id), here)?.to(r, caller)?;
    let board = capital(&names.manner.noun(Named::Board, Language::Sv).definite);
    let region = names.manner.noun(Named::Region, Language::Sv).definite;
    let told_board = format!("{board} underrättad");
    let told_region = format!("Rapporterad till {region}");
    let mut table = Table::new(
        "Brister",
        1,
        &[
            ("Brist", 40.0),
            ("Beskrivning", 50.0),
            ("Organisation", 28.0),
            ("Risk, referens", 11.0),
            ("Risk", 36.0),
            ("Allvarlighetsgrad", 16.0),
            ("Upptäckt", 12.0),
            ("Upptäckt genom", 24.0),
            ("Upptäckt av", 22.0),
            ("Vidtagna åtgärder", 50.0),
            (told_board.as_str(), 14.0),
            ("Dagar till dess", 10.0),
            ("Paragraf", 10.0),
            ("Diarienummer", 18.0),
            (told_region.as_str(), 14.0),
            ("Misstanke om brott", 12.0),
            ("Misstanken hanterad", 12.0),
            ("Avslutad", 12.0),
            ("Avslutad därför att", 40.0),
            ("Sekretessmarkering", 36.0),
            ("Id", 38.0),
        ],
    );
    // One may see a deficiency and not its risk: then the page of it does not name the risk either.
    let mut risks = by_id::<Risk>(r, all.iter().filter_map(|view| view.deficiency.risk_id))?;
    let mut hidden: Vec<Id> = Vec::new();
    for id in risks.keys() {
        if !super::risks::is_seen(r, caller, *id)? {
            hidden.push(*id);
        }
    }
    risks.retain(|id, _| !hidden.contains(id));
    for view in all {
        let one = &view.deficiency;
        let risk = one.risk_id.and_then(|id| risks.get(&id));
        table.rows.push(vec![
            (&one.title).into(),
            one.description.as_ref().into(),
            names.organisation(one.organisation_id),
            risk.map(|risk| &risk.reference).into(),
            risk.map(|risk| &risk.name).into(),
            names.word(one.severity).into(),
            one.found_on.into(),
            one.found_by.as_ref().into(),
            names.person(one.found_by_id),
            one.measures.as_ref().into(),
            one.reported_to_board_on.into(),
            i32::try_from(view.days_to_board).ok().into(),
            one.board_paragraph.as_ref().into(),
            one.board_diary_number.as_ref().into(),
            one.reported_to_region_on.into(),
            flag(one.suspected_crime),
            one.crime_handled_on.into(),
            one.closed_on.into(),
            one.closure_reason.as_ref().into(),
            marking(&one.secrecy),
            one.id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}

/// The recommendations of a list.
pub fn recommendations(
    r: &mut Reading,
    caller: &Caller,
    filter: &RecommendationFilter,
    listing: &Listing,
) -> Result<Piece> {
    let mut table = Table::new(
        "Rekommendationer",
        1,
        &[
            ("Rapport", 36.0),
            ("Diarienummer", 18.0),
            ("År", 7.0),
            ("Organisation", 28.0),
            ("Källa", 18.0),
            ("Rekommendation", 60.0),
            ("Ansvarig", 22.0),
            ("Åtgärder", 40.0),
            ("Avslutad", 12.0),
            ("Avslutad därför att", 40.0),
            ("Id", 38.0),
        ],
    );
    let Page { items: all, next, .. } = recommendations::list(r, caller, filter, listing)?;
    let here = all.iter().map(|one| one.organisation_id);
    let names = Names::read(r, all.iter().map(|one| one.responsible_id), here)?;
    let actions = by_id::<Action>(r, all.iter().flat_map(|one| one.action_ids.iter().copied()))?;
    for one in all {
        let mut met: Vec<&str> = Vec::new();
        for action in one.action_ids.iter().filter_map(|id| actions.get(id)) {
            if super::risks::is_seen(r, caller, action.risk_id)? {
                met.push(&action.name);
            }
        }
        table.rows.push(vec![
            (&one.report).into(),
            one.diary_number.as_ref().into(),
            one.year.into(),
            names.organisation(one.organisation_id),
            names.word(one.source).into(),
            (&one.text).into(),
            names.person(one.responsible_id),
            met.join("\n").into(),
            one.closed_on.into(),
            one.closure_reason.as_ref().into(),
            one.id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}

/// The auditors' opinions of a list.
pub fn opinions(r: &mut Reading, caller: &Caller, filter: &OpinionFilter, listing: &Listing) -> Result<Piece> {
    let columns = [
        ("År", 7.0),
        ("Organisation", 28.0),
        ("Bedömning", 18.0),
        ("Rapport", 36.0),
        ("Diarienummer", 18.0),
        ("Lämnad", 12.0),
        ("Kommentar", 60.0),
        ("Id", 38.0),
    ];
    let mut table = Table::new("Revisorernas bedömningar", 2, &columns);
    let Page { items: all, next, .. } = recommendations::opinions(r, caller, filter, listing)?;
    let names = Names::read(r, [], all.iter().map(|one| one.organisation_id))?;
    for one in all {
        table.rows.push(vec![
            one.year.into(),
            names.organisation(one.organisation_id),
            names.word(one.judgement).into(),
            (&one.report).into(),
            one.diary_number.as_ref().into(),
            one.given_on.into(),
            one.comment.as_ref().into(),
            one.id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}
