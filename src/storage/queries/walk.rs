//! Going through a list page by page while others write: nothing is lost, and nothing comes twice.
//!
//! Where a page ended is told by what the list is ordered by, so that the next one begins there however far in it is. But
//! a thing whose name or score is changed meanwhile would move past that place, one way or the other. So a mark says in
//! which turn of all events the walk began, and what has been changed since stands where it stood then: its events tell
//! what it was. What came in since is not in the walk.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::listing::{Listing, Mark, Page};
use crate::domain::text::{by_name, by_reference};
use crate::error::{Error, Result, Violation};
use crate::storage::reading::{Reading, TOGETHER};
use crate::storage::types::Id;

/// What of a thing had changed since a turn: what it was then, of the fields that have changed. None where it was not there.
pub type Changed = HashMap<Id, Option<Map<String, Value>>>;

/// How what a list is ordered by is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// By the Swedish alphabet.
    Text,
    /// The same, with numbers by what they are worth.
    Numbered,
    Plain,
}

/// One of the fields that decide the order of a list.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub field: String,
    pub down: bool,
    how: How,
}

/// What decides the order: what is asked for, then the ties.
pub(super) fn steps(listing: &Listing, ties: &[&str], how: impl Fn(&str) -> Option<How>) -> Vec<Step> {
    let asked = listing.sort.iter().map(|(field, down)| (field.as_str(), *down));
    let ties = ties.iter().map(|tie| tie.strip_prefix('-').map_or((*tie, false), |field| (field, true)));
    let mut all: Vec<Step> = Vec::new();
    for (field, down) in asked.chain(ties) {
        if let Some(how) = how(field).filter(|_| all.iter().all(|step| step.field != field)) {
            all.push(Step { field: field.to_owned(), down, how });
        }
    }
    all
}

fn not_ours() -> Error {
    Error::BadRequest(vec![Violation::foreign_cursor()])
}

/// A value of a mark.
pub(super) fn key<T: DeserializeOwned>(value: &Value) -> Result<T> {
    T::deserialize(value).map_err(|_| not_ours())
}

/// What a thing is ordered by: as it is, but for what it was.
fn key_of(steps: &[Step], thing: &impl Serialize, was: Option<&Map<String, Value>>) -> Result<Vec<Value>> {
    let now = serde_json::to_value(thing).map_err(Error::internal)?;
    let of = |step: &Step| was.and_then(|was| was.get(&step.field)).or_else(|| now.get(&step.field)).cloned();
    Ok(steps.iter().map(|step| of(step).unwrap_or(Value::Null)).collect())
}

/// Which of two comes first, as the database has it.
fn compared(steps: &[Step], a: &[Value], b: &[Value]) -> Ordering {
    let one = |step: &Step, a: &Value, b: &Value| {
        let order = match (a, b) {
            (Value::Null, Value::Null) => return Ordering::Equal,
            // The absent come last either way.
            (Value::Null, _) => return Ordering::Greater,
            (_, Value::Null) => return Ordering::Less,
            (Value::String(a), Value::String(b)) if step.how == How::Text => by_name(a, b),
            (Value::String(a), Value::String(b)) if step.how == How::Numbered => by_reference(a, b),
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (a, b) => a.as_i64().cmp(&b.as_i64()),
        };
        if step.down { order.reverse() } else { order }
    };
    steps
        .iter()
        .zip(a.iter().zip(b))
        .map(|(step, (a, b))| one(step, a, b))
        .find(|o| o.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// A page of a list. `fetch` gives so many after a key, or after so many; `these` those of some ids that the list takes;
/// `changed` what has changed since a turn.
pub(super) fn page<T: Serialize>(
    reading: &mut Reading,
    listing: &Listing,
    steps: &[Step],
    total: Option<i64>,
    fetch: impl Fn(&mut Reading, Option<&[Value]>, i64, i64) -> Result<Vec<T>>,
    these: impl Fn(&mut Reading, Vec<Id>) -> Result<Vec<T>>,
    changed: impl FnOnce(&mut Reading, i64) -> Result<Changed>,
) -> Result<Page<T>> {
    let Some(mark) = &listing.after else {
        let mut items = fetch(reading, None, listing.limit.saturating_add(1), listing.offset())?;
        let most = usize::try_from(listing.limit).unwrap_or(usize::MAX);
        let more = items.len() > most;
        items.truncate(most);
        let mut found = Page::of(items, total);
        if let Some(last) = found.items.last().filter(|_| more) {
            let key = key_of(steps, last, None)?;
            let (turn, epoch) = reading.turn_and_epoch()?;
            found.next = Some(Mark { total: found.total, turn, epoch, key, passed: 0 });
        }
        return Ok(found);
    };
    let (turn, epoch) = reading.turn_and_epoch()?;
    if mark.epoch < epoch {
        return Err(Error::gone(
            "Registret har återställts från en säkerhetskopia sedan dess: börja om från början.",
            "The register has been put back from a backup since then: begin from the beginning.",
        ));
    }
    if mark.key.len() != steps.len() || mark.turn > turn || mark.epoch > epoch {
        return Err(not_ours());
    }
    let changed = if mark.turn < turn { changed(reading, mark.turn)? } else { Changed::new() };
    let most = usize::try_from(listing.limit).map_err(Error::internal)?;
    let mut found: Vec<(Vec<Value>, T)> = Vec::new();
    // What has not changed, in its order; what has is passed over.
    let mut from = mark.key.clone();
    while found.len() <= most {
        let rows = fetch(reading, Some(&from), listing.limit + 1, 0)?;
        let whole = rows.len() > most;
        for row in rows {
            let key = key_of(steps, &row, None)?;
            from.clone_from(&key);
            if !id_of(&row).is_some_and(|id| changed.contains_key(&id)) {
                found.push((key, row));
            }
        }
        if !whole {
            break;
        }
    }
    // What has, where it stood.
    let there: Vec<Id> = changed.iter().filter(|(_, was)| was.is_some()).map(|(id, _)| *id).collect();
    for some in there.chunks(TOGETHER) {
        for row in these(reading, some.to_vec())? {
            let was = id_of(&row).and_then(|id| changed.get(&id)?.as_ref());
            let key = key_of(steps, &row, was)?;
            if compared(steps, &mark.key, &key).is_lt() {
                found.push((key, row));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| compared(steps, a, b));
    let more = found.len() > most;
    found.truncate(most);
    let last = found.last().filter(|_| more).map(|(key, _)| key.clone());
    let next = last.map(|key| Mark { key, ..mark.clone() });
    let items = found.into_iter().map(|(_, row)| row).collect();
    Ok(Page { items, total: mark.total, next })
}

fn id_of(thing: &impl Serialize) -> Option<Id> {
    serde_json::to_value(thing).ok()?.get("id").and_then(|id| key(id).ok())
}

/// A page of a list that is asked of the database: `paged!(reading, listing, Record of table, query, { fields }, [ties])`.
///
/// `query` is a closure that makes the boxed query; it is asked several times. What the list can be ordered by stands as
/// `"field" => kind column`, in which the field is the record's own, as JSON has it, and the kind is what the column holds:
/// `int`, `long`, `text` (by the Swedish alphabet), `reference` (the same, with numbers in it by what they are worth), `time`,
/// `date`, `flag` or `id`; `maybe_int`, `maybe_text`, `maybe_reference`, `maybe_date` and `maybe_time` can be absent, and then come last either way. The ties decide where what is asked for is alike; one with `-`
/// goes from the last to the first, and the last of them names the record alone. Where none can be absent nothing is said of
/// it: no index would be in that order.
macro_rules! paged {
    ($reading:expr, $listing:expr, $record:ident of $table:ident, $query:expr,
        { $($name:literal => $kind:ident $column:expr),* $(,)? }, [$($tie:literal),+]) => {
        $crate::storage::queries::walk::paged!(@all $reading, $listing, $record of $table, $query,
            { $($name => $kind $column,)* }, [$($tie),+],
            |reading: &mut Reading, ids: Vec<$crate::storage::types::Id>| {
                let some = $table::id.eq_any(ids);
                Ok(($query)().filter(some).select($record::as_select()).load(reading.c)?)
            },
            |reading: &mut Reading, turn: i64| reading.as_of_turn::<$record>(turn))
    };
    // Of what no event tells: nothing that it is ordered by changes.
    (still $reading:expr, $listing:expr, $record:ident of $table:ident, $query:expr,
        { $($name:literal => $kind:ident $column:expr),* $(,)? }, [$($tie:literal),+]) => {
        $crate::storage::queries::walk::paged!(@all $reading, $listing, $record of $table, $query,
            { $($name => $kind $column,)* }, [$($tie),+],
            |_, _| Ok(Vec::new()), |_, _| Ok(std::collections::HashMap::new()))
    };
    (@all $reading:expr, $listing:expr, $record:ident of $table:ident, $query:expr,
        { $($name:literal => $kind:ident $column:expr,)* }, [$($tie:expr),+], $these:expr, $changed:expr) => {{
        use $crate::storage::queries::walk::{self, paged};
        type Condition =
            Box<dyn BoxableExpression<$table::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;
        let (query, reading) = ($query, &mut *$reading);
        let listing: &$crate::storage::queries::Listing = $listing;
        let steps = walk::steps(listing, &[$($tie),+], |field| match field {
            $($name => Some(paged!(@how $kind)),)*
            _ => None,
        });
        let ordered = |after: Option<&[serde_json::Value]>| -> Result<_> {
            let mut asked = query();
            for step in &steps {
                asked = match step.field.as_str() {
                    $($name => paged!(@order $kind asked, $column, step.down),)*
                    _ => asked,
                };
            }
            let Some(after) = after else { return Ok(asked) };
            let mut rest: Option<Condition> = None;
            for (step, value) in steps.iter().zip(after).rev() {
                rest = Some(match step.field.as_str() {
                    $($name => paged!(@after $kind Condition, $column, value, step.down, rest),)*
                    _ => continue,
                });
            }
            Ok(match rest {
                Some(condition) => asked.filter(condition),
                None => asked,
            })
        };
        let total = match &listing.after {
            Some(mark) => Some(mark.total),
            None => listing.counted(|| query().count().get_result(reading.c))?,
        };
        walk::page(
            reading,
            listing,
            &steps,
            total,
            |reading: &mut Reading, after: Option<&[serde_json::Value]>, most: i64, skip: i64| {
                Ok(ordered(after)?.limit(most).offset(skip).select($record::as_select()).load(reading.c)?)
            },
            $these,
            $changed,
        )?
    }};

    (@how maybe_text) => { walk::How::Text };
    (@how text) => { walk::How::Text };
    (@how maybe_reference) => { walk::How::Numbered };
    (@how reference) => { walk::How::Numbered };
    (@how $other:ident) => { walk::How::Plain };

    (@order text $query:expr, $column:expr, $down:expr) => {
        paged!(@directed $query, $crate::storage::connection::named($column), $down)
    };
    (@order maybe_int $query:expr, $column:expr, $down:expr) => { paged!(@absent_last $query, $column, $down) };
    (@order maybe_date $query:expr, $column:expr, $down:expr) => { paged!(@absent_last $query, $column, $down) };
    (@order maybe_text $query:expr, $column:expr, $down:expr) => {
        paged!(@directed $query.then_order_by($column.is_null().asc()),
            $crate::storage::connection::named($column.assume_not_null()), $down)
    };
    (@order reference $query:expr, $column:expr, $down:expr) => {
        paged!(@directed $query, $crate::storage::connection::numbered($column), $down)
    };
    (@order maybe_reference $query:expr, $column:expr, $down:expr) => {
        paged!(@directed $query.then_order_by($column.is_null().asc()),
            $crate::storage::connection::numbered($column.assume_not_null()), $down)
    };
    (@order maybe_time $query:expr, $column:expr, $down:expr) => { paged!(@absent_last $query, $column, $down) };
    (@order $other:ident $query:expr, $column:expr, $down:expr) => { paged!(@directed $query, $column, $down) };
    (@absent_last $query:expr, $column:expr, $down:expr) => {
        paged!(@directed $query.then_order_by($column.is_null().asc()), $column, $down)
    };
    (@directed $query:expr, $column:expr, $down:expr) => {
        if $down { $query.then_order_by($column.desc()) } else { $query.then_order_by($column.asc()) }
    };

    (@after text $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $crate::storage::connection::named($column), walk::key::<String>($value)?, $down, $rest)
    };
    (@after maybe_int $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond_or_absent $box, $column, walk::key::<Option<i32>>($value)?, $down, $rest)
    };
    (@after maybe_date $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond_or_absent $box, $column, walk::key::<Option<chrono::NaiveDate>>($value)?, $down, $rest)
    };
    (@after maybe_text $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@absent_or $box, $column, $crate::storage::connection::named($column.assume_not_null()),
            walk::key::<Option<String>>($value)?, $down, $rest)
    };
    (@after reference $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $crate::storage::connection::numbered($column), walk::key::<String>($value)?, $down, $rest)
    };
    (@after maybe_reference $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@absent_or $box, $column, $crate::storage::connection::numbered($column.assume_not_null()),
            walk::key::<Option<String>>($value)?, $down, $rest)
    };
    (@after int $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $column, walk::key::<i32>($value)?, $down, $rest)
    };
    (@after long $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $column, walk::key::<i64>($value)?, $down, $rest)
    };
    (@after maybe_time $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond_or_absent $box, $column, walk::key::<Option<$crate::storage::types::Timestamp>>($value)?, $down, $rest)
    };
    (@after time $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $column, walk::key::<$crate::storage::types::Timestamp>($value)?, $down, $rest)
    };
    (@after date $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $column, walk::key::<chrono::NaiveDate>($value)?, $down, $rest)
    };
    (@after flag $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $column, walk::key::<bool>($value)?, $down, $rest)
    };
    (@after id $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@beyond $box, $column, walk::key::<$crate::storage::types::Id>($value)?, $down, $rest)
    };
    (@beyond $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {{
        let value = $value;
        let beyond: $box =
            if $down { Box::new($column.lt(value.clone())) } else { Box::new($column.gt(value.clone())) };
        let found: $box = match $rest {
            Some(rest) => Box::new(beyond.or($column.eq(value).and(rest))),
            None => beyond,
        };
        found
    }};
    (@beyond_or_absent $box:ident, $column:expr, $value:expr, $down:expr, $rest:expr) => {
        paged!(@absent_or $box, $column, $column.assume_not_null(), $value, $down, $rest)
    };
    (@absent_or $box:ident, $column:expr, $there:expr, $value:expr, $down:expr, $rest:expr) => {{
        let absent: $box = Box::new($column.is_null());
        let found: $box = match ($value, $rest) {
            (None, Some(rest)) => Box::new(absent.and(rest)),
            // Nothing comes after what is absent, where nothing tells those apart.
            (None, None) => Box::new($column.is_null().and($column.is_not_null())),
            (Some(value), rest) => {
                let there = $there;
                Box::new(absent.or(paged!(@beyond $box, there, value, $down, rest)))
            }
        };
        found
    }};
}
pub(in crate::storage) use paged;
