//! The same for many parts of a plan: those that lack something, or all, to choose from, and what the chosen ones are given.

use std::collections::HashMap;

use askama::Template;

use super::known::{Rights, people_of};
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
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Reading};
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

/// The fields that can be given here.
const GIVEN: [&str; 7] = ["ownerId", "responsibleId", "category", "response", "goalId", "startDate", "endDate"];

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let (plan, body) = plan::see_parts(r, caller, id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let form = p.form("assignParts", "assign").at("id", id).to(format!("/plans/{id}/assign"));
    // What came back with faults is shown whole, so that nothing that was marked is gone.
    let all = ask.text("all") == "true" || form.came_back();
    let mut lacking: HashMap<Id, Vec<String>> = HashMap::new();
    for one in plan_checks::checked(r, caller, id, p.language)?.missing {
        // Of what else it lacks, such as an assessment, nothing can be given here.
        if !one["field"].as_str().is_some_and(|field| GIVEN.contains(&field)) {
            continue;
        }
        if let Some(id) = one["id"].as_str().and_then(|id| id.parse().ok()) {
            lacking.entry(id).or_default().push(one["detail"].as_str().unwrap_or_default().to_owned());
        }
    }
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
