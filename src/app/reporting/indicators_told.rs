//! What a report says of indicators: their outcomes at the controls that follow them, and those that may miss their targets.

use std::collections::{HashMap, HashSet};

use riskregister_document::snapshot as doc;

use crate::app::findings::outcomes;
use crate::app::follow_up::{Contents, Followed};
use crate::app::settings::indicators;
use crate::domain::targets;
use crate::domain::words::{OutcomeJudgement, Period};
use crate::error::{Error, Result};
use crate::storage::records::{Action, Control, Goal, Indicator, Organisation, Outcome, Plan, Risk};
use crate::storage::{Id, Reading};

/// What indicators came to in a period, with the body's targets.
pub struct Outcomes<'b> {
    all: Vec<Outcome>,
    indicators: HashMap<Id, Indicator>,
    body: &'b Organisation,
}

impl<'b> Outcomes<'b> {
    pub fn read(r: &mut Reading, followed: &Followed, body: &'b Organisation, period: Period) -> Result<Self> {
        let all = r.outcomes_in_period(body.id, followed.frame.plan.year, period, None)?;
        let mut ids: Vec<Id> = all.iter().map(|outcome| outcome.indicator_id).collect();
        ids.sort();
        ids.dedup();
        Ok(Self { indicators: r.indicators_by_ids(&ids)?.into_iter().map(|i| (i.id, i)).collect(), all, body })
    }

    /// The body's own outcomes of the indicators that a control follows.
    pub fn of_control(&self, control: &Control) -> Vec<doc::Outcome> {
        let followed = &control.indicator_ids;
        let own = self.all.iter().filter(|o| o.organisation_id == self.body.id && followed.contains(&o.indicator_id));
        own.filter_map(|outcome| self.tell(outcome)).collect()
    }

    /// How many indicators concern the body in its year, and how many of them it has a judged outcome of.
    pub fn asked(&self, r: &mut Reading, year: i32) -> Result<doc::OutcomeCount> {
        self.answered(&indicators::of_body(r, self.body, year)?.into_iter().map(|indicator| indicator.id).collect())
    }

    /// Of so many indicators, how many have a judged outcome.
    fn answered(&self, asked: &HashSet<Id>) -> Result<doc::OutcomeCount> {
        let judged = self.all.iter().filter(|outcome| outcome.judgement.is_some());
        let answered: HashSet<Id> =
            judged.map(|outcome| outcome.indicator_id).filter(|id| asked.contains(id)).collect();
        let count = |all: &HashSet<Id>| u32::try_from(all.len()).map_err(Error::internal);
        Ok(doc::OutcomeCount { asked: count(asked)?, answered: count(&answered)? })
    }

    fn tell(&self, outcome: &Outcome) -> Option<doc::Outcome> {
        let indicator = self.indicators.get(&outcome.indicator_id)?;
        let figure = |text: &Option<String>| text.as_ref().map(|text| in_swedish(text, indicator.unit.as_deref()));
        Some(doc::Outcome {
            name: indicator.name.clone(),
            target: indicators::target_of(indicator, self.body).map(targets::printed),
            value: figure(&outcome.value),
            forecast: figure(&outcome.forecast),
            judgement: outcome.judgement.map(|judgement| match judgement {
                OutcomeJudgement::OnTarget => doc::Judgement::OnTarget,
                OutcomeJudgement::AtRisk => doc::Judgement::AtRisk,
                OutcomeJudgement::Missed => doc::Judgement::Missed,
            }),
        })
    }
}

/// A figure as a Swedish text has it: a comma, and the unit after it.
fn in_swedish(figure: &str, unit: Option<&str>) -> String {
    match (figure, unit) {
        ("yes", _) => "ja".into(),
        ("no", _) => "nej".into(),
        (number, Some(unit)) => format!("{}\u{a0}{unit}", number.replace('.', ",")),
        (number, None) => number.replace('.', ","),
    }
}

/// The indicators of the body and its parts that are at risk or missed.
pub fn at_risk(
    r: &mut Reading,
    contents: &Contents,
    body: &Organisation,
    of_body: &Outcomes<'_>,
) -> Result<Vec<doc::IndicatorAtRisk>> {
    let mut told = Vec::new();
    for outcome in of_body.all.iter().filter(|outcome| outcomes::is_off(outcome)) {
        let (Some(tells), Some(indicator)) = (of_body.tell(outcome), of_body.indicators.get(&outcome.indicator_id))
        else {
            continue;
        };
        let goal: Goal = r.linked(indicator.goal_id)?;
        let organisation: Organisation = r.linked(outcome.organisation_id)?;
        told.push(doc::IndicatorAtRisk {
            outcome: tells,
            goal: Some(goal.name),
            organisation: (organisation.id != body.id).then_some(organisation.name),
            cause: outcome.cause.clone(),
            actions: named_actions(r, contents, &outcome.action_ids)?.into_iter().chain(own(outcome)).collect(),
        });
    }
    Ok(told)
}

/// The region's own outcomes of the indicators that ask about itself: how many are judged, and those at risk or missed.
pub fn of_region(
    r: &mut Reading,
    region: &Organisation,
    year: i32,
    period: Period,
) -> Result<(doc::OutcomeCount, Vec<doc::CompiledIndicator>)> {
    let mut asking = indicators::of_year(r, year)?;
    asking.retain(|(one, owner)| indicators::concerns(one, owner, region));
    let ids: Vec<Id> = asking.iter().map(|(one, _)| one.id).collect();
    let mut all = r.outcomes_of(&ids, &[region.id])?;
    all.retain(|outcome| outcome.period == period);
    let own = Outcomes { indicators: asking.into_iter().map(|(one, _)| (one.id, one)).collect(), all, body: region };
    let mut told = Vec::new();
    for outcome in own.all.iter().filter(|outcome| outcomes::is_off(outcome)) {
        let (Some(tells), Some(indicator)) = (own.tell(outcome), own.indicators.get(&outcome.indicator_id)) else {
            continue;
        };
        told.push(doc::CompiledIndicator {
            body: region.name.clone(),
            outcome: tells,
            goal: Some(r.linked::<Goal>(indicator.goal_id)?.name),
            cause: outcome.cause.clone(),
            has_action: !outcomes::without_action(outcome),
        });
    }
    Ok((own.answered(&ids.into_iter().collect())?, told))
}

/// The actions of the indicator itself, which stand in no plan.
fn own(outcome: &Outcome) -> impl Iterator<Item = doc::ActionName> {
    outcome.actions_of_its_own().iter().map(|action| doc::ActionName::Elsewhere { name: action.name.clone() })
}

/// Actions of this plan by id, those of others by name. This document cannot mask what stands in another plan, so an
/// action of a marked risk is not named here at all.
pub fn named_actions(r: &mut Reading, contents: &Contents, ids: &[Id]) -> Result<Vec<doc::ActionName>> {
    let mut named = Vec::new();
    for id in ids {
        if contents.actions.iter().any(|action| action.id == *id) {
            named.push(doc::ActionName::Plan { id: id.to_string() });
        } else if let Some(action) = r.find::<Action>(*id)? {
            let risk: Risk = r.linked(action.risk_id)?;
            let plan: Plan = r.linked(action.plan_id)?;
            if plan.adopted_revision.is_none() {
                // A draft of another year that nobody has decided on.
                continue;
            }
            let secret = risk.secrecy.is_some();
            let name = if secret { "Åtgärd i en annan plan, som omfattas av sekretess".into() } else { action.name };
            named.push(doc::ActionName::Elsewhere { name });
        }
    }
    Ok(named)
}
