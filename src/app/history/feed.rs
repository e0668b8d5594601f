//! The events of all logs with one cursor, in the order of their commits: what other systems follow.
//!
//! Each event has a turn among those of all logs, which is taken last in its transaction and held until the commit; so
//! whoever has read up to a turn has read everything before it. What one may see of each log is decided there.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use super::logs::{self, EventView, FeedQuery, Wanted};
use crate::app::caller::Caller;
use crate::domain::roles;
use crate::error::{Error, Result, Violation};
use crate::storage::{Id, Reading};

/// How many events are looked at for one answer, whoever may see them.
const LOOKED_AT: i64 = 2000;

/// What who wants only what is to come gives in a cursor's place: nothing before is told.
const NEWEST: &str = "newest";

/// How far a reader has come: in which epoch, and up to which turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: i64,
    pub turn: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("1.{}.{}", self.epoch, self.turn)))
    }
}

impl FromStr for Cursor {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).map_err(drop)?).map_err(drop)?;
        let mut parts = text.split('.');
        let ours = parts.next() == Some("1");
        let mut number = || parts.next()?.parse::<i64>().ok().filter(|n| *n >= 0);
        let read = number().zip(number()).map(|(epoch, turn)| Self { epoch, turn });
        read.filter(|_| ours && parts.next().is_none()).ok_or(())
    }
}

/// An event, and the log that it stands in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventOfLog {
    /// The log: the region's, or a board's or company's.
    pub log: Id,
    #[serde(flatten)]
    pub view: EventView,
}

/// Some events of all logs, in the order of their commits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllEvents {
    pub items: Vec<EventOfLog>,
    /// Give it as `after` to go on: every event up to it has been looked at.
    #[schema(example = "MS4wLjQx")]
    pub after: String,
    /// There is more already.
    #[schema(example = false)]
    pub more: bool,
    /// 0 until the register has been put back from a backup, and one more each time.
    #[schema(example = 0)]
    pub epoch: i64,
}

fn not_ours() -> Error {
    Error::BadRequest(vec![Violation::foreign_cursor()])
}

/// Events after a cursor that the caller may read; from the first when there is none.
pub fn all(r: &mut Reading, caller: &Caller, after: Option<&str>, query: FeedQuery) -> Result<AllEvents> {
    // Who reads no history is not told how much of it there is.
    if roles::visible_history(&caller.grants).is_empty() {
        let from = match after {
            None | Some(NEWEST) => Cursor::default(),
            Some(text) => text.parse::<Cursor>().map_err(|()| not_ours())?,
        };
        return Ok(AllEvents { items: Vec::new(), after: from.to_string(), more: false, epoch: from.epoch });
    }
    let (newest, epoch) = r.turn_and_epoch()?;
    let from = match after {
        Some(NEWEST) => Cursor { epoch, turn: newest },
        Some(text) => text.parse::<Cursor>().map_err(|()| not_ours())?,
        None => Cursor { epoch, turn: 0 },
    };
    if from.epoch < epoch
        && let Some(cut) = r.turn_of_restore_after(from.epoch)?
        && from.turn >= cut
    {
        let on = Cursor { epoch, turn: cut - 1 };
        return Err(Error::gone(
            format!(
                "Registret har återställts från en säkerhetskopia och är i epok {epoch}. Gå vidare med after={on}."
            ),
            format!("The register was put back from a backup and is in epoch {epoch}. Go on with after={on}."),
        ));
    }
    if from.epoch > epoch || from.turn > newest {
        return Err(not_ours());
    }
    let wanted = Wanted::of(r, caller, &query)?;
    let turns = r.turns_after(from.turn, LOOKED_AT)?;
    let mut positions: BTreeMap<Id, Vec<i64>> = BTreeMap::new();
    for turn in &turns {
        positions.entry(turn.log).or_default().push(turn.n);
    }
    let mut seen: HashMap<(Id, i64), EventView> = HashMap::new();
    for (log, at) in positions {
        // Of each log so many at most as are asked for in all.
        let of_log = FeedQuery { at, ..query.clone() };
        seen.extend(logs::at(r, caller, log, of_log, wanted.clone())?.into_iter().map(|view| ((log, view.n), view)));
    }
    let most = usize::try_from(query.limit).map_err(Error::internal)?;
    let (mut items, mut upto) = (Vec::new(), from.turn);
    for turn in &turns {
        if items.len() == most {
            break;
        }
        items.extend(seen.remove(&(turn.log, turn.n)).map(|view| EventOfLog { log: turn.log, view }));
        upto = turn.turn;
    }
    Ok(AllEvents { items, after: Cursor { epoch, turn: upto }.to_string(), more: upto < newest, epoch })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let cursor = Cursor { epoch: 2, turn: 9_007_199_254_740_991 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for other in ["", NEWEST, "MQ", "MS4wLjQxLjE", "MS4tMS40MQ", "Mi4wLjQx", "ä"] {
            assert_eq!(other.parse::<Cursor>(), Err(()), "{other}");
        }
    }
}
