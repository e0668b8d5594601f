//! `/risks`: what is computed and by what rule, references and numbers, and what comes along to the next year.

use serde_json::{Value, json};

use crate::kit::plans::ids;
use crate::kit::{Client, World, both};

/// Whether a risk is in the plan, why, and its number.
fn place(risk: &Value) -> (bool, String, Option<i64>) {
    let included = risk["included"] == true;
    (included, risk["inclusionReason"].as_str().unwrap_or_default().into(), risk["number"].as_i64())
}

fn get(world: &World, id: &str) -> Value {
    world.controller.get(&format!("/risks/{id}")).expect(200).json
}

fn assess(world: &World, id: &str, (likelihood, consequence): (i32, i32)) {
    let form = json!({"likelihood": likelihood, "consequence": consequence});
    world.controller.post(&format!("/risks/{id}/assessments"), form).expect(201);
}

both! {
    fn what_is_computed_cannot_be_written(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let control = world.control(&risk, "Räkna scenerna");
        let action = world.action(&risk, "Bygg en scen");
        let computed = [
            "id", "score", "level", "included", "inclusionReason", "number", "fixedNumber", "mandatory", "mandatoryId",
            "currentlyQualifies", "needsRevision", "monitored", "identityId", "previousId", "planId", "confirmed",
            "formerlyMandatory", "decisionReason", "setAsideReason", "retiredOn", "retirementReason", "adopted",
            "createdAt", "updatedAt", "version",
        ];
        let of_plan = [
            "id", "organisationId", "year", "status", "adoptedRevision", "decidedOn", "decidingBoard", "paragraph",
            "returnReason", "revisionReason", "fromPlanId", "deliveredOn", "deliveredRevision", "needsRevision",
            "createdAt", "updatedAt", "version",
        ];
        let of_part = ["id", "riskId", "planId", "previousId", "adopted", "addedAfterAdoption", "createdAt", "version"];
        let things = [
            (format!("/risks/{risk}"), &computed[..]),
            (format!("/plans/{plan}"), &of_plan[..]),
            (format!("/controls/{control}"), &of_part[..]),
            (format!("/actions/{action}"), &of_part[..]),
        ];
        for (path, fields) in &things {
            let before = world.controller.get(path).expect(200);
            for field in *fields {
                // Its own value, another one, and null; alone, or beside one that could be written.
                for value in [before[*field].clone(), json!(true), json!(9), Value::Null] {
                    let answer = world.controller.patch_current(path, json!({ *field: value })).expect(422);
                    assert_eq!(answer.faults(), [(format!("/{field}").as_str(), "unknownField")], "{path}");
                }
            }
            let all: Value = fields.iter().map(|field| ((*field).to_owned(), json!(1))).collect::<serde_json::Map<_, _>>().into();
            let answer = world.controller.patch_current(path, all).expect(422);
            assert_eq!(answer.faults().len(), fields.len(), "every one is named at once");
            let after = world.controller.get(path).expect(200);
            assert_eq!((&after.json, after.header("etag")), (&before.json, before.header("etag")));
        }
        for field in computed {
            let mut form = world.risk_form(&goal, "En till", (1, 1));
            form[field] = json!(1);
            let answer = world.controller.post(&format!("/plans/{plan}/risks"), form).expect(422);
            assert_eq!(answer.faults(), [(format!("/{field}").as_str(), "unknownField")]);
        }
        for field in ["id", "status", "adoptedRevision", "goalOrder", "decidedOn", "version"] {
            let mut form = json!({"organisationId": world.board, "year": 2027});
            form[field] = json!("adopted");
            let answer = world.controller.post("/plans", form).expect(422);
            assert_eq!(answer.faults(), [(format!("/{field}").as_str(), "unknownField")]);
        }
        for field in ["score", "level", "confirmed", "sequence", "assessedById", "planId"] {
            let mut form = json!({"likelihood": 1, "consequence": 1});
            form[field] = json!(true);
            let answer = world.controller.post(&format!("/risks/{risk}/assessments"), form).expect(422);
            assert_eq!(answer.faults(), [(format!("/{field}").as_str(), "unknownField")]);
        }
        assert_eq!(world.risks(&plan).len(), 1);
        assert_eq!(get(world, &risk)["score"], 12);
    }

    fn eight_is_out_and_nine_is_in(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        world.issue(2026, "risk", "Risk för oegentligheter", &goal);
        let plan = world.plan(2026);
        for (likelihood, consequence) in [(2, 4), (4, 2), (3, 3), (1, 5), (5, 1), (5, 2), (1, 1), (5, 5)] {
            let risk = world.risk(&plan, &goal, "En risk", (likelihood, consequence));
            let score = likelihood * consequence;
            assert_eq!(risk["score"], score);
            assert_eq!(risk["included"], score > 8, "{score}");
            assert_eq!(risk["inclusionReason"], if score > 8 { "score" } else { "none" });
            assert_eq!(risk["currentlyQualifies"], score > 8);
            assert_eq!(risk["number"].is_null(), score <= 8);
        }
        // The mandatory one is in at any score, and without one.
        let fraud = ids(&[world.named(&plan, "Risk för oegentligheter")]).remove(0);
        assert_eq!(get(world, &fraud)["included"], true);
        for score in [(1, 1), (5, 5), (2, 4)] {
            assess(world, &fraud, score);
            assert_eq!(place(&get(world, &fraud)), (true, "mandatory".into(), Some(1)));
        }
        // Taken in by a reasoned decision, which is taken back.
        let low = world.risk(&plan, &goal, "Under gränsen", (2, 4)).id();
        let decision = format!("/risks/{low}/inclusion");
        let new = world.controller.with("if-none-match", "*");
        new.put(&decision, json!({})).expect(422);
        new.put(&decision, json!({"reason": "  "})).expect(422);
        new.put(&decision, json!({"reason": "Nämnden vill följa den."})).expect(201);
        new.put(&decision, json!({"reason": "Igen."})).expect(412);
        assert_eq!(place(&get(world, &low)).1, "decision");
        assert_eq!(get(world, &low)["included"], true);
        // With a score above the threshold that is the reason, as long as it has it.
        assess(world, &low, (3, 3));
        assert_eq!(place(&get(world, &low)).1, "score");
        assess(world, &low, (2, 4));
        assert_eq!(place(&get(world, &low)).1, "decision");
        world.controller.delete_current(&decision).expect(204);
        assert_eq!(place(&get(world, &low)), (false, "none".into(), None));
        // Not assessed is neither: it lacks an assessment, or is set aside with a reason.
        let form = json!({"name": "Obedömd", "goalId": goal});
        let bare = world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201);
        assert_eq!((&bare["score"], &bare["level"], &bare["included"]), (&Value::Null, &Value::Null, &json!(false)));
        let lacks = |code: &str| {
            let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
            let all = checks["missing"].as_array().expect("a list").clone();
            all.iter().any(|m| m["code"] == code && m["id"] == bare["id"])
        };
        assert!(lacks("assessmentMissing"));
        let aside = format!("/risks/{}/setting-aside", bare.id());
        new.put(&aside, json!({"reason": "Rör inte nämnden."})).expect(201);
        assert!(!lacks("assessmentMissing"));
        assert_eq!(world.controller.get(&aside).expect(200)["reason"], "Rör inte nämnden.");
        // Assessed, it is set aside no longer; above the threshold it cannot be.
        assess(world, &bare.id(), (3, 3));
        world.controller.get(&aside).expect(404);
        new.put(&aside, json!({"reason": "Ändå."})).refused(409, "scoreAboveThreshold");
        assert_eq!(place(&get(world, &bare.id())).1, "score");
        // Outside the matrix there is no score, and it cannot be taken away.
        for (field, value) in [("likelihood", 0), ("likelihood", 6), ("consequence", 6), ("consequence", -1)] {
            world.controller.patch_current(&format!("/risks/{low}"), json!({ field: value })).refused(422, "outOfRange");
        }
        let none = json!({"likelihood": null, "consequence": null});
        world.controller.patch_current(&format!("/risks/{low}"), none).refused(422, "cannotBeTakenAway");
    }

    fn numbers_follow_the_goals_and_then_stay(world: &World) {
        let (a, b) = (world.goal(2026, "Mål A"), world.goal(2026, "Mål B"));
        let plan = world.plan(2026);
        let b1 = world.risk(&plan, &b, "B1", (3, 3)).id();
        let a1 = world.risk(&plan, &a, "A1", (3, 3)).id();
        let a2 = world.risk(&plan, &a, "A2", (3, 3)).id();
        let low = world.risk(&plan, &a, "Låg", (1, 1)).id();
        let numbers = || [&a1, &a2, &b1, &low].map(|id| get(world, id)["number"].as_i64());
        assert_eq!(numbers(), [Some(1), Some(2), Some(3), None]);
        // Out and in again: no gaps meanwhile.
        assess(world, &a1, (2, 4));
        assert_eq!(numbers(), [None, Some(1), Some(2), None]);
        assess(world, &a1, (3, 3));
        // The plan's own order of goals rules, then the places under the goal.
        world.controller.patch_current(&format!("/plans/{plan}"), json!({"goalOrder": [b, a]})).expect(200);
        assert_eq!(numbers(), [Some(2), Some(3), Some(1), None]);
        world.controller.patch_current(&format!("/risks/{a1}"), json!({"position": 9})).expect(200);
        assert_eq!(numbers(), [Some(3), Some(2), Some(1), None]);
        let gone = world.risk(&plan, &b, "B2", (4, 4)).id();
        assert_eq!(numbers(), [Some(4), Some(3), Some(1), None]);
        world.controller.delete_current(&format!("/risks/{gone}")).expect(204);
        assert_eq!(numbers(), [Some(3), Some(2), Some(1), None]);

        world.complete(&plan);
        world.decide(&plan);
        let policy = world.controller.get(&format!("/plans/{plan}")).expect(200).text("policyVersionId");
        world.revise(&plan).expect(200);
        // In the revision: one retired, one new, one that comes up, and the goals turned again.
        let reason = json!({"reason": "Den har upphört."});
        world.controller.post(&format!("/risks/{a2}/retirement"), reason.clone()).expect(200);
        world.controller.post(&format!("/risks/{a2}/retirement"), reason.clone()).refused(409, "riskRetired");
        let new = world.risk(&plan, &b, "B3", (5, 5)).id();
        assess(world, &low, (3, 3));
        world.controller.patch_current(&format!("/plans/{plan}"), json!({"goalOrder": [a, b]})).expect(200);
        assert_eq!(numbers(), [Some(3), None, Some(1), Some(4)]);
        assert_eq!(get(world, &new)["number"], 5);
        // What never stood in an adopted plan is deleted, not retired; what did is retired, not deleted.
        world.controller.post(&format!("/risks/{new}/retirement"), reason).refused(409, "neverAdopted");
        world.controller.delete_current(&format!("/risks/{b1}")).refused(409, "inAdoptedRevision");
        world.complete(&plan);
        world.decide(&plan);
        assert_eq!(numbers(), [Some(3), None, Some(1), Some(4)]);
        // A plan that was adopted by one scale keeps it.
        let scale = world.admin.get("/scoring-policies").expect(200).items()[0]["id"].as_str().expect("an id").to_owned();
        let versions = format!("/scoring-policies/{scale}/versions");
        let mut definition = world.admin.get(&versions).expect(200).items()[0]["definition"].clone();
        definition["threshold"] = json!(4);
        let version = world.admin.post(&versions, json!({"definition": definition})).expect(201).id();
        world.revise(&plan).expect(200);
        let path = format!("/plans/{plan}");
        world.controller.patch_current(&path, json!({"policyVersionId": version})).refused(409, "policyVersionFixed");
        assert_eq!(world.controller.get(&path).expect(200)["policyVersionId"], json!(policy));
    }

    fn a_reference_belongs_to_one_risk_for_ever(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let path = format!("/plans/{plan}/risks");
        let with = |name: &str, reference: &str| {
            let mut form = world.risk_form(&goal, name, (3, 3));
            form["reference"] = json!(reference);
            world.controller.post(&path, form)
        };
        let first = with("Ett", "48301").expect(201).id();
        with("Två", "48301").refused(422, "referenceTaken");
        // Made by the service: one that nobody has.
        let made = world.risk(&plan, &goal, "Tre", (3, 3));
        assert_eq!(made["reference"], "48302");
        let taken = json!({"reference": "48301"});
        world.controller.patch_current(&format!("/risks/{}", made.id()), taken).refused(422, "referenceTaken");
        // Changed or deleted before any adoption, it is free again.
        world.controller.patch_current(&format!("/risks/{first}"), json!({"reference": "A-7"})).expect(200);
        let second = with("Två", "48301").expect(201).id();
        world.controller.delete_current(&format!("/risks/{second}")).expect(204);
        with("Fyra", "48301").expect(201);
        world.complete(&plan);
        world.decide(&plan);
        world.revise(&plan).expect(200);
        let one = format!("/risks/{first}");
        world.controller.patch_current(&one, json!({"reference": "A-8"})).refused(409, "referenceFixed");
        world.controller.post(&format!("{one}/retirement"), json!({"reason": "Upphört."})).expect(200);
        with("Fem", "A-7").refused(422, "referenceTaken");
        world.goal(2027, "Nytt år");
        let next = world.plan(2027);
        let form = json!({"name": "Sex", "reference": "A-7"});
        world.controller.post(&format!("/plans/{next}/risks"), form).refused(422, "referenceTaken");
    }

    fn the_next_year_begins_with_what_was(world: &World) {
        let year = 2026;
        let kept = world.goal(year, "Mål som fortsätter");
        let dropped = world.goal(year, "Mål som upphör");
        let plan = world.plan(year);
        let same = world.risk(&plan, &kept, "Oförändrad", (3, 3));
        let raised = world.risk(&plan, &kept, "Höjd", (3, 3)).id();
        let homeless = world.risk(&plan, &dropped, "Utan mål", (4, 4)).id();
        let gone = world.risk(&plan, &kept, "Försvinner", (3, 4)).id();
        let control = world.control(&same.id(), "Stickprov");
        let action = world.action(&same.id(), "Utbildning");
        world.controller.patch_current(&format!("/actions/{action}"), json!({"fromControlId": control})).expect(200);
        let form = json!({"organisationId": world.root, "year": year + 1, "name": "Målet", "continuesId": kept});
        let new_goal = world.admin.post("/goals", form).expect(201).id();

        let next = world.carried(year + 1, &plan);
        let risks = world.risks(&next);
        let of = |id: &str| risks.iter().find(|r| r["previousId"] == id).cloned().expect("it came along");
        let came = of(&same.id());
        for field in ["identityId", "reference", "name", "ownerId", "category", "response", "likelihood", "score", "level"] {
            assert_eq!(came[field], same[field], "{field}");
        }
        assert_ne!(came["id"], same["id"]);
        assert_eq!((&came["goalId"], &came["confirmed"]), (&json!(new_goal), &json!(false)));
        let id = came["id"].as_str().expect("an id");
        let controls = world.controller.get(&format!("/risks/{id}/controls")).expect(200);
        assert_eq!(controls.column("name"), ["Stickprov"]);
        assert_eq!(controls.items()[0]["previousId"], json!(control));
        let actions = world.controller.get(&format!("/risks/{id}/actions")).expect(200);
        assert_eq!(actions.items()[0]["fromControlId"], controls.items()[0]["id"], "linked within the new plan");
        let assessments = world.controller.get(&format!("/risks/{id}/assessments")).expect(200);
        assert_eq!((&assessments["total"], &assessments.items()[0]["confirmed"]), (&json!(1), &json!(false)));
        // What it was carried over to cannot be taken away from under it.
        world.controller.delete_current(&format!("/risks/{gone}")).refused(409, "carriedOver");
        world.controller.delete_current(&format!("/controls/{control}")).refused(409, "carriedOver");

        // The checks tell of what is still last year's.
        let codes = |next: &str| -> Vec<(String, Value)> {
            let checks = world.controller.get(&format!("/plans/{next}/checks")).expect(200);
            let all = checks["missing"].as_array().expect("a list").clone();
            all.iter().filter(|m| m["entity"] == "risk").map(|m| (m["code"].as_str().unwrap_or_default().into(), m["id"].clone())).collect()
        };
        let told = codes(&next);
        assert_eq!(told.iter().filter(|(code, _)| code == "assessmentUnconfirmed").count(), 4);
        let homeless = of(&homeless);
        assert!(told.contains(&("goalNotOfYear".into(), homeless["id"].clone())));
        // With that goal still in its order the plan can be written.
        let numbers = json!({"diaryNumbers": ["KN 2027-1"]});
        world.controller.patch_current(&format!("/plans/{next}"), numbers).expect(200);
        let path = format!("/risks/{}", homeless["id"].as_str().expect("an id"));
        world.controller.patch_current(&path, json!({"goalId": new_goal})).expect(200);
        assert!(!codes(&next).iter().any(|(code, _)| code == "goalNotOfYear"));

        // Held against last year's: new, raised, unchanged, gone.
        let of_raised = of(&raised)["id"].as_str().expect("an id").to_owned();
        assess(world, &of_raised, (4, 3));
        assess(world, id, (3, 3));
        let path = format!("/risks/{}", of(&gone)["id"].as_str().expect("an id"));
        world.controller.delete_current(&path).expect(204);
        let form = json!({"name": "Ny", "goalId": new_goal, "likelihood": 5, "consequence": 5});
        world.controller.post(&format!("/plans/{next}/risks"), form).expect(201);
        // What nobody has adopted is nothing to compare with, unless it is asked for by name.
        let alone = world.controller.get(&format!("/plans/{next}/comparison")).expect(200);
        assert_eq!((&alone["withPlanId"], &alone["gone"]), (&Value::Null, &json!([])));
        let comparison = world.controller.get(&format!("/plans/{next}/comparison?with={plan}")).expect(200);
        assert_eq!((&comparison["withPlanId"], &comparison["comparable"]), (&json!(plan), &json!(true)));
        let change = |name: &str| {
            let all = comparison["risks"].as_array().expect("a list");
            let one = all.iter().find(|r| r["name"] == name).expect("it is told");
            (one["change"].as_str().unwrap_or_default().to_owned(), one["previousScore"].as_i64())
        };
        assert_eq!(change("Ny"), ("new".into(), None));
        assert_eq!(change("Höjd"), ("raised".into(), Some(9)));
        assert_eq!(change("Oförändrad"), ("unchanged".into(), Some(9)));
        let left: Vec<_> = comparison["gone"].as_array().expect("a list").iter().map(|r| r["name"].clone()).collect();
        assert_eq!(left, ["Försvinner"]);
        // By another matrix, scores cannot be held against each other.
        let scale = world.admin.get("/scoring-policies").expect(200).items()[0]["id"].as_str().expect("an id").to_owned();
        let versions = format!("/scoring-policies/{scale}/versions");
        let mut definition = world.admin.get(&versions).expect(200).items()[0]["definition"].clone();
        definition["cells"][0][0]["score"] = json!(0);
        let version = world.admin.post(&versions, json!({"definition": definition})).expect(201).id();
        world.controller.patch_current(&format!("/plans/{next}"), json!({"policyVersionId": version})).expect(200);
        let comparison = world.controller.get(&format!("/plans/{next}/comparison?with={plan}")).expect(200);
        assert_eq!(comparison["comparable"], false);
        assert!(comparison["risks"].as_array().expect("a list").iter().all(|r| r["change"] == "notComparable" || r["change"] == "new"));
        let nowhere = uuid::Uuid::now_v7();
        world.controller.get(&format!("/plans/{next}/comparison?with={nowhere}")).expect(404);
    }

    fn risks_go_on_in_a_successor_as_its_own(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let mut form = world.risk_form(&goal, "Från avdelningen", (3, 3));
        form["organisationId"] = json!(world.division);
        form["reference"] = json!("1");
        world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201);
        // The successor has used the reference already.
        let heir = world.person_with("Elsa Efterträdare", &world.other_board, "controller", &world.other_board);
        world.grant(&heir.id, json!({"role": "controller", "organisationId": world.board}));
        let own = heir.post("/plans", json!({"organisationId": world.other_board, "year": 2026})).expect(201).id();
        heir.post(&format!("/plans/{own}/risks"), json!({"name": "Vår", "reference": "1"})).expect(201);
        let new = json!({"organisationId": world.other_board, "year": 2027, "fromPlanId": plan});
        heir.post("/plans", new.clone()).refused(422, "otherBody");
        let board = format!("/organisations/{}", world.board);
        world.admin.patch_current(&board, json!({"successorId": world.other_board})).expect(200);
        let next = heir.post("/plans", new).expect(201).id();
        let risks = heir.get(&format!("/plans/{next}/risks")).expect(200);
        assert_eq!(risks.column("name"), ["Från avdelningen"]);
        assert_eq!(risks.column("organisationId"), [&world.other_board]);
        assert_eq!(risks.column("reference"), ["2"]);
    }

    fn two_bodies_become_one_that_has_a_plan(world: &World) {
        let economy = world.goal(2026, "En ekonomi i balans");
        world.issue(2026, "risk", "Risk för oegentligheter", &economy);
        let kept = world.plan(2026);
        world.risk(&kept, &economy, "Kvar hos den som tar över", (3, 4));
        let there = world.person_with("Gustav Gått Upp", &world.other_board, "controller", &world.other_board);
        let gone = there.post("/plans", json!({"organisationId": world.other_board, "year": 2026})).expect(201).id();
        let mut form = world.risk_form(&economy, "Följer med", (4, 4));
        form["ownerId"] = Value::Null;
        let risk = there.post(&format!("/plans/{gone}/risks"), form).expect(201);
        let control = json!({"name": "Stickprov", "recurrences": ["tertial"]});
        there.post(&format!("/risks/{}/controls", risk.id()), control).expect(201);

        // Nothing is to be taken over, nor seen, until the one goes on in the other.
        let takeover = format!("/plans/{kept}/takeover");
        let from = json!({"fromPlanId": gone});
        world.controller.get(&format!("/plans/{gone}")).expect(404);
        world.controller.post(&takeover, from.clone()).refused(422, "unknownReference");
        let visitor = world.visitor(&world.controller.id);
        let page = format!("/plans/{kept}");
        assert!(visitor.page(&page).all("form#take-over").is_empty());
        // Whoever ends it is told what is open first.
        let open = world.admin.get(&format!("/organisations/{}/open-matters", world.other_board)).expect(200);
        assert_eq!((&open["plans"][0]["id"], &open["roles"]), (&json!(gone), &json!(1)));
        let told = world.visitor(&world.admin_id).page(&format!("/organisations/{}", world.other_board));
        assert!(told.text("main").contains("Planen för 2026 är inte avslutad"), "{}", told.text("main"));
        let ended = json!({"validTo": "2026-06-30", "successorId": world.board});
        world.admin.patch_current(&format!("/organisations/{}", world.other_board), ended).expect(200);

        // The successor's controller looks back without a role there, and changes nothing there.
        world.controller.get(&format!("/plans/{gone}")).expect(200);
        world.controller.get(&format!("/risks/{}", risk.id())).expect(200);
        world.controller.patch_current(&format!("/risks/{}", risk.id()), json!({"name": "Ändrad"})).expect(403);
        world.risk_owner.get(&format!("/plans/{gone}")).expect(404);

        // One press, and its risks stand in the draft with identity and history; the mandatory one is answered already.
        let form = visitor.page(&page).form("form#take-over");
        visitor.send(&page, &form).expect(303);
        let taken = world.named(&kept, "Följer med");
        assert_eq!((&taken["identityId"], &taken["previousId"]), (&risk["identityId"], &json!(risk.id())));
        assert_eq!((&taken["confirmed"], &taken["organisationId"]), (&json!(false), &json!(world.board)));
        let id = taken["id"].as_str().expect("an id");
        assert_eq!(world.controller.get(&format!("/risks/{id}/controls")).expect(200).column("name"), ["Stickprov"]);
        let mut fraud: Vec<Value> = world.risks(&kept);
        fraud.retain(|risk| risk["name"] == "Risk för oegentligheter");
        let mandatory = |risk: &&Value| !risk["mandatoryId"].is_null();
        assert_eq!((fraud.len(), fraud.iter().filter(mandatory).count()), (2, 1));
        // The region demands it still: it was not lifted, it is answered by the other.
        assert!(fraud.iter().all(|risk| risk["formerlyMandatory"] == false));
        // Twice adds nothing, and nothing is offered any more.
        assert_eq!(world.controller.post(&takeover, from).expect(200)["riskIds"], json!([]));
        assert!(visitor.page(&page).all("form#take-over").is_empty());
        let own = json!({"fromPlanId": kept});
        world.controller.post(&takeover, own).refused(422, "notPredecessor");
    }

    fn risks_are_listed_by_what_they_are_and_by_their_plan(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        world.risk(&plan, &goal, "Fastställd", (3, 3));
        world.complete(&plan);
        world.decide(&plan);
        let goal = world.goal(2027, "Förtroende");
        world.issue(2027, "risk", "Risk för oegentligheter", &goal);
        let draft = world.plan(2027);
        world.risk(&draft, &goal, "Låg", (1, 2));
        let mut form = world.risk_form(&goal, "Hög", (5, 5));
        (form["ownerId"], form["category"]) = (json!(world.controller.id), json!("financial"));
        world.controller.post(&format!("/plans/{draft}/risks"), form).expect(201);

        let (owner, controller) = (&world.risk_owner.id, &world.controller.id);
        let found = |who: &Client, asked: &str| -> Vec<String> {
            let answer = who.get(&format!("/risks?sort=name&{asked}")).expect(200);
            assert_eq!(answer["total"], answer.items().len(), "{asked}");
            answer.column("name").into_iter().map(str::to_owned).collect()
        };
        let fraud = "Risk för oegentligheter";
        let expected: [(String, &[&str]); 12] = [
            ("status=adopted".to_owned(), &["Fastställd"]),
            ("status=draft".to_owned(), &["Hög", "Låg", fraud]),
            ("status=proposed".to_owned(), &[]),
            ("status=draft&year=2026".to_owned(), &[]),
            (format!("ownerId={owner}"), &["Fastställd", "Låg"]),
            (format!("ownerId={owner}&status=draft"), &["Låg"]),
            (format!("ownerId={controller}"), &["Hög"]),
            (format!("goalId={goal}"), &["Hög", "Låg", fraud]),
            ("category=financial".to_owned(), &["Hög"]),
            ("level=veryHigh".to_owned(), &["Hög"]),
            ("mandatory=true".to_owned(), &[fraud]),
            ("included=false".to_owned(), &["Låg"]),
        ];
        for (asked, names) in expected {
            assert_eq!(found(&world.controller, &asked), names, "{asked}");
        }
        // A filter shows nobody more than the list does.
        assert_eq!(found(&world.reader, &format!("ownerId={owner}")), ["Fastställd"]);
        assert_eq!(found(&world.reader, "status=draft"), [""; 0]);
        world.controller.get("/risks?status=new").expect(400);
        // One plan has one status.
        world.controller.get(&format!("/plans/{plan}/risks?status=adopted")).expect(400);
    }

    fn two_who_write_the_same_risk(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let path = format!("/risks/{}", world.risk(&plan, &goal, "Delad", (3, 3)).id());
        let (one, other) = (world.controller.current(&path), world.risk_owner.current(&path));
        one.patch(&path, json!({"description": "Den enas ord"})).expect(200);
        other.patch(&path, json!({"description": "Den andras ord"})).expect(412);
        assert_eq!(get(world, &path[7..])["description"], "Den enas ord");
        other.delete(&path).expect(403);
        world.controller.delete(&path).expect(428);
        one.delete(&path).expect(412);
        let after = world.risk_owner.patch_current(&path, json!({"localGoal": "Den andras mål"})).expect(200);
        assert_eq!((&after["description"], &after["localGoal"]), (&json!("Den enas ord"), &json!("Den andras mål")));
        // A control is another thing: it leaves the risk's tag, and moves the plan's.
        let tag = |path: &str| world.controller.get(path).expect(200).header("etag").to_owned();
        let (risk, whole) = (tag(&path), tag(&format!("/plans/{plan}")));
        world.control(&path[7..], "Stickprov");
        assert_eq!(tag(&path), risk);
        assert_ne!(tag(&format!("/plans/{plan}")), whole);
    }

    fn the_matrix_shows_what_is_and_what_was_decided(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let first = world.risk(&plan, &goal, "Ett", (3, 3)).id();
        world.risk(&plan, &goal, "Två", (5, 5));
        world.risk(&plan, &goal, "Låg", (1, 2));
        let bare = world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": "Obedömd"})).expect(201).id();
        let path = format!("/plans/{plan}/matrix");
        let in_cell = |matrix: &Value, l: i64, c: i64| -> Vec<i64> {
            let cells = matrix["cells"].as_array().expect("cells");
            let cell = cells.iter().find(|x| x["likelihood"] == l && x["consequence"] == c).expect("the cell");
            assert_eq!(cell["score"], l * c);
            cell["risks"].as_array().expect("risks").iter().filter_map(|r| r["number"].as_i64()).collect()
        };
        let now = world.controller.get(&path).expect(200);
        assert_eq!((&now["basis"], &now["total"]), (&json!("current"), &json!(2)));
        assert_eq!(in_cell(&now.json, 3, 3), [1]);
        assert_eq!(in_cell(&now.json, 5, 5), [2]);
        assert_eq!(in_cell(&now.json, 1, 2), [0; 0], "what is not in the plan is not in its matrix");
        assert_eq!(ids(now["unassessed"].as_array().expect("a list")), [bare.as_str()]);
        let counts: Vec<i64> = now["counts"].as_array().expect("counts").iter().filter_map(|c| c["count"].as_i64()).collect();
        assert_eq!(counts, [1, 0, 1, 0, 0], "from the highest level down");
        assert!(now.header("etag").starts_with("W/"));
        world.controller.get(&format!("{path}?basis=adopted")).expect(404);
        world.controller.get(&format!("{path}?basis=other")).expect(400);
        world.controller.delete_current(&format!("/risks/{bare}")).expect(204);
        world.complete(&plan);
        world.decide(&plan);
        assess(world, &first, (4, 4));
        let now = world.controller.get(&path).expect(200);
        assert_eq!((in_cell(&now.json, 4, 4), in_cell(&now.json, 3, 3)), (vec![1], vec![]));
        let then = world.controller.get(&format!("{path}?basis=adopted")).expect(200);
        assert_eq!((&then["basis"], &then["revision"]), (&json!("adopted"), &json!(1)));
        assert_eq!((in_cell(&then.json, 4, 4), in_cell(&then.json, 3, 3)), (vec![], vec![1]));
    }

    fn a_control_is_due_in_the_year_of_its_plan_and_as_it_recurs(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let path = format!("/risks/{}/controls", world.risk(&plan, &goal, "Brist på scener", (3, 4)).id());
        let form = |recurrence: &str, field: &str, value: &str| {
            json!({"name": "Stickprov", "recurrences": [recurrence], (field): value})
        };
        for (recurrence, field, value, code) in [
            ("oneOff", "dueDate", "2025-12-31", "outsideYear"),
            ("oneOff", "dueDate", "2027-01-01", "outsideYear"),
            ("annual", "dueDate", "2026-05-02", "onlyOneOff"),
            ("oneOff", "duePeriod", "t1", "onlyAnnual"),
        ] {
            let refused = world.controller.post(&path, form(recurrence, field, value)).expect(422);
            assert_eq!(refused.faults(), [(format!("/{field}").as_str(), code)], "{recurrence} {value}");
        }
        for (recurrence, field, value) in [
            ("oneOff", "dueDate", "2026-01-01"), ("oneOff", "dueDate", "2026-12-31"), ("annual", "duePeriod", "interim"),
        ] {
            let made = world.controller.post(&path, form(recurrence, field, value)).expect(201);
            assert_eq!(made[field], value);
            // Neither does a change lead out of the year.
            let control = format!("/controls/{}", made.id());
            if field == "dueDate" {
                let refused = world.controller.patch_current(&control, json!({"dueDate": "2027-01-01"})).expect(422);
                assert_eq!(refused.faults(), [("/dueDate", "outsideYear")]);
            }
        }
    }
}
