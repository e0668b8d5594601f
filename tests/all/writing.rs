//! Writing a long text: with what was written in its place before beside it, and kept as a draft while it is written.

use riskregister::domain::words::Language;
use riskregister::storage::carry::Which;
use riskregister::web::texts;
use scraper::Selector;
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::{Fields, Page, Visitor, value_of, written};
use crate::kit::{Answer, Directory, World, both};
use crate::pages::{Filled, everyone, who_sees};

fn said(key: &str) -> String {
    texts::say(Language::Sv, key, &[])
}

/// What a page's script sends while somebody writes in a form.
fn keeps(visitor: &Visitor, page: &str, form: &Fields) -> Answer {
    visitor.send("/drafts", &written(form, "_page", page))
}

/// What stands in a form's field on a page, and whether it is told of as a draft.
fn stands(visitor: &Visitor, page: &str, form: &str, field: &str) -> (String, bool) {
    let page = visitor.page(page);
    let css = format!("form#{form}");
    let is_draft =
        page.all(&format!("{css} .banner")).iter().any(|one| one.text().collect::<String>().contains("utkast"));
    assert_eq!(page.all("button[name=_discard]").len(), usize::from(is_draft), "what is a draft can be thrown away");
    assert!(page.all(".faults, .fault-above").is_empty(), "nothing is wrong with it");
    assert!(!page.text("title").starts_with("Fel"));
    (value_of(&page.form(&css), field), is_draft)
}

both! {
    fn last_years_text_stands_beside_the_field(world: &World) {
        let goal = world.goal(2024, "En ekonomi i balans");
        let plan = world.plan(2024);
        world.risk(&plan, &goal, "Brist på scener", (3, 4));
        world.complete(&plan);
        world.controller.put_current(&format!("/plans/{plan}/sections/monitoring"), json!({"text": "Nämnden följer upp <tre> gånger om året."})).expect(200);
        let next = world.plan(2025);
        let path = format!("/plans/{next}/sections/monitoring");
        let visitor = world.visitor(&world.controller.id);
        let before = || visitor.page(&path).all(".earlier").len();
        assert_eq!(before(), 0, "what nobody adopted was never last year's text");
        world.decide(&plan);
        let page = visitor.page(&path);
        let told = page.text(".earlier");
        assert!(told.contains("Texten i planen för 2024") && told.contains("<tre> gånger"), "{told}");
        assert_eq!(value_of(&page.form("form#section"), "text"), "");
        // It can be what one starts with; nothing is saved by that.
        let start = page.attribute(".earlier a", "href");
        let started = visitor.page(start.split('#').next().expect("an address"));
        assert_eq!(value_of(&started.form("form#section"), "text").trim(), "Nämnden följer upp <tre> gånger om året.");
        assert_eq!(started.attribute("form#section", "action"), path, "and sending it leads back to the page itself");
        world.controller.get(&format!("/plans/{next}/sections/monitoring")).expect(404);
        // What is new since is told in the text's own words.
        let form = written(&started.form("form#section"), "text", "Nämnden följer upp <fyra> gånger om året.");
        visitor.send(&path, &form).expect(303);
        let page = visitor.page(&path);
        let removed: Vec<String> = page.all(".changed del").iter().map(|one| one.text().collect()).collect();
        let added: Vec<String> = page.all(".changed ins").iter().map(|one| one.text().collect()).collect();
        assert_eq!((removed.len(), added.len()), (1, 1));
        assert!(removed[0].contains("<tre>") && !removed[0].contains("Nämnden") && removed[0].contains("borttaget"), "{removed:?}");
        assert!(added[0].contains("<fyra>") && added[0].contains("tillagt"), "{added:?}");
        assert!(page.all(".earlier a").is_empty(), "what is written is not started anew");
        // The same text is said to be the same, and only that.
        let form = written(&page.form("form#section"), "text", "Nämnden följer upp <tre> gånger om året.");
        visitor.send(&path, &form).expect(303);
        let told = visitor.page(&path).text(".earlier");
        assert!(told.contains(&said("earlier-same")), "{told}");
        assert!(!page.text(".earlier").contains(&said("earlier-same")));
    }

    fn a_revision_is_held_against_what_was_adopted(world: &World) {
        let year = Year::adopted(world);
        world.revise(&year.plan).expect(200);
        let path = format!("/plans/{}/sections/monitoring", year.plan);
        let visitor = world.visitor(&world.controller.id);
        let told = visitor.page(&path).text(".earlier");
        assert!(told.contains("version 1") && told.contains(&said("earlier-same")), "{told}");
        let form = written(&visitor.page(&path).form("form#section"), "text", "Så arbetar hela nämnden.");
        visitor.send(&path, &form).expect(303);
        let added = visitor.page(&path).text(".changed ins");
        assert!(added.contains("hela"), "{added}");
    }

    fn a_report_goes_on_from_the_one_before(world: &World) {
        let year = Year::adopted(world);
        let visitor = world.visitor(&world.controller.id);
        let yellow = json!({"status": "performedWithDeviations", "comment": "Två saknade attest."});
        world.controller.with("if-none-match", "*").put(&format!("/controls/{}/reports/t1", year.always), yellow).expect(201);
        year.report_all("t1");
        year.close("t1").expect(200);
        let first = year.report("t1");
        assert!(visitor.page(&format!("/reports/{first}")).all(".earlier").is_empty(), "nothing came before it");
        let texts = json!({"introduction": "Året har börjat väl.", "conclusion": "Nämnden fortsätter."});
        world.controller.patch_current(&format!("/reports/{first}"), texts).expect(200);
        let judged = json!({"components": [{"component": "monitoring", "judgement": "partly", "reason": "Rutinen är ny."}]});
        world.controller.with("if-none-match", "*").put(&format!("/plans/{}/self-assessments/t1", year.plan), judged).expect(201);
        let second = year.report("interim");
        let page = visitor.page(&format!("/reports/{second}"));
        let told: Vec<String> = page.all(".earlier").iter().map(|one| one.text().collect()).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("Texten från T1 2024") && told[0].contains("Året har börjat väl."), "{told:?}");
        let start = page.attribute(".earlier a", "href");
        let started = visitor.page(start.split('#').next().expect("an address"));
        let form = started.form("form#report");
        assert_eq!((value_of(&form, "introduction").trim(), value_of(&form, "conclusion").trim()), ("Året har börjat väl.", ""));
        let told = visitor.page(&format!("/plans/{}/self-assessments/interim", year.plan)).text(".earlier");
        assert!(told.contains("Rutinen är ny.") && told.contains("T1 2024: delvis"), "{told}");
        // What somebody said of a control in the period before.
        let told = visitor.page(&format!("/status/control/{}/interim", year.always)).text(".earlier");
        assert!(told.contains("Två saknade attest."), "{told}");
    }

    fn what_is_written_is_kept_for_its_writer_alone(world: &World) {
        let plan = world.plan(2025);
        let path = format!("/plans/{plan}/sections/monitoring");
        let controller = world.visitor(&world.controller.id);
        let other = world.person_with("Karin Kollega", &world.board, "controller", &world.board);
        let colleague = world.visitor(&other.id);
        let form = controller.page(&path).form("form#section");
        let size = || world.admin.get(&format!("/logs/{}", world.board)).expect(200)["size"].clone();
        let before = size();
        let told = keeps(&controller, &path, &written(&form, "text", "Halva <meningen"));
        assert!(String::from_utf8_lossy(&told.expect(200).body).contains("inte sparat"));
        assert_eq!(stands(&controller, &path, "section", "text"), ("Halva <meningen".into(), true));
        // The last that was kept counts, and no history tells of it.
        keeps(&controller, &path, &written(&form, "text", "Hela <meningen> står här.\r\n- och en punkt")).expect(200);
        let draft = ("Hela <meningen> står här.\r\n- och en punkt".replace("\r\n", "\n"), true);
        let (text, is_draft) = stands(&controller, &path, "section", "text");
        assert_eq!((text.replace("\r\n", "\n"), is_draft), draft);
        assert_eq!(size(), before);
        // Nor is it in what auditors take with them.
        let directory = Directory::new();
        let export = directory.0.join("export.db");
        world.db.write_to_file(&export, Which::ForAuditors).expect("it can be exported");
        let bytes = std::fs::read(&export).expect("the export can be read");
        assert!(!bytes.windows(9).any(|part| part == b"<meningen"), "it is its writer's alone");
        assert_eq!(stands(&colleague, &path, "section", "text"), (String::new(), false), "it is nobody else's");
        world.controller.get(&format!("/plans/{plan}/sections/monitoring")).expect(404);
        // Another has saved meanwhile: both texts are shown.
        let theirs = written(&colleague.page(&path).form("form#section"), "text", "Kollegans text.");
        colleague.send(&path, &theirs).expect(303);
        let page = controller.page(&path);
        assert!(page.text("form#section .banner").contains(&said("form-stale-since")));
        assert!(page.text("#section-text-saved").contains("Kollegans text."));
        // Saved from there it is saved, and no draft any more.
        controller.send(&path, &page.form("form#section")).expect(303);
        assert_eq!(world.controller.get(&format!("/plans/{plan}/sections/monitoring")).expect(200).text("text"), "Hela <meningen> står här.\n- och en punkt");
        assert!(!stands(&controller, &path, "section", "text").1);
        // Thrown away it is gone, and what is saved stays.
        let form = controller.page(&path).form("form#section");
        keeps(&controller, &path, &written(&form, "text", "Något annat")).expect(200);
        let draft = controller.page(&path).form("form#section");
        controller.send(&path, &written(&draft, "_discard", "1")).expect(303);
        assert!(!stands(&controller, &path, "section", "text").1);
        assert!(world.controller.get(&format!("/plans/{plan}/sections/monitoring")).expect(200).text("text").starts_with("Hela"));
        // Of the past, and with faults, what was asked is shown.
        keeps(&controller, &path, &written(&form, "text", "Utkast")).expect(200);
        let refused = Page::of(&controller.send(&path, &written(&form, "text", "")).expect(422));
        assert!(refused.text("form#section").contains("Fyll i"));
        assert_eq!(stands(&controller, &path, "section", "text"), ("Utkast".into(), true), "and the draft is there still");
    }

    fn drafts_go_with_their_writer_and_with_what_is_erased(world: &World) {
        let plan = world.plan(2025);
        let goal = world.goal(2025, "En ekonomi i balans");
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let sections = format!("/plans/{plan}/sections/monitoring");
        let edit = format!("/risks/{risk}/edit");
        world.controller.with("if-none-match", "*").put(&sections, json!({"text": "Namnet Hemligtorp"})).expect(201);
        let other = world.person_with("Karin Kollega", &world.board, "controller", &world.board);
        let (one, two) = (world.visitor(&world.controller.id), world.visitor(&other.id));
        for (visitor, path, form, field) in
            [(&one, &sections, "section", "text"), (&two, &sections, "section", "text"), (&two, &edit, "risk", "description")]
        {
            let now = visitor.page(path).form(&format!("form#{form}"));
            keeps(visitor, path, &written(&now, field, "Namnet Hemligtorp, och mer")).expect(200);
        }
        let section = world.controller.get(&sections).expect(200).id();
        let ask = json!({"entity": "planSection", "entityId": section, "fields": ["text"], "decision": "RS 2026-1, § 4"});
        let asked = world.admin.post("/erasures", ask).expect(201);
        let second = world.person_with("Rut Regionell", &world.root, "regionAdministrator", &world.root);
        second.post(&format!("/erasures/{}/confirmation", asked.id()), json!({})).expect(200);
        for visitor in [&one, &two] {
            assert!(!stands(visitor, &sections, "section", "text").1, "what is written about it goes too");
        }
        assert!(stands(&two, &edit, "risk", "description").1, "what is written about other things stays");
        let user = format!("/users/{}", other.id);
        world.admin.patch_current(&user, json!({"active": false})).expect(200);
        world.admin.patch_current(&user, json!({"active": true})).expect(200);
        assert!(!stands(&world.visitor(&other.id), &edit, "risk", "description").1);
    }

    fn only_what_is_written_on_such_a_page_is_kept(world: &World) {
        let filled = Filled::of(world);
        let everyone = everyone(world);
        let mut kept = 0;
        let one = Selector::parse("form[data-kept]").expect("a selector");
        for (template, path) in filled.pages() {
            let (_, visitor) = who_sees(&everyone, template);
            let page = visitor.page(&path);
            for form in page.html.select(&one) {
                let css = format!("form#{}", form.attr("id").expect("a form has an id"));
                let answer = keeps(visitor, &path, &page.form(&css));
                assert_eq!(answer.status, 200, "what is written in {css} on {template} is kept");
                kept += 1;
            }
            assert_eq!(page.all("form[data-kept] [data-kept-told]").len(), page.all("form[data-kept]").len(), "{template}");
        }
        assert!(kept >= 4, "{kept} such forms");
        let plan = world.plan(2031);
        let path = format!("/plans/{plan}/sections/monitoring");
        let controller = world.visitor(&world.controller.id);
        let form = controller.page(&path).form("form#section");
        for page in ["/plans", "/nowhere", "https://example.org/", ""] {
            keeps(&controller, page, &form).expect(404);
        }
        let unmarked: Fields = form.iter().filter(|(name, _)| name != "_kept").cloned().collect();
        keeps(&controller, &path, &unmarked).expect(404);
        keeps(&controller, &path, &written(&form, "_csrf", "another")).expect(401);
        keeps(&world.passer_by(), &path, &form).expect(401);
        controller.with("sec-fetch-site", "cross-site").send_bare("/drafts", &written(&form, "_page", &path)).expect(401);
        keeps(&controller, &path, &written(&form, "text", &"å".repeat(300_000))).expect(413);
        assert!(!stands(&controller, &path, "section", "text").1);
        // Of the many that one begins the newest stay.
        for n in 0..53 {
            keeps(&controller, &path, &written(&written(&form, "_form", &format!("section-{n}")), "text", "x")).expect(200);
        }
        keeps(&controller, &path, &written(&form, "text", "det sista")).expect(200);
        assert_eq!(stands(&controller, &path, "section", "text").0, "det sista");
    }
}
