//! What lists are narrowed by: one value or several, what has changed since, and texts whatever their form.

use riskregister::http::contract::ParameterKind;
use serde_json::json;

use crate::kit::{Client, World, both};
use crate::walks::{link, walk};

/// A value that a filter takes.
fn value(form: &ParameterKind, world: &World) -> String {
    match form {
        ParameterKind::Id => world.board.clone(),
        ParameterKind::Integer { least, most } => 2024.clamp(*least, *most).to_string(),
        ParameterKind::Word(_, words) => words[0].into(),
        other => panic!("a filter takes {other:?}"),
    }
}

fn total(client: &Client, path: &str) -> i64 {
    client.get(path).expect(200)["total"].as_i64().expect("a number")
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A board's plan with five risks of all levels, one of them not assessed.
fn plan(world: &World) -> String {
    let (plan, goal) = (world.plan(2024), world.goal(2024, "God vård"));
    for (name, score) in [("Jäv", (1, 2)), ("Brand", (3, 3)), ("Mutor", (4, 4)), ("Stöld", (5, 5))] {
        let risk = world.risk(&plan, &goal, name, score).id();
        world.control(&risk, "Stickprov");
        world.action(&risk, "Utbilda");
    }
    let form = json!({"name": "Obedömd", "goalId": goal, "ownerId": world.controller.id});
    world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201);
    plan
}

both! {
    fn each_filter_takes_several_values_and_tells_the_one_that_is_none(world: &World) {
        plan(world);
        let mut tried = 0;
        for operation in riskregister::api::operations() {
            if operation.method != "get" || operation.path.contains('{') {
                continue;
            }
            let required: String = operation.parameters.iter().filter(|p| p.required)
                .map(|p| format!("&{}={}", p.name, value(&p.form, world))).collect();
            for parameter in &operation.parameters {
                let ParameterKind::Several(form) = &parameter.form else { continue };
                let (path, name, one) = (operation.path, parameter.name, value(form, world));
                let ask = |values: &str| world.admin.get(&format!("{path}?{name}={values}{required}"));
                let (alone, twice) = (ask(&one).expect(200), ask(&format!("{one},{one}")).expect(200));
                assert_eq!(alone["total"], twice["total"], "{path}?{name}");
                let told = ask(&format!("{one},inget")).expect(400);
                assert_eq!(told.faults()[0].0, format!("?{name}"), "{path}");
                let many = vec![one.as_str(); 51].join(",");
                assert_eq!(ask(&many).expect(400).faults()[0].1, "wrongFormat", "{path}?{name}");
                ask(&vec![one.as_str(); 50].join(",")).expect(200);
                tried += 1;
            }
        }
        assert!(tried > 50, "only {tried} filters were tried");
    }

    fn what_answers_to_one_of_several_values_is_listed(world: &World) {
        let plan = plan(world);
        let client = &world.auditor;
        let of = |query: &str| total(client, &format!("/plans/{plan}/risks?{query}"));
        assert_eq!(of(""), 5);
        let levels = ["veryLow", "low", "medium", "high", "veryHigh"];
        let each: Vec<i64> = levels.iter().map(|level| of(&format!("level={level}"))).collect();
        assert_eq!(each.iter().sum::<i64>(), 4, "each that is assessed has one level: {each:?}");
        assert_eq!(of(&format!("level={}", levels.join(","))), 4);
        assert_eq!(of("likelihood=4,5"), 2);
        assert_eq!(of("likelihood=4,5&consequence=1,5"), 1, "filters stand together");
        assert_eq!(of(&format!("ownerId={},{}", world.risk_owner.id, world.controller.id)), 5);
        assert_eq!(of("inclusionReason=score,mandatory"), of("inclusionReason=score") + of("inclusionReason=mandatory"));
        let other = world.plan(2025);
        assert_eq!(total(client, "/plans?year=2024,2025"), 2);
        assert_eq!(total(client, "/plans?year=2024,2026"), 1);
        assert_eq!(total(client, &format!("/risks?planId={plan},{other}")), 5);
        for list in ["controls", "actions"] {
            assert_eq!(total(client, &format!("/{list}?planId={plan},{other}")), 4, "{list}");
            assert_eq!(total(client, &format!("/{list}?year=2025,2026")), 0, "{list}");
        }
        assert_eq!(total(client, "/organisations?kind=region,board"), total(client, "/organisations?kind=region") + total(client, "/organisations?kind=board"));
        // The pages that follow are of the same question.
        let first = client.get(&format!("/plans/{plan}/risks?likelihood=3,4,5&limit=1&sort=name")).expect(200);
        let next = link(&first, "next").expect("there is more");
        assert!(next.contains("likelihood=3%2C4%2C5"), "{next}");
    }

    fn every_list_that_says_when_things_changed_can_be_asked_since_when(world: &World) {
        let plan = plan(world);
        let mut tried = Vec::new();
        for operation in riskregister::api::operations() {
            let lists = operation.parameters.iter().any(|p| p.name == "limit");
            let path = operation.path.replace("{id}", &plan);
            let of_plan = operation.path == "/plans/{id}/risks";
            if operation.method != "get" || !lists || (operation.path.contains('{') && !of_plan) {
                continue;
            }
            let shape = operation.replies.iter().find_map(|reply| reply.shape.as_ref()).expect("a list has a shape");
            let since = operation.parameters.iter().any(|p| p.name == "updatedSince");
            // Of these there are some a year, or one a decision.
            let few = ["/deadlines", "/compiled-reports", "/erasures"].contains(&operation.path);
            let told = shape.fields().iter().any(|field| field == "updatedAt");
            assert!(since || few || !told, "{path} says when things changed, and cannot be asked since when");
            if !since {
                continue;
            }
            let all = total(&world.admin, &format!("{path}?limit=1"));
            assert_eq!(total(&world.admin, &format!("{path}?limit=1&updatedSince=2000-01-01T00:00:00Z")), all, "{path}");
            assert_eq!(total(&world.admin, &format!("{path}?limit=1&updatedSince=2999-01-01T00:00:00Z")), 0, "{path}");
            tried.push((path, all));
        }
        assert!(tried.len() >= 20, "{tried:?}");
        assert!(tried.iter().filter(|(_, all)| *all > 0).count() >= 8, "{tried:?}");
        let risk = world.risks(&plan)[0]["id"].as_str().expect("an id").to_owned();
        let now = world.controller.get(&format!("/risks/{risk}")).expect(200)["updatedAt"].as_str().expect("a time").to_owned();
        world.controller.patch_current(&format!("/risks/{risk}"), json!({"name": "Ny"})).expect(200);
        let since = total(&world.controller, &format!("/risks?updatedSince={}", encoded(&now)));
        assert!((1..=5).contains(&since), "{since}");
    }

    fn a_text_is_found_whatever_its_form_and_what_cannot_be_seen(world: &World) {
        let (plan, goal) = (world.plan(2024), world.goal(2024, "God vård"));
        for name in ["Lo\u{308}neutbetal\u{ad}ning", "Två\u{a0}ord", "ﬁnans\u{200b}iering", "Råd ½"] {
            world.risk(&plan, &goal, name, (2, 2));
        }
        for (q, found) in [
            ("löneutbetalning", "Lo\u{308}neutbetal\u{ad}ning"),
            ("LO\u{308}NEUTBETALNING", "Lo\u{308}neutbetal\u{ad}ning"),
            ("  två ord ", "Två\u{a0}ord"),
            ("TVÅ\u{202f}ORD", "Två\u{a0}ord"),
            ("finansiering", "ﬁnans\u{200b}iering"),
            ("råd 1\u{2044}2", "Råd ½"),
        ] {
            let list = world.controller.get(&format!("/risks?q={}", encoded(q))).expect(200);
            assert_eq!(list.column("name"), [found], "{q}");
            let all = world.controller.get(&format!("/search?kind=risk&q={}", encoded(q))).expect(200);
            assert_eq!(all["kinds"][0]["items"][0]["name"], json!(found), "{q}");
        }
        assert!(world.controller.get(&format!("/risks?q={}", encoded("lone"))).expect(200).items().is_empty());
    }

    fn references_stand_in_the_order_of_their_numbers(world: &World) {
        let (plan, goal) = (world.plan(2024), world.goal(2024, "God vård"));
        for reference in ["R-10", "R-9", "Ö-1", "r-2", "A100", "A20", "007", "10"] {
            let risk = world.risk(&plan, &goal, "Jäv", (2, 2)).id();
            world.controller.patch_current(&format!("/risks/{risk}"), json!({"reference": reference})).expect(200);
        }
        let upwards = ["007", "10", "A20", "A100", "r-2", "R-9", "R-10", "Ö-1"];
        let path = format!("/plans/{plan}/risks?sort=reference");
        assert_eq!(world.controller.get(&path).expect(200).column("reference"), upwards);
        let mut down = world.controller.get(&path.replace("sort=", "sort=-")).expect(200).column("reference").into_iter().map(str::to_owned).collect::<Vec<_>>();
        down.reverse();
        assert_eq!(down, upwards);
        // By the cursor too.
        let pages = walk(&world.controller, &format!("{path}&limit=3"), || ());
        let walked: Vec<&str> = pages.iter().flat_map(|page| page.column("reference")).collect();
        assert_eq!(walked, upwards);
        for number in ["10", "9", "2.10", "2.9"] {
            let form = json!({"organisationId": world.root, "year": 2025, "name": "Mål", "number": number});
            world.admin.post("/goals", form).expect(201);
        }
        let goals = world.reader.get("/goals?year=2025&sort=number").expect(200);
        assert_eq!(goals.column("number"), ["2.9", "2.10", "9", "10"]);
    }
}
