//! Names are one line of visible text, wherever they are written: found by their schema, and tried on every operation.

use std::collections::BTreeMap;

use riskregister::http::contract::Operation;
use serde_json::{Value, json};

use crate::kit::{Client, World, both, contract};
use crate::service_accounts::{System, Things, store};

/// No text of a form is longer than this that is not a paragraph.
const LONGEST_NAME: u64 = 500;

/// Short texts that are no names, and why.
const NOT_NAMES: [(&str, &str); 9] = [
    ("sheet", "what a workbook calls it"),
    ("email", "addresses have a rule of their own"),
    ("currentPassword", "what a password holds is its owner's"),
    ("newPassword", "what a password holds is its owner's"),
    ("password", "what a password holds is its owner's"),
    ("value", "a figure"),
    ("forecast", "a figure"),
    ("baselineValue", "a figure"),
    ("client_id", "a form of OAuth"),
];

/// Every text in a form: where it stands (RFC 6901), and its schema.
fn texts(operation: &Operation) -> Vec<(String, Value)> {
    let Some(shape) = &operation.form else { return Vec::new() };
    let mut found = Vec::new();
    let whole = &shape.schemas()[&shape.name];
    below(whole, String::new(), shape.schemas(), &mut found);
    found
}

fn below(schema: &Value, at: String, shapes: &BTreeMap<String, Value>, found: &mut Vec<(String, Value)>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return below(&shapes[name], at, shapes, found);
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        for part in schema[key].as_array().into_iter().flatten() {
            below(part, at.clone(), shapes, found);
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        below(property, format!("{at}/{name}"), shapes, found);
    }
    if schema["items"].is_object() {
        below(&schema["items"], format!("{at}/0"), shapes, found);
    }
    let is_text =
        schema["type"] == "string" || schema["type"].as_array().is_some_and(|all| all.contains(&json!("string")));
    if is_text {
        found.push((at, schema.clone()));
    }
}

fn is_name((_, schema): &(String, Value)) -> bool {
    schema["format"] == "name"
}

#[test]
fn every_short_text_is_a_name_or_says_why_not() {
    let mut names = 0;
    for operation in riskregister::api::operations() {
        for text in texts(&operation) {
            names += usize::from(is_name(&text));
            let (at, schema) = &text;
            let short = schema["maxLength"].as_u64().is_some_and(|most| most <= LONGEST_NAME);
            let field = at.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
            let other = NOT_NAMES.iter().any(|(name, _)| *name == field) || operation.oauth;
            // Keys and kinds have a form of their own, and so have closed lists, dates and ids.
            let formed = ["pattern", "enum", "format"].iter().any(|key| !schema[*key].is_null());
            assert!(!short || formed || other, "{}: {at} is a short text that is no name", operation.id);
            assert!(!is_name(&text) || schema["maxLength"].as_u64() <= Some(LONGEST_NAME), "{}: {at}", operation.id);
        }
    }
    assert!(names > 60, "{names}");
}

/// The example of a form with another text in one place.
fn with(mut form: Value, at: &str, text: &str) -> Value {
    let (above, field) = at.rsplit_once('/').expect("a pointer");
    match form.pointer_mut(above) {
        // What the example leaves out is written beside the rest.
        Some(Value::Object(place)) => _ = place.insert(field.to_owned(), json!(text)),
        Some(Value::Array(all)) => all[field.parse::<usize>().expect("a place in a list")] = json!(text),
        _ => panic!("the example has no {at}: {form}"),
    }
    form
}

both! {
    fn a_name_is_one_line_wherever_it_is_written(world: &World) {
        let things = Things::new(world, &System::new(world, &["read"]));
        let people: [&Client; 4] = [&world.admin, &world.controller, &world.auditor, &world.head];
        let mut tried = 0;
        for operation in riskregister::api::operations() {
            let names: Vec<String> = texts(&operation).into_iter().filter(is_name).map(|(at, _)| at).collect();
            let (method, path) = (operation.method.to_uppercase(), things.path(operation.path));
            let content = &contract().document["paths"][operation.path][operation.method]["requestBody"]["content"];
            let example = content.as_object().and_then(|all| all.values().next()).map(|media| media["example"].clone());
            let example = example.unwrap_or_default();
            // As whoever may, upon what is there or not yet: found with the first of its names.
            let mut clients: Vec<Client> = people
                .iter()
                .flat_map(|one| [one.with("if-match", "*"), one.with("if-none-match", "*"), (*one).clone()])
                .collect();
            for at in names {
                for text in ["två\nrader", "en\ttabb", "\u{200b}"] {
                    let form = with(things.form(example.clone()), &at, text);
                    let answers: Vec<_> =
                        clients.iter().map(|client| client.send(&method, &path, Some(form.clone()))).collect();
                    assert!(answers.iter().all(|one| one.status >= 400), "{} took {text:?} at {at}", operation.id);
                    let Some(n) = answers.iter().position(|answer| answer.status == 422) else {
                        let told: Vec<_> = answers.iter().map(|answer| (answer.status, &answer.json)).collect();
                        panic!("{} at {at}: {told:?}", operation.id);
                    };
                    let faults = answers[n].faults();
                    assert!(faults.contains(&(at.as_str(), "wrongFormat")), "{} at {at}: {faults:?}", operation.id);
                    clients = vec![clients[n].clone()];
                    tried += 1;
                }
            }
        }
        assert!(tried > 150, "{tried}");
    }

    fn what_is_wrong_with_a_name_is_said(world: &World) {
        let path = format!("/organisations/{}", world.board);
        for (language, said) in [
            ("sv", "Ska vara en rad med synlig text, utan radbrytning och tabb."),
            ("en", "Must be one line of visible text, without line breaks and tabs."),
        ] {
            let answer = world.admin.with("accept-language", language).patch_current(&path, json!({"name": "två\nrader"}));
            assert_eq!(answer.expect(422)["errors"][0]["detail"], said);
        }
        // What surrounds a name goes, as of every text.
        let answer = world.admin.patch_current(&path, json!({"name": "\n\tKultur\u{200b}nämnden \n"})).expect(200);
        assert_eq!(answer["name"], "Kultur\u{200b}nämnden");
    }

    /// Who changes something else is not asked to mend what was written before the rule.
    fn a_name_of_before_hinders_nobody(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let risk = world.risk(&world.plan(2025), &goal, "Brist på scener", (3, 4)).id();
        store::<riskregister::storage::records::Risk>(world, &risk, |risk| risk.name = "Brist\npå scener".into());
        let path = format!("/risks/{risk}");
        let c = &world.controller;
        let changed = c.patch_current(&path, json!({"description": "Två scener är stängda."})).expect(200);
        assert_eq!(changed["name"], "Brist\npå scener");
        c.patch_current(&path, json!({"name": "Brist\npå scener"})).expect(200);
        c.patch_current(&path, json!({"name": "Brist\npå\nscener"})).refused(422, "wrongFormat");
        c.patch_current(&path, json!({"name": "Brist på scener"})).expect(200);
    }
}
