//! The HTML face: what risk owners, controllers, board and auditors see. Pages are written on the server and work without
//! a script. Each is a function of one snapshot of the register; each form is for one operation of the contract, and is
//! done by that operation. It decides nothing: what may be done, and what is right, the verbs say.

mod assets;
pub mod texts;
mod fields;
mod files;
mod values;
mod frame;
mod earlier;
mod lacking;
mod parts;
mod ask;
mod pages;
mod answers;
mod check;
mod drafts;
mod sign_in;
mod serve;
mod session;
mod reset;

use std::sync::Arc;

use actix_web::{HttpRequest, web};

use crate::http::dispatch::Serving;

pub use answers::{LANGUAGE, SESSION, bearer, stopped};
pub use ask::{Ask, Page};
pub use pages::PAGES;
pub use serve::nowhere;

/// The routes of the pages.
pub fn mount(routes: &mut web::ServiceConfig, service: &Arc<Serving>) {
    session::mount(routes, service);
    reset::mount(routes, service);
    assets::mount(routes);
    for page in PAGES {
        let (get, post) = (service.clone(), service.clone());
        routes.service(
            web::resource(page.path)
                .route(web::get().to(move |request: HttpRequest| serve::show(get.clone(), request)))
                .route(
                    web::post().to(move |request: HttpRequest, payload: web::Payload| {
                        serve::act(post.clone(), request, payload)
                    }),
                ),
        );
    }
    let drafts = service.clone();
    routes.route(
        "/drafts",
        web::post()
            .to(move |request: HttpRequest, payload: web::Payload| drafts::keep(drafts.clone(), request, payload)),
    );
    let files = service.clone();
    routes.route("/files/{path:.*}", web::get().to(move |request: HttpRequest| serve::file(files.clone(), request)));
}
