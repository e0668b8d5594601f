//! `/deficiencies`, and what plans say of them.

use serde_json::{Value, json};

use crate::kit::{Client, World, both};
use crate::planted;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

fn form(organisation: &str) -> Value {
    json!({"organisationId": organisation, "title": "Attest saknas", "severity": "serious", "foundOn": "2024-05-02"})
}

fn suspected(organisation: &str) -> Value {
    let mut form = form(organisation);
    form["suspectedCrime"] = true.into();
    form
}

fn report(client: &Client, form: Value) -> String {
    client.post("/deficiencies", form).expect(201).id()
}

fn at(id: &str) -> String {
    format!("/deficiencies/{id}")
}

fn today() -> chrono::NaiveDate {
    riskregister::storage::Timestamp::now().stockholm_date()
}

/// The events about a thing, as the log tells them to somebody.
fn told(client: &Client, log: &str, id: &str) -> usize {
    client.get(&format!("/logs/{log}/events?entityId={id}")).expect(200).items().len()
}

both! {
    fn from_discovery_to_closing(world: &World) {
        let mut form = form(&world.unit);
        form["description"] = "Två utbetalningar hade en attestant.".into();
        form["foundBy"] = "Ekonomienhetens stickprov".into();
        form["secrecy"] = json!({"provision": "18 kap. 8 § OSL", "date": "2024-05-02", "authority": "Nämnden"});
        let made = world.performer.post("/deficiencies", form).expect(201);
        let path = at(&made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        assert_eq!(made["reportedById"], world.performer.id);
        assert_eq!((&made["notReportedToBoard"], &made["notReportedToRegion"]), (&json!(true), &json!(true)));
        assert_eq!(made["crimeUnhandled"], false);
        let since = (today() - "2024-05-02".parse::<chrono::NaiveDate>().expect("a date")).num_days();
        assert_eq!(made["daysToBoard"], since, "it goes on while nobody has told the board");
        // The reporter sees their own, and changes nothing.
        assert_eq!(world.performer.get(&path).expect(200).header("etag"), made.header("etag"));
        world.performer.patch_current(&path, json!({"title": "Annat"})).expect(403);
        world.reader.get(&path).expect(404);

        let told = json!({"reportedToBoardOn": "2024-05-06", "boardParagraph": "12", "boardDiaryNumber": "KN 2024-9",
            "measures": "Rutinen är ändrad."});
        let told = world.controller.patch_current(&path, told).expect(200);
        assert_eq!((&told["daysToBoard"], &told["notReportedToBoard"]), (&json!(4), &json!(false)));
        let closed = world.head.post_current(&path, "/closure", json!({"reason": "Rutinen följs."})).expect(200);
        assert_eq!(closed["closedOn"], today().to_string());
        assert_eq!((&closed["closureReason"], &closed["closedById"]), (&json!("Rutinen följs."), &json!(world.head.id)));
        // The regional office is told with the next follow-up, when it may be closed already.
        let region = json!({"reportedToRegionOn": "2024-09-20", "regionYear": 2024, "regionPeriod": "interim"});
        assert_eq!(world.controller.patch_current(&path, region).expect(200)["notReportedToRegion"], false);
        world.controller.patch_current(&path, json!({"title": "Annat"})).refused(409, "deficiencyClosed");
        world.controller.post_current(&path, "/closure", json!({"reason": "Igen."})).refused(409, "alreadyClosed");
        let open = world.controller.post(&format!("{path}/reopening"), json!({"reason": "Det hände igen."})).expect(200);
        assert_eq!((&open["closedOn"], &open["closureReason"]), (&Value::Null, &Value::Null));
        world.controller.post(&format!("{path}/reopening"), json!({"reason": "Igen."})).refused(409, "notClosed");
        assert_eq!(planted::history(world, &made.id()), [
            "deficiency.reported", "deficiency.reportedToBoard", "deficiency.closed", "deficiency.reportedToRegion",
            "deficiency.reopened",
        ]);
    }

    fn every_fault_comes_at_once(world: &World) {
        assert_eq!(world.head.post("/deficiencies", json!({})).expect(422).faults(), [
            ("/foundOn", "required"), ("/organisationId", "required"), ("/severity", "required"), ("/title", "required"),
        ]);
        let tomorrow = (today() + chrono::TimeDelta::days(1)).to_string();
        let mut wrong = form(&world.board);
        wrong["foundOn"] = tomorrow.clone().into();
        wrong["foundById"] = NOWHERE.into();
        wrong["controlId"] = NOWHERE.into();
        wrong["fromControlId"] = NOWHERE.into();
        wrong["riskId"] = NOWHERE.into();
        wrong["planId"] = NOWHERE.into();
        assert_eq!(world.head.post("/deficiencies", wrong).expect(422).faults(), [
            ("/controlId", "unknownReference"), ("/fromControlId", "unknownReference"), ("/riskId", "unknownReference"),
            ("/planId", "unknownReference"), ("/foundById", "unknownReference"), ("/foundOn", "dateInFuture"),
        ]);
        world.admin.post("/deficiencies", form(&world.root)).refused(422, "noBody");
        world.head.post("/deficiencies", form(NOWHERE)).refused(422, "unknownReference");
        world.head.post("/deficiencies", form(&world.other_board)).expect(403);
        world.auditor.post("/deficiencies", form(&world.board)).expect(403);

        let path = at(&report(&world.controller, form(&world.board)));
        let wrong = json!({"reportedToBoardOn": "2024-05-01", "reportedToRegionOn": tomorrow, "organisationId": world.board});
        assert_eq!(world.controller.patch_current(&path, wrong).expect(422).faults(), [
            ("/reportedToBoardOn", "beforeFound"), ("/reportedToRegionOn", "dateInFuture"), ("/regionYear", "required"),
            ("/regionPeriod", "required"),
        ]);
        let wrong = json!({"boardParagraph": "3", "regionYear": 2024});
        assert_eq!(world.controller.patch_current(&path, wrong).expect(422).faults(), [
            ("/reportedToBoardOn", "required"), ("/reportedToRegionOn", "required"),
        ]);
        let both = world.person_with("Bo Dubbel", &world.board, "controller", &world.board);
        world.grant(&both.id, json!({"role": "controller", "organisationId": world.other_board}));
        both.patch_current(&path, json!({"organisationId": world.other_board})).refused(422, "cannotChange");
        world.controller.patch_current(&path, json!({"organisationId": world.unit})).expect(200);
        world.controller.patch(&path, json!({"title": "X"})).expect(428);
        let before = world.controller.current(&path);
        before.patch(&path, json!({"title": "Först"})).expect(200);
        before.patch(&path, json!({"title": "Sist"})).expect(412);
        before.post(&format!("{path}/closure"), json!({"reason": "Klart."})).expect(412);
    }

    fn a_suspicion_of_crime_is_told_at_once_and_to_few(world: &World) {
        let with_key = world.performer.with("idempotency-key", "once");
        let made = with_key.post("/deficiencies", suspected(&world.unit)).expect(201);
        assert_eq!(with_key.post("/deficiencies", suspected(&world.unit)).expect(201).id(), made.id());
        let (id, path) = (made.id(), at(&made.id()));
        assert_eq!(made["crimeUnhandled"], true);
        for (who, client) in world.everyone() {
            let few = matches!(who, "regionAdministrator" | "head" | "controller" | "auditor" | "performer");
            assert_eq!(client.get(&path).status, if few { 200 } else { 404 }, "{who}");
            let listed = client.get("/deficiencies?suspectedCrime=true&handled=false").expect(200);
            assert_eq!(listed["total"], i32::from(few), "{who}");
            // Nor does the log tell of it to others.
            let log = client.get(&format!("/logs/{}/events?entityId={id}", world.board));
            if log.status == 200 {
                assert_eq!(log.items().len(), if few { 2 } else { 0 }, "{who}");
            }
        }
        let events = world.head.get(&format!("/logs/{}/events?entityId={id}", world.board)).expect(200);
        for event in events.items() {
            let one = format!("/logs/{}/events/{}", world.board, event["n"]);
            world.head.get(&one).expect(200);
            world.risk_owner.get(&one).expect(404);
            world.draft_reader.get(&format!("{one}/proof")).expect(404);
        }
        assert_eq!(planted::history(world, &id), ["deficiency.reported", "deficiency.crimeSuspected"]);

        world.controller.post_current(&path, "/closure", json!({"reason": "Klart."})).refused(409, "crimeUnhandled");
        let handling = json!({"handling": "Polisanmält samma dag.", "handledOn": "2024-05-02"});
        world.controller.post_current(&path, "/crime-handling", handling.clone()).expect(403);
        world.head.post_current(&path, "/crime-handling", json!({"handling": "X", "handledOn": "2024-05-01"}))
            .refused(422, "beforeFound");
        let handled = world.head.post_current(&path, "/crime-handling", handling).expect(200);
        assert_eq!((&handled["crimeUnhandled"], &handled["crimeHandledById"]), (&json!(false), &json!(world.head.id)));
        assert_eq!(world.head.get("/deficiencies?suspectedCrime=true&handled=false").expect(200)["total"], 0);
        world.controller.patch_current(&path, json!({"suspectedCrime": false})).refused(422, "cannotTakeBack");
        world.controller.post_current(&path, "/closure", json!({"reason": "Utredd."})).expect(200);

        // One that turns out to be suspicious later.
        let later = report(&world.risk_owner, form(&world.board));
        world.draft_reader.get(&at(&later)).expect(200);
        assert_eq!(told(&world.draft_reader, &world.board, &later), 1);
        world.head.post_current(&at(&later), "/crime-handling", json!({"handling": "X"})).refused(409, "noCrimeSuspected");
        world.controller.patch_current(&at(&later), json!({"suspectedCrime": true})).expect(200);
        world.draft_reader.get(&at(&later)).expect(404);
        assert_eq!(told(&world.draft_reader, &world.board, &later), 0);
        assert_eq!(told(&world.risk_owner, &world.board, &later), 3, "the reporter goes on seeing their own");
        assert_eq!(
            planted::history(world, &later),
            ["deficiency.reported", "deficiency.changed", "deficiency.crimeSuspected"]
        );
    }

    fn it_comes_from_a_finding_and_outlives_what_it_concerns(world: &World) {
        let goal = world.goal(2024, "Ekonomi i balans");
        let plan = world.plan(2024);
        let risk = world.risk(&plan, &goal, "Risk för avbrott", (3, 3)).id();
        let other = world.risk(&plan, &goal, "Risk för sjukfrånvaro", (3, 3)).id();
        let control = world.control(&risk, "Stickprov");
        let mut finding = form(&world.unit);
        finding["fromControlId"] = control.clone().into();
        let made = world.performer.post("/deficiencies", finding.clone()).expect(201);
        assert_eq!((&made["riskId"], &made["planId"]), (&json!(risk), &json!(plan)));
        finding["riskId"] = other.into();
        assert_eq!(world.controller.post("/deficiencies", finding).expect(422).faults(), [
            ("/fromControlId", "doesNotBelong"),
        ]);
        // What one does not see is as if it were not there.
        let mut hidden = form(&world.board);
        hidden["riskId"] = risk.clone().into();
        world.reader.post("/deficiencies", hidden).refused(422, "unknownReference");
        let list = |query: String| world.controller.get(&format!("/deficiencies?{query}")).expect(200)["total"].clone();
        for query in [format!("riskId={risk}"), format!("controlId={control}"), format!("planId={plan}")] {
            assert_eq!(list(query), 1);
        }
        assert_eq!(list(format!("organisationId={}", world.division)), 1, "those below, too");
        assert_eq!(list(format!("organisationId={NOWHERE}")), 0);
        world.controller.delete_current(&format!("/risks/{risk}")).expect(204);
        let left = world.controller.get(&at(&made.id())).expect(200);
        assert_eq!((&left["riskId"], &left["fromControlId"], &left["planId"]), (&Value::Null, &Value::Null, &json!(plan)));
    }

    fn a_plan_must_answer_what_is_still_open(world: &World) {
        let goal = world.goal(2025, "Ekonomi i balans");
        let plan = world.plan(2025);
        let risk = world.risk(&plan, &goal, "Risk för felaktiga utbetalningar", (3, 4)).id();
        world.control(&risk, "Stickprov");
        world.complete(&plan);
        let mut later = form(&world.board);
        later["foundOn"] = "2025-02-01".into();
        report(&world.controller, later);
        world.propose(&plan).expect(200);
        world.controller.post(&format!("/plans/{plan}/return"), json!({"reason": "Mer behövs."})).expect(200);

        let open = report(&world.controller, form(&world.unit));
        let secret = report(&world.controller, suspected(&world.board));
        let missing = |client: &Client| {
            let checks = client.get(&format!("/plans/{plan}/checks")).expect(200);
            let all = checks["missing"].as_array().expect("a list").clone();
            assert!(all.iter().all(|m| m["code"] == "deficiencyUnanswered" && m["entity"] == "deficiency"));
            all
        };
        let all = missing(&world.controller);
        assert_eq!(all.iter().map(|m| &m["id"]).collect::<Vec<_>>(), [&json!(open), &json!(secret)]);
        let seen = missing(&world.risk_owner);
        assert_eq!(seen[1]["id"], Value::Null);
        assert!(!seen[1]["detail"].as_str().expect("a sentence").contains("Attest"), "{}", seen[1]);
        assert_eq!(world.propose(&plan).expect(409)["missing"].as_array().map(Vec::len), Some(2));

        let said = |id: &str| format!("/plans/{plan}/deficiencies/{id}");
        let new = world.controller.with("if-none-match", "*");
        assert_eq!(new.put(&said(&open), json!({})).expect(422).faults(), [("/riskId", "required")]);
        new.put(&said(&open), json!({"riskId": NOWHERE})).refused(422, "unknownReference");
        new.put(&said(NOWHERE), json!({"riskId": risk})).expect(404);
        world.risk_owner.with("if-none-match", "*").put(&said(&open), json!({"riskId": risk})).expect(403);
        world.risk_owner.with("if-none-match", "*").put(&said(&secret), json!({"riskId": risk})).expect(404);
        let carried = new.put(&said(&open), json!({"riskId": risk})).expect(201);
        assert_eq!(carried.header("location"), format!("/api/v1{}", said(&open)));
        new.put(&said(&open), json!({"riskId": risk})).expect(412);
        new.put(&said(&secret), json!({"justification": "Utreds för sig."})).expect(201);
        world.head.get(&said(&secret)).expect(200);
        world.risk_owner.get(&said(&secret)).expect(404);
        let list = |client: &Client| client.get(&format!("/plans/{plan}/deficiencies")).expect(200);
        assert_eq!(list(&world.controller)["total"], 2);
        assert_eq!(list(&world.risk_owner).column("deficiencyId"), [open.as_str()]);
        assert_eq!(list(&world.controller).items()[0]["answered"], true);
        world.propose(&plan).expect(200);
        world.controller.put_current(&said(&open), json!({"justification": "Nej."})).refused(409, "planIsProposed");
        world.controller.post(&format!("/plans/{plan}/return"), json!({"reason": "Mer behövs."})).expect(200);

        // What is taken back is missing again, and so is what a deleted risk carried; what is closed is not asked for.
        world.controller.delete_current(&said(&secret)).expect(204);
        assert_eq!(missing(&world.controller).len(), 1);
        let answers = format!("/logs/{}/events?entity=planDeficiency", world.board);
        assert_eq!(world.controller.get(&answers).expect(200).items().len(), 3);
        assert_eq!(world.risk_owner.get(&answers).expect(200).items().len(), 1, "of the one that they see");
        world.controller.delete_current(&format!("/risks/{risk}")).expect(204);
        world.controller.get(&said(&open)).expect(404);
        assert_eq!(missing(&world.controller).len(), 2);
        world.controller.post_current(&at(&open), "/closure", json!({"reason": "Klart."})).expect(200);
        assert_eq!(missing(&world.controller).len(), 1);
        world.head.post_current(&at(&secret), "/crime-handling", json!({"handling": "Anmält."})).expect(200);
        world.head.post_current(&at(&secret), "/closure", json!({"reason": "Utrett."})).expect(200);
        world.complete(&plan);
        world.decide(&plan);
        let late = new.put(&said(&open), json!({"justification": "För sent."}));
        late.refused(409, "planIsAdopted");
    }

    fn the_board_sees_what_it_was_told_of(world: &World) {
        let told = at(&report(&world.controller, form(&world.board)));
        let untold = at(&report(&world.controller, form(&world.board)));
        let mut crime = form(&world.board);
        crime["suspectedCrime"] = json!(true);
        let crime = at(&report(&world.controller, crime));
        let reader = &world.reader.client;
        reader.get(&told).expect(404);
        for path in [&told, &crime] {
            world.controller.patch_current(path, json!({"reportedToBoardOn": "2024-05-20"})).expect(200);
        }
        assert_eq!(reader.get(&told).expect(200)["reportedToBoardOn"], "2024-05-20");
        let seen = reader.get("/deficiencies").expect(200);
        assert_eq!((seen["total"].clone(), &seen.items()[0]["id"]), (json!(1), &json!(told.rsplit('/').next())));
        for path in [&untold, &crime] {
            reader.get(path).expect(404);
        }
        reader.patch_current(&told, json!({"title": "Nej"})).expect(403);
        // On their pages, without a door that is shut.
        let visitor = world.visitor(&world.reader.id);
        let list = visitor.page("/deficiencies?closed=all");
        assert!(!list.all(&format!("main a[href='{told}']")).is_empty(), "{}", list.text("main"));
        let page = visitor.page(&told);
        for link in page.all("main a[href^='/']").iter().filter_map(|a| a.attr("href")) {
            visitor.get(link).expect(200);
        }
        // A reader of another body sees none of it.
        let elsewhere = world.person_with("Rune Reser", &world.other_board, "reader", &world.other_board);
        elsewhere.get(&told).expect(404);
    }

    fn it_is_read_as_it_stood_and_its_texts_can_be_erased(world: &World) {
        let path = at(&report(&world.controller, form(&world.board)));
        let id = path.rsplit('/').next().expect("an id").to_owned();
        let then = crate::as_of::now();
        world.controller.patch_current(&path, json!({"title": "Ny rubrik", "description": "Namn på en person."})).expect(200);
        assert_eq!(world.controller.get(&format!("{path}?asOf={then}")).expect(200)["title"], "Attest saknas");
        assert_eq!(world.controller.get(&format!("/deficiencies?asOf={then}")).expect(200).items()[0]["title"], "Attest saknas");

        let office = world.person_with("Anders Andra", &world.root, "regionAdministrator", &world.root);
        let form = json!({"entity": "deficiency", "entityId": id, "fields": ["description"], "decision": "KN 2024-1, § 2"});
        let erasure = format!("/erasures/{}", world.admin.post("/erasures", form).expect(201).id());
        office.post(&format!("{erasure}/confirmation"), json!({})).expect(200);
        assert_eq!(world.controller.get(&path).expect(200)["description"], "[gallrad]");
    }
}
