//! Events in plain words: who did what to which thing, and what stood there before and after.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::known::{Levels, Names, unless_hidden};
use crate::app::caller::Caller;
use crate::app::contents::measures;
use crate::app::findings::{deficiencies, recommendations};
use crate::app::history::logs::WrittenEvent;
use crate::app::history::webhooks;
use crate::app::people::service_accounts;
use crate::app::reporting::{compiled_reports, reports};
use crate::app::{plans, reach};
use crate::domain::events::EventKind;
use crate::domain::own_words::usual;
use crate::domain::text::by_name;
use crate::domain::words::{
    ActionEffect, ActionStatus, Category, Comparator, ControlStatus, DecidedBy, DialogueSide, InclusionReason,
    Language, LevelKey, MandatoryKind, OrganisationKind, OutcomeJudgement, Period, PeriodStatus, PlanStatus,
    RecommendationSource, Recurrence, ReportStatus, Response, Role, SectionKey, ServiceScope, Severity, Sufficiency,
    Word,
};
use crate::error::{Error, Result};
use crate::storage::records::{
    About, Action, ActionReport, Assessment, Control, ControlReport, Deficiency, EvidenceFile, EvidenceOf, Goal, Grant,
    Indicator, MandatoryRisk, Note, Organisation, Outcome, Plan, PlanPeriod, PlanSection, PolicyVersion, Report,
    Revision, Risk, ScoringPolicy, ServiceCredential, StandingText, Wording,
};
use crate::storage::{Id, Reading, Stored, Timestamp};
use crate::web::frame::{Axes, Frame};
use crate::web::texts;
use crate::web::values::capital;

/// An event as people read it.
pub struct EventText {
    pub n: i64,
    pub time: Timestamp,
    pub who: String,
    /// What was done, as a sentence.
    pub what: String,
    pub thing: Thing,
    pub reason: Option<String>,
    /// Of something new, what one wants to see at once.
    pub gist: String,
    pub side: Side,
    pub effects: Vec<Effect>,
}

impl EventText {
    /// Whether it tells of a change: other events are of what somebody did and that left everything as it was.
    pub fn changes_something(&self) -> bool {
        !self.side.fields.is_empty() || !self.effects.is_empty()
    }
}

/// What something is called, and its page.
#[derive(Debug, Clone, Default)]
pub struct Thing {
    pub name: String,
    pub at: Option<String>,
}

/// What stood there before and after.
pub struct Side {
    /// Something new or removed: one column; else what differs, in two.
    pub whole: bool,
    pub fields: Vec<Changed>,
}

pub struct Changed {
    /// Its name in the event.
    name: String,
    /// What people call it.
    pub field: String,
    pub before: String,
    pub after: String,
}

/// What followed from the event.
pub struct Effect {
    pub entity: String,
    pub name: String,
    pub side: Side,
}

#[derive(Deserialize)]
struct Body {
    time: Timestamp,
    actor: Actor,
    kind: String,
    entity: String,
    id: Id,
    reason: Option<Value>,
    before: Option<Map<String, Value>>,
    after: Option<Map<String, Value>>,
    #[serde(default)]
    effects: Vec<Following>,
}

#[derive(Deserialize)]
struct Actor {
    kind: String,
    id: Option<Id>,
}

#[derive(Deserialize)]
struct Following {
    entity: String,
    id: Id,
    before: Option<Map<String, Value>>,
    after: Option<Map<String, Value>>,
}

type Fields = Option<Map<String, Value>>;
/// Where in the event they stand, and what stood there before and after.
type Sides<'s> = (&'s str, &'s Fields, &'s Fields);

/// What tells nothing to a reader: keys, counters and times that the event has itself.
const INNER: &[&str] =
    &["id", "version", "createdAt", "updatedAt", "path", "bodyId", "identityId", "sequence", "copiedFromId"];

/// What one wants to know at once of something new, in this order.
const GIST: &[&str] =
    &["period", "section", "role", "likelihood", "consequence", "score", "level", "status", "effect", "severity"];

/// Every kind of event, by its name, with its sentence.
pub fn kinds(p: &Frame) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        EventKind::ALL.iter().map(|kind| (kind.name.to_owned(), p.happened(kind.name))).collect();
    all.sort_by(|a, b| by_name(&a.1, &b.1));
    all
}

/// What the thing is called whose page this is, and the page; nothing for what is gone, or not to be seen.
pub fn named_at(r: &mut Reading, caller: &Caller, p: &Frame, page: &str) -> Result<Option<(String, String)>> {
    let steps: Vec<&str> = page.split('/').skip(1).collect();
    let (entity, id, period) = match steps[..] {
        ["status", entity @ ("control" | "action"), id, period] => (entity, id, Period::parse(period)),
        [noun, id] => match noun {
            "risks" => ("risk", id, None),
            "controls" => ("control", id, None),
            "actions" => ("action", id, None),
            "deficiencies" => ("deficiency", id, None),
            "recommendations" => ("recommendation", id, None),
            "plans" => ("plan", id, None),
            "reports" => ("report", id, None),
            "compiled-reports" => ("compiledReport", id, None),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let Ok(id) = id.parse::<Id>() else { return Ok(None) };
    let Thing { name, at } = Teller::new(caller, p).thing(r, entity, id)?;
    Ok(match period {
        Some(period) => {
            at.map(|_| (format!("{name}, {}", p.in_text(period)), format!("/status/{entity}/{id}/{period}")))
        }
        None => at.map(|at| (name, at)),
    })
}

/// Tells events, and remembers the names that it has looked up.
pub struct Teller<'t> {
    caller: &'t Caller,
    p: &'t Frame,
    things: HashMap<(String, Id), Thing>,
    people: HashMap<Id, String>,
}

impl<'t> Teller<'t> {
    pub fn new(caller: &'t Caller, p: &'t Frame) -> Self {
        Self { caller, p, things: HashMap::new(), people: HashMap::new() }
    }

    /// Reads together what events name: telling them one by one asks little more.
    pub fn know(&mut self, r: &mut Reading, events: &[WrittenEvent]) -> Result<()> {
        let mut named = Named::default();
        for event in events {
            let body: Body = serde_json::from_str(event.event.get()).map_err(Error::internal)?;
            if body.actor.kind == "user" {
                named.add("user", body.actor.id);
            }
            named.event(&body.entity, body.id, [&body.before, &body.after]);
            for one in &body.effects {
                named.event(&one.entity, one.id, [&one.before, &one.after]);
            }
        }
        let people = named.of("user");
        let names = Names::people(r, people.iter().copied().map(Some))?;
        self.people.extend(people.into_iter().map(|id| (id, names.of(&id).to_owned())));
        let mut risks = named.of("risk");
        risks.extend(r.all::<Control>(named.of("control"))?.iter().map(|one| one.risk_id));
        risks.extend(r.all::<Action>(named.of("action"))?.iter().map(|one| one.risk_id));
        let risks: Vec<Risk> = r.all(risks)?;
        let plans: Vec<Plan> = r.all(named.of("plan").into_iter().chain(risks.iter().map(|one| one.plan_id)))?;
        let deficiencies: Vec<Deficiency> = r.all(named.of("deficiency"))?;
        let organisations = named.of("organisation").into_iter();
        let organisations = organisations.chain(plans.iter().map(|plan| plan.organisation_id));
        r.all::<Organisation>(organisations.chain(deficiencies.iter().map(|one| one.organisation_id)))?;
        reach::know_targets(r, self.caller, &risks)?;
        r.all::<Goal>(named.of("goal"))?;
        r.all::<Indicator>(named.of("indicator"))?;
        r.all::<MandatoryRisk>(named.of("mandatoryRisk"))?;
        r.all::<ScoringPolicy>(named.of("scoringPolicy"))?;
        r.all::<StandingText>(named.of("standingText"))?;
        let words = r.all::<Wording>(named.of("wording"))?;
        r.all::<Organisation>(words.iter().map(|one| one.organisation_id))?;
        Ok(())
    }

    pub fn tell(&mut self, r: &mut Reading, event: &WrittenEvent) -> Result<EventText> {
        let body: Body = serde_json::from_str(event.event.get()).map_err(Error::internal)?;
        let mut opened = HashMap::new();
        for text in &event.texts {
            let value: Value = serde_json::from_str(text.value.get()).map_err(Error::internal)?;
            opened.insert(text.pointer.clone(), value);
        }
        let side = self.side(r, (&body.entity, body.id), ("", &body.before, &body.after), &opened)?;
        let mut effects = Vec::new();
        for (at, one) in body.effects.iter().enumerate() {
            let under = format!("/effects/{at}");
            let side = self.side(r, (&one.entity, one.id), (&under, &one.before, &one.after), &opened)?;
            let thing = self.subject(r, &one.entity, one.id, (&under, &one.before, &one.after), &opened)?;
            effects.push(Effect { entity: self.noun(&one.entity), name: thing.name, side });
        }
        let gist: Vec<String> = GIST
            .iter()
            .filter_map(|name| side.fields.iter().find(|one| side.whole && one.name == *name))
            .filter(|one| !one.after.is_empty())
            .map(|one| format!("{}: {}", one.field, one.after))
            .collect();
        let reason = body.reason.as_ref().map(|value| self.value(r, &body.entity, "reason", value, "/reason", &opened));
        Ok(EventText {
            n: event.n,
            time: body.time,
            who: self.who(r, &body.actor)?,
            what: self.p.happened(&body.kind),
            thing: self.subject(r, &body.entity, body.id, ("", &body.before, &body.after), &opened)?,
            reason: reason.transpose()?,
            gist: gist.join(". "),
            side,
            effects,
        })
    }

    /// What a kind of thing is called.
    pub fn noun(&self, entity: &str) -> String {
        let key = format!("thing-{entity}");
        if texts::has(self.p.language, &key) { self.p.say(&key) } else { entity.to_owned() }
    }

    /// What a field is called.
    pub fn label(&self, field: &str) -> String {
        called(self.p, field)
    }

    fn who(&mut self, r: &mut Reading, actor: &Actor) -> Result<String> {
        Ok(match (actor.kind.as_str(), actor.id) {
            ("user", Some(id)) => self.person(r, id)?,
            ("service", Some(id)) => match unless_hidden(service_accounts::get(r, self.caller, id))? {
                Some(account) => self.p.say_with("actor-service-named", "name", account.name),
                None => self.p.say("actor-service"),
            },
            ("operator", _) => self.p.say("actor-operator"),
            ("system", _) => self.p.say("actor-system"),
            _ => self.p.say("actor-nobody"),
        })
    }

    fn person(&mut self, r: &mut Reading, id: Id) -> Result<String> {
        if let Some(name) = self.people.get(&id) {
            return Ok(name.clone());
        }
        let name = Names::people(r, [Some(id)])?.of(&id).to_owned();
        self.people.insert(id, name.clone());
        Ok(name)
    }

    /// What differs; of what is new or removed, everything that was written.
    fn side(
        &mut self,
        r: &mut Reading,
        (entity, id): (&str, Id),
        (under, before, after): Sides<'_>,
        opened: &HashMap<String, Value>,
    ) -> Result<Side> {
        let axes = self.axes(r, (entity, id), [before, after])?;
        let whole = before.is_none() || after.is_none();
        let none = Map::new();
        let (old, new) = (before.as_ref().unwrap_or(&none), after.as_ref().unwrap_or(&none));
        let mut names: Vec<&String> = new.keys().chain(old.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let mut fields = Vec::new();
        for field in names.into_iter().filter(|field| !INNER.contains(&field.as_str())) {
            let mut shown = |side: &Map<String, Value>, name: &str| match side.get(field) {
                Some(value) => self.value(r, entity, field, value, &format!("{under}/{name}/{field}"), opened),
                None => Ok(String::new()),
            };
            let (before, after) = (shown(old, "before")?, shown(new, "after")?);
            if whole && before.is_empty() && after.is_empty() {
                continue;
            }
            let label = match (field.as_str(), &axes) {
                ("likelihood", Some(axes)) => axes.down.clone(),
                ("consequence", Some(axes)) => axes.across.clone(),
                _ => self.label(field),
            };
            fields.push(Changed { name: field.clone(), field: label, before, after });
        }
        fields.sort_by(|a, b| by_name(&a.field, &b.field));
        Ok(Side { whole, fields })
    }

    /// What the axes are called of the scale by which a risk was assessed; none for what is no risk's.
    fn axes(&self, r: &mut Reading, (entity, id): (&str, Id), sides: [&Fields; 2]) -> Result<Option<Axes>> {
        let told = |field: &str| sides.into_iter().flatten().find_map(|side| side.get(field)?.as_str()?.parse().ok());
        let version = match entity {
            "assessment" => told("policyVersionId"),
            "risk" => {
                let plan = r.find::<Risk>(id)?.map(|risk| risk.plan_id).or_else(|| told("planId"));
                plan.map(|id| r.find::<Plan>(id)).transpose()?.flatten().map(|plan| plan.policy_version_id)
            }
            _ => None,
        };
        version.map(|version| Ok(Levels::read(r, version, self.p)?.axes(self.p))).transpose()
    }

    /// A value in words; nothing for nothing.
    fn value(
        &mut self,
        r: &mut Reading,
        entity: &str,
        field: &str,
        value: &Value,
        pointer: &str,
        opened: &HashMap<String, Value>,
    ) -> Result<String> {
        if let Value::Object(map) = value
            && map.len() == 1
            && map.contains_key("commitment")
        {
            return match opened.get(pointer) {
                Some(text) => self.plain(r, entity, field, text),
                None => Ok(self.p.say("event-text-erased")),
            };
        }
        self.plain(r, entity, field, value)
    }

    fn plain(&mut self, r: &mut Reading, entity: &str, field: &str, value: &Value) -> Result<String> {
        Ok(match value {
            Value::Null => String::new(),
            Value::Bool(true) => self.p.say("yes"),
            Value::Bool(false) => self.p.say("no"),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.text(r, entity, field, text)?,
            Value::Array(items) => {
                let mut all = Vec::new();
                for item in items {
                    all.push(self.plain(r, entity, field, item)?);
                }
                all.join(if items.iter().any(Value::is_object) { "\n" } else { ", " })
            }
            // A whole matrix is for the event itself.
            Value::Object(_) if field == "definition" => self.p.say("event-see-bytes"),
            Value::Object(map) => {
                let mut all = Vec::new();
                for (name, below) in map.iter().filter(|(_, below)| !below.is_null()) {
                    all.push(format!("{}: {}", self.label(name), self.plain(r, entity, name, below)?));
                }
                all.join("; ")
            }
        })
    }

    fn text(&mut self, r: &mut Reading, entity: &str, field: &str, text: &str) -> Result<String> {
        if let Ok(id) = text.parse::<Id>() {
            return match referred(entity, field) {
                Some("user") => self.person(r, id),
                Some(other) => {
                    let name = self.thing(r, other, id)?.name;
                    Ok(if name.is_empty() { text.to_owned() } else { name })
                }
                None => Ok(text.to_owned()),
            };
        }
        if let Some(label) = word(self.p, entity, field, text) {
            return Ok(capital(&label));
        }
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Ok(self.p.date(&day));
        }
        if let Ok(time) = chrono::DateTime::parse_from_rfc3339(text) {
            return Ok(self.p.time(&time.to_utc().into()));
        }
        Ok(text.to_owned())
    }

    /// What an event is about: for a part of something, that whose part it is.
    fn subject(
        &mut self,
        r: &mut Reading,
        entity: &str,
        id: Id,
        (under, before, after): Sides<'_>,
        opened: &HashMap<String, Value>,
    ) -> Result<Thing> {
        let found = match whole_of(r, entity, id, before, after)? {
            Some(("user", id)) => Thing { name: self.person(r, id)?, at: None },
            Some((whole, id)) => self.thing(r, whole, id)?,
            None => Thing::default(),
        };
        if !found.name.is_empty() && found.name != "–" {
            return Ok(found);
        }
        // What is gone is called what it was called.
        for (name, side) in [("after", after), ("before", before)] {
            for field in ["name", "title", "report", "heading", "email"] {
                if let Some(value) = side.as_ref().and_then(|side| side.get(field)) {
                    let pointer = format!("{under}/{name}/{field}");
                    return Ok(Thing { name: self.value(r, entity, field, value, &pointer, opened)?, at: found.at });
                }
            }
        }
        Ok(found)
    }

    /// The name and the page of a thing, as far as the reader may see it; nothing of one that is gone.
    pub fn thing(&mut self, r: &mut Reading, entity: &str, id: Id) -> Result<Thing> {
        let key = (entity.to_owned(), id);
        if let Some(known) = self.things.get(&key) {
            return Ok(known.clone());
        }
        let found = self.look_up(r, entity, id)?.unwrap_or_default();
        self.things.insert(key, found.clone());
        Ok(found)
    }

    fn look_up(&mut self, r: &mut Reading, entity: &str, id: Id) -> Result<Option<Thing>> {
        let caller = self.caller;
        let at = |name: String, folder: &str| Thing { name, at: Some(format!("/{folder}/{id}")) };
        let named = |name: String| Thing { name, at: None };
        Ok(match entity {
            "risk" => unless_hidden(reach::see(r, caller, id))?.map(|(risk, _)| at(risk.name, "risks")),
            "control" => unless_hidden(measures::control(r, caller, id))?.map(|one| at(one.name, "controls")),
            "action" => unless_hidden(measures::action(r, caller, id))?.map(|one| at(one.name, "actions")),
            "deficiency" => {
                unless_hidden(deficiencies::get(r, caller, id))?.map(|view| at(view.deficiency.title, "deficiencies"))
            }
            "recommendation" => {
                unless_hidden(recommendations::get(r, caller, id))?.map(|one| at(one.report, "recommendations"))
            }
            "auditOpinion" => match unless_hidden(recommendations::opinion(r, caller, id))? {
                Some(one) => {
                    let body: Organisation = r.linked(one.organisation_id)?;
                    Some(at(format!("{} {}", body.name, one.year), "opinions"))
                }
                None => None,
            },
            "plan" => match unless_hidden(plans::get(r, caller, id))? {
                Some(view) => {
                    let body: Organisation = r.linked(view.plan.organisation_id)?;
                    Some(at(format!("{} {}", body.name, view.plan.year), "plans"))
                }
                None => None,
            },
            "organisation" => r.find::<Organisation>(id)?.map(|one| named(one.name)),
            "goal" => r.find::<Goal>(id)?.map(|one| named(one.name)),
            "indicator" => r.find::<Indicator>(id)?.map(|one| named(one.name)),
            "mandatoryRisk" => r.find::<MandatoryRisk>(id)?.map(|one| named(one.name)),
            "scoringPolicy" => r.find::<ScoringPolicy>(id)?.map(|one| named(one.name)),
            "policyVersion" => match r.find::<PolicyVersion>(id)? {
                Some(version) => {
                    let policy: ScoringPolicy = r.linked(version.policy_id)?;
                    Some(named(self.p.say_two("policy-version", "name", policy.name, "number", version.number)))
                }
                None => None,
            },
            "standingText" => r.find::<StandingText>(id)?.map(|one| named(one.heading)),
            "report" => match unless_hidden(reports::get(r, caller, id))? {
                Some(report) => {
                    let plan: Plan = r.linked(report.plan_id)?;
                    let body: Organisation = r.linked(plan.organisation_id)?;
                    let title =
                        self.p.say_two("report-title", "period", self.p.in_text(report.kind), "year", plan.year);
                    Some(at(format!("{title}, {}", body.name), "reports"))
                }
                None => None,
            },
            "compiledReport" => unless_hidden(compiled_reports::get(r, caller, id))?.map(|one| {
                let title = self.p.say_two("compiled-title", "period", self.p.in_text(one.kind), "year", one.year);
                at(title, "compiled-reports")
            }),
            "serviceAccount" => {
                unless_hidden(service_accounts::get(r, caller, id))?.map(|one| at(one.name, "service-accounts"))
            }
            "webhook" => unless_hidden(webhooks::get(r, caller, id))?.map(|one| at(one.webhook.name, "webhooks")),
            "wording" => match r.find::<Wording>(id)? {
                Some(one) => {
                    let owner: Organisation = r.linked(one.organisation_id)?;
                    Some(at(format!("{} {}", owner.name, one.year), "wordings"))
                }
                None => None,
            },
            _ => None,
        })
    }
}

/// The ids of what events name, by what kind of thing each is.
#[derive(Default)]
struct Named(HashMap<String, BTreeSet<Id>>);

impl Named {
    fn add(&mut self, entity: &str, id: Option<Id>) {
        self.0.entry(entity.to_owned()).or_default().extend(id);
    }

    /// What an event, or what followed from it, is about, and what its fields refer to.
    fn event(&mut self, entity: &str, id: Id, sides: [&Fields; 2]) {
        self.add(entity, Some(id));
        for (field, value) in sides.into_iter().flatten().flatten() {
            let Some(kind) = referred(entity, field) else { continue };
            let one = std::slice::from_ref(value);
            for text in value.as_array().map_or(one, Vec::as_slice).iter().filter_map(Value::as_str) {
                self.add(kind, text.parse().ok());
            }
        }
    }

    fn of(&mut self, entity: &str) -> BTreeSet<Id> {
        self.0.remove(entity).unwrap_or_default()
    }
}

/// What an event is about, and of which kind that is.
fn whole_of(
    r: &mut Reading,
    entity: &str,
    id: Id,
    before: &Fields,
    after: &Fields,
) -> Result<Option<(&'static str, Id)>> {
    let told = |field: &str| -> Option<Id> {
        let side = after.as_ref().or(before.as_ref())?;
        side.get(field)?.as_str()?.parse().ok()
    };
    // What a change did not touch stands in the register alone.
    Ok(match entity {
        "risk" => Some(("risk", id)),
        "control" => Some(("control", id)),
        "action" => Some(("action", id)),
        "plan" => Some(("plan", id)),
        "deficiency" => Some(("deficiency", id)),
        "recommendation" => Some(("recommendation", id)),
        "auditOpinion" => Some(("auditOpinion", id)),
        "organisation" => Some(("organisation", id)),
        "goal" => Some(("goal", id)),
        "indicator" => Some(("indicator", id)),
        "mandatoryRisk" => Some(("mandatoryRisk", id)),
        "scoringPolicy" => Some(("scoringPolicy", id)),
        "standingText" => Some(("standingText", id)),
        "wording" => Some(("wording", id)),
        "user" => Some(("user", id)),
        "serviceAccount" => Some(("serviceAccount", id)),
        "webhook" => Some(("webhook", id)),
        "serviceCredential" => {
            part_of(r, told("serviceAccountId"), id, |one: ServiceCredential| one.service_account_id)?
                .map(|id| ("serviceAccount", id))
        }
        "assessment" => part_of(r, told("riskId"), id, |one: Assessment| one.risk_id)?.map(|id| ("risk", id)),
        "controlReport" => {
            part_of(r, told("controlId"), id, |one: ControlReport| one.control_id)?.map(|id| ("control", id))
        }
        "actionReport" => part_of(r, told("actionId"), id, |one: ActionReport| one.action_id)?.map(|id| ("action", id)),
        "planSection" => part_of(r, told("planId"), id, |one: PlanSection| one.plan_id)?.map(|id| ("plan", id)),
        "period" => part_of(r, told("planId"), id, |one: PlanPeriod| one.plan_id)?.map(|id| ("plan", id)),
        "report" => part_of(r, told("planId"), id, |one: Report| one.plan_id)?.map(|id| ("plan", id)),
        "revision" => part_of(r, told("planId"), id, |one: Revision| one.plan_id)?.map(|id| ("plan", id)),
        "selfAssessment" | "financialMeasures" => told("planId").map(|id| ("plan", id)),
        "outcome" => part_of(r, told("indicatorId"), id, |one: Outcome| one.indicator_id)?.map(|id| ("indicator", id)),
        "grant" => part_of(r, told("userId"), id, |one: Grant| one.user_id)?.map(|id| ("user", id)),
        "planDeficiency" => told("deficiencyId").map(|id| ("deficiency", id)),
        "note" => of_note(r, id, &told)?,
        "file" => of_file(r, id, &told)?,
        "recommendationEntry" => told("recommendationId").map(|id| ("recommendation", id)),
        "policyVersion" => told("policyId").map(|id| ("scoringPolicy", id)),
        _ => None,
    })
}

/// What a note is about.
fn of_note(r: &mut Reading, id: Id, told: &dyn Fn(&str) -> Option<Id>) -> Result<Option<(&'static str, Id)>> {
    if told("planId").is_none() {
        return Ok(r.find::<Note>(id)?.map(|note| match note.about() {
            About::Plan(id) => ("plan", id),
            About::Risk(id) => ("risk", id),
            About::Control(id) => ("control", id),
            About::Action(id) => ("action", id),
        }));
    }
    let named = [("control", "controlId"), ("action", "actionId"), ("risk", "riskId"), ("plan", "planId")];
    Ok(named.into_iter().find_map(|(entity, field)| Some((entity, told(field)?))))
}

/// What a file is evidence of.
fn of_file(r: &mut Reading, id: Id, told: &dyn Fn(&str) -> Option<Id>) -> Result<Option<(&'static str, Id)>> {
    let named = [("control", "controlId"), ("action", "actionId"), ("deficiency", "deficiencyId")];
    if let Some(of) = named.into_iter().find_map(|(entity, field)| Some((entity, told(field)?))) {
        return Ok(Some(of));
    }
    let file: Option<EvidenceFile> = r.find(id)?;
    Ok(file.and_then(|file| file.of()).map(|of| match of {
        EvidenceOf::Control(id) => ("control", id),
        EvidenceOf::Action(id) => ("action", id),
        EvidenceOf::Deficiency(id) => ("deficiency", id),
    }))
}

/// What a thing is a part of: as it is told, or else as the register has it.
fn part_of<T: Stored>(r: &mut Reading, told: Option<Id>, id: Id, whole: impl Fn(T) -> Id) -> Result<Option<Id>> {
    if told.is_some() { Ok(told) } else { Ok(r.find::<T>(id)?.map(whole)) }
}

/// What a field is called.
pub fn called(p: &Frame, field: &str) -> String {
    let key = format!("field-{field}");
    if texts::has(p.language, &key) {
        return p.say(&key);
    }
    usual(field, p.language).map_or_else(|| field.to_owned(), capital)
}

/// What kind of thing a field names by its id.
fn referred(entity: &str, field: &str) -> Option<&'static str> {
    Some(match field {
        "ownerId" | "responsibleId" | "userId" | "onBehalfOfId" | "mentionedIds" => "user",
        _ if field.ends_with("ById") => "user",
        "organisationId" | "successorId" | "concerns" => "organisation",
        "parentId" if entity == "goal" => "goal",
        "parentId" => "organisation",
        "riskId" => "risk",
        "planId" | "fromPlanId" => "plan",
        "goalId" | "goalOrder" => "goal",
        "continuesId" if entity == "goal" => "goal",
        "continuesId" if entity == "indicator" => "indicator",
        "continuesId" | "mandatoryId" | "areaId" => "mandatoryRisk",
        "controlId" | "fromControlId" => "control",
        "actionId" | "actionIds" => "action",
        "indicatorId" | "indicatorIds" => "indicator",
        "deficiencyId" => "deficiency",
        "recommendationId" => "recommendation",
        "policyId" => "scoringPolicy",
        "policyVersionId" => "policyVersion",
        "previousId" if entity == "risk" => "risk",
        "previousId" if entity == "control" => "control",
        "previousId" if entity == "action" => "action",
        _ => return None,
    })
}

/// The word of a closed list behind what a form of an operation holds, for people.
pub fn word_of(p: &Frame, act: &str, field: &str, text: &str) -> Option<String> {
    let entity = match act {
        "reportControl" | "correctControlReport" => "controlReport",
        "reportAction" | "correctActionReport" => "actionReport",
        "reportStatuses" => "controlReport or actionReport",
        "writeOutcome" => "outcome",
        _ => "",
    };
    word(p, entity, field, text).map(|label| capital(&label))
}

/// The word of a closed list behind a field's value.
fn word(p: &Frame, entity: &str, field: &str, text: &str) -> Option<Cow<'static, str>> {
    fn of<W: Word>(p: &Frame, text: &str) -> Option<Cow<'static, str>> {
        W::parse(text).map(|word| p.label(word))
    }
    fn of_either(p: &Frame, text: &str) -> Option<Cow<'static, str>> {
        of::<ControlStatus>(p, text).or_else(|| of::<ActionStatus>(p, text))
    }
    let label = match (field, entity) {
        ("status", "plan") => of::<PlanStatus>,
        ("status", "controlReport") => of::<ControlStatus>,
        ("status", "actionReport") => of::<ActionStatus>,
        ("status", "controlReport or actionReport") => of_either,
        ("status", "period") => of::<PeriodStatus>,
        ("status", "report" | "compiledReport") => of::<ReportStatus>,
        ("kind", "mandatoryRisk") => of::<MandatoryKind>,
        ("kind", "organisation") => of::<OrganisationKind>,
        ("kind", "report" | "compiledReport") => of::<Period>,
        ("judgement", "outcome") => of::<OutcomeJudgement>,
        ("judgement", _) => of::<Sufficiency>,
        ("category", _) => of::<Category>,
        ("response", _) => of::<Response>,
        ("level" | "targetLevel", _) => of::<LevelKey>,
        ("inclusionReason", _) => of::<InclusionReason>,
        ("recurrences", _) => of::<Recurrence>,
        ("duePeriod" | "period" | "regionPeriod", _) => of::<Period>,
        ("effect", _) => of::<ActionEffect>,
        ("severity", _) => of::<Severity>,
        ("source", _) => of::<RecommendationSource>,
        ("side", _) => of::<DialogueSide>,
        ("role", _) => of::<Role>,
        ("section" | "component", _) => of::<SectionKey>,
        ("language", _) => of::<Language>,
        ("scopes", _) => of::<ServiceScope>,
        ("comparator", _) => of::<Comparator>,
        ("decidedBy", _) => of::<DecidedBy>,
        _ => return None,
    };
    label(p, text)
}
