//! Lists as tables: what a spreadsheet reads of them, over the API and by the links of the pages.

use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Xlsx};
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::Page;
use crate::kit::{Answer, World, both};

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
