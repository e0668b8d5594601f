//! What only an office does, among its tasks: for the controller, the head, the regional office and the auditor; each with
//! where it is done, gone when it is, and told to nobody else. And what a risk's owner is asked when its last action is completed.

use chrono::Datelike;
use riskregister::storage::Timestamp;
use serde_json::{Value, json};

use crate::follow_up::{Year, judged};
use crate::kit::visitor::{Page, written};
use crate::kit::{Client, World, both};

fn tasks(who: &Client) -> Vec<Value> {
    who.get("/me/tasks?limit=200").expect(200).items().to_vec()
}

/// The kinds of somebody's tasks that an office has, once each, in the order of the words.
fn kinds(who: &Client) -> Vec<String> {
    // What a year has no plan at all of has a test of its own: here few years have one.
    let named =
        ["status", "assessment", "reassessment", "overdueAction", "crimeAlert", "recommendation", "planMissing"];
    let mut all: Vec<String> = tasks(who).iter().map(|one| one["kind"].as_str().expect("a word").to_owned()).collect();
    all.retain(|kind| !named.contains(&kind.as_str()));
    all.sort();
    all.dedup();
    all
}

#[track_caller]
fn one(who: &Client, kind: &str) -> Value {
    let found: Vec<Value> = tasks(who).into_iter().filter(|task| task["kind"] == kind).collect();
    assert_eq!(found.len(), 1, "one {kind}: {found:?}");
    found[0].clone()
}

/// Where a task leads, whoever has it can go.
#[track_caller]
fn leads_on(world: &World, user: &str, task: &Value) {
    let path = task["page"].as_str().expect("a path").split('#').next().unwrap_or_default().to_owned();
    let visitor = world.visitor(user);
    visitor.get(&path).expect(200);
    let page = visitor.page("/tasks");
    assert!(
        page.text("main").contains(task["detail"].as_str().expect("a sentence")),
        "{task} in {}",
        page.text("main")
    );
}

/// Nobody but these has a task of a plan.
#[track_caller]
fn nobody_else(world: &World, other: &str) {
    for (name, who) in world.everyone() {
        if !["controller", "head", "regionAdministrator"].contains(&name) {
            assert_eq!(kinds(who), [""; 0], "{name}");
        }
    }
    // Of another body one sees nothing.
    let other = world.person_with(other, &world.other_board, "controller", &world.other_board);
    assert_eq!(kinds(&other), [""; 0]);
}

/// Both in one list, by name.
fn of_both(world: &World) -> (Vec<String>, Vec<String>) {
    (kinds(&world.controller), kinds(&world.head))
}

both! {
    fn a_plan_and_its_follow_up_ask_their_controller_and_head(world: &World) {
        let c = &world.controller;
        let none = Vec::<String>::new();
        assert_eq!(of_both(world), (none.clone(), none.clone()));
        let (goal, plan) = (world.goal(2024, "En ekonomi i balans"), world.plan(2024));
        let path = format!("/plans/{plan}");
        let lacks = one(c, "planLacks");
        let checks = c.get(&format!("{path}/checks")).expect(200);
        assert_eq!(lacks["count"], checks["missing"].as_array().expect("a list").len());
        assert_eq!(lacks["detail"], format!("Komplettera planen: {} saker saknas.", lacks["count"]));
        assert_eq!((&lacks["planId"], &lacks["page"]), (&json!(plan), &json!(format!("{path}#missing"))));
        leads_on(world, &world.controller.id, &lacks);
        assert_eq!(kinds(&world.head), none, "a plan is the controller's to mend");
        nobody_else(world, "Olle Annan");

        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let form = json!({"name": "Stickprov", "recurrences": ["continuous"], "responsibleId": world.performer.id});
        let control = c.post(&format!("/risks/{risk}/controls"), form).expect(201).id();
        world.complete(&plan);
        let proposal = vec!["planProposal".to_owned()];
        assert_eq!(of_both(world), (proposal.clone(), proposal));
        leads_on(world, &world.head.id, &one(&world.head, "planProposal"));
        world.propose(&plan).expect(200);
        assert_eq!(of_both(world), (vec!["planDecision".into()], none.clone()));
        world.adopt(&plan).expect(200);

        // Adopted long ago: it is to be delivered, and its first period has ended.
        assert_eq!(of_both(world), (vec!["periodClosure".into(), "planDelivery".into()], none.clone()));
        c.post(&format!("{path}/delivery"), json!({"deliveredOn": "2024-03-15"})).expect(200);
        let closure = one(c, "periodClosure");
        assert_eq!((&closure["period"], &closure["count"], &closure["late"]), (&json!("t1"), &json!(1), &json!(false)));
        assert_eq!(closure["detail"], "Perioden är slut och en status saknas.");
        leads_on(world, &world.controller.id, &closure);
        world.admin.with("if-none-match", "*").put("/deadlines/2024/t1", json!({"dueOn": "2024-05-17"})).expect(201);
        assert_eq!((&one(c, "periodClosure")["deadline"], &one(c, "periodClosure")["late"]), (&json!("2024-05-17"), &json!(true)));
        nobody_else(world, "Olga Annan");

        let year = Year::of(world, &plan, &risk, &control, &control, &control);
        year.report_all("t1");
        assert_eq!(one(c, "periodClosure")["detail"], "Stäng perioden: allt är rapporterat.");
        year.close("t1").expect(200);
        assert_eq!(of_both(world), (vec!["periodClosure".into(), "reportDraft".into()], none.clone()));
        assert_eq!(one(c, "periodClosure")["period"], "interim");
        leads_on(world, &world.controller.id, &one(c, "reportDraft"));
        let report = year.report("t1");
        assert_eq!(kinds(c), ["periodClosure", "reportFinal"]);
        let last = one(&world.head, "reportFinal");
        assert_eq!((&last["id"], &last["page"]), (&json!(report), &json!(format!("/reports/{report}"))));
        leads_on(world, &world.head.id, &last);
        let at = format!("/reports/{report}");
        world.head.post_current(&at, "/finalization", json!({})).expect(200);
        assert_eq!(of_both(world), (vec!["periodClosure".into(), "reportDecision".into()], none.clone()));
        c.post_current(&at, "/decision", judged()).expect(200);
        assert_eq!(of_both(world), (vec!["periodClosure".into(), "reportDelivery".into()], none.clone()));
        leads_on(world, &c.id, &one(c, "reportDelivery"));
        c.post(&format!("{at}/delivery"), json!({"deliveredOn": "2025-03-01"})).expect(200);
        assert_eq!(of_both(world), (vec!["periodClosure".into()], none));
    }

    fn a_deficiency_waits_for_the_board(world: &World) {
        let c = &world.controller;
        let form = json!({"organisationId": world.unit, "title": "Attest saknas", "severity": "serious",
            "foundOn": "2024-05-02"});
        let found = world.risk_owner.post("/deficiencies", form).expect(201).id();
        let task = one(c, "boardNotice");
        assert_eq!((&task["id"], &task["name"], &task["deadline"]), (&json!(found), &json!("Attest saknas"), &json!("2024-05-02")));
        assert_eq!(task["late"], true);
        leads_on(world, &world.controller.id, &task);
        nobody_else(world, "Otto Annan");
        assert_eq!(kinds(&world.head), [""; 0]);
        c.patch_current(&format!("/deficiencies/{found}"), json!({"reportedToBoardOn": "2024-05-06"})).expect(200);
        assert_eq!(kinds(c), [""; 0]);
    }

    fn an_answer_waits_for_the_auditors_word(world: &World) {
        let (c, auditor) = (&world.controller, &world.auditor);
        let form = json!({"organisationId": world.board, "source": "auditors", "report": "Granskning av inköp",
            "year": 2024, "text": "Följ upp avtalstroheten."});
        let made = auditor.post("/recommendations", form).expect(201).id();
        let path = format!("/recommendations/{made}");
        assert_eq!((kinds(c), kinds(auditor)), (vec!["recommendationUnanswered".to_owned()], vec![]));
        leads_on(world, &world.controller.id, &one(c, "recommendationUnanswered"));
        c.patch_current(&path, json!({"responsibleId": world.performer.id})).expect(200);
        assert_eq!(kinds(c), [""; 0], "it is asked of somebody by name now");
        world.performer.post(&format!("{path}/entries"), json!({"text": "Vi följer upp."})).expect(201);
        let task = one(auditor, "auditorsWord");
        assert_eq!((&task["id"], &task["name"]), (&json!(made), &json!("Granskning av inköp")));
        leads_on(world, &world.auditor.id, &task);
        auditor.post(&format!("{path}/entries"), json!({"text": "Hur ofta?"})).expect(201);
        assert_eq!(kinds(auditor), [""; 0]);
        world.performer.post(&format!("{path}/entries"), json!({"text": "Varje månad."})).expect(201);
        assert_eq!(kinds(auditor), ["auditorsWord"]);
        auditor.post_current(&path, "/closure", json!({"reason": "Uppföljt."})).expect(200);
        assert_eq!(kinds(auditor), [""; 0]);
    }

    fn the_regional_office_issues_and_is_delivered_to(world: &World) {
        let today = Timestamp::now().stockholm_date();
        let this = today.year();
        let years: Vec<i32> = if today.month() >= 6 { vec![this, this + 1] } else { vec![this] };
        let of = |kind: &str| -> Vec<i64> {
            let all = tasks(&world.admin);
            all.iter().filter(|task| task["kind"] == kind).map(|task| task["year"].as_i64().expect("a year")).collect()
        };
        let mut asked = of("issueDeadlines");
        asked.sort_unstable();
        assert_eq!(asked, years.iter().map(|year| i64::from(*year)).collect::<Vec<_>>());
        for task in tasks(&world.admin) {
            leads_on(world, &world.admin_id, &task);
        }
        for year in &years {
            for (period, due) in [("t1", "05-17"), ("interim", "09-17"), ("annual", "12-31")] {
                let due = if period == "annual" { format!("{}-02-14", year + 1) } else { format!("{year}-{due}") };
                let new = world.admin.with("if-none-match", "*");
                new.put(&format!("/deadlines/{year}/{period}"), json!({"dueOn": due})).expect(201);
            }
        }
        assert_eq!(of("issueDeadlines"), [0; 0]);
        if let [_, next] = years[..] {
            assert_eq!(of("issueMandatory"), [i64::from(next)]);
            // It leads to where goals come from while there is none to stand under, and then to where they are issued.
            let leads = || one(&world.admin, "issueMandatory")["page"].clone();
            assert_eq!(leads(), format!("/goals?year={next}"));
            let goal = world.goal(next, "En ekonomi i balans");
            assert_eq!(leads(), format!("/settings?year={next}"));
            // The page of that opens at the year that is asked for, with a button a period that says what it saves.
            let page = world.visitor(&world.admin_id).page("/settings");
            assert_eq!(page.attribute("input[name=year]", "value"), next.to_string());
            let saves = page.text("form#deadline-interim .send button");
            assert_eq!(saves, "Spara dagarna för delår");
            world.issue(next, "risk", "Risk för oegentligheter", &goal);
            assert_eq!(of("issueMandatory"), [0; 0]);
        }
        // Both boards owe a plan of this year.
        let undelivered = one(&world.admin, "plansUndelivered");
        assert_eq!((&undelivered["count"], &undelivered["year"]), (&json!(2), &json!(this)));
        nobody_else(world, "Oda Annan");
        let who = world.person_with("Bo Styrelse", &world.board, "regionAdministrator", &world.board);
        assert_eq!(kinds(&who), [""; 0], "what is the region's is the region's office's");
    }

    fn a_body_without_a_plan_asks_who_makes_it(world: &World) {
        let today = Timestamp::now().stockholm_date();
        let this = today.year();
        let missing = || -> Vec<Value> {
            let mut all = tasks(&world.controller);
            all.retain(|task| task["kind"] == "planMissing" && task["organisationId"] == json!(world.board));
            all.sort_by_key(|task| task["year"].as_i64());
            all
        };
        let years = || -> Vec<i64> { missing().iter().map(|task| task["year"].as_i64().expect("a year")).collect() };
        let (now, next) = (i64::from(this), i64::from(this) + 1);
        // The next year's is asked for from September.
        assert_eq!(years(), if today.month() >= 9 { vec![now, next] } else { vec![now] });
        for (name, who) in world.everyone() {
            if name != "controller" {
                assert!(!tasks(who).iter().any(|task| task["kind"] == "planMissing"), "{name}");
            }
        }
        let task = missing().remove(0);
        assert_eq!((&task["deadline"], &task["late"]), (&Value::Null, &json!(false)));
        assert_eq!(task["detail"], "Skapa årets plan: det finns ingen.");
        leads_on(world, &world.controller.id, &task);
        let form = world.visitor(&world.controller.id).page(task["page"].as_str().expect("a path"));
        assert_eq!(form.attribute("form#plan select[name=organisationId] option[selected]", "value"), world.board);
        assert_eq!(form.attribute("form#plan input[name=year]", "value"), this.to_string());
        // Or as soon as the region has set a last day; once that has passed it is late.
        for year in [this, this + 1] {
            let due = json!({"dueOn": format!("{year}-05-17")});
            world.admin.with("if-none-match", "*").put(&format!("/deadlines/{year}/t1"), due).expect(201);
        }
        assert_eq!(years(), [now, next]);
        for task in missing() {
            let due = format!("{}-05-17", task["year"]);
            assert_eq!((&task["deadline"], &task["late"]), (&json!(due), &json!(due < today.to_string())), "{task}");
        }
        world.plan(this);
        assert_eq!(years(), [next]);
    }

    fn a_request_of_erasure_waits_for_another_administrator(world: &World) {
        let other = world.person_with("Anna Andra", &world.root, "regionAdministrator", &world.root);
        let of = |who: &Client| -> Vec<Value> {
            tasks(who).into_iter().filter(|task| task["kind"] == "erasureRequest").collect()
        };
        let name_of_reader = || world.admin.get(&format!("/users/{}", world.reader.id)).expect(200)["name"].clone();
        let before = name_of_reader();
        // It is asked for where the history tells of the thing.
        let (office, second) = (world.visitor(&world.admin_id), world.visitor(&other.id));
        let events = world.admin.get(&format!("/logs/{}/events?entityId={}&limit=1", world.root, world.reader.id)).expect(200);
        let event = format!("/history/{}/{}", world.root, events.items()[0]["n"]);
        let at = office.page(&event).attribute("a[href^='/erasures?']", "href");
        assert_eq!(world.visitor(&world.auditor.id).get(&at).status, 200);
        assert_eq!(world.visitor(&world.auditor.id).page(&at).all("form[id]").len(), 0);
        let path = at.split('#').next().expect("a path").to_owned();
        let mut form = written(&office.page(&path).form("form#erasure"), "decision", "RS 2026-1, § 4");
        form.push(("fields".into(), "name".into()));
        office.send(&path, &form).expect(303);
        assert_eq!((of(&world.admin), of(&world.controller)), (vec![], vec![]), "whoever asked does not confirm");
        let task = of(&other).pop().expect("it waits for another");
        assert_eq!((&task["page"], &task["entity"]), (&json!("/erasures"), &json!("erasure")));
        assert_eq!(task["detail"], "Ta ställning till begäran om gallring: RS 2026-1, § 4.");
        leads_on(world, &other.id, &task);
        let id = task["id"].as_str().expect("an id");
        let (confirm, withdraw) = (format!("form#confirm-{id}"), format!("form#withdraw-{id}"));
        let offered = |page: &Page| (page.all(&confirm).len(), page.all(&withdraw).len());
        assert_eq!((offered(&office.page("/erasures")), offered(&second.page("/erasures"))), ((0, 1), (1, 1)));
        second.send("/erasures", &second.page("/erasures").form(&confirm)).expect(303);
        assert_eq!(of(&other), [Value::Null; 0]);
        let page = office.page("/erasures");
        assert_eq!(offered(&page), (0, 0));
        assert!(page.text("main").contains("RS 2026-1, § 4") && page.text("main").contains("Anna Andra"), "{}", page.text("main"));
        assert_ne!(name_of_reader(), before, "the name is gone");
    }

    /// When the last action of a risk is completed, its owner is asked what the risk is now.
    fn a_risk_is_assessed_anew_when_its_last_action_is_completed(world: &World) {
        let year = Year::adopted(world);
        let owner = &world.risk_owner;
        let second = json!({"name": "Laga taket", "startDate": "2024-02-01", "endDate": "2024-04-01",
            "responsibleId": world.performer.id});
        let second = world.controller.post(&format!("/risks/{}/actions", year.risk), second).expect(201).id();
        let asked = || tasks(owner).into_iter().filter(|task| task["kind"] == "reassessment").collect::<Vec<_>>();
        let complete = |action: &str| {
            let form = json!({"status": "onPlan", "effect": "desired", "completedOn": "2024-04-15"});
            let new = world.performer.with("if-none-match", "*");
            new.put(&format!("/actions/{action}/reports/t1"), form).expect(201);
        };
        complete(&year.action);
        assert_eq!(asked(), [json!(null); 0], "another action goes on");
        complete(&second);
        let task = asked().pop().expect("it is asked");
        assert_eq!((&task["id"], &task["page"]), (&json!(year.risk), &json!(format!("/risks/{}#assessment", year.risk))));
        assert_eq!(task["detail"], "Bedöm risken på nytt, åtgärderna är klara: Brist på scener.");
        assert!(world.visitor(&owner.id).page("/tasks").text("main").contains("Brist på scener"));
        for other in [&world.performer, &world.controller, &world.head, &world.auditor] {
            assert!(!tasks(other).iter().any(|task| task["kind"] == "reassessment"));
        }
        let form = json!({"likelihood": 2, "consequence": 2, "reason": "Scenen är byggd."});
        owner.post(&format!("/risks/{}/assessments", year.risk), form).expect(201);
        assert_eq!(asked(), [json!(null); 0]);
    }
}
