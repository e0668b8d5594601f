//! What comes into a plan between its adoptions: new risks, controls and actions, each with its day.

use serde_json::{Value, json};

use crate::kit::{World, both};

fn today() -> chrono::NaiveDate {
    riskregister::storage::Timestamp::now().stockholm_date()
}

/// A plan of a year, adopted, with a risk that is followed and one that is not included.
struct Plan {
    path: String,
    id: String,
    goal: String,
    risk: String,
    low: String,
}

fn adopted(world: &World, year: i32) -> Plan {
    let goal = world.goal(year, "En ekonomi i balans");
    let id = world.plan(year);
    let risk = world.risk(&id, &goal, "Brist på scener", (3, 4)).id();
    let low = world.risk(&id, &goal, "Låg risk", (2, 2)).id();
    world.complete(&id);
    world.decide(&id);
    Plan { path: format!("/plans/{id}"), id, goal, risk, low }
}

/// In which periods a control is due.
fn due(world: &World, control: &str) -> Vec<&'static str> {
    let asked = |period: &&str| {
        world.controller.get(&format!("/controls/{control}/reports/{period}")).expect(200)["due"] == true
    };
    ["t1", "interim", "annual"].into_iter().filter(asked).collect()
}

fn followed(name: &str, world: &World) -> Value {
    json!({"name": name, "recurrences": ["continuous"], "responsibleId": world.performer.id})
}

both! {
    fn a_new_risk_stands_outside_until_a_revision_takes_it_in(world: &World) {
        let plan = adopted(world, 2026);
        let sealed = |number: i32| {
            let path = format!("{}/revisions/{number}/document", plan.path);
            world.auditor.with("accept", "application/json").get(&path).expect(200).body
        };
        let first = sealed(1);
        let order = world.controller.get(&plan.path).expect(200)["goalOrder"].clone();
        let other = world.goal(2026, "Nöjda besökare");
        let new = world.risk(&plan.id, &other, "Ny risk", (4, 4));
        assert_eq!(new["addedAfterAdoptionOn"], json!(today()));
        assert_eq!((&new["included"], &new["number"], &new["inclusionReason"]), (&json!(false), &Value::Null, &json!("none")));
        assert_eq!((&new["adopted"], &new["adoptedScore"]), (&json!(false), &Value::Null));
        assert_eq!((&new["currentlyQualifies"], &new["needsRevision"]), (&json!(true), &json!(true)));
        let told = world.controller.get(&plan.path).expect(200);
        assert_eq!((&told["needsRevision"], &told["goalOrder"]), (&json!(true), &order));
        let calm = world.risk(&plan.id, &other, "Lugn risk", (1, 2));
        assert_eq!((&calm["currentlyQualifies"], &calm["needsRevision"]), (&json!(false), &json!(false)));
        assert_eq!(world.controller.get(&format!("/risks/{}", plan.low)).expect(200)["addedAfterAdoptionOn"], Value::Null);
        // The board has not decided on it, so whoever may change it mends it; what the board decided on waits.
        let path = format!("/risks/{}", new.id());
        world.controller.patch_current(&path, json!({"ownerId": world.head.id, "likelihood": 5, "consequence": 4})).expect(200);
        let mended = json!({"name": "Andra ord", "goalId": plan.goal, "description": "Utan felskrivning."});
        let mended = world.controller.patch_current(&path, mended).expect(200);
        assert_eq!((&mended["included"], &mended["number"]), (&json!(false), &Value::Null));
        let back = json!({"name": "Ny risk", "goalId": other});
        world.controller.patch_current(&path, back).expect(200);
        assert_eq!(world.controller.get(&plan.path).expect(200)["goalOrder"], order, "the plan's order is the board's");
        world.risk_owner.patch_current(&path, json!({"name": "Mina ord"})).expect(403);
        let decided = format!("/risks/{}", plan.risk);
        world.controller.patch_current(&decided, json!({"name": "Andra ord"})).refused(409, "planIsAdopted");
        let form = |path: &str| world.visitor(&world.controller.id).page(&format!("{path}/edit")).all("main form [name=name]").len();
        assert_eq!((form(&path), form(&decided)), (1, 0), "the pages offer as much");
        world.controller.delete_current(&path).refused(409, "planIsAdopted");
        world.risk_owner.post(&format!("{}/risks", plan.path), json!({"name": "Min"})).expect(403);
        // Its controls and actions stand with it, and nobody is asked of them.
        let control = world.controller.post(&format!("{path}/controls"), followed("Räkna", world)).expect(201);
        world.action(&new.id(), "Bygg");
        assert_eq!(control["addedAfterAdoptionOn"], json!(today()));
        let rows = world.controller.get(&format!("{}/periods/annual/statuses?limit=200", plan.path)).expect(200);
        assert!(!rows.column("name").contains(&"Räkna") && !rows.column("name").contains(&"Bygg"), "{:?}", rows.column("name"));
        assert_eq!(sealed(1), first);
        let page = world.visitor(&world.controller.id).page(&path);
        assert!(page.text("main").contains("Tillagd efter fastställandet, "), "{}", page.text("main"));
        assert!(page.text("main").contains("utanför planen"));

        // A revision takes it in, last, and it goes on to say when it came.
        world.revise(&plan.id).expect(200);
        let drafted = world.controller.get(&path).expect(200);
        assert_eq!((&drafted["included"], &drafted["number"]), (&json!(true), &json!(2)));
        assert!(world.controller.get(&plan.path).expect(200)["goalOrder"].as_array().expect("an order").contains(&json!(other)));
        world.complete(&plan.id);
        world.decide(&plan.id);
        let told = world.controller.get(&path).expect(200);
        assert_eq!((&told["included"], &told["number"], &told["adopted"]), (&json!(true), &json!(2), &json!(true)));
        assert_eq!((&told["addedAfterAdoptionOn"], &told["needsRevision"]), (&json!(today()), &json!(false)));
        assert_eq!(sealed(1), first);
        assert_eq!(world.controller.get(&format!("{}/comparison", plan.path)).expect(200).status, 200);
        // Next year's plan has it from the beginning.
        let next = world.carried(2027, &plan.id);
        assert_eq!(world.named(&next, "Ny risk")["addedAfterAdoptionOn"], Value::Null);
    }

    fn a_new_control_is_followed_up_from_the_period_after_its_day(world: &World) {
        let year = chrono::Datelike::year(&today());
        let last = |period: &&str| format!("{year}-{}", match *period { "t1" => "04-30", "interim" => "08-31", _ => "12-31" });
        let to_come: Vec<&str> = ["t1", "interim", "annual"].into_iter().filter(|at| last(at) >= today().to_string()).collect();
        for (year, expected) in [(year - 1, Vec::new()), (year, to_come.clone()), (year + 1, vec!["t1", "interim", "annual"])] {
            let plan = adopted(world, year);
            let added = format!("/risks/{}/controls", plan.risk);
            let made = world.controller.post(&added, followed("Räkna oftare", world)).expect(201);
            assert_eq!((&made["addedAfterAdoptionOn"], &made["adopted"]), (&json!(today()), &json!(false)));
            assert_eq!(due(world, &made.id()), expected, "of {year}");
            // What would have fallen due before it came waits for the next period.
            let mut once = followed("Räkna en gång", world);
            once["recurrences"] = json!(["annual"]);
            once["duePeriod"] = json!("t1");
            let once = world.controller.post(&added, once).expect(201).id();
            assert_eq!(due(world, &once), expected.first().copied().into_iter().collect::<Vec<_>>(), "of {year}");
            // It is in the plan's follow-up, and in what the board is told; not in what it decided on.
            let rows = world.controller.get(&format!("{}/periods/annual/statuses?limit=200", plan.path)).expect(200);
            assert!(rows.column("name").contains(&"Räkna oftare"));
            // It is mended until a revision takes it in, and not deleted.
            let path = format!("/controls/{}", made.id());
            world.controller.patch_current(&path, json!({"responsibleId": world.head.id})).expect(200);
            world.controller.patch_current(&path, json!({"name": "Andra ord", "recurrences": ["monthly"]})).expect(200);
            world.auditor.patch_current(&path, json!({"name": "Mina ord"})).expect(403);
            world.controller.patch_current(&path, json!({"name": "Räkna oftare"})).expect(200);
            world.controller.delete_current(&path).refused(409, "planIsAdopted");
            let action = world.action(&plan.risk, "Byg");
            let of_action = format!("/actions/{action}");
            world.controller.patch_current(&of_action, json!({"name": "Bygg", "startDate": format!("{year}-02-01")})).expect(200);
            let offers = |path: &str| {
                let page = world.visitor(&world.controller.id).page(path);
                (page.all("form#control [name=name], form#action [name=name]").len(), page.all("form#delete").len())
            };
            assert_eq!((offers(&path), offers(&of_action)), ((1, 0), (1, 0)), "the pages offer as much");
            let page = world.visitor(&world.controller.id).page(&path);
            assert!(page.text("main").contains("Tillagd efter fastställandet, "), "{}", page.text("main"));
            // While a revision is drafted it goes on to be followed, also when the draft takes it away.
            world.revise(&plan.id).expect(200);
            assert_eq!(due(world, &made.id()), expected);
            world.controller.delete_current(&path).expect(204);
            let rows = world.controller.get(&format!("{}/periods/annual/statuses?limit=200", plan.path)).expect(200);
            assert!(rows.column("name").contains(&"Räkna oftare"), "until the board has decided");
        }
    }

    fn a_closed_period_does_not_know_what_comes_later(world: &World) {
        let plan = adopted(world, 2025);
        let period = format!("{}/periods/t1", plan.path);
        let early = json!({"required": true});
        world.controller.patch_current(&period, early).expect(200);
        let report = |control: &str| {
            let new = world.controller.with("if-none-match", "*");
            new.put(&format!("/controls/{control}/reports/t1"), json!({"status": "performed"}))
        };
        for row in world.controller.get(&format!("{period}/statuses?due=true&limit=200")).expect(200).items() {
            report(row["id"].as_str().expect("an id")).expect(201);
        }
        world.controller.post_current(&period, "/closure", json!({})).expect(200);
        let counts = || {
            let told = world.controller.get(&period).expect(200);
            let rows = world.controller.get(&format!("{period}/statuses?limit=200")).expect(200);
            json!([told["due"], told["reported"], told["controls"], told["actions"], rows.column("name")])
        };
        let before = counts();
        world.controller.post(&format!("/risks/{}/controls", plan.risk), followed("Räkna oftare", world)).expect(201);
        world.action(&plan.risk, "Bygg mer");
        let new = world.risk(&plan.id, &plan.goal, "Ny risk", (4, 4)).id();
        world.control(&new, "Räkna det nya");
        assert_eq!(counts(), before);
        world.revise(&plan.id).expect(200);
        world.complete(&plan.id);
        world.decide(&plan.id);
        assert_eq!(counts(), before);
    }

    fn a_revision_takes_in_what_was_added_and_says_so_no_more(world: &World) {
        let plan = adopted(world, 2025);
        let c = &world.controller;
        let control = c.post(&format!("/risks/{}/controls", plan.risk), followed("Räkna oftare", world)).expect(201).id();
        world.action(&plan.risk, "Bygg mer");
        let period = format!("{}/periods/t1", plan.path);
        c.patch_current(&period, json!({"required": true})).expect(200);
        let new = c.with("if-none-match", "*");
        for row in c.get(&format!("{period}/statuses?due=true&limit=200")).expect(200).items() {
            let of_control = row["entity"] == "control";
            let status = if of_control { json!({"status": "performed"}) } else { json!({"status": "onPlan", "effect": "desired"}) };
            let path = format!("/{}s/{}/reports/t1", row["entity"].as_str().expect("a word"), row["id"].as_str().expect("an id"));
            new.put(&path, status).expect(201);
        }
        c.post_current(&period, "/closure", json!({})).expect(200);
        let report = c.post(&format!("{}/reports", plan.path), json!({"kind": "t1"})).expect(201).id();
        let marked = |path: &str| -> Vec<String> {
            let told = c.with("accept", "application/json").get(path).expect(200).json;
            let plan = if told["plan"]["goals"].is_array() { &told["plan"] } else { &told };
            let risks = plan["goals"].as_array().into_iter().flatten().flat_map(|goal| goal["risks"].as_array().expect("risks"));
            let parts = risks.flat_map(|risk| ["controls", "actions"].map(|of| risk[of].as_array().expect("parts"))).flatten();
            parts.filter(|one| one["addedAfterAdoption"] == true).map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
        };
        let of_report = format!("/reports/{report}/document");
        assert_eq!(marked(&of_report), ["Räkna oftare", "Bygg mer"]);
        let on_page = |path: &str| {
            world.visitor(&c.id).page(path).text("main").contains("Tillagd efter fastställandet")
        };
        let pages = [format!("/controls/{control}"), format!("/risks/{}", plan.risk)];
        assert!(pages.iter().all(|path| on_page(path)));

        world.revise(&plan.id).expect(200);
        assert_eq!(marked(&format!("{}/document", plan.path)), [""; 0], "what is put before the board is its own");
        world.complete(&plan.id);
        world.decide(&plan.id);
        assert_eq!(marked(&format!("{}/revisions/2/document", plan.path)), [""; 0]);
        assert!(!pages.iter().any(|path| on_page(path)), "so say the pages from then on");
        let told = c.get(&format!("/controls/{control}")).expect(200);
        assert_eq!((&told["addedAfterAdoptionOn"], &told["adopted"]), (&json!(today()), &json!(true)), "the day is kept");
        // What was closed before the revision stays what it was.
        assert_eq!(marked(&of_report), ["Räkna oftare", "Bygg mer"]);
    }
}
