//! `/organisations`.

use crate::app::documents::{Format, file_word};
use crate::app::people::organisations;
use crate::app::tables;
use crate::domain::words::OrganisationKind;
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::table::book;
use crate::storage::queries::OrganisationFilter;
use crate::storage::records::Organisation;

const TAG: &str = "Organisations";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/organisations",
            "listOrganisations",
            TAG,
            ("Lista organisationer", "List organisations"),
            "The tree of organisations. Everyone signed in sees all of it.",
            Run::read(|r, _, call| {
                let filter = OrganisationFilter {
                    updated_since: call.time("updatedSince"),
                    parent_id: call.any("parentId"),
                    kind: call.any("kind"),
                    plans: call.q("plans"),
                    valid_on: call.q("validOn"),
                    valid_in: None,
                    q: call.q("q"),
                };
                Answer::list(call, "/organisations", organisations::list(r, &filter, &call.listing())?)
            }),
        )
        .timed()
        .filter("parentId", ParameterKind::Id, "Those right below this one.")
        .filter("kind", ParameterKind::words::<OrganisationKind>(), "Those of this kind.")
        .query("plans", ParameterKind::Flag, "Those with, or without, the duty to adopt a plan.")
        .query("validOn", ParameterKind::Date, "Those that exist on this day.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose name holds this, without regard to case.")
        .since()
        .lists::<Organisation>("A page of organisations.", &["name", "kind", "validFrom"]),
        operation(
            "post",
            "/organisations",
            "createOrganisation",
            TAG,
            ("Lägg till en organisation", "Add an organisation"),
            "Adds an organisation under another. A board or a company is a body, and gets a log of its own.",
            Run::write(|w, caller, _, sent| {
                let made = organisations::create(w, caller, sent)?;
                Answer::created(format!("/organisations/{}", made.id), &made)
            }),
        )
        .makes::<Organisation>("The new organisation."),
        operation(
            "get",
            "/organisations/{id}",
            "getOrganisation",
            TAG,
            ("Läs en organisation", "Get an organisation"),
            "One organisation of the tree.",
            Run::read(|r, caller, call| Answer::resource(&organisations::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Organisation>("The organisation."),
        operation(
            "get",
            "/organisations/{id}/open-matters",
            "getOpenMatters",
            TAG,
            ("Läs vad som är öppet hos en organisation", "Get what is open at an organisation"),
            "What is still open at an organisation and below it, before it ends: plans that are not closed, parts that go \
             on, open deficiencies and recommendations, roles, webhooks. None of it hinders the end.",
            Run::read(|r, caller, call| Answer::view(&organisations::open_matters(r, caller, call.id()?)?)),
        )
        .computes::<organisations::OpenMatters>("What is open."),
        operation(
            "get",
            "/organisations/{id}/register",
            "getRegister",
            TAG,
            ("Hämta hela registret", "Get the whole register"),
            "The whole register of a body as one workbook, as far as the caller may see it: its plans, all risks with reasons, \
             those too that are in no plan, every assessment with its reason, controls and actions with how they stand and all \
             that was reported of them, deficiencies and recommendations.",
            Run::read(|r, caller, call| {
                let (body, tables) = tables::register::of_body(r, caller, call.id()?, call.q("year"))?;
                book(r, &format!("register-{}", file_word(&body)), &body.name, "", &tables)
            }),
        )
        .timed()
        .wide()
        .query("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Its plans of this year; all when not given.")
        .files("The workbook.", &[Format::Xlsx.media_type()]),
        operation(
            "patch",
            "/organisations/{id}",
            "changeOrganisation",
            TAG,
            ("Ändra en organisation", "Change an organisation"),
            "Changes, moves or ends an organisation. It is never deleted: its plans and history stay.",
            Run::write(|w, caller, call, sent| Answer::resource(&organisations::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<Organisation>("The organisation as it has become."),
    ]
}
