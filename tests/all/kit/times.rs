//! What the tests' time goes into, by kind: `scripts/test` prints it at its end. Kept only where `TEST_TIMES` names a
//! file. The times of several tests at once are added up, and some lie within others: a document is typeset while its
//! request is waited for.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A register, or a world, made ready.
    Start,
    /// A request, from its sending to the whole of its answer.
    Request,
    /// An answer held against `openapi.yaml`.
    Contract,
    /// Whatever a browser is led to do.
    Browser,
    /// A document, within the register: the span of that name.
    Typesetting,
    /// A register held against its history.
    Verifying,
    /// A register that stops.
    Stop,
}

const KINDS: [(Kind, &str); 7] = [
    (Kind::Start, "starting"),
    (Kind::Request, "requests"),
    (Kind::Contract, "contract"),
    (Kind::Browser, "browser"),
    (Kind::Typesetting, "typesetting"),
    (Kind::Verifying, "verifying"),
    (Kind::Stop, "stopping"),
];

/// Of each kind: how often, and how long in all.
static SUMS: [(AtomicU64, AtomicU64); KINDS.len()] = [const { (AtomicU64::new(0), AtomicU64::new(0)) }; KINDS.len()];

/// Where it is kept, if it is.
static FILE: LazyLock<Option<String>> = LazyLock::new(|| {
    let file = std::env::var("TEST_TIMES").ok()?;
    tracing::subscriber::set_global_default(Spans).expect("nobody else listens to the register in this process");
    Some(file)
});

fn add(kind: Kind, took: Duration) {
    let (times, nanoseconds) = &SUMS[kind as usize];
    times.fetch_add(1, Relaxed);
    nanoseconds.fetch_add(took.as_nanos() as u64, Relaxed);
}

/// Does something that is of this kind.
pub fn spent<T>(kind: Kind, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    add(kind, begun.elapsed());
    done
}

/// Begins to listen.
pub fn listen() {
    LazyLock::force(&FILE);
}

/// Writes down what there is so far: nothing tells when the last test ends.
pub fn keep() {
    let Some(file) = &*FILE else { return };
    let mut told = String::new();
    for (kind, name) in KINDS {
        let (times, nanoseconds) = &SUMS[kind as usize];
        let seconds = Duration::from_nanos(nanoseconds.load(Relaxed)).as_secs_f64();
        let _ = writeln!(told, "{name}\t{}\t{seconds:.1}", times.load(Relaxed));
    }
    // Who cannot write it down misses no check.
    let _ = std::fs::write(file, told);
}

/// Listens to the one span of the register that is of a kind.
struct Spans;

thread_local! {
    static ENTERED: RefCell<Vec<Instant>> = const { RefCell::new(Vec::new()) };
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.name() == "typesetting"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn enter(&self, _: &Id) {
        ENTERED.with_borrow_mut(|all| all.push(Instant::now()));
    }

    fn exit(&self, _: &Id) {
        let begun = ENTERED.with_borrow_mut(Vec::pop);
        add(Kind::Typesetting, begun.map_or(Duration::ZERO, |begun| begun.elapsed()));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
}
