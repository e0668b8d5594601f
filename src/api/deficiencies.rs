//! `/deficiencies`, and `/plans/{id}/deficiencies`.

use super::tables::listed;
use crate::app::findings::deficiencies::{self, DeficiencyView};
use crate::app::findings::plan_answers::{self, PlanDeficiencyView};
use crate::app::places::below;
use crate::app::tables;
use crate::domain::words::Severity;
use crate::error::Result;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};
use crate::storage::queries::DeficiencyFilter;
use crate::storage::records::PlanDeficiency;
use crate::storage::{Id, Reading};

const TAG: &str = "Deficiencies";

/// A deficiency with the ETag of its own fields: what is computed of it changes by the day.
fn shown(view: &DeficiencyView) -> Result<Answer> {
    Answer::tagged(200, view, &view.deficiency)
}

/// Which deficiencies a query asks for.
pub fn filter(r: &mut Reading, call: &Call) -> Result<DeficiencyFilter> {
    Ok(DeficiencyFilter {
        updated_since: call.time("updatedSince"),
        below: below(r, call.q("organisationId"))?,
        plan_id: call.any("planId"),
        risk_id: call.any("riskId"),
        control_id: call.any("controlId"),
        severity: call.any("severity"),
        suspected_crime: call.q("suspectedCrime"),
        handled: call.q("handled"),
        closed: call.q("closed"),
        reported_to_board: call.q("reportedToBoard"),
        reported_to_region: call.q("reportedToRegion"),
        q: call.q("q"),
        words: Vec::new(),
    })
}

pub fn operations() -> Vec<Operation> {
    let mut all = reported();
    all.extend(moved());
    all.extend(answered());
    all
}

fn reported() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/deficiencies",
            "listDeficiencies",
            TAG,
            ("Lista brister", "List deficiencies"),
            "The deficiencies that the caller sees. One in which crime is suspected is seen by the head and the controller \
             of the body, the regional office, auditors and whoever reported it. `suspectedCrime=true&handled=false` is \
             what a head must act on at once.",
            Run::read(|r, caller, call| {
                let (filter, listing) = (filter(r, call)?, call.listing());
                listed(
                    r,
                    call,
                    |r| Answer::list(call, "/deficiencies", deficiencies::list(r, caller, &filter, &listing)?),
                    |r| tables::findings::deficiencies(r, caller, &filter, &listing),
                )
            }),
        )
        .timed()
        .query("organisationId", ParameterKind::Id, "Those of this organisation and of those below it.")
        .filter("planId", ParameterKind::Id, "Those that concern this plan.")
        .filter("riskId", ParameterKind::Id, "Those that concern this risk.")
        .filter("controlId", ParameterKind::Id, "Those that concern this control, or were raised from its finding.")
        .filter("severity", ParameterKind::words::<Severity>(), "Those that are this serious.")
        .query("suspectedCrime", ParameterKind::Flag, "Those in which crime is suspected, or is not.")
        .query("handled", ParameterKind::Flag, "Those for which the head has recorded what was done about a suspicion, or has not.")
        .query("closed", ParameterKind::Flag, "Those that are closed, or open.")
        .query("reportedToBoard", ParameterKind::Flag, "Those that the board has been told of, or not.")
        .query("reportedToRegion", ParameterKind::Flag, "Those that the regional office has been told of, or not.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose title holds this, without regard to case.")
        .since()
        .lists::<DeficiencyView>("A page of deficiencies.", &["foundOn", "title", "updatedAt"]),
        operation(
            "post",
            "/deficiencies",
            "reportDeficiency",
            TAG,
            ("Rapportera en brist", "Report a deficiency"),
            "Reports a deficiency, for anyone with a role in the body but auditors. One in which crime is suspected is also \
             told as an event of its own, `deficiency.crimeSuspected`, and the head of the body must act on it at once.",
            Run::write(|w, caller, call, sent| {
                let made = deficiencies::report(w, caller, call.mail, sent)?;
                let path = format!("/deficiencies/{}", made.deficiency.id);
                Ok(Answer::tagged(201, &made, &made.deficiency)?.at(path))
            }),
        )
        .makes::<DeficiencyView>("The new deficiency."),
        operation(
            "get",
            "/deficiencies/{id}",
            "getDeficiency",
            TAG,
            ("Läs en brist", "Get a deficiency"),
            "One deficiency. Whoever reported it sees it, whatever their role.",
            Run::read(|r, caller, call| shown(&deficiencies::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<DeficiencyView>("The deficiency."),
        operation(
            "patch",
            "/deficiencies/{id}",
            "changeDeficiency",
            TAG,
            ("Ändra en brist", "Change a deficiency"),
            "Changes a deficiency, and records when the board and the regional office were told. Of a closed one only the \
             latter two may change. A suspicion of crime is never taken back.",
            Run::write(|w, caller, call, sent| shown(&deficiencies::change(w, caller, call.id()?, call.mail, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<DeficiencyView>("The deficiency as it has become."),
    ]
}

fn moved() -> Vec<Operation> {
    vec![
        operation(
            "post",
            "/deficiencies/{id}/crime-handling",
            "recordCrimeHandling",
            TAG,
            ("Ange vad som gjorts vid misstanke om brott", "Record what was done about a suspected crime"),
            "Records what the head of the body did about a suspicion of crime. Sent again, it says what has been done since.",
            Run::write(|w, caller, call, sent| shown(&deficiencies::handle_crime(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<DeficiencyView>("The deficiency as it has become."),
        operation(
            "post",
            "/deficiencies/{id}/closure",
            "closeDeficiency",
            TAG,
            ("Avsluta en brist", "Close a deficiency"),
            "Closes a deficiency, with the reason. A suspicion of crime must have been acted on.",
            Run::write(|w, caller, call, sent| shown(&deficiencies::close(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<DeficiencyView>("The deficiency, closed."),
        operation(
            "post",
            "/deficiencies/{id}/reopening",
            "reopenDeficiency",
            TAG,
            ("Öppna en brist igen", "Open a deficiency again"),
            "Opens a closed deficiency again, with the reason.",
            Run::write(|w, caller, call, sent| shown(&deficiencies::reopen(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<DeficiencyView>("The deficiency, open."),
    ]
}

fn answered() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/plans/{id}/deficiencies",
            "listDeficienciesOfPlan",
            TAG,
            ("Lista de brister som planen ska svara på", "List the deficiencies that a plan is to answer"),
            "The body's open deficiencies from before the plan year, and those that the plan has answered: which risk \
             carries each, or why none does. A plan cannot be proposed while one is unanswered.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let all = plan_answers::of_plan(r, caller, id)?;
                Answer::list(call, &format!("/plans/{id}/deficiencies"), call.listing().cut(all))
            }),
        )
        .timed()
        .lists::<PlanDeficiencyView>("The deficiencies, the earliest found first.", &[]),
        operation(
            "get",
            "/plans/{id}/deficiencies/{deficiencyId}",
            "getDeficiencyOfPlan",
            TAG,
            ("Läs planens svar på en brist", "Get a plan's answer to a deficiency"),
            "How the plan answers one deficiency.",
            Run::read(|r, caller, call| {
                Answer::resource(&plan_answers::said(r, caller, call.id()?, call.path_word("deficiencyId")?)?)
            }),
        )
        .timed()
        .gives::<PlanDeficiency>("The answer."),
        operation(
            "put",
            "/plans/{id}/deficiencies/{deficiencyId}",
            "answerDeficiency",
            TAG,
            ("Svara på en brist i planen", "Answer a deficiency in a plan"),
            "Says in a draft which risk carries a deficiency, or why none does.",
            Run::write(|w, caller, call, sent| {
                let (id, deficiency): (Id, Id) = (call.id()?, call.path_word("deficiencyId")?);
                let (said, new) = plan_answers::say(w, caller, id, deficiency, sent)?;
                if new {
                    Answer::created(format!("/plans/{id}/deficiencies/{deficiency}"), &said)
                } else {
                    Answer::resource(&said)
                }
            }),
        )
        .guarded_or_new()
        .ruled()
        .gives::<PlanDeficiency>("The answer as it has become.")
        .makes::<PlanDeficiency>("The new answer."),
        operation(
            "delete",
            "/plans/{id}/deficiencies/{deficiencyId}",
            "withdrawDeficiencyAnswer",
            TAG,
            ("Återkalla planens svar på en brist", "Withdraw a plan's answer to a deficiency"),
            "Takes back, in a draft, what was said of a deficiency.",
            Run::write(|w, caller, call, sent| {
                plan_answers::unsay(w, caller, call.id()?, call.path_word("deficiencyId")?, sent)
                    .map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Taken back."),
    ]
}
