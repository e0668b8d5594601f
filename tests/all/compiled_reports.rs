//! `/compiled-reports`: what the region makes of every body's follow-up of a period, in the figures of their own reports.

use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::visitor::{Page, written};
use crate::kit::{Answer, Client, World, both};

/// A document as JSON.
fn document(client: &Client, path: &str, version: &str) -> Value {
    client.with("accept", "application/json").get(&format!("{path}/document?version={version}")).expect(200).json
}

/// What a body's own report counts: due, reported, and each control's colour.
fn counted(report: &Value) -> (u64, u64, [u64; 3]) {
    let risks = report["plan"]["goals"].as_array().expect("goals").iter();
    let risks: Vec<&Value> = risks.flat_map(|goal| goal["risks"].as_array().expect("risks")).collect();
    let of = |kind: &str| -> Vec<&Value> {
        let all = risks.iter().flat_map(|risk| risk[kind].as_array().expect("a list"));
        all.map(|one| &one["report"]).filter(|told| !told.is_null()).collect()
    };
    let (controls, actions) = (of("controls"), of("actions"));
    let due = controls.iter().chain(&actions).filter(|told| told["due"] == true).count();
    let reported =
        controls.iter().chain(&actions).filter(|told| told["due"] == true && told["reported"] == true).count();
    let colour = |word: &str| controls.iter().filter(|told| told["status"] == word).count() as u64;
    (due as u64, reported as u64, ["performed", "performedWithDeviations", "notPerformed"].map(colour))
}

both! {
    fn it_adds_up_what_the_bodies_own_reports_say(world: &World) {
        let year = Year::adopted(world);
        world.admin.with("if-none-match", "*").put("/deadlines/2024/t1", json!({"dueOn": "2024-05-10"})).expect(201);
        // One board has decided on its report, with a red control; the other has no plan at all.
        let missing = world.controller.get(&format!("{}/statuses?missing=true&limit=200", year.period("t1"))).expect(200);
        assert!(missing.items().iter().any(|row| row["id"] == year.always.as_str()));
        let red = json!({"status": "notPerformed", "comment": "Ingen hann."});
        let path = format!("/controls/{}/reports/t1", year.always);
        world.controller.with("if-none-match", "*").put(&path, red).expect(201);
        year.report_all("t1");
        let form = json!({"title": "Attest saknas", "organisationId": world.board, "severity": "serious", "foundOn": "2024-02-02",
            "foundBy": "Stickprov"});
        let deficiency = world.risk_owner.post("/deficiencies", form).expect(201).id();
        let told = json!({"reportedToBoardOn": "2024-03-01", "reportedToRegionOn": "2024-05-20", "regionYear": 2024, "regionPeriod": "t1"});
        world.controller.patch_current(&format!("/deficiencies/{deficiency}"), told).expect(200);
        year.close("t1").expect(200);
        let own = year.decided("t1");

        // What the region answers for itself.
        let goal = world.goal(2024, "Regionens eget mål");
        let form = json!({"goalId": goal, "name": "Andel avtal med uppföljning", "unit": "%", "decidedBy": "council",
            "councilTarget": ">80%", "concerns": [world.other_board]});
        let asked = world.admin.post("/indicators", form).expect(201).id();
        let outcome = json!({"value": "70", "judgement": "missed", "cause": "Nya avtal saknar ansvarig."});
        let path = format!("/indicators/{asked}/outcomes/{}/t1", world.root);
        world.admin.with("if-none-match", "*").put(&path, outcome).expect(201);

        let made = world.admin.post("/compiled-reports", json!({"year": 2024, "kind": "t1"})).expect(201);
        let path = format!("/compiled-reports/{}", made.id());
        assert_eq!((&made["status"], &made["number"]), (&json!("draft"), &json!(1)));
        world.admin.post("/compiled-reports", json!({"year": 2024, "kind": "t1"})).refused(409, "reportInProgress");
        let words = json!({"introduction": "Så gick perioden.", "conclusion": "Mer om det i delåret.", "diaryNumbers": ["RS 2024-77"]});
        world.admin.patch_current(&path, words).expect(200);

        let compiled = document(&world.admin, &path, "full");
        let bodies = compiled["bodies"].as_array().expect("bodies");
        let names: Vec<&str> = bodies.iter().filter_map(|body| body["name"].as_str()).collect();
        let rows = world.admin.get("/follow-ups?year=2024&period=t1").expect(200);
        assert_eq!(names, rows.column("organisation"));
        let board = bodies.iter().find(|body| body["name"] == "Kulturnämnden").expect("the board is there");
        let (due, reported, colours) = counted(&document(&world.controller, &format!("/reports/{own}"), "full"));
        let period = &board["period"];
        assert_eq!((&period["due"], &period["reported"]), (&json!(due), &json!(reported)));
        let controls = &period["controls"];
        assert_eq!(["green", "yellow", "red"].map(|colour| controls[colour].as_u64().unwrap_or(99)), colours);
        assert_eq!(controls["red"], 1);
        assert_eq!(period["report"]["status"], "decided");
        let row = rows.items().iter().find(|row| row["organisationId"] == world.board.as_str()).expect("its row");
        assert_eq!((&row["due"], &row["reported"]), (&period["due"], &period["reported"]));
        // Who has no plan is there, late, and lacks what is mandatory.
        let other = bodies.iter().find(|body| body["plan"].is_null()).expect("the other board");
        assert_eq!((&other["late"], &other["period"]), (&json!(true), &Value::Null));
        assert_eq!(compiled["mandatory"][0]["lacking"], json!([other["name"]]));
        assert_eq!(compiled["mandatory"][0]["present"], 1);
        assert_eq!(compiled["deficiencies"][0]["what"], "Attest saknas");
        assert_eq!(compiled["outcomes"], json!({"asked": 1, "answered": 1}));
        let at_risk = &compiled["indicators"][0];
        assert_eq!((&at_risk["body"], &at_risk["hasAction"]), (&compiled["register"], &json!(false)));
        let highest: Vec<&str> = compiled["risks"].as_array().expect("risks").iter().filter_map(|r| r["name"].as_str()).collect();
        assert_eq!(highest.len() as u64, compiled["total"].as_u64().expect("a total"));
        assert!(highest.contains(&"Brist på scener"), "{highest:?}");
        for kind in ["application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] {
            world.admin.with("accept", kind).get(&format!("{path}/document")).expect(200);
        }
    }

    fn a_final_one_never_changes_and_a_new_version_replaces_it(world: &World) {
        let year = Year::adopted(world);
        // By its page: made, made final, and made anew.
        let admin = world.visitor(&world.admin_id);
        let region = "/follow-up?year=2024&period=t1";
        let form = admin.page(region).form("form#compile");
        let led = |answer: Answer| answer.header("location").split(['?', '#']).next().unwrap_or_default().to_owned();
        let at = led(admin.send(region, &form).expect(303));
        let words = written(&admin.page(&at).form("form#report"), "introduction", "Så gick perioden.");
        admin.send(&at, &words).expect(303);
        let asked = Page::of(&admin.send(&at, &admin.page(&at).form("form#finalize")).expect(200));
        assert_eq!(world.admin.get(&at).expect(200)["status"], "draft", "nothing is done without a yes");
        admin.send(&at, &written(&asked.form("form#check"), "_yes", "1")).expect(303);
        let told = admin.page(&at);
        assert!(told.text("main").contains("Så gick perioden."), "{}", told.text("main"));
        assert!(told.all("form#finalize").is_empty());
        let frozen = world.admin.get(&at).expect(200);
        assert_eq!(frozen["status"], "final");
        let sealed = document(&world.admin, &at, "full");
        let sha256 = |version: &str, kind: &str| {
            let answer = world.admin.with("accept", kind).get(&format!("{at}/document?version={version}")).expect(200);
            riskregister::storage::history::sha256_hex(&answer.body)
        };
        assert_eq!(frozen["snapshotSha256"], sha256("full", "application/json"));
        assert_eq!(frozen["documentSha256"], sha256("full", "application/pdf"));
        assert_eq!(frozen["publicSnapshotSha256"], sha256("public", "application/json"));
        // What happens afterwards is not in it.
        year.report_all("t1");
        assert_eq!(document(&world.admin, &at, "full"), sealed);
        world.admin.patch_current(&at, json!({"introduction": "Annat."})).refused(409, "reportFinal");
        world.admin.post_current(&at, "/finalization", json!({})).refused(409, "reportFinal");
        let again = led(admin.send(&at, &admin.page(&at).form("form#again")).expect(303));
        let draft = world.admin.get(&again).expect(200);
        assert_eq!((&draft["number"], &draft["replacesId"]), (&json!(2), &frozen["id"]));
        assert_eq!(draft["introduction"], "Så gick perioden.");
        let now = document(&world.admin, &again, "full");
        assert_ne!(now["bodies"], sealed["bodies"]);
        world.admin.delete_current(&again).expect(204);
        // Before the register was made there was none.
        let then = "asOf=2019-05-02T08:30:00Z";
        assert_eq!(world.admin.get(&format!("/compiled-reports?{then}")).expect(200)["total"], 0);
        world.admin.get(&format!("{at}?{then}")).expect(404);
        // It is the regional office's, and a body's people do not read of the others.
        for client in [&world.controller, &world.head, &world.reader, &world.auditor, &world.stranger] {
            client.get(&at).expect(404);
            assert_eq!(client.get("/compiled-reports").expect(200)["total"], 0);
            client.post("/compiled-reports", json!({"year": 2024, "kind": "annual"})).expect(403);
        }
        assert_eq!(world.admin.get("/compiled-reports?year=2024").expect(200)["total"], 1);
    }
}
