//! `/compiled-reports`: what the region makes of every body's follow-up of a period.

use super::documents::{documented, format, sent, version};
use crate::app::reporting::compiled_reports as compiled;
use crate::domain::words::Period;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::records::CompiledReport;

const TAG: &str = "Compiled reports";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/compiled-reports",
            "listCompiledReports",
            TAG,
            ("Lista samlade rapporter", "List compiled reports"),
            "The compiled reports that the caller may see: final ones, and drafts for whoever reads drafts in all of the region. The \
             newest year first, in the order of periods and versions.",
            Run::read(|r, caller, call| {
                let page = compiled::list(r, caller, call.any("year"), call.any("kind"), &call.listing())?;
                Answer::list(call, "/compiled-reports", page)
            }),
        )
        .timed()
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of this year.")
        .filter("kind", ParameterKind::words::<Period>(), "Those of this period.")
        .lists::<CompiledReport>("A page of compiled reports.", &[]),
        operation(
            "post",
            "/compiled-reports",
            "createCompiledReport",
            TAG,
            ("Skapa en samlad rapport", "Create a compiled report"),
            "Begins the compiled report of a year's period. Once there is a final one, it is a new version, which names the one that \
             it replaces.",
            Run::write(|w, caller, _, sent| {
                let made = compiled::create(w, caller, sent)?;
                Answer::created(format!("/compiled-reports/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<CompiledReport>("The new report, a draft."),
        operation(
            "get",
            "/compiled-reports/{id}",
            "getCompiledReport",
            TAG,
            ("Läs en samlad rapport", "Get a compiled report"),
            "One compiled report: where it is in its life, the region's own words, and the hashes of what was sealed.",
            Run::read(|r, caller, call| Answer::resource(&compiled::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<CompiledReport>("The compiled report."),
        operation(
            "patch",
            "/compiled-reports/{id}",
            "changeCompiledReport",
            TAG,
            ("Ändra ett utkast till samlad rapport", "Change the draft of a compiled report"),
            "Writes the region's own words of a draft.",
            Run::write(|w, caller, call, sent| Answer::resource(&compiled::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<CompiledReport>("The report as it has become."),
        operation(
            "delete",
            "/compiled-reports/{id}",
            "discardCompiledReport",
            TAG,
            ("Ta bort ett utkast till samlad rapport", "Discard the draft of a compiled report"),
            "Removes a draft that came to nothing. Its history stays.",
            Run::write(|w, caller, call, sent| compiled::discard(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .ruled()
        .empties("Removed."),
        operation(
            "post",
            "/compiled-reports/{id}/finalization",
            "finalizeCompiledReport",
            TAG,
            ("Gör den samlade rapporten slutlig", "Make a compiled report final"),
            "Freezes every body's figures as they stand, those of decided reports as they were decided, and seals the report in every \
             format with its SHA-256. A final report never changes.",
            Run::seal(
                |r, caller, call, sent| compiled::prepare(r, caller, call.id()?, sent),
                |w, caller, call, sent, rendered| {
                    Answer::resource(&compiled::finalize(w, caller, call.id()?, sent, rendered)?)
                },
            ),
        )
        .optional_form()
        .guarded()
        .ruled()
        .gives::<CompiledReport>("The report, final."),
        documented(
            operation(
                "get",
                "/compiled-reports/{id}/document",
                "getCompiledReportDocument",
                TAG,
                ("Hämta den samlade rapporten", "Get the document of a compiled report"),
                "The compiled report as a document, by `Accept`: PDF (tagged, PDF/UA-1), Word, Excel, or the same content as JSON. As it \
                 stands now, marked UTKAST, while it is a draft; the very bytes that were sealed once it is final.",
                Run::read(|r, caller, call| {
                    Ok(sent(compiled::document(r, caller, call.id()?, format(call), version(call))?))
                }),
            ),
            "The document.",
        ),
    ]
}
