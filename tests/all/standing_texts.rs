//! `/standing-texts`, and which of them are in force.

use chrono::NaiveDate;
use riskregister::app::settings::standing_texts;
use riskregister::domain::words::{Language, PlanStatus};
use riskregister::storage::records::Organisation;
use serde_json::{Value, json};

use crate::kit::{Client, Register, World, both};
use crate::planted;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn form(organisation: &str, year: i32, key: &str, text: &str) -> Value {
    json!({
        "organisationId": organisation, "year": year, "language": "sv", "key": key, "heading": "Rubrik", "text": text,
    })
}

fn made(client: &Client, form: Value) -> String {
    client.post("/standing-texts", form).expect(201).id()
}

fn at(text: &str) -> String {
    format!("/standing-texts/{text}")
}

/// Key and text of those in force in a plan that is decided on the first day of its year.
fn in_force(register: &Register, body: &str, year: i32, language: Language) -> Vec<(String, String)> {
    on(register, body, year, &format!("{year}-01-01"), language)
}

/// Of a plan that is decided on a day.
fn on(register: &Register, body: &str, year: i32, day: &str, language: Language) -> Vec<(String, String)> {
    let day: NaiveDate = day.parse().expect("a day");
    let found = register.db.read(|r| {
        let body: Organisation = r.get(planted::id(body))?;
        standing_texts::in_force(r, &body, year, day, language)
    });
    found.expect("texts can be read").into_iter().map(|t| (t.key, t.text)).collect()
}

fn keys(register: &Register, body: &str, year: i32) -> Vec<String> {
    in_force(register, body, year, Language::Sv).into_iter().map(|(key, _)| key).collect()
}

fn words(register: &Register, body: &str, year: i32, key: &str) -> Option<String> {
    in_force(register, body, year, Language::Sv).into_iter().find(|(k, _)| k == key).map(|(_, text)| text)
}

both! {
    fn a_text_is_made_read_changed_and_removed(world: &World) {
        let sent = form(&world.root, 2024, "guideline", "Riktlinjen.\r\n\r\n- ett");
        let made = world.admin.post("/standing-texts", sent).expect(201);
        assert_eq!(made["text"], "Riktlinjen.\n\n- ett");
        let path = at(&made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let read = world.stranger.get(&path).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&made.json, made.header("etag")));
        let changed = world.admin.patch_current(&path, json!({"text": "Ny riktlinje.", "year": 2025})).expect(200);
        assert_eq!((&changed["text"], &changed["year"]), (&json!("Ny riktlinje."), &json!(2025)));
        assert_eq!(changed["key"], "guideline");
        world.admin.delete_current(&path).expect(204);
        world.admin.get(&path).expect(404);
        let told = ["standingText.created", "standingText.changed", "standingText.deleted"];
        assert_eq!(planted::history(world, &made.id()), told);
    }

    fn lists_are_filtered(world: &World) {
        made(&world.admin, form(&world.root, 2024, "guideline", "Regionens"));
        made(&world.controller, form(&world.board, 2025, "guideline", "Nämndens"));
        let mut english = form(&world.root, 2024, "guideline", "The region's");
        english["language"] = "en".into();
        made(&world.admin, english);
        for (query, expected) in [
            ("key=legalGround", 2), ("key=guideline", 3), ("language=en", 1), ("year=2024", 2), ("year=2018", 2),
        ] {
            assert_eq!(world.reader.get(&format!("/standing-texts?{query}")).expect(200)["total"], expected, "{query}");
        }
        let own = world.reader.get(&format!("/standing-texts?organisationId={}", world.board)).expect(200);
        assert_eq!(own.column("text"), ["Nämndens"]);
        let sorted = world.reader.get("/standing-texts?sort=-year,key&limit=1").expect(200);
        assert_eq!(sorted.column("text"), ["Nämndens"]);
        world.reader.get("/standing-texts?language=fi").expect(400);
    }

    fn each_changes_what_is_theirs(world: &World) {
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        let regions = made(&world.admin, form(&world.root, 2024, "guideline", "Regionens"));
        let boards = made(&world.controller, form(&world.board, 2024, "guideline", "Nämndens"));
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
            for (owner, text) in [(&world.root, &regions), (&world.board, &boards)] {
                let allowed = theirs == Some(text);
                let new = client.post("/standing-texts", form(owner, 2025, "ownKey", "Ny"));
                assert_eq!(new.status, if allowed { 201 } else { 403 }, "{who}");
                let changed = client.patch_current(&at(text), json!({"heading": "Ny rubrik"}));
                assert_eq!(changed.status, if allowed { 200 } else { 403 }, "{who}");
                assert_eq!(client.delete(&at(text)).status, if allowed { 428 } else { 403 }, "{who}");
            }
        }
        sibling.post("/standing-texts", form(NOWHERE, 2024, "guideline", "x")).refused(422, "unknownReference");
        world.auditor.post("/standing-texts", json!({})).expect(403);
    }

    fn every_fault_comes_at_once(world: &World) {
        assert_eq!(world.admin.post("/standing-texts", json!({})).expect(422).faults(), [
            ("/heading", "required"), ("/key", "required"), ("/language", "required"), ("/organisationId", "required"),
            ("/text", "required"), ("/year", "required"),
        ]);
        let wrong = json!({
            "organisationId": world.root, "year": 2101, "language": "fi", "key": "Legal-ground", "heading": "",
            "text": "x".repeat(20_001),
        });
        assert_eq!(world.admin.post("/standing-texts", wrong).expect(422).faults(), [
            ("/heading", "tooShort"), ("/key", "wrongFormat"), ("/language", "unknownWord"), ("/text", "tooLong"),
            ("/year", "outOfRange"),
        ]);
        for key in ["legalGround2", "a", "rättsligGrund", "legal_ground"] {
            world.admin.post("/standing-texts", form(&world.root, 2024, key, "x")).expect(422);
        }
    }

    fn one_text_for_each_key_and_year(world: &World) {
        let first = made(&world.admin, form(&world.root, 2024, "guideline", "Ett"));
        let second = made(&world.admin, form(&world.root, 2025, "guideline", "Två"));
        let third = form(&world.root, 2024, "guideline", "Tre");
        world.admin.post("/standing-texts", third).refused(409, "standingTextExists");
        world.admin.patch_current(&at(&second), json!({"year": 2024})).refused(409, "standingTextExists");
        world.admin.patch_current(&at(&first), json!({"text": "Ett, ändrat"})).expect(200);
        made(&world.controller, form(&world.board, 2024, "guideline", "Nämndens eget"));
        let answer = world.admin.patch_current(&at(&first), json!({"organisationId": world.board})).expect(422);
        assert_eq!(answer.faults(), [("/organisationId", "cannotChange")]);
        world.admin.patch_current(&at(&first), json!({"organisationId": NOWHERE})).refused(422, "unknownReference");
        // Many at once make one.
        let statuses = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| {
                    world.admin.post("/standing-texts", form(&world.root, 2026, "guideline", "Samtidigt")).status
                }))
                .collect();
            let mut all: Vec<u16> = tries.into_iter().map(|t| t.join().expect("an answer")).collect();
            all.sort_unstable();
            all
        });
        assert_eq!(statuses, [201, 409, 409, 409]);
    }

    fn the_nearest_and_the_latest_is_in_force(world: &World) {
        let guideline = |body: &str, year| words(world, body, year, "guideline");
        assert_eq!(keys(world, &world.board, 2017), Vec::<String>::new(), "nothing stands before the first year");
        assert_eq!(keys(world, &world.board, 2018), ["legalGround"]);
        made(&world.admin, form(&world.root, 2022, "guideline", "Regionens 2022"));
        made(&world.admin, form(&world.root, 2025, "guideline", "Regionens 2025"));
        assert_eq!(guideline(&world.board, 2021), None);
        assert_eq!(guideline(&world.board, 2024).as_deref(), Some("Regionens 2022"));
        assert_eq!(guideline(&world.board, 2026).as_deref(), Some("Regionens 2025"));
        // The body's own goes before the region's, even when the region's is newer.
        let own = made(&world.controller, form(&world.board, 2023, "guideline", "Nämndens"));
        assert_eq!(guideline(&world.board, 2022).as_deref(), Some("Regionens 2022"));
        assert_eq!(guideline(&world.board, 2026).as_deref(), Some("Nämndens"));
        assert_eq!(guideline(&world.other_board, 2026).as_deref(), Some("Regionens 2025"));
        // What stands below a body says nothing of the body; what stands above it does.
        made(&world.controller, form(&world.unit, 2023, "guideline", "Enhetens"));
        assert_eq!(guideline(&world.board, 2026).as_deref(), Some("Nämndens"));
        assert_eq!(guideline(&world.unit, 2026).as_deref(), Some("Enhetens"));
        assert_eq!(guideline(&world.division, 2026).as_deref(), Some("Nämndens"));
        assert_eq!(in_force(world, &world.board, 2026, Language::En), []);
        world.controller.delete_current(&at(&own)).expect(204);
        assert_eq!(guideline(&world.board, 2026).as_deref(), Some("Regionens 2025"));
    }

    fn a_company_has_its_own_ground_in_law(world: &World) {
        let company = world.organisation(&world.root, "company", "Folktandvården AB");
        for (key, text) in [("zeta", "Z"), ("alfa", "A"), ("guideline", "G")] {
            made(&world.admin, form(&world.root, 2024, key, text));
        }
        assert_eq!(keys(world, &world.board, 2024), ["legalGround", "guideline", "alfa", "zeta"]);
        assert_eq!(keys(world, &company, 2024), ["legalGroundCompany", "guideline", "alfa", "zeta"]);
        // Without one of its own the board's serves.
        let grounds = world.admin.get("/standing-texts?key=legalGroundCompany").expect(200);
        world.admin.delete_current(&at(grounds.column("id")[0])).expect(204);
        assert_eq!(keys(world, &company, 2024), ["legalGround", "guideline", "alfa", "zeta"]);
    }

    fn the_law_is_that_of_the_day_of_the_decision(world: &World) {
        let law = |body: &str, year: i32, day: &str| {
            let all = on(world, body, year, day, Language::Sv);
            all.into_iter().find(|(key, _)| key == "legalGround").map(|(_, text)| text).unwrap_or_default()
        };
        let (before, after) = (law(&world.board, 2025, "2025-06-30"), law(&world.board, 2025, "2025-07-01"));
        let news = "förebygga fel och oegentligheter";
        assert!(!before.contains(news) && !before.contains("1 juli 2025"), "{before}");
        assert!(after.contains(news) && after.contains("från den 1 juli 2025"), "{after}");
        for text in [&before, &after] {
            assert!(text.contains("6 kap. 6 § kommunallagen (2017:725)") && text.contains("regionfullmäktige"), "{text}");
        }
        // Whatever the year of the plan: an old one that is decided late, and a coming one that is decided early.
        assert_eq!(law(&world.board, 2024, "2025-08-01"), after);
        assert_eq!(law(&world.board, 2026, "2025-06-01"), before);
        assert_eq!(law(&world.board, 2030, "2029-12-01"), after);
        // The region's own words for a year stand in its place; the body's before the region's.
        made(&world.admin, form(&world.root, 2026, "legalGround", "Regionens ord"));
        assert_eq!(law(&world.board, 2026, "2025-12-10"), "Regionens ord");
        assert_eq!(law(&world.board, 2025, "2025-12-10"), after);
        made(&world.controller, form(&world.board, 2024, "legalGround", "Nämndens ord"));
        assert_eq!(law(&world.board, 2025, "2025-12-10"), "Nämndens ord");
        assert_eq!(law(&world.other_board, 2025, "2025-12-10"), after);
        // A day lies in its year.
        let mut wrong = form(&world.root, 2027, "guideline", "Från en dag");
        wrong["validFrom"] = json!("2026-07-01");
        assert_eq!(world.admin.post("/standing-texts", wrong.clone()).expect(422).faults(), [("/validFrom", "otherYear")]);
        wrong["validFrom"] = json!("2027-07-01");
        let path = at(&made(&world.admin, wrong));
        assert_eq!(world.reader.get(&path).expect(200)["validFrom"], "2027-07-01");
        world.admin.patch_current(&path, json!({"year": 2026})).refused(422, "otherYear");
        assert_eq!(world.admin.patch_current(&path, json!({"validFrom": null})).expect(200)["validFrom"], Value::Null);
    }

    fn what_is_sealed_says_the_law_of_its_day(world: &World) {
        let plan = world.plan(2025);
        let goal = world.goal(2025, "En ekonomi i balans");
        world.risk(&plan, &goal, "Brist på scener", (3, 4));
        world.complete(&plan);
        let said = |path: &str| {
            let told = world.controller.with("accept", "application/json").get(path).expect(200).json;
            told["standingTexts"][0]["text"].as_str().expect("a text").contains("förebygga fel och oegentligheter")
        };
        let document = format!("/plans/{plan}/document");
        assert!(said(&document), "today's, while nothing is decided");
        world.propose(&plan).expect(200);
        let form = json!({"decidedOn": "2025-02-03", "decidingBoard": "Kulturnämnden", "paragraph": "7"});
        world.controller.post_current(&format!("/plans/{plan}"), "/adoption", form).expect(200);
        assert!(!said(&document), "in February 2025 it was another");
        world.revise(&plan).expect(200);
        world.propose(&plan).expect(200);
        let form = json!({"decidedOn": "2025-09-03", "decidingBoard": "Kulturnämnden", "paragraph": "70"});
        world.controller.post_current(&format!("/plans/{plan}"), "/adoption", form).expect(200);
        assert!(said(&document));
        assert!(!said(&format!("/plans/{plan}/revisions/1/document")));
        // While a plan lies before its board, what it would say on any day stays.
        world.revise(&plan).expect(200);
        world.propose(&plan).expect(200);
        let law = world.admin.get("/standing-texts?key=legalGround&year=2018").expect(200).column("id")[0].to_owned();
        world.admin.patch_current(&at(&law), json!({"text": "Ändrad"})).refused(409, "standsInProposedPlan");
    }

    fn what_a_board_has_before_it_stays(world: &World) {
        let old = made(&world.admin, form(&world.root, 2022, "guideline", "Den gamla"));
        let plan = planted::plan(world, &world.board, 2024, PlanStatus::Proposed, &[]);
        let stands = |answer: crate::kit::Answer| answer.refused(409, "standsInProposedPlan");
        stands(world.admin.patch_current(&at(&old), json!({"text": "Ändrad"})));
        stands(world.admin.delete_current(&at(&old)));
        stands(world.admin.post("/standing-texts", form(&world.root, 2024, "guideline", "Den nya")));
        stands(world.controller.post("/standing-texts", form(&world.board, 2023, "guideline", "Egen")));
        stands(world.controller.post("/standing-texts", form(&world.board, 2023, "extra", "Ytterligare en")));
        // What the plan does not say may change: another year, another body, another key of the same words.
        made(&world.admin, form(&world.root, 2025, "guideline", "Nästa års"));
        made(&world.admin, form(&world.root, 2021, "guideline", "Före den gamla"));
        made(&world.controller, form(&world.unit, 2024, "guideline", "Enhetens"));
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        made(&sibling, form(&world.other_board, 2024, "guideline", "Syskonets"));
        planted::status(world, plan, PlanStatus::Adopted);
        world.admin.patch_current(&at(&old), json!({"text": "Ändrad"})).expect(200);
        let told = planted::history(world, &old);
        assert_eq!(told, ["standingText.created", "standingText.changed"], "the refused left no trace");
    }

    fn nobody_writes_over_another(world: &World) {
        let path = at(&made(&world.admin, form(&world.root, 2024, "guideline", "Ett")));
        world.admin.patch(&path, json!({"text": "X"})).expect(428);
        let before = world.admin.current(&path);
        before.patch(&path, json!({"text": "Först"})).expect(200);
        before.patch(&path, json!({"text": "Sist"})).expect(412);
        before.delete(&path).expect(412);
        assert_eq!(world.admin.get(&path)["text"], "Först");
    }
}
