//! All of it, listening: the routes of both faces, limits, health, metrics, and a graceful stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, Method, StatusCode, header};
use actix_web::middleware::{Compress, DefaultHeaders, Next, from_fn};
use actix_web::{App, HttpMessage, HttpRequest, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use rustix::net::sockopt::{set_socket_send_buffer_size, set_tcp_user_timeout};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpStream;

use crate::api;
use crate::auth::Keys;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::http::contract::Operation;
use crate::http::dispatch::{self, Serving};
use crate::http::file::File;
use crate::http::notices::Notices;
use crate::http::service::Service;
use crate::http::slices::{self, Held, Slices};
use crate::http::told::{self, Client, Who};
use crate::limits::{Account, Limits};
use crate::open;
use crate::pulses::Pulses;
use crate::rounds::Rounds;
use crate::seals::Seals;
use crate::sending::{self, Sender};
use crate::storage::Db;
use crate::web as pages;

/// A service that listens, and the address it got.
pub struct Running {
    pub server: actix_web::dev::Server,
    pub address: std::net::SocketAddr,
    /// Checkpoints, backups and verifications are made until it is dropped.
    _rounds: Rounds,
    /// Sends to webhooks until it is dropped: keep it as long as the server runs.
    pub courier: Sender,
    /// Sends letters until it is dropped; nobody when no mail server is named.
    pub postman: Option<Sender>,
    /// How many statements requests have sent to the database so far.
    pub statements: Arc<AtomicU64>,
    /// Set it, and `/readyz` says that the service is stopping.
    pub stopping: Arc<AtomicBool>,
}

/// The one metrics recorder of the process.
fn metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets(&told::BUCKETS).unwrap_or_default();
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            // Another recorder can only be there already if someone embeds this service: then theirs counts.
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}

/// The contract as it is served: the same for every service of the process, and not quick to write out.
#[derive(Clone)]
struct Contract {
    yaml: File,
    json: File,
    /// The same, its server this very service: what is tried out in the documentation is asked here.
    here: File,
}

fn contract(operations: &[Operation]) -> Contract {
    static CONTRACT: std::sync::OnceLock<Contract> = std::sync::OnceLock::new();
    let make = || {
        let (yaml, json) = api::written(operations);
        let here = yaml.replacen(&format!("url: {}", api::SERVER), "url: /api/v1", 1);
        Contract {
            yaml: File::new("application/yaml", yaml),
            json: File::new("application/json", json),
            here: File::new("application/yaml", here),
        }
    };
    CONTRACT.get_or_init(make).clone()
}

/// Starts to listen. Call within an actix system; await `server` to run until a signal to stop.
pub fn start(config: Config) -> Result<Running> {
    let db = Db::new(config.database.clone(), config.connections).signing(config.signer.clone());
    let limits = Arc::new(Limits::new(config.requests_per_minute));
    // Before anything is measured.
    let handle = metrics();
    let pulses = Arc::new(Pulses::new(config.patience));
    let keys = Keys::new(&config.secret, config.oidc.clone())?.after(config.secret_before.as_deref());
    let seals = Arc::new(Seals::new(&config.secret, config.secret_before.as_deref())?);
    let rounds = Rounds::start(&db, &limits, &config, &seals, &pulses);
    let postman = sending::letters::start(db.clone(), &config, keys.clone(), &pulses)?;
    let operations = api::operations();
    let contract = contract(&operations);
    let notices = Arc::new(Notices::start(db.clone()));
    let shared = Arc::new(config.clone());
    let statements = Arc::default();
    let stopping = Arc::default();
    let service = Service {
        db: db.clone(),
        keys,
        seals: Arc::clone(&seals),
        config: shared.clone(),
        busy: Default::default(),
        line: Default::default(),
        notices,
        statements: Arc::clone(&statements),
        stopping: Arc::clone(&stopping),
        pulses: Arc::clone(&pulses),
    };
    let service = Arc::new(Serving { service: Arc::new(service), operations });
    let over_tls = config.public_url.starts_with("https://");
    let apart = config.metrics_listen.is_some();
    if let Some(at) = config.metrics_listen {
        measure_at(at, handle.clone())?;
    }
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get());
    let server = HttpServer::new(move || {
        let (limits, lying, limited) = (limits.clone(), limits.clone(), service.clone());
        let contract = contract.clone();
        let lost = service.clone();
        App::new()
            .app_data(web::Data::from(service.service.clone()))
            .app_data(web::Data::new(handle.clone()))
            .wrap(from_fn(move |request: ServiceRequest, next: Next<_>| {
                limit(limits.clone(), limited.clone(), request, next)
            }))
            .wrap(from_fn(move |request: ServiceRequest, next: Next<_>| give_out(lying.clone(), request, next)))
            .wrap(Compress::default())
            .wrap(from_fn(unmark))
            .wrap(headers(over_tls))
            .wrap(from_fn(policy))
            .wrap(from_fn(heads))
            .wrap(from_fn(told::tell))
            .route("/healthz", web::get().to(alive))
            .route("/readyz", web::get().to(ready))
            .configure(move |routes| {
                if !apart {
                    routes.route("/metrics", web::get().to(measured));
                }
            })
            .configure(open::mount)
            .service(documentation())
            .service(web::scope("/api/v1").configure(|routes| mount(routes, &service, contract)))
            .configure(|routes| pages::mount(routes, &service))
            .default_service(web::to(move |request: HttpRequest| nowhere(lost.clone(), request)))
    })
    .workers(workers)
    .on_connect(|connection, _| {
        if let Some(stream) = connection.downcast_ref::<TcpStream>() {
            // A client that is gone by now is found out when it is read from.
            let _ = set_tcp_user_timeout(stream, UNREAD.as_millis() as u32);
            let _ = set_socket_send_buffer_size(stream, SEND_BUFFER);
        }
    })
    .client_request_timeout(Duration::from_secs(10))
    .client_disconnect_timeout(Duration::from_secs(2))
    .keep_alive(Duration::from_secs(75))
    .max_connections(room_for_connections() / workers)
    .shutdown_timeout(20)
    // Whoever starts it decides when it stops, and how.
    .disable_signals()
    .bind(config.listen)
    .map_err(|e| Error::internal(format!("LISTEN {}: {e}", config.listen)))?;
    let address = server.addrs().first().copied().unwrap_or(config.listen);
    let courier = sending::webhooks::start(db, shared, seals, &pulses)?;
    Ok(Running { server: server.run(), address, _rounds: rounds, courier, postman, statements, stopping })
}

/// How long a client may let an answer lie that it asked for.
const UNREAD: Duration = Duration::from_secs(15);
/// How much of an answer the system keeps for a connection, in bytes.
const SEND_BUFFER: usize = 128 * 1024;
/// Files that are open besides connections: the database's, those of rounds, of what is sent.
const OTHER_FILES: u64 = 512;
/// More connections than anybody needs at once.
const MOST_CONNECTIONS: u64 = 32_768;

/// How many connections may be open at once: as many as the system lets this process have files, and it is asked for all that
/// it would give. Who comes when they are taken waits until one is free.
fn room_for_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.unwrap_or(u64::MAX).min(MOST_CONNECTIONS + OTHER_FILES);
    let had = limit.current.unwrap_or(u64::MAX);
    let raised = had < wanted && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..limit }).is_ok();
    let files = if raised { wanted } else { had };
    files.saturating_sub(OTHER_FILES).clamp(64, MOST_CONNECTIONS) as usize
}

/// Tells `/metrics` at an address of its own, as long as the process lives.
fn measure_at(at: std::net::SocketAddr, handle: PrometheusHandle) -> Result<()> {
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(handle.clone())).route("/metrics", web::get().to(measured))
    })
    .workers(1)
    .client_request_timeout(Duration::from_secs(10))
    .disable_signals()
    .bind(at)
    .map_err(|e| Error::internal(format!("RISKREGISTER_METRICS_LISTEN {at}: {e}")))?;
    actix_web::rt::spawn(server.run());
    Ok(())
}

/// What stands at the head of every answer. Who has come here over TLS comes so for a year.
fn headers(over_tls: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add(("x-content-type-options", "nosniff"))
        .add(("referrer-policy", "no-referrer"))
        .add(("x-frame-options", "DENY"));
    if over_tls { headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { headers }
}

/// One route an operation, and an honest 405 for the other methods of its path.
fn mount(routes: &mut web::ServiceConfig, service: &Arc<Serving>, contract: Contract) {
    let mut paths: Vec<&'static str> = Vec::new();
    for operation in service.operations.iter() {
        if !paths.contains(&operation.path) {
            paths.push(operation.path);
        }
    }
    for (path, file) in [("/openapi.yaml", contract.yaml), ("/openapi.json", contract.json), (HERE, contract.here)] {
        routes.route(
            path,
            web::get().to(move |request: HttpRequest| {
                let answer = file.answer(&request);
                async move { answer }
            }),
        );
    }
    for path in paths {
        let mut resource = web::resource(path);
        let mut allowed = Vec::new();
        for (index, operation) in service.operations.iter().enumerate().filter(|(_, o)| o.path == path) {
            let method = match operation.method {
                "get" => Method::GET,
                "post" => Method::POST,
                "put" => Method::PUT,
                "patch" => Method::PATCH,
                _ => Method::DELETE,
            };
            allowed.push(method.as_str().to_owned());
            if method == Method::GET {
                allowed.push("HEAD".to_owned());
            }
            let service = service.clone();
            resource = resource.route(web::method(method).to(move |request: HttpRequest, payload: web::Payload| {
                dispatch::answer(service.clone(), index, request, payload)
            }));
        }
        allowed.push("OPTIONS".to_owned());
        let allowed = allowed.join(", ");
        resource = resource.default_service(web::to(move |request: HttpRequest| {
            let error = Error::MethodNotAllowed(allowed.clone());
            let answer = dispatch::refuse(&error, dispatch::language(&request), told::id());
            async move { answer }
        }));
        routes.service(resource);
    }
    routes.default_service(web::to(not_found));
}

/// Whoever looks at pages is told by a page, and a program as the API tells it.
async fn nowhere(service: Arc<Serving>, request: HttpRequest) -> HttpResponse {
    if looks_at_pages(&request) {
        return pages::nowhere(service, request).await;
    }
    not_found(request).await
}

fn looks_at_pages(request: &HttpRequest) -> bool {
    let accepted = request.headers().get("accept").and_then(|value| value.to_str().ok());
    accepted.is_some_and(|types| types.contains("text/html"))
}

/// What the API's paths begin with.
const API: &str = "/api/";

async fn not_found(request: HttpRequest) -> HttpResponse {
    dispatch::refuse(&Error::NotFound, dispatch::language(&request), told::id())
}

/// The contract as the documentation reads it, below `/api/v1`.
const HERE: &str = "/docs-openapi.yaml";

/// The interactive documentation, from files in the binary.
fn documentation() -> utoipa_swagger_ui::SwaggerUi {
    utoipa_swagger_ui::SwaggerUi::new("/api/v1/docs/{_:.*}").config(
        utoipa_swagger_ui::Config::from(format!("/api/v1{HERE}"))
            .try_it_out_enabled(true)
            .filter(true)
            .display_operation_id(false)
            .validator_url("none"),
    )
}

/// "Not compressed" is a word from us to the compressor alone.
async fn unmark(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    if response.headers().get(header::CONTENT_ENCODING).is_some_and(|v| v == "identity") {
        response.headers_mut().remove(header::CONTENT_ENCODING);
    }
    Ok(response)
}

/// Where nothing else is said, nothing of an answer is run or shown in a frame, whatever a browser takes it for. The
/// documentation may look as it does, and ask this very service.
async fn policy(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let said = if request.path().starts_with("/api/v1/docs/") {
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    } else {
        "default-src 'none'; frame-ancestors 'none'"
    };
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(said));
    }
    Ok(response)
}

/// `HEAD` is answered as `GET` is, without the content, which the server leaves out by itself (RFC 9110, 9.3.2). `OPTIONS`
/// says what else a resource answers, where that is known.
async fn heads(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let asked = request.method().clone();
    if asked == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let response = next.call(request).await?;
    if asked == Method::OPTIONS
        && response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Some(allowed) = response.headers().get(header::ALLOW).cloned()
    {
        let answer = HttpResponse::NoContent().insert_header((header::ALLOW, allowed)).finish();
        return Ok(response.into_response(answer).map_into_right_body());
    }
    Ok(response.map_into_left_body())
}

/// Whose request it is, without asking the database.
fn account(service: &Service, request: &HttpRequest) -> Option<Account> {
    let bearer = if request.path().starts_with(API) {
        let header = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
        service.keys.bearer_at_once(header)?
    } else {
        pages::bearer(service, request)?
    };
    Some(Account::of(&bearer))
}

/// Lets in as many requests as there is room for (`limits.rs` says what that is).
async fn limit(
    limits: Arc<Limits>,
    service: Arc<Serving>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let Some(peer) = request.peer_addr() else { return Ok(next.call(request).await?.map_into_left_body()) };
    let client = service.config.trusted_proxies.client(peer.ip(), request.headers());
    Client(client).note(&request);
    if Limits::free(request.path()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let account = account(&service, request.request());
    if let Some(account) = &account {
        request.extensions_mut().insert(Who(account.to_string()));
    }
    let Err(met) = limits.enter(client, account.clone()) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    metrics::counter!("riskregister_requests_limited_total", "limit" => met.limit).increment(1);
    if met.news {
        tracing::warn!(
            limit = met.limit,
            account = account.map(|account| account.to_string()),
            seconds = met.seconds,
            "too many requests: refused, and not told again within a minute"
        );
    }
    let mut response = too_many(request.request(), met.seconds);
    if client == peer.ip() {
        // It is not let wait on an open connection. A proxy's is others' too.
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(request.into_response(response).map_into_right_body())
}

/// That there is room again in so many seconds: to people by a page.
fn too_many(request: &HttpRequest, seconds: u64) -> HttpResponse {
    let error = Error::TooManyRequests { retry_after: seconds };
    if looks_at_pages(request) && !request.path().starts_with(API) {
        return pages::stopped(request, &error);
    }
    dispatch::refuse(&error, dispatch::language(request), told::id())
}

/// Gives out what is large piece by piece, and only so much at a time to one address.
async fn give_out(
    limits: Arc<Limits>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?;
    if !slices::is_large(response.response().body()) {
        return Ok(response.map_into_boxed_body());
    }
    let client = Client::of(response.request());
    let on_its_way = match client.map(|client| limits.send(client)) {
        Some(None) => {
            metrics::counter!("riskregister_requests_limited_total", "limit" => "unread").increment(1);
            let mut refused = too_many(response.request(), UNREAD.as_secs());
            // What more it has asked for on this connection is not answered.
            refused.head_mut().set_connection_type(ConnectionType::Close);
            return Ok(response.into_response(refused));
        }
        sent => sent.flatten(),
    };
    Ok(response.map_body(|_, body| match body.try_into_bytes() {
        Ok(whole) => BoxBody::new(Slices::new(whole, on_its_way)),
        Err(body) => BoxBody::new(Held::new(BoxBody::new(body), on_its_way)),
    }))
}

/// The process answers.
async fn alive() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body("alive\n")
}

/// The database is reachable, migrated and holds a register that may be served, and what goes on by itself goes on.
async fn ready(service: web::Data<Service>) -> HttpResponse {
    if service.stopping.load(Ordering::Relaxed) {
        return readiness(Err("the service is stopping".into()));
    }
    let of_db = service.clone();
    let state = web::block(move || of_db.db.ready()).await.unwrap_or(Err("the service is stopping"));
    let state = state.map_err(str::to_owned).and_then(|()| match service.pulses.silent() {
        None => Ok(()),
        Some((what, silence)) => Err(format!("{what}: not come round for {} s: the log says why", silence.as_secs())),
    });
    readiness(state)
}

fn readiness(state: std::result::Result<(), String>) -> HttpResponse {
    let (mut response, text) = match state {
        Ok(()) => (HttpResponse::Ok(), "ready".to_owned()),
        Err(why) => (HttpResponse::ServiceUnavailable(), why),
    };
    response
        .insert_header(("cache-control", "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(format!("{text}\n"))
}

async fn measured(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    handle.run_upkeep();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
}
