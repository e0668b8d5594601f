//! `/mandatory-risks`.

use crate::app::contents::mandatory::{self, Coverage};

use crate::domain::words::MandatoryKind;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::MandatoryFilter;
use crate::storage::records::MandatoryRisk;

const TAG: &str = "Mandatory risks";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/mandatory-risks",
            "listMandatoryRisks",
            TAG,
            ("Lista obligatoriska risker", "List mandatory risks"),
            "What the region has made mandatory, a year. Everyone signed in sees it.",
            Run::read(|r, _, call| {
                let filter = MandatoryFilter {
                    year: call.any("year"),
                    kind: call.any("kind"),
                    withdrawn: call.q("withdrawn"),
                };
                Answer::list(call, "/mandatory-risks", mandatory::list(r, &filter, &call.listing())?)
            }),
        )
        .timed()
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of this year.")
        .filter("kind", ParameterKind::words::<MandatoryKind>(), "Risks, or areas.")
        .query("withdrawn", ParameterKind::Flag, "Those withdrawn, or the others.")
        .lists::<MandatoryRisk>("A page of mandatory risks.", &["year", "name", "issuedAt"]),
        operation(
            "post",
            "/mandatory-risks",
            "issueMandatoryRisk",
            TAG,
            ("Besluta om en obligatorisk risk", "Issue a mandatory risk"),
            "Issues a mandatory risk or area of a year: it comes into every draft, returns proposed plans with the reason, and \
             flags adopted ones. Issuing the same twice adds nothing.",
            Run::write(|w, caller, _, sent| {
                let issued = mandatory::issue(w, caller, sent)?;
                Answer::created(format!("/mandatory-risks/{}", issued.id), &issued)
            }),
        )
        .makes::<MandatoryRisk>("The mandatory risk."),
        operation(
            "get",
            "/mandatory-risks/{id}",
            "getMandatoryRisk",
            TAG,
            ("Läs en obligatorisk risk", "Get a mandatory risk"),
            "One mandatory risk or area.",
            Run::read(|r, caller, call| Answer::resource(&mandatory::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<MandatoryRisk>("The mandatory risk."),
        operation(
            "patch",
            "/mandatory-risks/{id}",
            "changeMandatoryRisk",
            TAG,
            ("Ändra en obligatorisk risk", "Change a mandatory risk"),
            "Words it anew. The drafts of the year follow; proposed plans are returned, adopted ones flagged.",
            Run::write(|w, caller, call, sent| Answer::resource(&mandatory::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<MandatoryRisk>("The mandatory risk as it has become."),
        operation(
            "post",
            "/mandatory-risks/{id}/withdrawal",
            "withdrawMandatoryRisk",
            TAG,
            ("Återkalla en obligatorisk risk", "Withdraw a mandatory risk"),
            "The region's reasoned decision. In plans not yet adopted the risk stays, without the flag.",
            Run::write(|w, caller, call, sent| Answer::resource(&mandatory::withdraw(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<MandatoryRisk>("The mandatory risk, withdrawn."),
        operation(
            "get",
            "/mandatory-risks/{id}/coverage",
            "getCoverage",
            TAG,
            ("Läs hur den obligatoriska risken täcks", "Get how a mandatory risk is covered"),
            "Per body with the duty to plan: whether it is present, assessed and controlled.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = mandatory::coverage(r, caller, id, &call.listing())?;
                Answer::list(call, &format!("/mandatory-risks/{id}/coverage"), page)
            }),
        )
        .timed()
        .wide()
        .lists::<Coverage>("A page of bodies.", &["name"]),
    ]
}
