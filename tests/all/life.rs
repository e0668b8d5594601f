//! The plan's life: what each state asks for and refuses, what is sealed, and what the history keeps of it.

use std::collections::HashMap;

use diesel::QueryableByName;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use riskregister::storage::Address;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::kit::plans::{SECTIONS, decision};
use crate::kit::{World, both};

/// A complete draft with a mandatory risk, a risk with everything, and one that is not included.
struct Scene<'w> {
    world: &'w World,
    goal: String,
    plan: String,
    risk: String,
    low: String,
    control: String,
    action: String,
}

impl<'w> Scene<'w> {
    fn of(world: &'w World, year: i32) -> Self {
        let goal = world.goal(year, "En ekonomi i balans");
        world.issue(year, "risk", "Risk för oegentligheter", &goal);
        let plan = world.plan(year);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let low = world.risk(&plan, &goal, "Låg risk", (2, 4)).id();
        let control = world.control(&risk, "Räkna scenerna");
        let action = world.action(&risk, "Bygg en scen");
        world.complete(&plan);
        Self { world, goal, plan, risk, low, control, action }
    }

    fn path(&self) -> String {
        format!("/plans/{}", self.plan)
    }

    /// Every change that a draft takes, and whether an adopted plan takes it, too.
    fn changes(&self) -> Vec<(&'static str, String, Value, bool)> {
        let risk = format!("/risks/{}", self.risk);
        let (control, action) = (format!("/controls/{}", self.control), format!("/actions/{}", self.action));
        let plan = self.path();
        let mut all = Vec::new();
        let fields = [
            ("name", json!("Annat namn")),
            ("description", json!("Annat")),
            ("category", json!("strategic")),
            ("goalId", Value::Null),
            ("localGoal", json!("Lokalt")),
            ("position", json!(77)),
            ("targetLevel", json!("low")),
            ("response", json!("share")),
            ("justification", json!("Därför.")),
            ("irregularity", json!(true)),
            ("organisationId", json!(self.world.division)),
            ("reference", json!("X-1")),
            ("secrecy", json!({"provision": "18 kap. 8 § OSL", "date": "2024-01-01", "authority": "Nämnden"})),
        ];
        for (field, value) in fields {
            all.push(("PATCH", risk.clone(), json!({ field: value }), false));
        }
        all.push(("PATCH", risk.clone(), json!({"ownerId": self.world.head.id, "name": "Båda"}), false));
        all.push(("PATCH", risk.clone(), json!({"ownerId": self.world.head.id}), true));
        all.push(("PATCH", risk.clone(), json!({"likelihood": 5, "consequence": 5}), true));
        all.push(("POST", format!("{risk}/assessments"), json!({"likelihood": 1, "consequence": 1}), true));
        all.push(("PUT", format!("{risk}/inclusion"), json!({"reason": "Skäl."}), false));
        all.push(("PUT", format!("/risks/{}/setting-aside", self.low), json!({"reason": "Skäl."}), false));
        all.push(("POST", format!("{risk}/retirement"), json!({"reason": "Skäl."}), false));
        all.push(("DELETE", format!("/risks/{}", self.low), Value::Null, false));
        all.push(("POST", format!("{plan}/risks"), json!({"name": "Ny"}), true));
        all.push(("POST", format!("{risk}/controls"), json!({"name": "Ny"}), true));
        let fields = [
            ("name", json!("Annan")),
            ("description", json!("Annat")),
            ("frequency", json!("Ofta")),
            ("position", json!(9)),
            ("recurrences", json!(["continuous"])),
        ];
        for (field, value) in fields {
            all.push(("PATCH", control.clone(), json!({ field: value }), false));
        }
        all.push(("PATCH", control.clone(), json!({"responsibleId": self.world.head.id, "name": "Båda"}), false));
        all.push(("PATCH", control.clone(), json!({"responsibleId": self.world.head.id}), true));
        all.push(("DELETE", control, Value::Null, false));
        all.push(("POST", format!("{risk}/actions"), json!({"name": "Ny åtgärd"}), true));
        let fields = [
            ("name", json!("Annan")),
            ("description", json!("Annat")),
            ("startDate", json!("2020-01-01")),
            ("position", json!(9)),
            ("endDateReason", json!("Skäl utan datum.")),
            ("financialEffect", json!({"fullYear": "1.0"})),
        ];
        for (field, value) in fields {
            all.push(("PATCH", action.clone(), json!({ field: value }), false));
        }
        all.push(("PATCH", action.clone(), json!({"responsibleId": self.world.head.id}), true));
        all.push((
            "PATCH",
            action.clone(),
            json!({"endDate": "2029-12-31", "endDateReason": "Leveransen dröjer."}),
            true,
        ));
        all.push(("DELETE", action, Value::Null, false));
        let fields =
            [("diaryNumbers", json!(["X 1"])), ("goalOrder", json!([self.goal])), ("illustrative", json!(true))];
        for (field, value) in fields {
            all.push(("PATCH", plan.clone(), json!({ field: value }), false));
        }
        for section in SECTIONS {
            all.push(("PUT", format!("{plan}/sections/{section}"), json!({"text": "Andra ord."}), false));
        }
        all
    }

    /// Tries every change. Those that are refused must say why with `code`, and leave the plan as it was.
    fn try_changes(&self, code: &str, adopted: bool) {
        let tag = || self.world.controller.get(&self.path()).expect(200).header("etag").to_owned();
        for (method, path, body, after_adoption) in self.changes() {
            // A decision is new; everything else that has a tag is there.
            let new = path.ends_with("/inclusion") || path.ends_with("/setting-aside");
            let condition = if new { "if-none-match" } else { "if-match" };
            let before = tag();
            let body = Some(body).filter(|b| !b.is_null());
            let answer = self.world.controller.with(condition, "*").send(method, &path, body.clone());
            if adopted && after_adoption {
                assert!((200..300).contains(&answer.status), "{method} {path} {body:?}: {}", answer.json);
                continue;
            }
            assert_eq!(answer.status, 409, "{method} {path} {body:?}: {}", answer.json);
            // Some things can never be, and that is told before what cannot be now.
            assert!(answer["code"] == code, "{method} {path} {body:?}: {}", answer.json);
            assert_eq!(tag(), before, "{method} {path} {body:?}");
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The bytes of a revision, which must be those that its hashes were made of: snapshot and document.
#[track_caller]
fn sealed(world: &World, plan: &str, number: i32) -> (Vec<u8>, Vec<u8>) {
    let revision = world.auditor.get(&format!("/plans/{plan}/revisions/{number}")).expect(200);
    let path = format!("/plans/{plan}/revisions/{number}/document");
    let snapshot = world.auditor.with("accept", "application/json").get(&path).expect(200).body;
    let document = world.auditor.with("accept", "application/pdf").get(&path).expect(200).body;
    assert_eq!(revision.text("snapshotSha256"), sha256(&snapshot));
    assert_eq!(revision.text("documentSha256"), sha256(&document));
    assert!(document.starts_with(b"%PDF"));
    (snapshot, document)
}

both! {
    /// Documents and pages write the sign themselves; and time goes one way, for boards too.
    fn a_decision_is_told_without_its_sign_and_in_order(world: &World) {
        let scene = Scene::of(world, 2024);
        let controller = world.controller.with("if-match", "*");
        let adopt = |day: &str, paragraph: &str| {
            let form = json!({"decidedOn": day, "decidingBoard": "Kulturnämnden", "paragraph": paragraph});
            controller.post(&format!("{}/adoption", scene.path()), form)
        };
        world.propose(&scene.plan).expect(200);
        adopt("2024-03-12", " § ").refused(422, "wrongFormat");
        assert_eq!(adopt("2024-03-12", "§ 24").expect(200)["paragraph"], "24");
        world.revise(&scene.plan).expect(200);
        world.propose(&scene.plan).expect(200);
        adopt("2024-03-11", "30").refused(422, "beforeRevision");
        assert_eq!(adopt("2024-03-12", "§§ 30–31 ").expect(200)["paragraph"], "30–31");
    }

    /// However its id is written: white space goes from a form before it is read.
    fn nobody_makes_a_plan_in_another_body(world: &World) {
        let foreign = &world.other_board;
        for written in [format!(" {foreign} "), format!("{foreign}\n"), format!("\t{foreign}"), foreign.to_uppercase()] {
            world.controller.post("/plans", json!({"organisationId": written, "year": 2031})).expect(403);
        }
        let plans = world.admin.get(&format!("/plans?organisationId={foreign}")).expect(200);
        assert_eq!(plans.json["total"], 0);
        let own = format!(" {} ", world.board);
        world.controller.post("/plans", json!({"organisationId": own, "year": 2031})).expect(201);
    }

    fn everything_that_is_missing_is_told_at_once(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        world.issue(2026, "risk", "Risk för oegentligheter", &goal);
        let area = world.issue(2026, "area", "Bidrag", &goal);
        let plan = world.plan(2026);
        let high = world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": "Hög", "likelihood": 5, "consequence": 5})).expect(201).id();
        let bare = world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": "Obedömd"})).expect(201).id();
        let refused = world.propose(&plan).expect(409);
        let all = refused["missing"].as_array().expect("a list");
        let has = |code: &str, entity: &str, id: &Value, field: &str| {
            all.iter().any(|m| m["code"] == code && m["entity"] == entity && m["id"] == *id && (field.is_empty() || m["field"] == field))
        };
        for section in SECTIONS {
            assert!(has("sectionMissing", "section", &Value::Null, section), "{section}");
        }
        assert!(has("mandatoryAreaEmpty", "mandatoryRisk", &json!(area), ""));
        for (code, field) in [
            ("goalMissing", "goalId"), ("ownerMissing", "ownerId"), ("categoryMissing", "category"),
            ("responseMissing", "response"), ("actionMissing", "actions"),
        ] {
            assert!(has(code, "risk", &json!(high), field), "{code}: {}", refused.json);
        }
        assert!(has("assessmentMissing", "risk", &json!(bare), "assessment"));
        let fraud = world.named(&plan, "Risk för oegentligheter");
        for code in ["assessmentMissing", "ownerMissing", "controlMissing"] {
            assert!(has(code, "risk", &fraud["id"], ""), "{code}");
        }
        let of_fraud = all.iter().find(|m| m["id"] == fraud["id"]).expect("it is told");
        assert_eq!(of_fraud["number"], fraud["number"]);
        assert!(all.iter().all(|m| m["detail"].as_str().is_some_and(|d| d.ends_with('.'))));
        let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
        assert_eq!(checks["missing"], refused["missing"], "the same list at any time");
        assert_eq!(checks["complete"], false);
        assert_eq!(world.controller.get(&format!("/plans/{plan}")).expect(200)["status"], "draft");
        let english = world.head.with("accept-language", "en").post_current(&format!("/plans/{plan}"), "/proposal", json!({})).expect(409);
        assert_ne!(english["missing"][0]["detail"], refused["missing"][0]["detail"]);
        // What went missing after the proposal stops the adoption.
        let form = json!({"name": "Under bidrag", "areaId": area, "likelihood": 1, "consequence": 1});
        world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201);
        world.controller.delete_current(&format!("/risks/{bare}")).expect(204);
        world.action(&high, "Gör något");
        world.controller.patch_current(&format!("/risks/{high}"), json!({"goalId": goal})).expect(200);
        world.complete(&plan);
        world.propose(&plan).expect(200);
        world.admin.patch_current(&format!("/users/{}", world.risk_owner.id), json!({"active": false})).expect(200);
        let refused = world.adopt(&plan).expect(409);
        let all = refused["missing"].as_array().expect("a list");
        assert!(!all.is_empty() && all.iter().all(|m| m["code"] == "ownerInactive"), "{}", refused.json);
    }

    fn each_state_takes_what_it_takes(world: &World) {
        let scene = Scene::of(world, 2026);
        let plan = scene.path();
        let reason = json!({"reason": "Nämnden vill veta mer."});
        let c = &world.controller;
        // A draft.
        c.post(&format!("{plan}/return"), reason.clone()).refused(409, "planIsDraft");
        world.adopt(&scene.plan).refused(409, "planIsDraft");
        world.revise(&scene.plan).refused(409, "planIsDraft");
        c.post_current(&plan, "/closure", json!({})).refused(409, "planIsDraft");
        c.post(&format!("{plan}/delivery"), json!({"deliveredOn": "2024-03-15"})).refused(409, "planNotAdopted");
        c.post(&format!("{plan}/proposal"), json!({})).expect(428);
        c.with("if-match", "\"stale\"").post(&format!("{plan}/proposal"), json!({})).expect(412);
        // Proposed: nothing but a return, with its reason.
        world.propose(&scene.plan).expect(200);
        scene.try_changes("planIsProposed", false);
        world.propose(&scene.plan).refused(409, "planIsProposed");
        c.post(&format!("{plan}/return"), json!({})).expect(422);
        c.post(&format!("{plan}/return"), json!({"reason": " "})).expect(422);
        world.head.post(&format!("{plan}/return"), reason.clone()).expect(403);
        let back = c.post(&format!("{plan}/return"), reason.clone()).expect(200);
        assert_eq!((&back["status"], &back["returnReason"]), (&json!("draft"), &reason["reason"]));
        assert!(world.propose(&scene.plan).expect(200)["returnReason"].is_null());
        // The decision: not in the future, with its paragraph, by the controller.
        let tomorrow = chrono::Utc::now().date_naive() + chrono::Days::new(2);
        let mut late = decision();
        late["decidedOn"] = json!(tomorrow.to_string());
        let refused = c.post_current(&plan, "/adoption", late).expect(422);
        assert_eq!(refused.faults(), [("/decidedOn", "dateInFuture")]);
        c.post_current(&plan, "/adoption", json!({})).expect(422);
        world.head.with("if-match", "*").post(&format!("{plan}/adoption"), decision()).expect(403);
        let adopted = world.adopt(&scene.plan).expect(200);
        assert_eq!((&adopted["status"], &adopted["adoptedRevision"]), (&json!("adopted"), &json!(1)));
        assert_eq!((&adopted["decidedOn"], &adopted["paragraph"]), (&json!("2024-03-12"), &json!("12")));
        c.post(&format!("{plan}/return"), reason).refused(409, "planIsAdopted");
        world.propose(&scene.plan).refused(409, "planIsAdopted");
        c.post_current(&plan, "/closure", json!({})).refused(409, "yearNotEnded");
        // Delivery, after the decision and not in the future.
        let deliver = |on: &str| c.post(&format!("{plan}/delivery"), json!({"deliveredOn": on}));
        deliver("2024-03-11").refused(422, "beforeDecision");
        deliver(&tomorrow.to_string()).refused(422, "dateInFuture");
        let delivered = deliver("2024-03-12").expect(200);
        assert_eq!((&delivered["deliveredOn"], &delivered["deliveredRevision"]), (&json!("2024-03-12"), &json!(1)));
    }

    fn after_adoption_little_changes_and_what_was_sealed_never(world: &World) {
        let scene = Scene::of(world, 2026);
        world.decide(&scene.plan);
        let first = sealed(world, &scene.plan, 1);
        let before = world.controller.get(&format!("/risks/{}", scene.risk)).expect(200);
        scene.try_changes("planIsAdopted", true);
        assert_eq!(sealed(world, &scene.plan, 1), first);
        // The score is today's; place and number are the adopted ones.
        let after = world.controller.get(&format!("/risks/{}", scene.risk)).expect(200);
        assert_eq!(after["score"], 1);
        assert_eq!((&after["included"], &after["number"]), (&before["included"], &before["number"]));
        assert_eq!(after["inclusionReason"], before["inclusionReason"]);
        assert_eq!((&after["currentlyQualifies"], &after["needsRevision"]), (&json!(false), &json!(true)));
        assert_eq!(world.controller.get(&scene.path()).expect(200)["needsRevision"], true);
        // The other way: a risk that was left out comes over the threshold.
        let form = json!({"likelihood": 5, "consequence": 5, "reason": "Det har hänt."});
        world.controller.post(&format!("/risks/{}/assessments", scene.low), form).expect(201);
        let low = world.controller.get(&format!("/risks/{}", scene.low)).expect(200);
        assert_eq!((&low["included"], &low["number"], &low["needsRevision"]), (&json!(false), &Value::Null, &json!(true)));
        // A new action says when it came; an end date moves with a reason of its own.
        let actions = world.controller.get(&format!("/risks/{}/actions", scene.risk)).expect(200);
        let added: Vec<_> = actions.items().iter().map(|a| (a["name"].as_str().unwrap_or_default(), a["addedAfterAdoption"] == true)).collect();
        assert!(added.contains(&("Ny åtgärd", true)) && added.contains(&("Bygg en scen", false)), "{added:?}");
        let action = format!("/actions/{}", scene.action);
        let same = json!({"endDate": "2030-12-31"});
        world.controller.patch_current(&action, same).refused(422, "required");
        let same = json!({"endDate": "2030-12-31", "endDateReason": "Leveransen dröjer."});
        world.controller.patch_current(&action, same).refused(422, "required");
        world.controller.patch_current(&action, json!({"endDate": null, "endDateReason": null})).refused(422, "required");

        // The next revision holds what has become of it; the first stays as it was.
        world.revise(&scene.plan).expect(200);
        let draft = world.controller.get(&scene.path()).expect(200);
        assert_eq!((&draft["status"], &draft["adoptedRevision"]), (&json!("draft"), &json!(1)));
        let reasons = json!({"justification": "Vi bygger vidare."});
        world.controller.patch_current(&format!("/risks/{}", scene.low), reasons).expect(200);
        world.complete(&scene.plan);
        world.decide(&scene.plan);
        let second = sealed(world, &scene.plan, 2);
        assert_ne!(second, first);
        // What came during the year goes on to say so, where the board has taken it up, too.
        let told = world.controller.get(&format!("/risks/{}/actions", scene.risk)).expect(200);
        let marks = |all: &Value| -> Vec<_> {
            let all = all.as_array().into_iter().flatten();
            all.map(|a| (a["name"].as_str().unwrap_or_default().to_owned(), a["addedAfterAdoption"] == true)).collect()
        };
        let kept = marks(&told["items"]);
        assert!(kept.contains(&("Ny åtgärd".into(), true)) && kept.contains(&("Bygg en scen".into(), false)), "{kept:?}");
        assert_eq!(sealed(world, &scene.plan, 1), first);
        let numbers: Vec<_> = ["Brist på scener", "Låg risk"].map(|n| world.named(&scene.plan, n)["number"].clone()).into();
        assert_eq!(numbers, [Value::Null, json!(3)], "its place stays empty, and the new one is last");
        let list = world.reader.get(&format!("{}/revisions", scene.path())).expect(200);
        assert_eq!(list["total"], 2);
        world.reader.get(&format!("{}/revisions/3", scene.path())).expect(404);
        let newest = world.reader.with("accept", "application/json").get(&format!("{}/document", scene.path())).expect(200);
        assert_eq!(newest.body, second.0);
        assert_eq!(serde_json::from_slice::<Value>(&first.0).expect("JSON")["decision"]["decidedOn"], "2024-03-12");
    }

    fn a_closed_plan_refuses_everything(world: &World) {
        let scene = Scene::of(world, 2024);
        world.decide(&scene.plan);
        let plan = scene.path();
        world.head.with("if-match", "*").post(&format!("{plan}/closure"), json!({})).expect(403);
        // What was never followed up here is not closed without a word.
        world.controller.post_current(&plan, "/closure", json!({})).refused(422, "required");
        let why = json!({"reason": "Planen följdes upp i det gamla verktyget."});
        let closed = world.controller.post_current(&plan, "/closure", why.clone()).expect(200);
        assert_eq!((&closed["status"], &closed["closingReason"]), (&json!("closed"), &why["reason"]));
        let seen = world.admin.get("/follow-ups?year=2024&period=annual").expect(200);
        let body = seen.items().iter().find(|one| one["planId"] == closed["id"]).expect("the body").clone();
        assert_eq!((&body["notReported"], &body["closingReason"], &body["complete"]), (&json!(true), &why["reason"], &json!(false)));
        scene.try_changes("planIsClosed", false);
        let reason = json!({"reason": "Ångrat."});
        world.propose(&scene.plan).refused(409, "planIsClosed");
        world.adopt(&scene.plan).refused(409, "planIsClosed");
        world.revise(&scene.plan).refused(409, "planIsClosed");
        world.controller.post(&format!("{plan}/return"), reason).refused(409, "planIsClosed");
        world.controller.post(&format!("{plan}/delivery"), json!({"deliveredOn": "2024-03-15"})).refused(409, "planIsClosed");
        world.controller.post_current(&plan, "/closure", json!({})).refused(409, "planIsClosed");
        sealed(world, &scene.plan, 1);
        // What is issued now does not reach it.
        world.issue(2024, "risk", "För sent", &scene.goal);
        assert_eq!(world.controller.get(&plan).expect(200)["status"], "closed");
        assert_eq!(world.risks(&scene.plan).len(), 3);
    }

    fn the_history_keeps_each_step_and_no_words(world: &World) {
        let scene = Scene::of(world, 2026);
        let path = format!("/risks/{}", scene.risk);
        world.controller.patch_current(&path, json!({"description": "Hemliga ord", "response": "share"})).expect(200);
        let form = json!({"likelihood": 4, "consequence": 4, "reason": "Hemliga skäl"});
        world.controller.post(&format!("{path}/assessments"), form).expect(201);
        world.controller.delete_current(&format!("/risks/{}", scene.low)).expect(204);
        world.decide(&scene.plan);
        let (events, openings) = history(world);

        // Each log is without gaps, and what is the body's lies in the body's.
        let mut next: HashMap<&str, i64> = HashMap::new();
        for event in &events {
            let n = next.entry(&event.log).or_default();
            assert_eq!(event.n, *n, "{}", event.log);
            *n += 1;
            assert_eq!((&event.body["log"], &event.body["n"]), (&json!(event.log), &json!(event.n)));
            let text = event.body.to_string();
            for word in ["Hemliga", "Brist på scener", "Räkna scenerna", "Så arbetar nämnden", "Risk för oegentligheter", "Kulturnämnden"] {
                assert!(!text.contains(word), "{word} stands in {text}");
            }
        }
        let of = |id: &str| -> Vec<&Event> { events.iter().filter(|e| e.body["id"] == id).collect() };
        let told = of(&scene.risk);
        assert!(told.iter().all(|e| e.log == world.board));
        let kinds: Vec<&str> = told.iter().filter_map(|e| e.body["kind"].as_str()).collect();
        assert_eq!(kinds, ["risk.created", "risk.changed"]);
        let changed = &told[1].body;
        assert_eq!((&changed["before"]["response"], &changed["after"]["response"]), (&json!("limit"), &json!("share")));
        assert_eq!(changed["before"]["description"], Value::Null);
        assert_eq!(changed["actor"]["id"], json!(world.controller.id));
        // The assessment tells what became of the risk as its effect.
        let assessed = events.iter().rfind(|e| e.body["kind"] == "risk.assessed").expect("it was assessed");
        let effect = assessed.body["effects"].as_array().expect("a list").iter().find(|e| e["id"] == scene.risk.as_str()).expect("the risk");
        assert_eq!((&effect["before"]["score"], &effect["after"]["score"]), (&json!(12), &json!(16)));
        let deleted = of(&scene.low);
        let last = &deleted.last().expect("events").body;
        assert_eq!((&last["kind"], &last["after"], &last["before"]["score"]), (&json!("risk.deleted"), &Value::Null, &json!(8)));
        let plan: Vec<&str> = of(&scene.plan).iter().filter_map(|e| e.body["kind"].as_str()).filter(|k| *k != "plan.sectionWritten").collect();
        assert_eq!(plan, ["plan.created", "plan.proposed", "plan.adopted"]);
        // The words lie apart, each under the commitment that stands in its place.
        assert!(openings.iter().any(|o| o.value == "\"Hemliga ord\""));
        assert!(openings.iter().any(|o| o.value == "\"Hemliga skäl\""));
        for opening in &openings {
            let made = sha256(&[opening.salt.as_slice(), opening.value.as_bytes()].concat());
            assert_eq!(made, opening.commitment);
            let event = events.iter().find(|e| e.log == opening.log && e.n == opening.n).expect("its event");
            let stands = event.body.pointer(&opening.pointer).expect("its place");
            assert_eq!(*stands, json!({"commitment": made}));
        }
    }
}

struct Event {
    log: String,
    n: i64,
    body: Value,
}

struct Opening {
    log: String,
    n: i64,
    pointer: String,
    commitment: String,
    salt: Vec<u8>,
    value: String,
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = Text)]
    log: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
}

#[derive(QueryableByName)]
struct OpeningRow {
    #[diesel(sql_type = Text)]
    log: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = Text)]
    pointer: String,
    #[diesel(sql_type = Text)]
    commitment: String,
    #[diesel(sql_type = Binary)]
    salt: Vec<u8>,
    #[diesel(sql_type = Text)]
    value: String,
}

const EVENTS: &str = "SELECT CAST(log_id AS TEXT) AS log, n, body FROM events ORDER BY log_id, n";
const OPENINGS: &str =
    "SELECT CAST(log_id AS TEXT) AS log, n, pointer, commitment, salt, value FROM openings ORDER BY log_id, n";

/// The history as it lies in the database, read past the register.
fn history(world: &World) -> (Vec<Event>, Vec<Opening>) {
    let (events, openings): (Vec<EventRow>, Vec<OpeningRow>) = match &world.config.database {
        Address::Sqlite(file) => {
            let mut c = SqliteConnection::establish(file).expect("the file can be opened");
            (read(diesel::sql_query(EVENTS).load(&mut c)), read(diesel::sql_query(OPENINGS).load(&mut c)))
        }
        Address::Postgres(url) => {
            let mut c = PgConnection::establish(url).expect("the database can be reached");
            (read(diesel::sql_query(EVENTS).load(&mut c)), read(diesel::sql_query(OPENINGS).load(&mut c)))
        }
    };
    let events = events
        .into_iter()
        .map(|e| Event { log: e.log, n: e.n, body: serde_json::from_slice(&e.body).expect("an event is JSON") })
        .collect();
    let openings = openings
        .into_iter()
        .map(|o| Opening {
            log: o.log,
            n: o.n,
            pointer: o.pointer,
            commitment: o.commitment,
            salt: o.salt,
            value: o.value,
        })
        .collect();
    (events, openings)
}

fn read<T>(rows: QueryResult<Vec<T>>) -> Vec<T> {
    rows.expect("the history can be read")
}
