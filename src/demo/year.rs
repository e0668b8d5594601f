//! The region in the middle of its year: SLSO's plan adopted, T1 and delår decided, år open, the plan of next year begun;
//! and the other bodies of 2024 at various stages. Everything that is reported is made up, and marked so.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::plan::{Made, People, act, act_new, indicator_ids, write_sections};
use crate::app::contents::{mandatory, measures, risks};
use crate::app::findings::{deficiencies, outcomes, recommendations};
use crate::app::follow_up::Followed;
use crate::app::people::{organisations, setup};
use crate::app::plan::year::mandatory_of;
use crate::app::plans::{self, decisions};
use crate::app::reporting::{periods, reports, self_assessments, status_reports};
use crate::app::settings::goals;
use crate::domain::words::{OrganisationKind, Period, Recurrence, Role};
use crate::error::{Error, Result};
use crate::storage::records::{Goal, Organisation, Plan};
use crate::storage::{Id, Writing};

/// The bodies of Region Stockholm in 2024, by name, but for SLSO: what kind of body each is shown as, and how far its year
/// has come in the demonstration.
const BODIES: &[(&str, &str, Stage)] = &[
    ("Ambulanssjukvården Storstockholm AB", "company", Stage::Closed),
    ("Danderyds sjukhus AB", "company", Stage::Reported),
    ("Film Stockholm AB", "company", Stage::Adopted),
    ("FTV Stockholms län AB", "company", Stage::Decided),
    ("Förvaltningen för utbyggd Tunnelbana", "board", Stage::Draft),
    ("Hälso- och sjukvårdsförvaltningen", "board", Stage::Decided),
    ("Karolinska Universitetssjukhuset", "board", Stage::Reported),
    ("Kulturförvaltningen", "board", Stage::Closed),
    ("Locum AB", "company", Stage::Adopted),
    ("MediCarrier AB", "company", Stage::Draft),
    ("Patientnämnden", "board", Stage::Proposed),
    ("Regionledningskontoret", "board", Stage::Adopted),
    ("Regionrevisorerna", "board", Stage::Nothing),
    ("S:t Eriks Ögonsjukhus AB", "company", Stage::Draft),
    ("Serviceförvaltningen", "board", Stage::Reported),
    ("Södersjukhuset AB", "company", Stage::Adopted),
    ("Södertälje Sjukhus AB", "company", Stage::Draft),
    ("Tiohundra", "company", Stage::Proposed),
    ("Tobiasregistret AB", "company", Stage::Nothing),
    ("Trafikförvaltningen", "board", Stage::Closed),
];

/// How far a body has come. Each stage holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// It has no plan.
    Nothing,
    Draft,
    Proposed,
    Adopted,
    /// T1 is reported in part.
    Reported,
    /// T1 is closed.
    Closed,
    /// The board has decided on T1.
    Decided,
}

/// Takes the register that plain `demo` has made on into the year.
pub fn go_on(w: &mut Writing, made: &Made) -> Result<()> {
    let Made { root, body, people, plan, year } = made;
    let earlier = w.plan_of(*body, year - 1)?.ok_or_else(|| Error::internal("the demo has no plan of last year"))?;
    act(w, people.controller, json!({}), |w, c, sent| decisions::close(w, c, earlier.id, sent))?;
    adopt(w, people, *plan, &format!("{year}-03-12"))?;
    act(w, people.controller, json!({"deliveredOn": format!("{year}-03-19")}), |w, c, sent| {
        decisions::deliver(w, c, *plan, sent)
    })?;
    for (period, day) in [
        (Period::T1, format!("{year}-05-17")),
        (Period::Interim, format!("{year}-09-13")),
        (Period::Annual, format!("{}-02-14", year + 1)),
    ] {
        act_new(w, people.administrator, json!({ "dueOn": day }), |w, c, sent| {
            periods::set_deadline(w, c, *year, period, sent).map(|_| ())
        })?;
    }
    records(w, made)?;
    report(w, people, *plan, Period::T1, 0)?;
    decide(w, people, *plan, Period::T1, &format!("{year}-05-28"))?;
    report(w, people, *plan, Period::Interim, 0)?;
    decide(w, people, *plan, Period::Interim, &format!("{year}-09-24"))?;
    // The year is not over in the demonstration: some have reported, the others owe it.
    report(w, people, *plan, Period::Annual, 7)?;
    others(w, made)?;
    next_year(w, made, *root, *body)
}

/// What else belongs to the year: outcomes of indicators, a deficiency, the auditors' recommendation and opinion, and the
/// judgement of the components as far as it has come. All of it is made up.
fn records(w: &mut Writing, made: &Made) -> Result<()> {
    let Made { body, people, plan, year, .. } = made;
    let auditor = w.user_by_email("revisor@demo.example")?.ok_or_else(|| Error::internal("the demo has no auditor"))?;
    let risks: HashMap<String, Id> = w.risks_of_plan(*plan)?.into_iter().map(|r| (r.reference, r.id)).collect();
    let risk = |reference: &str| {
        risks.get(reference).copied().ok_or_else(|| Error::internal(format!("there is no risk {reference}")))
    };
    let actions_of = |w: &mut Writing, risk: Id| -> Result<Vec<Id>> {
        Ok(w.actions_of_risk(risk)?.into_iter().map(|action| action.id).collect())
    };
    let staffing = actions_of(w, risk("11922")?)?;
    let fraud = actions_of(w, risk("107565")?)?;
    for (name, t1, interim, judgement, cause) in [
        (
            "Andel sjukfrånvaro",
            "6.4",
            "6.2",
            "atRisk",
            Some("Korttidsfrånvaron var hög i början av året. (Illustrativt värde.)"),
        ),
        ("Kvarstannandegrad", "86", "86.5", "onTarget", None),
        (
            "Andel väntande till behandling inom 90 dagar hos specialist",
            "71",
            "74",
            "missed",
            Some("Lediga tjänster vid två mottagningar. (Illustrativt värde.)"),
        ),
    ] {
        let linked = if judgement == "atRisk" { staffing.as_slice() } else { &[] };
        for indicator in indicator_ids(w, &[name.to_owned()])? {
            for (period, value) in [(Period::T1, t1), (Period::Interim, interim)] {
                let item = json!({
                    "indicatorId": indicator, "organisationId": body, "period": period, "value": value,
                    "forecast": value, "judgement": judgement, "cause": cause, "actionIds": linked,
                });
                act(w, people.controller, json!({ "items": [item] }), outcomes::write_many)?;
            }
        }
    }
    let found = json!({
        "organisationId": body, "riskId": risk("107565")?, "title": "Attestförteckningen var inte aktuell",
        "description": "Två attestanter som hade slutat stod kvar i förteckningen. (Illustrativ brist.)",
        "severity": "minor", "foundOn": format!("{year}-03-20"), "foundBy": "Stickprov i ekonomienheten",
        "measures": "Förteckningen är uppdaterad och gås igenom varje månad.",
    });
    let minor = act(w, people.controller, found, |w, c, sent| deficiencies::report(w, c, false, sent))?.deficiency.id;
    let told = json!({
        "reportedToBoardOn": format!("{year}-04-23"), "reportedToRegionOn": format!("{year}-05-29"),
        "regionYear": year, "regionPeriod": "t1",
    });
    act(w, people.controller, told, |w, c, sent| deficiencies::change(w, c, minor, false, sent))?;
    let done = json!({"reason": "Åtgärdad och kontrollerad. (Illustrativt.)", "closedOn": format!("{year}-06-05")});
    act(w, people.controller, done, |w, c, sent| deficiencies::close(w, c, minor, sent))?;
    let found = json!({
        "organisationId": body, "riskId": risk("11919")?, "title": "Uppföljningen av ekonomin saknar underlag",
        "description": "Två verksamheter har inte lämnat underlag till den månatliga uppföljningen. (Illustrativ brist.)",
        "severity": "serious", "foundOn": format!("{year}-06-11"),
    });
    act(w, people.controller, found, |w, c, sent| deficiencies::report(w, c, false, sent))?;
    let advice = json!({
        "organisationId": body, "source": "auditors", "year": year - 1, "diaryNumber": "RK (demo)",
        "report": format!("Årsrapport {} (illustrativ)", year - 1), "responsibleId": people.head,
        "text": "Nämnden bör säkerställa att kontrollen av oegentligheter dokumenteras enhetligt.",
    });
    let advice = act(w, auditor.id, advice, recommendations::create)?;
    act(w, people.controller, json!({ "actionIds": fraud }), |w, c, sent| {
        recommendations::change(w, c, advice.id, sent)
    })?;
    let answer = json!({
        "text": "En gemensam mall för stickproven är beslutad. (Illustrativt svar.)",
        "datedOn": format!("{year}-04-15"),
    });
    act(w, people.head, answer, |w, c, sent| recommendations::add_entry(w, c, advice.id, sent))?;
    let opinion = json!({
        "organisationId": body, "year": year - 1, "judgement": "sufficient", "givenOn": format!("{year}-03-05"),
        "report": format!("Årsrapport {} (illustrativ)", year - 1),
    });
    act(w, auditor.id, opinion, recommendations::create_opinion)?;
    let judged = |component: &str, judgement: &str| json!({"component": component, "judgement": judgement, "reason": "Illustrativ bedömning för demonstrationen."});
    let components = json!({"components": [
        judged("controlEnvironment", "sufficient"),
        judged("riskAssessment", "sufficient"),
        judged("controlActivities", "partly"),
    ]});
    act_new(w, people.controller, components, |w, c, sent| self_assessments::write(w, c, *plan, Period::Annual, sent))?;
    Ok(())
}

fn adopt(w: &mut Writing, people: &People, plan: Id, day: &str) -> Result<()> {
    act(w, people.head, json!({}), |w, c, sent| decisions::propose(w, c, plan, sent))?;
    let decision = json!({"decidedOn": day, "paragraph": "0 (demo)", "decidingBoard": board(w, plan)?});
    act(w, people.controller, decision, |w, c, sent| decisions::adopt(w, c, plan, sent))?;
    Ok(())
}

/// What the body's board is called.
fn board(w: &mut Writing, plan: Id) -> Result<String> {
    let plan: Plan = w.linked(plan)?;
    let body: Organisation = w.linked(plan.organisation_id)?;
    Ok(match body.kind {
        OrganisationKind::Company => format!("Styrelsen för {}", body.name),
        _ => format!("Nämnden för {}", body.name),
    })
}

/// Reports what is due in a period, but for the last `owed`.
fn report(w: &mut Writing, people: &People, plan: Id, period: Period, owed: usize) -> Result<()> {
    let plan: Plan = w.linked(plan)?;
    let followed = Followed::read(w, &plan)?;
    let numbers: HashMap<Id, i32> = followed.risks.iter().filter_map(|r| Some((r.id, r.number?))).collect();
    let mut due: Vec<(bool, Id, i32)> = Vec::new();
    for control in &followed.controls {
        if followed.control(control, period)?.due {
            due.push((true, control.id, numbers.get(&control.risk_id).copied().unwrap_or(0)));
        }
    }
    for action in &followed.actions {
        if followed.action(action, period).due {
            due.push((false, action.id, numbers.get(&action.risk_id).copied().unwrap_or(0)));
        }
    }
    due.sort_by_key(|(_, id, number)| (*number, *id));
    let reported = due.len().saturating_sub(owed);
    for (is_control, id, number) in due.into_iter().take(reported) {
        if is_control {
            act_new(w, people.controller, control_status(number, period), |w, c, sent| {
                status_reports::report_control(w, c, id, period, sent).map(|_| ())
            })?;
        } else {
            act_new(w, people.controller, action_status(number, period), |w, c, sent| {
                status_reports::report_action(w, c, id, period, sent).map(|_| ())
            })?;
        }
    }
    Ok(())
}

/// A status for a control of the risk with this number: most go as they should.
fn control_status(number: i32, period: Period) -> Value {
    match (number, period) {
        (3, Period::Interim) | (9, Period::T1) => json!({
            "status": "performedWithDeviations",
            "comment": "Kontrollen är genomförd. Två verksamheter lämnade sina underlag efter utsatt tid. (Illustrativ kommentar.)",
        }),
        (8, Period::Interim) => json!({
            "status": "notPerformed",
            "comment": "Styrkortet lades om under våren och underlag saknas för perioden. Kontrollen görs i samband med årsuppföljningen. (Illustrativ kommentar.)",
        }),
        (5, _) => json!({
            "status": "performed",
            "comment": "Stickproven har genomförts enligt anvisningen. (Illustrativ kommentar.)",
            "counts": {"samples": 40, "faults": 1, "reportsReceived": 2, "reportsInvestigated": 2},
        }),
        _ => json!({"status": "performed"}),
    }
}

/// A status for an action of the risk with this number.
fn action_status(number: i32, period: Period) -> Value {
    match (number, period) {
        (6, Period::Interim) => json!({
            "status": "onPlan", "effect": "desired", "completedOn": "2024-08-30",
            "comment": "Utbildningen är genomförd. (Illustrativ kommentar.)",
        }),
        (7, _) => json!({
            "status": "mostlyDone", "effect": "uncertain",
            "comment": "Handlingsplanen är beslutad. Effekten på bemanningen syns först nästa år. (Illustrativ kommentar.)",
        }),
        (4, Period::Interim | Period::Annual) => json!({
            "status": "offPlan", "effect": "uncertain",
            "comment": "Åtgärdsplanen är försenad i två verksamheter. (Illustrativ kommentar.)",
        }),
        (1, Period::T1) => json!({"status": "onPlan", "effect": "notAssessed"}),
        _ => json!({"status": "onPlan", "effect": "desired"}),
    }
}

/// Closes a period and takes its report to the board's decision.
fn decide(w: &mut Writing, people: &People, plan: Id, period: Period, day: &str) -> Result<()> {
    act(w, people.controller, json!({}), |w, c, sent| periods::close(w, c, plan, period, sent))?;
    let made = act(w, people.controller, json!({ "kind": period }), |w, c, sent| reports::create(w, c, plan, sent))?;
    let words = json!({
        "introduction": "Kontroller och åtgärder i planen för intern kontroll har följts upp. Samtliga värden i rapporten är illustrativa.",
        "shownToManagementOn": day, "diaryNumbers": ["SLSO (demo)"],
    });
    act(w, people.controller, words, |w, c, sent| reports::change(w, c, made.id, sent))?;
    act(w, people.head, json!({}), |w, c, sent| reports::finalize(w, c, made.id, sent))?;
    let decision = json!({"decidedOn": day, "paragraph": "0 (demo)", "decidingBoard": board(w, plan)?});
    act(w, people.controller, decision, |w, c, sent| reports::decide(w, c, made.id, sent))?;
    Ok(())
}

/// The other bodies, each as far as its year has come.
fn others(w: &mut Writing, made: &Made) -> Result<()> {
    let Made { root, people, year, .. } = made;
    let somebody = |w: &mut Writing, role: Role, email: &str, name: &str| -> Result<Id> {
        let new = setup::NewUser { email, name, password_hash: "" };
        let user = setup::add_user(w, *root, &new)?;
        setup::grant(w, user, role, *root)?;
        Ok(user)
    };
    // Nobody signs in as them: they stand for the coordinators and heads of twenty bodies.
    let others = People {
        administrator: people.administrator,
        head: somebody(w, Role::Head, "chefer@demo.example", "Övriga bolags- och förvaltningschefer (demo)")?,
        controller: somebody(w, Role::Controller, "samordnare@demo.example", "Övriga samordnare (demo)")?,
        performer: people.performer,
        owners: HashMap::new(),
    };
    for (name, kind, stage) in BODIES {
        let form = json!({
            "parentId": root, "kind": kind, "name": name, "validFrom": "2004-01-01", "plans": true,
        });
        let body = act(w, people.administrator, form, organisations::create)?.id;
        if *stage >= Stage::Draft {
            one(w, made, &others, body, *stage, *year)?;
        }
    }
    Ok(())
}

/// The plan of another body: the mandatory risks, and one of its own.
fn one(w: &mut Writing, made: &Made, people: &People, body: Id, stage: Stage, year: i32) -> Result<()> {
    let plan = act(w, people.controller, json!({"organisationId": body, "year": year}), plans::create)?.plan.id;
    act(w, people.controller, json!({"illustrative": true}), |w, c, sent| plans::change(w, c, plan, sent))?;
    let goal = w.risks_of_plan(plan)?.first().and_then(|risk| risk.goal_id);
    let own = json!({
        "name": "Brist på personal med rätt kompetens", "goalId": goal, "category": "operational", "response": "limit",
        "ownerId": made.people.head, "likelihood": 3, "consequence": 4,
    });
    act(w, people.controller, own, |w, c, sent| risks::create(w, c, plan, sent))?;
    if stage == Stage::Draft {
        return Ok(());
    }
    write_sections(w, people, plan, year)?;
    for risk in w.risks_of_plan(plan)? {
        if risk.mandatory_id.is_some() {
            let form = json!({"category": "compliance", "response": "limit", "ownerId": made.people.head});
            act(w, people.controller, form, |w, c, sent| risks::change(w, c, risk.id, sent))?;
            let assessment = json!({"likelihood": 2, "consequence": 3});
            act(w, people.controller, assessment, |w, c, sent| risks::assess(w, c, risk.id, sent))?;
        }
        let control = json!({"name": "Stickprov", "frequency": "Varje tertial", "recurrences": [Recurrence::Tertial]});
        act(w, people.controller, control, |w, c, sent| measures::create_control(w, c, risk.id, sent))?;
    }
    if stage == Stage::Proposed {
        return act(w, people.head, json!({}), |w, c, sent| decisions::propose(w, c, plan, sent)).map(|_| ());
    }
    adopt(w, people, plan, &format!("{year}-02-20"))?;
    if stage >= Stage::Reported {
        report(w, people, plan, Period::T1, usize::from(stage == Stage::Reported) * 2)?;
    }
    match stage {
        Stage::Closed => {
            act(w, people.controller, json!({}), |w, c, sent| periods::close(w, c, plan, Period::T1, sent)).map(|_| ())
        }
        Stage::Decided => decide(w, people, plan, Period::T1, &format!("{year}-05-21")),
        _ => Ok(()),
    }
}

/// Next year's plan, carried over: what is mandatory then, each assessment to confirm.
fn next_year(w: &mut Writing, made: &Made, root: Id, body: Id) -> Result<()> {
    let Made { people, plan, year, .. } = made;
    let next = year + 1;
    let order: Vec<Id> = {
        let plan: Plan = w.linked(*plan)?;
        plan.goal_order.read().map_err(Error::internal)?
    };
    let mut continued: HashMap<Id, Id> = HashMap::new();
    for id in order {
        let before: Goal = w.linked(id)?;
        let form = json!({
            "organisationId": root, "year": next, "number": before.number, "name": before.name,
            "position": before.position, "continuesId": before.id,
        });
        let goal = act(w, people.administrator, form, goals::create)?;
        continued.insert(id, goal.id);
    }
    let issued = mandatory_of(w, *year)?;
    let economy = issued.first().and_then(|m| continued.get(&m.goal_id)).copied();
    for before in issued {
        let form = json!({
            "year": next, "kind": "risk", "name": before.name, "goalId": continued.get(&before.goal_id),
            "continuesId": before.id,
        });
        act(w, people.administrator, form, mandatory::issue)?;
    }
    let area = json!({"year": next, "kind": "area", "name": "Felaktiga bidragsutbetalningar", "goalId": economy});
    let area = act(w, people.administrator, area, mandatory::issue)?;
    let form = json!({"organisationId": body, "year": next, "fromPlanId": plan});
    let draft = act(w, people.controller, form, plans::create)?.plan.id;
    act(w, people.controller, json!({"illustrative": true}), |w, c, sent| plans::change(w, c, draft, sent))?;
    let own = json!({
        "name": "Risk för felaktig utbetalning av bidrag till vårdgivare", "areaId": area.id, "category": "financial",
        "response": "limit", "ownerId": people.owners.get("B"),
    });
    act(w, people.controller, own, |w, c, sent| risks::create(w, c, draft, sent))?;
    Ok(())
}
