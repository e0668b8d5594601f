//! From a request to its answer: one way for every operation, in the order that the contract gives for errors.
//!
//! 401 · 400 · 404 · 403 · 405 · 406 · 413 · 415 · 428 · 412 · 422 · 409. The first two are found here; the rest in
//! the verbs, behind [`Caller::authorize`].

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use actix_web::body::{BodyStream, BoxBody, SizedStream};
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use bytes::BytesMut;
use futures_util::{StreamExt, stream};

use super::accept::accepts;
use super::answer::{Answer, status};
use super::call::Call;
use super::contract::{Door, Operation, Prepare, Seal, Stage};
use super::notices::Notice;
use super::service::{Service, Turn};
use super::table;
use super::told::{self, Client, Who};
use crate::app::caller::Caller;
use crate::app::documents::Rendered;
use crate::app::sent::{ANSWERED_BEFORE, Answered, Content, Envelope};
use crate::auth::Bearer;
use crate::domain::device::device;
use crate::domain::words::Language;
use crate::error::{Error, OAuthError, Result, Violation};
use crate::storage::history::{Origin, canonical, sha256_hex};
use crate::storage::past::Past;
use crate::storage::queries::Kept;
use crate::storage::{Id, Json, Reading, Timestamp, Writing};

/// The running service, with the operations that it answers.
pub struct Serving {
    pub service: Arc<Service>,
    pub operations: Vec<Operation>,
}

impl std::ops::Deref for Serving {
    type Target = Service;
    fn deref(&self) -> &Service {
        &self.service
    }
}

/// A request, read as far as it can be before anybody is known to have sent it.
#[derive(Clone)]
struct Read {
    call: Call,
    query_faults: Vec<Violation>,
    /// Who is asking, once that is known.
    who: Arc<OnceLock<Origin>>,
    sent: Envelope,
    idempotency_key: Option<String>,
    path: String,
    fingerprint: String,
}

/// Answers a request for the operation with this index.
pub async fn answer(service: Arc<Serving>, index: usize, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let request_id = told::id();
    let language = language(&request);
    let oauth = service.operations[index].oauth;
    let outcome = run(service, index, &request, payload, request_id, language).await;
    match outcome {
        Ok((answer, body)) => respond(&request, answer, body),
        Err(error) => match error.oauth().filter(|_| oauth) {
            Some((status, refusal)) => refuse_oauth(status, &refusal),
            None => refuse(&error, language, request_id),
        },
    }
}

async fn run(
    service: Arc<Serving>,
    index: usize,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: Id,
    language: Language,
) -> Result<(Answer, BoxBody)> {
    let operation = &service.operations[index];
    let bearer = if operation.for_everyone() {
        None
    } else {
        Some(service.keys.bearer(text(request, header::AUTHORIZATION.as_str())).await?)
    };
    let body = read_body(payload, operation.most).await;
    let read = read(operation, request, &body, request_id, language);
    let who = read.who.clone();
    let outcome = given(service, index, bearer, read).await;
    if let Some(id) = who.get().and_then(|origin| origin.actor_id) {
        request.extensions_mut().insert(Who(id.to_string()));
    }
    outcome
}

/// What a page asks of an operation on behalf of the person who is signed in to it.
pub struct FormRequest {
    pub bearer: Option<Bearer>,
    pub call: Call,
    pub sent: Envelope,
    pub idempotency_key: Option<String>,
}

/// Does what a page wishes exactly as if it had come as a request to the operation with this index.
pub async fn perform(service: Arc<Serving>, index: usize, wish: FormRequest) -> Result<Answer> {
    let (bearer, read) = wish.read(&service.operations[index]);
    done(service, index, bearer, read).await
}

impl FormRequest {
    fn read(self, operation: &Operation) -> (Option<Bearer>, Read) {
        let Self { bearer, call, mut sent, idempotency_key } = self;
        sent.condition = operation.condition;
        let fingerprint = fingerprint(&sent.content, b"");
        let path = format!("/api/v1{}", call.path_of(operation.path));
        (bearer, Read { call, query_faults: Vec::new(), who: Arc::default(), sent, idempotency_key, path, fingerprint })
    }
}

/// The same, of what may be too much to be held at once: the answer's head, and its body.
pub async fn fetch(service: Arc<Serving>, index: usize, wish: FormRequest) -> Result<(Answer, BoxBody)> {
    let (bearer, read) = wish.read(&service.operations[index]);
    given(service, index, bearer, read).await
}

/// A table that is being read piece by piece.
struct Rest {
    service: Arc<Serving>,
    index: usize,
    bearer: Option<Bearer>,
    read: Read,
}

/// The answer's head, and its body. A table is read on as it is taken: each piece by itself, with the rights of that moment, from
/// where the one before ended, so that who is slow holds nothing.
async fn given(service: Arc<Serving>, index: usize, bearer: Option<Bearer>, read: Read) -> Result<(Answer, BoxBody)> {
    let rest = (read.call.table.is_some()).then(|| (bearer.clone(), read.clone()));
    let files = service.config.files.clone();
    let mut answer = done(service.clone(), index, bearer, read).await?;
    if let Some((sha256, size)) = answer.left.take() {
        let pieces = files.get(&sha256).await?;
        return Ok((answer, BoxBody::new(SizedStream::new(size, Box::pin(pieces)))));
    }
    let first = Bytes::from(std::mem::take(&mut answer.body));
    let (Some(mark), Some((bearer, read))) = (answer.next.take(), rest) else {
        return Ok((answer, BoxBody::new(first)));
    };
    let rest = Rest { service, index, bearer, read };
    let others = stream::try_unfold(Some((mark, rest)), |left| async {
        let Some((mark, mut rest)) = left else { return Ok(None) };
        let call = &mut rest.read.call;
        // What is put together when it is asked for is not put together for each piece.
        call.limit = if mark.key.is_empty() { i64::MAX } else { call.limit };
        (call.after, call.goes_on) = (Some(mark), true);
        let answer = done(rest.service.clone(), rest.index, rest.bearer.clone(), rest.read.clone()).await;
        let answer = answer.map_err(|error| {
            tracing::warn!(?error, "a table was cut short");
            std::io::Error::other("the table was cut short")
        })?;
        Ok::<_, std::io::Error>(Some((Bytes::from(answer.body), answer.next.map(|mark| (mark, rest)))))
    });
    let all = stream::once(std::future::ready(Ok(first))).chain(others);
    Ok((answer, BoxBody::new(BodyStream::new(Box::pin(all)))))
}

/// Makes a table's bytes of a piece of it.
fn finished(r: &mut Reading, caller: &Caller, call: &Call, mut answer: Answer) -> Result<Answer> {
    match (answer.piece.take(), call.table) {
        (Some((piece, named)), Some(wanted)) => table::written(r, caller, call, wanted, piece, named),
        _ => Ok(answer),
    }
}

/// Finds out whether what a page wishes can be done now, by the operation itself, and leaves everything as it is. No files
/// are made.
pub async fn tried(service: Arc<Serving>, index: usize, wish: FormRequest) -> Result<()> {
    let (bearer, read) = wish.read(&service.operations[index]);
    let bearer = bearer.ok_or_else(|| Error::internal("nobody is asked whether they may"))?;
    let (id, door) = (service.operations[index].id, service.operations[index].door.clone());
    let asking = service.clone();
    let told = asking.asking(id, move || match door {
        Door::Seal(prepare, _) => service.db.read(|r| {
            let caller = Caller::of(r, &bearer)?;
            prepare(r, &caller, &read.call, read.sent.clone()).map(|_| ())
        }),
        Door::Write(run) => service.db.tried(&Origin::nobody(read.call.request_id), |w| {
            let caller = Caller::of(w, &bearer)?;
            w.set_origin(caller.origin(read.call.request_id));
            run(w, &caller, &read.call, read.sent.clone()).map(|_| ())
        }),
        Door::Open(_) | Door::Read(_) | Door::Staged(_) | Door::Apart(_) => {
            Err(Error::internal(format!("{id} cannot be tried")))
        }
    });
    told.await?
}

/// What tells a request's content from another's under the same key.
fn fingerprint(content: &Content, bytes: &[u8]) -> String {
    match content {
        Content::Json(value) => sha256_hex(&canonical(value).unwrap_or_default()),
        Content::Bytes(file) => sha256_hex(file),
        _ => sha256_hex(bytes),
    }
}

async fn done(service: Arc<Serving>, index: usize, bearer: Option<Bearer>, mut read: Read) -> Result<Answer> {
    read.call.webhook_hosts = service.config.webhook_hosts.clone();
    read.call.mail = service.config.mail.is_some();
    read.call.seals = Some(service.seals.clone());
    read.call.public_url = service.config.public_url.as_str().into();
    let Operation { id, timed, wide, hashes, .. } = service.operations[index];
    // Held until it is done.
    let _place = if hashes { Some(service.line.enter().await?) } else { None };
    let door = service.operations[index].door.clone();
    let (who, asking) = (read.who.clone(), service.clone());
    let done = asking.asking(id, move || match (door, bearer) {
        (Door::Open(f), _) => {
            check_form(&read)?;
            read.sent.gate()?;
            f(&service, &read.call, read.sent)
        }
        (Door::Read(f), Some(bearer)) => service.db.read(|r| {
            let caller = Caller::of(r, &bearer)?;
            read.who.get_or_init(|| caller.origin(read.call.request_id));
            check_form(&read)?;
            let answer = match read.call.time("asOf").filter(|_| timed) {
                None => f(r, &caller, &read.call).and_then(|answer| finished(r, &caller, &read.call, answer))?,
                Some(time) => {
                    let thing = if !wide && read.call.path.contains_key("id") { Some(read.call.id()?) } else { None };
                    let mut past = past(r, thing, time)?;
                    past.read(|r| {
                        let answer = f(r, &caller, &read.call)?;
                        finished(r, &caller, &read.call, answer)
                    })?
                }
            };
            read.sent.gate()?;
            Ok(answer)
        }),
        (Door::Write(f), Some(bearer)) => {
            Change::of(&service, index, &bearer, &read).write(|w, caller, sent| f(w, caller, &read.call, sent))
        }
        (Door::Seal(prepare, seal), Some(bearer)) => Change::of(&service, index, &bearer, &read).seal(&prepare, &seal),
        (Door::Staged(stage), Some(bearer)) => Change::of(&service, index, &bearer, &read).staged(&stage),
        (Door::Apart(f), Some(bearer)) => {
            service.db.read(|r| {
                let caller = Caller::of(r, &bearer)?;
                read.who.get_or_init(|| caller.origin(read.call.request_id));
                Ok(())
            })?;
            check_form(&read)?;
            f(&service, &bearer, &read.call, read.sent)
        }
        (_, None) => Err(Error::internal("an operation without a bearer")),
    });
    let done = done.await?;
    if let Some(origin) = who.get() {
        match &done {
            Err(Error::Forbidden(_)) => asking.notices.leave(origin, Notice::Refused),
            Ok(Answer { sealed: Some(plan), .. }) => asking.notices.leave(origin, Notice::Downloaded(*plan)),
            _ => {}
        }
    }
    done
}

/// The register as it stood at a time that has been; about one thing alone when it is named.
pub fn past(r: &mut Reading, thing: Option<Id>, time: Timestamp) -> Result<Past> {
    if time > Timestamp::now() {
        return Err(Error::invalid(Violation::new(
            "?asOf",
            "future",
            "Tiden har inte varit än.",
            "That time has not been yet.",
        )));
    }
    r.as_of(time, thing)
}

/// A request that changes the register.
struct Change<'a> {
    service: &'a Service,
    operation: &'a Operation,
    bearer: &'a Bearer,
    read: &'a Read,
    /// With which it is done once.
    key: Option<&'a str>,
    turn: Option<Turn>,
}

impl<'a> Change<'a> {
    fn of(service: &'a Serving, index: usize, bearer: &'a Bearer, read: &'a Read) -> Self {
        let operation = &service.operations[index];
        let key = read.idempotency_key.as_deref().filter(|_| operation.idempotent);
        Self { service, operation, bearer, read, key, turn: None }
    }

    /// Who asks. From here on the same request, sent again, is refused until this one is answered.
    fn caller(&mut self, r: &mut Reading) -> Result<Caller> {
        let caller = Caller::of(r, self.bearer)?;
        self.read.who.get_or_init(|| caller.origin(self.read.call.request_id));
        check_form(self.read)?;
        if let Some(key) = self.key
            && self.turn.is_none()
        {
            let request = format!("{} {} {} {key}", caller.id(), self.operation.method, self.read.path);
            self.turn = Some(self.service.busy.enter(request)?);
        }
        Ok(caller)
    }

    /// What the same request was answered before.
    fn kept(&self, r: &mut Reading, caller: &Caller) -> Result<Option<Kept>> {
        match self.key {
            Some(key) => r.kept(&caller.id().to_string(), self.operation.method, &self.read.path, key),
            None => Ok(None),
        }
    }

    /// Does it in one transaction, and keeps the answer there.
    fn write(mut self, run: impl Fn(&mut Writing, &Caller, Envelope) -> Result<Answer>) -> Result<Answer> {
        let (service, read) = (self.service, self.read);
        service.db.write(&Origin::nobody(read.call.request_id), |w| {
            let caller = self.caller(w)?;
            w.set_origin(caller.origin(read.call.request_id));
            let sent = read.sent.clone();
            if let Some(kept) = self.kept(w, &caller)? {
                // The answer is given again, but only to someone who may still do it today: the gate says so.
                let answered = if kept.fingerprint == read.fingerprint { Answered::Same } else { Answered::Other };
                return match run(w, &caller, Envelope { answered: Some(answered), ..sent }) {
                    Err(Error::Conflict { code: ANSWERED_BEFORE, .. }) => again(kept),
                    Err(other) => Err(other),
                    Ok(_) => Err(Error::internal(format!("{} asks nobody's rights", self.operation.id))),
                };
            }
            let answer = run(w, &caller, sent)?;
            if let Some(key) = self.key {
                w.keep(Kept {
                    principal: caller.id().to_string(),
                    method: self.operation.method.into(),
                    path: read.path.clone(),
                    key: key.to_owned(),
                    fingerprint: read.fingerprint.clone(),
                    status: answer.status.into(),
                    headers: Json(answer.headers.clone()),
                    body: answer.body.clone(),
                    created_at: Timestamp::now(),
                })?;
            }
            Ok(answer)
        })
    }

    /// Makes the files, and then does it.
    fn seal(mut self, prepare: &Prepare, seal: &Seal) -> Result<Answer> {
        let (service, read) = (self.service, self.read);
        let snapshot = service.db.read(|r| {
            let caller = self.caller(r)?;
            match self.kept(r, &caller)? {
                Some(_) => Ok(None),
                None => prepare(r, &caller, &read.call, read.sent.clone()).map(Some),
            }
        })?;
        let ready = snapshot.map(Rendered::of).transpose()?;
        self.write(|w, caller, sent| match &ready {
            Some(ready) => seal(w, caller, &read.call, sent, ready),
            // What was answered before is not made again: this goes no further than the gate.
            None => {
                let made = Rendered::of(prepare(w, caller, &read.call, sent.clone())?)?;
                seal(w, caller, &read.call, sent, &made)
            }
        })
    }
}

impl Change<'_> {
    /// Says what is to be done, does it, and puts in what came of it.
    fn staged(mut self, stage: &Stage) -> Result<Answer> {
        let (service, bearer, read) = (self.service, self.bearer, self.read);
        let work = service.db.read(|r| {
            let caller = self.caller(r)?;
            match self.kept(r, &caller)? {
                Some(_) => Ok(None),
                None => stage(r, &caller, &read.call, read.sent.clone()).map(Some),
            }
        })?;
        let finish = work.map(|work| work(service, bearer, &read.call)).transpose()?;
        self.write(|w, caller, sent| match &finish {
            Some(finish) => finish(w, caller, &read.call, sent),
            // What was answered before goes no further than the gate.
            None => match stage(w, caller, &read.call, sent) {
                Err(refused) => Err(refused),
                Ok(_) => Err(Error::Unavailable { retry_after: 1 }),
            },
        })
    }
}

fn again(kept: Kept) -> Result<Answer> {
    Ok(Answer {
        status: u16::try_from(kept.status).map_err(Error::internal)?,
        headers: kept.headers.0,
        body: kept.body,
        ..Answer::nothing()
    })
}

/// The faults that come right after the question of who is asking: 400.
fn check_form(read: &Read) -> Result<()> {
    if !read.query_faults.is_empty() {
        return Err(Error::BadRequest(read.query_faults.clone()));
    }
    readable(&read.sent.content)
}

/// A body that cannot be read as JSON is told before anything else about the request's content.
fn readable(content: &Content) -> Result<()> {
    match content {
        Content::Malformed(why) => Err(Error::BadRequest(vec![Violation::new(
            "",
            "notJson",
            format!("Innehållet är inte JSON: {why}."),
            format!("The content is not JSON: {why}."),
        )])),
        Content::Repeated(pointer) => Err(Error::BadRequest(vec![Violation::new(
            pointer.clone(),
            "duplicate",
            "Fältet står två gånger.",
            "The field stands twice.",
        )])),
        _ => Ok(()),
    }
}

/// How long a request's body may take.
const BODY_SECONDS: u64 = 30;

/// What came of a request's body.
#[derive(Default)]
pub struct Body {
    pub bytes: Bytes,
    pub too_large: bool,
    /// It stopped halfway, or took too long.
    pub broken: bool,
}

/// Reads a request's body, as much of it and for as long as is allowed.
pub async fn read_body(mut payload: web::Payload, most: usize) -> Body {
    let mut body = Body::default();
    let mut bytes = BytesMut::new();
    let whole = async {
        while let Some(chunk) = payload.next().await {
            let Ok(chunk) = chunk else {
                body.broken = true;
                return;
            };
            if body.too_large || bytes.len() + chunk.len() > most {
                // The rest is read and let go: a client that is still sending would never see the answer.
                body.too_large = true;
                bytes = BytesMut::new();
            } else {
                bytes.extend_from_slice(&chunk);
            }
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(BODY_SECONDS), whole).await;
    body.broken |= in_time.is_err();
    body.bytes = bytes.freeze();
    body
}

fn text<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    request.headers().get(name).and_then(|v| v.to_str().ok())
}

fn read(operation: &Operation, request: &HttpRequest, body: &Body, request_id: Id, language: Language) -> Read {
    let mut call = Call {
        path: operation
            .parameters
            .iter()
            .filter(|p| p.in_path)
            .filter_map(|p| request.match_info().get(p.name).map(|v| (p.name.to_owned(), v.to_owned())))
            .collect(),
        request_id,
        language,
        device: text(request, "user-agent").and_then(device),
        client: Client::of(request),
        accept: text(request, "accept").map(Into::into),
        if_none_match: text(request, "if-none-match").map(Into::into),
        ..Call::default()
    };
    let mut query_faults = operation.read_query(request.query_string(), &mut call).err().unwrap_or_default();
    let content = operation.read_body(text(request, "content-type"), &body.bytes, body.too_large);
    if body.broken && !body.too_large {
        query_faults.push(Violation::new(
            "",
            "incompleteBody",
            "Innehållet kom inte fram helt.",
            "The content did not come whole.",
        ));
    }
    // One that is no text is a fault like an empty one: left out, the request would be done twice.
    let idempotency_key =
        request.headers().get("idempotency-key").map(|key| key.to_str().unwrap_or_default().to_owned());
    if operation.idempotent
        && let Some(key) = &idempotency_key
        && (key.is_empty() || key.len() > 255)
    {
        query_faults.push(Violation::new(
            "Idempotency-Key",
            "wrongFormat",
            "Nyckeln ska ha 1 till 255 tecken ur ASCII.",
            "The key must have 1 to 255 ASCII characters.",
        ));
    }
    let mut fingerprint = fingerprint(&content, &body.bytes);
    if operation.raw {
        // Beside a file, what is said of it stands in the query.
        fingerprint = sha256_hex(format!("{fingerprint}?{}", request.query_string()).as_bytes());
    }
    let offers = operation.offers();
    let not_acceptable = text(request, "accept")
        .filter(|accept| !offers.is_empty() && !offers.iter().any(|offer| accepts(accept, offer)))
        .map(|_| offers.join(", "));
    Read {
        who: Arc::default(),
        query_faults,
        sent: Envelope {
            content,
            condition: operation.condition,
            if_match: text(request, "if-match").map(|v| v.split(',').map(|t| t.trim().to_owned()).collect()),
            only_new: text(request, "if-none-match").is_some_and(|v| v.trim() == "*"),
            not_acceptable,
            answered: None,
        },
        idempotency_key,
        path: request.path().to_owned(),
        fingerprint,
        call,
    }
}

/// Swedish, unless English is asked for before it.
pub fn language(request: &HttpRequest) -> Language {
    let wanted = text(request, "accept-language").unwrap_or_default();
    let mut best: HashMap<Language, f32> = HashMap::new();
    for range in wanted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
        let language = match tag.split('-').next() {
            Some("sv") => Language::Sv,
            Some("en") => Language::En,
            _ => continue,
        };
        let known = best.entry(language).or_insert(0.0);
        *known = known.max(weight);
    }
    let weight = |l| best.get(&l).copied().unwrap_or(0.0);
    if weight(Language::En) > weight(Language::Sv) { Language::En } else { Language::Sv }
}

/// Whether a client has what has this tag, as it says by `If-None-Match` (RFC 9110, 13.1.2).
pub fn client_has(request: &HttpRequest, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    text(request, "if-none-match")
        .is_some_and(|known| known.trim() == "*" || known.split(',').any(|k| bare(k) == bare(tag)))
}

fn respond(request: &HttpRequest, answer: Answer, body: BoxBody) -> HttpResponse {
    let tag = answer.headers.iter().find(|(name, _)| name == "etag").map(|(_, v)| v.clone());
    if request.method() == actix_web::http::Method::GET
        && let Some(tag) = &tag
        && client_has(request, tag)
    {
        return HttpResponse::NotModified()
            .insert_header(("etag", tag.clone()))
            .insert_header(("cache-control", "private, no-cache"))
            .finish();
    }
    let mut response = HttpResponse::build(status(answer.status));
    response.insert_header(("cache-control", if tag.is_some() { "private, no-cache" } else { "no-store" }));
    if tag.as_ref().is_some_and(|t| !t.starts_with("W/")) {
        // A strong tag is of these very bytes, so they are sent as they are.
        response.insert_header(header::ContentEncoding::Identity);
    }
    for (name, value) in answer.headers {
        response.append_header((name, value));
    }
    response.body(body)
}

/// An error as RFC 6749, 5.2 tells it.
fn refuse_oauth(code: u16, refusal: &OAuthError) -> HttpResponse {
    let mut response = HttpResponse::build(status(code));
    response.content_type("application/json").insert_header(("cache-control", "no-store"));
    response.insert_header(("pragma", "no-cache"));
    if code == 401 {
        response.insert_header(("www-authenticate", "Bearer"));
    }
    response.body(serde_json::to_vec(refusal).unwrap_or_default())
}

/// An error as problem details.
pub fn refuse(error: &Error, language: Language, request_id: Id) -> HttpResponse {
    if let Error::Away { cause, .. } = error {
        tracing::warn!(request = %request_id, %cause, "what a request asked for is away");
    }
    if let Error::Internal(cause) | Error::Outrun(cause) = error {
        tracing::error!(request = %request_id, %cause, "the request failed by our own fault");
    }
    let problem = error.problem(language, &format!("urn:uuid:{request_id}"));
    let mut response = HttpResponse::build(status(problem.status));
    response
        .content_type("application/problem+json")
        .insert_header(("cache-control", "no-store"))
        .insert_header(("content-language", language.as_str()));
    match error {
        Error::Unauthenticated(_) => {
            response.insert_header(("www-authenticate", "Bearer"));
        }
        Error::MethodNotAllowed(allowed) => {
            response.insert_header(("allow", allowed.clone()));
        }
        _ => {}
    }
    if let Some(seconds) = error.retry_after() {
        response.insert_header(("retry-after", seconds.to_string()));
    }
    response.body(serde_json::to_vec(&problem).unwrap_or_default())
}
