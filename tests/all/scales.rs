//! The pages of scales: a change is tried before it is kept, shows what it would move, and loses nothing on the way; a
//! draft follows a version on purpose.

use riskregister::domain::words::{Language, LevelKey};
use riskregister::web::{SESSION, texts};
use serde_json::{Value, json};

use crate::kit::browser::{Browser, Scripts};
use crate::kit::visitor::{Fields, Page, Visitor, value_of, written};
use crate::kit::{Databases, Start, World, both, office};
use crate::pages::everyone;

fn said(key: &str) -> String {
    texts::say(Language::Sv, key, &[])
}

/// The region's scale.
fn regions(world: &World) -> String {
    let path = format!("/scoring-policies?organisationId={}", world.root);
    world.admin.get(&path).expect(200).items()[0]["id"].as_str().expect("a scale").to_owned()
}

fn newest(world: &World, policy: &str) -> Value {
    world.admin.get(&format!("/scoring-policies/{policy}")).expect(200)["newestVersion"].clone()
}

fn definition(world: &World, policy: &str, version: i32) -> Value {
    world.admin.get(&format!("/scoring-policies/{policy}/versions/{version}")).expect(200)["definition"].clone()
}

/// A draft with a risk of score 12, and one of score 8.
fn drafted(world: &World) -> String {
    let goal = world.goal(2025, "En ekonomi i balans");
    let plan = world.plan(2025);
    world.risk(&plan, &goal, "Brist på scener", (3, 4));
    world.risk(&plan, &goal, "Tomma salonger", (2, 4));
    plan
}

fn scored_by(world: &World, plan: &str) -> String {
    world.controller.get(&format!("/plans/{plan}")).expect(200).text("policyVersionId")
}

/// Every cell of a row of the table that tells what moves.
fn moved(page: &Page) -> Vec<Vec<String>> {
    let tidy = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cells = scraper::Selector::parse("td, th").expect("a selector");
    page.all("section.card tbody tr")
        .iter()
        .map(|row| row.select(&cells).map(|cell| tidy(cell.text().collect())).collect())
        .collect()
}

/// Each fault's link with its words; and every one of them leads to a field that says what is wrong.
#[track_caller]
fn faults(page: &Page, form: &str) -> Vec<(String, String)> {
    let links = page.all(&format!("form[id='{form}'] .faults a"));
    let told = |link: &scraper::ElementRef| {
        let at = link.attr("href").expect("a link leads somewhere").trim_start_matches('#').to_owned();
        let field = page.one(&format!("[id='{at}']"));
        assert_eq!(field.attr("aria-invalid"), Some("true"), "{at}");
        assert!(field.attr("aria-describedby").is_some_and(|ids| ids.contains("-fault-1")), "{at}");
        (at, link.text().collect())
    };
    links.iter().map(told).collect()
}

fn trying(policy: &str) -> String {
    format!("/policies/{policy}/versions/new")
}

fn sent(visitor: &Visitor, policy: &str, form: &Fields) -> Page {
    Page::of(&visitor.send(&trying(policy), form).expect(200))
}

both! {
    fn a_change_is_tried_then_kept_and_new_plans_follow_it(world: &World) {
        let (plan, policy) = (drafted(world), regions(world));
        let first = scored_by(world, &plan);
        let admin = world.visitor(&world.admin_id);
        let form = admin.page(&trying(&policy)).form("form#version");
        assert_eq!(value_of(&form, "definition/threshold"), "8");
        let tried = sent(&admin, &policy, &written(&form, "definition/threshold", "12"));
        assert!(tried.text(".notice").contains(&said("policy-tried")));
        assert!(tried.text("section.card h3").contains("Kulturnämnden 2025"));
        assert!(tried.text("section.card").contains("En risk lämnar planen, en risk blir som den är."));
        let rows = moved(&tried);
        assert!(rows.len() == 1 && rows[0][1].starts_with("Brist på scener"), "{rows:?}");
        assert_eq!(rows[0][2..], ["12", "12", "Hög risk", "Hög risk", "Riskvärdet", "Ingår inte"]);
        // Nothing is kept, and what was typed stands there.
        assert_eq!(newest(world, &policy), 1);
        assert_eq!(value_of(&tried.form("form#version"), "definition/threshold"), "12");

        let kept = admin.send(&trying(&policy), &tried.form("form#save")).expect(303);
        assert_eq!(kept.header("location"), format!("/policies/{policy}/versions/2?done=createPolicyVersion"));
        let mut expected = definition(world, &policy, 1);
        expected["threshold"] = 12.into();
        assert_eq!(definition(world, &policy, 2), expected, "nothing else is changed");
        let second = world.admin.get(&format!("/scoring-policies/{policy}/versions/2")).expect(200).id();
        assert_eq!(scored_by(world, &plan), first, "no plan changes by it");
        world.goal(2026, "En ekonomi i balans");
        assert_eq!(scored_by(world, &world.plan(2026)), second);

        // The draft follows it when its controller says so, and nobody else is asked.
        let page = format!("/policies/{policy}/versions/2");
        let follow = format!("form[id='follow-{plan}']");
        for (role, visitor) in everyone(world) {
            let there = !visitor.page(&page).all(&follow).is_empty();
            assert_eq!(there, role == "controller", "{role}");
        }
        let controller = world.visitor(&world.controller.id);
        let shown = controller.page(&page);
        assert!(shown.text("main").contains("Kulturnämnden 2026"), "the plan that follows it");
        assert_eq!(moved(&shown).len(), 1);
        let taken = controller.send(&page, &shown.form(&follow)).expect(303);
        assert_eq!(taken.header("location"), format!("/plans/{plan}?done=changePlan"));
        assert_eq!(scored_by(world, &plan), second);
        assert_eq!(world.named(&plan, "Brist på scener")["included"], false);
        let after = controller.page(&page);
        assert!(after.all(&follow).is_empty() && moved(&after).is_empty());
        // As it stood before all this, nothing can be done.
        let past = controller.page(&format!("/policies/{policy}/versions/1?asOf={}", riskregister::storage::Timestamp::now()));
        assert!(past.all("main form").is_empty());
    }

    fn a_change_that_moves_nothing_says_so(world: &World) {
        let policy = regions(world);
        let admin = world.visitor(&world.admin_id);
        let form = admin.page(&trying(&policy)).form("form#version");
        let nobodys = sent(&admin, &policy, &form);
        assert!(nobodys.text("main").contains(&said("moves-no-plans")));
        drafted(world);
        let tried = sent(&admin, &policy, &written(&form, "definition/levels/2/label", "Lagom risk"));
        assert!(tried.text("main").contains("2 risker blir som de är."));
        assert!(tried.text("main").contains(&said("moves-still")) && moved(&tried).is_empty());
        assert!(tried.text("main table.matrix").contains("Lagom risk"), "what the scale would be");
        // What does not fit is not clamped.
        let smaller = [("_likelihoods", "2"), ("_again", "1")];
        let fewer = smaller.iter().fold(form.clone(), |form, (name, value)| written(&form, name, value));
        let fewer = sent(&admin, &policy, &fewer).form("form#version");
        let tried = sent(&admin, &policy, &fewer);
        let row = moved(&tried).concat().join("|");
        assert!(row.contains("|12|–|Hög risk|Ska bedömas på nytt|"), "{row}");
    }

    fn every_fault_leads_to_its_field_and_nothing_is_lost(world: &World) {
        let policy = regions(world);
        let admin = world.visitor(&world.admin_id);
        let form = admin.page(&trying(&policy)).form("form#version");
        let typed = [
            ("definition/likelihoods/1/label", " "),
            ("definition/likelihoods/1/description", ""),
            ("definition/consequences/2/label", "Mindre"),
            ("definition/consequences/4/description", "En <b>ny</b> text\nmed två rader"),
            ("definition/cells/1/1/score", "många"),
            ("definition/levels/0/label", ""),
            ("definition/levels/4/monitored", "true"),
            ("definition/threshold", "-1"),
        ];
        let wrong = typed.iter().fold(form.clone(), |form, (name, value)| written(&form, name, value));
        let answer = admin.send(&trying(&policy), &wrong).expect(422);
        let page = Page::of(&answer);
        let told = faults(&page, "version");
        for (field, row) in [
            ("likelihoods-1-label", "Sannolikhet 2, Namn: "), ("cells-1-1-score", "Sannolikhet 2, konsekvens 2, Riskvärde: "),
            ("levels-0-label", "Nivå 1, Namn: "), ("threshold", "Gräns för att stå i planen: "),
        ] {
            let at = format!("version-definition-{field}");
            assert!(told.iter().any(|(to, text)| *to == at && text.starts_with(row)), "{at} in {told:?}");
        }
        let again = page.form("form#version");
        for (name, value) in typed {
            assert_eq!(again.iter().rfind(|(n, _)| n == name).expect(name).1.trim(), value.trim(), "{name}");
        }
        // Of a matrix that can be read, the rules' own faults; what may be meant is remarked on, and refused nowhere.
        let cells = [("definition/cells/1/1/score", "9"), ("definition/cells/4/4/level", "veryLow")];
        let odd = cells.iter().fold(form.clone(), |form, (name, value)| written(&form, name, value));
        let wrong = written(&odd, "definition/consequences/2/label", "Mindre");
        let told = faults(&Page::of(&admin.send(&trying(&policy), &wrong).expect(422)), "version");
        let at: Vec<&str> = told.iter().map(|(to, _)| to.as_str()).collect();
        assert_eq!(at, ["version-definition-consequences-2-label"]);
        let remarked = sent(&admin, &policy, &odd).text("main");
        for said in ["Riskvärdet för 2 × 3 är lägre", "Riskvärdet för 3 × 2 är lägre", "Nivån för 5 × 5 är lägre"] {
            assert!(remarked.contains(said), "{said} in {remarked}");
        }
        assert!(!sent(&admin, &policy, &form).text("main").contains("är lägre än"));
        // Mended, it is the scale that was meant: a text of several lines and all.
        let mended = written(&form, "definition/consequences/4/description", "En <b>ny</b> text\r\nmed två rader");
        let tried = sent(&admin, &policy, &mended);
        admin.send(&trying(&policy), &tried.form("form#save")).expect(303);
        let description = definition(world, &policy, 2)["consequences"][4]["description"].clone();
        assert_eq!(description.as_str().expect("a text").replace("\r\n", "\n"), "En <b>ny</b> text\nmed två rader");
    }

    fn rows_come_and_go_and_what_is_typed_stays(world: &World) {
        let policy = regions(world);
        let admin = world.visitor(&world.admin_id);
        let form = admin.page(&trying(&policy)).form("form#version");
        let typed = [("definition/likelihoods/0/label", "Nästan aldrig"), ("definition/cells/0/0/score", "0"),
            ("definition/levels/1/label", "Rejäl risk")];
        let form = typed.iter().fold(form, |form, (name, value)| written(&form, name, value));
        let reshape = |form: &Fields, down: &str, across: &str, levels: &[LevelKey]| {
            let mut form: Fields = form.iter().filter(|(name, _)| !name.starts_with('_') || name == "_csrf").cloned().collect();
            let more = [("_form", "version"), ("_act", "previewPolicyVersion"), ("_at.id", &policy), ("_again", "1"),
                ("_likelihoods", down), ("_consequences", across)];
            form.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
            form.extend(levels.iter().map(|key| ("_levels".to_owned(), key.as_str().to_owned())));
            let page = sent(&admin, &policy, &form);
            assert_eq!(page.text(".notice"), said("policy-reshaped"));
            page
        };
        use LevelKey::*;
        let page = reshape(&form, "6", "4", &[VeryHigh, High, Low]);
        let larger = page.form("form#version");
        assert_eq!(page.all("table.cells tbody tr").len(), 6);
        assert_eq!(page.all("table.cells td").len(), 24);
        for (name, value) in typed {
            assert_eq!(value_of(&larger, name), value);
        }
        let keys: Vec<&str> = larger.iter().filter(|(name, _)| name.ends_with("/key")).map(|(_, key)| key.as_str()).collect();
        assert_eq!(keys, ["veryHigh", "high", "low"]);
        // A cell whose level is gone waits for another; it does not become one by itself.
        assert_eq!(value_of(&larger, "definition/cells/0/0/level"), "");
        assert_eq!(newest(world, &policy), 1);

        // The empty row is told of where it stands.
        let answer = admin.send(&trying(&policy), &larger).expect(422);
        let told = faults(&Page::of(&answer), "version");
        for field in ["likelihoods-5-label", "cells-5-0-score", "cells-5-3-level", "cells-0-0-level"] {
            assert!(told.iter().any(|(to, _)| *to == format!("version-definition-{field}")), "{field} in {told:?}");
        }
        // Levels that come back begin anew, by their words; those that stayed are as they were.
        let page = reshape(&larger, "2", "2", LevelKey::ALL);
        let all = page.form("form#version");
        let labels: Vec<String> = (0..5).map(|n| value_of(&all, &format!("definition/levels/{n}/label"))).collect();
        assert_eq!(labels, ["Mycket hög risk", "Rejäl risk", "Låg risk", "Medelhög risk", "Mycket låg risk"]);
        let cells = [("0/0", "0", "veryLow"), ("0/1", "2", "low"), ("1/0", "2", "low"), ("1/1", "4", "high")];
        let whole = cells.iter().fold(all, |form, (at, score, level)| {
            let form = written(&form, &format!("definition/cells/{at}/score"), score);
            written(&form, &format!("definition/cells/{at}/level"), level)
        });
        let tried = sent(&admin, &policy, &whole);
        admin.send(&trying(&policy), &tried.form("form#save")).expect(303);
        let made = definition(world, &policy, 2);
        assert_eq!(made["cells"], json!([
            [{"score": 0, "level": "veryLow"}, {"score": 2, "level": "low"}],
            [{"score": 2, "level": "low"}, {"score": 4, "level": "high"}],
        ]));
        assert_eq!((made["likelihoods"][0]["label"].as_str(), made["levels"].as_array().map(Vec::len)), (Some("Nästan aldrig"), Some(5)));
        // Sizes that no scale has are as near as they come.
        let page = reshape(&whole, "900", "-1", &[]);
        assert_eq!((page.all("table.cells tbody tr").len(), page.all("table.cells td").len()), (10, 20));
    }

    fn everyone_may_try_and_each_keeps_what_is_theirs(world: &World) {
        let plan = drafted(world);
        let policy = regions(world);
        for (role, visitor) in everyone(world) {
            let shown = visitor.page(&format!("/policies/{policy}"));
            assert_eq!(!shown.all("form#rename").is_empty(), role == "regionAdministrator", "{role}");
            let form = visitor.page(&trying(&policy)).form("form#version");
            let tried = sent(&visitor, &policy, &written(&form, "definition/threshold", "12"));
            assert_eq!(!tried.all("form#save").is_empty(), role == "regionAdministrator", "{role}");
            // The regional office may make a body's scale, too.
            let own = matches!(role, "regionAdministrator" | "controller");
            assert_eq!(!tried.all("form#own").is_empty(), own, "{role}");
            // What one may not see does not show.
            let sees = matches!(role, "regionAdministrator" | "controller" | "head" | "riskOwner" | "draftReader" | "auditor");
            assert_eq!(!moved(&tried).is_empty(), sees, "{role}");
            // Who makes up the form gets nowhere.
            if role != "regionAdministrator" {
                let forged = written(&written(&form, "_act", "createPolicyVersion"), "definition/threshold", "17");
                let answer = visitor.send(&trying(&policy), &forged).expect(403);
                assert_eq!(value_of(&Page::of(&answer).form("form#version"), "definition/threshold"), "17", "{role}");
            }
        }
        assert_eq!(newest(world, &policy), 1);

        // A board that wants another scale of its own.
        let controller = world.visitor(&world.controller.id);
        let form = controller.page(&trying(&policy)).form("form#version");
        let tried = sent(&controller, &policy, &written(&form, "definition/threshold", "5"));
        let offered: Vec<&str> = tried.all("#own-organisationId option").iter().filter_map(|one| one.attr("value")).collect();
        assert_eq!(offered, [world.board.as_str()]);
        let nameless = controller.send(&trying(&policy), &tried.form("form#own")).expect(422);
        let page = Page::of(&nameless);
        assert_eq!(faults(&page, "own").len(), 1);
        assert_eq!(value_of(&page.form("form#version"), "definition/threshold"), "5");
        let named = written(&page.form("form#own"), "name", "Nämndens skala");
        let made = controller.send(&trying(&policy), &named).expect(303);
        let at = made.header("location").split('?').next().expect("a path").to_owned();
        let shown = controller.page(&at);
        assert!(shown.text("h1").contains("Nämndens skala"));
        assert_eq!(shown.text(".lead").matches('5').count(), 1, "its limit");
        let renamed = written(&shown.form("form#rename"), "name", "Nämndens egen");
        controller.send(&at, &renamed).expect(303);
        assert!(controller.page(&at).text("h1").contains("Nämndens egen"));
        // The draft that there is can come over to it.
        let page = format!("{at}/versions/1");
        let follow = format!("form[id='follow-{plan}']");
        assert!(world.visitor(&world.head.id).page(&page).all(&follow).is_empty());
        let shown = controller.page(&page);
        assert!(moved(&shown).concat().join("|").contains("Tomma salonger"), "its score is above the new limit");
        controller.send(&page, &shown.form(&follow)).expect(303);
        assert_eq!(world.named(&plan, "Tomma salonger")["included"], true);
        // Once a board has decided on it, it stays.
        world.complete(&plan);
        world.decide(&plan);
        world.revise(&plan).expect(200);
        let own = format!("/scoring-policies/{}", at.trim_start_matches("/policies/"));
        let tried = world.controller.post(&format!("{own}/preview"), json!({"definition": definition(world, &policy, 1)}));
        assert_eq!(tried.expect(200)["plans"][0]["applies"], false);
        for scale in [policy.as_str(), at.trim_start_matches("/policies/")] {
            assert!(controller.page(&format!("/policies/{scale}/versions/1")).all(&follow).is_empty(), "{scale}");
        }
        // It has one now, and new plans follow that; another would be followed by none.
        let tried = sent(&controller, &policy, &written(&form, "definition/threshold", "6"));
        assert!(tried.all("form#own").is_empty());
        world.goal(2026, "En ekonomi i balans");
        let own = at.trim_start_matches("/policies/");
        let version = world.admin.get(&format!("/scoring-policies/{own}/versions/1")).expect(200).id();
        assert_eq!(scored_by(world, &world.plan(2026)), version);
        let about = |policy: &str| controller.page(&format!("/policies/{policy}/versions/1")).text("main");
        assert!(about(own).contains(&said("policy-newest-own")));
        assert!(about(&policy).contains(&said("policy-newest-about")));
        let form = json!({"organisationId": world.board, "name": "En till", "definition": definition(world, own, 1)});
        let second = world.controller.post("/scoring-policies", form).expect(201).id();
        assert!(!about(&second).contains(&said("policy-newest-own")));
        let tried = sent(&controller, &second, &controller.page(&trying(&second)).form("form#version"));
        assert!(tried.text("main").contains(&said("policy-save-about-other")));
    }

    fn who_goes_back_and_tries_something_else_is_answered(world: &World) {
        drafted(world);
        let policy = regions(world);
        let admin = world.visitor(&world.admin_id);
        // The very same form, as it stands in the browser's own memory, with another number each time.
        let form = admin.page(&trying(&policy)).form("form#version");
        for (limit, rows) in [("12", 1), ("8", 0), ("7", 1), ("12", 1)] {
            assert_eq!(moved(&sent(&admin, &policy, &written(&form, "definition/threshold", limit))).len(), rows, "{limit}");
        }
        // But what is kept twice is one version.
        let tried = sent(&admin, &policy, &written(&form, "definition/threshold", "12"));
        let save = tried.form("form#save");
        let (one, two) = (admin.send(&trying(&policy), &save).expect(303), admin.send(&trying(&policy), &save).expect(303));
        assert_eq!(one.header("location"), two.header("location"));
        assert_eq!(newest(world, &policy), 2);
    }
}

/// The region lowers the limit, sees what that moves, keeps it; and the board's draft follows it. By clicks, without scripts.
#[test]
fn a_region_changes_its_scale() {
    let world = World::on(Databases::Sqlite);
    let (plan, policy) = (drafted(&world), regions(&world));
    let browser = Browser::start(&world.address, Scripts::Blocked);
    browser.open("/sign-in");
    browser.take_cookie(SESSION, &world.visitor(&world.admin_id).cookie);
    browser.open("/settings");
    browser.follow("Riskmatris 5 × 5");
    browser.follow("Ändra skalan");
    browser.write("Gräns för att stå i planen", "många");
    browser.follow("Visa vad ändringen påverkar");
    assert!(browser.title().starts_with("Fel:"), "{}", browser.title());
    browser.press("form#version .faults a");
    assert!(browser.focus().contains("version-definition-threshold"), "{}", browser.focus());
    browser.write("Gräns för att stå i planen", "7");
    browser.choose("[id='version-definition-cells-2-3-level']", "veryHigh");
    browser.follow("Visa vad ändringen påverkar");
    let told = browser.text("section.card table");
    assert!(told.contains("Brist på scener") && told.contains("Tomma salonger"), "{told}");
    browser.follow("Spara ny version");
    assert!(browser.text(".notice").starts_with("Den nya versionen är sparad."));
    assert_eq!(browser.path().split('?').next(), Some(format!("/policies/{policy}/versions/2").as_str()));

    browser.take_cookie(SESSION, &world.visitor(&world.controller.id).cookie);
    browser.open(&format!("/policies/{policy}/versions/2"));
    browser.unfold_in("section.card", "Låt planen följa den här versionen, Kulturnämnden 2025");
    browser.follow("Byt version i planen");
    assert_eq!(browser.path().split('?').next(), Some(format!("/plans/{plan}").as_str()));
    assert_eq!(world.named(&plan, "Brist på scener")["level"], "veryHigh");
    assert_eq!(world.named(&plan, "Tomma salonger")["included"], true);
}

/// The page of a change hinders nobody: with what it moves, with its faults, with other rows.
#[test]
fn no_change_of_a_scale_hinders_anyone() {
    let world = World::on(Databases::Sqlite);
    drafted(&world);
    let policy = regions(&world);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.open("/sign-in");
    browser.take_cookie(SESSION, &world.visitor(&world.admin_id).cookie);
    let mut wrong = Vec::new();
    browser.open(&trying(&policy));
    browser.write("Gräns för att stå i planen", "12");
    browser.follow("Visa vad ändringen påverkar");
    browser.wait_for_focus(|focus| focus.contains("|notice banner|"));
    browser.unfold_all();
    wrong.extend(browser.hindrances());
    browser.write_over("[id='version-definition-cells-1-3-score']", "x");
    browser.go(|| browser.press("form[id='version'] button[type=submit]"));
    assert!(browser.has("form[id='version'] .faults"));
    browser.unfold_all();
    wrong.extend(browser.hindrances());
    browser.choose("[id='version-_consequences']", "10");
    browser.go(|| browser.press("form[id='version'] button[name=_again]"));
    assert_eq!(browser.value("[id='version-definition-cells-1-3-score']"), "x");
    wrong.extend(browser.hindrances());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

both! {
    fn the_axes_are_called_what_the_body_calls_them_wherever_they_stand(world: &World) {
        let policy = regions(world);
        let admin = world.visitor(&world.admin_id);
        let form = admin.page(&trying(&policy)).form("form#version");
        let same = written(&form, "definition/consequenceName", "Sannolikhet");
        let refused = Page::of(&admin.send(&trying(&policy), &same).expect(422));
        assert!(refused.text("form#version .faults").contains("får inte heta likadant"), "{}", refused.text("form#version .faults"));
        let tried = sent(&admin, &policy, &written(&form, "definition/consequenceName", "Väsentlighet"));
        assert!(tried.text("main").contains("Väsentlighet 5"), "the form says what is typed");
        admin.send(&trying(&policy), &tried.form("form#save")).expect(303);
        let mut expected = definition(world, &policy, 1);
        assert!(expected.get("consequenceName").is_none(), "a version without names has none");
        expected["consequenceName"] = "Väsentlighet".into();
        assert_eq!(definition(world, &policy, 2), expected);

        let (goal, plan) = (world.goal(2026, "En ekonomi i balans"), world.plan(2026));
        let risk = world.risk(&plan, &goal, "Brist på scener", (4, 3)).id();
        let controller = world.visitor(&world.controller.id);
        for path in [
            format!("/policies/{policy}"),
            format!("/policies/{policy}/versions/2"),
            trying(&policy),
            format!("/matrix?planId={plan}"),
            format!("/plans/{plan}"),
            format!("/plans/{plan}/risks/new"),
            format!("/risks/{risk}"),
        ] {
            let page = controller.page(&path);
            let text = page.text("main");
            assert!(text.to_lowercase().contains("väsentlighet"), "{path}");
            // The form of a scale asks what the axis is to be called.
            let asked = text.replace(&said("policy-across-name"), "");
            assert!(!asked.to_lowercase().contains("konsekvens"), "{path}: {text}");
        }
        let told = controller.page(&format!("/risks/{risk}")).text("main");
        assert!(told.contains("sannolikhet 4 × väsentlighet 3"), "{told}");
        for kind in [
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ] {
            let file = world.controller.with("accept", kind).get(&format!("/plans/{plan}/document")).expect(200);
            let printed = office::text(&file.body);
            assert!(printed.contains("Väsentlighet") && !printed.to_lowercase().contains("konsekvens"), "{printed}");
        }
        // An older plan's scale says what it always did.
        let plan = drafted(world);
        let first = world.admin.get(&format!("/scoring-policies/{policy}/versions/1")).expect(200).id();
        world.controller.patch_current(&format!("/plans/{plan}"), json!({"policyVersionId": first})).expect(200);
        assert!(controller.page(&format!("/plans/{plan}")).text("main").contains("konsekvens"));
    }
}
