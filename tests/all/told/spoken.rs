//! What a Word file or a PDF must say, and nothing else, when the register holds these facts. Written from what readers are
//! promised, not from what writes it.

use serde_json::Value;

use super::facts::{Facts, Part, Risk, is_added, said};
use super::files::{Piece, plain};
use super::words::{self, capital, counted, list, long, marking, shown, word};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Full,
    Public,
}

/// A moment at which something was decided: what the register held, and the decision.
pub struct Moment {
    pub facts: Facts,
    pub decision: Value,
}

/// Begins sentences that tell nothing of a body: how to read the document.
const GUIDE: [&str; 15] = [
    "Siffrorna i de vita rutorna",
    "Vad varje status betyder",
    "S är sannolikhet och K är konsekvens.",
    "Bilagan redovisar planens risker",
    "Risknivån anges med ord och färg",
    "Hanteringen är någon av fyra",
    "En kontroll återkommer",
    "En åtgärd är ett avgränsat arbete",
    "Hur kontroller och åtgärder har genomförts",
    "Status anges med ord, form och färg",
    "Ett streck betyder att risken",
    "Beloppen är i miljoner kronor",
    "De fem komponenterna i ramverket COSO",
    "Registrets historik är förseglad",
    "Läsanvisning",
];
/// What a component of COSO is about: after its heading, before the body's own words.
const LEADS: [&str; 5] = [
    "Grunden för den interna kontrollen:",
    "Tydliga mål, och hur risker",
    "Hur kontroller väljs och utformas",
    "Relevant information av god kvalitet",
    "Löpande och särskilda utvärderingar",
];

/// What is left of a document when what only says how to read it is taken away.
pub fn without_guide(pieces: Vec<Piece>) -> Vec<Piece> {
    let guides = |piece: &Piece| match piece {
        Piece::Said(text) => GUIDE.iter().chain(&LEADS).any(|begins| text.starts_with(begins)),
        Piece::Table(rows) => rows[0] == ["Värde", "Betydelse"],
    };
    pieces.into_iter().filter(|piece| !guides(piece)).collect()
}

pub(super) struct Say<'f> {
    pub f: &'f Facts,
    pub version: Version,
    pub out: Vec<Piece>,
}

pub(super) fn line(lines: &[String]) -> String {
    plain(&lines.join("\n"))
}

pub(super) fn text(value: &Value) -> String {
    plain(value.as_str().unwrap_or_default())
}

/// What is absent is told by a dash in a column that has something.
pub(super) fn number(value: &Value) -> String {
    value.as_i64().map_or_else(|| "–".to_owned(), |n| n.to_string())
}

impl Say<'_> {
    pub(super) fn say(&mut self, text: impl AsRef<str>) {
        let lines = plain(text.as_ref());
        self.out.extend(lines.lines().map(|line| Piece::Said(line.to_owned())));
    }

    /// Without the columns that are empty but the first.
    pub(super) fn table(&mut self, kept: &[usize], rows: Vec<Vec<String>>) {
        let wide = rows[0].len();
        let filled = |at: usize| {
            at == 0 || kept.contains(&at) || rows[1..].iter().any(|row| row.len() == wide && !row[at].is_empty())
        };
        let columns: Vec<usize> = (0..wide).filter(|at| filled(*at)).collect();
        let cut = |row: Vec<String>| match row.len() == wide {
            true => columns.iter().map(|at| plain(&row[*at])).collect(),
            false => row,
        };
        self.out.push(Piece::Table(rows.into_iter().map(cut).collect()));
    }

    pub(super) fn mark(&self, risk: &Risk) -> Option<String> {
        let secrecy = &risk.is["secrecy"];
        (self.version == Version::Full && !secrecy.is_null())
            .then(|| format!("Sekretessmarkering: {}", marking(secrecy)))
    }

    pub(super) fn level_of(&self, risk: &Risk, short: bool) -> String {
        let label = self.f.level(said(&risk.is, "level"));
        let label = if short { label.strip_suffix(" risk").unwrap_or(&label) } else { &label };
        format!("{} {label}", risk.is["score"])
    }

    pub(super) fn first_page(&mut self, title: String, rows: Vec<[String; 2]>, markings: &[String], masked: usize) {
        let root = self.f.root.clone();
        self.say(root);
        self.say(said(&self.f.body, "name"));
        self.say(title);
        self.out.push(Piece::Table(rows.into_iter().map(|row| row.map(|cell| plain(&cell)).into()).collect()));
        match self.version {
            Version::Full if markings.is_empty() => {}
            Version::Full => {
                self.say("Sekretessmarkerad");
                self.say(format!("Dokumentet innehåller uppgifter som kan omfattas av sekretess: {}. Varje sådan uppgift är märkt där den står.", markings.join("; ")));
            }
            Version::Public => {
                self.say("Offentlig version");
                self.say(match masked {
                    0 => "Inga uppgifter i dokumentet är maskerade.".to_owned(),
                    1 => "1 uppgift är maskerad eftersom den omfattas av en sekretessmarkering.".to_owned(),
                    n => format!("{n} uppgifter är maskerade eftersom de omfattas av en sekretessmarkering."),
                });
            }
        }
    }

    pub(super) fn organisation(&self) -> [String; 2] {
        let label = if self.f.is_company() { "Bolag" } else { "Organisation" };
        let name = said(&self.f.body, "name");
        let short = self.f.body["abbreviation"].as_str();
        [label.into(), short.map_or_else(|| name.to_owned(), |short| format!("{name} ({short})"))]
    }

    pub(super) fn decision(&self, verb: &str, decision: &Value) -> Vec<[String; 2]> {
        let mut rows = vec![["Beslut".to_owned(), format!("{verb} av {}", decided(decision))]];
        let clauses = decision["clauses"].as_array().cloned().unwrap_or_default();
        for (at, clause) in clauses.iter().enumerate() {
            let label = if clauses.len() > 1 { format!("Beslutssats {}", at + 1) } else { "Beslutssats".into() };
            rows.push([label, text(clause)]);
        }
        let sent: Vec<String> = decision["sentTo"].as_array().into_iter().flatten().map(text).collect();
        if !sent.is_empty() {
            rows.push(["Skickas till".into(), sent.join("; ")]);
        }
        rows
    }

    pub(super) fn ground(&mut self, decided_on: &str) {
        self.say("Bakgrund och rättslig grund");
        for one in self.f.in_force(decided_on) {
            self.say(said(one, "heading"));
            self.say(said(one, "text"));
        }
        if let Some(section) = self.f.sections.iter().find(|one| one["section"] == "background") {
            self.say("Bakgrund");
            self.say(said(section, "text"));
        }
    }

    pub(super) fn sections(&mut self) {
        for section in self.f.sections.iter().filter(|one| one["section"] != "background") {
            self.say(words::heading(&section["section"]));
            self.say(said(section, "text"));
        }
    }

    pub(super) fn compilation(&mut self) {
        let f = self.f;
        self.say("Sammanställning av risker");
        let goals: std::collections::BTreeSet<&str> = f.risks.iter().map(|risk| said(&risk.is, "goalId")).collect();
        let mut summary =
            vec![format!("Planen omfattar {} under {} mål.", counted(f.risks.len(), "risk", "risker"), goals.len())];
        match f.outside {
            0 => {}
            1 => summary.push(format!(
                "{}s riskregister innehåller därutöver 1 bedömd risk som inte uppfyller villkoren för att ingå.",
                capital(f.board())
            )),
            n => summary.push(format!(
                "{}s riskregister innehåller därutöver {n} bedömda risker som inte uppfyller villkoren för att ingå.",
                capital(f.board())
            )),
        }
        let mut numbers: Vec<i64> = f.risks.iter().filter_map(|risk| risk.is["number"].as_i64()).collect();
        numbers.sort_unstable();
        let unused: Vec<String> =
            (1..*numbers.last().unwrap_or(&1)).filter(|n| !numbers.contains(n)).map(|n| n.to_string()).collect();
        match unused.as_slice() {
            [] => {}
            [one] => {
                summary.push(format!("Nummer {one} tillhör en risk som har utgått ur planen och används inte igen."))
            }
            more => summary
                .push(format!("Numren {} tillhör risker som har utgått ur planen och används inte igen.", list(more))),
        }
        self.say(summary.join(" "));

        let definition = f.policy.0["definition"].clone();
        let levels = levels_down(&definition);
        self.say("Antal risker per nivå");
        let count = |key: &str| f.risks.iter().filter(|risk| risk.is["level"] == key).count();
        let (mut head, mut row): (Vec<String>, Vec<String>) =
            levels.iter().map(|level| (text(&level["label"]), count(said(level, "key")).to_string())).unzip();
        head.push("Totalt".into());
        row.push(f.risks.len().to_string());
        self.out.push(Piece::Table(vec![head, row]));

        self.say("Riskmatris");
        let steps = |of: &str| -> Vec<(String, String)> {
            let all = definition[of].as_array().expect("steps");
            all.iter().map(|step| (text(&step["label"]), text(&step["description"]))).collect()
        };
        let (likelihoods, consequences) = (steps("likelihoods"), steps("consequences"));
        let mut rows = vec![vec!["Sannolikhet".to_owned(), "Konsekvens".to_owned()]];
        rows.push(
            [String::new()]
                .into_iter()
                .chain((1..).zip(&consequences).map(|(n, (label, _))| format!("{n} {label}")))
                .collect(),
        );
        for (at, (label, _)) in likelihoods.iter().enumerate().rev() {
            let cells = definition["cells"][at].as_array().expect("cells").iter().enumerate().map(|(column, cell)| {
                let label = f.level(said(cell, "level"));
                let here = f
                    .risks
                    .iter()
                    .filter(|risk| risk.is["likelihood"] == at + 1 && risk.is["consequence"] == column + 1);
                let mut numbers: Vec<i64> = here.filter_map(|risk| risk.is["number"].as_i64()).collect();
                numbers.sort_unstable();
                let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
                plain(&format!(
                    "{} {}\n{}",
                    cell["score"],
                    label.strip_suffix(" risk").unwrap_or(&label),
                    numbers.join(" ")
                ))
            });
            rows.push([format!("{} {label}", at + 1)].into_iter().chain(cells).collect());
        }
        self.out.push(Piece::Table(rows));

        self.say("Skala och risknivåer");
        self.say(format!("Riskerna är bedömda enligt ”{}”, version {}.", f.policy.1, f.policy.0["number"]));
        self.say(format!("En risk ingår i planen när den har ett riskvärde över {}. Obligatoriska risker ingår oavsett riskvärde. Därutöver kan {} besluta att ta med en risk och ange skälen för det.", definition["threshold"], f.board()));
        for (name, steps) in [("Sannolikhet", &likelihoods), ("Konsekvens", &consequences)] {
            let mut rows = vec![vec![name.to_owned()]];
            for (n, (label, description)) in (1..).zip(steps).collect::<Vec<(usize, _)>>().into_iter().rev() {
                rows.push(vec![n.to_string(), label.clone(), description.clone()]);
            }
            self.out.push(Piece::Table(rows));
        }
        let mut rows = vec![["Risknivå", "Riskvärde", "Vad nivån kräver"].map(str::to_owned).to_vec()];
        rows.extend(
            levels.iter().map(|level| {
                vec![text(&level["label"]), scores(&definition, said(level, "key")), text(&level["demand"])]
            }),
        );
        self.out.push(Piece::Table(rows));

        self.say("Planens risker");
        let mut rows =
            vec![["Nr", "Referens", "Risk", "Riskägare", "S", "K", "Riskvärde och nivå"].map(str::to_owned).to_vec()];
        for (goal, risks) in by_goal(f) {
            rows.push(vec![plain(&goal)]);
            for risk in risks {
                let mut name = vec![text(&risk.is["name"])];
                name.extend(self.mark(risk));
                name.extend((risk.is["inclusionReason"] == "mandatory").then(|| "Obligatorisk risk".to_owned()));
                rows.push(vec![
                    number(&risk.is["number"]),
                    text(&risk.is["reference"]),
                    line(&name),
                    text(&f.person(&risk.is["ownerId"])),
                    number(&risk.is["likelihood"]),
                    number(&risk.is["consequence"]),
                    self.level_of(risk, true),
                ]);
            }
        }
        self.table(&[], rows);
    }

    pub(super) fn appendix(&mut self, report: bool) {
        let f = self.f;
        self.say("Bilaga 1. Risker, kontroller och åtgärder");
        let levels: Vec<String> =
            levels_down(&f.policy.0["definition"]).iter().map(|level| text(&level["label"])).collect();
        // A blank stands at each side of a level's colour.
        self.say(levels.join(" , "));
        let costs = |part: &Part| {
            ["fullYear", "planYear", "nextYear", "yearAfterNext"]
                .iter()
                .any(|field| words::tenths(&part.is["financialEffect"][field]).is_some_and(|n| n < 0))
        };
        if report && f.actions().any(|(_, part)| costs(part)) {
            self.say("Ett negativt belopp för ekonomisk effekt är en kostnad.");
        }
        for (goal, risks) in by_goal(f) {
            self.say(goal);
            for risk in risks {
                self.card(risk, report);
            }
        }
    }

    pub(super) fn card(&mut self, risk: &Risk, report: bool) {
        let (f, is) = (self.f, &risk.is);
        self.say(format!("{} {}", is["number"], said(is, "name")));
        if let Some(mark) = self.mark(risk) {
            self.say(mark);
        }
        let definition = &f.policy.0["definition"];
        let step = |of: &str, value: &Value| {
            let at = value.as_u64().expect("a step") as usize;
            format!("{at} – {}", said(&definition[of][at - 1], "label"))
        };
        let mut cells = vec![
            format!("Riskvärde och nivå\n{}", self.level_of(risk, false)),
            format!("Sannolikhet\n{}", step("likelihoods", &is["likelihood"])),
            format!("Konsekvens\n{}", step("consequences", &is["consequence"])),
            format!("Kategori\n{}", word(&is["category"])),
            format!("Hantering\n{}", word(&is["response"])),
            format!("Riskägare\n{}", text(&f.person(&is["ownerId"]))),
            format!("Referens\n{}", said(is, "reference")),
        ];
        cells.extend((is["irregularity"] == true).then(|| "Märkning\nAvser fel och oegentligheter".to_owned()));
        let rows = cells.chunks(4).map(|row| {
            let mut row: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
            row.resize(4, String::new());
            row
        });
        self.out.push(Piece::Table(rows.collect()));
        if self.version == Version::Public && !is["secrecy"].is_null() {
            self.say("Sekretessmarkering");
            self.say(marking(&is["secrecy"]));
        }
        self.say("Varför risken ingår");
        let threshold = &definition["threshold"];
        self.say(match said(is, "inclusionReason") {
            "mandatory" => "Obligatorisk risk. Ingår oavsett riskvärde.".to_owned(),
            "score" if report && is["score"].as_i64() <= threshold.as_i64() => {
                format!("Riskvärdet låg över gränsen {threshold} när planen fastställdes.")
            }
            "score" => format!("Riskvärdet {} ligger över gränsen {threshold}.", is["score"]),
            other => panic!("no risk here is included for {other}"),
        });
        for (label, field) in [("Beskrivning", "description"), ("Motivering", "justification")] {
            if !is[field].is_null() {
                self.say(label);
                self.say(said(is, field));
            }
        }
        let head = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        if !risk.controls.is_empty() {
            let names: &[&str] = if report {
                &["Kontroll", "Frekvens", "Status", "Kommentar"]
            } else {
                &["Kontroll", "Frekvens", "Ansvarig"]
            };
            let mut rows = vec![head(names)];
            rows.extend(risk.controls.iter().map(|part| self.control(part, report)));
            self.table(if report { &[2] } else { &[] }, rows);
        }
        if !risk.actions.is_empty() {
            let names: &[&str] = if report {
                &["Åtgärd", "Start och slut", "Status", "Effekt", "Kommentar"]
            } else {
                &["Åtgärd", "Start", "Slut", "Ansvarig"]
            };
            let mut rows = vec![head(names)];
            rows.extend(risk.actions.iter().map(|part| self.action(part, report)));
            self.table(if report { &[2, 3] } else { &[] }, rows);
        }
        match (risk.controls.is_empty(), risk.actions.is_empty()) {
            (true, true) => self.say("Inga kontroller eller åtgärder är planerade."),
            (true, false) => self.say("Inga kontroller är planerade."),
            (false, true) => self.say("Inga åtgärder är planerade."),
            (false, false) => {}
        }
    }

    pub(super) fn control(&self, part: &Part, report: bool) -> Vec<String> {
        let f = self.f;
        let mut name = vec![text(&part.is["name"])];
        name.extend(is_added(&part.is).then(|| "Tillagd efter fastställande".to_owned()));
        name.push(text(&part.is["description"]));
        let indicators = part.is["indicatorIds"].as_array().into_iter().flatten();
        let named = |id: &Value| f.indicator(id);
        name.extend(indicators.map(|id| format!("Indikator: {}", named(id))));
        let responsible = text(&f.person(&part.is["responsibleId"]));
        if !report {
            return vec![line(&name), plain(&words::frequency(&part.is)), responsible];
        }
        name.push(format!("Ansvarig: {responsible}"));
        let stands = &part.stands;
        let mut comment = vec![text(&stands["comment"])];
        let counts = &stands["counts"];
        let counted: Vec<String> = [
            ("samples", "stickprover"),
            ("faults", "fel"),
            ("reportsReceived", "inkomna rapporter"),
            ("reportsInvestigated", "utredda rapporter"),
        ]
        .iter()
        .filter_map(|(field, word)| Some(format!("{word} {}", counts[field].as_i64()?)))
        .collect();
        if !counted.is_empty() {
            comment.push(format!("Antal: {}.", counted.join(", ")));
        }
        let followed = part.is["indicatorIds"].as_array().into_iter().flatten();
        for outcome in followed.flat_map(|id| f.period().outcomes.iter().filter(move |one| one["indicatorId"] == *id)) {
            comment.push(self.outcome(outcome));
        }
        comment.extend(self.reported(stands));
        vec![
            line(&name),
            plain(&words::frequency(&part.is)),
            self.stands(&stands["status"], &part.before["status"], None),
            line(&comment),
        ]
    }

    pub(super) fn outcome(&self, outcome: &Value) -> String {
        let (f, figure) = (self.f, |field: &str| said(outcome, field).replace('.', ","));
        let indicator = f.indicators.iter().find(|one| one["id"] == outcome["indicatorId"]).expect("the indicator");
        let mut said_of = vec![];
        if let Some(target) = indicator["boardTarget"].as_str().or(indicator["councilTarget"].as_str()) {
            said_of.push(format!("mål {target}"));
        }
        said_of.push(format!("utfall {}", figure("value")));
        said_of.push(format!("prognos {}", figure("forecast")));
        let judgement = words::status(&outcome["judgement"]).expect("a judgement").1;
        format!("{}: {}. {judgement}.", said(indicator, "name"), said_of.join(", "))
    }

    pub(super) fn reported(&self, stands: &Value) -> Vec<String> {
        if stands["sequence"] == 0 {
            return vec![];
        }
        let by = text(&self.f.person(&stands["reportedById"]));
        let by = match stands["onBehalfOfId"].is_null() {
            true => by,
            false => format!("{by} för {}", text(&self.f.person(&stands["onBehalfOfId"]))),
        };
        let mut lines = vec![format!("Rapporterad: {}, {by}", words::day_of(&stands["reportedAt"]))];
        lines.extend(
            (!stands["secrecy"].is_null()).then(|| format!("Sekretessmarkering: {}", marking(&stands["secrecy"]))),
        );
        lines
    }

    pub(super) fn stands(&self, status: &Value, before: &Value, also: Option<Vec<String>>) -> String {
        let mut lines = vec![shown(status)];
        lines.extend(also.unwrap_or_default());
        if !before.is_null() && before != status {
            lines.push(format!("Förra uppföljningen: {}", words::status(before).expect("a status").1));
        }
        line(&lines)
    }

    pub(super) fn action(&self, part: &Part, report: bool) -> Vec<String> {
        let f = self.f;
        let mut name = vec![text(&part.is["name"])];
        name.extend(is_added(&part.is).then(|| "Tillagd efter fastställande".to_owned()));
        name.push(text(&part.is["description"]));
        let effect = &part.is["financialEffect"];
        let amounts: Vec<String> = effects(f.year())
            .iter()
            .filter_map(|(field, name)| Some(format!("{name} {} Mnkr", words::amount(words::tenths(&effect[field])?))))
            .collect();
        if !amounts.is_empty() {
            name.push(format!("Ekonomisk effekt: {}", amounts.join(", ")));
        }
        name.push(text(&effect["comment"]));
        let responsible = text(&f.person(&part.is["responsibleId"]));
        if !report {
            return vec![line(&name), text(&part.is["startDate"]), text(&part.is["endDate"]), responsible];
        }
        let stands = &part.stands;
        if let Some(realised) = words::tenths(&stands["realisedEffect"]) {
            name.push(format!("Realiserad effekt hittills i år: {} Mnkr", words::amount(realised)));
        }
        name.push(format!("Ansvarig: {responsible}"));
        let mut also = vec![];
        also.extend(stands["completedOn"].as_str().map(|day| format!("Slutförd: {day}")));
        also.extend(f.overdue(part).then(|| "Slutdatum har passerat".to_owned()));
        let dates = format!("{} –\n{}", text(&part.is["startDate"]), text(&part.is["endDate"]));
        let mut comment = vec![text(&stands["comment"])];
        comment.extend(self.reported(stands));
        vec![
            line(&name),
            plain(&dates),
            self.stands(&stands["status"], &part.before["status"], Some(also)),
            shown(&stands["effect"]),
            line(&comment),
        ]
    }

    pub(super) fn checkpoint(&mut self, origin: &str, size: &Value, root: &str) {
        self.say("Äkthet");
        self.out.push(Piece::Table(vec![
            vec![format!("Logg\n{origin}")],
            vec![format!("Antal händelser\n{size}")],
            vec![format!("Rot\n{root}")],
        ]));
    }
}

impl Facts {
    /// Past its end on the last day of the period, and not completed.
    pub fn overdue(&self, part: &Part) -> bool {
        let last = said(&self.period().is, "to");
        let done = |of: &Value| !of["completedOn"].is_null();
        let due = part.stands["due"] == true;
        let ended = part.is["endDate"].as_str().is_some_and(|end| end < last);
        ended
            && !done(&part.stands)
            && !done(&part.before)
            && (due || part.stands["sequence"] != 0 || !part.before.is_null())
    }

    pub fn indicator(&self, id: &Value) -> String {
        let found = self.indicators.iter().find(|one| one["id"] == *id);
        found.map(|one| said(one, "name").to_owned()).expect("the indicator")
    }
}

/// "nämnden 2 maj 2024, § 12".
pub fn decided(decision: &Value) -> String {
    format!("{} {}, § {}", said(decision, "decidingBoard"), long(&decision["decidedOn"]), said(decision, "paragraph"))
}

pub fn levels_down(definition: &Value) -> Vec<Value> {
    const ORDER: [&str; 5] = ["veryHigh", "high", "medium", "low", "veryLow"];
    let all = definition["levels"].as_array().expect("levels");
    ORDER.iter().filter_map(|key| all.iter().find(|level| level["key"] == *key)).cloned().collect()
}

pub fn scores(definition: &Value, key: &str) -> String {
    let cells =
        definition["cells"].as_array().into_iter().flatten().flat_map(|row| row.as_array().into_iter().flatten());
    let of: Vec<i64> = cells.filter(|cell| cell["level"] == key).filter_map(|cell| cell["score"].as_i64()).collect();
    format!("{}–{}", of.iter().min().expect("a score"), of.iter().max().expect("a score"))
}

/// The fields of a planned effect, and what each is called in a sentence.
pub fn effects(year: i64) -> [(&'static str, String); 4] {
    [
        ("fullYear", "helår".into()),
        ("planYear", year.to_string()),
        ("nextYear", (year + 1).to_string()),
        ("yearAfterNext", (year + 2).to_string()),
    ]
}

/// The goals in the order of their risks.
pub fn by_goal(f: &Facts) -> Vec<(String, Vec<&Risk>)> {
    let mut all: Vec<(&str, Vec<&Risk>)> = Vec::new();
    for risk in &f.risks {
        let goal = said(&risk.is, "goalId");
        match all.iter_mut().find(|(id, _)| *id == goal) {
            Some((_, risks)) => risks.push(risk),
            None => all.push((goal, vec![risk])),
        }
    }
    let order: Vec<&str> = f.plan["goalOrder"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    all.sort_by_key(|(id, _)| order.iter().position(|known| known == id).unwrap_or(usize::MAX));
    all.into_iter()
        .map(|(id, risks)| {
            let goal = &f.goals[id];
            let number = goal["number"].as_str().map(|number| format!(" {number}")).unwrap_or_default();
            (format!("Mål{number}: {}", said(goal, "name")), risks)
        })
        .collect()
}

/// Each marking of what a document prints, once.
pub fn markings(f: &Facts) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for risk in &f.risks {
        let parts = risk.controls.iter().chain(&risk.actions).map(|part| &part.stands["secrecy"]);
        for secrecy in [&risk.is["secrecy"]].into_iter().chain(parts).filter(|secrecy| !secrecy.is_null()) {
            let said = marking(secrecy);
            if !all.contains(&said) {
                all.push(said);
            }
        }
    }
    all
}

/// What an adopted plan says. `masked` is how many things its public version masks.
pub fn plan(now: &Moment, before: Option<&Moment>, version: Version, masked: usize, seal: &Value) -> Vec<Piece> {
    let f = &now.facts;
    let mut s = Say { f, version, out: Vec::new() };
    let revised = before.map(|before| super::revised::Revised::between(&before.facts, f, before));
    let mut rows = vec![s.organisation()];
    if let Some(revised) = &revised {
        rows.push(["Version".into(), format!("{} (reviderad)", f.plan["adoptedRevision"])]);
        rows.push(["Revideringen".into(), format!("{}, se kapitlet Revideringen", revised.counted())]);
    }
    let diary: Vec<String> = f.plan["diaryNumbers"].as_array().into_iter().flatten().map(text).collect();
    rows.push(["Diarienummer".into(), diary.join(", ")]);
    rows.extend(s.decision("Fastställd", &now.decision));
    s.first_page(format!("Plan för intern kontroll {}", f.year()), rows, &markings(f), masked);
    if let Some(revised) = &revised {
        s.say("Revideringen");
        s.out.extend(revised.told(version));
    }
    s.ground(said(&now.decision, "decidedOn"));
    s.say("Intern kontroll");
    s.sections();
    s.compilation();
    s.appendix(false);
    s.checkpoint(said(seal, "origin"), &seal["size"], said(seal, "root"));
    s.out
}
