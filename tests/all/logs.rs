//! The history over REST: logs and their feeds, proofs that hold by RFC 6962, checkpoints, keys and receipts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use riskregister::evidence::checkpoint::{Checkpoint, PublicKey};
use riskregister::evidence::receipt::{Receipt, hashes};
use riskregister::evidence::tree::{self, Hash};
use riskregister::storage::Timestamp;
use serde_json::{Value, json};

use crate::kit::{Client, Register, World, both, signing_key};

fn hash(value: &Value) -> Hash {
    STANDARD.decode(value.as_str().expect("base64")).expect("base64").try_into().expect("32 bytes")
}

fn path(value: &Value) -> Vec<Hash> {
    let all: Vec<String> = serde_json::from_value(value.clone()).expect("a list");
    hashes(&all).expect("hashes")
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("a number, not {value}"))
}

/// The bytes of an event as the answer holds it: canonical JSON stays what it is through any JSON reader.
fn bytes(item: &Value) -> Vec<u8> {
    riskregister::storage::history::canonical(&item["event"]).expect("JSON")
}

/// Every event of a log, by following the feed.
fn follow(client: &Client, log: &str, limit: u64) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), -1);
    loop {
        let page = client.get(&format!("/logs/{log}/events?after={after}&limit={limit}")).expect(200);
        let items = page["items"].as_array().expect("a list").clone();
        after = page["after"].as_i64().expect("a number");
        if items.is_empty() {
            return all;
        }
        all.extend(items);
    }
}

both! {
    fn a_log_is_followed_to_its_end_without_gaps(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        world.risk(&plan, &goal, "Fel i system", (3, 4));
        let log = world.auditor.get(&format!("/logs/{}", world.board)).expect(200);
        assert_eq!(log["name"], "Kulturnämnden");
        let one = follow(&world.auditor, &world.board, 1);
        let many = follow(&world.auditor, &world.board, 200);
        assert_eq!(one, many, "however many are taken at a time");
        assert_eq!(many.len() as u64, number(&log["size"]));
        for (n, item) in many.iter().enumerate() {
            assert_eq!(number(&item["n"]), n as u64);
            assert_eq!(item["event"]["n"], item["n"]);
            assert_eq!(item["event"]["log"], json!(world.board));
            assert_eq!(hash(&item["leafHash"]), tree::leaf(&bytes(item)), "the event stands as it was written");
        }
        let risk = many.iter().find(|i| i["event"]["kind"] == "risk.created").expect("the risk was made");
        assert!(risk["event"]["after"]["name"]["commitment"].is_string(), "the event itself holds no text");
        let named = |item: &Value| {
            let texts = item["texts"].as_array().expect("a list").clone();
            texts.into_iter().find(|t| t["pointer"] == "/after/name").map(|t| t["value"].clone())
        };
        assert_eq!(named(risk), Some(json!("Fel i system")), "its text is given beside it");
        let mut tree = tree::Frontier::default();
        many.iter().for_each(|item| tree.push(tree::leaf(&bytes(item)), |_, _, _| {}));
        assert_eq!(tree.root(), hash(&log["root"]));
    }

    fn a_feed_is_filtered_and_never_skips(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let first = world.risk(&plan, &goal, "Ett", (3, 4)).id();
        let second = world.risk(&plan, &goal, "Två", (3, 4)).id();
        let events = |query: &str| world.auditor.get(&format!("/logs/{}/events?{query}", world.board)).expect(200);
        let of = |query: &str| events(query)["items"].as_array().expect("a list").clone();
        assert_eq!(of("kind=risk.created").len(), 2);
        assert!(of(&format!("entityId={second}")).iter().all(|i| i["event"]["id"] == json!(second)));
        assert!(of("entity=risk").iter().all(|i| i["event"]["entity"] == "risk"));
        let made = of(&format!("kind=risk.created&entityId={second}"));
        let time = made[0]["event"]["time"].as_str().expect("a time").to_owned();
        assert!(of(&format!("since={time}")).iter().all(|i| i["event"]["time"].as_str() >= Some(&time)));
        assert!(of(&format!("until={time}")).iter().all(|i| i["event"]["time"].as_str() <= Some(&time)));
        assert!(of(&format!("until={time}")).iter().any(|i| i["event"]["id"] == json!(first)));
        assert_eq!(of("kind=risk.created,plan.created").len(), 3);
        // Where nothing fits, the reader still learns how far it has looked.
        let none = events("kind=risk.retired");
        assert_eq!(none["items"], json!([]));
        assert_eq!(number(&none["after"]) + 1, number(&none["size"]));
        for query in ["after=-2", "limit=201", "limit=0", "since=igår", "entityId=x", "colour=red"] {
            world.auditor.get(&format!("/logs/{}/events?{query}", world.board)).expect(400);
        }
        // A kind that is none is told of by its name, each of them, to who may ask at all.
        let unknown = format!("/logs/{}/events?kind=nothing.happened,risk.created,risk.*", world.board);
        let refused = world.auditor.get(&unknown).expect(422);
        assert_eq!(refused.faults(), [("?kind", "unknownWord"); 2]);
        for (n, name) in ["nothing.happened", "risk.*"].into_iter().enumerate() {
            assert!(refused["errors"][n]["detail"].as_str().is_some_and(|said| said.contains(name)), "{}", refused.json);
        }
        world.person("Utan Roll", &world.board).get(&unknown).expect(404);
    }

    fn every_event_is_proved_in_every_tree_that_holds_it(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        (0..4).for_each(|i| { world.risk(&plan, &goal, &format!("Risk {i}"), (3, 4)); });
        let log = format!("/logs/{}", world.board);
        let size = number(&world.auditor.get(&log).expect(200)["size"]);
        for n in [0, 1, size / 2, size - 2, size - 1] {
            for tree_size in [n + 1, (n + 1 + size) / 2, size] {
                let proof = world.auditor.get(&format!("{log}/events/{n}/proof?size={tree_size}")).expect(200);
                let event = world.auditor.get(&format!("{log}/events/{n}")).expect(200);
                let leaf = tree::leaf(&bytes(&event.json));
                assert_eq!(leaf, hash(&proof["leafHash"]));
                let root = hash(&proof["root"]);
                assert!(tree::includes(&leaf, n, tree_size, &path(&proof["hashes"]), &root), "{n} of {tree_size}");
                let whole = world.auditor.get(&format!("{log}/consistency?from={tree_size}&to={size}")).expect(200);
                assert_eq!(hash(&whole["fromRoot"]), root, "both proofs speak of one tree");
                assert!(tree::consistent(tree_size, &root, size, &hash(&whole["toRoot"]), &path(&whole["hashes"])));
            }
            if n > 0 {
                world.auditor.get(&format!("{log}/events/{n}/proof?size={n}")).expect(422);
            }
        }
        world.auditor.get(&format!("{log}/events/{size}")).expect(404);
        world.auditor.get(&format!("{log}/events/{size}/proof")).expect(404);
        world.auditor.get(&format!("{log}/events/x/proof")).expect(404);
        world.auditor.get(&format!("{log}/consistency?from={}", size + 1)).expect(422);
        world.auditor.get(&format!("{log}/consistency?from=2&to=1")).expect(422);
        world.auditor.get(&format!("{log}/consistency")).expect(400);
        world.auditor.get(&format!("{log}/consistency?from=0")).expect(400);
    }

    fn checkpoints_are_signed_and_numbered_and_lie_outside_too(world: &World) {
        let log = format!("/logs/{}", world.board);
        for year in [2024, 2025, 2026] {
            world.plan(year);
            world.db.make_checkpoints().expect("checkpoints can be made");
            // Nothing has happened since.
            world.db.make_checkpoints().expect("checkpoints can be made");
        }
        let all = world.auditor.get(&format!("{log}/checkpoints")).expect(200).items().to_vec();
        let keys = world.auditor.get(&format!("{log}/key")).expect(200);
        assert_eq!(keys["keys"][0]["publicKey"], json!(signing_key().public().text()));
        let line = keys["keys"][0]["verifierKey"].as_str().expect("a key");
        let (name, key) = PublicKey::of_verifier_key(line).expect("a verifier's key");
        assert_eq!(json!(name), keys["origin"]);
        let numbers: Vec<u64> = all.iter().map(|c| number(&c["number"])).collect();
        assert_eq!(numbers, (1..=all.len() as u64).rev().collect::<Vec<_>>(), "the newest first, without gaps");
        for checkpoint in &all {
            let text = checkpoint["note"].as_str().expect("a note");
            let note = Checkpoint::read(text).expect("a checkpoint");
            assert!(note.signed_by(&[key]));
            assert_eq!((json!(note.origin), note.size), (json!(name), number(&checkpoint["size"])));
            let file = world.config.signer.directory.join(&world.board).join(format!("{}.txt", note.size));
            assert_eq!(std::fs::read_to_string(file).ok().as_deref(), Some(text), "it lies outside the database too");
            let now = world.auditor.get(&format!("{log}/consistency?from={}", note.size)).expect(200);
            assert_eq!(hash(&now["fromRoot"]), note.root);
        }
    }

    fn an_adoption_is_sealed_by_a_checkpoint_at_once(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        world.risk(&plan, &goal, "Fel i system", (3, 4));
        world.complete(&plan);
        world.decide(&plan);
        let log = format!("/logs/{}", world.board);
        let newest = world.auditor.get(&format!("{log}/checkpoints?limit=1")).expect(200).items()[0].clone();
        let size = number(&world.auditor.get(&log).expect(200)["size"]);
        let query = format!("{log}/events?kind=plan.sealed");
        let sealed = world.auditor.get(&query).expect(200)["items"][0].clone();
        assert!(number(&newest["size"]) > number(&sealed["n"]) && number(&newest["size"]) <= size);
        // What the board decided is what is kept: the document's hash stands in the event.
        let document = world.auditor.get(&format!("/plans/{plan}/revisions/1/document")).expect(200);
        let kept = riskregister::storage::history::sha256_hex(&document.body);
        assert_eq!(sealed["event"]["after"]["documentSha256"], json!(kept));
        // The document prints the newest checkpoint from before the decision: that of the proposal.
        let json = world.controller.with("accept", "application/json");
        let printed = json.get(&format!("/plans/{plan}/revisions/1/document")).expect(200)["checkpoint"].clone();
        let checkpoints = world.auditor.get(&format!("{log}/checkpoints")).expect(200);
        let before = checkpoints.items().iter().map(|c| Checkpoint::read(c["note"].as_str().unwrap_or_default()));
        let before = before.flatten().find(|c| json!(c.size) == printed["size"]).expect("it is one of the log's");
        assert!(before.size <= number(&sealed["n"]));
        assert_eq!((json!(before.root_text()), json!(before.origin)), (printed["root"].clone(), printed["origin"].clone()));
        let receipt = world.auditor.get(&format!("{log}/events/{}/receipt", sealed["n"])).expect(200);
        let receipt: Receipt = serde_json::from_value(receipt.json).expect("a receipt");
        let event = receipt.check(&[signing_key().public()]).expect("it holds offline");
        assert_eq!(event["after"]["documentSha256"], json!(kept));
    }

    fn the_history_is_told_who_fetched_what_was_decided_and_who_was_refused(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        world.risk(&plan, &goal, "Fel i system", (3, 4));
        world.complete(&plan);
        let document = format!("/plans/{plan}/document");
        let json = world.reader.with("accept", "application/json");
        world.controller.with("accept", "application/json").get(&document).expect(200);
        world.decide(&plan);
        json.get(&document).expect(200);
        (0..3).for_each(|_| { world.reader.post(&format!("/plans/{plan}/risks"), json!({"name": "X"})).expect(403); });
        world.reader.get(&format!("/plans/{}", world.root)).expect(404);
        // What is written apart from the request's transaction, too.
        world.auditor.post_nothing(&format!("/users/{}/one-time-password", world.reader.id)).expect(403);
        let about = |log: &str, kind: &str, count: usize| {
            let path = format!("/logs/{log}/events?kind={kind}");
            let began = std::time::Instant::now();
            loop {
                let found = world.admin.get(&path).expect(200)["items"].as_array().expect("a list").clone();
                if found.len() >= count {
                    return found;
                }
                assert!(began.elapsed().as_secs() < 30, "{kind} is not told of");
                std::thread::yield_now();
            }
        };
        let fetched = about(&world.board, "document.downloaded", 1);
        assert_eq!(fetched.len(), 1, "a draft is not a decision");
        assert_eq!((&fetched[0]["event"]["id"], &fetched[0]["event"]["actor"]["id"]), (&json!(plan), &json!(world.reader.id)));
        // Folded: once a minute for an account.
        let refused = about(&world.root, "access.refused", 2);
        let who: Vec<&Value> = refused.iter().map(|item| &item["event"]["actor"]["id"]).collect();
        assert_eq!(who, [&json!(world.reader.id), &json!(world.auditor.id)]);
    }

    fn a_receipt_waits_for_the_checkpoint(world: &World) {
        world.plan(2024);
        let log = format!("/logs/{}", world.board);
        let n = number(&world.auditor.get(&log).expect(200)["size"]) - 1;
        let early = world.auditor.get(&format!("{log}/events/{n}/receipt"));
        // The service's own round may have come first.
        assert!(early.status == 409 || early.status == 200, "{}", early.status);
        world.db.make_checkpoints().expect("checkpoints can be made");
        let receipt = world.auditor.get(&format!("{log}/events/{n}/receipt")).expect(200);
        let receipt: Receipt = serde_json::from_value(receipt.json).expect("a receipt");
        receipt.check(&[signing_key().public()]).expect("it holds");
    }

    /// What the table of rights hides, the history does not tell: people from who reads drafts, webhooks from all but the
    /// regional office and auditors.
    fn what_is_hidden_elsewhere_is_hidden_in_the_history(world: &World) {
        let hook = json!({"organisationId": world.board, "name": "M", "url": "https://hooks.example.org/?key=hunter2"});
        let hook = world.admin.post("/webhooks", hook).expect(201).id();
        let soon = Timestamp::now().plus_seconds(30 * 24 * 3600);
        let account = json!({"organisationId": world.board, "name": "Lagret", "scopes": ["read"], "expiresAt": soon});
        let account = world.admin.post("/service-accounts", account).expect(201).id();
        let known = [
            (format!("/users/{}", world.reader.id), "user"),
            (format!("/service-accounts/{account}"), "serviceAccount"),
            (format!("/webhooks/{hook}"), "webhook"),
        ];
        let callers: [&Client; 6] = [
            &world.controller, &world.head, &world.risk_owner, &world.auditor, &world.draft_reader, &world.admin,
        ];
        let mut hidden = 0;
        // What is about people and systems stands in the region's log, a webhook in its body's.
        let both = |caller: &Client| [follow(caller, &world.root, 200), follow(caller, &world.board, 200)].concat();
        for caller in callers {
            let events = both(caller);
            for (path, entity) in &known {
                let id = path.rsplit('/').next().expect("an id");
                let told = events.iter().any(|e| e["event"]["entity"] == *entity && e["event"]["id"] == id);
                assert_eq!(told, caller.get(path).status == 200, "{path}");
                hidden += usize::from(!told);
            }
        }
        assert!(hidden > 5, "{hidden}");
        // Nor one by one, nor by what one asks for; of oneself one is told.
        let all = follow(&world.admin, &world.board, 200);
        let of_hook = all.iter().find(|e| e["event"]["id"] == hook.as_str()).expect("it was made")["n"].clone();
        for path in ["", "/proof", "/receipt"] {
            world.controller.get(&format!("/logs/{}/events/{of_hook}{path}", world.board)).expect(404);
        }
        let own = both(&world.draft_reader);
        assert!(own.iter().any(|e| e["event"]["entity"] == "user" && e["event"]["id"] == world.draft_reader.id.as_str()));
        assert!(!own.iter().any(|e| e["texts"].to_string().contains("Hedda Chef")), "{own:#?}");
    }

    fn a_bodys_auditor_sees_of_the_regions_log_what_is_about_the_body(world: &World) {
        world.goal(2024, "God vård");
        world.admin.patch_current(&format!("/organisations/{}", world.board), json!({"name": "Musiknämnden"})).expect(200);
        world.admin.patch_current(&format!("/organisations/{}", world.other_board), json!({"name": "Bussnämnden"})).expect(200);
        let whole = follow(&world.admin, &world.root, 200);
        let seen = follow(&world.auditor, &world.root, 7);
        assert!(seen.iter().all(|item| whole.contains(item)));
        assert!(seen.len() < whole.len());
        let about = |all: &[Value], id: &str| all.iter().filter(|i| i["event"]["id"] == json!(id)).count();
        assert!(about(&whole, &world.other_board) >= 2 && about(&seen, &world.other_board) == 0);
        assert_eq!(about(&whole, &world.board), about(&seen, &world.board));
        assert!(about(&seen, &world.board) >= 2, "made and renamed");
        assert!(seen.iter().any(|i| i["event"]["entity"] == "goal"), "what everyone may see");
        let hidden = whole.iter().find(|i| i["event"]["id"] == json!(world.other_board)).expect("an event");
        world.auditor.get(&format!("/logs/{}/events/{}", world.root, hidden["n"])).expect(404);
        world.auditor.get(&format!("/logs/{}/events/{}/proof", world.root, hidden["n"])).expect(404);
        world.auditor.get(&format!("/logs/{}", world.other_board)).expect(404);
        let names = |client: &Client| client.get("/logs").expect(200).column("name").join(", ");
        assert_eq!(names(&world.auditor), "Region Exempel, Musiknämnden");
        assert_eq!(names(&world.admin), "Region Exempel, Bussnämnden, Musiknämnden");
        assert_eq!(names(&world.stranger), "");
        world.auditor.get(&format!("/logs/{}", world.division)).expect(404);
    }
}

#[test]
fn a_service_makes_checkpoints_by_itself() {
    let register = <Register as crate::kit::Start>::on(crate::kit::Databases::Sqlite);
    let path = format!("/logs/{}/checkpoints", register.root);
    let began = std::time::Instant::now();
    while register.admin.get(&path).expect(200).items().is_empty() {
        assert!(began.elapsed().as_secs() < 60, "the first round is at the start");
        std::thread::yield_now();
    }
}
