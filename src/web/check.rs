//! Before what locks or seals: a page with what will be decided, which takes an explicit yes.

use askama::Template;

use super::answers::as_read;
use super::fields::{Fields, field};
use super::frame::Frame;
use crate::error::{Error, Result};
use crate::storage::Id;

/// The field by which somebody says yes to what the page tells.
pub const YES: &str = "_yes";
/// The field by which somebody goes back to the form, with what was written.
pub const CHANGE: &str = "_change";

/// A step that locks what it is about, or seals it.
struct Step {
    act: &'static str,
    title: &'static str,
    about: &'static str,
    yes: &'static str,
    /// Where the document lies that is sealed, or decided on.
    folder: &'static str,
    /// Its files are made then, which takes some seconds, and it is never undone: what is only locked can be opened again.
    makes: bool,
}

const STEPS: [Step; 5] = [
    Step {
        act: "proposePlan",
        title: "check-propose",
        about: "check-propose-about",
        yes: "check-propose-yes",
        folder: "plans",
        makes: false,
    },
    Step {
        act: "adoptPlan",
        title: "check-adopt",
        about: "check-adopt-about",
        yes: "check-adopt-yes",
        folder: "plans",
        makes: true,
    },
    Step {
        act: "finalizeReport",
        title: "check-finalize",
        about: "check-finalize-about",
        yes: "check-finalize-yes",
        folder: "reports",
        makes: false,
    },
    Step {
        act: "decideReport",
        title: "check-decide",
        about: "check-decide-about",
        yes: "check-decide-yes",
        folder: "reports",
        makes: true,
    },
    Step {
        act: "finalizeCompiledReport",
        title: "check-compile",
        about: "check-compile-about",
        yes: "check-compile-yes",
        folder: "compiled-reports",
        makes: true,
    },
];

fn step(fields: &Fields) -> Option<&'static Step> {
    let act = field(fields, "_act")?;
    STEPS.iter().find(|step| step.act == act)
}

/// Whether a form is for such a step, and nobody has said yes to it yet.
pub fn is_asked(fields: &Fields) -> bool {
    step(fields).is_some() && field(fields, YES).is_none()
}

/// The thing that a form names, where what is told of it needs its name.
pub fn page_of(fields: &Fields) -> Option<String> {
    let id: Id = field(fields, "_at.id")?.parse().ok()?;
    Some(format!("/{}/{id}", step(fields)?.folder))
}

#[derive(Template)]
#[template(path = "check.html")]
struct Check<'c> {
    p: &'c Frame,
    step: &'static Step,
    /// What it is about, and its page.
    thing: Option<(String, String)>,
    /// Where its document lies.
    at: String,
    /// What was written: what it is, and what stands there.
    written: Vec<(String, String)>,
    /// The form as it was sent.
    sent: Fields,
}

/// The page that tells what will be done, and asks for a yes.
pub fn check(p: &Frame, fields: &Fields, thing: Option<(String, String)>) -> Result<String> {
    let step = step(fields).ok_or_else(|| Error::internal("there is nothing to check"))?;
    let at = page_of(fields).ok_or(Error::NotFound)?;
    let typed = fields.iter().filter(|(name, _)| !name.starts_with('_'));
    let written = typed.map(|(name, value)| {
        let said = as_read(p, step.act, name, value).filter(|said| !said.trim().is_empty());
        (p.named(name).trim_end_matches(": ").to_owned(), said.unwrap_or_else(|| "–".into()))
    });
    let written = written.collect();
    let sent = fields.iter().filter(|(name, _)| ![YES, CHANGE].contains(&name.as_str())).cloned().collect();
    Check { p, step, thing, at, written, sent }.render().map_err(Error::internal)
}
