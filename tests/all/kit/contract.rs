//! The contract, and what it says of an answer. A test holds it to be the same as the committed `openapi.yaml`.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::client::Answer;

pub struct Contract {
    pub document: Value,
    /// The shapes, each without room for a field that it does not name.
    components: Value,
    /// By the schema's own text: many answers have the same.
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

pub fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> =
        LazyLock::new(|| Contract::new(riskregister::api::document(&riskregister::api::operations())));
    &CONTRACT
}

impl Contract {
    fn new(mut document: Value) -> Self {
        let mut components = document["components"].clone();
        own(&mut document["paths"], &components);
        let mut shared = HashSet::new();
        parts_of_wholes(&document, &mut shared);
        if let Some(schemas) = components["schemas"].as_object_mut() {
            for (name, schema) in schemas.iter_mut() {
                // An object that is a part of another one cannot know the other parts' fields.
                let closed =
                    schema.get("properties").is_some() && schema.get("allOf").is_none() && !shared.contains(name);
                if let Some(map) = schema.as_object_mut().filter(|_| closed) {
                    map.entry("additionalProperties").or_insert(json!(false));
                }
            }
        }
        Self { document, components, compiled: Mutex::default() }
    }

    /// Each operation: its method, path and description.
    pub fn operations(&self) -> Vec<(&str, &str, &Value)> {
        let paths = self.document["paths"].as_object().expect("the contract has paths");
        paths
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().into_iter().flatten();
                methods.map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
            })
            .collect()
    }

    /// The path of the contract that a path of a request stands under.
    fn path_of(&self, asked: &str) -> Option<&str> {
        let steps: Vec<&str> = asked.split('/').collect();
        let fits = |path: &&String| {
            let known: Vec<&str> = path.split('/').collect();
            known.len() == steps.len() && known.iter().zip(&steps).all(|(k, s)| k == s || k.starts_with('{'))
        };
        let paths = self.document["paths"].as_object()?;
        // Where two fit, the one that says more: `/sessions/current` before `/sessions/{id}`.
        paths.keys().filter(fits).min_by_key(|path| path.matches('{').count()).map(String::as_str)
    }

    /// Fails the test when the answer is not one that the contract tells of.
    #[track_caller]
    pub fn hold(&self, method: &str, asked: &str, answer: &Answer) {
        let path = asked.split('?').next().unwrap_or_default();
        let told = format!("{method} {asked} answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        let Some(known) = self.path_of(path) else {
            assert_eq!(answer.status, 404, "the path does not stand in openapi.yaml, yet {told}");
            return self.hold_problem(answer, &told);
        };
        let method = method.to_lowercase();
        let operation = &self.document["paths"][known][&method];
        if operation.is_null() {
            assert_eq!(answer.status, 405, "the method does not stand in openapi.yaml, yet {told}");
            return self.hold_problem(answer, &told);
        }
        let response = &operation["responses"][answer.status.to_string()];
        assert!(!response.is_null(), "openapi.yaml does not tell of this status: {told}");
        let Some(content) = response["content"].as_object() else {
            assert!(answer.body.is_empty(), "openapi.yaml tells of no body: {told}");
            return;
        };
        let full = answer.maybe_header("content-type").unwrap_or_default();
        let media_type = full.split(';').next().unwrap_or_default();
        let Some(media) = content.get(media_type) else {
            panic!("openapi.yaml does not tell of the type {full:?}: {told}");
        };
        if media_type.ends_with("json") {
            let key = format!("{method} {known} {} {media_type}", answer.status);
            self.fits(&key, &media["schema"], &answer.json, &told);
        }
        let promised = response["headers"].as_object().into_iter().flatten().filter(|(_, one)| one["required"] == true);
        for (name, _) in promised {
            assert!(answer.maybe_header(name).is_some(), "openapi.yaml promises the header {name}: {told}");
        }
    }

    #[track_caller]
    fn hold_problem(&self, answer: &Answer, told: &str) {
        assert_eq!(answer.maybe_header("content-type"), Some("application/problem+json"), "{told}");
        self.fits("problem", &json!({"$ref": "#/components/schemas/Problem"}), &answer.json, told);
    }

    /// Fails the test when a value does not fit a schema of the contract. `key` names the schema.
    #[track_caller]
    pub fn fits(&self, key: &str, schema: &Value, value: &Value, told: &str) {
        let rules = self.rules(key, schema);
        let faults: Vec<String> = rules.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "not as openapi.yaml says: {}\n{told}", faults.join("\n"));
    }

    fn rules(&self, key: &str, schema: &Value) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let mut whole: Map<String, Value> = schema.as_object().cloned().unwrap_or_default();
            // Those alone that it leads to: with all of them each of a thousand schemas would hold megabytes.
            whole.insert("components".into(), self.reached(schema));
            let rules = jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(true)
                .build(&Value::Object(whole));
            Arc::new(rules.unwrap_or_else(|e| panic!("the schema of {key} cannot be compiled: {e}")))
        };
        compiled.entry(schema.to_string()).or_insert_with(make).clone()
    }

    /// The components that a schema leads to, each at its place.
    fn reached(&self, schema: &Value) -> Value {
        let (mut found, mut ahead) = (HashSet::new(), vec![schema]);
        let mut reached = json!({});
        while let Some(value) = ahead.pop() {
            let target = value.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix("#/components/"));
            if let Some((kind, name)) = target.and_then(|at| at.split_once('/'))
                && found.insert((kind, name))
            {
                let component = &self.components[kind][name];
                reached[kind][name] = component.clone();
                ahead.push(component);
            }
            match value {
                Value::Object(map) => ahead.extend(map.values()),
                Value::Array(all) => ahead.extend(all),
                _ => {}
            }
        }
        reached
    }
}

/// What several operations share stands once in the file; here each has its own. Shapes stay where they are.
fn own(value: &mut Value, components: &Value) {
    let place = value.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix("#/components/"));
    let place = place.and_then(|at| at.split_once('/')).filter(|(kind, _)| *kind != "schemas");
    if let Some(named) = place.map(|(kind, name)| components[kind][name].clone()) {
        assert!(!named.is_null(), "the contract refers to what is not there: {value}");
        *value = named;
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(|part| own(part, components)),
        Value::Array(all) => all.iter_mut().for_each(|part| own(part, components)),
        _ => {}
    }
}

/// The names of the shapes that stand in an `allOf`.
fn parts_of_wholes(value: &Value, into: &mut HashSet<String>) {
    match value {
        Value::Object(map) => {
            for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                let name = part.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next());
                into.extend(name.map(str::to_owned));
            }
            map.values().for_each(|v| parts_of_wholes(v, into));
        }
        Value::Array(all) => all.iter().for_each(|v| parts_of_wholes(v, into)),
        _ => {}
    }
}
