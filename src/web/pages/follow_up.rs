//! Follow-up: every body in a period of a year; and one plan's periods, with what is missing in them, closing and opening
//! them again, their reports and the body's judgement of its own control.

use askama::Template;
use chrono::NaiveDate;
use riskregister_document::{Added, AtRisk, report_content};

use super::before;
use super::content::{Document, Read};
use super::known::{Decided, Names};
use super::lists::{File, Pager, files, followed, years};
use crate::app::caller::Caller;
use crate::app::contents::risks;
use crate::app::derived::snapshot::diary;
use crate::app::follow_up::{ByColour, PeriodFrame, Tally};
use crate::app::places::{manner_in, plan_target};
use crate::app::plan;
use crate::app::reporting::follow_ups::{self, FollowUp, FollowUpFilter};
use crate::app::reporting::periods::{self, PeriodView, StatusFilter, StatusRow};
use crate::app::reporting::{compiled_reports, financial_measures, reports, self_assessments};
use crate::app::sent::etag;
use crate::domain::coso::COMPONENTS;
use crate::domain::due;
use crate::domain::follow_up::{self as rules, PeriodVerb, ReportVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::values::FinancialMeasure;
use crate::domain::words::{
    ActionEffect, ActionStatus, Colour, ControlStatus, Period, PlanStatus, ReportStatus, SectionKey, Sufficiency,
};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, RiskFilter};
use crate::storage::records::{CompiledReport, Organisation, Plan, Report};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::earlier::Earlier;
use crate::web::frame::Frame;
use crate::web::parts::{Deciding, Form};
use crate::web::values::{Choice, Html, escaped};

#[derive(Template)]
#[template(path = "pages/region.html")]
struct Region<'a> {
    p: &'a Frame,
    years: Vec<i32>,
    year: i32,
    period: Period,
    only: String,
    files: Vec<File>,
    rows: Vec<FollowUp>,
    pager: Pager,
    all: usize,
    complete: usize,
    decided: usize,
    late: usize,
    undelivered: usize,
    unadopted: usize,
    /// The compiled reports of the period that one may see.
    compiled: Vec<CompiledReport>,
    /// Makes one, for whoever may, where there is none on its way.
    compile: Option<Form<'a>>,
}

/// Bodies on a page: the boards and companies of a large region.
const A_PAGE: i64 = 50;

/// Every body that one may follow, in a period of a year.
pub fn region(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let years = years(r, caller)?;
    let year = match ask.year() {
        Some(year) => year,
        None => followed(r, caller, &years)?.unwrap_or_else(|| chrono::Datelike::year(&r.today())),
    };
    // Of the year's periods, the last that is asked for by now, from the days that the region has set.
    let today = r.today();
    let set = periods::deadlines(r, year, &Listing::all())?.items;
    let asked = |period: &&Period| {
        let day = set.iter().find(|one| one.period == **period).and_then(|one| one.asked_from);
        day.or_else(|| due::asked_from(year, **period)).is_some_and(|from| from <= today)
    };
    let last = Period::ALL.iter().rev().find(asked).copied();
    let period: Period = ask.q("period").or(last).unwrap_or(Period::T1);
    let all = follow_ups::list(r, caller, year, period, &FollowUpFilter::default(), &Listing::all())?.items;
    let decided = |row: &FollowUp| row.report.as_ref().is_some_and(|report| report.status == ReportStatus::Decided);
    let (complete, made) =
        (all.iter().filter(|row| row.complete).count(), all.iter().filter(|row| decided(row)).count());
    let late = all.iter().filter(|row| row.late).count();
    // Who has nothing adopted has nothing to deliver yet.
    let undelivered = |row: &FollowUp| row.adopted_revision.is_some() && !row.delivered;
    let not_delivered = all.iter().filter(|row| undelivered(row)).count();
    let unadopted = all.iter().filter(|row| row.adopted_revision.is_none()).count();
    let only = ask.text("only").to_owned();
    let count = all.len();
    let rows = all.into_iter().filter(|row| match only.as_str() {
        "missing" => !row.complete,
        "late" => row.late,
        "undecided" => !decided(row),
        "undelivered" => undelivered(row),
        _ => true,
    });
    let (rows, pager) = Pager::cut(ask, rows.collect(), A_PAGE);
    let p = &ask.frame;
    // What stands now is told, whatever day the rest of the page is of.
    let compiled = compiled_reports::list(r, caller, Some(year), Some(period), &Listing::all())?.items;
    let begun = compiled.iter().any(|report| report.status == ReportStatus::Draft);
    let may_compile = p.is_now() && !begun && compiled_reports::may(r, caller)?;
    let compile = may_compile.then(|| {
        let form = p.form("createCompiledReport", "compile").fixed("year", year).fixed("kind", period);
        form.to("/compiled-reports/{id}")
    });
    let mut call = ask.call("listFollowUps", A_PAGE)?;
    let narrowed = match only.as_str() {
        "missing" => Some(("complete", "false")),
        "late" => Some(("late", "true")),
        _ => None,
    };
    call.query.extend(narrowed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let by_itself = [("year", Some(year.to_string())), ("period", Some(period.to_string()))];
    let files = match only.as_str() {
        // The list knows no such filter: a file would hold other rows than the page.
        "undecided" | "undelivered" => Vec::new(),
        _ => files(ask, "nav-follow-up", "/follow-ups", &call, &by_itself),
    };
    ask.write(&Region {
        p,
        files,
        years,
        year,
        period,
        only,
        rows,
        pager,
        all: count,
        complete,
        decided: made,
        late,
        undelivered: not_delivered,
        unadopted,
        compiled,
        compile,
    })
}

#[derive(Template)]
#[template(path = "pages/follow_up.html")]
struct Followed<'a> {
    p: &'a Frame,
    plan: Plan,
    body: Organisation,
    periods: Vec<Of<'a>>,
    /// Why the plan was closed without having been followed up.
    ended: Option<String>,
    /// The period that is looked into.
    chosen: Option<Period>,
    only: String,
    rows: Vec<StatusRow>,
    people: Names,
}

/// A period with what can be done about it.
struct Of<'a> {
    view: PeriodView,
    /// The body's own deadline, where it has set one.
    own: Option<NaiveDate>,
    can: Can,
    bars: Vec<(String, Html)>,
    close: Form<'a>,
    reopen: Form<'a>,
    change: Form<'a>,
    report: Form<'a>,
    remind: Form<'a>,
}

/// What the one who looks may do with a period now.
struct Can {
    close: bool,
    /// Close it before its last day has passed.
    close_early: bool,
    remind: bool,
    /// Would, if the register sent mail.
    no_mail: bool,
    reopen: bool,
    report: bool,
    change: bool,
}

/// What the statuses of a bar are of.
#[derive(Debug, Clone, Copy)]
enum Bar {
    Controls,
    Actions,
    Effects,
}

impl Bar {
    /// What a dash is among them, as the body calls it.
    fn dash(self, p: &Frame) -> String {
        match self {
            Self::Controls => p.in_text(ControlStatus::NotPlanned).into_owned(),
            Self::Actions => p.say_with("count-dash-actions", "word", p.in_text(ActionStatus::NotStarted)),
            Self::Effects => p.in_text(ActionEffect::NotAssessed).into_owned(),
        }
    }
}

/// How many have each status: shape, word and number.
fn bar(p: &Frame, counts: &ByColour, of: Bar) -> Html {
    let each = [
        (Some(Colour::Green), p.count("count-green", counts.green), counts.green),
        (Some(Colour::Yellow), p.count("count-yellow", counts.yellow), counts.yellow),
        (Some(Colour::Red), p.count("count-red", counts.red), counts.red),
        (Some(Colour::Dash), of.dash(p), counts.dash),
        (None, p.count("count-missing", counts.missing), counts.missing),
    ];
    let parts: Vec<String> = each
        .iter()
        .filter(|(.., n)| *n > 0)
        .map(|(colour, word, n)| format!("<span class=\"keep\">{} {n}\u{a0}{}</span>", p.mark(colour), escaped(word)))
        .collect();
    Html(if parts.is_empty() { "–".into() } else { parts.join(" &nbsp; ") })
}

/// How many controls and actions a period has besides those that are to be reported in it.
fn besides(tally: &Tally) -> u32 {
    let all = |counts: &ByColour| counts.green + counts.yellow + counts.red + counts.dash + counts.missing;
    (all(&tally.controls) + all(&tally.actions)).saturating_sub(tally.due)
}

/// The status of a row as people read it.
fn status_word(p: &Frame, row: &StatusRow) -> Html {
    let word = row.status.as_deref();
    match word.and_then(ControlStatus::parse) {
        Some(status) => p.status(Some(status)),
        None => p.status(word.and_then(ActionStatus::parse)),
    }
}

/// A plan's periods.
pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let views = periods::list(r, caller, id)?;
    let (plan, body) = plan::load(r, id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    // Of a plan that was never adopted nothing is said of its follow-up.
    let first = PeriodFrame::read(r, &plan)?.first_open(r.today());
    let ended = plan.closing_reason.clone().filter(|_| plan.status == PlanStatus::Closed);
    let first = first.filter(|_| ended.is_none());
    let chosen: Option<Period> = ask.q("period").or(first).filter(|_| plan.adopted_revision.is_some());
    let only = ask.text("only").to_owned();
    let mut rows = Vec::new();
    if let Some(period) = chosen {
        let filter = StatusFilter {
            missing: (only == "missing").then_some(true),
            due: (only == "due").then_some(true),
            colour: ask.q::<Colour>("colour").into(),
            ..StatusFilter::default()
        };
        rows = periods::statuses(r, caller, id, period, &filter, &Listing::all())?.items;
    }
    let people = Names::people(r, rows.iter().flat_map(|row| [row.responsible_id, row.reported_by_id]))?;
    let mut of = Vec::new();
    for (view, allowed) in views.into_iter().zip(periods::allowed(r, caller, id)?) {
        let may = |verb: PeriodVerb| p.is_now() && view.applies && allowed.contains(&verb);
        let period = view.period;
        let tag = etag(&view)?;
        let named = |act: &'static str, name: &str| p.form(act, format!("{name}-{period}")).at("id", id);
        let bars = vec![
            (p.say("controls"), bar(p, &view.tally.controls, Bar::Controls)),
            (p.say("actions"), bar(p, &view.tally.actions, Bar::Actions)),
            (p.say("effects"), bar(p, &view.tally.effects, Bar::Effects)),
        ];
        let lacks = may(PeriodVerb::Report) && view.tally.missing > 0;
        let mail = ask.service.config.mail.is_some();
        of.push(Of {
            can: Can {
                close: may(PeriodVerb::Close),
                close_early: may(PeriodVerb::CloseEarly) && !may(PeriodVerb::Close),
                remind: lacks && mail,
                no_mail: lacks && !mail,
                reopen: may(PeriodVerb::Reopen),
                report: may(PeriodVerb::MakeReport) && view.report.is_none(),
                // That it is due all the same is said of a period in which nothing is asked.
                change: p.is_now() && allowed.contains(&PeriodVerb::Change),
            },
            close: named("closePeriod", "close").at("period", period).tagged(tag.clone()),
            reopen: named("reopenPeriod", "reopen").at("period", period),
            change: named("changePeriod", "change").at("period", period).tagged(tag),
            remind: named("remindOfPeriod", "remind").at("period", period),
            report: named("createReport", "report").fixed("kind", period).to("/reports/{id}"),
            bars,
            own: view.own_deadline,
            view,
        });
    }
    // Of a plan that was closed without it, what was followed up is all there is to tell.
    of.retain(|one| ended.is_none() || one.view.tally.reported > 0 || one.view.report.is_some());
    ask.write(&Followed { p, plan, body, periods: of, ended, chosen, only, rows, people })
}

#[derive(Template)]
#[template(path = "pages/self_assessment.html")]
struct Judged<'a> {
    p: &'a Frame,
    plan: Plan,
    body: Organisation,
    period: Period,
    parts: Vec<Component>,
    names: Vec<[String; 3]>,
    choices: Vec<Choice>,
    form: Form<'a>,
    may_write: bool,
    /// Why whoever looks cannot write it now, and otherwise could.
    hindrance: Option<String>,
}

struct Component {
    key: SectionKey,
    judgement: Option<Sufficiency>,
    reason: String,
    /// How it was judged before, and why.
    before: Vec<Earlier>,
}

/// Whether the one who looks may do this as controller in a period of a plan.
fn may(r: &mut Reading, caller: &Caller, plan: Id, period: Period, verb: PeriodVerb) -> Result<bool> {
    let allowed = periods::allowed(r, caller, plan)?;
    Ok(Period::ALL.iter().zip(allowed).any(|(at, verbs)| *at == period && verbs.contains(&verb)))
}

/// The body's own judgement of the five components (COSO), in a period.
pub fn self_assessment(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (id, period): (Id, Period) = (ask.step("id")?, ask.step("period")?);
    let (plan, body) = plan::load(r, id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let on = Target::Plan(plan_target(&plan, &body));
    caller.may(Verb::SeeFollowUp, &on)?;
    let found = match self_assessments::get(r, caller, id, period) {
        Ok(found) => Some(found),
        Err(Error::NotFound) => None,
        Err(other) => return Err(other),
    };
    let judged = found.as_ref().map(|found| found.components.as_slice()).unwrap_or_default();
    let mut form = p
        .form("writeSelfAssessment", "coso")
        .at("id", id)
        .at("period", period)
        .to(format!("/plans/{id}/follow-up?period={period}"))
        .kept();
    form = match &found {
        Some(found) => form.tagged(etag(found)?),
        None => form.fresh(),
    };
    let writes = p.is_now() && caller.sees(Verb::EditPlan, &on);
    let hindrance = self_assessments::hindrance(r, &plan, period)?;
    let may_write = writes && hindrance.is_none();
    let before = if may_write { before::judgements(r, caller, p, &plan, period)? } else { Vec::new() };
    let mut parts = Vec::new();
    let mut names = Vec::new();
    for (at, key) in COMPONENTS.into_iter().enumerate() {
        let one = judged.iter().find(|one| one.component == key);
        names.push(["component!", "judgement", "reason"].map(|field| format!("components/{at}/{field}")));
        // What was judged of single principles stays.
        for (j, principle) in one.iter().flat_map(|one| &one.principles).enumerate() {
            let name = |field: &str| format!("components/{at}/principles/{j}/{field}");
            form =
                form.fixed(&name("number"), i32::from(principle.number)).fixed(&name("judgement"), principle.judgement);
            form = form.fixed(&name("reason"), principle.reason.as_deref());
        }
        form = form.fixed(&format!("components/{at}/component!"), key);
        parts.push(Component {
            key,
            judgement: one.map(|one| one.judgement),
            reason: one.map(|one| one.reason.clone()).unwrap_or_default(),
            before: before
                .iter()
                .filter_map(|(of, judged)| {
                    let one = judged.components.iter().find(|one| one.component == key)?;
                    Some(Earlier { of: format!("{of}: {}", p.in_text(one.judgement)), text: one.reason.clone() })
                })
                .collect(),
        });
    }
    let hindrance = hindrance.filter(|_| writes).map(|refusal| refusal.text(p.language));
    let choices = p.choices::<Sufficiency>();
    ask.write(&Judged { p, plan, body, period, parts, names, choices, form, may_write, hindrance })
}

#[derive(Template)]
#[template(path = "pages/financial_measures.html")]
struct Economy<'a> {
    p: &'a Frame,
    plan: Plan,
    body: Organisation,
    period: Period,
    /// Each with the names of its fields, and in a form some empty ones to write in.
    rows: Vec<(FinancialMeasure, String)>,
    /// What was written of an earlier period, and stands here to go on from.
    from: Option<Period>,
    form: Form<'a>,
    may_write: bool,
    /// Why whoever looks cannot write them now, and otherwise could.
    hindrance: Option<String>,
}

/// How many empty rows the form has to write in.
const EMPTY_ROWS: usize = 3;

/// The body's measures that belong to no risk, in a period.
pub fn measures(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (id, period): (Id, Period) = (ask.step("id")?, ask.step("period")?);
    let (plan, body) = plan::load(r, id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let on = Target::Plan(plan_target(&plan, &body));
    caller.may(Verb::SeeFollowUp, &on)?;
    let known = financial_measures::known(r, id, period)?;
    let here = known.as_ref().filter(|written| written.period == period);
    let form = p
        .form("writeFinancialMeasures", "measures")
        .at("id", id)
        .at("period", period)
        .to(format!("/plans/{id}/financial-measures/{period}"));
    let from = known.as_ref().map(|written| written.period).filter(|then| *then != period);
    let form = match here {
        Some(written) => form.tagged(etag(written)?),
        None => form.fresh(),
    };
    let mut all = known.map(|written| written.measures.0).unwrap_or_default();
    if from.is_some() {
        all.iter_mut().for_each(|one| one.realised_effect = None);
    }
    let writes = p.is_now() && caller.sees(Verb::EditPlan, &on);
    let hindrance = financial_measures::hindrance(r, &plan, period)?;
    let may_write = writes && hindrance.is_none();
    if may_write {
        all.extend(std::iter::repeat_n(FinancialMeasure::default(), EMPTY_ROWS));
    }
    let rows = (0..).zip(all).map(|(at, one): (usize, _)| (one, format!("measures/{at}"))).collect();
    let hindrance = hindrance.filter(|_| writes).map(|refusal| refusal.text(p.language));
    ask.write(&Economy { p, plan, body, period, rows, from, form, may_write, hindrance })
}

#[derive(Template)]
#[template(path = "pages/report.html")]
struct ReportPage<'a> {
    p: &'a Frame,
    /// What earlier reports say in the place of each text.
    introductions: Vec<Earlier>,
    conclusions: Vec<Earlier>,
    assurances: Vec<Earlier>,
    report: Report,
    /// The report itself.
    read: Read,
    document: Document,
    /// Whether the follow-up that it is of can be seen, too.
    follows: bool,
    /// Why the period was closed before its last day.
    closed_early: Option<String>,
    /// What the decision says.
    decided: Decided,
    deciding: Deciding,
    plan: Plan,
    body: Organisation,
    diary: Vec<String>,
    versions: Vec<Report>,
    can: CanReport,
    change: Form<'a>,
    finalize: Form<'a>,
    discard: Form<'a>,
    send_back: Form<'a>,
    decide: Form<'a>,
    deliver: Form<'a>,
    number: Form<'a>,
    again: Form<'a>,
}

/// What the one who looks may do with a report now.
struct CanReport {
    edit: bool,
    finalize: bool,
    discard: bool,
    send_back: bool,
    decide: bool,
    deliver: bool,
    /// Add a diary number that came after the decision.
    number: bool,
    again: bool,
    /// Why the next step cannot be taken yet.
    hindrance: Option<String>,
}

/// The report of a period, on its way past the board.
pub fn report(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let report = reports::get(r, caller, id)?;
    let (plan, body) = plan::load(r, report.plan_id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let on = Target::Plan(plan_target(&plan, &body));
    let versions = reports::list(r, caller, plan.id, Some(report.kind), None, &Listing::all())?.items;
    let diary = diary(&report.diary_numbers);
    let step = |role: Verb, verb: ReportVerb| {
        p.is_now() && caller.sees(role, &on) && rules::may_report(verb, report.status).is_ok()
    };
    let hindrance = reports::hindrance(r, &report, &plan)?.map(|refusal| refusal.text(p.language));
    let finalize = step(Verb::Propose, ReportVerb::Finalize);
    let decide = step(Verb::RecordDecision, ReportVerb::Decide);
    let newest = versions.last().is_some_and(|last| last.id == report.id) && report.status == ReportStatus::Decided;
    let can = CanReport {
        edit: step(Verb::EditPlan, ReportVerb::Edit),
        finalize: finalize && hindrance.is_none(),
        discard: step(Verb::EditPlan, ReportVerb::Discard),
        send_back: step(Verb::RecordDecision, ReportVerb::Return),
        decide: decide && hindrance.is_none(),
        deliver: step(Verb::RecordDecision, ReportVerb::Deliver),
        number: step(Verb::RecordDecision, ReportVerb::AddDiaryNumber),
        hindrance: hindrance.filter(|_| finalize || decide),
        again: newest && p.is_now() && may(r, caller, plan.id, report.kind, PeriodVerb::MakeReport)?,
    };
    let (_, last) = due::period_bounds(plan.year, report.kind)
        .ok_or_else(|| Error::internal("a plan of a year without a calendar"))?;
    let periods = PeriodFrame::read(r, &plan)?;
    let closed_early = periods.row(report.kind).and_then(|row| row.closing_reason.clone());
    let decided = match report.status {
        ReportStatus::Decided => Decided::of(&report.clauses, &report.sent_to, &report.board_change),
        ReportStatus::Draft | ReportStatus::Final => Decided::default(),
    };
    let deciding = Deciding {
        board: body.name.clone(),
        diary: diary.clone(),
        change: report.board_change.clone(),
        last: Some(last),
        // A decision that is made now is as early as the closing was.
        early: closed_early.clone().filter(|_| p.today <= last),
    };
    let told = reports::told(r, caller, id)?;
    let mut added = Added::default();
    for view in risks::list_of_plan(r, caller, plan.id, RiskFilter::default(), &Listing::all())?.items {
        let id = view.core.risk.id;
        added.risks.insert(id.to_string(), AtRisk { page: Some(format!("/risks/{id}")), below: String::new() });
    }
    let read = Read::of(p, report_content(&told, &added))?;
    let tag = etag(&report)?;
    let back = format!("/plans/{}/follow-up", plan.id);
    let step = |act: &'static str, name: &str| p.form(act, name).at("id", id).tagged(tag.clone());
    let before = if can.edit { before::reports(r, caller, p, &plan, report.kind)? } else { Vec::new() };
    ask.write(&ReportPage {
        p,
        introductions: before::texts(&before, |one| one.introduction.clone()),
        conclusions: before::texts(&before, |one| one.conclusion.clone()),
        assurances: before::texts(&before, |one| one.assurance.clone()),
        read,
        document: Document::of_report(id),
        follows: caller.sees(Verb::SeeFollowUp, &on),
        closed_early,
        decided,
        deciding,
        diary,
        versions,
        can,
        change: step("changeReport", "report").kept(),
        finalize: step("finalizeReport", "finalize"),
        discard: step("discardReport", "discard").to(back),
        send_back: step("returnReport", "return"),
        decide: step("decideReport", "decide"),
        deliver: step("deliverReport", "deliver"),
        number: step("addReportDiaryNumber", "number"),
        again: p.form("createReport", "again").at("id", plan.id).fixed("kind", report.kind).to("/reports/{id}"),
        report,
        plan,
        body,
    })
}
