//! `/plans/{id}/self-assessments/{period}`, and the sums of financial effects.

use riskregister::app::reporting::self_assessments;
use serde_json::{Value, json};

use crate::kit::{World, both};

fn judged(component: &str) -> Value {
    json!({"component": component, "judgement": "partly", "reason": "Arbetet pågår."})
}

fn complete(world: &World, plan: &str, period: &str) -> bool {
    let (plan, period) = (plan.parse().expect("an id"), period.parse().expect("a period"));
    let told = world.db.read(|r| self_assessments::is_complete(r, plan, period));
    told.expect("it can be asked")
}

both! {
    fn the_components_are_judged_in_an_adopted_plan(world: &World) {
        let plan = world.plan(2024);
        let path = format!("/plans/{plan}/self-assessments/annual");
        let new = world.controller.with("if-none-match", "*");
        world.controller.get(&path).expect(404);
        new.put(&path, json!({"components": []})).refused(409, "planNotAdopted");
        world.complete(&plan);
        world.decide(&plan);
        let mut monitoring = judged("monitoring");
        monitoring["principles"] = json!([{"number": 17, "judgement": "insufficient", "reason": "Sena rapporter."},
            {"number": 16, "judgement": "sufficient", "reason": null}]);
        let some = json!({"components": [monitoring, judged("riskAssessment")]});
        let made = new.put(&path, some.clone()).expect(201);
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        assert_eq!(made["assessedById"], world.controller.id);
        let order: Vec<&Value> = made["components"].as_array().expect("a list").iter().map(|c| &c["component"]).collect();
        assert_eq!(order, ["riskAssessment", "monitoring"], "as in the document");
        assert_eq!(made["components"][1]["principles"][0]["number"], 16);
        assert!(!complete(world, &plan, "annual"));
        assert_eq!(world.auditor.get(&path).expect(200).json, made.json);
        // Readers get it with the decided report.
        world.reader.get(&path).expect(403);
        new.put(&path, some.clone()).expect(412);
        let same = world.controller.put_current(&path, some).expect(200);
        assert_eq!(same.header("etag"), made.header("etag"), "nothing has happened");
        world.head.put_current(&path, json!({"components": []})).expect(403);
        let all = ["controlEnvironment", "riskAssessment", "controlActivities", "informationCommunication", "monitoring"];
        let all = json!({"components": all.map(judged)});
        world.controller.put_current(&path, all).expect(200);
        assert!(complete(world, &plan, "annual"));
        assert!(!complete(world, &plan, "t1"), "each period has its own");
    }

    fn every_fault_comes_at_once(world: &World) {
        let plan = world.plan(2024);
        world.complete(&plan);
        world.decide(&plan);
        let path = format!("/plans/{plan}/self-assessments/t1");
        let new = world.controller.with("if-none-match", "*");
        let wrong = json!({"components": [{"component": "monitoring"}, {"component": "x", "judgement": "bra", "reason": ""}]});
        assert_eq!(new.put(&path, wrong).expect(422).faults(), [
            ("/components/0/judgement", "required"), ("/components/0/reason", "required"),
            ("/components/1/component", "unknownWord"), ("/components/1/judgement", "unknownWord"),
            ("/components/1/reason", "tooShort"),
        ]);
        let principle = |number: i32| json!({"number": number, "judgement": "partly"});
        let mut first = judged("monitoring");
        first["principles"] = json!([principle(1), principle(16), principle(16)]);
        let wrong = json!({"components": [first, judged("monitoring"), judged("background")]});
        assert_eq!(new.put(&path, wrong).expect(422).faults(), [
            ("/components/0/principles/0/number", "otherComponent"),
            ("/components/0/principles/2/number", "duplicate"),
            ("/components/1/component", "duplicate"), ("/components/2/component", "unknownWord"),
        ]);
        world.controller.put(&path, json!({"components": []})).expect(428);
        world.controller.get(&format!("/plans/{plan}/self-assessments/t2")).expect(404);
    }

    fn financial_effects_are_summed_exactly(world: &World) {
        let plan = world.plan(2024);
        let [first, second] = ["Ekonomi i balans", "Nöjda besökare"].map(|name| world.goal(2024, name));
        let risks = [(&first, 3), (&second, 4), (&second, 1)].map(|(goal, score)| {
            world.risk(&plan, goal, &format!("Risk {score}"), (score, score)).id()
        });
        let effect = |risk: &str, effect: Value| {
            let form = json!({"name": "Åtgärd", "financialEffect": effect});
            world.controller.post(&format!("/risks/{risk}/actions"), form).expect(201);
        };
        effect(&risks[0], json!({"fullYear": "0.1", "planYear": "-4"}));
        effect(&risks[0], json!({"fullYear": "0.2", "nextYear": "12.5"}));
        effect(&risks[1], json!({"fullYear": "9999999.9", "comment": "Stort."}));
        world.action(&risks[1], "Utan effekt");
        // Below the threshold, so not in the plan.
        effect(&risks[2], json!({"fullYear": "77"}));
        let path = format!("/plans/{plan}/financial-effects");
        let told = world.head.get(&path).expect(200);
        assert_eq!(told["total"], json!({"actions": 3, "fullYear": "10000000.2", "planYear": "-4.0", "nextYear": "12.5",
            "yearAfterNext": "0.0"}));
        let goals = told["goals"].as_array().expect("a list");
        assert_eq!(goals.len(), 2);
        let of = |goal: &str| goals.iter().find(|g| g["goalId"] == goal).expect("the goal").clone();
        assert_eq!((&of(&first)["sum"]["fullYear"], &of(&second)["sum"]["actions"]), (&json!("0.3"), &json!(1)));
        world.reader.get(&path).expect(404);
    }
}
