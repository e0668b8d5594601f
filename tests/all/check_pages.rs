//! Before what locks or seals a page tells what will be decided, and takes an explicit yes.

use riskregister::domain::words::Language;
use riskregister::web::texts;
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::{Fields, Page, Visitor, value_of, written};
use crate::kit::{World, both};

fn said(key: &str) -> String {
    texts::say(Language::Sv, key, &[])
}

/// The page that asks, after a form of a page was sent; and that nothing has happened by it.
fn asks(world: &World, visitor: &Visitor, path: &str, form: &Fields) -> Page {
    let state =
        || (world.admin.get(&format!("/logs/{}", world.board)).expect(200)["size"].clone(), status(world, path));
    let before = state();
    let page = Page::of(&visitor.send(path, form).expect(200));
    page.one("form#check button[name=_yes]");
    assert_eq!(state(), before, "nothing is done by asking");
    page
}

fn status(world: &World, path: &str) -> String {
    world.admin.get(path).expect(200).text("status")
}

/// Says yes.
fn agrees(visitor: &Visitor, path: &str, page: &Page) {
    visitor.send(path, &written(&page.form("form#check"), "_yes", "1")).expect(303);
}

both! {
    fn a_plan_is_proposed_and_adopted_by_an_explicit_yes(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let plan = world.plan(2025);
        world.risk(&plan, &goal, "Brist på scener", (3, 4));
        world.complete(&plan);
        let path = format!("/plans/{plan}");
        let (head, controller) = (world.visitor(&world.head.id), world.visitor(&world.controller.id));
        let page = asks(world, &head, &path, &head.page(&path).form("form#propose"));
        assert_eq!(page.text("h1"), said("check-propose"));
        // The very document that is handed over.
        let document = page.attribute("dl.facts a", "href");
        assert!(head.get(&document).expect(200).header("content-type") == "application/pdf");
        agrees(&head, &path, &page);
        assert_eq!(status(world, &path), "proposed");

        // What is wrong is told before anything is asked.
        let form = controller.page(&path).form("form#adopt");
        let wrong = Page::of(&controller.send(&path, &form).expect(422));
        assert_eq!(wrong.attribute("#adopt-paragraph", "aria-invalid"), "true");
        let fields = [("paragraph", "97"), ("diaryNumbers", "KUN 2025-7\nRS 2025-99"), ("clauses", "att fastställa planen"),
            ("decidingBoard", "Nämnden <b>"), ("decidedOn", "2025-01-15")];
        let form = fields.iter().fold(form, |form, (name, value)| written(&form, name, value));
        let page = asks(world, &controller, &path, &form);
        let told = page.text("dl.facts");
        for text in ["15\u{a0}januari\u{a0}2025", "97", "KUN 2025-7", "RS 2025-99", "att fastställa planen", "Nämnden <b>", "Carl Controller"] {
            assert!(told.contains(text), "{text} in {told}");
        }
        assert!(page.text("#making").contains("några sekunder"));
        // Back to the form, with all that was written.
        let back = Page::of(&controller.send(&path, &written(&page.form("form#check"), "_change", "1")).expect(200));
        let again = back.form("form#adopt");
        assert_eq!((value_of(&again, "paragraph"), value_of(&again, "decidedOn")), ("97".into(), "2025-01-15".into()));
        assert!(back.text("form#adopt .faults").contains(&said("check-nothing-done")));
        assert_eq!(status(world, &path), "proposed");
        agrees(&controller, &path, &page);
        let adopted = world.controller.get(&path).expect(200);
        assert_eq!((adopted.text("status"), adopted.text("paragraph")), ("adopted".into(), "97".into()));
        // A yes that comes late, or again, does nothing more.
        let twice = controller.send(&path, &written(&page.form("form#check"), "_yes", "1"));
        assert_eq!(twice.status, 303, "the same form is done once");
        let late = written(&written(&page.form("form#check"), "_yes", "1"), "_key", "another");
        assert!(controller.send(&path, &late).status >= 400);
        assert_eq!(world.controller.get(&format!("{path}/revisions")).expect(200).items().len(), 1);
    }

    fn a_report_is_final_and_decided_by_an_explicit_yes(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let path = format!("/reports/{}", year.report("t1"));
        let (head, controller) = (world.visitor(&world.head.id), world.visitor(&world.controller.id));
        let page = asks(world, &head, &path, &head.page(&path).form("form#finalize"));
        assert!(page.text("main").contains("Kulturnämnden"));
        agrees(&head, &path, &page);
        assert_eq!(status(world, &path), "final");
        let form = written(&controller.page(&path).form("form#decide"), "paragraph", "12");
        let page = asks(world, &controller, &path, &form);
        assert_eq!(page.text("h1"), said("check-decide"));
        agrees(&controller, &path, &page);
        assert_eq!(status(world, &path), "decided");
        // Who may not is not asked.
        let reader = world.visitor(&world.reader.id);
        let mut form = form;
        form.retain(|(name, _)| name != "_csrf");
        let csrf = value_of(&reader.page("/account").form("form#password"), "_csrf");
        form.push(("_csrf".into(), csrf));
        assert!(reader.send(&path, &form).status >= 400);
        assert_eq!(world.controller.get(&path).expect(200)["paragraph"], json!("12"));
    }
}
