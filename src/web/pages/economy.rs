//! What a plan's actions mean for the economy: goal by goal, in sum, and what has come of it.

use askama::Template;

use crate::app::caller::Caller;
use crate::app::derived::plan_views::{self, EffectSum, RealisedEffects};
use crate::app::places::manner_in;
use crate::app::plan;
use crate::error::Result;
use crate::storage::records::{Goal, Organisation, Plan};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "pages/financial_effects.html")]
struct Effects<'a> {
    p: &'a Frame,
    plan: Plan,
    body: Organisation,
    /// Each goal, then all goals together, and the measures of no risk.
    sums: Vec<(String, EffectSum)>,
    realised: Vec<RealisedEffects>,
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let effects = plan_views::financial_effects(r, caller, id)?;
    let (plan, body) = plan::load(r, id)?;
    p.speak(manner_in(r, &body, plan.year)?);
    let goals: Vec<Goal> = r.goals_by_ids(&effects.goals.iter().filter_map(|one| one.goal_id).collect::<Vec<_>>())?;
    let name = |id: Option<Id>| {
        let goal = id.and_then(|id| goals.iter().find(|goal| goal.id == id));
        goal.map_or_else(|| p.say("goal-none"), |goal| goal.name.clone())
    };
    let mut sums: Vec<(String, EffectSum)> =
        effects.goals.into_iter().map(|one| (name(one.goal_id), one.sum)).collect();
    if effects.total.actions > 0 {
        sums.push((p.say("effects-of-goals"), effects.total));
    }
    if effects.measures.actions > 0 {
        sums.push((p.say("measures-title"), effects.measures));
    }
    ask.write(&Effects { p, plan, body, sums, realised: effects.realised })
}
