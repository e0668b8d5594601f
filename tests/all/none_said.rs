//! What pages say there is none of: each such sentence where it is so, and where it is not.

use std::collections::BTreeSet;

use fluent_syntax::ast::{Entry, PatternElement};
use riskregister::domain::manner::Manner;
use riskregister::domain::words::{Language, OrganisationKind};
use riskregister::web::texts;
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::Visitor;
use crate::kit::{World, walks};
use crate::service_accounts::in_days;

/// A text as it is said to the people of a board.
pub fn to_a_board(key: &str) -> String {
    let manner = Manner::default().with(OrganisationKind::Board);
    texts::say_as(Language::Sv, &texts::Called::by(&manner, Language::Sv), key, &[])
}

/// Texts that hold such a word and state nothing of the register: hints, headings, what a form does, what help explains.
const NOTHING_STATED: &[&str] = &[
    "user-sign-out-about",
    "a11y-burden",
    "a11y-covers",
    "a11y-how-about",
    "a11y-lack-docx",
    "a11y-lead",
    "account-everywhere-about",
    "actor-nobody",
    "answer-justification-hint",
    "as-of-banner",
    "assign-about",
    "assign-all",
    "home-all-tasks",
    "import-execute-about",
    "import-faults-about",
    "import-grant-hint",
    "import-hindered",
    "import-how-about",
    "import-how-own",
    "import-how-register",
    "import-how-users",
    "import-kind-lead",
    "forgotten-elsewhere",
    "sign-in-emergency-about",
    "import-lead",
    "done-createImport",
    "as-of-banner-day",
    "carried-texts-confirm-all",
    "check-adopt-about",
    "check-compile-about",
    "check-nothing-done",
    "check-right",
    "check-undone",
    "choose-as-now",
    "by-board-hint",
    "choose-all",
    "choose-nobody",
    "close-period-about",
    "comment-hint",
    "coso-about",
    "crime-handle-about",
    "dateless-take-all",
    "decide-about",
    "delete-plan-about",
    "file-hint",
    "files-about",
    "dialogue-hint",
    "due-period-hint",
    "effects-of-goals",
    "forgotten-nothing-came",
    "erasure-fields-hint",
    "event-evidence-about",
    "goal-delete-about",
    "growth-about",
    "hand-over",
    "help-assess-2",
    "help-inclusion-about",
    "help-report-4",
    "help-role-auditor",
    "help-role-head",
    "help-year-decide",
    "history-proof-keep",
    "justification-hint",
    "level-action-hint",
    "many-comments",
    "many-show-all",
    "matrix-all",
    "measures-rows",
    "moves-truncated",
    "no-personal-data",
    "organisation-move-about",
    "organisation-root-hint",
    "organisations-lead",
    "owners-many",
    "period-all",
    "proof-limits-about",
    "recurrences-hint",
    "references-about",
    "region-matrix",
    "status-back",
    "status-versions",
    "unconfirmed-which",
    "user-new-about",
    "webhook-delete-about",
    "personal-data-about",
    "personal-data-of-about",
];

/// Told once, of what was just done: held by the tests of the deed.
const SAID_OF_A_DEED: &[&str] = &[
    "done-handOver",
    "policy-reshaped",
    "policy-tried",
    "told-handed-actions",
    "told-handed-controls",
    "told-handed-recommendations",
    "told-handed-risks",
    "told-reminded",
    "told-replayed",
    "told-without-responsible",
];

/// Held elsewhere: sums, what a scale moves, a log that has no checkpoint yet, whom one names, and that no letters are sent.
const SAID_OTHERWISE: &[&str] = &[
    "forgotten-off",
    "history-checkpoint-none",
    "matrix-no-plan",
    "moves-no-risks",
    "moves-still",
    "proof-step-page-none",
    "region-complete",
    "user-invite-off",
];

/// The words that say that there is none, or that all is as it should be.
fn says_none(text: &str) -> bool {
    const WORDS: &[&str] =
        &["inga", "ingen", "inget", "ingenting", "allt", "alla", "oförändrat", "oförändrad", "oförändrade", "komplett"];
    text.split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word.to_lowercase().as_str()))
}

/// The keys of the Swedish texts that say so.
fn every_key() -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/texts/sv");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("the texts") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        for entry in fluent_syntax::parser::parse(text).expect("the texts are Fluent").body {
            let Entry::Message(message) = entry else { continue };
            let elements = message.value.map(|pattern| pattern.elements).unwrap_or_default();
            let plain = elements.iter().any(|element| match element {
                PatternElement::TextElement { value } => says_none(value),
                PatternElement::Placeable { expression } => says_none(&format!("{expression:?}")),
            });
            if plain {
                found.insert(message.id.name);
            }
        }
    }
    found
}

walks! {
    fn none_is_said_only_where_there_is_none(world: &World) {
        let [admin, controller, performer, auditor, reader, stranger] = [
            &world.admin_id, &world.controller.id, &world.performer.id, &world.auditor.id, &world.reader.id,
            &world.stranger.id,
        ].map(|id| world.visitor(id));
        let mut told = BTreeSet::new();
        // How often a sentence stands on a page for whom it is so, and on one for whom it is not.
        let mut case = |key: &'static str, there: (&Visitor, String, usize), not_there: (&Visitor, String, usize)| {
            let sentence = to_a_board(key);
            for (visitor, path, times) in [there, not_there] {
                let text = visitor.page(&path).text("main");
                assert_eq!(text.matches(&sentence).count(), times, "{key} on {path}: {sentence}");
            }
            told.insert(key);
        };
        let year = Year::adopted(world);
        year.report_all("t1");
        year.report("t1");

        // A plan that lacks something, one that lacks nothing, and one that lies on the board's table.
        let new = |year: i32| {
            let goal = world.goal(year, "En ekonomi i balans");
            let plan = world.plan(year);
            let risk = world.risk(&plan, &goal, "Brist på publik", (3, 4)).id();
            (plan, risk)
        };
        let (lacking, bare) = new(2025);
        world.controller.patch_current(&format!("/risks/{bare}"), json!({"ownerId": null})).expect(200);
        let (whole, _) = new(2026);
        let (proposed, _) = new(2027);
        world.complete(&whole);
        world.complete(&proposed);
        world.propose(&proposed).expect(200);
        let risk = |id: &str| format!("/risks/{id}");
        let plan = |id: &str| format!("/plans/{id}");
        for key in ["controls-none", "actions-none"] {
            case(key, (&controller, risk(&bare), 1), (&controller, risk(&year.risk), 0));
        }
        case("plan-complete", (&controller, plan(&whole), 1), (&controller, plan(&lacking), 0));
        case("plan-complete-proposed", (&controller, plan(&proposed), 1), (&controller, plan(&whole), 0));
        let assign = |id: &str| format!("/plans/{id}/assign");
        case("assign-none", (&controller, assign(&whole), 1), (&controller, assign(&lacking), 0));
        let comparison = |id: &str| format!("/plans/{id}/comparison");
        case("compare-none", (&controller, comparison(&year.plan), 1), (&controller, comparison(&lacking), 0));
        // Last year's plan is there, and nobody adopted it.
        case("compare-none", (&controller, comparison(&whole), 1), (&controller, comparison(&lacking), 0));
        let proof = |id: &str| format!("/plans/{id}/proof");
        case("proof-none", (&controller, proof(&lacking), 1), (&controller, proof(&year.plan), 0));
        let search = |q: &str| format!("/search?q={q}");
        case("search-none", (&controller, search("finnsinte"), 1), (&controller, search("publik"), 0));
        let matrix = |year: i32| format!("/matrix?year={year}");
        case("matrix-none", (&controller, matrix(2031), 1), (&controller, matrix(2024), 0));

        // Follow-up.
        let period = |plan: &str, more: &str| format!("/plans/{plan}/follow-up?period={more}");
        case("statuses-none", (&controller, period(&year.plan, "t1&only=missing"), 1), (&controller, period(&year.plan, "annual&only=missing"), 0));
        // Of the three periods the first has its report.
        case("report-none", (&controller, period(&year.plan, "t1"), 2), (&controller, period(&year.plan, "interim"), 2));
        year.close("t1").expect(200);
        year.report_all("interim");
        year.report("interim");
        case("report-none", (&controller, period(&year.plan, "t1"), 1), (&controller, period(&year.plan, "interim"), 1));
        let measures = |period: &str| format!("/plans/{}/financial-measures/{period}", year.plan);
        let form = json!({"measures": [{"name": "Gemensam lokalbank", "realisedEffect": "0.4"}]});
        world.controller.with("if-none-match", "*").put(&measures("annual"), form).expect(201);
        case("measures-none", (&auditor, measures("interim"), 1), (&auditor, measures("annual"), 0));
        let effects = |plan: &str| format!("/plans/{plan}/financial-effects");
        case("effects-none", (&controller, effects(&lacking), 1), (&controller, effects(&year.plan), 0));
        let all = "/follow-up?year=2024&period=t1".to_owned();
        case("region-none", (&stranger, all.clone(), 1), (&admin, all.clone(), 0));
        // Of the two boards one has a plan of the year.
        case("plan-none", (&admin, all.clone(), 1), (&controller, all, 0));
        // Then the other board need not have one.
        let compiled = || {
            let made = world.admin.post("/compiled-reports", json!({"year": 2024, "kind": "t1"})).expect(201).id();
            let path = format!("/compiled-reports/{made}");
            world.admin.post_current(&path, "/finalization", json!({})).expect(200);
            path
        };
        let one_lacks = compiled();
        world.admin.patch_current(&format!("/organisations/{}", world.other_board), json!({"plans": false})).expect(200);
        case("compiled-unadopted", (&admin, one_lacks, 1), (&admin, compiled(), 0));
        world.admin.patch_current(&format!("/organisations/{}", world.other_board), json!({"plans": true})).expect(200);
        case("tasks-none", (&reader, "/tasks".into(), 1), (&performer, "/tasks".into(), 0));
        case("many-none", (&reader, "/statuses".into(), 1), (&performer, "/statuses".into(), 0));

        // What was found.
        let form = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious",
            "foundOn": "2024-05-02", "foundBy": "Stickprov"});
        let deficiency = world.risk_owner.post("/deficiencies", form).expect(201).id();
        let answer = format!("/plans/{lacking}/deficiencies/{deficiency}");
        world.controller.with("if-none-match", "*").put(&answer, json!({"riskId": bare})).expect(201);
        let of = |plan: &str| format!("/deficiencies/{deficiency}?planId={plan}");
        case("deficiency-unanswered", (&controller, of(&whole), 1), (&controller, of(&lacking), 0));
        let recommendation = |text: &str| {
            let form = json!({"organisationId": world.board, "source": "auditors", "report": "Årlig granskning",
                "year": 2023, "text": text});
            world.auditor.post("/recommendations", form).expect(201).id()
        };
        let (silent, answered) = (recommendation("Följ upp."), recommendation("Följ upp avtalen."));
        world.controller.post(&format!("/recommendations/{answered}/entries"), json!({"text": "Vi följer upp."})).expect(201);
        world.controller.patch_current(&format!("/recommendations/{answered}"), json!({"actionIds": [year.action]})).expect(200);
        let one = |id: &str| format!("/recommendations/{id}");
        for key in ["dialogue-none", "recommendation-actions-none"] {
            case(key, (&auditor, one(&silent), 1), (&auditor, one(&answered), 0));
        }

        // What is set.
        let goal = world.goal(2031, "Ett mål för sig");
        world.issue(2031, "risk", "Risk för oegentligheter", &goal);
        let settings = |year: i32| format!("/settings?year={year}");
        for key in ["mandatory-none", "mandatory-needs-goal"] {
            case(key, (&admin, settings(2030), 1), (&admin, settings(2031), 0));
        }
        let organisation = |id: &str| format!("/organisations/{id}");
        case("organisation-below-none", (&admin, organisation(&world.unit), 1), (&admin, organisation(&world.board), 0));
        let form = json!({"parentId": world.unit, "kind": "unit", "name": "Ny", "validFrom": "2024-01-01"});
        let new = world.admin.post("/organisations", form).expect(201).id();
        case("organisation-open-none", (&admin, organisation(&new), 1), (&admin, organisation(&world.board), 0));
        let user = |id: &str| format!("/users/{id}");
        case("roles-none", (&admin, user(&world.stranger.id), 1), (&admin, user(&world.performer.id), 0));
        let policies = world.controller.get("/scoring-policies").expect(200);
        let policy = policies.items()[0]["id"].as_str().expect("the region has a scale").to_owned();
        let versions = format!("/scoring-policies/{policy}/versions");
        let mut definition = world.admin.get(&format!("{versions}/1")).expect(200)["definition"].clone();
        definition["threshold"] = 20.into();
        world.admin.post(&versions, json!({"definition": definition})).expect(201);
        let version = |n: u32| format!("/policies/{policy}/versions/{n}");
        case("policy-followed-none", (&controller, version(2), 1), (&controller, version(1), 0));
        case("moves-no-plans", (&controller, version(1), 1), (&controller, version(2), 0));

        let list = |what: &str| format!("/{what}");
        let account = || {
            let form = json!({"organisationId": world.board, "name": "Analysverktyget", "scopes": ["read"],
                "expiresAt": in_days(30)});
            world.admin.post("/service-accounts", form).expect(201).id()
        };
        let (bare, keyed) = (account(), account());
        world.admin.post_nothing(&format!("/service-accounts/{keyed}/credentials")).expect(201);
        let of = |id: &str| format!("/service-accounts/{id}");
        case("secrets-none", (&controller, of(&bare), 1), (&controller, of(&keyed), 0));
        case("accounts-none", (&reader, list("service-accounts"), 1), (&controller, list("service-accounts"), 0));
        let form = json!({"organisationId": world.board, "name": "Arkivet", "url": "https://hooks.example.org/r",
            "active": false});
        case("webhooks-none", (&controller, list("webhooks"), 1), (&admin, {
            world.admin.post("/webhooks", form).expect(201);
            list("webhooks")
        }, 0));

        // The logs.
        let growth = |to: i32| format!("/history/{}/growth?from=2&to={to}", world.board);
        case("growth-hashes-none", (&controller, growth(2), 1), (&controller, growth(5), 0));
        let log = format!("/history/{}", world.board);
        case("events-none", (&controller, format!("{log}?from=1999-01-01&to=1999-01-02"), 1), (&controller, log, 0));
        case("history-none", (&performer, "/history".into(), 1), (&auditor, "/history".into(), 0));

        let none = texts::say(Language::Sv, "erasures-none", &[]);
        let says = || admin.page("/erasures").text("main").matches(&none).count();
        assert_eq!((says(), controller.page("/erasures").text("main").matches(&none).count()), (1, 0), "only to who may know");
        let form = json!({"entity": "user", "entityId": world.reader.id, "fields": ["name"], "decision": "RS 2026-1, § 4"});
        world.admin.post("/erasures", form).expect(201);
        assert_eq!(says(), 0);
        told.insert("erasures-none");

        told.extend(NOTHING_STATED.iter().chain(SAID_OF_A_DEED).chain(SAID_OTHERWISE));
        let untold: Vec<_> = every_key().into_iter().filter(|key| !told.contains(key.as_str())).collect();
        assert_eq!(untold, Vec::<String>::new(), "these say that there is none: where they do not, no test tells");
    }

    /// Who may not see a draft is not told that there is none.
    fn what_one_may_not_see_is_not_said_to_be_missing(world: &World) {
        let year = Year::adopted(world);
        world.plan(2025);
        let asked = format!("/matrix?year=2025&planId={}", year.plan);
        let says = |sentence: &str, who: &str| world.visitor(who).page(&asked).text("main").contains(sentence);
        assert!(says("Det finns ingen plan för Kulturnämnden 2025 att visa.", &world.reader.id));
        assert!(!says("Det finns ingen plan", &world.controller.id));
    }
}
