//! What goes on beside the requests, and whether it still does: rounds, letters, webhooks. Each says so each time that it
//! has come round; one that has not for long stands still, whatever the reason, and the service says so at `/readyz`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub struct Pulses {
    /// How long something may be silent.
    patience: Duration,
    last: Mutex<BTreeMap<&'static str, Instant>>,
}

impl Pulses {
    pub fn new(patience: Duration) -> Self {
        Self { patience, last: Mutex::default() }
    }

    /// This has begun, or has come round.
    pub fn beat(&self, what: &'static str) {
        self.last.lock().unwrap_or_else(|e| e.into_inner()).insert(what, Instant::now());
    }

    /// What has stood still for too long, if anything has, and for how long.
    pub fn silent(&self) -> Option<(&'static str, Duration)> {
        let last = self.last.lock().unwrap_or_else(|e| e.into_inner());
        let silences = last.iter().map(|(what, beat)| (*what, beat.elapsed()));
        silences.filter(|(_, silence)| *silence > self.patience).max_by_key(|(_, silence)| *silence)
    }
}
