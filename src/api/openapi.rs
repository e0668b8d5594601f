//! `openapi.yaml`: made from the list of operations and the shapes that they name, and from nothing else. What recurs
//! stands there once, by a name: shapes, pages of lists, patches, parameters, headers and refusals.

mod about;
mod examples;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub use about::{API_RELEASED, API_VERSION, SERVER};

use crate::app::history::webhooks::WebhookMessage;
use crate::app::sent::Condition;
use crate::error::{OAuthError, Problem};
use crate::http::accept::CSV;
use crate::http::contract::{Operation, Parameter, ParameterKind, Reply, Shape};
use crate::storage::Id;

/// The whole contract as OpenAPI 3.1.
pub fn document(operations: &[Operation]) -> Value {
    let named = Named::of(operations);
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(operation.method.into(), named.describe(operation));
        }
    }
    let (schema, example) = named.shaped(&Shape::of::<WebhookMessage>());
    json!({
        "openapi": "3.1.0",
        "info": about::info(),
        "servers": [{"url": SERVER, "description": "Exempel / example"}],
        "security": [{"bearer": []}],
        "tags": about::tags(),
        "paths": paths,
        "webhooks": {"event": {"post": about::told_event(&schema, &example)}},
        "components": {
            "securitySchemes": {"bearer": {
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "A token of this service (`POST /sessions` for people, `POST /oauth/token` for service accounts), or of the configured OIDC issuer."
            }},
            "parameters": named.parameters,
            "headers": named.headers,
            "responses": shared_responses(),
            "schemas": named.shapes,
        }
    })
}

/// The contract as YAML, as it lies at the top of the project.
pub fn yaml(operations: &[Operation]) -> String {
    written(operations).0
}

/// The contract as YAML and as JSON.
pub fn written(operations: &[Operation]) -> (String, String) {
    let mut document = document(operations);
    let json = document.to_string();
    mark(&mut document);
    (serde_norway::to_string(&document).expect("a JSON value is YAML").replace(MARK, "'"), json)
}

/// Stands for a quotation mark around a text until all is written: a character that no text has.
const MARK: char = '\u{e000}';

/// Marks the texts that readers of YAML 1.1 would take for dates, numbers or truths if they were not quoted.
fn mark(value: &mut Value) {
    match value {
        Value::String(text) => {
            let other = matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off");
            let digits = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
                && text
                    .chars()
                    .all(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-' | '.' | ':' | '_' | 'T' | 'Z' | 'x'));
            if other || digits {
                *text = format!("{MARK}{text}{MARK}");
            }
        }
        Value::Array(all) => all.iter_mut().for_each(mark),
        Value::Object(map) => map.values_mut().for_each(mark),
        _ => {}
    }
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// `asOf` as the name of a shape: `AsOf`.
fn pascal(name: &str) -> String {
    name.split('-')
        .flat_map(|word| word[..1].chars().map(|c| c.to_ascii_uppercase()).chain(word[1..].chars()))
        .collect()
}

/// What stands once, by its name.
struct Named {
    shapes: BTreeMap<String, Value>,
    parameters: BTreeMap<String, Value>,
    headers: BTreeMap<String, Value>,
}

impl Named {
    fn of(operations: &[Operation]) -> Self {
        let mut headers: BTreeMap<String, Value> =
            HEADERS.iter().map(|(name, _, about, required)| ((*name).into(), header(about, *required))).collect();
        for (name, about) in operations.iter().flat_map(|o| &o.replies).filter_map(|reply| reply.sometimes) {
            headers.insert(pascal(name), header(about, false));
        }
        Self { shapes: shapes(operations), parameters: parameters(operations), headers }
    }

    fn describe(&self, operation: &Operation) -> Value {
        let mut parameters: Vec<Value> = operation
            .parameters
            .iter()
            .map(|p| {
                let (name, told) = (parameter_name(operation, p), parameter(p));
                if self.parameters.get(&name) == Some(&told) { reference("parameters", &name) } else { told }
            })
            .collect();
        let conditions: &[&str] = match operation.condition {
            Condition::None if operation.method == "get" && operation.replies.iter().any(|r| r.etag.is_some()) => {
                &["IfNoneMatch"]
            }
            Condition::None => &[],
            Condition::IfMatch => &["IfMatch"],
            Condition::IfMatchOrNew => &["IfMatchOrNew", "IfNew"],
        };
        let key: &[&str] = if operation.idempotent { &["IdempotencyKey"] } else { &[] };
        parameters
            .extend([conditions, key, &["AcceptLanguage"]].concat().iter().map(|name| reference("parameters", name)));
        let mut described = json!({
            "operationId": operation.id,
            "tags": [operation.tag],
            "summary": operation.summary.1,
            "description": format!("{}.\n\n{}", operation.summary.0, operation.about),
            "parameters": parameters,
            "responses": self.responses(operation),
        });
        if operation.for_everyone() {
            described["security"] = json!([]);
        }
        if let Some(form) = &operation.form {
            let (mut schema, example) = self.shaped(form);
            let mut content: Map<String, Value> = Map::new();
            if operation.merge_patch {
                schema = reference("schemas", &patch_name(form));
            }
            let body = json!({"schema": schema, "example": example});
            content.insert(operation.form_type().into(), body.clone());
            if operation.merge_patch {
                content.insert("application/json".into(), body);
            }
            described["requestBody"] = json!({"required": operation.form_required, "content": content});
        }
        if operation.raw {
            let file = json!({"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7"});
            described["requestBody"] = json!({"required": true, "content": {operation.form_type(): file}});
        }
        described
    }

    fn responses(&self, operation: &Operation) -> Map<String, Value> {
        let mut responses: Map<String, Value> = Map::new();
        for reply in &operation.replies {
            let mut response = json!({"description": reply.about, "headers": headers_of(reply)});
            let content = self.content(reply);
            if !content.is_empty() {
                response["content"] = Value::Object(content);
            }
            responses.insert(reply.status.to_string(), response);
        }
        if operation.method == "get" && operation.replies.iter().any(|r| r.etag.is_some()) {
            responses.insert("304".into(), reference("responses", "NotModified"));
        }
        for status in problems(operation) {
            responses.insert(status.to_string(), reference("responses", &format!("Problem{status}")));
        }
        if operation.oauth {
            let (schema, _) = self.shaped(&Shape::of::<OAuthError>());
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
                let response = json!({"description": about, "headers": always(), "content": content});
                responses.insert(status.to_string(), response);
            }
        }
        responses
    }

    fn content(&self, reply: &Reply) -> Map<String, Value> {
        let mut content: Map<String, Value> = Map::new();
        for media_type in &reply.media_types {
            let value = match &reply.shape {
                Some(shape) if *media_type == "application/json" => {
                    let (schema, example) = self.shaped(shape);
                    json!({"schema": schema, "example": example})
                }
                None if reply.status == 204 => continue,
                None if *media_type == "application/json" => json!({"schema": {"type": "object"}, "example": {}}),
                _ if *media_type == CSV => json!({"schema": {"type": "string"}, "example": "Nummer;Referens;Risk"}),
                _ => {
                    let begins = if media_type.ends_with("pdf") { "%PDF-1.7" } else { "PK" };
                    json!({"schema": {"type": "string", "format": "binary"}, "example": begins})
                }
            };
            content.insert((*media_type).into(), value);
        }
        content
    }

    /// The schema of a shape, or of a page of them, and an example.
    fn shaped(&self, shape: &Shape) -> (Value, Value) {
        let one = reference("schemas", &shape.name);
        let example = examples::example(&one, &self.shapes);
        if shape.list {
            let page = json!({"items": [example], "page": 1, "limit": 20, "total": 1});
            return (reference("schemas", &page_name(shape)), page);
        }
        (one, example)
    }
}

/// Every shape that stands in the contract, by its name.
fn shapes(operations: &[Operation]) -> BTreeMap<String, Value> {
    let mut shapes: BTreeMap<String, Value> = BTreeMap::new();
    let mut take = |shape: &Shape| {
        let mut found = Vec::new();
        (shape.collect)(&mut found);
        for (name, schema) in found {
            shapes.entry(name).or_insert_with(|| serde_json::to_value(schema).unwrap_or_default());
        }
    };
    take(&Shape::of::<Id>());
    take(&Shape::of::<Problem>());
    take(&Shape::of::<OAuthError>());
    take(&Shape::of::<WebhookMessage>());
    for operation in operations {
        operation.form.iter().for_each(&mut take);
        operation.replies.iter().filter_map(|r| r.shape.as_ref()).for_each(&mut take);
    }
    shapes.values_mut().for_each(date);
    for operation in operations {
        for parameter in &operation.parameters {
            if let ParameterKind::Word(list, words) = parameter.form.each() {
                shapes.entry((*list).into()).or_insert_with(|| json!({"type": "string", "enum": words}));
            }
        }
        for shape in operation.replies.iter().filter_map(|r| r.shape.as_ref()).filter(|shape| shape.list) {
            shapes.insert(item_name(shape), item(shape));
            shapes.insert(page_name(shape), page(shape));
        }
        if let Some(form) = operation.form.as_ref().filter(|_| operation.merge_patch) {
            let mut patch = shapes.get(&form.name).cloned().unwrap_or_default();
            if let Value::Object(map) = &mut patch {
                // It holds any of the form's fields; null takes one away.
                map.remove("required");
                map.insert("minProperties".into(), json!(0));
            }
            shapes.insert(patch_name(form), patch);
        }
    }
    shapes
}

/// Gives each date of a shape an example (REST API-profil DOT.02).
fn date(shape: &mut Value) {
    let Some(properties) = shape.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for property in properties.values_mut().filter(|p| p["format"] == "date" && p["example"].is_null()) {
        property["example"] = json!(examples::DATE);
    }
}

fn page_name(shape: &Shape) -> String {
    format!("{}Page", shape.name)
}

fn item_name(shape: &Shape) -> String {
    format!("{}Item", shape.name)
}

/// A shape as a list has it, where one can ask for some of the fields alone.
fn item(shape: &Shape) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, schema, must) in shape.properties() {
        if must && name == "id" {
            required.push(name.clone());
        }
        properties.insert(name, schema);
    }
    let about = format!("`{}` in a list: those of its fields that are asked for.", shape.name);
    let mut item = json!({"type": "object", "description": about, "properties": properties, "required": required});
    date(&mut item);
    item
}

fn page(shape: &Shape) -> Value {
    json!({
        "type": "object",
        "description": "A page of a list.",
        "required": ["items", "page", "limit", "total"],
        "properties": {
            "items": {"type": "array", "items": reference("schemas", &item_name(shape))},
            "page": {"type": "integer", "format": "int64", "minimum": 1},
            "limit": {"type": "integer", "format": "int64", "minimum": 1, "maximum": 200},
            "total": {"type": "integer", "format": "int64", "minimum": 0},
        }
    })
}

fn patch_name(form: &Shape) -> String {
    let name = form.name.as_str();
    format!("{}Patch", name.strip_suffix("Form").or(name.strip_suffix("Change")).unwrap_or(name))
}

/// How a parameter is told. What may be left out has no example: it would be filled in for who tries the operation out,
/// and hide what is there.
fn parameter(p: &Parameter) -> Value {
    let mut schema = p.form.schema();
    match p.name {
        "page" if !p.in_path => schema["default"] = json!(1),
        "limit" if !p.in_path => schema["default"] = json!(20),
        _ => {}
    }
    let mut told = json!({
        "name": p.name, "in": if p.in_path { "path" } else { "query" }, "required": p.required,
        "description": p.about, "schema": schema,
    });
    if matches!(p.form, ParameterKind::Kinds | ParameterKind::Several(_)) {
        told["explode"] = json!(false);
    }
    if p.required {
        told["example"] = p.form.example();
    }
    told
}

/// What a parameter is called where it stands by its name.
fn parameter_name(operation: &Operation, p: &Parameter) -> String {
    let listed = operation.replies.iter().filter_map(|r| r.shape.as_ref()).find(|shape| shape.list);
    match (&p.form, listed) {
        (ParameterKind::Sort(_), Some(shape)) => format!("{}Sort", shape.name),
        (ParameterKind::Fields(_), Some(shape)) => format!("{}Fields", shape.name),
        _ if p.in_path => format!("{}InPath", pascal(p.name)),
        _ => pascal(p.name),
    }
}

/// The parameters that recur, by their names. Where one name is told in several ways, the name is that of the most.
fn parameters(operations: &[Operation]) -> BTreeMap<String, Value> {
    let mut told: BTreeMap<String, Vec<(Value, usize)>> = BTreeMap::new();
    for operation in operations {
        for p in &operation.parameters {
            let (ways, this) = (told.entry(parameter_name(operation, p)).or_default(), parameter(p));
            match ways.iter_mut().find(|(way, _)| *way == this) {
                Some((_, times)) => *times += 1,
                None => ways.push((this, 1)),
            }
        }
    }
    let most = |ways: Vec<(Value, usize)>| ways.into_iter().rev().max_by_key(|(_, times)| *times);
    let recurring = told.into_iter().filter_map(|(name, ways)| Some((name, most(ways)?)));
    let mut named: BTreeMap<String, Value> = recurring
        .filter(|(name, (_, times))| *times > 1 || name.ends_with("Sort") || name.ends_with("Fields"))
        .map(|(name, (way, _))| (name, way))
        .collect();
    let text = json!({"type": "string", "minLength": 1, "maxLength": 255});
    let header = |name: &str, schema: &Value, about: &str| json!({"name": name, "in": "header", "required": false, "description": about, "schema": schema});
    let mut must = header("If-Match", &text, "The ETag of what is changed, as the last reading gave it; 428 without.");
    must["required"] = json!(true);
    must["example"] = json!("\"8d7f0a6be1c24d0e9f1a2b3c4d5e6f70\"");
    for (name, told) in [
        ("IfMatch", must),
        ("IfMatchOrNew", header("If-Match", &text, "The ETag of what is changed; 428 without it or `If-None-Match`.")),
        ("IfNew", header("If-None-Match", &text, "`*` to write only what is not there yet.")),
        (
            "IfNoneMatch",
            header("If-None-Match", &text, "The ETag of what the client has: 304 when nothing has changed since."),
        ),
        (
            "IdempotencyKey",
            header("Idempotency-Key", &text, "Makes one thing of the same request sent twice. Kept 24 hours."),
        ),
        (
            "AcceptLanguage",
            header(
                "Accept-Language",
                &json!({"type": "string"}),
                "`sv` or `en`: the language of what people are to read, such as why a request was refused. Swedish when nothing is said.",
            ),
        ),
    ] {
        named.insert(name.into(), told);
    }
    named
}

/// The headers of answers: by which name they stand in the contract, their own, what they say, and whether each answer
/// that names them has them.
const HEADERS: &[(&str, &str, &str, bool)] = &[
    ("StrongETag", "ETag", "Strong: for `If-Match` and 304.", true),
    ("WeakETag", "ETag", "Weak: for 304 only.", true),
    ("ListETag", "ETag", "Weak: for 304 only. A table that is sent as it is read has none.", false),
    ("Location", "Location", "Where it is.", true),
    ("LinkOfPage", "Link", "Of a page of the list: first, prev, next, last.", false),
    ("RequestId", "X-Request-Id", "Names the request, in the log of the service too.", true),
    ("TraceParent", "traceparent", "Where the request stands in its trace (W3C Trace Context).", true),
    ("RetryAfter", "Retry-After", "After how many seconds to try again.", false),
    ("Allow", "Allow", "The methods that are used here.", false),
    ("Authenticate", "WWW-Authenticate", "How to say who asks.", false),
];

fn header(about: &str, required: bool) -> Value {
    json!({"description": about, "required": required, "schema": {"type": "string"}})
}

/// References to headers, by the names that they have in the contract.
fn headers(names: &[&str]) -> Map<String, Value> {
    let known = HEADERS.iter().filter(|(name, ..)| names.contains(name));
    known.map(|(name, own, ..)| ((*own).into(), reference("headers", name))).collect()
}

/// The headers of every answer.
fn always() -> Map<String, Value> {
    headers(&["RequestId", "TraceParent"])
}

fn headers_of(reply: &Reply) -> Map<String, Value> {
    let mut names = Vec::new();
    names.extend(reply.etag.map(|kind| match kind {
        "W" if reply.shape.as_ref().is_some_and(|shape| shape.list) => "ListETag",
        "W" => "WeakETag",
        _ => "StrongETag",
    }));
    names.extend(reply.location.then_some("Location"));
    let listed = reply.shape.as_ref().is_some_and(|s| s.list);
    names.extend(listed.then_some("LinkOfPage"));
    let mut all = headers(&names);
    all.extend(always());
    all.extend(reply.sometimes.map(|(name, _)| (name.to_owned(), reference("headers", &pascal(name)))));
    all
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

/// The answers that operations refer to.
fn shared_responses() -> Value {
    let mut all: Map<String, Value> = PROBLEMS
        .iter()
        .map(|(status, kind, about)| {
            let example = json!({
                "type": format!("urn:riskregister:problem:{kind}"), "title": kind, "status": status, "detail": about,
                "instance": "urn:uuid:0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40",
            });
            let content = json!({"application/problem+json": {
                "schema": reference("schemas", "Problem"), "example": example,
            }});
            let mut told = always();
            told.extend(headers(match status {
                401 => &["Authenticate"],
                405 => &["Allow"],
                429 | 503 => &["RetryAfter"],
                _ => &[],
            }));
            (format!("Problem{status}"), json!({"description": about, "headers": told, "content": content}))
        })
        .collect();
    let unchanged = json!({"description": "Not changed since the ETag in `If-None-Match`.", "headers": always()});
    all.insert("NotModified".into(), unchanged);
    all.into()
}

/// The ways in which an operation can refuse.
fn problems(operation: &Operation) -> Vec<u16> {
    let everyone = operation.for_everyone();
    let takes = operation.form.is_some() || operation.raw;
    let mut all = vec![400, 404, 405, 406, 429, 503];
    all.extend((!everyone || takes).then_some(401));
    all.extend((!everyone).then_some(403));
    if takes {
        all.extend([413, 415]);
    }
    if operation.condition != Condition::None {
        all.extend([412, 428]);
    }
    // What a query names can be as unknown as what a form does: a plan, a time to come, a size that the log has not had, a kind
    // of event.
    let refers = operation.parameters.iter().any(|p| {
        !p.in_path
            && (p.form.is_kinds() || matches!(p.name, "with" | "asOf" | "withAsOf" | "size" | "from" | "actorId"))
    });
    // OAuth tells what is invalid by 400.
    all.extend(((takes && !operation.oauth) || operation.idempotent || refers).then_some(422));
    all.extend((operation.rules || operation.idempotent).then_some(409));
    all.extend(operation.gone.then_some(410));
    all.sort_unstable();
    all
}
