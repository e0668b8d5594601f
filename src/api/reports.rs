//! The reports of periods, which the board decides on.

use super::documents::{documented, format, sent, version};
use crate::app::reporting::reports;
use crate::domain::words::{Period, ReportStatus};
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::records::Report;

const TAG: &str = "Reports";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/plans/{id}/reports",
            "listReports",
            TAG,
            ("Lista planens rapporter", "List a plan's reports"),
            "The reports of a plan's periods, in the order of periods and versions. Readers see those that are decided.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = reports::list(r, caller, id, call.any("kind"), call.any("status"), &call.listing())?;
                Answer::list(call, &format!("/plans/{id}/reports"), page)
            }),
        )
        .timed()
        .filter("kind", ParameterKind::words::<Period>(), "Those of this period.")
        .filter("status", ParameterKind::words::<ReportStatus>(), "Those with this status.")
        .lists::<Report>("A page of reports.", &[]),
        operation(
            "post",
            "/plans/{id}/reports",
            "createReport",
            TAG,
            ("Börja en rapport", "Begin a report"),
            "Begins the report of a period. Once the board has decided on one, it is a new version, which names the one that \
             it replaces.",
            Run::write(|w, caller, call, sent| {
                let made = reports::create(w, caller, call.id()?, sent)?;
                Answer::created(format!("/reports/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<Report>("The new report, a draft."),
        operation(
            "get",
            "/reports/{id}",
            "getReport",
            TAG,
            ("Läs en rapport", "Get a report"),
            "One report of a period: where it is in its life, the body's own words, the decision, and the hashes of what was \
             sealed.",
            Run::read(|r, caller, call| Answer::resource(&reports::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Report>("The report."),
        operation(
            "patch",
            "/reports/{id}",
            "changeReport",
            TAG,
            ("Ändra ett utkast till rapport", "Change the draft of a report"),
            "Writes the body's own words of a draft, the assurance, and when it was shown to the management group.",
            Run::write(|w, caller, call, sent| Answer::resource(&reports::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<Report>("The report as it has become."),
        operation(
            "delete",
            "/reports/{id}",
            "discardReport",
            TAG,
            ("Ta bort ett utkast till rapport", "Discard the draft of a report"),
            "Removes a draft that came to nothing. Its history stays.",
            Run::write(|w, caller, call, sent| reports::discard(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .ruled()
        .empties("Removed."),
        operation(
            "post",
            "/reports/{id}/finalization",
            "finalizeReport",
            TAG,
            ("Gör rapporten slutlig", "Make a report final"),
            "Freezes what the board will decide on, once the period is closed. 409 with everything that is missing.",
            Run::write(|w, caller, call, sent| Answer::resource(&reports::finalize(w, caller, call.id()?, sent)?)),
        )
        .optional_form()
        .guarded()
        .ruled()
        .gives::<Report>("The report, final."),
        operation(
            "post",
            "/reports/{id}/return",
            "returnReport",
            TAG,
            ("Återställ rapporten till utkast", "Make a report a draft again"),
            "Sends a final report back to draft, with the reason; or, `byBoard`, makes it a draft for a change that the board \
             itself made at the table and decided on: recorded as the board's change and not as a return.",
            Run::write(|w, caller, call, sent| Answer::resource(&reports::send_back(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<Report>("The report, a draft again."),
        operation(
            "post",
            "/reports/{id}/decision",
            "decideReport",
            TAG,
            ("Registrera beslutet om rapporten", "Record the decision on a report"),
            "Records the board's decision on a final report, and seals it in every format with its SHA-256. A board may decide \
             before the period's last day has passed, for a reason that the document prints. The decision on the annual \
             report closes the plan.",
            Run::seal(
                |r, caller, call, sent| reports::prepare_decision(r, caller, call.id()?, sent),
                |w, caller, call, sent, rendered| {
                    Answer::resource(&reports::decide(w, caller, call.id()?, sent, rendered)?)
                },
            ),
        )
        .guarded()
        .ruled()
        .gives::<Report>("The report, decided."),
        operation(
            "post",
            "/reports/{id}/delivery",
            "deliverReport",
            TAG,
            ("Registrera att rapporten lämnats", "Record that a report was delivered"),
            "Records that the decided report was delivered to the regional office. Another day than the one that is recorded \
             takes a reason.",
            Run::write(|w, caller, call, sent| Answer::resource(&reports::deliver(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<Report>("The report, delivered."),
        operation(
            "post",
            "/reports/{id}/diary-numbers",
            "addReportDiaryNumber",
            TAG,
            ("Lägg till ett diarienummer i rapporten", "Add a diary number to a report"),
            "Adds a diary number to a report that was decided without it. What was sealed stays as it is.",
            Run::write(|w, caller, call, sent| Answer::resource(&reports::add_diary_number(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<Report>("The report, with the number last."),
        documented(
            operation(
                "get",
                "/reports/{id}/document",
                "getReportDocument",
                TAG,
                ("Hämta rapporten", "Get the document of a report"),
                "The report as a document, by `Accept`: PDF (tagged, PDF/UA-1), Word, Excel, or the same content as JSON. As \
                 it stands now, marked UTKAST, while it is a draft; as it was frozen once it is final; and once it is decided \
                 the very bytes that were sealed.",
                Run::read(|r, caller, call| {
                    Ok(sent(reports::document(r, caller, call.id()?, format(call), version(call))?))
                }),
            )
            .timed(),
            "The document.",
        ),
    ]
}
