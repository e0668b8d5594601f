//! Plans, risks and what the region makes mandatory: the steps that many tests take on their way.

use serde_json::{Value, json};

use super::client::{Answer, Client};
use super::world::World;

/// The sections of a plan, in the order of its document. All but the first must be written.
pub const EVERY_SECTION: [&str; 9] = [
    "background",
    "controlEnvironment",
    "riskAssessment",
    "controlActivities",
    "informationCommunication",
    "monitoring",
    "compliance",
    "deficiencies",
    "assurance",
];

/// The sections that a plan must have.
pub const SECTIONS: [&str; 8] = {
    let [_, sections @ ..] = EVERY_SECTION;
    sections
};

impl World {
    /// A goal of the region.
    pub fn goal(&self, year: i32, name: &str) -> String {
        let form = json!({"organisationId": self.root, "year": year, "name": name});
        self.admin.post("/goals", form).expect(201).id()
    }

    /// Issues a mandatory `risk` or `area`.
    pub fn issue(&self, year: i32, kind: &str, name: &str, goal: &str) -> String {
        self.admin.post("/mandatory-risks", self.issued(year, kind, name, goal)).expect(201).id()
    }

    pub fn issued(&self, year: i32, kind: &str, name: &str, goal: &str) -> Value {
        json!({"year": year, "kind": kind, "name": name, "goalId": goal})
    }

    /// The board's plan of a year, new.
    pub fn plan(&self, year: i32) -> String {
        self.controller.post("/plans", json!({"organisationId": self.board, "year": year})).expect(201).id()
    }

    /// The board's plan of a year, from an earlier one.
    pub fn carried(&self, year: i32, from: &str) -> String {
        let form = json!({"organisationId": self.board, "year": year, "fromPlanId": from});
        self.controller.post("/plans", form).expect(201).id()
    }

    /// A risk that lacks nothing, with this score as likelihood and consequence.
    pub fn risk(&self, plan: &str, goal: &str, name: &str, score: (i32, i32)) -> Answer {
        self.controller.post(&format!("/plans/{plan}/risks"), self.risk_form(goal, name, score)).expect(201)
    }

    pub fn risk_form(&self, goal: &str, name: &str, (likelihood, consequence): (i32, i32)) -> Value {
        json!({
            "name": name, "goalId": goal, "ownerId": self.risk_owner.id, "category": "operational", "response": "limit",
            "likelihood": likelihood, "consequence": consequence,
        })
    }

    /// A control of a risk.
    pub fn control(&self, risk: &str, name: &str) -> String {
        let form = json!({"name": name, "recurrences": ["annual"], "responsibleId": self.performer.id});
        self.controller.post(&format!("/risks/{risk}/controls"), form).expect(201).id()
    }

    /// An action of a risk.
    pub fn action(&self, risk: &str, name: &str) -> String {
        let form = json!({"name": name, "responsibleId": self.performer.id});
        self.controller.post(&format!("/risks/{risk}/actions"), form).expect(201).id()
    }

    /// Every risk of a plan, in the order of numbers.
    pub fn risks(&self, plan: &str) -> Vec<Value> {
        self.controller.get(&format!("/plans/{plan}/risks?limit=200&sort=number")).expect(200).items().to_vec()
    }

    /// The risk of a plan with this name.
    #[track_caller]
    pub fn named(&self, plan: &str, name: &str) -> Value {
        let all = self.risks(plan);
        let found: Vec<&Value> = all.iter().filter(|risk| risk["name"] == name).collect();
        assert_eq!(found.len(), 1, "one risk is called {name}: {found:?}");
        found[0].clone()
    }

    /// Gives every risk what it lacks, and writes the sections.
    pub fn complete(&self, plan: &str) {
        for risk in self.risks(plan).iter().filter(|risk| risk["retiredOn"].is_null()) {
            self.complete_risk(risk);
        }
        for section in SECTIONS {
            let path = format!("/plans/{plan}/sections/{section}");
            if self.controller.get(&path).status == 404 {
                let new = self.controller.with("if-none-match", "*");
                new.put(&path, json!({"text": "Så arbetar nämnden."})).expect(201);
            }
        }
        self.controller.post(&format!("/plans/{plan}/carried-sections"), json!({})).expect(200);
        self.controller.post(&format!("/plans/{plan}/carried-dates"), json!({})).expect(200);
        // One that had no end before has none to offer.
        let checks = self.controller.get(&format!("/plans/{plan}/checks")).expect(200);
        let year = &self.controller.get(&format!("/plans/{plan}")).expect(200)["year"];
        for one in checks["missing"].as_array().into_iter().flatten().filter(|one| one["code"] == "actionEndMissing") {
            let path = format!("/actions/{}", one["id"].as_str().expect("the action"));
            self.controller.patch_current(&path, json!({"endDate": format!("{year}-12-31")})).expect(200);
        }
        let checks = self.controller.get(&format!("/plans/{plan}/checks")).expect(200);
        assert_eq!(checks["missing"], json!([]));
    }

    fn complete_risk(&self, risk: &Value) {
        let id = risk["id"].as_str().expect("a risk has an id");
        let path = format!("/risks/{id}");
        let mut patch = json!({});
        for (field, value) in
            [("ownerId", json!(self.risk_owner.id)), ("category", json!("financial")), ("response", json!("limit"))]
        {
            if risk[field].is_null() {
                patch[field] = value;
            }
        }
        if patch != json!({}) {
            self.controller.patch_current(&path, patch).expect(200);
        }
        if risk["confirmed"] == false {
            let score = |field: &str| if risk[field].is_null() { json!(2) } else { risk[field].clone() };
            let form = json!({"likelihood": score("likelihood"), "consequence": score("consequence")});
            self.controller.post(&format!("{path}/assessments"), form).expect(201);
        }
        if self.controller.get(&format!("{path}/controls")).expect(200)["total"] == 0 {
            self.control(id, "Stickprov");
        }
        let nothing = || self.controller.get(&format!("{path}/actions")).expect(200)["total"] == 0;
        if risk["level"] == "veryHigh" && risk["justification"].is_null() && nothing() {
            self.action(id, "Se över rutinen");
        }
    }

    pub fn propose(&self, plan: &str) -> Answer {
        self.head.post_current(&format!("/plans/{plan}"), "/proposal", json!({}))
    }

    pub fn adopt(&self, plan: &str) -> Answer {
        self.controller.post_current(&format!("/plans/{plan}"), "/adoption", decision())
    }

    /// From draft to adopted.
    pub fn decide(&self, plan: &str) {
        self.propose(plan).expect(200);
        self.adopt(plan).expect(200);
    }

    pub fn revise(&self, plan: &str) -> Answer {
        self.controller.post(&format!("/plans/{plan}/revision"), json!({"reason": "Något har ändrats."}))
    }

    /// Everyone, with a name to tell them by.
    pub fn everyone(&self) -> [(&'static str, &Client); 9] {
        [
            ("regionAdministrator", &self.admin),
            ("controller", &self.controller.client),
            ("head", &self.head.client),
            ("riskOwner", &self.risk_owner.client),
            ("performer", &self.performer.client),
            ("reader", &self.reader.client),
            ("draftReader", &self.draft_reader.client),
            ("auditor", &self.auditor.client),
            ("stranger", &self.stranger.client),
        ]
    }
}

/// A board's decision, taken long ago.
pub fn decision() -> Value {
    json!({"decidedOn": "2024-03-12", "decidingBoard": "Kulturnämnden", "paragraph": "12", "diaryNumbers": ["KN 2024-1"]})
}

/// The ids of things.
pub fn ids(all: &[Value]) -> Vec<String> {
    all.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
}

/// Does both at the same moment.
pub fn at_once<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    let start = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            start.wait();
            other()
        });
        start.wait();
        let first = one();
        (first, second.join().expect("an answer"))
    })
}
