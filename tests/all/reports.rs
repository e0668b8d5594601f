//! `/reports`: from draft by way of final to what the board has decided on, which nobody changes; and its documents.

use riskregister::storage::history::sha256_hex;
use serde_json::{Value, json};

use crate::follow_up::{Year, judged};
use crate::kit::{Answer, Client, World, both, office, pdf};

const PDF: &str = "application/pdf";
const JSON: &str = "application/json";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Each format, and where a decided report names the hash of its full and of its public file.
pub const FORMATS: [(&str, &str, &str); 4] = [
    (PDF, "documentSha256", "publicDocumentSha256"),
    (DOCX, "docxSha256", "publicDocxSha256"),
    (XLSX, "xlsxSha256", "publicXlsxSha256"),
    (JSON, "snapshotSha256", "publicSnapshotSha256"),
];

pub fn at(report: &str) -> String {
    format!("/reports/{report}")
}

pub fn served(client: &Client, report: &str, media: &str, version: &str) -> Answer {
    let answer = client.with("accept", media).get(&format!("/reports/{report}/document?version={version}")).expect(200);
    assert_eq!(answer.header("content-type"), media);
    answer
}

/// The eight files of a report.
pub fn files(client: &Client, report: &str) -> Vec<Vec<u8>> {
    let versions = ["full", "public"];
    FORMATS.iter().flat_map(|(media, ..)| versions.map(|version| served(client, report, media, version).body)).collect()
}

/// The words of a document, whatever its format, without what lines and columns did to them.
pub fn words(media: &str, file: &[u8]) -> String {
    pdf::dense(&match media {
        PDF => pdf::pages(file).join("\n"),
        JSON => texts(&serde_json::from_slice(file).expect("JSON")).join("\n"),
        _ => office::text(file),
    })
}

/// Every text of a JSON value.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(all) => all.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

pub fn document(client: &Client, report: &str) -> Value {
    served(client, report, JSON, "full").json
}

/// Everything that writes into a report of T1 or into what it tells of, whatever the version of the thing.
fn writes(year: &Year, report: &str) -> Vec<(&'static str, Answer)> {
    let (c, path, t1) = (year.controller.with("if-match", "*"), at(report), year.period("t1"));
    let status = |noun: &str, id: &str| format!("/{noun}s/{id}/reports/t1");
    let red = json!({"status": "notPerformed", "comment": "Nej."});
    let reason = || json!({"reason": "Därför."});
    vec![
        ("change", c.patch(&path, json!({"introduction": "Nya ord."}))),
        ("change of a date", c.patch(&path, json!({"shownToManagementOn": "2024-05-14"}))),
        ("discarding", c.delete(&path)),
        ("finalization", c.post(&format!("{path}/finalization"), json!({}))),
        ("closure", c.post(&format!("{t1}/closure"), json!({}))),
        ("change of the period", c.patch(&t1, json!({"required": true}))),
        ("control", c.put(&status("control", &year.always), red.clone())),
        ("dash", c.put(&status("control", &year.annual), red)),
        ("action", c.put(&status("action", &year.action), json!({"status": "offPlan", "comment": "Nej."}))),
        (
            "judgement",
            year.controller
                .with("if-none-match", "*")
                .put(&format!("/plans/{}/self-assessments/t1", year.plan), json!({"components": []})),
        ),
        (
            "reopening or return",
            match year.controller.get(&path).expect(200)["status"] == "decided" {
                true => c.post(&format!("{t1}/reopening"), reason()),
                false => c.post(&format!("/plans/{}/reports", year.plan), json!({"kind": "t1"})),
            },
        ),
    ]
}

#[track_caller]
fn all_refused(tried: Vec<(&'static str, Answer)>, codes: &[&str]) {
    let told: Vec<_> = tried.iter().map(|(what, answer)| (*what, answer.status, answer.json["code"].clone())).collect();
    let expected: Vec<_> = tried.iter().zip(codes).map(|((what, _), code)| (*what, 409, json!(code))).collect();
    assert_eq!(told, expected);
}

/// The year with T1 closed, and its report as a draft.
pub fn closed(world: &World) -> (Year<'_>, String) {
    let year = Year::adopted(world);
    year.report_all("t1");
    year.close("t1").expect(200);
    let report = year.report("t1");
    (year, report)
}

pub fn finalize(world: &World, report: &str) -> Answer {
    world.head.post_current(&at(report), "/finalization", json!({}))
}

fn decide(world: &World, report: &str) -> Answer {
    world.controller.post_current(&at(report), "/decision", judged())
}

/// Every component judged, as the annual report must have it.
pub fn judge(world: &World, plan: &str, period: &str) {
    let all = ["controlEnvironment", "riskAssessment", "controlActivities", "informationCommunication", "monitoring"];
    let all = all.map(|key| json!({"component": key, "judgement": "sufficient", "reason": format!("Skäl för {key}.")}));
    let path = format!("/plans/{plan}/self-assessments/{period}");
    let written = world.controller.with("if-none-match", "*").put(&path, json!({"components": all}));
    match written.status {
        412 => world.controller.put_current(&path, json!({"components": all})).expect(200),
        _ => written.expect(201),
    };
}

/// A marking of secrecy.
fn marking() -> Value {
    json!({"provision": "18 kap. 8 § OSL", "date": "2024-03-01", "authority": "Kulturnämnden"})
}

both! {
    fn from_draft_to_decided(world: &World) {
        let year = Year::adopted(world);
        let report = year.report("t1");
        let path = at(&report);
        let c = &world.controller;
        assert_eq!(c.get(&path).expect(200)["status"], "draft");
        c.post(&format!("/plans/{}/reports", year.plan), json!({"kind": "t1"})).refused(409, "reportInProgress");
        // What is written of a draft, and how it is guarded.
        let words = json!({"introduction": "Året har börjat.", "shownToManagementOn": "2024-05-14", "diaryNumbers": ["KN 2024-9"]});
        c.patch(&path, words.clone()).expect(428);
        let stale = c.current(&path);
        let written = c.patch_current(&path, words.clone()).expect(200);
        assert_eq!(c.get(&path).expect(200).header("etag"), written.header("etag"));
        stale.patch(&path, words).expect(412);
        stale.post(&format!("{path}/finalization"), json!({})).expect(412);
        stale.delete(&path).expect(412);
        c.patch_current(&path, json!({"status": "decided"})).refused(422, "unknownField");
        let future = c.patch_current(&path, json!({"shownToManagementOn": "2999-01-01"})).expect(422);
        assert_eq!(future.faults(), [("/shownToManagementOn", "dateInFuture")]);
        decide(world, &report).refused(409, "reportIsDraft");
        c.post(&format!("{path}/return"), json!({"reason": "Nej."})).refused(409, "reportIsDraft");
        finalize(world, &report).refused(409, "periodOpen");
        // A draft is discarded, its history is kept, and another begun.
        c.delete_current(&path).expect(204);
        c.get(&path).expect(404);
        let events = world.auditor.get(&format!("/logs/{}/events?entityId={report}", world.board)).expect(200);
        let kinds: Vec<&Value> = events.items().iter().map(|event| &event["event"]["kind"]).collect();
        assert_eq!(kinds, ["report.created", "report.changed", "report.discarded"]);
        let report = year.report("t1");
        let path = at(&report);
        year.report_all("t1");
        year.close("t1").expect(200);
        let made = finalize(world, &report).expect(200);
        assert_eq!((&made["status"], &made["decidedOn"]), (&json!("final"), &Value::Null));
        // Returned with a reason, it is a draft again.
        c.post(&format!("{path}/return"), json!({})).refused(422, "required");
        let back = c.post(&format!("{path}/return"), json!({"reason": "Inledningen saknas."})).expect(200);
        assert_eq!((&back["status"], &back["returnReason"]), (&json!("draft"), &json!("Inledningen saknas.")));
        c.patch_current(&path, json!({"introduction": "Inledningen."})).expect(200);
        let made = finalize(world, &report).expect(200);
        assert_eq!(made["returnReason"], Value::Null);
        // The board decides after the period, and not in the future.
        let on = |day: &str| {
            let form = json!({"decidedOn": day, "decidingBoard": "Kulturnämnden", "paragraph": "31"});
            c.post_current(&path, "/decision", form)
        };
        assert_eq!(on("2024-04-30").expect(422).faults(), [("/earlyReason", "beforePeriodEnds")]);
        assert_eq!(on("2999-01-01").expect(422).faults(), [("/decidedOn", "dateInFuture")]);
        let faults = c.post_current(&path, "/decision", json!({})).expect(422);
        assert_eq!(faults.faults(), [("/decidedOn", "required"), ("/decidingBoard", "required"), ("/paragraph", "required")]);
        c.post(&format!("{path}/decision"), judged()).expect(428);
        let decided = on("2024-05-01").expect(200);
        assert_eq!((&decided["status"], &decided["decidedOn"]), (&json!("decided"), &json!("2024-05-01")));
        // Now the board's members read it, and the plan's readers find it.
        assert_eq!(world.reader.get(&path).expect(200).json, decided.json);
        let found = world.reader.get(&format!("/plans/{}/reports", year.plan)).expect(200);
        assert_eq!(found.column("id"), [&report]);
        assert_eq!(document(&world.reader, &report)["decision"]["paragraph"], "31");
    }

    fn a_final_report_is_written_by_nobody(world: &World) {
        let (year, report) = closed(world);
        let final_one = finalize(world, &report).expect(200);
        let before = files(&world.controller, &report);
        let (is, shut) = ("reportIsFinal", "periodClosed");
        all_refused(writes(&year, &report), &[is, is, is, is, shut, shut, shut, shut, shut, is, "reportInProgress"]);
        let late = json!({"reason": "Sent.", "report": {"status": "performed"}});
        let path = format!("/controls/{}/reports/t1/corrections", year.always);
        world.performer.post(&path, late).refused(409, "reportNotDecided");
        assert_eq!(world.controller.get(&at(&report)).expect(200).json, final_one.json);
        assert!(files(&world.controller, &report) == before);
        // Who reads decided ones alone does not know of it.
        world.reader.get(&at(&report)).expect(404);
        world.reader.get(&format!("/reports/{report}/document")).expect(404);
        world.draft_reader.get(&at(&report)).expect(200);
    }

    fn what_is_final_is_frozen_until_its_period_is_opened(world: &World) {
        let (year, report) = closed(world);
        finalize(world, &report).expect(200);
        let frozen = files(&world.controller, &report);
        let then = document(&world.controller, &report);
        assert_eq!((&then["report"]["status"], &then["decision"]), (&json!("final"), &Value::Null));
        assert!(pdf::pages(&frozen[0]).iter().all(|page| page.contains("UTKAST")));
        // What goes on in the adopted plan goes on after it.
        world.admin.patch_current(&format!("/users/{}", world.risk_owner.id), json!({"name": "Rut Nyman"})).expect(200);
        world.admin.patch_current(&format!("/organisations/{}", world.board), json!({"name": "Musiknämnden"})).expect(200);
        let assess = json!({"likelihood": 5, "consequence": 5, "reason": "Värre."});
        world.controller.post(&format!("/risks/{}/assessments", year.risk), assess).expect(201);
        let born = json!({"name": "Laga taket", "responsibleId": world.performer.id});
        world.controller.post(&format!("/risks/{}/actions", year.risk), born).expect(201);
        let deficiency = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious", "foundOn": "2024-03-02"});
        world.controller.post("/deficiencies", deficiency).expect(201);
        assert!(files(&world.controller, &report) == frozen);
        // Opened again, the period makes the final report a draft, which tells what is now.
        let reopen = json!({"reason": "En kontroll var fel."});
        world.controller.post(&format!("{}/reopening", year.period("t1")), reopen).expect(200);
        let told = world.controller.get(&at(&report)).expect(200);
        assert_eq!((&told["status"], &told["returnReason"]), (&json!("draft"), &json!("En kontroll var fel.")));
        let now = document(&world.controller, &report).to_string();
        for word in ["Rut Nyman", "Musiknämnden", "Laga taket", "Attest saknas"] {
            assert!(now.contains(word) && !then.to_string().contains(word), "{word}");
        }
        finalize(world, &report).refused(409, "periodOpen");
        year.close("t1").expect(200);
        finalize(world, &report).expect(200);
    }

    fn what_is_decided_is_sealed_in_eight_files(world: &World) {
        let (year, report) = closed(world);
        finalize(world, &report).expect(200);
        let decided = decide(world, &report).expect(200);
        for (media, full, public) in FORMATS {
            for (version, field) in [("full", full), ("public", public)] {
                let file = served(&world.reader, &report, media, version);
                assert_eq!(decided[field], sha256_hex(&file.body), "{media} {version}");
                assert_eq!(file.header("content-disposition").contains("-offentlig."), version == "public");
                let known = world.reader.with("accept", media).with("if-none-match", file.header("etag"));
                known.get(&format!("/reports/{report}/document?version={version}")).expect(304);
            }
        }
        let sealed = files(&world.reader, &report);
        assert!(pdf::pages(&sealed[0]).iter().all(|page| !page.contains("UTKAST")));
        pdf::hold_structure(&sealed[0], "Kulturnämnden", true);
        let (is, shut) = ("reportIsDecided", "periodClosed");
        all_refused(writes(&year, &report), &[is, is, is, is, shut, shut, shut, shut, shut, is, "reportDecided"]);
        decide(world, &report).refused(409, is);
        world.controller.post(&format!("/reports/{report}/return"), json!({"reason": "Nej."})).refused(409, is);
        assert_eq!(world.controller.get(&at(&report)).expect(200).json, decided.json);

        // A late truth, and a new version that names the one that it replaces: the first stays as it was.
        let late = json!({"reason": "Räknat fel.", "report": {"status": "performedWithDeviations", "comment": "Ett saknades."}});
        world.performer.post(&format!("/controls/{}/reports/t1/corrections", year.always), late).expect(201);
        assert!(files(&world.reader, &report) == sealed);
        let second = year.report("t1");
        let made = world.controller.get(&at(&second)).expect(200);
        assert_eq!((&made["number"], &made["replacesId"]), (&json!(2), &json!(report)));
        finalize(world, &second).expect(200);
        decide(world, &second).expect(200);
        let told = document(&world.reader, &second);
        assert_eq!((&told["report"]["version"], &told["report"]["replaces"]), (&json!(2), &json!(1)));
        assert!(told.to_string().contains("Räknat fel."));
        assert!(files(&world.reader, &report) == sealed);
        let all = world.reader.get(&format!("/plans/{}/reports?kind=t1", year.plan)).expect(200);
        assert_eq!(all.column("id"), [&report, &second]);
    }

    fn the_document_comes_in_the_form_that_is_asked_for(world: &World) {
        let (_, report) = closed(world);
        let c = &world.controller;
        let path = format!("/reports/{report}/document");
        assert_eq!(c.get(&path).expect(200).header("content-type"), PDF, "when nothing is said");
        for (accept, wanted) in [
            ("*/*", PDF),
            (DOCX, DOCX),
            (XLSX, XLSX),
            ("application/json;q=0.4, */*;q=0.1", JSON),
            ("application/pdf;q=0.2, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;q=0.9", XLSX),
        ] {
            let answer = c.with("accept", accept).get(&path).expect(200);
            assert_eq!(answer.header("content-type"), wanted, "{accept}");
            assert!(answer.header("vary").to_lowercase().contains("accept"));
        }
        for accept in ["text/html", "application/msword", "*/*;q=0"] {
            c.with("accept", accept).get(&path).expect(406);
        }
        c.get(&format!("{path}?version=secret")).expect(400);
        // The plan's own document comes in each of them, too.
        let plan = c.get(&at(&report)).expect(200).text("planId");
        for (media, ..) in FORMATS {
            let file = c.with("accept", media).get(&format!("/plans/{plan}/document?version=public")).expect(200);
            assert!(words(media, &file.body).contains("Bristpåscener"), "{media}");
        }
    }

    fn the_annual_report_closes_the_plan(world: &World) {
        let year = Year::adopted(world);
        let plan = format!("/plans/{}", year.plan);
        for period in ["t1", "interim", "annual"] {
            year.report_all(period);
            year.close(period).expect(200);
        }
        world.controller.post_current(&plan, "/closure", json!({})).refused(409, "annualReportNotDecided");
        let report = year.report("annual");
        let path = at(&report);
        let missing = finalize(world, &report).expect(409);
        let all = missing["missing"].as_array().expect("what is missing");
        let told: Vec<_> = all.iter().map(|one| (one["code"].as_str().unwrap_or(""), one["field"].as_str().unwrap_or(""))).collect();
        assert_eq!(told, [
            ("assuranceMissing", "assurance"),
            ("judgementMissing", "controlEnvironment"),
            ("judgementMissing", "riskAssessment"),
            ("judgementMissing", "controlActivities"),
            ("judgementMissing", "informationCommunication"),
            ("judgementMissing", "monitoring"),
        ]);
        world.controller.patch_current(&path, json!({"assurance": "Nämnden försäkrar."})).expect(200);
        assert_eq!(finalize(world, &report).expect(409)["missing"].as_array().map(Vec::len), Some(5));
        // The period is closed, and the judgement is written all the same until the report is final.
        judge(world, &year.plan, "annual");
        finalize(world, &report).expect(200);
        let judgement = format!("{plan}/self-assessments/annual");
        let form = || json!({"components": []});
        world.controller.put_current(&judgement, form()).refused(409, "reportIsFinal");
        world.controller.post(&format!("{path}/return"), json!({"reason": "Bedömningen."})).expect(200);
        world.controller.put_current(&judgement, form()).expect(200);
        assert_eq!(finalize(world, &report).expect(409)["missing"].as_array().map(Vec::len), Some(5));
        judge(world, &year.plan, "annual");
        finalize(world, &report).expect(200);
        // The plan cannot be closed while its next revision is written.
        world.revise(&year.plan).expect(200);
        decide(world, &report).refused(409, "planInRevision");
        year.decide(&year.plan);
        decide(world, &report).expect(200);
        assert_eq!(world.controller.get(&plan).expect(200)["status"], "closed");
        world.controller.post_current(&plan, "/closure", json!({})).expect(409);
        world.revise(&year.plan).expect(409);
        // A late truth is written all the same, and a new version does not open it.
        let late = json!({"reason": "Sent.", "report": {"status": "performed"}});
        world.performer.post(&format!("/controls/{}/reports/annual/corrections", year.always), late).expect(201);
        // So is the judgement of a new version, and of it alone: what was decided says what it said.
        let sealed = files(&world.reader, &report);
        world.controller.put_current(&judgement, form()).refused(409, "reportIsDecided");
        let second = year.report("annual");
        let mut changed = world.controller.get(&judgement).expect(200)["components"].clone();
        changed[0]["judgement"] = json!("partly");
        world.controller.put_current(&judgement, json!({"components": changed})).expect(200);
        finalize(world, &second).expect(200);
        decide(world, &second).expect(200);
        assert_eq!(document(&world.reader, &second)["selfAssessment"][0]["judgement"], "partly");
        assert!(files(&world.reader, &report) == sealed);
        assert_eq!(world.controller.get(&plan).expect(200)["status"], "closed");
    }

    fn what_is_marked_is_masked_and_a_suspicion_is_not_told(world: &World) {
        let year = Year::adopted(world);
        world.revise(&year.plan).expect(200);
        let goal = world.controller.get(&format!("/risks/{}", year.risk)).expect(200)["goalId"].clone();
        let mut secret = world.risk_form(goal.as_str().expect("a goal"), "Hemligrisk", (4, 4));
        secret["description"] = json!("Hemligbeskrivning");
        secret["localGoal"] = json!("Hemligtmål");
        secret["secrecy"] = marking();
        let secret = world.controller.post(&format!("/plans/{}/risks", year.plan), secret).expect(201).id();
        world.control(&secret, "Hemligkontroll");
        let born = world.action(&secret, "Hemligåtgärd");
        year.decide(&year.plan);
        let comment = json!({"status": "performedWithDeviations", "comment": "Hemligkommentar", "secrecy": marking(),
            "references": [{"title": "Hemligtprotokoll", "address": "https://example.org/hemligadress", "note": "Hemlignot"}]});
        world.performer.with("if-match", "*").put(&format!("/controls/{}/reports/t1", year.always), comment).expect(201);
        let open = json!({"organisationId": world.board, "title": "Öppenbrist", "severity": "minor", "foundOn": "2024-02-01"});
        world.controller.post("/deficiencies", open).expect(201);
        let marked = json!({"organisationId": world.board, "title": "Hemligbrist", "description": "Hemligorsak", "severity": "serious",
            "foundOn": "2024-02-01", "foundBy": "Hemligfinnare", "measures": "Hemligtgjort", "secrecy": marking()});
        world.controller.post("/deficiencies", marked).expect(201);
        let crime = json!({"organisationId": world.board, "title": "Brottsrubrik", "description": "Brottsbeskrivning", "severity": "serious",
            "foundOn": "2024-02-01", "foundBy": "Brottsfinnare", "measures": "Brottsåtgärd", "suspectedCrime": true,
            "riskId": year.risk, "controlId": year.always, "planId": year.plan});
        let crime = world.controller.post("/deficiencies", crime).expect(201).id();
        let handled = json!({"handling": "Brottshantering"});
        world.head.post_current(&format!("/deficiencies/{crime}"), "/crime-handling", handled).expect(200);
        world.head.post_current(&format!("/deficiencies/{crime}"), "/closure", json!({"reason": "Brottsavslut"})).expect(200);
        // So is what stands in another plan: there it is masked by its own document.
        let later_goal = world.goal(2025, "En ekonomi i balans");
        let later = world.plan(2025);
        let mut elsewhere = world.risk_form(&later_goal, "Nästa års risk", (4, 4));
        elsewhere["secrecy"] = marking();
        let elsewhere = world.controller.post(&format!("/plans/{later}/risks"), elsewhere).expect(201).id();
        let elsewhere = world.action(&elsewhere, "Brottsförebyggande");
        let text = json!({"organisationId": world.board, "source": "auditors", "report": "Granskning", "year": 2024,
            "text": "Öppenrekommendation", "actionIds": [born, elsewhere]});
        world.auditor.post("/recommendations", text).expect(201);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.report("t1");
        finalize(world, &report).expect(200);
        decide(world, &report).expect(200);
        let secrets = ["Hemligrisk", "Hemligbeskrivning", "Hemligtmål", "Hemligkontroll", "Hemligåtgärd", "Hemligkommentar",
            "Hemligtprotokoll", "hemligadress", "Hemlignot", "Hemligbrist", "Hemligorsak", "Hemligfinnare", "Hemligtgjort"];
        let crimes = ["Brottsrubrik", "Brottsbeskrivning", "Brottsfinnare", "Brottsåtgärd", "Brottshantering", "Brottsavslut", "Brottsförebyggande"];
        for (media, ..) in FORMATS {
            let full = words(media, &served(&world.reader, &report, media, "full").body);
            let public = words(media, &served(&world.reader, &report, media, "public").body);
            for word in secrets {
                assert!(full.contains(word), "{word} stands in the full {media}");
                assert!(!public.contains(word), "{word} stands in the public {media}");
            }
            for word in crimes {
                assert!(!full.contains(word) && !public.contains(word), "{word} stands in {media}");
            }
            for word in ["Öppenbrist", "Öppenrekommendation", "Bristpåscener"] {
                assert!(full.contains(word) && public.contains(word), "{word} is missing in {media}");
            }
            assert!(public.contains("18kap.8§OSL"), "{media}: the reader is owed the provision");
        }
        assert!(full_has_suspicion(&document(&world.reader, &report)));
    }
}

/// That there is a suspicion is told, and not of which risk or control.
fn full_has_suspicion(document: &Value) -> bool {
    let all = document["deficiencies"].as_array().expect("deficiencies");
    all.iter().any(|one| one["suspectedCrime"] == true && one["riskNumber"].is_null() && one["controlId"].is_null())
}

/// A word that nothing else holds, with Swedish letters.
fn token(field: &str) -> String {
    format!("Åtok{field}öä")
}

/// What people write that stands in no report, and why not.
const NOWHERE: [(&str, &str); 8] = [
    ("reopeningReason", "how the work was done, not what it found: the history tells it"),
    ("returnReason", "the same: why the draft was not good enough"),
    ("assessmentReason", "the report shows the assessment; its reason stands by the risk, for who reads the register"),
    ("endDateReason", "the report shows the date as it is"),
    ("setAsideReason", "a risk that is set aside is counted, and not told of"),
    ("carriedJustification", "why next year's plan takes up a deficiency or not is that plan's"),
    ("opinionComment", "the auditors' report is named, and says it better"),
    ("indicatorNote", "how the indicator is measured stands in the budget"),
];

/// The plan's own texts: its document prints them, and so does the report that follows it up.
const IN_THE_PLAN: [&str; 12] = [
    "revisionReason",
    "standingHeading",
    "standingText",
    "background",
    "controlEnvironment",
    "riskAssessment",
    "controlActivities",
    "informationCommunication",
    "monitoring",
    "compliance",
    "deficiencies",
    "planAssurance",
];

both! {
    /// Each text field of the register, filled with a word of its own, is looked for in each format of the report.
    fn every_text_stands_where_the_reader_looks(world: &World) {
        let c = &world.controller;
        let mut fields: Vec<&'static str> = Vec::new();
        let mut t = |field: &'static str| { fields.push(field); token(field) };
        let new = c.with("if-none-match", "*");
        let any = c.with("if-match", "*");

        let goal = world.goal(2024, &t("goal"));
        let mandatory = world.issue(2024, "risk", &t("mandatoryRisk"), &goal);
        let area = world.issue(2024, "area", &t("mandatoryArea"), &goal);
        assert_ne!(mandatory, area);
        let text = json!({"organisationId": world.board, "year": 2024, "language": "sv", "key": "egen",
            "heading": t("standingHeading"), "text": t("standingText")});
        c.post("/standing-texts", text).expect(201);
        let indicator = json!({"goalId": goal, "name": t("indicator"), "decidedBy": "council", "note": t("indicatorNote")});
        let indicator = world.admin.post("/indicators", indicator).expect(201).id();

        let plan = world.plan(2024);
        let at_plan = format!("/plans/{plan}");
        for (section, field) in [
            ("background", "background"), ("controlEnvironment", "controlEnvironment"), ("riskAssessment", "riskAssessment"),
            ("controlActivities", "controlActivities"), ("informationCommunication", "informationCommunication"),
            ("monitoring", "monitoring"), ("compliance", "compliance"), ("deficiencies", "deficiencies"),
            ("assurance", "planAssurance"),
        ] {
            new.put(&format!("{at_plan}/sections/{section}"), json!({"text": t(field)})).expect(201);
        }
        let mut form = world.risk_form(&goal, &t("risk"), (4, 4));
        for field in ["description", "localGoal", "justification", "reference"] {
            form[field] = json!(t(match field {
                "description" => "riskDescription",
                "localGoal" => "localGoal",
                "justification" => "justification",
                _ => "reference",
            }));
        }
        let risk = c.post(&format!("{at_plan}/risks"), form).expect(201).id();
        let again = json!({"likelihood": 4, "consequence": 4, "reason": t("assessmentReason")});
        c.post(&format!("/risks/{risk}/assessments"), again).expect(201);
        let mut in_area = world.risk_form(&goal, &t("areaRisk"), (2, 2));
        in_area["areaId"] = json!(area);
        c.post(&format!("{at_plan}/risks"), in_area).expect(201);
        let low = world.risk(&plan, &goal, &t("riskTakenIn"), (1, 2)).id();
        new.put(&format!("/risks/{low}/inclusion"), json!({"reason": t("inclusionReason")})).expect(201);
        let aside = c.post(&format!("{at_plan}/risks"), json!({"name": "Åsidosatt"})).expect(201).id();
        new.put(&format!("/risks/{aside}/setting-aside"), json!({"reason": t("setAsideReason")})).expect(201);
        let control = json!({"name": t("control"), "description": t("controlDescription"), "frequency": t("frequency"),
            "recurrences": ["continuous"], "responsibleId": world.performer.id, "indicatorIds": [indicator]});
        let control = c.post(&format!("/risks/{risk}/controls"), control).expect(201).id();
        let action = json!({"name": t("action"), "description": t("actionDescription"), "responsibleId": world.performer.id,
            "startDate": "2024-01-01", "endDate": "2024-05-31",
            "financialEffect": {"fullYear": "2.5", "planYear": "1.0", "comment": t("effectComment")}});
        let action = c.post(&format!("/risks/{risk}/actions"), action).expect(201).id();
        let lacking = json!({"organisationId": world.board, "title": t("deficiency"), "description": t("deficiencyDescription"),
            "severity": "serious", "foundOn": "2024-03-02", "foundBy": t("foundBy"), "measures": t("measures")});
        let lacking = c.post("/deficiencies", lacking).expect(201).id();
        new.put(&format!("{at_plan}/deficiencies/{lacking}"), json!({"justification": t("carriedJustification")})).expect(201);
        world.complete(&plan);
        world.decide(&plan);
        c.post(&format!("{at_plan}/revision"), json!({"reason": t("revisionReason")})).expect(200);
        world.decide(&plan);
        let later = json!({"endDate": "2024-06-30", "endDateReason": t("endDateReason")});
        any.patch(&format!("/actions/{action}"), later).expect(200);

        let reference = |title: String, note: String, address: &str| json!([{"title": title, "note": note, "address": address}]);
        let of_control = format!("/controls/{control}/reports/t1");
        let form = json!({"status": "performedWithDeviations", "comment": t("controlComment"), "counts": {"samples": 4321, "faults": 2},
            "references": reference(t("controlReference"), t("controlNote"), "https://example.org/kontrollens-protokoll")});
        any.put(&of_control, form.clone()).expect(201);
        let of_action = format!("/actions/{action}/reports/t1");
        let form = json!({"status": "mostlyDone", "effect": "desired", "comment": t("actionComment"),
            "references": reference(t("actionReference"), t("actionNote"), "https://example.org/atgardens-protokoll")});
        any.put(&of_action, form).expect(201);
        let year = Year::of(world, &plan, &risk, &control, &control, &action);
        year.report_all("t1");
        let outcome = json!({"value": "12,5", "judgement": "missed", "cause": t("outcomeCause"), "actionIds": [action]});
        new.put(&format!("/indicators/{indicator}/outcomes/{}/t1", world.board), outcome).expect(201);
        let judged_parts = json!({"components": [{"component": "monitoring", "judgement": "partly", "reason": t("componentReason"),
            "principles": [{"number": 17, "judgement": "insufficient", "reason": t("principleReason")}]}]});
        new.put(&format!("{at_plan}/self-assessments/t1"), judged_parts).expect(201);
        let recommended = json!({"organisationId": world.board, "source": "auditors", "report": t("auditReport"), "year": 2024,
            "diaryNumber": t("auditDiaryNumber"), "text": t("recommendation")});
        let recommended = format!("/recommendations/{}", world.auditor.post("/recommendations", recommended).expect(201).id());
        world.auditor.post(&format!("{recommended}/entries"), json!({"text": t("auditorsEntry")})).expect(201);
        c.post(&format!("{recommended}/entries"), json!({"text": t("bodysEntry")})).expect(201);
        let opinion = json!({"organisationId": world.board, "year": 2024, "judgement": "partly", "report": t("opinionReport"),
            "givenOn": "2025-04-01", "comment": t("opinionComment")});
        world.auditor.post("/audit-opinions", opinion).expect(201);
        c.post_current(&format!("/deficiencies/{lacking}"), "/closure", json!({"reason": t("closureReason")})).expect(200);
        year.close("t1").expect(200);
        c.post(&format!("{}/reopening", year.period("t1")), json!({"reason": t("reopeningReason")})).expect(200);
        year.close("t1").expect(200);
        let first = year.report("t1");
        finalize(world, &first).expect(200);
        c.post(&format!("/reports/{first}/return"), json!({"reason": t("returnReason")})).expect(200);
        finalize(world, &first).expect(200);
        decide(world, &first).expect(200);
        let late = json!({"reason": t("controlCorrection"), "report": {"status": "notPerformed", "comment": t("controlCorrectionComment")}});
        c.post(&format!("{of_control}/corrections"), late).expect(201);
        let late = json!({"reason": t("actionCorrection"), "report": {"status": "offPlan", "comment": t("actionCorrectionComment")}});
        c.post(&format!("{of_action}/corrections"), late).expect(201);
        let report = year.report("t1");
        let own = json!({"introduction": t("introduction"), "conclusion": t("conclusion"), "assurance": t("assurance"),
            "diaryNumbers": [t("diaryNumber")]});
        c.patch_current(&at(&report), own).expect(200);

        let mut wrong = Vec::new();
        for (media, ..) in FORMATS {
            let all = words(media, &served(c, &report, media, "full").body);
            for field in &fields {
                let nowhere = NOWHERE.iter().any(|(name, _)| name == field);
                if all.contains(&token(field)) == nowhere {
                    wrong.push(format!("{field} {} {media}", if nowhere { "stands in" } else { "is missing in" }));
                }
            }
            for told in ["4321", "Kulturnämnden", "PerUtförare", "RutÄgare", "CarlController"] {
                if media != JSON && !all.contains(told) {
                    wrong.push(format!("{told} is missing in {media}"));
                }
            }
        }
        for (media, ..) in FORMATS {
            let document = c.with("accept", media).get(&format!("{at_plan}/document")).expect(200);
            let all = words(media, &document.body);
            let missing = IN_THE_PLAN.iter().filter(|field| !all.contains(&token(field)));
            wrong.extend(missing.map(|field| format!("{field} is missing in the plan's {media}")));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(NOWHERE.iter().all(|(name, _)| fields.contains(name)), "each of them was written");
    }

    fn what_is_long_or_not_there_survives(world: &World) {
        let goal = world.goal(2024, "En ekonomi i balans");
        let plan = world.plan(2024);
        let long = format!("{}slutet", "kommunalförvaltningsövergripande".repeat(2).chars().take(54).collect::<String>());
        assert_eq!(long.chars().count(), 60);
        let risk = world.risk(&plan, &goal, &format!("Risk för {long}"), (3, 4)).id();
        let control = json!({"name": "Löpande räkning av å, ä, ö, Å, Ä, Ö och é", "recurrences": ["continuous"],
            "responsibleId": world.performer.id});
        let control = world.controller.post(&format!("/risks/{risk}/controls"), control).expect(201).id();
        // Nothing is due of one that has neither control nor action; it is accepted with the written reason.
        let mut bare = world.risk_form(&goal, "Risk utan kontroll", (1, 2));
        bare["response"] = json!("accept");
        let bare = world.controller.post(&format!("/plans/{plan}/risks"), bare).expect(201).id();
        world.controller.with("if-none-match", "*").put(&format!("/risks/{bare}/inclusion"), json!({"reason": "Nämnden vill."})).expect(201);
        for section in crate::kit::plans::SECTIONS {
            let path = format!("/plans/{plan}/sections/{section}");
            world.controller.with("if-none-match", "*").put(&path, json!({"text": "Så arbetar nämnden."})).expect(201);
        }
        world.decide(&plan);
        let year = Year::of(world, &plan, &risk, &control, &control, "");
        // A control without a status, in a draft.
        let report = year.report("t1");
        for (media, ..) in FORMATS {
            let all = words(media, &served(&world.controller, &report, media, "full").body);
            for told in ["Riskutankontroll", "Löpanderäkningavå,ä,ö,Å,Ä,Öoché", &pdf::dense(&long)] {
                assert!(all.contains(told), "{told} in {media}");
            }
        }
        let told = document(&world.controller, &report);
        let one = &told["plan"]["goals"][0]["risks"][0]["controls"][0]["report"];
        assert_eq!((&one["due"], &one["reported"], &one["status"]), (&json!(true), &json!(false), &Value::Null));
        // A comment of ten lines.
        let lines: Vec<String> = (1..=10).map(|n| format!("Rad {n} om hur det gick i {long}.")).collect();
        let form = json!({"status": "notPerformed", "comment": lines.join("\n")});
        world.performer.with("if-match", "*").put(&format!("/controls/{control}/reports/t1"), form).expect(201);
        for (media, ..) in FORMATS {
            let all = words(media, &served(&world.controller, &report, media, "full").body);
            for line in &lines {
                assert!(all.contains(&pdf::dense(line)), "{line} in {media}");
            }
        }
    }
}
