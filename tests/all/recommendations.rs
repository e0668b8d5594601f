//! `/recommendations` and `/audit-opinions`.

use serde_json::{Value, json};

use crate::kit::{World, both};
use crate::planted;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn form(organisation: &str) -> Value {
    json!({"organisationId": organisation, "source": "auditors", "report": "Granskning av inköp", "year": 2024,
        "diaryNumber": "RK 2024-17", "text": "Nämnden bör följa upp avtalstroheten."})
}

fn make(world: &World) -> String {
    format!("/recommendations/{}", world.auditor.post("/recommendations", form(&world.board)).expect(201).id())
}

both! {
    fn a_dialogue_from_the_first_word_to_the_last(world: &World) {
        let made = world.auditor.post("/recommendations", form(&world.unit)).expect(201);
        let path = format!("/recommendations/{}", made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        assert_eq!((&made["actionIds"], &made["responsibleId"]), (&json!([]), &Value::Null));
        world.performer.get(&path).expect(404);

        let plan = world.plan(2024);
        let goal = world.goal(2024, "Ekonomi i balans");
        let risk = world.risk(&plan, &goal, "Risk för dyra inköp", (3, 3)).id();
        let action = world.action(&risk, "Ny anvisning");
        let answer = json!({"responsibleId": world.performer.id, "actionIds": [action]});
        let answered = world.controller.patch_current(&path, answer).expect(200);
        assert_eq!((&answered["responsibleId"], &answered["actionIds"]), (&json!(world.performer.id), &json!([action])));
        world.performer.get(&path).expect(200);
        world.performer.patch_current(&path, json!({"text": "Inget behövs."})).expect(403);

        let entries = format!("{path}/entries");
        let said = |client: &crate::kit::Client, text: &str| client.post(&entries, json!({"text": text})).expect(201);
        let first = said(&world.performer, "Anvisningen är beslutad.");
        assert_eq!(first.header("location"), format!("/api/v1{entries}/{}", first.id()));
        assert_eq!(world.reader.get(&format!("{entries}/{}", first.id())).expect(200).json, first.json);
        said(&world.auditor, "Bra. Vi ser den i drift först.");
        world.reader.post(&entries, json!({"text": "Jag också."})).expect(403);
        let told = world.controller.get(&entries).expect(200);
        assert_eq!(told.column("side"), ["body", "auditor"]);
        assert_eq!(told.items()[1]["writtenById"], world.auditor.id);

        world.controller.post_current(&path, "/closure", json!({"reason": "Klart."})).expect(403);
        world.auditor.post_current(&path, "/closure", json!({"reason": "Följs.", "closedOn": "2024-10-01"})).expect(200);
        world.controller.post(&entries, json!({"text": "Tack."})).refused(409, "recommendationClosed");
        world.controller.patch_current(&path, json!({"actionIds": []})).refused(409, "recommendationClosed");
        world.auditor.post_current(&path, "/closure", json!({"reason": "Igen."})).refused(409, "alreadyClosed");
        world.head.post(&format!("{path}/reopening"), json!({"reason": "Nej."})).expect(403);
        let open = world.auditor.post(&format!("{path}/reopening"), json!({"reason": "Föll tillbaka."})).expect(200);
        assert_eq!((&open["closedOn"], &open["closureReason"]), (&Value::Null, &Value::Null));
        world.auditor.post(&format!("{path}/reopening"), json!({"reason": "Igen."})).refused(409, "notClosed");

        // An action of a draft that is deleted meets nothing any longer.
        world.controller.delete_current(&format!("/actions/{action}")).expect(204);
        assert_eq!(world.controller.get(&path).expect(200)["actionIds"], json!([]));
        assert_eq!(planted::history(world, &made.id()), [
            "recommendation.created", "recommendation.changed", "recommendation.closed", "recommendation.reopened",
            "recommendation.changed",
        ]);
    }

    fn whoever_answers_for_one_hands_it_over(world: &World) {
        let path = make(world);
        world.head.patch_current(&path, json!({"responsibleId": world.performer.id})).expect(200);
        let heir = json!({"toUserId": world.risk_owner.id});
        let done = world.controller.post(&format!("/users/{}/handover", world.performer.id), heir).expect(200);
        assert_eq!(done["recommendationIds"], json!([path.rsplit('/').next()]));
        assert_eq!(world.controller.get(&path).expect(200)["responsibleId"], world.risk_owner.id);
        world.performer.get(&path).expect(404);
        world.risk_owner.post(&format!("{path}/entries"), json!({"text": "Jag tar över."})).expect(201);
    }

    fn every_fault_comes_at_once(world: &World) {
        assert_eq!(world.auditor.post("/recommendations", json!({})).expect(422).faults(), [
            ("/organisationId", "required"), ("/report", "required"), ("/source", "required"), ("/text", "required"),
            ("/year", "required"),
        ]);
        let mut wrong = form(NOWHERE);
        wrong["responsibleId"] = NOWHERE.into();
        wrong["actionIds"] = json!([NOWHERE, NOWHERE]);
        assert_eq!(world.auditor.post("/recommendations", wrong).expect(422).faults(), [
            ("/organisationId", "unknownReference"), ("/responsibleId", "unknownReference"),
            ("/actionIds/0", "unknownReference"), ("/actionIds/1", "duplicate"),
        ]);
        let regions = world.person_with("Rita Revisor", &world.root, "auditor", &world.root);
        regions.post("/recommendations", form(&world.root)).refused(422, "noBody");
        world.auditor.post("/recommendations", form(&world.other_board)).expect(403);
        world.controller.post("/recommendations", form(&world.board)).expect(403);
        let path = make(world);
        world.auditor.patch_current(&path, json!({"organisationId": world.unit})).refused(422, "cannotChange");
        world.auditor.patch(&path, json!({"year": 2023})).expect(428);
        let before = world.auditor.current(&path);
        before.patch(&path, json!({"year": 2023})).expect(200);
        before.patch(&path, json!({"year": 2022})).expect(412);
        before.post(&format!("{path}/closure"), json!({"reason": "Klart."})).expect(412);
        let late = json!({"text": "Sedan.", "datedOn": "2199-01-01"});
        world.auditor.post(&format!("{path}/entries"), late).refused(422, "dateInFuture");
    }

    fn lists_are_filtered(world: &World) {
        let first = make(world);
        let mut other = form(&world.unit);
        other["source"] = "external".into();
        other["year"] = 2022.into();
        other["report"] = "Extern ÖVERSYN".into();
        other["responsibleId"] = world.performer.id.clone().into();
        let second = world.auditor.post("/recommendations", other).expect(201).id();
        world.auditor.post_current(&first, "/closure", json!({"reason": "Klart."})).expect(200);
        let first = first.rsplit('/').next().expect("an id").to_owned();
        for (query, expected) in [
            ("year=2022".to_owned(), vec![second.as_str()]),
            ("source=auditors".into(), vec![first.as_str()]),
            ("closed=false".into(), vec![second.as_str()]),
            (format!("responsibleId={}", world.performer.id), vec![second.as_str()]),
            (format!("organisationId={}", world.division), vec![second.as_str()]),
            (format!("organisationId={}&sort=-year", world.board), vec![first.as_str(), second.as_str()]),
            ("q=%C3%B6versyn".into(), vec![second.as_str()]),
        ] {
            let found = world.reader.get(&format!("/recommendations?{query}")).expect(200);
            assert_eq!(found.column("id"), expected, "{query}");
        }
        assert_eq!(world.performer.get("/recommendations").expect(200).column("id"), [second.as_str()]);
        assert_eq!(world.stranger.get("/recommendations").expect(200)["total"], 0);
    }

    fn an_opinion_of_each_year(world: &World) {
        let form = |year: i32| json!({"organisationId": world.board, "year": year, "judgement": "partly",
            "report": "Årsrapport", "givenOn": "2025-04-01"});
        let made = world.auditor.post("/audit-opinions", form(2024)).expect(201);
        let path = format!("/audit-opinions/{}", made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        assert_eq!(world.reader.get(&path).expect(200).json, made.json);
        world.auditor.post("/audit-opinions", form(2024)).refused(409, "auditOpinionExists");
        let other = world.auditor.post("/audit-opinions", form(2023)).expect(201).id();
        world.auditor.patch_current(&path, json!({"year": 2023})).refused(409, "auditOpinionExists");
        let changed = json!({"judgement": "insufficient", "comment": "Uppföljningen brister."});
        assert_eq!(world.auditor.patch_current(&path, changed).expect(200)["judgement"], "insufficient");
        world.controller.patch_current(&path, json!({"judgement": "sufficient"})).expect(403);
        world.auditor.delete_current(&format!("/audit-opinions/{other}")).expect(204);
        assert_eq!(world.head.get("/audit-opinions?judgement=insufficient&year=2024").expect(200)["total"], 1);
        let mut wrong = form(2020);
        wrong["organisationId"] = world.unit.clone().into();
        world.auditor.post("/audit-opinions", wrong).refused(422, "noBody");
        let mut wrong = form(2020);
        wrong["givenOn"] = "2199-01-01".into();
        world.auditor.post("/audit-opinions", wrong).refused(422, "dateInFuture");
        assert_eq!(
            planted::history(world, &made.id()),
            ["auditOpinion.created", "auditOpinion.changed"]
        );
    }
}
