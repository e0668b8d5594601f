//! What indicators came to, for an organisation and a period of the goal's year: by people and, many at once, by other
//! systems.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::recommendations::actions;
use crate::app::caller::{Caller, Principal};
use crate::app::follow_up::limits;
use crate::app::places::{path_ids, path_text, place};
use crate::app::sent::{Content, Envelope, Sent};
use crate::app::settings::indicators;
use crate::domain::figures;
use crate::domain::roles::{self, Target, Verb, covers};
use crate::domain::targets::{self, Measure};
use crate::domain::words::{Comparator, Language, OutcomeJudgement, Period};
use crate::error::{Error, Result, Violation};
use crate::storage::queries::{Listing, OutcomeFilter, Page};
use crate::storage::records::{Goal, Indicator, Organisation, Outcome, OwnAction, Plan};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// What is written of an outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutcomeForm {
    /// A decimal number with comma or point and at most six decimals, kept to the digit; `yes` or `no` (`ja`, `nej`) of
    /// an indicator whose comparator is `yes`.
    #[schema(min_length = 1, max_length = 40, example = "5.8")]
    pub value: Option<String>,
    /// What the value is expected to be when the year ends, written as `value`.
    #[schema(min_length = 1, max_length = 40, example = "5.9")]
    pub forecast: Option<String>,
    /// One that is not what the register proposes takes a cause.
    pub judgement: Option<OutcomeJudgement>,
    #[schema(min_length = 1, max_length = 4000, example = "Fler långa sjukfall än väntat.")]
    pub cause: Option<String>,
    /// The actions that it led to, of the body's plans.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub action_ids: Vec<Id>,
    /// The actions that it led to and that belong to no risk.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub own_actions: Vec<OwnAction>,
}

/// An outcome among many.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutcomeItem {
    pub indicator_id: Id,
    /// The organisation whose outcome it is: the indicator's owner, or one below it that it concerns.
    pub organisation_id: Id,
    pub period: Period,
    #[schema(min_length = 1, max_length = 40, example = "5.8")]
    pub value: Option<String>,
    #[schema(min_length = 1, max_length = 40, example = "5.9")]
    pub forecast: Option<String>,
    pub judgement: Option<OutcomeJudgement>,
    #[schema(min_length = 1, max_length = 4000, example = "Fler långa sjukfall än väntat.")]
    pub cause: Option<String>,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub action_ids: Vec<Id>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub own_actions: Vec<OwnAction>,
    /// The `version` of the outcome that this was made from, 0 where there was none. When it has another by now the item is
    /// refused (`changedMeanwhile`); without it the last one to write wins.
    #[schema(minimum = 0, example = 1)]
    pub version: Option<i64>,
}

/// Many outcomes, all of which are written or none.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OutcomesForm {
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<OutcomeItem>,
    /// An outcome that is sent without a judgement takes the one that the register proposes, where it proposes one.
    #[serde(default)]
    pub accept_proposals: bool,
}

/// What came of writing many outcomes.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomesWritten {
    #[schema(example = 120)]
    pub created: usize,
    #[schema(example = 3)]
    pub changed: usize,
    /// Said already what was sent: nothing happened.
    #[schema(example = 877)]
    pub unchanged: usize,
}

/// An outcome with what is computed of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeView {
    #[serde(flatten)]
    pub outcome: Outcome,
    /// At risk or missed, and no action is linked.
    pub without_action: bool,
    /// What the register proposes of the figures and the target as they are now; null where it cannot tell, as of a target
    /// in words.
    pub proposed_judgement: Option<OutcomeJudgement>,
}

/// At risk or missed.
pub fn is_off(outcome: &Outcome) -> bool {
    matches!(outcome.judgement, Some(OutcomeJudgement::AtRisk | OutcomeJudgement::Missed))
}

/// At risk or missed, and no action is linked.
pub fn without_action(outcome: &Outcome) -> bool {
    is_off(outcome) && outcome.action_ids.is_empty() && outcome.actions_of_its_own().is_empty()
}

/// The outcome as it is told.
pub fn view(r: &mut Reading, outcome: Outcome) -> Result<OutcomeView> {
    let measured = measured(r, outcome.indicator_id)?;
    let organisation: Organisation = r.linked(outcome.organisation_id)?;
    let figures = (outcome.value.as_deref(), outcome.forecast.as_deref());
    let proposed_judgement = proposed(r, &measured, &organisation, outcome.period, figures)?;
    Ok(OutcomeView { without_action: without_action(&outcome), outcome, proposed_judgement })
}

/// The outcomes as they are told.
fn views(r: &mut Reading, page: Page<Outcome>) -> Result<Page<OutcomeView>> {
    let indicators = r.all::<Indicator>(page.items.iter().map(|one| one.indicator_id))?;
    let goals = r.all::<Goal>(indicators.iter().map(|one| one.goal_id))?;
    let owners = indicators.iter().filter_map(|one| one.organisation_id);
    let of_goals = goals.iter().map(|goal| goal.organisation_id);
    r.all::<Organisation>(owners.chain(of_goals).chain(page.items.iter().map(|one| one.organisation_id)))?;
    page.turned(|all| all.into_iter().map(|one| view(r, one)).collect())
}

fn target(organisation: &Organisation, indicator: &Indicator) -> Target {
    Target::Outcome { path: path_ids(&organisation.path), responsible: indicator.responsible_id.map(|id| id.0) }
}

/// May the caller write this organisation's outcomes of the indicator?
pub fn may_write(caller: &Caller, organisation: &Organisation, indicator: &Indicator) -> bool {
    caller.sees(Verb::WriteOutcome, &target(organisation, indicator))
}

/// What an organisation's outcome of the indicator is compared with, where its comparator compares: what was decided, else
/// what the organisation's year came to in the baseline year, or in the year before where none is named.
pub fn baseline(r: &mut Reading, measured: &Measured, organisation: &Organisation) -> Result<Option<String>> {
    let Measured { indicator, year, .. } = measured;
    if indicator.baseline_value.is_some() {
        return Ok(indicator.baseline_value.clone());
    }
    let then = indicator.baseline_year.unwrap_or(year - 1);
    let mut before = indicator.continues_id;
    while let Some(id) = before {
        let one: Indicator = r.linked(id)?;
        let goal: Goal = r.linked(one.goal_id)?;
        if goal.year <= then {
            let found = if goal.year == then { r.outcome(one.id, organisation.id, Period::Annual)? } else { None };
            return Ok(found.and_then(|outcome| outcome.value));
        }
        before = one.continues_id;
    }
    Ok(None)
}

/// What the register proposes of a value and a forecast.
pub fn proposed(
    r: &mut Reading,
    measured: &Measured,
    organisation: &Organisation,
    period: Period,
    (value, forecast): (Option<&str>, Option<&str>),
) -> Result<Option<OutcomeJudgement>> {
    use Comparator::{Decrease, DecreaseBy, Increase, IncreaseBy, Keep, KeepOrDecrease, KeepOrIncrease};
    let indicator = &measured.indicator;
    if indicator.targets_from_year.is_some() {
        // What it aims at this year nobody has said.
        return Ok(None);
    }
    let compares = matches!(
        indicator.comparator,
        Some(Increase | Decrease | Keep | KeepOrIncrease | KeepOrDecrease | IncreaseBy | DecreaseBy)
    );
    let baseline = if compares { baseline(r, measured, organisation)? } else { None };
    let of = Measure {
        comparator: indicator.comparator,
        target: indicators::target_of(indicator, organisation),
        unit: indicator.unit.as_deref(),
        baseline: baseline.as_deref(),
    };
    Ok(targets::proposed(&of, value, forecast, period))
}

/// The outcomes that the filter takes, of organisations where the caller sees them.
pub fn list(r: &mut Reading, caller: &Caller, filter: &OutcomeFilter, page: &Listing) -> Result<Page<OutcomeView>> {
    let seen: Vec<String> = roles::visible_outcomes(&caller.grants).iter().map(|path| path_text(path)).collect();
    let page = r.outcomes(filter, &seen, page)?;
    views(r, page)
}

/// The outcomes of one indicator.
pub fn list_of(
    r: &mut Reading,
    caller: &Caller,
    indicator: Id,
    mut filter: OutcomeFilter,
    page: &Listing,
) -> Result<Page<OutcomeView>> {
    indicators::get(r, caller, indicator)?;
    filter.indicator_id = indicator.into();
    list(r, caller, &filter, page)
}

pub fn get(r: &mut Reading, caller: &Caller, indicator: Id, organisation: Id, period: Period) -> Result<OutcomeView> {
    let indicator = indicators::get(r, caller, indicator)?;
    let organisation: Organisation = r.get(organisation)?;
    caller.may(Verb::SeeOutcome, &target(&organisation, &indicator))?;
    let found = r.outcome(indicator.id, organisation.id, period)?.ok_or(Error::NotFound)?;
    view(r, found)
}

/// An indicator with the year of its goal, and whose it is.
pub struct Measured {
    pub indicator: Indicator,
    pub year: i32,
    pub owner: Organisation,
}

pub fn measured(r: &mut Reading, indicator: Id) -> Result<Measured> {
    let indicator: Indicator = r.get(indicator)?;
    let (goal, owner) = indicators::around(r, &indicator)?;
    Ok(Measured { indicator, year: goal.year, owner })
}

/// Holds one outcome against its indicator. Gives it as it is to be kept.
fn judge(
    w: &mut Writing,
    caller: &Caller,
    (measured, organisation, period): (&Measured, &Organisation, Period),
    form: OutcomeForm,
    (old, at): (Option<&Outcome>, &str),
    faults: &mut Vec<Violation>,
) -> Result<OutcomeForm> {
    if !covers(&path_ids(&measured.owner.path), &path_ids(&organisation.path)) {
        faults.push(Violation::new(
            format!("{at}/organisationId"),
            "notOfGoal",
            "Indikatorns mål gäller inte för organisationen.",
            "The goal of the indicator does not hold for the organisation.",
        ));
    } else if old.is_none() && !indicators::concerns(&measured.indicator, &measured.owner, organisation) {
        faults.push(Violation::not_concerned(format!("{at}/organisationId")));
    }
    let mut figure = |name: &str, given: &Option<String>| {
        let kept = given.as_deref().map(|text| figures::normal(text, measured.indicator.comparator));
        match kept {
            Some(None) => {
                faults.push(Violation::new(
                    format!("{at}/{name}"),
                    "notAFigure",
                    "Ska vara ett decimaltal med högst sex decimaler, eller ja eller nej om indikatorn besvaras så.",
                    "Must be a decimal number with at most six decimals, or yes or no where the indicator is answered so.",
                ));
                None
            }
            other => other.flatten(),
        }
    };
    let value = figure("value", &form.value);
    let forecast = figure("forecast", &form.forecast);
    if form.value.is_none() && form.forecast.is_none() && form.judgement.is_none() && form.cause.is_none() {
        faults.push(Violation::new(
            format!("{at}/value"),
            "required",
            "Ange utfall, prognos, bedömning eller orsak.",
            "Give a value, a forecast, a judgement or a cause.",
        ));
    }
    let kept = old.map(|old| old.action_ids.as_slice()).unwrap_or_default();
    actions(w, caller, organisation.body_id, (&form.action_ids, kept), &format!("{at}/actionIds"), faults)?;
    let form = OutcomeForm { value, forecast, ..form };
    let said = |old: &Outcome| {
        (&old.value, &old.forecast, old.judgement, &old.cause)
            == (&form.value, &form.forecast, form.judgement, &form.cause)
    };
    // What stands there already was written by other targets, or before the register proposed anything.
    if form.judgement.is_some() && form.cause.is_none() && old.is_none_or(|old| !said(old)) {
        let figures = (form.value.as_deref(), form.forecast.as_deref());
        let proposal = proposed(w, measured, organisation, period, figures)?.filter(|own| Some(*own) != form.judgement);
        if let Some(proposal) = proposal {
            let (sv, en) = (proposal.label(Language::Sv), proposal.label(Language::En));
            faults.push(Violation::new(
                format!("{at}/cause"),
                "departsFromProposal",
                format!("Bedömningen avviker från registrets förslag ({sv}). Ange orsaken."),
                format!("The judgement departs from what the register proposes ({en}). Give the cause."),
            ));
        }
    }
    Ok(form)
}

/// What came of writing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Created,
    Changed,
    Unchanged,
}

/// Stores an outcome that has been judged. What says the same already stays as it is, with whoever wrote it.
fn store(
    w: &mut Writing,
    caller: &Caller,
    (indicator, organisation, period): (Id, &Organisation, Period),
    form: OutcomeForm,
    old: Option<Outcome>,
) -> Result<(Outcome, Written)> {
    let (person, account) = match &caller.principal {
        Principal::Person { user, .. } => (Some(user.id), None),
        Principal::Service { account, .. } => (None, Some(account.id)),
    };
    let at = place(w, organisation)?;
    let action_ids = Json(form.action_ids);
    let own_actions = (!form.own_actions.is_empty()).then_some(Json(form.own_actions));
    let Some(old) = old else {
        let now = Timestamp::now();
        let made = Outcome {
            id: Id::new(),
            indicator_id: indicator,
            organisation_id: organisation.id,
            period,
            value: form.value,
            forecast: form.forecast,
            judgement: form.judgement,
            cause: form.cause,
            action_ids,
            reported_by_id: person,
            reported_by_account_id: account,
            created_at: now,
            updated_at: now,
            version: 1,
            own_actions,
        };
        w.create(at, "outcome.reported", &made)?;
        return Ok((made, Written::Created));
    };
    let mut new = Outcome {
        value: form.value,
        forecast: form.forecast,
        judgement: form.judgement,
        cause: form.cause,
        action_ids,
        own_actions,
        ..old.clone()
    };
    if new == old {
        return Ok((old, Written::Unchanged));
    }
    new.reported_by_id = person;
    new.reported_by_account_id = account;
    w.change(at, "outcome.changed", &old, &mut new, None)?;
    Ok((new, Written::Changed))
}

/// 409 when the period is closed in the plan that the outcome belongs to.
fn expect_open(w: &mut Writing, organisation: &Organisation, year: i32, period: Period) -> Result<()> {
    let Some(body) = organisation.body_id else { return Ok(()) };
    match w.plan_of(body, year)? {
        Some(plan) => {
            // Held, so that nobody closes the period meanwhile.
            let plan: Plan = w.hold(plan.id)?;
            limits::expect_open(w, &plan, period)
        }
        None => Ok(()),
    }
}

/// Writes one outcome; true when it is new.
pub fn write(
    w: &mut Writing,
    caller: &Caller,
    indicator: Id,
    organisation: Id,
    period: Period,
    sent: &Sent<OutcomeForm>,
) -> Result<(OutcomeView, bool)> {
    let measured = measured(w, indicator)?;
    let organisation: Organisation = w.get(organisation)?;
    caller.authorize(Verb::WriteOutcome, &target(&organisation, &measured.indicator), sent)?;
    // Held, so that of two that come at once the second sees the first.
    let organisation: Organisation = w.hold(organisation.id)?;
    let old = w.outcome(indicator, organisation.id, period)?;
    match &old {
        Some(old) => sent.expect_current(&view(w, old.clone())?)?,
        None => sent.expect_new()?,
    }
    let form = sent.judge()?;
    let mut faults = Vec::new();
    let about = (&measured, &organisation, period);
    let form = judge(w, caller, about, form, (old.as_ref(), ""), &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    expect_open(w, &organisation, measured.year, period)?;
    let (outcome, written) = store(w, caller, (indicator, &organisation, period), form, old)?;
    Ok((view(w, outcome)?, written == Written::Created))
}

/// The outcomes that a request names, each by its indicator and its organisation, before its form is judged.
fn named(sent: &Envelope) -> BTreeSet<(Id, Option<Id>)> {
    let Content::Json(form) = &sent.content else { return BTreeSet::new() };
    let items = form.get("items").and_then(|items| items.as_array()).into_iter().flatten();
    let id = |item: &serde_json::Value, name: &str| -> Option<Id> { item.get(name)?.as_str()?.trim().parse().ok() };
    items.filter_map(|item| Some((id(item, "organisationId")?, id(item, "indicatorId")))).collect()
}

/// May the caller write each outcome that is named, of organisations that are there?
fn authorize_many(w: &mut Writing, caller: &Caller, sent: &Envelope) -> Result<()> {
    let named = named(sent);
    w.all::<Organisation>(named.iter().map(|(organisation, _)| *organisation))?;
    w.all::<Indicator>(named.iter().filter_map(|(_, indicator)| *indicator))?;
    let mut some = false;
    for (organisation, indicator) in named {
        let Some(organisation) = w.find::<Organisation>(organisation)? else { continue };
        let indicator: Option<Indicator> = indicator.map(|id| w.find(id)).transpose()?.flatten();
        if !indicator.is_some_and(|indicator| may_write(caller, &organisation, &indicator)) {
            caller.may(Verb::WriteOutcome, &Target::Organisation { path: path_ids(&organisation.path) })?;
        }
        some = true;
    }
    if some {
        return sent.gate();
    }
    caller.authorize_at(w, Verb::WriteOutcome, sent, "organisationId", |path| Target::Organisation { path })
}

/// Writes many outcomes, all or none. Those that are there are changed, and those that say the same already are let be.
pub fn write_many(w: &mut Writing, caller: &Caller, sent: &Sent<OutcomesForm>) -> Result<OutcomesWritten> {
    authorize_many(w, caller, sent)?;
    let form = sent.judge()?;
    let accept_proposals = form.accept_proposals;
    let indicator_ids: Vec<Id> = distinct(form.items.iter().map(|item| item.indicator_id));
    let organisation_ids: Vec<Id> = distinct(form.items.iter().map(|item| item.organisation_id));
    let mut indicators = HashMap::new();
    for found in w.indicators_by_ids(&indicator_ids)? {
        indicators.insert(found.id, measured(w, found.id)?);
    }
    let mut organisations: BTreeMap<Id, Organisation> = BTreeMap::new();
    for id in &organisation_ids {
        // Held in the order of their ids, so that two who write the same do not wait for each other.
        if w.find::<Organisation>(*id)?.is_some() {
            organisations.insert(*id, w.hold(*id)?);
        }
    }
    // The tree may have moved before it was held.
    authorize_many(w, caller, sent)?;
    let mut known: HashMap<(Id, Id, Period), Outcome> = w
        .outcomes_of(&indicator_ids, &organisation_ids)?
        .into_iter()
        .map(|o| ((o.indicator_id, o.organisation_id, o.period), o))
        .collect();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut judged = Vec::with_capacity(form.items.len());
    for (i, item) in form.items.into_iter().enumerate() {
        let at = format!("/items/{i}");
        let measured = indicators.get(&item.indicator_id);
        let organisation = organisations.get(&item.organisation_id);
        if measured.is_none() {
            faults.push(Violation::unknown_reference(format!("{at}/indicatorId")));
        }
        if organisation.is_none() {
            faults.push(Violation::unknown_reference(format!("{at}/organisationId")));
        }
        let key = (item.indicator_id, item.organisation_id, item.period);
        if !seen.insert(key) {
            faults.push(Violation::new(
                at.clone(),
                "duplicate",
                "Samma indikator, organisation och period står två gånger.",
                "The same indicator, organisation and period stand twice.",
            ));
        }
        let (Some(measured), Some(organisation)) = (measured, organisation) else { continue };
        let current = known.get(&key).map_or(0, |old| old.version);
        if item.version.is_some_and(|from| from != current) {
            faults.push(Violation::changed_meanwhile(format!("{at}/version")));
        }
        let mut form = OutcomeForm {
            value: item.value,
            forecast: item.forecast,
            judgement: item.judgement,
            cause: item.cause,
            action_ids: item.action_ids,
            own_actions: item.own_actions,
        };
        let about = (measured, organisation, item.period);
        form = judge(w, caller, about, form, (known.get(&key), &at), &mut faults)?;
        if accept_proposals && form.judgement.is_none() {
            let figures = (form.value.as_deref(), form.forecast.as_deref());
            form.judgement = proposed(w, measured, organisation, item.period, figures)?;
        }
        judged.push((key, measured.year, organisation, form));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let periods: BTreeSet<(Id, i32, Period)> = judged.iter().map(|(key, year, ..)| (key.1, *year, key.2)).collect();
    for (organisation, year, period) in periods {
        if let Some(organisation) = organisations.get(&organisation) {
            expect_open(w, organisation, year, period)?;
        }
    }
    let mut done = OutcomesWritten::default();
    for (key, _, organisation, form) in judged {
        let (_, written) = store(w, caller, (key.0, organisation, key.2), form, known.remove(&key))?;
        match written {
            Written::Created => done.created += 1,
            Written::Changed => done.changed += 1,
            Written::Unchanged => done.unchanged += 1,
        }
    }
    Ok(done)
}

fn distinct(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    ids.collect::<BTreeSet<Id>>().into_iter().collect()
}
