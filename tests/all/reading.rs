//! Plans and reports as one reads them on their pages: they say what their documents say, all of it, and nothing that the one
//! who reads may not see.

use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::pdf::dense;
use crate::kit::visitor::Page;
use crate::kit::{Client, World, both, office};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The paragraphs of a document that stand after its first page, from the first heading on.
fn paragraphs(client: &Client, path: &str, first: &str) -> Vec<String> {
    let file = client.with("accept", DOCX).get(path).expect(200).body;
    let all: Vec<String> = office::paragraphs(&file).iter().map(|one| dense(one)).collect();
    let from = all.iter().position(|one| *one == dense(first)).expect("the first heading");
    all[from..].iter().filter(|one| !one.is_empty()).cloned().collect()
}

/// The content of a page is that of the document.
#[track_caller]
fn hold_read(page: &Page, document: &[String]) {
    let read = dense(&page.text(".read"));
    for told in document {
        assert!(read.contains(told), "the page does not say {told} in\n{read}");
    }
    assert!(document.len() > 60, "{document:?}");
    // Each line of the contents leads to something, and what is long stands after them.
    for link in page.all("nav.contents a") {
        let at = link.attr("href").and_then(|to| to.strip_prefix('#')).expect("it stays on the page");
        page.one(&format!("[id='{at}']"));
    }
    let order = page.text("main");
    let place = |text: &str| order.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(place("Innehåll") < place("Bilaga 1. Risker, kontroller och åtgärder"));
}

fn said(page: &Page) -> String {
    page.text(".read").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn marked() -> Value {
    json!({"provision": "18 kap. 8 § OSL", "date": "2024-01-15", "authority": "Kulturnämnden"})
}

both! {
    fn a_plans_page_says_what_its_document_says(world: &World) {
        let year = Year::drafted(world);
        let texts = json!({"description": "Vi ska\n- räkna scenerna\n- bygga en till", "justification": "Kostnaden är för hög.",
            "secrecy": marked()});
        world.controller.patch_current(&format!("/risks/{}", year.risk), texts).expect(200);
        let form = json!({"description": "Två av trettio i taget.", "frequency": "Varje vecka"});
        world.controller.patch_current(&format!("/controls/{}", year.always), form).expect(200);
        let path = format!("/plans/{}", year.plan);
        let document = format!("{path}/document");
        let controller = world.visitor(&world.controller.id);
        hold_read(&controller.page(&path), &paragraphs(&world.controller, &document, "Bakgrund och rättslig grund"));
        year.decide(&year.plan);
        let told = paragraphs(&world.controller, &document, "Bakgrund och rättslig grund");
        let reader = world.visitor(&world.reader.id).page(&path);
        for page in [&reader, &controller.page(&path), &world.visitor(&world.auditor.id).page(&path)] {
            hold_read(page, &told);
            // What is marked is marked on top, in the list, and at the risk; and a risk leads to its page.
            assert!(page.text(".banner.secret").contains("18 kap. 8 § OSL"));
            assert!(page.text(".read p.secret").contains("18 kap. 8 § OSL"));
            assert!(page.text(".read table.stack .mark").contains("18 kap. 8 § OSL"));
            assert_eq!(page.all(&format!(".read h4 a[href='/risks/{}']", year.risk)).len(), 1);
            assert_eq!(page.all(".read ul.now").len(), 0, "nothing has changed");
        }
        assert_eq!(reader.all("#sections").len(), 0, "what was not written is not asked for any more");
        // Nothing is offered for who only reads.
        assert_eq!(reader.all("main form:not([id=note])").len(), 0);
        assert_eq!(reader.all("a[href*='/sections/']").len(), 0);
        // In English what is around it is, and the plan is told to be in Swedish.
        let english = world.visitor(&world.reader.id).with("accept-language", "en").page(&path);
        assert_eq!(english.attribute("div.read", "lang"), "sv");
        assert!(english.text("nav.contents h2").contains("Contents"));
    }

    fn who_sees_no_draft_reads_what_was_adopted(world: &World) {
        let year = Year::adopted(world);
        let path = format!("/plans/{}", year.plan);
        world.revise(&year.plan).expect(200);
        world.controller.patch_current(&format!("/risks/{}", year.risk), json!({"name": "Ett nytt namn"})).expect(200);
        world.control(&year.risk, "En kontroll i utkastet");
        let at = format!("{path}/sections/controlEnvironment");
        world.controller.put_current(&at, json!({"text": "En text i utkastet."})).expect(200);
        let page = world.visitor(&world.reader.id).page(&path);
        let sealed = format!("{path}/revisions/1/document");
        hold_read(&page, &paragraphs(&world.reader, &sealed, "Bakgrund och rättslig grund"));
        let whole = page.text("main");
        for draft in ["Ett nytt namn", "En kontroll i utkastet", "En text i utkastet."] {
            assert!(!whole.contains(draft), "{draft}");
        }
        assert!(said(&page).contains("Brist på scener"));
        assert_eq!(page.all("main a[href^='/risks']").len(), 0, "a draft's risks are not for them");
        let controller = world.visitor(&world.controller.id).page(&path);
        for draft in ["Ett nytt namn", "En kontroll i utkastet", "En text i utkastet.", "Revideringen"] {
            assert!(said(&controller).contains(draft), "{draft}");
        }
    }

    fn what_was_adopted_has_today_beside_it(world: &World) {
        let year = Year::adopted(world);
        let (path, controller) = (format!("/plans/{}", year.plan), world.visitor(&world.controller.id));
        assert_eq!(controller.page(&path).all("ul.now").len(), 0);
        let form = json!({"likelihood": 2, "consequence": 4, "reason": "En scen till."});
        world.controller.post(&format!("/risks/{}/assessments", year.risk), form).expect(201);
        world.controller.patch_current(&format!("/risks/{}", year.risk), json!({"ownerId": world.head.id})).expect(200);
        let form = json!({"responsibleId": world.risk_owner.id});
        world.controller.patch_current(&format!("/controls/{}", year.always), form).expect(200);
        let form = json!({"endDate": "2024-06-30", "endDateReason": "Regn"});
        world.controller.patch_current(&format!("/actions/{}", year.action), form).expect(200);
        world.control(&year.risk, "Räkna stolarna");
        world.action(&year.risk, "Måla scenen");
        let page = controller.page(&path);
        let now: Vec<String> = page.all("ul.now li").iter().map(|one| one.text().collect()).collect();
        let name = |id: &str| world.admin.get(&format!("/users/{id}")).expect(200).text("name");
        for told in [
            "Riskvärde i dag: 8, Medelhög risk (sannolikhet 2 × konsekvens 4)".to_owned(),
            format!("Riskägare i dag: {}", name(&world.head.id)),
            format!("Ansvarig i dag för Löpande stickprov: {}", name(&world.risk_owner.id)),
            "Slutdatum i dag för Bygg en scen: 30\u{a0}juni\u{a0}2024".to_owned(),
            "Kontroll som är tillagd efter fastställandet: Räkna stolarna".to_owned(),
            "Åtgärd som är tillagd efter fastställandet: Måla scenen".to_owned(),
        ] {
            let found = now.iter().any(|one| one.replace('\u{a0}', " ") == told.replace('\u{a0}', " "));
            assert!(found, "{told} is not in {now:#?}");
        }
        assert_eq!(now.len(), 6, "{now:#?}");
        // What the board decided on stands as it was.
        let all = said(&page);
        assert!(all.contains("12 Hög risk") && all.contains(&name(&world.risk_owner.id)), "{all}");
        hold_read(&page, &paragraphs(&world.controller, &format!("{path}/document"), "Bakgrund och rättslig grund"));
    }

    fn texts_that_nobody_has_written_are_told_to_who_works_on_the_plan(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let plan = world.plan(2025);
        world.risk(&plan, &goal, "Brist på publik", (3, 4));
        let path = format!("/plans/{plan}");
        let controller = world.visitor(&world.controller.id);
        let ways = |page: &Page, within: &str| -> usize { page.all(&format!("{within} a[href*='/sections/']")).len() };
        let page = controller.page(&path);
        assert_eq!((ways(&page, "#sections ~ ul"), ways(&page, ".read")), (9, 0));
        assert!(page.all("nav.contents a[href='#missing']").len() == 1 && page.all("h2#next ~ p a[href='#missing']").len() == 1);
        let at = format!("{path}/sections/monitoring");
        world.controller.with("if-none-match", "*").put(&at, json!({"text": "Vi följer upp."})).expect(201);
        let page = controller.page(&path);
        assert_eq!((ways(&page, "#sections ~ ul"), ways(&page, ".read")), (8, 1));
        assert!(said(&page).contains("Vi följer upp."));
        // Who only looks is told which they are, and led nowhere.
        let auditor = world.visitor(&world.auditor.id).page(&path);
        assert_eq!((ways(&auditor, "main"), auditor.all("#sections ~ ul li").len()), (0, 8));
    }

    fn a_reports_page_says_what_its_document_says(world: &World) {
        let year = Year::adopted(world);
        let said_of_it = json!({"status": "performedWithDeviations", "comment": "Två av trettio saknade attest.", "secrecy": marked(),
            "counts": {"samples": 30, "faults": 2}});
        let path = format!("/controls/{}/reports/t1", year.always);
        world.performer.with("if-none-match", "*").put(&path, said_of_it).expect(201);
        let form = json!({"organisationId": world.board, "riskId": year.risk, "title": "Attest saknas", "severity": "serious",
            "foundOn": "2024-03-02", "foundBy": "Stickprov"});
        world.controller.post("/deficiencies", form).expect(201);
        let form = json!({"organisationId": world.board, "source": "auditors", "report": "Årlig granskning", "year": 2023,
            "text": "Följ upp avtalstroheten."});
        world.auditor.post("/recommendations", form).expect(201);
        let judgements: Vec<Value> =
            ["controlEnvironment", "riskAssessment", "controlActivities", "informationCommunication", "monitoring"]
                .iter()
                .map(|key| json!({"component": key, "judgement": "partly", "reason": "Rutinerna är nya."}))
                .collect();
        let at = format!("/plans/{}/self-assessments/t1", year.plan);
        world.controller.with("if-none-match", "*").put(&at, json!({"components": judgements})).expect(201);
        let report = year.report("t1");
        let (path, document) = (format!("/reports/{report}"), format!("/reports/{report}/document"));
        let texts = json!({"introduction": "Perioden har varit lugn.", "conclusion": "Vi fortsätter."});
        world.controller.patch_current(&path, texts).expect(200);
        let controller = world.visitor(&world.controller.id);
        let draft = controller.page(&path);
        hold_read(&draft, &paragraphs(&world.controller, &document, "Sammanfattning"));
        for told in ["Rapport saknas", "Två av trettio saknade attest.", "Perioden har varit lugn.", "Rutinerna är nya."] {
            assert!(said(&draft).contains(told), "{told}");
        }
        assert!(draft.text(".banner.secret").contains("18 kap. 8 § OSL"));
        // A status has its word and its shape.
        assert!(draft.all(".read .letter.shape-triangle").len() > 1 && draft.all(".read .letter.shape-ring").len() > 1);
        world.reader.get(&path).expect(404);

        year.report_all("t1");
        year.close("t1").expect(200);
        world.head.post_current(&path, "/finalization", json!({})).expect(200);
        world.controller.post_current(&path, "/decision", crate::follow_up::judged()).expect(200);
        let told = paragraphs(&world.controller, &document, "Sammanfattning");
        let reader = world.visitor(&world.reader.id);
        hold_read(&reader.page(&path), &told);
        // A decided report says for ever what was decided.
        let form = json!({"likelihood": 1, "consequence": 4, "reason": "Nytt läge."});
        world.controller.post(&format!("/risks/{}/assessments", year.risk), form).expect(201);
        let before = dense(&reader.page(&path).text(".read"));
        world.revise(&year.plan).expect(200);
        world.controller.patch_current(&format!("/risks/{}", year.risk), json!({"name": "Ett nytt namn"})).expect(200);
        let page = reader.page(&path);
        assert_eq!(dense(&page.text(".read")), before);
        hold_read(&page, &told);
        assert_eq!(page.all(".read a[href^='/risks']").len(), 0, "a draft's risks are not for them");
        let links = |page: &Page, to: &str| page.all(&format!("main a[href*='{to}']")).len();
        assert_eq!((links(&page, "/follow-up"), links(&page, "/self-assessments/")), (0, 0));
        let controller = controller.page(&path);
        assert_eq!((links(&controller, "/follow-up"), links(&controller, "/self-assessments/")), (1, 1));
    }

    fn the_first_page_leads_a_reader_to_the_decided_reports(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.decided("t1");
        let reader = world.visitor(&world.reader.id);
        let page = reader.page("/");
        assert!(page.text(&format!("main a[href='/reports/{report}']")).starts_with("T1"));
        // What is read of the follow-up is found where each finds it in the menu.
        let marked = |who: &str, path: &str| world.visitor(who).page(path).text("nav.main a[aria-current]").trim().to_owned();
        let followed = format!("/plans/{}/follow-up", year.plan);
        assert_eq!(marked(&world.controller.id, &followed), "Uppföljning");
        assert_eq!(marked(&world.controller.id, &format!("/plans/{}", year.plan)), "Planer");
        assert_eq!(marked(&world.reader.id, &format!("/reports/{report}")), "Planer");
        // Nothing is ever asked of a reader, so nothing is said of that.
        assert!(page.all("#to-do").is_empty());
        reader.page(&format!("/reports/{report}"));
        // The matrix has its risks by name below it.
        let matrix = reader.page(&format!("/matrix?planId={}", year.plan));
        assert!(matrix.text(&format!("ul a[href='/risks/{}']", year.risk)).contains("Brist på scener"));
        assert_eq!(world.visitor(&world.controller.id).page("/").all("#to-do").len(), 1);
    }

    fn a_plans_follow_up_begins_with_its_periods_and_the_statuses_of_one(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let path = format!("/plans/{}/follow-up", year.plan);
        let page = world.visitor(&world.controller.id).page(&path);
        let rows: Vec<String> = page.all("main table")[0].text().map(str::to_owned).collect();
        let rows = dense(&rows.concat());
        for (period, name) in [("t1", "T1"), ("interim", "Delår"), ("annual", "År")] {
            let view = world.controller.get(&year.period(period)).expect(200);
            let status = if period == "t1" { "Stängd" } else { "Öppen" };
            assert!(rows.contains(&dense(&format!("{name} {status}"))), "{rows}");
            assert_eq!(page.all(&format!("table a[href='#{period}']")).len(), 1);
            let cells = page.all(&format!("tr:has(a[href='#{period}']) td.n"));
            let counts: Vec<String> = cells.iter().map(|cell| cell.text().collect()).collect();
            assert_eq!(counts, ["due", "reported", "missing"].map(|of| view[of].to_string()), "{period}");
        }
        assert_eq!(page.attribute("main table a[aria-current]", "href"), format!("{path}?period=interim"));
        let ids: Vec<&str> = page.all("#statuses, section.card").iter().filter_map(|one| one.attr("id")).collect();
        assert_eq!(ids, ["statuses", "t1", "interim", "annual"]);
        assert_eq!(page.all("#statuses ~ p a[href$='/statuses?period=interim']").len(), 1);
    }

    fn a_plan_that_was_closed_without_follow_up_says_so(world: &World) {
        let year = Year::adopted(world);
        let plan = format!("/plans/{}", year.plan);
        let controller = world.visitor(&world.controller.id);
        let told = |path: &str| controller.page(path).text("main");
        assert!(!told(&format!("{plan}/follow-up")).contains("avslutad utan uppföljning"));
        let reason = "Året följdes upp i det gamla verktyget.";
        world.controller.post_current(&plan, "/closure", json!({"reason": reason})).expect(200);
        let page = controller.page(&format!("{plan}/follow-up"));
        let text = page.text("main");
        assert!(text.contains("Planen är avslutad utan uppföljning.") && text.contains(reason), "{text}");
        assert!(page.all("section.card").is_empty() && page.all("#statuses").is_empty(), "nothing is open in it");
        let row = controller.page("/follow-up?year=2024&period=t1").text("main tbody tr");
        assert!(row.contains("Inte rapporterad") && !row.contains("Öppen"), "{row}");
    }
}
