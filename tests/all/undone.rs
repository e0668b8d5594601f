//! What is given up: a plan that was made by mistake, and a revision that is not wanted any longer.

use serde_json::{Value, json};

use crate::kit::plans::SECTIONS;
use crate::kit::visitor::written;
use crate::kit::{World, both};

fn because() -> Value {
    json!({"reason": "Den gjordes av misstag."})
}

/// What goes on counting whatever is done, and is no part of what a thing says.
fn still(mut told: Value) -> Value {
    match &mut told {
        Value::Object(map) => {
            map.retain(|name, _| !matches!(name.as_str(), "version" | "updatedAt"));
            map.values_mut().for_each(|value| *value = still(value.take()));
        }
        Value::Array(all) => all.iter_mut().for_each(|value| *value = still(value.take())),
        _ => {}
    }
    told
}

/// All that the API says of a plan and what is in it.
fn told(world: &World, plan: &str) -> Vec<(String, Value)> {
    let plan = format!("/plans/{plan}");
    let parts = ["", "/sections", "/deficiencies", "/matrix", "/matrix?basis=adopted", "/comparison", "/revisions"];
    let mut paths: Vec<String> = parts.iter().map(|part| format!("{plan}{part}")).collect();
    paths.extend(["/financial-effects", "/periods"].map(|part| format!("{plan}{part}")));
    paths.push(format!("{plan}/risks?limit=200&sort=number"));
    for risk in world.controller.get(&format!("{plan}/risks?limit=200&sort=number")).expect(200).column("id") {
        for part in ["", "/assessments", "/controls", "/actions", "/inclusion", "/setting-aside"] {
            paths.push(format!("/risks/{risk}{part}"));
        }
    }
    let told = |path: String| {
        let answer = world.controller.get(&path);
        (path, if answer.status == 404 { Value::Null } else { still(answer.expect(200).json) })
    };
    paths.into_iter().map(told).collect()
}

#[track_caller]
fn same(before: &[(String, Value)], after: &[(String, Value)]) {
    for (before, after) in before.iter().zip(after) {
        assert_eq!(before, after);
    }
    assert_eq!(before.len(), after.len());
}

/// An adopted plan in which there is one of everything, and beside it what was never adopted.
struct Adopted<'w> {
    world: &'w World,
    plan: String,
    goal: String,
    other: String,
    /// Two that were adopted, and one that is not included.
    risks: [String; 3],
    /// One of each of the first two, and of the third.
    controls: [String; 3],
    actions: [String; 3],
    deficiency: String,
    recommendation: String,
}

impl<'w> Adopted<'w> {
    fn of(world: &'w World) -> Self {
        let (goal, other) = (world.goal(2026, "En ekonomi i balans"), world.goal(2026, "Nöjda besökare"));
        world.issue(2026, "risk", "Risk för oegentligheter", &goal);
        let plan = world.plan(2026);
        let scores = [("Brist på scener", (3, 4)), ("Dyra inköp", (4, 4)), ("Låg risk", (2, 2))];
        let risks = scores.map(|(name, score)| world.risk(&plan, &goal, name, score).id());
        let controls = risks.each_ref().map(|risk| world.control(risk, "Räkna scenerna"));
        let actions = risks.each_ref().map(|risk| world.action(risk, "Bygg en scen"));
        let found = |found: &str| {
            json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious", "foundOn": found,
                "planId": plan, "riskId": risks[2], "controlId": controls[2]})
        };
        let deficiency = world.controller.post("/deficiencies", found("2025-05-02")).expect(201).id();
        let answer = json!({"riskId": risks[0]});
        let at = format!("/plans/{plan}/deficiencies/{deficiency}");
        world.controller.with("if-none-match", "*").put(&at, answer).expect(201);
        let recommendation = json!({"organisationId": world.board, "source": "auditors", "report": "Granskning av inköp",
            "year": 2025, "diaryNumber": "RK 2025-17", "text": "Nämnden bör följa upp."});
        let recommendation = world.auditor.post("/recommendations", recommendation).expect(201).id();
        let met = json!({"actionIds": [actions[2]]});
        world.controller.patch_current(&format!("/recommendations/{recommendation}"), met).expect(200);
        let order = json!({"goalOrder": [other, goal]});
        world.controller.patch_current(&format!("/plans/{plan}"), order).expect(200);
        world.complete(&plan);
        world.decide(&plan);
        Self { world, plan, goal, other, risks, controls, actions, deficiency, recommendation }
    }

    fn path(&self) -> String {
        format!("/plans/{}", self.plan)
    }

    fn abandon(&self) -> Value {
        self.world.controller.post_current(&self.path(), "/abandonment", because()).expect(200).json
    }

    /// Everything that a draft takes but an adopted plan does not.
    fn change_everything(&self) {
        let (world, plan) = (self.world, self.path());
        let any = world.controller.with("if-match", "*");
        let new = world.controller.with("if-none-match", "*");
        let [first, second, third] = self.risks.each_ref().map(|id| format!("/risks/{id}"));
        let renamed = json!({
            "name": "Andra ord", "description": "Annat", "category": "strategic", "goalId": self.other,
            "localGoal": "Lokalt", "position": 77, "targetLevel": "low", "response": "share", "justification": "Därför.",
            "irregularity": true, "organisationId": world.division,
            "secrecy": {"provision": "18 kap. 8 § OSL", "date": "2024-01-01", "authority": "Nämnden"},
        });
        any.patch(&first, renamed).expect(200);
        new.put(&format!("{first}/inclusion"), json!({"reason": "Nämnden vill."})).expect(201);
        let control = format!("/controls/{}", self.controls[0]);
        let form = json!({"name": "Räkna om", "description": "Annat", "frequency": "Ofta", "position": 9,
            "recurrences": ["oneOff"], "dueDate": "2026-03-01"});
        any.patch(&control, form).expect(200);
        let action = format!("/actions/{}", self.actions[0]);
        let form = json!({"name": "Bygg två", "description": "Annat", "startDate": "2026-01-01", "endDate": "2026-05-01",
            "endDateReason": "Snabbare.", "position": 9, "financialEffect": {"fullYear": "1.0"},
            "fromControlId": self.controls[0]});
        any.patch(&action, form).expect(200);
        any.post(&format!("{second}/retirement"), json!({"reason": "Den är borta."})).expect(200);
        any.delete(&format!("/controls/{}", self.controls[1])).expect(204);
        any.delete(&format!("/actions/{}", self.actions[1])).expect(204);
        // What never was adopted goes altogether, and what is new takes its reference and its place.
        let reference = any.get(&third).expect(200).text("reference");
        any.delete(&format!("/controls/{}", self.controls[2])).expect(204);
        any.delete(&third).expect(204);
        let mut form = world.risk_form(&self.goal, "En ny risk", (5, 5));
        form["reference"] = json!(reference);
        let made = any.post(&format!("{plan}/risks"), form).expect(201).id();
        world.control(&made, "En ny kontroll");
        world.action(&made, "En ny åtgärd");
        let added = world.control(&self.risks[0], "En kontroll till");
        let born = world.action(&self.risks[0], "En åtgärd till");
        any.patch(&format!("/actions/{born}"), json!({"fromControlId": added})).expect(200);
        any.patch(&action, json!({"fromControlId": added})).expect(200);
        let answer = format!("{plan}/deficiencies/{}", self.deficiency);
        any.put(&answer, json!({"justification": "Den tas om hand på annat sätt."})).expect(200);
        any.delete(&answer).expect(204);
        new.put(&answer, json!({"riskId": made})).expect(201);
        for section in SECTIONS {
            any.put(&format!("{plan}/sections/{section}"), json!({"text": "Andra ord."})).expect(200);
        }
        new.put(&format!("{plan}/sections/background"), json!({"text": "Bakgrund."})).expect(201);
        let form = json!({"diaryNumbers": ["X 1"], "goalOrder": [self.goal, self.other], "illustrative": true});
        any.patch(&plan, form).expect(200);
    }
}

both! {
    fn a_plan_that_was_made_by_mistake_is_deleted(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let first = world.plan(2025);
        let old = world.risk(&first, &goal, "Brist på scener", (3, 4)).id();
        let (old_control, old_action) = (world.control(&old, "Räkna"), world.action(&old, "Bygg"));
        let mistaken = world.carried(2026, &first);
        let later = world.carried(2027, &mistaken);
        let heir = world.named(&later, "Brist på scener");
        let plan = format!("/plans/{mistaken}");
        let risk = world.named(&mistaken, "Brist på scener")["id"].as_str().expect("an id").to_owned();
        let (control, action) = (world.control(&risk, "Räkna om"), world.action(&risk, "Bygg om"));
        let found = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious",
            "foundOn": "2025-05-02", "planId": mistaken, "riskId": risk, "controlId": control});
        let deficiency = world.controller.post("/deficiencies", found).expect(201).id();
        let new = world.controller.with("if-none-match", "*");
        new.put(&format!("{plan}/deficiencies/{deficiency}"), json!({"riskId": risk})).expect(201);
        new.put(&format!("{plan}/sections/monitoring"), json!({"text": "Så följs den upp."})).expect(201);

        world.controller.post(&format!("{plan}/deletion"), because()).expect(428);
        world.controller.post_current(&plan, "/deletion", json!({})).expect(422);
        world.head.post_current(&plan, "/deletion", because()).expect(403);
        world.controller.post_current(&plan, "/abandonment", because()).refused(409, "planNotAdopted");
        world.controller.post_current(&plan, "/deletion", because()).expect(204);
        for gone in [plan.clone(), format!("/risks/{risk}"), format!("/controls/{control}"), format!("/actions/{action}")] {
            world.controller.get(&gone).expect(404);
        }
        // What was about it says so no longer; what was carried over goes on from where it came.
        let found = world.controller.get(&format!("/deficiencies/{deficiency}")).expect(200);
        assert_eq!((&found["planId"], &found["riskId"], &found["controlId"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(world.controller.get(&format!("/plans/{later}")).expect(200)["fromPlanId"], first.as_str());
        let after = world.named(&later, "Brist på scener");
        assert_eq!((&after["id"], &after["identityId"]), (&heir["id"], &heir["identityId"]));
        assert_eq!((&after["reference"], &after["previousId"]), (&heir["reference"], &json!(old)));
        let heir = format!("/risks/{}", heir["id"].as_str().expect("an id"));
        for (part, before) in [("controls", &old_control), ("actions", &old_action)] {
            assert_eq!(world.controller.get(&format!("{heir}/{part}")).expect(200).items()[0]["previousId"], before.as_str());
        }
        assert_eq!(world.controller.get(&format!("/plans/{later}/comparison")).expect(200).status, 200);
        // The reason is told, and the duty stays.
        let log = format!("/logs/{}/events?entityId={mistaken}&limit=200", world.board);
        let all = world.auditor.get(&log).expect(200);
        let last = all.items().iter().find(|event| event["event"]["kind"] == "plan.deleted").expect("it is told");
        assert!(last["texts"].to_string().contains("misstag"), "{last}");
        let asked = world.controller.get("/follow-ups?year=2026&period=t1").expect(200);
        let row = asked.items().iter().find(|row| row["organisationId"] == world.board.as_str()).expect("the body is there");
        assert_eq!(row["planId"], Value::Null);
        let again = world.carried(2026, &first);
        assert_ne!(again, mistaken);
        assert_eq!(world.named(&again, "Brist på scener")["reference"], after["reference"]);
    }

    fn what_a_board_has_decided_on_is_not_deleted(world: &World) {
        let plan = world.plan(2026);
        let path = format!("/plans/{plan}");
        world.complete(&plan);
        world.propose(&plan).expect(200);
        let delete = || world.controller.post_current(&path, "/deletion", because());
        let abandon = || world.controller.post_current(&path, "/abandonment", because());
        delete().refused(409, "planIsProposed");
        abandon().refused(409, "planIsProposed");
        world.adopt(&plan).expect(200);
        delete().refused(409, "planIsAdopted");
        abandon().refused(409, "planIsAdopted");
        world.revise(&plan).expect(200);
        delete().refused(409, "planWasAdopted");
        world.head.post_current(&path, "/abandonment", because()).expect(403);
        world.controller.post_current(&path, "/abandonment", json!({})).expect(422);
        world.controller.post(&format!("{path}/abandonment"), because()).expect(428);
        world.propose(&plan).expect(200);
        abandon().refused(409, "planIsProposed");
    }

    fn an_abandoned_revision_leaves_what_was_adopted(world: &World) {
        let scene = Adopted::of(world);
        // What came after the adoption stays, too.
        world.action(&scene.risks[0], "Tillkom under året");
        let before = told(world, &scene.plan);
        let about = |path: &str| still(world.controller.get(path).expect(200).json);
        let (deficiency, recommendation) =
            (format!("/deficiencies/{}", scene.deficiency), format!("/recommendations/{}", scene.recommendation));
        let others = (about(&deficiency), about(&recommendation));
        for _ in 0..2 {
            world.revise(&scene.plan).expect(200);
            scene.change_everything();
            let drafted = told(world, &scene.plan);
            assert_ne!(drafted, before);
            let plan = scene.abandon();
            assert_eq!((&plan["status"], &plan["adoptedRevision"]), (&json!("adopted"), &json!(1)));
            same(&before, &told(world, &scene.plan));
            assert_eq!((about(&deficiency), about(&recommendation)), others);
        }
        let log = format!("/logs/{}/events?entityId={}&limit=200", world.board, scene.plan);
        let all = world.auditor.get(&log).expect(200);
        let told_of = all.items().iter().filter(|event| event["event"]["kind"] == "plan.revisionAbandoned");
        assert_eq!(told_of.filter(|event| event["texts"].to_string().contains("misstag")).count(), 2);

        // The next revision is the second, and says of what it was made.
        world.revise(&scene.plan).expect(200);
        world.controller.patch_current(&format!("/risks/{}", scene.risks[0]), json!({"name": "Brist på salar"})).expect(200);
        world.complete(&scene.plan);
        world.decide(&scene.plan);
        let second = world.controller.get(&scene.path()).expect(200);
        assert_eq!((&second["adoptedRevision"], &second["revisedBecause"]), (&json!(2), &json!("Något har ändrats.")));
        let before = told(world, &scene.plan);
        world.controller.post(&format!("{}/revision", scene.path()), json!({"reason": "En tredje gång."})).expect(200);
        scene.abandon();
        same(&before, &told(world, &scene.plan));
    }

    fn what_an_adopted_plan_takes_outlives_its_revision(world: &World) {
        let scene = Adopted::of(world);
        let plan = scene.path();
        let risk = format!("/risks/{}", scene.risks[0]);
        world.revise(&scene.plan).expect(200);
        let any = world.controller.with("if-match", "*");
        any.post(&format!("{risk}/assessments"), json!({"likelihood": 1, "consequence": 2, "reason": "Byggt."})).expect(201);
        any.patch(&risk, json!({"name": "Andra ord", "ownerId": world.head.id})).expect(200);
        let (control, action) = (format!("/controls/{}", scene.controls[0]), format!("/actions/{}", scene.actions[0]));
        any.patch(&control, json!({"name": "Annat", "responsibleId": world.head.id})).expect(200);
        any.patch(&action, json!({"name": "Annat", "responsibleId": world.head.id})).expect(200);
        let status = json!({"status": "onPlan", "effect": "desired"});
        world.controller.with("if-none-match", "*").put(&format!("{action}/reports/t1"), status).expect(201);
        world.controller.post(&format!("{plan}/delivery"), json!({"deliveredOn": "2024-04-01"})).expect(200);
        world.controller.post(&format!("{plan}/diary-numbers"), json!({"diaryNumber": "RS 2024-9"})).expect(200);
        // The region issues another, which the draft takes in.
        let issued = world.issue(2026, "risk", "Risk för felaktig moms", &scene.goal);
        assert_eq!(world.named(&scene.plan, "Risk för felaktig moms")["mandatoryId"], issued.as_str());
        scene.abandon();
        let told = any.get(&risk).expect(200);
        assert_eq!((&told["name"], &told["ownerId"]), (&json!("Brist på scener"), &json!(world.head.id)));
        assert_eq!((&told["score"], &told["adoptedScore"], &told["included"]), (&json!(2), &json!(12), &json!(true)));
        assert_eq!(any.get(&format!("{risk}/assessments")).expect(200)["total"], 2);
        for (part, name) in [(&control, "Räkna scenerna"), (&action, "Bygg en scen")] {
            let told = any.get(part).expect(200);
            assert_eq!((&told["name"], &told["responsibleId"]), (&json!(name), &json!(world.head.id)));
        }
        assert_eq!(any.get(&format!("{action}/reports/t1")).expect(200)["status"], "onPlan");
        let told = any.get(&plan).expect(200);
        assert_eq!((&told["deliveredOn"], &told["diaryNumbers"]), (&json!("2024-04-01"), &json!(["KN 2024-1", "RS 2024-9"])));
        // What the region decided meanwhile asks the adopted plan for a revision.
        assert!(told.text("revisionReason").contains("felaktig moms"), "{}", told.json);
        assert_eq!(told["needsRevision"], true);
        assert!(world.risks(&scene.plan).iter().all(|risk| risk["name"] != "Risk för felaktig moms"));
    }

    fn pages_offer_what_can_be_given_up(world: &World) {
        let plan = world.plan(2026);
        let path = format!("/plans/{plan}");
        let controller = world.visitor(&world.controller.id);
        let form = controller.page(&path).form("form#delete");
        let form = written(&form, "reason", "Den gjordes av misstag.");
        assert_eq!(controller.send(&path, &form).expect(303).header("location").split('?').next(), Some("/plans"));
        world.controller.get(&path).expect(404);

        let scene = Adopted::of(world);
        assert!(controller.page(&scene.path()).all("form#abandon, form#delete").is_empty());
        world.revise(&scene.plan).expect(200);
        let page = controller.page(&scene.path());
        assert!(page.all("form#delete").is_empty());
        let form = written(&page.form("form#abandon"), "reason", "Den behövs inte.");
        controller.send(&scene.path(), &form).expect(303);
        assert_eq!(world.controller.get(&scene.path()).expect(200)["status"], "adopted");
        let reader = world.visitor(&world.auditor.id);
        assert!(reader.page(&scene.path()).all("form#abandon, form#delete").is_empty());
    }
}
