//! `asOf`: the register as it stood, deleted things included, read by today's roles.

use std::collections::BTreeMap;

use riskregister::storage::Timestamp;
use serde_json::{Value, json};

use crate::kit::{Client, World, both};

/// A time between what has happened and what comes next.
pub fn now() -> String {
    let now = Timestamp::now();
    // Two events a microsecond apart are two times; the clock is finer than that.
    while Timestamp::now() == now {}
    now.to_string()
}

fn at(path: &str, time: &str) -> String {
    format!("{path}{}asOf={time}", if path.contains('?') { '&' } else { '?' })
}

/// Everything that is read of a plan and what hangs on it.
fn reads(world: &World, plan: &str, risks: &[String]) -> Vec<String> {
    let mut all = vec![
        "/plans?limit=200".to_owned(),
        format!("/plans/{plan}"),
        format!("/plans/{plan}/sections"),
        format!("/plans/{plan}/checks"),
        format!("/plans/{plan}/matrix"),
        format!("/plans/{plan}/comparison"),
        format!("/plans/{plan}/risks?limit=200&sort=number"),
        format!("/plans/{plan}/revisions"),
        format!("/organisations/{}", world.board),
        "/organisations?limit=200".into(),
        "/risks?limit=200".into(),
        "/controls?limit=200".into(),
        "/actions?limit=200".into(),
        "/goals?limit=200".into(),
        "/indicators?limit=200".into(),
        "/mandatory-risks?limit=200".into(),
        "/standing-texts?limit=200".into(),
        "/wordings?limit=200".into(),
        "/scoring-policies?limit=200".into(),
        format!("/plans/{plan}/deficiencies"),
        format!("/plans/{plan}/financial-effects"),
        "/deficiencies?limit=200".into(),
        "/recommendations?limit=200".into(),
        "/audit-opinions?limit=200".into(),
        "/outcomes?limit=200".into(),
    ];
    for risk in risks {
        all.extend([
            format!("/risks/{risk}"),
            format!("/risks/{risk}/assessments"),
            format!("/risks/{risk}/controls"),
            format!("/risks/{risk}/actions"),
            format!("/risks/{risk}/inclusion"),
        ]);
    }
    all
}

/// What a client is answered, for what it may see and what it may not.
fn answers(client: &Client, paths: &[String], time: Option<&str>) -> BTreeMap<String, (u16, Value)> {
    paths
        .iter()
        .map(|path| {
            let answer = client.get(&time.map_or_else(|| path.clone(), |time| at(path, time)));
            let told = if answer.status == 200 { answer.json.clone() } else { Value::Null };
            (path.clone(), (answer.status, told))
        })
        .collect()
}

both! {
    /// The year of a plan, photographed again and again; later each photograph is asked for, and is the same.
    fn every_read_gives_what_it_gave_then(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        world.issue(2024, "risk", "Oegentligheter", &goal);
        let mut risks: Vec<String> =
            (0..3).map(|i| world.risk(&plan, &goal, &format!("Risk {i}"), (2 + i, 3)).id()).collect();
        let doomed = world.risk(&plan, &goal, "Ska bort", (1, 1)).id();
        risks.push(doomed.clone());
        let mut photographs = Vec::new();
        let mut photograph = || {
            let paths = reads(world, &plan, &risks);
            let seen = [&world.controller.client, &world.reader.client].map(|c| answers(c, &paths, None));
            photographs.push((now(), paths, seen));
        };
        photograph();
        world.controller.patch_current(&format!("/risks/{}", risks[0]), json!({"name": "Bytt namn", "likelihood": 5})).expect(200);
        world.control(&risks[1], "Stickprov");
        world.action(&risks[1], "Se över");
        photograph();
        world.controller.delete_current(&format!("/risks/{doomed}")).expect(204);
        world.admin.patch_current(&format!("/organisations/{}", world.board), json!({"name": "Musiknämnden"})).expect(200);
        world.admin.patch_current(&format!("/goals/{goal}"), json!({"name": "Bättre vård"})).expect(200);
        photograph();
        world.complete(&plan);
        photograph();
        world.propose(&plan).expect(200);
        photograph();
        world.adopt(&plan).expect(200);
        photograph();
        world.revise(&plan).expect(200);
        world.controller.patch_current(&format!("/risks/{}", risks[2]), json!({"likelihood": 1})).expect(200);
        photograph();
        for (time, paths, seen) in &photographs {
            for (client, then) in [&world.controller.client, &world.reader.client].into_iter().zip(seen) {
                let told = answers(client, paths, Some(time));
                for (path, answer) in then {
                    assert_eq!(told[path], *answer, "{path} as of {time}");
                }
            }
        }
    }

    fn the_document_is_that_of_the_time(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let risk = world.risk(&plan, &goal, "Fel i system", (3, 4)).id();
        world.complete(&plan);
        let json = world.controller.with("accept", "application/json");
        let document = format!("/plans/{plan}/document");
        let (draft, draft_then) = (json.get(&document).expect(200).json, now());
        world.controller.patch_current(&format!("/risks/{risk}"), json!({"name": "Annat fel"})).expect(200);
        world.propose(&plan).expect(200);
        let (proposed, proposed_then) = (json.get(&document).expect(200).json, now());
        world.adopt(&plan).expect(200);
        let (adopted, adopted_then) = (json.get(&document).expect(200).json, now());
        world.revise(&plan).expect(200);
        world.controller.patch_current(&format!("/risks/{risk}"), json!({"name": "Tredje felet"})).expect(200);
        for (then, time) in [(draft, draft_then), (proposed, proposed_then), (adopted, adopted_then)] {
            assert_eq!(json.get(&at(&document, &time)).expect(200).json, then);
        }
    }

    fn a_plan_is_compared_with_itself_at_another_time(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let kept = world.risk(&plan, &goal, "Kvar", (3, 4)).id();
        let gone = world.risk(&plan, &goal, "Borta", (3, 4)).id();
        let first = now();
        world.controller.delete_current(&format!("/risks/{gone}")).expect(204);
        world.controller.patch_current(&format!("/risks/{kept}"), json!({"likelihood": 5})).expect(200);
        let second = now();
        world.risk(&plan, &goal, "Ny", (3, 4));
        let path = format!("/plans/{plan}/comparison");
        let told = world.controller.get(&format!("{path}?withAsOf={first}")).expect(200);
        let change = |told: &Value, name: &str| {
            let all = told["risks"].as_array().expect("a list").clone();
            all.into_iter().find(|r| r["name"] == name).map_or(Value::Null, |r| r["change"].clone())
        };
        assert_eq!(change(&told.json, "Ny"), "new");
        assert_eq!(change(&told.json, "Kvar"), "raised");
        assert_eq!(told["gone"].as_array().map(Vec::len), Some(1));
        assert_eq!(told["withPlanId"], json!(plan));
        let told = world.controller.get(&format!("{path}?asOf={second}&withAsOf={first}")).expect(200);
        assert_eq!(change(&told.json, "Ny"), Value::Null, "it was not there yet");
        assert_eq!(change(&told.json, "Kvar"), "raised");
        world.stranger.get(&format!("{path}?withAsOf={first}")).expect(404);
    }

    fn todays_roles_decide_who_reads_of_the_past(world: &World) {
        let plan = world.plan(2024);
        let time = now();
        let path = at(&format!("/plans/{plan}"), &time);
        world.stranger.get(&path).expect(404);
        world.reader.get(&path).expect(404);
        world.grant(&world.stranger.id, json!({"role": "auditor", "organisationId": world.board}));
        world.stranger.get(&path).expect(200);
        // Where the body now stands in the tree counts, not where it stood.
        let above = world.organisation(&world.root, "board", "Samlingsnämnden");
        let over = world.person_with("Siv Samlare", &above, "auditor", &above);
        over.get(&path).expect(404);
        world.admin.patch_current(&format!("/organisations/{}", world.board), json!({"parentId": above})).expect(200);
        over.get(&path).expect(200);
    }

    fn what_was_not_there_is_not_found_and_the_future_is_refused(world: &World) {
        let before = now();
        let plan = world.plan(2024);
        world.controller.get(&at(&format!("/plans/{plan}"), &before)).expect(404);
        assert_eq!(world.controller.get(&at("/plans", &before)).expect(200)["total"], 0);
        world.controller.get(&at(&format!("/plans/{plan}"), "2999-01-01T00:00:00Z")).expect(422);
        world.controller.get(&at(&format!("/plans/{plan}"), "i går")).expect(400);
        assert_eq!(world.controller.get(&at("/goals", "1990-01-01T00:00:00Z")).expect(200)["total"], 0);
        // What is not read over time has no such parameter.
        world.admin.get(&at("/users", &before)).expect(400);
        // Any zone is a time.
        world.controller.get(&at("/plans", "2024-05-02T10:30:00%2B02:00")).expect(200);
    }
}
