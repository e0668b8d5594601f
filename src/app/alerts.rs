//! Letters that cannot wait: crime is suspected, and a head must act; somebody came in by the account for emergencies.

use super::places::{path_ids, region_place};
use crate::domain::words::{MailKind, Role};
use crate::error::Result;
use crate::storage::queries::NewMail;
use crate::storage::records::{Organisation, User};
use crate::storage::{Id, Place, Timestamp, Writing};

pub fn urgent_occasion(deficiency: Id) -> String {
    format!("urgent/{deficiency}")
}

/// Writes to the heads who must act on a suspicion of crime, in the transaction that it comes in by.
pub fn alert(w: &mut Writing, deficiency: Id, organisation: &Organisation) -> Result<()> {
    let above: Vec<Id> = path_ids(&organisation.path).into_iter().map(Id).collect();
    let occasion = urgent_occasion(deficiency);
    let now = Timestamp::now();
    let written = w.written_for(&occasion)?;
    let heads = w.holders(Role::Head, &above)?;
    let new = heads.into_iter().filter(|head| !written.contains(head));
    let letters = new.map(|head| NewMail::new(head, MailKind::Urgent, occasion.clone(), now)).collect();
    w.post(letters)
}

/// What the letter of a session by the account for emergencies is known by.
fn emergency_occasion(session: Id) -> String {
    format!("emergency/{session}")
}

/// The session that such a letter is of.
pub fn emergency_of(occasion: &str) -> Option<Id> {
    occasion.strip_prefix("emergency/").and_then(|id| id.parse().ok())
}

/// Tells that somebody has signed in by the account for emergencies: the history, and with `mail` everybody else who administers
/// the region. Pages tell everybody.
pub fn tell_of_emergency(w: &mut Writing, user: &User, session: Id, mail: bool) -> Result<()> {
    tracing::warn!(user = user.id.to_string(), "the account for emergencies was used");
    metrics::counter!("riskregister_emergency_sign_ins_total").increment(1);
    let region = region_place(w)?;
    w.record(Place { organisation: user.organisation_id, ..region }, "session.emergency", "session", session);
    if !mail {
        return Ok(());
    }
    let (occasion, now) = (emergency_occasion(session), Timestamp::now());
    let told = w.holders(Role::RegionAdministrator, &[region.organisation])?;
    let others = told.into_iter().filter(|one| *one != user.id);
    w.post(others.map(|one| NewMail::new(one, MailKind::Emergency, occasion.clone(), now)).collect())
}
