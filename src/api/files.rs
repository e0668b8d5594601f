//! Files as evidence: left, listed, fetched and removed. A file is sent as it is, and its name stands in the query.

use crate::app::findings::files::{self, About};
use crate::app::sent::Envelope;
use crate::domain::words::Period;
use crate::files::kind::{Kind, MOST, TAKEN};
use crate::http::Answer;
use crate::http::contract::{Finish, Operation, ParameterKind, Run, Work, operation};
use crate::storage::records::{EvidenceFile, EvidenceOf};

const TAG: &str = "Files";

/// The two operations on the files of one kind of thing.
macro_rules! of {
    ($nouns:literal, $of:path, ($list:literal, $listing:expr), ($add:literal, $adding:expr)) => {
        [
            operation(
                "get",
                concat!("/", $nouns, "/{id}/files"),
                $list,
                TAG,
                $listing,
                "The files that were left as evidence of it, the newest first. Whoever sees the thing sees its files; those that \
                 belong to a status, whoever sees that.",
                Run::read(|r, caller, call| {
                    let id = call.id()?;
                    let page = files::list(r, caller, $of(id), &call.any("period"), &call.listing())?;
                    Answer::list(call, &format!(concat!("/", $nouns, "/{}/files"), id), page)
                }),
            )
            .timed()
            .lists::<EvidenceFile>("A page of files.", &[]),
            operation(
                "post",
                concat!("/", $nouns, "/{id}/files"),
                $add,
                TAG,
                $adding,
                "Leaves a file as evidence of it: the bytes as they are, 25 MiB at most. Taken are PDF, Word, Excel and PowerPoint \
                 without macros, OpenDocument, PNG, JPEG, TIFF, and text in UTF-8 (`txt`, `csv`): told by what the file holds, \
                 with which its name must go. Every fault is told at once (`typeNotTaken`, `otherType`, `empty`, `tooLong`, \
                 `wrongFormat`, `controlCharacter`, `required`); a file that the virus protection finds harmful is refused \
                 (`infected`), and none is taken while that does not answer (503). The history names its SHA-256, and so do the \
                 reports of its period; the public versions of documents where it is `public`.",
                Run::staged(|r, caller, call, sent: &Envelope| {
                    let name = call.query.get("name").map(String::as_str).unwrap_or_default();
                    let about = About { period: call.q("period"), public: call.q("public").unwrap_or(false) };
                    let arrived = files::receive(r, caller, $of(call.id()?), about, name, sent)?;
                    let work: Work = Box::new(move |service, _, _| {
                        let kept = arrived.kept(&service.config.files, service.config.clamd.as_ref())?;
                        let finish: Finish = Box::new(move |w, caller, _, sent| {
                            let made = files::add(w, caller, &sent, &kept)?;
                            Answer::created(format!("/files/{}", made.id), &made)
                        });
                        Ok(finish)
                    });
                    Ok(work)
                }),
            )
            .raw(MOST)
            .needs("name", ParameterKind::FileName, "What the file is called, with its ending.")
            .query("public", ParameterKind::Flag, "The public versions of documents name it; they do not when not given.")
            .ruled()
            .makes::<EvidenceFile>("The new file."),
        ]
    };
}

/// The period whose status a file of a control or an action belongs to.
fn of_period(operation: Operation) -> Operation {
    let one = ParameterKind::words::<Period>();
    match operation.method {
        "get" => operation.filter("period", one, "Those about this period."),
        _ => operation.query(
            "period",
            one,
            "The period whose status it is about; the control or action itself, in every period, when not given.",
        ),
    }
}

pub fn operations() -> Vec<Operation> {
    let mut all: Vec<Operation> = Vec::new();
    all.extend(
        of!(
            "controls",
            EvidenceOf::Control,
            ("listControlFiles", ("Lista kontrollens filer", "List a control's files")),
            ("addControlFile", ("Lämna en fil som underlag för kontrollen", "Leave a file as evidence of a control"))
        )
        .map(of_period),
    );
    all.extend(
        of!(
            "actions",
            EvidenceOf::Action,
            ("listActionFiles", ("Lista åtgärdens filer", "List an action's files")),
            ("addActionFile", ("Lämna en fil som underlag för åtgärden", "Leave a file as evidence of an action"))
        )
        .map(of_period),
    );
    all.extend(of!(
        "deficiencies",
        EvidenceOf::Deficiency,
        ("listDeficiencyFiles", ("Lista bristens filer", "List a deficiency's files")),
        ("addDeficiencyFile", ("Lämna en fil som underlag för bristen", "Leave a file as evidence of a deficiency"))
    ));
    all.push(
        operation(
            "get",
            "/files/{id}",
            "getFile",
            TAG,
            ("Läs om en fil", "Get a file's particulars"),
            "What a file is called, what it is and how large, its SHA-256, and what it is evidence of.",
            Run::read(|r, caller, call| Answer::resource(&files::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<EvidenceFile>("The file's particulars."),
    );
    let types: Vec<&'static str> = TAKEN.iter().map(|kind| kind.media_type).collect();
    all.push(
        operation(
            "get",
            "/files/{id}/content",
            "getFileContent",
            TAG,
            ("Hämta en fil", "Fetch a file"),
            "The bytes of a file as they were left, to be kept and not to be shown: an attachment of the type that its content is.",
            Run::read(|r, caller, call| {
                let file = files::to_fetch(r, caller, call.id()?)?;
                Ok(Answer::left(Kind::sent_as(&file.media_type), &file.name, &file.sha256, file.size))
            }),
        )
        .gone()
        .files("The file.", &types),
    );
    all.push(
        operation(
            "patch",
            "/files/{id}",
            "changeFile",
            TAG,
            ("Välj en fil för offentliga dokument", "Choose a file for public documents"),
            "Chooses a file for the public versions of documents, or takes that back. What was decided is sealed as it was. Nothing \
             is changed in a closed plan, and nothing else of a file ever.",
            Run::write(|w, caller, call, sent| {
                Answer::resource(&files::change(w, caller, call.id()?, sent)?)
            }),
        )
        .guarded()
        .ruled()
        .gives::<EvidenceFile>("The file's particulars as they have become."),
    );
    all.push(
        operation(
            "delete",
            "/files/{id}",
            "removeFile",
            TAG,
            ("Ta bort en fil", "Remove a file"),
            "Removes a file from what it is evidence of. Its history stays, and so do its bytes, until they are erased. Nothing is \
             removed from a closed plan.",
            Run::write(|w, caller, call, sent| {
                files::remove(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .ruled()
        .empties("Removed."),
    );
    all
}
