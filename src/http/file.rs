//! A file that is the same as long as the process lives, and large: packed once, and sent to nobody who has it.

use std::io::Write;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::dispatch::client_has;
use crate::storage::history::sha256_hex;

#[derive(Clone)]
pub struct File {
    media_type: &'static str,
    plain: Bytes,
    packed: Bytes,
    /// Strong, of the plain bytes and of the packed ones.
    tags: [String; 2],
}

impl File {
    pub fn new(media_type: &'static str, content: String) -> Self {
        let hash = &sha256_hex(content.as_bytes())[..32];
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = packer.write_all(content.as_bytes()).and_then(|()| packer.finish());
        Self {
            media_type,
            tags: [format!("\"{hash}\""), format!("\"{hash}-gzip\"")],
            plain: content.into(),
            packed: packed.expect("memory can be written").into(),
        }
    }

    /// The file, or that the client has it.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let known = [header::Encoding::identity(), header::Encoding::gzip()];
        let taken = request.get_header::<header::AcceptEncoding>().and_then(|taken| taken.negotiate(known.iter()));
        let packs = taken == Some(header::Encoding::gzip());
        let [plain, packed] = &self.tags;
        let tag = if packs { packed } else { plain };
        let has = client_has(request, tag);
        let mut response = if has { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((header::ETAG, tag.as_str()))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::VARY, "accept-encoding"));
        if has {
            return response.finish();
        }
        // Said, so that it is not packed again.
        response.insert_header(if packs { header::ContentEncoding::Gzip } else { header::ContentEncoding::Identity });
        response.content_type(self.media_type).body(if packs { self.packed.clone() } else { self.plain.clone() })
    }
}
