//! Four bodies that have nothing in common with the demonstration, nor with each other: each with a scale, words, categories
//! and a year of its own. They live a whole year in one register; and in all that their people read (pages, documents, letters,
//! calendars, errors) stands neither everyone's word for a thing, nor another body's.

use std::ops::Deref;

use riskregister::domain::words::{ActionEffect, ActionStatus, Category, ControlStatus, Language, Period, Word};
use serde_json::{Value, json};

use crate::kit::plans::SECTIONS;
use crate::kit::smtp::MailServer;
use crate::kit::{Answer, Client, Databases, Person, Register, Start, both};
use crate::municipality::{Reader, visible};
use crate::reminders::decide;

/// How the words of each begin, so that nobody else says them.
const STEMS: [&str; 4] = ["Kust", "Skogs", "Fjäll", "Slätt"];

/// A scale: so many steps of likelihood and of consequence, and where the plan's threshold goes.
struct Scale {
    cells: Vec<Vec<(i32, &'static str)>>,
    threshold: i32,
}

/// A lookup table with 0 in it; a matrix in which 2×5 is very high and 4×3 is not; three by three; six by four.
fn scale(n: usize) -> Scale {
    let products = |rows: i32, columns: i32, level: fn(i32, i32) -> &'static str| {
        (1..=rows).map(|l| (1..=columns).map(|c| (l * c, level(l, c))).collect()).collect()
    };
    match n {
        0 => {
            let level = |score| match score {
                ..=2 => "low",
                3..=6 => "medium",
                _ => "high",
            };
            let table = [[0, 1, 2, 3], [1, 2, 4, 6], [2, 4, 6, 9], [3, 6, 9, 16]];
            Scale { cells: table.map(|row| row.map(|score| (score, level(score))).to_vec()).to_vec(), threshold: 3 }
        }
        1 => Scale {
            cells: products(5, 5, |l, c| {
                if c == 5 || l * c > 15 {
                    "high"
                } else if l * c > 6 {
                    "medium"
                } else {
                    "low"
                }
            }),
            threshold: 7,
        },
        2 => Scale {
            cells: products(3, 3, |l, c| {
                if l * c > 5 {
                    "high"
                } else if l * c > 2 {
                    "medium"
                } else {
                    "low"
                }
            }),
            threshold: 2,
        },
        _ => Scale {
            cells: products(6, 4, |l, c| {
                if l * c > 14 {
                    "high"
                } else if l * c > 7 {
                    "medium"
                } else {
                    "low"
                }
            }),
            threshold: 6,
        },
    }
}

/// The register that they share, and the server that gets its mail.
struct Shared {
    server: MailServer,
    register: Register,
}

impl Deref for Shared {
    type Target = Register;
    fn deref(&self) -> &Register {
        &self.register
    }
}

impl Start for Shared {
    fn on(databases: Databases) -> Self {
        let server = MailServer::start();
        let register = Register::start(databases, |config| {
            config.mail = Some(server.mail());
            config.public_url = "https://risk.example.org".into();
        });
        Self { server, register }
    }
}

struct Body {
    n: usize,
    id: String,
    name: String,
    year: i32,
    controller: Person,
    head: Person,
    performer: Person,
    plan: String,
}

/// A word that is this body's and nobody else's.
fn own(n: usize, word: &str) -> String {
    format!("{}{}", STEMS[n], word)
}

impl Body {
    fn of(register: &Register, n: usize) -> Self {
        let (kind, year) = [("board", 2022), ("board", 2023), ("federation", 2024), ("company", 2025)][n];
        let name = own(n, ["vårdsrådet", "serviceverket", "räddningen", "fastigheter AB"][n]);
        let form =
            json!({"parentId": register.root, "kind": kind, "name": name, "validFrom": "2020-01-01", "plans": true});
        let id = register.admin.post("/organisations", form).expect(201).id();
        let people = [("Kim", "controller"), ("Hanna", "head"), ("Per", "performer")];
        let [controller, head, performer] =
            people.map(|(first, role)| register.person_with(&format!("{first} {}", own(n, "ling")), &id, role, &id));
        let mut body = Self { n, id, name, year, controller, head, performer, plan: String::new() };
        body.speaks();
        body.scores();
        body.drafts();
        body
    }

    fn own(&self, word: &str) -> String {
        own(self.n, word)
    }

    fn speaks(&self) {
        let mut words = json!({
            "plan": "tillsynsplan", "report": "tillsynsrapport",
            "t1": "våruppföljning", "interim": "sommaruppföljning", "annual": "slutuppföljning",
            "notPlanned": "vila", "performed": "klarhet", "performedWithDeviations": "anmärkning", "notPerformed": "uteblivet",
            "notStarted": "väntan", "onPlan": "gång", "mostlyDone": "slutspurt", "offPlan": "stopp",
            "notAssessed": "ovisshet", "desired": "verkan", "uncertain": "tvivel", "notDesired": "motverkan",
            "accept": "bevakning", "limit": "dämpning", "share": "granskning", "eliminate": "avveckling",
        });
        for (_, word) in words.as_object_mut().expect("an object") {
            *word = json!(self.own(word.as_str().expect("a word")));
        }
        words["categories"] = json!([
            {"name": self.own("drift"), "category": "operational"},
            {"name": self.own("rätt"), "category": "compliance"},
            {"name": self.own("pengar"), "category": "financial"},
        ]);
        let form = json!({"organisationId": self.id, "year": self.year, "words": words});
        self.controller.post("/wordings", form).expect(201);
    }

    fn scores(&self) {
        let Scale { cells, threshold } = scale(self.n);
        let steps = |axis: &str, count: usize| -> Vec<Value> {
            let step = |at| json!({"label": self.own(&format!("{axis}{at}")), "description": self.own(&format!("{axis}beskrivning{at}"))});
            (1..=count).map(step).collect()
        };
        let level = |key: &str, colour: &str| {
            json!({"key": key, "label": self.own(&format!("nivå{key}")), "colour": colour, "demand": self.own("krav"),
                "actionRequired": key == "high", "justificationIfAccepted": key != "low", "monitored": true})
        };
        let rows: Vec<Vec<Value>> = cells
            .iter()
            .map(|row| row.iter().map(|(score, level)| json!({"score": score, "level": level})).collect())
            .collect();
        let form = json!({"organisationId": self.id, "name": self.own("skala"), "definition": {
            "likelihoodName": self.own("trolighet"), "consequenceName": self.own("följd"),
            "likelihoods": steps("trolig", cells.len()), "consequences": steps("skada", cells[0].len()), "cells": rows,
            "levels": [level("high", "red"), level("medium", "yellow"), level("low", "green")], "threshold": threshold,
        }});
        self.controller.post("/scoring-policies", form).expect(201);
    }

    fn risk(&self, goal: &str, name: &str, category: &str, (likelihood, consequence): (usize, usize)) -> String {
        let form = json!({"name": self.own(name), "goalId": goal, "ownerId": self.head.id, "ownCategory": self.own(category),
            "response": "limit", "likelihood": likelihood, "consequence": consequence});
        self.controller.post(&format!("/plans/{}/risks", self.plan), form).expect(201).id()
    }

    /// The plan with three risks, of which one is not in it, with controls and actions that are followed up.
    fn drafts(&mut self) {
        let year = self.year;
        let goal = json!({"organisationId": self.id, "year": year, "name": self.own("målet"), "number": "1"});
        let goal = self.controller.post("/goals", goal).expect(201).id();
        let form = json!({"goalId": goal, "name": self.own("andelen"), "decidedBy": "board", "boardTarget": "90 %"});
        let indicator = self.controller.post("/indicators", form).expect(201).id();
        let plan = json!({"organisationId": self.id, "year": year});
        self.plan = self.controller.post("/plans", plan).expect(201).id();
        let cells = scale(self.n).cells;
        let (high, wide) = (cells.len(), cells[0].len());
        for (name, category, score) in
            [("brand", "drift", (high, wide)), ("svek", "rätt", (high - 1, wide)), ("damm", "pengar", (1, 1))]
        {
            let risk = self.risk(&goal, name, category, score);
            for (control, recurrences) in [("prov", json!(["tertial"])), ("syn", json!(["annual"]))] {
                let form = json!({"name": self.own(&format!("{control} mot {name}")), "recurrences": recurrences,
                    "responsibleId": self.performer.id, "indicatorIds": [indicator]});
                self.controller.post(&format!("/risks/{risk}/controls"), form).expect(201);
            }
            let form = json!({"name": self.own(&format!("bygge mot {name}")), "responsibleId": self.performer.id,
                "startDate": format!("{year}-01-15"), "endDate": format!("{year}-06-30")});
            self.controller.post(&format!("/risks/{risk}/actions"), form).expect(201);
        }
        for key in SECTIONS {
            let form = json!({"text": self.own(&format!("text om {key}"))});
            let path = format!("/plans/{}/sections/{key}", self.plan);
            self.controller.with("if-none-match", "*").put(&path, form).expect(201);
        }
        for key in ["legalGround", "guideline", "ownModel"] {
            let form = json!({"organisationId": self.id, "year": year, "language": "sv", "key": key,
                "heading": self.own(&format!("rubrik{key}")), "text": self.own(&format!("stycke{key}"))});
            self.controller.post("/standing-texts", form).expect(201);
        }
    }

    fn decision(&self, day: String) -> Value {
        json!({"decidedOn": day, "decidingBoard": self.name, "paragraph": "7"})
    }

    fn period(&self, period: &str) -> String {
        format!("/plans/{}/periods/{period}", self.plan)
    }

    /// Each control and action gets a status, in turns all that there are.
    fn reports(&self, period: &str) {
        let of_period = format!("{}/statuses?missing=true&limit=200", self.period(period));
        let missing = self.controller.get(&of_period).expect(200);
        assert!(!missing.items().is_empty(), "{period}");
        for (at, row) in missing.items().iter().enumerate() {
            let (entity, id) = (row["entity"].as_str().expect("an entity"), row["id"].as_str().expect("an id"));
            let comment = self.own("förklaring");
            let form = match (entity, at % 3) {
                ("control", 0) => json!({"status": "performed"}),
                ("control", 1) => json!({"status": "performedWithDeviations", "comment": comment}),
                ("control", _) => json!({"status": "notPerformed", "comment": comment}),
                (_, 0) => json!({"status": "onPlan", "effect": "desired"}),
                (_, 1) => json!({"status": "mostlyDone", "effect": "uncertain", "comment": comment}),
                (_, _) => json!({"status": "offPlan", "effect": "notDesired", "comment": comment}),
            };
            let path = format!("/{entity}s/{id}/reports/{period}");
            self.performer.with("if-none-match", "*").put(&path, form).expect(201);
        }
    }

    /// Closes a period, and takes its report to the board's decision.
    fn closes(&self, period: &str) {
        self.controller.post_current(&self.period(period), "/closure", json!({})).expect(200);
        if period == "annual" {
            let judged =
                |component| json!({"component": component, "judgement": "sufficient", "reason": self.own("skäl")});
            let parts =
                ["controlEnvironment", "riskAssessment", "controlActivities", "informationCommunication", "monitoring"];
            let path = format!("/plans/{}/self-assessments/annual", self.plan);
            self.controller.with("if-none-match", "*").put(&path, json!({"components": parts.map(judged)})).expect(201);
        }
        let form = json!({"kind": period});
        let report = self.controller.post(&format!("/plans/{}/reports", self.plan), form).expect(201).id();
        let path = format!("/reports/{report}");
        let texts = json!({"introduction": self.own("inledning"), "conclusion": self.own("slutsats"), "assurance": self.own("försäkran")});
        let texts = if period == "annual" { texts } else { json!({"introduction": self.own("inledning")}) };
        self.controller.patch_current(&path, texts).expect(200);
        self.head.post_current(&path, "/finalization", json!({})).expect(200);
        let decision = self.decision(format!("{}-02-11", self.year + 1));
        self.controller.post_current(&path, "/decision", decision).expect(200);
    }

    /// What is refused on the way, as it is told.
    fn refused(&self) -> Vec<Answer> {
        let c = self.controller.with("accept-language", "sv");
        let performer = self.performer.with("accept-language", "sv");
        let rows = self.controller.get(&format!("{}/statuses?limit=200", self.period("t1"))).expect(200);
        let of = |entity: &str| {
            let row = rows.items().iter().find(|row| row["entity"] == entity).expect("a row");
            format!("/{entity}s/{}/reports/", row["id"].as_str().expect("an id"))
        };
        let (control, action) = (of("control"), of("action"));
        let new = |client: &Client| client.with("if-none-match", "*");
        vec![
            new(&performer).put(&format!("{control}t1"), json!({"status": "notPerformed"})),
            new(&performer).put(&format!("{control}interim"), json!({"status": "performedWithDeviations"})),
            new(&performer).put(&format!("{action}t1"), json!({"status": "offPlan", "effect": "uncertain"})),
            new(&performer).put(&format!("{action}annual"), json!({"status": "mostlyDone"})),
            c.post_current(&self.period("annual"), "/closure", json!({})),
            c.post_current(&self.period("t1"), "/closure", json!({})),
            c.post_current(&format!("/plans/{}", self.plan), "/proposal", json!({})),
            c.post(&format!("/plans/{}/risks", self.plan), json!({"name": "x", "likelihood": 9, "consequence": 9})),
            c.post(&format!("/plans/{}/risks", self.plan), json!({"name": "x", "ownCategory": "drift"})),
        ]
    }
}

/// Everyone's words, as they stand within a text; those that are no more than common words are left out.
fn everyones() -> Vec<String> {
    fn of<W: Word>() -> impl Iterator<Item = String> {
        W::ALL.iter().map(|word| word.label(Language::Sv).to_lowercase())
    }
    let all = of::<Period>().chain(of::<ControlStatus>()).chain(of::<ActionStatus>()).chain(of::<ActionEffect>());
    let common = ["år", "t1", "enligt plan"];
    let all = all.chain(of::<Category>()).filter(|word| !common.contains(&word.as_str()));
    let more = [
        "plan för intern kontroll",
        "planen för intern kontroll",
        "rapport om intern kontroll",
        "uppföljning av intern kontroll",
        "helåret",
        "sannolikhet",
        "mycket låg risk",
        "medelhög risk",
        "mycket hög",
        "katastrofal",
    ];
    all.chain(more.map(str::to_owned)).collect()
}

/// Where a text says what it should not.
fn foreign(n: usize, place: &str, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let page = place.split('?').next().unwrap_or_default();
    let shared = SHARED.contains(&page) || SHARED_BELOW.iter().any(|at| place.starts_with(at));
    let others = STEMS.iter().enumerate().filter(|(at, _)| *at != n && !shared);
    let others = others.map(|(_, stem)| stem.to_lowercase());
    everyones().into_iter().chain(others).filter(|word| text.contains(word)).collect()
}

/// The words around one, for whoever has to find it.
fn around(text: &str, word: &str) -> String {
    let at = text.find(word).unwrap_or_default();
    let near = |at: usize, step: isize| {
        let mut at = at.saturating_add_signed(step).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    text[near(at, -60)..near(at, 60)].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Pages that name every body, since they are everybody's to read, or choose among the bodies.
const SHARED: [&str; 9] = [
    "/audit",
    "/deficiencies",
    "/goals",
    "/organisations",
    "/risks",
    "/controls",
    "/actions",
    "/settings",
    "/standing-texts",
];
/// What stands below such a page and is of every body, too.
const SHARED_BELOW: [&str; 2] = ["/organisations/", "/standing-texts/"];

/// Pages that show everyone's words beside the body's own, since they are made for choosing between them; and the list of the
/// risks of all bodies, whose scales differ.
fn is_everyones(path: &str, body: &str) -> bool {
    // What another body's register holds is told in its words, and in everyone's where one sees nothing of it.
    let of_another = path.starts_with("/files/organisations/") && !path.contains(body);
    of_another || path == "/risks" || ["/wordings", "/policies", "/accessibility"].iter().any(|at| path.starts_with(at))
}

both! {
    fn each_lives_a_year_in_its_own_words(shared: &Shared) {
        let bodies: Vec<Body> = (0..4).map(|n| Body::of(shared, n)).collect();
        let mut faults: Vec<String> = Vec::new();
        let mut told = |body: &Body, place: &str, text: &str| {
            for word in foreign(body.n, place, text) {
                faults.push(format!("{} {place} says {word}: {}", body.name, around(&text.to_lowercase(), &word)));
            }
        };
        for body in &bodies {
            let checks = body.controller.with("accept-language", "sv").get(&format!("/plans/{}/checks", body.plan)).expect(200);
            assert_eq!(checks["missing"], json!([]), "{}", body.name);
            let path = format!("/plans/{}", body.plan);
            body.head.post_current(&path, "/proposal", json!({})).expect(200);
            let decision = body.decision(format!("{}-12-10", body.year - 1));
            body.controller.post_current(&path, "/adoption", decision).expect(200);
            for answer in body.refused() {
                assert!((400..500).contains(&answer.status), "{}: {}", answer.asked, answer.json);
                told(body, &answer.asked, &answer.json.to_string());
            }
        }
        // A Monday in the middle of it: whoever owes something is told.
        let sent = decide(&shared.db);
        assert!(sent >= 12, "everyone of the four is thought of: {sent}");
        let letters = shared.server.wait_for(12);
        for body in &bodies {
            let people = [&body.controller, &body.head, &body.performer];
            let theirs = letters.iter().filter(|letter| people.iter().any(|one| letter.to == [one.email.clone()]));
            let mut count = 0;
            for letter in theirs {
                count += 1;
                told(body, "a letter", &format!("{}\n{}\n{}", letter.subject(), letter.text(), letter.html()));
            }
            assert!(count >= 2, "{count} letters to {}", body.name);
        }
        for body in &bodies {
            for person in [&body.controller, &body.performer] {
                let url = person.post_nothing("/me/calendar").expect(201).text("url");
                let at = url.find("/calendar/").expect("the address of a calendar");
                let feed = shared.as_nobody().send_outside("GET", &url[at..], None).expect(200);
                told(body, "a calendar", &String::from_utf8_lossy(&feed.body));
            }
        }
        for period in ["t1", "interim", "annual"] {
            for body in &bodies {
                body.reports(period);
                body.closes(period);
            }
        }
        for body in &bodies {
            for person in [&body.controller, &body.head, &body.performer] {
                let reader = Reader::over(shared.visitor(&person.id).with("accept-language", "sv").client);
                for (path, text) in &reader.read {
                    if !is_everyones(path, &body.id) {
                        told(body, path, text);
                    }
                }
                let says = |at: &str, word: &str| {
                    let word = body.own(word).to_lowercase();
                    let mut found = reader.read.iter().filter(|(path, _)| path.starts_with(at));
                    assert!(found.any(|(_, text)| text.contains(&word)), "{word} at {at} to {}", person.email);
                };
                if person.id == body.controller.id {
                    let page = shared.visitor(&person.id).page(&format!("/risks?organisationId={}", body.id));
                    told(body, "/risks", &visible(&page));
                    for word in ["nivåhigh", "drift"] {
                        assert!(page.text("main").contains(&body.own(word)), "{word}: {}", page.text("main"));
                    }
                    for (at, word) in [
                        ("/plans/", "tillsynsplan"), ("/risks/", "trolighet"), ("/risks/", "drift"), ("/reports/", "våruppföljning"),
                        ("/files/plans/", "tillsynsplan"), ("/files/plans/", "följd"), ("/files/plans/", "drift"),
                        ("/files/reports/", "tillsynsrapport"), ("/files/reports/", "sommaruppföljning"), ("/files/reports/", "anmärkning"),
                        ("/files/reports/", "stopp"), ("/files/reports/", "tvivel"), ("/status/", "klarhet"),
                    ] {
                        says(at, word);
                    }
                }
            }
        }
        faults.sort();
        faults.dedup();
        assert!(faults.is_empty(), "{} places:\n{}", faults.len(), faults.join("\n"));
    }
}
