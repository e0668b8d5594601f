//! `/imports`: workbooks of other bodies' shapes taken into a draft plan, through the child process that reads them.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use riskregister::web::SESSION;
use serde_json::{Value, json};

use crate::kit::browser::{Browser, Scripts};
use crate::kit::{Answer, Client, Databases, Directory, Start, World, both};

/// The specimens, in the shapes of public registers: name, risks, and whether the file's own faults must be mended first.
const SPECIMENS: [&str; 5] = [
    "1-three-row-heading-inherent-residual.xlsx",
    "2-actions-one-per-row-rag.xlsx",
    "4-comma-residual-dates-in-words.csv",
    "5-semicolon-latin1.csv",
    "7-svensk-internkontrollplan-sammanslagna-celler.xlsx",
];

fn specimen(name: &str) -> Vec<u8> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("workbook/tests/specimens").join(name);
    std::fs::read(file).expect("the specimen lies beside the reader")
}

fn form(plan: &str, name: &str, content: &[u8]) -> Value {
    json!({"planId": plan, "kind": "risks", "fileName": name, "content": STANDARD.encode(content)})
}

fn upload(client: &Client, plan: &str, name: &str, content: &[u8]) -> Answer {
    client.post("/imports", form(plan, name, content))
}

pub fn path(import: &Answer) -> String {
    format!("/imports/{}", import["id"].as_str().expect("an id"))
}

pub fn execute(client: &Client, import: &Answer) -> Answer {
    client.post_current(&path(import), "/execution", json!({}))
}

/// The faults of an import: their codes and cells.
pub fn faults(import: &Answer) -> Vec<(String, String)> {
    let all = import["faults"].as_array().expect("a list");
    let text = |fault: &Value, field: &str| fault[field].as_str().unwrap_or_default().to_owned();
    all.iter().map(|fault| (text(fault, "code"), text(fault, "cell"))).collect()
}

/// An answer to each question that has none: people are one person, steps are 3, and all else is left as words.
fn answers(owner: &str, import: &Answer) -> Vec<Value> {
    let mut all = Vec::new();
    for question in import["questions"].as_array().expect("a list") {
        let value = match (question["value"].as_str(), question["about"].as_str().expect("a word")) {
            (Some(value), _) => value.to_owned(),
            (None, "person") => owner.to_owned(),
            (None, "likelihood" | "consequence") => "3".to_owned(),
            (None, _) => "none".to_owned(),
        };
        all.push(json!({"about": question["about"], "text": question["text"], "value": value}));
    }
    all
}

pub fn counted(import: &Answer) -> (u64, u64, u64) {
    let number = |field: &str| import[field].as_u64().expect("a number");
    (number("made"), number("changed"), number("left"))
}

const CSV: &str = "Referens;Risk;Sannolikhet;Konsekvens;Kontroll;Åtgärd\n\
    R-1;Fel i lönesystemet;3;4;Stickprov;Utbildning\n\
    R-2;Otillåten direktupphandling;2;5;;\n";

both! {
    fn the_specimens_come_in_with_a_page_of_questions_each(world: &World) {
        let there = world.person_with("Tora Annan", &world.other_board, "controller", &world.other_board);
        for (n, name) in SPECIMENS.into_iter().enumerate() {
            // Two of them are of bodies that give their risks the same references.
            let (client, body, owner): (&Client, _, _) = match n {
                1 => (&there, &world.other_board, &there.id),
                _ => (&world.controller, &world.board, &world.risk_owner.id),
            };
            let plan = client.post("/plans", json!({"organisationId": body, "year": 2030 + n})).expect(201).id();
            let risks_of = || client.get(&format!("/plans/{plan}/risks?limit=200&sort=number")).expect(200).items().to_vec();
            let mut content = specimen(name);
            if name.starts_with("5-") {
                // One of its cells holds a decimal: that is told, and whoever takes it in writes a step in the file.
                let told = upload(client, &plan, name, &content).expect(201);
                assert!(faults(&told).contains(&("decimal".to_owned(), "G3".to_owned())), "{:?}", faults(&told));
                execute(client, &told).expect(422);
                let at = content.windows(3).position(|some| some == b"2,5").expect("the cell");
                content.splice(at..at + 3, *b"3");
            }
            let import = upload(client, &plan, name, &content).expect(201);
            let questions = import["questions"].as_array().expect("a list").len();
            assert!(questions <= 40, "{name}: {questions} questions are more than a page");
            // Nothing is done yet.
            assert_eq!(risks_of().len(), 0, "{name}");
            let answered = json!({"answers": answers(owner, &import), "grantRoles": true});
            let import = client.patch_current(&path(&import), answered).expect(200);
            assert_eq!(faults(&import), [], "{name}");
            let (made, changed, left) = counted(&import);
            assert!(made >= 2 && changed == 0 && left == 0, "{name}: {made} {changed} {left}");
            let done = execute(client, &import).expect(200);
            assert_eq!((done["status"].as_str(), counted(&done)), (Some("executed"), (made, 0, 0)), "{name}");
            let risks = risks_of();
            assert_eq!(risks.len() as u64, made, "{name}");
            // The second is of actions alone.
            assert_eq!(n != 1, risks.iter().any(|risk| risk["score"].is_number()), "{name}");
            for item in done["items"].as_array().expect("a list") {
                let id = item["riskId"].as_str().expect("what was made has an id");
                let count = |what: &str| client.get(&format!("/risks/{id}/{what}?limit=200")).expect(200)["total"].clone();
                assert_eq!((count("controls"), count("actions")), (item["controlsMade"].clone(), item["actionsMade"].clone()), "{name}: {item}");
            }
            // The same file again changes nothing, and asks nothing that was answered.
            let again = upload(client, &plan, name, &content).expect(201);
            assert_eq!(faults(&again), [], "{name}");
            assert_eq!(counted(&again), (0, 0, made), "{name}: {:#}", again["items"]);
            execute(client, &again).expect(200);
            assert_eq!(risks_of(), risks, "{name}");
        }
    }

    fn what_is_in_the_file_is_in_the_plan(world: &World) {
        let plan = world.plan(2024);
        let import = upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(201);
        assert_eq!(import.header("location"), format!("/api/v1{}", path(&import)));
        assert_eq!((faults(&import), counted(&import)), (vec![], (2, 0, 0)));
        let column = &import["sheets"][0]["columns"][2];
        assert_eq!((&column["heading"], &column["field"], &column["letters"]), (&json!("Sannolikhet"), &json!("likelihood"), &json!("C")));
        assert_eq!(import["sha256"].as_str().map(str::len), Some(64));
        let read = world.controller.get(&path(&import)).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&import.json, import.header("etag")));

        let done = execute(&world.controller, &import).expect(200);
        let risk = world.named(&plan, "Fel i lönesystemet");
        assert_eq!((&risk["reference"], &risk["score"]), (&json!("R-1"), &json!(12)));
        assert_eq!(done["items"][0]["riskId"], risk["id"]);
        let of = |what: &str| world.controller.get(&format!("/risks/{}/{what}", risk["id"].as_str().expect("an id"))).expect(200);
        assert_eq!((of("controls").column("name"), of("actions").column("name")), (vec!["Stickprov"], vec!["Utbildning"]));
        // Once, and by the name of its bytes in the history.
        execute(&world.controller, &done).refused(409, "importExecuted");
        let events = world.controller.get(&format!("/events?kind=plan.risksImported&planId={plan}"));
        let told = if events.status == 200 { events } else { world.controller.get("/events?kind=plan.risksImported").expect(200) };
        let text = told.json.to_string();
        assert!(text.contains(import["sha256"].as_str().expect("a hash")), "{text}");

        // A reference that is there already changes that risk.
        let changed = CSV.replace("Fel i lönesystemet;3;4", "Fel i lönesystemet;5;4");
        let import = upload(&world.controller, &plan, "risker.csv", changed.as_bytes()).expect(201);
        assert_eq!(counted(&import), (0, 1, 1));
        assert_eq!(import["items"][0]["changes"], json!(["likelihood"]));
        execute(&world.controller, &import).expect(200);
        assert_eq!(world.named(&plan, "Fel i lönesystemet")["score"], 20);
    }

    fn a_column_can_be_something_else(world: &World) {
        let plan = world.plan(2024);
        let csv = "Risk;S;K;Anmärkning\nFel i lönesystemet;3;4;Se revisionen\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let sheet = import["sheets"][0]["sheet"].clone();
        let change = |column: Value| json!({"sheets": [{"sheet": sheet, "columns": [column]}]});
        let sent = change(json!({"letters": "D", "field": "unknown", "intoDescription": true}));
        let import = world.controller.patch_current(&path(&import), sent).expect(200);
        assert_eq!(import["sheets"][0]["columns"][3]["intoDescription"], true);
        let twice = change(json!({"letters": "D", "field": "name"}));
        let refused = world.controller.patch_current(&path(&import), twice).expect(422);
        assert_eq!(refused.faults(), [("/sheets/0/columns/0/field", "fieldTwice")]);
        let unknown = json!({"sheets": [{"sheet": "Blad9"}, {"sheet": sheet, "columns": [{"letters": "ZZ", "field": "name"}]}]});
        let refused = world.controller.patch_current(&path(&import), unknown).expect(422);
        assert_eq!(refused.faults(), [("/sheets/0/sheet", "unknownSheet"), ("/sheets/1/columns/0/letters", "unknownColumn")]);
        world.controller.patch(&path(&import), json!({})).expect(428);
        world.controller.with("if-match", "\"old\"").patch(&path(&import), json!({})).expect(412);
        execute(&world.controller, &import).expect(200);
        assert_eq!(world.named(&plan, "Fel i lönesystemet")["description"], "Anmärkning: Se revisionen");
    }

    fn it_is_all_or_nothing_and_every_fault_has_its_cell(world: &World) {
        let plan = world.plan(2024);
        let csv = "Referens;Risk;S;K;Riskägare;Åtgärd;Start;Slut\n\
            R-1;Fel i lönesystemet;2,5;4;;;;\n\
            R-2;Jäv;3;9;;Rutin;2024-05-01;2024-04-01\n\
            R-3;Stöld;3;3;HR-chef;;;\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let mut found = faults(&import);
        found.sort();
        let expected = [("beforeStart", "H3"), ("decimal", "C2"), ("notAnswered", "E4"), ("outsideScale", "D3")];
        assert_eq!(found, expected.map(|(code, cell)| (code.to_owned(), cell.to_owned())), "each is told once");
        let refused = execute(&world.controller, &import).expect(422);
        let places: Vec<&str> = refused.faults().into_iter().map(|(at, _)| at).collect();
        assert!(places.iter().any(|at| at.ends_with("!C2")), "{places:?}");
        assert_eq!(world.risks(&plan).len(), 0);

        // A person without a role that lets them own is told of, and can be given it in the same step.
        let csv = "Risk;S;K;Riskägare\nStöld;3;3;HR-chef\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let answer = |grant: bool| json!({"grantRoles": grant, "answers": [{"about": "person", "text": "HR-chef", "value": world.performer.id}]});
        let told = world.controller.patch_current(&path(&import), answer(false)).expect(200);
        assert_eq!(faults(&told), [("roleGrantable".to_owned(), "D2".to_owned())]);
        let given = world.controller.patch_current(&path(&import), answer(true)).expect(200);
        assert_eq!(faults(&given), []);
        execute(&world.controller, &given).expect(200);
        assert_eq!(world.named(&plan, "Stöld")["ownerId"], json!(world.performer.id));
        // What is no answer is told by its place.
        let other = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let wrong = json!({"answers": [{"about": "person", "text": "HR-chef", "value": "Anna"}]});
        let refused = world.controller.patch_current(&path(&other), wrong).expect(422);
        assert_eq!(refused.faults(), [("/answers/0/value", "wrongFormat")]);
    }

    fn the_file_comes_back_with_its_remarks(world: &World) {
        let plan = world.plan(2024);
        let csv = "Risk;S;K\nFel i lönesystemet;2,5;4\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let back = world.controller.get(&format!("{}/document", path(&import))).expect(200);
        let again = upload(&world.controller, &plan, "risker.xlsx", &back.body).expect(201);
        assert_eq!(again["sheets"][0]["columns"].as_array().map(Vec::len), Some(3), "the remarks are no column of it");
        assert_eq!(faults(&again), [("decimal".to_owned(), "B2".to_owned())]);
        // What was no row is none when it comes back.
        let csv = "Risk;S;K\nFel i lönesystemet;2,5;4\nSumma;;4\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let back = world.controller.get(&format!("{}/document", path(&import))).expect(200);
        let again = upload(&world.controller, &plan, "risker.xlsx", &back.body).expect(201);
        assert_eq!(again["items"].as_array().map(Vec::len), Some(1), "{:#}", again["items"]);
        // A cell that is longer than Excel takes is cut, and not refused for ever.
        let csv = format!("Risk;S;K\n{};3;4\n", "å".repeat(60_000));
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        world.controller.get(&format!("{}/document", path(&import))).expect(200);
    }

    fn a_file_has_as_much_as_is_taken_at_once(world: &World) {
        let plan = world.plan(2024);
        let controls = |number: u32| {
            let names: String = (0..number).map(|n| format!("k{n}; ")).collect();
            format!("Risk;S;K;Kontroll\nFel i lönesystemet;3;4;\"{names}\"\n")
        };
        let import = upload(&world.controller, &plan, "risker.csv", controls(300).as_bytes()).expect(201);
        assert_eq!((faults(&import), &import["items"][0]["controlsMade"]), (vec![], &json!(300)));
        let risks: String = (0..1001).map(|n| format!("Risk {n};3;4\n")).collect();
        for csv in [controls(5001), format!("Risk;S;K\n{risks}")] {
            let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
            assert_eq!((faults(&import), counted(&import)), (vec![("tooManyRisks".to_owned(), String::new())], (0, 0, 0)));
        }
        // Nobody reads ten thousand faults.
        let wrong: String = (0..900).map(|n| format!("Risk {n};2,5;9\n")).collect();
        let import = upload(&world.controller, &plan, "risker.csv", format!("Risk;S;K\n{wrong}").as_bytes()).expect(201);
        assert_eq!(faults(&import).len(), 1001);
        assert_eq!(faults(&import)[1000].0, "moreThanTold");
    }

    fn two_rows_of_a_name_are_two_risks(world: &World) {
        let plan = world.plan(2024);
        let csv = "Risk;S;K\nPersonalbrist;2;2\nBrand;3;3\nPersonalbrist;5;5\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        assert_eq!((faults(&import), counted(&import)), (vec![], (3, 0, 0)));
        execute(&world.controller, &import).expect(200);
        let mut scores: Vec<(String, i64)> = world.risks(&plan).iter()
            .map(|risk| (risk["name"].as_str().expect("a name").to_owned(), risk["score"].as_i64().expect("a score"))).collect();
        scores.sort();
        assert_eq!(scores, [("Brand".to_owned(), 9), ("Personalbrist".to_owned(), 4), ("Personalbrist".to_owned(), 25)]);
        let again = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        assert_eq!((faults(&again), counted(&again)), (vec![], (0, 0, 3)), "{:#}", again["items"]);
        // Which of the two one row is about, nobody can know.
        let one = upload(&world.controller, &plan, "risker.csv", "Risk;S;K\nPersonalbrist;3;3\n".as_bytes()).expect(201);
        assert_eq!(faults(&one), [("severalOfName".to_owned(), "A2".to_owned())]);
        // A number that the service gives is none that the file has further down.
        let mixed = "Referens;Risk\n;Stöld\n4;Bedrägeri\n;Läckage\n";
        let import = upload(&world.controller, &plan, "risker.csv", mixed.as_bytes()).expect(201);
        assert_eq!((faults(&import), counted(&import)), (vec![], (3, 0, 0)));
        execute(&world.controller, &import).expect(200);
        assert_eq!(world.named(&plan, "Bedrägeri")["reference"], "4");
    }

    fn last_years_answers_are_not_taken_unasked(world: &World) {
        let (plan, goal) = (world.plan(2024), world.goal(2024, "Ordning"));
        let csv = "Risk;Mål;S;K;Riskägare;Åtgärd;Slut\nStöld;Ordning och reda;Kanske;4;Kassören;Lås;Q3\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let answer = |about: &str, text: &str, value: &str| json!({"about": about, "text": text, "value": value});
        let given = json!({"grantRoles": true, "answers": [
            answer("goal", "Ordning och reda", &goal), answer("likelihood", "Kanske", "3"),
            answer("person", "Kassören", &world.risk_owner.id), answer("date", "Q3", "2024-09-30")]});
        let import = world.controller.patch_current(&path(&import), given).expect(200);
        assert_eq!(faults(&import), []);
        execute(&world.controller, &import).expect(200);
        let risk = world.named(&plan, "Stöld");
        assert_eq!(risk["description"], "Mål: Ordning och reda\n\nRiskägare: Kassören\n\nS: Kanske", "the words are kept beside their answers");
        let action = world.controller.get(&format!("/risks/{}/actions", risk["id"].as_str().expect("an id"))).expect(200).items()[0].clone();
        assert_eq!((&action["endDate"], &action["description"]), (&json!("2024-09-30"), &json!("Slut: Q3")));
        // A day is this year's alone, as are goals; steps and people are known.
        let next = world.plan(2025);
        let import = upload(&world.controller, &next, "risker.csv", csv.as_bytes()).expect(201);
        let mut values: Vec<(&str, Option<&str>)> = import["questions"].as_array().expect("a list").iter()
            .map(|one| (one["about"].as_str().expect("a word"), one["value"].as_str())).collect();
        values.sort_unstable();
        assert_eq!(values, [("date", Some("none")), ("goal", None), ("likelihood", Some("3")), ("person", Some(world.risk_owner.id.as_str()))]);
    }

    fn what_stands_in_a_description_stays(world: &World) {
        let plan = world.plan(2024);
        let csv = "Risk;S;K;Process;Kategori;Åtgärd;Status\nStöld;3;4;Kassan;Hotfull;Lås;Snart\n";
        let left = json!({"answers": [{"about": "category", "text": "Hotfull", "value": "none"}]});
        let taken = |csv: &str| {
            let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
            let import = world.controller.patch_current(&path(&import), left.clone()).expect(200);
            assert_eq!(faults(&import), []);
            execute(&world.controller, &import).expect(200)
        };
        taken(csv);
        let risk = world.named(&plan, "Stöld");
        assert_eq!(risk["description"], "Process: Kassan\n\nKategori: Hotfull", "what is left empty is kept as words");
        let at = format!("/risks/{}", risk["id"].as_str().expect("an id"));
        let written = json!({"description": "Skriven i registret.\n\nKategori: Hotfull"});
        world.controller.patch_current(&at, written).expect(200);
        let done = taken(csv);
        assert_eq!(counted(&done), (0, 1, 0));
        assert_eq!(world.named(&plan, "Stöld")["description"], "Skriven i registret.\n\nKategori: Hotfull\n\nProcess: Kassan");
        let action = world.controller.get(&format!("{at}/actions")).expect(200).items()[0].clone();
        assert_eq!(action["description"], "Status: Snart");
        assert_eq!(counted(&taken(csv)), (0, 0, 1));
        // What the file itself describes it with counts.
        taken("Risk;Beskrivning;Process\nStöld;Någon tar något.;Kassan\n");
        assert_eq!(world.named(&plan, "Stöld")["description"], "Någon tar något.\n\nProcess: Kassan");
    }

    fn a_risk_of_an_earlier_year_goes_on(world: &World) {
        let before = world.plan(2024);
        let import = upload(&world.controller, &before, "risker.csv", CSV.as_bytes()).expect(201);
        execute(&world.controller, &import).expect(200);
        let plan = world.plan(2025);
        let import = upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(201);
        assert_eq!((faults(&import), counted(&import)), (vec![], (2, 0, 0)));
        assert!(import["remarks"].to_string().contains("planen för 2024"), "{}", import["remarks"]);
        execute(&world.controller, &import).expect(200);
        let (old, new) = (world.named(&before, "Fel i lönesystemet"), world.named(&plan, "Fel i lönesystemet"));
        assert_eq!((&new["identityId"], &new["previousId"], &new["reference"]), (&old["identityId"], &old["id"], &json!("R-1")));
        assert_eq!(new["number"], 1);
        // By itself it is made as any other is: with a reference of its own.
        let form = json!({"name": "En till", "reference": "R-2"});
        world.controller.post(&format!("/plans/{plan}/risks"), form).refused(422, "referenceTaken");
        let again = upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(201);
        assert_eq!(counted(&again), (0, 0, 2));
        // And it goes as it came.
        let at = format!("/risks/{}", new["id"].as_str().expect("an id"));
        world.controller.delete_current(&at).expect(204);
        world.controller.delete_current(&format!("/risks/{}", old["id"].as_str().expect("an id"))).expect(204);
    }

    fn each_scoring_is_taken_or_told(world: &World) {
        let plan = world.plan(2024);
        let csv = |inherent: &str, residual: &str| format!("Risk;Inneboende sannolikhet;Inneboende konsekvens;Kvarvarande sannolikhet;Kvarvarande konsekvens\nStöld;{inherent};{residual}\n");
        let told = |import: &Answer| -> Vec<String> {
            let remarks = import["remarks"].as_array().expect("a list").iter().filter(|one| one["code"] == "scoringNotTaken");
            remarks.map(|one| format!("{} {}", one["cell"].as_str().expect("a cell"), one["sv"].as_str().expect("a text"))).collect()
        };
        let import = upload(&world.controller, &plan, "risker.csv", csv("4;4", ";").as_bytes()).expect(201);
        assert_eq!(import["assessment"], "residual");
        assert_eq!(told(&import), ["B2 Bedömningen före kontroller och åtgärder tas inte in: raden har ingen bedömning som gäller nu."]);
        let inherent = json!({"assessment": "inherent"});
        let both = upload(&world.controller, &plan, "risker.csv", csv("4;4", "2;3").as_bytes()).expect(201);
        assert_eq!(told(&both), Vec::<String>::new());
        let other = world.controller.patch_current(&path(&both), inherent).expect(200);
        assert_eq!(told(&other), ["D2 Bedömningen efter kontroller och åtgärder tas inte in: det är bedömningen före kontroller och åtgärder som gäller."]);
        // A risk that has none yet gets both, the older one first; one that is assessed gets no older one afterwards.
        execute(&world.controller, &import).expect(200);
        let both = upload(&world.controller, &plan, "risker.csv", csv("4;4", "2;3").as_bytes()).expect(201);
        assert_eq!((told(&both), counted(&both)), (vec![], (0, 1, 0)));
        execute(&world.controller, &both).expect(200);
        let risk = world.named(&plan, "Stöld");
        let all = world.controller.get(&format!("/risks/{}/assessments", risk["id"].as_str().expect("an id"))).expect(200);
        let scores: Vec<&Value> = all.items().iter().map(|one| &one["score"]).collect();
        assert_eq!(scores, [&json!(6), &json!(16)], "the newest first");
        assert_eq!(risk["score"], 6);
        let again = upload(&world.controller, &plan, "risker.csv", csv("4;4", "2;3").as_bytes()).expect(201);
        assert_eq!((told(&again), counted(&again)), (vec![], (0, 0, 1)));
        let late = upload(&world.controller, &plan, "risker.csv", csv("5;5", "2;3").as_bytes()).expect(201);
        assert_eq!(told(&late).len(), 1);
    }

    fn a_heading_and_rows_are_where_somebody_says(world: &World) {
        let plan = world.plan(2024);
        let csv = "Det som kan hända;Vad vi gör åt det\nJäv;Utdrag\nSumma;4\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        assert_eq!(faults(&import)[0].0, "nothingFound");
        let sent = json!({"sheets": [{"sheet": "risker", "taken": true, "headingRow": 1}]});
        let import = world.controller.patch_current(&path(&import), sent).expect(200);
        let sheet = &import["sheets"][0];
        assert_eq!((&sheet["heading"], &sheet["columns"][1]["heading"], &sheet["skipped"][0]["row"]), (&json!([1]), &json!("Vad vi gör åt det"), &json!(3)));
        let page = world.visitor(&world.controller.id).get(&path(&import)).expect(200);
        assert!(String::from_utf8_lossy(&page.body).contains("3: Raden är en summering."));
        let columns = json!([{"letters": "A", "field": "name"}, {"letters": "B", "field": "control"}]);
        let sent = json!({"sheets": [{"sheet": "risker", "columns": columns, "takeRows": [3]}]});
        let import = world.controller.patch_current(&path(&import), sent).expect(200);
        assert_eq!((faults(&import), counted(&import)), (vec![], (2, 0, 0)));
    }

    fn what_is_read_by_a_scale_is_done_by_it(world: &World) {
        let plan = world.plan(2024);
        let import = upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(201);
        let scale = world.admin.get("/scoring-policies").expect(200).items()[0]["id"].as_str().expect("an id").to_owned();
        let versions = format!("/scoring-policies/{scale}/versions");
        let mut definition = world.admin.get(&versions).expect(200).items()[0]["definition"].clone();
        definition["cells"][0][0]["score"] = json!(0);
        let version = world.admin.post(&versions, json!({"definition": definition})).expect(201).id();
        world.controller.patch_current(&format!("/plans/{plan}"), json!({"policyVersionId": version})).expect(200);
        execute(&world.controller, &import).refused(409, "scaleChanged");
        let import = world.controller.patch_current(&path(&import), json!({})).expect(200);
        execute(&world.controller, &import).expect(200);
    }

    fn words_of_a_body_are_its_own(world: &World) {
        let plan = world.plan(2024);
        let words = json!({"categories": [{"name": "Verksamhet", "category": "strategic"}]});
        world.controller.post("/wordings", json!({"organisationId": world.board, "year": 2024, "words": words})).expect(201);
        let csv = "Risk;Kategori\nStöld;verksamhet\nBrand;Ekonomi\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let values: Vec<&Value> = import["questions"].as_array().expect("a list").iter().map(|one| &one["value"]).collect();
        assert_eq!(values, [&json!("Verksamhet"), &Value::Null], "the four are not its words");
    }

    fn answers_of_before_stay_when_asked(world: &World) {
        let plan = world.plan(2024);
        let csv = "Risk;Riskägare;Kategori\nStöld;Kassören;Hotfull\n";
        let import = upload(&world.controller, &plan, "risker.csv", csv.as_bytes()).expect(201);
        let answer = |about: &str, text: &str| json!({"about": about, "text": text, "value": "none"});
        let import = world.controller.patch_current(&path(&import), json!({"answers": [answer("person", "Kassören")]})).expect(200);
        let sent = json!({"keepAnswers": true, "answers": [answer("category", "Hotfull")]});
        let import = world.controller.patch_current(&path(&import), sent).expect(200);
        assert_eq!(faults(&import), []);
        let import = world.controller.patch_current(&path(&import), json!({"answers": [answer("category", "Hotfull")]})).expect(200);
        assert_eq!(faults(&import), [("notAnswered".to_owned(), "B2".to_owned())]);
        // What must be answered leads to where it is.
        let page = world.visitor(&world.controller.id).get(&path(&import)).expect(200);
        let page = String::from_utf8_lossy(&page.body).into_owned();
        assert!(page.contains("\">Svara på vad ”Kassören” betyder"), "{page}");
        assert!(!page.contains("<strong></strong>"));
    }

    fn a_file_is_shown_to_nobody_on_the_way(world: &World) {
        let plan = world.plan(2024);
        let at = format!("/plans/{plan}/imports/new");
        let visitor = world.visitor(&world.controller.id);
        let csrf = visitor.page(&at).form("form#import").into_iter().find(|(name, _)| name == "_csrf").expect("a mark").1;
        let part = |about: &str, content: &str| format!("--x\r\nContent-Disposition: form-data; {about}\r\n\r\n{content}\r\n");
        let parts = [
            part("name=\"_act\"", "createImport"), part("name=\"_csrf\"", &csrf), part("name=\"note\"", "Ett ord"),
            part("name=\"content\"; filename=\"a.csv\"", "Risk;S;K"),
        ];
        let body = format!("{}--x--\r\n", parts.concat()).into_bytes();
        let sent = |site: &str, status: u16| {
            let client = visitor.client.with("content-type", "multipart/form-data; boundary=x").with("sec-fetch-site", site);
            let page = client.send_outside("POST", &at, Some(body.clone())).expect(status);
            String::from_utf8_lossy(&page.body).into_owned()
        };
        // What was sent from elsewhere is shown; and what was when the session had ended goes along until one has signed in.
        let refused = sent("cross-site", 403);
        visitor.send("/sign-out", &[("_csrf".to_owned(), csrf.clone())]).expect(303);
        for page in [refused, sent("same-origin", 401)] {
            assert!(page.contains("Ett ord") || page.contains("Ett+ord"), "{page}");
            assert!(!page.contains(STANDARD.encode("Risk;S;K").trim_end_matches('=')), "{page}");
        }
    }

    fn a_column_that_becomes_a_step_is_of_the_plain_scoring(world: &World) {
        let plan = world.plan(2024);
        let import = upload(&world.controller, &plan, "risker.csv", "Risk;Hur troligt;K\nStöld;3;4\n".as_bytes()).expect(201);
        let sheet = import["sheets"][0]["sheet"].clone();
        let sent = json!({"sheets": [{"sheet": sheet, "taken": true, "columns": [{"letters": "B", "field": "likelihood"}]}]});
        let import = world.controller.patch_current(&path(&import), sent).expect(200);
        assert_eq!(import["sheets"][0]["columns"][1]["scoring"], "plain");
        let page = world.visitor(&world.controller.id).get(&path(&import)).expect(200);
        assert!(String::from_utf8_lossy(&page.body).contains("sheets/0/columns/1/scoring"), "its scoring can be chosen");
        execute(&world.controller, &import).expect(200);
        assert_eq!(world.named(&plan, "Stöld")["score"], 12);
    }

    fn an_erasure_leaves_no_file(world: &World) {
        let plan = world.plan(2024);
        let import = upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(201);
        let done = execute(&world.controller, &import).expect(200);
        let another = world.person_with("Anna Andra", &world.root, "regionAdministrator", &world.root);
        let form = json!({"entity": "risk", "entityId": done["items"][0]["riskId"], "fields": ["name"], "decision": "RS 2026-1, § 4"});
        let asked = world.admin.post("/erasures", form).expect(201).id();
        world.controller.get(&path(&import)).expect(200);
        another.post(&format!("/erasures/{asked}/confirmation"), json!({})).expect(200);
        world.controller.get(&path(&import)).expect(404);
    }

    fn only_into_a_draft_and_by_who_may(world: &World) {
        let plan = world.plan(2024);
        upload(&world.head, &plan, "risker.csv", CSV.as_bytes()).expect(403);
        upload(&world.stranger, &plan, "risker.csv", CSV.as_bytes()).expect(403);
        let import = upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(201);
        for (client, status) in [(&world.auditor.client, 200), (&world.head.client, 200), (&world.reader.client, 404), (&world.stranger.client, 404)] {
            client.get(&path(&import)).expect(status);
        }
        execute(&world.auditor, &import).expect(403);
        let refused = world.controller.post("/imports", json!({"planId": plan, "kind": "rats", "fileName": "", "content": "§"})).expect(422);
        assert_eq!(refused.faults().len(), 2, "{:?}", refused.faults());
        let refused = world.controller.post("/imports", json!({"planId": plan, "kind": "risks", "fileName": "a.csv", "content": "§"})).expect(422);
        assert_eq!(refused.faults(), [("/content", "notBase64")]);
        // The same key gives the same answer, and keeps no second file.
        let once = world.controller.with("idempotency-key", "once");
        let (one, same) = (upload(&once, &plan, "risker.csv", CSV.as_bytes()).expect(201), upload(&once, &plan, "risker.csv", CSV.as_bytes()).expect(201));
        assert_eq!(one.json, same.json);

        let goal = world.goal(2024, "Ordning");
        world.risk(&plan, &goal, "En risk", (3, 4));
        world.complete(&plan);
        world.propose(&plan).expect(200);
        upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(409);
        execute(&world.controller, &import).expect(409);
        world.controller.patch_current(&path(&import), json!({"grantRoles": true})).expect(409);
    }

    fn whatever_is_wrong_with_a_file_the_service_lives(world: &World) {
        let plan = world.plan(2024);
        let refused = |name: &str, content: &[u8]| {
            let answer = upload(&world.controller, &plan, name, content).expect(422);
            let (at, code) = answer.faults()[0];
            assert_eq!(at, "/content", "{name}");
            code.to_owned()
        };
        let old: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        assert_eq!(refused("gammal.xls", old), "oldExcel");
        assert_eq!(refused("riktig.pdf", b"%PDF-1.7"), "notAWorkbook");
        assert_eq!(refused("sida.xls", b"<html><table></table></html>"), "notAWorkbook");
        assert_eq!(refused("trasig.xlsx", b"PK\x03\x04 and no more"), "damaged");
        let whole = specimen(SPECIMENS[0]);
        refused("avklippt.xlsx", &whole[..whole.len() / 2]);
        for (name, packed) in hostile() {
            refused(name, &packed);
        }
        // One that is only odd is taken, and says so.
        let empty = packed("<worksheet xmlns=\"MAIN\"><sheetData/></worksheet>", "<sst xmlns=\"MAIN\"/>");
        let empty = upload(&world.controller, &plan, "tom.xlsx", &empty).expect(201);
        assert_eq!(faults(&empty)[0].0, "nothingFound");
        let merged = upload(&world.controller, &plan, "sammanslagen.xlsx", &merged()).expect(201);
        assert_eq!((&merged["sheets"][0]["taken"], &merged["sheets"][0]["because"]["code"]), (&json!(false), &json!("noHeading")));
        let odd = upload(&world.controller, &plan, "udda.csv", "Risk;S;K\nStöld;3-4;#REF!\n".as_bytes()).expect(201);
        assert!(faults(&odd).len() >= 2);
        let more = vec![b'A'; 20 * 1024 * 1024 + 1];
        assert_eq!(refused("stor.csv", &more), "tooLarge");
        let import = upload(&world.controller, &plan, "risker.csv", CSV.as_bytes()).expect(201);
        execute(&world.controller, &import).expect(200);
    }
}

/// A workbook by the inside of its sheet and by its shared texts.
pub fn packed(sheet: &str, strings: &str) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>".to_owned()),
        ("_rels/.rels", format!("<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>")),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Blad1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>")),
        ("xl/worksheets/sheet1.xml", sheet.replace("MAIN", main)),
        ("xl/sharedStrings.xml", strings.replace("MAIN", main)),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part begins");
        zip.write_all(text.as_bytes()).expect("a part is written");
    }
    zip.finish().expect("the package is closed").into_inner()
}

/// One whose merged cells are more than a sheet has.
fn merged() -> Vec<u8> {
    let inside = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:XFD1048576\"/><mergeCell ref=\"B2:XFD1048576\"/></mergeCells>";
    packed(&format!("<worksheet xmlns=\"MAIN\">{inside}</worksheet>"), "<sst xmlns=\"MAIN\"/>")
}

/// Workbooks that mean harm, each refused.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let sheet = |inside: &str| format!("<worksheet xmlns=\"MAIN\">{inside}</worksheet>");
    let none = "<sst xmlns=\"MAIN\"/>";
    let entities = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let far = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>";
    let wide = "<sheetData><row r=\"1\"><c r=\"ZZZZZZZ1\"><v>1</v></c></row></sheetData>";
    let bomb = format!("<sheetData><row r=\"1\">{}</row></sheetData>", " ".repeat(40_000_000));
    vec![
        ("enheter.xlsx", packed(&format!("{entities}{}", sheet("<sheetData/>")), none)),
        ("djup.xlsx", packed(&sheet(&deep), none)),
        ("fjärran.xlsx", packed(&sheet(far), none)),
        ("bred.xlsx", packed(&sheet(wide), none)),
        ("bomb.xlsx", packed(&sheet(&bomb), none)),
        (
            "miljarder.xlsx",
            packed(
                &sheet("<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData>"),
                "<sst xmlns=\"MAIN\" count=\"4294967295\" uniqueCount=\"4294967295\"><si><t>a</t></si></sst>",
            ),
        ),
    ]
}

/// The child that reads has no room for anything but its work: no file, no socket, no other process.
#[test]
fn the_reader_is_confined() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_riskregister"))
        .arg("read-workbook")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let about = format!("/proc/{}", child.id());
    // It waits for its question; the limits come before it reads.
    let limits = loop {
        let limits = std::fs::read_to_string(format!("{about}/limits")).expect("the child is there");
        if limits.lines().any(|line| line.starts_with("Max open files") && line.contains(" 3 ")) {
            break limits;
        }
        std::thread::yield_now();
    };
    for (name, most) in [
        ("Max data size", "536870912"),
        ("Max file size", "0"),
        ("Max cpu time", "10"),
        ("Max processes", "0"),
        ("Max core file size", "0"),
    ] {
        let line = limits.lines().find(|line| line.starts_with(name)).expect("Linux tells every limit");
        assert_eq!(line[name.len()..].split_whitespace().next(), Some(most), "{line}");
    }
    // What this test was itself started with goes on to all that it starts; nothing else is open.
    let leads = |at: &std::path::Path| std::fs::read_link(at).expect("it leads somewhere");
    for one in std::fs::read_dir(format!("{about}/fd")).expect("its descriptors") {
        let name = one.expect("a descriptor").file_name();
        let number: u32 = name.to_str().and_then(|name| name.parse().ok()).expect("a number");
        let (there, here) =
            (std::path::Path::new(&about).join("fd").join(&name), std::path::Path::new("/proc/self/fd").join(&name));
        assert!(number < 3 || leads(&there) == leads(&here), "{number} leads to {:?}", leads(&there));
    }
    drop(child.stdin.take());
    let mut said = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut said).expect("it ends");
    assert!(said.is_empty() && !child.wait().expect("it ends").success(), "nothing was asked: {said}");
}

/// A controller chooses the file, answers, looks at what would be done, and has it done.
fn by_clicks(scripts: Scripts) {
    let world = World::on(Databases::Sqlite);
    let plan = world.plan(2024);
    let folder = Directory::new();
    let file = folder.0.join("risker.csv");
    let csv = "Referens;Risk;S;K;Riskägare;Åtgärd;Slut\nR-1;Fel i lönesystemet;3;4;Ekonomichefen;Rutin;Q3\n";
    std::fs::write(&file, csv).expect("a file can be written");
    let browser = Browser::start(&world.address, scripts);
    browser.open("/sign-in");
    browser.take_cookie(SESSION, &world.visitor(&world.controller.id).cookie);
    browser.open(&format!("/plans/{plan}"));
    browser.follow("Läs in från Excel");
    browser.write_in("input[type=file]", file.to_str().expect("a path in UTF-8"));
    browser.follow_within("//main", "Läs in filen");
    assert!(browser.path().starts_with("/imports/"), "{}", browser.path());
    assert_eq!(browser.text(".notice"), "Filen är läst. Inget är ändrat än.");
    assert!(browser.text("main").contains("Svara på vad ”Ekonomichefen” betyder"), "{}", browser.text("main"));
    if scripts == Scripts::Run {
        assert_eq!(browser.hindrances(), Vec::<String>::new());
    }
    browser.choose("select[name='answers/0/value']", &world.risk_owner.id);
    browser.follow_within("//main", "Spara och pröva igen");
    assert_eq!(browser.text(".notice"), "Tolkningen är sparad och prövad igen.");
    assert_eq!(world.risks(&plan).len(), 0);
    browser.follow_within("//main", "Genomför inläsningen");
    assert_eq!(browser.text(".notice"), "Inläsningen är genomförd.");
    if scripts == Scripts::Run {
        assert_eq!(browser.hindrances(), Vec::<String>::new());
    }
    let risk = world.named(&plan, "Fel i lönesystemet");
    assert_eq!((&risk["ownerId"], &risk["score"]), (&json!(world.risk_owner.id), &json!(12)));
}

#[test]
fn a_controller_takes_in_a_file_by_clicks() {
    by_clicks(Scripts::Run);
}

#[test]
fn a_controller_takes_in_a_file_without_scripts() {
    by_clicks(Scripts::Blocked);
}
