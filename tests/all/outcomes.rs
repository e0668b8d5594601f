//! `/outcomes` and `/indicators/{id}/outcomes`.

use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::plans::at_once;
use crate::kit::visitor::{Page, value_of, written};
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

    fn the_register_proposes_and_a_departure_has_its_cause(world: &World) {
        let indicator = indicator(world, &world.admin, &world.root, "atMost");
        let form = json!({"boardTarget": "<6 %", "unit": "%", "localTargets": [{"organisationId": world.board, "target": "≤ 5 %"}]});
        world.admin.patch_current(&format!("/indicators/{indicator}"), form).expect(200);
        let new = world.controller.with("if-none-match", "*");
        let (of_board, of_unit) = (at(&indicator, &world.board, "t1"), at(&indicator, &world.unit, "annual"));
        let refused = new.put(&of_board, json!({"value": "5,5", "judgement": "onTarget"})).expect(422);
        assert_eq!(refused.faults(), [("/cause", "departsFromProposal")]);
        assert!(refused["errors"][0]["detail"].as_str().is_some_and(|text| text.contains("riskerar")), "{}", refused.json);
        let reasoned = json!({"value": "5,5", "judgement": "onTarget", "cause": "Frånvaron sjunker varje höst."});
        let made = new.put(&of_board, reasoned).expect(201);
        assert_eq!((&made["judgement"], &made["proposedJudgement"]), (&json!("onTarget"), &json!("atRisk")));
        // What agrees needs no cause, and neither does what nobody has judged.
        let agreed = new.put(&of_unit, json!({"value": "5,5", "judgement": "missed"})).expect(201);
        assert_eq!(agreed["proposedJudgement"], "missed", "the unit aims at what its board aims at");
        let bare = new.put(&at(&indicator, &world.division, "annual"), json!({"value": "5"})).expect(201);
        assert_eq!((&bare["judgement"], &bare["proposedJudgement"]), (&Value::Null, &json!("onTarget")));
        // Another target proposes another judgement; what was written stays, and can be written again as it is.
        let looser = json!({"localTargets": [{"organisationId": world.board, "target": "< 9 %"}]});
        world.admin.patch_current(&format!("/indicators/{indicator}"), looser).expect(200);
        assert_eq!(world.controller.get(&of_unit).expect(200)["proposedJudgement"], "onTarget");
        world.controller.put_current(&of_unit, json!({"value": "5.5", "judgement": "missed"})).expect(200);
        let changed = json!({"value": "5.6", "judgement": "missed"});
        world.controller.put_current(&of_unit, changed).refused(422, "departsFromProposal");
        let listed = world.controller.get(&format!("/indicators/{indicator}/outcomes?period=annual")).expect(200);
        assert_eq!(listed.column("proposedJudgement"), ["onTarget", "onTarget"]);
        // Many at once: each takes what is proposed, if it is asked to.
        let items = |value: &str| json!([item(&indicator, &world.board, value), item(&indicator, &world.unit, value)]);
        world.controller.post("/outcomes", json!({"items": items("9,5"), "acceptProposals": true})).expect(200);
        let told = world.controller.get(&at(&indicator, &world.unit, "interim")).expect(200);
        assert_eq!((&told["judgement"], &told["proposedJudgement"]), (&json!("atRisk"), &json!("atRisk")));
        let mut departing = items("9,6");
        departing[1]["judgement"] = "onTarget".into();
        let refused = world.controller.post("/outcomes", json!({"items": departing})).expect(422);
        assert_eq!(refused.faults(), [("/items/1/cause", "departsFromProposal")]);
    }

    fn it_is_written_by_who_answers_for_it_and_of_whom_it_concerns(world: &World) {
        let regions = indicator(world, &world.admin, &world.root, "atMost");
        let path = format!("/indicators/{regions}");
        let new = |client: &Client| client.with("if-none-match", "*");
        let of = |organisation: &str| at(&regions, organisation, "t1");
        // The region's own is the regional office's; a board's is its controller's.
        new(&world.admin).put(&of(&world.root), json!({"value": "5"})).expect(201);
        new(&world.admin).put(&of(&world.board), json!({"value": "5"})).expect(403);
        new(&world.controller).put(&of(&world.root), json!({"value": "5"})).expect(404);
        // A performer of the board that the indicator names writes for it, and for no other.
        new(&world.performer).put(&of(&world.board), json!({"value": "5"})).expect(403);
        let own = indicator(world, &world.controller, &world.board, "atMost");
        let named = json!({"responsibleId": world.performer.id});
        world.controller.patch_current(&format!("/indicators/{own}"), named).expect(200);
        new(&world.performer).put(&at(&own, &world.board, "t1"), json!({"value": "5"})).expect(201);
        new(&world.risk_owner).put(&at(&own, &world.board, "interim"), json!({"value": "5"})).expect(403);
        world.performer.post("/outcomes", json!({"items": [item(&own, &world.unit, "5")]})).expect(200);
        let both = json!([item(&own, &world.unit, "5"), item(&regions, &world.unit, "5")]);
        world.performer.post("/outcomes", json!({"items": both})).expect(403);
        // It concerns the other board alone: what was given stays and can be changed, and no more is given.
        new(&world.controller).put(&of(&world.board), json!({"value": "5"})).expect(201);
        world.admin.patch_current(&path, json!({"concerns": [world.other_board]})).expect(200);
        world.controller.put_current(&of(&world.board), json!({"value": "6"})).expect(200);
        new(&world.controller).put(&of(&world.unit), json!({"value": "5"})).refused(422, "notConcerned");
        let many = json!({"items": [item(&regions, &world.board, "5")]});
        world.controller.post("/outcomes", many).refused(422, "notConcerned");
        world.admin.put_current(&of(&world.root), json!({"value": "6"})).expect(200);
    }

    fn an_outcome_leads_to_actions_of_its_own(world: &World) {
        let indicator = indicator(world, &world.admin, &world.root, "atMost");
        let path = at(&indicator, &world.board, "t1");
        let form = json!({"judgement": "missed", "ownActions": [{"name": "Hälsosamtal", "endDate": "2024-10-31"}, {"name": " "}]});
        let new = world.controller.with("if-none-match", "*");
        assert_eq!(new.put(&path, form.clone()).expect(422).faults(), [("/ownActions/1/name", "tooShort")]);
        let own = json!([{"name": "Hälsosamtal", "endDate": "2024-10-31", "completedOn": null}]);
        let made = new.put(&path, json!({"judgement": "missed", "ownActions": own})).expect(201);
        assert_eq!((&made["ownActions"], &made["withoutAction"]), (&own, &json!(false)));
        let listed = |without: bool| world.controller.get(&format!("/outcomes?withoutAction={without}")).expect(200)["total"].clone();
        assert_eq!((listed(true), listed(false)), (json!(0), json!(1)));
        let none = world.controller.put_current(&path, json!({"judgement": "missed"})).expect(200);
        assert_eq!((&none["ownActions"], &none["withoutAction"]), (&Value::Null, &json!(true)));
        assert_eq!((listed(true), listed(false)), (json!(1), json!(0)));
    }

    fn what_is_compared_is_compared_with_the_years_before(world: &World) {
        let years = [2022, 2023, 2024].map(|year| {
            let goal = json!({"organisationId": world.root, "year": year, "name": "Mål"});
            world.admin.post("/goals", goal).expect(201).id()
        });
        let mut before = Value::Null;
        let all = years.map(|goal| {
            let form = json!({"goalId": goal, "name": "Resor", "decidedBy": "council", "comparator": "keepOrDecrease",
                "continuesId": before});
            let made = world.admin.post("/indicators", form).expect(201).id();
            before = made.as_str().into();
            made
        });
        let new = world.controller.with("if-none-match", "*");
        for (indicator, value) in all.iter().zip(["80", "90", "85"]) {
            new.put(&at(indicator, &world.board, "annual"), json!({"value": value})).expect(201);
            new.put(&at(indicator, &world.unit, "t1"), json!({"value": value})).expect(201);
        }
        let proposed = |indicator: &str, organisation: &str, period: &str| {
            world.controller.get(&at(indicator, organisation, period)).expect(200)["proposedJudgement"].clone()
        };
        // Against the year before; the first has none before it, and the unit has no year's end.
        let said = all.each_ref().map(|indicator| proposed(indicator, &world.board, "annual"));
        assert_eq!(said, [Value::Null, json!("missed"), json!("onTarget")]);
        assert_eq!(proposed(&all[2], &world.unit, "t1"), Value::Null);
        // Against the baseline year, and against what was decided.
        let path = format!("/indicators/{}", all[2]);
        world.admin.patch_current(&path, json!({"baselineYear": 2022})).expect(200);
        assert_eq!(proposed(&all[2], &world.board, "annual"), "missed");
        world.admin.patch_current(&path, json!({"comparator": "decreaseBy", "boardTarget": "10 %", "baselineValue": "95"})).expect(200);
        assert_eq!(proposed(&all[2], &world.board, "annual"), "onTarget");
        assert_eq!(proposed(&all[2], &world.unit, "t1"), "onTarget");
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

    fn many_at_once_do_not_write_over_another(world: &World) {
        let indicator = indicator(world, &world.admin, &world.root, "atMost");
        let from = |version: i64, value: &str| {
            let mut item = item(&indicator, &world.board, value);
            item["version"] = version.into();
            json!({"items": [item]})
        };
        world.controller.post("/outcomes", from(0, "5")).expect(200);
        let refused = world.controller.post("/outcomes", from(0, "6")).expect(422);
        assert_eq!(refused.faults(), [("/items/0/version", "changedMeanwhile")]);
        world.controller.post("/outcomes", from(1, "6")).expect(200);
        assert_eq!(world.controller.post("/outcomes", from(1, "7")).expect(422).faults(), refused.faults());
        let now = world.controller.get("/outcomes").expect(200).items()[0].clone();
        assert_eq!((&now["value"], &now["version"]), (&json!("6"), &json!(2)));
    }

    fn the_table_tells_of_what_another_wrote_in_between(world: &World) {
        let [first, second, third] = [0, 1, 2].map(|_| indicator(world, &world.admin, &world.root, "atMost"));
        let path = format!("/outcomes?organisationId={}&year=2024&period=t1", world.board);
        let write = |indicator: &str, value: &str| {
            let mut item = item(indicator, &world.board, value);
            item["period"] = "t1".into();
            world.controller.post("/outcomes", json!({"items": [item]})).expect(200);
        };
        let value = |indicator: &str| world.controller.get(&at(indicator, &world.board, "t1")).expect(200)["value"].clone();
        let controller = world.visitor(&world.controller.id);
        write(&first, "5");
        write(&second, "5");
        let form = controller.page(&path).form("form#outcomes");
        let row = |form: &[(String, String)], indicator: &str| -> String {
            let found = form.iter().find(|(name, value)| name.contains("/indicatorId") && value == indicator);
            let name = &found.expect("a row").0;
            name.rsplit_once('/').expect("a place").0.to_owned()
        };
        let typed = |form: &Vec<(String, String)>, indicator: &str, field: &str, text: &str| {
            written(form, &format!("{}/{field}", row(form, indicator)), text)
        };
        // Nothing was touched: there is nothing to save.
        let none = Page::of(&controller.send(&path, &form).expect(422));
        assert_eq!(none.all("#outcomes-faults li").len(), 0, "{}", none.text("#outcomes-faults"));
        assert!(none.text("#outcomes-faults").contains("minst en rad"), "{}", none.text("#outcomes-faults"));
        // Another writes two of the rows, of which one is written in here too.
        write(&first, "7");
        write(&second, "7");
        let form = typed(&typed(&form, &first, "value", "6"), &third, "value", "4");
        let again = Page::of(&controller.send(&path, &form).expect(422));
        assert_eq!(value(&first), "7", "nothing is written over");
        world.controller.get(&at(&third, &world.board, "t1")).expect(404);
        let back = again.form("form#outcomes");
        let field = |indicator: &str| value_of(&back, &format!("{}/value", row(&back, indicator)));
        assert_eq!((field(&first), field(&second), field(&third)), ("6".into(), "7".into(), "4".into()), "nothing typed is lost");
        let id = row(&back, &first).replace('/', "-");
        assert_eq!(again.all(&format!("#outcomes-{id} .fault")).len(), 1, "the fault stands at its row");
        assert_eq!(again.all(&format!("#outcomes-faults a[href='#outcomes-{id}']")).len(), 1);
        assert_eq!(again.text(&format!("#outcomes-{id}-value-saved .text")), "7");
        assert_eq!(again.all("tbody .saved").len(), 1, "what nobody touched here is told as it is");
        // Sent again, it is meant.
        controller.send(&path, &back).expect(303);
        assert_eq!((value(&first), value(&second), value(&third)), (json!("6"), json!("7"), json!("4")));
    }

    fn the_table_begins_with_what_nobody_has_told(world: &World) {
        let [first, second, third] = [0, 1, 2].map(|_| indicator(world, &world.admin, &world.root, "atMost"));
        let path = format!("/outcomes?organisationId={}&year=2024&period=t1", world.board);
        let controller = world.visitor(&world.controller.id);
        let order = || -> Vec<String> {
            let page = controller.page(&path);
            let links = page.all("tbody th a").into_iter().filter_map(|a| a.attr("href").map(str::to_owned)).collect::<Vec<_>>();
            links.iter().filter_map(|at| at.strip_prefix("/indicators/")?.split('?').next().map(str::to_owned)).collect()
        };
        let counted = || controller.page(&path).text("main").contains("återstår att rapportera, och står först");
        assert_eq!(order(), [first.as_str(), &second, &third]);
        assert!(!counted());
        let mut told = item(&first, &world.board, "5");
        told["period"] = "t1".into();
        world.controller.post("/outcomes", json!({"items": [told]})).expect(200);
        assert_eq!(order(), [second.as_str(), &third, &first]);
        assert!(counted());
        // A forecast alone answers nothing.
        let new = world.controller.with("if-none-match", "*");
        new.put(&at(&second, &world.board, "t1"), json!({"forecast": "5"})).expect(201);
        assert_eq!(order(), [second.as_str(), &third, &first]);
    }

    fn actions_of_their_own_are_written_and_seen_in_the_table(world: &World) {
        let indicator = indicator(world, &world.admin, &world.root, "atMost");
        let path = format!("/outcomes?organisationId={}&year=2024&period=t1", world.board);
        let controller = world.visitor(&world.controller.id);
        let write = |fields: &[(&str, &str)]| {
            let mut form = controller.page(&path).form("form#outcomes");
            for (field, text) in fields {
                form = written(&form, &format!("items/0/{field}"), text);
            }
            controller.send(&path, &form)
        };
        let own = || world.controller.get(&at(&indicator, &world.board, "t1")).expect(200)["ownActions"].clone();
        write(&[("judgement", "missed"), ("ownActions/0/name", "Hälsosamtal"), ("ownActions/0/endDate", "2024-10-31")]).expect(303);
        assert_eq!(own(), json!([{"name": "Hälsosamtal", "endDate": "2024-10-31", "completedOn": null}]));
        write(&[("ownActions/0/completedOn", "2024-10-15"), ("ownActions/1/name", "Friskvård")]).expect(303);
        assert_eq!(own(), json!([{"name": "Hälsosamtal", "endDate": "2024-10-31", "completedOn": "2024-10-15"},
            {"name": "Friskvård", "endDate": null, "completedOn": null}]));
        let missing = Page::of(&write(&[("ownActions/2/endDate", "2024-12-01")]).expect(422));
        assert_eq!(missing.all("input[name='items/0/ownActions/2/name'][aria-invalid=true]").len(), 1);
        for page in [path.clone(), format!("/indicators/{indicator}?organisationId={}", world.board)] {
            let text = world.visitor(&world.reader.id).page(&page).text("main").replace('\u{a0}', " ");
            assert!(text.contains("Åtgärd: Hälsosamtal, slutförd den 15 oktober 2024"), "{text}");
            assert!(text.contains("Åtgärd: Friskvård"), "{text}");
        }
        write(&[("ownActions/0/name", ""), ("ownActions/0/endDate", ""), ("ownActions/0/completedOn", "")]).expect(303);
        assert_eq!(own(), json!([{"name": "Friskvård", "endDate": null, "completedOn": null}]));
    }

    fn actions_of_the_plan_are_linked_on_the_indicators_page(world: &World) {
        let year = Year::adopted(world);
        let indicator = indicator(world, &world.admin, &world.root, "atMost");
        let (of, told) = (at(&indicator, &world.board, "t1"), json!([{"name": "Hälsosamtal", "endDate": "2024-10-31", "completedOn": null}]));
        let form = json!({"value": "7", "judgement": "missed", "cause": "Fler sjuka.", "ownActions": told});
        world.controller.with("if-none-match", "*").put(&of, form).expect(201);
        let page = format!("/indicators/{indicator}?organisationId={}", world.board);
        let table = format!("/outcomes?organisationId={}&year=2024&period=t1", world.board);
        let controller = world.visitor(&world.controller.id);
        let leads = format!("a[href='{page}#actions-of-t1']");
        assert!(controller.page(&table).text(&leads).starts_with("Koppla till åtgärder i planen"));
        let chosen = written(&controller.page(&page).form("form#actions-t1"), "actionIds", &year.action);
        controller.send(&page, &chosen).expect(303);
        let now = world.controller.get(&of).expect(200);
        // All else stays as it was.
        assert_eq!((&now["actionIds"], &now["ownActions"]), (&json!([year.action]), &told));
        assert_eq!((&now["value"], &now["judgement"], &now["cause"]), (&json!("7"), &json!("missed"), &json!("Fler sjuka.")));
        assert!(controller.page(&table).text(&leads).starts_with("Kopplat till en åtgärd i planen"));
        let seen = world.visitor(&world.auditor.id).page(&page);
        assert_eq!(seen.all(&format!("td a[href='/actions/{}']", year.action)).len(), 1);
        assert!(seen.all("form#actions-t1").is_empty());
        let none = written(&controller.page(&page).form("form#actions-t1"), "actionIds", "");
        controller.send(&page, &none).expect(303);
        assert_eq!(world.controller.get(&of).expect(200)["actionIds"], json!([]));
    }
}
