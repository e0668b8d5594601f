//! `/erasures`.

use crate::app::history::erasures;

use crate::http::Answer;
use crate::http::contract::{Operation, Run, operation};
use crate::storage::records::Erasure;

const TAG: &str = "Erasures";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/erasures",
            "listErasures",
            TAG,
            ("Lista gallringar", "List erasures"),
            "What has been erased, or is asked to be, the newest first: for those who see the region's history.",
            Run::read(|r, caller, call| {
                Answer::list(call, "/erasures", erasures::list(r, caller, &call.listing())?)
            }),
        )
        .lists::<Erasure>("A page of erasures.", &[]),
        operation(
            "post",
            "/erasures",
            "requestErasure",
            TAG,
            ("Begär gallring", "Request an erasure"),
            "Asks for texts of a thing to be erased, by a recorded decision. Nothing goes until another administrator of the region confirms it.",
            Run::write(|w, caller, _, sent| {
                let made = erasures::request(w, caller, sent)?;
                Answer::created(format!("/erasures/{}", made.id), &made)
            }),
        )
        .makes::<Erasure>("What was asked for."),
        operation(
            "get",
            "/erasures/{id}",
            "getErasure",
            TAG,
            ("Läs en gallring", "Get an erasure"),
            "One erasure: the decision, what has gone, and which sealed files still hold it.",
            Run::read(|r, caller, call| Answer::resource(&erasures::get(r, caller, call.id()?)?)),
        )
        .gives::<Erasure>("The erasure."),
        operation(
            "post",
            "/erasures/{id}/confirmation",
            "confirmErasure",
            TAG,
            ("Bekräfta gallring", "Confirm an erasure"),
            "Carries out an erasure that another administrator asked for. The texts go from the thing and from all its history; commitments stay, so that the log still verifies. Cannot be undone.",
            Run::write(|w, caller, call, sent| Answer::resource(&erasures::confirm(w, caller, call.id()?, sent)?)),
        )
        .optional_form()
        .ruled()
        .gives::<Erasure>("The erasure, carried out."),
        operation(
            "post",
            "/erasures/{id}/withdrawal",
            "withdrawErasure",
            TAG,
            ("Återta en begäran om gallring", "Withdraw the request for an erasure"),
            "Takes a request for erasure back, with the reason, before it is carried out: whoever made it, or another administrator of the region. Nothing is erased, and it cannot be confirmed any more.",
            Run::write(|w, caller, call, sent| Answer::resource(&erasures::withdraw(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<Erasure>("The erasure, withdrawn."),
    ]
}
