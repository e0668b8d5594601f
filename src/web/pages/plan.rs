//! One plan as one reads it, with what it still lacks, its way past the board, and its documents.

use std::collections::HashMap;

use askama::Template;
use riskregister_document::snapshot as doc;
use riskregister_document::{Added, AtRisk, plan_content};

use super::before;
use super::content::{Document, Read, own};
use super::known::{Decided, Levels, Rights};
use super::notes::{self, Notes};
use crate::app::caller::Caller;
use crate::app::contents::carried_dates::{self, Offered};
use crate::app::contents::confirmations;
use crate::app::contents::risks;
use crate::app::derived::snapshot::diary;
use crate::app::derived::{plan_checks, plan_documents};
use crate::app::places::{manner_in, plan_target};
use crate::app::plan;
use crate::app::plan::stages::PlanView;
use crate::app::plans::{self, carry_over, decisions, sections};
use crate::app::reporting::reports;
use crate::app::sent::etag;
use crate::app::settings::policies;
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{LevelKey, Period, PlanStatus, ReportStatus, SectionKey};
use crate::error::{Error, MissingItem, Result};
use crate::storage::queries::{Listing, RiskFilter};
use crate::storage::records::{About, Organisation, PolicyVersion, Report, Risk, ScoringPolicy};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::earlier::Earlier;
use crate::web::fields::field;
use crate::web::frame::{Failed, Frame};
use crate::web::lacking::{self, Under};
use crate::web::parts::{Deciding, Form};
use crate::web::values::{Choice, Html, escaped};

#[derive(Template)]
#[template(path = "pages/plan.html")]
struct PlanPage<'a> {
    p: &'a Frame,
    view: PlanView,
    body: Organisation,
    /// The plan itself.
    read: Read,
    outside: Vec<Row>,
    /// Whether it is told what the plan lacks, if anything.
    lacks: bool,
    /// By what it is about, in the order of the plan.
    missing: Vec<Under>,
    lacking: usize,
    /// The texts that nobody has written.
    unwritten: Vec<SectionKey>,
    /// The one that counts first.
    documents: Vec<Document>,
    revised: bool,
    /// Decided ones.
    reports: Vec<Report>,
    diary: Vec<String>,
    /// What the newest decision says.
    decided: Decided,
    deciding: Deciding,
    dateless: Vec<Dateless<'a>>,
    carried: Vec<CarriedText<'a>>,
    /// The risks whose carried-over assessment waits to be confirmed, and all of them as chosen.
    unconfirmed: Vec<Choice>,
    all_unconfirmed: String,
    /// The plans of bodies that go on in this one, to take risks over from.
    predecessors: Vec<Choice>,
    can: Can,
    forms: Forms<'a>,
    followed: bool,
    /// What it holds now is what the board has adopted, and the year goes on.
    in_force: bool,
    /// The scale that its risks are scored by.
    scale: PolicyVersion,
    scale_name: String,
    notes: Option<Notes<'a>>,
}

/// What the one who looks may do with the plan now.
struct Can {
    edit: bool,
    add: bool,
    propose: bool,
    send_back: bool,
    adopt: bool,
    revise: bool,
    abandon: bool,
    delete: bool,
    deliver: bool,
    /// Add a diary number that came after the adoption.
    number: bool,
    close: bool,
    follow: bool,
    /// See what it holds now: it may be a draft, and what was adopted before is all that readers see then.
    parts: bool,
}

struct Forms<'a> {
    propose: Form<'a>,
    send_back: Form<'a>,
    adopt: Form<'a>,
    revise: Form<'a>,
    abandon: Form<'a>,
    delete: Form<'a>,
    deliver: Form<'a>,
    number: Form<'a>,
    close: Form<'a>,
    change: Form<'a>,
    dates: Form<'a>,
    assessments: Form<'a>,
    texts: Form<'a>,
    take_over: Form<'a>,
}

/// An action that was carried over without its dates, and those that are offered.
struct Dateless<'a> {
    one: Offered,
    take: Form<'a>,
}

/// A text that was carried over, and that nobody has confirmed or rewritten.
struct CarriedText<'a> {
    key: SectionKey,
    year: i32,
    confirm: Form<'a>,
}

/// A risk that stands beside the plan.
struct Row {
    risk: Risk,
    tags: Html,
    level: String,
}

/// Leads from what a refused step of a plan or a period lacks to where that is mended, for who may mend it.
pub fn lead_to_what_lacks(r: &mut Reading, caller: &Caller, failed: &mut Failed) -> Result<()> {
    let of_plan = ["proposePlan", "adoptPlan", "closePeriod"].map(Some).contains(&field(&failed.typed, "_act"));
    let plan: Option<Id> = field(&failed.typed, "_at.id").filter(|_| of_plan).and_then(|id| id.parse().ok());
    let Some(plan) = plan.filter(|_| !failed.missing.is_empty()) else { return Ok(()) };
    let period = field(&failed.typed, "_at.period").and_then(Period::parse);
    let (plan, body) = plan::load(r, plan)?;
    let mends = caller.sees(Verb::EditPlan, &Target::Plan(plan_target(&plan, &body)));
    for (at, told) in &mut failed.missing {
        *at = mended_at(plan.id, period, told, mends);
    }
    Ok(())
}

/// Where what is missing is mended. `mends` is whether the one who looks can do it: others are led to what they may see
/// of it, if to anything.
fn mended_at(plan: Id, period: Option<Period>, told: &MissingItem, mends: bool) -> Option<String> {
    match (told.entity.as_str(), told.id, told.field.as_deref()) {
        ("risk", Some(id), _) if !mends => Some(format!("/risks/{id}")),
        ("section" | "plan" | "standingText", ..) if !mends => None,
        ("risk", Some(id), Some("assessment")) => Some(format!("/risks/{id}#assessment")),
        ("risk", Some(id), Some("controls")) => Some(format!("/risks/{id}/controls/new")),
        ("risk", Some(id), Some("actions")) => Some(format!("/risks/{id}/actions/new")),
        ("risk", Some(id), Some("settingAside")) => Some(format!("/risks/{id}")),
        ("risk", Some(id), Some(_)) => Some(format!("/risks/{id}/edit")),
        ("risk", Some(id), None) => Some(format!("/risks/{id}")),
        (entity @ ("control" | "action"), Some(id), Some("status")) => {
            period.map(|period| format!("/status/{entity}/{id}/{period}"))
        }
        ("control", Some(id), _) => Some(format!("/controls/{id}")),
        ("action", Some(id), _) => Some(format!("/actions/{id}")),
        ("section", _, Some(key)) => Some(format!("/plans/{plan}/sections/{key}")),
        ("deficiency", Some(id), _) => Some(format!("/deficiencies/{id}?planId={plan}")),
        ("indicator", Some(id), _) => Some(format!("/indicators/{id}")),
        ("plan", ..) => Some(format!("/plans/{plan}#about")),
        ("standingText", ..) => Some("/standing-texts".into()),
        _ => None,
    }
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let view = plans::get(r, caller, id)?;
    let plan = &view.plan;
    let body: Organisation = r.linked(plan.organisation_id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let on = Target::Plan(plan_target(plan, &body));
    let parts = caller.sees(Verb::SeePlanParts, &on);
    let rights = Rights::of(p, caller, plan);
    let may = |verb: Verb, step: PlanVerb| rights.may(verb, step, &on);
    let can = Can {
        edit: may(Verb::EditPlan, PlanVerb::Edit),
        add: may(Verb::CreateRisk, PlanVerb::AddRisk),
        propose: may(Verb::Propose, PlanVerb::Propose),
        send_back: may(Verb::RecordDecision, PlanVerb::Return),
        adopt: may(Verb::RecordDecision, PlanVerb::Adopt),
        revise: may(Verb::RecordDecision, PlanVerb::Revise),
        abandon: may(Verb::RecordDecision, PlanVerb::Abandon),
        delete: may(Verb::EditPlan, PlanVerb::Delete),
        deliver: may(Verb::RecordDecision, PlanVerb::Deliver),
        number: may(Verb::RecordDecision, PlanVerb::Correct) && !may(Verb::EditPlan, PlanVerb::Edit),
        close: may(Verb::RecordDecision, PlanVerb::Close),
        follow: caller.sees(Verb::SeeFollowUp, &on),
        parts,
    };
    let levels = Levels::read(r, plan.policy_version_id, p)?;
    let listing = Listing::by("number", false);
    let filter = RiskFilter { retired: Some(false), ..RiskFilter::default() };
    let found = risks::list_of_plan(r, caller, id, filter, &listing)?.items;
    let told = plan_documents::told(r, caller, id)?;
    let decided = matches!(plan.status, PlanStatus::Adopted | PlanStatus::Closed);
    let mut added = Added::default();
    let mut outside = Vec::new();
    for view in found {
        let risk = view.core.risk;
        let tags = tags(p, &risk, view.core.mandatory);
        if risk.included {
            let below = if tags.0.is_empty() { tags.0 } else { own(p, format!("<p>{tags}</p>")) };
            added.risks.insert(risk.id.to_string(), AtRisk { page: Some(format!("/risks/{}", risk.id)), below });
        } else {
            let level = risk.level.map(|key| levels.label(&key).to_owned()).unwrap_or_default();
            outside.push(Row { level, tags, risk });
        }
    }
    if decided && parts {
        let now = plan_documents::as_of_now(r, caller, id)?;
        for (risk, since) in since_adopted(p, &levels, &told, &now) {
            added.risks.entry(risk).or_default().below.push_str(&own(p, since));
        }
    }
    let (mut missing, mut sections) = (Vec::new(), Vec::new());
    let lacks = parts && !decided;
    if parts {
        if lacks {
            for one in plan_checks::checked(r, caller, id, p.language)?.missing {
                let told: MissingItem = serde_json::from_value(one).map_err(Error::internal)?;
                missing.push((mended_at(id, None, &told, can.edit), told));
            }
        }
        let written = sections::sections(r, caller, id)?;
        sections = SectionKey::ALL
            .iter()
            .map(|key| (*key, written.iter().find(|section| section.section == *key).cloned()))
            .collect();
    }
    let unwritten = sections.iter().filter(|(_, written)| written.is_none()).map(|(key, _)| *key).collect();
    if can.edit {
        added.sections = SectionKey::ALL.iter().map(|key| (key.as_str(), own(p, write_section(p, id, *key)))).collect();
    }
    let read = Read::of(p, plan_content(&told, &added))?;
    let tag = etag(&view)?;
    let step = |act: &'static str, name: &str| p.form(act, name).at("id", id).tagged(tag.clone());
    let forms = Forms {
        propose: step("proposePlan", "propose"),
        send_back: step("returnPlan", "return"),
        adopt: step("adoptPlan", "adopt"),
        revise: step("revisePlan", "revise"),
        abandon: step("abandonRevision", "abandon"),
        delete: step("deletePlan", "delete").to("/plans"),
        deliver: step("deliverPlan", "deliver"),
        number: step("addDiaryNumber", "number"),
        close: step("closePlan", "close"),
        change: step("changePlan", "diary"),
        dates: p.form("setCarriedDates", "dates").at("id", id),
        assessments: p.form("confirmAssessments", "assessments").at("id", id),
        texts: p.form("confirmSections", "texts").at("id", id),
        take_over: p.form("takeOverRisks", "take-over").at("id", id),
    };
    let predecessors = if can.edit { carry_over::offered(r, caller, plan)? } else { Vec::new() };
    let predecessors = predecessors
        .into_iter()
        .map(|(plan, body)| Choice::new(plan.id.to_string(), format!("{} {}", body.name, plan.year)))
        .collect();
    let dateless = if can.edit { carried_dates::offered(r, plan)? } else { Vec::new() };
    let dateless = dateless.into_iter().map(|one| Dateless {
        take: p
            .form("setCarriedDates", format!("dates-{}", one.action.id))
            .at("id", id)
            .fixed("actionIds", one.action.id),
        one,
    });
    let scale: PolicyVersion = r.linked(plan.policy_version_id)?;
    let policy: ScoringPolicy = r.linked(scale.policy_id)?;
    let unconfirmed = match can.edit && plan.status == PlanStatus::Draft {
        true => {
            let policy = policies::definition(r, plan.policy_version_id)?;
            confirmations::waiting(r, plan, policy.as_ref())?
        }
        false => Vec::new(),
    };
    let unconfirmed: Vec<Choice> = unconfirmed
        .into_iter()
        .map(|risk| {
            let score = risk.score.map(|score| format!(" ({score})")).unwrap_or_default();
            Choice::new(risk.id.to_string(), format!("{} {}{score}", risk.reference, risk.name))
        })
        .collect();
    let carried = sections.iter().filter(|_| can.edit).filter_map(|(key, written)| {
        let year = written.as_ref()?.carried_from_year?;
        let confirm = p.form("confirmSections", format!("texts-{key}")).at("id", id).fixed("sections", key.as_str());
        Some(CarriedText { key: *key, year, confirm })
    });
    let carried = carried.collect();
    let diary = diary(&plan.diary_numbers);
    let revisions = decisions::revisions(r, caller, id)?;
    let decided = match revisions.iter().find(|one| Some(one.number) == plan.adopted_revision) {
        Some(one) => Decided::of(&one.clauses, &one.sent_to, &one.board_change),
        None => Decided::default(),
    };
    let deciding = Deciding {
        board: body.name.clone(),
        diary: diary.clone(),
        change: plan.board_change.clone(),
        last: None,
        early: None,
    };
    let revised = !revisions.is_empty();
    // The newest counts: it is what an adopted plan is, and a draft stands after it.
    let counts = match plan.status {
        PlanStatus::Adopted => Some("document-now"),
        PlanStatus::Closed => Some("document-closed"),
        PlanStatus::Draft | PlanStatus::Proposed => None,
    };
    let mut documents: Vec<Document> = revisions
        .iter()
        .rev()
        .enumerate()
        .map(|(n, one)| {
            let name = format!("{}, {}", p.say_with("plan-revision", "number", one.number), p.date(&one.decided_on));
            let name = counts.filter(|_| n == 0).map_or(name.clone(), |key| format!("{}: {name}", p.say(key)));
            Document::of_revision(id, one.number, name)
        })
        .collect();
    if parts && counts.is_none() {
        let key = if plan.status == PlanStatus::Draft { "document-draft" } else { "document-proposed" };
        documents.push(Document::of_plan(id, p.say(key)));
    }
    let reports = reports::list(r, caller, id, None, Some(ReportStatus::Decided), &Listing::all())?.items;
    // Who sees the plan and not what it holds now sees no talk of that.
    let notes = if parts { notes::of(r, caller, ask, About::Plan(id))? } else { None };
    ask.write(&PlanPage {
        p,
        notes,
        read,
        outside,
        lacks,
        lacking: missing.len(),
        missing: lacking::grouped(p, &missing),
        unwritten,
        documents,
        revised,
        reports,
        diary,
        decided,
        deciding,
        dateless: dateless.collect(),
        carried,
        all_unconfirmed: unconfirmed.iter().map(|one| one.value.as_str()).collect::<Vec<_>>().join("\n"),
        unconfirmed,
        predecessors,
        can,
        forms,
        followed: view.plan.adopted_revision.is_some(),
        in_force: view.plan.status == PlanStatus::Adopted,
        scale,
        scale_name: policy.name,
        body,
        view,
    })
}

/// What is to be seen of a risk at once.
fn tags(p: &Frame, risk: &Risk, mandatory: bool) -> Html {
    let added = risk.added().map(|day| p.say_with("added-after", "date", p.date(&day)));
    let mandatory = mandatory.then(|| p.say("mandatory"));
    let unconfirmed = (risk.score.is_some() && !risk.confirmed).then(|| p.say("confirmed-no"));
    let all = [added, mandatory, unconfirmed].into_iter().flatten();
    Html(all.map(|tag| format!(" <span class=\"tag\">{}</span>", escaped(&tag))).collect())
}

/// The way to write one of the plan's texts, where it stands.
fn write_section(p: &Frame, plan: Id, key: SectionKey) -> String {
    let write = escaped(&p.say_with("section-write", "name", p.in_text(key)));
    format!("<p class=\"screen\"><a href=\"/plans/{plan}/sections/{key}\">{write}</a></p>")
}

/// What is not as the board adopted it any more, risk by risk: what may change in an adopted plan, as it is today.
fn since_adopted(
    p: &Frame,
    levels: &Levels,
    adopted: &doc::PlanSnapshot,
    now: &doc::PlanSnapshot,
) -> HashMap<String, String> {
    fn risks(plan: &doc::PlanSnapshot) -> impl Iterator<Item = &doc::Risk> {
        plan.goals.iter().flat_map(|goal| &goal.risks)
    }
    let today: HashMap<&str, &doc::Risk> = risks(now).map(|risk| (risk.id.as_str(), risk)).collect();
    let mut all = HashMap::new();
    for then in risks(adopted) {
        let Some(now) = today.get(then.id.as_str()) else { continue };
        let mut told = Vec::new();
        if (then.likelihood, then.consequence, then.score, &then.level)
            != (now.likelihood, now.consequence, now.score, &now.level)
            && let (Some(score), Some(down), Some(across)) = (now.score, now.likelihood, now.consequence)
        {
            let level = now.level.as_deref().and_then(LevelKey::parse);
            let level = level.map(|key| levels.label(&key).to_owned()).unwrap_or_default();
            let steps = p.say_of("score-is", &levels.axes(p), &[("likelihood", &down), ("consequence", &across)]);
            told.push(format!("{} ({})", p.say_two("plan-now-score", "score", score, "level", level), steps));
        }
        if then.owner != now.owner {
            told.push(p.say_with("plan-now-owner", "name", p.or_dash(&now.owner)));
        }
        for control in &now.controls {
            match then.controls.iter().find(|then| then.id == control.id) {
                None => told.push(p.say_with("plan-now-control", "name", &control.name)),
                Some(then) if then.responsible != control.responsible => {
                    let name = p.or_dash(&control.responsible);
                    told.push(p.say_two("plan-now-responsible", "what", &control.name, "name", name));
                }
                Some(_) => {}
            }
        }
        for action in &now.actions {
            let Some(then) = then.actions.iter().find(|then| then.id == action.id) else {
                told.push(p.say_with("plan-now-action", "name", &action.name));
                continue;
            };
            if then.responsible != action.responsible {
                let name = p.or_dash(&action.responsible);
                told.push(p.say_two("plan-now-responsible", "what", &action.name, "name", name));
            }
            if then.end_date != action.end_date {
                let day = p.or_dash_date(&action.end_date);
                told.push(p.say_two("plan-now-end", "what", &action.name, "date", day));
            }
        }
        if !told.is_empty() {
            let told: Vec<String> = told.iter().map(|one| format!("<li>{}", escaped(one))).collect();
            all.insert(then.id.clone(), format!("<ul class=\"now\">{}</ul>", told.concat()));
        }
    }
    all
}

#[derive(Template)]
#[template(path = "pages/section.html")]
struct Section<'a> {
    p: &'a Frame,
    view: PlanView,
    body: Organisation,
    key: SectionKey,
    text: String,
    /// Of which year's plan the text is, while nobody has confirmed it.
    carried: Option<i32>,
    /// What stood there before.
    before: Vec<Earlier>,
    form: Form<'a>,
    hindrance: Option<String>,
}

/// The body's own text under one heading.
pub fn section(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (id, key): (Id, SectionKey) = (ask.step("id")?, ask.step("section")?);
    let view = plans::get(r, caller, id)?;
    let body: Organisation = r.linked(view.plan.organisation_id)?;
    p.speak(manner_in(r, &body, view.plan.year)?);
    let form = p.form("writeSection", "section").at("id", id).at("section", key).to(format!("/plans/{id}")).kept();
    let written = sections::sections(r, caller, id)?.into_iter().find(|section| section.section == key);
    let carried = written.as_ref().and_then(|section| section.carried_from_year);
    let (form, text) = match written {
        Some(section) => (form.tagged(etag(&section)?), section.text),
        None => (form.fresh(), String::new()),
    };
    let on = Target::Plan(plan_target(&view.plan, &body));
    let hindrance = Rights::of(p, caller, &view.plan).hindrance(Verb::EditPlan, PlanVerb::Edit, &on);
    let before = match hindrance {
        None => before::section(r, caller, p, &view.plan, key)?,
        Some(_) => Vec::new(),
    };
    ask.write(&Section { p, view, body, key, text, carried, before, form, hindrance })
}
