//! The first page of each role, and the rows of the tasks that letters lead to.

use serde_json::json;

use crate::follow_up::Year;
use crate::kit::browser::{Browser, Scripts};
use crate::kit::smtp::Received;
use crate::kit::{Databases, Start, World, both};
use crate::reminders::Posting;
use riskregister::web::SESSION;

/// The table of the follow-up, row by row, as words.
fn standing(world: &World, user: &str) -> Vec<String> {
    let page = world.visitor(user).page("/");
    let rows = page.all("section[aria-labelledby=standing] tbody tr");
    let words = |row: &scraper::ElementRef| row.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    rows.iter().map(words).collect()
}

/// The address of the row in the list of tasks that a letter's line about a thing leads to.
fn row_in(letter: &Received, about: &str) -> String {
    let text = letter.text();
    let mut lines = text.lines().skip_while(|line| !line.contains(about));
    let url = lines.nth(1).expect("a line below it").trim();
    url.strip_prefix("https://risk.example.org").expect("the address of the service").to_owned()
}

both! {
    fn where_the_body_stands_is_what_its_periods_say(world: &World) {
        let year = Year::adopted(world);
        let said = |period: &str| {
            let view = world.controller.get(&year.period(period)).expect(200);
            format!("{} {} {}", view["due"], view["reported"], view["missing"])
        };
        for who in [&world.controller.id, &world.head.id] {
            let rows = standing(world, who);
            assert_eq!(rows.len(), 3, "{rows:?}");
            for (row, (period, name)) in rows.iter().zip([("t1", "T1 2024"), ("interim", "Delår 2024"), ("annual", "År 2024")]) {
                assert!(row.starts_with(&format!("{name} {}", said(period))), "{row}: {}", said(period));
            }
        }
        year.report_all("t1");
        year.close("t1").expect(200);
        let rows = standing(world, &world.controller.id);
        assert_eq!(rows.len(), 2, "what is closed is done: {rows:?}");
        // The region sees the same of all, with whose each is.
        let region = world.visitor(&world.admin_id).page("/");
        assert!(region.text("section[aria-labelledby=plans]").contains("Kulturnämnden 2024: Fastställd"), "{}", region.text("main"));
        let highest = region.text("section[aria-labelledby=highest]");
        assert!(highest.contains("Brist på scener") && highest.contains("Kulturnämnden"), "{highest}");
        // Whoever follows no plan is told of none; a reader reads plans and risks.
        assert_eq!(standing(world, &world.reader.id), [""; 0]);
        let reader = world.visitor(&world.reader.id).page("/");
        assert!(reader.text("main").contains("Kulturnämnden 2024"));
        assert!(!world.visitor(&world.stranger.id).page("/").text("main").contains("Löpande stickprov"));
    }

    fn the_highest_risks_come_with_their_scores_over_the_years(world: &World) {
        let year = Year::adopted(world);
        world.goal(2025, "En ekonomi i balans");
        world.carried(2025, &year.plan);
        let risk = world.named(world.controller.get("/plans?year=2025").expect(200).column("id")[0], "Brist på scener");
        let id = risk["id"].as_str().expect("an id");
        world.controller.post(&format!("/risks/{id}/assessments"), json!({"likelihood": 4, "consequence": 4})).expect(201);
        // What nobody has assessed yet is not the highest.
        let draft = risk["planId"].as_str().expect("its plan").to_owned();
        for n in 0..6 {
            world.controller.post(&format!("/plans/{draft}/risks"), json!({"name": format!("Obedömd {n}")})).expect(201);
        }
        let page = world.visitor(&world.controller.id).page("/");
        let rows = page.all("section[aria-labelledby=highest] tbody tr");
        let first: String = rows[0].text().collect();
        for word in ["Brist på scener", "16", "2024: 12", "2025: 16"] {
            assert!(first.contains(word), "{word}: {first}");
        }
        assert_eq!(page.all("section[aria-labelledby=highest] svg.spark").len(), 2, "a line where there are years to join");
        // Whoever looks at no year sees each risk once, as it is in the newest plan.
        let performer = world.visitor(&world.performer.id).page("/");
        let names: Vec<String> = performer.all("section[aria-labelledby=highest] tbody th a").iter().map(|a| a.text().collect()).collect();
        let once: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!((once.len(), names.is_empty()), (names.len(), false), "{names:?}");
        // What a draft lacks leads to where it stands.
        let plans = page.text("section[aria-labelledby=plans]");
        assert!(plans.contains("Kulturnämnden 2025") && plans.contains("saker saknas"), "{plans}");
    }

    fn what_has_happened_since_is_told(world: &World) {
        let year = Year::adopted(world);
        let signed = world.add("Karin Kontroll", &world.board, Some(riskregister::domain::words::Role::Controller));
        let in_again = || {
            let answer = world.signs_in("karin.kontroll@example.org", "/").expect(303);
            world.bearing(&crate::kit::visitor::cookie_of(&answer)).page("/")
        };
        assert!(in_again().all("section[aria-labelledby=since]").is_empty(), "the first time nothing is new");
        world.controller.post(&format!("/risks/{}/controls", year.risk), json!({"name": "Dubbla nycklar"})).expect(201);
        let page = in_again();
        let told = page.text("section[aria-labelledby=since]");
        assert!(told.contains("Dubbla nycklar"), "{told}");
        // Who signed in has changed nothing.
        let events = page.all("section[aria-labelledby=since] li");
        assert!(!events.is_empty() && events.iter().all(|one| !one.text().collect::<String>().contains("loggade in")), "{}", page.text("main"));
        assert!(page.attribute("section[aria-labelledby=since] > p a", "href").ends_with(&world.board));
        // Of two bodies both are told of.
        let other = world.organisation(&world.root, "board", "Musiknämnden");
        for person in [&signed, &world.controller.id] {
            world.grant(person, json!({"organisationId": other, "role": "controller"}));
        }
        in_again();
        world.controller.post(&format!("/risks/{}/controls", year.risk), json!({"name": "Tredubbla nycklar"})).expect(201);
        world.controller.post("/plans", json!({"organisationId": other, "year": 2024})).expect(201);
        let page = in_again();
        let told = page.text("section[aria-labelledby=since]");
        assert!(told.contains("Tredubbla nycklar") && told.contains("Musiknämnden 2024"), "{told}");
        assert_eq!(page.attribute("section[aria-labelledby=since] > p a", "href"), "/history");
    }

    fn a_letter_s_line_leads_to_its_row(p: &Posting) {
        let year = Year::drafted(p);
        // More than stand on one page.
        for n in 0..8 {
            let form = json!({"name": format!("Prov {n}"), "recurrences": ["continuous"], "responsibleId": p.performer.id});
            p.controller.post(&format!("/risks/{}/controls", year.risk), form).expect(201);
        }
        year.decide(&year.plan);
        p.monday();
        p.settled();
        let letter = p.letter_to(&p.performer.email);
        let visitor = p.visitor(&p.performer.id);
        for about in ["Löpande stickprov", "Prov 7"] {
            let at = row_in(&letter, about);
            let (path, row) = at.split_once('#').expect("a place on the page");
            let page = visitor.page(path);
            let open = page.all("ol.tasks > li > details[open]");
            assert_eq!(open.len(), 1, "{at}");
            assert!(open[0].text().collect::<String>().contains(about), "{at}");
            assert_eq!(page.all(&format!("details[open] [id='{row}'] form")).len(), 1, "{at}");
            assert!(letter.html().contains(&format!("<a href=\"https://risk.example.org{}", path.replace('&', "&amp;"))), "{at}");
        }
    }
}

/// Twenty tasks are overlooked at once, and a row opens to its form.
#[test]
fn twenty_tasks_stand_within_a_page() {
    let world = World::on(Databases::Sqlite);
    let year = Year::drafted(&world);
    for n in 0..8 {
        let form =
            json!({"name": format!("Prov {n}"), "recurrences": ["continuous"], "responsibleId": world.performer.id});
        world.controller.post(&format!("/risks/{}/controls", year.risk), form).expect(201);
    }
    year.decide(&year.plan);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.open("/help");
    browser.take_cookie(SESSION, &world.visitor(&world.performer.id).cookie);
    browser.open("/tasks");
    assert_eq!(browser.all("ol.tasks > li").len(), 20);
    let size = browser.js("return [innerWidth, document.documentElement.scrollHeight]", &[]);
    let (width, height) = (size[0].as_f64().expect("a width"), size[1].as_f64().expect("a height"));
    assert!((1200.0..1400.0).contains(&width) && height <= 2000.0, "{width} × {height}");
    browser.press("ol.tasks summary");
    assert!(browser.has("ol.tasks details[open] form"));
}
