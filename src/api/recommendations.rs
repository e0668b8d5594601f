//! `/recommendations` and `/audit-opinions`.

use super::tables::listed;
use crate::app::findings::recommendations;
use crate::app::places::below;
use crate::app::tables;
use crate::domain::words::{RecommendationSource, Sufficiency};
use crate::error::Result;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::http::{Answer, Call};
use crate::storage::Reading;
use crate::storage::queries::{OpinionFilter, RecommendationFilter};
use crate::storage::records::{AuditOpinion, Recommendation, RecommendationEntry};

const TAG: &str = "Audit";

/// Which recommendations a query asks for.
pub fn filter(r: &mut Reading, call: &Call) -> Result<RecommendationFilter> {
    Ok(RecommendationFilter {
        updated_since: call.time("updatedSince"),
        below: below(r, call.q("organisationId"))?,
        year: call.any("year"),
        source: call.any("source"),
        responsible_id: call.any("responsibleId"),
        closed: call.q("closed"),
        q: call.q("q"),
        words: Vec::new(),
    })
}

/// Which opinions a query asks for.
pub fn opinion_filter(r: &mut Reading, call: &Call) -> Result<OpinionFilter> {
    Ok(OpinionFilter {
        updated_since: call.time("updatedSince"),
        below: below(r, call.q("organisationId"))?,
        year: call.any("year"),
        judgement: call.any("judgement"),
    })
}

pub fn operations() -> Vec<Operation> {
    let mut all = written();
    all.extend(dialogue());
    all.extend(opinions());
    all
}

fn written() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/recommendations",
            "listRecommendations",
            TAG,
            ("Lista rekommendationer", "List recommendations"),
            "What auditors and other reviewers have recommended the bodies that the caller has to do with.",
            Run::read(|r, caller, call| {
                let (filter, listing) = (filter(r, call)?, call.listing());
                listed(
                    r,
                    call,
                    |r| Answer::list(call, "/recommendations", recommendations::list(r, caller, &filter, &listing)?),
                    |r| tables::findings::recommendations(r, caller, &filter, &listing),
                )
            }),
        )
        .timed()
        .query("organisationId", ParameterKind::Id, "Those to this organisation and those below it.")
        .filter("year", ParameterKind::Integer { least: 1990, most: 2100 }, "Those of this year.")
        .filter("source", ParameterKind::words::<RecommendationSource>(), "Those of this source.")
        .filter("responsibleId", ParameterKind::Id, "Those that this person answers for.")
        .query("closed", ParameterKind::Flag, "Those that are closed, or open.")
        .query("q", ParameterKind::Text { most: 200 }, "Those whose report or text holds this, without regard to case.")
        .since()
        .lists::<Recommendation>("A page of recommendations.", &["year", "report", "updatedAt"]),
        operation(
            "post",
            "/recommendations",
            "createRecommendation",
            TAG,
            ("Lägg in en rekommendation", "Add a recommendation"),
            "Adds a recommendation to a body. Auditors alone do.",
            Run::write(|w, caller, _, sent| {
                let made = recommendations::create(w, caller, sent)?;
                Answer::created(format!("/recommendations/{}", made.id), &made)
            }),
        )
        .makes::<Recommendation>("The new recommendation."),
        operation(
            "get",
            "/recommendations/{id}",
            "getRecommendation",
            TAG,
            ("Läs en rekommendation", "Get a recommendation"),
            "One recommendation. Its dialogue is read by itself.",
            Run::read(|r, caller, call| Answer::resource(&recommendations::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<Recommendation>("The recommendation."),
        operation(
            "patch",
            "/recommendations/{id}",
            "changeRecommendation",
            TAG,
            ("Ändra en rekommendation", "Change a recommendation"),
            "Changes an open recommendation. The body (controller, head, whoever answers for it) changes who answers for it \
             and the actions that meet it; the rest is the auditor's.",
            Run::write(|w, caller, call, sent| Answer::resource(&recommendations::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<Recommendation>("The recommendation as it has become."),
        operation(
            "post",
            "/recommendations/{id}/closure",
            "closeRecommendation",
            TAG,
            ("Avsluta en rekommendation", "Close a recommendation"),
            "Closes a recommendation, with the reason. Only the auditor does.",
            Run::write(|w, caller, call, sent| Answer::resource(&recommendations::close(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<Recommendation>("The recommendation, closed."),
        operation(
            "post",
            "/recommendations/{id}/reopening",
            "reopenRecommendation",
            TAG,
            ("Öppna en rekommendation igen", "Open a recommendation again"),
            "Opens a closed recommendation again, with the reason. Only the auditor does.",
            Run::write(|w, caller, call, sent| Answer::resource(&recommendations::reopen(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<Recommendation>("The recommendation, open."),
    ]
}

fn dialogue() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/recommendations/{id}/entries",
            "listRecommendationEntries",
            TAG,
            ("Läs dialogen om en rekommendation", "List the dialogue about a recommendation"),
            "What the auditor and the body have said, in the order that it was written.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = recommendations::entries(r, caller, id, &call.listing())?;
                Answer::list(call, &format!("/recommendations/{id}/entries"), page)
            }),
        )
        .timed()
        .lists::<RecommendationEntry>("A page of the dialogue.", &[]),
        operation(
            "post",
            "/recommendations/{id}/entries",
            "addRecommendationEntry",
            TAG,
            ("Skriv i dialogen om en rekommendation", "Write in the dialogue about a recommendation"),
            "Says something about an open recommendation, from the side that the caller is on: the auditor's or the body's. \
             Nothing is changed afterwards; more is said.",
            Run::write(|w, caller, call, sent| {
                let id = call.id()?;
                let made = recommendations::add_entry(w, caller, id, sent)?;
                Answer::created(format!("/recommendations/{id}/entries/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<RecommendationEntry>("What was said."),
        operation(
            "get",
            "/recommendations/{id}/entries/{entryId}",
            "getRecommendationEntry",
            TAG,
            ("Läs ett inlägg om en rekommendation", "Get an entry about a recommendation"),
            "One thing that was said.",
            Run::read(|r, caller, call| {
                Answer::resource(&recommendations::entry(r, caller, call.id()?, call.path_word("entryId")?)?)
            }),
        )
        .timed()
        .gives::<RecommendationEntry>("What was said."),
    ]
}

fn opinions() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/audit-opinions",
            "listAuditOpinions",
            TAG,
            ("Lista revisorernas bedömningar", "List the auditors' opinions"),
            "The auditors' judgements of bodies' years.",
            Run::read(|r, caller, call| {
                let (filter, listing) = (opinion_filter(r, call)?, call.listing());
                listed(
                    r,
                    call,
                    |r| Answer::list(call, "/audit-opinions", recommendations::opinions(r, caller, &filter, &listing)?),
                    |r| tables::findings::opinions(r, caller, &filter, &listing),
                )
            }),
        )
        .timed()
        .query("organisationId", ParameterKind::Id, "Those of this organisation and of those below it.")
        .filter("year", ParameterKind::Integer { least: 1990, most: 2100 }, "Those of this year.")
        .filter("judgement", ParameterKind::words::<Sufficiency>(), "Those that judge so.")
        .since()
        .lists::<AuditOpinion>("A page of opinions.", &["year", "givenOn"]),
        operation(
            "post",
            "/audit-opinions",
            "createAuditOpinion",
            TAG,
            ("Lägg in revisorernas bedömning", "Add an opinion of the auditors"),
            "Adds the auditors' judgement of a body's year, one of each. Auditors alone do.",
            Run::write(|w, caller, _, sent| {
                let made = recommendations::create_opinion(w, caller, sent)?;
                Answer::created(format!("/audit-opinions/{}", made.id), &made)
            }),
        )
        .ruled()
        .makes::<AuditOpinion>("The new opinion."),
        operation(
            "get",
            "/audit-opinions/{id}",
            "getAuditOpinion",
            TAG,
            ("Läs en bedömning av revisorerna", "Get an opinion of the auditors"),
            "One opinion.",
            Run::read(|r, caller, call| Answer::resource(&recommendations::opinion(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<AuditOpinion>("The opinion."),
        operation(
            "patch",
            "/audit-opinions/{id}",
            "changeAuditOpinion",
            TAG,
            ("Ändra en bedömning av revisorerna", "Change an opinion of the auditors"),
            "Changes an opinion. Auditors alone do.",
            Run::write(|w, caller, call, sent| {
                Answer::resource(&recommendations::change_opinion(w, caller, call.id()?, sent)?)
            }),
        )
        .guarded()
        .ruled()
        .gives::<AuditOpinion>("The opinion as it has become."),
        operation(
            "delete",
            "/audit-opinions/{id}",
            "deleteAuditOpinion",
            TAG,
            ("Ta bort en bedömning av revisorerna", "Delete an opinion of the auditors"),
            "Takes away an opinion that was entered by mistake. Its history stays.",
            Run::write(|w, caller, call, sent| {
                recommendations::delete_opinion(w, caller, call.id()?, sent).map(|()| Answer::nothing())
            }),
        )
        .guarded()
        .empties("Taken away."),
    ]
}
