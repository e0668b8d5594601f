//! `openapi.yaml`: that it is the one the code makes, and that it tells all it should.

use serde_json::{Value, json};

use crate::kit::{Register, World, both, contract};

#[test]
fn the_committed_contract_is_the_codes() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    let made = riskregister::api::yaml(&riskregister::api::operations());
    assert!(
        committed == made,
        "openapi.yaml is not what the code makes. Make it anew, and read the difference like any code:\n\
         \n    cargo run -- openapi > openapi.yaml\n"
    );
}

#[test]
fn each_operation_is_described() {
    let mut ids = Vec::new();
    for (method, path, operation) in contract().operations() {
        let at = format!("{method} {path}");
        let written = |value: &Value, what: &str| {
            assert!(value.as_str().is_some_and(|text| text.len() > 3), "{at} has no {what}");
        };
        written(&operation["operationId"], "operationId");
        written(&operation["summary"], "summary");
        written(&operation["description"], "description");
        ids.push(operation["operationId"].as_str().unwrap_or_default());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = &parameter["name"];
            written(&parameter["description"], &format!("description of {name}"));
            assert!(!parameter["example"].is_null(), "{at} has no example of {name}");
        }
        let responses = operation["responses"].as_object().expect("responses");
        let open = operation["security"] == json!([]);
        let has_body = !operation["requestBody"].is_null();
        let mut expected = vec!["400", "404", "405", "406", "429", "503"];
        if !open {
            expected.extend(["401", "403"]);
        }
        if has_body {
            expected.extend(["413", "415"]);
            // What OAuth finds invalid it tells by 400.
            let is_form = !operation["requestBody"]["content"]["application/x-www-form-urlencoded"].is_null();
            expected.extend((!is_form).then_some("422"));
        }
        let guarded = operation["parameters"].as_array().into_iter().flatten().any(|p| p["name"] == "If-Match");
        if guarded {
            expected.extend(["412", "428"]);
        }
        for status in expected {
            assert!(responses.contains_key(status), "{at} does not tell of {status}");
        }
        assert!(responses.keys().any(|status| status.starts_with('2')), "{at} never succeeds");
        for (status, response) in responses {
            written(&response["description"], &format!("description of {status}"));
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an operationId stands twice");
}

#[test]
fn each_example_is_there_and_fits() {
    for (method, path, operation) in contract().operations() {
        let at = format!("{method} {path}");
        let hold = |what: &str, content: &Value| {
            for (media_type, media) in content.as_object().into_iter().flatten() {
                let example = &media["example"];
                assert!(!example.is_null(), "{at} has no example of its {what}");
                if media_type.ends_with("json") {
                    let key = format!("example {at} {what} {media_type}");
                    contract().fits(
                        &key,
                        &media["schema"],
                        example,
                        &format!("the example of {at}, {what}: {example}"),
                    );
                }
            }
        };
        hold("request", &operation["requestBody"]["content"]);
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            hold(status, &response["content"]);
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let key = format!("parameter {at} {name}");
            contract().fits(&key, &parameter["schema"], &parameter["example"], &format!("{name} of {at}"));
        }
    }
}

#[test]
fn the_contract_presents_itself() {
    let info = &contract().document["info"];
    for field in ["title", "version", "summary", "description", "contact", "license", "x-sla", "x-limitations"] {
        assert!(!info[field].is_null(), "info has no {field}");
    }
    let description = info["description"].as_str().unwrap_or_default();
    assert!(description.contains("Svenska:") && description.contains("English:"));
}

both! {
    fn it_is_served_as_it_is_committed(reg: &Register) {
        let answer = reg.as_nobody().send_outside("GET", "/api/v1/openapi.yaml", None).expect(200);
        assert_eq!(answer.header("content-type"), "application/yaml");
        assert_eq!(answer.body, riskregister::api::yaml(&riskregister::api::operations()).into_bytes());
    }

    /// What is tried out in the documentation must not be sent to the example's address.
    fn the_documentation_asks_this_very_service(reg: &Register) {
        let nobody = reg.as_nobody();
        let page = nobody.send_outside("GET", "/api/v1/docs/swagger-initializer.js", None).expect(200);
        assert!(String::from_utf8_lossy(&page.body).contains("\"/api/v1/docs-openapi.yaml\""));
        let here = nobody.send_outside("GET", "/api/v1/docs-openapi.yaml", None).expect(200);
        let here = String::from_utf8_lossy(&here.body).into_owned();
        assert!(here.contains("url: /api/v1\n") && !here.contains(&format!("url: {}\n", riskregister::api::SERVER)));
    }

    fn each_operation_answers(world: &World) {
        for (method, path, operation) in contract().operations() {
            let id = uuid::Uuid::now_v7().to_string();
            let steps: Vec<String> = path
                .split('/')
                .map(|step| if step.starts_with('{') { id.clone() } else { step.to_owned() })
                .collect();
            let path = steps.join("/");
            let content = operation["requestBody"]["content"].as_object();
            let body = content.and_then(|c| c.values().next()).map(|media| media["example"].clone());
            let media_type = content.and_then(|c| c.keys().next()).map_or("application/json", String::as_str);
            let client = world.controller.with("if-match", "\"0\"").with("content-type", media_type);
            let method = method.to_uppercase();
            if operation["security"] != json!([]) {
                let answer = world.as_nobody().send(&method, &path, body.clone()).expect(401);
                assert_eq!(answer.header("www-authenticate"), "Bearer");
            }
            // What ends the session would leave nothing for the next ones.
            let ends = path.starts_with("/sessions") || path == "/me/password";
            let client = if ends { world.as_user(&world.token(&world.reader.id)) } else { client };
            client.send(&method, &path, body);
        }
    }
}
