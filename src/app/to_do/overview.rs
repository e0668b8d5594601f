//! Where the plans that the caller follows stand today: the periods that are asked for, and the days that lie ahead.

use chrono::NaiveDate;

use crate::app::caller::Caller;
use crate::app::follow_up::limits::is_followed;
use crate::app::follow_up::{PeriodFrame, tallies_of};
use crate::app::places::plan_target;
use crate::app::plans;
use crate::app::reporting::periods::{self, PeriodView};
use crate::domain::roles::{Target, Verb};
use crate::domain::words::Period;
use crate::error::Result;
use crate::storage::Reading;
use crate::storage::queries::{Listing, PlanFilter};
use crate::storage::records::{Organisation, Plan};

/// A period of a plan that is open.
pub struct Standing {
    pub plan: Plan,
    pub body: Organisation,
    pub view: PeriodView,
    /// It is asked for by now.
    pub asked: bool,
}

impl Standing {
    /// Its last day, where that has not passed.
    pub fn ahead(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.view.deadline.filter(|day| *day >= today)
    }
}

/// The open periods of the plans of some years that the caller follows, the earliest deadline first.
pub fn standings(r: &mut Reading, caller: &Caller, years: &[i32]) -> Result<Vec<Standing>> {
    let today = r.today();
    let mut followed = Vec::new();
    for year in years {
        let of_year = PlanFilter { year: (*year).into(), ..PlanFilter::default() };
        followed.extend(plans::list(r, caller, &of_year, &Listing::all())?.items.into_iter().filter(is_followed));
    }
    r.all::<Organisation>(followed.iter().map(|plan| plan.organisation_id))?;
    let mut seen: Vec<(Plan, Organisation)> = Vec::new();
    for plan in followed {
        let body: Organisation = r.linked(plan.organisation_id)?;
        if caller.sees(Verb::SeeFollowUp, &Target::Plan(plan_target(&plan, &body))) {
            seen.push((plan, body));
        }
    }
    let plans: Vec<&Plan> = seen.iter().map(|(plan, _)| plan).collect();
    let (frames, tallies) = (PeriodFrame::read_all(r, &plans)?, tallies_of(r, &plans)?);
    let mut all = Vec::new();
    for (((plan, body), frame), tallies) in seen.iter().zip(&frames).zip(tallies) {
        for (period, tally) in Period::ALL.iter().copied().zip(tallies) {
            if frame.applies(period) && !frame.is_closed(period) {
                let asked = frame.asked_from(period).is_some_and(|from| from <= today);
                let view = periods::view(frame, tally, period, today)?;
                all.push(Standing { plan: plan.clone(), body: body.clone(), view, asked });
            }
        }
    }
    all.sort_by_key(|one| (one.view.deadline.is_none(), one.view.deadline, one.plan.year, one.view.period));
    Ok(all)
}
