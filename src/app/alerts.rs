//! Letters that cannot wait: crime is suspected, and a head must act.

use super::places::path_ids;
use crate::domain::words::{MailKind, Role};
use crate::error::Result;
use crate::storage::queries::NewMail;
use crate::storage::records::Organisation;
use crate::storage::{Id, Timestamp, Writing};

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
