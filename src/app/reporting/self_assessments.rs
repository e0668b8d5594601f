//! A body's own judgement of the five COSO components, in a period of its plan.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::caller::Caller;
use crate::app::follow_up::{PeriodFrame, limits};
use crate::app::places::plan_target;
use crate::app::plan;
use crate::app::sent::Sent;
use crate::domain::coso::{self, ComponentJudgement};
use crate::domain::follow_up::PeriodVerb;
use crate::domain::life::Refusal;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{Language, Period};
use crate::error::{Error, Result, Violation};
use crate::storage::records::{Plan, SelfAssessment};
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// What is written of the components. Those that are not named are not judged; the annual report needs all five.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelfAssessmentForm {
    #[schema(max_items = 5)]
    pub components: Vec<ComponentJudgement>,
}

/// Whether every component is judged in the period, as the annual report needs.
pub fn is_complete(r: &mut Reading, plan: Id, period: Period) -> Result<bool> {
    Ok(r.self_assessment(plan, period)?.is_some_and(|found| coso::is_complete(&found.components)))
}

pub fn get(r: &mut Reading, caller: &Caller, plan: Id, period: Period) -> Result<SelfAssessment> {
    let (found, body) = plan::load(r, plan)?;
    caller.may(Verb::SeeFollowUp, &Target::Plan(plan_target(&found, &body)))?;
    r.self_assessment(plan, period)?.ok_or(Error::NotFound)
}

/// Why the judgement of a period cannot be written as its plan and its report stand, if it cannot.
pub fn hindrance(r: &mut Reading, plan: &Plan, period: Period) -> Result<Option<Refusal>> {
    let frame = PeriodFrame::read(r, plan)?;
    Ok(limits::may(&frame, period, PeriodVerb::Judge, r.today()).err())
}

/// Writes the judgement of a period; true when there was none.
pub fn write(
    w: &mut Writing,
    caller: &Caller,
    plan: Id,
    period: Period,
    sent: &Sent<SelfAssessmentForm>,
) -> Result<(SelfAssessment, bool)> {
    let (found, body) = plan::load(w, plan)?;
    caller.authorize(Verb::EditPlan, &Target::Plan(plan_target(&found, &body)), sent)?;
    let open = plan::lock(w, plan, body)?;
    let old = w.self_assessment(plan, period)?;
    match &old {
        Some(old) => sent.expect_current(old)?,
        None => sent.expect_new()?,
    }
    let by = caller.user()?.id;
    let mut form = sent.judge()?;
    judge(&form.components)?;
    // Of what is adopted, and until the report is final; a body may judge itself where nothing else is asked.
    let frame = PeriodFrame::read(w, &open.plan)?;
    limits::require(&open, &frame, period, PeriodVerb::Judge, w.today())?;
    form.components.sort_by_key(|one| one.component);
    for one in &mut form.components {
        one.principles.sort_by_key(|p| p.number);
    }
    let components = Json(form.components);
    match old {
        Some(old) if old.components == components => Ok((old, false)),
        Some(old) => {
            let mut new = SelfAssessment { components, assessed_by_id: by, ..old.clone() };
            w.change(open.at, "selfAssessment.written", &old, &mut new, None)?;
            Ok((new, false))
        }
        None => {
            let now = Timestamp::now();
            let new = SelfAssessment {
                id: Id::new(),
                plan_id: plan,
                period,
                components,
                assessed_by_id: by,
                created_at: now,
                updated_at: now,
                version: 1,
            };
            w.create(open.at, "selfAssessment.written", &new)?;
            Ok((new, true))
        }
    }
}

/// Each component once, and under it its own principles, each once.
fn judge(components: &[ComponentJudgement]) -> Result<()> {
    let mut faults = Vec::new();
    for (i, one) in components.iter().enumerate() {
        let at = format!("/components/{i}/component");
        if !one.component.is_component() {
            faults.push(Violation::new(
                at,
                "unknownWord",
                "Ska vara en av de fem komponenterna.",
                "Must be one of the five components.",
            ));
            continue;
        }
        if components[..i].iter().any(|earlier| earlier.component == one.component) {
            faults.push(Violation::new(at, "duplicate", "Komponenten står två gånger.", "The component stands twice."));
        }
        for (j, principle) in one.principles.iter().enumerate() {
            let at = format!("/components/{i}/principles/{j}/number");
            if coso::component_of(principle.number) != Some(one.component) {
                let (sv, en) = (one.component.label(Language::Sv), one.component.label(Language::En));
                faults.push(Violation::new(
                    at,
                    "otherComponent",
                    format!("Principen hör inte till {sv}."),
                    format!("The principle does not belong to {en}."),
                ));
            } else if one.principles[..j].iter().any(|earlier| earlier.number == principle.number) {
                faults.push(Violation::new(
                    at,
                    "duplicate",
                    "Principen står två gånger.",
                    "The principle stands twice.",
                ));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
