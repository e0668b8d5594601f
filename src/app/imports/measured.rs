//! Controls and actions of a file, as they are made and changed by the verbs that anybody else uses.

use serde::Serialize;
use serde_json::{Map, Value};

use super::taking::sent;
use crate::app::caller::Caller;
use crate::app::contents::measures::{self, ActionForm, ControlForm};
use crate::app::sent::Form;
use crate::error::Result;
use crate::storage::records::{Action, Control};
use crate::storage::{Id, Writing};

/// A control or an action, as it is made and changed.
pub trait Measure {
    type Form: Form + Serialize;
    fn id(&self) -> Id;
    fn name(&self) -> &str;
    fn description(&self) -> Option<&str>;
    fn form(&self) -> Self::Form;
    fn make(w: &mut Writing, caller: &Caller, risk: Id, values: Map<String, Value>) -> Result<()>;
    fn change(&self, w: &mut Writing, caller: &Caller, values: Map<String, Value>) -> Result<()>;
}

impl Measure for Control {
    type Form = ControlForm;
    fn id(&self) -> Id {
        self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
    fn form(&self) -> ControlForm {
        ControlForm::of(self)
    }
    fn make(w: &mut Writing, caller: &Caller, risk: Id, values: Map<String, Value>) -> Result<()> {
        measures::create_control(w, caller, risk, &sent::<ControlForm>(values)).map(|_| ())
    }
    fn change(&self, w: &mut Writing, caller: &Caller, values: Map<String, Value>) -> Result<()> {
        measures::change_control(w, caller, self.id, &sent::<ControlForm>(values)).map(|_| ())
    }
}

impl Measure for Action {
    type Form = ActionForm;
    fn id(&self) -> Id {
        self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
    fn form(&self) -> ActionForm {
        ActionForm::of(self)
    }
    fn make(w: &mut Writing, caller: &Caller, risk: Id, values: Map<String, Value>) -> Result<()> {
        measures::create_action(w, caller, risk, &sent::<ActionForm>(values)).map(|_| ())
    }
    fn change(&self, w: &mut Writing, caller: &Caller, values: Map<String, Value>) -> Result<()> {
        measures::change_action(w, caller, self.id, &sent::<ActionForm>(values)).map(|_| ())
    }
}
