//! Plans, and how every body stands in a period.

use riskregister_document::table::{Cell, Table};

use super::{Names, Piece, flag};
use crate::app::caller::Caller;
use crate::app::derived::snapshot::diary;
use crate::app::plans;
use crate::app::reporting::follow_ups::{self, FollowUpFilter};
use crate::domain::words::Period;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::{Listing, Page, PlanFilter};

/// The plans of a list.
pub fn plans(r: &mut Reading, caller: &Caller, filter: &PlanFilter, listing: &Listing) -> Result<Piece> {
    let columns = [
        ("År", 7.0),
        ("Organisation", 36.0),
        ("Status", 20.0),
        ("Fastställd version", 11.0),
        ("Beslutad", 12.0),
        ("Beslutad av", 28.0),
        ("Paragraf", 10.0),
        ("Diarienummer", 28.0),
        ("Inlämnad", 12.0),
        ("Inlämnad version", 11.0),
        ("Avslutad därför att", 40.0),
        ("Id", 38.0),
    ];
    let mut table = Table::new("Planer", 2, &columns);
    let Page { items: all, next, .. } = plans::list(r, caller, filter, listing)?;
    let names = Names::read(r, [], all.iter().map(|plan| plan.organisation_id))?.speaking(r, &all)?;
    for plan in all {
        table.rows.push(vec![
            plan.year.into(),
            names.organisation(plan.organisation_id),
            names.word_in(plan.id, plan.status).into(),
            plan.adopted_revision.into(),
            plan.decided_on.into(),
            plan.deciding_board.as_ref().into(),
            plan.paragraph.as_ref().into(),
            diary(&plan.diary_numbers).join("\n").into(),
            plan.delivered_on.into(),
            plan.delivered_revision.into(),
            plan.closing_reason.as_ref().into(),
            plan.id.to_string().into(),
        ]);
    }
    Ok(Piece { table, next })
}

/// How the bodies of a list stand in a period of a year.
pub fn follow_ups(
    r: &mut Reading,
    caller: &Caller,
    (year, period): (i32, Period),
    filter: &FollowUpFilter,
    listing: &Listing,
) -> Result<Piece> {
    let columns = [
        ("År", 7.0),
        ("Period", 10.0),
        ("Organisation", 36.0),
        ("Planens status", 20.0),
        ("Planen inlämnad", 12.0),
        ("Perioden", 10.0),
        ("Sista dag", 12.0),
        ("Försenad", 10.0),
        ("Komplett", 10.0),
        ("Ska rapporteras", 10.0),
        ("Rapporterade", 10.0),
        ("Saknas", 10.0),
        ("Kontroller: gröna", 10.0),
        ("Kontroller: gula", 10.0),
        ("Kontroller: röda", 10.0),
        ("Åtgärder: gröna", 10.0),
        ("Åtgärder: gula", 10.0),
        ("Åtgärder: röda", 10.0),
        ("Rapportens status", 14.0),
        ("Obligatoriska risker", 10.0),
        ("Obligatoriska som finns", 10.0),
        ("Obligatoriska som är bedömda", 10.0),
        ("Obligatoriska med kontroll", 10.0),
        ("Organisationens id", 38.0),
        ("Planens id", 38.0),
    ];
    let mut table = Table::new("Uppföljning", 3, &columns);
    let Page { items: all, next, .. } = follow_ups::list(r, caller, year, period, filter, listing)?;
    let names = Names::read(r, [], [])?.to(r, caller)?;
    for one in all {
        let count = |n: u32| Cell::Whole(n.into());
        let (of_controls, of_actions) = (one.tally.controls, one.tally.actions);
        table.rows.push(vec![
            year.into(),
            names.word(period).into(),
            (&one.organisation).into(),
            names.maybe(one.plan_status),
            one.delivered_on.into(),
            names.maybe(one.period_status),
            one.deadline.into(),
            flag(one.late),
            one.complete.into(),
            count(one.tally.due),
            count(one.tally.reported),
            count(one.tally.missing),
            count(of_controls.green),
            count(of_controls.yellow),
            count(of_controls.red),
            count(of_actions.green),
            count(of_actions.yellow),
            count(of_actions.red),
            names.maybe(one.report.as_ref().map(|report| report.status)),
            count(one.mandatory.issued),
            count(one.mandatory.present),
            count(one.mandatory.assessed),
            count(one.mandatory.controlled),
            one.organisation_id.to_string().into(),
            one.plan_id.map(|id| id.to_string()).into(),
        ]);
    }
    Ok(Piece { table, next })
}
