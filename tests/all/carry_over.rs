//! What goes along into next year's plan: its texts, each to be confirmed, the plan's own order of goals, and what stands
//! under goals that are issued later.

use serde_json::{Value, json};

use crate::kit::plans::SECTIONS;
use crate::kit::visitor::written;
use crate::kit::{World, both};

/// What a plan lacks, by the code and the field.
fn lacks(world: &World, plan: &str, code: &str) -> Vec<String> {
    let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
    let all = checks["missing"].as_array().expect("a list").iter().filter(|one| one["code"] == code);
    all.map(|one| one["field"].as_str().unwrap_or_default().to_owned()).collect()
}

/// A goal of the region that continues one of the year before.
fn continued(world: &World, year: i32, name: &str, before: &str) -> String {
    let form = json!({"organisationId": world.root, "year": year, "name": name, "continuesId": before});
    world.admin.post("/goals", form).expect(201).id()
}

fn order(world: &World, plan: &str) -> Value {
    world.controller.get(&format!("/plans/{plan}")).expect(200)["goalOrder"].clone()
}

both! {
    fn assessments_that_stand_as_they_were_are_confirmed_at_once(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let first = world.plan(2025);
        for name in ["Risk för brand", "Risk för vatten", "Risk för stöld"] {
            world.risk(&first, &goal, name, (3, 4));
        }
        world.complete(&first);
        world.decide(&first);
        let plan = world.carried(2026, &first);
        let path = format!("/plans/{plan}");
        let waiting = || -> Vec<String> {
            let all = world.risks(&plan).into_iter().filter(|risk| risk["confirmed"] == false);
            all.map(|risk| risk["id"].as_str().expect("an id").to_owned()).collect()
        };
        let all = waiting();
        assert_eq!(all.len(), 3);
        let at = format!("{path}/carried-assessments");
        // All or none, and each fault at its place.
        let faulty = json!({"riskIds": [all[0], first]});
        assert_eq!(world.controller.post(&at, faulty).expect(422).faults(), [("/riskIds/1", "nothingToConfirm")]);
        assert_eq!(waiting(), all);
        world.risk_owner.post(&at, json!({})).expect(403);
        assert_eq!(world.controller.post(&at, json!({"riskIds": [all[0]]})).expect(200)["riskIds"], json!([all[0]]));
        let newest = world.controller.get(&format!("/risks/{}/assessments", all[0])).expect(200).items()[0].clone();
        assert_eq!((&newest["confirmed"], &newest["likelihood"], &newest["assessedById"]), (&json!(true), &json!(3), &json!(world.controller.id)));
        // On the page some or all: what is marked is confirmed.
        let controller = world.visitor(&world.controller.id);
        let mut form = controller.page(&path).form("form#assessments");
        form.retain(|(name, value)| name != "riskIds" || *value != all[1]);
        controller.send(&path, &form).expect(303);
        assert_eq!(waiting(), [all[1].clone()]);
        assert_eq!(world.controller.post(&at, json!({})).expect(200)["riskIds"], json!([all[1]]));
        assert!(controller.page(&path).all("form#assessments").is_empty());
        assert!(lacks(world, &plan, "assessmentUnconfirmed").is_empty());
    }

    fn texts_go_along_and_each_is_confirmed_or_rewritten(world: &World) {
        let first = world.plan(2025);
        world.complete(&first);
        world.decide(&first);
        let plan = world.carried(2026, &first);
        let path = format!("/plans/{plan}");
        let section = |key: &str| world.controller.get(&format!("{path}/sections/{key}")).expect(200);
        for key in SECTIONS {
            let carried = section(key);
            assert_eq!((&carried["text"], &carried["carriedFromYear"]), (&json!("Så arbetar nämnden."), &json!(2025)));
            assert_eq!(world.controller.get(&format!("/plans/{first}/sections/{key}")).expect(200)["carriedFromYear"], Value::Null);
        }
        assert!(lacks(world, &plan, "sectionMissing").is_empty());
        assert_eq!(lacks(world, &plan, "sectionUnconfirmed"), SECTIONS);
        let refused = world.propose(&plan).expect(409);
        assert!(refused.json.to_string().contains("sectionUnconfirmed"));

        // One press for one.
        let confirm = |form: Value| world.controller.post(&format!("{path}/carried-sections"), form);
        assert_eq!(confirm(json!({"sections": ["monitoring"]})).expect(200)["sections"], json!(["monitoring"]));
        assert_eq!((&section("monitoring")["text"], &section("monitoring")["carriedFromYear"]), (&json!("Så arbetar nämnden."), &Value::Null));
        confirm(json!({"sections": ["monitoring"]})).refused(422, "nothingToConfirm");
        confirm(json!({"sections": ["background"]})).refused(422, "nothingToConfirm");
        // Who writes it stands by it, whether or not a word is another.
        for (key, text) in [("compliance", "Inga avsteg i år."), ("deficiencies", "Så arbetar nämnden.")] {
            let written = world.controller.put_current(&format!("{path}/sections/{key}"), json!({"text": text})).expect(200);
            assert_eq!((&written["text"], &written["carriedFromYear"]), (&json!(text), &Value::Null));
        }
        let left = ["controlEnvironment", "riskAssessment", "controlActivities", "informationCommunication", "assurance"];
        assert_eq!(lacks(world, &plan, "sectionUnconfirmed"), left);
        // The page leads to each, and one press there is one press.
        let controller = world.visitor(&world.controller.id);
        let page = controller.page(&path);
        assert!(page.text("main").contains("från planen för 2025"), "{}", page.text("main"));
        controller.send(&path, &page.form("form#texts-assurance")).expect(303);
        assert_eq!(lacks(world, &plan, "sectionUnconfirmed"), left[..4]);
        assert!(controller.page(&format!("{path}/sections/riskAssessment")).text("main").contains("planen för 2025"));
        let rewritten = controller.page(&format!("{path}/sections/riskAssessment")).form("form#section");
        let at = format!("{path}/sections/riskAssessment");
        controller.send(&at, &written(&rewritten, "text", "Riskerna bedöms i år.")).expect(303);
        // And one for all that are unchanged.
        let page = controller.page(&path);
        controller.send(&path, &page.form("form#texts")).expect(303);
        assert!(lacks(world, &plan, "sectionUnconfirmed").is_empty());
        assert!(controller.page(&path).all("form#texts").is_empty());
        assert_eq!(section("riskAssessment")["text"], "Riskerna bedöms i år.");
        assert_eq!(confirm(json!({})).expect(200)["sections"], json!([]));
        world.complete(&plan);
        world.propose(&plan).expect(200);
        confirm(json!({})).refused(409, "planIsProposed");
    }

    fn the_order_of_goals_goes_along_and_follows_goals_that_come_later(world: &World) {
        let names = ["Ekonomi", "Kultur", "Publik"];
        let old = names.map(|name| world.goal(2025, name));
        let measured = |goal: &str| {
            let form = json!({"goalId": goal, "name": "Antal besök", "comparator": "atLeast", "decidedBy": "board", "boardTarget": "900"});
            world.admin.post("/indicators", form).expect(201).id()
        };
        let indicator = measured(&old[2]);
        let first = world.plan(2025);
        for (goal, name) in old.iter().zip(names) {
            world.risk(&first, goal, &format!("Risk för {name}"), (3, 4));
        }
        let publik = world.named(&first, "Risk för Publik")["id"].as_str().expect("an id").to_owned();
        let control = world.control(&publik, "Räkna besök");
        world.controller.patch_current(&format!("/controls/{control}"), json!({"indicatorIds": [indicator]})).expect(200);
        let own = json!({"goalOrder": [old[2], old[0], old[1]]});
        world.controller.patch_current(&format!("/plans/{first}"), own).expect(200);
        world.complete(&first);
        world.decide(&first);

        // Two go on, one is new; the third is not issued yet.
        let [economy, culture] = [0, 1].map(|i| continued(world, 2026, names[i], &old[i]));
        let new = world.goal(2026, "Något nytt");
        let plan = world.carried(2026, &first);
        assert_eq!(order(world, &plan), json!([old[2], economy, culture, new]));
        assert_eq!(lacks(world, &plan, "goalNotOfYear").len(), 1);
        let numbers = || -> Vec<String> {
            world.risks(&plan).iter().map(|risk| risk["name"].as_str().unwrap_or_default().to_owned()).collect()
        };
        let in_order = ["Risk för Publik", "Risk för Ekonomi", "Risk för Kultur"];
        assert_eq!(numbers(), in_order);
        let other = world.controller.get(&format!("/plans/{first}")).expect(200).json;

        // Issued, it takes over what stands under the one that it continues.
        let third = continued(world, 2026, names[2], &old[2]);
        assert_eq!(order(world, &plan), json!([third, economy, culture, new]));
        assert!(lacks(world, &plan, "goalNotOfYear").is_empty());
        assert_eq!(world.named(&plan, "Risk för Publik")["goalId"], third.as_str());
        assert_eq!(numbers(), in_order);
        assert_eq!(world.controller.get(&format!("/plans/{first}")).expect(200).json, other, "last year's stays as it was");
        let risk = world.named(&plan, "Risk för Publik")["id"].as_str().expect("an id").to_owned();
        let followed = || world.controller.get(&format!("/risks/{risk}/controls")).expect(200).items()[0]["indicatorIds"].clone();
        assert_eq!(followed(), json!([]));
        let again = measured(&third);
        assert_eq!(followed(), json!([again]));
        // A goal that is only later said to continue another does the same; what the board has before it stays.
        let late = world.goal(2027, "Publik");
        let next = world.carried(2027, &plan);
        assert_eq!(world.named(&next, "Risk för Publik")["goalId"], third.as_str());
        let current = world.admin.current(&format!("/goals/{late}"));
        current.patch(&format!("/goals/{late}"), json!({"continuesId": third})).expect(200);
        assert_eq!(world.named(&next, "Risk för Publik")["goalId"], late.as_str());
        assert_eq!(order(world, &next)[0], late.as_str());
    }
}
