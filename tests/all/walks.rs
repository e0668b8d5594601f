//! Going through what there is, page by page, while others write: by the cursors of lists, and of the feed of all logs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use rand::RngExt;
use serde_json::{Value, json};

use crate::kit::depth::{chance, deep};
use crate::kit::{Answer, Client, Ends, World, both};

/// The path of a `Link` with this relation, below the base path.
pub fn link(answer: &Answer, rel: &str) -> Option<String> {
    let all = answer.maybe_header("link")?;
    let one = all.split(", ").find(|link| link.ends_with(&format!("rel=\"{rel}\"")))?;
    let path = one.strip_prefix("</api/v1")?.split('>').next()?;
    Some(path.to_owned())
}

/// Every page of a list from the first to the last, by its links; `between` happens after each.
pub fn walk(client: &Client, first: &str, mut between: impl FnMut()) -> Vec<Answer> {
    let (mut pages, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let page = client.get(&path).expect(200);
        next = link(&page, "next");
        pages.push(page);
        between();
    }
    pages
}

fn ids(pages: &[Answer]) -> Vec<String> {
    pages.iter().flat_map(|page| page.column("id").into_iter().map(str::to_owned)).collect()
}

/// A walk meets each of these once.
#[track_caller]
fn each_once(pages: &[Answer], there: &BTreeSet<String>, how: &str) {
    let met = ids(pages);
    let once: BTreeSet<String> = met.iter().cloned().collect();
    assert_eq!(met.len(), once.len(), "{how}: something came twice");
    let lost: Vec<&String> = there.difference(&once).collect();
    assert!(lost.is_empty(), "{how}: lost {lost:?}");
}

/// What a list of risks can be sorted by.
const SORTS: [&str; 10] = [
    "name",
    "-name",
    "score",
    "-score",
    "number",
    "-reference",
    "updatedAt",
    "-updatedAt",
    "likelihood,-consequence",
    "position",
];

both! {
    fn a_list_is_walked_whole_while_what_sorts_it_changes(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let mut made = BTreeSet::new();
        for n in 0..deep(23, 120) {
            made.insert(world.risk(&plan, &goal, &format!("Risk {n}"), (1 + n % 5, 1 + n / 5 % 5)).id());
        }
        // One without an assessment: the absent come last, either way.
        let form = json!({"name": "Obedömd", "goalId": goal, "ownerId": world.risk_owner.id});
        made.insert(world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201).id());
        let all: Vec<&String> = made.iter().collect();
        for (seed, sort) in SORTS.into_iter().enumerate() {
            let stop = AtomicBool::new(false);
            let pages = std::thread::scope(|scope| {
                let _stopped = Ends(&stop);
                for writer in 0..4 {
                    let (all, stop) = (&all, &stop);
                    scope.spawn(move || {
                        let mut chance = chance(&format!("{seed} {writer}"));
                        while !stop.load(Ordering::Relaxed) {
                            let path = format!("/risks/{}", all[chance.random_range(0..all.len())]);
                            let name = format!("Åter {}", chance.random_range(0..1000));
                            let told = world.controller.patch_current(&path, json!({"name": name})).status;
                            assert!(matches!(told, 200 | 412), "{told}");
                            let score = json!({"likelihood": chance.random_range(1..=5), "consequence": chance.random_range(1..=5), "reason": "Prov"});
                            world.controller.post(&format!("{path}/assessments"), score).expect(201);
                        }
                    });
                }
                walk(&world.auditor, &format!("/plans/{plan}/risks?sort={sort}&limit=5"), || {
                    world.risk(&plan, &goal, "Ny under tiden", (5, 5));
                })
            });
            each_once(&pages, &made, sort);
            for (n, page) in pages.iter().enumerate() {
                assert_eq!(page["page"], json!(n + 1), "{sort}");
                assert_eq!(page["total"], pages[0]["total"], "{sort}: as many as when it began");
            }
        }
    }

    fn pages_by_cursor_are_those_by_number(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        for (n, name) in ["Öl", "Ål", "Zebra", "zebra", "Äl", "Apa", "apa 2"].into_iter().enumerate() {
            let n = i32::try_from(n).expect("few");
            world.risk(&plan, &goal, name, (1 + n % 3, 2));
        }
        let form = json!({"name": "Obedömd", "goalId": goal, "ownerId": world.risk_owner.id});
        world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201);
        for sort in SORTS {
            let by_cursor = ids(&walk(&world.auditor, &format!("/risks?planId={plan}&sort={sort}&limit=3"), || ()));
            let by_number = ids(&walk(&world.auditor, &format!("/risks?planId={plan}&sort={sort}&limit=3&page=1"), || ()));
            assert_eq!(by_cursor, by_number, "{sort}");
            assert_eq!(by_cursor.len(), 8, "{sort}");
        }
        let last = |sort: &str| {
            let all = world.auditor.get(&format!("/risks?planId={plan}&sort={sort}")).expect(200);
            all.column("name").last().map(|name| (*name).to_owned())
        };
        assert_eq!(last("score").as_deref(), Some("Obedömd"));
        assert_eq!(last("-score").as_deref(), Some("Obedömd"), "what is absent comes last, either way");
    }

    fn a_cursor_is_of_one_question(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        for n in 0..3 {
            world.risk(&plan, &goal, &format!("Risk {n}"), (3, 4));
        }
        let first = world.auditor.get("/risks?sort=name&limit=1").expect(200);
        let next = link(&first, "next").expect("there is more");
        let cursor = next.split("after=").nth(1).expect("a cursor").to_owned();
        assert!(link(&first, "last").expect("a last").contains("page=3"));
        world.auditor.get(&next).expect(200);
        // Another page size, and other fields, are the same question.
        world.auditor.get(&format!("/risks?sort=name&limit=2&fields=name&after={cursor}")).expect(200);
        for other in ["sort=-name", "sort=name&year=2024", "sort=name&page=1", "limit=1"] {
            let told = world.auditor.get(&format!("/risks?{other}&after={cursor}")).expect(400);
            assert_eq!(told.faults()[0].0, "?after", "{other}");
        }
        world.auditor.get(&format!("/plans/{plan}/risks?sort=name&after={cursor}")).expect(400);
        for odd in ["x", "e30", "bnVsbA", &cursor[1..], &format!("{cursor}A")] {
            world.auditor.get(&format!("/risks?sort=name&after={odd}")).refused(400, "wrongFormat");
        }
        let forged = |mark: Value| {
            use base64::Engine;
            let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let mut of: Value = serde_json::from_slice(&engine.decode(&cursor).expect("base64")).expect("JSON");
            for (name, value) in mark.as_object().expect("fields") {
                of["m"][name] = value.clone();
            }
            engine.encode(of.to_string())
        };
        for mark in [
            json!({"k": []}), json!({"k": [1, 2]}), json!({"k": [null, null]}), json!({"k": [{}, []]}), json!({"t": 9_000_000}),
            json!({"e": 7}), json!({"p": -1}), json!({"a": "x"}), json!({"z": 1}), json!({"n": i64::MAX}),
        ] {
            world.auditor.get(&format!("/risks?sort=name&after={}", forged(mark))).refused(400, "wrongFormat");
        }
    }

    fn some_fields_are_asked_for(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        world.risk(&plan, &goal, "Fel i system", (3, 4));
        let one = world.auditor.get("/risks?fields=name,score").expect(200).items()[0].clone();
        let fields: BTreeMap<String, Value> = serde_json::from_value(one).expect("an object");
        assert_eq!((&fields["name"], &fields["score"]), (&json!("Fel i system"), &json!(12)));
        assert!(fields.contains_key("id") && fields.contains_key("planId"), "ids always come");
        let others: Vec<&String> =
            fields.keys().filter(|name| !matches!(name.as_str(), "name" | "score" | "id") && !name.ends_with("Id")).collect();
        assert!(others.is_empty(), "{others:?}");
        world.auditor.get("/risks?fields=name,nothing").refused(400, "wrongFormat");
    }

    fn all_logs_are_followed_with_one_cursor(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let risk = world.risk(&plan, &goal, "Fel i system", (3, 4)).id();
        let feed = |client: &Client, limit: i64, query: &str| {
            let (mut all, mut after) = (Vec::new(), String::new());
            loop {
                let page = client.get(&format!("/events?limit={limit}{query}{after}")).expect(200);
                all.extend(page.items().to_vec());
                after = format!("&after={}", page.text("after"));
                if page["more"] == json!(false) {
                    return (all, after);
                }
            }
        };
        let (all, after) = feed(&world.admin, 200, "");
        assert_eq!(feed(&world.admin, 1, "").0, all, "however many are taken at a time");
        let logs = world.admin.get("/logs?limit=200").expect(200);
        let sizes: i64 = logs.items().iter().map(|log| log["size"].as_i64().expect("a size")).sum();
        assert_eq!(all.len() as i64, sizes, "an administrator of the region reads everything");
        for log in logs.items() {
            let of_log: Vec<&Value> = all.iter().filter(|item| item["log"] == log["id"]).map(|item| &item["n"]).collect();
            assert!(of_log.iter().enumerate().all(|(n, at)| **at == json!(n)), "each log in its order");
        }
        assert_eq!(feed(&world.admin, 200, &after).0, Vec::<Value>::new(), "nothing is new");
        let newest = world.admin.get("/events?after=newest").expect(200);
        assert_eq!((newest.items().len(), &newest["more"]), (0, &json!(false)), "nothing of what has been");
        assert_eq!(format!("&after={}", newest.text("after")), after, "and on from there");
        world.controller.delete_current(&format!("/risks/{risk}")).expect(204);
        let (news, _) = feed(&world.admin, 200, &after);
        let kinds: Vec<&Value> = news.iter().map(|item| &item["event"]["kind"]).collect();
        assert_eq!(kinds, ["assessment.deleted", "risk.deleted"], "what was deleted is told of");
        let (made, _) = feed(&world.admin, 200, "&kind=risk.created");
        assert!(made.iter().all(|item| item["event"]["kind"] == "risk.created") && made.len() == 1);
        // Whoever reads less of a log reads the same of it here.
        for (who, client) in world.everyone() {
            let (seen, _) = feed(client, 7, "");
            let mut apart = Vec::new();
            for log in client.get("/logs?limit=200").expect(200).items() {
                let id = log["id"].as_str().expect("an id");
                let (mut from, mut of_log) = (-1, Vec::new());
                loop {
                    let page = client.get(&format!("/logs/{id}/events?limit=200&after={from}")).expect(200);
                    if page.items().is_empty() {
                        break;
                    }
                    of_log.extend(page.items().to_vec());
                    from = page["after"].as_i64().expect("a position");
                }
                apart.extend(of_log.into_iter().map(|item| (json!(id), item["n"].clone())));
            }
            let mut here: Vec<(Value, Value)> = seen.iter().map(|item| (item["log"].clone(), item["n"].clone())).collect();
            let key = |one: &(Value, Value)| one.0.to_string() + &format!("{:09}", one.1.as_i64().unwrap_or(-1));
            here.sort_by_key(key);
            apart.sort_by_key(key);
            assert_eq!(here, apart, "{who}");
        }
        for odd in ["x", "MS4wLjQxLjE", "MS4wLjk5OTk5OTk", "MS45LjE"] {
            world.admin.get(&format!("/events?after={odd}")).refused(400, "wrongFormat");
        }
    }

    fn the_feed_of_all_logs_never_skips_while_four_write(world: &World) {
        let plan = world.plan(2024);
        let goal = world.goal(2024, "God vård");
        let stop = AtomicBool::new(false);
        let seen = std::thread::scope(|scope| {
            for writer in 0..4 {
                let (stop, plan, goal) = (&stop, &plan, &goal);
                scope.spawn(move || {
                    let _stopped = Ends(stop);
                    for n in 0..deep(12, 100) {
                        if writer % 2 == 0 {
                            world.risk(plan, goal, &format!("Risk {writer} {n}"), (3, 4));
                        } else {
                            let form = json!({"organisationId": world.root, "year": 2025, "name": format!("Mål {writer} {n}")});
                            world.admin.post("/goals", form).expect(201);
                        }
                    }
                });
            }
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let ended = stop.load(Ordering::Relaxed);
                let page = world.admin.get(&format!("/events?limit=200{after}")).expect(200);
                seen.extend(page.items().iter().map(|item| (item["log"].clone(), item["n"].clone())));
                after = format!("&after={}", page.text("after"));
                if ended && page["more"] == json!(false) && page.items().is_empty() {
                    return (seen, after);
                }
            }
        });
        // The first that ended may have been followed by others.
        let rest = world.admin.get(&format!("/events?limit=200{}", seen.1)).expect(200);
        let met: Vec<(Value, Value)> =
            seen.0.into_iter().chain(rest.items().iter().map(|item| (item["log"].clone(), item["n"].clone()))).collect();
        let once: BTreeSet<String> = met.iter().map(|one| format!("{one:?}")).collect();
        let sizes: i64 = world.admin.get("/logs?limit=200").expect(200).items().iter().map(|log| log["size"].as_i64().expect("a size")).sum();
        assert_eq!((met.len(), once.len() as i64), (once.len(), sizes));
    }

    fn records_across_plans_are_those_of_each(world: &World) {
        world.live();
        let whole = |client: &Client, path: &str| -> BTreeSet<String> {
            if client.get(path).status != 200 {
                return BTreeSet::new();
            }
            ids(&walk(client, path, || ())).into_iter().collect()
        };
        let mut told = 0;
        for (who, client) in world.everyone() {
            let each = |things: &str, of: &[&str]| -> BTreeSet<String> {
                let paths = whole(client, &format!("/{things}?limit=7"));
                let steps = paths.iter().flat_map(|id| of.iter().map(move |of| format!("/{things}/{id}/{of}")));
                steps.flat_map(|path| whole(client, &path)).collect()
            };
            let periods = ["reports/t1/versions", "reports/interim/versions", "reports/annual/versions"];
            for (records, apart) in [
                ("assessments", each("risks", &["assessments"])),
                ("control-reports", each("controls", &periods)),
                ("action-reports", each("actions", &periods)),
                ("reports", each("plans", &["reports"])),
                ("revisions", each("plans", &["revisions"])),
            ] {
                let together = whole(client, &format!("/{records}?limit=3"));
                assert_eq!(together, apart, "{who}: {records}");
                told += together.len();
                let time = "2000-01-01T00:00:00Z";
                let filters = [("year=1999", 0), ("updatedSince=2099-01-01T00:00:00Z", 0), (&format!("updatedSince={time}"), together.len())];
                for (filter, count) in filters {
                    assert_eq!(whole(client, &format!("/{records}?{filter}")).len(), count, "{who}: {records} {filter}");
                }
            }
        }
        assert!(told > 100, "there is something to tell of: {told}");
    }
}
