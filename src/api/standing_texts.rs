//! `/standing-texts`.

use crate::app::settings::standing_texts;
use crate::domain::words::Language;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::StandingTextFilter;
use crate::storage::records::StandingText;

const TAG: &str = "Standing texts";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/standing-texts",
            "listStandingTexts",
            TAG,
            ("Lista standardtexter", "List standing texts"),
            "Legal and guideline texts. In a plan that of the nearest organisation stands, with the latest year not after the plan's. Everyone signed in sees all of them.",
            Run::read(|r, _, call| {
                let filter = StandingTextFilter {
                    updated_since: call.time("updatedSince"),
                    year: call.any("year"),
                    organisation_id: call.any("organisationId"),
                    language: call.any("language"),
                    key: call.q("key"),
                };
                Answer::list(call, "/standing-texts", standing_texts::list(r, &filter, &call.listing())?)
            }),
        )
        .timed()
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those whose first year is this one.")
        .filter("organisationId", ParameterKind::Id, "Those that belong to this organisation.")
        .filter("language", ParameterKind::words::<Language>(), "Those in this language.")
        .query("key", ParameterKind::Text { most: 60 }, "Those with this key.")
        .since()
        .lists::<StandingText>("A page of standing texts.", &["year", "key"]),
        operation(
            "post",
            "/standing-texts",
            "createStandingText",
            TAG,
            ("Lägg till en standardtext", "Add a standing text"),
            "Adds a text of the region, or a body's own in its place. Refused where it would change what a plan before its board says.",
            Run::write(|w, caller, _, sent| {
                let made = standing_texts::create(w, caller, sent)?;
                Answer::created(format!("/standing-texts/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<StandingText>("The new text."),
        operation(
            "get",
            "/standing-texts/{id}",
            "getStandingText",
            TAG,
            ("Läs en standardtext", "Get a standing text"),
            "One standing text.",
            Run::read(|r, caller, call| Answer::resource(&standing_texts::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<StandingText>("The text."),
        operation(
            "patch",
            "/standing-texts/{id}",
            "changeStandingText",
            TAG,
            ("Ändra en standardtext", "Change a standing text"),
            "Changes a text. Adopted plans keep the words that were decided on; refused where it would change what a plan before its board says.",
            Run::write(|w, caller, call, sent| Answer::resource(&standing_texts::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<StandingText>("The text as it has become."),
        operation(
            "delete",
            "/standing-texts/{id}",
            "deleteStandingText",
            TAG,
            ("Ta bort en standardtext", "Delete a standing text"),
            "Removes a text, so that the one before it, or the one above, stands again. Refused where it would change what a plan before its board says.",
            Run::write(|w, caller, call, sent| standing_texts::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .ruled()
        .empties("Removed; its history stays."),
    ]
}
