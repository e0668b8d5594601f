//! Scales: what one says, a change to it tried and made, and what a version of it moves in the plans.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::Value;

use super::known::{Levels, Names};
use super::lists;
use super::matrix::{Scale, scale_of};
use crate::app::caller::Caller;
use crate::app::people::organisations;
use crate::app::places::{path_ids, plan_state, plan_target};
use crate::app::plans;
use crate::app::sent::etag;
use crate::app::settings;
use crate::app::settings::policies::{
    self, PolicyPreview, PolicyRemark, PolicyVersionForm, PolicyView, PreviewedPlan, PreviewedRisk,
};
use crate::domain::life::{self, PlanVerb};
use crate::domain::roles::{Target, Verb};
use crate::domain::scoring::{COLOURS, Policy, STEPS_MAX, STEPS_MIN};
use crate::domain::words::{LevelKey, PlanStatus};
use crate::error::{Error, Result};
use crate::storage::queries::{Listing, OrganisationFilter, PlanFilter};
use crate::storage::records::{Organisation, Plan, PolicyVersion};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::fields::Fields;
use crate::web::frame::{Axes, Frame};
use crate::web::parts::Form;
use crate::web::values::{Choice, Html, capital};

/// What every page of a scale begins with.
struct Known {
    policy: PolicyView,
    owner: Organisation,
    may_change: bool,
    /// New plans follow it: it is the one scale of its owner that they look for.
    leads: bool,
}

fn known(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<Known> {
    let policy = policies::get(r, caller, ask.step("id")?)?;
    let owner: Organisation = r.linked(policy.organisation_id)?;
    let may_change = ask.frame.is_now() && settings::may_scale(caller, &owner);
    let leads = r.policies_of(owner.id)?.first().is_some_and(|first| first.id == policy.id);
    Ok(Known { policy, owner, may_change, leads })
}

#[derive(Template)]
#[template(path = "pages/policy.html")]
struct PolicyPage<'a> {
    p: &'a Frame,
    of: Known,
    levels: Levels,
    scale: Scale,
    versions: Vec<PolicyVersion>,
    rename: Form<'a>,
}

/// A scale: its matrix, its steps and what each level demands, by its newest version.
pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let of = known(r, caller, ask)?;
    let levels = Levels::read(r, of.policy.newest_version_id, p)?;
    let versions = policies::versions(r, caller, of.policy.id, &Listing::all())?.items;
    let rename = p.form("changeScoringPolicy", "rename").at("id", of.policy.id).tagged(etag(&of.policy)?);
    ask.write(&PolicyPage { p, scale: scale_of(p, &levels), of, levels, versions, rename })
}

#[derive(Template)]
#[template(path = "pages/policy_version.html")]
struct OfVersion<'a> {
    p: &'a Frame,
    of: Known,
    version: PolicyVersion,
    levels: Levels,
    scale: Scale,
    /// The plans that follow it.
    followed: Vec<(Id, String)>,
    moves: Moves<'a>,
}

/// One version of a scale, which plans follow it, and what it would move in the others.
pub fn version(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let of = known(r, caller, ask)?;
    let version = policies::version(r, caller, of.policy.id, ask.step("number")?)?;
    let levels = Levels::read(r, version.id, p)?;
    let mut preview = policies::moved_by(r, caller, of.policy.id, &levels.0)?;
    // Drafts that follow another scale may come over to this one.
    let drafts = if p.is_now() { drafts(r, caller, &of)? } else { Vec::new() };
    let more = policies::moved_in(r, caller, drafts, &levels.0)?;
    preview.plans.extend(more.plans);
    preview.risks.extend(more.risks);
    preview.truncated |= more.truncated;
    let mut followed = Vec::new();
    let mut others = Vec::new();
    for told in preview.plans {
        let plan: Plan = r.linked(told.plan_id)?;
        if plan.policy_version_id == version.id {
            let body: Organisation = r.linked(plan.organisation_id)?;
            followed.push((plan.id, format!("{} {}", body.name, plan.year)));
        } else {
            others.push(told);
        }
    }
    preview.plans = others;
    let moves = moves(r, caller, p, preview, &levels, Some(&version))?;
    ask.write(&OfVersion { p, of, version, scale: scale_of(p, &levels), levels, followed, moves })
}

/// The drafts below a scale's owner that follow another scale, and that the caller may let follow this one.
fn drafts(r: &mut Reading, caller: &Caller, of: &Known) -> Result<Vec<Plan>> {
    let filter = PlanFilter { status: PlanStatus::Draft.into(), ..PlanFilter::default() };
    let mut found = Vec::new();
    for plan in plans::list(r, caller, &filter, &Listing::all())?.items {
        let body: Organisation = r.linked(plan.organisation_id)?;
        let scored_by: PolicyVersion = r.linked(plan.policy_version_id)?;
        let below = path_ids(&body.path).contains(&of.owner.id.0);
        if below && scored_by.policy_id != of.policy.id && may_follow(r, caller, &plan)? {
            found.push(plan);
        }
    }
    Ok(found)
}

/// What a matrix moves, plan by plan.
struct Moves<'a> {
    /// In all plans together; nothing where there are none.
    told: String,
    /// The plans in which something moves, or that could follow the version.
    plans: Vec<MovedPlan<'a>>,
    /// The others: nothing moves in them.
    still: Vec<(Id, String)>,
    truncated: bool,
    /// What in the matrix may be a slip.
    remarks: Vec<PolicyRemark>,
}

struct MovedPlan<'a> {
    plan: PreviewedPlan,
    name: String,
    told: String,
    risks: Vec<MovedRisk>,
    /// For who may let the plan follow the version.
    follow: Option<Form<'a>>,
}

struct MovedRisk {
    risk: PreviewedRisk,
    before: Html,
    after: Html,
}

/// So many risks of each kind, in words.
fn counted(p: &Frame, counts: [(&str, u32); 5]) -> String {
    let told: Vec<String> = counts.iter().filter(|(_, n)| *n > 0).map(|(key, n)| p.count(key, n)).collect();
    if told.is_empty() { p.say("moves-no-risks") } else { format!("{}.", told.join(", ")) }
}

fn counts(plan: &PreviewedPlan) -> [(&'static str, u32); 5] {
    [
        ("moves-entered", plan.entered),
        ("moves-left", plan.left),
        ("moves-moved", plan.moved),
        ("moves-unfit", plan.unfit),
        ("moves-unchanged", plan.unchanged),
    ]
}

/// What a preview tells, with names and levels; `version` is the one that drafts can follow, where there is one already.
fn moves<'a>(
    r: &mut Reading,
    caller: &Caller,
    p: &'a Frame,
    preview: PolicyPreview,
    after: &Levels,
    version: Option<&PolicyVersion>,
) -> Result<Moves<'a>> {
    let PolicyPreview { plans: told, risks, truncated, remarks } = preview;
    let mut by_plan: BTreeMap<Id, Vec<PreviewedRisk>> = BTreeMap::new();
    for risk in risks {
        by_plan.entry(risk.plan_id).or_default().push(risk);
    }
    let bodies = Names::organisations(r, told.iter().map(|one| one.organisation_id))?;
    let (mut plans, mut still) = (Vec::new(), Vec::new());
    let mut all =
        [("moves-entered", 0), ("moves-left", 0), ("moves-moved", 0), ("moves-unfit", 0), ("moves-unchanged", 0)];
    let many = told.len();
    for one in told {
        let of = counts(&one);
        all.iter_mut().zip(of).for_each(|((_, sum), (_, n))| *sum += n);
        let plan: Plan = r.linked(one.plan_id)?;
        let name = format!("{} {}", bodies.of(&one.organisation_id), one.year);
        let follow = match version {
            Some(version) if p.is_now() && may_follow(r, caller, &plan)? => {
                let form = p.form("changePlan", format!("follow-{}", plan.id)).at("id", plan.id);
                let form = form.tagged(etag(&plans::get(r, caller, plan.id)?)?).fixed("policyVersionId", version.id);
                Some(form.to(format!("/plans/{}", plan.id)))
            }
            _ => None,
        };
        let moved = of.iter().any(|(key, n)| *key != "moves-unchanged" && *n > 0);
        if !moved && follow.is_none() {
            still.push((plan.id, name));
            continue;
        }
        let before = Levels::read(r, plan.policy_version_id, p)?;
        let risks = by_plan.remove(&plan.id).unwrap_or_default().into_iter().map(|risk| MovedRisk {
            before: before.show(&risk.before.level),
            after: after.show(&risk.after.level),
            risk,
        });
        plans.push(MovedPlan { risks: risks.collect(), plan: one, name, told: capital(&counted(p, of)), follow });
    }
    let told = format!("{} {}", p.count("moves-plans", many), counted(p, all));
    Ok(Moves { told: if many > 0 { told } else { String::new() }, plans, still, truncated, remarks })
}

/// Whether the caller may let a plan follow another version: a draft, whose board has not decided on any yet.
fn may_follow(r: &mut Reading, caller: &Caller, plan: &Plan) -> Result<bool> {
    let body: Organisation = r.linked(plan.organisation_id)?;
    Ok(plan.adopted_revision.is_none()
        && caller.sees(Verb::EditPlan, &Target::Plan(plan_target(plan, &body)))
        && life::may(PlanVerb::Edit, &plan_state(plan), r.today()).is_ok())
}

/// A matrix as a form holds it: the text of each field, by the field's name. Of a version, or of what was typed.
struct Written(BTreeMap<String, String>);

impl Written {
    fn of(policy: &Policy) -> Result<Self> {
        let mut all = BTreeMap::new();
        flatten("definition", &serde_json::to_value(policy).map_err(Error::internal)?, &mut all);
        Ok(Self(all))
    }

    /// A box that is ticked stands twice: the later says so.
    fn sent(fields: &Fields) -> Self {
        let definition = fields.iter().filter(|(name, _)| name.starts_with("definition/"));
        Self(definition.cloned().collect())
    }

    fn fields(&self) -> Fields {
        self.0.clone().into_iter().collect()
    }

    fn field(&self, name: String) -> At {
        let value = self.0.get(&name).cloned().unwrap_or_default();
        At { name, value }
    }

    /// How many rows a list has.
    fn rows(&self, list: &str, field: &str) -> usize {
        (0..STEPS_MAX).take_while(|n| self.0.contains_key(&format!("definition/{list}/{n}/{field}"))).count()
    }

    fn step(&self, list: &str, n: usize) -> StepRow {
        let at = |field: &str| self.field(format!("definition/{list}/{n}/{field}"));
        StepRow { at: n + 1, label: at("label"), description: at("description") }
    }

    /// The levels in their order, by their keys.
    fn keys(&self) -> Vec<LevelKey> {
        let rows = (0..self.rows("levels", "key")).map(|n| self.field(format!("definition/levels/{n}/key")).value);
        rows.filter_map(|key| LevelKey::parse(&key)).collect()
    }

    /// A level that has row `n` of the form, by what is written of it, or as a new one begins.
    fn level(&self, p: &Frame, n: usize, key: LevelKey) -> LevelRow {
        let held = self.keys().iter().position(|one| *one == key);
        let at = |field: &str, new: &str| {
            let value = match held {
                Some(from) => self.field(format!("definition/levels/{from}/{field}")).value,
                None => new.to_owned(),
            };
            At { name: format!("definition/levels/{n}/{field}"), value }
        };
        let colour = LevelKey::ALL.iter().position(|one| *one == key).and_then(|place| COLOURS.get(place));
        LevelRow {
            word: p.word(key),
            label: at("label", &p.word(key)),
            colour: at("colour", colour.copied().unwrap_or_default()),
            demand: at("demand", ""),
            action: at("actionRequired", "false"),
            justification: at("justificationIfAccepted", "false"),
            monitored: at("monitored", "false"),
            key: At { name: format!("definition/levels/{n}/key"), value: key.as_str().to_owned() },
        }
    }
}

fn flatten(at: &str, value: &Value, all: &mut BTreeMap<String, String>) {
    let mut below = |step: &str, value: &Value| flatten(&format!("{at}/{step}"), value, all);
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| below(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(n, value)| below(&n.to_string(), value)),
        Value::String(text) => drop(all.insert(at.to_owned(), text.clone())),
        other => drop(all.insert(at.to_owned(), other.to_string())),
    }
}

/// A field of the form, with what stands in it.
struct At {
    name: String,
    value: String,
}

struct StepRow {
    at: usize,
    label: At,
    description: At,
}

struct LevelRow {
    word: String,
    key: At,
    label: At,
    colour: At,
    demand: At,
    action: At,
    justification: At,
    monitored: At,
}

struct CellRow {
    likelihood: usize,
    label: String,
    cells: Vec<CellAt>,
}

struct CellAt {
    /// What it is called for who does not see where it stands.
    score_label: String,
    level_label: String,
    heading: String,
    score: At,
    level: At,
}

#[derive(Template)]
#[template(path = "pages/policy_new.html")]
struct New<'a> {
    p: &'a Frame,
    of: Known,
    from: i32,
    /// What the change that was tried comes to.
    tried: Option<(Scale, Levels, Moves<'a>)>,
    /// Only the rows were changed.
    reshaped: bool,
    threshold: At,
    down_name: At,
    across_name: At,
    axes: Axes,
    likelihoods: Vec<StepRow>,
    consequences: Vec<StepRow>,
    rows: Vec<CellRow>,
    levels: Vec<LevelRow>,
    level_choices: Vec<Choice>,
    colours: Vec<Choice>,
    sizes: Vec<Choice>,
    keys: Vec<Choice>,
    /// The levels of the form, a line for each.
    held: String,
    form: Form<'a>,
    /// To keep what was tried: as the next version, or as a scale of one's own.
    save: Option<Form<'a>>,
    own: Option<(Form<'a>, Vec<Choice>)>,
}

/// A change to a scale: tried by whoever wants to know, kept by who may.
pub fn new(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let of = known(r, caller, ask)?;
    let id = of.policy.id;
    let from = ask.q("from").unwrap_or(of.policy.newest_version);
    let version = policies::version(r, caller, id, from)?;
    let typed = p.failed.as_ref().map(|failed| &failed.typed).or(p.sent.as_ref().map(|sent| &sent.typed));
    let written = match typed {
        Some(fields) => Written::sent(fields),
        None => Written::of(&*policies::definition(r, version.id)?)?,
    };
    let reshaped = p.sent.as_ref().filter(|sent| sent.answer.is_none()).map(|sent| &sent.typed);

    // How many rows: as many as are written, or as were asked for.
    let size = |list: &str| {
        let wished = reshaped.and_then(|fields| crate::web::fields::field(fields, &format!("_{list}"))?.parse().ok());
        wished.unwrap_or_else(|| written.rows(list, "label")).clamp(STEPS_MIN, STEPS_MAX)
    };
    let (down, across) = (size("likelihoods"), size("consequences"));
    let mut held = written.keys();
    if let Some(fields) = reshaped {
        let wished = |key: &LevelKey| fields.iter().any(|(name, value)| name == "_levels" && value == key.as_str());
        held.retain(wished);
        let more = LevelKey::ALL.iter().rev().filter(|key| wished(key) && !held.contains(key));
        held.extend(more.copied().collect::<Vec<_>>());
    }
    let axes = p.axes_written(&written.fields());
    let likelihoods: Vec<StepRow> = (0..down).map(|n| written.step("likelihoods", n)).collect();
    let consequences: Vec<StepRow> = (0..across).map(|n| written.step("consequences", n)).collect();
    let levels: Vec<LevelRow> = held.iter().enumerate().map(|(n, key)| written.level(p, n, *key)).collect();
    let cell = |l: usize, c: usize, heading: String| {
        let at = p.cell_of(&axes, l + 1, c + 1);
        CellAt {
            score_label: format!("{}, {at}", p.say("score")),
            level_label: format!("{}, {at}", p.say("level")),
            heading,
            score: written.field(format!("definition/cells/{l}/{c}/score")),
            level: written.field(format!("definition/cells/{l}/{c}/level")),
        }
    };
    let rows = likelihoods.iter().enumerate().rev().map(|(l, step)| CellRow {
        likelihood: step.at,
        label: step.label.value.clone(),
        cells: consequences.iter().enumerate().map(|(c, step)| cell(l, c, step.label.value.clone())).collect(),
    });
    let rows: Vec<CellRow> = rows.collect();

    // A level that a cell has no more is not changed into another by itself.
    let mut level_choices: Vec<Choice> =
        levels.iter().map(|level| Choice::new(level.key.value.clone(), level.label.value.clone())).collect();
    let unknown = |at: &CellAt| held.iter().all(|key| key.as_str() != at.level.value);
    if rows.iter().flat_map(|row| &row.cells).any(unknown) {
        level_choices.insert(0, Choice::new("", p.say("choose-none")));
    }
    let mut colours: Vec<Choice> = COLOUR_NAMES.iter().map(|(word, key)| Choice::new(*word, p.say(key))).collect();
    for level in &levels {
        if colours.iter().all(|choice| choice.value != level.colour.value) {
            colours.push(Choice::new(level.colour.value.clone(), level.colour.value.clone()));
        }
    }

    let tried = match &p.sent {
        Some(sent) => match &sent.answer {
            Some(answer) => {
                let form: PolicyVersionForm = ask.sent("previewPolicyVersion", &sent.typed)?;
                let levels = Levels(form.definition.into());
                let preview: PolicyPreview = serde_json::from_slice(answer).map_err(Error::internal)?;
                let moves = moves(r, caller, p, preview, &levels, None)?;
                Some((scale_of(p, &levels), levels, moves))
            }
            None => None,
        },
        None => None,
    };
    // What is kept is what was shown, whatever is written in the form below it since.
    let came_back = |name: &str| p.failed.as_ref().is_some_and(|failed| failed.form == name);
    let save = if of.may_change && (tried.is_some() || came_back("save")) {
        let form = p.form("createPolicyVersion", "save").at("id", id).to(format!("/policies/{id}/versions/{{id}}"));
        Some(keeping(form, typed))
    } else {
        None
    };
    let owners = if p.is_now() && (tried.is_some() || came_back("own")) { owners(r, caller, p)? } else { Vec::new() };
    let own = (!owners.is_empty())
        .then(|| (keeping(p.form("createScoringPolicy", "own").to("/policies/{id}"), typed), owners));
    ask.write(&New {
        p,
        from,
        tried,
        reshaped: reshaped.is_some(),
        threshold: written.field("definition/threshold".into()),
        down_name: written.field("definition/likelihoodName".into()),
        across_name: written.field("definition/consequenceName".into()),
        axes,
        likelihoods,
        consequences,
        rows,
        levels,
        level_choices,
        colours,
        sizes: (STEPS_MIN..=STEPS_MAX).map(|n| Choice::new(n.to_string(), n.to_string())).collect(),
        keys: p.words::<LevelKey>(),
        held: held.iter().map(|key| key.as_str()).collect::<Vec<_>>().join("\n"),
        form: p.form("previewPolicyVersion", "version").at("id", id),
        save,
        own,
        of,
    })
}

/// A form that keeps the matrix that was typed.
fn keeping<'a>(form: Form<'a>, typed: Option<&Fields>) -> Form<'a> {
    let fields = typed.into_iter().flatten().filter(|(name, _)| name.starts_with("definition/"));
    fields.fold(form, |form, (name, value)| form.fixed(name, value))
}

/// The colours that have names, and the keys of these.
const COLOUR_NAMES: [(&str, &str); 5] = [
    ("lightGreen", "colour-light-green"),
    ("green", "colour-green"),
    ("yellow", "colour-yellow"),
    ("orange", "colour-orange"),
    ("red", "colour-red"),
];

/// The bodies that have no scale of their own yet, and whose scale the caller may make: new plans look for the first.
fn owners(r: &mut Reading, caller: &Caller, p: &Frame) -> Result<Vec<Choice>> {
    let all = organisations::list(r, &OrganisationFilter::default(), &Listing::by("name", false))?.items;
    let mut found = Vec::new();
    for one in all.into_iter().filter(|one| one.kind.is_body() && settings::may_scale(caller, one)) {
        if r.policies_of(one.id)?.is_empty() {
            found.push(Choice::new(one.id.to_string(), one.name));
        }
    }
    Ok(lists::one_of(p, found))
}
