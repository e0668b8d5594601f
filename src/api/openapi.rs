//! `openapi.yaml`: made from the list of operations and the shapes that they name, and from nothing else.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::app::history::webhooks::WebhookMessage;
use crate::app::sent::Condition;
use crate::error::{OAuthError, Problem};
use crate::http::contract::{CSV, Operation, Shape};

/// Where the service is in the contract, as an example.
pub const SERVER: &str = "https://riskregister.example.org/api/v1";

/// The version of the contract.
pub const API_VERSION: &str = "1.0.0";
pub const API_RELEASED: &str = "2026-11-22";

/// The whole contract as OpenAPI 3.1.
pub fn document(operations: &[Operation]) -> Value {
    let mut shapes: BTreeMap<String, Value> = BTreeMap::new();
    let mut take = |shape: &Shape| {
        let mut found = Vec::new();
        (shape.collect)(&mut found);
        for (name, schema) in found {
            shapes.entry(name).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
        }
    };
    take(&Shape::of::<Problem>());
    take(&Shape::of::<OAuthError>());
    take(&Shape::of::<WebhookMessage>());
    for operation in operations {
        operation.form.iter().for_each(&mut take);
        operation.replies.iter().filter_map(|r| r.shape.as_ref()).for_each(&mut take);
    }
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(operation.method.into(), describe(operation, &shapes));
        }
    }
    let mut tags: Vec<&str> = Vec::new();
    for operation in operations {
        if !tags.contains(&operation.tag) {
            tags.push(operation.tag);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Riskregister",
            "version": API_VERSION,
            "summary": "Det öppna registret för intern kontroll i offentlig verksamhet",
            "description": "Svenska: Registret håller nämnders och bolags planer för intern kontroll: risker med bedömningar, kontroller och åtgärder, planens väg till beslut, och en historik som går att verifiera. \
    Begränsningar: svar listas med högst 200 poster, en begäran får vara högst 1 MiB, dokument finns på svenska, och en uppgift med `format: name` är en rad med synlig text.\n\n\
    English: The register holds the internal-control plans of boards and companies: risks with assessments, controls and actions, the plan's way to its decision, and a history that can be verified. \
    Known limitations: lists give 200 items at most, a request may have 1 MiB at most, documents are in Swedish, and what has `format: name` is one line of visible text.",
            "contact": {"name": "Riskregister", "url": "https://example.org/riskregister", "email": "riskregister@example.org"},
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            "x-sla": "Tillgänglighet enligt avtal med den som driver tjänsten. / Availability as agreed with whoever runs the service.",
            "x-limitations": "Högst 200 poster per sida; högst 1 MiB per begäran. / 200 items a page at most; 1 MiB a request at most."
        },
        "servers": [{"url": SERVER, "description": "Exempel / example"}],
        "security": [{"bearer": []}],
        "tags": tags.iter().map(|t| json!({"name": t})).collect::<Vec<_>>(),
        "paths": paths,
        "webhooks": {"event": {"post": told_event(&shapes)}},
        "components": {
            "securitySchemes": {"bearer": {
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "A token of this service (`POST /sessions` for people, `POST /oauth/token` for service accounts), or of the configured OIDC issuer."
            }},
            "responses": problem_responses(),
            "schemas": shapes,
        }
    })
}

/// What the register sends to a webhook, the other way round: the receiver answers.
fn told_event(shapes: &BTreeMap<String, Value>) -> Value {
    let header = |name: &str, about: &str, example: &str| {
        json!({"name": name, "in": "header", "required": true, "description": about,
               "schema": {"type": "string"}, "example": example})
    };
    let (schema, example) = shaped(&Shape::of::<WebhookMessage>(), shapes);
    json!({
        "operationId": "deliverEvent",
        "tags": ["Webhookar"],
        "summary": "En händelse",
        "description": "What the register sends to a webhook, after Standard Webhooks: an event of the history, by ids \
            and links. The events of one log come in its order, and the next one only when this one was answered by \
            2xx. One may come more than once, always under the same `webhook-id`. Redirects are not followed; 410 ends \
            the sending at once, any other failure is tried again for about four days before the webhook is paused.",
        "parameters": [
            header("webhook-id", "Names the message: the same whenever it is sent again.",
                "0199b1c47a447c31a2d55f0c1d2e3f40-0199b1c47a447c31a2d55f0c1d2e3f41-17"),
            header("webhook-timestamp", "When this was sent, in seconds since 1970. Refuse what is minutes old.",
                "1714638600"),
            header("webhook-signature", "`v1,` and the base64 of HMAC-SHA256 of `webhook-id.webhook-timestamp.body` \
                with the webhook's secret; two, parted by a space, for a day after the secret was changed.",
                "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
        ],
        "requestBody": {"required": true, "content": {"application/json": {"schema": schema, "example": example}}},
        "security": [],
        "responses": {
            "2XX": {"description": "The receiver has it."},
            "410": {"description": "The receiver is gone: the webhook is paused at once."},
            "default": {"description": "The receiver does not have it: it is sent again."},
        },
    })
}

/// The contract as YAML, as it lies at the top of the project.
pub fn yaml(operations: &[Operation]) -> String {
    serde_norway::to_string(&document(operations)).expect("a JSON value is YAML")
}

fn describe(operation: &Operation, shapes: &BTreeMap<String, Value>) -> Value {
    let mut parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|p| {
            let (schema, example) = p.form.schema();
            json!({
                "name": p.name, "in": if p.in_path { "path" } else { "query" }, "required": p.required,
                "description": p.about, "schema": schema, "example": example,
            })
        })
        .collect();
    let header = |name: &str, about: &str, example: &str, required: bool| {
        json!({"name": name, "in": "header", "required": required, "description": about,
               "schema": {"type": "string", "minLength": 1, "maxLength": 255}, "example": example})
    };
    match operation.condition {
        Condition::None => {}
        Condition::IfMatch => parameters.push(header(
            "If-Match",
            "The ETag of what is changed, as the last reading gave it; 428 without.",
            "\"8d7f0a6be1c24d0e9f1a2b3c4d5e6f70\"",
            false,
        )),
        Condition::IfMatchOrNew => {
            parameters.push(header(
                "If-Match",
                "The ETag of what is changed; 428 without it or `If-None-Match`.",
                "\"8d7f0a6be1c24d0e9f1a2b3c4d5e6f70\"",
                false,
            ));
            parameters.push(header("If-None-Match", "`*` to write only what is not there yet.", "*", false));
        }
    }
    if operation.idempotent {
        parameters.push(header(
            "Idempotency-Key",
            "Makes one thing of the same request sent twice. Kept 24 hours.",
            "3f0f3f5e-7d5c-4a55-9a1e-6c9f6f0d2b11",
            false,
        ));
    }
    let mut responses: Map<String, Value> = Map::new();
    for reply in &operation.replies {
        let mut content: Map<String, Value> = Map::new();
        for media_type in &reply.media_types {
            let value = match &reply.shape {
                Some(_) if *media_type == CSV => {
                    json!({"schema": {"type": "string", "contentMediaType": media_type}, "example": "Nummer;Referens;Risk"})
                }
                Some(_) if *media_type != "application/json" => {
                    json!({"schema": {"type": "string", "contentMediaType": media_type}, "example": "PK"})
                }
                Some(shape) => {
                    let (schema, example) = shaped(shape, shapes);
                    json!({"schema": schema, "example": example})
                }
                None if reply.status == 204 => continue,
                None if *media_type == "application/json" => json!({"schema": {"type": "object"}, "example": {}}),
                None => json!({"schema": {"type": "string", "contentMediaType": media_type}, "example": "%PDF-1.7"}),
            };
            content.insert((*media_type).into(), value);
        }
        let mut headers: Map<String, Value> = Map::new();
        if let Some(kind) = reply.etag {
            let about = if kind == "W" { "Weak: for 304 only." } else { "Strong: for `If-Match` and 304." };
            headers.insert("ETag".into(), json!({"description": about, "schema": {"type": "string"}}));
        }
        if reply.location {
            headers.insert(
                "Location".into(),
                json!({"description": "Where it is.", "schema": {"type": "string", "format": "uri-reference"}}),
            );
        }
        if reply.shape.as_ref().is_some_and(|s| s.list) {
            let link = json!({"description": "first, prev, next, last.", "schema": {"type": "string"}});
            let of_a_page = json!({
                "description": "Of a page of the list: first, prev, next, last.", "required": false, "schema": {"type": "string"}
            });
            headers.insert("Link".into(), if reply.media_types.len() > 1 { of_a_page } else { link });
        }
        if let Some((name, about)) = reply.sometimes {
            headers.insert(name.into(), json!({"description": about, "required": false, "schema": {"type": "string"}}));
        }
        let mut response = json!({"description": reply.about});
        if !content.is_empty() {
            response["content"] = Value::Object(content);
        }
        if !headers.is_empty() {
            response["headers"] = Value::Object(headers);
        }
        responses.insert(reply.status.to_string(), response);
    }
    if operation.method == "get" && operation.replies.iter().any(|r| r.etag.is_some()) {
        responses.insert("304".into(), json!({"description": "Not changed since the ETag in `If-None-Match`."}));
    }
    for status in problems(operation) {
        let name = format!("#/components/responses/Problem{status}");
        responses.insert(status.to_string(), json!({ "$ref": name }));
    }
    if operation.oauth {
        let (schema, _) = shaped(&Shape::of::<OAuthError>(), shapes);
        for (status, error, why, about) in [
            (
                400,
                "invalid_scope",
                "/scope: The account does not have each of these scopes.",
                "`invalid_request`, `unsupported_grant_type` or `invalid_scope` (RFC 6749, 5.2).",
            ),
            (
                401,
                "invalid_client",
                "Unknown client, or wrong secret.",
                "`invalid_client` (RFC 6749, 5.2): unknown, ended or expired, or the secret is wrong.",
            ),
        ] {
            let example = json!({"error": error, "error_description": why});
            let content = json!({"application/json": {"schema": schema, "example": example}});
            responses.insert(status.to_string(), json!({"description": about, "content": content}));
        }
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.about,
        "parameters": parameters,
        "responses": responses,
    });
    if operation.for_everyone() {
        described["security"] = json!([]);
    }
    if let Some(form) = &operation.form {
        let (mut schema, example) = shaped(form, shapes);
        let mut content: Map<String, Value> = Map::new();
        if operation.merge_patch {
            schema = patch_schema(form, shapes);
        }
        let body = json!({"schema": schema, "example": example});
        content.insert(operation.form_type().into(), body.clone());
        if operation.merge_patch {
            content.insert("application/json".into(), body);
        }
        described["requestBody"] = json!({"required": operation.form_required, "content": content});
    }
    described
}

/// A merge patch holds any of the form's fields; null takes one away.
fn patch_schema(form: &Shape, shapes: &BTreeMap<String, Value>) -> Value {
    let Some(schema) = shapes.get(&form.name) else { return json!({"type": "object"}) };
    let mut patch = schema.clone();
    if let Value::Object(map) = &mut patch {
        map.remove("required");
        map.insert("minProperties".into(), json!(0));
    }
    patch
}

fn shaped(shape: &Shape, shapes: &BTreeMap<String, Value>) -> (Value, Value) {
    let one = json!({"$ref": format!("#/components/schemas/{}", shape.name)});
    let example = example(&one, shapes, 0);
    if !shape.list {
        return (one, example);
    }
    (
        json!({
            "type": "object",
            "required": ["items", "page", "limit", "total"],
            "properties": {
                "items": {"type": "array", "items": one},
                "page": {"type": "integer", "format": "int64", "minimum": 1},
                "limit": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 200},
                "total": {"type": "integer", "format": "int64", "minimum": 0},
            }
        }),
        json!({"items": [example], "page": 1, "limit": 20, "total": 1}),
    )
}

/// An example that fits a schema: its own, or made of its parts.
fn example(schema: &Value, shapes: &BTreeMap<String, Value>, depth: usize) -> Value {
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
        return shapes.get(name).map_or(Value::Null, |s| example(s, shapes, depth + 1));
    }
    if let Some(first) = schema.get("enum").and_then(|e| e.as_array()).and_then(|e| e.first()) {
        return first.clone();
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if let Some(all) = schema.get(key).and_then(|a| a.as_array()) {
            if key == "allOf" {
                let mut merged = Map::new();
                for part in all {
                    if let Value::Object(o) = example(part, shapes, depth + 1) {
                        merged.extend(o);
                    }
                }
                return Value::Object(merged);
            }
            let chosen = all.iter().find(|s| s.get("type").and_then(|t| t.as_str()) != Some("null"));
            return chosen.map_or(Value::Null, |s| example(s, shapes, depth + 1));
        }
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(|k| k.as_str()).find(|k| *k != "null").unwrap_or("null"),
        _ => "object",
    };
    match kind {
        "object" => {
            let mut made = Map::new();
            if let Some(properties) = schema.get("properties").and_then(|p| p.as_object()) {
                for (name, property) in properties {
                    made.insert(name.clone(), example(property, shapes, depth + 1));
                }
            }
            Value::Object(made)
        }
        "array" => schema.get("items").map_or(json!([]), |items| json!([example(items, shapes, depth + 1)])),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "boolean" => json!(true),
        "null" => Value::Null,
        _ => match schema.get("format").and_then(|f| f.as_str()) {
            Some("uuid") => json!("0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40"),
            Some("date") => json!("2024-05-02"),
            Some("date-time") => json!("2024-05-02T08:30:00.000000Z"),
            Some("email") => json!("anna.lind@example.org"),
            _ => json!("Text"),
        },
    }
}

/// How each kind of problem is told, and what it means.
const PROBLEMS: &[(u16, &str, &str)] = &[
    (400, "bad-request", "The request cannot be read: an unknown or malformed parameter, or a body that is not JSON."),
    (401, "unauthenticated", "Nobody known is asking."),
    (403, "forbidden", "Seen, but not the caller's to do."),
    (404, "not-found", "Not there, or not the caller's to see."),
    (405, "method-not-allowed", "The method is not used here."),
    (406, "not-acceptable", "None of the accepted types is offered."),
    (409, "conflict", "The rules of the register refuse it; a plan's `missing` names everything."),
    (
        410,
        "gone",
        "What comes after this was lost when the register was put back from a backup; `detail` says where to go on.",
    ),
    (412, "precondition-failed", "Changed since it was read."),
    (413, "too-large", "The body is too large."),
    (415, "unsupported-media-type", "The body has another type."),
    (422, "invalid", "Understood, but invalid: every fault is named."),
    (428, "precondition-required", "The condition is missing."),
    (429, "too-many-requests", "Too many requests or attempts; see `Retry-After`."),
    (503, "unavailable", "Busy or not ready; see `Retry-After`."),
];

/// The shared answers that operations refer to.
fn problem_responses() -> Value {
    PROBLEMS
        .iter()
        .map(|(status, kind, about)| {
            let example = json!({
                "type": format!("urn:riskregister:problem:{kind}"), "title": kind, "status": status, "detail": about,
                "instance": "urn:uuid:0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40",
            });
            let content = json!({"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}, "example": example,
            }});
            (format!("Problem{status}"), json!({"description": about, "content": content}))
        })
        .collect::<Map<String, Value>>()
        .into()
}

/// The ways in which an operation can refuse.
fn problems(operation: &Operation) -> Vec<u16> {
    let everyone = operation.for_everyone();
    let takes = operation.form.is_some();
    let mut all = vec![400, 404, 405, 406, 429, 503];
    all.extend((!everyone || takes).then_some(401));
    all.extend((!everyone).then_some(403));
    if takes {
        all.extend([413, 415]);
    }
    if operation.condition != Condition::None {
        all.extend([412, 428]);
    }
    // What a query names can be as unknown as what a form does: a plan, a time to come, a size that the log has not had.
    let refers = operation
        .parameters
        .iter()
        .any(|p| !p.in_path && matches!(p.name, "with" | "asOf" | "withAsOf" | "size" | "from"));
    // OAuth tells what is invalid by 400.
    all.extend(((takes && !operation.oauth) || operation.idempotent || refers).then_some(422));
    all.extend((operation.rules || operation.idempotent).then_some(409));
    all.extend(operation.gone.then_some(410));
    all.sort_unstable();
    all
}
