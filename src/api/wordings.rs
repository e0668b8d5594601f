//! `/wordings`.

use crate::app::settings::wordings;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::WordingFilter;
use crate::storage::records::Wording;

const TAG: &str = "Wordings";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/wordings",
            "listWordings",
            TAG,
            ("Lista egna ord", "List wordings"),
            "What the region, its bodies and what lies between call their things: titles of plans and reports, periods, statuses and responses. A body says its own word where it has one, else that of the nearest organisation above it, each with the latest year not after the plan's. Codes are the same for all. Everyone signed in sees all of them.",
            Run::read(|r, _, call| {
                let filter = WordingFilter { updated_since: call.time("updatedSince"), organisation_id: call.any("organisationId"), year: call.any("year") };
                Answer::list(call, "/wordings", wordings::list(r, &filter, &call.listing())?)
            }),
        )
        .timed()
        .filter("organisationId", ParameterKind::Id, "Those of this organisation.")
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those whose first year is this one.")
        .since()
        .lists::<Wording>("A page of own words.", &["year"]),
        operation(
            "post",
            "/wordings",
            "createWording",
            TAG,
            ("Lägg till egna ord", "Add wordings"),
            "Adds the words of the region, of a body or of an organisation between, from a year on. What is sealed keeps the words that it was sealed with.",
            Run::write(|w, caller, _, sent| {
                let made = wordings::create(w, caller, sent)?;
                Answer::created(format!("/wordings/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<Wording>("The new words."),
        operation(
            "get",
            "/wordings/{id}",
            "getWording",
            TAG,
            ("Läs egna ord", "Get wordings"),
            "The words of one organisation from one year on.",
            Run::read(|r, caller, call| Answer::resource(&wordings::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Wording>("The words."),
        operation(
            "patch",
            "/wordings/{id}",
            "changeWording",
            TAG,
            ("Ändra egna ord", "Change wordings"),
            "Changes words. What is sealed keeps the words that it was sealed with.",
            Run::write(|w, caller, call, sent| Answer::resource(&wordings::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<Wording>("The words as they have become."),
        operation(
            "delete",
            "/wordings/{id}",
            "deleteWording",
            TAG,
            ("Ta bort egna ord", "Delete wordings"),
            "Removes words, so that those of the year before, or of the organisation above, are said again.",
            Run::write(|w, caller, call, sent| wordings::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .ruled()
        .empties("Removed; their history stays."),
    ]
}
