//! The report of a period, which the board decides on: `draft → final → decided`, and a decided one never changes.

use chrono::NaiveDate;
use riskregister_document::snapshot as doc;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::report_snapshot;
use crate::app::caller::Caller;
use crate::app::documents::{self, File, Format, Rendered, Snapshot, Version};
use crate::app::follow_up::limits::{self, has_begun};
use crate::app::follow_up::{Followed, PeriodFrame};
use crate::app::places::plan_target;
use crate::app::plan::forms::{self, AdoptionForm, DeliveryForm, DiaryNumberForm, ReturnForm};
use crate::app::plan::{self, Open};
use crate::app::sent::{Envelope, Nothing, Sent};
use crate::app::settings::policies;
use crate::domain::checks::Missing;
use crate::domain::follow_up::{self, PeriodVerb, ReportVerb};
use crate::domain::life;
use crate::domain::roles::{Target, Verb};
use crate::domain::values::DiaryNumber;
use crate::domain::words::{Period, PlanStatus, ReportStatus};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Any, Listing, Page};
use crate::storage::records::{Organisation, Plan, Report};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// Which period a report is made of.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewReportForm {
    pub kind: Period,
}

/// What is written of a draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportForm {
    /// The body's own words, first: plain paragraphs, parted by blank lines.
    #[schema(min_length = 1, max_length = 20000, example = "Under perioden har samtliga kontroller genomförts.")]
    pub introduction: Option<String>,
    /// The body's own words, last.
    #[schema(min_length = 1, max_length = 20000)]
    pub conclusion: Option<String>,
    /// The board's assurance; the annual report must have one.
    #[schema(min_length = 1, max_length = 20000)]
    pub assurance: Option<String>,
    /// When it was shown to the management group.
    #[schema(example = "2024-05-14")]
    pub shown_to_management_on: Option<NaiveDate>,
    /// The body's own first.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub diary_numbers: Vec<DiaryNumber>,
}

impl ReportForm {
    /// What is written of a report now.
    pub fn of(report: &Report) -> Self {
        Self {
            introduction: report.introduction.clone(),
            conclusion: report.conclusion.clone(),
            assurance: report.assurance.clone(),
            shown_to_management_on: report.shown_to_management_on,
            diary_numbers: report.diary_numbers.0.clone(),
        }
    }
}

/// A report with its plan and body, if the caller may see it: what is decided, or its drafts too.
fn see(r: &mut Reading, caller: &Caller, id: Id) -> Result<(Report, Plan, Organisation)> {
    let report: Report = r.get(id)?;
    let (plan, body) = plan::load(r, report.plan_id)?;
    if sees(caller, &report, &plan, &body) { Ok((report, plan, body)) } else { Err(Error::NotFound) }
}

/// Whether the caller may see a report: a decided one with the plan, another with its follow-up.
pub(super) fn sees(caller: &Caller, report: &Report, plan: &Plan, body: &Organisation) -> bool {
    let target = Target::Plan(plan_target(plan, body));
    let verb = if report.status == ReportStatus::Decided { Verb::SeePlan } else { Verb::SeeFollowUp };
    caller.sees(verb, &target)
}

/// The reports of a plan, in the order of periods and versions, as far as the caller may see them.
pub fn list(
    r: &mut Reading,
    caller: &Caller,
    plan: Id,
    kind: impl Into<Any<Period>>,
    status: impl Into<Any<ReportStatus>>,
    listing: &Listing,
) -> Result<Page<Report>> {
    let (plan, body) = plan::load(r, plan)?;
    caller.may(Verb::SeePlan, &Target::Plan(plan_target(&plan, &body)))?;
    let mut all = seen_of(r, caller, &plan, &body)?;
    let (kind, status) = (kind.into(), status.into());
    all.retain(|report| kind.takes(report.kind) && status.takes(report.status));
    Ok(listing.cut(all))
}

/// The reports of a plan that the caller sees, in the order of periods and versions.
pub fn seen_of(r: &mut Reading, caller: &Caller, plan: &Plan, body: &Organisation) -> Result<Vec<Report>> {
    let mut all = r.reports_of_plan(plan.id)?;
    all.retain(|report| sees(caller, report, plan, body));
    Ok(all)
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<Report> {
    Ok(see(r, caller, id)?.0)
}

/// A report that a verb works on, its plan locked.
fn open(w: &mut Writing, caller: &Caller, id: Id, verb: Verb, sent: &Envelope) -> Result<(Report, Open)> {
    let (_, plan, body) = see(w, caller, id)?;
    caller.authorize(verb, &Target::Plan(plan_target(&plan, &body)), sent)?;
    let open = plan::lock(w, plan.id, body)?;
    Ok((w.get(id)?, open))
}

/// Begins the report of a period; a new version when the board has decided on one already.
pub fn create(w: &mut Writing, caller: &Caller, plan: Id, sent: &Sent<NewReportForm>) -> Result<Report> {
    let (plan, body) = plan::load(w, plan)?;
    caller.authorize(Verb::EditPlan, &Target::Plan(plan_target(&plan, &body)), sent)?;
    let form = sent.judge()?;
    let open = plan::lock(w, plan.id, body)?;
    let frame = PeriodFrame::read(w, &open.plan)?;
    limits::require(&open, &frame, form.kind, PeriodVerb::MakeReport, w.today())?;
    if !frame.applies(form.kind) {
        return Err(Error::conflict(
            "periodDoesNotApply",
            "Perioden tog slut innan planen fastställdes första gången och följs inte upp.",
            "The period ended before the plan was first adopted, and is not followed up.",
        ));
    }
    let before: Vec<&Report> = frame.reports.iter().filter(|r| r.kind == form.kind).collect();
    if before.iter().any(|r| r.status != ReportStatus::Decided) {
        return Err(Error::conflict(
            "reportInProgress",
            "Det finns redan en rapport för perioden som inte är beslutad.",
            "There is a report of the period already that is not decided.",
        ));
    }
    let last = before.last().copied();
    let made = Report {
        number: last.map_or(0, |r| r.number) + 1,
        replaces_id: last.map(|r| r.id),
        // A new version begins with the words of the one that it replaces.
        introduction: last.and_then(|r| r.introduction.clone()),
        conclusion: last.and_then(|r| r.conclusion.clone()),
        assurance: last.and_then(|r| r.assurance.clone()),
        diary_numbers: last.map_or_else(|| Json(Vec::new()), |r| r.diary_numbers.clone()),
        ..draft_of(&open.plan, form.kind)?
    };
    w.create(open.at, "report.created", &made)?;
    Ok(made)
}

/// A report of a period of which nothing is written yet.
pub(super) fn draft_of(plan: &Plan, kind: Period) -> Result<Report> {
    let now = Timestamp::now();
    Ok(Report {
        id: Id::new(),
        plan_id: plan.id,
        kind,
        number: 1,
        replaces_id: None,
        status: ReportStatus::Draft,
        revision: revision(plan)?,
        introduction: None,
        conclusion: None,
        assurance: None,
        shown_to_management_on: None,
        diary_numbers: Json(Vec::new()),
        return_reason: None,
        decided_on: None,
        deciding_board: None,
        paragraph: None,
        final_sha256: None,
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
        early_reason: None,
        clauses: None,
        sent_to: None,
        board_change: None,
        delivered_on: None,
    })
}

fn revision(plan: &Plan) -> Result<i32> {
    plan.adopted_revision.ok_or_else(|| Error::internal("a report of a plan that is not adopted"))
}

/// Writes a draft.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReportForm>) -> Result<Report> {
    let (old, open) = open(w, caller, id, Verb::EditPlan, sent)?;
    sent.expect_current(&old)?;
    let form = sent.merged(&ReportForm::of(&old))?;
    if form.shown_to_management_on.is_some_and(|day| day > w.today()) {
        return Err(Error::invalid(Violation::new(
            "/shownToManagementOn",
            "dateInFuture",
            "Datumet ligger i framtiden.",
            "The date is in the future.",
        )));
    }
    follow_up::may_report(ReportVerb::Edit, old.status)?;
    let mut new = Report {
        introduction: form.introduction,
        conclusion: form.conclusion,
        assurance: form.assurance,
        shown_to_management_on: form.shown_to_management_on,
        diary_numbers: Json(form.diary_numbers),
        ..old.clone()
    };
    w.change(open.at, "report.changed", &old, &mut new, None)?;
    Ok(new)
}

/// Removes a draft that came to nothing. Its history stays.
pub fn discard(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (report, open) = open(w, caller, id, Verb::EditPlan, sent)?;
    sent.expect_current(&report)?;
    follow_up::may_report(ReportVerb::Discard, report.status)?;
    w.remove(open.at, "report.discarded", &report, None)
}

/// What the report of a closed period still lacks.
fn missing(w: &mut Writing, report: &Report) -> Result<Vec<Missing>> {
    let mut missing = Vec::new();
    if report.kind == Period::Annual && report.assurance.is_none() {
        missing.push(Missing {
            code: "assuranceMissing",
            entity: "report",
            id: Some(report.id.0),
            number: None,
            field: Some("assurance"),
            sv: "Årets sista rapport saknar försäkran.".into(),
            en: "The year's last report lacks the assurance.".into(),
        });
    }
    missing.extend(report_snapshot::missing_judgements(w, report)?);
    Ok(missing)
}

/// The decision on the annual report closes the plan.
fn closes(report: &Report, plan: &Plan) -> bool {
    report.kind == Period::Annual && plan.status != PlanStatus::Closed
}

/// May this be done with a report, as it, its period and its plan stand? What it lacks is another question.
///
/// Codes of refusal: those of [`follow_up::may_report`], `periodOpen`, `planInRevision`.
pub fn may(verb: ReportVerb, report: &Report, frame: &PeriodFrame) -> std::result::Result<(), life::Refusal> {
    follow_up::may_report(verb, report.status)?;
    match verb {
        ReportVerb::Finalize if !frame.is_closed(report.kind) => Err(life::Refusal::new(
            "periodOpen",
            "Perioden är öppen. Stäng den innan rapporten blir slutlig.",
            "The period is open. Close it before the report becomes final.",
        )),
        ReportVerb::Decide if closes(report, &frame.plan) && frame.plan.status != PlanStatus::Adopted => {
            Err(life::Refusal::new(
                "planInRevision",
                "Planen revideras. Avsluta revideringen innan årets sista rapport beslutas, för då avslutas planen.",
                "The plan is being revised. End the revision before the year's last report is decided, which closes the plan.",
            ))
        }
        _ => Ok(()),
    }
}

/// What stands in the way of the next step of a report: making it final, or deciding on it.
pub fn hindrance(r: &mut Reading, report: &Report, plan: &Plan) -> Result<Option<life::Refusal>> {
    let verb = match report.status {
        ReportStatus::Draft => ReportVerb::Finalize,
        ReportStatus::Final => ReportVerb::Decide,
        ReportStatus::Decided => return Ok(None),
    };
    Ok(may(verb, report, &PeriodFrame::read(r, plan)?).err())
}

/// Makes a draft final: what the board will decide on is frozen. The period is closed by then.
pub fn finalize(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<Nothing>) -> Result<Report> {
    let (old, open) = open(w, caller, id, Verb::Propose, sent)?;
    sent.expect_current(&old)?;
    sent.judge()?;
    let followed = Followed::read(w, &open.plan)?;
    may(ReportVerb::Finalize, &old, &followed.frame)?;
    let missing = missing(w, &old)?;
    if !missing.is_empty() {
        return Err(Error::Missing(missing));
    }
    let mut new = Report { status: ReportStatus::Final, return_reason: None, ..old.clone() };
    let frozen = report_snapshot::of_report(w, &open.body, &open.policy, &followed, &new)?;
    new.revision = i32::try_from(frozen.plan.plan.revision).map_err(Error::internal)?;
    // What becomes final can be decided on: the documents refuse what contradicts itself, and better here than there.
    documents::of_report(&frozen, Format::Json, Version::Full)?;
    new.final_sha256 = Some(w.seal_json(&frozen)?);
    w.change(open.at, "report.finalized", &old, &mut new, None)?;
    Ok(new)
}

/// Sends a final report back to draft, with the reason; or makes it a draft for the board's own change.
pub fn send_back(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<ReturnForm>) -> Result<Report> {
    let (old, open) = open(w, caller, id, Verb::RecordDecision, sent)?;
    let form = sent.judge()?;
    follow_up::may_report(ReportVerb::Return, old.status)?;
    let reason = Some(form.reason.clone());
    if form.by_board {
        let new = Report { board_change: reason, return_reason: None, ..old.clone() };
        return to_draft(w, &open, &old, "report.changedByBoard", new, &form.reason);
    }
    // What the board changed before, it has not decided on.
    let new = Report { board_change: None, return_reason: reason, ..old.clone() };
    to_draft(w, &open, &old, "report.returned", new, &form.reason)
}

/// Makes a final report a draft again because its period is opened again.
pub fn return_because(w: &mut Writing, open: &Open, old: &Report, reason: &str) -> Result<Report> {
    let new = Report { return_reason: Some(reason.to_owned()), ..old.clone() };
    to_draft(w, open, old, "report.returned", new, reason)
}

fn to_draft(
    w: &mut Writing,
    open: &Open,
    old: &Report,
    kind: &'static str,
    new: Report,
    reason: &str,
) -> Result<Report> {
    let mut new = Report { status: ReportStatus::Draft, final_sha256: None, ..new };
    w.change(open.at, kind, old, &mut new, Some(reason))?;
    Ok(new)
}

/// Records that a decided report was delivered to the regional office. Another day than the one that is recorded takes a
/// reason.
pub fn deliver(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<DeliveryForm>) -> Result<Report> {
    let (old, open) = open(w, caller, id, Verb::RecordDecision, sent)?;
    let form = sent.judge()?;
    form.judge(old.decided_on, old.delivered_on, w.today())?;
    follow_up::may_report(ReportVerb::Deliver, old.status)?;
    let mut new = Report { delivered_on: Some(form.delivered_on), ..old.clone() };
    w.change(open.at, "report.delivered", &old, &mut new, form.reason.as_deref())?;
    Ok(new)
}

/// Adds a diary number that came after the decision. What was sealed stays as it is.
pub fn add_diary_number(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<DiaryNumberForm>) -> Result<Report> {
    let (old, open) = open(w, caller, id, Verb::RecordDecision, sent)?;
    let diary_numbers = sent.judge()?.added_to(&old.diary_numbers)?;
    follow_up::may_report(ReportVerb::AddDiaryNumber, old.status)?;
    let mut new = Report { diary_numbers, ..old.clone() };
    w.change(open.at, "report.diaryNumberAdded", &old, &mut new, None)?;
    Ok(new)
}

/// What the board's decision makes of a report, and of what snapshot its files are made.
struct Decision {
    new: Report,
    snapshot: Snapshot,
}

/// Works a decision out: before its files are made, and once more when the plan is locked.
fn decision(r: &mut Reading, open: &Open, old: &Report, sent: &Sent<AdoptionForm>) -> Result<Decision> {
    sent.expect_current(old)?;
    let form = sent.judge()?;
    let (_, last) = crate::domain::due::period_bounds(open.plan.year, old.kind)
        .ok_or_else(|| Error::internal("a plan of a year without a calendar"))?;
    let faults = [
        ("/decidedOn", life::may_be_decided_on(form.decided_on, r.today()).err()),
        ("/earlyReason", follow_up::early_fault(form.decided_on, last, form.early_reason.is_some())),
    ];
    let told = |(at, fault): (&'static str, Option<life::Refusal>)| Some((at, fault?));
    let faults: Vec<Violation> =
        faults.into_iter().filter_map(told).map(|(at, r)| Violation::new(at, r.code, r.sv, r.en)).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    may(ReportVerb::Decide, old, &PeriodFrame::read(r, &open.plan)?)?;
    let decision = form.decision(&old.diary_numbers, old.board_change.as_deref());
    let new = Report {
        status: ReportStatus::Decided,
        decided_on: Some(form.decided_on),
        deciding_board: Some(form.deciding_board),
        paragraph: Some(form.paragraph),
        diary_numbers: form.diary_numbers.map_or_else(|| old.diary_numbers.clone(), Json),
        early_reason: form.early_reason,
        clauses: forms::kept(&decision.clauses),
        sent_to: forms::kept(&decision.sent_to),
        board_change: decision.board_change.clone(),
        ..old.clone()
    };
    let checkpoint = r.newest_checkpoint(open.at.log)?;
    let frozen = report_snapshot::decided(finalized(r, old)?, decision, checkpoint)?;
    Ok(Decision { new, snapshot: Snapshot::Report(Box::new(frozen)) })
}

/// Of what the files are made that [`decide`] seals.
pub fn prepare_decision(r: &mut Reading, caller: &Caller, id: Id, sent: &Sent<AdoptionForm>) -> Result<Snapshot> {
    let (report, plan, body) = see(r, caller, id)?;
    caller.authorize(Verb::RecordDecision, &Target::Plan(plan_target(&plan, &body)), sent)?;
    let open = plan::as_it_is(r, plan, body)?;
    Ok(decision(r, &open, &report, sent)?.snapshot)
}

/// Records the board's decision on a final report and seals it, in every format. The decision on the annual report
/// closes the plan.
pub fn decide(
    w: &mut Writing,
    caller: &Caller,
    id: Id,
    sent: &Sent<AdoptionForm>,
    rendered: &Rendered,
) -> Result<Report> {
    let (old, open) = open(w, caller, id, Verb::RecordDecision, sent)?;
    let Decision { mut new, snapshot } = decision(w, &open, &old, sent)?;
    let rendered = rendered.of_now(snapshot)?;
    for (format, version, bytes) in &rendered.files {
        *slot(&mut new, *format, *version) = Some(w.seal(format.media_type(), bytes)?);
    }
    w.change(open.at, "report.decided", &old, &mut new, None)?;
    if closes(&old, &open.plan) {
        let mut closed = Plan { status: PlanStatus::Closed, ..open.plan.clone() };
        w.change(open.at, "plan.closed", &open.plan, &mut closed, None)?;
    }
    Ok(new)
}

/// What was frozen when a report was made final.
fn finalized(r: &mut Reading, report: &Report) -> Result<doc::ReportSnapshot> {
    let sha256 = report.final_sha256.as_ref().ok_or_else(|| Error::internal("a final report without a snapshot"))?;
    serde_json::from_slice(&r.sealed(sha256)?).map_err(Error::internal)
}

/// What a decided report was sealed with.
pub(super) fn sealed(r: &mut Reading, report: &Report) -> Result<doc::ReportSnapshot> {
    let sha256 =
        report.snapshot_sha256.as_ref().ok_or_else(|| Error::internal("a decided report without a snapshot"))?;
    serde_json::from_slice(&r.sealed(sha256)?).map_err(Error::internal)
}

/// Where a decided report names the hash of one of its files.
fn slot(report: &mut Report, format: Format, version: Version) -> &mut Option<String> {
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

/// What a report says: what was sealed once it is decided, what was frozen once it is final, before that as it stands now.
pub fn told(r: &mut Reading, caller: &Caller, id: Id) -> Result<doc::ReportSnapshot> {
    let (report, plan, body) = see(r, caller, id)?;
    frozen(r, &report, &plan, &body)
}

fn frozen(r: &mut Reading, report: &Report, plan: &Plan, body: &Organisation) -> Result<doc::ReportSnapshot> {
    match report.status {
        ReportStatus::Decided => sealed(r, report),
        ReportStatus::Final => finalized(r, report),
        ReportStatus::Draft => {
            let policy = policies::definition(r, plan.policy_version_id)?;
            let followed = Followed::read(r, plan)?;
            report_snapshot::of_report(r, body, &policy, &followed, report)
        }
    }
}

/// The document of a report: the sealed one once it is decided, the frozen one once it is final, before that as it stands
/// now; marked UTKAST until the decision.
pub fn document(r: &mut Reading, caller: &Caller, id: Id, format: Format, version: Version) -> Result<File> {
    let (mut report, plan, body) = see(r, caller, id)?;
    let frozen = frozen(r, &report, &plan, &body)?;
    let content = match (report.status, slot(&mut report, format, version).take()) {
        (ReportStatus::Decided, Some(sha256)) => r.sealed(&sha256)?,
        (ReportStatus::Decided, None) => return Err(Error::internal("a decided report that was not sealed")),
        (ReportStatus::Draft | ReportStatus::Final, _) => documents::of_report(&frozen, format, version)?,
    };
    let kind = match report.kind {
        Period::T1 => "t1",
        Period::Interim => "delar",
        Period::Annual => "ar",
    };
    let name = format!("uppfoljning-{kind}-{}-{}-{}", documents::file_word(&body), plan.year, report.number);
    let decided = (report.status == ReportStatus::Decided).then_some(plan.id);
    let markings = documents::report_markings(&frozen);
    Ok(File { sealed: decided, ..File::of(&name, format, version, &markings, content) })
}

/// Whether a closed plan's follow-up may go without an annual report: only where none has begun.
pub fn require_decided(r: &mut Reading, plan: &Plan) -> Result<()> {
    if r.is_decided(plan.id, Period::Annual)? || !has_begun(r, plan)? {
        return Ok(());
    }
    Err(Error::conflict(
        "annualReportNotDecided",
        "Planen avslutas när årets sista rapport beslutas.",
        "The plan closes when the year's last report is decided.",
    ))
}
