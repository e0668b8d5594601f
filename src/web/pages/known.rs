//! What several pages tell of things by their ids: names of people and organisations, levels with their colours, and the
//! scales with their meanings.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::app::caller::Caller;
use crate::app::contents::measures;
use crate::app::people::{organisations, users};
use crate::app::places::{path_ids, plan_state, plan_target};
use crate::app::settings::policies;
use crate::domain::life::{self, PlanState, PlanVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::scoring::{Level, Policy};
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Language, LevelKey, Period, Scale, Word};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, OrganisationFilter, PartFilter, UserFilter};
use crate::storage::records::{Action, ActionReport, ControlReport, Organisation, Plan, User};
use crate::storage::{Id, Json, Reading};
use crate::web::fields::{Fields, field};
use crate::web::frame::{Axes, Frame};
use crate::web::values::{Choice, Html, capital, escaped, shape_of};

/// Nothing for what whoever looks may not see, or what is not there: the rest of the page is shown all the same.
pub fn unless_hidden<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Forbidden(_) | Error::Conflict { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Whether the one who looks may report a deficiency of a body's.
pub fn may_report_deficiency(p: &Frame, caller: &Caller, body: &Organisation) -> bool {
    p.is_now() && caller.sees(Verb::ReportDeficiency, &Target::Organisation { path: path_ids(&body.path) })
}

/// Whether a page may lead the one who looks to a plan.
pub fn sees_plan(caller: &Caller, plan: &Plan, body: &Organisation) -> bool {
    caller.sees(Verb::SeePlan, &Target::Plan(plan_target(plan, body)))
}

/// What whoever looks may do with a plan and what is in it, as role and the plan's life decide together.
pub struct Rights<'a> {
    p: &'a Frame,
    caller: &'a Caller,
    state: PlanState,
}

impl<'a> Rights<'a> {
    pub fn of(p: &'a Frame, caller: &'a Caller, plan: &Plan) -> Self {
        Self { p, caller, state: plan_state(plan) }
    }

    /// What stands in the way, for people to read; nothing when it may be done.
    pub fn hindrance(&self, verb: Verb, step: PlanVerb, on: &Target) -> Option<String> {
        let language = self.p.language;
        if !self.p.is_now() {
            return Some(self.p.say("past-stays"));
        }
        if let Err(error) = self.caller.may(verb, on) {
            return Some(error.problem(language, "").detail);
        }
        life::may(step, &self.state, self.p.today).err().map(|refusal| refusal.text(language))
    }

    pub fn may(&self, verb: Verb, step: PlanVerb, on: &Target) -> bool {
        self.hindrance(verb, step, on).is_none()
    }
}

/// Names by id.
#[derive(Default)]
pub struct Names(HashMap<Id, String>);

impl Names {
    /// The people with these ids.
    pub fn people(r: &mut Reading, ids: impl IntoIterator<Item = Option<Id>>) -> Result<Self> {
        let mut ids: Vec<Id> = ids.into_iter().flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(r.users_by_ids(&ids)?.into_iter().map(|user| (user.id, user.name)).collect()))
    }

    /// The organisations with these ids.
    pub fn organisations(r: &mut Reading, ids: impl IntoIterator<Item = Id>) -> Result<Self> {
        let mut ids: Vec<Id> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(r.organisations_by_ids(&ids)?.into_iter().map(|one| (one.id, one.name)).collect()))
    }

    pub fn of(&self, id: &Id) -> &str {
        self.0.get(id).map_or("–", String::as_str)
    }

    /// A dash for nobody.
    pub fn or_dash(&self, id: &Option<Id>) -> &str {
        id.as_ref().map_or("–", |id| self.of(id))
    }
}

/// The people at or below a body, to choose from; and whoever is chosen already.
pub fn people_of(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    body: &Organisation,
    chosen: Option<Id>,
) -> Result<Vec<Choice>> {
    let filter = UserFilter { organisation_id: body.id.into(), active: Some(true), ..UserFilter::default() };
    let listing = Listing { sort: vec![("name".into(), false)], ..Listing::first(1000) };
    let mut all = vec![Choice::new("", p.say("choose-nobody"))];
    match users::list(r, caller, filter, &listing) {
        Ok(page) => all.extend(page.items.into_iter().map(|user| Choice::new(user.id.to_string(), user.name))),
        // Who may not see the people sees at least who it is now, and themselves.
        Err(Error::Forbidden(_) | Error::NotFound) => {
            let me = caller.user()?;
            all.push(Choice::new(me.id.to_string(), me.name.clone()));
        }
        Err(other) => return Err(other),
    }
    if let Some(id) = chosen.filter(|id| !all.iter().any(|choice| choice.value == id.to_string())) {
        let user: User = r.linked(id)?;
        all.push(Choice::new(id.to_string(), user.name));
    }
    Ok(all)
}

/// The actions that something leads to.
pub struct Linked {
    ids: Vec<Id>,
    /// Those that the one who looks sees.
    pub actions: Vec<Action>,
}

impl Linked {
    pub fn read(r: &mut Reading, caller: &Caller, ids: &[Id]) -> Result<Self> {
        let mut actions = Vec::new();
        for id in ids {
            actions.extend(unless_hidden(measures::action(r, caller, *id))?);
        }
        Ok(Self { ids: ids.to_vec(), actions })
    }

    /// How many there are more than one sees.
    pub fn unseen(&self) -> usize {
        self.ids.len() - self.actions.len()
    }

    /// All of them as chosen.
    pub fn chosen(&self) -> String {
        self.ids.iter().map(Id::to_string).collect::<Vec<_>>().join("\n")
    }

    /// The actions of the body's plans of some years to choose from, and those that are linked: what is linked and not to be
    /// seen stays linked.
    pub fn choices(
        &self,
        r: &mut Reading,
        caller: &Caller,
        p: &Frame,
        body: &Organisation,
        years: RangeInclusive<i32>,
    ) -> Result<Vec<Choice>> {
        let mut all: Vec<(Option<i32>, Action)> = self.actions.iter().map(|one| (None, one.clone())).collect();
        for year in years {
            let filter = PartFilter { organisation_id: body.id.into(), year: year.into(), ..PartFilter::default() };
            for action in measures::actions(r, caller, &filter, &Listing::all())?.items {
                match all.iter_mut().find(|(_, known)| known.id == action.id) {
                    Some((of, _)) => *of = Some(year),
                    None => all.push((Some(year), action)),
                }
            }
        }
        let label = |(year, action): (Option<i32>, Action)| {
            let year = year.map(|year| format!("{year}: ")).unwrap_or_default();
            Choice::new(action.id.to_string(), format!("{year}{}", action.name))
        };
        let unseen = self.ids.iter().filter(|id| !self.actions.iter().any(|action| action.id == **id));
        let unseen: Vec<Choice> = unseen.map(|id| Choice::new(id.to_string(), p.say("action-unseen"))).collect();
        Ok(all.into_iter().map(label).chain(unseen).collect())
    }
}

/// The organisations of bodies where one may do something, to choose from.
pub fn organisations_for(r: &mut Reading, caller: &Caller, verb: Verb) -> Result<Vec<Choice>> {
    let all = organisations::list(r, &OrganisationFilter::default(), &Listing::all())?.items;
    let may = |one: &Organisation| {
        one.body_id.is_some() && caller.sees(verb, &Target::Organisation { path: path_ids(&one.path) })
    };
    Ok(all.into_iter().filter(may).map(|one| Choice::new(one.id.to_string(), one.name)).collect())
}

/// The levels of a plan's scale, by key.
pub struct Levels(pub Arc<Policy>);

impl Levels {
    /// For readers of the page's language.
    pub fn read(r: &mut Reading, version: Id, p: &Frame) -> Result<Self> {
        let policy = policies::definition(r, version)?;
        Ok(Self(if p.language == Language::Sv { policy } else { policy.told_in(p.language).into() }))
    }

    /// What the axes of the scale are called.
    pub fn axes(&self, p: &Frame) -> Axes {
        let named = |name: &Option<String>, key: &str| name.clone().unwrap_or_else(|| p.say(key));
        Axes {
            down: named(&self.0.likelihood_name, "likelihood"),
            across: named(&self.0.consequence_name, "consequence"),
        }
    }

    fn level(&self, key: LevelKey) -> Option<&Level> {
        self.0.levels.iter().find(|level| level.key == key)
    }

    pub fn label(&self, key: &LevelKey) -> &str {
        self.level(*key).map_or("–", |level| &level.label)
    }

    /// The level as a coloured square and its word.
    pub fn show(&self, key: &Option<LevelKey>) -> Html {
        match key.and_then(|key| self.level(key)) {
            None => Html("–".into()),
            Some(level) => self.marked(level),
        }
    }

    /// A level of this scale as its coloured square and its word.
    pub fn marked(&self, level: &Level) -> Html {
        Html(format!("<span class=\"level\">{}{}</span>", swatch(&level.colour), escaped(&level.label)))
    }

    /// The class of a cell of the matrix; for a colour of a policy's own there is none, and its square tells it.
    pub fn class(&self, key: &LevelKey) -> String {
        match self.level(*key) {
            Some(level) if !level.colour.starts_with('#') => format!("c-{}", level.colour),
            _ => String::new(),
        }
    }
}

/// A small square of a policy's colour.
pub fn swatch(colour: &str) -> String {
    let fill = riskregister_document::printed_colour(colour);
    format!(
        "<svg width=\"14\" height=\"14\" aria-hidden=\"true\" focusable=\"false\"><rect width=\"14\" height=\"14\" fill=\"{fill}\" stroke=\"#5a6670\"/></svg>"
    )
}

/// A scale of the reading guide.
pub trait Guided: Word + Scale {
    /// The beginning of the keys of its meanings.
    const KEY: &'static str;
}
impl Guided for ControlStatus {
    const KEY: &'static str = "guide-control";
}
impl Guided for ActionStatus {
    const KEY: &'static str = "guide-action";
}
impl Guided for ActionEffect {
    const KEY: &'static str = "guide-effect";
}

/// The values of a scale to choose from, with their shapes and what the reading guide says of each.
pub fn scale<S: Guided>(p: &Frame) -> Vec<Choice> {
    S::ALL
        .iter()
        .map(|value| Choice {
            value: value.as_str().into(),
            label: capital(&p.label(*value)),
            // What the guide says of everyone's word is in everyone's words.
            about: if p.says_own(*value) { String::new() } else { p.say(&format!("{}-{}", S::KEY, value.as_str())) },
            shape: shape_of(Some(value.colour())),
            group: String::new(),
        })
        .collect()
}

/// What a decision says beside its day, its board and its paragraph.
#[derive(Default)]
pub struct Decided {
    pub clauses: Vec<String>,
    pub sent_to: Vec<String>,
    /// What the board itself changed.
    pub change: Option<String>,
}

impl Decided {
    pub fn of(
        clauses: &Option<Json<Vec<String>>>,
        sent_to: &Option<Json<Vec<String>>>,
        change: &Option<String>,
    ) -> Self {
        let texts = |json: &Option<Json<Vec<String>>>| json.as_deref().cloned().unwrap_or_default();
        Self { clauses: texts(clauses), sent_to: texts(sent_to), change: change.clone() }
    }
}

/// Who was the last to change what a form is about: of statuses and judgements they say so themselves, of another thing its
/// history does. None where it cannot be said, as of a plan, which every part of it changes.
pub fn changed_by(r: &mut Reading, fields: &Fields) -> Result<Option<Id>> {
    let Some(id) = field(fields, "_at.id").and_then(|id| id.parse::<Id>().ok()) else { return Ok(None) };
    let period = field(fields, "_at.period").and_then(Period::parse);
    Ok(match (field(fields, "_act"), period) {
        (Some("reportControl"), Some(period)) => {
            let here = |one: &ControlReport| one.period == period;
            r.reports_of_control(id)?.into_iter().rfind(here).map(|one| one.reported_by_id)
        }
        (Some("reportAction"), Some(period)) => {
            let here = |one: &ActionReport| one.period == period;
            r.reports_of_action(id)?.into_iter().rfind(here).map(|one| one.reported_by_id)
        }
        (Some("writeSelfAssessment"), Some(period)) => r.self_assessment(id, period)?.map(|one| one.assessed_by_id),
        (Some("writeFinancialMeasures"), Some(period)) => {
            r.financial_measures(id)?.into_iter().find(|one| one.period == period).map(|one| one.written_by_id)
        }
        _ if r.find::<Plan>(id)?.is_some() => None,
        _ => r.last_actor(id)?,
    })
}

/// The page of what an operation on this path did something to, for who wants to see it or change it again.
pub fn about(fields: &Fields, path: &str) -> Option<String> {
    let thing = || {
        let (id, noun) = (field(fields, "_at.id")?, path.split('/').nth(1)?);
        let has_page = ["risks", "controls", "actions", "deficiencies", "recommendations", "plans"].contains(&noun);
        has_page.then(|| format!("/{noun}/{id}"))
    };
    thing_at(fields).or_else(thing)
}

/// The page of what a form is about, where that is another than the one that the form stands on.
pub fn thing_at(fields: &Fields) -> Option<String> {
    let (id, period) = (field(fields, "_at.id")?, field(fields, "_at.period")?);
    match field(fields, "_act")? {
        "reportControl" | "correctControlReport" => Some(format!("/status/control/{id}/{period}")),
        "reportAction" | "correctActionReport" => Some(format!("/status/action/{id}/{period}")),
        _ => None,
    }
}
