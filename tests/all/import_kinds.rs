//! `/imports` of users, organisations, goals and outcomes: the same pipe as risks go through.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use riskregister::web::SESSION;
use serde_json::{Value, json};

use crate::imports::{counted, execute, faults, packed, path};
use crate::kit::browser::{Browser, Scripts};
use crate::kit::{Answer, Client, Databases, Directory, Start, World, both};

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn form(kind: &str, organisation: &str, name: &str, content: &[u8]) -> Value {
    json!({"kind": kind, "organisationId": organisation, "fileName": name, "content": STANDARD.encode(content)})
}

fn upload(client: &Client, kind: &str, organisation: &str, name: &str, content: &[u8]) -> Answer {
    client.post("/imports", form(kind, organisation, name, content))
}

/// A table as a workbook: what can be read as a number is one, all else is text.
fn workbook(table: &str) -> Vec<u8> {
    let mut rows = String::new();
    for (n, line) in table.lines().enumerate() {
        rows.push_str(&format!("<row r=\"{}\">", n + 1));
        for (column, text) in line.split(';').enumerate().filter(|(_, text)| !text.is_empty()) {
            let at = format!("{}{}", char::from(b'A' + u8::try_from(column).expect("few columns")), n + 1);
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            rows.push_str(&match text.replace(',', ".").parse::<f64>() {
                Ok(number) => format!("<c r=\"{at}\"><v>{number}</v></c>"),
                Err(_) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{escaped}</t></is></c>"),
            });
        }
        rows.push_str("</row>");
    }
    packed(&format!("<worksheet xmlns=\"MAIN\"><sheetData>{rows}</sheetData></worksheet>"), "<sst xmlns=\"MAIN\"/>")
}

/// A table as Excel saved CSV in Sweden for long.
fn latin1(table: &str) -> Vec<u8> {
    let lines = table.replace('\n', "\r\n");
    lines.chars().map(|c| u8::try_from(u32::from(c)).expect("a letter of Latin-1")).collect()
}

/// Takes a table in, in both forms: the workbook does all of it, and the CSV after it finds nothing to do. The import that was
/// executed.
fn in_both_forms(client: &Client, kind: &str, organisation: &str, table: &str, made: u64) -> Answer {
    let first = upload(client, kind, organisation, "fil.xlsx", &workbook(table)).expect(201);
    assert_eq!((faults(&first), counted(&first).0), (vec![], made), "{kind}: {:#}", first["items"]);
    assert!(first["items"][0]["entityId"].is_null(), "what was laid back has no id");
    let done = execute(client, &first).expect(200);
    assert_eq!(counted(&done), counted(&first), "{kind}");
    for (name, content) in [("fil.csv", latin1(table)), ("fil.xlsx", workbook(table))] {
        let again = upload(client, kind, organisation, name, &content).expect(201);
        assert_eq!(faults(&again), [], "{kind} {name}");
        let (made, changed, left) = counted(&again);
        assert!(made == 0 && changed == 0 && left > 0, "{kind} {name}: {:#}", again["items"]);
        execute(client, &again).expect(200);
    }
    done
}

/// The register's own list of a kind comes back and changes nothing, in each form.
fn own_list_changes_nothing(client: &Client, kind: &str, organisation: &str, list: &str, fields: &str) {
    let joined = if list.contains('?') { "&" } else { "?" };
    for (name, query) in [("lista.csv", "format=csv"), ("lista.xlsx", "format=xlsx"), ("lista.csv", fields)] {
        let exported = client.get(&format!("{list}{joined}{query}")).expect(200);
        let import = upload(client, kind, organisation, name, &exported.body).expect(201);
        assert_eq!(faults(&import), [], "{list} {query}: {:#}", import["faults"]);
        let (made, changed, left) = counted(&import);
        assert!(made == 0 && changed == 0 && left > 0, "{list} {query}: {:#}", import["items"]);
        execute(client, &import).expect(200);
    }
}

fn told(import: &Answer, code: &str) -> Vec<(String, String)> {
    let all = import["faults"].as_array().expect("a list");
    let text = |fault: &Value, field: &str| fault[field].as_str().unwrap_or_default().to_owned();
    all.iter().filter(|fault| fault["code"] == code).map(|fault| (text(fault, "sv"), text(fault, "en"))).collect()
}

/// The only one of a list with this name.
fn named(client: &Client, list: &str, name: &str) -> Value {
    let all = client.get(list).expect(200);
    let mut found = all.items().iter().filter(|one| one["name"] == name);
    let one = found.next().unwrap_or_else(|| panic!("{list} has no {name}: {}", all.json)).clone();
    assert_eq!(found.next(), None, "{list} has one {name}");
    one
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(code, cell)| ((*code).to_owned(), (*cell).to_owned())).collect()
}

const USERS: &str = "Namn;E-post;Roll;Enhet\n\
    Anna Lind;anna.lind@example.org;Riskägare, utförare;Kulturnämnden\n\
    Åke =Ek;ake.ek@example.org;Läsare;Scenkonst\n\
    Anna Lind;Anna.Lind@example.org;Läsare;Scenkonst\n\
    Cecilia Öst;cecilia@example.org;;";

const TREE: &str = "Namn;Typ;Överordnad;Förkortning;Giltig från;Har plan\n\
    Parkenheten;Enhet;Parkförvaltningen;;2024-01-01;nej\n\
    Parkförvaltningen;Förvaltning;PN;;2024-01-01;\n\
    Parknämnden;Nämnd;;PN;2024-01-01;ja";

const GOALS: &str = "Nr;Mål;Indikator;Enhet;Målvärde;Jämförelse;År;Ansvarig\n\
    3.1;Ekonomi i balans;Resultat;Mnkr;>0;över;2024;\n\
    3.1;Ekonomi i balans;Andel sjukfrånvaro;%;<6 %;högst;2024;Chefen\n\
    3.2;Full scen;;;;;2024;";

const OUTCOMES: &str = "År;Indikator;Nämnd;Period;Utfall;Kommentar\n\
    2024;Andel sjukfrånvaro;Kulturnämnden;T1;5,8 %;Som väntat\n\
    2024;Andel sjukfrånvaro;Scenkonst;Delår;6,25;\n\
    2024;Besök;Kulturnämnden;T1;1 234,5;";

/// An indicator of the region's.
fn indicator(world: &World, goal: &str, name: &str, unit: &str) -> String {
    let form = json!({"goalId": goal, "name": name, "unit": unit, "decidedBy": "council", "comparator": "atMost"});
    world.admin.post("/indicators", form).expect(201).id()
}

both! {
    fn users_come_in_with_their_roles(world: &World) {
        let done = in_both_forms(&world.controller, "users", &world.board, USERS, 3);
        for (email, name, home, roles) in [
            ("anna.lind@example.org", "Anna Lind", &world.board, vec![("performer", &world.board), ("reader", &world.division), ("riskOwner", &world.board)]),
            ("ake.ek@example.org", "Åke =Ek", &world.division, vec![("reader", &world.division)]),
            ("cecilia@example.org", "Cecilia Öst", &world.board, vec![]),
        ] {
            let user = named(&world.controller, "/users?limit=200", name);
            assert_eq!((&user["email"], &user["organisationId"]), (&json!(email), &json!(home)), "{name}");
            let grants = world.controller.get(&format!("/users/{}/grants", user["id"].as_str().expect("an id"))).expect(200);
            let mut held: Vec<(&str, &str)> = grants.column("role").into_iter().zip(grants.column("organisationId")).collect();
            held.sort_unstable();
            assert_eq!(held, roles.into_iter().map(|(role, at)| (role, at.as_str())).collect::<Vec<_>>(), "{name}");
        }
        let events = world.admin.get("/events?kind=organisation.usersImported").expect(200).json.to_string();
        assert!(events.contains(done["sha256"].as_str().expect("a hash")), "{events}");
        // A role that is left out is taken from nobody, and one that is new is given.
        let more = "Namn;E-post;Roll;Enhet\nAnna Lindh;anna.lind@example.org;Utförare;Scenkonst\n";
        let import = upload(&world.controller, "users", &world.board, "fler.csv", more.as_bytes()).expect(201);
        assert_eq!((&import["items"][0]["changes"], &import["items"][0]["entity"]), (&json!(["name", "grants"]), &json!("user")));
        execute(&world.controller, &import).expect(200);
        let user = named(&world.controller, "/users?limit=200", "Anna Lindh");
        assert_eq!(user["organisationId"], json!(world.board), "whoever gets a role elsewhere goes on working where they do");
        let grants = world.controller.get(&format!("/users/{}/grants", user["id"].as_str().expect("an id"))).expect(200);
        assert_eq!(grants["total"], 4);
        own_list_changes_nothing(&world.admin, "users", &world.root, "/users", "format=csv&fields=id,name,email,language,organisationId,subject");
    }

    fn what_could_be_another_is_not_taken_for_it(world: &World) {
        let upload = |kind: &str, at: &str, csv: &str| upload(&world.admin, kind, at, "fil.csv", csv.as_bytes()).expect(201);
        // A word that is left empty is nobody's: the row is not the region's instead.
        let import = upload("users", &world.root, "Namn;E-post;Roll;Enhet\nBo;bo@example.org;Läsare;Nedlagda nämnden\n");
        let left = json!({"answers": [{"about": "organisation", "text": "Nedlagda nämnden", "value": "none"}]});
        let import = world.admin.patch_current(&path(&import), left).expect(200);
        assert!(faults(&import).iter().all(|(code, cell)| code == "organisationLeft" && cell == "D2"), "{:?}", faults(&import));
        assert!(!faults(&import).is_empty());
        // What others call an administrator, nobody has said the register does.
        let import = upload("users", &world.root, "Namn;E-post;Roll;Enhet\nBo;bo@example.org;Administratör;Kulturnämnden\n");
        assert_eq!(import["questions"].as_array().expect("a list").iter().filter(|one| one["about"] == "role" && one["value"].is_null()).count(), 1);
        // The roles that a person gets are told before they have them.
        let import = upload("users", &world.root, "Namn;E-post;Roll;Enhet\nBo;bo@example.org;Läsare;Kulturnämnden\n");
        assert_eq!(faults(&import), []);
        assert!(import["remarks"].to_string().contains("Bo får rollen läsare vid Kulturnämnden."), "{:#}", import["remarks"]);
        // The same name under another is another.
        let tree = "Namn;Typ;Överordnad;Giltig från\nScenkonst;Avdelning;Trafiknämnden;2024-01-01\n";
        let import = upload("organisations", &world.root, tree);
        assert_eq!((faults(&import), counted(&import)), (vec![], (1, 0, 0)), "{:#}", import["faults"]);
        execute(&world.admin, &import).expect(200);
        let moved = world.admin.get(&format!("/organisations/{}", world.division)).expect(200);
        assert_eq!(moved["parentId"], json!(world.board));
        assert_eq!(counted(&upload("organisations", &world.root, tree)), (0, 0, 1));
        // Two goals have an indicator of one name, and each its own target.
        let goals = "Mål;Indikator;Enhet;Målvärde;Jämförelse;År\nMål A;NMI;%;70;minst;2024\nMål B;NMI;%;75;minst;2024\n";
        let import = upload("goals", &world.root, goals);
        assert_eq!(faults(&import), [], "{:#}", import["faults"]);
        execute(&world.admin, &import).expect(200);
        let again = upload("goals", &world.root, goals);
        assert_eq!((faults(&again), counted(&again).0, counted(&again).1), (vec![], 0, 0), "{:#}", again["items"]);
        let all = world.admin.get("/indicators?limit=200").expect(200);
        assert_eq!(all.items().iter().filter(|one| one["name"] == "NMI").count(), 2);
        // Last year's list with another year written into it changes nothing of last year's.
        let list = world.admin.get("/indicators?format=csv").expect(200);
        let text = String::from_utf8(list.body.clone()).expect("UTF-8");
        let import = upload("goals", &world.root, &text.replace("2024;", "2025;"));
        assert!(!faults(&import).is_empty() && faults(&import).iter().all(|(code, _)| code == "otherYear"), "{:?}", faults(&import));
        // One cell, one outcome.
        let twice = "År;Indikator;Mål;Nämnd;Period;Utfall\n2024;NMI;Mål A;Kulturnämnden;T1;5\n2024;NMI;Mål A;Kulturnämnden;T1;6\n";
        let import = upload("outcomes", &world.root, twice);
        assert!(faults(&import).iter().any(|(code, cell)| code == "twice" && cell == "A3"), "{:?}", faults(&import));
    }

    fn faults_of_users_have_their_cells(world: &World) {
        let csv = "Namn;E-post;Roll;Enhet\n\
            Anna;anna.example.org;Läsare;Kulturnämnden\n\
            Bo;bo@example.org;Kung;Kulturnämnden\n\
            Cecilia;cecilia@example.org;Läsare;Okända nämnden\n\
            David;david@example.org;Administratör;Kulturnämnden\n";
        let import = upload(&world.controller, "users", &world.board, "fel.csv", csv.as_bytes()).expect(201);
        let expected = [("wrongFormat", "B2"), ("notAnswered", "C3"), ("notAnswered", "D4"), ("notAnswered", "C5")];
        assert_eq!(faults(&import), pairs(&expected));
        let refused = execute(&world.controller, &import).expect(422);
        assert!(refused.faults().iter().any(|(at, _)| at.ends_with("!D4")), "{:?}", refused.faults());
        assert_eq!(world.admin.get("/users?q=bo@example.org").expect(200)["total"], 0);
        // What is answered counts, and is kept for the next file.
        let answers = json!({"answers": [
            {"about": "role", "text": "Kung", "value": "riskOwner"},
            {"about": "role", "text": "Administratör", "value": "regionAdministrator"},
            {"about": "organisation", "text": "Okända nämnden", "value": world.division},
        ]});
        let import = world.controller.patch_current(&path(&import), answers).expect(200);
        assert_eq!(faults(&import), pairs(&[("wrongFormat", "B2"), ("notYours", "C5")]));
        let wrong = json!({"answers": [{"about": "role", "text": "Kung", "value": "king"}]});
        let refused = world.controller.patch_current(&path(&import), wrong).expect(422);
        assert_eq!(refused.faults(), [("/answers/0/value", "wrongFormat")]);
        let column = json!({"sheets": [{"sheet": "fel", "columns": [{"letters": "C", "field": "likelihood"}]}]});
        let refused = world.controller.patch_current(&path(&import), column).expect(422);
        assert_eq!(refused.faults(), [("/sheets/0/columns/0/field", "notOfKind")]);
        let back = world.controller.get(&format!("{}/document", path(&import))).expect(200);
        assert!(back.body.starts_with(b"PK"));
    }

    fn another_body_is_as_one_that_is_not_there(world: &World) {
        let other = world.person_with("Tora Annan", &world.other_board, "controller", &world.other_board);
        let csv = "Namn;E-post;Roll;Enhet\nEva;eva@example.org;Läsare;Kulturnämnden\n";
        for kind in ["users", "organisations", "goals", "outcomes"] {
            let (theirs, none) = (
                upload(&other, kind, &world.board, "fil.csv", csv.as_bytes()).expect(403),
                upload(&other, kind, NOWHERE, "fil.csv", csv.as_bytes()).expect(403),
            );
            assert_eq!((&theirs["detail"], &theirs["title"]), (&none["detail"], &none["title"]), "{kind}");
        }
        let import = upload(&world.controller, "users", &world.board, "fil.csv", csv.as_bytes()).expect(201);
        for client in [&other.client, &world.head.client, &world.auditor.client] {
            client.get(&path(&import)).expect(404);
            client.get(&format!("{}/document", path(&import))).expect(404);
            client.with("if-match", "*").post(&format!("{}/execution", path(&import)), json!({})).expect(404);
        }
        // A row that names another's organisation is told of as one that names nothing, by words and by id.
        let sent = |place: &str| csv.replace("Kulturnämnden", place);
        for place in ["Kulturnämnden", "Finns inte"] {
            let import = upload(&other, "users", &world.other_board, "fil.csv", sent(place).as_bytes()).expect(201);
            assert_eq!(faults(&import), pairs(&[("notAnswered", "D2")]), "{place}");
        }
        let mut said = Vec::new();
        for id in [world.board.as_str(), NOWHERE] {
            let csv = format!("Namn;E-post;Roll;organisationId\nEva;eva@example.org;Läsare;{id}\n");
            let import = upload(&other, "users", &world.other_board, "fil.csv", csv.as_bytes()).expect(201);
            assert_eq!(faults(&import), pairs(&[("unknownReference", "D2")]), "{id}");
            said.push(told(&import, "unknownReference"));
        }
        assert_eq!(said[0], said[1]);
        // Somebody else's address is taken, and tells no more than that.
        let taken = format!("Namn;E-post\nNågon;{}\n", world.reader.email);
        let import = upload(&other, "users", &world.other_board, "fil.csv", taken.as_bytes()).expect(201);
        assert_eq!(faults(&import), pairs(&[("emailTaken", "B2")]));
        // Each kind says what it goes into.
        let plan = world.plan(2024);
        let both = json!({"kind": "users", "planId": plan, "fileName": "a.csv", "content": "§"});
        let refused = world.controller.post("/imports", both).expect(422);
        assert_eq!(refused.faults(), [("/planId", "notOfKind"), ("/organisationId", "required"), ("/content", "notBase64")]);
        let risks = json!({"planId": plan, "fileName": "a.csv", "content": STANDARD.encode("Risk;S;K\nStöld;3;3\n")});
        assert_eq!(world.controller.post("/imports", risks).expect(201)["kind"], "risks");
    }

    fn a_tree_comes_in_from_any_order_of_rows(world: &World) {
        in_both_forms(&world.admin, "organisations", &world.root, TREE, 3);
        let of = |name: &str| named(&world.admin, "/organisations?limit=200", name);
        let (board, office, unit) = (of("Parknämnden"), of("Parkförvaltningen"), of("Parkenheten"));
        assert_eq!((&board["parentId"], &board["plans"], &board["abbreviation"]), (&json!(world.root), &json!(true), &json!("PN")));
        assert_eq!((&office["parentId"], &office["kind"]), (&board["id"], &json!("administration")));
        assert_eq!((&unit["parentId"], &unit["validFrom"], &unit["bodyId"]), (&office["id"], &json!("2024-01-01"), &board["id"]));
        // What is there is moved by its id alone: by its name it could be another's.
        let move_it = format!("Id;Namn;Överordnad\n{};Länsteatern;Kulturnämnden\n", world.unit);
        let import = upload(&world.admin, "organisations", &world.root, "flytt.csv", move_it.as_bytes()).expect(201);
        assert_eq!(import["items"][0]["changes"], json!(["parentId"]));
        execute(&world.admin, &import).expect(200);
        assert_eq!(of("Länsteatern")["parentId"], json!(world.board));
        own_list_changes_nothing(&world.admin, "organisations", &world.root, "/organisations", "format=csv&fields=id,name,kind,parentId,validFrom");

        let ring = "Namn;Typ;Överordnad\nA;Enhet;B\nB;Enhet;A\nC;Slott;Kulturnämnden\nD;Enhet;Ingenstans\n";
        let import = upload(&world.admin, "organisations", &world.root, "ring.csv", ring.as_bytes()).expect(201);
        let expected = [("underItself", "C2"), ("underItself", "C3"), ("notAnswered", "B4"), ("required", "A4"), ("notAnswered", "C5")];
        assert_eq!(faults(&import), pairs(&expected));
        let under_own = format!("Id;Namn;Överordnad\n{};Kulturnämnden;Scenkonst\n", world.board);
        let import = upload(&world.admin, "organisations", &world.root, "ring.csv", under_own.as_bytes()).expect(201);
        assert_eq!(faults(&import), pairs(&[("circle", "C2")]));
    }

    fn goals_come_in_with_their_indicators(world: &World) {
        let first = upload(&world.controller, "goals", &world.board, "mål.xlsx", &workbook(GOALS)).expect(201);
        assert_eq!(faults(&first), pairs(&[("notAnswered", "H3")]));
        let answers = json!({"answers": [{"about": "person", "text": "Chefen", "value": world.performer.id}]});
        let first = world.controller.patch_current(&path(&first), answers).expect(200);
        assert_eq!((faults(&first), counted(&first)), (vec![], (4, 0, 0)));
        execute(&world.controller, &first).expect(200);
        let goal = named(&world.controller, "/goals?year=2024", "Ekonomi i balans");
        assert_eq!((&goal["number"], &goal["organisationId"]), (&json!("3.1"), &json!(world.board)));
        assert_eq!(named(&world.controller, "/goals?year=2024", "Full scen")["number"], "3.2");
        for (name, unit, comparator, target, responsible) in [
            ("Resultat", "Mnkr", "above", ">0", Value::Null),
            ("Andel sjukfrånvaro", "%", "atMost", "<6 %", json!(world.performer.id)),
        ] {
            let one = named(&world.controller, "/indicators?year=2024", name);
            assert_eq!((&one["goalId"], &one["unit"], &one["comparator"]), (&goal["id"], &json!(unit), &json!(comparator)));
            assert_eq!((&one["boardTarget"], &one["decidedBy"], &one["responsibleId"]), (&json!(target), &json!("board"), &responsible));
        }
        // The answer was kept, and nothing changes.
        for (name, content) in [("mål.csv", latin1(GOALS)), ("mål.xlsx", workbook(GOALS))] {
            let again = upload(&world.controller, "goals", &world.board, name, &content).expect(201);
            assert_eq!((faults(&again), counted(&again)), (vec![], (0, 0, 3)), "{name}: {:#}", again["items"]);
            execute(&world.controller, &again).expect(200);
        }
        // What stands above comes later in the file; a ring is a fault.
        let tree = "Mål;Överordnat mål;År\nDelmål =1;Huvudmål;2025\nHuvudmål;;2025\n";
        in_both_forms(&world.controller, "goals", &world.board, tree, 2);
        let (part, whole) = (named(&world.controller, "/goals?year=2025", "Delmål =1"), named(&world.controller, "/goals?year=2025", "Huvudmål"));
        assert_eq!(part["parentId"], whole["id"]);
        let faulty = "Mål;Överordnat mål;År;Indikator;Jämförelse\nX;Y;2025;;\nY;X;2025;;\nZ;Okänt;2025;;\nÅ;;;Andel;\nHuvudmål;;2025;Mått;ungefär\n";
        let import = upload(&world.controller, "goals", &world.board, "fel.csv", faulty.as_bytes()).expect(201);
        let expected = [("yearMissing", "A5"), ("parentUnknown", "B4"), ("underItself", "B2"), ("underItself", "B3"), ("notAnswered", "E6")];
        assert_eq!(faults(&import), pairs(&expected));
        // What stands under a goal that is refused, or under a ring, is in none: the one above has been told of.
        let long = "V".repeat(600);
        let under = format!("Mål;Överordnat mål;År\n{long};;2025\nUnder;{long};2025\nLängre ned;Under;2025\nR;R;2025\nUnder R;R;2025\n");
        let import = upload(&world.controller, "goals", &world.board, "under.csv", under.as_bytes()).expect(201);
        assert_eq!(faults(&import), pairs(&[("tooLong", "A2"), ("underItself", "B5")]));
    }

    fn a_tree_by_depths_may_have_the_same_names_in_many_places(world: &World) {
        let tree = "Nivå 1;Nivå 2;Nivå 3;Typ\n\
            Norra;;;Förvaltning\n;Stab;;Avdelning\n;;Ekonomi;Enhet\n;;HR;Enhet\n;Drift;;Avdelning\n;;Stab;Enhet\n\
            Södra;;;Förvaltning\n;Stab;;Avdelning\n;;Ekonomi;Enhet\n;;Stab;Enhet\n";
        let import = upload(&world.admin, "organisations", &world.board, "träd.csv", tree.as_bytes()).expect(201);
        assert_eq!((faults(&import), counted(&import)), (vec![], (10, 0, 0)), "{:#}", import["faults"]);
        execute(&world.admin, &import).expect(200);
        let all = world.admin.get("/organisations?limit=200").expect(200);
        let name = |id: &Value| all.items().iter().find(|one| one["id"] == *id).map(|one| one["name"].clone());
        let above = |called: &str| -> Vec<Value> {
            let mut all: Vec<Value> = all.items().iter().filter(|one| one["name"] == called).filter_map(|one| name(&one["parentId"])).collect();
            all.sort_by_key(Value::to_string);
            all
        };
        assert_eq!(above("Stab"), ["Drift", "Norra", "Stab", "Södra"]);
        assert_eq!(above("Ekonomi"), ["Stab", "Stab"]);
        let again = upload(&world.admin, "organisations", &world.board, "träd.csv", tree.as_bytes()).expect(201);
        assert_eq!((faults(&again), counted(&again)), (vec![], (0, 0, 10)), "{:#}", again["faults"]);
        // The same again says twice, in the same place.
        let twice = "Nivå 1;Nivå 2;Typ\nVästra;;Förvaltning\n;Stab;Avdelning\n;Drift;Avdelning\n;Stab;Avdelning\n";
        let import = upload(&world.admin, "organisations", &world.board, "två.csv", twice.as_bytes()).expect(201);
        assert_eq!(faults(&import), pairs(&[("twice", "B5")]));
    }

    fn outcomes_come_in_with_swedish_decimals(world: &World) {
        let goal = world.goal(2024, "Ordning");
        let (sick, visits) = (indicator(world, &goal, "Andel sjukfrånvaro", "%"), indicator(world, &goal, "Besök", "tusental"));
        let done = in_both_forms(&world.controller, "outcomes", &world.board, OUTCOMES, 3);
        for (indicator, organisation, period, value, cause) in [
            (&sick, &world.board, "t1", "5.8", json!("Som väntat")),
            (&sick, &world.division, "interim", "6.25", Value::Null),
            (&visits, &world.board, "t1", "1234.5", Value::Null),
        ] {
            let told = world.controller.get(&format!("/indicators/{indicator}/outcomes/{organisation}/{period}")).expect(200);
            assert_eq!((&told["value"], &told["cause"]), (&json!(value), &cause), "{indicator} {organisation} {period}");
        }
        let events = world.admin.get("/events?kind=organisation.outcomesImported").expect(200).json.to_string();
        assert!(events.contains(done["sha256"].as_str().expect("a hash")), "{events}");
        // What the file does not say stays.
        let changed = "År;Indikator;Nämnd;Period;Utfall\n2024;Andel sjukfrånvaro;Kulturnämnden;T1;5,9\n2024;Andel sjukfrånvaro;Kulturnämnden;Delår;0,059\n";
        let import = upload(&world.controller, "outcomes", &world.board, "utfall.csv", changed.as_bytes()).expect(201);
        assert_eq!((counted(&import), &import["items"][0]["changes"]), ((1, 1, 0), &json!(["value"])));
        assert_eq!(import["remarks"].as_array().expect("a list").iter().filter(|one| one["code"] == "share").count(), 1);
        execute(&world.controller, &import).expect(200);
        let told = world.controller.get(&format!("/indicators/{sick}/outcomes/{}/t1", world.board)).expect(200);
        assert_eq!((&told["value"], &told["cause"]), (&json!("5.9"), &json!("Som väntat")));
        let faulty = "År;Indikator;Nämnd;Period;Utfall\n2024;Okänd;Kulturnämnden;T1;5\n2023;Besök;Kulturnämnden;T1;5\n2024;Besök;Kulturnämnden;Våren;5\n2024;Besök;Kulturnämnden;T1;5,1234567\n2024;Besök;Kulturnämnden;T1;många\n2024;Besök;Trafiknämnden;T1;5\n";
        let import = upload(&world.controller, "outcomes", &world.board, "fel.csv", faulty.as_bytes()).expect(201);
        let expected = [("notANumber", "E6"), ("missing", "E6"), ("indicatorUnknown", "B2"), ("indicatorUnknown", "B3"), ("notAnswered", "D4"), ("notAFigure", "E5"), ("twice", "A6"), ("notAnswered", "C7")];
        assert_eq!(faults(&import), pairs(&expected));
    }

    /// Texts that a spreadsheet would run are guarded on the way out, and are the same when they come back.
    fn what_the_register_gives_out_comes_back_as_it_was(world: &World) {
        for (n, name) in ["=1+1", "'=1+1", "@A1", "'-- a", "Summa", "dito", "–"].into_iter().enumerate() {
            let form = json!({"organisationId": world.board, "name": name, "email": format!("f{n}@example.org")});
            world.admin.post("/users", form).expect(201);
        }
        own_list_changes_nothing(&world.admin, "users", &world.root, "/users", "format=csv&fields=id,name,email,organisationId");
        let goal = world.goal(2024, "-5 % =fel");
        let under = json!({"organisationId": world.root, "year": 2024, "name": "+ mer", "number": "1.1", "parentId": goal});
        let under = world.admin.post("/goals", under).expect(201).id();
        let one = indicator(world, &under, "=SUM(A1)", "%");
        let note = "Ser ut så:\n- ett\n- två\n'=3";
        world.admin.patch_current(&format!("/indicators/{one}"), json!({"note": note, "boardTarget": "-1,5", "baselineValue": "6.20", "baselineYear": 1990})).expect(200);
        let same = json!({"goalId": goal, "name": "=SUM(A1)", "decidedBy": "board", "comparator": "yes"});
        let yes = world.admin.post("/indicators", same).expect(201).id();
        own_list_changes_nothing(&world.admin, "goals", &world.root, "/goals", "format=csv&fields=id,name,number,parentId,organisationId,year");
        own_list_changes_nothing(&world.admin, "goals", &world.root, "/indicators", "format=csv&fields=id,name,unit,goalId,comparator,decidedBy,boardTarget,note");
        // Who does not reach all of the list may read it in again: nothing changes.
        own_list_changes_nothing(&world.controller, "goals", &world.board, "/goals", "format=csv&fields=id,name,number,parentId,year");
        let new = world.controller.with("if-none-match", "*");
        let cause = "- ett\n- två";
        new.put(&format!("/indicators/{one}/outcomes/{}/t1", world.board), json!({"value": "-1,50", "cause": cause})).expect(201);
        // In its own list the register means what it says: nothing is carried from the row above.
        new.put(&format!("/indicators/{one}/outcomes/{}/t1", world.division), json!({"value": "2", "cause": "Se ovan"})).expect(201);
        new.put(&format!("/indicators/{yes}/outcomes/{}/interim", world.unit), json!({"value": "nej", "judgement": "missed", "cause": "=1"})).expect(201);
        own_list_changes_nothing(&world.controller, "outcomes", &world.board, "/outcomes", "format=csv&fields=indicatorId,organisationId,period,value,judgement,cause");
        // In a file of another's they stay texts too.
        let csv = "Namn;E-post\n=HYPERLINK(\"x\");formel@example.org\n";
        let import = upload(&world.admin, "users", &world.root, "formel.csv", csv.as_bytes()).expect(201);
        execute(&world.admin, &import).expect(200);
        named(&world.admin, "/users?limit=200", "=HYPERLINK(\"x\")");
    }

    fn risks_that_look_like_formulas_come_back_as_they_were(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "Ordning");
        for name in ["=1+1", "'=1", "-5 % budget", "@alla"] {
            world.risk(&plan, &goal, name, (3, 4));
        }
        let names = |client: &Client| {
            let mut names: Vec<String> = client.get(&format!("/plans/{plan}/risks?limit=200")).expect(200).column("name").into_iter().map(str::to_owned).collect();
            names.sort();
            names
        };
        let before = names(&world.controller);
        let exported = world.controller.get(&format!("/risks?organisationId={}&year=2024&format=csv&fields=reference,name", world.board)).expect(200);
        let form = json!({"planId": plan, "fileName": "risker.csv", "content": STANDARD.encode(&exported.body)});
        let import = world.controller.post("/imports", form).expect(201);
        assert_eq!((faults(&import), counted(&import)), (vec![], (0, 0, 4)), "{:#}", import["items"]);
        execute(&world.controller, &import).expect(200);
        assert_eq!(names(&world.controller), before);
    }
}

/// A controller takes in people by clicks.
fn by_clicks(scripts: Scripts) {
    let world = World::on(Databases::Sqlite);
    let folder = Directory::new();
    let file = folder.0.join("personal.csv");
    std::fs::write(&file, "Namn;E-post;Roll;Enhet\nEva Ny;eva.ny@example.org;Kung;Kulturnämnden\n")
        .expect("a file can be written");
    let browser = Browser::start(&world.address, scripts);
    browser.open("/sign-in");
    browser.take_cookie(SESSION, &world.visitor(&world.controller.id).cookie);
    browser.open("/users");
    browser.follow("Läs in från Excel");
    assert_eq!(browser.text("h1"), "Läs in användare med roller");
    browser.follow_within("//main", "Läs in en fil");
    browser.follow_within("//main", "Användare med roller");
    browser.choose("select[name=organisationId]", &world.board);
    browser.write_in("input[type=file]", file.to_str().expect("a path in UTF-8"));
    if scripts == Scripts::Run {
        assert_eq!(browser.hindrances(), Vec::<String>::new());
    }
    browser.follow_within("//main", "Läs in filen");
    assert!(browser.path().starts_with("/imports/"), "{}", browser.path());
    assert!(browser.text("main").contains("Svara på vad ”Kung” betyder"), "{}", browser.text("main"));
    browser.choose("select[name='answers/1/value']", "riskOwner");
    browser.follow_within("//main", "Spara och pröva igen");
    if scripts == Scripts::Run {
        assert_eq!(browser.hindrances(), Vec::<String>::new());
    }
    browser.follow_within("//main", "Genomför inläsningen");
    assert_eq!(browser.text(".notice"), "Inläsningen är genomförd.");
    let user = named(&world.controller, "/users?limit=200", "Eva Ny");
    let grants = world.controller.get(&format!("/users/{}/grants", user["id"].as_str().expect("an id"))).expect(200);
    assert_eq!(grants.column("role"), ["riskOwner"]);
}

#[test]
fn a_controller_takes_in_people_by_clicks() {
    by_clicks(Scripts::Run);
}

#[test]
fn a_controller_takes_in_people_without_scripts() {
    by_clicks(Scripts::Blocked);
}
