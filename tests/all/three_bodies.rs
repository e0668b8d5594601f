//! Three bodies live a year side by side, a board, a company and a federation: from plan to annual report, with a revision
//! in between. Every sealed file is read back, and each statement in it is compared with what the register held when it was
//! sealed, by a reader that knows nothing of what writes ([`crate::told`]).

use std::cell::RefCell;

use serde_json::{Value, json};

use crate::kit::{Person, Register, both, pdf};
use crate::told::facts::{Facts, said};
use crate::told::files::{self, Piece, plain};
use crate::told::spoken::{self, Moment, Version, without_guide};
use crate::told::spoken_report::{self, Told};
use crate::told::{data, sheets};

const PDF: &str = "application/pdf";
const JSON: &str = "application/json";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What the region has set for the year.
struct Region<'r> {
    register: &'r Register,
    auditor: Person,
    goals: [String; 2],
    indicators: [String; 2],
}

impl<'r> Region<'r> {
    fn of(register: &'r Register) -> Self {
        let admin = &register.admin;
        let goals = [("1", "En ekonomi i balans"), ("2", "Nöjda invånare")].map(|(number, name)| {
            let form = json!({"organisationId": register.root, "year": 2024, "number": number, "name": name});
            admin.post("/goals", form).expect(201).id()
        });
        let indicators = [("Andel sjukfrånvaro", "6 %"), ("Andel nöjda besökare", "90 %")].map(|(name, target)| {
            let form = json!({"goalId": goals[1], "name": name, "decidedBy": "board", "boardTarget": target});
            admin.post("/indicators", form).expect(201).id()
        });
        let form = json!({"year": 2024, "kind": "risk", "name": "Risk för oegentligheter", "goalId": goals[0]});
        admin.post("/mandatory-risks", form).expect(201);
        for (period, day) in [("t1", "2024-05-17"), ("annual", "2025-01-31")] {
            admin
                .with("if-none-match", "*")
                .put(&format!("/deadlines/2024/{period}"), json!({"dueOn": day}))
                .expect(201);
        }
        let auditor = register.person_with("Rolf Revisor", &register.root, "auditor", &register.root);
        Self { register, auditor, goals, indicators }
    }
}

struct Body<'r> {
    region: &'r Region<'r>,
    /// 0 the board, 1 the company, 2 the federation: each has something that the others have not.
    n: usize,
    id: String,
    name: &'static str,
    controller: Person,
    head: Person,
    owner: Person,
    performer: Person,
    plan: String,
    /// The mandatory one, one that leaves with the revision, one that is marked as secret in the board, and one that stays.
    risks: Vec<String>,
    /// Of each of them.
    controls: Vec<String>,
    actions: Vec<String>,
    plans: Vec<Moment>,
    reports: Vec<Moment>,
    /// Where a file says something else than what was so.
    faults: RefCell<Vec<String>>,
}

impl<'r> Body<'r> {
    fn of(region: &'r Region<'r>, n: usize) -> Self {
        let register = region.register;
        let (kind, name, short) = [
            ("board", "Kulturnämnden", Some("KN")),
            ("company", "Länsteatern AB", None),
            ("federation", "Vårdförbundet Norr", Some("VN")),
        ][n];
        let form = json!({"parentId": register.root, "kind": kind, "name": name, "abbreviation": short, "validFrom": "2020-01-01", "plans": true});
        let id = register.admin.post("/organisations", form).expect(201).id();
        let [controller, head, owner, performer] = [
            ("Carl Samordnare", "controller"),
            ("Hedda Chef", "head"),
            ("Rut Ägare", "riskOwner"),
            ("Per Utförare", "performer"),
        ]
        .map(|(name, role)| register.person_with(&format!("{name} {}", ["Ett", "Två", "Tre"][n]), &id, role, &id));
        let plan = json!({"organisationId": id, "year": 2024, "diaryNumbers": [format!("DNR 2023-{n}"), "RS 2023-9"]});
        let plan = controller.post("/plans", plan).expect(201).id();
        let mut body = Self {
            region,
            n,
            id,
            name,
            controller,
            head,
            owner,
            performer,
            plan,
            risks: vec![],
            controls: vec![],
            actions: vec![],
            plans: vec![],
            reports: vec![],
            faults: RefCell::default(),
        };
        body.draft();
        body
    }

    fn path(&self) -> String {
        format!("/plans/{}", self.plan)
    }

    /// A text that stands in no other body's documents.
    fn own(&self, text: &str) -> String {
        format!("{text} hos {}", ["Kultur", "Teatern", "Vården"][self.n])
    }

    fn risk(&mut self, name: &str, goal: usize, score: (i32, i32), more: Value) -> String {
        let mut form = json!({"name": self.own(name), "goalId": self.region.goals[goal], "ownerId": self.owner.id, "category": "operational",
            "response": "limit", "likelihood": score.0, "consequence": score.1});
        form.as_object_mut().expect("a form").extend(more.as_object().cloned().unwrap_or_default());
        self.controller.post(&format!("{}/risks", self.path()), form).expect(201).id()
    }

    fn control(&mut self, risk: &str, name: &str, more: Value) -> String {
        let mut form = json!({"name": self.own(name), "responsibleId": self.performer.id, "recurrences": ["tertial"]});
        form.as_object_mut().expect("a form").extend(more.as_object().cloned().unwrap_or_default());
        self.controller.post(&format!("/risks/{risk}/controls"), form).expect(201).id()
    }

    fn action(&mut self, risk: &str, name: &str, (start, end): (&str, &str), more: Value) -> String {
        let mut form =
            json!({"name": self.own(name), "responsibleId": self.owner.id, "startDate": start, "endDate": end});
        form.as_object_mut().expect("a form").extend(more.as_object().cloned().unwrap_or_default());
        self.controller.post(&format!("/risks/{risk}/actions"), form).expect(201).id()
    }

    fn draft(&mut self) {
        let path = self.path();
        let mandatory = self.controller.get(&format!("{path}/risks")).expect(200).column("id")[0].to_owned();
        let form = json!({"ownerId": self.owner.id, "category": "compliance", "response": "share", "irregularity": self.n != 2});
        self.controller.patch_current(&format!("/risks/{mandatory}"), form).expect(200);
        self.controller
            .post(&format!("/risks/{mandatory}/assessments"), json!({"likelihood": 2, "consequence": 2}))
            .expect(201);
        let leaves = self.risk(
            "Risk för dyra vikarier",
            0,
            (3, 4),
            json!({"category": "financial", "description": self.own("Vikarierna kostar mer än budgeten")}),
        );
        let secrecy = if self.n == 0 {
            json!({"provision": "18 kap. 8 § OSL", "date": "2023-11-02", "authority": "Kulturnämnden"})
        } else {
            Value::Null
        };
        let secret =
            self.risk("Risk för inbrott i magasinet", 1, (4, 5), json!({"secrecy": secrecy, "category": "strategic"}));
        let stays = self.risk("Risk för missnöjda besökare", 1, (4, 3), json!({}));
        self.risk("Risk som ingen behöver tänka på", 1, (1, 2), json!({}));
        self.risks = vec![mandatory.clone(), leaves.clone(), secret.clone(), stays.clone()];
        let follows = if self.n == 0 { json!([self.region.indicators[1]]) } else { json!([]) };
        self.controls = vec![
            self.control(&mandatory, "Stickprover av utbetalningar", json!({"frequency": "Varje tertial"})),
            self.control(
                &leaves,
                "Genomgång av bemanningen",
                json!({"frequency": "Varje månad", "recurrences": ["monthly"]}),
            ),
            self.control(&secret, "Prov av larmet", json!({"frequency": "En gång om året", "recurrences": ["annual"]})),
            self.control(
                &stays,
                "Enkät till besökarna",
                json!({"frequency": "Löpande", "recurrences": ["continuous"], "indicatorIds": follows}),
            ),
        ];
        self.actions = vec![
            self.action(&leaves, "Anställ fler", ("2024-01-15", "2024-11-30"), json!({"financialEffect": {"fullYear": "12.5", "planYear": "-4", "comment": self.own("Räknat på tio tjänster")}})),
            self.action(&secret, "Byt låsen", ("2024-02-01", "2024-03-31"), json!({})),
            self.action(&stays, "Utbilda värdarna", ("2024-03-01", "2024-12-31"), json!({"description": self.own("Alla värdar går kursen")})),
        ];
        let form = json!({"organisationId": self.id, "year": 2024, "language": "sv", "key": "ownModel", "heading": self.own("Egen modell"), "text": self.own("Så är arbetet ordnat")});
        self.controller.post("/standing-texts", form).expect(201);
        for key in crate::kit::plans::SECTIONS.iter().chain(&["background"]) {
            let form = json!({"text": self.own(&format!("Text om {key}"))});
            self.controller.with("if-none-match", "*").put(&format!("{path}/sections/{key}"), form).expect(201);
        }
    }

    /// What comes with a decision.
    fn decision(&self, day: &str) -> Value {
        let mut form = json!({"decidedOn": day, "decidingBoard": self.name, "paragraph": format!("{}", 10 + self.n), "diaryNumbers": [format!("DNR 2024-{}", self.n)]});
        if self.n == 1 {
            form["clauses"] = json!([self.own("Planen fastställs"), self.own("Planen skickas vidare")]);
            form["sentTo"] = json!(["Regionstyrelsen", "Revisorerna"]);
        }
        form
    }

    /// The newest checkpoint of the body's log, as a document has it.
    fn seal(&self) -> Value {
        self.region.register.db.make_checkpoints().expect("checkpoints can be made");
        let all = self.region.auditor.get(&format!("/logs/{}/checkpoints", self.id)).expect(200);
        let note = said(&all.items()[0], "note").to_owned();
        let lines: Vec<&str> = note.lines().collect();
        json!({"origin": lines[0], "size": lines[1].parse::<u64>().expect("a size"), "root": lines[2]})
    }

    fn facts(&self, of: Option<(&'static str, &str)>) -> Facts {
        let register = self.region.register;
        let root =
            said(&register.admin.get(&format!("/organisations/{}", register.root)).expect(200).json, "name").to_owned();
        match of {
            None => Facts::of_plan(&register.admin, &root, &self.plan),
            Some((name, report)) => Facts::of_report(&register.admin, &root, &self.plan, name, report),
        }
    }

    fn adopt(&mut self, day: &str) {
        self.head.post_current(&self.path(), "/proposal", json!({})).expect(200);
        let seal = self.seal();
        let decision = self.decision(day);
        self.controller.post_current(&self.path(), "/adoption", decision.clone()).expect(200);
        let now = Moment { facts: self.facts(None), decision };
        let before = self.plans.last();
        let files = format!("{}/revisions/{}/document", self.path(), self.plans.len() + 1);
        let (public, masked) = now.facts.masked();
        let public = Moment { facts: public, decision: now.decision.clone() };
        let before_public =
            before.map(|before| Moment { facts: before.facts.masked().0, decision: before.decision.clone() });
        for (version, now, before) in
            [(Version::Full, &now, before), (Version::Public, &public, before_public.as_ref())]
        {
            self.read_back(
                &files,
                version,
                masked,
                &data::plan(now, before, &seal),
                spoken::plan(now, before, version, masked, &seal),
                &sheets::plan(now, before, version),
                &now.facts,
            );
        }
        self.plans.push(now);
    }

    fn report(&mut self, name: &'static str, day: &str) {
        let path = format!("{}/periods/{name}", self.path());
        self.controller.post_current(&path, "/closure", json!({})).expect(200);
        let report = self.controller.post(&format!("{}/reports", self.path()), json!({"kind": name})).expect(201).id();
        let own = json!({"introduction": self.own(&format!("Inledning till {name}")), "shownToManagementOn": day,
            "conclusion": if name == "annual" { json!(self.own("Slutsats")) } else { Value::Null },
            "assurance": if name == "annual" { json!(self.own("Försäkran om året")) } else { Value::Null }});
        self.controller.patch_current(&format!("/reports/{report}"), own).expect(200);
        self.head.post_current(&format!("/reports/{report}"), "/finalization", json!({})).expect(200);
        let seal = self.seal();
        // The facts of the moment when the board decides.
        let decision = self.decision(day);
        let now = Moment { facts: self.facts(Some((name, &report))), decision: decision.clone() };
        self.controller.post_current(&format!("/reports/{report}"), "/decision", decision).expect(200);
        let (public, masked) = now.facts.masked();
        let masks = |all: &[Moment]| -> Vec<Moment> {
            all.iter().map(|one| Moment { facts: one.facts.masked().0, decision: one.decision.clone() }).collect()
        };
        let (plans, earlier) = (masks(&self.plans), masks(&self.reports));
        let public = Moment { facts: public, decision: now.decision.clone() };
        let full = Told { now: &now, plans: &self.plans, earlier: &self.reports, seal: &seal };
        let masked_told = Told { now: &public, plans: &plans, earlier: &earlier, seal: &seal };
        for (version, told) in [(Version::Full, &full), (Version::Public, &masked_told)] {
            self.read_back(
                &format!("/reports/{report}/document"),
                version,
                masked,
                &data::report(told),
                spoken_report::report(told, version, masked),
                &sheets::report(told, version),
                &told.now.facts,
            );
        }
        self.reports.push(now);
    }

    /// Each format of a sealed document against what it must say.
    #[expect(clippy::too_many_arguments, reason = "a document in each of its formats")]
    fn read_back(
        &self,
        path: &str,
        version: Version,
        masked: usize,
        held: &Value,
        spoken: Vec<Piece>,
        told: &sheets::Sheets,
        facts: &Facts,
    ) {
        let word = if version == Version::Public { "public" } else { "full" };
        let file = |media: &str| {
            let answer =
                self.region.register.admin.with("accept", media).get(&format!("{path}?version={word}")).expect(200);
            answer.body
        };
        let place = format!("{} {path} {word}", self.name);
        let mut faults: Vec<String> = Vec::new();

        let mut found: Value = serde_json::from_slice(&file(JSON)).expect("JSON");
        let marks = spoken::markings(facts).len();
        let marked = found.as_object_mut().expect("an object").remove("secrecyMarkings");
        let shown = if version == Version::Full { marks } else { 0 };
        assert_eq!(marked.and_then(|all| all.as_array().map(Vec::len)).unwrap_or(0), shown, "{place}");
        let public = found.as_object_mut().expect("an object").remove("publicVersion");
        assert_eq!(public, (version == Version::Public).then(|| json!({"masked": masked})), "{place}");
        faults.extend(data::differences(held, &found).into_iter().map(|fault| format!("JSON {fault}")));

        let whole = files::word(&file(WORD));
        let found = without_guide(whole.clone());
        let mut at = 0;
        for (n, piece) in found.iter().enumerate() {
            if spoken.get(n) != Some(piece) {
                faults.push(format!("Word, piece {n}:\n  it says   {piece:?}\n  must say  {:?}", spoken.get(n)));
                at += 1;
            }
            if at == 3 {
                break;
            }
        }
        if found.len() != spoken.len() {
            faults.push(format!("Word: {} pieces where {} are told", found.len(), spoken.len()));
        }

        // The PDF says what the Word file says, and nothing else.
        let lines = |pieces: &[Piece]| -> String {
            let all = pieces.iter().map(|piece| match piece {
                Piece::Said(text) => text.clone(),
                Piece::Table(rows) => rows.concat().join(" "),
            });
            all.collect::<Vec<_>>().join("\n")
        };
        let pages = pdf::pages(&file(PDF));
        // A paragraph may go on after the head of the next page.
        // The first has no such head: there the register is named.
        let numbered = |line: &str| line.contains("Sida ") && !line.contains("Sida 1 (");
        let is_head = |line: &str| numbered(line) || self.heads_of_pages(line, facts);
        let lines_alone = pages.iter().flat_map(|page| page.lines()).filter(|line| !is_head(line));
        let printed = bare(&lines_alone.collect::<Vec<_>>().join("\n"));
        let whole: Vec<Piece> = whole.into_iter().map(drawn).collect();
        for piece in &whole {
            let parts: Vec<String> = match piece {
                Piece::Said(text) => vec![text.clone()],
                Piece::Table(rows) => rows.iter().flatten().flat_map(|cell| cell.lines().map(str::to_owned)).collect(),
            };
            faults.extend(
                parts.iter().filter(|part| !printed.contains(&bare(part))).map(|part| format!("PDF lacks {part:?}")),
            );
        }
        let said_in_word = bare(&lines(&whole));
        let cells: Vec<String> = whole
            .iter()
            .flat_map(|piece| match piece {
                Piece::Said(text) => vec![bare(text)],
                Piece::Table(rows) => rows.iter().flatten().flat_map(|cell| cell.lines().map(bare)).collect(),
            })
            .filter(|cell| !cell.is_empty())
            .collect();
        for line in pages.iter().flat_map(|page| page.lines()) {
            // Headings have numbers here, which Word counts itself.
            let unnumbered = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let known = said_in_word.contains(&bare(line))
                || cells.contains(&bare(unnumbered))
                || is_made_of(&bare(line), &cells)
                || ["Innehåll", "Sida "].iter().any(|begins| line.contains(begins))
                || line.contains(". . .");
            if !known && !self.heads_of_pages(line, facts) {
                faults.push(format!("PDF says {line:?}"));
            }
        }

        let book = files::excel(&file(EXCEL));
        for (name, rows) in told {
            match book.iter().find(|(sheet, _)| sheet == name) {
                None => faults.push(format!("Excel lacks the sheet {name}")),
                Some((_, found)) if found != rows => {
                    for n in 0..found.len().max(rows.len()) {
                        if found.get(n) != rows.get(n) {
                            faults.push(format!(
                                "Excel, {name}, row {n}:\n  it says   {:?}\n  must say  {:?}",
                                found.get(n),
                                rows.get(n)
                            ));
                        }
                    }
                }
                _ => {}
            }
        }
        // What the other sheets say stands in the Word file too, or says how to read.
        const ALSO: [&str; 4] = ["Om", "Matris", "Riskvärden", "Läsanvisning"];
        for (name, rows) in book.iter().filter(|(name, _)| told.iter().all(|(sheet, _)| sheet != name)) {
            if !ALSO.contains(&name.as_str()) {
                faults.push(format!("Excel has a sheet {name} that nothing tells of"));
            }
            for (head, cell) in rows.iter().flatten() {
                let cell = cell.strip_prefix("Risk ").unwrap_or(cell).replace("\nRisk ", "\n");
                let known = cell.lines().all(|line| {
                    said_in_word.contains(&bare(line)) || said_in_word.contains(&bare(&line.replace(", ", " ")))
                });
                if !known && head != "Uppgift" && head != "Värde, form" {
                    faults.push(format!("Excel, {name}, {head}: {cell:?} stands nowhere else"));
                }
            }
        }
        self.faults.borrow_mut().extend(faults.into_iter().map(|fault| format!("{place}: {fault}")));
    }

    /// What stands at the head of each page.
    fn heads_of_pages(&self, line: &str, facts: &Facts) -> bool {
        let line = plain(line);
        line.contains(said(&facts.body, "name")) && line.contains("DNR") || line.starts_with("Sekretessmarkerad:")
    }

    fn tell(&self, noun: &str, id: &str, period: &str, form: Value) {
        let by = if noun == "control" { &self.performer } else { &self.controller };
        by.with("if-none-match", "*").put(&format!("/{noun}s/{id}/reports/{period}"), form).expect(201);
    }
}

/// As a PDF has it: the shapes of statuses are drawn, and not written.
fn drawn(piece: Piece) -> Piece {
    let line = |line: &str| match line.split_once(' ') {
        Some(("–" | "●" | "▲" | "■" | "○", word)) if word.starts_with(char::is_alphabetic) => word.to_owned(),
        _ => line.to_owned(),
    };
    let cell = |text: String| text.lines().map(line).collect::<Vec<_>>().join("\n");
    match piece {
        Piece::Said(text) => Piece::Said(text),
        Piece::Table(rows) => Piece::Table(rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect()),
    }
}

/// Whether a line is some of these beside each other.
fn is_made_of(line: &str, cells: &[String]) -> bool {
    line.is_empty()
        || cells.iter().any(|cell| line.strip_prefix(cell.as_str()).is_some_and(|rest| is_made_of(rest, cells)))
}

/// Letters and signs alone: neither space nor what parts words at the end of a line.
fn bare(text: &str) -> String {
    pdf::dense(text).replace(['\u{2011}', '\u{200b}'], "")
}

both! {
    fn every_sealed_file_says_what_was_so(register: &Register) {
        let region = Region::of(register);
        let mut bodies: Vec<Body> = (0..3).map(|n| Body::of(&region, n)).collect();
        for body in &mut bodies {
            body.adopt("2024-02-20");
        }
        for body in &mut bodies {
            body.first_tertial();
            body.report("t1", "2024-05-28");
        }
        for body in &mut bodies {
            body.revise();
            body.adopt("2024-06-18");
        }
        for body in &mut bodies {
            body.interim();
            body.report("interim", "2024-09-24");
        }
        for body in &mut bodies {
            body.whole_year();
            body.report("annual", "2025-02-11");
        }
        let faults: Vec<String> = bodies.into_iter().flat_map(|body| body.faults.into_inner()).collect();
        assert!(faults.is_empty(), "{} statements are not so:\n{}", faults.len(), faults.join("\n"));
    }
}

impl Body<'_> {
    fn outcome(&self, indicator: usize, period: &str, form: Value) {
        let path = format!("/indicators/{}/outcomes/{}/{period}", self.region.indicators[indicator], self.id);
        self.controller.with("if-none-match", "*").put(&path, form).expect(201);
    }

    fn measures(&self, period: &str, all: Value) {
        let path = format!("{}/financial-measures/{period}", self.path());
        self.controller.with("if-none-match", "*").put(&path, json!({"measures": all})).expect(201);
    }

    fn first_tertial(&mut self) {
        let (c, a) = (self.controls.clone(), self.actions.clone());
        let yellow = json!({"status": "performedWithDeviations", "comment": self.own("Två av trettio saknade attest"), "counts": {"samples": 30, "faults": 2}});
        self.tell("control", &c[0], "t1", if self.n == 2 { json!({"status": "performed"}) } else { yellow });
        let secrecy = json!({"provision": "21 kap. 1 § OSL", "date": "2024-05-02", "authority": "Länsteatern AB"});
        let red = json!({"status": "notPerformed", "comment": self.own("Ingen hann"), "secrecy": if self.n == 1 { secrecy } else { Value::Null }});
        self.tell("control", &c[1], "t1", if self.n == 2 { json!({"status": "performed"}) } else { red });
        self.tell("control", &c[3], "t1", json!({"status": "performed"}));
        self.tell("action", &a[0], "t1", json!({"status": "onPlan", "effect": "notAssessed", "realisedEffect": if self.n == 1 { Value::Null } else { json!("-0.3") }}));
        // Past its end in the board; done in the others.
        let done = if self.n == 0 { Value::Null } else { json!("2024-03-28") };
        let late = json!({"status": if self.n == 0 { "offPlan" } else { "onPlan" }, "effect": "desired", "completedOn": done, "comment": self.own("Om låsen")});
        self.tell("action", &a[1], "t1", late);
        self.tell(
            "action",
            &a[2],
            "t1",
            json!({"status": "mostlyDone", "effect": "uncertain", "comment": self.own("Hälften är klara")}),
        );
        match self.n {
            0 => {
                let form = json!({"organisationId": self.id, "riskId": self.risks[0], "title": "Attest saknas", "description": self.own("Två utbetalningar"), "severity": "minor", "foundOn": "2024-03-20", "foundBy": "Ekonomienheten"});
                let closed = self.controller.post("/deficiencies", form).expect(201).id();
                let told = json!({"reportedToBoardOn": "2024-03-21", "reportedToRegionOn": "2024-05-29", "regionYear": 2024, "regionPeriod": "t1", "measures": self.own("Rutinen är ändrad")});
                self.controller.patch_current(&format!("/deficiencies/{closed}"), told).expect(200);
                self.controller.post_current(&format!("/deficiencies/{closed}"), "/closure", json!({"reason": "Rutinen följs.", "closedOn": "2024-04-22"})).expect(200);
                self.outcome(1, "t1", json!({"value": "88.5", "forecast": "89", "judgement": "atRisk", "cause": self.own("Dåligt väder"), "actionIds": [a[2]]}));
            }
            1 => self.measures("t1", json!([{"name": "Färre konsulter", "financialEffect": {"fullYear": "2", "planYear": "1.1", "comment": "Avtalet löper ut."}, "realisedEffect": "0.4"}])),
            _ => {
                let form = json!({"organisationId": self.id, "source": "auditors", "report": "Granskning av inköp", "year": 2023, "diaryNumber": "RK 2023-17", "text": "Direktionen bör följa upp avtalen.", "responsibleId": self.head.id});
                let advice = self.region.auditor.post("/recommendations", form).expect(201).id();
                self.head.post(&format!("/recommendations/{advice}/entries"), json!({"text": "Vi gör det.", "datedOn": "2024-04-15"})).expect(201);
                self.outcome(0, "t1", json!({"value": "5.5", "forecast": "5.5", "judgement": "onTarget"}));
                self.outcome(1, "t1", json!({"value": "91", "forecast": "92", "judgement": "onTarget"}));
            }
        }
    }

    fn revise(&mut self) {
        let path = self.path();
        self.controller
            .post(&format!("{path}/revision"), json!({"reason": self.own("Vikarierna har slutat")}))
            .expect(200);
        self.controller
            .post(&format!("/risks/{}/retirement", self.risks[1]), json!({"reason": self.own("Vikarierna är borta")}))
            .expect(200);
        let comes = self.risk("Risk för tomma salonger", 0, (4, 4), json!({}));
        self.control(&comes, "Räkna besökarna", json!({"frequency": "Varje tertial"}));
        self.action(
            &comes,
            "Sälj fler biljetter",
            ("2024-07-01", "2024-12-15"),
            json!({"financialEffect": {"planYear": "1"}}),
        );
        self.controller
            .patch_current(&format!("/controls/{}", self.controls[3]), json!({"frequency": "Varje vecka"}))
            .expect(200);
        self.controller
            .post(
                &format!("/risks/{}/assessments", self.risks[3]),
                json!({"likelihood": 3, "consequence": 3, "reason": "Bättre."}),
            )
            .expect(201);
        if self.n == 0 {
            self.controller
                .put_current(
                    &format!("{path}/sections/monitoring"),
                    json!({"text": self.own("Ny text om uppföljning")}),
                )
                .expect(200);
        }
    }

    /// Whatever is due and missing in a period gets a green status.
    fn the_rest(&self, period: &str, effect: &str) {
        let missing = self
            .controller
            .get(&format!("{}/periods/{period}/statuses?missing=true&limit=200", self.path()))
            .expect(200);
        for row in missing.items() {
            let form = if row["entity"] == "control" {
                json!({"status": "performed"})
            } else {
                json!({"status": "onPlan", "effect": effect})
            };
            self.controller
                .with("if-none-match", "*")
                .put(&format!("/{}s/{}/reports/{period}", said(row, "entity"), said(row, "id")), form)
                .expect(201);
        }
    }

    fn interim(&mut self) {
        self.tell(
            "action",
            &self.actions[2].clone(),
            "interim",
            json!({"status": "onPlan", "effect": "desired", "completedOn": "2024-08-20", "realisedEffect": "0.7"}),
        );
        self.the_rest("interim", "notAssessed");
        match self.n {
            0 => {
                let form = json!({"organisationId": self.id, "title": "Larmet är trasigt", "severity": "serious", "foundOn": "2024-08-01"});
                self.controller.post("/deficiencies", form).expect(201);
            }
            1 => {
                let form = json!({"organisationId": self.id, "year": 2023, "judgement": "partly", "report": "Årsrapport 2023", "givenOn": "2024-06-01"});
                self.region.auditor.post("/audit-opinions", form).expect(201);
            }
            _ => {}
        }
    }

    fn whole_year(&mut self) {
        self.controller
            .post(
                &format!("/risks/{}/assessments", self.risks[2]),
                json!({"likelihood": 4, "consequence": 4, "reason": "Nya lås."}),
            )
            .expect(201);
        self.the_rest("annual", "desired");
        let keys =
            ["controlEnvironment", "riskAssessment", "controlActivities", "informationCommunication", "monitoring"];
        let all = keys.map(|key| json!({"component": key, "judgement": if self.n == 1 && key == "monitoring" { "partly" } else { "sufficient" }, "reason": self.own(&format!("Skäl för {key}"))}));
        self.controller
            .with("if-none-match", "*")
            .put(&format!("{}/self-assessments/annual", self.path()), json!({"components": all}))
            .expect(201);
        if self.n == 1 {
            self.measures("annual", json!([{"name": "Färre konsulter", "financialEffect": {"fullYear": "2", "planYear": "1.1", "comment": "Avtalet löper ut."}, "realisedEffect": "1.1"},
                {"name": "Gemensam lokal", "financialEffect": {"fullYear": "-0.5"}, "realisedEffect": "0"}]));
        }
    }
}
