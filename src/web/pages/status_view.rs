//! How a control or an action stands in each period, as pages show it, and the forms that report it.

use crate::app::caller::Caller;
use crate::app::reporting::status_reports::{ActionStatusView, ControlStatusView, May, Standings};
use crate::app::sent::etag;
use crate::domain::values::{Counts, Reference, Secrecy};
use crate::domain::words::{ActionEffect, Colour, Period, Scale};
use crate::error::{Error, Result};
use crate::storage::records::{Action, Control};
use crate::storage::{Id, Reading, Stored};
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Html, Shown};

/// How a control or an action stands in a period.
pub struct StatusView {
    pub period: Period,
    pub due: bool,
    pub word: Html,
    pub colour: Option<Colour>,
    /// An action's: the word and its colour.
    pub effect: Option<(Html, Colour)>,
    pub comment: Option<String>,
    pub may: May,
    /// What a form shows of it.
    pub said: Reported,
    form: &'static str,
    correction: &'static str,
    pub id: Id,
    /// Which report of the period it is, from 1; 0 where nothing has been reported.
    pub sequence: i32,
    /// Of what has been reported.
    etag: Option<String>,
}

/// What was reported, as the fields of a form hold it.
#[derive(Default)]
pub struct Reported {
    pub status: String,
    pub effect: String,
    pub completed_on: String,
    pub realised_effect: String,
    pub comment: String,
    pub counts: Option<Counts>,
    pub references: Vec<Reference>,
    pub secrecy: Option<Secrecy>,
}

impl Reported {
    /// The references, and an empty one to write in.
    pub fn reference_rows(&self) -> Vec<Reference> {
        let empty = Reference { title: String::new(), address: None, note: None };
        self.references.iter().cloned().chain([empty]).collect()
    }
}

impl StatusView {
    /// The form that reports it.
    pub fn form<'f>(&self, p: &'f Frame, name: impl Into<String>) -> Form<'f> {
        let form = p.form(self.form, name).at("id", self.id).at("period", self.period);
        match &self.etag {
            Some(etag) => form.tagged(etag.clone()),
            None => form.fresh(),
        }
    }

    /// The form that sets a truth that came late beside it.
    pub fn correction<'f>(&self, p: &'f Frame, name: &str) -> Form<'f> {
        p.form(self.correction, name).at("id", self.id).at("period", self.period)
    }

    pub fn is_reported(&self) -> bool {
        self.etag.is_some()
    }

    fn of_control(p: &Frame, (view, may): (ControlStatusView, May)) -> Result<Self> {
        let reported = view.sequence > 0;
        Ok(Self {
            etag: reported.then(|| etag(&view)).transpose()?,
            sequence: view.sequence,
            word: p.status(view.status),
            said: Reported {
                status: view.status.filter(|_| reported).shown(),
                comment: view.comment.shown(),
                counts: view.counts.map(|counts| counts.0),
                references: view.references.0,
                secrecy: view.secrecy.map(|secrecy| secrecy.0),
                ..Reported::default()
            },
            period: view.period,
            due: view.due,
            colour: view.colour,
            effect: None,
            comment: view.comment,
            may,
            form: "reportControl",
            correction: "correctControlReport",
            id: view.control_id,
        })
    }

    fn of_action(p: &Frame, (view, may): (ActionStatusView, May)) -> Result<Self> {
        let reported = view.sequence > 0;
        Ok(Self {
            etag: reported.then(|| etag(&view)).transpose()?,
            sequence: view.sequence,
            word: p.status(view.status),
            said: Reported {
                status: view.status.filter(|_| reported).shown(),
                // In the annual follow-up the effect is assessed: there nothing is chosen beforehand.
                effect: match view.period {
                    Period::Annual if !reported => String::new(),
                    _ => view.effect.unwrap_or(ActionEffect::NotAssessed).shown(),
                },
                completed_on: view.completed_on.shown(),
                realised_effect: view.realised_effect.filter(|_| reported).shown(),
                comment: view.comment.shown(),
                counts: None,
                references: view.references.0,
                secrecy: view.secrecy.map(|secrecy| secrecy.0),
            },
            period: view.period,
            due: view.due,
            colour: view.colour,
            effect: view.effect.map(|effect| (p.worded(effect), effect.colour())),
            comment: view.comment,
            may,
            form: "reportAction",
            correction: "correctActionReport",
            id: view.action_id,
        })
    }
}

/// How a control or an action (`entity`) stands in each period, in their order; nothing for what is neither.
pub fn status_views(
    r: &mut Reading,
    caller: &Caller,
    p: &Frame,
    standings: &mut Standings,
    entity: &str,
    id: Id,
) -> Result<Vec<StatusView>> {
    match entity {
        Control::ENTITY => {
            standings.control(r, caller, id)?.into_iter().map(|one| StatusView::of_control(p, one)).collect()
        }
        Action::ENTITY => {
            standings.action(r, caller, id)?.into_iter().map(|one| StatusView::of_action(p, one)).collect()
        }
        _ => Err(Error::NotFound),
    }
}
