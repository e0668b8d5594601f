//! The one loop of all sending: look what is due, take it in hand by a lease, send, note what came of it, wait. It must not
//! know what is sent.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;

use crate::error::{Error, Result};
use crate::pulses::Pulses;
use crate::storage::{Db, Id, Origin, Reading, Writing};

/// After trouble with the database.
const TROUBLE: Duration = Duration::from_secs(10);
/// Writes that follow each other closely are sent on together.
const GATHER: Duration = Duration::from_millis(50);
/// How often what is kept no longer is removed.
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// How long a stop waits for what is under way.
const FAREWELL: Duration = Duration::from_secs(3);

/// What is to be done, by the ids of what is to be taken in hand.
pub(super) struct Due {
    /// In the order that they are taken in.
    pub(super) ready: Vec<Id>,
    /// How long nothing else will be due.
    pub(super) wait: Duration,
}

/// Whether the others may have their turn.
pub(super) enum Next {
    Go,
    /// Nothing gets through: they wait.
    Wait,
}

/// A kind of sending.
pub(super) trait Sending: Send + Sync + Sized + 'static {
    /// What is held, with all that is needed to send it.
    type Errand: Send;
    /// What the log and the thread call it.
    const NAME: &'static str;
    /// How many are in hand at once.
    const AT_ONCE: usize;

    /// Returns when there may be more to do than was said to be due.
    fn news(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    /// Reads what is due, but for what is in hand. It costs those who write nothing.
    fn look(&self, in_hand: &HashSet<Id>) -> impl Future<Output = Result<Due>> + Send;

    /// Takes it in hand by this lease; nothing when somebody else has it, or it is no longer due.
    fn take(&self, id: Id, lease: Id) -> impl Future<Output = Result<Option<Self::Errand>>> + Send;

    /// Sends it, and notes what came of it.
    fn send(&self, errand: Self::Errand, lease: Id) -> impl Future<Output = Result<Next>> + Send;

    /// Lets go of what noting has not let go of already. What is not given back is free when its time has run out.
    fn give_back(&self, _: Id, _: Id) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Removes what is kept no longer.
    fn tidy(&self) -> impl Future<Output = Result<()>> + Send;
}

/// The way to the database: one question at a time, since those who use the register come first.
pub(super) struct Door {
    pub(super) db: Db,
    turn: Mutex<()>,
}

impl Door {
    pub(super) fn new(db: Db) -> Self {
        Self { db, turn: Mutex::default() }
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Reading) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _turn = self.turn.lock().await;
        let db = self.db.clone();
        tokio::task::spawn_blocking(move || db.read(f)).await.map_err(Error::internal)?
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Writing) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _turn = self.turn.lock().await;
        let db = self.db.clone();
        tokio::task::spawn_blocking(move || db.write(&Origin::system(), f)).await.map_err(Error::internal)?
    }
}

/// Sends until it is dropped.
pub struct Sender {
    stop: watch::Sender<bool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Sender {
    /// `make` is run where the sending will be: what looks after itself does so there.
    pub(super) fn start<S: Sending>(pulses: &Arc<Pulses>, make: impl FnOnce() -> Result<S>) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
        let sending = {
            let _on = runtime.enter();
            Arc::new(make()?)
        };
        let pulses = Arc::clone(pulses);
        pulses.beat(S::NAME);
        let thread = std::thread::Builder::new()
            .name(S::NAME.into())
            .spawn(move || {
                runtime.block_on(go_on(sending, stopped, pulses));
                // A database that does not answer is not waited for.
                runtime.shutdown_timeout(FAREWELL);
            })
            .map_err(Error::internal)?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Looks after what is to be sent until it is told to stop. One that falls is begun anew.
async fn go_on<S: Sending>(sending: Arc<S>, stopped: watch::Receiver<bool>, pulses: Arc<Pulses>) {
    while AssertUnwindSafe(run(sending.clone(), stopped.clone(), &pulses)).catch_unwind().await.is_err() {
        metrics::counter!("riskregister_rounds_fallen_total", "round" => S::NAME).increment(1);
        tracing::error!(kind = S::NAME, "what looks after what is to be sent fell; it begins anew");
        tokio::time::sleep(TROUBLE).await;
    }
}

async fn run<S: Sending>(sending: Arc<S>, mut stopped: watch::Receiver<bool>, pulses: &Pulses) {
    let mut in_hand = HashSet::new();
    let mut tasks: JoinSet<(Id, Next)> = JoinSet::new();
    let mut tidied = Instant::now();
    let mut troubled = false;
    'rounds: loop {
        pulses.beat(S::NAME);
        let due = tokio::select! {
            _ = stopped.changed() => break,
            due = sending.look(&in_hand) => due,
        };
        let (mut queue, wait) = match due {
            Ok(due) => {
                troubled = false;
                (VecDeque::from(due.ready), due.wait)
            }
            Err(error) => {
                // Once is enough: `readyz` says it, too.
                if !std::mem::replace(&mut troubled, true) {
                    tracing::warn!(?error, kind = S::NAME, "what is to be sent cannot be looked after");
                }
                (VecDeque::new(), TROUBLE)
            }
        };
        if tidied.elapsed() > TIDY_EVERY {
            tidied = Instant::now();
            if let Err(error) = sending.tidy().await {
                tracing::warn!(?error, kind = S::NAME, "what was sent long ago cannot be removed");
            }
        }
        loop {
            while in_hand.len() < S::AT_ONCE
                && let Some(id) = queue.pop_front()
            {
                in_hand.insert(id);
                tasks.spawn(turn(sending.clone(), id, stopped.clone()));
            }
            tokio::select! {
                _ = stopped.changed() => break 'rounds,
                () = sending.news() => break,
                Some(done) = tasks.join_next(), if !tasks.is_empty() => {
                    match done {
                        Ok((id, Next::Go)) => {
                            in_hand.remove(&id);
                            if queue.is_empty() {
                                break;
                            }
                        }
                        Ok((id, Next::Wait)) => {
                            in_hand.remove(&id);
                            queue.clear();
                        }
                        // One that fell is not lost: its lease ends, and it is no longer thought to be in hand.
                        Err(fallen) => {
                            tracing::error!(%fallen, kind = S::NAME, "sending fell");
                            in_hand.clear();
                            break;
                        }
                    }
                }
                () = tokio::time::sleep(wait) => break,
            }
        }
        tokio::select! {
            _ = stopped.changed() => break,
            () = tokio::time::sleep(GATHER) => {}
        }
    }
    // Each hears of the stop by itself, and gives back what it holds.
    let all_back = async { while tasks.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(FAREWELL, all_back).await;
}

/// The turn of one that is due: taken in hand, sent, noted, given back.
async fn turn<S: Sending>(sending: Arc<S>, id: Id, mut stopped: watch::Receiver<bool>) -> (Id, Next) {
    if *stopped.borrow() {
        return (id, Next::Wait);
    }
    let lease = Id::new();
    let outcome = match sending.take(id, lease).await {
        Ok(Some(errand)) => tokio::select! {
            // What is under way is let go, and sent again by whoever comes next.
            _ = stopped.changed() => Ok(Next::Wait),
            sent = sending.send(errand, lease) => sent,
        },
        Ok(None) => return (id, Next::Go),
        Err(error) => Err(error),
    };
    if let Err(error) = &outcome {
        tracing::warn!(?error, kind = S::NAME, %id, "what was sent cannot be noted");
    }
    if let Err(error) = sending.give_back(id, lease).await {
        tracing::warn!(?error, kind = S::NAME, %id, "what is in hand cannot be given back; its time runs out");
    }
    let Ok(next) = outcome else {
        tokio::select! {
            _ = stopped.changed() => {}
            () = tokio::time::sleep(TROUBLE) => {}
        }
        return (id, Next::Go);
    };
    (id, next)
}
