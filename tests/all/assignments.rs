//! `POST /plans/{id}/assignments` and its page: the same for many parts of a plan, all or none.

use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::browser::{Browser, Scripts};
use crate::kit::visitor::{Fields, Page, value_of, written};
use crate::kit::{Databases, Start, World, both};
use riskregister::web::SESSION;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

/// A draft with so many risks that have nothing but a name and a score, with a control and an action each.
fn bare(world: &World, count: usize) -> (String, Vec<String>, Vec<String>, Vec<String>) {
    let plan = world.plan(2025);
    let (mut risks, mut controls, mut actions) = (vec![], vec![], vec![]);
    for n in 0..count {
        let form = json!({"name": format!("Risk {n}"), "likelihood": 4, "consequence": 4});
        let risk = world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201).id();
        let of = |kind: &str| {
            world
                .controller
                .post(&format!("/risks/{risk}/{kind}"), json!({"name": format!("{kind} {n}")}))
                .expect(201)
                .id()
        };
        controls.push(of("controls"));
        actions.push(of("actions"));
        risks.push(risk);
    }
    (plan, risks, controls, actions)
}

fn lacking(world: &World, plan: &str, risk: &str) -> Vec<String> {
    let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
    let all = checks["missing"].as_array().expect("a list").iter().filter(|one| one["id"] == *risk);
    all.map(|one| one["code"].as_str().unwrap_or_default().to_owned()).collect()
}

both! {
    fn many_get_the_same_at_once(world: &World) {
        let (plan, risks, controls, actions) = bare(world, 3);
        let goal = world.goal(2025, "Ett mål");
        let at = format!("/plans/{plan}/assignments");
        assert!(["goalMissing", "ownerMissing", "categoryMissing", "responseMissing"].iter().all(|code| lacking(world, &plan, &risks[0]).iter().any(|one| one == code)));
        let form = json!({"riskIds": risks, "controlIds": controls, "actionIds": actions, "ownerId": world.risk_owner.id,
            "responsibleId": world.performer.id, "goalId": goal, "category": "financial", "response": "limit",
            "startDate": "2025-02-01", "endDate": "2025-11-30"});
        let done = world.controller.post(&at, form.clone()).expect(200);
        assert_eq!((&done["changed"], &done["unchanged"]), (&json!(9), &json!(0)));
        for risk in &risks {
            assert_eq!(lacking(world, &plan, risk), [""; 0]);
        }
        let risk = world.controller.get(&format!("/risks/{}", risks[1])).expect(200);
        assert_eq!((&risk["ownerId"], &risk["response"], &risk["goalId"]), (&json!(world.risk_owner.id), &json!("limit"), &json!(goal)));
        let action = world.controller.get(&format!("/actions/{}", actions[2])).expect(200);
        assert_eq!((&action["responsibleId"], &action["endDate"]), (&json!(world.performer.id), &json!("2025-11-30")));
        // Sent again it tells nothing new, and the history neither.
        let events = || world.controller.get(&format!("/logs/{}", world.board)).expect(200)["size"].clone();
        let before = events();
        let again = world.controller.post(&at, form).expect(200);
        assert_eq!((&again["changed"], &again["unchanged"], events()), (&json!(0), &json!(9), before));
        // By the rules of each: nobody else's plan, and no draft that is hidden.
        for (who, status) in [(&world.head, 403), (&world.performer, 404), (&world.stranger, 404)] {
            who.post(&at, json!({"riskIds": [risks[0]], "response": "share"})).expect(status);
        }
    }

    fn one_that_is_refused_stops_all(world: &World) {
        let (plan, risks, _, actions) = bare(world, 2);
        let at = format!("/plans/{plan}/assignments");
        let faults = |form: Value| -> Vec<(String, String)> {
            let refused = world.controller.post(&at, form).expect(422);
            refused.faults().into_iter().map(|(pointer, code)| (pointer.to_owned(), code.to_owned())).collect()
        };
        let of = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(faults(json!({"riskIds": [risks[0], NOWHERE], "response": "limit"})), [of("/riskIds/1", "unknownReference")]);
        assert_eq!(world.controller.get(&format!("/risks/{}", risks[0])).expect(200)["response"], Value::Null, "nothing is kept");
        // What is wrong with what all are given is said once; what concerns none of them at its field.
        let told = faults(json!({"riskIds": risks, "ownerId": NOWHERE}));
        assert_eq!((told.len(), told[0].0.as_str()), (1, "/ownerId"));
        assert_eq!(faults(json!({"riskIds": risks, "endDate": "2025-05-01"})), [of("/endDate", "notOfThis"), of("/riskIds", "nothingSet")]);
        assert_eq!(faults(json!({"response": "limit"})), [of("/riskIds", "nothingNamed")]);
        assert_eq!(faults(json!({"riskIds": risks})), [of("/ownerId", "nothingSet")]);
        let told = faults(json!({"actionIds": actions, "startDate": "2025-05-01", "endDate": "2025-01-01"}));
        assert_eq!(told.len(), 1, "the days of an action are in order: {told:?}");
        // A plan that the board has decided on keeps its rules, told by the names of those it concerns.
        let year = Year::adopted(world);
        let refused = world.controller.post(&format!("/plans/{}/assignments", year.plan), json!({"riskIds": [year.risk], "response": "share"})).expect(422);
        assert!(refused.json.to_string().contains("Brist på scener: "), "{}", refused.json);
    }

    /// The gaps of a plan are closed on one page: each mark, choice and press is counted.
    fn a_plan_s_gaps_are_closed_in_few_clicks(world: &World) {
        let (plan, risks, ..) = bare(world, 6);
        let goal = world.goal(2025, "Ett mål");
        let gaps = || -> usize { risks.iter().map(|risk| lacking(world, &plan, risk).len()).sum() };
        let before = gaps();
        assert!(before >= 22, "{before}");
        let controller = world.visitor(&world.controller.id);
        let path = format!("/plans/{plan}/assign");
        assert_eq!(controller.page(&format!("/plans/{plan}")).all(&format!("a[href='{path}']")).len(), 1);
        let page = controller.page(&path);
        assert!(page.text("main").contains("Risk 3") && page.text("main").contains("ägare"), "{}", page.text("main"));
        let mut form: Fields = page.form("form#assign");
        let mut clicks = 0;
        for risk in &risks {
            form.push(("riskIds".into(), risk.clone()));
            clicks += 1;
        }
        for (name, value) in [("ownerId", world.risk_owner.id.as_str()), ("category", "operational"), ("response", "limit"), ("goalId", goal.as_str())] {
            form.retain(|(field, _)| field != name);
            form.push((name.into(), value.into()));
            // A list is opened, and something in it chosen.
            clicks += 2;
        }
        // To the page, and saved.
        clicks += 2;
        controller.send(&path, &form).expect(303);
        assert_eq!(gaps(), 0);
        assert!(clicks <= 35, "{clicks} clicks for {before} gaps");
        // What is complete is not asked about; all are there for who wants to see them.
        assert!(!controller.page(&path).text("main").contains("Risk 3"));
        assert!(controller.page(&format!("{path}?all=true")).text("main").contains("Risk 3"));
        // A fault is told, and what was marked stays so.
        let mut wrong = controller.page(&format!("{path}?all=true")).form("form#assign");
        wrong.push(("riskIds".into(), risks[0].clone()));
        let back = Page::of(&controller.send(&path, &wrong).expect(422));
        assert_eq!(back.all(".faults").len(), 1);
    }

    fn each_gets_its_own_at_once(world: &World) {
        let (plan, risks, controls, actions) = bare(world, 2);
        let at = format!("/plans/{plan}/own-assignments");
        let read = |path: String| world.controller.get(&path).expect(200);
        let version = |kind: &str, id: &str| read(format!("/{kind}/{id}"))["version"].clone();
        let items = json!([
            {"entity": "risk", "id": risks[0], "ownerId": world.risk_owner.id, "version": version("risks", &risks[0])},
            {"entity": "risk", "id": risks[1], "ownerId": world.controller.id, "response": "limit"},
            {"entity": "control", "id": controls[0], "responsibleId": world.performer.id},
            {"entity": "action", "id": actions[1], "startDate": "2025-02-01", "endDate": "2025-11-30"},
        ]);
        let done = world.controller.post(&at, json!({"items": items})).expect(200);
        assert_eq!((&done["changed"], &done["unchanged"]), (&json!(4), &json!(0)));
        let owners: Vec<Value> = risks.iter().map(|risk| read(format!("/risks/{risk}"))["ownerId"].clone()).collect();
        assert_eq!(owners, [json!(world.risk_owner.id), json!(world.controller.id)]);
        assert_eq!(read(format!("/controls/{}", controls[0]))["responsibleId"], world.performer.id.as_str());
        assert_eq!(read(format!("/actions/{}", actions[1]))["endDate"], "2025-11-30");
        let mut again = items.clone();
        again[0].as_object_mut().expect("an item").remove("version");
        let told = world.controller.post(&at, json!({"items": again})).expect(200);
        assert_eq!((&told["changed"], &told["unchanged"]), (&json!(0), &json!(4)));

        // Each refusal at its place, and nothing is kept of the others.
        let items = json!([
            {"entity": "risk", "id": risks[0], "response": "share"},
            {"entity": "risk", "id": risks[1], "response": "share", "version": 1},
            {"entity": "risk", "id": NOWHERE, "response": "share"},
            {"entity": "control", "id": controls[0], "endDate": "2025-01-01"},
            {"entity": "action", "id": actions[0], "startDate": "2025-05-01", "endDate": "2025-01-01"},
            {"entity": "control", "id": controls[1], "responsibleId": NOWHERE},
            {"entity": "control", "id": controls[1], "responsibleId": world.performer.id},
        ]);
        let refused = world.controller.post(&at, json!({"items": items})).expect(422);
        let mut faults: Vec<(&str, &str)> = refused.faults();
        faults.sort_unstable();
        assert_eq!(faults.len(), 6, "{faults:?}");
        for (pointer, code) in [("/items/1/version", "changedMeanwhile"), ("/items/2/id", "unknownReference"), ("/items/3/endDate", "notOfThis"), ("/items/6", "duplicate")] {
            assert!(faults.contains(&(pointer, code)), "{pointer}: {faults:?}");
        }
        assert!(faults.iter().any(|(pointer, _)| pointer.starts_with("/items/4/")) && faults.iter().any(|(pointer, _)| *pointer == "/items/5/responsibleId"), "{faults:?}");
        assert_eq!(read(format!("/risks/{}", risks[0]))["response"], Value::Null);
        world.head.post(&at, json!({"items": [{"entity": "risk", "id": risks[0], "response": "share"}]})).expect(403);
        world.stranger.post(&at, json!({"items": [{"entity": "risk", "id": risks[0], "response": "share"}]})).expect(404);
    }

    fn each_gets_its_own_in_a_table(world: &World) {
        let (plan, risks, controls, actions) = bare(world, 2);
        let path = format!("/plans/{plan}/assign?each=true");
        let controller = world.visitor(&world.controller.id);
        assert_eq!(controller.page(&format!("/plans/{plan}/assign")).all(&format!("main a[href='{path}']")).len(), 1);
        let row = |form: &Fields, id: &str| -> String {
            let name = &form.iter().find(|(name, value)| name.ends_with("/id!") && value == id).expect("a row").0;
            name.rsplit_once('/').expect("a place").0.to_owned()
        };
        let typed = |form: &Fields, id: &str, field: &str, value: &str| written(form, &format!("{}/{field}", row(form, id)), value);
        let form = controller.page(&path).form("form#each");
        // Nothing was touched: nothing is sent.
        let none = Page::of(&controller.send(&path, &form).expect(422));
        assert!(none.text("#each-faults").contains("minst en rad"), "{}", none.text("#each-faults"));
        let form = typed(&form, &risks[0], "ownerId", &world.risk_owner.id);
        let form = typed(&form, &controls[1], "responsibleId", &world.performer.id);
        let form = typed(&form, &actions[0], "startDate", "2025-05-01");
        let wrong = typed(&form, &actions[0], "endDate", "2025-01-01");
        // Another changes one of them in between.
        world.controller.patch_current(&format!("/controls/{}", controls[1]), json!({"name": "Nytt namn"})).expect(200);
        let back = Page::of(&controller.send(&path, &wrong).expect(422));
        let again = back.form("form#each");
        let field = |id: &str, field: &str| value_of(&again, &format!("{}/{field}", row(&again, id)));
        assert_eq!((field(&risks[0], "ownerId"), field(&actions[0], "startDate")), (world.risk_owner.id.clone(), "2025-05-01".into()), "nothing typed is lost");
        let of_row = |id: &str| format!("each-{}", row(&again, id).replace('/', "-"));
        assert_eq!(back.all(&format!("#{} .fault", of_row(&controls[1]))).len(), 1, "the fault stands at its row");
        assert!(!back.all(&format!("[id^='{}-'][aria-invalid=true]", of_row(&actions[0]))).is_empty());
        assert_eq!(world.controller.get(&format!("/risks/{}", risks[0])).expect(200)["ownerId"], Value::Null);
        let right = typed(&again, &actions[0], "endDate", "2025-11-30");
        controller.send(&path, &right).expect(303);
        assert_eq!(world.controller.get(&format!("/risks/{}", risks[0])).expect(200)["ownerId"], world.risk_owner.id.as_str());
        let control = world.controller.get(&format!("/controls/{}", controls[1])).expect(200);
        assert_eq!((&control["responsibleId"], &control["name"]), (&json!(world.performer.id), &json!("Nytt namn")));
        // What has someone is no longer asked about; all are there for who wants to see them.
        let there = |path: &str, id: &str| controller.page(path).form("form#each").iter().any(|(_, value)| value == id);
        assert!(!there(&path, &risks[0]) && there(&format!("{path}&all=true"), &risks[0]) && there(&path, &risks[1]));
    }
}

/// The table hinders nobody: with axe, in each way in which it is looked at.
#[test]
fn rows_of_their_own_hinder_nobody() {
    let world = World::on(Databases::Sqlite);
    let (plan, ..) = bare(&world, 2);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.take_cookie(SESSION, &world.visitor(&world.controller.id).cookie);
    browser.open(&format!("/plans/{plan}/assign?each=true"));
    assert!(browser.all("form#each tbody tr").len() == 6);
    assert_eq!(browser.hindrances(), Vec::<String>::new());
}
