//! What is told of a request, in one place for pages, API, files, sign-in and callbacks: a line in the log, and a measure.
//!
//! Of its address the pattern alone, since addresses can hold tokens and words that people search for; of who asks a
//! pseudonym. Never a query, a body or a header. Health, readiness and metrics are asked every few seconds, and not told.

use std::net::IpAddr;
use std::time::{Instant, SystemTime};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest};
use tracing::Instrument;

use crate::limits::Limits;
use crate::spans::{self, Answered, Parent};
use crate::storage::Id;

/// The measure of every request.
pub const MEASURE: &str = "riskregister_http_requests_seconds";
/// What lies between the measures that are counted together, in seconds.
pub const BUCKETS: [f64; 12] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

tokio::task_local! {
    /// Which request is being answered.
    static REQUEST: Asked;
}

struct Asked {
    id: Id,
    /// The trace that its client counts it to, if it named one.
    trace: Option<String>,
}

/// The address of the client, as far as it is known.
#[derive(Clone, Copy)]
pub struct Client(pub IpAddr);

impl Client {
    /// That of a request, where it is known.
    pub fn of(request: &HttpRequest) -> Option<IpAddr> {
        request.extensions().get::<Self>().map(|client| client.0)
    }

    /// Sets it for a request: from here on all that is told on its way is told with it.
    pub fn note(self, request: &ServiceRequest) {
        tracing::Span::current().record("client", tracing::field::display(self.0));
        request.extensions_mut().insert(self);
    }
}

/// A pseudonym of who asks.
#[derive(Clone)]
pub struct Who(pub String);

/// The id of the request that is being answered: in the log, in the history, and in what it is answered with. Not to be
/// asked on the threads that ask the database.
pub fn id() -> Id {
    REQUEST.try_with(|asked| asked.id).unwrap_or_else(|_| Id::new())
}

/// The trace that the client of the request that is being answered counts it to, if it named one. Asked where [`id`] is.
pub fn trace() -> Option<String> {
    REQUEST.try_with(|asked| asked.trace.clone()).ok().flatten()
}

/// Where a client counts its request to; nothing if it says nothing, or more than one thing.
fn parent(headers: &HeaderMap) -> Option<Parent> {
    let mut all = headers.get_all("traceparent");
    let one = all.next()?.to_str().ok()?;
    if all.next().is_some() { None } else { Parent::read(one) }
}

/// A method by name; what clients make up is one kind.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn class(status: u16) -> &'static str {
    match status {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// Gives a request its id, under which all is told that happens on its way, and tells of it when it is answered.
pub async fn tell(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if Limits::free(request.path()) {
        return next.call(request).await;
    }
    let (began, at) = (Instant::now(), SystemTime::now());
    let id = Id::new();
    let method = method(request.method());
    let parent = parent(request.headers());
    let asked = request.match_pattern();
    let span = tracing::error_span!("request", %id, client = tracing::field::Empty);
    let mut answered = REQUEST
        .scope(Asked { id, trace: parent.map(|parent| parent.trace()) }, next.call(request))
        .instrument(span)
        .await;
    let (status, route, client, who) = match &answered {
        Ok(response) => {
            let known = response.request().extensions();
            let (client, who) = (known.get::<Client>().map(|client| client.0.to_string()), known.get::<Who>().cloned());
            (response.status(), response.request().match_pattern(), client, who.map(|Who(who)| who))
        }
        Err(fault) => (fault.as_response_error().status_code(), asked, None, None),
    };
    let (status, took) = (status.as_u16(), began.elapsed());
    // What is not there has no pattern.
    let route = route.unwrap_or_else(|| "none".to_owned());
    let labels = [("route", route.clone()), ("method", method.to_owned()), ("status", class(status).to_owned())];
    metrics::histogram!(MEASURE, &labels).record(took.as_secs_f64());
    let millis = took.as_millis() as u64;
    // Who named none is followed by the request's own id, which is as long: so are webhooks told of what came of it.
    let trace = spans::trace(id, parent);
    if let Ok(response) = &mut answered {
        let headers = response.headers_mut();
        for (name, value) in [("x-request-id", id.to_string()), ("traceparent", spans::traceparent(id, parent))] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
    spans::answered(&Answered { request: id, parent, method, route: &route, status, began: at });
    tracing::info!(method, route, status, millis, request = %id, trace, client, who, "answered");
    answered
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::parent;

    #[test]
    fn two_traces_are_none() {
        let mut headers = HeaderMap::new();
        for wanted in [true, false] {
            let value = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            headers.append(HeaderName::from_static("traceparent"), value);
            assert_eq!(parent(&headers).is_some(), wanted);
        }
    }
}
