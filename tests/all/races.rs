//! Two at the same moment: each is told the truth, no rule is lost, and nothing fails by the register's own fault.

use std::sync::atomic::{AtomicBool, Ordering};

use riskregister::storage::history::Origin;
use riskregister::storage::records::Plan;
use riskregister::storage::{Place, Stored, Writing};
use serde_json::{Value, json};

use crate::kit::depth::deep;
use crate::kit::plans::{at_once, decision};
use crate::kit::{World, both};
use crate::planted::id;

/// How often each pair meets.
fn rounds() -> usize {
    deep(8, 40)
}

/// What two may be told when both want the same: that it was done, or by which rule it was not.
#[track_caller]
fn told(statuses: [u16; 2], may: &[u16]) {
    assert!(statuses.iter().all(|status| may.contains(status)), "{statuses:?}");
}

both! {
    fn adopting_and_writing(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let risk = format!("/risks/{}", world.risk(&plan, &goal, "Brist på scener", (3, 4)).id());
        world.complete(&plan);
        let path = format!("/plans/{plan}");
        // Fewer than the others: each seals a document.
        for round in 0..rounds() / 4 {
            // The board decides on what it saw, whatever is written at that moment.
            world.propose(&plan).expect(200);
            let board = world.controller.current(&path);
            let owner = world.risk_owner.current(&risk);
            let words = format!("Ord {round}");
            let adopt = || board.post(&format!("{path}/adoption"), decision()).status;
            let write = || owner.patch(&risk, json!({"description": words})).status;
            let (adopted, written) = match round % 2 {
                0 => at_once(adopt, write),
                _ => { let (w, a) = at_once(write, adopt); (a, w) }
            };
            // Neither a proposed nor an adopted plan is written in; the first adoption moves the risk's tag, too.
            assert!(matches!((adopted, written), (200, 409 | 412)), "{adopted} {written}");
            let revision = world.controller.get(&path).expect(200)["adoptedRevision"].clone();
            let sealed = world.controller.with("accept", "application/json").get(&format!("{path}/revisions/{revision}/document"));
            assert!(!String::from_utf8_lossy(&sealed.expect(200).body).contains(&words));
            world.revise(&plan).expect(200);
            // The draft, written in as it is proposed: the proposal is of what was read, or is refused.
            let head = world.head.current(&path);
            let owner = world.risk_owner.current(&risk);
            let words = format!("Utkastets ord {round}");
            let propose = || head.post(&format!("{path}/proposal"), json!({})).status;
            let write = || owner.patch(&risk, json!({"description": words})).status;
            let (proposed, written) = at_once(propose, write);
            assert!(matches!((proposed, written), (200, 409) | (412, 200)), "{proposed} {written}");
            if proposed == 200 {
                world.controller.post(&format!("{path}/return"), json!({"reason": "Igen."})).expect(200);
            }
        }
    }

    fn proposing_and_deleting_the_last_control(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        world.issue(2026, "risk", "Risk för oegentligheter", &goal);
        let plan = world.plan(2026);
        let path = format!("/plans/{plan}");
        let risk = world.named(&plan, "Risk för oegentligheter")["id"].as_str().expect("an id").to_owned();
        world.complete(&plan);
        for round in 0..rounds() {
            let controls = world.controller.get(&format!("/risks/{risk}/controls")).expect(200);
            let control = format!("/controls/{}", controls.column("id")[0]);
            // Even one who says “whatever it has become” proposes nothing that lacks its control.
            let head = world.head.with("if-match", "*");
            let propose = || head.post(&format!("{path}/proposal"), json!({})).status;
            let delete = || world.controller.with("if-match", "*").delete(&control).status;
            let (proposed, deleted) = match round % 2 {
                0 => at_once(propose, delete),
                _ => { let (d, p) = at_once(delete, propose); (p, d) }
            };
            assert!(matches!((proposed, deleted), (200, 409) | (409, 204)), "{proposed} {deleted}");
            if proposed == 200 {
                world.controller.post(&format!("{path}/return"), json!({"reason": "Igen."})).expect(200);
            } else {
                world.control(&risk, "Stickprov");
            }
        }
    }

    fn assessing_twice(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let risk = format!("/risks/{}", world.risk(&plan, &goal, "Brist på scener", (3, 4)).id());
        let path = format!("{risk}/assessments");
        for _ in 0..rounds() {
            let (low, high) = (json!({"likelihood": 1, "consequence": 2}), json!({"likelihood": 5, "consequence": 4}));
            let (one, other) =
                at_once(|| world.controller.post(&path, low).status, || world.risk_owner.post(&path, high).status);
            assert_eq!((one, other), (201, 201));
            let now = world.controller.get(&risk).expect(200);
            let list = world.controller.get(&format!("{path}?limit=200")).expect(200);
            let newest = list.items().iter().max_by_key(|a| a["sequence"].as_i64()).expect("an assessment");
            assert_eq!(now["score"], newest["score"], "the newest is the risk's");
            assert_eq!(now["included"], newest["score"] == 20);
        }
        let list = world.controller.get(&format!("{path}?limit=200")).expect(200);
        let mut all: Vec<i64> = list.items().iter().filter_map(|a| a["sequence"].as_i64()).collect();
        all.sort();
        assert_eq!(all, (1..=1 + 2 * rounds() as i64).collect::<Vec<_>>(), "none is lost");
    }

    fn taking_the_same_reference(world: &World) {
        world.goal(2026, "Mål");
        world.goal(2027, "Mål");
        let plans = [world.plan(2026), world.plan(2027)];
        for round in 0..rounds() {
            let add = |plan: &str| {
                let form = json!({"name": "En risk", "reference": format!("R-{round}")});
                world.controller.post(&format!("/plans/{plan}/risks"), form).status
            };
            let (one, other) = at_once(|| add(&plans[0]), || add(&plans[round % 2]));
            told([one, other], &[201, 422]);
            assert_ne!(one, other, "one of them has it");
            // Made by the service, each gets its own.
            let make = |plan: &str| world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": "Egen"})).expect(201).text("reference");
            let (one, other) = at_once(|| make(&plans[0]), || make(&plans[1]));
            assert_ne!(one, other);
        }
        let mut all: Vec<Value> = plans.iter().flat_map(|p| world.risks(p)).map(|r| r["reference"].clone()).collect();
        let count = all.len();
        all.sort_by_key(Value::to_string);
        all.dedup();
        assert_eq!((all.len(), count), (3 * rounds(), 3 * rounds()));
    }

    fn making_the_same_plan(world: &World) {
        for year in 2030..2030 + rounds() as i32 {
            let make = || world.controller.post("/plans", json!({"organisationId": world.board, "year": year})).status;
            let (one, other) = at_once(make, make);
            told([one, other], &[201, 409]);
            assert_ne!(one, other);
            assert_eq!(world.controller.get(&format!("/plans?year={year}")).expect(200)["total"], 1);
        }
    }

    fn writing_the_same_risk(world: &World) {
        let plan = world.plan(2026);
        let risk = world.controller.post(&format!("/plans/{plan}/risks"), json!({"name": "Delad"})).expect(201).id();
        let path = format!("/risks/{risk}");
        for round in 0..rounds() {
            let (one, other) = (world.controller.current(&path), world.controller.current(&path));
            let (one, other) = at_once(
                || one.patch(&path, json!({"description": format!("Ett {round}")})).status,
                || other.patch(&path, json!({"localGoal": format!("Två {round}")})).status,
            );
            told([one, other], &[200, 412]);
            assert_ne!(one, other, "the second is told that it has changed");
        }
        let versions = world.controller.get(&path).expect(200)["version"].as_i64();
        assert_eq!(versions, Some(1 + rounds() as i64));
    }

    fn the_same_request_twice_makes_one_thing(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let path = format!("/plans/{plan}/risks");
        let form = world.risk_form(&goal, "En gång", (3, 3));
        let once = world.controller.with("idempotency-key", "en-gang-1");
        let first = once.post(&path, form.clone()).expect(201);
        let again = once.post(&path, form.clone()).expect(201);
        assert_eq!((&first.json, first.header("location")), (&again.json, again.header("location")));
        once.post(&path, json!({"name": "Något annat"})).refused(422, "reusedKey");
        // One that cannot be read is refused, not passed over.
        for wrong in ["", "en-gång"] {
            let client = world.controller.with("idempotency-key", wrong);
            assert_eq!(client.post(&path, form.clone()).expect(400).faults(), [("Idempotency-Key", "wrongFormat")]);
        }
        // The key is one's own, and the path's.
        let other = world.person_with("Cia Controller", &world.board, "controller", &world.board);
        other.with("idempotency-key", "en-gang-1").post(&path, form.clone()).expect(201);
        once.post(&format!("/risks/{}/controls", first.id()), json!({"name": "Kontroll"})).expect(201);
        assert_eq!(world.risks(&plan).len(), 2);
        // At once: one is made, and who comes meanwhile is told so, or what it became.
        for round in 0..rounds() {
            let client = world.controller.with("idempotency-key", &format!("samtidigt-{round}"));
            let (one, two) = at_once(|| client.post(&path, form.clone()), || client.post(&path, form.clone()));
            told([one.status, two.status], &[201, 409]);
            if one.status == two.status {
                assert_eq!((one.status, one.id()), (201, two.id()));
            }
            assert_eq!(world.risks(&plan).len(), 3 + round);
        }
    }

    fn deleting_and_writing(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        for _ in 0..rounds() {
            let risk = format!("/risks/{}", world.risk(&plan, &goal, "Flyktig", (3, 4)).id());
            let writer = world.risk_owner.with("if-match", "*");
            let control = || writer.post(&format!("{risk}/controls"), json!({"name": "Kontroll"})).status;
            let delete = || world.controller.with("if-match", "*").delete(&risk).status;
            let (written, deleted) = at_once(control, delete);
            assert!(matches!((written, deleted), (201, 204) | (404, 204)), "{written} {deleted}");
            world.controller.get(&risk).expect(404);
        }
        assert_eq!(world.risks(&plan).len(), 0);
        assert_eq!(world.controller.get("/controls").expect(200)["total"], 0, "nothing is left behind");
    }

    /// The service signs each log every minute, beside those who write in it. Below HTTP, where a write is little else than
    /// the taking of the log's head.
    fn writing_and_making_checkpoints(world: &World) {
        let (plan, board) = (id(&world.plan(2026)), id(&world.board));
        let at = Place { log: board, organisation: board };
        let done = AtomicBool::new(false);
        let write = || {
            let tell = |w: &mut Writing| {
                w.record(at, "document.downloaded", Plan::ENTITY, plan);
                Ok(())
            };
            let all: Vec<bool> = (0..25 * rounds()).map(|_| world.db.write(&Origin::operator(), tell).is_ok()).collect();
            done.store(true, Ordering::SeqCst);
            all
        };
        let sign = || {
            while !done.load(Ordering::SeqCst) {
                world.db.make_checkpoints().expect("checkpoints can be made");
            }
        };
        let (all, ()) = at_once(write, sign);
        assert!(all.iter().all(|written| *written), "each is written");
        let signed = world.auditor.get(&format!("/logs/{}/checkpoints", world.board)).expect(200);
        assert!(signed["total"].as_u64() > Some(5), "both were at work: {}", signed.json);
    }
}
