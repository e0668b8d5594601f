//! `/indicators`.

use riskregister::domain::words::PlanStatus;
use serde_json::{Value, json};

use crate::kit::visitor::{Page, value_of, written};
use crate::kit::{Client, World, both};
use crate::planted;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn goal(client: &Client, organisation: &str, year: i32) -> String {
    client.post("/goals", json!({"organisationId": organisation, "year": year, "name": "Mål"})).expect(201).id()
}

fn form(goal: &str) -> Value {
    json!({"goalId": goal, "name": "Andel sjukfrånvaro", "decidedBy": "council"})
}

fn at(indicator: &str) -> String {
    format!("/indicators/{indicator}")
}

both! {
    fn an_indicator_is_made_read_changed_and_removed(world: &World) {
        let goal = goal(&world.admin, &world.root, 2024);
        let made = world.admin.post("/indicators", json!({
            "goalId": goal, "name": "Andel sjukfrånvaro", "unit": "%", "comparator": "atMost", "decidedBy": "council",
            "councilTarget": "<6%", "boardTarget": "<5,8%", "baselineYear": 2022, "note": "Mäts per tertial.",
            "laterTargets": [{"year": 2025, "target": "<5,5%"}, {"year": 2027, "target": "<5%"}],
        })).expect(201);
        assert_eq!(made["laterTargets"], json!([{"year": 2025, "target": "<5,5%"}, {"year": 2027, "target": "<5%"}]));
        let path = at(&made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let read = world.stranger.get(&path).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&made.json, made.header("etag")));
        let second = world.admin.post("/indicators", form(&goal)).expect(201);
        assert_eq!((&made["position"], &second["position"]), (&json!(1), &json!(2)));
        assert_eq!(second["laterTargets"], json!([]));

        let other = self::goal(&world.admin, &world.root, 2024);
        let change = json!({"goalId": other, "laterTargets": [], "comparator": null, "decidedBy": "board"});
        let changed = world.admin.patch_current(&path, change).expect(200);
        assert_eq!((&changed["goalId"], &changed["decidedBy"]), (&json!(other), &json!("board")));
        assert_eq!((&changed["laterTargets"], &changed["comparator"]), (&json!([]), &Value::Null));
        world.admin.delete_current(&path).expect(204);
        world.admin.get(&path).expect(404);
        assert_eq!(
            planted::history(world, &made.id()),
            ["indicator.created", "indicator.changed", "indicator.deleted"]
        );
    }

    fn lists_are_filtered(world: &World) {
        let regions = goal(&world.admin, &world.root, 2024);
        let boards = goal(&world.controller, &world.board, 2025);
        let first = world.admin.post("/indicators", form(&regions)).expect(201).id();
        let mut named = form(&boards);
        named["name"] = "Återrapporterade ärenden".into();
        let second = world.controller.post("/indicators", named).expect(201).id();
        for (query, expected) in [
            (format!("goalId={regions}"), vec![first.as_str()]),
            ("year=2025".into(), vec![second.as_str()]),
            (format!("organisationId={}", world.board), vec![second.as_str()]),
            ("q=%C3%85TERRAPP".into(), vec![second.as_str()]),
            ("sort=name".into(), vec![first.as_str(), second.as_str()]),
        ] {
            assert_eq!(world.reader.get(&format!("/indicators?{query}")).expect(200).column("id"), expected, "{query}");
        }
        world.reader.get("/indicators?sort=unit").expect(400);
    }

    fn the_rights_are_those_of_the_goal(world: &World) {
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        let regions = goal(&world.admin, &world.root, 2024);
        let boards = goal(&world.controller, &world.unit, 2024);
        let on_region = world.admin.post("/indicators", form(&regions)).expect(201).id();
        let on_board = world.controller.post("/indicators", form(&boards)).expect(201).id();
        let people: [(&str, &Client, Option<&String>); 7] = [
            ("administrator", &world.admin, Some(&regions)),
            ("controller", &world.controller, Some(&boards)),
            ("sibling", &sibling, None),
            ("head", &world.head, None),
            ("risk owner", &world.risk_owner, None),
            ("auditor", &world.auditor, None),
            ("stranger", &world.stranger, None),
        ];
        for (who, client, theirs) in people {
            for (goal, indicator) in [(&regions, &on_region), (&boards, &on_board)] {
                let allowed = theirs == Some(goal);
                assert_eq!(client.post("/indicators", form(goal)).status, if allowed { 201 } else { 403 }, "{who}");
                let changed = client.patch_current(&at(indicator), json!({"position": 5}));
                assert_eq!(changed.status, if allowed { 200 } else { 403 }, "{who}");
                assert_eq!(client.delete(&at(indicator)).status, if allowed { 428 } else { 403 }, "{who}");
            }
        }
        sibling.post("/indicators", form(NOWHERE)).refused(422, "unknownReference");
        world.reader.post("/indicators", form(NOWHERE)).expect(403);
    }

    fn every_fault_comes_at_once(world: &World) {
        assert_eq!(world.admin.post("/indicators", json!({})).expect(422).faults(), [
            ("/decidedBy", "required"), ("/goalId", "required"), ("/name", "required"),
        ]);
        let goal = goal(&world.admin, &world.root, 2024);
        let mut wrong = form(&goal);
        wrong["comparator"] = "ungefär".into();
        wrong["decidedBy"] = "king".into();
        wrong["unit"] = "".into();
        wrong["laterTargets"] = json!([{"year": 2025, "target": ""}, {"year": "2026", "goal": "x"}, {}, {}]);
        assert_eq!(world.admin.post("/indicators", wrong).expect(422).faults(), [
            ("/comparator", "unknownWord"), ("/decidedBy", "unknownWord"), ("/laterTargets", "tooMany"),
            ("/laterTargets/0/target", "tooShort"), ("/laterTargets/1/goal", "unknownField"),
            ("/laterTargets/1/target", "required"), ("/laterTargets/1/year", "wrongType"),
            ("/laterTargets/2/target", "required"), ("/laterTargets/2/year", "required"),
            ("/laterTargets/3/target", "required"), ("/laterTargets/3/year", "required"), ("/unit", "tooShort"),
        ]);
        let mut years = form(&goal);
        let later = [2024, 2028, 2028].map(|year| json!({"year": year, "target": "1"}));
        years["laterTargets"] = later.to_vec().into();
        assert_eq!(world.admin.post("/indicators", years).expect(422).faults(), [
            ("/laterTargets/0/year", "outOfRange"), ("/laterTargets/1/year", "outOfRange"),
            ("/laterTargets/2/year", "duplicate"),
        ]);
    }

    fn it_stays_with_its_year_and_organisation(world: &World) {
        let own = goal(&world.controller, &world.board, 2024);
        let indicator = world.controller.post("/indicators", form(&own)).expect(201).id();
        let next_year = goal(&world.controller, &world.board, 2025);
        let regions = goal(&world.admin, &world.root, 2024);
        for other in [&next_year, &regions] {
            let answer = world.controller.patch_current(&at(&indicator), json!({"goalId": other})).expect(422);
            assert_eq!(answer.faults(), [("/goalId", "cannotChange")]);
        }
        world.controller.patch_current(&at(&indicator), json!({"goalId": NOWHERE})).refused(422, "unknownReference");
    }

    fn a_board_measures_a_goal_of_the_regions_in_its_own_way(world: &World) {
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        let regions = goal(&world.admin, &world.root, 2024);
        let mut own = form(&regions);
        own["organisationId"] = world.board.as_str().into();
        for (who, expected) in [(&sibling.client, 403), (&world.admin, 403), (&world.head.client, 403)] {
            assert_eq!(who.post("/indicators", own.clone()).status, expected);
        }
        let made = world.controller.post("/indicators", own.clone()).expect(201);
        assert_eq!(made["organisationId"], world.board.as_str());
        assert_eq!(planted::events(world, &made.id())[0]["log"], world.board.as_str());
        world.admin.patch_current(&at(&made.id()), json!({"name": "Regionens"})).expect(403);
        world.controller.patch_current(&at(&made.id()), json!({"name": "Nämndens"})).expect(200);
        let moved = world.controller.patch_current(&at(&made.id()), json!({"organisationId": world.unit})).expect(422);
        assert_eq!(moved.faults(), [("/organisationId", "cannotChange")]);
        let listed = |of: &str| {
            let all = world.reader.get(&format!("/indicators?organisationId={of}")).expect(200);
            all.column("id").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let of_region = world.admin.post("/indicators", form(&regions)).expect(201);
        assert_eq!(of_region["organisationId"], world.root.as_str());
        assert_eq!((listed(&world.board), listed(&world.root)), (vec![made.id()], vec![of_region.id()]));
        // Not under the goal of another board, and of no organisation that is not there.
        own["goalId"] = goal(&sibling, &world.other_board, 2024).into();
        assert_eq!(world.controller.post("/indicators", own.clone()).expect(422).faults(), [("/goalId", "notAbove")]);
        own["organisationId"] = NOWHERE.into();
        assert_eq!(world.controller.post("/indicators", own).expect(422).faults(), [("/organisationId", "unknownReference")]);
        // What is measured so far stays with its goal.
        assert_eq!(world.admin.delete_current(&format!("/goals/{regions}")).refused(409, "goalInUse").status, 409);
    }

    fn it_says_whom_it_concerns_and_at_what_each_aims(world: &World) {
        let regions = goal(&world.admin, &world.root, 2024);
        let mut named = form(&regions);
        named["concerns"] = json!([world.unit, NOWHERE, world.board, world.board]);
        named["localTargets"] = json!([
            {"organisationId": world.other_board, "target": "<7%"}, {"organisationId": world.board, "target": "<5%"},
            {"organisationId": world.board, "target": "<4%"},
        ]);
        named["baselineValue"] = "sex".into();
        named["responsibleId"] = world.reader.id.as_str().into();
        assert_eq!(world.admin.post("/indicators", named.clone()).expect(422).faults(), [
            ("/concerns/0", "notABodyOfOwner"), ("/concerns/1", "unknownReference"), ("/concerns/3", "duplicate"),
            ("/localTargets/0/organisationId", "notConcerned"), ("/localTargets/2/organisationId", "duplicate"),
            ("/responsibleId", "roleMissing"), ("/baselineValue", "notAFigure"),
        ]);
        named["concerns"] = json!([world.board]);
        named["localTargets"] = json!([{"organisationId": world.board, "target": "<5%"}]);
        named["baselineValue"] = "6,20".into();
        named["responsibleId"] = Value::Null;
        let made = world.admin.post("/indicators", named).expect(201);
        assert_eq!((&made["concerns"], &made["baselineValue"]), (&json!([world.board]), &json!("6.20")));
        assert_eq!(made["localTargets"], json!([{"organisationId": world.board, "target": "<5%"}]));
        let all = world.admin.patch_current(&at(&made.id()), json!({"concerns": [], "localTargets": null})).expect(200);
        assert_eq!((&all["concerns"], &all["localTargets"]), (&Value::Null, &Value::Null));
        // A board's own concerns no other board.
        let mut own = form(&goal(&world.controller, &world.board, 2024));
        own["concerns"] = json!([world.other_board]);
        own["responsibleId"] = world.performer.id.as_str().into();
        let refused = world.controller.post("/indicators", own.clone()).expect(422);
        assert_eq!(refused.faults(), [("/concerns/0", "notABodyOfOwner")]);
        own["concerns"] = json!([]);
        assert_eq!(world.controller.post("/indicators", own).expect(201)["responsibleId"], world.performer.id.as_str());
    }

    fn a_body_sets_its_own_target_of_an_indicator_above_it(world: &World) {
        let indicator = world.admin.post("/indicators", form(&goal(&world.admin, &world.root, 2024))).expect(201).id();
        let path = format!("{}/local-targets/{}", at(&indicator), world.board);
        let new = world.controller.with("if-none-match", "*");
        world.controller.get(&path).expect(404);
        assert_eq!(new.put(&path, json!({"target": " "})).expect(422).faults(), [("/target", "tooShort")]);
        let made = new.put(&path, json!({"target": "<5 %"})).expect(201);
        assert_eq!(made.json, json!({"organisationId": world.board, "target": "<5 %"}));
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        new.put(&path, json!({"target": "<4 %"})).expect(412);
        let before = world.controller.current(&path);
        world.controller.put_current(&path, json!({"target": "<4 %"})).expect(200);
        before.put(&path, json!({"target": "<3 %"})).expect(412);
        assert_eq!(world.reader.get(&at(&indicator)).expect(200)["localTargets"], json!([{"organisationId": world.board, "target": "<4 %"}]));
        // What is the same is nothing new.
        world.controller.put_current(&path, json!({"target": "<4 %"})).expect(200);
        let told: Vec<Value> = planted::events(world, &indicator);
        assert_eq!(planted::history(world, &indicator), ["indicator.created", "indicator.changed", "indicator.changed"]);
        let last = told.last().expect("an event");
        assert_eq!((&last["organisationId"], &last["log"]), (&json!(world.board), &json!(world.root)), "{last}");
        // Each for its own alone, and neither for one that it does not concern nor for what is no body.
        world.risk_owner.put(&path, json!({"target": "1"})).expect(403);
        let other = format!("{}/local-targets/{}", at(&indicator), world.other_board);
        new.put(&other, json!({"target": "1"})).expect(403);
        let unit = format!("{}/local-targets/{}", at(&indicator), world.unit);
        assert_eq!(new.put(&unit, json!({"target": "1"})).expect(422).faults(), [("/organisationId", "notABodyOfOwner")]);
        let others = world.admin.patch_current(&at(&indicator), json!({"localTargets": null, "concerns": [world.other_board]})).expect(200).id();
        assert_eq!(new.put(&path, json!({"target": "1"})).expect(422).faults(), [("/organisationId", "notConcerned")]);
        world.admin.patch_current(&at(&others), json!({"concerns": []})).expect(200);

        // The same on its page, and taken back there.
        let page = at(&indicator);
        let visitor = world.visitor(&world.controller.id);
        let (set, withdraw) = (format!("form#target-{}", world.board), format!("form#withdraw-{}", world.board));
        assert!(visitor.page(&page).all(&withdraw).is_empty());
        assert!(world.visitor(&world.reader.id).page(&page).all(&set).is_empty());
        visitor.send(&page, &written(&visitor.page(&page).form(&set), "target", "<2 %")).expect(303);
        assert_eq!(world.reader.get(&path).expect(200)["target"], "<2 %");
        let stale = visitor.page(&page).form(&set);
        world.controller.put_current(&path, json!({"target": "<1 %"})).expect(200);
        let again = Page::of(&visitor.send(&page, &written(&stale, "target", "<3 %")).expect(412));
        assert_eq!((value_of(&again.form(&set), "target").as_str(), again.text(&format!("{set} .saved .text")).as_str()), ("<3 %", "<1 %"));
        visitor.send(&page, &visitor.page(&page).form(&withdraw)).expect(303);
        world.controller.get(&path).expect(404);
        assert_eq!(world.reader.get(&at(&indicator)).expect(200)["localTargets"], Value::Null);
        world.controller.with("if-match", "*").delete(&path).expect(404);
    }

    fn it_continues_one_of_an_earlier_year_of_its_own(world: &World) {
        let [then, now] = [2024, 2025].map(|year| goal(&world.admin, &world.root, year));
        let boards = goal(&world.controller, &world.board, 2025);
        let first = world.admin.post("/indicators", form(&then)).expect(201).id();
        let next = |goal: &str, before: &str| {
            let mut next = form(goal);
            next["continuesId"] = before.into();
            next
        };
        let second = world.admin.post("/indicators", next(&now, &first)).expect(201);
        assert_eq!(second["continuesId"], first.as_str());
        let its = second.id();
        for (client, goal, before, code) in [
            (&world.admin, &now, first.as_str(), "continuedAlready"),
            (&world.admin, &then, its.as_str(), "notEarlier"),
            (&world.admin, &now, NOWHERE, "unknownReference"),
            (&world.controller.client, &boards, first.as_str(), "otherOwner"),
        ] {
            let answer = client.post("/indicators", next(goal, before)).refused(422, code);
            assert_eq!(answer.faults()[0].0, "/continuesId");
        }
        world.admin.patch_current(&at(&second.id()), json!({"continuesId": first, "note": "Samma."})).expect(200);
        world.admin.delete_current(&at(&first)).refused(409, "indicatorContinued");
        world.admin.delete_current(&at(&second.id())).expect(204);
        world.admin.delete_current(&at(&first)).expect(204);
    }

    fn one_that_a_control_follows_stays(world: &World) {
        let goal = goal(&world.admin, &world.root, 2024);
        let indicator = world.admin.post("/indicators", form(&goal)).expect(201).id();
        let plan = planted::plan(world, &world.board, 2024, PlanStatus::Proposed, &[]);
        let risk = planted::risk(world, plan, "En risk", None, |_| {});
        planted::control(world, risk, &indicator);
        world.admin.delete_current(&at(&indicator)).refused(409, "indicatorInUse");
        world.admin.patch_current(&at(&indicator), json!({"name": "Nytt"})).refused(409, "standsInProposedPlan");
        world.admin.patch_current(&at(&indicator), json!({"councilTarget": "<5%"})).expect(200);
        planted::status(world, plan, PlanStatus::Draft);
        world.admin.patch_current(&at(&indicator), json!({"name": "Nytt"})).expect(200);
        world.admin.delete_current(&at(&indicator)).refused(409, "indicatorInUse");
    }

    fn nobody_writes_over_another(world: &World) {
        let goal = goal(&world.admin, &world.root, 2024);
        let path = at(&world.admin.post("/indicators", form(&goal)).expect(201).id());
        world.admin.patch(&path, json!({"name": "X"})).expect(428);
        let before = world.admin.current(&path);
        before.patch(&path, json!({"name": "Först"})).expect(200);
        before.patch(&path, json!({"name": "Sist"})).expect(412);
        before.delete(&path).expect(412);
        assert_eq!(world.admin.get(&path)["name"], "Först");
    }
}
