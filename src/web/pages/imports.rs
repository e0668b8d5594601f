//! Taking in a workbook: the file is chosen; then one page holds what was recognised, what is asked, what would be done, and
//! what does it.

use askama::Template;

use super::event_text;
use super::known::{Rights, people_of};
use super::lists;
use crate::app::caller::Caller;
use crate::app::imports::answers::{NONE, parts};
use crate::app::imports::ground::{Ground, takes_at};
use crate::app::imports::kinds;
use crate::app::imports::taking::{ImportItem, ImportNotice};
use crate::app::imports::uploads::{self, ImportColumn, ImportQuestion, ImportView};
use crate::app::places::{manner_in, manner_of, path_ids, plan_target, words_of};
use crate::app::plan;
use crate::app::plan::order::goals_for;
use crate::app::sent::etag;
use crate::app::settings::{goals, policies};
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{
    Category, Comparator, DecidedBy, ImportAbout, ImportEntity, ImportField, ImportKind, ImportScoring, ImportStatus,
    Language, OrganisationKind, OutcomeJudgement, Period, PlanStatus, Recurrence, Response, Role,
};
use crate::error::{Bilingual, Error, Result};
use crate::storage::Reading;
use crate::storage::queries::OrganisationFilter;
use crate::storage::records::{Organisation, Plan};
use crate::web::ask::Ask;
use crate::web::fields::MOST_ROWS;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, capital};

#[derive(Template)]
#[template(path = "pages/import_new.html")]
struct New<'a> {
    p: &'a Frame,
    plan: Plan,
    body: Organisation,
    hindrance: Option<String>,
    form: Form<'a>,
}

/// So many risks, faults and remarks are shown.
const SHOWN: usize = 200;

/// Where the file is chosen.
pub fn new(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (plan, body) = plan::see_parts(r, caller, ask.step("id")?)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let on = Target::Plan(plan_target(&plan, &body));
    let hindrance = Rights::of(p, caller, &plan).hindrance(Verb::CreateRisk, PlanVerb::AddRisk, &on);
    let not_draft = (plan.status != PlanStatus::Draft).then(|| p.say("import-not-draft"));
    ask.write(&New {
        p,
        hindrance: hindrance.or(not_draft),
        form: p
            .form("createImport", "import")
            .with_file()
            .fixed("planId", plan.id)
            .fixed("kind", ImportKind::Risks.as_str())
            .to("/imports/{id}"),
        plan,
        body,
    })
}

#[derive(Template)]
#[template(path = "pages/import_kinds.html")]
struct NewOfKind<'a> {
    p: &'a Frame,
    kinds: Vec<KindRow>,
    /// The one that is chosen, with the organisations that take such a file.
    chosen: Option<Chosen>,
    form: Form<'a>,
}

/// A kind that the caller may take in somewhere.
struct KindRow {
    kind: ImportKind,
    name: String,
    how: String,
}

struct Chosen {
    title: String,
    how: String,
    places: Vec<Choice>,
}

/// The kinds but risks, which go in by their plan.
fn kinds_of_organisations() -> impl Iterator<Item = ImportKind> {
    ImportKind::ALL.iter().copied().filter(|kind| *kind != ImportKind::Risks)
}

/// Where a file of users, organisations, goals or outcomes is chosen.
pub fn new_of_kind(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let there = OrganisationFilter { valid_on: Some(r.today()), ..OrganisationFilter::default() };
    let wanted = ImportKind::parse(ask.text("kind"));
    let (mut kinds, mut chosen) = (Vec::new(), None);
    for kind in kinds_of_organisations() {
        let places = lists::organisations(r, &there, |one| takes_at(caller, kind, path_ids(&one.path)))?;
        if places.is_empty() {
            continue;
        }
        let (name, how) = (kind.label(p.language), p.say(how(kind)));
        if wanted == Some(kind) {
            let title = p.say_with("import-kind-title", "kind", name);
            chosen = Some(Chosen { title, how: how.clone(), places: lists::one_of(p, places) });
        }
        kinds.push(KindRow { kind, name: capital(name), how });
    }
    if kinds.is_empty() {
        return Err(Error::Forbidden(Bilingual::new(
            "Din roll ger inte rätt att läsa in filer.",
            "Your role does not give the right to take in files.",
        )));
    }
    let form = p.form("createImport", "import").with_file().to("/imports/{id}");
    let form = match wanted.filter(|_| chosen.is_some()) {
        Some(kind) => form.fixed("kind", kind.as_str()),
        None => form,
    };
    ask.write(&NewOfKind { p, kinds, chosen, form })
}

/// What such a file holds, in words.
fn how(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Risks => "import-how-about",
        ImportKind::Users => "import-how-users",
        ImportKind::Organisations => "import-how-organisations",
        ImportKind::Goals => "import-how-goals",
        ImportKind::Outcomes => "import-how-outcomes",
    }
}

/// A sheet in the form, with the names of its fields.
struct SheetRow {
    name: String,
    because: Option<String>,
    heading: String,
    rows: String,
    taken_at: String,
    taken: bool,
    heading_at: String,
    rows_at: String,
    skipped: Vec<Choice>,
    columns: Vec<ColumnRow>,
}

struct ColumnRow {
    letters: String,
    heading: String,
    examples: String,
    field_at: String,
    field: ImportField,
    scored: bool,
    scoring_at: String,
    scoring: Option<ImportScoring>,
    unknown: bool,
    into_at: String,
    into: bool,
}

/// A question in the form.
struct QuestionRow {
    at: String,
    /// Nobody has answered it.
    open: bool,
    /// The sheet and cell where it is asked first.
    first: (Option<String>, Option<String>),
    label: String,
    hint: String,
    day: bool,
    choices: Vec<Choice>,
    value: String,
}

#[derive(Template)]
#[template(path = "pages/import.html")]
struct One<'a> {
    p: &'a Frame,
    /// Of risks.
    plan: Option<Plan>,
    body: Organisation,
    view: ImportView,
    kind: String,
    done: bool,
    can: bool,
    unanswered: usize,
    sheets: Vec<SheetRow>,
    questions: Vec<QuestionRow>,
    fields: Vec<Choice>,
    scorings: Vec<Choice>,
    assessments: Vec<Choice>,
    change: Form<'a>,
    execute: Form<'a>,
}

impl One<'_> {
    fn of_risks(&self) -> bool {
        self.plan.is_some()
    }

    /// Where what a row is about is shown.
    fn page_of(&self, item: &ImportItem) -> Option<String> {
        let noun = match item.entity {
            ImportEntity::Risk => "risks",
            ImportEntity::User => "users",
            ImportEntity::Organisation => "organisations",
            ImportEntity::Goal => "goals",
            ImportEntity::Indicator => "indicators",
            ImportEntity::Outcome => return None,
        };
        item.entity_id.or(item.risk_id).map(|id| format!("/{noun}/{id}"))
    }

    fn place(&self, sheet: &Option<String>, cell: &Option<String>) -> String {
        place(sheet, cell)
    }

    fn said(&self, told: &ImportNotice) -> String {
        said(self.p, told)
    }

    /// The first of many, as many as anybody reads.
    fn first<'l, T>(&self, all: &'l [T]) -> &'l [T] {
        all.get(..SHOWN).unwrap_or(all)
    }

    /// That there are more of them than are shown.
    fn beyond<T>(&self, all: &[T]) -> Option<String> {
        (all.len() > SHOWN).then(|| self.p.say_two("import-beyond", "shown", SHOWN, "all", all.len()))
    }

    /// The fields that become others, in words.
    fn changes(&self, item: &ImportItem) -> String {
        item.changes.iter().map(|field| event_text::called(self.p, field).to_lowercase()).collect::<Vec<_>>().join(", ")
    }

    /// The question that a fault asks to be answered, on this page.
    fn question_of(&self, fault: &ImportNotice) -> Option<String> {
        let mut open = self.questions.iter().filter(|question| question.open);
        let question = open.find(|question| question.first.0 == fault.sheet && question.first.1 == fault.cell);
        question.filter(|_| fault.code == "notAnswered").map(|question| self.change.id(&question.at))
    }
}

fn place(sheet: &Option<String>, cell: &Option<String>) -> String {
    [sheet.as_deref(), cell.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn said(p: &Frame, told: &ImportNotice) -> String {
    match p.language {
        Language::Sv => told.sv.clone(),
        Language::En => told.en.clone(),
    }
}

/// What was recognised, what is asked, what would be done, and what does it.
pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let view = uploads::get(r, caller, ask.step("id")?)?;
    let ground = Ground::of(r, view.core.plan_id, view.core.organisation_id)?;
    let body = ground.body().clone();
    let plan = ground.plan().map(|open| open.plan.clone());
    let manner = match &plan {
        Some(plan) => manner_in(r, &body, plan.year)?,
        None => manner_of(r, &body)?,
    };
    p.speak(manner);
    let done = view.core.status == ImportStatus::Executed;
    // The import is of today alone: nothing is written on it from an address of another day.
    let can = ask.text("asOf").is_empty()
        && plan.as_ref().is_none_or(|plan| plan.status == PlanStatus::Draft)
        && ground.takes(caller, view.core.kind);
    let tag = etag(&view.core)?;
    let id = view.core.id;
    let here = format!("/imports/{id}");
    let mut change = p.form("changeImport", "import").at("id", id).tagged(tag.clone()).to(here.clone());
    let execute = p.form("executeImport", "execute").at("id", id).tagged(tag).to(here);
    let mut sheets = Vec::new();
    for (n, sheet) in view.sheets.iter().enumerate() {
        change = change.fixed(&format!("sheets/{n}/sheet"), sheet.sheet.as_str());
        let mut columns = Vec::new();
        for (m, column) in sheet.columns.iter().enumerate() {
            change = change.fixed(&format!("sheets/{n}/columns/{m}/letters"), column.letters.as_str());
            columns.push(column_row(p, column, &format!("sheets/{n}/columns/{m}")));
        }
        sheets.push(SheetRow {
            name: sheet.sheet.clone(),
            because: sheet.because.as_ref().map(|because| said(p, because)),
            heading: sheet.heading.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
            rows: format!("{}–{}", sheet.first_row, sheet.last_row),
            taken_at: format!("sheets/{n}/taken"),
            taken: sheet.taken,
            heading_at: format!("sheets/{n}/headingRow"),
            rows_at: format!("sheets/{n}/takeRows"),
            skipped: sheet
                .skipped
                .iter()
                .take(SHOWN)
                .map(|one| Choice::new(one.row.to_string(), format!("{}: {}", one.row, said(p, &one.because))))
                .collect(),
            columns,
        });
    }
    let mut questions = Vec::new();
    if can && !done {
        let known = Known::of(r, caller, p, plan.as_ref(), &body)?;
        // Of more than a form takes, those that wait come first; the answers of the others stay as they are.
        let (open, answered): (Vec<_>, Vec<_>) = view.questions.iter().partition(|one| one.value.is_none());
        let asked: Vec<&ImportQuestion> = if view.questions.len() > MOST_ROWS {
            change = change.fixed("keepAnswers", true);
            open.into_iter().chain(answered).take(MOST_ROWS).collect()
        } else {
            view.questions.iter().collect()
        };
        for (n, question) in asked.into_iter().enumerate() {
            change = change
                .fixed(&format!("answers/{n}/about!"), question.about.as_str())
                .fixed(&format!("answers/{n}/text!"), question.text.as_str());
            questions.push(known.question(p, question, format!("answers/{n}/value")));
        }
    }
    let has = |scoring| view.sheets.iter().flat_map(|sheet| &sheet.columns).any(|one| one.scoring == Some(scoring));
    let offered = ImportScoring::ALL.iter().copied().filter(|scoring| has(*scoring));
    let offered: Vec<Choice> =
        offered.map(|scoring| Choice::new(scoring.as_str(), capital(scoring.label(p.language)))).collect();
    ask.write(&One {
        p,
        unanswered: view.questions.iter().filter(|question| question.value.is_none()).count(),
        assessments: if offered.len() > 1 { p.or_none(offered) } else { Vec::new() },
        fields: kinds::fields(view.core.kind).iter().map(|field| choice(p, *field)).collect(),
        kind: capital(view.core.kind.label(p.language)),
        scorings: p.choices::<ImportScoring>(),
        sheets,
        questions,
        change,
        execute,
        done,
        can,
        plan,
        body,
        view,
    })
}

fn choice(p: &Frame, field: ImportField) -> Choice {
    Choice::new(field.as_str(), capital(field.label(p.language)))
}

/// What belongs to one of several scorings.
const SCORED: [ImportField; 4] =
    [ImportField::Likelihood, ImportField::Consequence, ImportField::Product, ImportField::Level];

fn column_row(p: &Frame, column: &ImportColumn, at: &str) -> ColumnRow {
    let examples = column.examples.join(" · ");
    ColumnRow {
        letters: column.letters.clone(),
        heading: column.heading.clone(),
        examples: if examples.is_empty() { String::new() } else { p.say_with("import-examples", "examples", examples) },
        field_at: format!("{at}/field"),
        field: column.field,
        scored: column.scoring.is_some() || SCORED.contains(&column.field),
        scoring_at: format!("{at}/scoring"),
        scoring: column.scoring,
        unknown: column.field == ImportField::Unknown,
        into_at: format!("{at}/intoDescription"),
        into: column.into_description,
    }
}

/// What can be answered.
#[derive(Default)]
struct Known {
    of_risks: bool,
    people: Vec<Choice>,
    goals: Vec<Choice>,
    parts: Vec<Choice>,
    categories: Vec<Choice>,
    likelihoods: Vec<Choice>,
    consequences: Vec<Choice>,
}

impl Known {
    fn of(r: &mut Reading, caller: &Caller, p: &Frame, plan: Option<&Plan>, body: &Organisation) -> Result<Self> {
        let people = people_of(r, caller, p, body, None)?.into_iter().filter(|choice| !choice.value.is_empty());
        let parts = parts(r, body)?.into_iter().map(|one| Choice::new(one.id.to_string(), one.name));
        let of_risks = plan.is_some();
        let mut known = Self { of_risks, people: people.collect(), parts: parts.collect(), ..Self::default() };
        let Some(plan) = plan else { return Ok(known) };
        let goals = goals_for(r, body, plan.year)?;
        let own: Vec<Choice> = words_of(r, body, plan.year)?
            .categories()
            .iter()
            .map(|own| Choice::new(own.name.clone(), own.name.clone()))
            .collect();
        let policy = policies::definition(r, plan.policy_version_id)?;
        let steps = |steps: &[crate::domain::scoring::Step]| {
            let step = |(step, n): (&crate::domain::scoring::Step, i32)| {
                Choice::new(n.to_string(), format!("{n} {}", step.label))
            };
            steps.iter().zip(1..).map(step).collect()
        };
        known.goals = goals.iter().map(|goal| Choice::new(goal.id.to_string(), goals::titled(goal))).collect();
        known.categories = if own.is_empty() { p.words::<Category>() } else { own };
        known.likelihoods = steps(&policy.likelihoods);
        known.consequences = steps(&policy.consequences);
        Ok(known)
    }

    fn question(&self, p: &Frame, question: &ImportQuestion, at: String) -> QuestionRow {
        let choices = match question.about {
            ImportAbout::Person => self.people.clone(),
            ImportAbout::Goal => self.goals.clone(),
            ImportAbout::Organisation => self.parts.clone(),
            ImportAbout::Category => self.categories.clone(),
            ImportAbout::Response => p.words::<Response>(),
            ImportAbout::Frequency => frequencies(p, question.value.as_deref()),
            ImportAbout::Likelihood => self.likelihoods.clone(),
            ImportAbout::Consequence => self.consequences.clone(),
            ImportAbout::Date => Vec::new(),
            ImportAbout::Role => p.words::<Role>(),
            ImportAbout::OrganisationKind => p.words::<OrganisationKind>(),
            ImportAbout::Comparator => p.words::<Comparator>(),
            ImportAbout::DecidedBy => p.words::<DecidedBy>(),
            ImportAbout::Period => p.words::<Period>(),
            ImportAbout::Judgement => p.words::<OutcomeJudgement>(),
            ImportAbout::Language => p.words::<Language>(),
        };
        let day = question.about == ImportAbout::Date;
        // Only a risk has a place for words.
        let (leave, no_day) = match self.of_risks {
            true => ("import-leave", "import-date-hint"),
            false => ("import-leave-kinds", "import-date-hint-kinds"),
        };
        let value = question.value.clone().filter(|value| !day || value != NONE).unwrap_or_default();
        let cells: Vec<String> = question.places.iter().map(|one| place(&one.sheet, &one.cell)).collect();
        let hint = p.count_with("import-answer-hint", question.times, "cells", cells.join(", "));
        let first = question.places.first().map(|one| (one.sheet.clone(), one.cell.clone()));
        QuestionRow {
            at,
            open: question.value.is_none(),
            first: first.unwrap_or_default(),
            label: format!("{}: {}", capital(question.about.label(p.language)), question.text),
            hint: if day { format!("{hint}. {}", p.say(no_day)) } else { hint },
            day,
            choices: p.or_none(std::iter::once(Choice::new(NONE, p.say(leave))).chain(choices)),
            value,
        }
    }
}

/// How often, one by one; and the several that are chosen now.
fn frequencies(p: &Frame, now: Option<&str>) -> Vec<Choice> {
    let mut all = p.words::<Recurrence>();
    if let Some(now) = now.filter(|now| now.contains(',')) {
        let label = |word: &str| Recurrence::parse(word).map(|one| one.label(p.language));
        let labels: Vec<&str> = now.split(',').filter_map(label).collect();
        all.push(Choice::new(now, labels.join(", ")));
    }
    all
}
