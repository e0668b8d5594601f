//! The register's own workbook and lists of risks, controls and actions come back: into the plan that they came from without a
//! difference, and into another plan as what they were.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use calamine::{Data, Range, Reader, Xlsx};
use rand::RngExt;
use serde_json::{Value, json};

use crate::demo::Place;
use crate::imports::{counted, execute, faults, path};
use crate::kit::depth::{chance, deep};
use crate::kit::{Answer, Client, World, both};

fn upload(client: &Client, plan: &str, name: &str, content: &[u8]) -> Answer {
    let form = json!({"planId": plan, "kind": "risks", "fileName": name, "content": STANDARD.encode(content)});
    client.post("/imports", form).expect(201)
}

fn register(client: &Client, body: &str, year: i32) -> Vec<u8> {
    client.get(&format!("/organisations/{body}/register?year={year}")).expect(200).body
}

/// A file that changes nothing of a plan, and has nothing to ask.
fn changes_nothing(client: &Client, plan: &str, name: &str, content: &[u8]) {
    let import = upload(client, plan, name, content);
    assert_eq!(faults(&import), [], "{name}: {:#}", import["faults"]);
    let (made, changed, left) = counted(&import);
    assert!(made == 0 && changed == 0 && left > 0, "{name}: {:#}", import["items"]);
    let differs = |remark: &&Value| remark["code"].as_str().is_some_and(|code| code.ends_with("Differs"));
    let differing: Vec<&Value> = import["remarks"].as_array().expect("a list").iter().filter(differs).collect();
    assert!(differing.is_empty(), "{name}: {differing:#?}");
}

fn sheet(book: &[u8], name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book.to_vec())).expect("a workbook");
    book.worksheet_range(name).expect("a sheet")
}

/// What a sheet says, but for the columns that are another plan's.
fn told(book: &[u8], name: &str) -> Vec<Vec<String>> {
    const ELSEWHERE: [&str; 7] =
        ["Id", "Organisation", "Del av verksamheten", "Ändrad", "Nummer", "Risk nr", "Obligatorisk"];
    let range = sheet(book, name);
    let headings: Vec<String> = range.rows().next().expect("headings").iter().map(ToString::to_string).collect();
    let row = |row: &[Data]| {
        let cells = headings.iter().zip(row).filter(|(heading, _)| !ELSEWHERE.contains(&heading.as_str()));
        cells.map(|(heading, cell)| format!("{heading}: {cell}")).collect()
    };
    // Each plan has its goals in an order of its own.
    let mut rows: Vec<Vec<String>> = range.rows().skip(1).map(row).collect();
    rows.sort();
    rows
}

/// Takes a body's register into another body's plan, and holds that it says the same there.
fn is_the_same_elsewhere(client: &Client, (from, year): (&str, i32), (body, plan): (&str, &str)) {
    let book = register(client, from, year);
    let import = upload(client, plan, "register.xlsx", &book);
    let import = client.patch_current(&path(&import), json!({"grantRoles": true})).expect(200);
    assert_eq!(faults(&import), [], "{:#}", import["faults"]);
    execute(client, &import).expect(200);
    let there = register(client, body, year);
    for name in ["Risker", "Kontroller", "Åtgärder"] {
        let (there, here) = (told(&there, name), told(&book, name));
        assert_eq!(there.len(), here.len(), "{name}");
        for (there, here) in there.iter().zip(&here) {
            assert_eq!(there, here, "{name}");
        }
    }
    // Found by their references and names, since their ids are the other plan's.
    changes_nothing(client, plan, "register.xlsx", &book);
    changes_nothing(client, plan, "register.xlsx", &there);
}

/// Texts that workbooks of other people would have meant something by.
const TEXTS: [&str; 18] = [
    "Jäv",
    "=1+1",
    "'=1+1",
    "dito",
    "–",
    "n/a",
    "Summa",
    "1. Ett\n2. Två",
    "a; b; c",
    "+46 8 123",
    "@här",
    "\u{2022} punkt",
    "”Citat”, och \"mer\"",
    "3-4",
    "2024-05-01",
    "007",
    "Räksmörgås på Öland",
    "Exempel: välj i listan",
];

/// A plan with risks, controls and actions in every field that a draft can have.
fn fill(world: &World, plan: &str) {
    let mut rng = chance("own_lists");
    let goal = world.goal(2024, "1.2 Ekonomi; i balans");
    let number = deep(12, 60);
    for n in 0..number {
        let mut text = |longer: bool| {
            let one = TEXTS[rng.random_range(0..TEXTS.len())];
            if longer { format!("{one}\n\n{}", TEXTS[rng.random_range(0..TEXTS.len())]) } else { one.to_owned() }
        };
        // Names of one risk after the other are alike, which nothing may take for one.
        let name = text(false).replace('\n', " ");
        let (description, justification, local) = (text(true), text(false), text(false).replace('\n', " "));
        let (control, action, words) = (text(false).replace('\n', " "), text(false).replace('\n', " "), text(true));
        let mut form = json!({"name": name});
        if n % 6 != 5 {
            form["likelihood"] = json!(rng.random_range(1..=5));
            form["consequence"] = json!(rng.random_range(1..=5));
        }
        let mut put = |name: &str, value: Value| {
            if rng.random_bool(0.7) {
                form[name] = value;
            }
        };
        put("description", json!(description));
        put("justification", json!(justification));
        put("ownerId", json!(world.risk_owner.id));
        put("category", json!(["operational", "compliance", "financial", "strategic"][n % 4]));
        put("response", json!("limit"));
        put("targetLevel", json!("low"));
        put("irregularity", json!(true));
        put(
            "secrecy",
            json!({"provision": "18 kap. 8 §, andra stycket, OSL", "date": "2024-01-15", "authority": "Nämnd, förvaltning"}),
        );
        put("reference", json!(format!("R-{n:03}; 2024")));
        if n % 2 == 0 {
            form["goalId"] = json!(goal);
        } else {
            form["localGoal"] = json!(local);
        }
        let risk = world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201).id();
        for _ in 0..rng.random_range(0..3) {
            let mut form = json!({"name": control, "description": words, "frequency": "Stickprover; två ggr/år, 3-4"});
            match rng.random_range(0..3) {
                0 => form["recurrences"] = json!(["continuous", "semiannual"]),
                1 => {
                    form["recurrences"] = json!(["oneOff"]);
                    form["dueDate"] = json!("2024-08-15");
                }
                _ => {
                    form["recurrences"] = json!(["annual"]);
                    form["duePeriod"] = json!("interim");
                }
            }
            if rng.random_bool(0.5) {
                form["responsibleId"] = json!(world.performer.id);
            }
            world.controller.post(&format!("/risks/{risk}/controls"), form).expect(201);
        }
        for _ in 0..rng.random_range(0..3) {
            let mut form =
                json!({"name": action, "description": words, "startDate": "2024-02-01", "endDate": "2024-11-30"});
            if rng.random_bool(0.5) {
                form["financialEffect"] =
                    json!({"fullYear": "12.5", "planYear": "-4", "nextYear": null, "yearAfterNext": "0.0"});
                form["responsibleId"] = json!(world.performer.id);
            }
            world.controller.post(&format!("/risks/{risk}/actions"), form).expect(201);
        }
        // Some are decided on, with a reason.
        let now = world.controller.get(&format!("/risks/{risk}")).expect(200);
        let which = match now["score"].as_i64() {
            None => Some("setting-aside"),
            Some(score) => (score <= 8 && n % 2 == 0).then_some("inclusion"),
        };
        if let Some(which) = which {
            let form = json!({"reason": format!("Nämnden vill det. {words}")});
            world.controller.with("if-none-match", "*").put(&format!("/risks/{risk}/{which}"), form).expect(201);
        }
    }
}

fn elsewhere(client: &Client, body: &str, year: i32) -> String {
    client.post("/plans", json!({"organisationId": body, "year": year})).expect(201).id()
}

both! {
    fn a_register_of_chance_comes_back(world: &World) {
        let plan = world.plan(2024);
        fill(world, &plan);
        let client = &world.controller;
        changes_nothing(client, &plan, "register.xlsx", &register(client, &world.board, 2024));
        for list in ["risks", "controls", "actions"] {
            for format in ["xlsx", "csv"] {
                let file = client.get(&format!("/{list}?organisationId={}&year=2024&format={format}", world.board)).expect(200);
                if client.get(&format!("/{list}")).expect(200)["total"] != 0 {
                    changes_nothing(client, &plan, &format!("{list}.{format}"), &file.body);
                }
            }
        }
        world.grant(&world.controller.id, json!({"role": "controller", "organisationId": world.other_board}));
        let there = elsewhere(client, &world.other_board, 2024);
        is_the_same_elsewhere(client, (&world.board, 2024), (&world.other_board, &there));
    }

    fn what_is_changed_in_the_workbook_is_changed_in_the_plan(world: &World) {
        let (plan, goal) = (world.plan(2024), world.goal(2024, "Ordning"));
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4));
        let control = world.control(&risk.id(), "Stickprov");
        let client = &world.controller;
        let list = |noun: &str| {
            let answer = client.get(&format!("/{noun}?year=2024&format=csv")).expect(200);
            String::from_utf8(answer.body.clone()).expect("UTF-8")
        };
        let csv = list("controls").replace("\nStickprov;", "\nNytt namn;");
        let import = upload(client, &plan, "kontroller.csv", csv.as_bytes());
        assert_eq!((faults(&import), &import["items"][0]["controlsChanged"]), (vec![], &json!(1)));
        execute(client, &import).expect(200);
        assert_eq!(client.get(&format!("/controls/{control}")).expect(200)["name"], "Nytt namn", "found by its id");
        // A row that is added is a new risk; its empty cells say nothing.
        let risks = list("risks");
        let (headings, row) = risks.trim_end().split_once("\r\n").expect("two lines");
        let at = |name: &str| headings.trim_start_matches('\u{feff}').split(';').position(|one| one == name).expect("a column");
        let mut added = vec![""; row.split(';').count()];
        (added[at("Risk")], added[at("År")], added[at("Riskägare")]) = ("En till", "2024", "Rut Ägare");
        (added[at("Riskvärde") - 2], added[at("Riskvärde") - 1]) = ("2", "5");
        let changed = row.replace("Brist på scener", "Brist på små scener");
        let csv = format!("{headings}\r\n{changed}\r\n{}\r\n", added.join(";"));
        let import = upload(client, &plan, "risker.csv", csv.as_bytes());
        assert_eq!((faults(&import), counted(&import)), (vec![], (1, 1, 0)), "{:#}", import["faults"]);
        assert_eq!(import["items"][0]["changes"], json!(["name"]));
        execute(client, &import).expect(200);
        assert_eq!(client.get(&format!("/risks/{}", risk.id())).expect(200)["name"], "Brist på små scener");
        let made = world.named(&plan, "En till");
        assert_eq!((&made["score"], &made["ownerId"]), (&json!(10), &json!(world.risk_owner.id)));
        let again = upload(client, &plan, "risker.csv", csv.as_bytes());
        assert_eq!((faults(&again), counted(&again)), (vec![], (0, 0, 2)), "{:#}", again["items"]);
        // A row that was copied, id and all, is another risk by its reference.
        let mut copied: Vec<&str> = row.split(';').collect();
        (copied[at("Referens")], copied[at("Risk")]) = ("K-1", "En kopia");
        let row = row.replace("Brist på scener", "Brist på små scener");
        for rows in [[row.as_str(), &copied.join(";")], [&copied.join(";"), row.as_str()]] {
            let import = upload(client, &plan, "risker.csv", format!("{headings}\r\n{}\r\n", rows.join("\r\n")).as_bytes());
            assert_eq!(faults(&import), []);
            let made: Vec<&Value> = import["items"].as_array().expect("a list").iter().filter(|one| one["result"] == "made").collect();
            assert_eq!(made.len(), 1, "{:#}", import["items"]);
        }
        // What is wrong has its cell.
        let secrecy = at("Sekretessmarkering");
        let mut cells: Vec<&str> = row.split(';').collect();
        cells[secrecy] = "hemligt";
        cells[at("Målnivå")] = "Mellanhög";
        let import = upload(client, &plan, "risker.csv", format!("{headings}\r\n{}\r\n", cells.join(";")).as_bytes());
        let codes: Vec<String> = faults(&import).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["noLevel", "noMarking"]);
        // Score and level are never read: where the row has others than the register makes of its steps, it is told so.
        let mut cells: Vec<&str> = row.split(';').collect();
        cells[at("Riskvärde") - 1] = "1";
        let import = upload(client, &plan, "risker.csv", format!("{headings}\r\n{}\r\n", cells.join(";")).as_bytes());
        assert_eq!((faults(&import), counted(&import)), (vec![], (0, 1, 0)), "{:#}", import["items"]);
        let said: Vec<&str> = import["remarks"].as_array().expect("a list").iter().filter_map(|one| one["sv"].as_str()).collect();
        assert_eq!(said, ["Filens riskvärde är 12, registrets blir 3.", "Filens risknivå är ”Hög risk”, registrets blir ”Låg risk”."], "{:#} {:#}", import["remarks"], import["items"]);
    }

    fn of_several_bodies_nothing_is_taken_and_of_several_years_the_newest(world: &World) {
        let (before, plan) = (world.plan(2023), world.plan(2024));
        let client = &world.controller;
        for (plan, name) in [(&before, "I fjol"), (&plan, "I år")] {
            client.post(&format!("/plans/{plan}/risks"), json!({"name": name})).expect(201);
        }
        let book = client.get(&format!("/organisations/{}/register", world.board)).expect(200);
        let import = upload(client, &plan, "register.xlsx", &book.body);
        assert_eq!((faults(&import), counted(&import)), (vec![], (0, 0, 1)));
        assert!(import["remarks"].as_array().expect("a list").iter().any(|one| one["code"] == "olderYear"));
        // Of a plan of last year's, last year's.
        let import = upload(client, &before, "register.xlsx", &book.body);
        assert_eq!((faults(&import), counted(&import), &import["items"][0]["name"]), (vec![], (0, 0, 1), &json!("I fjol")));
        world.grant(&world.controller.id, json!({"role": "controller", "organisationId": world.other_board}));
        let there = elsewhere(client, &world.other_board, 2024);
        for name in ["Där", "Där också"] {
            client.post(&format!("/plans/{there}/risks"), json!({"name": name})).expect(201);
        }
        // Another body's risk is not this one's, whatever its reference.
        let import = upload(client, &there, "register.xlsx", &book.body);
        assert_eq!(faults(&import), [("referenceTaken".to_owned(), "C3".to_owned())], "{:#}", import["items"]);
        let list = client.get("/risks?year=2024&format=xlsx").expect(200);
        let import = upload(client, &plan, "risker.xlsx", &list.body);
        assert_eq!(faults(&import)[0].0, "severalBodies");
    }

    fn the_demos_register_comes_back(place: &Place) {
        let demo = place.start(&["demo"]);
        let (admin, client) = (demo.as_role("regionAdministrator"), demo.as_role("controller"));
        let plan = client.get("/plans?year=2024").expect(200).items()[0].clone();
        let (id, body) = (plan["id"].as_str().expect("an id"), plan["organisationId"].as_str().expect("an id"));
        changes_nothing(&client, id, "register.xlsx", &register(&client, body, 2024));
        let root = admin.get("/organisations?kind=region").expect(200).items()[0]["id"].clone();
        let form = json!({"parentId": root, "kind": "board", "name": "En ny nämnd", "plans": true, "validFrom": "2023-01-01"});
        let new = admin.post("/organisations", form).expect(201).id();
        let me = client.get("/me").expect(200)["id"].as_str().expect("an id").to_owned();
        admin.post(&format!("/users/{me}/grants"), json!({"role": "controller", "organisationId": new})).expect(201);
        let there = elsewhere(&client, &new, 2024);
        is_the_same_elsewhere(&client, (body, 2024), (&new, &there));
        demo.stop();
    }
}
