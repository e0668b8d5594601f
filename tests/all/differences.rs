//! The page that holds a plan against another: what has changed first, in words and risk by risk.

use serde_json::json;

use crate::kit::visitor::Page;
use crate::kit::{World, both};

fn rows(page: &Page, table: usize) -> Vec<String> {
    let tables = page.all("main table");
    let Some(table) = tables.get(table) else { return Vec::new() };
    let rows = scraper::Selector::parse("tbody tr th a").expect("a selector");
    table.select(&rows).map(|one| one.text().collect()).collect()
}

/// What differs of the risks, line by line.
fn told(page: &Page) -> Vec<String> {
    page.all("td ul li").iter().map(|one| one.text().collect()).collect()
}

both! {
    fn what_has_changed_comes_first_and_is_told(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let first = world.plan(2025);
        for name in ["Risk för brand", "Risk för vatten", "Risk för stöld"] {
            let risk = world.risk(&first, &goal, name, (3, 4)).id();
            world.control(&risk, &format!("Rondering mot {}", name.to_lowercase()));
        }
        world.complete(&first);
        world.decide(&first);
        let goal = world.goal(2026, "En ekonomi i balans");
        let next = world.carried(2026, &first);
        let risks = world.risks(&next);
        let id = |name: &str| {
            let found = risks.iter().find(|one| one["name"] == name).expect("it went along");
            found["id"].as_str().expect("an id").to_owned()
        };
        let (fire, water) = (id("Risk för brand"), id("Risk för vatten"));
        // The goals are the year's own, and called the same.
        for risk in &risks {
            let path = format!("/risks/{}", risk["id"].as_str().expect("an id"));
            world.controller.patch_current(&path, json!({"goalId": goal})).expect(200);
        }
        let controller = world.visitor(&world.controller.id);
        let path = format!("/plans/{next}/comparison");
        let same = controller.page(&path);
        assert_eq!((told(&same), same.text("#summary")), (vec![], "3 risker är som förut.".to_owned()));
        assert_eq!((rows(&same, 0).len(), same.text("h2")), (3, "Risker som är som förut".to_owned()));

        world.controller.post(&format!("/risks/{fire}/assessments"), json!({"likelihood": 4, "consequence": 4})).expect(201);
        let form = json!({"ownerId": null, "description": "Lokalerna är gamla.", "category": "financial"});
        world.controller.patch_current(&format!("/risks/{water}"), form).expect(200);
        world.control(&water, "Byt rören");
        let old = world.controller.get(&format!("/risks/{water}/controls")).expect(200).items()[0].clone();
        let old = old["id"].as_str().expect("an id").to_owned();
        world.controller.patch_current(&format!("/controls/{old}"), json!({"name": "Rondering varje natt"})).expect(200);
        world.risk(&next, &goal, "Risk för mögel", (3, 3));
        let page = controller.page(&path);
        assert_eq!(
            page.text("#summary"),
            "En ny risk, en risk har fått högre riskvärde, en risk har ändrats på annat sätt, en risk är som förut."
        );
        let mut changed = rows(&page, 0);
        changed.sort();
        assert_eq!(changed, ["Risk för brand", "Risk för mögel", "Risk för vatten"]);
        assert_eq!(rows(&page, 1), ["Risk för stöld"]);
        let lines = told(&page);
        let says = |start: &str, end: &str| {
            assert!(lines.iter().any(|line| line.starts_with(start) && line.ends_with(end)), "{start} {end}: {lines:?}");
        };
        says("Beskrivning: –", "→ Lokalerna är gamla.");
        says("Riskägare: Rut Ägare", "→ –");
        says("Kategori:", "→ Ekonomisk risk");
        // A category of the body's own is told as it is called.
        let own = json!({"organisationId": world.board, "year": 2026, "words": {"categories": [{"name": "Vattenrisk", "category": "operational"}]}});
        world.controller.post("/wordings", own).expect(201);
        world.controller.patch_current(&format!("/risks/{water}"), json!({"ownCategory": "Vattenrisk"})).expect(200);
        let lines = told(&controller.page(&path));
        assert!(lines.iter().any(|line| line.starts_with("Kategori:") && line.ends_with("→ Vattenrisk")), "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with("Kontroll: – → Byt rören")), "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with("Kontroll: Rondering mot risk för vatten") && line.contains("→ Rondering varje natt")), "{lines:?}");
        assert!(lines.iter().all(|line| !line.starts_with("Mål:")), "{lines:?}");
    }
}
