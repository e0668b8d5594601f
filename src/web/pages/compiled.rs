//! The region's compiled report of a period.

use askama::Template;
use riskregister_document::snapshot as doc;

use super::before;
use crate::app::caller::Caller;
use crate::app::derived::snapshot::diary;
use crate::app::reporting::compiled_reports as compiled;
use crate::app::sent::etag;
use crate::domain::words::{PlanStatus, ReportStatus};
use crate::error::Result;
use crate::storage::queries::Listing;
use crate::storage::records::CompiledReport;
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::earlier::Earlier;
use crate::web::frame::Frame;
use crate::web::parts::Form;

#[derive(Template)]
#[template(path = "pages/compiled.html")]
struct Compiled<'a> {
    p: &'a Frame,
    report: CompiledReport,
    versions: Vec<CompiledReport>,
    diary: Vec<String>,
    /// How every body stood when the report was made final; a draft's stand on the page of the follow-up.
    frozen: Option<doc::CompiledSnapshot>,
    can_edit: bool,
    /// What earlier reports say in the place of each text.
    introductions: Vec<Earlier>,
    conclusions: Vec<Earlier>,
    can_again: bool,
    change: Form<'a>,
    finalize: Form<'a>,
    discard: Form<'a>,
    again: Form<'a>,
}

/// A status as a snapshot has it, in the word that the pages have for it.
fn status(status: &doc::ReportStatus) -> ReportStatus {
    match status {
        doc::ReportStatus::Draft => ReportStatus::Draft,
        doc::ReportStatus::Final => ReportStatus::Final,
        doc::ReportStatus::Decided => ReportStatus::Decided,
    }
}

/// A compiled report: its words while it is a draft, its documents always.
pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let report = compiled::get(r, caller, id)?;
    let frozen = compiled::frozen(r, caller, id)?;
    let versions = compiled::list(r, caller, Some(report.year), Some(report.kind), &Listing::all())?.items;
    let may = p.is_now() && compiled::may(r, caller)?;
    let newest = versions.last().is_some_and(|last| last.id == id);
    let tag = etag(&report)?;
    let step = |act: &'static str, name: &str| p.form(act, name).at("id", id).tagged(tag.clone());
    let again = p.form("createCompiledReport", "again").fixed("year", report.year).fixed("kind", report.kind);
    let can_edit = may && report.status == ReportStatus::Draft;
    let before = if can_edit { before::compiled(r, caller, p, &report)? } else { Vec::new() };
    ask.write(&Compiled {
        p,
        can_edit,
        introductions: before::texts(&before, |one| one.introduction.clone()),
        conclusions: before::texts(&before, |one| one.conclusion.clone()),
        can_again: may && newest && report.status == ReportStatus::Final,
        diary: diary(&report.diary_numbers),
        change: step("changeCompiledReport", "report").kept(),
        finalize: step("finalizeCompiledReport", "finalize"),
        discard: step("discardCompiledReport", "discard")
            .to(format!("/follow-up?year={}&period={}", report.year, report.kind)),
        again: again.to("/compiled-reports/{id}"),
        frozen,
        versions,
        report,
    })
}
