//! What somebody is writing in a form and has not saved: theirs alone, and in no history. It is gone when it is saved, thrown
//! away, or old, when its writer is no longer active, and when a text of what it is about is erased.

use crate::app::caller::Caller;
use crate::error::{Error, Result};
use crate::storage::queries::Draft;
use crate::storage::{Reading, Timestamp, Writing};

/// What stands in a form: names and values, in their order.
pub type Written = Vec<(String, String)>;

/// So long a draft is kept, in seconds: over a holiday.
const KEPT_SECONDS: i64 = 30 * 24 * 3600;
/// So many of one person's are kept; the oldest go first.
const MOST: i64 = 50;
/// The longest that is kept, in bytes: twice the longest report.
const LONGEST: usize = 256 * 1024;

/// What the caller wrote last on a page and did not save: in which form, what, and when.
pub fn newest(r: &mut Reading, caller: &Caller, page: &str) -> Result<Option<(String, Written, Timestamp)>> {
    let oldest = Timestamp::now().plus_seconds(-KEPT_SECONDS);
    let found = r.newest_draft(caller.user()?.id, page)?.filter(|draft| draft.saved_at >= oldest);
    found
        .map(|draft| Ok((draft.form, serde_json::from_str(&draft.fields).map_err(Error::internal)?, draft.saved_at)))
        .transpose()
}

/// Keeps what stands in a form now. [`Error::TooLarge`] for more than anybody writes.
pub fn keep(w: &mut Writing, caller: &Caller, page: &str, form: &str, written: &Written) -> Result<Timestamp> {
    let fields = serde_json::to_string(written).map_err(Error::internal)?;
    if fields.len() + page.len() + form.len() > LONGEST {
        return Err(Error::TooLarge(LONGEST));
    }
    let now = Timestamp::now();
    w.forget_drafts_before(now.plus_seconds(-KEPT_SECONDS))?;
    let draft =
        Draft { user_id: caller.user()?.id, page: page.to_owned(), form: form.to_owned(), fields, saved_at: now };
    w.keep_draft(draft, MOST)?;
    Ok(now)
}

/// It is saved, or thrown away.
pub fn forget(w: &mut Writing, caller: &Caller, page: &str, form: &str) -> Result<()> {
    w.forget_draft(caller.user()?.id, page, form)
}
