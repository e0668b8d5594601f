//! How many statements a request sends to the database: what a page or an operation asks does not grow with what it shows.
//!
//! Counted are the statements of the request itself, whichever transactions it takes and however often one is run again;
//! not what begins and ends a transaction, nor what the service does beside.

use riskregister::storage::history::{Origin, Place};
use riskregister::storage::records::Risk;
use riskregister::storage::{Address, Id};
use serde_json::{Value, json};

use crate::kit::plans::decision;
use crate::kit::visitor::Visitor;
use crate::kit::{Client, World, both};

/// So many risks in the plan, one control to each; and one action to every other.
const RISKS: usize = 51;
/// So many controls and actions are one person's to report.
const HELD: usize = 52;

/// Request → the most that it may ask.
const MOST: &[(&str, u64)] = &[
    // One of them asks in which turn a walk through the list begins.
    ("GET /risks?limit=50", 7),
    ("page of a plan, draft", 30),
    ("page of a plan, adopted", 30),
    ("page of a risk", 25),
    ("page of a control", 20),
    ("page of a status", 20),
    ("page of a status, controller", 20),
    ("page of follow-up", 20),
    ("page of a log", 25),
    ("page of logs", 8),
    ("first page, controller", 60),
    ("first page, performer", 40),
    ("GET /me/tasks", 25),
    ("GET /me/tasks, two plans", 25),
    ("page of tasks", 25),
    ("GET /me/tasks, controller of a draft", 25),
    ("GET /me/tasks, controller", 25),
    ("page of tasks, controller", 25),
    ("GET /me/tasks, head", 25),
    ("GET /me/tasks, regional office", 25),
    ("GET /me/tasks, auditor", 25),
    ("PUT of a status", 22),
    ("POST of a proposal", 40),
    ("POST of an adoption", 110),
    // One for each sort of things that they are about, however many they are.
    ("GET of a log's events", 20),
    ("GET of many of a log's events", 20),
];

struct Counted<'w> {
    world: &'w World,
    asked: Vec<(&'static str, u64)>,
}

impl Counted<'_> {
    fn note(&mut self, request: &'static str, ask: impl FnOnce() -> u16) {
        let (status, asked) = self.world.statements(ask);
        assert!(status < 300, "{request}: {status}");
        assert!(asked > 0, "{request} was not counted");
        self.asked.push((request, asked));
    }

    /// Asked twice: what a process works out once is not what a request asks.
    fn page(&mut self, request: &'static str, visitor: &Visitor, path: &str) {
        visitor.get(path).expect(200);
        self.note(request, || visitor.get(path).status);
    }

    fn get(&mut self, request: &'static str, client: &Client, path: &str) {
        client.get(path).expect(200);
        self.note(request, || client.get(path).status);
    }
}

both! {
    fn no_request_asks_more_than_it_must(world: &World) {
        let mut counted = Counted { world, asked: Vec::new() };
        let (goal, plan) = (world.goal(2024, "En ekonomi i balans"), world.plan(2024));
        let mut held = Vec::new();
        let mut first = None;
        for n in 0..RISKS {
            let risk = world.risk(&plan, &goal, &format!("Risk {n}"), (4, 3)).id();
            let someone = if held.len() < HELD { &world.performer.id } else { &world.risk_owner.id };
            let form = json!({"name": "Stickprov", "recurrences": ["continuous"], "responsibleId": someone});
            held.push(world.controller.post(&format!("/risks/{risk}/controls"), form).expect(201).id());
            if n % 2 == 0 && held.len() < HELD {
                held.push(world.action(&risk, "Utbildning"));
            }
            first.get_or_insert(risk);
        }
        let (risk, control) = (first.expect("there are risks"), held[0].clone());
        world.complete(&plan);
        let (controller, performer) = (world.visitor(&world.controller.id), world.visitor(&world.performer.id));
        let at = format!("/plans/{plan}");

        counted.get("GET /risks?limit=50", &world.controller, "/risks?limit=50");
        counted.page("page of a plan, draft", &controller, &at);
        counted.page("page of a risk", &controller, &format!("/risks/{risk}"));
        counted.page("page of a control", &controller, &format!("/controls/{control}"));
        counted.get("GET /me/tasks, controller of a draft", &world.controller, "/me/tasks?limit=200");
        let head = world.head.current(&at);
        counted.note("POST of a proposal", || head.post(&format!("{at}/proposal"), json!({})).status);
        let deciding = world.controller.current(&at);
        counted.note("POST of an adoption", || deciding.post(&format!("{at}/adoption"), decision()).status);
        counted.page("page of a plan, adopted", &controller, &at);

        counted.get("GET /me/tasks", &world.performer, "/me/tasks?limit=200");
        let owed = world.performer.get("/me/tasks?limit=200").expect(200);
        assert!(owed.json["total"].as_u64().is_some_and(|all| all >= HELD as u64), "{}", owed.json);
        counted.page("page of tasks", &performer, "/tasks");
        counted.page("first page, performer", &performer, "/");
        counted.page("first page, controller", &controller, "/");
        for (request, who) in [
            ("GET /me/tasks, controller", &world.controller.client),
            ("GET /me/tasks, head", &world.head.client),
            ("GET /me/tasks, regional office", &world.admin),
            ("GET /me/tasks, auditor", &world.auditor.client),
        ] {
            counted.get(request, who, "/me/tasks?limit=200");
        }
        counted.page("page of tasks, controller", &controller, "/tasks");
        let status = format!("/status/control/{control}/t1");
        counted.page("page of a status", &performer, &status);
        counted.page("page of a status, controller", &controller, &status);
        counted.page("page of follow-up", &controller, &format!("{at}/follow-up"));
        let reporter = world.performer.with("if-none-match", "*");
        let report = json!({"status": "performedWithDeviations", "comment": "Två av trettio saknade attest."});
        counted.note("PUT of a status", || reporter.put(&format!("/controls/{control}/reports/t1"), report).status);
        counted.page("page of a log", &controller, &format!("/history/{}", world.board));
        counted.page("page of logs", &controller, "/history");
        counted.get("GET of a log's events", &world.controller, &format!("/logs/{}/events", world.board));
        let many = format!("/logs/{}/events?limit=200", world.board);
        counted.get("GET of many of a log's events", &world.controller, &many);

        // What is one's own to do in another plan costs nothing more.
        let next_goal = world.goal(2025, "En ekonomi i balans");
        let next = world.plan(2025);
        let risk = world.risk(&next, &next_goal, "Ännu en risk", (4, 3)).id();
        world.control(&risk, "Stickprov");
        world.complete(&next);
        world.decide(&next);
        counted.get("GET /me/tasks, two plans", &world.performer, "/me/tasks?limit=200");
        let of = |request: &str| counted.asked.iter().find(|(name, _)| *name == request).map(|(_, asked)| *asked);
        assert_eq!(of("GET /me/tasks"), of("GET /me/tasks, two plans"));

        for (request, most) in MOST {
            let asked = of(request).unwrap_or_else(|| panic!("nobody asked {request}"));
            assert!(asked <= *most, "{request} asks {asked} statements, at most {most}: {:?}", counted.asked);
        }
        assert_eq!(counted.asked.len(), MOST.len());
    }

    fn nothing_is_decided_on_what_was_read_before_a_lock(world: &World) {
        let goal = world.goal(2024, "En ekonomi i balans");
        let plan = world.plan(2024);
        let risk = world.risk(&plan, &goal, "Före låset", (4, 3)).id();
        let path = format!("/risks/{risk}");
        let [plan, risk, board] = [&plan, &risk, &world.board].map(|id| id.parse::<Id>().expect("an id"));
        // On SQLite nobody can write between the two; what one writes oneself is seen there, as on PostgreSQL.
        let others = matches!(world.config.database, Address::Postgres(_));
        let names = world.db.write(&Origin::operator(), |w| {
            let mut names = vec![w.get::<Risk>(risk)?.name];
            if others {
                world.controller.patch_current(&path, json!({"name": "Av en annan"})).expect(200);
            }
            names.push(w.get::<Risk>(risk)?.name);
            w.lock_plan(plan)?;
            let old: Risk = w.get(risk)?;
            names.push(old.name.clone());
            let mut new = Risk { name: "Av oss".into(), ..old.clone() };
            w.change(Place { log: board, organisation: board }, "risk.changed", &old, &mut new, None)?;
            names.push(w.get::<Risk>(risk)?.name);
            names.extend(w.risks_of_plan(plan)?.into_iter().map(|one| one.name));
            Ok(names)
        });
        let under_the_lock = if others { "Av en annan" } else { "Före låset" };
        let names = names.expect("it can be written");
        assert_eq!(names, ["Före låset", "Före låset", under_the_lock, "Av oss", "Av oss"]);
        let told: Value = world.controller.get(&path).expect(200).json;
        assert_eq!(told["name"], "Av oss");
    }
}
