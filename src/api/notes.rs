//! Notes about plans, risks, controls and actions.

use crate::app::contents::notes;
use crate::http::Answer;
use crate::http::contract::{Operation, Run, operation};
use crate::storage::records::{About, Note};

const TAG: &str = "Notes";

/// The two operations on the notes about one kind of thing.
macro_rules! about {
    ($nouns:literal, $about:path, ($list:literal, $listing:expr), ($write:literal, $writing:expr)) => {
        [
            operation(
                "get",
                concat!("/", $nouns, "/{id}/notes"),
                $list,
                TAG,
                $listing,
                "What people have written to each other about it, the newest first. Whoever sees what it holds sees its notes.",
                Run::read(|r, caller, call| {
                    let id = call.id()?;
                    let page = notes::list(r, caller, $about(id), &call.listing())?;
                    Answer::list(call, &format!(concat!("/", $nouns, "/{}/notes"), id), page)
                }),
            )
            .timed()
            .lists::<Note>("A page of notes.", &[]),
            operation(
                "post",
                concat!("/", $nouns, "/{id}/notes"),
                $write,
                TAG,
                $writing,
                "Writes a note about it, once: nothing is changed afterwards, and it stands in no document. Whoever sees what it \
                 holds may, but auditors, whatever the plan's status. `@` and somebody's whole name or address in the text, or \
                 `mentionedIds`, tells them by a letter, if the register sends mail. A name that is not that of exactly one person \
                 who sees it, and whom the caller knows, is refused (`mentionUnknown`, `mentionAmbiguous`).",
                Run::write(|w, caller, call, sent| {
                    let made = notes::write(w, caller, $about(call.id()?), call.mail, sent)?;
                    Answer::created(format!("/notes/{}", made.id), &made)
                }),
            )
            .makes::<Note>("The new note."),
        ]
    };
}

pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(about!(
        "plans",
        About::Plan,
        ("listPlanNotes", ("Läs anteckningarna om en plan", "List the notes about a plan")),
        ("writePlanNote", ("Skriv en anteckning om en plan", "Write a note about a plan"))
    ));
    all.extend(about!(
        "risks",
        About::Risk,
        ("listRiskNotes", ("Läs anteckningarna om en risk", "List the notes about a risk")),
        ("writeRiskNote", ("Skriv en anteckning om en risk", "Write a note about a risk"))
    ));
    all.extend(about!(
        "controls",
        About::Control,
        ("listControlNotes", ("Läs anteckningarna om en kontroll", "List the notes about a control")),
        ("writeControlNote", ("Skriv en anteckning om en kontroll", "Write a note about a control"))
    ));
    all.extend(about!(
        "actions",
        About::Action,
        ("listActionNotes", ("Läs anteckningarna om en åtgärd", "List the notes about an action")),
        ("writeActionNote", ("Skriv en anteckning om en åtgärd", "Write a note about an action"))
    ));
    all.push(
        operation(
            "get",
            "/notes/{id}",
            "getNote",
            TAG,
            ("Läs en anteckning", "Get a note"),
            "One note.",
            Run::read(|r, caller, call| Answer::resource(&notes::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Note>("The note."),
    );
    all
}
