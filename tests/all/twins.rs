//! Two registers that differ in nothing but what a caller may not see answer that caller the same bytes: one register is asked for
//! all that it can be asked for, then lives on where the caller does not see, and is asked again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::Visitor;
use crate::kit::{Answer, Client, World, both, contract};
use crate::reach::Account;

/// What stands in hidden texts and nowhere else.
const HIDDEN: &str = "Hemligtorp";
/// As many pages are looked at as anybody has links to.
const PAGES: usize = 40;
/// As many things of a kind are asked for.
const OF_A_KIND: usize = 2;

/// What is each answer's own: when it was, and which request.
const EACH_ITS_OWN: [&str; 3] = ["date", "x-request-id", "traceparent"];

/// Where who reads some of the region's log is told how long it is: its proofs could not be held against it otherwise
/// (docs/security.md, 1.4).
const PROVED: [&str; 3] = ["/api/v1/logs", "/api/v1/events", "/history"];

/// All of an answer that could tell anything.
fn whole(answer: &Answer) -> String {
    let mut said = format!("{}\n", answer.status);
    let told = answer.headers.iter().filter(|(name, _)| !EACH_ITS_OWN.contains(&name.as_str()));
    let mut headers: Vec<String> =
        told.map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))).collect();
    headers.sort();
    said.extend(headers);
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    // Which request a refusal was, and the key that a form sends once.
    let body = without(&body, "\"urn:uuid:", "\"");
    let body = without(&body, "name=\"_key\" value=\"", "\"");
    said + &body
}

/// A text without what stands between two marks.
fn without(text: &str, begin: &str, end: &str) -> String {
    let mut parts = text.split(begin);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(begin);
        kept.push_str(part.find(end).map_or("", |at| &part[at..]));
    }
    kept
}

/// Every read of the contract, with what this caller is told of.
fn reads(account: &mut Account) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (method, pattern, operation) in contract().operations() {
        // What one has done oneself, to read a decided document say, is among what is held about one.
        let own = ["/me/data", "/me/sessions"].contains(&pattern);
        if method != "get" || own || operation["security"] == json!([]) {
            continue;
        }
        let parameters: Vec<&str> =
            operation["parameters"].as_array().into_iter().flatten().filter_map(|p| p["name"].as_str()).collect();
        let asked = account.required(operation);
        for path in account.paths(pattern).into_iter().take(OF_A_KIND) {
            let with = |query: &str| match (asked.is_empty(), query.is_empty()) {
                (_, true) => format!("{path}{asked}"),
                (true, false) => format!("{path}?{query}"),
                (false, false) => format!("{path}{asked}&{query}"),
            };
            all.insert(with(""));
            if parameters.contains(&"limit") {
                all.insert(with("limit=200"));
                all.insert(with("limit=1&page=2"));
            }
            if parameters.contains(&"q") {
                all.insert(with(&format!("q={HIDDEN}")));
            }
            if parameters.contains(&"format") {
                all.insert(with("format=csv"));
            }
        }
    }
    all.insert(format!("/search?q={HIDDEN}"));
    all
}

/// The pages that links lead to from those that one begins at.
fn pages(visitor: &Visitor) -> BTreeSet<String> {
    let begin = [
        "/",
        "/tasks",
        "/plans",
        "/risks",
        "/matrix",
        "/follow-up",
        "/goals",
        "/organisations",
        "/users",
        "/history",
        "/deficiencies",
        "/account",
        "/help",
    ];
    let mut waiting: VecDeque<String> = begin.into_iter().map(str::to_owned).collect();
    waiting.push_back(format!("/search?q={HIDDEN}"));
    waiting.push_back(format!("/risks?q={HIDDEN}"));
    let mut seen = BTreeSet::new();
    while let Some(path) = waiting.pop_front() {
        if seen.len() >= PAGES || !seen.insert(path.clone()) {
            continue;
        }
        let answer = visitor.get(&path);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        for part in text.split("href=\"/").skip(1) {
            let link = format!("/{}", part.split('"').next().unwrap_or_default().replace("&amp;", "&"));
            let link = link.split('#').next().unwrap_or_default().to_owned();
            let passed = ["/assets", "/api", "/files/me/data"].iter().any(|passed| link.starts_with(passed));
            if !passed && !seen.contains(&link) {
                waiting.push_back(link);
            }
        }
    }
    seen
}

/// Who asks, what for, and what they were answered.
struct Asked {
    who: &'static str,
    client: Client,
    visitor: Visitor,
    answers: BTreeMap<String, String>,
}

impl Asked {
    fn new(world: &World, who: &'static str, id: &str, passed: &[&str]) -> Self {
        let client = world.as_user(&world.token(id));
        let visitor = world.visitor(id);
        let mut all = Self { who, client, visitor, answers: BTreeMap::new() };
        let mut account = Account::new(all.client.clone());
        let asked = reads(&mut account).into_iter().map(|path| format!("/api/v1{path}"));
        let asked: Vec<String> = asked.chain(pages(&all.visitor)).collect();
        assert!(asked.len() > 100, "{who}: {}", asked.len());
        for path in asked.into_iter().filter(|path| !passed.iter().any(|passed| path.starts_with(passed))) {
            let answer = all.ask(&path);
            all.answers.insert(path, answer);
        }
        all
    }

    fn ask(&self, path: &str) -> String {
        whole(&match path.strip_prefix("/api/v1") {
            Some(_) => self.client.send_outside("GET", path, None),
            None => self.visitor.get(path),
        })
    }

    /// What is answered otherwise than it was.
    fn differs(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (path, before) in &self.answers {
            let now = self.ask(path);
            if now != *before {
                let line = before.lines().zip(now.lines()).find(|(a, b)| a != b);
                all.push(format!("{} {path}: {line:?}", self.who));
            }
        }
        all
    }
}

both! {
    fn what_one_may_not_see_changes_no_byte(world: &World) {
        let year = Year::adopted(world);
        let goal = world.goal(2026, "Trygghet");
        let outsider = world.person_with("Olle Utanför", &world.other_board, "controller", &world.other_board);
        let foreign = outsider.post("/plans", json!({"organisationId": world.other_board, "year": 2026})).expect(201).id();
        outsider.post(&format!("/plans/{foreign}/risks"), json!({"name": "Trafiken stannar", "goalId": goal})).expect(201);
        let asked = [
            Asked::new(world, "a reader", &world.reader.id, &[]),
            Asked::new(world, "a performer", &world.performer.id, &[]),
            Asked::new(world, "somebody without a role", &world.stranger.id, &[]),
            Asked::new(world, "a controller elsewhere", &outsider.id, &PROVED),
        ];
        // A draft with all that stands in one.
        let plan = world.plan(2026);
        let mut form = world.risk_form(&goal, &format!("{HIDDEN} brinner"), (5, 5));
        form["description"] = json!(format!("{HIDDEN}, och mer"));
        let risk = world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201).id();
        world.controller.patch_current(&format!("/risks/{risk}"), json!({"likelihood": 4})).expect(200);
        let own = |name: &str| json!({"name": format!("{name} {HIDDEN}"), "responsibleId": world.risk_owner.id});
        let mut control = own("Rond");
        control["recurrences"] = json!(["annual"]);
        let control = world.controller.post(&format!("/risks/{risk}/controls"), control).expect(201).id();
        world.controller.post(&format!("/risks/{risk}/actions"), own("Bygg om")).expect(201);
        let note = json!({"text": format!("{HIDDEN} igen"), "mentionedIds": [world.head.id]});
        world.controller.post(&format!("/risks/{risk}/notes"), note).expect(201);
        let left = world.controller.with("content-type", "application/octet-stream");
        left.send_bytes("POST", &format!("/controls/{control}/files?name={HIDDEN}.txt"), Some(HIDDEN.as_bytes().to_vec())).expect(201);
        let file = json!({"planId": plan, "fileName": "a.csv", "content": STANDARD.encode(format!("Risk\n{HIDDEN} till\n"))});
        world.controller.post("/imports", file).expect(201);
        // A suspicion of crime, and what the region does by itself.
        let crime = json!({"organisationId": world.division, "title": format!("{HIDDEN}: en misstanke"), "severity": "serious",
            "foundOn": "2024-05-02", "suspectedCrime": true});
        world.controller.post("/deficiencies", crime).expect(201);
        let account = json!({"organisationId": world.board, "name": HIDDEN, "scopes": ["read"], "expiresAt": "2027-11-01T00:00:00Z"});
        world.admin.post("/service-accounts", account).expect(201);
        let hook = json!({"organisationId": world.board, "name": HIDDEN, "url": "https://hooks.example.org/x", "active": false});
        world.admin.post("/webhooks", hook).expect(201);
        let erasure = json!({"entity": "user", "entityId": world.draft_reader.id, "fields": ["name"], "decision": "RS 1"});
        world.admin.post("/erasures", erasure).expect(201);
        // People come, go and sign in.
        let person = world.person(&format!("Nina {HIDDEN}"), &world.division);
        world.grant(&person.id, json!({"role": "riskOwner", "organisationId": world.division}));
        world.admin.patch_current(&format!("/users/{}", person.id), json!({"active": false})).expect(200);
        let _ = &year;
        let differs: Vec<String> = asked.iter().flat_map(Asked::differs).collect();
        assert!(differs.is_empty(), "{}", differs.join("\n"));
    }
}
