//! What an operation answers, before it is sent.

use actix_web::http::StatusCode;
use serde::Serialize;

use super::call::Call;
use super::cursor;
use crate::app::sent::etag;
use crate::error::{Error, Result};
use crate::storage::Id;
use crate::storage::history::sha256_hex;
use crate::storage::queries::Page;

/// An answer, before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// It is a sealed document of this plan.
    pub sealed: Option<Id>,
}

impl Answer {
    fn json(status: u16, value: &impl Serialize) -> Result<Self> {
        Ok(Self {
            status,
            headers: vec![("content-type".into(), "application/json".into())],
            body: serde_json::to_vec(value).map_err(Error::internal)?,
            sealed: None,
        })
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A single resource: its representation and strong ETag.
    pub fn resource(value: &impl Serialize) -> Result<Self> {
        Self::tagged(200, value, value)
    }

    /// A representation whose strong ETag is that of a part of it.
    pub fn tagged(status: u16, value: &impl Serialize, part: &impl Serialize) -> Result<Self> {
        Ok(Self::json(status, value)?.with("etag", etag(part)?))
    }

    /// A new resource, and where it is.
    pub fn created(at: String, value: &impl Serialize) -> Result<Self> {
        Ok(Self::tagged(201, value, value)?.at(at))
    }

    /// Where the new resource is.
    pub fn at(self, path: String) -> Self {
        self.with("location", format!("/api/v1{path}"))
    }

    /// What is computed from several things: a weak ETag, for 304 only. Nothing is held against it, so the bytes as
    /// they are written do for it, and a long list is not brought into canonical form for each reader.
    pub fn view(value: &impl Serialize) -> Result<Self> {
        let answer = Self::json(200, value)?;
        let tag = format!("W/\"{}\"", &sha256_hex(&answer.body)[..32]);
        Ok(answer.with("etag", tag))
    }

    /// What is never to be kept: tokens.
    pub fn secret(status: u16, value: &impl Serialize) -> Result<Self> {
        Self::json(status, value)
    }

    pub fn nothing() -> Self {
        Self { status: 204, headers: Vec::new(), body: Vec::new(), sealed: None }
    }

    pub fn file(media_type: &str, name: &str, etag: String, body: Vec<u8>) -> Self {
        Self { status: 200, headers: vec![("content-type".into(), media_type.into())], body, sealed: None }
            .with("content-disposition", format!("inline; filename=\"{name}\""))
            .with("etag", etag)
            // Which file it is depends on what is asked for.
            .with("vary", "accept")
    }

    /// A page of a list, with links to the others. The next one is found by a cursor, unless pages were asked for by their
    /// numbers.
    pub fn list<T: Serialize>(call: &Call, path: &str, page: Page<T>) -> Result<Self> {
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

/// What names a thing, whatever is asked for of it.
fn names_it(field: &str) -> bool {
    field == "id" || field.ends_with("Id")
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

/// The status as actix knows it.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
