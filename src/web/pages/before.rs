//! What was written in the place of a text before: in what was adopted, in last year's plan, in the reports of earlier periods.

use super::known::unless_hidden;
use crate::app::caller::Caller;
use crate::app::derived::comparison::previous_plan;
use crate::app::plan::sealed;
use crate::app::plans::sections;
use crate::app::reporting::{compiled_reports, reports, self_assessments};
use crate::domain::words::{Period, SectionKey};
use crate::error::{Error, Result};
use crate::storage::queries::Listing;
use crate::storage::records::{CompiledReport, Plan, Report, SelfAssessment};
use crate::storage::{Id, Reading};
use crate::web::earlier::Earlier;
use crate::web::frame::Frame;

/// What stands under a heading in the revision that a draft goes on from, and in last year's plan.
pub fn section(r: &mut Reading, caller: &Caller, p: &Frame, plan: &Plan, key: SectionKey) -> Result<Vec<Earlier>> {
    let mut all = Vec::new();
    if let Some(number) = plan.adopted_revision {
        let adopted = sealed::of_revision(r, plan.id, number)?.sections;
        let text = adopted.into_iter().find(|one| one.key == key.as_str()).map(|one| one.text);
        all.extend(text.map(|text| Earlier { of: p.say_with("earlier-adopted", "number", number), text }));
    }
    if let Some(before) = previous_plan(r, plan)? {
        let written = unless_hidden(sections::sections(r, caller, before.id))?.unwrap_or_default();
        let text = written.into_iter().find(|one| one.section == key).map(|one| one.text);
        all.extend(text.map(|text| Earlier { of: p.say_with("earlier-plan", "year", before.year), text }));
    }
    Ok(all)
}

/// A period that another goes on from: the same of the year before, and the one before it in its own year.
fn periods_before<T>(
    p: &Frame,
    year: i32,
    kind: Period,
    mut find: impl FnMut(i32, Period) -> Result<Option<T>>,
) -> Result<Vec<(String, T)>> {
    let earlier = Period::ALL.iter().rev().copied().find(|one| *one < kind);
    let mut all = Vec::new();
    for (year, kind) in [(year - 1, Some(kind)), (year, earlier)] {
        let Some(kind) = kind else { continue };
        if let Some(found) = find(year, kind)? {
            all.push((p.say_two("earlier-period", "period", p.in_text(kind), "year", year), found));
        }
    }
    Ok(all)
}

/// The same of a plan: what its own earlier period has, and the plan that it goes on from.
fn in_plans<T>(
    r: &mut Reading,
    p: &Frame,
    plan: &Plan,
    kind: Period,
    find: impl Fn(&mut Reading, Id, Period) -> Result<T>,
) -> Result<Vec<(String, T)>> {
    let before = previous_plan(r, plan)?;
    periods_before(p, plan.year, kind, |year, kind| {
        let of = [Some(plan), before.as_ref()].into_iter().flatten().find(|one| one.year == year);
        Ok(of.map(|of| unless_hidden(find(r, of.id, kind))).transpose()?.flatten())
    })
}

/// The reports that a report goes on from.
pub fn reports(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    plan: &Plan,
    kind: Period,
) -> Result<Vec<(String, Report)>> {
    in_plans(r, p, plan, kind, |r, plan, kind| {
        let found = reports::list(r, caller, plan, Some(kind), None, &Listing::all())?;
        found.items.into_iter().next_back().ok_or(Error::NotFound)
    })
}

/// The judgements that a judgement of the components goes on from.
pub fn judgements(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    plan: &Plan,
    kind: Period,
) -> Result<Vec<(String, SelfAssessment)>> {
    in_plans(r, p, plan, kind, |r, plan, kind| self_assessments::get(r, caller, plan, kind))
}

/// The region's reports that one of its reports goes on from.
pub fn compiled(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    of: &CompiledReport,
) -> Result<Vec<(String, CompiledReport)>> {
    periods_before(p, of.year, of.kind, |year, kind| {
        let found = compiled_reports::list(r, caller, Some(year), Some(kind), &Listing::all())?;
        Ok(found.items.into_iter().next_back())
    })
}

/// What each of them says in one place.
pub fn texts<T>(found: &[(String, T)], text: impl Fn(&T) -> Option<String>) -> Vec<Earlier> {
    found.iter().filter_map(|(of, one)| Some(Earlier { of: of.clone(), text: text(one)? })).collect()
}
