//! What an operation answers, before it is sent.

use actix_web::http::StatusCode;
use serde::Serialize;

use super::call::Call;
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

    /// A page of a list, with links to the others.
    pub fn list<T: Serialize>(call: &Call, path: &str, page: Page<T>) -> Result<Self> {
        #[derive(Serialize)]
        struct Body<'a, T> {
            items: &'a [T],
            page: i64,
            limit: i64,
            total: i64,
        }
        let body = Body { items: &page.items, page: call.page, limit: call.limit, total: page.total };
        let last = ((page.total + call.limit - 1) / call.limit).max(1);
        let mut others: Vec<(&str, i64)> = vec![("first", 1), ("last", last)];
        if call.page > 1 {
            others.push(("prev", (call.page - 1).min(last)));
        }
        if call.page < last {
            others.push(("next", call.page + 1));
        }
        let links: Vec<String> = others
            .into_iter()
            .map(|(rel, number)| {
                let mut query: Vec<String> = call
                    .query
                    .iter()
                    .filter(|(name, _)| *name != "page")
                    .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
                    .collect();
                query.push(format!("page={number}"));
                format!("</api/v1{path}?{}>; rel=\"{rel}\"", query.join("&"))
            })
            .collect();
        Ok(Self::view(&body)?.with("link", links.join(", ")))
    }
}

/// Percent-encodes a part of a query.
fn escape(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The status as actix knows it.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
