//! What a trace is told of the register: a span for each request, and one for each message to a webhook, sent to a collector
//! of OpenTelemetry where the operator names one (OTLP). And the names that go on from one service to the next
//! (`traceparent`, W3C Trace Context), whether anybody collects or not.
//!
//! A request has its span's id from its own id, so that what comes of it later, in another process too, is told as its child.

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    Span, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState,
    TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator, SdkTracer, SdkTracerProvider};

use crate::authorities::Authorities;
use crate::storage::Id;

/// How long a collector is waited for. Nobody else waits.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Who tells spans, once that has begun.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

thread_local! {
    /// The ids of the span that is told next.
    static NEXT: Cell<(TraceId, SpanId)> = const { Cell::new((TraceId::INVALID, SpanId::INVALID)) };
}

/// Ids as they are given, and not by chance.
#[derive(Debug)]
struct Given;

impl IdGenerator for Given {
    fn new_trace_id(&self) -> TraceId {
        NEXT.get().0
    }
    fn new_span_id(&self) -> SpanId {
        NEXT.get().1
    }
}

/// What has been told is sent before this is gone.
pub struct Telling(SdkTracerProvider);

impl Drop for Telling {
    fn drop(&mut self) {
        // What the collector did not take by now it does not get.
        let _ = self.0.shutdown_with_timeout(TIMEOUT);
    }
}

/// Begins to tell the collector at this address (`http://collector:4318`). Not within a runtime: what it is sent by has a
/// thread of its own.
pub fn start(collector: &str, authorities: &Authorities) -> Result<Telling, String> {
    let client = authorities.blocking_client().timeout(TIMEOUT).build().map_err(|fault| fault.to_string())?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{collector}/v1/traces"))
        .with_timeout(TIMEOUT)
        .with_http_client(client)
        .build()
        .map_err(|fault| fault.to_string())?;
    let about = Resource::builder()
        .with_service_name("riskregister")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_id_generator(Given)
        .with_resource(about.build())
        .build();
    TRACER.get_or_init(|| provider.tracer("riskregister"));
    Ok(Telling(provider))
}

/// Where something is counted to: a trace, the span in it that it comes of, and whether that span is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    trace: TraceId,
    span: SpanId,
    sampled: bool,
}

impl Parent {
    /// Reads a `traceparent`; nothing when it is not as it should be.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // A later version may say more after these; the first does not.
        if version == "ff" || (version == "00" && parts.next().is_some()) {
            return None;
        }
        let hex = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let named = |text: &str, length: usize| hex(text, length) && text.bytes().any(|b| b != b'0');
        let whole = hex(version, 2) && named(trace, 32) && named(span, 16) && hex(flags, 2);
        Some(Self {
            trace: TraceId::from_hex(trace).ok().filter(|_| whole)?,
            span: SpanId::from_hex(span).ok()?,
            sampled: u8::from_str_radix(flags, 16).ok()? & 1 == 1,
        })
    }

    /// The trace by its name: 32 hexadecimal digits.
    pub fn trace(&self) -> String {
        self.trace.to_string()
    }
}

/// The trace of a request: the one that it named, or its own id.
fn trace_of(request: Id, parent: Option<Parent>) -> TraceId {
    parent.map_or(TraceId::from(request.0.as_u128()), |parent| parent.trace)
}

/// The same by its name: 32 hexadecimal digits.
pub fn trace(request: Id, parent: Option<Parent>) -> String {
    trace_of(request, parent).to_string()
}

/// How the span of a request is named to whoever asked.
pub fn traceparent(request: Id, parent: Option<Parent>) -> String {
    named(trace_of(request, parent), span_of(request))
}

/// A span as `traceparent` names it (W3C Trace Context); `sampled` where spans are recorded.
fn named(trace: TraceId, span: SpanId) -> String {
    format!("00-{trace}-{span}-{:02x}", u8::from(TRACER.get().is_some()))
}

/// The span of a request.
fn span_of(request: Id) -> SpanId {
    let (_, low) = request.0.as_u64_pair();
    SpanId::from(low)
}

/// A request as it was answered.
pub struct Answered<'a> {
    pub request: Id,
    pub parent: Option<Parent>,
    pub method: &'static str,
    pub route: &'a str,
    pub status: u16,
    pub began: SystemTime,
}

/// Tells of a request that has been answered.
pub fn answered(about: &Answered) {
    let attributes = vec![
        KeyValue::new("http.request.method", about.method),
        KeyValue::new("http.route", about.route.to_owned()),
        KeyValue::new("http.response.status_code", i64::from(about.status)),
        KeyValue::new("riskregister.request", about.request.to_string()),
    ];
    let ids = (trace_of(about.request, about.parent), span_of(about.request));
    let builder = SpanBuilder::from_name(format!("{} {}", about.method, about.route))
        .with_kind(SpanKind::Server)
        .with_start_time(about.began)
        .with_attributes(attributes);
    tell(builder, ids, about.parent, (about.status >= 500).then_some(""));
}

/// Tells a span that has ended, where there is a collector.
fn tell(builder: SpanBuilder, ids: (TraceId, SpanId), parent: Option<Parent>, fault: Option<&'static str>) {
    let Some(tracer) = TRACER.get() else { return };
    NEXT.set(ids);
    let within = parent.map_or_else(Context::new, |parent| {
        let flags = if parent.sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let context = SpanContext::new(parent.trace, parent.span, flags, true, TraceState::default());
        Context::new().with_remote_span_context(context)
    });
    let mut span = builder.start_with_context(tracer, &within);
    if let Some(fault) = fault {
        span.set_status(Status::error(fault));
    }
    span.end();
}

/// A message to a webhook, to be counted to the trace of the request that its event came of.
pub struct Message {
    trace: TraceId,
    /// The request, as a span.
    request: SpanId,
    span: SpanId,
}

impl Message {
    /// `trace`: 32 hexadecimal digits, or else the trace of that request.
    pub fn new(trace: Option<&str>, request: Id) -> Self {
        let given = trace.and_then(|trace| TraceId::from_hex(trace).ok());
        Self {
            trace: given.unwrap_or(trace_of(request, None)),
            request: span_of(request),
            span: SpanId::from(rand::random_range(1..=u64::MAX)),
        }
    }

    pub fn trace(&self) -> String {
        self.trace.to_string()
    }

    /// The header that it is sent with.
    pub fn traceparent(&self) -> String {
        named(self.trace, self.span)
    }

    /// Tells that it has been sent, and what came of it.
    pub fn sent(&self, began: SystemTime, status: Option<u16>, fault: Option<&'static str>) {
        let mut attributes = vec![KeyValue::new("http.request.method", "POST")];
        attributes.extend(status.map(|status| KeyValue::new("http.response.status_code", i64::from(status))));
        let builder = SpanBuilder::from_name("webhook")
            .with_kind(SpanKind::Client)
            .with_start_time(began)
            .with_attributes(attributes);
        let request = Parent { trace: self.trace, span: self.request, sampled: true };
        tell(builder, (self.trace, self.span), Some(request), fault);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_taken_as_it_should_be_written_or_not_at_all() {
        let (ids, id) = ("4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736");
        let of = |text: &str| Parent::read(text).map(|parent| parent.trace());
        for good in [format!("00-{ids}"), format!("cc-{ids}"), format!("cc-{ids}-what-comes-later")] {
            assert_eq!(of(&good).as_deref(), Some(id), "{good}");
        }
        for bad in [
            format!("ff-{ids}"),
            format!("00-{ids}-more"),
            format!("00-{}", ids.to_uppercase()),
            format!("00-{}", ids.replace("4bf92f35", "")),
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01".into(),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01".into(),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7".into(),
            "x".into(),
            String::new(),
        ] {
            assert_eq!(of(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_message_is_counted_to_the_trace_that_is_named_or_to_its_request() {
        let request = Id::new();
        let given_one = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (given, told) in
            [(Some(given_one), given_one.to_owned()), (None, trace(request, None)), (Some("x"), trace(request, None))]
        {
            let message = Message::new(given, request);
            let header = message.traceparent();
            assert_eq!(
                (message.trace(), Parent::read(&header).map(|p| p.trace())),
                (told.clone(), Some(told)),
                "{header}"
            );
        }
    }
}
