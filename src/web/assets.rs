//! The files of the pages, in the binary: one stylesheet, one script, one picture, and the verifier that auditors keep.
//! Their addresses carry their content's hash, so that a browser keeps them for good and never has an old one.

use std::sync::LazyLock;

use actix_web::{HttpResponse, web};

use crate::storage::history::sha256_hex;

struct Asset {
    path: &'static str,
    media_type: &'static str,
    content: &'static str,
}

const ASSETS: &[Asset] = &[
    Asset {
        path: "/assets/style.css",
        media_type: "text/css; charset=utf-8",
        content: include_str!("assets/style.css"),
    },
    Asset {
        path: "/assets/pages.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("assets/pages.js"),
    },
    Asset {
        path: "/assets/verify.py",
        media_type: "text/x-python; charset=utf-8",
        content: include_str!("../../docs/verify.py"),
    },
    Asset { path: "/assets/mark.svg", media_type: "image/svg+xml", content: include_str!("assets/mark.svg") },
];

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: String = ASSETS.iter().map(|asset| asset.content).collect();
    sha256_hex(all.as_bytes())[..12].to_owned()
});

/// What templates put behind the name of a file.
pub fn version() -> &'static str {
    &VERSION
}

pub fn mount(routes: &mut web::ServiceConfig) {
    for asset in ASSETS {
        routes.route(
            asset.path,
            web::get().to(move || async move {
                HttpResponse::Ok()
                    .content_type(asset.media_type)
                    .insert_header(("cache-control", "public, max-age=31536000, immutable"))
                    .body(asset.content)
            }),
        );
    }
}
