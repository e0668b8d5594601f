//! What the register holds of a plan and of a period, asked over REST. It must not know what documents say.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::kit::Client;

/// The periods of a year, in their order.
pub const PERIODS: [&str; 3] = ["t1", "interim", "annual"];

/// A control or an action, with how it stands in a period and what was last said of it in an earlier one.
#[derive(Clone)]
pub struct Part {
    pub is: Value,
    /// Of a period alone.
    pub stands: Value,
    pub before: Value,
}

#[derive(Clone)]
pub struct Risk {
    pub is: Value,
    pub controls: Vec<Part>,
    pub actions: Vec<Part>,
}

/// What is known of a period besides the plan's own contents.
#[derive(Clone)]
pub struct Period {
    pub name: &'static str,
    /// As the register tells of it, with its bounds, deadline and sums.
    pub is: Value,
    pub report: Value,
    pub deficiencies: Vec<Value>,
    /// Each with its dialogue as `entries`.
    pub recommendations: Vec<Value>,
    pub opinions: Vec<Value>,
    /// The body's, in the period.
    pub outcomes: Vec<Value>,
    /// The components that are judged.
    pub judged: Vec<Value>,
    /// Those that belong to no risk, and the period that they were written of.
    pub measures: Option<(&'static str, Vec<Value>)>,
    /// The sums of the year's periods so far, this one's last.
    pub sums: Vec<(&'static str, Value)>,
}

/// What the register held at one moment.
#[derive(Clone)]
pub struct Facts {
    pub root: String,
    pub plan: Value,
    pub body: Value,
    pub people: BTreeMap<String, String>,
    pub goals: BTreeMap<String, Value>,
    pub mandatory: Vec<Value>,
    /// Those that concern the body.
    pub indicators: Vec<Value>,
    /// A version of a scale, and what the scale is called.
    pub policy: (Value, String),
    /// Heading and text of what holds for every plan.
    pub standing: Vec<Value>,
    pub sections: Vec<Value>,
    /// The included ones, goal by goal in the plan's own order, by number.
    pub risks: Vec<Risk>,
    /// Those that were taken out of the plan.
    pub retired: Vec<Value>,
    /// How many are assessed and not included.
    pub outside: usize,
    pub period: Option<Period>,
}

/// A field that is a text.
pub fn said<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// Whether a control or an action came into the adopted plan, and no version that the board has adopted has it as its own.
pub fn is_added(is: &Value) -> bool {
    (is["addedAfterAdoption"] == true || !is["addedAfterAdoptionOn"].is_null()) && is["adopted"] != true
}

fn all(client: &Client, path: &str) -> Vec<Value> {
    let sign = if path.contains('?') { '&' } else { '?' };
    client.get(&format!("{path}{sign}limit=200")).expect(200).items().to_vec()
}

impl Facts {
    /// `client` reads everything in the region.
    pub fn of_plan(client: &Client, root: &str, plan: &str) -> Self {
        Self::read(client, root, plan, None)
    }

    pub fn of_report(client: &Client, root: &str, plan: &str, name: &'static str, report: &str) -> Self {
        Self::read(client, root, plan, Some((name, report)))
    }

    fn read(client: &Client, root: &str, plan: &str, period: Option<(&'static str, &str)>) -> Self {
        let get = |path: &str| client.get(path).expect(200).json;
        let path = format!("/plans/{plan}");
        let plan = get(&path);
        let (year, body) =
            (plan["year"].as_i64().expect("a year"), get(&format!("/organisations/{}", said(&plan, "organisationId"))));
        let by_id = |all: Vec<Value>| -> BTreeMap<String, Value> {
            all.into_iter().map(|one| (said(&one, "id").to_owned(), one)).collect()
        };
        let policies = all(client, "/scoring-policies");
        let versions = policies.iter().flat_map(|policy| {
            let versions = all(client, &format!("/scoring-policies/{}/versions", said(policy, "id")));
            versions.into_iter().map(|version| (version, said(policy, "name").to_owned()))
        });
        let policy = versions.into_iter().find(|(version, _)| version["id"] == plan["policyVersionId"]);
        let mut risks = all(client, &format!("{path}/risks"));
        let outside = risks
            .iter()
            .filter(|risk| risk["included"] == false && risk["retiredOn"].is_null() && !risk["score"].is_null());
        let outside = outside.count();
        let retired = risks.iter().filter(|risk| !risk["retiredOn"].is_null()).cloned().collect();
        risks.retain(|risk| risk["included"] == true && risk["retiredOn"].is_null());
        risks.sort_by_key(|risk| risk["number"].as_i64());
        // The plan's own order of goals; those that it does not name come after, as their first risks do.
        let mut order = plan["goalOrder"].as_array().cloned().unwrap_or_default();
        order.extend(risks.iter().map(|risk| risk["goalId"].clone()));
        let place = |risk: &Value| order.iter().position(|goal| *goal == risk["goalId"]);
        risks.sort_by_key(|risk| (place(risk), risk["number"].as_i64()));
        let named = |of: &str, id: &str| all(client, &format!("/risks/{id}/{of}"));
        let part = |noun: &str, is: Value| -> Part {
            let standing = |at: &str| get(&format!("/{noun}s/{}/reports/{at}", said(&is, "id")));
            let (mut stands, mut before) = (Value::Null, Value::Null);
            for at in PERIODS.into_iter().take_while(|_| period.is_some()) {
                if Some(at) == period.map(|(name, _)| name) {
                    stands = standing(at);
                    break;
                }
                let then = standing(at);
                if then["sequence"] != 0 {
                    before = then;
                }
            }
            Part { is, stands, before }
        };
        let risks = risks.into_iter().map(|is| {
            let id = said(&is, "id").to_owned();
            Risk {
                controls: named("controls", &id).into_iter().map(|one| part("control", one)).collect(),
                actions: named("actions", &id).into_iter().map(|one| part("action", one)).collect(),
                is,
            }
        });
        let sections = [
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
        let sections = sections.iter().filter_map(|key| {
            let found = client.get(&format!("{path}/sections/{key}"));
            (found.status == 200).then_some(found.json)
        });
        let people =
            all(client, "/users").into_iter().map(|one| (said(&one, "id").to_owned(), said(&one, "name").to_owned()));
        Self {
            root: root.to_owned(),
            people: people.collect(),
            goals: by_id(all(client, &format!("/goals?year={year}"))),
            mandatory: all(client, &format!("/mandatory-risks?year={year}")),
            indicators: all(client, &format!("/indicators?year={year}")),
            policy: policy.expect("the plan's scale"),
            standing: all(client, "/standing-texts"),
            sections: sections.collect(),
            risks: risks.collect(),
            retired,
            outside,
            period: period.map(|(name, report)| Period::read(client, &plan, name, report)),
            plan,
            body,
        }
    }

    pub fn year(&self) -> i64 {
        self.plan["year"].as_i64().expect("a year")
    }

    pub fn person(&self, id: &Value) -> Value {
        id.as_str().and_then(|id| self.people.get(id)).map_or(Value::Null, |name| json!(name))
    }

    pub fn is_company(&self) -> bool {
        self.body["kind"] == "company"
    }

    /// The board of such a body, as it stands in a sentence.
    pub fn board(&self) -> &'static str {
        match said(&self.body, "kind") {
            "company" => "styrelsen",
            "federation" => "direktionen",
            _ => "nämnden",
        }
    }

    /// The same as a heading names it, and as what belongs to it.
    pub fn a_board(&self) -> (&'static str, &'static str) {
        match said(&self.body, "kind") {
            "company" => ("styrelse", "styrelsens"),
            "federation" => ("direktion", "direktionens"),
            _ => ("nämnd", "nämndens"),
        }
    }

    /// What a scale calls a level.
    pub fn level(&self, key: &str) -> String {
        let levels = self.policy.0["definition"]["levels"].as_array().expect("levels");
        let level = levels.iter().find(|level| level["key"] == key).expect("the level");
        said(level, "label").to_owned()
    }

    pub fn controls(&self) -> impl Iterator<Item = (&Risk, &Part)> {
        self.risks.iter().flat_map(|risk| risk.controls.iter().map(move |part| (risk, part)))
    }

    pub fn actions(&self) -> impl Iterator<Item = (&Risk, &Part)> {
        self.risks.iter().flat_map(|risk| risk.actions.iter().map(move |part| (risk, part)))
    }

    pub fn period(&self) -> &Period {
        self.period.as_ref().expect("facts of a period")
    }

    /// The texts of law and guideline that hold when the board decides: of each key the one that began last.
    pub fn in_force(&self, decided_on: &str) -> Vec<&Value> {
        let year = self.year();
        let holds = |text: &&Value| match text["validFrom"].as_str() {
            Some(from) => from <= decided_on,
            None => text["year"].as_i64() <= Some(year),
        };
        let begins = |text: &Value| match text["validFrom"].as_str() {
            Some(from) => from.to_owned(),
            None => format!("{}-01-01", text["year"]),
        };
        let (law, other) = match self.is_company() {
            true => ("legalGroundCompany", "legalGround"),
            false => ("legalGround", "legalGroundCompany"),
        };
        let mut chosen: BTreeMap<(u8, &str), &Value> = BTreeMap::new();
        // The body's own, and those of the region above it.
        let theirs = [&self.body["id"], &self.body["parentId"]];
        let here = |text: &&Value| text["language"] == "sv" && theirs.contains(&&text["organisationId"]);
        for text in self.standing.iter().filter(here).filter(holds) {
            let key = said(text, "key");
            let place = (
                if key == law {
                    0
                } else if key == "guideline" {
                    1
                } else {
                    2
                },
                key,
            );
            let newer = chosen.get(&place).is_none_or(|other| begins(other) < begins(text));
            if key != other && newer {
                chosen.insert(place, text);
            }
        }
        chosen.into_values().collect()
    }
}

impl Period {
    fn read(client: &Client, plan: &Value, name: &'static str, report: &str) -> Self {
        let get = |path: &str| client.get(path).expect(200).json;
        let (path, body) = (format!("/plans/{}", said(plan, "id")), said(plan, "organisationId"));
        let maybe = |path: &str| {
            let found = client.get(path);
            (found.status == 200).then_some(found.json)
        };
        let judged = maybe(&format!("{path}/self-assessments/{name}")).map(|found| found["components"].clone());
        let so_far = || PERIODS.into_iter().take_while(|at| *at != name).chain([name]);
        let measures = so_far().filter_map(|at| {
            let found = maybe(&format!("{path}/financial-measures/{at}"))?;
            Some((at, found["measures"].as_array().cloned().unwrap_or_default()))
        });
        let mut recommendations = all(client, &format!("/recommendations?organisationId={body}"));
        for one in &mut recommendations {
            one["entries"] = all(client, &format!("/recommendations/{}/entries", said(one, "id"))).into();
        }
        Self {
            name,
            is: get(&format!("{path}/periods/{name}")),
            report: get(&format!("/reports/{report}")),
            deficiencies: all(client, &format!("/deficiencies?organisationId={body}")),
            recommendations,
            opinions: all(client, &format!("/audit-opinions?organisationId={body}")),
            outcomes: all(client, &format!("/outcomes?organisationId={body}&period={name}")),
            judged: judged.and_then(|all| all.as_array().cloned()).unwrap_or_default(),
            measures: measures.last(),
            sums: so_far().map(|at| (at, get(&format!("{path}/periods/{at}")))).collect(),
        }
    }
}

/// What stands instead of a text that is masked.
fn instead(secrecy: &Value) -> Value {
    json!(format!("Uppgiften omfattas av sekretess ({})", said(secrecy, "provision")))
}

fn mask(value: &mut Value, fields: &[&str], by: &Value) {
    for field in fields {
        if !value[*field].is_null() {
            value[*field] = by.clone();
        }
    }
}

impl Facts {
    /// As the public may read them, and how many things are masked: of a marked risk all words at it and below it, of a
    /// marked comment the comment.
    pub fn masked(&self) -> (Self, usize) {
        let mut public = self.clone();
        let mut masked = 0;
        for risk in &mut public.risks {
            let secrecy = risk.is["secrecy"].clone();
            if !secrecy.is_null() {
                let by = instead(&secrecy);
                masked += 1;
                mask(&mut risk.is, &["name", "description", "justification"], &by);
                for part in risk.controls.iter_mut().chain(&mut risk.actions) {
                    mask(&mut part.is, &["name", "description", "frequency"], &by);
                    // It says in other words what the frequency does.
                    part.is["masked"] = true.into();
                    if !part.is["financialEffect"].is_null() {
                        mask(&mut part.is["financialEffect"], &["comment"], &by);
                    }
                    mask(&mut part.stands, &["comment"], &by);
                }
                continue;
            }
            for part in
                risk.controls.iter_mut().chain(&mut risk.actions).filter(|part| !part.stands["secrecy"].is_null())
            {
                masked += 1;
                let by = instead(&part.stands["secrecy"]);
                mask(&mut part.stands, &["comment"], &by);
            }
        }
        for risk in public.retired.iter_mut().filter(|risk| !risk["secrecy"].is_null()) {
            let by = instead(&risk["secrecy"]);
            mask(risk, &["name", "retirementReason"], &by);
        }
        (public, masked)
    }
}
