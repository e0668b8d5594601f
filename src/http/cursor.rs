//! Where a list goes on, as its links say it: a mark, and of which question it is. Nobody else need read it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::call::Call;
use crate::error::{Error, Result};
use crate::storage::history::sha256_hex;
use crate::storage::queries::Mark;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// Of which question.
    q: String,
    /// The number of the page that begins there.
    p: i64,
    m: Mark,
}

/// What tells one question to a list from another: its path and all that narrows or orders it.
fn question(path: &str, call: &Call) -> String {
    let about = |name: &&String| !matches!(name.as_str(), "page" | "after" | "limit" | "fields" | "format");
    let asked: Vec<(&String, &String)> = call.query.iter().filter(|(name, _)| about(name)).collect();
    let text = serde_json::to_string(&(path, asked)).unwrap_or_default();
    sha256_hex(text.as_bytes())[..16].to_owned()
}

/// A mark as a cursor, and which page begins there.
pub fn written(mark: &Mark, page: i64, path: &str, call: &Call) -> Result<String> {
    let cursor = Cursor { q: question(path, call), p: page, m: mark.clone() };
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).map_err(Error::internal)?))
}

/// The page and the mark of a cursor, if it is of this question.
pub fn read(text: &str, path: &str, call: &Call) -> Option<(i64, Mark)> {
    let Cursor { q, p, m } = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let counts = [p, m.total, m.turn, m.epoch, m.passed];
    let ours = q == question(path, call) && counts.iter().all(|n| (0..=i64::MAX / 2).contains(n));
    ours.then_some((p, m))
}
