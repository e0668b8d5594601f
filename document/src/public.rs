//! The public version: a snapshot with what carries a marking of secrecy replaced by a sentence that says so. A pure
//! function from snapshot to snapshot, so that no format can forget it.

use serde::Serialize;

use crate::snapshot::{
    Action, ActionReport, CompiledSnapshot, Control, ControlReport, Deficiency, Inclusion, LeftFile, PlanSnapshot,
    ReportSnapshot, Revised, Revision, Risk, Secrecy,
};
use crate::text::one_line;

/// A snapshot in its public version. As JSON it is the snapshot with `publicVersion` beside its own fields.
///
/// Masked are the words: of a marked risk everything that people wrote at it and below it (name, description, local
/// goal, justification, the reason of a decision, its controls and actions with their reports), of a marked comment the
/// comment, its references and corrections, of a marked deficiency what it is, who found it, what it concerns, what was
/// done, and whether crime is suspected.
///
/// Kept are the numbers and what the whole is counted from: scores, levels, statuses, dates, sums. Without the words they
/// tell that a serious risk exists and not which, and with them gone the matrix, the counts and the compilation of the
/// public version would contradict those that the board decided on. Names of owners and responsible are kept too: they
/// hold an office, and stand in every other row. The marking itself stays, for its provision is the reason that the
/// reader is owed.
///
/// Files that were left as evidence are told of where they were chosen for the public version, and of what is marked not even
/// then: a name says what a file is about.
///
/// Standing texts, sections, introduction, conclusion, recommendations and indicators carry no marking and are printed as
/// they are; who writes them answers for them.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Public<S> {
    #[serde(flatten)]
    pub snapshot: S,
    pub public_version: Masked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Masked {
    /// How many risks, comments, deficiencies and risks that are gone were masked. What stands below a masked risk is
    /// not counted apart.
    pub masked: u32,
}

/// What stands instead.
fn sentence(marking: &Secrecy) -> String {
    let provision = one_line(&marking.provision);
    if provision.is_empty() {
        "Uppgiften omfattas av sekretess".to_owned()
    } else {
        format!("Uppgiften omfattas av sekretess ({provision})")
    }
}

/// Every text that is there gets the sentence; what is not there stays absent.
fn mask<'a>(texts: impl IntoIterator<Item = &'a mut Option<String>>, instead: &str) {
    for text in texts.into_iter().flatten() {
        instead.clone_into(text);
    }
}

pub(crate) fn plan(snapshot: &PlanSnapshot) -> Public<PlanSnapshot> {
    let mut snapshot = snapshot.clone();
    let masked = mask_plan(&mut snapshot);
    Public { snapshot, public_version: Masked { masked } }
}

pub(crate) fn report(snapshot: &ReportSnapshot) -> Public<ReportSnapshot> {
    let mut snapshot = snapshot.clone();
    let mut masked = mask_plan(&mut snapshot.plan);
    if let Some(revised) = snapshot.since.as_mut().and_then(|since| since.revised.as_mut()) {
        mask_revised(revised);
    }
    for deficiency in &mut snapshot.deficiencies {
        masked += mask_deficiency(deficiency);
        chosen(&mut deficiency.files);
    }
    Public { snapshot, public_version: Masked { masked } }
}

/// A file is told of where it was chosen for that.
fn chosen(files: &mut Vec<LeftFile>) {
    files.retain(|file| file.public);
}

pub(crate) fn compiled(snapshot: &CompiledSnapshot) -> Public<CompiledSnapshot> {
    let mut snapshot = snapshot.clone();
    let mut masked = 0;
    for risk in &mut snapshot.risks {
        if let Some(marking) = &risk.secrecy {
            risk.name = sentence(marking);
            masked += 1;
        }
    }
    for deficiency in &mut snapshot.deficiencies {
        if let Some(instead) = deficiency.secrecy.as_ref().map(sentence) {
            deficiency.what.clone_from(&instead);
            mask([&mut deficiency.done], &instead);
            masked += 1;
        }
    }
    Public { snapshot, public_version: Masked { masked } }
}

fn mask_plan(snapshot: &mut PlanSnapshot) -> u32 {
    let mut masked = 0;
    for risk in snapshot.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
        if let Some(instead) = risk.secrecy.as_ref().map(sentence) {
            mask_risk(risk, &instead);
            masked += 1;
            continue;
        }
        for report in risk.controls.iter_mut().filter_map(|control| control.report.as_mut()) {
            chosen(&mut report.files);
            if let Some(instead) = report.secrecy.as_ref().map(sentence) {
                mask_control_report(report, &instead);
                masked += 1;
            }
        }
        for report in risk.actions.iter_mut().filter_map(|action| action.report.as_mut()) {
            chosen(&mut report.files);
            if let Some(instead) = report.secrecy.as_ref().map(sentence) {
                mask_action_report(report, &instead);
                masked += 1;
            }
        }
    }
    for gone in snapshot.compared_with.iter_mut().flat_map(|compared| &mut compared.gone) {
        if let Some(instead) = gone.secrecy.as_ref().map(sentence) {
            gone.name.clone_from(&instead);
            mask([&mut gone.reason], &instead);
            masked += 1;
        }
    }
    masked + snapshot.revised.as_mut().map_or(0, mask_revised)
}

/// Counted are the risks that stand nowhere else.
fn mask_revised(revised: &mut Revised) -> u32 {
    let mut masked = 0;
    for risk in &mut revised.risks {
        if let Some(instead) = risk.secrecy.as_ref().map(sentence) {
            risk.name.clone_from(&instead);
            mask([&mut risk.reason], &instead);
            masked += u32::from(risk.what == Revision::Removed);
        }
    }
    for part in &mut revised.parts {
        if let Some(instead) = part.secrecy.as_ref().map(sentence) {
            part.name.clone_from(&instead);
        }
    }
    masked
}

fn mask_risk(risk: &mut Risk, instead: &str) {
    instead.clone_into(&mut risk.name);
    mask([&mut risk.description, &mut risk.local_goal, &mut risk.justification], instead);
    if let Inclusion::Decision { text } = &mut risk.inclusion {
        instead.clone_into(text);
    }
    for control in &mut risk.controls {
        mask_control(control, instead);
    }
    for action in &mut risk.actions {
        mask_action(action, instead);
    }
}

fn mask_control(control: &mut Control, instead: &str) {
    instead.clone_into(&mut control.name);
    mask([&mut control.description, &mut control.frequency], instead);
    for indicator in &mut control.indicators {
        instead.clone_into(indicator);
    }
    // It says in other words what frequency and indicators do.
    control.schedule = None;
    if let Some(report) = &mut control.report {
        mask_control_report(report, instead);
        for outcome in &mut report.outcomes {
            instead.clone_into(&mut outcome.name);
            mask([&mut outcome.target, &mut outcome.value, &mut outcome.forecast], instead);
        }
        // The risk's marking is what is printed, once.
        report.secrecy = None;
    }
}

fn mask_action(action: &mut Action, instead: &str) {
    instead.clone_into(&mut action.name);
    mask([&mut action.description], instead);
    if let Some(effect) = &mut action.financial_effect {
        mask([&mut effect.comment], instead);
    }
    if let Some(report) = &mut action.report {
        mask_action_report(report, instead);
        report.secrecy = None;
    }
}

fn mask_control_report(report: &mut ControlReport, instead: &str) {
    report.files.clear();
    mask([&mut report.comment], instead);
    mask(report.corrections.iter_mut().map(|correction| &mut correction.text), instead);
    mask_references(&mut report.references, instead);
}

fn mask_action_report(report: &mut ActionReport, instead: &str) {
    report.files.clear();
    mask([&mut report.comment], instead);
    mask(report.corrections.iter_mut().map(|correction| &mut correction.text), instead);
    mask_references(&mut report.references, instead);
}

fn mask_references(references: &mut [crate::snapshot::Reference], instead: &str) {
    for reference in references {
        instead.clone_into(&mut reference.title);
        reference.address = None;
        reference.note = None;
    }
}

fn mask_deficiency(deficiency: &mut Deficiency) -> u32 {
    let Some(instead) = deficiency.secrecy.as_ref().map(sentence) else { return 0 };
    instead.clone_into(&mut deficiency.what);
    mask([&mut deficiency.found_by, &mut deficiency.done, &mut deficiency.close_reason], &instead);
    deficiency.suspected_crime = false;
    deficiency.risk_number = None;
    deficiency.control_id = None;
    deficiency.files.clear();
    1
}
