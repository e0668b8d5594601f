//! What every list has in common: its page, its order, and how texts and places are matched.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::text::folded;

/// Where a page ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// How many there were in all when the walk began.
    #[serde(rename = "a", default)]
    pub total: i64,
    /// The turn in which it began, and the epoch of that.
    #[serde(rename = "t", default)]
    pub turn: i64,
    #[serde(rename = "e", default)]
    pub epoch: i64,
    /// What the last one on the page is ordered by.
    #[serde(rename = "k", default)]
    pub key: Vec<Value>,
    /// How many came before, in a list that is short and read whole.
    #[serde(rename = "n", default)]
    pub passed: i64,
}

/// Which page of a list, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// From 1.
    pub page: i64,
    pub limit: i64,
    /// Fields in order; true is descending. Every name is one that the list declares.
    pub sort: Vec<(String, bool)>,
    /// Where the page before ended, instead of a number.
    pub after: Option<Mark>,
}

impl Listing {
    /// Everything, for use inside the register.
    pub fn all() -> Self {
        Self::first(i64::MAX)
    }
    /// The first so many.
    pub fn first(limit: i64) -> Self {
        Self { page: 1, limit, sort: Vec::new(), after: None }
    }
    /// Everything, in the order of a field; the last first when `down`.
    pub fn by(field: &str, down: bool) -> Self {
        Self { sort: vec![(field.into(), down)], ..Self::all() }
    }
    /// Everything, in the order of this one.
    pub fn whole(&self) -> Self {
        Self { sort: self.sort.clone(), ..Self::all() }
    }
    /// In the order of names, where nothing else is asked of a page. All at once, for use inside the register, is left in
    /// the order that is found fastest.
    pub(in crate::storage) fn by_name_at_first(&self) -> Self {
        let unasked = self.sort.is_empty() && self.limit != i64::MAX;
        let sort = if unasked { vec![("name".to_owned(), false)] } else { self.sort.clone() };
        Self { sort, ..self.clone() }
    }

    /// The page of a list that is short and read whole.
    pub fn cut<T>(&self, all: Vec<T>) -> Page<T> {
        let from = match &self.after {
            Some(mark) => mark.passed,
            None => self.offset(),
        };
        let (skip, most) =
            (usize::try_from(from).unwrap_or(usize::MAX), usize::try_from(self.limit).unwrap_or(usize::MAX));
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let items: Vec<T> = all.into_iter().skip(skip).take(most).collect();
        let passed = from.saturating_add(i64::try_from(items.len()).unwrap_or(i64::MAX));
        let next = (passed < total).then(|| Mark { passed, total, ..Mark::default() });
        Page { items, total, next }
    }
    /// How many there are in all, where a page is only some of them: of everything that is known without asking.
    pub(in crate::storage) fn counted<E>(&self, count: impl FnOnce() -> Result<i64, E>) -> Result<Option<i64>, E> {
        if self.limit == i64::MAX { Ok(None) } else { count().map(Some) }
    }
    pub(in crate::storage) fn offset(&self) -> i64 {
        self.limit.saturating_mul(self.page - 1)
    }
}

/// One page of a list, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total: i64,
    /// Where the next page begins, where there is one.
    pub next: Option<Mark>,
}

impl<T> Page<T> {
    /// A page of so many as [`Listing::counted`] says.
    pub(in crate::storage) fn of(items: Vec<T>, counted: Option<i64>) -> Self {
        let total = counted.unwrap_or_else(|| i64::try_from(items.len()).unwrap_or(i64::MAX));
        Self { items, total, next: None }
    }

    /// All that there is.
    pub fn whole(items: Vec<T>) -> Self {
        Self::of(items, None)
    }

    /// The same page of what is made of all that is on it.
    pub fn turned<U, E>(self, f: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>) -> Result<Page<U>, E> {
        Ok(Page { items: f(self.items)?, total: self.total, next: self.next })
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), total: self.total, next: self.next }
    }
}

/// Where the paths at and below a path begin and end. A range is found by the index; `LIKE` with a parameter reads every
/// organisation, once for each question about what somebody may see.
pub(in crate::storage) fn at_or_below(path: &str) -> (String, String) {
    // Each step ends with `/`, and `0` is the letter right after it.
    let end = format!("{}0", path.trim_end_matches('/'));
    (path.to_owned(), end)
}

/// The ids of the organisations at and below a path.
macro_rules! below {
    ($path:expr) => {{
        use crate::storage::schema::organisations;
        let (from, to) = crate::storage::queries::listing::at_or_below($path);
        organisations::table
            .filter(organisations::path.ge(from))
            .filter(organisations::path.lt(to))
            .select(organisations::id)
    }};
}
pub(in crate::storage) use below;

/// What a filter takes: one of these values, or any where none is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Any<T>(Vec<T>);

impl<T> Default for Any<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<T> for Any<T> {
    fn from(one: T) -> Self {
        Self(vec![one])
    }
}

impl<T> From<Option<T>> for Any<T> {
    fn from(one: Option<T>) -> Self {
        Self(one.into_iter().collect())
    }
}

impl<T> From<Vec<T>> for Any<T> {
    fn from(several: Vec<T>) -> Self {
        Self(several)
    }
}

impl<T: Copy + PartialEq> Any<T> {
    /// All that are named.
    pub fn named(&self) -> &[T] {
        &self.0
    }
    pub fn is_given(&self) -> bool {
        !self.0.is_empty()
    }
    /// The one that is named, where it is one.
    pub fn one(&self) -> Option<T> {
        if let [one] = self.0[..] { Some(one) } else { None }
    }
    pub fn takes(&self, value: T) -> bool {
        self.0.is_empty() || self.0.contains(&value)
    }
    /// Of something that may lack it: one that does answers to no value that is named.
    pub fn takes_maybe(&self, value: Option<T>) -> bool {
        self.0.is_empty() || value.is_some_and(|value| self.0.contains(&value))
    }
}

/// Narrows a query to what answers to one of the values of a filter: `among!(query, table, filter, |value| condition)`. Each is
/// asked by itself, so that the statement for one value is the same whatever it is, and kept ready.
macro_rules! among {
    ($query:expr, $table:ident, $any:expr, |$value:ident| $condition:expr) => {{
        type Condition = Box<dyn BoxableExpression<$table::table, MultiBackend, SqlType = diesel::sql_types::Bool>>;
        let query = $query;
        let each = $any.named().iter().map(|value| {
            let $value = *value;
            let one: Condition = Box::new(($condition).assume_not_null());
            one
        });
        match each.reduce(|any, one| Box::new(any.or(one))) {
            Some(any) => query.filter(any),
            None => query,
        }
    }};
}
pub(in crate::storage) use among;

/// Narrows a query to what was changed at a time or later, where one is given.
macro_rules! since {
    ($query:expr, $time:expr, $column:expr) => {
        match $time {
            Some(time) => $query.filter($column.ge(time)),
            None => $query,
        }
    };
}
pub(in crate::storage) use since;

/// Narrows a query to what holds each of these words in one of its texts, without regard to case.
macro_rules! holding {
    (@any $pattern:ident, $text:expr) => {
        crate::storage::connection::fold($text).like($pattern.clone()).escape('\\')
    };
    (@any $pattern:ident, $text:expr, $($others:expr),+) => {
        crate::storage::queries::listing::holding!(@any $pattern, $text)
            .or(crate::storage::queries::listing::holding!(@any $pattern, $($others),+))
    };
    ($query:expr, $words:expr, $($text:expr),+) => {{
        let mut query = $query;
        for word in $words {
            let pattern = crate::storage::queries::listing::contains(word);
            query = query.filter(crate::storage::queries::listing::holding!(@any pattern, $($text),+));
        }
        query
    }};
}
pub(in crate::storage) use holding;

/// `%text%` for LIKE, folded as what is searched is, with its own wild cards taken as letters.
pub(in crate::storage) fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in folded(text).trim().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
