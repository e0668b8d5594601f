//! `riskregister demo`, as somebody who has just downloaded it meets it: the real binary, and all else over REST.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::kit::pdf::{dense, hold_structure, pages};
use crate::kit::{Client, Databases, Directory, Start, both, postgres};

const BODY: &str = "Stockholms läns sjukvårdsområde";
const SOURCE: &str = include_str!("../../src/demo/slso-2024.json");

/// A place for a demo: a database and a directory that nobody else has.
pub struct Place {
    url: String,
    directory: Directory,
}

impl Start for Place {
    fn on(databases: Databases) -> Self {
        let directory = Directory::new();
        let url = match databases {
            Databases::Sqlite => format!("sqlite://{}", directory.0.join("demo.db").display()),
            Databases::Postgres => postgres::fresh_database(),
        };
        Self { url, directory }
    }
}

impl Place {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_riskregister"));
        command
            .args(arguments)
            .current_dir(&self.directory.0)
            .env_remove("RISKREGISTER_CONFIG")
            .env("DATABASE_URL", &self.url)
            .env("LISTEN", "127.0.0.1:0")
            .env("RISKREGISTER_SECRET_FILE", self.directory.0.join("secret"))
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Serves the register that is there; gives what is said after where it listens, too.
    pub fn serve(&self) -> (Demo, impl Read) {
        let serve = self.command(&["serve"]).stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut serve = Demo { child: serve, address: String::new(), greeting: String::new() };
        let mut said = BufReader::new(serve.child.stdout.take().expect("stdout is piped"));
        said.read_line(&mut serve.greeting).expect("it says where it listens");
        serve.address = serve.greeting.split_whitespace().last().unwrap_or_default().to_owned();
        (serve, said)
    }

    pub fn start(&self, arguments: &[&str]) -> Demo {
        let mut child = self.command(arguments).stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut greeting = String::new();
        let mut said = BufReader::new(child.stdout.take().expect("stdout is piped"));
        // Everything that a newcomer needs is said before the last line, which tells how to stop.
        while !greeting.contains("Ctrl-C") {
            let read = said.read_line(&mut greeting).expect("the greeting is text");
            assert!(read > 0, "the demo ended before it had said how to use it: {greeting}");
        }
        let address = greeting
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap_or_else(|| panic!("no address in {greeting}"))
            .to_owned();
        Demo { child, address, greeting }
    }
}

/// A demo that is running. It is stopped as Ctrl-C stops it.
pub struct Demo {
    child: Child,
    pub address: String,
    pub greeting: String,
}

impl Demo {
    /// Role, address and password of each account that was printed.
    pub fn accounts(&self) -> Vec<(String, String, String)> {
        let lines = self.greeting.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        lines
            .filter(|words| words.len() > 3 && words[1].contains('@'))
            .map(|words| (words[0].into(), words[1].into(), words[2].into()))
            .collect()
    }

    /// Signs in with the printed account of a role.
    pub fn as_role(&self, role: &str) -> Client {
        let accounts = self.accounts();
        let (_, email, password) = accounts.iter().find(|(r, ..)| r == role).expect("an account of the role");
        let session = Client::new(&self.address, None).post("/sessions", json!({"email": email, "password": password}));
        Client::new(&self.address, Some(&session.expect(201).text("accessToken")))
    }

    fn plan(&self, client: &Client, year: i32) -> Value {
        let list = client.get(&format!("/plans?year={year}")).expect(200);
        assert_eq!(list.items().len(), 1);
        list.items()[0].clone()
    }

    /// Stops it, and waits until its database is closed.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
        assert!(self.child.wait().expect("the demo ends").success(), "it stops in peace");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Stopped already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn path(plan: &Value) -> String {
    format!("/plans/{}", plan["id"].as_str().unwrap_or_default())
}

both! {
    fn the_demo_is_slsos_plan_for_2024(place: &Place) {
        let demo = place.start(&["demo"]);
        let roles: Vec<String> = demo.accounts().into_iter().map(|(role, ..)| role).collect();
        assert_eq!(roles, ["regionAdministrator", "head", "controller", "riskOwner", "performer", "reader", "auditor"]);
        assert!(demo.greeting.contains(&format!("{}/api/v1/docs/", demo.address)), "{}", demo.greeting);
        let docs = Client::new(&demo.address, None).send_outside("GET", "/api/v1/docs/", None);
        assert_eq!(docs.status, 200);
        for role in &roles {
            let me = demo.as_role(role).get("/me").expect(200);
            assert_eq!(me["grants"][0]["role"], **role);
        }

        let controller = demo.as_role("controller");
        let plan = demo.plan(&controller, 2024);
        assert_eq!((&plan["status"], &plan["illustrative"]), (&json!("draft"), &json!(true)));
        assert_eq!(plan["diaryNumbers"], json!(["SLSO 2023-1942", "RS 2023-0710"]));
        let path = path(&plan);
        let checks = controller.get(&format!("{path}/checks")).expect(200);
        assert_eq!((&checks["complete"], &checks["missing"]), (&json!(true), &json!([])));
        the_risks_are_the_sources(&controller, &path);
        the_scores_agree_with_the_source(&controller, &path);

        // It goes all the way: proposed by the head, decided by the board.
        demo.as_role("head").post_current(&path, "/proposal", json!({})).expect(200);
        let decision = json!({
            "decidedOn": "2024-03-12", "decidingBoard": "Nämnden för Stockholms läns sjukvårdsområde", "paragraph": "12",
        });
        controller.post_current(&path, "/adoption", decision).expect(200);
        let document = demo.as_role("reader").get(&format!("{path}/document")).expect(200);
        hold_structure(&document.body, &format!("Plan för intern kontroll 2024 – {BODY}"), true);
        let text = dense(&pages(&document.body).concat());
        for sentence in [
            "Planen omfattar 12 risker under 6 mål.",
            "Ingen risk har fått ett förändrat riskvärde jämfört med planen för 2023.",
            "De säger inget om verkliga risker.",
            "12 mars 2024, § 12",
        ] {
            assert!(text.contains(&dense(sentence)), "{sentence}");
        }
        demo.stop();

        // The second start finds what there is, and gives new passwords.
        let demo = place.start(&["demo"]);
        let controller = demo.as_role("controller");
        let found = demo.plan(&controller, 2024);
        assert_eq!((&found["id"], &found["status"]), (&plan["id"], &json!("adopted")));
        assert!(demo.greeting.contains("SLSO's plan for 2024 is adopted. "), "{}", demo.greeting);
        assert!(controller.get(&format!("{path}/document")).expect(200).body == document.body);
        demo.stop();

        let fresh = place.run(&["demo", "--fresh", "--no-serve"]);
        assert!(fresh.status.success(), "{}", String::from_utf8_lossy(&fresh.stderr));
        let demo = place.start(&["demo"]);
        let controller = demo.as_role("controller");
        let anew = demo.plan(&controller, 2024);
        assert_eq!(anew["status"], "draft");
        assert_ne!(anew["id"], plan["id"]);
        assert_eq!(demo.plan(&controller, 2023)["status"], "adopted");
        demo.stop();
    }

    fn the_region_in_the_middle_of_its_year(place: &Place) {
        let demo = place.start(&["demo", "--year-in-progress"]);
        let (admin, controller) = (demo.as_role("regionAdministrator"), demo.as_role("controller"));
        let follow = |period: &str| admin.get(&format!("/follow-ups?year=2024&period={period}&limit=200")).expect(200);
        let t1 = follow("t1");
        assert_eq!(t1.items().len(), 20, "the bodies of the region in 2024");
        let bodies = t1.column("organisation");
        assert!(bodies.contains(&"Nämnden för Karolinska Universitetssjukhuset"));
        // A plan is a board's, not its office's; and those who audit the plans owe none.
        for name in &bodies {
            assert!(!["förvaltningen", "kontoret", "revisorerna"].iter().any(|office| name.ends_with(office)), "{name}");
        }
        let tiohundra = t1.items().iter().find(|body| body["organisation"] == "Tiohundra").expect("Tiohundra");
        assert_eq!((&tiohundra["kind"], &tiohundra["planStatus"]), (&json!("federation"), &json!("proposed")));
        companies_speak_of_their_own(&admin);
        let stages = |field: &str| -> BTreeSet<String> {
            t1.items().iter().map(|body| body[field].as_str().unwrap_or("none").to_owned()).collect()
        };
        assert_eq!(stages("planStatus"), ["adopted", "draft", "none", "proposed"].map(str::to_owned).into());
        assert!(t1.items().iter().any(|body| body["late"] == true) && t1.items().iter().any(|body| body["complete"] == true));

        // SLSO: T1 and delår are decided, år is open and owes something.
        let plan = demo.plan(&controller, 2024);
        let path = path(&plan);
        assert_eq!((&plan["status"], &plan["illustrative"]), (&json!("adopted"), &json!(true)));
        let periods = controller.get(&format!("{path}/periods")).expect(200);
        assert_eq!(periods.column("status"), ["closed", "closed", "open"]);
        let decided: Vec<&Value> = periods.items().iter().map(|period| &period["report"]["status"]).collect();
        assert_eq!(decided, [&json!("decided"), &json!("decided"), &Value::Null]);
        assert_eq!((&periods.items()[1]["missing"], &periods.items()[2]["missing"]), (&json!(0), &json!(7)));
        each_account_has_something_to_do(&demo, &path);
        let reports = demo.as_role("reader").get(&format!("{path}/reports")).expect(200);
        assert_eq!(reports.column("kind"), ["t1", "interim"]);
        let report = format!("/reports/{}/document", reports.column("id")[1]);
        let document = demo.as_role("reader").get(&report).expect(200);
        hold_structure(&document.body, &format!("Uppföljning av intern kontroll, delår\u{a0}2024 – {BODY}"), true);
        let text = dense(&pages(&document.body).concat());
        for said in ["Andel sjukfrånvaro", "Attestförteckningen var inte aktuell", "(Illustrativ kommentar.)", "Exempel"] {
            assert!(text.contains(&dense(said)), "{said}");
        }

        // Next year's plan is begun: the same risks, each assessment to confirm, and what is mandatory then.
        let next = demo.plan(&controller, 2025);
        let risks = |plan: &Value| {
            let all = controller.get(&format!("/plans/{}/risks?limit=200", plan["id"].as_str().unwrap_or(""))).expect(200);
            all.items().to_vec()
        };
        let before: BTreeSet<String> = risks(&plan).iter().map(|risk| risk["identityId"].to_string()).collect();
        let (carried, new): (Vec<Value>, Vec<Value>) =
            risks(&next).into_iter().partition(|risk| before.contains(&risk["identityId"].to_string()));
        assert_eq!((carried.len(), new.len()), (12, 1));
        assert!(carried.iter().all(|risk| risk["confirmed"] == false));
        assert!(!new[0]["areaId"].is_null() && new[0]["mandatory"] == true);
        let area = admin.get("/mandatory-risks?year=2025&kind=area").expect(200);
        assert_eq!(area.column("name"), ["Felaktiga bidragsutbetalningar"]);
        demo.stop();
        // Started again, it says how it stands, whatever was asked for then.
        let demo = place.start(&["demo"]);
        let stands = "SLSO's plan for 2024 is adopted, and T1 and delår are decided.";
        assert!(demo.greeting.contains(stands), "{}", demo.greeting);
        // It stops in peace once it has begun to serve.
        demo.as_role("reader").get("/me").expect(200);
        demo.stop();
    }

    fn the_demo_does_not_touch_a_real_register(place: &Place) {
        let init = ["init", "--name", "Region Riktig", "--kind", "region", "--admin", "ada@example.org"];
        assert!(place.run(&init).status.success());
        for arguments in [&["demo"][..], &["demo", "--fresh"], &["demo", "--no-serve"], &["demo", "--fresh", "--no-serve"],
            &["demo", "--year-in-progress"]] {
            let refused = place.run(arguments);
            assert!(!refused.status.success(), "{arguments:?}");
            let said = String::from_utf8_lossy(&refused.stderr);
            assert!(said.contains("The database holds a real register."), "{arguments:?}: {said}");
            assert!(refused.stdout.is_empty(), "{arguments:?}");
        }
        // All of it is there still.
        let token = place.run(&["token", "ada@example.org"]);
        assert!(token.status.success(), "{}", String::from_utf8_lossy(&token.stderr));
        let token = String::from_utf8(token.stdout).expect("a token");
        let (serve, mut said) = place.serve();
        let client = Client::new(&serve.address, Some(token.trim()));
        assert_eq!(client.get("/organisations").expect(200).column("name"), ["Region Riktig"]);
        serve.stop();
        let mut rest = String::new();
        said.read_to_string(&mut rest).expect("it says no more");
        assert_eq!(rest, "");
    }
}

/// The plan of a company speaks of its board and its managing director, and of no other body's.
fn companies_speak_of_their_own(admin: &Client) {
    let rows = admin.get("/follow-ups?year=2024&period=t1&limit=200").expect(200);
    let mut told = 0;
    for body in rows.items().iter().filter(|body| body["kind"] == "company" && !body["planId"].is_null()) {
        let path = format!("/plans/{}/document", body["planId"].as_str().expect("an id"));
        let document = admin.with("accept", "application/json").get(&path).expect(200).json;
        let text = document.to_string().to_lowercase();
        for foreign in ["nämnd", "förvaltningschef", "slso"] {
            assert!(!text.contains(foreign), "{foreign} in the plan of {}", body["organisation"]);
        }
        if body["planStatus"] != "draft" {
            assert!(
                text.contains("styrelsen") && text.contains("verkställande direktören"),
                "{}",
                body["organisation"]
            );
            told += 1;
        }
    }
    assert!(told > 3);
}

/// Whoever signs in with one of the printed accounts finds what is theirs to do.
fn each_account_has_something_to_do(demo: &Demo, plan: &str) {
    let mine = |role: &str, kind: &str| {
        let all = demo.as_role(role).get(&format!("/me/tasks?kind={kind}")).expect(200);
        assert!(all["total"].as_i64() > Some(0), "{role} has no {kind}");
    };
    // What is printed beside each is so: how much waits for it, or what there is to read.
    for (role, email, password) in demo.accounts() {
        let line = demo.greeting.lines().find(|line| line.contains(&email)).expect("its line");
        let beside = line.split_once(&format!(" {password} ")).expect("what stands beside").1.trim();
        let total = demo.as_role(&role).get("/me/tasks").expect(200)["total"].as_i64().expect("a count");
        match (role.as_str(), total) {
            ("reader", 0) => {
                assert!(beside.starts_with("no tasks: ") && beside.ends_with(" decided reports to read"), "{line}")
            }
            (_, 0) => panic!("nothing waits for {role}"),
            (_, 1) => assert_eq!(beside, "1 task", "{role}"),
            (_, n) => assert_eq!(beside, format!("{n} tasks"), "{role}"),
        }
    }
    mine("riskOwner", "status");
    mine("performer", "status");
    mine("head", "recommendation");
    mine("controller", "recommendation");
    let some = |role: &str, path: &str| {
        assert!(demo.as_role(role).get(path).expect(200)["total"].as_i64() > Some(0), "{role}: {path}");
    };
    // A body that is late, a recommendation to follow, and what is decided to read.
    some("regionAdministrator", "/follow-ups?year=2024&period=t1&late=true");
    some("auditor", "/recommendations?closed=false");
    some("reader", &format!("{plan}/reports?status=decided"));
}

/// Twelve risks, numbered in the order of the source, with all that stands there.
fn the_risks_are_the_sources(client: &Client, plan: &str) {
    let source: Value = serde_json::from_str(SOURCE).expect("the source is JSON");
    let told = client.with("accept", "application/json").get(&format!("{plan}/document")).expect(200);
    assert_eq!(told["plan"]["organisation"], BODY);
    assert_eq!(told["sections"].as_array().map(Vec::len), Some(9));
    let goals = told["goals"].as_array().map(Vec::as_slice).unwrap_or_default();
    let risks: Vec<(&Value, &Value)> = goals
        .iter()
        .flat_map(|goal| goal["risks"].as_array().into_iter().flatten().map(move |risk| (goal, risk)))
        .collect();
    let wanted = source["risks"].as_array().expect("the source has risks");
    assert_eq!((risks.len(), wanted.len()), (12, 12));
    for ((number, (goal, risk)), wanted) in (1..).zip(risks).zip(wanted) {
        assert_eq!(risk["number"], number);
        assert_eq!((&risk["reference"], &risk["name"]), (&wanted["reference"], &wanted["name"]));
        assert_eq!(goal["number"], wanted["goal"], "{}", wanted["name"]);
        assert_eq!(risk["inclusion"]["reason"] == "mandatory", wanted["mandatory"] == true, "{}", wanted["name"]);
        for (part, fields) in [("controls", &["name", "frequency"][..]), ("actions", &["name", "startDate", "endDate"])]
        {
            let (found, wanted) = (&risk[part], wanted[part].as_array().map(Vec::as_slice).unwrap_or_default());
            assert_eq!(found.as_array().map(Vec::len), Some(wanted.len()), "{part} of {number}");
            for (found, wanted) in found.as_array().into_iter().flatten().zip(wanted) {
                for field in fields {
                    assert_eq!(found[field], wanted[field], "{field} of {}", wanted["name"]);
                }
            }
        }
        let owner = risk["owner"].as_str().unwrap_or_default();
        assert!(owner.strip_prefix("Riskägare ").is_some_and(|letter| "ABCDEF".contains(letter)), "{owner}");
    }
    let mandatory: Vec<&Value> =
        wanted.iter().filter(|risk| risk["mandatory"] == true).map(|risk| &risk["name"]).collect();
    assert_eq!(mandatory.len(), 2);
    let issued = client.get("/mandatory-risks?year=2024").expect(200);
    assert!(mandatory.iter().all(|name| issued.items().iter().any(|m| m["name"] == **name)));
    assert_eq!(issued["total"], 2);
    let indicators = client.get("/indicators?year=2024&limit=200").expect(200);
    assert_eq!(indicators["total"], 33);
}

/// What the source says of its values: five levels, three of them held; 5 is medium at 8, and 6 below it.
fn the_scores_agree_with_the_source(client: &Client, plan: &str) {
    let list = client.get(&format!("{plan}/risks?sort=number&limit=200")).expect(200);
    let score = |number: usize| list.items()[number - 1]["score"].as_i64().unwrap_or_default();
    assert_eq!(score(5), 8);
    assert!(matches!(score(6), 5 | 6));
    let highest = score(3);
    for number in 1..=12 {
        assert!(score(number) > 8 || matches!(number, 5 | 6), "{number}");
        assert!(score(number) <= highest, "none is above 3, 4, 7 and 9: {number}");
        assert!(score(number) == highest || !matches!(number, 3 | 4 | 7 | 9), "{number}");
    }
    let matrix = client.get(&format!("{plan}/matrix")).expect(200);
    let counts: Vec<(&str, i64)> = matrix["counts"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| (c["level"].as_str().unwrap_or_default(), c["count"].as_i64().unwrap_or_default()))
        .collect();
    assert!(
        counts[..3].iter().all(|(_, count)| *count > 0) && counts[3..].iter().all(|(_, count)| *count == 0),
        "{counts:?}"
    );
    assert_eq!((&matrix["total"], &matrix["unassessed"]), (&json!(12), &json!([])));
    let comparison = client.get(&format!("{plan}/comparison")).expect(200);
    assert_eq!(
        (&comparison["withYear"], &comparison["comparable"], &comparison["gone"]),
        (&json!(2023), &json!(true), &json!([]))
    );
    let changes: Vec<&Value> = comparison["risks"].as_array().into_iter().flatten().map(|r| &r["change"]).collect();
    assert_eq!(changes, vec!["unchanged"; 12]);
}
