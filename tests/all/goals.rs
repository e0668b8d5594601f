//! `/goals`.

use riskregister::domain::words::PlanStatus;
use serde_json::{Value, json};

use crate::kit::{Client, World, both};
use crate::planted;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn form(organisation: &str, year: i32, name: &str) -> Value {
    json!({"organisationId": organisation, "year": year, "name": name})
}

fn below(parent: &str, mut form: Value) -> Value {
    form["parentId"] = parent.into();
    form
}

fn made(client: &Client, form: Value) -> String {
    client.post("/goals", form).expect(201).id()
}

fn at(goal: &str) -> String {
    format!("/goals/{goal}")
}

both! {
    fn a_goal_is_made_read_changed_and_removed(world: &World) {
        let mut sent = form(&world.root, 2024, "  En ekonomi i balans ");
        sent["number"] = "3.3.1".into();
        let made = world.admin.post("/goals", sent).expect(201);
        assert_eq!((&made["name"], &made["number"]), (&json!("En ekonomi i balans"), &json!("3.3.1")));
        assert_eq!((&made["position"], &made["version"]), (&json!(1), &json!(1)));
        let path = at(&made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let read = world.stranger.get(&path).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&made.json, made.header("etag")));

        let changed = world.admin.patch_current(&path, json!({"name": "Ekonomi i balans", "number": null})).expect(200);
        assert_eq!((&changed["name"], &changed["number"]), (&json!("Ekonomi i balans"), &Value::Null));
        assert_eq!(changed["version"], 2);
        // What changes nothing is no event, and no new version.
        assert_eq!(world.admin.patch_current(&path, json!({"name": "Ekonomi i balans"})).expect(200)["version"], 2);
        world.admin.delete_current(&path).expect(204);
        world.admin.get(&path).expect(404);
        let events = planted::events(world, &made.id());
        let told: Vec<_> = events.iter().map(|e| e["kind"].as_str().unwrap_or_default()).collect();
        assert_eq!(told, ["goal.created", "goal.changed", "goal.deleted"]);
        assert!(events.iter().all(|e| e["log"] == world.root.as_str() && e["actor"]["id"] == world.admin_id.as_str()));
        assert!(events[1]["after"]["name"]["commitment"].is_string(), "words stand in the history as commitments");
    }

    fn the_tree_runs_from_the_region_to_the_unit(world: &World) {
        let region = made(&world.admin, form(&world.root, 2024, "Regionens mål"));
        let board = made(&world.controller, below(&region, form(&world.board, 2024, "Nämndens mål")));
        let unit = made(&world.controller, below(&board, form(&world.unit, 2024, "Enhetens mål")));
        let second = below(&region, form(&world.board, 2024, "Nämndens andra"));
        let second = world.controller.post("/goals", second).expect(201);
        assert_eq!(second["position"], 2, "the last of its siblings");
        made(&world.admin, form(&world.root, 2025, "Nästa års mål"));

        let all = world.reader.get("/goals?year=2024&sort=name").expect(200);
        assert_eq!(all.column("name"), ["Enhetens mål", "Nämndens andra", "Nämndens mål", "Regionens mål"]);
        let own = world.reader.get(&format!("/goals?organisationId={}&limit=1", world.board)).expect(200);
        assert_eq!((own.column("name"), &own["total"]), (vec!["Nämndens mål"], &json!(2)));
        assert_eq!(world.reader.get(&format!("/goals?parentId={board}")).column("id"), [unit.as_str()]);
        assert_eq!(world.reader.get("/goals?q=ENHETENS").column("id"), [unit.as_str()]);
        world.reader.get("/goals?year=1999").expect(400);
        world.reader.get("/goals?name=x").refused(400, "unknownParameter");
        // The events lie with the body.
        assert_eq!(planted::events(world, &unit)[0]["log"], world.board.as_str());
    }

    fn each_changes_what_is_theirs(world: &World) {
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        let region = made(&world.admin, form(&world.root, 2024, "Regionens"));
        let boards = made(&world.controller, form(&world.board, 2024, "Nämndens"));
        let units = made(&world.controller, form(&world.unit, 2024, "Enhetens"));
        let others = made(&sibling, form(&world.other_board, 2024, "Syskonets"));
        let people: [(&str, &Client, &[&String]); 8] = [
            ("administrator", &world.admin, &[&region]),
            ("controller", &world.controller, &[&boards, &units]),
            ("sibling", &sibling, &[&others]),
            ("head", &world.head, &[]),
            ("risk owner", &world.risk_owner, &[]),
            ("reader", &world.reader, &[]),
            ("auditor", &world.auditor, &[]),
            ("stranger", &world.stranger, &[]),
        ];
        for (who, client, theirs) in people {
            for goal in [&region, &boards, &units, &others] {
                let allowed = theirs.contains(&goal);
                let read = client.get(&at(goal)).expect(200);
                let new = form(read["organisationId"].as_str().unwrap_or_default(), 2030, "Nytt");
                assert_eq!(client.post("/goals", new).status, if allowed { 201 } else { 403 }, "{who} makes one");
                let changed = client.patch_current(&at(goal), json!({"position": 7}));
                assert_eq!(changed.status, if allowed { 200 } else { 403 }, "{who} changes one");
                // Rights come before the condition.
                let removed = client.delete(&at(goal));
                assert_eq!(removed.status, if allowed { 428 } else { 403 }, "{who} removes one");
            }
            // Before rights over nothing, faults are told to those who have some rights here.
            let anywhere = !theirs.is_empty();
            assert_eq!(client.post("/goals", json!({})).status, if anywhere { 422 } else { 403 }, "{who} names nobody");
            let unknown = client.post("/goals", form(NOWHERE, 2024, "Ingenstans"));
            assert_eq!(unknown.status, if anywhere { 422 } else { 403 }, "{who} names an unknown one");
        }
        let root_controller = world.person_with("Rita Rot", &world.root, "controller", &world.root);
        root_controller.post("/goals", json!({})).expect(422);
        root_controller.post("/goals", form(&world.root, 2024, "Inte hennes")).expect(403);
        made(&root_controller, form(&world.board, 2024, "Nämndens genom roten"));
        world.as_nobody().get("/goals").expect(401);
    }

    fn every_fault_comes_at_once(world: &World) {
        let nothing = world.admin.post("/goals", json!({"colour": "red"})).expect(422);
        assert_eq!(nothing.faults(), [
            ("/colour", "unknownField"), ("/name", "required"), ("/organisationId", "required"), ("/year", "required"),
        ]);
        let wrong = json!({
            "organisationId": world.root, "year": 1999, "name": " ", "number": "x".repeat(51), "position": 0,
            "parentId": "mål", "version": 3,
        });
        assert_eq!(world.admin.post("/goals", wrong).expect(422).faults(), [
            ("/name", "tooShort"), ("/number", "tooLong"), ("/parentId", "wrongFormat"), ("/position", "outOfRange"),
            ("/version", "unknownField"), ("/year", "outOfRange"),
        ]);
        let mut unknown = below(NOWHERE, form(NOWHERE, 2024, "Mål"));
        unknown["continuesId"] = NOWHERE.into();
        assert_eq!(world.admin.post("/goals", unknown).expect(422).faults(), [
            ("/organisationId", "unknownReference"), ("/parentId", "unknownReference"),
            ("/continuesId", "unknownReference"),
        ]);
        let last_year = made(&world.admin, form(&world.root, 2023, "Förra årets"));
        let boards = made(&world.controller, form(&world.board, 2023, "Nämndens"));
        let mut crossed = below(&boards, form(&world.root, 2022, "Tvärs emot"));
        crossed["continuesId"] = last_year.as_str().into();
        assert_eq!(world.admin.post("/goals", crossed).expect(422).faults(), [
            ("/parentId", "otherYear"), ("/parentId", "notAbove"), ("/continuesId", "notEarlier"),
        ]);
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        let under_a_neighbours = below(&boards, form(&world.other_board, 2023, "Under grannens"));
        sibling.post("/goals", under_a_neighbours).refused(422, "notAbove");
        let english = world.admin.with("accept-language", "en").post("/goals", json!({})).expect(422);
        assert_eq!(english["errors"][0]["detail"], "This is required.");
    }

    fn the_tree_does_not_close_on_itself(world: &World) {
        let top = made(&world.admin, form(&world.root, 2024, "Överst"));
        let middle = made(&world.admin, below(&top, form(&world.root, 2024, "Mitten")));
        let bottom = made(&world.admin, below(&middle, form(&world.root, 2024, "Nederst")));
        for under in [&top, &middle, &bottom] {
            let answer = world.admin.patch_current(&at(&top), json!({"parentId": under}));
            assert_eq!(answer.refused(422, "circle").faults(), [("/parentId", "circle")]);
        }
        // Two moves that would close the circle together: one of them is refused.
        let [a, b] = ["A", "B"].map(|name| made(&world.admin, form(&world.root, 2024, name)));
        let (to_a, to_b) = (world.admin.current(&at(&a)), world.admin.current(&at(&b)));
        let statuses = std::thread::scope(|scope| {
            let first = scope.spawn(|| to_a.patch(&at(&a), json!({"parentId": b})).status);
            let second = scope.spawn(|| to_b.patch(&at(&b), json!({"parentId": a})).status);
            [first.join().expect("an answer"), second.join().expect("an answer")]
        });
        assert!(statuses == [200, 422] || statuses == [422, 200], "{statuses:?}");
        let freed = world.admin.patch_current(&at(&bottom), json!({"parentId": null})).expect(200);
        assert_eq!(freed["parentId"], Value::Null);
    }

    fn the_owner_stays(world: &World) {
        let goal = made(&world.controller, form(&world.board, 2024, "Nämndens"));
        for to in [&world.unit, &world.root] {
            let answer = world.controller.patch_current(&at(&goal), json!({"organisationId": to})).expect(422);
            assert_eq!(answer.faults(), [("/organisationId", "cannotChange")]);
        }
        world.controller.patch_current(&at(&goal), json!({"organisationId": NOWHERE})).refused(422, "unknownReference");
    }

    fn what_is_leant_on_stays(world: &World) {
        let board = &world.board;
        let refused = |goal: &str, why: &str| {
            for answer in [
                world.admin.delete_current(&at(goal)),
                world.admin.patch_current(&at(goal), json!({"year": 2023})),
            ] {
                let answer = answer.refused(409, "goalInUse");
                let detail = answer.text("detail");
                assert!(detail.contains(why), "{detail} names {why}");
            }
            assert_eq!(world.admin.get(&at(goal)).expect(200)["year"], 2024);
        };
        let new = || made(&world.admin, form(&world.root, 2024, "Mål"));

        let parent = new();
        made(&world.controller, below(&parent, form(board, 2024, "Under")));
        refused(&parent, "undermål");

        let measured = new();
        let indicator = json!({"goalId": measured, "name": "Sjukfrånvaro", "decidedBy": "council"});
        world.admin.post("/indicators", indicator).expect(201);
        refused(&measured, "indikatorer");

        let continued = new();
        let mut next = form(&world.root, 2025, "Fortsättning");
        next["continuesId"] = continued.as_str().into();
        made(&world.admin, next);
        refused(&continued, "senare år");

        let mandatory = new();
        planted::mandatory(world, &mandatory, 2024);
        refused(&mandatory, "obligatoriska risker");

        let ordered = new();
        let plan = planted::plan(world, board, 2024, PlanStatus::Draft, &[&ordered]);
        refused(&ordered, "målordning");

        let under = new();
        planted::risk(world, plan, "En risk", None, |risk| risk.goal_id = Some(planted::id(&under)));
        refused(&under, "risker");
        // Everything else of it may change.
        world.admin.patch_current(&at(&under), json!({"name": "Nytt namn", "position": 4})).expect(200);

        let free = new();
        assert_eq!(world.admin.patch_current(&at(&free), json!({"year": 2026})).expect(200)["year"], 2026);
    }

    fn what_a_board_has_before_it_stays(world: &World) {
        let (ordered, under) = (
            made(&world.admin, form(&world.root, 2024, "I ordningen")),
            made(&world.admin, form(&world.root, 2024, "Över en risk")),
        );
        let plan = planted::plan(world, &world.board, 2024, PlanStatus::Proposed, &[&ordered]);
        planted::risk(world, plan, "En risk", None, |risk| risk.goal_id = Some(planted::id(&under)));
        for goal in [&ordered, &under] {
            for change in [json!({"name": "Nytt"}), json!({"number": "9"})] {
                world.admin.patch_current(&at(goal), change).refused(409, "standsInProposedPlan");
            }
            // The document does not tell of the rest.
            world.admin.patch_current(&at(goal), json!({"position": 9})).expect(200);
        }
        planted::status(world, plan, PlanStatus::Adopted);
        for goal in [&ordered, &under] {
            world.admin.patch_current(&at(goal), json!({"name": "Nytt"})).expect(200);
            assert_eq!(planted::history(world, goal).last().map(String::as_str), Some("goal.changed"));
        }
    }

    fn nobody_writes_over_another(world: &World) {
        let path = at(&made(&world.admin, form(&world.root, 2024, "Mål")));
        world.admin.patch(&path, json!({"name": "X"})).expect(428);
        world.admin.delete(&path).expect(428);
        let before = world.admin.current(&path);
        let statuses = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4)
                .map(|i| {
                    let (client, path) = (&before, &path);
                    scope.spawn(move || client.patch(path, json!({"name": format!("Namn {i}")})).status)
                })
                .collect();
            let mut all: Vec<u16> = tries.into_iter().map(|t| t.join().expect("an answer")).collect();
            all.sort_unstable();
            all
        });
        assert_eq!(statuses, [200, 412, 412, 412]);
        before.delete(&path).expect(412);
        world.admin.delete_current(&path).expect(204);
    }

    fn the_same_request_twice_makes_one(world: &World) {
        let client = world.controller.with("idempotency-key", "mal-1");
        let first = client.post("/goals", form(&world.board, 2024, "Ett")).expect(201);
        let again = client.post("/goals", form(&world.board, 2024, "Ett")).expect(201);
        assert_eq!(first.json, again.json);
        client.post("/goals", form(&world.board, 2024, "Två")).refused(422, "reusedKey");
        assert_eq!(world.reader.get("/goals").expect(200)["total"], 1);
        // A key that cannot be read is no key to leave out: the same request would make two.
        for unreadable in ["mål-1", ""] {
            let client = world.controller.with("idempotency-key", unreadable);
            let answer = client.post("/goals", form(&world.board, 2024, "Ett")).expect(400);
            assert_eq!(answer.faults(), [("Idempotency-Key", "wrongFormat")]);
        }
    }
}
