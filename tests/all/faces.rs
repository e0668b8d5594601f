//! One thing, told everywhere: whatever a plan and its period came to, the API, the pages, the four formats of the
//! documents and their public versions say the same of each risk, control and action.
//!
//! Which plans they are is chance. The words are read as a reader would: by the name that stands before them.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

use crate::kit::depth::{chance, deep};
use crate::kit::pdf::{dense, pages};
use crate::kit::visitor::Page;
use crate::kit::{World, both, office};

const PDF: &str = "application/pdf";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What the API says of a risk when the board gets the plan.
struct Told {
    id: String,
    name: String,
    number: i64,
    reference: String,
    likelihood: i64,
    consequence: i64,
    score: i64,
    level: String,
    mandatory: bool,
    secret: bool,
}

/// What the API says of a control or an action in the period.
struct Row {
    name: String,
    is_control: bool,
    status: Option<String>,
    effect: Option<String>,
    comment: Option<String>,
    /// Its risk is marked as secret, or what was reported.
    secret_risk: bool,
    secret_comment: bool,
}

/// The words of documents; a page says of a control that is not planned that it is so in the period.
const CONTROL: [(&str, &str); 4] = [
    ("notPlanned", "Ej planerad"),
    ("performed", "Genomförd utan avvikelser"),
    ("performedWithDeviations", "Genomförd med avvikelser"),
    ("notPerformed", "Inte genomförd"),
];
const ACTION: [(&str, &str); 4] = [
    ("notStarted", "Ej påbörjad"),
    ("onPlan", "Enligt plan"),
    ("mostlyDone", "Merparten åtgärdat, delar kvarstår"),
    ("offPlan", "Ej enligt plan"),
];
const EFFECT: [(&str, &str); 4] = [
    ("notAssessed", "Ej bedömt"),
    ("desired", "Bedöms ge önskad effekt"),
    ("uncertain", "Osäkert om önskad effekt nås"),
    ("notDesired", "Bedöms inte få önskad effekt"),
];
const MISSING: &str = "Rapport saknas";
const LEVELS: [(&str, &str); 5] =
    [("veryLow", "Mycket låg"), ("low", "Låg"), ("medium", "Medelhög"), ("high", "Hög"), ("veryHigh", "Mycket hög")];

fn word(scale: &[(&str, &'static str)], code: &str) -> &'static str {
    scale.iter().find(|(key, _)| *key == code).unwrap_or_else(|| panic!("{code} is no word of its scale")).1
}

impl Row {
    fn scale(&self) -> &'static [(&'static str, &'static str)] {
        if self.is_control { &CONTROL } else { &ACTION }
    }
    fn status_word(&self) -> &'static str {
        self.status.as_deref().map_or(MISSING, |status| word(self.scale(), status))
    }
}

/// A plan of a year with its first period, made by chance.
struct Made<'w> {
    world: &'w World,
    rng: StdRng,
    next: u32,
    year: i32,
    plan: String,
}

impl Made<'_> {
    /// A name that no other begins with, and that no line can break.
    fn name(&mut self) -> String {
        self.next += 1;
        format!("{}{}", ["Brist", "Scen", "Biljett", "Publik"].choose(&mut self.rng).expect("one"), self.next)
    }

    fn perhaps(&mut self, of_ten: u32) -> bool {
        self.rng.random_range(0..10) < of_ten
    }

    fn marking() -> Value {
        json!({"provision": "18 kap. 8 § OSL", "date": "2024-01-15", "authority": "Kulturnämnden"})
    }

    fn fill(&mut self) {
        let (world, year) = (self.world, self.year);
        let goals = [world.goal(year, "Ekonomi i balans"), world.goal(year, "Tillgänglig scenkonst")];
        if self.perhaps(5) {
            let name = self.name();
            world.issue(year, "risk", &name, &goals[0]);
        }
        self.plan = world.plan(year);
        for _ in 0..self.rng.random_range(2..=5) {
            let name = self.name();
            let score = (self.rng.random_range(1..=5), self.rng.random_range(1..=5));
            let goal = goals.choose(&mut self.rng).expect("one");
            let risk = world.risk(&self.plan, goal, &name, score).id();
            let path = format!("/risks/{risk}");
            if self.perhaps(3) {
                world.controller.patch_current(&path, json!({"secrecy": Self::marking()})).expect(200);
            }
            for _ in 0..self.rng.random_range(1..=2) {
                let recurrence = ["continuous", "annual"].choose(&mut self.rng).expect("one");
                let form =
                    json!({"name": self.name(), "recurrences": [recurrence], "responsibleId": world.performer.id});
                world.controller.post(&format!("{path}/controls"), form).expect(201);
            }
            for _ in 0..self.rng.random_range(1..=2) {
                let form = json!({"name": self.name(), "responsibleId": world.performer.id,
                    "startDate": format!("{year}-01-01"), "endDate": format!("{year}-12-31")});
                world.controller.post(&format!("{path}/actions"), form).expect(201);
            }
        }
        world.complete(&self.plan);
    }

    /// What is due in the first period gets a status, or not.
    fn report(&mut self, all: bool) {
        let world = self.world;
        let path = format!("/plans/{}/periods/t1/statuses?missing=true&limit=200", self.plan);
        for row in world.controller.get(&path).expect(200).items() {
            if !all && self.perhaps(3) {
                continue;
            }
            let (entity, id) = (row["entity"].as_str().expect("an entity"), row["id"].as_str().expect("an id"));
            let mut code = |scale: &[(&'static str, &str)]| scale.choose(&mut self.rng).expect("one").0;
            let mut form = match entity {
                "control" => json!({"status": code(&CONTROL)}),
                _ => json!({"status": code(&ACTION), "effect": code(&EFFECT)}),
            };
            form["comment"] = self.name().into();
            if self.perhaps(2) {
                form["secrecy"] = Self::marking();
            }
            world.performer.with("if-none-match", "*").put(&format!("/{entity}s/{id}/reports/t1"), form).expect(201);
        }
    }

    fn risks(&self) -> Vec<Told> {
        let risks = self.world.risks(&self.plan);
        let included = risks.iter().filter(|risk| risk["included"] == true);
        let number = |risk: &Value, of: &str| risk[of].as_i64().unwrap_or_else(|| panic!("{of} of {risk}"));
        included
            .map(|risk| Told {
                id: text(&risk["id"]),
                name: text(&risk["name"]),
                number: number(risk, "number"),
                reference: text(&risk["reference"]),
                likelihood: number(risk, "likelihood"),
                consequence: number(risk, "consequence"),
                score: number(risk, "score"),
                level: text(&risk["level"]),
                mandatory: risk["inclusionReason"] == "mandatory" || !risk["mandatoryRiskId"].is_null(),
                secret: !risk["secrecy"].is_null(),
            })
            .collect()
    }

    fn rows(&self, secret: &[String]) -> Vec<Row> {
        let path = format!("/plans/{}/periods/t1/statuses?limit=200", self.plan);
        let rows = self.world.controller.get(&path).expect(200);
        let of = |row: &Value, field: &str| row[field].as_str().map(str::to_owned);
        rows.items()
            .iter()
            .map(|row| {
                let entity = text(&row["entity"]);
                let report = format!("/{entity}s/{}/reports/t1", text(&row["id"]));
                let report = self.world.controller.get(&report).expect(200);
                Row {
                    name: text(&row["name"]),
                    is_control: entity == "control",
                    status: of(row, "status"),
                    effect: of(row, "effect"),
                    comment: report["comment"].as_str().map(str::to_owned),
                    secret_risk: secret.contains(&text(&row["riskId"])),
                    secret_comment: !report["secrecy"].is_null(),
                }
            })
            .collect()
    }

    fn file(&self, path: &str, accept: &str) -> Vec<u8> {
        self.world.controller.with("accept", accept).get(path).expect(200).body
    }

    /// The plan as the board adopted it, on every face.
    fn hold_plan(&self, risks: &[Told], outside: &[String]) {
        let plan = &self.plan;
        for (version, public) in [("", false), ("?version=public", true)] {
            let path = format!("/plans/{plan}/document{version}");
            let workbook = self.file(&path, XLSX);
            let texts = [
                dense(&pages(&self.file(&path, PDF)).concat()),
                dense(&office::text(&self.file(&path, DOCX))),
                dense(&office::text(&workbook)),
            ];
            let told: Value = serde_json::from_slice(&self.file(&path, "application/json")).expect("JSON");
            let told: BTreeMap<String, Value> = told["goals"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|goal| goal["risks"].as_array().cloned().unwrap_or_default())
                .map(|risk| (text(&risk["id"]), risk))
                .collect();
            assert_eq!(told.len(), risks.len(), "the JSON has the risks that are in the plan");
            let sheet = office::rows(&workbook, "Risker");
            assert_eq!(sheet.len(), risks.len(), "so has the workbook");
            for risk in risks {
                let Told { name, number, score, likelihood, consequence, .. } = risk;
                let (level, here) = (word(&LEVELS, &risk.level), format!("{name} {version}"));
                let one = &told[&risk.id];
                let numbers = json!([number, likelihood, consequence, score, risk.level]);
                let fields = ["number", "likelihood", "consequence", "score", "level"];
                assert_eq!(json!(fields.map(|field| &one[field])), numbers, "{here} in JSON");
                let row = sheet.iter().find(|row| row["Nr"] == number.to_string()).expect("a row");
                let cells = ["Sannolikhet", "Konsekvens", "Riskvärde", "Risknivå"].map(|of| row[of].as_str());
                let expected = [likelihood, consequence, score].map(i64::to_string);
                assert_eq!(cells[..3], expected, "{here} in the workbook");
                assert_eq!(cells[3], format!("{level} risk"), "{here} in the workbook");
                let masked = public && risk.secret;
                assert_eq!(one["name"] == name.as_str(), !masked, "{here} in JSON");
                assert_eq!(row["Risk"] == *name, !masked, "{here} in the workbook");
                for all in &texts {
                    assert_eq!(all.contains(name), !masked, "{here}");
                }
                if risk.secret {
                    continue;
                }
                let tag = if risk.mandatory { "Obligatoriskrisk" } else { "" };
                let line =
                    format!("{number}{}{name}{tag}RutÄgare{likelihood}{consequence}{score}{level}", risk.reference);
                for all in &texts[..2] {
                    assert!(all.contains(&dense(&line)), "{here}: no {line} in\n{all}");
                }
            }
            for name in outside {
                for all in &texts {
                    assert!(!all.contains(name), "{name} is not in the plan");
                }
            }
        }
        let page = self.world.visitor(&self.world.controller.id).page(&format!("/plans/{plan}"));
        for risk in risks {
            let told = read_at(&page, risk.number);
            let now = self.world.controller.get(&format!("/risks/{}", risk.id)).expect(200);
            assert_eq!((&now["adoptedScore"], &now["adoptedLevel"]), (&json!(risk.score), &json!(risk.level)));
            assert!(told.starts_with(&format!("{} {} ", risk.number, risk.name)), "{} on the page: {told}", risk.name);
            assert_eq!(page.all(&format!("#risk-{} a[href='/risks/{}']", risk.number, risk.id)).len(), 1);
            let level = word(&LEVELS, &risk.level);
            let value = format!("Riskvärde och nivå {} {level} risk ", risk.score);
            assert!(told.contains(&value), "{} on the page: {told}", risk.name);
            assert_eq!(told.contains("Sekretessmarkering"), risk.secret, "{} on the page: {told}", risk.name);
            // What the board adopted, and today's beside it where that is another.
            let today = [&now["likelihood"], &now["consequence"], &now["score"]];
            let is_other = json!(today) != json!([risk.likelihood, risk.consequence, risk.score]);
            let beside = format!("Riskvärde i dag: {}, ", now["score"]);
            assert_eq!(told.contains(&beside), is_other, "{} on the page: {told}", risk.name);
            assert_eq!(told.contains("i dag"), is_other, "{} on the page: {told}", risk.name);
        }
    }

    /// The period's statuses on every face.
    fn hold_statuses(&self, report: &str, rows: &[Row], ids: &BTreeMap<String, String>) {
        for (version, public) in [("", false), ("?version=public", true)] {
            let path = format!("/reports/{report}/document{version}");
            let workbook = self.file(&path, XLSX);
            let texts = [
                ("PDF", dense(&pages(&self.file(&path, PDF)).concat())),
                ("DOCX", dense(&office::text(&self.file(&path, DOCX)))),
            ];
            let told: Value = serde_json::from_slice(&self.file(&path, "application/json")).expect("JSON");
            let told = told["plan"]["goals"].as_array().into_iter().flatten();
            let told = told.flat_map(|goal| goal["risks"].as_array().into_iter().flatten());
            let told = told
                .flat_map(|risk| ["controls", "actions"].map(|of| risk[of].as_array()).into_iter().flatten().flatten());
            let told: BTreeMap<String, &Value> = told.map(|one| (text(&one["id"]), one)).collect();
            let sheets = ["Kontroller", "Åtgärder"].map(|sheet| office::rows(&workbook, sheet));
            for row in rows {
                let here = format!("{} {version}", row.name);
                let one = told[&ids[&row.name]];
                assert_eq!(one["report"]["status"], json!(row.status), "{here} in JSON");
                let masked = public && row.secret_risk;
                let silent = masked || public && row.secret_comment;
                assert_eq!(one["name"] == row.name.as_str(), !masked, "{here} in JSON");
                let sheet = &sheets[usize::from(!row.is_control)];
                let column = if row.is_control { "Kontroll" } else { "Åtgärd" };
                let found = sheet.iter().find(|found| found[column] == row.name);
                assert_eq!(found.is_some(), !masked, "{here} in the workbook");
                if let Some(found) = found {
                    assert_eq!(found["Status"], row.status_word(), "{here} in the workbook");
                    if let (false, Some(effect)) = (row.is_control, &row.effect) {
                        assert_eq!(found["Effekt"], word(&EFFECT, effect), "{here} in the workbook");
                    }
                }
                for (format, all) in &texts {
                    if let Some(comment) = &row.comment {
                        assert_eq!(all.contains(comment), !silent, "{here}: its comment {comment} in {format}");
                    }
                    assert_eq!(all.contains(&row.name), !masked, "{here} in {format}");
                    if masked {
                        continue;
                    }
                    let said = after(all, &row.name);
                    for (_, other) in row.scale().iter().chain([&("", MISSING)]) {
                        let is = *other == row.status_word();
                        assert_eq!(said.contains(&dense(other)), is, "{here} in {format}: {other} in {said}");
                    }
                    if let (false, Some(effect)) = (row.is_control, &row.effect) {
                        assert!(said.contains(&dense(word(&EFFECT, effect))), "{here} in {format}: {effect} in {said}");
                    }
                }
            }
        }
        let path = format!("/plans/{}/follow-up?period=t1", self.plan);
        let page = self.world.visitor(&self.world.controller.id).page(&path);
        for row in rows {
            let entity = if row.is_control { "control" } else { "action" };
            let found = row_of(&page, &format!("/status/{entity}/{}/t1", ids[&row.name]), "Status");
            let status = cell(&found, "Status");
            assert!(status.starts_with(row.status_word()), "{} on the page: {status}", row.name);
            if let Some(comment) = &row.comment {
                assert!(cell(&found, "Kommentar").contains(comment.as_str()), "{} on the page", row.name);
            }
        }
    }
}

/// A decision on the report of a year's first period.
fn decided_in(year: i32) -> Value {
    json!({"decidedOn": format!("{year}-05-20"), "decidingBoard": "Kulturnämnden", "paragraph": "7"})
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// What a document says after a name, in the table in which it stands with who is responsible: until the next name.
fn after<'t>(all: &'t str, name: &str) -> &'t str {
    let begin = format!("{name}Ansvarig:");
    let from =
        all.find(&begin).unwrap_or_else(|| panic!("{name} stands with who is responsible in\n{all}")) + begin.len();
    let rest = &all[from..];
    let next = ["Ansvarig:", "Riskvärdeochnivå", "Mål", "Bilaga"].iter().filter_map(|sign| rest.find(sign)).min();
    &rest[..next.unwrap_or(rest.len())]
}

/// What a plan's page says of the risk with a number, from its heading to the next.
fn read_at(page: &Page, number: i64) -> String {
    let heading = page.one(&format!("#risk-{number}"));
    let rest = heading.next_siblings().filter_map(scraper::ElementRef::wrap);
    let below = rest.take_while(|one| !["h2", "h3", "h4"].contains(&one.value().name()));
    // Each text by itself: a name and its value stand beside each other.
    let words = |one: scraper::ElementRef| one.text().map(|text| format!("{text} ")).collect::<String>();
    let all = std::iter::once(heading).chain(below).map(words).collect::<String>();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cells of the row in which a link stands, by their labels; of the rows that have a cell of this label.
fn row_of(page: &Page, link: &str, label: &str) -> BTreeMap<String, String> {
    let rows = page.all("main tr").into_iter().filter(|row| {
        let href = scraper::Selector::parse(&format!("a[href='{link}']")).expect("a selector");
        row.select(&href).next().is_some()
    });
    let cells = scraper::Selector::parse("td[data-label]").expect("a selector");
    rows.map(|row| {
        row.select(&cells)
            .map(|cell| {
                let said = cell.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
                (cell.attr("data-label").unwrap_or_default().to_owned(), said)
            })
            .collect::<BTreeMap<_, _>>()
    })
    .find(|row| row.contains_key(label))
    .unwrap_or_else(|| panic!("no row has {link} and {label}"))
}

fn cell(row: &BTreeMap<String, String>, label: &str) -> String {
    row[label].clone()
}

both! {
    fn each_face_says_the_same_of_a_thing(world: &World) {
        let mut made = Made { world, rng: chance("faces"), next: 100, year: 2023, plan: String::new() };
        for _ in 0..deep(1, 3) {
            made.year += 1;
            made.fill();
            world.propose(&made.plan).expect(200);
            let risks = made.risks();
            let every = world.risks(&made.plan);
            let outside: Vec<String> =
                every.iter().filter(|risk| risk["included"] == false).map(|risk| text(&risk["name"])).collect();
            world.adopt(&made.plan).expect(200);

            // What the board adopted stays, whatever is thought of it since.
            for risk in &risks {
                if made.perhaps(4) {
                    let form = json!({"likelihood": made.rng.random_range(1..=5), "consequence": 2, "reason": "Nytt läge."});
                    world.controller.post(&format!("/risks/{}/assessments", risk.id), form).expect(201);
                }
            }
            made.hold_plan(&risks, &outside);

            let closed = made.perhaps(5);
            made.report(closed);
            let secret: Vec<String> = every.iter().filter(|risk| !risk["secrecy"].is_null()).map(|risk| text(&risk["id"])).collect();
            let rows = made.rows(&secret);
            let listed = world.controller.get(&format!("/plans/{}/periods/t1/statuses?limit=200", made.plan)).expect(200);
            let ids = listed.items().iter().map(|row| (text(&row["name"]), text(&row["id"]))).collect();
            let form = json!({"kind": "t1"});
            if closed {
                world.controller.post_current(&format!("/plans/{}/periods/t1", made.plan), "/closure", json!({})).expect(200);
            }
            let report = world.controller.post(&format!("/plans/{}/reports", made.plan), form).expect(201).id();
            if closed {
                world.head.post_current(&format!("/reports/{report}"), "/finalization", json!({})).expect(200);
                world.controller.post_current(&format!("/reports/{report}"), "/decision", decided_in(made.year)).expect(200);
            }
            made.hold_statuses(&report, &rows, &ids);
        }
    }
}
