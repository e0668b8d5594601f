//! The body, its people, and its plans of last year and this.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::caller::Caller;
use crate::app::contents::{mandatory, measures, risks};
use crate::app::people::{organisations, setup};
use crate::app::plans::{self, decisions, sections};
use crate::app::sent::{Content, Envelope, Form, Sent};
use crate::app::settings::{goals, indicators, standing_texts};
use crate::domain::words::{Role, SectionKey};
use crate::error::{Error, Result};
use crate::storage::records::{Indicator, Risk};
use crate::storage::{Id, Writing};

/// The plan as data.
const PLAN: &str = include_str!("slso-2024.json");
/// The texts of the plan's sections, written for this demonstration.
const SECTIONS: &str = include_str!("sections.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    organisation: String,
    abbreviation: String,
    year: i32,
    diary_numbers: Vec<String>,
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
    indicators: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceRisk {
    reference: String,
    name: String,
    goal: String,
    mandatory: bool,
    controls: Vec<Value>,
    actions: Vec<Value>,
    illustrative: Illustrative,
}

/// What is made up.
#[derive(Deserialize)]
struct Illustrative {
    owner: String,
    likelihood: i32,
    consequence: i32,
    category: String,
    response: String,
    recurrences: Vec<String>,
    indicators: Vec<String>,
}

/// One account a role, with what it is called.
pub(super) const ACCOUNTS: &[(Role, &str, &str)] = &[
    (Role::RegionAdministrator, "regionadministrator@demo.example", "Regionadministratör (demo)"),
    (Role::Head, "forvaltningschef@demo.example", "Förvaltningschef (demo)"),
    (Role::Controller, "controller@demo.example", "Internkontrollsamordnare (demo)"),
    (Role::RiskOwner, "riskagare@demo.example", "Riskägare A"),
    (Role::Performer, "utforare@demo.example", "Utförare (demo)"),
    (Role::Reader, "lasare@demo.example", "Läsare (demo)"),
    (Role::Auditor, "revisor@demo.example", "Regionrevisor (demo)"),
];

/// Sends a form as someone would over REST: the same verbs, rights and rules.
pub(super) fn act<F: Form, T>(
    w: &mut Writing,
    user: Id,
    form: Value,
    verb: impl FnOnce(&mut Writing, &Caller, &Sent<F>) -> Result<T>,
) -> Result<T> {
    let caller = Caller::on_host(w, user)?;
    let any = Some(vec!["*".into()]);
    verb(w, &caller, &Envelope { content: Content::Json(form), if_match: any, ..Envelope::default() }.into())
}

/// As [`act`], for what is not there yet.
pub(super) fn act_new<F: Form, T>(
    w: &mut Writing,
    user: Id,
    form: Value,
    verb: impl FnOnce(&mut Writing, &Caller, &Sent<F>) -> Result<T>,
) -> Result<T> {
    let caller = Caller::on_host(w, user)?;
    verb(w, &caller, &Envelope { content: Content::Json(form), only_new: true, ..Envelope::default() }.into())
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
}

pub(super) fn make(w: &mut Writing, hashes: &[String]) -> Result<Made> {
    let source: Source = serde_json::from_str(PLAN).map_err(Error::internal)?;
    let administrator_hash = hashes.first().map(String::as_str).unwrap_or_default();
    let root = setup::initialise(
        w,
        &setup::NewRegister {
            name: "Region Stockholm",
            kind: "region",
            demo: true,
            administrator: setup::NewUser {
                email: ACCOUNTS[0].1,
                name: ACCOUNTS[0].2,
                password_hash: administrator_hash,
            },
        },
    )?;
    setup::take_key(w)?;
    let administrator =
        w.user_by_email(ACCOUNTS[0].1)?.ok_or_else(|| Error::internal("the demo has no administrator"))?.id;
    let body = act(
        w,
        administrator,
        json!({
            "parentId": root, "kind": "board", "name": source.organisation, "abbreviation": source.abbreviation,
            "validFrom": "2004-01-01", "plans": true,
        }),
        organisations::create,
    )?;
    let people = people(w, root, body.id, administrator, hashes)?;
    let before = goal_tree(w, &people, root, &source, source.year - 1, None)?;
    let now = goal_tree(w, &people, root, &source, source.year, Some(&before))?;
    act(
        w,
        administrator,
        json!({
            "organisationId": root, "year": source.year - 1, "language": "sv", "key": "guideline",
            "heading": "Regionens riktlinje",
            "text": "Region Stockholm har med stöd av kommunallagen beslutat om en riktlinje för intern kontroll (RS 2022-0326). Riktlinjen bygger på COSO-modellen: risker och möjligheter förutses, hanteras och kommuniceras på ett systematiskt sätt.\n\nArbetet ska ge rimlig säkerhet för att verksamheten\n\n- når sina mål och utför sitt uppdrag\n- är varaktig och hållbar\n- bedrivs ändamålsenligt, säkert och effektivt\n- följer lagar, beslut, avtal och styrande dokument\n- rapporterar tillförlitligt",
        }),
        standing_texts::create,
    )?;
    let mut continued = HashMap::new();
    for year in [source.year - 1, source.year] {
        let tree = if year == source.year { &now } else { &before };
        for risk in source.risks.iter().filter(|r| r.mandatory) {
            let issued = act(
                w,
                administrator,
                json!({
                    "year": year, "kind": "risk", "name": risk.name, "goalId": goal(tree, &risk.goal)?,
                    "continuesId": continued.get(&risk.reference),
                }),
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
        let user = setup::add_user(w, body, &setup::NewUser { email, name, password_hash: hash })?;
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
                let mut form = indicator.clone();
                form["goalId"] = json!(id);
                form["position"] = json!(k);
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
    let form = json!({
        "organisationId": root, "year": year, "parentId": parent, "number": goal.number, "name": goal.name,
        "position": position, "continuesId": before.and_then(|b| b.get(&goal.number)),
    });
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

pub(super) fn write_sections(w: &mut Writing, people: &People, plan: Id, year: i32) -> Result<()> {
    let texts: HashMap<String, String> = serde_json::from_str(SECTIONS).map_err(Error::internal)?;
    for key in SectionKey::ALL {
        if let Some(text) = texts.get(key.as_str()) {
            let text = text.replace("{year}", &year.to_string()).replace("{before}", &(year - 1).to_string());
            act_new(w, people.controller, json!({ "text": text }), |w, c, sent| {
                sections::write_section(w, c, plan, *key, sent)
            })?;
        }
    }
    Ok(())
}

/// Last year's plan, adopted: the same risks with the same values.
fn last_year(w: &mut Writing, people: &People, body: Id, source: &Source, tree: &HashMap<String, Id>) -> Result<Id> {
    let year = source.year - 1;
    let plan = act(
        w,
        people.controller,
        json!({"organisationId": body, "year": year, "diaryNumbers": ["SLSO (demo)"]}),
        plans::create,
    )?
    .plan
    .id;
    act(w, people.controller, json!({"goalOrder": goal_order(source, tree)?, "illustrative": true}), |w, c, sent| {
        plans::change(w, c, plan, sent)
    })?;
    write_sections(w, people, plan, year)?;
    for (position, risk) in (1..).zip(&source.risks) {
        let made = &risk.illustrative;
        let mut form = json!({
            "reference": risk.reference, "position": position, "category": made.category, "response": made.response,
            "ownerId": people.owners.get(&made.owner), "irregularity": risk.name == "Risk för oegentligheter",
        });
        let id = if risk.mandatory {
            let there: Option<Risk> = w.risks_of_plan(plan)?.into_iter().find(|r| r.name == risk.name);
            let there = there.ok_or_else(|| Error::internal("a mandatory risk is not in the plan"))?;
            act(w, people.controller, form, |w, c, sent| risks::change(w, c, there.id, sent))?;
            there.id
        } else {
            form["name"] = json!(risk.name);
            form["goalId"] = json!(goal(tree, &risk.goal)?);
            act(w, people.controller, form, |w, c, sent| risks::create(w, c, plan, sent))?.core.risk.id
        };
        let assessment = json!({"likelihood": made.likelihood, "consequence": made.consequence});
        act(w, people.controller, assessment, |w, c, sent| risks::assess(w, c, id, sent))?;
        for control in &risk.controls {
            let mut form = control.clone();
            form["recurrences"] = json!(made.recurrences);
            form["responsibleId"] = json!(responsible(people, risk));
            act(w, people.controller, form, |w, c, sent| measures::create_control(w, c, id, sent))?;
        }
        for action in &risk.actions {
            let mut form = action.clone();
            for field in ["startDate", "endDate"] {
                let day: NaiveDate = serde_json::from_value(action[field].clone()).map_err(Error::internal)?;
                form[field] = json!(chrono::Datelike::with_year(&day, year));
            }
            form["responsibleId"] = json!(people.owners.get(&made.owner));
            act(w, people.controller, form, |w, c, sent| measures::create_action(w, c, id, sent))?;
        }
    }
    act(w, people.head, json!({}), |w, c, sent| decisions::propose(w, c, plan, sent))?;
    let decision = json!({
        "decidedOn": format!("{year}-03-14"), "paragraph": "0 (demo)",
        "decidingBoard": "Nämnden för Stockholms läns sjukvårdsområde",
    });
    act(w, people.controller, decision, |w, c, sent| decisions::adopt(w, c, plan, sent))?;
    Ok(plan)
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
    let plan = act(
        w,
        people.controller,
        json!({
            "organisationId": body, "year": source.year, "fromPlanId": earlier, "diaryNumbers": source.diary_numbers,
        }),
        plans::create,
    )?
    .plan
    .id;
    act(w, people.controller, json!({"goalOrder": goal_order(source, tree)?, "illustrative": true}), |w, c, sent| {
        plans::change(w, c, plan, sent)
    })?;
    write_sections(w, people, plan, source.year)?;
    let there: HashMap<String, Id> = w.risks_of_plan(plan)?.into_iter().map(|r: Risk| (r.reference, r.id)).collect();
    for risk in &source.risks {
        let made = &risk.illustrative;
        let id = there
            .get(&risk.reference)
            .copied()
            .ok_or_else(|| Error::internal(format!("risk {} was not carried over", risk.reference)))?;
        let assessment = json!({
            "likelihood": made.likelihood, "consequence": made.consequence,
            "reason": "Oförändrat riskvärde. Illustrativt värde för demonstration.",
        });
        act(w, people.controller, assessment, |w, c, sent| risks::assess(w, c, id, sent))?;
        let named = indicator_ids(w, &made.indicators)?;
        if !named.is_empty() {
            for control in w.controls_of_risk(id)? {
                let form = json!({ "indicatorIds": named });
                act(w, people.controller, form, |w, c, sent| measures::change_control(w, c, control.id, sent))?;
            }
        }
        for (action, told) in w.actions_of_risk(id)?.into_iter().zip(&risk.actions) {
            let form = json!({"startDate": told["startDate"], "endDate": told["endDate"]});
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
