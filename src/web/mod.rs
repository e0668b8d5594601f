//! The HTML face: what risk owners, controllers, board and auditors see. Pages are written on the server and work without
//! a script. Each is a function of one snapshot of the register; each form is for one operation of the contract, and is
//! done by that operation. It decides nothing: what may be done, and what is right, the verbs say.

mod assets;
pub mod form;
pub mod frame;
mod pages;
mod serve;
mod sign_in;
pub mod texts;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use actix_web::{HttpRequest, web};
use askama::Template;

use crate::app::Caller;
use crate::error::{Error, Result};
use crate::http::Call;
use crate::http::contract::Operation;
use crate::http::dispatch::Service;
use crate::storage::Reading;
use frame::Frame;

pub use pages::PAGES;
pub use serve::{LANGUAGE, SESSION, nowhere};

/// One page.
pub struct Page {
    /// Its path, with names for the steps that are open: `/risks/{id}`.
    pub path: &'static str,
    /// Writes it, for who is signed in.
    pub show: fn(&mut Reading, &Caller, &Ask) -> Result<String>,
    /// It can be seen as of an earlier time (`asOf`). The history is all times at once.
    pub timed: bool,
}

/// What is asked of a page, and what stands around it.
pub struct Ask<'a> {
    service: &'a Service,
    pub frame: Frame,
    pub path: BTreeMap<String, String>,
    /// What the address asks for; what is empty is left out.
    pub query: BTreeMap<String, String>,
}

impl Ask<'_> {
    /// An open step of the path. [`Error::NotFound`] for one that names nothing.
    pub fn step<T: FromStr>(&self, name: &str) -> Result<T> {
        self.path.get(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
    }

    /// Something that the address asks for, if it can be read.
    pub fn q<T: FromStr>(&self, name: &str) -> Option<T> {
        self.query.get(name).and_then(|text| text.parse().ok())
    }

    /// The year that the address asks for, if plans can be of it.
    pub fn year(&self) -> Option<i32> {
        self.q("year").filter(|year| crate::app::plans::YEARS.contains(year))
    }

    pub fn text(&self, name: &str) -> &str {
        self.query.get(name).map(String::as_str).unwrap_or_default()
    }

    /// What the address asks for, read as the operation with this id reads its query; what that operation does not
    /// know, or cannot read, is left out: an address is nothing that people type.
    pub fn call(&self, operation: &str, limit: i64) -> Result<Call> {
        let operation = self.operation(operation)?;
        let mut call = Call::default();
        for (name, value) in &self.query {
            let one = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
            let mut alone = Call::default();
            // What else the operation needs is not this parameter's matter.
            let unread = operation.read_query(&one, &mut alone).err().unwrap_or_default();
            if unread.iter().any(|fault| fault.pointer == format!("?{name}")) {
                continue;
            }
            call.query.insert(name.clone(), value.clone());
            if name == "sort" {
                call.sort = alone.sort;
            }
        }
        call.page = self.q("page").filter(|n| (1..=1_000_000).contains(n)).unwrap_or(1);
        call.limit = limit;
        Ok(call)
    }

    /// The form of the operation with this id, of the fields that were sent for it.
    pub fn sent<T: serde::de::DeserializeOwned>(&self, operation: &str, fields: &form::Fields) -> Result<T> {
        let operation = self.operation(operation)?;
        let value = form::to_json(operation, fields).unwrap_or_default();
        serde_json::from_value(value).map_err(Error::internal)
    }

    fn operation(&self, id: &str) -> Result<&Operation> {
        let all = &self.service.operations;
        all.iter().find(|o| o.id == id).ok_or_else(|| Error::internal(format!("there is no operation {id}")))
    }

    pub fn write(&self, template: &impl Template) -> Result<String> {
        template.render().map_err(Error::internal)
    }
}

/// The routes of the pages.
pub fn mount(routes: &mut web::ServiceConfig, service: &Arc<Service>) {
    sign_in::mount(routes, service);
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
    let files = service.clone();
    routes.route("/files/{path:.*}", web::get().to(move |request: HttpRequest| serve::file(files.clone(), request)));
}
