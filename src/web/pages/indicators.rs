//! How goals are measured: an indicator with its targets and its outcomes over the years, and a form to make or change one.

use std::collections::HashSet;

use askama::Template;

use super::chart::{self, Point};
use super::known::{Linked, Names, people_of};
use super::lists;
use crate::app::caller::Caller;
use crate::app::findings::asked;
use crate::app::findings::outcomes::{self, Measured, OutcomeView};
use crate::app::places::path_ids;
use crate::app::sent::etag;
use crate::app::settings;
use crate::app::settings::indicators::{self, IndicatorForm};
use crate::app::settings::local_targets;
use crate::domain::roles::{Target, Verb};
use crate::domain::targets::printed;
use crate::domain::words::{Colour, Comparator, DecidedBy, Language, OutcomeJudgement, Period};
use crate::error::Result;
use crate::storage::queries::{Listing, OrganisationFilter, OutcomeFilter};
use crate::storage::records::{Goal, Indicator, Organisation};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, Html, escaped};

/// What a form of an indicator has to choose from and to begin with.
pub struct Editing {
    pub said: IndicatorForm,
    pub owners: Vec<Choice>,
    pub comparators: Vec<Choice>,
    pub decided_by: Vec<Choice>,
    pub bodies: Vec<Choice>,
    pub concerned: String,
    /// The names of the fields of each body's own target, with the body and what it is now.
    pub local: Vec<TargetField>,
    pub later: Vec<TargetField>,
    pub former: Vec<Choice>,
    pub people: Vec<Choice>,
}

/// A field for a target, with the label that says whose or of which year it is.
pub struct TargetField {
    pub name: String,
    pub label: String,
    pub target: String,
}

impl Editing {
    /// Of an indicator that is there, or of a new one that measures a goal; with the form's fixed fields.
    pub fn of<'f>(
        r: &mut Reading,
        caller: &Caller,
        p: &'f Frame,
        (goal, owner): (&Goal, &Organisation),
        indicator: Option<&Indicator>,
        mut form: Form<'f>,
    ) -> Result<(Self, Form<'f>)> {
        let said = match indicator {
            Some(one) => IndicatorForm::of(one),
            None => IndicatorForm {
                goal_id: goal.id,
                organisation_id: None,
                continues_id: None,
                name: String::new(),
                unit: None,
                comparator: None,
                decided_by: if path_ids(&owner.path).len() == 1 { DecidedBy::Council } else { DecidedBy::Board },
                council_target: None,
                board_target: None,
                later_targets: Vec::new(),
                concerns: Vec::new(),
                local_targets: Vec::new(),
                baseline_year: None,
                baseline_value: None,
                responsible_id: None,
                note: None,
                position: None,
            },
        };
        let there = OrganisationFilter { valid_on: Some(r.today()), ..OrganisationFilter::default() };
        let below = |one: &Organisation| one.path.starts_with(&owner.path);
        let owners = match indicator {
            Some(_) => Vec::new(),
            None => {
                let theirs = lists::organisations(r, &there, |one| below(one) && settings::may(caller, one))?;
                lists::one_of(p, theirs)
            }
        };
        // Who makes one of a body's own under another's goal has no other bodies to name.
        let names = indicator.is_some() || settings::may(caller, owner);
        let bodies = lists::organisations(r, &there, |one| names && one.body_id == Some(one.id) && below(one))?;
        // Of one body there is nothing to choose, and its target is the board's.
        let bodies = if bodies.len() > 1 || !said.concerns.is_empty() { bodies } else { Vec::new() };
        let named: HashSet<String> = said.concerns.iter().map(Id::to_string).collect();
        let mut local = Vec::new();
        let own = bodies.iter().filter(|body| named.is_empty() || named.contains(&body.value));
        for (at, body) in own.filter(|_| indicator.is_some()).enumerate() {
            form = form.fixed(&format!("localTargets/{at}/organisationId!"), body.value.as_str());
            let known = said.local_targets.iter().find(|one| one.organisation_id.to_string() == body.value);
            local.push(TargetField {
                name: format!("localTargets/{at}/target"),
                label: p.say_with("indicator-local-target", "name", &body.label),
                target: known.map(|one| one.target.clone()).unwrap_or_default(),
            });
        }
        let mut later = Vec::new();
        for (at, year) in (goal.year + 1..=goal.year + 3).enumerate() {
            form = form.fixed(&format!("laterTargets/{at}/year!"), year);
            let known = said.later_targets.iter().find(|one| one.year == year);
            later.push(TargetField {
                name: format!("laterTargets/{at}/target"),
                label: p.say_with("indicator-later-target", "year", year),
                target: known.map(|one| one.target.clone()).unwrap_or_default(),
            });
        }
        let former = indicators::of_year(r, goal.year - 1)?;
        let former = former.into_iter().filter(|(_, whose)| match indicator {
            Some(_) => whose.id == owner.id,
            None => whose.path.starts_with(&owner.path) && settings::may(caller, whose),
        });
        let former = p.or_none(former.map(|(one, _)| Choice::new(one.id.to_string(), one.name)));
        Ok((
            Self {
                concerned: said.concerns.iter().map(Id::to_string).collect::<Vec<_>>().join("\n"),
                comparators: p.choices::<Comparator>(),
                decided_by: p.words::<DecidedBy>(),
                people: people_of(r, caller, p, owner, said.responsible_id)?,
                owners,
                bodies,
                local,
                later,
                former,
                said,
            },
            form,
        ))
    }
}

/// The shape of a judgement.
pub fn judged(p: &Frame, judgement: &Option<OutcomeJudgement>) -> Html {
    let Some(word) = judgement else { return Html("–".into()) };
    let colour = match word {
        OutcomeJudgement::OnTarget => Colour::Green,
        OutcomeJudgement::AtRisk => Colour::Yellow,
        OutcomeJudgement::Missed => Colour::Red,
    };
    Html(format!("{} {}", p.coloured(&colour), escaped(&p.word(word))))
}

/// A figure as people write it, with its unit; a dash for none.
pub fn figure(p: &Frame, text: &Option<String>, unit: &Option<String>) -> String {
    let Some(text) = text else { return "–".into() };
    let told = match text.as_str() {
        "yes" | "no" => return p.say(text),
        number if p.language == Language::Sv => number.replace('.', ","),
        number => number.to_owned(),
    };
    match unit {
        Some(unit) => format!("{told}\u{a0}{unit}"),
        None => told,
    }
}

/// What an indicator came to in a period of one of its years.
struct Row {
    year: i32,
    indicator: Id,
    period: Period,
    target: String,
    value: String,
    forecast: String,
    judged: Html,
    linked: Linked,
    view: OutcomeView,
}

/// The form that links what the indicator came to in a period to actions of the body's plan.
struct Linking<'a> {
    period: Period,
    form: Form<'a>,
    choices: Vec<Choice>,
    chosen: String,
}

#[derive(Template)]
#[template(path = "pages/indicator.html")]
struct OfIndicator<'a> {
    p: &'a Frame,
    indicator: Indicator,
    goal: Goal,
    owner: Organisation,
    council: Option<String>,
    board: Option<String>,
    local: Vec<(String, String)>,
    later: Vec<(i32, String)>,
    baseline: Option<String>,
    concerned: Vec<String>,
    responsible: Option<String>,
    before: Option<(Id, String)>,
    after: Option<(Id, String)>,
    /// The organisations with outcomes that the one who looks sees, and the one whose they are here.
    organisations: Vec<Choice>,
    chosen: String,
    rows: Vec<Row>,
    linking: Vec<Linking<'a>>,
    chart: Option<Html>,
    may_change: bool,
    /// The bodies whose own target whoever looks may set.
    own: Vec<OwnTarget<'a>>,
    editing: Editing,
    form: Form<'a>,
    confirm: Form<'a>,
    delete: Form<'a>,
}

/// A body's own target of an indicator above it, with the form that sets it and the one that takes it back.
struct OwnTarget<'a> {
    name: String,
    target: String,
    form: Form<'a>,
    withdraw: Option<Form<'a>>,
}

fn own_targets<'a>(
    r: &mut Reading,
    caller: &Caller,
    p: &'a Frame,
    (indicator, owner): (&Indicator, &Organisation),
) -> Result<Vec<OwnTarget<'a>>> {
    if !p.is_now() {
        return Ok(Vec::new());
    }
    let there = OrganisationFilter { valid_on: Some(r.today()), ..OrganisationFilter::default() };
    let theirs = r.organisations(&there, &Listing::all())?.items;
    let theirs =
        theirs.iter().filter(|body| local_targets::may_have(indicator, owner, body) && settings::may(caller, body));
    let mut all = Vec::new();
    for body in theirs {
        let known = indicator.of_bodies().iter().find(|one| one.organisation_id == body.id);
        let of = |act, name: &str| {
            let form = p.form(act, format!("{name}-{}", body.id));
            form.at("id", indicator.id).at("organisationId", body.id)
        };
        let form = of("setLocalTarget", "target");
        let tag = known.map(etag).transpose()?;
        all.push(OwnTarget {
            name: body.name.clone(),
            target: known.map(|one| one.target.clone()).unwrap_or_default(),
            withdraw: tag.as_ref().map(|tag| of("withdrawLocalTarget", "withdraw").tagged(tag.clone())),
            form: match tag {
                Some(tag) => form.tagged(tag),
                None => form.fresh(),
            },
        });
    }
    Ok(all)
}

/// One indicator, with what it came to through the years.
pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let indicator = indicators::get(r, caller, id)?;
    let (goal, owner) = indicators::around(r, &indicator)?;
    let tag = etag(&indicator)?;
    let form = p.form("changeIndicator", "indicator").at("id", id).tagged(tag.clone());
    let (editing, form) = Editing::of(r, caller, p, (&goal, &owner), Some(&indicator), form)?;
    let confirm = p.form("changeIndicator", "confirm").at("id", id).tagged(tag.clone());
    let confirm = confirm.fixed("boardTarget", indicator.board_target.clone());
    let delete = p.form("deleteIndicator", "delete").at("id", id).tagged(tag).to(format!("/goals/{}", goal.id));
    let of_bodies = indicator.of_bodies().iter().map(|one| one.organisation_id);
    let names = Names::organisations(r, indicator.concerned().iter().copied().chain(of_bodies))?;
    let responsible = Names::people(r, [indicator.responsible_id])?;
    let years = asked::years(r, id)?;
    let at = years.iter().position(|one| one.indicator.id == id).unwrap_or_default();
    let other = |one: &Measured| {
        (one.indicator.id, p.say_two("indicator-of-year", "name", &one.indicator.name, "year", one.year))
    };
    let before = at.checked_sub(1).and_then(|n| years.get(n)).map(other);
    let after = years.get(at + 1).map(other);
    let mut told = Vec::new();
    for one in &years {
        let filter = OutcomeFilter { indicator_id: one.indicator.id.into(), ..OutcomeFilter::default() };
        let found = outcomes::list(r, caller, &filter, &Listing::all())?.items;
        told.extend(found.into_iter().map(|view| (one, view)));
    }
    let whose: HashSet<Id> = told.iter().map(|(_, view)| view.outcome.organisation_id).collect();
    let organisations = lists::organisations(r, &OrganisationFilter::default(), |one| whose.contains(&one.id))?;
    let asked_of = ask.text("organisationId");
    let known = |value: &str| organisations.iter().any(|one| one.value == value);
    let chosen = if known(asked_of) {
        asked_of.to_owned()
    } else {
        organisations.first().map(|one| one.value.clone()).unwrap_or_default()
    };
    told.retain(|(_, view)| view.outcome.organisation_id.to_string() == chosen);
    told.sort_by_key(|(one, view)| (one.year, view.outcome.period));
    let mut rows = Vec::with_capacity(told.len());
    for (one, view) in told {
        let organisation: Organisation = r.linked(view.outcome.organisation_id)?;
        let target = indicators::target_of(&one.indicator, &organisation).map(printed);
        let unit = &one.indicator.unit;
        rows.push(Row {
            year: one.year,
            indicator: one.indicator.id,
            period: view.outcome.period,
            target: target.unwrap_or_else(|| "–".into()),
            value: figure(p, &view.outcome.value, unit),
            forecast: figure(p, &view.outcome.forecast, unit),
            judged: judged(p, &view.outcome.judgement),
            linked: Linked::read(r, caller, &view.outcome.action_ids)?,
            view,
        });
    }
    let linking = linking(r, caller, p, (&indicator, goal.year), &rows)?;
    let local = indicator.of_bodies().iter();
    let later = indicator.later_targets.iter();
    let own = own_targets(r, caller, p, (&indicator, &owner))?;
    ask.write(&OfIndicator {
        p,
        council: indicator.council_target.as_deref().map(printed),
        board: indicator.board_target.as_deref().map(printed),
        later: later.map(|one| (one.year, printed(&one.target))).collect(),
        baseline: indicator.baseline_value.is_some().then(|| figure(p, &indicator.baseline_value, &indicator.unit)),
        concerned: indicator.concerned().iter().map(|id| names.of(id).to_owned()).collect(),
        local: local.map(|one| (names.of(&one.organisation_id).to_owned(), printed(&one.target))).collect(),
        responsible: indicator.responsible_id.map(|id| responsible.of(&id).to_owned()),
        before,
        after,
        chart: chart(p, &indicator.name, &rows),
        organisations,
        chosen,
        rows,
        linking,
        may_change: p.is_now() && settings::may(caller, &owner),
        own,
        editing,
        form,
        confirm,
        delete,
        indicator,
        goal,
        owner,
    })
}

/// The forms of the periods of the indicator's own year whose outcomes whoever looks may write.
fn linking<'a>(
    r: &mut Reading,
    caller: &Caller,
    p: &'a Frame,
    (indicator, year): (&Indicator, i32),
    rows: &[Row],
) -> Result<Vec<Linking<'a>>> {
    let mut all = Vec::new();
    for row in rows.iter().filter(|row| p.is_now() && row.indicator == indicator.id) {
        let told = &row.view.outcome;
        let organisation: Organisation = r.linked(told.organisation_id)?;
        let may = outcomes::may_write(caller, &organisation, indicator)
            && asked::hindrance(r, &organisation, year, row.period)?.is_none();
        // The region itself has no plan.
        let Some(body) = organisation.body_id.filter(|_| may) else { continue };
        let body: Organisation = r.linked(body)?;
        let choices = row.linked.choices(r, caller, p, &body, year..=year)?;
        if choices.is_empty() {
            continue;
        }
        let form = p.form("writeOutcome", format!("actions-{}", row.period));
        let mut form = form
            .at("id", indicator.id)
            .at("organisationId", organisation.id)
            .at("period", row.period)
            .tagged(etag(&row.view)?)
            .fixed("value", told.value.as_deref())
            .fixed("forecast", told.forecast.as_deref())
            .fixed("judgement", told.judgement)
            .fixed("cause", told.cause.as_deref());
        for (n, own) in told.actions_of_its_own().iter().enumerate() {
            form = form
                .fixed(&format!("ownActions/{n}/name"), own.name.as_str())
                .fixed(&format!("ownActions/{n}/endDate"), own.end_date)
                .fixed(&format!("ownActions/{n}/completedOn"), own.completed_on);
        }
        all.push(Linking { period: row.period, form, choices, chosen: row.linked.chosen() });
    }
    Ok(all)
}

/// The values of the rows as a line, where there are two numbers at least. The table beside says the same.
fn chart(p: &Frame, name: &str, rows: &[Row]) -> Option<Html> {
    let points: Vec<Point> = rows
        .iter()
        .filter_map(|row| {
            let value = row.view.outcome.value.as_ref()?.parse().ok()?;
            Some(Point { value, over: row.value.clone(), below: vec![p.word(row.period), row.year.to_string()] })
        })
        .collect();
    chart::line(&points, &p.say_with("outcomes-chart", "name", name))
}

/// The outcomes of the indicators that a control follows, of its body, in the periods of a year.
pub struct FollowedIndicator {
    pub id: Id,
    pub name: String,
    pub target: String,
    /// In each period: the figure, and how it is judged.
    pub periods: Vec<(Period, String, Html)>,
}

/// What the indicators that are followed came to for a body, where the one who looks may see that.
pub fn followed(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    body: &Organisation,
    ids: &[Id],
) -> Result<Vec<FollowedIndicator>> {
    let on = Target::Outcome { path: path_ids(&body.path), responsible: None };
    if ids.is_empty() || !caller.sees(Verb::SeeOutcome, &on) {
        return Ok(Vec::new());
    }
    let all = r.outcomes_of(ids, &[body.id])?;
    let indicators = r.indicators_by_ids(ids)?;
    let mut told = Vec::new();
    for id in ids {
        let Some(one) = indicators.iter().find(|one| one.id == *id) else { continue };
        let of = |period: Period| all.iter().find(|told| told.indicator_id == *id && told.period == period);
        let periods = Period::ALL.iter().map(|period| {
            let (value, judgement) = of(*period).map(|told| (told.value.clone(), told.judgement)).unwrap_or_default();
            (*period, figure(p, &value, &one.unit), judged(p, &judgement))
        });
        told.push(FollowedIndicator {
            id: *id,
            name: one.name.clone(),
            target: indicators::target_of(one, body).map_or_else(|| "–".into(), printed),
            periods: periods.collect(),
        });
    }
    Ok(told)
}
