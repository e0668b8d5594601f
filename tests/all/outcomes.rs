//! `/outcomes` and `/indicators/{id}/outcomes`.

use serde_json::{Value, json};

use crate::kit::plans::at_once;
use crate::kit::{Client, World, both};
use crate::planted;
use crate::service_accounts::System;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn indicator(world: &World, client: &Client, owner: &str, comparator: &str) -> String {
    let goal = json!({"organisationId": owner, "year": 2024, "name": "Mål"});
    let goal = client.post("/goals", goal).expect(201).id();
    let form = json!({"goalId": goal, "name": "Andel sjukfrånvaro", "decidedBy": "council", "comparator": comparator});
    assert_ne!(world.root, world.board);
    client.post("/indicators", form).expect(201).id()
}

fn at(indicator: &str, organisation: &str, period: &str) -> String {
    format!("/indicators/{indicator}/outcomes/{organisation}/{period}")
}

fn item(indicator: &str, organisation: &str, value: &str) -> Value {
    json!({"indicatorId": indicator, "organisationId": organisation, "period": "interim", "value": value})
}

both! {
    fn one_is_written_read_and_written_again(world: &World) {
        let indicator = indicator(world, &world.admin, &world.root, "atMost");
        let path = at(&indicator, &world.unit, "interim");
        let new = world.controller.with("if-none-match", "*");
        let form = json!({"value": "1 234,50", "forecast": "-0,0", "judgement": "atRisk", "cause": "Fler långa fall."});
        let made = new.put(&path, form.clone()).expect(201);
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        assert_eq!((&made["value"], &made["forecast"]), (&json!("1234.50"), &json!("0.0")));
        assert_eq!((&made["withoutAction"], &made["reportedById"]), (&json!(true), &json!(world.controller.id)));
        assert_eq!(made["reportedByAccountId"], Value::Null);
        assert_eq!(world.performer.get(&path).expect(200).json, made.json);
        world.stranger.get(&path).expect(404);
        new.put(&path, form.clone()).expect(412);
        world.controller.put(&path, form.clone()).expect(428);
        let same = world.controller.put_current(&path, form).expect(200);
        assert_eq!(same.header("etag"), made.header("etag"));

        let goal = world.goal(2024, "Ekonomi i balans");
        let plan = world.plan(2024);
        let risk = world.risk(&plan, &goal, "Risk för sjukfrånvaro", (3, 3)).id();
        let action = world.action(&risk, "Hälsosamtal");
        let linked = json!({"value": "6", "judgement": "missed", "actionIds": [action]});
        let linked = world.controller.put_current(&path, linked).expect(200);
        assert_eq!((&linked["withoutAction"], &linked["forecast"]), (&json!(false), &Value::Null));
        world.controller.delete_current(&format!("/actions/{action}")).expect(204);
        assert_eq!(world.controller.get(&path).expect(200)["withoutAction"], true);
        assert_eq!(planted::history(world, &made.id()), ["outcome.reported", "outcome.changed", "outcome.changed"]);
        world.admin.delete_current(&format!("/indicators/{indicator}")).refused(409, "indicatorHasOutcomes");

        let yes = self::indicator(world, &world.admin, &world.root, "yes");
        let path = at(&yes, &world.board, "annual");
        new.put(&path, json!({"value": "1"})).refused(422, "notAFigure");
        assert_eq!(new.put(&path, json!({"value": "Ja"})).expect(201)["value"], "yes");
    }

    fn every_fault_comes_at_once(world: &World) {
        let boards = indicator(world, &world.controller, &world.unit, "atMost");
        let new = world.controller.with("if-none-match", "*");
        assert_eq!(new.put(&at(&boards, &world.board, "t1"), json!({"value": "5 %", "forecast": "1e3",
            "actionIds": [NOWHERE]})).expect(422).faults(), [
            ("/organisationId", "notOfGoal"), ("/value", "notAFigure"), ("/forecast", "notAFigure"),
            ("/actionIds/0", "unknownReference"),
        ]);
        new.put(&at(&boards, &world.unit, "t1"), json!({})).refused(422, "required");
        new.put(&at(NOWHERE, &world.unit, "t1"), json!({"value": "1"})).expect(404);
        new.put(&at(&boards, NOWHERE, "t1"), json!({"value": "1"})).expect(404);
        new.put(&at(&boards, &world.unit, "t2"), json!({"value": "1"})).expect(404);
        for (who, client) in world.everyone() {
            let answer = client.with("if-none-match", "*").put(&at(&boards, &world.unit, "annual"), json!({"value": "1"}));
            let expected = match who {
                "controller" => 201,
                "stranger" => 404,
                _ => 403,
            };
            assert_eq!(answer.status, expected, "{who}");
        }
    }

    fn lists_are_filtered(world: &World) {
        let first = indicator(world, &world.admin, &world.root, "atMost");
        let second = indicator(world, &world.controller, &world.board, "atMost");
        let new = world.controller.with("if-none-match", "*");
        let put = |indicator: &str, organisation: &str, period: &str, judgement: &str| {
            new.put(&at(indicator, organisation, period), json!({"value": "1", "judgement": judgement})).expect(201).id()
        };
        let a = put(&first, &world.board, "t1", "onTarget");
        let b = put(&first, &world.unit, "interim", "missed");
        let c = put(&second, &world.board, "t1", "atRisk");
        let ids = |path: String| {
            let mut ids: Vec<String> =
                world.reader.get(&path).expect(200).column("id").into_iter().map(str::to_owned).collect();
            ids.sort();
            ids
        };
        let sorted = |all: &[&String]| {
            let mut all: Vec<String> = all.iter().map(|id| (*id).clone()).collect();
            all.sort();
            all
        };
        assert_eq!(ids(format!("/indicators/{first}/outcomes")), sorted(&[&a, &b]));
        assert_eq!(ids(format!("/indicators/{first}/outcomes?period=t1")), sorted(&[&a]));
        assert_eq!(ids(format!("/indicators/{first}/outcomes?organisationId={}", world.unit)), sorted(&[&b]));
        assert_eq!(ids("/outcomes?withoutAction=true&year=2024".into()), sorted(&[&b, &c]));
        assert_eq!(ids("/outcomes?withoutAction=false".into()), sorted(&[&a]));
        assert_eq!(ids("/outcomes?year=2023".into()), sorted(&[]));
        assert_eq!(ids(format!("/outcomes?indicatorId={second}&judgement=atRisk")), sorted(&[&c]));
        assert_eq!(world.stranger.get("/outcomes").expect(200)["total"], 0);
        world.reader.get(&format!("/indicators/{NOWHERE}/outcomes")).expect(404);
        // What a report asks for.
        let (body, only) = (world.board.parse().expect("an id"), second.parse().expect("an id"));
        let t1 = "t1".parse().expect("a period");
        let told = |of: Option<&[_]>| world.db.read(|r| r.outcomes_in_period(body, 2024, t1, of)).expect("outcomes");
        assert_eq!((told(None).len(), told(Some(&[only])).len(), told(Some(&[])).len()), (2, 1, 0));
    }

    fn another_system_writes_many_at_once(world: &World) {
        let system = System::new(world, &["outcomes"]);
        let client = system.client(world);
        let indicators: Vec<String> = (0..20).map(|_| indicator(world, &world.admin, &world.root, "atMost")).collect();
        let many = |value: &str| {
            let items: Vec<Value> = indicators.iter().flat_map(|i| [item(i, &world.board, value), item(i, &world.unit, value)]).collect();
            json!({"items": items})
        };
        let counts = |created: usize, changed: usize, unchanged: usize| {
            json!({"created": created, "changed": changed, "unchanged": unchanged})
        };
        assert_eq!(client.post("/outcomes", many("5,8")).expect(200).json, counts(40, 0, 0));
        let size = || world.admin.get(&format!("/logs/{}", world.board)).expect(200)["size"].clone();
        let before = size();
        assert_eq!(client.post("/outcomes", many("5.8")).expect(200).json, counts(0, 0, 40));
        assert_eq!(size(), before, "what says the same is no event");
        let mut some = many("5.8");
        some["items"][3]["value"] = "6".into();
        some["items"].as_array_mut().expect("items").truncate(10);
        assert_eq!(client.post("/outcomes", some).expect(200).json, counts(0, 1, 9));
        let one = client.get(&at(&indicators[1], &world.unit, "interim")).expect(200);
        assert_eq!((&one["value"], &one["reportedById"]), (&json!("6"), &Value::Null));
        assert_eq!(one["reportedByAccountId"], system.id);
        client.put_current(&at(&indicators[1], &world.unit, "interim"), json!({"value": "7"})).expect(200);
        client.get("/deficiencies").expect(200);
        assert_eq!(client.get("/risks").expect(200)["total"], 0, "the scope reads nothing else");

        // All or nothing, and every fault in its place.
        let mut wrong = many("9");
        wrong["items"][0]["value"] = "nio".into();
        wrong["items"][2]["indicatorId"] = NOWHERE.into();
        wrong["items"][5] = wrong["items"][4].clone();
        wrong["items"][7]["actionIds"] = json!([NOWHERE]);
        assert_eq!(client.post("/outcomes", wrong).expect(422).faults(), [
            ("/items/0/value", "notAFigure"), ("/items/2/indicatorId", "unknownReference"), ("/items/5", "duplicate"),
            ("/items/7/actionIds/0", "unknownReference"),
        ]);
        assert_eq!(client.get(&at(&indicators[6], &world.unit, "interim")).expect(200)["value"], "5.8");
        let mut elsewhere = many("9");
        elsewhere["items"][1]["organisationId"] = world.other_board.clone().into();
        client.post("/outcomes", elsewhere.clone()).expect(403);
        world.controller.post("/outcomes", elsewhere).expect(403);
        world.head.post("/outcomes", many("9")).expect(403);
        client.post("/outcomes", json!({"items": []})).refused(422, "tooFew");
        let much = json!({"items": vec![item(&indicators[0], &world.board, "1"); 1001]});
        client.post("/outcomes", much).refused(422, "tooMany");
        System::new(world, &["read"]).client(world).post("/outcomes", many("9")).expect(403);
        let keyed = client.with("idempotency-key", "the-same");
        let first = keyed.post("/outcomes", many("10")).expect(200);
        assert_eq!(keyed.post("/outcomes", many("10")).expect(200).json, first.json);
        keyed.post("/outcomes", many("11")).refused(422, "reusedKey");
    }

    fn many_at_once_from_two_sides_end_as_one_of_them(world: &World) {
        let indicators: Vec<String> = (0..5).map(|_| indicator(world, &world.admin, &world.root, "atMost")).collect();
        for round in 0..20 {
            let organisation = [&world.board, &world.unit][round % 2];
            let period = ["t1", "interim", "annual"][round % 3];
            let many = |value: &str| {
                let items = indicators.iter().map(|i| {
                    let mut item = item(i, organisation, value);
                    item["period"] = period.into();
                    item
                });
                json!({"items": items.collect::<Vec<_>>()})
            };
            let send = |value: &str| world.controller.post("/outcomes", many(&format!("{round}{value}"))).status;
            let both = at_once(|| send("1"), || send("2"));
            assert_eq!(both, (200, 200));
            let path = format!("/outcomes?period={period}&organisationId={organisation}&limit=200");
            let list = world.controller.get(&path).expect(200);
            let values: std::collections::BTreeSet<&str> = list.column("value").into_iter().collect();
            assert_eq!((list.items().len(), values.len()), (5, 1), "{values:?}");
        }
    }
}
