//! Pages of a day that has been: asked for in one place, told clearly, and nothing to write on there.

use chrono::{Days, NaiveDate};
use riskregister::domain::words::Language;
use riskregister::storage::Timestamp;
use riskregister::web::texts;
use serde_json::json;

use crate::follow_up::{Year, judged};
use crate::kit::{World, both, walks};
use crate::pages::{Filled, everyone, who_sees};

#[test]
fn a_day_ends_by_the_clock_in_stockholm() {
    let ends = |day: &str| Timestamp::end_of(day.parse().expect("a day")).expect("it ends").to_string();
    assert_eq!(ends("2026-01-31"), "2026-01-31T22:59:59.999999Z");
    assert_eq!(ends("2026-07-31"), "2026-07-31T21:59:59.999999Z");
    // The day on which the clock goes forward.
    assert_eq!(ends("2026-03-29"), "2026-03-29T21:59:59.999999Z");
    assert_eq!(Timestamp::end_of(NaiveDate::MAX), None);
}

both! {
    fn what_was_sealed_is_read_as_of_then(world: &World) {
        let year = Year::drafted(world);
        let plan = format!("/plans/{}", year.plan);
        let mut moments = vec![(plan.clone(), Timestamp::now())];
        world.propose(&year.plan).expect(200);
        moments.push((plan.clone(), Timestamp::now()));
        world.adopt(&year.plan).expect(200);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = format!("/reports/{}", year.report("t1"));
        moments.extend([&plan, &report].map(|page| (page.clone(), Timestamp::now())));
        world.head.post_current(&report, "/finalization", json!({})).expect(200);
        moments.push((report.clone(), Timestamp::now()));
        world.controller.post_current(&report, "/decision", judged()).expect(200);
        moments.push((report.clone(), Timestamp::now()));
        world.revise(&year.plan).expect(200);
        moments.extend([&plan, &report].map(|page| (page.clone(), Timestamp::now())));
        // A later change is not to be seen then.
        world.controller.patch_current(&format!("/risks/{}", year.risk), json!({"name": "Brist på allt"})).expect(200);
        for who in [&world.controller.id, &world.auditor.id, &world.admin_id] {
            let visitor = world.visitor(who);
            for (page, moment) in &moments {
                let then = visitor.page(&format!("{page}?asOf={moment}"));
                let told = then.text(".read");
                assert!(told.contains("Brist på scener") && !told.contains("Brist på allt"), "{page} as of {moment}: {told}");
            }
        }
        let reader = world.visitor(&world.reader.id);
        for (page, moment) in &moments[2..] {
            let then = reader.get(&format!("{page}?asOf={moment}"));
            assert!([200, 404].contains(&then.status), "{page} as of {moment}: {}", then.status);
        }
        assert!(reader.page(&format!("{report}?asOf={}", moments[5].1)).text(".read").contains("Brist på scener"));
    }

    fn a_list_is_shown_as_it_stood_on_a_day(world: &World) {
        let year = Year::adopted(world);
        let controller = world.visitor(&world.controller.id);
        let list = "/risks?year=2024&sort=name&page=1";
        let page = controller.page(list);
        let form = page.form("form.of-a-day");
        assert_eq!(
            form,
            [("year", "2024"), ("sort", "name"), ("asOf", "")].map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        let then = controller.page("/risks?year=2024&sort=name&asOf=2020-01-01");
        let banner = then.text(".banner");
        // It had not begun, which is what is said of it.
        let today = riskregister_document::long_date(Timestamp::now().stockholm_date());
        assert!(banner.contains(&format!("Registret började föras {today}.")), "{banner}");
        assert_eq!(then.attribute(".banner a", "href"), "/risks?year=2024&sort=name");
        assert_eq!(then.attribute("#as-of", "value"), "2020-01-01");
        assert!(then.all("main tbody tr").is_empty() && !page.all("main tbody tr").is_empty());
        // Today, and a day to come, are now.
        let today = Timestamp::now().stockholm_date();
        for day in [today, today + Days::new(7)] {
            let now = controller.page(&format!("/risks?year=2024&asOf={day}"));
            assert!(now.all(".banner").is_empty() && !now.all("main tbody tr").is_empty(), "{day}");
        }
        // What was not there then leads to what is there now.
        let path = format!("/risks/{}", year.risk);
        let answer = controller.get(&format!("{path}?asOf=2020-01-01")).expect(404);
        let page = crate::kit::visitor::Page::of(&answer);
        assert!(page.text("main").contains(&texts::say(Language::Sv, "as-of-not-there", &[])));
        assert_eq!(page.attribute("main a", "href"), path);
        assert!(!page.all("nav.main a").is_empty());
        controller.get("/risks/00000000-0000-7000-8000-000000000000").expect(404);
        // Who goes on from a past day stays in it, until they go back to today.
        let moment = Timestamp::now();
        let then = controller.page(&format!("/risks?year=2024&asOf={moment}"));
        let into = then.attribute("main tbody a", "href");
        assert!(into.starts_with("/risks/") && into.contains("?asOf="), "{into}");
        let risk = controller.page(&into);
        assert!(risk.text(".banner").contains("Registret som"), "{}", risk.text(".banner"));
        let onward: Vec<&str> = risk.all("main a").iter().filter_map(|a| a.attr("href")).collect();
        assert!(onward.iter().any(|at| at.starts_with("/plans/") && at.contains("asOf=")), "{onward:?}");
        assert_eq!(onward[0], into.split('?').next().expect("a path"), "the first leads back to today");
        let elsewhere: Vec<&str> = risk.all("nav.main a").iter().filter_map(|a| a.attr("href")).collect();
        assert!(elsewhere.iter().all(|at| !at.contains("asOf")), "{elsewhere:?}");
        let now = controller.page(&path);
        assert!(now.all("main a").iter().filter_map(|a| a.attr("href")).all(|at| !at.contains("asOf")));
        // What has no past does not ask for it.
        for path in ["/tasks", "/account", "/history", "/letters"] {
            assert!(controller.page(path).all("form.of-a-day").is_empty(), "{path}");
        }
    }
}

walks! {
    fn every_page_can_be_of_a_day_before_the_register(world: &World) {
        let filled = Filled::of(world);
        let everyone = everyone(world);
        for (template, path) in filled.pages() {
            let (_, sees) = who_sees(&everyone, template);
            let status = sees.get(&format!("{path}?asOf=2020-01-01")).status;
            assert!(matches!(status, 200 | 403 | 404), "{template}: {status}");
        }
    }
}
