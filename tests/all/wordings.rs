//! `/wordings`: what bodies call their things, from a year on and inherited; and a body that lives a whole year in other words
//! than everyone's.

use riskregister::domain::words::{ActionEffect, ActionStatus, ControlStatus, Language, Period, Word};
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::{Answer, Client, World, both};
use crate::municipality::Reader;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn form(organisation: &str, year: i32, words: Value) -> Value {
    json!({"organisationId": organisation, "year": year, "words": words})
}

fn made(client: &Client, form: Value) -> String {
    format!("/wordings/{}", client.post("/wordings", form).expect(201).id())
}

/// What a plan and its first period are called on their pages.
fn said(world: &World, plan: &str) -> (String, String) {
    let controller = world.visitor(&world.controller.id);
    let plan = format!("/plans/{plan}");
    let heading = |path: &str| controller.page(path).text("main h1").trim().to_owned();
    (heading(&plan), heading(&format!("{plan}/self-assessments/t1")))
}

/// A word for each thing that can have one, none of which is everyone's.
fn all_other() -> Value {
    json!({
        "plan": "Tillsynsplan", "report": "Tillsynsrapport",
        "t1": "Deluppföljning 1", "interim": "Deluppföljning 2", "annual": "Slutuppföljning",
        "notPlanned": "Vilar", "performed": "Utan anmärkning", "performedWithDeviations": "Med anmärkning",
        "notPerformed": "Uteblev",
        "notStarted": "Väntar", "onPlan": "Löper på", "mostlyDone": "Nästan klar", "offPlan": "Har kört fast",
        "notAssessed": "Ännu okänt", "desired": "Verkar", "uncertain": "Verkar kanske", "notDesired": "Verkar inte",
        "accept": "Bevakas", "limit": "Direktåtgärd", "share": "Granskning", "eliminate": "Avveckling",
    })
}

/// Everyone's words, as they stand in a text in small letters.
fn everyones() -> Vec<String> {
    fn of<W: Word>() -> impl Iterator<Item = String> {
        W::ALL.iter().map(|word| word.label(Language::Sv).to_lowercase())
    }
    let all = of::<Period>().chain(of::<ControlStatus>()).chain(of::<ActionStatus>()).chain(of::<ActionEffect>());
    // Words that stand in others, or are everybody's: those that answer a risk are looked for in its own place.
    let common = ["år", "t1", "enligt plan"];
    let all = all.filter(move |word| !common.contains(&word.as_str()));
    let titles = ["plan för intern kontroll", "planen för intern kontroll", "rapport om intern kontroll"];
    let titles = titles.into_iter().chain(["uppföljning av intern kontroll", "t1 2024", "t1\u{a0}2024", "helåret"]);
    all.chain(titles.map(str::to_owned)).collect()
}

both! {
    fn words_are_made_read_changed_and_removed(world: &World) {
        let sent = form(&world.board, 2024, json!({"plan": "Internkontrollplan"}));
        let answer = world.controller.post("/wordings", sent.clone()).expect(201);
        let path = format!("/wordings/{}", answer.id());
        assert_eq!(answer.header("location"), format!("/api/v1{path}"));
        let read = world.stranger.get(&path).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&answer.json, answer.header("etag")));
        let changed = world.controller.patch_current(&path, json!({"words": {"limit": "Granskning"}})).expect(200);
        assert_eq!((&changed["words"]["plan"], &changed["words"]["limit"]), (&json!("Internkontrollplan"), &json!("Granskning")));
        let changed = world.controller.patch_current(&path, json!({"words": {"plan": null}})).expect(200);
        assert_eq!(changed["words"]["plan"], Value::Null);
        assert_eq!(world.stranger.get("/wordings?year=2024").expect(200)["total"], 1);
        // Whoever may not is told so before what is wrong; and what was changed meanwhile is not written over.
        world.reader.patch_current(&path, json!({"words": {"plan": 7}})).expect(403);
        world.controller.patch(&path, json!({})).expect(428);
        world.controller.with("if-match", "\"old\"").patch(&path, json!({})).expect(412);
        world.controller.post("/wordings", sent).refused(409, "wordingExists");
        for (words, at) in [
            (json!({"plan": " "}), "/words/plan"),
            (json!({"t1": "x".repeat(101)}), "/words/t1"),
            (json!({"other": "Ord"}), "/words/other"),
            (json!({"accept": "Granskning", "share": "granskning"}), "/words/share"),
        ] {
            let refused = world.controller.post("/wordings", form(&world.board, 2025, words)).expect(422);
            assert_eq!(refused.faults().iter().map(|(pointer, _)| *pointer).collect::<Vec<_>>(), [at]);
        }
        world.admin.post("/wordings", form(NOWHERE, 2025, json!({}))).expect(422);
        // A part of a body speaks as the body does: words of its own would be said nowhere.
        let of_a_part = form(&world.unit, 2025, json!({"accept": "Granskning", "share": "granskning"}));
        let refused = world.controller.post("/wordings", of_a_part).expect(422);
        assert_eq!(refused.faults(), [("/organisationId", "partOfABody"), ("/words/share", "repeatedWord")]);
        let page = world.visitor(&world.controller.id).page("/wordings");
        assert!(page.all(&format!("option[value='{}']", world.unit)).is_empty(), "nor is it offered");
        world.controller.patch_current(&path, json!({"organisationId": world.root})).refused(422, "cannotChange");
        world.controller.delete_current(&path).expect(204);
        world.controller.get(&path).expect(404);
    }

    fn each_word_is_that_of_the_nearest_from_its_year_on(world: &World) {
        let plans = [2023, 2024, 2025, 2027, 2030].map(|year| (year, world.plan(year)));
        let called = |year: i32, plan: &str, period: &str| {
            let (_, id) = plans.iter().find(|(of, _)| *of == year).expect("a plan");
            let (title, first) = said(world, id);
            assert!(title.starts_with(&format!("{plan} {year}, ")), "{year}: {title}");
            assert!(first.ends_with(&format!(", {period} {year}")), "{year}: {first}");
        };
        called(2024, "Plan för intern kontroll", "T1");
        made(&world.admin, form(&world.root, 2024, json!({"plan": "Internkontrollplan", "t1": "Tertial 1"})));
        let own = made(&world.controller, form(&world.board, 2025, json!({"plan": "Tillsynsplan"})));
        called(2023, "Plan för intern kontroll", "T1");
        called(2024, "Internkontrollplan", "tertial 1");
        called(2025, "Tillsynsplan", "tertial 1");
        called(2030, "Tillsynsplan", "tertial 1");
        // A later year's words are all that hold then.
        made(&world.controller, form(&world.board, 2027, json!({"t1": "Deluppföljning 1"})));
        called(2027, "Internkontrollplan", "deluppföljning 1");
        world.controller.delete_current(&own).expect(204);
        called(2025, "Internkontrollplan", "tertial 1");
        // The page shows what is inherited beside what is written.
        let page = world.visitor(&world.controller.id).page(&made(&world.controller, form(&world.board, 2029, json!({"limit": "granskning"}))));
        let told = page.text("main");
        for word in ["Internkontrollplan 2029", "Tertial 1", "Granskning", "Eliminera"] {
            assert!(told.contains(word), "{word}: {told}");
        }
    }

    fn own_categories_count_as_one_of_the_four(world: &World) {
        let categories = json!([{"name": "Driftrisk", "category": "operational"}, {"name": "Rättsrisk", "category": "compliance"}]);
        let own = made(&world.controller, form(&world.board, 2024, json!({"categories": categories})));
        let plan = world.plan(2024);
        let goal = world.goal(2024, "Ett mål");
        let to = format!("/plans/{plan}/risks");
        let risk = |more: Value| {
            let mut sent = json!({"name": "Strömmen går", "goalId": goal, "likelihood": 4, "consequence": 4});
            sent.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            world.controller.post(&to, sent)
        };
        let stands = |risk: &Answer| format!("{} {}", risk.text("ownCategory"), risk.text("category"));
        let made_risk = risk(json!({"ownCategory": "Driftrisk"})).expect(201);
        assert_eq!(stands(&made_risk), "Driftrisk operational");
        let path = format!("/risks/{}", made_risk.id());
        for (more, at) in [
            (json!({"ownCategory": "Annan risk"}), "/ownCategory"),
            (json!({"ownCategory": "Driftrisk", "category": "strategic"}), "/category"),
        ] {
            let refused = risk(more).expect(422);
            assert_eq!(refused.faults().iter().map(|(pointer, _)| *pointer).collect::<Vec<_>>(), [at]);
        }
        let changed = world.controller.patch_current(&path, json!({"ownCategory": "Rättsrisk"})).expect(200);
        assert_eq!(stands(&changed), "Rättsrisk compliance");
        world.controller.patch_current(&path, json!({"category": "strategic"})).expect(422);
        // Whoever sums by the four finds it, and one that stands in none of the body's own is not done.
        let of = world.controller.get("/risks?category=compliance").expect(200);
        assert_eq!(of.items().len(), 1);
        let other = risk(json!({"category": "operational"})).expect(201).id();
        let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
        let lacking = |id: &str| checks["missing"].as_array().expect("a list").iter().any(|one| one["code"] == "categoryMissing" && one["id"] == *id);
        assert!(lacking(&other) && !lacking(&made_risk.id()), "{}", checks.json);
        // On pages: chosen among the body's own, and read as it calls it.
        let controller = world.visitor(&world.controller.id);
        assert!(controller.page(&path).text("main").contains("Rättsrisk"));
        let edited = controller.page(&format!("{path}/edit"));
        let words: Vec<String> = edited.all("select[name=ownCategory] option").iter().map(|one| one.text().collect()).collect();
        assert_eq!(words.iter().skip(1).map(|word| word.trim()).collect::<Vec<_>>(), ["Driftrisk", "Rättsrisk"]);
        assert!(edited.all("select[name=category]").is_empty());
        let page = controller.page(&own);
        assert!(page.text("main").contains("Rättsrisk, räknas som"), "{}", page.text("main"));
        // In the document too.
        let draft = world.controller.with("accept", "application/json").get(&format!("/plans/{plan}/document")).expect(200);
        assert!(String::from_utf8_lossy(&draft.body).contains("\"ownCategory\":\"Rättsrisk\""));
        // A category that is no more stays where a risk stands in it, and can be chosen for no other.
        world.controller.patch_current(&own, json!({"words": {"categories": []}})).expect(200);
        assert!(world.controller.get(&own).expect(200)["words"].get("categories").is_none());
        let kept = world.controller.patch_current(&path, json!({"description": "I hela huset."})).expect(200);
        assert_eq!(stands(&kept), "Rättsrisk compliance");
        risk(json!({"ownCategory": "Rättsrisk"})).expect(422);
        let twice = json!({"categories": [{"name": "Drift", "category": "operational"}, {"name": "drift", "category": "financial"}]});
        let refused = world.controller.patch_current(&own, json!({"words": twice})).expect(422);
        assert_eq!(refused.faults().iter().map(|(pointer, _)| *pointer).collect::<Vec<_>>(), ["/words/categories/1/name"]);
    }

    fn own_words_are_swedish_on_an_english_page(world: &World) {
        made(&world.controller, form(&world.board, 2024, json!({"onPlan": "Löper på"})));
        let year = Year::adopted(world);
        let told = |kind: &str, id: &str, status: &str| {
            let item = json!({"entity": kind, "id": id, "period": "t1", "status": status});
            world.controller.post("/status-reports", json!({"items": [item]})).expect(200);
            let english = world.visitor(&world.controller.id).with("accept-language", "en");
            let page = english.page(&format!("/status/{kind}/{id}/t1"));
            (page.text("main strong").trim().to_owned(), page.all("main strong > span[lang=sv]").len())
        };
        let (word, marked) = told("action", &year.action, "onPlan");
        assert_eq!((word.as_str(), marked > 0), ("Löper på", true));
        let (word, marked) = told("control", &year.always, "performed");
        assert_eq!((word.starts_with("Performed"), marked), (true, 0), "{word}");
    }

    /// Not one text that the body's people meet says everyone's word: pages, documents, tasks, letters, calendars, errors.
    fn a_year_is_lived_in_other_words(world: &World) {
        made(&world.controller, form(&world.board, 2020, all_other()));
        let year = Year::adopted(world);
        world.risk(&world.plan(2025), &world.goal(2025, "Ett nytt mål"), "Brist på pjäser", (4, 4));
        for period in ["t1", "interim", "annual"] {
            let tasks = world.performer.with("accept-language", "sv").get("/me/tasks?limit=200").expect(200);
            assert!(!tasks.json.to_string().to_lowercase().contains("delår"), "{}", tasks.json);
            year.report_all(period);
            year.close(period).expect(200);
        }
        year.decided("t1");
        let places =
            ["/plans/", "/risks/", "/controls/", "/actions/", "/reports/", "/status/", "/files/plans/", "/files/reports/", "/tasks"];
        for person in [&world.controller, &world.head] {
            let reader = Reader::over(world.visitor(&person.id).with("accept-language", "sv").client);
            for word in everyones() {
                reader.reads_nowhere(&word, &places);
            }
        }
        let reader = Reader::over(world.visitor(&world.controller.id).with("accept-language", "sv").client);
        let said = |at: &str, word: &str| {
            let mut found = reader.read.iter().filter(|(path, _)| path.starts_with(at));
            assert!(found.any(|(_, text)| text.contains(word)), "{word} at {at}");
        };
        for (at, word) in [
            ("/plans/", "tillsynsplan 2024"),
            ("/reports/", "tillsynsrapport, deluppföljning 1 2024"),
            ("/files/plans/", "tillsynsplan"),
            ("/files/reports/", "deluppföljning 1"),
            ("/files/reports/", "löper på"),
            ("/risks/", "direktåtgärd"),
            ("/status/", "utan anmärkning"),
        ] {
            said(at, word);
        }
        let calendar = world.performer.post_nothing("/me/calendar").expect(201).text("url");
        let at = calendar.find("/calendar/").expect("the address of a calendar");
        let feed = world.as_nobody().send_outside("GET", &calendar[at..], None).expect(200);
        let feed = String::from_utf8_lossy(&feed.body).to_lowercase();
        assert!(!feed.contains("delår"), "{feed}");
        // What is sealed keeps the words that it was sealed with.
        let words = world.admin.get("/wordings").expect(200).items()[0]["id"].as_str().expect("an id").to_owned();
        let file = || world.controller.with("accept", "application/json").get(&format!("/plans/{}/revisions/1/document", year.plan)).expect(200).body;
        let before = file();
        world.controller.patch_current(&format!("/wordings/{words}"), json!({"words": {"plan": "Kontrollplan"}})).expect(200);
        assert_eq!(file(), before);
        assert!(String::from_utf8_lossy(&before).contains("Tillsynsplan"));
    }
}
