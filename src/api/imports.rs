//! `/imports`: Excel and CSV in.

use crate::app::caller::Caller;
use crate::app::documents::Format;
use crate::app::imports::uploads::{self, ImportView, MOST_SENT};
use crate::app::sent::Envelope;
use crate::error::Result;
use crate::http::contract::{Finish, Operation, Run, Work, operation};
use crate::http::{Answer, tag_of};

const TAG: &str = "Imports";

/// What the ETag is of changes with each change of the rest.
fn shown(view: &ImportView) -> Result<Answer> {
    Answer::tagged(200, view, &view.core)
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "post",
            "/imports",
            "createImport",
            TAG,
            ("Läs in en fil", "Upload a workbook"),
            "Reads an Excel workbook or CSV file, and tells what it would do: how each column was understood, which words somebody has to \
             answer for, what would be made, changed and left, and every fault by sheet and cell. Nothing is done yet. The `kind` \
             says what the rows are. Risks with controls and actions go into a draft plan (`planId`); a risk is found by its \
             reference, or by its name where it has none; one that the body had in an earlier year's plan goes on by its \
             reference. All else goes to an organisation (`organisationId`) and those below it: users with roles, found by their \
             e-mail address; organisations of the tree, by name; goals with indicators, by year and name; outcomes, by \
             indicator, organisation and period. What the register's own lists give as `csv` or `xlsx` is found by its ids. At \
             most 1,000 risks with 5,000 controls and actions, or 1,000 rows of all else, are taken from one file. The file is kept for thirty days; one of \
             risks that is executed until the plan is deleted.",
            Run::staged(|r, caller, _, sent| {
                let asked = uploads::receive(r, caller, sent)?;
                let work: Work = Box::new(move |service, bearer, call| {
                    let tried = asked.tried(&service.db, &service.config.program, bearer, call.request_id)?;
                    let finish: Finish = Box::new(move |w, caller, _, sent| {
                        let made = uploads::keep(w, caller, &sent, &tried)?;
                        Ok(Answer::tagged(201, &made, &made.core)?.at(format!("/imports/{}", made.core.id)))
                    });
                    Ok(finish)
                });
                Ok(work)
            }),
        )
        .takes(MOST_SENT)
        .ruled()
        .makes::<ImportView>("The import, not executed."),
        operation(
            "get",
            "/imports/{id}",
            "getImport",
            TAG,
            ("Läs en import", "Get an import"),
            "An import: what was recognised, what is asked, and what it would do as the plan was when that was last tried; or what \
             it did, once it is executed.",
            Run::read(|r, caller, call| shown(&uploads::get(r, caller, call.id()?)?)),
        )
        .gives::<ImportView>("The import."),
        operation(
            "get",
            "/imports/{id}/document",
            "getImportDocument",
            TAG,
            ("Hämta filen med anmärkningar", "Get the workbook with its remarks"),
            "The file of the import as an Excel workbook with the same sheets and cells, and beside each row what was told of it, in \
             the language that is asked for. How cells looked is not kept.",
            Run::apart(|service, bearer, call, sent: &Envelope| {
                let back = service.db.read(|r| {
                    let caller = Caller::of(r, bearer)?;
                    uploads::back(r, &caller, call.id()?, call.language)
                })?;
                sent.gate()?;
                let content = back.written(&service.config.program)?;
                let tag = tag_of("", &content);
                Ok(Answer::file(Format::Xlsx.media_type(), "import.xlsx", tag, content))
            }),
        )
        .files("The workbook.", &[Format::Xlsx.media_type()]),
        operation(
            "patch",
            "/imports/{id}",
            "changeImport",
            TAG,
            ("Ändra en import", "Change an import"),
            "Changes how the file is understood, column by column, and what its words mean, and tells anew what it would do. The \
             list of answers is replaced as a whole, unless `keepAnswers` says otherwise; sheets and columns that are not named stay \
             as they are.",
            Run::staged(|r, caller, call, sent| {
                let asked = uploads::reconsider(r, caller, call.id()?, sent)?;
                let work: Work = Box::new(move |service, bearer, call| {
                    let tried = asked.tried(&service.db, &service.config.program, bearer, call.request_id)?;
                    let finish: Finish =
                        Box::new(move |w, caller, _, sent| shown(&uploads::keep_choices(w, caller, &sent, &tried)?));
                    Ok(finish)
                });
                Ok(work)
            }),
        )
        .guarded()
        .ruled()
        .gives::<ImportView>("The import as it has become."),
        operation(
            "post",
            "/imports/{id}/execution",
            "executeImport",
            TAG,
            ("Genomför en import", "Execute an import"),
            "Does what the import says, all of it or nothing, by the rules and the rights that hold for each thing that is written one \
             by one. The history names the file's SHA-256. The answers are kept for the organisation's next import. Each fault is told with its sheet and cell as `pointer`.",
            Run::write(|w, caller, call, sent| shown(&uploads::execute(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<ImportView>("The import, executed."),
    ]
}
