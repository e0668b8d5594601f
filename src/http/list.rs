//! A page of a list as an answer: its items, and the links to the pages round it.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, names_it};
use super::call::Call;
use super::cursor;
use super::table::of_fields;
use crate::error::{Error, Result};
use crate::storage::queries::Page;

impl Answer {
    /// A page of a list, with links to the others. The next one is found by a cursor, unless pages were asked for by their
    /// numbers.
    pub fn list<T: Serialize + ToSchema>(call: &Call, path: &str, page: Page<T>) -> Result<Self> {
        if call.table.is_some() {
            return Ok(Self { status: 200, piece: Some((of_fields(call, path, page)?, true)), ..Self::nothing() });
        }
        #[derive(Serialize)]
        struct Body<'a, T> {
            items: &'a [T],
            page: i64,
            limit: i64,
            total: i64,
        }
        let (number, limit, total) = (call.page, call.limit, page.total);
        let last = ((total + limit - 1) / limit).max(1);
        let by_number = |number: i64| ("page", number.to_string());
        let mut others = vec![("first", by_number(1)), ("last", by_number(last))];
        if call.after.is_none() && number > 1 {
            others.push(("prev", by_number((number - 1).min(last))));
        }
        let numbered = call.query.contains_key("page");
        match &page.next {
            Some(mark) if !numbered => {
                others.push(("next", ("after", cursor::written(mark, number + 1, path, call)?)));
            }
            _ if call.after.is_none() && number < last => others.push(("next", by_number(number + 1))),
            _ => {}
        }
        let links: Vec<String> = others
            .into_iter()
            .map(|(rel, (name, value))| {
                let kept = call.query.iter().filter(|(name, _)| !matches!(name.as_str(), "page" | "after"));
                let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
                let query: Vec<String> =
                    kept.chain([(name, value.as_str())]).map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect();
                format!("</api/v1{path}?{}>; rel=\"{rel}\"", query.join("&"))
            })
            .collect();
        let answer = if call.fields.is_empty() {
            Self::view(&Body { items: &page.items, page: number, limit, total })?
        } else {
            let items = page.items.iter().map(|item| narrowed(item, &call.fields)).collect::<Result<Vec<_>>>()?;
            Self::view(&Body { items: &items, page: number, limit, total })?
        };
        Ok(answer.with("link", links.join(", ")))
    }
}

/// These fields of a thing, and its ids.
fn narrowed(thing: &impl Serialize, fields: &[String]) -> Result<serde_json::Value> {
    let mut thing = serde_json::to_value(thing).map_err(Error::internal)?;
    if let Some(all) = thing.as_object_mut() {
        all.retain(|name, _| names_it(name) || fields.contains(name));
    }
    Ok(thing)
}

/// Percent-encodes a part of a query.
fn escape(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
