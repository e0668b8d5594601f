//! The same risk in the plans of several years, on its page.

use serde_json::json;

use crate::kit::visitor::Page;
use crate::kit::{World, both};

both! {
    fn a_risks_page_leads_to_the_same_risk_of_other_years(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let first = world.plan(2025);
        let risk = world.risk(&first, &goal, "Risk för brand", (3, 4)).id();
        let controller = world.visitor(&world.controller.id);
        let alone = controller.page(&format!("/risks/{risk}"));
        assert!(alone.all("#years").is_empty(), "one year is no years");
        world.complete(&first);
        world.decide(&first);
        let next = world.carried(2026, &first);
        let later = world.risks(&next).iter().find(|one| one["name"] == "Risk för brand").expect("it went along")["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        world.controller.post(&format!("/risks/{later}/assessments"), json!({"likelihood": 4, "consequence": 4})).expect(201);
        let links = |page: &Page| -> Vec<String> {
            let all = page.all("#years ~ .scroll tbody th a");
            all.iter().filter_map(|one| one.attr("href")).map(str::to_owned).collect()
        };
        let scores = |page: &Page| -> Vec<String> {
            page.all("#years ~ .scroll td.n strong").iter().map(|one| one.text().collect()).collect()
        };
        // Both ways, with the scores in a picture and in the table.
        for (at, to) in [(&risk, &later), (&later, &risk)] {
            let page = controller.page(&format!("/risks/{at}"));
            assert_eq!(links(&page), [format!("/risks/{to}")]);
            assert_eq!(scores(&page), ["12", "16"]);
            let drawn: Vec<String> = page.all("svg.chart text").iter().map(|one| one.text().collect()).collect();
            assert_eq!(drawn, ["12", "2025", "16", "2026"]);
        }
        // A reader sees no draft, and so no other year.
        assert!(world.visitor(&world.reader.id).page(&format!("/risks/{risk}")).all("#years").is_empty());
    }
}
