//! Lists as tables: what a spreadsheet reads of them, over the API and by the links of the pages.

use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Xlsx};
use serde_json::json;

use crate::backups::grow;
use crate::kit::depth::deep;

use crate::follow_up::Year;
use crate::kit::visitor::Page;
use crate::kit::{Answer, Client, Databases, Directory, Start, World, both};
use crate::serving::memory;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The sheets of a workbook.
fn sheets(answer: &Answer) -> Vec<(String, Range<Data>)> {
    assert_eq!(answer.header("content-type"), XLSX, "{}", answer.asked);
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(answer.body.clone())).expect("a workbook");
    book.sheet_names().into_iter().map(|name| (name.clone(), book.worksheet_range(&name).expect("a sheet"))).collect()
}

/// What stands in a column, by its heading.
fn column(range: &Range<Data>, name: &str) -> Vec<Data> {
    let names: Vec<String> = range.rows().next().expect("headings").iter().map(ToString::to_string).collect();
    let at = names.iter().position(|one| one == name).unwrap_or_else(|| panic!("no {name} in {names:?}"));
    range.rows().skip(1).map(|row| row[at].clone()).collect()
}

fn texts(range: &Range<Data>, name: &str) -> Vec<String> {
    column(range, name).iter().map(ToString::to_string).collect()
}

/// The lines of a CSV whose cells have no breaks.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8", "{}", answer.asked);
    let text = String::from_utf8(answer.body.clone()).expect("UTF-8");
    let text = text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("{} has no mark of UTF-8", answer.asked));
    text.split_terminator("\r\n").map(str::to_owned).collect()
}

const LISTS: [&str; 12] = [
    "/risks",
    "/controls",
    "/actions",
    "/deficiencies",
    "/recommendations",
    "/audit-opinions",
    "/goals",
    "/indicators",
    "/outcomes",
    "/users",
    "/plans",
    "/follow-ups?year=2024&period=t1",
];

/// An address, with more asked.
fn with(path: &str, query: &str) -> String {
    format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' })
}

both! {
    fn each_list_is_a_table_of_all_that_it_holds(world: &World) {
        let year = Year::adopted(world);
        let client = &world.controller;
        let form = json!({"organisationId": world.board, "riskId": year.risk, "title": "=HYPERLINK(\"//evil\")",
            "severity": "serious", "foundOn": "2024-05-02"});
        world.risk_owner.post("/deficiencies", form).expect(201);
        let form = json!({"organisationId": world.board, "source": "auditors", "report": "Årlig granskning", "year": 2023,
            "text": "Följ upp avtalstroheten."});
        world.auditor.post("/recommendations", form).expect(201);
        let form = json!({"organisationId": world.board, "year": 2023, "judgement": "partly", "report": "Årsrapport",
            "givenOn": "2024-04-02"});
        world.auditor.post("/audit-opinions", form).expect(201);
        let goal = world.goal(2024, "En hållbar region");
        let form = json!({"goalId": goal, "name": "Sjukfrånvaro", "unit": "%", "decidedBy": "council", "comparator": "atMost", "councilTarget": "6"});
        let indicator = world.admin.post("/indicators", form).expect(201).id();
        let form = json!({"value": "7.5", "judgement": "atRisk", "cause": "=1+1"});
        client.with("if-none-match", "*").put(&format!("/indicators/{indicator}/outcomes/{}/t1", world.board), form).expect(201);
        for path in LISTS {
            let total = client.get(path).expect(200)["total"].as_u64().expect("a total") as usize;
            for (asked, accept) in [("format=xlsx&limit=1", "*/*"), ("limit=2", XLSX)] {
                let answer = client.with("accept", accept).get(&with(path, asked)).expect(200);
                let all = sheets(&answer);
                assert_eq!((all.len(), all[0].1.height()), (1, total + 1), "{path}");
                assert!(answer.header("content-disposition").contains(".xlsx"), "{path}");
                assert!(answer.header("etag").starts_with("W/"), "{path}");
            }
            for (asked, accept) in [("format=csv", "*/*"), ("limit=2", "text/csv")] {
                let answer = client.with("accept", accept).get(&with(path, asked)).expect(200);
                assert_eq!(lines(&answer).len(), total + 1, "{path}");
            }
            // A list is JSON to whoever asks for nothing, or anything.
            assert_eq!(client.with("accept", "*/*").get(path).expect(200).header("content-type"), "application/json");
            client.with("accept", "image/png").get(path).expect(406);
            client.get(&with(path, "format=pdf")).expect(400);
        }
        let deficiencies = lines(&client.get("/deficiencies?format=csv").expect(200));
        assert!(deficiencies[1].starts_with("\"'=HYPERLINK(\"\"//evil\"\")\";"), "{}", deficiencies[1]);
        let told = sheets(&client.get("/deficiencies?format=xlsx").expect(200));
        assert_eq!(column(&told[0].1, "Brist"), [Data::String("=HYPERLINK(\"//evil\")".into())]);
        assert!(column(&told[0].1, "Upptäckt")[0].is_datetime());
        let outcomes = &sheets(&client.get("/outcomes?format=xlsx").expect(200))[0].1;
        assert_eq!((texts(outcomes, "Indikator"), texts(outcomes, "Orsak")), (vec!["Sjukfrånvaro".into()], vec!["=1+1".into()]));
        assert_eq!(texts(outcomes, "Föreslagen bedömning").len(), 1);
        let opinions = &sheets(&client.get("/audit-opinions?format=xlsx").expect(200))[0].1;
        assert_eq!((texts(opinions, "Bedömning"), texts(opinions, "År")), (vec!["Delvis tillräcklig".into()], vec!["2023".into()]));
        let plans = &sheets(&client.get("/plans?format=xlsx").expect(200))[0].1;
        assert_eq!((texts(plans, "Status"), texts(plans, "Fastställd version")), (vec!["Fastställd".into()], vec!["1".into()]));
        assert!(column(plans, "Beslutad")[0].is_datetime());
        let stand = &sheets(&client.get("/follow-ups?year=2024&period=t1&format=xlsx").expect(200))[0].1;
        let of_body = |name: &str| texts(stand, name)[0].clone();
        let tally = client.get("/follow-ups?year=2024&period=t1").expect(200)["items"][0].clone();
        assert_eq!((of_body("Ska rapporteras"), of_body("Saknas")), (tally["due"].to_string(), tally["missing"].to_string()));
    }

    fn every_list_is_a_table_of_its_fields(world: &World) {
        let year = Year::adopted(world);
        let client = &world.admin;
        let operations = riskregister::api::operations();
        let lists: Vec<String> = operations
            .iter()
            .filter(|one| one.method == "get" && one.parameters.iter().any(|parameter| parameter.name == "format"))
            .map(|one| one.path.to_owned())
            .collect();
        let (mut seen, mut held) = (0, 0);
        for path in &lists {
            let path = match path.as_str() {
                "/follow-ups" | "/missing-outcomes" => format!("{path}?year=2024&period=t1"),
                of_risk if of_risk.starts_with("/risks/{id}") => of_risk.replace("{id}", &year.risk),
                of_plan if of_plan.starts_with("/plans/{id}") => of_plan.replace("{id}", &year.plan).replace("{period}", "t1"),
                of_user if of_user.starts_with("/users/{id}") => of_user.replace("{id}", &world.controller.id),
                other if other.contains('{') => continue,
                other => other.to_owned(),
            };
            let page = client.get(&with(&path, "limit=200")).expect(200);
            // With `fields` those that are told in Swedish are tables of the contract's fields too.
            let swedish = LISTS.iter().any(|list| list.split('?').next() == path.split('?').next());
            let first = page.items().first().cloned();
            let fields: Vec<String> =
                first.iter().flat_map(|one| one.as_object().into_iter().flatten().map(|(name, _)| name.clone())).collect();
            let asked = if swedish && !fields.is_empty() {
                format!("format=csv&fields={}", fields.join(","))
            } else if swedish {
                continue;
            } else {
                "format=csv".to_owned()
            };
            let answer = client.get(&with(&path, &asked)).expect(200);
            assert!(answer.header("content-disposition").contains(".csv"), "{path}");
            let mut csv = csv::ReaderBuilder::new().delimiter(b';').from_reader(&answer.body[3..]);
            let columns: Vec<String> = csv.headers().expect("headings").iter().map(str::to_owned).collect();
            let rows: Vec<csv::StringRecord> = csv.records().map(|row| row.expect("a row")).collect();
            assert_eq!(rows.len() as u64, page["total"].as_u64().expect("a total"), "{path}");
            for field in &fields {
                assert!(columns.contains(field), "{path} has no {field} in {columns:?}");
            }
            for (item, row) in page.items().iter().zip(&rows) {
                for (column, told) in columns.iter().zip(row) {
                    let is = item.get(column);
                    match is {
                        Some(serde_json::Value::String(text)) => {
                            // One apostrophe before what a spreadsheet would run, and before nothing else.
                            let text = text.replace('\r', "");
                            let runs = text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace()).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                            let mark = if runs { "'" } else { "" };
                            assert_eq!(told, format!("{mark}{text}"), "{path} {column}");
                        }
                        Some(serde_json::Value::Null) => assert_eq!(told, "", "{path} {column}"),
                        Some(serde_json::Value::Number(number)) => assert_eq!(told, number.to_string(), "{path} {column}"),
                        Some(other) => {
                            assert_eq!(&serde_json::from_str::<serde_json::Value>(told).expect("JSON"), other, "{path} {column}");
                        }
                        None => assert!(told.is_empty() || column.ends_with("Name") || column.ends_with("Names"), "{path} {column}"),
                    }
                    held += usize::from(is.is_some());
                }
            }
            let book = sheets(&client.get(&with(&path, &asked.replace("csv", "xlsx"))).expect(200));
            assert_eq!(book[0].1.height(), rows.len() + 1, "{path}");
            seen += 1;
        }
        assert!(seen > 30 && held > 300, "{seen} lists of {}, {held} cells", lists.len());
    }

    fn names_stand_beside_ids_as_far_as_one_sees_them(world: &World) {
        let year = Year::adopted(world);
        let told = |client: &Client, path: &str| {
            let answer = client.get(path).expect(200);
            let mut csv = csv::ReaderBuilder::new().delimiter(b';').from_reader(&answer.body[3..]);
            let columns: Vec<String> = csv.headers().expect("headings").iter().map(str::to_owned).collect();
            let row = csv.records().next().expect("a row").expect("a row");
            move |name: &str| row[columns.iter().position(|one| one == name).unwrap_or_else(|| panic!("no {name} in {columns:?}"))].to_owned()
        };
        let cell = told(&world.controller, &format!("/risks/{}/assessments?format=csv", year.risk));
        let risk = world.controller.get(&format!("/risks/{}", year.risk)).expect(200);
        let by = world.controller.get(&format!("/users/{}", cell("assessedById"))).expect(200);
        assert_eq!((cell("riskId"), cell("riskName")), (year.risk.clone(), risk.text("name")));
        assert_eq!(cell("assessedByName"), by.text("name"));
        let cell = told(&world.controller, "/risks?format=csv&fields=name&year=2024");
        assert!(cell("planName").ends_with(" 2024") && !cell("organisationName").is_empty());
        // Only what was asked for, and what names it.
        world.controller.get("/risks?format=csv&fields=nothing").refused(400, "wrongFormat");
    }

    fn a_table_longer_than_a_piece_holds_each_row_once(world: &World) {
        grow(world, &world.plan(2024), 1_203);
        let total = world.controller.get("/risks?limit=1").expect(200)["total"].as_u64().expect("a total") as usize;
        for (asked, first) in [("format=csv&sort=name", "Risk"), ("format=csv&fields=name&sort=-reference", "id")] {
            let answer = world.controller.get(&format!("/risks?{asked}")).expect(200);
            assert_eq!(answer.maybe_header("etag"), None, "nobody has seen the end of it when it begins");
            let all = lines(&answer);
            assert_eq!(all.len(), total + 1, "{asked}");
            assert_eq!(all.iter().filter(|line| line.starts_with(&format!("{first};")) || line.starts_with("Nummer;")).count(), 1);
            let once: std::collections::BTreeSet<&String> = all.iter().collect();
            assert_eq!(once.len(), all.len(), "{asked}");
            // One is asked about it and not sent it.
            let asked_about = world.controller.send_outside("HEAD", &format!("/api/v1/risks?{asked}"), None);
            assert_eq!((asked_about.status, asked_about.body.len()), (200, 0));
        }
        // As it stood is read whole.
        let now = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        let before = lines(&world.controller.get(&format!("/risks?format=csv&asOf={now}")).expect(200));
        assert_eq!(before.len(), total + 1);
    }

    fn cells_have_their_kinds_and_filters_hold(world: &World) {
        let year = Year::adopted(world);
        let client = &world.controller;
        let all = sheets(&client.get("/risks?format=xlsx&year=2024&sort=number").expect(200));
        let risks = &all[0].1;
        assert_eq!(all[0].0, "Risker");
        let at = texts(risks, "Risk").iter().position(|name| name == "Brist på scener").expect("the risk");
        assert_eq!(column(risks, "Riskvärde")[at], Data::Float(12.0));
        assert_eq!((texts(risks, "I planen")[at].as_str(), texts(risks, "Planens status")[at].as_str()), ("Ja", "Fastställd"));
        assert!(!texts(risks, "Nivå")[at].is_empty());
        assert_eq!(sheets(&client.get("/risks?format=xlsx&year=2031").expect(200))[0].1.height(), 1, "headings alone");

        let actions = &sheets(&client.get(&format!("/actions?format=xlsx&riskId={}&late=true", year.risk)).expect(200))[0].1;
        assert_eq!(texts(actions, "Åtgärd"), ["Bygg en scen"]);
        assert!(column(actions, "Slutar")[0].is_datetime());
        assert_eq!(texts(actions, "Försenad"), ["Ja"]);
        let controls = lines(&client.get(&format!("/controls?format=csv&riskId={}&period=t1&sort=name", year.risk)).expect(200));
        assert!(controls[1].starts_with("Löpande stickprov;;"), "{}", controls[1]);
        assert!(controls[2].contains(";T1;Nej;"), "{}", controls[2]);
        // A person is named who answers for something; who may see them as people or not.
        let performer = client.get(&format!("/users/{}", world.performer.id)).expect(200).text("name");
        assert!(texts(actions, "Ansvarig")[0] == performer);
    }

    fn before_the_register_began_there_are_empty_tables(world: &World) {
        Year::adopted(world);
        for list in ["risks", "controls", "actions", "deficiencies", "recommendations", "goals", "indicators", "plans", "outcomes", "audit-opinions"] {
            // Workbooks know no year before 1900.
            for then in ["2001-01-01T00:00:00Z", "0222-06-15T09:47:32Z"] {
                for format in ["csv", "xlsx"] {
                    world.auditor.get(&format!("/{list}?format={format}&asOf={then}")).expect(200);
                }
            }
        }
    }

    fn what_one_may_not_see_is_in_no_table(world: &World) {
        let year = Year::adopted(world);
        let draft = world.risk(&world.plan(2025), &world.goal(2025, "Mål"), "Brist på publik", (1, 1)).id();
        world.controller.with("if-none-match", "*").put(&format!("/risks/{draft}/setting-aside"), json!({"reason": "Den är liten."})).expect(201);
        let form = json!({"organisationId": world.board, "title": "Misstänkt mutbrott", "severity": "serious",
            "foundOn": "2024-05-02", "suspectedCrime": true});
        world.head.post("/deficiencies", form).expect(201);
        let path = format!("/organisations/{}/register", world.board);
        let book = |client: &crate::kit::Client| sheets(&client.get(&path).expect(200));
        let named = |all: &[(String, Range<Data>)], sheet: &str, column: &str| {
            let (_, range) = all.iter().find(|(name, _)| name == sheet).unwrap_or_else(|| panic!("no sheet {sheet}"));
            texts(range, column)
        };
        let full = book(&world.controller);
        let names: Vec<&str> = full.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Planer", "Risker", "Bedömningar", "Kontroller", "Åtgärder", "Rapporterade statusar", "Brister",
                "Rekommendationer"
            ]
        );
        // Those in no plan too, with the reason.
        let at = named(&full, "Risker", "Risk").iter().position(|name| name == "Brist på publik").expect("the risk");
        assert_eq!(named(&full, "Risker", "Bortvald därför att")[at], "Den är liten.");
        assert_eq!(named(&full, "Risker", "I planen")[at], "Nej");
        assert!(named(&full, "Bedömningar", "Risk").contains(&"Brist på publik".to_owned()));
        assert_eq!(named(&full, "Brister", "Brist"), ["Misstänkt mutbrott"]);
        year.report_all("t1");
        assert_eq!(named(&book(&world.controller), "Rapporterade statusar", "Period"), ["T1", "T1"]);
        assert!(named(&full, "Planer", "År").contains(&"2025".to_owned()));

        // A reader has the adopted plan, and neither the draft, the follow-up before the board's decision, nor the suspicion.
        let read = book(&world.reader);
        assert!(named(&read, "Risker", "Risk").contains(&"Brist på scener".to_owned()));
        assert!(!named(&read, "Risker", "Risk").contains(&"Brist på publik".to_owned()));
        assert_eq!(named(&read, "Planer", "År"), ["2024"]);
        assert!(named(&read, "Rapporterade statusar", "Period").is_empty());
        assert!(named(&read, "Brister", "Brist").is_empty());
        assert!(named(&book(&world.stranger), "Risker", "Risk").is_empty());
        let of_year = sheets(&world.controller.get(&format!("{path}?year=2025")).expect(200));
        assert_eq!(named(&of_year, "Risker", "Risk"), ["Brist på publik"]);
    }

    fn pages_lead_to_them_with_their_filters(world: &World) {
        Year::adopted(world);
        let controller = world.visitor(&world.controller.id);
        let links = |page: &Page| -> Vec<String> {
            page.all("a[download]").iter().filter_map(|one| one.attr("href")).map(str::to_owned).collect()
        };
        for path in ["/risks", "/controls", "/actions", "/deficiencies", "/audit", "/users", "/goals?year=2024"] {
            let to = links(&controller.page(path));
            assert!(to.len() >= 2, "{path}: {to:?}");
            for at in to {
                let answer = controller.get(&at).expect(200);
                assert!(answer.header("content-disposition").starts_with("attachment;"), "{at}");
            }
        }
        let chosen = controller.page(&format!("/risks?q=scener&organisationId={}", world.board));
        let to = links(&chosen);
        let [xlsx, csv, whole] = to.as_slice() else { panic!("{to:?}") };
        assert_eq!(texts(&sheets(&controller.get(xlsx))[0].1, "Risk"), ["Brist på scener"]);
        assert_eq!(lines(&controller.get(csv)).len(), 2);
        assert_eq!(sheets(&controller.get(whole)).len(), 8);
        // The year that the page goes by is the file's.
        let to = links(&controller.page("/controls?late=false"));
        assert!(to[0].contains("year=2024") && to[0].contains("late=false"), "{to:?}");
    }
}

/// Who asks for a table of many takes no more memory for it than a few pieces.
#[test]
fn a_table_of_many_is_sent_as_it_is_read() {
    let world = World::on(Databases::Sqlite);
    let (plan, more) = (world.plan(2024), deep(3_000, 100_000));
    grow(&world, &plan, more);
    let directory = Directory::new();
    let serving = crate::crash::serve(&world.config.database, &directory, &world);
    let client = Client::new(&serving.address, Some(&world.lasting_token(&world.controller.id)));
    client.get("/risks?format=csv&q=nummer+12").expect(200);
    let before = memory(&serving, "VmRSS:");
    let began = std::time::Instant::now();
    let answer = client.send_outside("GET", "/api/v1/risks?format=csv", None);
    let rows = answer.body.iter().filter(|byte| **byte == b'\n').count();
    let taken = memory(&serving, "VmHWM:").saturating_sub(before);
    println!("{rows} lines in {:.1} s, {taken} KiB more memory", began.elapsed().as_secs_f64());
    assert_eq!(rows as u64, more + 1);
    assert!(taken <= 64 * 1024, "{taken} KiB for {more} risks");
}
