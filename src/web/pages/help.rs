//! Help: the scales with their texts, how a plan's year goes, and the accessibility statement.

use askama::Template;

use super::known::scale;
use crate::app::caller::Caller;
use crate::config::{Config, Contact, Statement};
use crate::domain::words::{ActionEffect, ActionStatus, ControlStatus, Role};
use crate::error::{Error, Result};
use crate::storage::Reading;
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/help.html")]
struct Help<'a> {
    p: &'a Frame,
    scales: Vec<(&'static str, Vec<Choice>)>,
    roles: Vec<Role>,
}

pub fn show(_: &mut Reading, _: &Caller, ask: &Ask) -> Result<String> {
    write(&ask.frame, &ask.service.config)
}

/// The page for everyone, signed in or not.
pub fn write(p: &Frame, _: &Config) -> Result<String> {
    let scales = vec![
        ("help-scale-control", scale::<ControlStatus>(p)),
        ("help-scale-action", scale::<ActionStatus>(p)),
        ("help-scale-effect", scale::<ActionEffect>(p)),
    ];
    Help { p, scales, roles: Role::ALL.to_vec() }.render().map_err(Error::internal)
}

#[derive(Template)]
#[template(path = "pages/accessibility.html")]
struct Accessibility<'a> {
    p: &'a Frame,
    contact: Option<&'a Contact>,
    statement: &'a Statement,
}

pub fn accessibility(_: &mut Reading, _: &Caller, ask: &Ask) -> Result<String> {
    write_accessibility(&ask.frame, &ask.service.config)
}

/// The statement for everyone, signed in or not.
pub fn write_accessibility(p: &Frame, config: &Config) -> Result<String> {
    Accessibility { p, contact: config.contact.as_ref(), statement: &config.statement }
        .render()
        .map_err(Error::internal)
}
