//! The kinds of events are a closed list, and each event names what it is about, in the feed as to webhooks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use riskregister::domain::events::{EventKind, FORMER};
use serde_json::{Value, json};

use crate::kit::{Client, World, both};

/// Files that begin with a word that things are called by.
const NO_KINDS: &[&str] = &["db", "html", "json", "key", "secret"];

/// The source, file by file.
fn sources(at: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(at).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("domain/events.rs") {
            into.push((path.display().to_string(), std::fs::read_to_string(&path).expect("text")));
        }
    }
}

/// That a kind is none of the list ends the process where it is written, in every test; that the list has none which nobody
/// writes, and that none is misspelt where no test comes by, is looked for in the source.
#[test]
fn what_the_code_writes_is_the_list() {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let things: BTreeSet<&str> = EventKind::ALL.iter().filter_map(|kind| Some(kind.name.split_once('.')?.0)).collect();
    let mut written: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, source) in &all {
        for literal in source.split('"').filter(|literal| literal.len() < 60) {
            let Some((thing, done)) = literal.split_once('.') else { continue };
            let word = |text: &str| {
                text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(char::is_alphabetic)
            };
            if word(done) && things.contains(thing) && !NO_KINDS.contains(&done) {
                written.insert(literal, file);
            }
        }
    }
    let unknown: Vec<_> = written.iter().filter(|(kind, _)| EventKind::parse(kind).is_none()).collect();
    assert!(unknown.is_empty(), "these are no kinds of domain/events.rs: {unknown:?}");
    let unwritten: Vec<&str> = EventKind::ALL
        .iter()
        .map(|kind| kind.name)
        .filter(|kind| !written.contains_key(kind) && !FORMER.contains(kind))
        .collect();
    assert!(unwritten.is_empty(), "nobody writes {unwritten:?}");
    assert!(FORMER.iter().all(|kind| !written.contains_key(kind)), "what is written is not of the past");
}

/// All that a log tells.
fn told(client: &Client, log: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), json!(-1));
    loop {
        let page = client.get(&format!("/logs/{log}/events?limit=200&after={after}")).expect(200);
        all.extend(page.items().iter().cloned());
        if page["after"].as_i64() == page["size"].as_i64().map(|size| size - 1) {
            return all;
        }
        after = page["after"].clone();
    }
}

/// The path below the base path that a link leads to.
pub fn path_of<'l>(world: &World, link: &'l Value) -> &'l str {
    let base = format!("{}/api/v1", world.config.public_url);
    link.as_str().and_then(|link| link.strip_prefix(base.as_str())).unwrap_or_else(|| panic!("{link} leads elsewhere"))
}

both! {
    fn each_event_names_what_it_is_about_and_leads_there(world: &World) {
        let year = crate::follow_up::Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let note = world.controller.post(&format!("/controls/{}/notes", year.always), json!({"text": "Gå igenom."})).expect(201).id();
        let goal = world.goal(2025, "God vård");
        let later = world.plan(2025);
        let gone = world.risk(&later, &goal, "Försvinner", (3, 4)).id();
        let control = world.control(&gone, "Försvinner också");
        world.controller.delete_current(&format!("/controls/{control}")).expect(204);
        world.controller.delete_current(&format!("/risks/{gone}")).expect(204);
        let form = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious", "foundOn": "2024-05-02",
            "riskId": year.risk, "planId": year.plan, "suspectedCrime": true});
        let crime = world.controller.post("/deficiencies", form).expect(201).id();

        let everyone = [&world.admin, &world.controller.client, &world.auditor.client, &world.head.client];
        let mut seen = BTreeSet::new();
        for (log, client) in [(&world.board, &world.controller.client), (&world.root, &world.admin)] {
            for item in told(client, log) {
                let event = &item["event"];
                assert_eq!((&item["kind"], &item["organisationId"]), (&event["kind"], &event["organisationId"]));
                let own = format!("/logs/{log}/events/{}", item["n"]);
                assert_eq!(path_of(world, &item["links"]["event"]), own);
                let at = path_of(world, &item["links"]["self"]);
                let read = everyone.iter().any(|client| client.get(at).status == 200);
                assert!(read, "{at} of {event} is read by nobody");
                let one = client.get(&own).expect(200);
                assert_eq!(one["links"], item["links"], "alone as with the others");
                let is = |thing: &str| event["entity"] == thing;
                if is("risk") {
                    assert_eq!(item["riskId"], event["id"], "{event}");
                }
                if ["risk", "control", "controlReport", "actionReport", "assessment"].iter().any(|thing| is(thing)) {
                    assert!(item["riskId"].is_string() && item["planId"].is_string(), "{item}");
                }
                if event["id"] == json!(gone) || event["id"] == json!(control) {
                    assert_eq!((&item["riskId"], &item["planId"]), (&json!(gone), &json!(later)), "{item}");
                    assert_eq!(at, own, "what is gone is told by the event");
                }
                if event["id"] == json!(note) {
                    assert_eq!((&item["riskId"], &item["planId"]), (&json!(year.risk), &json!(year.plan)), "through the control");
                    assert_eq!(at, format!("/notes/{note}"));
                }
                if event["id"] == json!(crime) {
                    assert_eq!(item["riskId"], json!(year.risk), "who sees it is told all of it");
                }
                if is("period") {
                    assert_eq!(at, format!("/plans/{}/periods/t1", year.plan));
                }
                seen.insert(event["entity"].as_str().expect("a thing").to_owned());
            }
        }
        assert!(seen.len() >= 12, "{seen:?}");
        // Who sees less of the log is not told by what stands beside the events either.
        let fewer = told(&world.risk_owner.client, &world.board);
        assert!(!fewer.is_empty() && fewer.iter().all(|item| item["event"]["id"] != json!(crime)));
    }
}
