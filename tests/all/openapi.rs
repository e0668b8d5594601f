//! `openapi.yaml`: that it is the one the code makes, and that it tells all it should.

use riskregister::domain::scoring::Policy;
use riskregister::domain::words::{InclusionReason, Language};
use riskregister::http::contract::ParameterKind;
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
            // What may be left out is filled in by nobody but who asks.
            let prefilled = !parameter["example"].is_null();
            assert_eq!(
                prefilled,
                parameter["required"] == true,
                "an example of what must be given alone: {at}, {name}"
            );
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
        let asked = |name: &str| operation["parameters"].as_array().into_iter().flatten().find(|p| p["name"] == name);
        assert!(asked("Accept-Language").is_some(), "{at} does not tell of Accept-Language");
        if let Some(guard) = asked("If-Match") {
            expected.extend(["412", "428"]);
            assert_eq!(
                guard["required"] == true,
                asked("If-None-Match").is_none(),
                "{at}: one of the two must be there"
            );
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
            for given in
                [&parameter["example"], &parameter["schema"]["default"]].iter().filter(|given| !given.is_null())
            {
                contract().fits(&key, &parameter["schema"], given, &format!("{name} of {at}"));
            }
        }
    }
}

/// Score and level are those of likelihood and consequence, by the matrix that a register begins with, and who is in by the
/// score is above the threshold.
#[test]
fn each_example_agrees_with_the_rules_of_scoring() {
    fn hold(value: &Value, policy: &Policy, at: &str, seen: &mut usize) {
        match value {
            Value::Object(map) => {
                let number = |name: &str| value[name].as_i64().and_then(|number| i32::try_from(number).ok());
                if let (Some(likelihood), Some(consequence)) = (number("likelihood"), number("consequence")) {
                    let cell = policy.value(likelihood, consequence).expect("a cell of the matrix");
                    assert_eq!(number("score").unwrap_or(cell.score), cell.score, "{at}: {value}");
                }
                for (score, level) in [("score", "level"), ("adoptedScore", "adoptedLevel")] {
                    let (Some(score), Some(level)) = (number(score), value[level].as_str()) else { continue };
                    let cell =
                        policy.cells.iter().flatten().find(|cell| cell.score == score).expect("a score of the matrix");
                    assert_eq!(cell.level.as_str(), level, "{at}: {value}");
                    *seen += 1;
                }
                let by_score = value["inclusionReason"] == InclusionReason::Score.as_str();
                if by_score || (value["included"] == true && value["inclusionReason"].is_null()) {
                    let score = number("score").unwrap_or(i32::MAX);
                    assert!(score > policy.threshold, "{at}: {value}");
                }
                map.values().for_each(|part| hold(part, policy, at, seen));
            }
            Value::Array(all) => all.iter().for_each(|part| hold(part, policy, at, seen)),
            _ => {}
        }
    }
    let (policy, mut seen) = (Policy::standard(Language::Sv), 0);
    for (method, path, operation) in contract().operations() {
        let at = format!("{method} {path}");
        let answers =
            operation["responses"].as_object().into_iter().flatten().map(|(_, response)| &response["content"]);
        for media in answers.chain([&operation["requestBody"]["content"]]).filter_map(Value::as_object).flatten() {
            hold(&media.1["example"], &policy, &at, &mut seen);
        }
    }
    assert!(seen > 20, "only {seen} examples show a score and its level");
}

/// What recurs stands once, by a name: no list of words, page or patch is written out where it is used.
#[test]
fn what_recurs_is_named() {
    let document = riskregister::api::document(&riskregister::api::operations());
    fn plain(value: &Value, at: &str) {
        if let Value::Object(map) = value {
            assert!(!map.contains_key("enum"), "{at} has words without a name: {value}");
            assert!(!map.contains_key("properties"), "{at} has a shape without a name: {value}");
        }
        match value {
            // What is shown is no rule.
            Value::Object(map) => {
                map.iter().filter(|(name, _)| *name != "example").for_each(|(_, part)| plain(part, at))
            }
            Value::Array(all) => all.iter().for_each(|part| plain(part, at)),
            _ => {}
        }
    }
    for (path, item) in document["paths"].as_object().expect("paths") {
        plain(item, path);
    }
    let mut ways: Vec<&Value> = Vec::new();
    for parameter in
        document["paths"].as_object().into_iter().flatten().flat_map(|(_, item)| item.as_object()).flatten()
    {
        ways.extend(parameter.1["parameters"].as_array().into_iter().flatten().filter(|p| p["$ref"].is_null()));
    }
    for name in ["page", "limit", "sort", "asOf", "If-Match", "If-None-Match", "Idempotency-Key", "Accept-Language"] {
        let inline = ways.iter().filter(|p| p["name"] == name).count();
        assert!(inline <= 2, "{name} stands {inline} times where it is used");
    }
    // A word of a filter is one of the list that it names.
    for operation in riskregister::api::operations() {
        for parameter in &operation.parameters {
            let ParameterKind::Word(list, words) = parameter.form.each() else { continue };
            assert_eq!(
                document["components"]["schemas"][list]["enum"],
                json!(words),
                "{} {}",
                operation.id,
                parameter.name
            );
        }
    }
}

#[test]
fn each_tag_is_told_of() {
    let document = &contract().document;
    let mut told: Vec<&str> =
        document["tags"].as_array().expect("tags").iter().filter_map(|t| t["name"].as_str()).collect();
    let mut used: Vec<&str> =
        contract().operations().iter().filter_map(|(.., operation)| operation["tags"][0].as_str()).collect();
    let sent = document["webhooks"]["event"]["post"]["tags"][0].as_str().expect("a tag");
    assert!(!used.contains(&sent), "what is sent has a tag of its own");
    used.push(sent);
    for all in [&mut told, &mut used] {
        all.sort_unstable();
        all.dedup();
    }
    assert_eq!(told, used);
}

/// Readers of YAML 1.1 take a date, or the word `yes`, for something else than a text unless it is quoted.
#[test]
fn what_older_readers_would_mistake_is_quoted() {
    let yaml = riskregister::api::yaml(&riskregister::api::operations());
    let other = |text: &str| {
        let date = text.len() >= 10
            && text.char_indices().take(10).all(|(n, c)| if n == 4 || n == 7 { c == '-' } else { c.is_ascii_digit() });
        date || matches!(text, "y" | "n" | "yes" | "no" | "on" | "off")
    };
    for line in yaml.lines() {
        let text = line
            .trim_start_matches([' ', '-'])
            .split_once(": ")
            .map_or(line.trim_start_matches([' ', '-']), |(_, text)| text);
        assert!(!other(text), "not quoted: {line}");
    }
    assert!(yaml.contains("example: '2024-05-02'") && yaml.contains("- 'yes'"));
}

#[test]
fn the_contract_presents_itself() {
    let info = &contract().document["info"];
    for field in [
        "/title",
        "/version",
        "/summary",
        "/description",
        "/termsOfService",
        "/contact/email",
        "/license/url",
        "/x-limitations",
    ]
    .into_iter()
    .chain(["/x-sla/availability", "/x-sla/responseTime", "/x-sla/support"])
    {
        assert!(info.pointer(field).is_some_and(Value::is_string), "info has no {field}");
    }
    let description = info["description"].as_str().unwrap_or_default();
    assert!(description.contains("Svenska:") && description.contains("English:"));
}

both! {
    fn it_is_served_as_it_is_committed(reg: &Register) {
        let answer = reg.as_nobody().send_outside("GET", "/api/v1/openapi.yaml", None).expect(200);
        assert_eq!(answer.header("content-type"), "application/yaml");
        assert_eq!(answer.body, riskregister::api::yaml(&riskregister::api::operations()).into_bytes());
        let answer = reg.as_nobody().send_outside("GET", "/api/v1/openapi.json", None).expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.json, riskregister::api::document(&riskregister::api::operations()));
    }

    /// Its tag is strong: of the bytes that are sent, so that what comes packed has another.
    fn who_has_it_is_not_sent_it_again(reg: &Register) {
        for path in ["/api/v1/openapi.yaml", "/api/v1/openapi.json"] {
            let ask = |encoding: &str, known: &str| {
                let client = reg.as_nobody().with("accept-encoding", encoding).with("if-none-match", known);
                client.send_outside("GET", path, None)
            };
            let (plain, packed) = (ask("identity", "\"0\"").expect(200), ask("gzip", "\"0\"").expect(200));
            let (tag, other) = (plain.header("etag"), packed.header("etag"));
            assert!(tag.starts_with('"') && other.starts_with('"') && tag != other, "{path} {tag} {other}");
            let again = ask("identity", &format!("\"0\", {tag}")).expect(304);
            assert_eq!((again.header("etag"), again.body.len()), (tag, 0));
            assert_eq!(ask("gzip", other).expect(304).header("etag"), other);
            ask("gzip", tag).expect(200);
        }
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
