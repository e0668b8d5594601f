//! Plans with risks, planted past the API, for rules that look at plans of every kind; and what the history tells.

use diesel::prelude::*;
use riskregister::app::settings::policies;
use riskregister::domain::words::{MandatoryKind, PlanStatus, Recurrence};
use riskregister::storage::history::Origin;
use riskregister::storage::records::{Control, MandatoryRisk, Organisation, Plan, Risk, Webhook};
use riskregister::storage::{Id, Json, Place, Timestamp, Writing};
use serde_json::Value;

use crate::kit::Register;

pub fn id(text: &str) -> Id {
    text.parse().expect("an id")
}

fn write<T>(register: &Register, f: impl FnMut(&mut Writing) -> riskregister::error::Result<T>) -> T {
    register.db.write(&Origin::operator(), f).expect("it can be planted")
}

/// A plan of a body, with these goals in its order, scored as a new plan of the body would be.
pub fn plan(register: &Register, body: &str, year: i32, status: PlanStatus, goals: &[&str]) -> Id {
    write(register, |w| {
        let body: Organisation = w.linked(id(body))?;
        let now = Timestamp::now();
        let plan = Plan {
            id: Id::new(),
            organisation_id: body.id,
            year,
            status,
            adopted_revision: matches!(status, PlanStatus::Adopted | PlanStatus::Closed).then_some(1),
            policy_version_id: policies::newest_for(w, &body)?.id,
            goal_order: Json(goals.iter().map(|goal| id(goal)).collect()),
            diary_numbers: Json(Vec::new()),
            decided_on: None,
            deciding_board: None,
            paragraph: None,
            return_reason: None,
            revision_reason: None,
            proposed_sha256: None,
            from_plan_id: None,
            delivered_on: None,
            delivered_revision: None,
            illustrative: false,
            created_at: now,
            updated_at: now,
            version: 1,
            followed_sha256: None,
            board_change: None,
            closing_reason: None,
            revised_because: None,
        };
        w.create(Place { log: body.id, organisation: body.id }, "plan.created", &plan)?;
        Ok(plan.id)
    })
}

/// Moves a planted plan to another status.
pub fn status(register: &Register, plan: Id, status: PlanStatus) {
    write(register, |w| {
        let old: Plan = w.linked(plan)?;
        let at = Place { log: old.organisation_id, organisation: old.organisation_id };
        w.change(at, "plan.changed", &old, &mut Plan { status, ..old.clone() }, None)
    });
}

/// A risk of a planted plan, assessed as given.
pub fn risk(
    register: &Register,
    plan: Id,
    name: &str,
    assessment: Option<(i32, i32)>,
    change: impl Fn(&mut Risk),
) -> Id {
    write(register, |w| {
        let plan: Plan = w.linked(plan)?;
        let policy = policies::definition(w, plan.policy_version_id)?;
        let cell = assessment.and_then(|(l, c)| policy.value(l, c));
        let mut risk = Risk {
            likelihood: assessment.map(|a| a.0),
            consequence: assessment.map(|a| a.1),
            score: cell.map(|c| c.score),
            level: cell.map(|c| c.level),
            confirmed: cell.is_some(),
            ..Risk::new(plan.id, plan.organisation_id, name.to_uppercase(), name.into())
        };
        change(&mut risk);
        while w.reference_holder(plan.organisation_id, &risk.reference)?.is_some() {
            risk.reference.push('+');
        }
        w.create(Place { log: plan.organisation_id, organisation: plan.organisation_id }, "risk.created", &risk)?;
        w.take_reference(plan.organisation_id, &risk.reference, risk.identity_id)?;
        Ok(risk.id)
    })
}

/// A control of a planted risk that follows an indicator.
pub fn control(register: &Register, risk: Id, indicator: &str) {
    write(register, |w| {
        let risk: Risk = w.linked(risk)?;
        let now = Timestamp::now();
        let control = Control {
            id: Id::new(),
            risk_id: risk.id,
            plan_id: risk.plan_id,
            previous_id: None,
            position: 1,
            name: "Uppföljning av indikator".into(),
            description: None,
            frequency: None,
            recurrences: Json(vec![Recurrence::Tertial]),
            due_period: None,
            due_date: None,
            responsible_id: None,
            indicator_ids: Json(vec![id(indicator)]),
            adopted: false,
            created_at: now,
            updated_at: now,
            version: 1,
            removed_in: None,
            added_after_adoption_on: None,
        };
        w.create(Place { log: risk.organisation_id, organisation: risk.organisation_id }, "control.created", &control)
    });
}

/// A mandatory risk under a goal.
pub fn mandatory(register: &Register, goal: &str, year: i32) {
    let root = id(&register.root);
    write(register, |w| {
        let made = MandatoryRisk {
            id: Id::new(),
            year,
            kind: MandatoryKind::Risk,
            name: "Risk för oegentligheter".into(),
            description: None,
            goal_id: id(goal),
            continues_id: None,
            issued_at: Timestamp::now(),
            withdrawn_at: None,
            withdrawal_reason: None,
            version: 1,
        };
        w.create(Place { log: root, organisation: root }, "mandatoryRisk.issued", &made)
    });
}

/// The events about a thing, oldest first.
pub fn events(register: &Register, thing: &str) -> Vec<Value> {
    use riskregister::storage::schema::events;
    let mut c = register.config.database.connect().expect("the database can be reached");
    let bodies: Vec<Vec<u8>> = events::table
        .filter(events::entity_id.eq(id(thing)))
        .order((events::log_id.asc(), events::n.asc()))
        .select(events::body)
        .load(&mut c)
        .expect("the history can be read");
    bodies.iter().map(|body| serde_json::from_slice(body).expect("an event is JSON")).collect()
}

/// What happened to a thing, oldest first.
pub fn history(register: &Register, thing: &str) -> Vec<String> {
    events(register, thing).iter().map(|event| event["kind"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The kinds of a webhook that was made before kinds were a closed list.
pub fn kinds_of_webhook(register: &Register, webhook: &str, kinds: &[&str]) {
    write(register, |w| {
        let old: Webhook = w.get(id(webhook))?;
        let owner: Organisation = w.linked(old.organisation_id)?;
        let kinds = Json(kinds.iter().map(|kind| (*kind).to_owned()).collect());
        let mut new = Webhook { kinds, ..old.clone() };
        w.change(
            Place { log: owner.body_id.unwrap_or(owner.id), organisation: owner.id },
            "webhook.changed",
            &old,
            &mut new,
            None,
        )
    });
}
