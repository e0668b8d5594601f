//! Whose outcomes are asked for in a period, and what is missing of them.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::outcomes::{self, Measured, OutcomeView, may_write};
use crate::app::caller::Caller;
use crate::app::follow_up::PeriodFrame;
use crate::app::places::path_ids;
use crate::app::settings::indicators;
use crate::domain::due;
use crate::domain::follow_up::closed;
use crate::domain::life::Refusal;
use crate::domain::roles::{Target, Verb};
use crate::domain::text::by_name;
use crate::domain::words::{OutcomeJudgement, Period};
use crate::error::{Error, Result};
use crate::storage::queries::{Any, Listing, OrganisationFilter, Page};
use crate::storage::records::{Goal, Indicator, Organisation, Outcome};
use crate::storage::{Id, Reading};

/// An indicator that an organisation is asked about, with what it came to before.
pub struct Asked {
    pub indicator: Indicator,
    pub goal: Goal,
    /// What it aims at for the organisation; none while nobody has confirmed it.
    pub target: Option<String>,
    /// What it came to in the period, if that is told.
    pub now: Option<OutcomeView>,
    /// In the period before of the same year, if there is one.
    pub last_period: Option<Outcome>,
    /// At the end of the year before, by the indicator that it continues.
    pub last_year: Option<Outcome>,
    /// Whoever asks may write it.
    pub may_write: bool,
}

impl Asked {
    /// How it is judged in the period, if it is.
    pub fn judgement(&self) -> Option<OutcomeJudgement> {
        self.now.as_ref()?.outcome.judgement
    }

    pub fn cause(&self) -> Option<&str> {
        self.now.as_ref()?.outcome.cause.as_deref()
    }

    pub fn is_answered(&self) -> bool {
        self.now.as_ref().is_some_and(|view| answers(&view.outcome))
    }
}

/// Whether an outcome answers what is asked: a figure, or a judgement where there is none.
pub fn answers(outcome: &Outcome) -> bool {
    outcome.value.is_some() || outcome.judgement.is_some()
}

/// An indicator, whose it is, and its goal.
type Placed = (Indicator, Organisation, Goal);

/// The indicators of a year in the order of their goals.
fn in_order(r: &mut Reading, year: i32) -> Result<Vec<Placed>> {
    let mut all: Vec<Placed> = Vec::new();
    for (indicator, owner) in indicators::of_year(r, year)? {
        let goal: Goal = r.linked(indicator.goal_id)?;
        all.push((indicator, owner, goal));
    }
    all.sort_by_key(|(one, _, goal)| (goal.position, goal.id, one.position, one.id));
    Ok(all)
}

/// Does it ask about an organisation itself: the organisation's own, or one above it that concerns it?
fn asks((indicator, owner, _): &Placed, organisation: &Organisation) -> bool {
    indicators::concerns(indicator, owner, organisation)
}

/// What an organisation is asked about in a period, each with what it came to before.
pub fn of(
    r: &mut Reading,
    caller: &Caller,
    organisation: &Organisation,
    (year, period): (i32, Period),
) -> Result<Vec<Asked>> {
    caller.may(Verb::SeeOutcome, &Target::Outcome { path: path_ids(&organisation.path), responsible: None })?;
    let mut all = in_order(r, year)?;
    all.retain(|one| asks(one, organisation));
    let ids = all.iter().flat_map(|(one, ..)| [Some(one.id), one.continues_id]).flatten().collect::<Vec<_>>();
    let mut known: HashMap<(Id, Period), Outcome> =
        r.outcomes_of(&ids, &[organisation.id])?.into_iter().map(|one| ((one.indicator_id, one.period), one)).collect();
    let earlier = Period::ALL.iter().copied().filter(|at| *at < period).max();
    let mut asked = Vec::with_capacity(all.len());
    for (indicator, _, goal) in all {
        let now = known.remove(&(indicator.id, period)).map(|one| outcomes::view(r, one)).transpose()?;
        let before: Option<Goal> = match indicator.continues_id {
            Some(id) => {
                let before: Indicator = r.linked(id)?;
                Some(r.linked(before.goal_id)?)
            }
            None => None,
        };
        let of_last_year = indicator.continues_id.filter(|_| before.is_some_and(|goal| goal.year == year - 1));
        asked.push(Asked {
            target: indicators::target_of(&indicator, organisation).map(str::to_owned),
            now,
            last_period: earlier.and_then(|at| known.get(&(indicator.id, at)).cloned()),
            last_year: of_last_year.and_then(|id| known.get(&(id, Period::Annual)).cloned()),
            may_write: may_write(caller, organisation, &indicator),
            indicator,
            goal,
        });
    }
    Ok(asked)
}

/// Why no outcome of an organisation can be written in a period of a year now, whoever would write it.
pub fn hindrance(r: &mut Reading, organisation: &Organisation, year: i32, period: Period) -> Result<Option<Refusal>> {
    let Some(body) = organisation.body_id else { return Ok(None) };
    let Some(plan) = r.plan_of(body, year)? else { return Ok(None) };
    Ok(PeriodFrame::read(r, &plan)?.is_closed(period).then(closed))
}

/// How an organisation has answered in a period.
pub struct Answered {
    pub organisation: Organisation,
    pub period: Period,
    pub asked: usize,
    /// Those of which nothing is told.
    pub missing: Vec<Indicator>,
}

/// How each has answered what it is asked about in a period: the region itself, and each body with the duty to plan in the
/// year, by name, whose outcomes the caller sees. Who is asked about nothing is left out.
pub fn answered(r: &mut Reading, caller: &Caller, year: i32, period: Period) -> Result<Vec<Answered>> {
    let sees = |one: &Organisation| {
        caller.sees(Verb::SeeOutcome, &Target::Outcome { path: path_ids(&one.path), responsible: None })
    };
    of_each(r, (year, &[period]), sees)
}

/// The same in several periods, of those organisations that are wanted.
pub fn of_each(
    r: &mut Reading,
    (year, periods): (i32, &[Period]),
    wanted: impl Fn(&Organisation) -> bool,
) -> Result<Vec<Answered>> {
    let all = in_order(r, year)?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let (from, to) =
        due::period_bounds(year, Period::Annual).ok_or_else(|| Error::internal("a year without a calendar"))?;
    let root = r.root_id()?;
    let mut organisations = r.organisations(&OrganisationFilter::default(), &Listing::all())?.items;
    organisations.retain(|one| {
        let lives = one.valid_from <= to && one.valid_to.is_none_or(|last| last >= from);
        (one.id == root || (one.plans && lives)) && wanted(one)
    });
    organisations.sort_by(|a, b| (a.id != root).cmp(&(b.id != root)).then_with(|| by_name(&a.name, &b.name)));
    let ids: Vec<Id> = organisations.iter().map(|one| one.id).collect();
    let asking: Vec<Id> = all.iter().map(|(one, ..)| one.id).collect();
    let told: HashSet<(Id, Id, Period)> = r
        .outcomes_of(&asking, &ids)?
        .iter()
        .filter(|one| answers(one))
        .map(|one| (one.organisation_id, one.indicator_id, one.period))
        .collect();
    let mut rows = Vec::new();
    for organisation in organisations {
        let asked: Vec<&Indicator> =
            all.iter().filter(|one| asks(one, &organisation)).map(|(indicator, ..)| indicator).collect();
        for period in periods.iter().copied().filter(|_| !asked.is_empty()) {
            let is_told = |id: Id| told.contains(&(organisation.id, id, period));
            let missing = asked.iter().filter(|one| !is_told(one.id)).map(|one| (*one).clone()).collect();
            rows.push(Answered { asked: asked.len(), missing, period, organisation: organisation.clone() });
        }
    }
    Ok(rows)
}

/// An outcome that is asked for and that nobody has given.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingOutcome {
    pub organisation_id: Id,
    #[schema(example = "Stockholms läns sjukvårdsområde")]
    pub organisation: String,
    pub indicator_id: Id,
    #[schema(example = "Andel sjukfrånvaro")]
    pub indicator: String,
    #[schema(example = 2024)]
    pub year: i32,
    pub period: Period,
    /// Of whom it is asked; the organisation's controller where null.
    pub responsible_id: Option<Id>,
}

/// What is asked in a period and not answered, organisation by organisation, where the caller sees outcomes.
pub fn missing(
    r: &mut Reading,
    caller: &Caller,
    (year, period): (i32, Period),
    organisation: &Any<Id>,
    listing: &Listing,
) -> Result<Page<MissingOutcome>> {
    let mut all = Vec::new();
    for one in answered(r, caller, year, period)? {
        if !organisation.takes(one.organisation.id) {
            continue;
        }
        all.extend(one.missing.into_iter().map(|indicator| MissingOutcome {
            organisation_id: one.organisation.id,
            organisation: one.organisation.name.clone(),
            indicator_id: indicator.id,
            indicator: indicator.name,
            year,
            period,
            responsible_id: indicator.responsible_id,
        }));
    }
    Ok(listing.cut(all))
}

/// An indicator through the years: those that it continues and that continue it, the earliest first.
pub fn years(r: &mut Reading, id: Id) -> Result<Vec<Measured>> {
    let mut all = vec![outcomes::measured(r, id)?];
    while let Some(before) = all.first().and_then(|one| one.indicator.continues_id) {
        all.insert(0, outcomes::measured(r, before)?);
    }
    while let Some(last) = all.last().map(|one| one.indicator.id) {
        let Some(next) = r.indicators_continuing(&[last])?.into_iter().next() else { break };
        all.push(outcomes::measured(r, next.id)?);
    }
    Ok(all)
}
