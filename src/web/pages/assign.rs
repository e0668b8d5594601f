//! Many parts of a plan, those that lack something or all: what the chosen ones among them are given together, or what each is
//! given in its own row.

use std::collections::{HashMap, HashSet};

use askama::Template;
use chrono::NaiveDate;

use super::known::{Rights, people_of};
use super::lists::{self, Pager};
use super::risk::names_to_choose;
use crate::app::caller::Caller;
use crate::app::derived::plan_checks;
use crate::app::places::{manner_in, plan_target, words_of};
use crate::app::plan;
use crate::app::plan::order::goals_for;
use crate::app::settings::goals;
use crate::domain::life::PlanVerb;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{Category, Response};
use crate::error::Result;
use crate::storage::records::{Action, Control, Organisation, Plan, Risk};
use crate::storage::{Id, Reading, Stored};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/assign.html")]
struct Assign<'a> {
    p: &'a Frame,
    plan: Plan,
    body: Organisation,
    /// All parts, not only those that lack something.
    all: bool,
    risks: Vec<Choice>,
    controls: Vec<Choice>,
    actions: Vec<Choice>,
    people: Vec<Choice>,
    goals: Vec<Choice>,
    categories: Vec<Choice>,
    own_categories: Vec<Choice>,
    responses: Vec<Choice>,
    hindrance: Option<String>,
    form: Form<'a>,
}

/// A part of the plan as a row of its own.
struct Row {
    /// What its fields begin with.
    at: String,
    entity: &'static str,
    id: Id,
    version: i64,
    name: String,
    /// The risk of a control or an action.
    of: Option<String>,
    /// Who owns it or answers for it.
    person: Option<Id>,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    /// What it lacks of this.
    lacks: String,
}

impl Row {
    /// The field of who owns it, or answers for it.
    fn who(&self) -> String {
        format!("{}/{}", self.at, if self.entity == Risk::ENTITY { "ownerId" } else { "responsibleId" })
    }

    /// Its kind as a page says it.
    fn kind(&self) -> &'static str {
        match self.entity {
            Risk::ENTITY => "risk",
            Control::ENTITY => "control",
            _ => "action",
        }
    }
}

#[derive(Template)]
#[template(path = "pages/assign_each.html")]
struct Each<'a> {
    p: &'a Frame,
    plan: Plan,
    body: Organisation,
    all: bool,
    rows: Vec<Row>,
    pager: Pager,
    people: Vec<Choice>,
    hindrance: Option<String>,
    form: Form<'a>,
}

impl Each<'_> {
    /// Whom a row can name: what is left empty stays, so that nobody is chosen only where nobody is.
    fn people_of(&self, row: &Row) -> Vec<Choice> {
        self.people.iter().filter(|one| row.person.is_none() || !one.value.is_empty()).cloned().collect()
    }
}

/// So many rows on a page, each with everybody to choose from: no page is heavy.
const A_PAGE: i64 = 20;

/// What a row is of, as the fields that name it do.
const NAMED_BY: [&str; 2] = ["entity", "id"];

/// The fields that each can be given in its row.
const IN_ROWS: [&str; 4] = ["ownerId", "responsibleId", "startDate", "endDate"];

/// What each part of the plan lacks of these fields, as sentences.
fn lacking(r: &mut Reading, caller: &Caller, p: &Frame, plan: Id, fields: &[&str]) -> Result<HashMap<Id, Vec<String>>> {
    let mut lacking: HashMap<Id, Vec<String>> = HashMap::new();
    for one in plan_checks::checked(r, caller, plan, p.language)?.missing {
        // Of what else it lacks, such as an assessment, nothing can be given here.
        if !one["field"].as_str().is_some_and(|field| fields.contains(&field)) {
            continue;
        }
        if let Some(id) = one["id"].as_str().and_then(|id| id.parse().ok()) {
            lacking.entry(id).or_default().push(one["detail"].as_str().unwrap_or_default().to_owned());
        }
    }
    Ok(lacking)
}

/// Each in its own row.
fn each(r: &mut Reading, caller: &Caller, ask: &Ask, plan: Plan, body: Organisation) -> Result<String> {
    let p = &ask.frame;
    let all = ask.text("all") == "true";
    let lacking = lacking(r, caller, p, plan.id, &IN_ROWS)?;
    let risks: Vec<Risk> = r.risks_of_plan(plan.id)?.into_iter().filter(|risk| risk.retired_on.is_none()).collect();
    let (controls, actions) = (r.controls_of_plan(plan.id)?, r.actions_of_plan(plan.id)?);
    let mut rows = Vec::new();
    for risk in &risks {
        let row = |entity, id, version, name: &str| Row {
            at: String::new(),
            entity,
            id,
            version,
            name: name.to_owned(),
            of: (entity != Risk::ENTITY).then(|| risk.name.clone()),
            person: risk.owner_id.filter(|_| entity == Risk::ENTITY),
            start: None,
            end: None,
            lacks: lacking.get(&id).map(|lacks| lacks.join(" ")).unwrap_or_default(),
        };
        rows.push(row(Risk::ENTITY, risk.id, risk.version, &risk.name));
        rows.extend(
            controls
                .iter()
                .filter(|one: &&Control| one.risk_id == risk.id)
                .map(|one| Row { person: one.responsible_id, ..row(Control::ENTITY, one.id, one.version, &one.name) }),
        );
        rows.extend(actions.iter().filter(|one: &&Action| one.risk_id == risk.id).map(|one| Row {
            person: one.responsible_id,
            start: one.start_date,
            end: one.end_date,
            ..row(Action::ENTITY, one.id, one.version, &one.name)
        }));
    }
    // Whom nobody is named for is lacking here, also where the rules do not ask for it.
    let wanted = |row: &Row| all || !row.lacks.is_empty() || row.person.is_none();
    let name = |row: &Row| format!("{}/{}", row.entity, row.id);
    let form = p.form("assignSeparately", "each").at("id", plan.id).to(lists::address(ask, &[]));
    let back: HashSet<String> = form.rows_that_came_back("items", &NAMED_BY).into_iter().collect();
    let (shown, rest): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(wanted);
    let (mut rows, pager) = Pager::cut(ask, shown, A_PAGE);
    // What was typed in a row that is asked for no longer stands there still.
    rows.extend(rest.into_iter().filter(|row| back.contains(&name(row))));
    let places = form.places("items", &NAMED_BY, &rows.iter().map(name).collect::<Vec<_>>());
    let mut form = form;
    for (n, row) in places.into_iter().zip(&mut rows) {
        row.at = format!("items/{n}");
        let at = &row.at;
        form = form.fixed(&format!("{at}/entity!"), row.entity).fixed(&format!("{at}/id!"), row.id);
        form = form.fixed(&format!("{at}/version!"), row.version);
    }
    let on = Target::Plan(plan_target(&plan, &body));
    ask.write(&Each {
        p,
        all,
        rows,
        pager,
        people: people_of(r, caller, p, &body, None)?,
        hindrance: Rights::of(p, caller, &plan).hindrance(Verb::EditPlan, PlanVerb::Edit, &on),
        form,
        plan,
        body,
    })
}

/// The fields that can be given here.
const GIVEN: [&str; 7] = ["ownerId", "responsibleId", "category", "response", "goalId", "startDate", "endDate"];

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let (plan, body) = plan::see_parts(r, caller, id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    if ask.text("each") == "true" {
        return each(r, caller, ask, plan, body);
    }
    let form = p.form("assignTogether", "assign").at("id", id).to(format!("/plans/{id}/assign"));
    // What came back with faults is shown whole, so that nothing that was marked is gone.
    let all = ask.text("all") == "true" || form.came_back();
    let lacking = lacking(r, caller, p, id, &GIVEN)?;
    let choice = |id: Id, name: String| -> Option<Choice> {
        let lacks = lacking.get(&id);
        let about = lacks.map(|lacks| lacks.join(" ")).unwrap_or_default();
        (all || lacks.is_some()).then(|| Choice { about, ..Choice::new(id.to_string(), name) })
    };
    let there: Vec<_> = r.risks_of_plan(id)?.into_iter().filter(|risk| risk.retired_on.is_none()).collect();
    let of = |risk: Id| there.iter().find(|one| one.id == risk).map(|one| one.name.clone()).unwrap_or_default();
    let controls = r.controls_of_plan(id)?;
    let actions = r.actions_of_plan(id)?;
    let found = goals_for(r, &body, plan.year)?;
    let own = words_of(r, &body, plan.year)?.categories().iter().map(|own| own.name.clone()).collect();
    let on = Target::Plan(plan_target(&plan, &body));
    // What is left empty stays as it is.
    let unchanged = |mut choices: Vec<Choice>| {
        if let Some(first) = choices.first_mut().filter(|first| first.value.is_empty()) {
            first.label = p.say("assign-unchanged");
        }
        choices
    };
    ask.write(&Assign {
        p,
        all,
        risks: there.iter().filter_map(|risk| choice(risk.id, risk.name.clone())).collect(),
        controls: controls
            .into_iter()
            .filter_map(|one| choice(one.id, format!("{} ({})", one.name, of(one.risk_id))))
            .collect(),
        actions: actions
            .into_iter()
            .filter_map(|one| choice(one.id, format!("{} ({})", one.name, of(one.risk_id))))
            .collect(),
        people: unchanged(people_of(r, caller, p, &body, None)?),
        goals: unchanged(p.or_none(found.iter().map(|goal| Choice::new(goal.id.to_string(), goals::titled(goal))))),
        categories: unchanged(p.choices::<Category>()),
        own_categories: unchanged(names_to_choose(p, own, &None)),
        responses: unchanged(p.choices::<Response>()),
        hindrance: Rights::of(p, caller, &plan).hindrance(Verb::EditPlan, PlanVerb::Edit, &on),
        form,
        plan,
        body,
    })
}
