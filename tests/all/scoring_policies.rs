//! `/scoring-policies`: versions that never change, which of them a new plan takes, and what one would move.

use riskregister::app::settings::policies;
use riskregister::domain::scoring::Policy;
use riskregister::domain::words::{Language, PlanStatus};
use riskregister::storage::Id;
use riskregister::storage::records::Organisation;
use serde_json::{Value, json};

use crate::kit::{Client, Register, World, both};
use crate::planted;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn standard() -> Value {
    serde_json::to_value(Policy::standard(Language::Sv)).expect("a policy is JSON")
}

/// The default with another threshold.
fn threshold(threshold: i32) -> Value {
    let mut definition = standard();
    definition["threshold"] = threshold.into();
    definition
}

/// The lookup table that a body once used: 4×4, with a score 0 and no products.
fn lookup() -> Value {
    let step = |label: &str| json!({"label": label});
    let cell = |score: i32| json!({"score": score, "level": if score < 5 { "low" } else { "high" }});
    let level = |key: &str, colour: &str| {
        json!({
            "key": key, "label": key, "colour": colour, "actionRequired": false, "justificationIfAccepted": false,
            "monitored": true,
        })
    };
    json!({
        "likelihoods": (["a", "b", "c", "d"].map(step)),
        "consequences": (["e", "f", "g", "h"].map(step)),
        "cells": ([[0, 1, 3, 5], [1, 2, 4, 7], [3, 4, 6, 9], [5, 7, 9, 11]].map(|row| row.map(cell))),
        "levels": [level("low", "green"), level("high", "#ff6600")],
        "threshold": 4,
    })
}

fn form(organisation: &str, name: &str, definition: Value) -> Value {
    json!({"organisationId": organisation, "name": name, "definition": definition})
}

fn made(client: &Client, form: Value) -> String {
    client.post("/scoring-policies", form).expect(201).id()
}

fn at(policy: &str) -> String {
    format!("/scoring-policies/{policy}")
}

fn regions(register: &Register) -> String {
    let all = register.admin.get(&format!("/scoring-policies?organisationId={}", register.root)).expect(200);
    all.items()[0]["id"].as_str().expect("a new register has a scale").into()
}

fn newest_for(register: &Register, organisation: &str) -> Id {
    let found = register.db.read(|r| {
        let organisation: Organisation = r.get(planted::id(organisation))?;
        policies::newest_for(r, &organisation)
    });
    found.expect("there is a version").id
}

both! {
    fn a_new_register_has_the_default(world: &World) {
        let policy = world.stranger.get(&at(&regions(world))).expect(200);
        assert_eq!((&policy["organisationId"], &policy["newestVersion"]), (&json!(world.root), &json!(1)));
        let version = world.stranger.get(&format!("{}/versions/1", at(&policy.id()))).expect(200);
        assert_eq!((&version["id"], &version["definition"]), (&policy["newestVersionId"], &standard()));
    }

    fn a_policy_is_made_and_renamed(world: &World) {
        let made = world.controller.post("/scoring-policies", form(&world.board, "Egen skala", lookup())).expect(201);
        assert_eq!((&made["newestVersion"], &made["organisationId"]), (&json!(1), &json!(world.board)));
        let path = at(&made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let read = world.reader.get(&path).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&made.json, made.header("etag")));
        let version = world.reader.get(&format!("{path}/versions/1")).expect(200);
        assert_eq!(version["definition"]["cells"][0][0], json!({"score": 0, "level": "low"}));

        let renamed = world.controller.patch_current(&path, json!({"name": "Nämndens skala"})).expect(200);
        assert_eq!((&renamed["name"], &renamed["version"]), (&json!("Nämndens skala"), &json!(2)));
        assert_eq!(planted::history(world, &made.id()), ["scoringPolicy.created", "scoringPolicy.changed"]);
        assert_eq!(planted::history(world, &version.id()), ["policyVersion.created"]);
        assert_eq!(planted::events(world, &made.id())[0]["log"], world.board.as_str());
        // The rest of it cannot be written.
        let more = world.controller.patch_current(&path, json!({"definition": lookup(), "organisationId": world.root}));
        assert_eq!(more.expect(422).faults(), [("/definition", "unknownField"), ("/organisationId", "unknownField")]);
        let own = world.reader.get(&format!("/scoring-policies?organisationId={}", world.board)).expect(200);
        assert_eq!((own.column("name"), &own["total"]), (vec!["Nämndens skala"], &json!(1)));
        assert_eq!(world.reader.get("/scoring-policies?sort=-name").expect(200)["total"], 2);
    }

    fn versions_are_numbered_and_never_change(world: &World) {
        let path = at(&regions(world));
        let versions = format!("{path}/versions");
        let second = world.admin.post(&versions, json!({"definition": threshold(9)})).expect(201);
        assert_eq!(second["number"], 2);
        assert_eq!(second.header("location"), format!("/api/v1{versions}/2"));
        let read = world.reader.get(&format!("{versions}/2")).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&second.json, second.header("etag")));
        assert_eq!(world.reader.get(&format!("{versions}/1")).expect(200)["definition"], standard());
        let policy = world.reader.get(&path).expect(200);
        assert_eq!((&policy["newestVersion"], &policy["newestVersionId"]), (&json!(2), &second["id"]));
        let all = world.reader.get(&versions).expect(200);
        let numbers: Vec<_> = all.items().iter().map(|v| v["number"].clone()).collect();
        assert_eq!(numbers, [2, 1], "newest first");
        for number in ["0", "3", "-1", "ett", "99999999999"] {
            world.reader.get(&format!("{versions}/{number}")).expect(404);
        }
        for method in ["PATCH", "PUT", "DELETE"] {
            world.admin.send(method, &format!("{versions}/1"), None).expect(405);
        }
        world.admin.delete(&path).expect(405);
        // Many at once get numbers of their own.
        let mut taken: Vec<i64> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| {
                    world.admin.post(&versions, json!({"definition": standard()})).expect(201)["number"].as_i64()
                }))
                .collect();
            tries.into_iter().filter_map(|t| t.join().expect("an answer")).collect()
        });
        taken.sort_unstable();
        assert_eq!(taken, (3..=10).collect::<Vec<i64>>());
    }

    fn each_changes_what_is_theirs(world: &World) {
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        let regions = regions(world);
        let boards = made(&world.controller, form(&world.board, "Nämndens", lookup()));
        // The regional office helps a body whose scale is another.
        let people: [(&str, &Client, &[&String]); 7] = [
            ("administrator", &world.admin, &[&regions, &boards]),
            ("controller", &world.controller, &[&boards]),
            ("sibling", &sibling, &[]),
            ("head", &world.head, &[]),
            ("risk owner", &world.risk_owner, &[]),
            ("auditor", &world.auditor, &[]),
            ("stranger", &world.stranger, &[]),
        ];
        for (who, client, theirs) in people {
            for (owner, policy) in [(&world.root, &regions), (&world.board, &boards)] {
                let allowed = theirs.contains(&policy);
                let new = client.post("/scoring-policies", form(owner, "Ny", standard()));
                assert_eq!(new.status, if allowed { 201 } else { 403 }, "{who}");
                let version = client.post(&format!("{}/versions", at(policy)), json!({"definition": standard()}));
                assert_eq!(version.status, if allowed { 201 } else { 403 }, "{who}");
                let renamed = client.patch_current(&at(policy), json!({"name": "Annat namn"}));
                assert_eq!(renamed.status, if allowed { 200 } else { 403 }, "{who}");
                // Trying is for everyone: what it tells is what they may see.
                client.post(&format!("{}/preview", at(policy)), json!({"definition": standard()})).expect(200);
            }
        }
        let nowhere = at(NOWHERE);
        for path in [nowhere.clone(), format!("{nowhere}/versions"), format!("{nowhere}/versions/1")] {
            world.admin.get(&path).expect(404);
        }
        for path in [format!("{nowhere}/versions"), format!("{nowhere}/preview")] {
            world.admin.post(&path, json!({"definition": standard()})).expect(404);
        }
    }

    fn a_weighted_matrix_is_entered_as_it_is_with_a_remark(world: &World) {
        // 2 × 5 is very high, and 4 × 3 medium though it scores more: the body's own choice, made by the regional office.
        let mut definition = standard();
        definition["cells"][1][4]["level"] = "veryHigh".into();
        definition["cells"][3][2]["level"] = "medium".into();
        let path = at(&regions(world));
        let tried = world.admin.post(&format!("{path}/preview"), json!({"definition": definition})).expect(200);
        let remarks = tried["remarks"].as_array().expect("a list");
        let at_place = |place: &str| remarks.iter().find(|one| one["pointer"] == place);
        let told = at_place("/definition/cells/3/2/level").expect("a remark on 4 × 3");
        assert_eq!(told["code"], "levelDecreases");
        assert!(told["detail"].as_str().is_some_and(|said| said.contains("4 × 3")), "{told}");
        let plain = world.admin.post(&format!("{path}/preview"), json!({"definition": standard()})).expect(200);
        assert_eq!(plain["remarks"], json!([]));
        let made = world.admin.post("/scoring-policies", form(&world.board, "Viktad", definition.clone())).expect(201).id();
        let kept = world.controller.get(&format!("/scoring-policies/{made}/versions/1")).expect(200);
        assert_eq!(kept["definition"]["cells"], definition["cells"]);
        // The body's own controller goes on with it.
        let next = json!({"definition": definition});
        world.controller.post(&format!("/scoring-policies/{made}/versions"), next).expect(201);
        // And a plan is scored by it: the risk with the lower product is the graver.
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        for (name, place, level) in [("Tung", (2, 5), "veryHigh"), ("Vanlig", (4, 3), "medium")] {
            world.risk(&plan, &goal, name, place);
            assert_eq!(world.named(&plan, name)["level"], level);
        }
    }

    fn every_fault_comes_at_once(world: &World) {
        assert_eq!(world.admin.post("/scoring-policies", json!({})).expect(422).faults(), [
            ("/definition", "required"), ("/name", "required"), ("/organisationId", "required"),
        ]);
        // Faults of the form, of the schema and of the matrix in one answer.
        let mut definition = standard();
        definition["cells"][1][1]["score"] = 9.into();
        definition["cells"][4][4]["score"] = 1001.into();
        definition["levels"][4]["key"] = "low".into();
        definition["levels"][0]["colour"] = "röd".into();
        let answer = world.admin.post("/scoring-policies", form(&world.root, "", definition.clone())).expect(422);
        let faults = answer.faults();
        for fault in [
            ("/name", "tooShort"),
            ("/definition/cells/4/4/score", "outOfRange"),
            ("/definition/levels/0/colour", "wrongFormat"),
            ("/definition/cells/0/0/level", "levelNotDefined"),
            ("/definition/levels/4/key", "levelRepeated"),
        ] {
            assert!(faults.contains(&fault), "{fault:?} in {faults:?}");
        }
        let mut pointers: Vec<_> = faults.iter().map(|(pointer, _)| pointer).collect();
        pointers.sort_unstable();
        pointers.dedup();
        assert_eq!(pointers.len(), faults.len(), "no place is named twice");

        let path = at(&regions(world));
        for path in [format!("{path}/versions"), format!("{path}/preview")] {
            let answer = world.admin.post(&path, json!({"definition": definition})).expect(422);
            assert!(answer.faults().contains(&("/definition/levels/4/key", "levelRepeated")));
            let ragged = json!({"definition": {"cells": [[]], "threshold": -1}, "number": 3});
            let answer = world.admin.post(&path, ragged).expect(422);
            assert!(answer.faults().contains(&("/definition/cells/0", "tooFew")), "{:?}", answer.faults());
            assert!(answer.faults().contains(&("/number", "unknownField")));
            world.admin.post(&path, json!([])).expect(422);
        }
        assert_eq!(world.admin.get(&path)["newestVersion"], 1);

        // A scale belongs to the region or to a body.
        for part in [&world.unit, &world.division] {
            let answer = world.controller.post("/scoring-policies", form(part, "Enhetens", threshold(-1))).expect(422);
            assert_eq!(answer.faults(), [("/definition/threshold", "outOfRange"), ("/organisationId", "notABody")]);
        }
        world.admin.post("/scoring-policies", form(NOWHERE, "Ingens", lookup())).refused(422, "unknownReference");
        world.admin.post("/scoring-policies", form(&world.root, "För stor", json!("x".repeat(1_100_000)))).expect(413);
    }

    fn nobody_writes_over_another(world: &World) {
        let path = at(&regions(world));
        world.admin.patch(&path, json!({"name": "X"})).expect(428);
        let before = world.admin.current(&path);
        before.patch(&path, json!({"name": "Först"})).expect(200);
        before.patch(&path, json!({"name": "Sist"})).expect(412);
        let before = world.admin.current(&path);
        world.admin.post(&format!("{path}/versions"), json!({"definition": threshold(9)})).expect(201);
        before.patch(&path, json!({"name": "Sist"})).expect(412);
    }

    fn a_name_stays_while_a_board_has_it_before_it(world: &World) {
        let path = at(&regions(world));
        let plan = planted::plan(world, &world.board, 2024, PlanStatus::Proposed, &[]);
        world.admin.patch_current(&path, json!({"name": "Ny"})).refused(409, "standsInProposedPlan");
        // A new version changes no plan.
        world.admin.post(&format!("{path}/versions"), json!({"definition": threshold(9)})).expect(201);
        world.admin.patch_current(&path, json!({"name": "Ny"})).refused(409, "standsInProposedPlan");
        planted::status(world, plan, PlanStatus::Adopted);
        world.admin.patch_current(&path, json!({"name": "Ny"})).expect(200);
    }

    fn a_plan_takes_the_nearest_scale(world: &World) {
        let newest = |policy: &str| planted::id(&world.admin.get(&at(policy)).text("newestVersionId"));
        let regions = regions(world);
        assert_eq!(newest_for(world, &world.board), newest(&regions));
        world.admin.post(&format!("{}/versions", at(&regions)), json!({"definition": threshold(9)})).expect(201);
        assert_eq!(newest_for(world, &world.board), newest(&regions), "the newest version");
        let own = made(&world.controller, form(&world.board, "Egen", lookup()));
        made(&world.controller, form(&world.board, "En till", standard()));
        assert_eq!(newest_for(world, &world.board), newest(&own), "the body's first, not the region's");
        assert_eq!(newest_for(world, &world.unit), newest(&own));
        assert_eq!(newest_for(world, &world.other_board), newest(&regions));
        let company = world.organisation(&world.board, "company", "Bolaget under nämnden AB");
        assert_eq!(newest_for(world, &company), newest(&own), "the nearest above");
    }

    fn a_preview_tells_what_would_move(world: &World) {
        let policy = regions(world);
        let plan = planted::plan(world, &world.board, 2024, PlanStatus::Draft, &[]);
        let risk = |name: &str, assessment| planted::risk(world, plan, name, assessment, |_| {});
        risk("nio", Some((3, 3)));
        risk("åtta", Some((2, 4)));
        risk("sexton", Some((4, 4)));
        risk("oprövad", None);
        risk("mycket hög", Some((5, 5)));
        planted::risk(world, plan, "beslutad", Some((1, 4)), |r| r.decision_reason = Some("Nämnden vill det.".into()));
        planted::risk(world, plan, "utgången", Some((3, 3)), |r| r.retired_on = Some(r.created_at.stockholm_date()));
        let preview = |client: &Client, definition: Value| {
            client.post(&format!("{}/preview", at(&policy)), json!({"definition": definition})).expect(200)
        };
        let counts = |answer: &crate::kit::Answer| {
            let plan = &answer["plans"][0];
            ["unchanged", "moved", "entered", "left", "unfit"].map(|field| plan[field].as_i64().unwrap_or(-1))
        };
        let named = |answer: &crate::kit::Answer, name: &str| {
            let all = answer["risks"].as_array().expect("risks").clone();
            all.into_iter().find(|risk| risk["name"] == name).unwrap_or(Value::Null)
        };

        let same = preview(&world.controller, standard());
        assert_eq!((counts(&same), &same["risks"], &same["truncated"]), ([6, 0, 0, 0, 0], &json!([]), &json!(false)));

        let higher = preview(&world.controller, threshold(9));
        assert_eq!(counts(&higher), [5, 0, 0, 1, 0]);
        assert_eq!(named(&higher, "nio")["before"], json!({
            "fits": true, "score": 9, "level": "medium", "included": true, "inclusionReason": "score",
        }));
        assert_eq!(named(&higher, "nio")["after"]["inclusionReason"], "none");
        assert_eq!(counts(&preview(&world.controller, threshold(7))), [5, 0, 1, 0, 0]);

        // Where there are four steps, five has no place: never clamped.
        let smaller = preview(&world.controller, lookup());
        assert_eq!(counts(&smaller), [1, 3, 1, 0, 1]);
        let unfit = named(&smaller, "mycket hög");
        assert_eq!(unfit["after"], json!({
            "fits": false, "score": null, "level": null, "included": false, "inclusionReason": "none",
        }));
        assert_eq!((&unfit["reference"], &unfit["planId"]), (&json!("MYCKET HÖG"), &json!(plan)));
        let decided = named(&smaller, "beslutad");
        assert_eq!(decided["before"]["inclusionReason"], "decision");
        assert_eq!(decided["after"]["inclusionReason"], "score");
        assert_eq!(named(&smaller, "utgången"), Value::Null);

        // Nothing was kept, and the plan is as it was.
        assert_eq!(world.admin.get(&at(&policy))["newestVersion"], 1);
        assert_eq!(planted::history(world, &plan.to_string()), ["plan.created"]);
        // The same request gets the same answer.
        let keyed = world.controller.with("idempotency-key", "prova-1");
        assert_eq!(preview(&keyed, lookup()).json, preview(&keyed, lookup()).json);
    }

    fn a_preview_tells_what_one_may_see(world: &World) {
        let policy = regions(world);
        let draft = planted::plan(world, &world.board, 2025, PlanStatus::Draft, &[]);
        let adopted = planted::plan(world, &world.board, 2024, PlanStatus::Adopted, &[]);
        planted::plan(world, &world.board, 2023, PlanStatus::Closed, &[]);
        let others = planted::plan(world, &world.other_board, 2025, PlanStatus::Proposed, &[]);
        let own = made(&world.controller, form(&world.board, "Egen", standard()));
        for plan in [draft, adopted, others] {
            planted::risk(world, plan, "nio", Some((3, 3)), |_| {});
        }
        let path = format!("{}/preview", at(&policy));
        let seen = |client: &Client| {
            let answer = client.post(&path, json!({"definition": threshold(9)})).expect(200);
            assert_eq!(answer["risks"].as_array().map(Vec::len), answer["plans"].as_array().map(Vec::len));
            let plans = answer["plans"].as_array().expect("plans").clone();
            let mut told: Vec<(Id, bool)> = plans
                .iter()
                .map(|p| (planted::id(p["planId"].as_str().unwrap_or_default()), p["applies"] == true))
                .collect();
            told.sort_unstable();
            told
        };
        let sorted = |mut all: Vec<(Id, bool)>| {
            all.sort_unstable();
            all
        };
        assert_eq!(seen(&world.admin), sorted(vec![(draft, true), (adopted, false), (others, false)]));
        assert_eq!(seen(&world.controller), sorted(vec![(draft, true), (adopted, false)]));
        assert_eq!(seen(&world.auditor), sorted(vec![(draft, true), (adopted, false)]));
        assert_eq!(seen(&world.draft_reader), sorted(vec![(draft, true), (adopted, false)]));
        assert_eq!(seen(&world.reader), [(adopted, false)]);
        assert_eq!(seen(&world.performer), []);
        assert_eq!(seen(&world.stranger), []);
        // Another policy's plans are not its own.
        let path = format!("{}/preview", at(&own));
        let answer = world.admin.post(&path, json!({"definition": threshold(9)})).expect(200);
        assert_eq!(answer["plans"], json!([]));
    }
}

#[test]
fn the_lookup_table_is_a_policy() {
    let policy: Policy = serde_json::from_value(lookup()).expect("it has the shape of one");
    assert_eq!(policy.faults(), []);
}

#[test]
fn axes_have_a_bodys_names_and_a_version_from_before_reads_and_writes_as_it_was() {
    let mut policy = Policy::standard(Language::Sv);
    let before = serde_json::to_value(&policy).expect("a policy is JSON");
    assert!(before.get("likelihoodName").is_none() && before.get("consequenceName").is_none());
    let read: Policy = serde_json::from_value(before.clone()).expect("what was kept can be read");
    assert_eq!(serde_json::to_value(&read).expect("a policy is JSON"), before);
    policy.consequence_name = Some("Väsentlighet".into());
    assert_eq!(policy.faults(), []);
    for wrong in ["", " ", "två\nrader", "Sannolikhet"] {
        policy.consequence_name = Some(wrong.into());
        let at: Vec<String> = policy.faults().into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(at, ["/consequenceName"], "{wrong:?}");
    }
}
