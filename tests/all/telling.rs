//! Every request is told of: pages, API, files, sign-in and what comes back from elsewhere, each in the log and in the
//! measures, and nothing of what people wrote, or of what opens doors.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::Stdio;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use riskregister::api;
use riskregister::web::PAGES;
use serde_json::{Value, json};

use crate::cli::Host;
use crate::kit::{Client, Databases, Serving, Start};
use crate::webhooks::Receiver;

/// What must not be told.
const SECRET: &str = "hunter2";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// What the register answers besides the operations and the pages of its lists.
const BESIDES: &str = "GET /sign-in · POST /sign-in · GET /sign-in/oidc · GET /sign-in/callback · POST /sign-out · \
    POST /sign-out-everywhere · POST /language · POST /drafts · GET /files/{path:.*} · GET /password-reset · \
    POST /password-reset · GET /password-reset/{token} · POST /password-reset/{token} · GET /calendar/{token}.ics · \
    GET /unsubscribe/{token} · POST /unsubscribe/{token} · GET /assets/style.css · GET /assets/pages.js · \
    GET /assets/verify.py · GET /assets/mark.svg · GET /api/v1/openapi.yaml · GET /api/v1/openapi.json · \
    GET /api/v1/docs-openapi.yaml";

/// Method and pattern of each route.
fn routes() -> BTreeSet<(String, String)> {
    let operations = api::operations();
    let operations = operations.iter().map(|o| (o.method.to_uppercase(), format!("/api/v1{}", o.path)));
    let pages = PAGES.iter().flat_map(|page| ["GET", "POST"].map(|method| (method.to_owned(), page.path.to_owned())));
    let besides = BESIDES.split(" · ").map(|one| one.split_once(' ').expect("a method and a path"));
    let besides = besides.map(|(method, path)| (method.to_owned(), path.to_owned()));
    operations.chain(pages).chain(besides).collect()
}

/// A path of this pattern, its open steps filled with what must not be told.
fn filled(pattern: &str) -> String {
    let mut path = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        path += before;
        path += SECRET;
        rest = after.split_once('}').expect("a step ends").1;
    }
    path + rest
}

/// What a service told, line by line, once it has stopped.
fn told(serving: Serving, mut heard: impl Read + Send + 'static) -> impl FnOnce() -> (String, Vec<Value>) {
    // A pipe that nobody reads would fill up, and hold up who writes.
    let reader = std::thread::spawn(move || {
        let mut all = String::new();
        heard.read_to_string(&mut all).expect("text");
        all
    });
    move || {
        assert!(serving.stop());
        let all = reader.join().expect("it was read");
        let lines = all.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
        (all, lines)
    }
}

#[test]
fn every_route_stands_in_the_log_and_in_the_measures() {
    let host = Host::on(Databases::Sqlite);
    host.init();
    let token = host.run(&["token", "admin@example.org"]);
    let mut serve = host.command(&["serve"]);
    serve.env("RISKREGISTER_LOG", "info").env("RISKREGISTER_LOG_FORMAT", "json");
    serve.env("RISKREGISTER_TRUSTED_PROXIES", "127.0.0.1").env("RISKREGISTER_REQUESTS_PER_MINUTE", "10000000");
    serve.stderr(Stdio::piped());
    let mut serving = Serving::start(serve);
    let heard = serving.stderr();
    let address = serving.address.clone();
    let end = told(serving, heard);
    let admin = Client::new(&address, Some(token.trim()));
    let me = admin.get("/me").expect(200).id();

    let routes = routes();
    assert!(routes.len() > 200, "{}", routes.len());
    let client = admin.with("x-forwarded-for", "203.0.113.9").with("sec-fetch-site", "same-origin");
    let client = client.with("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01")).with("accept", "*/*");
    for (method, pattern) in &routes {
        client.send_outside(method, &format!("{}?q={SECRET}", filled(pattern)), None);
    }
    client.send_outside("GET", &format!("/nowhere/{SECRET}"), None);
    client.send_outside("BREW", &format!("/api/v1/me/{SECRET}"), None);
    for path in ["/healthz", "/readyz"] {
        client.send_outside("GET", path, None);
    }
    let measures = Client::new(&address, None).send_outside("GET", "/metrics", None).body;
    let measures = String::from_utf8(measures).expect("text");
    let (all, lines) = end();
    assert!(!all.contains(SECRET) && !all.contains(token.trim()) && !all.contains("admin@example.org"), "{all}");

    let mut by_route: BTreeMap<(String, String), &Value> = BTreeMap::new();
    for line in lines.iter().filter(|line| line["message"] == "answered") {
        let text = |name: &str| line[name].as_str().unwrap_or_else(|| panic!("no {name} in {line}")).to_owned();
        assert!(line["status"].is_u64() && line["millis"].is_u64(), "{line}");
        assert!(text("request").parse::<uuid::Uuid>().is_ok(), "{line}");
        let page = !text("route").starts_with("/api/v1/") && text("route") != "none";
        assert!(!page || line["who"].is_null(), "a bearer token opens no page: {line}");
        by_route.insert((text("method"), text("route")), line);
    }
    for route in &routes {
        let line = by_route.get(route).unwrap_or_else(|| panic!("{route:?} is not in the log"));
        assert_eq!((line["client"].as_str(), line["trace"].as_str()), (Some("203.0.113.9"), Some(TRACE)), "{line}");
        let (method, pattern) = route;
        let count = |line: &&str| {
            line.starts_with("riskregister_http_requests_seconds_count{")
                && line.contains(&format!("route=\"{pattern}\""))
                && line.contains(&format!("method=\"{method}\""))
        };
        assert!(measures.lines().any(|line| count(&line)), "{route:?} is not measured");
    }
    let other = by_route.keys().filter(|route| !routes.contains(*route)).collect::<Vec<_>>();
    let none = |method: &str| (method.to_owned(), "none".to_owned());
    assert_eq!(other, [&none("GET"), &none("other")]);
    assert_eq!(by_route[&("GET".to_owned(), "/api/v1/plans".to_owned())]["who"], me);
    assert!(measures.contains("riskregister_http_requests_seconds_bucket{"), "histograms and no quantiles");
    assert!(!measures.contains("quantile="), "histograms and no quantiles");
}

/// What goes wrong on the way of a request stands under the same id as the request, and as what the client was told.
#[test]
fn a_problem_names_the_request_of_the_log() {
    let host = Host::on(Databases::Sqlite);
    host.init();
    let mut serve = host.command(&["serve"]);
    serve.env("RISKREGISTER_LOG", "info").env("RISKREGISTER_LOG_FORMAT", "json");
    serve.stderr(Stdio::piped());
    let mut serving = Serving::start(serve);
    let heard = serving.stderr();
    let nobody = Client::new(&serving.address, None);
    let end = told(serving, heard);
    let problems = [nobody.get("/me").expect(401), nobody.get("/nowhere").expect(404)];
    let (_, lines) = end();
    for problem in problems {
        let id = problem.text("instance").trim_start_matches("urn:uuid:").to_owned();
        let found = lines.iter().find(|line| line["request"] == id.as_str()).expect("the request is in the log");
        assert_eq!(found["status"], problem.status);
        let trace = id.replace('-', "");
        assert!(found["trace"] == trace.as_str() && found["who"].is_null(), "{found}");
    }
}

/// What a collector is told: a span for each request and each message, in the trace that the client counts to, the second as
/// a child of the first; and of what people wrote no word.
#[test]
fn a_collector_gets_spans_of_requests_and_of_messages_in_one_trace() {
    let host = Host::on(Databases::Sqlite);
    host.init();
    let token = host.run(&["token", "admin@example.org"]);
    let (collector, hook) = (Receiver::new(), Receiver::new());
    let mut serve = host.command(&["serve"]);
    serve.env("RISKREGISTER_OTLP_URL", format!("http://{}/", collector.address));
    serve.env("RISKREGISTER_WEBHOOK_HOSTS", "127.0.0.1");
    let serving = Serving::start(serve);
    let admin = Client::new(&serving.address, Some(token.trim()));
    let root = admin.get("/organisations").expect(200).column("id")[0].to_owned();
    let form = json!({"organisationId": root, "name": "M", "url": hook.url(), "kinds": ["goal.*"]});
    admin.post("/webhooks", form).expect(201);
    let traced = admin.with("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    traced.post("/goals", json!({"organisationId": root, "year": 2026, "name": SECRET})).expect(201);
    traced.send_outside("GET", &format!("/risks/{SECRET}?q={SECRET}"), None);
    let told = hook.next();
    let [_, trace, span, _] = told.header("traceparent").split('-').collect::<Vec<_>>()[..] else {
        panic!("four parts")
    };
    assert_eq!(trace, TRACE);
    // What has been told is sent before it ends.
    assert!(serving.stop());

    let mut spans = Vec::new();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    while let Some(heard) = collector.next_if_any() {
        assert!(!String::from_utf8_lossy(&heard.body).contains(SECRET));
        let request = ExportTraceServiceRequest::decode(&heard.body[..]).expect("OTLP");
        for resource in request.resource_spans {
            let about = resource.resource.expect("who tells").attributes;
            assert!(
                about.iter().any(|a| a.key == "service.name" && format!("{a:?}").contains("riskregister")),
                "{about:?}"
            );
            spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    let named =
        |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:#?}"));
    let posted = named("POST /api/v1/goals");
    let message = named("webhook");
    for span in [posted, message, named("GET /risks/{id}")] {
        assert_eq!(hex(&span.trace_id), TRACE, "{span:?}");
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano && span.start_time_unix_nano > 0);
    }
    assert_eq!(hex(&posted.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(message.parent_span_id, posted.span_id);
    assert_eq!(hex(&message.span_id), span);
    assert!(format!("{:?}", posted.attributes).contains("IntValue(201)"), "{posted:?}");
    // Who named no trace begins one.
    let own = named("POST /api/v1/webhooks");
    assert!(own.parent_span_id.is_empty() && hex(&own.trace_id) != TRACE, "{own:?}");
}
