//! A body that has nothing in common with the demonstration: another year, a scale of its own, its own words
//! everywhere. What it writes stands in its document, once and in place, and nothing else does.

use chrono::NaiveDate;
use riskregister::storage::history::sha256_hex;
use serde_json::{Value, json};

use crate::kit::pdf::{dense, hold_structure, pages};
use crate::kit::plans::EVERY_SECTION;
use crate::kit::{Answer, Client, Person, Register, both};

const YEAR: i32 = 2027;
const BOARD: &str = "Bildningsnämnden för Vattuådalen";
/// A table of scores that is no product, in which 0 exists.
const SCORES: [[i32; 4]; 4] = [[0, 1, 2, 3], [1, 2, 4, 6], [2, 4, 6, 9], [3, 6, 9, 16]];
const THRESHOLD: i32 = 3;
/// Highest first, as documents show them: key and the body's own word.
const LEVELS: [(&str, &str); 3] = [("high", "Akut risk"), ("medium", "Medelhög risk"), ("low", "Godtagbar risk")];
const LIKELIHOODS: [&str; 4] = ["Sällan", "Ibland", "Ofta", "Jämt"];
const CONSEQUENCES: [&str; 4] = ["Ringa", "Lindrig", "Kännbar", "Svår"];
/// The goals as they are made; the plan has another order.
const NUMBERS: [&str; 9] = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3"];
const ORDER: [usize; 9] = [4, 8, 0, 6, 2, 7, 1, 5, 3];
/// The goal that the mandatory area stands under.
const AREA_GOAL: usize = 2;

fn level_of(score: i32) -> &'static str {
    match score {
        ..=2 => "low",
        3..=6 => "medium",
        _ => "high",
    }
}

/// Hands out words that stand nowhere else.
#[derive(Default)]
struct Words(usize);

impl Words {
    fn one(&mut self) -> String {
        self.0 += 1;
        format!("Tok{:04}x", self.0)
    }

    /// A text of this many characters, with a word at each end: nothing may be cut.
    fn long(&mut self, characters: usize) -> String {
        let (first, last) = (self.one(), self.one());
        let room = characters - first.len() - last.len() - 2;
        let filler: String = "ett namn som är långt nog för åtskilliga rader ".chars().cycle().take(room - 1).collect();
        let text = format!("{first} {filler}n {last}");
        assert_eq!(text.chars().count(), characters);
        text
    }
}

/// The words of a text, in order.
fn words(text: &str) -> Vec<&str> {
    let is_word = |at: &usize| {
        let rest = text.as_bytes().get(*at..at + 8);
        rest.is_some_and(|w| w.starts_with(b"Tok") && w[3..7].iter().all(u8::is_ascii_digit) && w[7] == b'x')
    };
    text.match_indices("Tok").map(|(at, _)| at).filter(is_word).map(|at| &text[at..at + 8]).collect()
}

struct Control {
    name: String,
    description: Option<String>,
    frequency: Option<String>,
    responsible: usize,
    indicators: Vec<usize>,
}

struct Action {
    name: String,
    description: Option<String>,
    responsible: usize,
    /// As written, and the comment on it.
    effect: Option<(Value, String)>,
}

struct Risk {
    id: String,
    goal: usize,
    likelihood: usize,
    consequence: usize,
    reference: String,
    name: String,
    description: Option<String>,
    local_goal: Option<String>,
    /// One of the parts of the body.
    part: Option<usize>,
    owner: usize,
    category: &'static str,
    response: &'static str,
    justification: Option<String>,
    target: Option<&'static str>,
    irregularity: bool,
    /// Provision and authority.
    secrecy: Option<(String, String)>,
    area: bool,
    decision: Option<String>,
    controls: Vec<Control>,
    actions: Vec<Action>,
}

/// What the body writes.
struct Body {
    id: String,
    plan: String,
    controller: Person,
    head: Person,
    people: Vec<(String, String)>,
    parts: Vec<(String, String)>,
    goals: Vec<(String, String)>,
    indicators: Vec<(String, String)>,
    policy: String,
    steps: Vec<String>,
    demands: Vec<String>,
    area: (String, String),
    diary_number: String,
    /// Heading and text, in the order of the document.
    standing: Vec<(String, String)>,
    sections: Vec<String>,
    risks: Vec<Risk>,
    words: Words,
}

impl Body {
    fn of(register: &Register) -> Self {
        let mut w = Words::default();
        let admin = &register.admin;
        let form = json!({
            "parentId": register.root, "kind": "board", "name": BOARD, "abbreviation": "BNV",
            "validFrom": "2020-01-01", "plans": true,
        });
        let id = admin.post("/organisations", form).expect(201).id();
        let controller = register.person_with("Kim Samordnare", &id, "controller", &id);
        let head = register.person_with("Hanna Chef", &id, "head", &id);
        let mut parts = Vec::new();
        for kind in ["division", "unit"] {
            let name = format!("Enheten {}", w.one());
            let parent = parts.last().map_or(&id, |(part, _): &(String, String)| part).clone();
            parts.push((register.organisation(&parent, kind, &name), name));
        }
        let people = (0..4)
            .map(|n| {
                let name = format!("Person {}", w.one());
                (register.person_with(&name, &parts[n % 2].0, "riskOwner", &id).id.clone(), name)
            })
            .collect();
        let (policy, steps, demands) = Self::policy(&mut w, &controller, &id);

        // The region's goals and the body's own, in one tree.
        let mut goals = Vec::new();
        let mut indicators = Vec::new();
        for (top, owner) in [&register.root, &register.root, &id].into_iter().enumerate() {
            let caller: &Client = if top == 2 { &controller } else { admin };
            let goal = |parent: Option<&str>, number: &str, name: &str| {
                let form =
                    json!({"organisationId": owner, "year": YEAR, "parentId": parent, "number": number, "name": name});
                caller.post("/goals", form).expect(201).id()
            };
            let above = goal(None, &format!("{}", top + 1), "Ett övergripande mål utan risker");
            for n in 0..3 {
                let name = if (top, n) == (1, 1) { w.long(300) } else { format!("Målet {}", w.one()) };
                goals.push((goal(Some(&above), NUMBERS[3 * top + n], &name), name));
            }
        }
        for n in 0..4 {
            let name = format!("Andel {}", w.one());
            let form =
                json!({"goalId": goals[6 + n % 3].0, "name": name, "decidedBy": "board", "boardTarget": ">=80%"});
            indicators.push((controller.post("/indicators", form).expect(201).id(), name));
        }
        let area = format!("området {}", w.one());
        let form = json!({"year": YEAR, "kind": "area", "name": area, "goalId": goals[AREA_GOAL].0});
        let area = (admin.post("/mandatory-risks", form).expect(201).id(), area);

        let mut standing = Vec::new();
        for key in ["legalGround", "guideline", "ownModel"] {
            let heading = format!("Rubrik {}", w.one());
            let text = format!("Först {}.\n\n- en {}\n- två {}\n\nSist {}.", w.one(), w.one(), w.one(), w.one());
            let form = json!({
                "organisationId": id, "year": YEAR, "language": "sv", "key": key, "heading": heading, "text": text,
            });
            controller.post("/standing-texts", form).expect(201);
            standing.push((heading, text));
        }
        let diary_number = format!("RX {YEAR}-{}", w.one());
        let form = json!({"organisationId": id, "year": YEAR, "diaryNumbers": ["BNV 1-1", diary_number]});
        let made = controller.post("/plans", form).expect(201);
        let plan = format!("/plans/{}", made.id());
        let sections = EVERY_SECTION
            .map(|key| {
                let text = format!("Inledning {}.\n\n- punkt {}", w.one(), w.one());
                let path = format!("{plan}/sections/{key}");
                controller.with("if-none-match", "*").put(&path, json!({"text": text})).expect(201);
                text
            })
            .into();
        let mut body = Self {
            id,
            plan,
            controller,
            head,
            people,
            parts,
            goals,
            indicators,
            policy,
            steps,
            demands,
            area,
            diary_number,
            standing,
            sections,
            risks: Vec::new(),
            words: w,
        };
        for n in 0..60 {
            let risk = body.invent(n);
            body.add(risk);
        }
        let order: Vec<&str> = ORDER.iter().map(|goal| body.goals[*goal].0.as_str()).collect();
        body.controller.patch_current(&body.plan, json!({"goalOrder": order})).expect(200);
        body
    }

    fn policy(w: &mut Words, controller: &Client, id: &str) -> (String, Vec<String>, Vec<String>) {
        let name = format!("Egen tabell {}", w.one());
        let mut descriptions = Vec::new();
        let mut step = |label: &str| {
            let description = format!("Väljs när {}", w.one());
            descriptions.push(description.clone());
            json!({"label": label, "description": description})
        };
        let likelihoods = LIKELIHOODS.map(&mut step);
        let consequences = CONSEQUENCES.map(&mut step);
        // From the highest step down, as they are printed.
        descriptions[..4].reverse();
        descriptions[4..].reverse();
        let demands: Vec<String> = LEVELS.iter().map(|_| format!("Kräver {}", w.one())).collect();
        let levels: Vec<Value> = LEVELS
            .iter()
            .zip(["#7a1f5c", "yellow", "green"])
            .zip(&demands)
            .map(|(((key, label), colour), demand)| {
                json!({
                    "key": key, "label": label, "colour": colour, "demand": demand, "actionRequired": *key == "high",
                    "justificationIfAccepted": *key != "low", "monitored": true,
                })
            })
            .collect();
        let cells = SCORES.map(|row| row.map(|score| json!({"score": score, "level": level_of(score)})));
        let form = json!({
            "organisationId": id, "name": name,
            "definition": {
                "likelihoods": likelihoods, "consequences": consequences, "cells": cells, "levels": levels,
                "threshold": THRESHOLD,
            },
        });
        controller.post("/scoring-policies", form).expect(201);
        (name, descriptions, demands)
    }

    /// The n:th risk: every field is used by some, and every cell above the threshold.
    fn invent(&mut self, n: usize) -> Risk {
        const ABOVE: [(usize, usize); 8] = [(2, 3), (2, 4), (3, 2), (3, 3), (3, 4), (4, 2), (4, 3), (4, 4)];
        let w = &mut self.words;
        let decided = n == 7;
        let area = n == 20 || n == 41;
        // One of the area's risks and the one that is taken in by decision are far below the threshold.
        let (likelihood, consequence) = match n {
            7 => (1, 1),
            41 => (1, 2),
            _ => ABOVE[n % 8],
        };
        let mut maybe = |yes: bool, what: &str| yes.then(|| format!("{what} {}", w.one()));
        let description = maybe(n.is_multiple_of(3), "Beskrivet som");
        let local_goal = maybe(n % 4 == 1, "Lokalt:");
        let justification = maybe(n % 5 == 2 || decided, "Motiveras med");
        let provision = maybe(n % 20 == 3, "18 kap. 8 § OSL,");
        let authority = maybe(n % 20 == 3, "Myndigheten");
        let decision = maybe(decided, "Nämnden vill följa");
        let controls = (0..if n == 11 { 12 } else { 1 })
            .map(|c| Control {
                name: if n == 12 { w.long(300) } else { format!("Kontroll {}", w.one()) },
                description: n.is_multiple_of(6).then(|| format!("Så görs den: {}.\n\n- steg {}", w.one(), w.one())),
                frequency: n.is_multiple_of(2).then(|| format!("Varje {}", w.one())),
                responsible: (n + c) % 4,
                indicators: if n == 13 {
                    vec![2, 0]
                } else if n == 14 {
                    vec![3]
                } else {
                    vec![]
                },
            })
            .collect();
        let actions = (0..if n % 3 == 2 { 2 } else { 1 })
            .map(|a| Action {
                name: if n == 14 { w.long(300) } else { format!("Åtgärd {}", w.one()) },
                description: n.is_multiple_of(7).then(|| format!("Arbetet {}", w.one())),
                responsible: (n + a + 1) % 4,
                effect: (n % 10 == 4).then(|| {
                    let amounts = json!({"fullYear": "-1234.5", "planYear": "0.5", "yearAfterNext": "0"});
                    (amounts, format!("Räknat på {}", w.one()))
                }),
            })
            .collect();
        Risk {
            id: String::new(),
            goal: if area { AREA_GOAL } else { n % 9 },
            likelihood,
            consequence,
            reference: w.one(),
            name: if n % 25 == 6 { w.long(300) } else { format!("Risk för {}", w.one()) },
            description,
            local_goal,
            part: [None, Some(0), Some(1)][n % 3],
            owner: n % 4,
            category: ["strategic", "financial", "operational", "compliance"][n % 4],
            response: ["limit", "share", "eliminate", "limit"][n % 4],
            justification,
            target: (n % 9 == 4).then_some("low"),
            irregularity: n % 30 == 9,
            secrecy: provision.zip(authority),
            area,
            decision,
            controls,
            actions,
        }
    }

    /// Writes a risk with all that belongs to it.
    fn add(&mut self, mut risk: Risk) {
        let c = &self.controller;
        let form = json!({
            "organisationId": risk.part.map(|p| &self.parts[p].0), "reference": risk.reference, "name": risk.name,
            "description": risk.description, "category": risk.category, "goalId": self.goals[risk.goal].0,
            "localGoal": risk.local_goal, "ownerId": self.people[risk.owner].0, "likelihood": risk.likelihood,
            "consequence": risk.consequence, "targetLevel": risk.target, "response": risk.response,
            "justification": risk.justification, "irregularity": risk.irregularity,
            "secrecy": risk.secrecy.as_ref().map(|(provision, authority)| {
                json!({"provision": provision, "date": "2026-01-15", "authority": authority})
            }),
            "areaId": risk.area.then_some(&self.area.0),
        });
        risk.id = c.post(&format!("{}/risks", self.plan), form).expect(201).id();
        let path = format!("/risks/{}", risk.id);
        if let Some(reason) = &risk.decision {
            c.with("if-none-match", "*").put(&format!("{path}/inclusion"), json!({"reason": reason})).expect(201);
        }
        for control in &risk.controls {
            let indicators: Vec<&str> = control.indicators.iter().map(|i| self.indicators[*i].0.as_str()).collect();
            let form = json!({
                "name": control.name, "description": control.description, "frequency": control.frequency,
                "recurrences": ["quarterly"], "responsibleId": self.people[control.responsible].0,
                "indicatorIds": indicators,
            });
            c.post(&format!("{path}/controls"), form).expect(201);
        }
        for action in &risk.actions {
            let effect = action.effect.as_ref().map(|(amounts, comment)| {
                let mut effect = amounts.clone();
                effect["comment"] = json!(comment);
                effect
            });
            let form = json!({
                "name": action.name, "description": action.description, "startDate": format!("{YEAR}-01-15"),
                "endDate": format!("{YEAR}-11-30"), "responsibleId": self.people[action.responsible].0,
                "financialEffect": effect,
            });
            c.post(&format!("{path}/actions"), form).expect(201);
        }
        self.risks.push(risk);
    }

    /// The risks of each goal, in the order of the plan.
    fn by_goal(&self) -> Vec<(usize, Vec<&Risk>)> {
        ORDER.iter().map(|goal| (*goal, self.risks.iter().filter(|risk| risk.goal == *goal).collect())).collect()
    }

    /// Every text of the body, in the order in which the document prints them.
    fn printed(&self) -> String {
        let mut all: Vec<&str> = vec![&self.diary_number];
        // What in it is secret stands on the first page.
        let marked = self.by_goal().into_iter().flat_map(|(_, risks)| risks).filter_map(|risk| risk.secrecy.as_ref());
        all.extend(marked.flat_map(|(provision, authority)| [provision.as_str(), authority]));
        let goal = |goal: &usize| self.goals[*goal].1.as_str();
        let (owner, part) = (|n: usize| self.people[n].1.as_str(), |n: usize| self.parts[n].1.as_str());
        // The contents.
        all.extend(self.standing.iter().map(|(heading, _)| heading.as_str()));
        all.extend(ORDER.iter().map(goal));
        // The texts.
        all.extend(self.standing.iter().flat_map(|(heading, text)| [heading.as_str(), text]));
        all.extend(self.sections.iter().map(String::as_str));
        // The scale.
        all.push(&self.policy);
        all.extend(self.steps.iter().chain(&self.demands).map(String::as_str));
        // The list.
        for (g, risks) in self.by_goal() {
            all.push(goal(&g));
            for risk in risks {
                all.extend([risk.reference.as_str(), &risk.name]);
                all.extend(risk.secrecy.iter().flat_map(|(provision, authority)| [provision.as_str(), authority]));
                all.extend(risk.local_goal.as_deref());
                all.extend(risk.part.map(part));
                all.push(owner(risk.owner));
            }
        }
        // The appendix.
        for (g, risks) in self.by_goal() {
            all.push(goal(&g));
            for risk in risks {
                all.push(&risk.name);
                all.extend(risk.secrecy.iter().flat_map(|(provision, authority)| [provision.as_str(), authority]));
                all.extend([owner(risk.owner), risk.reference.as_str()]);
                all.extend(risk.part.map(part));
                all.extend(risk.local_goal.as_deref());
                all.extend(risk.area.then_some(self.area.1.as_str()));
                all.extend(
                    [&risk.decision, &risk.description, &risk.justification].into_iter().filter_map(|t| t.as_deref()),
                );
                for control in &risk.controls {
                    all.push(&control.name);
                    all.extend(control.description.as_deref());
                    all.extend(control.indicators.iter().map(|i| self.indicators[*i].1.as_str()));
                    all.extend(control.frequency.as_deref());
                    all.push(owner(control.responsible));
                }
                for action in &risk.actions {
                    all.push(&action.name);
                    all.extend(action.description.as_deref());
                    all.extend(action.effect.as_ref().map(|(_, comment)| comment.as_str()));
                    all.push(owner(action.responsible));
                }
            }
        }
        all.join(" ")
    }

    /// The goals as the JSON document holds them, but for ids. `number` gives the risk's.
    fn goals_as_json(&self, number: impl Fn(&Risk) -> usize) -> Value {
        let risk = |risk: &Risk| {
            let score = SCORES[risk.likelihood - 1][risk.consequence - 1];
            let inclusion = match (&risk.decision, risk.area) {
                (Some(text), _) => json!({"reason": "decision", "text": text}),
                (None, true) => json!({"reason": "mandatory", "area": self.area.1}),
                (None, false) => json!({"reason": "score"}),
            };
            let controls: Vec<Value> = risk
                    .controls
                    .iter()
                    .map(|control| {
                        json!({
                            "name": control.name, "description": control.description, "frequency": control.frequency,
                            "responsible": self.people[control.responsible].1,
                            "indicators": control.indicators.iter().map(|i| &self.indicators[*i].1).collect::<Vec<_>>(),
                            "schedule": {
                                "recurrences": ["quarterly"], "duePeriod": null, "dueDate": null,
                                "indicatorIds": control.indicators.iter().map(|i| &self.indicators[*i].0).collect::<Vec<_>>(),
                            },
                        })
                    })
                    .collect();
            let actions: Vec<Value> = risk
                .actions
                .iter()
                .map(|action| {
                    json!({
                        "name": action.name, "description": action.description, "startDate": format!("{YEAR}-01-15"),
                        "endDate": format!("{YEAR}-11-30"), "responsible": self.people[action.responsible].1,
                        "addedAfterAdoption": false,
                        "financialEffect": action.effect.as_ref().map(|(_, comment)| json!({
                            "fullYear": -12345, "planYear": 5, "nextYear": null, "yearAfterNext": 0, "comment": comment,
                        })),
                    })
                })
                .collect();
            let secrecy = risk.secrecy.as_ref().map(
                |(provision, authority)| json!({"provision": provision, "date": "2026-01-15", "authority": authority}),
            );
            json!({
                "number": number(risk), "reference": risk.reference, "name": risk.name,
                "description": risk.description, "localGoal": risk.local_goal, "category": risk.category,
                "owner": self.people[risk.owner].1, "organisation": risk.part.map(|p| &self.parts[p].1),
                "likelihood": risk.likelihood, "consequence": risk.consequence, "score": score,
                "level": level_of(score), "targetLevel": risk.target, "change": null, "response": risk.response,
                "justification": risk.justification, "inclusion": inclusion, "irregularity": risk.irregularity,
                "secrecy": secrecy, "controls": controls, "actions": actions,
            })
        };
        let goals: Vec<Value> = self
            .by_goal()
            .into_iter()
            .map(|(goal, risks)| {
                json!({
                    "number": NUMBERS[goal], "name": self.goals[goal].1,
                    "risks": risks.into_iter().map(risk).collect::<Vec<_>>(),
                })
            })
            .collect();
        Value::from(goals)
    }

    fn propose(&self) {
        self.head.post_current(&self.plan, "/proposal", json!({})).expect(200);
    }

    fn adopt(&self, paragraph: &str) {
        let form = json!({
            "decidedOn": decided_on(), "decidingBoard": format!("{BOARD} i sammanträde"), "paragraph": paragraph,
        });
        self.controller.post_current(&self.plan, "/adoption", form).expect(200);
    }

    fn document(&self, path: &str, accept: &str) -> Answer {
        self.controller.with("accept", accept).get(&format!("{}{path}", self.plan)).expect(200)
    }
}

/// In UTC, which is never ahead of Stockholm.
fn decided_on() -> NaiveDate {
    chrono::Utc::now().date_naive()
}

/// Without the ids of things, which are new each time.
fn without_ids(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "id" | "versionId"))
            .map(|(key, item)| (key.clone(), without_ids(item)))
            .collect(),
        Value::Array(items) => items.iter().map(without_ids).collect(),
        other => other.clone(),
    }
}

/// The words of a PDF in order. The name of a goal stands again on each page of the list that its risks run on to;
/// there it counts once.
fn words_of<'a>(text: &'a str, goals: &[Vec<&str>]) -> Vec<&'a str> {
    let all = words(text);
    let mut found = Vec::new();
    let mut current = None;
    let mut rest = all.as_slice();
    while let Some(word) = rest.first() {
        match goals.iter().position(|name| rest.starts_with(name)) {
            Some(goal) => {
                let (name, after) = rest.split_at(goals[goal].len());
                if current != Some(goal) {
                    found.extend(name);
                }
                current = Some(goal);
                rest = after;
            }
            None => {
                found.push(*word);
                rest = &rest[1..];
            }
        }
    }
    found
}

/// Fails the test when something is there that belongs to the demonstration or to the default scale.
fn hold_nothing_foreign(text: &str) {
    let shown = |at: usize| text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    for foreign in ["2023", "2024", "SLSO", "Hög", "Låg", "Mycket", "Begränsad", "Katastrofal", "Signifikant"] {
        let words = text.split(|c: char| !c.is_alphanumeric());
        assert!(!words.into_iter().any(|word| word == foreign), "{foreign} in {text}");
    }
    for foreign in ["Stockholm", "jukvårdsområde", "5 × 5", "5×5", "5x5", "kommunallagen"] {
        let at = text.find(foreign);
        assert!(at.is_none(), "{foreign} after …{}", at.map(shown).unwrap_or_default());
    }
}

both! {
    fn a_body_with_its_own_ways_gets_a_document_of_its_own(register: &Register) {
        let mut body = Body::of(register);
        // Two that are not told, only counted.
        let outside = body.words.one();
        let small = json!({"name": outside, "goalId": body.goals[0].0, "likelihood": 1, "consequence": 4});
        body.controller.post(&format!("{}/risks", body.plan), small).expect(201);
        let aside = json!({"name": format!("Åsido {outside}"), "goalId": body.goals[0].0});
        let aside = body.controller.post(&format!("{}/risks", body.plan), aside).expect(201).id();
        body.controller.with("if-none-match", "*")
            .put(&format!("/risks/{aside}/setting-aside"), json!({"reason": outside})).expect(201);
        let checks = body.controller.get(&format!("{}/checks", body.plan)).expect(200);
        assert_eq!(checks["missing"], json!([]));

        body.propose();
        let proposed = body.document("/document", "application/pdf").body;
        let proposed_json = body.document("/document", "application/json").json;
        body.adopt("Tok9999x");
        let sealed = body.document("/document", "application/pdf").body;
        let sealed_json = body.document("/document", "application/json");

        the_pdf_says_it_all_once_and_in_place(&body, &sealed);
        the_json_says_the_same(&body, &sealed_json.json);
        the_board_got_what_was_sealed(&proposed, &sealed, proposed_json, sealed_json.json.clone());

        let revision = body.controller.get(&format!("{}/revisions/1", body.plan)).expect(200);
        assert_eq!(revision["documentSha256"], sha256_hex(&sealed));
        assert_eq!(revision["snapshotSha256"], sha256_hex(&sealed_json.body));

        a_revision_keeps_the_numbers(&mut body);
        next_year_begins_where_this_one_is(&body);

        // What was sealed first is still there to the byte.
        assert!(body.document("/revisions/1/document", "application/pdf").body == sealed);
        assert!(body.document("/revisions/1/document", "application/json").body == sealed_json.body);
        assert_eq!(body.controller.get(&format!("{}/revisions/1", body.plan)).expect(200).json, revision.json);
    }
}

/// The text of all pages without what stands at the head of each but the first: diary numbers, and the first of what is
/// secret.
fn without_heads(pages: &[String]) -> String {
    let rest = &pages[1..];
    let is_head = |line: &str| rest.iter().all(|page| page.lines().any(|other| other == line));
    let lines = pages.iter().enumerate().flat_map(|(at, page)| page.lines().map(move |line| (at, line)));
    lines.filter(|(at, line)| *at == 0 || !is_head(line)).map(|(_, line)| format!("{line}\n")).collect()
}

fn the_pdf_says_it_all_once_and_in_place(body: &Body, pdf: &[u8]) {
    hold_structure(pdf, &format!("Plan för intern kontroll {YEAR} – {BOARD}"), true);
    let text = without_heads(&pages(pdf));
    hold_nothing_foreign(&text);
    let text = dense(&text);
    let goals: Vec<Vec<&str>> = body.goals.iter().map(|(_, name)| words(name)).collect();
    let found = words_of(&text, &goals);
    let printed = body.printed();
    let mut wanted = words(&printed);
    // The paragraph of the decision stands on the first page, after the diary numbers.
    wanted.insert(1, "Tok9999x");
    let apart = found.iter().zip(&wanted).position(|(f, w)| f != w).unwrap_or(found.len().min(wanted.len()));
    let near = |all: &[&str]| all[apart.saturating_sub(6)..(apart + 6).min(all.len())].join(" ");
    assert!(found == wanted, "word {apart} of {}: found {}, wanted {}", wanted.len(), near(&found), near(&wanted));

    for sentence in [
        "Planen omfattar 60 risker under 9 mål.",
        "Nämndens riskregister innehåller därutöver 1 bedömd risk som inte uppfyller villkoren för att ingå och \
         1 risk som har valts bort utan bedömning.",
        "En risk ingår i planen när den har ett riskvärde över 3.",
        "Riskvärdet 16 ligger över gränsen 3.",
        "Obligatorisk risk inom riskområdet området ",
        "Ekonomisk effekt: helår −1 234,5 Mnkr, 2027 0,5 Mnkr, 2029 0,0 Mnkr",
        "Avser fel och oegentligheter",
        "Sekretessmarkering",
        // The cell of likelihood 1 and consequence 1, with the one risk that is there; and the levels' ranges.
        "1 – Sällan",
        "Akut risk9–16",
        "Medelhög risk3–6",
        "Godtagbar risk0–2",
    ] {
        assert!(text.contains(&dense(sentence)), "{sentence}");
    }
    let count = |word: &str| text.matches(&dense(word)).count();
    // In the matrix, in the scale and at each risk that is assessed so.
    for (steps, of) in [
        (LIKELIHOODS, (|risk: &Risk| risk.likelihood) as fn(&Risk) -> usize),
        (CONSEQUENCES, |risk: &Risk| risk.consequence),
    ] {
        for (step, label) in (1..).zip(steps) {
            // "Lindrig" and others stand nowhere else.
            assert_eq!(count(label), 2 + body.risks.iter().filter(|risk| of(risk) == step).count(), "{label}");
        }
    }
    assert_eq!(count("Målnivå"), body.risks.iter().filter(|risk| risk.target.is_some()).count());
    assert_eq!(count("Obligatorisk risk inom"), 2);
    assert_eq!(count("Tas med genom särskilt beslut."), 1);
}

fn the_json_says_the_same(body: &Body, document: &Value) {
    let told = without_ids(document);
    hold_nothing_foreign(&told.to_string());
    // Goals in the plan's order, and numbers without gaps in that order.
    let mut next = Vec::new();
    for (_, risks) in body.by_goal() {
        next.extend(risks.iter().map(|risk| risk.id.clone()));
    }
    let number = |risk: &Risk| 1 + next.iter().position(|id| *id == risk.id).unwrap_or_default();
    let wanted = body.goals_as_json(number);
    let goals = told["goals"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(goals.len(), 9);
    for (goal, wanted) in goals.iter().zip(wanted.as_array().into_iter().flatten()) {
        for (risk, wanted) in
            goal["risks"].as_array().into_iter().flatten().zip(wanted["risks"].as_array().into_iter().flatten())
        {
            for (field, value) in wanted.as_object().into_iter().flatten() {
                assert_eq!(&risk[field], value, "{field} of {}", wanted["number"]);
            }
        }
        assert_eq!(goal, wanted);
    }
    let texts: Vec<Value> =
        body.standing.iter().map(|(heading, text)| json!({"heading": heading, "text": text})).collect();
    assert_eq!(told["standingTexts"], Value::from(texts));
    let sections: Vec<Value> =
        EVERY_SECTION.iter().zip(&body.sections).map(|(key, text)| json!({"key": key, "text": text})).collect();
    assert_eq!(told["sections"], Value::from(sections));
    assert_eq!(told["policy"]["threshold"], THRESHOLD);
    let cells = SCORES.map(|row| row.map(|score| json!({"score": score, "level": level_of(score)})));
    assert_eq!(told["policy"]["cells"], json!(cells));
    let labels: Vec<&Value> = told["policy"]["levels"].as_array().into_iter().flatten().map(|l| &l["label"]).collect();
    assert_eq!(labels, LEVELS.map(|(_, label)| label));
    assert_eq!((&told["total"], &told["notIncluded"], &told["setAside"]), (&json!(60), &json!(1), &json!(1)));
    assert_eq!(told["comparedWith"], Value::Null);
    assert_eq!(
        told["decision"],
        json!({
            "decidedOn": decided_on(), "decidingBoard": format!("{BOARD} i sammanträde"), "paragraph": "Tok9999x",
            "diaryNumbers": ["BNV 1-1", body.diary_number],
        })
    );
    assert_eq!(told["plan"]["year"], YEAR);
    assert_eq!(told["plan"]["organisation"], BOARD);
}

fn the_board_got_what_was_sealed(proposed: &[u8], sealed: &[u8], mut before: Value, mut after: Value) {
    hold_structure(proposed, &format!("Plan för intern kontroll {YEAR} – {BOARD}"), false);
    let (one, other) = (pages(proposed), pages(sealed));
    assert!(one.iter().all(|page| page.contains("UTKAST")), "each page of a proposal is marked");
    assert!(other.iter().all(|page| !page.contains("UTKAST")));
    // The decision stands on the first page, right before what in it is secret and the contents.
    let without_mark = |page: &String| {
        let (before, after) = page.split_once("\nBeslut ").unwrap_or((page, ""));
        let next = ["\nSekretessmarkerad", "\nInnehåll"].iter().find_map(|next| after.split_once(next));
        let after = next.map_or(after, |(_, rest)| rest);
        // What the history had come to stands last, and comes with the decision.
        let whole = format!("{before}{after}");
        dense(&whole.split("\nÄkthet\n").next().unwrap_or_default().replace("UTKAST", ""))
    };
    assert_eq!(one.len(), other.len());
    assert!(other.last().is_some_and(|page| page.contains("Äkthet")));
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(without_mark(one), without_mark(other));
    }
    assert_eq!(
        (before["plan"]["status"].take(), after["plan"]["status"].take()),
        (json!("proposed"), json!("adopted"))
    );
    assert!(before["decision"].take().is_null() && after["decision"].take().is_object());
    assert!(after.as_object_mut().and_then(|all| all.remove("checkpoint")).is_some_and(|c| c["size"].is_u64()));
    assert_eq!(before, after);
}

/// A risk leaves, another comes: the others keep their numbers, and none is used again.
fn a_revision_keeps_the_numbers(body: &mut Body) {
    let numbers = |body: &Body| -> Vec<(String, Value)> {
        let list = body.controller.get(&format!("{}/risks?limit=200&sort=number&included=true", body.plan)).expect(200);
        list.items()
            .iter()
            .map(|r| (r["reference"].as_str().unwrap_or_default().to_owned(), r["number"].clone()))
            .collect()
    };
    let before = numbers(body);
    assert_eq!(before.len(), 60);
    body.controller.post(&format!("{}/revision", body.plan), json!({"reason": "En risk går ut."})).expect(200);
    let leaving = body.risks.iter().position(|risk| risk.reference == before[4].0).expect("the fifth risk");
    let gone = body.risks.remove(leaving);
    body.controller
        .post(&format!("/risks/{}/retirement", gone.id), json!({"reason": "Verksamheten är såld."}))
        .expect(200);
    let mut new = body.invent(16);
    // It comes last, although its goal stands first in the plan.
    new.goal = ORDER[0];
    body.add(new);
    body.propose();
    body.adopt("Tok9998x");

    let after = numbers(body);
    let mut wanted: Vec<(String, Value)> =
        before.iter().filter(|(reference, _)| *reference != gone.reference).cloned().collect();
    wanted.push((body.risks[body.risks.len() - 1].reference.clone(), json!(61)));
    assert_eq!(after, wanted);

    let pdf = body.document("/document", "application/pdf").body;
    assert!(body.document("/revisions/2/document", "application/pdf").body == pdf);
    let text = dense(&pages(&pdf).concat());
    // It stands in the chapter on what is revised, with the reason, and nowhere else.
    for word in words(&gone.name) {
        assert_eq!(text.matches(word).count(), 1, "{word} has left the plan");
    }
    assert!(
        text.contains(&dense("Utgången: Verksamheten är såld."))
            && text.contains(&dense("1 ny risk och 1 utgången risk"))
    );
    let printed = body.printed();
    let (mut found, mut wanted) = (words(&text), words(&printed));
    wanted.push("Tok9998x");
    wanted.extend(words(&gone.name));
    wanted.extend(words(&gone.reference));
    found.sort_unstable();
    found.dedup();
    wanted.sort_unstable();
    wanted.dedup();
    assert_eq!(found, wanted);
    assert!(text.contains("2(reviderad)"));
    assert!(text.contains(&dense("Nummer 5 tillhör en risk som har utgått ur planen och används inte igen.")));
}

/// Next year's plan begins with the same risks under the same references, each to be assessed anew.
fn next_year_begins_where_this_one_is(body: &Body) {
    let from = body.plan.rsplit('/').next().unwrap_or_default();
    let form = json!({"organisationId": body.id, "year": YEAR + 1, "fromPlanId": from});
    let made = body.controller.post("/plans", form).expect(201);
    let list = body.controller.get(&format!("/plans/{}/risks?limit=200", made.id())).expect(200);
    let mut carried = list.column("reference");
    carried.retain(|reference| reference.starts_with("Tok"));
    carried.sort_unstable();
    let mut wanted: Vec<&str> = body.risks.iter().map(|risk| risk.reference.as_str()).collect();
    wanted.sort_unstable();
    assert_eq!(carried, wanted);
    assert!(
        list.items()
            .iter()
            .all(|risk| risk["confirmed"] == false && !risk["previousId"].is_null() && risk["mandatory"] == false)
    );
    let controls = body.controller.get(&format!("/controls?planId={}&limit=200", made.id())).expect(200);
    assert_eq!(controls["total"], body.risks.iter().map(|risk| risk.controls.len()).sum::<usize>());
}
