//! What the history is told of that changes nothing: which decided documents were fetched, that a known account was
//! refused, and that somebody has forgotten their password and is written to. A GET stays a read, and an answer tells by
//! its time no more than by its words; what is to be told waits here for some moments, and is written by a thread of its
//! own.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::app::people::passwords;
use crate::app::places::{place, region_place};
use crate::error::Result;
use crate::storage::records::{Organisation, Plan, ServiceAccount, User};
use crate::storage::{Db, Id, Origin, Stored, Writing};

/// How many may wait. More than that come only when the database is away, and then they are counted alone.
const MOST: usize = 10_000;
/// What an account is refused is told once in this time; the rest are numbers in `/metrics`.
const FOLDED: Duration = Duration::from_secs(60);
/// How often what could not be written is tried again, a second apart.
const ATTEMPTS: u32 = 60;

/// What there is to tell.
#[derive(Debug, Clone, Copy)]
pub enum Notice {
    /// A known account was told that it may not do something it can see.
    Refused,
    /// A sealed document of this plan was fetched.
    Downloaded(Id),
    /// Somebody says that they are this person, and have forgotten the password.
    Forgotten(Id),
}

/// Where notices are left.
pub struct Notices(SyncSender<(Origin, Notice)>);

impl Notices {
    /// Starts to write. What has been left is written also when the service stops.
    pub fn start(db: Db) -> Self {
        let (sender, waiting) = sync_channel(MOST);
        std::thread::spawn(move || listen(&db, &waiting));
        Self(sender)
    }

    /// Leaves a notice, and never waits.
    pub fn leave(&self, origin: &Origin, notice: Notice) {
        if self.0.try_send((origin.clone(), notice)).is_err() {
            metrics::counter!("riskregister_notices_lost_total").increment(1);
        }
    }
}

fn listen(db: &Db, waiting: &Receiver<(Origin, Notice)>) {
    let mut refused: HashMap<Option<Id>, Instant> = HashMap::new();
    while let Ok((origin, notice)) = waiting.recv() {
        if let Notice::Refused = notice {
            refused.retain(|_, told| told.elapsed() < FOLDED);
            if refused.contains_key(&origin.actor_id) {
                continue;
            }
            refused.insert(origin.actor_id, Instant::now());
        }
        for attempt in 1..=ATTEMPTS {
            match db.write(&origin, |w| tell(w, &origin, notice)) {
                Err(fault) if fault.is_passing() && attempt < ATTEMPTS => {
                    std::thread::sleep(Duration::from_secs(1));
                }
                Err(fault) => {
                    tracing::error!(cause = ?fault, "the history could not be told of {notice:?}");
                    break;
                }
                Ok(()) => break,
            }
        }
    }
}

fn tell(w: &mut Writing, origin: &Origin, notice: Notice) -> Result<()> {
    match notice {
        Notice::Refused => {
            let Some(id) = origin.actor_id else { return Ok(()) };
            let entity = if origin.actor_kind == "service" { ServiceAccount::ENTITY } else { User::ENTITY };
            let at = region_place(w)?;
            w.record(at, "access.refused", entity, id);
        }
        Notice::Downloaded(id) => {
            let plan: Plan = w.linked(id)?;
            let body: Organisation = w.linked(plan.organisation_id)?;
            let at = place(w, &body)?;
            w.record(at, "document.downloaded", Plan::ENTITY, id);
        }
        Notice::Forgotten(id) => passwords::write_to(w, id)?,
    }
    Ok(())
}
