//! `asOf` held straight by lives that chance makes: what a register was at a moment, in its tables and in what it
//! answered, is what its events up to that moment come to. And so is the region's follow-up, which counts each version
//! of a plan once: whatever is done, it says what the plan's own periods say.
//!
//! Which lives they are is chance.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use riskregister::each_stored;
use riskregister::storage::records::*;
use riskregister::storage::verification::tables_with_history;
use riskregister::storage::{AnyConnection, Id, Reading, Stored, Timestamp};
use serde_json::{Value, json};

use crate::kit::depth::{chance, deep};
use crate::kit::plans::SECTIONS;
use crate::kit::{Answer, Client, World, both};

/// What stands in the tables: each thing by its kind and id, as its history tells of it.
type Tables = BTreeMap<(&'static str, Id), Value>;

fn seen<T: Stored>(thing: &T) -> Value {
    let mut told = serde_json::to_value(thing).expect("a record is JSON");
    if T::ENTITY == Organisation::ENTITY {
        // Of the past it is today's: whose rights reach it is asked of today's tree.
        told["bodyId"] = Value::Null;
    }
    told
}

fn tables(c: &mut AnyConnection) -> Tables {
    let mut all = Tables::new();
    macro_rules! take {
        ($($record:ident),*) => {$(
            for thing in $record::after(c, None, 100_000).expect("a table can be read") {
                all.insert(($record::ENTITY, thing.id), seen(&thing));
            }
        )*};
    }
    each_stored!(take);
    all
}

/// The same of a register of the past, which is asked for each thing that there ever was.
fn tables_then(past: &mut Reading, ever: &BTreeSet<(&'static str, Id)>) -> Tables {
    let mut all = Tables::new();
    for &(entity, id) in ever {
        macro_rules! take {
            ($($record:ident),*) => {
                match entity {
                    $($record::ENTITY => past.find::<$record>(id).expect("it can be read").map(|thing| seen(&thing)),)*
                    _ => None,
                }
            };
        }
        if let Some(thing) = each_stored!(take) {
            all.insert((entity, id), thing);
        }
    }
    all
}

/// A register that things happen to.
struct Life<'w> {
    world: &'w World,
    rng: StdRng,
    plan: String,
    /// As it was when it last took a turn.
    status: String,
    goals: Vec<String>,
    risks: Vec<String>,
    /// Controls and actions, texts, users with grants, organisations: where they are reached.
    parts: Vec<String>,
    texts: Vec<String>,
    users: Vec<String>,
    grants: Vec<String>,
    organisations: Vec<String>,
    mandatory: Vec<String>,
    /// How much has been done, and how much was refused by the register's rules.
    done: usize,
    refused: usize,
}

impl<'w> Life<'w> {
    fn new(world: &'w World) -> Self {
        let goal = world.goal(2024, "Det första målet");
        Self {
            world,
            rng: chance("lives"),
            plan: world.plan(2024),
            status: "draft".into(),
            goals: vec![goal],
            risks: Vec::new(),
            parts: Vec::new(),
            texts: Vec::new(),
            users: Vec::new(),
            grants: Vec::new(),
            organisations: vec![world.division.clone(), world.unit.clone()],
            mandatory: Vec::new(),
            done: 0,
            refused: 0,
        }
    }

    fn word(&mut self) -> String {
        const WORDS: [&str; 8] = ["Brist", "Scen", "Ånger", "Körsång", "Öppet hus", "Biljett", "Lokal", "Publik"];
        format!("{} {}", WORDS.choose(&mut self.rng).expect("a word"), self.rng.random_range(0..1_000_000))
    }

    fn one(&mut self, all: &[String]) -> Option<String> {
        all.choose(&mut self.rng).cloned()
    }

    /// What was made, if it was.
    fn count(&mut self, answer: &Answer) -> Option<String> {
        assert!(answer.status < 500 && answer.status != 400, "{}: {}", answer.status, answer.json);
        if answer.status < 300 {
            self.done += 1;
            return answer.json["id"].as_str().map(str::to_owned);
        }
        self.refused += 1;
        None
    }

    fn step(&mut self) {
        let (world, plan) = (self.world, self.plan.clone());
        let (controller, admin) = (world.controller.with("if-match", "*"), world.admin.with("if-match", "*"));
        // Little is done while the board has the plan.
        if self.status == "proposed" && self.rng.random_range(0..2) == 0 {
            return self.turn();
        }
        let name = self.word();
        let score = (self.rng.random_range(1..=5), self.rng.random_range(1..=5));
        match self.rng.random_range(0..30) {
            0 => {
                let form = json!({"organisationId": world.root, "year": 2024, "name": name});
                let made = self.count(&admin.post("/goals", form));
                self.goals.extend(made);
            }
            1 => {
                let goal = self.one(&self.goals.clone()).expect("there is one");
                self.count(&admin.patch(&format!("/goals/{goal}"), json!({"name": name})));
            }
            2..=5 => {
                let goal = self.one(&self.goals.clone()).expect("there is one");
                let form = world.risk_form(&goal, &name, score);
                let made = self.count(&controller.post(&format!("/plans/{plan}/risks"), form));
                self.risks.extend(made);
            }
            6 | 7 => {
                let Some(risk) = self.one(&self.risks.clone()) else { return };
                let form = match self.rng.random_range(0..3) {
                    0 => json!({"name": name}),
                    1 => json!({"description": name, "irregularity": score.0 > 2}),
                    _ => json!({"likelihood": score.0, "ownerId": world.head.id}),
                };
                self.count(&controller.patch(&format!("/risks/{risk}"), form));
            }
            8 | 9 => {
                let Some(risk) = self.one(&self.risks.clone()) else { return };
                let form = json!({"likelihood": score.0, "consequence": score.1, "reason": name});
                self.count(&controller.post(&format!("/risks/{risk}/assessments"), form));
            }
            10 | 11 => {
                let Some(risk) = self.one(&self.risks.clone()) else { return };
                let (noun, form) = if score.0 > 2 {
                    ("controls", json!({"name": name, "recurrences": ["annual"], "responsibleId": world.performer.id}))
                } else {
                    ("actions", json!({"name": name, "responsibleId": world.performer.id}))
                };
                let made = self.count(&controller.post(&format!("/risks/{risk}/{noun}"), form));
                self.parts.extend(made.map(|id| format!("/{noun}/{id}")));
            }
            12 => {
                let Some(part) = self.one(&self.parts.clone()) else { return };
                self.count(&controller.patch(&part, json!({"name": name})));
            }
            13 => {
                // A part, a risk, a text or a goal goes.
                let all = [self.parts.clone(), self.texts.clone()].concat();
                let risks = self.risks.iter().map(|id| format!("/risks/{id}"));
                let goals = self.goals.iter().skip(1).map(|id| format!("/goals/{id}"));
                let all: Vec<String> = all.into_iter().chain(risks).chain(goals).collect();
                let Some(path) = self.one(&all) else { return };
                let by = if path.starts_with("/goals") { &admin } else { &controller };
                let answer = by.delete(&path);
                self.count(&answer);
                if answer.status < 300 {
                    let kept = |all: &mut Vec<String>| all.retain(|one| !path.ends_with(one.as_str()));
                    kept(&mut self.parts);
                    kept(&mut self.texts);
                    kept(&mut self.risks);
                    kept(&mut self.goals);
                }
            }
            14 => {
                let form = json!({
                    "organisationId": world.board, "year": 2024, "language": "sv", "key": format!("egen{}", self.done),
                    "heading": "Rubrik", "text": name,
                });
                let made = self.count(&controller.post("/standing-texts", form));
                self.texts.extend(made.map(|id| format!("/standing-texts/{id}")));
            }
            15 => {
                let Some(text) = self.one(&self.texts.clone()) else { return };
                self.count(&controller.patch(&text, json!({"text": name})));
            }
            16 => {
                let parent = self.one(&self.organisations.clone()).expect("there is one");
                let form = json!({"parentId": parent, "kind": "unit", "name": name, "validFrom": "2020-01-01"});
                let made = self.count(&admin.post("/organisations", form));
                self.organisations.extend(made);
            }
            17 => {
                let moved = self.one(&self.organisations.clone()).expect("there is one");
                let form = match self.one(&self.organisations.clone()) {
                    Some(parent) if score.0 > 3 => json!({"parentId": parent}),
                    _ => json!({"name": name}),
                };
                self.count(&admin.patch(&format!("/organisations/{moved}"), form));
            }
            18 => {
                let email = format!("person{}@example.org", self.rng.random_range(0..u64::MAX));
                let home = self.one(&self.organisations.clone()).expect("there is one");
                let form = json!({"organisationId": home, "name": name, "email": email});
                let made = self.count(&admin.post("/users", form));
                self.users.extend(made);
            }
            19 => {
                let Some(user) = self.one(&self.users.clone()) else { return };
                if score.0 > 2 {
                    let form = json!({"name": name, "active": score.1 > 2});
                    self.count(&admin.patch(&format!("/users/{user}"), form));
                } else {
                    let form = json!({"role": "reader", "organisationId": world.board});
                    let made = self.count(&admin.post(&format!("/users/{user}/grants"), form));
                    self.grants.extend(made.map(|id| format!("/users/{user}/grants/{id}")));
                }
            }
            20 => {
                let Some(grant) = self.grants.pop() else { return };
                self.count(&admin.delete(&grant));
            }
            21 => {
                let goal = self.goals[0].clone();
                if let Some(old) = self.mandatory.pop() {
                    let reason = json!({"reason": name});
                    self.count(&admin.post(&format!("/mandatory-risks/{old}/withdrawal"), reason));
                } else {
                    let form = world.issued(2024, "risk", &name, &goal);
                    let made = self.count(&admin.post("/mandatory-risks", form));
                    self.mandatory.extend(made);
                }
            }
            22 => {
                let section = SECTIONS.choose(&mut self.rng).expect("there is one");
                self.count(&controller.put(&format!("/plans/{plan}/sections/{section}"), json!({"text": name})));
            }
            23..=26 => {
                let Some(part) = self.one(&self.parts.clone()) else { return };
                let form = match part.starts_with("/controls") {
                    true if score.0 > 3 => json!({"status": "performed"}),
                    true => json!({"status": "notPerformed", "comment": name}),
                    false if score.0 > 3 => json!({"status": "onPlan", "effect": "desired"}),
                    false => json!({"status": "delayed", "effect": "notDesired", "comment": name}),
                };
                let period = PERIODS.choose(&mut self.rng).expect("there is one");
                let path = format!("{part}/reports/{period}");
                let first = world.controller.with("if-none-match", "*").put(&path, form.clone());
                self.count(&if first.status == 412 { controller.put(&path, form) } else { first });
            }
            27 => {
                let period = format!("/plans/{plan}/periods/{}", PERIODS.choose(&mut self.rng).expect("there is one"));
                let (step, form) = match score.0 {
                    1 => ("/reopening", json!({"reason": name})),
                    _ => ("/closure", json!({})),
                };
                self.count(&controller.post(&format!("{period}{step}"), form));
            }
            _ => self.turn(),
        }
    }

    /// The region's follow-up says of the plan what the plan's own periods say.
    fn counts_hold(&self) {
        let own = self.world.controller.get(&format!("/plans/{}/periods", self.plan)).expect(200);
        for (period, own) in PERIODS.iter().zip(own.items()) {
            let list = self.world.controller.get(&format!("/follow-ups?year=2024&period={period}")).expect(200);
            let row =
                list.items().iter().find(|row| row["planId"] == self.plan.as_str()).expect("the plan is followed");
            for of in ["due", "reported", "missing", "controls", "actions", "effects", "late", "deadline", "report"] {
                assert_eq!(row[of], own[of], "{of} in {period}");
            }
            assert_eq!(row["periodStatus"], own["status"], "{period}");
        }
    }

    /// The plan goes a step on in its life, or back.
    fn turn(&mut self) {
        let plan = self.plan.clone();
        // Mandatory risks that come or go return a proposed plan by themselves.
        let status = self.world.controller.get(&format!("/plans/{plan}")).expect(200).text("status");
        match status.as_str() {
            "draft" if self.rng.random_range(0..4) == 0 => {
                let reason = json!({"reason": "Den behövs inte."});
                let answer = self.world.controller.post_current(&format!("/plans/{plan}"), "/abandonment", reason);
                self.count(&answer);
            }
            "draft" => {
                self.world.complete(&plan);
                let answer = self.world.propose(&plan);
                self.count(&answer);
            }
            "proposed" if self.rng.random_range(0..3) == 0 => {
                let reason = json!({"reason": "Nämnden vill se mer."});
                let answer = self.world.controller.post(&format!("/plans/{plan}/return"), reason);
                self.count(&answer);
            }
            "proposed" => {
                let answer = self.world.adopt(&plan);
                self.count(&answer);
            }
            _ => {
                let answer = self.world.revise(&plan);
                self.count(&answer);
            }
        }
        self.status = self.world.controller.get(&format!("/plans/{plan}")).expect(200).text("status");
    }

    /// What may be read over time just now; some of it.
    fn reads(&mut self) -> Vec<String> {
        let plan = &self.plan;
        let mut all: Vec<String> = [
            "/plans?limit=200",
            "/organisations?limit=200",
            "/risks?limit=200",
            "/controls?limit=200",
            "/actions?limit=200",
            "/goals?limit=200",
            "/indicators?limit=200",
            "/mandatory-risks?limit=200",
            "/standing-texts?limit=200",
            "/scoring-policies?limit=200",
        ]
        .map(Into::into)
        .into();
        for part in ["", "/sections", "/checks", "/matrix", "/comparison", "/revisions", "/risks?limit=200&sort=number"]
        {
            all.push(format!("/plans/{plan}{part}"));
        }
        for risk in &self.risks {
            for part in ["", "/assessments", "/controls", "/actions", "/inclusion"] {
                all.push(format!("/risks/{risk}{part}"));
            }
        }
        all.extend(self.organisations.iter().map(|id| format!("/organisations/{id}")));
        all.extend(self.parts.iter().chain(&self.texts).cloned());
        all.shuffle(&mut self.rng);
        all.truncate(READS);
        all
    }
}

/// In the order of the year.
const PERIODS: [&str; 3] = ["t1", "interim", "annual"];
/// How many reads are asked for at a moment, and again.
const READS: usize = 14;
/// How many moments are looked at in a life.
const MOMENTS: u64 = 7;

/// A moment: when it was, what stood in the tables, and who was answered what.
struct Moment {
    time: Timestamp,
    tables: Tables,
    answers: Vec<(String, Vec<(u16, Value)>)>,
}

fn told(client: &Client, path: &str) -> (u16, Value) {
    let answer = client.get(path);
    (answer.status, if answer.status == 200 { answer.json } else { Value::Null })
}

both! {
    fn any_life_is_read_as_it_was(world: &World) {
        let steps = deep(70, 300);
        macro_rules! names {
            ($($record:ident),*) => { [$($record::TABLE),*] };
        }
        assert_eq!(each_stored!(names).to_vec(), tables_with_history(), "each table is looked at");
        let mut life = Life::new(world);
        let mut c = world.config.database.connect().expect("the database can be reached");
        let clients = [&world.controller.client, &world.reader.client];
        let mut moments = Vec::new();
        for step in 1..=steps {
            life.step();
            life.counts_hold();
            if step % (steps / MOMENTS).max(1) == 0 {
                let paths = life.reads();
                let answers = paths.into_iter().map(|path| {
                    let all = clients.map(|client| told(client, &path)).to_vec();
                    (path, all)
                });
                let answers = answers.collect();
                let time = Timestamp::now();
                // Two events a microsecond apart are two times; the clock is finer than that.
                while Timestamp::now() == time {}
                moments.push(Moment { time, tables: tables(&mut c), answers });
            }
        }
        println!("{} done, {} refused, the plan was last {}", life.done, life.refused, life.status);
        assert!(life.done as u64 > steps / 4, "{} done, {} refused", life.done, life.refused);
        let ever: BTreeSet<_> = moments.iter().flat_map(|moment| moment.tables.keys().copied()).collect();
        for Moment { time, tables, answers } in &moments {
            let mut past = world.db.read(|r| r.as_of(*time, None)).expect("the register can be made anew");
            let then = past.read(|r| Ok(tables_then(r, &ever))).expect("it can be read");
            for key in &ever {
                assert_eq!(then.get(key), tables.get(key), "{} {} as of {time}", key.0, key.1);
            }
            for (path, all) in answers {
                let asked = format!("{path}{}asOf={time}", if path.contains('?') { '&' } else { '?' });
                for (client, answer) in clients.into_iter().zip(all) {
                    assert_eq!(told(client, &asked), *answer, "{path} as of {time}");
                }
            }
        }
    }
}
