//! What a version of a plan changes of the one before it, by the facts of both.

use serde_json::{Value, json};

use super::facts::{Facts, Part, Risk, said};
use super::files::{Piece, plain};
use super::spoken::{Moment, Version};
use super::words::{counted, list, long, marking};

pub struct Change {
    pub number: i64,
    pub name: String,
    /// The reference of a risk; of another, what it is.
    pub below: String,
    pub what: &'static str,
    pub fields: Vec<&'static str>,
    pub score: Option<i64>,
    pub previous: Option<i64>,
    pub reason: Option<String>,
    pub secrecy: Value,
}

pub struct Revised {
    pub since: i64,
    pub since_decided_on: Value,
    pub reason: Option<String>,
    pub risks: Vec<Change>,
    pub parts: Vec<Change>,
    pub sections: Vec<String>,
}

/// Fields that differ, as the register names them and as they stand in a sentence.
const OF_RISK: [(&str, &str, &[&str]); 4] = [
    ("name", "namn", &["name"]),
    ("description", "beskrivning", &["description"]),
    ("owner", "riskägare", &["ownerId"]),
    ("assessment", "bedömning", &["likelihood", "consequence", "score"]),
];
const OF_CONTROL: [(&str, &str, &[&str]); 4] = [
    ("name", "namn", &["name"]),
    ("frequency", "frekvens", &["frequency"]),
    ("responsible", "ansvarig", &["responsibleId"]),
    ("schedule", "när den genomförs", &["recurrences", "duePeriod", "dueDate"]),
];
const OF_ACTION: [(&str, &str, &[&str]); 4] = [
    ("name", "namn", &["name"]),
    ("responsible", "ansvarig", &["responsibleId"]),
    ("startDate", "startdatum", &["startDate"]),
    ("endDate", "slutdatum", &["endDate"]),
];

fn differing(then: &Value, now: &Value, of: &[(&'static str, &'static str, &[&str])]) -> Vec<&'static str> {
    let differs = |fields: &[&str]| fields.iter().any(|field| then[*field] != now[*field]);
    of.iter().filter(|(_, _, fields)| differs(fields)).map(|(name, ..)| *name).collect()
}

pub fn word(field: &str) -> &'static str {
    let all = OF_RISK.iter().chain(&OF_CONTROL).chain(&OF_ACTION);
    all.into_iter().find(|(name, ..)| *name == field).expect("a field").1
}

fn of_risk(risk: &Risk, what: &'static str, fields: Vec<&'static str>) -> Change {
    Change {
        number: risk.is["number"].as_i64().expect("a number"),
        name: said(&risk.is, "name").to_owned(),
        below: said(&risk.is, "reference").to_owned(),
        what,
        fields,
        score: risk.is["score"].as_i64(),
        previous: None,
        reason: None,
        secrecy: risk.is["secrecy"].clone(),
    }
}

impl Revised {
    pub fn between(then: &Facts, now: &Facts, before: &Moment) -> Self {
        let find = |facts: &'_ Facts, id: &str| facts.risks.iter().position(|risk| said(&risk.is, "id") == id);
        let (mut risks, mut parts) = (Vec::new(), Vec::new());
        for risk in &now.risks {
            let Some(old) = find(then, said(&risk.is, "id")).map(|at| &then.risks[at]) else {
                risks.push(of_risk(risk, "new", vec![]));
                continue;
            };
            let fields = differing(&old.is, &risk.is, &OF_RISK);
            if !fields.is_empty() {
                risks.push(Change { previous: old.is["score"].as_i64(), ..of_risk(risk, "changed", fields) });
            }
            let mut compare = |kind: &str, old: &[Part], new: &[Part], of: &[(&'static str, &'static str, &[&str])]| {
                let change = |part: &Part, what, fields| Change {
                    name: said(&part.is, "name").to_owned(),
                    below: kind.to_owned(),
                    ..of_risk(risk, what, fields)
                };
                for part in new {
                    match old.iter().find(|other| other.is["id"] == part.is["id"]) {
                        None => parts.push(change(part, "new", vec![])),
                        Some(other) => {
                            let fields = differing(&other.is, &part.is, of);
                            if !fields.is_empty() {
                                parts.push(change(part, "changed", fields));
                            }
                        }
                    }
                }
                for part in old.iter().filter(|part| new.iter().all(|other| other.is["id"] != part.is["id"])) {
                    parts.push(change(part, "removed", vec![]));
                }
            };
            compare("Kontroll", &old.controls, &risk.controls, &OF_CONTROL);
            compare("Åtgärd", &old.actions, &risk.actions, &OF_ACTION);
        }
        for risk in then.risks.iter().filter(|risk| find(now, said(&risk.is, "id")).is_none()) {
            let reason = now
                .retired
                .iter()
                .find(|one| one["id"] == risk.is["id"])
                .and_then(|one| one["retirementReason"].as_str());
            let gone = of_risk(risk, "removed", vec![]);
            risks.push(Change { previous: gone.score, score: None, reason: reason.map(str::to_owned), ..gone });
        }
        risks.sort_by_key(|risk| risk.number);
        let text = |facts: &Facts, key: &str| {
            facts.sections.iter().find(|one| one["section"] == key).map(|one| one["text"].clone())
        };
        let sections = now.sections.iter().map(|one| said(one, "section").to_owned());
        Self {
            since: then.plan["adoptedRevision"].as_i64().expect("a revision"),
            since_decided_on: before.decision["decidedOn"].clone(),
            reason: now.plan["revisedBecause"].as_str().map(str::to_owned),
            sections: sections.filter(|key| text(then, key) != text(now, key)).collect(),
            risks,
            parts,
        }
    }

    pub fn counted(&self) -> String {
        let mut all = Vec::new();
        let mut count = |n: usize, one: &str, many: &str| all.extend((n > 0).then(|| counted(n, one, many)));
        let risks = |what: &str| self.risks.iter().filter(|one| one.what == what).count();
        let parts =
            |kind: &str, what: &str| self.parts.iter().filter(|one| one.below == kind && one.what == what).count();
        count(risks("new"), "ny risk", "nya risker");
        count(risks("removed"), "utgången risk", "utgångna risker");
        count(risks("changed"), "ändrad risk", "ändrade risker");
        count(parts("Kontroll", "new"), "ny kontroll", "nya kontroller");
        count(parts("Kontroll", "removed"), "borttagen kontroll", "borttagna kontroller");
        count(parts("Kontroll", "changed"), "ändrad kontroll", "ändrade kontroller");
        count(parts("Åtgärd", "new"), "ny åtgärd", "nya åtgärder");
        count(parts("Åtgärd", "removed"), "borttagen åtgärd", "borttagna åtgärder");
        count(parts("Åtgärd", "changed"), "ändrad åtgärd", "ändrade åtgärder");
        count(self.sections.len(), "ändrad text", "ändrade texter");
        list(&all)
    }

    pub fn what_of_risk(change: &Change) -> String {
        let score = |n: Option<i64>| n.map_or_else(|| "inte bedömd".into(), |n| n.to_string());
        match change.what {
            "new" => format!("Ny, riskvärde {}", score(change.score)),
            "removed" => {
                change.reason.as_ref().map_or_else(|| "Utgången".into(), |reason| format!("Utgången: {reason}"))
            }
            _ => {
                let moved = change.score != change.previous;
                let fields = change.fields.iter().filter(|field| !(moved && **field == "assessment"));
                let mut said: Vec<String> = fields.map(|field| word(field).to_owned()).collect();
                if moved {
                    said.insert(
                        0,
                        format!("riskvärde {} i stället för {}", score(change.score), score(change.previous)),
                    );
                }
                format!("Ändrad: {}", list(&said))
            }
        }
    }

    pub fn what_of_part(change: &Change) -> String {
        match change.what {
            "new" => "Ny".into(),
            "removed" => "Borttagen".into(),
            _ => format!(
                "Ändrad: {}",
                list(&change.fields.iter().map(|field| word(field).to_owned()).collect::<Vec<_>>())
            ),
        }
    }

    /// As a chapter says it.
    pub fn told(&self, _: Version) -> Vec<Piece> {
        let say = |text: String| Piece::Said(plain(&text));
        let mut out = vec![say(format!(
            "Planen är reviderad. Jämfört med version {}, fastställd {}: {}.",
            self.since,
            long(&self.since_decided_on),
            self.counted()
        ))];
        if let Some(reason) = &self.reason {
            out.push(say("Skälet till revideringen:".into()));
            out.push(say(reason.clone()));
        }
        let table = |head: [&str; 3], all: &[Change], what: fn(&Change) -> String| {
            let mut rows = vec![head.map(str::to_owned).to_vec()];
            rows.extend(all.iter().map(|one| {
                let mark = match &one.secrecy {
                    Value::Null => String::new(),
                    secrecy => format!("\nSekretessmarkering: {}", marking(secrecy)),
                };
                vec![one.number.to_string(), plain(&format!("{}\n{}{mark}", one.name, one.below)), plain(&what(one))]
            }));
            Piece::Table(rows)
        };
        if !self.risks.is_empty() {
            out.push(say("Risker:".into()));
            out.push(table(["Nr", "Risk", "Ändring"], &self.risks, Self::what_of_risk));
        }
        if !self.parts.is_empty() {
            out.push(say("Kontroller och åtgärder:".into()));
            out.push(table(["Risk", "Kontroll eller åtgärd", "Ändring"], &self.parts, Self::what_of_part));
        }
        if !self.sections.is_empty() {
            let names: Vec<String> =
                self.sections.iter().map(|key| super::words::heading(&json!(key)).to_owned()).collect();
            out.push(say(format!("Ändrade texter: {}.", list(&names))));
        }
        out
    }
}
