//! An indicator through three years: two bodies that tell what it came to, the region's own outcome, and one body that tells
//! nothing. What is taken over, what is asked, and what is missing.

use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::visitor::{Page, Visitor, value_of, written};
use crate::kit::{Answer, Client, World, both};
use crate::planted;

/// The board decides on each plan in March of the first.
const YEARS: [i32; 3] = [2024, 2025, 2026];

fn goal(world: &World, year: i32, before: Option<&String>) -> String {
    let form = json!({"organisationId": world.root, "year": year, "name": "Friska medarbetare", "continuesId": before});
    world.admin.post("/goals", form).expect(201).id()
}

fn take_over(client: &Client, of: &str, from: i32) -> Answer {
    client.post(&format!("/organisations/{of}/continued-indicators"), json!({"fromYear": from}))
}

/// The indicators of an organisation in a year.
fn of_year(world: &World, organisation: &str, year: i32) -> Vec<Value> {
    let path = format!("/indicators?organisationId={organisation}&year={year}");
    world.reader.get(&path).expect(200).items().to_vec()
}

/// A row of the page that tells who has reported: how many are asked, how many are told, and what is missing.
fn told(visitor: &Visitor, year: i32, period: &str, organisation: &str) -> (String, String, String) {
    let page = visitor.page(&format!("/outcomes?year={year}&period={period}"));
    let row = page.all("tbody tr").into_iter().find(|row| row.html().contains(organisation));
    let cell = |n: usize| {
        let cells = scraper::Selector::parse("td").expect("a selector");
        let row = row.unwrap_or_else(|| panic!("{organisation} is asked"));
        row.select(&cells).nth(n).map(|cell| cell.text().collect::<String>().trim().to_owned()).unwrap_or_default()
    };
    (cell(0), cell(1), cell(2))
}

both! {
    fn a_year_is_taken_over_in_one_step(world: &World) {
        let first = goal(world, 2023, None);
        let [with, without, lone] = ["Sjukfrånvaro", "Frisktal", "Ensam"].map(|name| {
            let form = json!({"goalId": first, "name": name, "decidedBy": "council", "councilTarget": "<6 %", "unit": "%",
                "concerns": [world.board], "localTargets": [{"organisationId": world.board, "target": "<5 %"}],
                "baselineYear": 2022, "note": "Mäts per tertial."});
            world.admin.post("/indicators", form).expect(201).id()
        });
        let later = json!({"laterTargets": [{"year": 2024, "target": "<5,5 %"}, {"year": 2025, "target": "<5 %"}]});
        world.admin.patch_current(&format!("/indicators/{with}"), later).expect(200);
        // Under a goal that nothing continues.
        let other = world.goal(2023, "Nöjda besökare");
        world.admin.patch_current(&format!("/indicators/{lone}"), json!({"goalId": other})).expect(200);
        assert_eq!(take_over(&world.admin, &world.root, 2023).expect(200)["created"], 0, "there is no goal of the year yet");
        let second = goal(world, 2024, Some(&first));
        let done = take_over(&world.admin, &world.root, 2023).expect(200);
        assert_eq!(done.json, json!({"created": 2, "unconfirmed": 1, "withoutGoal": [lone]}));
        let again = take_over(&world.admin, &world.root, 2023).expect(200);
        assert_eq!(again.json, json!({"created": 0, "unconfirmed": 0, "withoutGoal": [lone]}));
        let all = of_year(world, &world.root, 2024);
        let by = |before: &str| all.iter().find(|one| one["continuesId"] == before).expect("it goes on");
        let (decided, carried) = (by(&with), by(&without));
        assert_eq!((&decided["councilTarget"], &decided["targetsFromYear"]), (&json!("<5,5 %"), &Value::Null));
        assert_eq!(decided["laterTargets"], json!([{"year": 2025, "target": "<5 %"}]));
        assert_eq!((&carried["councilTarget"], &carried["targetsFromYear"]), (&json!("<6 %"), &json!(2023)));
        assert_eq!(carried["localTargets"], json!([{"organisationId": world.board, "target": "<5 %"}]));
        for one in [decided, carried] {
            assert_eq!((&one["goalId"], &one["concerns"]), (&json!(second), &json!([world.board])));
            assert_eq!((&one["baselineYear"], &one["note"], &one["unit"]), (&json!(2022), &json!("Mäts per tertial."), &json!("%")));
        }
        let id = carried["id"].as_str().expect("an id");
        assert_eq!(planted::history(world, id), ["indicator.carriedOver"]);

        // While nobody has confirmed them they are no year's: nothing is proposed by them.
        let outcome = format!("/indicators/{id}/outcomes/{}/annual", world.board);
        let new = world.controller.with("if-none-match", "*");
        assert_eq!(new.put(&outcome, json!({"value": "5,5"})).expect(201)["proposedJudgement"], Value::Null);
        let path = format!("/indicators/{id}");
        assert_eq!(world.admin.patch_current(&path, json!({"note": null})).expect(200)["targetsFromYear"], 2023);
        // One press says that they stand.
        let admin = world.visitor(&world.admin_id);
        let page = admin.page(&path);
        assert!(page.text("main").contains("2023"), "{}", page.text("main"));
        admin.send(&path, &page.form("form#confirm")).expect(303);
        let confirmed = world.admin.get(&path).expect(200);
        assert_eq!((&confirmed["targetsFromYear"], &confirmed["councilTarget"]), (&Value::Null, &json!("<6 %")));
        assert_eq!(confirmed["localTargets"], carried["localTargets"]);
        assert_eq!(world.controller.get(&outcome).expect(200)["proposedJudgement"], "missed");
        assert!(admin.page(&path).all("form#confirm").is_empty());

        // By a press, too; and who may not is not offered it.
        goal(world, 2025, Some(&second));
        let at = "/goals?year=2025";
        let (form, name) = (admin.page(at), format!("form#take-{}", world.root));
        assert!(world.visitor(&world.controller.id).page(at).all(&name).is_empty());
        admin.send(at, &form.form(&name)).expect(303);
        assert_eq!(of_year(world, &world.root, 2025).len(), 2);
        assert!(admin.page(at).all(&name).is_empty(), "nothing is left to take over");
        take_over(&world.controller, &world.root, 2024).expect(403);
        world.admin.post(&format!("/organisations/{}/continued-indicators", world.root), json!({})).refused(422, "required");
    }

    fn a_bodys_own_go_along_with_its_plan(world: &World) {
        let first = world.goal(2024, "En ekonomi i balans");
        let form = json!({"goalId": first, "organisationId": world.board, "name": "Egna intäkter", "decidedBy": "board",
            "boardTarget": "≥ 10", "unit": "Mnkr", "laterTargets": [{"year": 2025, "target": "≥ 12"}]});
        let own = world.controller.post("/indicators", form.clone()).expect(201).id();
        let mut regions = form;
        regions.as_object_mut().expect("a form").remove("organisationId");
        world.admin.post("/indicators", regions).expect(201);
        let plan = world.plan(2024);
        let risk = world.risk(&plan, &first, "Risk för sjunkande intäkter", (3, 4)).id();
        let control = world.control(&risk, "Räkna intäkter");
        world.controller.patch_current(&format!("/controls/{control}"), json!({"indicatorIds": [own]})).expect(200);
        world.complete(&plan);
        world.decide(&plan);
        let form = json!({"organisationId": world.root, "year": 2025, "name": "En ekonomi i balans", "continuesId": first});
        world.admin.post("/goals", form).expect(201);
        let next = world.carried(2025, &plan);
        let carried = of_year(world, &world.board, 2025);
        assert_eq!(carried.len(), 1, "the region's are the region's to take over");
        assert_eq!(of_year(world, &world.root, 2025), Vec::<Value>::new());
        assert_eq!((&carried[0]["continuesId"], &carried[0]["targetsFromYear"]), (&json!(own), &json!(2024)));
        assert_eq!(carried[0]["boardTarget"], "≥ 12", "what was decided of the year is what is to be confirmed");
        // The control goes on following it.
        let risk = world.named(&next, "Risk för sjunkande intäkter")["id"].as_str().expect("an id").to_owned();
        let controls = world.controller.get(&format!("/risks/{risk}/controls")).expect(200);
        assert_eq!(controls.items()[0]["indicatorIds"], json!([carried[0]["id"]]));
        // It is named before the plan goes to the board, and led to.
        let named = || -> Vec<Value> {
            let checks = world.controller.get(&format!("/plans/{next}/checks")).expect(200);
            let all = checks["missing"].as_array().expect("a list").iter();
            all.filter(|one| one["code"] == "targetsUnconfirmed").cloned().collect()
        };
        let missing = named();
        assert_eq!(missing.len(), 1);
        assert_eq!((&missing[0]["entity"], &missing[0]["id"]), (&json!("indicator"), &carried[0]["id"]));
        let refused = world.propose(&next).expect(409);
        let told = refused["missing"].as_array().expect("a list").iter().any(|one| one["code"] == "targetsUnconfirmed");
        assert!(told, "{}", refused.json);
        let path = format!("/indicators/{}", carried[0]["id"].as_str().expect("an id"));
        let page = world.visitor(&world.controller.id).page(&format!("/plans/{next}"));
        assert_eq!(page.all(&format!("a[href='{path}']")).len(), 1, "{}", page.text("main"));
        world.controller.patch_current(&path, json!({"boardTarget": "≥ 11"})).expect(200);
        assert_eq!(named(), Vec::<Value>::new());
        world.complete(&next);
        world.propose(&next).expect(200);
    }
    fn targets_taken_over_by_the_button_stop_a_plan_that_was_not_carried_over(world: &World) {
        let first = world.goal(2024, "En ekonomi i balans");
        let form = json!({"goalId": first, "organisationId": world.board, "name": "Egna intäkter", "decidedBy": "board",
            "boardTarget": "≥ 10"});
        world.controller.post("/indicators", form).expect(201);
        let form = json!({"organisationId": world.root, "year": 2025, "name": "En ekonomi i balans", "continuesId": first});
        world.admin.post("/goals", form).expect(201);
        let plan = world.plan(2025);
        world.complete(&plan);
        assert_eq!(take_over(&world.controller, &world.board, 2024).expect(200)["unconfirmed"], 1);
        let own = of_year(world, &world.board, 2025)[0]["id"].as_str().expect("an id").to_owned();
        let named = || -> Vec<Value> {
            let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
            checks["missing"].as_array().expect("a list").iter().map(|one| json!([one["code"], one["id"]])).collect()
        };
        assert_eq!(named(), [json!(["targetsUnconfirmed", own])]);
        world.propose(&plan).expect(409);
        world.controller.patch_current(&format!("/indicators/{own}"), json!({"boardTarget": "≥ 10"})).expect(200);
        assert_eq!(named(), Vec::<Value>::new());
        world.propose(&plan).expect(200);
    }

    fn it_lives_through_three_years(world: &World) {
        let sibling = world.person_with("Sixten Syskon", &world.other_board, "controller", &world.other_board);
        let silent = world.organisation(&world.root, "board", "Tysta nämnden");
        let [admin, controller, other] = [&world.admin_id, &world.controller.id, &sibling.id].map(|id| world.visitor(id));
        let mut goals: Vec<String> = Vec::new();
        for year in YEARS {
            goals.push(goal(world, year, goals.last()));
        }
        let form = json!({"goalId": goals[0], "name": "Sjukfrånvaro", "decidedBy": "council", "councilTarget": "<6%", "unit": "%",
            "localTargets": [{"organisationId": world.other_board, "target": "<8%"}],
            "laterTargets": [{"year": 2025, "target": "<= 5,5 %"}]});
        let mut indicator = world.admin.post("/indicators", form).expect(201).id();
        // One that does not concern the board is not asked of it.
        let form = json!({"goalId": goals[0], "name": "Resor", "decidedBy": "council", "concerns": [world.other_board]});
        world.admin.post("/indicators", form).expect(201);
        let mut plan: Option<String> = None;
        let periods = ["t1", "interim", "annual"];
        // Of the board, the other board and the region itself.
        let values = [
            [["6,5", "6,2", "5,9"], ["9", "8,5", "7,9"], ["6,1", "6", "5,95"]],
            [["5,6", "5,5", "5,4"], ["7", "6", "6"], ["5,8", "5,7", "5,6"]],
            [["5,1", "5", "5"], ["6", "6", "6"], ["5,3", "5,2", "5,1"]],
        ];
        let judgements = [
            [["atRisk", "atRisk", "onTarget"], ["atRisk", "atRisk", "onTarget"], ["atRisk", "atRisk", "onTarget"]],
            [["atRisk", "onTarget", "onTarget"], ["atRisk", "atRisk", "missed"], ["atRisk", "atRisk", "missed"]],
            [["atRisk", "onTarget", "onTarget"], ["atRisk", "atRisk", "missed"], ["atRisk", "atRisk", "missed"]],
        ];
        let targets = ["<\u{a0}6\u{a0}%", "≤\u{a0}5,5 %", "≤\u{a0}5 %"];
        for (y, year) in YEARS.into_iter().enumerate() {
            if y > 0 {
                let before = indicator.clone();
                take_over(&world.admin, &world.root, year - 1).expect(200);
                let all = of_year(world, &world.root, year);
                let next = all.iter().find(|one| one["continuesId"] == before.as_str()).expect("it goes on");
                assert_eq!(next["targetsFromYear"], if y == 1 { Value::Null } else { json!(2025) });
                indicator = next["id"].as_str().expect("an id").to_owned();
                if y == 2 {
                    // The council has decided.
                    let decided = json!({"councilTarget": "≤ 5 %"});
                    world.admin.patch_current(&format!("/indicators/{indicator}"), decided).expect(200);
                }
            }
            let this = adopted(world, year, &goals[y], plan.as_ref());
            plan = Some(this.plan.clone());
            for (n, period) in periods.into_iter().enumerate() {
                let whose = [(&world.board, &controller), (&world.other_board, &other), (&world.root, &admin)];
                for (who, (organisation, visitor)) in whose.into_iter().enumerate() {
                    let name = "Sjukfrånvaro";
                    let before = told(&admin, year, period, organisation);
                    assert!(before.2.contains(name), "{organisation} {year} {period}: {before:?}");
                    // One press saves the table; what stood before stands beside.
                    let path = format!("/outcomes?organisationId={organisation}&year={year}&period={period}");
                    let page = visitor.page(&path);
                    let row = row_of(&page, &indicator);
                    let earlier = if n > 0 { values[y][who][n - 1] } else { "–" };
                    let last_year = if y > 0 { values[y - 1][who][2] } else { "–" };
                    let target = if y == 0 && who == 1 { "<\u{a0}8\u{a0}%" } else { targets[y] };
                    assert!(row[0] == target, "{row:?} {target}");
                    assert!(row[1].starts_with(last_year) && row[2].starts_with(earlier), "{row:?}");
                    let form = page.form("form#outcomes");
                    let at = place_of(&form, &indicator);
                    let form = written(&form, &format!("items/{at}/value"), values[y][who][n]);
                    visitor.send(&path, &form).expect(303);
                    let outcome = format!("/indicators/{indicator}/outcomes/{organisation}/{period}");
                    let now = world.admin.get(&outcome).expect(200);
                    assert_eq!(now["judgement"], judgements[y][who][n], "{year} {period} {who}");
                    let after = told(&admin, year, period, organisation);
                    let given: usize = after.1.parse().expect("a number");
                    assert_eq!(given, before.1.parse::<usize>().expect("a number") + 1);
                    assert!(!after.2.contains(name), "{after:?}");
                }
                assert_eq!(told(&admin, year, period, &silent), ("1".into(), "0".into(), "Sjukfrånvaro".into()));
                assert_eq!(told(&admin, year, period, &world.board), ("1".into(), "1".into(), "–".into()));
                // What the board's report says of it.
                let report = world.controller.post(&format!("/plans/{}/reports", this.plan), json!({"kind": period})).expect(201).id();
                let json = world.controller.with("accept", "application/json");
                let told = json.get(&format!("/reports/{report}/document")).expect(200);
                assert_eq!(told["outcomes"], json!({"asked": 1, "answered": 1}), "{year} {period}");
                let judged = judgements[y][0][n];
                let at_risk = told["indicators"].as_array().map(Vec::as_slice).unwrap_or_default();
                assert_eq!(at_risk.len(), usize::from(judged != "onTarget"), "{year} {period}: {at_risk:?}");
                for one in at_risk {
                    assert_eq!((&one["outcome"]["target"], &one["outcome"]["judgement"]), (&json!(targets[y]), &json!(judged)));
                    assert!(one["organisation"].is_null(), "the board's own: {one}");
                }
                // The control that follows it shows it, on its page and in the report.
                let page = controller.page(&format!("/controls/{}", this.always));
                assert!(page.text("main").contains(values[y][0][n]), "{}", page.text("main"));
                assert!(told["plan"].to_string().contains(&format!("\"value\":\"{}", values[y][0][n])), "{}", told["plan"]);
            }
            // The other boards see nothing of the board's.
            let hidden = other.get(&format!("/outcomes?organisationId={}&year={year}&period=t1", world.board));
            assert_eq!(hidden.status, 404);
        }
        // Its page tells of all three years, as a picture and as a table.
        let page = controller.page(&format!("/indicators/{indicator}?organisationId={}", world.board));
        assert_eq!((page.all("svg.chart circle").len(), page.all("table tbody tr").len()), (9, 9));
        let text = page.text("main");
        for value in values.iter().flat_map(|of_year| of_year[0]) {
            assert!(text.contains(value), "{value}: {text}");
        }
        // What departs from the proposal is a fault in its row, and what was written is kept.
        let form = json!({"goalId": goals[2], "organisationId": world.board, "name": "Egna intäkter", "decidedBy": "board",
            "boardTarget": ">= 10"});
        let own = world.controller.post("/indicators", form).expect(201).id();
        let path = format!("/outcomes?organisationId={}&year=2026&period=annual", world.board);
        let form = controller.page(&path).form("form#outcomes");
        let at = place_of(&form, &own);
        let form = written(&form, &format!("items/{at}/value"), "8");
        let form = written(&form, &format!("items/{at}/judgement"), "onTarget");
        let page = Page::of(&controller.send(&path, &form).expect(422));
        let again = page.form("form#outcomes");
        assert_eq!(value_of(&again, &format!("items/{at}/value")), "8");
        assert_eq!(page.all(&format!("textarea[name='items/{at}/cause'][aria-invalid=true]")).len(), 1);
        let reasoned = written(&again, &format!("items/{at}/cause"), "Intäkterna kommer i januari.");
        controller.send(&path, &reasoned).expect(303);
        let outcome = format!("/indicators/{own}/outcomes/{}/annual", world.board);
        let now = world.controller.get(&outcome).expect(200);
        assert_eq!((&now["judgement"], &now["proposedJudgement"]), (&json!("onTarget"), &json!("missed")));
    }
}

/// The board's plan of a year, adopted, with a control that follows the indicators of the goal.
fn adopted<'w>(world: &'w World, year: i32, goal: &str, before: Option<&String>) -> Year<'w> {
    let plan = match before {
        Some(before) => world.carried(year, before),
        None => world.plan(year),
    };
    if before.is_none() {
        let risk = world.risk(&plan, goal, "Brist på personal", (3, 4)).id();
        world.control(&risk, "Följ frånvaron");
        let form = json!({"name": "Anställ", "responsibleId": world.performer.id, "startDate": format!("{year}-01-01"),
            "endDate": format!("{year}-12-31")});
        world.controller.post(&format!("/risks/{risk}/actions"), form).expect(201);
    }
    let risk = world.named(&plan, "Brist på personal")["id"].as_str().expect("an id").to_owned();
    let of = |parts: &str| {
        world
            .controller
            .get(&format!("/risks/{risk}/{parts}"))
            .expect(200)
            .column("id")
            .first()
            .map(|id| (*id).to_owned())
    };
    let (control, action) = (of("controls").expect("a control"), of("actions").expect("an action"));
    if before.is_none() {
        let all = world.reader.get(&format!("/indicators?goalId={goal}")).expect(200);
        let named = all.items().iter().find(|one| one["name"] == "Sjukfrånvaro").expect("it is there");
        world
            .controller
            .patch_current(&format!("/controls/{control}"), json!({"indicatorIds": [named["id"]]}))
            .expect(200);
    }
    world.complete(&plan);
    world.decide(&plan);
    Year::of(world, &plan, &risk, &control, &control, &action)
}

/// What stands beside the fields of an indicator in the table: its target, last year's and the last period's.
fn row_of(page: &Page, indicator: &str) -> Vec<String> {
    let row = page.all("tbody tr").into_iter().find(|row| row.html().contains(indicator)).expect("it is asked");
    let cells = scraper::Selector::parse("td").expect("a selector");
    let text = |cell: scraper::ElementRef| cell.text().collect::<String>().trim().to_owned();
    row.select(&cells).map(text).collect()
}

/// Which row of the form is an indicator's.
fn place_of(form: &[(String, String)], indicator: &str) -> String {
    let found = form.iter().find(|(name, value)| name.contains("/indicatorId") && value == indicator).expect("a row");
    found.0.split('/').nth(1).expect("a place").to_owned()
}
