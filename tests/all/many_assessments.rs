//! Many risks assessed in one request: all or none, with every refusal at its place.

use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::{Answer, Client, World, both};

fn item(risk: &str, likelihood: i32, consequence: i32) -> Value {
    json!({"riskId": risk, "likelihood": likelihood, "consequence": consequence})
}

fn assess(client: &Client, items: Vec<Value>) -> Answer {
    client.post("/assessments", json!({ "items": items }))
}

fn risk(world: &World, plan: &str, name: &str, owner: &str) -> String {
    let form = json!({"name": name, "ownerId": owner});
    world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201).id()
}

fn scores(world: &World, risks: &[&String]) -> Vec<Value> {
    risks.iter().map(|id| world.controller.get(&format!("/risks/{id}")).expect(200)["score"].clone()).collect()
}

both! {
    fn those_of_several_plans_are_assessed_at_once(world: &World) {
        let (this, next) = (world.plan(2024), world.plan(2025));
        let owner = &world.risk_owner.id;
        let [a, b, c] = [(&this, "Ett"), (&this, "Två"), (&next, "Tre")].map(|(plan, name)| risk(world, plan, name, owner));
        let mut with_reason = item(&a, 4, 3);
        with_reason["reason"] = json!("Fler system går ur drift.");
        with_reason["sequence"] = json!(0);
        let made = assess(&world.controller, vec![item(&c, 2, 5), with_reason, item(&b, 1, 1)]).expect(200);
        assert_eq!(made.items().iter().map(|one| one["riskId"].as_str()).collect::<Vec<_>>(), [Some(&*c), Some(&*a), Some(&*b)]);
        assert_eq!(made.items()[1]["reason"], "Fler system går ur drift.");
        assert_eq!(scores(world, &[&a, &b, &c]), [json!(12), json!(1), json!(10)]);
        // As one after the other would have made them: with numbers by their order, and an event each.
        let numbers = [&a, &c].map(|id| world.controller.get(&format!("/risks/{id}")).expect(200)["number"].clone());
        assert_eq!(numbers, [json!(1), json!(1)]);
        let told = world.controller.get(&format!("/logs/{}/events?kind=risk.assessed", world.board)).expect(200);
        assert_eq!(told.items().len(), 3);
        // The same key gives the same answer, and nothing more happens.
        let once = world.controller.with("idempotency-key", "natten");
        let first = assess(&once, vec![item(&a, 5, 5)]).expect(200);
        assert_eq!(assess(&once, vec![item(&a, 5, 5)]).expect(200).json, first.json);
        assert_eq!(world.controller.get(&format!("/risks/{a}/assessments")).expect(200)["total"], 2);
    }

    fn all_or_none_and_every_refusal_at_its_place(world: &World) {
        let year = Year::adopted(world);
        let b = year.risk.clone();
        world.controller.post(&format!("/plans/{}/revision", year.plan), json!({"reason": "Något har ändrats."})).expect(200);
        let (this, owner) = (world.plan(2025), &world.risk_owner.id);
        let [a, c] = ["Ett", "Tre"].map(|name| risk(world, &this, name, owner));
        assess(&world.controller, vec![item(&a, 2, 2)]).expect(200);
        world.controller.post(&format!("/risks/{b}/retirement"), json!({"reason": "Har upphört."})).expect(200);
        let mut stale = item(&a, 3, 3);
        stale["sequence"] = json!(0);
        let unknown = riskregister::storage::Id::new().to_string();
        let refused = assess(&world.controller, vec![item(&c, 4, 4), stale, item(&b, 1, 1), item(&unknown, 1, 1), item(&c, 9, 7)]);
        let refused = refused.expect(422);
        let faults = refused.faults();
        assert_eq!(faults, [
            ("/items/1/sequence", "changedMeanwhile"),
            ("/items/2/riskId", "riskRetired"),
            ("/items/3/riskId", "unknownReference"),
            ("/items/4", "duplicate"),
            ("/items/4/likelihood", "outOfRange"),
            ("/items/4/consequence", "outOfRange"),
        ]);
        assert_eq!(scores(world, &[&a, &c]), [json!(4), Value::Null]);
        // What has the wrong form is told before that.
        assess(&world.controller, vec![json!({"riskId": a, "likelihood": "4", "consequence": 3, "score": 12})]).expect(422);
        assess(&world.controller, Vec::new()).expect(422);
    }

    fn each_assesses_what_is_theirs(world: &World) {
        let plan = world.plan(2024);
        let own = risk(world, &plan, "Egen", &world.risk_owner.id);
        let other = risk(world, &plan, "Annans", &world.controller.id);
        assess(&world.risk_owner, vec![item(&own, 3, 3)]).expect(200);
        assess(&world.risk_owner, vec![item(&own, 4, 3), item(&other, 3, 3)]).expect(403);
        assert_eq!(scores(world, &[&own, &other]), [json!(9), Value::Null]);
        for client in [&world.performer, &world.reader, &world.auditor, &world.stranger] {
            assess(client, vec![item(&own, 1, 1)]).expect(403);
        }
        // Another body's is as unknown as one that is not there.
        let there = world.person_with("Tora Annan", &world.other_board, "controller", &world.other_board);
        assert_eq!(assess(&there, vec![item(&own, 1, 1)]).expect(422).faults(), [("/items/0/riskId", "unknownReference")]);
    }
}
