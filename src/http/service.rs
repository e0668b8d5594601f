//! The running service, as the handlers of operations see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use actix_web::web;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::notices::Notices;
use super::told;
use crate::auth::{self, Keys};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::pulses::Pulses;
use crate::seals::Seals;
use crate::storage::history::traced;
use crate::storage::{Db, statements};

/// The running service, as the handlers see it.
#[derive(Clone)]
pub struct Service {
    pub db: Db,
    pub keys: Keys,
    pub seals: Arc<Seals>,
    pub config: Arc<Config>,
    pub busy: Arc<Busy>,
    pub notices: Arc<Notices>,
    /// How many statements requests have sent to the database so far.
    pub statements: Arc<AtomicU64>,
    /// The service has been told to stop: whoever asks whether it is ready is sent elsewhere.
    pub stopping: Arc<AtomicBool>,
    /// Where those stand whose password is to be judged.
    pub line: Arc<Line>,
    /// What goes on beside the requests.
    pub pulses: Arc<Pulses>,
}

impl Service {
    /// Does what asks the database, away from the threads that listen, and counts its statements. `what` is asked for:
    /// an operation, or a page.
    pub async fn asking<T: Send + 'static>(
        &self,
        what: &'static str,
        ask: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        // What is told on another thread is told of the same request.
        let span = tracing::Span::current();
        let trace = told::trace();
        let asked = web::block(move || {
            let _within = span.entered();
            let before = statements();
            let done = traced(trace, ask);
            (done, statements() - before)
        });
        let (done, sent) = asked.await.map_err(Error::internal)?;
        metrics::counter!("riskregister_statements_total", "operation" => what).increment(sent);
        self.statements.fetch_add(sent, Ordering::Relaxed);
        Ok(done)
    }
}

/// The idempotent requests that are being answered just now.
#[derive(Default)]
pub struct Busy(std::sync::Mutex<std::collections::HashSet<String>>);

/// Holds the place of one until it is answered.
pub(super) struct Turn {
    busy: Arc<Busy>,
    key: String,
}

impl Busy {
    /// 409 while the same request runs.
    pub(super) fn enter(self: &Arc<Self>, key: String) -> Result<Turn> {
        let mut running = self.0.lock().unwrap_or_else(|e| e.into_inner());
        if !running.insert(key.clone()) {
            return Err(Error::conflict(
                "stillRunning",
                "Samma begäran pågår redan. Vänta på dess svar.",
                "The same request is running already. Wait for its answer.",
            ));
        }
        Ok(Turn { busy: self.clone(), key })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.0.lock().unwrap_or_else(|e| e.into_inner()).remove(&self.key);
    }
}

/// How many may stand in line: a wait of half a minute, and longer than people have patience.
const MOST_IN_LINE: usize = 2000;

/// The line of those whose password is to be judged. That takes a processor its time, so they wait here, which costs nothing,
/// and not on the threads that all others are answered by.
pub struct Line {
    standing: Semaphore,
    places: Arc<Semaphore>,
}

impl Default for Line {
    fn default() -> Self {
        Self { standing: Semaphore::new(MOST_IN_LINE), places: Arc::new(Semaphore::new(auth::places())) }
    }
}

impl Line {
    /// A place, when it is one's turn; 503 where too many wait already.
    pub async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        let _stands = self.standing.try_acquire().map_err(|_| Error::Unavailable { retry_after: 30 })?;
        Arc::clone(&self.places).acquire_owned().await.map_err(Error::internal)
    }
}
