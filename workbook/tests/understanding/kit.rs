//! What is told, in short.

use riskregister_workbook::{Interpretation, Notice};
use serde_json::{Map, Value, json};

/// Code and cell, the sheet instead where there is no cell.
pub fn noted(notices: &[Notice]) -> Vec<String> {
    let mut all: Vec<String> = notices
        .iter()
        .map(|notice| {
            assert!(!notice.sv.is_empty() && !notice.en.is_empty());
            let place = notice.place.cell.as_ref().or(notice.place.sheet.as_ref());
            format!("{} {}", notice.code, place.map_or("", String::as_str)).trim().to_owned()
        })
        .collect();
    all.sort();
    all
}

/// What a file says, as a person would write it down: texts, days and steps, and no places.
pub fn told(read: &Interpretation) -> Value {
    let risks: Vec<Value> = read.risks.iter().map(|risk| short(&serde_json::to_value(risk).expect("JSON"))).collect();
    let questions: Vec<Value> = read
        .questions
        .iter()
        .map(|q| {
            let mut one = json!({"about": q.about, "text": q.text, "times": q.times});
            if !q.proposed.is_empty() {
                one["proposed"] = json!(q.proposed);
            }
            one
        })
        .collect();
    json!({
        "assessment": read.assessment,
        "risks": risks,
        "questions": questions,
        "faults": noted(&read.faults),
        "remarks": noted(&read.remarks),
    })
}

/// A cell is its day or its text; a step its number.
fn short(value: &Value) -> Value {
    match value {
        Value::Array(all) => Value::Array(all.iter().map(short).collect()),
        Value::Object(object) => {
            let scoring = object.contains_key("scoring");
            if let (Some(text), true) =
                (object.get("text"), object.contains_key("sheet") && !object.contains_key("label"))
            {
                let step = object.get("value");
                return step.or_else(|| object.get("date")).unwrap_or(text).clone();
            }
            let kept = object.iter().filter(|(key, _)| !matches!(key.as_str(), "place" | "cell" | "sheet"));
            let kept = kept.filter(|(key, _)| !(scoring && *key == "products"));
            Value::Object(kept.map(|(key, value)| (key.clone(), short(value))).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}
