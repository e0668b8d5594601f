//! What the region makes of every body's follow-up of a period: one compiled report, `draft → final`, and a final one never
//! changes.

use riskregister_document::snapshot as doc;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compiled_snapshot;
use crate::app::caller::Caller;
use crate::app::documents::{self, File, Format, Rendered, Snapshot, Version};
use crate::app::places::{path_ids, region_place};
use crate::app::plan::year::YEARS;
use crate::app::sent::{Envelope, Nothing, Sent};
use crate::domain::roles::{PlanTarget, Target, Verb};
use crate::domain::values::DiaryNumber;
use crate::domain::words::{Period, PlanStatus, ReportStatus};
use crate::error::{Error, Result};
use crate::storage::queries::{Any, Listing, Page};
use crate::storage::records::{CompiledReport, Organisation};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// Of which year and period a compiled report is made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCompiledReportForm {
    #[schema(minimum = 2000, maximum = 2100, example = 2024)]
    pub year: i32,
    pub kind: Period,
}

/// What is written of a draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompiledReportForm {
    /// The region's own words, first: plain paragraphs, parted by blank lines.
    #[schema(min_length = 1, max_length = 20000, example = "Nämndernas och bolagens uppföljning av perioden.")]
    pub introduction: Option<String>,
    /// The region's own words, last.
    #[schema(min_length = 1, max_length = 20000)]
    pub conclusion: Option<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub diary_numbers: Vec<DiaryNumber>,
}

impl CompiledReportForm {
    fn of(report: &CompiledReport) -> Self {
        Self {
            introduction: report.introduction.clone(),
            conclusion: report.conclusion.clone(),
            diary_numbers: report.diary_numbers.0.clone(),
        }
    }
}

/// A final one is read by whoever reads what is adopted in all of the region, a draft by whoever reads drafts there, too.
fn sees(caller: &Caller, region: &Organisation, report: &CompiledReport) -> bool {
    let path = path_ids(&region.path);
    let target = match report.status {
        ReportStatus::Draft => PlanTarget { path, status: PlanStatus::Draft, adopted_revision: None },
        ReportStatus::Final | ReportStatus::Decided => {
            PlanTarget { path, status: PlanStatus::Adopted, adopted_revision: Some(report.number) }
        }
    };
    caller.sees(Verb::SeePlan, &Target::Plan(target))
}

fn see(r: &mut Reading, caller: &Caller, id: Id) -> Result<(CompiledReport, Organisation)> {
    let report: CompiledReport = r.get(id)?;
    let region: Organisation = r.linked(report.organisation_id)?;
    if sees(caller, &region, &report) { Ok((report, region)) } else { Err(Error::NotFound) }
}

/// May the caller make and write the region's compiled reports?
pub fn may(r: &mut Reading, caller: &Caller) -> Result<bool> {
    Ok(caller.sees(Verb::ManageRegionSettings, &regions(r)?))
}

fn regions(r: &mut Reading) -> Result<Target> {
    Ok(Target::Settings { path: vec![r.root_id()?.0] })
}

/// The compiled reports that the caller may see, the newest year first.
pub fn list(
    r: &mut Reading,
    caller: &Caller,
    year: impl Into<Any<i32>>,
    kind: impl Into<Any<Period>>,
    listing: &Listing,
) -> Result<Page<CompiledReport>> {
    let mut all = r.compiled_reports()?;
    if all.is_empty() {
        // As before the register was made: there is no region to ask about then.
        return Ok(listing.cut(all));
    }
    let root = r.root_id()?;
    let region: Organisation = r.linked(root)?;
    let (year, kind) = (year.into(), kind.into());
    all.retain(|report| sees(caller, &region, report) && year.takes(report.year) && kind.takes(report.kind));
    Ok(listing.cut(all))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<CompiledReport> {
    Ok(see(r, caller, id)?.0)
}

/// Begins the compiled report of a period; a new version when there is a final one already.
pub fn create(w: &mut Writing, caller: &Caller, sent: &Sent<NewCompiledReportForm>) -> Result<CompiledReport> {
    let on = regions(w)?;
    caller.authorize(Verb::ManageRegionSettings, &on, sent)?;
    let form = sent.judge()?;
    debug_assert!(YEARS.contains(&form.year), "the schema says which years there are");
    w.lock_year(form.year)?;
    let mut before = w.compiled_reports()?;
    before.retain(|report| (report.year, report.kind) == (form.year, form.kind));
    if before.iter().any(|report| report.status == ReportStatus::Draft) {
        return Err(Error::conflict(
            "reportInProgress",
            "Det finns redan en samlad rapport för perioden som inte är slutlig.",
            "There is a compiled report of the period already that is not final.",
        ));
    }
    let last = before.last();
    let now = Timestamp::now();
    let at = region_place(w)?;
    let made = CompiledReport {
        id: Id::new(),
        organisation_id: at.organisation,
        year: form.year,
        kind: form.kind,
        number: last.map_or(0, |last| last.number) + 1,
        replaces_id: last.map(|last| last.id),
        status: ReportStatus::Draft,
        // A new version begins with the words of the one that it replaces.
        introduction: last.and_then(|last| last.introduction.clone()),
        conclusion: last.and_then(|last| last.conclusion.clone()),
        diary_numbers: last.map_or_else(|| Json(Vec::new()), |last| last.diary_numbers.clone()),
        final_on: None,
        snapshot_sha256: None,
        document_sha256: None,
        docx_sha256: None,
        xlsx_sha256: None,
        public_snapshot_sha256: None,
        public_document_sha256: None,
        public_docx_sha256: None,
        public_xlsx_sha256: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    w.create(at, "compiledReport.created", &made)?;
    Ok(made)
}

/// A report that a verb works on, locked.
fn open(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<CompiledReport> {
    see(w, caller, id)?;
    let on = regions(w)?;
    caller.authorize(Verb::ManageRegionSettings, &on, sent)?;
    w.hold(id)
}

fn require_draft(report: &CompiledReport) -> Result<()> {
    if report.status == ReportStatus::Draft {
        return Ok(());
    }
    Err(Error::conflict(
        "reportFinal",
        "Den samlade rapporten är slutlig och ändras inte. Skapa en ny version.",
        "The compiled report is final and does not change. Make a new version.",
    ))
}

/// Writes a draft.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<CompiledReportForm>) -> Result<CompiledReport> {
    let old = open(w, caller, id, sent)?;
    sent.expect_current(&old)?;
    let form = sent.merged(&CompiledReportForm::of(&old))?;
    require_draft(&old)?;
    let mut new = CompiledReport {
        introduction: form.introduction,
        conclusion: form.conclusion,
        diary_numbers: Json(form.diary_numbers),
        ..old.clone()
    };
    let at = region_place(w)?;
    w.change(at, "compiledReport.changed", &old, &mut new, None)?;
    Ok(new)
}

/// Removes a draft that came to nothing. Its history stays.
pub fn discard(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let old = open(w, caller, id, sent)?;
    sent.expect_current(&old)?;
    require_draft(&old)?;
    let at = region_place(w)?;
    w.remove(at, "compiledReport.discarded", &old, None)
}

/// What a report that is made final becomes, and of what snapshot its files are made.
fn finalized(r: &mut Reading, caller: &Caller, old: &CompiledReport) -> Result<(CompiledReport, Snapshot)> {
    require_draft(old)?;
    let new = CompiledReport { status: ReportStatus::Final, final_on: Some(r.today()), ..old.clone() };
    let frozen = compiled_snapshot::of(r, caller, &new)?;
    Ok((new, Snapshot::Compiled(Box::new(frozen))))
}

/// Of what the files are made that [`finalize`] seals.
pub fn prepare(r: &mut Reading, caller: &Caller, id: Id, sent: &Sent<Nothing>) -> Result<Snapshot> {
    let (report, _) = see(r, caller, id)?;
    let on = regions(r)?;
    caller.authorize(Verb::ManageRegionSettings, &on, sent)?;
    sent.expect_current(&report)?;
    sent.judge()?;
    Ok(finalized(r, caller, &report)?.1)
}

/// Makes a draft final: freezes every body's figures as they stand, and seals them in every format.
pub fn finalize(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    sent: &Sent<Nothing>,
    rendered: &Rendered,
) -> Result<CompiledReport> {
    let old = open(w, caller, id, sent)?;
    sent.expect_current(&old)?;
    sent.judge()?;
    let (mut new, snapshot) = finalized(w, caller, &old)?;
    let rendered = rendered.of_now(snapshot)?;
    for (format, version, bytes) in &rendered.files {
        *slot(&mut new, *format, *version) = Some(w.seal(format.media_type(), bytes)?);
    }
    let at = region_place(w)?;
    w.change(at, "compiledReport.finalized", &old, &mut new, None)?;
    Ok(new)
}

/// Where a final report names the hash of one of its files.
fn slot(report: &mut CompiledReport, format: Format, version: Version) -> &mut Option<String> {
    match (version, format) {
        (Version::Full, Format::Json) => &mut report.snapshot_sha256,
        (Version::Full, Format::Pdf) => &mut report.document_sha256,
        (Version::Full, Format::Docx) => &mut report.docx_sha256,
        (Version::Full, Format::Xlsx) => &mut report.xlsx_sha256,
        (Version::Public, Format::Json) => &mut report.public_snapshot_sha256,
        (Version::Public, Format::Pdf) => &mut report.public_document_sha256,
        (Version::Public, Format::Docx) => &mut report.public_docx_sha256,
        (Version::Public, Format::Xlsx) => &mut report.public_xlsx_sha256,
    }
}

/// What a final report has frozen; none of a draft.
pub fn frozen(r: &mut Reading, caller: &Caller, id: Id) -> Result<Option<doc::CompiledSnapshot>> {
    let (report, _) = see(r, caller, id)?;
    sealed(r, &report)
}

fn sealed(r: &mut Reading, report: &CompiledReport) -> Result<Option<doc::CompiledSnapshot>> {
    let Some(sha256) = &report.snapshot_sha256 else { return Ok(None) };
    serde_json::from_slice(&r.sealed(sha256)?).map(Some).map_err(Error::internal)
}

/// The document of a compiled report: the sealed one once it is final, before that as it stands now, marked UTKAST.
pub fn document(r: &mut Reading, caller: &Caller, id: Id, format: Format, version: Version) -> Result<File> {
    let (mut report, region) = see(r, caller, id)?;
    let frozen = match sealed(r, &report)? {
        Some(frozen) => frozen,
        None => compiled_snapshot::of(r, caller, &report)?,
    };
    let content = match (report.status, slot(&mut report, format, version).take()) {
        (ReportStatus::Draft, _) => documents::of_compiled(&frozen, format, version)?,
        (_, Some(sha256)) => r.sealed(&sha256)?,
        (_, None) => return Err(Error::internal("a final report that was not sealed")),
    };
    let kind = match report.kind {
        Period::T1 => "t1",
        Period::Interim => "delar",
        Period::Annual => "ar",
    };
    let name = format!("samlad-uppfoljning-{kind}-{}-{}-{}", documents::file_word(&region), report.year, report.number);
    Ok(File::of(&name, format, version, &documents::compiled_markings(&frozen), content))
}
