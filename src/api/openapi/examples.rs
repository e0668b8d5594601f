//! Examples that fit a schema, and agree with the rules.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::scoring::Policy;
use crate::domain::words::Language;

/// An example that fits a schema: its own, or made of its parts.
pub fn example(schema: &Value, shapes: &BTreeMap<String, Value>) -> Value {
    made(schema, shapes, 0)
}

fn made(schema: &Value, shapes: &BTreeMap<String, Value>, depth: usize) -> Value {
    if depth > 24 {
        return Value::Null;
    }
    if let Some(given) = schema.get("example").or_else(|| schema.get("const")) {
        return given.clone();
    }
    if let Some(given) = schema.get("examples").and_then(|e| e.as_array()).and_then(|e| e.first()) {
        return given.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(|r| r.as_str()).and_then(|r| r.rsplit('/').next()) {
        return shapes.get(name).map_or(Value::Null, |s| made(s, shapes, depth + 1));
    }
    if let Some(first) = schema.get("enum").and_then(|e| e.as_array()).and_then(|e| e.first()) {
        return first.clone();
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if let Some(all) = schema.get(key).and_then(|a| a.as_array()) {
            if key == "allOf" {
                let mut merged = Map::new();
                for part in all {
                    if let Value::Object(o) = made(part, shapes, depth + 1) {
                        merged.extend(o);
                    }
                }
                agree(&mut merged);
                return Value::Object(merged);
            }
            let chosen = all.iter().find(|s| s.get("type").and_then(|t| t.as_str()) != Some("null"));
            return chosen.map_or(Value::Null, |s| made(s, shapes, depth + 1));
        }
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(|k| k.as_str()).find(|k| *k != "null").unwrap_or("null"),
        _ => "object",
    };
    match kind {
        "object" => {
            let mut object = Map::new();
            if let Some(properties) = schema.get("properties").and_then(|p| p.as_object()) {
                for (name, property) in properties {
                    object.insert(name.clone(), made(property, shapes, depth + 1));
                }
            }
            agree(&mut object);
            Value::Object(object)
        }
        "array" => schema.get("items").map_or(json!([]), |items| json!([made(items, shapes, depth + 1)])),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "boolean" => json!(true),
        "null" => Value::Null,
        _ => match schema.get("format").and_then(|f| f.as_str()) {
            Some("uuid") => json!("0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40"),
            Some("date") => json!(DATE),
            Some("date-time") => json!("2024-05-02T08:30:00.000000Z"),
            Some("email") => json!("anna.lind@example.org"),
            _ => json!("Text"),
        },
    }
}

/// A date, where none is given.
pub const DATE: &str = "2024-05-02";

/// Score and level follow from likelihood and consequence, by the matrix that the register begins with; the level alone
/// from the score.
fn agree(object: &mut Map<String, Value>) {
    let policy = Policy::standard(Language::Sv);
    let number = |object: &Map<String, Value>, name: &str| {
        object.get(name).and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok())
    };
    let assessed = number(object, "likelihood").zip(number(object, "consequence"));
    if let Some(cell) = assessed.and_then(|(likelihood, consequence)| policy.value(likelihood, consequence))
        && object.contains_key("score")
    {
        object.insert("score".into(), json!(cell.score));
    }
    for (score, level) in [("score", "level"), ("adoptedScore", "adoptedLevel")] {
        let of_score = number(object, score);
        if let Some(cell) = policy.cells.iter().flatten().find(|cell| Some(cell.score) == of_score)
            && object.contains_key(level)
        {
            object.insert(level.into(), json!(cell.level));
        }
    }
}
