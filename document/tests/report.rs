//! Follow-up reports in every format, and the plan's other formats, read back.

mod kit;

use std::collections::{BTreeMap, BTreeSet};

use kit::{Outcome, assert_inside, dense, docx_text, has, pages, paragraphs, part, parts, sheets, walk, xlsx_text};
use riskregister_document::snapshot::{
    Action, ActionEffect, ActionReport, ActionStatus, ControlReport, ControlStatus, Decision, Goal, LevelCount,
    OutcomeCount, PeriodKind, PlanSnapshot, ReportSnapshot, ReportStatus, Revised, RevisedRisk, Revision, ScoreThen,
    Secrecy, Since,
};
use riskregister_document::{
    Added, DocumentError, Format, Version, plan_content, plan_document, report_content, report_document,
};
use serde_json::{Value as Json, json};

const FORMATS: [Format; 4] = [Format::Pdf, Format::Docx, Format::Xlsx, Format::Json];

fn sample() -> Result<ReportSnapshot, serde_json::Error> {
    serde_json::from_str(include_str!("../examples/report.json"))
}

fn sample_plan() -> Result<PlanSnapshot, serde_json::Error> {
    serde_json::from_str(include_str!("../examples/sample.json"))
}

fn day(year: i32, month: u32, day: u32) -> Result<chrono::NaiveDate, &'static str> {
    chrono::NaiveDate::from_ymd_opt(year, month, day).ok_or("no such day")
}

fn decided(mut report: ReportSnapshot) -> Result<ReportSnapshot, Box<dyn std::error::Error>> {
    report.report.status = ReportStatus::Decided;
    report.decision = Some(Decision {
        decided_on: day(2024, 9, 26)?,
        deciding_board: "nämnden för exempel".into(),
        paragraph: "77".into(),
        diary_numbers: Vec::new(),
        ..Decision::default()
    });
    Ok(report)
}

fn full(report: &ReportSnapshot, format: Format) -> Result<Vec<u8>, DocumentError> {
    report_document(report, format, Version::Full)
}

/// What a reader finds in a file of a format.
fn text(file: &[u8], format: Format) -> Result<String, Box<dyn std::error::Error>> {
    Ok(match format {
        Format::Pdf => pages(file)?.concat(),
        Format::Docx => docx_text(file)?,
        Format::Xlsx => xlsx_text(file)?,
        Format::Json => String::from_utf8(file.to_vec())?,
    })
}

// ---- A snapshot in which nothing is empty.

fn everything() -> Json {
    let secrecy = || json!({ "provision": "x", "date": "2024-02-29", "authority": "x" });
    let reference = || json!([{ "title": "x", "address": "x", "note": "x" }]);
    let outcome = || json!({ "name": "x", "target": "x", "value": "x", "forecast": "x", "judgement": "atRisk" });
    let control = |id: &str, action: &str| {
        json!({
            "id": id, "name": "x", "description": "x", "frequency": "x", "responsible": "x", "indicators": ["x", "x"],
            "schedule": { "recurrences": ["annual", "oneOff"], "duePeriod": "interim", "dueDate": "2024-06-03",
                "indicatorIds": ["i"] },
            "report": {
                "due": true, "reported": true, "status": "performedWithDeviations", "postponed": true, "comment": "x",
                "counts": { "samples": 40, "faults": 2, "reportsReceived": 3, "reportsInvestigated": 1 },
                "references": reference(), "reportedOn": "2024-09-06", "reportedBy": "x", "onBehalfOf": "x",
                "previous": "performed", "outcomes": [outcome()],
                "corrections": [{ "on": "2024-10-01", "by": "x", "status": "notPerformed", "text": "x" }],
                "findings": [action], "secrecy": secrecy(),
            },
        })
    };
    let action = |id: &str, control: &str| {
        json!({
            "id": id, "name": "x", "description": "x", "startDate": "2024-01-15", "endDate": "2024-11-30",
            "responsible": "x", "addedAfterAdoption": true, "bornFrom": control,
            "financialEffect": { "fullYear": -12345, "planYear": 5, "nextYear": 10, "yearAfterNext": 0, "comment": "x" },
            "report": {
                "due": true, "reported": true, "status": "mostlyDone", "effect": "uncertain",
                "completedOn": "2024-08-30", "comment": "x", "overdue": true, "lateToStart": true,
                "references": reference(), "reportedOn": "2024-09-05", "reportedBy": "x", "onBehalfOf": "x",
                "previous": "onPlan", "previousEffect": "desired",
                "corrections": [{ "on": "2024-10-02", "by": "x", "status": "offPlan", "effect": "notDesired",
                    "completedOn": "2024-09-01", "text": "x" }],
                "secrecy": secrecy(),
            },
        })
    };
    let risk = |number: u32, inclusion: Json| {
        let (c, a) = (format!("c{number}"), format!("a{number}"));
        json!({
            "id": "r", "number": number, "reference": "x", "name": "x", "description": "x", "localGoal": "x",
            "category": "operational", "owner": "x", "organisation": "x", "likelihood": 1, "consequence": 2,
            "score": 12, "level": "high", "targetLevel": "low", "change": { "kind": "raised", "previous": 9 },
            "response": "limit", "justification": "x", "inclusion": inclusion, "irregularity": true,
            "secrecy": secrecy(), "controls": [control(&c, &a)], "actions": [action(&a, &c)],
        })
    };
    let step = |step: u32| json!({ "step": step, "label": "x", "description": "x" });
    let decision =
        || json!({ "decidedOn": "2024-05-02", "decidingBoard": "x", "paragraph": "x", "diaryNumbers": ["x"] });
    let checkpoint = || json!({ "origin": "x", "size": 1234, "root": "x" });
    let cell = |score: i32, level: &str| json!({ "score": score, "level": level });
    let mut snapshot = json!({
        "schema": 1,
        "report": {
            "id": "report-1", "kind": "annual", "version": 2, "replaces": 1, "status": "decided",
            "periodFrom": "2024-01-01", "periodTo": "2024-12-31", "deadline": "2025-01-20",
            "shownToManagementOn": "2025-01-28", "diaryNumbers": ["x"], "illustrative": true,
        },
        "decision": decision(),
        "plan": {
            "schema": 1, "register": "x",
            "plan": {
                "id": "plan-1", "year": 2024, "organisation": "x", "abbreviation": "x", "organisationKind": "company",
                "revision": 3, "status": "adopted", "diaryNumbers": ["x"], "illustrative": true,
            },
            "decision": decision(),
            "standingTexts": [{ "heading": "x", "text": "x" }],
            "sections": [],
            "policy": {
                "versionId": "v", "name": "x", "version": 2, "threshold": 8,
                "likelihoods": [step(1), step(2)], "consequences": [step(1), step(2)],
                "cells": [[cell(1, "low"), cell(12, "high")], [cell(2, "low"), cell(9, "high")]],
                "levels": [
                    { "key": "high", "label": "x", "colour": "red", "demand": "x" },
                    { "key": "low", "label": "x", "colour": "green", "demand": "x" },
                ],
            },
            "goals": [{ "id": "g", "number": "x", "name": "x", "risks": [
                risk(1, json!({ "reason": "decision", "text": "x" })),
                risk(2, json!({ "reason": "mandatory", "area": "x" })),
            ] }],
            "counts": [{ "level": "high", "count": 2 }, { "level": "low", "count": 0 }],
            "total": 2, "notIncluded": 1, "setAside": 2,
            "comparedWith": { "year": 2023, "nothingChanged": false, "gone": [
                { "reference": "x", "name": "x", "reason": "x", "secrecy": secrecy() },
                { "reference": "x", "name": "x", "reason": "x" },
            ] },
            "checkpoint": checkpoint(),
        },
        "since": { "kind": "interim", "version": 2, "decidedOn": "2024-09-26",
            "scores": [{ "number": 1, "score": 9 }], "newActions": ["a1"], "completedActions": ["a2"],
            "revised": { "since": 1, "sinceDecidedOn": "2024-03-12", "reason": "x",
                "risks": [{ "what": "removed", "number": 7, "reference": "x", "name": "x", "fields": ["owner"],
                    "previousScore": 9, "score": 6, "reason": "x", "secrecy": null }],
                "parts": [{ "what": "new", "kind": "control", "riskNumber": 1, "name": "x", "fields": ["name"],
                    "secrecy": null }],
                "sections": ["monitoring"] } },
        "outcomes": { "asked": 3, "answered": 2 },
        "mandatory": [{ "name": "x", "kind": "risk", "riskNumbers": [1] }, { "name": "x", "kind": "area", "riskNumbers": [2] }],
        "trend": {
            "periods": [
                { "kind": "interim", "controls": { "dash": 1, "green": 2, "yellow": 3, "red": 4, "missing": 5 },
                  "actions": { "dash": 1, "green": 2, "yellow": 3, "red": 4, "missing": 5 },
                  "effects": { "dash": 1, "green": 2, "yellow": 3, "red": 4, "missing": 5 } },
                { "kind": "annual", "controls": { "dash": 1, "green": 2, "yellow": 3, "red": 4, "missing": 5 },
                  "actions": { "dash": 1, "green": 2, "yellow": 3, "red": 4, "missing": 5 },
                  "effects": { "dash": 1, "green": 2, "yellow": 3, "red": 4, "missing": 5 } },
            ],
            "risks": [{ "number": 1, "lastYear": 4, "adopted": 9, "versions": [8, 9], "scores": [9, 12] }],
            "versions": [1, 2],
        },
        "deficiencies": [],
        "recommendations": [{
            "id": "rec", "source": "x", "report": "x", "diaryNumber": "x", "year": 2023, "text": "x", "responsible": "x",
            "status": "open",
            "entries": [{ "date": "2024-03-01", "side": "auditor", "text": "x" }, { "date": "2024-04-01", "side": "body", "text": "x" }],
            "actions": [{ "of": "plan", "id": "a1" }, { "of": "elsewhere", "name": "x" }],
        }],
        "auditOpinions": [{ "year": 2023, "judgement": "x", "report": "x" }],
        "indicators": [{ "outcome": outcome(), "goal": "x", "organisation": "x", "cause": "x",
            "actions": [{ "of": "plan", "id": "a2" }, { "of": "elsewhere", "name": "x" }] }],
        "selfAssessment": [{ "key": "riskAssessment", "judgement": "partly", "reason": "x",
            "principles": [{ "number": 8, "judgement": "insufficient", "reason": "x" }] }],
        "texts": { "introduction": "x", "conclusion": "x", "assurance": "x" },
        "checkpoint": checkpoint(),
    });
    // The second risk has no marking, and neither has what is reported on it: its words stay in the public version.
    let open = &mut snapshot["plan"]["goals"][0]["risks"][1];
    open["secrecy"] = Json::Null;
    open["actions"][0]["report"]["secrecy"] = Json::Null;
    let deficiency = |secrecy: Json| {
        json!({
            "id": "d", "what": "x", "foundOn": "2024-04-08", "foundBy": "x", "severity": "x", "suspectedCrime": true,
            "riskNumber": 2, "controlId": "c2", "reportedToBoardOn": "2024-04-25",
            "reportedToRegionWith": { "kind": "t1", "year": 2024 }, "done": "x", "closedOn": "2024-08-20",
            "closeReason": "x", "secrecy": secrecy,
        })
    };
    snapshot["deficiencies"] = json!([deficiency(secrecy()), deficiency(Json::Null)]);
    snapshot["plan"]["sections"] = [
        "background",
        "controlEnvironment",
        "riskAssessment",
        "controlActivities",
        "informationCommunication",
        "monitoring",
        "compliance",
        "deficiencies",
        "auditOpinion",
        "assurance",
    ]
    .map(|key| json!({ "key": key, "text": "x" }))
    .into();
    snapshot
}

/// Each place of a snapshot that is the placeholder, filled with a word of its own: the word, by the path.
fn tokens(json: &mut Json, path: &str, found: &mut BTreeMap<String, String>) {
    match json {
        Json::String(text) if text == "x" => {
            let token = format!("Tok{:04}x", found.len());
            token.clone_into(text);
            found.insert(path.to_owned(), token);
        }
        Json::Array(list) => {
            for (at, item) in list.iter_mut().enumerate() {
                tokens(item, &format!("{path}/{at}"), found);
            }
        }
        Json::Object(map) => {
            for (key, item) in map {
                tokens(item, &format!("{path}/{key}"), found);
            }
        }
        _ => {}
    }
}

/// Every field of the types is in the snapshot above, and every text of it is a placeholder or steers something.
#[test]
fn the_full_snapshot_forgets_no_field() -> Outcome {
    fn compare(written: &Json, read: &Json, path: &str, faults: &mut Vec<String>) {
        match (written, read) {
            (Json::Object(written), Json::Object(read)) => {
                let keys: BTreeSet<&String> = written.keys().chain(read.keys()).collect();
                for key in keys {
                    match (written.get(key), read.get(key)) {
                        (Some(a), Some(b)) => compare(a, b, &format!("{path}/{key}"), faults),
                        (Some(Json::Null), None) => {}
                        // A second thing of a kind may lack its marking.
                        (None, Some(Json::Null)) => faults.push(format!("{path}/{key} is not written")),
                        _ => faults.push(format!("{path}/{key} is not a field, or not written")),
                    }
                }
            }
            (Json::Array(written), Json::Array(read)) => {
                assert_eq!(written.len(), read.len(), "{path}");
                if written.is_empty() {
                    faults.push(format!("{path} is empty"));
                }
                for (at, (a, b)) in written.iter().zip(read).enumerate() {
                    compare(a, b, &format!("{path}/{at}"), faults);
                }
            }
            (a, b) if a == b => {}
            (a, b) => faults.push(format!("{path}: {a} became {b}")),
        }
    }
    let written = everything();
    let read: ReportSnapshot = serde_json::from_value(written.clone())?;
    let mut faults = Vec::new();
    compare(&written, &serde_json::to_value(&read)?, "", &mut faults);
    assert!(faults.is_empty(), "{faults:#?}");
    // A text that is not a placeholder is a word that the types or the checks know: any other is refused. Ids and
    // colours are the ones that nothing checks the letters of.
    let mut fixed = Vec::new();
    collect(&written, "", &mut fixed);
    for (path, _) in fixed {
        let last = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
        if ["id", "indicatorIds", "versionId", "colour", "organisationKind"].contains(&last) {
            continue;
        }
        let mut other = written.clone();
        *other.pointer_mut(&path).ok_or("a path")? = json!("Annat");
        let refused = match serde_json::from_value::<ReportSnapshot>(other) {
            Err(_) => true,
            Ok(snapshot) => full(&snapshot, Format::Json).is_err(),
        };
        assert!(refused, "{path} is a text that the test does not look for");
    }
    Ok(())
}

fn collect(json: &Json, path: &str, found: &mut Vec<(String, String)>) {
    match json {
        Json::String(text) if text != "x" => found.push((path.to_owned(), text.clone())),
        Json::Array(list) => {
            list.iter().enumerate().for_each(|(at, item)| collect(item, &format!("{path}/{at}"), found));
        }
        Json::Object(map) => map.iter().for_each(|(key, item)| collect(item, &format!("{path}/{key}"), found)),
        _ => {}
    }
}

/// Where a text is not printed in a report, and why.
const NOT_IN_REPORT: [(&str, &str); 1] =
    [("/plan/checkpoint/", "the report prints the checkpoint before its own decision")];

/// What one reads of HTML.
fn read_of(html: &str) -> String {
    let text: String = html.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text).collect();
    let written = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    written.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

/// A page shows what stands in the file, from its first chapter on: every paragraph of it.
#[test]
fn a_page_says_what_the_document_says() -> Outcome {
    let mut written = everything();
    tokens(&mut written, "", &mut BTreeMap::new());
    let mut snapshot: ReportSnapshot = serde_json::from_value(written)?;
    snapshot.texts.introduction = Some("Fem < sex & \"sju\".\n\n- ett\n- två".into());
    let (plan, ground) = (&snapshot.plan, "Bakgrund och rättslig grund");
    let files = [
        (report_content(&snapshot, &Added::default())?, full(&snapshot, Format::Docx)?, "Sammanfattning"),
        (plan_content(plan, &Added::default())?, plan_document(plan, Format::Docx, Version::Full)?, ground),
    ];
    for (content, file, first) in files {
        let shown = dense(&read_of(&content.html));
        let mut told = Vec::new();
        walk(&part(&file, "word/document.xml")?, |element, _| {
            if element.name == "w:p" {
                told.push(dense(&element.text));
            }
        })?;
        let told: Vec<String> = told.into_iter().skip_while(|line| *line != dense(first)).collect();
        assert!(told.len() > 100, "{told:#?}");
        let missing: Vec<&String> = told.iter().filter(|line| !shown.contains(line.as_str())).collect();
        assert!(missing.is_empty(), "{missing:#?} in {shown}");
        assert!(content.notices.iter().any(|notice| notice.alarm), "it holds what is marked");
        // The contents are the headings that stand there, and each thing is called by one name.
        for entry in &content.contents {
            let heading = format!("<h{0} id=\"{1}\">{2}</h{0}>", entry.level + 1, entry.at, entry.text);
            assert!(content.html.contains(&heading), "{heading}");
        }
        let ids: Vec<&str> = content.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{ids:?}");
        let regions = content.html.split("role=\"region\" aria-label=\"").skip(1);
        let regions: Vec<&str> = regions.filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(regions.len(), regions.iter().collect::<BTreeSet<_>>().len(), "{regions:?}");
        for to in content.html.split(" href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&to), "{to} is not there");
        }
    }
    Ok(())
}

#[test]
fn every_text_of_a_report_stands_in_every_format() -> Outcome {
    let mut written = everything();
    let mut found = BTreeMap::new();
    tokens(&mut written, "", &mut found);
    assert!(found.len() > 150, "{}", found.len());
    let snapshot: ReportSnapshot = serde_json::from_value(written)?;
    for format in FORMATS {
        let file = full(&snapshot, format)?;
        let text = dense(&text(&file, format)?);
        let missing: Vec<_> = found
            .iter()
            .filter(|(path, _)| format == Format::Json || !NOT_IN_REPORT.iter().any(|(not, _)| path.starts_with(not)))
            .filter(|(_, token)| !text.contains(token.as_str()))
            .collect();
        assert!(missing.is_empty(), "{format:?} lacks {missing:#?}");
        // And what is said not to be printed is not.
        let extra: Vec<_> = found
            .iter()
            .filter(|(path, token)| {
                format != Format::Json
                    && NOT_IN_REPORT.iter().any(|(not, _)| path.starts_with(not))
                    && text.contains(token.as_str())
            })
            .collect();
        assert!(extra.is_empty(), "{format:?} has {extra:#?}");
    }
    Ok(())
}

/// What only a report says of a plan's things.
fn plan_of_everything() -> Json {
    let mut plan = everything()["plan"].take();
    for risk in plan["goals"][0]["risks"].as_array_mut().into_iter().flatten() {
        for (list, key) in [("controls", "report"), ("actions", "report")] {
            for item in risk[list].as_array_mut().into_iter().flatten() {
                if let Some(map) = item.as_object_mut() {
                    map.remove(key);
                }
            }
        }
    }
    plan
}

#[test]
fn every_text_of_a_plan_stands_in_every_format() -> Outcome {
    let mut written = plan_of_everything();
    let mut found = BTreeMap::new();
    tokens(&mut written, "", &mut found);
    let snapshot: PlanSnapshot = serde_json::from_value(written)?;
    for format in FORMATS {
        let text = dense(&text(&plan_document(&snapshot, format, Version::Full)?, format)?);
        let missing: Vec<_> = found.iter().filter(|(_, token)| !text.contains(token.as_str())).collect();
        assert!(missing.is_empty(), "{format:?} lacks {missing:#?}");
    }
    Ok(())
}

/// Which texts carry a marking: all below these places, but for those who hold an office and the marking itself.
fn is_marked(path: &str) -> bool {
    let kept = ["/owner", "/organisation", "/responsible", "/reportedBy", "/onBehalfOf", "/reference", "/by"];
    if path.contains("/secrecy/") || kept.iter().any(|end| path.ends_with(end)) {
        return false;
    }
    let in_comment = |report: &str| {
        path.starts_with(report)
            && ["/comment", "/text", "/title", "/address", "/note"].iter().any(|end| path.ends_with(end))
    };
    path.starts_with("/plan/goals/0/risks/0/")
        || in_comment("/plan/goals/0/risks/1/controls/0/report/")
        || path.starts_with("/plan/comparedWith/gone/0/")
        || path.starts_with("/deficiencies/0/") && !path.ends_with("/severity")
}

#[test]
fn the_public_version_has_no_marked_word() -> Outcome {
    let mut written = everything();
    let mut found = BTreeMap::new();
    tokens(&mut written, "", &mut found);
    let snapshot: ReportSnapshot = serde_json::from_value(written)?;
    let marked: Vec<(&String, &String)> = found.iter().filter(|(path, _)| is_marked(path)).collect();
    assert!(marked.len() > 30, "{marked:#?}");
    for format in FORMATS {
        let file = report_document(&snapshot, format, Version::Public)?;
        // Every part of the file, also where no reader looks.
        let whole = match format {
            Format::Docx | Format::Xlsx => parts(&file)?.into_iter().map(|(_, text)| text).collect(),
            _ => text(&file, format)?,
        };
        let whole = dense(&whole);
        let leaked: Vec<_> = marked.iter().filter(|(_, token)| whole.contains(token.as_str())).collect();
        assert!(leaked.is_empty(), "{format:?} has {leaked:#?}");
        let lost: Vec<_> = found
            .iter()
            .filter(|(path, _)| !is_marked(path))
            .filter(|(path, _)| format == Format::Json || !NOT_IN_REPORT.iter().any(|(not, _)| path.starts_with(not)))
            // Markings below a masked risk are the risk's.
            .filter(|(path, _)| !path.starts_with("/plan/goals/0/risks/0/") || !path.contains("/report/secrecy/"))
            .filter(|(_, token)| !whole.contains(token.as_str()))
            .collect();
        assert!(lost.is_empty(), "{format:?} lost {lost:#?}");
        assert!(whole.contains(&dense("Uppgiften omfattas av sekretess (Tok")), "{format:?}");
        let said = if format == Format::Json { r#""publicVersion":{"masked":4}"# } else { "4 uppgifter är maskerade" };
        assert!(whole.contains(&dense(said)), "{format:?} does not say how much is masked");
    }
    let pdf = report_document(&snapshot, Format::Pdf, Version::Public)?;
    assert!(pages(&pdf)?[0].contains("Offentlig version"));
    assert!(!pages(&full(&snapshot, Format::Pdf)?)?.concat().contains("Offentlig version"));
    Ok(())
}

#[test]
fn the_public_version_of_what_has_no_marking_says_so_and_masks_nothing() -> Outcome {
    let mut open = sample()?;
    open.deficiencies.iter_mut().for_each(|deficiency| deficiency.secrecy = None);
    open.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).for_each(|risk| risk.secrecy = None);
    let public = docx_text(&report_document(&open, Format::Docx, Version::Public)?)?;
    let whole = docx_text(&full(&open, Format::Docx)?)?;
    let added: String = paragraphs(&public).filter(|line| !paragraphs(&whole).any(|other| other == *line)).collect();
    assert_eq!(added, "Offentlig versionInga uppgifter i dokumentet är maskerade.");
    let plan = sample_plan()?;
    let json: PlanSnapshot = serde_json::from_slice(&plan_document(&plan, Format::Json, Version::Full)?)?;
    assert_eq!(json, plan);
    Ok(())
}

#[test]
fn the_same_snapshot_gives_the_same_bytes_in_every_format() -> Outcome {
    let report = sample()?;
    let plan = sample_plan()?;
    for format in FORMATS {
        for version in [Version::Full, Version::Public] {
            let (first, second) = std::thread::scope(|scope| {
                let other = scope.spawn(|| report_document(&report, format, version));
                (report_document(&report, format, version), other.join())
            });
            assert!(first? == second.map_err(|_| "the other thread failed")??, "{format:?} {version:?}");
        }
        if format != Format::Pdf {
            let once = plan_document(&plan, format, Version::Full)?;
            // A clock with seconds would tick between the two.
            let again = plan_document(&plan, format, Version::Full)?;
            assert!(once == again, "{format:?}");
        }
    }
    let docx = full(&report, Format::Docx)?;
    assert!(!part(&docx, "docProps/core.xml")?.contains("dcterms:created"), "a draft has no date");
    let xlsx = full(&report, Format::Xlsx)?;
    assert!(part(&xlsx, "docProps/core.xml")?.contains("2000-01-01T00:00:00Z"), "a draft must not take the clock's");
    Ok(())
}

#[test]
fn a_decided_report_is_accessible_and_archivable_and_a_draft_is_marked() -> Outcome {
    let pdf = full(&decided(sample()?)?, Format::Pdf)?;
    for mark in [
        "/Lang(sv-SE)",
        "/MarkInfo<</Marked true",
        "/StructTreeRoot",
        "/DisplayDocTitle true",
        "/Outlines",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "Uppföljning av intern kontroll, delår\u{a0}2024 – Stockholms läns sjukvårdsområde",
        "<xmp:CreateDate>2024-09-26T00:00:00Z</xmp:CreateDate>",
        "/S/TH",
        "/Scope/Row",
        "/Scope/Column",
        "/S/Figure",
        "/S/H3",
    ] {
        assert!(has(&pdf, mark), "{mark} is missing");
    }
    let sealed = pages(&pdf)?;
    assert!(sealed.iter().all(|page| !page.contains("UTKAST")));
    assert!(dense(&sealed[0]).contains(&dense("Beslutad av nämnden för exempel 26 september 2024, § 77")));
    // What is missing is the draft's.
    assert!(!sealed.concat().contains("Rapporter som saknas"));
    let draft = full(&sample()?, Format::Pdf)?;
    assert!(has(&draft, "<pdfuaid:part>1</pdfuaid:part>") && !has(&draft, "<pdfaid:part>"));
    for (index, page) in pages(&draft)?.iter().enumerate() {
        assert!(page.contains("UTKAST"), "page {} is not marked", index + 1);
    }
    assert!(pages(&draft)?.concat().contains("Rapporter som saknas"));
    assert_inside(&draft)?;
    let docx = full(&sample()?, Format::Docx)?;
    assert!(part(&docx, "word/header1.xml")?.contains("UTKAST"));
    assert!(docx_text(&docx)?.contains("\nUTKAST\n"));
    assert!(!docx_text(&full(&decided(sample()?)?, Format::Docx)?)?.contains("UTKAST"));
    assert!(xlsx_text(&full(&sample()?, Format::Xlsx)?)?.contains("UTKAST"));
    Ok(())
}

#[test]
fn what_has_a_status_and_is_not_due_is_told_above_the_table() -> Outcome {
    let said = |report: &ReportSnapshot| {
        Ok::<_, Box<dyn std::error::Error>>(dense(&pages(&full(report, Format::Pdf)?)?.concat()))
    };
    let told = dense("1 åtgärd som inte skulle rapporteras i perioden.");
    let mut report = sample()?;
    assert!(!said(&report)?.contains(&told));
    let mut actions = report.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).flat_map(|risk| &mut risk.actions);
    let has_status = |action: &&mut Action| action.report.as_ref().is_some_and(|of| of.due && of.status.is_some());
    let action = actions.find(has_status).ok_or("an action with a status")?;
    action.report.iter_mut().for_each(|of| of.due = false);
    let text = said(&report)?;
    assert!(text.contains(&dense("och 11 åtgärder rapporteras")) && text.contains(&told), "{text}");
    Ok(())
}

#[test]
fn a_report_says_what_the_board_needs() -> Outcome {
    let text = dense(&pages(&full(&sample()?, Format::Pdf)?)?.concat());
    for sentence in [
        "I perioden skulle 10 kontroller och 12 åtgärder rapporteras senast 10 september 2024. 21 av 22 har rapporterats och \
         1 saknas.",
        "Den förra uppföljningen avsåg T1 2024 och beslutades 30 maj 2024.",
        "Hantering av icke bärkraftiga verksamheter 20 16",
        "Nämnden: 2024-04-25, efter 17 dagar",
        "Nämnden: 2024-06-03, samma dag",
        "2 brister har rapporterats. 1 är inte avslutad.",
        "Misstanke om brott",
        "Felaktiga bidragsutbetalningar Riskområde Saknas i planen",
        "Ingen åtgärd är kopplad",
        "8. Beakta oegentligheter: delvis tillräcklig",
        "Sammanlagt antal i dessa kontroller: stickprover 25, fel 1, inkomna rapporter 3, utredda rapporter 2.",
        "Föranledd av kontrollen: Månadsvis genomgång av driftstörningar i kritiska system",
        "Antal: stickprover 40, fel 4.",
        "Slutdatum har passerat",
        "Kontrollen är inte planerad i perioden, eller planerad i en kommande period.",
    ] {
        assert!(text.contains(&dense(sentence)), "{sentence} in {text}");
    }
    for absent in ["klicka", "Klicka", "frågetecken", "None", "none"] {
        assert!(!text.contains(absent), "{absent}");
    }
    // The report itself has no assurance in this period: what stands is the plan's, and says so before it.
    let (before, plans) =
        text.split_once(&dense("Texterna står i planen för intern kontroll 2024")).ok_or("the plan's texts")?;
    let own = before.rsplit("Sammanfattning").next().unwrap_or_default();
    assert!(plans.contains("Försäkran") && !own.contains("Försäkran"));
    Ok(())
}

#[test]
fn what_is_empty_is_said_or_left_out() -> Outcome {
    let mut bare = sample()?;
    bare.since = None;
    bare.mandatory.clear();
    bare.trend.periods.clear();
    bare.trend.risks.clear();
    bare.deficiencies.clear();
    bare.recommendations.clear();
    bare.audit_opinions.clear();
    bare.indicators.clear();
    bare.outcomes = Some(OutcomeCount { asked: 0, answered: 0 });
    bare.self_assessment.clear();
    bare.plan.goals.clear();
    bare.plan.total = 0;
    bare.plan.counts.clear();
    bare.plan.compared_with = None;
    for format in FORMATS {
        full(&bare, format)?;
    }
    let text = dense(&pages(&full(&bare, Format::Pdf)?)?.concat());
    for said in [
        "Planen innehåller inga risker.",
        "Ingenting skulle rapporteras i perioden.",
        "Ingenting skulle rapporteras i perioden, så ingen status har satts.",
        "Det finns ingen tidigare beslutad uppföljning av planen att jämföra med.",
        "Inga brister har rapporterats.",
        "Det finns inga rekommendationer att följa upp.",
        "Inga indikatorer hör till planens mål.",
        "Ingen risk i planen är märkt som risk för fel och oegentligheter.",
    ] {
        assert!(text.contains(&dense(said)), "{said} in {text}");
    }
    for absent in ["Utvecklingunderåret", "Obligatoriskarisker1", "Ekonomiskeffektavåtgärder", "Bedömningavdeninterna"]
    {
        assert!(!text.contains(absent), "{absent}");
    }
    bare.report.kind = riskregister_document::snapshot::PeriodKind::Annual;
    assert!(pages(&full(&bare, Format::Pdf)?)?.concat().contains("Komponenterna är ännu inte bedömda."));
    Ok(())
}

/// Each sentence that says that there is none of something, that all is there, or that nothing has changed: printed where
/// it was asked and answered, and not in the opposite case.
#[test]
fn none_is_said_only_where_it_was_asked_and_answered() -> Outcome {
    fn no_reports(snapshot: &mut ReportSnapshot, due: bool) {
        for risk in snapshot.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
            for control in &mut risk.controls {
                control.report = Some(ControlReport { due, ..ControlReport::default() });
            }
            for action in &mut risk.actions {
                action.report = Some(ActionReport { due, ..ActionReport::default() });
            }
        }
    }
    fn green(snapshot: &mut ReportSnapshot) {
        no_reports(snapshot, true);
        for risk in snapshot.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks) {
            for report in risk.controls.iter_mut().filter_map(|control| control.report.as_mut()) {
                (report.reported, report.status) = (true, Some(ControlStatus::Performed));
            }
            for report in risk.actions.iter_mut().filter_map(|action| action.report.as_mut()) {
                (report.reported, report.status, report.effect) =
                    (true, Some(ActionStatus::OnPlan), Some(ActionEffect::Desired));
            }
        }
    }
    fn previous(snapshot: &mut ReportSnapshot, control: ControlStatus) {
        green(snapshot);
        for report in
            snapshot.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).flat_map(|risk| &mut risk.controls)
        {
            report.report.iter_mut().for_each(|report| report.previous = Some(control));
        }
    }
    fn without_one(snapshot: &mut ReportSnapshot) {
        green(snapshot);
        let first =
            snapshot.plan.goals.iter_mut().flat_map(|goal| &mut goal.risks).flat_map(|risk| &mut risk.controls).next();
        first.and_then(|control| control.report.as_mut()).iter_mut().for_each(|report| {
            (report.reported, report.status) = (false, None);
        });
    }
    fn asked(snapshot: &mut ReportSnapshot, asked: u32, answered: u32) {
        snapshot.indicators.clear();
        snapshot.outcomes = Some(OutcomeCount { asked, answered });
    }
    fn same_scores(snapshot: &mut ReportSnapshot, more: i32) {
        let scores = snapshot.plan.goals.iter().flat_map(|goal| &goal.risks);
        let scores = scores.map(|x| ScoreThen { number: x.number, score: x.score.map(|score| score + more) }).collect();
        snapshot.since = Some(Since {
            kind: PeriodKind::T1,
            version: 1,
            decided_on: None,
            scores,
            new_actions: Vec::new(),
            completed_actions: Vec::new(),
            revised: None,
        });
    }
    fn with_a_new_risk(snapshot: &mut ReportSnapshot) {
        same_scores(snapshot, 0);
        let new = RevisedRisk {
            what: Revision::New,
            number: 1,
            reference: "1".into(),
            name: "Ny".into(),
            fields: Vec::new(),
            previous_score: None,
            score: Some(12),
            reason: None,
            secrecy: None,
        };
        let revised = Revised {
            since: 1,
            since_decided_on: None,
            reason: None,
            risks: vec![new],
            parts: Vec::new(),
            sections: Vec::new(),
        };
        snapshot.since.iter_mut().for_each(|since| since.revised = Some(revised.clone()));
    }
    type Case = (&'static str, fn(&mut ReportSnapshot), fn(&mut ReportSnapshot));
    let cases: [Case; 12] = [
        ("Allt har rapporterats.", green, without_one),
        ("Ingenting skulle rapporteras i perioden.", |s| no_reports(s, false), |s| no_reports(s, true)),
        ("Ingen status har rapporterats i perioden.", |s| no_reports(s, true), green),
        ("Ingen kontroll eller åtgärd har röd status.", green, without_one),
        ("Ingen indikator bedöms riskera att inte nå målet.", |s| asked(s, 3, 3), |s| asked(s, 3, 2)),
        ("Ingen av dem bedöms riskera att inte nå målet.", |s| asked(s, 3, 2), |s| asked(s, 3, 0)),
        ("Inga indikatorer hör till planens mål.", |s| asked(s, 0, 0), |s| asked(s, 1, 0)),
        ("Inget riskvärde har ändrats.", |s| same_scores(s, 0), |s| same_scores(s, 1)),
        ("Inget riskvärde har ändrats för de risker som finns i båda uppföljningarna.", with_a_new_risk, |s| {
            same_scores(s, 0)
        }),
        (
            "Ingen status har ändrats.",
            |s| {
                same_scores(s, 0);
                previous(s, ControlStatus::Performed);
            },
            |s| {
                same_scores(s, 0);
                previous(s, ControlStatus::NotPerformed);
            },
        ),
        (
            "Ingen kontroll eller åtgärd har status i båda uppföljningarna, så de kan inte jämföras.",
            |s| {
                same_scores(s, 0);
                green(s);
            },
            |s| {
                same_scores(s, 0);
                previous(s, ControlStatus::Performed);
            },
        ),
        (
            "Det finns ingen tidigare beslutad uppföljning av planen att jämföra med.",
            |s| s.since = None,
            |s| same_scores(s, 0),
        ),
    ];
    for (said, when, opposite) in cases {
        for (change, expected) in [(when, true), (opposite, false)] {
            let mut report = sample()?;
            change(&mut report);
            for format in [Format::Pdf, Format::Docx] {
                let text = dense(&text(&full(&report, format)?, format)?);
                assert_eq!(text.contains(&dense(said)), expected, "{format:?}: {said}");
            }
        }
    }
    Ok(())
}

/// A report of this many risks, each with a control and an action.
fn many(count: u32) -> Result<ReportSnapshot, Box<dyn std::error::Error>> {
    let mut report = sample()?;
    let mut pattern = report.plan.goals[0].risks[0].clone();
    pattern.controls.truncate(1);
    pattern.actions.truncate(1);
    let risks = (1..=count)
        .map(|number| {
            let mut risk = pattern.clone();
            risk.number = number;
            risk.name = format!("Risken {number}");
            for control in &mut risk.controls {
                control.id = format!("{}-{number}", control.id);
                control.report.iter_mut().for_each(|report| report.findings.clear());
            }
            for action in &mut risk.actions {
                action.id = format!("{}-{number}", action.id);
                action.born_from = None;
            }
            risk
        })
        .collect();
    let level = pattern.level.clone().unwrap_or_default();
    report.plan.goals = vec![Goal { id: "g".into(), number: None, name: "Målet".into(), risks }];
    report.plan.total = count;
    report.plan.counts = vec![LevelCount { level, count }];
    report.since = None;
    report.mandatory.clear();
    report.trend.risks.clear();
    report.deficiencies.clear();
    report.recommendations.clear();
    report.indicators.clear();
    Ok(report)
}

#[test]
fn two_hundred_risks_are_one_report() -> Outcome {
    let report = many(200)?;
    let pdf = full(&report, Format::Pdf)?;
    assert_inside(&pdf)?;
    let text = dense(&pages(&pdf)?.concat());
    assert!(text.contains("Planenomfattar200riskermed200kontrolleroch200åtgärder"), "{text}");
    assert!(text.matches("Risken200").count() >= 2);
    let docx = docx_text(&full(&report, Format::Docx)?)?;
    assert_eq!(docx.lines().filter(|line| *line == "200 Risken 200").count(), 1);
    let book = sheets(&full(&report, Format::Xlsx)?)?;
    let risks = &book.iter().find(|(name, _)| name == "Risker").ok_or("no sheet of risks")?.1;
    assert_eq!(risks.height(), 201);
    Ok(())
}

const TEN_LINES: &str =
    "Rad ett om utfallet\nRad två\nRad tre\nRad fyra\nRad fem\nRad sex\nRad sju\nRad åtta\nRad nio\nRad tio";

#[test]
fn odd_texts_survive_in_every_format() -> Outcome {
    let long_word = "regelefterlevnadsriskbedömningsstrategiutvecklingsplan".repeat(2);
    let texts = [
        "=1+2",
        "+46 8 123 45 67",
        "-5 procent",
        "@SUMMA(A1)",
        "=HYPERLINK(\"https://example.org\")",
        "Åtgärd för äldre på öar & <b>fet</b> \"citat\" 'apostrof' #panic() $x$ *a* _b_",
        long_word.as_str(),
        TEN_LINES,
    ];
    let mut report = many(8)?;
    for (risk, text) in report.plan.goals[0].risks.iter_mut().zip(texts) {
        risk.description = Some(text.into());
        risk.name = text.lines().next().unwrap_or_default().into();
        if let Some(of) = risk.controls[0].report.as_mut() {
            of.comment = Some(text.into());
        }
        if let Some(of) = risk.actions[0].report.as_mut() {
            of.comment = Some(text.into());
        }
    }
    // A risk without controls, a control without a status, an action without dates.
    report.plan.goals[0].risks[0].controls[0].report = None;
    report.plan.goals[0].risks[1].controls.clear();
    report.plan.goals[0].risks[2].actions[0].start_date = None;
    report.plan.goals[0].risks[3].controls[0].report = Some(ControlReport { due: true, ..ControlReport::default() });
    for format in FORMATS {
        let file = full(&report, format)?;
        let said = dense(&text(&file, format)?);
        for text in texts {
            let wanted = if format == Format::Json { serde_json::to_string(text)? } else { text.to_owned() };
            assert!(said.contains(&dense(&wanted)), "{format:?} lacks {text}");
        }
    }
    assert_inside(&full(&report, Format::Pdf)?)?;
    let xlsx = full(&report, Format::Xlsx)?;
    for (name, xml) in parts(&xlsx)? {
        assert!(
            !name.starts_with("xl/worksheets/") || !xml.contains("<f>") && !xml.contains("<f "),
            "{name} has a formula"
        );
    }
    let book = sheets(&xlsx)?;
    let risks = &book.iter().find(|(name, _)| name == "Risker").ok_or("no sheet of risks")?.1;
    let column = risks.rows().next().into_iter().flatten().position(|cell| *cell == "Risk").ok_or("Risk")?;
    assert_eq!(risks.get((1, column)), Some(&calamine::Data::String("=1+2".into())));
    // The lines of a comment stay lines.
    assert!(xlsx_text(&xlsx)?.contains(TEN_LINES));
    assert!(
        part(&full(&report, Format::Docx)?, "word/document.xml")?.contains("Rad nio</w:t></w:r><w:r><w:br/></w:r>")
    );
    Ok(())
}

#[test]
fn columns_of_sheets_have_types_filters_and_frozen_headings() -> Outcome {
    use calamine::Data;
    let xlsx = full(&sample()?, Format::Xlsx)?;
    let book = sheets(&xlsx)?;
    let names: Vec<&str> = book.iter().map(|(name, _)| name.as_str()).collect();
    for wanted in [
        "Om",
        "Sammanställning",
        "Risker",
        "Kontroller",
        "Åtgärder",
        "Matris",
        "Obligatoriska risker",
        "Utveckling",
        "Riskvärden",
        "Indikatorer",
        "Brister",
        "Rekommendationer",
        "Revisorernas bedömning",
        "Intern kontroll",
        "Texter",
        "Läsanvisning",
    ] {
        assert!(names.contains(&wanted), "{wanted} in {names:?}");
    }
    let value = |sheet: &str, column: &str, row: u32| -> Option<Data> {
        let range = &book.iter().find(|(name, _)| name == sheet)?.1;
        let at = range.rows().next()?.iter().position(|cell| *cell == column)?;
        range.get((usize::try_from(row).ok()?, at)).cloned()
    };
    for (column, wanted) in [("Nr", 1.0), ("Sannolikhet", 3.0), ("Konsekvens", 4.0), ("Riskvärde", 12.0)] {
        assert_eq!(value("Risker", column, 1), Some(Data::Float(wanted)), "{column}");
    }
    assert_eq!(value("Risker", "Risknivå", 1), Some(Data::String("Hög risk".into())));
    assert_eq!(value("Risker", "Ändring", 1), Some(Data::String("Höjt från 8".into())));
    // A filter is set by a word; the shape stands before it.
    assert_eq!(value("Kontroller", "Status", 1), Some(Data::String("Genomförd utan avvikelser".into())));
    assert_eq!(value("Kontroller", "Status, form", 1), Some(Data::String("●".into())));
    let date = value("Åtgärder", "Slut", 1).ok_or("no end")?;
    assert!(matches!(date, Data::DateTime(_)), "{date:?}");
    assert_eq!(calamine::DataType::as_date(&date), Some(day(2024, 12, 31)?));
    // Nobody in the sample has been put off, and what is empty is left out.
    assert_eq!(value("Kontroller", "Framflyttad", 0), None);
    for (name, xml) in parts(&xlsx)?.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")) {
        assert!(xml.contains(r#"state="frozen""#), "{name} has no frozen heading");
    }
    let filtered = parts(&xlsx)?.iter().filter(|(_, xml)| xml.contains("<autoFilter ")).count();
    // All but the matrix, which is a picture in cells.
    assert_eq!(filtered, names.len() - 1);
    let tables: Vec<String> =
        parts(&xlsx)?.into_iter().filter(|(name, _)| name.starts_with("xl/tables/")).map(|(_, xml)| xml).collect();
    assert_eq!(tables.len(), names.len() - 1);
    for name in ["Om_dokumentet", "Risker", "Kontroller", "Åtgärder", "Obligatoriska_risker", "Läsanvisning"] {
        assert!(tables.iter().any(|xml| xml.contains(&format!(r#"displayName="{name}""#))), "no table {name}");
    }
    Ok(())
}

/// On paper each sheet is as wide as its pages, and each page says which row and column it shows.
#[test]
fn sheets_are_printed_fit_to_the_paper_with_their_headings() -> Outcome {
    let xlsx = full(&sample()?, Format::Xlsx)?;
    let sheets = parts(&xlsx)?.into_iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet"));
    for (name, xml) in sheets {
        assert!(
            xml.contains(r#"<pageSetUpPr fitToPage="1"/>"#) && xml.contains(r#"fitToHeight="0""#),
            "{name}: {xml:.400}"
        );
        assert!(xml.contains("Sida &amp;P (&amp;N)"), "{name}");
    }
    let names = part(&xlsx, "xl/workbook.xml")?;
    for wanted in ["Risker!$A:$B,Risker!$1:$2", "Kontroller!$A:$B,Kontroller!$1:$2", "Texter!$1:$2"] {
        assert!(names.contains(wanted), "{wanted} in {names}");
    }
    Ok(())
}

/// The contents of the Word file have page numbers as it is opened, without a question, and say whose they are.
#[test]
fn the_contents_of_a_word_file_have_the_pages_of_the_pdf() -> Outcome {
    let report = sample()?;
    let printed = pages(&full(&report, Format::Pdf)?)?;
    let docx = full(&report, Format::Docx)?;
    let text = docx_text(&docx)?;
    let entries: Vec<(&str, usize)> =
        text.lines().filter_map(|line| line.split_once('\t')).filter_map(|(n, p)| Some((n, p.parse().ok()?))).collect();
    assert!(entries.len() > 20, "{entries:?}");
    for (entry, page) in &entries {
        let here = printed.get(page - 1).ok_or("a page")?;
        assert!(dense(here).contains(&dense(entry)), "{entry} on page {page}: {here}");
    }
    assert!(entries.windows(2).all(|pair| pair[0].1 <= pair[1].1) && entries[0].1 > 1);
    assert!(text.lines().any(|line| line == "Sidnumren är PDF-versionens."));
    let xml = part(&docx, "word/document.xml")?;
    assert!(xml.contains(r#" TOC \o "1-2" \h \z \u "#));
    assert!(!part(&docx, "word/settings.xml")?.contains("updateFields") && !xml.contains("w:dirty"));
    Ok(())
}

/// Files that are made of the same snapshot in another way say so.
#[test]
fn each_file_names_the_way_it_was_made() -> Outcome {
    let report = sample()?;
    let format = format!("dokumentformat {}", riskregister_document::FORMAT);
    assert!(has(&full(&report, Format::Pdf)?, &format));
    assert!(part(&full(&report, Format::Docx)?, "docProps/app.xml")?.contains(&format));
    let custom = part(&full(&report, Format::Xlsx)?, "docProps/custom.xml")?;
    assert!(custom.contains(r#"name="Dokumentformat""#) && custom.contains(&riskregister_document::FORMAT.to_string()));
    let json: Json = serde_json::from_slice(&full(&report, Format::Json)?)?;
    assert!(json["schema"].is_u64() && json["plan"]["schema"].is_u64());
    Ok(())
}

/// A page is turned for something to read.
#[test]
fn no_page_holds_a_heading_alone() -> Outcome {
    fn hold(pdf: &[u8], what: &str) -> Outcome {
        for (index, page) in pages(pdf)?.iter().enumerate().skip(1) {
            let lines = page.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("Sekretessmarkerad: "));
            // Whose it is and what it is called stand at the head; a chapter and its first section are two lines.
            let below: Vec<&str> = lines.skip(2).collect();
            assert!(below.len() > 2, "page {} of {what}: {below:?}", index + 1);
        }
        Ok(())
    }
    let (mut report, mut plan) = (sample()?, sample_plan()?);
    for filler in (0..12).step_by(3) {
        let text = "Ett stycke som flyttar allt annat nedåt.\n\n".repeat(3 * filler + 1);
        report.texts.introduction = Some(text.clone());
        hold(&full(&report, Format::Pdf)?, &format!("the report with {filler}"))?;
        plan.sections[0].text = text;
        hold(&plan_document(&plan, Format::Pdf, Version::Full)?, &format!("the plan with {filler}"))?;
    }
    Ok(())
}

#[test]
fn a_docx_has_styles_headings_and_tables_that_word_knows() -> Outcome {
    let docx = full(&sample()?, Format::Docx)?;
    for (name, xml) in parts(&docx)? {
        walk(&xml, |_, _| {}).map_err(|error| format!("{name}: {error}"))?;
    }
    assert!(part(&docx, "docProps/core.xml")?.contains("<dc:language>sv-SE</dc:language>"));
    assert!(part(&docx, "docProps/core.xml")?.contains("<dc:title>Uppföljning av intern kontroll, delår\u{a0}2024 – "));
    let styles = part(&docx, "word/styles.xml")?;
    for mark in [
        r#"<w:lang w:val="sv-SE""#,
        r#"w:default="1" w:styleId="Normal"#,
        r#"<w:name w:val="heading 1"/>"#,
        r#"<w:name w:val="heading 2"/>"#,
        r#"<w:name w:val="heading 3"/>"#,
        r#"<w:name w:val="Title"/>"#,
        r#"<w:name w:val="List Bullet"/>"#,
    ] {
        assert!(styles.contains(mark), "{mark} is missing");
    }
    let mut known = BTreeSet::new();
    walk(&styles, |element, _| {
        if element.name == "w:style" {
            known.extend(element.attribute("w:styleId").map(str::to_owned));
        }
    })?;
    let xml = part(&docx, "word/document.xml")?;
    let mut headings: BTreeMap<String, usize> = BTreeMap::new();
    let (mut tables, mut headers, mut spans, mut grid) = (0, 0, 0, 0);
    let mut faults = Vec::new();
    let mut style = String::new();
    walk(&xml, |element, _| match element.name.as_str() {
        "w:pStyle" | "w:tblStyle" => {
            style = element.attribute("w:val").unwrap_or_default().to_owned();
            if !known.contains(&style) {
                faults.push(format!("no style {style}"));
            }
            *headings.entry(style.clone()).or_default() += 1;
        }
        "w:tblHeader" => headers += 1,
        "w:gridCol" => grid += 1,
        "w:gridSpan" => spans += element.attribute("w:val").and_then(|n| n.parse::<usize>().ok()).unwrap_or(1) - 1,
        "w:tc" => spans += 1,
        "w:tr" => {
            if spans != grid {
                faults.push(format!("{spans} cells where the grid has {grid}: {}", element.text));
            }
            spans = 0;
        }
        "w:tbl" => {
            tables += 1;
            grid = 0;
        }
        "wp:docPr" if element.attribute("descr").is_none_or(|text| !text.contains("Delår: ")) => {
            faults.push("a chart without its text".to_owned());
        }
        _ => {}
    })?;
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(headings.get("Rubrik3"), Some(&12), "one a risk");
    assert!(headings.get("Rubrik1").is_some_and(|n| *n > 10));
    assert!(tables > 40 && headers > 30, "{tables} tables, {headers} repeated headers");
    assert!(xml.contains("wp:docPr") && parts(&docx)?.iter().any(|(name, _)| name == "word/charts/chart3.xml"));
    Ok(())
}

/// PDF and DOCX are made from one model: each paragraph of the one is in the other.
#[test]
fn docx_and_pdf_say_the_same() -> Outcome {
    let report = sample()?;
    let pdf = dense(&pages(&full(&report, Format::Pdf)?)?.concat());
    let docx = docx_text(&full(&report, Format::Docx)?)?;
    let shapes = ['●', '▲', '■', '○'];
    let missing: Vec<String> = paragraphs(&docx)
        .map(|line| dense(&line.replace(shapes, "")))
        // The dash is drawn in the PDF; page numbers are fields; some paragraphs run over a page's end.
        .map(|line| line.strip_prefix('–').map(str::to_owned).unwrap_or(line))
        .filter(|line| !line.is_empty() && !line.contains("Sida1(1)") && !pdf.contains(line.as_str()))
        .collect();
    assert!(missing.len() < 12, "{missing:#?}");
    Ok(())
}

#[test]
fn a_report_that_contradicts_itself_is_refused() -> Outcome {
    type Fault = fn(&mut ReportSnapshot);
    let faults: [(&str, Fault); 14] = [
        ("schema", |s| s.schema += 1),
        ("plan's schema", |s| s.plan.schema += 1),
        ("decision", |s| s.report.status = ReportStatus::Decided),
        ("replaces", |s| s.report.replaces = Some(1)),
        ("period", |s| std::mem::swap(&mut s.report.period_from, &mut s.report.period_to)),
        ("mandatory", |s| s.mandatory[0].risk_numbers.push(999)),
        ("trend", |s| s.trend.risks[0].number = 999),
        ("scores", |s| s.trend.risks[0].scores.clear()),
        ("since", |s| s.since.iter_mut().for_each(|since| since.new_actions.push("nowhere".into()))),
        ("findings", |s| {
            s.plan.goals[0].risks[0].controls[0].report.iter_mut().for_each(|r| r.findings.push("nowhere".into()));
        }),
        ("born from", |s| s.plan.goals[0].risks[0].actions[0].born_from = Some("nowhere".into())),
        ("control", |s| s.deficiencies[0].control_id = Some("nowhere".into())),
        ("component", |s| s.self_assessment[0].key = "other".into()),
        ("principle", |s| s.self_assessment[1].principles[0].number = 18),
    ];
    for (name, fault) in faults {
        let mut wrong = sample()?;
        fault(&mut wrong);
        for format in FORMATS {
            assert!(matches!(full(&wrong, format), Err(DocumentError::Snapshot(_))), "{name} was accepted");
        }
    }
    Ok(())
}

/// The three scales: each value has its word, its shape and its meaning in the reading guide of every format.
#[test]
fn each_value_of_the_scales_has_word_shape_and_meaning() -> Outcome {
    let report = sample()?;
    let guide = |text: &str| dense(text);
    let pdf = guide(&pages(&full(&report, Format::Pdf)?)?.concat());
    let docx = guide(&docx_text(&full(&report, Format::Docx)?)?);
    let xlsx = guide(&xlsx_text(&full(&report, Format::Xlsx)?)?);
    let values = [
        (
            json!(ControlStatus::NotPlanned),
            "–",
            "Ej planerad",
            "inte planerad i perioden, eller planerad i en kommande",
        ),
        (json!(ControlStatus::Performed), "●", "Genomförd utan avvikelser", "genomförd utan avvikelser."),
        (
            json!(ControlStatus::PerformedWithDeviations),
            "▲",
            "Genomförd med avvikelser",
            "genomförd och visar avvikelser.",
        ),
        (json!(ControlStatus::NotPerformed), "■", "Inte genomförd", "skulle ha genomförts men är inte genomförd."),
        (json!(ActionStatus::NotStarted), "–", "Ej påbörjad", "har inte påbörjats."),
        (json!(ActionStatus::OnPlan), "●", "Enligt plan", "genomförs eller är genomförd enligt plan."),
        (
            json!(ActionStatus::MostlyDone),
            "▲",
            "Merparten åtgärdat, delar kvarstår",
            "Merparten är åtgärdat men delar kvarstår.",
        ),
        (json!(ActionStatus::OffPlan), "■", "Ej enligt plan", "genomförs inte enligt plan."),
        (json!(ActionEffect::NotAssessed), "–", "Ej bedömt", "är ännu inte bedömd."),
        (json!(ActionEffect::Desired), "●", "Bedöms ge önskad effekt", "bedöms ge önskad effekt."),
        (json!(ActionEffect::Uncertain), "▲", "Osäkert om önskad effekt nås", "Det är osäkert om önskad effekt nås."),
        (json!(ActionEffect::NotDesired), "■", "Bedöms inte få önskad effekt", "bedöms inte få önskad effekt."),
    ];
    for (key, shape, word, meaning) in values {
        for (name, said) in [("PDF", &pdf), ("DOCX", &docx), ("XLSX", &xlsx)] {
            assert!(said.contains(&dense(meaning)) && said.contains(&dense(word)), "{key} in {name}");
        }
        for (name, said) in [("DOCX", &docx), ("XLSX", &xlsx)] {
            assert!(said.contains(&dense(&format!("{shape} {word}"))), "{key} has no shape in {name}");
        }
    }
    Ok(())
}

#[test]
fn a_secret_risk_keeps_its_place_in_the_public_matrix() -> Outcome {
    let mut report = sample()?;
    report.plan.goals[0].risks[0].secrecy =
        Some(Secrecy { provision: "18 kap. 8 §".into(), date: day(2024, 2, 29)?, authority: "SLSO".into() });
    let name = report.plan.goals[0].risks[0].name.clone();
    let counts = |version| -> Result<String, Box<dyn std::error::Error>> {
        let book = sheets(&report_document(&report, Format::Xlsx, version)?)?;
        let sheet = book.into_iter().filter(|(name, _)| name == "Matris" || name == "Sammanställning");
        Ok(sheet.flat_map(|(_, range)| range.rows().flatten().map(ToString::to_string).collect::<Vec<_>>()).collect())
    };
    assert_eq!(counts(Version::Full)?, counts(Version::Public)?);
    let public = report_document(&report, Format::Docx, Version::Public)?;
    assert!(!docx_text(&public)?.contains(&name));
    assert!(docx_text(&public)?.contains("2 uppgifter är maskerade"));
    Ok(())
}
