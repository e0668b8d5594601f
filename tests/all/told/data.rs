//! What the JSON of a sealed document must hold, and nothing else, when the register holds these facts.

use serde_json::{Map, Value, json};

use super::facts::{Facts, Part, Risk, is_added, said};
use super::revised::{Change, Revised};
use super::spoken::{Moment, by_goal, levels_down};
use super::spoken_report::{SCALES, Told, sums};
use super::words::{self, tenths};

/// Where two values differ; what is absent is null.
pub fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut all = Vec::new();
    compare(expected, found, String::new(), &mut all);
    all
}

fn compare(expected: &Value, found: &Value, at: String, all: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                compare(
                    one.get(key).unwrap_or(&Value::Null),
                    other.get(key).unwrap_or(&Value::Null),
                    format!("{at}/{key}"),
                    all,
                );
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (n, (one, other)) in one.iter().zip(other).enumerate() {
                compare(one, other, format!("{at}/{n}"), all);
            }
        }
        (one, other) if one == other => {}
        (one, other) => all.push(format!("{at}: {other} where the register holds {one}")),
    }
}

fn pick(from: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| ((*field).to_owned(), from[*field].clone())).collect::<Map<_, _>>().into()
}

fn with(mut base: Value, more: Value) -> Value {
    let (Some(base_map), Value::Object(more)) = (base.as_object_mut(), more) else { panic!("two objects") };
    base_map.extend(more);
    base
}

fn effect(of: &Value) -> Value {
    if of.is_null() {
        return Value::Null;
    }
    json!({"fullYear": tenths(&of["fullYear"]), "planYear": tenths(&of["planYear"]), "nextYear": tenths(&of["nextYear"]),
        "yearAfterNext": tenths(&of["yearAfterNext"]), "comment": of["comment"]})
}

impl Facts {
    fn control_data(&self, part: &Part, born: &[&Part]) -> Value {
        let is = &part.is;
        let ids = is["indicatorIds"].as_array().cloned().unwrap_or_default();
        let base = json!({
            "id": is["id"], "name": is["name"], "description": is["description"], "frequency": is["frequency"],
            "responsible": self.person(&is["responsibleId"]),
            "addedAfterAdoption": if is_added(is) { json!(true) } else { Value::Null },
            "indicators": ids.iter().map(|id| self.indicator(id)).collect::<Vec<_>>(),
            "schedule": if is["masked"] == true { Value::Null } else {
                json!({"recurrences": is["recurrences"], "duePeriod": is["duePeriod"], "dueDate": is["dueDate"], "indicatorIds": is["indicatorIds"]})
            },
        });
        let Some(period) = &self.period else { return base };
        let s = &part.stands;
        let outcomes = ids
            .iter()
            .flat_map(|id| period.outcomes.iter().filter(move |one| one["indicatorId"] == *id))
            .map(|one| self.outcome_data(one));
        with(
            base,
            json!({"report": {
                "due": s["due"], "reported": s["sequence"] != 0, "status": s["status"],
                "postponed": s["due"] == true && s["status"] == "notPlanned", "comment": s["comment"], "counts": s["counts"],
                "references": s["references"], "reportedOn": on(s), "reportedBy": self.person(&s["reportedById"]),
                "onBehalfOf": self.person(&s["onBehalfOfId"]), "previous": part.before["status"],
                "outcomes": outcomes.collect::<Vec<_>>(), "corrections": [],
                "findings": born.iter().filter(|one| one.is["fromControlId"] == is["id"]).map(|one| one.is["id"].clone()).collect::<Vec<_>>(),
                "secrecy": s["secrecy"],
            }}),
        )
    }

    fn outcome_data(&self, one: &Value) -> Value {
        let indicator = self.indicators.iter().find(|i| i["id"] == one["indicatorId"]).expect("the indicator");
        let figure = |field: &str| one[field].as_str().map(|text| text.replace('.', ","));
        json!({"name": indicator["name"], "target": indicator["boardTarget"], "value": figure("value"), "forecast": figure("forecast"), "judgement": one["judgement"]})
    }

    fn action_data(&self, part: &Part) -> Value {
        let is = &part.is;
        let base = json!({
            "id": is["id"], "name": is["name"], "description": is["description"], "startDate": is["startDate"], "endDate": is["endDate"],
            "responsible": self.person(&is["responsibleId"]), "addedAfterAdoption": is_added(is),
            "bornFrom": is["fromControlId"], "financialEffect": effect(&is["financialEffect"]),
        });
        if self.period.is_none() {
            return base;
        }
        let s = &part.stands;
        with(
            base,
            json!({"report": {
                "due": s["due"], "reported": s["sequence"] != 0, "status": s["status"], "effect": s["effect"], "completedOn": s["completedOn"],
                "comment": s["comment"], "overdue": self.overdue(part), "lateToStart": false, "references": s["references"], "reportedOn": on(s),
                "reportedBy": self.person(&s["reportedById"]), "onBehalfOf": self.person(&s["onBehalfOfId"]),
                "previous": part.before["status"], "previousEffect": part.before["effect"], "corrections": [], "secrecy": s["secrecy"],
                "realisedEffect": tenths(&s["realisedEffect"]),
            }}),
        )
    }

    fn risk_data(&self, risk: &Risk) -> Value {
        let is = &risk.is;
        let actions: Vec<&Part> = self.actions().map(|(_, part)| part).collect();
        with(
            pick(
                is,
                &[
                    "id",
                    "number",
                    "reference",
                    "name",
                    "description",
                    "localGoal",
                    "category",
                    "likelihood",
                    "consequence",
                    "score",
                    "level",
                    "targetLevel",
                    "response",
                    "justification",
                    "irregularity",
                    "secrecy",
                ],
            ),
            json!({
                "owner": self.person(&is["ownerId"]), "inclusion": {"reason": is["inclusionReason"]},
                "controls": risk.controls.iter().map(|part| self.control_data(part, &actions)).collect::<Vec<_>>(),
                "actions": risk.actions.iter().map(|part| self.action_data(part)).collect::<Vec<_>>(),
            }),
        )
    }
}

fn on(stands: &Value) -> Value {
    if stands["sequence"] == 0 { Value::Null } else { json!(words::day_of(&stands["reportedAt"])) }
}

fn decision(of: &Value) -> Value {
    let sent = |field: &str| if of[field].is_null() { json!([]) } else { of[field].clone() };
    json!({"decidedOn": of["decidedOn"], "decidingBoard": of["decidingBoard"], "paragraph": of["paragraph"],
        "diaryNumbers": sent("diaryNumbers"), "clauses": sent("clauses"), "sentTo": sent("sentTo")})
}

fn changes(revised: &Revised) -> Value {
    let all = |of: &[Change], risk: bool| -> Vec<Value> {
        of.iter().map(|one| {
            let base = json!({"what": one.what, "name": one.name, "fields": one.fields, "secrecy": one.secrecy});
            with(base, match risk {
                true => json!({"number": one.number, "reference": one.below, "previousScore": one.previous, "score": one.score, "reason": one.reason}),
                false => json!({"riskNumber": one.number, "kind": if one.below == "Kontroll" { "control" } else { "action" }}),
            })
        }).collect()
    };
    json!({"since": revised.since, "sinceDecidedOn": revised.since_decided_on, "reason": revised.reason,
        "risks": all(&revised.risks, true), "parts": all(&revised.parts, false), "sections": revised.sections})
}

/// The plan of these facts, with the decision that it names.
fn of_plan(f: &Facts, decided: &Value, revised: Value) -> Value {
    let (version, name) = &f.policy;
    let definition = &version["definition"];
    let steps = |of: &str| -> Vec<Value> {
        let all = definition[of].as_array().expect("steps").iter();
        all.zip(1..)
            .map(|(step, n)| json!({"step": n, "label": step["label"], "description": step["description"]}))
            .collect()
    };
    let goals = by_goal(f).into_iter().map(|(_, risks)| {
        let goal = &f.goals[said(&risks[0].is, "goalId")];
        with(
            pick(goal, &["id", "number", "name"]),
            json!({"risks": risks.iter().map(|risk| f.risk_data(risk)).collect::<Vec<_>>()}),
        )
    });
    let cells: Vec<Value> = definition["cells"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row.as_array().expect("cells").iter().map(|cell| pick(cell, &["score", "level"])).collect())
        .collect();
    let levels = levels_down(definition);
    let (board, boards) = f.a_board();
    let count = |level: &Value| f.risks.iter().filter(|risk| risk.is["level"] == level["key"]).count();
    json!({
        "schema": 1, "register": f.root,
        "plan": {"id": f.plan["id"], "year": f.year(), "organisation": f.body["name"], "abbreviation": f.body["abbreviation"],
            "organisationKind": f.body["kind"], "revision": f.plan["adoptedRevision"], "status": "adopted",
            "diaryNumbers": f.plan["diaryNumbers"], "illustrative": false},
        "decision": decided,
        "standingTexts": f.in_force(said(decided, "decidedOn")).iter().map(|text| pick(text, &["heading", "text"])).collect::<Vec<_>>(),
        "sections": f.sections.iter().map(|one| json!({"key": one["section"], "text": one["text"]})).collect::<Vec<_>>(),
        "policy": {"versionId": version["id"], "name": name, "version": version["number"], "threshold": definition["threshold"],
            "likelihoods": steps("likelihoods"), "consequences": steps("consequences"), "cells": cells,
            "levels": levels.iter().map(|level| pick(level, &["key", "label", "colour", "demand"])).collect::<Vec<_>>()},
        "goals": goals.collect::<Vec<_>>(),
        "counts": levels.iter().map(|level| json!({"level": level["key"], "count": count(level)})).collect::<Vec<_>>(),
        "total": f.risks.len(), "notIncluded": f.outside, "setAside": 0, "revised": revised,
        "words": {
            "board": {"plain": board, "definite": f.board(), "genitive": boards},
            "region": {"plain": "region", "definite": "regionen", "genitive": "regionens"},
        },
    })
}

fn named(decided: &Value) -> Value {
    with(decision(decided), json!({"clauses": null, "sentTo": null}))
}

fn without_empty(mut decided: Value) -> Value {
    for field in ["clauses", "sentTo"] {
        if decided[field] == json!([]) {
            decided[field] = Value::Null;
        }
    }
    decided
}

pub fn plan(now: &Moment, before: Option<&Moment>, seal: &Value) -> Value {
    let revised = before.map_or(Value::Null, |before| changes(&Revised::between(&before.facts, &now.facts, before)));
    with(of_plan(&now.facts, &without_empty(decision(&now.decision)), revised), json!({"checkpoint": seal}))
}

pub fn report(told: &Told) -> Value {
    let f = &told.now.facts;
    let (period, plan) = (f.period(), told.plans.last().expect("a plan"));
    let then = told.earlier.last();
    let revised = match told.plans {
        [.., before, now] => changes(&Revised::between(&before.facts, &now.facts, before)),
        _ => Value::Null,
    };
    let since = then.map_or(Value::Null, |then| {
        let old = &then.facts;
        let there = |risk: &&Risk| f.risks.iter().any(|one| one.is["number"] == risk.is["number"]);
        let known: Vec<&Value> = old.actions().map(|(_, part)| &part.is["id"]).collect();
        let done = |facts: &Facts| -> Vec<Value> {
            facts.actions().filter(|(_, part)| !part.stands["completedOn"].is_null()).map(|(_, part)| part.is["id"].clone()).collect()
        };
        let before = done(old);
        let newer = old.plan["adoptedRevision"] != f.plan["adoptedRevision"];
        json!({"kind": old.period().name, "version": 1, "decidedOn": then.decision["decidedOn"],
            "scores": old.risks.iter().filter(there).map(|risk| json!({"number": risk.is["number"], "score": risk.is["score"]})).collect::<Vec<_>>(),
            "newActions": f.actions().filter(|(_, part)| !known.contains(&&part.is["id"])).map(|(_, part)| &part.is["id"]).collect::<Vec<_>>(),
            "completedActions": done(f).into_iter().filter(|id| !before.contains(id)).collect::<Vec<_>>(),
            "revised": if newer { revised.clone() } else { Value::Null }})
    });
    let of_plan = of_plan(f, &named(&plan.decision), if then.is_none() { revised } else { Value::Null });
    let judged = period.outcomes.iter().filter(|one| !one["judgement"].is_null()).count();
    let at_risk = period.outcomes.iter().filter(|one| one["judgement"] == "atRisk" || one["judgement"] == "missed");
    let plan_actions = |ids: &Value| -> Vec<Value> {
        ids.as_array().into_iter().flatten().map(|id| json!({"of": "plan", "id": id})).collect()
    };
    let several = told.plans.len() > 1;
    let score = |facts: &Facts, risk: &Risk| {
        facts.risks.iter().find(|one| one.is["id"] == risk.is["id"]).map_or(Value::Null, |one| one.is["score"].clone())
    };
    let here = period.measures.as_ref().is_some_and(|(of, _)| *of == period.name);
    json!({
        "schema": 1,
        "report": {"id": period.report["id"], "kind": period.name, "version": 1, "status": "decided", "periodFrom": period.is["from"],
            "periodTo": period.is["to"], "deadline": period.is["deadline"], "shownToManagementOn": period.report["shownToManagementOn"],
            "diaryNumbers": decision(&told.now.decision)["diaryNumbers"], "illustrative": false},
        "decision": without_empty(decision(&told.now.decision)),
        "plan": of_plan, "since": since,
        "mandatory": f.mandatory.iter().map(|one| json!({"name": one["name"], "kind": one["kind"],
            "riskNumbers": f.risks.iter().filter(|risk| risk.is["mandatoryId"] == one["id"]).map(|risk| &risk.is["number"]).collect::<Vec<_>>()})).collect::<Vec<_>>(),
        "trend": {
            "versions": if several { json!((1..=told.plans.len()).collect::<Vec<_>>()) } else { Value::Null },
            "periods": period.sums.iter().map(|(at, view)| {
                let mut one = json!({"kind": at});
                for (_, of, _) in SCALES {
                    let [dash, green, yellow, red, missing] = sums(view, of);
                    one[of] = json!({"dash": dash, "green": green, "yellow": yellow, "red": red, "missing": missing});
                }
                one
            }).collect::<Vec<_>>(),
            "risks": f.risks.iter().map(|risk| json!({"number": risk.is["number"], "adopted": score(&plan.facts, risk),
                "versions": if several { json!(told.plans.iter().map(|moment| score(&moment.facts, risk)).collect::<Vec<_>>()) } else { Value::Null },
                "scores": told.earlier.iter().map(|moment| score(&moment.facts, risk)).chain([risk.is["score"].clone()]).collect::<Vec<_>>()})).collect::<Vec<_>>(),
        },
        "deficiencies": period.deficiencies.iter().map(|one| {
            let risk = f.risks.iter().find(|risk| risk.is["id"] == one["riskId"]).map(|risk| risk.is["number"].clone());
            let what = one["description"].as_str().map_or_else(|| said(one, "title").to_owned(), |text| format!("{}\n\n{text}", said(one, "title")));
            let with = one["regionPeriod"].as_str().map(|kind| json!({"kind": kind, "year": one["regionYear"]}));
            json!({"id": one["id"], "what": what, "foundOn": one["foundOn"], "foundBy": one["foundBy"], "severity": words::word(&one["severity"]),
                "suspectedCrime": null, "riskNumber": risk, "reportedToBoardOn": one["reportedToBoardOn"], "reportedToRegionWith": with,
                "done": one["measures"], "closedOn": one["closedOn"], "closeReason": one["closureReason"], "secrecy": one["secrecy"]})
        }).collect::<Vec<_>>(),
        "recommendations": period.recommendations.iter().map(|one| json!({"id": one["id"], "source": words::word(&one["source"]), "report": one["report"],
            "diaryNumber": one["diaryNumber"], "year": one["year"], "text": one["text"], "responsible": f.person(&one["responsibleId"]),
            "status": if one["closedOn"].is_null() { "open" } else { "closed" },
            "entries": one["entries"].as_array().into_iter().flatten().map(|entry| json!({"date": entry["datedOn"], "side": entry["side"], "text": entry["text"]})).collect::<Vec<_>>(),
            "actions": plan_actions(&one["actionIds"])})).collect::<Vec<_>>(),
        "auditOpinions": period.opinions.iter().map(|one| json!({"year": one["year"], "report": one["report"],
            "judgement": words::opinion(&one["judgement"])})).collect::<Vec<_>>(),
        "indicators": at_risk.map(|one| {
            let indicator = f.indicators.iter().find(|i| i["id"] == one["indicatorId"]).expect("the indicator");
            json!({"outcome": f.outcome_data(one), "goal": f.goals[said(indicator, "goalId")]["name"], "cause": one["cause"], "actions": plan_actions(&one["actionIds"])})
        }).collect::<Vec<_>>(),
        "outcomes": {"asked": f.indicators.len(), "answered": judged},
        "financialMeasures": period.measures.as_ref().map(|(of, all)| json!({"writtenOf": of, "measures": all.iter().map(|one| json!({"name": one["name"],
            "effect": effect(&one["financialEffect"]), "realised": if here { json!(tenths(&one["realisedEffect"])) } else { Value::Null }})).collect::<Vec<_>>()})),
        "selfAssessment": period.judged.iter().map(|one| json!({"key": one["component"], "judgement": one["judgement"], "reason": one["reason"], "principles": one["principles"]})).collect::<Vec<_>>(),
        "texts": {"introduction": period.report["introduction"], "conclusion": period.report["conclusion"], "assurance": period.report["assurance"]},
        "checkpoint": told.seal,
    })
}
