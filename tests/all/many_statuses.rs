//! Many statuses at once: by one request, and in one table on a page.

use riskregister::web::SESSION;
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::browser::{Browser, Scripts};
use crate::kit::visitor::{Page, value_of, written};
use crate::kit::{Answer, Client, Databases, Start, World, both};
use crate::planted;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn item(entity: &str, id: &str, status: &str) -> Value {
    json!({"entity": entity, "id": id, "period": "t1", "status": status})
}

fn send(client: &Client, items: &[Value]) -> Answer {
    client.post("/status-reports", json!({"items": items}))
}

fn with(mut item: Value, field: &str, value: Value) -> Value {
    item[field] = value;
    item
}

/// How a control or an action stands in the first period: which report it is, and what it says.
fn told(world: &World, entity: &str, id: &str) -> (Value, Value) {
    let now = world.controller.get(&format!("/{entity}s/{id}/reports/t1")).expect(200);
    (now["sequence"].clone(), now["status"].clone())
}

both! {
    fn they_are_reported_all_or_none(world: &World) {
        let year = Year::adopted(world);
        let (control, action) = (item("control", &year.always, "performed"), item("action", &year.action, "onPlan"));
        // Every fault is told at its place, and nothing is kept.
        let faulty = [
            control.clone(),
            with(action.clone(), "status", "offPlan".into()),
            item("control", &year.action, "performed"),
            item("control", NOWHERE, "performed"),
            with(item("control", &year.annual, "onPlan"), "period", "annual".into()),
            control.clone(),
            with(with(item("control", &year.annual, "performed"), "sequence", 1.into()), "effect", "desired".into()),
        ];
        assert_eq!(send(&world.controller, &faulty).expect(422).faults(), [
            ("/items/1/comment", "required"), ("/items/2/id", "unknownReference"), ("/items/3/id", "unknownReference"),
            ("/items/4/status", "otherScale"), ("/items/5", "duplicate"), ("/items/6/effect", "notOfThis"),
            ("/items/6/sequence", "changedMeanwhile"),
        ]);
        assert_eq!(told(world, "control", &year.always), (json!(0), Value::Null));
        let done = send(&world.controller, &[control.clone(), with(action.clone(), "effect", "desired".into())]).expect(200);
        assert_eq!(done.json, json!({"reported": 2, "unchanged": 0}));
        assert_eq!(told(world, "control", &year.always), (json!(1), json!("performed")));
        assert_eq!(told(world, "action", &year.action), (json!(1), json!("onPlan")));
        let last = world.controller.get(&format!("/controls/{}/reports/t1", year.always)).expect(200);
        assert_eq!(last["onBehalfOfId"], world.performer.id, "it shows that the controller reported");
        // What says the same is let be, and what is left out stays as it was reported.
        let counted = with(control.clone(), "counts", json!({"samples": 30, "faults": 0}));
        assert_eq!(send(&world.performer, &[control.clone(), counted]).expect(422).faults(), [("/items/1", "duplicate")]);
        let counted = with(control.clone(), "counts", json!({"samples": 30, "faults": 0}));
        let done = send(&world.performer, &[counted, with(action.clone(), "effect", "desired".into())]).expect(200);
        assert_eq!(done.json, json!({"reported": 1, "unchanged": 1}));
        let yellow = with(with(control.clone(), "status", "performedWithDeviations".into()), "comment", "Två saknade attest.".into());
        send(&world.performer, &[with(yellow, "sequence", 2.into())]).expect(200);
        let now = world.controller.get(&format!("/controls/{}/reports/t1", year.always)).expect(200);
        assert_eq!((&now["counts"]["samples"], &now["sequence"]), (&json!(30), &json!(3)));
        let kinds = |thing: &str| planted::history(world, thing).len();
        assert!(kinds(&year.always) > 0);
        assert_eq!(send(&world.controller, &[with(control, "sequence", 2.into())]).expect(422).faults(), [("/items/0/sequence", "changedMeanwhile")]);
    }

    fn what_the_year_refuses_is_told_at_its_place(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let of = |period: &str| with(item("control", &year.always, "performed"), "period", period.into());
        assert_eq!(send(&world.controller, &[of("interim"), of("t1")]).expect(422).faults(), [("/items/1/period", "periodClosed")]);
        let postponed = with(item("control", &year.annual, "notPlanned"), "period", "annual".into());
        assert_eq!(send(&world.controller, &[postponed]).expect(422).faults(), [("/items/0/status", "notOutOfYear")]);
        let unassessed = with(item("action", &year.action, "onPlan"), "period", "annual".into());
        assert_eq!(send(&world.controller, &[unassessed]).expect(422).faults(), [("/items/0/effect", "effectRequired")]);
        send(&world.controller, &[]).refused(422, "tooFew");
    }

    fn each_reports_what_is_theirs(world: &World) {
        let year = Year::adopted(world);
        let items = [item("control", &year.always, "performed"), item("action", &year.action, "onPlan")];
        for (who, client) in world.everyone() {
            let answer = send(client, &items);
            let may = ["controller", "riskOwner", "performer"].contains(&who);
            assert_eq!(answer.status, if may { 200 } else { 403 }, "{who}: {}", answer.json);
        }
        // One of another's among one's own: nothing is kept.
        let other = world.person("Per Annan", &world.board);
        world.controller.patch_current(&format!("/controls/{}", year.annual), json!({"responsibleId": world.controller.id})).expect(200);
        let two = [item("control", &year.always, "notPerformed"), with(item("control", &year.annual, "performed"), "period", "annual".into())];
        assert_eq!(send(&world.performer, &two).status, 403);
        assert_eq!(told(world, "control", &year.always).1, "performed");
        assert_eq!(send(&other.client, &items).status, 403);
        // A key does it once.
        let keyed = world.controller.with("idempotency-key", "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f4a");
        let again = [with(item("action", &year.action, "mostlyDone"), "comment", "Delar kvarstår.".into())];
        assert_eq!(send(&keyed, &again).expect(200).json, send(&keyed, &again).expect(200).json);
        assert_eq!(told(world, "action", &year.action).0, json!(2));
    }

    fn the_table_saves_all_that_are_filled_in(world: &World) {
        let year = Year::adopted(world);
        let path = format!("/plans/{}/statuses?period=t1", year.plan);
        let controller = world.visitor(&world.controller.id);
        let page = controller.page(&path);
        let form = page.form("form#statuses");
        let row = |form: &[(String, String)], id: &str| -> String {
            let found = form.iter().find(|(name, value)| name.ends_with("/id!") && value == id).expect("a row");
            found.0.trim_end_matches("/id!").to_owned()
        };
        let due = page.all("tbody tr").len();
        assert!(due >= 2, "what is due in the period");
        let set = |form: &Vec<(String, String)>, id: &str, field: &str, value: &str| {
            let name = format!("{}/{field}", row(form, id));
            let mut kept: Vec<(String, String)> = form.iter().filter(|(n, _)| *n != name).cloned().collect();
            kept.push((name, value.to_owned()));
            kept
        };
        // Nothing was filled in.
        let none = Page::of(&controller.send(&path, &form).expect(422));
        assert!(none.text("#statuses-faults").contains("minst en rad"), "{}", none.text("#statuses-faults"));
        // A fault stands at its row, what was typed is there still, and nothing is kept; another has reported in between.
        let filled = set(&set(&form, &year.always, "status", "performed"), &year.action, "status", "offPlan");
        send(&world.performer, &[with(item("control", &year.always, "notPerformed"), "comment", "Hann inte.".into())]).expect(200);
        // What nobody has reported is what one comes for, and all can be seen.
        let shown = |path: &str| controller.page(path).all("tbody tr").len();
        assert_eq!((shown(&path), shown(&format!("{path}&all=true"))), (due - 1, due));
        let again = Page::of(&controller.send(&path, &filled).expect(422));
        let back = again.form("form#statuses");
        let (control, action) = (row(&back, &year.always), row(&back, &year.action));
        assert_eq!(again.all(&format!("textarea[name='{action}/comment'][aria-invalid=true]")).len(), 1);
        assert_eq!(again.all(&format!("#statuses-{} .fault", control.replace('/', "-"))).len(), 1);
        assert_eq!((value_of(&back, &format!("{control}/status")), value_of(&back, &format!("{action}/status"))), ("performed".into(), "offPlan".into()));
        assert_eq!(told(world, "action", &year.action).0, json!(0), "partly saved never");
        let mended = written(&back, &format!("{action}/comment"), "Leveransen dröjer.");
        controller.send(&path, &mended).expect(303);
        assert_eq!(told(world, "control", &year.always), (json!(2), json!("performed")));
        assert_eq!(told(world, "action", &year.action), (json!(1), json!("offPlan")));
        // Whoever looks and does not report sees how they stand.
        let seen = world.visitor(&world.auditor.id).page(&path);
        assert!(seen.all("form#statuses").is_empty() && seen.text("table").contains("Leveransen dröjer."));
        assert_ne!(world.visitor(&world.reader.id).get(&path).status, 200);
    }

    fn ones_own_stand_in_one_table(world: &World) {
        let year = Year::adopted(world);
        let performer = world.visitor(&world.performer.id);
        assert_eq!(performer.page("/tasks").all("a[href='/statuses']").len(), 1);
        let form = performer.page("/statuses").form("form#statuses");
        let rows = form.iter().filter(|(name, _)| name.ends_with("/id!")).count();
        let owed = world.performer.get("/me/tasks?kind=status&limit=200").expect(200);
        assert_eq!(json!(rows), owed["total"]);
        // What another has reported meanwhile is asked for no longer, and what was typed of it stands there still.
        let at = |period: &str| -> String {
            let named = |name: &str, value: &str| form.iter().any(|(n, v)| n == name && v == value);
            let at = (0..rows).map(|n| format!("items/{n}")).find(|at| {
                named(&format!("{at}/id!"), &year.always) && named(&format!("{at}/period!"), period)
            });
            at.expect("a row")
        };
        let mut filled = form.clone();
        for period in ["t1", "interim"] {
            filled.push((format!("{}/status", at(period)), "performed".into()));
        }
        send(&world.controller, &[item("control", &year.always, "performed")]).expect(200);
        let again = Page::of(&performer.send("/statuses", &filled).expect(422));
        let back = again.form("form#statuses");
        assert_eq!(value_of(&back, &format!("{}/status", at("t1"))), "performed");
        assert_eq!(again.all(&format!("#statuses-{} .fault", at("t1").replace('/', "-"))).len(), 1);
        performer.send("/statuses", &back).expect(303);
        let interim = world.controller.get(&format!("/controls/{}/reports/interim", year.always)).expect(200);
        assert_eq!(interim["status"], "performed");
        world.visitor(&world.stranger.id).page("/statuses");
    }
}

/// A controller sets the statuses of a whole plan: one click for each, one that saves them, on one page that comes back.
#[test]
fn twenty_three_statuses_take_few_clicks() {
    const MANY: usize = 23;
    let world = World::on(Databases::Sqlite);
    let goal = world.goal(2024, "En ekonomi i balans");
    let plan = world.plan(2024);
    let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
    for n in 0..MANY {
        let form = json!({"name": format!("Stickprov {n}"), "recurrences": ["continuous"], "responsibleId": world.performer.id});
        world.controller.post(&format!("/risks/{risk}/controls"), form).expect(201);
    }
    world.complete(&plan);
    world.decide(&plan);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.take_cookie(SESSION, &world.visitor(&world.controller.id).cookie);
    browser.open(&format!("/plans/{plan}/follow-up?period=t1"));
    let (mut clicks, mut pages) = (0, 0);
    browser.go(|| browser.press("a[href$='statuses?period=t1']"));
    (clicks, pages) = (clicks + 1, pages + 1);
    let due = browser.all("tbody tr").len();
    assert!(due >= MANY, "{due} are due");
    for n in 0..due {
        browser.press(&format!(
            "tbody tr:nth-child({}) input[value=performed], tbody tr:nth-child({}) input[value=onPlan]",
            n + 1,
            n + 1
        ));
        clicks += 1;
    }
    browser.follow("Rapportera de ifyllda");
    (clicks, pages) = (clicks + 1, pages + 1);
    assert_eq!(browser.text(".notice"), "Statusarna är rapporterade.");
    let missing = world.controller.get(&format!("/plans/{plan}/periods/t1/statuses?missing=true")).expect(200);
    assert_eq!(missing["total"], 0);
    assert!(clicks <= 30 && pages <= 2, "{clicks} clicks on {pages} pages");
    let wrong: Vec<String> = browser.axe().into_iter().map(|one| one.told).collect();
    assert_eq!(wrong, Vec::<String>::new());
}
