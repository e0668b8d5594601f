//! `/mandatory-risks`: what the region issues reaches every plan of the year, and nobody can lose it.

use serde_json::{Value, json};

use crate::kit::plans::{at_once, decision, ids};
use crate::kit::{Client, World, both};

const FRAUD: &str = "Risk för oegentligheter";
const GRANTS: &str = "Felaktiga bidragsutbetalningar";

/// A plan with a mandatory risk and one risk under a mandatory area, complete.
struct Scene<'w> {
    world: &'w World,
    year: i32,
    goal: String,
    other_goal: String,
    fraud: String,
    grants: String,
    other_area: String,
    plan: String,
    /// The mandatory risk.
    risk: String,
    /// The only risk under the area.
    last: String,
}

impl<'w> Scene<'w> {
    fn of(world: &'w World, year: i32) -> Self {
        let goal = world.goal(year, "En ekonomi i balans");
        let other_goal = world.goal(year, "Nöjda besökare");
        let fraud = world.issue(year, "risk", FRAUD, &goal);
        let grants = world.issue(year, "area", GRANTS, &goal);
        let other_area = world.issue(year, "area", "Upphandling", &goal);
        let plan = world.plan(year);
        let mut form = world.risk_form(&goal, "Bidrag betalas ut två gånger", (1, 1));
        form["areaId"] = json!(grants);
        let last = world.controller.post(&format!("/plans/{plan}/risks"), form.clone()).expect(201).id();
        form["areaId"] = json!(other_area);
        form["name"] = json!("Otillåten direktupphandling");
        world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201);
        let risk = ids(&[world.named(&plan, FRAUD)]).remove(0);
        let scene = Self { world, year, goal, other_goal, fraud, grants, other_area, plan, risk, last };
        world.complete(&scene.plan);
        scene
    }

    /// The ways to lose a mandatory risk: by what is done to it, to the risk that alone answers for an area, and to
    /// what they stand in. None is open to anyone, whatever the state of the plan.
    fn ways(&self) -> Vec<(&'static str, String, Option<Value>)> {
        let risk = format!("/risks/{}", self.risk);
        let last = format!("/risks/{}", self.last);
        let reason = || Some(json!({"reason": "Vi har inga oegentligheter."}));
        let mut ways = Vec::new();
        for one in [&risk, &last] {
            ways.push(("DELETE", one.clone(), None));
            ways.push(("POST", format!("{one}/retirement"), reason()));
            ways.push(("PUT", format!("{one}/setting-aside"), reason()));
            // What is computed, or the region's, is not there to be written; nor to be taken away.
            for field in ["mandatory", "included", "inclusionReason", "mandatoryId", "retiredOn", "planId", "number"] {
                for value in [json!(false), Value::Null, json!(self.other_goal)] {
                    ways.push(("PATCH", one.clone(), Some(json!({ field: value }))));
                }
            }
            ways.push(("PATCH", one.clone(), Some(json!({"name": null}))));
            ways.push(("PATCH", one.clone(), Some(json!({"goalId": self.other_goal}))));
            ways.push(("PATCH", one.clone(), Some(json!({"goalId": null}))));
            ways.push(("PATCH", one.clone(), Some(json!({"areaId": self.other_area}))));
            ways.push(("PATCH", one.clone(), Some(json!({"areaId": self.fraud}))));
            ways.push(("PATCH", one.clone(), Some(json!({"areaId": self.other_area, "goalId": self.other_goal}))));
            ways.push(("PATCH", one.clone(), Some(json!({"organisationId": self.world.other_board}))));
            ways.push(("PUT", one.clone(), Some(json!({"name": "Ingenting"}))));
            ways.push(("POST", one.clone(), reason()));
        }
        ways.push(("PATCH", risk.clone(), Some(json!({"name": "Risk för någonting annat"}))));
        ways.push(("PATCH", risk.clone(), Some(json!({"organisationId": self.world.division}))));
        ways.push(("PATCH", last.clone(), Some(json!({"areaId": null}))));
        ways.push(("PATCH", last, Some(json!({"areaId": null, "goalId": self.other_goal}))));
        ways.push(("DELETE", format!("/plans/{}", self.plan), None));
        for field in ["organisationId", "year", "status", "adoptedRevision"] {
            ways.push(("PATCH", format!("/plans/{}", self.plan), Some(json!({ field: null }))));
        }
        ways.push(("PATCH", format!("/plans/{}", self.plan), Some(json!({"goalOrder": [self.grants]}))));
        ways.push(("DELETE", format!("/goals/{}", self.goal), None));
        ways.push(("PATCH", format!("/goals/{}", self.goal), Some(json!({"year": self.year + 1}))));
        for required in [&self.fraud, &self.grants] {
            let path = format!("/mandatory-risks/{required}");
            ways.push(("DELETE", path.clone(), None));
            for field in ["year", "kind", "goalId", "withdrawnAt", "continuesId"] {
                ways.push(("PATCH", path.clone(), Some(json!({ field: null }))));
            }
        }
        ways.push(("DELETE", format!("/organisations/{}", self.world.board), None));
        ways.push((
            "PATCH",
            format!("/organisations/{}", self.world.board),
            Some(json!({"kind": "division", "plans": false})),
        ));
        ways
    }

    /// Everyone tries every way; nobody gets through, and nothing is lost.
    fn try_every_way(&self) {
        let ways = self.ways();
        let held = self.held();
        for (role, person) in self.world.everyone() {
            for (method, path, body) in &ways {
                let condition = if *method == "PUT" { "if-none-match" } else { "if-match" };
                let answer = person.with(condition, "*").send(method, path, body.clone());
                assert!((400..500).contains(&answer.status), "{role}: {method} {path} {body:?} gave {}", answer.json);
            }
            assert_eq!(self.held(), held, "after the attempts of {role}");
        }
    }

    /// Both risks, which must be in the plan as mandatory ones.
    #[track_caller]
    fn held(&self) -> [Value; 2] {
        [&self.risk, &self.last].map(|id| {
            let risk = self.world.controller.get(&format!("/risks/{id}")).expect(200).json;
            let told = [&risk["mandatory"], &risk["included"], &risk["inclusionReason"], &risk["planId"]];
            assert_eq!(told, [&json!(true), &json!(true), &json!("mandatory"), &json!(self.plan)], "{risk}");
            assert_eq!(risk["goalId"], json!(self.goal));
            risk
        })
    }
}

/// The mandatory risks that are in a plan.
fn mandatory_in(world: &World, plan: &str) -> Vec<String> {
    let path = format!("/plans/{plan}/risks?mandatory=true&included=true&limit=200&sort=name");
    world.controller.get(&path).expect(200).column("name").into_iter().map(str::to_owned).collect()
}

fn missing(world: &World, plan: &str) -> Vec<(String, String)> {
    let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
    let all = checks["missing"].as_array().expect("a list").clone();
    all.iter()
        .map(|m| (m["code"].as_str().unwrap_or_default().into(), m["id"].as_str().unwrap_or_default().into()))
        .collect()
}

fn needs_revision(client: &Client, plan: &str) -> bool {
    client.get(&format!("/plans/{plan}")).expect(200)["needsRevision"] == true
}

both! {
    fn nobody_loses_one_in_any_state_of_the_plan(world: &World) {
        let scene = Scene::of(world, 2026);
        scene.try_every_way();
        world.propose(&scene.plan).expect(200);
        scene.try_every_way();
        world.adopt(&scene.plan).expect(200);
        scene.try_every_way();
        world.revise(&scene.plan).expect(200);
        scene.try_every_way();
    }

    fn it_outlasts_what_may_change_round_it(world: &World) {
        let scene = Scene::of(world, 2026);
        let risk = format!("/risks/{}", scene.risk);
        // The body's own part of it, back and forth.
        let own = json!({
            "ownerId": null, "description": "Nämndens ord", "category": null, "response": "accept", "reference": "A-1",
            "localGoal": "Ordning", "position": 7, "irregularity": true, "organisationId": null,
        });
        world.controller.patch_current(&risk, own).expect(200);
        scene.held();
        let own = json!({"ownerId": world.head.id, "category": "financial", "response": "limit"});
        world.controller.patch_current(&risk, own).expect(200);
        // The lowest score, and an adoption over it.
        world.controller.post(&format!("{risk}/assessments"), json!({"likelihood": 1, "consequence": 1})).expect(201);
        scene.held();
        // Taken in by decision besides, and the decision taken back.
        let decided = world.controller.with("if-none-match", "*");
        decided.put(&format!("{risk}/inclusion"), json!({"reason": "För säkerhets skull."})).expect(201);
        world.controller.with("if-match", "*").delete(&format!("{risk}/inclusion")).expect(204);
        scene.held();
        // The plan's order of goals, and another scale.
        let plan = format!("/plans/{}", scene.plan);
        world.controller.patch_current(&plan, json!({"goalOrder": [scene.other_goal]})).expect(200);
        world.controller.patch_current(&plan, json!({"goalOrder": null})).expect(200);
        scene.held();
        let policy = world.admin.get("/scoring-policies").expect(200).items()[0].clone();
        let versions = format!("/scoring-policies/{}/versions", policy["id"].as_str().expect("an id"));
        let mut definition = world.admin.get(&versions).expect(200).items()[0]["definition"].clone();
        definition["threshold"] = json!(24);
        let version = world.admin.post(&versions, json!({"definition": definition})).expect(201).id();
        world.controller.patch_current(&plan, json!({"policyVersionId": version})).expect(200);
        scene.held();
        // The goal gets another name, the region words the risk anew, people come and go.
        world.admin.patch_current(&format!("/goals/{}", scene.goal), json!({"name": "God ekonomi"})).expect(200);
        let worded = "Risk för oegentligheter och jäv";
        world.admin.patch_current(&format!("/mandatory-risks/{}", scene.fraud), json!({"name": worded})).expect(200);
        assert_eq!(scene.held()[0]["name"], worded);
        let to = json!({"toUserId": world.risk_owner.id});
        world.admin.post(&format!("/users/{}/handover", world.head.id), to).expect(200);
        world.admin.patch_current(&format!("/users/{}", world.risk_owner.id), json!({"active": false})).expect(200);
        scene.held();
        let codes: Vec<String> = missing(world, &scene.plan).into_iter().map(|(code, _)| code).collect();
        assert!(codes.contains(&"ownerInactive".into()), "{codes:?}");
        world.admin.patch_current(&format!("/users/{}", world.risk_owner.id), json!({"active": true})).expect(200);
        world.decide(&scene.plan);
        scene.held();
        // The body: without the duty, moved, and ended.
        let board = format!("/organisations/{}", world.board);
        world.admin.patch_current(&board, json!({"plans": false})).expect(200);
        scene.held();
        world.admin.patch_current(&board, json!({"validTo": "2026-01-01"})).expect(200);
        scene.held();
    }

    fn an_area_keeps_its_last_risk_and_lets_the_others_go(world: &World) {
        let scene = Scene::of(world, 2026);
        let mut form = world.risk_form(&scene.goal, "Bidrag till fel mottagare", (2, 2));
        form["areaId"] = json!(scene.grants);
        let second = world.controller.post(&format!("/plans/{}/risks", scene.plan), form).expect(201).id();
        let second = format!("/risks/{second}");
        // Another goal is not the area's.
        world.controller.patch_current(&second, json!({"goalId": scene.other_goal})).refused(422, "areasGoal");
        world.controller.patch_current(&second, json!({"goalId": null})).refused(422, "areasGoal");
        // Two can spare one: it is detached, attached again under the area's goal, and deleted.
        let free = world.controller.patch_current(&second, json!({"areaId": null, "goalId": scene.other_goal})).expect(200);
        assert_eq!((&free["mandatory"], &free["included"]), (&json!(false), &json!(false)));
        world.controller.with("if-match", "*").delete(&format!("/risks/{}", scene.last)).refused(409, "lastInArea");
        let back = world.controller.patch_current(&second, json!({"areaId": scene.grants})).expect(200);
        assert_eq!((&back["goalId"], &back["included"]), (&json!(scene.goal), &json!(true)));
        world.controller.delete_current(&second).expect(204);
        scene.held();
        // Both go at once: one stays.
        let mut form = world.risk_form(&scene.goal, "Bidrag utan underlag", (2, 2));
        form["areaId"] = json!(scene.grants);
        let third = world.controller.post(&format!("/plans/{}/risks", scene.plan), form).expect(201).id();
        let delete = |id: &str| world.controller.with("if-match", "*").delete(&format!("/risks/{id}")).status;
        let (one, other) = at_once(|| delete(&scene.last), || delete(&third));
        assert_eq!(one.min(other), 204);
        assert_eq!(one.max(other), 409);
    }

    fn a_retired_risk_of_an_area_answers_no_more(world: &World) {
        let scene = Scene::of(world, 2026);
        let mut form = world.risk_form(&scene.goal, "Bidrag till fel mottagare", (2, 2));
        form["areaId"] = json!(scene.grants);
        let second = world.controller.post(&format!("/plans/{}/risks", scene.plan), form).expect(201).id();
        world.complete(&scene.plan);
        world.decide(&scene.plan);
        world.revise(&scene.plan).expect(200);
        let reason = json!({"reason": "Bidraget är avskaffat."});
        let retired = world.controller.post(&format!("/risks/{second}/retirement"), reason.clone()).expect(200);
        assert_eq!((&retired["mandatory"], &retired["included"]), (&json!(false), &json!(false)));
        assert!(!mandatory_in(world, &scene.plan).contains(&"Bidrag till fel mottagare".into()));
        let path = format!("/risks/{}/retirement", scene.last);
        world.controller.post(&path, reason).refused(409, "lastInArea");
        // What has gone out is not assessed any more, by either way.
        let score = json!({"likelihood": 5, "consequence": 5});
        world.controller.patch_current(&format!("/risks/{second}"), score.clone()).refused(409, "riskRetired");
        world.controller.post(&format!("/risks/{second}/assessments"), score).refused(409, "riskRetired");
    }

    fn issued_late_it_reaches_every_plan(world: &World) {
        let year = 2026;
        let scene = Scene::of(world, year);
        let plan = format!("/plans/{}", scene.plan);
        // A draft: it comes in.
        world.issue(year, "risk", "Risk A", &scene.goal);
        let a = world.named(&scene.plan, "Risk A");
        assert_eq!((&a["mandatory"], &a["included"], &a["score"]), (&json!(true), &json!(true), &Value::Null));
        let lacks: Vec<_> = missing(world, &scene.plan).into_iter().map(|(code, _)| code).collect();
        assert_eq!(lacks, ["assessmentMissing", "ownerMissing", "categoryMissing", "responseMissing", "controlMissing"]);
        world.propose(&scene.plan).expect(409);
        // Twice adds nothing.
        let again = world.admin.post("/mandatory-risks", world.issued(year, "risk", "Risk A", &scene.goal)).expect(201);
        assert_eq!(json!(again.id()), a["mandatoryId"]);
        world.named(&scene.plan, "Risk A");
        // A proposed one: back with the reason, and the risk in it.
        world.complete(&scene.plan);
        let proposed = world.propose(&scene.plan).expect(200);
        world.issue(year, "risk", "Risk B", &scene.goal);
        let returned = world.controller.get(&plan).expect(200);
        assert_eq!(returned["status"], "draft");
        assert!(returned.text("returnReason").contains("Risk B"), "{}", returned.json);
        assert!(mandatory_in(world, &scene.plan).contains(&"Risk B".into()));
        let stale = world.controller.with("if-match", proposed.header("etag"));
        stale.post(&format!("{plan}/adoption"), decision()).expect(412);
        // An adopted one: flagged, otherwise as it was decided; the next revision holds it.
        world.complete(&scene.plan);
        world.decide(&scene.plan);
        assert!(!needs_revision(&world.controller, &scene.plan));
        world.issue(year, "risk", "Risk C", &scene.goal);
        let area = world.issue(year, "area", "Område D", &scene.goal);
        assert!(needs_revision(&world.reader, &scene.plan));
        assert!(!mandatory_in(world, &scene.plan).contains(&"Risk C".into()));
        world.revise(&scene.plan).expect(200);
        assert!(mandatory_in(world, &scene.plan).contains(&"Risk C".into()), "the revision holds what came since");
        assert!(missing(world, &scene.plan).contains(&("mandatoryAreaEmpty".into(), area.clone())));
        world.propose(&scene.plan).expect(409);
        let mut form = world.risk_form(&scene.goal, "En risk under område D", (1, 1));
        form["areaId"] = json!(area);
        world.controller.post(&format!("{plan}/risks"), form).expect(201);
        world.complete(&scene.plan);
        world.decide(&scene.plan);
        assert!(!needs_revision(&world.controller, &scene.plan));
        // What was decided first keeps its number; what came is last.
        let named = |name: &str| world.named(&scene.plan, name)["number"].as_i64();
        assert_eq!((named("Risk A"), named("Risk B")), (Some(4), Some(5)));
        assert!(named("Risk C") > named("Risk B"));
        scene.held();
    }

    fn what_the_region_changes_while_a_plan_is_adopted_is_in_its_revision(world: &World) {
        let scene = Scene::of(world, 2026);
        world.decide(&scene.plan);
        let number = world.named(&scene.plan, FRAUD)["number"].clone();
        let path = format!("/mandatory-risks/{}", scene.fraud);
        world.admin.patch_current(&path, json!({"name": "Risk för jäv"})).expect(200);
        assert_eq!(world.named(&scene.plan, FRAUD)["number"], number, "the adopted plan says what was decided");
        assert!(needs_revision(&world.controller, &scene.plan));
        world.revise(&scene.plan).expect(200);
        assert_eq!(world.named(&scene.plan, "Risk för jäv")["number"], number);
        world.decide(&scene.plan);
        // Withdrawn: it stays until the revision, and is then a risk like others.
        let reason = json!({"reason": "Täcks av en annan."});
        world.admin.post(&format!("{path}/withdrawal"), reason.clone()).expect(200);
        world.admin.post(&format!("{path}/withdrawal"), reason).refused(409, "withdrawn");
        scene.held();
        world.revise(&scene.plan).expect(200);
        let freed = world.named(&scene.plan, "Risk för jäv");
        assert_eq!((&freed["mandatory"], &freed["included"], &freed["number"]), (&json!(false), &json!(false), &Value::Null));
        // Issued again, it comes again; the body's old one is the body's to keep or let go.
        world.issue(2026, "risk", FRAUD, &scene.goal);
        assert!(mandatory_in(world, &scene.plan).contains(&FRAUD.into()));
    }

    fn an_area_worded_anew_returns_what_the_board_has_before_it(world: &World) {
        let scene = Scene::of(world, 2026);
        world.propose(&scene.plan).expect(200);
        let path = format!("/mandatory-risks/{}", scene.grants);
        world.admin.patch_current(&path, json!({"name": "Felaktiga bidrag"})).expect(200);
        let plan = world.controller.get(&format!("/plans/{}", scene.plan)).expect(200);
        assert_eq!(plan["status"], "draft", "the document that the board saw named the area otherwise");
        assert_eq!(scene.held()[1]["name"], "Bidrag betalas ut två gånger", "the body's own words stand");
    }

    fn carried_over_it_goes_on_or_says_that_it_was(world: &World) {
        let scene = Scene::of(world, 2026);
        world.decide(&scene.plan);
        let goal = world.goal(2027, "En ekonomi i balans");
        let continues = |kind: &str, name: &str, before: &str| {
            let mut form = world.issued(2027, kind, name, &goal);
            form["continuesId"] = json!(before);
            world.admin.post("/mandatory-risks", form).expect(201).id()
        };
        let fraud = continues("risk", "Risk för oegentligheter och jäv", &scene.fraud);
        world.issue(2027, "risk", "Alldeles ny", &goal);
        let plan = world.carried(2027, &scene.plan);
        let risks = world.risks(&plan);
        let of = |before: &str| risks.iter().find(|r| r["previousId"] == before).cloned().expect("it came along");
        let went_on = of(&scene.risk);
        assert_eq!(went_on["mandatoryId"], json!(fraud));
        assert_eq!((&went_on["name"], &went_on["goalId"]), (&json!("Risk för oegentligheter och jäv"), &json!(goal)));
        assert_eq!((&went_on["mandatory"], &went_on["formerlyMandatory"]), (&json!(true), &json!(false)));
        // The area has no successor yet: its risk is an ordinary one, scored too low, and says so.
        let alone = of(&scene.last);
        assert_eq!((&alone["mandatory"], &alone["formerlyMandatory"]), (&json!(false), &json!(true)));
        assert_eq!((&alone["included"], &alone["score"]), (&json!(false), &json!(1)));
        assert_eq!(mandatory_in(world, &plan), ["Alldeles ny", "Risk för oegentligheter och jäv"]);
        // Issued after the plan was made, the successor finds the risk that came along.
        let grants = continues("area", "Bidrag", &scene.grants);
        let alone = world.controller.get(&format!("/risks/{}", alone["id"].as_str().expect("an id"))).expect(200);
        assert_eq!((&alone["areaId"], &alone["goalId"]), (&json!(grants), &json!(goal)));
        assert_eq!((&alone["mandatory"], &alone["formerlyMandatory"]), (&json!(true), &json!(false)));
        world.controller.with("if-match", "*").delete(&format!("/risks/{}", alone.id())).refused(409, "lastInArea");
        // From a plan with nothing in it, everything mandatory still comes.
        let empty = world.plan(2020);
        let goal = world.goal(2028, "En ekonomi i balans");
        world.issue(2028, "risk", FRAUD, &goal);
        assert_eq!(mandatory_in(world, &world.carried(2028, &empty)), [FRAUD]);
    }

    fn withdrawn_from_a_draft_it_stays_without_the_flag(world: &World) {
        let scene = Scene::of(world, 2026);
        let path = format!("/mandatory-risks/{}/withdrawal", scene.fraud);
        for (role, person) in world.everyone().into_iter().skip(1) {
            assert_eq!(person.post(&path, json!({"reason": "Nej tack."})).status, 403, "{role}");
        }
        scene.held();
        world.admin.post(&path, json!({})).expect(422);
        world.admin.post(&path, json!({"reason": "Täcks av en annan."})).expect(200);
        let freed = world.named(&scene.plan, FRAUD);
        assert_eq!((&freed["mandatory"], &freed["mandatoryId"], &freed["included"]), (&json!(false), &Value::Null, &json!(false)));
        world.controller.delete_current(&format!("/risks/{}", scene.risk)).expect(204);
        let again = world.issue(2026, "risk", FRAUD, &scene.goal);
        assert_eq!(world.named(&scene.plan, FRAUD)["mandatoryId"], json!(again));
    }

    fn coverage_tells_who_answers_and_how(world: &World) {
        let scene = Scene::of(world, 2026);
        world.issue(2026, "risk", "Utan svar", &scene.goal);
        let list = world.auditor.get("/mandatory-risks?year=2026").expect(200);
        let id = |name: &str| list.items().iter().find(|m| m["name"] == name).expect("issued")["id"].as_str().unwrap_or_default().to_owned();
        let answers = |name: &str| {
            let list = world.auditor.get(&format!("/mandatory-risks/{}/coverage", id(name))).expect(200);
            let board = list.items().iter().find(|c| c["organisationId"] == world.board.as_str()).cloned().expect("the board");
            [board["present"] == true, board["assessed"] == true, board["controlled"] == true]
        };
        assert_eq!(answers(FRAUD), [true, true, true]);
        assert_eq!(answers("Utan svar"), [true, false, false]);
        let list = world.stranger.get(&format!("/mandatory-risks/{}/coverage", scene.fraud)).expect(200);
        let other = list.items().iter().find(|c| c["organisationId"] == world.other_board.as_str()).expect("the other board");
        assert_eq!(other["present"], false);
        assert!(list.items().iter().all(|c| c["riskIds"] == json!([])), "a stranger sees no risks");
    }

    /// Whichever comes first, the plan is a draft that holds the new risk.
    fn issued_as_the_plan_is_proposed(world: &World) {
        let scene = Scene::of(world, 2026);
        let plan = format!("/plans/{}", scene.plan);
        for round in 0..12 {
            let name = format!("Risk {round:02}");
            let form = world.issued(2026, "risk", &name, &scene.goal);
            let head = world.head.current(&plan);
            let propose = || head.post(&format!("{plan}/proposal"), json!({})).status;
            let issue = || world.admin.post("/mandatory-risks", form.clone()).status;
            let (issued, proposed) = match round % 2 {
                0 => at_once(issue, propose),
                _ => { let (p, i) = at_once(propose, issue); (i, p) }
            };
            assert_eq!(issued, 201);
            assert!(matches!(proposed, 200 | 409 | 412), "{proposed}");
            assert_eq!(world.controller.get(&plan).expect(200)["status"], "draft");
            assert_eq!(world.named(&scene.plan, &name)["mandatory"], true);
            world.complete(&scene.plan);
        }
        scene.held();
    }

    /// Whichever comes first, what is adopted says that it lacks the new risk, and its revision holds it.
    fn issued_as_the_plan_is_adopted_or_revised(world: &World) {
        let scene = Scene::of(world, 2026);
        let plan = format!("/plans/{}", scene.plan);
        for round in 0..6 {
            world.propose(&scene.plan).expect(200);
            let name = format!("Risk {round:02}");
            let form = world.issued(2026, "risk", &name, &scene.goal);
            let controller = world.controller.current(&plan);
            let adopt = || controller.post(&format!("{plan}/adoption"), decision()).status;
            let issue = || world.admin.post("/mandatory-risks", form.clone()).status;
            let (issued, adopted) = at_once(issue, adopt);
            assert_eq!(issued, 201);
            if adopted == 200 {
                assert!(needs_revision(&world.controller, &scene.plan));
                let form = world.issued(2026, "risk", &format!("Till {round:02}"), &scene.goal);
                let (issued, revised) =
                    at_once(|| world.admin.post("/mandatory-risks", form).status, || world.revise(&scene.plan).status);
                assert_eq!((issued, revised), (201, 200));
                assert_eq!(world.named(&scene.plan, &format!("Till {round:02}"))["mandatory"], true);
            } else {
                assert!(matches!(adopted, 409 | 412), "{adopted}");
            }
            assert_eq!(world.named(&scene.plan, &name)["mandatory"], true);
            world.complete(&scene.plan);
        }
        scene.held();
    }

    fn issued_as_the_plan_is_made(world: &World) {
        for year in 2030..2050 {
            let goal = world.goal(year, "En ekonomi i balans");
            let issued = world.issued(year, "risk", FRAUD, &goal);
            let new = json!({"organisationId": world.board, "year": year});
            let issue = || world.admin.post("/mandatory-risks", issued.clone()).expect(201);
            let make = || world.controller.post("/plans", new.clone()).expect(201).id();
            let plan = match year % 2 {
                0 => at_once(issue, make).1,
                _ => at_once(make, issue).0,
            };
            assert_eq!(mandatory_in(world, &plan), [FRAUD]);
        }
    }

    /// A goal cannot be deleted from under what is just being issued.
    fn issued_as_its_goal_is_deleted(world: &World) {
        let plan = world.plan(2026);
        for round in 0..10 {
            let goal = world.goal(2026, &format!("Mål {round}"));
            let name = format!("Risk {round}");
            let form = world.issued(2026, "risk", &name, &goal);
            let delete = || world.admin.with("if-match", "*").delete(&format!("/goals/{goal}")).status;
            let (issued, deleted) = at_once(|| world.admin.post("/mandatory-risks", form).status, delete);
            assert!(matches!((issued, deleted), (201, 409) | (422, 204)), "{issued} {deleted}");
            if issued == 201 {
                assert_eq!(world.named(&plan, &name)["goalId"], json!(goal));
            }
        }
    }
}
