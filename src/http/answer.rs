//! What an operation answers, before it is sent.

use actix_web::http::StatusCode;
use serde::Serialize;

use crate::app::sent::etag;
use crate::app::tables::Piece;
use crate::error::{Error, Result};
use crate::storage::Id;
use crate::storage::history::sha256_hex;
use crate::storage::queries::Mark;

/// An answer, before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// It is a sealed document of this plan.
    pub sealed: Option<Id>,
    /// Its bytes lie in the store of files, under this hash, and are so many.
    pub left: Option<(String, u64)>,
    /// A piece of a list as a table, of which the bytes are still to be made; and whether its ids are to be named.
    pub piece: Option<(Piece, bool)>,
    /// Where the table goes on of which these bytes are a piece.
    pub next: Option<Mark>,
}

impl Answer {
    fn json(status: u16, value: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(value).map_err(Error::internal)?;
        Ok(Self { status, body, ..Self::nothing() }.with("content-type", "application/json"))
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
        let tag = tag_of("W/", &answer.body);
        Ok(answer.with("etag", tag))
    }

    /// What is never to be kept: tokens.
    pub fn secret(status: u16, value: &impl Serialize) -> Result<Self> {
        Self::json(status, value)
    }

    pub fn nothing() -> Self {
        Self { status: 204, headers: Vec::new(), body: Vec::new(), sealed: None, left: None, piece: None, next: None }
    }

    /// A part of a list as a table.
    pub fn piece(piece: Piece) -> Self {
        Self { status: 200, piece: Some((piece, false)), ..Self::nothing() }
    }

    pub fn file(media_type: &str, name: &str, etag: String, body: Vec<u8>) -> Self {
        Self::unseen_file(media_type, name, body).with("etag", etag)
    }

    /// A file that somebody left, to be kept where it is fetched and never shown as a page of ours.
    pub fn left(media_type: &str, name: &str, sha256: &str, size: i64) -> Self {
        let left = u64::try_from(size).ok().map(|size| (sha256.to_owned(), size));
        Self { status: 200, left, ..Self::nothing() }
            .with("content-type", media_type)
            .with("content-disposition", attachment(name))
            .with("x-content-type-options", "nosniff")
            .with("content-security-policy", "default-src 'none'; sandbox")
            .with("etag", format!("\"{sha256}\""))
    }

    /// A file of which nobody has seen the end yet.
    pub fn unseen_file(media_type: &str, name: &str, body: Vec<u8>) -> Self {
        Self { status: 200, body, ..Self::nothing() }
            .with("content-type", media_type)
            .with("content-disposition", format!("inline; filename=\"{name}\""))
            // Which file it is depends on what is asked for.
            .with("vary", "accept")
    }
}

/// That something is to be kept under this name: in ASCII for those who read no more, and as it is (RFC 6266).
fn attachment(name: &str) -> String {
    let plain = |c: char| if matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '%') { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    // As RFC 8187 has it: all but the letters, digits and signs that need no escape.
    let whole: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{whole}")
}

/// A tag of these very bytes: weak (`W/`) or strong.
pub fn tag_of(mark: &str, bytes: &[u8]) -> String {
    format!("{mark}\"{}\"", &sha256_hex(bytes)[..32])
}

/// What names a thing, whatever is asked for of it.
pub(super) fn names_it(field: &str) -> bool {
    field == "id" || field.ends_with("Id")
}

/// The status as actix knows it.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn names_of_files_are_told_to_old_and_new() {
        assert_eq!(
            attachment("Åtgärd \"1\".pdf"),
            "attachment; filename=\"_tg_rd _1_.pdf\"; filename*=UTF-8''%C3%85tg%C3%A4rd%20%221%22.pdf"
        );
    }
}
