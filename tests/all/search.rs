//! One search over the register: what is found by which words, and by whom.

use serde_json::json;

use crate::follow_up::{Year, judged};
use crate::kit::{Client, World, both};

/// The names of what is found, kind by kind.
fn found(client: &Client, q: &str) -> Vec<(String, Vec<String>)> {
    let encoded: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
    let answer = client.get(&format!("/search?q={encoded}")).expect(200);
    let kinds = answer["kinds"].as_array().expect("kinds").iter();
    let told = kinds.filter(|one| one["total"] != 0).map(|one| {
        let items = one["items"].as_array().expect("items");
        assert_eq!(one["total"], items.len(), "{q}");
        let mut names: Vec<String> = items.iter().map(|hit| hit["name"].as_str().expect("a name").to_owned()).collect();
        names.sort();
        (one["kind"].as_str().expect("a kind").to_owned(), names)
    });
    told.collect()
}

fn of(all: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    all.iter().map(|(kind, names)| ((*kind).to_owned(), own(names))).collect()
}

both! {
    fn what_holds_every_word_is_found_whatever_its_letters(world: &World) {
        let year = Year::adopted(world);
        let (draft, goal) = (world.plan(2025), world.goal(2025, "Ökad närvaro i skolan"));
        let risk = world.risk(&draft, &goal, "Brist på ÖVNINGSLOKALER", (3, 4)).id();
        let form = json!({"description": "Åldrande hus med mögel; ”100 %_säkert” är inget.", "reference": "ÖV-7"});
        world.controller.patch_current(&format!("/risks/{risk}"), form).expect(200);
        let control = world.control(&risk, "Räkna lokalerna");
        world.controller.patch_current(&format!("/controls/{control}"), json!({"description": "Efter MÖGEL letas."})).expect(200);
        world.action(&risk, "Sanera mögel");
        let form = json!({"organisationId": world.board, "title": "Fukt", "description": "Mögel i källaren",
            "severity": "serious", "foundOn": "2024-05-02"});
        world.risk_owner.post("/deficiencies", form).expect(201);
        let form = json!({"organisationId": world.board, "source": "auditors", "report": "Granskning av lokaler",
            "diaryNumber": "RK 2024-17", "year": 2024, "text": "Mögel ska bort."});
        world.auditor.post("/recommendations", form).expect(201);
        let client = &world.controller;
        assert_eq!(
            found(client, "mögel"),
            of(&[
                ("risk", &["Brist på ÖVNINGSLOKALER"]), ("control", &["Räkna lokalerna"]), ("action", &["Sanera mögel"]),
                ("deficiency", &["Fukt"]), ("recommendation", &["Granskning av lokaler"]),
            ])
        );
        for q in ["MÖGEL övningslokaler", "  övningslokaler   ÅLDRANDE ", "öv-7", "%_säkert"] {
            assert_eq!(found(client, q), of(&[("risk", &["Brist på ÖVNINGSLOKALER"])]), "{q}");
        }
        assert_eq!(found(client, "rk 2024-17"), of(&[("recommendation", &["Granskning av lokaler"])]));
        assert_eq!(found(client, "NÄRVARO"), of(&[("goal", &["Ökad närvaro i skolan"])]));
        assert_eq!(found(client, "mögel finnsinte"), of(&[]));
        assert_eq!(found(client, "carl"), of(&[("user", &["Carl Controller"])]));
        let none = client.get("/search").expect(200);
        assert_eq!((none["total"].as_i64(), none["kinds"].as_array().map(Vec::len)), (Some(0), Some(10)));
        // What stands around the word, and where it belongs.
        let one = client.get("/search?q=k%C3%A4llaren&kind=deficiency").expect(200);
        let hit = &one["kinds"][0]["items"][0];
        assert_eq!((&hit["excerpt"], &hit["organisationId"]), (&json!("Mögel i källaren"), &json!(world.board)));
        let one = client.get("/search?q=sanera").expect(200);
        let actions = one["kinds"].as_array().expect("kinds").iter().find(|kind| kind["kind"] == "action").expect("actions");
        assert_eq!((&actions["items"][0]["year"], &actions["items"][0]["reference"]), (&json!(2025), &json!("ÖV-7")));
        // Some of each kind, or a page of one.
        let few = client.get("/search?q=stickprov&kind=control&limit=1&page=2").expect(200);
        assert_eq!((few["kinds"].as_array().map(Vec::len), few["kinds"][0]["items"].as_array().map(Vec::len)), (Some(1), Some(1)));
        assert!(few["total"].as_i64().is_some_and(|total| total >= 2), "{}", few.json);
        client.get("/search?kind=outcome").expect(400);

        // As far as each may see.
        assert_eq!(found(&world.stranger, "mögel"), of(&[]));
        assert_eq!(found(&world.reader, "övningslokaler"), of(&[]));
        assert_eq!(found(&world.reader, "scener"), of(&[("risk", &["Brist på scener"])]));
        assert_eq!(found(&world.performer, "scen").first().map(|(kind, _)| kind.as_str()), Some("risk"));
        drop(year);
    }

    fn plans_reports_and_indicators_are_found_by_who_reads_them(world: &World) {
        let year = Year::adopted(world);
        world.plan(2025);
        let [adopted, next] = [2024, 2025].map(|year| format!("Plan för intern kontroll {year}, Kulturnämnden"));
        let of_plans = |names: &[&str]| of(&[("plan", names)]);
        assert_eq!(found(&world.controller, "kulturNÄMNDEN 2025"), of_plans(&[&next]));
        assert_eq!(found(&world.controller, "plan intern"), of_plans(&[&adopted, &next]));
        assert_eq!(found(&world.controller, "control plan 2024"), of_plans(&[&adopted]), "in English, too");
        assert_eq!(found(&world.reader, "plan intern"), of_plans(&[&adopted]), "a draft is not theirs to read");
        assert_eq!(found(&world.stranger, "plan intern"), of(&[]));
        let hit = world.controller.get("/search?q=kulturn%C3%A4mnden&kind=plan").expect(200)["kinds"][0]["items"][0].clone();
        assert_eq!((&hit["year"], &hit["organisationId"]), (&json!(2025), &json!(world.board)), "the newest first");

        year.report_all("t1");
        let draft = format!("/reports/{}", year.report("t1"));
        let report = "Rapport om intern kontroll, T1 2024, Kulturnämnden";
        assert_eq!(found(&world.controller, "rapport T1 2024"), of(&[("report", &[report])]));
        assert_eq!(found(&world.reader, "rapport T1"), of(&[]), "it is a draft");
        assert_eq!(found(&world.stranger, "rapport"), of(&[]));
        assert_eq!(found(&world.controller, "rapport delår"), of(&[]));
        year.close("t1").expect(200);
        world.head.post_current(&draft, "/finalization", json!({})).expect(200);
        world.controller.post_current(&draft, "/decision", judged()).expect(200);
        assert_eq!(found(&world.reader, "rapport T1"), of(&[("report", &[report])]));

        let goal = world.goal(2025, "Ökad närvaro");
        let form = json!({"goalId": goal, "name": "Andel frånvarande", "note": "Mäts i ÅKERBO.", "unit": "%", "decidedBy": "council"});
        world.admin.post("/indicators", form).expect(201);
        assert_eq!(found(&world.reader, "FRÅNVARANDE åkerbo"), of(&[("indicator", &["Andel frånvarande"])]));

        // In the body's own words, on a page that leads to each.
        let form = json!({"organisationId": world.board, "year": 2025, "words": {"plan": "Tillsynsplan"}});
        world.controller.post("/wordings", form).expect(201);
        assert_eq!(found(&world.controller, "tillsynsplan"), of_plans(&["Tillsynsplan 2025, Kulturnämnden"]));
        let page = world.visitor(&world.controller.id).page("/search?q=kulturn%C3%A4mnden+2024");
        let to: Vec<&str> = page.all("main ul.hits a").iter().filter_map(|one| one.attr("href")).collect();
        assert_eq!(to[0], format!("/plans/{}", year.plan));
        assert!(to[1].starts_with("/reports/"), "{to:?}");
        for at in to {
            world.visitor(&world.reader.id).page(at);
        }
    }

    fn it_is_a_field_on_every_page(world: &World) {
        let year = Year::adopted(world);
        let controller = world.visitor(&world.controller.id);
        let page = controller.page("/plans");
        assert_eq!(page.attribute("header form[role=search]", "action"), "/search");
        assert_eq!(page.attribute("header form[role=search] input", "name"), "q");
        let found = controller.page("/search?q=SCEN");
        let to: Vec<&str> = found.all("main ul.hits a").iter().filter_map(|one| one.attr("href")).collect();
        assert_eq!(to, [format!("/risks/{}", year.risk), format!("/actions/{}", year.action)]);
        assert_eq!(found.attribute("main input[name=q]", "value"), "SCEN");
        assert!(controller.page("/search?q=finnsinte").text("main").contains("Inget hittades."));
        assert!(controller.page("/search").all("main h2").is_empty());
        // More than a few are all on a page of their own.
        for n in 0..6 {
            world.control(&year.risk, &format!("Rondering {n}"));
        }
        let some = controller.page("/search?q=rondering");
        assert_eq!(some.all("main ul.hits a").len(), 5);
        let all = some.one("main a[href*='kind=control']").attr("href").expect("an address").to_owned();
        assert_eq!(controller.page(&all).all("main ul.hits a").len(), 6);
        assert!(controller.page(&all).one("main p.acts a").attr("href").is_some_and(|at| !at.contains("kind=")));
    }
}
