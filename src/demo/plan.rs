//! The body, its people, and its plans of last year and this.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::app::caller::Caller;
use crate::app::contents::assessments;
use crate::app::contents::mandatory::{self, NewMandatoryForm};
use crate::app::contents::measures::{self, ActionForm, ControlForm};
use crate::app::contents::risks::{self, AssessmentForm, RiskForm};
use crate::app::documents::Rendered;
use crate::app::people::organisations::{self, OrganisationForm};
use crate::app::people::setup;
use crate::app::places::manner_of;
use crate::app::plan::forms::AdoptionForm;
use crate::app::plans::sections::{self, SectionForm};
use crate::app::plans::{self, NewPlanForm, PlanForm, decisions};
use crate::app::sent::{Content, Envelope, Form, Nothing, Sent};
use crate::app::settings::goals::{self, GoalForm};
use crate::app::settings::indicators::{self, IndicatorForm};
use crate::app::settings::standing_texts::{self, StandingTextForm};
use crate::domain::manner::Named;
use crate::domain::text::capital;
use crate::domain::values::DiaryNumber;
use crate::domain::words::{
    Category, DecidedBy, Language, MandatoryKind, OrganisationKind, Recurrence, Response, Role, SectionKey,
};
use crate::error::{Error, Result};
use crate::storage::records::{Indicator, Organisation, Plan, Risk};
use crate::storage::{Id, Writing};

/// The plan as data.
const PLAN: &str = include_str!("slso-2024.json");
/// The texts of the plan's sections, written for this demonstration.
const SECTIONS: &str = include_str!("sections.json");
/// What decisions of the demonstration are registered under.
const DIARY: &str = "SLSO (demo)";
/// Those of the other bodies' plans, by what their board and their head are called.
const OTHERS_SECTIONS: &str = include_str!("sections-others.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    organisation: String,
    abbreviation: String,
    year: i32,
    diary_numbers: Vec<DiaryNumber>,
    goal_tree: Vec<SourceGoal>,
    risks: Vec<SourceRisk>,
}

#[derive(Deserialize)]
struct SourceGoal {
    number: String,
    name: String,
    #[serde(default)]
    goals: Vec<SourceGoal>,
    #[serde(default)]
    indicators: Vec<SourceIndicator>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceIndicator {
    name: String,
    decided_by: DecidedBy,
    council_target: Option<String>,
    board_target: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceRisk {
    reference: String,
    name: String,
    goal: String,
    mandatory: bool,
    controls: Vec<ControlForm>,
    actions: Vec<ActionForm>,
    illustrative: Illustrative,
}

/// What is made up.
#[derive(Deserialize)]
struct Illustrative {
    owner: String,
    likelihood: i32,
    consequence: i32,
    category: Category,
    response: Response,
    recurrences: Vec<Recurrence>,
    indicators: Vec<String>,
}

/// The year of the plans that the demo shows.
pub(super) const YEAR: i32 = 2024;

/// Role, address and name.
pub(super) type NewAccount = (Role, &'static str, &'static str);

/// One account a role, with what it is called.
pub(super) const ACCOUNTS: &[NewAccount] = &[
    (Role::RegionAdministrator, "regionadministrator@demo.example", "Regionadministratör (demo)"),
    (Role::Head, "forvaltningschef@demo.example", "Förvaltningschef (demo)"),
    (Role::Controller, "controller@demo.example", "Internkontrollsamordnare (demo)"),
    (Role::RiskOwner, "riskagare@demo.example", "Riskägare A"),
    (Role::Performer, "utforare@demo.example", "Utförare (demo)"),
    (Role::Reader, "lasare@demo.example", "Läsare (demo)"),
    (Role::Auditor, "revisor@demo.example", "Regionrevisor (demo)"),
];

/// Sends a form as someone would over REST: the same verbs, rights and rules.
pub(super) fn act<F: Form + Serialize, T>(
    w: &mut Writing,
    user: Id,
    form: F,
    verb: impl FnOnce(&mut Writing, &Caller, &Sent<F>) -> Result<T>,
) -> Result<T> {
    let caller = Caller::on_host(w, user)?;
    let any = Some(vec!["*".into()]);
    verb(w, &caller, &Envelope { content: Content::of(&form)?, if_match: any, ..Envelope::default() }.into())
}

/// As [`act`], for what is not there yet.
pub(super) fn act_new<F: Form + Serialize, T>(
    w: &mut Writing,
    user: Id,
    form: F,
    verb: impl FnOnce(&mut Writing, &Caller, &Sent<F>) -> Result<T>,
) -> Result<T> {
    let caller = Caller::on_host(w, user)?;
    verb(w, &caller, &Envelope { content: Content::of(&form)?, only_new: true, ..Envelope::default() }.into())
}

/// What the demo has made, as far as the year in progress goes on from it.
pub(super) struct Made {
    pub(super) root: Id,
    pub(super) body: Id,
    pub(super) people: People,
    pub(super) plan: Id,
    pub(super) year: i32,
}

pub(super) struct People {
    pub(super) administrator: Id,
    pub(super) head: Id,
    pub(super) controller: Id,
    pub(super) performer: Id,
    pub(super) owners: HashMap<String, Id>,
    /// What their decisions are registered under.
    pub(super) diary: &'static str,
}

impl People {
    /// Who owns the risks: the first of the owners, or the head where there is none.
    pub(super) fn owner(&self) -> Id {
        self.owners.get("A").copied().unwrap_or(self.head)
    }
}

pub(super) fn make(w: &mut Writing, hashes: &[String]) -> Result<Made> {
    let source: Source = serde_json::from_str(PLAN).map_err(Error::internal)?;
    let administrator_hash = hashes.first().map(String::as_str).unwrap_or_default();
    let root = setup::initialise(
        w,
        &setup::NewRegister {
            name: "Region Stockholm",
            kind: OrganisationKind::Region,
            auditors: None,
            demo: true,
            administrator: setup::NewUser {
                email: ACCOUNTS[0].1,
                name: ACCOUNTS[0].2,
                password_hash: administrator_hash,
                one_time: false,
            },
        },
    )?;
    setup::take_key(w)?;
    let administrator =
        w.user_by_email(ACCOUNTS[0].1)?.ok_or_else(|| Error::internal("the demo has no administrator"))?.id;
    let body = act(
        w,
        administrator,
        OrganisationForm {
            parent_id: Some(root),
            kind: OrganisationKind::Board,
            name: source.organisation.clone(),
            abbreviation: Some(source.abbreviation.clone()),
            valid_from: day(2004, 1, 1)?,
            valid_to: None,
            successor_id: None,
            auditors: None,
            plans: true,
        },
        organisations::create,
    )?;
    let people = people(w, root, body.id, administrator, hashes)?;
    let before = goal_tree(w, &people, root, &source, source.year - 1, None)?;
    let now = goal_tree(w, &people, root, &source, source.year, Some(&before))?;
    act(
        w,
        administrator,
        StandingTextForm {
            organisation_id: root,
            year: source.year - 1,
            valid_from: None,
            language: Language::Sv,
            key: "guideline".into(),
            heading: "Regionens riktlinje".into(),
            text: "Region Stockholm har med stöd av kommunallagen beslutat om en riktlinje för intern kontroll (RS 2022-0326). Riktlinjen bygger på COSO-modellen: risker och möjligheter förutses, hanteras och kommuniceras på ett systematiskt sätt.\n\nArbetet ska ge rimlig säkerhet för att verksamheten\n\n- når sina mål och utför sitt uppdrag\n- är varaktig och hållbar\n- bedrivs ändamålsenligt, säkert och effektivt\n- följer lagar, beslut, avtal och styrande dokument\n- rapporterar tillförlitligt"
                .into(),
        },
        standing_texts::create,
    )?;
    let mut continued = HashMap::new();
    for year in [source.year - 1, source.year] {
        let tree = if year == source.year { &now } else { &before };
        for risk in source.risks.iter().filter(|r| r.mandatory) {
            let issued = act(
                w,
                administrator,
                NewMandatoryForm {
                    year,
                    kind: MandatoryKind::Risk,
                    name: risk.name.clone(),
                    description: None,
                    goal_id: goal(tree, &risk.goal)?,
                    continues_id: continued.get(&risk.reference).copied(),
                },
                mandatory::issue,
            )?;
            continued.insert(risk.reference.clone(), issued.id);
        }
    }
    let earlier = last_year(w, &people, body.id, &source, &before)?;
    let plan = this_year(w, &people, body.id, &source, &now, earlier)?;
    Ok(Made { root, body: body.id, people, plan, year: source.year })
}

fn goal(tree: &HashMap<String, Id>, number: &str) -> Result<Id> {
    tree.get(number).copied().ok_or_else(|| Error::internal(format!("there is no goal {number}")))
}

fn people(w: &mut Writing, root: Id, body: Id, administrator: Id, hashes: &[String]) -> Result<People> {
    let mut by_role = HashMap::new();
    for ((role, email, name), hash) in ACCOUNTS.iter().zip(hashes).skip(1) {
        let user = setup::add_user(w, body, &setup::NewUser { email, name, password_hash: hash, one_time: false })?;
        // The auditors see the whole region.
        setup::grant(w, user, *role, if *role == Role::Auditor { root } else { body })?;
        by_role.insert(*role, user);
    }
    let id = |role| by_role.get(&role).copied().ok_or_else(|| Error::internal("a role without an account"));
    let mut owners = HashMap::from([("A".to_owned(), id(Role::RiskOwner)?)]);
    for letter in ["B", "C", "D", "E", "F"] {
        let user = setup::add_user(
            w,
            body,
            &setup::NewUser {
                email: &format!("riskagare.{}@demo.example", letter.to_lowercase()),
                name: &format!("Riskägare {letter}"),
                // Nobody signs in with it until a password is given.
                password_hash: "",
                one_time: false,
            },
        )?;
        setup::grant(w, user, Role::RiskOwner, body)?;
        owners.insert(letter.to_owned(), user);
    }
    Ok(People {
        administrator,
        head: id(Role::Head)?,
        controller: id(Role::Controller)?,
        performer: id(Role::Performer)?,
        owners,
        diary: DIARY,
    })
}

/// The tree of goals of a year, by number; with its indicators in the plan's own year.
fn goal_tree(
    w: &mut Writing,
    people: &People,
    root: Id,
    source: &Source,
    year: i32,
    before: Option<&HashMap<String, Id>>,
) -> Result<HashMap<String, Id>> {
    let mut tree = HashMap::new();
    for (i, top) in (1..).zip(&source.goal_tree) {
        let parent = add_goal(w, people, root, year, before, top, None, i)?;
        tree.insert(top.number.clone(), parent);
        for (j, below) in (1..).zip(&top.goals) {
            let id = add_goal(w, people, root, year, before, below, Some(parent), j)?;
            tree.insert(below.number.clone(), id);
            if year != source.year {
                continue;
            }
            for (k, indicator) in (1..).zip(&below.indicators) {
                let form = IndicatorForm {
                    goal_id: id,
                    organisation_id: None,
                    continues_id: None,
                    name: indicator.name.clone(),
                    unit: None,
                    comparator: None,
                    decided_by: indicator.decided_by,
                    council_target: indicator.council_target.clone(),
                    board_target: indicator.board_target.clone(),
                    later_targets: Vec::new(),
                    concerns: Vec::new(),
                    local_targets: Vec::new(),
                    baseline_year: None,
                    baseline_value: None,
                    responsible_id: None,
                    note: indicator.note.clone(),
                    position: Some(k),
                };
                act(w, people.administrator, form, indicators::create)?;
            }
        }
    }
    Ok(tree)
}

#[expect(clippy::too_many_arguments, reason = "one for each column of the plan that is put in")]
fn add_goal(
    w: &mut Writing,
    people: &People,
    root: Id,
    year: i32,
    before: Option<&HashMap<String, Id>>,
    goal: &SourceGoal,
    parent: Option<Id>,
    position: i32,
) -> Result<Id> {
    let form = GoalForm {
        organisation_id: root,
        year,
        parent_id: parent,
        continues_id: before.and_then(|b| b.get(&goal.number)).copied(),
        number: Some(goal.number.clone()),
        name: goal.name.clone(),
        position: Some(position),
    };
    Ok(act(w, people.administrator, form, goals::create)?.id)
}

/// The goals in the plan's own order, which is that of its risks.
fn goal_order(source: &Source, tree: &HashMap<String, Id>) -> Result<Vec<Id>> {
    let mut order = Vec::new();
    for risk in &source.risks {
        let id = goal(tree, &risk.goal)?;
        if !order.contains(&id) {
            order.push(id);
        }
    }
    Ok(order)
}

fn write_sections(w: &mut Writing, people: &People, plan: Id, year: i32) -> Result<()> {
    write_texts(w, people, plan, year, SECTIONS)
}

/// The sections of another body's plan: a company has a board of its own kind and a managing director.
pub(super) fn write_others_sections(w: &mut Writing, people: &People, plan: Id, year: i32) -> Result<()> {
    let of: Plan = w.linked(plan)?;
    let body: Organisation = w.linked(of.organisation_id)?;
    let manner = manner_of(w, &body)?;
    let (board, head) = (manner.noun(Named::Board, Language::Sv), manner.the(Named::Head, Language::Sv));
    let words = [
        ("{body}", body.name),
        ("{boards}", board.genitive.to_string()),
        ("{board}", board.definite.to_string()),
        ("{Board}", capital(&board.definite)),
        ("{head}", head.to_string()),
        ("{Head}", capital(&head)),
        ("{region}", manner.the(Named::Region, Language::Sv).to_string()),
        ("{office}", manner.the(Named::Office, Language::Sv).to_string()),
    ];
    let texts = words.iter().fold(OTHERS_SECTIONS.to_owned(), |texts, (at, word)| texts.replace(at, word));
    write_texts(w, people, plan, year, &texts)
}

fn write_texts(w: &mut Writing, people: &People, plan: Id, year: i32, texts: &str) -> Result<()> {
    let texts: HashMap<String, String> = serde_json::from_str(texts).map_err(Error::internal)?;
    for key in SectionKey::ALL {
        if let Some(text) = texts.get(key.as_str()) {
            let text = text.replace("{year}", &year.to_string()).replace("{before}", &(year - 1).to_string());
            let there = w.sections(plan)?.iter().any(|section| section.section == *key);
            let write =
                |w: &mut Writing, c: &Caller, sent: &Sent<SectionForm>| sections::write_section(w, c, plan, *key, sent);
            match there {
                true => act(w, people.controller, SectionForm { text }, write)?,
                false => act_new(w, people.controller, SectionForm { text }, write)?,
            };
        }
    }
    Ok(())
}

/// Last year's plan, adopted: the same risks with the same values.
fn last_year(w: &mut Writing, people: &People, body: Id, source: &Source, tree: &HashMap<String, Id>) -> Result<Id> {
    let year = source.year - 1;
    let new = NewPlanForm { diary_numbers: vec![DiaryNumber(DIARY.into())], ..new_plan(body, year) };
    let plan = act(w, people.controller, new, plans::create)?.plan;
    let form = PlanForm { goal_order: goal_order(source, tree)?, illustrative: true, ..PlanForm::of(&plan) };
    let plan = plan.id;
    act(w, people.controller, form, |w, c, sent| plans::change(w, c, plan, sent))?;
    write_sections(w, people, plan, year)?;
    for (position, risk) in (1..).zip(&source.risks) {
        let made = &risk.illustrative;
        let form = |before: RiskForm| RiskForm {
            reference: Some(risk.reference.clone()),
            position: Some(position),
            category: Some(made.category),
            response: Some(made.response),
            owner_id: people.owners.get(&made.owner).copied(),
            irregularity: risk.name == "Risk för oegentligheter",
            ..before
        };
        let id = if risk.mandatory {
            let there: Option<Risk> = w.risks_of_plan(plan)?.into_iter().find(|r| r.name == risk.name);
            let there = there.ok_or_else(|| Error::internal("a mandatory risk is not in the plan"))?;
            let form = form(RiskForm::of(&there));
            act(w, people.controller, form, |w, c, sent| risks::change(w, c, there.id, sent))?;
            there.id
        } else {
            let goal_id = Some(goal(tree, &risk.goal)?);
            let form = form(RiskForm { name: risk.name.clone(), goal_id, ..RiskForm::default() });
            act(w, people.controller, form, |w, c, sent| risks::create(w, c, plan, sent))?.core.risk.id
        };
        let assessment = AssessmentForm { likelihood: made.likelihood, consequence: made.consequence, reason: None };
        act(w, people.controller, assessment, |w, c, sent| assessments::assess(w, c, id, sent))?;
        for control in &risk.controls {
            let form = ControlForm {
                recurrences: made.recurrences.clone(),
                responsible_id: responsible(people, risk),
                ..control.clone()
            };
            act(w, people.controller, form, |w, c, sent| measures::create_control(w, c, id, sent))?;
        }
        for action in &risk.actions {
            let then = |day: Option<NaiveDate>| day.and_then(|day| chrono::Datelike::with_year(&day, year));
            let form = ActionForm {
                start_date: then(action.start_date),
                end_date: then(action.end_date),
                responsible_id: people.owners.get(&made.owner).copied(),
                ..action.clone()
            };
            act(w, people.controller, form, |w, c, sent| measures::create_action(w, c, id, sent))?;
        }
    }
    act(w, people.head, Nothing {}, |w, c, sent| decisions::propose(w, c, plan, sent))?;
    adopt(w, people, plan, "Nämnden för Stockholms läns sjukvårdsområde", day(year, 3, 14)?)?;
    Ok(plan)
}

/// What a board has decided.
pub(super) fn decision(board: impl Into<String>, day: NaiveDate) -> AdoptionForm {
    AdoptionForm {
        decided_on: day,
        deciding_board: board.into(),
        paragraph: "0 (demo)".into(),
        diary_numbers: None,
        clauses: Vec::new(),
        sent_to: Vec::new(),
        board_change: None,
        early_reason: None,
    }
}

/// The board's decision on a proposed plan.
pub(super) fn adopt(
    w: &mut Writing,
    people: &People,
    plan: Id,
    board: impl Into<String>,
    day: NaiveDate,
) -> Result<()> {
    act(w, people.controller, decision(board, day), |w, c, sent| {
        let files = Rendered::of(decisions::prepare_adoption(w, c, plan, sent)?)?;
        decisions::adopt(w, c, plan, sent, &files)
    })?;
    Ok(())
}

/// A plan that is not carried over.
pub(super) fn new_plan(body: Id, year: i32) -> NewPlanForm {
    NewPlanForm { organisation_id: body, year, policy_version_id: None, from_plan_id: None, diary_numbers: Vec::new() }
}

/// Makes a plan, marked as made up.
pub(super) fn illustrative(w: &mut Writing, people: &People, new: NewPlanForm) -> Result<Id> {
    let plan = act(w, people.controller, new, plans::create)?.plan;
    let form = PlanForm { illustrative: true, ..PlanForm::of(&plan) };
    act(w, people.controller, form, |w, c, sent| plans::change(w, c, plan.id, sent))?;
    Ok(plan.id)
}

/// A day of the calendar.
pub(super) fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| Error::internal("a day that no calendar has"))
}

/// Spot checks lie with the performer; the rest with the risk's owner.
fn responsible(people: &People, risk: &SourceRisk) -> Option<Id> {
    if risk.mandatory { Some(people.performer) } else { people.owners.get(&risk.illustrative.owner).copied() }
}

/// The plan of the source: carried over, brought up to the year, and complete. A draft that can be adopted.
fn this_year(
    w: &mut Writing,
    people: &People,
    body: Id,
    source: &Source,
    tree: &HashMap<String, Id>,
    earlier: Id,
) -> Result<Id> {
    let new = NewPlanForm {
        from_plan_id: Some(earlier),
        diary_numbers: source.diary_numbers.clone(),
        ..new_plan(body, source.year)
    };
    let plan = act(w, people.controller, new, plans::create)?.plan;
    let form = PlanForm { goal_order: goal_order(source, tree)?, illustrative: true, ..PlanForm::of(&plan) };
    let plan = plan.id;
    act(w, people.controller, form, |w, c, sent| plans::change(w, c, plan, sent))?;
    write_sections(w, people, plan, source.year)?;
    let there: HashMap<String, Id> = w.risks_of_plan(plan)?.into_iter().map(|r: Risk| (r.reference, r.id)).collect();
    for risk in &source.risks {
        let made = &risk.illustrative;
        let id = there
            .get(&risk.reference)
            .copied()
            .ok_or_else(|| Error::internal(format!("risk {} was not carried over", risk.reference)))?;
        let assessment = AssessmentForm {
            likelihood: made.likelihood,
            consequence: made.consequence,
            reason: Some("Oförändrat riskvärde. Illustrativt värde för demonstration.".into()),
        };
        act(w, people.controller, assessment, |w, c, sent| assessments::assess(w, c, id, sent))?;
        let named = indicator_ids(w, &made.indicators)?;
        if !named.is_empty() {
            for control in w.controls_of_risk(id)? {
                let form = ControlForm { indicator_ids: named.clone(), ..ControlForm::of(&control) };
                act(w, people.controller, form, |w, c, sent| measures::change_control(w, c, control.id, sent))?;
            }
        }
        for (action, told) in w.actions_of_risk(id)?.into_iter().zip(&risk.actions) {
            let form = ActionForm { start_date: told.start_date, end_date: told.end_date, ..ActionForm::of(&action) };
            act(w, people.controller, form, |w, c, sent| measures::change_action(w, c, action.id, sent))?;
        }
    }
    Ok(plan)
}

pub(super) fn indicator_ids(w: &mut Writing, names: &[String]) -> Result<Vec<Id>> {
    let all = w.indicators(&Default::default(), &crate::storage::queries::Listing::all())?.items;
    names
        .iter()
        .map(|name| {
            all.iter()
                .find(|i: &&Indicator| i.name == *name)
                .map(|i| i.id)
                .ok_or_else(|| Error::internal(format!("there is no indicator {name:?}")))
        })
        .collect()
}
