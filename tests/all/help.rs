//! Help: each job by itself, with what holds at the body of whoever reads it.

use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::Page;
use crate::kit::{World, both};

/// The paths that a page leads to within its main part, below the one for help.
fn helped(page: &Page) -> Vec<String> {
    let links = page.all("main a[href^='/help/']");
    links.iter().filter_map(|a| a.attr("href")).map(|at| at.split('?').next().unwrap_or_default().to_owned()).collect()
}

/// What stands in the row of a table whose head this is.
#[track_caller]
fn row(page: &Page, head: &str) -> Vec<String> {
    let text = |element: scraper::ElementRef| element.text().collect::<String>().trim().to_owned();
    let rows = page.all("main tr");
    let found = rows.iter().find(|row| row.child_elements().next().is_some_and(|first| text(first) == head));
    let found = found.unwrap_or_else(|| panic!("{} has no row {head}: {}", page.asked, page.text("main")));
    found.child_elements().skip(1).map(text).collect()
}

/// A text with dates as pages write them, which no line breaks in two.
fn said(text: &str) -> String {
    let days = text.split(" – ").map(|day| day.replace(' ', "\u{a0}"));
    days.collect::<Vec<_>>().join(" – ")
}

both! {
    fn each_job_is_helped_with_by_itself(world: &World) {
        let year = Year::adopted(world);
        let jobs = ["report", "assess", "plan", "follow-up", "read", "audit", "issue"];
        let all: Vec<String> = jobs.iter().map(|job| format!("/help/{job}")).collect();
        let passer = world.passer_by();
        assert_eq!(helped(&passer.page("/help")), all);
        for at in &all {
            let page = passer.page(at);
            assert!(page.all("main ol li").len() >= 4 && page.all("#here").is_empty(), "{at}");
            assert_eq!(page.all("main a:not([href='/help'])").len(), 0, "{at} leads where only those may go who are signed in");
        }
        assert_eq!(passer.get("/help/nothing").status, 303);
        let controller = world.visitor(&world.controller.id);
        assert_eq!(controller.get("/help/nothing").status, 404);

        // One's own first, and those alone on the first page.
        let own = |id: &str| {
            let visitor = world.visitor(id);
            let first = helped(&visitor.page("/"));
            let help = helped(&visitor.page("/help"));
            assert_eq!(help[..first.len()], first);
            assert_eq!(help.len(), all.len(), "{help:?}");
            first.iter().map(|at| at.trim_start_matches("/help/").to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(own(&world.risk_owner.id), "report assess");
        assert_eq!(own(&world.performer.id), "report");
        assert_eq!(own(&world.controller.id), "plan follow-up");
        assert_eq!(own(&world.head.id), "follow-up");
        assert_eq!(own(&world.reader.id), "read");
        assert_eq!(own(&world.auditor.id), "audit");
        assert_eq!(own(&world.admin_id), "issue");
        assert_eq!(own(&world.stranger.id), "");

        // Where it is needed.
        let risk = |id: &str| format!("/risks/{id}");
        let (plan, control) = (format!("/plans/{}", year.plan), year.always.as_str());
        let draft = format!("/plans/{}", world.plan(2025));
        for (path, job) in [
            (format!("/status/control/{control}/t1"), "report"), ("/statuses".into(), "report"),
            (format!("{plan}/statuses?period=t1"), "report"), (risk(&year.risk), "assess"), (draft.clone(), "plan"),
            (format!("{plan}/follow-up"), "follow-up"), ("/history".into(), "audit"), (format!("{plan}/proof"), "audit"),
        ] {
            let there = helped(&controller.page(&path));
            assert_eq!(there, [format!("/help/{job}")], "{path}");
        }
        let link = controller.page(&draft).attribute("main a[href^='/help/']", "href");
        assert!(controller.page(&link).text("#here").contains("Kulturnämnden 2025"), "{link}");
    }

    fn it_tells_the_days_that_hold_where_one_works(world: &World) {
        let year = Year::adopted(world);
        let set = |period: &str, form: serde_json::Value| {
            world.admin.with("if-none-match", "*").put(&format!("/deadlines/2024/{period}"), form).expect(201);
        };
        set("t1", json!({"dueOn": "2024-05-17"}));
        set("interim", json!({"dueOn": "2024-09-20", "askedFrom": "2024-08-01"}));
        world.controller.patch_current(&year.period("t1"), json!({"deadline": "2024-05-10"})).expect(200);
        let days = |id: &str, period: &str| row(&world.visitor(id).page("/help/report?year=2024"), period);
        for person in [&world.controller, &world.risk_owner, &world.performer] {
            let own = ["1 januari 2024 – 30 april 2024", "16 april 2024", "10 maj 2024", "Öppen"].map(said);
            assert_eq!(days(&person.id, "T1"), own, "{}", person.email);
        }
        // Who neither follows the plan nor has anything to report in it is told everyone's days.
        let of_all = ["1 januari 2024 – 30 april 2024", "16 april 2024", "17 maj 2024", "–"].map(said);
        for person in [&world.reader, &world.stranger] {
            assert_eq!(days(&person.id, "T1"), of_all, "{}", person.email);
        }
        // By itself the year that is followed up is shown, also beside the draft of the next one.
        world.plan(2025);
        for person in [&world.controller, &world.risk_owner, &world.performer] {
            let page = world.visitor(&person.id).page("/help/report");
            assert!(page.text("#here").ends_with(" 2024"), "{}: {}", person.email, page.text("#here"));
        }
        let interim = days(&world.controller.id, "Delår");
        assert_eq!(interim[1..3], ["1 augusti 2024", "20 september 2024"].map(said));
        year.report_all("t1");
        year.close("t1").expect(200);
        assert_eq!(days(&world.controller.id, "T1")[3], "Stängd");
    }

    fn it_tells_the_rules_and_words_of_the_body(world: &World) {
        let year = Year::adopted(world);
        let controller = world.visitor(&world.controller.id);
        let scale = controller.page("/help/assess?year=2024").text("main");
        let policy = world.controller.get("/scoring-policies").expect(200).items()[0]["id"].as_str().expect("an id").to_owned();
        let versions = format!("/scoring-policies/{policy}/versions");
        let mut definition = world.admin.get(&format!("{versions}/1")).expect(200)["definition"].clone();
        assert!(scale.contains("högre än 8."), "{scale}");
        for level in definition["levels"].as_array().expect("levels") {
            for told in ["label", "demand"] {
                assert!(scale.contains(level[told].as_str().unwrap_or_default()), "{level}");
            }
        }
        // A year without a plan follows the newest scale; a plan its own.
        definition["threshold"] = 12.into();
        world.admin.post(&versions, json!({"definition": definition})).expect(201);
        let says = |path: &str| controller.page(path).text("main");
        assert!(says("/help/assess?year=2031").contains("högre än 12."));
        assert!(says("/help/assess?year=2024").contains("högre än 8."));

        let goal = world.goal(2031, "Ett mål för sig");
        world.issue(2031, "risk", "Risk för oegentligheter", &goal);
        assert!(says("/help/plan?year=2031").contains("Risk för oegentligheter"));
        assert!(says("/help/plan?year=2030").contains(&crate::none_said::to_a_board("mandatory-none")));
        let words = json!({"t1": "Deluppföljning 1", "performed": "Granskad"});
        let form = json!({"organisationId": world.board, "year": 2031, "words": words});
        world.controller.post("/wordings", form).expect(201);
        let told = says("/help/report?year=2031");
        assert!(told.contains("Deluppföljning 1") && told.contains("Granskad"), "{told}");
        assert!(!says("/help/report?year=2024").contains("Deluppföljning 1"));

        // Whoever has roles in several bodies chooses; a board member is not asked.
        assert!(controller.page("/help/report").all("[name=organisationId]").is_empty());
        let admin = world.visitor(&world.admin_id);
        let page = admin.page(&format!("/help/report?year=2031&organisationId={}", world.board));
        assert_eq!(page.all("[name=organisationId] option").len(), 2);
        assert!(page.text("main").contains("Deluppföljning 1"));
        let other = admin.page(&format!("/help/report?year=2031&organisationId={}", world.other_board));
        assert!(other.text("#here").contains("Trafiknämnden") && !other.text("main").contains("Deluppföljning 1"));
        // What is no body of one's own is not shown in its place.
        let elsewhere = controller.page(&format!("/help/report?organisationId={}", world.other_board));
        assert!(elsewhere.text("#here").contains("Kulturnämnden"));
        let _ = year;
    }
}
