//! What the tests share: the register's default scale, and what is told in short.

use riskregister_workbook::scale::{Level, ScaleCell, Step};
use riskregister_workbook::{Interpretation, Notice, Scale};
use serde_json::{Map, Value, json};

/// Five times five, its score the product.
pub fn scale() -> Scale {
    let steps = |labels: [[&str; 2]; 5]| {
        let step = |(at, labels): (usize, [&str; 2])| Step {
            value: i32::try_from(at).expect("small") + 1,
            labels: labels.map(str::to_owned).to_vec(),
        };
        labels.into_iter().enumerate().map(step).collect()
    };
    let level = |score: i32| match score {
        ..=2 => "veryLow",
        3..=4 => "low",
        5..=9 => "medium",
        10..=12 => "high",
        _ => "veryHigh",
    };
    let cells = (1..=5).flat_map(|likelihood| {
        (1..=5).map(move |consequence| {
            let score = likelihood * consequence;
            ScaleCell { likelihood, consequence, score, level: level(score).to_owned() }
        })
    });
    let levels = [
        ("veryLow", ["mycket låg risk", "very low risk"]),
        ("low", ["låg risk", "low risk"]),
        ("medium", ["medelhög risk", "medium risk"]),
        ("high", ["hög risk", "high risk"]),
        ("veryHigh", ["mycket hög risk", "very high risk"]),
    ];
    Scale {
        likelihood: steps([
            ["Mycket låg", "Very low"],
            ["Låg", "Low"],
            ["Medel", "Medium"],
            ["Hög", "High"],
            ["Mycket hög", "Very high"],
        ]),
        consequence: steps([
            ["Begränsad (marginell)", "Limited"],
            ["Mindre (lindrig, uppfattas som liten)", "Minor"],
            ["Signifikant (kännbar, uppfattas som besvärande)", "Significant"],
            ["Kritisk (allvarlig, får helst inte inträffa)", "Critical"],
            ["Katastrofal (mycket allvarlig, får inte inträffa)", "Catastrophic"],
        ]),
        cells: cells.collect(),
        levels: levels
            .map(|(key, labels)| Level { key: key.to_owned(), labels: labels.map(str::to_owned).to_vec() })
            .to_vec(),
    }
}

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
