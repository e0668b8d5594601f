//! `/scoring-policies`.

use crate::app::settings::policies::{self, PolicyPreview, PolicyView};
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::PolicyFilter;
use crate::storage::records::PolicyVersion;

const TAG: &str = "Scoring policies";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/scoring-policies",
            "listScoringPolicies",
            TAG,
            ("Lista skalor", "List scoring policies"),
            "The scoring policies of the region and of bodies, each with its newest version. Everyone signed in sees all of them.",
            Run::read(|r, _, call| {
                let filter = PolicyFilter { updated_since: call.time("updatedSince"), organisation_id: call.any("organisationId") };
                Answer::list(call, "/scoring-policies", policies::list(r, &filter, &call.listing())?)
            }),
        )
        .timed()
        .filter("organisationId", ParameterKind::Id, "Those that belong to this organisation.")
        .since()
        .lists::<PolicyView>("A page of scoring policies.", &["name"]),
        operation(
            "post",
            "/scoring-policies",
            "createScoringPolicy",
            TAG,
            ("Lägg till en skala", "Add a scoring policy"),
            "Adds a scoring policy of the region or of a body, with its first version.",
            Run::write(|w, caller, _, sent| {
                let made = policies::create(w, caller, sent)?;
                Answer::created(format!("/scoring-policies/{}", made.id), &made)
            }),
        )
        .makes::<PolicyView>("The new policy."),
        operation(
            "get",
            "/scoring-policies/{id}",
            "getScoringPolicy",
            TAG,
            ("Läs en skala", "Get a scoring policy"),
            "One scoring policy, with its newest version.",
            Run::read(|r, caller, call| Answer::resource(&policies::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<PolicyView>("The policy."),
        operation(
            "patch",
            "/scoring-policies/{id}",
            "changeScoringPolicy",
            TAG,
            ("Byt namn på en skala", "Rename a scoring policy"),
            "Renames a policy. Its matrix changes by a new version. While a plan scored by it lies before its board, the name stays.",
            Run::write(|w, caller, call, sent| Answer::resource(&policies::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<PolicyView>("The policy as it has become."),
        operation(
            "get",
            "/scoring-policies/{id}/versions",
            "listPolicyVersions",
            TAG,
            ("Lista en skalas versioner", "List the versions of a scoring policy"),
            "The versions of a policy, newest first.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let page = policies::versions(r, caller, id, &call.listing())?;
                Answer::list(call, &format!("/scoring-policies/{id}/versions"), page)
            }),
        )
        .timed()
        .lists::<PolicyVersion>("A page of versions.", &[]),
        operation(
            "post",
            "/scoring-policies/{id}/versions",
            "createPolicyVersion",
            TAG,
            ("Lägg till en version av en skala", "Add a version of a scoring policy"),
            "Makes the next version. No plan changes by it: a draft takes it on purpose, an adopted plan never.",
            Run::write(|w, caller, call, sent| {
                let made = policies::add_version(w, caller, call.id()?, sent)?;
                Answer::created(format!("/scoring-policies/{}/versions/{}", made.policy_id, made.number), &made)
            }),
        )
        .makes::<PolicyVersion>("The new version. It never changes."),
        operation(
            "get",
            "/scoring-policies/{id}/versions/{number}",
            "getPolicyVersion",
            TAG,
            ("Läs en version av en skala", "Get a version of a scoring policy"),
            "One version, with its matrix. It never changes.",
            Run::read(|r, caller, call| {
                Answer::resource(&policies::version(r, caller, call.id()?, call.path_word("number")?)?)
            }),
        )
        .timed()
        .path_form("number", ParameterKind::Integer { least: 1, most: i64::from(i32::MAX) }, "The number of the version, from 1.")
        .gives::<PolicyVersion>("The version."),
        operation(
            "post",
            "/scoring-policies/{id}/preview",
            "previewPolicyVersion",
            TAG,
            ("Förhandsgranska en version av en skala", "Preview a version of a scoring policy"),
            "What a matrix would move, risk by risk, in the plans that the caller may see and that any version of the policy scores. Keeps nothing. Looks at 500 plans at most, those of the newest years first, and tells 1000 risks at most; `truncated` says when there are more.",
            // It writes nothing. The write door is there for the key that makes the same request get the same answer.
            Run::write(|w, caller, call, sent| Answer::view(&policies::preview(w, caller, call.id()?, call.language, sent)?)),
        )
        .computes::<PolicyPreview>("What the matrix would move."),
    ]
}
